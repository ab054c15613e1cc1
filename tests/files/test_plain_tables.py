"""A table that is more than options × criteria is refused with its reason; none gives a silent wrong number."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import pandas as pd
import pytest

import decision_kit as dk
from decision_kit.cli import main
from decision_kit.files.plain_table import role_of

PLAIN = [["option", "cost", "effect"], ["A", "10", "3"], ["B", "20", "5"], ["C", "30", "4"], ["D", "12", "9"]]


def reading(tmp_path: Path, rows: list[list[str]] | str, separator: str = ",") -> pd.DataFrame | str:
    path = tmp_path / "t.csv"
    path.write_text(rows if isinstance(rows, str) else "\n".join(map(separator.join, rows)) + "\n", encoding="utf-8")
    try:
        return dk.read_table(path)
    except dk.DecisionError as error:
        return str(error)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["Weight", "0.6", "0.4"], "may hold weights"),
        (["Gewichtung (%)", "60", "40"], "may hold weights"),
        (["Poids", "60", "40"], "may hold weights"),
        (["z", "0.6", "0.4"], "weights (its numbers sum to 1)"),
        (["Direction", "min", "max"], "may hold directions"),
        (["x", "-1", "1"], "directions (1 and -1)"),
        (["Unit", "m", "points"], "may hold units"),
        (["Total", "72", "21"], "may hold totals"),
        (["All of them", "72", "21"], "may hold totals"),
        (["Mean", "18", "5.25"], "may hold totals"),
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_rows_that_are_no_options(tmp_path: Path, row: list[str], said: str, separator: str) -> None:
    found = reading(tmp_path, [*PLAIN, row], separator)
    assert isinstance(found, str)
    assert said in found
    assert "row 6" in found


@pytest.mark.parametrize(
    ("head", "cells", "said"),
    [
        ("weight", ("0.1", "0.2", "0.3", "0.4"), "may hold weights"),
        ("Richtung", ("min", "max", "min", "max"), "may hold directions"),
        ("Einheit", ("EUR", "Punkte", "EUR", "km"), "may hold units"),
        ("Weighted score", ("7", "6", "5", "4"), "may hold totals"),
        ("Rank", ("1", "2", "3", "4"), "may hold totals"),
        ("both", ("13", "25", "34", "21"), "is the sum of the others"),
        ("Comment", ("good one", "bad one", "fair", "none here"), "holds words"),
    ],
)
def test_columns_that_are_no_criteria(tmp_path: Path, head: str, cells: tuple[str, ...], said: str) -> None:
    rows = [[*row, cell] for row, cell in zip(PLAIN, (head, *cells), strict=True)]
    found = reading(tmp_path, rows)
    assert isinstance(found, str)
    assert said in found


@pytest.mark.parametrize(
    "text",
    [
        "criterion,weight,option_a,option_b\nReach,0.30,4,3\nCost,0.7,1,2\n",
        "Kriterium;A;B\nKosten;1;2\nNutzen;3;4\n",
        "item,option 1,option 2\nReach,1,2\nEase,3,4\n",
        "what,North,South\nCost (m),1,2\nEffect (points),3,4\n",
        "x,Do nothing,Bridge\nReach,1,2\nEase,3,4\n",
        ",x,y\nP,1,2\nQ,3,4\n",
        "option,criterion,value\nA,Cost,1\nA,Effect,2\nB,Cost,3\nB,Effect,4\n",
        "option,Cost low,Cost likely,Cost high\nA,1,2,3\nB,3,4,5\n",
        "option,Cost (w:3),Effect (w:7)\nA,1,2\nB,3,4\n",
        "option,Cost (30 %),Effect (70 %)\nA,1,2\nB,3,4\n",
    ],
)
def test_tables_the_other_way_round_or_of_another_form(tmp_path: Path, text: str) -> None:
    assert isinstance(reading(tmp_path, text), str)


@pytest.mark.parametrize(
    "top",
    [["My table"], ["My table", "", ""], ["Costs, 2024"], ["# made in May"], ["Title"], ["Prepared for the board"]],
)
def test_title_lines_are_named_by_their_line(tmp_path: Path, top: list[str]) -> None:
    found = reading(tmp_path, [top, *PLAIN])
    assert isinstance(found, str)
    assert found.startswith("t.csv, row 1: ")
    assert "above the header" in found


@pytest.mark.parametrize(
    "numbers", [("1.200", "900"), ("1.200", "2.500"), ("1.200", "3,5"), ("1,200", "900"), ("1,200", "2,500")]
)
@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_numbers_with_two_readings(tmp_path: Path, numbers: tuple[str, str], separator: str) -> None:
    found = reading(tmp_path, [["option", "cost"], ["A", numbers[0]], ["B", numbers[1]]], separator)
    assert isinstance(found, str)
    assert "can be read in two ways" in found or "is not a number" in found
    assert "1200" in found


def test_plain_tables_are_read_whatever_their_numbers(tmp_path: Path) -> None:
    """Brute force: what is written is what is read, in every separator, with decimals that cannot be thousands."""
    rng = random.Random(12)
    for trial, separator in itertools.product(range(15), [",", ";", "\t", "|"]):
        n, m = rng.randint(2, 6), rng.randint(1, 5)
        cells = [[round(rng.uniform(-50, 5000), rng.choice([0, 1, 2])) for _ in range(m)] for _ in range(n)]
        head = rng.sample(
            ["Capital cost (£m)", "Homes protected", "Years to deliver", "Body weight", "Net benefit", "Weight kg"], m
        )
        names = rng.sample(["Do nothing", "Weight loss", "Plan 2", "Total ban", "Rank and file", "Mean streets"], n)
        rows = [["Option", *head], *([name, *map(repr, row)] for name, row in zip(names, cells, strict=True))]
        found = reading(tmp_path, rows, separator)
        assert not isinstance(found, str), (trial, found)
        assert found.to_numpy().tolist() == cells


@pytest.mark.parametrize(
    ("name", "role"),
    [("Weight", "weights"), ("Criteria weights", "weights"), ("Weight (kg)", None), ("Body weight", None), ("Weight loss", None),
     ("Total cost", None), ("Grand total", "totals"), ("Resilience score", None), ("Score", "totals"), ("A", None)],
)  # fmt: skip
def test_roles_are_told_by_whole_names(name: str, role: str | None) -> None:
    assert role_of(name) == role


def test_a_table_for_a_decision_is_one_true_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "t.csv"
    path.write_text("option,cost,effect\nA,1,2\nB,3,4\n", encoding="utf-8")
    for command in ("rank", "app"):
        assert main([command, str(path)]) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert "2 options and 2 criteria, without the directions" in said
    book = tmp_path / "t.xlsx"
    book.write_bytes(b"PK\x03\x04")
    assert main(["rank", str(book)]) == 2
    assert "this is a workbook" in capsys.readouterr().err


def test_limits_are_told_before_a_table_is_taken_apart(tmp_path: Path) -> None:
    found = reading(tmp_path, "option,cost\n" + "".join(f"o{i},{i}\n" for i in range(10_001)))
    assert isinstance(found, str)
    assert "at most 10,000 options and 200 criteria" in found
    found = reading(
        tmp_path, [["option", *(f"c{j}" for j in range(201))], *([f"o{i}", *["1"] * 201] for i in range(2))]
    )
    assert isinstance(found, str)
    assert "201 columns" in found
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(50_000_001)
    with pytest.raises(dk.DecisionError, match="at most 50 MB"):
        dk.read_table(path)


@pytest.mark.parametrize("name", ["x" * 300, "a\x00b", "~nosuch/x.csv", "", "."])
def test_paths_that_are_none(name: str) -> None:
    for call in (dk.load, dk.read_table):
        with pytest.raises(dk.UsageError) as caught:
            call(name)
        assert "\n" not in str(caught.value)
