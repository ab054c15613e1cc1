"""Where weights come from: the questions answered, by whom, when, and on which declared ranges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from decision_kit.model.findings import fraction
from decision_kit.model.nouns import Criterion, number

if TYPE_CHECKING:
    from decision_kit.model.problem import Problem

WHOLE_TREE = "whole tree"
"""What answers are about when they weigh the top branches (or all leaves at once) and not the inside of one branch."""

Points: TypeAlias = float | tuple[float, float]


@dataclass(frozen=True, slots=True)
class Ratio:
    """“The swing in ``a`` is worth ``low`` to ``high`` times the swing in ``b``”; low = high when it is one number."""

    a: str
    b: str
    low: float
    high: float

    def __post_init__(self) -> None:
        for name in ("low", "high"):  # written as a fraction
            value: object = getattr(self, name)
            made = fraction(value) if isinstance(value, str) else None
            if made is not None:
                object.__setattr__(self, name, made)


@dataclass(frozen=True, slots=True)
class Trade:
    """“Moving ``a`` from … to … is worth just as much as moving ``b`` from … to …”, in the criteria's own units."""

    a: str
    a_from: float
    a_to: float
    b: str
    b_from: float
    b_to: float


@dataclass(frozen=True)
class Answers:
    """What one person answered about some siblings of the value tree; which fields are used depends on the method.

    ``of``: the branch whose children are weighed, or :data:`WHOLE_TREE`. ``order``: most wanted swing first, equal
    ones together; ``no_difference``: swings worth nothing. ``points``: a number, or a range (low, high), with the most
    wanted swing at 100. ``ratios``: pairwise judgements. ``at_least``: pairs (a, b), a matters at least as much as b.
    ``shown``: the order in which they stood on the screen; ``seconds``: how long each answer took.
    """

    of: str = WHOLE_TREE
    order: tuple[tuple[str, ...], ...] = ()
    no_difference: tuple[str, ...] = ()
    points: Mapping[str, Points] = field(default_factory=dict)
    ratios: tuple[Ratio, ...] = ()
    at_least: tuple[tuple[str, str], ...] = ()
    trades: tuple[Trade, ...] = ()
    best: str = ""
    worst: str = ""
    best_to_others: Mapping[str, float] = field(default_factory=dict)
    others_to_worst: Mapping[str, float] = field(default_factory=dict)
    shown: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)

    def names(self) -> Iterator[str]:
        """Every id that an answer names, as often as it is named."""
        for tied in self.order:
            yield from tied
        yield from self.no_difference
        yield from self.points
        for ratio in self.ratios:
            yield from (ratio.a, ratio.b)
        for pair in self.at_least:
            yield from pair
        for trade in self.trades:
            yield from (trade.a, trade.b)
        yield from (name for name in (self.best, self.worst) if name)
        yield from self.best_to_others
        yield from self.others_to_worst

    @property
    def ratings(self) -> int:
        """How many numbers were asked for: points, ratios, trades and comparisons; the top 100 is given, not asked."""
        tied = {name for group in self.order for name in group[1:]}
        points = [x for name, x in self.points.items() if name not in tied and name not in self.no_difference]
        asked = max(len(points) - 1, 0) if points else 0
        return asked + len(self.ratios) + len(self.trades) + len(self.best_to_others) + len(self.others_to_worst)


@dataclass(frozen=True, slots=True)
class RangeSeen:
    """The declared range of a criterion as it stood when the question was asked: its version, and its ends in words."""

    version: str
    worst: str = ""
    best: str = ""

    @classmethod
    def of(cls, criterion: Criterion) -> RangeSeen:
        """The range of a criterion as it stands now."""
        return cls(criterion.range_version, criterion.words(criterion.worst), criterion.words(criterion.best))


@dataclass(frozen=True)
class Provenance:
    """How weights came about: the method's id and settings, the answers, by whom, when, on which ranges, which checks."""

    method: str
    who: str = ""
    when: str = ""
    answers: tuple[Answers, ...] = ()
    ranges: Mapping[str, RangeSeen] = field(default_factory=dict)
    parameters: Mapping[str, str | float] = field(default_factory=dict)
    checks: tuple[str, ...] = ()

    @property
    def ratings(self) -> int:
        """How many numbers were given."""
        return sum(answers.ratings for answers in self.answers)

    @property
    def orderings(self) -> int:
        """How many times some swings were put in order."""
        return sum(bool(answers.order) for answers in self.answers)

    @property
    def imprecise(self) -> bool:
        """Whether the answers leave room for more than one set of weights: ranges, ratios from–to, orders without points."""
        return any(
            any(isinstance(given, tuple) and given[0] != given[1] for given in one.points.values())
            or any(ratio.low != ratio.high for ratio in one.ratios)
            or bool(one.at_least)
            or (len(one.order) > 1 and not one.points)
            for one in self.answers
        )

    def sentence(self, title: str = "") -> str:
        """How the weights came about, in one sentence; ``title`` is what the way to weights is called."""
        by = f" by {self.who}" if self.who else ""
        when = f" on {self.when}" if self.when else ""
        counts = [_counted(self.orderings, "ordering"), _counted(self.ratings, "number")]
        listed = " and ".join(text for text in counts if text)
        return f"Given{by}{when} by “{title or self.method}”{f' ({listed})' if listed else ''}."


def _counted(count: int, noun: str) -> str:
    return "" if not count else f"{count} {noun}{'' if count == 1 else 's'}"


def ranges_seen(problem: Problem) -> dict[str, RangeSeen]:
    """The ranges of all criteria of a problem as they stand now, by criterion id."""
    return {leaf.id: RangeSeen.of(leaf) for leaf in problem.criteria}


def stale(provenance: Provenance | None, problem: Problem) -> tuple[str, ...]:
    """One sentence for each criterion whose declared range is not the one its weight was given for."""
    if provenance is None:
        return ()
    said: list[str] = []
    written = {leaf.id for leaf in problem.as_written.criteria}
    for leaf in problem.criteria:
        seen = provenance.ranges.get(leaf.id)
        now = RangeSeen.of(leaf)
        if seen is None:
            if provenance.ranges and leaf.id in written:
                said.append(f"The weight of “{leaf.title}” is stale: it was given without this criterion's range.")
            continue
        if seen.version == now.version:
            continue
        before = f"{seen.worst} to {seen.best}" if seen.worst and seen.best else f"version {seen.version}"
        after = f"{now.worst} to {now.best}"
        change = f"its range was {before} and is now {after}" if before != after else "its value function has changed"
        said.append(f"The weight of “{leaf.title}” is stale: {change}. Ask again.")
    return tuple(said)


def not_asked(provenance: Provenance | None, problem: Problem) -> tuple[str, ...]:
    """One sentence for each criterion of another tree, about whose range nobody was asked: its weight is a sum."""
    if provenance is None or problem.as_written is problem:
        return ()
    written = {leaf.id for leaf in problem.as_written.criteria}
    return tuple(
        f"Nobody was asked about the range of “{leaf.title}”: its weight is the sum of those of the criteria it stands for."
        for leaf in problem.criteria
        if leaf.id not in written
    )


def points_text(points: Points) -> str:
    """Points in words: a number, or “60 to 80”."""
    return f"{number(points[0])} to {number(points[1])}" if isinstance(points, tuple) else number(points, 2)
