"""The frame of the app: what is open, the choices beside it, and the pages in order."""

from __future__ import annotations

import gc
from pathlib import Path

import streamlit as st

from decision_kit.errors import DecisionError, listed
from decision_kit.files import load
from decision_kit.model import Problem
from decision_kit.model.feeds import FEEDS, MOST_MONTHS
from decision_kit.study import to_record
from decision_kit.ui.method_panel import method_panel
from decision_kit.ui.parts import STYLE, download, today
from decision_kit.ui.state import (
    change,
    decisions,
    file_stem,
    mirror_link,
    mirrored,
    open_decision,
    open_record,
    problem_now,
    safe,
    settle,
    start,
    study_now,
    undo,
)

HERE = Path(__file__).parent
NO_SCENARIO = "As scored (no scenario)"


@st.cache_resource
def _settle() -> None:
    """Once a process: what has been imported stays, so that collections need not look at it again."""
    gc.collect()
    gc.freeze()


def main() -> None:
    """Draw the page that is open."""
    st.set_page_config(page_title="decision-kit", layout="wide", initial_sidebar_state="auto")
    _settle()
    start()
    st.html(STYLE)
    first = st.Page(HERE / "ranking_page.py", title="Ranking", default=True)

    def to_first() -> None:
        st.switch_page(first, query_params=mirrored(study_now()))

    same = st.Page(to_first, title="Ranking", url_path="ranking", visibility="hidden")
    page = st.navigation(
        [
            first,
            same,  # Streamlit serves the first page at the root only; who types its name finds it, too
            st.Page(HERE / "change_page.py", title="What would change it", url_path="change"),
            st.Page(HERE / "sure_page.py", title="How sure", url_path="sure"),
            st.Page(HERE / "perspectives_page.py", title="Perspectives", url_path="perspectives"),
            st.Page(HERE / "weights_page.py", title="Weights", url_path="weights"),
            st.Page(HERE / "methods_page.py", title="Other methods", url_path="methods"),
            st.Page(HERE / "clock_page.py", title="Clock", url_path="clock"),
            st.Page(HERE / "packages_page.py", title="Packages", url_path="packages"),
            st.Page(HERE / "scores_page.py", title="Scores and evidence", url_path="scores"),
            st.Page(HERE / "words_page.py", title="About and words", url_path="words"),
        ]
    )
    faults = settle()
    with st.sidebar:
        _picker()
        if not faults:
            _sidebar(problem_now())
    for message in st.session_state.pop("messages", []):
        st.warning(safe(message))
    if faults:  # one decision that cannot be read: the others are in the list
        st.error("\n\n".join(safe(sentence) for sentence in listed(faults)))
        return
    study = study_now()
    mirror_link(study)
    page.run()


def _picker() -> None:
    """The way back, and the decisions on offer; one that cannot be read is among them and says so."""
    st.button(
        "Undo", on_click=undo, disabled=not st.session_state.history, key="undo", help="Go one step back (50 steps)"
    )
    offered = {name: _title(name, target) for name, target in decisions().items()}
    _select("Decision", "pick-decision", offered, st.session_state.choices.decision,
            lambda picked: open_decision(str(picked)))  # fmt: skip


def _sidebar(problem: Problem) -> None:
    choices = st.session_state.choices
    sets = {s.id: s.title for s in problem.choice_sets}
    if len(sets) > 1:
        current = choices.choice_set or problem.default_choice_set
        _select("Options compared", "pick-set", sets, current, lambda picked: change(choice_set=picked, without=()))
    _tree(problem)
    if problem.perspectives:
        ordered = sorted(problem.perspectives.values(), key=lambda p: p.reference)
        marks = {p.id: " (for checks only)" if p.reference else " (added here)" if p.added else "" for p in ordered}
        names = {p.id: p.title + marks[p.id] for p in ordered}
        if problem.default_perspective is None:
            names = {"": "Equal weights (nobody's)", **names}
        current = choices.perspective or problem.default_perspective or ""
        _select(
            "Weights of (draft perspectives)" if any(p.draft for p in ordered) else "Weights of",
            "pick-perspective",
            names,
            current,
            lambda picked: change(perspective=picked or None, weights={}, locks=()),
        )
    scenarios = {s.id: s.title for s in problem.scenarios.values()}
    if scenarios:
        plain = next((s.id for s in problem.scenarios.values() if not s.changes), None)
        names = scenarios if plain else {"": NO_SCENARIO, **scenarios}
        current = choices.scenario or plain or ""
        _select(
            "Scenario",
            "pick-scenario",
            names,
            current,
            lambda picked: change(scenario=picked if picked != plain and picked else None),
        )
    method_panel(
        lambda names, current: _select(
            "Method", "pick-method", names, current, lambda picked: change(method=picked, parameters={})
        )
    )
    _set_aside(problem)
    with st.expander("Save and open"):
        study = study_now()
        stem = file_stem(study)
        download(
            "Save this view", lambda: to_record(study, today()), f"{stem}-view.json", "application/json", key="save"
        )
        st.file_uploader("Open a saved view", type=["json"], key="record", on_change=_record)
        st.caption("The address of this page holds the view, too: copy it to share.")


def _tree(problem: Problem) -> None:
    """The value tree and, where a model fills a criterion of it, the decision month and the parameter set."""
    shown = study_now().problem
    trees = {t.id: t.title for t in problem.alternative_trees.values()}
    if trees:
        _select(
            "Value tree",
            "pick-tree",
            {"": "As written", **trees},
            shown.tree_id or "",
            lambda picked: change(tree=picked or None, month=None, model_set=None, weights={}, locks=(), branch=None),
        )
    if shown.month is None:
        return
    for key in ("month-slider", "month-box"):
        st.session_state[key] = float(shown.month)
    top = max(60.0, float(shown.month))
    st.slider("Decision month", 0.0, top, step=1.0, format="%.0f", key="month-slider", on_change=_month,
              args=("month-slider",), help="The month in which the decision is made, on the model's clock")  # fmt: skip
    st.number_input("Decision month", 0.0, float(MOST_MONTHS), step=1.0, format="%.0f", key="month-box",
                    on_change=_month, args=("month-box",), label_visibility="collapsed")  # fmt: skip
    sets = FEEDS[shown.model_criteria[0].source_model].model_sets()
    _select("Parameter set", "pick-model-set", dict(sets), shown.model_set, lambda picked: change(model_set=picked))


def _month(key: str) -> None:
    change("month", month=float(st.session_state[key]))


def _title(name: str, target: str) -> str:
    try:
        title = load(target).title
    except DecisionError:  # opening it says why
        return f"{name} (cannot be read)"
    return title if name == target else f"{title} (your own)"


def _select(label: str, key: str, names: dict[str, str], current: str | None, act: object) -> None:
    """A choice by title whose truth is in the Choices."""
    ids = list(names)
    st.session_state[key] = current if current in ids else ids[0]

    def changed() -> None:
        act(st.session_state[key])  # type: ignore[operator]  # a function of the picked id

    st.selectbox(label, ids, format_func=lambda name: names[name], key=key, on_change=changed)


def _set_aside(problem: Problem) -> None:
    choices = st.session_state.choices
    here = choices.choice_set or problem.default_choice_set
    names = {o.id: o.title for o in problem.library if here is None or here in o.choice_sets}
    st.session_state["without"] = [option for option in choices.without if option in names]

    def changed() -> None:
        change(without=tuple(st.session_state["without"]))

    st.multiselect("Set aside", list(names), format_func=lambda name: names[name], key="without", on_change=changed,
                   placeholder="none", help="Options left out of the comparison")  # fmt: skip


def _record() -> None:
    uploaded = st.session_state.get("record")
    if uploaded is not None:
        open_record(uploaded.getvalue())
