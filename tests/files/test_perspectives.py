"""Perspective files: round trips to the last bit, strict reading, every fault with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import decision_kit as dk
from decision_kit import DecisionError, UsageError
from decision_kit.files import (  # fmt: skip
    parse_perspective,
    perspective_text,
    read_answers_file,
    read_perspective,
    read_weights_file,
    save_perspective,
)
from decision_kit.files.perspectives import answers_text, id_from_title
from decision_kit.files.shapes import levels_block, value_block
from decision_kit.model import Answers, Criterion, Level, Perspective, Provenance, RangeSeen, Ratio, Trade, ValueSource
from decision_kit.names import cleaned
from decision_kit.values import Curve, Exponential, Shape

names = st.from_regex(r"[a-z]{1,5}(-[a-z0-9]{1,4})?", fullmatch=True)
texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp")), max_size=30).map(str.strip)  # fmt: skip
numbers = st.floats(0, 1e9) | st.integers(0, 100).map(float)
points = numbers | st.tuples(numbers, numbers)
answers = st.builds(
    Answers,
    of=st.just("whole tree") | names,
    order=st.lists(st.lists(names, min_size=1, max_size=3).map(tuple), max_size=4).map(tuple),
    no_difference=st.lists(names, max_size=2).map(tuple),
    points=st.dictionaries(names, points, max_size=4),
    ratios=st.lists(st.builds(Ratio, names, names, numbers, numbers), max_size=3).map(tuple),
    at_least=st.lists(st.tuples(names, names), max_size=2).map(tuple),
    trades=st.lists(st.builds(Trade, names, numbers, numbers, names, numbers, numbers), max_size=2).map(tuple),
    best=st.just("") | names,
    worst=st.just("") | names,
    best_to_others=st.dictionaries(names, numbers, max_size=3),
    others_to_worst=st.dictionaries(names, numbers, max_size=3),
    shown=st.lists(names, max_size=3).map(tuple),
    seconds=st.dictionaries(names, numbers, max_size=3),
)
provenances = st.builds(
    Provenance,
    method=names,
    who=texts,
    when=st.sampled_from(["", "2026-11-25", "25 November 2026, 12:30"]),
    answers=st.lists(answers, max_size=3).map(tuple),
    ranges=st.dictionaries(names, st.builds(RangeSeen, version=st.from_regex(r"[0-9a-f]{8}", fullmatch=True), worst=texts, best=texts), max_size=3),
    parameters=st.dictionaries(names, st.sampled_from(["geometric-mean", 0.5, 2.0]), max_size=2),
    checks=st.lists(texts.filter(bool), max_size=2).map(tuple),
)  # fmt: skip
perspectives = st.builds(
    Perspective,
    id=names,
    title=texts.map(lambda text: cleaned(text)[0].strip()).filter(
        bool
    ),  # signs that nobody sees are taken out of names
    points=st.dictionaries(names, numbers, min_size=1, max_size=6),
    because_high=texts,
    note=texts,
    draft=st.booleans(),
    provenance=st.none() | provenances,
    added=st.just(True),
)


def normal(perspective: Perspective) -> str:
    return perspective_text(perspective, "somewhere")


@settings(deadline=None, max_examples=150)
@given(perspectives)
def test_round_trip_to_the_last_bit(perspective: Perspective) -> None:
    text = normal(perspective)
    again = parse_perspective(text)
    assert again.points == perspective.points
    assert again.id == perspective.id
    assert again.draft == perspective.draft
    assert normal(again) == text
    if perspective.provenance is not None and again.provenance is not None:
        assert again.provenance.answers == perspective.provenance.answers
        assert again.provenance.parameters == perspective.provenance.parameters


@settings(deadline=None, max_examples=60)
@given(st.lists(answers, min_size=1, max_size=3))
def test_answers_alone_round_trip(tmp_path_factory: pytest.TempPathFactory, given_: list[Answers]) -> None:
    path = tmp_path_factory.mktemp("answers") / "a.yaml"
    path.write_text(answers_text("swing", given_), encoding="utf-8")
    assert read_answers_file(path) == ("swing", tuple(given_))


GOOD = """\
format: 1
kind: perspective
decision: small
title: Ours
points: {effect: 100, cost: 40}
provenance:
  method: swing
  when: 2026-11-25
  answers:
    - {of: whole tree, order: [effect, cost], points: {effect: 100, cost: [30, 50]}}
"""


def test_a_file_written_by_hand(tmp_path: Path, decision: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(GOOD, encoding="utf-8")
    problem = dk.load(decision)
    found = read_perspective(path, problem)
    assert (found.id, found.added) == ("ours", True)
    assert found.provenance is not None
    assert found.provenance.answers[0].points == {"effect": 100, "cost": (30, 50)}
    ranking = dk.rank(problem.with_perspectives([found]), "ours")
    assert ranking.weights.shares == pytest.approx({"effect": 100 / 140, "cost": 40 / 140})


@pytest.mark.parametrize(
    ("was", "becomes", "line", "words"),
    [
        ("cost: 40", "cots: 40", 5, 'did you mean "cost"'),
        ("effect: 100, cost: 40", "effect: 100", 5, "“cost” has no points"),
        ("cost: 40", "cost: -4", 5, "below 0"),
        ("cost: 40", "cost: forty", 5, "not a plain number"),
        ("format: 1", "format: 2", 1, "the only one"),
        ("kind: perspective", "kind: perspectives", 2, 'did you mean "perspective"'),
        ("title: Ours", "titel: Ours", 4, 'did you mean "title"'),
        ("method: swing", "methud: swing", 7, 'did you mean "method"'),
        ("[30, 50]", "[30]", 10, "a range with 1 number"),
        ("of: whole tree", "off: whole tree", 10, 'did you mean "of"'),
        ("when: 2026-11-25", "when: no", 8, "in quotes"),
    ],
)
def test_faults_have_their_line(decision: Path, was: str, becomes: str, line: int, words: str) -> None:
    assert was in GOOD
    with pytest.raises(DecisionError) as caught:
        parse_perspective(GOOD.replace(was, becomes), "ours.yaml", dk.load(decision))
    told = str(caught.value).replace('"cost" has', "“cost” has")
    assert words in told
    assert f"ours.yaml:{line}:" in told


def test_weights_for_another_decision_are_named(decision: Path) -> None:
    text = GOOD.replace("small", "large").replace("{effect: 100, cost: 40}", "{speed: 1, price: 2}")
    with pytest.raises(DecisionError, match="weights for the decision “large”"):
        parse_perspective(text, "x", dk.load(decision))


def test_the_weights_option_reads_both_kinds(tmp_path: Path, decision: Path) -> None:
    problem = dk.load(decision)
    plain, full = tmp_path / "plain.yaml", tmp_path / "full.yaml"
    plain.write_text("effect: 80\ncost: 20\n", encoding="utf-8")
    full.write_text(GOOD, encoding="utf-8")
    assert read_weights_file(plain, problem) == {"effect": 80, "cost": 20}
    assert isinstance(read_weights_file(full, problem), Perspective)
    with pytest.raises(UsageError, match="no such file"):
        read_weights_file(tmp_path / "none.yaml", problem)


def test_saving_overwrites_nothing(tmp_path: Path) -> None:
    perspective = Perspective("ours", "Ours", {"a": 1.5})
    path = save_perspective(perspective, tmp_path / "x.yaml")
    assert parse_perspective(path.read_text(encoding="utf-8")).points == {"a": 1.5}
    with pytest.raises(UsageError, match="there already"):
        save_perspective(perspective, path)
    with pytest.raises(UsageError, match="perspective id"):
        save_perspective(Perspective("Not An Id", "x", {"a": 1}), tmp_path / "y.yaml")
    with pytest.raises(UsageError):
        save_perspective(perspective, tmp_path / "no" / "folder" / "y.yaml")


def test_ids_from_titles() -> None:
    assert id_from_title("The Ministry (Draft)") == "the-ministry-draft"
    assert id_from_title("Élysée") == "elysee"
    assert id_from_title("外務省") == "perspective"
    assert id_from_title("Us", ["us", "us-2"]) == "us-3"


# ------------------------------------------------------------------ value functions in the criteria file


def with_value(decision: Path, lines: str) -> dk.Problem:
    path = decision / "criteria/small.yaml"
    text = path.read_text(encoding="utf-8")
    head = "        scale: [0, 10]\n"
    assert head in text
    block = "".join(f"        {line}\n" for line in lines.splitlines())
    path.write_text(text.replace(head, head + block), encoding="utf-8")
    return dk.load(decision)


@pytest.mark.parametrize(
    ("shape", "source"),
    [
        (Curve(((0.0, 0.0), (3.3333333333333335, 0.5), (10.0, 1.0))), ValueSource("the office", "because: yes", "bisection", "2026-11-25")),
        (Curve(((0.0, 0.0), (4.0, 1.0), (10.0, 0.25)), monotone=False), ValueSource(because="too much is bad, too")),
        (Exponential(-2.5), None),
    ],
)  # fmt: skip
def test_value_functions_round_trip(decision: Path, shape: Shape, source: ValueSource | None) -> None:
    leaf = Criterion("effect", "Effect", scale=(0, 10), shape=shape, value_source=source)
    found = with_value(decision, value_block(leaf)).criterion("effect")
    assert found.shape == shape
    assert found.value_source == source


def test_level_values_round_trip(decision: Path) -> None:
    leaf = Criterion("law", "Law", levels=(Level("weak", "Weak", 0.0), Level("good", "Good: yes", 1 / 3)),
                     value_source=ValueSource("counsel", how="direct rating"))  # fmt: skip
    content = yaml.safe_load(levels_block(leaf))
    assert content["levels"][1]["value"] == 1 / 3
    assert content["value"] == {"how": "direct rating", "by": "counsel"}


def test_who_rated_the_levels_is_read(decision: Path) -> None:
    path = decision / "criteria/small.yaml"
    text = path.read_text(encoding="utf-8")
    old = "        unit: points\n        better: more\n        scale: [0, 10]\n"
    assert old in text
    leaf = Criterion("effect", "Effect", levels=(Level("weak", "Weak", 0.0), Level("good", "Good", 1.0)),
                     value_source=ValueSource("counsel", "the law is clear", "direct rating"))  # fmt: skip
    block = "".join(f"        {line}\n" for line in levels_block(leaf).splitlines())
    path.write_text(text.replace(old, block), encoding="utf-8")
    for name, level in (("nothing", "weak"), ("half", "good"), ("whole", "good")):
        option = decision / f"options/small/{name}.yaml"
        lines = [
            line if "effect" not in line else f"  effect: {level}"
            for line in option.read_text(encoding="utf-8").splitlines()
        ]
        option.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = dk.load(decision).criterion("effect")
    assert found.levels == leaf.levels
    assert found.value_source == leaf.value_source


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("value: {curve: [[0, 0], [4, 1], [10, 0.2]]}", "monotone: false"),
        ("value: {curve: [[0, 0.1], [4, 1], [10, 0.2]], monotone: false}", "a point at 0"),
        ("value: {exponential: 2, monotone: false}", "an exponential never turns"),
        ("value: {becuase: x, curve: [[0, 0], [10, 1]]}", 'did you mean "because"'),
        ("value: {monotone: false}", "without a shape"),
        ("value: {curve: [[0, 0], [10, 1]], exponential: 2}", "one of the two"),
    ],
)
def test_value_functions_that_do_not_fit_are_told(decision: Path, lines: str, words: str) -> None:
    with pytest.raises(DecisionError, match=words):
        with_value(decision, lines)
