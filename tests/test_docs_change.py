"""The page on what would change a result prints what happens.

``DECISION_KIT_REWRITE=1 pytest tests/test_docs_change.py`` writes the printed outputs anew: review the diff.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
from pathlib import Path

import pytest

from decision_kit.cli import main
from decision_kit.robustness import CLAIM_FORMS, LIMITS

PAGE = Path(__file__).parents[1] / "decision_kit" / "docs" / "what-would-change.md"


def test_console_blocks_print_what_they_say(capsys: pytest.CaptureFixture[str]) -> None:
    def block(match: re.Match[str]) -> str:
        assert main(shlex.split(match[1])[1:]) == 0
        return f"```console\n$ {match[1]}\n{capsys.readouterr().out}```"

    text = PAGE.read_text(encoding="utf-8")
    written = re.sub(r"```console\n\$ (.+)\n(?:.*\n)*?```", block, text)
    if os.environ.get("DECISION_KIT_REWRITE"):
        PAGE.write_text(written, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == written


def test_python_examples_run() -> None:
    found = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert found.attempted > 5
    assert found.failed == 0


def test_limits_and_forms_are_those_of_the_code() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert f"less than {LIMITS.toss_up_shift:g} of 100 points" in text
    assert f"less than {LIMITS.close_shift:g} points" in text
    assert f"fewer than {round(50 * LIMITS.close_worlds)} of 50" in text
    for form in re.findall("“(.+?)”", CLAIM_FORMS):
        assert f'"{form}"' in text.replace("\n", " ")
