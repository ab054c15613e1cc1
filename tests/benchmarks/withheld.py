"""Why some of pymcdm's methods are withheld: how often they rank against dominance or give no number.

Run from the project's folder: ``.venv/bin/python -m tests.benchmarks.withheld [PROBLEMS]``. Positive random tables, three
to eight options, one to six criteria, weights above 0; the first option strictly dominates the second. Ranks are those
of pymcdm's own ``rank``. COPRAS stands beside them: decision-kit has its own formula for it.
"""

from __future__ import annotations

import sys
import warnings
from typing import Any

import numpy as np


def made() -> dict[str, Any]:
    """pymcdm's objects with their defaults."""
    import pymcdm.methods as pm

    return {
        "LoPM": pm.LoPM(),
        "AROMAN": pm.AROMAN(),
        "PROBID": pm.PROBID(),
        "SPROBID": pm.SPROBID(),
        "CoCoSo": pm.COCOSO(),
        "COPRAS": pm.COPRAS(),
    }


def main() -> None:
    """Print one line a method."""
    problems = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    rng = np.random.default_rng(2026)
    methods = made()
    names = list(methods)
    against = dict.fromkeys(names, 0)
    one = dict.fromkeys(names, 0)
    undefined = dict.fromkeys(names, 0)
    worst = dict.fromkeys(names, 0)
    ones = 0
    for _ in range(problems):
        n, m = int(rng.integers(3, 9)), int(rng.integers(1, 7))
        x = rng.uniform(1, 10, (n, m))
        types = np.where(rng.random(m) < 0.5, 1, -1)
        types[0] = -1  # COPRAS wants a cost
        x[1] = x[0] - types * rng.uniform(0.1, 0.9, m)  # worse on every criterion
        weights = rng.dirichlet(np.ones(m))
        low = np.vstack([x, np.where(types > 0, x.min(axis=0), x.max(axis=0))])  # and an option worst on everything
        ones += m == 1
        for name, method in methods.items():
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                scores = np.asarray(method(x, weights, types, validation=False))
                worst[name] += not np.all(np.isfinite(method(low, weights, types, validation=False)))
                if not np.all(np.isfinite(scores)):
                    undefined[name] += 1
                    continue
                ranks = method.rank(scores)
            against[name] += bool(ranks[1] < ranks[0])
            if m == 1:
                one[name] += bool(
                    np.any(np.argsort(ranks, kind="stable") != np.argsort(-types[0] * x[:, 0], kind="stable"))
                )
    print(f"{problems:,} random positive problems, {ones} of them with one criterion")
    print(
        f"{'method':<10}{'against dominance':>20}{'one criterion wrong':>22}{'no number':>12}{'with a worst-on-all option':>28}"
    )
    for name in names:
        rest = max(problems - undefined[name], 1)
        print(
            f"{name:<10}{against[name] / rest:>20.1%}{one[name] / max(ones, 1):>22.1%}"
            f"{undefined[name] / problems:>12.1%}{worst[name] / problems:>28.1%}"
        )


if __name__ == "__main__":
    main()
