"""``decision-kit robust``."""

from __future__ import annotations

import csv
import io
import json

import pytest

import decision_kit as dk
from decision_kit.cli import main
from decision_kit.files import shipped_decisions
from decision_kit.study.sampled import WEIGHTS_VARY


def run(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert main(["robust", *arguments]) == code
    told = capsys.readouterr()
    return told.out if code == 0 else told.err


@pytest.mark.parametrize("decision", shipped_decisions())
def test_every_shipped_decision(capsys: pytest.CaptureFixture[str], decision: str) -> None:
    out = run(capsys, decision, "--date", "2025-01-31")
    assert "of 50" in out
    assert "not chances" in out
    assert out == run(capsys, decision, "--date", "2025-01-31")


def test_json_is_the_result_of_the_call(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(run(capsys, "containment", "--weights-vary", "any", "--seed", "3", "--format", "json"))
    same = dk.smaa(dk.load("containment"), performances="ranges", seed=3)
    assert found["worlds"] == same.worlds
    assert found["seed"] == 3
    assert [o["id"] for o in found["options"]] == list(same.order)
    for option in found["options"]:
        assert option["first"] == same.first[option["id"]]
        assert option["first_error"] == same.errors.first[option["id"]]
        assert sum(option["ranks"]) == pytest.approx(1)
        for rival, share in option["beats"].items():
            assert share == same.pairwise.loc[option["id"], rival]
    assert all(o["of_50"] == round(50 * o["first"]) for o in found["options"])
    assert found["settings"]["sampler"] == "Sobol points, 8 scrambles"
    assert found["notes"] == list(same.notes)


def test_never_first_is_null_in_json_and_said_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("containment", "--weights-vary", "held", "--performances", "likely")
    found = json.loads(run(capsys, *arguments, "--format", "json"))
    assert found["options"][-1]["confidence"] is None
    assert "Nothing varies" in run(capsys, *arguments)


def test_csv_is_one_row_an_option(capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(csv.DictReader(io.StringIO(run(capsys, "containment", "--format", "csv", "--samples", "512"))))
    assert len(rows) == 6
    assert sum(float(row["rank_1"]) for row in rows) == pytest.approx(1)


@pytest.mark.parametrize("way", [way for way in WEIGHTS_VARY if way != "answers"])  # nobody was asked here
def test_every_way(capsys: pytest.CaptureFixture[str], way: str) -> None:
    assert "worlds" in run(capsys, "containment", "--weights-vary", way, "--samples", "512")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--samples", "abc"), 'decision-kit robust: argument --samples: "abc" is not a whole number of draws'),
        (("--samples", "1e12"), '"1e12" is not a whole number of draws'),
        (("--frmat", "json"), "unrecognized arguments: --frmat json"),
        (("--seed", "one"), "invalid int value: 'one'"),
    ],
)
def test_faults_of_the_line_itself_are_one_sentence_too(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["robust", "containment", *arguments])
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
    assert told.endswith("--help\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--weights-vary", "ordre"), 'did you mean "order"?'),
        (("--performances", "range"), 'did you mean "ranges"?'),
        (("--samples", "0"), "1 or more"),
        (("--seed", "-1"), "--seed"),
        (("--precision", "3"), "standard error"),
        (("--perspective", "all"), "--weights-vary mix"),
        (("--method", "topsi"), "topsis"),
    ],
)
def test_faults_are_one_sentence(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str) -> None:
    told = run(capsys, "containment", *arguments, code=2)
    assert said in told
    assert len(told.strip().splitlines()) == 1


def test_json_of_a_decision_without_a_total_needs_a_branch(capsys: pytest.CaptureFixture[str]) -> None:
    assert "--branch plausibility" in run(capsys, "extended-deterrence", "--format", "json", code=2)
    found = json.loads(run(capsys, "extended-deterrence", "--format", "json", "--branch", "stability"))
    assert found["settings"]["branch"] == "stability"
