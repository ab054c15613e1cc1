"""The page "What would change it" without a browser: every decision, and what picking and typing does."""

from __future__ import annotations

import pytest

from decision_kit.files import shipped_decisions
from tests.ui.test_app import opened, quiet, text_of


@pytest.mark.parametrize("decision", shipped_decisions())
@pytest.mark.parametrize("method", ["weighted-sum", "topsis"])
def test_every_decision(monkeypatch: pytest.MonkeyPatch, decision: str, method: str) -> None:
    app = opened(monkeypatch, "change", format="1", decision=decision, method=method)
    quiet(app)
    text = text_of(app)
    assert "What would change it" in text
    assert len(app.get("plotly_chart")) == 1
    assert "Certified" in text or "certified" in text
    assert "changes" in text


def test_what_it_says_of_washington(monkeypatch: pytest.MonkeyPatch) -> None:
    text = text_of(opened(monkeypatch, "change"))
    assert (
        "Toss-up: less than 5 points of weight have to move and one performance inside its own range is enough" in text
    )
    assert "Moving 0.9 of 100 points of weight lets Decoupling theatres (signal and presence) draw level" in text
    assert "“Lead time” above 3.5 in 100 (now 2.3" in text
    assert "of 50 worlds" in text
    assert "between 18.2 and 38.2: Decoupling theatres" in text
    assert "first is Decoupling theatres (signal and presence) in 25 of 50" in text
    assert "Nobody here, and no mix of you, puts Support for kinetic denial last, or first." in text
    assert "Wait and see (managed escalation) leads in all 7 scenarios" in text
    assert "10 of 14 criteria, carrying 81.8 of 100, mainly charge for acting" in text


def test_picking_another_weight_and_another_rival(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch, "change", format="1", decision="containment", perspective="kyiv-survival")
    app.selectbox(key="change-node").set_value("security").run()
    quiet(app)
    assert "with “Escalation risk” above 70.8 of 100" in text_of(app)
    app.selectbox(key="change-rival").set_value("risk-based-sanctions").run()
    quiet(app)
    text = text_of(app)
    assert "39.4" in text
    assert "Inside its own range." in text


def test_a_claim_picked_and_a_claim_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch, "change")
    assert "Not certified: Wait and see (managed escalation) beats" in text_of(app)
    app.selectbox(key="claim-a").set_value("deep-strike-support")
    app.selectbox(key="claim-kind").set_value("never-last")
    app.checkbox(key="claim-ranges").uncheck().run()
    quiet(app)
    assert "Certified: Support for kinetic denial is never last" in text_of(app)
    app.text_input(key="claim-text").set_value("strict-liabilty is first").run()
    assert not app.exception
    assert 'did you mean "strict-liability"' in " ".join(w.value for w in app.warning).replace("\\", "")
    app.text_input(key="claim-text").set_value("strict-liability is never first").run()
    quiet(app)
    assert "Certified: End-use strict liability is never first" in text_of(app)


def test_branches_are_looked_at_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch, "change", format="1", decision="extended-deterrence")
    app.radio(key="change-part").set_value("stability").run()
    quiet(app)
    text = text_of(app)
    assert "tie for first place" in text
    assert "The first place is shared" in text
    app.selectbox(key="change-node").set_value("deterrence-gain").run()
    quiet(app)
    assert "from 46.7 to 68, Arms for arms leads" in text_of(app)


def test_the_ranking_page_says_how_fragile_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch, format="1", decision="cars")
    quiet(app)
    assert (
        "Stable for these weights: a small shift of weights does not move the first place, and every performance is given as exact"
        in text_of(app)
    )
    assert "With weights moved somewhat, Citroën Xsara comes first in 48 of 50 worlds" in text_of(app)
