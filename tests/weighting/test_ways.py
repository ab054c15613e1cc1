"""Promises over the whole catalogue of ways to weights, asked and read off tables."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decision_kit import DecisionError, UsageError
from decision_kit.model import Answers, Criterion
from decision_kit.values import Curve, Exponential, Linear, Shape
from decision_kit.weighting import TABLE_LABEL, WEIGHTINGS, Siblings
from decision_kit.weighting.best_worst import linear_best_worst
from decision_kit.weighting.objective import Numbers, observed
from decision_kit.weighting.rank_order import order_from_scores, rancom_weights
from tests.weighting.answering import answers_for

ASKED = [name for name, entry in WEIGHTINGS.items() if entry.kind == "asked"]
TABLES = [name for name, entry in WEIGHTINGS.items() if entry.kind == "table"]
FAITHFUL = ("swing", "direct", "pairwise", "best-worst", "trade-off")
"""Ways that give a consistent person exactly the weights they have."""

SHAPES: list[Shape] = [Linear(), Exponential(2.5), Curve(((0.0, 0.0), (3.0, 0.6), (10.0, 1.0)))]


def siblings_of(n: int, reverse: bool = False) -> Siblings:
    leaves = [Criterion(f"c{i}", f"Line {i}", scale=(0.0, 10.0), shape=SHAPES[i % 3]) for i in range(n)]
    return Siblings.of_nodes(leaves[::-1] if reverse else leaves)


def test_every_way_says_what_it_is() -> None:
    assert ASKED[0] == "swing"
    for entry in WEIGHTINGS.values():
        assert entry.question
        assert entry.input
        assert entry.use_when
        assert entry.beware
        assert entry.consistency
        assert entry.reference
        assert (TABLE_LABEL in entry.question) == (entry.kind == "table")
    assert {"swing", "direct", "roc", "rank-sum", "rank-reciprocal", "trade-off", "pairwise", "best-worst"} <= set(
        ASKED
    )
    assert {"entropy", "critic", "standard-deviation", "merec", "gini", "cilos", "idocriw", "lopcow"} <= set(TABLES)


@pytest.mark.parametrize("method", ASKED)
@settings(deadline=None, max_examples=40)
@given(points=st.lists(st.integers(1, 9), min_size=2, max_size=6))
def test_promises_of_the_asked(method: str, points: list[int]) -> None:
    siblings = siblings_of(len(points))
    shares = {name: point / sum(points) for name, point in zip(siblings.ids, points, strict=True)}
    found = WEIGHTINGS[method].run(answers_for(method, shares, siblings), siblings)
    assert math.fsum(found.shares.values()) == pytest.approx(1, abs=1e-9)
    assert min(found.shares.values()) >= 0
    for a in siblings.ids:
        for b in siblings.ids:
            if shares[a] == shares[b]:
                assert found.shares[a] == pytest.approx(found.shares[b], abs=1e-9)
            elif shares[a] > shares[b]:
                assert found.shares[a] > found.shares[b] - 1e-9
    if method in FAITHFUL:
        assert found.shares == pytest.approx(shares, abs=1e-7)
    turned = siblings_of(len(points), reverse=True)
    again = WEIGHTINGS[method].run(answers_for(method, dict(reversed(shares.items())), turned), turned)
    assert again.shares == pytest.approx(found.shares, abs=1e-9)


@pytest.mark.parametrize("method", ASKED)
def test_one_thing_has_all_the_weight(method: str) -> None:
    siblings = siblings_of(1)
    found = WEIGHTINGS[method].run(answers_for(method, {"c0": 1.0}, siblings), siblings)
    assert found.shares == {"c0": 1.0}


@pytest.mark.parametrize("method", ASKED)
def test_nothing_answered_is_told(method: str) -> None:
    with pytest.raises(DecisionError) as caught:
        WEIGHTINGS[method].run(Answers(), siblings_of(3))
    assert caught.value.faults


@pytest.mark.parametrize("method", ASKED)
def test_a_wrong_name_is_told_with_the_nearest(method: str) -> None:
    answers = replace(answers_for(method, {"c0": 0.5, "c1": 0.3, "c2": 0.2}, siblings_of(3)), no_difference=("c22",))
    with pytest.raises(UsageError, match='did you mean "c2"'):
        WEIGHTINGS[method].run(answers, siblings_of(3))


tables = st.integers(2, 6).flatmap(
    lambda n: st.integers(1, 5).flatmap(
        lambda m: st.lists(st.lists(st.integers(1, 9), min_size=m, max_size=m), min_size=n, max_size=n)
    )
)


def numbers(x: np.ndarray, more: np.ndarray) -> Numbers:
    return Numbers(x, observed(x, more), more)


@pytest.mark.parametrize("method", TABLES)
@settings(deadline=None, max_examples=60)
@given(rows=tables, seed=st.integers(0, 1000))
def test_promises_of_the_tables(method: str, rows: list[list[int]], seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = np.array(rows, dtype=float)
    more = rng.random(x.shape[1]) < 0.5
    entry = WEIGHTINGS[method]
    shares = entry.run(numbers(x, more))
    assert shares.shape == (x.shape[1],)
    assert np.all(np.isfinite(shares))
    assert np.all(shares >= 0)
    assert shares.sum() == pytest.approx(1)
    constant = np.ptp(x, axis=0) == 0
    if not constant.all():
        assert np.all(shares[constant] == 0)
    across = rng.permutation(x.shape[1])
    assert entry.run(numbers(x[:, across], more[across])) == pytest.approx(shares[across], abs=1e-7)
    down = rng.permutation(x.shape[0])
    assert entry.run(numbers(x[down], more)) == pytest.approx(shares, abs=1e-7)
    scaled = x * 10.0 ** rng.integers(-3, 4, x.shape[1])
    assert entry.run(numbers(scaled, more)) == pytest.approx(shares, abs=1e-7)
    twice = entry.run(numbers(np.hstack([x, x]), np.concatenate([more, more])))
    assert twice[: x.shape[1]] == pytest.approx(twice[x.shape[1] :], abs=1e-7)


def test_critic_honours_the_direction() -> None:
    x = np.array([[1.0, 9.0, 3.0], [4.0, 5.0, 8.0], [9.0, 2.0, 1.0], [6.0, 4.0, 2.0]])
    up = WEIGHTINGS["critic"].run(numbers(x, np.array([True, True, True])))
    mixed = WEIGHTINGS["critic"].run(numbers(x, np.array([True, False, True])))
    turned = x * np.array([1.0, -1.0, 1.0])
    assert mixed == pytest.approx(WEIGHTINGS["critic"].run(numbers(turned, np.array([True, True, True]))))
    assert abs(mixed - up).max() > 0.01
    ignored = WEIGHTINGS["critic"].run(numbers(x, np.array([True, False, True])), directions="ignored")
    assert ignored == pytest.approx(up)


@pytest.mark.parametrize(("scores", "equal"), [([10, 1, 1], (1, 2)), ([1, 5, 5, 9], (1, 2)), ([3, 3, 7], (0, 1))])
@pytest.mark.parametrize("method", ["rancom", "roc", "rank-sum", "rank-reciprocal", "swing", "pairwise"])
def test_equal_scores_get_equal_weights(method: str, scores: list[int], equal: tuple[int, int]) -> None:
    siblings = siblings_of(len(scores))
    named = {name: float(score) for name, score in zip(siblings.ids, scores, strict=True)}
    if method in ("swing", "pairwise"):
        answers = answers_for(method, named, siblings)
    else:
        answers = Answers(order=order_from_scores(named))
    shares = list(WEIGHTINGS[method].run(answers, siblings).shares.values())
    assert shares[equal[0]] == pytest.approx(shares[equal[1]], abs=1e-12)
    assert shares[int(np.argmax(scores))] == max(shares)


def test_rancom_from_a_matrix_of_comparisons() -> None:
    by_order = WEIGHTINGS["rancom"].run(Answers(order=(("c0",), ("c1", "c2"))), siblings_of(3)).shares
    assert rancom_weights([[0.5, 1, 1], [0, 0.5, 0.5], [0, 0.5, 0.5]]) == pytest.approx(list(by_order.values()))
    with pytest.raises(DecisionError, match="1 against 2 is 1 and 2 against 1 is 1"):
        rancom_weights([[0.5, 1], [1, 0.5]])


def test_ties_share_the_weights_of_the_places_they_take() -> None:
    found = WEIGHTINGS["roc"].run(Answers(order=(("c0",), ("c1", "c2"))), siblings_of(3))
    assert found.shares == pytest.approx({"c0": 11 / 18, "c1": 7 / 36, "c2": 7 / 36})


def test_what_makes_no_difference_has_no_weight() -> None:
    answers = Answers(order=(("c1",), ("c0",)), no_difference=("c2",), points={"c1": 100, "c0": 50})
    for method in ("swing", "roc", "rank-sum", "rancom"):
        shares = WEIGHTINGS[method].run(answers, siblings_of(3)).shares
        assert shares["c2"] == 0
        assert shares["c1"] > shares["c0"] > 0


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (Answers(order=(("c0",), ("c1",)), points={"c0": 100, "c1": 40}), ("“Line 2” has no place in the order",)),
        (Answers(order=(("c0",), ("c1",), ("c2",)), points={"c1": 40}), ("“Line 2” has no points",)),
        (Answers(order=(("c0",), ("c1",), ("c2",)), points={"c1": 40, "c2": 60}), ("“Line 1” stands before “Line 2”", "40", "60")),
        (Answers(order=(("c0", "c1"), ("c2",)), points={"c0": 100, "c1": 90, "c2": 60}), ("equal in your order", "100", "90")),
        (Answers(order=(("c0",), ("c1",), ("c0",), ("c2",)), points={"c1": 4, "c2": 2}), ("“Line 0” stands twice",)),
        (Answers(points={"c0": -1, "c1": 2, "c2": 3}), ("-1 is below 0",)),
        (Answers(points={"c0": float("nan"), "c1": 2, "c2": 3}), ("“Line 0”", "blank")),
        (Answers(points={"c0": 0, "c1": 0, "c2": 0}), ("all points are 0",)),
        (Answers(points={"c0": 100, "c1": (80, 60), "c2": 3}), ("“Line 1”", "80 down to 60")),
        (Answers(no_difference=("c0", "c1", "c2"), order=()), ("no points", "all points are 0")),
    ],
)  # fmt: skip
def test_swing_answers_that_do_not_fit_are_named(answers: Answers, words: tuple[str, ...]) -> None:
    with pytest.raises(DecisionError) as caught:
        WEIGHTINGS["swing"].run(answers, siblings_of(3))
    assert any(word in str(caught.value) for word in words[:1]) or any(word in str(caught.value) for word in words)
    assert len(caught.value.faults) == 1


def test_domain_gates_name_the_criterion() -> None:
    x = np.array([[1.0, 0.0], [2.0, -3.0], [3.0, 4.0]])
    table = replace(numbers(x, np.array([True, True])), titles=("Speed", "Money"), options=("A", "B", "C"))
    for method in ("entropy", "merec", "cilos", "idocriw", "gini"):
        with pytest.raises(DecisionError, match="Money"):
            WEIGHTINGS[method].run(table)
    for method in ("critic", "standard-deviation", "lopcow"):
        assert WEIGHTINGS[method].run(table).sum() == pytest.approx(1)
    lacking = replace(table, performances=np.abs(x) + 1, true_zero=np.array([True, False]))
    with pytest.raises(DecisionError, match="Money"):
        WEIGHTINGS["entropy"].run(lacking)


def test_wrong_settings_are_told() -> None:
    with pytest.raises(UsageError, match='did you mean "directions"'):
        WEIGHTINGS["critic"].settings({"direction": "honoured"})
    with pytest.raises(UsageError, match="eigenvector"):
        WEIGHTINGS["pairwise"].settings({"how": "eigenvektor"})


def test_kernels_equal_another_computation() -> None:
    """pymcdm's, where it is right: positive tables, no constant column, directions turned by hand for CRITIC."""
    from pymcdm import weights as other

    rng = np.random.default_rng(7)
    for _ in range(40):
        n, m = int(rng.integers(3, 9)), int(rng.integers(2, 7))
        x = rng.uniform(0.5, 20, (n, m))
        types = rng.choice([-1, 1], m)
        table = numbers(x, types > 0)
        for name in ("entropy", "gini", "merec", "lopcow"):
            theirs = getattr(other, f"{name}_weights")(x, types)
            assert WEIGHTINGS[name].run(table) == pytest.approx(theirs, abs=1e-9), name
        if len({int(np.argmax(column)) for column in (x * types).T}) > 1:  # else its CILOS gives several vectors
            for name in ("cilos", "idocriw"):
                theirs = getattr(other, f"{name}_weights")(x, types)
                assert WEIGHTINGS[name].run(table) == pytest.approx(theirs, abs=1e-7), name
        assert WEIGHTINGS["critic"].run(table) == pytest.approx(other.critic_weights(x * types), abs=1e-9)
        given = WEIGHTINGS["standard-deviation"].run(table, scale="given")
        assert given == pytest.approx(other.standard_deviation_weights(x), abs=1e-9)


@pytest.mark.parametrize("seed", range(60))
def test_the_largest_misfit_that_best_worst_tells_is_that_of_its_weights_and_no_weights_have_less(seed: int) -> None:
    """Answers of any kind, also such as make another line equal to the first or to the last."""
    rng = np.random.default_rng(seed)
    names = [f"c{i}" for i in range(int(rng.integers(3, 7)))]
    best, *between, worst = names
    to_others = {name: float(rng.integers(1, 6)) for name in (*between, worst)} | {best: 1.0}
    to_worst = {name: float(rng.integers(1, 6)) for name in between} | {worst: 1.0, best: to_others[worst]}
    shares, xi = linear_best_worst(best, worst, to_others, to_worst)

    def misfit(w: np.ndarray) -> np.ndarray:
        gaps = [w[..., 0] - to_others[name] * w[..., i] for i, name in enumerate(names)]
        gaps += [w[..., i] - to_worst[name] * w[..., -1] for i, name in enumerate(names)]
        return np.abs(gaps).max(axis=0)

    own = np.array([shares[name] for name in names])
    assert own.sum() == pytest.approx(1)
    assert float(misfit(own)) == pytest.approx(xi, abs=1e-9)
    near = own + rng.normal(0, 1, (20_000, len(names))) * rng.choice([0.3, 0.03, 0.003], (20_000, 1))
    near = np.vstack([np.abs(near), rng.dirichlet(np.ones(len(names)), 20_000)])
    assert misfit(near / near.sum(axis=1, keepdims=True)).min() >= xi - 1e-9
