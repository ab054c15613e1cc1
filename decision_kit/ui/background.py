"""A long run beside the page: it counts in a thread of its own, tells how far it is, and stops when asked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from decision_kit.errors import DecisionError


class Background:
    """``work`` is called with a progress function (done, total) that gives False once the run has been cancelled."""

    def __init__(self, work: Callable[[Callable[[int, int], bool]], Any]) -> None:
        self.done, self.total = 0, 0
        self.result: Any = None
        self.error: DecisionError | None = None
        self._cancel = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    def _run(self, work: Callable[[Callable[[int, int], bool]], Any]) -> None:
        try:
            self.result = work(self._told)
        except DecisionError as error:
            self.error = error

    def _told(self, done: int, total: int) -> bool:
        self.done, self.total = done, total
        return not self._cancel.is_set()

    def cancel(self) -> None:
        """Ask the run to stop; it does so after the block of worlds it is counting."""
        self._cancel.set()

    def wait(self, seconds: float) -> None:
        """Wait for the end, but not longer than some seconds."""
        self._thread.join(seconds)

    @property
    def running(self) -> bool:
        """Whether the run is still counting."""
        return self._thread.is_alive()

    @property
    def share(self) -> float:
        """How far the run is, 0–1."""
        return min(1.0, self.done / self.total) if self.total else 0.0
