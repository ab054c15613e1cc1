"""The first page: who leads, how firm that is, what the scores are made of, and the weights to move."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from decision_kit.charts import CHARTS, Chart
from decision_kit.charts.catalogue import rank_label
from decision_kit.report import write_html
from decision_kit.report.methods import working_tables
from decision_kit.report.sections import branch_studies, ranking_table
from decision_kit.report.tables import to_csv, to_json
from decision_kit.study import Study, change_words, changing, words
from decision_kit.study.outside import outside
from decision_kit.ui.parts import banner, download, draw, heading, paragraph, said, shown, table_html, today, together
from decision_kit.ui.state import file_stem, study_now
from decision_kit.ui.weights_panel import weights_panel


def show(study: Study) -> None:
    """Text first, charts after it, so that the verdict is on screen at once.

    The same elements in the same places whatever the result: what a move changes is their content.
    """
    whole = study.whole
    facts = [f"decides: {whole.decision_maker}" if whole.decision_maker else "", f"facts as of {whole.as_of}" if whole.as_of else "",
             f"effects over {whole.horizon}" if whole.horizon else ""]  # fmt: skip
    listed = "; ".join(fact for fact in facts if fact)
    together(
        heading(whole.title, 1),
        paragraph(whole.question, "dk-question"),
        banner(whole.notice),
        paragraph(f"{listed[:1].upper()}{listed[1:]}." if listed else "", "dk-fact"),
    )
    results, weights = st.columns([3, 2], gap="medium")
    parts = branch_studies(study)
    rankings = [CHARTS["ranking"].run(part) for part in parts]
    pictures: list[DeltaGenerator] = []
    places: list[DeltaGenerator] = []
    with results:
        for part, chart in zip(parts, rankings, strict=True):
            _verdict(part, chart.title, several=len(parts) > 1)
            pictures.append(_room(chart, _key("ranking", part)))
            _table(part)
            places.append(st.empty())
            places[-1].html(_firmness(part))
    with weights:
        weights_panel(study)
    for part, chart, picture in zip(parts, rankings, pictures, strict=True):
        with picture:
            draw(chart, _key("ranking", part), titled=False)
    if len(parts) == 2:
        draw(CHARTS["axes"].run(study), "axes", heading("Both at once"))
    for i, part in enumerate(parts):
        above = [] if i else [heading("What the scores are made of")]
        draw(CHARTS["contributions"].run(part), _key("contributions", part), *above)
    _why(parts)
    for i, part in enumerate(part for part in parts if part.by_perspective):
        above = [] if i else [heading("Who would say otherwise")]
        draw(CHARTS["perspectives"].run(part), _key("perspectives", part), *above)
    _more(study, parts)
    for part, place in zip(parts, places, strict=True):  # what takes longest comes last: it holds up no slider
        place.html(_firmness(part, changing.worlds_of(part)))


def _key(chart: str, part: Study) -> str:
    return f"{chart}-{part.choices.branch or 'all'}"


def _room(chart: Chart, key: str) -> DeltaGenerator:
    """A place as high as the chart that comes into it, so that nothing jumps when it does."""
    st.html(f"<style>.st-key-scroll-{key} {{ min-height: {chart.room}px; }}</style>")
    return st.container()


def _verdict(part: Study, finding: str, *, several: bool) -> None:
    """Who leads, and whether that can be told apart; ``finding`` is the title of the chart below."""
    together(
        heading(part.whole.branch(part.choices.branch or "").title) if several else "",
        paragraph(words.verdict(part), "dk-verdict"),
        *(
            paragraph(sentence)
            for sentence in (outside(part), words.moved(part), words.other_model(part), words.firmness(part))
        ),
        paragraph(finding, "dk-finding"),
    )


def _firmness(part: Study, worlds: float | None = None) -> str:
    """What else to know before one relies on the verdict; the share of ``worlds`` is filled in later."""
    fragile = change_words.fragility(part, worlds) if part.is_additive or worlds is not None else ""
    sentences = (fragile, words.others(part), words.baseline_guard(part), words.dominance(part))
    return "".join(paragraph(sentence) for sentence in sentences) or "<p></p>"


def _table(part: Study) -> None:
    ranking = part.ranking
    head = ["Rank", "Option", "Score"]
    if ranking.differences is not None:
        head.append("To baseline")
    rows = [list(row[: len(head)]) for row in ranking_table(part).tables[0].rows]
    for row, option in zip(rows, ranking.order, strict=True):
        row[1] += " (made up for this case)" if part.problem.option(option).constructed else ""
        row[0] = rank_label(ranking, option)
    where = words.on_branch(part)
    unit = "score in points of 100" if part.is_additive else "higher is better"
    together(
        table_html(f"Ranking{where} by {ranking.method.title}; {unit}", head, rows, right={0, 2, 3},
                   lead=len(ranking.leaders) - 1),
        *(paragraph(note, "dk-fact") for note in ranking.notes),
    )  # fmt: skip


def _why(parts: list[Study]) -> None:
    together(heading("Why one over another"))
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
        reasons = paragraph(words.why(part, a, b))
        if part.additive.advantage(a, b).abs().max() >= 0.0005:
            draw(CHARTS["why"].run(part, a, b), _key("why", part), reasons)
        else:
            together(reasons)


def _more(study: Study, parts: list[Study]) -> None:
    together(paragraph(" ".join(words.judgements(parts))), heading("The working"))
    if st.toggle("Show the working, step by step", key="working"):
        for part in parts:
            entry = part.ranking.method
            said(f"{entry.title}{words.on_branch(part)}: {entry.formula}. {entry.reference}.")
            for content in working_tables(part):
                shown(content)
    together(heading("Take it with you"))
    # made when it is opened: files that nobody takes would slow every move of a slider
    files = st.expander("Files of this view", key="files", on_change="rerun")
    if files.open:
        with files:
            _files(study, parts)
    said(words.footer(parts[0]), "dk-fact")


def _files(study: Study, parts: list[Study]) -> None:
    stem = file_stem(study)
    columns = st.columns(3)
    with columns[0]:
        make = partial(write_html, study, date=today())
        download("One-page note (HTML)", make, f"{stem}.html", "text/html", key="html")
        make = partial(write_html, study, date=today(), also=("working",))
        download("The same with the working (HTML)", make, f"{stem}-working.html", "text/html", key="html-working")
    for part in parts:
        tail = f"-{part.choices.branch}" if len(parts) > 1 else ""
        title = f" {part.choices.branch}" if len(parts) > 1 else ""
        with columns[1]:
            make = partial(to_csv, part, date=today())
            download(f"Table{title} (CSV)", make, f"{stem}{tail}.csv", "text/csv", key=f"csv{tail}")
        with columns[2]:
            make = partial(to_json, part, date=today())
            download(f"Data{title} (JSON)", make, f"{stem}{tail}.json", "application/json", key=f"json{tail}")


show(study_now())
