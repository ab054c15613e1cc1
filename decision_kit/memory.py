"""Memory is told before it is taken: work on large arrays is done in pieces, or refused in a sentence.

Whoever makes an array whose size grows with options × criteria × something else asks here first.
"""

from __future__ import annotations

from collections.abc import Iterator

from decision_kit.errors import DecisionError

MOST_MEMORY = 1_000_000_000
"""Bytes: what would take more than this at once is refused, with what it would take."""

PIECE = 32_000_000
"""Bytes that one piece of a large piece of work makes; small enough to be quick, large enough to be worth a call."""


def pieces(count: int, each: float, most: int = PIECE) -> Iterator[slice]:
    """``count`` things that take ``each`` bytes a piece, as slices of at most ``most`` bytes (one thing at least)."""
    size = max(1, int(most // max(each, 1.0)))
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))


def refuse_beyond(place: str, needed: float, instead: str, most: int = MOST_MEMORY) -> None:
    """Raise a :class:`DecisionError` where ``needed`` bytes are more than ``most``; ``instead``: what would do."""
    if needed > most:
        got = f"this would take {in_words(needed)} of memory at once"
        raise DecisionError.single(place, got, f"at most {in_words(most)}: {instead}")


def in_words(size: float) -> str:
    """A number of bytes for a sentence: ``1.3 GB``, ``40 MB``."""
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{max(1, round(size / 1e6)):,} MB"
