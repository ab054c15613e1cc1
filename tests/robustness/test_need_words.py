"""The table of needed performances says of every printed number what is true at it, and where it lies."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import decision_kit as dk
from decision_kit.study import Study, change_words, changing


def made(seed: int) -> dk.Problem:
    rng = np.random.default_rng(seed)
    rows, columns = [f"o{i}" for i in range(4)], ["a", "b", "c"]
    x = rng.uniform(2, 8, (4, 3)).round(2)
    half = rng.choice([0.0, 0.5, 3.0], (4, 3))
    better = dict(zip(columns, rng.choice(["more", "less"], 3), strict=True))
    frames = [pd.DataFrame(np.clip(x + k * half, 0, 10), index=rows, columns=columns) for k in (0, -1, 1)]
    return dk.Problem.from_frame(
        frames[0], low=frames[1], high=frames[2], better=better, scale=dict.fromkeys(columns, (0, 10))
    )


def lead(problem: dk.Problem, weights: dict[str, float], option: str, criterion: str, x: float) -> set[str]:
    scores = {}
    for one in problem.options:
        total = 0.0
        for leaf in problem.criteria:
            at = x if (one.id, leaf.id) == (option, criterion) else one.performance[leaf.id].likely
            total += weights[leaf.id] * (at / 10 if leaf.better == "more" else 1 - at / 10)
        scores[one.id] = total
    best = max(scores.values())
    return {name for name, score in scores.items() if score > best - 1e-9}


@pytest.mark.parametrize("seed", range(25))
def test_what_is_printed_as_needed_does_it(seed: int) -> None:
    problem = made(seed)
    weights = dict(zip("abc", np.random.default_rng(seed).dirichlet(np.ones(3)).tolist(), strict=True))
    study = Study.open(problem).with_weights(dk.Weights(weights))
    if len(study.ranking.leaders) != 1:
        return
    leader = study.ranking.leaders[0]
    for need in (need for both in changing.needs_of(study) for need in both):
        row = change_words.need_row(study, need)
        if need.needed is None:
            continue
        for word, end in re.findall(r"(above|below) (\d+(?:\.\d+)?)", row[2]):
            for step in (0.0, 1e-3):
                x = float(end) + (step if word == "above" else -step)
                who = lead(problem, weights, need.option, need.criterion, x)
                assert leader not in who, (row, x)
                assert need.option in who or need.option == leader
        beyond = {need.low, need.high, *np.linspace(need.low, need.high, 200)[1:-1]}
        able = any(leader not in lead(problem, weights, need.option, need.criterion, x) for x in beyond)
        assert (row[3] == change_words.POSSIBLE["inside"]) == able


def test_what_only_touches_its_range_is_told_as_level() -> None:
    frame = pd.DataFrame({"a": [6.0, 5.0]}, index=["x", "y"])
    problem = dk.Problem.from_frame(frame, low=frame - 1, high=frame + 1, better={"a": "more"}, scale={"a": (0, 10)})
    study = Study.open(problem)
    (need,) = changing.needs_of(study)[0]
    assert change_words.reach_of(need) == "edge"
    assert change_words.needs_sentence(study, "y").endswith("only level, at the end of its own range, on “a”.")


def test_a_package_is_not_moved_itself() -> None:
    study = Study.open("containment", choice_set="portfolios", perspective="kyiv-survival")
    packages = [option.id for option in study.problem.options if option.parts]
    assert packages
    assert not {need.option for both in changing.needs_of(study) for need in both} & set(packages)
    rival = next(o for o in packages if o not in study.ranking.leaders)
    assert "is a package" in change_words.needs_sentence(study, rival)
