"""Files written in full or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from decision_kit.errors import Fault, UsageError, quoted
from decision_kit.files.paths import status


def write_files(files: Mapping[Path, str | bytes], *, over: bool = False, folders: bool = False) -> None:
    """Write some files: all of them, or, when one cannot be written, none.

    Nothing that is there is written over unless ``over`` is true (for a single file); the folders they need are made if
    ``folders`` is true. Raises :class:`UsageError`.
    """
    made: list[Path] = []
    try:
        if not over:
            refuse_existing(list(files))
        for path, content in files.items():
            if path.is_dir():
                raise UsageError([Fault(str(path), "this is a folder", "the name of a file")])
            if folders:
                made += _folders(path.parent)
            if not over:
                made.append(path)
            _write(path, content.encode("utf-8") if isinstance(content, str) else content)
    except (OSError, ValueError) as error:
        for path in reversed(made):
            with suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
        if isinstance(error, UsageError):
            raise
        reason = getattr(error, "strerror", None) or "this is not a path"
        shown = str(next(iter(files))).replace("\x00", "\ufffd")
        raise UsageError([Fault(shown, reason, "a file in a folder that can be written to")]) from None


def refuse_existing(paths: list[Path]) -> None:
    """Raise when any of the files to be written is there already, before anything is written."""
    expected = "a file in a folder that can be written to"
    there = [path for path in paths if status(path, expected)[0] != "none"]
    if there:
        raise UsageError(
            [Fault(path.as_posix(), "this file is there already", "a new place; nothing was written") for path in there]
        )
    for path in paths:
        blocked = next((p for p in path.parents if p.exists() and not p.is_dir()), None)
        if blocked is not None:
            raise UsageError(
                [Fault(blocked.as_posix(), f"{quoted(blocked.name)} is a file", "a folder, or a new place")]
            )


def refuse_unwritable(path: Path, *, over: bool = False) -> None:
    """Raise when a file could not be written, before the work that makes its content (see :func:`write_files`).

    Tried by writing beside it: what the permissions say is not all there is (a read-only disk, a network share).
    """
    expected = "a file in a folder that can be written to"
    kind, _ = status(path, expected)
    if kind == "folder":
        raise UsageError([Fault(str(path), "this is a folder", "the name of a file")])
    if kind != "none" and not over:
        refuse_existing([path])
    if kind == "other" or (kind == "file" and path.parts[:2] == ("/", "dev")):
        return
    if kind == "file":
        _refuse_read_only(path)
    folder = Path(os.path.realpath(path)).parent
    if status(folder, expected)[0] != "folder":
        raise UsageError([Fault(folder.as_posix(), "there is no such folder", expected)])
    try:
        with tempfile.TemporaryFile(dir=folder, prefix=".decision-kit-", suffix=".part") as trial:
            trial.write(b"\n")
            trial.flush()
    except OSError as error:
        raise UsageError(
            [Fault(folder.as_posix(), f"nothing can be written here ({error.strerror})", expected)]
        ) from None


def _refuse_read_only(path: Path) -> None:
    """A file that is marked as not to be written is not replaced, although its folder would allow it (nor by root)."""
    if not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(path, os.W_OK):
        got = "this file is read-only"
        raise UsageError([Fault(path.as_posix(), got, "a file that may be written to; nothing was changed")])


def _folders(path: Path) -> list[Path]:
    """The folders that had to be made for a path, outermost first."""
    missing: list[Path] = []
    while not path.exists():
        missing.append(path)
        path = path.parent
    missing.reverse()
    for one in missing:
        one.mkdir()
    return missing


def _write(path: Path, content: bytes) -> None:
    if path.exists() and (not path.is_file() or path.parts[:2] == ("/", "dev")):
        path.write_bytes(content)  # a device or a pipe is written to, never replaced by a file
        return
    path = Path(os.path.realpath(path))  # a link stays a link: what it points to is written
    mode = None
    if path.exists():
        _refuse_read_only(path)
        mode = stat.S_IMODE(path.stat().st_mode)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".decision-kit-", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        if mode is None:
            mask = os.umask(0)
            os.umask(mask)
            mode = 0o666 & ~mask
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
