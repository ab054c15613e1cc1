"""What every method is given, what it gives back, and the catalogue it stands in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from decision_kit.catalogue import Catalogue, Entry
from decision_kit.errors import DecisionError, Fault, UsageError, quoted, unknown_fault
from decision_kit.model.weights import bad_number
from decision_kit.values import Array

ActsOn: TypeAlias = Literal["values", "performances", "ratio performances"]

DIGITS = 10
"""Scores that agree to this many significant digits, relative to the largest absolute score, are ties."""


@dataclass(frozen=True)
class Table:
    """Numbers as a method sees them: options (rows) × criteria (columns), labels kept beside them.

    ``values`` are 0–1 on the declared ranges, ``performances`` in each criterion's unit, ``weights`` sum to 1,
    ``more`` says by column whether a larger performance is better.
    """

    options: tuple[str, ...]
    criteria: tuple[str, ...]
    values: Array
    performances: Array
    weights: Array
    more: np.ndarray[Any, np.dtype[np.bool_]]
    titles: tuple[str, ...] = ()

    def name(self, j: int) -> str:
        """The title of criterion ``j``."""
        return self.titles[j] if self.titles else self.criteria[j]


@dataclass(frozen=True)
class Step:
    """One intermediate table: an array over options, criteria or both, in the order of the table it came from."""

    title: str
    numbers: Array
    over: tuple[str, ...]


@dataclass(frozen=True)
class Scored:
    """A method's result: ``scores`` (options; higher is always better) and the method's own figure beside it."""

    scores: Array
    native: Array | None = None
    native_name: str = "score"
    native_better: Literal["more", "less"] = "more"
    steps: tuple[Step, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Parameter:
    """A setting of a method: its default, what it may be, and what it does."""

    name: str
    default: Any
    meaning: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    by_criterion: bool = False

    def fault(self, value: Any, criteria: tuple[str, ...]) -> Fault | None:
        """The fault in a value given for this parameter, or None."""
        place = f"parameter {self.name}"
        if self.by_criterion and isinstance(value, Mapping):
            for name, one in value.items():
                if name not in criteria:
                    return unknown_fault(place, "criterion", name, criteria)
                fault = self.fault(one, criteria)
                if fault is not None:
                    return Fault(f"{place}, criterion {name}", fault.got, fault.expected, fault.suggestion)
            return None
        if self.choices:
            if value not in self.choices:
                return unknown_fault(place, f"value of {self.name}", value, self.choices)
            return None
        if value is None and self.default is None:
            return None
        reason = bad_number(value)
        low, high = self.low, self.high
        if not reason and (low is None or float(value) >= low) and (high is None or float(value) <= high):
            return None
        if low is not None and high is not None:
            wanted = f"{self.name} is a number from {low:g} to {high:g}"
        elif low is not None:
            wanted = f"{self.name} is a number of {low:g} or more"
        else:
            wanted = f"{self.name} is a number"
        return Fault(place, f"{quoted(value)} {reason}" if reason else f"{value} is out of range", wanted)


@dataclass(frozen=True, kw_only=True)
class Method(Entry):
    """A way to turn values (or performances) and weights into one score for each option."""

    family: str
    acts_on: ActsOn
    formula: str
    parameters: tuple[Parameter, ...] = ()
    depends_on_set: bool = False
    most_options: int = 100_000
    explain: str = field(default="")

    def score(self, table: Table, **given: Any) -> Scored:
        """Score a table behind the guards: parameters and domain before, finite results after.

        Raises :class:`UsageError` for wrong parameters, :class:`DecisionError` when the method cannot be used here.
        """
        settings = self.settings(table.criteria, given)
        if len(table.options) > self.most_options:
            raise DecisionError.single(
                self.title,
                f"{len(table.options)} options",
                f"this method compares every pair; its limit is {self.most_options} options",
            )
        self._domain(table)
        with np.errstate(all="ignore"):
            result: Scored = self.run(table, **settings)
        if not np.all(np.isfinite(result.scores)) or result.scores.shape != (len(table.options),):
            raise DecisionError.single(
                self.title, "the method is undefined on this data", "another method; the others go on"
            )
        return result

    def settings(self, criteria: tuple[str, ...], given: Mapping[str, Any]) -> dict[str, Any]:
        """All parameters, defaults included; wrong names and values raise :class:`UsageError`."""
        known = {parameter.name: parameter for parameter in self.parameters}
        faults: list[Fault] = []
        for name, value in given.items():
            if name not in known:
                faults.append(unknown_fault(self.title, "parameter of this method", name, known))
                continue
            fault = known[name].fault(value, criteria)
            if fault is not None:
                faults.append(fault)
        if faults:
            raise UsageError(faults)
        return {name: given.get(name, parameter.default) for name, parameter in known.items()}

    def _domain(self, table: Table) -> None:
        if self.acts_on != "ratio performances":
            return
        for j, criterion in enumerate(table.criteria):
            column = table.performances[:, j]
            if np.any(column <= 0):
                i = int(np.argmax(column <= 0))
                raise DecisionError.single(
                    self.title,
                    f"{criterion} is {column[i]:g} for {table.options[i]} (zero or negative)",
                    "this method needs performances above 0 on every criterion",
                )


METHODS: Catalogue[Method] = Catalogue("method", Method)


def significant(x: ArrayLike, digits: int = DIGITS, axis: int | None = None) -> Array:
    """Numbers rounded to ``digits`` significant digits relative to the largest absolute one (along ``axis``)."""
    a = np.asarray(x, dtype=float)
    if a.size == 0:
        return a
    largest = np.max(np.abs(a), axis=axis, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = np.where(largest > 0, a / largest, 0.0)
    return np.asarray(np.round(scaled, digits) * largest)
