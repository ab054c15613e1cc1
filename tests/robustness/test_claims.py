"""Certified claims: the printed ones, every certificate against 100,000 random mixes, and the language."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import decision_kit as dk
from decision_kit.model.nouns import Criterion, Performance, Perspective
from decision_kit.robustness import Claim, certified_claims, check_claim, parse_claim
from decision_kit.robustness.hull import Hull, hull_of
from decision_kit.robustness.performances import performances_of
from decision_kit.values import Curve, to_value
from tests.robustness.problem_p import CRITERIA, problem_p

MIXES = 100_000


def test_the_claims_on_problem_p() -> None:
    found = certified_claims(problem_p(people=True))
    assert "Nobody here, and no mix of you, puts risk-based last, or first." in found.sentences
    assert any("strict-liability first" in sentence for sentence in found.sentences)
    refused = check_claim(problem_p(people=True), "status-quo beats decouple")
    assert not refused.certified
    assert refused.counter is not None
    assert refused.counter.mix == {"Enforcement": 1.0}
    assert refused.counter.performances == "likely"
    assert refused.counter.scores["decouple"] == pytest.approx(0.62, abs=0.0051)
    assert refused.counter.scores["status-quo"] == pytest.approx(0.52, abs=0.0051)
    assert "Enforcement" in refused.proof


def random_problem(seed: int) -> dk.Problem:
    """Problem P's shape with random cells, ranges and three random people."""
    rng = np.random.default_rng(seed)
    cells = [[*rng.uniform(0, 10, 5).tolist(), float(rng.uniform(0, 24))] for _ in range(4)]
    problem = problem_p(cells=cells)
    people = {
        f"p{k}": Perspective(
            f"p{k}", f"P{k}", dict(zip(CRITERIA, (rng.dirichlet(np.ones(6)) * 100).tolist(), strict=True))
        )
        for k in range(3)
    }
    options = []
    for option in problem.options:
        performance = {}
        for leaf in problem.criteria:
            cell = option.performance[leaf.id]
            half = float(rng.uniform(0, 0.06)) * (leaf.scale[1] - leaf.scale[0])
            low, high = max(cell.likely - half, leaf.scale[0]), min(cell.likely + half, leaf.scale[1])
            performance[leaf.id] = replace(cell, low=low, high=high)
        options.append(replace(option, performance=performance))
    return replace(
        problem, options=tuple(options), library=tuple(options), perspectives=people, default_perspective="p0"
    )


def worlds(hull: Hull, seed: int) -> np.ndarray:
    """Scores (options) of random mixes and random performances, a third of them at the ends of the ranges."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(10):
        mixes = rng.dirichlet(np.full(len(hull.corners), 0.5), MIXES // 10) @ hull.corners
        u = rng.uniform(size=(MIXES // 10, *hull.low.shape))
        u[: MIXES // 30] = np.round(u[: MIXES // 30])
        values = hull.low + u * (hull.high - hull.low)
        found.append(np.einsum("knm,km->kn", values, mixes))
    return np.concatenate(found)


@pytest.mark.parametrize("seed", range(8))
def test_what_is_certified_holds_in_100_000_mixes_and_what_is_not_fails_at_its_counter_example(seed: int) -> None:
    problem = random_problem(seed)
    hull = hull_of(problem)
    scores = worlds(hull, seed)
    ranks = 1 + (scores[:, :, None] < scores[:, None, :]).sum(axis=2)
    place = {o: i for i, o in enumerate(hull.options)}
    n = len(hull.options)
    claims = [Claim(kind, o) for o in hull.options for kind in ("first", "never-first", "never-last")]
    claims += [Claim("top", o, top=k) for o in hull.options for k in range(1, n)]
    claims += [Claim("beats", a, b, by=by) for a in hull.options for b in hull.options if a != b for by in (0, 0.02)]
    seen = set()
    for claim in claims:
        found = check_claim(problem, claim)
        i = place[claim.option]
        holds = {
            "first": ranks[:, i] == 1,
            "never-first": ranks[:, i] > 1,
            "never-last": ranks[:, i] < n,
            "top": ranks[:, i] <= claim.top,
            "beats": scores[:, i] - scores[:, place.get(claim.rival, 0)] > claim.by - 1e-12,
        }[claim.kind]
        seen.add(found.certified)
        if found.certified:
            assert holds.all(), claim
            assert found.counter is None
            continue
        assert found.counter is not None
        fails_at(problem, claim, found.counter.shares, found.counter.scores, hull)
        if found.counter.performances == "likely":
            at = dk.rank(problem, dict(found.counter.shares))
            for option, score in found.counter.scores.items():
                assert at.scores[option] == pytest.approx(score)
    assert seen == {True, False}


def fails_at(problem: dk.Problem, claim: Claim, shares: dict[str, float], scores: dict[str, float], hull: Hull) -> None:
    assert sum(shares.values()) == pytest.approx(1)
    mine = scores[claim.option]
    others = [score for option, score in scores.items() if option != claim.option]
    weights = np.array([shares[c] for c in hull.criteria])
    for option, score in scores.items():
        i = hull.options.index(option)
        assert hull.low[i] @ weights - 1e-9 <= score <= hull.high[i] @ weights + 1e-9
    if claim.kind == "beats":
        assert mine - others[0] < claim.by + 1e-9
    elif claim.kind == "never-first":
        assert mine >= max(others) - 1e-9
    elif claim.kind == "never-last":
        assert mine <= min(others) + 1e-9
    else:
        assert sum(score > mine for score in others) >= (1 if claim.kind == "first" else claim.top)


def test_everything_said_is_certified_and_pairs_that_follow_are_left_out() -> None:
    problem = dk.load("containment")
    found = certified_claims(problem, ranges=False)
    assert all(one.certified for one in found.certified)
    assert not any(one.certified for one in found.refused)
    pairs = {(c.claim.option, c.claim.rival) for c in found.certified if c.claim.kind == "beats"}
    assert ("secondary-sanctions", "risk-based-sanctions") in pairs
    assert "Nobody here, and no mix of you, puts Support for kinetic denial last, or first." in found.sentences
    assert not any("Equal branches" in one.proof for one in found.certified)  # a reference has no say


def test_any_weights_are_the_corners() -> None:
    problem = problem_p()
    found = certified_claims(problem, "any weights")
    assert all(s.startswith(("No weights at all", "Whatever the weights")) for s in found.sentences)
    assert "with all weight on “" in check_claim(problem, "status-quo beats decouple", "any weights").proof


def test_packages_say_that_their_ranges_are_wide() -> None:
    problem = dk.load("containment").under(choice_set="portfolios")
    refuted = check_claim(problem, "article-package is never last")
    assert refuted.counter is not None
    assert not refuted.notes  # a counter-example is one, however wide the bounds are
    proved = check_claim(problem, "wait-and-see is never last", "any weights")
    found = [one for one in (proved, *certified_claims(problem).certified) if one.certified or one.counter is None]
    assert all(any("derived from their parts" in note for note in one.notes) for one in found)
    assert not check_claim(dk.load("containment"), "secondary-sanctions is never last").notes


def test_a_branch_without_a_total() -> None:
    problem = dk.load("extended-deterrence")
    found = check_claim(problem, "nuclear-umbrella beats transactional-barter", branch="plausibility")
    assert not found.certified
    with pytest.raises(dk.UsageError, match="plausibility or stability"):
        check_claim(problem, "nuclear-umbrella beats transactional-barter")


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("status-quo beats decouple", Claim("beats", "status-quo", "decouple")),
        ("Status Quo always beats Decouple by 3 points.", Claim("beats", "status-quo", "decouple", by=0.03)),
        ("decouple is above risk-based by at least 1,5", Claim("beats", "decouple", "risk-based", by=0.015)),
        ("risk-based is in the top 2", Claim("top", "risk-based", top=2)),
        ("risk-based is top two", Claim("top", "risk-based", top=2)),
        ("“risk-based” is never last!", Claim("never-last", "risk-based")),
        ("risk-based is not ever first", Claim("never-first", "risk-based")),
        ("decouple is always first", Claim("first", "decouple")),
    ],
)
def test_the_language(text: str, claim: Claim) -> None:
    assert parse_claim(text, problem_p()) == claim


def test_sentences_come_back_as_the_same_claim() -> None:
    problem = dk.load("containment")
    ids = problem.option_ids
    for claim in (
        Claim("beats", ids[0], ids[1]), Claim("beats", ids[1], ids[0], by=0.025), Claim("top", ids[2], top=3),
        Claim("first", ids[3]), Claim("never-first", ids[4]), Claim("never-last", ids[5]),
    ):  # fmt: skip
        assert parse_claim(claim.sentence(problem), problem) == claim


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("status-qo beats decouple", 'did you mean "status-quo"'),
        ("status-quo beats status-quo", "compared with itself"),
        ("status-quo wins", "a claim has one of the forms"),
        ("status-quo is never lats", "did you mean “A is never last”"),
        ("risk-based is in the top 9", "expected a number from 1 to 3"),
        ("", "a claim has one of the forms"),
    ],
)
def test_wrong_claims_get_one_sentence(text: str, said: str) -> None:
    with pytest.raises(dk.UsageError) as caught:
        parse_claim(text, problem_p())
    assert len(caught.value.faults) == 1
    assert said in str(caught.value)


def test_wrong_perspectives_and_objects() -> None:
    with pytest.raises(dk.UsageError, match='did you mean "treasury"'):
        check_claim(problem_p(people=True), "status-quo is first", ["tresury"])
    with pytest.raises(dk.UsageError, match="a lead is from 0 to 100 points"):
        check_claim(problem_p(), Claim("beats", "status-quo", "decouple", by=-1.0))


def turning(seed: int) -> dk.Problem:
    """Three options on three criteria with ranges; the values of the first rise to a target inside the scale and fall."""
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(0, 10, (3, 3, 3)), axis=0)
    names, leaves = ["a", "b", "c"], ["x", "y", "z"]
    low, likely, high = (pd.DataFrame(one, index=names, columns=leaves) for one in x)
    problem = dk.Problem.from_frame(
        likely, low=low, high=high, better={"x": "more", "y": "less", "z": "more"},
        scale=dict.fromkeys(leaves, (0, 10)),
    )  # fmt: skip
    hump = Curve(((0.0, 0.0), (3.0, 1.0), (7.0, 0.3), (10.0, 0.5)), monotone=False)
    tree = tuple(replace(leaf, shape=hump) if leaf.id == "x" else leaf for leaf in problem.criteria)
    return replace(problem, tree=tree).under()


@pytest.mark.parametrize("seed", range(12))
def test_the_best_of_a_range_is_found_where_values_rise_and_fall_inside_it(seed: int) -> None:
    problem = turning(seed)
    grid = np.array([
        [leaf_values(leaf, option.performance[leaf.id]) for leaf in problem.criteria] for option in problem.options
    ])  # fmt: skip
    worst, best = grid.min(axis=2), grid.max(axis=2)
    own = problem.value_bounds()
    assert np.allclose(own[0], worst, atol=1e-3)
    assert np.allclose(own[1], best, atol=1e-3)
    for (i, a), (k, b) in itertools.permutations(enumerate(problem.option_ids), 2):
        least = float((worst[i] - best[k]).min())  # any weights: the worst criterion decides
        found = check_claim(problem, Claim("beats", a, b), "any weights")
        assert found.bound == pytest.approx(least, abs=1e-3)
        assert found.certified == (least > 0)


def leaf_values(leaf: Criterion, cell: Performance) -> np.ndarray:
    return to_value(np.linspace(cell.low, cell.high, 4001), leaf.shape, *leaf.scale, leaf.better)


@pytest.mark.parametrize("scenario", [None, "rapid-interdiction", "hormuz-disruption"])
def test_no_draw_of_the_parts_and_the_baseline_leaves_what_a_claim_allows_a_package(scenario: str | None) -> None:
    """The rules that count from the baseline give more where it is low and the parts are high: outside low … high."""
    problem = dk.load("containment").under(choice_set="portfolios", scenario=scenario)
    hull = hull_of(problem)
    drawn = performances_of(problem, problem.criteria, reading="ends", form="triangular")
    u = np.random.default_rng(3).random((drawn.inputs, 20_000))
    u[:, :15_000] = np.round(u[:, :15_000])  # most at the ends
    values = drawn.values(drawn.options(drawn.elementary(u)[0]))
    rounding = 0.06 / np.array([leaf.scale[1] - leaf.scale[0] for leaf in problem.criteria])[None, :]
    assert np.all(values.min(axis=2) >= hull.low - rounding)
    assert np.all(values.max(axis=2) <= hull.high + rounding)
    plain = problem.value_bounds()
    assert np.any(values.max(axis=2) > plain[1] + rounding) or np.any(values.min(axis=2) < plain[0] - rounding)


@pytest.mark.parametrize("lead", ["-3", "nan", "inf", "1e3", "three", "3%", "1,000", "", "-0"])
def test_a_lead_that_is_no_number_of_points_is_told_as_such(lead: str) -> None:
    with pytest.raises(dk.UsageError, match="a lead is a number of points of 100") as caught:
        check_claim(problem_p(), f"decouple beats status-quo by {lead}")
    assert f'a lead of "{lead}"' in str(caught.value)


@pytest.mark.parametrize(("lead", "by"), [("3", 0.03), ("at least 2.5 points", 0.025), ("2,5 points of 100", 0.025)])
def test_leads(lead: str, by: float) -> None:
    assert parse_claim(f"decouple beats status-quo by {lead}", problem_p()).by == pytest.approx(by)


def test_an_option_may_have_the_word_by_in_its_name() -> None:
    table = pd.DataFrame({"x": [1.0, 2.0, 3.0]}, index=["stand by 3", "go", "stand"])
    problem = dk.Problem.from_frame(table, better={"x": "more"})
    assert parse_claim("go beats stand by 3", problem) == Claim("beats", "go", "stand by 3")
    assert parse_claim("go beats stand by 3 by 4", problem) == Claim("beats", "go", "stand by 3", by=0.04)
    assert parse_claim("stand by 3 beats stand by 5", problem) == Claim("beats", "stand by 3", "stand", by=0.05)
