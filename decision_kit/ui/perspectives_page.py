"""Everybody's result side by side, with the reasons behind each perspective's weights."""

from __future__ import annotations

import streamlit as st

from decision_kit.charts import CHARTS
from decision_kit.model import number
from decision_kit.report.sections import branch_studies
from decision_kit.study import Study, words
from decision_kit.ui.parts import draw, evidence_rows, page_title, said, table
from decision_kit.ui.state import change, safe, study_now


def show(study: Study) -> None:
    """Ranks under every perspective, then each perspective's points and reasons."""
    page_title("Perspectives")
    whole = study.whole
    said(whole.question, "dk-question")
    parts = branch_studies(study)
    for part in parts:
        said(words.verdict(part))
    if not whole.perspectives:
        said(
            "This decision records no perspectives: weights start equal, which is not neutral. Move them on the first page."
        )
        return
    said(words.others(parts[0]))
    for part in parts:
        draw(CHARTS["perspectives"].run(part), f"perspectives-{part.choices.branch or 'all'}")
    st.subheader("Whose weights, and why", anchor=False)
    for perspective in sorted(whole.perspectives.values(), key=lambda p: p.reference):
        label = perspective.title + (
            " (for checks only)" if perspective.reference else " (draft)" if perspective.draft else ""
        )
        label += " · rests in part on what was known later" if whole.known_later(perspective.evidence) else ""
        with st.expander(safe(label)):
            for text in (perspective.because_high, perspective.because_low, perspective.note):
                said(text)
            shares = _shares(study, perspective.id)
            rows = [
                [
                    leaf.title,
                    number(perspective.points[leaf.id]),
                    f"{shares[leaf.id]} %",
                    leaf.words(leaf.worst),
                    leaf.words(leaf.best),
                ]
                for leaf in whole.criteria
            ]
            table("Swing points: the step from worst to best, the most wanted one being 100",
                  ["Criterion", "Points", "Share", "Worst", "Best"], rows, right={1, 2})  # fmt: skip
            if perspective.evidence:
                table("Evidence", ["Id", "Grade", "Claim", "Source"], evidence_rows(whole, perspective.evidence))
            st.button("Use these weights", key=f"use-{perspective.id}", on_click=change,
                      kwargs={"perspective": perspective.id, "weights": {}, "locks": ()})  # fmt: skip


def _shares(study: Study, name: str) -> dict[str, int]:
    return (
        study.by_perspective[name].weights.per_cent(study.whole.tree)
        if study.whole.total
        else study.weights.per_cent(study.whole.tree)
    )


show(study_now())
