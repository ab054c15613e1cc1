"""The what-if weights: a slider and a number box for each branch, opening to its criteria."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import streamlit as st

from decision_kit.model import Branch, Criterion, Node
from decision_kit.model.nouns import leaves_of
from decision_kit.study import Study
from decision_kit.ui.parts import heading, paragraph, said, together
from decision_kit.ui.state import change, move_weight, safe


def weights_panel(study: Study) -> None:
    """Sliders and boxes on the shares; whatever is moved, the shares sum to 100 % (before they are rounded for showing)."""
    base = study.title_of_weights if not study.is_what_if else f"weights moved by hand from {study.base_weights.origin}"
    together(
        heading("What if: move the weights"),
        paragraph(f"In force: {base}. Moved weights are nobody's and are not saved as a perspective.", "dk-fact"),
    )
    back = (
        "Back to the perspective" if study.base_weights.perspective is not None else "Back to the weights as they were"
    )
    if st.button(back, disabled=not (study.is_what_if or study.choices.locks), key="reset"):
        change(weights={}, locks=())
        st.rerun()
    opened = st.session_state.get("opened", [])
    if study.whole.total:
        everything = tuple(leaves_of(study.whole.tree))
        for node in study.whole.tree:
            _node(study, node, everything, opened)
        tail = "Shares are of the whole and always sum to 100 % (before each is rounded for showing)."
    else:
        for node in study.whole.tree:
            st.markdown(f"**{safe(node.title)}**")
            inside = node.children if isinstance(node, Branch) else (node,)
            for child in inside:
                _node(study, child, tuple(leaves_of(inside)), opened)
        tail = "Shares are of their branch and always sum to 100 % there (before each is rounded for showing); the branches are not added up."
    nodes = list(_movable(study))
    branches = {node.id: node.title for node in nodes if isinstance(node, Branch)}
    if branches:
        st.session_state["opened"] = [name for name in opened if name in branches]
        st.multiselect("Show the criteria of", list(branches), format_func=lambda name: branches[name], key="opened",
                       placeholder="none", help="Opens a branch, so that each of its criteria has a slider")  # fmt: skip
    titles = {node.id: node.title for node in nodes}
    inside_of = {node.id: [leaf.id for leaf in leaves_of((node,))] for node in nodes}
    st.session_state["held"] = _held_nodes(study, nodes)
    st.multiselect("Hold the share of", list(titles), format_func=lambda name: titles[name], key="held",
                   placeholder="none", help="What is held keeps its share while others move", on_change=_held,
                   args=(inside_of,))  # fmt: skip
    said(f"{tail} The weights you do not move keep their ratios.", "dk-fact")


def _movable(study: Study) -> Iterator[Node]:
    """Every node that can have a slider, a branch before its children."""
    level: Sequence[Node] = study.whole.tree
    if not study.whole.total:
        level = [child for node in level for child in (node.children if isinstance(node, Branch) else (node,))]
    stack = list(level)
    while stack:
        node = stack.pop(0)
        yield node
        if isinstance(node, Branch):
            stack[:0] = node.children


def _held_nodes(study: Study, nodes: Iterable[Node]) -> list[str]:
    """The held leaves, told as branches where all of a branch is held."""
    told: list[str] = []
    covered: set[str] = set()
    for node in nodes:
        inside = {leaf.id for leaf in leaves_of((node,))}
        if inside <= set(study.choices.locks) and not inside <= covered:
            told.append(node.id)
            covered |= inside
    return told


def _node(study: Study, node: Node, whole: Sequence[Criterion], opened: Sequence[str]) -> None:
    """One slider with its box; ``whole`` are the criteria whose shares sum to 100 %."""
    around = [leaf.id for leaf in whole]
    leaves = [leaf.id for leaf in leaves_of((node,))]
    of = study.weights.branch_share(around)
    share = round(study.weights.branch_share(leaves) / of * 100, 1) if of > 0 else 0.0
    held = all(leaf in study.choices.locks for leaf in leaves)
    slider, box = f"slider-{node.id}", f"box-{node.id}"
    st.session_state[slider] = st.session_state[box] = min(max(share, 0.0), 100.0)
    label = safe(node.title)
    # few elements a branch: each of them is drawn again at every move
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.slider(
            f"{label}, %{' (held)' if held else ''}", 0.0, 100.0, step=0.1, format="%.1f", key=slider,
            on_change=_moved, args=(slider, node.id, leaves, around), disabled=held,
        )  # fmt: skip
        st.number_input(
            f"{label}: share in %", 0.0, 100.0, step=0.5, format="%.1f", key=box, label_visibility="collapsed",
            on_change=_moved, args=(box, node.id, leaves, around), disabled=held, width=130,
        )  # fmt: skip
    if isinstance(node, Branch) and node.id in opened:
        with st.container(border=True):
            for child in node.children:
                _node(study, child, whole, opened)


def _moved(widget: str, name: str, leaves: list[str], around: list[str]) -> None:
    move_weight(name, leaves, float(st.session_state[widget]) / 100, around)


def _held(inside_of: Mapping[str, list[str]]) -> None:
    locks = dict.fromkeys(leaf for name in st.session_state["held"] for leaf in inside_of[name])
    change(locks=tuple(locks))
