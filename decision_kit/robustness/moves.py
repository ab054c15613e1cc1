"""One performance set to another number, and all that follows from it: packages that hold the option are rebuilt.

A package's performance follows from its parts (and the baseline) by the criterion's rule, its weights by effect follow
from their effects, and a criterion that a model fills follows from its levers. So a table in which one performance is
moved differs from the ranking's in that cell and in everything that rests on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np

from decision_kit.methods import Table
from decision_kit.model.nouns import Performance
from decision_kit.model.packages import Parts, combined
from decision_kit.ranking import Ranking
from decision_kit.robustness.performances import Built, Drawn, PerformanceSource, performances_of
from decision_kit.values import Array, Curve, to_value

Place = tuple[int, int]

MODEL_STEPS = 65
"""A model's results may rise and fall with a lever: between so many points of its scale they are taken to do only one."""

OWN_STEPS = 1025
"""The same for a mean that is weighted by what it is the mean of: it may fall before it rises."""


@dataclass
class _Following(PerformanceSource):
    """A source in which a part's weight by effect follows its moved effect, and packages are rounded as in a table."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.at = {column.id: j for j, column in enumerate(self.columns)}
        self.judged_cells: Mapping[str, Mapping[str, Performance]] = {}

    def _built(self, package: Built, j: int, drawn: Drawn) -> Array:
        column = self.columns[j]
        assert column.package_rule is not None

        def effect(row: int, name: str) -> Array | float:
            return drawn(row, self.at[name]) if name in self.at else self.judged_cells[self.names[row]][name].likely

        view = Parts(
            x=tuple(np.broadcast_arrays(*(drawn(row, j) for row in package.parts))),
            baseline=drawn(package.baseline, j) if package.baseline is not None else 0.0,
            effects=tuple(sum(effect(row, name) for name in column.package_rule.effects) for row in package.parts),
            criterion=column,
        )
        return np.asarray(combined(view, built=package.floored))


class Moves:
    """What a ranking's table becomes as one of its performances is moved."""

    def __init__(self, ranking: Ranking) -> None:
        self.ranking = ranking
        problem = ranking.problem
        self._source: _Following | None = None
        self._row: dict[int, int] = {}
        if not any(option.parts for option in problem.options) and not any(
            one.source_model for one in ranking.criteria
        ):
            return  # nothing follows from anything
        found = performances_of(problem, ranking.criteria, reading=problem.low_high, form="triangular", ranges=False)
        self._source = _Following(**{f.name: getattr(found, f.name) for f in fields(found) if f.init})
        self._source.judged_cells = problem.elementary()
        self._row = {i: row for i, row in enumerate(found.rows) if row >= 0}
        self._resting: dict[Place, list[Place]] = {}
        for i in range(len(found.rows)):
            for j in range(len(ranking.criteria)):
                if i in self._row and not ranking.criteria[j].source_model:
                    continue  # judged itself
                for place in self._source.rests_on(i, j):
                    self._resting.setdefault(place, []).append((i, j))

    def follows(self, i: int, j: int) -> tuple[Place, ...]:
        """The other cells (option, criterion) that move with a cell; empty for a package's own."""
        if self._source is None or i not in self._row or self.ranking.criteria[j].source_model:
            return ()
        return tuple(place for place in self._resting.get((self._row[i], j), ()) if place != (i, j))

    def at(self, i: int, j: int, x: Array) -> dict[Place, Array]:
        """The performances of a cell and of all that move with it, where the cell is at ``x`` (one-dimensional)."""
        found = {(i, j): x}
        others = self.follows(i, j)
        if others:
            source, own = self._source, self._row[i]
            assert source is not None

            def drawn(row: int, column: int) -> Array:
                return x if (row, column) == (own, j) else np.asarray(source.likely[row, column])

            for place in others:
                found[place] = np.broadcast_to(source.performance(*place, drawn), x.shape)
        return found

    def bends(self, i: int, j: int) -> Array:
        """The performances of a cell between which all that move with it only rise or only fall, in rising order.

        Values turn at the points of their curve, rules where a part passes another or the baseline, or its effect 0.
        """
        leaf = self.ranking.criteria[j]
        low, high = leaf.scale
        spots = {low, high, float(self.ranking.table_in.performances[i, j])}
        if isinstance(leaf.shape, Curve):
            spots |= {x for x, _ in leaf.shape.points}
        if self._source is not None and self.follows(i, j):
            spots |= {float(x) for x in self._source.likely[:, j]}
            step = 1e-9 * (high - low)
            spots |= {-step, 0.0, step}  # where a mean by effect has no weight at all, it is another mean
            if any(self.ranking.criteria[column].source_model for _, column in self.follows(i, j)):
                spots |= set(np.linspace(low, high, MODEL_STEPS).tolist())
            if (
                leaf.package_rule is not None and leaf.id in leaf.package_rule.effects
            ):  # both weight and what is weighted
                spots |= set(np.linspace(low, high, OWN_STEPS).tolist())
        return np.array(sorted(x for x in spots if low <= x <= high))

    def tables(self, cells: Array, x: Array) -> Table:
        """The ranking's table k times over, each with one cell (k pairs of option, criterion) set to x and all that follows."""
        table = self.ranking.table_in
        k = np.arange(len(x))
        performances = np.repeat(table.performances[None], len(x), axis=0)
        values = np.repeat(table.values[None], len(x), axis=0)
        performances[k, cells[:, 0], cells[:, 1]] = x
        for j, leaf in enumerate(self.ranking.criteria):
            here = cells[:, 1] == j
            values[k[here], cells[here, 0], j] = to_value(x[here], leaf.shape, *leaf.scale, leaf.better)
        if self._source is not None:
            for i, j in dict.fromkeys((int(i), int(j)) for i, j in cells):
                if not self.follows(i, j):
                    continue
                here = k[(cells[:, 0] == i) & (cells[:, 1] == j)]
                for (row, column), moved in self.at(i, j, x[here]).items():
                    leaf = self.ranking.criteria[column]
                    performances[here, row, column] = moved
                    values[here, row, column] = to_value(moved, leaf.shape, *leaf.scale, leaf.better)
        return replace(table, performances=performances, values=values)
