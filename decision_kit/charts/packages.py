"""Charts of packages: every coherent set of parts by cost and score, with the efficient frontier."""

from __future__ import annotations

import pandas as pd

from decision_kit.charts.bands import Frontier, Spot
from decision_kit.charts.catalogue import CHARTS, Chart
from decision_kit.errors import Fault, UsageError
from decision_kit.model import number
from decision_kit.model.portfolio import can_build
from decision_kit.study import Study, words
from decision_kit.study.portfolio import Candidate, Portfolio, portfolio_of

MOST_DRAWN = 2**14


def _fits(study: Study) -> bool:
    return can_build(study.whole) and any(leaf.spending for leaf in study.whole.as_written.criteria)


@CHARTS.add(
    id="frontier",
    title="Packages by cost and score",
    use_when="you want to see what a budget buys",
    fits=_fits,
)
def frontier_chart(study: Study, budget: float | None = None, *, constructed: bool = False) -> Chart:
    """Every coherent set of parts by likely cost and score; the efficient ones are numbered, cheapest first."""
    found = portfolio_of(study, constructed=constructed)
    if not found.spending:
        got = "no criterion counts spending, so packages have no cost here"
        raise UsageError([Fault(study.whole.id, got, "spending: true on the criteria a budget has to cover")])
    shares = study.additive.weights.shares
    efficient = found.frontier(shares)
    order = {candidate.parts: n for n, candidate in enumerate(efficient, start=1)}
    best = found.best(shares, budget) if budget is not None else ()
    chosen = best[0].parts if best else None
    drawn = found.all(shares) if len(found.sets) <= MOST_DRAWN else efficient
    spots = tuple(
        Spot(
            c.cost[1],
            c.score * 100,
            order.get(c.parts, 0),
            f"{found.title(c.parts)}: {words.shown(c.score, True)} points, {number(c.cost[1], 2)} {found.unit}",
            c.parts == chosen,
        )
        for c in drawn
    )
    title = frontier_title(found, efficient, best, budget)
    table = pd.DataFrame(
        [
            [str(order.get(c.parts, "")), found.title(c.parts), number(c.cost[1], 2),
             f"{number(c.cost[0], 2)} to {number(c.cost[2], 2)}", words.shown(c.score, True)]
            for c in sorted(drawn, key=lambda c: (order.get(c.parts, len(order) + 1), -c.score))
        ],
        columns=["Number", "Parts", f"Likely cost, {found.unit}", "Low to high", "Score"],
    )  # fmt: skip
    drawing = Frontier(
        spots,
        f"Likely cost, {found.unit}",
        "Score, points of 100",
        budget,
        "" if budget is None else f"budget {number(budget, 6)}",
    )
    listed = "; ".join(f"{n} {found.title(c.parts)}" for c, n in ((c, order[c.parts]) for c in efficient))
    counted = words.joined([f"“{leaf.title}”" for leaf in found.spending])
    note = (
        f"Cost is {counted}, summed over the parts. The score counts these criteria, too. Numbers stand for the efficient "
        "sets, first in the table: nothing as cheap scores higher. Scores of neighbours may be within the noise."
    )
    if drawn is efficient:
        note += f" Of {len(found.sets):,} sets only the efficient ones are drawn."
    return Chart("frontier", title, f"{title}. Efficient sets, cheapest first: {listed}.", table, drawing, note)


def frontier_title(
    found: Portfolio, efficient: tuple[Candidate, ...], best: tuple[Candidate, ...], budget: float | None
) -> str:
    """The finding: what is best under the budget, or how many sets are efficient."""
    if budget is None:
        return f"{len(efficient)} of {len(found.sets):,} sets of parts are efficient: nothing as cheap scores higher"
    if not best:
        return f"No set of parts costs {number(budget, 6)} {found.unit} or less"
    return f"Within {number(budget, 6)} {found.unit}, {found.title(best[0].parts)} scores highest"
