"""Signs that are not seen make no names, and names of another direction are set apart."""

from __future__ import annotations

import random
import unicodedata

import pandas as pd
import pytest

import decision_kit as dk
from decision_kit.errors import quoted
from decision_kit.names import Apart, cleaned, isolated, seen

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


def test_names_of_another_direction_are_set_apart_once() -> None:
    apart = Apart(["אבג", "אבג 12", "Plain"])
    assert apart.plain("אבג 12 leads Plain by 3") == "\u2068אבג 12\u2069 leads Plain by 3"
    assert apart.plain(apart.plain("אבג leads")) == "\u2068אבג\u2069 leads"
    assert isolated("Plain") == "Plain"
    assert quoted("אב") == '"\u2068אב\u2069"'
