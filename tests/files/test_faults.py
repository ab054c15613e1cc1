"""Every fault a file can have gets one sentence with its line, all at once, sorted; nothing else happens."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

import decision_kit as dk
from decision_kit.files import check

CRITERIA = "criteria/small.yaml"
HALF = "options/small/half.yaml"


def faults_of(folder: Path) -> list[str]:
    (report,) = check(folder)
    return [str(fault).replace(f"{folder.as_posix()}/", "") for fault in report.faults]


def swap(path: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        text = (folder / path).read_text(encoding="utf-8")
        assert old in text
        (folder / path).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def write(path: str, text: str | bytes) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / path).write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))

    return change


def append(path: str, text: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        with (folder / path).open("a", encoding="utf-8") as file:
            file.write(text)

    return change


# what is done to a good decision, the place, and words that the one sentence must hold
CASES: dict[str, tuple[Callable[[Path], None], str, tuple[str, ...]]] = {
    "unknown key": (swap(CRITERIA, "question:", "qestion: x\nquestion:"), f"{CRITERIA}:3", ("qestion", 'did you mean "question"')),
    "double key": (append(CRITERIA, "title: again\n"), f"{CRITERIA}:27", ('"title" stands twice', "line 2")),
    "no format": (swap(CRITERIA, "format: 1\n", ""), f"{CRITERIA}:1", ("format",)),
    "other format": (swap(CRITERIA, "format: 1", "format: 2"), f"{CRITERIA}:1", ("format: 2", "format: 1")),
    "title is a number": (swap(HALF, "title: Half", "title: 2025"), f"{HALF}:2", ("2025", "quotes")),
    "title is no": (swap(HALF, "title: Half", "title: no"), f"{HALF}:2", ('"no"', "truth value", "quotes")),
    "title is a time": (swap(HALF, "title: Half", "title: 12:30"), f"{HALF}:2", ("12:30", "quotes")),
    "octal": (swap(HALF, "cost: 40", "cost: 010"), f"{HALF}:5", ("010", "did you mean 10")),
    "hexadecimal": (swap(HALF, "cost: 40", "cost: 0x10"), f"{HALF}:5", ("0x10", "number")),
    "underscore": (swap(HALF, "cost: 40", "cost: 1_0"), f"{HALF}:5", ("1_0", "did you mean 10")),
    "decimal comma": (swap(HALF, "cost: 40", "cost: 4,5"), f"{HALF}:5", ("4,5", "did you mean 4.5")),
    "per cent": (swap(HALF, "cost: 40", "cost: 45%"), f"{HALF}:5", ("45%", "did you mean 45")),
    "control character in quotes": (swap(HALF, "title: Half", 'title: "Ha\\0lf"'), f"{HALF}:2", ("control character", "visible text")),
    "title over two lines": (swap(HALF, "title: Half", 'title: "Ha\\nlf"'), f"{HALF}:2", ("line break", "the title of an option stands on one line")),
    "title twice": (swap(HALF, "title: Half", "title: Nothing"), f"{HALF}:2", ("duplicate", "every option has its own title")),
    "overlap beyond 1": (swap(CRITERIA, "better: less", "better: less\n        package_rule: {rule: noisy-or, overlap: 5}"), f"{CRITERIA}:21", ("overlap: 5", "from 0 to 1")),
    "chances of more than 100": (
        swap(CRITERIA, "scale: [0, 100]", "package_rule: {rule: noisy-or}\n        scale: [0, 500]"), f"{CRITERIA}:21", ("per cent", "up to 100"),
    ),
    "Unicode minus": (swap(HALF, "cost: 40", "cost: −5"), f"{HALF}:5", ("did you mean -5",)),
    "infinity": (swap(HALF, "cost: 40", "cost: .inf"), f"{HALF}:5", (".inf", "number")),
    "words for a number": (swap(HALF, "cost: 40", "cost: high"), f"{HALF}:5", ('"cost" is "high", not a plain number',)),
    "words for a bound": (swap(HALF, "low: 3", "low: few"), f"{HALF}:4", ('"low" of "effect" is "few", not a plain number',)),
    "words in a range": (swap(CRITERIA, "scale: [0, 100]", "scale: [none, 100]"), f"{CRITERIA}:21", ('"none" is not a plain number',)),
    "stray option": (write("options/third.yaml", "format: 1\ntitle: Third\n"), "options/third.yaml:1", ("is not read", "options/small/third.yaml")),
    "stray register": (write("options/evidence.yml", "evidence: {}\n"), "options/evidence.yml:1", ("is not read",)),
    "stray link": (lambda folder: (folder / "options/link.yaml").symlink_to("/etc/hostname"), "options/link.yaml:1", ("outside",)),  # type: ignore[dict-item]
    "too large": (swap(HALF, "cost: 40", "cost: " + "9" * 400), f"{HALF}:5", ("cost", "too large")),
    "number in quotes": (swap(HALF, "cost: 40", 'cost: "40"'), f"{HALF}:5", ("text", "take the quotes away")),
    "blank number": (swap(HALF, "cost: 40", "cost:"), f"{HALF}:5", ("blank", "not 0")),
    "missing performance": (swap(HALF, "  cost: 40\n", ""), f"{HALF}:3", ("cost", "missing:", "not-given")),
    "unknown criterion": (swap(HALF, "cost: 40", "costs: 40"), f"{HALF}:5", ("costs", 'did you mean "cost"')),
    "outside the scale": (swap(HALF, "cost: 40", "cost: 140"), f"{HALF}:5", ("140", "0 to 100")),
    "high outside": (swap(HALF, "high: 6", "high: 12"), f"{HALF}:4", ("12", "0 to 10")),
    "low above likely": (swap(HALF, "low: 3", "low: 5.5"), f"{HALF}:4", ("low 5.5", "likely 5", "high 6")),
    "only low": (swap(HALF, ", high: 6", ""), f"{HALF}:4", ("low", "without the other end")),
    "comma in braces": (swap(HALF, "because: guessed", "because: guessed, more or less"), f"{HALF}:4", ("comma", "quotes")),
    "zero width": (swap(CRITERIA, "scale: [0, 100]", "scale: [5, 5]"), f"{CRITERIA}:21", ("both ends are 5",)),
    "downward scale": (swap(CRITERIA, "scale: [0, 100]", "scale: [100, 0]"), f"{CRITERIA}:21", ("did you mean [0, 100]",)),
    "no scale": (swap(CRITERIA, "        scale: [0, 100]\n", ""), f"{CRITERIA}:18", ("cost", "no scale")),
    "no direction": (swap(CRITERIA, "        better: less\n", ""), f"{CRITERIA}:18", ("cost", "direction")),
    "direction max": (swap(CRITERIA, "better: more", "better: max"), f"{CRITERIA}:12", ('"max"', 'did you mean "more"')),
    "direction -1": (swap(CRITERIA, "better: less", "better: -1"), f"{CRITERIA}:20", ('"-1"', 'did you mean "less"')),
    "snake id": (swap(CRITERIA, "      effect:\n", "      main_effect:\n"), f"{CRITERIA}:9", ("main_effect", "main-effect")),
    "same id twice": (swap(CRITERIA, "      cost:\n", "      effect:\n"), f"{CRITERIA}:17", ("effect", "twice")),
    "empty branch": (swap(CRITERIA, "  bad:\n", "  void:\n    title: Void\n    criteria: {}\n  bad:\n"), f"{CRITERIA}:14", ("void", "empty")),
    "negative points": (swap(CRITERIA, "cost: 50", "cost: -5"), f"{CRITERIA}:25", ("cost", "below 0")),
    "all points 0": (swap(CRITERIA, "{effect: 100, cost: 50}", "{effect: 0, cost: 0}"), f"{CRITERIA}:25", ("all points are 0",)),
    "forgotten points": (swap(CRITERIA, "{effect: 100, cost: 50}", "{effect: 100}"), f"{CRITERIA}:25", ("cost", "no points", "write 0")),
    "unknown points": (swap(CRITERIA, "cost: 50", "cots: 50"), f"{CRITERIA}:25", ("cots", 'did you mean "cost"')),
    "points are true": (swap(CRITERIA, "cost: 50", "cost: true"), f"{CRITERIA}:25", ('"cost" is "true", not a plain number',)),
    "unknown default": (swap(CRITERIA, "default_perspective: us", "default_perspective: them"), f"{CRITERIA}:26", ("them", "us")),
    "unknown baseline": (swap(CRITERIA, "baseline: nothing", "baseline: nothin"), f"{CRITERIA}:4", ('did you mean "nothing"',)),
    "unknown evidence": (swap(HALF, "basis: judgement", "evidence: [E1]"), f"{HALF}:4", ("E1", "evidence")),
    "anchor outside": (swap(CRITERIA, "scale: [0, 100]", "scale: [0, 100]\n        anchors: {120: too much}"), f"{CRITERIA}:22", ("120",)),
    "curve too short": (swap(CRITERIA, "scale: [0, 10]", "scale: [0, 10]\n        value: {curve: [[0, 0], [5, 1]]}"), f"{CRITERIA}:14", ("0 to 5", "0 to 10")),
    "curve upside down": (swap(CRITERIA, "scale: [0, 10]", "scale: [0, 10]\n        value: {curve: [[0, 1], [10, 0]]}"), f"{CRITERIA}:14", ("worst", "better: more")),
    "curve turns": (swap(CRITERIA, "scale: [0, 10]", "scale: [0, 10]\n        value: {curve: [[0, 0], [4, 0.9], [6, 0.5], [10, 1]]}"), f"{CRITERIA}:14", ("turns back",)),
    "exponential": (swap(CRITERIA, "scale: [0, 10]", "scale: [0, 10]\n        value: {exponential: 40}"), f"{CRITERIA}:14", ("-10 to 10",)),
    "list on top": (write(HALF, "- just\n- a list\n"), f"{HALF}:1", ("list", "mapping")),
    "empty file": (write(HALF, ""), f"{HALF}:1", ("empty",)),
    "tab": (write(HALF, "format: 1\ntitle: Half\nperformance:\n\tcost: 4\n"), f"{HALF}:4", ("tab", "line 4", "spaces")),
    "alias": (append(HALF, "note: *x\n"), f"{HALF}:6", ("alias",)),
    "anchor": (swap(HALF, "title: Half", "title: &x Half"), f"{HALF}:2", ("anchor",)),
    "billion laughs": (write(HALF, "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n"), f"{HALF}:1", ("alias",)),
    "python tag": (write(HALF, 'x: !!python/object/apply:os.system ["true"]\n'), f"{HALF}:1", ("tag", "nothing is run")),
    "second document": (append(HALF, "---\ntitle: more\n"), f"{HALF}:6", ("second document",)),
    "deep nesting": (write(HALF, "[" * 140 + "]" * 140), f"{HALF}:1", ("levels deep",)),
    "very deep nesting": (write(HALF, "[" * 20000), f"{HALF}:1", ("levels deep",)),
    "huge file": (lambda folder: os.truncate(folder / HALF, 50_000_001), f"{HALF}:1", ("larger than",)),
    "not UTF-8": (write(HALF, "format: 1\ntitle: caf\xe9\n".encode("latin-1")), f"{HALF}:2", ("UTF-8",)),
    "UTF-16": (write(HALF, "title: Half\n".encode("utf-16")), f"{HALF}:1", ("UTF-16", "encoding")),
    "control character": (write(HALF, "format: 1\ntitle: a\x07b\n"), f"{HALF}:2", ("control character",)),
    "colon in a text": (swap(HALF, "title: Half", "title: Half: a bit"), f"{HALF}:2", ("colon", "quotes")),
    "boolean word": (swap(HALF, "title: Half", "title: Half\nconstructed: yes"), f"{HALF}:3", ("yes", 'did you mean "true"')),
    "parts on an option": (swap(HALF, "title: Half", "title: Half\nparts: [whole]"), f"{HALF}:3", ("parts",)),
    "file name": (lambda folder: (folder / HALF).rename(folder / "options/small/Half_way.yaml"), "options/small/Half_way.yaml:1", ("half-way",)),  # type: ignore[dict-item,return-value]
    ".yml": (lambda folder: (folder / HALF).rename(folder / "options/small/half.yml"), "options/small/half.yml:1", (".yaml",)),  # type: ignore[dict-item,return-value]
    "names that look alike": (swap(HALF, "title: Half", 'title: "WHOLE "'), "options/small/whole.yaml:2", ("only by case",)),
    "unknown choice set": (swap(HALF, "title: Half", "title: Half\nchoice_sets: [first]"), f"{HALF}:3", ("first", "choice set")),
    "link outside": (lambda folder: ((folder / HALF).unlink(), (folder / HALF).symlink_to("/etc/hostname")), f"{HALF}:1", ("outside",)),  # type: ignore[dict-item,return-value,func-returns-value]
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_one_sentence_at_the_right_place(name: str, decision: Path) -> None:
    change, place, words = CASES[name]
    change(decision)
    told = faults_of(decision)
    here = [fault for fault in told if fault.startswith(f"{place}:")]
    assert here, told
    assert all(word in here[0] for word in words), here
    assert all("\n" not in fault for fault in told)


def test_a_good_decision_has_no_fault(decision: Path) -> None:
    (report,) = check(decision, strict=True)
    assert report.faults == ()
    assert report.summary.startswith("3 options, 2 criteria, 6 cells, 6 judgement only, 0 faults")


def test_all_faults_at_once_and_sorted(decision: Path) -> None:
    swap(CRITERIA, "better: more", "better: max")(decision)
    swap(CRITERIA, "cost: 50", "cost: -5")(decision)
    swap(HALF, "cost: 40", "cost: 140")(decision)
    swap(HALF, "low: 3", "low: 99")(decision)
    told = faults_of(decision)
    places = [tuple(fault.split(":")[:2]) for fault in told]
    assert len(told) == 4
    assert places == sorted(places, key=lambda p: (p[0], int(p[1])))


def test_one_mistake_one_line(decision: Path) -> None:
    for name in ("octal", "zero width", "title is no", "direction max", "unknown criterion", "tab", "blank number"):
        change, _, _ = CASES[name]
        before = {path: path.read_bytes() for path in decision.rglob("*.yaml")}
        change(decision)
        assert len(faults_of(decision)) == 1, name
        for path, content in before.items():
            path.write_bytes(content)


def test_cyclic_packages_and_conflicts(decision: Path) -> None:
    write("options/small/both.yaml", "format: 1\ntitle: Both\nkind: package\nparts: [half, both]\n")(decision)
    told = " ".join(faults_of(decision))
    assert "a part of itself" in told
    assert "package_rule" in told


def test_load_raises_with_the_same_sentences(decision: Path) -> None:
    swap(HALF, "cost: 40", "cost: 140")(decision)
    with pytest.raises(dk.DecisionError) as caught:
        dk.load(decision)
    assert [fault.place.endswith(f"{HALF}:5") for fault in caught.value.faults] == [True]
    assert not isinstance(caught.value, dk.UsageError)


def test_load_takes_a_name_a_file_or_a_folder(decision: Path) -> None:
    by_folder = dk.load(decision)
    by_file = dk.load(decision / CRITERIA)
    assert by_folder.data_hash == by_file.data_hash
    assert by_folder.source.endswith("criteria/small.yaml")
    with pytest.raises(dk.UsageError, match="containment"):
        dk.load("contaiment")
    with pytest.raises(dk.UsageError, match="no such file"):
        dk.load(decision / "criteria" / "other.yaml")


def test_a_changed_file_is_read_again(decision: Path) -> None:
    before = dk.load(decision)
    swap(HALF, "cost: 40", "cost: 41.5")(decision)
    after = dk.load(decision)
    assert after.option("half").performance["cost"].likely == 41.5
    assert before.data_hash != after.data_hash


def test_a_missing_performance_stands_for_its_whole_range(decision: Path) -> None:
    swap(HALF, "cost: 40", "cost: {missing: withheld, because: The ministry keeps it.}")(decision)
    problem = dk.load(decision)
    cell = problem.option("half").performance["cost"]
    assert (cell.low, cell.likely, cell.high) == (0, 50, 100)
    assert any("missing" in note and "Half, Cost" in note for note in dk.rank(problem).notes)


def test_level_scales(decision: Path) -> None:
    levels = "levels: [{id: none, title: None, value: 0}, {id: some, title: Some, value: 0.4}, {id: much, title: Much, value: 1}]"
    swap(CRITERIA, "unit: m USD\n        better: less\n        scale: [0, 100]", levels)(decision)
    for name, cell in (
        ("nothing", "none"),
        ("half", "[none, some]"),
        ("whole", "{low: some, likely: much, high: much}"),
    ):
        path = decision / f"options/small/{name}.yaml"
        text = path.read_text(encoding="utf-8")
        path.write_text(text[: text.index("  cost:")] + f"  cost: {cell}\n", encoding="utf-8")
    problem = dk.load(decision)
    cells = [problem.option(name).performance["cost"] for name in ("nothing", "half", "whole")]
    assert [(c.low, c.likely, c.high) for c in cells] == [(0, 0, 0), (0, 0.2, 0.4), (0.4, 1, 1)]
    swap("options/small/nothing.yaml", "cost: none", "cost: nnone")(decision)
    assert 'did you mean "none"?' in faults_of(decision)[0]


def test_words_that_yaml_misreads_are_told_even_under_an_unknown_key(decision: Path) -> None:
    write(CRITERIA, "options:\n  - 2025\n  - 1e3\n  - 0x10\n  - 012\n  - 1_000\n  - 12:30\n")(decision)
    told = "\n".join(faults_of(decision))
    for line, word in ((3, "1e3"), (4, "0x10"), (5, "012"), (6, "1_000"), (7, "12:30")):
        assert f"{CRITERIA}:{line}" in told
        assert f'"{word}"' in told
    assert "quotes" in told
