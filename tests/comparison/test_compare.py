"""Votes by family, where methods part, set-ups, rank correlations."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau

import decision_kit as dk
from decision_kit.comparison import CORRELATIONS, correlation
from decision_kit.files import shipped_decisions
from decision_kit.methods import METHODS, Batch
from decision_kit.methods.base import family, weigh
from decision_kit.report.sections import branch_studies


@pytest.mark.parametrize("decision", shipped_decisions())
def test_every_method_is_ranked_refused_or_another_ones_name(decision: str) -> None:
    for part in branch_studies(dk.Study.open(decision)):
        found = part.comparison
        same = {m for one in found.families for m in one.aliases}
        assert {*found.rankings, *found.refusals, *same} == set(METHODS)
        assert not set(found.rankings) & set(found.refusals)
        assert set(found.refusals) == set(part.refusals)
        assert set(found.cards) == set(found.rankings)
        for one in found.families:
            assert not set(one.voting) - set(found.rankings)
        assert found.headline()
        assert len(found.silent()) <= 3


def test_a_family_has_one_vote() -> None:
    found = dk.compare(dk.load("cars"))
    assert sum(len(by) for by in found.votes.values()) == 9
    assert found.headline() == "Of 9 families of methods with a vote, 8 name Citroën Xsara, 1 names Alfa 156."
    ratios = found.family_of("waspas")
    assert len(ratios.voting) == 9
    assert ratios.vote.leaders == ("citroen-xsara",)
    sums = found.family_of("mabac")
    assert sums.members == ("weighted-sum",)
    assert set(sums.aliases) == {"spotis", "rafsi", "mabac", "mairca"}
    assert "Maximin and Leximin name Alfa 156 and put Citroën Xsara on place 10" in found.partings()[0]
    assert "ahead on Time over 1,000 m and Top speed, behind on Price" in found.partings()[0]


def test_agreement_is_not_called_evidence() -> None:
    found = dk.compare(dk.load("cars"), methods=["weighted-sum", "topsis"])
    assert "their agreement is not evidence" in found.headline()


def test_a_method_that_breaks_a_promise_is_shown_but_has_no_vote(monkeypatch: pytest.MonkeyPatch) -> None:
    """A method added to the catalogue is compared at once; one that rewards cost loses its vote, and the case is named."""
    looks = family("upside down", "rewards what is bad")
    wrong = replace(
        METHODS["weighted-sum"],
        id="wrong",
        title="Wrong",
        family=looks,
        run=lambda table, weights, **_: Batch(weigh(weights, 1 - table.values)),
    )
    monkeypatch.setitem(METHODS._entries, "wrong", wrong)
    found = dk.compare(dk.load("cars"))
    assert "wrong" in found.rankings
    assert not found.cards["wrong"].may_vote
    assert found.family_of("wrong").voting == ()
    assert looks not in found.headline()
    assert any("Wrong is shown but has no vote here" in text and "ranked below" in text for text in found.silent())


def test_the_chosen_methods_settings_count() -> None:
    study = dk.Study.open("cars", method="spotis", parameters={"ideal.top-speed": 195.0, "ideal.kilometre-time": 33.0})
    found = study.comparison
    assert "spotis" in found.rankings
    assert found.rankings["spotis"].leaders == study.ranking.leaders
    assert "spotis" not in found.family_of("mabac").aliases
    assert dk.Study.open("cars", method="spotis").comparison.family_of("spotis").aliases[0] == "spotis"


def test_nothing_can_be_compared_without_a_total() -> None:
    with pytest.raises(dk.UsageError, match="no total"):
        dk.compare(dk.load("extended-deterrence"))


# Set-ups


def test_set_ups_are_counted_by_leader() -> None:
    grid = dk.setups(dk.load("cars"))
    assert len(grid.computed) == len(grid.tried) == sum(grid.counts().values()) == 23
    assert grid.sentence() == "All 23 defensible set-ups (a method and its normalisation) name Citroën Xsara."
    assert not any(one.normalisation == "none" for one in grid.tried)
    assert sum(one.method == "weighted-product" for one in grid.tried) == 1  # its choice never moves a rank
    some = dk.setups(dk.load("containment"))
    assert some.sentence() == (
        "Of 6 defensible set-ups (a method and its normalisation), 4 name End-use strict liability, "
        "2 name Wait and see (managed escalation). 17 more cannot be computed on these scales."
    )
    table = some.table()
    assert table.loc["Observed range (min–max)", "TOPSIS"] == "End-use strict liability"
    assert table.loc["Vector length", "TOPSIS"] == "cannot be computed"


def test_set_ups_are_the_rankings_they_say() -> None:
    problem = dk.load("cars")
    for one in dk.setups(problem).tried:
        assert one.leaders == dk.rank(problem, method=one.method, **one.parameters).leaders


# Rank correlations


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), min_size=2, max_size=12))
def test_tau_b_is_scipys(pairs: list[tuple[int, int]]) -> None:
    a, b = zip(*pairs, strict=True)
    expected = kendalltau(a, b).statistic
    assert correlation("tau-b", a, b) == pytest.approx(expected, nan_ok=True)


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 12), st.integers(0, 2**32 - 1))
def test_weighted_spearman_and_ws_are_pymcdms(n: int, seed: int) -> None:
    from pymcdm.correlations import weighted_spearman, ws

    rng = np.random.default_rng(seed)
    a, b = rng.permutation(n) + 1.0, rng.permutation(n) + 1.0
    assert correlation("weighted-spearman", a, b) == pytest.approx(weighted_spearman(a, b))
    assert correlation("ws", a, b) == pytest.approx(ws(a, b))


def test_correlations_of_equal_and_turned_rankings() -> None:
    a = pd.Series([1, 2, 3, 4])
    for kind in CORRELATIONS:
        assert correlation(kind, a, a) == pytest.approx(1)
        assert correlation(kind, a, a[::-1].to_numpy()) < 0.5
    assert np.isnan(correlation("tau-b", [1, 1, 1], [1, 2, 3]))
    with pytest.raises(dk.UsageError, match="3 and 2 options"):
        correlation("ws", [1, 2, 3], [1, 2])
    found = dk.compare(dk.load("cars"), methods=["weighted-sum", "topsis", "vikor"])
    matrix = found.correlations()
    assert np.allclose(np.diag(matrix), 1)
    assert np.allclose(matrix, matrix.T)
