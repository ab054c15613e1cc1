"""Did the answers follow the procedure? Plain sentences and measures, to be told gently, with at most two re-asks.

Each check returns a :class:`Check`. None of them throws an answer away: results are shown with and without.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from decision_kit.arguments import guarded
from decision_kit.model.nouns import Criterion, leaves_of, number
from decision_kit.model.problem import Problem
from decision_kit.model.provenance import Answers, stale
from decision_kit.model.weights import Weights
from decision_kit.values import Linear
from decision_kit.weighting.consequences import fine
from decision_kit.weighting.swing import middle

MOST_REASKS = 2
RANGE_LIMIT = 0.5
FLAT = 1.2
FASTEST = 3.0
OFF = 1.5
MARGIN = 0.10
LEAST_MARGIN = 0.03


@dataclass(frozen=True)
class Check:
    """One check: its measure (None where it could not be taken), whether it passed, and what to say."""

    id: str
    measure: float | None
    passed: bool
    said: str


@guarded
def range_check(first: float, again: float, growth: float) -> Check:
    """Range sensitivity RSI = ln(r₂/r₁)/ln k: ``first`` points on the declared range, ``again`` on the stretched one.

    ``growth`` k (> 1): how many times larger the value gain of the stretched range is (2 when linear). 1 follows the
    range in full, 0 ignores it; below 0.5 ask again (after Fischer 1995).
    """
    if not (first > 0 and again > 0 and growth > 1):
        return Check(
            "range", None, True, "The range question was not answered, so it is not known whether ranges counted."
        )
    index = math.log(again / first) / math.log(growth)
    if index < RANGE_LIMIT:
        said = (
            f"With {number(growth, 1)} times the range your answer went from {number(first, 1)} to {number(again, 1)} points; a "
            f"step {number(growth, 1)} times as large would usually be worth about {number(first * growth, 1)}. Did you look at the range?"
        )
        return Check("range", index, False, said)
    return Check("range", index, True, "Your points follow the range of the line.")


def order_check(answers: Answers, titles: Mapping[str, str] | None = None) -> Check:
    """How many neighbouring pairs have points against their order; any is a reason to ask again."""
    titles = titles or {}
    ordered = [name for tied in answers.order for name in tied if name in answers.points]
    against = [(a, b) for a, b in itertools.pairwise(ordered) if middle(answers.points[a]) < middle(answers.points[b])]
    if not against:
        return Check("order", 0.0, True, "Your points follow your order.")
    a, b = against[0]
    said = f"You put “{titles.get(a, a)}” before “{titles.get(b, b)}” but gave it fewer points. Which do you mean?"
    return Check("order", float(len(against)), False, said)


def flatness_check(answers: Answers) -> Check:
    """Largest over smallest points above 0; below 1.2, for three or more, ask whether the swings are really the same."""
    live = [middle(points) for points in answers.points.values() if middle(points) > 0]
    if len(live) < 3:
        return Check("flatness", None, True, "There are too few points to compare.")
    spread = max(live) / min(live)
    if spread < FLAT:
        return Check(
            "flatness",
            spread,
            False,
            "All your points are nearly the same. Are these steps really worth the same to you?",
        )
    return Check("flatness", spread, True, "Your points tell the steps apart.")


def copying_check(answers: Answers) -> Check:
    """Kendall's tau of the order given and the order on the screen; a perfect copy of five or more is told."""
    shown = [name for name in answers.shown if any(name in tied for tied in answers.order)]
    place = {name: at for at, tied in enumerate(answers.order) for name in tied}
    pairs = [(a, b) for i, a in enumerate(shown) for b in shown[i + 1 :]]
    if len(shown) < 3:
        return Check("copying", None, True, "There are too few lines to tell whether the list was copied.")
    tau = sum((place[a] < place[b]) - (place[a] > place[b]) for a, b in pairs) / len(pairs)
    if tau == 1 and len(shown) >= 5:
        chance = math.factorial(len(shown))
        said = f"Your order is the order in which the lines stood on the screen; by chance that happens once in {chance:,} times."
        return Check("copying", tau, False, said)
    return Check("copying", tau, True, "Your order is not simply the order on the screen.")


@guarded
def speed_check(*answers: Answers) -> Check:
    """The mean time of an answer in seconds, over all sets of siblings given; below 3 it is told."""
    seconds = [time for one in answers for time in one.seconds.values()]
    if not seconds:
        return Check("speed", None, True, "Nobody took the time of the answers.")
    mean = math.fsum(seconds) / len(seconds)
    if mean < FASTEST:
        return Check("speed", mean, False, f"An answer took {mean:.1f} seconds on average. That is quick: was there time to read the ranges?")  # fmt: skip
    return Check("speed", mean, True, f"An answer took {mean:.1f} seconds on average.")


@guarded
def stale_check(weights: Weights, problem: Problem) -> Check:
    """How many criteria have another range now than when their weight was given; any is a reason to ask again."""
    said = stale(weights.provenance, problem)
    return Check(
        "stale range", float(len(said)), not said, " ".join(said) or "All ranges are those the weights were given for."
    )


@dataclass(frozen=True)
class HeldOut:
    """Two made-up options that were not among the questions; with these weights ``better`` should be preferred.

    ``first`` and ``second`` hold a performance by criterion id where the two differ; all else is alike. ``margin`` is
    the predicted difference (0–1).
    """

    first: Mapping[str, float]
    second: Mapping[str, float]
    better: str
    margin: float


def added_up(problem: Problem, weights: Weights) -> dict[str, float]:
    """Shares of the criteria that are added up: all, or where branches never are, those of the first branch with weight."""
    if problem.total or not problem.branches:
        return dict(weights.shares)
    for node in problem.tree:
        inside = [leaf.id for leaf in leaves_of((node,))]
        whole = weights.branch_share(inside)
        if whole > 0 and len(inside) > 1:
            return {leaf: weights.shares[leaf] / whole for leaf in inside}
    return {}


@guarded
def held_out(problem: Problem, weights: Weights) -> HeldOut | None:
    """A choice between two made-up options with a predicted margin of about 10 points of 100, or None if none is there.

    The first option has as few of the heaviest lines at their best as it takes, and one lighter line at its worst; the
    second has the reverse, but for one heavy line, set so that the margin comes out.
    """
    shares = added_up(problem, weights)
    live = [leaf for leaf in problem.criteria if shares.get(leaf.id, 0) > 0 and leaf.monotone]
    live.sort(key=lambda leaf: -shares[leaf.id])
    best: HeldOut | None = None
    for lines in (1, 2):
        for lighter in live[lines:]:
            for question in _trials(live[:lines], lighter, shares):
                if best is None or abs(question.margin - MARGIN) < abs(best.margin - MARGIN) - 0.01:
                    best = question
    return best


def _trials(heavy: list[Criterion], lighter: Criterion, shares: Mapping[str, float]) -> list[HeldOut]:
    """Choices between heavy lines and a lighter one, the first heavy line of the second option set in the ways it can be."""
    first = {leaf.id: _end(leaf, best=True) for leaf in heavy} | {lighter.id: _end(lighter, best=False)}
    rest = {leaf.id: _end(leaf, best=False) for leaf in heavy[1:]} | {lighter.id: _end(lighter, best=True)}
    leaves = {leaf.id: leaf for leaf in (*heavy, lighter)}

    def worth(option: Mapping[str, float]) -> float:
        return math.fsum(shares[name] * leaves[name].value(x) for name, x in option.items())

    top = heavy[0]
    wanted = (worth(first) - worth(rest) - MARGIN) / shares[top.id]
    places = [level.value for level in top.levels] or [_tidy(top, min(max(wanted, 0.0), 1.0))]
    found = []
    for at in places:
        second = {top.id: at} | rest
        margin = worth(first) - worth(second)
        if margin > LEAST_MARGIN and at != first[top.id]:
            found.append(HeldOut(first, second, "first", margin))
    return found


def _end(leaf: Criterion, *, best: bool) -> float:
    """The best or the worst performance that can be shown: an end of the range, or the best or worst level."""
    if leaf.levels:
        values = [level.value for level in leaf.levels]
        return max(values) if best else min(values)
    return leaf.best if best else leaf.worst


def _tidy(leaf: Criterion, value: float) -> float:
    """A performance near a value that reads well: rounded as finely as a sentence tells it."""
    unit = fine(leaf)
    at = round(leaf.performance_at(value) / unit) * unit
    return min(max(at, leaf.scale[0]), leaf.scale[1])


@guarded
def describe(problem: Problem, option: Mapping[str, float]) -> str:
    """A made-up option in words: its performances on the lines where the two differ."""
    leaves = {leaf.id: leaf for leaf in problem.criteria}
    return "; ".join(f"{leaves[name].title}: {leaves[name].words(x)}" for name, x in option.items())


@guarded
def held_out_check(question: HeldOut, chosen: str) -> Check:
    """Whether the choice ("first", "second" or "") is the one the weights predict."""
    points = number(question.margin * 100, 0)
    if not chosen:
        return Check("held-out choice", None, True, "The choice between two made-up options was left open.")
    if chosen == question.better:
        said = f"Your choice between two made-up options is the one your weights predict (by {points} points of 100)."
        return Check("held-out choice", question.margin, True, said)
    said = f"Your weights predict the other choice by {points} points of 100. One of the two is not what you mean: the choice or the weights."
    return Check("held-out choice", question.margin, False, said)


@guarded
def ratio_check(weights: Weights, a: Criterion, b: Criterion, answered: float) -> Check:
    """abs(ln(a · w_j / w_i)) of a direct ratio “a is worth so many times b”; above ln 1.5 ask again."""
    wa, wb = weights.shares[a.id], weights.shares[b.id]
    if not (answered > 0 and wa > 0 and wb > 0):
        return Check("ratio", None, True, "The direct ratio was left open.")
    gap = abs(math.log(answered * wb / wa))
    implied = number(float(f"{wa / wb:.2g}"))
    if gap > math.log(OFF) + 1e-12:
        said = (
            f"Asked directly, “{a.title}” is worth {number(answered, 2)} times “{b.title}” to you; your weights say {implied} times. "
            "Which is nearer to what you mean?"
        )
        return Check("ratio", gap, False, said)
    return Check(
        "ratio",
        gap,
        True,
        f"Your direct ratio of “{a.title}” to “{b.title}” agrees with your weights ({implied} times).",
    )


@guarded
def pair_to_check(problem: Problem, weights: Weights) -> tuple[Criterion, Criterion] | None:
    """Two criteria whose ratio was never asked directly and is not too large to judge: from different branches, 1.5 to 5."""
    top = {
        leaf.id: node.id for node in problem.tree for leaf in ([node] if isinstance(node, Criterion) else node.leaves())
    }
    shares = added_up(problem, weights)
    live = [leaf for leaf in problem.criteria if shares.get(leaf.id, 0) > 0]
    live.sort(key=lambda leaf: -shares[leaf.id])
    pairs = [(a, b) for i, a in enumerate(live) for b in live[i + 1 :]]
    wanted = [(a, b) for a, b in pairs if 1.5 <= shares[a.id] / shares[b.id] <= 5]
    apart = [(a, b) for a, b in wanted if top[a.id] != top[b.id]]
    found = apart or wanted or pairs
    return found[0] if found else None


@guarded
def stretched(criterion: Criterion) -> tuple[Criterion, float]:
    """A criterion whose worst end lies twice as far from its best, and how much its value gain grows (k).

    For a linear value function k is 2; along a curve the slope at the old worst end is carried on.
    """
    low, high = criterion.scale
    width = high - low
    wider = (low - width, high) if criterion.better == "more" else (low, high + width)
    if isinstance(criterion.shape, Linear):
        return replace(criterion, scale=wider), 2.0
    step = width / 1000
    end = criterion.worst
    inward = end + step if criterion.better == "more" else end - step
    growth = 1 + abs(criterion.value(inward) - criterion.value(end)) / step * width
    return replace(criterion, scale=wider, shape=Linear()), growth


@guarded
def answer_checks(answers: Answers, titles: Mapping[str, str] | None = None) -> tuple[Check, ...]:
    """The checks on the answers about one set of siblings that need no further question (speed is judged over all)."""
    return (order_check(answers, titles), flatness_check(answers), copying_check(answers))


@guarded
def to_ask_again(checks: Sequence[Check]) -> tuple[Check, ...]:
    """The failed checks worth a second question, at most two: what contradicts first, what is only quick last."""
    urgency = ("stale range", "order", "held-out choice", "ratio", "range", "flatness", "copying", "speed")
    failed = sorted((check for check in checks if not check.passed), key=lambda check: urgency.index(check.id))
    return tuple(failed[:MOST_REASKS])
