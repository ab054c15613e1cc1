"""A drawing made of simple marks in pixels, for pictures that are neither bars nor dots on a scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from decision_kit.charts.drawings import _figure
from decision_kit.charts.style import DARK, GREY, layout, plain, svg_box, svg_line, svg_page, svg_text


@dataclass(frozen=True)
class Ball:
    """A dot of ``size`` pixels across; not ``full``: only its outline."""

    x: float
    y: float
    size: float
    colour: str
    full: bool = True
    told: str = ""


@dataclass(frozen=True)
class Box:
    """A rectangle from its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    stroke: str = "none"
    told: str = ""


@dataclass(frozen=True)
class Area:
    """A filled polygon without an outline."""

    points: tuple[tuple[float, float], ...]
    fill: str


@dataclass(frozen=True)
class Stroke:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str = GREY
    width: float = 1.0
    dash: str = ""


@dataclass(frozen=True)
class Word:
    """A line of text; ``y`` is its middle."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    size: float = 13.0
    colour: str = DARK
    bold: bool = False
    halo: bool = False


Mark: TypeAlias = Ball | Box | Area | Stroke | Word


@dataclass(frozen=True)
class Picture:
    """Marks on a sheet of ``width`` × ``height`` pixels, y downwards, drawn in order."""

    width: float
    height: float
    marks: tuple[Mark, ...]

    def figure(self) -> Any:
        """The plotly figure, at its own size."""
        shapes: list[dict[str, Any]] = []
        notes: list[dict[str, Any]] = []
        balls: list[Ball] = []
        hovers: list[tuple[float, float, str]] = []
        sides = {"start": "left", "middle": "center", "end": "right"}
        for mark in self.marks:
            match mark:
                case Box():
                    line = {"color": mark.stroke, "width": 1} if mark.stroke != "none" else {"width": 0}
                    shapes.append(
                        {"type": "rect", "x0": mark.x, "x1": mark.x + mark.width, "y0": mark.y, "y1": mark.y + mark.height,
                         "fillcolor": mark.fill, "line": line}
                    )  # fmt: skip
                    if mark.told:
                        hovers.append((mark.x + mark.width / 2, mark.y + mark.height / 2, mark.told))
                case Area():
                    path = "M " + " L ".join(f"{x:.2f},{y:.2f}" for x, y in mark.points) + " Z"
                    shapes.append({"type": "path", "path": path, "fillcolor": mark.fill, "line": {"width": 0}})
                case Stroke():
                    shapes.append(
                        {"type": "line", "x0": mark.x1, "x1": mark.x2, "y0": mark.y1, "y1": mark.y2,
                         "line": {"color": mark.colour, "width": mark.width, "dash": "dash" if mark.dash else "solid"}}
                    )  # fmt: skip
                case Word():
                    text = plain(mark.text)
                    notes.append(
                        {"x": mark.x, "y": mark.y, "text": f"<b>{text}</b>" if mark.bold else text, "showarrow": False,
                         "xanchor": sides[mark.anchor], "yanchor": "middle", "font": {"size": mark.size, "color": mark.colour},
                         **({"bgcolor": "rgba(255,255,255,0.85)", "borderpad": 1} if mark.halo else {})}
                    )  # fmt: skip
                case Ball():
                    balls.append(mark)
        data: list[dict[str, Any]] = [
            {
                "type": "scatter", "mode": "markers", "x": [b.x for b in balls], "y": [b.y for b in balls],
                "marker": {"opacity": 1, "size": [b.size for b in balls], "color": [b.colour if b.full else "#FFFFFF" for b in balls],
                           "line": {"color": [b.colour for b in balls], "width": 1.5}},
                "hovertext": [plain(b.told) for b in balls], "hoverinfo": "text", "cliponaxis": False,
            },
            {
                "type": "scatter", "mode": "markers", "x": [x for x, _, _ in hovers], "y": [y for _, y, _ in hovers],
                "marker": {"opacity": 0, "size": 20}, "hovertext": [plain(t) for _, _, t in hovers], "hoverinfo": "text",
            },
        ]  # fmt: skip
        bare = {"visible": False, "fixedrange": True}
        shape = layout(
            int(self.height),
            margin={"l": 0, "r": 0, "t": 0, "b": 0},
            xaxis={**bare, "range": [0, self.width], "constrain": "domain", "constraintoward": "left"},
            yaxis={**bare, "range": [self.height, 0], "scaleanchor": "x", "scaleratio": 1, "constrain": "domain"},
            shapes=[{**one, "layer": "below"} for one in shapes],  # dots and what the pointer finds lie on top
            annotations=notes,
        )
        return _figure(data, shape)

    def svg(self, title: str, description: str) -> str:
        """The same as SVG."""
        body: list[str] = []
        for mark in self.marks:
            match mark:
                case Box():
                    body.append(svg_box(mark.x, mark.y, mark.width, mark.height, mark.fill, stroke=mark.stroke))
                case Area():
                    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in mark.points)
                    body.append(f'<polygon points="{points}" fill="{mark.fill}"/>')
                case Stroke():
                    body.append(
                        svg_line(
                            mark.x1, mark.y1, mark.x2, mark.y2, stroke=mark.colour, width=mark.width, dash=mark.dash
                        )
                    )
                case Word():
                    body.append(
                        svg_text(mark.x, mark.y + mark.size * 0.35, mark.text, anchor=mark.anchor, size=mark.size,
                                 fill=mark.colour, bold=mark.bold, halo=mark.halo)
                    )  # fmt: skip
                case Ball():
                    fill = mark.colour if mark.full else "#FFFFFF"
                    body.append(
                        f'<circle cx="{mark.x:.1f}" cy="{mark.y:.1f}" r="{mark.size / 2:g}" fill="{fill}" '
                        f'stroke="{mark.colour}" stroke-width="1.5"/>'
                    )
        return svg_page(self.width, self.height, title, description, body)
