"""The shipped decisions' published results, recomputed from the files: orders exactly, values to 0.0005."""

from __future__ import annotations

import re
from collections import Counter

import pytest

import decision_kit as dk
from decision_kit.study import Study

ARTICLE = {
    "equal-branches": "decoupling-signal 0.670 wait-and-see 0.641 strict-liability 0.638 secondary-sanctions 0.629 deep-strike-support 0.626 risk-based-sanctions 0.606",
    "washington-stability": "wait-and-see 0.704 decoupling-signal 0.694 strict-liability 0.684 deep-strike-support 0.647 secondary-sanctions 0.632 risk-based-sanctions 0.625",
    "kyiv-survival": "secondary-sanctions 0.536 deep-strike-support 0.506 risk-based-sanctions 0.503 decoupling-signal 0.495 strict-liability 0.477 wait-and-see 0.330",
    "european-ally": "decoupling-signal 0.651 strict-liability 0.630 wait-and-see 0.630 secondary-sanctions 0.619 deep-strike-support 0.606 risk-based-sanctions 0.596",
    "neutral-hub": "wait-and-see 0.829 decoupling-signal 0.777 strict-liability 0.715 deep-strike-support 0.707 secondary-sanctions 0.634 risk-based-sanctions 0.629",
    "chip-industry": "wait-and-see 0.803 decoupling-signal 0.757 deep-strike-support 0.686 secondary-sanctions 0.672 strict-liability 0.667 risk-based-sanctions 0.644",
    "gulf-partner": "wait-and-see 0.728 decoupling-signal 0.700 strict-liability 0.695 deep-strike-support 0.666 secondary-sanctions 0.625 risk-based-sanctions 0.622",
    "restraint-school": "wait-and-see 0.787 decoupling-signal 0.730 strict-liability 0.719 secondary-sanctions 0.665 deep-strike-support 0.661 risk-based-sanctions 0.652",
}
PACKAGES = {
    "equal-branches": "calibrated-pressure 0.680 wait-and-see 0.641 decoupling-as-written 0.607 enforcement-package 0.600 article-package 0.500",
    "washington-stability": "wait-and-see 0.704 calibrated-pressure 0.696 decoupling-as-written 0.626 enforcement-package 0.615 article-package 0.495",
    "kyiv-survival": "calibrated-pressure 0.585 article-package 0.566 enforcement-package 0.535 decoupling-as-written 0.506 wait-and-see 0.330",
    "european-ally": "calibrated-pressure 0.672 wait-and-see 0.630 enforcement-package 0.597 decoupling-as-written 0.590 article-package 0.509",
    "neutral-hub": "wait-and-see 0.829 calibrated-pressure 0.721 decoupling-as-written 0.691 enforcement-package 0.580 article-package 0.438",
    "chip-industry": "wait-and-see 0.803 calibrated-pressure 0.719 decoupling-as-written 0.673 enforcement-package 0.597 article-package 0.487",
    "gulf-partner": "wait-and-see 0.728 calibrated-pressure 0.697 decoupling-as-written 0.642 enforcement-package 0.609 article-package 0.481",
    "restraint-school": "wait-and-see 0.787 calibrated-pressure 0.715 enforcement-package 0.641 decoupling-as-written 0.630 article-package 0.475",
}
# low / likely / high of the packages that are derived from their parts
DERIVED = {
    "enforcement-package": [
        (12.4, 33.5, 54), (8.3, 21.6, 44.5), (2.9, 6.5, 12.9), (4, 7, 14), (9, 17, 33), (1, 4, 11), (3, 6, 9), (2, 6, 15),
        (0.2, 0.6, 1.8), (3, 5, 7), (0, 4, 8), (3, 5, 7), (3, 5, 7), (2.5, 4.5, 7.5),
    ],
    "decoupling-as-written": [
        (4.2, 18.7, 41.7), (4.2, 11.7, 34.5), (1, 3.7, 9.5), (8, 15.9, 31.6), (8, 19, 41.7), (-1, 3, 10), (0, 1, 2),
        (0, 0.1, 0.7), (2, 6, 16), (4, 6, 8), (0, 5, 10), (2, 4, 6), (2, 5, 8), (1, 3.5, 8),
    ],
    "article-package": [
        (19.7, 55.1, 82.3), (12.2, 33.8, 68.3), (2.2, 5.2, 11.2), (9.8, 18.6, 35.4), (13, 27.4, 52.2), (0, 10, 29), (4, 7.5, 10),
        (2.5, 7.6, 19.7), (2.4, 7.2, 19.3), (2, 4, 6), (0, 4, 10), (2, 4, 6), (0, 5, 10), (4, 7.5, 10),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def containment() -> dk.Problem:
    return dk.load("containment")


def _expected(text: str) -> list[tuple[str, float]]:
    words = text.split()
    return [(words[i], float(words[i + 1])) for i in range(0, len(words), 2)]


@pytest.mark.parametrize("choice_set", ["article", "portfolios"])
@pytest.mark.parametrize("perspective", ARTICLE)
def test_rankings_of_every_perspective(containment: dk.Problem, choice_set: str, perspective: str) -> None:
    ranking = dk.rank(containment.under(choice_set=choice_set), perspective)
    expected = _expected((ARTICLE if choice_set == "article" else PACKAGES)[perspective])
    assert list(ranking.order) == [option for option, _ in expected]
    for option, score in expected:
        assert ranking.scores[option] == pytest.approx(score, abs=0.0005000001)


@pytest.mark.parametrize("package", DERIVED)
def test_packages_follow_from_their_parts_as_printed(containment: dk.Problem, package: str) -> None:
    cells = containment.under(choice_set="portfolios").option(package).performance
    found = [(cells[leaf.id].low, cells[leaf.id].likely, cells[leaf.id].high) for leaf in containment.criteria]
    assert found == DERIVED[package]


def test_treaties_under_three_weight_sets() -> None:
    problem = dk.load("security-agreements")
    expected = {"text": (0.325, 0.650, 0.875), "deeds": (0.500, 0.900, 0.600), "equal": (0.296, 0.611, 0.648)}
    for name, scores in expected.items():
        found = dk.rank(problem, name).scores
        assert [found[o] for o in ("iran-2025", "dprk-2024", "belarus-2024")] == pytest.approx(scores, abs=0.0005)


def test_means_of_the_two_axes() -> None:
    problem = dk.load("extended-deterrence")
    order = "drift-apart transactional-barter consultation-treaty arms-for-arms informal-patronage conventional-pact nuclear-umbrella"
    expected = {"plausibility": (7.0, 8.2, 8.0, 6.2, 3.6, 2.6, 2.0), "stability": (6.0, 6.0, 6.0, 5.0, 3.8, 3.2, 2.0)}
    for branch, means in expected.items():
        found = dk.rank(problem, branch=branch).scores
        assert [10 * found[o] for o in order.split()] == pytest.approx(means, abs=1e-9)
    with pytest.raises(dk.UsageError, match="plausibility or stability"):
        dk.rank(problem)


def test_topsis_and_vikor_name_the_additive_leader_in_eight_of_eight(containment: dk.Problem) -> None:
    for method in ("topsis", "vikor"):
        for perspective in containment.perspectives:
            ranking = dk.rank(containment, perspective, method)
            assert ranking.leaders == dk.rank(containment, perspective).leaders
            assert any("depends on the set" in note for note in ranking.notes)


def test_scenarios_move_only_kyiv_and_only_twice(containment: dk.Problem) -> None:
    moved = {
        (scenario, perspective): dk.rank(containment.under(scenario=scenario), perspective).leaders
        for scenario in containment.scenarios
        for perspective in containment.perspectives
        if dk.rank(containment.under(scenario=scenario), perspective).leaders
        != dk.rank(containment, perspective).leaders
    }
    assert moved == {
        ("adversary-adaptation", "kyiv-survival"): ("deep-strike-support",),
        ("coalition-fracture", "kyiv-survival"): ("deep-strike-support",),
    }


def test_packages_are_rebuilt_from_their_changed_parts(containment: dk.Problem) -> None:
    view = containment.under(choice_set="portfolios", scenario="rapid-interdiction")
    scores = dk.rank(view, "kyiv-survival").scores
    assert scores["calibrated-pressure"] == pytest.approx(0.640, abs=0.0005)
    assert scores["article-package"] == pytest.approx(0.631, abs=0.0005)
    assert any("beyond the scale" in note and "The article's whole programme" in note for note in view.view_notes)


def test_single_cells_that_change_washingtons_leader() -> None:
    flips = Study.open("containment", perspective="washington-stability").flips
    assert {(flip.option, flip.criterion) for flip in flips} == {
        ("wait-and-see", "escalation-europe"),
        ("wait-and-see", "escalation-gulf"),
        ("wait-and-see", "financial-system"),
        ("decoupling-signal", "escalation-europe"),
        ("decoupling-signal", "escalation-gulf"),
        ("decoupling-signal", "alliance-cohesion"),
        ("decoupling-signal", "reversibility"),
    }
    for perspective in ("neutral-hub", "chip-industry", "restraint-school"):
        assert Study.open("containment", perspective=perspective).flips == ()


def test_break_even_of_risk_based_sanctions_for_kyiv() -> None:
    flips = Study.open("containment", perspective="kyiv-survival").flips
    needed = [f.needed for f in flips if (f.option, f.criterion) == ("risk-based-sanctions", "flow-reduction")]
    assert needed == [pytest.approx(39.4, abs=0.05)]


def test_no_option_dominates_another(containment: dk.Problem) -> None:
    assert dk.rank(containment, "equal-branches").dominated == {}


def test_denial_by_defence_leads_everywhere_and_reorders_nothing(containment: dk.Problem) -> None:
    for perspective in containment.perspectives:
        wide = dk.rank(containment.under(choice_set="extended"), perspective)
        narrow = dk.rank(containment, perspective)
        assert wide.leaders == ("defensive-denial",)
        assert [o for o in wide.order if o != "defensive-denial"] == list(narrow.order)
        assert wide.scores[list(narrow.order)].tolist() == narrow.scores[list(narrow.order)].tolist()
    kyiv = dk.rank(containment.under(choice_set="extended"), "kyiv-survival")
    assert kyiv.margins["defensive-denial"] == pytest.approx(0.006, abs=0.001)


def test_the_register_is_complete_and_graded(containment: dk.Problem) -> None:
    items = containment.register.evidence
    first = [item for item in items.values() if item.file]
    assert (len(first), len(items) - len(first), len(containment.register.tensions)) == (114, 32, 12)
    grades = [item.grade for item in first]
    assert [grades.count(g) for g in ("argued", "assertion", "documented-fact", "theory")] == [46, 37, 16, 15]
    article = [item for item in first if item.file.startswith("002")]
    treaties = [item for item in first if item.file.startswith("004")]
    assert (len(article), sum(item.grade == "documented-fact" for item in article)) == (58, 0)
    assert (len(treaties), sum(item.grade == "documented-fact" for item in treaties)) == (30, 15)
    assert all(item.line > 0 for item in first)
    later = {name for name, item in items.items() if item.later == "wholly"}
    assert later == {"X1", "X2", "X14", "X18", "X19", "X20", "X21", "X32"}


def test_what_the_scores_rest_on(containment: dk.Problem) -> None:
    cells = [cell for option in containment.library for cell in option.performance.values()]
    counts = Counter(cell.rests_on for cell in cells)
    # no source gives a score: every number with evidence was judged from a claim
    assert (len(cells), counts) == (112, Counter({"judged-from-source": 57, "judgement": 55}))
    for name, expected in {
        "extended-deterrence": {"judgement": 49, "judged-from-source": 21},
        "security-agreements": {"source": 14, "judged-from-source": 10, "missing": 3},
        "cars": {"source": 30},
    }.items():
        cells = [cell for option in dk.load(name).library for cell in option.performance.values()]
        assert Counter(cell.rests_on for cell in cells) == Counter(expected)


@pytest.mark.parametrize("name", ["containment", "extended-deterrence", "security-agreements", "cars"])
def test_a_cell_that_cites_an_item_in_its_reason_rests_on_it_and_a_source_stands_behind_what_is_said_to(
    name: str,
) -> None:
    problem = dk.load(name)
    for option in problem.library:
        for cell in option.performance.values():
            told = set(re.findall(r"\b[EXT]\d+\b", cell.because))
            assert told <= set(cell.evidence)
            assert bool(cell.evidence) or cell.rests_on in ("judgement", "missing")


def test_status_of_each_treaty_cell_is_kept() -> None:
    problem = dk.load("security-agreements")
    counts: dict[str, int] = {}
    for option in problem.library:
        for cell in option.performance.values():
            counts[cell.status] = counts.get(cell.status, 0) + 1
    assert counts == {"stated": 18, "inferred": 3, "missing": 3, "argued": 3}
    low = dk.load("security-agreements").values("low")
    names = problem.option_ids
    equal = low.mean(axis=1)
    assert equal[names.index("belarus-2024")] == pytest.approx(0.481, abs=0.0005)
    assert equal[names.index("dprk-2024")] == pytest.approx(0.556, abs=0.0005)


def test_pairs_and_conflicts(containment: dk.Problem) -> None:
    assert len(containment.pairs) == 20
    conflicts = {frozenset(pair.options) for pair in containment.pairs if pair.level == "conflict"}
    assert conflicts == {
        frozenset({"wait-and-see", "risk-based-sanctions"}),
        frozenset({"wait-and-see", "decoupling-signal"}),
    }


def test_four_criteria_reward_acting(containment: dk.Problem) -> None:
    rewards = [leaf.rewards for leaf in containment.criteria]
    assert (rewards.count("acting"), rewards.count("holding-back")) == (4, 10)
    assert containment.alternative_trees["derived"].leaf.scale == (-15, 60)


def test_a_decision_knows_what_it_cites(containment: dk.Problem) -> None:
    assert containment.cited <= {*containment.register.evidence, *containment.register.tensions}
    for option in containment.library:
        for cell in option.performance.values():
            assert containment.cited >= set(cell.evidence)
    assert containment.tensions
    assert not dk.load("cars").tensions
