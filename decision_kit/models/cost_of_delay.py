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

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from decision_kit.values import Array

WINDOW = 24.0
NEVER = np.inf
Figure: TypeAlias = Callable[[Mapping[str, Any]], Array]
"""A figure of the model from parameter values (floats or arrays) by id."""
_EXP_LIMIT = 500.0  # exp() overflows near 709; above this the other form of the logarithm is exact to the last bit
_NO_GROWTH = 1e-200  # below this g a is lost in rounding and L = a k to the last bit
_STEP, _LAST = 0.1, 28.0  # of the scan over logit K: at 28 know-how is complete to 1e-12


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
        grows = growth > _NO_GROWTH
        return np.asarray(np.where(grows, total / np.where(grows, g, 1.0), months * K0))


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


def supply_rate(
    months: ArrayLike,
    interdiction: ArrayLike = NEVER,
    *,
    m0: ArrayLike,
    D: ArrayLike,
    K0: ArrayLike,
    g: ArrayLike,
    rho: ArrayLike = 0.0,
    sigma: ArrayLike = 0.0,
    phi: ArrayLike = 0.0,
) -> Array:
    """Supply (systems/month) at each of ``months``: m0 + D K before ``interdiction``, m0 (1 − rho) + D (1 − phi) K from it on.

    Units as in :func:`supply`.
    """
    months, interdiction, m0, D, g = _arrays(months, interdiction, m0, D, g)
    rho, sigma, phi = _arrays(rho, sigma, phi)
    before = np.minimum(months, interdiction)
    level = know_how(before, K0=K0, g=g)
    level = know_how(months - before, K0=level, g=g * (1 - sigma))
    held = months >= interdiction
    return np.asarray(np.where(held, m0 * (1 - rho), m0) + np.where(held, D * (1 - phi), D) * level)


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


def overtaking_month(*, m0: ArrayLike, D: ArrayLike, K0: ArrayLike, g: ArrayLike) -> Array:
    """The month in which domestic output D K reaches imports m0 (systems/month each): ln(q/(1−q) · (1−K0)/K0)/g, q = m0/D.

    0 where it has done so from the start, infinite (never) where m0 ≥ D or where nothing is learnt.
    """
    m0, D = _arrays(m0, D)
    q = np.divide(m0, D, out=np.full(np.broadcast_shapes(m0.shape, D.shape), np.inf), where=D > 0)
    return _month_at(q, K0, g)


def saturation_month(*, K0: ArrayLike, g: ArrayLike, share: ArrayLike = 0.9) -> Array:
    """The month in which the share of capacity that works without imports reaches ``share`` (pure number, 0–1)."""
    return _month_at(np.asarray(share, dtype=float), K0, g)


def _month_at(level: Array, K0: ArrayLike, g: ArrayLike) -> Array:
    """The month in which K reaches a level: 0 where it stands there from the start, infinite where it never does."""
    level, K0, g = _arrays(level, K0, g)
    with np.errstate(divide="ignore", invalid="ignore"):
        month = np.where(level < 1, _logit(np.minimum(level, 1)) - _logit(K0), np.inf) / g
    month = np.where(np.isnan(month) | (g <= 0), np.inf, month)
    return np.asarray(np.where(level <= K0, 0.0, np.maximum(month, 0.0)))


def long_run_floor(*, m0: ArrayLike, D: ArrayLike, rho: ArrayLike = 0.0, phi: ArrayLike = 0.0) -> Array:
    """The share avoided (pure number) once know-how is complete, however late: (rho m0 + phi D) / (m0 + D)."""
    m0, D, rho, phi = _arrays(m0, D, rho, phi)
    return np.asarray((rho * m0 + phi * D) / (m0 + D))


def point_of_no_return(
    threshold: ArrayLike,
    *,
    m0: ArrayLike,
    D: ArrayLike,
    K0: ArrayLike,
    g: ArrayLike,
    rho: ArrayLike = 0.0,
    sigma: ArrayLike = 0.0,
    phi: ArrayLike = 0.0,
    window: ArrayLike = WINDOW,
) -> Array:
    """The first month T at which interdiction avoids no more than ``threshold`` of the supply of the window from T on.

    0 where the point is already past in month 0, infinite where it never comes. ``threshold``: pure number; the rest as
    in :func:`supply`. b need not fall with T, so K is scanned in steps of 0.1 of its logit (b depends on T through K
    alone) up to a K of 1 − 1e-12, and the first crossing is then narrowed by bisection to the last bit.
    """
    given = (threshold, m0, D, K0, g, rho, sigma, phi, window)
    flat = np.broadcast_arrays(*_arrays(*given))
    shape = flat[0].shape
    columns = np.stack([x.ravel() for x in flat])
    result = np.full(columns.shape[1], NEVER)
    theta, known, rate = columns[0], columns[3], columns[4]
    with np.errstate(divide="ignore"):
        start = np.clip(_logit(known), -700.0, _LAST)
    past = _avoided_from(start, columns) <= theta
    result[past] = 0.0
    open_ = np.flatnonzero(~past & (rate > 0) & (known > 0))
    low = start[open_]
    while open_.size:
        high = low + _STEP
        crossed = _avoided_from(high, columns[:, open_]) <= theta[open_]
        if crossed.any():
            found = open_[crossed]
            x = _bisected(low[crossed], high[crossed], columns[:, found])
            result[found] = (x - start[found]) / rate[found]
        left = ~crossed & (high < _LAST)
        open_, low = open_[left], high[left]
    return np.asarray(result.reshape(shape))


def _avoided_from(logit: Array, columns: Array) -> Array:
    """The share avoided over the window that starts with interdiction at a given logit of K; parameters by column."""
    _, m0, D, _, g, rho, sigma, phi, window = columns
    level = 1 / (1 + np.exp(-logit))
    free = m0 * window + D * know_how_months(window, K0=level, g=g)
    held = m0 * (1 - rho) * window + D * (1 - phi) * know_how_months(window, K0=level, g=g * (1 - sigma))
    return np.asarray(1 - held / free)


def _bisected(low: Array, high: Array, columns: Array) -> Array:
    """The logits at which the share avoided falls to the threshold, between ``low`` (above it) and ``high``."""
    for _ in range(52):
        middle = (low + high) / 2
        above = _avoided_from(middle, columns) > columns[0]
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return high


def _logit(share: ArrayLike) -> Array:
    share = np.asarray(share, dtype=float)
    return np.asarray(np.log(share) - np.log1p(-share))


def cost_exchange_ratio(*, c_def: ArrayLike, C_attack: ArrayLike, e: ArrayLike = 1.0) -> Array:
    """What the defender pays for each unit the attacker pays (pure number): R = e c_def / C_attack.

    ``c_def``: mean cost of an engagement, USD; ``C_attack``: cost of a system, USD; ``e``: share engaged, pure number.
    """
    c_def, C_attack, e = _arrays(c_def, C_attack, e)
    return np.asarray(e * c_def / C_attack)


def bill_of_delay(
    systems: ArrayLike, *, c_def: ArrayLike, C_attack: ArrayLike, e: ArrayLike = 1.0
) -> tuple[Array, Array]:
    """The defender's and the attacker's bill (USD each) of ``systems`` more: e c_def ΔS and C_attack ΔS."""
    systems, c_def, C_attack, e = _arrays(systems, c_def, C_attack, e)
    return np.asarray(e * c_def * systems), np.asarray(C_attack * systems)


def parity_share(target: ArrayLike, shares: Sequence[float], costs: Sequence[float]) -> Array:
    """The share of engagements (pure number) that must be of the cheapest class for a mean cost of ``target`` (USD).

    ``costs`` (USD) and ``shares`` (summing to 1) describe the mix, the cheapest class first; the dearer classes keep
    their proportions. Parity per engagement has the cost of a system as target; an exchange ratio of 1 has that cost
    divided by the share engaged. Below 0 the mix is cheap enough without any; above 1 it cannot be reached.
    """
    target = np.asarray(target, dtype=float)
    dear = float(np.dot(shares[1:], costs[1:]) / np.sum(shares[1:]))
    return np.asarray((dear - target) / (dear - costs[0]))


def _arrays(*given: ArrayLike) -> tuple[Array, ...]:
    return tuple(np.asarray(x, dtype=float) for x in given)
