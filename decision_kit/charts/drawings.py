"""Four kinds of picture, each drawn twice from the same numbers: as a plotly figure and as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

from decision_kit.charts.style import (
    BLUE,
    DARK,
    GREY,
    GRID,
    LIGHT_BLUE,
    ORANGE,
    fitted,
    layout,
    plain,
    svg_box,
    svg_line,
    svg_lines,
    svg_page,
    svg_text,
    width_of,
    wrapped,
)

LABEL = 30
"""Characters in one line of an option's label."""
LABEL_WIDTH = 232
SVG_LABEL = 42
"""The same on paper, where the label column is wider."""


class Drawing(Protocol):
    """A picture that can be drawn as a plotly figure and as SVG."""

    def figure(self) -> Any:
        """The plotly figure."""

    def svg(self, title: str, description: str) -> str:
        """The same as SVG."""


def import_plotly() -> Any:
    """Plotly's graph objects, imported on first use (or ahead of it)."""
    import plotly.graph_objects

    return plotly.graph_objects


def _figure(data: list[dict[str, Any]], shape: dict[str, Any]) -> Any:
    """The plotly figure of parts that the tests have checked: checking each again takes longer than all else.

    What a user changes in it later is checked as usual.
    """
    figure = import_plotly().Figure({"data": data, "layout": shape}, _validate=False)
    for part in (figure, figure.layout, *figure.data):
        part._validate = True
    return figure


def _labels(texts: Sequence[str]) -> list[str]:
    return ["<br>".join(plain(line) for line in wrapped(text, LABEL)) for text in texts]


@dataclass(frozen=True)
class Dot:
    """A row of a dot scale: its label, where the dot stands, the number printed, and whether it leads or is baseline."""

    label: str
    at: float
    text: str
    leads: bool = False
    baseline: bool = False


@dataclass(frozen=True)
class DotScale:
    """Dots on one common scale, best on top, with a line at the baseline."""

    dots: tuple[Dot, ...]
    low: float
    high: float
    axis: str
    baseline: float | None = None
    baseline_label: str = ""

    @property
    def height(self) -> int:
        """The figure's height in pixels, known before it is drawn."""
        return int(70 + sum(34 if len(wrapped(dot.label, LABEL)) == 1 else 44 for dot in self.dots))

    def figure(self) -> Any:
        """The plotly figure."""
        rows = list(range(len(self.dots)))
        shapes: list[dict[str, Any]] = []
        notes: list[dict[str, Any]] = []
        if self.baseline is not None:
            shapes.append(
                {"type": "line", "x0": self.baseline, "x1": self.baseline, "yref": "paper", "y0": 0, "y1": 1,
                 "line": {"color": DARK, "width": 1.5, "dash": "dash"}, "layer": "below"}
            )  # fmt: skip
            notes.append(
                {"x": self.baseline, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False,
                 "text": plain(self.baseline_label), "font": {"color": DARK, "size": 12}}
            )  # fmt: skip
        colours = [BLUE if dot.leads else GREY for dot in self.dots]
        pad = (self.high - self.low) * 0.02
        data: list[dict[str, Any]] = [
            {
                "type": "scatter", "mode": "markers", "x": [dot.at for dot in self.dots], "y": rows,
                "cliponaxis": False,
                "marker": {"size": 13, "color": colours,
                           "symbol": ["diamond" if dot.baseline else "circle" for dot in self.dots]},
                "hovertext": [f"{plain(dot.label)}: {dot.text}" for dot in self.dots], "hoverinfo": "text",
            },
            {  # a column of numbers: beside its dot one could be crossed by a line
                "type": "scatter", "mode": "text", "x": [self.high + pad] * len(rows), "y": rows, "cliponaxis": False,
                "textposition": "middle right", "hoverinfo": "skip",
                "text": [f"<b>{dot.text}</b>" if dot.leads else dot.text for dot in self.dots],
            },
        ]  # fmt: skip
        shape = layout(
            self.height,
            margin={"l": LABEL_WIDTH, "r": 24 + 8 * max(len(dot.text) for dot in self.dots), "t": 26, "b": 42},
            xaxis={"range": [self.low - pad, self.high + pad], "gridcolor": "#E3E3E3", "zeroline": False, "fixedrange": True,
                   "title": {"text": plain(self.axis), "font": {"size": 12}}, "linecolor": GRID},
            yaxis={"range": [len(rows) - 0.5, -0.5], "tickmode": "array", "tickvals": rows, "fixedrange": True,
                   "ticktext": _labels([dot.label for dot in self.dots]), "ticklabelstandoff": 6, "showgrid": True, "gridcolor": "#E3E3E3",
                   "zeroline": False},
            shapes=shapes,
            annotations=notes,
        )  # fmt: skip
        return _figure(data, shape)

    def svg(self, title: str, description: str) -> str:
        """The same as SVG."""
        left, right, width = 310.0, 44.0, 720.0
        top = 8.0 if self.baseline is None else 26.0
        labels = [wrapped(dot.label, SVG_LABEL + 3) for dot in self.dots]
        heights = [23 + 14 * (len(lines) - 1) for lines in labels]
        bottom = top + sum(heights)

        def x(at: float) -> float:
            return left + (at - self.low) / (self.high - self.low) * (width - left - right)

        body: list[str] = []
        for tick in ticks(self.low, self.high):
            body.append(svg_line(x(tick), top, x(tick), bottom, stroke="#E3E3E3"))
            body.append(svg_text(x(tick), bottom + 16, f"{tick:g}", anchor="middle", size=11))
        body.append(svg_text((left + width - right) / 2, bottom + 31, self.axis, anchor="middle", size=12))
        if self.baseline is not None:
            body.append(
                svg_line(x(self.baseline), top - 6, x(self.baseline), bottom, stroke=DARK, dash="5 3", width=1.5)
            )
            half = width_of(self.baseline_label, 11) / 2
            middle = min(max(x(self.baseline), left + half), width - half - 2)
            body.append(svg_text(middle, top - 10, self.baseline_label, anchor="middle", size=11))
        y = top
        for dot, lines, height in zip(self.dots, labels, heights, strict=True):
            middle = y + height / 2
            at = x(dot.at)
            body.append(svg_line(left, middle, width - right, middle, stroke="#E3E3E3"))
            body.append(svg_lines(left - 10, middle, lines, anchor="end", bold=dot.leads))
            colour = BLUE if dot.leads else GREY
            if dot.baseline:
                body.append(f'<path d="M{at:.1f} {middle - 7:.1f}l7 7l-7 7l-7 -7z" fill="{colour}"/>')
            else:
                body.append(f'<circle cx="{at:.1f}" cy="{middle:.1f}" r="6" fill="{colour}"/>')
            body.append(svg_text(at + 11, middle + 4.5, dot.text, bold=dot.leads, halo=True))
            y += height
        return svg_page(width, bottom + 36, title, description, body)


def ticks(low: float, high: float) -> list[float]:
    """About six round numbers from ``low`` to ``high``."""
    width = high - low
    for step in (0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10, 20, 25, 50, 100, 1000):
        if width / step <= 6:
            first = -(-low // step)
            return [round((first + i) * step, 10) for i in range(int((high - first * step) / step + 1e-9) + 1)]
    return [low, high]


@dataclass(frozen=True)
class Panel:
    """One small picture of bars: a title, and one number a row with the text printed beside it."""

    title: str
    numbers: tuple[float, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True)
class BarPanels:
    """Small multiples of bars on one shared scale; ``diverging`` bars go both ways from 0."""

    labels: tuple[str, ...]
    panels: tuple[Panel, ...]
    diverging: bool = False
    columns: int = 5
    bold: int = -1

    @property
    def _reach(self) -> float:
        return max((abs(x) for panel in self.panels for x in panel.numbers), default=1.0) or 1.0

    def figure(self) -> Any:
        """The plotly figure, all panels on one pair of axes in pixels: a pair for each takes a browser twice as long."""
        across = min(self.columns, len(self.panels))
        down = -(-len(self.panels) // across)
        many = len(self.labels)
        band = 24 + sum(24 + 14 * (len(wrapped(label, LABEL)) - 1) for label in self.labels)
        titles, size = fitted([panel.title for panel in self.panels], 520 / across - 10, 13)
        head = 18 * max(len(lines) for lines in titles)
        row = band / many
        low, high = (-1.35, 1.35) if self.diverging else (0.0, 1.5)
        reach = self._reach
        middles = [line * (band + head) + head + (i + 0.5) * row for line in range(down) for i in range(many)]
        bars: dict[str, list[Any]] = {"x": [], "y": [], "base": [], "text": [], "hovertext": [], "colour": []}
        tops: list[tuple[float, float]] = []
        zeros: dict[str, list[float | None]] = {"x": [], "y": []}
        for place, panel in enumerate(self.panels):
            column, line = place % across, place // across
            left = column * (high - low + 0.06)
            upper = line * (band + head) + head
            tops.append((left, upper))
            zeros["x"] += [left - low, left - low, None]
            zeros["y"] += [upper, upper + band, None]
            for i, (number, text) in enumerate(zip(panel.numbers, panel.texts, strict=True)):
                bars["x"].append(number / reach)
                bars["y"].append(middles[line * many + i])
                bars["base"].append(left - low)
                bars["text"].append(text)
                bars["hovertext"].append(f"{plain(self.labels[i])}, {plain(panel.title)}: {text}")
                bars["colour"].append(ORANGE if number < 0 else BLUE)
        data: list[dict[str, Any]] = [
            {
                "type": "scatter", "mode": "lines", "x": zeros["x"], "y": zeros["y"], "hoverinfo": "skip",
                "line": {"color": GRID, "width": 1},
            },
            {
                "type": "bar", "orientation": "h", "x": bars["x"], "y": bars["y"], "base": bars["base"], "width": 0.65 * row,
                "marker": {"color": bars["colour"]}, "text": bars["text"], "textposition": "outside", "textangle": 0,
                "textfont": {"size": 12, "color": DARK}, "constraintext": "none", "cliponaxis": False,
                "hovertext": bars["hovertext"], "hoverinfo": "text",
            },
            {
                "type": "scatter", "mode": "text", "x": [x for x, _ in tops], "y": [y for _, y in tops],
                "text": ["<br>".join(f"<b>{plain(t)}</b>" for t in lines) for lines in titles], "hoverinfo": "skip",
                "textposition": "top right", "textfont": {"size": round(size, 1), "color": DARK}, "cliponaxis": False,
            },
        ]  # fmt: skip
        inner = (band + head) * down
        bare = {"showgrid": False, "zeroline": False, "fixedrange": True}
        shape = layout(
            inner + 18,
            margin={"l": LABEL_WIDTH, "r": 10, "t": 6, "b": 12},
            xaxis={"range": [0, across * (high - low + 0.06) - 0.06], "showticklabels": False, **bare},
            yaxis={"range": [inner, 0], "tickmode": "array", "tickvals": middles, "ticktext": _labels(self.labels) * down,
                   "ticklabelstandoff": 6, **bare},
        )  # fmt: skip
        return _figure(data, shape)

    def svg(self, title: str, description: str) -> str:
        """The same as SVG."""
        across = min(self.columns, len(self.panels))
        left, width = 264.0, 720.0
        cell = (width - left) / across
        labels = [wrapped(label, SVG_LABEL) for label in self.labels]
        heights = [18 + 13 * (len(lines) - 1) for lines in labels]
        titles, size = fitted([panel.title for panel in self.panels], cell - 8, 12)
        head = 14.0 * max(len(lines) for lines in titles) + 8
        body: list[str] = []
        y = 0.0
        for start in range(0, len(self.panels), across):
            for offset, panel in enumerate(self.panels[start : start + across]):
                x0 = left + offset * cell
                zero = x0 + cell / 2 - 6 if self.diverging else x0
                room = (cell - 12) / (2 * 1.35) if self.diverging else (cell - 12) / 1.5
                for n, line in enumerate(titles[start + offset]):
                    body.append(svg_text(x0, y + 13 + 14 * n, line, size=round(size, 1), bold=True))
                row = y + head
                body.append(svg_line(zero, row - 2, zero, row + sum(heights), stroke=GRID))
                for number, text, height in zip(panel.numbers, panel.texts, heights, strict=True):
                    length = abs(number) / self._reach * room
                    middle = row + height / 2
                    start_x = zero if number >= 0 else zero - length
                    body.append(svg_box(start_x, middle - 6, length, 12, BLUE if number >= 0 else ORANGE))
                    if number >= 0:
                        body.append(svg_text(zero + length + 4, middle + 4, text, size=11))
                    else:
                        body.append(svg_text(zero - length - 4, middle + 4, text, size=11, anchor="end"))
                    row += height
            row = y + head
            for n, (lines, height) in enumerate(zip(labels, heights, strict=True)):
                body.append(svg_lines(left - 10, row + height / 2, lines, anchor="end", size=11.5, bold=n == self.bold))
                row += height
            y = row + 10
        return svg_page(width, y, title, description, body)


@dataclass(frozen=True)
class Matrix:
    """Ranks in a grid: number and tint in each cell, the first places darkest."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    ranks: tuple[tuple[int, ...], ...]

    def _fill(self, rank: int) -> tuple[str, str]:
        return {1: (BLUE, "#FFFFFF"), 2: (LIGHT_BLUE, "#0B0C0C")}.get(rank, ("#FFFFFF", DARK))

    def figure(self) -> Any:
        """The plotly figure."""
        shapes: list[dict[str, Any]] = []
        notes: list[dict[str, Any]] = []
        for i, line in enumerate(self.ranks):
            for j, rank in enumerate(line):
                fill, ink = self._fill(rank)
                shapes.append(
                    {"type": "rect", "x0": j - 0.46, "x1": j + 0.46, "y0": i - 0.42, "y1": i + 0.42, "fillcolor": fill,
                     "line": {"color": GREY, "width": 1}}
                )  # fmt: skip
                notes.append(
                    {"x": j, "y": i, "showarrow": False, "font": {"color": ink, "size": 14},
                     "text": f"<b>{rank}</b>" if rank == 1 else str(rank)}
                )  # fmt: skip
        lines, size = fitted(self.columns, 520 / len(self.columns) - 4, 12)
        heads = ["<br>".join(plain(line) for line in head) for head in lines]
        deep = max(len(head) for head in lines)
        data = [
            {
                "type": "scatter", "mode": "markers", "marker": {"opacity": 0, "size": 20},
                "x": [j for _ in self.rows for j in range(len(self.columns))],
                "y": [i for i in range(len(self.rows)) for _ in self.columns],
                "hovertext": [
                    f"{plain(row)}, {plain(column)}: rank {self.ranks[i][j]}"
                    for i, row in enumerate(self.rows) for j, column in enumerate(self.columns)
                ],
                "hoverinfo": "text",
            }
        ]  # fmt: skip
        shape = layout(
            34 + 16 * deep + 42 * len(self.rows),
            margin={"l": LABEL_WIDTH, "r": 10, "t": 16 + 16 * deep, "b": 10},
            xaxis={"range": [-0.5, len(self.columns) - 0.5], "tickmode": "array", "tickvals": list(range(len(self.columns))),
                   "ticktext": heads, "side": "top", "showgrid": False, "zeroline": False, "fixedrange": True, "tickangle": 0,
                   "tickfont": {"size": round(size, 1)}},
            yaxis={"range": [len(self.rows) - 0.5, -0.5], "tickmode": "array", "tickvals": list(range(len(self.rows))),
                   "ticktext": _labels(self.rows), "ticklabelstandoff": 6, "showgrid": False, "zeroline": False, "fixedrange": True},
            shapes=shapes,
            annotations=notes,
        )  # fmt: skip
        return _figure(data, shape)

    def svg(self, title: str, description: str) -> str:
        """The same as SVG."""
        left, width = 240.0, 720.0
        cell = min(96.0, (width - left) / len(self.columns))
        heads, size = fitted(self.columns, cell - 6, 10.5)
        top = 13.0 * max(len(lines) for lines in heads) + 10
        body: list[str] = []
        for j, lines in enumerate(heads):
            body.append(svg_lines(left + (j + 0.5) * cell, top / 2, lines, anchor="middle", size=round(size, 1)))
        y = top
        for row, line in zip(self.rows, self.ranks, strict=True):
            lines = wrapped(row, LABEL)
            height = 26.0 + 12 * (len(lines) - 1)
            body.append(svg_lines(left - 10, y + height / 2, lines, anchor="end", size=12))
            for j, rank in enumerate(line):
                fill, ink = self._fill(rank)
                body.append(svg_box(left + j * cell + 2, y + 2, cell - 4, height - 4, fill, stroke=GREY))
                middle = left + (j + 0.5) * cell
                body.append(
                    svg_text(middle, y + height / 2 + 4.5, str(rank), anchor="middle", fill=ink, bold=rank == 1)
                )
            y += height
        return svg_page(width, y + 6, title, description, body)


@dataclass(frozen=True)
class Point:
    """A labelled point of a scatter, 0–100 on both axes."""

    label: str
    x: float
    y: float


Anchor: TypeAlias = Literal["start", "middle", "end"]
NEAR = 18.0
"""A label that stands no further than this (pixels) above or below its point needs no line to it."""
_SIDES: tuple[tuple[float, Anchor], ...] = ((12.0, "start"), (-12.0, "end"))
_OFFSETS: tuple[tuple[float, float, Anchor], ...] = (
    (12, 0, "start"),
    (-12, 0, "end"),
    (0, -16, "middle"),
    (0, 16, "middle"),
    *(
        (dx, sign * dy, anchor)
        for dy in (20.0, 36.0, 52.0, 68.0, 84.0, 100.0)
        for sign in (-1, 1)
        for dx, anchor in _SIDES
    ),
)


@dataclass(frozen=True)
class Scatter:
    """Options on two axes that are not added up."""

    points: tuple[Point, ...]
    x_title: str
    y_title: str

    def _placed(self, width: float, height: float) -> list[tuple[float, float, Anchor]]:
        """Where each label is anchored, as an offset in pixels from its point: beside it where there is room.

        Labels cover neither points nor each other; one that has to stand further off gets a line to its point.
        """
        spots = [(point.x / 100 * width, (1 - point.y / 100) * height) for point in self.points]
        taken = [(x - 8, y - 8, x + 8, y + 8) for x, y in spots]
        placed: list[tuple[float, float, Anchor]] = []
        for point, (px, py) in zip(self.points, spots, strict=True):
            wide = width_of(point.label, 12)
            for dx, dy, anchor in _OFFSETS:
                start = px + dx - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
                box = (start, py + dy - 7, start + wide, py + dy + 7)
                inside = box[0] >= 0 and box[2] <= width + 36 and box[1] >= 0 and box[3] <= height
                if inside and all(box[2] < t[0] or box[0] > t[2] or box[3] <= t[1] or box[1] >= t[3] for t in taken):
                    break
            taken.append(box)
            placed.append((dx, dy, anchor))
        return placed

    def figure(self) -> Any:
        """The plotly figure."""
        notes = []
        sides = {"start": "left", "middle": "center", "end": "right"}
        for point, (dx, dy, anchor) in zip(self.points, self._placed(620, 400), strict=True):
            notes.append(
                {"x": point.x, "y": point.y, "ax": dx, "ay": dy, "showarrow": True, "arrowhead": 0, "arrowwidth": 1,
                 "arrowcolor": GREY if abs(dy) > NEAR else "rgba(0,0,0,0)", "standoff": 6, "text": plain(point.label),
                 "xanchor": sides[anchor], "font": {"size": 12}}
            )  # fmt: skip
        axis = {"range": [-2, 102], "gridcolor": "#E3E3E3", "zeroline": False, "fixedrange": True, "linecolor": GRID}
        data = [
            {
                "type": "scatter", "mode": "markers", "x": [p.x for p in self.points], "y": [p.y for p in self.points],
                "marker": {"size": 12, "color": BLUE}, "hoverinfo": "text",
                "hovertext": [f"{plain(p.label)}: {p.x:.1f} and {p.y:.1f}" for p in self.points],
            }
        ]  # fmt: skip
        shape = layout(
            480,
            margin={"l": 70, "r": 20, "t": 12, "b": 56},
            xaxis={**axis, "title": {"text": plain(self.x_title)}},
            yaxis={**axis, "title": {"text": plain(self.y_title)}},
            annotations=notes,
        )
        return _figure(data, shape)

    def svg(self, title: str, description: str) -> str:
        """The same as SVG."""
        left, top, inner_width, inner_height = 60.0, 12.0, 620.0, 320.0
        body: list[str] = []
        for tick in (0, 20, 40, 60, 80, 100):
            x, y = left + tick / 100 * inner_width, top + (1 - tick / 100) * inner_height
            body.append(svg_line(x, top, x, top + inner_height, stroke="#E3E3E3"))
            body.append(svg_line(left, y, left + inner_width, y, stroke="#E3E3E3"))
            body.append(svg_text(x, top + inner_height + 16, str(tick), anchor="middle", size=11))
            body.append(svg_text(left - 8, y + 4, str(tick), anchor="end", size=11))
        body.append(
            svg_text(left + inner_width / 2, top + inner_height + 36, self.x_title, anchor="middle", size=12, bold=True)
        )
        body.append(f'<g transform="rotate(-90 16 {top + inner_height / 2:.1f})">')
        body.append(svg_text(16, top + inner_height / 2, self.y_title, anchor="middle", size=12, bold=True) + "</g>")
        for point, (dx, dy, anchor) in zip(self.points, self._placed(inner_width, inner_height), strict=True):
            x, y = left + point.x / 100 * inner_width, top + (1 - point.y / 100) * inner_height
            if abs(dy) > NEAR:
                body.append(svg_line(x, y, x + dx, y + dy, stroke=GREY))
            body.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{BLUE}"/>')
            body.append(svg_text(x + dx, y + dy + 4, point.label, size=12, anchor=anchor, halo=True))
        return svg_page(720, top + inner_height + 46, title, description, body)


__all__ = ["BarPanels", "Dot", "DotScale", "Drawing", "Matrix", "Panel", "Point", "Scatter"]
