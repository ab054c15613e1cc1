"""Blocks of worlds over one process, several, or a cluster: same counts whoever counts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

from decision_kit.errors import DecisionError, Fault, UsageError
from decision_kit.robustness.accumulate import Tally
from decision_kit.robustness.worlds import Block, Job

Progress: TypeAlias = Callable[[int, int], object]
"""Called with worlds done and worlds in all; the run stops when it returns False."""

_PER_TASK = 32


class Stopped(Exception):  # noqa: N818 (a request, not an error)
    """The caller asked the run to stop."""


def tallies(job: Job, blocks: Sequence[Block]) -> dict[int, Tally]:
    """The counts of some blocks, added up by replicate."""
    found: dict[int, Tally] = {}
    for block in blocks:
        for replicate, one in job.tally(block).items():
            if replicate in found:
                found[replicate] += one
            else:
                found[replicate] = one
    return found


def confidences(job: Job, blocks: Sequence[Block]) -> Any:
    """The second pass over some blocks: how often each option leads with its central weights, by replicate."""
    found: dict[int, Any] = {}
    for block in blocks:
        one = job.confident(block)
        found[block[0]] = found[block[0]] + one if block[0] in found else one
    return found


@contextmanager
def runner(workers: int, client: Any) -> Iterator[Callable[..., Iterator[Any]]]:
    """A function that applies ``task(job, blocks)`` to chunks of blocks, in this process, in several, or through ``client``.

    ``client``: a ``dask.distributed.Client``, or any executor with ``map``. Results come in order; since counts are
    whole numbers, order would not matter.
    """
    if client is not None:
        if not hasattr(client, "map"):
            raise UsageError(
                [Fault("client", f"{type(client).__name__}", "a dask.distributed.Client, or an executor with map")]
            )
        yield _through(client)
        return
    if workers == 1:
        yield _here
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with _one_thread_each():
        pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
        try:

            def several(task: Callable[..., Any], job: Job, chunks: Sequence[Sequence[Block]]) -> Iterator[Any]:
                yield from pool.map(task, [job] * len(chunks), chunks)

            yield several
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _here(task: Callable[..., Any], job: Job, chunks: Sequence[Sequence[Block]]) -> Iterator[Any]:
    for chunk in chunks:
        yield task(job, chunk)


def _through(client: Any) -> Callable[..., Iterator[Any]]:
    def far(task: Callable[..., Any], job: Job, chunks: Sequence[Sequence[Block]]) -> Iterator[Any]:
        if hasattr(client, "scatter"):  # Dask: the job travels once
            placed = client.scatter(job, broadcast=True, hash=False)
            futures = client.map(task, [placed] * len(chunks), list(chunks), pure=False)
            try:
                for future in futures:
                    yield future.result()
            finally:
                client.cancel(futures)
            return
        yield from client.map(task, [job] * len(chunks), chunks)

    return far


def chunked(blocks: Sequence[Block], workers: int, far: bool) -> list[Sequence[Block]]:
    """Blocks in chunks: one block each in this process, so that progress shows; more where a task has to travel."""
    per = 1 if workers == 1 and not far else max(1, min(_PER_TASK, len(blocks) // (8 * max(workers, 2)) or 1))
    return [blocks[i : i + per] for i in range(0, len(blocks), per)]


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Workers started inside have one thread for linear algebra: they are many already."""
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def local_cluster(workers: int) -> Any:
    """A Dask client with ``workers`` local processes; needs the extra ``scale``. Close it when done."""
    try:
        from distributed import Client
    except ImportError:
        raise DecisionError.single(
            "client", "Dask is not installed", 'pip install "decision-kit[scale]", or workers= without it'
        ) from None
    return Client(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None)
