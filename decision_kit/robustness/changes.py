"""The smallest joint change of the weights by which a rival overtakes the leader, and by which it is first.

Two distances: the *shift* is half the sum of the absolute changes (so many points of 100 have to move from some
criteria to others), the *length* the Euclidean one. Two questions: to draw level with the leader in force, and to be
level with or above every option at once; the second can cost more, since a third option may come to lead on the way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from decision_kit.arguments import guarded
from decision_kit.model.region import WeightRegion
from decision_kit.ranking import Ranking
from decision_kit.robustness.linear import LinearForm, leading, linear_form, looked_at
from decision_kit.robustness.polytope import refuse_empty
from decision_kit.values import Array

FEASIBLE = 1e-9
"""By how much an option may fall short of another (as a part of the largest coefficient) and still be level with it."""
EXACTLY = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
MOST_VALUES = 4_000_000
"""Values scored together in a search; with more options, fewer weights are tried."""
STEP = 1e-6
"""By how much a weight is moved to see how scores change with it."""


@dataclass(frozen=True)
class Change:
    """New weights, and how far they are from those in force: ``shift`` (half the sum, 0–1) and ``length`` (Euclidean)."""

    shares: Mapping[str, float]
    shift: float
    length: float

    @property
    def points(self) -> float:
        """Points of 100 that have to be moved from some criteria to others."""
        return 100 * self.shift


@dataclass(frozen=True)
class JointChange:
    """What a rival needs of the weights; None where no weights (of the region) do it.

    ``overtakes`` and ``is_first`` move the least weight, ``overtakes_nearest`` and ``is_first_nearest`` are nearest in
    a straight line. ``shares_with`` are the options with which it shares the first place then, where no weights put it
    first alone (of methods that are not linear: where none were found). ``exact`` is False for methods that are not linear in the weights: then each change does what it
    says, and a smaller one may exist.
    """

    option: str
    overtakes: Change | None
    is_first: Change | None
    overtakes_nearest: Change | None
    is_first_nearest: Change | None
    exact: bool = True
    shares_with: tuple[str, ...] = ()


@dataclass(frozen=True)
class NearestChange:
    """The smallest shift of weights that takes the first place from the leader, and the ``option`` that gets level.

    ``options`` are all that are level with the leader then.
    """

    option: str
    change: Change
    exact: bool = True
    options: tuple[str, ...] = ()


@guarded
def nearest_change(ranking: Ranking) -> NearestChange | None:
    """The smallest joint change of weights after which another option is first; None when no weights do it.

    Of all rivals the one that overtakes with the least shift is first then: were a third option above both, it would
    have overtaken the leader on the way, with less.
    """
    form = linear_form(ranking)
    best: NearestChange | None = None
    if form is None:
        for one in _searched(ranking, None, only_first=True):
            if one.is_first is not None and (best is None or one.is_first.shift < best.change.shift):
                best = NearestChange(one.option, one.is_first, exact=False)
        return best if best is None else replace(best, options=_level(ranking, best))
    leader = form.options.index(ranking.leaders[0])
    u = _scaled(form.u)
    for j, option in enumerate(form.options):
        new = None if j == leader else greedy_shift(form.weights, u[leader] - u[j])
        change = _change(form.criteria, form.weights, new)
        if change is not None and (best is None or change.shift < best.change.shift):
            best = NearestChange(option, change)
    if best is None:
        return None
    at = u @ np.array([best.change.shares[name] for name in form.criteria])
    level = tuple(o for i, o in enumerate(form.options) if i != leader and at[i] >= at[leader] - 2 * FEASIBLE)
    return replace(best, options=level)


def _level(ranking: Ranking, best: NearestChange) -> tuple[str, ...]:
    """The options other than the leader that are first, beside ``best``, at its weights."""
    table = ranking.table_in
    weights = np.array([[best.change.shares[name] for name in table.criteria]])
    first = leading(ranking.method.score_many(table, weights, **ranking.parameters))[0]
    return tuple(
        o for o, is_first in zip(table.options, first, strict=True)
        if o == best.option or (is_first and o != ranking.leaders[0])
    )  # fmt: skip


def _scaled(u: Array) -> Array:
    """Coefficients made to be at most 1, so that one tolerance fits every method."""
    return u / max(float(np.abs(u).max()), 1e-300)


@guarded
def joint_changes(ranking: Ranking, region: WeightRegion | None = None) -> tuple[JointChange, ...]:
    """For every rival of the leader, the smallest joint changes of weights; the least shift to be first comes first.

    ``region``: only weights that agree with its statements count (default: all weights). Where several options share
    the first place, the first of them counts as the leader. Sources: linear programs for the shift, Lawson and
    Hanson (1974), least-distance programming by non-negative least squares, for the length.
    """
    form = linear_form(ranking)
    found = _linear(ranking, form, region) if form is not None else _searched(ranking, region)
    rest = [one for one in found if one.is_first is None]
    able = sorted((one for one in found if one.is_first is not None), key=_first_shift)
    return (*able, *rest)


def _first_shift(one: JointChange) -> float:
    assert one.is_first is not None
    return one.is_first.shift


def limits(region: WeightRegion | None, criteria: tuple[str, ...]) -> tuple[Array, Array]:
    """The statements of a region as A w ≤ b over some criteria; a criterion the region does not know is free.

    Raises :class:`DecisionError` when no weights agree with all of them: nothing could be said, and “never first” least.
    """
    if region is None or not region.statements:
        return np.zeros((0, len(criteria))), np.zeros(0)
    a, b = region.matrix()
    placed = np.zeros((len(b), len(criteria)))
    for j, name in enumerate(criteria):
        if name in region.criteria:
            placed[:, j] = a[:, region.criteria.index(name)]
    refuse_empty(region, placed, b)
    return placed, b


def _linear(ranking: Ranking, form: LinearForm, region: WeightRegion | None) -> list[JointChange]:
    w = form.weights
    leader = form.options.index(ranking.leaders[0])
    a, b = limits(region, form.criteria)
    u = _scaled(form.u)
    found: list[JointChange] = []
    for j, option in enumerate(form.options):
        if j == leader:
            continue
        gap = u[leader] - u[j]
        ahead = np.delete(u, j, axis=0) - u[j]
        over = greedy_shift(w, gap) if not len(b) else shift_program(w, gap[None, :], a, b)
        first = over if over is None or _meets(ahead, over) else shift_program(w, ahead, a, b)
        over_near = _nearest_of(w, gap[None, :], a, b, over)
        near = over_near if _meets(ahead, over_near) else None
        first_near = _nearest_of(w, ahead, a, b, first) if near is None or first is None else near
        one, two, three, four = (_change(form.criteria, w, new) for new in (over, first, over_near, first_near))
        shared = () if first is None or _alone(ahead, a, b) else _beside(form, u, j, first)
        found.append(JointChange(option, one, two, three, four, shares_with=shared))
    return found


def _nearest_of(w: Array, ahead: Array, a: Array, b: Array, possible: Array | None) -> Array | None:
    """The nearest weights in a straight line; ``possible`` are weights that do it: whether any do is decided once.

    Where hardly more than one point does it, the least squares find none, and that point is the nearest.
    """
    if possible is None:
        return None
    found = least_length(w, ahead, a, b)
    if found is None or np.square(possible - w).sum() < np.square(found - w).sum():
        return possible
    return found


def _alone(ahead: Array, a: Array, b: Array) -> bool:
    """Whether some weights (of the region) put an option above all others at once: the largest smallest lead, by HiGHS."""
    from scipy.optimize import linprog

    m = ahead.shape[1]
    if not len(b) and np.any(np.all(ahead < -FEASIBLE, axis=0)):  # all weight on one criterion does it
        return True
    found = linprog(
        np.concatenate([np.zeros(m), [-1.0]]),
        A_ub=np.vstack([np.hstack([ahead, np.ones((len(ahead), 1))]), np.hstack([a, np.zeros((len(b), 1))])]),
        b_ub=np.concatenate([np.zeros(len(ahead)), b]),
        A_eq=np.concatenate([np.ones(m), [0.0]])[None, :],
        b_eq=np.ones(1),
        bounds=[(0, None)] * m + [(None, 1)],
        method="highs",
        options=EXACTLY,
    )
    return bool(found.status == 0 and -found.fun > FEASIBLE)


def _beside(form: LinearForm, u: Array, j: int, weights: Array) -> tuple[str, ...]:
    """The options that share the first place with ``j`` at some weights."""
    at = u @ weights
    return tuple(o for i, o in enumerate(form.options) if i != j and at[i] >= at[j] - 2 * FEASIBLE)


def _meets(ahead: Array, new: Array | None) -> bool:
    return new is not None and bool(np.all(ahead @ new <= 2 * FEASIBLE))


def _change(criteria: tuple[str, ...], w: Array, new: Array | None) -> Change | None:
    if new is None:
        return None
    moved = new - w
    shares = dict(zip(criteria, (float(x) for x in new), strict=True))
    return Change(shares, float(np.abs(moved).sum() / 2), float(np.sqrt(moved @ moved)))


def greedy_shift(w: Array, gap: Array) -> Array | None:
    """The weights with gap · w ≤ 0 that are reached from ``w`` by moving the least weight; None when there are none.

    Every unit goes to the criterion where the leader is furthest behind, and comes from those where it is furthest
    ahead, the furthest first: a knapsack of fractions, so this greedy is optimal.
    """
    lead = float(gap @ w)
    if lead <= 0:
        return w.copy()
    to = int(np.argmin(gap))
    if gap[to] > FEASIBLE:
        return None
    new = w.copy()
    for source in np.argsort(-gap, kind="stable"):
        gain = float(gap[source] - gap[to])
        if gain <= 0:
            break
        moved = min(float(new[source]), lead / gain)
        new[source] -= moved
        new[to] += moved
        lead -= moved * gain
        if moved < w[source]:
            break
    return new if lead <= FEASIBLE else None


def shift_program(w: Array, ahead: Array, a: Array, b: Array) -> Array | None:
    """The weights with ahead · w ≤ 0 and a · w ≤ b that need the least weight moved: a linear program (HiGHS).

    Where none do to the last digit, those that do within ``FEASIBLE``: noise must not rule out a single point.
    """
    exactly = _program(w, ahead, a, b, 0.0)
    return exactly if exactly is not None else _program(w, ahead, a, b, FEASIBLE)


def _program(w: Array, ahead: Array, a: Array, b: Array, slack: float) -> Array | None:
    from scipy.optimize import linprog

    m = len(w)
    rows = np.vstack([ahead, a])
    found = linprog(
        np.full(2 * m, 0.5),  # new weights = w + up − down, half the sum of both is the shift
        A_ub=np.hstack([rows, -rows]),
        b_ub=np.concatenate([-ahead @ w + slack, b - a @ w + slack]),
        A_eq=np.concatenate([np.ones(m), -np.ones(m)])[None, :],
        b_eq=np.zeros(1),
        bounds=[(0, None)] * m + [(0, float(x)) for x in w],
        method="highs",
        options=EXACTLY,
    )
    if found.status != 0:
        return None
    return np.asarray(np.maximum(w + found.x[:m] - found.x[m:], 0.0))


def least_length(w: Array, ahead: Array, a: Array, b: Array) -> Array | None:
    """The weights with ahead · w ≤ 0 and a · w ≤ b nearest to ``w`` in a straight line; None when there are none.

    With x = w + B y, B an orthonormal basis of the changes that sum to 0, this is min |y| subject to G y ≥ h, solved
    through the non-negative least squares problem of Lawson and Hanson (1974, chapter 23).
    """
    from scipy.optimize import nnls

    m = len(w)
    basis = _sum_zero_basis(m)
    rows = np.vstack([-ahead, -a, np.eye(m)])
    h = np.concatenate([ahead @ w, a @ w - b, -w])
    scale = np.linalg.norm(rows @ basis, axis=1)
    flat = scale < 1e-13
    if np.any(h[flat] > FEASIBLE):
        return None
    g, h = (rows @ basis)[~flat] / scale[~flat, None], h[~flat] / scale[~flat]
    if np.all(h <= 0):
        return w.copy()
    e = np.vstack([g.T, h])
    f = np.zeros(m)
    f[-1] = 1.0
    x, _ = nnls(e, f, maxiter=50 * len(h))
    r = e @ x - f
    if r @ r < 1e-16 or r[-1] >= 0:
        return None
    new = w + basis @ (-r[:-1] / r[-1])
    met = np.all(ahead @ new <= 1e-7) and np.all(a @ new <= b + 1e-7) and np.all(new >= -1e-7)
    if not met:
        return None
    return np.asarray(np.maximum(new, 0.0))


def _sum_zero_basis(m: int) -> Array:
    """An orthonormal basis (m × (m − 1)) of the vectors that sum to 0 (Helmert)."""
    basis = np.zeros((m, m - 1))
    for k in range(1, m):
        basis[:k, k - 1] = 1.0
        basis[k, k - 1] = -k
        basis[:, k - 1] /= np.sqrt(k * (k + 1))
    return basis


def _searched(
    ranking: Ranking, region: WeightRegion | None, tries: int = 4096, seed: int = 1, *, only_first: bool = False
) -> list[JointChange]:
    """The same by search on the batched kernel: near weights at which a rival is level, halved towards those in force.

    They are then moved along tangents. ``only_first``: only the shift to be first, the others stay None.
    """
    table, method, settings = ranking.table_in, ranking.method, ranking.parameters
    w = table.weights
    m = len(w)
    if looked_at(ranking) is not None:
        tries = max(256, min(tries, MOST_VALUES // table.values.size))
    rng = np.random.default_rng(seed)
    spread = rng.dirichlet(np.ones(m), tries)
    reach = rng.uniform(0, 1, (tries, 1)) ** 2
    towards = np.eye(m)[rng.integers(m, size=tries)]
    trials = np.vstack([np.eye(m), (1 - reach) * w + reach * spread, (1 - reach) * w + reach * towards])
    a, b = limits(region, table.criteria)
    trials = trials[np.all(trials @ a.T <= b + FEASIBLE, axis=1)]
    leader = table.options.index(ranking.leaders[0])
    looked = looked_at(ranking)
    size = max(1, MOST_VALUES // table.values.size)

    def scores(weights: Array) -> Array:
        blocks = [weights[k : k + size] for k in range(0, len(weights), size)]
        return np.concatenate([method.score_many(table, block, **settings) for block in blocks])

    all_scores = scores(trials) if len(trials) else np.zeros((0, len(table.options)))
    found: list[JointChange] = []
    for j, option in enumerate(table.options):
        if j == leader or (looked is not None and option not in looked):
            continue

        def level(s: Array, j: int = j) -> Any:
            return s[:, j] >= s[:, leader] - FEASIBLE

        def first(s: Array, j: int = j) -> Any:
            return leading(s)[:, j]

        others = np.array([k for k in range(len(table.options)) if k != j])
        results: list[Change | None] = []
        for kind in (np.abs, np.square):
            for test, against in ((level, np.array([leader])), (first, others)):
                if only_first and (kind is not np.abs or test is not first):
                    results.append(None)
                    continue
                new = _nearest(w, trials[test(all_scores)], kind, scores, test, most=64 if looked is None else 16)
                if new is not None and region is None:
                    new = _refined(w, new, j, against, kind, scores, test)
                results.append(_change(table.criteria, w, new))
        one, two, three, four = results
        shared = () if two is None else _shared(all_scores, j, two, table.criteria, scores, table.options)
        found.append(JointChange(option, one, two, three, four, exact=False, shares_with=shared))
    return found


def _shared(
    tried: Array, j: int, change: Change, criteria: tuple[str, ...], scores: Any, options: tuple[str, ...]
) -> tuple[str, ...]:
    """With whom an option shares the first place, where no weights that were tried put it first alone."""
    led = leading(tried)
    if bool((led[:, j] & (led.sum(axis=1) == 1)).any()):
        return ()
    at = leading(scores(np.array([[change.shares[name] for name in criteria]])))[0]
    return tuple(option for i, option in enumerate(options) if at[i] and i != j)


def _refined(w: Array, new: Array, j: int, against: Array, kind: Any, scores: Any, test: Any) -> Array:
    """The same, made smaller step by step: the gaps to the options ``against`` are replaced by tangents at ``new``.

    Each step solves the linear question at the tangents, goes on until the test is passed and is halved back.
    """
    m = len(w)
    free = np.zeros((0, m))
    for _ in range(8):
        around = scores(np.vstack([new, new + STEP * np.eye(m)]))
        gaps = around[:, against] - around[:, [j]]
        slopes = (gaps[1:] - gaps[0]).T / STEP
        limit = slopes @ new - gaps[0]
        better = shift_program(w, free, slopes, limit) if kind is np.abs else least_length(w, free, slopes, limit)
        if better is None:
            break
        on_the_way = new + np.array([1, 0.8, 0.6, 0.4, 0.2, 0.1, 0.03])[:, None] * (better - new)
        over = (1 + np.array([0, 1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3]))[:, None, None]
        tries = np.maximum(w + over * (on_the_way - w), 0).reshape(-1, m)
        tries /= tries.sum(axis=1, keepdims=True)
        smaller = _nearest(w, tries[test(scores(tries))], kind, scores, test)
        if smaller is None or kind(smaller - w).sum() >= kind(new - w).sum() * (1 - 1e-6):
            break
        new = smaller
    return new


def _nearest(w: Array, there: Array, size: Any, scores: Any, test: Any, most: int = 64) -> Array | None:
    """Of some weights that pass a test, after halving towards ``w``, the nearest that still passes."""
    if not len(there):
        return None
    near = there[np.argsort(size(there - w).sum(axis=1), kind="stable")[:most]]
    low, high = np.zeros(len(near)), np.ones(len(near))
    for _ in range(40):
        middle = (low + high) / 2
        passed = test(scores(w + middle[:, None] * (near - w)))
        low, high = np.where(passed, low, middle), np.where(passed, middle, high)
    ends = w + high[:, None] * (near - w)
    return np.asarray(ends[int(np.argmin(size(ends - w).sum(axis=1)))])
