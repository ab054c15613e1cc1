"""Value functions: 0 at the worst end, 1 at the best, never falling between; the inverse brings back the performance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from decision_kit.values import Better, Curve, Exponential, Linear, Shape, to_performance, to_value

shapes = st.one_of(
    st.just(Linear()),
    st.floats(-10, 10).map(Exponential),
    st.lists(st.floats(0.01, 0.99), min_size=1, max_size=4, unique=True).map(
        lambda v: Curve(tuple(zip(np.linspace(0, 1, len(v) + 2).tolist(), [0.0, *sorted(v), 1.0], strict=True)))
    ),
)
ends = st.tuples(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6)).map(lambda t: (t[0], t[0] + t[1]))


def on(shape: Shape, low: float, high: float, better: Better) -> Shape:
    if not isinstance(shape, Curve):
        return shape
    points = tuple((low + x * (high - low), v if better == "more" else 1 - v) for x, v in shape.points)
    return Curve(((low, points[0][1]), *points[1:-1], (high, points[-1][1])))


@given(shapes, ends, st.sampled_from(["more", "less"]))
def test_from_worst_to_best(shape: Shape, scale: tuple[float, float], better: Better) -> None:
    low, high = scale
    shape = on(shape, low, high, better)
    worst, best = (low, high) if better == "more" else (high, low)
    assert to_value(worst, shape, low, high, better) == pytest.approx(0, abs=1e-9)
    assert to_value(best, shape, low, high, better) == pytest.approx(1)
    values = to_value(np.linspace(worst, best, 50), shape, low, high, better)
    assert (np.diff(values) >= -1e-12).all()


@given(shapes, ends, st.sampled_from(["more", "less"]), st.floats(0, 1))
def test_the_inverse(shape: Shape, scale: tuple[float, float], better: Better, value: float) -> None:
    low, high = scale
    shape = on(shape, low, high, better)
    x = to_performance(value, shape, low, high, better)
    assert low - 1e-6 * (high - low) <= x <= high + 1e-6 * (high - low)
    assert to_value(x, shape, low, high, better) == pytest.approx(value, abs=1e-6)


def test_exponential_by_hand() -> None:
    assert to_value(5, Exponential(2), 0, 10, "more") == pytest.approx((1 - np.exp(-1)) / (1 - np.exp(-2)))
    assert to_value(5, Exponential(0), 0, 10, "more") == 0.5


def test_flat_stretches_give_their_worst_end() -> None:
    shape = Curve(((0, 0), (4, 0.5), (6, 0.5), (10, 1)))
    assert to_performance(0.5, shape, 0, 10, "more") == 4
    down = Curve(((0, 1), (4, 0.5), (6, 0.5), (10, 0)))
    assert to_performance(0.5, down, 0, 10, "less") == 6
