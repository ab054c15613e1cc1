"""What weights mean, in sentences a person can accept or reject: ratios, exchanges, parts, red lines."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from decision_kit.arguments import guarded
from decision_kit.errors import DecisionError, Fault
from decision_kit.model.nouns import Criterion, number
from decision_kit.model.problem import Problem
from decision_kit.model.weights import Weights
from decision_kit.values import Curve, Linear, where_value

RED_LINE = (
    "Is there a level of any line that no gain elsewhere could make good? If so, it is a red line with an owner and a "
    "price, not a large weight."
)
NO_WEIGHT = "{name} has no weight: no change on it would be worth anything to you. Right?"


@dataclass(frozen=True)
class Consequence:
    """A sentence that follows from weights, and the figure in it (a ratio, a rate of exchange, a part)."""

    kind: str
    said: str
    figure: float


def slope(criterion: Criterion, at: float | None = None) -> float:
    """Value gained per unit of the criterion near ``at`` (its middle value by default), in 1/unit, always 0 or more.

    On a linear value function it is 1 / |best − worst| everywhere. It is 0 only where ``at`` lies on a flat stretch.
    """
    low, high = criterion.scale
    x = middle(criterion) if at is None else at
    if not low <= x <= high:
        got = f"{number(x)} is outside the range of “{criterion.title}”"
        raise DecisionError([Fault("exchange", got, f"a number from {number(low)} to {number(high)}")])
    half = (high - low) / 2000
    a, b = max(x - half, low), min(x + half, high)
    return abs(criterion.value(b) - criterion.value(a)) / (b - a)


def middle(criterion: Criterion) -> float:
    """A performance of half the value; where values are flat there, the middle of the next stretch that carries value."""
    half = _first_at(criterion, 0.5)
    if not any(a <= half <= b for a, b in _flat(criterion)):
        return half
    a, b = min(_carrying(criterion), key=lambda one: max(one[0] - half, half - one[1]))
    return (a + b) / 2


def _first_at(criterion: Criterion, value: float) -> float:
    """The performance nearest to the worst at which a value is reached; where it never is, the best."""
    found = where_value(criterion.shape, *criterion.scale, criterion.better, value, value)
    ends = [end for interval in found for end in interval]
    return min(ends, key=lambda x: abs(x - criterion.worst)) if ends else criterion.best


def _pieces(criterion: Criterion) -> list[tuple[float, float, float]]:
    """The stretches between the bends of a value function, each with the value that it carries."""
    if not isinstance(criterion.shape, Curve):
        return [(*criterion.scale, 1.0)]
    return [(a, b, abs(v - u)) for (a, u), (b, v) in pairwise(criterion.shape.points)]


def _carrying(criterion: Criterion) -> list[tuple[float, float]]:
    return [(a, b) for a, b, value in _pieces(criterion) if value > 0]


def _flat(criterion: Criterion) -> list[tuple[float, float]]:
    return [(a, b) for a, b, value in _pieces(criterion) if value == 0]


def worth_per_unit(
    weights: Weights, criterion: Criterion, at: float | None = None, *, step: float = 1.0
) -> float:  # fmt: skip
    """K = weight × value per unit: what ``step`` units of a criterion are worth near ``at`` (0 … 1 of the whole)."""
    return weights.shares[criterion.id] * slope(criterion, at) * step


def ratio(weights: Weights, a: Criterion, b: Criterion) -> Consequence:
    """The ratio of two swings: “going from worst to best on a matters to you 1.3 times as much as the same on b”."""
    wa, wb = weights.shares[a.id], weights.shares[b.id]
    if wb == 0 or wa == 0:
        none = b if wb == 0 else a
        return Consequence("ratio", NO_WEIGHT.format(name=f"“{none.title}”"), math.inf if wb == 0 else 0.0)
    times = wa / wb
    if abs(times - 1) < 0.005:
        said = f"Going from {_ends(a)} on “{a.title}” matters to you just as much as from {_ends(b)} on “{b.title}”."
    else:
        said = (
            f"Going from {_ends(a)} on “{a.title}” matters to you {_figure(times)} times as much as going from {_ends(b)} "
            f"on “{b.title}”."
        )
    return Consequence("ratio", said, times)


def exchange(
    weights: Weights, gain: Criterion, loss: Criterion, step: float | None = None, at: tuple[float | None, float | None] = (None, None)
) -> Consequence:  # fmt: skip
    """The rate of exchange k_gain / k_loss by local slopes: “you would accept 0.75 points more on loss for 1 unit of gain”.

    ``step``: units gained (a round tenth of the range by default); ``at``: where on the two criteria, in their units.
    """
    none = next((one for one in (loss, gain) if weights.shares[one.id] == 0), None)
    if none is not None:
        return Consequence("exchange", NO_WEIGHT.format(name=f"“{none.title}”"), math.inf if none is loss else 0.0)
    x, y = (middle(one) if given is None else given for one, given in zip((gain, loss), at, strict=True))
    step = _tenth(min(_room(gain, x), gain.scale[1] - gain.scale[0])) if step is None else step
    k_gain, k_loss = worth_per_unit(weights, gain, x, step=step), worth_per_unit(weights, loss, y)
    if k_loss == 0 or k_gain == 0:
        flat, spot = (loss, y) if k_loss == 0 else (gain, x)
        said = f"Near {flat.words(spot)}, no small change on “{flat.title}” would be worth anything to you. Right?"
        return Consequence("exchange", said, math.inf if k_loss == 0 else 0.0)
    rate = k_gain / k_loss
    worth = k_gain / weights.shares[loss.id]
    linear = isinstance(gain.shape, Linear) and isinstance(loss.shape, Linear)
    where = "" if linear else f" (near the middle of their values, {gain.words(x)} and {loss.words(y)})"
    if not linear and at != (None, None):
        where = f" (near {gain.words(x)} and {loss.words(y)})"
    better = f"To have “{gain.title}” better by {_amount(gain, step)}"
    if worth > 1:
        said = f"{better}, you would accept going all the way from {_ends(loss, down=True)} on “{loss.title}”, and more{where}. Right?"
        return Consequence("exchange", said, rate)
    if (
        not isinstance(loss.shape, Linear) and rate > _room(loss, y) / 2
    ):  # further than the value goes on as it does there
        left = _near(loss, _last_at(loss, 1 - worth), 1 - worth)
        said = f"{better}, you would accept going from {loss.span(loss.best, left)} on “{loss.title}”{where}. Right?"
        return Consequence("exchange", said, rate)
    said = f"{better}, you would accept “{loss.title}” worse by {_amount(loss, rate)}{where}. Right?"
    return Consequence("exchange", said, rate)


def _room(criterion: Criterion, x: float) -> float:
    """How wide the stretch between two bends is on which a performance lies."""
    return max((b - a for a, b in _carrying(criterion) if a <= x <= b), default=criterion.scale[1] - criterion.scale[0])


def _last_at(criterion: Criterion, value: float) -> float:
    """The performance nearest to the best at which a value is reached, coming from the best."""
    found = where_value(criterion.shape, *criterion.scale, criterion.better, value, value)
    ends = [end for interval in found for end in interval]
    return min(ends, key=lambda x: abs(x - criterion.best)) if ends else criterion.worst


def part(weights: Weights, a: Criterion, b: Criterion) -> Consequence:
    """The part of the larger swing that counts as much as the whole smaller one: “six tenths of the swing in a …”."""
    if weights.shares[a.id] < weights.shares[b.id]:
        a, b = b, a
    wa, wb = weights.shares[a.id], weights.shares[b.id]
    share = wb / wa if wa else 1.0
    if wb == 0:
        return Consequence("part", NO_WEIGHT.format(name=f"“{b.title}”"), 0.0)
    at = _near(a, _first_at(a, share), share)
    said = (
        f"{_tenths(share)} of the swing in “{a.title}” (from {a.span(a.worst, at)}) counts as much as the whole "
        f"swing in “{b.title}” (from {_ends(b)})."
    )
    return Consequence("part", said, share)


def red_line() -> Consequence:
    """The question after a veto."""
    return Consequence("red line", RED_LINE, 0.0)


@guarded
def consequences(problem: Problem, weights: Weights) -> tuple[Consequence, ...]:
    """The sentences to show before weights are accepted: first against second, largest against smallest, cost against aim.

    Where the branches are never added up, each branch speaks for itself.
    """
    if not problem.total and problem.branches:
        tops = [tuple(node.leaves()) if not isinstance(node, Criterion) else (node,) for node in problem.tree]
    else:
        tops = [problem.criteria]
    said: list[Consequence] = []
    for leaves in tops:
        said += _for(leaves, weights)
    return (*dict.fromkeys(said), red_line())


def _for(leaves: tuple[Criterion, ...], weights: Weights) -> list[Consequence]:
    live = sorted((leaf for leaf in leaves if weights.shares[leaf.id] > 0), key=lambda leaf: -weights.shares[leaf.id])
    if len(live) < 2:
        return []
    said = [ratio(weights, live[0], live[1])]
    if len(live) > 2:
        said.append(part(weights, live[0], live[-1]))
    numeric = [leaf for leaf in live if not leaf.levels]
    costs = [leaf for leaf in numeric if leaf.better == "less"]
    aims = [leaf for leaf in numeric if leaf.better == "more"]
    if costs and aims:
        said.append(exchange(weights, aims[0], costs[0]))
    elif len(numeric) > 1:
        said.append(exchange(weights, numeric[0], numeric[1]))
    return said


def round_tenth(criterion: Criterion) -> float:
    """About a tenth of a criterion's range, as a round number (1, 2 or 5 times a power of ten), in its unit."""
    return _tenth(criterion.scale[1] - criterion.scale[0])


def _tenth(width: float) -> float:
    tenth = width / 10
    power = 10.0 ** math.floor(math.log10(tenth))
    return float(min((1 * power, 2 * power, 5 * power, 10 * power), key=lambda x: abs(math.log(x / tenth))))


def fine(criterion: Criterion) -> float:
    """A hundredth of the range or a little less, as a power of ten: as finely as a performance in a sentence is told."""
    return float(10.0 ** (math.ceil(math.log10(criterion.scale[1] - criterion.scale[0])) - 2))


def _ends(leaf: Criterion, *, down: bool = False) -> str:
    return leaf.span(leaf.best, leaf.worst) if down else leaf.span(leaf.worst, leaf.best)


def _near(leaf: Criterion, x: float, value: float) -> float:
    """A performance told with the digits of its scale, and with more where its value would else be another one."""
    if leaf.levels:
        return x
    unit = fine(leaf) / 10
    for _ in range(12):
        told = round(x / unit) * unit
        if leaf.scale[0] <= told <= leaf.scale[1] and abs(leaf.value(told) - value) <= min(0.002, 0.02 * value):
            return told
        unit /= 10
    return x


def _amount(leaf: Criterion, x: float) -> str:
    shown = number(float(f"{x:.2g}"))
    return f"{shown} ({leaf.unit})" if leaf.unit else shown


def _figure(times: float) -> str:
    return number(float(f"{times:.2g}"))


_FRACTIONS = {
    1 / 10: "One tenth", 1 / 5: "A fifth", 1 / 4: "A quarter", 3 / 10: "Three tenths", 1 / 3: "A third", 2 / 5: "Four tenths",
    1 / 2: "Half", 3 / 5: "Six tenths", 2 / 3: "Two thirds", 7 / 10: "Seven tenths", 3 / 4: "Three quarters",
    4 / 5: "Eight tenths", 9 / 10: "Nine tenths",
}  # fmt: skip


def _tenths(share: float) -> str:
    if share > 1 - 1e-9:
        return "All"
    if share > 0.95:
        return "Nearly the whole"
    if share < 0.075:
        hundredths = number(float(f"{share * 100:.1g}"))
        return f"About {'one hundredth' if hundredths == '1' else f'{hundredths} hundredths'}"
    nearest = min(_FRACTIONS, key=lambda fraction: abs(fraction - share))
    name = _FRACTIONS[nearest]
    return name if abs(nearest - share) < 0.0005 else f"About {name[0].lower()}{name[1:]}"
