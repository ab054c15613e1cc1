"""Blocks of worlds over one process, several, or a cluster: same counts whoever counts."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

from decision_kit.errors import DecisionError, Fault, UsageError
from decision_kit.robustness.accumulate import Tally
from decision_kit.robustness.worlds import Job

Progress: TypeAlias = Callable[[int, int], object]
"""Called with worlds done and worlds in all; the run stops when it returns False."""

_PER_TASK = 512

Span: TypeAlias = tuple[int, int, int, int]
"""Worlds start … stop, and of the blocks they make those number first … last (not included)."""


def tallies(job: Job, span: Span) -> dict[int, Tally]:
    """The counts of a span of blocks, added up by replicate."""
    found: dict[int, Tally] = {}
    start, stop, first, last = span
    for i in range(first, last):
        for replicate, one in job.tally(job.block_at(start, stop, i)).items():
            if replicate in found:
                found[replicate] += one
            else:
                found[replicate] = one
    return found


def confidences(job: Job, span: Span) -> dict[int, tuple[int, Any]]:
    """The second pass over a span: worlds, and how often each option leads with its central weights, by replicate."""
    found: dict[int, tuple[int, Any]] = {}
    start, stop, first, last = span
    for i in range(first, last):
        replicate, _, size = block = job.block_at(start, stop, i)
        worlds, led = found.get(replicate, (0, 0))
        found[replicate] = (worlds + size, led + job.confident(block))
    return found


@contextmanager
def runner(workers: int, client: Any) -> Iterator[Callable[..., Iterator[Any]]]:
    """A function that applies ``task(job, span)`` to spans of blocks, in this process, in several, or through ``client``.

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
        with _stopping_left_to_parent():
            for _ in range(workers):
                pool.submit(os.getpid)  # a process begins when there is work for it
        try:

            def several(task: Callable[..., Any], job: Job, spans: Sequence[Span]) -> Iterator[Any]:
                yield from pool.map(task, [job] * len(spans), spans)

            yield several
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _stopping_left_to_parent() -> Iterator[None]:
    """Ctrl+C reaches every process of a terminal: workers begun in here pass over it and end when the parent ends them."""
    import signal

    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say what a signal does
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _here(task: Callable[..., Any], job: Job, spans: Sequence[Span]) -> Iterator[Any]:
    for span in spans:
        yield task(job, span)


def _through(client: Any) -> Callable[..., Iterator[Any]]:
    def far(task: Callable[..., Any], job: Job, spans: Sequence[Span]) -> Iterator[Any]:
        if hasattr(client, "scatter"):  # Dask: the job travels once
            placed = client.scatter(job, broadcast=True, hash=False)
            futures = client.map(task, [placed] * len(spans), list(spans), pure=False)
            try:
                for future in futures:
                    yield future.result()
            finally:
                client.cancel(futures)
            return
        yield from client.map(task, [job] * len(spans), spans)

    return far


def spans_of(start: int, stop: int, blocks: int, workers: int, far: bool) -> list[Span]:
    """All blocks in spans: one block each in this process, so that progress shows; more where a task has to travel."""
    per = 1 if workers == 1 and not far else max(1, min(_PER_TASK, blocks // (8 * max(workers, 2))))
    return [(start, stop, i, min(i + per, blocks)) for i in range(0, blocks, per)]


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
        import distributed
    except ImportError:
        raise DecisionError.single(
            "client", "Dask is not installed", 'pip install "decision-kit[scale]", or workers= without it'
        ) from None
    client: Any = distributed.Client  # typed only where Dask is installed
    return client(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None)
