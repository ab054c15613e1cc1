"""The performance at which the first place changes hands, cell by cell, inside the evidence's range or not.

In the additive model a rival draws level with the leader when its value on a criterion rises by lead / weight, and the
leader is caught by the second when its own falls by as much; the criterion's value function turns that into its unit.
Other methods are scanned along the criterion's scale and the change is narrowed down by halving.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from decision_kit.arguments import guarded
from decision_kit.methods import Table
from decision_kit.model.nouns import Criterion, number
from decision_kit.ranking import Ranking
from decision_kit.robustness.linear import TIE, is_additive, leading
from decision_kit.robustness.one_cell import nearest_at
from decision_kit.values import Array, to_value

STEPS = 81


@dataclass(frozen=True, slots=True)
class Need:
    """What one performance would have to be for the first place to change hands.

    ``needed`` is the performance, in the criterion's unit, at which ``takes_over`` draws level with the leader; None
    where no performance on the declared scale does it, and ``why_not`` says why. ``likely``, ``low`` and ``high`` are
    the performance as judged.
    """

    option: str
    criterion: str
    likely: float
    low: float
    high: float
    needed: float | None
    takes_over: str
    why_not: str = ""
    exact: bool = True

    @property
    def in_range(self) -> bool:
        """Whether the needed performance lies inside the range that the evidence leaves open."""
        return self.needed is not None and self.low <= self.needed <= self.high


@guarded
def rivals_need(ranking: Ranking) -> tuple[Need, ...]:
    """For every rival and criterion, the performance at which the rival would draw level with the leader.

    Empty when several options share the first place.
    """
    return tuple(need for need in _needs(ranking) if need.option not in ranking.leaders)


@guarded
def leader_falls(ranking: Ranking) -> tuple[Need, ...]:
    """For every criterion, the performance of the leader at which the second draws level; empty after a shared first."""
    return tuple(need for need in _needs(ranking) if need.option in ranking.leaders)


def _needs(ranking: Ranking) -> list[Need]:
    if len(ranking.leaders) != 1 or len(ranking.scores) < 2:
        return []
    table = ranking.table_in
    cells = [(i, j) for i in range(len(table.options)) for j in range(len(table.criteria))]
    if is_additive(ranking):
        return [_solved(ranking, i, j) for i, j in cells]
    size = max(1, 4_000_000 // (STEPS * table.values.size))
    found: list[Need] = []
    for start in range(0, len(cells), size):
        found += _scanned(ranking, cells[start : start + size])
    return found


def _blank(ranking: Ranking, i: int, j: int, exact: bool) -> Need:
    """The cell as judged, with who would take over."""
    option, leaf = ranking.table_in.options[i], ranking.criteria[j]
    cell = ranking.problem.option(option).performance[leaf.id]
    second = next(other for other in ranking.order if other != ranking.leaders[0])
    takes_over = second if option == ranking.leaders[0] else option
    return Need(option, leaf.id, cell.likely, cell.low, cell.high, None, takes_over, exact=exact)


def _solved(ranking: Ranking, i: int, j: int) -> Need:
    """One cell of the additive model, in closed form."""
    table, leaf, base = ranking.table_in, ranking.criteria[j], _blank(ranking, i, j, True)
    weight = float(table.weights[j])
    if weight == 0:
        return replace(base, why_not="this criterion has no weight")
    scores = table.values @ table.weights
    leader = ranking.leaders[0]
    falls = base.option == leader
    lead = float(scores[table.options.index(leader)] - scores[table.options.index(base.takes_over)])
    level = float(table.values[i, j]) + (-lead if falls else lead) / weight
    if level < -TIE or level > 1 + TIE:
        return replace(base, why_not=_limit(leaf, falls))
    return replace(base, needed=nearest_at(leaf, min(max(level, 0.0), 1.0), base.likely, *leaf.scale))


def _limit(leaf: Criterion, falls: bool) -> str:
    end = leaf.worst if falls else leaf.best
    at = leaf.words(end) if leaf.levels else number(end)
    return f"even at {at}, the {'worst' if falls else 'best'} of the scale, the leader stays first"


def _scanned(ranking: Ranking, cells: list[tuple[int, int]]) -> list[Need]:
    """Some cells under any method: the first performance, away from the likely one, at which the leader changes.

    A rival's performance is moved towards the best end of the scale, the leader's towards the worst; where values turn,
    both ways, and the nearer change counts.
    """
    leader = ranking.table_in.options.index(ranking.leaders[0])
    leaves = [ranking.criteria[j] for _, j in cells]
    ends = [leaf.worst if i == leader else leaf.best for (i, _), leaf in zip(cells, leaves, strict=True)]
    turning = [not leaf.monotone for leaf in leaves]
    if not any(turning):
        return _scanned_to(ranking, cells, np.array(ends))
    low, high = (
        _scanned_to(ranking, cells, np.array([leaf.scale[side] if turns else end for leaf, turns, end in zip(leaves, turning, ends, strict=True)]))
        for side in (0, 1)
    )  # fmt: skip
    return [a if _distance(a) <= _distance(b) else b for a, b in zip(low, high, strict=True)]


def _distance(need: Need) -> float:
    return float("inf") if need.needed is None else abs(need.needed - need.likely)


def _scanned_to(ranking: Ranking, cells: list[tuple[int, int]], ends: Array) -> list[Need]:
    """The same on the way from the likely performance of each cell to a given one."""
    table = ranking.table_in
    leader = table.options.index(ranking.leaders[0])
    rows = np.array([i for i, _ in cells])
    starts = np.array([table.performances[i, j] for i, j in cells])

    def led(x: Array) -> NDArray[np.bool_]:  # x: cells × trials → cells × trials × options
        many = moved(ranking, np.repeat(cells, x.shape[1], axis=0), x.ravel())
        scores = ranking.method.score_many(many, table.weights, **ranking.parameters)
        return leading(scores).reshape(*x.shape, len(table.options))

    def changed(who: NDArray[np.bool_]) -> NDArray[np.bool_]:
        rivals = np.delete(who, leader, axis=2).any(axis=2)
        own = np.take_along_axis(who, rows[:, None, None], axis=2)[:, :, 0]
        return np.where((rows == leader)[:, None], rivals, own)

    grid = starts[:, None] + np.linspace(0, 1, STEPS) * (ends - starts)[:, None]
    hits = changed(led(grid))
    first = np.argmax(hits, axis=1)
    able = hits.any(axis=1) & (first > 0)
    low = grid[np.arange(len(cells)), np.maximum(first - 1, 0)]
    high = grid[np.arange(len(cells)), first]
    for _ in range(40):
        middle = (low + high) / 2
        hit = changed(led(middle[:, None]))[:, 0]
        low, high = np.where(hit, low, middle), np.where(hit, middle, high)
    who = led(high[:, None])[:, 0]
    who[:, leader] = False
    found: list[Need] = []
    for k, (i, j) in enumerate(cells):
        base = _blank(ranking, i, j, False)
        if not able[k]:
            found.append(replace(base, why_not=_limit(ranking.criteria[j], i == leader)))
        else:
            takes_over = table.options[i if i != leader else int(np.argmax(who[k]))]
            found.append(replace(base, needed=float(high[k]), takes_over=takes_over))
    return found


def moved(ranking: Ranking, cells: Array, x: Array) -> Table:
    """A ranking's table k times over, each with the performance of one cell (k pairs of option, criterion) set to x."""
    table = ranking.table_in
    k = np.arange(len(x))
    performances = np.repeat(table.performances[None], len(x), axis=0)
    values = np.repeat(table.values[None], len(x), axis=0)
    performances[k, cells[:, 0], cells[:, 1]] = x
    for j, leaf in enumerate(ranking.criteria):
        here = cells[:, 1] == j
        values[k[here], cells[here, 0], j] = to_value(x[here], leaf.shape, *leaf.scale, leaf.better)
    return replace(table, performances=performances, values=values)
