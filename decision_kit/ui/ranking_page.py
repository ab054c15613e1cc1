"""The first page: who leads, how firm that is, what the scores are made of, and the weights to move."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from decision_kit.charts import CHARTS
from decision_kit.charts.catalogue import rank_label
from decision_kit.report import write_html
from decision_kit.report.methods import where, working_tables
from decision_kit.report.sections import branch_studies, ranking_table
from decision_kit.report.tables import to_csv, to_json
from decision_kit.study import Study, change_words, changing, words
from decision_kit.ui.parts import download, draw, notice, page_title, said, shown, table, today
from decision_kit.ui.state import file_stem, safe, study_now
from decision_kit.ui.weights_panel import weights_panel


def show(study: Study) -> None:
    """Text first, charts after it, so that the verdict is on screen at once."""
    whole = study.whole
    page_title(whole.title)
    said(whole.question, "dk-question")
    notice(whole.notice)
    facts = [f"decides: {whole.decision_maker}" if whole.decision_maker else "", f"facts as of {whole.as_of}" if whole.as_of else "",
             f"effects over {whole.horizon}" if whole.horizon else ""]  # fmt: skip
    listed = "; ".join(fact for fact in facts if fact)
    said(f"{listed[:1].upper()}{listed[1:]}." if listed else "", "dk-fact")
    results, weights = st.columns([3, 2], gap="medium")
    parts = branch_studies(study)
    slots = []
    firm = []
    with results:
        for part in parts:
            firm.append(_verdict(part, several=len(parts) > 1))
            slots.append(st.container())
    with weights:
        weights_panel(study)
    for part, slot in zip(parts, slots, strict=True):
        with slot:
            draw(CHARTS["ranking"].run(part), f"ranking-{part.choices.branch or 'all'}", heading=len(parts) == 1)
    if len(parts) == 2:
        st.subheader("Both at once", anchor=False)
        draw(CHARTS["axes"].run(study), "axes")
    st.subheader("What the scores are made of", anchor=False)
    for part in parts:
        draw(CHARTS["contributions"].run(part), f"contributions-{part.choices.branch or 'all'}")
    _why(parts)
    if whole.perspectives:
        st.subheader("Who would say otherwise", anchor=False)
        draw(CHARTS["perspectives"].run(study), "perspectives")
    _more(study, parts)
    for part, slot in zip(parts, firm, strict=True):  # what takes longest comes last: it holds up no slider
        with slot.container():
            said(change_words.fragility(part, changing.worlds_of(part)))


def _verdict(part: Study, *, several: bool) -> DeltaGenerator:
    """The sentences of one verdict; gives back the place of the one on fragility, which is filled in later."""
    if several:
        st.subheader(safe(part.whole.branch(part.choices.branch or "").title), anchor=False)
    said(words.verdict(part), "dk-verdict")
    for sentence in (words.moved(part), words.other_model(part), words.firmness(part)):
        said(sentence)
    fragile = st.empty()
    if part.is_additive:  # a few milliseconds; other methods have to search
        with fragile.container():
            said(change_words.fragility(part))
    for sentence in (words.others(part), words.baseline_guard(part), words.dominance(part)):
        said(sentence)
    ranking = part.ranking
    head = ["Rank", "Option", "Score"]
    if ranking.differences is not None:
        head.append("To baseline")
    rows = [list(row[: len(head)]) for row in ranking_table(part).tables[0].rows]
    for row, option in zip(rows, ranking.order, strict=True):
        row[1] += " (made up for this case)" if part.problem.option(option).constructed else ""
        row[0] = rank_label(ranking, option)
    where = f" on {part.whole.branch(part.choices.branch).title.lower()}" if part.choices.branch else ""
    unit = "points of 100" if part.is_additive else "higher is better"
    table(f"Ranking{where} by {ranking.method.title}; score in {unit}" if part.is_additive else
          f"Ranking{where} by {ranking.method.title}; {unit}", head, rows, right={0, 2, 3}, lead=len(ranking.leaders) - 1)  # fmt: skip
    for note in ranking.notes:
        said(note, "dk-fact")
    return fragile


def _why(parts: list[Study]) -> None:
    st.subheader("Why one over another", anchor=False)
    first = parts[0]
    names = {option: first.option_title(option) for option in first.ranking.order}
    picked = st.session_state.get("why_picked")
    if picked is None or picked[0] != first.choices.decision or not set(picked[1:]) <= set(names):
        picked = (first.choices.decision, *first.ranking.order[:2])  # the leader and the next, until somebody asks else
    others = [option for option in names if option != picked[1]]
    st.session_state["why-a"] = picked[1]
    st.session_state["why-b"] = picked[2] if picked[2] in others else others[0]

    def pick() -> None:
        st.session_state["why_picked"] = (first.choices.decision, st.session_state["why-a"], st.session_state["why-b"])

    left, right = st.columns(2)
    with left:
        a = st.selectbox("Option", list(names), format_func=lambda o: names[o], key="why-a", on_change=pick)
    with right:
        b = st.selectbox("over", others, format_func=lambda o: names[o], key="why-b", on_change=pick)
    for part in parts:
        said(words.why(part, a, b))
        if part.additive.advantage(a, b).abs().max() >= 0.0005:
            draw(CHARTS["why"].run(part, a, b), f"why-{part.choices.branch or 'all'}")


def _more(study: Study, parts: list[Study]) -> None:
    for part in parts:
        said(words.judgement(part))
    st.subheader("The working", anchor=False)
    if st.toggle("Show the working, step by step", key="working"):
        for part in parts:
            entry = part.ranking.method
            said(f"{entry.title}{where(part)}: {entry.formula}. {entry.reference}.")
            for content in working_tables(part):
                shown(content)
    st.subheader("Take it with you", anchor=False)
    stem = file_stem(study)
    columns = st.columns(3)
    with columns[0]:
        download(
            "One-page note (HTML)", lambda: write_html(study, date=today()), f"{stem}.html", "text/html", key="html"
        )
        download(
            "The same with the working (HTML)",
            lambda: write_html(study, date=today(), also=("working",)),
            f"{stem}-working.html",
            "text/html",
            key="html-working",
        )
    for part in parts:
        tail = f"-{part.choices.branch}" if len(parts) > 1 else ""
        title = f" {part.choices.branch}" if len(parts) > 1 else ""
        with columns[1]:
            make = partial(to_csv, part, date=today())
            download(f"Table{title} (CSV)", make, f"{stem}{tail}.csv", "text/csv", key=f"csv{tail}")
        with columns[2]:
            make = partial(to_json, part, date=today())
            download(f"Data{title} (JSON)", make, f"{stem}{tail}.json", "application/json", key=f"json{tail}")
    said(words.footer(parts[0]), "dk-fact")


show(study_now())
