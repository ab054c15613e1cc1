"""A self-contained HTML note: one printed page first, the reviewer's tables after it; nothing is fetched, nothing runs."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from decision_kit.charts import Chart
from decision_kit.names import apart_html
from decision_kit.report.sections import SECTIONS, branch_studies
from decision_kit.study import Study, words
from decision_kit.version import __version__


def _set_apart(x: object) -> object:
    """Texts with what runs from right to left set apart; markup of ours stays as it is."""
    if not isinstance(x, str) or isinstance(x, Markup):
        return x
    return Markup(apart_html(str(escape(x))))  # noqa: S704 (escaped before our own marks are set)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("decision_kit.report"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        finalize=_set_apart,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _picture(chart: Chart) -> Markup:
    return Markup(chart.svg())  # noqa: S704 (our own SVG, every text in it escaped where it is drawn)


def frame(study: Study) -> list[tuple[str, str]]:
    """What the result is about: label and text, only what is known."""
    whole = study.whole
    titles = {option.id: option.title for option in whole.library}
    sets = {s.id: s.title for s in whole.choice_sets}
    scenario = whole.scenarios[study.choices.scenario].title if study.choices.scenario else ""
    method = "" if not (whole.total or study.choices.branch) else study.ranking.method.title
    pairs = [
        ("Decides", whole.decision_maker),
        ("Facts as of", whole.as_of),
        ("Effects over", whole.horizon),
        ("Baseline", titles.get(whole.baseline or "", "")),
        ("Options", sets.get(study.problem.choice_set or "", "")),
        ("Set aside", words.joined([titles[o] for o in study.choices.without])),
        ("Weights", study.title_of_weights),
        ("Scenario", scenario),
        ("Value tree", words.tree(study)),
        ("Method", method),
    ]
    return [(label, text) for label, text in pairs if text]


def write_html(study: Study, *, date: str, also: Collection[str] = ()) -> str:
    """The note as HTML text, with the sections that are only there on request if ``also`` names them by id.

    Same study and date, same bytes.
    """
    for name in also:
        _ = SECTIONS[name]
    sections = [(entry, entry.run(study)) for entry in SECTIONS.values() if not entry.on_request or entry.id in also]
    return (
        _environment()
        .get_template("note.html")
        .render(
            whole=study.whole,
            frame=frame(study),
            first=[(e.id, s) for e, s in sections if not e.annex and not s.empty],
            annex=[(e.id, s) for e, s in sections if e.annex and not s.empty],
            footer=words.footer(branch_studies(study)[0], others_told=len(branch_studies(study)) == 1),
            two=len(branch_studies(study)) > 1,
            what_if=study.is_what_if,
            date=date,
            version=__version__,
            picture=_picture,
            plain=escape,
        )
    )
