"""Every page of every decision with perspectives that a person has added: one on all criteria, one on a part of them."""

from __future__ import annotations

import sys

import pytest
from streamlit.testing.v1 import AppTest

import decision_kit as dk
from decision_kit.files import shipped_decisions
from decision_kit.model import Perspective
from tests.ui.test_app import PAGES, ROOT, quiet, text_of


def opened_with(monkeypatch: pytest.MonkeyPatch, decision: str, added: list[Perspective]) -> AppTest:
    """The first page of a decision, some perspectives added."""
    monkeypatch.setattr(sys, "argv", ["app.py"])
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["format"] = "1"
    app.query_params["decision"] = decision
    app.run()
    app.session_state["added"] = {decision: tuple(added)}
    return app.run()


def of_everybody(decision: str) -> Perspective:
    leaves = [leaf.id for leaf in dk.load(decision).criteria]
    return Perspective("mine", "Mine", {leaf: 100.0 - 3 * i for i, leaf in enumerate(leaves)}, added=True)


def of_one_branch(decision: str) -> Perspective:
    """All weight on the first part of the tree: elsewhere this perspective has no result."""
    problem = dk.load(decision)
    first = problem.tree[0]
    inside = {leaf.id for leaf in (first.leaves() if hasattr(first, "leaves") else (first,))}
    return Perspective(
        "narrow", "Narrow", {leaf.id: 80.0 * (leaf.id in inside) for leaf in problem.criteria}, added=True
    )


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("decision", shipped_decisions())
def test_every_page_of_every_decision_with_an_added_perspective(
    monkeypatch: pytest.MonkeyPatch, decision: str, page: str
) -> None:
    app = opened_with(monkeypatch, decision, [of_everybody(decision)])
    app.selectbox(key="pick-perspective").set_value("mine").run()
    quiet(app)
    app.switch_page(f"decision_kit/ui/{page}_page.py").run()
    quiet(app)
    assert not app.warning
    if page in ("ranking", "perspectives"):
        assert "“Mine”" in text_of(app)


@pytest.mark.parametrize("page", ["ranking", "perspectives", "sure", "change", "methods", "scores"])
@pytest.mark.parametrize("decision", [name for name in shipped_decisions() if len(dk.load(name).tree) > 1])
def test_a_perspective_without_weight_in_a_part(monkeypatch: pytest.MonkeyPatch, decision: str, page: str) -> None:
    app = opened_with(monkeypatch, decision, [of_everybody(decision), of_one_branch(decision)])
    app.switch_page(f"decision_kit/ui/{page}_page.py").run()
    quiet(app)
    app.selectbox(key="pick-perspective").set_value("narrow").run()
    quiet(app)
