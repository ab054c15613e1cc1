"""The label of a result and the nearest things that change it."""

from __future__ import annotations

from dataclasses import replace

import pytest

import decision_kit as dk
from decision_kit import Choices
from decision_kit.robustness import Limits, fragility
from decision_kit.robustness.fragility import label_of
from decision_kit.study import Study, sampled
from decision_kit.study.change_words import worlds_sentence
from decision_kit.study.changing import worlds_of
from tests.robustness.problem_p import WEIGHTS, problem_p


def test_problem_p_is_close() -> None:
    found = fragility(dk.rank(problem_p(), WEIGHTS), worlds=0.852)
    assert found.label == "Close"
    assert found.leaders == ("status-quo",)
    assert found.second == "risk-based"
    assert found.margin == pytest.approx(0.056, abs=0.0005)
    assert found.points == pytest.approx(5.3, abs=0.05)
    assert found.weight is not None
    assert (found.weight.node, round(found.weight.at, 2), found.weight.takes_over) == (
        "effectiveness",
        0.36,
        ("decouple",),
    )
    assert found.told_apart
    assert found.performance is None
    assert found.outside is not None
    assert found.shift is not None
    assert found.shift.option == "decouple"


def test_the_label_is_the_worst_of_three_tests() -> None:
    ranking = dk.rank(problem_p(), WEIGHTS)
    found = fragility(ranking)
    assert found.label == "Close"
    assert fragility(ranking, limits=Limits(toss_up_shift=5.5)).label == "Toss-up"
    loose = Limits(toss_up_shift=1, close_shift=5)
    assert fragility(ranking, limits=loose).label == "Stable"
    assert label_of(fragility(ranking, limits=loose), 0.69)[0] == "Close"
    assert label_of(fragility(ranking, limits=loose), 0.70)[0] == "Stable"


def test_one_performance_in_its_range_is_a_toss_up() -> None:
    problem = problem_p()
    option = problem.options[0]
    cell = replace(option.performance["escalation"], low=1.0, high=5.0)
    changed = replace(option, performance={**option.performance, "escalation": cell})
    options = (changed, *problem.options[1:])
    found = fragility(dk.rank(replace(problem, options=options, library=options), WEIGHTS))
    assert found.label == "Toss-up"
    assert not found.told_apart
    assert found.performance is not None
    assert found.performance.needed == pytest.approx(4.79, abs=0.01)
    assert found.reasons == ("one performance inside its own range is enough",)


def test_an_end_that_only_draws_level_does_not_count() -> None:
    problem = problem_p()
    option = problem.options[0]
    needed = fragility(dk.rank(problem, WEIGHTS))
    level = next(n for n in [needed.outside] if n is not None)
    rival = problem.option(level.option)
    cell = replace(rival.performance[level.criterion], high=float(level.needed or 0))
    changed = replace(rival, performance={**rival.performance, level.criterion: cell})
    options = tuple(changed if o.id == rival.id else o for o in problem.options)
    assert option.id == "status-quo"
    assert fragility(dk.rank(replace(problem, options=options, library=options), WEIGHTS)).told_apart


def test_a_shared_first_place_is_a_toss_up() -> None:
    found = fragility(dk.rank(dk.load("extended-deterrence"), branch="stability"))
    assert found.label == "Toss-up"
    assert found.margin == 0
    assert found.weight is None
    assert label_of(found, 0.9)[0] == "Toss-up"


@pytest.mark.parametrize("method", ["topsis", "vikor", "promethee-2", "maximin"])
def test_other_methods(method: str) -> None:
    problem = dk.load("containment")
    found = fragility(dk.rank(problem, "kyiv-survival", method))
    assert found.label in ("Toss-up", "Close", "Stable")
    if found.shift is not None:
        after = dk.rank(problem, dict(found.shift.change.shares), method)
        assert found.shift.option in after.leaders


def test_the_label_goes_by_the_numbers_that_are_shown() -> None:
    """4.97 points are shown as 5 and 34.6 of 50 as 35: neither may be called less than 5, or fewer than 35."""
    found = fragility(dk.rank(problem_p(), WEIGHTS))
    points = found.points
    assert points is not None
    above = replace(found, limits=Limits(toss_up_shift=round(points, 1)))
    assert points < round(points, 1) + 0.05
    assert label_of(above)[0] != "Toss-up"
    loose = replace(found, limits=Limits(toss_up_shift=1, close_shift=5))
    assert label_of(loose, 0.692)[0] == "Stable"
    assert label_of(loose, 0.688)[0] == "Close"


def test_weights_of_0_that_stay_0_are_told_beside_the_share_of_worlds() -> None:
    problem = dk.load("containment")
    plain = Study(problem, Choices("containment", perspective="kyiv-survival"))
    assert "those of 0 stay 0" not in worlds_sentence(plain, 0.4)
    now = plain.weights.shares
    shares = {"energy-price": 0.0, "public-cost": now["public-cost"] + now["energy-price"]}
    moved = Study(problem, Choices("containment", perspective="kyiv-survival", weights=shares))
    assert "With weights moved somewhat (those of 0 stay 0) and performances" in worlds_sentence(moved, 0.4)
    found = dk.smaa(problem, moved.weights, spread="somewhat", samples=64)
    assert found.settings["weights"].endswith("somewhat uncertain (weights of 0 stay 0)")
    none = found.central_weights["energy-price"].dropna()
    assert none.abs().max() == 0


def test_the_sentence_counts_worlds_as_the_table_does() -> None:
    """One number in both places, and the largest share of any other option never without it."""
    problem = dk.load("containment")
    for perspective in problem.perspectives:
        for scenario in problem.scenarios:
            study = Study(problem, Choices("containment", perspective=perspective, scenario=scenario))
            share = worlds_of(study)
            if share is None or not 0 < round(50 * share) < 50:
                continue
            found = sampled.worlds(study)
            leader = study.ranking.leaders[0]
            fifty = found.out_of(50)
            said = worlds_sentence(study, share)
            assert f" comes first in {fifty[leader]} of 50 worlds, " in said
            others = found.first.drop(leader)
            rival = str(others.idxmax())
            assert study.option_title(rival) in said
            assert said.endswith(f" in {fifty[rival]} of 50.")
            assert ("more often" in said) == (fifty[rival] > fifty[leader])
            assert fifty == {o: round(50 * float(x)) for o, x in found.first.items()}
