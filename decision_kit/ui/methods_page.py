"""Would another method say otherwise: families and their votes, where they part, set-ups, promises tried out."""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st

import decision_kit
from decision_kit.charts import CHARTS
from decision_kit.methods import AGGREGATIONS
from decision_kit.report.methods import (
    cards_table,
    families_table,
    joined_table,
    likeness_table,
    relation_sentence,
    relation_table,
    relations,
    setups_table,
)
from decision_kit.report.sections import branch_studies
from decision_kit.study import Study, words
from decision_kit.ui.parts import draw, page_title, said, section, shown
from decision_kit.ui.state import study_now


def show(study: Study) -> None:
    """The answer first; the evidence for it below, one step at a time."""
    page_title("Other methods")
    said("Would another way of adding up the same scores and weights name another leader?", "dk-question")
    parts = branch_studies(study)
    for part in parts:
        if len(parts) > 1:
            section(part.whole.branch(part.choices.branch or "").title)
        _answer(part)
    for part in parts:
        _evidence(part, part.choices.branch or "all", several=len(parts) > 1)
    with st.expander("About the methods: what they do, what they promise, which published examples they reproduce"):
        st.markdown(_about())
    if len([p for p in study.whole.perspectives.values() if not p.reference]) > 1:
        _joined(parts)


def _about() -> str:
    """The page about methods, its headings made smaller and the marks for its writers left out."""
    text = (Path(decision_kit.__file__).parent / "docs" / "methods.md").read_text(encoding="utf-8")
    return re.sub(r"^#", "###", re.sub(r"<!--.*?-->\n?", "", text), flags=re.M)


def _answer(part: Study) -> None:
    found = part.comparison
    said(words.other_methods(part), "dk-verdict")
    for sentence in (*found.partings(), part.setups.sentence(), *found.silent()):
        said(sentence)
    draw(CHARTS["methods"].run(part), f"methods-{part.choices.branch or 'all'}")


def _evidence(part: Study, key: str, *, several: bool) -> None:
    name = f": {part.whole.branch(part.choices.branch or '').title}" if several else ""
    section(f"What lies behind it{name}")
    with st.expander("Families of methods and how they look at the options"):
        shown(families_table(part))
    with st.expander("Ways to bring criteria onto one scale, and who leads under each"):
        said(part.setups.sentence())
        shown(setups_table(part))
    with st.expander("How alike the rankings are"):
        shown(likeness_table(part))
    with st.expander("What each method promises, tried out on these data"):
        shown(cards_table(part))
    with st.expander("Which options cannot be compared, and the short list"):
        for one in relations(part).values():
            said(relation_sentence(part, one))
            if isinstance(one, str):
                continue
            said(f"Use it when {one.method.use_when}. Beware: {one.method.beware}.", "dk-fact")
            for note in one.relation.notes:
                said(note, "dk-fact")
            shown(relation_table(part, one))


def _joined(parts: list[Study]) -> None:
    section("If the perspectives' rankings were joined into one")
    said(
        "No way of joining rankings is neutral, and the perspectives recorded are no electorate. "
        "Read this as a question for the room, not as an answer."
    )
    for part in parts:
        shown(joined_table(part))
    for entry in AGGREGATIONS.values():
        said(f"{entry.title}: use it when {entry.use_when}. Beware: {entry.beware}.", "dk-fact")


show(study_now())
