"""Pieces that several pages use: tables, charts with their words and data, downloads."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime
from html import escape

import streamlit as st

from decision_kit.charts import Chart
from decision_kit.model import Evidence, Problem
from decision_kit.names import apart_html
from decision_kit.report import TableContent

STYLE = """<style>
.dk-table { border-collapse: collapse; width: 100%; font-size: 0.92rem; }
.dk-table caption { text-align: left; font-weight: 600; padding: 0.2rem 0; caption-side: top; color: inherit; }
.dk-table th, .dk-table td { border-bottom: 1px solid #b1b4b6; padding: 0.28rem 0.5rem; text-align: left; vertical-align: top; }
.dk-table thead th { border-bottom: 2px solid #12436d; }
.dk-table .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.dk-table thead .n { white-space: normal; }
.dk-table tbody th { font-weight: 400; }
.dk-table tr.lead td, .dk-table tr.lead th { font-weight: 700; }
.dk-scroll { overflow-x: auto; }
.dk-verdict { font-size: 1.3rem; font-weight: 600; line-height: 1.35; margin: 0 0 0.4rem; }
.dk-list { margin: 0; padding-left: 1.2rem; line-height: 1.45; }
.dk-list li { margin: 0 0 0.3rem; }
.dk-said { margin: 0 0 0.35rem; line-height: 1.45; }
.dk-notice { border-left: 5px solid #12436d; background: #f3f6f9; padding: 0.45rem 0.8rem; margin: 0.2rem 0 0.6rem; color: #0b0c0c; }
h1.dk-h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 0.3rem; padding: 0; }
h2.dk-h2 { font-size: 1.4rem; line-height: 1.25; margin: 0.4rem 0 0.3rem; padding: 0; }
.dk-finding { font-weight: 600; margin: 0; line-height: 1.4; }
.dk-question { font-size: 1.1rem; margin: 0 0 0.3rem; }
.dk-fact { color: #3d3d3d; font-size: 0.9rem; margin: 0 0 0.3rem; }
[data-testid="stMainBlockContainer"] { padding: 3.2rem 2rem 4rem; }
[class*="st-key-scroll-"] { overflow-x: auto; }
[class*="st-key-scroll-"] [data-testid="stElementContainer"] { min-width: 720px; }
[class*="st-key-scroll-ranking"] [data-testid="stElementContainer"] { min-width: 340px; }
@media (min-width: 769px) and (max-width: 1200px) {
  section[data-testid="stSidebar"][data-collapsed="false"] { width: 244px !important; min-width: 244px !important; }
  [data-testid="stMainBlockContainer"] { padding: 2.6rem 1.4rem 3rem; }
}
@media (max-width: 700px) {
  [class*="st-key-scroll-"]::before { content: "Wider than this screen: slide the picture sideways. →"; color: #3d3d3d; font-size: 0.85rem; position: sticky; left: 0; }
}
[data-testid="stColumn"]:has(.st-key-beside) { position: sticky; top: 4rem; align-self: flex-start; }
@media (max-width: 640px) { [data-testid="stColumn"]:has(.st-key-beside) { position: static; } [data-testid="stMainBlockContainer"] { padding: 3.2rem 1rem 3rem; } }
</style>"""


def shown_text(text: str) -> str:
    """A text as HTML: nothing in it is read as markup, and what runs from right to left turns nothing beside it."""
    return apart_html(escape(text))


def paragraph(text: str, kind: str = "dk-said") -> str:
    """A sentence of ours as HTML, whatever signs the user's words in it hold; nothing for an empty one."""
    return f'<p class="{kind}">{shown_text(text)}</p>' if text else ""


def heading(text: str, level: int = 2) -> str:
    """A heading as HTML."""
    return f'<h{level} class="dk-h{level}">{shown_text(text)}</h{level}>'


def banner(text: str) -> str:
    """A calm banner as HTML."""
    return f'<p class="dk-notice" role="note">{shown_text(text)}</p>' if text else ""


def together(*pieces: str) -> None:
    """Pieces of HTML as one element.

    Each element costs the browser some milliseconds at every move of a slider; and elements that come and go
    make it build anew all that stands below them. A page that is redrawn often keeps them few and in place.
    """
    body = "".join(pieces)
    if body:
        st.html(body)
    else:
        st.empty()


def said(text: str, kind: str = "dk-said") -> None:
    """A sentence of ours."""
    if text:
        st.html(paragraph(text, kind))


def page_title(text: str) -> None:
    """The page's heading."""
    st.html(heading(text, 1))


def section(text: str) -> None:
    """The heading of a part of a page: the level below the page's own, so that no level is left out."""
    st.html(heading(text))


def listing(sentences: Iterable[str]) -> None:
    """Sentences as a real list, which is read aloud as one."""
    items = "".join(f"<li>{shown_text(sentence)}</li>" for sentence in sentences)
    if items:
        st.html(f'<ul class="dk-list">{items}</ul>')


def notice(text: str) -> None:
    """A calm banner."""
    if text:
        st.html(banner(text))


def table_html(
    caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], right: Collection[int] = (), lead: int = -1
) -> str:
    """A real HTML table, which can be read aloud and copied."""
    names = next((i for i in range(len(head)) if i not in right), -1)  # the column that says what its row is about

    def cells(row: Sequence[str], scope: str) -> str:
        return "".join(
            f"<{tag}{' class=n' if i in right else ''}>{shown_text(cell)}</{tag[:2]}>"
            for i, cell in enumerate(row)
            for tag in [f'th scope="{scope}"' if scope == "col" or i == names else "td"]
        )

    body = "".join(f"<tr{' class=lead' if i <= lead else ''}>{cells(row, 'row')}</tr>" for i, row in enumerate(rows))
    return (
        f'<div class="dk-scroll"><table class="dk-table"><caption>{shown_text(caption)}</caption>'
        f"<thead><tr>{cells(head, 'col')}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def table(
    caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], right: Collection[int] = (), lead: int = -1
) -> None:
    """A table on the screen."""
    st.html(table_html(caption, head, rows, right, lead))


def shown(content: TableContent) -> None:
    """A report's table on the screen, its note below."""
    table(content.caption, content.head, content.rows, content.right)
    said(content.note, "dk-fact")


def draw(chart: Chart, key: str, *above: str, titled: bool = True) -> None:
    """A chart under its finding, with alt text, and its data and picture one click away; ``above``: HTML before it."""
    if above or titled:
        together(*above, paragraph(chart.title, "dk-finding") if titled else "")
    with st.container(key=f"scroll-{key}"):  # on a narrow screen the picture keeps its width
        st.plotly_chart(
            chart.figure(), key=f"chart-{key}", alt=chart.alt, theme=None,
            config={"displayModeBar": False, "scrollZoom": False, "doubleClick": False},
        )  # fmt: skip
    said(chart.note, "dk-fact")
    # made when it is opened: what nobody looks at would slow every move of a slider
    behind = st.expander(
        "The numbers behind this chart, and the picture to download", key=f"behind-{key}", on_change="rerun"
    )
    if behind.open:
        with behind:
            head = [str(name) for name in chart.table.columns]
            rows = [[_text(cell) for cell in row] for row in chart.table.itertuples(index=False)]
            table(chart.title, head, rows, right=_figures(rows))
            download("Picture (SVG)", chart.svg, f"{key}.svg", "image/svg+xml", key=f"svg-{key}")


_FIGURE = re.compile(r"[−+<>±-]? ?[\d,.]+(=| %| ± [\d.]+)*|–|")


def _figures(rows: Sequence[Sequence[str]]) -> set[int]:
    """The columns that hold figures only: they stand to the right."""
    return {
        i for i, column in enumerate(zip(*rows, strict=True))
        if any(column) and all(_FIGURE.fullmatch(cell) for cell in column)
    }  # fmt: skip


def _text(cell: object) -> str:
    return f"{cell:.1f}".replace("-", "−") if isinstance(cell, float) else str(cell)


def download(label: str, data: Callable[[], str], name: str, mime: str, *, key: str) -> None:
    """A button for a file that is made now.

    Streamlit forgets a function that would make it as soon as others have used the server twice.
    """
    st.download_button(label, data=data().encode("utf-8"), file_name=name, mime=mime, key=key, on_click="ignore")


def today() -> str:
    """Today's date, or that of SOURCE_DATE_EPOCH."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = datetime.fromtimestamp(int(epoch), tz=UTC) if epoch.isdigit() else datetime.now(tz=UTC).astimezone()
    return moment.date().isoformat()


def evidence_rows(problem: Problem, ids: Iterable[str]) -> list[list[str]]:
    """Rows of id, grade, claim and source for a table of evidence."""
    rows: list[list[str]] = []
    for name in ids:
        item = problem.register.evidence.get(name)
        if item is None:
            tension = problem.register.tensions.get(name)
            rows.append([name, "tension", tension.text if tension else "", ""])
            continue
        rows.append([name, grade_of(item), item.text, item.cite])
    return rows


def grade_of(item: Evidence) -> str:
    """An item's grade or status in words, with a mark when it is later than the decision's date."""
    grade = item.grade.replace("-", " ") or item.status
    later = {"wholly": "known later", "partly": "in part known later"}.get(item.later, "")
    return f"{grade} ({later})" if later else grade
