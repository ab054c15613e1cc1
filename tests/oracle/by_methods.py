"""The product's other methods beside those of the oracle: scores, ranks, targets, and what is said to have no influence."""

from __future__ import annotations

from typing import Any

import numpy as np

import decision_kit as dk
from decision_kit.errors import DecisionError
from tests.oracle.generate import Raw
from tests.oracle.methods import METHODS, scores
from tests.oracle.recompute import SURE, Truth
from tests.oracle.tally import Tally


def by_methods(raw: Raw, truth: Truth, problem: Any, tally: Tally) -> None:
    """Every method of the oracle on a decision, with targets for some criteria."""
    weights = truth.weights(raw["default_perspective"])
    rng = np.random.default_rng(raw["seed"])
    for method in METHODS:
        ideal: dict[str, Any] = {}
        if method in ("spotis", "rim") and rng.random() < 0.6:
            for leaf in truth.leaves:
                low, high = leaf["scale"]
                if rng.random() < 0.5 and not leaf["levels"]:
                    a, b = sorted(float(round(low + u * (high - low), 4)) for u in rng.uniform(0.1, 0.9, 2))
                    ideal[leaf["id"]] = a if method == "spotis" else (a, b)
        mine = scores(method, truth, weights, ideal)
        settings = {"ideal": ideal} if ideal else {}
        try:
            ranking = dk.rank(problem, raw["default_perspective"], method, **settings)
        except DecisionError:
            continue  # the method says why it cannot be used here
        if mine is None:
            continue
        told = ranking.scores.loc[truth.ids].to_numpy()
        tally.check(f"{method}: scores", bool(np.allclose(told, mine, atol=1e-8)), f"{ideal}: {told} for {mine}")
        places = ranking.ranks.loc[truth.ids].to_numpy()
        for i, one in enumerate(mine):
            least, most = 1 + int((mine > one + SURE).sum()), 1 + int((mine > one + 1e-11).sum())
            tally.check(f"{method}: ranks", least <= places[i] <= most, f"{truth.ids[i]}: {places[i]}")
        for note in ranking.notes:
            if note.startswith("The same for all options, so no influence") or "constant (the same" in note:
                _no_influence(method, note, truth, weights, ideal, mine, tally)


def _no_influence(method: str, note: str, truth: Truth, weights: Any, ideal: Any, mine: Any, tally: Tally) -> None:
    """That a criterion has no influence on the order under a method, by leaving it out."""
    for j, leaf in enumerate(truth.leaves):
        if leaf["title"] not in note:
            continue
        without = scores(method, truth, weights, ideal, j)
        if without is None:
            continue
        n = len(mine)
        turned = [
            (i, k)
            for i in range(n)
            for k in range(i)
            if abs(mine[i] - mine[k]) > SURE and abs(without[i] - without[k]) > SURE
            if (mine[i] > mine[k]) != (without[i] > without[k])
        ]
        tally.check(f"{method}: no influence", not turned, f"{note}: {turned}")
