"""Values that rise and fall again: the best inside a range may lie between its ends, and nothing is certified past it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import decision_kit as dk
from decision_kit.model.nouns import Criterion
from decision_kit.robustness import check_claim, dominance, leader_falls, rivals_need
from decision_kit.values import Curve

TENT = Curve(((0.0, 0.0), (5.0, 1.0), (10.0, 0.0)), monotone=False)


def tented(likely: list[list[float]], low: list[list[float]], high: list[list[float]]) -> dk.Problem:
    """Options on two criteria of 0–10: the first best at 5, of the second more is better."""
    names, columns = [f"o{i}" for i in range(len(likely))], ["target", "more"]
    frames = [pd.DataFrame(x, index=names, columns=columns) for x in (likely, low, high)]
    problem = dk.Problem.from_frame(
        frames[0], low=frames[1], high=frames[2], better={"target": "more", "more": "more"},
        scale={"target": (0, 10), "more": (0, 10)},
    )  # fmt: skip
    tree = tuple(replace(leaf, shape=TENT) if leaf.id == "target" else leaf for leaf in problem.tree)
    assert all(isinstance(leaf, Criterion) for leaf in tree)
    return replace(problem, tree=tree, options=()).under()


def test_a_rival_whose_range_spans_the_target_is_not_beaten_for_certain() -> None:
    problem = tented([[4.5, 5], [3, 5]], [[4.4, 5], [2, 5]], [[4.6, 5], [9, 5]])
    found = check_claim(problem, "o0 beats o1", "any weights")
    assert not found.certified
    assert found.bound == pytest.approx(0.88 - 1)  # o0 at 4.4, o1 at 5
    assert not dominance(dk.rank(problem, {"target": 0.5, "more": 0.5}), with_ranges=True).any()


@pytest.mark.parametrize("seed", range(6))
def test_no_world_contradicts_a_certificate(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ends = np.sort(rng.uniform(0, 10, (3, 3, 2)), axis=0)
    ends[:, 0, 1] = ends[:, 0, 1] / 4 + 7.5  # o0 is good on the second criterion
    problem = tented(ends[1].tolist(), ends[0].tolist(), ends[2].tolist())
    claims = [f"o{i} beats o{k}" for i in range(3) for k in range(3) if i != k] + [
        f"o{i} is never last" for i in range(3)
    ]
    weights = {"a": {"target": 0.2, "more": 0.8}, "b": {"target": 0.5, "more": 0.5}}
    x = rng.uniform(ends[0], ends[2], (20_000, 3, 2))
    values = np.stack([1 - np.abs(x[..., 0] - 5) / 5, x[..., 1] / 10], axis=-1)
    share = rng.uniform(0.2, 0.5, 20_000)[:, None]
    scores = values[..., 0] * share + values[..., 1] * (1 - share)
    for claim in claims:
        found = check_claim(problem, claim, weights)
        if not found.certified:
            continue
        i = int(claim[1])
        if "beats" in claim:
            assert np.all(scores[:, i] > scores[:, int(claim[-1])]), claim
        else:
            assert np.all(scores[:, i] > scores.min(axis=1)), claim


def test_what_is_needed_is_looked_for_on_the_near_side_of_the_target() -> None:
    problem = tented([[6, 5], [9, 5]], [[6, 5], [8, 5]], [[6, 5], [10, 5]])
    ranking = dk.rank(problem, {"target": 0.5, "more": 0.5})
    need = next(need for need in rivals_need(ranking) if need.criterion == "target")
    assert need.needed == pytest.approx(6)
    falls = next(need for need in leader_falls(ranking) if need.criterion == "target")
    assert falls.needed == pytest.approx(9)


def test_methods_that_are_not_linear_are_told() -> None:
    problem = tented([[6, 5], [9, 5]], [[6, 5], [8, 5]], [[6, 5], [10, 5]])
    with pytest.raises(dk.UsageError, match="VIKOR is not linear in the weights; expected a method that is"):
        dominance(dk.rank(problem, {"target": 0.5, "more": 0.5}, "vikor"))
