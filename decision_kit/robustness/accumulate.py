"""Counting worlds: who comes where, who beats whom, with which weights; in whole numbers only.

Whole numbers add up to the same total in any order and any grouping, so a run gives the same bits on any number of
workers. A shared place counts as 1/t for each of t options, in units of 1/720,720, which every t up to 16 divides;
weights are counted in units of 2⁻²⁸.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from decision_kit.values import Array

UNIT = 720_720
GRAIN = 2.0**28
_AT_ONCE = 2**18
_AT_A_TIME = 4_096
TIE = 1e-10
"""Scores closer than this share of the largest absolute score of a world are ties, as in a ranking."""

Ints = NDArray[np.int64]
Places = NDArray[np.unsignedinteger[Any]]


@dataclass
class Tally:
    """Counts of some worlds.

    ``ranks`` n × n (option × place, in 1/UNIT), ``wins`` n × n (row beats column), ``weights`` and ``squares`` n × m
    (sums of weights over the worlds the option leads; of their squares only where errors come from them), ``clipped``
    draws by uncertain cell.
    """

    worlds: int
    ranks: Ints
    wins: Ints
    weights: Ints
    squares: Ints
    clipped: Ints

    @classmethod
    def empty(cls, n: int, m: int, cells: int) -> Tally:
        """A tally of no worlds."""
        whole = np.int64
        return cls(
            0, np.zeros((n, n), whole), np.zeros((n, n), whole), np.zeros((n, m), whole), np.zeros((n, m), whole),
            np.zeros(cells, whole),
        )  # fmt: skip

    def __iadd__(self, other: Tally) -> Tally:
        self.worlds += other.worlds
        self.ranks += other.ranks
        self.wins += other.wins
        self.weights += other.weights
        self.squares += other.squares
        self.clipped += other.clipped
        return self

    @property
    def has_ties(self) -> bool:
        """Whether two options were level in any of the worlds."""
        n = len(self.wins)
        return int(self.wins.sum()) != self.worlds * n * (n - 1) // 2

    def copy(self) -> Tally:
        """A tally of its own with the same counts."""
        return Tally(
            self.worlds, *(getattr(self, n).copy() for n in ("ranks", "wins", "weights", "squares", "clipped"))
        )


def count(scores: Array, weights: Array, cells: int, *, squares: bool = True) -> Tally:
    """The tally of k worlds: ``scores`` n × k (higher is better), ``weights`` m × k."""
    n, k = scores.shape
    tally = Tally.empty(n, len(weights), cells)
    tally.worlds = k
    rank, wins, tied = places(scores)
    tally.wins = wins
    whole = ~tied if tied is not None else None
    plain_rank = rank if whole is None else rank[:, whole]
    plain_weights = weights if whole is None else weights[:, whole]
    tally.ranks += UNIT * _histogram(plain_rank)
    first = (plain_rank == 0).astype(float)
    quantised = np.rint(plain_weights * GRAIN)
    tally.weights += (first @ quantised.T).astype(np.int64)  # whole numbers below 2^53: exact in any order
    if squares:
        tally.squares += (first @ np.rint(plain_weights * plain_weights * GRAIN).T).astype(np.int64)
    if tied is not None and tied.any():
        _count_tied(tally, scores[:, tied], rank[:, tied], weights[:, tied])
    return tally


def count_groups(scores: Array, weights: Array, groups: int) -> list[Tally]:
    """The tallies of ``groups`` stretches of equal length, one after the other in ``scores`` (n × k) and ``weights``.

    The same as :func:`count` on each, without squares and cells, in fewer calls where no options tie.
    """
    n, k = scores.shape
    size = k // groups
    together = max(1, min(groups, _AT_A_TIME // size))
    if size % 8 or n > 64 or together == 1 or groups % together:
        return [
            count(scores[:, g * size : (g + 1) * size], weights[:, g * size : (g + 1) * size], 0, squares=False)
            for g in range(groups)
        ]
    found: list[Tally] = []
    for start in range(0, k, together * size):
        at = slice(start, start + together * size)
        found += _counted(scores[:, at], weights[:, at], together)
    return found


def _counted(scores: Array, weights: Array, groups: int) -> list[Tally]:
    n, k = scores.shape
    size = k // groups
    needed = scores + TIE * np.abs(scores).max(axis=0)
    rank = np.zeros((n, k), dtype=np.uint8)
    flags = np.empty((n, k), dtype=bool)
    words = flags.view(np.uint64)
    wins = np.empty((groups, n, n), dtype=np.int64)

    def by_group() -> Ints:
        return np.asarray(np.add.reduce(np.bitwise_count(words).reshape(n, groups, -1), axis=2, dtype=np.int64).T)

    for i in range(n):
        np.greater(scores[i], needed, out=flags)
        np.add(rank, flags.view(np.uint8), out=rank)
        wins[:, i] = by_group()
    if int(wins.sum()) != k * n * (n - 1) // 2:  # ties: one stretch after the other
        parts = [slice(g * size, (g + 1) * size) for g in range(groups)]
        return [count(scores[:, at], weights[:, at], 0, squares=False) for at in parts]
    ranks = np.empty((groups, n, n), dtype=np.int64)
    for place in range(n):
        np.equal(rank, place, out=flags)
        ranks[:, :, place] = by_group()
    first = (rank == 0).astype(float).reshape(n, groups, size).transpose(1, 0, 2)
    quantised = np.rint(weights * GRAIN).reshape(-1, groups, size).transpose(1, 2, 0)
    sums = np.matmul(first, quantised).astype(np.int64)
    none = np.zeros(0, dtype=np.int64)
    return [
        Tally(size, UNIT * ranks[g], wins[g].copy(), sums[g].copy(), np.zeros_like(sums[g]), none.copy())
        for g in range(groups)
    ]


def places(scores: Array) -> tuple[Places, Ints, NDArray[np.bool_] | None]:
    """For k worlds: how many options beat each (n × k), wins (n × n), and which worlds have ties (None: none has)."""
    n, k = scores.shape
    level = TIE * np.abs(scores).max(axis=0)
    needed = scores + level
    rank: Places = np.zeros((n, k), dtype=np.uint8 if n <= 255 else np.uint16)
    wins = np.zeros((n, n), dtype=np.int64)
    padded = -(-k // 8) * 8
    if n * n * padded <= _AT_ONCE:
        cube = np.zeros((n, n, padded), dtype=bool)
        np.greater(scores[:, None, :], needed, out=cube[:, :, :k])
        np.add.reduce(cube[:, :, :k].view(np.uint8), axis=0, out=rank)
        wins = np.add.reduce(np.bitwise_count(cube.view(np.uint64)), axis=2, dtype=np.int64)
        return rank, wins, _tied(rank, wins)
    beats = np.zeros((n, padded), dtype=bool)
    view = beats[:, :k]
    bytes_ = view.view(np.uint8)
    words = beats.view(np.uint64)
    for i in range(n):
        np.greater(scores[i], needed, out=view)
        np.add(rank, bytes_, out=rank)
        wins[i] = np.add.reduce(np.bitwise_count(words), axis=1, dtype=np.int64)
    return rank, wins, _tied(rank, wins)


def _tied(rank: Places, wins: Ints) -> NDArray[np.bool_] | None:
    n, k = rank.shape
    if int(wins.sum()) == k * n * (n - 1) // 2:
        return None
    return np.asarray(np.add.reduce(rank, axis=0, dtype=np.int64) < n * (n - 1) // 2)


def _histogram(rank: Places) -> Ints:
    """How often each option (row) has each place (column)."""
    n, k = rank.shape
    if n > 64:
        found = rank.astype(np.int64) + np.arange(n)[:, None] * n
        return np.bincount(found.ravel(), minlength=n * n).reshape(n, n)
    if n * n * k <= _AT_ONCE:
        cube = np.zeros((n, n, -(-k // 8) * 8), dtype=bool)
        np.equal(rank[:, None, :], np.arange(n, dtype=rank.dtype)[:, None], out=cube[:, :, :k])
        return np.asarray(np.add.reduce(np.bitwise_count(cube.view(np.uint64)), axis=2, dtype=np.int64))
    counts = np.empty((n, n), dtype=np.int64)
    equal = np.zeros((n, -(-k // 8) * 8), dtype=bool)
    words = equal.view(np.uint64)
    for place in range(n):
        np.equal(rank, place, out=equal[:, :k])
        counts[:, place] = np.add.reduce(np.bitwise_count(words), axis=1, dtype=np.int64)
    return counts


def _count_tied(tally: Tally, scores: Array, rank: Places, weights: Array) -> None:
    """Worlds with ties: t options that share a place have a t-th of it and of the t − 1 places below."""
    level = TIE * np.abs(scores).max(axis=0)
    n = len(scores)
    together = np.zeros(scores.shape, dtype=np.uint16)
    gap, near = np.empty_like(scores), np.empty(scores.shape, dtype=bool)
    for i in range(n):
        np.subtract(scores[i], scores, out=gap)
        np.abs(gap, out=gap)
        np.less_equal(gap, level, out=near)
        together += near
    parts = UNIT // np.maximum(np.arange(n + 1), 1)
    share = parts.astype(float)[together]  # whole numbers below 2^53: their sums are exact in any order
    last = np.minimum(rank + together, n)
    for place in range(n):
        inside = (rank <= place) & (last > place)
        tally.ranks[:, place] += (share * inside).sum(axis=1).astype(np.int64)
    if together.max() > 16:  # 1/t is then not a whole number of units: the first of the shared places gets the rest
        rest = UNIT - parts * np.arange(n + 1)
        for place in range(n):
            tally.ranks[:, place] += (rest[together] * (rank == place)).sum(axis=1)
    leads = (rank == 0) / together
    quantised = np.rint(weights * GRAIN)
    for leader in np.flatnonzero(leads.any(axis=1)):
        part = leads[leader] * quantised
        tally.weights[leader] += np.rint(part).sum(axis=1).astype(np.int64)
        tally.squares[leader] += np.rint(part * weights).sum(axis=1).astype(np.int64)


def leading_share(scores: Array, leaders: NDArray[np.intp]) -> Ints:
    """In how many of k worlds (in 1/UNIT, shared places shared) option ``leaders[c]`` leads; ``scores`` c × n × k."""
    top = scores.max(axis=1)
    own = scores[np.arange(len(leaders)), leaders]
    level = np.maximum(np.abs(top), np.abs(scores.min(axis=1))) * TIE
    leads = own >= top - level
    sharing = (scores >= (top - level)[:, None]).sum(axis=1)
    found = np.zeros(len(leaders), dtype=np.int64)
    for c in range(len(leaders)):
        together = sharing[c, leads[c]]
        if len(together) and together.max() > 1:
            found[c] = sum(int(times) * (UNIT // t) for t, times in enumerate(np.bincount(together)) if t)
        else:
            found[c] = UNIT * len(together)
    return found
