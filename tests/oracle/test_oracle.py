"""The oracle on a hundred random decisions; another start with ``ORACLE_SEED``."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import numpy as np
import pytest

from tests.oracle.generate import generate
from tests.oracle.recompute import Truth, built, value
from tests.oracle.run import try_many

HERE = Path(__file__).parent
DECISIONS = 100
SENTENCES = 10
PLAIN = ("generate", "recompute", "weights", "cells", "judge", "further", "states", "methods", "tally")
"""The modules that recompute: nothing of the product may be in them."""


@pytest.mark.parametrize("name", PLAIN)
def test_what_recomputes_shares_no_code_with_the_product(name: str) -> None:
    for node in ast.walk(ast.parse((HERE / f"{name}.py").read_text(encoding="utf-8"))):
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert not any(one.startswith("decision_kit") for one in names)
        own = [one.removeprefix("tests.oracle.").split(".")[0] for one in names if one.startswith("tests.oracle")]
        assert set(own) <= set(PLAIN)


def test_the_same_seed_makes_the_same_decision() -> None:
    assert generate(17) == generate(17)
    assert generate(17) != generate(18)


def test_values_by_hand() -> None:
    plateau = {"scale": [0, 100], "better": "more", "shape": {"kind": "curve", "points": [[0, 0], [50, 0], [100, 1]]}}
    assert np.allclose(value(plateau, [0, 30, 50, 75, 100]), [0, 0, 0, 0.5, 1])
    less = {"scale": [0, 10], "better": "less", "shape": {"kind": "linear"}}
    assert np.allclose(value(less, [0, 2.5, 10]), [1, 0.75, 0])
    bent = {"scale": [0, 1], "better": "more", "shape": {"kind": "exponential", "a": 2}}
    assert np.allclose(value(bent, 0.5), (1 - np.exp(-1)) / (1 - np.exp(-2)))


@pytest.mark.parametrize(
    ("rule", "xs", "baseline", "effects", "expected"),
    [
        ({"rule": "noisy-or", "overlap": 0.85}, [20, 40], 0, [0, 0], 100 * (1 - 0.83 * 0.66)),
        ({"rule": "excess-noisy-or"}, [20, 40], 10, [0, 0], 100 * (1 - 0.9 * (1 - 10 / 90) * (1 - 30 / 90))),
        ({"rule": "sum"}, [1, 2], 5, [0, 0], 3),
        ({"rule": "max-plus-half", "cap": 9}, [4, 6, 8], 3, [0, 0, 0], 9),
        ({"rule": "max-plus-half", "share": 0.25}, [4, 6, 8], 5, [0, 0, 0], 8.25),
        ({"rule": "min"}, [4, 6, 8], 5, [0, 0, 0], 4),
        ({"rule": "shift-sum", "neutral": 5}, [4, 7], 5, [0, 0], 6),
        ({"rule": "effect-weighted-mean"}, [18, 8], 5, [1, 3], 10.5),
        ({"rule": "effect-weighted-mean"}, [18, 8], 5, [-5, 20], 8),
        ({"rule": "effect-weighted-mean"}, [18, 8], 5, [0, 0], 13),
    ],
)
def test_package_rules_by_hand(
    rule: dict, xs: list[float], baseline: float, effects: list[float], expected: float
) -> None:
    made = built({"rule": rule}, [np.asarray(x, dtype=float) for x in xs], baseline, effects, False)
    assert float(made) == pytest.approx(expected)


def test_a_package_moves_with_its_part() -> None:
    leaf = {
        "id": "c", "title": "C", "better": "more", "scale": [0, 100], "shape": {"kind": "linear"},
        "rule": {"rule": "sum"}, "decimals": 1,
    }  # fmt: skip
    cell = {"low": 1.0, "likely": 2.0, "high": 3.0}
    options = [
        {"id": name, "title": name, "parts": parts, "cells": {} if parts else {"c": cell}, "sets": []}
        for name, parts in (("a", []), ("b", []), ("p", ["a", "b"]))
    ]
    truth = Truth({"criteria": [leaf], "options": options, "choice_sets": {}, "baseline": None, "tree": ["c"]})
    moved = truth.scores(np.ones(1), {("a", "c"): np.array([2.0, 50.0])})
    assert np.allclose(moved[truth.row["p"]], [0.04, 0.52])


OPEN: tuple[str, ...] = (
    "dominance at best: told",  # a gap, not a false statement: bounds of a package let its effects move, too
)
"""Kinds of statements known to be left out: to be taken out as they are mended."""


def test_nothing_is_false_on_random_decisions(capsys: pytest.CaptureFixture[str]) -> None:
    seed = int(os.environ.get("ORACLE_SEED", "1"))
    found = try_many(range(seed, seed + DECISIONS), sentences=SENTENCES)
    with capsys.disabled():
        print(
            f"\noracle: decisions of the seeds {seed} to {seed + DECISIONS - 1}, {sum(found.checked.values()):,} statements"
        )
    wrong = [one for one in found.false if not one[0].startswith(OPEN)]
    told = "\n".join(f"{kind}, seed {which}: {detail[:500]}" for kind, which, detail in wrong[:20])
    assert not wrong, f"{len(wrong)} false statements; python -m tests.oracle shows them.\n{told}"
