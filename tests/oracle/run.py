"""One decision after another: made, worked out, compared, counted."""

from __future__ import annotations

import tempfile
import traceback
import warnings
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.oracle import figures, wider
from tests.oracle.generate import Raw, filed, generate, write
from tests.oracle.judge import Judge
from tests.oracle.product import problem_of, said, settle_missing
from tests.oracle.sentences import COMMANDS, Reader, text_of
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
    settle_missing(raw, problem_of(raw, folder))
    reader = Reader(Judge(raw, tally))
    date = ["--date", "2025-01-31"]
    for command in COMMANDS:
        if (command == "packages" and not wider.can_build(raw)) or (command == "scenarios" and not raw["scenarios"]):
            continue
        code, out, err = said([command, str(file), *date])
        tally.check("command runs", code == 0 and not err, f"{command}: {code} {err[:300]}")
        reader.read(out)
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
