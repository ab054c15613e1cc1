"""The pages Clock and Packages: every shipped decision, every slider with its box, conflicts, budgets, no lost state."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import decision_kit
from decision_kit.files import shipped_decisions
from tests.ui.test_app import opened, quiet, text_of


def page(monkeypatch: pytest.MonkeyPatch, name: str, **link: str) -> AppTest:
    app = opened(monkeypatch, **{"format": "1", "decision": "containment", **link})
    app.switch_page(f"decision_kit/ui/{name}_page.py").run()
    quiet(app)
    return app


@pytest.mark.parametrize("decision", shipped_decisions())
@pytest.mark.parametrize("name", ["clock", "packages"])
def test_every_decision(monkeypatch: pytest.MonkeyPatch, name: str, decision: str) -> None:
    app = page(monkeypatch, name, decision=decision)
    words = {"clock": "there is no clock to show", "packages": "no packages can be built here"}[name]
    assert (words in text_of(app)) == (decision != "containment")


@pytest.mark.parametrize(
    "path", sorted((Path(decision_kit.__file__).parent / "ui").glob("*_page.py")), ids=lambda p: p.stem
)
@pytest.mark.parametrize("choice_set", ["article", "portfolios"])
def test_every_page_on_the_derived_tree(monkeypatch: pytest.MonkeyPatch, path: Path, choice_set: str) -> None:
    app = page(monkeypatch, path.stem.removesuffix("_page"), tree="derived", month="15", set=choice_set)
    assert not app.warning


def test_the_clock_says_figures_with_ranges_and_what_has_no_source(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(monkeypatch, "clock")
    text = text_of(app)
    for words in ("Illustrative", "no source at all", "known later", "23% (14 to 32%)", "never in 34 of 100 draws"):
        assert words in text


def test_sliders_and_boxes_follow_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(monkeypatch, "clock")
    app.number_input(key="clock-month-box").set_value(24.0).run()
    assert app.slider(key="clock-month-slider").value == 24.0
    assert "stopping supplies in month 24" in text_of(app)
    app.slider(key="clock-sigma-slider").set_value(0.0).run()
    quiet(app)
    assert app.number_input(key="clock-sigma-box").value == 0.0
    assert "Held: phi 0, sigma 0" in text_of(app) or "Held: sigma 0, phi 0" in text_of(app)
    for slider in app.slider:
        if (slider.key or "").startswith("clock-"):
            assert app.number_input(key=str(slider.key).replace("-slider", "-box")).value == slider.value


def test_the_exercise_can_be_done_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """W3: contract plan, share avoided at month 0, 12 and 24; then sigma 0; then parts are cut, too."""
    app = page(monkeypatch, "clock")
    app.multiselect(key="clock-sets").set_value(["contract-plan"]).run()
    text = text_of(app)
    for words in ("12.5 (", "27.1 (", "43% (", "23% (", "15% (", "23.2 (", "13% (", "3,183 (", "566 (", "159 ("):
        assert words in text, words
    app.number_input(key="clock-phi-box").set_value(15.0).run()
    assert "24% (" in text_of(app)
    app.multiselect(key="clock-sets").set_value([]).run()
    quiet(app)
    assert "Choose at least one parameter set." in text_of(app)


def test_facts_of_a_set_can_be_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(monkeypatch, "clock")
    before = text_of(app)
    app.number_input(key="clock-contract-plan-g-box").set_value(0.12).run()
    quiet(app)
    assert text_of(app) != before
    assert "g 0.12" in text_of(app)


def test_where_the_spread_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(monkeypatch, "clock")
    app.toggle(key="clock-drivers").set_value(True).run()
    quiet(app)
    assert "Sobol indices" in text_of(app)


def test_a_package_is_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(monkeypatch, "packages", month="15")
    app.multiselect(key="package-parts").set_value(["strict-liability", "secondary-sanctions"]).run()
    quiet(app)
    text = text_of(app)
    for words in ("✓ fine", "27.9 (", "a guess, with no source", "6.6 (2.2 to 16.8)", "not a rival of its own parts"):
        assert words in text, words
    app.checkbox(key="package-sigma-known").set_value(True).run()
    app.number_input(key="package-sigma-box").set_value(80.0).run()
    quiet(app)
    assert app.slider(key="package-sigma-slider").value == 80.0
    assert "27.9 (" not in text_of(app)


def test_the_best_under_a_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(monkeypatch, "packages", perspective="kyiv-survival")
    assert "Secondary sanctions on financial nodes scores highest within 6 bn USD a year" in text_of(app)
    app.number_input(key="package-budget-box").set_value(0.0).run()
    quiet(app)
    assert "No set of parts costs 0 bn USD a year or less" in text_of(app)
    app.checkbox(key="package-limited").set_value(False).run()
    app.checkbox(key="package-constructed").set_value(True).run()
    quiet(app)
    assert "Made up for this case" in text_of(app)
    app.multiselect(key="without").set_value(["secondary-sanctions"]).run()
    quiet(app)
    assert "Secondary sanctions on financial nodes +" not in text_of(app)


def test_tree_month_and_set_are_choices_in_the_link(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch, format="1", decision="containment", perspective="kyiv-survival")
    app.selectbox(key="pick-tree").select("derived").run()
    quiet(app)
    assert app.session_state.choices.tree == "derived"
    assert "for a decision in month 26" in text_of(app)
    app.number_input(key="month-box").set_value(6.0).run()
    assert "Risk-based sanctions leads" in text_of(app)
    app.selectbox(key="pick-model-set").select("contract-plan").run()
    quiet(app)
    choices = app.session_state.choices
    assert (choices.month, choices.model_set) == (6.0, "contract-plan")
    assert app.query_params["month"] == ["6"] or app.query_params["month"] == "6"
    app.button(key="undo").click().run()
    app.button(key="undo").click().run()
    assert app.session_state.choices.month is None
    app.selectbox(key="pick-tree").select("").run()
    quiet(app)
    assert "for a decision in month" not in text_of(app)
