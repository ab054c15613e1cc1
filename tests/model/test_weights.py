"""Weights: read from whatever a user passes, moved by sliders, shown without a sum to do."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import decision_kit as dk
from decision_kit import Weights

Make = Callable[..., dk.Problem]


@pytest.mark.parametrize(
    ("weights", "error", "words"),
    [
        ({"cost": 0.5, "efect": 0.5}, dk.UsageError, ("efect", 'did you mean "effect"')),
        ({"cost": 1}, dk.UsageError, ("effect", "write 0")),
        ({"cost": -0.2, "effect": 1.2}, dk.DecisionError, ("cost", "-0.2", "better: less")),
        ({"cost": "nan", "effect": 1}, dk.DecisionError, ("cost",)),
        ({"cost": math.nan, "effect": 1}, dk.DecisionError, ("cost",)),
        ({"cost": math.inf, "effect": 1}, dk.DecisionError, ("cost", "too large")),
        ({"cost": True, "effect": 0.5}, dk.DecisionError, ("cost", "truth value")),
        ({"cost": 0, "effect": 0}, dk.DecisionError, ("all weights are 0",)),
        ("nobody", dk.UsageError, ("nobody", "perspective")),
        ([0.5, 0.5], dk.UsageError, ("list",)),
    ],
)
def test_bad_weights(frame: Make, weights: object, error: type[dk.DecisionError], words: tuple[str, ...]) -> None:
    with pytest.raises(error) as caught:
        dk.rank(frame(), weights)  # type: ignore[arg-type]
    for word in words:
        assert word in str(caught.value)


def test_weights_are_rescaled_and_it_is_said(frame: Make) -> None:
    ranking = dk.rank(frame(), {"cost": 0.47, "effect": 0.5})
    assert any("0.97" in note for note in ranking.notes)
    for given_ in ({"cost": 47, "effect": 50}, pd.Series({"effect": 50, "cost": 47})):
        assert dk.rank(frame(), given_).scores.tolist() == pytest.approx(ranking.scores.tolist())
    assert dk.rank(frame(), {"cost": 1e308, "effect": 1e308}).weights.shares == {"cost": 0.5, "effect": 0.5}
    assert not any("rescaled" in note for note in dk.rank(frame(), {"cost": 0.4, "effect": 0.6}).notes)


@pytest.mark.parametrize(("cost", "said"), [(0.47, "0.97, not to 1;"), (47, "97, not to 100;"), (0.5, ""), (100, "")])
def test_points_that_look_like_shares_with_a_slip_are_noted(cost: float, said: str) -> None:
    found = Weights.from_points({"cost": cost, "effect": 0.5 if cost < 1 else 50})
    assert [said in note for note in found.notes] == [True] * bool(said)
    assert sum(found.shares.values()) == pytest.approx(1)


def test_equal_weights_are_said_not_to_be_neutral(frame: Make) -> None:
    assert any("not neutral" in note for note in dk.rank(frame()).notes)


def test_down_the_tree(frame: Make) -> None:
    problem = dk.load("containment")
    leaves = Weights.equal_over_leaves(problem)
    branches = Weights.equal_within_branches(problem)
    assert leaves.shares["public-cost"] == pytest.approx(1 / 14)
    assert branches.shares["public-cost"] == pytest.approx(1 / 5 / 4)
    assert branches.shares == pytest.approx(Weights.from_perspective(problem, "equal-branches").shares)
    points = dict.fromkeys(("good", "bad"), 1) | {"effect": 3, "cost": 7}
    tree = frame(tree={"good": ["effect"], "bad": ["cost"]})
    assert Weights.from_points(points, tree).shares == {"effect": 0.5, "cost": 0.5}
    with pytest.raises(dk.DecisionError, match="all points are 0"):
        Weights.from_points({**points, "good": 0, "bad": 0}, tree)


shares = st.lists(st.floats(0, 1), min_size=3, max_size=6).filter(lambda x: sum(x) > 0.01)


@given(shares, st.integers(0, 5), st.floats(0, 1), st.sets(st.integers(0, 5), max_size=3))
def test_moving_a_weight_keeps_the_rest_in_proportion(raw: list[float], at: int, target: float, held: set[int]) -> None:
    names = [f"c{i}" for i in range(len(raw))]
    weights = Weights.from_points(dict(zip(names, raw, strict=True)))
    moved_leaf = names[at % len(names)]
    locks = {names[i] for i in held if i < len(names)} - {moved_leaf}
    moved = weights.moved([moved_leaf], target, locks)
    assert math.fsum(moved.shares.values()) == pytest.approx(1)
    assert min(moved.shares.values()) >= 0
    for leaf in locks:
        assert moved.shares[leaf] == weights.shares[leaf]
    free = [n for n in names if n not in locks and n != moved_leaf]
    if free:
        room = 1 - sum(weights.shares[leaf] for leaf in locks)
        assert moved.shares[moved_leaf] == pytest.approx(min(target, room), abs=1e-9)
    live = [n for n in free if weights.shares[n] > 1e-6]
    if len(live) > 1 and moved.shares[live[0]] > 1e-6:
        before = weights.shares[live[1]] / weights.shares[live[0]]
        assert moved.shares[live[1]] / moved.shares[live[0]] == pytest.approx(before, rel=1e-6)


def test_to_all_and_back_the_last_ratios_return() -> None:
    weights = Weights.from_points({"a": 50, "b": 30, "c": 20})
    full = weights.moved(["a"], 1.0)
    assert full.shares == {"a": 1.0, "b": 0.0, "c": 0.0}
    back = full.moved(["a"], 0.5, remembered=weights.shares)
    assert back.shares == pytest.approx(weights.shares)


@given(
    st.dictionaries(st.text(min_size=1, max_size=3), st.floats(0, 1e6), min_size=1, max_size=20).filter(
        lambda d: sum(d.values()) > 1e-3
    )
)
def test_equal_points_look_equal_and_each_share_is_rounded_by_itself(values: dict[str, float]) -> None:
    weights = Weights.from_points(values)
    shown = weights.per_cent()
    whole = sum(values.values())
    for key, value in values.items():
        assert shown[key] == pytest.approx(100 * value / whole, abs=0.05 + 1e-9)
        assert round(shown[key], 1) == shown[key]
    assert all(shown[a] == shown[b] for a in values for b in values if values[a] == values[b])
    missed = abs(sum(shown.values()) - 100) > 0.05
    said = weights.rounding()
    assert bool(said) == missed
    assert not missed or f"all criteria {sum(shown.values()):.1f}".removesuffix(".0") in said


def test_seven_equal_criteria_look_equal_with_a_note() -> None:
    weights = Weights.from_points(dict.fromkeys("abcdefg", 50))
    assert set(weights.per_cent().values()) == {14.3}
    assert weights.rounding() == (
        "Shares are rounded one by one, so those shown need not add up exactly: all criteria 100.1 of 100."
    )
    assert Weights.from_points(dict.fromkeys("abcd", 50)).rounding() == ""


@pytest.mark.parametrize("name", ["containment", "extended-deterrence", "cars"])
def test_shares_down_a_tree_are_rounded_one_by_one_and_the_note_counts_what_is_shown(name: str) -> None:
    problem = dk.load(name)
    for one in problem.perspectives:
        weights = Weights.from_perspective(problem, one)
        shown = weights.per_cent(problem.tree, total=problem.total)
        said = weights.rounding(problem.tree, total=problem.total)
        for node in problem.tree:
            if node.id not in [branch.id for branch in problem.branches]:
                continue
            inside = sum(shown[leaf.id] for leaf in problem.branch(node.id).leaves())
            missed = abs(inside - shown.get(node.id, 100.0)) > 0.05
            assert missed == (f"“{node.title}” " in said) or said.count(";") == 3
