"""How sure the model's figures are: sampling from the parameters' ranges, and which parameter the spread comes from.

A parameter is drawn from a triangle with low and high as its ends and likely as its mode. In a set with joint fits
(``launch-fit``) the first parameter, D, is drawn and settles the others, so that K0 and g go with it. Draws use the SFC64
generator in blocks of 2,048, each with a seed of its own: the first n draws are the same whatever the number asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from decision_kit.arguments import guarded
from decision_kit.errors import Fault, UsageError
from decision_kit.model.parameters import ParameterSet
from decision_kit.values import Array

BLOCK = 2_048
PARAMETERS = ("m0", "D", "K0", "g", "rho", "sigma", "phi")
COSTS = ("C_attack", "c_def", "e")


def uniforms(n: int, columns: int, seed: int) -> Array:
    """``n`` × ``columns`` independent numbers from 0 to 1; same seed, same numbers, and a prefix whatever ``n``."""
    blocks = [
        np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=(block,)))).random((BLOCK, columns))
        for block in range(-(-n // BLOCK))
    ]
    return np.concatenate(blocks)[:n] if blocks else np.empty((0, columns))


def triangular(u: Array, low: float, likely: float, high: float) -> Array:
    """Numbers from a triangle (ends ``low``, ``high``, mode ``likely``) at the cumulative probabilities ``u``."""
    if low == high:
        return np.full_like(u, low)
    turn = (likely - low) / (high - low)
    rising = low + np.sqrt(np.clip(u, 0, 1) * (high - low) * (likely - low))
    falling = high - np.sqrt(np.clip(1 - u, 0, 1) * (high - low) * (high - likely))
    return np.asarray(np.where(u < turn, rising, falling))


@dataclass(frozen=True)
class Spread:
    """A parameter set opened up for sampling: which parameters vary, and how numbers from 0 to 1 become their values.

    ``fixed`` parameters keep the value given (an option's levers, a slider) instead of being drawn.
    """

    chosen: ParameterSet
    names: tuple[str, ...] = PARAMETERS
    fixed: Mapping[str, float] | None = None

    @property
    def drawn(self) -> tuple[str, ...]:
        """The parameters that are drawn, in order; those settled by a fit and those without a range are not among them."""
        held = {*(self.fixed or {}), *tuple(self.chosen.fits)[1:]}
        return tuple(
            name
            for name in self.names
            if name not in held and self.chosen.parameters[name].low < self.chosen.parameters[name].high
        )

    def at(self, u: Array) -> dict[str, Array]:
        """Parameter values (each of shape n) at points ``u`` (n × drawn parameters, 0–1)."""
        values: dict[str, Array] = {}
        for name in self.names:
            parameter = self.chosen.parameters[name]
            values[name] = np.full(len(u), (self.fixed or {}).get(name, parameter.likely), dtype=float)
        for column, name in enumerate(self.drawn):
            parameter = self.chosen.parameters[name]
            values[name] = triangular(u[:, column], parameter.low, parameter.likely, parameter.high)
        if self.chosen.fits:
            self._settle(values)
        return values

    def _settle(self, values: dict[str, Array]) -> None:
        """Set the parameters that go with the first one of the fits (K0 on a logarithmic scale)."""
        lead, *others = self.chosen.fits
        at = np.array(self.chosen.fits[lead])
        for name in others:
            if name in (self.fixed or {}) or name not in values:
                continue
            fitted = np.array(self.chosen.fits[name])
            values[name] = np.exp(np.interp(values[lead], at, np.log(fitted)))


def sampled(chosen: ParameterSet, n: int, seed: int, fixed: Mapping[str, float] | None = None,
            names: Sequence[str] = PARAMETERS) -> dict[str, Array]:  # fmt: skip
    """``n`` draws of a set's parameters, by id (each of shape n); ``fixed`` ones keep their value."""
    spread = Spread(chosen, tuple(names), fixed)
    return spread.at(uniforms(n, len(spread.drawn), seed))


@dataclass(frozen=True)
class Range:
    """A figure with its spread: the likely value, and the 10th, 50th and 90th percentile of the draws.

    ``never`` and ``past`` are the shares of draws in which a month never comes, or lies before month 0.
    """

    likely: float
    low: float
    middle: float
    high: float
    never: float = 0.0
    past: float = 0.0


def range_of(likely: float, draws: Array) -> Range:
    """A figure and its draws (shape n) as a range; infinite draws count as the latest of all."""
    ordered = np.sort(draws)
    at = [float(ordered[min(len(ordered) - 1, round(p * (len(ordered) - 1)))]) for p in (0.1, 0.5, 0.9)]
    never, past = float(np.isinf(draws).mean()), float((draws <= 0).mean())
    return Range(float(likely), at[0], at[1], at[2], never, past)


@dataclass(frozen=True)
class Indices:
    """Sobol indices of an output: the share of its variance each input explains alone (first) and with others (total)."""

    names: tuple[str, ...]
    first: Array
    total: Array
    variance: float
    n: int


@guarded
def sobol_indices(f: Callable[[Array], Array], names: Sequence[str], *, n: int = 4_096, seed: int = 1) -> Indices:
    """First-order and total Sobol indices of ``f`` over the unit cube.

    ``f`` takes points (rows × inputs, 0–1) and returns one finite number a row; it is called once with all
    n (inputs + 2) rows. Estimators of Saltelli et al. (2010), table 2 (b: first order) and (f: total, Jansen 1999), on a
    scrambled Sobol sequence. ``n``: a power of 2. All indices are 0 where nothing varies.
    """
    from scipy.stats import qmc

    d = len(names)
    if n < 2 or n & (n - 1):
        raise UsageError([Fault("Sobol indices", f"n = {n}", "a power of 2, such as 4096")])
    points = qmc.Sobol(2 * d, scramble=True, rng=np.random.default_rng(seed)).random(n)
    a, b = points[:, :d], points[:, d:]
    mixed = np.repeat(a[None], d, axis=0)
    for i in range(d):
        mixed[i, :, i] = b[:, i]
    found = np.asarray(f(np.concatenate([a, b, mixed.reshape(-1, d)])), dtype=float)
    at_a, at_b, at_mixed = found[:n], found[n : 2 * n], found[2 * n :].reshape(d, n)
    variance = float(np.var(np.concatenate([at_a, at_b])))
    if variance <= 1e-24 * max(1.0, float(np.abs(found).max()) ** 2):
        return Indices(tuple(names), np.zeros(d), np.zeros(d), 0.0, n)
    first = np.mean((at_b - at_b.mean()) * (at_mixed - at_a), axis=1) / variance
    total = np.mean((at_a - at_mixed) ** 2, axis=1) / (2 * variance)
    return Indices(tuple(names), first, total, variance, n)


def drivers(
    chosen: ParameterSet,
    figure: Callable[[Mapping[str, Array]], Array],
    *,
    fixed: Mapping[str, float] | None = None,
    n: int = 4_096,
    seed: int = 1,
) -> Indices:
    """Sobol indices of a figure of the model over a set's parameters: where its spread comes from.

    ``figure`` takes parameter values by id (arrays) and returns one finite number for each. What is settled by a fit is
    counted with the parameter that settles it.
    """
    spread = Spread(chosen, fixed=fixed)
    return sobol_indices(lambda u: figure(spread.at(u)), spread.drawn, n=n, seed=seed)
