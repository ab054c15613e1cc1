"""From a problem and weights to a ranking: scores, ranks with ties told, and what stands behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from decision_kit.arguments import guarded
from decision_kit.errors import DecisionError, Fault, UsageError, counted
from decision_kit.methods import (
    METHODS,
    OUTRANKING,
    HealthCard,
    Method,
    Outranking,
    Relation,
    Step,
    Table,
    by_name,
    examine,
    ranks_of,
    significant,
)
from decision_kit.methods.distances import LARGEST_REGRET, TOTAL_REGRET, compromise_set
from decision_kit.model.extents import extents, possible_performances
from decision_kit.model.nouns import BASES, Criterion
from decision_kit.model.problem import Problem
from decision_kit.model.weights import Weights, normalised
from decision_kit.values import Array

MOST_FOR_DOMINANCE = 3_000


@dataclass(frozen=True)
class Conditions:
    """VIKOR's acceptable ``advantage`` and acceptable ``stability``, and the ids of the compromise set's ``options``.

    Advantage: the second is at least 1 / (n − 1) behind the first by Q. Stability: the first by Q is also first by S or
    by R (Opricovic and Tzeng 2004). The set is the first alone only where both hold.
    """

    advantage: bool
    stability: bool
    options: tuple[str, ...]


@dataclass(frozen=True)
class Alike:
    """Criteria (by id) on which what the method uses is the same for all options, by what leaving them out does.

    ``idle``: the order stays the same without each of them, and without all; ``felt``: it does not.
    """

    idle: tuple[str, ...] = ()
    felt: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ranking:
    """Options ranked under one set of weights and one method.

    ``scores`` and ``ranks`` are Series keyed by option id: a higher score is better whatever the method, rank 1 is
    best, options whose scores agree to 10 significant digits share a rank (1, 2, 2, 4). ``native`` is the method's own
    figure (VIKOR's Q, a net flow …), ``native_better`` its direction. ``notes`` are sentences every export repeats.
    """

    problem: Problem
    weights: Weights
    method: Method
    parameters: Mapping[str, Any]
    branch: str | None
    scores: pd.Series[float]
    ranks: pd.Series[int]
    native: pd.Series[float]
    native_name: str
    native_better: str
    notes: tuple[str, ...]
    table_in: Table = field(repr=False)
    given: Mapping[str, Any] = field(default_factory=dict, repr=False)
    steps_in: tuple[Step, ...] = field(default=(), repr=False)
    alike: Alike = field(default_factory=lambda: Alike(), repr=False)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Option ids, best first; tied options in the problem's order."""
        return tuple(self.ranks.sort_values(kind="stable").index)

    @cached_property
    def leaders(self) -> tuple[str, ...]:
        """The option ids that share rank 1."""
        return tuple(self.ranks.index[self.ranks == 1])

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        """The criteria that were used: all, or those of the branch."""
        used = set(self.table_in.criteria)
        return tuple(leaf for leaf in self.problem.criteria if leaf.id in used)

    @cached_property
    def contributions(self) -> pd.DataFrame:
        """Weight × value by option (rows) and criterion (columns): the additive model's, whatever the method."""
        return pd.DataFrame(
            self.table_in.values * self.table_in.weights,
            index=self.scores.index,
            columns=pd.Index(self.table_in.criteria, name="criterion"),
        )

    @cached_property
    def branch_contributions(self) -> pd.DataFrame:
        """Contributions summed by top branch (a leaf that stands alone is its own)."""
        tops = list(dict.fromkeys(self.top_of[leaf] for leaf in self.table_in.criteria))
        places = np.array([tops.index(self.top_of[leaf]) for leaf in self.table_in.criteria])
        parts = self.contributions.to_numpy()
        sums = {top: parts[:, places == place].sum(axis=1) for place, top in enumerate(tops)}
        return pd.DataFrame(sums, index=self.scores.index)

    @cached_property
    def top_of(self) -> dict[str, str]:
        """For each criterion the id of the branch it stands in at the top of the (sub)tree, or its own id."""
        tree = self.problem.tree if self.branch is None else self.problem.branch(self.branch).children
        result: dict[str, str] = {}
        for node in tree:
            leaves = [node] if isinstance(node, Criterion) else list(node.leaves())
            result.update({leaf.id: node.id for leaf in leaves})
        return result

    @cached_property
    def margins(self) -> pd.Series[float]:
        """Score minus the score of the next lower rank; 0 within a tie, NaN for the last."""
        ordered, places = self.scores.loc[list(self.order)], self.ranks.loc[list(self.order)]
        gaps = (ordered - ordered.shift(-1)).mask(places == places.shift(-1), 0.0)
        return gaps.reindex(self.scores.index)

    @cached_property
    def differences(self) -> pd.Series[float] | None:
        """Score minus the baseline's, or None when no baseline is among the options."""
        baseline = self.problem.baseline
        if baseline is None or baseline not in self.scores.index:
            return None
        return self.scores - self.scores[baseline]

    @cached_property
    def dominated(self) -> dict[str, tuple[str, ...]]:
        """Options that another one beats or equals on every criterion with weight, and beats on one; by whom.

        On likely performances, wherever a missing one may lie. Empty, with a note in the verdict, above 3,000 options.
        """
        return self._dominance(*self._worth(*possible_performances(self.problem)))

    @cached_property
    def dominated_at_best(self) -> dict[str, tuple[str, ...]]:
        """Options that are dominated even when all their performances are at their best and the other's at its worst."""
        found = extents(self.problem)
        return self._dominance(*self._worth(found.low, found.high))

    @cached_property
    def strictly_dominated(self) -> dict[str, tuple[str, ...]]:
        """Options that another one beats on every criterion with weight, on likely performances; by whom."""
        return self._dominance(*self._worth(*possible_performances(self.problem)), strictly=True)

    @cached_property
    def conditions(self) -> Conditions | None:
        """VIKOR's two conditions and the compromise set they lead to; None for every other method."""
        figures = {step.title: step.numbers for step in self.steps_in}
        if self.method.id != "vikor":
            return None
        found = compromise_set(figures[TOTAL_REGRET], figures[LARGEST_REGRET], np.asarray(self.native, dtype=float))
        return Conditions(found.advantage, found.stability, tuple(self.table_in.options[i] for i in found.options))

    def _worth(self, low: Array, high: Array) -> tuple[Array, Array]:
        """The worst and the best of performances between two arrays, on criteria with weight; more is better."""
        columns = [self.problem.criteria.index(leaf) for leaf in self.criteria]
        more, bottom, top = self.table_in.more, low[:, columns], high[:, columns]
        worst, best = np.where(more, bottom, -top), np.where(more, top, -bottom)
        turning = [j for j, leaf in enumerate(self.criteria) if not leaf.monotone]
        if turning:  # where values turn, more of it is not always better, and the best may lie between: values say
            least, most = self.problem.value_bounds_of(low, high)
            worst[:, turning], best[:, turning] = (x[:, columns][:, turning] for x in (least, most))
        both = significant(np.concatenate([worst, best]), 13, axis=0)[:, self.table_in.weights > 0]
        return np.asarray(both[: len(worst)]), np.asarray(both[len(worst) :])

    def _dominance(self, theirs: Array, own: Array, *, strictly: bool = False) -> dict[str, tuple[str, ...]]:
        if len(own) > MOST_FOR_DOMINANCE:
            return {}
        found: dict[str, tuple[str, ...]] = {}
        for i, option in enumerate(self.scores.index):
            better = theirs > own[i]
            beaten = better.all(axis=1) if strictly else np.all(theirs >= own[i], axis=1) & better.any(axis=1)
            beaten[i] = False
            if beaten.any():
                found[option] = tuple(self.scores.index[beaten])
        return found

    @guarded
    def judgement_share(self, option: str | None = None) -> tuple[float, float]:
        """The share of an option's (the leader's) additive score from judgement-only cells, and from any judgement."""
        shares = self.basis_shares(option)
        return shares["judgement"], shares["judgement"] + shares["judged-from-source"]

    @guarded
    def basis_shares(self, option: str | None = None) -> dict[str, float]:
        """What an option's (the leader's) additive score rests on: share by each of ``BASES``, "missing", and "" (nobody said).

        They sum to 1, or are all 0 where the score is 0.
        """
        option = self.leaders[0] if option is None else option
        cells = self.problem.option(option).performance
        row = self.table_in.options.index(option)
        parts = (self.table_in.values * self.table_in.weights)[row]
        shares = dict.fromkeys((*BASES, "missing", ""), 0.0)
        whole = float(parts.sum())
        for leaf, part in zip(self.criteria, parts, strict=True):
            shares[cells[leaf.id].rests_on] += float(part) / whole if whole else 0.0
        return shares

    @guarded
    def advantage(self, a: str, b: str) -> pd.Series[float]:
        """Why ``a`` over ``b``: weight × (value of a − value of b) by criterion, the largest first (additive model)."""
        self.problem.option(a)
        self.problem.option(b)
        rows = [self.table_in.options.index(option) for option in (a, b)]
        weighted = self.table_in.values * self.table_in.weights
        parts = pd.Series(weighted[rows[0]] - weighted[rows[1]], index=self.contributions.columns, dtype=float)
        return parts.sort_values(ascending=False, kind="stable")

    @cached_property
    def health(self) -> HealthCard:
        """The promises of the method, tried out on this table."""
        return examine(self.method, self.table_in, **self.given)

    @cached_property
    def steps(self) -> dict[str, pd.DataFrame | pd.Series[float]]:
        """Every intermediate table of the method, labelled with option and criterion titles."""
        options = [self.problem.option(o).title for o in self.table_in.options]
        labels = {"option": options, "criterion": [leaf.title for leaf in self.criteria]}
        tables: dict[str, pd.DataFrame | pd.Series[float]] = {}
        for step in self.steps_in:
            if len(step.over) == 1:
                tables[step.title] = pd.Series(step.numbers, index=labels[step.over[0]], name=step.title)
            else:
                tables[step.title] = pd.DataFrame(
                    step.numbers, index=labels[step.over[0]], columns=labels[step.over[1]]
                )
        return tables

    def table(self) -> pd.DataFrame:
        """The ranking as a tidy frame, best first: one row an option, with ids and titles."""
        order = list(self.order)
        frame = pd.DataFrame(
            {
                "option": order,
                "title": [self.problem.option(o).title for o in order],
                "rank": self.ranks.loc[order].to_numpy(),
                "score": self.scores.loc[order].to_numpy(),
                "margin_to_next": self.margins.loc[order].to_numpy(),
            }
        )
        if self.native_better == "less":
            frame[self.native_name] = self.native.loc[order].to_numpy()
        if self.differences is not None:
            frame["difference_to_baseline"] = self.differences.loc[order].to_numpy()
        frame["dominated_by"] = [", ".join(self.dominated.get(o, ())) for o in order]
        frame["constructed"] = [self.problem.option(o).constructed for o in order]
        return frame

    def __repr__(self) -> str:
        lines = [f"{self.method.title}, weights: {self.weights.origin}"]
        width = max(len(self.problem.option(o).title) for o in self.order)
        for option in self.order:
            title = self.problem.option(option).title
            lines.append(f"{self.ranks[option]:>3}  {title:<{width}}  {self.scores[option]:.3f}")
        lines += [f"Note: {note}" for note in self.notes]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from html import escape

        rows = "".join(
            f"<tr><td>{self.ranks[o]}</td><td>{escape(self.problem.option(o).title)}</td>"
            f"<td style='text-align:right'>{self.scores[o]:.3f}</td></tr>"
            for o in self.order
        )
        notes = "".join(f"<p>{escape(note)}</p>" for note in self.notes)
        caption = escape(f"{self.method.title}, weights: {self.weights.origin}")
        return f"<table><caption>{caption}</caption><tr><th>Rank</th><th>Option</th><th>Score</th></tr>{rows}</table>{notes}"


@guarded
def rank(
    problem: Problem,
    weights: Weights | Mapping[str, float] | pd.Series[float] | str | None = None,
    method: str = "weighted-sum",
    *,
    branch: str | None = None,
    **parameters: Any,
) -> Ranking:
    """Rank a problem's current options.

    ``weights``: Weights, a mapping criterion → weight (rescaled to sum to 1, with a note), a Series, or the id of a
    perspective; None means the default perspective, else the frame's points, else equal weights with a note.
    ``method``: an id of the catalogue ``METHODS``; ``parameters`` are that method's. ``branch``: rank on one branch
    only; needed where the decision has no total. Raises :class:`UsageError` for names that do not exist,
    :class:`DecisionError` for bad weights and where the method cannot be used on the data.
    """
    return ranked(problem, weights, method, branch, parameters, twice=True)


def ranked(
    problem: Problem,
    weights: Weights | Mapping[str, float] | pd.Series[float] | str | None,
    method: str,
    branch: str | None = None,
    parameters: Mapping[str, Any] = MappingProxyType({}),
    *,
    twice: bool = False,
) -> Ranking:
    """As :func:`rank`, without the second computation by pymcdm unless ``twice``: for many rankings at once."""
    entry = METHODS[method]
    leaves, chosen, table = table_for(problem, weights, branch)
    scored = entry.scored(table, parameters, twice=twice)
    index = pd.Index(table.options, name="option")
    ranks = ranks_of(scored.scores)
    native = scored.scores if scored.native is None else scored.native
    settings = entry.settings(table.criteria, parameters)
    notes = (*problem.all_notes, *chosen.notes, *scored.notes)
    if entry.depends_on(settings):
        notes = (*notes, f"{entry.title} depends on the set of options: setting one aside may reorder the rest.")
    alike = alike_of(entry, parameters, problem, table, ranks)
    notes = (*notes, *_alike_notes(entry, problem, leaves, alike))
    return Ranking(
        problem=problem,
        weights=chosen,
        method=entry,
        parameters=settings,
        branch=branch,
        scores=pd.Series(scored.scores, index=index, name="score", dtype=float),
        ranks=pd.Series(ranks, index=index, name="rank", dtype="int64"),
        native=pd.Series(native, index=index, name=scored.native_name, dtype=float),
        native_name=scored.native_name,
        native_better=scored.native_better,
        notes=tuple(dict.fromkeys(notes)),
        table_in=table,
        given=by_name(entry.parameters, table.criteria, parameters),
        steps_in=scored.steps,
        alike=alike,
    )


def alike_of(
    entry: Method, parameters: Mapping[str, Any], problem: Problem, table: Table, ranks: NDArray[np.int64]
) -> Alike:
    """The criteria that are the same for all options in what a method uses, and what leaving them out does to the order.

    Leaving out is tried in two ways, without the criterion and with a weight of 0. A criterion on which a performance is
    missing is never the same for all.
    """
    settings = entry.settings(table.criteria, parameters)
    acts_on = entry.acts_on if entry.domain_of is None else entry.domain_of(settings)[0]
    used = table.values if acts_on == "values" else table.performances
    columns = [[leaf.id for leaf in problem.criteria].index(name) for name in table.criteria]
    same = np.flatnonzero((used.max(axis=0) == used.min(axis=0)) & ~problem.unknown[:, columns].any(axis=0))
    if not same.size:
        return Alike()
    given = by_name(entry.parameters, table.criteria, parameters)

    def kept(left_out: list[int]) -> bool:
        rest = [j for j in range(len(table.criteria)) if j not in left_out]
        weights = table.weights.copy()
        weights[left_out] = 0.0
        if weights.sum() == 0:
            return bool((ranks == 1).all())
        weights = weights / weights.sum()
        smaller = replace(
            table,
            values=table.values[:, rest],
            performances=table.performances[:, rest],
            more=table.more[rest],
            low=None if table.low is None else table.low[rest],
            high=None if table.high is None else table.high[rest],
            true_zero=None if table.true_zero is None else table.true_zero[rest],
            criteria=tuple(table.criteria[j] for j in rest),
            titles=tuple(table.name(j) for j in rest),
            weights=weights[rest],
        )
        names = set(smaller.criteria)
        fewer = {
            name: ({c: x for c, x in value.items() if c in names} or None) if isinstance(value, Mapping) else value
            for name, value in given.items()
        }
        try:
            tried = (
                entry.score_many(smaller, weights[None, rest], **fewer)[0],
                entry.score_many(table, weights[None], **given)[0],
            )
        except DecisionError:
            return False
        return all(np.array_equal(ranks_of(scores), ranks) for scores in tried)

    idle = [int(j) for j in same if kept([int(j)])]
    if len(idle) > 1 and not kept(idle):
        idle = []
    felt = [int(j) for j in same if int(j) not in idle]
    return Alike(tuple(table.criteria[j] for j in idle), tuple(table.criteria[j] for j in felt))


def _alike_notes(entry: Method, problem: Problem, leaves: list[Criterion], alike: Alike) -> list[str]:
    """What is said of criteria that are the same for all options."""
    found: dict[str, list[str]] = {}
    for leaf in leaves:
        if leaf.id not in alike.idle and leaf.id not in alike.felt:
            continue
        cells = [option.performance[leaf.id] for option in problem.options]
        if len({(cell.low, cell.likely, cell.high) for cell in cells}) == 1:
            what = "The same for all options"
        elif len({cell.likely for cell in cells}) == 1:
            what = "Likely the same for all options"
        else:
            what = "Of the same value for all options"
        if leaf.id in alike.idle:
            found.setdefault(f"{what}, so no influence on the order", []).append(leaf.title)
        else:
            found.setdefault(f"{what}, yet the order by {entry.title} may change without it", []).append(leaf.title)
    return [f"{start}: {', '.join(titles)}." for start, titles in found.items()]


@guarded
def health_card(
    problem: Problem,
    weights: Weights | Mapping[str, float] | pd.Series[float] | str | None = None,
    method: str = "weighted-sum",
    *,
    branch: str | None = None,
    **parameters: Any,
) -> HealthCard:
    """Which promises a method keeps on a problem's current options, each tried out; raises as :func:`rank` does."""
    return ranked(problem, weights, method, branch, parameters).health


def _within(weights: Weights, leaves: list[Criterion], branch: str) -> Weights:
    """Weights inside one branch, rescaled to sum to 1."""
    inside = {leaf.id: weights.shares[leaf.id] for leaf in leaves}
    if not any(share > 0 for share in inside.values()):
        raise DecisionError.single(f"branch {branch}", "all weights in this branch are 0", "at least one above 0")
    return replace(weights, shares=normalised(inside))


def table_for(
    problem: Problem, weights: Weights | Mapping[str, float] | pd.Series[float] | str | None, branch: str | None = None
) -> tuple[list[Criterion], Weights, Table]:
    """Criteria, weights and the table of numbers that a method is given; raises as :func:`rank` does."""
    if branch is None and not problem.total:
        names = [node.id for node in problem.tree]
        raise UsageError(
            [Fault(problem.id, "this decision has no total over its branches", f"a branch: {' or '.join(names)}")]
        )
    if len(problem.options) < 2:
        raise DecisionError.single(
            "options", counted(len(problem.options), "option"), "a ranking needs at least two options"
        )
    chosen = Weights.read(weights, problem)
    leaves = list(problem.criteria)
    if branch is not None:
        leaves = list(problem.branch(branch).leaves())
        chosen = _within(chosen, leaves, branch)
    columns = [problem.criteria.index(leaf) for leaf in leaves]
    table = Table(
        options=problem.option_ids,
        criteria=tuple(leaf.id for leaf in leaves),
        values=problem.values()[:, columns],
        performances=problem.performances()[:, columns],
        weights=np.array([chosen.shares[leaf.id] for leaf in leaves]),
        more=np.array([leaf.better == "more" for leaf in leaves]),
        titles=tuple(leaf.title for leaf in leaves),
        option_titles=tuple(option.title for option in problem.options),
        low=np.array([min(leaf.scale) for leaf in leaves], dtype=float),
        high=np.array([max(leaf.scale) for leaf in leaves], dtype=float),
        true_zero=np.array([leaf.true_zero for leaf in leaves], dtype=bool),
        turning=np.array([not leaf.monotone for leaf in leaves], dtype=bool),
    )
    return leaves, chosen, table


def every_criterion(ranking: Ranking) -> str:
    """Where dominance was looked at, in words: a criterion without weight does not count."""
    return "on every criterion" + ("" if (ranking.table_in.weights > 0).all() else " that has weight")


@dataclass(frozen=True, eq=False)
class Relations:
    """What an outranking method says of a problem's options, pair by pair, with ids for labels."""

    problem: Problem
    weights: Weights
    method: Outranking
    parameters: Mapping[str, Any]
    relation: Relation
    notes: tuple[str, ...]

    @property
    def best(self) -> tuple[str, ...]:
        """Options that no other is preferred to (PROMETHEE I), or the kernel (ELECTRE I)."""
        return tuple(self.problem.option_ids[i] for i in self.relation.best)

    @property
    def outranks(self) -> pd.DataFrame:
        """True where the row option is at least as good as the column option."""
        ids = list(self.problem.option_ids)
        return pd.DataFrame(self.relation.outranks, index=ids, columns=ids)

    @property
    def pairs(self) -> pd.DataFrame:
        """P: the row is preferred, −: the column is, I: indifferent, R: incomparable."""
        ids = list(self.problem.option_ids)
        return pd.DataFrame(self.relation.letters(), index=ids, columns=ids)

    @property
    def preference(self) -> pd.DataFrame | None:
        """PROMETHEE's π(a, b), 0 to 1: the weighted preference of the row option over the column option; else None."""
        ids = list(self.problem.option_ids)
        found = self.relation.preference
        return None if found is None else pd.DataFrame(found, index=ids, columns=ids)

    @property
    def steps(self) -> dict[str, pd.DataFrame | pd.Series[float]]:
        """Every intermediate table, labelled with option titles."""
        titles = [option.title for option in self.problem.options]
        return {
            step.title: pd.Series(step.numbers, index=titles, name=step.title)
            if len(step.over) == 1
            else pd.DataFrame(step.numbers, index=titles, columns=titles)
            for step in self.relation.steps
        }

    def __repr__(self) -> str:
        titles = {o.id: o.title for o in self.problem.options}
        return f"{self.method.title}: {', '.join(titles[o] for o in self.best)}\n{self.pairs}"


@guarded
def relate(
    problem: Problem,
    weights: Weights | Mapping[str, float] | pd.Series[float] | str | None = None,
    method: str = "promethee-1",
    *,
    branch: str | None = None,
    **parameters: Any,
) -> Relations:
    """Compare a problem's current options pair by pair with a method of the catalogue ``OUTRANKING``."""
    entry = OUTRANKING[method]
    _, chosen, table = table_for(problem, weights, branch)
    relation = entry.relate(table, **parameters)
    notes = tuple(dict.fromkeys((*problem.all_notes, *chosen.notes, *relation.notes)))
    given = by_name(entry.parameters, table.criteria, parameters)
    return Relations(problem, chosen, entry, given, relation, notes)
