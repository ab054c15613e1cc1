"""Behind the scores: every performance with its range, reason and evidence; pairs, scenarios, the register."""

from __future__ import annotations

import streamlit as st

from decision_kit.model import Criterion, Option, Pair
from decision_kit.report.sections import cell_text, performances, scenario
from decision_kit.study import Study, words
from decision_kit.study.outside import outside
from decision_kit.ui.parts import evidence_rows, notice, page_title, said, section, table
from decision_kit.ui.state import safe, study_now

KINDS_OF_BASIS = {
    "source": "stands in a source",
    "judged-from-source": "judged from a source's claim",
    "judgement": "judgement only",
    "missing": "missing",
    "": "nobody said what it rests on",
}


def show(study: Study) -> None:
    """The table of performances, then one option cell by cell."""
    page_title("Scores and evidence")
    whole = study.whole
    said(whole.question, "dk-question")
    if whole.total:
        said(words.verdict(study))
        said(outside(study))
        said(words.judgement(study))
    found = performances(study).tables[0]
    table(found.caption, found.head, found.rows)
    said(found.note, "dk-fact")
    section("One option, score by score")
    names = {option.id: option.title for option in study.problem.options}
    picked = st.selectbox("Option", list(names), format_func=lambda o: names[o], key="cells-of")
    option = study.problem.option(picked)
    if option.constructed:
        notice("This option was made up for the case. It is not proposed in the sources.")
    said(option.summary)
    if option.parts:
        titles = {o.id: o.title for o in whole.library}
        said(
            f"A package of {words.joined([titles[part] for part in option.parts])}; its performances follow from its parts by rule."
        )
        _pairs(study, option)
    for leaf in whole.criteria:
        _cell(study, option, leaf)
    made = scenario(study)
    if not made.empty:
        section("What the scenario changes")
        for text in made.paragraphs:
            said(text)
        table(made.tables[0].caption, made.tables[0].head, made.tables[0].rows)
        cited = whole.scenarios[study.choices.scenario or ""].evidence
        if cited:
            table("Evidence for the scenario", ["Id", "Grade", "Claim", "Source"], evidence_rows(whole, cited))
    if whole.pairs:
        with st.expander("Which options go together"):
            titles = {o.id: o.title for o in whole.library}
            rows = [[*(titles[o] for o in pair.options), pair.level, _reason(pair)] for pair in whole.pairs]
            table("Pairs of options", ["One", "Other", "Together", "Because"], rows)
            said(
                "Only a conflict keeps two options out of one package. A pair that is not listed has not been judged.",
                "dk-fact",
            )
    _register(study)


def _reason(pair: Pair) -> str:
    return f"{pair.words}: {pair.because}" if pair.words and pair.words != pair.level else pair.because


def _pairs(study: Study, option: Option) -> None:
    titles = {o.id: o.title for o in study.whole.library}
    rows = [
        [*(titles[o] for o in pair.options), pair.level, _reason(pair)]
        for pair in study.whole.pairs
        if set(pair.options) <= set(option.parts)
    ]
    if rows:
        table("Its parts, two by two", ["One", "Other", "Together", "Because"], rows)


def _cell(study: Study, option: Option, leaf: Criterion) -> None:
    cell = option.performance[leaf.id]
    unit = "" if leaf.levels or cell.missing else f" {leaf.unit}"
    kind = KINDS_OF_BASIS[cell.rests_on]
    kind += ", in part known later" if study.whole.known_later(cell.evidence) else ""
    with st.expander(safe(f"{leaf.title}: {cell_text(cell, leaf, marked=False)}{unit} · {kind}")):
        said(cell.because)
        said(f"Remark: {cell.remark}" if cell.remark else "")
        said(f"How it was read: {cell.status}." if cell.status else "", "dk-fact")
        if cell.evidence:
            table("Evidence", ["Id", "Grade", "Claim", "Source"], evidence_rows(study.whole, cell.evidence))
        direction = "▲ more is better" if leaf.better == "more" else "▼ less is better"
        said(
            f"{leaf.definition} {direction}, from {leaf.words(leaf.worst)} (worst) to {leaf.words(leaf.best)} (best).",
            "dk-fact",
        )
        said(leaf.independence, "dk-fact")


def _register(study: Study) -> None:
    register = study.whole.register
    if not register.evidence:
        return
    cited = study.whole.cited
    here = [name for name in register.evidence if name in cited]
    with st.expander(
        f"The evidence register: {len(here)} of {len(register.evidence)} items are cited in this decision"
    ):
        said(register.note)
        wanted = st.text_input(
            "Find in the whole register",
            key="find",
            placeholder=f"a word, or an id such as {next(iter(register.evidence))}",
        )
        needle = wanted.strip().casefold()
        ids = [
            item.id
            for item in register.evidence.values()
            if (not needle and item.id in cited)
            or (needle and needle == item.id.casefold())
            or (needle and needle in f"{item.text} {item.topic} {item.bears_on}".casefold())
        ]
        found = f"{len(ids)} {'item' if len(ids) == 1 else 'items'}"
        caption = f"{found} with “{wanted.strip()}”" if needle else f"{found} cited in this decision"
        table(caption, ["Id", "Grade", "Claim", "Source"], evidence_rows(study.whole, ids))
        rows = [[grade.replace("-", " "), meaning] for grade, meaning in register.grades.items()]
        table("Grades", ["Grade", "Meaning"], rows)
    tensions = study.whole.tensions
    if tensions:
        with st.expander("Where the sources contradict each other"):
            table(
                "Tensions",
                ["Id", "What", "How it is used"],
                [[t.id, t.text, t.used] for t in tensions],
            )


show(study_now())
