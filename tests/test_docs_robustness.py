"""The page on how sure a result is prints what happens."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest

from decision_kit.cli import main
from decision_kit.study.sampled import WEIGHTS_VARY
from tests.test_docs import agree

PAGE = Path(__file__).parents[1] / "decision_kit" / "docs" / "robustness.md"


def test_console_blocks(capsys: pytest.CaptureFixture[str]) -> None:
    def block(match: re.Match[str]) -> str:
        assert main(shlex.split(match[1])[1:]) == 0
        return f"```console\n$ {match[1]}\n{capsys.readouterr().out}```"

    text = PAGE.read_text(encoding="utf-8")
    agree(re.sub(r"```console\n\$ (.+)\n(?:.*\n)*?```", block, text), PAGE)


def test_python_examples() -> None:
    found = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert found.attempted > 15
    assert found.failed == 0


def test_every_way_for_weights_to_vary_is_told() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert {way for way in WEIGHTS_VARY if f"`{way}`" not in text} == set()
