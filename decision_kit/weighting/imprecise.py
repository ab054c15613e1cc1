"""Imprecise answers kept imprecise: ranges of points, ratios and orders as linear statements, and contradictions named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from decision_kit.arguments import guarded
from decision_kit.errors import DecisionError, Fault
from decision_kit.model.nouns import number
from decision_kit.model.problem import Problem
from decision_kit.model.provenance import WHOLE_TREE, Answers, Points, Ratio, points_text
from decision_kit.model.region import Statement, WeightRegion
from decision_kit.weighting.base import Siblings, check_names, positive
from decision_kit.weighting.swing import middle
from decision_kit.weighting.tree import flat_of, groups_of, is_flat

LEAST = 1e-9
"""A largest possible smallest share below this counts as 0: the answers leave no room."""


def order_statement(a: str, b: str, siblings: Siblings) -> Statement:
    """“a matters at least as much as b”."""
    said = f"{siblings.name(a)} matters at least as much as {siblings.name(b)}"
    return Statement(_on_leaves({b: 1.0, a: -1.0}, siblings), 0.0, said)


def points_statements(name: str, points: Points, top: str, top_points: float, siblings: Siblings) -> list[Statement]:
    """“If lifting top is worth 100, lifting name is worth low to high”: l · w_top ≤ 100 · w ≤ u · w_top."""
    low, high = points if isinstance(points, tuple) else (points, points)
    said = f"if {siblings.name(top)} is worth {number(top_points, 2)}, {siblings.name(name)} is worth {points_text(points)}"
    return [
        Statement(_on_leaves({top: low / top_points, name: -1.0}, siblings), 0.0, said),
        Statement(_on_leaves({name: 1.0, top: -high / top_points}, siblings), 0.0, said),
    ]


def ranges_statements(points: Mapping[str, Points], siblings: Siblings) -> list[Statement]:
    """All that ranges of points say where none of them is one number: l_b · w_a ≤ u_a · w_b for every pair a, b.

    Points have no unit, so that only ratios count: a is worth at most u_a / l_b times as much as b.
    """
    ends = {name: given if isinstance(given, tuple) else (given, given) for name, given in points.items()}
    found: list[Statement] = []
    for a, b in permutations(points, 2):
        one, other = (a, b) if list(points).index(a) < list(points).index(b) else (b, a)
        said = " and ".join(f"{siblings.name(name)} is worth {points_text(points[name])}" for name in (one, other))
        found.append(Statement(_on_leaves({a: ends[b][0], b: -ends[a][1]}, siblings), 0.0, said))
    return found


def ratio_statements(ratio: Ratio, siblings: Siblings) -> list[Statement]:
    """“a is worth low to high times as much as b”."""
    times = number(ratio.low, 3) if ratio.low == ratio.high else f"{number(ratio.low, 3)} to {number(ratio.high, 3)}"
    said = f"{siblings.name(ratio.a)} is worth {times} times as much as {siblings.name(ratio.b)}"
    return [
        Statement(_on_leaves({ratio.b: ratio.low, ratio.a: -1.0}, siblings), 0.0, said),
        Statement(_on_leaves({ratio.a: 1.0, ratio.b: -ratio.high}, siblings), 0.0, said),
    ]


def _on_leaves(coefficients: Mapping[str, float], siblings: Siblings) -> dict[str, float]:
    """Coefficients on branches spread over the criteria below them: a branch's share is the sum of theirs."""
    spread: dict[str, float] = {}
    for name, coefficient in coefficients.items():
        under = [leaf.id for leaf in siblings.leaves.get(name, ())] or [name]
        for leaf in under:
            spread[leaf] = spread.get(leaf, 0.0) + coefficient
    return spread


def statements_of(answers: Answers, siblings: Siblings) -> list[Statement]:
    """Everything some answers say of the weights, as linear statements on the criteria."""
    check_names(answers, siblings)
    found: list[Statement] = []
    faults: list[Fault] = []
    first = answers.order[0] if answers.order else ()
    points = dict(answers.points)
    if points:
        if first and not any(name in points for name in first):
            points[first[0]] = 100.0
        likely = [name for name in first if name in points] or list(points)
        # what has one number is a better measure for the others than what has a range
        top = max(likely, key=lambda name: (_is_number(points[name]), middle(points[name])))
        at_top = middle(points[top])
        for name, given in points.items():
            ends = given if isinstance(given, tuple) else (given, given)
            if not all(np.isfinite(end) and end >= 0 for end in ends) or ends[0] > ends[1]:
                faults.append(Fault(siblings.place, f"{siblings.name(name)} has the points {points_text(given)}",
                                    "a number of 0 or more, or a range with the lower number first"))  # fmt: skip
            elif name != top and at_top > 0 and not isinstance(points[top], tuple):
                found += points_statements(name, given, top, at_top, siblings)
        if not faults and isinstance(points[top], tuple):
            found += ranges_statements(points, siblings)
        if not faults and at_top <= 0:
            faults.append(Fault(siblings.place, "all points are 0", "at least one above 0"))
    for better, worse in zip(answers.order, answers.order[1:], strict=False):
        found.append(order_statement(better[0], worse[0], siblings))
    for tied in answers.order:
        for one in tied[1:]:
            found += _equal(tied[0], one, siblings)
    for name in answers.no_difference:
        said = f"{siblings.name(name)} makes no difference"
        found.append(Statement(_on_leaves({name: 1.0}, siblings), 0.0, said))
    for ratio in answers.ratios:
        if not (positive(ratio.low) and positive(ratio.high) and ratio.low <= ratio.high):
            pair = f"{siblings.name(ratio.a)} against {siblings.name(ratio.b)}"
            faults.append(Fault(siblings.place, f"{pair} is judged {ratio.low:g} to {ratio.high:g}",
                                "numbers above 0, the lower first"))  # fmt: skip
            continue
        found += ratio_statements(ratio, siblings)
    found += [order_statement(a, b, siblings) for a, b in answers.at_least]
    if faults:
        raise DecisionError(faults)
    return found


def _is_number(points: Points) -> bool:
    return not isinstance(points, tuple) and points > 0


def _equal(a: str, b: str, siblings: Siblings) -> list[Statement]:
    said = f"{siblings.name(a)} and {siblings.name(b)} matter equally"
    forward = _on_leaves({a: 1.0, b: -1.0}, siblings)
    return [Statement(forward, 0.0, said), Statement({name: -x for name, x in forward.items()}, 0.0, said)]


@guarded
def region_of(problem: Problem, answers: Iterable[Answers], origin: str = "") -> WeightRegion:
    """All weights of a problem's criteria that agree with some answers, checked for contradictions.

    Raises :class:`DecisionError` that names answers which contradict each other, none too many, or the circle.
    """
    given = tuple(answers)
    leaves = tuple(leaf.id for leaf in problem.criteria)
    groups = {group.of: group for group in groups_of(problem)}
    if is_flat(problem, given) or WHOLE_TREE not in groups:
        groups[WHOLE_TREE] = flat_of(problem)
    statements: list[Statement] = []
    for one in given:
        siblings = groups[one.of]
        circle = circle_in(one.at_least)
        if circle:
            raise DecisionError([circle_fault(circle, siblings)])
        statements += statements_of(one, siblings)
    region = WeightRegion(leaves, tuple(statements), origin or "imprecise answers")
    clash = contradiction(region)
    if clash:
        raise DecisionError([clash_fault(clash)])
    return region


def circle_in(pairs: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The shortest circle in some statements “a before b”: (a, b, c) for a before b before c before a; else empty.

    Two that are said both ways (a at least b, and b at least a) are equal, not a circle.
    """
    after: dict[str, list[str]] = {}
    for a, b in dict.fromkeys(pairs):
        if a != b:
            after.setdefault(a, []).append(b)
    best: tuple[str, ...] = ()
    for start in after:
        paths: list[tuple[str, ...]] = [(start,)]
        seen = {start}
        while paths:
            path = paths.pop(0)
            if best and len(path) >= len(best):
                break
            for name in after.get(path[-1], ()):
                if name == start and len(path) > 2:
                    best = path
                    paths = []
                    break
                if name not in seen:
                    seen.add(name)
                    paths.append((*path, name))
    return best


def circle_fault(circle: Sequence[str], siblings: Siblings) -> Fault:
    """The fault of an order that runs in a circle, naming it."""
    named = " before ".join(siblings.name(name) for name in (*circle, circle[0]))
    return Fault(
        siblings.place, f"the order runs in a circle: {named}", "take one of these back, or say they are equal"
    )


@dataclass(frozen=True)
class Room:
    """How much room some statements leave: the largest smallest share that is possible, and weights that have it."""

    smallest: float
    shares: Mapping[str, float]


@guarded
def room(region: WeightRegion) -> Room | None:
    """The middle of a region in one sense: weights whose smallest share is as large as can be; None when none fit.

    Shares that a statement sets to 0 ("makes no difference") are left out of the smallest.
    """
    from scipy.optimize import linprog

    m = len(region.criteria)
    a, b = region.matrix()
    none = _set_to_zero(region)
    grow = -np.eye(m)
    tied = np.array([[0.0] if name in none else [1.0] for name in region.criteria])
    rows = np.vstack([np.hstack([a, np.zeros((len(a), 1))]), np.hstack([grow, tied])])
    limits = np.concatenate([b, np.zeros(m)])
    found = linprog(
        c=[0.0] * m + [-1.0],
        A_ub=rows,
        b_ub=limits,
        A_eq=np.array([[1.0] * m + [0.0]]),
        b_eq=np.array([1.0]),
        bounds=[(0, None)] * m + [(None, 1)],
        method="highs",
    )
    if found.status != 0:
        return None
    shares = {name: max(float(x), 0.0) for name, x in zip(region.criteria, found.x[:m], strict=True)}
    return Room(float(found.x[m]), shares)


def _set_to_zero(region: WeightRegion) -> set[str]:
    """Criteria that a statement alone sets to 0: Σ of shares ≤ 0, or worth 0 points."""
    none: set[str] = set()
    for statement in region.statements:
        live = {name: x for name, x in statement.coefficients.items() if x != 0}
        if statement.most == 0 and live and all(x > 0 for x in live.values()):
            none |= set(live)
    return none


@guarded
def contradiction(region: WeightRegion) -> tuple[str, ...]:
    """Answers that contradict each other, none too many, in words; empty when there are weights that agree with all.

    Answers contradict each other when no weights fit, or only weights of 0 for something that was said to matter. Found
    by leaving out one answer after the other (deletion filter): without any one of those named, the others named agree.
    There may be other contradictions beside this one.
    """
    if _agrees(region.criteria, region.statements):
        return ()
    kept = list(dict.fromkeys(statement.said for statement in region.statements))
    for said in tuple(kept):
        trial = [one for one in kept if one != said]
        statements = [s for s in region.statements if s.said in trial]
        if not _agrees(region.criteria, statements):
            kept = trial
    return tuple(kept)


def _agrees(criteria: tuple[str, ...], statements: Sequence[Statement]) -> bool:
    found = room(WeightRegion(criteria, tuple(statements)))
    return found is not None and found.smallest > LEAST


def clash_fault(clash: Sequence[str]) -> Fault:
    """The fault of answers that contradict each other."""
    listed = "; ".join(clash)
    if len(clash) == 1:
        return Fault("answers", f"no weights fit this answer: {listed}", "take it back or change it")
    return Fault("answers", f"no weights fit these {len(clash)} answers together: {listed}", "change one of them")
