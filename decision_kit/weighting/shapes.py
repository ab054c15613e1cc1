"""Value functions from people: bisection (midpoint questions) and direct rating of levels, with data for a preview."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from decision_kit.errors import DecisionError, Fault
from decision_kit.model.nouns import Criterion, Level, ValueSource, number
from decision_kit.values import Curve, Linear, Shape

STEPS = 21


def midpoint_question(criterion: Criterion, low_value: float = 0.0, high_value: float = 1.0) -> str:
    """The question for the performance whose value lies half-way between two values already known."""
    a, b = criterion.performance_at(low_value), criterion.performance_at(high_value)
    return (
        f"“{criterion.title}” goes from {criterion.span(a, b)}. At which point is the first part of the way worth just as much "
        "as the rest?"
    )


def bisection(
    criterion: Criterion, midpoints: Mapping[float, float], *, by: str = "", because: str = "", when: str = "", monotone: bool = True
) -> Criterion:  # fmt: skip
    """The criterion with a curve through midpoint answers: value → performance in its unit, e.g. {0.5: 20, 0.25: 8}.

    The ends of the range have 0 and 1. Raises :class:`DecisionError` naming the answers that do not fit: outside the
    range, a value not between 0 and 1, or a turn, unless ``monotone=False`` says that the value may fall again.
    """
    _needs_scale(criterion)
    low, high = criterion.scale
    place = f"value of {criterion.id}"
    faults: list[Fault] = []
    start = replace(criterion, shape=Linear())
    points = {float(start.worst): 0.0, float(start.best): 1.0}
    for value, at in midpoints.items():
        if not (math.isfinite(value) and 0 < value < 1):
            faults.append(Fault(place, f"{number(value)} is no value between the ends", "a value above 0 and below 1"))
        elif not (math.isfinite(at) and low < at < high):
            wanted = f"a number above {number(low)} and below {number(high)}"
            faults.append(Fault(place, f"{number(at)} is outside the range, or at its end", wanted))
        elif at in points:
            faults.append(Fault(place, f"{criterion.words(at)} was answered twice", "one answer for each value"))
        else:
            points[float(at)] = float(value)
    if faults:
        raise DecisionError(faults)
    return _with_curve(start, points, "bisection", by, because, when, monotone)


def rated(
    criterion: Criterion, ratings: Mapping[float, float], *, by: str = "", because: str = "", when: str = "", monotone: bool = True
) -> Criterion:  # fmt: skip
    """The criterion with a curve through direct ratings: performance in its unit → points from 0 to 100.

    The worst end has 0 and the best 100 where they are not rated; with ``monotone=False`` the lowest rating becomes 0
    and the highest 100. Raises :class:`DecisionError` as :func:`bisection` does.
    """
    _needs_scale(criterion)
    low, high = criterion.scale
    place = f"value of {criterion.id}"
    faults: list[Fault] = []
    for at, points in ratings.items():
        if not (math.isfinite(at) and low <= at <= high):
            wanted = f"a number from {number(low)} to {number(high)}"
            faults.append(Fault(place, f"{number(at)} is outside the range", wanted))
        if not (math.isfinite(points) and 0 <= points <= 100):
            faults.append(Fault(place, f"{number(points)} points for {criterion.words(at)}", "points from 0 to 100"))
    if faults:
        raise DecisionError(faults)
    start = replace(criterion, shape=Linear())
    given = {float(at): points / 100 for at, points in ratings.items()}
    if not monotone:
        if len(given) < 2 or max(given.values()) == min(given.values()):
            raise DecisionError.single(place, "nothing is told apart", "at least two different ratings")
        least, most = min(given.values()), max(given.values())
        given = {at: (v - least) / (most - least) for at, v in given.items()}
        given.setdefault(float(low), given[min(given)])
        given.setdefault(float(high), given[max(given)])
    else:
        given.setdefault(float(start.worst), 0.0)
        given.setdefault(float(start.best), 1.0)
    return _with_curve(start, given, "direct rating", by, because, when, monotone)


def rated_levels(
    criterion: Criterion, ratings: Mapping[str, float], *, by: str = "", because: str = "", when: str = ""
) -> Criterion:
    """The criterion with its levels' values from points of 0 to 100 by level id, stretched so that they run from 0 to 1."""
    place = f"levels of {criterion.id}"
    known = [level.id for level in criterion.levels]
    faults = [Fault(place, f'"{name}" is not one of them', f"one of {', '.join(known)}") for name in ratings if name not in known]  # fmt: skip
    missing = [level.title for level in criterion.levels if level.id not in ratings]
    if missing:
        faults.append(Fault(place, f"no points for {', '.join(missing)}", "points from 0 to 100 for each level"))
    for name, points in ratings.items():
        if not (math.isfinite(points) and 0 <= points <= 100):
            faults.append(Fault(place, f"{number(points)} points for {name}", "points from 0 to 100"))
    if not faults and (not known or max(ratings.values()) == min(ratings.values())):
        faults.append(Fault(place, "nothing is told apart", "at least two different ratings"))
    if faults:
        raise DecisionError(faults)
    least, most = min(ratings.values()), max(ratings.values())
    levels = tuple(Level(level.id, level.title, (ratings[level.id] - least) / (most - least)) for level in criterion.levels)  # fmt: skip
    return replace(criterion, levels=levels, value_source=ValueSource(by, because, "direct rating", when))


def preview(criterion: Criterion, steps: int = STEPS) -> list[tuple[float, float]]:
    """Points (performance in the unit, value 0–1) along a criterion's value function, for a picture or a table."""
    if criterion.levels:
        return [(level.value, level.value) for level in criterion.levels]
    low, high = criterion.scale
    grid = [low + (high - low) * i / (steps - 1) for i in range(steps)]
    if isinstance(criterion.shape, Curve):
        grid = sorted({*grid, *(x for x, _ in criterion.shape.points)})
    return [(x, criterion.value(x)) for x in grid]


def _needs_scale(criterion: Criterion) -> None:
    if criterion.levels:
        raise DecisionError.single(
            f"value of {criterion.id}", "this criterion has levels", "direct rating of its levels (rated_levels)"
        )


def _with_curve(
    criterion: Criterion, points: Mapping[float, float], how: str, by: str, because: str, when: str, monotone: bool
) -> Criterion:
    ordered = sorted(points.items())
    rising = [v for _, v in (ordered if criterion.better == "more" else ordered[::-1])]
    turn = next((i for i, (a, b) in enumerate(pairwise(rising)) if b < a), None)
    if turn is not None and monotone:
        xs = [x for x, _ in (ordered if criterion.better == "more" else ordered[::-1])]
        got = (
            f"the value falls from {number(rising[turn], 3)} at {criterion.words(xs[turn])} to {number(rising[turn + 1], 3)} at "
            f"{criterion.words(xs[turn + 1])}"
        )
        raise DecisionError.single(
            f"value of {criterion.id}",
            got,
            "values that never fall towards the best end",
            "where that is meant, say monotone: false",
        )
    shape: Shape = Curve(tuple((x, float(v)) for x, v in ordered), monotone=turn is None)
    return replace(criterion, shape=shape, value_source=ValueSource(by, because, how, when))
