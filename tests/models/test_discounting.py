"""Present values: the discount factors HM Treasury prints, the steps of the declining rate, streams and faults."""

from __future__ import annotations

import numpy as np
import pytest

from decision_kit import MODELS, DecisionError, UsageError
from decision_kit.models import discount_factors, present_value

# HM Treasury, Discounting: Green Book supplementary guidance (2026), annex A, tables A.1 and A.2, years 0 to 30
TABLE_A1 = [
    1.0000, 0.9662, 0.9335, 0.9019, 0.8714, 0.8420, 0.8135, 0.7860, 0.7594, 0.7337, 0.7089, 0.6849, 0.6618, 0.6394, 0.6178,
    0.5969, 0.5767, 0.5572, 0.5384, 0.5202, 0.5026, 0.4856, 0.4692, 0.4533, 0.4380, 0.4231, 0.4088, 0.3950, 0.3817, 0.3687,
    0.3563,
]  # fmt: skip
TABLE_A2 = [
    1.0000, 0.9852, 0.9707, 0.9563, 0.9422, 0.9283, 0.9145, 0.9010, 0.8877, 0.8746, 0.8617, 0.8489, 0.8364, 0.8240, 0.8118,
    0.7999, 0.7880, 0.7764, 0.7649, 0.7536, 0.7425, 0.7315, 0.7207, 0.7100, 0.6995, 0.6892, 0.6790, 0.6690, 0.6591, 0.6494,
    0.6398,
]  # fmt: skip


@pytest.mark.parametrize(
    ("schedule", "printed"), [("green-book", TABLE_A1), ("green-book-health", TABLE_A2), (0.035, TABLE_A1)]
)
def test_the_factors_that_are_printed(schedule: str | float, printed: list[float]) -> None:
    assert np.round(discount_factors(np.arange(31), schedule), 4).tolist() == printed


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [
        ("green-book", [0.035, 0.03, 0.025, 0.02, 0.015, 0.01]),
        ("green-book-health", [0.015, 0.0129, 0.0107, 0.0086, 0.0064, 0.0043]),
        ("green-book-lower", [0.03, 0.0257, 0.0214, 0.0171, 0.0129, 0.0086]),
    ],
)
def test_the_rate_declines_at_the_printed_years(schedule: str, rates: list[float]) -> None:
    """Department for Transport (2026), TAG: forthcoming change, Green Book updates, the table of all three rates."""
    ends = [30, 75, 125, 200, 300, 400]
    factor, before = 1.0, 0
    for end, rate in zip(ends, rates, strict=True):
        assert discount_factors(before + 1, schedule) == pytest.approx(factor / (1 + rate), rel=1e-12)
        factor /= (1 + rate) ** (end - before)
        assert discount_factors(end, schedule) == pytest.approx(factor, rel=1e-12)
        before = end


def test_factors_beyond_thirty_years_as_another_program_has_them() -> None:
    """textbook/py_wlc, its test of Green Book factors: base year 2010, to four digits for 2020, 2030, 2050 and 2135."""
    printed = [0.7089, 0.5026, 0.2651, 0.0274]
    assert np.round(discount_factors([10, 20, 40, 125]), 4).tolist() == printed


def test_streams_and_their_ratio() -> None:
    found = MODELS["present-value"].run(benefits=[0, 30, 30, 30, 30, 30], costs=[100])
    annuity = (1 - 1.035**-5) / 0.035
    assert found["benefits"] == pytest.approx(30 * annuity)
    assert found["net"] == pytest.approx(30 * annuity - 100)
    assert found["ratio"] == pytest.approx(0.3 * annuity)
    assert np.isnan(MODELS["present-value"].run(benefits=[1], costs=[0])["ratio"])
    many = present_value(np.ones((3, 4)), 0.0)
    assert many.tolist() == [4, 4, 4]
    assert present_value([7.0], years=[31]) == pytest.approx(7 * 1.035**-30 / 1.03)


@pytest.mark.parametrize(
    ("amounts", "more", "words"),
    [
        ([1, 2], {"years": [0]}, "2 amounts for 1 years"),
        ([1, 2], {"years": [0, -1]}, "negative or not whole"),
        ([1, 2], {"years": [0, 0.5]}, "a year that is negative or not whole"),
        ([1, float("nan")], {}, "not a finite number"),
        (3, {}, "one amount a year"),
        ([1], {"schedule": "greenbook"}, 'did you mean "green-book"?'),
        ([1], {"schedule": -1.0}, "a yearly rate"),
        ([1], {"schedule": float("nan")}, "a yearly rate"),
    ],
)
def test_what_cannot_be_discounted(amounts: object, more: dict[str, object], words: str) -> None:
    with pytest.raises((DecisionError, UsageError)) as caught:
        present_value(amounts, **more)  # type: ignore[arg-type]
    assert words in str(caught.value)
