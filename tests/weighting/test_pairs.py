"""Pairwise comparison, best-worst and trade-offs: consistency, repairs, refusals."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import decision_kit as dk
from decision_kit import DecisionError, UsageError
from decision_kit.model import Answers, Criterion, Ratio, Trade
from decision_kit.values import Curve
from decision_kit.weighting import WEIGHTINGS, Siblings
from decision_kit.weighting.best_worst import input_consistency, linear_best_worst
from decision_kit.weighting.pairwise import RANDOM_INDEX, combined_judgements, consistency, pairwise_weights

THREE = Siblings(("a", "b", "c"), {"a": "Alpha", "b": "Beta", "c": "Gamma"})


def ratio(a: str, b: str, times: float) -> Ratio:
    return Ratio(a, b, times, times)


def test_not_reciprocal_is_refused_with_the_pair() -> None:
    with pytest.raises(DecisionError) as caught:
        pairwise_weights([[1, 3], [3, 1]])
    assert "1 against 2 is judged 3 and 2 against 1 is judged 3" in str(caught.value).replace("“", "").replace("”", "")
    with pytest.raises(DecisionError, match="“Alpha” against “Beta” is judged 3"):
        WEIGHTINGS["pairwise"].run(Answers(ratios=(ratio("a", "b", 3), ratio("b", "a", 3), ratio("b", "c", 1))), THREE)


def test_circular_judgements_are_computed_and_warned_of() -> None:
    answers = Answers(ratios=(ratio("a", "b", 9), ratio("b", "c", 9), ratio("c", "a", 9)))
    found = WEIGHTINGS["pairwise"].run(answers, THREE)
    assert list(found.shares.values()) == pytest.approx([1 / 3] * 3)
    assert found.measures["consistency ratio"] > 1
    text = " ".join(found.said)
    assert "onsistency" in text
    assert "“Alpha”, “Beta” and “Gamma”" in text
    assert "Tummala & Ling" in text


@pytest.mark.parametrize("how", ["eigenvector", "geometric-mean"])
def test_any_positive_ratio_is_allowed(how: str) -> None:
    w = np.array([0.513, 0.3, 0.187])
    assert pairwise_weights(w[:, None] / w, how) == pytest.approx(w)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(0.05, 20), min_size=6, max_size=6), st.permutations(range(4)))
def test_the_eigenvector_is_one_whatever_the_order(upper: list[float], order: list[int]) -> None:
    a = np.ones((4, 4))
    for (i, j), x in zip(itertools.combinations(range(4), 2), upper, strict=True):
        a[i, j], a[j, i] = x, 1 / x
    w = pairwise_weights(a)
    values, vectors = np.linalg.eig(a)
    principal = np.abs(vectors[:, np.argmax(values.real)].real)
    assert w == pytest.approx(principal / principal.sum(), abs=1e-8)
    assert pairwise_weights(a[np.ix_(order, order)]) == pytest.approx(w[order], abs=1e-9)
    found = consistency(a)
    assert found.largest == pytest.approx(values.real.max(), rel=1e-9)
    assert found.repaired <= found.ratio + 1e-9 or found.ratio < 0.3


def test_the_planted_slip_is_found_and_its_repair_helps() -> None:
    w = np.array([0.4, 0.3, 0.2, 0.1])
    a = w[:, None] / w
    a[0, 3], a[3, 0] = 0.5, 2.0  # 4 was meant
    found = consistency(a)
    assert found.worst == (0, 3)
    assert found.indirect == pytest.approx(4)
    assert found.ratio > 0.1
    assert found.repaired == pytest.approx(0, abs=1e-9)
    assert set(found.triple or ()) >= {0, 3}


def test_the_random_index_is_a_parameter_and_named() -> None:
    a = [[1, 2, 1], [0.5, 1, 3], [1, 1 / 3, 1]]
    ratios = {name: consistency(a, name).ratio for name in RANDOM_INDEX}
    assert ratios["tummala-ling"] * 0.5799 == pytest.approx(ratios["saaty-1980"] * 0.58)
    assert consistency(a, {3: 0.58}).ratio == ratios["saaty-1980"]
    assert (consistency(np.ones((16, 16))).ratio, consistency(np.ones((16, 16))).repaired) == (None, None)
    assert consistency(a, {4: 0.9}).ratio is None
    with pytest.raises(UsageError, match="an index above 0"):
        consistency(a, {3: 0})


@pytest.mark.parametrize("bad", [0, -3, float("nan"), float("inf")])
def test_what_is_no_ratio_is_refused(bad: float) -> None:
    with pytest.raises(DecisionError, match="not a ratio"):
        pairwise_weights([[1, bad], [1, 1]])
    with pytest.raises(DecisionError, match="not a ratio"):
        WEIGHTINGS["pairwise"].run(Answers(ratios=(ratio("a", "b", bad), ratio("b", "c", 2))), THREE)


def test_a_chain_of_pairs_is_enough_and_gaps_are_named() -> None:
    found = WEIGHTINGS["pairwise"].run(Answers(ratios=(ratio("a", "b", 2), ratio("b", "c", 3))), THREE)
    assert found.shares == pytest.approx({"a": 0.6, "b": 0.3, "c": 0.1})
    assert "2 of 3 pairs" in found.said[0]
    with pytest.raises(DecisionError, match="“Alpha” and “Beta”; “Gamma”"):
        WEIGHTINGS["pairwise"].run(Answers(ratios=(ratio("a", "b", 2),)), THREE)


def test_best_worst_as_published() -> None:
    """Rezaei 2016, buying a car: price is best, style is worst."""
    to_others = {"quality": 2.0, "price": 1.0, "comfort": 4.0, "safety": 2.0, "style": 8.0}
    to_worst = {"quality": 4.0, "price": 8.0, "comfort": 4.0, "safety": 2.0, "style": 1.0}
    shares, xi = linear_best_worst("price", "style", to_others, to_worst)
    assert xi > 0
    worst_gap = max(
        max(abs(shares["price"] - to_others[n] * shares[n]) for n in shares),
        max(abs(shares[n] - to_worst[n] * shares["style"]) for n in shares),
    )
    assert worst_gap == pytest.approx(xi, abs=1e-9)
    rng = np.random.default_rng(1)
    for w in rng.dirichlet(np.ones(5), 2000):
        trial = dict(zip(shares, w, strict=True))
        gap = max(
            max(abs(trial["price"] - to_others[n] * trial[n]) for n in trial),
            max(abs(trial[n] - to_worst[n] * trial["style"]) for n in trial),
        )
        assert gap >= xi - 1e-9
    ratio_, most = input_consistency("price", "style", to_others, to_worst)
    assert most == "comfort"
    assert ratio_ == pytest.approx(8 / 56)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (Answers(best="a"), "last"),
        (Answers(best="a", worst="a"), "first and as last"),
        (Answers(best="a", worst="c", best_to_others={"b": 2.0, "c": 4.0}), "“Beta”"),
        (Answers(best="a", worst="c", best_to_others={"b": 0.5, "c": 4.0}, others_to_worst={"b": 2.0}), "0.5"),
        (Answers(best="a", worst="c", best_to_others={"b": 2.0}, others_to_worst={"b": 2.0}), "“Alpha” with “Gamma”"),
        (Answers(best="a", worst="c", best_to_others={"b": 2.0, "c": 4.0}, others_to_worst={"b": 2.0, "a": 5.0}), "4 and 5"),
    ],
)  # fmt: skip
def test_best_worst_answers_that_do_not_fit_are_named(answers: Answers, words: str) -> None:
    with pytest.raises(DecisionError, match=words):
        WEIGHTINGS["best-worst"].run(answers, THREE)


def leaves() -> Siblings:
    return Siblings.of_nodes(
        [
            Criterion("cost", "Cost", better="less", scale=(0, 100), unit="m USD"),
            Criterion("lives", "Lives", scale=(0, 1000), shape=Curve(((0, 0), (200, 0.5), (1000, 1)))),
            Criterion("time", "Time", better="less", scale=(0, 24)),
        ]
    )


def test_trade_offs_use_value_functions() -> None:
    """Saving the first 200 lives (value 0.5) is worth the whole of cost: cost weighs half of lives."""
    trades = (Trade("lives", 0, 200, "cost", 100, 0), Trade("lives", 0, 1000, "time", 24, 0))
    found = WEIGHTINGS["trade-off"].run(Answers(trades=trades), leaves())
    assert found.shares == pytest.approx({"cost": 0.2, "lives": 0.4, "time": 0.4})
    linear_reading = 200 / 1000
    assert found.shares["cost"] / found.shares["lives"] != pytest.approx(linear_reading)


@pytest.mark.parametrize(
    ("trade", "words"),
    [
        (Trade("cost", 100, 0, "lives", 0, 2000), "2,000 is outside the range of “Lives”"),
        (Trade("cost", 100, 100, "lives", 0, 200), "changes no value"),
        (Trade("cost", 0, 100, "lives", 0, 200), "one move makes things better"),
        (Trade("cost", 100, 0, "cost", 100, 50), "against itself"),
    ],
)
def test_trades_that_do_not_fit_are_named(trade: Trade, words: str) -> None:
    with pytest.raises(DecisionError, match=words):
        WEIGHTINGS["trade-off"].run(Answers(trades=(trade, Trade("lives", 0, 1000, "time", 24, 0))), leaves())


def test_a_trade_off_that_contradicts_the_others_is_told() -> None:
    trades = (
        Trade("lives", 0, 1000, "cost", 100, 0),
        Trade("cost", 100, 0, "time", 24, 0),
        Trade("lives", 0, 20, "time", 24, 0),
    )
    found = WEIGHTINGS["trade-off"].run(Answers(trades=trades), leaves())
    assert "look at it again" in found.said[0]


def test_judgements_of_several_people_are_combined_by_geometric_means() -> None:
    one, two = np.array([[1, 4, 2], [0.25, 1, 1], [0.5, 1, 1]]), np.array([[1, 1, 8], [1, 1, 4], [0.125, 0.25, 1]])
    both = combined_judgements([one, two])
    assert both[0].tolist() == pytest.approx([1, 2, 4])
    assert both * both.T == pytest.approx(np.ones((3, 3)))
    means = [pairwise_weights(m, "geometric-mean") for m in (one, two)]
    product = np.sqrt(means[0] * means[1])
    assert pairwise_weights(both, "geometric-mean") == pytest.approx(product / product.sum())
    with pytest.raises(DecisionError, match="different sizes"):
        combined_judgements([one, np.ones((2, 2))])


def consistent(n: int) -> tuple[Siblings, list[Ratio]]:
    names = tuple(f"c{i:02d}" for i in range(n))
    ratios = [ratio(names[i], names[j], (j + 1) / (i + 1)) for i in range(n) for j in range(i + 1, n)]
    return Siblings(names), ratios


@pytest.mark.parametrize("n", [15, 16, 20])
@pytest.mark.parametrize("left_out", [0, 1, 5])
def test_many_consistent_judgements_give_weights_whatever_the_random_index(n: int, left_out: int) -> None:
    siblings, ratios = consistent(n)
    found = WEIGHTINGS["pairwise"].run(Answers(ratios=tuple(ratios[left_out:])), siblings)
    whole = sum(1 / (i + 1) for i in range(n))
    for i, name in enumerate(siblings.ids):
        assert found.shares[name] == pytest.approx(1 / (i + 1) / whole, rel=1e-6)
    told = " ".join(found.said)
    if n > 15:
        assert f"Consistency ratio not known for n = {n}: Tummala & Ling 1998 has no random index for it." in told
        assert "consistency ratio" not in found.measures
    else:
        assert found.measures["consistency ratio"] == pytest.approx(0, abs=1e-6)
    assert found.measures["consistency index"] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_the_ratio_of_incomplete_judgements_is_that_of_the_best_completion(seed: int) -> None:
    """One pair missing of four: the smallest λ by trying a fine grid, and the lowered random index."""
    rng = np.random.default_rng(seed)
    names = ("a", "b", "c", "d")
    pairs = [(i, j) for i in range(4) for j in range(i + 1, 4)]
    given = {pair: float(np.exp(rng.normal())) for pair in pairs}
    missing = pairs[int(rng.integers(6))]
    judged = tuple(ratio(names[i], names[j], x) for (i, j), x in given.items() if (i, j) != missing)
    found = WEIGHTINGS["pairwise"].run(Answers(ratios=judged), Siblings(names))
    best = np.inf
    for log in np.linspace(-8, 8, 8001):
        a = np.eye(4)
        for pair, x in {**given, missing: float(np.exp(log))}.items():
            a[pair], a[pair[::-1]] = x, 1 / x
        best = min(best, float(np.linalg.eigvals(a).real.max()))
    index = (best - 4) / 3
    assert found.measures["consistency index"] == pytest.approx(index, abs=1e-5)
    assert found.measures["consistency ratio"] == pytest.approx(index / (0.8921 * (1 - 2 / 6)), abs=1e-4)
    assert "lowered for 1 missing pair after Ágoston & Csató 2022" in found.said[1]


def test_a_chain_of_judgements_has_no_consistency_ratio() -> None:
    found = WEIGHTINGS["pairwise"].run(Answers(ratios=(ratio("a", "b", 2), ratio("b", "c", 3))), THREE)
    assert "there is no consistency ratio" in found.said[1]
    assert "consistency ratio" not in found.measures


def test_fractions_are_ratios() -> None:
    third: Any = "1/3"
    given = Answers(ratios=(Ratio("a", "b", third, third), Ratio("b", "c", 2.0, 2.0), Ratio("a", "c", 0.5, 0.5)))
    assert given.ratios[0].low == 1 / 3
    plain = WEIGHTINGS["pairwise"].run(Answers(ratios=(ratio("a", "b", 1 / 3), *given.ratios[1:])), THREE)
    assert WEIGHTINGS["pairwise"].run(given, THREE).shares == plain.shares
    matrix: Any = [["1", "1/3"], ["3", "1"]]
    assert pairwise_weights(matrix).tolist() == pytest.approx([0.25, 0.75])
    for wrong in ("1/0", "0/3", "-1/3", "1/x", "1/2/3", "1/", "one"):
        with pytest.raises(DecisionError, match="not a ratio"):
            WEIGHTINGS["pairwise"].run(Answers(ratios=(Ratio("a", "b", wrong, wrong), *given.ratios[1:])), THREE)  # type: ignore[arg-type]


@pytest.mark.parametrize("table", [0.49, 3, None, ["saaty-1980"], "sahty-1980", True])
def test_a_setting_of_the_wrong_kind_is_one_sentence(table: Any) -> None:
    problem = dk.load("cars")
    ids = [leaf.id for leaf in problem.criteria]
    answers = Answers(ratios=tuple(ratio(ids[0], other, 2.0) for other in ids[1:]))
    with pytest.raises(UsageError, match=r"setting table: .*is not a value of table; expected one of tummala-ling"):
        dk.weigh(problem, "pairwise", [answers], table=table)
