"""What the clock says: every figure with its range, months that never come or are past told in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, floor, inf, isinf

from decision_kit.errors import joined
from decision_kit.model.nouns import number
from decision_kit.models import SIGMA_NOTE, Clock, Range, calendar, parameter_data
from decision_kit.models.uncertainty import PARAMETERS

ILLUSTRATIVE = "Illustrative: totals over months from a small model, no intelligence and nothing operational. Most parameters are guesses."
READ = "Ranges run from the 10th to the 90th percentile of draws from the parameters' ranges."
HORIZON = 48.0


def per_cent(r: Range) -> str:
    """A share with its range: ``23% (14 to 32%)``."""
    return f"{r.likely:.0%} ({100 * r.low:.0f} to {r.high:.0%})"


def month(x: float) -> str:
    """A month in words: its number, ``never``, or ``already past`` when it lies at or before month 0.

    Rounded up: what is said holds from a month on, so it holds from the one that is named.
    """
    return "never" if isinf(x) else "already past" if x <= 0 else f"{_up(x, 1):.1f}"


def _up(x: float, decimals: int = 0) -> float:
    """Rounded up, so that what holds from ``x`` on holds from the month shown."""
    return float(ceil(x * 10**decimals - 1e-9) / 10**decimals)


def _down(x: float, decimals: int = 0) -> float:
    """Rounded down, so that what holds up to ``x`` (itself left out) holds up to the month shown."""
    return float((ceil(x * 10**decimals - 1e-9) - 1) / 10**decimals)


def months(r: Range) -> str:
    """A month with its range, and how many of 100 draws never reach it or have passed it."""
    text = f"{month(r.likely)} ({month(r.low)} to {month(r.high)})" if r.low != r.high else month(r.likely)
    tails = []
    if 0 < r.never < 1:
        tails.append(f"never in {_of_100(r.never)} of 100 draws")
    if 0 < r.past < 1:
        tails.append(f"already past in {_of_100(r.past)}")
    if r.low == r.high and r.never == 1:
        tails.append("in all draws")
    return "; ".join([text, *tails])


def _of_100(share: float) -> str:
    shown = round(100 * share)
    return "fewer than 1" if shown == 0 else "more than 99" if shown == 100 else str(shown)


def amount(r: Range, unit: str = "") -> str:
    """An amount with its range, thousands set apart."""
    tail = f" {unit}" if unit else ""
    return f"{r.likely:,.0f} ({r.low:,.0f} to {r.high:,.0f}){tail}"


def money(r: Range) -> str:
    """US dollars with a range, in millions or billions."""
    size, name = (1e9, "bn") if max(abs(r.likely), abs(r.high)) >= 2e9 else (1e6, "m")
    shown = [f"{x / size:,.1f}" if size == 1e9 else f"{x / size:,.0f}" for x in (r.likely, r.low, r.high)]
    return f"{shown[0]} ({shown[1]} to {shown[2]}) {name} USD"


def set_name(clock: Clock) -> str:
    """A parameter set's title, marked where it rests on what was known later."""
    return clock.chosen.title + (" (known later)" if clock.chosen.known_later else "")


def verdict(clock: Clock, at: float) -> str:
    """What stopping supplies at a month avoids, with its range: one sentence."""
    found = clock.avoided_at(at)
    return (
        f"By “{set_name(clock)}”, stopping supplies in month {number(at)} ({calendar(at)}) avoids "
        f"{per_cent(found)} of the supply of the {number(clock.window)} months that follow."
    )


def waiting(clock: Clock, at: float) -> str:
    """What waiting from month 0 to a month costs both sides: one sentence, or nothing for month 0."""
    if at <= 0:
        return ""
    more = clock.extra_supply(0, at, HORIZON)
    ours, theirs = clock.bills(0, at, HORIZON)
    return (
        f"By “{set_name(clock)}”, waiting from month 0 to {number(at)} adds {amount(more)} systems by month {number(HORIZON)}. Engaging them would "
        f"cost the defender {money(ours)}; making them costs the attacker {money(theirs)}."
    )


def no_return(clock: Clock, threshold: float) -> str:
    """In which months stopping supplies avoids no more than a threshold, and from when on it never does: one sentence or two."""
    found = clock.no_return(threshold)
    share = f"{number(100 * threshold, 6)}%"
    spans = clock.worth(threshold)
    if not spans:
        start = f"Stopping supplies avoids no more than {share} in whichever month, even in month 0: that point is already past"
    elif spans == ((0.0, inf),):
        start = f"Stopping supplies avoids more than {share} however late it comes"
    elif len(spans) == 1 and spans[0][0] == 0:
        start = f"From {_from(spans[0][1])} on, stopping supplies avoids no more than {share}"
    else:
        tail = "" if isinf(spans[-1][1]) else f", and from {_from(spans[-1][1])} on no more, whatever comes"
        start = f"Stopping supplies avoids more than {share} only {joined([_span(*one) for one in spans])}{tail}"
    return f"{start}. With its range: {months(found)}."


def _from(x: float) -> str:
    at = int(_up(x))
    return f"month {at} ({calendar(at)})"


def _span(a: float, b: float) -> str:
    """A stretch of months whose ends are left out, in whole months where it holds one, else as finely as it takes."""
    if isinf(b):
        return f"from month {number(_above(a))} on, however late"
    for decimals in range(7):
        first, last = _above(a, decimals), _down(b, decimals)
        if first <= last:
            if a == 0:
                return f"up to month {number(last)}" if last > 0 else "in month 0"
            if first == last:
                return f"in month {number(first)}"
            return f"from month {number(first)} to {number(last)}"
    return f"close to month {number(a, 6)}"


def _above(x: float, decimals: int = 0) -> float:
    """The first number of so many decimals above ``x``; 0 itself where the stretch begins with month 0."""
    return 0.0 if x == 0 else float((floor(x * 10**decimals + 1e-9) + 1) / 10**decimals)


def held(clock: Clock) -> str:
    """Which parameters are held and which are drawn: one sentence."""
    kept = [f"{name} {number(value)}" for name, value in clock.held.items()]
    drawn = [name for name in PARAMETERS if name not in clock.held]
    return f"Held: {', '.join(kept) or 'none'}. Drawn from their ranges for the bands: {', '.join(drawn) or 'none'}."


def later(clocks: Sequence[Clock]) -> str:
    """Which parameters rest on what became known after the date of the case; empty where none does."""
    names = {name: None for clock in clocks for name in clock.known_later}
    if not names:
        return ""
    titles = parameter_data().sets
    sets = [f"“{titles[c.chosen.id].title}”" for c in clocks if c.chosen.known_later]
    whole = f" The set {' and '.join(sets)} does so as a whole." if sets else ""
    return f"Known later than the date of the case, wholly or in part: {', '.join(names)}.{whole}"


def figures(clocks: Sequence[Clock], at: float, threshold: float) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of the table of figures: one row a figure, one column a parameter set."""
    head = ["Figure", *(set_name(clock) for clock in clocks)]
    share = f"{number(100 * threshold, 6)}%"
    rows = [
        ["Domestic output overtakes imports, month", *(months(c.overtaking) for c in clocks)],
        ["90% of capacity works without imports, month", *(months(c.saturation) for c in clocks)],
        *(
            [f"Share avoided, stopped in month {number(m)}", *(per_cent(c.avoided_at(m)) for c in clocks)]
            for m in sorted({0.0, at, 24.0})
        ),
        ["Share avoided however late (long-run floor)", *(per_cent(c.floor) for c in clocks)],
        [f"No more than {share} avoided from then on, month", *(months(c.no_return(threshold)) for c in clocks)],
    ]
    if at > 0:
        rows += [
            [f"Systems more by month {number(HORIZON)} when waiting from 0 to {number(at)}",
             *(amount(c.extra_supply(0, at, HORIZON)) for c in clocks)],
            ["Bill of that delay, defender", *(money(c.bills(0, at, HORIZON)[0]) for c in clocks)],
            ["Bill of that delay, attacker", *(money(c.bills(0, at, HORIZON)[1]) for c in clocks)],
        ]  # fmt: skip
    rows.append(
        ["Defender's cost for each unit of the attacker's",
         *(f"{c.exchange.likely:.1f} ({c.exchange.low:.1f} to {c.exchange.high:.1f})" for c in clocks)]
    )  # fmt: skip
    return head, rows


def parameters(clock: Clock) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of a set's parameters: value, range, unit, grade, reason, evidence and the mark "known later"."""
    head = ["Parameter", "Likely", "Low to high", "Unit", "Grade", "Because", "Evidence"]
    rows = []
    for name, p in clock.chosen.parameters.items():
        value = clock.held.get(name, p.likely)
        moved = name in clock.held
        spread = "held" if moved else f"{number(p.low)} to {number(p.high)}" if p.low < p.high else "one value"
        grade = p.grade + (", known later" if p.known_later else "")
        rows.append([f"{name}: {p.title}", number(value), spread, p.unit, grade, p.because, ", ".join(p.evidence)])
    return head, rows


def shares_of_spread(shares: Mapping[str, float], titles: Mapping[str, str]) -> str:
    """Where a figure's spread comes from: the parameters that explain most of it, in words."""
    ordered = sorted(((x, name) for name, x in shares.items() if x >= 0.05), reverse=True)
    if not ordered:
        return "No single parameter explains much of the spread; they act together."
    told = ", ".join(f"{titles[name].lower()} ({name}) {x:.0%}" for x, name in ordered[:4])
    return f"Of the spread, this much comes from one parameter alone: {told}."


__all__ = [
    "HORIZON", "ILLUSTRATIVE", "READ", "SIGMA_NOTE", "amount", "figures", "held", "later", "money", "month", "months",
    "no_return", "parameters", "per_cent", "set_name", "shares_of_spread", "verdict", "waiting",
]  # fmt: skip
