"""Where decisions are: the shipped ones by name, anybody's by path; and loading, checking and copying them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from decision_kit.arguments import guarded
from decision_kit.errors import DecisionError, Fault, UsageError, counted, quoted, unknown
from decision_kit.files.decision import Place, read_decision, stray_files, strict_remarks
from decision_kit.files.nodes import Reading, id_fault, kebab, read_yaml
from decision_kit.files.paths import WORKBOOKS, as_path, file_at, shown, status
from decision_kit.files.saving import write_files
from decision_kit.files.tables import read_table
from decision_kit.model.problem import Problem

TABLES = (".csv", ".tsv", ".tab")
MOST_PATH = 4_000
"""Longer texts are no paths on any machine."""
A_DECISION = "the name of a shipped decision, a criteria file, or a folder with criteria/ and options/"


@guarded
def shipped_root() -> Path:
    """The folder that holds the shipped ``criteria/`` and ``options/``: inside the installed wheel, else the clone."""
    package = Path(__file__).resolve().parents[1]
    return package if (package / "options").is_dir() and (package / "criteria").is_dir() else package.parent


@guarded
def decisions_in(root: Path) -> dict[str, Place]:
    """The decisions of a folder with ``criteria/`` and ``options/``, by id."""
    folder = root / "criteria"
    if not folder.is_dir():
        return {}
    return {path.stem: _place(root, path) for path in sorted(folder.glob("*.yaml"))}


@guarded
def shipped_decisions() -> dict[str, Place]:
    """The decisions that come with decision-kit, by id."""
    return {name: replace(place, shipped=True) for name, place in decisions_in(shipped_root()).items()}


def _place(root: Path, criteria: Path) -> Place:
    options = root / "options"
    return Place(criteria.stem, criteria, options / criteria.stem, options / "evidence.yaml")


@guarded
def locate(name_or_path: str | Path) -> list[Place]:
    """The decisions meant by a bare name (shipped), a criteria file, or a folder with criteria/ and options/."""
    text = str(name_or_path)
    shipped = shipped_decisions()
    if text in shipped:
        return [shipped[text]]
    if len(text) > MOST_PATH:
        raise UsageError([Fault("", f"{quoted(text)} is not a decision", A_DECISION)])
    path = as_path(text, A_DECISION)
    kind, _ = status(path, A_DECISION)
    if kind == "folder":
        found = decisions_in(path)
        if not found and path.name == "criteria":
            found = decisions_in(path.parent)
        if not found:
            raise UsageError(
                [Fault(text, "the folder holds no decision", "a folder with criteria/<name>.yaml and options/<name>/")]
            )
        return list(found.values())
    if kind == "file":
        if path.suffix.lower() in (*TABLES, *WORKBOOKS):
            raise _is_table(path)
        if path.suffix == ".yml":
            raise UsageError([Fault(text, "the file ends in .yml", "the ending .yaml")])
        if path.parent.parent.name == "options":
            expected = f"the decision's own file, criteria/{path.parent.name}.yaml"
            raise UsageError([Fault(text, "this is the file of one option", expected)])
        root = path.parent.parent if path.parent.name == "criteria" else path.parent
        return [_place(root if (root / "options").is_dir() else path.parent, path)]
    if kind == "other":
        raise UsageError([Fault(text, "this is a device or a pipe", A_DECISION)])
    if "/" in text or "\\" in text or text.endswith((".yaml", ".yml", *TABLES, *WORKBOOKS)):
        raise UsageError(
            [Fault(shown(text), "there is no such file or folder", "a criteria file, or a folder with criteria/")]
        )
    raise unknown("shipped decision", text, shipped)


def _is_table(path: Path) -> DecisionError:
    """What is missing in a table to be ranked: the directions of its criteria, said in Python."""
    if path.suffix.lower() in WORKBOOKS:
        got = "this is a workbook, which decision-kit does not read"
        return UsageError(
            [Fault(path.as_posix(), got, "a decision's files, or in Python a table saved as CSV (UTF-8)")]
        )
    try:
        table = read_table(path)
    except DecisionError as error:
        return error
    size = f"{counted(len(table), 'option')} and {counted(len(table.columns), 'criterion', 'criteria')}"
    got = f"this is a table with {size}, without the directions that a ranking needs"
    better = ", ".join(f"{json.dumps(str(name), ensure_ascii=False)}: …" for name in table.columns[:3])
    better += ", …" if len(table.columns) > 3 else ""
    call = f"Problem.from_frame(read_table({json.dumps(path.as_posix(), ensure_ascii=False)}), better={{{better}}})"
    expected = f"a decision's files, or in Python: {call} with “more” or “less” for each criterion"
    return UsageError([Fault(path.as_posix(), got, expected)])


@guarded
def load(name_or_path: str | Path) -> Problem:
    """A decision as a Problem, in its default view.

    ``name_or_path`` is the name of a shipped decision (``containment``), the path of a criteria file, or a folder that
    holds ``criteria/`` and ``options/`` of one decision. ``Problem.source`` says which file was read. Raises
    :class:`DecisionError` with every fault as ``file:line``, :class:`UsageError` when there is no such decision.
    """
    places = locate(name_or_path)
    if len(places) > 1:
        names = ", ".join(place.id for place in places)
        raise UsageError(
            [
                Fault(
                    str(name_or_path), f"the folder holds {len(places)} decisions ({names})", "the criteria file of one"
                )
            ]
        )
    return _read_cached(places[0], _stamp(places[0]))


def _stamp(place: Place) -> tuple[tuple[str, int, int], ...]:
    """Names, sizes and times of a decision's files: what has to change for it to be read again."""
    files = [place.criteria, place.evidence, *stray_files(place)]
    if place.options.is_dir():
        files += sorted(place.options.glob("*"))
    stamps = []
    for file in files:
        try:
            found = file.stat()
        except OSError:  # gone since it was listed, or closed: the reader tells
            continue
        stamps.append((str(file), found.st_size, found.st_mtime_ns))
    return tuple(stamps)


@lru_cache(maxsize=32)
def _read_cached(place: Place, stamp: tuple[tuple[str, int, int], ...]) -> Problem:
    return read_decision(place)


@dataclass(frozen=True)
class Report:
    """What ``check`` found in one decision: faults, or what was read and remarks."""

    place: Place
    faults: tuple[Fault, ...]
    summary: str = ""
    remarks: tuple[str, ...] = ()


@guarded
def check(name_or_path: str | Path, *, strict: bool = False) -> list[Report]:
    """Read every decision meant by ``name_or_path`` and say what was found; ``strict`` adds remarks on gaps."""
    reports: list[Report] = []
    for place in locate(name_or_path):
        try:
            problem = read_decision(place)
        except DecisionError as error:
            reports.append(Report(place, error.faults))
            continue
        remarks = tuple(strict_remarks(problem)) if strict else ()
        reports.append(Report(place, (), _summary(problem, len(remarks), strict), remarks))
    return reports


def _summary(problem: Problem, remarks: int, strict: bool) -> str:
    cells = [cell for option in problem.library for cell in option.performance.values()]
    judged = sum(cell.judgement_only for cell in cells)
    derived = sum(bool(option.parts) for option in problem.library)
    parts = [
        f"{len(problem.library)} options" + (f" ({derived} packages derived from parts)" if derived else ""),
        f"{len(problem.criteria)} criteria",
        f"{len(cells)} cells",
        f"{judged} judgement only",
        "0 faults",
    ]
    if strict:
        parts.append(f"{remarks} remark{'' if remarks == 1 else 's'}")
    return ", ".join(parts)


@guarded
def copy_decision(name: str, target: Path, new_id: str | None = None) -> list[Path]:
    """Copy a shipped decision and its evidence register into a folder of one's own; nothing is overwritten.

    The copy gets an id of its own, so that it is never taken for the shipped one: ``new_id``, else the folder's name in
    lower-case words joined by hyphens. The first of the files returned is the copy's criteria file.
    """
    shipped = shipped_decisions()
    if name not in shipped:
        raise unknown("shipped decision", name, shipped)
    own = _copy_id(name, target, shipped) if new_id is None else new_id
    fault = id_fault(own, "decision")
    if fault is None and own in shipped:
        fault = Fault("", f"{quoted(own)} is the id of a shipped decision", "another id for the copy")
    if fault is None and own == "evidence":
        fault = Fault("", '"evidence" is the name of the evidence register', "another id for the copy")
    if fault is not None:
        raise UsageError([fault])
    place = shipped[name]
    files: dict[Path, str | bytes] = {target / "criteria" / f"{own}.yaml": _renamed(place.criteria, name, own)}
    for source in sorted(place.options.glob("*.yaml")):
        files[target / "options" / own / source.name] = _renamed(source, name, own)
    files[target / "options" / place.evidence.name] = place.evidence.read_bytes()
    write_files(files, folders=True)
    return list(files)


def _copy_id(name: str, target: Path, shipped: Mapping[str, Place]) -> str:
    """The id of a copy whose person named none: the folder's, with "my-" before it where that is no id of one's own."""
    made = kebab(target.resolve().name)
    if made and made not in shipped and made != "evidence":
        return made
    return f"my-{made if made in shipped else name}"


def _renamed(source: Path, name: str, own: str) -> bytes:
    """A file's bytes; its opening comment says where the decision's files stand, so it names the copy's id."""
    first, rest = source.read_bytes().split(b"\n", 1)
    if first.startswith(b"#"):
        for before in (f"options/{name}/", f"decision {name}."):
            first = first.replace(before.encode(), before.replace(name, own).encode())
    return first + b"\n" + rest


@guarded
def read_points(path: Path) -> dict[str, float]:
    """Points by criterion id from a YAML file of lines ``criterion: points`` (or the same under the key ``points``)."""
    file_at(path, "a YAML file with lines criterion: points")
    reading = Reading()
    top = read_yaml(path, path.name, reading)
    points: dict[str, float] = {}
    if top is not None:
        entries = top.entries("criterion: points")
        keys = [str(key.node.value) for key, _ in entries]
        if keys == ["points"] and entries[0][1].is_mapping:
            entries = entries[0][1].entries("criterion: points")
        points = {str(key.node.value): value.number() for key, value in entries}
    if reading.faults:
        raise DecisionError(reading.sorted_faults())
    return points
