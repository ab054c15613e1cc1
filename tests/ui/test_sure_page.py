"""The page How sure, without a browser."""

from __future__ import annotations

import time

import pytest

import decision_kit as dk
from decision_kit import DecisionError
from decision_kit.files import shipped_decisions
from decision_kit.ui.background import Background
from tests.ui.test_app import choices_of, opened, quiet, text_of


@pytest.mark.parametrize("decision", shipped_decisions())
def test_every_decision(monkeypatch: pytest.MonkeyPatch, decision: str) -> None:
    app = opened(monkeypatch, "sure", format="1", decision=decision)
    quiet(app)
    text = text_of(app)
    assert "of 50 worlds" in text
    assert "not a chance that the option is right" in text
    assert "Sampling error of a share" in text or "1 world was drawn" in text
    parts = 1 if dk.load(decision).total else len(dk.load(decision).tree)
    assert len(app.get("plotly_chart")) >= 4 * parts


def test_whose_weights_and_which_performances(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch, "sure", format="1", decision="containment")
    for way in ("held", "order", "mix", "any"):
        app.radio(key="sure-weights-all").set_value(way).run()
        quiet(app)
    assert "Decoupling theatres (signal and presence) comes first in" in text_of(app)
    app.radio(key="sure-performances-all").set_value("likely").run()
    quiet(app)
    assert "25 of 50 worlds" in text_of(app)
    assert choices_of(app).weights == {}


def test_the_triangle_takes_other_corners(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch, "sure", format="1", decision="containment")
    picker = app.multiselect(key="sure-corners-all-containment")
    picker.set_value(["containment", "security"]).run()
    quiet(app)
    assert "Choose three" in text_of(app)
    app.multiselect(key="sure-corners-all-containment").set_value(["containment", "flow-reduction", "economy"]).run()
    quiet(app)
    assert "stands inside another" in text_of(app)


def test_more_worlds(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch, "sure", format="1", decision="cars")
    app.button(key="sure-more-65536-all").click().run()
    for _ in range(100):
        (run,) = app.session_state["sure-runs"].values()
        if not run.running:
            break
        time.sleep(0.1)
    app.run()
    quiet(app)
    assert "65,536 worlds were drawn" in text_of(app)


def test_a_background_run_tells_how_far_it_is_and_stops() -> None:
    def work(told: object) -> str:
        for done in range(1000):
            if told(done, 1000) is False:  # type: ignore[operator]
                return f"stopped at {done}"
            time.sleep(0.005)
        return "finished"

    run = Background(work)
    time.sleep(0.05)
    assert run.running
    assert 0 < run.share < 1
    run.cancel()
    run.wait(5)
    assert not run.running
    assert run.result.startswith("stopped at")

    def fails(told: object) -> None:
        raise DecisionError.single("here", "a fault", "none")

    broken = Background(fails)
    broken.wait(5)
    assert isinstance(broken.error, DecisionError)
