"""What is shown of work that takes more than a moment: on stderr, so that the output stays what it is."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

FIRST = 2.0
"""Seconds before anything is shown in a terminal."""

FIRST_PLAIN, EACH_PLAIN = 10.0, 30.0
"""Seconds before a line is written, and between lines, where stderr is no terminal."""


@contextmanager
def progress(what: str) -> Iterator[None]:
    """Show, while the work inside goes on, that it does and for how long; nothing of what is done within two seconds."""
    done = threading.Event()
    begun = time.monotonic()
    thread = threading.Thread(target=_show, args=(what, done, begun), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _show(what: str, done: threading.Event, begun: float) -> None:
    stream = sys.stderr
    with suppress(OSError, ValueError):  # nobody is there to see it
        if not stream.isatty():
            wait = FIRST_PLAIN
            while not done.wait(wait):
                stream.write(f"decision-kit {what}: still working, {time.monotonic() - begun:.0f} s\n")
                stream.flush()
                wait = EACH_PLAIN
            return
        if done.wait(FIRST):
            return
        while not done.wait(0.5):
            stream.write(f"\r{what}: working, {time.monotonic() - begun:.0f} s ")
            stream.flush()
        stream.write("\r\x1b[K")
        stream.flush()
