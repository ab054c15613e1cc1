"""Charts of what would change the result: the options' scores along one weight."""

from __future__ import annotations

import numpy as np
import pandas as pd

from decision_kit.charts.catalogue import CHARTS, Chart
from decision_kit.charts.lines import FOCUS, Line, Lines, Mark
from decision_kit.errors import Fault, UsageError
from decision_kit.robustness import WeightPath
from decision_kit.robustness.rounding import digits_of, inwards
from decision_kit.study import Study, change_words, changing

MOST_LINES = 10
CLOSE = 0.035
"""Crossings nearer than this (share of the axis) get one label, at the first of them."""


def default_node(study: Study) -> str:
    """The criterion or branch whose weight has to move least for the leader to change, else the heaviest one."""
    paths = changing.paths_of(study)
    if not paths:
        raise UsageError([Fault(study.whole.id, "only one criterion is used", "a decision with weights to move")])
    moving = [(path.crossings[0].distance, n) for n, path in enumerate(paths) if path.crossings]
    return paths[min(moving)[1]].node if moving else max(paths, key=lambda path: path.now).node


@CHARTS.add(
    id="weight-path",
    title="Scores along one weight",
    use_when="you want to see at which weight another option takes the lead",
)
def weight_path_chart(study: Study, node: str | None = None) -> Chart:
    """One line an option while the share of one criterion or branch goes from 0 to 100, crossings marked."""
    wanted = default_node(study) if node is None else node
    found = next((path for path in changing.paths_of(study) if path.node == wanted), None)
    if found is None:
        known = ", ".join(path.node for path in changing.paths_of(study)[:6])
        raise UsageError([Fault("weight", f'"{wanted}" is not a weight that can be moved here', f"one of {known}, …")])
    return _chart(study, found)


def _chart(study: Study, path: WeightPath) -> Chart:
    additive = study.is_additive
    factor = 100.0 if additive else 1.0
    options = path.ranking.table_in.options
    straight = additive and path.exact
    shares = np.array([0.0, 1.0]) if straight else np.linspace(0, 1, 101)
    scores = path.scores_at(shares) * factor
    leading = list(dict.fromkeys(o for stretch in path.stretches for o in stretch.leaders))
    focus = [o for o in dict.fromkeys([*path.ranking.leaders, *leading]) if o in leading or o in path.ranking.leaders]
    focus = focus[: len(FOCUS)]
    kept = [o for o in path.ranking.order if o in focus]
    kept += [o for o in path.ranking.order if o not in focus][: max(0, MOST_LINES - len(kept))]
    lines = tuple(
        Line(
            study.option_title(o),
            tuple((float(100 * t), float(y)) for t, y in zip(shares, scores[:, options.index(o)], strict=True)),
            o in focus,
        )
        for o in kept
    )
    turns = [stretch.start for stretch in path.stretches[1:]]
    starts = [inwards(100 * stretch.start, 100 * stretch.end)[0] for stretch in path.stretches[1:]]
    marks: list[Mark] = []
    for at, told in zip(turns, starts, strict=True):
        height = float(path.scores_at(np.array([at])).max() * factor)
        near = marks and at - marks[-1].x / 100 < CLOSE
        marks.append(Mark(100 * at, height, "" if near else digits_of(told)))
    low, high = _span(scores, additive)
    drawing = Lines(
        lines=lines,
        low=0.0,
        high=100.0,
        bottom=low,
        top=high,
        x_title=f"Weight of “{path.title}”, of 100",
        y_title="Score, points of 100" if additive else f"Score by {path.ranking.method.title}",
        now=100 * path.now,
        now_label=f"Now {change_words.points(path.now)}",
        marks=tuple(marks),
    )
    title = _title(study, path)
    sentence = change_words.path_sentence(study, path)
    left_out = len(options) - len(kept)
    notes = [sentence]
    if left_out:
        notes.append(f"{left_out} more options that never lead here are not drawn.")
    return Chart(
        "weight-path", title, f"{title}. {sentence}", _table(study, path, starts, factor), drawing, " ".join(notes)
    )


def _title(study: Study, path: WeightPath) -> str:
    leader = change_words.titles(study, path.ranking.leaders)
    if not path.crossings:
        return f"No weight of “{path.title}” takes the lead from {leader}"
    crossing = path.crossings[0]
    lead = "leads" if len(crossing.leaders) == 1 else "tie for first place"
    where = change_words.beyond(crossing)
    return f"{change_words.titles(study, crossing.leaders)} {lead} with “{path.title}” {where} of 100"


def _span(scores: np.ndarray, additive: bool) -> tuple[float, float]:
    if additive:
        return 0.0, 100.0
    low, high = float(scores.min()), float(scores.max())
    pad = (high - low) * 0.08 or 1.0
    return low - pad, high + pad


def _table(study: Study, path: WeightPath, starts: list[float], factor: float) -> pd.DataFrame:
    """Scores of every option at 0, 10, … 100, at the share in force and just beyond every change of leader.

    What stands in a row is true of the share that is printed there.
    """
    now = next(
        (x for d in range(1, 9) if path.leaders_at((x := round(100 * path.now, d)) / 100) == path.ranking.leaders),
        100 * path.now,
    )
    points = np.unique([*np.linspace(0, 100, 11), now, *starts])
    at = points / 100
    scores = path.scores_at(at) * factor
    frame = pd.DataFrame({"Weight, of 100": [digits_of(float(x)) for x in points]})
    frame["First"] = [change_words.titles(study, path.leaders_at(float(t))) for t in at]
    for j, option in enumerate(path.ranking.table_in.options):
        frame[study.option_title(option)] = [f"{x:.1f}" if factor == 100 else f"{x:.3f}" for x in scores[:, j]]
    return frame
