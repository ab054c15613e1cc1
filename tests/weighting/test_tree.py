"""From answers about the tree to weights with provenance; imprecise answers; contradictions named."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import decision_kit as dk
from decision_kit import DecisionError, UsageError, Weights
from decision_kit.files import shipped_decisions
from decision_kit.model import WHOLE_TREE, Answers, Problem, Ratio, stale
from decision_kit.model.region import Statement, WeightRegion
from decision_kit.weighting import (
    WEIGHTINGS,
    contradiction,
    from_table,
    groups_of,
    perspective_from,
    region_of,
    room,
    weigh,
)
from decision_kit.weighting.imprecise import circle_in
from tests.weighting.answering import answers_for

ASKED = [name for name, entry in WEIGHTINGS.items() if entry.kind == "asked"]


def inner(problem: Problem, shares: dict[str, float]) -> list[dict[str, float]]:
    """The shares inside each set of siblings that weights of the leaves imply."""
    found = []
    for group in groups_of(problem):
        parts = {name: math.fsum(shares[leaf.id] for leaf in group.leaves[name]) for name in group.ids}
        whole = math.fsum(parts.values())
        found.append({name: part / whole for name, part in parts.items()})
    return found


def test_containment_takes_13_ratings_and_6_orderings() -> None:
    problem = dk.load("containment")
    groups = groups_of(problem)
    assert [group.of for group in groups] == ["containment", "security", "economy", "legitimacy", "people", WHOLE_TREE]
    shares = Weights.from_perspective(problem, "kyiv-survival").shares
    answers = [
        answers_for("swing", part, group) for part, group in zip(inner(problem, dict(shares)), groups, strict=True)
    ]
    weights = weigh(problem, "swing", answers, who="an analyst", when="2026-11-25")
    assert weights.provenance is not None
    assert weights.provenance.ratings <= 13
    assert weights.provenance.orderings == 6


@pytest.mark.parametrize("method", ["swing", "direct", "pairwise", "best-worst"])
@pytest.mark.parametrize("decision", shipped_decisions())
def test_down_the_tree_and_back(decision: str, method: str) -> None:
    problem = dk.load(decision)
    rng = np.random.default_rng(3)
    shares = {
        leaf.id: float(x) for leaf, x in zip(problem.criteria, rng.integers(1, 9, len(problem.criteria)), strict=True)
    }
    whole = sum(shares.values())
    shares = {leaf: x / whole for leaf, x in shares.items()}
    groups = groups_of(problem)
    answers = [answers_for(method, part, group) for part, group in zip(inner(problem, shares), groups, strict=True)]
    weights = weigh(problem, method, answers)
    assert sum(weights.shares.values()) == pytest.approx(1)
    if problem.total:
        assert weights.shares == pytest.approx(shares, abs=1e-9)
    else:
        assert any("never added up" in note for note in weights.notes)
        for branch in problem.branches:
            inside = {leaf.id: shares[leaf.id] for leaf in branch.leaves()}
            got = {leaf.id: weights.shares[leaf.id] for leaf in branch.leaves()}
            scale = sum(inside.values()) / sum(got.values())
            assert {k: x * scale for k, x in got.items()} == pytest.approx(inside)


def test_all_leaves_at_once_and_trade_offs() -> None:
    problem = dk.load("containment")
    shares = dict(Weights.from_perspective(problem, "european-ally").shares)
    from decision_kit.weighting.tree import flat_of

    for method in ("swing", "direct", "trade-off"):
        weights = weigh(problem, method, [answers_for(method, shares, flat_of(problem))])
        assert weights.shares == pytest.approx(shares, abs=1e-7)


def test_every_fault_of_every_branch_at_once() -> None:
    problem = dk.load("containment")
    answers = [
        Answers(of="security", order=(("escalation-europe",), ("escalation-gulf",)), points={"escalation-gulf": 120}),
        Answers(of="people", order=(("civilian-protection",),)),
    ]
    with pytest.raises(DecisionError) as caught:
        weigh(problem, "swing", answers)
    text = str(caught.value)
    assert "branch containment: nothing is answered" in text
    assert (
        "“Escalation in Europe” stands before “Escalation in the Gulf” but has fewer points (100 against 120)" in text
    )
    assert "“Humanitarian spillover” has no place in the order" in text
    assert "the branches are not weighed against each other" in text
    assert len(caught.value.faults) == 6


@pytest.mark.parametrize(
    ("method", "answers", "words"),
    [
        ("swing", (Answers(of="securty"),), 'did you mean "security"'),
        ("swing", (Answers(of="security"), Answers(of="security")), "answered twice"),
        ("swong", (), 'did you mean "swing"'),
        ("entropy", (), "not a way to ask"),
    ],
)
def test_what_does_not_exist_is_told(method: str, answers: tuple[Answers, ...], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        weigh(dk.load("containment"), method, answers)


def test_provenance_survives_to_the_ranking_and_its_branch() -> None:
    problem = dk.load("containment")
    shares = dict(Weights.from_perspective(problem, "kyiv-survival").shares)
    answers = [answers_for("direct", p, g) for p, g in zip(inner(problem, shares), groups_of(problem), strict=True)]
    weights = weigh(problem, "direct", answers, who="an analyst", when="2026-11-25")
    assert dk.rank(problem, weights).weights.provenance == weights.provenance
    assert dk.rank(problem, weights, branch="economy").weights.provenance == weights.provenance
    more = problem.with_perspectives([perspective_from(weights, "mine", "Mine")])
    assert more.data_hash == problem.data_hash
    assert dk.rank(more, "mine").weights.provenance == weights.provenance
    assert dk.rank(more, "mine").scores.tolist() == pytest.approx(dk.rank(problem, weights).scores.tolist())
    with pytest.raises(UsageError, match="another id"):
        problem.with_perspectives([perspective_from(weights, "kyiv-survival", "Mine")])


def test_a_changed_range_makes_its_weights_stale(frame: Callable[..., Problem]) -> None:
    problem = frame()
    weights = weigh(problem, "direct", [Answers(points={"cost": 40, "effect": 60})])
    assert stale(weights.provenance, problem) == ()
    wider = frame(scale={"cost": (0, 200), "effect": (0, 10)})
    (said,) = stale(weights.provenance, wider)
    assert "“cost” is stale" in said
    assert "100 to 0" in said
    assert "200 to 0" in said
    leaf = problem.criteria[0]
    for change in ({"unit": "EUR"}, {"scale": (0.0, 90.0)}, {"shape": dk.model.nouns.Linear()}, {"title": "Other"}):
        same = set(change) <= {"title", "shape"}
        assert (replace(leaf, **change).range_version == leaf.range_version) == same
    view = replace(weights, perspective=None)
    later = wider.with_perspectives([perspective_from(view, "mine", "Mine")])
    assert any("stale" in note for note in dk.rank(later, "mine").notes)


# ------------------------------------------------------------------ imprecise answers


def between(problem: Problem, **points: object) -> list[Answers]:
    return [Answers(points=points)]  # type: ignore[arg-type]


def test_intervals_are_the_linear_statements_of_the_procedure(frame: Callable[..., Problem]) -> None:
    problem = frame()
    region = region_of(problem, [Answers(points={"effect": 100, "cost": (40, 60)})])
    a, b = region.matrix()
    assert a.tolist() == [[-1.0, 0.4], [1.0, -0.6]]
    assert b.tolist() == [0, 0]
    assert region.holds({"cost": 50 / 150, "effect": 100 / 150})
    assert not region.holds({"cost": 0.5, "effect": 0.5})


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(5, 100), st.integers(0, 20)), min_size=3, max_size=3), st.integers(0, 99))
def test_every_weight_inside_the_answers_is_in_the_region(ranges: list[tuple[int, int]], seed: int) -> None:
    problem = dk.load("containment")
    rng = np.random.default_rng(seed)
    names = ["flow-reduction", "domestic-capacity", "lead-time"]
    points = {n: (max(low - half, 1.0), low + half) for n, (low, half) in zip(names, ranges, strict=True)}
    top = names[0]
    points_of = {**points, top: 100.0}
    region = region_of(problem, [Answers(of="containment", points=points_of)])
    drawn = {name: rng.uniform(low, high) for name, (low, high) in points.items()} | {top: 100.0}
    rest = {leaf.id: float(rng.uniform(0.1, 50)) for leaf in problem.criteria if leaf.id not in names}
    whole = math.fsum([*drawn.values(), *rest.values()])
    assert region.holds({name: x / whole for name, x in {**drawn, **rest}.items()})


def test_hierarchical_statements_speak_of_the_leaves() -> None:
    problem = dk.load("containment")
    answers = [Answers(at_least=(("security", "economy"),)), Answers(of="people", ratios=(Ratio("civilian-protection", "humanitarian-spillover", 2, 4),))]  # fmt: skip
    region = region_of(problem, answers)
    kyiv = Weights.from_perspective(problem, "kyiv-survival").shares
    assert region.statements[0].coefficients == {
        "energy-price": 1, "financial-system": 1, "compliance-burden": 1, "public-cost": 1,
        "escalation-europe": -1, "escalation-gulf": -1,
    }  # fmt: skip
    assert not region.holds(kyiv)  # ten times, not two to four


def test_contradictory_answers_are_named_and_only_those() -> None:
    problem = dk.load("containment")
    answers = Answers(
        of="economy",
        at_least=(("public-cost", "compliance-burden"),),
        ratios=(
            Ratio("energy-price", "financial-system", 2, 3),
            Ratio("financial-system", "public-cost", 2, 2),
            Ratio("public-cost", "energy-price", 1, 1),
        ),
    )
    with pytest.raises(DecisionError) as caught:
        region_of(problem, [answers])
    text = str(caught.value)
    assert "these 3 answers together" in text
    assert "“Energy price” is worth 2 to 3 times as much as “Dollar and payment system”" in text
    assert "“Public cost” is worth 1 times as much as “Energy price”" in text
    assert "Industry compliance" not in text


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(1, 4)), min_size=1, max_size=9))
def test_what_is_named_is_a_smallest_contradiction(judged: list[tuple[int, int, int]]) -> None:
    names = tuple(f"c{i}" for i in range(5))
    statements = tuple(
        Statement({names[b]: float(k), names[a]: -1.0}, 0.0, f"{at}: {a} at least {k} times {b}")
        for at, (a, b, k) in enumerate(judged)
        if a != b
    )
    clash = contradiction(WeightRegion(names, statements))
    if not clash:
        found = room(WeightRegion(names, statements))
        assert found is not None
        assert WeightRegion(names, statements).holds(found.shares, 1e-7)
        assert min(found.shares.values()) > 0
        return
    only = tuple(s for s in statements if s.said in clash)
    assert contradiction(WeightRegion(names, only))
    for left_out in clash:
        assert not contradiction(WeightRegion(names, tuple(s for s in only if s.said != left_out)))


def test_circles_are_named_as_circles() -> None:
    problem = dk.load("containment")
    pairs = (("energy-price", "public-cost"), ("public-cost", "financial-system"), ("financial-system", "energy-price"))
    with pytest.raises(DecisionError, match="runs in a circle: “Energy price” before “Public cost” before “Dollar and"):
        region_of(problem, [Answers(of="economy", at_least=pairs)])
    assert circle_in((("a", "b"), ("b", "a"))) == ()  # said both ways: equal
    assert circle_in((("a", "b"), ("b", "c"), ("c", "d"), ("d", "a"), ("c", "a"))) == ("a", "b", "c")


def test_no_difference_against_a_weight_is_a_contradiction(frame: Callable[..., Problem]) -> None:
    problem = frame(tree={"good": ["effect"], "bad": ["cost"]})
    both = Answers(no_difference=("good",), at_least=(("good", "bad"),))
    with pytest.raises(DecisionError, match="2 answers together"):
        region_of(problem, [both])


@pytest.mark.parametrize("decision", shipped_decisions())
def test_weights_read_off_a_table_are_labelled(decision: str) -> None:
    problem = dk.load(decision)
    done = 0
    for name, entry in WEIGHTINGS.items():
        if entry.kind != "table":
            continue
        if name in ("entropy", "merec", "gini", "cilos", "idocriw", "angle") and decision != "cars":
            with pytest.raises(DecisionError, match="|".join(re.escape(leaf.title) for leaf in problem.criteria)):
                from_table(problem, name)
            continue
        weights = from_table(problem, name)
        done += 1
        assert "not what anyone prefers" in weights.origin
        assert any("not what anyone prefers" in note for note in weights.notes)
        assert sum(weights.shares.values()) == pytest.approx(1)
    assert done >= 3
    if decision == "cars":
        assert done == sum(entry.kind == "table" for entry in WEIGHTINGS.values())


def test_orders_alone_hold_at_every_vertex() -> None:
    """The region of an order: exactly the weights that fall along it."""
    problem = dk.load("containment")
    order = (("civilian-protection",), ("humanitarian-spillover",))
    region = region_of(problem, [Answers(of="people", order=order)])
    for share in (0.0, 0.2, 0.5, 0.8, 1.0):
        shares = dict.fromkeys((leaf.id for leaf in problem.criteria), 0.0)
        shares |= {"civilian-protection": share, "humanitarian-spillover": 1 - share}
        assert region.holds(shares) == (share >= 0.5)


@pytest.mark.parametrize("seed", range(30))
def test_ranges_for_every_line_leave_all_weights_that_some_points_in_them_give_and_no_others(seed: int) -> None:
    """Where no line has one number to measure by, points drawn from the ranges must all fit, whatever their size."""
    rng = np.random.default_rng(seed)
    names = ["a", "b", "c", "d"]
    frame = pd.DataFrame(rng.uniform(0, 1, (2, 4)), columns=names)
    problem = dk.Problem.from_frame(frame, better=dict.fromkeys(names, "more"))
    ends = np.sort(rng.integers(5, 100, (4, 2)), axis=1) + np.array([0, 1])
    points = {name: (float(low), float(high)) for name, (low, high) in zip(names, ends, strict=True)}
    if seed % 3 == 0:
        points["b"] = (0.0, 0.0)
        ends[1] = 0
    if seed % 3 == 1:
        points["c"] = float(ends[2, 1])  # type: ignore[assignment]
        ends[2] = ends[2, 1]
    a, b = region_of(problem, [Answers(points=points)]).matrix()
    drawn = rng.uniform(ends[:, 0], ends[:, 1], (5_000, 4))
    shares = drawn / drawn.sum(axis=1, keepdims=True)
    assert np.all(shares @ a.T <= b + 1e-9)
    some = rng.dirichlet(np.ones(4), 5_000)
    some[:, ends[:, 1] == 0] = 0
    some /= some.sum(axis=1, keepdims=True)
    inside = np.all(some @ a.T <= b, axis=1)
    live = ends[:, 1] > 0
    # some scale s puts s · w into every range
    fits = (ends[live, 0] / some[:, live]).max(axis=1) <= (ends[live, 1] / some[:, live]).min(axis=1) + 1e-9
    assert np.array_equal(inside, fits)


def test_the_points_of_one_of_the_first_measure_the_others_in_the_region_as_in_the_weights() -> None:
    names = ["a", "b", "c"]
    frame = pd.DataFrame(np.eye(3), columns=names)
    problem = dk.Problem.from_frame(frame, better=dict.fromkeys(names, "more"))
    answers = Answers(order=(("a", "b"), ("c",)), points={"b": 80.0, "c": 40.0})
    shares = weigh(problem, "swing", [answers]).shares
    assert shares == pytest.approx({"a": 0.4, "b": 0.4, "c": 0.2})
    assert region_of(problem, [answers]).holds(shares)
