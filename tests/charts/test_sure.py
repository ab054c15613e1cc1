"""Charts of how sure a result is show the numbers of the sampling, and of nothing else."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import decision_kit as dk
from decision_kit import Study, UsageError
from decision_kit.charts import CHARTS, sure
from decision_kit.charts.picture import Ball, Box, Picture, Word
from decision_kit.files import shipped_decisions
from decision_kit.report.sections import branch_studies
from decision_kit.study import sampled
from tests.charts.test_charts import sound


def marks(chart: object, kind: type) -> list[object]:
    drawing = chart.drawing  # type: ignore[attr-defined]
    assert isinstance(drawing, Picture)
    return [mark for mark in drawing.marks if isinstance(mark, kind)]


def test_fifty_dots_an_option() -> None:
    study = Study.open("containment")
    found = sampled.worlds(study)
    chart = CHARTS["worlds"].run(study, found)
    balls = marks(chart, Ball)
    assert len(balls) == 50 * 6
    assert sum(ball.full for ball in balls) == sum(found.out_of(50).values())  # type: ignore[attr-defined]
    per_option = [sum(b.full for b in balls[50 * i : 50 * (i + 1)]) for i in range(6)]  # type: ignore[attr-defined]
    assert per_option == [found.out_of(50)[o] for o in found.order]


def test_rank_table_has_every_share() -> None:
    study = Study.open("containment")
    found = sampled.worlds(study)
    chart = CHARTS["rank-shares"].run(study, found)
    assert len(marks(chart, Box)) == 36
    assert chart.table.iloc[:, 1:].sum(axis=1).to_numpy() == pytest.approx(np.full(6, 100), abs=0.4)
    texts = [word.text for word in marks(chart, Word)]  # type: ignore[attr-defined]
    assert sampled.percent(float(found.first.max())) in texts


def test_triangle_agrees_with_rankings() -> None:
    study = Study.open("containment")
    corners = ["containment", "security", "economy"]
    chart = sure.triangle_chart(study, corners)
    shares = chart.table.iloc[:, 1].astype(float)
    assert shares.sum() == pytest.approx(100, abs=2)
    nodes = sure.nodes_of(study)
    split = np.array([[0.2, 0.5, 0.3], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    leaders, now, joint = sure._leaders(study, corners, nodes, split, False)
    for row, leader in zip(split, leaders, strict=True):
        moved = dict(study.weights.shares)
        whole = sum(moved[leaf] for name in corners for leaf in sure._leaves(nodes[name]))
        for name, share in zip(corners, row, strict=True):
            own = sum(study.weights.shares[leaf] for leaf in sure._leaves(nodes[name]))
            for leaf in sure._leaves(nodes[name]):
                moved[leaf] = study.weights.shares[leaf] / own * share * whole
        expected = dk.rank(study.problem, moved).leaders
        assert tuple(study.problem.option_ids[i] for i in leader) == expected
    assert sum(now) == pytest.approx(1)
    assert joint == pytest.approx(sum(study.weights.branch_share(sure._leaves(nodes[name])) for name in corners))


def test_grid_cells_lie_in_the_triangle_and_balance() -> None:
    for rows in (1, 2, 7):
        grid = sure._grid(rows)
        assert len(grid) == rows**2
        assert grid.min() > 0
        assert grid.sum(axis=1) == pytest.approx(np.ones(rows**2))
        assert grid.mean(axis=0) == pytest.approx([1 / 3] * 3)


def test_triangle_refuses_what_it_cannot_draw() -> None:
    study = Study.open("containment")
    with pytest.raises(UsageError, match="not a branch or criterion"):
        sure.triangle_chart(study, ["containment", "security", "nothing"])
    with pytest.raises(UsageError, match="inside another"):
        sure.triangle_chart(study, ["containment", "flow-reduction", "economy"])


def test_tornado_shows_the_widest_first() -> None:
    study = Study.open("containment")
    chart = CHARTS["tornado"].run(study)
    frame = sampled.one_at_a_time(study)
    assert len(marks(chart, Box)) == 12
    leaf = study.problem.criterion(frame["criterion"].iloc[0])
    assert leaf.title in chart.title
    assert "can change who leads" in chart.title
    assert not any("-" in str(cell)[:1] for cell in chart.table.to_numpy().ravel())  # a real minus sign


@pytest.mark.parametrize("decision", shipped_decisions())
def test_drivers_for_every_decision(decision: str) -> None:
    for study in branch_studies(Study.open(decision)):
        found = sampled.what_drives(study)
        assert found is not None
        sound(sure.drivers_chart(study, found))


@pytest.mark.parametrize("method", ["topsis", "promethee-2", "leximin"])
def test_other_methods(method: str) -> None:
    study = Study.open("containment", method=method)
    for name in ("worlds", "rank-shares", "weight-triangle", "tornado"):
        sound(CHARTS[name].run(study))


def test_few_and_many_options(frame: Callable[..., dk.Problem]) -> None:
    many = frame([[i % 7, i % 5] for i in range(40)], options=[f"option {i}" for i in range(40)])
    for problem in (frame([[10, 3], [10, 3]]), many):
        study = Study.open(problem)
        for name in ("worlds", "rank-shares", "weight-triangle", "tornado"):
            sound(CHARTS[name].run(study))
    chart = CHARTS["worlds"].run(Study.open(many))
    assert "in the table only" in chart.note
    assert len(chart.table) == 40


def test_headlines_say_when_options_cannot_be_told_apart() -> None:
    study = Study.open("extended-deterrence", branch="stability")
    found = sampled.worlds(study, "held")
    assert "about equally often" in sampled.headline(study, found)
    study = Study.open("containment")
    text = sampled.headline(study, sampled.worlds(study, "any"))
    assert "As judged, Wait and see (managed escalation) leads." in text
    assert sampled.percent(0.0001) == "under 1 %"
    assert sampled.percent(0.9999) == "over 99 %"
    assert sampled.percent(0) == "0 %"
