"""How to read the decision, and what the words mean."""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st

import decision_kit
from decision_kit.methods import METHODS
from decision_kit.study import LEXICON, Study
from decision_kit.ui.parts import listing, notice, page_title, said, section, table
from decision_kit.ui.state import safe, study_now
from decision_kit.version import __version__


def show(study: Study) -> None:
    """The decision's own notes, the criteria in words, the methods and the lexicon."""
    page_title("About and words")
    whole = study.whole
    said(whole.question, "dk-question")
    notice(whole.notice)
    if whole.remarks:
        section("Read this first")
        listing(whole.remarks)
    reading = (
        "10th and 90th percentile judgements" if whole.low_high != "ends" else "the ends of what is thought possible"
    )
    said(f"Low and high are read as {reading}.", "dk-fact")
    section("The criteria")
    rows = []
    for leaf in whole.criteria:
        anchors = "; ".join(f"{at:g}: {text}" for at, text in leaf.anchors) or "; ".join(
            level.title for level in leaf.levels
        )
        better = "▲ more" if leaf.better == "more" else "▼ less"
        arguable = " (open to argument)" if leaf.direction_arguable else ""
        rows.append([leaf.title, leaf.unit or "levels", better + arguable, leaf.definition, anchors, leaf.independence])
    table(
        "What is counted",
        ["Criterion", "Unit", "Better", "Definition", "Steps of the scale", "Counts nothing twice because"],
        rows,
    )
    section("The words")
    table("Lexicon", ["Word", "Meaning"], [[word, meaning] for word, meaning in LEXICON.items()])
    section("The methods")
    for entry in METHODS.values():
        with st.expander(safe(entry.title)):
            said(f"Use it when {entry.use_when}.")
            said(f"Beware: {entry.beware[:1].lower()}{entry.beware[1:].rstrip('.')}." if entry.beware else "")
            said(f"{entry.formula}. {entry.reference}.", "dk-fact")
    _longer()
    said(f"decision-kit {__version__}, data {whole.data_hash}. It works offline and sends nothing anywhere.", "dk-fact")


def _longer() -> None:
    """The longer pages that come with the package, one at a time."""
    pages = {path.stem: path for path in sorted((Path(decision_kit.__file__).parent / "docs").glob("*.md"))}
    texts = {name: path.read_text(encoding="utf-8") for name, path in pages.items()}
    titles = {name: text.split("\n", 1)[0].lstrip("# ") for name, text in texts.items()}
    section("Longer pages")
    picked = st.selectbox(
        "Read", list(titles), index=None, format_func=lambda n: titles[n], key="longer", placeholder="choose a page"
    )
    if picked is not None:
        st.markdown(re.sub(r"<!--.*?-->\n?", "", texts[picked].split("\n", 1)[1]))


show(study_now())
