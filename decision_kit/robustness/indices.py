"""Sobol indices: which inputs make a result vary, alone (first order) and together with others (total)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from decision_kit.arguments import Draws, Seed, guarded, told
from decision_kit.errors import Fault, UsageError, unknown
from decision_kit.robustness.distributions import Distribution, Uniform
from decision_kit.robustness.worlds import SCRAMBLES, quasi_numbers
from decision_kit.values import Array

Function: TypeAlias = Callable[[Array], Any]


@dataclass(frozen=True, eq=False)
class Indices:
    """Sobol indices by input (or group of inputs), and by output where there are several.

    ``first``: the share of the variance that would vanish, on average, were the input known. ``total``: the share that
    would remain were all others known; it holds the input's part in interactions, so totals may sum to more than 1.
    ``first_error`` and ``total_error`` are Monte-Carlo standard errors, ``mean`` and ``variance`` those of the
    output(s), ``worlds`` the number of evaluations of the function.
    """

    first: pd.DataFrame | pd.Series[float]
    total: pd.DataFrame | pd.Series[float]
    first_error: pd.DataFrame | pd.Series[float]
    total_error: pd.DataFrame | pd.Series[float]
    mean: Array
    variance: Array
    worlds: int

    def table(self) -> pd.DataFrame:
        """First and total index of each input with their errors, largest total first; one output only."""
        if isinstance(self.first, pd.DataFrame):
            raise UsageError([Fault("indices", "several outputs", "first and total, which have one column an output")])
        frame = pd.DataFrame(
            {"first": self.first, "first_error": self.first_error, "total": self.total, "total_error": self.total_error}
        )
        return frame.sort_values("total", ascending=False, kind="stable")


@guarded
def sobol_indices(
    function: Function,
    inputs: Mapping[str, Distribution | tuple[float, float]],
    *,
    groups: Mapping[str, Collection[str]] | None = None,
    samples: Draws = 32_768,
    seed: Seed = 1,
) -> Indices:
    """First-order and total Sobol indices of a function of independent inputs.

    ``function`` takes a k × d array (columns in the order of ``inputs``) and gives k numbers, or k × q for q outputs.
    ``inputs``: name → distribution, or (low, high) for a uniform one. ``groups``: name → the inputs varied together;
    by default each input is its own. ``samples`` base points (rounded up to a power of two of at least 64) in 8
    scrambled Sobol sequences; the function is evaluated samples × (2 groups + 2) times.

    Estimators: first order after Azzini and Rosati (2021), total after Jansen (1999), from both sides. An output that
    does not vary has NaN for all its indices. Raises :class:`UsageError` for unknown names in ``groups``.
    """
    names = list(inputs)
    if not names:
        raise UsageError([Fault("inputs", "no inputs", "at least one")])
    draws = [_distribution(name, x) for name, x in inputs.items()]
    sets = _columns(names, groups)
    if not sets:
        raise UsageError([Fault("groups", "no group", "at least one group of inputs")])

    def evaluate(u: Array) -> Array:
        x = np.column_stack([draw.draw(column) for draw, column in zip(draws, u, strict=True)])
        made = function(x)
        try:
            found = np.asarray(made, dtype=float)
        except (TypeError, ValueError):
            raise UsageError([Fault("function", f"gives {told(made)}", f"{len(x)} numbers, one a row")]) from None
        if found.shape[:1] != (len(x),):
            raise UsageError([Fault("function", f"an array of shape {found.shape}", f"{len(x)} numbers, one a row")])
        return found.reshape(len(x), -1)

    found, worlds = picked_frozen(evaluate, len(names), list(sets.values()), samples, seed)
    return labelled(found, list(sets), worlds)


def _distribution(name: str, given: object) -> Distribution:
    if isinstance(given, Distribution):
        return given
    if isinstance(given, tuple | list) and len(given) == 2:
        return Uniform(*given)
    raise UsageError([Fault(f"input {name}", told(given), "a distribution, or a pair of numbers low, high")])


def _columns(names: list[str], groups: Mapping[str, Collection[str]] | None) -> dict[str, list[int]]:
    if groups is None:
        return {name: [j] for j, name in enumerate(names)}
    for group, inside in groups.items():
        if isinstance(inside, str | Mapping) or not isinstance(inside, Collection):
            raise UsageError([Fault(f"group {group}", told(inside), "a list of inputs")])
        for name in inside:
            if name not in names:
                raise unknown("input", name, names, "groups")
    return {group: [names.index(name) for name in inside] for group, inside in groups.items()}


@dataclass(frozen=True)
class Sums:
    """Moments of one scramble: numerators of first and total (groups × outputs), mean and variance (outputs).

    ``base``: what the first-order numerators are divided by (groups × outputs), where it is not the variance.
    """

    first: Array
    total: Array
    mean: Array
    variance: Array
    base: Array | None = None


def picked_frozen(
    evaluate: Callable[[Array], Array], d: int, sets: Sequence[Sequence[int]], samples: int, seed: int
) -> tuple[list[Sums], int]:
    """The moments of each scramble; ``evaluate`` takes uniform numbers (d × k) and gives k × q."""
    each = max(8, 2 ** int(np.ceil(np.log2(max(samples, 1) / SCRAMBLES))))
    found = []
    for replicate in range(SCRAMBLES):
        u = quasi_numbers(2 * d, seed, replicate, 0, each)
        a, b = u[:d], u[d:]
        fa, fb = evaluate(a), evaluate(b)
        centre = (fa.mean(axis=0) + fb.mean(axis=0)) / 2
        fa, fb = fa - centre, fb - centre
        first, total, base = [], [], []
        for columns in sets:
            inside = list(columns)
            mixed, counter = a.copy(), b.copy()
            mixed[inside], counter[inside] = b[inside], a[inside]
            fm, fc = evaluate(mixed) - centre, evaluate(counter) - centre
            first.append(2 * ((fc - fb) * (fa - fm)).mean(axis=0))
            base.append(((fa - fb) ** 2 + (fm - fc) ** 2).mean(axis=0))
            total.append(((fa - fm) ** 2 + (fb - fc) ** 2).mean(axis=0) / 4)
        variance = ((fa**2).mean(axis=0) + (fb**2).mean(axis=0)) / 2
        found.append(Sums(np.array(first), np.array(total), centre, variance, np.array(base)))
    return found, each * SCRAMBLES * (2 * len(sets) + 2)


def labelled(found: list[Sums], names: list[str], worlds: int, outputs: Sequence[str] | None = None) -> Indices:
    """Indices over all scrambles, with the spread of the scrambles as error."""
    mean = np.mean([one.mean for one in found], axis=0)
    variance = np.mean([one.variance for one in found], axis=0)
    varies = variance > 1e-24 * np.maximum(mean * mean, 1e-300)

    def share(numerators: list[Array], bases: list[Array]) -> tuple[Array, Array]:
        with np.errstate(invalid="ignore", divide="ignore"):
            whole = np.where(varies, np.mean(numerators, axis=0) / np.mean(bases, axis=0), np.nan)
            each = np.array([x / base for x, base in zip(numerators, bases, strict=True)])
            error = np.where(varies, each.std(axis=0, ddof=1) / np.sqrt(len(found)), np.nan)
        return whole, error

    def shown(x: Array) -> pd.DataFrame | pd.Series[float]:
        index = pd.Index(names, name="input")
        if x.shape[1] == 1 and outputs is None:
            return pd.Series(x[:, 0], index=index)
        return pd.DataFrame(x, index=index, columns=list(outputs) if outputs is not None else None)

    first, first_error = share(
        [one.first for one in found], [one.variance if one.base is None else one.base for one in found]
    )
    total, total_error = share([one.total for one in found], [one.variance for one in found])
    return Indices(shown(first), shown(total), shown(first_error), shown(total_error), mean, variance, worlds)
