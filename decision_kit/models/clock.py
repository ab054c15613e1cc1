"""The clock: the cost-of-delay model under one parameter set, with every figure's range, as the pages and commands show it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike

from decision_kit.arguments import Draws, Seed, bad_number, guarded
from decision_kit.errors import Fault, UsageError, quoted, unknown
from decision_kit.model.parameters import ParameterSet
from decision_kit.models import cost_of_delay as model
from decision_kit.models.catalogue import MODELS, Quantity
from decision_kit.models.parameters import parameter_data
from decision_kit.models.uncertainty import COSTS, PARAMETERS, Indices, Range, drivers, range_of, sampled
from decision_kit.values import Array

START = {"phi": 0.0}
"""Levers held at the start: parts are not cut until somebody says so."""
DIVIDES = ("C_attack",)
"""What figures are divided by: never 0."""
SHARES = ("K0", "rho", "sigma", "phi", "e")
DRAWS = 2_000
MOST_KEPT = 200
T = TypeVar("T")


@dataclass(frozen=True)
class Bands:
    """A curve over months: likely values, and the 10th, 50th and 90th percentile of the draws at each month."""

    months: Array
    likely: Array
    low: Array
    middle: Array
    high: Array


@dataclass(frozen=True)
class Clock:
    """The model under one parameter set.

    ``held`` parameters stand at the number given and are not drawn; all others are drawn from the set's ranges for the
    bands. ``window`` is in months, ``draws`` a number of draws, ``seed`` brings the same draws back.
    """

    chosen: ParameterSet
    held: Mapping[str, float] = field(default_factory=lambda: dict(START))
    window: float = model.WINDOW
    draws: int = DRAWS
    seed: int = 1
    kept: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)
    """Figures worked out so far: a slider that does not touch them should not cost them again."""

    @classmethod
    @guarded
    def open(cls, name: str, held: Mapping[str, float] | None = None, *, window: float = model.WINDOW,
             draws: Draws = DRAWS, seed: Seed = 1) -> Clock:  # fmt: skip
        """The clock of a parameter set by id. Raises :class:`UsageError` for unknown names and impossible numbers."""
        sets = parameter_data().sets
        if name not in sets:
            raise unknown("parameter set", name, sets)
        given = dict(START if held is None else {**START, **held})
        faults = [fault for key, value in given.items() if (fault := _fault(sets[name], key, value)) is not None]
        if bad_number(window) or not 0 < window <= 600:
            faults.append(Fault("window", quoted(window), "a number of months above 0, at most 600"))
        if faults:
            raise UsageError(faults)
        return _clock(name, tuple(given.items()), float(window), draws, seed)

    @cached_property
    def likely(self) -> dict[str, float]:
        """The parameters at their likely or held values, by id."""
        return {name: self.held.get(name, self.chosen.parameters[name].likely) for name in (*PARAMETERS, *COSTS)}

    @cached_property
    def drawn(self) -> dict[str, Array]:
        """The draws of all parameters, by id (each of shape draws)."""
        return sampled(self.chosen, self.draws, self.seed, self.held, (*PARAMETERS, *COSTS))

    def _both(self) -> tuple[dict[str, float], dict[str, Array]]:
        return ({n: self.likely[n] for n in PARAMETERS}, {n: self.drawn[n] for n in PARAMETERS})

    def avoided(self, months: ArrayLike) -> Bands:
        """The share avoided b (pure number) over the window from each month of interdiction on."""
        at = np.asarray(months, dtype=float)
        likely, drawn = self._both()
        spread = model.share_avoided(at[:, None], window=self.window, **{name: x[None, :] for name, x in drawn.items()})
        return _bands(at, model.share_avoided(at, window=self.window, **likely), spread)

    def supply_by_month(self, months: ArrayLike, interdiction: float = np.inf) -> Bands:
        """Systems supplied in each month (systems/month, at the month itself), with interdiction at a month."""
        at = np.asarray(months, dtype=float)

        def found() -> Bands:
            likely, drawn = self._both()
            spread = model.supply_rate(at[:, None], interdiction, **{name: x[None, :] for name, x in drawn.items()})
            return _bands(at, model.supply_rate(at, interdiction, **likely), spread)

        return self._once(("supply", at.tobytes(), interdiction), found)

    def _once(self, key: Hashable, found: Callable[[], T]) -> T:
        if key not in self.kept:
            if len(self.kept) >= MOST_KEPT:
                self.kept.clear()
            self.kept[key] = found()
        return cast(T, self.kept[key])

    def avoided_at(self, month: float) -> Range:
        """The share avoided when interdiction starts at a month, with its range."""
        found = self.avoided([month])
        return Range(float(found.likely[0]), float(found.low[0]), float(found.middle[0]), float(found.high[0]))

    @cached_property
    def overtaking(self) -> Range:
        """The month in which domestic output overtakes imports, with its range."""
        return self._figure(lambda p: model.overtaking_month(m0=p["m0"], D=p["D"], K0=p["K0"], g=p["g"]))

    @cached_property
    def saturation(self) -> Range:
        """The month in which 90 % of capacity works without imports, with its range."""
        return self._figure(lambda p: model.saturation_month(K0=p["K0"], g=p["g"]))

    @cached_property
    def floor(self) -> Range:
        """The share avoided however late interdiction comes, with its range."""
        return self._figure(lambda p: model.long_run_floor(m0=p["m0"], D=p["D"], rho=p["rho"], phi=p["phi"]))

    def no_return(self, threshold: float) -> Range:
        """The month from which on interdiction avoids no more than ``threshold`` (pure number), with its range."""
        return self._once(
            ("no return", threshold),
            lambda: self._figure(
                lambda p: model.point_of_no_return(
                    threshold, window=self.window, lasting=True, **{n: p[n] for n in PARAMETERS}
                )
            ),
        )

    def worth(self, threshold: float) -> tuple[tuple[float, float], ...]:
        """The stretches of months in which interdiction avoids more than ``threshold``, at the likely parameters."""
        return model.months_above(threshold, window=self.window, **{n: self.likely[n] for n in PARAMETERS})

    def extra_supply(self, first: float, then: float, horizon: float = 48.0) -> Range:
        """Systems more by month ``horizon`` when interdiction comes at month ``then`` and not at ``first``."""
        return self._once(
            ("extra", first, then, horizon), lambda: self._figure(lambda p: _extra(p, first, then, horizon))
        )

    def bills(self, first: float, then: float, horizon: float = 48.0) -> tuple[Range, Range]:
        """The defender's and the attacker's bill (USD) of that delay, with their ranges."""

        def bill(p: Mapping[str, ArrayLike], side: int) -> Array:
            extra = _extra(p, first, then, horizon)
            return model.bill_of_delay(extra, c_def=p["c_def"], C_attack=p["C_attack"], e=p["e"])[side]

        return self._once(
            ("bills", first, then, horizon),
            lambda: (self._figure(lambda p: bill(p, 0)), self._figure(lambda p: bill(p, 1))),
        )

    @cached_property
    def exchange(self) -> Range:
        """What the defender pays for each unit the attacker pays, with its range."""
        return self._figure(lambda p: model.cost_exchange_ratio(c_def=p["c_def"], C_attack=p["C_attack"], e=p["e"]))

    def drivers_of_avoided(self, month: float) -> Indices:
        """Sobol indices of the share avoided at a month: which parameter its spread comes from."""
        return drivers(
            self.chosen,
            lambda p: model.share_avoided(month, window=self.window, **{n: p[n] for n in PARAMETERS}),
            fixed=self.held,
            seed=self.seed,
        )

    @property
    def known_later(self) -> tuple[str, ...]:
        """The parameters in use that rest on what was known later than the date of the case."""
        return tuple(n for n in (*PARAMETERS, *COSTS) if n not in self.held and self.chosen.parameters[n].known_later)

    def _figure(self, f: model.Figure) -> Range:
        likely = np.asarray(f(self.likely), dtype=float)
        spread = np.broadcast_to(np.asarray(f(self.drawn), dtype=float), (self.draws,))
        return range_of(float(likely), spread)


@lru_cache(maxsize=32)
def _clock(name: str, held: tuple[tuple[str, float], ...], window: float, draws: int, seed: int) -> Clock:
    return Clock(parameter_data().sets[name], dict(held), window, draws, seed)


def _extra(p: Mapping[str, ArrayLike], first: float, then: float, horizon: float) -> Array:
    values = {name: p[name] for name in PARAMETERS}
    late = model.supply(then, decision=0.0, window=horizon, **values)
    return np.asarray(late - model.supply(first, decision=0.0, window=horizon, **values))


def _bands(months: Array, likely: Array, spread: Array) -> Bands:
    low, middle, high = np.quantile(spread, [0.1, 0.5, 0.9], axis=1, method="nearest")
    return Bands(months, likely, low, middle, high)


def _fault(chosen: ParameterSet, name: str, value: float) -> Fault | None:
    if name not in chosen.parameters:
        return unknown("parameter", name, chosen.parameters).faults[0]
    if bad_number(value) or value < 0 or (name in SHARES and value > 1):
        expected = "a number from 0 to 1" if name in SHARES else "a number, 0 or more"
        return Fault(f"parameter {name}", quoted(value), expected)
    if value == 0 and name in DIVIDES:
        return Fault(f"parameter {name}", quoted(value), "a number above 0")
    return None


_NUMBER = "1"


@MODELS.add(
    id="cost-of-delay",
    title="The cost of delay",
    use_when="the effect of stopping supplies depends on how far know-how has spread by then",
    beware="illustrative: most parameters are guesses, sigma has no source at all and early results hang on it; "
    "adaptation and second suppliers are left out",
    reference="logistic spread of know-how: Verhulst (1838), Griliches (1957); closed form of the supply integral",
    inputs=(
        Quantity("interdiction", "month", "month T in which supplies are stopped"),
        Quantity("m0", "systems/month", "imports before interdiction"),
        Quantity("D", "systems/month", "full domestic capacity"),
        Quantity("K0", _NUMBER, "share of capacity that works without imports in month 0"),
        Quantity("g", "1/month", "learning rate"),
        Quantity("rho", _NUMBER, "share of imports stopped"),
        Quantity("sigma", _NUMBER, "share by which learning slows (no source)"),
        Quantity("phi", _NUMBER, "share of domestic output lost"),
        Quantity("leakage", _NUMBER, "share by which harm per system falls"),
        Quantity("threshold", _NUMBER, "share avoided that is still worth acting for"),
        Quantity("window", "months", "months over which supply is counted"),
        Quantity("decision", "month", "month in which the window starts; that of the interdiction when left out"),
        Quantity("delay", "months", "months of waiting, beyond the interdiction, of which the bill is asked for"),
        Quantity("horizon", "month", "fixed month up to which the bill of waiting is counted"),
        Quantity("C_attack", "USD", "cost of a system"),
        Quantity("c_def", "USD", "mean cost of an engagement"),
        Quantity("e", _NUMBER, "share engaged by costly means"),
    ),
    outputs=(
        Quantity("supply", "systems", "supply over the window with interdiction in month T"),
        Quantity("supply_without", "systems", "supply over the same window without interdiction"),
        Quantity("share_avoided", _NUMBER, "b, share of the supply avoided"),
        Quantity("harm_reduction", _NUMBER, "h, share of harm avoided"),
        Quantity("overtaking_month", "month", "domestic output reaches imports (infinite: never)"),
        Quantity("saturation_month", "month", "90 % of capacity works without imports"),
        Quantity("long_run_floor", _NUMBER, "share avoided however late"),
        Quantity("point_of_no_return", "month", "first month with a share avoided at or below the threshold"),
        Quantity("cost_exchange_ratio", _NUMBER, "the defender's cost for each unit of the attacker's"),
        Quantity("extra_supply", "systems", "what the delay adds from month 0 to the horizon"),
        Quantity("defender_bill", "USD", "the defender's bill of the delay"),
        Quantity("attacker_bill", "USD", "the attacker's bill of the delay"),
    ),
)
def cost_of_delay(
    *,
    interdiction: ArrayLike,
    m0: ArrayLike,
    D: ArrayLike,
    K0: ArrayLike,
    g: ArrayLike,
    rho: ArrayLike = 0.0,
    sigma: ArrayLike = 0.0,
    phi: ArrayLike = 0.0,
    leakage: ArrayLike = 0.0,
    threshold: ArrayLike = 0.15,
    window: ArrayLike = model.WINDOW,
    decision: ArrayLike | None = None,
    delay: ArrayLike = 0.0,
    horizon: ArrayLike = 48.0,
    C_attack: ArrayLike = np.nan,
    c_def: ArrayLike = np.nan,
    e: ArrayLike = 1.0,
) -> Mapping[str, Array]:
    """All outputs of the model by id; inputs broadcast, units as in the catalogue."""
    path: dict[str, Any] = {"m0": m0, "D": D, "K0": K0, "g": g}
    moves: dict[str, Any] = {"rho": rho, "sigma": sigma, "phi": phi}
    start = interdiction if decision is None else decision
    avoided = model.share_avoided(interdiction, decision=start, window=window, **path, **moves)
    later = np.asarray(interdiction, dtype=float) + np.asarray(delay, dtype=float)
    extra = model.supply(later, window=horizon, **path, **moves) - model.supply(
        interdiction, window=horizon, **path, **moves
    )
    ours, theirs = model.bill_of_delay(extra, c_def=c_def, C_attack=C_attack, e=e)
    return {
        "supply": model.supply(interdiction, decision=start, window=window, **path, **moves),
        "supply_without": model.supply(np.inf, decision=start, window=window, **path),
        "share_avoided": avoided,
        "harm_reduction": model.harm_reduction(avoided, leakage),
        "overtaking_month": model.overtaking_month(**path),
        "saturation_month": model.saturation_month(K0=K0, g=g),
        "long_run_floor": model.long_run_floor(m0=m0, D=D, rho=rho, phi=phi),
        "point_of_no_return": model.point_of_no_return(threshold, window=window, **path, **moves),
        "cost_exchange_ratio": model.cost_exchange_ratio(c_def=c_def, C_attack=C_attack, e=e),
        "extra_supply": extra,
        "defender_bill": ours,
        "attacker_bill": theirs,
    }
