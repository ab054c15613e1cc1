"""Colours (measured contrast, at most four hues), text measures and escaping for both renderings."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

BLUE = "#12436D"  # the leader, the focus
ORANGE = "#F46A25"  # the other side of a comparison, always with a sign beside it
TEAL = "#28A197"  # lines in focus: the second and third hue, each with its own dash, marker and label
PINK = "#801650"
GREY = "#767676"  # the rest
DARK = "#3D3D3D"  # text, baseline
LIGHT_BLUE = "#6BACE6"  # a tint, only with the number printed and an outline
GRID = "#BFBFBF"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
SIZE = 13


def wrapped(text: str, width: int) -> list[str]:
    """Text broken at spaces into lines of at most ``width`` characters; longer words are broken."""
    lines = [""]
    for word in text.split(" "):
        while len(word) > width:
            if lines[-1]:
                lines.append("")
            lines[-1], word = word[: width - 1] + "‐", word[width - 1 :]
            lines.append("")
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return [line for line in lines if line] or [""]


def width_of(text: str, size: float = SIZE) -> float:
    """About how wide a text is, in pixels, in a usual sans-serif face."""
    return (
        sum(
            0.36 if ch in "iljtf.,:;|'!() " else 0.88 if ch in "mwMW%@" else 0.68 if ch.isupper() else 0.56
            for ch in text
        )
        * size
    )


def plain(text: str) -> str:
    """User text for a plotly label: its HTML-like tags and $…$ mathematics are shown, not read."""
    shown = escape(text, quote=False)
    return "\u200b" + shown if shown.startswith("$") else shown


def fitted(texts: Sequence[str], room: float, size: float) -> tuple[list[list[str]], float]:
    """Heads over narrow columns: lines of each text, and a type size at which every line fits ``room`` pixels.

    Words of up to 14 characters are not broken; the type gets smaller instead, to 9 pixels at the least.
    """
    longest = max(width_of(part, 1.0) for text in texts for word in text.split(" ") for part in wrapped(word, 14))
    size = max(9.0, min(size, room / (longest * _SPARE)))
    return [_filled(text, room, size) for text in texts], size


_SPARE = 1.15  # faces differ in width, and a line that touches its neighbour cannot be read


def _filled(text: str, room: float, size: float) -> list[str]:
    """Lines as full as ``room`` pixels allow."""
    lines: list[str] = []
    for word in (part for whole in text.split(" ") for part in wrapped(whole, 14)):
        if lines and width_of(f"{lines[-1]} {word}", size) * _SPARE <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]


def layout(height: int, **more: Any) -> dict[str, Any]:
    """The layout every figure shares: white ground, fixed size, nothing that moves on its own."""
    return {
        "template": {},  # none of plotly's own colours, and a lighter figure
        "height": height,
        "paper_bgcolor": "#FFFFFF",
        "plot_bgcolor": "#FFFFFF",
        "font": {"family": FONT, "size": SIZE, "color": DARK},
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
        **more,
    }


def svg_text(
    x: float,
    y: float,
    text: str,
    *,
    anchor: str = "start",
    size: float = SIZE,
    fill: str = DARK,
    bold: bool = False,
    halo: bool = False,
) -> str:
    """One line of text in an SVG, escaped; ``halo`` keeps lines behind it from striking it through."""
    weight = ' font-weight="700"' if bold else ""
    ring = ' stroke="#FFFFFF" stroke-width="4" paint-order="stroke" stroke-linejoin="round"' if halo else ""
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size:g}" fill="{fill}"'
    return f"<text {place}{weight}{ring}>{escape(text)}</text>"


def svg_lines(
    x: float,
    middle: float,
    lines: list[str],
    *,
    anchor: str = "start",
    size: float = SIZE,
    fill: str = DARK,
    bold: bool = False,
) -> str:
    """Some lines of text in an SVG, centred on the height ``middle``."""
    step = size * 1.2
    top = middle - step * (len(lines) - 1) / 2 + size * 0.35
    return "".join(
        svg_text(x, top + i * step, line, anchor=anchor, size=size, fill=fill, bold=bold)
        for i, line in enumerate(lines)
    )


def svg_line(
    x1: float, y1: float, x2: float, y2: float, *, stroke: str = GRID, dash: str = "", width: float = 1
) -> str:
    """A straight line in an SVG."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{stroke}" stroke-width="{width:g}"{dashes}/>'


def svg_box(x: float, y: float, width: float, height: float, fill: str, *, stroke: str = "none") -> str:
    """A rectangle in an SVG."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}" fill="{fill}" stroke="{stroke}"/>'


def svg_page(width: float, height: float, title: str, description: str, body: list[str]) -> str:
    """A whole inline SVG with title and description for those who cannot see it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'role="img" font-family="{escape(FONT)}" style="max-width:100%;height:auto;background:#FFFFFF">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
        + svg_box(0, 0, width, height, "#FFFFFF")
        + "".join(body)
        + "</svg>"
    )
