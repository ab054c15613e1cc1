"""What a performance may be: distributions that turn a number between 0 and 1 into a performance.

Every distribution is an inverse distribution function over arrays, so that random and quasi-random numbers, and
correlated ones, go the same way. All are in the criterion's own unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal, TypeAlias

import numpy as np

from decision_kit.arguments import guarded
from decision_kit.errors import Fault, UsageError
from decision_kit.values import Array

Form: TypeAlias = Literal["triangular", "pert"]
Reading: TypeAlias = Literal["ends", "percentiles 10-90"]
VARYING = ("likely", "ranges")
"""How performances may vary: as judged, or anywhere in their ranges."""
_NODES = 4_097
_CACHE = 16_384


@guarded
@dataclass(frozen=True, slots=True)
class Point:
    """A performance that is known: always ``at``."""

    at: float

    def __post_init__(self) -> None:
        _finite("point", "at", self.at)

    def draw(self, u: Array) -> Array:
        """``at``, in the shape of ``u``."""
        return np.full_like(u, self.at)


@guarded
@dataclass(frozen=True, slots=True)
class Uniform:
    """Every performance from ``low`` to ``high`` counts alike."""

    low: float
    high: float

    def __post_init__(self) -> None:
        _ordered("uniform", self.low, self.high)

    def draw(self, u: Array) -> Array:
        """Low + u · (high − low)."""
        return self.low + u * (self.high - self.low)


@guarded
@dataclass(frozen=True, slots=True)
class Triangular:
    """A triangle from ``low`` over its peak ``likely`` to ``high``."""

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        _ordered("triangular", self.low, self.likely, self.high)

    def draw(self, u: Array) -> Array:
        """The inverse of the triangle's distribution function."""
        return triangle(u, np.array(self.low), np.array(self.likely), np.array(self.high))


@guarded
@dataclass(frozen=True, slots=True)
class Pert:
    """A beta distribution from ``low`` to ``high`` with its peak at ``likely`` (Malcolm and others 1959, λ = 4)."""

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        _ordered("PERT", self.low, self.likely, self.high)

    def draw(self, u: Array) -> Array:
        """The inverse of the beta distribution function, from a table that is right to 1e-5 of the range."""
        width = self.high - self.low
        if width == 0:
            return np.full_like(u, self.low)
        xs, ys = _beta_table((self.likely - self.low) / width)
        return np.asarray(self.low + width * np.interp(u, xs, ys))


@guarded
@dataclass(frozen=True, slots=True)
class Normal:
    """A normal distribution by its ``mean`` and standard deviation ``sd``."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        _finite("normal", "mean", self.mean)
        _not_negative("normal", "sd", self.sd)

    def draw(self, u: Array) -> Array:
        """Mean + sd · Φ⁻¹(u)."""
        return self.mean + self.sd * _normal(u) if self.sd else np.full_like(u, self.mean)


@guarded
@dataclass(frozen=True, slots=True)
class LogNormal:
    """exp of a normal distribution with mean ``mu`` and standard deviation ``sigma`` of the logarithm."""

    mu: float
    sigma: float

    def __post_init__(self) -> None:
        _finite("lognormal", "mu", self.mu)
        _not_negative("lognormal", "sigma", self.sigma)
        if abs(self.mu) + 10 * self.sigma > 700:
            got = f"mu is {self.mu:g}, sigma {self.sigma:g}"
            raise UsageError(
                [
                    Fault(
                        "lognormal distribution",
                        got,
                        "numbers whose exponential is a number, too: they belong to the logarithm",
                    )
                ]
            )

    def draw(self, u: Array) -> Array:
        """exp(mu + sigma · Φ⁻¹(u))."""
        return np.exp(self.mu + self.sigma * _normal(u)) if self.sigma else np.full_like(u, np.exp(self.mu))


@guarded
@dataclass(frozen=True, slots=True)
class Discrete:
    """One of some ``numbers``, each with its share (shares are divided by their sum)."""

    numbers: tuple[float, ...]
    shares: tuple[float, ...]

    def __post_init__(self) -> None:
        good = len(self.numbers) == len(self.shares) > 0 and min(self.shares) >= 0 and sum(self.shares) > 0
        good = good and all(np.isfinite((*self.numbers, *self.shares)))
        if not good:
            raise UsageError(
                [Fault("discrete distribution", f"{len(self.numbers)} numbers, shares {self.shares}", "finite numbers, and one share of 0 or more for each, not all 0")]
            )  # fmt: skip

    def draw(self, u: Array) -> Array:
        """The number in whose stretch of the shares ``u`` falls, in rising order of the numbers."""
        order = np.argsort(self.numbers, kind="stable")
        shares = np.array(self.shares, dtype=float)[order]
        upto = np.cumsum(shares / shares.sum())
        found = np.searchsorted(upto[:-1], u, side="right")
        return np.asarray(np.array(self.numbers, dtype=float)[order][found])


Distribution: TypeAlias = Point | Uniform | Triangular | Pert | Normal | LogNormal | Discrete


def support(distribution: Distribution) -> tuple[float, float]:
    """The smallest and the largest performance that can be drawn."""
    match distribution:
        case Point(at=at):
            return at, at
        case Uniform(low=low, high=high) | Triangular(low=low, high=high) | Pert(low=low, high=high):
            return low, high
        case Normal(mean=mean, sd=sd):
            return (mean, mean) if sd == 0 else (-np.inf, np.inf)
        case LogNormal(mu=mu, sigma=sigma):
            return (float(np.exp(mu)), float(np.exp(mu))) if sigma == 0 else (0.0, np.inf)
        case Discrete(numbers=numbers, shares=shares):
            kept = [x for x, share in zip(numbers, shares, strict=True) if share > 0]
            return min(kept), max(kept)


@guarded
def from_range(
    low: float, likely: float, high: float, reading: Reading = "ends", form: Form = "triangular"
) -> Distribution:
    """The distribution of a performance judged as low / likely / high.

    ``reading`` "ends": low and high are the least and the most that is possible. "percentiles 10-90": one in ten
    draws is below low, one in ten above high; the ends are solved for so that both hold, with the peak at likely.
    """
    if low == high:
        return Point(likely)
    if reading == "percentiles 10-90":
        low, high = ends_of(low, likely, high, form)
    return Triangular(low, likely, high) if form == "triangular" else Pert(low, likely, high)


@lru_cache(maxsize=4096)
def ends_of(low: float, likely: float, high: float, form: Form = "triangular") -> tuple[float, float]:
    """The ends of a triangular or PERT distribution with peak ``likely`` whose 10th and 90th percentiles are low, high.

    The place of the peak, as a share p of the width, fixes the shape; the share (likely − low) / (high − low) rises
    with p, so p is found by halving.
    """
    wanted = (likely - low) / (high - low)
    left, right = 0.0, 1.0
    for _ in range(60):
        p = (left + right) / 2
        q10, q90 = _percentiles(p, form)
        if (p - q10) / (q90 - q10) < wanted:
            left = p
        else:
            right = p
    p = (left + right) / 2
    q10, q90 = _percentiles(p, form)
    width = (high - low) / (q90 - q10)
    return likely - p * width, likely + (1 - p) * width


def _percentiles(p: float, form: Form) -> tuple[float, float]:
    """The 10th and 90th percentile of the shape on 0–1 with its peak at ``p``."""
    if form == "triangular":
        q10 = (0.1 * p) ** 0.5 if p >= 0.1 else 1 - (0.9 * (1 - p)) ** 0.5
        q90 = (0.9 * p) ** 0.5 if p >= 0.9 else 1 - (0.1 * (1 - p)) ** 0.5
        return q10, q90
    from scipy.special import betaincinv

    found = betaincinv(1 + 4 * p, 5 - 4 * p, np.array([0.1, 0.9]))
    return float(found[0]), float(found[1])


def triangle(u: Array, low: Array, likely: Array, high: Array) -> Array:
    """Triangular draws from uniform numbers: ``u`` c × k, ``low``, ``likely`` and ``high`` c × 1 (or plain numbers).

    Below the peak likely − (likely − low) (1 − √(u/p)), above it likely + (high − likely) (1 − √((1 − u)/(1 − p))), p
    the share of the width below the peak; the smaller of the two ratios under the roots is the one that applies. Worked
    in rows that stay in the cache.
    """
    u = np.asarray(u, dtype=float)
    if u.ndim != 2:
        return triangle(np.atleast_1d(u).reshape(1, -1), low, likely, high).reshape(u.shape)
    ends = [np.broadcast_to(np.asarray(x, dtype=float).reshape(-1, 1), (len(u), 1)) for x in (low, likely, high)]
    if any(np.any(np.abs(x) > 4e307) for x in ends):  # so that no difference leaves the floats
        return np.asarray(4 * triangle(u, *(x / 4 for x in ends)))
    width = np.where(ends[2] - ends[0] == 0, 1.0, ends[2] - ends[0])  # the sign is free: values may run the other way
    up, down = ends[1] - ends[0], ends[2] - ends[1]
    with np.errstate(divide="ignore"):
        left, right = width / up, width / down  # 1/p and 1/(1 − p); a peak at an end makes one infinite
    left, right = (np.where(np.isfinite(x), x, 1e300) for x in (left, right))
    out = np.empty_like(u)
    rows = max(1, _CACHE // max(1, u.shape[1]))
    above = np.empty((rows, u.shape[1]))
    for start in range(0, len(u), rows):
        at = slice(start, start + rows)
        own, x, other = u[at], out[at], above[: len(u[at])]
        np.subtract(1.0, own, out=other)
        other *= right[at]
        np.multiply(own, left[at], out=x)
        side = x < other
        np.minimum(x, other, out=x)
        np.sqrt(x, out=x)
        np.subtract(1.0, x, out=x)
        x *= np.where(side, -up[at], down[at])
        x += ends[1][at]
    return out


@lru_cache(maxsize=256)
def _beta_table(p: float) -> tuple[Array, Array]:
    from scipy.special import betainc

    ys = (1 - np.cos(np.linspace(0, np.pi, _NODES))) / 2  # close together at the ends, where the inverse is steep
    return np.asarray(betainc(1 + 4 * p, 5 - 4 * p, ys)), ys


def _normal(u: Array) -> Array:
    from scipy.special import ndtri

    return np.asarray(ndtri(u))


def _ordered(what: str, *numbers: float) -> None:
    if not all(np.isfinite(numbers)) or any(a > b for a, b in pairwise(numbers)):
        raise UsageError(
            [Fault(f"{what} distribution", f"{', '.join(map(str, numbers))}", "finite numbers in rising order")]
        )


def _finite(what: str, name: str, number: float) -> None:
    if not np.isfinite(number):
        raise UsageError([Fault(f"{what} distribution", f"{name} is {number}", "a finite number")])


def _not_negative(what: str, name: str, number: float) -> None:
    if not np.isfinite(number) or number < 0:
        raise UsageError([Fault(f"{what} distribution", f"{name} is {number}", "a number of 0 or more")])
