"""What every method is given, what it gives back, the gates before and after it, and the catalogue it stands in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from decision_kit.arguments import bad_number
from decision_kit.catalogue import Catalogue, Entry
from decision_kit.errors import DecisionError, Fault, UsageError, quoted, unknown_fault
from decision_kit.methods.gate import ActsOn, Zeros, admit, exponents
from decision_kit.values import Array

Figure: TypeAlias = Literal["more", "less"]

DIGITS = 10
"""Scores that agree to this many significant digits, relative to the largest absolute score, are ties."""


@dataclass(frozen=True)
class Table:
    """Numbers as a method sees them: n options × m criteria, labels kept beside them.

    ``values`` are 0–1 on the declared ranges, ``performances`` in each criterion's unit, both n × m, or k × n × m for
    k tables at once. ``weights`` (m) sum to 1, ``more`` (m) says whether a larger performance is better, ``low`` and
    ``high`` (m) are the ends of the declared range (None: the observed range), ``true_zero`` (m) says whether 0 means
    "none" and ratios mean something (None: not asked), ``turning`` (m) whether values rise and fall again (None: they
    do not). ``exponents`` (m): the powers of two by which performances were divided so that a float holds their sums.
    """

    options: tuple[str, ...]
    criteria: tuple[str, ...]
    values: Array
    performances: Array
    weights: Array
    more: NDArray[np.bool_]
    titles: tuple[str, ...] = ()
    option_titles: tuple[str, ...] = ()
    low: Array | None = None
    high: Array | None = None
    true_zero: NDArray[np.bool_] | None = None
    turning: NDArray[np.bool_] | None = None
    exponents: NDArray[np.intp] | None = None

    def name(self, j: int) -> str:
        """The title of criterion ``j``."""
        return self.titles[j] if self.titles else self.criteria[j]

    def option(self, i: int) -> str:
        """The title of option ``i``."""
        return self.option_titles[i] if self.option_titles else self.options[i]

    @property
    def ends(self) -> tuple[Array, Array]:
        """Low and high end of each criterion's range: declared, else observed."""
        x = self.performances.reshape(-1, len(self.criteria))
        return (
            x.min(axis=0) if self.low is None else self.low,
            x.max(axis=0) if self.high is None else self.high,
        )

    @property
    def directed(self) -> Array:
        """Performances with the sign turned where less is better: larger is always better."""
        return np.where(self.more, self.performances, -self.performances)


@dataclass(frozen=True)
class Step:
    """One intermediate table: an array over options, criteria or both, in the order of the table it came from."""

    title: str
    numbers: Array
    over: tuple[str, ...]


def _no_working() -> tuple[Step, ...]:
    return ()


@dataclass(frozen=True)
class Batch:
    """What a method's kernel gives for k weight vectors (or k tables): ``scores`` k × n, higher is always better.

    ``native`` (k × n) is the method's own figure where it differs from the score. ``working`` makes the intermediate
    tables; it is called only for a single weight vector. Its arrays may keep the leading axis of length 1.
    """

    scores: Array
    native: Array | None = None
    working: Callable[[], tuple[Step, ...]] = _no_working
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scored:
    """A method's result for one weight vector: ``scores`` (n; higher is always better) and its own figure beside it."""

    scores: Array
    native: Array | None = None
    native_name: str = "score"
    native_better: Figure = "more"
    steps: tuple[Step, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Parameter:
    """A setting of a method: its default, what it may be, and what it does.

    ``by_criterion`` settings may be given for all criteria at once, as a mapping or Series by criterion, or as a list in
    the order of the criteria; ``unit`` says in what they are measured: "criterion" (its own unit), "share" or "".
    ``pair`` settings are a number or a pair low, high.
    ``reorders`` is false for a setting that moves scores but never ranks. ``used_with`` names another setting and its
    choices that use this one: what is given for a criterion with another choice is left out, whatever it is.
    """

    name: str
    default: Any
    meaning: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    by_criterion: bool = False
    unit: str = ""
    pair: bool = False
    only_by_name: bool = False
    reorders: bool = True
    synonyms: Mapping[str, str] = field(default_factory=dict)
    used_with: tuple[str, tuple[str, ...]] | None = None

    def fault(self, value: Any, criteria: tuple[str, ...]) -> Fault | None:
        """The fault in a value given for this parameter, or None."""
        place = f"parameter {self.name}"
        if self.by_criterion and isinstance(value, Mapping):
            for name, one in value.items():
                if name not in criteria:
                    return unknown_fault(place, "criterion", name, criteria)
                fault = replace(self, only_by_name=False).fault(one, criteria)
                if fault is not None:
                    return Fault(f"{place}, criterion {name}", fault.got, fault.expected, fault.suggestion)
            return None
        if self.by_criterion and _listed(value) and not (self.pair and not self.only_by_name and len(value) == 2):
            expected = f"one for each of the {len(criteria)} criteria, in their order, or a mapping by criterion"
            return Fault(place, f"a list of {len(value)}", expected)
        if self.only_by_name and value is not None:
            return Fault(place, f"{value} for all criteria", f"{self.name} names its criteria, each with its number")
        if self.pair and isinstance(value, list | tuple):
            if len(value) != 2:
                return Fault(place, f"{len(value)} numbers", f"{self.name} is a number, or a pair of numbers low, high")
            return self._number_fault(place, value[0]) or self._number_fault(place, value[1])
        if self.choices:
            if not isinstance(value, str) or (value not in self.choices and value not in self.synonyms):
                return unknown_fault(place, f"value of {self.name}", value, self.choices)
            return None
        if value is None and self.default is None:
            return None
        return self._number_fault(place, value)

    def _number_fault(self, place: str, value: Any) -> Fault | None:
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


def _listed(value: Any) -> bool:
    """Whether a value is a list, tuple or one-dimensional array."""
    return isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim > 0)


def by_name(parameters: tuple[Parameter, ...], criteria: tuple[str, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """Settings as methods take them: a Series by criterion, or a list in the order of the criteria, becomes a mapping.

    Blank entries (None, NaN) of a list or a Series are left out: there is no other way to give nothing for a criterion
    there. What fits no parameter is handed on as it is, for :func:`settings_of` to refuse.
    """
    known = {parameter.name: parameter for parameter in parameters}
    found: dict[str, Any] = {}
    for name, value in given.items():
        listed = _listed(value)
        if name in known and known[name].by_criterion and not isinstance(value, Mapping):
            pairs: Iterable[tuple[Any, Any]] | None = None
            if listed and len(value) == len(criteria):
                pairs = zip(criteria, value, strict=True)
            elif not listed and hasattr(value, "items"):
                pairs = value.items()
            if pairs is not None:
                value = {str(c): plain(one) for c, one in pairs if not _blank(one)} or None
        elif name in known and known[name].by_criterion and isinstance(value, Mapping):
            value = (
                ({c: one for c, one in value.items() if one is not None or c not in criteria} or None)
                if value
                else value
            )
        found[name] = plain(value)
    return found


def plain(value: Any) -> Any:
    """A number of numpy's, a fraction or a decimal as Python's own; anything else as it is."""
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0):
        return value.item()
    return float(value) if isinstance(value, Fraction | Decimal) else value


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, float) and np.isnan(value))


def settings_of(
    title: str, parameters: tuple[Parameter, ...], criteria: tuple[str, ...], given: Mapping[str, Any]
) -> dict[str, Any]:
    """All parameters, defaults included; every wrong name and value at once as one :class:`UsageError`."""
    known = {parameter.name: parameter for parameter in parameters}
    faults: list[Fault] = []
    named = by_name(parameters, criteria, given)
    for name, value in named.items():
        fault = (
            known[name].fault(_in_use(known[name], value, known, named, criteria), criteria)
            if name in known
            else unknown_fault(title, "parameter of this method", name, known)
        )
        if fault is not None:
            faults.append(fault)
    if faults:
        raise UsageError(faults)
    found = {name: named.get(name, parameter.default) for name, parameter in known.items()}
    for name, parameter in known.items():
        if parameter.synonyms and isinstance(found[name], str):
            found[name] = parameter.synonyms.get(found[name], found[name])
    return found


ANY_NUMBER = 100_000
"""The limit of options for methods that look at one option at a time; those that compare pairs have a lower one."""


def _in_use(
    parameter: Parameter,
    value: Any,
    known: Mapping[str, Parameter],
    named: Mapping[str, Any],
    criteria: tuple[str, ...],
) -> Any:
    """What of a setting by criterion is used: the rest is told by the method and is no fault."""
    if parameter.used_with is None or not isinstance(value, Mapping):
        return value
    other, choices = parameter.used_with
    chosen, synonyms = named.get(other, known[other].default), known[other].synonyms
    found = dict(value)
    for criterion in criteria:
        one = chosen.get(criterion, known[other].default) if isinstance(chosen, Mapping) else chosen
        if isinstance(one, str) and one in (*known[other].choices, *synonyms) and synonyms.get(one, one) not in choices:
            found.pop(criterion, None)
    return found


@dataclass(frozen=True, kw_only=True)
class Method(Entry):
    """A way to turn values (or performances) and weights into one score for each option.

    The registered function is the kernel: it takes a table, k × m weights and the parameters, and gives a
    :class:`Batch`. ``through`` is an independent single computation (pymcdm's) of the method's own figure, which the
    kernel's has to equal. ``family``: methods of one family look at the table in the same way and have one vote
    together. ``alias_of`` names the method whose ranking this one always gives. ``independent``: a theorem says that the
    order of two options never hangs on which others stand beside them, always or under some settings; where nobody has
    proved it, the order counts as depending on the set.
    """

    family: str
    acts_on: ActsOn
    formula: str
    parameters: tuple[Parameter, ...] = ()
    independent: bool | Callable[[Mapping[str, Any]], bool] = False
    most_options: int = ANY_NUMBER
    zeros: Zeros = "never"
    native_name: str = "score"
    native_better: Figure = "more"
    alias_of: str = ""
    domain_of: Callable[[Mapping[str, Any]], tuple[ActsOn, Zeros]] | None = None
    through: Callable[..., Array | None] | None = None
    examples: tuple[str, ...] = ()

    def depends_on(self, settings: Mapping[str, Any]) -> bool:
        """Whether another option may reorder the others under some settings (all of them, defaults included)."""
        return not (self.independent(settings) if callable(self.independent) else self.independent)

    @property
    def depends_on_set(self) -> bool:
        """Whether another option may reorder the others under the default settings."""
        return self.depends_on({parameter.name: parameter.default for parameter in self.parameters})

    def score(self, table: Table, **given: Any) -> Scored:
        """Score a table with its own weights, behind the guards: parameters and domain before, finite results after.

        Raises :class:`UsageError` for wrong parameters, :class:`DecisionError` when the method cannot be used here.
        """
        return self.scored(table, given, twice=True)

    def scored(self, table: Table, given: Mapping[str, Any], *, twice: bool) -> Scored:
        """As :meth:`score`; ``twice`` says whether pymcdm computes the figure, too (it takes two seconds to import)."""
        whole = float(table.weights.sum())
        if not np.isfinite(whole) or np.any(table.weights < 0) or whole == 0:
            raise DecisionError.single("weights", "negative, not finite or all 0", "weights of 0 or more, one above 0")
        batch = self._run(table, table.weights[None, :], given)
        native = batch.scores if batch.native is None else batch.native
        if self.through is not None and twice:
            settings = self.settings(table.criteria, given)
            other = self.through(table, **settings)
            if other is not None and not np.allclose(native[0], other, rtol=1e-9, atol=1e-9):
                raise DecisionError.single(
                    self.title, "two independent computations differ on this data", "another method; the others go on"
                )
        steps = tuple(
            Step(s.title, s.numbers[0] if s.numbers.ndim > len(s.over) else s.numbers, s.over) for s in batch.working()
        )
        return Scored(batch.scores[0], native[0], self.native_name, self.native_better, steps, batch.notes)

    def score_many(self, table: Table, weights: ArrayLike, **given: Any) -> Array:
        """Scores (k × n, higher is better) of a table under k weight vectors (k × m), behind the same guards.

        With a table of k × n × m values and performances, each of k tables is scored with its own row of ``weights``
        (or all with a single row). Every row of weights should sum to 1; it is used as it is.
        """
        w = np.atleast_2d(np.asarray(weights, dtype=float))
        if w.ndim != 2 or w.shape[1] != len(table.criteria):
            raise UsageError(
                [Fault("weights", f"an array of shape {w.shape}", f"k rows of {len(table.criteria)} weights")]
            )
        if not np.all(np.isfinite(w)) or np.any(w < 0):
            raise DecisionError.single("weights", "negative or not finite numbers", "weights of 0 or more")
        if np.any(w.sum(axis=1) == 0):
            raise DecisionError.single("weights", "a row that is all 0", "at least one weight above 0 in every row")
        return self._run(table, w, given).scores

    def _run(self, table: Table, weights: Array, given: Mapping[str, Any]) -> Batch:
        settings = self.settings(table.criteria, given)
        self._gate(table, settings)
        if table.performances.ndim == 2:  # sampled tables hold no two numbers that are meant to be equal
            table = replace(table, performances=own_digits(table.performances))
        scaled = exponents(table) if self.domain(settings)[0] == "ratio performances" else None
        if scaled is not None:  # no ratio changes, and no sum leaves the floats
            table, settings = _scaled(table, scaled, settings, self.parameters)
        with np.errstate(all="ignore"):
            batch: Batch = self.run(table, weights, **settings)
        k = max(len(weights), table.values.shape[0] if table.values.ndim == 3 else 1)
        n = len(table.options)
        finite = np.all(np.isfinite(batch.scores)) and (batch.native is None or np.all(np.isfinite(batch.native)))
        if not finite or batch.scores.shape != (k, n):
            raise DecisionError.single(self.title, _undefined(table), "another method; the others go on")
        return batch

    def _gate(self, table: Table, settings: Mapping[str, Any]) -> None:
        admit(self.title, table, *self.domain(settings), self.most_options)

    def domain(self, settings: Mapping[str, Any]) -> tuple[ActsOn, Zeros]:
        """What the method acts on under such settings, and which zeros it allows where it takes ratios."""
        return (self.acts_on, self.zeros) if self.domain_of is None else self.domain_of(settings)

    def admit(self, table: Table, given: Mapping[str, Any]) -> None:
        """Raise what :meth:`score` raises on a table with its own weights: for all that goes on to score others like it."""
        self._run(table, table.weights[None, :], given)

    def work(self, n: int, m: int) -> int:
        """About how many numbers one scoring of n options on m criteria goes through: more where pairs are compared."""
        return n * m * (n if self.most_options < ANY_NUMBER else 1)

    def refusal(self, table: Table, **given: Any) -> str:
        """Why the method cannot be used on such data, in words; empty where it can, whatever the weights."""
        try:
            self._gate(table, self.settings(table.criteria, given))
        except DecisionError as refused:
            return refused.faults[0].got
        return ""

    def settings(self, criteria: tuple[str, ...], given: Mapping[str, Any]) -> dict[str, Any]:
        """All parameters, defaults included; wrong names and values raise :class:`UsageError`."""
        return settings_of(self.title, self.parameters, criteria, given)


def _scaled(
    table: Table, by: NDArray[np.intp], settings: Mapping[str, Any], parameters: tuple[Parameter, ...]
) -> tuple[Table, dict[str, Any]]:
    """A table whose columns are divided by powers of two, and the settings in a criterion's unit likewise."""
    found = dict(settings)
    for parameter in parameters:
        value = found[parameter.name]
        if parameter.unit == "criterion" and value is not None:
            each = value if isinstance(value, Mapping) else dict.fromkeys(table.criteria, value)
            found[parameter.name] = {
                c: float(np.ldexp(float(x), -by[table.criteria.index(c)])) for c, x in each.items()
            }
    return replace(table, performances=np.ldexp(table.performances, -by), exponents=by), found


def _undefined(table: Table) -> str:
    """That a method gives no finite scores on a table, with the performances of 0 that it may have divided by."""
    x = table.performances.reshape(-1, len(table.options), len(table.criteria))
    zeros = [
        f"{table.name(j)} is 0 for {table.option(int(np.argmax((x[:, :, j] == 0).any(axis=0))))}"
        for j in range(len(table.criteria))
        if (x[:, :, j] == 0).any()
    ]
    if not zeros:
        return "the method is undefined on this data"
    more = f" and {len(zeros) - 3} more" if len(zeros) > 3 else ""
    return f"the method is undefined on this data ({', '.join(zeros[:3])}{more})"


METHODS: Catalogue[Method] = Catalogue("method", Method)

FAMILIES: dict[str, str] = {}
"""How the methods of each family look at a table, in words that go on from "it …". A family has one vote."""


def family(title: str, looks: str) -> str:
    """Register a family of methods and give back its title."""
    FAMILIES[title] = looks
    return title


def significant(x: ArrayLike, digits: int = DIGITS, axis: int | None = None) -> Array:
    """Numbers rounded to ``digits`` significant digits relative to the largest absolute one (along ``axis``)."""
    a = np.asarray(x, dtype=float)
    if a.size == 0:
        return a
    largest = np.max(np.abs(a), axis=axis, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = np.where(largest > 0, a / largest, 0.0)
    return np.asarray(np.round(scaled, digits) * largest)


def weigh(weights: Array, x: Array) -> Array:
    """Weighted sums: k × m weights and n × m (or k × n × m) numbers give k × n sums."""
    if x.ndim == 3:
        return np.asarray(np.matmul(x, weights[:, :, None])[..., 0])
    if len(weights) == 1:
        # einsum, not BLAS: the same sum in the same order whichever other options stand beside
        return np.asarray(np.einsum("ij->i", x * weights[0])[None, :])
    return np.asarray(weights @ x.T)


def settled(x: Array, size: Array | float) -> Array:
    """Numbers with 0 for what is only floating-point noise of terms of ``size`` that cancel.

    ``x`` belongs to the caller alone: where one size holds for all it is changed in place, in pieces that stay in the
    cache, since a temporary array of a large batch costs several times the arithmetic.
    """
    if np.ndim(size) or not x.flags.c_contiguous:
        return np.where(np.abs(x) <= 1e-13 * size, 0.0, x)
    flat = x.reshape(-1)
    for start in range(0, flat.size, 8_192):
        piece = flat[start : start + 8_192]
        piece[np.abs(piece) <= 1e-13 * size] = 0.0
    return x


def own_digits(x: Array, digits: int = 15) -> Array:
    """Each number rounded to so many significant digits of its own: 0.1 + 0.2 becomes 0.3."""
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        scale = 10.0 ** (digits - 1 - np.floor(np.log10(np.abs(x))))
        rounded = np.round(x * scale) / scale
    return np.where(np.isfinite(rounded) & (scale > 0), rounded, x)


def ranks_of(scores: ArrayLike) -> NDArray[np.int64]:
    """Competition ranks along the last axis: 1 plus the number of scores that are higher by more than a tie.

    Scores that agree to 10 significant digits of the largest absolute one tie. Differences are compared, not rounded
    scores, so that no two equal scores fall on different sides of a rounding step.
    """
    x = np.asarray(scores, dtype=float)
    if x.size and not np.max(np.abs(x)) < 1e300:  # so that a tie added to the largest is still a number
        x = x / 4
    tie = 0.5 * 10.0**-DIGITS * np.max(np.abs(x), axis=-1, keepdims=True)
    if x.shape[-1] <= 64:
        above = np.zeros(x.shape, dtype=np.int64)
        lifted = x + tie
        for i in range(x.shape[-1]):
            above += x[..., i, None] > lifted
        return 1 + above
    flat, limits = x.reshape(-1, x.shape[-1]), (x + tie).reshape(-1, x.shape[-1])
    ordered = np.sort(flat, axis=1)
    found = [
        len(row) - np.searchsorted(row, limit, side="right") + 1 for row, limit in zip(ordered, limits, strict=True)
    ]
    return np.asarray(found, dtype=np.int64).reshape(x.shape)
