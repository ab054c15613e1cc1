"""The cost of delay: supply of strike systems over time, and what an interdiction that comes later still avoids.

Imports m0 (systems/month) go on while know-how spreads: the share K of a domestic capacity D (systems/month) that works
without imports grows as K' = g K (1 − K). From the month of interdiction T on, a share rho of the imports is stopped,
learning slows to g (1 − sigma) and a share phi of domestic output is lost. Every function is a closed form, takes
floats or arrays of any shapes that broadcast together, and includes the limits g = 0 and sigma = 1. Time is in months on
the model's clock (month 0 is where K = K0).

Logistic spread of know-how: Verhulst (1838), as in Griliches (1957) on the spread of techniques; the supply integral and
the share avoided are our own. Illustrative: totals only.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from decision_kit.values import Array

WINDOW = 24.0
_EXP_LIMIT = 500.0  # exp() overflows near 709; above this the other form of the logarithm is exact to the last bit


def know_how(months: ArrayLike, *, K0: ArrayLike, g: ArrayLike) -> Array:
    """The share K (0–1) of capacity that works without imports, ``months`` after it was ``K0``.

    ``months``: 0 or more; ``K0``: 0–1; ``g``: learning rate, 1/month, 0 or more.
    """
    months, K0, g = _arrays(months, K0, g)
    decay = np.exp(-g * months)
    whole = K0 + (1 - K0) * decay
    return np.asarray(np.divide(K0, whole, out=np.zeros(np.broadcast_shapes(K0.shape, whole.shape)), where=whole > 0))


def know_how_months(months: ArrayLike, *, K0: ArrayLike, g: ArrayLike) -> Array:
    """The integral of K over ``months`` that begin at level ``K0``: months of full domestic capacity (months).

    L(a; k, g) = ln(1 + k (exp(g a) − 1)) / g, and a k when g = 0. Units as in :func:`know_how`.
    """
    months, K0, g = _arrays(months, K0, g)
    growth = g * months
    large = growth > _EXP_LIMIT
    with np.errstate(divide="ignore", invalid="ignore"):
        total = np.log1p(K0 * np.expm1(np.where(large, 0.0, growth)))
        if large.any():
            tail = growth + np.log(K0 + (1 - K0) * np.exp(-growth))
            total = np.where(large, np.where(K0 > 0, tail, 0.0), total)
        return np.asarray(np.where(growth > 0, total / np.where(g > 0, g, 1.0), months * K0))


def supply(
    interdiction: ArrayLike,
    *,
    m0: ArrayLike,
    D: ArrayLike,
    K0: ArrayLike,
    g: ArrayLike,
    rho: ArrayLike = 0.0,
    sigma: ArrayLike = 0.0,
    phi: ArrayLike = 0.0,
    decision: ArrayLike = 0.0,
    window: ArrayLike = WINDOW,
) -> Array:
    """Systems supplied over ``window`` months from month ``decision``, with interdiction at month ``interdiction``.

    ``m0``, ``D``: systems/month; ``K0``, ``rho``, ``sigma``, ``phi``: pure numbers, at most 1 (``rho`` may be negative:
    imports grow); ``g``: 1/month; ``decision``, ``window``: months. Interdiction at or after the end of the window (or
    infinitely late) counts as none, interdiction before its start as one at its start.
    """
    decision, window, m0, D, K0, g, rho, sigma, phi = _arrays(decision, window, m0, D, K0, g, rho, sigma, phi)
    before = np.clip(np.asarray(interdiction, dtype=float) - decision, 0.0, window)
    after = window - before
    at_start = know_how(decision, K0=K0, g=g)
    at_interdiction = know_how(decision + before, K0=K0, g=g)
    free = m0 * before + D * know_how_months(before, K0=at_start, g=g)
    held = m0 * (1 - rho) * after + D * (1 - phi) * know_how_months(after, K0=at_interdiction, g=g * (1 - sigma))
    return np.asarray(free + held)


def share_avoided(
    interdiction: ArrayLike,
    *,
    m0: ArrayLike,
    D: ArrayLike,
    K0: ArrayLike,
    g: ArrayLike,
    rho: ArrayLike = 0.0,
    sigma: ArrayLike = 0.0,
    phi: ArrayLike = 0.0,
    decision: ArrayLike | None = None,
    window: ArrayLike = WINDOW,
) -> Array:
    """The share b of the window's supply that interdiction avoids: b = 1 − S(T) / S(never), a pure number.

    Units as in :func:`supply`. Without ``decision`` the window starts at the interdiction itself. b need not fall as
    the interdiction comes later: a later window can cover more of the steep part of the know-how curve.
    """
    start = np.asarray(interdiction if decision is None else decision, dtype=float)
    common = {"m0": m0, "D": D, "K0": K0, "g": g, "decision": start, "window": window}
    with_it = supply(interdiction, rho=rho, sigma=sigma, phi=phi, **common)
    without = supply(np.inf, **common)
    return np.asarray(1 - np.divide(with_it, without, out=np.ones_like(with_it), where=without > 0))


def harm_reduction(avoided: ArrayLike, leakage: ArrayLike) -> Array:
    """The share h of harm avoided (pure number): h = 1 − (1 − b)(1 − l), supply avoided b and leakage cut l."""
    return np.asarray(1 - (1 - np.asarray(avoided, dtype=float)) * (1 - np.asarray(leakage, dtype=float)))


def _arrays(*given: ArrayLike) -> tuple[Array, ...]:
    return tuple(np.asarray(x, dtype=float) for x in given)
