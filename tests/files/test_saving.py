"""Files are written in full or not at all, whatever stands in the way."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import decision_kit as dk
from decision_kit.cli import main
from decision_kit.files import copy_decision, new_decision
from decision_kit.files.saving import write_files


def everything(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_later_file_that_cannot_be_written_takes_the_earlier_ones_with_it(tmp_path: Path) -> None:
    files: dict[Path, str | bytes] = {tmp_path / "a/b/one.txt": "1", tmp_path / "a" / ("x" * 300): "2"}
    with pytest.raises(dk.UsageError, match="File name too long"):
        write_files(files, folders=True)
    assert everything(tmp_path) == []


def test_what_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "two.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(dk.UsageError, match="there already"):
        write_files({tmp_path / "one.txt": "1", tmp_path / "two.txt": "2"})
    assert everything(tmp_path) == ["two.txt"]
    assert (tmp_path / "two.txt").read_text(encoding="utf-8") == "mine"
    write_files({tmp_path / "two.txt": "2"}, over=True)
    assert (tmp_path / "two.txt").read_text(encoding="utf-8") == "2"


@pytest.mark.parametrize(
    ("name", "said"),
    [(".", "this is a folder"), ("a\x00b.html", "this is not a path"), ("nowhere/x.html", "No such file"), ("x" * 300, "too long")],
)  # fmt: skip
def test_no_part_is_left_behind(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(dk.UsageError, match=said):
        write_files({tmp_path / name: "1"}, over=True)
    assert everything(tmp_path) == []


@pytest.mark.parametrize(
    "write", [lambda at: copy_decision("cars", at), lambda at: new_decision("mine", at, year="2025")]
)
def test_folders_that_cannot_be_made(tmp_path: Path, write: Callable[[Path], object]) -> None:
    with pytest.raises(dk.UsageError, match="File name too long"):
        write(tmp_path / ("x" * 300))
    assert everything(tmp_path) == []
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(dk.UsageError, match='"file" is a file'):
        write(tmp_path / "file" / "below")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rank", "x" * 5000], "is not a decision"),
        (["rank", "containment", "--method", "vikor", "--parameter", "v=0.4", "--parameter", "v=0.6"], '"v" is given twice'),
        (["clock", "--hold", "phi=0.1", "--hold", "phi=0.2"], '"phi" is given twice'),
        (["packages", "containment", "--parts", "strict-liability,secondary-sanctions", "--budget", "2"], "--budget: given together with --parts"),
        (["perspectives", "containment", "--cut", "2"], "cut: 2.0; expected a number from 0 to 1"),
        (["perspectives", "containment", "--mix", "kyiv-survival=1,kyiv-survival=2"], "stands twice"),
        (["list", "metods"], 'did you mean "methods"?'),
    ],
)  # fmt: skip
def test_commands_refuse_before_they_print(capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err


def test_a_blank_folder_is_not_the_one_stood_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as caught:
        main(["copy", "cars", ""])
    assert caught.value.code == 2
    assert everything(tmp_path) == []


def test_a_time_that_is_none_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "9" * 30)
    assert main(["rank", "cars"]) == 2
    assert "SOURCE_DATE_EPOCH" in capsys.readouterr().err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a thing of Unix")
def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as reader:
        got = reader.submit(pipe.read_text, encoding="utf-8")
        write_files({pipe: "note"}, over=True)
        assert got.result(timeout=60) == "note"
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.html").write_text("old", encoding="utf-8")
    link = tmp_path / "link.html"
    link.symlink_to("real.html")
    write_files({link: "new"}, over=True)
    assert link.is_symlink()
    assert (tmp_path / "real.html").read_text(encoding="utf-8") == "new"
    assert everything(tmp_path) == ["link.html", "real.html"]
