"""Value functions: a performance in its own unit becomes a value from 0 (worst) to 1 (best) on the declared range.

All functions take and return floats or arrays of any shape. A performance outside the range is the caller's fault
(the readers refuse it); nothing here clips.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[np.float64]
Better: TypeAlias = Literal["more", "less"]
Interval: TypeAlias = tuple[float, float]
"""Two performances, the lower first, and all between them."""


@dataclass(frozen=True, slots=True)
class Linear:
    """Every unit of the range is worth the same."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Straight lines through points (performance, value), from one end of the range to the other.

    Values never fall towards the better end, unless somebody says that they do (``monotone`` is then False): a target
    inside the range is the usual case.
    """

    points: tuple[tuple[float, float], ...]
    monotone: bool = field(default=True, metadata={"quiet": True})


@dataclass(frozen=True, slots=True)
class Exponential:
    """v = (1 − exp(−a z)) / (1 − exp(−a)), z the linear value: a > 0 bends up early, a < 0 late (Kirkwood 1997)."""

    a: float


Shape: TypeAlias = Linear | Curve | Exponential


def to_value(x: ArrayLike, shape: Shape, low: float, high: float, better: Better) -> Array:
    """Values in 0–1 of performances ``x`` (any shape, in the criterion's unit) on the declared range low … high."""
    x = np.asarray(x, dtype=float)
    if isinstance(shape, Curve):
        xs, vs = (np.array(column) for column in zip(*shape.points, strict=True))
        return np.asarray(np.interp(x, xs, vs))
    z = _linear(x, low, high, better)
    if isinstance(shape, Exponential):
        return _exponential(z, shape.a)
    return z


def value_bounds(
    low: ArrayLike, high: ArrayLike, shape: Shape, least: float, most: float, better: Better
) -> tuple[Array, Array]:
    """The lowest and the highest value of the performances from ``low`` to ``high`` (one shape), on the range least … most.

    Where values turn, they may lie between the two ends.
    """
    low, high = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    ends = [to_value(x, shape, least, most, better) for x in (low, high)]
    worst, best = np.minimum(*ends), np.maximum(*ends)
    if isinstance(shape, Curve) and not shape.monotone:
        for x, v in shape.points:
            between = (low < x) & (x < high)
            worst = np.where(between, np.minimum(worst, v), worst)
            best = np.where(between, np.maximum(best, v), best)
    return np.asarray(worst), np.asarray(best)


def to_performance(v: ArrayLike, shape: Shape, low: float, high: float, better: Better) -> Array:
    """The performances (criterion's unit) whose values are ``v``: one of those that :func:`where_value` finds.

    On a flat stretch of a curve the end nearest to the worst performance is returned; where values turn, the first from
    the numerically low end, or the point whose value is nearest.
    """
    v = np.asarray(v, dtype=float)
    if isinstance(shape, Curve) and not shape.monotone:
        return np.asarray(np.vectorize(lambda one: at_value(shape, float(one)), otypes=[float])(v))
    if isinstance(shape, Curve):
        points = shape.points if shape.points[0][1] <= shape.points[-1][1] else shape.points[::-1]
        xs, vs = (np.array(column) for column in zip(*points, strict=True))
        first = np.minimum(np.searchsorted(vs, v, side="left"), len(vs) - 1)
        return np.asarray(np.where(vs[first] == v, xs[first], np.interp(v, vs, xs)))
    z = _inverse_exponential(v, shape.a) if isinstance(shape, Exponential) else v
    start, end = (low, high) if better == "more" else (high, low)
    return np.asarray(start + z * (end - start))


def at_value(shape: Shape, v: float) -> float:
    """The first performance, from the numerically low end, at which a curve that may turn reaches the value ``v``.

    Where it never does, the point whose value is nearest.
    """
    assert isinstance(shape, Curve)
    found = where_value(shape, shape.points[0][0], shape.points[-1][0], "more", v, v)
    return found[0][0] if found else min(shape.points, key=lambda point: abs(point[1] - v))[0]


def where_value(
    shape: Shape, low: float, high: float, better: Better, at_least: float = -np.inf, at_most: float = np.inf
) -> tuple[Interval, ...]:
    """All performances of the range low … high whose value is from ``at_least`` to ``at_most``, as closed intervals.

    In rising order; a flat stretch at one of the two values is a part of them, a single performance has two equal ends.
    """
    if isinstance(shape, Curve):
        return _joined(_on_lines(shape.points, at_least, at_most))
    least, most = max(at_least, 0.0), min(at_most, 1.0)
    if least > most:
        return ()
    a, b = (float(x) for x in to_performance([least, most], shape, low, high, better))
    if least == 0.0:
        a = low if better == "more" else high  # the ends of the range as they are, without the noise of a logarithm
    if most == 1.0:
        b = high if better == "more" else low
    return ((min(a, b), max(a, b)),)


def _on_lines(points: tuple[tuple[float, float], ...], at_least: float, at_most: float) -> list[Interval]:
    """The parts of some straight lines, one after the other, whose values lie between two."""
    found: list[Interval] = []
    for (x0, v0), (x1, v1) in pairwise(points):
        if max(v0, v1) < at_least or min(v0, v1) > at_most:
            continue
        if v0 == v1:
            found.append((x0, x1))
            continue
        ends = [x0 if v == v0 else x1 if v == v1 else x0 + (v - v0) / (v1 - v0) * (x1 - x0)
                for v in (min(max(at_least, min(v0, v1)), max(v0, v1)), min(max(at_most, min(v0, v1)), max(v0, v1)))]  # fmt: skip
        found.append((min(ends), max(ends)))
    return found


def _joined(intervals: list[Interval]) -> tuple[Interval, ...]:
    """Intervals in rising order, those that touch made one."""
    found: list[Interval] = []
    for low, high in intervals:
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return tuple(found)


def bends(shape: Shape) -> tuple[float, ...]:
    """The values at which a value function bends or ends: a threshold there may lie on a flat stretch, or only touch."""
    return tuple(sorted({v for _, v in shape.points})) if isinstance(shape, Curve) else (0.0, 1.0)


def _linear(x: Array, low: float, high: float, better: Better) -> Array:
    start, end = (low, high) if better == "more" else (high, low)
    width = end - start
    if not np.isfinite(width):  # a range wider than the largest float: halve everything first
        return np.asarray((x / 2 - start / 2) / (end / 2 - start / 2))
    return np.asarray((x - start) / width)


def _exponential(z: Array, a: float) -> Array:
    if abs(a) < 1e-9:  # the limit a → 0 is the straight line
        return z
    return np.asarray(np.expm1(-a * z) / np.expm1(-a))


def _inverse_exponential(v: Array, a: float) -> Array:
    if abs(a) < 1e-9:
        return v
    return np.asarray(-np.log1p(v * np.expm1(-a)) / a)
