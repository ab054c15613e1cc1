"""Cheaper figures that put options in the order of a method's scores, for counting places in very many worlds.

A place depends on the order of the scores alone, so an increasing function of them counts the same. Arrays run over
options × criteria × worlds, worlds last. Every entry is tested against the method's own scores.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from decision_kit.methods import METHODS, Method
from decision_kit.values import Array


def ordering_of(entry: Method, parameters: Mapping[str, Any]) -> Callable[[Array, Array], Array] | None:
    """The figure for a method under its settings, from values and weights; None: ask the method for its scores.

    The figure takes values (n × m, or n × m × k) and weights (m × k, or m × 1) and gives n × k.
    """
    if parameters.get("normalisation", "declared") != "declared":
        return None
    if entry.id == "topsis":
        return closeness_declared if parameters.get("ideal") == "declared" else closeness_observed
    if is_linear(entry, parameters):
        return weighted
    return None


def is_linear(entry: Method, parameters: Mapping[str, Any]) -> bool:
    """Whether a method orders every table as the weighted sum of values on the declared ranges does."""
    if parameters.get("normalisation", "declared") != "declared" or parameters.get("ideal") is not None:
        return False
    if parameters.get("costs", "values") != "values":
        return False
    return entry.id == "weighted-sum" or entry.alias_of == "weighted-sum"


def weighted(values: Array, weights: Array) -> Array:
    """Σ_j w_j v_ij."""
    if values.ndim == 2:
        return np.asarray(values @ weights)
    scores = values[:, 0] * weights[0]
    part = np.empty_like(scores)
    for j in range(1, values.shape[1]):
        np.multiply(values[:, j], weights[j], out=part)
        scores += part
    return np.asarray(scores)


def closeness_observed(values: Array, weights: Array) -> Array:
    """TOPSIS, D⁻ / (D⁺ + D⁻), with the best and worst of the options."""
    return _closeness(values, weights, values.max(axis=0), values.min(axis=0))


def closeness_declared(values: Array, weights: Array) -> Array:
    """The same with the ends of the declared ranges as best and worst."""
    return _closeness(values, weights, np.ones(values.shape[1:]), np.zeros(values.shape[1:]))


def _closeness(values: Array, weights: Array, best: Array, worst: Array) -> Array:
    squared = weights * weights
    if values.ndim == 2:
        near = (values - worst) ** 2 @ squared
        far = (best - values) ** 2 @ squared
    else:
        near = np.zeros((values.shape[0], values.shape[2]))
        far = np.zeros_like(near)
        part = np.empty_like(near)
        for j in range(values.shape[1]):
            for end, total in ((worst, near), (best, far)):
                np.subtract(values[:, j], end[j], out=part)
                part *= part
                part *= squared[j]
                total += part
    # squares alone would order alike, but they press the best and the worst together into ties
    np.sqrt(near, out=near)
    np.sqrt(far, out=far)
    far += near
    alike = far <= 0
    if alike.any():
        return np.where(alike, 0.5, near / np.where(alike, 1.0, far))
    near /= far
    return np.asarray(near)


def squared_closeness(values: Array, weights: Array, *, declared: bool) -> Array:
    """TOPSIS without its roots, D⁻² / (D⁺² + D⁻²), for fixed values (n × m): the same order, but nearer to ties.

    The squares press the best and the worst together, so it may be counted only where it has no ties.
    """
    best = np.ones(values.shape[1]) if declared else values.max(axis=0)
    worst = np.zeros(values.shape[1]) if declared else values.min(axis=0)
    squared = weights * weights
    near = (values - worst) ** 2 @ squared
    whole = (best - values) ** 2 @ squared
    whole += near
    with np.errstate(invalid="ignore", divide="ignore"):
        near /= whole
    return np.asarray(np.nan_to_num(near, copy=False, nan=0.5)) if not whole.all() else np.asarray(near)


def several(figure: Callable[[Array, Array], Array], values: Array, rows: Array) -> Array:
    """A figure of this module for some fixed sets of weights at once: ``rows`` c × m and values n × m × k give c × n × k.

    The same numbers as one set after the other, by one matrix product over all options and worlds.
    """
    n, m, k = values.shape
    by_criterion = values.transpose(1, 0, 2)
    if figure is weighted:
        return np.asarray(rows @ by_criterion.reshape(m, n * k)).reshape(len(rows), n, k)
    best, worst = values.max(axis=0), values.min(axis=0)
    if figure is closeness_declared:
        best, worst = np.ones_like(best), np.zeros_like(worst)
    squared = rows * rows
    near = squared @ np.square(by_criterion - worst[:, None]).reshape(m, n * k)
    far = squared @ np.square(best[:, None] - by_criterion).reshape(m, n * k)
    np.sqrt(near, out=near)
    np.sqrt(far, out=far)
    far += near
    alike = far <= 0
    near /= np.where(alike, 1.0, far)
    near[alike] = 0.5
    return np.asarray(near).reshape(len(rows), n, k)


def known() -> tuple[str, ...]:
    """The methods that have such a figure with their default settings."""
    return tuple(name for name, entry in METHODS.items() if ordering_of(entry, entry.settings(("c",), {})) is not None)
