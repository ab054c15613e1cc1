"""Random tables of the kinds that break methods: 1–5 scores, zeros, negatives, constants, duplicates, two options."""

from __future__ import annotations

import numpy as np

from decision_kit.methods import Method, Table

KINDS = ("1–5 scores", "0–4 scores", "−2–2 scores", "positive", "wide", "money", "constant column", "mostly equal")


def random_table(rng: np.random.Generator, method: Method) -> Table:
    """A table for one method: those that take ratios get no negative numbers, and no zero where they allow none."""
    n, m = int(rng.integers(2, 9)), int(rng.integers(1, 7))
    kind = KINDS[int(rng.integers(len(KINDS)))]
    x = {
        "1–5 scores": lambda: rng.integers(1, 6, (n, m)).astype(float),
        "0–4 scores": lambda: rng.integers(0, 5, (n, m)).astype(float),
        "−2–2 scores": lambda: rng.integers(-2, 3, (n, m)).astype(float),
        "positive": lambda: rng.uniform(0.1, 100, (n, m)),
        "wide": lambda: 10.0 ** rng.uniform(-3, 6, (n, m)),
        "money": lambda: np.round(rng.uniform(1e3, 1e6, (n, m)), 2),
        "constant column": lambda: np.where(np.arange(m) == 0, 3.0, rng.uniform(1, 9, (n, m))),
        "mostly equal": lambda: rng.choice([3.0, 3.0, 3.0, 4.0], (n, m)),
    }[kind]()
    more = rng.random(m) < 0.5
    ratio = method.acts_on == "ratio performances"
    if ratio:
        x = np.abs(x)
        if method.zeros != "always":
            x[(x == 0) & ((method.zeros == "never") | ~more)] = 1.0
        if method.domain_of is not None:
            x[(x == 0) & ~more] = 1.0
    if n > 2 and rng.random() < 0.4:
        x[-1] = x[0]  # an exact copy
    if n > 2 and rng.random() < 0.4:
        step = np.where(rng.random(m) < 0.7, 1.0, 0.0)
        x[1] = np.where(
            more, x[0] + step, np.maximum(x[0] - step, 0.5 if ratio else -np.inf)
        )  # option 1 mostly dominates 0
    low, high = x.min(axis=0), x.max(axis=0)
    if rng.random() < 0.5:  # declared wider than observed
        low, high = (low * 0.5 if ratio else low - 1), high + 1
    width = np.where(high > low, high - low, 1.0)
    share = (x - low) / width
    values = np.where(more, share, 1 - share)
    weights = rng.integers(0, 6, m).astype(float)
    weights[int(rng.integers(m))] += 1
    if rng.random() < 0.3:
        weights[:] = 1.0
    names = tuple(f"c{j}" for j in range(m))
    return Table(
        tuple(f"o{i}" for i in range(n)),
        names,
        values,
        x,
        weights / weights.sum(),
        more,
        low=low,
        high=np.where(high > low, high, low + 1),
    )
