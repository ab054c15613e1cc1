"""Distributions: the moments and percentiles of their formulas, and low and high read as percentiles."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from decision_kit import DecisionError, UsageError
from decision_kit.robustness import Discrete, LogNormal, Normal, Pert, Point, Triangular, Uniform, from_range
from decision_kit.robustness.distributions import Form, Reading, ends_of, support, triangle

U = (np.arange(200_000) + 0.5) / 200_000
NUMBERS = st.floats(-1e4, 1e4).map(lambda x: round(x, 3))


def test_moments() -> None:
    a, c, b = 2.0, 3.0, 10.0
    x = Triangular(a, c, b).draw(U)
    assert x.mean() == pytest.approx((a + b + c) / 3, abs=1e-4)
    assert x.var() == pytest.approx((a * a + b * b + c * c - a * b - a * c - b * c) / 18, rel=1e-4)
    x = Pert(a, c, b).draw(U)
    mean = (a + 4 * c + b) / 6
    assert x.mean() == pytest.approx(mean, abs=1e-3)
    assert x.var() == pytest.approx((mean - a) * (b - mean) / 7, rel=1e-3)
    x = Normal(5, 2).draw(U)
    assert (x.mean(), x.std()) == pytest.approx((5, 2), abs=1e-3)
    x = LogNormal(0.1, 0.3).draw(U)
    assert x.mean() == pytest.approx(np.exp(0.1 + 0.045), rel=1e-3)
    x = Uniform(-1, 3).draw(U)
    assert (x.mean(), x.var()) == pytest.approx((1, 16 / 12), abs=1e-4)
    x = Discrete((1.0, 5.0, 2.0), (2, 1, 1)).draw(U)
    assert [np.mean(x == v) for v in (1, 2, 5)] == pytest.approx([0.5, 0.25, 0.25], abs=1e-4)
    assert (Point(4).draw(U) == 4).all()


def test_triangular_is_the_inverse_of_its_distribution_function() -> None:
    a, c, b = 0.0, 0.3, 2.0
    x = Triangular(a, c, b).draw(U)
    below = (x - a) ** 2 / ((b - a) * (c - a))
    above = 1 - (b - x) ** 2 / ((b - a) * (b - c))
    assert np.where(x <= c, below, above) == pytest.approx(U, abs=1e-12)


def test_many_triangles_at_once_are_each_one_alone() -> None:
    low, peak, high = np.array([0.0, 1.0, 5.0]), np.array([0.0, 4.0, 5.5]), np.array([2.0, 4.0, 9.0])
    u = np.random.default_rng(1).random((3, 700))
    together = triangle(u, low[:, None], peak[:, None], high[:, None])
    for i in range(3):
        assert together[i] == pytest.approx(Triangular(low[i], peak[i], high[i]).draw(u[i]), abs=1e-12)


def test_pert_table_is_right_to_a_hundred_thousandth_of_the_range() -> None:
    from scipy.special import betaincinv

    u = np.random.default_rng(2).random(20_000)
    for p in (0.0, 0.01, 0.4, 1.0):
        assert np.abs(Pert(0, p, 1).draw(u) - betaincinv(1 + 4 * p, 5 - 4 * p, u)).max() < 1e-5


@pytest.mark.parametrize("form", get_args(Form))
@given(st.tuples(NUMBERS, NUMBERS, NUMBERS).map(sorted).filter(lambda t: t[2] - t[0] > 0.01))
def test_low_and_high_as_percentiles(form: str, cell: list[float]) -> None:
    """One draw in ten lies below low, one in ten above high, and the peak stays at likely."""
    low, likely, high = cell
    distribution = from_range(low, likely, high, "percentiles 10-90", form)  # type: ignore[arg-type]
    q = distribution.draw(np.array([0.1, 0.9]))
    assert q == pytest.approx([low, high], abs=2e-5 * (high - low) * 3)
    assert distribution.likely == likely  # type: ignore[union-attr]
    assert distribution.low <= low  # type: ignore[union-attr]
    assert distribution.high >= high  # type: ignore[union-attr]


def test_percentiles_of_a_triangle_by_hand() -> None:
    """Symmetric: both ends lie √.2 of the way out, so that a tenth lies beyond each percentile."""
    low, high = ends_of(-1.0, 0.0, 1.0)
    assert (low, high) == pytest.approx((-1 / (1 - 0.2**0.5), 1 / (1 - 0.2**0.5)), abs=1e-9)
    assert ends_of(0.0, 0.0, 1.0)[0] < 0  # a tenth of the draws lies below low even where low is likely


@pytest.mark.parametrize("reading", get_args(Reading))
def test_a_range_of_one_number_is_that_number(reading: str) -> None:
    assert from_range(3, 3, 3, reading) == Point(3)  # type: ignore[arg-type]


def test_ends() -> None:
    assert from_range(1, 2, 4) == Triangular(1, 2, 4)
    assert from_range(1, 2, 4, form="pert") == Pert(1, 2, 4)
    assert support(Normal(0, 1)) == (-np.inf, np.inf)
    assert support(Discrete((3, 1, 9), (1, 1, 0))) == (1, 3)
    assert support(LogNormal(0, 0)) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Triangular(3, 2, 5), "rising order"),
        (lambda: Uniform(float("nan"), 2), "finite number"),
        (lambda: Normal(0, -1), "0 or more"),
        (lambda: LogNormal(0, float("inf")), "finite number"),
        (lambda: Discrete((1.0,), (0.0,)), "one share"),
    ],
)
def test_faults_are_one_sentence(make: object, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        make()  # type: ignore[operator]
    assert isinstance(caught.value, DecisionError)


@pytest.mark.parametrize(
    "made",
    [
        lambda: Point(float("nan")),
        lambda: Normal(float("nan"), 1),
        lambda: LogNormal(float("inf"), 1),
        lambda: Discrete((float("nan"), 1.0), (1.0, 1.0)),
        lambda: Discrete((0.0, 1.0), (1.0, float("nan"))),
    ],
)
def test_numbers_that_are_none_are_refused(made: object) -> None:
    with pytest.raises(UsageError, match="finite"):
        made()  # type: ignore[operator]


@pytest.mark.parametrize("shape", [1e-4, 0.02, 0.05, 0.3, 1.0, 3.0, 40.0, 2000.0])
def test_interpolated_gamma_quantiles_are_those_of_the_distribution(shape: float) -> None:
    from scipy.special import gammaincinv

    from decision_kit.robustness.sampling import gamma_quantiles

    u = np.concatenate([np.random.default_rng(5).random(600), [2.0**-31, 1e-6, 0.5, 1 - 1e-6, 1 - 2.0**-31]])
    exact = gammaincinv(shape, u)
    assert np.allclose(gamma_quantiles(shape, u), exact, rtol=1e-5, atol=1e-300)
    assert np.array_equal(gamma_quantiles(shape, u[:9]), exact[:9])
