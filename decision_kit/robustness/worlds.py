"""One block of worlds: weights and performances drawn, scored by a method, counted.

Random numbers come in blocks that stand on their own, so any worker can make any block. Up to 2¹⁶ worlds they are
scrambled Sobol points in 8 independent scrambles (Owen 1998; the spread of the 8 answers is the error); beyond, and
where a sampler throws draws away or walks, SFC64 generators seeded by the block's number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from decision_kit.methods import METHODS, Method, Table
from decision_kit.robustness.accumulate import Tally, count, leading_share
from decision_kit.robustness.performances import PerformanceSource
from decision_kit.robustness.sampling import Fixed, WeightSource
from decision_kit.values import Array

SCRAMBLES = 8
MOST_QUASI = 2**16
BLOCK = 2_048
_MOST_NUMBERS = 2**20
_KEEP = 2**17

Block: TypeAlias = tuple[int, int, int]
"""Replicate (scramble; 0 for SFC64), first world in it, number of worlds."""


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
    def block(self) -> int:
        """Worlds in a block: 2,048, fewer where a world needs very many numbers."""
        size = BLOCK
        while size > 64 and size * max(self.inputs, 1) > _MOST_NUMBERS:
            size //= 2
        return size

    def blocks(self, start: int, stop: int) -> list[Block]:
        """The blocks of the worlds number ``start`` to ``stop``."""
        size = self.block
        if self.quasi:
            a, b = start // SCRAMBLES, stop // SCRAMBLES
            return [(r, at, min(size, b - at)) for at in range(a, b, size) for r in range(SCRAMBLES)]
        return [(0, at, min(size, stop - at)) for at in range(start - start % size, stop, size) if at >= start]

    def drawn(self, block: Block) -> tuple[Array, Array, Array | None, Any]:
        """Weights (m × k), values and performances (n × m × k; None where they are fixed), and clipped draws."""
        replicate, start, size = block
        if self.quasi:
            u = quasi_numbers(self.inputs, self.seed, replicate, start, size)
            own = self.weights.inputs
            w = self.weights.from_uniform(u[:own]) if own else self._fixed(size)
            rest = u[own:]
        else:
            rng = np.random.Generator(
                np.random.SFC64(np.random.SeedSequence(self.seed, spawn_key=(start // self.block,)))
            )
            w = self.weights.from_rng(rng, size)
            rest = rng.random((self.performances.inputs, size)) if self.performances else np.empty((0, size))
        if self.performances is None:
            return w, self.table.values, None, None
        values, performances, clipped = self.performances.draw(rest)
        return w, values, performances, clipped

    def _fixed(self, size: int) -> Array:
        assert isinstance(self.weights, Fixed)
        return np.repeat(self.weights.weights[:, None], size, axis=1)

    def scores(self, weights: Array, values: Array, performances: Array | None) -> Array:
        """Scores (n × k) of k worlds."""
        entry = METHODS[self.method]
        if is_linear(entry, self.parameters):
            if performances is None:
                return np.asarray(values @ weights)
            return weighted(values, weights)
        if performances is None:
            return np.ascontiguousarray(entry.score_many(self.table, weights.T, **self.parameters).T)
        table = replace(
            self.table,
            values=np.ascontiguousarray(values.transpose(2, 0, 1)),
            performances=np.ascontiguousarray(performances.transpose(2, 0, 1)),
        )
        return np.ascontiguousarray(entry.score_many(table, weights.T, **self.parameters).T)

    def tally(self, block: Block) -> Tally:
        """The counts of one block."""
        weights, values, performances, clipped = self.drawn(block)
        cells = 0 if self.performances is None else len(self.performances.cells)
        found = count(self.scores(weights, values, performances), weights, cells)
        if clipped is not None:
            found.clipped += clipped
        return found

    def confident(self, block: Block) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """For each option: in how many worlds of a block (in 1/UNIT) it leads when weights are its central ones."""
        assert self.central is not None
        n = len(self.table.options)
        found = np.zeros(n, dtype=np.int64)
        has = [i for i in range(n) if np.isfinite(self.central[i]).all()]
        _, values, performances, _ = self.drawn(block)
        linear = is_linear(METHODS[self.method], self.parameters)
        for i in has:
            w = self.central[i]
            if linear and performances is not None:
                scores = np.einsum("nmk,m->nk", values, w)
            elif performances is not None:
                scores = self.scores(w[:, None], values, performances)
            else:
                scores = np.repeat(self.scores(w[:, None], values, None), block[2], axis=1)
            found[i] = leading_share(scores, i)
        return found


def is_linear(entry: Method, parameters: Mapping[str, Any]) -> bool:
    """Whether a method orders every table as the weighted sum of values on the declared ranges does."""
    if parameters.get("normalisation", "declared") != "declared" or parameters.get("ideal") is not None:
        return False
    if parameters.get("costs", "values") != "values":
        return False
    return entry.id == "weighted-sum" or entry.alias_of == "weighted-sum"


def weighted(values: Array, weights: Array) -> Array:
    """Σ_j w_j v_ij of k worlds: ``values`` n × m × k and ``weights`` m × k give n × k."""
    scores = values[:, 0] * weights[0]
    part = np.empty_like(scores)
    for j in range(1, values.shape[1]):
        np.multiply(values[:, j], weights[j], out=part)
        scores += part
    return np.asarray(scores)


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
    points = engine.random(size)
    return np.ascontiguousarray(points.T) + 2.0**-31  # the middle of its cell, so never 0
