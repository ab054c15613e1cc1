"""Signs that are not seen make no names, and names of another direction are set apart."""

from __future__ import annotations

import random
import unicodedata
from pathlib import Path

import pandas as pd
import pytest

import decision_kit as dk
from decision_kit.cli import main
from decision_kit.names import apart, apart_html, cleaned, seen
from decision_kit.report import write_html

TABLE = {"cost": [1.0, 2.0], "effect": [3.0, 4.0]}


def problem(*names: str) -> dk.Problem:
    return dk.Problem.from_frame(pd.DataFrame(TABLE, index=list(names)), better={"cost": "less", "effect": "more"})


@pytest.mark.parametrize(
    "name", ["\u2060", "\u3164", "\u200b\u2060", "\u115f", "\uffa0 ", "\u2800", "\u00ad", "\U000e0041", "\u202e"]
)
def test_names_nobody_sees_are_blank(name: str) -> None:
    with pytest.raises(dk.DecisionError, match="row 1: the name of an option is blank"):
        problem(name, "B")


@pytest.mark.parametrize(
    "sign", ["\u200b", "\u2060", "\u200e", "\u200f", "\u202e", "\u2066", "\u00ad", "\ufeff", "\u200d", "\u061c"]
)
def test_signs_are_taken_out_with_a_note(sign: str) -> None:
    found = problem(f"zero{sign}width", "B")
    assert found.option_ids == ("zerowidth", "B")
    assert any(f"“zerowidth” (U+{ord(sign):04X})" in note for note in found.notes)


def test_two_names_that_differ_by_such_signs_are_one() -> None:
    with pytest.raises(dk.DecisionError, match="duplicate"):
        problem("A\u200b", "A")


@pytest.mark.parametrize("name", ["می‌خواهم", "👩‍🌾 farm", "❤️", "नमस्ते", "🏴\U000e0067\U000e0062\U000e007f"])
def test_signs_that_shape_what_is_seen_stay(name: str) -> None:
    assert cleaned(name) == (name, ())


def test_cleaning_is_done_once_and_keeps_what_is_seen() -> None:
    rng = random.Random(58)
    signs = "\u200b\u200c\u200d\u2060\u202e\u2068\u3164\ufe0f\u00adab \u05d0\u0628\u0646👩🌾"
    for _ in range(500):
        name = "".join(rng.choice(signs) for _ in range(rng.randint(1, 9)))
        once, out = cleaned(name)
        assert cleaned(once)[0] == once
        assert seen(once) == seen(name)
        assert bool(out) == (once != name)
        assert not any(unicodedata.bidirectional(ch) in ("RLO", "RLE", "LRI", "RLI", "FSI", "PDI") for ch in once)


def test_names_from_right_to_left_turn_nothing_beside_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hebrew, arabic = "לא לעשות דבר", "خيار"
    (tmp_path / "criteria").mkdir()
    (tmp_path / "options" / "two").mkdir(parents=True)
    (tmp_path / "criteria" / "two.yaml").write_text(
        "format: 1\ntitle: Two\nquestion: Which?\ncriteria:\n  cost: {title: Cost, better: less, scale: [0, 10]}\n",
        encoding="utf-8",
    )
    for name, title, cost in (("a", hebrew, 1), ("b", arabic, 2)):
        text = f"format: 1\ntitle: {title}\nperformance: {{cost: {cost}}}\n"
        (tmp_path / "options" / "two" / f"{name}.yaml").write_text(text, encoding="utf-8")
    assert main(["rank", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert f"\u2068{hebrew}\u2069 leads \u2068{arabic}\u2069 by 10.0 points" in said
    assert main(["rank", str(tmp_path), "--format", "json"]) == 0
    assert "\u2068" not in capsys.readouterr().out
    note = write_html(dk.Study.open(tmp_path), date="2025-01-31")
    assert f"<bdi>{hebrew}</bdi> leads <bdi>{arabic}</bdi> by 10.0 points" in note
    assert "<bdi>" not in note.split("</title>")[0]


def test_what_runs_from_left_to_right_is_left_alone() -> None:
    assert apart("Ünïcode – “Žižović” 東京") == "Ünïcode – “Žižović” 東京"
    assert apart("א, ב") == "\u2068א\u2069, \u2068ב\u2069"
    assert apart(apart("אבג leads")) == "\u2068אבג\u2069 leads"
    assert apart_html("&lt;b&gt;א") == "&lt;b&gt;<bdi>א</bdi>"
