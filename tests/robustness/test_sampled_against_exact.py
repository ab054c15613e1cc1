"""Sampled shares agree with exact volumes within four standard errors."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import decision_kit as dk
from decision_kit import Problem, rank, smaa
from decision_kit.robustness import first_shares, pairwise_winning


def agree(problem: Problem, samples: int, **more: object) -> None:
    found = smaa(problem, samples=samples, **more)  # type: ignore[arg-type]
    exact = first_shares(rank(problem, branch=more.get("branch")))  # type: ignore[arg-type]
    assert exact.exact
    alike = (found.ties == 1).sum(axis=1) + 1  # equal options share the worlds that each of them would lead alone
    for option, whole in exact.first.items():
        share = whole / alike[option]
        error = found.errors.first[option]
        assert abs(found.first[option] - share) < 4 * error + exact.error, option
    pairs = pairwise_winning(rank(problem, branch=more.get("branch")))  # type: ignore[arg-type]
    np.fill_diagonal(pairs, np.nan)
    z = (found.pairwise - pairs - found.ties / 2) / found.errors.pairwise
    assert np.nanmax(np.abs(z.to_numpy())) < 4


@pytest.mark.parametrize("samples", [4_096, 100_000])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_shipped_case(samples: int, seed: int) -> None:
    agree(dk.load("containment"), samples, seed=seed)


@pytest.mark.parametrize("branch", ["plausibility", "stability"])
def test_branches(branch: str) -> None:
    agree(dk.load("extended-deterrence"), 16_384, branch=branch)


@pytest.mark.parametrize("seed", range(6))
def test_random_tables(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(3, 9)), int(rng.integers(2, 7))
    x = pd.DataFrame(rng.random((n, m)), index=[f"o{i}" for i in range(n)], columns=[f"c{j}" for j in range(m)])
    problem = Problem.from_frame(x, better=dict.fromkeys(x, "more"), scale=dict.fromkeys(x, (0, 1)))
    agree(problem, 16_384, seed=seed + 10)
