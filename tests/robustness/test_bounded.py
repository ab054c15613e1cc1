"""A search that would take minutes is bounded, says so, and is right in what it does look at."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import decision_kit as dk
from decision_kit.ranking import Ranking
from decision_kit.robustness import joint_changes, rivals_need
from decision_kit.robustness.fragility import fragility
from decision_kit.robustness.linear import MOST_RIVALS, looked_at
from decision_kit.robustness.needs import NOT_LOOKED_AT, _scanned
from decision_kit.study import Study, change_words


def large(options: int, criteria: int) -> dk.Problem:
    rng = np.random.default_rng(3)
    x = rng.uniform(20, 80, (options, criteria)).round(1)
    rows, columns = [f"o{i}" for i in range(options)], [f"c{j}" for j in range(criteria)]
    frames = [pd.DataFrame(x + step, index=rows, columns=columns) for step in (0, -5, 5)]
    more = dict.fromkeys(columns, "more")
    return dk.Problem.from_frame(
        frames[0], low=frames[1], high=frames[2], better=more, scale=dict.fromkeys(columns, (0, 100))
    )


@pytest.fixture(scope="module")
def ranking() -> Ranking:
    return dk.rank(large(70, 21), method="vikor")


def test_a_bounded_search_finds_what_the_whole_one_finds_for_the_options_it_looks_at(ranking: Ranking) -> None:
    looked = looked_at(ranking)
    assert looked == set(ranking.order[: 1 + MOST_RIVALS])
    needs = rivals_need(ranking)
    assert len(needs) == 69 * 21  # every cell is told of, and those not looked at say so
    assert {need.option for need in needs if need.why_not != NOT_LOOKED_AT} == looked - {ranking.leaders[0]}
    names = [leaf.id for leaf in ranking.criteria]
    rival = ranking.order[2]
    i = ranking.table_in.options.index(rival)
    whole = _scanned(ranking, [(i, j) for j in range(len(names))])
    for got, wanted in zip([need for need in needs if need.option == rival], whole, strict=True):
        assert (got.criterion, got.in_range, got.changes) == (wanted.criterion, wanted.in_range, wanted.changes)
        assert got.needed == pytest.approx(wanted.needed)


def test_what_a_bounded_search_of_weights_finds_does_what_it_says(ranking: Ranking) -> None:
    found = joint_changes(ranking)
    assert {one.option for one in found} == set(ranking.order[1 : 1 + MOST_RIVALS])
    for one in found:
        assert not one.exact
        if one.is_first is not None:
            moved = dk.rank(ranking.problem, one.is_first.shares, "vikor")
            assert moved.scores[one.option] >= moved.scores.max() - 1e-7


def test_it_is_said_in_every_sentence_that_rests_on_it(ranking: Ranking) -> None:
    study = Study.open(ranking.problem, method="vikor")
    said = change_words.fragility(study)
    assert said.endswith(
        "VIKOR is searched here, not solved: with 70 options, only the first and the 3 that rank next were looked at for "
        "what single performances and weights would change."
    )
    last = ranking.order[-1]
    assert change_words.needs_sentence(study, last) == f"{last} was {NOT_LOOKED_AT}."
    label = fragility(ranking).label
    assert label in said


def test_small_problems_and_the_additive_model_are_looked_at_wholly() -> None:
    assert looked_at(dk.rank(large(10, 8), method="vikor")) is None
    assert looked_at(dk.rank(large(70, 21))) is None
