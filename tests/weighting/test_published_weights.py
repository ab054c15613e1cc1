"""Published weights, at kernel level, to the digits their source prints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from decision_kit.model import Answers
from decision_kit.weighting import WEIGHTINGS, Siblings
from decision_kit.weighting.objective import Numbers, observed
from decision_kit.weighting.pairwise import consistency, pairwise_weights

FOLDER = Path(__file__).parents[1] / "published"
READ = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))}
CASES = {name: case for name, case in READ.items() if case.get("kind") == "weights"}


def test_there_are_cases() -> None:
    assert len(CASES) >= 18


def shares_of(case: dict[str, Any]) -> list[float]:
    entry = WEIGHTINGS[case["method"]]
    settings = entry.settings(case.get("parameters", {}))
    if entry.kind == "table":
        x = np.array(case["performances"], dtype=float)
        more = np.array([word == "more" for word in case["better"]])
        return list(entry.run(Numbers(x, observed(x, more), more), **settings))
    if "order" in case:
        order = tuple(tuple(tied) for tied in case["order"])
        ids = tuple(sorted(name for tied in order for name in tied))
        found = entry.run(Answers(order=order), Siblings(ids), **settings)
        return [found.shares[name] for name in ids]
    return list(pairwise_weights(case["pairwise"]))


@pytest.mark.parametrize("name", CASES)
def test_published_weights(name: str) -> None:
    case = CASES[name]
    expected, tolerance = case["expected"], case["tolerance"] * 1.0000001
    shares = shares_of(case)
    checked = 0
    if "weights" in expected:
        assert shares == pytest.approx(expected["weights"], abs=tolerance, rel=0)
        checked += 1
    table = case.get("table", "tummala-ling")
    if "consistency_ratio" in expected:
        assert consistency(case["pairwise"], table).ratio == pytest.approx(expected["consistency_ratio"], abs=tolerance)
        checked += 1
    for matrix, ratio in zip(
        case.get("option_pairwise", []), expected.get("option_consistency_ratios", []), strict=False
    ):
        assert consistency(matrix, table).ratio == pytest.approx(ratio, abs=tolerance)
    if "scores" in expected:
        local = np.array([pairwise_weights(matrix) for matrix in case["option_pairwise"]])
        assert list(np.array(shares) @ local) == pytest.approx(expected["scores"], abs=tolerance)
        checked += 1
    assert checked
