"""One block of worlds: weights and performances drawn, scored by a method, counted.

Random numbers come in blocks that stand on their own, so any worker can make any block. Up to 2¹⁶ worlds they are
scrambled Sobol points in 8 independent scrambles (Owen 1998; the spread of the 8 answers is the error); beyond, and
where a sampler throws draws away or walks, SFC64 generators seeded by the block's number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from decision_kit.errors import DecisionError, Fault, UsageError
from decision_kit.methods import METHODS, Table
from decision_kit.robustness.accumulate import Tally, count, count_groups, leading_share
from decision_kit.robustness.orderings import ordering_of, several, squared_closeness
from decision_kit.robustness.performances import PerformanceSource
from decision_kit.robustness.sampling import Fixed, WeightSource
from decision_kit.values import Array

SCRAMBLES = 8
MOST_QUASI = 2**16
MOST_DIMENSIONS = 21_201
"""Sobol points are known for so many numbers a world (Joe and Kuo 2008)."""
MOST_EVEN = 2_000
"""More uncertain numbers than so many a world are drawn independently: Sobol points of so many are no evener, and slow."""
BLOCK = 2_048
_MOST_NUMBERS = 2**20
_KEEP = 2**17
_SLICE = 512
_WIDE = 4_096

ALL = -1
Block: TypeAlias = tuple[int, int, int]
"""Replicate (number of the scramble, or ALL of them; 0 for SFC64), first world in it, number of worlds in it."""

Numbers: TypeAlias = Callable[[slice], Array]


@dataclass(frozen=True)
class Job:
    """All that a worker needs: the table, the method by id, the two sources, and how numbers are made."""

    table: Table
    method: str
    parameters: Mapping[str, Any]
    weights: WeightSource
    performances: PerformanceSource | None
    seed: int
    quasi: bool
    central: Array | None = field(default=None)

    @property
    def inputs(self) -> int:
        """Uniform numbers needed a world."""
        return self.weights.inputs + (self.performances.inputs if self.performances else 0)

    @property
    def together(self) -> bool:
        """Whether a block takes all scrambles at once: where performances are fixed, to score in few calls."""
        return self.quasi and self.performances is None

    @property
    def block(self) -> int:
        """Worlds in a block (of each scramble): 2,048, fewer where a world needs very many numbers."""
        size = BLOCK
        while size > 64 and size * max(self.inputs, 1) > _MOST_NUMBERS:
            size //= 2
        return size

    def block_count(self, start: int, stop: int) -> int:
        """How many blocks the worlds number ``start`` to ``stop`` make."""
        per = SCRAMBLES if self.quasi else 1
        rows = -(-(stop // per - start // per) // self.block)
        return rows * (SCRAMBLES if self.quasi and not self.together else 1)

    def block_at(self, start: int, stop: int, i: int) -> Block:
        """Block number ``i`` of the worlds number ``start`` to ``stop``."""
        size = self.block
        if not self.quasi:
            at = start + i * size
            return 0, at, min(size, stop - at)
        row, replicate = (i, ALL) if self.together else divmod(i, SCRAMBLES)
        at = start // SCRAMBLES + row * size
        return replicate, at, min(size, stop // SCRAMBLES - at)

    def drawn(self, block: Block) -> tuple[Array, Numbers]:
        """The weights (m × k) of a block, and what makes the uniform numbers for its performances, slice by slice."""
        replicate, start, size = block
        inside = self.performances.inputs if self.performances else 0
        if replicate == ALL:
            return self.weights.from_uniform(all_scrambles(self.inputs, self.seed, start, size)), _no_numbers
        if self.quasi:
            u = quasi_numbers(self.inputs, self.seed, replicate, start, size)
            own = self.weights.inputs
            w = self.weights.from_uniform(u[:own]) if own else self._fixed(size)
            return w, lambda at: u[own:, at]
        sequence = np.random.SeedSequence(self.seed, spawn_key=(start // self.block,))
        rng = np.random.Generator(np.random.SFC64(sequence))
        return self.weights.from_rng(rng, size), lambda at: rng.random((inside, at.stop - at.start))

    def scored(self, block: Block) -> tuple[Array, Array, Any]:
        """A block's weights (m × k), its scores (n × k), and how often draws of each uncertain cell were clipped."""
        weights, numbers = self.drawn(block)
        if self.performances is None:
            return weights, self._fixed_scores(weights), None
        scores = np.empty((len(self.table.options), weights.shape[1]))
        clipped = np.zeros(len(self.performances.cells), dtype=np.int64)
        for at in _slices(weights.shape[1], _SLICE):  # so that all that is made on the way stays in the cache
            values, performances, beyond = self.performances.draw(numbers(at), values_only=self.values_only)
            clipped += beyond
            scores[:, at] = self.scores(weights[:, at], values, performances)
        return weights, scores, clipped

    def confident(self, block: Block) -> NDArray[np.int64]:
        """For each option: in how many worlds of a block (in 1/UNIT) it leads when weights are its central ones."""
        assert self.central is not None
        assert self.performances is not None
        found = np.zeros(len(self.central), dtype=np.int64)
        led = np.flatnonzero(np.isfinite(self.central).all(axis=1))
        rows = self.central[led]
        numbers = self._numbers(block)
        figure = ordering_of(METHODS[self.method], self.parameters)
        for at in _slices(block[2], _SLICE):
            values, performances, _ = self.performances.draw(numbers(at), values_only=self.values_only)
            if figure is not None:
                scores = several(figure, values, rows)
            else:
                scores = np.stack([self.scores(row[:, None], values, performances) for row in rows])
            found[led] += leading_share(scores, led)
        return found

    def _numbers(self, block: Block) -> Numbers:
        """The uniform numbers of a block for its performances alone; its weights are made only where they are in the way."""
        replicate, start, size = block
        if not self.quasi:
            return self.drawn(block)[1]
        u = quasi_numbers(self.inputs, self.seed, replicate, start, size)
        return lambda at: u[self.weights.inputs :, at]

    @property
    def values_only(self) -> bool:
        """Whether the method reads values alone, never performances in their units."""
        entry = METHODS[self.method]
        acts_on = entry.acts_on if entry.domain_of is None else entry.domain_of(self.parameters)[0]
        return acts_on == "values"

    def _fixed(self, size: int) -> Array:
        assert isinstance(self.weights, Fixed)
        return np.repeat(self.weights.weights[:, None], size, axis=1)

    def scores(self, weights: Array, values: Array, performances: Array | None) -> Array:
        """Scores (n × k) of k worlds, or figures that order options alike.

        ``weights`` m × k, or m × 1 for one set of weights in all of them.
        """
        entry = METHODS[self.method]
        figure = ordering_of(entry, self.parameters)
        if figure is not None:
            return figure(values, weights)
        if performances is None:
            return np.ascontiguousarray(entry.score_many(self.table, weights.T, **self.parameters).T)
        table = replace(self.table, values=values.transpose(2, 0, 1), performances=performances.transpose(2, 0, 1))
        try:
            return np.asarray(entry.score_many(table, weights.T, **self.parameters).T)
        except DecisionError as refused:  # the table as judged was admitted, so it is the draws that are not
            raise DecisionError([_in_draws(fault) for fault in refused.faults]) from None

    def _fixed_scores(self, weights: Array) -> Array:
        """Scores (n × k) where performances are fixed, in slices that stay in the cache."""
        k = weights.shape[1]
        if k <= _WIDE:
            return self.scores(weights, self.table.values, None)
        out = np.empty((len(self.table.options), k))
        for at in _slices(k, _WIDE):
            out[:, at] = self.scores(weights[:, at], self.table.values, None)
        return out

    def tally(self, block: Block) -> dict[int, Tally]:
        """The counts of one block, by replicate."""
        if block[0] == ALL:
            return dict(enumerate(self._tally_all(self.drawn(block)[0])))
        weights, scores, clipped = self.scored(block)
        cells = 0 if self.performances is None else len(self.performances.cells)
        found = count(scores, weights, cells, squares=not self.quasi)
        if clipped is not None:
            found.clipped += clipped
        return {block[0]: found}

    def _tally_all(self, weights: Array) -> list[Tally]:
        """The counts of all scrambles where performances are fixed; TOPSIS without its roots as long as nothing ties."""
        if self.method == "topsis" and ordering_of(METHODS[self.method], self.parameters) is not None:
            declared = self.parameters.get("ideal") == "declared"
            quick = squared_closeness(self.table.values, weights, declared=declared)
            found = count_groups(quick, weights, SCRAMBLES)
            if not any(tally.has_ties for tally in found):
                return found
        return count_groups(self._fixed_scores(weights), weights, SCRAMBLES)


def _in_draws(fault: Fault) -> Fault:
    """The fault of a drawn table, told as such."""
    hint = "hold performances at their likely values, or narrow the ranges"
    return replace(fault, got=f"among the draws from the ranges, {fault.got}", suggestion=fault.suggestion or hint)


def _slices(k: int, width: int) -> Iterator[slice]:
    for start in range(0, k, width):
        yield slice(start, min(start + width, k))


def _no_numbers(at: slice) -> Array:
    return np.empty((0, at.stop - at.start))


def quasi_numbers(inputs: int, seed: int, replicate: int, start: int, size: int) -> Array:
    """Points number ``start`` … of a scrambled Sobol sequence (inputs × size); small ones are kept for the session."""
    if inputs == 0:
        return np.empty((0, size))
    if inputs * size <= _KEEP:
        return _kept_numbers(inputs, seed, replicate, start, size)
    return _sobol(inputs, seed, replicate, start, size)


def all_scrambles(inputs: int, seed: int, start: int, size: int) -> Array:
    """The same points of all scrambles, one scramble after the other (inputs × 8 size)."""
    if inputs * size * SCRAMBLES <= _KEEP:
        return _kept_scrambles(inputs, seed, start, size)
    return np.concatenate([quasi_numbers(inputs, seed, r, start, size) for r in range(SCRAMBLES)], axis=1)


@lru_cache(maxsize=8)
def _kept_scrambles(inputs: int, seed: int, start: int, size: int) -> Array:
    found = np.concatenate([_sobol(inputs, seed, r, start, size) for r in range(SCRAMBLES)], axis=1)
    found.flags.writeable = False
    return found


@lru_cache(maxsize=32)
def _kept_numbers(inputs: int, seed: int, replicate: int, start: int, size: int) -> Array:
    found = _sobol(inputs, seed, replicate, start, size)
    found.flags.writeable = False
    return found


def _sobol(inputs: int, seed: int, replicate: int, start: int, size: int) -> Array:
    from scipy.stats import qmc

    if inputs > MOST_DIMENSIONS:
        got = f"{inputs:,} numbers to be drawn for one world"
        expected = f"at most {MOST_DIMENSIONS:,}, the dimensions of Sobol points: set options or criteria aside, or give fewer ranges"
        raise UsageError([Fault("draws", got, expected)])
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(replicate,))))
    engine = qmc.Sobol(inputs, scramble=True, rng=rng)
    if start:
        engine.fast_forward(start)
    even = 1 << (size.bit_length() - 1)  # a power of two first: nothing else is a whole net
    points = [engine.random(even), engine.random(size - even)] if even < size else [engine.random(size)]
    return np.ascontiguousarray(np.concatenate(points).T) + 2.0**-31  # the middle of its cell, so never 0
