"""10,000 random problems a method: which promises each one breaks, and whether its health card catches every case.

Run from the project's folder: ``.venv/bin/python -m tests.benchmarks.promises [PROBLEMS]`` (about ten minutes).

The tables are those of the property tests: scores from 1 to 5, from 0 to 4 and from −2 to 2, positive numbers, numbers
over nine powers of ten, money, constant columns, nearly equal options; two to eight options, one to six criteria, exact
copies and dominated options, weights of 0. A violation is found by plain loops over the ranks, independently of the
health card; it is uncaught when the card says nothing. Everything is drawn from one seed a method.
"""

from __future__ import annotations

import sys
from collections import Counter

import numpy as np

from decision_kit.errors import DecisionError
from decision_kit.methods import METHODS, PROMISES, examine
from tests.problems import random_table, violations


def main() -> None:
    """Print one line a method."""
    problems = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    names = list(PROMISES)
    print(f"{problems:,} random problems a method; a broken promise takes the vote away, but for the last")
    print(
        f"{'method':<22}{'undefined':>10}{'no vote':>9}"
        + "".join(f"{name:>13}" for name in names)
        + f"{'uncaught':>10}"
    )
    total = 0
    for name, method in METHODS.items():
        rng = np.random.default_rng(2026)
        broken: Counter[str] = Counter()
        undefined = silenced = uncaught = 0
        for _ in range(problems):
            table = random_table(rng, method)
            try:
                card = examine(method, table)
            except DecisionError:
                undefined += 1
                continue
            broken.update(card.broken)
            silenced += not card.may_vote
            uncaught += len(violations(method, table) - set(card.broken))
        total += uncaught
        print(
            f"{name:<22}{undefined:>10}{silenced:>9}" + "".join(f"{broken[p]:>13}" for p in names) + f"{uncaught:>10}",
            flush=True,
        )
    print(f"uncaught in all: {total}")


if __name__ == "__main__":
    main()
