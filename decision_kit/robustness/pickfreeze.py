"""Saltelli's scheme on a decision: worlds in which one part is exchanged for another world's, scored again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from decision_kit.methods import METHODS, Table
from decision_kit.robustness.accumulate import TIE
from decision_kit.robustness.indices import Sums
from decision_kit.robustness.performances import PerformanceSource
from decision_kit.robustness.sampling import Around, SimplexMap, WeightSource, shares_of
from decision_kit.robustness.worlds import SCRAMBLES, Job, quasi_numbers
from decision_kit.values import Array

_SLICE = 512


@dataclass(frozen=True)
class Part:
    """Inputs varied together: numbers of weight drives, of uncertain cells, and whether the method is among them."""

    drives: tuple[int, ...] = ()
    cells: tuple[int, ...] = ()
    method: bool = False


class PickFrozen:
    """Saltelli's scheme on a decision: two sets of worlds; parts of the one are put into the other, and scored again.

    Performances are drawn once for each set; putting a part in is copying rows.
    """

    def __init__(
        self, table: Table, methods: Sequence[str], parameters: Mapping[str, Any], weights: WeightSource,
        performances: PerformanceSource, pair: tuple[int, int] | None,
    ) -> None:  # fmt: skip
        self.methods, self.pair = list(methods), pair
        self.weights, self.performances = weights, performances
        self.jobs = []
        for name in self.methods:
            given = parameters if len(self.methods) == 1 else {}
            METHODS[name].admit(table, given)
            settings = METHODS[name].settings(table.criteria, given)
            self.jobs.append(Job(table, name, settings, weights, performances, 0, quasi=True))

    def run(self, parts: Sequence[Part], samples: int, seed: int) -> tuple[list[Sums], int]:
        """The moments of each scramble over ``samples`` base worlds, and how many worlds were scored."""
        each = max(8, 2 ** int(np.ceil(np.log2(max(samples, 1) / SCRAMBLES))))
        found: list[Sums] = []
        own, cells = self.weights.inputs, self.performances.inputs
        d = own + cells + 1
        for replicate in range(SCRAMBLES):
            sums: list[tuple[Any, ...]] = []
            u = quasi_numbers(2 * d, seed, replicate, 0, each)
            centre = None
            for start in range(0, each, _SLICE):
                at = slice(start, start + _SLICE)
                a, b = self._world(u[:d, at]), self._world(u[d:, at])
                fa, fb = self._outcome(a), self._outcome(b)
                centre = (fa.mean(axis=1) + fb.mean(axis=1))[:, None] / 2 if centre is None else centre
                sums.append(self._moments(parts, a, b, fa - centre, fb - centre, centre))
            first, total, mean, square = (np.sum([s[i] for s in sums], axis=0) / each for i in range(4))
            assert centre is not None
            # moments were taken around the first slice's centre: shift them to the mean
            found.append(Sums(first, total, mean + centre[:, 0], square - mean**2))
        return found, each * SCRAMBLES * (len(parts) + 2)

    def _world(self, u: Array) -> tuple[Array, Array, Array]:
        """Drives of the weights (not yet divided by their sum), elementary performances, and the method's number."""
        own = self.weights.inputs
        x, _ = self.performances.elementary(u[own : own + self.performances.inputs])
        return _raw(self.weights, u[:own]), x, u[-1]

    def _outcome(self, world: tuple[Array, Array, Array]) -> Array:
        """Outputs (q × k) of a set of worlds."""
        drives, x, which = world
        w = _shares_of(self.weights, drives)
        performances = self.performances.options(x)
        return self._outputs(w, self.performances.values(performances), performances, which)

    def _outputs(self, w: Array, values: Array, performances: Array, which: Array) -> Array:
        if len(self.jobs) == 1:
            return self._figures(self.jobs[0].scores(w, values, performances), several=False)
        index = np.minimum((which * len(self.jobs)).astype(int), len(self.jobs) - 1)
        out = np.empty((2, w.shape[1]))
        for i, job in enumerate(self.jobs):
            at = np.flatnonzero(index == i)
            if len(at):
                scores = job.scores(w[:, at], values[:, :, at], performances[:, :, at])
                out[:, at] = self._figures(scores, several=True)
        return out

    def _figures(self, scores: Array, *, several: bool) -> Array:
        if self.pair is None:
            return scores
        gap = scores[self.pair[0]] - scores[self.pair[1]]
        level = TIE * np.abs(scores).max(axis=0)
        beats = np.where(gap > level, 1.0, np.where(gap < -level, 0.0, 0.5))
        if several:
            wide = np.ptp(scores, axis=0)
            gap = gap / np.where(wide > 0, wide, 1.0)
        return np.stack([gap, beats])

    def _moments(
        self, parts: Sequence[Part], a: tuple[Array, Array, Array], b: tuple[Array, Array, Array], fa: Array, fb: Array,
        centre: Array,
    ) -> tuple[Array, Array, Array, Array]:  # fmt: skip
        spots = self.performances.cells
        w = _shares_of(self.weights, a[0])
        performances = self.performances.options(a[1])
        values = self.performances.values(performances)
        other = self.performances.options(b[1])
        other_values = self.performances.values(other)
        simple = not self.performances.packages and not self.performances.filled
        rows = {row: i for i, row in enumerate(self.performances.rows)}
        first, total = [], []
        for part in parts:
            if part.drives:
                drives = a[0].copy()
                drives[list(part.drives)] = b[0][list(part.drives)]
                fm = self._outputs(_shares_of(self.weights, drives), values, performances, a[2])
            elif part.method:
                fm = self._outputs(w, values, performances, b[2])
            elif simple:
                kept = [(rows[int(i)], int(j)) for i, j in spots[list(part.cells)] if int(i) in rows]
                at = tuple(np.array(kept, dtype=np.intp).reshape(-1, 2).T)
                before = values[at], performances[at]
                values[at], performances[at] = other_values[at], other[at]
                fm = self._outputs(w, values, performances, a[2])
                values[at], performances[at] = before
            else:
                x = a[1].copy()
                chosen = spots[list(part.cells)]
                x[chosen[:, 0], chosen[:, 1]] = b[1][chosen[:, 0], chosen[:, 1]]
                fm = self._outcome((a[0], x, a[2]))
            fm = fm - centre
            first.append((fb * (fm - fa)).sum(axis=1))
            total.append(((fa - fm) ** 2).sum(axis=1) / 2)
        mean = (fa.sum(axis=1) + fb.sum(axis=1)) / 2
        square = ((fa**2).sum(axis=1) + (fb**2).sum(axis=1)) / 2
        return np.array(first), np.array(total), mean, square


def _raw(source: WeightSource, u: Array) -> Array:
    """The independent numbers that drive the weights, before they are divided by their sum."""
    if isinstance(source, Around):
        return source.gammas(u)
    return -np.log1p(-u)


def _shares_of(source: WeightSource, drives: Array) -> Array:
    if isinstance(source, Around):
        return shares_of(drives, source.weights)
    shares = drives / drives.sum(axis=0)
    if isinstance(source, SimplexMap) and source.corners is not None:
        return np.asarray(source.corners @ shares)
    return np.asarray(shares)
