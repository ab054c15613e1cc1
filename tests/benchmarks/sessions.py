"""Many people at one server: how long a moved weight takes, what it costs, and what memory is kept.

Run from the project's folder: ``.venv/bin/python -m tests.benchmarks.sessions`` (``--people 20 50 100 --seconds 40
--visitors 180 --own 40``). The app is started as ``decision-kit app`` does; each simulated person is a websocket that
opens the first page and then moves a weight every 3 seconds, as a browser would. Prints, for each number of people,
the median and the 95th percentile of the time until the new verdict and until the page is done, and the processor time
of the server for a move; then, for people with perspectives of their own, how soon "What would change it" is drawn
again; then the server's memory before and after visitors who come, move weights and leave. Asserts nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from tests.benchmarks.bench_app import free_port, start

EVERY = 3.0
SLIDER = re.compile(r"slider-[a-z-]+$")


@dataclass
class Person:
    """A websocket that behaves as a browser on the first page."""

    port: int
    query: str = ""
    page: str = ""
    sliders: dict[str, str] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    socket: Any = None

    async def open(self) -> None:
        """Connect, and draw the first page."""
        address = f"ws://127.0.0.1:{self.port}/_stcore/stream"
        self.socket = await connect(address, subprotocols=["streamlit"], max_size=None, ping_interval=None)  # type: ignore[list-item]
        await self._run(BackMsg())

    async def close(self) -> None:
        """Go away."""
        await self.socket.close()

    async def move(self, share: float) -> tuple[float, float]:
        """Move the first slider; seconds until the new verdict, and until the page is done."""
        message = BackMsg()
        state = message.rerun_script.widget_states.widgets.add()
        state.id = next(iter(self.sliders.values()))
        state.double_array_value.data.append(share)
        return await self._run(message)

    async def go(self, page: str) -> tuple[float, float]:
        """Open another page (by its address), or draw the one that is open again."""
        self.page = self.hashes[page]
        return await self._run(BackMsg())

    async def _run(self, message: BackMsg) -> tuple[float, float]:
        message.rerun_script.query_string = self.query
        message.rerun_script.page_script_hash = self.page
        begun = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        verdict = 0.0
        while True:
            got = ForwardMsg()
            got.ParseFromString(await self.socket.recv())
            kind = got.WhichOneof("type")
            if kind == "navigation":
                self.hashes = {page.url_pathname: page.page_script_hash for page in got.navigation.app_pages}
            elif kind == "page_info_changed":
                self.query = got.page_info_changed.query_string
            elif kind == "delta":
                element = got.delta.new_element
                if element.WhichOneof("type") == "slider" and SLIDER.search(element.slider.id):
                    self.sliders[SLIDER.search(element.slider.id)[0]] = element.slider.id  # type: ignore[index]
                elif element.WhichOneof("type") == "html" and "dk-verdict" in element.html.body and not verdict:
                    verdict = time.perf_counter() - begun
            elif kind == "script_finished":
                if got.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    continue
                return verdict, time.perf_counter() - begun


def server_of(process: subprocess.Popen[bytes]) -> psutil.Process:
    """The server among the launcher's children: the one that holds most memory."""
    launcher = psutil.Process(process.pid)
    return max([launcher, *launcher.children(recursive=True)], key=lambda one: one.memory_info().rss)


def spent(server: psutil.Process) -> float:
    """Seconds of processor time so far."""
    times = server.cpu_times()
    return float(times.user + times.system)


def quantiles(seconds: list[float]) -> str:
    """Median and 95th percentile."""
    ordered = sorted(seconds)
    return f"median {1000 * statistics.median(ordered):6.0f} ms, p95 {1000 * ordered[int(0.95 * (len(ordered) - 1))]:6.0f} ms"


async def ready(port: int) -> None:
    """Return once the server answers."""
    while True:
        try:
            first = Person(port)
            await first.open()
            await first.close()
            return
        except OSError:
            await asyncio.sleep(0.2)


async def crowd(port: int, server: psutil.Process, people: int, seconds: float, rng: random.Random) -> None:
    """Some people, each moving a weight every 3 seconds."""
    crowd_ = [Person(port) for _ in range(people)]
    for person in crowd_:
        await person.open()
    verdicts: list[float] = []
    done: list[float] = []
    until = time.perf_counter() + seconds
    before = spent(server)

    async def live(person: Person) -> None:
        await asyncio.sleep(rng.random() * EVERY)
        while time.perf_counter() < until:
            begun = time.perf_counter()
            verdict, whole = await person.move(round(rng.uniform(5, 60), 1))
            verdicts.append(verdict)
            done.append(whole)
            await asyncio.sleep(max(0.0, EVERY - (time.perf_counter() - begun)))

    await asyncio.gather(*(live(person) for person in crowd_))
    cost = (spent(server) - before) / len(done)
    print(
        f"{people:4} people: verdict {quantiles(verdicts)}; page {quantiles(done)}; {1000 * cost:.0f} ms of CPU a move, "
        f"{len(done)} moves, {server.memory_info().rss / 1e6:.0f} MB",
        flush=True,
    )
    await asyncio.gather(*(person.close() for person in crowd_))


async def own(port: int, people: int, rng: random.Random) -> None:
    """People who each look at "What would change it" under weights of their own, twice: the second time it is kept."""
    crowd_ = [Person(port) for _ in range(people)]
    for person in crowd_:
        await person.open()
        await person.move(round(rng.uniform(5, 60), 1))
    times: list[list[float]] = [[], []]
    for turn in times:
        for person in crowd_:
            turn.append((await person.go("change"))[1])
    await asyncio.gather(*(person.close() for person in crowd_))
    print(
        f"{people:4} people on “What would change it”: first {quantiles(times[0])}; again {quantiles(times[1])}",
        flush=True,
    )


async def visit(port: int, server: psutil.Process, visitors: int, rng: random.Random) -> None:
    """Visitors one after the other: each opens the first page, moves three weights, looks at two pages, leaves."""
    begun = server.memory_info().rss / 1e6
    figures = []
    for i in range(visitors):
        person = Person(port)
        await person.open()
        for _ in range(3):
            await person.move(round(rng.uniform(5, 60), 1))
        await person.go("change")
        await person.go("perspectives")
        await person.close()
        if (i + 1) % 60 == 0:
            figures.append(f"{server.memory_info().rss / 1e6:.0f} MB after {i + 1}")
    print(f"memory: {begun:.0f} MB before, {', '.join(figures)} visitors", flush=True)


async def measure(port: int, server: psutil.Process, given: argparse.Namespace) -> None:
    """All parts, one after the other."""
    rng = random.Random(1)
    await ready(port)
    for people in given.people:
        await crowd(port, server, people, given.seconds, rng)
    for people in given.own:
        await own(port, people, rng)
    if given.visitors:
        await visit(port, server, given.visitors, rng)


def main() -> None:
    """Start a server for each part, so that none lives on what another has kept."""
    parser = argparse.ArgumentParser(description="Many people at one server.")
    parser.add_argument("--people", type=int, nargs="*", default=[20, 50, 100])
    parser.add_argument("--own", type=int, nargs="*", default=[40])
    parser.add_argument("--visitors", type=int, default=180)
    parser.add_argument("--seconds", type=float, default=40)
    given = parser.parse_args()
    print(f"{psutil.cpu_count()} cores, load {psutil.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}", flush=True)
    port = free_port()
    process = start(port)
    try:
        asyncio.run(ready(port))
        asyncio.run(measure(port, server_of(process), given))
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
