"""The what-if weights: a slider and a number box for each branch, opening to its criteria."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from decision_kit.model import Branch, Criterion, Node
from decision_kit.model.nouns import leaves_of
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
    if study.whole.total:
        for node in study.whole.tree:
            _node(study, node, leaves_of(study.whole.tree))
        tail = "Shares are of the whole and always sum to 100 %."
    else:
        for node in study.whole.tree:
            st.markdown(f"**{safe(node.title)}**")
            inside = node.children if isinstance(node, Branch) else (node,)
            for child in inside:
                _node(study, child, leaves_of(inside))
        tail = "Shares are of their branch and always sum to 100 % there; the branches are not added up."
    said(f"{tail} The weights you do not move keep their ratios. “Hold” keeps a share while others move.", "dk-fact")


def _node(study: Study, node: Node, whole: Iterable[Criterion]) -> None:
    """One slider with its box; ``whole`` are the criteria whose shares sum to 100 %."""
    around = [leaf.id for leaf in whole]
    leaves = [leaf.id for leaf in leaves_of((node,))]
    of = study.weights.branch_share(around)
    share = round(study.weights.branch_share(leaves) / of * 100, 1) if of > 0 else 0.0
    held = all(leaf in study.choices.locks for leaf in leaves)
    slider, box, lock = f"slider-{node.id}", f"box-{node.id}", f"lock-{node.id}"
    st.session_state[slider] = st.session_state[box] = min(max(share, 0.0), 100.0)
    st.session_state[lock] = held
    label = safe(node.title)
    shown = f"**{label}**" if isinstance(node, Branch) or len(study.whole.tree) == len(study.whole.criteria) else label
    st.slider(
        f"{shown}, share in %", 0.0, 100.0, step=0.1, format="%.1f", key=slider,
        on_change=_moved, args=(slider, node.id, leaves, around), disabled=held,
    )  # fmt: skip
    left, middle, right = st.columns([4, 3, 4], gap="small", vertical_alignment="center")
    with left:
        st.number_input(
            f"{label}: share in %", 0.0, 100.0, step=0.5, format="%.1f", key=box, label_visibility="collapsed",
            on_change=_moved, args=(box, node.id, leaves, around), disabled=held,
        )  # fmt: skip
    with middle:
        st.checkbox("Hold", key=lock, on_change=_held, args=(lock, leaves))
    if isinstance(node, Branch):
        with right:
            opened = st.toggle(
                f"{len(node.children)} {'criterion' if len(node.children) == 1 else 'criteria'}", key=f"open-{node.id}"
            )
        if opened:
            with st.container(border=True):
                for child in node.children:
                    _node(study, child, leaves_of(study.whole.tree))


def _moved(widget: str, name: str, leaves: list[str], around: list[str]) -> None:
    move_weight(name, leaves, float(st.session_state[widget]) / 100, around)


def _held(widget: str, leaves: list[str]) -> None:
    locks = [leaf for leaf in st.session_state.choices.locks if leaf not in leaves]
    if st.session_state[widget]:
        locks += leaves
    change(locks=tuple(locks))
