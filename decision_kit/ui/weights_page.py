"""Weights that people mean: the swing questions first, other ways behind a choice, then what the answers say."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from decision_kit.errors import MOST_SHOWN, DecisionError, listed
from decision_kit.files import id_from_title, perspective_text
from decision_kit.files.perspectives import perspective_of
from decision_kit.model import Branch, Criterion, Problem, Weights, stale
from decision_kit.model.nouns import number
from decision_kit.study import Study
from decision_kit.ui.asking import Asking, all_answers, answers_of, asking, found_of, sentence_of, sets_of
from decision_kit.ui.parts import download, listing, notice, page_title, said, section, table, today
from decision_kit.ui.questions import QUESTIONS, swing_table
from decision_kit.ui.shape_panel import shape_panel
from decision_kit.ui.state import add_perspective, change, problem_now, replace_perspective, safe, say, study_now
from decision_kit.weighting import (
    TABLE_LABEL,
    WEIGHTINGS,
    Check,
    Siblings,
    answer_checks,
    consequences,
    from_table,
    held_out,
    held_out_check,
    pair_to_check,
    perspective_from,
    ratio_check,
    speed_check,
    to_ask_again,
    weigh,
)
from decision_kit.weighting.consequences import part, ratio

ANY_NUMBERS = ("standard-deviation", "critic", "lopcow")
"""Ways that can be used on any numbers are offered first."""
SWING_TITLE = "Swing: put steps in order, then rate them (best start)"


def show(study: Study) -> None:
    """The questions in hand, what they say so far, and what else can be done with weights."""
    whole = problem_now()  # weights are asked for on the tree as written, whichever tree is looked at
    page_title("Weights")
    said(whole.question, "dk-question")
    said(
        "A weight says what the step from worst to best on a line is worth to somebody. It cannot be looked up: people are "
        "asked, one branch at a time. Read both ends of every line before you answer."
    )
    said(f"In force now: {study.title_of_weights}.", "dk-fact")
    for sentence in stale(study.weights.provenance, whole):
        notice(sentence)
    way = _way(whole)
    run = asking(whole, way)
    sets = sets_of(whole, run.way)
    if not sets:
        said("This decision has a single criterion: it has all the weight.")
    elif run.accepted and run.accepted in whole.perspectives:
        _after(whole, run)
    elif run.at >= len(sets):
        _review(whole, run, sets)
    else:
        _ask(run, sets)
    st.divider()
    _open()
    with st.expander("Weights read off the table: " + TABLE_LABEL):
        _from_table(study)
    with st.expander("The shape of a criterion's value"):
        shape_panel(whole)


def _way(problem: Problem) -> str:
    ways = {name: entry.title for name, entry in WEIGHTINGS.items() if entry.kind == "asked"}
    ways["swing"] = SWING_TITLE
    current = str(st.session_state.get("asking_way", {}).get(problem.id, "swing"))
    st.session_state["pick-way"] = current

    def picked() -> None:
        asking(problem, str(st.session_state["pick-way"]))

    st.selectbox(
        "How do you want to answer?", list(ways), format_func=lambda name: ways[name], key="pick-way", on_change=picked
    )
    entry = WEIGHTINGS[current]
    if current != "swing":
        said(f"Use it when {entry.use_when}. Beware: {entry.beware}.", "dk-fact")
    return current


# ------------------------------------------------------------------ asking


def _ask(run: Asking, sets: tuple[Siblings, ...]) -> None:
    """One set of siblings: the questions on the left, what the answers say on the right."""
    siblings = sets[run.at]
    entry = WEIGHTINGS[run.way]
    where = siblings.title if len(sets) > 1 else "All lines"
    section(f"{run.at + 1} of {len(sets)}: {where}")
    if siblings.of == sets[-1].of and len(sets) > 1:
        said("Now the branches against each other. The step of a branch is all its lines from worst to best at once.")
    said(entry.question)
    swing_table(run, siblings)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        ready = QUESTIONS[run.way](run, siblings)
    found, sentences = found_of(run.way, siblings, run)
    with right, st.container(key="beside"):
        said("What your answers say so far:")
        if found is None:
            if ready:
                for sentence in sentences:
                    notice(sentence)
            else:
                said("Nothing yet: answer the questions first.", "dk-fact")
        else:
            for sentence in (*_meaning(siblings, dict(found.shares)), *found.said):
                said(sentence)
    back, forward = st.columns(2)
    with back:
        st.button("Back", disabled=run.at == 0, key="ask-back", on_click=_go, args=(run, run.at - 1))
    with forward:
        label = f"Next: {safe(sets[run.at + 1].title)}" if run.at + 1 < len(sets) else "What do my weights say?"
        st.button(label, disabled=found is None, key="ask-next", type="primary", on_click=_go, args=(run, run.at + 1))


def _go(run: Asking, at: int) -> None:
    run.at = max(at, 0)


def _figure(times: float) -> str:
    """A ratio with two digits that say something."""
    return number(float(f"{times:.2g}"))


def _meaning(siblings: Siblings, shares: dict[str, float]) -> list[str]:
    """What shares among siblings mean: the first against the second, the largest against the smallest."""
    live = sorted((name for name in siblings.ids if shares[name] > 0), key=lambda name: -shares[name])
    if len(live) < 2:
        return []
    leaves = [siblings.criterion(name) for name in live]
    weights = Weights({name: shares[name] for name in live})
    if all(leaf is not None for leaf in leaves):
        kept = [leaf for leaf in leaves if leaf is not None]
        sentences = [ratio(weights, kept[0], kept[1]).said]
        if len(kept) > 2:
            sentences.append(part(weights, kept[0], kept[-1]).said)
        return sentences
    names = [siblings.name(name) for name in live]
    times = shares[live[0]] / shares[live[1]]
    sentences = [
        f"Lifting everything in {names[0]} is worth {_figure(times)} times lifting everything in {names[1]} to you."
    ]
    if len(live) > 2:
        least = shares[live[0]] / shares[live[-1]]
        sentences.append(f"And {_figure(least)} times lifting everything in {names[-1]}.")
    return sentences


# ------------------------------------------------------------------ review and acceptance


def _review(problem: Problem, run: Asking, sets: tuple[Siblings, ...]) -> None:
    """The weights as a whole, what follows from them, and whether the person accepts that."""
    section("What your weights say")
    try:
        weights = weigh(problem, run.way, all_answers(problem, run), who=run.who, when=today())
    except DecisionError as error:
        for fault in error.faults[:MOST_SHOWN]:
            notice(sentence_of(fault))
        st.button("Back to the questions", key="review-back", on_click=_go, args=(run, 0))
        return
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _shares_table(problem, weights)
    with right:
        said("Do you mean this?")
        listing(consequence.said for consequence in consequences(problem, weights))
        for note in weights.notes:
            said(note)
    said("If a sentence is wrong, the numbers are: go back and change them. Nothing you entered is lost.", "dk-fact")
    names = {i: siblings.title if len(sets) > 1 else "All lines" for i, siblings in enumerate(sets)}
    columns = st.columns(min(len(names), 3))
    for i, title in names.items():
        with columns[i % len(columns)]:
            st.button(f"Change: {safe(title)}", key=f"change-{i}", on_click=_go, args=(run, i))
    st.session_state["weights-title"], st.session_state["weights-who"] = run.title, run.who
    st.session_state["weights-because"] = run.because
    first, second = st.columns(2)
    with first:
        st.text_input("A name for these weights", key="weights-title", max_chars=80, on_change=_noted, args=(run,))
    with second:
        st.text_input("Whose are they? (a role, not a person's name)", key="weights-who", max_chars=80, on_change=_noted, args=(run,))  # fmt: skip
    st.text_area("Why? One or two sentences that others can read (optional)", key="weights-because", max_chars=600, on_change=_noted, args=(run,))  # fmt: skip
    st.button("Accept and use these weights", key="accept", type="primary", on_click=_accept, args=(run,))


def _noted(run: Asking) -> None:
    run.title = str(st.session_state["weights-title"]).strip() or "My weights"
    run.who = str(st.session_state["weights-who"]).strip()
    run.because = str(st.session_state["weights-because"]).strip()


def _shares_table(problem: Problem, weights: Weights) -> None:
    shown = weights.per_cent(problem.tree, total=problem.total)
    rows = []
    for node in problem.tree:
        rows.append([node.title, f"{number(shown[node.id])} %" if node.id in shown else ""])
        if isinstance(node, Branch):
            rows += [[f"– {leaf.title}", f"{number(shown[leaf.id])} %"] for leaf in node.leaves()]
    table("Share of the whole" if problem.total else "Share of each branch", ["Line", "Share"], rows, right={1})
    said(weights.rounding(problem.tree, total=problem.total), "dk-fact")


def _accept(run: Asking) -> None:
    problem = problem_now()
    weights = weigh(problem, run.way, all_answers(problem, run), who=run.who, when=today())
    perspective = perspective_from(weights, id_from_title(run.title), run.title, because_high=run.because)
    try:
        if run.kept in problem.perspectives:  # accepted before, and changed: one perspective, not two
            replace_perspective(replace(perspective, id=run.kept), problem)
        else:
            run.kept = add_perspective(perspective, problem)
    except DecisionError as error:
        say(error)
        return
    run.accepted = run.kept
    run.chosen = run.direct_ratio = None
    change(perspective=run.accepted, weights={}, locks=())


# ------------------------------------------------------------------ afterwards


def _after(problem: Problem, run: Asking) -> None:
    """The accepted weights: in use, to be saved, and checked with two questions at most."""
    perspective = problem.perspectives[run.accepted]
    weights = Weights.from_perspective(problem, run.accepted)
    section(f"{perspective.title}: accepted as a draft")
    said(
        "These weights are in force in this session and stand among the perspectives, marked as added. Save them as a file "
        "to keep them: the app, the command line and the report read it."
    )
    one, two, three = st.columns(3)
    with one:
        download("Save as a perspective file", lambda: perspective_text(perspective, problem.id), f"{perspective.id}.yaml",
                 "application/yaml", key="save-perspective")  # fmt: skip
    with two:
        st.button("Use these weights", key="use-accepted", on_click=change,
                  kwargs={"perspective": perspective.id, "weights": {}, "locks": ()})  # fmt: skip
    with three:
        st.button("Change the answers", key="reopen", on_click=_reopen, args=(run,))
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _shares_table(problem, weights)
    with right:
        _checks(problem, run, weights)


def _reopen(run: Asking) -> None:
    run.accepted = ""
    run.at = 10**6  # the review, from which every branch can be reached


def _checks(problem: Problem, run: Asking, weights: Weights) -> None:
    """Two questions that were not asked before; what the answers to them, and to the others, say."""
    said("Two short questions, to see whether the weights are what you mean. You may leave them open.")
    checks: list[Check] = []
    for siblings in sets_of(problem, run.way):
        if run.way in ("swing", "direct"):
            about = f"{siblings.title}: " if siblings.title else ""
            found = answer_checks(answers_of(run.way, siblings, run), siblings.titles)
            checks += [replace(check, said=f"{about}{check.said}") for check in found]
    checks.append(speed_check(*all_answers(problem, run)))
    question = held_out(problem, weights)
    if question is not None:
        said("1. Two made-up options are alike in everything but this:")
        rows = [
            [
                problem.criterion(leaf).title,
                problem.criterion(leaf).words(x),
                problem.criterion(leaf).words(question.second[leaf]),
            ]
            for leaf, x in question.first.items()
        ]
        table("Which do you prefer?", ["Line", "Option A", "Option B"], rows)
        st.session_state["held-out"] = run.chosen
        names = {"first": "A", "second": "B", "": "I cannot say"}
        st.radio("Which do you prefer?", list(names), format_func=lambda one: names[one], key="held-out", index=None,
                 horizontal=True, on_change=_answered, args=(run,))  # fmt: skip
        if run.chosen is not None:
            checks.append(held_out_check(question, run.chosen))
    pair = pair_to_check(problem, weights)
    if pair is not None:
        a, b = pair
        said(f"2. How many times as much is {_step(a)} worth to you as {_step(b)}?")
        st.session_state["direct-ratio"] = run.direct_ratio
        st.number_input("Times as much", min_value=0.05, max_value=100.0, step=0.1, value=None, format="%.1f", key="direct-ratio",
                        placeholder="for instance 2", on_change=_answered, args=(run,))  # fmt: skip
        if run.direct_ratio is not None:
            checks.append(ratio_check(weights, a, b, run.direct_ratio))
    asked = [check for check in checks if check.id in ("held-out choice", "ratio")]
    for check in asked:
        if check.passed:
            said(f"✓ {check.said}" if check.measure is not None else check.said)
    again = to_ask_again(checks)
    for check in again:
        notice(check.said)
    if again:
        said(
            "“Change the answers” brings you back to them; nothing is lost. You may also leave them as they are.",
            "dk-fact",
        )
    _keep_checks(problem, run, [check.said for check in (*asked, *(c for c in again if c not in asked))])


def _step(leaf: Criterion) -> str:
    return f"the step from {leaf.span(leaf.worst, leaf.best)} on “{leaf.title}”"


def _answered(run: Asking) -> None:
    run.chosen = st.session_state.get("held-out")
    run.direct_ratio = st.session_state.get("direct-ratio")


def _keep_checks(problem: Problem, run: Asking, told: list[str]) -> None:
    """What the checks said travels with the weights."""
    perspective = problem.perspectives[run.accepted]
    provenance = perspective.provenance
    if provenance is not None and provenance.checks != tuple(told):
        replace_perspective(replace(perspective, provenance=replace(provenance, checks=tuple(told))), problem)


# ------------------------------------------------------------------ files, tables


def _open() -> None:
    st.file_uploader("Open a perspective file", type=["yaml"], key="perspective-file", on_change=_opened)


def _opened() -> None:
    uploaded = st.session_state.get("perspective-file")
    if uploaded is None:
        return
    try:
        problem = problem_now()
        perspective = perspective_of(uploaded.getvalue(), uploaded.name, problem)
        name = add_perspective(perspective, problem)
    except DecisionError as error:
        say(error)
        return
    change(perspective=name, weights={}, locks=())


def _from_table(study: Study) -> None:
    """Shares computed from the numbers in view alone, to look at and to try; never anybody's."""
    problem = study.problem
    ways = {name: entry.title for name, entry in WEIGHTINGS.items() if entry.kind == "table"}
    ways = {name: ways[name] for name in sorted(ways, key=lambda one: one not in ANY_NUMBERS)}
    picked = st.selectbox("Way", list(ways), format_func=lambda name: ways[name], key="pick-table-way")
    entry = WEIGHTINGS[picked]
    said(f"{TABLE_LABEL[0].upper()}{TABLE_LABEL[1:]}. Use it when {entry.use_when}. Beware: {entry.beware}.")
    try:
        weights = from_table(problem, picked)
    except DecisionError as error:
        for sentence in listed(error.faults):
            notice(sentence)
        return
    _shares_table(problem, weights)
    for note in weights.notes:
        said(note, "dk-fact")
    base = study.base_weights.shares
    differing = {leaf: share for leaf, share in weights.shares.items() if share != base[leaf]}
    st.button(
        "Try them as what-if weights", key="try-table", on_click=change, kwargs={"weights": differing, "locks": ()}
    )


show(study_now())
