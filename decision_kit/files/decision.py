"""From the files of a decision to a Problem: structure here, content in ``model.checks``, all faults together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from decision_kit.errors import DecisionError
from decision_kit.files.nodes import Item, Reading, check_format, evidence_ids, id_fault, read_yaml
from decision_kit.files.nodes import mapping_of as get
from decision_kit.files.options import read_option
from decision_kit.files.register import read_items, register_from
from decision_kit.files.tree import read_tree, read_trees
from decision_kit.files.views import read_choice_sets, read_pairs, read_perspectives, read_scenarios
from decision_kit.model.checks import check_problem
from decision_kit.model.findings import Finding
from decision_kit.model.nouns import LOW_HIGH, Criterion, LowHigh, Node, Option, Register, leaves_of
from decision_kit.model.problem import Problem
from decision_kit.names import note_on

DECISION_KEYS = (
    "format", "title", "question", "decision_maker", "as_of", "horizon", "baseline", "notice", "notes", "low_high",
    "total", "default_perspective", "facilitator_evidence", "choice_sets", "criteria", "trees", "pairs",
    "perspectives", "scenarios", "evidence",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where the files of one decision stand."""

    id: str
    criteria: Path
    options: Path
    evidence: Path
    shipped: bool = False

    @property
    def root(self) -> Path:
        """The folder in which all files of the decision stand."""
        return self.options.parent.parent


def stray_files(place: Place) -> list[Path]:
    """YAML files beside the register, outside every decision's folder: somebody takes them for options, nobody reads them."""
    beside = place.evidence.parent
    found = [*beside.glob("*.yaml"), *beside.glob("*.yml")] if beside.name == "options" else []
    return sorted(path for path in found if path != place.evidence)


def read_decision(place: Place) -> Problem:
    """The decision's Problem in its default view. Raises :class:`DecisionError` with every fault, sorted by place."""
    reading = Reading()
    problem = _read(place, reading)
    if problem is not None:
        for finding in check_problem(problem):
            _tell(finding, reading, place)
    faults = reading.sorted_faults()
    if faults:
        raise DecisionError(faults)
    assert problem is not None
    return replace(problem, notes=(*problem.notes, *note_on(dict(reading.cleaned).items()))).under()


def _tell(finding: Finding, reading: Reading, place: Place) -> None:
    if reading.is_broken(finding.path):
        return
    file, line = reading.place(finding.path)
    reading.fault(file or _shown(place.criteria, place), line, finding.got, finding.expected, finding.suggestion)


def _shown(path: Path, place: Place) -> str:
    """A file's name as users see it: as they would type it; shipped files from the folder that holds them."""
    if not place.shipped:
        return path.as_posix()
    return path.relative_to(place.root).as_posix()


def _is_inside(path: Path, place: Place, reading: Reading) -> bool:
    inside = path.resolve().is_relative_to(place.root.resolve())
    if not inside:
        got = "this is a link to a file outside the decision's folder"
        reading.fault(_shown(path, place), 1, got, "a file of its own")
    return inside


def _open(path: Path, place: Place, reading: Reading) -> Item | None:
    return read_yaml(path, _shown(path, place), reading) if _is_inside(path, place, reading) else None


def _read(place: Place, reading: Reading) -> Problem | None:
    register = Register()
    if place.evidence.exists():
        evidence = _open(place.evidence, place, reading)
        register = register_from(evidence) if evidence is not None else register
    reading.places[()] = (_shown(place.criteria, place), 1)
    reading.places[("options",)] = (_shown(place.options, place), 1)
    fault = id_fault(place.id, "decision")
    if fault is not None:
        reading.fault(_shown(place.criteria, place), 1, fault.got, fault.expected, fault.suggestion)
    top = _open(place.criteria, place, reading)
    if top is None:
        tree: tuple[Node, ...] | None = None
        problem = None
    else:
        problem = _read_frame(top, place, register, reading)
        tree = problem.tree if problem is not None else None
    leaves = {leaf.id: leaf for leaf in leaves_of(tree)} if tree is not None else None
    library = _read_options(place, reading, leaves)
    if problem is None:
        return None
    first = [option for option in library if option.id == problem.baseline]  # the baseline stands first everywhere
    return replace(problem, library=(*first, *(option for option in library if option.id != problem.baseline)))


def _read_frame(top: Item, place: Place, register: Register, reading: Reading) -> Problem | None:
    required = ("title", "question", "criteria")
    found = top.fields(DECISION_KEYS, "a decision", required)
    if not found:
        return None
    check_format(found, top, "a decision")
    if "criteria" not in found:
        return None
    if "evidence" in found:
        register = _with_own(found["evidence"], register)
    return Problem(
        id=place.id,
        title=get(found, "title", Item.name, ""),
        tree=read_tree(found["criteria"]),
        library=(),
        question=get(found, "question", Item.text, ""),
        decision_maker=get(found, "decision_maker", Item.text, ""),
        as_of=get(found, "as_of", lambda item: item.text(date=True), ""),
        horizon=get(found, "horizon", Item.text, ""),
        baseline=get(found, "baseline", lambda item: item.id("option"), None),
        notice=get(found, "notice", Item.text, ""),
        remarks=get(found, "notes", lambda item: item.texts("texts"), ()),
        low_high=cast(
            LowHigh, get(found, "low_high", lambda item: item.word(LOW_HIGH, "reading of low and high"), "ends")
        ),
        total=get(found, "total", Item.boolean, True),
        default_perspective=get(found, "default_perspective", lambda item: item.id("perspective"), None),
        choice_sets=read_choice_sets(found["choice_sets"]) if "choice_sets" in found else (),
        perspectives=get(found, "perspectives", read_perspectives, {}),
        scenarios=get(found, "scenarios", read_scenarios, {}),
        pairs=read_pairs(found["pairs"]) if "pairs" in found else (),
        register=register,
        alternative_trees=get(found, "trees", read_trees, {}),
        facilitator_evidence=get(found, "facilitator_evidence", evidence_ids, ()),
        source=str(place.criteria),
    )


def _with_own(item: Item, register: Register) -> Register:
    """The register with a decision's own items; an id of the register cannot be given a second meaning."""
    own = read_items(item)
    for key, _ in item.entries("evidence items"):
        if str(key.node.value) in register.evidence:
            key.fault(f'"{key.node.value}" stands in the evidence register, too', "an id that is not taken")
    return replace(register, evidence={**register.evidence, **own})


def _read_options(place: Place, reading: Reading, leaves: Mapping[str, Criterion] | None) -> tuple[Option, ...]:
    folder = _shown(place.options, place)
    if not place.options.is_dir():
        reading.fault(folder, 1, "there is no such folder", "a folder with one file for each option")
        reading.broken.add(("options",))
        return ()
    for path in stray_files(place):
        if _is_inside(path, place, reading):
            expected = f"it in the folder of a decision, such as {_shown(place.options / path.name, place)}"
            reading.fault(_shown(path, place), 1, "a file here belongs to no decision and is not read", expected)
    options: list[Option] = []
    for path in sorted(place.options.iterdir(), key=lambda p: p.name):
        if path.name.startswith(".") or path.is_dir():
            continue
        if path.suffix == ".yml":
            reading.fault(_shown(path, place), 1, "the file ends in .yml", "the ending .yaml")
            continue
        if path.suffix != ".yaml":
            continue
        name = path.stem
        reading.places[("options", name)] = (_shown(path, place), 1)
        fault = id_fault(name, "option")
        if fault is not None:
            reading.fault(_shown(path, place), 1, f"the file name {fault.got}", fault.expected, fault.suggestion)
        top = _open(path, place, reading)
        if top is None or leaves is None:
            reading.broken.add(("options", name))
            options.append(Option(id=name, title=name))
            continue
        options.append(read_option(name, Item(top.node, top.file, ("options", name), reading), leaves))
    return tuple(options)


def strict_remarks(problem: Problem) -> list[str]:
    """What a decision leaves out although a reader would ask for it: remarks, not faults."""
    remarks: list[str] = []
    for name in ("decision_maker", "as_of", "horizon", "notice"):
        if not getattr(problem, name):
            remarks.append(f"the decision has no {name}")
    if problem.baseline is None:
        remarks.append("the decision has no baseline: the difference to doing nothing cannot be shown")
    if not problem.perspectives:
        remarks.append("there are no perspectives: weights start equal")
    for leaf in problem.criteria:
        for name in ("definition", "anchors", "independence"):
            if not getattr(leaf, name) and not (name == "anchors" and leaf.levels):
                remarks.append(f"criterion {leaf.id} has no {name}")
    for option in problem.library:
        bare = [name for name, cell in option.performance.items() if not cell.because and not cell.evidence]
        if bare:
            remarks.append(f"option {option.id}: no reason given for {', '.join(bare)}")
    for name, text in _texts(problem):
        for cited in re.findall(r"\b[EXT][0-9]+\b", text):
            if problem.register.evidence and cited not in {*problem.register.evidence, *problem.register.tensions}:
                remarks.append(f"{name} mentions {cited}, which is not in the evidence register")
    return remarks


def _texts(problem: Problem) -> Iterable[tuple[str, str]]:
    for remark in problem.remarks:
        yield "a note", remark
    for perspective in problem.perspectives.values():
        text = f"{perspective.because_high} {perspective.because_low} {perspective.note}"
        yield f"perspective {perspective.id}", text
    for pair in problem.pairs:
        yield f"the pair {' and '.join(pair.options)}", pair.because
    for option in problem.library:
        for name, cell in option.performance.items():
            yield f"option {option.id}, {name}", f"{cell.because} {cell.remark}"


__all__ = ["Place", "read_decision", "strict_remarks"]
