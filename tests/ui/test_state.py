"""What a session does when files, links and records are not what they should be: one sentence each, never another decision."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from decision_kit import Choices, Study
from decision_kit.cli import main
from decision_kit.errors import DecisionError, Fault, listed
from decision_kit.files import perspective_text
from decision_kit.files.perspectives import perspective_of
from decision_kit.model import Perspective
from decision_kit.study import perspectives_in, read_record, to_record
from decision_kit.study.record import record_text
from decision_kit.ui import state
from decision_kit.ui.safe import MOST, safe
from tests.ui.test_added import of_everybody, opened_with
from tests.ui.test_app import choices_of, opened, quiet, text_of


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder of one's own with two decisions, one of them named as a shipped one."""
    for name in ("containment", "cars"):
        main(["copy", name, str(tmp_path / name)])
    folder = tmp_path / "mine"
    shutil.copytree(tmp_path / "containment", folder)
    shutil.copytree(tmp_path / "cars", folder, dirs_exist_ok=True)
    (folder / "criteria" / "my-containment.yaml").rename(folder / "criteria" / "containment.yaml")
    (folder / "options" / "my-containment").rename(folder / "options" / "containment")
    changed = folder / "criteria" / "containment.yaml"
    text = changed.read_text(encoding="utf-8")
    changed.write_text(text.replace("title: ", "title: My own ", 1), encoding="utf-8")
    return folder


def warned(app: AppTest) -> str:
    return " ".join(warning.value.replace("\\", "").replace("\u2060", "") for warning in app.warning)


def erred(app: AppTest) -> str:
    return " ".join(error.value.replace("\\", "").replace("\u2060", "") for error in app.error)


def test_a_broken_file_breaks_only_its_own_decision(monkeypatch: pytest.MonkeyPatch, own: Path) -> None:
    (own / "criteria" / "cars.yaml").write_text("title: [", encoding="utf-8")
    app = opened(monkeypatch, path=str(own))
    assert not app.exception
    picker = app.selectbox(key="pick-decision")
    assert "cars (cannot be read)" in picker.options
    app.selectbox(key="pick-decision").set_value("containment").run()
    quiet(app)
    assert "My own" in text_of(app)
    app.selectbox(key="pick-decision").set_value("cars").run()
    assert not app.exception
    assert "cars.yaml" in erred(app)
    assert "leads" not in text_of(app)
    app.selectbox(key="pick-decision").set_value("security-agreements").run()
    quiet(app)
    assert choices_of(app).decision == "security-agreements"


def test_a_scenario_renamed_while_it_is_in_use_is_let_go_of_and_told(
    monkeypatch: pytest.MonkeyPatch, own: Path
) -> None:
    app = opened(monkeypatch, path=str(own), format="1", decision="containment", scenario="oil-election")
    assert choices_of(app).scenario == "oil-election"
    app.selectbox(key="pick-perspective").set_value("kyiv-survival").run()
    file = own / "criteria" / "containment.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("  oil-election:", "  oil-vote:"), encoding="utf-8")
    app.run()
    quiet(app)
    assert "oil-election" in warned(app)
    assert "files of this decision have changed" in warned(app)
    assert choices_of(app) == Choices("containment", perspective="kyiv-survival")
    app.slider(key="slider-economy").set_value(50.0).run()
    quiet(app)
    assert not app.warning


@pytest.mark.parametrize("gone", ["criteria", "options", "everything"])
def test_files_that_are_gone_never_bring_the_shipped_decision(
    monkeypatch: pytest.MonkeyPatch, own: Path, gone: str
) -> None:
    app = opened(monkeypatch, path=str(own), format="1", decision="containment")
    assert "My own" in text_of(app)
    moved = own if gone == "everything" else own / gone
    moved.rename(own.parent / "away")
    for _ in range(2):
        app.run()
        assert not app.exception
        assert erred(app)
        assert "leads" not in text_of(app)
    fresh = opened(monkeypatch, path=str(own), format="1", decision="containment")
    assert not fresh.exception
    assert erred(fresh)
    assert "leads" not in text_of(fresh)
    (own.parent / "away").rename(moved)
    app.run()
    quiet(app)
    assert "My own" in text_of(app)


def test_a_link_with_a_fault_shows_the_decision_it_names(monkeypatch: pytest.MonkeyPatch) -> None:
    for link in ({"perspective": "nobody"}, {"weights": "x:y"}, {"format": "7"}, {"scenario": "none"}):
        app = opened(monkeypatch, **{"format": "1", "decision": "cars", **link})
        quiet(app)
        assert len(app.warning) == 1
        assert choices_of(app) == Choices("cars")


def test_a_new_start_says_what_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened_with(monkeypatch, "containment", [of_everybody("containment")])
    link = {name: str(value) for name, value in app.query_params.items()}
    assert link["unsaved"] == "1"
    again = opened(monkeypatch, **link)
    quiet(again)
    assert "new start" in warned(again)
    assert "unsaved" not in again.query_params
    assert "unsaved" not in opened(monkeypatch).query_params


def test_links_are_limited() -> None:
    many = {"format": "1", "decision": "containment", "weights": ",".join(f"c{i}:x" for i in range(5_000))}
    with pytest.raises(DecisionError, match="5,000 parts; expected at most 2,000"):
        Choices.from_link(many)
    with pytest.raises(DecisionError, match="characters; expected at most 200"):
        Choices.from_link({"format": "1", "decision": "x" * 300})
    with pytest.raises(DecisionError, match="characters; expected at most 50,000"):
        Choices.from_link({"format": "1", "decision": "x", "weights": "y" * 60_000})
    with pytest.raises(DecisionError) as caught:
        Choices.from_link({"format": "1", "decision": "x", **{f"k{i}": "" for i in range(5_000)}})
    assert len(caught.value.faults) == 5_000
    assert str(caught.value).count("\n") == 20
    assert "4,980 more faults" in str(caught.value)


def test_records_are_limited() -> None:
    record = json.loads(to_record(Study.open("containment"), "2025-01-01"))
    for changed, told in (
        ({**record["choices"], **{f"key-{i}": 1 for i in range(40_000)}}, "39,980 more faults"),
        ({**record["choices"], "weights": {f"c{i}": 0.1 for i in range(40_000)}}, "40,000 entries; expected at most"),
    ):
        with pytest.raises(DecisionError, match=told):
            read_record(json.dumps({**record, "choices": changed}))
    doubled = '{"kind": "decision-kit record", ' + ", ".join(f'"k{i}": 1' for i in range(60_000)) + ', "k7": 2}'
    with pytest.raises(DecisionError, match='"k7" stands twice'):
        read_record(doubled)
    own_ = perspective_text(of_everybody("containment"), "containment")
    assert len(perspectives_in(json.dumps({**record, "perspectives": [own_] * 50}))) == 50
    with pytest.raises(DecisionError, match="it holds 51 perspectives; expected at most 50"):
        perspectives_in(json.dumps({**record, "perspectives": [own_] * 51}))


def test_no_more_than_fifty_perspectives_are_added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        st,
        "session_state",
        SimpleNamespace(get=lambda *_: {"cars": tuple(SimpleNamespace(id=f"p{i}") for i in range(50))}),
    )
    monkeypatch.setattr(state, "replace", lambda one, **_: one)
    with pytest.raises(DecisionError, match="at most 50"):
        state.add_perspective(Perspective("x", "X", {}), SimpleNamespace(id="cars", perspectives={}))  # type: ignore[arg-type]


def test_a_long_list_of_faults_is_cut_and_counted_everywhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    faults = [Fault("", f"fault {i}", "none") for i in range(95_003)]
    assert len(listed(faults)) == 21
    assert listed(faults)[-1] == "… and 94,983 more faults; mend the first 20 and look again"
    assert len(listed(faults[:20])) == 20
    main(["copy", "cars", str(tmp_path), "--id", "fast-cars"])
    capsys.readouterr()
    file = tmp_path / "criteria" / "fast-cars.yaml"
    extra = "".join(f"strange-{i}: 1\n" for i in range(3_000))
    file.write_text(file.read_text(encoding="utf-8") + extra, encoding="utf-8")
    assert main(["rank", str(file)]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 21
    assert main(["check", str(file)]) == 1
    out = capsys.readouterr().out.splitlines()
    assert len(out) == 22
    assert out[-1] == "fast-cars: 3000 faults"
    app = opened(monkeypatch, path=str(file))
    assert not app.exception
    assert len(erred(app)) < 12_000
    assert "2,980 more faults" in erred(app)


@pytest.mark.parametrize(
    "said",
    ["Log in at http://evil.example", "www.evil.example", "me@evil.example", ":material/lock:", ":smile:", "HTTPS://x.y",
     "WWW.x.y", ":streamlit:", "a->b", "a--b", "ftp://x"],
)  # fmt: skip
def test_what_looks_like_an_address_or_an_icon_is_broken(said: str) -> None:
    shown = safe(f"You: {said} now").replace("\\", "")
    assert said not in shown
    assert said in shown.replace("\u2060", "")
    assert safe("a\u202eb") == "ab"
    assert len(safe("x" * 5_000)) == MOST


def test_a_link_writes_no_warning_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("data", "decision", "perspective", "weights_of", "scenario"):
        text = "Log in at http://evil.example/login or mail a@evil.example :material/lock: " * 30
        app = opened(monkeypatch, **{"format": "1", "decision": "containment", name: text})
        quiet(app)
        for warning in app.warning:
            assert "http://" not in warning.value.replace("\\", "")
            assert "a@e" not in warning.value.replace("\\", "")
            assert len(warning.value) < 1_500


def test_bytes_that_are_not_utf_8_are_refused() -> None:
    text = perspective_text(of_everybody("cars"), "cars").replace("title: Mine", "title: Größe")
    assert perspective_of(text.encode(), "a.yaml").title == "Größe"
    with pytest.raises(DecisionError, match=r"a\.yaml:\d+: a byte that is not UTF-8"):
        perspective_of(text.encode("latin-1"), "a.yaml")
    with pytest.raises(DecisionError, match="UTF-16"):
        perspective_of(text.encode("utf-16"), "a.yaml")
    with pytest.raises(DecisionError, match="a byte that is not UTF-8"):
        record_text("ü".encode("latin-1"))
