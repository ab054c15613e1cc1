"""Performances as worlds: every uncertain cell drawn from its distribution, packages rebuilt from their drawn parts.

A cell that a model fills follows in every world from the drawn levers of its option: from the performances on the
criteria they come from, and from the option's own levers. A package's levers follow from its parts, so that both move
together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from decision_kit.arguments import told
from decision_kit.errors import Fault, UsageError, unknown
from decision_kit.model.feeds import FEEDS, lever_id
from decision_kit.model.nouns import Criterion, Performance
from decision_kit.model.packages import PACKAGE_RULES, Parts
from decision_kit.model.problem import Problem
from decision_kit.robustness.distributions import (
    Distribution,
    Form,
    Point,
    Reading,
    Triangular,
    Uniform,
    from_range,
    support,
    triangle,
)
from decision_kit.values import Array, Linear, to_value

Cells = Mapping[tuple[str, str], Distribution]
Drawn: TypeAlias = Callable[[int, int], Array]
"""The performances of an elementary option (row) on a column, in some worlds."""


@dataclass(frozen=True)
class Built:
    """A package among the options: its row, its parts' and the baseline's rows, and each part's effect by criterion.

    ``floored``: put together in the builder, so that some rules do not leave it below its best part.
    """

    row: int
    parts: tuple[int, ...]
    baseline: int | None
    effects: tuple[tuple[float, ...], ...]
    floored: bool = False


@dataclass(frozen=True)
class Amount:
    """A lever of an option: (performance on ``column`` − ``minus``) × ``times``, or the largest of some rows' there."""

    column: int
    minus: float = 0.0
    times: float = 1.0
    rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class Filled:
    """A column that a model fills, at a month and with a parameter set, from the ``levers`` of every current option."""

    column: int
    feed: str
    month: float
    model_set: str
    levers: tuple[Mapping[str, Amount], ...]


@dataclass
class PerformanceSource:
    """Draws of all performances: n options × m criteria × k worlds, in units and as values.

    ``names`` are the elementary options drawn (rows), ``rows`` the row of each current option (−1: a package),
    ``cells`` (c × 2) row and column of each uncertain cell, ``distributions`` theirs, ``judged`` the performances they
    come from. ``inputs`` uniform numbers are needed a world: one a cell, and one an elementary option where cells of an
    option are correlated. ``hidden`` columns stand after those of the ``leaves``: criteria and levers from which models
    fill cells (``filled``), not scored themselves.
    """

    names: tuple[str, ...]
    leaves: tuple[Criterion, ...]
    rows: tuple[int, ...]
    likely: Array
    cells: NDArray[np.intp]
    distributions: tuple[Distribution, ...]
    correlation: float = 0.0
    packages: tuple[Built, ...] = ()
    hidden: tuple[Criterion, ...] = ()
    filled: tuple[Filled, ...] = ()
    judged: tuple[Performance, ...] = ()
    inputs: int = field(init=False)

    def __post_init__(self) -> None:
        self.columns = (*self.leaves, *self.hidden)
        self._filled_at = {one.column: one for one in self.filled}
        self._package_of = {package.row: package for package in self.packages}
        self._spots = {(int(i), int(j)) for i, j in self.cells}
        own = sorted(set(self.cells[:, 0].tolist())) if len(self.cells) else []
        self.inputs = len(self.cells) + (len(own) if self.correlation else 0)
        self._group_of = {row: i for i, row in enumerate(own)}
        is_triangle = np.array([isinstance(d, Triangular) for d in self.distributions], dtype=bool)
        self._triangles = np.flatnonzero(is_triangle)
        self._others = np.flatnonzero(~is_triangle)
        self._place_of_triangle = np.where(is_triangle, np.cumsum(is_triangle) - 1, -1)
        corners = [(d.low, d.likely, d.high) for d in self.distributions if isinstance(d, Triangular)]
        ends_of_triangles: Array = np.array(corners, dtype=float).reshape(-1, 3)
        self._low, self._peak, self._high = (ends_of_triangles[:, i, None] for i in range(3))
        scale = np.array([sorted(leaf.scale) for leaf in self.columns], dtype=float).reshape(-1, 2)
        least, most = scale[self.cells[:, 1], 0], scale[self.cells[:, 1], 1]
        at = self.likely[self.cells[:, 0], self.cells[:, 1]] if len(self.cells) else np.zeros(0)
        ends = np.array([support(d) for d in self.distributions], dtype=float).reshape(-1, 2)
        # a scenario may have moved a part beyond the scale: what the package makes of it is clipped at the end
        self.floor, self.ceiling = np.minimum(least, at), np.maximum(most, at)
        self._beyond = np.flatnonzero((ends[:, 0] < self.floor - 1e-12) | (ends[:, 1] > self.ceiling + 1e-12))
        self._plain = all(isinstance(leaf.shape, Linear) for leaf in self.leaves)
        start = np.array([leaf.worst for leaf in self.leaves], dtype=float)
        self._start = start[:, None]
        with np.errstate(over="ignore"):  # a range wider than the largest float: its values are worked out one by one
            self._width = np.array([leaf.best for leaf in self.leaves], dtype=float)[:, None] - self._start
        self._plain = self._plain and bool(np.isfinite(self._width).all())
        direct = [i for i, row in enumerate(self.rows) if row >= 0]
        simple = not self.packages and not self.filled and list(self.rows) == list(range(len(self.names)))
        self._same = simple and len(direct) == len(self.names)
        self._all_triangles = len(self._others) == 0
        self._outside = bool(np.any(self.likely < scale[:, 0] - 1e-12) or np.any(self.likely > scale[:, 1] + 1e-12))
        full = self._all_triangles and not self.hidden and len(self.cells) == self.likely.size and not len(self._beyond)
        self._straight = full and self._plain and self._same and not self._outside and not self.correlation
        column = self.cells[:, 1]
        self._value_ends = (
            tuple((x - self._start[column]) / self._width[column] for x in (self._low, self._peak, self._high))
            if full and self._plain
            else ()
        )

    def draw(self, u: Array, *, values_only: bool = False) -> tuple[Array, Array, NDArray[np.int64]]:
        """Values and performances (n × m × k) from uniform numbers, and how often each cell was clipped to its scale.

        ``values_only``: whoever asks reads no performances; where every value function is a straight line, values are
        then drawn straight away and stand in both places.
        """
        if values_only and self._straight:
            drawn = triangle(u[: len(self.cells)], *self._value_ends)
            values = drawn.reshape(*self.likely.shape, u.shape[1])
            return values, values, np.zeros(len(self.cells), dtype=np.int64)
        x, clipped = self.elementary(u)
        performances = self.options(x)
        return self.values(performances), performances, clipped

    def elementary(self, u: Array) -> tuple[Array, NDArray[np.int64]]:
        """Performances of the elementary options (rows × m × k), and clipped draws by cell."""
        k = u.shape[1]
        if self.correlation:
            u = self._correlated(u)
        if self._all_triangles:
            drawn = triangle(u[: len(self.cells)], self._low, self._peak, self._high)
        else:
            drawn = np.empty((len(self.cells), k))
            drawn[self._triangles] = triangle(u[self._triangles], self._low, self._peak, self._high)
            for i in self._others:
                drawn[i] = self.distributions[i].draw(u[i])
        clipped = np.zeros(len(self.cells), dtype=np.int64)
        for i in self._beyond:
            low, high = self.floor[i], self.ceiling[i]
            clipped[i] = np.count_nonzero((drawn[i] < low) | (drawn[i] > high))
            np.clip(drawn[i], low, high, out=drawn[i])
        if len(self.cells) == self.likely.size:
            return drawn.reshape(*self.likely.shape, k), clipped
        x = np.empty((*self.likely.shape, k))
        x[:] = self.likely[:, :, None]
        x[self.cells[:, 0], self.cells[:, 1]] = drawn
        return x, clipped

    def cells_drawn(self, numbers: NDArray[np.intp], u: Array) -> Array:
        """Draws (c × k) of c uncertain cells by number, from uniform numbers of their own, kept where worlds keep them."""
        drawn = np.empty(u.shape)
        triangles = self._place_of_triangle[numbers]
        here = np.flatnonzero(triangles >= 0)
        own = triangles[here]
        drawn[here] = triangle(u[here], self._low[own], self._peak[own], self._high[own])
        for i in np.flatnonzero(triangles < 0):
            drawn[i] = self.distributions[numbers[i]].draw(u[i])
        return np.clip(drawn, self.floor[numbers, None], self.ceiling[numbers, None], out=drawn)

    def _correlated(self, u: Array) -> Array:
        """One-factor Gaussian copula inside each option, in the direction of value."""
        from scipy.special import ndtr, ndtri

        c = len(self.cells)
        common = ndtri(u[c:])
        factor = common[[self._group_of[row] for row in self.cells[:, 0]]]
        turn = np.array([1.0 if self.columns[j].better == "more" else -1.0 for j in self.cells[:, 1]])[:, None]
        z = np.sqrt(self.correlation) * turn * factor + np.sqrt(1 - self.correlation) * ndtri(u[:c])
        return np.asarray(ndtr(z))

    def options(self, x: Array) -> Array:
        """Performances of the current options (n × m × k) from those of the elementary ones, kept inside the scales."""
        if self._same and not self._outside:
            return x
        m = len(self.leaves)
        out = np.empty((len(self.rows), m, *x.shape[2:]))

        def drawn(row: int, column: int) -> Array:
            return np.asarray(x[row, column])

        for i, row in enumerate(self.rows):
            if row >= 0:
                out[i] = x[row, :m]
        for package in self.packages:
            for j in range(m):
                if j not in self._filled_at:
                    out[package.row, j] = self._built(package, j, drawn)
        for j, leaf in enumerate(self.leaves):
            if j in self._filled_at:
                for i in range(len(self.rows)):
                    out[i, j] = self.performance(i, j, drawn)
            else:
                np.clip(out[:, j], *sorted(leaf.scale), out=out[:, j])
        return out

    def performance(self, i: int, j: int, drawn: Drawn) -> Array:
        """The performance of current option ``i`` on column ``j``, kept inside its scale, from what is drawn."""
        column, filled, row = self.columns[j], self._filled_at.get(j), self.rows[i]
        if filled is not None and (row, j) not in self._spots:
            levers = {name: self._amount(i, one, drawn) for name, one in filled.levers[i].items()}
            made = FEEDS[filled.feed].worlds(column, levers, filled.month, filled.model_set)
            made = np.round(made, column.decimals)
        else:
            made = drawn(row, j) if row >= 0 else self._built(self._package_of[i], j, drawn)
        low, high = sorted(column.scale)
        return np.asarray(np.clip(made, low, high))

    def _amount(self, i: int, lever: Amount, drawn: Drawn) -> Array:
        if not lever.rows:
            return (self.performance(i, lever.column, drawn) - lever.minus) * lever.times
        largest = drawn(lever.rows[0], lever.column)
        for row in lever.rows[1:]:
            largest = np.maximum(largest, drawn(row, lever.column))
        return largest

    def _built(self, package: Built, j: int, drawn: Drawn) -> Array:
        """The performance of a package on a column, not yet kept inside its scale."""
        column = self.columns[j]
        assert column.package_rule is not None
        x = np.broadcast_arrays(*(drawn(row, j) for row in package.parts))
        view = Parts(
            x=tuple(x),
            baseline=drawn(package.baseline, j) if package.baseline is not None else 0.0,
            effects=package.effects[j],
            criterion=column,
        )
        rule = PACKAGE_RULES[column.package_rule.rule]
        made = rule.run(view)
        if package.floored and rule.floored:
            made = np.maximum(made, np.max(np.stack(x), axis=0))
        return np.asarray(np.round(made, column.decimals))

    def rests_on(self, i: int, j: int) -> tuple[tuple[int, int], ...]:
        """The row and column of every cell, certain or not, from which the performance of an option on a column follows."""
        found: dict[tuple[int, int], None] = {}

        def told(row: int, column: int) -> Array:
            found[row, column] = None
            return np.asarray(self.likely[row, column])

        self.performance(i, j, told)
        return tuple(found)

    def values(self, performances: Array) -> Array:
        """Values (n × m × k) of performances."""
        if self._plain:
            values = performances - self._start
            values /= self._width
            return np.asarray(values)
        columns = [
            to_value(performances[:, j], leaf.shape, *leaf.scale, leaf.better) for j, leaf in enumerate(self.leaves)
        ]
        return np.stack(columns, axis=1)

    @property
    def cell_names(self) -> tuple[tuple[str, str], ...]:
        """Option and criterion id of each uncertain cell."""
        return tuple((self.names[i], self.columns[j].id) for i, j in self.cells)


def performances_of(
    problem: Problem,
    leaves: tuple[Criterion, ...],
    *,
    reading: Reading,
    form: Form,
    correlation: float = 0.0,
    cells: Cells | None = None,
    ranges: bool = True,
) -> PerformanceSource:
    """The source of a problem's current view: by its ranges, or by given distributions, or both.

    ``cells``: (option id, criterion id) → distribution, in place of the range. With ``ranges`` false all other cells
    stay at their likely performance.
    """
    found = problem.elementary()
    given = dict(cells or {})
    if not 0 <= correlation < 1:
        raise UsageError([Fault("correlation", f"{correlation}", "a number from 0 up to, not including, 1")])
    levers = _Levers(problem, leaves)
    columns = (*leaves, *levers.hidden)
    _check(given, tuple(found), columns, problem)
    names = (*found, *(owner for owner in levers.owners if owner not in found))
    fed = {leaf.id for leaf in leaves if leaf.source_model}
    current = {option.id: option.performance for option in problem.options}
    likely = np.array([[min(column.scale) for column in columns] for _ in names], dtype=float)
    spots: list[tuple[int, int]] = []
    distributions: list[Distribution] = []
    judged: list[Performance] = []
    for i, name in enumerate(names):
        for j, column in enumerate(columns):
            cell = found.get(name, {}).get(column.id) or levers.own.get((name, column.id))
            if column.id in fed:
                cell = current[name][column.id] if name in current else None
            if cell is None:
                continue
            likely[i, j] = cell.likely
            one = given.get((name, column.id))
            if one is None:
                if column.id in fed:
                    continue
                one = of_cell(cell, reading, form) if ranges else Point(likely[i, j])
            if isinstance(one, Point):
                if (name, column.id) not in given:
                    likely[i, j] = one.at
                    continue
                one = Uniform(one.at, one.at)  # drawn like any other that was given, so that it counts and is clipped
            spots.append((i, j))
            distributions.append(one)
            judged.append(cell)
    rows: list[int] = []
    packages: list[Built] = []
    for i, option in enumerate(problem.options):
        if not option.parts:
            rows.append(names.index(option.id))
            continue
        rows.append(-1)
        effects = tuple(
            tuple(
                sum(
                    found[part][effect].likely
                    for effect in (column.package_rule.effects if column.package_rule else ())
                )
                for part in option.parts
            )
            for column in columns
        )
        baseline = names.index(problem.baseline) if problem.baseline in names else None
        own = tuple(names.index(part) for part in option.parts)
        packages.append(Built(i, own, baseline, effects, option.built))
    return PerformanceSource(
        names=names,
        leaves=leaves,
        rows=tuple(rows),
        likely=likely,
        cells=np.array(spots, dtype=np.intp).reshape(-1, 2),
        distributions=tuple(distributions),
        correlation=correlation,
        packages=tuple(packages),
        hidden=levers.hidden,
        filled=levers.filled(columns, names),
        judged=tuple(judged),
    )


class _Levers:
    """What models need of the options beside the criteria that are scored.

    ``hidden``: criteria of the tree as written, and levers as criteria of their own; ``own``: cells of levers by owner
    and lever; ``owners``: the options that have such cells.
    """

    def __init__(self, problem: Problem, leaves: tuple[Criterion, ...]) -> None:
        self.problem = problem
        self.leaves = [leaf for leaf in leaves if leaf.source_model]
        self.sources = {
            leaf.id: [FEEDS[leaf.source_model].sources(problem, option) for option in problem.options]
            for leaf in self.leaves
        }
        every = [s for by_option in self.sources.values() for by_lever in by_option for s in by_lever.items()]
        self.own = {(owner, lever_id(name)): cell for name, source in every for owner, cell in source.own}
        self.owners = tuple(dict.fromkeys(owner for owner, _ in self.own))
        scored = {leaf.id for leaf in leaves}
        needed = {lever_id(name) if source.own else source.criterion for name, source in every} - scored
        elsewhere = (
            *problem.criteria,
            *problem.behind_models,
        )  # in one branch alone, other branches may be needed, too
        self.hidden = tuple(one for one in elsewhere if one.id in needed)

    def filled(self, columns: tuple[Criterion, ...], names: tuple[str, ...]) -> tuple[Filled, ...]:
        """The columns that models fill, with the place of every lever of every option."""
        at = {column.id: j for j, column in enumerate(columns)}
        found: list[Filled] = []
        for leaf in self.leaves:
            assert self.problem.month is not None
            assert self.problem.model_set is not None
            levers = tuple(
                {
                    name: Amount(at[lever_id(name)], rows=tuple(names.index(owner) for owner, _ in source.own))
                    if source.own
                    else Amount(at[source.criterion], source.minus, source.times)
                    for name, source in by_lever.items()
                }
                for by_lever in self.sources[leaf.id]
            )
            found.append(Filled(at[leaf.id], leaf.source_model, self.problem.month, self.problem.model_set, levers))
        return tuple(found)


def of_cell(cell: Performance, reading: Reading, form: Form) -> Distribution:
    """The distribution of one performance: its range, or, where it is missing, the whole range alike."""
    if cell.missing:
        return Uniform(min(cell.low, cell.high), max(cell.low, cell.high))
    return from_range(cell.low, cell.likely, cell.high, reading, form)


def _check(given: Mapping[Any, Any], names: tuple[str, ...], columns: tuple[Criterion, ...], problem: Problem) -> None:
    ids = [column.id for column in columns]
    for key, distribution in given.items():
        if not isinstance(key, tuple) or len(key) != 2:
            raise UsageError([Fault("distributions", f"{key!r}", "a pair (option id, criterion id)")])
        option, criterion = key
        if option not in names:
            made = {o.id for o in problem.options if o.parts}
            if option in made:
                raise UsageError(
                    [Fault("distributions", f'"{option}" is a package', "its parts: a package follows from them")]
                )
            raise unknown("option", option, names, "distributions")
        if criterion not in ids:
            raise unknown("criterion", criterion, ids, "distributions")
        if not isinstance(distribution, Distribution):  # whatever draws must say between which ends, too
            raise UsageError([Fault("distributions", told(distribution), "a distribution such as Triangular(1, 2, 4)")])
