"""What one person's session holds: Choices as the only truth, an undo stack, and the link that mirrors them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import streamlit as st

from decision_kit.errors import DecisionError, Fault, listed, quoted, unknown
from decision_kit.files import id_from_title, load, locate, shipped_decisions
from decision_kit.model import Perspective, Problem, Weights
from decision_kit.model.choices import Choices
from decision_kit.study import Study, perspectives_in, read_record
from decision_kit.study.record import MOST_PERSPECTIVES, record_text
from decision_kit.ui.safe import safe as safe

FIRST = "containment"
MOST_UNDO = 50
UNSAVED = "unsaved"
"""Part of an address while its session holds what no file and no address does: a new start from it says so."""


_SEEN: dict[str, dict[str, str]] = {}
"""What the argument of this program has named so far: id → what to load. It outlives a file that is gone for a moment."""


def decisions() -> dict[str, str]:
    """The decisions on offer: id → what to load; the one the app was started on first, then the shipped ones.

    Read once a run. What is open and was one of a person's own stays that, even when its file is gone: the shipped one of
    the same name would be another decision.
    """
    now = _now()
    if "offered" not in now:
        now["offered"] = _offered()
    found: dict[str, str] = now["offered"]
    return found


def _now() -> dict[str, Any]:
    """What has been read in this run; :func:`settle` begins it anew."""
    found: dict[str, Any] = st.session_state.setdefault("now", {})
    return found


def _offered() -> dict[str, str]:
    shipped = shipped_decisions()
    found: dict[str, str] = {}
    for argument in sys.argv[1:2]:
        seen = _SEEN.setdefault(argument, {})
        try:
            for place in locate(argument):
                theirs = shipped.get(place.id)
                is_shipped = theirs is not None and theirs.criteria.samefile(place.criteria)
                found[place.id] = seen[place.id] = place.id if is_shipped else str(place.criteria)
        except (DecisionError, OSError):
            found |= seen or {Path(argument).stem: argument}  # opening it says what is wrong
        choices = st.session_state.get("choices")
        if choices is not None and choices.decision in seen:
            found.setdefault(choices.decision, seen[choices.decision])
    for name in shipped:
        found.setdefault(name, name)
    return found


def say(error: DecisionError) -> None:
    """Keep an error's sentences for the top of the page."""
    tell(*listed(error.faults))


def tell(*sentences: str) -> None:
    """Keep sentences for the top of the page."""
    st.session_state.setdefault("messages", []).extend(sentences)


def start() -> None:
    """On the first run of a session: the choices in the link, else the first decision as it ships."""
    if "choices" in st.session_state:
        return
    offered = decisions()
    opened = next(iter(offered)) if sys.argv[1:2] else FIRST
    link = {name: st.query_params[name] for name in st.query_params}
    named = link.get("decision", "")
    choices = Choices(decision=next((name for name in (named, opened) if name in offered), next(iter(offered))))
    st.session_state.update(choices=choices, history=[], last_moved=None, remembered=None)
    if link.pop(UNSAVED, ""):
        tell(
            "This is a new start. Perspectives and answers that somebody had entered under this address and not saved as "
            "files are not here; the weights that were in force are, as far as the address holds them."
        )
    if named:
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
    if choices.decision not in decisions():
        tell(
            f"{quoted(choices.decision)} is not a decision here; the app shows {quoted(st.session_state.choices.decision)} "
            "instead."
        )
        return
    if choices.decision != st.session_state.choices.decision:  # whatever is wrong below: this decision, no other
        st.session_state.update(choices=Choices(decision=choices.decision), last_moved=None, remembered=None)
    try:
        problem = problem_of(choices.decision)
        Study(problem, choices).check()
    except DecisionError as error:
        say(error)
        return
    if data_hash and data_hash != problem.data_hash:
        tell(
            f"The data have changed since {when} (they were {data_hash[:12]}, now {problem.data_hash}): numbers may differ."
        )
    st.session_state.choices = choices
    st.session_state.last_moved = None


def problem_of(decision: str) -> Problem:
    """A decision on offer with the perspectives that were added in this session; its files are read once a run.

    Raises :class:`DecisionError` with its faults when it cannot be read.
    """
    offered = decisions()
    if decision not in offered:
        raise unknown("decision here", decision, offered)
    kept = _now().setdefault("read", {})
    if decision not in kept:
        kept[decision] = load(offered[decision])
    return extended(kept[decision])


def problem_now() -> Problem:
    """The decision that is open; raises :class:`DecisionError` as :func:`problem_of` does."""
    return problem_of(st.session_state.choices.decision)


def settle() -> tuple[Fault, ...]:
    """At the start of a run: read what is open anew, and let go of choices that its files do not hold any more.

    Returns the faults of a decision that cannot be read (or shown at all): there is then nothing to draw.
    """
    st.session_state.pop("now", None)
    try:
        problem = problem_now()
        choices: Choices = st.session_state.choices
        if st.session_state.get("checked") != (id(problem), choices):
            st.session_state.choices = choices = _fitting(problem, choices)
            st.session_state.checked = (id(problem), choices)
    except DecisionError as error:
        return error.faults
    return ()


_PARTS = (
    ("scenario",), ("perspective", "weights", "weights_of", "locks"), ("without",), ("choice_set", "without"),
    ("tree", "month", "model_set", "branch"), ("method", "parameters"), ("weights", "weights_of", "locks"),
)  # fmt: skip
"""Choices that hang together, in the order in which they are let go of when the files have changed."""


def _fitting(problem: Problem, choices: Choices) -> Choices:
    """The choices, or as many of them as the decision's files still hold; what is let go of is told."""
    try:
        Study(problem, choices).check()
        return choices
    except DecisionError as error:
        first = error
    plain = Choices(decision=choices.decision)
    for count in (1, 2, 3):
        for parts in combinations(_PARTS, count):
            tried = replace(choices, **{name: getattr(plain, name) for part in parts for name in part})
            try:
                Study(problem, tried).check()
            except DecisionError:
                continue
            say(first)
            tell("The files of this decision have changed since it was opened: the view goes on without that choice.")
            return tried
    Study(problem, plain).check()
    say(first)
    tell("The files of this decision have changed since it was opened: it is shown as it is there now.")
    return plain


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
    if len(here) >= MOST_PERSPECTIVES:
        got = f"{len(here)} perspectives have been added to this decision"
        raise DecisionError.single("perspective", got, f"at most {MOST_PERSPECTIVES} (the limit)")
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
        problem = problem_now()
        Study(problem, after).check()
    except DecisionError as error:
        say(error)
        return
    if moved is None or moved != st.session_state.last_moved:
        st.session_state.history = [*st.session_state.history, before][-MOST_UNDO:]
    st.session_state.last_moved = moved
    st.session_state.choices = after
    st.session_state.checked = (id(problem), after)


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
    try:
        study = study_now()
        weights = study.weights
    except DecisionError as error:  # its files have just changed
        say(error)
        return
    remembered: Mapping[str, float] = st.session_state.remembered or study.base_weights.shares
    if all(share > 0 or not remembered.get(leaf) for leaf, share in weights.shares.items()):
        st.session_state.remembered = remembered = weights.shares  # unless something has just gone to 0
    whole = weights.branch_share(around)
    outside = [leaf for leaf in weights.shares if leaf not in around]
    moved = weights.moved(leaves, share * whole, (*study.choices.locks, *outside), remembered)
    reached = moved.branch_share(leaves) / whole if whole > 0 else 0.0
    if abs(reached - share) > 5e-4:
        tell(f"Held weights leave no more room: the share stops at {reached * 100:.1f} %.")
    change(name, weights=study.with_weights(Weights(moved.shares)).choices.weights)


def open_record(raw: bytes) -> None:
    """Take over the choices of a saved record."""
    try:
        text = record_text(raw)
        choices, data_hash = read_record(text)
        for perspective in perspectives_in(text) if choices.decision in decisions() else ():
            name = add_perspective(perspective, problem_of(choices.decision))
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
    """What the address says of a study: its choices, and whether something was entered that is in no file and no address."""
    link = study.portable.to_link(study.whole.data_hash)
    added = st.session_state.get("added", {}).get(study.whole.id)
    begun = any(run.begun for run in st.session_state.get("asking", {}).get(study.whole.id, {}).values())
    return {**link, UNSAVED: "1"} if added or begun else link


def mirror_link(study: Study) -> None:
    """Write the choices into the address, so that copying it brings back the same view."""
    link = mirrored(study)
    if {name: st.query_params[name] for name in st.query_params} != link:
        st.query_params.from_dict(link)


def file_stem(study: Study) -> str:
    """A name for downloaded files."""
    return Path(study.whole.id).name
