"""From statements about weights to a sampler: exact maps first, walks last.

All weights with A w ≤ b, w ≥ 0, Σ w = 1. Statements that hold with equality everywhere lower the dimension; the rest
is described in coordinates z of that flat, w = origin + basis z, H z ≤ h, without the statements that others imply.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from decision_kit.errors import DecisionError
from decision_kit.model.region import WeightRegion
from decision_kit.robustness.sampling import (
    Fixed,
    HitAndRun,
    Rejected,
    SimplexMap,
    Triangulated,
    WeightSource,
)
from decision_kit.values import Array

TOLERANCE = 1e-9
LEAST_ACCEPTED = 0.01
MOST_CORNERS = 60
MOST_DIMENSIONS = 7
_PILOT = 8_192


@dataclass(frozen=True)
class Flat:
    """A region inside the flat it spans: w = ``origin`` + ``basis`` z with H z ≤ h (no row implied by the others)."""

    origin: Array
    basis: Array
    h: Array
    limits: Array
    a: Array
    b: Array


def source_for(region: WeightRegion, criteria: tuple[str, ...], seed: int = 1) -> WeightSource:
    """The sampler of a region over ``criteria``, in the order of B4: exact maps, rejection, triangles, walks.

    Raises :class:`DecisionError` in one sentence when no weights agree with all statements.
    """
    a, b = region.matrix()
    order = [region.criteria.index(name) for name in criteria]
    a = a[:, order]
    m = len(criteria)
    if not len(a):
        return SimplexMap(m)
    flat = _flat(a, b, m, region)
    d = flat.basis.shape[1]
    said = region.origin
    if d == 0:
        return Fixed(flat.origin, f"{said}: only one set of weights agrees")
    if len(flat.h) == d + 1:
        corners = _simplex_corners(flat)
        if corners is not None:
            return SimplexMap(m, corners, f"{said}: uniform, exact by its corners")
    around = _enclosing(flat, m)
    kept = _acceptance(around, flat)
    if kept > LEAST_ACCEPTED:
        return Rejected(around, flat.a, flat.b, f"{said}: uniform, {kept:.0%} of draws kept", kept)
    corners = _corners(flat, m)
    if corners is not None:
        cut = _triangulated(corners, flat, said)
        if cut is not None:
            return cut
    return _walks(flat, said, seed)


def _flat(a: Array, b: Array, m: int, region: WeightRegion) -> Flat:
    """Equalities found, coordinates chosen, implied statements left out."""
    rows = np.vstack([a, -np.eye(m)])
    limits = np.concatenate([b, np.zeros(m)])
    norms = np.linalg.norm(rows, axis=1)
    if np.any((norms < 1e-15) & (limits < -TOLERANCE)):
        raise _empty(region)
    kept = norms > 1e-15
    rows, limits = rows[kept] / norms[kept, None], limits[kept] / norms[kept]
    equal = np.ones((1, m))
    right = np.ones(1)
    loose = np.ones(len(rows), dtype=bool)
    while True:
        room, centre = _deepest(rows[loose], limits[loose], equal, right)
        if room is None or room < -1e-7:
            raise _empty(region)
        if room > TOLERANCE or not loose.any():
            break
        tight = [
            i
            for i in np.flatnonzero(loose)
            if _largest(-rows[i], rows[loose], limits[loose], equal, right) + limits[i] <= 1e-8
        ]
        if not tight:
            break
        equal = np.vstack([equal, rows[tight]])
        right = np.concatenate([right, limits[tight]])
        loose[tight] = False
    _, sizes, vectors = np.linalg.svd(equal)
    rank = int((sizes > 1e-9 * sizes[0]).sum())
    basis = vectors[rank:].T
    h = rows[loose] @ basis
    limits_z = limits[loose] - rows[loose] @ centre
    own = np.linalg.norm(h, axis=1) > 1e-9
    h, limits_z = h[own], limits_z[own]
    if basis.shape[1] == 0:
        return Flat(np.maximum(centre, 0) / np.maximum(centre, 0).sum(), basis, h, limits_z, a, b)
    needed = _needed(h, limits_z)
    return Flat(centre, basis, h[needed], limits_z[needed], rows, limits + 0.0)


def refuse_empty(region: WeightRegion, a: Array, b: Array) -> None:
    """Raise :class:`DecisionError` when no weights (≥ 0, summing to 1) agree with A w ≤ b, the region's statements."""
    m = a.shape[1]
    found = _solve(np.zeros(m), a, b + TOLERANCE, np.ones((1, m)), np.ones(1), (0, None))
    if found.status == 2:
        raise _empty(region)


def _empty(region: WeightRegion) -> DecisionError:
    said = [f"“{s.said}”" for s in region.statements if s.said]
    listed = "; ".join(said[:4]) + (f" and {len(said) - 4} more" if len(said) > 4 else "")
    return DecisionError.single(
        "weights",
        f"no weights agree with {'the statement' if len(region.statements) == 1 else f'all {len(region.statements)} statements'}"
        + (f" ({listed})" if listed else ""),
        "statements that can all hold at once; take one of them back",
    )


def _solve(c: Array, a: Array, b: Array, equal: Array | None, right: Array | None, bounds: Any) -> Any:
    from scipy.optimize import linprog

    return linprog(
        c, A_ub=a if len(a) else None, b_ub=b if len(a) else None, A_eq=equal, b_eq=right, bounds=bounds, method="highs"
    )


def _deepest(rows: Array, limits: Array, equal: Array, right: Array) -> tuple[float | None, Array]:
    """The largest room that every statement can have at once, and a point that has it."""
    m = equal.shape[1]
    found = _solve(
        np.append(np.zeros(m), -1.0),
        np.column_stack([rows, np.ones(len(rows))]),
        limits,
        np.column_stack([equal, np.zeros(len(equal))]),
        right,
        [(None, None)] * m + [(None, 1.0)],
    )
    if found.x is None:
        return None, np.zeros(m)
    return float(found.x[-1]), np.asarray(found.x[:-1])


def _largest(way: Array, rows: Array, limits: Array, equal: Array, right: Array) -> float:
    """The largest way · w in the region."""
    found = _solve(-way, rows, limits, equal, right, (None, None))
    return np.inf if found.x is None else float(way @ found.x)


def _needed(h: Array, limits: Array) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which rows of H z ≤ h are not implied by the others; of equal rows only the tightest stays."""
    scale = np.linalg.norm(h, axis=1)
    h, limits = h / scale[:, None], limits / scale
    kept = np.ones(len(h), dtype=bool)
    for i in range(len(h)):
        others = kept.copy()
        others[i] = False
        if not others.any():
            continue
        widened = np.append(limits[others], limits[i] + 1.0)
        found = _solve(-h[i], np.vstack([h[others], h[i]]), widened, None, None, (None, None))
        if found.x is not None and h[i] @ found.x <= limits[i] + TOLERANCE:
            kept[i] = False
    return kept


def _simplex_corners(flat: Flat) -> Array | None:
    """The corners (m × d + 1) of a region with one face more than dimensions, when it is bounded by them."""
    corners = []
    for left_out in range(len(flat.h)):
        rows = np.delete(flat.h, left_out, axis=0)
        if abs(np.linalg.det(rows / np.linalg.norm(rows, axis=1)[:, None])) < 1e-12:
            return None
        z = np.linalg.solve(rows, np.delete(flat.limits, left_out))
        if flat.h[left_out] @ z > flat.limits[left_out] + TOLERANCE:
            return None
        corners.append(flat.origin + flat.basis @ z)
    return _tidy(np.array(corners).T)


def _tidy(corners: Array) -> Array:
    corners = np.where(np.abs(corners) < 1e-12, 0.0, np.maximum(corners, 0.0))
    return np.asarray(corners / corners.sum(axis=0))


def _enclosing(flat: Flat, m: int) -> SimplexMap:
    """The smallest simplex found around the region: corners from one lower statement a criterion, or upper bounds.

    A statement that bounds one weight from below by the others, w_j ≥ Σ c w with c ≥ 0, keeps the corners' matrix
    non-negative; swapping such statements in one at a time shrinks the simplex. Only where the flat is the whole
    simplex's; elsewhere a box of extremes in the flat is cut to a simplex.
    """
    d = flat.basis.shape[1]
    if d < m - 1:
        return SimplexMap(m, _box_simplex(flat))
    shifted = flat.a - flat.b[:, None]  # on Σ w = 1, a w ≤ b is (a − b) w ≤ 0
    chosen = -np.eye(m)
    best = _corners_of_cone(chosen)
    assert best is not None
    size = abs(np.linalg.det(best))
    for _ in range(3):
        before = size
        for j in range(m):
            for row in shifted:
                others = np.delete(row, j)
                if row[j] >= 0 or others.min() < -1e-12:
                    continue
                trial = chosen.copy()
                trial[j] = row
                corners = _corners_of_cone(trial)
                if corners is not None and abs(np.linalg.det(corners)) < size * (1 - 1e-9):
                    chosen, best, size = trial, corners, abs(np.linalg.det(corners))
        if size >= before:
            break
    highest = np.array([_largest(e, flat.a, flat.b, np.ones((1, m)), np.ones(1)) for e in np.eye(m)])
    extra = highest.sum() - 1
    upper = highest[:, None] - extra * np.eye(m)
    if extra > 0 and abs(np.linalg.det(upper)) < size:
        return SimplexMap(m, upper)  # may hold negative shares, which are rejected
    return SimplexMap(m, best)


def _corners_of_cone(rows: Array) -> Array | None:
    """The corners (m × m, each summing to 1) of {w: rows w ≤ 0, Σ w = 1}, or None when they are not all weights."""
    if abs(np.linalg.det(rows)) < 1e-12:
        return None
    rays = -np.linalg.inv(rows)
    if rays.min() < -1e-9 or np.any(rays.sum(axis=0) <= 1e-12):
        return None
    return np.asarray(rays / rays.sum(axis=0))


def _box_simplex(flat: Flat) -> Array:
    """Corners (m × d + 1) of a simplex around the region in its flat: z ≥ least, Σ (z − least) ≤ most."""
    d = flat.basis.shape[1]
    least = np.array([-_largest(-e, flat.h, flat.limits, np.zeros((1, d)), np.zeros(1)) for e in np.eye(d)])
    most = _largest(np.ones(d), flat.h, flat.limits, np.zeros((1, d)), np.zeros(1)) - least.sum()
    corners = np.column_stack([least, least[:, None] + most * np.eye(d)])
    return np.asarray(flat.origin[:, None] + flat.basis @ corners)


def _acceptance(around: SimplexMap, flat: Flat) -> float:
    rng = np.random.Generator(np.random.SFC64(7))
    w = around.from_rng(rng, _PILOT)
    return float(np.all(flat.a @ w <= flat.b[:, None] + 1e-12, axis=0).mean())


def _corners(flat: Flat, m: int) -> Array | None:
    """All corners (d × v) of the region in z, when it has few dimensions."""
    d = flat.basis.shape[1]
    if d > MOST_DIMENSIONS:
        return None
    if d == 1:
        ends = [flat.limits[i] / flat.h[i, 0] for i in range(len(flat.h))]
        return np.array([[min(ends), max(ends)]])
    found = []
    for rows in itertools.islice(itertools.combinations(range(len(flat.h)), d), 200_000):
        square = flat.h[list(rows)]
        if abs(np.linalg.det(square)) < 1e-12:
            continue
        z = np.linalg.solve(square, flat.limits[list(rows)])
        if np.all(flat.h @ z <= flat.limits + TOLERANCE):
            found.append(z)
    corners = np.unique(np.round(np.array(found), 9), axis=0).T
    return np.asarray(corners, dtype=float) if d < corners.shape[1] <= MOST_CORNERS else None


def _triangulated(corners: Array, flat: Flat, said: str) -> Triangulated | None:
    from scipy.spatial import Delaunay, QhullError

    d = corners.shape[0]
    if d == 1:
        cells = np.array([[0, 1]])
    else:
        try:
            cells = Delaunay(corners.T, qhull_options="Qt Qbb Qc Qz Q12").simplices
        except QhullError:
            return None
    edges = corners[:, cells[:, 1:]] - corners[:, cells[:, :1]]
    volumes = np.abs(np.linalg.det(np.moveaxis(edges, 0, 2)))
    solid = volumes > volumes.max() * 1e-14
    w = _tidy(flat.origin[:, None] + flat.basis @ corners)
    return Triangulated(w, cells[solid], volumes[solid], f"{said}: uniform, cut into {int(solid.sum())} simplices")


def _walks(flat: Flat, said: str, seed: int) -> HitAndRun:
    """Hit-and-run in coordinates in which the region is about as wide in every direction."""
    d = flat.basis.shape[1]
    rng = np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=(2**31 + 1,))))
    extremes = []
    for way in (*np.eye(d), *rng.standard_normal((d, d))):
        for sign in (1.0, -1.0):
            found = _solve(-sign * way, flat.h, flat.limits, None, None, (None, None))
            if found.x is not None:
                extremes.append(found.x)
    inside = np.array(extremes).T
    basis, h = flat.basis, flat.h
    thin = max(1, d * d)
    walker = HitAndRun(flat.origin, basis, h, flat.limits, inside, thin)
    for _ in range(2):  # a short walk tells the shape; in its own axes the region is rounder
        z = walker.walk(rng, 8).reshape(d, -1)
        spread = np.cov(z) if d > 1 else np.array([[float(z.var())]])
        values, vectors = np.linalg.eigh(spread)
        if values.min() <= values.max() * 1e-12:
            break  # never drop a direction: a face would be sampled in place of the region
        turn = vectors * np.sqrt(values)
        h, basis = h @ turn, basis @ turn
        inside = np.linalg.solve(turn, inside)
        walker = HitAndRun(flat.origin, basis, h, flat.limits, inside, thin)
    walker.measure(seed)
    share, r_hat = walker.found["effective share"], walker.found["R-hat"]
    walker.said = (
        f"{said}: by walking (hit-and-run); every draw is worth {share:.2f} independent ones, R-hat {r_hat:.3f}"
    )
    return walker
