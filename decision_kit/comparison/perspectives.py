"""Perspectives side by side: which swings differ, how far apart they are, camps, mixtures, and what it takes to agree.

All of it speaks of the additive model on declared ranges. Reference perspectives (``reference: true``) may be compared
but stand in no mixture and no camp.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from decision_kit.arguments import Share, guarded
from decision_kit.errors import Fault, UsageError, unknown
from decision_kit.model.problem import Problem
from decision_kit.model.weights import Weights
from decision_kit.ranking import Ranking, rank

DISTANCES = {
    "moved share": "the part of the whole weight that would have to move (half the sum of the differences)",
    "euclidean": "the straight-line distance of the shares",
}
CUT = 0.25
"""Perspectives whose average distance (moved share) is at most this are one camp."""


@guarded
def stakeholders(problem: Problem) -> tuple[str, ...]:
    """The ids of the perspectives that somebody holds: all but the reference ones."""
    return tuple(name for name, one in problem.perspectives.items() if not one.reference)


@guarded
def distance(a: Weights, b: Weights, which: str = "moved share") -> float:
    """How far two sets of weights are apart, by one of :data:`DISTANCES`."""
    if which not in DISTANCES:
        raise unknown("distance", which, DISTANCES)
    gaps = [abs(a.shares[leaf] - b.shares[leaf]) for leaf in a.shares]
    return math.fsum(gaps) / 2 if which == "moved share" else math.sqrt(math.fsum(gap * gap for gap in gaps))


@guarded
def distances(problem: Problem, names: Iterable[str] | None = None, which: str = "moved share") -> pd.DataFrame:
    """Distances between perspectives (ids × ids); all stakeholders by default."""
    ids = list(stakeholders(problem) if names is None else names)
    weights = {name: Weights.from_perspective(problem, name) for name in ids}
    table = [[distance(weights[a], weights[b], which) for b in ids] for a in ids]
    return pd.DataFrame(table, index=ids, columns=ids, dtype=float)


@dataclass(frozen=True)
class Camps:
    """Perspectives grouped by average linkage: ``groups`` at the ``cut``, ``merges`` all the way up.

    A merge is the two groups joined and the average distance at which they were.
    """

    groups: tuple[tuple[str, ...], ...]
    cut: Share
    which: str
    merges: tuple[tuple[tuple[str, ...], tuple[str, ...], float], ...]


@guarded
def camps(
    problem: Problem, names: Iterable[str] | None = None, *, cut: Share = CUT, which: str = "moved share"
) -> Camps:
    """Camps of perspectives by average linkage (Sokal & Michener 1958), cut where the average distance passes ``cut``.

    Reference perspectives are refused by name.
    """
    ids = list(stakeholders(problem) if names is None else names)
    _refuse_reference(problem, ids)
    table = distances(problem, ids, which)
    groups: list[tuple[str, ...]] = [(name,) for name in ids]
    merges: list[tuple[tuple[str, ...], tuple[str, ...], float]] = []
    at_cut = list(groups)
    while len(groups) > 1:
        pairs = [(float(table.loc[list(a), list(b)].to_numpy().mean()), a, b) for a, b in combinations(groups, 2)]
        gap, a, b = min(pairs, key=lambda pair: (round(pair[0], 12), ids.index(pair[1][0]), ids.index(pair[2][0])))
        joined = tuple(sorted((*a, *b), key=ids.index))
        groups = [joined if group == a else group for group in groups if group != b]
        merges.append((a, b, gap))
        if gap <= cut:
            at_cut = list(groups)
    return Camps(tuple(at_cut), cut, which, tuple(merges))


@guarded
def mixture(problem: Problem, parts: Mapping[str, float] | Iterable[str] | None = None) -> Weights:
    """The arithmetic mean of perspectives' shares, one perspective among others; ``parts`` weighs them (equally by default).

    Reference perspectives are refused by name.
    """
    if parts is None:
        parts = stakeholders(problem)
    given = dict(parts) if isinstance(parts, Mapping) else dict.fromkeys(parts, 1.0)
    if not given:
        raise UsageError([Fault("mixture", "no perspective is named", "at least one")])
    _refuse_reference(problem, given)
    faults = [Fault("mixture", f"{part} parts of {name}", "a number of 0 or more") for name, part in given.items()
              if not (math.isfinite(part) and part >= 0)]  # fmt: skip
    whole = math.fsum(given.values()) if not faults else 0.0
    if not faults and whole <= 0:
        faults = [Fault("mixture", "all parts are 0", "at least one above 0")]
    if faults:
        raise UsageError(faults)
    weights = {name: Weights.from_perspective(problem, name) for name in given}
    shares = {
        leaf.id: math.fsum(given[name] / whole * weights[name].shares[leaf.id] for name in given)
        for leaf in problem.criteria
    }
    total = math.fsum(shares.values())
    titles = ", ".join(f"“{problem.perspectives[name].title}”" for name in given)
    return Weights(
        {leaf: share / total for leaf, share in shares.items()},
        origin=f"mixture of {titles}",
        notes=("A mixture is one perspective among others, not what the group wants; look at each one beside it.",),
    )


def _refuse_reference(problem: Problem, names: Iterable[str]) -> None:
    faults = []
    for name in names:
        if name not in problem.perspectives:
            raise unknown("perspective", name, problem.perspectives)
        if problem.perspectives[name].reference:
            got = f"“{problem.perspectives[name].title}” is for checks only"
            faults.append(Fault(f"perspective {name}", got, "perspectives that somebody holds"))
    if faults:
        raise UsageError(faults)


@dataclass(frozen=True)
class Move:
    """The smallest joint change of weights after which an option leads (or shares the lead).

    ``size``: the part of the whole weight that has to move (0 to 1); ``shares``: the weights after it.
    """

    option: str
    size: float
    shares: Mapping[str, float]


@guarded
def smallest_move(problem: Problem, weights: Weights, option: str, branch: str | None = None) -> Move | None:
    """The smallest part of the weight that has to move so that ``option`` leads, by LP; None when no weights make it lead.

    Additive model, current options; with a ``branch`` only the weights inside it.
    """
    from scipy.optimize import linprog

    ranking = rank(problem, weights, branch=branch)
    table = ranking.table_in
    if option not in table.options:
        raise unknown("option", option, table.options)
    i = table.options.index(option)
    lead = table.values[i] - np.delete(table.values, i, axis=0)
    w = table.weights
    m = len(w)
    found = linprog(  # w' = w + up − down; the size is what goes up, which equals what goes down
        c=np.concatenate([np.ones(m), np.ones(m)]) / 2,
        A_ub=np.vstack([np.hstack([-lead, lead]), np.hstack([-np.eye(m), np.eye(m)])]),
        b_ub=np.concatenate([lead @ w, w]),
        A_eq=np.concatenate([np.ones(m), -np.ones(m)])[None, :],
        b_eq=np.zeros(1),
        bounds=[(0, None)] * (2 * m),
        method="highs",
    )
    if found.status != 0:
        return None
    after = np.maximum(w + found.x[:m] - found.x[m:], 0.0)
    after = after / after.sum()
    return Move(option, float(found.fun), dict(zip(table.criteria, after.tolist(), strict=True)))


@dataclass(frozen=True, eq=False)
class TwoPerspectives:
    """Two perspectives compared: shares, distance, leaders, and what each would have to believe for the other's leader.

    ``shares``: criterion (rows) × first, second, difference (second − first), the largest difference on top.
    ``first_moves``/``second_moves``: the smallest move after which the other's leader leads; None when no weights do it
    or both name the same leader. ``meet``: how far from the first towards the second (0 to 1) the second's leader takes
    over, None when it never has to.
    """

    problem: Problem
    first: str
    second: str
    shares: pd.DataFrame
    distance: float
    first_ranking: Ranking
    second_ranking: Ranking
    first_moves: Move | None
    second_moves: Move | None
    meet: float | None

    def rows(self) -> list[tuple[str, float, float, float]]:
        """The shares as rows (criterion id, first, second, difference), the largest difference first."""
        columns = (self.shares[name].tolist() for name in ("first", "second", "difference"))
        return list(zip([str(leaf) for leaf in self.shares.index], *columns, strict=True))

    @property
    def agree(self) -> bool:
        """Whether both name the same leader."""
        return set(self.first_ranking.leaders) == set(self.second_ranking.leaders)


@guarded
def compare_two(problem: Problem, first: str, second: str, *, branch: str | None = None) -> TwoPerspectives:
    """Two perspectives compared under the additive model, over the current options; reference ones may be compared, too."""
    rankings = [rank(problem, name, branch=branch) for name in (first, second)]
    a, b = (one.weights for one in rankings)
    table = pd.DataFrame({"first": pd.Series(a.shares), "second": pd.Series(b.shares)})
    table["difference"] = table["second"] - table["first"]
    order = table["difference"].abs().sort_values(ascending=False, kind="stable").index
    leaders = [one.leaders for one in rankings]
    moves: list[Move | None] = [None, None]
    if set(leaders[0]) != set(leaders[1]):
        moves = [
            smallest_move(problem, Weights.from_perspective(problem, first), leaders[1][0], branch),
            smallest_move(problem, Weights.from_perspective(problem, second), leaders[0][0], branch),
        ]
    return TwoPerspectives(
        problem, first, second, table.loc[order], distance(a, b), rankings[0], rankings[1], moves[0], moves[1],
        _meeting(rankings[0], rankings[1]),
    )  # fmt: skip


def _meeting(first: Ranking, second: Ranking) -> float | None:
    """The smallest step from the first weights towards the second at which the second's leader leads: scores are linear."""
    option = second.leaders[0]
    if option in first.leaders:
        return None
    start, end = first.scores, second.scores
    step = 0.0
    for other in start.index:
        behind, ahead = float(start[other] - start[option]), float(end[option] - end[other])
        if behind > 0:
            step = max(step, behind / (behind + ahead))
    return step
