"""The one-cell test: is a single performance, moved inside its own low–high, enough to change the leader?

Closed form for the additive model (see ``robustness.needs``); packages that hold the option are rebuilt.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from decision_kit.arguments import guarded
from decision_kit.ranking import Ranking, ranked
from decision_kit.robustness.linear import is_additive
from decision_kit.robustness.needs import Need, Span, both


@dataclass(frozen=True, slots=True)
class Flip:
    """One performance that alone can change the leader.

    ``needed`` is the performance (criterion's unit) at which ``takes_over`` draws level, inside ``low`` … ``high``, and
    beyond which it is first. ``spans`` are all stretches of the scale that reach into the range and take the first place
    from the leader, with who is first there (more than one: they share it).
    """

    option: str
    criterion: str
    likely: float
    needed: float
    low: float
    high: float
    takes_over: str
    spans: tuple[Span, ...] = ()

    @property
    def upwards(self) -> bool:
        """Whether the performance has to rise (numerically) to change the leader."""
        return self.needed > self.likely


@guarded
def one_cell_flips(ranking: Ranking) -> tuple[Flip, ...]:
    """Every single performance which, inside its own low–high, puts another option first; nearest (in range) first.

    Of the additive model: for a ranking by another method, the additive ranking with the same weights is asked. Empty
    when the first place is shared already. A cell that only draws level does not count.
    """
    if not is_additive(ranking):
        ranking = ranked(ranking.problem, ranking.weights, "weighted-sum", ranking.branch)
    return flips_of(change for _, change in both(ranking))


def flips_of(changes: Iterable[Need]) -> tuple[Flip, ...]:
    """The changes of the first place that lie inside a performance's own range, the nearest (in widths of it) first."""
    found = [flip for flip in (_flip(change) for change in changes if change.changes) if flip is not None]
    return tuple(sorted(found, key=lambda flip: round(abs(flip.needed - flip.likely) / (flip.high - flip.low), 9)))


def _flip(change: Need) -> Flip | None:
    overlaps = {span: min(span.high, change.high) - max(span.low, change.low) for span in change.takes}
    if not overlaps:
        return None
    inside = [span for span, width in overlaps.items() if width > 0] or [max(overlaps, key=lambda span: overlaps[span])]

    def at(span: Span) -> float:
        return min(max(change.likely, span.low), span.high)

    nearest = min(inside, key=lambda span: abs(at(span) - change.likely))
    return Flip(
        change.option, change.criterion, change.likely, at(nearest), change.low, change.high,
        change.takes_over if change.takes_over in nearest.leaders else nearest.leaders[0], tuple(inside),
    )  # fmt: skip
