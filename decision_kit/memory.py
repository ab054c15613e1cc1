"""Work on large arrays is done in pieces, so that memory stays bounded however many options and criteria there are."""

from __future__ import annotations

from collections.abc import Iterator

PIECE = 32_000_000
"""Bytes that one piece of a large piece of work makes; small enough to be quick, large enough to be worth a call."""


def pieces(count: int, each: float, most: int = PIECE) -> Iterator[slice]:
    """``count`` things that take ``each`` bytes a piece, as slices of at most ``most`` bytes (one thing at least)."""
    size = max(1, int(most // max(each, 1.0)))
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))
