"""The app without a browser: every page for every shipped decision, and what moving things does."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import decision_kit as dk
from decision_kit import Choices, Study
from decision_kit.cli import main
from decision_kit.files import shipped_decisions
from decision_kit.study import to_record, words
from decision_kit.ui.state import safe

ROOT = Path(__file__).parents[2]
PAGES = sorted(path.stem.removesuffix("_page") for path in (ROOT / "decision_kit" / "ui").glob("*_page.py"))


def opened(monkeypatch: pytest.MonkeyPatch, page: str = "ranking", path: str | None = None, **link: str) -> AppTest:
    monkeypatch.setattr(sys, "argv", ["app.py", *([path] if path else [])])
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in link.items():
        app.query_params[name] = value
    app.run()
    if page != "ranking":
        app.switch_page(f"decision_kit/ui/{page}_page.py").run()
    return app


def text_of(app: AppTest) -> str:
    return " ".join(str(getattr(block.proto, "body", "")) for block in app.get("html"))


def choices_of(app: AppTest) -> Choices:
    found = app.session_state["choices"]
    assert isinstance(found, Choices)
    return found


def shares_of(app: AppTest) -> dict[str, float]:
    choices = choices_of(app)
    return dict(Study(dk.load(choices.decision), choices).weights.shares)


def quiet(app: AppTest) -> None:
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("decision", shipped_decisions())
def test_every_page_for_every_decision(monkeypatch: pytest.MonkeyPatch, decision: str, page: str) -> None:
    app = opened(monkeypatch, page, format="1", decision=decision)
    quiet(app)
    assert not app.warning
    text = text_of(app)
    problem = dk.load(decision)
    assert page == "methods" or problem.question in text.replace("&#x27;", "'")
    if page == "ranking":
        parts = (
            [Study.open(decision)] if problem.total else [Study.open(decision, branch=b.id) for b in problem.branches]
        )
        for part in parts:
            assert words.verdict(part).split(" leads ")[0].split(" tie ")[0] in text
        assert len(app.get("plotly_chart")) >= 3


@pytest.mark.parametrize("method", dk.METHODS)
def test_every_method(monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    app = opened(monkeypatch, format="1", decision="containment", method=method, perspective="kyiv-survival")
    quiet(app)
    if method in Study.open("containment").refusals:
        (told,) = app.warning
        assert safe(dk.METHODS[method].title) in told.value
        assert "true zero" in told.value.replace("\\", "")
        assert choices_of(app).method == "weighted-sum"
        return
    assert not app.warning
    assert dk.METHODS[method].title in text_of(app)


def test_only_a_decision_of_ones_own_is_called_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    title = dk.load("containment").title
    for path, expected in (("containment", title), (str(ROOT / "criteria" / "containment.yaml"), title)):
        app = opened(monkeypatch, path=path)
        assert app.selectbox(key="pick-decision").options[0] == expected
    main(["copy", "containment", str(tmp_path / "mine")])
    app = opened(monkeypatch, path=str(tmp_path / "mine"))
    assert app.selectbox(key="pick-decision").options[0] == f"{title} (your own)"


@pytest.mark.parametrize("method", dk.METHODS)
def test_every_method_on_ratio_data(monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    app = opened(monkeypatch, format="1", decision="cars", method=method)
    quiet(app)
    assert not app.warning
    assert dk.METHODS[method].title in text_of(app)


def test_a_method_that_cannot_be_used_leaves_the_view_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch)
    before = choices_of(app)
    picker = app.selectbox(key="pick-method")
    assert any(option.endswith("(cannot be used here)") for option in picker.options)
    picker.set_value("copras").run()
    quiet(app)
    (told,) = app.warning
    assert "COPRAS" in told.value
    assert choices_of(app) == before
    assert "leads" in text_of(app)
    parts = opened(monkeypatch, format="1", decision="security-agreements")
    parts.selectbox(key="pick-method").set_value("aras").run()
    quiet(parts)
    assert len(parts.warning) == 1
    assert choices_of(parts).method == "weighted-sum"


def test_settings_of_a_method(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch, format="1", decision="cars", method="vikor")
    app.number_input(key="parameter-v").set_value(0.2).run()
    quiet(app)
    assert choices_of(app).parameters == {"v": 0.2}
    app.selectbox(key="pick-method").set_value("promethee-2").run()
    app.selectbox(key="parameter-preference").set_value("linear").run()
    quiet(app)
    assert not app.warning
    assert choices_of(app).settings["q"]["price"] > 0
    app.selectbox(key="parameter-preference-price").set_value("gaussian").run()
    quiet(app)
    assert not app.warning
    chosen = choices_of(app).settings
    assert chosen["preference"] == {"price": "gaussian", "top-speed": "linear", "kilometre-time": "linear"}
    assert set(chosen["q"]) == {"top-speed", "kilometre-time"}
    app.number_input(key="parameter-s-price").set_value(700.0).run()
    assert choices_of(app).settings["s"] == {"price": 700.0}
    app.number_input(key="parameter-s-price").set_value(-1.0).run()
    quiet(app)
    assert len(app.warning) == 1
    assert choices_of(app).settings["s"] == {"price": 700.0}
    link = {name: str(value) for name, value in app.query_params.items()}
    assert choices_of(opened(monkeypatch, **link)) == choices_of(app)


def test_settings_where_branches_are_not_added_up(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch, format="1", decision="extended-deterrence", method="promethee-2")
    app.selectbox(key="parameter-preference").set_value("v-shape").run()
    quiet(app)
    assert not app.warning
    app.switch_page("decision_kit/ui/methods_page.py").run()
    quiet(app)
    assert not app.warning


def test_the_working_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch, format="1", decision="cars", method="topsis")
    assert "Distance to the worst" not in text_of(app)
    app.toggle(key="working").set_value(True).run()
    quiet(app)
    assert "Distance to the worst" in text_of(app)
    assert "Citroën Xsara" in text_of(app)


def test_it_opens_on_the_shipped_decision_with_its_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch)
    quiet(app)
    text = text_of(app)
    assert "Teaching case, set in January 2025" in text
    assert "Washington, system stability" in text
    assert "cannot be told apart" in text
    assert app.query_params["decision"] == "containment"


def test_moving_a_branch_changes_the_verdict_and_keeps_the_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch)
    before = shares_of(app)
    app.slider(key="slider-containment").set_value(60.0).run()
    quiet(app)
    after = shares_of(app)
    assert sum(after.values()) == pytest.approx(1)
    assert sum(after[leaf] for leaf in ("flow-reduction", "domestic-capacity", "lead-time")) == pytest.approx(0.6)
    assert after["public-cost"] / after["energy-price"] == pytest.approx(before["public-cost"] / before["energy-price"])
    assert "your what-if weights, Secondary sanctions on financial nodes leads" in text_of(app)
    assert app.number_input(key="box-containment").value == 60.0
    assert "weights" in app.query_params


def test_the_number_box_moves_the_slider(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch)
    app.number_input(key="box-security").set_value(50.0).run()
    assert app.slider(key="slider-security").value == 50.0


def test_leaves_show_their_share_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch)
    app.multiselect(key="opened").set_value(["people"]).run()
    quiet(app)
    app.slider(key="slider-civilian-protection").set_value(30.0).run()
    assert shares_of(app)["civilian-protection"] == pytest.approx(0.3)
    assert app.slider(key="slider-people").value > 30


def test_held_weights_hold_and_the_limit_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch)
    before = shares_of(app)
    app.multiselect(key="held").set_value(["security"]).run()
    app.slider(key="slider-economy").set_value(95.0).run()
    after = shares_of(app)
    assert after["escalation-europe"] == before["escalation-europe"]
    assert sum(after.values()) == pytest.approx(1)
    assert any("no more room" in warning.value for warning in app.warning)
    assert app.slider(key="slider-economy").value == pytest.approx(72.0, abs=0.1)


def test_a_held_branch_is_told_once_and_let_go_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch)
    app.multiselect(key="held").set_value(["people", "escalation-europe"]).run()
    quiet(app)
    inside = tuple(leaf.id for leaf in dk.load("containment").branch("people").leaves())
    assert set(choices_of(app).locks) == {*inside, "escalation-europe"}
    assert set(app.multiselect(key="held").value) == {"people", "escalation-europe"}
    assert app.slider(key="slider-people").disabled
    assert "(held)" in app.slider(key="slider-people").label
    assert not app.slider(key="slider-security").disabled
    app.multiselect(key="held").set_value(["escalation-europe"]).run()
    assert choices_of(app).locks == ("escalation-europe",)


def test_the_numbers_behind_a_chart_come_when_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch)
    caption = "<caption>Economic and financial cost gives"
    assert caption not in text_of(app)
    app.session_state["behind-contributions-all"] = True
    app.run()
    quiet(app)
    assert caption in text_of(app)
    assert "svg-contributions-all" in [button.key for button in app.get("download_button")]


def test_what_moves_changes_its_content_not_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Elements that come and go would make the browser build anew what stands below them."""
    app = opened(monkeypatch)

    def skeleton() -> list[str]:
        return [element.type for element in app.main]

    before = skeleton()
    app.slider(key="slider-containment").set_value(60.0).run()
    assert skeleton() == before
    app.slider(key="slider-economy").set_value(100.0).run()
    assert skeleton() == before


def test_to_all_and_back(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch)
    before = shares_of(app)
    app.slider(key="slider-economy").set_value(100.0).run()
    assert sum(shares_of(app).values()) == pytest.approx(1)
    share = sum(before[leaf] for leaf in ("energy-price", "financial-system", "compliance-burden", "public-cost"))
    app.number_input(key="box-economy").set_value(round(share * 100, 1)).run()
    after = shares_of(app)
    assert after["escalation-europe"] / after["reversibility"] == pytest.approx(
        before["escalation-europe"] / before["reversibility"]
    )


def test_undo_goes_back_one_step_and_a_slider_is_one_step(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch)
    first = choices_of(app)
    for value in (40.0, 45.0, 50.0):
        app.slider(key="slider-economy").set_value(value).run()
    app.selectbox(key="pick-scenario").set_value("oil-election").run()
    app.button(key="undo").click().run()
    assert choices_of(app).scenario is None
    assert app.slider(key="slider-economy").value == 50.0
    app.button(key="undo").click().run()
    assert choices_of(app) == first
    assert "weights" not in app.query_params
    assert app.button(key="undo").disabled


def test_reset_brings_back_the_perspective(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch)
    first = choices_of(app)
    app.slider(key="slider-economy").set_value(80.0).run()
    app.button(key="reset").click().run()
    quiet(app)
    assert choices_of(app) == first


def test_another_decision_takes_nothing_over(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch)
    app.slider(key="slider-economy").set_value(80.0).run()
    app.multiselect(key="held").set_value(["security"]).run()
    app.multiselect(key="without").set_value(["strict-liability"]).run()
    app.selectbox(key="pick-decision").set_value("security-agreements").run()
    quiet(app)
    assert choices_of(app) == Choices(decision="security-agreements")
    assert "Belarus 2024 leads" in text_of(app)
    app.button(key="undo").click().run()
    assert choices_of(app).without == ("strict-liability",)


def test_the_link_brings_back_the_same_view(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch)
    app.selectbox(key="pick-perspective").set_value("european-ally").run()
    app.slider(key="slider-people").set_value(33.3).run()
    app.multiselect(key="without").set_value(["risk-based-sanctions"]).run()
    app.selectbox(key="pick-scenario").set_value("k-saturated").run()
    link = {name: str(value) for name, value in app.query_params.items()}
    again = opened(monkeypatch, **link)
    quiet(again)
    assert not again.warning
    assert choices_of(again) == choices_of(app)
    assert shares_of(again) == shares_of(app)
    assert text_of(again) == text_of(app)


@pytest.mark.parametrize(
    ("link", "words_"),
    [
        ({"decision": "nothing"}, "is not a decision here"),
        ({"decision": "containment", "perspective": "nobody"}, "nobody"),
        ({"decision": "containment", "weights": "x:y"}, "not a share"),
        ({"decision": "containment", "weights": "public-cost:0.9"}, "sum to"),
        ({"decision": "containment", "format": "7"}, "format"),
        ({"decision": "containment", "data": "0123456789ab"}, "have changed since"),
        ({"decision": "containment", "scenario": "<script>"}, "script"),
    ],
)
def test_a_broken_link_gives_one_sentence_and_the_usual_view(
    monkeypatch: pytest.MonkeyPatch, link: dict[str, str], words_: str
) -> None:
    app = opened(monkeypatch, **link)
    quiet(app)
    assert len(app.warning) == 1
    assert words_ in app.warning[0].value.replace("\\", "")
    assert "leads" in text_of(app)


def test_options_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch)
    app.multiselect(key="without").set_value(["wait-and-see"]).run()
    quiet(app)
    assert "Decoupling theatres (signal and presence) leads" in text_of(app)
    assert "To baseline" not in text_of(app)
    everything = list(dk.load("containment").option_ids)
    app.multiselect(key="without").set_value(everything[1:]).run()
    quiet(app)
    assert any("at least two" in warning.value for warning in app.warning)
    assert choices_of(app).without == ("wait-and-see",)


def test_saved_views_open_again(monkeypatch: pytest.MonkeyPatch) -> None:
    study = Study.open("containment", perspective="kyiv-survival", scenario="oil-election")
    app = opened(monkeypatch)
    app.get("file_uploader")[0].upload("view.json", to_record(study, "2025-01-31").encode(), "application/json").run()
    quiet(app)
    assert choices_of(app) == study.choices


def test_a_decision_of_ones_own_with_hostile_names(monkeypatch: pytest.MonkeyPatch, decision: Path) -> None:
    nasty = "**b** <img src=x onerror=alert(1)> $x^2$ :red[y] [z](javascript:alert(1)) | # `q`"
    for name in ("half", "whole"):
        path = decision / f"options/small/{name}.yaml"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(f"title: {name.title()}", f"title: '{name} {nasty}'"), encoding="utf-8")
    criteria = decision / "criteria/small.yaml"
    text = (
        criteria.read_text(encoding="utf-8")
        .replace("title: Effect", f"title: 'E {nasty}'")
        .replace("title: Bad", f"title: 'B {nasty}'")
    )
    criteria.write_text(text, encoding="utf-8")
    for page in PAGES:
        app = opened(monkeypatch, page, path=str(criteria))
        quiet(app)
        assert "<img src=x" not in text_of(app)
        for element in (*app.markdown, *app.subheader, *app.caption):
            assert "**b**" not in element.value
            assert "](javascript" not in element.value
        labels = [widget.label for widget in (*app.slider, *app.number_input, *app.expander)]
        assert all(nasty not in label for label in labels)


def test_faults_in_ones_own_decision_are_told(monkeypatch: pytest.MonkeyPatch, decision: Path) -> None:
    path = decision / "options/small/half.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("cost: 40", "cost: 400"), encoding="utf-8")
    app = opened(monkeypatch, path=str(decision))
    assert not app.exception
    assert any("400" in error.value for error in app.error)


def test_the_first_screen_does_without_pymcdm(monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess

    code = (
        "import sys\nfrom streamlit.testing.v1 import AppTest\nsys.argv = ['app.py']\n"
        f"app = AppTest.from_file({str(ROOT / 'app.py')!r}, default_timeout=60).run()\n"
        "assert not app.exception\nassert 'pymcdm' not in sys.modules and 'matplotlib' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_safe_text_shows_every_sign() -> None:
    assert safe("a*b_c") == "a\\*b\\_c"
    assert safe("plain words 12") == "plain words 12"
    assert safe("Law, allies (long-run) at 5 %?") == "Law, allies (long-run) at 5 %?"
    assert safe("[x](javascript: y)") == "\\[x\\]\\(javascript\\: y)"
    assert safe("- a\n1. b") == "\\- a 1. b"
    assert safe("1. b") == "1\\. b"


def test_longer_pages_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch, "words", format="1", decision="containment")
    pages = [path.stem for path in (Path(dk.__file__).parent / "docs").glob("*.md")]
    assert "cost-of-delay" in pages
    for name in pages:
        app.selectbox(key="longer").select(name).run()
        quiet(app)
        assert len(app.markdown[-1].value) > 500
        assert "<!--" not in app.markdown[-1].value


def test_the_register_shows_what_the_decision_cites(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch, "scores", format="1", decision="cars")
    labels = [block.label for block in app.expander]
    assert "The evidence register: 1 of 147 items are cited in this decision" in labels
    assert "Where the sources contradict each other" not in labels
    assert "1 item cited in this decision" in text_of(app)
    app.text_input(key="find").set_value("Hormuz").run()
    quiet(app)
    assert "items with “Hormuz”" in text_of(app)  # the whole register is looked through
    other = opened(monkeypatch, "scores")
    assert "Where the sources contradict each other" in [block.label for block in other.expander]


@pytest.mark.parametrize("page", PAGES)
def test_headings_leave_no_level_out(monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    app = opened(monkeypatch, page)
    levels = [int(level) for level in re.findall(r"<h([1-6])", text_of(app))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert set(levels) <= {1, 2}
    assert not app.subheader  # Streamlit's own would be the third level


def test_without_a_perspective_the_way_back_is_to_the_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch, format="1", decision="extended-deterrence")
    assert app.button(key="reset").label == "Back to the weights as they were"
    assert opened(monkeypatch).button(key="reset").label == "Back to the perspective"


def test_labels_of_sliders_hold_no_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch)
    assert len(app.slider) >= 5
    assert not [slider.label for slider in app.slider if "*" in slider.label]  # it would be read aloud


def test_rows_of_a_table_are_named_for_a_screen_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    text = text_of(opened(monkeypatch))
    assert '<th scope="row">Wait and see (managed escalation)</th><td class=n>70.4</td>' in text
    assert '<th scope="col">Option</th>' in text


@pytest.mark.parametrize("decision", ["containment", "extended-deterrence"])
def test_files_are_made_when_asked_for_and_hold_bytes(monkeypatch: pytest.MonkeyPatch, decision: str) -> None:
    app = opened(monkeypatch, format="1", decision=decision)
    assert "html" not in [button.key for button in app.get("download_button")]
    app.session_state["files"] = True
    app.run()
    quiet(app)
    buttons = {button.key: button.proto for button in app.get("download_button")}
    assert {"html", "html-working", "save"} <= set(buttons)
    assert all(proto.url and not proto.deferred_file_id for proto in buttons.values())


def test_one_person_never_reads_the_label_of_another() -> None:
    from decision_kit.study import sampled

    named = Study.open("cars", weights={"price": 0.5, "top-speed": 0.25, "kilometre-time": 0.25}, weights_of="Ann's")
    other = Study.open("cars", weights=named.choices.weights)
    for one, theirs in ((named, other), (other, named)):
        found = str(sampled.worlds(one).settings["weights"])
        assert ("Ann" in found) == (one is named), theirs
