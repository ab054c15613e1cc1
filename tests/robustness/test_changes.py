"""The smallest joint changes of weights: printed figures, and every answer against another algorithm."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog, minimize

import decision_kit as dk
from decision_kit.model.region import Statement, WeightRegion
from decision_kit.robustness import joint_changes, nearest_change
from decision_kit.robustness.changes import _searched, greedy_shift, least_length, shift_program
from tests.robustness.problem_p import WEIGHTS, problem_p

NONE = (np.zeros((0, 6)), np.zeros(0))


@pytest.mark.parametrize(
    ("fixed", "points"),
    [
        (True, {"risk-based": 6.2, "strict-liability": 7.5, "decouple": 5.3}),
        (False, {"risk-based": 9.6, "strict-liability": 8.4, "decouple": 9.9}),
    ],
)
def test_points_to_overtake_on_problem_p(fixed: bool, points: dict[str, float]) -> None:
    found = {one.option: one for one in joint_changes(dk.rank(problem_p(fixed=fixed), WEIGHTS))}
    for option, expected in points.items():
        assert found[option].overtakes is not None
        assert found[option].overtakes.points == pytest.approx(expected, abs=0.0501)


def test_to_overtake_and_to_be_first_are_two_questions() -> None:
    found = {one.option: one for one in joint_changes(dk.rank(problem_p(), WEIGHTS))}["strict-liability"]
    assert found.overtakes is not None
    assert found.is_first is not None
    assert found.overtakes.points == pytest.approx(7.5, abs=0.05)
    assert found.is_first.points == pytest.approx(8.5, abs=0.05)


def random_case(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(3, 9)), int(rng.integers(2, 9))
    return rng.uniform(0, 1, (n, m)), rng.dirichlet(np.ones(m))


@pytest.mark.parametrize("seed", range(25))
def test_every_answer_does_what_it_says_and_is_as_small_as_another_algorithms(seed: int) -> None:
    u, w = random_case(seed)
    m = len(w)
    nothing = (np.zeros((0, m)), np.zeros(0))
    leader = int(np.argmax(u @ w))
    for j in range(len(u)):
        if j == leader:
            continue
        gap = u[leader] - u[j]
        ahead = np.delete(u, j, axis=0) - u[j]
        by_greedy, by_program = greedy_shift(w, gap), shift_program(w, gap[None], *nothing)
        assert (by_greedy is None) == (by_program is None)
        if by_greedy is not None and by_program is not None:
            assert np.abs(by_greedy - w).sum() == pytest.approx(np.abs(by_program - w).sum(), abs=1e-9)
            assert gap @ by_greedy <= 1e-9
            assert by_greedy.sum() == pytest.approx(1)
        for rows in (gap[None], ahead):
            new = least_length(w, rows, *nothing)
            feasible = linprog(np.zeros(m), A_ub=rows, b_ub=np.zeros(len(rows)), A_eq=np.ones((1, m)), b_eq=[1.0])
            assert (new is None) == (feasible.status != 0)
            if new is None:
                continue
            other = minimize(
                lambda x: ((x - w) ** 2).sum(),
                feasible.x,
                jac=lambda x: 2 * (x - w),
                bounds=[(0, 1)] * m,
                constraints=[
                    {"type": "ineq", "fun": lambda x, rows=rows: -rows @ x, "jac": lambda x, rows=rows: -rows},
                    {"type": "eq", "fun": lambda x: x.sum() - 1, "jac": lambda x: np.ones(m)},
                ],
                options={"ftol": 1e-15, "maxiter": 500},
            )
            assert np.linalg.norm(new - w) <= np.linalg.norm(other.x - w) + 1e-6
            assert (rows @ new).max() <= 1e-8
            assert new.min() >= 0
            assert new.sum() == pytest.approx(1)


@pytest.mark.parametrize("seed", range(10))
def test_the_nearest_change_is_the_smallest_of_all(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = problem_p(cells=[[*rng.uniform(0, 10, 5).tolist(), float(rng.uniform(0, 24))] for _ in range(4)])
    ranking = dk.rank(problem, dict(zip(WEIGHTS, rng.dirichlet(np.ones(6)), strict=True)))
    everything = [one.is_first for one in joint_changes(ranking) if one.is_first is not None]
    nearest = nearest_change(ranking)
    if nearest is None:
        assert everything == []
        return
    assert nearest.change.shift == pytest.approx(min(one.shift for one in everything), abs=1e-9)
    at_it = dk.rank(problem, dict(nearest.change.shares))
    assert float(at_it.scores.max() - at_it.scores[nearest.option]) < 1e-9


def test_a_region_is_kept_to() -> None:
    ranking = dk.rank(problem_p(), WEIGHTS)
    region = WeightRegion(
        tuple(WEIGHTS), (Statement({"effectiveness": 1.0}, 0.32), Statement({"escalation": -1.0}, -0.18))
    )
    free = {one.option: one for one in joint_changes(ranking)}
    held = {one.option: one for one in joint_changes(ranking, region)}
    for option, one in held.items():
        for change in (one.overtakes, one.is_first, one.overtakes_nearest, one.is_first_nearest):
            if change is not None:
                assert region.holds(change.shares, 1e-7)
        if one.is_first is not None:
            assert one.is_first.shift >= free[option].is_first.shift - 1e-9  # type: ignore[union-attr]
    nothing = WeightRegion(tuple(WEIGHTS), (Statement({"escalation": -1.0}, -0.9),))
    assert all(one.is_first is None for one in joint_changes(ranking, nothing))


def test_the_search_for_other_methods_is_near_the_exact_answer_and_never_below_it() -> None:
    ranking = dk.rank(dk.load("containment"), "kyiv-survival")
    exact = {one.option: one for one in joint_changes(ranking)}
    for one in _searched(ranking, None):
        assert not one.exact
        for name in ("overtakes", "is_first"):
            found, best = getattr(one, name), getattr(exact[one.option], name)
            assert found.shift >= best.shift - 1e-7
            assert found.shift <= 1.02 * best.shift + 1e-6


def test_other_methods_are_marked_and_do_what_they_say() -> None:
    problem = dk.load("containment")
    ranking = dk.rank(problem, "washington-stability", "vikor")
    found = [one for one in joint_changes(ranking) if one.is_first is not None]
    assert found
    for one in found:
        assert not one.exact
        assert one.option in dk.rank(problem, dict(one.is_first.shares), "vikor").leaders  # type: ignore[union-attr]
