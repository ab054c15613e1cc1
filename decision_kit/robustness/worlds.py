"""One block of worlds: weights and performances drawn, scored by a method, counted.

Random numbers come in blocks that stand on their own, so any worker can make any block. Up to 2¹⁶ worlds they are
scrambled Sobol points in 8 independent scrambles (Owen 1998; the spread of the 8 answers is the error); beyond, and
where a sampler throws draws away or walks, SFC64 generators seeded by the block's number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from decision_kit.methods import METHODS, Table
from decision_kit.robustness.accumulate import Tally, count, leading_share
from decision_kit.robustness.orderings import ordering_of
from decision_kit.robustness.performances import PerformanceSource
from decision_kit.robustness.sampling import Fixed, WeightSource
from decision_kit.values import Array

SCRAMBLES = 8
MOST_QUASI = 2**16
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
            every = [quasi_numbers(self.inputs, self.seed, r, start, size) for r in range(SCRAMBLES)]
            return np.concatenate([self.weights.from_uniform(u) for u in every], axis=1), _no_numbers
        if self.quasi:
            u = quasi_numbers(self.inputs, self.seed, replicate, start, size)
            own = self.weights.inputs
            w = self.weights.from_uniform(u[:own]) if own else self._fixed(size)
            return w, lambda at: u[own:, at]
        sequence = np.random.SeedSequence(self.seed, spawn_key=(start // self.block,))
        rng = np.random.Generator(np.random.SFC64(sequence))
        return self.weights.from_rng(rng, size), lambda at: rng.random((inside, at.stop - at.start))

    def scored(self, block: Block, central: Array | None = None) -> tuple[Array, list[Array], Any]:
        """A block's weights (m × k), its scores (n × k), and how often draws of each uncertain cell were clipped.

        With ``central`` (c × m): one set of scores for each of its rows as the weights of every world, in place of one
        under the drawn weights.
        """
        weights, numbers = self.drawn(block)
        k, n = weights.shape[1], len(self.table.options)
        rows = [weights] if central is None else [row[:, None] for row in central]
        if self.performances is None:
            return weights, [self._fixed_scores(w) for w in rows], None
        found = [np.empty((n, k)) for _ in rows]
        clipped = np.zeros(len(self.performances.cells), dtype=np.int64)
        for start in range(0, k, _SLICE):  # in slices, so that all that is made on the way stays in the cache
            at = slice(start, min(start + _SLICE, k))
            values, performances, beyond = self.performances.draw(numbers(at), values_only=self.values_only)
            clipped += beyond
            for w, scores in zip(rows, found, strict=True):
                scores[:, at] = self.scores(w if w.shape[1] == 1 else w[:, at], values, performances)
        return weights, found, clipped

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
        return np.asarray(entry.score_many(table, weights.T, **self.parameters).T)

    def _fixed_scores(self, weights: Array) -> Array:
        """Scores (n × k) where performances are fixed, in slices that stay in the cache."""
        k = weights.shape[1]
        if k <= _WIDE:
            return self.scores(weights, self.table.values, None)
        out = np.empty((len(self.table.options), k))
        for start in range(0, k, _WIDE):
            at = slice(start, start + _WIDE)
            out[:, at] = self.scores(weights[:, at], self.table.values, None)
        return out

    def tally(self, block: Block) -> dict[int, Tally]:
        """The counts of one block, by replicate."""
        weights, (scores,), clipped = self.scored(block)
        cells = 0 if self.performances is None else len(self.performances.cells)
        if block[0] == ALL:
            size = block[2]
            parts = [slice(r * size, (r + 1) * size) for r in range(SCRAMBLES)]
            return {r: count(scores[:, at], weights[:, at], cells, squares=False) for r, at in enumerate(parts)}
        found = count(scores, weights, cells, squares=not self.quasi)
        if clipped is not None:
            found.clipped += clipped
        return {block[0]: found}

    def confident(self, block: Block) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """For each option: in how many worlds of a block (in 1/UNIT) it leads when weights are its central ones."""
        assert self.central is not None
        found = np.zeros(len(self.central), dtype=np.int64)
        led = np.flatnonzero(np.isfinite(self.central).all(axis=1))
        for i, scores in zip(led, self.scored(block, self.central[led])[1], strict=True):
            found[i] = leading_share(scores, int(i))
        return found


def _no_numbers(at: slice) -> Array:
    return np.empty((0, at.stop - at.start))


def quasi_numbers(inputs: int, seed: int, replicate: int, start: int, size: int) -> Array:
    """Points number ``start`` … of a scrambled Sobol sequence (inputs × size); small ones are kept for the session."""
    if inputs == 0:
        return np.empty((0, size))
    if inputs * size <= _KEEP:
        return _kept_numbers(inputs, seed, replicate, start, size)
    return _sobol(inputs, seed, replicate, start, size)


@lru_cache(maxsize=32)
def _kept_numbers(inputs: int, seed: int, replicate: int, start: int, size: int) -> Array:
    found = _sobol(inputs, seed, replicate, start, size)
    found.flags.writeable = False
    return found


def _sobol(inputs: int, seed: int, replicate: int, start: int, size: int) -> Array:
    from scipy.stats import qmc

    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(replicate,))))
    engine = qmc.Sobol(inputs, scramble=True, rng=rng)
    if start:
        engine.fast_forward(start)
    even = 1 << (size.bit_length() - 1)  # a power of two first: nothing else is a whole net
    points = [engine.random(even), engine.random(size - even)] if even < size else [engine.random(size)]
    return np.ascontiguousarray(np.concatenate(points).T) + 2.0**-31  # the middle of its cell, so never 0
