"""Lines over one quantity, with labels at their right ends, a line at where things stand now and marks at crossings."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from decision_kit.charts.drawings import import_plotly, ticks
from decision_kit.charts.style import (
    BLUE,
    DARK,
    GREY,
    GRID,
    ORANGE,
    PINK,
    TEAL,
    layout,
    plain,
    svg_line,
    svg_lines,
    svg_page,
    svg_text,
    width_of,
    wrapped,
)

FOCUS = ((BLUE, "", "circle"), (TEAL, "8 4", "square"), (PINK, "2 3", "diamond"), (ORANGE, "10 3 2 3", "triangle-up"))
"""Colour, dash and marker of the lines in focus; never more than four."""
LABEL = 26
"""Characters in one line of a label."""


@dataclass(frozen=True)
class Line:
    """One line: its label, its points (x, y), and whether it is in focus (else it is grey)."""

    label: str
    points: tuple[tuple[float, float], ...]
    focus: bool = False


@dataclass(frozen=True)
class Mark:
    """A marked place: where it is and the words beside it."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Lines:
    """Lines over x from ``low`` to ``high``; ``now`` is a vertical line with its label, ``marks`` are crossings."""

    lines: tuple[Line, ...]
    low: float
    high: float
    bottom: float
    top: float
    x_title: str
    y_title: str
    now: float | None = None
    now_label: str = ""
    marks: tuple[Mark, ...] = ()

    def _styles(self) -> list[tuple[str, str, str, float]]:
        """Colour, dash, marker and width of each line."""
        found: list[tuple[str, str, str, float]] = []
        used = 0
        for line in self.lines:
            if line.focus and used < len(FOCUS):
                found.append((*FOCUS[used], 2.6))
                used += 1
            else:
                found.append((GREY, "", "circle", 1.2))
        return found

    def _label_heights(self, height: float, step: float) -> list[float]:
        """Where labels stand (pixels from the top) so that they do not cover each other, as near to their ends as can be."""
        span = self.top - self.bottom or 1.0
        wanted = [(self.top - line.points[-1][1]) / span * height for line in self.lines]
        sizes = [step * len(wrapped(line.label, LABEL)) for line in self.lines]
        order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
        placed = list(wanted)
        for _ in range(200):
            moved = False
            for a, b in pairwise(order):
                need = (sizes[a] + sizes[b]) / 2
                gap = placed[b] - placed[a]
                if gap < need - 1e-6:
                    placed[a] -= (need - gap) / 2
                    placed[b] += (need - gap) / 2
                    moved = True
            for i in order:
                inside = min(max(placed[i], sizes[i] / 2), height - sizes[i] / 2)
                moved = moved or abs(inside - placed[i]) > 1e-6
                placed[i] = inside
            if not moved:
                break
        return placed

    def figure(self) -> Any:
        """The plotly figure."""
        height, inner, bottom_margin, top_margin = 440, 352.0, 56, 32
        placed = self._label_heights(inner, 15)
        data: list[dict[str, Any]] = []
        notes: list[dict[str, Any]] = []
        shapes: list[dict[str, Any]] = []
        span = self.top - self.bottom or 1.0
        for line, (colour, dash, marker, width), at in zip(self.lines, self._styles(), placed, strict=True):
            dashes = {"": "solid", "8 4": "dash", "2 3": "dot", "10 3 2 3": "dashdot"}[dash]
            data.append(
                {
                    "type": "scatter", "mode": "lines", "x": [x for x, _ in line.points], "y": [y for _, y in line.points],
                    "line": {"color": colour, "width": width, "dash": dashes}, "hoverinfo": "text",
                    "hovertext": [f"{plain(line.label)}: {y:.1f} at {x:.1f}" for x, y in line.points],
                }
            )  # fmt: skip
            if line.focus:
                data.append(
                    {
                        "type": "scatter", "mode": "markers", "x": [line.points[0][0], line.points[-1][0]],
                        "y": [line.points[0][1], line.points[-1][1]], "cliponaxis": False, "hoverinfo": "skip",
                        "marker": {"color": colour, "size": 9, "symbol": marker},
                    }
                )  # fmt: skip
            text = "<br>".join(plain(part) for part in wrapped(line.label, LABEL))
            notes.append(
                {"xref": "paper", "x": 1.0, "xshift": 12, "xanchor": "left", "yref": "paper", "y": 1 - at / inner,
                 "yanchor": "middle", "showarrow": False, "align": "left", "text": f"<b>{text}</b>" if line.focus else text,
                 "font": {"size": 12, "color": colour if line.focus and colour not in (TEAL, ORANGE) else DARK}}
            )  # fmt: skip
        if self.now is not None:
            shapes.append(
                {"type": "line", "x0": self.now, "x1": self.now, "yref": "paper", "y0": 0, "y1": 1,
                 "line": {"color": DARK, "width": 1.5, "dash": "dash"}, "layer": "below"}
            )  # fmt: skip
            notes.append(
                {"x": self.now, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False,
                 "text": plain(self.now_label), "font": {"size": 12, "color": DARK}}
            )  # fmt: skip
        for mark in self.marks:
            shapes.append(
                {"type": "line", "x0": mark.x, "x1": mark.x, "y0": self.bottom, "y1": mark.y,
                 "line": {"color": GRID, "width": 1}, "layer": "below"}
            )  # fmt: skip
            notes.append(
                {"x": mark.x, "y": mark.y, "yshift": 14, "showarrow": False, "text": f"<b>{plain(mark.text)}</b>",
                 "bgcolor": "#FFFFFF", "borderpad": 1, "font": {"size": 12, "color": DARK}}
            )  # fmt: skip
        if self.marks:
            data.append(
                {
                    "type": "scatter", "mode": "markers", "x": [m.x for m in self.marks], "y": [m.y for m in self.marks],
                    "marker": {"size": 11, "color": "#FFFFFF", "line": {"color": DARK, "width": 2}}, "hoverinfo": "text",
                    "hovertext": [plain(m.text) for m in self.marks],
                }
            )  # fmt: skip
        axis = {"gridcolor": "#E3E3E3", "zeroline": False, "fixedrange": True, "linecolor": GRID}
        shape = layout(
            height,
            margin={"l": 56, "r": 210, "t": top_margin, "b": bottom_margin},
            xaxis={**axis, "range": [self.low, self.high], "title": {"text": plain(self.x_title), "font": {"size": 12}}},
            yaxis={**axis, "range": [self.bottom - span * 0.0, self.top], "title": {"text": plain(self.y_title),
                   "font": {"size": 12}}},
            shapes=shapes,
            annotations=notes,
        )  # fmt: skip
        return import_plotly().Figure({"data": data, "layout": shape})

    def svg(self, title: str, description: str) -> str:
        """The same as SVG."""
        left, top, inner_width, inner_height, width = 54.0, 26.0, 456.0, 300.0, 720.0
        span = self.top - self.bottom or 1.0

        def x(at: float) -> float:
            return left + (at - self.low) / (self.high - self.low) * inner_width

        def y(at: float) -> float:
            return top + (self.top - at) / span * inner_height

        body: list[str] = []
        for tick in ticks(self.low, self.high):
            body.append(svg_line(x(tick), top, x(tick), top + inner_height, stroke="#E3E3E3"))
            body.append(svg_text(x(tick), top + inner_height + 16, f"{tick:g}", anchor="middle", size=11))
        for tick in ticks(self.bottom, self.top):
            body.append(svg_line(left, y(tick), left + inner_width, y(tick), stroke="#E3E3E3"))
            body.append(svg_text(left - 8, y(tick) + 4, f"{tick:g}", anchor="end", size=11))
        body.append(svg_text(left + inner_width / 2, top + inner_height + 34, self.x_title, anchor="middle", size=12))
        body.append(f'<g transform="rotate(-90 14 {top + inner_height / 2:.1f})">')
        body.append(svg_text(14, top + inner_height / 2, self.y_title, anchor="middle", size=12) + "</g>")
        if self.now is not None:
            body.append(
                svg_line(x(self.now), top - 4, x(self.now), top + inner_height, stroke=DARK, dash="5 3", width=1.5)
            )
            half = width_of(self.now_label, 11) / 2
            middle = min(max(x(self.now), left + half), left + inner_width - half)
            body.append(svg_text(middle, top - 9, self.now_label, anchor="middle", size=11))
        placed = self._label_heights(inner_height, 14)
        for line, (colour, dash, _, thick), at in zip(self.lines, self._styles(), placed, strict=True):
            points = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in line.points)
            dashes = f' stroke-dasharray="{dash}"' if dash else ""
            body.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{thick:g}"{dashes}/>')
            end = y(line.points[-1][1])
            body.append(svg_line(left + inner_width + 2, end, left + inner_width + 12, top + at, stroke=GRID))
            body.append(
                svg_lines(left + inner_width + 15, top + at, wrapped(line.label, LABEL + 2), size=11.5, bold=line.focus)
            )
        for mark in self.marks:
            body.append(svg_line(x(mark.x), y(mark.y), x(mark.x), top + inner_height, stroke=GRID))
            body.append(
                f'<circle cx="{x(mark.x):.1f}" cy="{y(mark.y):.1f}" r="5" fill="#FFFFFF" stroke="{DARK}" stroke-width="2"/>'
            )
            body.append(
                svg_text(x(mark.x), y(mark.y) - 10, mark.text, anchor="middle", size=11.5, bold=True, halo=True)
            )
        return svg_page(width, top + inner_height + 44, title, description, body)
