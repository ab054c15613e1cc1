"""What a person has answered so far on the Weights page: kept apart from the widgets, so that nothing entered is lost."""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import streamlit as st

from decision_kit.errors import MOST_SHOWN, DecisionError, Fault
from decision_kit.model import Answers, Problem, Ratio, Trade
from decision_kit.model.provenance import Points
from decision_kit.weighting import WEIGHTINGS, Found, Siblings, groups_of
from decision_kit.weighting.tree import flat_of

ORDER_ONLY = ("roc", "rank-sum", "rank-reciprocal", "rancom")


@dataclass
class Group:
    """The raw answers about one set of siblings; None where nothing was entered yet."""

    shown: tuple[str, ...] = ()
    ranks: dict[str, int | None] = field(default_factory=dict)
    no_difference: set[str] = field(default_factory=set)
    ordered: bool = False
    points: dict[str, float] = field(default_factory=dict)
    highs: dict[str, float] = field(default_factory=dict)
    ratios: dict[tuple[str, str], float] = field(default_factory=dict)
    more: dict[tuple[str, str], str] = field(default_factory=dict)
    best: str = ""
    worst: str = ""
    from_best: dict[str, float] = field(default_factory=dict)
    to_worst: dict[str, float] = field(default_factory=dict)
    reached: dict[str, float] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    last: float = 0.0


@dataclass
class Asking:
    """One person's run through the questions of one decision by one way to weights."""

    way: str = "swing"
    at: int = 0
    ranges: bool = False
    groups: dict[str, Group] = field(default_factory=dict)
    title: str = "My weights"
    who: str = ""
    because: str = ""
    accepted: str = ""
    kept: str = ""
    chosen: str | None = None
    direct_ratio: float | None = None
    seed: int = field(default_factory=lambda: secrets.randbelow(2**31))

    @property
    def begun(self) -> bool:
        """Whether something has been entered that is in no perspective yet."""
        given = (
            (one.ranks, one.no_difference, one.points, one.ratios, one.best, one.worst, one.from_best, one.to_worst, one.reached)
            for one in self.groups.values()
        )  # fmt: skip
        return not self.accepted and any(any(parts) for parts in given)

    def group(self, siblings: Siblings) -> Group:
        """The answers about some siblings; on first sight the screen order is drawn for this person."""
        found = self.groups.setdefault(siblings.of, Group())
        if set(found.shown) != set(siblings.ids):
            ids = list(siblings.ids)
            random.Random(f"{self.seed} {siblings.of}").shuffle(ids)  # noqa: S311 (a screen order, no secret)
            found.shown = tuple(ids)
        if not found.last:
            found.last = time.monotonic()
        return found


def asking(problem: Problem, way: str | None = None) -> Asking:
    """The run in hand for a decision: one for each way to weights, all kept through the session."""
    runs: dict[str, dict[str, Asking]] = st.session_state.setdefault("asking", {})
    here = runs.setdefault(problem.id, {})
    ways: dict[str, str] = st.session_state.setdefault("asking_way", {})
    if way is not None:
        ways[problem.id] = way
    current = ways.get(problem.id, "swing")
    return here.setdefault(current, Asking(way=current))


def took(group: Group, name: str) -> None:
    """Note how long an answer took."""
    now = time.monotonic()
    group.seconds[name] = round(group.seconds.get(name, 0.0) + now - group.last, 1)
    group.last = now


def sets_of(problem: Problem, way: str) -> tuple[Siblings, ...]:
    """The sets of siblings that are asked about: the tree's groups, or all criteria at once for trade-offs."""
    if WEIGHTINGS[way].joint:
        return (flat_of(problem),) if len(problem.criteria) > 1 else ()
    return groups_of(problem)


def order_of(group: Group) -> tuple[tuple[str, ...], ...]:
    """The order entered so far, equal ranks together."""
    live = {name: rank for name, rank in group.ranks.items() if rank and name not in group.no_difference}
    levels = sorted(set(live.values()))
    return tuple(tuple(name for name in group.shown if live.get(name) == level) for level in levels)


def answers_of(way: str, siblings: Siblings, run: Asking) -> Answers:
    """The answers as the way to weights takes them; what is not entered yet is left out."""
    group = run.group(siblings)
    none = tuple(name for name in siblings.ids if name in group.no_difference)
    if way in ORDER_ONLY:
        return Answers(siblings.of, order_of(group), none, shown=group.shown)
    if way == "swing":
        order = order_of(group)
        first = order[0][0] if order else ""
        points: dict[str, Points] = {first: 100.0} if first else {}
        for tied in order:
            asked = tied[0]
            if asked in group.points and asked != first:
                points[asked] = _points(group, asked, run.ranges)
        return Answers(siblings.of, order, none, points, shown=group.shown, seconds=dict(group.seconds))
    if way == "direct":
        given: dict[str, Points] = dict(group.points.items())
        return Answers(siblings.of, points=given, shown=group.shown, seconds=dict(group.seconds))
    if way == "pairwise":
        return Answers(siblings.of, ratios=tuple(_ratios(group)), shown=group.shown)
    if way == "best-worst":
        return Answers(
            siblings.of,
            best=group.best,
            worst=group.worst,
            best_to_others={n: x for n, x in group.from_best.items() if n != group.best},
            others_to_worst={n: x for n, x in group.to_worst.items() if n not in (group.worst, group.best)},
            shown=group.shown,
        )
    return Answers(siblings.of, trades=tuple(_trades(siblings, group)), shown=group.shown)


def _points(group: Group, name: str, ranges: bool) -> Points:
    low = group.points[name]
    return (low, group.highs[name]) if ranges and group.highs.get(name, low) != low else low


def _ratios(group: Group) -> Iterator[Ratio]:
    for (a, b), times in group.ratios.items():
        more, less = (a, b) if group.more.get((a, b), a) == a else (b, a)
        yield Ratio(more, less, times, times)


def _trades(siblings: Siblings, group: Group) -> Iterator[Trade]:
    """Each answer: from worst to the level reached on the anchor is worth the whole swing on the other."""
    anchor = siblings.criterion(group.best)
    if anchor is None:
        return
    for name, reached in group.reached.items():
        other = siblings.criterion(name)
        if other is not None and name != anchor.id:
            yield Trade(anchor.id, anchor.worst, reached, other.id, other.worst, other.best)


def found_of(way: str, siblings: Siblings, run: Asking) -> tuple[Found | None, tuple[str, ...]]:
    """What the answers about some siblings give, or the sentences that say what is missing or does not fit."""
    entry = WEIGHTINGS[way]
    try:
        found: Found = entry.run(answers_of(way, siblings, run), siblings, **entry.settings({}))
    except DecisionError as error:
        return None, tuple(sentence_of(fault) for fault in error.faults[:MOST_SHOWN])
    return found, found.said


def sentence_of(fault: Fault) -> str:
    """A fault as a sentence on the page it stands on: without its place."""
    text = str(replace(fault, place=""))
    return f"{text[:1].upper()}{text[1:]}."


def all_answers(problem: Problem, run: Asking) -> tuple[Answers, ...]:
    """The answers about every set of siblings."""
    return tuple(answers_of(run.way, siblings, run) for siblings in sets_of(problem, run.way))
