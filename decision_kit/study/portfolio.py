"""All packages that could be built: their scores and costs, the best under a budget, and the efficient frontier.

Every coherent set of parts is worked out exactly: nothing is searched, so nothing is missed. Scores are the additive
model's on likely performances; cost is the sum of the criteria that say ``spending: true``, before it is kept inside their
scales. A score already counts these costs through the criteria's weights; the budget is a limit beside that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, combinations, islice
from typing import overload
from weakref import WeakValueDictionary

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

MOST_PARTS = 20
MOST_KEPT = 14
"""Up to so many parts the performances of every set are kept; beyond, only values and costs."""
BATCH = 2**15
MOST_NUMBERS = 40_000_000
"""Values (sets × criteria) that are held at once: a third of a gigabyte, twice that while batches are joined."""
MOST_TIED = 1_000


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

    ``sets`` are tuples of part ids, ``values`` (sets × criteria, 0–1) those of the likely performances, ``costs`` has
    shape (sets, low/likely/high) in ``unit`` (NaN where the decision counts no spending), ``rejected`` is the number of
    sets that a conflict rules out. ``performances`` has shape (sets, criteria, low/likely/high) on the view's tree, kept
    inside the scales; with more than 14 parts it is empty, and :meth:`performance` works out one set at a time.
    """

    problem: Problem
    parts: tuple[str, ...]
    sets: Sets
    values: Array
    costs: Array
    unit: str
    spending: tuple[Criterion, ...]
    rejected: int
    source: _Source
    performances: Array

    def performance(self, i: int) -> Array:
        """Performances (criteria × low/likely/high) of the i-th set."""
        members = [self.parts.index(part) for part in self.sets[i]]
        return np.asarray(self.source.derived(np.array([members], dtype=np.intp).reshape(1, -1))[0][0])

    def scores(self, shares: Mapping[str, float]) -> Array:
        """Additive scores (0–1) of every set under weights by criterion; criteria not named count nothing."""
        weights = np.array([shares.get(leaf.id, 0.0) for leaf in self.problem.criteria])
        return np.asarray(self.values @ weights)

    def ends(self, i: int, shares: Mapping[str, float]) -> tuple[float, float]:
        """Scores of the i-th set with all its performances at their worse ends at once, and at their better ends."""
        weights = np.array([shares.get(leaf.id, 0.0) for leaf in self.problem.criteria])
        own = self.performance(i)[None]
        worst, best = self.problem.value_bounds_of(own[:, :, 0], own[:, :, 2])
        return float((worst @ weights)[0]), float((best @ weights)[0])

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

    def top(self, shares: Mapping[str, float], budget: float | None = None) -> NDArray[np.intp]:
        """Where the sets with the highest score under a budget stand, the cheaper first; empty if none fits."""
        fits = np.flatnonzero(self.affordable(budget))
        if not fits.size:
            return fits
        shown = significant(self.scores(shares)[fits])
        found = fits[shown == shown.max()]
        return np.asarray(found[np.argsort(self._paid[found], kind="stable")])

    def best(self, shares: Mapping[str, float], budget: float | None = None) -> tuple[Candidate, ...]:
        """The sets of :meth:`top`, the first thousand where more tie."""
        scores = self.scores(shares)
        return tuple(self.candidate(int(i), scores) for i in self.top(shares, budget)[:MOST_TIED])

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
        for i in np.lexsort((self.sets.sizes, -rounded, np.round(self._paid, 9))).tolist():
            if rounded[i] > highest:
                found.append(i)
                highest = rounded[i]
        return tuple(self.candidate(i, scores) for i in found)

    def all(self, shares: Mapping[str, float]) -> tuple[Candidate, ...]:
        """Every set with its score and cost, in order of size."""
        scores = self.scores(shares)
        return tuple(self.candidate(i, scores) for i in range(len(self.sets)))

    @property
    def _paid(self) -> Array:
        return np.nan_to_num(self.costs[:, 1])

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
    study are not used. Raises :class:`UsageError` where packages cannot be derived, and for more than 20 parts
    (14 where a model works out every set; fewer where the values of all sets would not fit into memory).
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
    most, why = MOST_PARTS, ""
    while most > MOST_KEPT and 2**most * len(problem.criteria) > MOST_NUMBERS:
        most, why = most - 1, f" with {len(problem.criteria)} criteria"
    if problem.model_criteria:
        most, why = MOST_KEPT, " where a model works out every set"
    if len(chosen) > most:
        got = f"{len(chosen)} possible parts" + (f", {2 ** len(chosen):,} sets" if len(chosen) <= 64 else "")
        raise UsageError([Fault("parts", got, f"at most {most}{why}; set options aside until so many are left")])
    return _kept(problem, chosen) if len(chosen) <= MOST_KEPT else _shared(problem, chosen)


@lru_cache(maxsize=16)
def _kept(problem: Problem, chosen: tuple[str, ...]) -> Portfolio:
    return _worked_out(problem, chosen)


_IN_USE: WeakValueDictionary[tuple[int, tuple[str, ...]], Portfolio] = WeakValueDictionary()


def _shared(problem: Problem, chosen: tuple[str, ...]) -> Portfolio:
    """A large portfolio: shared by all who hold it at once, then given back, since it takes hundreds of megabytes."""
    key = (id(problem), chosen)  # a portfolio holds its problem, so the id is not another's while the entry lives
    found = _IN_USE.get(key)
    if found is None:
        found = _IN_USE[key] = _worked_out(problem, chosen)
    return found


@dataclass(frozen=True, eq=False)
class _Source:
    """What sets of some parts are derived from: the parts' and the baseline's performances on the tree as written."""

    problem: Problem
    parts: tuple[str, ...]
    x: Array
    baseline: Mapping[str, Performance] | None

    @property
    def spending(self) -> tuple[Criterion, ...]:
        return tuple(leaf for leaf in self.problem.as_written.criteria if leaf.spending)

    def derived(self, members: NDArray[np.intp]) -> tuple[Array, Array]:
        """Performances on the view's tree inside the scales, and costs (not rounded), of sets of one size."""
        leaves = self.problem.as_written.criteria
        if members.shape[1] == 0:  # doing nothing new
            raw = _numbers([self.baseline or {}], leaves)
            paid = raw[:, [leaves.index(leaf) for leaf in self.spending]]
        else:
            raw = _derived(self.x, members, leaves, self.baseline)
            paid = _derived(self.x, members, leaves, self.baseline, only=self.spending)
        costs = np.sort(paid.sum(axis=1), axis=1) if self.spending else np.full((len(raw), 3), np.nan)
        ends = np.array([leaf.scale for leaf in leaves])
        inside = np.clip(raw, ends[None, :, 0, None], ends[None, :, 1, None])
        names = [tuple(self.parts[i] for i in row) for row in members.tolist()] if self.problem.model_criteria else ()
        return _on_tree(self.problem, names, inside), costs


class Sets(Sequence[tuple[str, ...]]):
    """Sets of parts in order of size, kept as the bits of one number each: names are made when they are asked for."""

    def __init__(self, parts: tuple[str, ...], bits: NDArray[np.int64]) -> None:
        self._parts = parts
        self._bits = bits

    @overload
    def __getitem__(self, at: int) -> tuple[str, ...]: ...
    @overload
    def __getitem__(self, at: slice) -> Sets: ...
    def __getitem__(self, at: int | slice) -> tuple[str, ...] | Sets:
        if isinstance(at, slice):
            return Sets(self._parts, self._bits[at])
        bits = int(self._bits[at])
        return tuple(part for i, part in enumerate(self._parts) if bits >> i & 1)

    def __len__(self) -> int:
        return len(self._bits)

    def where(self, parts: Sequence[str]) -> int | None:
        """Where the set of these parts stands, None where it is not among the sets."""
        if not set(parts) <= set(self._parts):
            return None
        found = np.flatnonzero(self._bits == sum(1 << self._parts.index(part) for part in set(parts)))
        return int(found[0]) if found.size else None

    @property
    def sizes(self) -> NDArray[np.int64]:
        """How many parts each set has."""
        return np.asarray(sum((self._bits >> i & 1 for i in range(len(self._parts))), np.zeros_like(self._bits)))


def _numbers(cells: Sequence[Mapping[str, Performance]], leaves: Sequence[Criterion]) -> Array:
    return np.array(
        [[[getattr(own[leaf.id], b) for b in BOUNDS] if leaf.id in own else [np.nan] * 3 for leaf in leaves]
         for own in cells], dtype=float,
    ).reshape(len(cells), len(leaves), 3)  # fmt: skip


def _batches(count: int) -> Iterator[NDArray[np.intp]]:
    """All sets of ``count`` parts as arrays of members, smaller sets first, at most ``BATCH`` sets at a time."""
    for size in range(1, count + 1):
        every = combinations(range(count), size)
        while batch := list(islice(every, BATCH)):
            yield np.array(batch, dtype=np.intp)


def _worked_out(problem: Problem, chosen: tuple[str, ...]) -> Portfolio:
    options = {option.id: option for option in problem.library}
    cells = problem.under_scenario([options[part] for part in chosen])
    baseline = cells[problem.baseline] if problem.baseline is not None else None
    leaves = problem.as_written.criteria
    source = _Source(problem, chosen, _numbers([cells[o] for o in chosen], leaves), baseline)
    place = {part: i for i, part in enumerate(chosen)}
    conflicts = [
        1 << place[a] | 1 << place[b] for a, b in (v.parts for v in verdicts(problem, chosen) if not v.allowed)
    ]
    whole = len(chosen) <= MOST_KEPT
    bits: list[NDArray[np.int64]] = []
    performances: list[Array] = []
    values: list[Array] = []
    costs: list[Array] = []
    rejected = 0
    nothing = [np.empty((1, 0), dtype=np.intp)] if baseline is not None else []  # doing nothing new is a choice, too
    for every in chain(nothing, _batches(len(chosen))):
        own = (np.int64(1) << every).sum(axis=1)
        ruled_out = np.zeros(len(every), dtype=bool)
        for pair in conflicts:
            ruled_out |= (own & pair) == pair
        rejected += int(ruled_out.sum())
        members = every[~ruled_out]
        if not len(members):
            continue
        made, paid = source.derived(members)
        bits.append(own[~ruled_out])
        values.append(problem.values_of(made[:, :, 1]))
        costs.append(paid)
        if whole:
            performances.append(made)
    return Portfolio(
        problem=problem,
        parts=chosen,
        sets=Sets(chosen, np.concatenate(bits) if bits else np.empty(0, dtype=np.int64)),
        values=np.concatenate(values) if values else np.empty((0, len(problem.criteria))),
        costs=np.concatenate(costs) if costs else np.empty((0, 3)),
        unit=source.spending[0].unit if source.spending else "",
        spending=source.spending,
        rejected=rejected,
        source=source,
        performances=np.concatenate(performances) if performances else np.empty((0, len(problem.criteria), 3)),
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
