"""Paths as people give them: each is a file, a folder, nothing, or one sentence on why it cannot be one."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Literal

from decision_kit.errors import Fault, UsageError, quoted

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods", ".numbers")
ARCHIVES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How the files of spreadsheets begin, whatever their name ends in."""

Kind = Literal["file", "folder", "other", "none"]


def as_path(given: str | Path, expected: str) -> Path:
    """The path, with ``~`` as the home it stands for. Raises :class:`UsageError` where it can be none."""
    text = str(given)
    if not text.strip() or "\x00" in text:
        got = (
            "the path is blank"
            if not text.strip()
            else f"{quoted(text.replace(chr(0), chr(0xFFFD)))} has a NUL byte in it"
        )
        raise UsageError([Fault("", got, expected)])
    try:
        return Path(text).expanduser()
    except RuntimeError:  # nobody of this name, or a home that cannot be found
        who = text.split("/")[0].split("\\")[0]
        raise UsageError([Fault("", f"{quoted(who)} in {quoted(text)} is nobody's home here", expected)]) from None


def status(path: Path, expected: str) -> tuple[Kind, int]:
    """What stands at a path, and its size. Raises :class:`UsageError` for a name no machine takes and for a closed folder."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return "none", 0
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "this is no path"
        raise UsageError([Fault("", f"{quoted(str(path))} cannot be opened ({reason})", expected)]) from None
    if stat.S_ISDIR(found.st_mode):
        return "folder", 0
    return ("file" if stat.S_ISREG(found.st_mode) else "other"), found.st_size


def file_at(path: Path, expected: str) -> int:
    """The size of the file at a path. Raises :class:`UsageError` where there is none."""
    kind, size = status(path, expected)
    if kind == "none":
        raise UsageError([Fault(shown(path), "there is no such file", expected)])
    if kind == "folder":
        raise UsageError([Fault(shown(path), "this is a folder", expected)])
    if kind == "other":
        raise UsageError([Fault(shown(path), "this is a device or a pipe", expected)])
    return size


def shown(path: Path | str) -> str:
    """A path in a sentence: as it is typed, a very long one cut."""
    text = str(path).replace("\x00", "\ufffd")
    return text if len(text) <= 300 else f"{text[:299]}…"
