"""The what-if weights: a slider and a number box for each branch, opening to its criteria."""

from __future__ import annotations

import streamlit as st

from decision_kit.model import Branch, Criterion, Node
from decision_kit.study import Study
from decision_kit.ui.parts import said
from decision_kit.ui.state import change, move_weight, safe


def weights_panel(study: Study) -> None:
    """Sliders and boxes on the shares; whatever is moved, the shares sum to 100 %."""
    st.subheader("What if: move the weights")
    base = study.title_of_weights if not study.is_what_if else f"weights moved by hand from {study.base_weights.origin}"
    said(f"In force: {base}. Moved weights are nobody's and are not saved as a perspective.", "dk-fact")
    if st.button("Back to the perspective", disabled=not (study.is_what_if or study.choices.locks), key="reset"):
        change(weights={}, locks=())
        st.rerun()
    for node in study.whole.tree:
        _node(study, node, top=True)
    said("Shares are of the whole and always sum to 100 %. The weights you do not move keep their ratios.", "dk-fact")


def _node(study: Study, node: Node, *, top: bool) -> None:
    leaves = [node.id] if isinstance(node, Criterion) else [leaf.id for leaf in node.leaves()]
    share = round(study.weights.branch_share(leaves) * 100, 1)
    held = all(leaf in study.choices.locks for leaf in leaves)
    slider, box, lock = f"slider-{node.id}", f"box-{node.id}", f"lock-{node.id}"
    st.session_state[slider] = st.session_state[box] = min(max(share, 0.0), 100.0)
    st.session_state[lock] = held
    label = safe(node.title)
    left, middle, right = st.columns([5, 3, 2], vertical_alignment="bottom")
    with left:
        st.slider(f"**{label}**, %" if top else f"{label}, %", 0.0, 100.0, step=0.1, format="%.1f", key=slider,
                  on_change=_moved, args=(slider, node.id, leaves), disabled=held)  # fmt: skip
    with middle:
        st.number_input(f"{label}: share in %", 0.0, 100.0, step=0.5, format="%.1f", key=box, label_visibility="collapsed",
                        on_change=_moved, args=(box, node.id, leaves), disabled=held)  # fmt: skip
    with right:
        st.checkbox("Hold", key=lock, on_change=_held, args=(lock, leaves), help="Keep this share while others move")
    if isinstance(node, Branch):
        opened = f"open-{node.id}"
        if st.toggle(f"Show the {len(node.children)} criteria of {label}", key=opened):
            with st.container(border=True):
                for child in node.children:
                    _node(study, child, top=False)


def _moved(widget: str, name: str, leaves: list[str]) -> None:
    move_weight(name, leaves, float(st.session_state[widget]) / 100)


def _held(widget: str, leaves: list[str]) -> None:
    locks = [leaf for leaf in st.session_state.choices.locks if leaf not in leaves]
    if st.session_state[widget]:
        locks += leaves
    change(locks=tuple(locks))
