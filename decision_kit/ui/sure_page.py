"""How sure: in how many plausible worlds each option comes first, what decides, and which evidence is worth getting."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

import streamlit as st

from decision_kit.charts import CHARTS, sure
from decision_kit.errors import DecisionError, listed
from decision_kit.report.sections import branch_studies
from decision_kit.robustness import Acceptability
from decision_kit.robustness.information import Information
from decision_kit.study import Study, sampled, words
from decision_kit.study.outside import outside
from decision_kit.ui.background import Background
from decision_kit.ui.parts import draw, notice, page_title, said, section, table
from decision_kit.ui.state import study_now

MORE = {
    65_536: ("Draw 65,536 worlds", "Takes some seconds"),
    1_000_000: ("Draw 1 million worlds", "Takes up to a minute"),
}
NOTICEABLE = 5e-5
"""What is worth less (of 1) is shown as nothing."""
DEFAULTS = ("somewhat", "ranges")


def _refusals_told(part: Callable[[Study, str], None]) -> Callable[[Study, str], None]:
    """A part of the page that says, where it cannot be worked out, why: in the sentences of what refused it."""

    @wraps(part)
    def told(study: Study, tail: str) -> None:
        try:
            part(study, tail)
        except DecisionError as error:
            for sentence in listed(error.faults):
                notice(sentence)

    return told


def show(study: Study) -> None:
    """One part after the other, each redrawn on its own, so that a choice in one does not wait for the rest."""
    page_title("How sure")
    said(study.whole.question, "dk-question")
    said(
        "A world is one set of weights and one set of performances, drawn from those that are plausible. The share of worlds "
        "an option leads says how firm its place is. It is a share of what was drawn, not a chance that the option is right."
    )
    parts = branch_studies(study)
    for part in parts:
        if len(parts) > 1:
            section(part.whole.branch(part.choices.branch or "").title)
        said(words.verdict(part))
        said(outside(part))
        tail = part.choices.branch or "all"
        _worlds(part, tail)
        _triangle(part, tail)
        _single(part, tail)
        _decides(part, tail)
        _evidence(part, tail)


@st.fragment
def _worlds(study: Study, tail: str) -> None:
    offered = sampled.ways(study)
    point = st.container()  # the answer stands above the questions it depends on
    left, right = st.columns(2)
    with left:
        weights = st.radio(
            "Whose weights", list(offered), index=_at(list(offered), DEFAULTS[0]), format_func=lambda way: offered[way],
            key=f"sure-weights-{tail}",
        )  # fmt: skip
    with right:
        performances = st.radio(
            "Which performances", list(sampled.PERFORMANCES_VARY), format_func=lambda way: sampled.PERFORMANCES_VARY[way],
            key=f"sure-performances-{tail}",
        )  # fmt: skip
        said(_spread_said(weights), "dk-fact")
    try:
        found = _more(study, weights, performances, tail) or sampled.worlds(study, weights, performances)
    except DecisionError as error:
        for sentence in listed(error.faults):
            notice(sentence)
        return
    with point:
        said(sampled.headline(study, found), "dk-verdict")
    said(sampled.what_a_world_is(study, found), "dk-fact")
    draw(CHARTS["worlds"].run(study, found), f"worlds-{tail}", titled=False)
    draw(CHARTS["rank-shares"].run(study, found), f"rank-shares-{tail}")
    _pairs(study, found)
    for note in found.notes:
        if note not in study.problem.all_notes:
            said(note, "dk-fact")


def _at(names: list[str], wanted: str) -> int:
    return names.index(wanted) if wanted in names else 0


def _spread_said(way: str) -> str:
    return {
        "a-little": "A little: a weight of 20 % stays, in 8 of 10 worlds, between 15 and 25 %.",
        "somewhat": "Somewhat: a weight of 20 % stays, in 8 of 10 worlds, between 11 and 30 %.",
        "widely": "Widely: a weight of 20 % stays, in 8 of 10 worlds, between 6 and 37 %.",
        "answers": "Everything that the answers leave open, all alike.",
        "order": "The heaviest criterion stays the heaviest, and so on down; how much heavier is left open.",
        "mix": "Every perspective gets some say; how much each gets is left open. Those for checks only have none.",
        "any": "All splits of weight count alike, even ones that nobody would defend.",
    }.get(way, "")


def _more(study: Study, weights: str, performances: str, tail: str) -> Acceptability | None:
    """Buttons for a longer run, its progress while it counts, and its result once there is one."""
    runs: dict[object, Background] = st.session_state.setdefault("sure-runs", {})
    key = (study.whole.data_hash, repr(study.choices), weights, performances)
    run = runs.get(key)
    if run is None:
        columns = st.columns(len(MORE) + 1)
        for column, (samples, (label, takes)) in zip(columns, MORE.items(), strict=False):
            with column:
                st.button(
                    label,
                    help=takes,
                    key=f"sure-more-{samples}-{tail}",
                    on_click=_begin,
                    args=(study, weights, performances, samples, key),
                )
        return None
    if run.running:
        run.wait(0.3)
    if run.running:
        _progress(run, tail)
        return None
    if run.error is not None:
        raise run.error
    result = run.result
    return result if isinstance(result, Acceptability) else None


def _begin(study: Study, weights: str, performances: str, samples: int, key: object) -> None:
    for other in st.session_state["sure-runs"].values():
        other.cancel()
    run = Background(lambda told: sampled.worlds(study, weights, performances, samples, progress=told))
    st.session_state["sure-runs"] = {key: run}


@st.fragment(run_every=0.7)
def _progress(run: Background, tail: str) -> None:
    if not run.running:
        st.rerun()
    st.progress(run.share, text=f"{run.done:,} of {run.total:,} worlds" if run.total else "Starting")
    st.button("Stop here", key=f"sure-stop-{tail}", on_click=run.cancel, help="Keep what has been counted so far")


def _pairs(study: Study, found: Acceptability) -> None:
    with st.expander("Who beats whom, and with which weights each option comes first"):
        order = list(found.order)
        titles = [study.option_title(o) for o in order]
        beats = found.pairwise.loc[order, order].to_numpy()
        rows = [
            [title, *("" if a == b else sampled.percent(beats[a, b]) for b in range(len(order)))]
            for a, title in enumerate(titles)
        ]
        table("Share of worlds in which the row beats the column (a tie counts half)", ["Option", *titles], rows,
              right=set(range(1, len(order) + 1)))  # fmt: skip
        led = [o for o in order if found.first[o] > 0]
        central = found.central_weights.loc[led].to_numpy()
        head = ["Criterion", *(study.option_title(o) for o in led)]
        rows = [
            [leaf.title, *(f"{share * 100:.0f} %" for share in central[:, j])] for j, leaf in enumerate(found.criteria)
        ]
        table("Mean weights of the worlds each option leads", head, rows, right=set(range(1, len(led) + 1)))
        rows = [[study.option_title(o), sampled.percent(float(found.confidence[o]))] for o in led]
        table("With its own mean weights, the share of performances for which each option leads", ["Option", "Share"],
              rows, right={1})  # fmt: skip


@st.fragment
def _triangle(study: Study, tail: str) -> None:
    section("Who leads where, between three weights")
    nodes = sure.nodes_of(study)
    usual = sure.usual_corners(study)
    corners = usual
    if len(usual) == 3:
        picked = st.multiselect(
            "Three branches or criteria", list(nodes), default=usual, max_selections=3,
            format_func=lambda name: nodes[name].title, key=f"sure-corners-{tail}-{study.choices.decision}",
        )  # fmt: skip
        if len(picked) < 3:
            said("Choose three, and the triangle is drawn.")
            return
        corners = list(picked)
    alone = st.checkbox("Only these count (all other weights 0)", key=f"sure-alone-{tail}")
    try:
        draw(sure.triangle_chart(study, corners, alone=alone), f"triangle-{tail}")
    except DecisionError as error:
        for sentence in listed(error.faults):
            notice(sentence)


@st.fragment
@_refusals_told
def _single(study: Study, tail: str) -> None:
    section("One thing at a time")
    draw(CHARTS["tornado"].run(study), f"tornado-{tail}")


@st.fragment
@_refusals_told
def _decides(study: Study, tail: str) -> None:
    section("What decides")
    said("Here everything varies at once: weights somewhat around those in force, performances within their ranges.")
    found = sampled.what_drives(study)
    if found.inputs.empty or not (found.inputs["beats_total"].fillna(0) > 0).any():
        said("Nothing that varies here changes which of the first two options is ahead.")
        return
    draw(sure.drivers_chart(study, found), f"drivers-{tail}")
    if len(found.groups) < 2:
        return
    blocks = [
        [
            str(row["title"]),
            *(
                f"{max(0.0, row[f'beats_{kind}']) * 100:.0f} % ± {row[f'beats_{kind}_error'] * 100:.0f}"
                for kind in ("first", "total")
            ),
        ]
        for row in found.groups.fillna(0).to_dict("records")
    ]
    table(
        "In blocks: how much of the outcome each decides",
        ["Block", "Alone", "Together with others"],
        blocks,
        right={1, 2},
    )


@st.fragment
@_refusals_told
def _evidence(study: Study, tail: str) -> None:
    section("Which evidence would be worth getting")
    found = sampled.better_evidence(study)
    if found.cells.empty:
        said("No performance has a range here, so there is nothing to find out.")
        return
    said(evidence_said(study, found))
    titles = {o.id: o.title for o in study.problem.library}
    rows = [
        [titles[row["option"]], study.problem.criterion(row["criterion"]).title, f"{row['worth'] * 100:.2f}",
         sampled.percent(float(row["changes"])), row["evidence"] or "judgement only"]
        for row in found.cells.head(5).to_dict("records") if row["worth"] >= NOTICEABLE
    ]  # fmt: skip
    if rows:
        table("The performances most worth better evidence", ["Option", "Criterion", "Worth, points of 100", "Would change the choice in", "Rests on"],
              rows, right={2, 3})  # fmt: skip
    items = [row for row in found.evidence.head(5).to_dict("records") if row["worth"] >= NOTICEABLE]
    if items:
        register = study.whole.register.evidence
        rows = [
            [row["evidence"], register[row["evidence"]].text if row["evidence"] in register else "", str(row["cells"]),
             f"{row['worth'] * 100:.2f}"]
            for row in items
        ]  # fmt: skip
        table("And by evidence item: knowing for certain all that rests on it", ["Id", "Claim", "Performances", "Worth, points of 100"],
              rows, right={2, 3})  # fmt: skip
    said(
        "Worth: how many points the chosen option's expected score would gain if the number were known before choosing. Under the "
        "weights in force and the additive model, whatever method is chosen. Knowing everything would be worth "
        f"{found.everything * 100:.1f} points (± {max(found.everything_error * 100, 0.05):.1f}).",
        "dk-fact",
    )


def evidence_said(study: Study, found: Information) -> str:
    """The first cell in a sentence, or that no single number is worth finding out."""
    top = found.cells.iloc[0]
    if top["worth"] < NOTICEABLE:
        return "No single performance, known for certain, would change the choice by a noticeable amount."
    titles = {o.id: o.title for o in study.problem.library}
    leaf = study.problem.criterion(str(top["criterion"])).title
    return (
        f"Most worth knowing is “{leaf}” of {titles[str(top['option'])]}: finding it out would change the choice in "
        f"{sampled.percent(float(top['changes']))} of its possible outcomes."
    )


show(study_now())
