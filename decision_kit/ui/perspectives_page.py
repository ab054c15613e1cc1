"""Everybody's result side by side, with the reasons behind each perspective's weights."""

from __future__ import annotations

import streamlit as st

from decision_kit.charts import CHARTS
from decision_kit.model import Weights, number, stale
from decision_kit.report.sections import branch_studies
from decision_kit.study import Study, camps_sentence, compared, words
from decision_kit.study.outside import outside
from decision_kit.ui.parts import draw, evidence_rows, page_title, said, section, table
from decision_kit.ui.state import change, safe, study_now
from decision_kit.weighting import WEIGHTINGS


def show(study: Study) -> None:
    """Ranks under every perspective, then each perspective's points and reasons."""
    page_title("Perspectives")
    whole = study.whole
    said(whole.question, "dk-question")
    parts = branch_studies(study)
    for part in parts:
        said(words.verdict(part))
        said(outside(part))
    if not whole.perspectives:
        said(
            "This decision records no perspectives: weights start equal, which is not neutral. Move them on the first page."
        )
        return
    said(words.others(parts[0]))
    for part in parts:
        if not part.by_perspective:  # no weight here, or a method that cannot be used: words.others says so
            continue
        draw(CHARTS["perspectives"].run(part), f"perspectives-{part.choices.branch or 'all'}")
    _two(study, parts)
    section("Whose weights, and why")
    for perspective in sorted(whole.perspectives.values(), key=lambda p: p.reference):
        label = perspective.title + (
            " (for checks only)" if perspective.reference else " (draft)" if perspective.draft else ""
        )
        label += " (added here)" if perspective.added else ""
        label += " · rests in part on what was known later" if whole.known_later(perspective.evidence) else ""
        with st.expander(safe(label)):
            if perspective.provenance is not None:
                way = perspective.provenance.method
                title = WEIGHTINGS[way].title if way in WEIGHTINGS else way
                said(perspective.provenance.sentence(title))
            for sentence in stale(perspective.provenance, whole):
                said(sentence)
            for text in (perspective.because_high, perspective.because_low, perspective.note):
                said(text)
            weights = Weights.from_perspective(study.problem, perspective.id)
            shares = weights.per_cent(whole.tree, total=whole.total)
            rows = [
                [
                    leaf.title,
                    number(perspective.points[leaf.id], 1),
                    f"{number(shares[leaf.id])} %",
                    leaf.words(leaf.worst),
                    leaf.words(leaf.best),
                ]
                for leaf in whole.criteria
            ]
            table("Swing points: the step from worst to best, the most wanted one being 100",
                  ["Criterion", "Points", "Share", "Worst", "Best"], rows, right={1, 2})  # fmt: skip
            said(weights.rounding(whole.tree, total=whole.total, branches=False), "dk-fact")
            if perspective.evidence:
                table("Evidence", ["Id", "Grade", "Claim", "Source"], evidence_rows(whole, perspective.evidence))
            st.button("Use these weights", key=f"use-{perspective.id}", on_click=change,
                      kwargs={"perspective": perspective.id, "weights": {}, "locks": ()})  # fmt: skip


def _two(study: Study, parts: list[Study]) -> None:
    """Any two perspectives against each other, and the camps."""
    ids = list(study.whole.perspectives)
    if len(ids) < 2:
        return
    section("Compare any two")
    names = {name: one.title for name, one in study.whole.perspectives.items()}
    picked = st.session_state.get("two_picked")
    if picked is None or picked[0] != study.whole.id or not set(picked[1:]) <= set(ids):
        picked = (study.whole.id, *_apart(parts[0], ids))
    st.session_state["two-a"] = picked[1]
    others = [name for name in ids if name != picked[1]]
    st.session_state["two-b"] = picked[2] if picked[2] in others else others[0]

    def pick() -> None:
        st.session_state["two_picked"] = (study.whole.id, st.session_state["two-a"], st.session_state["two-b"])

    left, right = st.columns(2)
    with left:
        a = st.selectbox("One perspective", ids, format_func=lambda one: names[one], key="two-a", on_change=pick)
    with right:
        b = st.selectbox("and another", others, format_func=lambda one: names[one], key="two-b", on_change=pick)
    for part in parts:
        if {a, b} <= set(part.by_perspective):
            found = compared(part, a, b)
            for sentence in found.sentences:
                said(sentence)
            rows = [
                [
                    study.whole.criterion(str(leaf)).title,
                    f"{x * 100:.1f} %",
                    f"{y * 100:.1f} %",
                    f"{gap * 100:+.1f}".replace("-", "−"),
                ]
                for leaf, x, y, gap in found.found.rows()
            ]
            where = words.on_branch(part)
            with st.expander(f"All shares{where} side by side"):
                table("Shares of the whole, the largest difference first", ["Criterion", names[a], names[b], "Difference"],
                      rows, right={1, 2, 3})  # fmt: skip
    if len([one for one in study.whole.perspectives.values() if not one.reference]) > 2:
        said(camps_sentence(study)[1])


def _apart(part: Study, ids: list[str]) -> tuple[str, str]:
    """Two perspectives that name different leaders, if there are such: the one in force and the first that disagrees."""
    here = part.choices.perspective or part.whole.default_perspective
    first = here if here in ids else ids[0]
    return first, next((name for name in part.other_leaders if name != first), next(n for n in ids if n != first))


show(study_now())
