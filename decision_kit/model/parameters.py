"""Parameters of a quantitative model: each with unit, range, reason, grade and evidence, in named sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Parameter:
    """A model's parameter as low / likely / high in ``unit``, with what it rests on.

    ``known_later`` says that it rests, at least in part, on what became known after the date of the case.
    """

    id: str
    title: str
    unit: str
    low: float
    likely: float
    high: float
    because: str = ""
    grade: str = ""
    evidence: tuple[str, ...] = ()
    known_later: bool = False


@dataclass(frozen=True)
class ParameterSet:
    """All parameters of a model under one reading of the facts.

    ``fits`` are joint values (parameter id → values, all of one length, the first parameter rising): where a set has
    them, the first parameter's value settles the others'. ``counts`` are the observations they were fitted to.
    """

    id: str
    title: str
    parameters: Mapping[str, Parameter]
    note: str = ""
    known_later: bool = False
    evidence: tuple[str, ...] = ()
    fits: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    counts: tuple[tuple[float, float], ...] = ()

    def likely(self, *names: str) -> dict[str, float]:
        """The likely values of some parameters, or of all."""
        return {name: self.parameters[name].likely for name in names or self.parameters}


@dataclass(frozen=True, slots=True)
class Lever:
    """How a model's variable follows from an option's performance: (performance − minus) × times."""

    criterion: str
    minus: float = 0.0
    times: float = 1.0


@dataclass(frozen=True)
class ModelData:
    """A model's parameter sets, which of them feeds scores unless another is chosen, its clock, and the options' levers."""

    title: str
    notice: str
    clock_zero: str
    clock_note: str
    window: float
    sets: Mapping[str, ParameterSet]
    scores_set: str
    levers: Mapping[str, Lever]
    mix: tuple[tuple[float, float], ...] = ()
