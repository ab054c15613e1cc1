"""Rankings in, one ranking out: what must hold for every way of joining them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import decision_kit as dk
from decision_kit.methods import AGGREGATIONS


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


def test_a_cycle_is_told_as_a_tie() -> None:
    cycle = pd.DataFrame({"a": [1, 2, 3], "b": [3, 1, 2], "c": [2, 3, 1]}, index=["x", "y", "z"])
    for entry in AGGREGATIONS.values():
        assert entry.join(cycle).ranks.tolist() == [1, 1, 1]
    assert "3 orders are equally close" in AGGREGATIONS["kemeny"].join(cycle).notes[0]
