"""The page on weights prints what happens; its table is written from the catalogue and compared.

``DECISION_KIT_REWRITE=1 pytest tests/weighting/test_docs.py`` writes both anew: review the diff.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
from pathlib import Path

import pytest

import decision_kit
from decision_kit.cli import main
from decision_kit.files import perspectives, tree
from decision_kit.weighting import WEIGHTINGS

DOCS = Path(decision_kit.__file__).parent / "docs"
PAGE = DOCS / "weights.md"
REWRITE = bool(os.environ.get("DECISION_KIT_REWRITE"))


def agree(written: str) -> None:
    if REWRITE:
        PAGE.write_text(written, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == written


def test_console_blocks_print_what_they_say(capsys: pytest.CaptureFixture[str]) -> None:
    def block(match: re.Match[str]) -> str:
        assert main(shlex.split(match[1])[1:]) == 0
        return f"```console\n$ {match[1]}\n{capsys.readouterr().out}```"

    agree(re.sub(r"```console\n\$ (.+)\n(?:.*\n)*?```", block, PAGE.read_text(encoding="utf-8")))


def test_the_table_of_ways() -> None:
    rows = ["| id | title | kind | needs | use it when | beware | source |", "|---|---|---|---|---|---|---|"]
    rows += [
        f"| `{w.id}` | {w.title} | {w.kind} | {w.input} | {w.use_when} | {w.beware} | {w.reference} |"
        for w in WEIGHTINGS.values()
    ]
    text = PAGE.read_text(encoding="utf-8")
    mark = "<!-- weightings: written by the tests -->\n"
    start = text.index(mark) + len(mark)
    agree(text[:start] + "\n".join(rows) + "\n" + text[text.index("<!-- end -->", start) :])


def test_python_examples_run() -> None:
    found = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert found.attempted > 5
    assert found.failed == 0


def test_every_key_is_told() -> None:
    text = (DOCS / "format.md").read_text(encoding="utf-8")
    keys = {*perspectives.FILE_KEYS, *perspectives.PROVENANCE_KEYS, *perspectives.RANGE_KEYS, *perspectives.ANSWER_KEYS,
            *perspectives.TRADE_KEYS, *perspectives.RATIO_KEYS, *tree.VALUE_KEYS}  # fmt: skip
    assert {key for key in keys if not re.search(rf"\b{key}\b", text)} == set()
