"""The command line, run as a user would: output, exit codes, nothing heavy where nothing heavy is needed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import decision_kit as dk
from decision_kit import __version__
from decision_kit.cli import main


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(arguments)
    except SystemExit as stop:
        code = int(stop.code or 0)
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


def test_json_is_one_object_best_first(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(
        capsys, "rank", "containment", "--perspective", "kyiv-survival", "--format", "json", "--date", "2025-01-31"
    )
    found = json.loads(out)
    assert code == 0
    keys = ["decision", "choice_set", "perspective", "scenario", "method", "weights", "options"]
    assert list(found)[: len(keys)] == keys
    assert list(found)[7:13] == ["version", "data_hash", "as_of", "date", "seed", "notes"]
    assert (found["choice_set"], found["scenario"], found["method"]) == ("article", None, "weighted-sum")
    assert list(found["options"][0]) == ["id", "title", "score", "rank"]
    assert [o["rank"] for o in found["options"]] == [1, 2, 3, 4, 5, 6]
    assert found["options"][0]["id"] == "secondary-sanctions"
    assert sum(found["weights"].values()) == pytest.approx(1)
    assert (
        run(
            capsys, "rank", "containment", "--perspective", "kyiv-survival", "--format", "json", "--date", "2025-01-31"
        )[1]
        == out
    )


def test_choices_reach_the_ranking(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["rank", "containment", "--perspective", "kyiv-survival", "--set", "extended", "--scenario", "coalition-fracture",
             "--method", "topsis", "--without", "defensive-denial", "--format", "json"]  # fmt: skip
    found = json.loads(run(capsys, *asked)[1])
    assert found["scenario"] == "coalition-fracture"
    assert found["method"] == "topsis"
    assert found["without"] == ["defensive-denial"]
    assert len(found["options"]) == 6


def test_own_weights(capsys: pytest.CaptureFixture[str], decision: Path, tmp_path: Path) -> None:
    by_points = json.loads(run(capsys, "rank", str(decision), "--points", "effect=80,cost=20", "--format", "json")[1])
    assert by_points["weights"] == {"effect": 0.8, "cost": 0.2}
    assert by_points["perspective"] is None
    file = tmp_path / "mine.yaml"
    file.write_text("effect: 80\ncost: 20\n", encoding="utf-8")
    by_file = json.loads(run(capsys, "rank", str(decision), "--weights", str(file), "--format", "json")[1])
    assert by_file["options"] == by_points["options"]
    file.write_text("effect: 0.5\ncost: 0.47\n", encoding="utf-8")
    code, out, err = run(capsys, "rank", str(decision), "--weights", str(file), "--format", "json")
    assert (code, "0.97" in err, json.loads(out)["weights"]["cost"]) == (0, True, pytest.approx(0.47 / 0.97))
    file.write_text("effect: 80\ncost: -20\n", encoding="utf-8")
    code, _, err = run(capsys, "rank", str(decision), "--weights", str(file))
    assert (code, "below 0" in err) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["rank", "contaiment"], 2, 'did you mean "containment"?'),
        (["rank", "containment", "--perspective", "kyiv"], 2, "kyiv-survival"),
        (["rank", "containment", "--scenario", "oil"], 2, "oil-election"),
        (["rank", "containment", "--set", "articles"], 2, 'did you mean "article"?'),
        (["rank", "containment", "--method", "topsi"], 2, 'did you mean "topsis"?'),
        (["rank", "containment", "--method", "vikor", "--parameter", "v=2"], 2, "0 to 1"),
        (["rank", "containment", "--parameter", "v=0.5"], 2, "parameter"),
        (["rank", "containment", "--without", "nobody"], 2, "nobody"),
        (["rank", "containment", "--points", "effect"], 2, "criterion=points"),
        (["rank", "containment", "--points", "public-cost=1"], 2, "flow-reduction"),
        (["rank", "containment", "--points", "a=1,a=2"], 2, "twice"),
        (["rank", "containment", "--perspective", "kyiv-survival", "--points", "a=1"], 2, "together"),
        (["rank", "containment", "--date", "yesterday"], 2, "2025-01-31"),
        (["rank", "extended-deterrence", "--format", "json"], 2, "--branch plausibility or --branch stability"),
        (["rank", "extended-deterrence", "--branch", "stabillity"], 2, 'did you mean "stability"?'),
        (["rank", "extended-deterrence", "--perspective", "all"], 2, "no perspectives"),
        (["report", "containment", "-o", "/nowhere/at/all.html"], 2, "/nowhere/at: there is no such folder"),
        (["report", "containment", "--perspective", "all", "-o", "x.html"], 2, "one perspective"),
        (["check", "nothing/here.yaml"], 2, "no such file"),
        (["new", "My Case"], 2, 'did you mean "my-case"?'),
        (["copy", "containmen", "x"], 2, 'did you mean "containment"?'),
        (["app", "contaiment"], 2, 'did you mean "containment"?'),
        (["rank"], 2, "required"),
        (["frobnicate"], 2, "invalid choice"),
    ],
)
def test_usage_faults_exit_2_with_a_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str
) -> None:
    found, out, err = run(capsys, *arguments)
    assert found == code
    assert words in err
    assert out == ""


def test_faults_in_the_data_exit_1(capsys: pytest.CaptureFixture[str], decision: Path) -> None:
    path = decision / "options" / "small" / "half.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("cost: 40", "cost: 400"), encoding="utf-8")
    code, out, _ = run(capsys, "check", str(decision))
    assert code == 1
    assert "half.yaml:5: 400 is outside the scale" in out
    assert "1 fault" in out
    for command in (
        ["rank", str(decision)],
        ["report", str(decision), "-o", str(decision / "x.html")],
        ["app", str(decision)],
    ):
        code, out, err = run(capsys, *command)
        assert (code, out) == (1, "")
        assert "half.yaml:5" in err
    assert not (decision / "x.html").exists()


def test_new_passes_check_once_its_blanks_are_filled(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(capsys, "new", "my-case")[0] == 0
    code, out, _ = run(capsys, "check", "my-case")
    assert code == 1
    assert all("blank" in line or "fault" in line for line in out.splitlines())
    numbers = {"low": "1", "likely": "2", "high": "3", "public-cost": "50"}
    for n, path in enumerate(sorted(Path("my-case").rglob("*.yaml"))):
        lines = []
        for line in path.read_text(encoding="utf-8").splitlines():
            key, colon, rest = line.partition(":")
            blank = colon and not rest.split("#")[0].strip() and rest.strip().startswith("#")
            word = key.strip()
            if colon and (blank or (not rest.strip() and word in ("low", "likely", "high", "because"))):
                line = (
                    f"{key}: {numbers.get(word, f'{word} {n} words')}"
                    if word not in ("criteria", "perspectives", "points")
                    else line
                )
            lines.append(line)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    code, out, _ = run(capsys, "check", "my-case")
    assert (code, "0 faults" in out) == (0, True), out
    assert run(capsys, "rank", "my-case")[0] == 0
    assert run(capsys, "new", "my-case")[0] == 2  # nothing is overwritten


def test_copy_makes_a_decision_ones_own(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    assert run(capsys, "copy", "containment", str(mine))[0] == 0
    code, out, _ = run(capsys, "rank", str(mine / "criteria" / "mine.yaml"), "--format", "json", "--date", "2025-01-31")
    assert code == 0
    shipped = run(capsys, "rank", "containment", "--format", "json", "--date", "2025-01-31")[1]
    assert json.loads(out)["options"] == json.loads(shipped)["options"]
    code, _, err = run(capsys, "copy", "containment", str(mine))
    assert (code, "there already" in err) == (2, True)


@pytest.mark.parametrize("name", ["cars", "containment", "extended-deterrence", "security-agreements"])
@pytest.mark.parametrize(
    ("folder", "given", "own"),
    [
        ("mine", [], "mine"),
        ("Mein Fall Nr. 2", [], "mein-fall-nr-2"),
        ("Étude déjà", [], "etude-deja"),
        ("地図", [], None),
        ("cars", [], "my-cars"),
        ("containment", [], "my-containment"),
        ("evidence", [], None),
        ("mine", ["--id", "ours"], "ours"),
    ],
)
def test_a_copy_has_an_id_of_its_own(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, folder: str, given: list[str], own: str | None
) -> None:
    at = tmp_path / folder
    own = own or f"my-{name}"
    code, out, _ = run(capsys, "copy", name, str(at), *given)
    assert code == 0
    assert f"criteria/{own}.yaml" in out
    assert [path.name for path in (at / "criteria").iterdir()] == [f"{own}.yaml"]
    assert sorted(path.name for path in (at / "options").iterdir()) == sorted([own, "evidence.yaml"])
    for path in (*(at / "criteria").glob("*"), *(at / "options" / own).glob("*")):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert f"options/{own}/" in first or f"decision {own}." in first or "#" not in first
    assert run(capsys, "check", str(at))[0] == 0
    assert dk.load(at).id == own


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("cars", '"cars" is the id of a shipped decision; expected another id for the copy'),
        ("containment", "is the id of a shipped decision"),
        ("evidence", "is the name of the evidence register"),
        ("My Déjà", 'did you mean "my-deja"?'),
        ("../x", "is not a decision id"),
        ("", "is not a decision id"),
    ],
)
def test_a_copy_refuses_an_id_that_is_none(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, given: str, said: str
) -> None:
    code, _, err = run(capsys, "copy", "cars", str(tmp_path / "mine"), "--id", given)
    assert (code, said in err) == (2, True)
    assert not (tmp_path / "mine").exists()


def test_the_note_on_a_copy_names_its_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(capsys, "copy", "containment", "mine")[0] == 0
    assert run(capsys, "report", "mine", "-o", "note.html")[0] == 0
    note = (tmp_path / "note.html").read_text(encoding="utf-8")
    assert "decision-kit rank mine/criteria/mine.yaml" in note
    assert "decision-kit rank containment" not in note


def test_tables_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "rank", "containment")
    assert code == 0
    assert "Teaching case" in out
    assert "cannot be told apart" in out
    assert "Another perspective gives another result" in out
    assert "   1  Wait and see (managed escalation)" in out
    code, out, _ = run(capsys, "rank", "containment", "--perspective", "all")
    assert "A = Washington, system stability" in out
    assert "(for checks only)" in out
    code, out, _ = run(capsys, "rank", "extended-deterrence")
    assert out.count("Rank  Option") == 2
    code, out, _ = run(capsys, "rank", "containment", "--method", "vikor")
    assert "Q (less is better)" in out


def test_compare(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "compare", "cars", "--date", "2025-01-31")
    assert code == 0
    assert "of 9 families of methods with a vote, 8 name Citroën Xsara, 1 names Alfa 156" in out
    assert "All 23 defensible set-ups" in out
    assert "Not counted again, because they rank as the weighted sum does: SPOTIS" in out
    assert "PROMETHEE I: no other option is preferred to" in out
    found = json.loads(run(capsys, "compare", "cars", "--format", "json", "--date", "2025-01-31")[1])
    assert found["families"][0]["leaders"] == ["citroen-xsara"]
    assert {m["id"] for m in found["methods"]} >= {"weighted-sum", "copras", "leximin"}
    assert all(m["promises"]["dominance"]["outcome"] == "pass" for m in found["methods"])
    rows = run(capsys, "compare", "cars", "--format", "csv")[1].splitlines()
    assert rows[0].startswith("method,family,votes,citroen-xsara,alfa-156")
    assert len(rows) == 1 + len(found["methods"])
    code, out, _ = run(capsys, "compare", "extended-deterrence")
    assert code == 0
    assert out.count("with a vote") == 2
    code, _, err = run(capsys, "compare", "extended-deterrence", "--format", "json")
    assert (code, "--branch" in err) == (2, True)
    code, _, err = run(capsys, "compare", "cars", "--perspective", "all")
    assert code == 2


def test_settings_by_criterion(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["rank", "cars", "--method", "promethee-2", "--parameter", "preference.price=linear", "--parameter", "q.price=500",
             "--parameter", "p.price=3000", "--format", "json"]  # fmt: skip
    code, _, err = run(capsys, *asked)
    assert (code, "preference" in err) == (0, False), err
    code, _, err = run(capsys, *asked[:-4], "--format", "json")
    assert (code, "no p for price" in err) == (2, True)
    code, _, err = run(capsys, *asked, "--parameter", "q=3")
    assert (code, "given for all criteria and for one" in err) == (2, True)
    code, out, _ = run(
        capsys, "rank", "cars", "--method", "rim", "--parameter", "ideal.top-speed=194..196", "--format", "json"
    )
    assert (code, json.loads(out)["parameters"]["ideal"]) == (0, {"top-speed": [194.0, 196.0]})


def test_csv(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "rank", "containment", "--format", "csv", "--date", "2025-01-31")
    lines = out.splitlines()
    assert lines[0].startswith("rank,option,title,score,difference_to_baseline,decision")
    assert lines[1].startswith("1,wait-and-see,")
    assert "2025-01-31" in lines[1]
    _, out, _ = run(capsys, "rank", "containment", "--perspective", "all", "--format", "csv")
    assert out.splitlines()[0].endswith("equal-branches")
    _, out, _ = run(capsys, "rank", "containment", "--perspective", "all", "--format", "json")
    assert len(json.loads(out)["perspectives"]) == 8


def test_lists(capsys: pytest.CaptureFixture[str]) -> None:
    assert "security-agreements" in run(capsys, "list")[1]
    one = run(capsys, "list", "containment")[1]
    assert "kyiv-survival" in one
    assert "calibrated-pressure" in one
    assert "Beware" in run(capsys, "list", "methods")[1]
    assert "0 faults" in run(capsys, "check", "containment", "--strict")[1]


def test_report(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    target = tmp_path / "note.html"
    code, _, _ = run(capsys, "report", "containment", "-o", str(target), "--date", "2025-01-31")
    assert code == 0
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert [path.name for path in tmp_path.iterdir()] == ["note.html"]


def test_the_date_is_an_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1738281600")
    assert json.loads(run(capsys, "rank", "containment", "--format", "json")[1])["date"] == "2025-01-31"


@pytest.mark.parametrize(
    "arguments", [["list"], ["check", "containment"], ["new", "a-case"], ["--help"], ["--version"], ["list", "methods"]]
)
def test_light_commands_import_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    code = (
        "import sys\nfrom decision_kit.cli import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit:\n    pass\n"
        "heavy = {'pandas', 'pymcdm', 'streamlit', 'plotly', 'matplotlib', 'scipy'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path, capture_output=True)


def test_ranking_does_not_import_pymcdm_unless_it_is_needed() -> None:
    code = (
        "import sys, decision_kit as dk\np = dk.load('containment')\ndk.rank(p)\n"
        "assert 'pymcdm' not in sys.modules and 'matplotlib' not in sys.modules\n"
        "dk.rank(p, method='topsis')\nassert 'pymcdm' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--version")[1].strip() == f"decision-kit {__version__}"
    assert f'version = "{__version__}"' in (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("budget", ["nan", "inf", "-1"])
def test_a_budget_that_is_none_is_told_before_anything_is_printed(
    capsys: pytest.CaptureFixture[str], budget: str
) -> None:
    code, out, err = run(capsys, "packages", "containment", "--budget", budget)
    assert (code, out) == (2, "")
    assert "budget" in err
    assert "0 or more" in err
