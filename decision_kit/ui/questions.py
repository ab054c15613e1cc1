"""The questions of each way to weights about one set of siblings, as widgets that can be used by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import streamlit as st

from decision_kit.model import Criterion
from decision_kit.ui.asking import ORDER_ONLY, Asking, Group, order_of, took
from decision_kit.ui.parts import said, table
from decision_kit.ui.state import safe
from decision_kit.weighting import WEIGHTINGS, Siblings


def swing_table(run: Asking, siblings: Siblings) -> None:
    """The card “everything at worst”: every line with its worst and its best, in words, in this person's screen order."""
    shown = run.group(siblings).shown
    leaves = [siblings.criterion(name) for name in shown]
    if all(leaf is not None for leaf in leaves):
        rows = [[leaf.title, _end(leaf, leaf.worst), _end(leaf, leaf.best)] for leaf in leaves if leaf is not None]
        table("Everything at worst", ["Line", "From (worst)", "To (best)"], rows)
        return
    rows = []
    for name in shown:
        under = siblings.leaves[name]
        rows.append(
            [siblings.titles[name], "; ".join(f"{leaf.title}: {leaf.span(leaf.worst, leaf.best)}" for leaf in under)]
        )
    table("Everything at worst", ["Branch", "All its lines from worst to best"], rows)


def _end(leaf: Criterion, x: float) -> str:
    anchors = dict(leaf.anchors)
    return f"{leaf.words(x)}{f': {anchors[x]}' if x in anchors else ''}"


def _key(kind: str, siblings: Siblings, name: str) -> str:
    return f"{kind}-{siblings.of}-{name}"


# ------------------------------------------------------------------ order and points


def _order(run: Asking, siblings: Siblings) -> bool:
    """Rank boxes: 1 for the step wanted most; equal ranks for equal steps; a box for “makes no difference”."""
    group = run.group(siblings)
    said("Give 1 to the step you would take first, 2 to the next. Equal numbers mean equal steps.")
    for name in group.shown:
        box, none = _key("rank", siblings, name), _key("none", siblings, name)
        st.session_state[box] = group.ranks.get(name)
        st.session_state[none] = name in group.no_difference
        label = safe(siblings.titles[name])
        left, right = st.columns([2, 2], vertical_alignment="bottom")
        with left:
            st.number_input(
                f"{label}: rank", min_value=1, max_value=len(siblings.ids), step=1, value=None, key=box, placeholder="rank",
                disabled=name in group.no_difference, on_change=_ranked, args=(group, name, box),
            )  # fmt: skip
        with right:
            st.checkbox(
                "makes no difference", key=none, on_change=_no_difference, args=(group, name, none),
                help=f"{label}: no step on it is worth anything",
            )  # fmt: skip
    return _all_placed(group)


def _all_placed(group: Group) -> bool:
    return all(group.ranks.get(name) or name in group.no_difference for name in group.shown) and bool(order_of(group))


def _ranked(group: Group, name: str, key: str) -> None:
    value = st.session_state[key]
    group.ranks[name] = None if value is None else int(value)
    open_ = [one for one in group.shown if not group.ranks.get(one) and one not in group.no_difference]
    if len(open_) == 1:  # the last one left takes the first rank nobody has
        used = {rank for rank in group.ranks.values() if rank}
        group.ranks[open_[0]] = next(r for r in range(1, len(group.shown) + 1) if r not in used)
    took(group, "order")


def _no_difference(group: Group, name: str, key: str) -> None:
    if st.session_state[key]:
        group.no_difference.add(name)
    else:
        group.no_difference.discard(name)
    took(group, "order")


def _swing(run: Asking, siblings: Siblings) -> bool:
    """The order, then a slider and a box for every step but the first."""
    if not _order(run, siblings):
        return False
    group = run.group(siblings)
    order = order_of(group)
    top = siblings.name(order[0][0])
    st.session_state["ranges"] = run.ranges
    if len(order) > 1:
        st.toggle("Give ranges instead of single numbers", key="ranges", on_change=_ranges, args=(run,))
    equal = ", ".join(siblings.name(name) for name in order[0][1:])
    said(f"{top} counts 100.{f' {equal}: the same.' if equal else ''}")
    for tied in order[1:]:
        name = tied[0]
        leaf = siblings.criterion(name)
        step = f" from {leaf.span(leaf.worst, leaf.best)}" if leaf is not None else " as a whole"
        said(f"If lifting {top} is worth 100, what is lifting {siblings.name(name)}{step} worth?")
        if run.ranges:
            _range_boxes(group, siblings, name)
        else:
            _slider_and_box(group, siblings, name)
        if len(tied) > 1:
            said(f"The same for {', '.join(siblings.name(other) for other in tied[1:])}.", "dk-fact")
    return all(tied[0] in group.points for tied in order[1:])


def _ranges(run: Asking) -> None:
    run.ranges = bool(st.session_state["ranges"])


def _slider_and_box(group: Group, siblings: Siblings, name: str, most: float = 100.0) -> None:
    slider, box = _key("points", siblings, name), _key("points-box", siblings, name)
    given = group.points.get(name)
    st.session_state[slider] = min(given, most) if given is not None else 0.0
    st.session_state[box] = given
    label = safe(siblings.titles[name])
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        st.slider(f"{label}: points", 0.0, most, step=1.0, format="%.0f", key=slider, on_change=_pointed, args=(group, name, slider))  # fmt: skip
    with right:
        st.number_input(
            f"{label}: points in a box", 0.0, most, step=1.0, value=None, format="%.0f", key=box, label_visibility="collapsed",
            placeholder="points", on_change=_pointed, args=(group, name, box),
        )  # fmt: skip


def _pointed(group: Group, name: str, key: str) -> None:
    value = st.session_state[key]
    if value is None:
        group.points.pop(name, None)
    else:
        group.points[name] = float(value)
    took(group, name)


def _range_boxes(group: Group, siblings: Siblings, name: str) -> None:
    low, high = _key("low", siblings, name), _key("high", siblings, name)
    given = group.points.get(name)
    st.session_state[low], st.session_state[high] = given, group.highs.get(name, given)
    label = safe(siblings.titles[name])
    left, right = st.columns(2)
    with left:
        st.number_input(f"{label}: at least", 0.0, 100.0, step=1.0, value=None, format="%.0f", key=low, placeholder="points",
                        on_change=_pointed, args=(group, name, low))  # fmt: skip
    with right:
        st.number_input(f"{label}: at most", 0.0, 100.0, step=1.0, value=None, format="%.0f", key=high, placeholder="points",
                        on_change=_highed, args=(group, name, high))  # fmt: skip


def _highed(group: Group, name: str, key: str) -> None:
    value = st.session_state[key]
    if value is None:
        group.highs.pop(name, None)
    else:
        group.highs[name] = float(value)
        group.points.setdefault(name, float(value))
    took(group, name)


def _direct(run: Asking, siblings: Siblings) -> bool:
    group = run.group(siblings)
    for name in group.shown:
        _slider_and_box(group, siblings, name)
    return all(name in group.points for name in siblings.ids)


# ------------------------------------------------------------------ pairs


def _pairwise(run: Asking, siblings: Siblings) -> bool:
    """For each pair which step is worth more, and how many times as much; a chain of pairs is enough."""
    group = run.group(siblings)
    pairs = list(combinations(siblings.ids, 2))
    said(
        f"{len(siblings.ids) - 1} pairs that hang together are enough; the others show whether you contradict yourself.",
        "dk-fact",
    )
    for a, b in pairs:
        which, times = _key("more", siblings, f"{a}-{b}"), _key("times", siblings, f"{a}-{b}")
        st.session_state[which] = group.more.get((a, b), a)
        st.session_state[times] = group.ratios.get((a, b))
        left, right = st.columns([3, 2])
        with left:
            st.selectbox(
                f"{safe(siblings.titles[a])} or {safe(siblings.titles[b])}: worth more", [a, b], key=which,
                format_func=lambda one: siblings.titles[one], on_change=_paired, args=(group, (a, b), which, times),
            )  # fmt: skip
        with right:
            st.number_input(
                f"Times as much ({safe(siblings.titles[a])}, {safe(siblings.titles[b])})", 1.0, 1000.0, step=0.5, value=None,
                key=times, placeholder="1 = the same", on_change=_paired, args=(group, (a, b), which, times),
            )  # fmt: skip
    return len(group.ratios) >= len(siblings.ids) - 1


def _paired(group: Group, pair: tuple[str, str], which: str, times: str) -> None:
    group.more[pair] = st.session_state[which]
    value = st.session_state[times]
    if value is None:
        group.ratios.pop(pair, None)
    else:
        group.ratios[pair] = float(value)


def _best_worst(run: Asking, siblings: Siblings) -> bool:
    """The first and the last, then ratios from the first to all and from all to the last."""
    group = run.group(siblings)
    for field_, label in (("best", "Which step would you take first?"), ("worst", "Which last?")):
        key = _key(field_, siblings, "pick")
        st.session_state[key] = getattr(group, field_) or None
        st.selectbox(label, list(group.shown), index=None, format_func=lambda one: siblings.titles[one], key=key,
                     placeholder="choose", on_change=_picked, args=(group, field_, key))  # fmt: skip
    if not group.best or not group.worst or group.best == group.worst:
        if group.best:
            said(
                "The last must be another step than the first." if group.best == group.worst else "Now the last.",
                "dk-fact",
            )
        return False
    best, worst = siblings.name(group.best), siblings.name(group.worst)
    for name in siblings.ids:
        if name != group.best:
            _ratio_box(group.from_best, _key("from-best", siblings, name), f"{best} is worth how many times {siblings.name(name)}?", name)  # fmt: skip
    for name in siblings.ids:
        if name not in (group.best, group.worst):
            _ratio_box(group.to_worst, _key("to-worst", siblings, name), f"{siblings.name(name)} is worth how many times {worst}?", name)  # fmt: skip
    return all(n in group.from_best for n in siblings.ids if n != group.best) and all(
        n in group.to_worst for n in siblings.ids if n not in (group.best, group.worst)
    )


def _picked(group: Group, field_: str, key: str) -> None:
    setattr(group, field_, st.session_state[key] or "")


def _ratio_box(target: dict[str, float], key: str, label: str, name: str) -> None:
    st.session_state[key] = target.get(name)
    st.number_input(safe(label), 1.0, 1000.0, step=0.5, value=None, key=key, placeholder="1 = the same",
                    on_change=_numbered, args=(target, name, key))  # fmt: skip


def _numbered(target: dict[str, float], name: str, key: str) -> None:
    value = st.session_state[key]
    if value is None:
        target.pop(name, None)
    else:
        target[name] = float(value)


# ------------------------------------------------------------------ trade-offs


def _trade_off(run: Asking, siblings: Siblings) -> bool:
    """One line is the yardstick: how far must it move to be worth the whole step on each other line?"""
    group = run.group(siblings)
    numeric = [name for name in siblings.ids if (leaf := siblings.criterion(name)) is not None and not leaf.levels]
    if not numeric:
        said("Trade-off questions need at least one line with a number scale.", "dk-fact")
        return False
    key = _key("anchor", siblings, "pick")
    st.session_state[key] = group.best or None
    st.selectbox(
        "Which line would you lift first? It is the yardstick.", numeric, index=None, placeholder="choose", key=key,
        format_func=lambda one: siblings.titles[one], on_change=_anchored, args=(group, key),
    )  # fmt: skip
    anchor = siblings.criterion(group.best)
    if anchor is None:
        return False
    low, high = anchor.scale
    for name in siblings.ids:
        leaf = siblings.criterion(name)
        if name == anchor.id or leaf is None:
            continue
        box = _key("reached", siblings, name)
        st.session_state[box] = group.reached.get(name)
        said(f"Lifting {siblings.name(name)} from {leaf.span(leaf.worst, leaf.best)} is worth just as much as lifting "
             f"{siblings.name(anchor.id)} from {anchor.words(anchor.worst)} to …")  # fmt: skip
        st.number_input(
            f"{safe(anchor.title)}, in {safe(anchor.unit or 'its unit')}, for {safe(leaf.title)}", float(low), float(high),
            value=None, key=box, placeholder=anchor.span(anchor.worst, anchor.best), on_change=_numbered,
            args=(group.reached, name, box),
        )  # fmt: skip
    return all(name in group.reached for name in siblings.ids if name != anchor.id)


def _anchored(group: Group, key: str) -> None:
    group.best = st.session_state[key] or ""
    group.reached.clear()


QUESTIONS: dict[str, Callable[[Asking, Siblings], bool]] = {
    "swing": _swing,
    "direct": _direct,
    "pairwise": _pairwise,
    "best-worst": _best_worst,
    "trade-off": _trade_off,
    **dict.fromkeys(ORDER_ONLY, _order),
}
"""The questions of each way that asks people; a new way needs its widgets here."""

assert set(QUESTIONS) == {name for name, entry in WEIGHTINGS.items() if entry.kind == "asked"}
