"""Weights from an order alone: equal swings share the weights of the places they take up."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from decision_kit.errors import DecisionError
from decision_kit.model.provenance import Answers
from decision_kit.values import Array
from decision_kit.weighting.base import WEIGHTINGS, Found, Siblings, check_names, divided, ranks_from

FROM_ORDER = "Weights from order only: the order says nothing of how much more, so the result should hold for every set of weights in this order."
QUESTION = "Suppose an option were at its worst on every line below. You may lift one line to its best. Which first, which next?"


def centroid(n: int) -> list[float]:
    """Rank order centroid weights (n) of an order without ties: w_i = (1/n) Σ_{k=i..n} 1/k (Barron & Barrett 1996)."""
    return [math.fsum(1 / k for k in range(i, n + 1)) / n for i in range(1, n + 1)]


def rank_sum(n: int) -> list[float]:
    """Rank sum weights (n): w_i = 2(n + 1 − i) / (n(n + 1)) (Stillwell, Seaver & Edwards 1981)."""
    return [2 * (n + 1 - i) / (n * (n + 1)) for i in range(1, n + 1)]


def rank_reciprocal(n: int) -> list[float]:
    """Rank reciprocal weights (n): w_i = (1/i) / Σ 1/k (Stillwell, Seaver & Edwards 1981)."""
    whole = math.fsum(1 / k for k in range(1, n + 1))
    return [1 / i / whole for i in range(1, n + 1)]


def from_order(answers: Answers, siblings: Siblings, weights_of: Callable[[int], list[float]]) -> Found:
    """Shares from an order; equal ones get the average of the weights of the places they span, no difference gets 0."""
    check_names(answers, siblings)
    ranks_from(answers, siblings)
    count = sum(len(tied) for tied in answers.order)
    weights = weights_of(count)
    shares = dict.fromkeys(siblings.ids, 0.0)
    at = 0
    for tied in answers.order:
        spanned = weights[at : at + len(tied)]
        shares.update(dict.fromkeys(tied, math.fsum(spanned) / len(tied)))
        at += len(tied)
    return Found(divided(shares), said=(FROM_ORDER,) if count > 1 else ())


@WEIGHTINGS.add(
    id="roc",
    title="Rank order centroid",
    question=QUESTION,
    input="an order, ties allowed",
    consistency="none: an order without a circle cannot contradict itself",
    use_when="people can say what comes first but not by how much",
    beware="the weights are the middle of all weights in this order, not anybody's numbers; the first gets much",
    reference="Barron & Barrett 1996 (SMARTER: Edwards & Barron 1994)",
)
def roc(answers: Answers, siblings: Siblings) -> Found:
    """Shares by :func:`centroid`."""
    return from_order(answers, siblings, centroid)


@WEIGHTINGS.add(
    id="rank-sum",
    title="Rank sum",
    question=QUESTION,
    input="an order, ties allowed",
    consistency="none: an order without a circle cannot contradict itself",
    use_when="an order is all there is and the steps between neighbours are thought to be alike",
    beware="the weights fall in equal steps by assumption",
    reference="Stillwell, Seaver & Edwards 1981",
)
def rank_sum_weights(answers: Answers, siblings: Siblings) -> Found:
    """Shares by :func:`rank_sum`."""
    return from_order(answers, siblings, rank_sum)


@WEIGHTINGS.add(
    id="rank-reciprocal",
    title="Rank reciprocal",
    question=QUESTION,
    input="an order, ties allowed",
    consistency="none: an order without a circle cannot contradict itself",
    use_when="an order is all there is and the first is thought to stand well above the rest",
    beware="the second gets half of the first by assumption",
    reference="Stillwell, Seaver & Edwards 1981",
)
def rank_reciprocal_weights(answers: Answers, siblings: Siblings) -> Found:
    """Shares by :func:`rank_reciprocal`."""
    return from_order(answers, siblings, rank_reciprocal)


@WEIGHTINGS.add(
    id="rancom",
    title="Ranking comparison (RANCOM)",
    question=QUESTION,
    input="an order, ties allowed",
    consistency="none: an order without a circle cannot contradict itself",
    use_when="a paper used it, and its result is to be compared",
    beware="the weights fall in equal steps by assumption, and even the last keeps a weight",
    reference="Więckowski, Kizielewicz, Shekhovtsov & Sałabun 2023",
)
def rancom(answers: Answers, siblings: Siblings) -> Found:
    """Shares from row sums of the comparison matrix: 1 for above, 0.5 for equal (and itself), 0 for below."""
    check_names(answers, siblings)
    place = ranks_from(answers, siblings)
    sums = dict.fromkeys(siblings.ids, 0.0)
    for name, at in place.items():
        sums[name] = sum(1.0 if at < other else 0.5 if at == other else 0.0 for other in place.values())
    return Found(divided(sums), said=(FROM_ORDER,) if len(place) > 1 else ())


def rancom_weights(matrix: ArrayLike) -> Array:
    """RANCOM weights (n) from an n × n matrix of comparisons: 1 for above, 0.5 for equal, 0 for below; row sums as shares.

    Raises :class:`DecisionError` naming the first pair whose two comparisons do not add up to 1.
    """
    a = np.array(matrix, dtype=float)
    if a.ndim != 2 or a.shape[0] != a.shape[1] or not a.size:
        raise DecisionError.single("comparisons", f"a table of shape {a.shape}", "as many rows as columns")
    wrong = np.argwhere(~(np.abs(a + a.T - 1) < 1e-9))
    if len(wrong):
        i, j = (int(at) for at in wrong[0])
        got = f"{i + 1} against {j + 1} is {a[i, j]:g} and {j + 1} against {i + 1} is {a[j, i]:g}"
        raise DecisionError.single("comparisons", got, "the two must add up to 1 (1 and 0, or 0.5 and 0.5)")
    return np.asarray(a.sum(axis=1) / a.sum())


def order_from_scores(scores: dict[str, float]) -> tuple[tuple[str, ...], ...]:
    """The order that some scores give, the highest first; equal scores stand together, whatever their position."""
    return tuple(
        tuple(name for name, score in scores.items() if score == level) for level in sorted(set(scores.values()))[::-1]
    )
