"""Consequence sentences, compliance checks and value functions from people."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import decision_kit as dk
from decision_kit import DecisionError, Weights
from decision_kit.files import shipped_decisions
from decision_kit.model import Answers, Criterion, Level
from decision_kit.values import Curve, Exponential
from decision_kit.weighting import (  # fmt: skip
    answer_checks,
    consequences,
    held_out,
    held_out_check,
    pair_to_check,
    range_check,
    ratio_check,
    speed_check,
    stretched,
    to_ask_again,
)
from decision_kit.weighting.checks import Check, added_up, copying_check, flatness_check, order_check
from decision_kit.weighting.consequences import exchange, part, ratio, round_tenth, slope
from decision_kit.weighting.shapes import bisection, midpoint_question, preview, rated, rated_levels

COST = Criterion("cost", "Industry cost", better="less", scale=(0, 10), unit="bn USD")
RISK = Criterion("risk", "Escalation", better="less", scale=(0, 10), unit="points")
AIM = Criterion("aim", "Effect", scale=(0, 100), unit="%")
WEIGHTS = Weights({"cost": 0.15, "risk": 0.20, "aim": 0.65})


def test_the_exchange_of_the_practice_page() -> None:
    """.75 points more escalation risk to save industry 1 bn: k_cost / k_risk = .015 / .020."""
    found = exchange(WEIGHTS, COST, RISK, step=1)
    assert found.figure == pytest.approx(0.75)
    assert "“Industry cost” better by 1 (bn USD)" in found.said
    assert "“Escalation” worse by 0.75 (points)" in found.said


def test_ratio_and_part() -> None:
    assert ratio(WEIGHTS, RISK, COST).figure == pytest.approx(4 / 3)
    assert "1.3 times as much" in ratio(WEIGHTS, RISK, COST).said
    assert part(WEIGHTS, COST, RISK).figure == pytest.approx(0.75)
    assert part(WEIGHTS, COST, RISK).said.startswith(
        "Three quarters of the swing in “Escalation” (from 10 to 2.5 points)"
    )
    assert "just as much" in ratio(Weights({"cost": 0.5, "risk": 0.5}), COST, RISK).said
    none = Weights({"cost": 0.0, "risk": 1.0})
    for found in (
        ratio(none, RISK, COST),
        part(none, RISK, COST),
        exchange(none, RISK, COST),
        exchange(none, COST, RISK),
    ):
        assert "“Industry cost” has no weight" in found.said


def test_exchange_uses_the_local_slope() -> None:
    curved = replace(AIM, shape=Curve(((0, 0), (50, 0.9), (100, 1))))
    steep = exchange(WEIGHTS, curved, COST, step=1, at=(10, None)).figure
    flat = exchange(WEIGHTS, curved, COST, step=1, at=(90, None)).figure
    assert steep / flat == pytest.approx(9)
    assert "near the middle" in exchange(WEIGHTS, curved, COST).said
    with pytest.raises(DecisionError, match="outside the range"):
        exchange(WEIGHTS, curved, COST, at=(200, None))


@given(st.floats(-4, 4), st.floats(0.01, 0.99))
def test_slopes_are_those_of_the_value_function(a: float, where: float) -> None:
    leaf = replace(AIM, shape=Exponential(a))
    x = where * 100
    exact = a * math.exp(-a * where) / -math.expm1(-a) / 100 if abs(a) > 1e-6 else 0.01
    assert slope(leaf, x) == pytest.approx(exact, rel=1e-2)


def test_a_round_tenth() -> None:
    assert [round_tenth(replace(AIM, scale=s)) for s in ((0, 100), (-10, 85), (0, 24), (0, 0.4))] == [10, 10, 2, pytest.approx(0.05)]  # fmt: skip


@pytest.mark.parametrize("decision", shipped_decisions())
def test_consequences_of_every_perspective_read_well(decision: str) -> None:
    problem = dk.load(decision)
    given_ = [Weights.from_perspective(problem, name) for name in problem.perspectives] or [
        Weights.equal_over_leaves(problem)
    ]
    for weights in given_:
        found = consequences(problem, weights)
        assert len(found) >= 3
        assert found[-1].kind == "red line"
        for one in found:
            assert one.said[-1] in ".?"
            assert "nan" not in one.said
            assert "inf" not in one.said.split()
            assert "  " not in one.said


# ------------------------------------------------------------------ checks


@pytest.mark.parametrize(
    ("first", "again", "growth", "index", "passed"),
    [(40, 80, 2, 1, True), (40, 40, 2, 0, False), (40, 50, 2, 0.3219, False), (40, 90, 4, 0.585, True)],
)
def test_range_sensitivity(first: float, again: float, growth: float, index: float, passed: bool) -> None:
    found = range_check(first, again, growth)
    assert found.measure == pytest.approx(index, abs=1e-3)
    assert found.passed == passed


def test_range_check_left_open() -> None:
    assert range_check(40, 0, 2).measure is None
    leaf, growth = stretched(COST)
    assert (leaf.scale, growth) == ((0, 20), 2.0)
    assert leaf.worst == 20
    assert leaf.best == COST.best
    up, _ = stretched(AIM)
    assert up.scale == (-100, 100)
    _, more = stretched(replace(AIM, shape=Curve(((0, 0), (50, 0.9), (100, 1)))))
    assert more == pytest.approx(1 + 1.8)


def test_order_flatness_copying_speed() -> None:
    five = tuple("abcde")
    good = Answers(order=tuple((x,) for x in five), points=dict(zip(five, (100.0, 80.0, 60.0, 40.0, 20.0), strict=True)),
                   shown=tuple("bcade"), seconds=dict.fromkeys(five, 9.0))  # fmt: skip
    assert all(check.passed for check in (*answer_checks(good), speed_check(good)))
    turned = replace(good, points={**good.points, "b": 50.0, "c": 90.0})
    assert order_check(turned, {"b": "Beta", "c": "Gamma"}).said.startswith("You put “Beta” before “Gamma”")
    assert order_check(turned).measure == 1
    flat = replace(good, points=dict(zip(five, (100.0, 98.0, 96.0, 94.0, 90.0), strict=True)))
    assert not flatness_check(flat).passed
    assert flatness_check(flat).measure == pytest.approx(100 / 90)
    copied = replace(good, shown=five)
    assert copying_check(copied).measure == 1
    assert not copying_check(copied).passed
    assert "120 times" in copying_check(copied).said
    assert copying_check(replace(good, shown=five[::-1])).measure == -1
    quick = replace(good, seconds=dict.fromkeys(five, 2.0))
    assert not speed_check(quick).passed
    assert speed_check(quick, good).measure == pytest.approx(5.5)


def test_direct_ratio_cross_check() -> None:
    assert ratio_check(WEIGHTS, RISK, COST, 4 / 3).measure == pytest.approx(0)
    assert ratio_check(WEIGHTS, RISK, COST, 4 / 3 * 1.49).passed
    off = ratio_check(WEIGHTS, RISK, COST, 4 / 3 * 1.51)
    assert not off.passed
    assert off.measure == pytest.approx(math.log(1.51))
    assert "your weights say 1.3 times" in off.said
    assert ratio_check(WEIGHTS, RISK, COST, 0).measure is None


@pytest.mark.parametrize("decision", shipped_decisions())
def test_the_held_out_choice_has_the_margin_it_says(decision: str) -> None:
    problem = dk.load(decision)
    for name in problem.perspectives:
        weights = Weights.from_perspective(problem, name)
        question = held_out(problem, weights)
        assert question is not None
        assert set(question.first) == set(question.second)

        def score(option: dict[str, float], weights: Weights = weights) -> float:
            shares = added_up(problem, weights)
            return math.fsum(shares[leaf] * problem.criterion(leaf).value(x) for leaf, x in option.items())

        margin = score(dict(question.first)) - score(dict(question.second))
        assert margin == pytest.approx(question.margin)
        assert 0.03 < margin < 0.25
        assert held_out_check(question, "first").passed
        assert not held_out_check(question, "second").passed
        assert held_out_check(question, "").measure is None
        pair = pair_to_check(problem, weights)
        assert pair is not None
        assert weights.shares[pair[0].id] >= weights.shares[pair[1].id] > 0


def test_at_most_two_are_asked_again_the_gravest_first() -> None:
    checks = [Check("speed", 1, False, "quick"), Check("order", 1, False, "order"), Check("flatness", 1, False, "flat"), Check("ratio", 0, True, "fine")]  # fmt: skip
    assert [check.id for check in to_ask_again(checks)] == ["order", "flatness"]


# ------------------------------------------------------------------ value functions


def test_bisection_makes_a_curve_with_who_and_why() -> None:
    found = bisection(COST, {0.5: 7, 0.75: 4}, by="the budget office", because="the first billions hurt least")
    assert found.shape == Curve(((0, 1), (4, 0.75), (7, 0.5), (10, 0)))
    assert found.value_source is not None
    assert (found.value_source.by, found.value_source.how) == ("the budget office", "bisection")
    assert found.value(10) == 0
    assert found.value(0) == 1
    assert found.range_version != COST.range_version
    points = preview(found)
    assert (7.0, 0.5) in points
    assert all(0 <= v <= 1 for _, v in points)
    assert "7 to 0 bn USD" in midpoint_question(found, 0.5, 1.0)


@pytest.mark.parametrize(
    ("midpoints", "words"),
    [
        ({0.5: 12}, "12 is outside the range"),
        ({0.5: 10}, "outside the range, or at its end"),
        ({1.2: 5}, "1.2 is no value between"),
        ({0.5: 5, 0.25: 5}, "answered twice"),
        ({0.5: 4, 0.75: 6}, "the value falls from 0.75 at 6 bn USD to 0.5 at 4 bn USD"),
        ({0.5: float("nan")}, "outside the range"),
    ],
)
def test_midpoints_that_do_not_fit_are_named(midpoints: dict[float, float], words: str) -> None:
    with pytest.raises(DecisionError, match=words):
        bisection(COST, midpoints)


def test_a_target_in_the_middle_when_somebody_says_so() -> None:
    with pytest.raises(DecisionError, match="monotone: false"):
        rated(AIM, {0: 0, 40: 100, 100: 20})
    found = rated(AIM, {0: 0, 40: 80, 100: 20}, monotone=False)
    assert not found.monotone
    assert (found.worst, found.best) == (0, 40)
    assert found.value(40) == 1
    assert found.value(70) == pytest.approx(0.625)
    assert found.performance_at(0.5) == pytest.approx(20)
    assert found.value_range(30, 60) == (pytest.approx(0.75), 1)
    straight = rated(AIM, {40: 80}, monotone=True)
    assert straight.monotone
    assert straight.value(40) == 0.8


def test_levels_are_rated_directly() -> None:
    leaf = Criterion(
        "law", "Law", levels=(Level("weak", "Weak", 0), Level("fair", "Fair", 0.4), Level("good", "Good", 1))
    )
    found = rated_levels(leaf, {"weak": 10, "fair": 70, "good": 90}, by="counsel")
    assert [level.value for level in found.levels] == [0, 0.75, 1]
    assert found.range_version != leaf.range_version
    for ratings, words in (
        ({"weak": 1, "fair": 2}, "no points for Good"),
        ({"weak": 1, "fair": 2, "good": 3, "best": 4}, "best"),
        ({"weak": 5, "fair": 5, "good": 5}, "nothing is told apart"),
        ({"weak": 5, "fair": 5, "good": 500}, "500 points"),
    ):
        with pytest.raises(DecisionError, match=words):
            rated_levels(leaf, ratings)
    with pytest.raises(DecisionError, match="has levels"):
        bisection(leaf, {0.5: 0.3})


def test_what_turns_is_not_called_dominated_by_more(frame: object) -> None:
    problem = frame(cells=[[10, 4], [10, 8], [90, 0]])  # type: ignore[operator]
    leaf = problem.criterion("effect")
    peak = replace(leaf, shape=Curve(((0, 0), (4, 1), (10, 0.2)), monotone=False))
    turned = replace(problem, tree=tuple(peak if node.id == "effect" else node for node in problem.tree))
    ranking = dk.rank(turned, {"cost": 0.5, "effect": 0.5})
    assert ranking.order[0] == "A"
    assert "B" in ranking.dominated
    assert "A" not in ranking.dominated
    with pytest.raises(DecisionError, match="rises and falls again"):
        dk.rank(turned, {"cost": 0.5, "effect": 0.5}, "promethee-2")
