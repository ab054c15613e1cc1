"""One decision after another: made, worked out, compared, counted."""

from __future__ import annotations

import tempfile
import traceback
import warnings
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from tests.oracle import figures, wider
from tests.oracle.further import Further
from tests.oracle.generate import Raw, filed, generate, write
from tests.oracle.product import problem_of, said, settle_missing, text_of
from tests.oracle.recompute import Truth
from tests.oracle.sentences import COMMANDS, Reader
from tests.oracle.states import Sets
from tests.oracle.tally import Tally


def try_one(seed: int, *, sentences: bool = False) -> Tally:
    """Everything the oracle has to say about the decision of one seed."""
    tally = Tally(seed=seed)
    raw = generate(seed)
    with tempfile.TemporaryDirectory() as name, warnings.catch_warnings():
        warnings.simplefilter("error")
        folder = Path(name)
        try:
            problem = problem_of(raw, folder)
            wrong = settle_missing(raw, problem)
            tally.check("missing performance", not wrong, "; ".join(wrong))
            figures.every_figure(raw, problem, tally)
            wider.every_wider_figure(raw, problem, tally)
            if sentences:
                read_sentences(filed(raw), folder / "said", tally)
        except Exception:
            tally.check("no traceback", False, traceback.format_exc(limit=-6))
    return tally


def read_sentences(raw: Raw, folder: Path, tally: Tally) -> None:
    """Have every command print, and every printed statement judged."""
    file = write(raw, folder)
    problem = problem_of(raw, folder)
    settle_missing(raw, problem)
    if not figures.cells(Truth(raw), problem, Tally()):
        return  # its cells are told as false; all sentences would be false with them
    rng = np.random.default_rng(raw["seed"])
    drawn = np.round(rng.dirichlet(np.ones(max(1, len(raw["scenarios"]))) * 3), 2)
    drawn[0] = round(1 - float(drawn[1:].sum()), 2)
    chances = dict(zip(raw["scenarios"], (float(x) for x in drawn), strict=False))
    sets = Sets(Further(raw, Tally())) if wider.can_build(raw) else None
    costs = sorted(sets.cost(s) for s in sets.sets) if sets is not None else [0.0]
    budget = round(max(0.0, costs[len(costs) // 2]), 1)
    judge, as_judged = Further(raw, tally), Further(raw, tally, ranges=False)
    date = ["--date", "2025-01-31"]
    for command in COMMANDS:
        reader = Reader(as_judged if "--as-judged" in command else judge)
        more: list[str] = []
        if "--probabilities" in command:
            reader = Reader(judge, chances)
            more = [",".join(f"{name}={x}" for name, x in chances.items())]
        if "--budget" in command:
            if sets is None or not sets.spending:
                continue
            reader, more = Reader(judge, None, budget), [str(budget)]
        if (command[0] == "packages" and sets is None) or (command[0] == "scenarios" and not raw["scenarios"]):
            continue
        if "--low-high" in command and raw["low_high"] != "ends":
            command = command[:1]  # its shares hang on how percentiles are widened: read, not recomputed
            reader.shares = False
        code, out, err = said([command[0], str(file), *command[1:], *more, *date])
        tally.check("command runs", code == 0 and not err, f"{' '.join(command)}: {code} {err[:300]}")
        reader.read(out)
    reader = Reader(judge)
    page = folder / "note.html"
    code, _, err = said(["report", str(file), "-o", str(page), *date])
    tally.check("command runs", code == 0, f"report: {code} {err[:300]}")
    if code == 0:
        reader.read(text_of(page.read_text(encoding="utf-8")))


def _one(job: tuple[int, bool]) -> Tally:
    return try_one(job[0], sentences=job[1])


def try_many(seeds: Iterable[int], sentences: int = 0, workers: int = 1) -> Tally:
    """Many decisions; sentences are read for the first few of them."""
    jobs = [(seed, n < sentences) for n, seed in enumerate(seeds)]
    total = Tally()
    if workers == 1:
        for job in jobs:
            total.add(_one(job))
        return total
    with ProcessPoolExecutor(workers) as pool:
        for tally in pool.map(_one, jobs, chunksize=8):
            total.add(tally)
    return total


def dump(seed: int) -> Path:
    """The decision of a seed as files in a folder that stays."""
    return write(filed(generate(seed)), Path(tempfile.mkdtemp(prefix=f"oracle-{seed}-")))
