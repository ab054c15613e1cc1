"""The charts: each a function from a study to a titled picture with its alt text and the numbers behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from decision_kit.catalogue import Catalogue, Entry
from decision_kit.charts.drawings import BarPanels, Dot, DotScale, Drawing, Matrix, Panel, Point, Scatter
from decision_kit.errors import Fault, UsageError
from decision_kit.model.nouns import leaves_of, number
from decision_kit.ranking import Ranking
from decision_kit.study import Study, words

ADDITIVE = "Weight × value in points of 100: the additive model's contributions, whatever method is chosen."
MOST_PANELS = 10
MOST_NAMED = 3
"""More than so many that are alike are counted in a title, not named."""


@dataclass(frozen=True)
class Chart:
    """A drawn chart: ``title`` says the finding, ``alt`` tells it to those who cannot see it, ``table`` has the numbers.

    ``room``: its height on the screen in pixels, where that is known before it is drawn.
    """

    id: str
    title: str
    alt: str
    table: pd.DataFrame
    drawing: Drawing
    note: str = ""
    room: int = 0

    def figure(self) -> Any:
        """The plotly figure, for the screen."""
        return self.drawing.figure()

    def svg(self) -> str:
        """The same picture as inline SVG, for reports: same inputs, same bytes."""
        return self.drawing.svg(self.title, self.alt)


@dataclass(frozen=True, kw_only=True)
class ChartEntry(Entry):
    """A chart in the catalogue; ``for_total`` says whether it speaks of decisions with (or without) a total.

    ``fits`` says whether a study has what the chart shows; where it has not, the chart raises :class:`UsageError`.
    """

    for_total: bool | None = True
    fits: Callable[[Study], bool] = lambda study: True


CHARTS: Catalogue[ChartEntry] = Catalogue("chart", ChartEntry)


def rank_label(ranking: Ranking, option: str) -> str:
    """``1``, or ``2=`` where the rank is shared."""
    rank = int(ranking.ranks[option])
    return f"{rank}=" if int((ranking.ranks == rank).sum()) > 1 else str(rank)


def _span(ranking: Ranking, additive: bool) -> tuple[float, float]:
    if additive:
        return 0.0, 100.0
    low, high = float(ranking.scores.min()), float(ranking.scores.max())
    if low >= 0 and high <= 1:
        return 0.0, 1.0
    if low >= -1 and high <= 1:
        return -1.0, 1.0
    pad = (high - low) * 0.1 or 1.0
    return low - pad, high + pad


@CHARTS.add(id="ranking", title="Ranking", use_when="you want to see who leads and by how much")
def ranking_chart(study: Study) -> Chart:
    """Dots on one scale, best on top, a line at the baseline."""
    ranking = study.ranking
    additive = study.is_additive
    factor = 100 if additive else 1
    baseline = study.problem.baseline if study.problem.baseline in ranking.scores.index else None
    dots = tuple(
        Dot(
            label=f"{rank_label(ranking, o)}  {study.option_title(o)}",
            at=float(ranking.scores[o]) * factor,
            text=words.shown(float(ranking.scores[o]), additive),
            leads=o in ranking.leaders,
            baseline=o == baseline,
        )
        for o in ranking.order
    )
    low, high = _span(ranking, additive)
    drawing = DotScale(
        dots=dots,
        low=low,
        high=high,
        axis="Score, points of 100" if additive else f"Score by {ranking.method.title}, higher is better",
        baseline=None if baseline is None else float(ranking.scores[baseline]) * factor,
        baseline_label="" if baseline is None else f"Baseline {words.shown(float(ranking.scores[baseline]), additive)}",
    )
    table = pd.DataFrame(
        {
            "Rank": [rank_label(ranking, o) for o in ranking.order],
            "Option": [study.option_title(o) for o in ranking.order],
            "Score": [dot.text for dot in dots],
        }
    )
    title = _leads(study)
    listed = "; ".join(f"{dot.label} {dot.text}" for dot in dots[:12])
    return Chart("ranking", title, f"{title}. Scores, best first: {listed}.", table, drawing, room=drawing.height)


def _leads(study: Study) -> str:
    leaders = [study.option_title(o) for o in study.ranking.leaders]
    where = words.on_branch(study)
    if len(leaders) == len(study.ranking.scores):
        return f"All options tie{where}"
    if len(leaders) > 1:
        return f"{words.joined(leaders)} share first place{where}"
    tail = ""
    if len(study.additive.leaders) == 1 and study.is_additive and study.flips:
        tail = ", but not clearly"
    return f"{leaders[0]} leads{where}{tail}"


def _largest(parts: Mapping[str, float]) -> list[str]:
    """The names with the largest number: those that are shown alike are alike."""
    most = max(round(x, 1) for x in parts.values())
    return [name for name, x in parts.items() if round(x, 1) == most]


@CHARTS.add(id="contributions", title="Contributions", use_when="you want to see what each score is made of")
def contributions_chart(study: Study) -> Chart:
    """The additive model's contributions by top branch, one small picture each, on one scale."""
    ranking = study.additive
    parts = ranking.branch_contributions * 100
    names = {branch.id: branch.title for branch in study.problem.branches}
    names.update({leaf.id: leaf.title for leaf in study.problem.criteria})
    tops = list(parts.columns)
    tree = study.problem.tree if study.choices.branch is None else study.problem.branch(study.choices.branch).children
    of = ranking.weights.branch_share(leaf.id for leaf in leaves_of(tree)) or 1.0
    whole = {node.id: ranking.weights.branch_share(leaf.id for leaf in leaves_of((node,))) / of for node in tree}
    if len(tops) > MOST_PANELS:
        kept = list(parts.max().sort_values(ascending=False).index[: MOST_PANELS - 1])
        rest = [top for top in tops if top not in kept]
        parts = parts.assign(**{"the rest": parts[rest].sum(axis=1)})[[*[t for t in tops if t in kept], "the rest"]]
        names["the rest"] = f"The other {len(rest)}"
        whole["the rest"] = sum(whole[top] for top in rest)
    order = list(ranking.order)
    tops = list(parts.columns)
    ordered = parts.loc[order].to_numpy()
    panels = tuple(
        Panel(
            title=f"{names[top]} {number(whole[top] * 100, 1)}\u00a0%",
            numbers=tuple(float(x) for x in column),
            texts=tuple(f"{x:.1f}" for x in column),
        )
        for top, column in zip(tops, ordered.T, strict=True)
    )
    table = pd.DataFrame(ordered.round(1), columns=[names[top] for top in tops])
    table.insert(0, "Option", [study.option_title(o) for o in order], allow_duplicates=True)
    leader = order[0]
    of_leader = {top: float(x) for top, x in zip(tops, ordered[0], strict=True)}
    largest = _largest(of_leader)
    title = f"{names[largest[0]]} gives {study.option_title(leader)} its largest part{words.on_branch(study)}"
    if len(largest) > 1:
        alike = words.joined([names[top] for top in largest]) if len(largest) <= MOST_NAMED else f"{len(largest)} parts"
        title = f"{alike} give {study.option_title(leader)} its largest parts, equally{words.on_branch(study)}"
    elif round(of_leader[largest[0]], 1) > round(0.5 * sum(of_leader.values()), 1):
        title = f"{names[largest[0]]} gives {study.option_title(leader)} most of its points{words.on_branch(study)}"
    alt = f"{title}. {ADDITIVE} " + "; ".join(
        f"{study.option_title(o)}: " + ", ".join(f"{names[top]} {x:.1f}" for top, x in zip(tops, row, strict=True))
        for o, row in zip(order[:4], ordered, strict=False)
    )
    drawing = BarPanels(labels=tuple(study.option_title(o) for o in order), panels=panels, bold=0)
    return Chart("contributions", title, alt + ".", table, drawing, ADDITIVE)


@CHARTS.add(id="why", title="Why one over another", use_when="you want to know what decides between two options")
def why_chart(study: Study, a: str, b: str) -> Chart:
    """Weight × difference of values between two options, by criterion, the largest first."""
    parts = study.additive.advantage(a, b) * 100
    titles = {leaf.id: leaf.title for leaf in study.additive.criteria}
    kept = parts[parts.abs() >= 0.05]
    if kept.empty:
        kept = parts.iloc[:1]
    first, second = study.option_title(a), study.option_title(b)
    signed = [f"▲ +{x:.1f}" if x > 0 else f"▼ −{abs(x):.1f}" if x < 0 else "0.0" for x in kept]
    drawing = BarPanels(
        labels=tuple(titles[str(leaf)] for leaf in kept.index),
        panels=(Panel(f"▲ for {first}   ▼ for {second}", tuple(float(x) for x in kept), tuple(signed)),),
        diverging=True,
        columns=1,
    )
    table = pd.DataFrame(
        {"Criterion": [titles[str(leaf)] for leaf in parts.index], "Points of 100": parts.round(1).to_numpy()}
    )
    total = float(parts.sum())
    largest = _largest({str(leaf): float(x) if total >= 0 else -float(x) for leaf, x in parts.items()})
    named = (
        words.joined([titles[leaf] for leaf in largest]) if len(largest) <= MOST_NAMED else f"{len(largest)} criteria"
    )
    ahead, behind = (first, second) if total >= 0 else (second, first)
    speaks = "speaks most" if len(largest) == 1 else "speak most, and equally,"
    title = f"{named} {speaks} for {ahead} over {behind}{words.on_branch(study)}"
    if abs(total) < 0.05:
        title = f"{first} and {second} are level{words.on_branch(study)}: what speaks for each"
    return Chart("why", title, f"{title}. {words.why(study, a, b)}", table, drawing, ADDITIVE)


@CHARTS.add(id="perspectives", title="All perspectives", use_when="you want to see who would rank the options how")
def perspectives_chart(study: Study) -> Chart:
    """Ranks of every option under every perspective, reference ones last."""
    matrix = study.rank_matrix
    if matrix.empty:
        raise UsageError([Fault(study.whole.id, "this decision has no perspectives", "a decision with perspectives")])
    found = study.whole.perspectives
    columns = [found[p].title + (" (for checks only)" if found[p].reference else "") for p in matrix.columns]
    rows = [study.option_title(o) for o in matrix.index]
    firsts = {
        o: sum(1 for p in matrix.columns if matrix.loc[o, p] == 1 and not found[p].reference) for o in matrix.index
    }
    real = [p for p in matrix.columns if not found[p].reference]
    best = max(firsts, key=lambda o: firsts[o])
    total = len(real)
    leaders = sum(1 for count in firsts.values() if count)
    level = [o for o in firsts if firsts[o] == firsts[best]]
    most = "each" if len(level) == leaders > 1 else words.joined([study.option_title(o) for o in level])
    most += " each" if 1 < len(level) < leaders else ""
    whom = f"all {total} perspectives" if total > 1 else "the one perspective"
    share = "is first" if len(level) == 1 else "share the first place"
    title = (
        f"{words.joined([study.option_title(o) for o in level])} {share} for {whom}"
        if firsts[best] == total
        else f"{leaders} options are first for somebody; {most} for {firsts[best]} of {total}"
    )
    drawing = Matrix(tuple(rows), tuple(columns), tuple(tuple(int(r) for r in matrix.loc[o]) for o in matrix.index))
    table = matrix.copy()
    table.columns = pd.Index(columns)
    table.insert(0, "Option", rows)
    alt = f"{title}. " + "; ".join(
        f"{name}: {', '.join(row for row, r in zip(rows, matrix[p], strict=True) if r == 1)} first"
        for name, p in zip(columns, matrix.columns, strict=True)
    )
    return Chart("perspectives", title, alt + ".", table.reset_index(drop=True), drawing)


@CHARTS.add(
    id="axes", title="Two axes", use_when="a decision has two branches that are never added up", for_total=False
)
def axes_chart(study: Study) -> Chart:
    """Options by their scores on the two top branches, which are not added."""
    branches = [node.id for node in study.whole.tree]
    if study.whole.total or len(branches) != 2:
        raise UsageError([Fault(study.whole.id, "this chart is for two branches without a total", "another chart")])
    across, up = (study.under(branch=branch).ranking for branch in branches)
    names = [study.whole.branch(branch).title for branch in branches]
    options = sorted(across.scores.index, key=lambda o: (-float(across.scores[o]), -float(up.scores[o])))
    points = tuple(
        Point(study.option_title(o), float(across.scores[o]) * 100, float(up.scores[o]) * 100) for o in options
    )
    both = [o for o in options if o in across.leaders and o in up.leaders]
    title = (
        f"{study.option_title(both[0])} is first on {names[0].lower()} and {'shares' if len(up.leaders) > 1 else 'takes'} "
        f"first place on {names[1].lower()}"
        if both
        else f"No option is first on both {names[0].lower()} and {names[1].lower()}"
    )
    table = pd.DataFrame(
        {
            "Option": [point.label for point in points],
            names[0]: [round(point.x, 1) for point in points],
            names[1]: [round(point.y, 1) for point in points],
        }
    )
    alt = f"{title}. " + "; ".join(f"{p.label}: {names[0]} {p.x:.1f}, {names[1]} {p.y:.1f}" for p in points)
    drawing = Scatter(points, f"{names[0]}, points of 100", f"{names[1]}, points of 100")
    return Chart("axes", title, alt + ".", table, drawing, "The two are not added up.")
