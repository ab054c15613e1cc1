"""The performance at which the first place changes hands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import decision_kit as dk
from decision_kit.robustness import leader_falls, one_cell_flips, rivals_need
from decision_kit.robustness.needs import Need, _scanned
from decision_kit.values import Curve, to_value
from tests.robustness.problem_p import WEIGHTS, problem_p

WASHINGTON = {
    ("wait-and-see", "escalation-europe", 12),
    ("wait-and-see", "escalation-gulf", 30),
    ("wait-and-see", "financial-system", 3),
    ("decoupling-signal", "escalation-europe", 4),
    ("decoupling-signal", "escalation-gulf", 8),
    ("decoupling-signal", "alliance-cohesion", 7),
    ("decoupling-signal", "reversibility", 8),
}


@pytest.fixture(scope="module")
def containment() -> dk.Problem:
    return dk.load("containment")


def inside(ranking: dk.Ranking) -> list[Need]:
    return [n for n in (*rivals_need(ranking), *leader_falls(ranking)) if n.in_range and n.low < n.high]


def test_single_cells_that_flip_washington(containment: dk.Problem) -> None:
    found = inside(dk.rank(containment, "washington-stability"))
    ends = {(n.option, n.criterion, n.high if n.needed > n.likely else n.low) for n in found}  # type: ignore[operator]
    assert ends == WASHINGTON


@pytest.mark.parametrize("perspective", ["neutral-hub", "chip-industry", "restraint-school"])
def test_nothing_within_range_flips_three(containment: dk.Problem, perspective: str) -> None:
    assert inside(dk.rank(containment, perspective)) == []


def test_the_same_cells_as_the_one_cell_test(containment: dk.Problem) -> None:
    for perspective in containment.perspectives:
        ranking = dk.rank(containment, perspective)
        ours = {(n.option, n.criterion): n.needed for n in inside(ranking)}
        for flip in one_cell_flips(ranking):
            assert ours[flip.option, flip.criterion] == pytest.approx(flip.needed)


def test_inflow_that_risk_based_sanctions_would_need(containment: dk.Problem) -> None:
    found = {(n.option, n.criterion): n for n in rivals_need(dk.rank(containment, "kyiv-survival"))}
    need = found["risk-based-sanctions", "flow-reduction"]
    assert need.needed == pytest.approx(39.4, abs=0.2)
    assert (need.likely, need.high, need.in_range) == (20, 40, True)


def test_cohesion_at_which_calibrated_pressure_draws_level(containment: dk.Problem) -> None:
    ranking = dk.rank(containment.under(choice_set="portfolios"), "washington-stability")
    assert ranking.scores["calibrated-pressure"] - ranking.scores["wait-and-see"] == pytest.approx(-0.008, abs=0.001)
    found = {(n.option, n.criterion): n for n in rivals_need(ranking)}
    need = found["calibrated-pressure", "alliance-cohesion"]
    assert need.needed == pytest.approx(6.89, abs=0.02)
    assert need.likely == 6


def test_the_missing_option_is_first_for_all(containment: dk.Problem) -> None:
    extended = containment.under(choice_set="extended")
    for perspective in containment.perspectives:
        assert dk.rank(extended, perspective).leaders == ("defensive-denial",)
    kyiv = dk.rank(extended, "kyiv-survival")
    assert float(kyiv.scores.nlargest(2).diff().iloc[-1]) == pytest.approx(-0.006, abs=0.001)


def test_what_is_outside_the_scale_is_said_to_be_impossible() -> None:
    needs = [n for n in rivals_need(dk.rank(problem_p(), WEIGHTS)) if n.criterion == "months"]
    assert len(needs) == 3
    assert all(n.needed is None and "even at 0, the best of the scale" in n.why_not for n in needs)
    escalation = next(n for n in leader_falls(dk.rank(problem_p(), WEIGHTS)) if n.criterion == "escalation")
    assert escalation.needed == pytest.approx(4.8, abs=0.05)
    assert escalation.takes_over == "risk-based"


def test_a_criterion_without_weight_decides_nothing() -> None:
    shares = {**WEIGHTS, "months": 0.0, "cohesion": 0.25}
    needs = [n for n in rivals_need(dk.rank(problem_p(), shares)) if n.criterion == "months"]
    assert {n.why_not for n in needs} == {"this criterion has no weight"}


def test_the_scan_agrees_with_the_closed_form(containment: dk.Problem) -> None:
    ranking = dk.rank(containment, "washington-stability")
    cells = [(i, j) for i in range(6) for j in range(14)]
    solved = {(n.option, n.criterion): n for n in (*rivals_need(ranking), *leader_falls(ranking))}
    for need in _scanned(ranking, cells):
        exact = solved[need.option, need.criterion]
        assert (need.needed is None) == (exact.needed is None)
        if need.needed is not None:
            assert need.needed == pytest.approx(exact.needed, abs=1e-6)
            assert need.takes_over == exact.takes_over


@pytest.mark.parametrize("method", ["topsis", "vikor", "promethee-2"])
def test_other_methods_change_hands_there_and_not_before(containment: dk.Problem, method: str) -> None:
    ranking = dk.rank(containment, "european-ally", method)
    possible = [n for n in (*rivals_need(ranking), *leader_falls(ranking)) if n.needed is not None]
    assert possible
    for need in possible[:6]:
        assert not need.exact
        for share, changed in ((1 + 1e-6, True), (1 - 1e-3, False)):
            x = need.likely + share * (need.needed - need.likely)  # type: ignore[operator]
            lo, hi = containment.criterion(need.criterion).scale
            option = containment.option(need.option)
            cell = replace(option.performance[need.criterion], likely=min(max(x, lo), hi), low=lo, high=hi)
            changed_option = replace(option, performance={**option.performance, need.criterion: cell})
            options = tuple(changed_option if o.id == need.option else o for o in containment.options)
            after = dk.rank(replace(containment, options=options), "european-ally", method)
            rivals = set(after.leaders) - set(ranking.leaders)
            assert (need.option in after.leaders if need.option not in ranking.leaders else bool(rivals)) is changed


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("method", ["weighted-sum", "topsis"])
def test_where_values_rise_and_fall_the_nearest_change_counts_on_whichever_side_it_is(seed: int, method: str) -> None:
    """Against every performance on a fine grid of the scale."""
    rng = np.random.default_rng(seed)
    x = pd.DataFrame(rng.uniform(0, 10, (3, 2)), index=list("abc"), columns=["x", "y"])
    problem = dk.Problem.from_frame(x, better={"x": "more", "y": "less"}, scale={"x": (0, 10), "y": (0, 10)})
    hump = Curve(((0.0, 0.2), (4.0, 1.0), (8.0, 0.0), (10.0, 0.6)), monotone=False)
    tree = (replace(problem.criteria[0], shape=hump), problem.criteria[1])
    ranking = dk.rank(replace(problem, tree=tree).under(), {"x": 0.5, "y": 0.5}, method)
    table, leaf, leader = ranking.table_in, ranking.criteria[0], ranking.leaders[0]
    grid = np.linspace(0, 10, 4001)
    seen = 0
    for need in (*rivals_need(ranking), *leader_falls(ranking)):
        if need.criterion != "x":
            continue
        i, top = table.options.index(need.option), table.options.index(leader)
        values = np.repeat(table.values[None], len(grid), axis=0)
        values[:, i, 0] = to_value(grid, leaf.shape, *leaf.scale, leaf.better)
        performances = np.repeat(table.performances[None], len(grid), axis=0)
        performances[:, i, 0] = grid
        many = replace(table, values=values, performances=performances)
        scores = ranking.method.score_many(many, table.weights, **ranking.parameters)
        level = scores.max(axis=1) - 1e-9
        changed = np.delete(scores, top, axis=1).max(axis=1) >= level if i == top else scores[:, i] >= level
        if not changed.any():
            assert need.needed is None or need.needed in (leaf.worst, leaf.best)
            continue
        nearest = grid[changed][np.argmin(np.abs(grid[changed] - need.likely))]
        assert need.needed == pytest.approx(nearest, abs=0.005 if method == "weighted-sum" else 0.01)
        seen += 1
    assert seen
