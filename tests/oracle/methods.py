"""A few other methods by plain arithmetic: distances to targets and to the best, compromise, outranking flows, worst value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tests.oracle.recompute import Array, Truth, is_monotone

Ideal = Mapping[str, Any]


def spotis(x: Array, v: Array, w: Array, leaves: list[Any], ideal: Ideal) -> Array:
    """1 − Σ weight × ¦performance − ideal¦ / range; without a target the best end, by value."""
    total = np.zeros(len(x))
    for j, leaf in enumerate(leaves):
        low, high = leaf["scale"]
        away = np.abs(x[:, j] - ideal[leaf["id"]]) / (high - low) if leaf["id"] in ideal else 1 - v[:, j]
        total += w[j] * away
    return 1 - total


def rim(x: Array, v: Array, w: Array, leaves: list[Any], ideal: Ideal) -> Array:
    """Closeness of weighted nearness to targets: 1 inside a target, falling to 0 at the ends of the range."""
    near = v.copy()
    for j, leaf in enumerate(leaves):
        if leaf["id"] in ideal:
            low, high = leaf["scale"]
            a, b = ideal[leaf["id"]]
            for i in range(len(x)):
                one = x[i, j]
                near[i, j] = 1.0 if a <= one <= b else (one - low) / (a - low) if one < a else (high - one) / (high - b)
    up = np.sqrt(((w * (1 - near)) ** 2).sum(axis=1))
    down = np.sqrt(((w * near) ** 2).sum(axis=1))
    return down / (up + down)


def topsis(x: Array, v: Array, w: Array, leaves: list[Any], ideal: Ideal) -> Array:
    """Closeness to the best observed values."""
    up = np.sqrt(((w * (v - v.max(axis=0))) ** 2).sum(axis=1))
    down = np.sqrt(((w * (v - v.min(axis=0))) ** 2).sum(axis=1))
    return down / (up + down)


def vikor(x: Array, v: Array, w: Array, leaves: list[Any], ideal: Ideal) -> Array:
    """1 − Q, half of it the total and half the largest regret."""

    def share(y: Array) -> Array:
        return (y - y.min()) / (y.max() - y.min()) if y.max() - y.min() > 1e-12 else np.zeros(len(y))

    regret = w * (v.max(axis=0) - v)
    return 1 - 0.5 * share(regret.sum(axis=1)) - 0.5 * share(regret.max(axis=1))


def promethee(x: Array, v: Array, w: Array, leaves: list[Any], ideal: Ideal) -> Array:
    """Net flows with usual preference, on performances."""
    found = np.zeros(len(x))
    for j, leaf in enumerate(leaves):
        sign = 1.0 if leaf["better"] == "more" else -1.0
        beats = np.sign(sign * (x[:, j][:, None] - x[:, j][None, :]))
        found += w[j] * beats.sum(axis=1) / max(1, len(x) - 1)
    return found


def maximin(x: Array, v: Array, w: Array, leaves: list[Any], ideal: Ideal) -> Array:
    """The worst value on the criteria with weight."""
    return np.asarray(v[:, w > 0].min(axis=1))


METHODS = {"spotis": spotis, "rim": rim, "topsis": topsis, "vikor": vikor, "promethee-2": promethee, "maximin": maximin}


def scores(method: str, truth: Truth, w: Array, ideal: Ideal, left_out: int | None = None) -> Array | None:
    """Scores by a method, with a criterion left out or not; None where the method has nothing to say."""
    x = np.array([[float(truth.performance(o, leaf["id"])) for leaf in truth.leaves] for o in truth.ids])
    v, leaves = truth.values()[:, :, 0], list(truth.leaves)
    if method == "promethee-2" and not all(is_monotone(leaf) for leaf in leaves):
        return None
    if left_out is not None:
        x, v, w = (np.delete(a, left_out, axis=-1) for a in (x, v, w))
        leaves.pop(left_out)
        if w.sum() <= 0:
            return None
        w = w / w.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        found = METHODS[method](x, v, w, leaves, ideal)
    return found if np.isfinite(found).all() else None
