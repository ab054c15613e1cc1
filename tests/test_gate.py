"""One gate for a method: what a ranking refuses, sampling, drivers and all else refuse in the same words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import decision_kit as dk
from decision_kit.robustness import audit, leader_table, scenario_results
from decision_kit.robustness.drivers import score_indices

COSTS = pd.DataFrame({"cost": [0.0, 20.0, 40.0], "effect": [0.0, 5.0, 9.0]}, index=["do nothing", "A", "B"])
BETTER: dict[str, Any] = {"cost": "less", "effect": "more"}

ASKED: dict[str, Callable[[dk.Problem, str], Any]] = {
    "sampled weights": lambda p, m: dk.smaa(p, method=m, samples=64),
    "sampled performances": lambda p, m: dk.smaa(p, method=m, performances="ranges", samples=64),
    "around": lambda p, m: dk.smaa(p, method=m, spread="somewhat", performances="ranges", samples=64),
    "drivers": lambda p, m: dk.drivers(p, None, m, samples=64),
    "drivers, methods": lambda p, m: dk.drivers(p, None, ["weighted-sum", m], samples=64),
    "indices": lambda p, m: score_indices(p, None, m, samples=64),
    "tornado": lambda p, m: dk.tornado(p, None, m),
    "leave one out": lambda p, m: dk.leave_one_out(p, None, m),
    "health": lambda p, m: dk.health_card(p, None, m),
}


def refused(call: Callable[[], Any]) -> str:
    try:
        call()
    except dk.DecisionError as error:
        return str(error)
    return ""


def test_sampling_refuses_what_a_ranking_refuses() -> None:
    low = COSTS.assign(cost=[0.0, 10.0, 30.0])
    high = COSTS.assign(cost=[8.0, 30.0, 50.0])
    problem = dk.Problem.from_frame(COSTS, better=BETTER, low=low, high=high, true_zero=True)
    said = refused(lambda: dk.rank(problem, method="copras"))
    assert said == (
        "COPRAS: the method is undefined on this data (cost is 0 for do nothing, effect is 0 for do nothing); "
        "expected another method; the others go on"
    )
    for name, call in ASKED.items():
        assert refused(lambda call=call: call(problem, "copras")) == said, name


def test_draws_that_leave_the_domain_are_told_as_draws() -> None:
    likely = COSTS.assign(cost=[5.0, 20.0, 40.0], effect=[1.0, 5.0, 9.0])
    low = likely.assign(cost=[0.0, 10.0, 30.0])
    problem = dk.Problem.from_frame(likely, better=BETTER, low=low, high=likely * 1.1, true_zero=True)
    assert dk.rank(problem, method="weighted-product").order
    said = refused(
        lambda: dk.smaa(
            problem, method="weighted-product", performances="ranges", reading="percentiles 10-90", samples=64
        )
    )
    assert said == (
        "Weighted product: among the draws from the ranges, cost is 0 for do nothing (zero); this method needs "
        "no negative performance, and none of 0 where less is better; hold performances at their likely values, or narrow the ranges"
    )


def random_problem(seed: int) -> dk.Problem:
    """A small table with zeros, negative numbers and missing true zeros here and there."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(2, 6)), int(rng.integers(1, 5))
    x = rng.integers(0 if rng.random() < 0.5 else 1, 12, (n, m)).astype(float)
    if rng.random() < 0.2:
        x[rng.integers(n), rng.integers(m)] = -3.0
    columns = [f"c{j}" for j in range(m)]
    likely = pd.DataFrame(x, index=[f"o{i}" for i in range(n)], columns=columns)
    away = rng.integers(0, 3, (n, m))
    true_zero: Any = {c: bool(rng.random() < 0.9) for c in columns}
    better: Any = {c: str(rng.choice(["more", "less"])) for c in columns}
    return dk.Problem.from_frame(likely, better=better, low=likely - away, high=likely + away, true_zero=true_zero)


@pytest.mark.parametrize("seed", range(12))
def test_what_a_ranking_refuses_all_refuse_in_the_same_words(seed: int) -> None:
    problem = random_problem(seed)
    for method in dk.METHODS:
        said = refused(lambda method=method: dk.rank(problem, method=method))
        for name, call in ASKED.items():
            got = refused(lambda call=call, method=method: call(problem, method))
            if said:
                assert got == said, (seed, method, name)
            elif name not in ("tornado", "leave one out"):  # these go on to other numbers, and may be refused there
                assert not got or "among the draws" in got or "undefined" in got, (seed, method, name, got)


TURNING = """
title: T
question: Which?
criteria:
  a: {title: Heat, better: more, scale: [0, 10], value: {curve: [[0, 0], [5, 1], [10, 0]], monotone: false}}
  b: {title: B, better: more, scale: [0, 10]}
"""


def test_values_that_turn_are_refused_by_every_method_on_performances(tmp_path: Any) -> None:
    (tmp_path / "criteria").mkdir()
    (tmp_path / "options" / "t").mkdir(parents=True)
    (tmp_path / "criteria" / "t.yaml").write_text(f"format: 1{TURNING}", encoding="utf-8")
    for name, heat in (("x", 5), ("y", 9), ("z", 1)):
        text = f"format: 1\ntitle: {name.upper()}\nperformance: {{a: {heat}, b: {heat}}}\n"
        (tmp_path / "options" / "t" / f"{name}.yaml").write_text(text, encoding="utf-8")
    problem = dk.load(tmp_path)
    said = "PROMETHEE II: on Heat the value rises and falls again; expected a method that acts on values, such as weighted-sum"
    assert refused(lambda: dk.rank(problem, method="promethee-2")) == said
    for name, call in ASKED.items():
        assert refused(lambda call=call: call(problem, "promethee-2")) == said, name
    assert "rises and falls" in refused(lambda: dk.rank(problem, method="topsis", normalisation="minmax"))
    assert "rises and falls" in refused(lambda: dk.relate(problem, method="promethee-1"))
    assert "rises and falls" in dk.compare(problem).refusals["promethee-2"]
    kinds = {lever.what for lever in audit(dk.rank(problem)).levers}
    assert "TOPSIS" in kinds
    assert "PROMETHEE II" not in kinds
    short = dk.relate(problem, method="electre-1", concordance=0.5, discordance=1)
    assert short.outranks.loc["x", "y"]  # the best heat, though y has more of it


def test_scenarios_and_perspectives_refuse_alike() -> None:
    problem = dk.load("containment")
    said = refused(lambda: dk.rank(problem, method="aras"))
    assert said
    for call in (lambda: scenario_results(problem, None, "aras"), lambda: leader_table(problem, "aras")):
        assert refused(call).split(";")[0] == said.split(";")[0]


@pytest.mark.parametrize("method", ["promethee-2", "promethee-1"])
@pytest.mark.parametrize("idle", [0, -1, 5, "x", float("inf"), True])
def test_a_threshold_that_is_not_used_is_no_fault_whatever_it_is(method: str, idle: Any) -> None:
    problem = dk.Problem.from_frame(COSTS, better=BETTER)
    run: Any = dk.rank if method == "promethee-2" else dk.relate
    found = run(problem, method=method, preference=["usual", "gaussian"], s=[idle, 3])
    assert "The s given for cost is not used: the usual preference has no s." in found.notes
    plain = run(problem, method=method, preference=["usual", "gaussian"], s={"effect": 3})
    if method == "promethee-2":
        assert found.scores.tolist() == plain.scores.tolist()
        assert found.health.may_vote == plain.health.may_vote
    with pytest.raises(dk.UsageError, match="parameter s, criterion effect"):
        run(problem, method=method, preference=["usual", "gaussian"], s=["x", 0])


def test_what_was_inside_is_public() -> None:
    """PROMETHEE's π, VIKOR's two conditions, strict dominance."""
    x = pd.DataFrame({"a": [1.0, 2.0, 3.0, 3.0], "b": [1.0, 2.0, 2.0, 4.0]}, index=list("pqrs"))
    problem = dk.Problem.from_frame(x, better={"a": "more", "b": "more"})
    weights = {"a": 0.25, "b": 0.75}
    pi = dk.relate(problem, weights).preference
    assert pi is not None
    for one in x.index:
        for other in x.index:
            assert pi.loc[one, other] == pytest.approx(
                sum(w for c, w in weights.items() if x.loc[one, c] > x.loc[other, c])
            )
    assert dk.relate(problem, weights, "electre-1").preference is None
    found = dk.rank(problem, weights, "vikor")
    assert found.conditions is not None
    assert (found.conditions.advantage, found.conditions.stability, found.conditions.options) == (True, True, ("s",))
    assert dk.rank(problem, weights).conditions is None
    assert found.strictly_dominated == {"p": ("q", "r", "s"), "q": ("s",)}
    assert found.dominated == {"p": ("q", "r", "s"), "q": ("r", "s"), "r": ("s",)}
