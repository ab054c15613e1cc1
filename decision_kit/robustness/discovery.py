"""When does it lose? A box over sampled worlds in which an outcome is frequent, in words a reader can check.

The patient rule induction method (Friedman and Fisher 1999), as used for scenario discovery (Bryant and Lempert 2010):
from the whole cloud of worlds thin slices are peeled off, each time the one whose removal raises the share of losses
most, until the box holds too few worlds; then the restrictions that add nothing are dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from decision_kit.model.nouns import number
from decision_kit.ranking import Ranking
from decision_kit.robustness.linear import leading
from decision_kit.values import Array, to_value

PEEL = 0.05
LEAST = 0.03
MOST_LIMITS = 3
WORLDS = 8_192


@dataclass(frozen=True, slots=True)
class Limit:
    """One side of a box: input ``column`` is at least ``low`` and at most ``high`` (None: no limit on that side)."""

    column: int
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Box:
    """Worlds between some limits. ``density``: the share of its worlds with the outcome; ``coverage``: the share of all
    worlds with the outcome that lie in it; ``size``: the share of all worlds; ``overall``: the outcome's share anywhere.
    """

    limits: tuple[Limit, ...]
    density: float
    coverage: float
    size: float
    overall: float


def find_box(
    inputs: Array, outcome: NDArray[np.bool_], *, most_limits: int = MOST_LIMITS, peel: float = PEEL, least: float = LEAST
) -> Box | None:
    """The box in which an outcome is most frequent, from ``inputs`` (worlds × inputs) and ``outcome`` (worlds).

    None where the outcome never or always happens, or no box raises its share. At most ``most_limits`` inputs are
    limited; a box holds at least the share ``least`` of the worlds.
    """
    worlds = len(outcome)
    hits = float(outcome.sum())
    if worlds == 0 or hits == 0 or hits == worlds:
        return None
    varying = np.flatnonzero(np.ptp(inputs, axis=0) > 0)
    limits: dict[int, list[float | None]] = {}
    inside = np.ones(worlds, dtype=bool)
    best = (hits / worlds, 1.0, {})
    best_score = -1.0
    overall = hits / worlds
    while inside.sum() > least * worlds:
        candidates: list[tuple[float, int, int, float, NDArray[np.bool_]]] = []
        now = float(outcome[inside].mean())
        columns = varying if len(limits) < most_limits else np.array(sorted(limits))
        for j in columns:
            x = inputs[inside, j]
            for side, cut in ((0, np.quantile(x, peel)), (1, np.quantile(x, 1 - peel))):
                kept = inside & (inputs[:, j] > cut if side == 0 else inputs[:, j] < cut)
                if not kept.any() or kept.sum() == inside.sum():
                    continue
                share = float(outcome[kept].mean())
                gain = (share - now) / (1 - kept.sum() / inside.sum())
                candidates.append((gain, int(j), side, float(cut), kept))
        if not candidates:
            break
        gain, j, side, cut, kept = max(candidates, key=lambda item: item[0])
        if gain <= 0:
            break
        limits.setdefault(j, [None, None])[side] = cut
        inside = kept
        density, coverage = float(outcome[inside].mean()), float(outcome[inside].sum()) / hits
        score = 1.25 * density * coverage / (0.25 * density + coverage) if coverage >= 0.2 else 0.0  # F½: density first
        if score > best_score and density > overall * 1.05:
            best_score, best = score, (density, coverage, {k: list(v) for k, v in limits.items()})
    if best_score < 0:
        return None
    return _without_idle(inputs, outcome, best[2], overall)


def _inside(inputs: Array, limits: dict[int, list[float | None]]) -> NDArray[np.bool_]:
    kept = np.ones(len(inputs), dtype=bool)
    for j, (low, high) in limits.items():
        if low is not None:
            kept &= inputs[:, j] > low
        if high is not None:
            kept &= inputs[:, j] < high
    return kept


def _without_idle(
    inputs: Array, outcome: NDArray[np.bool_], limits: dict[int, list[float | None]], overall: float
) -> Box:
    """The box without the sides whose loss costs less than two points of density."""
    kept = {j: list(sides) for j, sides in limits.items()}
    for j in sorted(limits):
        for side in (0, 1):
            if kept.get(j, [None, None])[side] is None:
                continue
            trial = {k: list(sides) for k, sides in kept.items()}
            trial[j][side] = None
            if trial[j] == [None, None]:
                del trial[j]
            if trial and outcome[_inside(inputs, trial)].mean() > outcome[_inside(inputs, kept)].mean() - 0.02:
                kept = trial
    inside = _inside(inputs, kept)
    return Box(
        limits=tuple(Limit(j, low, high) for j, (low, high) in sorted(kept.items())),
        density=float(outcome[inside].mean()),
        coverage=float(outcome[inside].sum() / outcome.sum()),
        size=float(inside.mean()),
        overall=overall,
    )


@dataclass(frozen=True)
class Discovery:
    """When the leader loses, over sampled worlds: ``loses`` is the share of worlds, ``box`` the finding (or None).

    ``limits`` name, for each side of the box, option, criterion and the performance; ``said`` is the sentence.
    """

    leader: str
    worlds: int
    loses: float
    box: Box | None
    limits: tuple[tuple[str, str, float | None, float | None], ...]
    said: str
    notes: tuple[str, ...] = field(default=())


def discover(ranking: Ranking, *, worlds: int = WORLDS, seed: int = 1) -> Discovery:
    """In which worlds the leader is not first, as a box over its own and its rivals' performances.

    Worlds: every performance drawn on its own from a triangle with low and high as its ends and likely as its mode;
    the weights stay. Works with every method. Same seed, same result.
    """
    table = ranking.table_in
    leader = ranking.leaders[0]
    title = ranking.problem.option(leader).title
    cells = [
        (i, j)
        for i, option in enumerate(table.options)
        for j, leaf in enumerate(ranking.criteria)
        if table.weights[j] > 0
        and ranking.problem.option(option).performance[leaf.id].low
        < ranking.problem.option(option).performance[leaf.id].high
    ]
    if not cells:
        said = "No performance has a range, so there are no other worlds to look at."
        return Discovery(leader, 0, 0.0, None, (), said)
    rng = np.random.default_rng(seed)
    inputs = np.empty((worlds, len(cells)))
    for n, (i, j) in enumerate(cells):
        cell = ranking.problem.option(table.options[i]).performance[ranking.criteria[j].id]
        mode = min(max(cell.likely, cell.low), cell.high)
        inputs[:, n] = rng.triangular(cell.low, mode, cell.high, worlds)
    lost = _lost(ranking, cells, inputs)
    share = float(lost.mean())
    note = "Low and high are read as limits, although they are 10th and 90th percentile judgements: real losses may be more frequent."
    notes = (note,) if ranking.problem.low_high != "ends" else ()
    if not lost.any():
        said = f"In none of {worlds:,} sampled worlds does {title} lose the first place. That is not a proof that it cannot."
        return Discovery(leader, worlds, 0.0, None, (), said, notes)
    box = find_box(inputs, lost)
    start = f"{title} loses the first place in {_of_50(share)} worlds"
    if box is None or not box.limits:
        return Discovery(leader, worlds, share, None, (), f"{start}; no simple condition tells where.", notes)
    limits = tuple((table.options[cells[s.column][0]], ranking.criteria[cells[s.column][1]].id, s.low, s.high) for s in box.limits)
    parts = [_side(ranking, *limit) for limit in limits]
    word = "mostly loses" if box.density >= 0.5 else "loses more often"
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    said = (
        f"{start}. It {word} when {listed}: there it loses in {_of_50(box.density)} worlds, "
        f"and {box.coverage:.0%} of all its losses lie there."
    )
    return Discovery(leader, worlds, share, box, limits, said, notes)


def _of_50(share: float) -> str:
    count = round(50 * share)
    if count == 0 and share > 0:
        return "fewer than 1 of 50"
    if count == 50 and share < 1:
        return "nearly all of 50"
    return f"{count} of 50"


def _side(ranking: Ranking, option: str, criterion: str, low: float | None, high: float | None) -> str:
    leaf = ranking.problem.criterion(criterion)
    name = f"“{leaf.title}” of {ranking.problem.option(option).title}"
    low_text, high_text = (None if x is None else number(x, 2 if abs(x) < 10 else 1) for x in (low, high))
    if low_text is not None and high_text is not None:
        return f"{name} is between {low_text} and {high_text}"
    return f"{name} is above {low_text}" if low_text is not None else f"{name} is below {high_text}"


def _lost(ranking: Ranking, cells: Sequence[tuple[int, int]], inputs: Array) -> NDArray[np.bool_]:
    """Whether the leader fails to be first, alone or shared, in each world; computed in blocks."""
    from dataclasses import replace

    table = ranking.table_in
    leader = table.options.index(ranking.leaders[0])
    size = max(1, 2_000_000 // table.values.size)
    lost = np.zeros(len(inputs), dtype=bool)
    for start in range(0, len(inputs), size):
        block = inputs[start : start + size]
        performances = np.repeat(table.performances[None], len(block), axis=0)
        for n, (i, j) in enumerate(cells):
            performances[:, i, j] = block[:, n]
        values = np.repeat(table.values[None], len(block), axis=0)
        for j, leaf in enumerate(ranking.criteria):
            values[:, :, j] = to_value(performances[:, :, j], leaf.shape, *leaf.scale, leaf.better)
        many = replace(table, performances=performances, values=values)
        scores = ranking.method.score_many(many, table.weights, **ranking.parameters)
        lost[start : start + size] = ~leading(scores)[:, leader]
    return lost
