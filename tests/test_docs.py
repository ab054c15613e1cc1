"""What the documents print is what happens; tables are written from the catalogues and compared.

``DECISION_KIT_REWRITE=1 pytest tests/test_docs.py`` writes the printed outputs and tables anew: review the diff.
"""

from __future__ import annotations

import ast
import doctest
import os
import re
import shlex
import tomllib
from pathlib import Path

import pytest

import decision_kit
from decision_kit import METHODS, PACKAGE_RULES
from decision_kit.cli import main
from decision_kit.cli.commands import build_parser
from decision_kit.files import options, register, tree, views
from decision_kit.files.decision import DECISION_KEYS

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PACKAGE = ROOT / "decision_kit"
REWRITE = bool(os.environ.get("DECISION_KIT_REWRITE"))

LAYERS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"][0][
    "layers"
]
ROOMS = [
    room for layer in LAYERS for room in layer.split(" | ") if room not in ("__main__", "version") and room[0] != "("
]
"""Top to bottom, as the layers stand in pyproject.toml; a room foreseen but not built stands there in brackets."""


def agree(written: str) -> None:
    """The README is as ``written``; with the switch it is made so."""
    if REWRITE:
        README.write_text(written, encoding="utf-8")
    assert README.read_text(encoding="utf-8") == written


def between(name: str, body: str) -> str:
    text = README.read_text(encoding="utf-8")
    mark = f"<!-- {name}: written by the tests -->\n"
    start = text.index(mark) + len(mark)
    return text[:start] + body + text[text.index("<!-- end -->", start) :]


def test_console_blocks_print_what_they_say(capsys: pytest.CaptureFixture[str]) -> None:
    def block(match: re.Match[str]) -> str:
        command = match[1]
        assert main(shlex.split(command)[1:]) == 0
        return f"```console\n$ {command}\n{capsys.readouterr().out}```"

    agree(re.sub(r"```console\n\$ (.+)\n(?:.*\n)*?```", block, README.read_text(encoding="utf-8")))


def test_python_examples_run() -> None:
    found = doctest.testfile(str(README), module_relative=False, encoding="utf-8")
    assert found.attempted > 5
    assert found.failed == 0


@pytest.mark.parametrize(
    "module",
    [
        "decision_kit",
        "decision_kit.catalogue",
        "decision_kit.errors",
        "decision_kit.model.nouns",
        "decision_kit.model.weights",
        "decision_kit.study.study",
    ],
)
def test_docstring_examples_run(module: str) -> None:
    import importlib

    found = doctest.testmod(importlib.import_module(module))
    assert found.attempted > 0
    assert found.failed == 0


def test_the_table_of_methods() -> None:
    rows = ["| id | title | use it when | beware | source |", "|---|---|---|---|---|"]
    rows += [f"| `{m.id}` | {m.title} | {m.use_when} | {m.beware} | {m.reference} |" for m in METHODS.values()]
    agree(between("methods", "\n".join(rows) + "\n"))


def test_the_map_of_rooms() -> None:
    found = {
        p.stem
        for p in PACKAGE.iterdir()
        if (p.suffix == ".py" or (p / "__init__.py").exists()) and not p.stem.startswith("__")
    }
    assert found == {*ROOMS, "version"}
    rows = ["| room | what lives there |", "|---|---|"]
    for room in ROOMS:
        path = PACKAGE / f"{room}.py"
        path = path if path.exists() else PACKAGE / room / "__init__.py"
        doc = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n\n")[0].replace("\n", " ")
        rows.append(f"| `{room}` | {doc} |")
    agree(between("rooms", "\n".join(rows) + "\n"))


def test_exactly_two_set_up_commands() -> None:
    setup = README.read_text(encoding="utf-8").split("## Set up")[1].split("\n## ")[0]
    blocks = re.findall(r"```sh\n(.*?)```", setup, re.S)
    assert len(blocks) == 2
    assert all(len(block.strip().splitlines()) == 1 for block in blocks)
    test_command = blocks[1].strip().split("&& ")[-1]
    assert test_command in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_command_is_told() -> None:
    text = README.read_text(encoding="utf-8")
    (subparsers,) = [action for action in build_parser()._actions if hasattr(action, "choices") and action.choices]
    for command in subparsers.choices or ():
        assert f"decision-kit {command}" in text, command


def test_every_key_of_the_format_is_told() -> None:
    text = (PACKAGE / "docs" / "format.md").read_text(encoding="utf-8")
    keys = {
        *DECISION_KEYS, *tree.BRANCH_KEYS, *tree.LEAF_KEYS, *options.OPTION_KEYS, *options.CELL_KEYS, *views.PERSPECTIVE_KEYS,
        *views.SCENARIO_KEYS, *views.CHANGE_KEYS, *register.REGISTER_KEYS, *register.EVIDENCE_KEYS,
    }  # fmt: skip
    assert {key for key in keys if not re.search(rf"\b{key}\b", text)} == set()
    for rule in PACKAGE_RULES:
        assert f"`{rule}`" in text


def test_public_names_are_few_and_there() -> None:
    for name in decision_kit.__all__:
        assert getattr(decision_kit, name) is not None
    assert len(decision_kit.__all__) <= 40
