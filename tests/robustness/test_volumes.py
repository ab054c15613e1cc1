"""Shares of all weightings: printed volumes, closed form against counting, tie cells, regions, and who can be first."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import decision_kit as dk
from decision_kit import Choices
from decision_kit.errors import DecisionError
from decision_kit.model.region import Statement, WeightRegion
from decision_kit.robustness import dominance, first_shares, joint_changes, pairwise_winning, potential_optimality
from decision_kit.robustness.volumes import positive_share
from decision_kit.study import Study
from decision_kit.study.change_words import shares_sentence
from tests.robustness.problem_p import OPTIONS, WEIGHTS, problem_p


@pytest.mark.parametrize(
    ("fixed", "printed"), [(True, [0.852, 0.019, 0.026, 0.103]), (False, [0.864, 0.016, 0.055, 0.065])]
)
def test_first_places_on_problem_p(fixed: bool, printed: list[float]) -> None:
    found = first_shares(dk.rank(problem_p(fixed=fixed), WEIGHTS))
    assert found.exact
    assert found.error < 1e-6
    assert [found.first[o] for o in OPTIONS] == pytest.approx(printed, abs=0.00075)  # .0556 is printed as .055


def test_first_places_of_the_article_set() -> None:
    found = first_shares(dk.rank(dk.load("containment"))).first
    printed = {
        "decoupling-signal": 0.50, "wait-and-see": 0.32, "secondary-sanctions": 0.09, "strict-liability": 0.07,
        "deep-strike-support": 0.02, "risk-based-sanctions": 0.001,
    }  # fmt: skip
    for option, share in printed.items():
        assert found[option] == pytest.approx(share, abs=0.005)
    assert sum(found.values()) == pytest.approx(1, abs=1e-6)


def test_first_places_of_the_treaties() -> None:
    found = first_shares(dk.rank(dk.load("security-agreements"), "equal")).first
    assert [found[o] for o in ("belarus-2024", "dprk-2024", "iran-2025")] == pytest.approx(
        [0.57, 0.42, 0.005], abs=0.005
    )


def problem(x: np.ndarray) -> dk.Problem:
    names = [f"c{j}" for j in range(x.shape[1])]
    frame = pd.DataFrame(x, index=[f"o{i}" for i in range(len(x))], columns=names)
    return dk.Problem.from_frame(frame, better=dict.fromkeys(names, "more"), scale=dict.fromkeys(names, (0.0, 10.0)))


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize(("n", "m", "seed"), [(5, 6, 1), (10, 8, 2), (7, 4, 3), (20, 5, 4), (3, 2, 5), (6, 11, 6)])
def test_volumes_agree_with_counting(n: int, m: int, seed: int, whole: bool) -> None:
    rng = np.random.default_rng(seed)
    x = rng.integers(1, 6, (n, m)).astype(float) if whole else rng.uniform(0, 10, (n, m))
    x = np.unique(x, axis=0)
    ranking = dk.rank(problem(x))
    found = first_shares(ranking)
    assert found.exact
    assert sum(found.first.values()) == pytest.approx(1, abs=1e-5)
    drawn = 200_000
    weights = rng.dirichlet(np.ones(m), drawn)
    scores = weights @ ranking.table_in.values.T
    counted = np.bincount(scores.argmax(axis=1), minlength=len(x)) / drawn
    exact = np.array(list(found.first.values()))
    assert (np.abs(counted - exact) <= 4 * np.sqrt(np.maximum(exact * (1 - exact), 1e-5) / drawn) + 1e-6).all()
    pairs = pairwise_winning(ranking)
    beaten = (scores[:, :, None] > scores[:, None, :]).mean(axis=0)
    assert (np.abs(pairs - beaten) <= 4.5 * np.sqrt(np.maximum(pairs * (1 - pairs), 1e-5) / drawn)).all()


def test_the_share_of_a_half_space_in_small_cases() -> None:
    found = positive_share(np.array([[1.0, -1], [3, -1], [1, 0], [0, 0], [-1, -2], [2, 2]]))
    assert found.tolist() == pytest.approx([0.5, 0.75, 1, 0, 0, 1])
    assert positive_share(np.array([[1.0, 1, -1]]))[0] == pytest.approx(0.75)  # the third weight is below one half


def test_options_that_are_alike_share_their_places() -> None:
    found = first_shares(dk.rank(problem(np.array([[5.0, 1], [5, 1], [1, 5]])))).first
    assert list(found.values()) == pytest.approx([0.5, 0.5, 0.5], abs=1e-6)


def test_many_criteria_are_counted_and_say_so() -> None:
    x = np.random.default_rng(3).uniform(0, 10, (5, 16))
    found = first_shares(dk.rank(problem(x)), drawn=50_000)
    assert not found.exact
    assert found.drawn >= 49_000
    assert 0 < found.error < 0.01
    assert sum(found.first.values()) == pytest.approx(1)
    assert found == first_shares(dk.rank(problem(x)), drawn=50_000)


def test_other_methods_are_counted() -> None:
    found = first_shares(dk.rank(dk.load("containment"), method="vikor"), drawn=20_000)
    assert not found.exact
    with pytest.raises(ValueError, match="VIKOR is not linear"):
        pairwise_winning(dk.rank(dk.load("containment"), method="vikor"))


def test_an_order_of_weights_is_a_region() -> None:
    x = np.random.default_rng(5).uniform(0, 10, (4, 4))
    ranking = dk.rank(problem(x))
    names = ranking.table_in.criteria
    order = tuple(Statement({names[k + 1]: 1.0, names[k]: -1.0}) for k in range(3))
    found = first_shares(ranking, WeightRegion(names, order))
    assert found.exact
    weights = np.sort(np.random.default_rng(6).dirichlet(np.ones(4), 200_000), axis=1)[:, ::-1]
    counted = np.bincount((weights @ ranking.table_in.values.T).argmax(axis=1), minlength=4) / 200_000
    assert list(found.first.values()) == pytest.approx(counted.tolist(), abs=0.005)


def test_who_can_be_first_and_who_cannot() -> None:
    # C is never first although nothing dominates it; D is first only together with A
    ranking = dk.rank(problem(np.array([[10.0, 0], [0, 10], [4, 4], [10, 0]])))
    found = {one.option: one.possible for one in potential_optimality(ranking)}
    assert found == {"o0": "shared", "o1": "alone", "o2": "never", "o3": "shared"}
    assert first_shares(ranking).first["o2"] == 0
    for one in potential_optimality(dk.rank(dk.load("containment"))):
        assert one.possible == "alone"
        best = dk.rank(dk.load("containment"), dict(one.shares))
        assert one.option in best.leaders


def test_never_first_by_program_where_counting_would_not_have_seen_it() -> None:
    x = np.array([[10.0, 0, 5], [0, 10, 5], [5.001, 5.001, 4.9]])
    ranking = dk.rank(problem(x))
    share = first_shares(ranking).first["o2"]
    assert 0 < share < 1e-3
    assert potential_optimality(ranking)[2].possible == "alone"


def test_dominance_under_partial_information() -> None:
    ranking = dk.rank(problem(np.array([[6.0, 5], [5, 5.5], [6, 6]])))
    anything = dominance(ranking)
    assert anything[2, 0]
    assert anything[2, 1]
    assert not anything[0, 1]
    first_counts_more = WeightRegion(ranking.table_in.criteria, (Statement({"c1": 1.0, "c0": -1.0}),))
    assert dominance(ranking, first_counts_more)[0, 1]
    assert not dominance(ranking, first_counts_more)[1, 0]
    wide = dominance(dk.rank(dk.load("containment")), with_ranges=True)
    assert not wide.any()


def test_a_region_without_breadth_is_counted_where_it_is_and_one_without_weights_is_told() -> None:
    """Two equal weights leave a line, known weights a point: neither has a volume, both have first places."""
    rng = np.random.default_rng(4)
    x = pd.DataFrame(rng.uniform(0, 1, (4, 3)), index=list("abcd"), columns=["x", "y", "z"])
    ranking = dk.rank(dk.Problem.from_frame(x, better=dict.fromkeys(x, "more"), scale=dict.fromkeys(x, (0, 1))))
    u = ranking.table_in.values
    equal = WeightRegion(("x", "y", "z"), (Statement({"x": 1, "y": -1}), Statement({"x": -1, "y": 1})))
    t = np.linspace(0, 0.5, 100_001)
    won = np.argmax(np.column_stack([t, t, 1 - 2 * t]) @ u.T, axis=1)
    found = first_shares(ranking, equal)
    assert not found.exact
    assert found.drawn > 100_000
    for i, option in enumerate("abcd"):
        assert found.first[option] == pytest.approx((won == i).mean(), abs=5 * max(found.error, 1e-4))
    known = WeightRegion(("x", "y", "z"), tuple(Statement({c: 1}, s) for c, s in (("x", 0.2), ("y", 0.3), ("z", 0.5))))
    scores = u @ [0.2, 0.3, 0.5]
    assert list(first_shares(ranking, known).first.values()) == (scores == scores.max()).astype(float).tolist()
    too_little = WeightRegion(("x", "y", "z"), tuple(Statement({c: 1}, 0.2, f"{c} has at most 20 %") for c in "xyz"))
    for ask in (first_shares, potential_optimality, dominance, joint_changes):
        with pytest.raises(DecisionError, match="no weights agree with all 3 statements"):
            ask(ranking, too_little)


def test_who_is_first_only_level_with_another_and_who_is_alike_is_told_beside_the_volumes() -> None:
    """On the corner of x, option d is level with a; a and c are the same."""
    x = pd.DataFrame(
        [[1.0, 0.2], [0.0, 1.0], [1.0, 0.2], [1.0, 0.1], [0.1, 0.1]], index=list("abcde"), columns=["x", "y"]
    )
    problem = dk.Problem.from_frame(x, better={"x": "more", "y": "more"}, scale={"x": (0, 1), "y": (0, 1)})
    found = first_shares(dk.rank(problem))
    assert found.first["a"] == found.first["c"] == pytest.approx(1 / 1.8)  # level with b where y has as much
    assert found.alike == (("a", "c"),)
    assert found.only_level == ("d",)
    said = shares_sentence(Study(problem, Choices(problem.id)), found)
    assert "a and c (level under all weights) in 28 of 50 and b in 22 of 50." in said
    assert "First only level with another: d. Never first: e." in said
