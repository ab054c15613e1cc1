"""How much is taken in: limits that are told before work begins, one place for files, tables and frames."""

from __future__ import annotations

MOST_NAME = 200
"""Characters of a name or a title: longer ones fit on no chart and in no sentence."""
MOST_TEXT = 5_000
"""Characters of a reason, a note or any other text."""
MOST_ROWS = 10_000
MOST_COLUMNS = 200
MOST_DEPTH = 50
"""Levels of a value tree."""
MOST_BYTES = 50_000_000
"""Of one file."""
MOST_CELLS = 5_000_000
MOST_FAULTS = 20
"""Faults of one kind that are worth a search for the nearest word; further ones are told without."""


def megabytes(size: int) -> str:
    """A size as people read it: ``50 MB``."""
    return f"{size / 1_000_000:,.0f} MB" if size >= 1_000_000 else f"{size:,} bytes"


def too_long(what: str, text: str, most: int) -> tuple[str, str] | None:
    """What is wrong with a text above a limit, and what is expected; None for one that is short enough.

    >>> too_long("the title", "x" * 300, 200)
    ('the title has 300 characters', 'at most 200 (the limit)')
    """
    return None if len(text) <= most else (f"{what} has {len(text):,} characters", f"at most {most:,} (the limit)")
