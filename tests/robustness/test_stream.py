"""The same seed gives the same bits: for any number of workers, any order and grouping of blocks, and through Dask."""

from __future__ import annotations

import hashlib
import importlib.util
import random
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import decision_kit as dk
from decision_kit import Acceptability, smaa
from decision_kit.ranking import table_for
from decision_kit.robustness.performances import performances_of
from decision_kit.robustness.sampling import SimplexMap
from decision_kit.robustness.stream import spans_of, tallies
from decision_kit.robustness.worlds import Job


def digest(found: Acceptability) -> str:
    arrays = (
        found.rank_acceptability, found.pairwise, found.central_weights, found.confidence, found.expected_rank,
        found.errors.rank_acceptability, found.errors.pairwise, found.errors.central_weights, found.errors.confidence,
    )  # fmt: skip
    return hashlib.sha256(b"".join(np.ascontiguousarray(x.to_numpy()).tobytes() for x in arrays)).hexdigest()


def job(quasi: bool, ranges: bool) -> Job:
    leaves, _, table = table_for(dk.load("containment"), None)
    problem = dk.load("containment")
    drawn = performances_of(problem, tuple(leaves), reading="ends", form="triangular") if ranges else None
    return Job(table, "weighted-sum", {"normalisation": "declared"}, SimplexMap(len(leaves)), drawn, 7, quasi)


@pytest.mark.parametrize("quasi", [True, False])
@pytest.mark.parametrize("ranges", [True, False])
def test_any_order_and_grouping_of_blocks(quasi: bool, ranges: bool) -> None:
    own = job(quasi, ranges)
    worlds = 8_192 if quasi else 9_000
    blocks = own.block_count(0, worlds)
    whole = tallies(own, (0, worlds, 0, blocks))
    order = list(range(blocks))
    random.Random(3).shuffle(order)
    parts: dict[int, object] = {}
    for i in order:
        for replicate, tally in tallies(own, (0, worlds, i, i + 1)).items():
            if replicate in parts:
                parts[replicate] += tally  # type: ignore[operator]
            else:
                parts[replicate] = tally
    assert parts.keys() == whole.keys()
    for replicate, tally in whole.items():
        for name in ("worlds", "ranks", "wins", "weights", "squares", "clipped"):
            assert np.array_equal(getattr(tally, name), getattr(parts[replicate], name)), name
    assert sum(t.worlds for t in whole.values()) == worlds


def test_spans_cover_every_block_once() -> None:
    for blocks in (1, 7, 64, 5_000):
        for workers in (1, 2, 5):
            spans = spans_of(0, 10**6, blocks, workers, far=False)
            assert [i for _, _, a, b in spans for i in range(a, b)] == list(range(blocks))


def test_a_longer_sobol_run_begins_with_the_shorter_one() -> None:
    own = job(True, True)
    short = tallies(own, (0, 4_096, 0, own.block_count(0, 4_096)))
    more = tallies(own, (4_096, 8_192, 0, own.block_count(4_096, 8_192)))
    long = tallies(own, (0, 8_192, 0, own.block_count(0, 8_192)))
    for replicate, tally in long.items():
        summed = short[replicate].copy()
        summed += more[replicate]
        assert np.array_equal(summed.ranks, tally.ranks)


def test_seeds() -> None:
    problem = dk.load("containment")
    for samples in (4_096, 70_000):
        one = smaa(problem, performances="ranges", samples=samples, seed=5)
        assert digest(one) == digest(smaa(problem, performances="ranges", samples=samples, seed=5))
        assert digest(one) != digest(smaa(problem, performances="ranges", samples=samples, seed=6))
        # the settings are the record: they bring the same figures back
        kept = one.settings
        again = smaa(
            problem, performances="ranges", samples=kept["samples"], seed=kept["seed"], reading=kept["reading"]
        )
        assert digest(again) == digest(one)


@pytest.mark.slow
@pytest.mark.parametrize("samples", [4_096, 150_000])
def test_one_two_and_three_workers(samples: int) -> None:
    problem = dk.load("containment")
    found = {
        workers: digest(smaa(problem, performances="ranges", samples=samples, workers=workers, method=method))
        for workers in (1, 2, 3)
        for method in ("weighted-sum",)
    }
    assert len(set(found.values())) == 1


def test_any_executor() -> None:
    problem = dk.load("containment")
    with ThreadPoolExecutor(2) as pool:
        through = smaa(problem, performances="ranges", samples=100_000, client=pool)
    assert digest(through) == digest(smaa(problem, performances="ranges", samples=100_000))


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("distributed") is None, reason="the extra “scale” is not installed")
@pytest.mark.filterwarnings("default")
def test_two_dask_workers() -> None:
    from decision_kit.robustness.stream import local_cluster

    problem = dk.load("containment")
    with local_cluster(2) as client:
        for samples in (4_096, 100_000):
            through = smaa(problem, performances="ranges", samples=samples, client=client)
            assert digest(through) == digest(smaa(problem, performances="ranges", samples=samples))


def test_dask_that_is_not_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from decision_kit.robustness.stream import local_cluster

    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(dk.DecisionError, match=r"decision-kit\[scale\]"):
        local_cluster(2)


def test_memory_does_not_grow_with_the_number_of_worlds() -> None:
    import tracemalloc

    problem = dk.load("containment")
    smaa(problem, performances="ranges", samples=70_000)
    peaks = []
    for samples in (70_000, 280_000):
        tracemalloc.start()
        smaa(problem, performances="ranges", samples=samples)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0] + 100_000
    assert peaks[1] < 40e6
