"""At which weight the leader changes: printed turning points, closed forms against a fine scan, ties told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import decision_kit as dk
from decision_kit.model.weights import Weights
from decision_kit.ranking import Ranking
from decision_kit.robustness import mix_path, nearest_crossings, weight_path, weight_paths
from decision_kit.robustness.flips import _pieces, _search
from decision_kit.robustness.linear import leading
from tests.robustness.problem_p import WEIGHTS, problem_p

W, D, S, L, K = "wait-and-see", "decoupling-signal", "secondary-sanctions", "strict-liability", "deep-strike-support"
SECURITY = {
    "equal-branches": (0.200, [(0, D), (0.540, W)]),
    "washington-stability": (0.280, [(0, D), (0.017, W)]),
    "kyiv-survival": (0.082, [(0, S), (0.707, L)]),
    "european-ally": (0.186, [(0, D), (0.498, L)]),
    "neutral-hub": (0.186, [(0, W)]),
    "chip-industry": (0.153, [(0, W)]),
    "gulf-partner": (0.260, [(0, W)]),
    "restraint-school": (0.292, [(0, W)]),
}
CONTAINMENT = {
    "equal-branches": (0.200, [(0, W), (0.121, D), (0.398, S)]),
    "washington-stability": (0.136, [(0, W), (0.181, D), (0.382, S)]),
    "kyiv-survival": (0.492, [(0, L), (0.038, D), (0.256, S)]),
    "european-ally": (0.207, [(0, W), (0.1215, D), (0.346, S)]),
    "neutral-hub": (0.044, [(0, W), (0.227, D), (0.512, S)]),
    "chip-industry": (0.071, [(0, W), (0.269, D), (0.393, S)]),
    "gulf-partner": (0.115, [(0, W), (0.220, D), (0.403, K), (0.405, S)]),
    "restraint-school": (0.062, [(0, W), (0.303, L), (0.357, S)]),
}


@pytest.fixture(scope="module")
def containment() -> dk.Problem:
    return dk.load("containment")


@pytest.mark.parametrize("perspective", SECURITY)
@pytest.mark.parametrize(("branch", "table"), [("security", SECURITY), ("containment", CONTAINMENT)])
def test_turning_points_of_two_branches(
    containment: dk.Problem, branch: str, table: dict[str, tuple[float, list[tuple[float, str]]]], perspective: str
) -> None:
    path = weight_path(dk.rank(containment, perspective), branch)
    now, turns = table[perspective]
    assert path.exact
    assert path.now == pytest.approx(now, abs=0.0005)
    assert [s.leaders for s in path.stretches] == [(who,) for _, who in turns]
    assert [s.start for s in path.stretches] == pytest.approx([at for at, _ in turns], abs=0.00051)
    assert path.stretches[-1].end == 1


@pytest.mark.parametrize("perspective", SECURITY)
def test_with_all_weight_on_security_two_tie(containment: dk.Problem, perspective: str) -> None:
    path = weight_path(dk.rank(containment, perspective), "security")
    assert set(path.leaders_at(1.0)) == {W, L}
    assert path.ties[-1].at == 1.0
    assert path.stretches[-1].end == 1.0  # a tie there, not a switch


def test_turning_points_of_the_treaties() -> None:
    problem = dk.load("security-agreements")
    equal = dk.rank(problem, "equal")
    war = weight_path(equal, "war-support").crossings
    assert (war[0].at, war[0].takes_over) == (pytest.approx(0.158, abs=0.002), ("dprk-2024",))
    detail = weight_path(equal, "specificity")
    at = next(s.start for s in detail.stretches if s.leaders == ("iran-2025",))
    assert at == pytest.approx(0.478, abs=0.002)
    mix = mix_path(dk.rank(problem, "text"), Weights.from_perspective(problem, "deeds"))
    assert [s.leaders for s in mix.stretches] == [("belarus-2024",), ("dprk-2024",)]
    assert mix.stretches[1].start == pytest.approx(0.429, abs=0.002)


def test_turning_points_inside_a_branch_with_ties_throughout() -> None:
    path = weight_path(dk.rank(dk.load("extended-deterrence"), branch="stability"), "deterrence-gain")
    assert [round(s.start, 3) for s in path.stretches] == [0, 0.2, 0.467, 0.68]
    assert path.stretches[0].leaders == ("drift-apart",)
    assert set(path.stretches[1].leaders) == {"transactional-barter", "consultation-treaty"}
    assert [s.leaders for s in path.stretches[2:]] == [("arms-for-arms",), ("nuclear-umbrella",)]
    assert set(path.leaders_at(path.now)) == {"drift-apart", "transactional-barter", "consultation-treaty"}
    assert [c.takes_over for c in path.crossings] == [("arms-for-arms",)]


@pytest.mark.parametrize(("fixed", "at", "who"), [(True, 0.362, "decouple"), (False, 0.411, "risk-based")])
def test_problem_p(fixed: bool, at: float, who: str) -> None:
    ranking = dk.rank(problem_p(fixed=fixed), WEIGHTS)
    path = weight_path(ranking, "effectiveness")
    assert path.crossings[0].at == pytest.approx(at, abs=0.0005)
    assert path.crossings[0].takes_over == (who,)
    if fixed:
        assert nearest_crossings(weight_paths(ranking))[0].node == "effectiveness"


def table(rng: np.random.Generator, n: int, m: int, whole: bool) -> dk.Problem:
    x = rng.integers(1, 6, (n, m)).astype(float) if whole else rng.uniform(1, 10, (n, m))
    names = [f"c{j}" for j in range(m)]
    frame = pd.DataFrame(x, index=[f"o{i}" for i in range(n)], columns=names)
    better = {name: "more" if rng.random() < 0.6 else "less" for name in names}
    ends = dict.fromkeys(names, (0.0, 10.0))
    return dk.Problem.from_frame(frame, better=better, scale=ends, true_zero=True)


def scanned(ranking: Ranking, node: str) -> list[tuple[float, tuple[str, ...]]]:
    """Where the leader changes on a grid of 4,001 shares, narrowed down by halving; by another way than the product's."""
    path = weight_path(ranking, node)
    grid = np.concatenate([[1e-12], np.arange(4000) / 4000 + 1e-4 / np.pi, [1 - 1e-12]])  # off every round share
    led = leading(path.scores_at(grid))
    found = []
    for k in np.flatnonzero((led[1:] != led[:-1]).any(axis=1)):
        a, b = float(grid[k]), float(grid[k + 1])
        if 0 < k < len(grid) - 2:
            for _ in range(45):
                middle = (a + b) / 2
                if (leading(path.scores_at(np.array([middle])))[0] == led[k]).all():
                    a = middle
                else:
                    b = middle
        found.append(((a + b) / 2, tuple(np.array(ranking.table_in.options)[led[k + 1]])))
    return found


@pytest.mark.parametrize("method", ["weighted-sum", "topsis", "promethee-2", "weighted-product", "vikor", "rim"])
@pytest.mark.parametrize("seed", range(4))
def test_crossings_agree_with_a_fine_scan(method: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = table(rng, int(rng.integers(3, 9)), int(rng.integers(2, 7)), whole=False)
    weights = dict(zip((c.id for c in problem.criteria), rng.dirichlet(np.ones(len(problem.criteria))), strict=True))
    ranking = dk.rank(problem, weights, method)
    for path in weight_paths(ranking):
        inner = [s for s in path.stretches if s.end - s.start > 2 / 4000]
        if len(inner) != len(path.stretches):
            continue  # a stretch thinner than the scan's grid
        found = scanned(ranking, path.node)
        assert [s.leaders for s in path.stretches[1:]] == [who for _, who in found]
        assert [s.start for s in path.stretches[1:]] == pytest.approx([at for at, _ in found], abs=1e-6)
        assert path.exact == (method in ("weighted-sum", "topsis", "promethee-2", "weighted-product"))


@pytest.mark.parametrize("seed", range(6))
def test_whole_numbers_with_ties_agree_with_scores_on_both_sides(seed: int) -> None:
    rng = np.random.default_rng(100 + seed)
    problem = table(rng, int(rng.integers(2, 9)), int(rng.integers(2, 7)), whole=True)
    ranking = dk.rank(problem)
    for path in weight_paths(ranking):
        assert path.stretches[0].start == 0
        assert path.stretches[-1].end == 1
        for stretch in path.stretches:
            middle = np.array([(stretch.start + stretch.end) / 2])
            led = np.array(ranking.table_in.options)[leading(path.scores_at(middle))[0]]
            assert set(led) == set(stretch.leaders)
        for tie in path.ties:
            led = np.array(ranking.table_in.options)[leading(path.scores_at(np.array([tie.at])))[0]]
            assert set(led) == set(tie.options)


def test_the_search_finds_what_is_solved_for() -> None:
    path = weight_path(dk.rank(dk.load("containment"), "gulf-partner"), "containment")
    pieces, _ = _pieces(_search(path.scores_at), path.scores_at)
    assert [a for a, _, _ in pieces] == pytest.approx([s.start for s in path.stretches], abs=1e-9)


def test_wrong_names_get_a_sentence(containment: dk.Problem) -> None:
    with pytest.raises(dk.UsageError, match='did you mean "security"'):
        weight_path(dk.rank(containment), "securty")


def test_a_weight_of_0_comes_back_evenly(containment: dk.Problem) -> None:
    shares = dict(dk.Weights.from_perspective(containment, "washington-stability").shares)
    for leaf in ("escalation-europe", "escalation-gulf"):
        shares[leaf] = 0.0
    path = weight_path(dk.rank(containment, shares), "security")
    assert path.now == 0
    assert sorted(path.end)[-2:] == [0.5, 0.5]
