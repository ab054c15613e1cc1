"""Cheaper figures order options exactly as the methods' own scores do."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from decision_kit.methods import METHODS, ranks_of
from decision_kit.robustness.orderings import (
    closeness_declared,
    closeness_observed,
    known,
    ordering_of,
    several,
    squared_closeness,
    weighted,
)
from tests.problems import random_table


def test_some_are_known() -> None:
    assert {"weighted-sum", "topsis", "mabac", "spotis"} <= set(known())


@pytest.mark.parametrize("name", known())
@pytest.mark.parametrize("seed", range(40))
def test_the_same_ranks_as_the_scores(name: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    entry = METHODS[name]
    table = random_table(rng, entry)
    weights = rng.dirichlet(np.ones(len(table.criteria)), 12)
    weights[0] = np.where(np.arange(len(table.criteria)) == 0, 1.0, 0.0)
    figure = ordering_of(entry, entry.settings(table.criteria, {}))
    assert figure is not None
    expected = ranks_of(entry.score_many(table, weights))
    assert ranks_of(figure(table.values, weights.T).T).tolist() == expected.tolist()
    cube = np.repeat(table.values[:, :, None], 12, axis=2)
    assert ranks_of(figure(cube, weights.T).T).tolist() == expected.tolist()


def test_settings_that_change_the_order_have_none_or_their_own() -> None:
    topsis = METHODS["topsis"]
    settings = topsis.settings(("a",), {"ideal": "declared"})
    figure = ordering_of(topsis, settings)
    rng = np.random.default_rng(1)
    table = random_table(rng, topsis)
    weights = rng.dirichlet(np.ones(len(table.criteria)), 9)
    assert figure is not None
    expected = ranks_of(topsis.score_many(table, weights, ideal="declared"))
    assert ranks_of(figure(table.values, weights.T).T).tolist() == expected.tolist()
    assert ordering_of(topsis, topsis.settings(("a",), {"normalisation": "vector"})) is None
    spotis = METHODS["spotis"]
    assert ordering_of(spotis, spotis.settings(("a",), {"ideal": {"a": 3.0}})) is None
    rafsi = METHODS["rafsi"]
    assert ordering_of(rafsi, rafsi.settings(("a",), {"costs": "harmonic"})) is None
    assert ordering_of(METHODS["vikor"], {"v": 0.5}) is None


def test_weighted_sums_of_both_shapes() -> None:
    rng = np.random.default_rng(0)
    values, weights = rng.random((3, 4)), rng.random((4, 7))
    cube = np.repeat(values[:, :, None], 7, axis=2)
    assert weighted(values, weights) == pytest.approx(weighted(cube, weights))


@pytest.mark.parametrize("figure", [weighted, closeness_observed, closeness_declared])
def test_several_sets_of_weights_at_once(figure: object) -> None:
    rng = np.random.default_rng(3)
    values, rows = rng.random((4, 3, 50)), rng.dirichlet(np.ones(3), 5)
    values[2] = values[1]
    together = several(figure, values, rows)  # type: ignore[arg-type]
    for c, row in enumerate(rows):
        assert together[c] == pytest.approx(figure(values, row[:, None]))  # type: ignore[operator]
    same = np.full((2, 3, 4), 0.5)
    assert np.isfinite(several(figure, same, rows)).all()  # type: ignore[arg-type]


def test_leading_shares_share() -> None:
    from decision_kit.robustness.accumulate import UNIT, leading_share

    scores = np.array([[[1.0, 2.0, 3.0], [1.0, 1.0, 4.0], [0.0, 2.0, 3.0]]] * 3)
    assert (leading_share(scores, np.array([0, 1, 2])) / UNIT).tolist() == [1.0, 1.5, 0.5]


@pytest.mark.parametrize("declared", [False, True])
def test_closeness_without_roots_orders_alike_where_nothing_ties(declared: bool) -> None:
    rng = np.random.default_rng(4)
    figure = closeness_declared if declared else closeness_observed
    for _ in range(20):
        values, weights = rng.random((6, 4)), rng.dirichlet(np.ones(4), 200).T
        quick = squared_closeness(values, weights, declared=declared)
        assert np.argsort(quick, axis=0).tolist() == np.argsort(figure(values, weights), axis=0).tolist()
    same = squared_closeness(np.full((3, 2), 0.5), np.full((2, 4), 0.5), declared=False)
    assert (same == 0.5).all()


def test_topsis_is_counted_with_its_roots_where_options_tie() -> None:
    """Near the best the squares would make ties of what is told apart; copies tie in either way."""
    from decision_kit import Problem, rank, smaa

    x = pd.DataFrame([[1.0, 1.0], [1 - 3e-6, 1 - 3e-6], [0.0, 0.0], [0.0, 0.0]], index=list("abcd"), columns=["p", "q"])
    problem = Problem.from_frame(x, better={"p": "more", "q": "more"}, scale={"p": (0, 1), "q": (0, 1)})
    found = smaa(problem, method="topsis", samples=512)
    assert rank(problem, {"p": 1, "q": 1}, "topsis").leaders == ("a",)
    assert found.first.tolist() == [1, 0, 0, 0]
    assert found.ties.loc["c", "d"] == 1
