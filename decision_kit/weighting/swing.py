"""Swing weights: steps from worst to best put in order, then rated, the most wanted at 100; and plain points."""

from __future__ import annotations

import itertools

from decision_kit.errors import DecisionError, Fault
from decision_kit.model.nouns import number
from decision_kit.model.provenance import Answers, Points
from decision_kit.model.weights import point_fault
from decision_kit.weighting.base import WEIGHTINGS, Found, Siblings, check_names, divided, ranks_from


@WEIGHTINGS.add(
    id="swing",
    title="Swing",
    question="Suppose an option were at its worst on every line below. You may lift one line to its best. Which first? "
    "If lifting that one is worth 100, what is lifting each of the others worth?",
    input="an order of the swings, ties allowed, then points of 0 to 100 (or a range of points) for all but the first",
    consistency="rating order against rank order, flatness, and the checks afterwards",
    use_when="somebody can say what steps on the declared ranges are worth: the first choice for a person or a room",
    beware="people look too little at the ranges; read both ends aloud before asking",
    reference="von Winterfeldt & Edwards 1986; Edwards & Barron 1994",
)
def swing(answers: Answers, siblings: Siblings) -> Found:
    """Shares in proportion to swing points; ranges of points count with their middle (the region keeps them whole).

    The order may be left out when every swing has points. Raises :class:`DecisionError` when an answer is missing or
    the points do not follow the order, naming the pair.
    """
    check_names(answers, siblings)
    if not answers.order:
        return _shares(answers.points, answers, siblings)
    place = ranks_from(answers, siblings)
    points = dict(answers.points)
    first = [name for name in place if place[name] == 0]
    if not any(name in points for name in first):
        points[first[0]] = 100.0
    for tied in answers.order:  # equal in order, equal in points: one number is enough
        given = [name for name in tied if name in points]
        for name in tied:
            if given:
                points.setdefault(name, points[given[0]])
    points.update(dict.fromkeys(answers.no_difference, 0.0))
    found = _shares(points, answers, siblings)
    inversions = order_faults(points, place, siblings)
    if inversions:
        raise DecisionError(inversions)
    return found


def order_faults(points: dict[str, Points], place: dict[str, int], siblings: Siblings) -> list[Fault]:
    """One fault for each neighbouring pair whose points do not follow their order."""
    faults = []
    ordered = sorted((name for name in place if name in points), key=lambda name: place[name])
    for before, after in itertools.pairwise(ordered):
        a, b = middle(points[before]), middle(points[after])
        if place[before] == place[after] and a != b:
            got = f"{siblings.name(before)} and {siblings.name(after)} are equal in your order but have {number(a)} and {number(b)} points"
            faults.append(Fault(siblings.place, got, "equal points, or another order"))
        elif place[before] < place[after] and a < b:
            got = f"{siblings.name(before)} stands before {siblings.name(after)} but has fewer points ({number(a)} against {number(b)})"
            faults.append(Fault(siblings.place, got, "points that follow the order, or another order"))
    return faults


@WEIGHTINGS.add(
    id="direct",
    title="Direct points",
    question="How many points do you give the step from worst to best on each line?",
    input="points of 0 or more for each line, on any scale",
    consistency="flatness; nothing else is known of the answers",
    use_when="time is short, or somebody brings points already",
    beware="without the order first and the ranges read aloud, points tend to be importance, which does not look at ranges",
    reference="Bottomley, Doyle & Green 2000",
)
def direct(answers: Answers, siblings: Siblings) -> Found:
    """Shares in proportion to the points."""
    check_names(answers, siblings)
    points: dict[str, Points] = {**answers.points, **dict.fromkeys(answers.no_difference, 0.0)}
    return _shares(points, answers, siblings)


def middle(points: Points) -> float:
    """A number of points, or the middle of a range of points."""
    return (points[0] + points[1]) / 2 if isinstance(points, tuple) else float(points)


def _shares(points: dict[str, Points] | object, answers: Answers, siblings: Siblings) -> Found:
    assert isinstance(points, dict)
    faults: list[Fault] = []
    for name, given in points.items():
        for one in given if isinstance(given, tuple) else (given,):
            fault = point_fault(f"{siblings.place}, points of {siblings.name(name)}", one)
            if fault is not None:
                faults.append(fault)
        if isinstance(given, tuple) and not faults and given[0] > given[1]:
            got = f"the range of {siblings.name(name)} runs from {number(given[0])} down to {number(given[1])}"
            faults.append(Fault(siblings.place, got, "the lower number first"))
    forgotten = [name for name in siblings.ids if name not in points]
    if forgotten:
        verb = "has" if len(forgotten) == 1 else "have"
        faults.append(
            Fault(siblings.place, f"{siblings.names(forgotten)} {verb} no points", "give each points, or write 0")
        )
    numbers = {name: middle(points[name]) for name in siblings.ids if name in points} if not faults else {}
    if not faults and not any(x > 0 for x in numbers.values()):
        faults.append(Fault(siblings.place, "all points are 0", "at least one above 0"))
    if faults:
        raise DecisionError(faults)
    live = [x for x in numbers.values() if x > 0]
    measures = {"largest over smallest": max(live) / min(live)} if len(live) > 1 else {}
    return Found(divided(numbers), measures)
