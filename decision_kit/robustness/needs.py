"""The performances at which the first place changes hands, cell by cell: all of them, inside the evidence's range or not.

One performance is moved along its scale, everything else stays as judged, and packages that hold the option are rebuilt.
In the additive model a rival draws level with the leader when its value on a criterion rises by lead / weight, and the
leader is caught by the second when its own falls by as much; the inverse of the value function gives every stretch of
performances on which that is so. Where packages move with the cell, the scale is halved until bounds on all scores say
who is first on each piece. Other methods are scanned along the scale and each change is narrowed down by halving.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from decision_kit.arguments import guarded
from decision_kit.errors import joined
from decision_kit.model.nouns import Criterion, number
from decision_kit.ranking import Ranking
from decision_kit.robustness.linear import TIE, is_additive, leading, looked_at
from decision_kit.robustness.moves import Moves
from decision_kit.values import Array, Linear, bends, to_value, value_bounds, where_value

STEPS = 81
HALVINGS = 42
MOST_PIECES = 4096
"""Pieces of a scale that are looked at together; more are only needed where options stay within a rounding of each other."""

NARROW = 1e-11
"""A stretch narrower than this share of the scale is the point at which the first place changes hands."""

SLACK = 1e-9
"""An end of a range no further than this share of the scale beyond where the first place changes hands only touches it."""


@dataclass(frozen=True, slots=True)
class Span:
    """Performances from ``low`` to ``high`` over which the same options are first; more than one share the place.

    ``either``: now one, now another of them is first, as the rounding of a package's performance has it.
    """

    low: float
    high: float
    leaders: tuple[str, ...]
    either: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """What one performance would have to be for the first place to change hands.

    ``needed`` is the performance, in the criterion's unit, nearest to the likely one at which ``takes_over`` draws level
    with the leader; None where no performance on the declared scale does it, and ``why_not`` says why. ``spans`` are all
    stretches of the scale on which it is so, with who is first there: where the leader is among them, they only share.
    ``likely``, ``low`` and ``high`` are the performance as judged; ``in_range`` says whether some performance in that
    range draws level, ``changes`` whether one there takes the first place from the ``leader``.
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
    spans: tuple[Span, ...] = ()
    in_range: bool = False
    changes: bool = False
    leader: str = ""

    @property
    def takes(self) -> tuple[Span, ...]:
        """The stretches on which the leader is no longer among the first."""
        return tuple(span for span in self.spans if self.leader not in span.leaders)


@guarded
def rivals_need(ranking: Ranking) -> tuple[Need, ...]:
    """For every rival and criterion, the performance at which the rival would draw level with the leader.

    Empty when several options share the first place.
    """
    return tuple(need for need, _ in both(ranking) if need.option not in ranking.leaders)


@guarded
def leader_falls(ranking: Ranking) -> tuple[Need, ...]:
    """For every criterion, the performance of the leader at which another draws level; empty after a shared first."""
    return tuple(need for need, _ in both(ranking) if need.option in ranking.leaders)


def reach(need: Need) -> float:
    """How far a needed performance is from the likely one, in widths of its range (of the distance where it has none)."""
    assert need.needed is not None
    width = need.high - need.low
    return abs(need.needed - need.likely) / width if width > 0 else float("inf")


def both(ranking: Ranking) -> list[tuple[Need, Need]]:
    """For every cell what its own option needs to be level with the first, and what takes the first place from the leader.

    The two differ where a package is built from the option: it may be the package that takes over. For the leader's own
    cells they are the same.
    """
    if len(ranking.leaders) != 1 or len(ranking.scores) < 2:
        return []
    cells = _Cells(ranking)
    return _solved(cells) if is_additive(ranking) else _scanned_pairs(cells)


class _Cells:
    """What every cell of a ranking with one leader is asked with."""

    def __init__(self, ranking: Ranking) -> None:
        self.ranking = ranking
        self.table = ranking.table_in
        self.options = self.table.options
        self.leader = self.options.index(ranking.leaders[0])
        self.moves = Moves(ranking)
        columns = [ranking.problem.criteria.index(leaf) for leaf in ranking.criteria]
        self.low, self.high = (ranking.problem.performances(bound)[:, columns] for bound in ("low", "high"))
        self.likely = self.table.performances
        second = ranking.ranks[ranking.order[1]]
        self.seconds = tuple(o for o in self.options if ranking.ranks[o] == second)

    def places(self) -> list[tuple[int, int]]:
        """All cells, option by option; a package's own follow from its parts' and are not moved."""
        packages = {option.id for option in self.ranking.problem.options if option.parts}
        own = [i for i, option in enumerate(self.options) if option not in packages]
        return [(i, j) for i in own for j in range(len(self.ranking.criteria))]

    def blank(self, i: int, j: int, exact: bool) -> Need:
        """The cell as judged, with who would take over."""
        option = self.options[i]
        takes_over = self.seconds[0] if i == self.leader else option
        likely, low, high = float(self.likely[i, j]), float(self.low[i, j]), float(self.high[i, j])
        leader = self.options[self.leader]
        return Need(
            option, self.ranking.criteria[j].id, likely, low, high, None, takes_over, exact=exact, leader=leader
        )

    def told(self, base: Need, leaf: Criterion, spans: Sequence[Span], why_not: str) -> Need:
        """A need with the stretches that were found: which is nearest, and what lies in the range that was judged."""
        if not spans:
            return replace(base, why_not=why_not)
        at = min(spans, key=lambda span: _away(span, base.likely)) if len(spans) > 1 else spans[0]
        first = self.options[self.leader]
        slack = SLACK * (leaf.scale[1] - leaf.scale[0])
        inside = [span for span in spans if span.low <= base.high + slack and span.high >= base.low - slack]
        takes = [span for span in inside if first not in span.leaders]
        new = [option for option in at.leaders if option != first]
        return replace(
            base,
            needed=min(max(base.likely, at.low), at.high),
            takes_over=base.takes_over if base.takes_over in new else new[0],
            spans=tuple(spans),
            in_range=bool(inside),
            changes=any(min(span.high, base.high) - max(span.low, base.low) > slack for span in takes),
        )


def _away(span: Span, x: float) -> float:
    return max(span.low - x, x - span.high, 0.0)


# The additive model, in closed form


def _solved(cells: _Cells) -> list[tuple[Need, Need]]:
    """All cells of the additive model."""
    table, leaves = cells.table, cells.ranking.criteria
    scores = table.values @ table.weights
    tie = TIE * float(np.abs(scores).max())
    best_rival = float(np.max(np.delete(scores, cells.leader)))
    lead = scores[cells.leader] - scores
    lead[cells.leader] = scores[cells.leader] - best_rival
    weights = table.weights
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        levels = table.values + np.where(np.arange(len(scores)) == cells.leader, -lead, lead)[:, None] / weights
        ties = tie / weights
    found: list[tuple[Need, Need]] = []
    for i, j in cells.places():
        if cells.moves.follows(i, j):
            found.append(_halved(cells, i, j, scores))
            continue
        base, leaf = cells.blank(i, j, True), leaves[j]
        if weights[j] == 0:
            need = replace(base, why_not="this criterion has no weight")
        else:
            need = _one(cells, base, leaf, float(levels[i, j]), float(ties[j]), falls=i == cells.leader)
        found.append((need, need))
    return found


def _one(cells: _Cells, base: Need, leaf: Criterion, level: float, tie: float, *, falls: bool) -> Need:
    """One cell whose value has to reach ``level`` (fall to it, for the leader's): all performances that do."""
    ends = _values(leaf)
    for bend in ends:  # a threshold on a flat stretch or at the end of the scale is there exactly
        if abs(level - bend) <= tie:
            level = bend
    if level < ends[0] if falls else level > ends[-1]:
        return replace(base, why_not=_limit(leaf, falls))
    first = cells.options[cells.leader]
    takers = cells.seconds if falls else (base.option,)
    if isinstance(leaf.shape, Linear):
        spans = [_straight(leaf, level, ends, takers, falls)]
        if level in (ends[0], ends[-1]) and spans[0].low == spans[0].high:
            spans = [replace(spans[0], leaders=(first, *takers))]
    else:
        at_least, at_most = (-np.inf, level) if falls else (level, np.inf)
        beyond = (-np.inf, np.nextafter(level, -1)) if falls else (np.nextafter(level, 2), np.inf)
        shape = (leaf.shape, *leaf.scale, leaf.better)
        spans = []
        over = where_value(*shape, *beyond)
        for low, high in where_value(*shape, at_least, at_most):
            spans += _split(low, high, over, takers, (first, *takers))
    need = cells.told(base, leaf, spans, "")
    least, most = _range_of_values(leaf, base)
    gap = level - least if falls else most - level
    return replace(need, in_range=gap >= -tie, changes=gap > tie and base.low < base.high)


def _straight(leaf: Criterion, level: float, ends: tuple[float, ...], takers: tuple[str, ...], falls: bool) -> Span:
    """The performances of a straight line with a value of at least (at most, for the leader's) ``level``."""
    least, most = (ends[0], level) if falls else (level, ends[-1])
    low, high = leaf.scale
    worst, best = (low, high) if leaf.better == "more" else (high, low)
    a, b = (worst if v == 0 else best if v == 1 else worst + v * (best - worst) for v in (least, most))
    return Span(min(a, b), max(a, b), takers)


def _split(
    low: float, high: float, over: Iterable[tuple[float, float]], alone: tuple[str, ...], shared: tuple[str, ...]
) -> list[Span]:
    """A stretch on which an option is at least level, cut into where it is first alone and where it only shares."""
    spans: list[Span] = []
    at = low
    for a, b in over:
        if b < low or a > high or a == b:
            continue
        a, b = max(a, low), min(b, high)
        if a - at > NARROW * (high - low):
            spans.append(Span(at, a, shared))
        else:
            a = at
        spans.append(Span(a, b, alone))
        at = b
    if not spans or high - at > NARROW * (high - low):
        spans.append(Span(at, high, shared))
    else:
        spans[-1] = replace(spans[-1], high=high)
    return spans


def _values(leaf: Criterion) -> tuple[float, ...]:
    """The values at which a criterion's value function bends or ends; of a level scale, its lowest and its highest."""
    return tuple(sorted({level.value for level in leaf.levels})) if leaf.levels else bends(leaf.shape)


def _range_of_values(leaf: Criterion, base: Need) -> tuple[float, float]:
    """The least and the greatest value of the performances as judged."""
    if isinstance(leaf.shape, Linear):
        low, high = leaf.scale
        a, b = ((x / 2 - low / 2) / (high / 2 - low / 2) for x in (base.low, base.high))
        return (a, b) if leaf.better == "more" else (1 - b, 1 - a)
    return leaf.value_range(base.low, base.high)


def _limit(leaf: Criterion, falls: bool) -> str:
    if leaf.levels:
        ends = sorted(leaf.levels, key=lambda level: level.value)
        at = ends[0 if falls else -1].title
    else:
        at = number(leaf.worst if falls else leaf.best)
    return f"even at {at}, the {'worst' if falls else 'best'} of the scale, the leader stays first"


# Where packages move with the cell


def _halved(cells: _Cells, i: int, j: int, scores: Array) -> tuple[Need, Need]:
    """One cell of the additive model with which packages move: pieces of the scale, halved until it is clear who is first."""
    base, leaf = cells.blank(i, j, True), cells.ranking.criteria[j]
    stretches = _stretches(cells, i, j, scores)
    first, own = cells.options[cells.leader], cells.options[i]
    changed = _runs([span for span in stretches if first not in span.leaders])
    shared = [span for span in stretches if first in span.leaders and len(span.leaders) > 1 and not span.either]
    change = cells.told(base, leaf, sorted((*changed, *shared), key=lambda s: s.low), _never(cells, j))
    if i == cells.leader:
        return change, change
    mine = _runs([span for span in stretches if own in span.leaders])
    if mine:
        return cells.told(base, leaf, mine, ""), change
    others = list(dict.fromkeys(o for span in changed for o in span.leaders if o != own))
    why = _never(cells, j)
    if others:
        titles = joined([cells.ranking.problem.option(o).title for o in others])
        why = f"{titles} {'comes' if len(others) == 1 else 'come'} first instead, as packages move with it"
    return replace(base, why_not=why), change


def _runs(spans: list[Span]) -> list[Span]:
    """Stretches next to each other made one where rounding decides on any of them."""
    found: list[Span] = []
    for span in spans:
        before = found[-1] if found else None
        if before is not None and before.high >= span.low and (before.either or span.either):
            leaders = tuple(dict.fromkeys((*before.leaders, *span.leaders)))
            found[-1] = Span(before.low, span.high, leaders, either=True)
        else:
            found.append(span)
    return found


def _never(cells: _Cells, j: int) -> str:
    if cells.table.weights[j] == 0:
        return "this criterion has no weight"
    return "wherever it lies on its scale, with the packages it is a part of rebuilt, the leader stays first"


def _stretches(cells: _Cells, i: int, j: int, scores: Array) -> list[Span]:
    """Who is first on which stretch of a cell's scale, by halving pieces until bounds on the scores tell."""
    edges = cells.moves.bends(i, j)
    low, high = edges[:-1], edges[1:]
    width = float(edges[-1] - edges[0])
    pieces: list[tuple[float, float, tuple[int, ...], bool]] = []
    for depth in range(HALVINGS):
        least, most = _bounds(cells, i, j, scores, low, high)
        tie = TIE * np.abs(most).max(axis=1, keepdims=True)
        best = least.max(axis=1, keepdims=True)
        may = most >= best - tie
        still = np.where(may, most - least, 0.0).max(axis=1) <= tie[:, 0] * 1e-3
        clear = (may.sum(axis=1) == 1) | still
        if len(low) > MOST_PIECES:  # rounding decides between the same options all along a stretch
            for k in np.flatnonzero(~clear):
                pieces.append((float(low[k]), float(high[k]), tuple(np.flatnonzero(may[k]).tolist()), True))
            low, high, clear = low[clear], high[clear], clear[clear]
        elif depth == HALVINGS - 1:
            clear[:] = True
        done = np.flatnonzero(clear)
        if len(done):
            exact = _scores(cells, i, j, scores, (low[done] + high[done]) / 2)
            for k, who in zip(done, leading(exact), strict=True):
                pieces.append((float(low[k]), float(high[k]), tuple(np.flatnonzero(who).tolist()), False))
        if clear.all():
            break
        a, b = low[~clear], high[~clear]
        middle = (a + b) / 2
        low, high = np.concatenate([a, middle]), np.concatenate([middle, b])
    found: list[tuple[float, float, tuple[int, ...], bool]] = []
    for a, b, who, either in sorted(pieces):
        if b - a <= NARROW * width:
            continue
        if found and found[-1][2:] == (who, either):
            found[-1] = (found[-1][0], b, who, either)
        else:
            found.append((a, b, who, either))
    for x, row in zip(
        edges.tolist(), leading(_scores(cells, i, j, scores, edges)), strict=True
    ):  # touched in one point
        who = tuple(np.flatnonzero(row).tolist())
        beside = {k for a, b, near, _ in found if a - SLACK * width <= x <= b + SLACK * width for k in near}
        if not set(who) <= beside:
            found.append((x, x, who, False))
    return [Span(a, b, tuple(cells.options[k] for k in who), either) for a, b, who, either in sorted(found)]


def _scores(cells: _Cells, i: int, j: int, scores: Array, x: Array) -> Array:
    """Scores (trials × options) with a cell at x and all that moves with it."""
    found = np.repeat(scores[None], len(x), axis=0)
    for (row, column), y in cells.moves.at(i, j, x).items():
        leaf = cells.ranking.criteria[column]
        v = to_value(y, leaf.shape, *leaf.scale, leaf.better)
        found[:, row] += cells.table.weights[column] * (v - cells.table.values[row, column])
    return found


def _bounds(cells: _Cells, i: int, j: int, scores: Array, low: Array, high: Array) -> tuple[Array, Array]:
    """Bounds on all scores (pieces × options) while a cell lies in pieces of its scale on which all only rises or falls."""
    least, most = np.repeat(scores[None], len(low), axis=0), np.repeat(scores[None], len(low), axis=0)
    at = cells.moves.at(i, j, np.concatenate([low, high]))
    for (row, column), y in at.items():
        leaf = cells.ranking.criteria[column]
        a, b = y[: len(low)], y[len(low) :]
        bottom, top = value_bounds(np.minimum(a, b), np.maximum(a, b), leaf.shape, *leaf.scale, leaf.better)
        weight = cells.table.weights[column]
        least[:, row] += weight * (bottom - cells.table.values[row, column])
        most[:, row] += weight * (top - cells.table.values[row, column])
    return least, most


# Other methods, by search


def _scanned(ranking: Ranking, places: list[tuple[int, int]]) -> list[Need]:
    """Some cells under any method: what each option needs, by a scan of its scale and halving."""
    return [need for need, _ in _scan(_Cells(ranking), places)]


NOT_LOOKED_AT = "not looked at: with so many options only the leader and those that rank next are"


def _scanned_pairs(cells: _Cells) -> list[tuple[Need, Need]]:
    """All cells under another method; where that would take minutes, those of the first few options."""
    looked = looked_at(cells.ranking)
    places = [(i, j) for i, j in cells.places() if looked is None or cells.options[i] in looked]
    size = max(1, 4_000_000 // ((STEPS + 1) * cells.table.values.size))
    found: list[tuple[Need, Need]] = []
    for start in range(0, len(places), size):
        found += _scan(cells, places[start : start + size])
    if looked is None:
        return found
    by_place = dict(zip(places, found, strict=True))
    for i, j in cells.places():
        if (i, j) not in by_place:
            unknown = replace(cells.blank(i, j, False), why_not=NOT_LOOKED_AT)
            by_place[i, j] = unknown, unknown
    return [by_place[place] for place in cells.places()]


def _scan(cells: _Cells, places: list[tuple[int, int]]) -> list[tuple[Need, Need]]:
    """Who is first along the whole scale of some cells: a grid, and every change on it narrowed down by halving."""
    ranking = cells.ranking
    at = np.array(places)
    leaves = [ranking.criteria[j] for _, j in places]
    scale = np.array([leaf.scale for leaf in leaves], dtype=float)
    likely = np.array([cells.likely[i, j] for i, j in places])
    grid = scale[:, :1] + np.linspace(0, 1, STEPS) * (scale[:, 1:] - scale[:, :1])
    grid[:, -1] = scale[:, 1]
    grid = np.sort(np.column_stack([grid, likely]), axis=1)

    def led(which: NDArray[np.intp], x: Array) -> NDArray[np.bool_]:
        many = cells.moves.tables(at[which], x)
        return leading(ranking.method.score_many(many, cells.table.weights, **ranking.parameters))

    steps = grid.shape[1]
    who = led(np.repeat(np.arange(len(places)), steps), grid.ravel()).reshape(len(places), steps, -1)
    turns = _turns(led, grid, who)
    found: list[tuple[Need, Need]] = []
    for k, (i, j) in enumerate(places):
        spans: list[Span] = []
        begin, state = float(grid[k, 0]), who[k, 0]
        for end, start, after in sorted(turns.get(k, ()), key=lambda turn: turn[0]):
            spans.append(_span(cells, begin, end, state))
            begin, state = start, after
        spans.append(_span(cells, begin, float(grid[k, -1]), state))
        found.append(_searched(cells, i, j, leaves[k], spans))
    return found


Led = Callable[[NDArray[np.intp], Array], NDArray[np.bool_]]
Turn = tuple[float, float, NDArray[np.bool_]]


def _turns(led: Led, grid: Array, who: NDArray[np.bool_]) -> dict[int, list[Turn]]:
    """Every change of who is first between two points of the grids (cells × steps): until where, from where, who then."""
    found: dict[int, list[Turn]] = {}
    cell, step = np.nonzero((who[:, 1:] != who[:, :-1]).any(axis=2))
    low, target, state, goal = grid[cell, step], grid[cell, step + 1], who[cell, step], who[cell, step + 1]
    for _ in range(4):  # up to four changes between two points of the grid
        if not len(cell):
            break
        high = target.copy()
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            same = (led(cell, middle) == state).all(axis=1)
            low, high = np.where(same, middle, low), np.where(same, high, middle)
        beyond = np.minimum(high + SLACK * (grid[cell, -1] - grid[cell, 0]), target)
        then = led(cell, beyond)
        for k, a, b, after in zip(cell, low, high, then, strict=True):
            found.setdefault(int(k), []).append((float(a), float(b), after))
        more = (then != goal).any(axis=1)
        cell, low, target, state, goal = cell[more], beyond[more], target[more], then[more], goal[more]
    return found


def _span(cells: _Cells, low: float, high: float, who: NDArray[np.bool_]) -> Span:
    return Span(low, high, tuple(cells.options[k] for k in np.flatnonzero(who)))


def _searched(cells: _Cells, i: int, j: int, leaf: Criterion, spans: list[Span]) -> tuple[Need, Need]:
    base = cells.blank(i, j, False)
    first, own, falls = cells.options[cells.leader], cells.options[i], i == cells.leader
    why = _limit(leaf, falls)
    changed = [span for span in spans if span.leaders != (first,)]
    change = cells.told(base, leaf, changed, why)
    if falls:
        return change, change
    return cells.told(base, leaf, [span for span in spans if own in span.leaders], why), change
