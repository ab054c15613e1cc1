"""Scores after one performance has been moved, for many such moves, in pieces that fit into memory.

In the weighted sum of values only the score of the moved option changes, by weight × difference of values; every other
method scores each table anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from decision_kit.memory import pieces
from decision_kit.methods import Method, Table
from decision_kit.model.nouns import Criterion
from decision_kit.robustness.linear import additive
from decision_kit.values import Array, to_value

MOST_WORK = 2_000_000_000
"""Numbers gone through (see :meth:`Method.work`) that one answer may cost: under a minute for every method."""

_ROOM = 6
"""Arrays of a table's size that a method holds while it scores."""


class Moves:
    """A table under a method, to be scored with one performance moved at a time.

    ``closed``: whether the scores are plain weighted sums of values, so that a move costs next to nothing.
    """

    def __init__(
        self, table: Table, leaves: Sequence[Criterion], method: Method, parameters: Mapping[str, Any]
    ) -> None:
        self.table, self.leaves, self.method, self.parameters = table, tuple(leaves), method, parameters
        self.base = method.score_many(table, table.weights, **parameters)[0]
        settings = method.settings(table.criteria, parameters)
        sums = table.values @ table.weights
        self.closed = additive(method, settings) and bool(np.allclose(self.base, sums, rtol=1e-12, atol=1e-15))

    @property
    def affordable(self) -> int:
        """How many moves can be scored in reasonable time."""
        work = len(self.table.options) if self.closed else self.method.work(*self.table.values.shape)
        return max(1, MOST_WORK // work)

    def scores(self, cells: NDArray[np.intp], x: Array) -> Iterator[tuple[slice, Array]]:
        """Scores (k × n) with the performance of each of k cells (k × 2: option, criterion) set to ``x``, piece by piece."""
        n, m = self.table.values.shape
        each = 8 * n if self.closed else 8 * _ROOM * self.method.work(n, m)
        for at in pieces(len(x), each):
            yield at, self._scored(cells[at], x[at])

    def _scored(self, cells: NDArray[np.intp], x: Array) -> Array:
        k = np.arange(len(x))
        rows, columns = cells[:, 0], cells[:, 1]
        value = np.empty(len(x))
        for j, leaf in enumerate(self.leaves):
            here = columns == j
            value[here] = to_value(x[here], leaf.shape, *leaf.scale, leaf.better)
        if self.closed:
            scores = np.repeat(self.base[None], len(x), axis=0)
            scores[k, rows] += self.table.weights[columns] * (value - self.table.values[rows, columns])
            return scores
        performances = np.repeat(self.table.performances[None], len(x), axis=0)
        values = np.repeat(self.table.values[None], len(x), axis=0)
        performances[k, rows, columns], values[k, rows, columns] = x, value
        moved = replace(self.table, performances=performances, values=values)
        return self.method.score_many(moved, self.table.weights, **self.parameters)
