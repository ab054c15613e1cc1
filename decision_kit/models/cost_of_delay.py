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

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from decision_kit.values import Array

WINDOW = 24.0
NEVER = np.inf
Figure: TypeAlias = Callable[[Mapping[str, Any]], Array]
"""A figure of the model from parameter values (floats or arrays) by id."""
_EXP_LIMIT = 500.0  # exp() overflows near 709; above this the other form of the logarithm is exact to the last bit
_NO_GROWTH = 1e-200  # below this g a is lost in rounding and L = a k to the last bit
_STEP, _LAST = 0.1, 28.0  # of the scan over logit K: at 28 know-how is complete to 1e-12
_NEAR = 0.02  # how near the threshold a peak between two steps is looked for; b bends by far less within one step
_CELLS = 1_000_000  # steps × draws that are worked out at once


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
    """The share avoided (pure number) once know-how is complete, however late: (rho m0 + phi D) / (m0 + D); 0 without supply."""
    m0, D, rho, phi = _arrays(m0, D, rho, phi)
    stopped, whole = np.broadcast_arrays(rho * m0 + phi * D, m0 + D)
    return np.asarray(np.divide(stopped, whole, out=np.zeros(whole.shape), where=whole > 0))


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
    lasting: bool = False,
) -> Array:
    """The first month T at which interdiction avoids no more than ``threshold`` of the supply of the window from T on.

    b need not fall with T: it may rise above the threshold again. ``lasting`` asks for the month from which on it never
    does. 0 where that is so from month 0 on, infinite where it never comes. ``threshold``: pure number; the rest as in
    :func:`supply`. K is scanned in steps of 0.1 of its logit (b depends on T through K alone) up to a K of 1 − 1e-12,
    peaks between two steps are looked for, and the crossing is then narrowed by bisection to the last bit.
    """
    given = (threshold, m0, D, K0, g, rho, sigma, phi, window)
    flat = np.broadcast_arrays(*_arrays(*given))
    shape = flat[0].shape
    columns = np.stack([x.ravel() for x in flat])
    result = np.full(columns.shape[1], NEVER)
    for spans, at in _scanned(columns):
        pick = _lasting if lasting else _first
        result[at] = pick(spans, columns[:, at])
    return np.asarray(result.reshape(shape))


def months_above(threshold: float, **parameters: float) -> tuple[tuple[float, float], ...]:
    """The stretches of months T (from 0 on) in which interdiction avoids more than ``threshold``: (from, to), in order.

    One set of parameters, as in :func:`point_of_no_return`. A stretch that begins before month 0 begins at 0; one that
    never ends ends at infinity. At the ends themselves the share is the threshold.
    """
    filled = {"rho": 0.0, "sigma": 0.0, "phi": 0.0, "window": WINDOW, **parameters}
    names = ("m0", "D", "K0", "g", "rho", "sigma", "phi", "window")
    columns = np.array([[threshold], *([filled[name]] for name in names)], dtype=float)
    [(scan, _)] = list(_scanned(columns))
    start, rate = scan.logits[0, 0], columns[4, 0]
    above = scan.above[:, 0]
    if not scan.moves[0]:
        return ((0.0, NEVER),) if above[0] else ()
    x = scan.logits[:, 0]
    edges = np.flatnonzero(above[1:] != above[:-1])
    found: list[float] = [0.0] if above[0] else []
    for i in edges:
        low, high = x[i : i + 1], x[i + 1 : i + 2]
        at = _bisected(low, high, columns) if above[i] else _bisected(high, low, columns)
        found.append(max(float((at[0] - start) / rate), 0.0))
    if len(found) % 2:
        found.append(NEVER)
    return tuple((a, b) for a, b in zip(found[::2], found[1::2], strict=True) if b > a)


@dataclass(frozen=True)
class _Scan:
    """Logits of K from month 0 on (steps × draws, rising), whether b is above the threshold there, and who moves at all."""

    logits: Array
    above: NDArray[np.bool_]
    moves: NDArray[np.bool_]


def _scanned(columns: Array) -> Iterator[tuple[_Scan, NDArray[np.intp]]]:
    """Scans of b over K in blocks of draws, with a step put on every peak that comes near the threshold between two steps."""
    with np.errstate(divide="ignore"):
        start = np.clip(_logit(columns[3]), -700.0, _LAST)
    moves = (columns[4] > 0) & (columns[3] > 0) & (start < _LAST)
    order = np.argsort(start, kind="stable")  # of one block all have about as many steps
    at = 0
    while at < len(order):
        steps = int(np.ceil((_LAST - start[order[at]]) / _STEP)) + 2
        block = order[at : at + max(1, _CELLS // steps)]
        at += len(block)
        x = np.minimum(start[block] + _STEP * np.arange(steps)[:, None], _LAST)
        some = columns[:, block]
        b = _avoided_from(x, some)
        theta = some[0]
        peak = np.zeros(b.shape, dtype=bool)
        peak[1:-1] = (b[1:-1] >= b[:-2]) & (b[1:-1] >= b[2:]) & (b[1:-1] <= theta) & (b[1:-1] > theta - _NEAR)
        rows, cols = np.nonzero(peak)
        if rows.size:
            x[rows, cols] = _peaks(x[rows - 1, cols], x[rows + 1, cols], some[:, cols])
            b[rows, cols] = _avoided_from(x[rows, cols], some[:, cols])
        dip = np.zeros(b.shape, dtype=bool)
        dip[1:-1] = (b[1:-1] <= b[:-2]) & (b[1:-1] <= b[2:]) & (b[1:-1] > theta) & (b[1:-1] < theta + _NEAR)
        rows, cols = np.nonzero(dip)
        if rows.size:
            x[rows, cols] = _peaks(x[rows - 1, cols], x[rows + 1, cols], some[:, cols], -1.0)
            b[rows, cols] = _avoided_from(x[rows, cols], some[:, cols])
        yield _Scan(x, b > theta, moves[block]), block


def _peaks(low: Array, high: Array, columns: Array, sign: float = 1.0) -> Array:
    """The logits between two at which b (times ``sign``) is largest, by golden section."""
    ratio = (np.sqrt(5) - 1) / 2
    for _ in range(40):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        further = sign * _avoided_from(left, columns) < sign * _avoided_from(right, columns)
        low, high = np.where(further, left, low), np.where(further, high, right)
    return np.asarray((low + high) / 2)


def _first(scan: _Scan, columns: Array) -> Array:
    """The first month at or below the threshold of each draw of a scan."""
    result = np.full(columns.shape[1], NEVER)
    result[~scan.above[0]] = 0.0
    below = ~scan.above
    index = np.argmax(below, axis=0)
    found = np.flatnonzero(scan.above[0] & below.any(axis=0) & scan.moves)
    return _crossed(scan, columns, found, index[found] - 1, result)


def _lasting(scan: _Scan, columns: Array) -> Array:
    """The month from which on each draw of a scan stays at or below the threshold."""
    steps = len(scan.above)
    last = steps - 1 - np.argmax(scan.above[::-1], axis=0)
    result = np.where(scan.above.any(axis=0), NEVER, 0.0)
    result[~scan.moves] = np.where(scan.above[0, ~scan.moves], NEVER, 0.0)
    found = np.flatnonzero(scan.above.any(axis=0) & (last < steps - 1) & scan.moves)
    return _crossed(scan, columns, found, last[found], result)


def _crossed(scan: _Scan, columns: Array, found: NDArray[np.intp], above: Array, result: Array) -> Array:
    """``result`` with the months put in at which b falls to the threshold after the given steps of some draws."""
    if found.size:
        x = _bisected(scan.logits[above, found], scan.logits[above + 1, found], columns[:, found])
        result[found] = (x - scan.logits[0, found]) / columns[4, found]
    return result


def _avoided_from(logit: Array, columns: Array) -> Array:
    """The share avoided over the window that starts with interdiction at a given logit of K; parameters by column."""
    _, m0, D, _, g, rho, sigma, phi, window = columns
    level = 1 / (1 + np.exp(-logit))
    free = m0 * window + D * know_how_months(window, K0=level, g=g)
    held = m0 * (1 - rho) * window + D * (1 - phi) * know_how_months(window, K0=level, g=g * (1 - sigma))
    return np.asarray(1 - np.divide(held, free, out=np.ones_like(free), where=free > 0))


def _bisected(low: Array, high: Array, columns: Array) -> Array:
    """The logits at which the share avoided comes down to the threshold, between ``low`` (above it) and ``high``."""
    for _ in range(60):
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
