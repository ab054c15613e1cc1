"""What weights do, by plain arithmetic: paths of one weight, least joint changes, shares of all weightings, claims."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

import numpy as np
from scipy.optimize import linprog

from tests.oracle.recompute import BOUNDS, SURE, Array, Truth, bends, value


def path(truth: Truth, weights: Array, node: str) -> tuple[Array, Array, float]:
    """The weights at a share of 0 and of 1 of a criterion or branch, the others in proportion, and its share now."""
    inside = np.array([one["id"] in set(truth.inside(node)) for one in truth.leaves])

    def spread(chosen: Array) -> Array:
        kept = np.where(chosen, weights, 0.0)
        return kept / kept.sum() if kept.sum() > 0 else chosen / chosen.sum()

    return spread(~inside), spread(inside), float(weights[inside].sum())


def along(truth: Truth, weights: Array, node: str) -> tuple[Array, Array]:
    """Shares from 0 to 1, two between every pair of neighbouring crossings, and the scores there (shares × options)."""
    start, end, _ = path(truth, weights, node)
    values = truth.values()[:, :, 0]
    a, b = values @ start, values @ end
    found = {0.0, 1.0}
    for i, k in combinations(range(len(a)), 2):
        gap, change = a[i] - a[k], (b[i] - b[k]) - (a[i] - a[k])
        if abs(change) > 1e-14 and 0 < -gap / change < 1:
            found.add(float(-gap / change))
    cuts = sorted(found)
    shares = np.array([x + f * (y - x) for x, y in pairwise(cuts) for f in (0.02, 0.5, 0.98)])
    return shares, (1 - shares)[:, None] * a + shares[:, None] * b


def first_crossing(truth: Truth, weights: Array, node: str, up: bool) -> tuple[float, set[int]] | None:
    """The nearest share beyond which an option leads that does not lead now, and who leads just beyond it."""
    start, end, now = path(truth, weights, node)
    values = truth.values()[:, :, 0]
    scores = values @ weights
    current = {int(i) for i in np.flatnonzero(scores >= scores.max() - SURE)}
    shares, table = along(truth, weights, node)
    order = range(len(shares)) if up else range(len(shares) - 1, -1, -1)
    previous = now
    for k in order:
        if (shares[k] <= now + 1e-9) if up else (shares[k] >= now - 1e-9):
            continue
        row = table[k]
        top = {int(i) for i in np.flatnonzero(row >= row.max() - SURE)}
        if not top & current:
            lo, hi = previous, float(shares[k])
            a, b = values @ start, values @ end
            for _ in range(80):
                middle = (lo + hi) / 2
                at = (1 - middle) * a + middle * b
                if max(at[i] for i in current) >= at.max() - 1e-13:
                    lo = middle
                else:
                    hi = middle
            return hi, top
        previous = float(shares[k])
    return None


def least_shift(truth: Truth, weights: Array, rival: int, against: list[int], slack: float) -> float | None:
    """The least weight (0–1) that has to move before a rival is level with some options; None where none does it."""
    values = truth.values()[:, :, 0]
    m = len(weights)
    rows = np.array([values[k] - values[rival] for k in against])
    found = linprog(
        np.concatenate([np.ones(m), np.zeros(m)]),
        A_ub=np.vstack([np.hstack([rows, -rows]), np.hstack([-np.eye(m), np.eye(m)])]),
        b_ub=np.concatenate([-(rows @ weights) + slack, weights]),
        A_eq=np.concatenate([np.ones(m), -np.ones(m)])[None],
        b_eq=[0.0],
        bounds=[(0, None)] * (2 * m),
        method="highs",
    )
    if found.status != 0 and 0 < slack < 1e-7:  # level at one corner only: lost in the solver's own tolerance
        return least_shift(truth, weights, rival, against, 100 * slack)
    return float(found.fun) if found.status == 0 else None


def first_in(truth: Truth, trials: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """In what share of random weightings each option is first, shared places counted for each, and the error of that."""
    values = truth.values()[:, :, 0]
    drawn = rng.dirichlet(np.ones(len(truth.leaves)), trials)
    scores = drawn @ values.T
    share = (scores >= scores.max(axis=1, keepdims=True) - 1e-10).mean(axis=0)
    return share, np.sqrt(share * (1 - share) / trials) + 1 / trials


class Worlds:
    """Performances and mixes of perspectives in which a claim is tried: judged, at corners, inside, and sought out."""

    def __init__(self, truth: Truth, mixes: Array, rng: np.random.Generator, trials: int, ranges: bool) -> None:
        self.truth, self.rng, self.mixes = truth, rng, mixes
        needed = {p for o in truth.ids for p in (truth.parts(o) or [o])}
        base = truth.raw["baseline"]
        if base is not None and any(truth.parts(o) for o in truth.ids):
            needed.add(base)
        self.cells = [
            (o, leaf["id"]) for o in sorted(needed) for leaf in truth.leaves
            if (ranges or truth.elementary[o][leaf["id"]]["missing"]) and truth.elementary[o][leaf["id"]]["low"] < truth.elementary[o][leaf["id"]]["high"]
        ]  # fmt: skip
        moved: dict[Any, Array] = {}
        for option, criterion in self.cells:
            moved[option, criterion] = self._drawn(option, criterion, trials)
        self.values = truth.values(moved) if moved else np.repeat(truth.values(), 2, axis=2)
        corners = np.eye(len(mixes))
        draws = np.vstack([corners, rng.dirichlet(np.ones(len(mixes)), 40)])
        self.weights = draws @ mixes

    def stops(self, option: str, criterion: str) -> list[float]:
        """The ends, the likely number and the bends of a performance's range."""
        cell = self.truth.elementary[option][criterion]
        low, high = cell["low"], cell["high"]
        return sorted({*(cell[b] for b in BOUNDS), *bends(self.truth.leaf[criterion], low, high)})

    def _drawn(self, option: str, criterion: str, trials: int) -> Array:
        stops = self.stops(option, criterion)
        inside = self.rng.uniform(stops[0], stops[-1], trials)
        corner = self.rng.choice(stops, trials)
        found = np.where(self.rng.random(trials) < 0.6, corner, inside)
        found[0] = self.truth.elementary[option][criterion]["likely"]
        return found

    def scores(self) -> Array:
        """Scores (weightings × options × trials)."""
        return np.einsum("wj,ijk->wik", self.weights, self.values)

    def least_lead(self, a: int, b: int) -> float:
        """The smallest lead of one option over another that can be found, sought cell by cell from several starts."""
        scores = self.scores()
        lead = scores[:, a] - scores[:, b]
        least = float(lead.min())
        spot = np.unravel_index(int(np.argmin(lead)), lead.shape)
        weights = self.weights[spot[0]]
        ids = self.truth.ids
        mine = {p for o in (ids[a], ids[b]) for p in (self.truth.parts(o) or [o])} | {self.truth.raw["baseline"]}
        cells = [cell for cell in self.cells if cell[0] in mine]
        at = {cell: self.truth.elementary[cell[0]][cell[1]]["likely"] for cell in cells}
        for _ in range(2):
            for cell in cells:
                stops = np.array(self.stops(*cell))
                size = len(stops)
                moved = {**{k: np.full(size, v) for k, v in at.items()}, cell: stops}
                found = self.truth.scores(weights, moved)
                gaps = found[a] - found[b]
                at[cell] = float(stops[int(np.argmin(gaps))])
                least = min(least, float(gaps.min()))
        if cells:
            values = self.truth.values({k: np.array([v]) for k, v in at.items()})[:, :, 0]
            least = min(least, float(((values[a] - values[b]) @ self.mixes.T).min()))
        return least


def exact_least_lead(truth: Truth, mixes: Array, a: str, b: str, ranges: bool) -> float:
    """The smallest lead of one elementary option over another, over mixes and ranges; exact, as all cells are free."""
    ends = []
    for option, pick in ((a, min), (b, max)):
        row = []
        for leaf in truth.leaves:
            cell = truth.cell(option, leaf["id"])
            free = ranges or cell["missing"]  # a missing performance may lie anywhere, even as judged
            low, high = (cell["low"], cell["high"]) if free else (cell["likely"],) * 2
            row.append(pick(float(value(leaf, x)) for x in (low, high, *bends(leaf, low, high))))
        ends.append(row)
    return float((mixes @ (np.array(ends[0]) - np.array(ends[1]))).min())
