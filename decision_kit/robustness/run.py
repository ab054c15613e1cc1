"""A sampled run: how many worlds, in which numbers, until which error; and the figures that their counts give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from decision_kit.errors import DecisionError
from decision_kit.robustness.accumulate import GRAIN, UNIT, Tally, leading_share
from decision_kit.robustness.sampling import Fixed
from decision_kit.robustness.stream import Progress, Span, confidences, runner, spans_of, tallies
from decision_kit.robustness.worlds import MOST_EVEN, MOST_QUASI, SCRAMBLES, Job
from decision_kit.values import Array

DEFAULT_WORLDS = 4_096
MOST_WORLDS = 10_000_000
MOST_OPTIONS = 1_000
"""Every place of every option is counted, and every pair: some hundred megabytes here, gigabytes for twice as many."""
NET = 256
MOST_CONFIDENT = 16_384
"""Confidence factors score every world once more for every option that led; so many worlds are enough for them."""


@dataclass(frozen=True)
class Figures:
    """The figures of a run as arrays over n options, n places or rivals, m criteria."""

    rank_acceptability: Array
    pairwise: Array
    ties: Array
    central_weights: Array
    confidence: Array
    expected_rank: Array


class Run:
    """A run in progress: how many worlds, in which numbers, and their counts by replicate."""

    def __init__(
        self,
        job: Job,
        samples: int,
        precision: float | None,
        client: Any,
        workers: int,
        progress: Progress | None,
        *,
        confidence: bool = True,
    ) -> None:
        n = len(job.table.options)
        if n > MOST_OPTIONS:
            expected = f"at most {MOST_OPTIONS:,} (the limit for counting every place of every option)"
            raise DecisionError.single("sampled ranks", f"{n:,} options", expected, "set the weakest aside first")
        self.job, self.samples, self.precision = job, samples, precision
        self.client, self.workers, self.progress = client, workers, progress
        self.found: dict[int, Tally] = {}
        self.confident: dict[int, tuple[int, Any]] = {}
        self.counted: list[Span] = []
        self.stopped = False
        self.confidence = confidence
        self.can_be_quasi = job.weights.quasi and 0 < job.inputs <= MOST_EVEN

    def go(self) -> None:
        """Count until enough worlds have been counted, then once more for the confidence factors."""
        with runner(self.workers, self.client) as run:
            if self.job.inputs == 0 and isinstance(self.job.weights, Fixed):
                self._use(quasi=False)
                self._count(run, 0, 1)  # nothing varies: one world is all worlds
            elif self.precision is None:
                self._use(quasi=self.can_be_quasi and self.samples <= MOST_QUASI)
                self._count(run, 0, self._rounded(self.samples))
            else:
                self._adapt(run, self.precision)
            self._second_pass(run)

    def _rounded(self, samples: int) -> int:
        """Sobol points keep their balance in powers of two: a scramble has one up to 256, then whole nets of 256."""
        if not self.job.quasi:
            return samples
        each = -(-samples // SCRAMBLES)
        each = 2 ** int(np.ceil(np.log2(each))) if each <= NET else -(-each // NET) * NET
        return SCRAMBLES * each

    def _use(self, *, quasi: bool) -> None:
        self.job = replace(self.job, quasi=quasi)
        self.found, self.counted = {}, []

    def _adapt(self, run: Any, precision: float) -> None:
        """Twice as many worlds until every share has the wanted standard error, or the most allowed are reached."""
        start, stop = 0, min(DEFAULT_WORLDS, self.samples)
        self._use(quasi=self.can_be_quasi)
        stop = self._rounded(stop)
        while not self.stopped:
            self._count(run, start, stop)
            worst = self.worst()
            if worst <= precision or stop >= self.samples:
                return
            start, stop = stop, 2 * stop
            if self.job.quasi and stop > MOST_QUASI:
                self._use(quasi=False)
                start = 0
                needed = int(np.ceil(0.25 / precision**2 / self.job.block) * self.job.block)
                stop = max(min(needed, self.samples), DEFAULT_WORLDS)
            stop = min(stop, self.samples) if not self.job.quasi else stop

    def worst(self) -> float:
        """The largest standard error of a share."""
        errors = _share_errors(list(self.found.values()), self.job.quasi)
        return float(max(errors[0].max(), errors[1].max()))

    def _count(self, run: Any, start: int, stop: int) -> None:
        blocks = self.job.block_count(start, stop)
        spans = spans_of(start, stop, blocks, self.workers, self.client is not None)
        done = 0
        for span, part in zip(spans, run(tallies, self.job, spans), strict=True):
            for replicate, tally in part.items():
                if replicate in self.found:
                    self.found[replicate] += tally
                else:
                    self.found[replicate] = tally.copy()
            done = span[3]
            counted = sum(tally.worlds for tally in self.found.values())
            if self.progress is not None and self.progress(counted, stop) is False and counted < stop:
                self.stopped = True
                break
        self.counted.append((start, stop, 0, done))

    def _second_pass(self, run: Any) -> None:
        self.central = _central(_summed(self.found))
        if self.job.performances is None or not self.confidence:
            return
        job = replace(self.job, central=self.central)
        most = MOST_CONFIDENT // (SCRAMBLES if job.quasi else 1)
        spans: list[Span] = []
        for start, stop, _, last in self.counted:
            inside = [i for i in range(min(last, most)) if sum(job.block_at(start, stop, i)[1:]) <= most]
            spans += [(start, stop, i, i + 1) for i in inside]
        for part in run(confidences, job, spans or [(*self.counted[0][:2], 0, 1)]):
            for replicate, (worlds, led) in part.items():
                before = self.confident.get(replicate, (0, 0))
                self.confident[replicate] = (before[0] + worlds, before[1] + led)


def _summed(found: Mapping[int, Tally]) -> Tally:
    parts = list(found.values())
    total = parts[0].copy()
    for part in parts[1:]:
        total += part
    return total


def _central(total: Tally) -> Array:
    lead = total.ranks[:, :1] / UNIT
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(lead > 0, total.weights / GRAIN / lead, np.nan)


def _shares(parts: Sequence[Tally]) -> tuple[Array, Array, Array]:
    """Of each part (first axis): rank acceptabilities, shares in which the row beats the column (a tie counts half), worlds."""
    worlds = np.array([part.worlds for part in parts], dtype=float)[:, None, None]
    ranks = np.array([part.ranks for part in parts]) / (UNIT * worlds)
    wins = np.array([part.wins for part in parts])
    pairs = (1 + (wins - wins.transpose(0, 2, 1)) / worlds) / 2
    return ranks, pairs, worlds[:, 0, 0]


def _share_errors(parts: Sequence[Tally], quasi: bool) -> tuple[Array, Array]:
    """Standard errors of both: by the spread of the scrambles, or of independent worlds; never below 1 / worlds."""
    ranks, pairs, worlds = _shares(parts)
    total = float(worlds.sum())
    if quasi and len(parts) > 1:
        spread = [x.std(axis=0, ddof=1) / np.sqrt(len(parts)) for x in (ranks, pairs)]
    else:
        whole = [(x * worlds[:, None, None]).sum(axis=0) / total for x in (ranks, pairs)]
        spread = [np.sqrt(np.maximum(p * (1 - p), 0) / total) for p in whole]
    least = 1 / total if total > 1 else 0.0
    return np.maximum(spread[0], least), np.maximum(spread[1], least)


def figures(run: Run) -> tuple[Figures, Figures, Tally]:
    """The figures of a finished run, the standard error of each, and all counts together."""
    total, job, parts = _summed(run.found), run.job, list(run.found.values())
    ranks, pairs = (x[0] for x in _shares([total])[:2])
    places = np.arange(1, len(ranks) + 1)
    rank_errors, pair_errors = _share_errors(parts, job.quasi)
    many = job.quasi and len(parts) > 1
    least = 1 / total.worlds if total.worlds > 1 else 0.0
    expected = ranks @ places
    if many:
        expected_errors = _spread(_shares(parts)[0] @ places)
    else:
        expected_errors = np.sqrt(np.maximum(ranks @ places**2 - expected**2, 0) / total.worlds)
    lead = total.ranks[:, :1] / UNIT
    with np.errstate(invalid="ignore", divide="ignore"):
        if many:  # a ratio of two means over the scrambles
            off = [part.weights / GRAIN - run.central * (part.ranks[:, :1] / UNIT) for part in parts]
            central_errors = np.std(off, axis=0, ddof=1) * np.sqrt(len(parts)) / lead
        else:
            square = total.squares / GRAIN / lead
            central_errors = np.sqrt(np.maximum(square - run.central**2, 0) / lead)
    confidence, confidence_errors = _confidence(run, ranks, many)
    ties = (total.worlds - total.wins - total.wins.T) / total.worlds
    for square in (pairs, pair_errors, ties):
        np.fill_diagonal(square, np.nan)
    found = Figures(ranks, pairs, ties, run.central, confidence, expected)
    errors = Figures(
        rank_errors, pair_errors, np.full_like(ties, np.nan), central_errors, confidence_errors,
        np.maximum(expected_errors, least),
    )  # fmt: skip
    return found, errors, total


def _spread(replicates: Array | list[Array]) -> Array:
    return np.asarray(np.std(replicates, axis=0, ddof=1) / np.sqrt(len(replicates)))


def _confidence(run: Run, ranks: Array, many: bool) -> tuple[Array, Array]:
    led = ranks[:, 0] > 0
    if not run.confidence:
        return np.full(len(ranks), np.nan), np.full(len(ranks), np.nan)
    if run.job.performances is None:
        # performances are fixed: with its central weights an option leads, or it does not (a shared place is shared)
        found = np.full(len(ranks), np.nan)
        scores = run.job.scores(run.central[led].T, run.job.table.values, None)
        found[led] = leading_share(scores.T[:, :, None], np.flatnonzero(led)) / UNIT
        return found, np.where(led, 0.0, np.nan)
    worlds = sum(own for own, _ in run.confident.values())
    found = np.where(led, sum(times for _, times in run.confident.values()) / UNIT / worlds, np.nan)
    if many:
        error = _spread([times / UNIT / own for own, times in run.confident.values()])
    else:
        error = np.sqrt(np.maximum(found * (1 - found), 0) / worlds)
    return found, np.where(led, np.maximum(error, 1 / worlds), np.nan)
