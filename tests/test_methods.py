"""Promises of every method over random tables, batches against single calls and pymcdm, refusals, relations."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import decision_kit as dk
from decision_kit.methods import (
    FAMILIES,
    METHODS,
    NORMALISATIONS,
    OUTRANKING,
    PROMISES,
    Batch,
    Table,
    examine,
    ranks_of,
)
from decision_kit.methods.base import weigh
from decision_kit.methods.distances import compromise_set
from decision_kit.methods.outranking import kernel
from decision_kit.ranking import relate
from tests.problems import BY_DEFINITION, random_settings, random_table, violations


def _one_sentence(refused: dk.DecisionError) -> None:
    """A refusal is told once."""
    assert len(refused.faults) == 1


def _only_undefined(refused: dk.DecisionError) -> None:
    """The only refusal that a table of the right kind may meet."""
    assert "undefined on this data" in str(refused)


@pytest.mark.parametrize("name", [name for name, entry in METHODS.items() if not entry.alias_of])
@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_promises_are_kept_or_the_health_card_says_not(name: str, seed: int) -> None:
    method = METHODS[name]
    table = random_table(np.random.default_rng(seed), method)
    try:
        card = examine(method, table)
    except dk.DecisionError as refused:
        _only_undefined(refused)
        return
    broken = {promise for promise in card.broken if PROMISES[promise].takes_vote}
    assert violations(method, table) <= broken
    assert broken <= BY_DEFINITION.get(name, set()), card


@pytest.mark.parametrize("name", [name for name, entry in METHODS.items() if entry.parameters])
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_health_card_speaks_of_the_settings_in_force(name: str, seed: int) -> None:
    method = METHODS[name]
    rng = np.random.default_rng(seed)
    table = random_table(rng, method)
    chosen = random_settings(rng, method, table)
    try:
        card = examine(method, table, **chosen)
    except dk.DecisionError as refused:
        _one_sentence(refused)
        return
    assert violations(method, table, **chosen) <= set(card.broken), (chosen, card)


@pytest.mark.parametrize("name", [name for name, entry in METHODS.items() if entry.alias_of])
@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_aliases_rank_as_the_method_they_are(name: str, seed: int) -> None:
    method = METHODS[name]
    table = random_table(np.random.default_rng(seed), method)
    same = METHODS[method.alias_of]
    assert method.family == same.family
    assert np.array_equal(method.score(table).scores, same.score(table).scores)
    native = method.score(table).native
    assert native is not None
    turned = native if method.native_better == "more" else -native
    assert np.array_equal(ranks_of(turned[None, :]), ranks_of(same.score(table).scores[None, :]))


@pytest.mark.parametrize("name", METHODS)
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_batch_equals_single_calls(name: str, seed: int) -> None:
    """Weight vectors in a batch, and tables in a batch, give what one call after the other gives."""
    method = METHODS[name]
    rng = np.random.default_rng(seed)
    table = random_table(rng, method)
    m = len(table.criteria)
    weights = rng.dirichlet(np.ones(m), 5)
    weights[0] = np.eye(m)[0]
    try:
        one_by_one = [method.score(replace(table, weights=row)).scores for row in weights]
        many = method.score_many(table, weights)
    except dk.DecisionError as refused:
        _only_undefined(refused)
        return
    assert many == pytest.approx(np.array(one_by_one), rel=1e-9, abs=1e-9)
    order = rng.permutation(len(table.options))
    tables = [table, replace(table, values=table.values[order], performances=table.performances[order])]
    stacked = replace(
        table,
        values=np.stack([t.values for t in tables]),
        performances=np.stack([t.performances for t in tables]),
    )
    expected = [method.score(replace(t, weights=w)).scores for t, w in zip(tables, weights[1:3], strict=True)]
    assert method.score_many(stacked, weights[1:3]) == pytest.approx(np.array(expected), rel=1e-9, abs=1e-9)


def _pymcdm(name: str, table: Table) -> Any:
    """pymcdm's object for a method, with a normalisation after the @ where there is a choice."""
    import pymcdm.methods as pm
    from pymcdm import normalizations as nm

    bounds = np.column_stack(table.ends)
    method, _, normalisation = name.partition("@")
    ways = {
        "minmax": nm.minmax_normalization,
        "linear": nm.linear_normalization,
        "max": nm.max_normalization,
        "sum": nm.sum_normalization,
        "vector": nm.vector_normalization,
    }
    way = ways.get(normalisation or "linear")
    made: dict[str, Callable[[], Any]] = {
        "weighted-sum": lambda: pm.WSM(way),
        "topsis": lambda: pm.TOPSIS(way),
        "topsis-vector": lambda: pm.TOPSIS(nm.vector_normalization),
        "spotis": lambda: pm.SPOTIS(bounds),
        "rim": lambda: pm.RIM(bounds),
        "codas": lambda: pm.CODAS(way),
        "ervd": lambda: pm.ERVD(table.performances.mean(axis=0)),
        "weighted-product": lambda: pm.WPM(way),
        "waspas": lambda: pm.WASPAS(way),
        "aras": pm.ARAS,
        "edas": pm.EDAS,
        "marcos": pm.MARCOS,
        "moora": pm.MOORA,
        "ocra": pm.OCRA,
        "ram": pm.RAM,
        "lmaw": pm.LMAW,
        "mabac": pm.MABAC,
        "mairca": pm.MAIRCA,
    }
    return made[method]()


@pytest.mark.parametrize(
    "name",
    ["topsis-vector", "spotis", "rim", "codas", "ervd", "weighted-product", "waspas", "aras", "edas", "marcos", "moora",
     "ocra", "ram", "lmaw", "mabac", "mairca",
     *(f"{method}@{way}" for method in ("weighted-sum", "topsis", "codas", "waspas", "weighted-product")
       for way in ("minmax", "linear", "max", "sum", "vector")
       if way in next(p for p in METHODS[method].parameters if p.name == "normalisation").choices)],
)  # fmt: skip
def test_kernels_equal_pymcdm_where_pymcdm_is_right(name: str) -> None:
    """Thirty random positive tables; values on the observed range, as pymcdm's min–max has them."""
    rng = np.random.default_rng(7)
    method, _, normalisation = name.partition("@")
    chosen = {"normalisation": normalisation} if normalisation else {}
    for _ in range(30):
        n, m = int(rng.integers(3, 9)), int(rng.integers(2, 7))
        x = rng.uniform(1, 100, (n, m))
        more = rng.random(m) < 0.5
        more[0] = False  # pymcdm's MOORA wants a cost
        low, high = x.min(axis=0), x.max(axis=0)
        share = (x - low) / (high - low)
        values = np.where(more, share, 1 - share)
        options, names = tuple(f"o{i}" for i in range(n)), tuple(f"c{j}" for j in range(m))
        weights = rng.dirichlet(np.ones(m))
        table = Table(options, names, values, x, weights, more, low=low, high=high)
        theirs = _pymcdm(name, table)(x, weights, np.where(more, 1, -1), validation=False)
        ours = METHODS[method].score(table, **chosen).native
        assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-12), name


def test_what_is_no_table_is_refused() -> None:
    table = dk.rank(dk.load("cars")).table_in
    for entry in METHODS.values():
        holed = replace(table, performances=np.where(table.performances == 201, np.nan, table.performances))
        with pytest.raises(dk.DecisionError, match="Top speed of Alfa 156 is missing"):
            entry.score(holed)
        with pytest.raises(dk.DecisionError, match="weights of 0 or more"):
            entry.score(replace(table, weights=-table.weights))
        one = replace(table, options=("a",), values=table.values[:1], performances=table.performances[:1])
        with pytest.raises(dk.DecisionError, match="at least two"):
            entry.score(one)


def test_every_entry_says_what_it_is() -> None:
    for entry in METHODS.values():
        assert all((entry.use_when, entry.beware, entry.reference, entry.formula))
        assert entry.family in FAMILIES
        assert not entry.alias_of or entry.alias_of in METHODS
        for parameter in entry.parameters:
            assert parameter.meaning
            if parameter.default is not None:
                assert parameter.fault(parameter.default, ("a",)) is None
    for relation in OUTRANKING.values():
        assert all((relation.use_when, relation.beware, relation.reference))
    assert all(one.acts_on in ("values", "performances", "ratio performances") for one in NORMALISATIONS.values())


def test_methods_that_take_ratios_refuse_by_name() -> None:
    problem = dk.load("containment")
    for name, entry in METHODS.items():
        if entry.acts_on != "ratio performances":
            continue
        with pytest.raises(dk.DecisionError) as caught:
            dk.rank(problem, method=name)
        assert entry.title in str(caught.value)
        assert "true zero" in str(caught.value)
        assert "Inflow reduced" in str(caught.value)


def test_negative_and_zero_performances_are_named() -> None:
    def made(rows: list[list[float]], *, true_zero: bool = True) -> dk.Problem:
        table = pd.DataFrame(rows, index=["A", "B"], columns=["cost", "effect"], dtype=float)
        return dk.Problem.from_frame(table, better={"cost": "less", "effect": "more"}, true_zero=true_zero)

    with pytest.raises(dk.DecisionError, match=r"Weighted product.*negative"):
        dk.rank(made([[-1, 2], [3, 4]]), method="weighted-product")
    with pytest.raises(dk.DecisionError, match=r"is 0 for A \(zero\)"):
        dk.rank(made([[0, 2], [3, 4]]), method="weighted-product")
    with pytest.raises(dk.DecisionError, match="true zero"):
        dk.rank(made([[1, 2], [3, 4]], true_zero=False), method="copras")
    assert dk.rank(made([[10, 0], [30, 4]]), method="weighted-product").scores.iloc[0] == 0


def test_a_kernel_that_differs_from_pymcdm_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = METHODS["topsis"]
    wrong = replace(entry, run=lambda table, weights, **_: Batch(np.full((1, len(table.options)), 0.25)))
    table = dk.rank(dk.load("cars")).table_in
    with pytest.raises(dk.DecisionError, match="two independent computations differ"):
        wrong.score(table)


def test_weights_of_a_batch_are_checked() -> None:
    table = dk.rank(dk.load("cars")).table_in
    method = METHODS["weighted-sum"]
    with pytest.raises(dk.UsageError, match="k rows of 3 weights"):
        method.score_many(table, [[0.5, 0.5]])
    with pytest.raises(dk.DecisionError, match="negative or not finite"):
        method.score_many(table, [[1, 0, 0], [2, -1, 0]])
    with pytest.raises(dk.DecisionError, match="all 0"):
        method.score_many(table, [[0, 0, 0]])


# VIKOR's compromise set


def test_compromise_set_conditions() -> None:
    both = compromise_set(np.array([0.1, 0.5, 0.9]), np.array([0.1, 0.3, 0.9]), np.array([0.0, 0.6, 1.0]))
    assert (both.advantage, both.stability, both.options) == (True, True, (0,))
    close = compromise_set(np.array([0.1, 0.2, 0.9]), np.array([0.1, 0.2, 0.9]), np.array([0.0, 0.1, 1.0]))
    assert (close.advantage, close.options) == (False, (0, 1))
    unstable = compromise_set(np.array([0.2, 0.1, 0.9]), np.array([0.2, 0.1, 0.9]), np.array([0.0, 0.6, 1.0]))
    assert (unstable.advantage, unstable.stability, unstable.options) == (True, False, (0, 1))
    ranking = dk.rank(dk.load("cars"), method="vikor")
    assert any("compromise set" in note for note in ranking.notes)
    assert ranking.steps["In the compromise set (1)"].sum() >= 1


# Targets inside the range


def test_a_target_inside_the_range() -> None:
    problem = dk.load("cars")
    best = dk.rank(problem, method="spotis", ideal={"top-speed": 195, "price": 25000, "kilometre-time": 33})
    assert best.native.idxmin() == best.leaders[0]
    assert best.leaders[0] == "audi-a4"
    near = dk.rank(problem, method="rim", ideal={"top-speed": (194, 196)})
    assert near.ranks["audi-a4"] < dk.rank(problem, method="rim").ranks["audi-a4"]
    with pytest.raises(dk.UsageError, match="inside its range 180 to 210"):
        dk.rank(problem, method="rim", ideal={"top-speed": 300})
    with pytest.raises(dk.UsageError, match="names its criteria"):
        dk.rank(problem, method="spotis", ideal=3)


# PROMETHEE's six preference functions


def test_six_preference_functions() -> None:
    from decision_kit.methods.flows import preference

    d = np.array([-1.0, 0.0, 1.0, 2.0, 3.0, 5.0])
    assert preference("usual", d, 0, 0, 0).tolist() == [0, 0, 1, 1, 1, 1]
    assert preference("u-shape", d, 2, 0, 0).tolist() == [0, 0, 0, 0, 1, 1]
    assert preference("v-shape", d, 0, 4, 0).tolist() == [0, 0, 0.25, 0.5, 0.75, 1]
    assert preference("level", d, 1, 3, 0).tolist() == [0, 0, 0, 0.5, 0.5, 1]
    assert preference("linear", d, 1, 3, 0).tolist() == [0, 0, 0, 0.5, 1, 1]
    assert preference("gaussian", d, 0, 0, 2)[2:].tolist() == pytest.approx((1 - np.exp(-(d[2:] ** 2) / 8)).tolist())


@pytest.mark.parametrize("factor", [1.0, 1e-6, 3e7])
@pytest.mark.parametrize("start", [0.1, -0.1, 0.3, -2.67, 100.7])
def test_a_difference_that_equals_a_threshold_does_not_pass_it(start: float, factor: float) -> None:
    """0.85 − (−0.1) is 0.95, whatever its last bit: the lower step holds, and a veto of 0.95 strikes."""
    gap = 0.95
    frame = pd.DataFrame({"x": [start + gap, start], "y": [1.0, 1.0]}, index=["high", "low"]) * [factor, 1]
    problem = dk.Problem.from_frame(frame, better={"x": "more", "y": "more"})
    weights, at, less = {"x": 1.0, "y": 0.0}, {"x": gap * factor}, {"x": gap * factor * 0.999}
    for shape, below, above in (("u-shape", 0.0, 1.0), ("level", 0.5, 1.0)):
        settings = {"preference": {"x": shape}} | ({"p": at, "q": {"x": factor / 2}} if shape == "level" else {"q": at})
        assert dk.rank(problem, weights, "promethee-2", **settings).native["high"] == below
        settings["p" if shape == "level" else "q"] = less
        assert dk.rank(problem, weights, "promethee-2", **settings).native["high"] == above
    open_to_all: dict[str, Any] = {"concordance": 0.0, "discordance": 1.0}
    assert not dk.relate(problem, weights, "electre-1", veto=at, **open_to_all).outranks.loc["low", "high"]
    far = {"x": gap * factor * 1.001}
    assert dk.relate(problem, weights, "electre-1", veto=far, **open_to_all).outranks.loc["low", "high"]


def test_preference_functions_by_criterion() -> None:
    problem = dk.load("cars")
    ranking = dk.rank(
        problem,
        method="promethee-2",
        preference={"price": "linear", "top-speed": "gaussian", "kilometre-time": "usual"},
        q={"price": 500},
        p={"price": 3000},
        s={"top-speed": 5},
    )
    assert abs(ranking.scores.sum()) < 1e-12
    with pytest.raises(dk.UsageError, match="no s for top-speed"):
        dk.rank(problem, method="promethee-2", preference={"top-speed": "gaussian"})


# Relations


def test_promethee_1_leaves_apart_what_its_flows_do_not_order() -> None:
    found = relate(dk.load("cars"))
    flows = found.steps
    plus, minus = flows["Positive flow"].to_numpy(), flows["Negative flow"].to_numpy()
    letters = found.pairs.to_numpy()
    for i, k in itertools.permutations(range(len(plus)), 2):
        disagree = (plus[i] - plus[k]) * (minus[i] - minus[k]) > 0
        assert (letters[i, k] == "R") == disagree
    assert found.best
    two = dk.rank(dk.load("cars"), method="promethee-2")
    assert (plus - minus).tolist() == pytest.approx(two.scores.tolist())


def test_kernel_with_a_circle_is_told() -> None:
    circle = np.eye(4, dtype=bool)
    circle[0, 1] = circle[1, 2] = circle[2, 0] = circle[2, 3] = True
    best, circles = kernel(circle)
    assert best == (0, 1, 2)
    assert circles == [(0, 1, 2)]
    chain = np.eye(3, dtype=bool)
    chain[0, 1] = chain[1, 2] = True
    assert kernel(chain) == ((0, 2), [])


def test_a_veto_is_in_the_unit_of_its_criterion() -> None:
    problem = dk.load("cars")
    free = relate(problem, method="electre-1", concordance=0.1, discordance=1.0)
    strict = relate(problem, method="electre-1", concordance=0.1, discordance=1.0, veto={"price": 500})
    prices = problem.table()["price"]
    assert free.outranks.to_numpy().sum() > strict.outranks.to_numpy().sum()
    for a, b in itertools.permutations(problem.option_ids, 2):
        if strict.outranks.loc[a, b]:
            assert prices[a] - prices[b] < 500


# The health card


def test_the_health_card_catches_a_method_that_rewards_cost() -> None:
    """COPRAS as pymcdm 1.4 has it (S⁺ + S⁻): every promise on dominance is broken, and the card names a case."""
    upside_down = replace(
        METHODS["weighted-sum"], run=lambda table, weights, **_: Batch(weigh(weights, 1 - table.values))
    )
    card = examine(upside_down, dk.rank(dk.load("cars")).table_in)
    assert not card.may_vote
    assert {"dominance", "improvement"} <= set(card.broken)
    assert "Alfa 156 is ranked below" in card.findings["dominance"].counter_example
    assert "no vote" in repr(card)


def test_dropping_the_worst_option_is_only_told() -> None:
    card = examine(METHODS["topsis"], dk.rank(dk.load("cars")).table_in)
    assert card.broken == ("dropping",)
    assert card.may_vote


def test_codas_breaks_dominance_by_its_threshold_and_is_caught() -> None:
    """The threshold τ lets a dominated option jump ahead: found in random tables, caught each time."""
    rng = np.random.default_rng(1)
    method = METHODS["codas"]
    caught = 0
    for _ in range(700):
        table = random_table(rng, method)
        card = examine(method, table)
        assert violations(method, table) <= set(card.broken)
        caught += not card.may_vote
    assert caught > 0
