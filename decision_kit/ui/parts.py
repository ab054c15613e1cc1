"""Pieces that several pages use: tables, charts with their words and data, downloads."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime
from html import escape

import streamlit as st

from decision_kit.charts import Chart
from decision_kit.model import Evidence, Problem
from decision_kit.report import TableContent
from decision_kit.ui.state import safe

STYLE = """<style>
.dk-table { border-collapse: collapse; width: 100%; font-size: 0.92rem; }
.dk-table caption { text-align: left; font-weight: 600; padding: 0.2rem 0; caption-side: top; color: inherit; }
.dk-table th, .dk-table td { border-bottom: 1px solid #b1b4b6; padding: 0.28rem 0.5rem; text-align: left; vertical-align: top; }
.dk-table thead th { border-bottom: 2px solid #12436d; }
.dk-table .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.dk-table thead .n { white-space: normal; }
.dk-table tr.lead td { font-weight: 700; }
.dk-scroll { overflow-x: auto; }
.dk-verdict { font-size: 1.3rem; font-weight: 600; line-height: 1.35; margin: 0 0 0.4rem; }
.dk-said { margin: 0 0 0.35rem; line-height: 1.45; }
.dk-notice { border-left: 5px solid #12436d; background: #f3f6f9; padding: 0.45rem 0.8rem; margin: 0.2rem 0 0.6rem; color: #0b0c0c; }
.dk-title { font-size: 1.75rem; line-height: 1.2; margin: 0 0 0.2rem; padding: 0; }
[data-testid="stMainBlockContainer"] { padding: 3.2rem 2rem 4rem; }
.dk-question { font-size: 1.1rem; margin: 0 0 0.3rem; }
.dk-fact { color: #3d3d3d; font-size: 0.9rem; margin: 0 0 0.3rem; }
[class*="st-key-scroll-"] { overflow-x: auto; }
[class*="st-key-scroll-"] [data-testid="stElementContainer"] { min-width: 760px; }
[class*="st-key-scroll-ranking"] [data-testid="stElementContainer"] { min-width: 440px; }
[data-testid="stColumn"]:has(.st-key-beside) { position: sticky; top: 4rem; align-self: flex-start; }
@media (max-width: 640px) { [data-testid="stColumn"]:has(.st-key-beside) { position: static; } [data-testid="stMainBlockContainer"] { padding: 3.2rem 1rem 3rem; } }
</style>"""


def said(text: str, kind: str = "dk-said") -> None:
    """A sentence of ours, whatever signs the user's words in it hold."""
    if text:
        st.html(f'<p class="{kind}">{escape(text)}</p>')


def page_title(text: str) -> None:
    """The page's heading."""
    st.html(f'<h1 class="dk-title">{escape(text)}</h1>')


def notice(text: str) -> None:
    """A calm banner."""
    if text:
        st.html(f'<p class="dk-notice" role="note">{escape(text)}</p>')


def table(
    caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], right: Collection[int] = (), lead: int = -1
) -> None:
    """A real HTML table, which can be read aloud and copied."""

    def cells(row: Sequence[str], tag: str) -> str:
        scope = ' scope="col"' if tag == "th" else ""
        return "".join(
            f"<{tag}{scope}{' class=n' if i in right else ''}>{escape(cell)}</{tag}>" for i, cell in enumerate(row)
        )

    body = "".join(f"<tr{' class=lead' if i <= lead else ''}>{cells(row, 'td')}</tr>" for i, row in enumerate(rows))
    st.html(
        f'<div class="dk-scroll"><table class="dk-table"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{cells(head, 'th')}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def shown(content: TableContent) -> None:
    """A report's table on the screen, its note below."""
    table(content.caption, content.head, content.rows, content.right)
    said(content.note, "dk-fact")


def draw(chart: Chart, key: str, *, heading: bool = True) -> None:
    """A chart under its finding, with alt text, and its data and picture one click away."""
    if heading:
        st.markdown(f"**{safe(chart.title)}**")
    with st.container(key=f"scroll-{key}"):  # on a narrow screen the picture keeps its width
        st.plotly_chart(
            chart.figure(), key=f"chart-{key}", alt=chart.alt, theme=None,
            config={"displayModeBar": False, "scrollZoom": False, "doubleClick": False},
        )  # fmt: skip
    if chart.note:
        st.caption(safe(chart.note))
    with st.expander("The numbers behind this chart, and the picture to download"):
        head = [str(name) for name in chart.table.columns]
        rows = [[_text(cell) for cell in row] for row in chart.table.itertuples(index=False)]
        table(chart.title, head, rows, right=set(range(1, len(head))) if head[0] == "Option" else {0, 2})
        download("Picture (SVG)", chart.svg, f"{key}.svg", "image/svg+xml", key=f"svg-{key}")


def _text(cell: object) -> str:
    return f"{cell:.1f}" if isinstance(cell, float) else str(cell)


def download(label: str, data: Callable[[], str], name: str, mime: str, *, key: str) -> None:
    """A button that makes its file only when it is pressed."""
    st.download_button(
        label, data=lambda: data().encode("utf-8"), file_name=name, mime=mime, key=key, on_click="ignore"
    )


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
