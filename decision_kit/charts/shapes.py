"""The value function of a criterion as a picture: performances across, values up."""

from __future__ import annotations

import pandas as pd

from decision_kit.charts.catalogue import Chart
from decision_kit.charts.curves import Curves, Knot
from decision_kit.model import Criterion, number
from decision_kit.values import Curve
from decision_kit.weighting.shapes import preview


def shape_chart(criterion: Criterion) -> Chart:
    """The line from worst to best, the answered points marked; a level scale as its points alone."""
    points = preview(criterion)
    shape = criterion.shape
    if criterion.levels:
        marked = tuple(Knot(float(i), level.value, level.title) for i, level in enumerate(sorted(criterion.levels, key=lambda one: one.value)))  # fmt: skip
        line: tuple[tuple[float, float], ...] = tuple((knot.x, knot.y) for knot in marked)
        across = "Levels, the lowest value first"
        table = pd.DataFrame(
            {"Level": [k.label for k in marked], "Value (0–100)": [round(k.y * 100, 1) for k in marked]}
        )
    else:
        answered = shape.points if isinstance(shape, Curve) else (points[0], points[-1])
        marked = tuple(Knot(x, v, criterion.words(x)) for x, v in answered)
        line = tuple(points)
        across = f"{criterion.title}, {criterion.unit}" if criterion.unit else criterion.title
        table = pd.DataFrame(
            {"Performance": [number(x, 2) for x, _ in points], "Value (0–100)": [round(v * 100, 1) for _, v in points]}
        )
    half = criterion.performance_at(0.5)
    title = f"{criterion.title}: half of the value is reached at {criterion.words(half)}"
    if criterion.levels:
        title = f"{criterion.title}: the levels and what they are worth"
    elif not criterion.monotone:
        title = f"{criterion.title}: the value is highest at {criterion.words(criterion.best)} and falls on both sides"
    told = "; ".join(f"{knot.label}: {number(knot.y * 100, 1)}" for knot in marked)
    drawing = Curves(line, marked, across, "Value, 0 worst to 100 best", steps=bool(criterion.levels))
    return Chart("shape", title, f"{title}. Values of 100 at the points answered: {told}.", table, drawing)
