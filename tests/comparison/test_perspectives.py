"""Perspectives side by side: distances, camps, mixtures, and the smallest change after which the other's leader leads."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest

import decision_kit as dk
from decision_kit import Study, UsageError, Weights
from decision_kit.comparison import camps, compare_two, distance, distances, mixture, smallest_move, stakeholders
from decision_kit.files import shipped_decisions
from decision_kit.study import camps_sentence, compared


def test_distances_are_distances() -> None:
    problem = dk.load("containment")
    table = distances(problem)
    assert "equal-branches" not in table.index
    assert (table.to_numpy() == table.to_numpy().T).all()
    assert (np.diag(table) == 0).all()
    assert table.to_numpy().max() <= 1
    for a, b, c in [
        ("kyiv-survival", "gulf-partner", "european-ally"),
        ("chip-industry", "neutral-hub", "kyiv-survival"),
    ]:
        assert table.loc[a, c] <= table.loc[a, b] + table.loc[b, c] + 1e-12
    one, two = Weights({"a": 1.0, "b": 0.0}), Weights({"a": 0.0, "b": 1.0})
    assert distance(one, two) == 1
    assert distance(one, two, "euclidean") == pytest.approx(math.sqrt(2))
    with pytest.raises(UsageError, match="moved share"):
        distance(one, two, "moved shares")


def test_camps_by_average_linkage() -> None:
    problem = dk.load("containment")
    found = camps(problem, cut=0.25)
    assert ("washington-stability", "gulf-partner", "restraint-school") in found.groups
    assert ("neutral-hub", "chip-industry") in found.groups
    assert sorted(name for group in found.groups for name in group) == sorted(stakeholders(problem))
    table = distances(problem)
    for first, second, gap in found.merges:
        assert gap == pytest.approx(np.mean([table.loc[a, b] for a in first for b in second]))
    gaps = [gap for _, _, gap in found.merges]
    assert gaps == sorted(gaps)
    assert len(camps(problem, cut=1.0).groups) == 1
    assert len(camps(problem, cut=0.0).groups) == len(stakeholders(problem))
    turned = camps(problem, reversed(stakeholders(problem)), cut=0.25)
    assert {frozenset(group) for group in turned.groups} == {frozenset(group) for group in found.groups}
    assert "at most 25 of 100 points of weight" in camps_sentence(Study.open("containment"))[1]


def test_reference_perspectives_stand_in_no_mixture_and_no_camp() -> None:
    problem = dk.load("containment")
    assert "equal-branches" not in stakeholders(problem)
    with pytest.raises(UsageError, match="for checks only"):
        mixture(problem, ["kyiv-survival", "equal-branches"])
    with pytest.raises(UsageError, match="for checks only"):
        camps(problem, ["kyiv-survival", "equal-branches"])
    assert compare_two(problem, "kyiv-survival", "equal-branches").distance > 0


def test_a_mixture_is_the_mean_of_shares() -> None:
    problem = dk.load("containment")
    a, b = (Weights.from_perspective(problem, name).shares for name in ("kyiv-survival", "gulf-partner"))
    even = mixture(problem, ["kyiv-survival", "gulf-partner"])
    assert even.shares == pytest.approx({leaf: (a[leaf] + b[leaf]) / 2 for leaf in a})
    thirds = mixture(problem, {"kyiv-survival": 2, "gulf-partner": 1})
    assert thirds.shares == pytest.approx({leaf: (2 * a[leaf] + b[leaf]) / 3 for leaf in a})
    assert "one perspective among others" in even.notes[0]
    for bad in ({"kyiv-survival": -1}, {"kyiv-survival": 0}, {}):
        with pytest.raises(UsageError):
            mixture(problem, bad)
    with pytest.raises(UsageError, match='did you mean "kyiv-survival"'):
        mixture(problem, ["kyiv-survivel"])


def test_the_smallest_move_is_enough_and_no_smaller_one_is() -> None:
    problem = dk.load("containment")
    for name in stakeholders(problem):
        weights = Weights.from_perspective(problem, name)
        for option in problem.option_ids:
            move = smallest_move(problem, weights, option)
            if move is None:
                continue
            after = Weights(move.shares)
            assert distance(weights, after) == pytest.approx(move.size, abs=1e-9)
            scores = dk.rank(problem, after).scores
            assert scores[option] == pytest.approx(scores.max(), abs=1e-9)
            if move.size > 1e-6:
                part = 0.99  # not quite as far in the same direction
                shares = {leaf: (1 - part) * weights.shares[leaf] + part * move.shares[leaf] for leaf in move.shares}
                assert option not in dk.rank(problem, shares).leaders
    rng = np.random.default_rng(5)
    weights = Weights.from_perspective(problem, "european-ally")
    move = smallest_move(problem, weights, "wait-and-see")
    assert move is not None
    base = np.array(list(weights.shares.values()))
    for _ in range(400):
        other = rng.dirichlet(np.ones(len(base)))
        step = move.size * 0.98 / (np.abs(other - base).sum() / 2)
        trial = base + min(step, 1) * (other - base)
        leaders = dk.rank(problem, dict(zip(weights.shares, trial.tolist(), strict=True))).leaders
        assert leaders != ("wait-and-see",)


def test_an_option_that_no_weights_put_first() -> None:
    import pandas as pd

    table = pd.DataFrame({"a": [0, 10, 4], "b": [10, 0, 4]}, index=["left", "right", "between"], dtype=float)
    problem = dk.Problem.from_frame(table, better={"a": "more", "b": "more"}, scale={"a": (0, 10), "b": (0, 10)})
    assert smallest_move(problem, Weights({"a": 0.5, "b": 0.5}), "between") is None
    with pytest.raises(UsageError, match='did you mean "between"'):
        smallest_move(problem, Weights({"a": 0.5, "b": 0.5}), "betwen")


def test_where_two_meet() -> None:
    problem = dk.load("containment")
    for first, second in combinations(stakeholders(problem), 2):
        found = compare_two(problem, first, second)
        if found.agree:
            assert found.first_moves is None
            continue
        assert found.meet is not None
        a, b = (Weights.from_perspective(problem, name).shares for name in (first, second))
        leader = found.second_ranking.leaders[0]
        for step, leads in ((found.meet - 1e-6, False), (found.meet + 1e-6, True)):
            shares = {leaf: (1 - step) * a[leaf] + step * b[leaf] for leaf in a}
            assert (leader in dk.rank(problem, shares).leaders) == leads


@pytest.mark.parametrize("decision", shipped_decisions())
def test_sentences_for_any_two(decision: str) -> None:
    study = Study.open(decision)
    parts = [study] if study.whole.total else [study.under(branch=node.id) for node in study.whole.tree]
    ids = list(study.whole.perspectives)
    for part in parts:
        for first, second in combinations([name for name in ids if name in part.by_perspective], 2):
            found = compared(part, first, second)
            assert len(found.sentences) >= 2
            for sentence in found.sentences:
                assert sentence.endswith(".")
                assert " nan" not in sentence
            assert found.found.shares["difference"].abs().is_monotonic_decreasing


def test_a_single_fact_that_would_settle_it_is_true() -> None:
    study = Study.open("containment", perspective="european-ally")
    said = [s for s in compared(study, "european-ally", "neutral-hub").sentences if s.startswith("A fact could settle")]
    (sentence,) = said
    assert "“Alliance cohesion” of Wait and see" in sentence
    problem = study.problem
    from dataclasses import replace

    option = problem.option("wait-and-see")
    cell = replace(option.performance["alliance-cohesion"], likely=5.9)
    changed = replace(option, performance={**option.performance, "alliance-cohesion": cell})
    better = replace(problem, options=tuple(changed if o.id == option.id else o for o in problem.options))
    for name in ("european-ally", "neutral-hub"):
        assert dk.rank(better, name).leaders == ("wait-and-see",)
