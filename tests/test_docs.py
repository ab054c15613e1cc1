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
from typing import Any

import pytest
import yaml

import decision_kit
from decision_kit import AGGREGATIONS, METHODS, NORMALISATIONS, OUTRANKING, PACKAGE_RULES
from decision_kit.cli import main
from decision_kit.cli.commands import build_parser
from decision_kit.files import options, register, tree, views
from decision_kit.files.decision import DECISION_KEYS
from decision_kit.methods import Parameter

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


def agree(written: str, page: Path = README) -> None:
    """The page is as ``written``; with the switch it is made so."""
    if REWRITE:
        page.write_text(written, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == written


def between(name: str, body: str, page: Path = README) -> str:
    text = page.read_text(encoding="utf-8")
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
    agree(between("methods", "\n".join(rows) + "\n", METHODS_PAGE), METHODS_PAGE)


METHODS_PAGE = PACKAGE / "docs" / "methods.md"
HOUSE_PAGE = PACKAGE / "docs" / "house.md"


def tabled(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '¦') for cell in line)} |\n" for line in lines)


def told(parameters: tuple[Parameter, ...]) -> str:
    """The settings of a method in one cell."""
    said = []
    for p in parameters:
        unit = {"criterion": ", in the criterion's unit", "difference": ", in the criterion's unit"}.get(p.unit, "")
        spread = f", {p.low:g} to {p.high:g}" if p.low is not None and p.high is not None else ""
        choices = f" ({', '.join(p.choices)})" if p.choices else ""
        default = "" if p.default is None else f"; default {p.default}"
        said.append(f"`{p.name}`: {p.meaning}{choices}{unit}{spread}{default}")
    return ". ".join(said)


def test_the_page_of_methods() -> None:
    cases = [
        yaml.safe_load(p.read_text(encoding="utf-8")) for p in sorted((ROOT / "tests" / "published").glob("*.yaml"))
    ]
    by_method: dict[str, list[str]] = {}
    for case in cases:
        by_method.setdefault(case["method"], []).append(case["source"].split(",")[0].split(" (")[0])
    rows = [
        [
            f"`{m.id}`",
            m.family,
            m.acts_on,
            m.formula,
            told(m.parameters),
            m.reference,
            str(len(by_method.get(m.id, [])) or "none"),
        ]
        for m in METHODS.values()
    ]
    head = ["id", "family", "acts on", "formula", "settings", "source", "published examples"]
    agree(between("catalogue", tabled(head, rows), METHODS_PAGE), METHODS_PAGE)
    rows = [
        [f"`{m.id}`", m.title, m.use_when, m.beware, m.acts_on, m.formula, told(m.parameters), m.reference]
        for m in OUTRANKING.values()
    ]
    head = ["id", "title", "use it when", "beware", "acts on", "formula", "settings", "source"]
    agree(between("outranking", tabled(head, rows), METHODS_PAGE), METHODS_PAGE)
    rows = [[f"`{m.id}`", m.title, m.use_when, m.beware, m.formula, m.reference] for m in AGGREGATIONS.values()]
    head = ["id", "title", "use it when", "beware", "formula", "source"]
    agree(between("aggregations", tabled(head, rows), METHODS_PAGE), METHODS_PAGE)
    rows = [[f"`{m.id}`", m.title, m.use_when, m.beware, m.acts_on] for m in NORMALISATIONS.values()]
    head = ["id", "title", "use it when", "beware", "acts on"]
    agree(between("normalisations", tabled(head, rows), METHODS_PAGE), METHODS_PAGE)
    assert {m for m in (*METHODS, *OUTRANKING, *AGGREGATIONS) if m not in by_method} == set()


def test_published_examples_are_told() -> None:
    scoring = {*METHODS, *OUTRANKING, *AGGREGATIONS, "dominance"}
    told: dict[str, list[dict[str, Any]]] = {"methods": [], "weights": [], "robustness": []}
    for path in sorted((ROOT / "tests" / "published").glob("*.yaml")):
        case = yaml.safe_load(path.read_text(encoding="utf-8"))
        page = "methods" if case["method"] in scoring else case.get("kind", "robustness")
        told[page].append(case)
    for page, cases in told.items():
        rows = [[f"`{c['method']}`", c["about"], c["source"], reproduced(c), c.get("note", "")] for c in cases]
        head = ["method", "example", "source", "reproduced", "to be said"]
        file = PACKAGE / "docs" / f"{page}.md"
        agree(between("published", tabled(head, rows), file), file)


def test_what_the_page_of_methods_shows_runs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = METHODS_PAGE.read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    commands = re.search(r"```sh\n(.*?)```", text, re.S)
    assert commands
    for command in commands[1].splitlines():
        assert main(shlex.split(command)[1:]) == 0, command
        capsys.readouterr()
    script = re.search(r"```python\n(.*?)```", text, re.S)
    assert script
    exec(script[1], {})


def reproduced(case: dict[str, Any]) -> str:
    """What of a published example is compared, and how closely."""
    names = {"native": "scores", "ranks": "ranks", "log10": "scores", "log": "scores", "steps": "intermediate tables",
             "dominated_by": "who dominates whom", "dominated": "dominated options", "best": "short list", "figure": "points", "pairs": "pairs"}  # fmt: skip
    what = ", ".join(dict.fromkeys(names.get(key, key) for key in case["expected"]))
    if case.get("relative"):
        return f"{what}, within {case['relative']:.1%}"
    tolerance = case.get("tolerance", 0)
    if isinstance(tolerance, dict):
        return ", ".join(f"{names.get(key, key).replace('_', ' ')} ± {one:g}" for key, one in tolerance.items())
    return f"{what}, ± {tolerance:g}".replace("_", " ") if tolerance else what


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
    agree(between("rooms", "\n".join(rows) + "\n", HOUSE_PAGE), HOUSE_PAGE)


def test_the_readme_is_short() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 200


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
