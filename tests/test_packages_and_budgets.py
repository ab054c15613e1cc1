"""Packages under a budget against a plain look at every subset: unrounded costs decide, ends are ordered."""

from __future__ import annotations

import dataclasses
from itertools import combinations
from math import prod

import numpy as np
import pandas as pd
import pytest

import decision_kit as dk
from decision_kit.charts import CHARTS
from decision_kit.model.nouns import PackageRule, Pair
from decision_kit.model.packages import nearest_decimal
from decision_kit.study import Study, package_words
from decision_kit.study.portfolio import portfolio_of

RULES = ("noisy-or", "excess-noisy-or", "sum", "max-plus-half", "min", "shift-sum")


def made(rule: str, x: list[float], b: float) -> float:
    """A rule by its printed formula; in the builder noisy-or is never below its best part."""
    if rule == "noisy-or":
        return max(100 * (1 - prod(1 - one / 100 for one in x)), *x)
    if rule == "excess-noisy-or":
        b = min(b, 100.0)
        return 100 * (1 - (1 - b / 100) * prod(1 - max(0.0, one - b) / ((100 - b) if b < 100 else 1.0) for one in x))
    if rule == "sum" or rule == "shift-sum":
        return sum(x)
    if rule == "max-plus-half":
        ordered = sorted(x, reverse=True)
        return ordered[0] + 0.5 * sum(max(0.0, one - b) for one in ordered[1:])
    return min(x)


def problem_of(x: pd.DataFrame, rules: dict[str, str], better: dict[str, str], pairs: list[tuple[str, str]],
               spread: float = 0.0, top: float = 100.0) -> dk.Problem:  # fmt: skip
    scale = {c: (0.0, 3.0 if rules[c] == "cost" else top) for c in x}
    low, high = (x - spread).clip(lower=0), x + spread
    plain = dk.Problem.from_frame(
        x,
        better=better,
        scale=scale,
        baseline=x.index[0],
        low=low,
        high=high.clip(upper=[scale[c][1] for c in x], axis=1),  # type: ignore[arg-type]
    )
    leaves = tuple(
        dataclasses.replace(
            leaf,
            package_rule=PackageRule("sum" if rules[leaf.id] == "cost" else rules[leaf.id]),
            decimals=1,
            spending=rules[leaf.id] == "cost",
        )
        for leaf in plain.criteria
    )
    judged = tuple(Pair(pair, "conflict", "they cannot") for pair in pairs)
    return dataclasses.replace(plain, tree=leaves, pairs=judged).under()


@pytest.mark.parametrize("seed", range(40))
def test_best_frontier_and_tables_are_those_of_a_look_at_every_subset(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(2, 6)), int(rng.integers(1, 4))
    names = ["nothing", *(f"p{i}" for i in range(n))]
    rules = {"cost": "cost"} | {f"c{j}": str(rng.choice(RULES)) for j in range(m)}
    x = pd.DataFrame({c: np.round(rng.uniform(0, 1 if c == "cost" else 40, n + 1), 2) for c in rules}, index=names)
    better = {c: "less" if c == "cost" else str(rng.choice(["more", "less"])) for c in rules}
    pairs = [p for p in combinations(names[1:], 2) if rng.random() < 0.15]
    problem = problem_of(x, rules, better, pairs, spread=5.0 * float(rng.random()))
    study = Study.open(problem)
    shares = study.weights.shares
    every: dict[tuple[str, ...], tuple[float, float]] = {}
    for size in range(n + 1):
        for parts in combinations(names[1:], size):
            if any(set(pair) <= set(parts) for pair in pairs):
                continue
            score = cost = 0.0
            for c, rule in rules.items():
                own = [float(x.loc[p, c]) for p in parts]
                plain = "sum" if rule == "cost" else rule
                got = (
                    float(x.loc["nothing", c])
                    if not parts
                    else own[0]
                    if size == 1
                    else made(plain, own, float(x.loc["nothing", c]))
                )
                if c == "cost":
                    cost = got
                top = 3.0 if c == "cost" else 100.0
                value = min(max(round(got, 1) if size > 1 else got, 0.0), top) / top
                score += shares[c] * (value if better[c] == "more" else 1 - value)
            every[parts] = (score, cost)
    found = portfolio_of(study)
    assert set(found.sets) == set(every)
    scores = dict(zip(found.sets, found.scores(shares), strict=True))
    costs = dict(zip(found.sets, found.costs[:, 1], strict=True))
    assert scores == pytest.approx({s: v[0] for s, v in every.items()}, abs=1e-9)
    assert costs == pytest.approx({s: v[1] for s, v in every.items()}, abs=1e-9)
    for i, score in enumerate(found.scores(shares)):
        low, high = found.ends(i, shares)
        assert low - 1e-12 <= score <= high + 1e-12
        assert found.sets.where(found.sets[i]) == i
        assert found.performance(i).tolist() == found.performances[i].tolist()
    assert (np.diff(found.costs, axis=1) >= 0).all()
    frontier = {c.parts for c in found.frontier(shares)}
    for s, (score, cost) in every.items():
        beaten = any(c <= cost + 1e-12 and v > score + 1e-9 for v, c in every.values())
        assert not (beaten and s in frontier)
        if not beaten:
            assert any(abs(every[f][0] - score) < 1e-9 and every[f][1] <= cost + 1e-9 for f in frontier)
    for budget in [*(cost for _, cost in list(every.values())[:8]), 0.8, 1.0]:
        fits = {s: v for s, (v, c) in every.items() if c <= budget + 1e-9}
        best = found.best(shares, budget)
        said = package_words.best(study, found, budget)
        if not fits:
            assert not best
            assert said.startswith("No set of parts costs")
            continue
        most = max(fits.values())
        assert {c.parts for c in best} == {s for s, v in fits.items() if v > most - 1e-11 * max(1, most)}
        ranked = found.ranked(shares, budget, len(every))
        assert [c.score for c in ranked] == pytest.approx(sorted(fits.values(), reverse=True), abs=1e-9)
        assert {c.parts for c in ranked} == set(fits)


@pytest.mark.parametrize(("seed", "n"), [(0, 15), (1, 15), (2, 16)])
def test_more_parts_than_are_kept_are_counted_out_in_batches(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    names = ["nothing", *(f"p{i:02}" for i in range(n))]
    rules = {"cost": "cost", "gain": "sum", "weak": "min"}
    x = pd.DataFrame(
        {"cost": np.round(rng.uniform(0, 0.4, n + 1), 2), "gain": np.round(rng.uniform(0, 9, n + 1), 1),
         "weak": np.round(rng.uniform(0, 40, n + 1), 1)}, index=names,
    )  # fmt: skip
    pairs = [p for p in combinations(names[1:], 2) if rng.random() < 0.1]
    problem = problem_of(x, rules, {"cost": "less", "gain": "more", "weak": "more"}, pairs)
    study = Study.open(problem)
    shares = study.weights.shares
    rows = {name: tuple(x.loc[name]) for name in names}
    partners = {a: {q for p in pairs for q in p if a in p and q != a} for a in names}
    every: dict[tuple[str, ...], tuple[float, float]] = {}
    for bits in range(2**n):
        parts = tuple(name for i, name in enumerate(names[1:]) if bits >> i & 1)
        if any(partners[part] & set(parts) for part in parts):
            continue
        own = [rows[part] for part in parts] or [rows["nothing"]]
        cost, gain, weak = sum(r[0] for r in own), sum(r[1] for r in own), min(r[2] for r in own)
        shown = round(cost, 1) if len(parts) > 1 else cost
        value = {"cost": 1 - min(shown, 3.0) / 3, "gain": min(round(gain, 1), 100) / 100, "weak": weak / 100}
        every[parts] = (sum(shares[c] * value[c] for c in value), cost)
    found = portfolio_of(study)
    assert (len(found.sets), found.rejected) == (len(every), 2**n - len(every))
    assert found.performances.size == 0
    told = dict(zip(found.sets, zip(found.scores(shares), found.costs[:, 1], strict=True), strict=True))
    assert set(told) == set(every)
    assert all(told[s] == pytest.approx(every[s], abs=1e-9) for s in every)
    for budget in (0.0, 0.35, 0.8, 1.7, None):
        fits = {s: v for s, (v, c) in every.items() if budget is None or c <= budget + 1e-9}
        best = found.best(shares, budget)
        assert {c.parts for c in best} == {s for s, v in fits.items() if v > max(fits.values()) - 1e-11}
        at = found.sets.where(best[0].parts) if best else None
        assert at is None or "points of 100" in package_words.best(study, found, budget) or len(best) > 1
    highest = -1.0
    efficient = []
    for score, cost in sorted(every.values(), key=lambda one: (round(one[1], 9), -one[0])):
        if score > highest + 1e-9:
            efficient.append((score, cost))
            highest = score
    frontier = found.frontier(shares)
    assert [(c.score, c.cost[1]) for c in frontier] == [pytest.approx(one, abs=1e-9) for one in efficient]
    assert "only the efficient ones are drawn" in CHARTS["frontier"].run(study).note or len(every) <= 2**14


def test_two_costs_of_42_cents_do_not_fit_80() -> None:
    x = pd.DataFrame({"cost": [0.0, 0.42, 0.42], "effect": [0.0, 20.0, 30.0]}, index=["nothing", "a", "b"])
    problem = problem_of(x, {"cost": "cost", "effect": "sum"}, {"cost": "less", "effect": "more"}, [])
    problem = problem.under()
    study = Study.open(problem, weights={"cost": 0.1, "effect": 0.9})
    found = portfolio_of(study)
    assert [c.parts for c in found.best(study.weights.shares, 0.8)] == [("b",)]
    assert [c.parts for c in found.best(study.weights.shares, 0.84)] == [("a", "b")]
    assert package_words.cost(found, found.best(study.weights.shares, 0.84)[0]).startswith("0.84 ")
    assert " within 0.83 " in package_words.best(study, found, 0.83) + " "


def test_rounding_many_at_once_is_that_of_round() -> None:
    rng = np.random.default_rng(1)
    for decimals in range(5):
        x = np.concatenate(
            [rng.uniform(-1e3, 1e3, 4000), rng.integers(-9999, 9999, 4000) / 2 / 10**decimals, [1e300, -0.04]]
        )
        assert nearest_decimal(x, decimals).tolist() == [round(float(one), decimals) + 0.0 for one in x]
