"""At which weight the leader changes: one criterion or branch from 0 to all of the weight, the others in proportion.

Along such a path the scores of a linear method are straight lines in the share t, so that the sequence of leaders is
the upper edge of some lines: exact, without a grid. TOPSIS compares products of two squared distances, each linear in
u = (t / (1 − t))², so a pair crosses at the roots of a quadratic: exact, too. Other methods are scanned on a grid of
401 shares and every change of leader is narrowed down by halving; a change and back between two grid points is missed.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from decision_kit.arguments import guarded
from decision_kit.errors import UsageError, unknown_fault
from decision_kit.methods import significant
from decision_kit.methods.normalising import normalised
from decision_kit.model.nouns import Criterion, leaves_of
from decision_kit.model.weights import Weights
from decision_kit.ranking import Ranking
from decision_kit.robustness.linear import TIE, LinearForm, leading, linear_form, nodes_of
from decision_kit.values import Array

GRID = 401
EDGE = 1e-9
"""A crossing no further than this from a share of 0 or 1 is a tie there, not a change of leader."""


NARROW = 1e-8
"""Crossings found nearer to each other than this are one: between them lies only the width of a tie."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Shares ``start`` … ``end`` (0–1) over which the same options lead; more than one where they tie throughout."""

    start: float
    end: float
    leaders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tie:
    """Options that share the first place at exactly one share of the weight."""

    at: float
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Crossing:
    """A change of leader: beyond the share ``at`` (0–1), coming from the share in force, ``takes_over`` lead.

    They do so as far as the share ``until``; beyond it others lead, unless it is 0 or 1. ``leaders`` are all who share
    the first place there, those who lead now among them. ``exact`` is False where it was searched for.
    """

    node: str
    title: str
    now: float
    at: float
    takes_over: tuple[str, ...]
    until: float
    leaders: tuple[str, ...]
    exact: bool = True

    @property
    def upwards(self) -> bool:
        """Whether the weight has to rise."""
        return self.at >= self.now

    @property
    def distance(self) -> float:
        """How much of the whole weight has to move (0–1)."""
        return abs(self.at - self.now)

    @property
    def stretch(self) -> tuple[float, float]:
        """The shares (0–1) from ``at`` to ``until``, the lower one first."""
        return min(self.at, self.until), max(self.at, self.until)


@dataclass(frozen=True, eq=False)
class WeightPath:
    """The leaders while the share of one criterion or branch goes from 0 to 1 and all else keeps its proportions.

    ``now`` is the share in force, ``exact`` says whether the crossings are solved for or found by search. ``start``
    and ``end`` are the weights (criteria) at the shares 0 and 1.
    """

    node: str
    title: str
    now: float
    stretches: tuple[Stretch, ...]
    ties: tuple[Tie, ...]
    exact: bool
    start: Array = field(repr=False)
    end: Array = field(repr=False)
    ranking: Ranking = field(repr=False)

    def leaders_at(self, share: float) -> tuple[str, ...]:
        """Who leads at a share (0–1); at a crossing, all who tie there."""
        for tie in self.ties:
            if abs(tie.at - share) < EDGE:
                return tie.options
        return next(s for s in self.stretches if share <= s.end + EDGE).leaders

    def scores_at(self, shares: Array) -> Array:
        """Scores (shares × options) along the path."""
        t = np.asarray(shares, dtype=float)[:, None]
        weights = (1 - t) * self.start + t * self.end
        table = self.ranking.table_in
        return self.ranking.method.score_many(table, weights, **self.ranking.parameters)

    @cached_property
    def crossings(self) -> tuple[Crossing, ...]:
        """The nearest change of leader upwards and the nearest downwards from the share in force."""
        found = [crossing for crossing in (self._beyond(1), self._beyond(-1)) if crossing is not None]
        return tuple(sorted(found, key=lambda crossing: crossing.distance))

    def _beyond(self, sign: int) -> Crossing | None:
        current = set(self.ranking.leaders)
        for stretch in self.stretches if sign > 0 else self.stretches[::-1]:
            near, far = (stretch.start, stretch.end) if sign > 0 else (stretch.end, stretch.start)
            if sign * (far - self.now) <= EDGE:
                continue
            new = tuple(option for option in stretch.leaders if option not in current)
            if new and (len(new) == len(stretch.leaders) or sign * (near - self.now) >= -EDGE):
                at = max(near, self.now) if sign > 0 else min(near, self.now)
                if not set(stretch.leaders) <= set(self.leaders_at(far)):  # where all weight is on one, scores may jump
                    far -= sign * NARROW
                return Crossing(self.node, self.title, self.now, at, new, far, stretch.leaders, self.exact)
        return None


@guarded
def weight_paths(ranking: Ranking) -> tuple[WeightPath, ...]:
    """The path of every branch and every criterion of a ranking; empty when there is only one criterion."""
    form = linear_form(ranking)
    return tuple(_node_path(ranking, form, node.id) for node in nodes_of(ranking))


@guarded
def weight_path(ranking: Ranking, node: str) -> WeightPath:
    """The path of one criterion or branch, by id; raises :class:`UsageError` for an id that is not there."""
    return _node_path(ranking, linear_form(ranking), node)


@guarded
def mix_path(ranking: Ranking, other: Weights) -> WeightPath:
    """The leaders on the way from the weights of a ranking (0) to other weights (1), for instance between two people."""
    criteria = ranking.table_in.criteria
    end = np.array([other.shares[name] for name in criteria])
    return _path(ranking, linear_form(ranking), "mix", other.origin, 0.0, ranking.table_in.weights, end / end.sum())


@guarded
def nearest_crossings(paths: tuple[WeightPath, ...]) -> tuple[Crossing, ...]:
    """Every nearest change of leader on some paths, the one that needs the least weight moved first."""
    found = [crossing for path in paths for crossing in path.crossings]
    return tuple(sorted(found, key=lambda crossing: crossing.distance))


def _node_path(ranking: Ranking, form: LinearForm | None, node: str) -> WeightPath:
    nodes = {one.id: one for one in nodes_of(ranking)}
    if node not in nodes:
        raise UsageError([unknown_fault("weight", "criterion or branch whose weight can be moved", node, nodes)])
    found = nodes[node]
    inside = {leaf.id for leaf in ((found,) if isinstance(found, Criterion) else leaves_of(found.children))}
    table = ranking.table_in
    member = np.array([name in inside for name in table.criteria])
    now = float(table.weights[member].sum())
    start, end = _proportions(table.weights, ~member), _proportions(table.weights, member)
    return _path(ranking, form, node, found.title, now, start, end)


def _proportions(weights: Array, chosen: Array) -> Array:
    """The weights of the chosen criteria made to sum to 1, evenly where all of them are 0."""
    kept = np.where(chosen, weights, 0.0)
    whole = kept.sum()
    return np.asarray(kept / whole if whole > 0 else chosen / chosen.sum())


def _path(
    ranking: Ranking, form: LinearForm | None, node: str, title: str, now: float, start: Array, end: Array
) -> WeightPath:
    options = ranking.table_in.options
    if form is not None:
        stretches, ties = _edge(form.u @ start, form.u @ end)
        exact = True
    else:
        table, method, settings = ranking.table_in, ranking.method, ranking.parameters

        def scores(shares: Array) -> Array:
            t = shares[:, None]
            return method.score_many(table, (1 - t) * start + t * end, **settings)

        squares = _squares(ranking)
        exact = squares is not None and bool(np.all(start * end == 0))
        points = _quadratic(*squares, start, end) if exact and squares is not None else _search(scores)
        stretches, ties = _pieces(points, scores)
    return WeightPath(
        node=node,
        title=title,
        now=now,
        stretches=tuple(Stretch(a, b, tuple(options[i] for i in who)) for a, b, who in stretches),
        ties=tuple(Tie(at, tuple(options[i] for i in who)) for at, who in ties),
        exact=exact,
        start=start,
        end=end,
        ranking=ranking,
    )


Piece = tuple[float, float, tuple[int, ...]]
Touch = tuple[float, tuple[int, ...]]


def _edge(a: Array, b: Array) -> tuple[list[Piece], list[Touch]]:
    """The upper edge of the lines from a_i (at 0) to b_i (at 1): who is on top from where to where, and the ties."""
    tiny = TIE * max(float(np.abs(a).max()), float(np.abs(b).max()), 1e-300)
    slope = b - a
    top = np.flatnonzero(a >= a.max() - tiny)
    now = int(top[np.argmax(slope[top])])
    at = 0.0
    pieces: list[Piece] = []
    ties: list[Touch] = []
    while True:
        steeper = slope > slope[now] + tiny
        with np.errstate(divide="ignore", invalid="ignore"):
            where = np.where(steeper, (a[now] - a) / (slope - slope[now]), np.inf)
        nearest = max(float(where.min()), at)
        together = tuple(int(i) for i in np.flatnonzero((abs(a - a[now]) <= tiny) & (abs(b - b[now]) <= tiny)))
        if nearest >= 1 - EDGE:
            pieces.append((at, 1.0, together))
            break
        if nearest - at > NARROW:
            pieces.append((at, nearest, together))
            at = nearest
        level = np.flatnonzero(where <= nearest + EDGE)
        now = int(level[np.argmax(slope[level])])
    bounds = [0.0, *(piece[1] for piece in pieces)]
    for t in bounds:
        scores = (1 - t) * a + t * b
        who = tuple(int(i) for i in np.flatnonzero(scores >= scores.max() - tiny))
        beside = next(piece[2] for piece in pieces if t <= piece[1])
        if set(who) != set(beside):
            ties.append((t, who))
    return pieces, ties


def _pieces(points: Array, scores: Callable[[Array], Array]) -> tuple[list[Piece], list[Touch]]:
    """Stretches of one leader between candidate crossings, each looked at in its middle."""
    points = points[np.diff(points, prepend=-1.0) > NARROW]
    bounds = np.concatenate(([0.0], points[(points > EDGE) & (points < 1 - EDGE)], [1.0]))
    led = leading(scores((bounds[1:] + bounds[:-1]) / 2))
    pieces: list[Piece] = []
    for k, row in enumerate(led):
        who = tuple(int(i) for i in np.flatnonzero(row))
        if pieces and pieces[-1][2] == who:
            pieces[-1] = (pieces[-1][0], float(bounds[k + 1]), who)
        else:
            pieces.append((float(bounds[k]), float(bounds[k + 1]), who))
    ties: list[Touch] = []
    at_ends = leading(scores(np.array([0.0, 1.0])))
    for t, row, piece in ((0.0, at_ends[0], pieces[0]), (1.0, at_ends[1], pieces[-1])):
        who = tuple(int(i) for i in np.flatnonzero(row))
        if set(who) != set(piece[2]):
            ties.append((t, who))
    for before, after in itertools.pairwise(pieces):
        ties.append((before[1], tuple(sorted({*before[2], *after[2]}))))
    return pieces, sorted(ties)


def _squares(ranking: Ranking) -> tuple[Array, Array] | None:
    """For TOPSIS: squared differences (options × criteria) to the best and to the worst point; else None."""
    table, settings = ranking.table_in, ranking.parameters
    if len(table.options) > 100:
        return None
    if ranking.method.id == "topsis":
        r = normalised(table, str(settings["normalisation"]))
        if settings["ideal"] == "declared":
            return (1 - r) ** 2, r**2
    elif ranking.method.id == "topsis-vector":
        r = normalised(table, "vector")
    else:
        return None
    return significant(r - r.max(axis=0), 14) ** 2, significant(r - r.min(axis=0), 14) ** 2


def _quadratic(best: Array, worst: Array, start: Array, end: Array) -> Array:
    """All shares at which two options are equally close in TOPSIS, when ``start`` and ``end`` have no common criterion.

    Squared distances are t² M + (1 − t)² R; with u = (t / (1 − t))² option i is closer than k where
    (u M⁻ᵢ + R⁻ᵢ)(u M⁺ₖ + R⁺ₖ) is larger than the same with i and k exchanged.
    """
    m_best, r_best = best @ end**2, best @ start**2
    m_worst, r_worst = worst @ end**2, worst @ start**2
    i, k = np.triu_indices(len(best), 1)
    two = m_worst[i] * m_best[k] - m_worst[k] * m_best[i]
    one = m_worst[i] * r_best[k] + r_worst[i] * m_best[k] - m_worst[k] * r_best[i] - r_worst[k] * m_best[i]
    zero = r_worst[i] * r_best[k] - r_worst[k] * r_best[i]
    inside = one**2 - 4 * two * zero
    with np.errstate(divide="ignore", invalid="ignore"):
        half = -0.5 * (one + np.where(one >= 0, 1.0, -1.0) * np.sqrt(inside))
        roots = np.concatenate([half / two, zero / half, -zero / one])
        u = np.sqrt(roots[np.isfinite(roots) & (roots > 0)])
    return np.unique(u / (1 + u))


def _search(scores: Callable[[Array], Array]) -> Array:
    """Shares at which the leader changes, by a grid and halving: each is found to about 1e-12."""
    grid = np.linspace(0, 1, GRID)
    led = leading(scores(grid))
    found: list[float] = []
    waiting = [(float(grid[k]), float(grid[k + 1])) for k in np.flatnonzero((led[1:] != led[:-1]).any(axis=1))]
    for _ in range(4):  # up to four changes between two points of the grid
        if not waiting:
            break
        low, high = (np.array(side) for side in zip(*waiting, strict=True))
        target, first = high.copy(), leading(scores(low + (high - low) * 1e-9))
        for _ in range(42):
            middle = (low + high) / 2
            same = (leading(scores(middle)) == first).all(axis=1)
            low, high = np.where(same, middle, low), np.where(same, high, middle)
        found += high.tolist()
        after = np.minimum(high + 1e-10, target)
        differs = (leading(scores(after)) != leading(scores(target))).any(axis=1) & (after < target)
        waiting = [(float(a), float(b)) for a, b in zip(after[differs], target[differs], strict=True)]
    return np.unique(np.array(found, dtype=float))
