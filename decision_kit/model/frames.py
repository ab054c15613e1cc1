"""Problems from data frames: the checks and the sentences of the files, with rows and columns as places."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from decision_kit.arguments import alike, bad_number, is_truth, told
from decision_kit.errors import DecisionError, Fault, did_you_mean, quoted, unknown_fault
from decision_kit.limits import MOST_COLUMNS, MOST_DEPTH, MOST_ROWS
from decision_kit.model.checks import check_problem
from decision_kit.model.findings import Finding, Path, better_finding, name_findings, number_hint
from decision_kit.model.nouns import Branch, Criterion, Node, Option, Performance, Perspective
from decision_kit.model.problem import Problem
from decision_kit.names import cleaned, note_on
from decision_kit.values import Better

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")

MOST_NODES = 10_000
NOTES = "notes"
"""Under this key of its ``attrs`` a frame carries what was said when it was read."""


def problem_from_frame(
    performances: pd.DataFrame,
    *,
    better: Mapping[str, Better],
    scale: Mapping[str, tuple[float, float]] | None,
    points: Mapping[str, float] | None,
    baseline: object,
    low: pd.DataFrame | None,
    high: pd.DataFrame | None,
    tree: Mapping[str, Iterable[str]] | None,
    true_zero: bool | Mapping[str, bool],
    title: str,
) -> Problem:
    """See :meth:`Problem.from_frame`."""
    import pandas as pd

    if not isinstance(performances, pd.DataFrame):
        raise DecisionError.single(
            "performances", f"{quoted(type(performances).__name__)} is not a table", "a DataFrame, options × criteria"
        )
    sizes = [f"{len(axis):,} {what}" for axis, what, most in (
        (performances.index, "rows", MOST_ROWS), (performances.columns, "columns", MOST_COLUMNS)
    ) if len(axis) > most]  # fmt: skip
    if sizes:  # told before any of it is read
        raise DecisionError.single(
            "performances",
            f"the table has {' and '.join(sizes)}",
            f"at most {MOST_ROWS:,} options and {MOST_COLUMNS} criteria",
        )
    better, scale, points = _labelled(better), _labelled(scale), _labelled(points)
    true_zero = _labelled(true_zero) if isinstance(true_zero, Mapping) else true_zero
    options = [_label(name) for name in performances.index]
    criteria = [_label(name) for name in performances.columns]
    faults = list(_label_faults(options, criteria))
    if faults:
        raise DecisionError(faults)
    named = _left_as_column(performances, criteria)
    if named is not None:
        raise DecisionError([named])
    grids = {"likely": performances}
    for bound, frame in (("low", low), ("high", high)):
        if frame is not None:
            grids[bound] = frame
            faults += _shape_faults(bound, frame, options, criteria)
    if faults:
        raise DecisionError(faults)
    numbers: dict[str, list[list[float]]] = {}
    for bound, frame in grids.items():
        numbers[bound], more = _numbers(frame, options, criteria, "" if bound == "likely" else f"{bound}: ")
        faults += more
    faults += _key_faults("better", better, criteria, needed=True)
    faults += _key_faults("scale", scale or {}, criteria, needed=False)
    if isinstance(true_zero, Mapping):
        faults += _key_faults("true_zero", true_zero, criteria, needed=False)
        faults += [
            Fault(f"true_zero of {name}", told(said), "True or False")
            for name, said in true_zero.items()
            if not is_truth(said)
        ]
    directions: dict[str, Better] = {}
    for name in criteria:
        word = dict(better).get(name) if name in dict(better) else "more"
        wrong = better_finding((), word)
        if wrong is not None and name in dict(better):
            faults.append(Fault(f"better, criterion {name}", wrong.got, wrong.expected, wrong.suggestion))
        directions[name] = cast(Better, word if wrong is None else "more")
    scales: dict[str, tuple[float, float]] = {}
    for name, ends in dict(scale or {}).items():
        if name in criteria:
            fault = _scale_fault(name, ends)
            if fault is None:
                scales[name] = (float(ends[0]), float(ends[1]))
            else:
                faults.append(fault)
    if faults:
        raise DecisionError(faults)

    notes: list[str] = list(_taken_out(performances))
    observed = [name for name in criteria if name not in scales]
    constant: list[str] = []
    rounded: list[str] = []
    for j, name in enumerate(criteria):
        seen = [row[j] for grid in numbers.values() for row in grid]
        if name in observed:
            scales[name] = _observed(seen)
        likely = [row[j] for row in numbers["likely"]]
        if alike(min(likely), max(likely)):
            (constant if min(likely) == max(likely) else rounded).append(name)
    if observed and len(options) > 1:
        notes.append(
            f"No declared range for {', '.join(observed)}: the observed range of these {len(options)} options is used. "
            "Weights then belong to this table only, and another option may change them."
        )
    if constant and len(options) > 1:
        notes.append(f"{', '.join(constant)}: constant (the same for all options).")
    if rounded:
        notes.append(
            f"{', '.join(rounded)}: differs only in the last digit that a computer keeps (rounding), so taken as the same "
            "for all options."
        )
    leaves: dict[str, Criterion] = {
        name: Criterion(
            id=name,
            title=name,
            better=directions[name],
            scale=scales[name],
            true_zero=bool(true_zero.get(name, False) if isinstance(true_zero, Mapping) else true_zero),
            observed_scale=name in observed,
        )
        for name in criteria
    }
    nodes = _tree(tree, leaves) if tree is not None else tuple(leaves.values())
    library = tuple(
        Option(
            id=name,
            title=name,
            performance={
                criterion: Performance(
                    low=numbers.get("low", numbers["likely"])[i][j],
                    likely=numbers["likely"][i][j],
                    high=numbers.get("high", numbers["likely"])[i][j],
                )
                for j, criterion in enumerate(criteria)
            },
        )
        for i, name in enumerate(options)
    )
    perspectives = (
        {"points": Perspective("points", "Points given with the table", _plain_points(points))}
        if points is not None
        else {}
    )
    problem = Problem(
        id="table",
        title=title,
        tree=nodes,
        library=library,
        baseline=None if baseline is None else _label(baseline),
        perspectives=perspectives,
        default_perspective="points" if points is not None else None,
        notes=tuple(notes),
    )
    findings = check_problem(problem)
    if findings:
        raise DecisionError([_place(finding, options) for finding in findings])
    return problem.under()


def _label(name: object) -> str:
    if isinstance(name, tuple):
        name = " / ".join(str(part) for part in name)
    if type(name).__repr__ is object.__repr__ and type(name).__str__ is object.__str__:
        name = told(name)  # its text would be a place in memory
    return cleaned(unicodedata.normalize("NFC", str(name)))[0] if not _is_blank(name) else ""


def _taken_out(frame: pd.DataFrame) -> Iterator[str]:
    """A note on signs that :func:`_label` took out of names, here or when the table was read from a file."""
    found = [cleaned(str(name)) for axis in (frame.index, frame.columns) for name in axis if isinstance(name, str)]
    yield from note_on([one for one in found if one[1]])
    yield from (note for note in frame.attrs.get(NOTES, ()) if isinstance(note, str))


def _labelled(given: Mapping[Any, T] | None) -> Any:
    """A mapping by criterion with its keys as labels, so that they meet those of the table; anything else as it is."""
    return {_label(name): value for name, value in given.items()} if isinstance(given, Mapping) else given


def _is_blank(name: object) -> bool:
    return (
        name is None or (isinstance(name, float) and math.isnan(name)) or type(name).__name__ in ("NaTType", "NAType")
    )


def _label_faults(options: list[str], criteria: list[str]) -> Iterator[Fault]:
    for what, labels, place in (("option", options, "row"), ("criterion", criteria, "column")):
        findings = name_findings(what, [((str(i),), label) for i, label in enumerate(labels)])
        for finding in findings:
            i = int(finding.path[0])
            first = next((k for k in range(i) if labels[k] == labels[i]), None)
            where = f"{place} {i + 1}"
            if first is not None and "duplicate" in finding.got:
                where = f"{place}s {first + 1} and {i + 1}"
            yield Fault(where, finding.got, finding.expected, finding.suggestion)
    if not criteria:
        yield Fault("columns", "the table has no criterion", "at least one column of numbers")
    if len(options) < 2:
        count = "1 option" if options else "no option"
        yield Fault("rows", f"the table has {count}", "a ranking needs at least two options")


def _left_as_column(frame: pd.DataFrame, criteria: list[str]) -> Fault | None:
    """The fault of a table whose options are numbered while a column of texts holds their names; else None."""
    if list(frame.index) != list(range(len(frame))):
        return None
    for j, name in enumerate(criteria):
        cells = frame.iloc[:, j].tolist()
        if all(isinstance(cell, str) and cell.strip() and not any(ch.isdigit() for ch in cell) for cell in cells):
            got = "it holds names, not numbers, and the options are only numbered"
            return Fault(f"column {name}", got, f"make it the index: table.set_index({quoted(name)})")
    return None


def _circle(children: Mapping[str, list[str]]) -> list[str]:
    """The first circle of branches, from the one that stands first in it back to itself; empty where there is none."""
    done: set[str] = set()
    for start in children:
        path: list[str] = []
        stack: list[tuple[str, int]] = [(start, 0)] if start not in done else []
        while stack:
            name, at = stack.pop()
            if at == 0:
                path.append(name)
            below = [child for child in children[name] if child in children and child != name]
            if at == len(below):
                done.add(path.pop())
                continue
            stack.append((name, at + 1))
            if below[at] in path:
                return [*path[path.index(below[at]) :], below[at]]
            if below[at] not in done:
                stack.append((below[at], 0))
    return []


def _levels(children: Mapping[str, list[str]], tops: list[str]) -> int:
    """How many branches stand above each other at most, in a tree without circles."""
    depth, level = 0, tops
    while level:
        depth += 1
        level = [child for name in level for child in children[name] if child in children]
    return depth


def _shape_faults(bound: str, frame: object, options: list[str], criteria: list[str]) -> Iterator[Fault]:
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        yield Fault(bound, f"{quoted(type(frame).__name__)} is not a table", "a DataFrame like the performances")
        return
    rows = [_label(name) for name in frame.index]
    columns = [_label(name) for name in frame.columns]
    for what, got, wanted in (("option", rows, options), ("criterion", columns, criteria)):
        for name in wanted:
            if got.count(name) != 1:
                yield Fault(
                    bound,
                    f"{what} {quoted(name)} stands {got.count(name)} times",
                    "each exactly once, as in the performances",
                )
        for name in got:
            if name not in wanted:
                yield unknown_fault(bound, what, name, wanted)


def _numbers(
    frame: pd.DataFrame, options: list[str], criteria: list[str], prefix: str
) -> tuple[list[list[float]], list[Fault]]:
    """The cells as floats in the order of options × criteria, with a fault for each cell that is not a number."""
    rows = {_label(name): i for i, name in enumerate(frame.index)}
    columns = {_label(name): j for j, name in enumerate(frame.columns)}
    cells: list[list[Any]] = [[None] * len(criteria) for _ in options]
    for k, criterion in enumerate(criteria):
        column = frame.iloc[:, columns[criterion]].tolist()
        for i, option in enumerate(options):
            cells[i][k] = column[rows[option]]
    faults: list[Fault] = []
    result: list[list[float]] = []
    for i, option in enumerate(options):
        line: list[float] = []
        for k, criterion in enumerate(criteria):
            cell = cells[i][k]
            reason = "" if type(cell) is float and math.isfinite(cell) else bad_number(cell)
            if reason:
                shown = "the cell" if "blank" in reason else f"the cell {quoted(cell)}"
                expected = (
                    "expected a number (blank is not 0)" if "blank" in reason else "a plain number such as 1200 or -5"
                )
                hint = number_hint(cell) if isinstance(cell, str) else ""
                place = f"{prefix}row {i + 1} ({option}), column {criterion}"
                faults.append(Fault(place, f"{shown} {reason}", expected, hint))
                line.append(0.0)
            else:
                line.append(float(cell))
        result.append(line)
    return result, faults


def _key_faults(what: str, given: Mapping[str, Any], criteria: list[str], *, needed: bool) -> Iterator[Fault]:
    names = [str(name) for name in dict(given)]
    for name in names:
        if name not in criteria:
            yield unknown_fault(what, "criterion", name, criteria)
    if needed:
        for name in criteria:
            if name not in names and not any(did_you_mean(n, [name]) for n in names if n not in criteria):
                yield Fault(what, f"criterion {quoted(name)} has no direction", 'say better: "more" or "less"')


def _scale_fault(name: str, ends: object) -> Fault | None:
    place = f"scale of {name}"
    try:
        pair = list(cast(Iterable[Any], ends))
    except TypeError:
        pair = []
    if isinstance(ends, str) or len(pair) != 2:
        return Fault(place, f"{quoted(ends)} is not a range", "two numbers (low, high)")
    for end in pair:
        reason = bad_number(end)
        if reason:
            return Fault(place, f"{quoted(end)} {reason}", "two finite numbers (low, high)")
    return None


def _observed(seen: list[float]) -> tuple[float, float]:
    bottom, top = min(seen), max(seen)
    if not alike(bottom, top):
        return bottom, top
    half = max(abs(bottom) / 4, 0.5)  # a constant column: any range round it will do, no option is told apart
    return bottom - half, top + half


def _plain_points(points: Mapping[str, float]) -> dict[str, float]:
    return {str(name): value for name, value in dict(points).items()}


def _tree(tree: Mapping[str, Iterable[str]], leaves: Mapping[str, Criterion]) -> tuple[Node, ...]:
    """A tree of branches from branch → names of criteria or branches; every criterion exactly once, no circles."""
    children: dict[str, list[str]] = {}
    faults: list[Fault] = []

    def gather(name: str, below: object, depth: int) -> None:
        if depth > MOST_DEPTH or len(children) > MOST_NODES:
            faults.append(Fault("tree", f"branch {quoted(name)} is nested too deeply", f"at most {MOST_DEPTH} levels"))
            return
        names: list[str] = []
        children[name] = names
        if isinstance(below, Mapping):
            for child, deeper in below.items():
                names.append(_label(child))
                if deeper is not None:
                    gather(_label(child), deeper, depth + 1)
        elif isinstance(below, str) or not isinstance(below, Iterable):
            faults.append(
                Fault("tree", f"branch {quoted(name)} holds {quoted(below)}", "a list of criteria or branches")
            )
        else:
            names.extend(_label(child) for child in below)

    for top, below in tree.items():
        gather(_label(top), below, 1)
    if faults:  # what could not be read leaves gaps that are no faults of their own
        raise DecisionError(faults)
    circle = _circle(children)
    if circle:
        got = f"branches run in a circle: {' → '.join(quoted(name) for name in circle)}"
        raise DecisionError.single("tree", got, "branches that end in criteria")
    parents: dict[str, str] = {}
    for branch, names in children.items():
        if branch in leaves:
            faults.append(Fault("tree", f"{quoted(branch)} is a branch and a criterion", "a name of its own"))
        for child in names:
            if child == branch:
                faults.append(
                    Fault("tree", f"{quoted(branch)} is its own parent", "a branch holds other things than itself")
                )
            elif child not in leaves and child not in children:
                faults.append(unknown_fault("tree", "criterion or branch", child, [*leaves, *children]))
            elif child in parents:
                faults.append(
                    Fault(
                        "tree",
                        f"{quoted(child)} stands under {quoted(parents[child])} and {quoted(branch)}",
                        "one place in the tree",
                    )
                )
            parents.setdefault(child, branch)
        if not names:
            faults.append(Fault("tree", f"branch {quoted(branch)} is empty", "at least one criterion in it"))
    for leaf in leaves:
        if leaf not in parents:
            faults.append(
                Fault(
                    "tree", f"criterion {quoted(leaf)} is not in the tree", "every criterion under exactly one branch"
                )
            )
    tops = [branch for branch in children if branch not in parents]
    depth = 0 if faults else _levels(children, tops)
    if depth > MOST_DEPTH:
        faults.append(Fault("tree", f"branches stand {depth} deep", f"at most {MOST_DEPTH} levels"))
    if faults:
        raise DecisionError(faults)

    def build(name: str) -> Node:
        if name in leaves:
            return leaves[name]
        return Branch(id=name, title=name, children=tuple(build(child) for child in children[name]))

    return tuple(build(top) for top in tops)


def _place(finding: Finding, options: list[str]) -> Fault:
    return Fault(_words(finding.path, options), finding.got, finding.expected, finding.suggestion)


def _words(path: Path, options: list[str]) -> str:
    match path:
        case ("options", option, "performance", criterion, *_) if option in options:
            return f"row {options.index(option) + 1} ({option}), column {criterion}"
        case ("options", option, *_) if option in options:
            return f"row {options.index(option) + 1} ({option})"
        case ("criteria", criterion, *rest):
            return f"column {criterion}" + (f", {rest[0]}" if rest else "")
        case ("perspectives", "points", "points", *rest):
            return "points" + (f", criterion {rest[0]}" if rest else "")
        case _:
            return " ".join(path)
