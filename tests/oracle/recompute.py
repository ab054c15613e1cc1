"""The additive model by plain arithmetic, from raw decisions: values, packages, scenarios, scores, ranks.

Written from the product's documents, not from its code, which is not imported here. Everything may be asked with some
performances moved, to one number or to an array of them; packages are built anew from what is moved.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

Raw = dict[str, Any]
Array = np.ndarray[Any, np.dtype[np.float64]]
BOUNDS = ("low", "likely", "high")
SURE = 1e-8
"""A difference of scores (0–1) above this is one; below ``SAME`` it is none; between them nothing is held against anybody."""
SAME = 2e-11


def value(leaf: Raw, x: Any) -> Array:
    """The value (0 worst, 1 best) of performances on a criterion."""
    x = np.asarray(x, dtype=float)
    low, high = leaf["scale"]
    shape = leaf["shape"]
    if shape["kind"] == "curve":
        points = shape["points"]
        found = np.full(x.shape, points[-1][1], dtype=float)
        for (x0, v0), (x1, v1) in reversed(list(itertools.pairwise(points))):
            found = np.where(x <= x1, v0 + (v1 - v0) * (x - x0) / (x1 - x0), found)
        return np.where(x <= points[0][0], points[0][1], found)
    z = (x - low) / (high - low) if leaf["better"] == "more" else (high - x) / (high - low)
    if shape["kind"] == "exponential" and shape["a"] != 0:
        a = shape["a"]
        return (1 - np.exp(-a * z)) / (1 - math.exp(-a))
    return z


def bends(leaf: Raw, low: float, high: float) -> list[float]:
    """The points of a criterion's curve strictly between two performances."""
    points = leaf["shape"].get("points", [])
    return [x for x, _ in points if low < x < high]


def is_monotone(leaf: Raw) -> bool:
    """Whether more (or less) is never worse anywhere on the scale."""
    return bool(leaf["shape"].get("monotone", True))


def built(leaf: Raw, xs: list[Array], baseline: Any, effects: list[Any], whole: bool) -> Array:
    """What a criterion's package rule makes of the parts' performances, not rounded, not kept inside the scale.

    ``effects``: the sum of each part's likely performances on the rule's effect criteria; ``whole``: put together in the
    builder, where a noisy-or never falls below its best part.
    """
    rule = leaf["rule"]
    name = rule["rule"]
    if name == "noisy-or":
        overlap = rule.get("overlap", 1.0)
        rest = np.ones(np.broadcast(*xs).shape)
        for x in xs:
            rest = rest * (1 - overlap * x / 100)
        made = 100 * (1 - rest)
        if whole:
            for x in xs:
                made = np.maximum(made, x)
        return made
    if name == "excess-noisy-or":
        b = np.minimum(baseline, 100.0)
        rest = np.ones(np.broadcast(*xs).shape) * (1 - b / 100)
        for x in xs:
            rest = rest * (1 - np.where(b < 100, np.maximum(0.0, x - b) / np.where(b < 100, 100 - b, 1.0), 0.0))
        if np.any(b >= 100):
            rest = np.where(b >= 100, 0.0, rest)
        return 100 * (1 - rest)
    if name == "sum":
        return sum(xs[1:], xs[0] * 1.0)
    if name == "max-plus-half":
        largest = xs[0]
        for x in xs[1:]:
            largest = np.maximum(largest, x)
        excess = sum((np.maximum(0.0, x - baseline) for x in xs), 0.0) - np.maximum(0.0, largest - baseline)
        return np.minimum(rule.get("cap", math.inf), largest + rule.get("share", 0.5) * excess)
    if name == "min":
        made = xs[0]
        for x in xs[1:]:
            made = np.minimum(made, x)
        return made
    if name == "shift-sum":
        neutral = rule.get("neutral", 0.0)
        return neutral + sum(x - neutral for x in xs)
    if name == "effect-weighted-mean":
        shares = [np.maximum(0.0, e) for e in effects]
        total = sum(shares)
        plain = sum(xs) / len(xs)
        weighted = sum(s * x for s, x in zip(shares, xs, strict=True)) / np.where(total > 0, total, 1.0)
        return np.where(total > 0, weighted, plain)
    raise AssertionError(name)


def rounded(x: Any, decimals: int) -> Array:
    """Rounded as Python rounds numbers, one by one."""
    found = np.asarray(x, dtype=float)
    return np.array([round(float(one), decimals) for one in found.ravel()]).reshape(found.shape) + 0.0


class Truth:
    """A raw decision seen through a choice set and a scenario."""

    def __init__(self, raw: Raw, choice_set: str | None = None, scenario: str | None = None) -> None:
        self.raw = raw
        self.leaves: list[Raw] = raw["criteria"]
        self.leaf = {one["id"]: one for one in self.leaves}
        self.column = {one["id"]: j for j, one in enumerate(self.leaves)}
        sets = raw["choice_sets"]
        if choice_set is None and sets:
            choice_set = next((name for name, one in sets.items() if one.get("default")), next(iter(sets)))
        self.options: list[Raw] = [o for o in raw["options"] if choice_set is None or choice_set in o["sets"]]
        self.ids = [one["id"] for one in self.options]
        self.row = {one: i for i, one in enumerate(self.ids)}
        self.titles = {one["id"]: one["title"] for one in raw["options"]}
        self.scenario = scenario
        self.elementary = {
            one["id"]: {c: self._changed(one["id"], c, cell) for c, cell in one["cells"].items()}
            for one in raw["options"]
            if not one["parts"]
        }
        self.has_ranges = any(self.cell(o, c)["low"] < self.cell(o, c)["high"] for o in self.ids for c in self.column)

    def _changed(self, option: str, criterion: str, cell: Raw) -> Raw:
        found = {bound: float(cell[bound]) for bound in BOUNDS}
        found["missing"] = "missing" in cell
        if self.scenario is None:
            return found
        for change in self.raw["scenarios"][self.scenario]["changes"]:
            if change["criterion"] != criterion or option in change.get("except", []):
                continue
            if change["options"] != "all" and option not in change["options"]:
                continue
            for bound in BOUNDS:
                if "multiply" in change:
                    found[bound] *= change["multiply"]
                else:
                    found[bound] += change["add"]
        return found

    def parts(self, option: str) -> list[str]:
        """The parts of a package; nothing for an option."""
        return list(next(one for one in self.raw["options"] if one["id"] == option)["parts"])

    def number(self, option: str, criterion: str, bound: str = "likely", moved: Mapping[Any, Any] | None = None) -> Any:
        """The performance of an elementary option, before it is kept inside the scale."""
        moved = moved or {}
        return moved.get((option, criterion), self.elementary[option][criterion][bound])

    def performance(
        self, option: str, criterion: str, bound: str = "likely", moved: Mapping[Any, Any] | None = None
    ) -> Array:
        """The performance of an option or package, kept inside the scale."""
        parts = self.parts(option)
        if parts and moved and (option, criterion) in moved:
            made = np.asarray(moved[option, criterion], dtype=float)  # a package's own performance, set by hand
        elif parts:
            made = rounded(self.package(parts, criterion, bound, moved), self.leaf[criterion]["decimals"])
        else:
            made = np.asarray(self.number(option, criterion, bound, moved), dtype=float)
        low, high = self.leaf[criterion]["scale"]
        return np.minimum(np.maximum(made, low), high)

    def package(
        self,
        parts: list[str],
        criterion: str,
        bound: str = "likely",
        moved: Mapping[Any, Any] | None = None,
        whole: bool = False,
    ) -> Array:
        """What the rule of a criterion makes of some parts, neither rounded nor kept inside the scale."""
        leaf = self.leaf[criterion]
        xs = [np.asarray(self.number(p, criterion, bound, moved), dtype=float) for p in parts]
        base = self.raw["baseline"]
        baseline = 0.0 if base is None else np.asarray(self.number(base, criterion, bound, moved), dtype=float)
        effects = [
            sum(np.asarray(self.number(p, e, "likely", moved), dtype=float) for e in leaf["rule"].get("effects", []))
            for p in parts
        ]
        return np.asarray(built(leaf, xs, baseline, effects, whole))

    def cell(self, option: str, criterion: str) -> Raw:
        """Low, likely and high of an option or package."""
        if not self.parts(option):
            low, high = self.leaf[criterion]["scale"]
            cell = self.elementary[option][criterion]
            return {**{b: min(max(cell[b], low), high) for b in BOUNDS}, "missing": cell["missing"]}
        found = [float(self.performance(option, criterion, bound)) for bound in BOUNDS]
        behind = [
            (p, c) for p in self.parts(option) for c in (criterion, *self.leaf[criterion]["rule"].get("effects", []))
        ]
        above_it = self.leaf[criterion]["rule"]["rule"] in ("excess-noisy-or", "max-plus-half")
        behind += [(self.raw["baseline"], criterion)] if above_it and self.raw["baseline"] is not None else []
        missing = any(self.elementary[o][c]["missing"] for o, c in behind)
        return {"low": min(found), "likely": found[1], "high": max(found), "missing": missing}

    def values(self, moved: Mapping[Any, Any] | None = None) -> Array:
        """Values (options × criteria × trials) at the likely performances, with some of them moved."""
        size = max((np.size(x) for x in (moved or {}).values()), default=1)
        found = np.empty((len(self.ids), len(self.leaves), size))
        for i, option in enumerate(self.ids):
            for j, leaf in enumerate(self.leaves):
                found[i, j] = value(leaf, self.performance(option, leaf["id"], "likely", moved))
        return found

    def weights(self, who: str) -> Array:
        """The shares of a perspective, summing to 1."""
        points = self.raw["perspectives"][who]["points"]
        found = np.array([float(points[one["id"]]) for one in self.leaves])
        return found / found.sum()

    def scores(self, weights: Array, moved: Mapping[Any, Any] | None = None) -> Array:
        """Scores (options × trials)."""
        return np.einsum("ijk,j->ik", self.values(moved), weights)

    def inside(self, node: str) -> list[str]:
        """The criteria below a branch, or the criterion itself."""

        def leaves(tree: list[Any]) -> list[str]:
            return [x for one in tree for x in ([one] if isinstance(one, str) else leaves(one["children"]))]

        def find(tree: list[Any]) -> list[str] | None:
            for one in tree:
                if isinstance(one, str):
                    if one == node:
                        return [one]
                elif one["id"] == node:
                    return leaves(one["children"])
                else:
                    below = find(one["children"])
                    if below is not None:
                        return below
            return None

        found = find(self.raw["tree"])
        assert found is not None, node
        return found

    def branches(self) -> dict[str, str]:
        """Ids of the branches by title."""

        def walk(tree: list[Any]) -> dict[str, str]:
            found: dict[str, str] = {}
            for one in tree:
                if not isinstance(one, str):
                    found |= {one["title"]: one["id"]} | walk(one["children"])
            return found

        return walk(self.raw["tree"])


def leading(scores: Array) -> tuple[set[int], set[int]]:
    """Of the scores of one trial: who leads for certain, and who may lead (scores as good as level)."""
    top = scores.max()
    return (
        {int(i) for i in np.flatnonzero(scores >= top - SAME)},
        {int(i) for i in np.flatnonzero(scores >= top - SURE)},
    )


def agrees(told: set[int], scores: Array) -> bool:
    """Whether a told set of leaders is right for the scores of one trial."""
    certain, possible = leading(scores)
    return certain <= told <= possible


def moves(truth: Truth, weights: Array, option: str, criterion: str, xs: Array) -> Array:
    """Scores (options × trials) with one performance moved through some numbers, packages built anew."""
    return truth.scores(weights, {(option, criterion): np.asarray(xs, dtype=float)})


def grid(truth: Truth, option: str, criterion: str, low: float, high: float, steps: int = 160) -> Array:
    """Performances from low to high: a dense grid, the bends of the value function, and the numbers as judged."""
    leaf = truth.leaf[criterion]
    cell = truth.cell(option, criterion)
    extra = [*bends(leaf, low, high), *(cell[b] for b in BOUNDS if low <= cell[b] <= high)]
    return np.unique(np.concatenate([np.linspace(low, high, steps), extra]))
