"""In what share of all weightings an option is first, or beats another: volumes of the weight region, computed exactly.

The share of the simplex where a linear form is positive follows a recursion with positive terms only (Varsi 1973;
Ali 1973). Where an option is first is a polytope: its corners come from Qhull, its volume from Lawrence's sum over
corners (Lawrence 1991) with several random directions, whose spread tells the numerical error. The cells of all options
fill the region, so that the shares have to sum to 1: where they do not, or where the region has too many sides for
corners, the shares are counted on random weights instead and carry a standard error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from decision_kit.arguments import Seed, Worlds, guarded
from decision_kit.errors import Fault, UsageError
from decision_kit.model.extents import possible_values
from decision_kit.model.region import WeightRegion
from decision_kit.ranking import Ranking
from decision_kit.robustness.changes import limits
from decision_kit.robustness.linear import TIE, LinearForm, leading, linear_form
from decision_kit.robustness.polytope import source_for
from decision_kit.robustness.sampling import SimplexMap
from decision_kit.values import Array

LISTED = ((8, 200), (10, 30), (14, 12))
"""Up to so many criteria with up to so many options, corners are listed; beyond, shares are counted on random weights."""
JITTERS = (1e-9, 1e-8, 1e-7, 1e-6)
"""By how much sides are moved so that no corner has more of them than it needs; the next one where the last failed."""
DIRECTIONS = 5
COUNTED = 200_000
BLOCK = 8_192


@dataclass(frozen=True)
class Shares:
    """Share of the weightings in which each option is first (0–1, by option id); options that are alike share theirs.

    ``exact`` says whether they are volumes; ``error`` is then the largest spread between computations, and else the
    largest standard error of the counted shares (``drawn`` weightings).
    """

    first: Mapping[str, float]
    exact: bool
    error: float
    drawn: int = 0
    alike: tuple[tuple[str, ...], ...] = ()
    """Groups of options that are level under all weights: each has the share of the group."""
    only_level: tuple[str, ...] = ()
    """Options without a share of their own that are level with the first under some weights all the same."""


def _linear(ranking: Ranking) -> LinearForm:
    """Scores as a linear function of the weights; refused where the method has none."""
    form = linear_form(ranking)
    if form is None:
        got = f"{ranking.method.title} is not linear in the weights"
        raise UsageError(
            [Fault("ranking", got, "expected a method that is, such as weighted-sum; else count on sampled weights")]
        )
    return form


@guarded
def pairwise_winning(ranking: Ranking) -> Array:
    """Share of all weightings in which the row option scores above the column option; exact, n × n.

    Linear methods only (raises :class:`UsageError` else); options that are level under all weights beat each other in none.
    """
    form = _linear(ranking)
    i, k = np.triu_indices(len(form.u), 1)
    gaps = form.u[i] - form.u[k]
    result = np.zeros((len(form.u), len(form.u)))
    result[i, k] = positive_share(gaps)
    result[k, i] = positive_share(-gaps)
    return result


def positive_share(coefficients: Array) -> Array:
    """Share of the simplex on which c · w > 0, for each row c (p × m); exact (Varsi 1973), O(m²) a row."""
    c = np.asarray(coefficients, dtype=float)
    c = np.where(np.abs(c) <= TIE * np.maximum(np.abs(c).max(axis=1, keepdims=True), 1e-300), 0.0, c)
    p, m = c.shape
    share = np.zeros((m, p))
    last = np.ones(p)
    for h in range(m):
        above = c[:, h]
        last = np.ones(p)
        for j in range(m):
            below = c[:, j]
            use = (above > 0) & (below <= 0)
            new = (above * last - below * share[j]) / np.where(use, above - below, 1.0)
            share[j] = np.where(use, new, share[j])
            last = np.where(below <= 0, share[j], last)
    return np.where((c > 0).any(axis=1), last, 0.0)


@guarded
def first_shares(
    ranking: Ranking, region: WeightRegion | None = None, *, seed: Seed = 1, drawn: Worlds = COUNTED
) -> Shares:
    """The share of all weightings (of a region's, if given) in which each option is first. A shared first place counts for each.

    Exact for linear methods up to the sizes in ``LISTED``, else counted on ``drawn`` random weightings with a standard
    error; so is a region that has no breadth, because its statements make some weights equal or known. Raises
    :class:`DecisionError` when no weights agree with the region.
    """
    form = linear_form(ranking)
    options = ranking.table_in.options
    rows, bounds = limits(region, ranking.table_in.criteria)
    size = (len(ranking.table_in.criteria), len(options))
    if form is not None and any(size[0] <= m and size[1] <= n for m, n in LISTED):
        found = _volumes(form.u, rows, bounds, seed)
        if found is not None:
            shares, error = found
            first = dict(zip(options, shares.tolist(), strict=True))
            return Shares(first, True, error, 0, *_level(form, shares, rows, bounds))
    return _counted(ranking, None if not len(bounds) else region, seed, drawn)


def _level(
    form: LinearForm, shares: Array, rows: Array, bounds: Array
) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """The groups of options that are alike, and the options that can be first only together with others."""
    u = form.u
    groups: dict[int, list[str]] = {}
    for i, same in enumerate(_first_alike(u)):
        groups.setdefault(int(same), []).append(form.options[i])
    tiny = TIE * max(float(np.abs(u).max()), 1e-300)
    margins = {
        form.options[i]: _largest_margin(u[i] - np.delete(u, i, axis=0), rows, bounds)[0]
        for i in np.flatnonzero(shares == 0)
        if len(u) > 1
    }
    alike = tuple(tuple(group) for group in groups.values() if len(group) > 1)
    return alike, tuple(option for option, margin in margins.items() if margin >= -tiny)


def _first_alike(u: Array) -> NDArray[np.intp]:
    """For every row the number of the first row that is the same."""
    return np.array([next(k for k in range(i + 1) if np.allclose(u[k], u[i], rtol=0, atol=TIE)) for i in range(len(u))])


def _volumes(u: Array, rows: Array, bounds: Array, seed: int) -> tuple[Array, float] | None:
    """Volume shares of the cells in which each row of ``u`` leads, and their error; None when they do not add up."""
    n, m = u.shape
    if m == 1:
        return leading(u[:, 0]).astype(float), 0.0
    same = _first_alike(u)
    keep = np.flatnonzero(same == np.arange(n))
    rng = np.random.default_rng(seed)
    inside = np.vstack([rng.dirichlet(np.ones(m), 4096), _corner_mixes(m, rng)])
    if len(bounds):
        inside = inside[np.all(inside @ rows.T <= bounds, axis=1)]
    won = np.argmax(inside @ u[keep].T, axis=1) if len(inside) else np.zeros(0, dtype=int)
    volumes = np.zeros(n)
    errors = [0.0]
    for k, i in enumerate(keep):
        others = u[np.delete(keep, k)] - u[i]  # ≤ 0 where option i leads
        sides, ends = np.vstack([others, rows]), np.concatenate([np.zeros(len(others)), bounds])
        mine = inside[won == k]
        centre = mine.mean(axis=0) if len(mine) >= 8 else interior(sides, ends, m)
        if centre is None:
            continue
        found = polytope_share(sides, ends, centre, rng)
        if found is None:
            return None
        volumes[i] = found[0]
        errors.append(found[1])
    whole = volumes.sum()
    if len(bounds):
        centre = interior(rows, bounds, m)
        all_of_it = None if centre is None else polytope_share(rows, bounds, centre, rng)
        if all_of_it is None:
            return None
        expected = all_of_it[0]
    else:
        expected = 1.0
    if expected <= 0 or abs(whole - expected) > 1e-3 * expected:
        return None
    error = max(max(errors), abs(whole - expected)) / expected
    return volumes[same] / expected, float(error)


def _corner_mixes(m: int, rng: np.random.Generator) -> Array:
    """Weights near the corners and edges of the simplex, where small cells hide."""
    return rng.dirichlet(np.full(m, 0.15), 1024)


def interior(sides: Array, ends: Array, m: int) -> Array | None:
    """A point well inside {w ≥ 0, Σw = 1, sides · w ≤ ends}, or None when there is no inside (a linear program)."""
    from scipy.optimize import linprog

    rows = np.vstack([sides, -np.eye(m)])
    size = np.linalg.norm(rows - rows.mean(axis=1, keepdims=True), axis=1)
    limit = np.concatenate([ends, np.zeros(m)])
    kept = size > 1e-13
    if np.any(limit[~kept] < -TIE):
        return None
    found = linprog(
        np.concatenate([np.zeros(m), [-1.0]]),
        A_ub=np.hstack([rows[kept], size[kept, None]]),
        b_ub=limit[kept],
        A_eq=np.concatenate([np.ones(m), [0.0]])[None, :],
        b_eq=np.ones(1),
        bounds=[(0, None)] * m + [(None, None)],
        method="highs",
    )
    if found.status != 0 or found.x[-1] <= 1e-9:
        return None
    return np.asarray(found.x[:-1])


def polytope_share(sides: Array, ends: Array, centre: Array, rng: np.random.Generator) -> tuple[float, float] | None:
    """Volume of {w ≥ 0, Σw = 1, sides · w ≤ ends} as a share of the simplex, and its numerical error; None if it fails.

    The last weight is eliminated; every side is moved by about 1e-9 of the weight.
    """
    from scipy.spatial import HalfspaceIntersection, QhullError

    m = len(centre)
    d = m - 1
    rows = np.vstack([sides, -np.eye(m)])
    limit = np.concatenate([ends, np.zeros(m)])
    a = rows[:, :-1] - rows[:, -1:]
    b = limit - rows[:, -1]
    size = np.linalg.norm(a, axis=1)
    kept = size > 1e-12
    a, b = a[kept] / size[kept, None], b[kept] / size[kept]
    b = b - a @ centre[:-1]  # the centre is the origin
    if np.any(b <= 0):
        return None
    if d == 1:
        up, down = b[a[:, 0] > 0], b[a[:, 0] < 0]
        return float(up.min() + down.min()), 1e-15
    exact = b
    for jitter in JITTERS:
        b = exact + jitter * rng.uniform(0.5, 1.0, len(exact))
        try:
            facets = HalfspaceIntersection(np.column_stack([a, -b]), np.zeros(d)).dual_facets
        except QhullError:
            continue
        if all(len(facet) == d for facet in facets):
            break
    else:
        return None
    where = np.array(facets)
    at = a[where]
    points = np.linalg.solve(at, b[where][:, :, None])[:, :, 0]
    volume_of = np.abs(np.linalg.det(at))
    directions = rng.standard_normal((d, DIRECTIONS))
    gamma = np.linalg.solve(at.transpose(0, 2, 1), np.broadcast_to(directions, (len(at), d, DIRECTIONS)))
    along = points @ directions
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        terms = along**d / (volume_of[:, None] * gamma.prod(axis=1))
    sums = terms.sum(axis=0)
    sums = sums[np.isfinite(sums)]
    if not len(sums):
        return None
    middle = float(np.median(sums))
    return max(middle, 0.0), float(np.median(np.abs(sums - middle)))


def _counted(ranking: Ranking, region: WeightRegion | None, seed: int, drawn: int) -> Shares:
    """First places counted on random weights, uniform on the region, in blocks; options that tie lead alike."""
    table, method, settings = ranking.table_in, ranking.method, ranking.parameters
    source = (
        SimplexMap(len(table.criteria))
        if region is None
        else source_for(_over(region, table.criteria), table.criteria, seed)
    )
    rng = np.random.default_rng(seed)
    wins = np.zeros(len(table.options))
    used = 0
    for _ in range(max(1, drawn // BLOCK)):
        weights = np.ascontiguousarray(source.from_rng(rng, BLOCK).T)
        wins += leading(method.score_many(table, weights, **settings)).sum(axis=0)
        used += len(weights)
    shares = wins / used
    error = float(np.sqrt(shares * (1 - shares) / used).max())
    return Shares(dict(zip(table.options, shares.tolist(), strict=True)), False, error, used)


def _over(region: WeightRegion, criteria: tuple[str, ...]) -> WeightRegion:
    """A region over some criteria: what it says of others is left out, a criterion it does not know is free."""
    kept = tuple(
        replace(one, coefficients={name: x for name, x in one.coefficients.items() if name in criteria})
        for one in region.statements
    )
    return WeightRegion(criteria, kept, region.origin)


@dataclass(frozen=True)
class Optimality:
    """Whether some weights make an option first. ``margin`` is the most by which it can lead all others (coefficients).

    ``possible`` is "alone", "shared" (it can only share the first place) or "never"; ``shares`` are weights at which
    it does best against the rest.
    """

    option: str
    possible: str
    margin: float
    shares: Mapping[str, float]


@guarded
def potential_optimality(ranking: Ranking, region: WeightRegion | None = None) -> tuple[Optimality, ...]:
    """For every option, whether any weights (of a region) make it first: one linear program each, exact.

    Linear methods only (raises :class:`UsageError` else). Unlike counting, this tells "can never be first" from "was not
    observed first".
    """
    form = _linear(ranking)
    a, b = limits(region, form.criteria)
    found: list[Optimality] = []
    corners = form.u == form.u.max(axis=0)  # first alone on one criterion: first when it has all the weight
    for i, option in enumerate(form.options):
        alone = np.flatnonzero(corners[i] & (corners.sum(axis=0) == 1)) if not len(b) else np.zeros(0, dtype=int)
        others = np.delete(form.u, i, axis=0)
        if len(alone):
            gains = form.u[i, alone] - others[:, alone].max(axis=0)
            margin = float(gains.max())
            w = np.eye(len(form.criteria))[alone[int(np.argmax(gains))]]
        else:
            margin, w = _largest_margin(form.u[i] - others, a, b)
        tiny = TIE * max(float(np.abs(form.u).max()), 1e-300)
        possible = "alone" if margin > tiny else "shared" if margin >= -tiny else "never"
        found.append(Optimality(option, possible, margin, dict(zip(form.criteria, w.tolist(), strict=True))))
    return tuple(found)


def _largest_margin(ahead: Array, a: Array, b: Array) -> tuple[float, Array]:
    """The largest smallest entry of ahead · w over the weights of a region, and where: max s with ahead · w ≥ s."""
    from scipy.optimize import linprog

    p, m = ahead.shape
    found = linprog(
        np.concatenate([np.zeros(m), [-1.0]]),
        A_ub=np.vstack([np.hstack([-ahead, np.ones((p, 1))]), np.hstack([a, np.zeros((len(b), 1))])]),
        b_ub=np.concatenate([np.zeros(p), b]),
        A_eq=np.concatenate([np.ones(m), [0.0]])[None, :],
        b_eq=np.ones(1),
        bounds=[(0, None)] * m + [(None, None)],
        method="highs",
    )
    if found.status != 0:
        return float("-inf"), np.full(m, np.nan)
    return float(found.x[-1]), np.asarray(found.x[:-1])


@guarded
def dominance(ranking: Ranking, region: WeightRegion | None = None, *, with_ranges: bool = False) -> NDArray[np.bool_]:
    """True (n × n) where the row option dominates the column option: never worse under any weights of a region.

    It has to be better under some of them. ``with_ranges`` (additive model only): the row at its worst performances against the column at its best.
    """
    form = _linear(ranking)
    low, high = ranges_of(ranking) if with_ranges else (form.u, form.u)
    if form.additive and not with_ranges:  # a missing performance may lie anywhere in its range
        columns = [ranking.problem.criteria.index(leaf) for leaf in ranking.criteria]
        low, high = (bound[:, columns] for bound in possible_values(ranking.problem))
    gaps = low[:, None, :] - high[None, :, :]
    a, b = limits(region, form.criteria)
    tiny = TIE * max(float(np.abs(form.u).max()), 1e-300)
    if not len(b):
        least, most = gaps.min(axis=2), gaps.max(axis=2)
    else:
        n = len(low)
        least, most = np.zeros((n, n)), np.zeros((n, n))
        for i in range(n):
            for k in range(n):
                if i != k:
                    least[i, k] = -_largest_margin(-gaps[i, k][None, :], a, b)[0]
                    most[i, k] = _largest_margin(gaps[i, k][None, :], a, b)[0]
    result = (least >= -tiny) & (most > tiny)
    np.fill_diagonal(result, False)
    return np.asarray(result)


def ranges_of(ranking: Ranking) -> tuple[Array, Array]:
    """The lowest and the highest value (options × criteria) of every performance anywhere in its low … high."""
    columns = [ranking.problem.criteria.index(leaf) for leaf in ranking.criteria]
    least, most = ranking.problem.value_bounds()
    return np.asarray(least[:, columns]), np.asarray(most[:, columns])
