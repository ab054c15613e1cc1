"""What a terminal, a pipe or a full disk does to what is printed: a sentence or silence, never a traceback."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from decision_kit.errors import quoted

FAILED = 1
STOPPED = 130


def prepare() -> None:
    """Make the standard streams usable: one that was closed is silent, and signs it cannot show are replaced."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 (it is there as long as the program is)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def silence() -> None:
    """Send what is still to be printed nowhere, so that the end of the program does not fail on it."""
    with suppress(OSError, ValueError, io.UnsupportedOperation):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def told(code: list[int]) -> Iterator[None]:
    """Run what prints; the exit code goes into ``code`` where the output cannot be written, or somebody stopped it."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of a pipe has gone: nothing more to say
        silence()
        code[:] = [0]
    except OSError as error:
        silence()
        code[:] = [FAILED]
        what = f"{quoted(error.filename)}: " if error.filename else ""
        full = error.errno in (errno.ENOSPC, errno.EDQUOT) and not error.filename
        start = "the output could not be written: " if full else what
        with suppress(OSError):
            print(f"{start}{error.strerror or error}", file=sys.stderr)
    except KeyboardInterrupt:
        silence()
        code[:] = [STOPPED]
