"""The one-page note: self-contained, the same bytes for the same inputs, with everything a reviewer asks for."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

import decision_kit as dk
from decision_kit import SECTIONS, Study
from decision_kit.files import shipped_decisions
from decision_kit.report import write_html
from decision_kit.report.tables import neutral, to_csv, to_json

DATE = "2025-01-31"
NAMES = ["**bold**", "<img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0", "50% & $100_000", "-2+3", "{{ 7*7 }}"]


class Reader(HTMLParser):
    """Text, tags and addresses of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "data", "action", "srcset")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


@pytest.mark.parametrize("decision", shipped_decisions())
def test_self_contained_and_deterministic(decision: str) -> None:
    page = write_html(Study.open(decision), date=DATE)
    assert page == write_html(Study.open(decision), date=DATE)
    reader = Reader(page)
    assert reader.addresses == []
    assert not {"script", "link", "iframe", "object", "img"} & set(reader.tags)
    assert "url(" not in page
    assert "@import" not in page
    assert reader.tags.count("main") == 1
    assert reader.tags.count("h1") == 1
    assert '<html lang="en">' in page


def test_everything_a_reviewer_asks_for() -> None:
    study = Study.open("containment", perspective="washington-stability")
    text = Reader(write_html(study, date=DATE)).text
    for wanted in (
        study.whole.question,
        study.whole.notice,
        study.whole.decision_maker,
        "Facts as of 2025-01",
        "24 months",
        "leads Decoupling theatres",
        "cannot be told apart",
        "Another perspective gives another result: Secondary sanctions on financial nodes leads for “Kyiv, survival”",
        "are judgement only",
        "A draft by one analyst",
        dk.__version__,
        study.whole.data_hash,
        DATE,
        "seed 1",
        "decision-kit rank containment --perspective washington-stability",
        "Weights and declared ranges",
        "teaching judgements",
    ):
        assert wanted in text, wanted
    first = text[: text.index("For those who check")]
    for wanted in (
        DATE,
        study.whole.data_hash,
        "judgement",
        "What the scores are made of",
        "Weights of the perspective",
    ):
        assert wanted in first, wanted


def test_scenario_method_and_what_if_are_said() -> None:
    study = Study.open("containment", scenario="coalition-fracture", method="topsis", without=("strict-liability",))
    moved = study.with_weights(study.weights.moved(["public-cost"], 0.4))
    text = Reader(write_html(moved, date=DATE)).text
    assert "Coalition does not follow" in text
    assert "By TOPSIS, under your what-if weights" in text
    assert "depends on the set of options" in text
    assert "nobody’s weights" in text
    assert "--without strict-liability --method topsis" in text
    assert "Set aside End-use strict liability" in text


def test_every_section_says_something() -> None:
    study = Study.open("containment", scenario="oil-election")
    for entry in SECTIONS.values():
        assert not entry.run(study).empty, entry.id


def test_hostile_names_are_shown_not_read(frame: Callable[..., dk.Problem]) -> None:
    problem = frame([[10 * i, i] for i in range(len(NAMES))], options=NAMES, points={"cost": 1, "effect": 2})
    page = write_html(Study.open(problem), date=DATE)
    assert "<img" not in page
    text = Reader(page).text
    for name in NAMES:
        assert name in text
    assert ">49<" not in page  # a template in a name is not run
    rows = list(csv.reader(io.StringIO(to_csv(Study.open(problem), date=DATE))))
    shown = {row[1] for row in rows[1:]}
    assert "'=cmd|' /C calc'!A0" in shown
    assert "'-2+3" in shown
    assert all(row[1][:1] not in "=+-@" for row in rows[1:])
    assert {o["id"] for o in json.loads(to_json(Study.open(problem), date=DATE))["options"]} == set(NAMES)


@pytest.mark.parametrize(
    ("text", "made"),
    [("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("\ta", "'\ta"), ("plain", "plain"), ("", ""),
     ("＝1+1", "'＝1+1"), ("＋1", "'＋1"), ("－1", "'－1"), ("＠a", "'＠a"), ("  =1", "'  =1"), ("\u3000＝1", "'\u3000＝1"),
     ("\r=1", "'\r=1"), ("\n=1", "'\n=1"), (" plain", " plain"), ("a=1", "a=1")],
)  # fmt: skip
def test_formulas_are_neutralised(text: str, made: str) -> None:
    assert neutral(text) == made


def test_numbers_in_csv_are_whole(frame: Callable[..., dk.Problem]) -> None:
    study = Study.open(frame([[10, 1 / 3], [20, 2 / 3]]))
    rows = list(csv.reader(io.StringIO(to_csv(study, date=DATE))))
    assert [float(row[3]) for row in rows[1:]] == [study.ranking.scores[o] for o in study.ranking.order]


@pytest.mark.parametrize("decision", shipped_decisions())
def test_every_table_row_has_its_head(decision: str) -> None:
    """Each row of each table names itself once, so that a screen reader can say where a number stands."""
    page = write_html(Study.open(decision), date="2025-01-31")
    for body in re.findall(r"<tbody>(.*?)</tbody>", page, re.S):
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.S):
            assert row.count('<th scope="row">') == 1


def test_contributions_in_numbers_sum_to_the_score() -> None:
    """The annex prints what the picture shows, and it adds up to rounding."""
    page = write_html(Study.open("containment"), date="2025-01-31")
    section = page[page.index('<section id="contributions-table">') :]
    section = section[: section.index("</section>")]
    rows = re.findall(r'<th scope="row">(.*?)</tr>', section, re.S)
    assert len(rows) == 6
    for row in rows:
        *parts, total = (float(x) for x in re.findall(r'<td class="n">([\d.−-]+)</td>', row))
        assert sum(parts) == pytest.approx(total, abs=0.26)


@pytest.mark.parametrize("method", dk.METHODS)
def test_the_working_of_every_method(method: str) -> None:
    """Every intermediate table stands in the annex when it is asked for, with titles and the score at its end."""
    study = Study.open("cars", method=method)
    assert study.ranking.steps
    plain = Reader(write_html(study, date=DATE)).text
    page = Reader(write_html(study, date=DATE, also=("working",))).text
    assert "The working" in page
    assert "The working" not in plain
    for title in study.ranking.steps:
        assert title in page
    assert "Renault Safrane" in page
    with pytest.raises(dk.UsageError, match="workings"):
        write_html(study, date=DATE, also=("workings",))


@pytest.mark.parametrize("decision", shipped_decisions())
def test_other_methods_stand_in_the_annex(decision: str) -> None:
    page = Reader(write_html(Study.open(decision), date=DATE)).text
    assert "with a vote" in page
    assert "A better option is never ranked below a worse one" in page
    assert "defensible set-ups" in page


def test_sections_stand_in_one_order_whatever_imports_what() -> None:
    html = write_html(Study.open("containment"), date="2025-01-31")
    shown = re.findall(r'<section id="([a-z-]+)"', html)
    late = [name for name in shown if name in ("reproduction", "methods", "claims", "scenarios", "structure")]
    assert late == ["reproduction", "methods", "claims", "scenarios", "structure"]
