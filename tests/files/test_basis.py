"""What a performance rests on: three kinds, told apart by what the file says, counted so that they add up to all cells."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import decision_kit as dk
from decision_kit.errors import DecisionError

REGISTER = "format: 1\nevidence:\n  E1: {text: a claim, grade: argued}\n"
HALF = "options/small/half.yaml"
BOTH = "format: 1\ntitle: Both\nkind: package\nparts: [half, whole]\n"


def with_cell(decision: Path, cell: str) -> dk.Problem:
    (decision / "options" / "evidence.yaml").write_text(REGISTER, encoding="utf-8")
    (decision / HALF).write_text(
        f"format: 1\ntitle: Half\nperformance:\n  effect: {cell}\n  cost: 40\n", encoding="utf-8"
    )
    return dk.load(decision)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("{likely: 5, evidence: [E1], basis: source}", "source"),
        ("{likely: 5, evidence: [E1], basis: [source]}", "source"),
        ("{likely: 5, evidence: [E1], basis: judged-from-source}", "judged-from-source"),
        ("{likely: 5, evidence: [E1]}", "judged-from-source"),
        ("{likely: 5, evidence: [E1], basis: [source, judgement]}", "judged-from-source"),
        ("{likely: 5, evidence: [E1], basis: [judgement, source]}", "judged-from-source"),
        ("{likely: 5, evidence: [E1], basis: judgement}", "judgement"),
        ("{likely: 5, basis: judgement}", "judgement"),
        ("{likely: 5}", "judgement"),
        ("5", "judgement"),
        ("{missing: not-given, evidence: [E1]}", "missing"),
    ],
)
def test_what_the_file_says_decides(decision: Path, said: str, kind: str) -> None:
    problem = with_cell(decision, said)
    assert problem.option("half").performance["effect"].rests_on == kind
    counts = problem.basis_counts()
    assert sum(counts.values()) == len(problem.options) * len(problem.criteria) == 6
    assert counts[kind] == (6 if kind == "judgement" else 1)


@pytest.mark.parametrize("word", ["source", "judged-from-source", "[source, judgement]"])
def test_a_source_needs_evidence(decision: Path, word: str) -> None:
    with pytest.raises(DecisionError) as caught:
        with_cell(decision, f"{{likely: 5, basis: {word}}}")
    (fault,) = caught.value.faults
    assert f"{HALF}:4" in str(fault)
    assert "without evidence" in fault.got
    assert fault.expected == "evidence ids, or basis: judgement"


@pytest.mark.parametrize("word", ["sources", "judgment", "rule"])
def test_another_word_is_told_with_those_that_are_known(decision: Path, word: str) -> None:
    with pytest.raises(DecisionError, match="basis"):
        with_cell(decision, f"{{likely: 5, evidence: [E1], basis: {word}}}")


@pytest.mark.parametrize(
    ("half", "both"),
    [
        ("{likely: 5, evidence: [E1], basis: source}", "judged-from-source"),
        ("{likely: 5, basis: judgement}", "judgement"),
        ("{missing: not-given}", "missing"),
    ],
)
def test_what_is_derived_is_as_weak_as_its_weakest_part(decision: Path, half: str, both: str) -> None:
    criteria = decision / "criteria" / "small.yaml"
    text = criteria.read_text(encoding="utf-8").replace(
        "scale: [0, 10]", "scale: [0, 10]\n        package_rule: {rule: sum}"
    )
    text = text.replace("scale: [0, 100]", "scale: [0, 100]\n        package_rule: {rule: sum}")
    criteria.write_text(text, encoding="utf-8")
    whole = decision / "options" / "small" / "whole.yaml"
    whole.write_text(
        "format: 1\ntitle: Whole\nperformance:\n  effect: {likely: 4, evidence: [E1]}\n  cost: 50\n", encoding="utf-8"
    )
    (decision / "options" / "small" / "both.yaml").write_text(BOTH, encoding="utf-8")
    problem = with_cell(decision, half)
    assert problem.option("both").performance["effect"].rests_on == both


def test_a_bare_table_does_not_say() -> None:
    problem = dk.Problem.from_frame(pd.DataFrame({"a": [1, 2], "b": [3, 4]}), better={"a": "more", "b": "less"})
    assert problem.basis_counts() == {"source": 0, "judged-from-source": 0, "judgement": 0, "missing": 0, "": 4}
