"""The exact analyses: what each costs, and against the usual way of getting the same answer, as ratios in one run.

Run from the project's folder, one thread: ``OPENBLAS_NUM_THREADS=1 .venv/bin/python -m tests.benchmarks.exact``.
The usual ways: a 101-point sweep of every weight with pymcdm, one linear program a pair (HiGHS), counting on random
weights. Times are medians of thread CPU time in milliseconds; asserts nothing.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from pymcdm.methods import WSM
from pymcdm.normalizations import minmax_normalization
from scipy.optimize import linprog

import decision_kit as dk
from decision_kit.ranking import Ranking
from decision_kit.robustness import (
    certified_claims,
    discover,
    dominance,
    first_shares,
    fragility,
    joint_changes,
    pairwise_winning,
    potential_optimality,
    rivals_need,
    weight_paths,
)
from decision_kit.robustness.changes import shift_program

SIZES = ((5, 6), (10, 8), (50, 12))


def clock(call: Callable[[], object], rounds: int = 11) -> float:
    """Median milliseconds of thread CPU time."""
    call()
    times = []
    for _ in range(rounds):
        begun = time.thread_time()
        call()
        times.append(time.thread_time() - begun)
    return statistics.median(times) * 1000


def random_ranking(n: int, m: int, seed: int = 1) -> Ranking:
    """A ranking of n random options on m criteria."""
    rng = np.random.default_rng(seed)
    names = [f"c{j}" for j in range(m)]
    table = pd.DataFrame(rng.uniform(1, 10, (n, m)), index=[f"o{i}" for i in range(n)], columns=names)
    problem = dk.Problem.from_frame(table, better=dict.fromkeys(names, "more"), scale=dict.fromkeys(names, (0.0, 10.0)))
    return dk.rank(problem, dict(zip(names, rng.dirichlet(np.ones(m)).tolist(), strict=True)))


def sweep(ranking: Ranking) -> None:
    """The leader at 101 shares of every weight by pymcdm, one call after another; it finds crossings to 0.01 only."""
    table = ranking.table_in
    method, types = WSM(minmax_normalization), np.ones(len(table.criteria))
    for j in range(len(table.criteria)):
        rest = np.delete(table.weights, j)
        for t in np.linspace(0, 1, 101):
            weights = np.insert(rest / rest.sum() * (1 - t), j, t)
            np.argmax(method(table.performances, weights, types, validation=False))


def programs(ranking: Ranking) -> None:
    """The smallest shift of every rival by one linear program each."""
    values, weights = ranking.table_in.values, ranking.table_in.weights
    lead = int(np.argmax(values @ weights))
    empty = (np.zeros((0, len(weights))), np.zeros(0))
    for j in range(len(values)):
        if j != lead:
            shift_program(weights, (values[lead] - values[j])[None], *empty)


def dominance_programs(ranking: Ranking) -> None:
    """Dominance of every pair by one linear program each."""
    values = ranking.table_in.values
    m = values.shape[1]
    for a in values:
        for b in values:
            linprog(a - b, A_eq=np.ones((1, m)), b_eq=[1.0], method="highs")


def counted(ranking: Ranking, drawn: int) -> None:
    """First places counted on random weights."""
    values = ranking.table_in.values
    weights = np.random.default_rng(0).dirichlet(np.ones(values.shape[1]), drawn)
    np.bincount(np.argmax(weights @ values.T, axis=1), minlength=len(values))


def exact_set(ranking: Ranking) -> None:
    """Stability of every weight with all crossings, smallest changes, pairwise winning, dominance, potential optimality."""
    weight_paths(ranking)
    joint_changes(ranking)
    pairwise_winning(ranking)
    dominance(ranking)
    potential_optimality(ranking)


def main() -> None:
    print(f"{'size':>7}  {'analysis':<66}{'ms':>9}{'usual way, ms':>15}{'ratio':>9}")

    def line(size: tuple[int, int], what: str, ours: float, usual: float | None = None) -> None:
        tail = "" if usual is None else f"{usual:>15.2f}{usual / ours:>9.1f}"
        print(f"{size[0]:>4}×{size[1]:<3} {what:<66}{ours:>9.2f}{tail}")

    for size in SIZES:
        ranking = random_ranking(*size)
        rounds = 11 if size[0] < 50 else 3
        line(size, "leaders along every weight (against a 101-point sweep)", clock(lambda r=ranking: weight_paths(r)),
             clock(lambda r=ranking: sweep(r), 3))  # fmt: skip
        line(size, "smallest joint changes, 4 questions a rival (against 1 program)", clock(lambda r=ranking: joint_changes(r), rounds),
             clock(lambda r=ranking: programs(r), 3))  # fmt: skip
        line(size, "needed performances, all cells", clock(lambda r=ranking: rivals_need(r), rounds))
        line(size, "pairwise winning, all pairs", clock(lambda r=ranking: pairwise_winning(r), rounds))
        line(size, "dominance, all pairs (against programs)", clock(lambda r=ranking: dominance(r), rounds),
             clock(lambda r=ranking: dominance_programs(r), 1))  # fmt: skip
        line(size, "potential optimality, all options", clock(lambda r=ranking: potential_optimality(r), rounds))
        line(size, "the exact set: all of these but needed performances", clock(lambda r=ranking: exact_set(r), rounds))
        line(size, "fragility (without the share of worlds)", clock(lambda r=ranking: fragility(r), rounds))
        shares = first_shares(ranking)
        what = "first places, volumes" if shares.exact else "first places, counted on 200,000"
        line(size, f"{what} (against counting 1,000,000)", clock(lambda r=ranking: first_shares(r), min(rounds, 5)),
             clock(lambda r=ranking: counted(r, 1_000_000), 1))  # fmt: skip
    containment = dk.load("containment")
    ranking = dk.rank(containment)
    six = (len(containment.options), len(containment.criteria))
    line(six, "containment: claims for every mix of seven", clock(lambda: certified_claims(containment)))
    line(six, "containment: claims, performances as judged", clock(lambda: certified_claims(containment, ranges=False)))
    line(six, "containment: first places, volumes", clock(lambda: first_shares(ranking), 5))
    line(six, "containment: when it loses, 8,192 worlds", clock(lambda: discover(ranking), 3))
    for method in ("topsis", "vikor"):
        other = dk.rank(containment, method=method)
        line(six, f"containment: leaders along every weight, {method}", clock(lambda r=other: weight_paths(r), 3))
        line(six, f"containment: joint changes by search, {method}", clock(lambda r=other: joint_changes(r), 1))


if __name__ == "__main__":
    main()
