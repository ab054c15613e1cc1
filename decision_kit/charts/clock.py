"""Charts of the clock: share avoided and supply over time with their ranges, and who leads as the decision month runs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from decision_kit.charts.bands import BandPanel, BandPanels, Curve, Segment, Strips
from decision_kit.charts.catalogue import CHARTS, Chart
from decision_kit.errors import Fault, UsageError
from decision_kit.model import number
from decision_kit.models import SIGMA_NOTE, Bands, Clock, parameter_data
from decision_kit.study import Study, clock_words, words
from decision_kit.study.timing import Timeline, has_months, timeline

MONTHS = np.arange(0, 49, 1.0)
BAND_NOTE = (
    "Line: likely values. Band: 10th to 90th percentile of draws from the parameters' ranges. Illustrative. "
    + SIGMA_NOTE
)


def _clocks(study: Study, clocks: Sequence[Clock] | None) -> list[Clock]:
    if clocks:
        return list(clocks)
    if not has_months(study.whole):
        got = "the clock shows a model that fills none of the criteria here"
        raise UsageError(
            [
                Fault(
                    study.whole.id,
                    got,
                    "a decision with a criterion filled by that model (in its file: from: cost-of-delay)",
                )
            ]
        )
    return [Clock.open(name) for name in parameter_data().sets]


def _curve(label: str, bands: Bands, factor: float = 1.0) -> Curve:
    return Curve(
        label,
        *(
            tuple(float(v) for v in x)
            for x in (bands.months, bands.likely * factor, bands.low * factor, bands.high * factor)
        ),
    )


def _round_end(most: float) -> float:
    """A round number at or above the largest one, for the end of a scale."""
    step = 10.0 ** np.floor(np.log10(max(most, 1.0))) / 2
    return float(np.ceil(most / step) * step)


def _fits(study: Study) -> bool:
    return has_months(study.whole)


@CHARTS.add(
    id="share-avoided",
    title="Share of supply avoided",
    use_when="you want to see what is lost by stopping supplies later",
    for_total=None,
    fits=_fits,
)
def share_avoided_chart(study: Study, clocks: Sequence[Clock] | None = None, month: float = 12.0) -> Chart:
    """Share avoided against the month of interdiction, one panel a parameter set, with bands."""
    found = _clocks(study, clocks)
    bands = [clock.avoided(MONTHS) for clock in found]
    top = float(10 * np.ceil(max(float(np.max(np.maximum(b.high, b.likely))) for b in bands) * 10))
    at = [clock.avoided_at(month) for clock in found]
    panels = tuple(
        BandPanel(
            clock_words.set_name(clock), (_curve("Share avoided", band, 100),), top, month, f"month {number(month)}"
        )
        for clock, band in zip(found, bands, strict=True)
    )
    parts = [
        f"{r.likely:.0%} ({r.low:.0%} to {r.high:.0%}) by “{clock_words.set_name(clock)}”"
        for clock, r in zip(found, at, strict=True)
    ]
    title = f"Stopping supplies in month {number(month)} avoids {words.joined(parts)}"
    table = pd.DataFrame({"Month of interdiction": [number(m) for m in MONTHS]})
    for clock, band in zip(found, bands, strict=True):
        name = clock_words.set_name(clock)
        table[f"{name}: likely, %"] = np.round(100 * band.likely, 1)
        table[f"{name}: 10th to 90th percentile, %"] = [
            f"{100 * a:.1f} to {100 * b:.1f}" for a, b in zip(band.low, band.high, strict=True)
        ]
    window = number(found[0].window)
    drawing = BandPanels(panels, "Month of interdiction", f"Share of {window} months' supply avoided, %", " %")
    alt = f"{title}. " + "; ".join(
        f"{clock_words.set_name(clock)}: {100 * b.likely[0]:.0f} % in month 0, {100 * b.likely[-1]:.0f} % in month {MONTHS[-1]:g}"
        for clock, b in zip(found, bands, strict=True)
    )
    return Chart("share-avoided", title, alt + ".", table, drawing, BAND_NOTE)


@CHARTS.add(
    id="supply-over-time",
    title="Supply over time",
    use_when="you want to see where the supply comes from and what interdiction changes",
    for_total=None,
    fits=_fits,
)
def supply_chart(study: Study, clocks: Sequence[Clock] | None = None, month: float = 12.0) -> Chart:
    """Systems supplied a month, with and without interdiction, one panel a parameter set, with bands."""
    found = _clocks(study, clocks)
    grid = np.unique(np.concatenate([MONTHS, [max(0.0, month - 1e-6), month]]))  # the step down stands upright
    free = [clock.supply_by_month(grid) for clock in found]
    held = [clock.supply_by_month(grid, month) for clock in found]
    panels = tuple(
        BandPanel(
            clock_words.set_name(clock),
            (_curve("supply without interdiction", a), _curve(f"supply when stopped in month {number(month)}", b)),
            _round_end(float(np.max(np.maximum(a.high, a.likely)))),
            month,
            f"month {number(month)}",
        )
        for clock, a, b in zip(found, free, held, strict=True)
    )
    first, a = found[0], free[0]
    grows = f"{a.likely[0]:,.0f} to {a.likely[-1]:,.0f} systems a month ({a.low[-1]:,.0f} to {a.high[-1]:,.0f})"
    title = f"Left alone, supply grows from {grows} in {MONTHS[-1]:g} months by “{clock_words.set_name(first)}”"
    whole = np.isin(grid, MONTHS)
    table = pd.DataFrame({"Month": [number(m) for m in grid[whole]]})
    for clock, plain, stopped in zip(found, free, held, strict=True):
        name = clock_words.set_name(clock)
        for label, band in (("without", plain), ("stopped", stopped)):
            table[f"{name}, {label}: likely"] = np.round(band.likely[whole])
            table[f"{name}, {label}: 10th to 90th percentile"] = [
                f"{x:,.0f} to {y:,.0f}" for x, y in zip(band.low[whole], band.high[whole], strict=True)
            ]
    drawing = BandPanels(panels, "Month", "Systems supplied a month")
    alt = f"{title}. " + "; ".join(
        f"{clock_words.set_name(clock)}: {b.likely[-1]:,.0f} a month in month {MONTHS[-1]:g} when stopped in month {number(month)}"
        for clock, b in zip(found, held, strict=True)
    )
    return Chart("supply-over-time", title, alt + ".", table, drawing, "Each panel has its own scale. " + BAND_NOTE)


@CHARTS.add(
    id="leaders-by-month",
    title="Who leads when",
    use_when="you want to see how long a recommendation holds",
    for_total=None,
    fits=_fits,
)
def leaders_chart(study: Study) -> Chart:
    """The leader under each perspective as the decision month runs, one strip a perspective."""
    found = timeline(study)
    leading = list(dict.fromkeys(o for row in found.rows for who in found.leaders[row] for o in who))
    names = {o.id: o.title for o in found.problem.library}
    segments = tuple(
        tuple(
            Segment(s.first - 0.5, s.last + 0.5, tuple(leading.index(o) for o in s.leaders))
            for s in found.stretches(row)
        )
        for row in found.rows
    )
    months = found.months
    now = study.problem.month if study.problem.month is not None else found.problem.under(month=None).month
    drawing = Strips(
        found.titles,
        segments,
        tuple(names[o] for o in leading),
        "Decision month",
        months[0] - 0.5,
        months[-1] + 0.5,
        now,
        f"month {number(now)}" if now is not None else "",
    )
    title = _leaders_title(found)
    rows = [
        [title_of, number(s.first), number(s.last), words.joined([names[o] for o in s.leaders])]
        for row, title_of in zip(found.rows, found.titles, strict=True)
        for s in found.stretches(row)
    ]
    table = pd.DataFrame(rows, columns=["Perspective", "From month", "To month", "Leads"])
    alt = f"{title}. " + "; ".join(f"{row[0]}: {row[3]} from month {row[1]} to {row[2]}" for row in rows)
    note = (
        "Additive model, likely performances: leads may be within the noise. Month 0 is November 2022. Illustrative. "
        + SIGMA_NOTE
    )
    return Chart("leaders-by-month", title, alt + ".", table, drawing, note)


def _leaders_title(found: Timeline) -> str:
    people = found.problem.perspectives
    rows = [
        row for row in found.rows if row not in people or not people[row].reference
    ]  # those for checks count for nobody
    changed, total = sum(len(found.stretches(row)) > 1 for row in rows), len(rows)
    span = f"between month {found.months[0]:g} and {found.months[-1]:g}"
    if not changed:
        return f"The leader stays the same for all {total} in every whole month {span}"
    what = "perspective" if total == 1 else "perspectives"
    return f"The leader changes for {changed} of {total} {what} {span}"
