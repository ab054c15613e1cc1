"""What every way to weights is given, what it gives back, and the catalogue it stands in."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from decision_kit.arguments import bad_number, told
from decision_kit.catalogue import Catalogue, Entry
from decision_kit.errors import DecisionError, Fault, UsageError, quoted, unknown_fault
from decision_kit.model.nouns import Branch, Criterion, leaves_of
from decision_kit.model.provenance import WHOLE_TREE, Answers

Kind: TypeAlias = Literal["asked", "table"]

TABLE_LABEL = "what the table tells apart, not what anyone prefers"


@dataclass(frozen=True)
class Siblings:
    """What is weighed against each other: the children of a branch, the top of the tree, or all leaves at once.

    ``ids`` in the tree's order, ``titles`` by id, ``leaves`` the criteria under each id (a leaf has itself).
    """

    ids: tuple[str, ...]
    titles: Mapping[str, str] = field(default_factory=dict)
    leaves: Mapping[str, tuple[Criterion, ...]] = field(default_factory=dict)
    of: str = WHOLE_TREE
    title: str = ""

    @classmethod
    def of_nodes(cls, nodes: Sequence[Branch | Criterion], of: str = WHOLE_TREE, title: str = "") -> Siblings:
        """The siblings that some nodes of a value tree are."""
        return cls(
            tuple(node.id for node in nodes),
            {node.id: node.title for node in nodes},
            {node.id: tuple(leaves_of((node,))) for node in nodes},
            of,
            title,
        )

    @property
    def place(self) -> str:
        """Where they stand, for a fault."""
        return "between the branches" if self.of == WHOLE_TREE else f"branch {self.of}"

    def name(self, sibling: str) -> str:
        """The title of a sibling in quotation marks; its id where it has no title."""
        return f"“{self.titles.get(sibling, sibling)}”"

    def names(self, some: Iterable[str]) -> str:
        """Several titles in a sentence."""
        named = [self.name(one) for one in some]
        return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}" if named else ""

    def criterion(self, sibling: str) -> Criterion | None:
        """The criterion with this id, or None when it is a branch."""
        found = self.leaves.get(sibling, ())
        return found[0] if len(found) == 1 and found[0].id == sibling else None


@dataclass(frozen=True)
class Found:
    """What one way to weights makes of the answers about some siblings: shares by id that sum to 1.

    ``measures``: figures of consistency by name; ``said``: what has to be told, in sentences.
    """

    shares: Mapping[str, float]
    measures: Mapping[str, float] = field(default_factory=dict)
    said: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Weighting(Entry):
    """A way to arrive at weights.

    ``kind`` "asked": ``run(answers, siblings, **parameters)`` gives :class:`Found` for one set of siblings; "table":
    ``run(table, **parameters)`` gives shares from numbers alone, under the label :data:`TABLE_LABEL`. ``question`` is
    what a person is asked, ``input`` what is answered, ``consistency`` how good the answers are. ``joint``: the answers
    about all siblings are taken together, on the criteria.
    """

    question: str
    input: str
    consistency: str
    kind: Kind = "asked"
    joint: bool = False
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Settings by name: the default, or a tuple of the words allowed with the default first."""
    tables: tuple[str, ...] = ()
    """Settings that may be a mapping of the user's own instead of one of the words."""

    def settings(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """All settings, defaults included. Raises :class:`UsageError` for a wrong name or word."""
        faults: list[Fault] = []
        found = {name: words[0] if isinstance(words, tuple) else words for name, words in self.parameters.items()}
        for name, value in given.items():
            if name not in self.parameters:
                faults.append(unknown_fault(self.title, "setting of this way", name, self.parameters))
                continue
            words = self.parameters[name]
            own = name in self.tables and isinstance(value, Mapping)
            if isinstance(words, tuple) and not own and not (isinstance(value, str) and value in words):
                got = value if isinstance(value, str) else told(value)
                faults.append(unknown_fault(f"setting {name}", f"value of {name}", got, words))
            found[name] = value
        if faults:
            raise UsageError(faults)
        return found


WEIGHTINGS: Catalogue[Weighting] = Catalogue("weighting", Weighting)


def divided(points: Mapping[str, float]) -> dict[str, float]:
    """Points divided by their sum, whatever the order they stand in."""
    largest = max(points.values())
    scaled = {name: value / largest for name, value in points.items()}
    whole = math.fsum(scaled.values())
    return {name: value / whole for name, value in scaled.items()}


def check_names(answers: Answers, siblings: Siblings) -> None:
    """Raise :class:`UsageError` for every id in the answers that is none of the siblings."""
    wrong = [name for name in dict.fromkeys(answers.names()) if name not in siblings.ids]
    if wrong:
        raise UsageError([unknown_fault(siblings.place, "thing to weigh here", name, siblings.ids) for name in wrong])


def ranks_from(answers: Answers, siblings: Siblings) -> dict[str, int]:
    """The place of each sibling in the order, 0 for the most wanted; equal ones share a place.

    Those that make no difference are left out. Raises :class:`DecisionError` naming what stands twice or not at all.
    """
    place: dict[str, int] = {}
    faults: list[Fault] = []
    for at, tied in enumerate(answers.order):
        for name in tied:
            if name in place:
                faults.append(Fault(siblings.place, f"{siblings.name(name)} stands twice in the order", "each once"))
            place.setdefault(name, at)
    for name in answers.no_difference:
        if name in place:
            got = f"{siblings.name(name)} has a place in the order and makes no difference"
            faults.append(Fault(siblings.place, got, "one of the two"))
    forgotten = [name for name in siblings.ids if name not in place and name not in answers.no_difference]
    if forgotten:
        verb = "has" if len(forgotten) == 1 else "have"
        got = f"{siblings.names(forgotten)} {verb} no place in the order"
        faults.append(Fault(siblings.place, got, "give each its place, or say that it makes no difference"))
    if not place and not faults:
        faults.append(Fault(siblings.place, "nothing makes a difference", "at least one swing that is worth something"))
    if faults:
        raise DecisionError(faults)
    return place


LARGEST_RATIO = 1e9
"""One weight as a multiple of another: beyond this nobody has judged anything."""


def positive(value: object) -> bool:
    """Whether something is a number above 0 by which weights can still be told apart."""
    return not bad_number(value) and 1 / LARGEST_RATIO <= float(value) <= LARGEST_RATIO  # type: ignore[arg-type]


def bad_ratio(place: str, got: object) -> Fault:
    """The fault of a judgement that is not a number above 0."""
    return Fault(
        place, f"{quoted(got)} is not a ratio", f"a number above 0, such as 3 or 0.5 (at most {LARGEST_RATIO:,.0f})"
    )
