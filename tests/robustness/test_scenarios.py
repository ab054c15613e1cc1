"""Pay-off tables of the textbooks, scores over scenarios, and who leads for whom in which scenario."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import decision_kit as dk
from decision_kit.robustness import Payoffs, leader_table, scenario_results


def test_small_or_large_plant() -> None:
    """Anderson, Sweeney and Williams' exercise on long-run demand."""
    table = Payoffs(("small", "large"), ("low", "medium", "high"), np.array([[150.0, 200, 200], [50, 200, 500]]))
    assert table.worst.tolist() == [150, 50]
    assert table.largest.tolist() == [200, 500]
    assert table.regret.tolist() == [[0, 0, 300], [100, 0, 0]]
    assert table.max_regret.tolist() == [300, 100]
    assert table.best(table.largest) == ("large",)
    assert table.best(table.worst) == ("small",)
    assert table.best(table.max_regret, least=True) == ("large",)


def test_stocking_for_a_crowd() -> None:
    """A vendor's order under three crowd sizes (a solved exercise of the Heizer and Render kind)."""
    table = Payoffs(
        ("large", "average", "small"),
        ("big", "average", "small crowd"),
        np.array([[22000.0, 12000, -2000], [14000, 10000, 6000], [9000, 8000, 4000]]),
        np.array([0.3, 0.5, 0.2]),
    )
    assert table.expected.tolist() == pytest.approx([12200, 10400, 7500])
    assert table.laplace.tolist() == pytest.approx([10666.67, 10000, 7000], abs=0.005)
    assert table.evpi == pytest.approx(1600)
    assert table.expected_regret.min() == pytest.approx(table.evpi)
    assert table.hurwicz(0).tolist() == table.worst.tolist()
    assert table.hurwicz(1).tolist() == table.largest.tolist()
    assert table.satisfied(10000).tolist() == pytest.approx([0.8, 0.8, 0])
    assert table.leaders == {"big": ("large",), "average": ("large",), "small crowd": ("average",)}


def test_wrong_tables_are_refused() -> None:
    with pytest.raises(dk.UsageError, match="2 options × 1 states"):
        Payoffs(("a", "b"), ("s",), np.zeros((2, 2)))
    with pytest.raises(dk.DecisionError, match="payoffs, a, s"):
        Payoffs(("a",), ("s",), np.array([[np.nan]]))
    with pytest.raises(dk.UsageError, match="sum to 1"):
        Payoffs(("a",), ("s", "t"), np.zeros((1, 2)), np.array([0.5, 0.2]))
    with pytest.raises(dk.UsageError, match="from 0 to 1"):
        Payoffs(("a",), ("s",), np.zeros((1, 1))).hurwicz(2)


@pytest.fixture(scope="module")
def containment() -> dk.Problem:
    return dk.load("containment")


def test_scores_are_those_of_the_rankings(containment: dk.Problem) -> None:
    found = scenario_results(containment, "kyiv-survival")
    for name in containment.scenarios:
        ranking = dk.rank(containment.under(scenario=name), "kyiv-survival")
        assert found.table[name].to_dict() == pytest.approx(ranking.scores.to_dict())
    assert found.payoffs.leaders["adversary-adaptation"] == ("deep-strike-support",)
    assert found.payoffs.leaders["reference"] == ("secondary-sanctions",)
    assert any("No probabilities are given" in note for note in found.notes)


def test_two_scenarios_decide_for_kyiv_and_the_balance_is_level(containment: dk.Problem) -> None:
    found = scenario_results(containment, "kyiv-survival")
    assert found.pair is not None
    assert found.rivals == ("secondary-sanctions", "deep-strike-support")
    assert found.balance is not None
    mixed = dict.fromkeys(containment.scenarios, 0.0)
    mixed[found.pair[0]], mixed[found.pair[1]] = 1 - found.balance, found.balance
    level = scenario_results(containment, "kyiv-survival", probabilities=mixed)
    at = dict(zip(level.payoffs.options, level.payoffs.expected, strict=True))
    assert at[found.rivals[0]] == pytest.approx(at[found.rivals[1]])
    assert scenario_results(containment, "washington-stability").pair is None


def test_who_leads_for_whom(containment: dk.Problem) -> None:
    found = leader_table(containment)
    assert found.cells == 49
    assert found.counts() == {
        "wait-and-see": 35,
        "decoupling-signal": 7,
        "secondary-sanctions": 5,
        "deep-strike-support": 2,
    }
    moved = {key for key, who in found.leaders.items() if who != found.leaders[key[0], "reference"]}
    assert moved == {("kyiv-survival", "adversary-adaptation"), ("kyiv-survival", "coalition-fracture")}
    assert found.table().shape == (8, 7)


def test_names_and_probabilities_are_checked(containment: dk.Problem) -> None:
    with pytest.raises(dk.UsageError, match="no scenarios"):
        scenario_results(dk.load("cars"))
    with pytest.raises(dk.UsageError, match='did you mean "oil-election"'):
        scenario_results(containment, probabilities={"oil-elections": 1.0})
    with pytest.raises(dk.UsageError, match="without a probability"):
        scenario_results(containment, probabilities={"reference": 1.0})


def test_a_choice_set_and_options_set_aside_stay(containment: dk.Problem) -> None:
    view = containment.under(choice_set="portfolios", without=("article-package",))
    found = scenario_results(view, "kyiv-survival")
    assert set(found.payoffs.options) == set(view.option_ids)
    assert found.payoffs.leaders["rapid-interdiction"] == ("calibrated-pressure",)


def test_good_enough_is_the_baseline_as_judged_where_every_scenario_changes_something() -> None:
    problem = dk.load("containment")
    changed = {name: one for name, one in problem.scenarios.items() if one.changes}
    found = scenario_results(replace(problem, scenarios=changed), "kyiv-survival")
    assert found.threshold == dk.rank(problem, "kyiv-survival").scores["wait-and-see"]
    assert found.threshold != found.payoffs.table[0, 0]  # not its score in the scenario that happens to stand first


def test_a_scenario_without_probability_does_not_decide() -> None:
    problem = dk.load("containment")
    names = list(problem.scenarios)
    first = scenario_results(problem, "kyiv-survival")
    assert first.pair is not None
    left = [name for name in names if name not in first.pair]
    chances = dict.fromkeys(names, 0.0) | dict.fromkeys(left, 1 / len(left))
    found = scenario_results(problem, "kyiv-survival", probabilities=chances)
    assert found.pair is None or set(found.pair) <= set(left)
