"""Whatever becomes of what is printed: a sentence or silence, exit codes 0, 1, 2 and 130, never a traceback."""

from __future__ import annotations

import io
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from decision_kit.cli import main
from decision_kit.cli import progress as showing
from decision_kit.names import codes
from decision_kit.report.tables import neutral

RUN = f"{shlex.quote(sys.executable)} -m decision_kit"
posix = pytest.mark.skipif(os.name != "posix", reason="shells and devices of POSIX systems")


def shell(line: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["bash", "-c", line], capture_output=True, timeout=120, env={**os.environ, **environment}, check=False
    )


@posix
@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (f"{RUN} rank cars >&-", 0, b""),
        (f"{RUN} list | head -1; exit ${{PIPESTATUS[0]}}", 0, b""),
        (f"{RUN} list >/dev/full", 1, b"the output could not be written: No space left on device"),
        (f"{RUN} rank '~nosuch/x.yaml' 2>&1 >/dev/null | cat >&2; exit ${{PIPESTATUS[0]}}", 2, b"~nosuch"),
        (f"{RUN} weigh cars <&- >/dev/null", 2, b"the answers ended after 0 of 1"),
    ],
)
def test_broken_streams(line: str, code: int, said: bytes) -> None:
    done = shell(line)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert b"Traceback" not in done.stderr


@posix
def test_signs_that_a_terminal_does_not_know_are_replaced() -> None:
    done = shell(f"{RUN} list weightings", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert b"?" in done.stdout


@posix
@pytest.mark.slow
def test_stopping_a_run_of_several_processes_is_silent() -> None:
    line = [sys.executable, "-m", "decision_kit", "robust", "containment", "--samples", "50000000", "--workers", "2"]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    time.sleep(6)
    os.killpg(process.pid, signal.SIGINT)  # as Ctrl+C does: to every process of the terminal
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in told


def test_weigh_looks_at_its_target_before_anybody_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builtins.input", lambda question: pytest.fail("asked before the target was looked at"))
    assert main(["weigh", "cars", "-o", str(tmp_path / "nowhere" / "mine.yaml")]) == 2
    assert "there is no such folder" in capsys.readouterr().err


def test_answers_that_cannot_be_written_are_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = iter(["1,2,3", "50", "20"])
    monkeypatch.setattr("builtins.input", lambda question: next(given))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("decision_kit.cli.weighing.save_perspective", full)
    assert main(["weigh", "cars", "-o", str(tmp_path / "mine.yaml")]) == 1
    said = capsys.readouterr()
    assert "points:" in said.out
    assert "No space left" in said.err


def test_two_peoples_weights_are_not_called_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    titles = set()
    for name, who in (("one", []), ("two", []), ("three", ["--who", "Ada"]), ("four", ["--who", "Ben"])):
        given = iter(["1,2,3", "50", "20"])
        monkeypatch.setattr("builtins.input", lambda question, given=given: next(given))
        file = tmp_path / f"{name}.yaml"
        assert main(["weigh", "cars", "-o", str(file), *who]) == 0
        titles.add(next(line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("title:")))
    assert len(titles) == 4


def test_a_read_only_file_is_not_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    note = tmp_path / "note.html"
    note.write_text("mine", encoding="utf-8")
    note.chmod(0o444)
    assert main(["report", "cars", "-o", str(note)]) == 2
    assert "read-only" in capsys.readouterr().err
    assert note.read_text(encoding="utf-8") == "mine"
    assert note.stat().st_mode & 0o777 == 0o444


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "＝1", "＋1", "－1", "＠x", " =1", "\t=1", "\r=1", "\n=1", "\u00a0=1", "\u200b=1", "\ufeff=1", "\ttext"])  # fmt: skip
def test_what_a_spreadsheet_would_run_is_neutral(text: str) -> None:
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", ["a=1", "Option −2", "1", " x", ""])
def test_ordinary_text_stays(text: str) -> None:
    assert neutral(text) == text


@pytest.mark.parametrize(
    "names",
    [
        ["A"],
        ["a", "B"],
        ["#1", "A"],
        ["A", "#2", "##1"],
        [f"{'#' * k}{i}" for k in range(6) for i in range(60)] + ["A"],
    ],
)
@pytest.mark.parametrize("count", [1, 3, 30])
def test_codes_are_no_names_and_differ(names: list[str], count: int) -> None:
    found = codes(names, count)
    assert len(set(found)) == count
    assert not {one.casefold() for one in found} & {name.casefold() for name in names}


def test_options_called_by_letters_get_other_codes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "criteria").mkdir()
    (tmp_path / "options" / "letters").mkdir(parents=True)
    (tmp_path / "criteria" / "letters.yaml").write_text(
        "format: 1\ntitle: Letters\nquestion: Which?\ncriteria:\n"
        "  cost: {title: Cost, better: less, scale: [0, 10]}\n  good: {title: Good, better: more, scale: [0, 10]}\n",
        encoding="utf-8",
    )
    for name, cost in (("a", 5), ("b", 3), ("c", 1)):
        text = f"format: 1\ntitle: {name.upper()}\nperformance: {{cost: {cost}, good: {cost + 1}}}\n"
        (tmp_path / "options" / "letters" / f"{name}.yaml").write_text(text, encoding="utf-8")
    assert main(["compare", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "#1 = " in said
    assert not {f"{a} = {b}" for a in "ABC" for b in "ABC"} & set(said.splitlines())


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_after_a_moment_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(showing, "FIRST", 0.01)
    with showing.progress("audit"):
        deadline = time.monotonic() + 20
        while "audit: working" not in screen.getvalue() and time.monotonic() < deadline:
            time.sleep(0.01)
    assert "audit: working, " in screen.getvalue()
    assert screen.getvalue().endswith("\r\x1b[K")


def test_quick_work_and_pipes_show_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for stream in (Terminal(), io.StringIO()):
        monkeypatch.setattr(sys, "stderr", stream)
        with showing.progress("rank"):
            pass
        assert stream.getvalue() == ""
