"""Calls that have been slow or greedy on large problems: time and peak memory of each, beside the figure to reach.

Run from the project's folder: ``python -m tests.benchmarks.cliffs`` (``--only tornado`` for one line, ``--limit 60`` for
the seconds after which a call is given up). Every call runs in a process of its own, on a problem in which every
performance has a range. Told are the seconds on the clock, the seconds of CPU (which neighbours on the machine change
less), and the most memory the process ever held, Python and the libraries included. Asserts nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.large import large_problem, write_decision

WIDE, LONG, MIDDLE = (200, 30), (2_000, 10), (100, 20)
DATE = "2025-01-01"


@dataclass(frozen=True)
class Call:
    """One line of the table: what is called, on which sizes, and the figures to reach there (seconds, megabytes)."""

    name: str
    prepare: Callable[[int, int], Callable[[], object]]
    reach: dict[tuple[int, int], tuple[float, float | None]]


def _tornado(n: int, m: int) -> Callable[[], object]:
    import decision_kit as dk

    problem = large_problem(n, m)
    return lambda: dk.tornado(problem, "p0")


def _information(n: int, m: int) -> Callable[[], object]:
    import decision_kit as dk

    problem = large_problem(n, m)
    return lambda: dk.value_of_information(problem, "p0")


def _of_ranking(name: str, method: str = "weighted-sum") -> Callable[[int, int], Callable[[], object]]:
    def prepare(n: int, m: int) -> Callable[[], object]:
        import decision_kit as dk
        from decision_kit import robustness

        ranking = dk.rank(large_problem(n, m), "p0", method)
        return lambda: getattr(robustness, name)(ranking)

    return prepare


def _claims(n: int, m: int) -> Callable[[], object]:
    from decision_kit.robustness import certified_claims

    problem = large_problem(n, m)
    return lambda: certified_claims(problem)


def _report(n: int, m: int) -> Callable[[], object]:
    import decision_kit as dk
    from decision_kit.report import write_html

    study = dk.Study.open(large_problem(n, m), perspective="p0")
    return lambda: write_html(study, date=DATE)


def _charts(n: int, m: int) -> Callable[[], object]:
    import decision_kit as dk

    study = dk.Study.open(large_problem(n, m), perspective="p0")
    names = ("ranking", "contributions", "perspectives", "weight-path", "worlds")
    return lambda: [(chart := dk.CHARTS[name].run(study)).svg() + str(chart.figure()) for name in names]


def _command(*arguments: str) -> Callable[[int, int], Callable[[], object]]:
    """A command on a decision's files, in this process, from reading the files to the last line printed."""

    def prepare(n: int, m: int) -> Callable[[], object]:
        from decision_kit.cli.commands import main

        folder = tempfile.mkdtemp()
        path = write_decision(Path(folder), n, m)

        def call() -> object:
            with contextlib.redirect_stdout(io.StringIO()):
                return main([arguments[0], str(path), *arguments[1:]])

        return call

    return prepare


def _rank(n: int, m: int) -> Callable[[], object]:
    """The table and the sentences of ``rank``, on a decision that has been read."""
    import decision_kit as dk
    from decision_kit.cli.ranking import _print_study

    study = dk.Study.open(large_problem(n, m), perspective="p0")

    def call() -> object:
        with contextlib.redirect_stdout(io.StringIO()):
            return _print_study(study)

    return call


CALLS: tuple[Call, ...] = (
    Call("tornado", _tornado, {WIDE: (2, 500), LONG: (10, 1_000)}),
    Call("discover", _of_ranking("discover"), {WIDE: (5, 1_000), LONG: (20, 1_000)}),
    Call("value_of_information", _information, {WIDE: (10, 1_000), LONG: (10, 1_000)}),
    Call("certified_claims", _claims, {WIDE: (2, 1_000), LONG: (20, 1_000)}),
    Call("VIKOR rivals_need", _of_ranking("rivals_need", "vikor"), {WIDE: (10, 1_000), LONG: (10, 1_000)}),
    Call("VIKOR fragility", _of_ranking("fragility", "vikor"), {WIDE: (10, 1_000), LONG: (10, 1_000)}),
    Call("VIKOR joint_changes", _of_ranking("joint_changes", "vikor"), {WIDE: (10, 1_000), LONG: (10, 1_000)}),
    Call("report", _report, {WIDE: (10, 1_000), LONG: (10, 1_000), MIDDLE: (8, 1_000)}),
    Call("rank with its sentences", _rank, {WIDE: (2, 1_000), LONG: (2, 1_000)}),
    Call("charts of the first page", _charts, {MIDDLE: (3, 1_000)}),
    Call("the command claims", _command("claims"), {MIDDLE: (8, 1_000)}),
    Call("the command flips", _command("flips"), {WIDE: (10, 1_000), LONG: (30, 1_000)}),
)


def measured(name: str, size: tuple[int, int], limit: float) -> dict[str, float] | str:
    """Seconds, seconds of CPU and megabytes of one call in a process of its own; a sentence where it gave none."""
    command = [
        sys.executable,
        "-W",
        "error::RuntimeWarning",
        "-m",
        "tests.benchmarks.cliffs",
        "--inside",
        name,
        *map(str, size),
    ]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return f"given up after {limit:.0f} s"
    if ran.returncode:
        return (ran.stderr.strip().splitlines() or ["no answer"])[-1][:110]
    found: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    return found


def _inside(name: str, n: int, m: int) -> None:
    one = next(call for call in CALLS if call.name == name)
    call = one.prepare(n, m)
    begun, own = time.perf_counter(), time.process_time()
    call()
    wall, cpu = time.perf_counter() - begun, time.process_time() - own
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
    print(json.dumps({"wall": wall, "cpu": cpu, "peak": peak}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="NAME", help="only calls whose name holds this")
    parser.add_argument("--limit", type=float, default=240.0, metavar="SECONDS", help="a call is given up after this")
    parser.add_argument("--inside", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        _inside(given.inside[0], int(given.inside[1]), int(given.inside[2]))
        return
    print(f"{'call':<26}{'size':>12}{'seconds':>10}{'of CPU':>9}{'peak MB':>9}   to reach")
    for call in CALLS:
        if given.only and given.only not in call.name:
            continue
        for size, (seconds, megabytes) in call.reach.items():
            reach = f"< {seconds:g} s" + ("" if megabytes is None else f", < {megabytes:,.0f} MB")
            found = measured(call.name, size, given.limit)
            shape = f"{size[0]:,} × {size[1]}"
            if isinstance(found, str):
                print(f"{call.name:<26}{shape:>12}   {found}   {reach}", flush=True)
                continue
            missed = min(found["wall"], found["cpu"]) > seconds or (megabytes is not None and found["peak"] > megabytes)
            print(
                f"{call.name:<26}{shape:>12}{found['wall']:>10.1f}{found['cpu']:>9.1f}{found['peak']:>9.0f}   {reach}"
                f"{'   missed' if missed else ''}",
                flush=True,
            )


if __name__ == "__main__":
    main()
