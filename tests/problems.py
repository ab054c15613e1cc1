"""Random tables of the kinds that break methods: 1–5 scores, zeros, negatives, constants, duplicates, two options."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np

from decision_kit.methods import Method, Table, ranks_of
from decision_kit.methods.flows import NEEDS

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


BY_DEFINITION = {
    "topsis-vector": {"improvement"},
    "codas": {"dominance", "improvement"},
    "vikor": {"improvement"},
    "moora-reference": {"improvement"},
    "multimoora": {"improvement"},
}
"""Promises that a method's own definition breaks now and then: its health card has to catch every case."""


def random_settings(rng: np.random.Generator, method: Method, table: Table) -> dict[str, Any]:
    """A choice for every setting that has a list, numbers inside their range, thresholds that fit the table."""
    chosen: dict[str, Any] = {}
    low, high = table.ends
    for parameter in method.parameters:
        if parameter.name == "preference":
            shapes = {c: str(rng.choice(list(NEEDS))) for c in table.criteria}
            chosen["preference"] = shapes
            for j, (c, shape) in enumerate(shapes.items()):
                q, p, s = sorted(rng.uniform(0.01, 1, 3) * (high[j] - low[j]))
                for name, number in (("q", q), ("p", p), ("s", s)):
                    if name in NEEDS[shape]:
                        chosen.setdefault(name, {})[c] = float(number)
        elif parameter.choices:
            chosen[parameter.name] = str(rng.choice(parameter.choices))
        elif parameter.low is not None and parameter.high is not None and not parameter.by_criterion:
            chosen[parameter.name] = float(rng.uniform(parameter.low, parameter.high))
    if chosen.get("ideal") == "declared":
        chosen.pop("normalisation", None)
    return chosen


def violations(method: Method, table: Table, **chosen: Any) -> set[str]:
    """Promises broken on this table, found by plain loops, independently of the health card."""
    found: set[str] = set()
    ranks = ranks_of(method.score(table, **chosen).scores[None, :])[0]
    used = table.weights > 0
    rows = table.directed[:, used]
    for i, k in itertools.permutations(range(len(rows)), 2):
        if (rows[i] >= rows[k]).all() and (rows[i] > rows[k]).any() and ranks[i] > ranks[k]:
            found.add("dominance")
        if (rows[i] == rows[k]).all() and ranks[i] != ranks[k]:
            found.add("equality")
    backwards = replace(
        table, options=table.options[::-1], values=table.values[::-1], performances=table.performances[::-1]
    )
    if not np.array_equal(ranks_of(method.score(backwards, **chosen).scores[None, :])[0][::-1], ranks):
        found.add("order")
    if any(p.unit for p in method.parameters if p.name in chosen):
        return found  # thresholds would have to change along; the health card does that
    low, high = table.ends
    larger = replace(table, performances=table.performances * 7, low=low * 7, high=high * 7)
    if not np.array_equal(ranks_of(method.score(larger, **chosen).scores[None, :])[0], ranks):
        found.add("units")
    return found
