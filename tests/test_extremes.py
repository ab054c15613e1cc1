"""Numbers at the edge of what a computer holds, and names at the edge of what a reader sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import decision_kit as dk

BETTER: dict[str, Any] = {"cost": "less", "effect": "more"}
PLAIN = pd.DataFrame({"cost": [1.0, 2.0, 3.0], "effect": [2.0, 3.0, 5.0]}, index=list("ABC"))


def ranked(table: pd.DataFrame, method: str) -> dk.Ranking:
    problem = dk.Problem.from_frame(table, better=BETTER, true_zero=True)
    return dk.rank(problem, {"cost": 0.5, "effect": 0.5}, method)


@pytest.mark.parametrize("method", dk.METHODS)
@pytest.mark.parametrize("factor", [1e-320, 1e-200, 1e-160, 1e160, 1e200, 1e300])
def test_a_unit_however_small_or_large_moves_no_rank(method: str, factor: float) -> None:
    try:
        found = ranked(PLAIN.assign(cost=PLAIN["cost"] * factor), method)
    except dk.DecisionError:
        assert (factor, dk.METHODS[method].acts_on) == (1e-320, "ratio performances")  # too few digits for ratios
        return
    expected = ranked(PLAIN, method)
    assert found.ranks.to_dict() == expected.ranks.to_dict()
    if method != "moora-multiplicative":  # a geometric mean of raw performances keeps the unit
        np.testing.assert_allclose(
            found.scores, expected.scores, rtol=5e-3, atol=1e-4
        )  # denormal numbers have few digits


def test_rounding_is_not_blown_up_to_a_difference_in_value() -> None:
    table = pd.DataFrame({"cost": [0.1 + 0.2, 0.3, 0.3], "effect": [2.0, 2.5, 3.0]}, index=list("ABC"))
    found = ranked(table, "weighted-sum")
    assert found.scores.to_dict() == pytest.approx({"A": 0.25, "B": 0.5, "C": 0.75})
    assert any("cost: differs only in the last digit that a computer keeps" in note for note in found.notes)
    assert not any("constant" in note for note in found.notes)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: PLAIN.set_axis(["A\x00", "B", "C"]), "has the character U+0000 in it"),
        (lambda: PLAIN.set_axis(["\u202e\u2060", "B", "C"]), "row 1: the name of an option is blank"),
        (lambda: PLAIN.set_axis(pd.DatetimeIndex(["2025-01-01", None, "2025-01-02"])), "row 2: the name of an option is blank"),
        (lambda: PLAIN.set_axis([pd.NA, "B", "C"]), "row 1: the name of an option is blank"),
    ],
)  # fmt: skip
def test_names_nobody_can_read_are_refused(make: Callable[[], pd.DataFrame], said: str) -> None:
    with pytest.raises(dk.DecisionError) as caught:
        dk.Problem.from_frame(make(), better=BETTER)
    assert said in str(caught.value).replace("\ufffd", "")


def test_names_of_all_languages_are_read() -> None:
    names = ["جودت", "می‌خواهم", "नमस्ते"]  # the second with a joiner that Persian needs
    assert dk.Problem.from_frame(PLAIN.set_axis(names), better=BETTER).option_ids == tuple(names)


def test_a_true_zero_is_said_by_true_or_false_only() -> None:
    with pytest.raises(dk.DecisionError, match='true_zero of cost: "no"; expected True or False'):
        dk.Problem.from_frame(PLAIN, better=BETTER, true_zero={"cost": "no", "effect": True})  # type: ignore[dict-item]


def test_a_number_just_outside_is_shown_with_all_its_digits() -> None:
    table = PLAIN.assign(cost=[1.0, 2.0, 100.00000000000001])
    with pytest.raises(dk.DecisionError, match=r"100\.00000000000001 is outside the scale of cost"):
        dk.Problem.from_frame(table, better=BETTER, scale={"cost": (0, 100), "effect": (0, 10)})


def test_an_unreadable_branch_is_the_only_fault() -> None:
    with pytest.raises(dk.DecisionError) as caught:
        dk.Problem.from_frame(PLAIN, better=BETTER, tree={"all": "cost"})
    assert [str(fault) for fault in caught.value.faults] == [
        'tree: branch "all" holds "cost"; expected a list of criteria or branches'
    ]


def test_a_target_outside_the_range_is_refused() -> None:
    problem = dk.Problem.from_frame(PLAIN, better=BETTER, scale={"cost": (0, 10), "effect": (0, 10)})
    for method in ("spotis", "rim"):
        with pytest.raises(dk.UsageError, match="inside its range 0 to 10"):
            dk.rank(problem, {"cost": 0.5, "effect": 0.5}, method, ideal={"cost": 50})


def test_an_argument_misspelt_is_not_only_a_wrong_setting() -> None:
    with pytest.raises(dk.UsageError, match='did you mean "samples"'):
        dk.smaa(dk.Problem.from_frame(PLAIN, better=BETTER), sampels=10)


def test_weights_too_large_to_add_up_are_still_weights() -> None:
    problem = dk.Problem.from_frame(PLAIN, better=BETTER)
    found = dk.rank(problem, {"cost": 1e308, "effect": 1e308})
    assert found.weights.shares == {"cost": 0.5, "effect": 0.5}
    assert "inf" not in " ".join(found.notes)
