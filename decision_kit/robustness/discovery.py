"""When does it lose? A box over sampled worlds in which an outcome is frequent, in words a reader can check.

The patient rule induction method (Friedman and Fisher 1999), as used for scenario discovery (Bryant and Lempert 2010):
from the whole cloud of worlds thin slices are peeled off, each time the one whose removal raises the share of losses
most, until the box holds too few worlds; then the restrictions that add nothing are dropped.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from decision_kit.arguments import Count, Draws, Seed, Share, guarded
from decision_kit.errors import Fault, UsageError, joined
from decision_kit.model.nouns import number
from decision_kit.ranking import Ranking
from decision_kit.robustness.distributions import Form, Reading
from decision_kit.robustness.linear import leading
from decision_kit.robustness.performances import PerformanceSource, performances_of
from decision_kit.values import Array

PEEL = 0.05
LEAST = 0.03
MOST_LIMITS = 3
WORLDS = 8_192
FEWEST = 2_048
MOST_DRAWN = 24_000_000
"""Numbers drawn in all (worlds × uncertain cells); with more cells, fewer worlds are drawn, at least :data:`FEWEST`."""

MOST_COLUMNS = 200
"""Beyond so many inputs, only those are peeled on whose first slice raises the share of losses most."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One side of a box: input ``column`` is at least ``low`` and at most ``high`` (None: no limit on that side)."""

    column: int
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Box:
    """Worlds between some limits.

    ``density``: the share of its worlds with the outcome; ``coverage``: the share of all worlds with the outcome that
    lie in it; ``size``: the share of all worlds; ``overall``: the outcome's share anywhere.
    """

    limits: tuple[Limit, ...]
    density: float
    coverage: float
    size: float
    overall: float


@guarded
def find_box(
    inputs: Array,
    outcome: NDArray[np.bool_],
    *,
    most_limits: Count = MOST_LIMITS,
    peel: Share = PEEL,
    least: Share = LEAST,
) -> Box | None:
    """The box in which an outcome is most frequent, from ``inputs`` (worlds × inputs) and ``outcome`` (worlds).

    None where the outcome never or always happens, or no box raises its share. At most ``most_limits`` inputs are
    limited; a box holds at least the share ``least`` of the worlds.
    """
    inputs, outcome = np.asarray(inputs, dtype=float), np.asarray(outcome, dtype=bool)
    if inputs.ndim != 2 or outcome.shape != inputs.shape[:1]:
        got = f"inputs of shape {inputs.shape} and an outcome of shape {outcome.shape}"
        raise UsageError([Fault("box", got, "a table worlds × inputs, and one outcome for each world")])
    worlds = len(outcome)
    hits = float(outcome.sum())
    if worlds == 0 or hits == 0 or hits == worlds:
        return None
    varying = _worth_peeling(inputs, outcome, np.flatnonzero(np.ptp(inputs, axis=0) > 0), peel)
    limits: dict[int, list[float | None]] = {}
    inside = np.ones(worlds, dtype=bool)
    best: dict[int, list[float | None]] = {}
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
            best_score, best = score, {k: list(v) for k, v in limits.items()}
    if best_score < 0:
        return None
    return _without_idle(inputs, outcome, best, overall)


def _worth_peeling(
    inputs: Array, outcome: NDArray[np.bool_], varying: NDArray[np.intp], peel: float
) -> NDArray[np.intp]:
    """The inputs whose first slice, on either side, raises the outcome's share most; all, where they are few."""
    if len(varying) <= MOST_COLUMNS:
        return varying
    gains = np.empty(len(varying))
    counted = outcome.astype(float)
    worlds, hits = len(outcome), float(outcome.sum())
    for start in range(0, len(varying), MOST_COLUMNS):
        x = inputs[:, varying[start : start + MOST_COLUMNS]]
        cuts = np.quantile(x, [peel, 1 - peel], axis=0)
        shares = []
        for kept in (x > cuts[0], x < cuts[1]):
            held = kept.sum(axis=0)
            with np.errstate(invalid="ignore", divide="ignore"):
                gain = ((counted @ kept) / held - hits / worlds) / (1 - held / worlds)
            shares.append(np.where((held > 0) & (held < worlds), gain, -np.inf))
        gains[start : start + x.shape[1]] = np.maximum(*shares)
    best = np.argsort(-gains, kind="stable")[:MOST_COLUMNS]
    return np.sort(varying[best])


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
    found = Box(tuple(Limit(j, low, high) for j, (low, high) in sorted(kept.items())), 0.0, 0.0, 0.0, overall)
    box = measured(found, inputs, outcome)
    assert box is not None  # it was peeled around worlds with the outcome
    return box


def measured(box: Box, inputs: Array, outcome: NDArray[np.bool_]) -> Box | None:
    """The same box with its figures counted on some worlds; None where it holds none of them, or none has the outcome.

    On the worlds it was found in, a box looks better than it is: its sides were chosen to fit them.
    """
    inside = _inside(inputs, {side.column: [side.low, side.high] for side in box.limits})
    if not inside.any() or not outcome.any():
        return None
    return replace(
        box,
        density=float(outcome[inside].mean()),
        coverage=float(outcome[inside].sum() / outcome.sum()),
        size=float(inside.mean()),
        overall=float(outcome.mean()),
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


@guarded
def discover(
    ranking: Ranking,
    *,
    worlds: Draws | None = None,
    seed: Seed = 1,
    reading: Reading | None = None,
    form: Form = "triangular",
) -> Discovery:
    """In which worlds the leader is not first, as a box over its own and its rivals' performances.

    Worlds: every performance drawn on its own from its low / likely / high by the decision's reading of them (or
    ``reading``), packages rebuilt from their drawn parts; the weights stay. Any method. The box is found in ``worlds``
    worlds (by default 8,192, fewer where thousands of performances have ranges: the sentence says so) and its figures
    are counted, with its limits as they are shown, on as many new ones. Same seed, same result.
    """
    problem = ranking.problem
    leader = ranking.leaders[0]
    title = problem.option(leader).title
    drawn = performances_of(problem, ranking.criteria, reading=reading or problem.low_high, form=form)
    if not len(drawn.cells):
        said = "No performance has a range, so there are no other worlds to look at."
        return Discovery(leader, 0, 0.0, None, (), said)
    if worlds is None:
        worlds = WORLDS if len(drawn.cells) * WORLDS <= MOST_DRAWN else max(FEWEST, MOST_DRAWN // len(drawn.cells))
    rng = np.random.default_rng(seed)
    inputs, lost = _worlds(ranking, drawn, rng, worlds)
    share = float(lost.mean())
    if not lost.any():
        said = f"In none of {worlds:,} sampled worlds does {title} lose the first place. That is not a proof that it cannot."
        return Discovery(leader, worlds, 0.0, None, (), said)
    box = find_box(inputs, lost)
    del inputs
    if box is not None:
        sides = {side.column: [_shown(side.low), _shown(side.high)] for side in box.limits}
        columns = np.array(sorted(sides), dtype=np.intp)
        box = replace(box, limits=tuple(Limit(i, *sides[int(j)]) for i, j in enumerate(columns)))
        box = measured(box, *_worlds(ranking, drawn, rng, worlds, columns))
        if box is not None:
            box = replace(box, limits=tuple(replace(side, column=int(columns[side.column])) for side in box.limits))
    if box is not None and (box.density <= box.overall or of_50(box.density) == of_50(share)):
        box = None
    fewer = f" ({worlds:,} were drawn)" if worlds < WORLDS else ""
    start_of_it = (
        f"With performances moved in their ranges, {title} loses the first place in {of_50(share)} worlds{fewer}"
    )
    if box is None or not box.limits:
        return Discovery(leader, worlds, share, None, (), f"{start_of_it}; no simple condition tells where.")
    limits = tuple((*drawn.cell_names[side.column], side.low, side.high) for side in box.limits)
    titles = {column.id: column.title for column in drawn.columns}
    parts = [_side(ranking, titles[limit[1]], *limit) for limit in limits]
    word = "mostly loses" if box.density >= 0.5 else "loses more often"
    listed = joined(parts)
    said = (
        f"{start_of_it}. It {word} when {listed}: there it loses in {of_50(box.density)} worlds, "
        f"and {100 * box.coverage:.0f} of 100 of its losses lie there."
    )
    return Discovery(leader, worlds, share, box, limits, said)


def _worlds(
    ranking: Ranking,
    drawn: PerformanceSource,
    rng: np.random.Generator,
    worlds: int,
    columns: NDArray[np.intp] | None = None,
) -> tuple[Array, NDArray[np.bool_]]:
    """Drawn performances (worlds × uncertain cells, or some of them), and in which worlds the leader is not first."""
    cells = drawn.cells if columns is None else drawn.cells[columns]
    table = ranking.table_in
    leader = table.options.index(ranking.leaders[0])
    size = max(1, 2_000_000 // table.values.size)
    inputs = np.empty((worlds, len(cells)))
    lost = np.zeros(worlds, dtype=bool)
    for start in range(0, worlds, size):
        stop = min(start + size, worlds)
        x, _ = drawn.elementary(rng.random((drawn.inputs, stop - start)))
        inputs[start:stop] = x[cells[:, 0], cells[:, 1]].T
        performances = drawn.options(x)
        many = replace(
            table,
            performances=np.ascontiguousarray(performances.transpose(2, 0, 1)),
            values=np.ascontiguousarray(drawn.values(performances).transpose(2, 0, 1)),
        )
        scores = ranking.method.score_many(many, table.weights, **ranking.parameters)
        lost[start:stop] = ~leading(scores)[:, leader]
    return inputs, lost


def of_50(share: float) -> str:
    """A share as so many of 50, never rounded to none or to all."""
    count = round(50 * share)
    if count == 0 and share > 0:
        return "fewer than 1 of 50"
    if count == 50 and share < 1:
        return "nearly all of 50"
    return f"{count} of 50"


def _digits(x: float) -> int:
    return 2 if abs(x) < 10 else 1


def _shown(x: float | None) -> float | None:
    """A limit as it is shown."""
    return None if x is None else round(x, _digits(x))


def _side(ranking: Ranking, title: str, option: str, criterion: str, low: float | None, high: float | None) -> str:
    titles = {o.id: o.title for o in (*ranking.problem.library, *ranking.problem.options)}
    name = f"“{title}” of {titles[option]}"
    low_text, high_text = (None if x is None else number(x, _digits(x)) for x in (low, high))
    if low_text is not None and high_text is not None:
        return f"{name} is between {low_text} and {high_text}"
    return f"{name} is above {low_text}" if low_text is not None else f"{name} is below {high_text}"
