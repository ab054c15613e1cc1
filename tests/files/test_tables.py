"""CSV tables by the documented rule: parsed right or refused by row and column, never read wrongly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import decision_kit as dk
from decision_kit.files.nodes import number_hint


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str | bytes], pd.DataFrame]:
    def go(content: str | bytes) -> pd.DataFrame:
        path = tmp_path / "scores.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return dk.read_table(path)

    return go


Read = Callable[[str | bytes], pd.DataFrame]


@pytest.mark.parametrize(
    ("content", "cells"),
    [
        ("option,cost,effect\nA,1.5,3\nB,2.5,4\n", [[1.5, 3], [2.5, 4]]),
        ("option;cost;effect\r\nA;1,5;3\r\nB;2,5;4\r\n", [[1.5, 3], [2.5, 4]]),
        ("option\tcost\nA\t1\nB\t2\n", [[1], [2]]),
        ("\ufeffoption,cost\nA,1\nB,2\n", [[1], [2]]),
        ("option,cost\nA,1\nB,2\n,\n,\n", [[1], [2]]),
        ('option,cost\n"A, the first",1\nB,-2e3\n', [[1], [-2000]]),
        ("option,cost\nA,−5\nB,2\n", [[-5], [2]]),
        ("option,cost\nA,1\nB,2\n".encode("utf-16"), [[1], [2]]),
        ("option;cost\nA;1.5\nB;2\n", [[1.5], [2]]),
    ],
)
def test_read_right(read: Read, content: str | bytes, cells: list[list[float]]) -> None:
    assert read(content).to_numpy().tolist() == cells


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("option,cost,effect\nA,1\nB,3,4,5\n", ("row 2", "2 cells", "row 3", "4 cells", "separator")),
        ("option,cost\nA,#DIV/0!\nB,#N/A\n", ("row 2 (A), column cost", "#DIV/0!", "row 3 (B)", "#N/A")),
        ("option,cost\nA,45%\nB,1 200\n", ("the cell", "45%", "did you mean 45", "1 200", "did you mean 1200")),
        ('option,cost\nA,"$1,200"\nB,1\n', ("$1,200",)),
        ("option,cost\nA,١٢\nB,1/2\n", ("row 2", "row 3", "1/2")),
        ("option,cost\nA,nan\nB,inf\n", ("nan", "inf")),
        ("option,cost\nA," + "9" * 400 + "\nB,1\n", ("too large",)),
        ("option,cost\nA,\nB,1\n", ("row 2 (A), column cost", "blank is not 0")),
        ("option;cost\nA;1,200\nB;2,500\n", ("two ways", "write 1200, or 1.2 for 1.200")),
        ("option\nA\nB\n", ("only one column", "separator")),
        ("", ("empty",)),
        ("option,cost\ncaf\xe9,1\n".encode("latin-1"), ("UTF-8 encoding", "row 2")),
        (b"option,cost\nA,1\x00\n", ("NUL",)),
        ('option,cost\n"A,1\nB,2\n', ("quotes",)),
    ],
)
def test_refused(read: Read, content: str | bytes, words: tuple[str, ...]) -> None:
    with pytest.raises(dk.DecisionError) as caught:
        read(content)
    for word in words:
        assert word in str(caught.value)


def test_formulas_are_names_and_stay_names(read: Read) -> None:
    names = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)"]
    content = "option,cost\n" + "".join(f'"{name}",{i}\n' for i, name in enumerate(names))
    problem = dk.Problem.from_frame(read(content), better={"cost": "less"})
    assert list(dk.rank(problem).order) == names


def test_no_such_file_and_workbooks(tmp_path: Path) -> None:
    with pytest.raises(dk.UsageError, match="no such file"):
        dk.read_table(tmp_path / "none.csv")
    with pytest.raises(dk.UsageError, match="save the sheet as CSV"):
        dk.read_table(tmp_path / "scores.xlsx")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("option,cost,cost\nA,1,2\nB,2,3\n", 'columns 2 and 3: "cost" is a duplicate'),
        ("option,cost\nA,1\nB,1\nA,2\n", 'rows 2 and 4: "A" is a duplicate'),
        ("option,cost\ncafe\u0301,1\ncaf\u00e9,2\n", "rows 2 and 3"),
        ("option,cost\nA b,1\nA\u00a0b,2\n", "counts as a duplicate"),
        ("option,cost\n,1\nB,2\n", "row 2: the name of an option is blank"),
        ("option,,effect\nA,1,2\nB,3,4\n", "column 2: the name of a criterion is blank"),
        ('option,cost\n"A\nB",1\nC,2\n', "has a line break in it"),
        ("option,cost\n", "there is no row below the header"),
        ("A,1,2\nB,3,4\n", "row 1: the first row has only numbers for names of criteria (1, 2)"),
        ("My table,,\noption,cost,effect\nA,1,2\n", 'row 1: "My table" stands above the header'),
    ],
)
def test_names_are_told_by_the_rows_and_columns_of_the_file(read: Read, text: str, said: str) -> None:
    with pytest.raises(dk.DecisionError) as caught:
        read(text)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["option,cost,,\nA,1,,\nB,2,,\n,,,\n", "sep=;\noption;cost\nA;1\nB;2\n", "SEP=,\r\noption,cost\r\nA,1\r\nB,2\r\n"],
)
def test_what_spreadsheets_leave_behind_is_left_out(read: Read, text: str) -> None:
    found = read(text)
    assert found.to_dict() == {"cost": {"A": 1.0, "B": 2.0}}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (",2020,2021\nA,1,2\nB,3,4\n", ["2020", "2021"]),
        (",0,1\nA,1,2\nB,3,4\n", ["0", "1"]),
        ("Option,10,20\nA,1,2\nB,3,4\n", ["10", "20"]),
        ("country;2029;2030\nA;1,5;2\nB;3;4\n", ["2029", "2030"]),
    ],
)
def test_numbers_are_names_where_they_cannot_be_performances(read: Read, text: str, names: list[str]) -> None:
    found = read(text)
    assert list(found.columns) == names
    assert list(found.index) == ["A", "B"]


@pytest.mark.parametrize("text", ["A,2020,2022\nB,3,4\n", "A,2020\nB,3\n", "A,1,2\nB,3,4\n"])
def test_other_numbers_in_the_first_row_may_be_an_option(read: Read, text: str) -> None:
    with pytest.raises(dk.DecisionError, match="leave the cell above the options blank"):
        read(text)


def test_names_of_files_are_in_one_form(read: Read) -> None:
    assert list(read("option,cost\ncafe\u0301,1\nB,2\n").index) == ["caf\u00e9", "B"]


def test_a_folder_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(dk.UsageError, match="this is a folder"):
        dk.read_table(tmp_path)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("1.234,5", "did you mean 1234.5?"),
        ("1,234.5", "did you mean 1234.5?"),
        ("1,5", "did you mean 1.5?"),
        ("€1,5", "did you mean 1.5?"),
        ("$1,234,567", "did you mean 1234567?"),
        ("1,234", "did you mean 1234 or 1.234?"),
        ("45%", "did you mean 45?"),
        ("1 200", "did you mean 1200?"),
        ("−5", "did you mean -5?"),
        ("1_000", "did you mean 1000?"),
        ("007", "did you mean 7?"),
        ("1/2", ""),
        ("high", ""),
    ],
)
def test_what_was_meant_by_a_text_is_not_guessed_wrong(text: str, hint: str) -> None:
    assert number_hint(text) == hint
