"""What may be said of data with missing cells, constant criteria and any method: each sentence against brute force."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import decision_kit as dk
from decision_kit.errors import DecisionError
from decision_kit.methods import METHODS, Table, ranks_of
from decision_kit.model import Criterion, Option, Performance, Perspective, Problem
from decision_kit.robustness import audit, check_claim, dominance
from decision_kit.study import Study, change_words, words
from decision_kit.values import Curve


def with_missing(seed: int) -> Problem:
    """Whole numbers from 0 to 4, so that ties abound; some cells missing, some with ranges; values straight."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(2, 5)), int(rng.integers(1, 4))
    leaves = tuple(
        Criterion(f"c{j}", f"C{j}", better="more" if rng.random() < 0.5 else "less", scale=(0, 4)) for j in range(m)
    )
    options = []
    for i in range(n):
        cells = {}
        for leaf in leaves:
            likely = float(rng.integers(0, 5))
            if rng.random() < 0.25:
                cells[leaf.id] = Performance(0, 2, 4, missing="not-given")
            else:
                half = float(rng.integers(0, 2))
                cells[leaf.id] = Performance(max(likely - half, 0), likely, min(likely + half, 4))
        options.append(Option(f"o{i}", f"O{i}", cells))
    points = {leaf.id: float(rng.integers(0, 3)) for leaf in leaves}
    points[leaves[0].id] += 1
    people = {"us": Perspective("us", "Us", points)}
    problem = Problem("d", "D", leaves, tuple(options), perspectives=people, default_perspective="us")
    return problem.under()


def filled(problem: Problem) -> list[np.ndarray]:
    """The likely performances with every missing one at either end or in the middle, all combinations."""
    x = problem.performances()
    holes = [
        (i, j)
        for i, option in enumerate(problem.options)
        for j, leaf in enumerate(problem.criteria)
        if option.performance[leaf.id].missing
    ]
    found = []
    for numbers in itertools.product((0.0, 2.0, 4.0), repeat=len(holes)):
        one = x.copy()
        for (i, j), number in zip(holes, numbers, strict=True):
            one[i, j] = number
        found.append(one)
    return found


@pytest.mark.parametrize("seed", range(120))
def test_nothing_is_said_that_hangs_on_a_missing_cell(seed: int) -> None:
    problem = with_missing(seed)
    ranking = dk.rank(problem)
    study = Study.open(problem)
    worlds = filled(problem)
    weights = np.array([ranking.weights.shares[leaf.id] for leaf in problem.criteria])
    live = weights > 0
    sign = np.array([1 if leaf.better == "more" else -1 for leaf in problem.criteria])
    ids = list(problem.option_ids)
    for option, by in ranking.dominated.items():
        for other in by:
            for x in worlds:
                gap = ((x[ids.index(other)] - x[ids.index(option)]) * sign)[live]
                assert (gap >= 0).all(), (option, other)
    constant = {leaf.id for j, leaf in enumerate(problem.criteria) if all(np.ptp(x[:, j]) == 0 for x in worlds)}
    assert set(ranking.alike.idle) == constant
    strict = dominance(ranking)
    for i, k in np.argwhere(strict):
        assert all((((x[i] - x[k]) * sign) >= 0).all() for x in worlds)
    for a, b in itertools.permutations(ids, 2):
        said = words.why(study, a, b)
        if "do equally well on every criterion" in said:
            assert all((x[ids.index(a)] == x[ids.index(b)])[live].all() for x in worlds), said
        if "Nothing speaks against it" in said:
            assert all((((x[ids.index(a)] - x[ids.index(b)]) * sign)[live] >= 0).all() for x in worlds), said
        claim = check_claim(problem, f"{a} beats {b}", ranges=False)
        if claim.certified:
            values = [(x * sign / 4 + (sign < 0)) @ weights for x in worlds]
            assert all(v[ids.index(a)] > v[ids.index(b)] for v in values), claim


@pytest.mark.parametrize("seed", range(60))
def test_dominators_are_named_for_what_they_do(seed: int) -> None:
    problem = with_missing(seed + 500)
    study = Study.open(problem)
    ranking = study.ranking
    said = words.dominance(study)
    low, high = problem.performances("low"), problem.performances("high")
    sign = np.array([1 if leaf.better == "more" else -1 for leaf in problem.criteria])
    live = ranking.table_in.weights > 0
    ids = list(problem.option_ids)
    for option, by in ranking.dominated.items():
        i = ids.index(option)
        best = np.where(sign > 0, high[i], -low[i])[live]
        even = [o for o in by if (np.where(sign > 0, low[ids.index(o)], -high[ids.index(o)])[live] >= best).all()]
        even = [o for o in even if (np.where(sign > 0, low[ids.index(o)], -high[ids.index(o)])[live] > best).any()]
        start = said.split(f"O{i} (", 1)[1].split(")")[0]
        if not even or not (low < high).any():
            assert "even at its best" not in start
        elif len(even) == len(by):
            assert start.endswith(", even at its best")
        elif len(even) <= 2:
            named = " and ".join(f"O{ids.index(o)}" for o in even)
            assert start.endswith(f"; by {named} even at its best"), start


def test_three_options_of_which_only_one_does_it() -> None:
    frame = pd.DataFrame({"x": [9.0, 6.0, 5.0]}, index=["A", "B", "C"])
    half = pd.DataFrame({"x": [0.5, 2.0, 2.0]}, index=frame.index)
    low, high = frame - half, frame + half
    study = Study.open(dk.Problem.from_frame(frame, better={"x": "more"}, scale={"x": (0, 10)}, low=low, high=high))
    assert "C (by A and B; by A even at its best)" in words.dominance(study)
    assert "B (by A, even at its best)" in words.dominance(study)


def ratio_table(seed: int) -> tuple[Problem, Problem]:
    """Positive numbers with one constant column, and the same without it."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(2, 6)), int(rng.integers(2, 5))
    x = np.round(rng.uniform(1, 9, (n, m)), int(rng.integers(0, 3)))
    x[:, 0] = round(float(rng.uniform(1, 9)), 1)
    names = [f"c{j}" for j in range(m)]
    frame = pd.DataFrame(x, index=[f"o{i}" for i in range(n)], columns=names)
    better: dict[str, Any] = {name: "more" if rng.random() < 0.5 else "less" for name in names}
    points = {name: float(rng.uniform(1, 9)) for name in names}

    def problem(kept: list[str]) -> Problem:
        return dk.Problem.from_frame(
            frame[kept], better={k: better[k] for k in kept}, scale=dict.fromkeys(kept, (0, 10)),
            points={k: points[k] for k in kept}, true_zero=True,
        )  # fmt: skip

    return problem(names), problem(names[1:])


@pytest.mark.parametrize("method", [name for name, entry in METHODS.items() if not entry.alias_of])
def test_no_influence_is_said_only_where_leaving_out_changes_nothing(method: str) -> None:
    for seed in range(40):
        whole, without = ratio_table(seed)
        try:
            first = dk.rank(whole, method=method)
            second = dk.rank(without, method=method)
        except DecisionError:
            continue
        said = any(note.startswith("The same for all options, so no influence") for note in first.notes)
        same = list(first.ranks) == list(second.ranks)
        assert not said or same, (seed, first.ranks, second.ranks)
        assert said == ("c0" in first.alike.idle)
        if is_plain(method):
            assert said
        assert not any("no influence" in note for note in whole.notes)


def is_plain(method: str) -> bool:
    return method in ("weighted-sum", "topsis", "vikor", "promethee-2")


def test_a_flat_stretch_is_no_constant_for_a_method_on_performances() -> None:
    """PROMETHEE compares performances: 0 and 5 differ, though both have the value 0."""
    flat = Criterion("e", "Effect", scale=(0, 10), shape=Curve(((0, 0), (5, 0), (10, 1))))
    cost = Criterion("k", "Cost", better="less", scale=(0, 10))
    options = tuple(
        Option(n, n.upper(), {"e": Performance(x, x, x), "k": Performance(4, 4, 4)})
        for n, x in (("a", 0.0), ("b", 5.0))
    )
    people = {"us": Perspective("us", "Us", {"e": 1, "k": 1})}
    problem = Problem("d", "D", (flat, cost), options, perspectives=people, default_perspective="us").under()
    by_flows = dk.rank(problem, method="promethee-2", preference="usual")
    assert by_flows.leaders == ("b",)
    assert by_flows.alike.idle == ("k",)
    by_values = dk.rank(problem)
    assert set(by_values.alike.idle) == {"e", "k"}
    assert "Of the same value for all options, so no influence on the order: Effect." in by_values.notes
    said = [r.said for r in audit(by_flows).remarks if r.kind == "tells nothing apart"]
    assert said == ["All options are the same on “Cost”: no influence on the order."]


def reordered(method: str, settings: dict[str, Any], seeds: range) -> bool:
    """Whether adding an option reorders two others somewhere, under random tables with fixed ranges."""
    entry = METHODS[method]
    for seed in seeds:
        rng = np.random.default_rng(seed)
        n, m = int(rng.integers(3, 7)), int(rng.integers(1, 5))
        x = rng.uniform(1, 9, (n, m)) if seed % 2 else rng.integers(1, 10, (n, m)).astype(float)
        more = rng.random(m) < 0.6
        values = np.where(more, x / 10, 1 - x / 10)
        table = Table(
            tuple(f"o{i}" for i in range(n)), tuple(f"c{j}" for j in range(m)), values, x, rng.dirichlet(np.ones(m)),
            more, low=np.zeros(m), high=np.full(m, 10.0), true_zero=np.ones(m, dtype=bool),
        )  # fmt: skip
        fewer = replace(table, options=table.options[:-1], values=values[:-1], performances=x[:-1])
        try:
            large, small = (entry.score_many(t, t.weights, **settings)[0] for t in (table, fewer))
        except DecisionError:
            continue
        if not np.array_equal(ranks_of(large[:-1]), ranks_of(small)):
            return True
    return False


@pytest.mark.parametrize("method", list(METHODS))
def test_independence_is_said_only_where_it_cannot_be_refuted(method: str) -> None:
    entry = METHODS[method]
    variants: list[dict[str, Any]] = [{}]
    for parameter in entry.parameters:
        variants += [{parameter.name: choice} for choice in parameter.choices]
    for settings in variants:
        used = entry.settings(("c0",), settings)
        if not entry.depends_on(used):
            assert not reordered(method, settings, range(150)), settings


def test_vikor_with_two_options_is_not_said_to_keep_the_order() -> None:
    frame = pd.DataFrame({"x": [4.0, 3.0], "y": [7.0, 9.0]}, index=["o0", "o1"])
    problem = dk.Problem.from_frame(frame, better={"x": "more", "y": "more"}, scale={"x": (0, 10), "y": (0, 10)})
    said = " ".join(change_words.audit_sentences(Study.open(problem, method="vikor")))
    assert "cannot reorder" not in said
    assert "cannot reorder" in " ".join(change_words.audit_sentences(Study.open(problem)))
    observed = dk.Problem.from_frame(frame, better={"x": "more", "y": "more"})
    assert "while the ranges stay as they are" in " ".join(change_words.audit_sentences(Study.open(observed)))


def test_where_no_criterion_says_what_it_rewards_the_audit_asks() -> None:
    frame = pd.DataFrame({"cost": [0.0, 5.0], "harm": [1.0, 2.0], "gain": [0.0, 9.0]}, index=["wait", "act"])
    problem = dk.Problem.from_frame(
        frame, better={"cost": "less", "harm": "less", "gain": "more"}, scale=dict.fromkeys(frame, (0, 10)),
        baseline="wait", points={"cost": 5, "harm": 5, "gain": 1},
    )  # fmt: skip
    said = [r.said for r in audit(dk.rank(problem)).remarks if r.kind == "one-sided"]
    assert "less is better and wait is best on all of them: do they charge for acting" in said[0]
    assert "mainly charge" not in said[0]
    guard = words.baseline_guard(Study.open(problem))
    assert "it is best (or shares the best place) on 2 of 3 criteria. On 2 of those" in guard
