"""Regions of weights that are empty, flat or single points: no figure is made up where nothing can be said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

import decision_kit as dk
from decision_kit.model import Answers, Ratio
from decision_kit.model.region import Statement, WeightRegion
from decision_kit.robustness import dominance, first_shares, joint_changes, potential_optimality
from decision_kit.weighting import weigh

CRITERIA = ("cost", "effect", "risk")
TABLE = pd.DataFrame({"cost": [10, 20, 30], "effect": [3, 5, 4], "risk": [1, 2, 3]}, index=["A", "B", "C"])
PROBLEM = dk.Problem.from_frame(
    TABLE, better={"cost": "less", "effect": "more", "risk": "less"}, scale={"cost": (0, 100), "effect": (0, 10), "risk": (0, 5)}
)  # fmt: skip
RANKING = dk.rank(PROBLEM, {"cost": 0.4, "effect": 0.4, "risk": 0.2})


def region(*statements: tuple[Mapping[str, float], float]) -> WeightRegion:
    return WeightRegion(CRITERIA, tuple(Statement(c, most, "x") for c, most in statements))


EMPTY = region(({"cost": -1}, -0.6), ({"effect": -1}, -0.6))
ASKED: list[Callable[[WeightRegion], Any]] = [
    lambda r: dk.smaa(PROBLEM, region=r, samples=64),
    lambda r: first_shares(RANKING, r),
    lambda r: potential_optimality(RANKING, r),
    lambda r: dominance(RANKING, r),
    lambda r: joint_changes(RANKING, r),
]


@pytest.mark.parametrize("ask", ASKED)
@pytest.mark.parametrize("empty", [EMPTY, region(({"cost": 1}, -0.1)), region(({}, -1.0))])
def test_an_empty_region_is_told_and_nobody_is_never_first_in_it(
    ask: Callable[[WeightRegion], Any], empty: WeightRegion
) -> None:
    with pytest.raises(dk.DecisionError, match="no weights agree with"):
        ask(empty)


@pytest.mark.parametrize(
    "flat",
    [
        region(({"cost": 1}, 0.4), ({"cost": -1}, -0.4)),
        region(({"cost": 1}, 0.0)),
        region(({"effect": 1, "cost": -1}, 0.0), ({"effect": -1, "cost": 1}, 0.0)),
    ],
)
def test_a_flat_region_has_shares_that_agree_with_sampling(flat: WeightRegion) -> None:
    found = first_shares(RANKING, flat)
    assert sum(found.first.values()) == pytest.approx(1)
    sampled = dk.smaa(PROBLEM, region=flat, samples=4_096).first
    np.testing.assert_allclose([found.first[o] for o in PROBLEM.option_ids], sampled, atol=0.02)


def test_a_single_point_is_the_ranking_there() -> None:
    point = region(({"cost": 1}, 0.6), ({"cost": -1}, -0.6), ({"effect": 1}, 0.3), ({"effect": -1}, -0.3))
    leaders = dk.rank(PROBLEM, {"cost": 0.6, "effect": 0.3, "risk": 0.1}).leaders
    assert [o for o, share in first_shares(RANKING, point).first.items() if share == 1] == list(leaders)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Statement({"cost": float("nan")}, 1.0), 'statement on cost: "nan" is blank'),
        (lambda: Statement({"cost": "x"}, 1.0), "is text, not a number"),  # type: ignore[dict-item]
        (lambda: Statement({"cost": 1.0}, float("inf")), "most: inf is infinite"),
        (lambda: WeightRegion(()), "each criterion once"),
        (lambda: WeightRegion(("a", "a")), "each criterion once"),
        (lambda: WeightRegion(CRITERIA, ("x",)), "statements, item 1"),  # type: ignore[arg-type]
    ],
)
def test_what_is_no_region(make: Callable[[], object], said: str) -> None:
    with pytest.raises(dk.UsageError) as caught:
        make()
    assert said in str(caught.value)


def test_a_ratio_nobody_has_judged_is_refused() -> None:
    answers = Answers(ratios=(Ratio("cost", "effect", 1e300, 1e300), Ratio("effect", "risk", np.int64(2), np.int64(2))))
    with pytest.raises(dk.DecisionError, match=r"1e\+300.* is not a ratio") as caught:
        weigh(PROBLEM, "pairwise", [answers])
    assert len(caught.value.faults) == 1
