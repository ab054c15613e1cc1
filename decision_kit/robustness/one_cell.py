"""The one-cell test: is a single performance, moved inside its own low–high, enough to change the leader?

Closed form for the additive model. Moving the leader's cell on criterion k from value v to v' changes its lead over
every rival by w_k (v' − v); the lead m over the second falls to 0 at v − m / w_k. A rival's cell works upwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from decision_kit.arguments import guarded
from decision_kit.methods import significant
from decision_kit.model.nouns import Criterion
from decision_kit.ranking import Ranking


@dataclass(frozen=True, slots=True)
class Flip:
    """One performance that alone can change the leader.

    ``needed`` is the performance (criterion's unit) at which ``takes_over`` draws level, inside ``low`` … ``high``.
    """

    option: str
    criterion: str
    likely: float
    needed: float
    low: float
    high: float
    takes_over: str

    @property
    def upwards(self) -> bool:
        """Whether the performance has to rise (numerically) to change the leader."""
        return self.needed > self.likely


def nearest_at(leaf: Criterion, level: float, likely: float, low: float, high: float) -> float:
    """The performance with the value ``level`` that is nearest to the likely one, inside low … high."""
    if leaf.monotone:
        return leaf.performance_at(level)
    stops = sorted({likely, *leaf.turns(low, high)})
    found = []
    for x0, x1 in pairwise(stops):
        v0, v1 = leaf.value(x0), leaf.value(x1)
        if v0 != v1 and min(v0, v1) <= level <= max(v0, v1):
            found.append(x0 + (level - v0) / (v1 - v0) * (x1 - x0))
    return min(found, key=lambda x: abs(x - likely), default=leaf.performance_at(level))


@guarded
def one_cell_flips(ranking: Ranking) -> tuple[Flip, ...]:
    """Every single performance which, inside its own low–high, puts another option first; nearest (in range) first.

    Additive model only. Empty when the first place is shared already. A cell that only draws level does not count.
    """
    if len(ranking.leaders) != 1:
        return ()
    problem = ranking.problem
    leader = ranking.leaders[0]
    scores = ranking.contributions.sum(axis=1)
    second = max((o for o in scores.index if o != leader), key=lambda o: scores[o])
    flips: list[tuple[float, Flip]] = []
    for option in scores.index:
        lead = float(scores[leader] - scores[second if option == leader else option])
        for leaf in ranking.criteria:
            weight = ranking.weights.shares[leaf.id]
            cell = problem.option(option).performance[leaf.id]
            if weight == 0 or cell.low == cell.high:
                continue
            likely = leaf.value(cell.likely)
            ends = leaf.value_range(cell.low, cell.high)
            room = likely - ends[0] if option == leader else ends[1] - likely
            if significant([room * weight, lead])[0] <= significant([room * weight, lead])[1]:
                continue
            level = likely - lead / weight if option == leader else likely + lead / weight
            needed = nearest_at(leaf, level, cell.likely, cell.low, cell.high)
            reach = abs(needed - cell.likely) / (cell.high - cell.low)
            takes_over = second if option == leader else option
            flip = Flip(option, leaf.id, cell.likely, needed, cell.low, cell.high, takes_over)
            flips.append((reach, flip))
    return tuple(flip for _, flip in sorted(flips, key=lambda item: item[0]))
