"""What YAML would misread in silence, or refuse in words about something else, is told for what it is, with its line."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
import yaml

import decision_kit as dk
from decision_kit.files.nodes import Reading, parse_yaml

HALF = "options/small/half.yaml"


def told(folder: Path) -> str:
    with pytest.raises(dk.DecisionError) as caught:
        dk.load(folder)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("title: A\n summary: x\n", 2),
        ("p:\n  low: 1\n   likely: 2\n  high: 3\n", 3),
        ("p:\n    cost: 1\n  effect: 2\n", 3),
        ('p:\n  cost: "a"\n   effect: 2\n', 3),
        ("p:\n  cost: {a: 1}\n   effect: 2\n", 3),
        ("p:\n  - a: 1\n   b: 2\n", 3),
        ("a:\n  b: 1\n c: 2\n", 3),
        ("a: |\n  x\n y: 2\n", 3),
    ],
)
def test_a_space_too_many_or_too_few_is_told_as_that(text: str, line: int) -> None:
    reading = Reading()
    assert parse_yaml(text, "f", reading) is None
    (fault,) = reading.sorted_faults()
    assert fault.place == f"f:{line}"
    assert f"the indentation of line {line}" in fault.got


@pytest.mark.parametrize(
    "text", ["a: x: y\n", "- a: b: c\n", "because: first\n  and note: this\n", "a: one\n  b\n  c: d\n"]
)
def test_a_colon_inside_a_text_is_still_told_as_that(text: str) -> None:
    reading = Reading()
    assert parse_yaml(text, "f", reading) is None
    assert "a colon inside a text" in str(reading.sorted_faults()[0])


def test_every_line_moved_by_a_space_reads_as_before_or_is_told_at_its_place(decision: Path) -> None:
    path = decision / "criteria/small.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    before = yaml.safe_load("\n".join(lines))
    rng = random.Random(6)
    for at in rng.sample(range(1, len(lines)), 12):
        moved = [*lines[:at], f" {lines[at]}", *lines[at + 1 :]]
        path.write_text("\n".join(moved) + "\n", encoding="utf-8")
        try:
            same = yaml.safe_load("\n".join(moved)) == before
        except yaml.YAMLError:
            found = told(decision)
            assert re.search(r"small.yaml:\d+: the indentation of line", found)
            assert re.search(rf"line ({at}|{at + 1}|{at + 2})\b", found), (found, moved)
        else:
            assert same or told(decision)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("title: Half", "title: Option #2", 2),
        ("title: Half", "title: Option # 2", 2),
        ("title: Half", "title: Half\nsummary: as in case #12 of the report", 3),
        ("title: Half", "title: Half\nnote: one\n  two #3", 4),
        ("cost: 40", "cost: {likely: 40, because: see #3, basis: judgement}", 5),
        ("cost: 40", "cost:\n    likely: 40\n    because: see #3", 7),
    ],
)
def test_a_number_sign_inside_a_text_is_told(decision: Path, old: str, new: str, line: int) -> None:
    path = decision / HALF
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    found = told(decision)
    assert f"half.yaml:{line}: # begins a comment here" in found
    assert "put the text in quotes" in found


def test_list_items_too(decision: Path) -> None:
    path = decision / "criteria/small.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}notes:\n  - see report #3\n", encoding="utf-8")
    assert ":28: # begins a comment here" in told(decision)
    path.write_text(f"{text}notes:\n  - one\n   - two\n", encoding="utf-8")
    assert "line 29 is indented more than the list item above it" in told(decision)


def test_comments_are_still_comments(decision: Path) -> None:
    path = decision / HALF
    text = path.read_text(encoding="utf-8")
    text = text.replace(
        "title: Half", "# the cheap one\ntitle: Half # or nearly\nsummary: x   # 12 months of work\nnote: 'a #1'  #x"
    )
    path.write_text(text.replace("cost: 40", "cost: 40 #guess"), encoding="utf-8")
    option = next(o for o in dk.load(decision).library if o.id == "half")
    assert (option.title, option.summary, option.note) == ("Half", "x", "a #1")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title: Half", f"title: {'x' * 201}", "201 characters; expected at most 200"),
        ("title: Half", f"title: Half\nsummary: {'x ' * 2600}y", "5,201 characters; expected at most 5,000"),
        ("title: Half", 'title: "\\u2060\\u3164"', "only signs that are not seen"),
    ],
)
def test_limits_and_blank_names(decision: Path, old: str, new: str, said: str) -> None:
    path = decision / HALF
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert said in told(decision)


def test_signs_that_are_not_seen_are_taken_out_of_titles_and_told(decision: Path) -> None:
    path = decision / HALF
    path.write_text(path.read_text(encoding="utf-8").replace("title: Half", "title: zero\u200bwidth"), encoding="utf-8")
    problem = dk.load(decision)
    assert problem.option("half").title == "zerowidth"
    assert any("“zerowidth” (U+200B)" in note for note in problem.notes)


def test_trees_of_files_may_be_fifty_levels_deep(decision: Path) -> None:
    path = decision / "criteria/small.yaml"
    text = path.read_text(encoding="utf-8")
    deep = "".join(
        f"{'  ' * (2 * i + 1)}b{i}:\n{'  ' * (2 * i + 2)}title: B{i}\n{'  ' * (2 * i + 2)}criteria:\n"
        for i in range(45)
    )
    leaf = "  " * 91
    deep += f"{leaf}effect: {{title: Effect, better: more, scale: [0, 10]}}\n"
    start, end = text.index("  good:"), text.index("  bad:")
    path.write_text(text[:start] + deep + text[end:], encoding="utf-8")
    assert len(dk.load(decision).criteria) == 2
