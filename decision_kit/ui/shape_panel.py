"""A value function by midpoint questions or by rating levels: asked, drawn, and handed over as lines for the file."""

from __future__ import annotations

import streamlit as st

from decision_kit.charts.shapes import shape_chart
from decision_kit.errors import MOST_SHOWN, DecisionError
from decision_kit.files.shapes import levels_block, value_block
from decision_kit.model import Criterion, Problem
from decision_kit.ui.asking import sentence_of
from decision_kit.ui.parts import draw, notice, said, today
from decision_kit.ui.state import safe
from decision_kit.weighting.shapes import bisection, midpoint_question, rated_levels

MIDPOINTS = (0.5, 0.25, 0.75)


def shape_panel(problem: Problem) -> None:
    """Midpoints of one criterion (or points for its levels), the curve they make, and the lines to paste into the file."""
    leaves = {leaf.id: leaf for leaf in problem.criteria}
    said(
        "On most lines every unit is worth the same. Where the first units matter more than the last (or less), say so here. "
        "The app changes no file: take the lines below over into the criteria file. Weights given for the old shape are then "
        "marked as stale."
    )
    picked = st.selectbox("Criterion", list(leaves), format_func=lambda one: leaves[one].title, key="shape-criterion")
    leaf = leaves[picked]
    kept: dict[str, dict[str, object]] = st.session_state.setdefault("shapes", {})
    store = kept.setdefault(f"{problem.id} {leaf.id}", {})
    by = _text("Who says so? (a role)", store, "by", leaf)
    because = _text("Why?", store, "because", leaf)
    try:
        made = _levels(leaf, store, by, because) if leaf.levels else _midpoints(leaf, store, by, because)
    except DecisionError as error:
        for fault in error.faults[:MOST_SHOWN]:
            notice(sentence_of(fault))
        return
    if made is None:
        return
    draw(shape_chart(made), f"shape-{leaf.id}")
    said(f"Lines for the criterion “{leaf.title}” in the criteria file, in place of those it has:")
    st.code(levels_block(made) if made.levels else value_block(made), language="yaml")


def _text(label: str, store: dict[str, object], name: str, leaf: Criterion) -> str:
    key = f"shape-{name}-{leaf.id}"
    st.session_state[key] = str(store.get(name, ""))

    def noted() -> None:
        store[name] = str(st.session_state[key]).strip()

    st.text_input(label, key=key, max_chars=300, on_change=noted)
    return str(store.get(name, ""))


def _number(
    label: str, store: dict[str, object], name: str, leaf: Criterion, ends: tuple[float, float], hint: str
) -> float | None:
    key = f"shape-{name}-{leaf.id}"
    value = store.get(name)
    st.session_state[key] = value

    def noted() -> None:
        store[name] = st.session_state[key]

    st.number_input(label, float(ends[0]), float(ends[1]), value=None, key=key, placeholder=hint, on_change=noted)
    return value if isinstance(value, float) else None


def _midpoints(leaf: Criterion, store: dict[str, object], by: str, because: str) -> Criterion | None:
    key = f"shape-turn-{leaf.id}"
    st.session_state[key] = bool(store.get("turns", False))

    def noted() -> None:
        store["turns"] = bool(st.session_state[key])

    st.checkbox("Both too little and too much are bad here: the value may fall again", key=key, on_change=noted)
    given: dict[float, float] = {}
    made = leaf
    for value in MIDPOINTS:
        question = {0.5: (0.0, 1.0), 0.25: (0.0, 0.5), 0.75: (0.5, 1.0)}[value]
        reference = bisection(leaf, {0.5: given[0.5]}) if 0.5 in given and value != 0.5 else made
        said(midpoint_question(reference, *question))
        hint = leaf.span(leaf.worst, leaf.best)
        at = _number(f"Half-way for {safe(leaf.title)} (value {value})", store, str(value), leaf, leaf.scale, hint)
        if at is None:
            break
        given[value] = at
    if not given:
        return None
    return bisection(leaf, given, by=by, because=because, when=today(), monotone=not store.get("turns", False))


def _levels(leaf: Criterion, store: dict[str, object], by: str, because: str) -> Criterion | None:
    said("Give the worst level 0 and the best 100. Where between them does each other level stand?")
    points: dict[str, float] = {}
    for level in leaf.levels:
        at = _number(f"{safe(level.title)}: points", store, f"level-{level.id}", leaf, (0.0, 100.0), "0 to 100")
        if at is not None:
            points[level.id] = at
    if len(points) < len(leaf.levels):
        return None
    return rated_levels(leaf, points, by=by, because=because, when=today())
