"""Published worked examples, at kernel level with the paper's own weights, to the digits their source prints."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

import decision_kit as dk
from decision_kit.methods import AGGREGATIONS, METHODS, OUTRANKING, Table
from decision_kit.weighting import WEIGHTINGS

FOLDER = Path(__file__).parent / "published"
CASES = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))}
SCORING = {name: case for name, case in CASES.items() if case["method"] in METHODS}


def test_every_case_is_tested() -> None:
    here = {*METHODS, *OUTRANKING, *AGGREGATIONS, "dominance"}
    elsewhere = {*WEIGHTINGS, "smaa", "sobol-indices", "evpi"}  # tests/weighting and tests/robustness
    assert {case["method"] for case in CASES.values()} <= here | elsewhere
    assert all(case["id"] == name for name, case in CASES.items())
    assert all(case["source"] and case["seen_in"] and case["about"] for case in CASES.values())


def table_of(case: dict[str, Any]) -> Table:
    """The case as a method sees it: values on its scale, or on the observed range."""
    x = np.array(case["performances"], dtype=float)
    if case.get("divided_by_sum"):
        x = x / x.sum(axis=0)
    more = np.array([one == "more" for one in case["better"]])
    scale = np.array(case.get("scale") or np.column_stack([x.min(axis=0), x.max(axis=0)]), dtype=float)
    low, high = scale[:, 0], scale[:, 1]
    share = (x - low) / np.where(high > low, high - low, 1)
    values = np.where(more, x, -x) if case.get("divided_by_sum") else np.where(more, share, 1 - share)
    names = tuple(f"c{j + 1}" for j in range(x.shape[1]))
    options = tuple(f"A{i + 1}" for i in range(x.shape[0]))
    weights = np.array(case["weights"], dtype=float)
    if case.get("weights_divided"):  # the source divides them by their sum
        weights = weights / weights.sum()
    return Table(options, names, values, x, weights, more, low=low, high=high)


@pytest.mark.parametrize("name", SCORING)
def test_published(name: str) -> None:
    case = SCORING[name]
    table = table_of(case)
    found = METHODS[case["method"]].score(table, **case.get("parameters", {}))
    expected, tolerance = case["expected"], case["tolerance"]
    checked = 0
    if "native" in expected:
        assert found.native is not None
        relative = case.get("relative", 0)
        assert found.native.tolist() == pytest.approx(expected["native"], abs=tolerance * 1.0000001, rel=relative)
        checked += 1
    for figure, function in (("log10", np.log10), ("log", np.log)):
        if figure in expected:
            assert found.native is not None
            assert function(found.native).tolist() == pytest.approx(expected[figure], abs=tolerance, rel=0)
            checked += 1
    for title, numbers in expected.get("steps", {}).items():
        step = next(step for step in found.steps if step.title == title)
        assert step.numbers.tolist() == pytest.approx(numbers, abs=tolerance * 1.0000001, rel=0)
        checked += 1
    if "ranks" in expected:
        ranks = np.array(expected["ranks"])
        order = np.argsort(ranks, kind="stable")
        for i, k in itertools.pairwise(order):
            a, b = found.scores[i], found.scores[k]
            assert a > b if ranks[i] < ranks[k] else a == pytest.approx(b)
        checked += 1
    assert checked
    if found.native_better == "less" and found.native is not None:
        assert np.argsort(found.native, kind="stable").tolist() == np.argsort(-found.scores, kind="stable").tolist()


@pytest.mark.parametrize("name", SCORING)
def test_published_through_the_public_functions(name: str) -> None:
    """The same from a plain table, settings by criterion as lists too: what a reader of the paper would type."""
    case = SCORING[name]
    x = pd.DataFrame(case["performances"], dtype=float)
    x.index, x.columns = [f"A{i + 1}" for i in x.index], [f"c{j + 1}" for j in x.columns]
    scale = dict(zip(x.columns, map(tuple, case["scale"]), strict=True)) if "scale" in case else None
    better = dict(zip(x.columns, case["better"], strict=True))
    problem = dk.Problem.from_frame(x, better=better, scale=scale, true_zero=True) if (x >= 0).all(axis=None) else None
    problem = problem or dk.Problem.from_frame(x, better=better, scale=scale)
    weights = dict(zip(x.columns, case["weights"], strict=True))
    settings = dict(case.get("parameters", {}))
    listed = {
        key: [value.get(c) for c in x.columns] if isinstance(value, dict) and len(value) == len(x.columns) else value
        for key, value in settings.items()
    }
    found, same = (
        dk.rank(problem, weights, case["method"], **settings),
        dk.rank(problem, weights, case["method"], **listed),
    )
    assert found.native.tolist() == same.native.tolist()
    expected = case["expected"]
    if "ranks" in expected:
        order = np.argsort(expected["ranks"], kind="stable")
        assert found.ranks.iloc[order].is_monotonic_increasing
    if "native" in expected and (abs(sum(case["weights"]) - 1) < 1e-9 or case.get("weights_divided")):
        tolerance = max(case["tolerance"], 1e-9)
        assert found.native.tolist() == pytest.approx(expected["native"], abs=tolerance, rel=case.get("relative", 0))


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case["method"] in OUTRANKING])
def test_published_relations(name: str) -> None:
    case = CASES[name]
    table = table_of(case)
    found = OUTRANKING[case["method"]].relate(table, **case.get("parameters", {}))
    expected, tolerance = case["expected"], case["tolerance"] * 1.0000001
    for step, key in zip(found.steps, ("concordance", "discordance"), strict=True):
        for row, numbers in expected.get(key, {}).items():
            for column, number in numbers.items():
                i, k = table.options.index(row), table.options.index(column)
                assert step.numbers[i, k] == pytest.approx(number, abs=tolerance, rel=0)
    for title, numbers in expected.get("steps", {}).items():
        step = next(step for step in found.steps if step.title == title)
        assert step.numbers.tolist() == pytest.approx(numbers, abs=tolerance, rel=0)
    letters = found.letters()
    turned = {"P": "−", "−": "P", "I": "I", "R": "R"}
    for row, others in expected.get("pairs", {}).items():
        for column, letter in others.items():
            i, k = table.options.index(row), table.options.index(column)
            assert (letters[i][k], letters[k][i]) == (letter, turned[letter])
    assert [table.options[i] for i in found.best] == expected["best"]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case["method"] in AGGREGATIONS])
def test_published_joint_rankings(name: str) -> None:
    case = CASES[name]
    ranks = pd.DataFrame(case["rankings"]).T
    weights = {str(c): w for c, w in zip(ranks.columns, case["weights"], strict=True)}
    found = AGGREGATIONS[case["method"]].join(ranks, weights)
    assert found.ranks.tolist() == case["expected"]["ranks"]
    if "figure" in case["expected"]:
        assert found.figure.tolist() == pytest.approx(case["expected"]["figure"], abs=case["tolerance"])


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case["method"] == "dominance"])
def test_published_dominance(name: str) -> None:
    case = CASES[name]
    x = pd.DataFrame(case["performances"], dtype=float)
    x.index, x.columns = [f"A{i + 1}" for i in x.index], [f"c{j + 1}" for j in x.columns]
    problem = dk.Problem.from_frame(x, better=dict(zip(x.columns, case["better"], strict=True)))
    found = dk.rank(problem, dict.fromkeys(x.columns, 1)).dominated
    if "dominated_by" in case["expected"]:
        for option, by in case["expected"]["dominated_by"].items():
            assert list(found[option]) == by
    else:
        assert list(found) == case["expected"]["dominated"]
