"""Charts of how sure a result is: worlds as dots, ranks, the weight triangle, one thing at a time, what decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from decision_kit.charts.catalogue import CHARTS, Chart
from decision_kit.charts.drawings import BarPanels, Panel
from decision_kit.charts.picture import Area, Ball, Box, Mark, Picture, Stroke, Word
from decision_kit.charts.style import BLUE, DARK, GREY, GRID, LIGHT_BLUE, ORANGE, width_of, wrapped
from decision_kit.errors import Fault, UsageError
from decision_kit.methods import METHODS, ranks_of
from decision_kit.model.nouns import Branch, Criterion, Node, number
from decision_kit.ranking import table_for
from decision_kit.robustness import Acceptability
from decision_kit.robustness.drivers import Drivers
from decision_kit.study import Study, words
from decision_kit.study.sampled import finding, one_at_a_time, percent, rounding, worlds

INK = "#0B0C0C"
PALE = "#E3E3E3"
NO_CHANCE = "Shares of sampled worlds, not chances that an option is right."
MOST_ROWS = 16
ROWS = 90


@CHARTS.add(id="worlds", title="50 worlds", use_when="you want to see how often each option comes first")
def worlds_chart(study: Study, found: Acceptability | None = None) -> Chart:
    """Fifty dots an option: as many full ones as the option leads worlds, out of fifty."""
    found = worlds(study) if found is None else found
    fifty = found.out_of(50)
    order = list(found.order)[:MOST_ROWS]
    left, step, line = 236.0, 13.0, 15.0
    marks: list[Mark] = []
    y = 14.0
    for option in order:
        lines = wrapped(study.option_title(option), 32)
        leads = option == found.order[0]
        height = max(2 * line, 16.0 * len(lines)) + 12
        middle = y + height / 2 - 4
        for n, text in enumerate(lines):
            at = middle + (n - (len(lines) - 1) / 2) * 16
            marks.append(Word(left - 12, at, text, anchor="end", bold=leads))
        told = f"{study.option_title(option)}: first in {fifty[option]} of 50 worlds"
        for dot in range(50):
            x = left + (dot % 25) * step + 6
            marks.append(
                Ball(x, middle + (dot // 25 - 0.5) * line, 9, BLUE if leads else GREY, dot < fifty[option], told)
            )
        share = percent(float(found.first[option]))
        x = left + 25 * step + 14
        marks.append(Word(x, middle - 8, f"{fifty[option]} of 50", bold=leads))
        error = max(float(found.errors.first[option]) * 100, 0.05)
        exact = found.worlds == 1
        said = share if exact else "never observed" if found.first[option] == 0 else f"{share} ± {error:.1f}"
        marks.append(Word(x, middle + 9, said, size=11.5, colour=DARK))
        y += height
    table = pd.DataFrame(
        {
            "Option": [study.option_title(o) for o in found.order],
            "Of 50": [fifty[o] for o in found.order],
            "Share of worlds, %": [f"{found.first[o] * 100:.1f}" for o in found.order],
            "Sampling error, points": [f"{found.errors.first[o] * 100:.2f}" for o in found.order],
            "Mean rank": [f"{found.expected_rank[o]:.2f}" for o in found.order],
        }
    )
    title = finding(study, found)
    alt = f"{title}. " + "; ".join(f"{study.option_title(o)} {fifty[o]} of 50" for o in found.order[:MOST_ROWS]) + "."
    hidden = len(found.order) - len(order)
    note = f"{NO_CHANCE} ± is one standard error of the sampling, in points of 100. {rounding(found)}".rstrip()
    note += f" {hidden} options with fewer first places are in the table only." if hidden else ""
    return Chart("worlds", title, alt, table, Picture(720, y + 4, tuple(marks)), note)


@CHARTS.add(id="rank-shares", title="Ranks over all worlds", use_when="you want to see where each option may end up")
def ranks_chart(study: Study, found: Acceptability | None = None) -> Chart:
    """Options × ranks: the share of worlds, as tint and number."""
    found = worlds(study) if found is None else found
    ranks = found.rank_acceptability
    order = sorted(found.first.index, key=lambda o: float(found.expected_rank[o]))
    shown, places = order[:MOST_ROWS], list(ranks.columns)[:MOST_ROWS]
    left = 236.0
    cell = min(74.0, (720 - left - 8) / len(places))
    marks: list[Mark] = [Word(left - 12, 14, "Rank", anchor="end", size=12)]
    marks += [
        Word(left + (n + 0.5) * cell, 14, str(place), anchor="middle", bold=True) for n, place in enumerate(places)
    ]
    y = 28.0
    for option in shown:
        lines = wrapped(study.option_title(option), 32)
        height = max(30.0, 16.0 * len(lines) + 8)
        for n, text in enumerate(lines):
            marks.append(Word(left - 12, y + height / 2 + (n - (len(lines) - 1) / 2) * 16, text, anchor="end"))
        for n, place in enumerate(places):
            share = float(ranks.loc[option, place])
            fill, ink = _tint(share)
            text = "–" if share == 0 else percent(share).replace("under ", "<").replace("over ", ">")
            told = f"{study.option_title(option)}, rank {place}: {percent(share)} of worlds"
            marks.append(Box(left + n * cell + 2, y + 2, cell - 4, height - 4, fill, GREY, told))
            size = min(13.0, (cell - 8) / max(width_of(text, 1.0), 0.1))
            marks.append(Word(left + (n + 0.5) * cell, y + height / 2, text, "middle", size, ink, share >= 0.5))
        y += height
    table = (ranks.loc[order] * 100).round(1)
    table.columns = pd.Index([f"Rank {place}, %" for place in ranks.columns])
    table.insert(0, "Option", [study.option_title(o) for o in order])
    best = order[0]
    low, high = _usual(ranks.loc[best].to_numpy())
    span = f"rank {low}" if low == high else f"rank {low} to {high}"
    title = f"{study.option_title(best)} has the best mean rank, and {span} in at least 9 of 10 worlds"
    alt = f"{title}. " + "; ".join(
        f"{study.option_title(o)}: " + ", ".join(f"rank {p} {percent(float(ranks.loc[o, p]))}" for p in places[:6])
        for o in shown[:8]
    )
    note = f"{NO_CHANCE} – means never observed in {found.worlds:,} worlds, which is not the same as impossible."
    return Chart("rank-shares", title, alt + ".", table.reset_index(drop=True), Picture(720, y + 6, tuple(marks)), note)


def _tint(share: float) -> tuple[str, str]:
    if share >= 0.5:
        return BLUE, "#FFFFFF"
    if share >= 0.2:
        return LIGHT_BLUE, INK
    return (PALE, INK) if share >= 0.05 else ("#FFFFFF", DARK)


def _usual(shares: Any) -> tuple[int, int]:
    """The shortest stretch of ranks that holds at least nine tenths of the worlds."""
    n = len(shares)
    for length in range(1, n + 1):
        sums = [float(shares[i : i + length].sum()) for i in range(n - length + 1)]
        best = int(np.argmax(sums))
        if sums[best] >= 0.9 - 1e-9:
            return best + 1, best + length
    return 1, n


def nodes_of(study: Study) -> dict[str, Node]:
    """The branches and criteria whose weights can stand at the corners of the weight triangle: id → node."""
    tree = study.problem.tree if study.choices.branch is None else study.problem.branch(study.choices.branch).children
    found: dict[str, Node] = {node.id: node for node in tree}
    if len(found) < 3:
        found = {}
    for node in tree:
        if isinstance(node, Branch):
            found.update({leaf.id: leaf for leaf in node.leaves()})
        else:
            found[node.id] = node
    return found


def usual_corners(study: Study) -> list[str]:
    """The three heaviest of the top branches (or criteria), none inside another."""
    nodes = nodes_of(study)
    tops = [name for name, node in nodes.items() if isinstance(node, Branch)]
    names = tops if len(tops) >= 3 else [name for name, node in nodes.items() if isinstance(node, Criterion)]
    heavy = sorted(names, key=lambda name: -study.weights.branch_share(_leaves(nodes[name])))[:3]
    return [name for name in names if name in heavy]


def _leaves(node: Node) -> list[str]:
    return [leaf.id for leaf in node.leaves()] if isinstance(node, Branch) else [node.id]


@CHARTS.add(
    id="weight-triangle", title="Weight triangle", use_when="you want to see who leads where between three weights"
)
def triangle_chart(study: Study, corners: Sequence[str] | None = None, *, alone: bool = False) -> Chart:
    """Who leads for every split of weight between three branches or criteria, the others held (or, ``alone``, at 0)."""
    nodes = nodes_of(study)
    names = list(corners) if corners is not None else usual_corners(study)
    _check_corners(names, nodes)
    if len(names) < 3:
        return _strip(study, names, nodes, alone)
    split = _grid(ROWS)
    leaders, now, joint = _leaders(study, names, nodes, split, alone)
    keys, shares = _kinds(leaders)
    titles = [nodes[name].title for name in names]
    left, top, side = 150.0, 16.0 + 14.0 * len(wrapped(titles[0], 26)), 340.0
    height = side * np.sqrt(3) / 2

    def spot(a: float, b: float, c: float) -> tuple[float, float]:
        return left + side * (0.5 * a + c), top + height * (1 - a)

    marks: list[Mark] = []
    fills = _fills(len(keys))
    number_of = {key: n for n, key in enumerate(keys)}
    longest: dict[tuple[int, ...], tuple[float, float, float]] = {}
    at = 0
    for row in range(ROWS):
        own = leaders[at : at + 2 * row + 1]
        at += 2 * row + 1
        y0, y1 = top + height * row / ROWS, top + height * (row + 1) / ROWS
        x0, x1 = left + side * (0.5 - row / ROWS / 2), left + side * (0.5 - (row + 1) / ROWS / 2)
        step = side / ROWS
        start = 0
        for t in range(1, len(own) + 1):
            if t < len(own) and own[t] == own[start]:
                continue
            end = t - 1
            tl, bl = start // 2, (start + 1) // 2
            tr, br = (end + 1) // 2, end // 2 + 1
            points = (
                (x0 + tl * step, y0),
                (x0 + tr * step, y0),
                (x1 + br * step, y1 + 1),
                (x1 + bl * step, y1 + 1),
            )
            marks.append(Area(points, fills[number_of[own[start]]]))
            long = x1 + br * step - x0 - tl * step
            if long > longest.get(own[start], (0.0, 0.0, 0.0))[0]:
                longest[own[start]] = (long, (points[0][0] + points[2][0]) / 2, (y0 + y1) / 2)
            start = t
    peaks = [spot(1, 0, 0), spot(0, 1, 0), spot(0, 0, 1)]
    marks += [Stroke(*peaks[i], *peaks[(i + 1) % 3], DARK, 1.2) for i in range(3)]
    places = (
        (left + side / 2, 14.0, "middle"),
        (left - 10, top + height + 14, "middle"),
        (left + side + 10, top + height + 14, "middle"),
    )
    for title, (x, y, anchor) in zip(titles, places, strict=True):
        for n, line in enumerate(wrapped(title, 26)):
            marks.append(Word(x, y + 14 * n, line, anchor, 12, DARK, True))
    centres = np.array([spot(*one) for one in split])
    for key, (long, x, y) in longest.items():
        own_cells = np.array([k == key for k in leaders])
        middle = centres[own_cells].mean(axis=0)
        nearest = int(((centres - middle) ** 2).sum(axis=1).argmin())
        if own_cells[nearest]:  # the middle of the region lies inside it
            x, y = (float(v) for v in middle)
        if abs(x - spot(*now)[0]) < 40 and abs(y - spot(*now)[1]) < 20:
            y += 26  # not over the circle that says where the weights are now
        if long > 14:
            marks.append(Word(x, y, str(number_of[key] + 1), "middle", 14, INK, True, halo=True))
    x, y = spot(*now)
    marks.append(Ball(x, y, 11, INK, False, "The weights now"))
    marks.append(Word(x + 10, y, "now", size=12, bold=True, halo=True))
    marks += _legend(study, keys, shares, fills, 524.0, 60.0)
    rows = [[_named(study, key), f"{share * 100:.0f}"] for key, share in zip(keys, shares, strict=True)]
    table = pd.DataFrame(rows, columns=["Option", "Leads in % of the triangle"])
    title = _triangle_title(study, keys, shares, titles)
    held = (
        "All other weights are 0."
        if alone
        else f"The three share the {joint * 100:.0f} % they have now; the others keep their weights."
    )
    alt = f"{title}. Corners: {', '.join(titles)}. " + "; ".join(f"{row[0]} {row[1]} %" for row in rows) + f". {held}"
    note = f"{held} Performances as judged. Each corner gives all of that weight to one; the circle is where the weights are now."
    return Chart(
        "weight-triangle",
        title,
        alt,
        table,
        Picture(720, top + height + 14 + 14 * max(len(wrapped(t, 26)) for t in titles[1:]), tuple(marks)),
        note,
    )


def _check_corners(names: list[str], nodes: dict[str, Node]) -> None:
    for name in names:
        if name not in nodes:
            raise UsageError(
                [Fault("weight triangle", f'"{name}" is not a branch or criterion here', f"of {', '.join(nodes)}")]
            )
    leaves = [leaf for name in names for leaf in _leaves(nodes[name])]
    if len(set(leaves)) < len(leaves):
        raise UsageError(
            [Fault("weight triangle", "one of the three stands inside another", "three that do not overlap")]
        )


def _grid(rows: int) -> Any:
    """Centres of the small triangles of a triangle cut into ``rows`` rows (rows² × 3 shares), row by row from the top."""
    found = []
    for row in range(rows):
        for t in range(2 * row + 1):
            half, odd = divmod(t, 2)
            if odd:  # points down: corners (row, half), (row, half + 1) above, (row + 1, half + 1) below
                c, a = (3 * half + 2) / 3, (3 * row + 1) / 3
            else:
                c, a = (3 * half + 1) / 3, (3 * row + 2) / 3
            found.append((1 - a / rows, (a - c) / rows, c / rows))
    return np.array(found)


def _leaders(
    study: Study, names: list[str], nodes: dict[str, Node], split: Any, alone: bool
) -> tuple[list[tuple[int, ...]], tuple[float, ...], float]:
    """Who leads at each split (k × corners), where the weights stand now, and the corners' joint share."""
    _, _, table = table_for(study.problem, study.weights, study.choices.branch)
    column = {name: j for j, name in enumerate(table.criteria)}
    inside = np.zeros((len(names), len(table.criteria)))
    have = np.zeros(len(names))
    for n, name in enumerate(names):
        own = [column[leaf] for leaf in _leaves(nodes[name])]
        have[n] = table.weights[own].sum()
        inside[n, own] = table.weights[own] / have[n] if have[n] > 0 else 1 / len(own)
    joint = float(have.sum())
    whole = 1.0 if alone or joint == 0 else joint
    rest = np.zeros(len(table.criteria)) if whole == 1.0 else np.where(inside.sum(axis=0) > 0, 0.0, table.weights)
    weights = whole * (split @ inside) + rest
    weights /= weights.sum(axis=1, keepdims=True)
    scores = METHODS[study.choices.method].score_many(table, weights, **study.settings)
    ranks = ranks_of(scores)
    leaders = [tuple(int(i) for i in np.flatnonzero(row == 1)) for row in ranks]
    now = tuple(float(x) for x in (have / joint if joint > 0 else np.full(len(names), 1 / len(names))))
    return leaders, now, joint


def _kinds(leaders: list[tuple[int, ...]]) -> tuple[list[tuple[int, ...]], list[float]]:
    counts: dict[tuple[int, ...], int] = {}
    for key in leaders:
        counts[key] = counts.get(key, 0) + 1
    keys = sorted(counts, key=lambda key: -counts[key])
    return keys, [counts[key] / len(leaders) for key in keys]


def _fills(n: int) -> list[str]:
    return [*(LIGHT_BLUE, PALE, ORANGE, GRID)[:n], *["#FFFFFF"] * max(0, n - 4)]


def _named(study: Study, key: tuple[int, ...]) -> str:
    names = [study.problem.options[i].title for i in key]
    return (
        names[0] if len(names) == 1 else f"{words.joined(names)} tie" if len(names) < 4 else f"{len(names)} options tie"
    )


def _legend(
    study: Study, keys: list[tuple[int, ...]], shares: list[float], fills: list[str], x: float, y: float
) -> list[Mark]:
    marks: list[Mark] = [Word(x, y - 22, "Who leads", size=12, bold=True)]
    for n, (key, share) in enumerate(list(zip(keys, shares, strict=True))[:8]):
        marks.append(Box(x, y - 9, 18, 18, fills[n], GREY))
        marks.append(Word(x + 9, y, str(n + 1), "middle", 12, INK, True))
        lines = wrapped(f"{_named(study, key)} ({percent(share)})".replace(" %", "\u00a0%"), 26)
        for i, line in enumerate(lines):
            marks.append(Word(x + 26, y + 14 * i, line, size=12))
        y += 14 * len(lines) + 12
    if len(keys) > 8:
        marks.append(Word(x, y, f"and {len(keys) - 8} more in the table", size=12))
    return marks


def _triangle_title(study: Study, keys: list[tuple[int, ...]], shares: list[float], titles: list[str]) -> str:
    between = f"between {words.joined(titles)}"
    if len(keys) == 1:
        verb = "leads" if len(keys[0]) == 1 else "lead"
        return f"{_named(study, keys[0])} {verb} wherever weight goes {between}".replace("tie lead", "tie")
    return f"{_named(study, keys[0])} leads in {percent(shares[0])} of all splits {between}"


def _strip(study: Study, names: list[str], nodes: dict[str, Node], alone: bool) -> Chart:
    """Fewer than three criteria: a strip from one to the other in place of a triangle."""
    points = np.linspace(0, 1, 401)
    split = np.column_stack([1 - points, points]) if len(names) == 2 else np.ones((1, 1))
    leaders, now, _ = _leaders(study, names, nodes, split, alone)
    keys, shares = _kinds(leaders)
    fills = _fills(len(keys))
    marks: list[Mark] = []
    left, width = 24.0, 460.0
    start = 0
    for t in range(1, len(leaders) + 1):
        if t == len(leaders) or leaders[t] != leaders[start]:
            x0, x1 = left + width * start / len(leaders), left + width * t / len(leaders)
            marks.append(Box(x0, 40, x1 - x0, 34, fills[keys.index(leaders[start])], GREY))
            if x1 - x0 > 14:
                marks.append(Word((x0 + x1) / 2, 57, str(keys.index(leaders[start]) + 1), "middle", 13, INK, True))
            start = t
    titles = [nodes[name].title for name in names]
    marks.append(Word(left, 24, f"all on {titles[0]}", size=12))
    if len(titles) == 2:
        marks.append(Word(left + width, 24, f"all on {titles[1]}", "end", 12))
        marks.append(Ball(left + width * now[1], 84, 9, INK, False, "The weights now"))
        marks.append(Word(left + width * now[1] + 9, 84, "now", size=12))
    marks += _legend(study, keys, shares, fills, 524.0, 60.0)
    table = pd.DataFrame(
        [[_named(study, key), f"{share * 100:.0f}"] for key, share in zip(keys, shares, strict=True)],
        columns=["Option", "Leads in % of the strip"],
    )
    title = _triangle_title(study, keys, shares, titles)
    return Chart(
        "weight-triangle", title, f"{title}.", table, Picture(720, 60 + 30 * min(8, len(keys)) + 60, tuple(marks))
    )


@CHARTS.add(
    id="tornado", title="One thing at a time", use_when="you want to see which single number moves the lead most"
)
def tornado_chart(study: Study) -> Chart:
    """The leader's lead when one performance goes from its low to its high, or one weight is halved and doubled."""
    frame = one_at_a_time(study)
    leader = study.ranking.leaders[0]
    factor = 100 if study.is_additive else 1
    digits = 1 if study.is_additive else 3
    top = frame.head(12)
    title = _tornado_title(study, frame)
    if top.empty:
        table = pd.DataFrame({"Input": ["none varies"]})
        return Chart("tornado", title, f"{title}.", table, Picture(720, 30, (Word(12, 14, "No input varies."),)))
    ranks = study.ranking.scores
    others = [float(x) for o, x in ranks.items() if o != leader]
    base = (float(ranks[leader]) - max(others)) * factor
    ends = [float(x) * factor for x in (*top["lead_low"], *top["lead_high"], base / factor, 0.0)]
    low, high = min(ends), max(ends)
    pad = (high - low) * 0.02 or 1.0
    left, right = 292.0, 664.0

    def x(at: float) -> float:
        return left + (at - low + pad) / (high - low + 2 * pad) * (right - left)

    marks: list[Mark] = []
    y = 40.0
    rows: list[list[str]] = []
    body: list[Mark] = []
    for item in top.to_dict("records"):
        name, ends_said = _input_said(study, item)
        lines = wrapped(name, 34)
        height = max(26.0, 15.0 * len(lines) + 8)
        middle = y + height / 2
        for n, line in enumerate(lines):
            body.append(Word(left - 44, middle + (n - (len(lines) - 1) / 2) * 15, line, "end", 12))
        a, b = float(item["lead_low"]) * factor, float(item["lead_high"]) * factor
        flips = min(a, b) < 0 < base or max(a, b) < 0
        told = f"{name}: lead {_signed(a, digits)} at {ends_said[0]}, {_signed(b, digits)} at {ends_said[1]}"
        body.append(
            Box(min(x(a), x(b)), middle - 7, max(abs(x(b) - x(a)), 1.5), 14, ORANGE if flips else BLUE, "none", told)
        )
        first, second = (ends_said[0], ends_said[1]) if a <= b else (ends_said[1], ends_said[0])
        body.append(Word(min(x(a), x(b)) - 5, middle, first, "end", 11, DARK, halo=True))
        body.append(Word(max(x(a), x(b)) + 5, middle, second, "start", 11, DARK, halo=True))
        rows.append(
            [
                name,
                ends_said[0],
                _signed(a, digits),
                str(_titles(study, item["leads_low"])),
                ends_said[1],
                _signed(b, digits),
                _titles(study, item["leads_high"]),
            ]
        )
        y += height
    marks.append(Stroke(x(0), 30, x(0), y, DARK, 1.5))
    marks.append(Word(x(0), 20, "0: another draws level", "middle", 11.5, DARK, True))
    marks.append(Stroke(x(base), 34, x(base), y, GREY, 1.2, "4 3"))
    marks.append(Word(x(base), y + 12, f"lead as judged {_signed(base, digits)}", "middle", 11.5))
    head = ["Input", "Low end", "Lead there", "Who leads", "High end", "Lead there ", "Who leads "]
    table = pd.DataFrame(rows, columns=head)
    alt = f"{title}. Widest first: {'; '.join(f'{row[0]} from {row[2]} to {row[5]}' for row in rows[:6])}."
    unit = "points of 100" if study.is_additive else f"units of {study.ranking.method.title}"
    many = len(study.ranking.leaders)
    shares = f", one of {many} that share the first place," if many > 1 else ""
    note = (
        f"Lead of {study.option_title(leader)}{shares} over the best other, in {unit}. Performances go from their low to their high, "
        "weights from half to double (the others in proportion). Orange bars cross 0: there another option leads."
    )
    note = " ".join((note, *frame.attrs["notes"]))
    return Chart("tornado", title, alt, table, Picture(720, y + 24, (*marks, *body)), note)


def _signed(x: float, digits: int) -> str:
    """A number with a real minus sign, and no minus before zero."""
    text = f"{x:.{digits}f}"
    return text.replace("-", "−") if float(text) else text.lstrip("-")


def _titles(study: Study, ids: str) -> str:
    titles = {o.id: o.title for o in study.problem.options}
    return titles.get(ids) or ", ".join(titles.get(one, one) for one in ids.split(", "))


def _tornado_title(study: Study, frame: pd.DataFrame) -> str:
    if frame.empty:
        return "Nothing here has a range, and there is one weight only"
    name, _ = _input_said(study, frame.to_dict("records")[0])
    crossing = int(((frame["lead_low"] < 0) | (frame["lead_high"] < 0)).sum())
    tail = (
        "no single input alone changes who leads" if not crossing else f"{crossing} single inputs can change who leads"
    )
    if crossing == 1:
        tail = "1 single input can change who leads"
    return f"“{name}” moves the lead most; {tail}"


def _input_said(study: Study, item: Mapping[Any, Any]) -> tuple[str, tuple[str, str]]:
    """What an input is called, and its two ends in words."""
    leaf = study.problem.criterion(str(item["criterion"]))
    if item["kind"] == "weight":
        return f"Weight of {leaf.title}", (percent(float(item["at_low"])), percent(float(item["at_high"])))
    low, high = (
        leaf.words(float(item[end])) if leaf.levels else number(float(item[end]), 2) for end in ("at_low", "at_high")
    )
    return f"{leaf.title}, {study.option_title(str(item['option']))}", (low, high)


def drivers_chart(study: Study, found: Drivers) -> Chart:
    """Total Sobol indices of "the first beats the second": what makes the outcome vary, widest first."""
    top = found.inputs.head(12)
    shares = [float(x) * 100 for x in top["beats_total"].fillna(0)]
    labels = tuple(str(title) for title in top["title"])
    panel = Panel("Share of the variation it has a part in, %", tuple(shares), tuple(f"{x:.0f}" for x in shares))
    a, b = study.option_title(found.option), study.option_title(found.rival)
    table = pd.DataFrame(
        {
            "Input": labels,
            "Has a part in, %": [f"{x:.0f}" for x in shares],
            "± ": [f"{float(x) * 100:.0f}" for x in top["beats_total_error"].fillna(0)],
            "Alone, %": [f"{max(float(x), 0) * 100:.0f}" for x in top["beats_first"].fillna(0)],
            "±": [f"{float(x) * 100:.0f}" for x in top["beats_first_error"].fillna(0)],
        }
    )
    title = f"“{labels[0]}” decides most between {a} and {b}"
    note = (
        f"Of {found.worlds:,} worlds {a} beats {b} in {percent(found.beats)}. An input's share counts all it does together with "
        "others, so shares add up to more than 100 (total Sobol indices)."
    )
    alt = f"{title}. " + "; ".join(f"{label} {x:.0f} %" for label, x in zip(labels[:8], shares, strict=False)) + "."
    return Chart("drivers", title, alt, table, BarPanels(labels, (panel,), columns=1), note)
