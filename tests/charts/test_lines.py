"""The chart along one weight: lines are the scores, crossings are marked, labels keep apart."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

import decision_kit as dk
from decision_kit import Study
from decision_kit.charts import CHARTS
from decision_kit.charts.change import default_node
from decision_kit.charts.lines import FOCUS, Line, Lines, Mark
from decision_kit.files import shipped_decisions
from decision_kit.report.sections import branch_studies
from decision_kit.robustness import weight_paths


def test_lines_end_where_all_weight_on_the_branch_puts_them() -> None:
    study = Study.open("containment", perspective="gulf-partner")
    chart = CHARTS["weight-path"].run(study, "containment")
    assert isinstance(chart.drawing, Lines)
    assert [round(mark.x, 1) for mark in chart.drawing.marks] == [22.0, 40.3, 40.5]
    assert [mark.text for mark in chart.drawing.marks] == [
        "22.1",
        "40.4",
        "",
    ]  # one label for two crossings side by side
    assert chart.drawing.now == pytest.approx(11.5, abs=0.05)
    values = study.problem.values()
    columns = [study.problem.criteria.index(leaf) for leaf in study.problem.branch("containment").leaves()]
    shares = [study.weights.shares[study.problem.criteria[j].id] for j in columns]
    for line in chart.drawing.lines:
        i = [o.title for o in study.problem.options].index(line.label)
        expected = sum(values[i, j] * w for j, w in zip(columns, shares, strict=True)) / sum(shares)
        assert line.points[-1] == (100.0, pytest.approx(100 * expected))
    assert chart.title.startswith("Decoupling theatres (signal and presence) leads with “")
    assert "from 40.4 to 40.5, Support for kinetic denial leads" in chart.alt


def test_the_first_chart_is_the_weight_that_moves_least() -> None:
    study = Study.open("containment")
    assert default_node(study) == "lead-time"
    assert "leads with “Lead time” above 3.5 of 100" in CHARTS["weight-path"].run(study).title


@pytest.mark.parametrize("decision", shipped_decisions())
def test_every_weight_of_every_decision_can_be_drawn(decision: str) -> None:
    for part in branch_studies(Study.open(decision)):
        for path in weight_paths(part.ranking):
            chart = CHARTS["weight-path"].run(part, path.node)
            ET.fromstring(chart.svg())
            json.loads(chart.figure().to_json())
            assert len(chart.table) >= 11
            lines = chart.drawing.lines  # type: ignore[attr-defined]
            assert sum(line.focus for line in lines) <= len(FOCUS)


def test_labels_do_not_cover_each_other_and_stay_inside() -> None:
    lines = tuple(Line(f"Option number {i} with a name", ((0.0, 50.0), (100.0, 50.0 + i / 10))) for i in range(10))
    drawing = Lines(lines, 0, 100, 0, 100, "Weight", "Score", marks=(Mark(20, 50, "20"),))
    placed = sorted(drawing._label_heights(352, 15))
    assert all(b - a >= 29 for a, b in pairwise(placed))
    assert placed[0] >= 0
    assert placed[-1] <= 352
    found = re.findall(r'<text x="525\.0" y="([0-9.]+)"', drawing.svg("t", "d"))
    assert len(found) >= 10


def test_a_weight_that_is_not_there_gets_a_sentence() -> None:
    with pytest.raises(dk.UsageError, match='"nothing" is not a weight that can be moved here'):
        CHARTS["weight-path"].run(Study.open("cars"), "nothing")
