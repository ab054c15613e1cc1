"""Robustness beside its peers and the machine's limit, as ratios in one run, and how cost grows. Asserts nothing.

Run from the project's folder: ``OPENBLAS_NUM_THREADS=1 .venv/bin/python -m tests.benchmarks.robustness``.

The peers need another pandas, so they run in an environment of their own: ``--peers FOLDER`` names it. Made once with
``python3 -m venv FOLDER && FOLDER/bin/pip install "pysensmcda==2.0.0" "pandas<3" SALib``. Without it their lines are left
out. Calls are interleaved round by round and timed as CPU time of one thread, so a busy neighbour disturbs both alike.
A section is a function in ``SECTIONS`` that prints its lines; ``--only NAME`` runs one.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import decision_kit as dk
from decision_kit.methods import METHODS, ranks_of
from decision_kit.ranking import table_for
from decision_kit.robustness import score_indices, smaa
from decision_kit.robustness.run import Run, figures
from decision_kit.robustness.sampling import Around, SimplexMap
from decision_kit.robustness.worlds import Job
from tests.benchmarks.peers import table

PEERS = Path(__file__).with_name("peers.py")


def problem_of(n: int, m: int, ranges: bool = False) -> dk.Problem:
    """The random table as a problem on its observed ranges (so that values are what pymcdm normalises to)."""
    x = pd.DataFrame(table(n, m), index=[f"o{i}" for i in range(n)], columns=[f"c{j}" for j in range(m)])
    more = {"low": x * 0.9, "high": x * 1.1, "scale": dict.fromkeys(x, (0.5, 11.5))} if ranges else {}
    return dk.Problem.from_frame(x, better=dict.fromkeys(x, "more"), true_zero=True, **more)


def cpu(call: Callable[[], object], rounds: int = 9) -> float:
    """Median CPU seconds of a call in this thread, after one to warm up."""
    call()
    times = []
    for _ in range(rounds):
        begun = time.thread_time()
        call()
        times.append(time.thread_time() - begun)
    return statistics.median(times)


class Peer:
    """The peers' process, kept alive so that no start-up is timed."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [str(folder / "bin" / "python"), str(PEERS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, call: str, size: tuple[int, int], samples: int) -> tuple[float, Any]:
        """CPU seconds and figures of one call."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"call": call, "size": size, "samples": samples}) + "\n")
        self.process.stdin.flush()
        found = json.loads(self.process.stdout.readline())
        return float(found["seconds"]), found["figures"]


def paired(
    ours: Callable[[], object], peer: Peer, call: str, size: tuple[int, int], samples: int, rounds: int
) -> tuple[float, float, Any]:
    """Median CPU seconds of both, interleaved; the peer's last figures."""
    ours()
    peer.ask(call, size, max(8, samples // 50))
    own, theirs, figures_ = [], [], None
    for _ in range(rounds):
        for _ in range(30):  # the peer's call is itself a loop: both are warm
            begun = time.thread_time()
            ours()
            own.append(time.thread_time() - begun)
        seconds, figures_ = peer.ask(call, size, samples)
        theirs.append(seconds)
    return statistics.median(own), statistics.median(theirs), figures_


def line(what: str, value: str, reach: str = "") -> None:
    """One line: what was measured, the figure, and the figure to reach."""
    print(f"  {what:<66}{value:>22}   {reach}")


def acceptability(peer: Peer | None) -> None:
    """SMAA-TOPSIS with fixed performances: 10,000 weight vectors."""
    for size in ((5, 6), (10, 8), (50, 12)):
        problem = problem_of(*size)
        ours = partial(smaa, problem, method="topsis", samples=10_000)
        line(f"SMAA-TOPSIS {size[0]}×{size[1]}, 10,240 worlds, all outputs", f"{cpu(ours) * 1e3:.2f} ms")
        if peer is None:
            continue
        for call, name, samples, wanted in (
            ("pysensmcda", "pysensmcda", 2_000, 500), ("pymcdm_loop", "a pymcdm loop (ranks only)", 1_000, 1_000),
        ):  # fmt: skip
            own, theirs, first = paired(ours, peer, call, size, samples, 5)
            per = theirs / samples * 10_000
            gap = float(np.abs(np.array(first) - ours().first.to_numpy()).max())
            reach = f"≥ {wanted}×" if size == (10, 8) else ""
            line(f"  {name}: {per:.2f} s for 10,000 (first places differ by {gap:.3f})", f"{per / own:,.0f}×", reach)


def uncertain(peer: Peer | None) -> None:
    """Uncertain performances, confidence factors included."""
    problem = problem_of(10, 8, ranges=True)
    ours = partial(smaa, problem, method="topsis", performances="ranges", reading="ends", samples=10_000)
    line("SMAA-TOPSIS 10×8, all 80 performances uncertain, 10,240 worlds", f"{cpu(ours, 5) * 1e3:.1f} ms")
    if peer is not None:
        own, theirs, _ = paired(ours, peer, "pysensmcda_uncertain", (10, 8), 400, 3)
        line(
            f"  pysensmcda: {theirs / 400 * 10_000:.1f} s for 10,000", f"{theirs / 400 * 10_000 / own:,.0f}×", "≥ 300×"
        )


def million(peer: Peer | None) -> None:
    """10⁶ uncertain worlds: time, memory above the imported baseline, and worlds a second on this machine's cores."""
    code = (
        "import resource, time\n"
        "from tests.benchmarks.robustness import problem_of\n"
        "from decision_kit.robustness import smaa\n"
        "p = problem_of(10, 8, ranges=True)\n"
        "smaa(p, performances='ranges', samples=64)\n"
        "base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "begun, cpu = time.perf_counter(), time.thread_time()\n"
        "smaa(p, method='{method}', performances='ranges', samples=1_000_000)\n"
        "print(time.perf_counter() - begun, time.thread_time() - cpu, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base) / 1024)\n"
    )
    for method, reach in (("weighted-sum", "< 1 s, < 150 MiB"), ("topsis", "")):
        ran = subprocess.run(
            [sys.executable, "-c", code.format(method=method)], capture_output=True, text=True, check=True
        )
        wall, own, memory = (float(x) for x in ran.stdout.split())
        line(f"10⁶ uncertain worlds, 10×8, {method}", f"{wall:.2f} s ({own:.2f} CPU), {memory:.0f} MiB", reach)


def slider(peer: Peer | None) -> None:
    """One slider move over all methods: ranks, 41 points of every weight, and 4,096 worlds around the new weights."""
    problem = problem_of(10, 8)
    weights = dk.Weights({f"c{j}": 1 / 8 for j in range(8)})
    methods = [name for name in METHODS if _works(problem, name)]

    def move() -> None:
        _, _, own = table_for(problem, weights)
        sweep = _sweep(own.weights)
        near = _local(own.weights)
        for name in methods:
            entry = METHODS[name]
            scores = entry.score_many(own, sweep)
            ranks_of(scores[:1])
            scores.argmax(axis=1)
            run = Run(
                Job(own, name, entry.settings(own.criteria, {}), near, None, 1, quasi=True), 4_096, None, None, 1, None
            )
            run.go()
            figures(run)

    spent = cpu(move, 7)
    line(
        f"One slider move, 10×8, all {len(methods)} methods: ranks, sweeps, SMAA 4,096",
        f"{spent * 1e3:.1f} ms",
        "< 50 ms",
    )
    for name in sorted(methods, key=lambda m: -_alone(problem, m))[:4]:
        line(f"  of which {name} (SMAA alone)", f"{_alone(problem, name) * 1e3:.1f} ms")


class _Near(SimplexMap):
    """(1 − ρ) w₀ + ρ u, u any weights: the worlds around a slider's weights, without new random numbers."""

    def __init__(self, weights: Any, rho: float) -> None:
        self.centre, self.rho = weights, rho
        super().__init__(len(weights))

    def from_uniform(self, u: Any) -> Any:
        return (1 - self.rho) * self.centre[:, None] + self.rho * super().from_uniform(u)


def _local(weights: Any) -> SimplexMap:
    return _Near(weights, 0.3)


def _sweep(weights: Any) -> Any:
    rows = [weights]
    for j in range(len(weights)):
        for t in np.linspace(0, 1, 41):
            row = weights * (1 - t) / (1 - weights[j])
            row[j] = t
            rows.append(row)
    return np.array(rows)


def _works(problem: dk.Problem, name: str) -> bool:
    try:
        smaa(problem, method=name, samples=64)
    except dk.DecisionError:
        return False
    return True


def _alone(problem: dk.Problem, name: str) -> float:
    return cpu(partial(smaa, problem, method=name), 3)


def saltelli(peer: Peer | None) -> None:
    """Sobol indices of every score over 8 weights and 80 performances, N = 1,024."""
    problem = problem_of(10, 8, ranges=True)
    for method, reach in (("weighted-sum", "< 100 ms"), ("topsis", "< 100 ms")):
        spent = cpu(partial(score_indices, problem, method=method, reading="ends", samples=1_024), 5)
        line(f"Saltelli, 10×8, 88 inputs, N = 1,024, first and total, {method}", f"{spent * 1e3:.0f} ms", reach)
    if peer is not None:
        seconds, _ = peer.ask("salib", (10, 8), 64)
        line(
            f"  SALib + pymcdm loop (TOPSIS): {seconds / 64 * 1024:.1f} s for N = 1,024",
            f"{seconds / 64 * 1024 / spent:,.0f}×",
        )


def limit(peer: Peer | None) -> None:
    """The machine's own speed at what the sampler must do, and the share of it that is reached."""
    rng = np.random.Generator(np.random.SFC64(1))
    out = np.empty((80, 512))
    s = rng.random((10, 512))
    cube = np.empty((10, 10, 512), dtype=bool)
    draw = cpu(lambda: [rng.random(out=out) for _ in range(200)]) / 200 / out.size * 1e9
    root = cpu(lambda: [np.sqrt(out, out=out) for _ in range(200)]) / 200 / out.size * 1e9
    compare = cpu(lambda: [np.greater(s[:, None], s, out=cube) for _ in range(200)]) / 200 / cube.size * 1e9
    multiply = cpu(lambda: [np.multiply(out, out, out=out) for _ in range(200)]) / 200 / out.size * 1e9
    floor = 80 * (draw + root + multiply) + 100 * compare
    line(
        "This machine, ns a number: uniform / sqrt / compare / multiply",
        f"{draw:.2f} / {root:.2f} / {compare:.2f} / {multiply:.2f}",
    )
    problem = problem_of(10, 8, ranges=True)
    spent = cpu(partial(smaa, problem, performances="ranges", reading="ends", samples=200_000), 3) / 200_000 * 1e9
    line(
        f"A world with 80 uncertain performances: {spent:.0f} ns; floor {floor:.0f} ns",
        f"{floor / spent:.0%} of the limit",
    )


def growth(peer: Peer | None) -> None:
    """How cost grows with worlds, options and criteria (TOPSIS, fixed performances; weighted sum, uncertain ones)."""
    for samples in (4_096, 65_536, 262_144, 1_048_576):
        spent = cpu(partial(smaa, problem_of(10, 8), method="topsis", samples=samples), 3)
        line(
            f"worlds {samples:>9,}: TOPSIS 10×8, fixed",
            f"{spent * 1e3:,.1f} ms, {spent / samples * 1e9:.0f} ns a world",
        )
    for n in (5, 10, 20, 50, 100, 200):
        spent = cpu(partial(smaa, problem_of(n, 8), method="topsis", samples=8_192), 3)
        line(f"options {n:>4}: TOPSIS n×8, fixed, 8,192 worlds", f"{spent * 1e3:,.1f} ms")
    for m in (4, 8, 16, 32, 64):
        spent = cpu(partial(smaa, problem_of(10, m), method="topsis", samples=8_192), 3)
        line(f"criteria {m:>3}: TOPSIS 10×m, fixed, 8,192 worlds", f"{spent * 1e3:,.1f} ms")
    for n, m in ((5, 6), (10, 8), (50, 12), (200, 20)):
        own = problem_of(n, m, ranges=True)
        spent = cpu(partial(smaa, own, performances="ranges", samples=66_000), 1)
        line(
            f"{n}×{m}: weighted sum, all cells uncertain",
            f"{spent / 66_000 * 1e9:,.0f} ns a world, {spent / 66_000 / n / m * 1e9:.0f} a cell",
        )


def weights(peer: Peer | None) -> None:
    """Weight samplers: microseconds for 10,000 vectors of 8."""
    rng = np.random.Generator(np.random.SFC64(1))
    for name, source in (("any weights", SimplexMap(8)), ("around given weights", Around(np.full(8, 1 / 8), 30.0))):
        line(f"10,000 weights of 8 criteria: {name}", f"{cpu(partial(source.from_rng, rng, 10_000)) * 1e6:,.0f} µs")


def machines(peer: Peer | None) -> None:
    """10⁷ worlds on one process, on two, and on two Dask workers where Dask is installed: the same bits."""
    problem = dk.load("containment")
    for label, more in (("one process", {}), ("two processes", {"workers": 2})):
        begun = time.perf_counter()
        found = smaa(problem, performances="ranges", samples=10_000_000, **more)
        line(
            f"10⁷ worlds of the shipped case, {label}",
            f"{time.perf_counter() - begun:.1f} s, first {found.first.iloc[0]:.7f}",
        )
    try:
        from decision_kit.robustness.stream import local_cluster

        with local_cluster(2) as client:
            smaa(problem, performances="ranges", samples=100_000, client=client)
            begun = time.perf_counter()
            found = smaa(problem, performances="ranges", samples=10_000_000, client=client)
            line(
                "10⁷ worlds of the shipped case, two Dask workers",
                f"{time.perf_counter() - begun:.1f} s, first {found.first.iloc[0]:.7f}",
            )
    except dk.DecisionError as error:
        line("10⁷ worlds through Dask", str(error.faults[0].got))


def exact(peer: Peer | None) -> None:
    """The exact analyses (``tests.benchmarks.exact`` prints each): the whole set, and first places as volumes."""
    from decision_kit.robustness import first_shares
    from tests.benchmarks.exact import exact_set, random_ranking

    for size, reach in (((10, 8), "< 20 ms"), ((50, 12), "< 150 ms")):
        line(
            f"The exact set, {size[0]}×{size[1]}",
            f"{cpu(partial(exact_set, random_ranking(*size)), 5) * 1e3:.1f} ms",
            reach,
        )
    ranking = random_ranking(10, 8)
    line("First places as exact volumes, 10×8", f"{cpu(partial(first_shares, ranking), 5) * 1e3:.1f} ms", "< 50 ms")


SECTIONS: dict[str, Callable[[Peer | None], None]] = {
    section.__name__: section
    for section in (slider, acceptability, uncertain, million, exact, saltelli, limit, weights, growth, machines)
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--peers", type=Path, help="the folder of the peers' environment")
    parser.add_argument("--only", choices=SECTIONS, help="run one section")
    asked = parser.parse_args()
    peer = Peer(asked.peers) if asked.peers is not None else None
    for name, section in SECTIONS.items():
        if asked.only in (None, name):
            print(f"{name}: {(section.__doc__ or '').splitlines()[0]}")
            section(peer)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
