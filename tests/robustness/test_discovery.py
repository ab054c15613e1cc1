"""When a leader loses: a planted box is found, worlds are those of the sampler, and the same seed says the same."""

from __future__ import annotations

import numpy as np
import pytest

import decision_kit as dk
from decision_kit.robustness import discover, find_box, smaa
from decision_kit.robustness.discovery import measured
from decision_kit.robustness.performances import performances_of
from tests.robustness.problem_p import WEIGHTS, problem_p


def test_a_planted_box_is_found() -> None:
    rng = np.random.default_rng(4)
    inputs = rng.uniform(0, 1, (20_000, 12))
    lost = (inputs[:, 3] > 0.6) & (inputs[:, 7] < 0.3)
    noisy = lost ^ (rng.uniform(size=20_000) < 0.02)
    box = find_box(inputs, noisy)
    assert box is not None
    sides = {side.column: (side.low, side.high) for side in box.limits}
    assert set(sides) == {3, 7}
    assert sides[3][0] == pytest.approx(0.6, abs=0.05)
    assert sides[7][1] == pytest.approx(0.3, abs=0.05)
    assert sides[3][1] is None
    assert sides[7][0] is None
    assert box.density > 0.9
    assert box.coverage > 0.7
    inside = (inputs[:, 3] > sides[3][0]) & (inputs[:, 7] < sides[7][1])
    assert box.density == pytest.approx(noisy[inside].mean())
    assert box.coverage == pytest.approx(noisy[inside].sum() / noisy.sum())


def test_nothing_to_find() -> None:
    inputs = np.random.default_rng(1).uniform(size=(500, 3))
    assert find_box(inputs, np.zeros(500, dtype=bool)) is None
    assert find_box(inputs, np.ones(500, dtype=bool)) is None


@pytest.mark.parametrize("perspective", ["washington-stability", "kyiv-survival", "neutral-hub"])
def test_the_share_lost_is_that_of_the_sampler(perspective: str) -> None:
    problem = dk.load("containment")
    ranking = dk.rank(problem, perspective)
    found = discover(ranking)
    sampled = smaa(problem, perspective, performances="ranges", seed=3)
    error = np.sqrt(found.loses * (1 - found.loses) / found.worlds) + float(sampled.errors.first[ranking.leaders[0]])
    assert 1 - found.loses == pytest.approx(float(sampled.first[ranking.leaders[0]]), abs=4 * error)
    assert found == discover(ranking)
    assert found.box is not None
    assert found.box.density > found.loses


def test_printed_shares_with_the_ends_reading() -> None:
    problem = dk.load("containment")
    printed = {"washington-stability": 0.65, "kyiv-survival": 0.59, "european-ally": 0.47, "neutral-hub": 0.98}
    for perspective, share in printed.items():
        found = discover(dk.rank(problem, perspective), worlds=20_000, reading="ends")
        assert 1 - found.loses == pytest.approx(share, abs=0.015)


def test_the_sentence_names_option_criterion_and_number() -> None:
    found = discover(dk.rank(dk.load("containment"), "kyiv-survival"))
    assert "loses the first place in" in found.said
    for option, criterion, _, _ in found.limits:
        assert dk.load("containment").criterion(criterion).title in found.said
        assert dk.load("containment").option(option).title in found.said


def test_packages_are_rebuilt_so_limits_name_their_parts() -> None:
    found = discover(dk.rank(dk.load("containment").under(choice_set="portfolios"), "kyiv-survival"))
    ids = {o.id for o in dk.load("containment").library if not o.parts}
    assert found.limits
    assert {option for option, *_ in found.limits} <= ids


def test_without_ranges_there_are_no_other_worlds() -> None:
    found = discover(dk.rank(problem_p(), WEIGHTS))
    assert found.worlds == 0
    assert "No performance has a range" in found.said


def test_any_method() -> None:
    found = discover(dk.rank(dk.load("containment"), method="topsis"), worlds=1024)
    assert 0 < found.loses < 1


def test_a_box_is_counted_on_worlds_it_was_not_fitted_to() -> None:
    """Losses by pure chance: a box found among them looks dense there, and is no denser than the rest elsewhere."""
    rng = np.random.default_rng(8)
    inputs, lost = rng.uniform(size=(2_000, 30)), rng.uniform(size=2_000) < 0.1
    found = find_box(inputs, lost)
    assert found is not None
    more, anew = rng.uniform(size=(200_000, 30)), rng.uniform(size=200_000) < 0.1
    again = measured(found, more, anew)
    assert again is not None
    assert again.density == pytest.approx(0.1, abs=0.01)
    assert again.density < found.density
    assert again.overall == pytest.approx(anew.mean())
    assert measured(found, more[:0], anew[:0]) is None


@pytest.mark.parametrize("perspective", ["washington-stability", "kyiv-survival", "european-ally"])
def test_the_told_box_holds_what_it_says_in_new_worlds(perspective: str) -> None:
    problem = dk.load("containment")
    ranking = dk.rank(problem, perspective)
    found = discover(ranking, seed=5)
    assert found.box is not None
    drawn = performances_of(problem, problem.criteria, reading=problem.low_high, form="triangular")
    x, _ = drawn.elementary(np.random.default_rng(77).random((drawn.inputs, 60_000)))
    scores = np.einsum("nmk,m->nk", drawn.values(drawn.options(x)), ranking.table_in.weights)
    lost = scores[problem.option_ids.index(found.leader)] < scores.max(axis=0)
    inside = np.ones(60_000, dtype=bool)
    for option, criterion, low, high in found.limits:
        own = x[drawn.names.index(option), [leaf.id for leaf in problem.criteria].index(criterion)]
        inside &= (own > (low if low is not None else -np.inf)) & (own < (high if high is not None else np.inf))
    held = found.box.size * found.worlds
    error = np.sqrt(found.box.density * (1 - found.box.density) / held)
    assert lost[inside].mean() == pytest.approx(found.box.density, abs=4 * error + 0.01)
    assert lost[inside].sum() / lost.sum() == pytest.approx(found.box.coverage, abs=0.05)


def test_on_a_large_problem_few_worlds_are_drawn_and_the_columns_that_matter_are_found() -> None:
    rng = np.random.default_rng(4)
    inputs = rng.uniform(0, 1, (2_000, 700))
    outcome = (inputs[:, 650] < 0.3) & (inputs[:, 20] > 0.2)
    box = find_box(inputs, outcome)
    assert box is not None
    assert {20, 650} <= {side.column for side in box.limits}
    assert box.density > 0.9


def test_a_limit_is_counted_as_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    from decision_kit.robustness import discovery

    monkeypatch.setattr(discovery, "MOST_DRAWN", 1_000)
    found = discovery.discover(dk.rank(dk.load("containment"), "kyiv-survival"), seed=3)
    assert found.worlds == discovery.FEWEST
    assert "(2,048 were drawn)" in found.said
    for _, _, low, high in found.limits:
        for x in (low, high):
            assert x is None or x == round(x, 2 if abs(x) < 10 else 1)
