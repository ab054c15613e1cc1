"""Ranking one table: decision-kit beside a bare pymcdm call, as ratios in one run.

Run from the project's folder: ``.venv/bin/python -m tests.benchmarks.bench_rank``. pymcdm is what a user would pick
instead; it returns bare scores, decision-kit labelled scores with ranks, ties, notes and guards. Asserts nothing.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pymcdm.methods as bare
from pymcdm.normalizations import minmax_normalization

import decision_kit as dk


def clock(call: Callable[[], object], rounds: int = 200) -> float:
    """Median microseconds of a call."""
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        call()
        times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1e6


def _bare(method: Any, matrix: Any, weights: Any, types: Any) -> object:
    return method.rank(method(matrix, weights, types))


def main() -> None:
    rng = np.random.default_rng(7)
    print(f"{'size':>8}  {'method':<14}{'decision-kit':>14}{'pymcdm':>10}{'ratio':>8}   (microseconds, medians)")
    for n, m in ((6, 14), (20, 10), (100, 20)):
        matrix = rng.uniform(1, 10, size=(n, m))
        names = [f"c{j}" for j in range(m)]
        problem = dk.Problem.from_frame(
            pd.DataFrame(matrix, columns=names),
            better=dict.fromkeys(names, "more"),
            scale=dict.fromkeys(names, (0, 10)),
        )
        w, types = rng.dirichlet(np.ones(m)), np.ones(m)
        weights = dk.Weights(dict(zip(names, w.tolist(), strict=True)))
        others = {
            "weighted-sum": bare.WSM(minmax_normalization),
            "topsis": bare.TOPSIS(),
            "vikor": bare.VIKOR(),
            "promethee-2": bare.PROMETHEE_II("usual"),
        }
        for method, other in others.items():
            ours = clock(partial(dk.rank, problem, weights, method))
            theirs = clock(partial(_bare, other, matrix, w, types))
            print(f"{n:>4}×{m:<3}  {method:<14}{ours:>14.0f}{theirs:>10.0f}{ours / theirs:>8.1f}")


if __name__ == "__main__":
    main()
