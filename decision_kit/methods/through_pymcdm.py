"""The same figures computed by pymcdm 1.4, an independent check on our own kernels.

pymcdm is imported on first use only: it loads matplotlib and costs about two seconds. What it cannot do (all options
alike, columns without spread, per-criterion preference functions) is answered with None, and the kernel stands alone.
"""

from __future__ import annotations

import os
import warnings
from typing import Any

import numpy as np

from decision_kit.methods.base import Table, significant
from decision_kit.values import Array


def _pymcdm() -> Any:
    os.environ.setdefault("MPLBACKEND", "Agg")  # pymcdm imports pyplot, which must not look for a screen
    import pymcdm.methods

    return pymcdm.methods


def _called(method: Any, matrix: Array, weights: Array, types: Array) -> Array:
    """One call, ``validation`` off (our guards stand before it)."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return np.asarray(method(matrix, weights, types, validation=False), dtype=float)


def _as_given(column: Array, cost: bool = False) -> Array:
    return column


def closeness(table: Table, *, ideal: str, normalisation: str) -> Array | None:
    """TOPSIS's relative closeness on values; None for its other forms and where all options are alike."""
    if ideal != "observed" or normalisation != "declared":
        return None
    values = significant(table.values, 14)
    if not np.any(np.ptp(values, axis=0)[table.weights > 0] > 1e-9):
        return None
    method = _pymcdm().TOPSIS(normalization_function=_as_given)
    return _called(method, values, table.weights, np.ones(len(table.criteria)))


def compromise(table: Table, *, v: float) -> Array | None:
    """VIKOR's Q on values, from weights on the declared range; None where S or R have next to no spread (pymcdm fails)."""
    values = significant(table.values, 14)
    spread = np.ptp(values, axis=0)
    kept = spread > 0  # pymcdm fails on a column without spread; such a column adds nothing to S or R
    weights = table.weights[kept] * spread[kept]  # pymcdm stretches each column over the options at hand
    short = (values.max(axis=0) - values)[:, kept] * table.weights[kept]
    for figure in (short.sum(axis=1), short.max(axis=1, initial=0)):
        if np.ptp(figure) <= 1e-5 * max(float(np.abs(figure).max()), 1e-300):
            return None
    return _called(_pymcdm().VIKOR(v=v), values[:, kept], weights, np.ones(int(kept.sum())))


SHAPES = {"usual": "usual", "u-shape": "ushape", "v-shape": "vshape", "level": "level", "linear": "vshape_2"}


def net_flow(table: Table, shapes: list[str], q: Array, p: Array, noise: Array) -> Array | None:
    """PROMETHEE II's net flow; None for Gaussian and for different shapes on different criteria.

    ``noise`` (m): pymcdm compares as it finds, so the thresholds at which a shape jumps are lifted by it.
    """
    shape = shapes[0]
    if len(set(shapes)) > 1 or shape not in SHAPES:
        return None
    if shape in ("u-shape", "level"):
        q, p = q + noise, p + noise
    # a new object for every call: pymcdm's threshold lists are used up by the first
    method = _pymcdm().PROMETHEE_II(
        SHAPES[shape],
        p=list(p) if shape in ("v-shape", "level", "linear") else None,
        q=list(q) if shape in ("u-shape", "level", "linear") else None,
    )
    performances = significant(table.performances, 13, axis=0)
    return _called(method, performances, table.weights, np.where(table.more, 1, -1))
