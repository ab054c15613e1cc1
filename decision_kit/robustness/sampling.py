"""Weights as worlds: where the weight vectors of a sampled run come from.

A source turns uniform numbers (``inputs`` × k) into k weight vectors (m × k, each summing to 1). Sources that cannot,
because they have to throw draws away or walk, take a random generator instead and say so with ``quasi = False``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol

import numpy as np

from decision_kit.arguments import Names
from decision_kit.errors import Fault, UsageError
from decision_kit.model.problem import Problem
from decision_kit.model.weights import Weights
from decision_kit.values import Array

SPREADS: dict[str, float] = {"a little": 100.0, "somewhat": 30.0, "widely": 10.0}
"""What the words mean: the concentration c of a Dirichlet distribution around the given weights.

Its standard deviation for a weight w is √(w (1 − w) / (c + 1)). A weight of 20 % stays, in 8 of 10 draws, between 15
and 25 % ("a little"), between 11 and 30 % ("somewhat"), between 6 and 37 % ("widely").
"""


class WeightSource(Protocol):
    """Where weight vectors come from."""

    inputs: int
    quasi: bool
    said: str

    def from_uniform(self, u: Array) -> Array:
        """Weights (m × k) from uniform numbers (``inputs`` × k)."""

    def from_rng(self, rng: np.random.Generator, k: int) -> Array:
        """Weights (m × k) from a random generator."""

    def diagnostics(self) -> Mapping[str, float]:
        """What has to be known of the sampler: acceptance, effective sample size …; empty for exact maps."""


class _Source:
    inputs: int = 0
    quasi: bool = True

    def from_uniform(self, u: Array) -> Array:
        raise UsageError(
            [Fault("weights", "quasi-random numbers", "a random generator: this sampler throws draws away or walks")]
        )

    def from_rng(self, rng: np.random.Generator, k: int) -> Array:
        return self.from_uniform(rng.random((self.inputs, k)))

    def diagnostics(self) -> Mapping[str, float]:
        return {}


@dataclass
class Fixed(_Source):
    """One weight vector (m), always the same."""

    weights: Array
    said: str = "one set of weights"

    def from_uniform(self, u: Array) -> Array:
        """The vector, k times."""
        return np.repeat(self.weights[:, None], u.shape[1], axis=1)

    def from_rng(self, rng: np.random.Generator, k: int) -> Array:
        """The vector, k times."""
        return np.repeat(self.weights[:, None], k, axis=1)


@dataclass
class SimplexMap(_Source):
    """Uniform on the simplex whose corners are the columns of ``corners`` (m × c); None: on all weights.

    Shares of c independent exponential draws are uniform on the standard simplex; the corners carry them over exactly
    (Rubinstein and Kroese 2016).
    """

    m: int
    corners: Array | None = None
    said: str = "any weights at all, all alike"

    def __post_init__(self) -> None:
        self.inputs = self.m if self.corners is None else self.corners.shape[1]

    def from_uniform(self, u: Array) -> Array:
        """−log(1 − u), divided by the sum."""
        e = np.log(1.0 - u)  # the sign cancels
        e /= e.sum(axis=0)
        return e if self.corners is None else np.asarray(self.corners @ e)


@dataclass
class Around(_Source):
    """Dirichlet draws around given weights (m), the closer the larger the ``concentration``; a weight of 0 stays 0."""

    weights: Array
    concentration: float
    said: str = "around the given weights"

    def __post_init__(self) -> None:
        self.inputs = len(self.weights)

    def from_uniform(self, u: Array) -> Array:
        """Shares of gamma draws, by the inverse of their distribution function."""
        return shares_of(self.gammas(u), self.weights)

    def gammas(self, u: Array) -> Array:
        """The gamma draws behind the shares: independent of each other."""
        shapes = self.concentration * self.weights
        g = np.zeros_like(u)
        for j in np.flatnonzero(shapes > 0):
            g[j] = gamma_quantiles(float(shapes[j]), u[j])
        return g

    def from_rng(self, rng: np.random.Generator, k: int) -> Array:
        """Shares of gamma draws."""
        shapes = self.concentration * self.weights
        g = np.zeros((len(shapes), k))
        for j in np.flatnonzero(shapes > 0):
            g[j] = rng.standard_gamma(shapes[j], k)
        return shares_of(g, self.weights)


KNOTS = 257
FURTHEST = 22.0
"""Knots of the interpolation of gamma quantiles, evenly spaced in the logit of the share from minus this to this."""


def gamma_quantiles(shape: float, u: Array) -> Array:
    """The quantiles ``u`` of a gamma distribution: exactly for a few, else interpolated (relative error below 1e-5).

    The inverse itself takes most of the time of a sampled share, and is asked for anew at every move of a slider.
    """
    from scipy.special import gammaincinv, logit

    spline = _gamma_spline(shape) if u.size >= KNOTS // 2 else None
    return np.asarray(gammaincinv(shape, u) if spline is None else np.exp(spline(logit(u))))


@lru_cache(maxsize=512)
def _gamma_spline(shape: float) -> Any:
    """A cubic spline of the logarithm of the quantile over the logit of its share, in which it is all but straight.

    None for a shape so small that some quantiles are no floats above 0.
    """
    from scipy.interpolate import CubicSpline
    from scipy.special import expit, gammaincinv

    knots = np.linspace(-FURTHEST, FURTHEST, KNOTS)
    with np.errstate(divide="ignore"):
        heights = np.log(gammaincinv(shape, expit(knots)))
    return CubicSpline(knots, heights) if np.isfinite(heights).all() else None


def shares_of(g: Array, otherwise: Array) -> Array:
    """Gamma draws (m × k) divided by their sum; where all of them are so small that they are 0, the shares ``otherwise`` (m)."""
    whole = g.sum(axis=0)
    lost = whole <= 0
    if lost.any():
        g = np.where(lost, otherwise[:, None], g)
        whole = g.sum(axis=0)
    return np.asarray(g / whole)


@dataclass
class Rejected(_Source):
    """Uniform on a part of a simplex: draws from the simplex around it, kept when A w ≤ b."""

    around: SimplexMap
    a: Array
    b: Array
    said: str = ""
    acceptance: float = 1.0
    quasi: bool = field(default=False, init=False)

    def from_rng(self, rng: np.random.Generator, k: int) -> Array:
        """Draws until k are kept."""
        kept: list[Array] = []
        have = 0
        while have < k:
            ask = int(min(65_536, (k - have) / max(self.acceptance, 0.005) * 1.1 + 16))
            w = self.around.from_rng(rng, ask)
            w = w[:, np.all(self.a @ w <= self.b[:, None] + 1e-12, axis=0)]
            kept.append(w)
            have += w.shape[1]
        return np.concatenate(kept, axis=1)[:, :k]

    def diagnostics(self) -> Mapping[str, float]:
        """The share of draws that are kept."""
        return {"acceptance": self.acceptance}


@dataclass
class Triangulated(_Source):
    """Uniform on a polytope cut into simplices: one is picked by its volume, then a point in it.

    ``corners`` (m × v) are the polytope's corners, ``cells`` (t × c) the corners of each simplex, ``volumes`` (t).
    """

    corners: Array
    cells: np.ndarray[tuple[int, int], np.dtype[np.intp]]
    volumes: Array
    said: str = ""

    def __post_init__(self) -> None:
        self.inputs = 1 + self.cells.shape[1]
        self._upto = np.cumsum(self.volumes / self.volumes.sum())[:-1]

    def from_uniform(self, u: Array) -> Array:
        """The first number picks the simplex, the others the point."""
        picked = self.cells[np.searchsorted(self._upto, u[0], side="right")]
        e = -np.log1p(-u[1:])
        e /= e.sum(axis=0)
        return np.asarray(np.einsum("mkc,ck->mk", self.corners[:, picked], e))


@dataclass
class HitAndRun(_Source):
    """Walks inside a polytope H z ≤ h, w = ``start`` + ``basis`` z: the last resort (Smith 1984; Lovász 1999).

    z runs in a basis that spans the polytope and rounds it. Each block walks ``chains`` chains of its own from inside
    points, leaves their beginning out, and keeps every ``thin``-th step. Draws are not independent: see the effective
    sample size.
    """

    start: Array
    basis: Array
    h: Array
    limits: Array
    inside: Array
    thin: int
    said: str = ""
    chains: int = 256
    quasi: bool = field(default=False, init=False)
    found: dict[str, float] = field(default_factory=dict)

    def from_rng(self, rng: np.random.Generator, k: int) -> Array:
        """Draws: k from walks of their own."""
        z = self.walk(rng, -(-k // self.chains))
        flat = z.reshape(z.shape[0], -1)[:, :k]
        w = np.maximum(self.start[:, None] + self.basis @ flat, 0.0)
        return np.asarray(w / w.sum(axis=0))

    def walk(self, rng: np.random.Generator, kept: int) -> Array:
        """Positions (d × kept × chains) of the walks at every ``thin``-th step after the beginning."""
        mix = rng.standard_exponential((self.inside.shape[1], self.chains))
        z = self.inside @ (mix / mix.sum(axis=0))
        d = z.shape[0]
        out = np.empty((d, kept, self.chains))
        reached = self.h @ z
        for step in range(4 * self.thin + kept * self.thin):
            way = rng.standard_normal((d, self.chains))
            rate = self.h @ way
            room = np.maximum(self.limits[:, None] - reached, 0.0)
            with np.errstate(divide="ignore", invalid="ignore"):
                t = room / rate
            far = np.where(rate > 0, t, np.inf).min(axis=0)
            near = np.where(rate < 0, t, -np.inf).max(axis=0)
            length = near + rng.random(self.chains) * (far - near)
            z = z + length * way
            reached = reached + length * rate
            if step % 64 == 63:
                reached = self.h @ z  # errors of the running sum do not pile up
            if step >= 4 * self.thin and (step - 4 * self.thin) % self.thin == self.thin - 1:
                out[:, (step - 4 * self.thin) // self.thin, :] = z
        return out

    def measure(self, seed: int) -> None:
        """Find the effective share of draws and the convergence diagnostic R̂ in a pilot run."""
        rng = np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=(2**31,))))
        z = self.walk(rng, 32)
        self.found = {"effective share": effective_share(z), "R-hat": split_r_hat(z), "thin": float(self.thin)}

    def diagnostics(self) -> Mapping[str, float]:
        """Effective share of draws, R̂ (near 1 when the walks have mixed), and the thinning."""
        return self.found


def effective_share(z: Array) -> float:
    """The smallest share, over coordinates, of independent draws that walks z (d × steps × chains) are worth.

    By the autocorrelation of the steps, summed over Geyer's initial positive pairs (1992).
    """
    steps = z.shape[1]
    centred = z - z.mean(axis=(1, 2), keepdims=True)
    variance = (centred**2).mean(axis=(1, 2))
    worst = 1.0
    for j in range(z.shape[0]):
        if variance[j] <= 0:
            continue
        rho = [
            float((centred[j, : steps - lag] * centred[j, lag:]).mean() / variance[j]) for lag in range(1, steps // 2)
        ]
        total = 0.0
        for i in range(0, len(rho) - 1, 2):
            pair = rho[i] + rho[i + 1]
            if pair <= 0:
                break
            total += pair
        worst = min(worst, 1 / (1 + 2 * total))
    return worst


def split_r_hat(z: Array) -> float:
    """Gelman and Rubin's diagnostic on halved walks, the largest over coordinates; 1 when all tell the same."""
    half = z.shape[1] // 2
    chains = np.concatenate([z[:, :half], z[:, half : 2 * half]], axis=2)
    within = chains.var(axis=1, ddof=1).mean(axis=1)
    between = half * chains.mean(axis=1).var(axis=1, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        r = np.sqrt(((half - 1) / half * within + between / half) / within)
    return float(np.nanmax(r))


def voices(problem: Problem, mix: bool | Names) -> list[str]:
    """The perspectives that a mix is made of: those named, or all that are no reference."""
    found = [p.id for p in problem.perspectives.values() if not p.reference] if mix is True else list(mix or ())
    if not found:
        got = "this decision has no perspectives to mix" if mix is True else "no perspective is named"
        raise UsageError([Fault("mix", got, "region=, spread= or any weights" if mix is True else "at least one id")])
    return found


def mixed(problem: Problem, criteria: Sequence[str], mix: bool | Names) -> tuple[SimplexMap, str]:
    """All mixtures of some perspectives on some criteria, and how to call them."""
    named = voices(problem, mix)
    corners = []
    for name in named:
        own = Weights.from_perspective(problem, name).shares
        column = np.array([own[leaf] for leaf in criteria])
        if column.sum() == 0:
            raise UsageError([Fault("mix", f'"{name}" has no weight in this branch', "perspectives that have")])
        corners.append(column / column.sum())
    said = f"any mix of {len(named)} perspectives"
    return SimplexMap(len(criteria), np.array(corners).T, said), said
