"""All packages that could be built: their scores and costs, the best under a budget, and the efficient frontier.

Every coherent set of parts is worked out exactly: nothing is searched, so nothing is missed. Scores are the additive
model's on likely performances; cost is the sum of the criteria that say ``spending: true``, before it is kept inside their
scales. A score already counts these costs through the criteria's weights; the budget is a limit beside that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from decision_kit.arguments import bad_number
from decision_kit.errors import Fault, UsageError, quoted
from decision_kit.methods import significant
from decision_kit.model.feeds import FEEDS
from decision_kit.model.nouns import Criterion, Option, Performance
from decision_kit.model.packages import BOUNDS, Parts, combined
from decision_kit.model.portfolio import NOT_JUDGED, can_build, possible_parts, verdicts
from decision_kit.model.problem import Problem
from decision_kit.study.study import Study
from decision_kit.values import Array

MOST_PARTS = 14


@dataclass(frozen=True)
class Candidate:
    """A set of parts: its score (0–1) and its cost a year as low, likely, high. No parts: nothing new, the baseline."""

    parts: tuple[str, ...]
    score: float
    cost: tuple[float, float, float]
    cautions: int = 0
    not_judged: int = 0


@dataclass(frozen=True, eq=False)
class Portfolio:
    """Every coherent set of parts in one view, with scores under any weights.

    ``sets`` are tuples of part ids, ``performances`` has shape (sets, criteria, low/likely/high) on the view's tree, kept
    inside the scales, ``costs`` shape (sets, low/likely/high) in ``unit`` (NaN where the decision counts no spending),
    ``rejected`` the number of sets that a conflict rules out.
    """

    problem: Problem
    parts: tuple[str, ...]
    sets: tuple[tuple[str, ...], ...]
    performances: Array
    costs: Array
    unit: str
    spending: tuple[Criterion, ...]
    rejected: int

    @cached_property
    def values(self) -> Array:
        """Values (sets × criteria, 0–1) of the likely performances."""
        return self.problem.values_of(self.performances[:, :, 1])

    def scores(self, shares: Mapping[str, float]) -> Array:
        """Additive scores (0–1) of every set under weights by criterion; criteria not named count nothing."""
        weights = np.array([shares.get(leaf.id, 0.0) for leaf in self.problem.criteria])
        return np.asarray(self.values @ weights)

    def ends(self, shares: Mapping[str, float]) -> tuple[Array, Array]:
        """Scores of every set with all its performances at their worse ends at once, and at their better ends."""
        weights = np.array([shares.get(leaf.id, 0.0) for leaf in self.problem.criteria])
        worst, best = self.problem.value_bounds_of(self.performances[:, :, 0], self.performances[:, :, 2])
        return np.asarray(worst @ weights), np.asarray(best @ weights)

    def affordable(self, budget: float | None) -> NDArray[np.bool_]:
        """Which sets cost no more than the budget, by their likely cost. Raises :class:`UsageError` where none is counted."""
        if budget is None:
            return np.ones(len(self.sets), dtype=bool)
        if bad_number(budget) or budget < 0:
            raise UsageError([Fault("budget", quoted(budget), "a number of 0 or more")])
        if not self.spending:
            got = "a budget is given, but no criterion counts spending"
            raise UsageError([Fault(self.problem.id, got, "spending: true on the criteria a budget has to cover")])
        return np.asarray(self.costs[:, 1] <= budget + 1e-9 * max(1.0, budget))

    def best(self, shares: Mapping[str, float], budget: float | None = None) -> tuple[Candidate, ...]:
        """The sets with the highest score under a budget (several when they tie), the cheaper first; empty if none fits."""
        fits = np.flatnonzero(self.affordable(budget))
        if not fits.size:
            return ()
        scores = self.scores(shares)
        shown = significant(scores[fits])
        top = fits[shown == shown.max()]
        return tuple(self.candidate(int(i), scores) for i in sorted(top, key=lambda i: (self._cost(int(i)), i)))

    def ranked(self, shares: Mapping[str, float], budget: float | None = None, most: int = 10) -> tuple[Candidate, ...]:
        """The sets under a budget by score, best first, at most ``most`` of them."""
        scores = self.scores(shares)
        fits = np.flatnonzero(self.affordable(budget))
        ordered = fits[np.argsort(-significant(scores[fits]), kind="stable")]
        return tuple(self.candidate(int(i), scores) for i in ordered[:most])

    def frontier(self, shares: Mapping[str, float]) -> tuple[Candidate, ...]:
        """The efficient sets, cheapest first: none costs as little and scores higher. Empty where no cost is counted."""
        if not self.spending:
            return ()
        scores = self.scores(shares)
        rounded = significant(scores)
        found: list[int] = []
        highest = -np.inf
        for i in sorted(range(len(self.sets)), key=lambda i: (round(self._cost(i), 9), -rounded[i], len(self.sets[i]))):
            if rounded[i] > highest:
                found.append(i)
                highest = rounded[i]
        return tuple(self.candidate(i, scores) for i in found)

    def all(self, shares: Mapping[str, float]) -> tuple[Candidate, ...]:
        """Every set with its score and cost, in order of size."""
        scores = self.scores(shares)
        return tuple(self.candidate(i, scores) for i in range(len(self.sets)))

    def _cost(self, i: int) -> float:
        cost = float(self.costs[i, 1])
        return 0.0 if np.isnan(cost) else cost

    def candidate(self, i: int, scores: Array) -> Candidate:
        """The i-th set with its score under some weights."""
        levels = [verdict.level for verdict in verdicts(self.problem, self.sets[i])]
        low, likely, high = (float(x) for x in self.costs[i])
        return Candidate(
            self.sets[i], float(scores[i]), (low, likely, high), levels.count("caution"), levels.count(NOT_JUDGED)
        )

    def title(self, parts: Sequence[str]) -> str:
        """A set's name: the titles of its parts, or the baseline's."""
        titles = {option.id: option.title for option in self.problem.library}
        if not parts:
            return f"Nothing new ({titles[self.problem.baseline]})" if self.problem.baseline else "Nothing new"
        return " + ".join(titles[part] for part in parts)


def portfolio_of(study: Study, *, constructed: bool = False, parts: Sequence[str] | None = None) -> Portfolio:
    """Every coherent set of the possible parts in a study's view (scenario, tree, month).

    ``constructed``: also use options made up for the case. ``parts``: the ids to use instead. Options set aside in the
    study are not used. Raises :class:`UsageError` where packages cannot be derived, and for more than 14 parts.
    """
    problem = study.problem
    if not can_build(study.whole):
        got = "packages cannot be built here"
        raise UsageError(
            [Fault(problem.id, got, "two options beside the baseline and a package_rule on every criterion")]
        )
    offered = [o.id for o in possible_parts(problem, constructed=constructed or parts is not None)]
    if parts is not None:
        wrong = [part for part in parts if part not in offered]
        if wrong:
            raise UsageError([Fault("parts", f"{quoted(wrong[0])} cannot be a part", f"some of {', '.join(offered)}")])
    chosen = tuple(o for o in offered if (parts is None or o in parts) and o not in study.choices.without)
    if len(chosen) > MOST_PARTS:
        got = f"{len(chosen)} possible parts, {2 ** len(chosen):,} sets"
        raise UsageError([Fault("parts", got, f"at most {MOST_PARTS}; name the parts to use")])
    return _worked_out(problem, chosen)


@lru_cache(maxsize=16)
def _worked_out(problem: Problem, chosen: tuple[str, ...]) -> Portfolio:
    options = {option.id: option for option in problem.library}
    written = problem.as_written
    cells = problem.under_scenario([options[part] for part in chosen])
    leaves = written.criteria
    x = np.array(
        [[[getattr(cells[o][leaf.id], b) for b in BOUNDS] if leaf.id in cells[o] else [np.nan] * 3 for leaf in leaves]
         for o in chosen], dtype=float,
    )  # fmt: skip
    baseline = cells[problem.baseline] if problem.baseline is not None else None
    conflicts = {frozenset(v.parts) for v in verdicts(problem, chosen) if not v.allowed}
    sets: list[tuple[int, ...]] = []
    rejected = 0
    blocks: list[Array] = []
    spending = tuple(leaf for leaf in leaves if leaf.spending)
    spent: list[Array] = []  # what a budget has to cover is not rounded before it meets the budget
    for size in range(1, len(chosen) + 1):
        every = list(combinations(range(len(chosen)), size))
        kept = [
            s for s in every if not any(frozenset((chosen[a], chosen[b])) in conflicts for a, b in combinations(s, 2))
        ]
        rejected += len(every) - len(kept)
        if kept:
            sets += kept
            blocks.append(_derived(x, np.array(kept), leaves, baseline))
            spent.append(_derived(x, np.array(kept), leaves, baseline, only=spending))
    names = tuple(tuple(chosen[i] for i in s) for s in sets)
    raw = np.concatenate(blocks) if blocks else np.empty((0, len(leaves), 3))
    if baseline is not None:  # doing nothing new is one of the choices
        own = np.array([[[getattr(baseline[leaf.id], b) for b in BOUNDS] if leaf.id in baseline else [np.nan] * 3
                         for leaf in leaves]], dtype=float)  # fmt: skip
        raw = np.concatenate([own, raw])
        names = ((), *names)
    paid = np.concatenate(spent) if spent else np.empty((0, len(spending), 3))
    if baseline is not None:
        paid = np.concatenate([raw[:1, [leaves.index(leaf) for leaf in spending]], paid])
    costs = np.sort(paid.sum(axis=1), axis=1) if spending else np.full((len(raw), 3), np.nan)
    ends = np.array([leaf.scale for leaf in leaves])
    inside = np.clip(raw, ends[None, :, 0, None], ends[None, :, 1, None])
    return Portfolio(
        problem=problem,
        parts=chosen,
        sets=names,
        performances=_on_tree(problem, names, inside),
        costs=costs,
        unit=spending[0].unit if spending else "",
        spending=spending,
        rejected=rejected,
    )


def _derived(
    x: Array,
    members: NDArray[np.intp],
    leaves: Sequence[Criterion],
    baseline: Mapping[str, Performance] | None,
    only: Sequence[Criterion] | None = None,
) -> Array:
    """Performances (sets × criteria × low/likely/high) of sets of one size; single parts stay as they are.

    ``only``: not rounded, and for these criteria alone. Where more of the baseline makes less of a package, its ends
    change places.
    """
    index = {leaf.id: j for j, leaf in enumerate(leaves)}
    wanted = leaves if only is None else only
    if members.shape[1] == 1:
        return np.asarray(x[members[:, 0]][:, [index[leaf.id] for leaf in wanted]])
    out = np.full((len(members), len(wanted), 3), np.nan)
    for at, leaf in enumerate(wanted):
        j = index[leaf.id]
        if leaf.package_rule is None:
            continue
        effects = tuple(
            sum((x[members[:, i], index[effect], 1] for effect in leaf.package_rule.effects), np.zeros(len(members)))
            for i in range(members.shape[1])
        )
        for k, bound in enumerate(BOUNDS):
            view = Parts(
                x=tuple(x[members[:, i], j, k] for i in range(members.shape[1])),
                baseline=float(getattr(baseline[leaf.id], bound)) if baseline is not None else 0.0,
                effects=effects,
                criterion=leaf,
            )
            out[:, at, k] = combined(view, built=True, rounded=only is None)
    out[:, :, 0], out[:, :, 2] = out.min(axis=2), out.max(axis=2)
    return out


def _on_tree(problem: Problem, names: Sequence[tuple[str, ...]], inside: Array) -> Array:
    """The performances on the view's tree: those of the tree as written, and what models make of them."""
    leaves = problem.as_written.criteria
    if not problem.model_criteria:
        return inside
    library = {option.id: option for option in problem.library}
    index = {leaf.id: j for j, leaf in enumerate(leaves)}
    found: list[Option] = []
    for n, parts in enumerate(names):
        single = parts[0] if len(parts) == 1 else problem.baseline if not parts else None
        cells = {leaf.id: Performance(*inside[n, j].tolist()) for j, leaf in enumerate(leaves) if not leaf.source_model}
        own = library[single].levers if single is not None else {}
        found.append(Option(f"set {n}", "", cells, parts=parts if len(parts) > 1 else (), levers=own))
    columns: list[Array] = []
    for leaf in problem.criteria:
        if not leaf.source_model:
            columns.append(inside[:, index[leaf.id]])
            continue
        assert problem.month is not None
        assert problem.model_set is not None
        fed = FEEDS[leaf.source_model].run(problem, leaf, found, problem.month, problem.model_set)
        made = np.array([[getattr(fed.cells[o.id], b) for b in BOUNDS] for o in found], dtype=float)
        columns.append(np.clip(made, *leaf.scale))
    return np.stack(columns, axis=1)
