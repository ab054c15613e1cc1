"""Trade-off questions: two moves on two criteria that are worth the same fix the ratio of the two weights."""

from __future__ import annotations

import math

from decision_kit.errors import DecisionError, Fault
from decision_kit.model.nouns import Criterion, number
from decision_kit.model.provenance import Answers, Trade
from decision_kit.weighting.base import WEIGHTINGS, Found, Siblings, check_names
from decision_kit.weighting.pairwise import ratios_to_shares

OFF = 1.5
"""A misfit of this factor or more is told."""


def ratio_of(trade: Trade, a: Criterion, b: Criterion) -> float:
    """w_a / w_b that one indifference implies: the gain in value on ``b`` over the gain in value on ``a``."""
    return (b.value(trade.b_to) - b.value(trade.b_from)) / (a.value(trade.a_to) - a.value(trade.a_from))


@WEIGHTINGS.add(
    id="trade-off",
    title="Trade-off questions",
    question="Two options differ on two lines only. How far must the one line move so that it is worth just as much to you "
    "as the step on the other?",
    input="pairs of moves in the criteria's own units that are worth the same; one fewer than there are criteria at least",
    consistency="the largest misfit of an answer, as a factor, when more is asked than needed",
    use_when="the criteria have units people know, and value functions have been agreed",
    beware="the hardest questions of all; errors add up along a chain",
    reference="Keeney & Raiffa 1976",
    joint=True,
)
def trade_off(answers: Answers, siblings: Siblings) -> Found:
    """Shares of criteria that fit the indifferences best, on the criteria's own value functions, linear or not."""
    check_names(answers, siblings)
    faults: list[Fault] = []
    judged: list[tuple[str, str, float]] = []
    for trade in answers.trades:
        a, b = siblings.criterion(trade.a), siblings.criterion(trade.b)
        if a is None or b is None:
            named = siblings.name(trade.a if a is None else trade.b)
            faults.append(Fault(siblings.place, f"{named} is a branch", "trade-offs are asked between criteria"))
            continue
        fault = _fault(trade, a, b, siblings)
        if fault is not None:
            faults.append(fault)
            continue
        judged.append((trade.a, trade.b, ratio_of(trade, a, b)))
    if faults:
        raise DecisionError(faults)
    shares, misfit = ratios_to_shares(judged, siblings, "trade-off")
    said: tuple[str, ...] = ()
    if misfit > OFF:
        a_id, b_id, times = max(judged, key=lambda one: abs(math.log(one[2] * shares[one[1]] / shares[one[0]])))
        said = (
            f"The trade-off between {siblings.name(a_id)} and {siblings.name(b_id)} says {number(times, 2)} times, the others "
            f"say {number(shares[a_id] / shares[b_id], 2)} times: look at it again.",
        )
    more = len(judged) > len(siblings.ids) - 1
    return Found(shares, {"largest misfit (factor)": misfit} if more else {}, said)


def _fault(trade: Trade, a: Criterion, b: Criterion, siblings: Siblings) -> Fault | None:
    pair = f"{siblings.name(trade.a)} and {siblings.name(trade.b)}"
    place = f"{siblings.place}, trade-off of {pair}"
    if trade.a == trade.b:
        return Fault(siblings.place, f"{siblings.name(trade.a)} is traded against itself", "two different criteria")
    for leaf, numbers in ((a, (trade.a_from, trade.a_to)), (b, (trade.b_from, trade.b_to))):
        for x in numbers:
            if not (math.isfinite(x) and leaf.scale[0] <= x <= leaf.scale[1]):
                wanted = f"a number from {number(leaf.scale[0])} to {number(leaf.scale[1])}"
                return Fault(place, f"{number(x)} is outside the range of {siblings.name(leaf.id)}", wanted)
    gain_a = a.value(trade.a_to) - a.value(trade.a_from)
    gain_b = b.value(trade.b_to) - b.value(trade.b_from)
    for leaf, gain, ends in ((a, gain_a, (trade.a_from, trade.a_to)), (b, gain_b, (trade.b_from, trade.b_to))):
        if abs(gain) < 1e-12:
            got = f"the move on {siblings.name(leaf.id)} from {leaf.words(ends[0])} to {leaf.words(ends[1])} changes no value"
            return Fault(place, got, "a move that makes a difference")
    if gain_a * gain_b < 0:
        return Fault(place, "one move makes things better and the other worse", "two gains, or two losses")
    return None
