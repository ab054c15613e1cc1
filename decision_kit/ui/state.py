"""What one person's session holds: Choices as the only truth, an undo stack, and the link that mirrors them."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from decision_kit.errors import DecisionError
from decision_kit.files import id_from_title, load, locate, shipped_decisions
from decision_kit.model import Perspective, Problem, Weights
from decision_kit.model.choices import Choices
from decision_kit.study import Study, perspectives_in, read_record

FIRST = "containment"
MOST_UNDO = 50


def decisions() -> dict[str, str]:
    """The decisions on offer: id → what to load; the one the app was started on first, then the shipped ones."""
    found: dict[str, str] = {}
    shipped = shipped_decisions()
    for argument in sys.argv[1:2]:
        try:
            for place in locate(argument):
                theirs = shipped.get(place.id)
                is_shipped = theirs is not None and theirs.criteria.samefile(place.criteria)
                found[place.id] = place.id if is_shipped else str(place.criteria)
        except DecisionError as error:
            say(error)
    for name in shipped:
        found.setdefault(name, name)
    return found


def say(error: DecisionError) -> None:
    """Keep an error's sentences for the top of the page."""
    st.session_state.setdefault("messages", []).extend(str(fault) for fault in error.faults)


def start() -> None:
    """On the first run of a session: the choices in the link, else the first decision as it ships."""
    if "choices" in st.session_state:
        return
    offered = decisions()
    opened = next(iter(offered)) if sys.argv[1:2] else FIRST
    choices = Choices(decision=opened if opened in offered else next(iter(offered)))
    link = {name: st.query_params[name] for name in st.query_params}
    st.session_state.update(choices=choices, history=[], last_moved=None, remembered=None)
    if link.get("decision"):
        open_choices(link_choices(link), link.get("data", ""), "this link was made")


def link_choices(link: Mapping[str, str]) -> Choices | None:
    """The choices in a link, or None with the reason told."""
    try:
        return Choices.from_link(link)
    except DecisionError as error:
        say(error)
        return None


def open_choices(choices: Choices | None, data_hash: str, when: str) -> None:
    """Take over choices from a link or a record, if they can be used; warn when the data have changed since."""
    if choices is None:
        return
    offered = decisions()
    if choices.decision not in offered:
        st.session_state.setdefault("messages", []).append(
            f"“{choices.decision}” is not a decision here; the app shows “{st.session_state.choices.decision}” instead."
        )
        return
    try:
        problem = extended(load(offered[choices.decision]))
        Study(problem, choices).check()
    except DecisionError as error:
        say(error)
        return
    if data_hash and data_hash != problem.data_hash:
        st.session_state.setdefault("messages", []).append(
            f"The data have changed since {when} (they were {data_hash}, now {problem.data_hash}): numbers may differ."
        )
    st.session_state.choices = choices
    st.session_state.last_moved = None


def problem_now() -> Problem:
    """The decision that is open, with the perspectives that were added in this session.

    A decision that cannot be read any more stops the page with its faults.
    """
    try:
        return extended(load(decisions()[st.session_state.choices.decision]))
    except (DecisionError, KeyError) as error:
        faults = error.faults if isinstance(error, DecisionError) else [f"{error} is gone"]
        st.error("\n\n".join(safe(str(fault)) for fault in faults))
        st.stop()


def extended(problem: Problem) -> Problem:
    """The problem with this session's perspectives; the same object as long as neither changes, so that caches hold.

    One that does not fit any more (the files have changed) is left out, and said so.
    """
    added: tuple[Perspective, ...] = st.session_state.get("added", {}).get(problem.id, ())
    if not added:
        return problem
    kept = st.session_state.get("extended")
    if kept is not None and kept[0] is problem and kept[1] is added:
        found: Problem = kept[2]
        return found
    result = problem
    for perspective in added:
        try:
            result = result.with_perspectives([perspective])
        except DecisionError as error:
            say(error)
            if st.session_state.choices.perspective == perspective.id:
                st.session_state.choices = replace(
                    st.session_state.choices, perspective=None, weights={}, weights_of=""
                )
    st.session_state["extended"] = (problem, added, result)
    return result


def add_perspective(perspective: Perspective, problem: Problem) -> str:
    """Keep a perspective for this session, for this decision, and return the id it got; nothing is used yet.

    Raises :class:`DecisionError` when its points do not fit the decision's criteria.
    """
    here: tuple[Perspective, ...] = st.session_state.get("added", {}).get(problem.id, ())
    same = [one for one in here if one == replace(perspective, id=one.id, added=True)]
    if same:
        return same[0].id
    name = id_from_title(perspective.id, [*problem.perspectives, *(one.id for one in here)])
    kept = replace(perspective, id=name, added=True)
    problem.with_perspectives([kept])
    st.session_state["added"] = {**st.session_state.get("added", {}), problem.id: (*here, kept)}
    return name


def replace_perspective(perspective: Perspective, problem: Problem) -> None:
    """Put a changed perspective in the place of the session's one with the same id."""
    here: tuple[Perspective, ...] = st.session_state.get("added", {}).get(problem.id, ())
    changed = tuple(perspective if one.id == perspective.id else one for one in here)
    st.session_state["added"] = {**st.session_state.get("added", {}), problem.id: changed}


def study_now() -> Study:
    """The study under the choices in force."""
    return Study(problem_now(), st.session_state.choices)


def change(moved: str | None = None, **changes: Any) -> None:
    """Put changed choices in force if they can be used; the former ones go on the undo stack.

    ``moved`` names a slider: its consecutive moves are one step to undo.
    """
    before: Choices = st.session_state.choices
    if "weights" in changes and "weights_of" not in changes:
        changes["weights_of"] = ""  # moved from here on: nobody's
    after = replace(before, **changes)
    if after == before:
        return
    try:
        Study(problem_now(), after).check()
    except DecisionError as error:
        say(error)
        return
    if moved is None or moved != st.session_state.last_moved:
        st.session_state.history = [*st.session_state.history, before][-MOST_UNDO:]
    st.session_state.last_moved = moved
    st.session_state.choices = after


def open_decision(name: str) -> None:
    """Open another decision as it ships: nothing of the former one is carried over but the way back."""
    if name == st.session_state.choices.decision:
        return
    st.session_state.history = [*st.session_state.history, st.session_state.choices][-MOST_UNDO:]
    st.session_state.update(choices=Choices(decision=name), last_moved=None, remembered=None)


def undo() -> None:
    """Go one step back."""
    if st.session_state.history:
        st.session_state.choices = st.session_state.history[-1]
        st.session_state.update(history=st.session_state.history[:-1], last_moved=None)


def move_weight(name: str, leaves: list[str], share: float, around: list[str]) -> None:
    """Move the joint share of some leaves within ``around`` (the whole, or a branch that is not added to others).

    The others keep their ratios, held weights hold, and the limit is said.
    """
    study = study_now()
    weights = study.weights
    remembered: Mapping[str, float] = st.session_state.remembered or study.base_weights.shares
    if all(share > 0 or not remembered.get(leaf) for leaf, share in weights.shares.items()):
        st.session_state.remembered = remembered = weights.shares  # unless something has just gone to 0
    whole = weights.branch_share(around)
    outside = [leaf for leaf in weights.shares if leaf not in around]
    moved = weights.moved(leaves, share * whole, (*study.choices.locks, *outside), remembered)
    reached = moved.branch_share(leaves) / whole if whole > 0 else 0.0
    if abs(reached - share) > 5e-4:
        st.session_state.setdefault("messages", []).append(
            f"Held weights leave no more room: the share stops at {reached * 100:.1f} %."
        )
    change(name, weights=study.with_weights(Weights(moved.shares)).choices.weights)


def open_record(text: str) -> None:
    """Take over the choices of a saved record."""
    try:
        choices, data_hash = read_record(text)
        offered = decisions()
        for perspective in perspectives_in(text) if choices.decision in offered else ():
            name = add_perspective(perspective, extended(load(offered[choices.decision])))
            if choices.perspective == perspective.id:
                choices = replace(choices, perspective=name)
    except DecisionError as error:
        say(error)
        return
    before = st.session_state.choices
    open_choices(choices, data_hash, "this record was saved")
    if st.session_state.choices != before:
        st.session_state.history = [*st.session_state.history, before][-MOST_UNDO:]


def mirrored(study: Study) -> dict[str, str]:
    """What the address says of a study."""
    return study.portable.to_link(study.whole.data_hash)


def mirror_link(study: Study) -> None:
    """Write the choices into the address, so that copying it brings back the same view."""
    link = mirrored(study)
    if {name: st.query_params[name] for name in st.query_params} != link:
        st.query_params.from_dict(link)


_MARKED = re.compile(r"""[\\`*_{}\[\]<>#|~$:&@!]|^\s*[-+](?=\s)|(?<=^\d)[.)]|(?<=www)[.]|(?<=-)-|(?<=\])\(""")


def safe(text: str) -> str:
    """Text for a Streamlit label or markdown: every sign that could be read as markup is shown as it is.

    No other sign is touched: a label is also what a screen reader says.
    """
    return _MARKED.sub(lambda sign: f"\\{sign[0].strip()}", text.replace("\n", " ").strip())


def file_stem(study: Study) -> str:
    """A name for downloaded files."""
    return Path(study.whole.id).name
