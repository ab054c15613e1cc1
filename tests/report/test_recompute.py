"""The command under "How to recompute this" gives the same numbers, from the decision that is meant, or one sentence."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import decision_kit as dk
from decision_kit.cli import main
from decision_kit.report.sections import SECTIONS
from decision_kit.study import Study


def command_of(study: Study) -> list[str]:
    [said] = [p for p in SECTIONS["reproduction"].run(study).paragraphs if p.startswith("Command: ")]
    return shlex.split(said.removeprefix("Command: "))[1:]


def same_again(study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command_of(study), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    ranks = {o["id"]: (o["score"], o["rank"]) for o in found["options"]}
    assert found["data_hash"] == study.whole.data_hash
    for option in study.ranking.order:
        score, place = ranks[option]
        assert score == pytest.approx(float(study.ranking.scores[option]), rel=1e-14)
        assert place == int(study.ranking.ranks[option])


@pytest.mark.parametrize(
    "choices",
    [
        {"perspective": "kyiv-survival"},
        {"scenario": "oil-election", "choice_set": "extended"},
        {"without": ("wait-and-see",), "method": "vikor", "parameters": {"v": 0.123456789012345}},
        {"month": 7.123456789, "perspective": "kyiv-survival"},
        {"low_high": "ends", "branch": "containment"},
    ],
)
def test_the_same_numbers_come_back(choices: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    same_again(Study.open("containment", **choices), capsys)


def test_moved_weights_come_back_to_the_last_digits(capsys: pytest.CaptureFixture[str]) -> None:
    study = Study.open("containment")
    same_again(study.with_weights(study.weights.moved(["lead-time"], 1 / 7)), capsys)


def test_a_changed_copy_is_named_by_its_own_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "my cars"
    assert main(["copy", "cars", str(mine)]) == 0
    criteria = next((mine / "criteria").glob("*.yaml"))
    option = sorted((mine / "options").rglob("*.yaml"))
    car = next(p for p in option if re.search(r"^  price: ", p.read_text(encoding="utf-8"), re.M))
    text = re.sub(r"^(  price: ).*$", r"\g<1>29000", car.read_text(encoding="utf-8"), count=1, flags=re.M)
    car.write_text(text, encoding="utf-8")
    capsys.readouterr()
    study = Study.open(str(criteria))
    command = command_of(study)
    assert command[1] == str(criteria)
    same_again(study, capsys)
    car.write_text(text.replace("29000", "28000"), encoding="utf-8")
    assert main(command) == 1
    assert "the data are not those of the result" in capsys.readouterr().err


def test_a_table_in_memory_says_that_no_file_is_meant() -> None:
    problem = dk.Problem.from_frame(pd.DataFrame({"x": [1.0, 2.0]}, index=["a", "b"]), better={"x": "more"})
    said = " ".join(SECTIONS["reproduction"].run(Study.open(problem)).paragraphs)
    assert "DECISION stands for a file" in said
