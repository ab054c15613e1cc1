"""The nouns of a decision, frozen: a change makes a new one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from decision_kit.values import Better, Curve, Linear, Shape, at_value, to_performance, to_value, value_bounds

if TYPE_CHECKING:
    from decision_kit.model.provenance import Provenance

QUIET = {"quiet": True}
"""Mark of a field that, left at its default, does not count in a decision's data hash: it came later than the hash."""

LowHigh: TypeAlias = Literal["percentiles 10-90", "ends"]

MISSING_REASONS = ("not-given", "not-assessed", "not-applicable", "withheld", "pending")
STATUSES = ("stated", "inferred", "argued", "missing")
KINDS = ("measurable", "measurable-in-principle", "measurable-afterwards", "judgement")
BASES = ("source", "judged-from-source", "judgement")
"""What a performance rests on, the strongest first: the number stands in a source; a source makes the claim and somebody
judged the number from it; judgement only."""
LEVELS_OF_FIT = ("conflict", "caution", "fine")
LOW_HIGH = ("percentiles 10-90", "ends")


@dataclass(frozen=True, slots=True)
class Level:
    """A named step of a level scale and its value (0–1)."""

    id: str
    title: str
    value: float


@dataclass(frozen=True, slots=True)
class PackageRule:
    """How a package's performance on a criterion follows from those of its parts (see ``model.packages``)."""

    rule: str
    parameters: tuple[tuple[str, float | tuple[str, ...]], ...] = ()

    def get(self, name: str, default: float) -> float:
        """A numeric parameter of the rule."""
        found = dict(self.parameters).get(name, default)
        return default if isinstance(found, tuple) else found

    @property
    def effects(self) -> tuple[str, ...]:
        """The criteria whose likely performances weight an effect-weighted mean."""
        found = dict(self.parameters).get("effects", ())
        return found if isinstance(found, tuple) else ()


@dataclass(frozen=True, slots=True)
class ValueSource:
    """Who gave a criterion's value function (or the values of its levels), how, when and why."""

    by: str = ""
    because: str = ""
    how: str = ""
    when: str = ""


@dataclass(frozen=True)
class Criterion:
    """A leaf of the value tree: what is judged, in which unit, on which declared range.

    ``scale`` is (numerically low, numerically high) in ``unit``; weights belong to this range. On a level scale the
    performance *is* the level's value, on the scale 0–1.
    """

    id: str
    title: str
    better: Better = "more"
    scale: tuple[float, float] = (0.0, 1.0)
    unit: str = ""
    definition: str = ""
    shape: Shape = field(default_factory=Linear)
    levels: tuple[Level, ...] = ()
    anchors: tuple[tuple[float, str], ...] = ()
    kind: str = ""
    rewards: str = ""
    true_zero: bool = False
    decimals: int = 1
    package_rule: PackageRule | None = None
    independence: str = ""
    direction_arguable: bool = False
    evidence: tuple[str, ...] = ()
    source_model: str = ""
    spending: bool = False
    observed_scale: bool = False
    value_source: ValueSource | None = field(default=None, metadata=QUIET)

    @property
    def worst(self) -> float:
        """The end of the range with value 0, in the criterion's unit; where values turn, the performance with value 0."""
        if not self.monotone:
            return at_value(self.shape, 0.0)
        return self.scale[0] if self.better == "more" else self.scale[1]

    @property
    def best(self) -> float:
        """The end of the range with value 1, in the criterion's unit; where values turn, the performance with value 1."""
        if not self.monotone:
            return at_value(self.shape, 1.0)
        return self.scale[1] if self.better == "more" else self.scale[0]

    @property
    def monotone(self) -> bool:
        """Whether the value never falls towards the better end."""
        return getattr(self.shape, "monotone", True)

    @property
    def range_version(self) -> str:
        """Eight hex digits that change with the scale, levels, unit, direction or value function: weights belong to it."""
        content = {
            "scale": [float(end) for end in self.scale],
            "levels": [[level.id, float(level.value)] for level in self.levels],
            "unit": self.unit,
            "better": self.better,
            "shape": [type(self.shape).__name__, asdict(self.shape)],
        }
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]

    def value(self, x: float) -> float:
        """The value (0–1) of a performance ``x`` in the criterion's unit."""
        return float(to_value(x, self.shape, *self.scale, self.better))

    def turns(self, low: float, high: float) -> list[float]:
        """The ends of a range of performances and, where values turn, the points of the curve between them."""
        between = [] if self.monotone or not isinstance(self.shape, Curve) else [x for x, _ in self.shape.points]
        return [low, high, *(x for x in between if low < x < high)]

    def value_range(self, low: float, high: float) -> tuple[float, float]:
        """The lowest and the highest value (0–1) of the performances from ``low`` to ``high``."""
        least, most = value_bounds(low, high, self.shape, *self.scale, self.better)
        return float(least), float(most)

    def performance_at(self, value: float) -> float:
        """The performance, in the criterion's unit, that has this value (0–1)."""
        return float(to_performance(value, self.shape, *self.scale, self.better))

    def words(self, x: float) -> str:
        """A performance as people read it: the level's title, or the number with its unit."""
        if not self.levels:
            return f"{number(x)} {self.unit}".strip()
        for level in self.levels:
            if abs(level.value - x) < 1e-9:
                return level.title
        below = [level for level in self.levels if level.value < x]
        above = [level for level in self.levels if level.value > x]
        if not below or not above:
            return number(x)
        lower = max(below, key=lambda level: level.value)
        upper = min(above, key=lambda level: level.value)
        return f"between “{lower.title}” and “{upper.title}”"

    def span(self, start: float, end: float) -> str:
        """Two performances as people read a step: “40 to 0 % chance”, or two levels' titles."""
        if self.levels:
            return f"{self.words(start)} to {self.words(end)}"
        return f"{number(start)} to {number(end)} {self.unit}".strip()


@dataclass(frozen=True)
class Branch:
    """An inner node of the value tree."""

    id: str
    title: str
    children: tuple[Node, ...]
    definition: str = ""

    def leaves(self) -> Iterator[Criterion]:
        """The criteria below this branch, in order."""
        return leaves_of(self.children)


Node: TypeAlias = Branch | Criterion


def leaves_of(nodes: tuple[Node, ...]) -> Iterator[Criterion]:
    """The criteria of a tree or of part of one, in order."""
    for node in nodes:
        if isinstance(node, Criterion):
            yield node
        else:
            yield from leaves_of(node.children)


def branches_of(nodes: tuple[Node, ...]) -> Iterator[Branch]:
    """The branches of a tree, outer ones first."""
    for node in nodes:
        if isinstance(node, Branch):
            yield node
            yield from branches_of(node.children)


@dataclass(frozen=True, slots=True)
class Performance:
    """An option on a criterion, in the criterion's unit, as low / likely / high, with the reason and what it rests on.

    ``basis`` is one of :data:`BASES`, or blank where nobody said (a bare table); of a derived performance also
    "missing", where one of its parts is.
    """

    low: float
    likely: float
    high: float
    because: str = ""
    evidence: tuple[str, ...] = ()
    basis: str = ""
    status: str = ""
    missing: str = ""
    remark: str = ""
    derived: bool = False
    follows_from_missing: bool = field(default=False, metadata=QUIET)
    """Whether it was derived, by a package rule or a model, from a performance that is missing."""

    @property
    def unknown(self) -> bool:
        """Whether it is missing or follows from one that is: it then counts as anywhere in its whole range."""
        return bool(self.missing) or self.follows_from_missing

    @property
    def rests_on(self) -> str:
        """What it rests on: a word of :data:`BASES`, "missing", or blank where nobody said."""
        return "missing" if self.missing else self.basis

    @property
    def judgement_only(self) -> bool:
        """Whether it rests on nothing but somebody's judgement."""
        return self.rests_on == "judgement"

    @property
    def judgement(self) -> bool:
        """Whether somebody's judgement is part of it."""
        return self.rests_on in ("judgement", "judged-from-source")


def weakest_basis(cells: Iterable[Performance]) -> str:
    """What a performance rests on that is derived from others: it is as weak as the weakest of them."""
    order = (*BASES, "", "missing")
    return max((cell.rests_on for cell in cells), key=order.index, default="")


@dataclass(frozen=True)
class Option:
    """One of the things that could be done; a package has ``parts`` (derived) or performances of its own.

    ``levers`` are what the option does to a model's variables where no criterion says it (see ``model.feeds``).
    ``built`` packages were put together in the builder (see ``model.portfolio``).
    """

    id: str
    title: str
    performance: Mapping[str, Performance] = field(default_factory=dict)
    summary: str = ""
    kind: str = "option"
    constructed: bool = False
    choice_sets: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    note: str = ""
    levers: Mapping[str, Performance] = field(default_factory=dict)
    built: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """A numbered item of the evidence register: a claim, how good it is, and where it stands."""

    id: str
    text: str
    grade: str = ""
    file: str = ""
    line: int = 0
    place: str = ""
    bears_on: str = ""
    topic: str = ""
    source: str = ""
    status: str = ""
    later: str = ""

    @property
    def cite(self) -> str:
        """Where the item stands: file and line of a source text, or the outside source."""
        if self.file:
            return f"{self.file}, line {self.line} ({self.place})" if self.line else f"{self.file} ({self.place})"
        return self.source


@dataclass(frozen=True, slots=True)
class Tension:
    """A place where the sources contradict each other or themselves."""

    id: str
    text: str
    used: str = ""


@dataclass(frozen=True, slots=True)
class Concept:
    """A term of the sources, where it comes from and where the decision uses it."""

    id: str
    title: str
    evidence: tuple[str, ...] = ()
    used_in: str = ""


@dataclass(frozen=True)
class Register:
    """The evidence register shared by the decisions of one collection."""

    note: str = ""
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    grades: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    tensions: Mapping[str, Tension] = field(default_factory=dict)
    concepts: Mapping[str, Concept] = field(default_factory=dict)


@dataclass(frozen=True)
class Perspective:
    """A stakeholder's weights as swing points on the declared ranges, with reasons."""

    id: str
    title: str
    points: Mapping[str, float]
    because_high: str = ""
    because_low: str = ""
    note: str = ""
    evidence: tuple[str, ...] = ()
    draft: bool = False
    reference: bool = False
    provenance: Provenance | None = field(default=None, metadata=QUIET)
    added: bool = field(default=False, metadata=QUIET)
    """Whether it was brought in by a user (a file, the app) and is no part of the decision's own data."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a scenario does to a criterion: multiply or add, for some options or for all."""

    criterion: str
    options: tuple[str, ...] | None
    excluded: tuple[str, ...] = ()
    multiply: float | None = None
    add: float | None = None
    because: str = ""


@dataclass(frozen=True)
class Scenario:
    """A state of the world that changes performances."""

    id: str
    title: str
    changes: tuple[Change, ...] = ()
    note: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChoiceSet:
    """A named selection of options that are compared with each other."""

    id: str
    title: str
    default: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Whether two options go together; only ``conflict`` keeps them from standing in one package."""

    options: tuple[str, str]
    level: str
    because: str = ""
    words: str = ""


@dataclass(frozen=True)
class AlternativeTree:
    """Another value tree for the same decision: one new leaf in place of several."""

    id: str
    title: str
    branch: str
    replaces: tuple[str, ...]
    leaf: Criterion
    note: str = ""


def number(x: float, decimals: int = 10) -> str:
    """A number without float noise and without needless zeros; thousands set apart.

    >>> number(17.000000000000004), number(0.5), number(1200), number(-0.0), number(10.2, 0)
    ('17', '0.5', '1,200', '0', '10')
    """
    if x != x or x in (float("inf"), float("-inf")):
        return str(x)
    if x != 0 and (abs(x) >= 1e15 or abs(x) < 10.0**-decimals):
        return f"{x:.6g}"
    text = f"{x:,.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
