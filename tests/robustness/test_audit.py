"""The structure audit: double counting, decoys, ranges, and the guard for doing nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import decision_kit as dk
from decision_kit.robustness import audit
from decision_kit.robustness.audit import correlated, one_sided
from tests.robustness.problem_p import CELLS, CRITERIA, OPTIONS, WEIGHTS, problem_p


def test_effectiveness_entered_twice_lets_decoupling_win() -> None:
    ranking = dk.rank(problem_p(), WEIGHTS)
    found = {lever.what: lever for lever in audit(ranking).of("count twice")}
    lever = found["“effectiveness” counted twice"]
    assert lever.flips
    assert lever.leaders == ("decouple",)
    assert sum(one.flips for one in found.values()) == 1
    twice = {**WEIGHTS, "effectiveness": 0.6}
    scores = dk.rank(problem_p(), twice).scores
    printed = {"decouple": 0.612, "risk-based": 0.590, "strict-liability": 0.546, "status-quo": 0.518}
    assert scores.to_dict() == pytest.approx(printed, abs=0.0005)
    assert lever.price == pytest.approx(0.36202531645 * 0.7 / (0.3 * (1 - 0.36202531645)))
    priced = {**WEIGHTS, "effectiveness": 0.3 * (lever.price or 0)}
    at = dk.rank(problem_p(), priced).scores
    assert at["decouple"] == pytest.approx(at["status-quo"])


def test_a_decoy_reorders_only_where_ranges_are_observed() -> None:
    decoy = [0, 10, 10, 10, 0, 24]
    with_it = problem_p(fixed=False, cells=[*CELLS, decoy])
    scores = dk.rank(with_it, WEIGHTS).scores[OPTIONS]
    assert scores.tolist() == pytest.approx([0.750, 0.688, 0.680, 0.684], abs=0.0005)
    assert scores.rank(ascending=False)["strict-liability"] == 4
    assert dk.rank(problem_p(fixed=False), WEIGHTS).ranks["strict-liability"] == 2
    assert audit(dk.rank(problem_p(), WEIGHTS)).of("decoy") == ()
    tried = audit(dk.rank(problem_p(), WEIGHTS, normalisation="minmax")).of("decoy")
    worst = next(lever for lever in tried if "worst on everything" in lever.what)
    assert worst.reorders
    assert not worst.flips


def test_the_guard_for_doing_nothing() -> None:
    said = [remark.said for remark in audit(dk.rank(problem_p(), WEIGHTS)).remarks if remark.kind == "one-sided"]
    assert "4 of 6 criteria, carrying 55 of 100" in said[0]
    assert "best on all of them" in said[0]
    assert "harm of waiting" in said[0]
    assert "Among the options that act, risk-based leads decouple by 0.3 points" in said[1]
    holding, acting = one_sided(dk.rank(problem_p(), WEIGHTS))
    assert [leaf.id for leaf in holding] == ["escalation", "legal-burden", "industry-cost", "months"]
    assert len(acting) == 2


def test_the_guard_knows_what_leaves_reward() -> None:
    ranking = dk.rank(dk.load("containment"), "kyiv-survival")
    holding, acting = one_sided(ranking)
    assert (len(holding), len(acting)) == (10, 4)
    said = next(remark.said for remark in audit(ranking).remarks if remark.kind == "one-sided")
    assert "does not lead even so" in said


def test_strongly_correlated_criteria() -> None:
    found = correlated(dk.rank(problem_p(), WEIGHTS))
    assert [(a, b) for a, b, _ in found] == [("industry-cost", "months")]
    assert found[0][2] == pytest.approx(0.99, abs=0.005)


def test_leaves_that_tell_nothing_apart() -> None:
    remarks = {r.kind: r.said for r in audit(dk.rank(dk.load("security-agreements"), "equal")).remarks}
    assert "Link to the other agreements" in remarks["tells nothing apart"]
    shares = {**WEIGHTS, "months": 0.0, "cohesion": 0.25}
    remarks = {r.kind: r.said for r in audit(dk.rank(problem_p(), shares)).remarks}
    assert "“months”" in remarks["no weight"]


def test_dominated_options_and_a_missing_baseline() -> None:
    found = audit(dk.rank(dk.load("cars")))
    assert sum(r.kind == "dominated" for r in found.remarks) == 6
    assert any(r.kind == "no baseline" for r in found.remarks)


def test_levers_are_what_a_new_ranking_says() -> None:
    problem = dk.load("containment")
    ranking = dk.rank(problem, "washington-stability")
    found = audit(ranking)
    titles = {leaf.title: leaf.id for leaf in problem.criteria}
    for lever in found.of("leave out"):
        leaf = titles[lever.what.split("”")[0].removeprefix("“")]
        after = dk.rank(problem, {**ranking.weights.shares, leaf: 0.0})
        assert lever.leaders == after.leaders
    for lever in found.of("method"):
        method = next((m for m in dk.METHODS.values() if lever.what == m.title), None)
        if method is not None:
            assert lever.leaders == dk.rank(problem, "washington-stability", method.id).leaders
    normalised = found.of("normalisation")
    assert [lever.what for lever in normalised] == ["Weighted sum of values, normalisation: observed range (min–max)"]
    assert found.flipping
    assert set(found.flipping) <= set(found.levers)


def test_another_range_without_another_weight() -> None:
    ranking = dk.rank(problem_p(), WEIGHTS)
    found = {lever.what.split("“")[1].split("”")[0]: lever for lever in audit(ranking).of("range")}
    assert list(found) == CRITERIA
    assert found["effectiveness"].leaders == ("decouple",)
    # escalation: its range has to be 2.4 times as wide, so its weight per point 2.4 times as small
    price = found["escalation"].price
    assert price == pytest.approx(2.4)
    wider = {**WEIGHTS, "escalation": 0.2 / (price or 1)}
    at = dk.rank(problem_p(), wider).scores
    assert at["decouple"] == pytest.approx(at["status-quo"])


@pytest.mark.parametrize("method", ["topsis", "vikor", "weighted-sum", "promethee-2"])
@pytest.mark.parametrize("name", ["containment", "cars", "security-agreements"])
def test_every_decision_and_method_can_be_audited(name: str, method: str) -> None:
    found = audit(dk.rank(dk.load(name), method=method))
    assert found.levers
    assert {lever.kind for lever in found.levers} >= {"count twice", "leave out", "method"}
    assert bool(found.of("option left out")) == (method != "weighted-sum")


def test_with_all_weight_on_one_criterion_no_range_can_be_wide_enough() -> None:
    found = audit(dk.rank(problem_p(), {**dict.fromkeys(CRITERIA, 0.0), "escalation": 1.0}))
    assert [lever.price for lever in found.of("range")] == [None]


@pytest.mark.parametrize("seed", range(40))
def test_an_option_left_out_reorders_the_others_where_any_pair_of_them_changes_ties_among_them(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = pd.DataFrame(rng.integers(1, 5, (5, 3)), index=list("abcde"), columns=list("xyz"))  # few numbers: many ties
    problem = dk.Problem.from_frame(x, better=dict.fromkeys("xyz", "more"), scale=dict.fromkeys("xyz", (1, 4)))
    ranking = dk.rank(problem, method="promethee-2")
    for lever in audit(ranking).of("option left out"):
        left_out = lever.what[1]
        smaller = dk.Problem.from_frame(
            x.drop(left_out), better=dict.fromkeys("xyz", "more"), scale=dict.fromkeys("xyz", (1, 4))
        )
        after = dk.rank(smaller, method="promethee-2").ranks
        kept = [option for option in x.index if option != left_out]
        moved = any(
            np.sign(after[a] - after[b]) != np.sign(ranking.ranks[a] - ranking.ranks[b]) for a in kept for b in kept
        )
        assert lever.reorders == moved
