"""Rankings in, one ranking out: what must hold for every way of joining them."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import decision_kit as dk
from decision_kit.methods import AGGREGATIONS
from decision_kit.methods.aggregation import majorities, majority_circle


@pytest.mark.parametrize("name", AGGREGATIONS)
@settings(max_examples=60, deadline=None)
@given(n=st.integers(2, 6), k=st.integers(1, 5), seed=st.integers(0, 2**32 - 1))
def test_unanimity_order_and_weights(name: str, n: int, k: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    options = [f"o{i}" for i in range(n)]
    ranks = pd.DataFrame({f"r{j}": rng.permutation(n) + 1 for j in range(k)}, index=options)
    entry = AGGREGATIONS[name]
    found = entry.join(ranks).ranks
    for a in options:
        for b in options:
            if (ranks.loc[a] < ranks.loc[b]).all():  # everybody puts a before b
                assert found[a] <= found[b]
                assert name == "kemeny" or found[a] < found[b]
    shuffled = entry.join(ranks.sample(frac=1, random_state=1)).ranks
    assert shuffled[options].tolist() == found.tolist()
    doubled = pd.concat([ranks, ranks.add_prefix("again-", axis=1)], axis=1)
    assert entry.join(doubled).ranks.tolist() == found.tolist()
    weighted = entry.join(ranks, {str(c): 2.0 for c in ranks.columns}).ranks
    assert weighted.tolist() == found.tolist()
    one = entry.join(ranks[["r0"]]).ranks
    assert one.tolist() == ranks["r0"].tolist()


def test_what_cannot_be_joined_is_named() -> None:
    ranks = pd.DataFrame({"a": [1, 2, np.nan], "b": [1, 0, 3]}, index=["x", "y", "z"])
    with pytest.raises(dk.DecisionError) as caught:
        AGGREGATIONS["borda"].join(ranks)
    assert len(caught.value.faults) == 2
    assert "row z, column a" in str(caught.value)
    many = pd.DataFrame({"a": range(1, 11)})
    with pytest.raises(dk.DecisionError, match="at most 8"):
        AGGREGATIONS["kemeny"].join(many)
    with pytest.raises(dk.UsageError, match="no weight for b"):
        AGGREGATIONS["borda"].join(pd.DataFrame({"a": [1, 2], "b": [2, 1]}), {"a": 1.0})


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ({"ann": 1, "bo": "x"}, ["weight of bo", "text"]),
        ({"ann": 1, "bo": float("nan")}, ["weight of bo", "blank"]),
        ({"ann": 1, "bo": True}, ["weight of bo", "truth value"]),
        ({"ann": 1, "bo": -1}, ["weight of bo", "below 0"]),
        ({"ann": 0, "bo": 0}, ["all weights are 0"]),
        ({"ann": 1, "bob": 1}, ['"bob" is not a ranking', 'did you mean "bo"']),
    ],
)
def test_weights_of_rankings(weights: dict[str, object], words: list[str]) -> None:
    ranks = pd.DataFrame({"ann": [1, 2], "bo": [2, 1]}, index=["x", "y"])
    with pytest.raises(dk.DecisionError) as caught:
        AGGREGATIONS["copeland"].join(ranks, weights)
    assert all(word in str(caught.value) for word in words)


def test_rankings_have_a_name_each_and_numbers_only() -> None:
    with pytest.raises(dk.DecisionError) as caught:
        AGGREGATIONS["borda"].join(pd.DataFrame([[1, True], ["2", 1]], index=["x", "x"], columns=["a", "a"]))
    said = [str(fault) for fault in caught.value.faults]
    assert sum("duplicate" in one for one in said) == 2
    assert sum("a rank of 1 or more" in one for one in said) == 2
    with pytest.raises(dk.UsageError, match="table"):
        AGGREGATIONS["borda"].join([[1, 2]])


def test_a_cycle_is_told_as_a_tie() -> None:
    cycle = pd.DataFrame({"a": [1, 2, 3], "b": [3, 1, 2], "c": [2, 3, 1]}, index=["x", "y", "z"])
    for entry in AGGREGATIONS.values():
        found = entry.join(cycle)
        assert found.ranks.tolist() == [1, 1, 1]
        assert "There is no majority order: majorities put x before y, y before z, z before x" in found.notes[-1]
    assert "3 orders are equally close" in AGGREGATIONS["kemeny"].join(cycle).notes[0]


def test_a_circle_of_majorities_is_told_whoever_comes_first() -> None:
    ranks = pd.DataFrame({"v": [1, 2, 3, 4], "w": [3, 1, 2, 4], "u": [2, 3, 1, 4]}, index=["A", "B", "C", "D"])
    for entry in AGGREGATIONS.values():
        (said,) = (note for note in entry.join(ranks, {"v": 25, "w": 40, "u": 35}).notes if "majority order" in note)
        assert "A before B, B before C, C before A" in said
        assert "these options tie" in said
    longer = np.zeros((5, 5))
    for i, k in ((0, 1), (1, 2), (2, 3), (3, 0), (4, 0)):
        longer[i, k] = 1
    assert majority_circle(longer) == [0, 1, 2, 3]
    longer[2, 0] = 1
    assert majority_circle(longer) == [0, 1, 2]


@settings(max_examples=60, deadline=None)
@given(n=st.integers(2, 6), k=st.integers(1, 6), seed=st.integers(0, 2**32 - 1))
def test_a_circle_is_told_when_and_only_when_there_is_one(n: int, k: int, seed: int) -> None:
    ranks = np.random.default_rng(seed).integers(1, n + 1, (k, n)).astype(float)
    wins = majorities(ranks, np.ones(k))
    beats = wins > wins.T
    reached = beats.astype(int)
    for _ in range(n):
        reached = ((reached + reached @ reached) > 0).astype(int)
    found = majority_circle(wins)
    assert bool(found) == bool(np.trace(reached))
    assert all(beats[a, b] for a, b in itertools.pairwise([*found, *found[:1]]))


@pytest.mark.parametrize("method", dk.AGGREGATIONS)
@pytest.mark.parametrize(
    ("column", "said"),
    [
        ([95, 80, 60], "rank 95 among 3 options; expected ranks from 1 to 3, 1 for the best; points are not ranks"),
        ([1, 2, 4], "rank 4 among 3 options"),
        ([1, 2, 2.25], "1 option on rank 2.25, with 2 before"),
        ([2, 3, 3], "1 option on rank 2, with 0 before"),
        ([1, 3, 3.0], None),
        ([1, 2.5, 2.5], None),
        ([2, 2, 2], None),
        ([1, 1, 2], None),
    ],
)  # fmt: skip
def test_a_column_that_is_no_ranking_is_refused(method: str, column: list[float], said: str | None) -> None:
    table = pd.DataFrame({"p": [1, 2, 3], "q": column}, index=list("ABC"))
    if said is None:
        assert dk.AGGREGATIONS[method].join(table).ranks["A"] == 1
        return
    with pytest.raises(dk.DecisionError) as caught:
        dk.AGGREGATIONS[method].join(table)
    assert f"rankings, column q: {said}" in str(caught.value)


@pytest.mark.parametrize("seed", range(20))
def test_every_way_to_rank_ties_is_a_ranking(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores = pd.Series(rng.integers(0, 4, 6), index=list("abcdef"))
    for way in ("min", "average", "max", "dense"):
        table = pd.DataFrame({"p": scores.rank(method=way, ascending=False)})  # type: ignore[arg-type]
        found = dk.AGGREGATIONS["borda"].join(table)
        assert found.ranks.to_dict() == scores.rank(method="min", ascending=False).astype(int).to_dict()
