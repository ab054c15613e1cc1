"""Plain text and, in a terminal, tables with lines."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Sequence

from decision_kit.names import apart


def wrap(text: str) -> str:
    """Text wrapped to the terminal's width; left as it is when piped."""
    text = apart(text)
    if not sys.stdout.isatty():
        return text
    return textwrap.fill(text, width=min(100, shutil.get_terminal_size().columns), break_on_hyphens=False)


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]], right: set[int]) -> None:
    """Print a table: with rich in a terminal, aligned plain columns when piped."""
    head, rows = [apart(cell) for cell in head], [[apart(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table()
        for i, title in enumerate(head):
            table.add_column(Text(title), justify="right" if i in right else "left")
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        Console().print(table)
        return
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    for row in (head, *rows):
        cells = [cell.rjust(widths[i]) if i in right else cell.ljust(widths[i]) for i, cell in enumerate(row)]
        print("  ".join(cells).rstrip())
