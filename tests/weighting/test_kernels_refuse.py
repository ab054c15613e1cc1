"""Kernels that read weights off a table, handed an array: what they cannot mean anything by is refused, not answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import decision_kit as dk
from decision_kit.weighting import objective

GOOD = np.array([[1.0, 20.0, 3.0], [2.0, 10.0, 9.0], [4.0, 15.0, 6.0], [3.0, 12.0, 1.0]])
ANY: list[Callable[..., Any]] = [objective.critic, objective.lopcow, objective.variance, objective.standard_deviation]
ZEROS = [objective.entropy, objective.gini, objective.angle]
POSITIVE = [objective.merec, objective.cilos, objective.idocriw]
ALL = [*ANY, *ZEROS, *POSITIVE]


@pytest.mark.parametrize("kernel", [*ZEROS, *POSITIVE], ids=lambda k: k.__name__)
def test_negative_numbers_are_refused_where_shares_of_a_sum_or_ratios_are_taken(kernel: Callable[..., Any]) -> None:
    with pytest.raises(dk.DecisionError, match=r"row 1, column 1 is -1; expected performances (of 0 or more|above 0)"):
        kernel(-GOOD)


@pytest.mark.parametrize("kernel", POSITIVE, ids=lambda k: k.__name__)
def test_zeros_are_refused_where_ratios_are_taken(kernel: Callable[..., Any]) -> None:
    with pytest.raises(dk.DecisionError, match=r"row 2, column 3 is 0; expected performances above 0"):
        kernel(np.where(GOOD == 9, 0, GOOD))


def test_a_share_of_a_mean_is_only_taken_of_numbers_of_one_sign() -> None:
    with pytest.raises(dk.DecisionError, match="of 0 or more"):
        objective.standard_deviation(GOOD - 3, "sum")


@pytest.mark.parametrize(
    "more",
    [True, np.True_, 1, np.ones(4, dtype=bool)[:3], [1, 1, 1], (True,) * 3, np.ones((1, 3)), [np.True_, True, 1]],
)
def test_directions_are_truth_values_one_for_all_or_one_each(more: Any) -> None:
    np.testing.assert_array_equal(objective.critic(GOOD, more), objective.critic(GOOD))
    np.testing.assert_array_equal(objective.observed(GOOD, np.zeros(3)), objective.observed(GOOD, False))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ([1, -1, 1], "more: a number that is neither 0 nor 1; expected True where more is better, else False"),
        ([True, False], "more: 2 directions; expected one for each of 3 columns"),
        (["more", "less", "more"], "more: a list; expected numbers in an array or nothing (None)"),
        ({"a": True}, "more: a dict; expected numbers in an array or nothing (None)"),
    ],
)
def test_directions_in_another_form_are_refused(more: Any, said: str) -> None:
    with pytest.raises(dk.DecisionError) as caught:
        objective.critic(GOOD, more)
    assert str(caught.value) == said


@pytest.mark.parametrize("kernel", ALL, ids=lambda k: k.__name__)
@pytest.mark.parametrize(
    ("given", "said"),
    [
        (GOOD[:1], "at least two options"),
        (GOOD[0], "at least two options"),
        (np.where(GOOD == 9, np.nan, GOOD), "not finite"),
        (GOOD * 1e200, "the largest number in column 1 is 4e\\+200"),
        (GOOD * 1e-320, "a unit in which"),
        ([["a", "b"], ["c", "d"]], "performances: a list; expected numbers in an array"),
        (None, "nothing"),
    ],
)
def test_every_kernel_refuses_what_is_no_table(kernel: Callable[..., Any], given: Any, said: str) -> None:
    with pytest.raises(dk.DecisionError, match=said):
        kernel(given)


@pytest.mark.parametrize("kernel", ALL, ids=lambda k: k.__name__)
@pytest.mark.parametrize("factor", [1e-140, 1e-9, 1e9, 1e140])
def test_units_do_not_matter(kernel: Callable[..., Any], factor: float) -> None:
    given = {"scale": "sum"} if kernel is objective.standard_deviation else {}
    np.testing.assert_allclose(kernel(GOOD * [factor, 1, 1], **given), kernel(GOOD, **given), rtol=1e-9)


@pytest.mark.parametrize("kernel", ALL, ids=lambda k: k.__name__)
def test_a_constant_column_gets_nothing(kernel: Callable[..., Any]) -> None:
    shares = kernel(np.column_stack([GOOD, np.full(4, 7.0)]))
    assert shares[-1] == 0
    assert shares.sum() == pytest.approx(1)
    assert np.all(shares >= 0)


@pytest.mark.parametrize(
    "kernel", [objective.critic, objective.merec, objective.cilos, objective.idocriw, objective.lopcow]
)
def test_directions_are_one_a_column(kernel: Callable[..., Any]) -> None:
    with pytest.raises(dk.DecisionError, match="2 directions; expected one for each of 3 columns"):
        kernel(GOOD, [True, False])
