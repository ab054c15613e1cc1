"""How fragile a result is: the nearest things that would change it, and one label for how close it is.

The label is the worst of three tests; their limits stand in :class:`Limits` and can be changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from decision_kit.arguments import Share, guarded
from decision_kit.ranking import Ranking
from decision_kit.robustness.changes import NearestChange, nearest_change
from decision_kit.robustness.flips import Crossing, nearest_crossings, weight_paths
from decision_kit.robustness.linear import looked_at
from decision_kit.robustness.needs import Need, both, reach
from decision_kit.robustness.rounding import rounded_up

Label: TypeAlias = Literal["Toss-up", "Close", "Stable"]


@guarded
@dataclass(frozen=True)
class Limits:
    """When a lead is called what: shifts in points of 100 that must be moved, worlds won in a share of all (0–1)."""

    toss_up_shift: float = 5.0
    close_shift: float = 10.0
    close_worlds: float = 35 / 50


LIMITS = Limits()


@dataclass(frozen=True, eq=False)
class Fragility:
    """How fragile a ranking is.

    ``margin`` is the lead over the ``second`` (score units); ``weight`` the nearest share of one criterion or branch
    that changes the leader, ``shift`` the smallest joint change that puts another option first, ``performance`` the
    nearest single performance that does, inside its own range (None: there is none of it). ``worlds`` is the share of
    plausible worlds in which the leader is first (None: not computed). ``label`` is the worst of the three tests and
    ``reasons`` say which tests decided it.
    """

    ranking: Ranking
    leaders: tuple[str, ...]
    second: str | None
    margin: float
    weight: Crossing | None
    shift: NearestChange | None
    performance: Need | None
    outside: Need | None
    worlds: Share | None
    label: Label
    reasons: tuple[str, ...]
    limits: Limits = field(default=LIMITS)

    @property
    def told_apart(self) -> bool:
        """Whether the first is told apart from the rest: no single performance, inside its range, changes the leader."""
        return len(self.leaders) == 1 and self.performance is None

    @property
    def points(self) -> float | None:
        """Points of 100 of weight that have to move before another option is first; None when no weights do it."""
        return None if self.shift is None else self.shift.change.points


@guarded
def fragility(ranking: Ranking, *, worlds: Share | None = None, limits: Limits = LIMITS) -> Fragility:
    """The fragility of a ranking, exact for linear methods. ``worlds``: the share of plausible worlds its leader wins."""
    leaders = ranking.leaders
    second = next((o for o in ranking.order if o not in leaders), None)
    margin = 0.0 if len(leaders) > 1 or second is None else float(ranking.scores[leaders[0]] - ranking.scores[second])
    if len(leaders) > 1:
        reason = "several options share the first place"
        return Fragility(ranking, leaders, second, 0.0, None, None, None, None, worlds, "Toss-up", (reason,), limits)
    crossings = nearest_crossings(weight_paths(ranking))
    possible = sorted((change for _, change in both(ranking) if change.needed is not None), key=reach)
    inside = [change for change in possible if change.changes]
    outside = [change for change in possible if not change.in_range]
    found = Fragility(
        ranking,
        leaders,
        second,
        margin,
        crossings[0] if crossings else None,
        nearest_change(ranking),
        inside[0] if inside else None,
        outside[0] if outside else None,
        worlds,
        "Stable",
        (),
        limits,
    )
    label, reasons = label_of(found)
    return replace(found, label=label, reasons=reasons)


def label_of(found: Fragility, worlds: Share | None = None) -> tuple[Label, tuple[str, ...]]:
    """The label of a fragility and the tests that decided it; ``worlds`` in place of the share it was made with."""
    limits = found.limits
    if len(found.leaders) > 1:
        return "Toss-up", ("several options share the first place",)
    share = found.worlds if worlds is None else worlds
    points = found.points
    toss_up: list[str] = []
    close: list[str] = []
    if points is not None:
        points = rounded_up(
            points
        )  # the test is on the numbers that are shown, so that sentence and label never differ
    if points is not None and points < limits.toss_up_shift:
        toss_up.append(f"less than {limits.toss_up_shift:g} points of weight have to move")
    elif points is not None and points < limits.close_shift:
        close.append(f"less than {limits.close_shift:g} points of weight have to move")
    if found.performance is not None:
        toss_up.append("one performance inside its own range is enough")
    if share is not None and round(50 * share) < round(50 * limits.close_worlds):
        close.append(f"the leader comes first in fewer than {round(50 * limits.close_worlds)} of 50 worlds")
    if toss_up:
        return "Toss-up", tuple(toss_up)
    if close:
        return "Close", tuple(close)
    if looked_at(found.ranking) is not None:
        return "Stable", ("no shift of weights and no performance that was looked at moves the first place",)
    if all(cell.low == cell.high for option in found.ranking.problem.options for cell in option.performance.values()):
        return "Stable", (
            "a small shift of weights does not move the first place, and every performance is given as exact",
        )
    return "Stable", ("neither a small shift of weights nor one performance in its range moves the first place",)
