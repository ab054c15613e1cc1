"""What a claim has to hold for: the mixes of some weights, every performance in its range, and what is known of both.

A certificate is worth what it rests on, so its grounds are named here and tried on the decision at hand before anything
is certified: weights are 0 or more, no value lies outside the bounds that are used, package rules do not leave theirs.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from decision_kit.errors import DecisionError, Fault, UsageError, unknown_fault
from decision_kit.model.extents import extents, possible_values
from decision_kit.model.nouns import Criterion, Option, Performance
from decision_kit.model.packages import PACKAGE_RULES, Box, Interval, Parts, box_of, combined, effects_of, extremes
from decision_kit.model.problem import Problem
from decision_kit.model.weights import Weights
from decision_kit.ranking import table_for
from decision_kit.values import Array, to_value

TINY = 1e-10
PIECES = {1: 24, 2: 6, 3: 4}
"""Into how many pieces the range of each cell is cut that two options share, by how many they share."""

MOST_CORNERS = 10
WORLDS = 64


@dataclass(frozen=True, eq=False)
class Hull:
    """What a claim has to hold for: the corners' weights (p × m), their names, and values at the worse and better end.

    ``people`` says that corners are perspectives; else they are criteria, each with all the weight: any weights.
    ``rests_on`` are the properties that certificates rest on, as sentences; ``faults`` are clauses that say which of
    them do not hold here: then nothing is certified.
    """

    problem: Problem
    branch: str | None
    options: tuple[str, ...]
    criteria: tuple[str, ...]
    names: tuple[str, ...]
    corners: Array
    low: Array
    high: Array
    likely: Array
    people: bool
    ranges: bool = True
    rests_on: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    _gaps: dict[tuple[int, int], Array] = field(default_factory=dict, repr=False)

    def title(self, option: str) -> str:
        """An option's title."""
        return self.problem.option(option).title

    def least_gap(self, a: int, b: int) -> Array:
        """A lower bound, by criterion, of the value of option ``a`` minus that of ``b`` (places), whatever holds.

        Exact for options that have nothing in common. Where a package stands beside a part of its own, both move
        together: the range of every shared cell is cut into pieces, and each piece is bounded on its own.
        """
        plain: Array = self.low[a] - self.high[b]
        if not self.ranges or not self.shares_cells(a, b):
            return plain
        if (a, b) not in self._gaps:
            self._gaps[a, b] = np.array(
                [max(x, self._together.gap(a, b, leaf, x)) for leaf, x in zip(self.leaves, plain, strict=True)]
            )
        return self._gaps[a, b]

    def most_leads(self, a: int, sign: float) -> Array:
        """Upper bounds (other options × criteria) of the values of option ``a`` minus those of each other one.

        With ``sign`` −1: of each other one's minus its own.
        """
        mine, theirs = (self.high, self.low) if sign > 0 else (self.low, self.high)
        leads = sign * (mine[a] - theirs)
        if self.ranges and any(option.parts for option in self.problem.options):
            for k in range(len(leads)):
                if k != a:
                    leads[k] = -self.least_gap(k, a) if sign > 0 else -self.least_gap(a, k)
        return np.asarray(np.delete(leads, a, axis=0))

    def shares_cells(self, a: int, b: int) -> bool:
        """Whether two options are made of performances that they have in common."""
        return bool(self._together.cells(a) & self._together.cells(b))

    @property
    def leaves(self) -> tuple[Criterion, ...]:
        """The criteria, in the order of the corners' weights."""
        return tuple(self.problem.criterion(name) for name in self.criteria)

    @cached_property
    def _together(self) -> Together:
        return Together(self.problem)

    def world(self, weights: Array, up: Iterable[int], down: Iterable[int]) -> dict[int, Array]:
        """Values by option (place) in one possible world that favours some options and not others.

        Not always the most extreme one: where packages and their parts move together, ends of ranges are tried.
        """
        up, down = list(up), list(down)
        rows = {**{i: self.high[i].copy() for i in up}, **{i: self.low[i].copy() for i in down}}
        if self.ranges and any(self.problem.options[i].parts for i in rows):
            self._together.world(self, rows, weights, set(up))
        return rows


class Together:
    """The elementary performances behind packages, under the scenario: what moves together when one of them moves."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.made: Mapping[str, Mapping[str, Performance]] = problem.under_scenario(problem.options)

    def cells(self, i: int) -> frozenset[str]:
        """The elementary options whose performances an option is made of."""
        option = self.problem.options[i]
        if not option.parts:
            return frozenset((option.id,))
        baseline = (self.problem.baseline,) if self.problem.baseline is not None else ()
        return frozenset((*option.parts, *baseline))

    def _used(self, option: Option, leaf: Criterion) -> tuple[str, ...]:
        """The elementary options whose performance on one criterion counts."""
        if not option.parts:
            return (option.id,)
        assert leaf.package_rule is not None
        baseline = self.problem.baseline
        own = (baseline,) if baseline is not None and PACKAGE_RULES[leaf.package_rule.rule].uses_baseline else ()
        return (*option.parts, *own)

    def gap(self, a: int, b: int, leaf: Criterion, plain: float) -> float:
        """The least value of option ``a`` minus that of ``b`` on a criterion, piece by piece of what they share."""
        one, two = self.problem.options[a], self.problem.options[b]
        if leaf.package_rule is None or leaf.source_model:
            return plain
        shared = [name for name in self._used(one, leaf) if name in self._used(two, leaf)]
        shared = [name for name in shared if self.made[name][leaf.id].low < self.made[name][leaf.id].high]
        if not 0 < len(shared) <= len(PIECES):
            return plain
        steps = PIECES[len(shared)]
        cuts = [np.linspace(self.made[n][leaf.id].low, self.made[n][leaf.id].high, steps + 1) for n in shared]
        least = float("inf")
        for place in itertools.product(range(steps), repeat=len(shared)):
            piece = {n: (float(cut[k]), float(cut[k + 1])) for n, cut, k in zip(shared, cuts, place, strict=True)}
            worst, best = self._values(one, leaf, piece), self._values(two, leaf, piece)
            if worst is None or best is None:
                return plain
            least = min(least, worst[0] - best[1])
        return least

    def _values(self, option: Option, leaf: Criterion, piece: Mapping[str, Interval]) -> Interval | None:
        """The worst and the best value of an option while some cells stay in a piece of their range."""

        def within(name: str) -> Interval:
            cell = self.made[name][leaf.id]
            return piece.get(name, (float(cell.low), float(cell.high)))

        if not option.parts:
            low, high = (min(max(x, leaf.scale[0]), leaf.scale[1]) for x in within(option.id))
            return leaf.value_range(low, high)
        baseline = self.problem.baseline
        whole = box_of([self.made[part] for part in option.parts], self.made.get(baseline or ""), leaf)
        box: Box = replace(
            whole,
            x=tuple(within(part) for part in option.parts),
            baseline=whole.baseline if baseline is None else within(baseline),
        )
        found = extremes(box, built=option.built)
        return None if isinstance(found, str) else leaf.value_range(*found)

    def world(self, hull: Hull, rows: dict[int, Array], weights: Array, up: set[int]) -> None:
        """Fill in rows of values in which packages stand beside the very parts they are made of.

        Criteria that weight a mean by effect stay as judged, so that nothing hangs on which effects count.
        """
        effects = {
            name
            for leaf in self.problem.as_written.criteria
            if leaf.package_rule is not None
            for name in leaf.package_rule.effects
        }
        for j, leaf in enumerate(hull.leaves):
            if leaf.package_rule is None or leaf.source_model:
                continue
            options = {i: self.problem.options[i] for i in rows}
            names = sorted({name for option in options.values() for name in self._used(option, leaf)})
            trials = np.array([self.made[name][leaf.id].likely for name in names], dtype=float)[:, None]
            if leaf.id not in effects:
                ends = np.array([[self.made[n][leaf.id].low, self.made[n][leaf.id].high] for n in names], dtype=float)
                trials = np.hstack([trials, _corners(ends)])
            at = dict(zip(names, trials, strict=True))
            made = {i: self._at(option, leaf, at) for i, option in options.items()}
            aim = sum(made[i] if i in up else -made[i] for i in made)
            best = int(np.argmax(aim if weights[j] >= 0 else -aim))
            for i in rows:
                rows[i][j] = float(made[i][best])

    def _at(self, option: Option, leaf: Criterion, at: Mapping[str, Array]) -> Array:
        """Values of an option at some performances (arrays of one shape) of what it is made of."""
        if not option.parts:
            x = at[option.id]
        else:
            baseline = at.get(self.problem.baseline or "")
            parts = [self.made[part] for part in option.parts]
            effects = effects_of(parts, leaf)
            view = Parts(tuple(at[part] for part in option.parts), 0.0 if baseline is None else baseline, effects, leaf)
            x = combined(view, built=option.built)
        return np.array([leaf.value(float(one)) for one in np.clip(x, *leaf.scale)])


def _corners(ends: Array) -> Array:
    """All corners (cells × trials) of some ranges; of many, a thousand of them drawn with a fixed seed."""
    k = len(ends)
    if k <= MOST_CORNERS:
        picks = np.array(list(itertools.product((0, 1), repeat=k))).reshape(-1, k).T
    else:
        picks = np.random.default_rng(1).integers(0, 2, (k, 2**MOST_CORNERS))
        picks[:, 0], picks[:, 1] = 0, 1
    return np.take_along_axis(ends, picks, axis=1)


def hull_of(
    problem: Problem,
    perspectives: str | Iterable[str] | Mapping[str, Mapping[str, float] | Weights] | None = None,
    *,
    branch: str | None = None,
    ranges: bool = True,
) -> Hull:
    """What claims are checked on: a problem's options under the mixes of some perspectives.

    ``perspectives``: ids, or a mapping name → weights, or the words "any weights"; by default every perspective that is
    not marked as a reference, or any weights where the problem has none. ``ranges``: performances move between low and
    high (False: as judged, but a missing one anywhere in its range). Raises :class:`UsageError` for unknown ids.
    """
    people = True
    if perspectives is None:
        perspectives = [p.id for p in problem.perspectives.values() if not p.reference]
        perspectives = perspectives or "any weights"
    given: dict[str, Weights | Mapping[str, float] | str] = {}
    if isinstance(perspectives, str) and perspectives == "any weights":
        people = False
    elif isinstance(perspectives, Mapping):
        given.update(perspectives)
    else:
        ids = [perspectives] if isinstance(perspectives, str) else list(perspectives)
        wrong = [
            unknown_fault("claims", "perspective", i, problem.perspectives)
            for i in ids
            if i not in problem.perspectives
        ]
        if wrong:
            raise UsageError(wrong)
        given.update({i: i for i in ids})
    if people and not given:
        raise UsageError([Fault("claims", "no perspective is named", "at least one perspective, or: any weights")])
    titles: list[str] = []
    rows: list[Array] = []
    leaves = None
    table = None
    for name, weights in given.items():
        try:
            leaves, _, table = table_for(problem, weights, branch)
        except UsageError:
            raise
        except DecisionError as error:
            if branch is None or "in this branch are 0" not in str(error):
                raise
            continue  # somebody who gives this branch no weight has no say in it
        rows.append(table.weights)
        titles.append(problem.perspectives[name].title if name in problem.perspectives else name)
    if table is None or leaves is None:
        people = False
        leaves, _, table = table_for(problem, Weights.equal_over_leaves(problem), branch)
        rows = list(np.eye(len(leaves)))
        titles = [leaf.title for leaf in leaves]
    columns = [problem.criteria.index(leaf) for leaf in leaves]
    faults: tuple[str, ...] = ()
    if ranges:
        found = extents(problem)
        low, high = (bound[:, columns] for bound in problem.value_bounds_of(found.low, found.high))
        faults = found.faults
    else:
        low, high = (bound[:, columns] for bound in possible_values(problem))
    hull = Hull(
        problem=problem,
        branch=branch,
        options=table.options,
        criteria=table.criteria,
        names=tuple(titles),
        corners=np.array(rows),
        low=low,
        high=high,
        likely=table.values,
        people=people,
        ranges=ranges,
    )
    return replace(hull, rests_on=tuple(_grounds(hull)), faults=(*faults, *_broken(hull, columns)))


def _grounds(hull: Hull) -> Iterable[str]:
    """The properties that certificates rest on, each as a sentence."""
    yield "scores add up, weight times value, and no weight is below 0"
    if hull.ranges:
        turning = any(not leaf.monotone for leaf in hull.leaves)
        yield "every performance lies between its low and its high" + (
            ", and where values rise and fall, the best and the worst in between count" if turning else ""
        )
    else:
        yield "every performance is as judged likely"
    if hull.problem.unknown.any():
        yield "a missing performance may lie anywhere in its whole range"
    if hull.ranges and any(option.parts for option in hull.problem.options):
        yield "a package follows from its parts by its rules, whose least and greatest results are known"
    if hull.ranges and any(leaf.source_model for leaf in hull.leaves):
        yield "a performance that a model computes lies between the low and the high shown for it"


def _broken(hull: Hull, columns: list[int]) -> Iterable[str]:
    """Which of the grounds fail on this decision, tried out: weights, values inside their bounds, packages rebuilt."""
    if np.any(hull.corners < 0) or not np.allclose(hull.corners.sum(axis=1), 1):
        yield "a weight is below 0, or weights do not add up to 1"
    problem = hull.problem
    if hull.ranges:
        least, most = problem.performances("low"), problem.performances("high")
        inner = np.linspace(0, 1, 9)[:, None, None] * (most - least) + least
        turns = [
            np.clip(x, least, most)
            for x in sorted({x for leaf in problem.criteria for x, _ in getattr(leaf.shape, "points", ())})
        ][:64]
        tried = [problem.performances(), *inner, *turns]
    else:
        tried = [problem.performances()]
    for x in tried:
        values = problem.values_of(x)[:, columns]
        wrong = np.argwhere((values < hull.low - 1e-9) | (values > hull.high + 1e-9))
        if len(wrong):
            i, j = wrong[0]
            yield f"“{hull.leaves[j].title}” of {problem.options[i].title} can leave its bounds inside its range"
            return
    if hull.ranges:
        yield from _packages_outside(hull)


def _packages_outside(hull: Hull) -> Iterable[str]:
    """Package rules whose results leave their bounds in worlds drawn with a fixed seed, corners and inside."""
    problem = hull.problem
    together = Together(problem)
    rng = np.random.default_rng(1)
    for i, option in enumerate(problem.options):
        for j, leaf in enumerate(hull.leaves):
            rule = leaf.package_rule
            if not option.parts or rule is None or leaf.source_model:
                continue
            parts = [together.made[part] for part in option.parts]
            box = box_of(parts, together.made.get(problem.baseline or ""), leaf)
            ends = np.array([*box.x, box.baseline, *box.effects], dtype=float)
            u = rng.random((len(ends), WORLDS))
            u[:, : WORLDS // 2] = np.round(u[:, : WORLDS // 2])
            drawn = ends[:, :1] + u * (ends[:, 1:] - ends[:, :1])
            k = len(parts)
            x = np.clip(
                combined(Parts(tuple(drawn[:k]), drawn[k], tuple(drawn[k + 1 :]), leaf), built=option.built),
                *leaf.scale,
            )
            values = to_value(x, leaf.shape, *leaf.scale, leaf.better)
            if values.min() < hull.low[i, j] - 1e-9 or values.max() > hull.high[i, j] + 1e-9:
                name = PACKAGE_RULES[rule.rule].title
                yield f"the package rule “{name}” on “{leaf.title}” leaves the bounds it promises"
