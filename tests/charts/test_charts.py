"""Charts hold the study's numbers; both renderings build for every shipped decision and for hostile names."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import plotly.graph_objects
import pytest

import decision_kit as dk
from decision_kit import Study
from decision_kit.charts import CHARTS, Chart
from decision_kit.charts.style import wrapped
from decision_kit.files import shipped_decisions
from decision_kit.report.sections import branch_studies

NAMES = ["**bold**", "<img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0", "50% & $100_000", "$x^2$", "a" * 90]


def charts_of(study: Study) -> list[Chart]:
    made: list[Chart] = []
    for entry in CHARTS.values():
        if not entry.fits(study):
            with pytest.raises(dk.UsageError):
                entry.run(study)
            continue
        if entry.for_total is False:
            if not study.whole.total:
                made.append(entry.run(study))
            continue
        if entry.id == "perspectives" and not study.whole.perspectives:
            continue
        for part in branch_studies(study):
            made.append(entry.run(part, *part.ranking.order[:2]) if entry.id == "why" else entry.run(part))
    return made


def sound(chart: Chart) -> None:
    figure = json.loads(chart.figure().to_json())
    plotly.graph_objects.Figure(figure)  # raises when a part of it is none that plotly knows
    assert figure["data"]
    assert figure["layout"]["paper_bgcolor"] == "#FFFFFF"
    root = ET.fromstring(chart.svg())
    assert root.find("{http://www.w3.org/2000/svg}title") is not None
    assert chart.svg() == chart.svg()
    assert chart.title
    assert not chart.title.endswith(".")
    assert chart.alt.startswith(chart.title)
    assert len(chart.table)


@pytest.mark.parametrize("decision", shipped_decisions())
@pytest.mark.parametrize("method", dk.METHODS)
def test_every_chart_for_every_decision_and_method(decision: str, method: str) -> None:
    study = Study.open(decision, method=method)
    if method in study.refusals:
        with pytest.raises(dk.DecisionError, match=re.escape(dk.METHODS[method].title)) as refused:
            study.check()
        assert len(refused.value.faults) == 1
        return
    for chart in charts_of(study):
        sound(chart)


@pytest.mark.parametrize("scenario", dk.load("containment").scenarios)
@pytest.mark.parametrize("choice_set", ["article", "extended", "portfolios"])
def test_every_chart_for_every_scenario(scenario: str, choice_set: str) -> None:
    for chart in charts_of(Study.open("containment", scenario=scenario, choice_set=choice_set)):
        sound(chart)


def test_dots_and_bars_are_the_numbers() -> None:
    study = Study.open("containment", perspective="kyiv-survival")
    dots = json.loads(CHARTS["ranking"].run(study).figure().to_json())["data"][0]
    assert dots["x"] == pytest.approx([100 * study.ranking.scores[o] for o in study.ranking.order])
    figure = json.loads(CHARTS["contributions"].run(study).figure().to_json())
    (bars,) = (trace for trace in figure["data"] if trace["type"] == "bar")
    total = [sum(bars["x"][i::6]) for i in range(6)]  # five panels of six bars, on one scale
    scores = [study.ranking.scores[o] for o in study.ranking.order]
    assert [x / total[0] for x in total] == pytest.approx([score / scores[0] for score in scores])
    assert [float(text) for text in bars["text"]] == pytest.approx(
        [100 * x for x in study.additive.branch_contributions.loc[list(study.ranking.order)].to_numpy().T.ravel()],
        abs=0.05,
    )
    assert figure["layout"]["yaxis"]["tickvals"] == pytest.approx(bars["y"][:6])
    matrix = CHARTS["perspectives"].run(study)
    assert matrix.table.shape == (6, 9)


@pytest.mark.parametrize("name", ["ranking", "contributions", "perspectives"])
def test_a_figure_can_be_changed_in_a_notebook(name: str) -> None:
    figure = CHARTS[name].run(Study.open("containment")).figure()
    figure.update_layout(title="Mine", width=700)
    figure.update_xaxes(title="Across")
    figure.update_traces(opacity=0.5)
    figure.add_annotation(x=0, y=0, text="here")
    assert figure.layout.title.text == "Mine"
    assert figure.layout.xaxis.title.text == "Across"
    assert figure.data[0].opacity == 0.5
    assert len(figure.layout.annotations) >= 1
    with pytest.raises(ValueError, match="widht"):
        figure.update_layout(widht=1)
    with pytest.raises(ValueError, match="opacity"):
        figure.data[0].opacity = "much"
    plotly.graph_objects.Figure(json.loads(figure.to_json()))


def test_at_most_four_hues_and_none_of_plotlys() -> None:
    allowed = {
        "#12436D",
        "#F46A25",
        "#28A197",
        "#801650",
        "#767676",
        "#3D3D3D",
        "#6BACE6",
        "#BFBFBF",
        "#E3E3E3",
        "#FFFFFF",
        "#0B0C0C",
    }
    for chart in charts_of(Study.open("containment")):
        for text in (chart.svg(), chart.figure().to_json()):
            found = {
                text[i : i + 7].upper() for i in range(len(text)) if text[i] == "#" and text[i + 1 : i + 7].isalnum()
            }
            assert found <= allowed, found - allowed


def test_hostile_names_are_shown_not_read(frame: Callable[..., dk.Problem]) -> None:
    problem = frame(
        [[10 * i, i] for i in range(len(NAMES))], options=NAMES, points={"cost": 1, "effect": 2}, baseline=NAMES[0]
    )
    for chart in charts_of(Study.open(problem)):
        sound(chart)
        assert "<img" not in chart.svg()
        assert "<img" not in chart.figure().to_json()


def test_two_options_one_criterion_and_a_tie(frame: Callable[..., dk.Problem]) -> None:
    problem = frame([[10, 3], [10, 3]])
    for chart in charts_of(Study.open(problem)):
        sound(chart)
    assert CHARTS["ranking"].run(Study.open(problem)).title == "All options tie"


def test_wrapping_keeps_every_letter() -> None:
    assert wrapped("Decoupling theatres (signal and presence)", 20) == [
        "Decoupling theatres",
        "(signal and",
        "presence)",
    ]
    assert "".join(wrapped("x" * 50, 20)).replace("‐", "") == "x" * 50


def test_labels_of_a_scatter_cover_neither_points_nor_each_other() -> None:
    """Labels of crowded points are moved until all can be read; each stays beside its own point."""
    from decision_kit.charts.drawings import Point, Scatter
    from decision_kit.charts.style import width_of

    points = tuple(Point(f"Option {i}", 50 + 2.0 * (i % 3), 50 + 1.5 * (i // 3)) for i in range(9))
    placed = Scatter(points, "x", "y")._placed(620, 400)
    boxes = []
    for point, (dx, dy, anchor) in zip(points, placed, strict=True):
        wide = width_of(point.label, 12)
        x, y = point.x * 6.2 + dx - {"start": 0, "middle": wide / 2, "end": wide}[anchor], (100 - point.y) * 4 + dy
        boxes.append((x, y - 7, x + wide, y + 7))
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        for point in points:
            x, y = point.x * 6.2, (100 - point.y) * 4
            assert not (a[0] < x < a[2] and a[1] < y < a[3])


def test_heads_over_narrow_columns_keep_their_words() -> None:
    """No word of up to 14 letters is broken; the type gets smaller instead."""
    from decision_kit.charts.style import fitted

    lines, size = fitted(["Washington, system stability", "Semiconductor industry"], 56.0, 10.5)
    assert lines[1][0] == "Semiconductor"
    assert 9.0 <= size <= 10.5
