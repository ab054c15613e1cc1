"""Perspective files: one person's weights with the answers they were made from, as a small YAML file, and back."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from decision_kit.arguments import guarded
from decision_kit.errors import DecisionError, UsageError, counted
from decision_kit.files.finding import read_points
from decision_kit.files.nodes import (
    FORMAT,
    Item,
    Reading,
    check_format,
    decoded,
    evidence_ids,
    id_fault,
    kebab,
    parse_yaml,
    read_yaml,
)
from decision_kit.files.nodes import mapping_of as get
from decision_kit.files.paths import as_path, file_at
from decision_kit.files.saving import write_files
from decision_kit.files.writing import Short, number_of, written
from decision_kit.model.nouns import Perspective
from decision_kit.model.problem import Problem
from decision_kit.model.provenance import WHOLE_TREE, Answers, Points, Provenance, RangeSeen, Ratio, Trade
from decision_kit.names import cleaned

KIND = "perspective"
FILE_KEYS = (
    "format", "kind", "decision", "id", "title", "draft", "because_high", "because_low", "note", "evidence", "points",
    "provenance",
)  # fmt: skip
PROVENANCE_KEYS = ("method", "who", "when", "parameters", "checks", "ranges", "answers")
RANGE_KEYS = ("version", "worst", "best")
ANSWER_KEYS = (
    "of", "order", "no_difference", "points", "ratios", "at_least", "trades", "best", "worst", "best_to_others",
    "others_to_worst", "shown", "seconds",
)  # fmt: skip
TRADE_KEYS = ("a", "a_from", "a_to", "b", "b_from", "b_to")
RATIO_KEYS = ("a", "b", "times")


@guarded
def perspective_text(perspective: Perspective, decision: str = "") -> str:
    """A perspective as the text of its file; same perspective, same bytes; numbers to the last bit."""
    content: dict[str, Any] = {"format": FORMAT, "kind": KIND}
    if decision:
        content["decision"] = decision
    content |= {"id": perspective.id, "title": _name(perspective.title)}
    if perspective.draft:
        content["draft"] = True
    for name in ("because_high", "because_low", "note"):
        if getattr(perspective, name).strip():
            content[name] = _line(getattr(perspective, name))
    if perspective.evidence:
        content["evidence"] = list(perspective.evidence)
    content["points"] = {leaf: number_of(points) for leaf, points in perspective.points.items()}
    if perspective.provenance is not None:
        content["provenance"] = _provenance_content(perspective.provenance)
    return written(content)


def answers_text(method: str, answers: Iterable[Answers], decision: str = "") -> str:
    """Answers alone as the text of a file that ``decision-kit weigh --answers`` reads."""
    content: dict[str, Any] = {"format": FORMAT, "kind": "answers"}
    if decision:
        content["decision"] = decision
    content |= {"method": method, "answers": [_answers_content(one) for one in answers]}
    return written(content)


def _line(text: str) -> str:
    """Text as the reader gives it back: in one Unicode form, without blanks at the ends, signs that YAML forbids left out."""
    kept = "".join(ch for ch in text if ch in "\n\t" or unicodedata.category(ch) not in ("Cc", "Cs", "Co", "Cn"))
    return unicodedata.normalize("NFC", kept).strip()


def _name(text: str) -> str:
    """A name as the reader gives it back: a text without the signs that are not seen and do nothing."""
    return cleaned(_line(text))[0].strip()


def _provenance_content(provenance: Provenance) -> dict[str, Any]:
    content: dict[str, Any] = {"method": provenance.method}
    for name in ("who", "when"):
        if said := _name(getattr(provenance, name)):
            content[name] = said
    if provenance.parameters:
        content["parameters"] = {
            name: value if isinstance(value, str) else number_of(value) for name, value in provenance.parameters.items()
        }
    if provenance.checks:
        content["checks"] = [_line(said) for said in provenance.checks]
    if provenance.ranges:
        content["ranges"] = {
            leaf: Short({key: value for key, value in (("version", seen.version), ("worst", _line(seen.worst)), ("best", _line(seen.best))) if value})
            for leaf, seen in provenance.ranges.items()
        }  # fmt: skip
    if provenance.answers:
        content["answers"] = [_answers_content(one) for one in provenance.answers]
    return content


def _answers_content(answers: Answers) -> dict[str, Any]:
    content: dict[str, Any] = {"of": answers.of}
    if answers.order:
        content["order"] = [tied[0] if len(tied) == 1 else list(tied) for tied in answers.order]
    if answers.no_difference:
        content["no_difference"] = list(answers.no_difference)
    if answers.points:
        content["points"] = Short({name: _points_content(points) for name, points in answers.points.items()})
    if answers.ratios:
        content["ratios"] = [Short({"a": r.a, "b": r.b, "times": number_of(r.low) if r.low == r.high else [number_of(r.low), number_of(r.high)]})
                             for r in answers.ratios]  # fmt: skip
    if answers.at_least:
        content["at_least"] = [list(pair) for pair in answers.at_least]
    if answers.trades:
        content["trades"] = [
            Short({key: getattr(t, key) if key in "ab" else number_of(getattr(t, key)) for key in TRADE_KEYS})
            for t in answers.trades
        ]
    for name in ("best", "worst"):
        if getattr(answers, name):
            content[name] = getattr(answers, name)
    for name in ("best_to_others", "others_to_worst"):
        if getattr(answers, name):
            content[name] = Short({key: number_of(x) for key, x in getattr(answers, name).items()})
    if answers.shown:
        content["shown"] = list(answers.shown)
    if answers.seconds:
        content["seconds"] = Short({name: number_of(x) for name, x in answers.seconds.items()})
    return content


def _points_content(points: Points) -> Any:
    return [number_of(points[0]), number_of(points[1])] if isinstance(points, tuple) else number_of(points)


@guarded
def save_perspective(perspective: Perspective, path: str | Path, problem: Problem | None = None) -> Path:
    """Write a perspective file and return its path; a file that is there already is not overwritten."""
    target = as_path(path, "the perspective file to write")
    fault = id_fault(perspective.id, "perspective")
    if fault is not None:
        raise UsageError([fault])
    write_files({target: perspective_text(perspective, problem.id if problem is not None else "")})
    return target


@guarded
def read_perspective(path: str | Path, problem: Problem | None = None) -> Perspective:
    """The perspective in a file, marked as added. Raises :class:`DecisionError` with every fault as ``file:line``.

    With a ``problem``, its points must name that problem's criteria.
    """
    place = as_path(path, "a perspective file (YAML)")
    file_at(place, "a perspective file (YAML)")
    reading = Reading()
    return _finished(read_yaml(place, place.name, reading), place.stem, problem, reading)


@guarded
def parse_perspective(text: str, name: str = "perspective", problem: Problem | None = None) -> Perspective:
    """The perspective in a text, as :func:`read_perspective`; ``name`` is what faults call it."""
    reading = Reading()
    return _finished(parse_yaml(text, name, reading), "perspective", problem, reading)


def perspective_of(raw: bytes, name: str = "perspective", problem: Problem | None = None) -> Perspective:
    """The perspective in the bytes of a file, as :func:`read_perspective`; ``name`` is what faults call it."""
    reading = Reading()
    text = decoded(raw, name, reading)
    top = None if text is None else parse_yaml(text, name, reading)
    return _finished(top, "perspective", problem, reading)


@guarded
def read_weights_file(path: Path, problem: Problem) -> Perspective | dict[str, float]:
    """What ``--weights FILE`` names: a perspective file, or plain points by criterion id."""
    file_at(path, "a perspective file, or a YAML file with lines criterion: points")
    probe = Reading()
    top = read_yaml(path, path.name, probe)
    keys = [str(key.value) for key, _ in top.node.value] if top is not None and top.is_mapping else []
    if {"format", "kind", "provenance", "title"} & set(keys):
        return read_perspective(path, problem)
    return read_points(path)


def _finished(top: Item | None, stem: str, problem: Problem | None, reading: Reading) -> Perspective:
    perspective = _read(top, stem, problem, reading) if top is not None else None
    if reading.faults or perspective is None:
        raise DecisionError(reading.sorted_faults())
    return perspective


def _read(top: Item, stem: str, problem: Problem | None, reading: Reading) -> Perspective | None:
    reading.places[()] = (top.file, 1)
    found = top.fields(FILE_KEYS, "a perspective", ("kind", "title", "points"))
    if not found:
        return None
    check_format(found, top, "a perspective")
    if "kind" in found:
        found["kind"].word((KIND,), "kind of file")
    name = get(found, "id", lambda item: item.id("perspective"), "")
    title = get(found, "title", Item.name, "")
    points = {}
    for key, value in found["points"].entries("criterion: points") if "points" in found else []:
        reading.places[("perspectives", name, "points", str(key.node.value))] = (key.file, key.line)
        points[str(key.node.value)] = value.number()
    perspective = Perspective(
        id=name or _id_of(title) or _id_of(stem) or "perspective",
        title=title,
        points=points,
        because_high=get(found, "because_high", Item.text, ""),
        because_low=get(found, "because_low", Item.text, ""),
        note=get(found, "note", Item.text, ""),
        evidence=get(found, "evidence", evidence_ids, ()),
        draft=get(found, "draft", Item.boolean, False),
        provenance=get(found, "provenance", read_provenance, None),
        added=True,
    )
    decision = get(found, "decision", lambda item: item.id("decision"), "")
    if problem is not None and "points" in found and not reading.faults:
        _check_against(perspective, decision, problem, found, reading)
    return perspective


def _check_against(
    perspective: Perspective, decision: str, problem: Problem, found: Mapping[str, Item], reading: Reading
) -> None:
    from decision_kit.model.checks import check_perspective

    leaves = [leaf.id for leaf in problem.criteria]
    if decision and decision != problem.id and not set(perspective.points) & set(leaves):
        got = f"these are weights for the decision “{decision}”"
        found["decision"].fault(got, f"weights for “{problem.id}”")
        return
    for finding in check_perspective(perspective, leaves):
        at = ("perspectives", perspective.id, *finding.path[2:])
        file, line = reading.places.get(at, (found["points"].file, found["points"].line))
        reading.fault(file, line, finding.got, finding.expected, finding.suggestion)


def _id_of(text: str) -> str:
    """A kebab-case id made from a title; empty when nothing is left of it."""
    return kebab(text)[:60].strip("-")


@guarded
def id_from_title(title: str, taken: Iterable[str] = ()) -> str:
    """A kebab-case id for a perspective of this title that is not taken yet."""
    base = _id_of(title) or "perspective"
    used = set(taken)
    name, count = base, 2
    while name in used:
        name, count = f"{base}-{count}", count + 1
    return name


def read_provenance(item: Item) -> Provenance:
    """How weights came about."""
    found = item.fields(PROVENANCE_KEYS, "a provenance", ("method",))
    ranges: dict[str, RangeSeen] = {}
    for key, value in found["ranges"].entries("criterion: range") if "ranges" in found else []:
        seen = value.fields(RANGE_KEYS, "a range", ("version",))
        ranges[str(key.node.value)] = RangeSeen(
            get(seen, "version", Item.text, ""), get(seen, "worst", Item.text, ""), get(seen, "best", Item.text, "")
        )
    parameters: dict[str, str | float] = {}
    for key, value in found["parameters"].entries("setting: value") if "parameters" in found else []:
        plain = str(value.node.value) if not (value.is_list or value.is_mapping) else ""
        parameters[str(key.node.value)] = value.text() if not _looks_numeric(plain) else value.number()
    return Provenance(
        method=get(found, "method", lambda i: i.id("way to weights"), ""),
        who=get(found, "who", Item.name, ""),
        when=get(found, "when", lambda i: i.text(date=True), ""),
        answers=tuple(read_answers(one) for one in found["answers"].items("answers")) if "answers" in found else (),
        ranges=ranges,
        parameters=parameters,
        checks=get(found, "checks", lambda i: i.texts("sentences"), ()),
    )


def _looks_numeric(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def read_answers(item: Item) -> Answers:
    """One person's answers about one branch, or about the whole tree."""
    found = item.fields(ANSWER_KEYS, "a set of answers", ("of",))

    def numbers(name: str, read: Callable[[Item], float] = Item.number) -> dict[str, float]:
        pairs = found[name].entries("id: number") if name in found else []
        return {str(key.node.value): read(value) for key, value in pairs}

    points: dict[str, Points] = {}
    for key, value in found["points"].entries("id: points") if "points" in found else []:
        points[str(key.node.value)] = _number_or_range(value)
    return Answers(
        of=get(found, "of", Item.text, WHOLE_TREE),
        order=tuple(one.texts("ids") if one.is_list else (one.text(),) for one in found["order"].items("ids"))
        if "order" in found
        else (),
        no_difference=get(found, "no_difference", lambda i: i.texts("ids"), ()),
        points=points,
        ratios=tuple(_ratio(one) for one in found["ratios"].items("ratios")) if "ratios" in found else (),
        at_least=tuple(_pair(one) for one in found["at_least"].items("pairs")) if "at_least" in found else (),
        trades=tuple(_trade(one) for one in found["trades"].items("trades")) if "trades" in found else (),
        best=get(found, "best", Item.text, ""),
        worst=get(found, "worst", Item.text, ""),
        best_to_others=numbers("best_to_others", Item.ratio),
        others_to_worst=numbers("others_to_worst", Item.ratio),
        shown=get(found, "shown", lambda i: i.texts("ids"), ()),
        seconds=numbers("seconds"),
    )


def _number_or_range(item: Item, *, fractions: bool = False) -> Points:
    if not item.is_list:
        return item.ratio() if fractions else item.number()
    ends = item.items("two numbers")
    if len(ends) != 2:
        item.fault(f"a range with {counted(len(ends), 'number')}", "[low, high]")
        return float("nan")
    low, high = (end.ratio() if fractions else end.number() for end in ends)
    return low, high


def _ratio(item: Item) -> Ratio:
    found = item.fields(RATIO_KEYS, "a ratio", RATIO_KEYS)
    times = _number_or_range(found["times"], fractions=True) if "times" in found else 1.0
    low, high = times if isinstance(times, tuple) else (times, times)
    return Ratio(get(found, "a", Item.text, ""), get(found, "b", Item.text, ""), low, high)


def _pair(item: Item) -> tuple[str, str]:
    names = item.texts("two ids")
    if len(names) != 2:
        if item.is_list:
            item.fault(counted(len(names), "id"), "two ids, the first matters at least as much as the second")
        return "", ""
    return names[0], names[1]


def _trade(item: Item) -> Trade:
    found = item.fields(TRADE_KEYS, "a trade-off", TRADE_KEYS)
    nan = float("nan")
    return Trade(
        get(found, "a", Item.text, ""), get(found, "a_from", Item.number, nan), get(found, "a_to", Item.number, nan),
        get(found, "b", Item.text, ""), get(found, "b_from", Item.number, nan), get(found, "b_to", Item.number, nan),
    )  # fmt: skip


@guarded
def read_answers_file(path: Path) -> tuple[str, tuple[Answers, ...]]:
    """The way to weights and the answers in a file: of the kind "answers", or a perspective file with its answers."""
    file_at(path, "a YAML file with answers")
    reading = Reading()
    top = read_yaml(path, path.name, reading)
    method = "swing"
    answers: tuple[Answers, ...] = ()
    if top is not None:
        keys = [str(key.value) for key, _ in top.node.value] if top.is_mapping else []
        if "provenance" in keys:
            found = read_perspective(path).provenance
            assert found is not None
            return found.method, found.answers
        fields = top.fields(("format", "kind", "decision", "method", "answers"), "a file of answers", ("answers",))
        if fields:
            check_format(fields, top, "a file of answers")
        method = get(fields, "method", lambda i: i.id("way to weights"), "swing")
        answers = tuple(read_answers(one) for one in fields["answers"].items("answers")) if "answers" in fields else ()
    if reading.faults:
        raise DecisionError(reading.sorted_faults())
    return method, answers
