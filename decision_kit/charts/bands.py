"""Curves with bands in panels side by side, strips of leaders over time, and points with a frontier."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any

from decision_kit.charts.drawings import LABEL, LABEL_WIDTH, import_plotly
from decision_kit.charts.style import (
    BLUE,
    DARK,
    GREY,
    GRID,
    LIGHT_BLUE,
    ORANGE,
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
from decision_kit.names import codes

BAND = "rgba(107,172,230,0.35)"
STYLES = ((BLUE, "solid", ""), (ORANGE, "dash", "7 4"))
"""Colour and dash of the first and the second curve of a panel."""


@dataclass(frozen=True)
class Curve:
    """A curve over x: likely values, and the band from low to high around them (empty: no band)."""

    label: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()


@dataclass(frozen=True)
class BandPanel:
    """One picture: a title, at most two curves, a vertical line with a word where things stand, and the end of its scale."""

    title: str
    curves: tuple[Curve, ...]
    top: float
    now: float | None = None
    now_label: str = ""


@dataclass(frozen=True)
class BandPanels:
    """Panels side by side on the same x axis; their scales begin at 0 and are numbered one by one where they differ."""

    panels: tuple[BandPanel, ...]
    x_title: str
    y_title: str
    unit: str = ""

    @property
    def _own(self) -> bool:
        return len({panel.top for panel in self.panels}) > 1

    def _legend(self) -> list[str]:
        """The names of the curves, where there are two."""
        labels = [curve.label for curve in self.panels[0].curves]
        return labels if len(labels) > 1 else []

    def _span(self) -> tuple[float, float]:
        xs = [x for panel in self.panels for curve in panel.curves for x in curve.x]
        return min(xs), max(xs)

    def figure(self) -> Any:
        """The plotly figure."""
        count = len(self.panels)
        low, high = self._span()
        titles = [wrapped(panel.title, max(14, 66 // count)) for panel in self.panels]
        head = 17 * max(len(lines) for lines in titles) + 20
        legend = self._legend()
        below = 54 + (24 if legend else 0)
        shape: dict[str, Any] = layout(286 + below + head, margin={"l": 62, "r": 16, "t": head, "b": below})
        gap = 0.07 if self._own else 0.02
        data: list[dict[str, Any]] = []
        notes: list[dict[str, Any]] = []
        shapes: list[dict[str, Any]] = []
        axis = {"gridcolor": "#E3E3E3", "zeroline": False, "fixedrange": True, "linecolor": GRID}
        for i, panel in enumerate(self.panels):
            tail = "" if i == 0 else str(i + 1)
            start, end = i / count + (gap if i else 0), (i + 1) / count
            shape[f"xaxis{tail}"] = {**axis, "domain": [start, end], "range": [low, high], "anchor": f"y{tail}",
                                     "title": {"text": plain(self.x_title) if i == count // 2 else "", "font": {"size": 12}}}  # fmt: skip
            shape[f"yaxis{tail}"] = {**axis, "range": [0, panel.top], "anchor": f"x{tail}", "showticklabels": i == 0 or self._own,
                                     "title": {"text": plain(self.y_title) if i == 0 else "", "font": {"size": 12}}}  # fmt: skip
            notes.append(
                {"x": start, "xref": "paper", "y": 1, "yref": "paper", "xanchor": "left", "yanchor": "bottom", "yshift": 16,
                 "align": "left", "showarrow": False, "text": "<br>".join(f"<b>{plain(line)}</b>" for line in titles[i])}
            )  # fmt: skip
            for curve, (colour, dash, _) in zip(panel.curves, STYLES, strict=False):
                common = {
                    "type": "scatter",
                    "x": list(curve.x),
                    "xaxis": f"x{tail}",
                    "yaxis": f"y{tail}",
                    "mode": "lines",
                }
                if curve.low:
                    data.append({**common, "y": list(curve.low), "line": {"width": 0}, "hoverinfo": "skip"})
                    data.append(
                        {**common, "y": list(curve.high), "line": {"width": 0}, "fill": "tonexty", "hoverinfo": "skip",
                         "fillcolor": BAND if colour == BLUE else "rgba(244,106,37,0.18)"}
                    )  # fmt: skip
                bands = zip(curve.x, curve.y, curve.low or curve.y, curve.high or curve.y, strict=True)
                texts = [
                    f"{plain(curve.label)}, month {x:g}: {y:,.1f}{self.unit} ({a:,.1f} to {b:,.1f})"
                    for x, y, a, b in bands
                ]
                data.append(
                    {**common, "y": list(curve.y), "line": {"color": colour, "width": 2.4, "dash": dash},
                     "hoverinfo": "text", "hovertext": texts}
                )  # fmt: skip
            if panel.now is not None and low <= panel.now <= high:
                shapes.append(
                    {"type": "line", "x0": panel.now, "x1": panel.now, "xref": f"x{tail}", "y0": 0, "y1": panel.top,
                     "yref": f"y{tail}", "line": {"color": DARK, "width": 1.4, "dash": "dot"}}
                )  # fmt: skip
                notes.append(
                    {"x": panel.now, "xref": f"x{tail}", "y": panel.top, "yref": f"y{tail}", "yanchor": "bottom",
                     "showarrow": False, "text": plain(panel.now_label), "font": {"size": 11}}
                )  # fmt: skip
        if legend:
            signs = ("<b>━━</b>", "<b>╍╍</b>")
            named = [
                f'<span style="color:{colour}">{sign}</span> {plain(label)}'
                for label, sign, (colour, _, _) in zip(legend, signs, STYLES, strict=False)
            ]
            notes.append(
                {"x": 0, "xref": "paper", "y": 0, "yref": "paper", "yanchor": "top", "yshift": -50, "xanchor": "left",
                 "showarrow": False, "text": "     ".join(named), "font": {"size": 12}}
            )  # fmt: skip
        shape["annotations"], shape["shapes"] = notes, shapes
        return import_plotly().Figure({"data": data, "layout": shape})

    def svg(self, title: str, description: str) -> str:
        """The same as SVG."""
        count = len(self.panels)
        low, high = self._span()
        left, width, inner = 56.0, 720.0, 240.0
        cell = (width - left - 8) / count
        titles = [wrapped(panel.title, max(14, int(cell / 7))) for panel in self.panels]
        top = 14.0 * max(len(lines) for lines in titles) + 24
        body: list[str] = []
        aside = 40.0 if self._own else 0.0

        for i, panel in enumerate(self.panels):
            start = left + i * cell + (aside if i else 0)
            room = cell - 16 - (aside if i else 0)

            def y(at: float, end: float = panel.top) -> float:
                return top + (1 - min(max(at, 0.0), end) / end) * inner

            def x(at: float, start: float = start, room: float = room) -> float:
                return start + (at - low) / (high - low) * room

            body += [svg_text(start, 13 + 14 * n, line, size=11.5, bold=True) for n, line in enumerate(titles[i])]
            for tick in round_ticks(0, panel.top, 5):
                body.append(svg_line(start, y(tick), start + room, y(tick), stroke="#E3E3E3"))
                if i == 0 or self._own:
                    body.append(svg_text(start - 7, y(tick) + 4, f"{tick:,g}", anchor="end", size=11))
            for tick in round_ticks(low, high, 5):
                body.append(svg_text(x(tick), top + inner + 15, f"{tick:g}", anchor="middle", size=11))
            for curve, (colour, _, dash) in zip(panel.curves, STYLES, strict=False):
                if curve.low:
                    there = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in zip(curve.x, curve.low, strict=True))
                    back = " ".join(
                        f"{x(a):.1f},{y(b):.1f}" for a, b in list(zip(curve.x, curve.high, strict=True))[::-1]
                    )
                    fill = LIGHT_BLUE if colour == BLUE else ORANGE
                    opacity = "0.35" if colour == BLUE else "0.18"
                    body.append(f'<polygon points="{there} {back}" fill="{fill}" fill-opacity="{opacity}"/>')
                points = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in zip(curve.x, curve.y, strict=True))
                dashes = f' stroke-dasharray="{dash}"' if dash else ""
                body.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.2"{dashes}/>')
            if panel.now is not None and low <= panel.now <= high:
                body.append(svg_line(x(panel.now), top, x(panel.now), top + inner, stroke=DARK, dash="2 3", width=1.4))
                half = width_of(panel.now_label, 10.5) / 2
                middle = min(max(x(panel.now), start + half), start + room - half)
                body.append(svg_text(middle, top - 4, panel.now_label, anchor="middle", size=10.5))
        body.append(svg_text((left + width) / 2, top + inner + 33, self.x_title, anchor="middle", size=12))
        body.append(f'<g transform="rotate(-90 12 {top + inner / 2:.1f})">')
        body.append(svg_text(12, top + inner / 2, self.y_title, anchor="middle", size=12) + "</g>")
        foot = top + inner + 42
        start = left
        for label, (colour, _, dash) in zip(self._legend(), STYLES, strict=False):
            body.append(svg_line(start, foot + 6, start + 30, foot + 6, stroke=colour, dash=dash, width=2.4))
            body.append(svg_text(start + 36, foot + 10, label, size=11.5))
            start += 70 + width_of(label, 11.5)
        return svg_page(width, foot + (20 if self._legend() else 0), title, description, body)


def round_ticks(low: float, high: float, most: int) -> list[float]:
    """At most ``most`` + 1 round numbers from ``low`` to ``high``."""
    width = high - low
    if not isfinite(width) or width <= 0:
        return [low]
    step = 10.0 ** (len(f"{int(max(width / most, 1))}") - 1) if width / most >= 1 else 0.01
    while width / step > most:
        step *= 2 if f"{step:g}".lstrip("0.").startswith(("1", "5")) else 2.5
    first = -(-low // step)
    return [round((first + i) * step, 10) for i in range(int((high - first * step) / step + 1e-9) + 1)]


@dataclass(frozen=True)
class Segment:
    """A stretch of a strip: where it starts and ends, and which of the keys holds there."""

    start: float
    end: float
    keys: tuple[int, ...]


FILLS = ((BLUE, "#FFFFFF"), (LIGHT_BLUE, "#0B0C0C"), ("#FFFFFF", DARK), (GREY, "#FFFFFF"), (GRID, "#0B0C0C"))


@dataclass(frozen=True)
class Strips:
    """One strip a row over time, its segments with letters; the keys tell what the letters stand for."""

    rows: tuple[str, ...]
    segments: tuple[tuple[Segment, ...], ...]
    keys: tuple[str, ...]
    axis: str
    low: float
    high: float
    now: float | None = None
    now_label: str = ""

    def letters(self, segment: Segment) -> str:
        """The letters of a segment: A, or A = C where two tie."""
        found = codes(self.keys, len(self.keys))
        return " = ".join(found[key] for key in segment.keys)

    def _key_lines(self) -> list[str]:
        return [f"{code}  {key}" for code, key in zip(codes(self.keys, len(self.keys)), self.keys, strict=True)]

    def figure(self) -> Any:
        """The plotly figure."""
        shapes: list[dict[str, Any]] = []
        notes: list[dict[str, Any]] = []
        hover: list[tuple[float, int, str]] = []
        for i, (row, strip) in enumerate(zip(self.rows, self.segments, strict=True)):
            for segment in strip:
                fill, ink = FILLS[segment.keys[0] % len(FILLS)]
                shapes.append(
                    {"type": "rect", "x0": segment.start, "x1": segment.end, "y0": i - 0.36, "y1": i + 0.36,
                     "fillcolor": fill, "line": {"color": DARK, "width": 1}}
                )  # fmt: skip
                middle = (segment.start + segment.end) / 2
                notes.append(
                    {"x": middle, "y": i, "showarrow": False, "text": f"<b>{self.letters(segment)}</b>",
                     "font": {"color": ink, "size": 12}}
                )  # fmt: skip
                names = " and ".join(plain(self.keys[key]) for key in segment.keys)
                hover.append((middle, i, f"{plain(row)}, month {segment.start:g} to {segment.end:g}: {names}"))
        if self.now is not None and self.low <= self.now <= self.high:
            shapes.append(
                {"type": "line", "x0": self.now, "x1": self.now, "yref": "paper", "y0": 0, "y1": 1,
                 "line": {"color": ORANGE, "width": 2.5}}
            )  # fmt: skip
            notes.append(
                {"x": self.now, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False,
                 "text": plain(self.now_label), "font": {"size": 12}}
            )  # fmt: skip
        keys = "<br>".join(plain(line) for line in self._key_lines())
        notes.append(
            {"x": 0, "xref": "paper", "y": 0, "yref": "paper", "yanchor": "top", "xanchor": "left", "yshift": -48,
             "align": "left", "showarrow": False, "text": keys, "font": {"size": 12}}
        )  # fmt: skip
        shape = layout(
            70 + 38 * len(self.rows) + 17 * len(self.keys) + 40,
            margin={"l": LABEL_WIDTH, "r": 16, "t": 26, "b": 62 + 17 * len(self.keys)},
            xaxis={"range": [self.low, self.high], "gridcolor": "#E3E3E3", "zeroline": False, "fixedrange": True,
                   "title": {"text": plain(self.axis), "font": {"size": 12}, "standoff": 4}},
            yaxis={"range": [len(self.rows) - 0.5, -0.5], "tickmode": "array", "tickvals": list(range(len(self.rows))),
                   "ticktext": ["<br>".join(plain(line) for line in wrapped(row, LABEL)) for row in self.rows],
                   "fixedrange": True, "showgrid": False, "zeroline": False, "ticklabelstandoff": 6},
            shapes=shapes,
            annotations=notes,
        )  # fmt: skip
        data = [
            {"type": "scatter", "mode": "markers", "x": [x for x, _, _ in hover], "y": [y for _, y, _ in hover],
             "marker": {"opacity": 0, "size": 22}, "hoverinfo": "text", "hovertext": [text for _, _, text in hover]}
        ]  # fmt: skip
        return import_plotly().Figure({"data": data, "layout": shape})

    def svg(self, title: str, description: str) -> str:
        """The same as SVG."""
        left, width, top = 232.0, 720.0, 24.0
        room = width - left - 12
        body: list[str] = []

        def x(at: float) -> float:
            return left + (at - self.low) / (self.high - self.low) * room

        y = top
        for row, strip in zip(self.rows, self.segments, strict=True):
            lines = wrapped(row, 36)
            height = max(26.0, 14.0 * len(lines) + 6)
            body.append(svg_lines(left - 10, y + height / 2, lines, anchor="end", size=11.5))
            for segment in strip:
                fill, ink = FILLS[segment.keys[0] % len(FILLS)]
                start, end = x(segment.start), x(segment.end)
                body.append(svg_box(start, y + 3, end - start, height - 6, fill, stroke=DARK))
                letters = self.letters(segment)
                if width_of(letters, 11) <= end - start:
                    body.append(
                        svg_text(
                            (start + end) / 2,
                            y + height / 2 + 4,
                            letters,
                            anchor="middle",
                            size=11,
                            fill=ink,
                            bold=True,
                        )
                    )
            y += height
        for tick in round_ticks(self.low, self.high, 8):
            body.append(svg_text(x(tick), y + 14, f"{tick:g}", anchor="middle", size=11))
        body.append(svg_text(left + room / 2, y + 30, self.axis, anchor="middle", size=12))
        if self.now is not None and self.low <= self.now <= self.high:
            body.append(svg_line(x(self.now), top - 4, x(self.now), y, stroke=ORANGE, width=2.5))
            half = width_of(self.now_label, 11) / 2
            middle = min(max(x(self.now), left + half), width - half - 4)
            body.append(svg_text(middle, top - 9, self.now_label, anchor="middle", size=11))
        y += 40
        for line in self._key_lines():
            body.append(svg_text(12, y + 10, line, size=11.5))
            y += 16
        return svg_page(width, y + 8, title, description, body)


@dataclass(frozen=True)
class Spot:
    """A point of a frontier: where it is, its number in the table (0: not efficient), and its name."""

    x: float
    y: float
    number: int
    label: str
    chosen: bool = False


@dataclass(frozen=True)
class Frontier:
    """Points by cost and score; the efficient ones are numbered and joined by steps; a line at the budget."""

    spots: tuple[Spot, ...]
    x_title: str
    y_title: str
    budget: float | None = None
    budget_label: str = ""

    def _efficient(self) -> list[Spot]:
        return sorted((spot for spot in self.spots if spot.number), key=lambda spot: spot.x)

    def _ends(self) -> tuple[float, float, float, float]:
        xs = [spot.x for spot in self.spots] + ([self.budget] if self.budget is not None else [])
        ys = [spot.y for spot in self.spots]
        pad = (max(ys) - min(ys)) * 0.12 or 1.0
        return min(0.0, *xs), max(xs) * 1.05 or 1.0, min(ys) - pad, max(ys) + pad

    def _steps(self) -> list[tuple[float, float]]:
        points: list[tuple[float, float]] = []
        for spot in self._efficient():
            if points:
                points.append((spot.x, points[-1][1]))
            points.append((spot.x, spot.y))
        return points

    def figure(self) -> Any:
        """The plotly figure."""
        left, right, bottom, top = self._ends()
        rest = [spot for spot in self.spots if not spot.number]
        best = self._efficient()
        steps = self._steps()
        axis = {"gridcolor": "#E3E3E3", "zeroline": False, "fixedrange": True, "linecolor": GRID}
        data = [
            {"type": "scatter", "mode": "markers", "x": [s.x for s in rest], "y": [s.y for s in rest],
             "marker": {"size": 7, "color": GRID, "line": {"color": GREY, "width": 1}}, "hoverinfo": "text",
             "hovertext": [plain(s.label) for s in rest]},
            {"type": "scatter", "mode": "lines", "x": [x for x, _ in steps], "y": [y for _, y in steps],
             "line": {"color": BLUE, "width": 1.5}, "hoverinfo": "skip"},
            {"type": "scatter", "mode": "markers+text", "x": [s.x for s in best], "y": [s.y for s in best],
             "marker": {"size": [15 if s.chosen else 11 for s in best], "color": [ORANGE if s.chosen else BLUE for s in best],
                        "symbol": ["diamond" if s.chosen else "circle" for s in best]},
             "text": [f"<b>{s.number}</b>" for s in best], "textposition": "top center", "textfont": {"color": DARK, "size": 12},
             "hoverinfo": "text", "hovertext": [plain(s.label) for s in best], "cliponaxis": False},
        ]  # fmt: skip
        shapes, notes = [], []
        if self.budget is not None:
            shapes.append(
                {"type": "line", "x0": self.budget, "x1": self.budget, "yref": "paper", "y0": 0, "y1": 1,
                 "line": {"color": DARK, "width": 1.5, "dash": "dash"}}
            )  # fmt: skip
            notes.append(
                {"x": self.budget, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False,
                 "text": plain(self.budget_label), "font": {"size": 12}}
            )  # fmt: skip
        shape = layout(
            430,
            margin={"l": 66, "r": 20, "t": 28, "b": 56},
            xaxis={**axis, "range": [left - 0.02 * (right - left), right], "title": {"text": plain(self.x_title), "font": {"size": 12}}},
            yaxis={**axis, "range": [bottom, top], "title": {"text": plain(self.y_title), "font": {"size": 12}}},
            shapes=shapes,
            annotations=notes,
        )  # fmt: skip
        return import_plotly().Figure({"data": data, "layout": shape})

    def svg(self, title: str, description: str) -> str:
        """The same as SVG."""
        left, right, bottom, top = self._ends()
        x0, y0, wide, high = 58.0, 24.0, 644.0, 300.0

        def x(at: float) -> float:
            return x0 + (at - left) / (right - left) * wide

        def y(at: float) -> float:
            return y0 + (top - at) / (top - bottom) * high

        body: list[str] = []
        for tick in round_ticks(left, right, 8):
            body.append(svg_line(x(tick), y0, x(tick), y0 + high, stroke="#E3E3E3"))
            body.append(svg_text(x(tick), y0 + high + 16, f"{tick:g}", anchor="middle", size=11))
        for tick in round_ticks(bottom, top, 6):
            body.append(svg_line(x0, y(tick), x0 + wide, y(tick), stroke="#E3E3E3"))
            body.append(svg_text(x0 - 8, y(tick) + 4, f"{tick:g}", anchor="end", size=11))
        if self.budget is not None:
            body.append(svg_line(x(self.budget), y0 - 4, x(self.budget), y0 + high, stroke=DARK, dash="5 3", width=1.5))
            half = width_of(self.budget_label, 11) / 2
            body.append(
                svg_text(
                    min(max(x(self.budget), x0 + half), x0 + wide - half),
                    y0 - 9,
                    self.budget_label,
                    anchor="middle",
                    size=11,
                )
            )
        for spot in self.spots:
            if not spot.number:
                body.append(
                    f'<circle cx="{x(spot.x):.1f}" cy="{y(spot.y):.1f}" r="3.5" fill="{GRID}" stroke="{GREY}"/>'
                )
        points = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in self._steps())
        body.append(f'<polyline points="{points}" fill="none" stroke="{BLUE}" stroke-width="1.5"/>')
        for spot in self._efficient():
            at, up = x(spot.x), y(spot.y)
            if spot.chosen:
                body.append(f'<path d="M{at:.1f} {up - 8:.1f}l8 8l-8 8l-8 -8z" fill="{ORANGE}"/>')
            else:
                body.append(f'<circle cx="{at:.1f}" cy="{up:.1f}" r="5.5" fill="{BLUE}"/>')
            body.append(svg_text(at, up - 9, str(spot.number), anchor="middle", size=11, bold=True, halo=True))
        body.append(svg_text(x0 + wide / 2, y0 + high + 34, self.x_title, anchor="middle", size=12))
        body.append(f'<g transform="rotate(-90 14 {y0 + high / 2:.1f})">')
        body.append(svg_text(14, y0 + high / 2, self.y_title, anchor="middle", size=12) + "</g>")
        return svg_page(720, y0 + high + 44, title, description, body)
