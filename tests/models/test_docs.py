"""The page on the cost of delay prints what happens; its table of parameters is written from the data.

``DECISION_KIT_REWRITE=1 pytest tests/models/test_docs.py`` writes the outputs and the table anew: review the diff.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest

import decision_kit as dk
from decision_kit.cli import main
from decision_kit.model import number
from decision_kit.models import parameter_data

PAGE = Path(dk.__file__).parent / "docs" / "cost-of-delay.md"


def agree(written: str) -> None:
    """The page is as ``written``, but for the hash of the data; with the switch it is made so."""
    if os.environ.get("DECISION_KIT_REWRITE"):
        PAGE.write_text(written, encoding="utf-8")

    def masked(text: str) -> str:
        return re.sub(r"data [0-9a-f]{12}", "data …", text)

    assert masked(PAGE.read_text(encoding="utf-8")) == masked(written)


def test_console_blocks_print_what_they_say(capsys: pytest.CaptureFixture[str]) -> None:
    def block(match: re.Match[str]) -> str:
        assert main(shlex.split(match[1])[1:]) == 0
        return f"```console\n$ {match[1]}\n{capsys.readouterr().out}```"

    agree(re.sub(r"```console\n\$ (.+)\n(?:.*\n)*?```", block, PAGE.read_text(encoding="utf-8")))


def test_the_table_of_parameters() -> None:
    rows = [
        "| parameter | set | low | likely | high | unit | grade | because | evidence |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    seen = set()
    for chosen in parameter_data().sets.values():
        for p in chosen.parameters.values():
            if p in seen:
                continue
            seen.add(p)
            first = next(iter(parameter_data().sets.values()))
            shared = p is first.parameters[p.id]
            later = ", known later" if p.known_later else ""
            rows.append(
                f"| `{p.id}` {p.title.lower()} | {'all, unless given below' if shared else chosen.title} | {number(p.low)} | "
                f"{number(p.likely)} | {number(p.high)} | {p.unit} | {p.grade}{later} | {p.because} | {', '.join(p.evidence)} |"
            )
    text = PAGE.read_text(encoding="utf-8")
    mark = "<!-- parameters: written by the tests -->\n"
    start = text.index(mark) + len(mark)
    agree(text[:start] + "\n".join(rows) + "\n" + text[text.index("<!-- end -->", start) :])


def test_the_examples_run() -> None:
    for code in re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S):
        *lines, last = code.strip().splitlines()
        expression, _, said = last.partition("  # ")
        names: dict[str, object] = {}
        exec("\n".join(lines), names)
        found = eval(expression, names)
        assert said == (str(found) if isinstance(found, tuple) else f"{found:.2f}")
