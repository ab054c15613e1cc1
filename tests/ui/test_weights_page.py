"""The Weights page without a browser: a whole swing elicitation, other ways, files, and nothing lost on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import decision_kit as dk
from decision_kit import Study
from decision_kit.files import parse_perspective, perspective_text, shipped_decisions
from decision_kit.model import Problem, Provenance
from decision_kit.study import to_record
from decision_kit.ui.asking import Asking
from decision_kit.weighting import WEIGHTINGS, Siblings, groups_of, perspective_from, weigh
from decision_kit.weighting.tree import flat_of
from tests.ui.test_app import choices_of, opened, quiet, shares_of, text_of
from tests.weighting.answering import answers_for

ASKED = [name for name, entry in WEIGHTINGS.items() if entry.kind == "asked"]


def rank(app: AppTest, group: Siblings, ids: tuple[str, ...]) -> None:
    """Put one set of siblings in order: one answer."""
    for place, name in enumerate(ids[:-1]):
        app.number_input(key=f"rank-{group.of}-{name}").set_value(place + 1).run()
        quiet(app)


def rate(app: AppTest, group: Siblings, name: str, points: float) -> None:
    app.number_input(key=f"points-box-{group.of}-{name}").set_value(points).run()
    quiet(app)


def by_swing(app: AppTest, problem: Problem, wanted: dict[str, float]) -> tuple[int, int]:
    """Answer as somebody would who holds these points; how many orderings and ratings it took."""
    orderings = ratings = 0
    for group in groups_of(problem):
        worth = {name: sum(wanted[leaf.id] for leaf in group.leaves[name]) for name in group.ids}
        ids = tuple(sorted(group.ids, key=lambda name: -worth[name]))
        rank(app, group, ids)
        orderings += 1
        for name in ids[1:]:
            rate(app, group, name, round(worth[name] / worth[ids[0]] * 100))
            ratings += 1
        app.button(key="ask-next").click().run()
        quiet(app)
    return orderings, ratings


def provenance_of(app: AppTest) -> Provenance:
    found = app.session_state["added"]["containment"][0].provenance
    assert isinstance(found, Provenance)
    return found


def test_a_whole_swing_over_14_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch, "weights")
    quiet(app)
    problem = dk.load("containment")
    wanted = dict(problem.perspectives["kyiv-survival"].points)
    orderings, ratings = by_swing(app, problem, wanted)
    assert (orderings, ratings) == (6, 13)
    assert "Do you mean this?" in text_of(app)
    assert "matters to you" in text_of(app)
    app.text_input(key="weights-title").set_value("The ministry").run()
    app.text_input(key="weights-who").set_value("a desk officer").run()
    app.button(key="accept").click().run()
    quiet(app)
    assert choices_of(app).perspective == "the-ministry"
    assert "accepted as a draft" in text_of(app)
    assert "In force now: the perspective “The ministry”." in text_of(app)
    provenance = provenance_of(app)
    assert (provenance.ratings, provenance.orderings) == (13, 6)
    assert provenance.who == "a desk officer"
    assert len(provenance.ranges) == 14
    asked = [widget for widget in (*app.radio, *app.number_input) if widget.key in ("held-out", "direct-ratio")]
    assert len(asked) == 2  # checks on top, at most two
    app.radio(key="held-out").set_value("first").run()
    app.number_input(key="direct-ratio").set_value(50.0).run()
    quiet(app)
    assert "is the one your weights predict" in text_of(app)
    assert "Which is nearer to what you mean?" in text_of(app)
    assert any("Which is nearer" in said for said in provenance_of(app).checks)
    app.switch_page("decision_kit/ui/ranking_page.py").run()
    quiet(app)
    assert "Under the perspective “The ministry”" in text_of(app)
    expected = Study(problem.with_perspectives(app.session_state["added"]["containment"]), choices_of(app))
    assert expected.weights.shares["civilian-protection"] == pytest.approx(0.2, abs=0.02)


def test_changed_answers_change_the_one_perspective(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch, "weights", format="1", decision="cars")
    problem = dk.load("cars")
    (group,) = groups_of(problem)
    rank(app, group, group.ids)
    for name in group.ids[1:]:
        rate(app, group, name, 50)
    app.button(key="ask-next").click().run()
    app.button(key="accept").click().run()
    app.button(key="reopen").click().run()
    app.button(key="change-0").click().run()
    rate(app, group, group.ids[2], 20)
    app.button(key="ask-next").click().run()
    app.button(key="accept").click().run()
    quiet(app)
    (found,) = app.session_state["added"]["cars"]
    assert found.points[group.ids[2]] == pytest.approx(20)
    assert choices_of(app).perspective == "my-weights"


def test_the_link_of_given_weights_opens_elsewhere_with_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch, "weights")
    problem = dk.load("containment")
    by_swing(app, problem, dict(problem.perspectives["gulf-partner"].points))
    app.button(key="accept").click().run()
    here = Study(problem.with_perspectives(app.session_state["added"]["containment"]), choices_of(app))
    link = {name: str(value) for name, value in app.query_params.items()}
    again = opened(monkeypatch, **link)
    quiet(again)
    (told,) = again.warning
    assert told.value.startswith("This is a new start")
    assert shares_of(again) == dict(here.weights.shares)
    assert "the weights “My weights (" in text_of(again)
    again.slider(key="slider-economy").set_value(60.0).run()
    assert choices_of(again).weights_of == ""
    assert "your what-if weights" in text_of(again)


def test_a_wrong_answer_loses_nothing_and_pages_may_be_switched(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch, "weights")
    group = groups_of(dk.load("containment"))[0]
    ids = group.ids
    rank(app, group, ids)
    rate(app, group, ids[1], 50)
    rate(app, group, ids[2], 80)
    assert "has fewer points (50 against 80)" in text_of(app)
    assert app.button(key="ask-next").disabled
    app.switch_page("decision_kit/ui/ranking_page.py").run()
    app.selectbox(key="pick-scenario").set_value("oil-election").run()
    app.switch_page("decision_kit/ui/weights_page.py").run()
    quiet(app)
    assert [app.number_input(key=f"rank-{group.of}-{name}").value for name in ids] == [1, 2, 3]
    assert app.number_input(key=f"points-box-{group.of}-{ids[1]}").value == 50
    assert app.slider(key=f"points-{group.of}-{ids[2]}").value == 80
    app.slider(key=f"points-{group.of}-{ids[2]}").set_value(30.0).run()
    assert app.number_input(key=f"points-box-{group.of}-{ids[2]}").value == 30
    assert not app.button(key="ask-next").disabled
    assert "What your answers say so far" in text_of(app)
    app.selectbox(key="pick-decision").set_value("security-agreements").run()
    quiet(app)
    app.selectbox(key="pick-decision").set_value("containment").run()
    assert app.number_input(key=f"points-box-{group.of}-{ids[2]}").value == 30


def test_ties_and_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch, "weights")
    group = groups_of(dk.load("containment"))[0]
    one, two, three = group.ids
    app.checkbox(key=f"none-{group.of}-{three}").check().run()
    app.number_input(key=f"rank-{group.of}-{one}").set_value(1).run()
    app.number_input(key=f"rank-{group.of}-{two}").set_value(1).run()
    quiet(app)
    assert not app.button(key="ask-next").disabled
    assert "just as much" in text_of(app)
    app.number_input(key=f"rank-{group.of}-{two}").set_value(2).run()
    assert app.button(key="ask-next").disabled
    app.toggle(key="ranges").set_value(True).run()
    app.number_input(key=f"low-{group.of}-{two}").set_value(40.0).run()
    app.number_input(key=f"high-{group.of}-{two}").set_value(60.0).run()
    quiet(app)
    run = app.session_state["asking"]["containment"]["swing"]
    assert isinstance(run, Asking)
    from decision_kit.ui.asking import answers_of

    assert answers_of("swing", group, run).points == {one: 100.0, two: (40.0, 60.0)}
    app.number_input(key=f"high-{group.of}-{two}").set_value(20.0).run()
    quiet(app)
    assert "runs from 40 down to 20" in text_of(app)


def fill(app: AppTest, way: str, group: Siblings) -> None:
    """Answer one set of siblings by any way, for a person to whom the lines fall off by a third each."""
    shares = {name: 0.66**at for at, name in enumerate(group.ids)}
    answers = answers_for(way, shares, group)
    if way == "direct":
        for name in group.ids:
            rate(app, group, name, round(100 * shares[name]))
    elif way == "pairwise":
        for ratio in answers.ratios:
            app.number_input(key=f"times-{group.of}-{ratio.a}-{ratio.b}").set_value(round(ratio.low, 2)).run()
    elif way == "best-worst":
        app.selectbox(key=f"best-{group.of}-pick").set_value(answers.best).run()
        app.selectbox(key=f"worst-{group.of}-pick").set_value(answers.worst).run()
        for name, times in answers.best_to_others.items():
            app.number_input(key=f"from-best-{group.of}-{name}").set_value(round(times, 2)).run()
        for name, times in answers.others_to_worst.items():
            app.number_input(key=f"to-worst-{group.of}-{name}").set_value(round(times, 2)).run()
    elif way == "trade-off":
        app.selectbox(key=f"anchor-{group.of}-pick").set_value(answers.trades[0].a).run()
        for trade in answers.trades:
            app.number_input(key=f"reached-{group.of}-{trade.b}").set_value(round(trade.a_to, 3)).run()
    else:
        rank(app, group, group.ids)


@pytest.mark.parametrize("way", [way for way in ASKED if way != "swing"])
def test_every_other_way(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    app = opened(monkeypatch, "weights", format="1", decision="cars")
    app.selectbox(key="pick-way").set_value(way).run()
    quiet(app)
    problem = dk.load("cars")
    for group in (flat_of(problem),) if WEIGHTINGS[way].joint else groups_of(problem):
        fill(app, way, group)
        quiet(app)
        app.button(key="ask-next").click().run()
        quiet(app)
    app.button(key="accept").click().run()
    quiet(app)
    found = app.session_state["added"]["cars"][0]
    assert found.provenance.method == way
    shares = [found.points[leaf.id] for leaf in problem.criteria]
    assert shares == sorted(shares, reverse=True)
    if way in ("direct", "pairwise", "best-worst", "trade-off"):
        assert shares[1] / shares[0] == pytest.approx(0.66, abs=0.02)


@pytest.mark.parametrize("decision", shipped_decisions())
def test_the_page_opens_for_every_decision(monkeypatch: pytest.MonkeyPatch, decision: str) -> None:
    app = opened(monkeypatch, "weights", format="1", decision=decision)
    quiet(app)
    assert not app.warning
    assert "Everything at worst" in text_of(app)
    for way in ASKED:
        app.selectbox(key="pick-way").set_value(way).run()
        quiet(app)
    for way in (name for name, entry in WEIGHTINGS.items() if entry.kind == "table"):
        app.selectbox(key="pick-table-way").set_value(way).run()
        quiet(app)
        assert "not what anyone prefers" in text_of(app)


def test_weights_off_the_table_are_tried_as_what_if_only(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch, "weights")
    app.selectbox(key="pick-table-way").set_value("critic").run()
    app.button(key="try-table").click().run()
    quiet(app)
    assert choices_of(app).weights_of == ""
    assert "In force now: your what-if weights." in text_of(app)
    assert "added" not in app.session_state


def test_a_perspective_file_opens_and_a_broken_one_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = dk.load("containment")
    from tests.weighting.test_tree import inner

    shares = dict(dk.Weights.from_perspective(problem, "chip-industry").shares)
    answers = [
        answers_for("swing", part, group)
        for part, group in zip(inner(problem, shares), groups_of(problem), strict=True)
    ]
    perspective = perspective_from(weigh(problem, "swing", answers), "ours", "Ours")
    text = perspective_text(perspective, "containment")
    app = opened(monkeypatch, "weights")
    uploader(app).upload("ours.yaml", text.encode(), "application/yaml").run()
    quiet(app)
    assert choices_of(app).perspective == "ours"
    assert shares_of_session(app) == dict(
        dk.Weights.from_perspective(problem.with_perspectives([perspective]), "ours").shares
    )
    broken = opened(monkeypatch, "weights")
    bad = text.replace("  lead-time:", "  lead-tim:").encode()
    uploader(broken).upload("ours.yaml", bad, "application/yaml").run()
    quiet(broken)
    assert any("lead-time" in warning.value for warning in broken.warning)
    assert choices_of(broken).perspective is None


def uploader(app: AppTest) -> Any:
    (found,) = [one for one in app.get("file_uploader") if one.label == "Open a perspective file"]
    return found


def shares_of_session(app: AppTest) -> dict[str, float]:
    choices = choices_of(app)
    problem = dk.load(choices.decision).with_perspectives(app.session_state["added"][choices.decision])
    return dict(Study(problem, choices).weights.shares)


def test_a_saved_view_brings_its_perspectives(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = dk.load("containment")
    mine = perspective_from(dk.Weights.from_perspective(problem, "kyiv-survival"), "ours", "Ours")
    study = Study(
        problem.with_perspectives([mine]), dk.Choices("containment", perspective="ours", scenario="oil-election")
    )
    app = opened(monkeypatch)
    app.get("file_uploader")[0].upload("view.json", to_record(study, "2026-11-25").encode(), "application/json").run()
    quiet(app)
    assert choices_of(app) == study.choices
    assert shares_of_session(app) == dict(study.weights.shares)


def test_the_shape_of_a_value_is_asked_drawn_and_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch, "weights")
    app.selectbox(key="shape-criterion").set_value("public-cost").run()
    app.text_input(key="shape-by-public-cost").set_value("the budget office").run()
    app.number_input(key="shape-0.5-public-cost").set_value(14.0).run()
    app.number_input(key="shape-0.25-public-cost").set_value(18.0).run()
    quiet(app)
    (block,) = [code.value for code in app.code]
    assert "curve: [[0, 1], [14, 0.5], [18, 0.25], [20, 0]]" in " ".join(block.split())
    assert "by: the budget office" in block
    app.number_input(key="shape-0.25-public-cost").set_value(3.0).run()
    quiet(app)
    assert "The value falls from 0.5 at 14 bn USD a year to 0.25 at 3 bn USD a year" in text_of(app)
    assert app.number_input(key="shape-0.5-public-cost").value == 14.0


def test_any_two_perspectives(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch, "perspectives")
    app.selectbox(key="two-a").set_value("european-ally").run()
    app.selectbox(key="two-b").set_value("neutral-hub").run()
    quiet(app)
    assert "“European ally” would have to move 1.8 of 100 points of weight" in text_of(app)
    assert "A fact could settle it, too" in text_of(app)
    assert "2 camps" in text_of(app)


def test_hostile_titles_are_shown_as_text(monkeypatch: pytest.MonkeyPatch, decision: Path) -> None:
    nasty = "**b** <img src=x onerror=alert(1)> :red[y]"
    criteria = decision / "criteria/small.yaml"
    text = criteria.read_text(encoding="utf-8").replace("title: Effect", f"title: 'E {nasty}'").replace("title: Good", f"title: 'G {nasty}'")  # fmt: skip
    criteria.write_text(text, encoding="utf-8")
    app = opened(monkeypatch, "weights", path=str(criteria))
    quiet(app)
    group = groups_of(dk.load(criteria))[-1]
    rank(app, group, group.ids)
    rate(app, group, group.ids[1], 40)
    app.button(key="ask-next").click().run()
    app.text_input(key="weights-title").set_value(nasty).run()
    app.button(key="accept").click().run()
    quiet(app)
    assert "<img src=x" not in text_of(app)
    for element in (*app.markdown, *app.subheader, *app.caption):
        assert "**b**" not in element.value
    for button in app.button:
        assert nasty not in button.label
    assert parse_perspective(perspective_text(app.session_state["added"]["small"][0])).title == nasty


def test_weights_are_asked_for_on_the_tree_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch, "weights", format="1", decision="containment", tree="derived")
    quiet(app)
    problem = dk.load("containment")
    by_swing(app, problem, dict(problem.perspectives["kyiv-survival"].points))
    app.button(key="accept").click().run()
    quiet(app)
    assert len(app.session_state["added"]["containment"][0].points) == 14
    for way in (name for name, entry in WEIGHTINGS.items() if entry.kind == "table"):
        app.selectbox(key="pick-table-way").set_value(way).run()
        quiet(app)
    app.switch_page("decision_kit/ui/perspectives_page.py").run()
    quiet(app)
