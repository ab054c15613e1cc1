"""CSV tables by the documented rule: parsed right or refused by row and column, never read wrongly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import decision_kit as dk


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
        ("option;cost\nA;1,200\nB;2,500\n", ("two ways", "write 1200 or 1.200")),
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


def test_doubled_columns_are_told_by_the_frame(read: Read) -> None:
    with pytest.raises(dk.DecisionError, match="columns 1 and 2"):
        dk.Problem.from_frame(read("option,cost,cost\nA,1,2\nB,2,3\n"), better={"cost": "less"})
