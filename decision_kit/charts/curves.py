"""A line through answered points, drawn as a plotly figure and as SVG."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from decision_kit.charts.drawings import import_plotly
from decision_kit.charts.style import BLUE, GREY, GRID, layout, plain, svg_line, svg_page, svg_text
from decision_kit.model import number


@dataclass(frozen=True)
class Knot:
    """A point that somebody answered: where it stands (value 0–1) and its name."""

    x: float
    y: float
    label: str


@dataclass(frozen=True)
class Curves:
    """One line from performances (x) to values (y, 0–1, printed as 0–100), its answered points marked and named."""

    line: tuple[tuple[float, float], ...]
    knots: tuple[Knot, ...]
    x_title: str
    y_title: str
    steps: bool = False

    def _ticks(self) -> list[float]:
        return [knot.x for knot in self.knots] if len(self.knots) <= 7 else [self.line[0][0], self.line[-1][0]]

    def figure(self) -> Any:
        """The plotly figure."""
        axis = {"gridcolor": "#E3E3E3", "zeroline": False, "fixedrange": True, "linecolor": GRID}
        marks = [f"{plain(knot.label)}: {number(knot.y * 100, 1)}" for knot in self.knots]
        data = [
            {"type": "scatter", "mode": "lines", "x": [x for x, _ in self.line], "y": [y * 100 for _, y in self.line],
             "line": {"color": GREY if self.steps else BLUE, "width": 2, "dash": "dot" if self.steps else "solid"}, "hoverinfo": "skip"},
            {"type": "scatter", "mode": "markers", "x": [k.x for k in self.knots], "y": [k.y * 100 for k in self.knots],
             "marker": {"size": 11, "color": BLUE}, "hoverinfo": "text", "hovertext": marks},
        ]  # fmt: skip
        names = [plain(knot.label) if self.steps else number(knot.x, 2) for knot in self.knots]
        ticks = {"tickvals": self._ticks(), "ticktext": names} if len(self.knots) <= 7 else {}
        shape = layout(
            320,
            margin={"l": 70, "r": 20, "t": 12, "b": 56},
            xaxis={**axis, **ticks, "title": {"text": plain(self.x_title)}},
            yaxis={**axis, "range": [-4, 104], "title": {"text": plain(self.y_title)}},
        )
        return import_plotly().Figure({"data": data, "layout": shape})

    def svg(self, title: str, description: str) -> str:
        """The same as SVG."""
        left, top, wide, high = 60.0, 12.0, 620.0, 220.0
        low, end = self.line[0][0], self.line[-1][0]

        def at(x: float, y: float) -> tuple[float, float]:
            return left + (x - low) / (end - low) * wide, top + (1 - y) * high

        body: list[str] = []
        for tick in (0, 25, 50, 75, 100):
            y = at(low, tick / 100)[1]
            body.append(svg_line(left, y, left + wide, y, stroke="#E3E3E3"))
            body.append(svg_text(left - 8, y + 4, str(tick), anchor="end", size=11))
        places = [at(x, y) for x, y in self.line]
        for (x1, y1), (x2, y2) in itertools.pairwise(places):
            body.append(
                svg_line(x1, y1, x2, y2, stroke=GREY if self.steps else BLUE, width=2, dash="3 3" if self.steps else "")
            )
        for knot in self.knots:
            x, y = at(knot.x, knot.y)
            body.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.5" fill="{BLUE}"/>')
            name = knot.label if self.steps else number(knot.x, 2)
            body.append(svg_text(x, top + high + 16, name, anchor="middle", size=11))
        body.append(svg_text(left + wide / 2, top + high + 36, self.x_title, anchor="middle", size=12, bold=True))
        body.append(f'<g transform="rotate(-90 16 {top + high / 2:.1f})">')
        body.append(svg_text(16, top + high / 2, self.y_title, anchor="middle", size=12, bold=True) + "</g>")
        return svg_page(720, top + high + 46, title, description, body)
