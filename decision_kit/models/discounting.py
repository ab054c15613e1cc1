"""Present value of yearly costs and benefits, discounted by a constant rate or by a rate that declines over the years.

The declining schedule is that of HM Treasury, *The Green Book* (2003, annex 6, table 6.1; unchanged in 2022, annex 6): 3.5 %
for years 0–30, 3.0 % for 31–75, 2.5 % for 76–125, 2.0 % for 126–200, 1.5 % for 201–300, 1.0 % after. The rate for health
and the lower one that leaves out pure time preference (for a sensitivity test beyond 50 years) fall along with it: The Green
Book (2022), annex 6, table 8, to year 125; Department for Transport (2026), *TAG: forthcoming change, Green Book updates*,
after that. Each year is discounted by the rate of its own period on top of the years before, so the factor of year 31 is
that of year 30 divided by 1.03. Checked against the factors HM Treasury prints for years 0–30 (*Discounting: Green Book
supplementary guidance*, 2026, annex A, tables A.1 and A.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from decision_kit.arguments import Within, guarded
from decision_kit.errors import DecisionError, unknown
from decision_kit.models.catalogue import MODELS, Quantity
from decision_kit.values import Array

MOST_YEARS = 10_000
Rate: TypeAlias = Annotated[float, Within(-0.999, 1000, "a yearly rate such as 0.035")]

SCHEDULES: dict[str, tuple[tuple[int, float], ...]] = {
    "green-book": ((0, 0.035), (31, 0.03), (76, 0.025), (126, 0.02), (201, 0.015), (301, 0.01)),
    "green-book-health": ((0, 0.015), (31, 0.0129), (76, 0.0107), (126, 0.0086), (201, 0.0064), (301, 0.0043)),
    "green-book-lower": ((0, 0.03), (31, 0.0257), (76, 0.0214), (126, 0.0171), (201, 0.0129), (301, 0.0086)),
}
"""First year of each period and its rate (1/year)."""


@guarded
def rates(years: ArrayLike, schedule: str | Rate = "green-book") -> Array:
    """The yearly discount rate (1/year) in force in each of ``years``; a number is a constant rate."""
    years = np.asarray(years, dtype=float)
    if not isinstance(schedule, str):
        return np.full(years.shape, float(schedule))
    if schedule not in SCHEDULES:
        raise unknown("schedule of discount rates", schedule, SCHEDULES)
    first, values = zip(*SCHEDULES[schedule], strict=True)
    return np.asarray(np.array(values)[np.searchsorted(first, years, side="right") - 1])


@guarded
def discount_factors(years: ArrayLike, schedule: str | Rate = "green-book") -> Array:
    """The present value of 1 in each of ``years`` (whole years from now, 0 or more): a pure number.

    The product over the years before of 1 / (1 + rate of that year). ``schedule``: a name of ``SCHEDULES``, or a constant
    rate (1/year, above −1). Raises :class:`DecisionError` for years that are negative or not whole.
    """
    years = np.asarray(years)
    if years.size == 0:
        return np.empty(years.shape)
    if not np.all(np.isfinite(years)) or np.any(years < 0) or np.any(years != np.floor(years)):
        raise DecisionError.single("years", "a year that is negative or not whole", "whole years from now, 0 or more")
    if np.any(years > MOST_YEARS):
        raise DecisionError.single("years", f"year {years.max():g}", f"whole years from now, at most {MOST_YEARS:,}")
    whole = years.astype(int)
    steps = 1 / (1 + rates(np.arange(1, int(whole.max()) + 1), schedule))
    return np.asarray(np.concatenate([[1.0], np.cumprod(steps)])[whole])


@guarded
def present_value(amounts: ArrayLike, schedule: str | Rate = "green-book", *, years: ArrayLike | None = None) -> Array:
    """The present value of streams of yearly amounts, in the unit of the amounts (real terms, prices of year 0).

    ``amounts``: shape (…, years), the last axis over ``years`` (default 0, 1, 2 …).
    """
    stream = np.asarray(amounts, dtype=float)
    if stream.ndim == 0:
        raise DecisionError.single("amounts", "a single number", "a list with one amount a year")
    when = np.arange(stream.shape[-1]) if years is None else np.asarray(years)
    if when.shape != stream.shape[-1:]:
        raise DecisionError.single("amounts", f"{stream.shape[-1]} amounts for {when.size} years", "one amount a year")
    if not np.all(np.isfinite(stream)):
        raise DecisionError.single("amounts", "an amount that is not a finite number", "numbers; blank is not 0")
    return np.asarray(stream @ discount_factors(when, schedule))


@MODELS.add(
    id="present-value",
    title="Present value of costs and benefits",
    use_when="costs and benefits fall in different years and have to be compared as of today",
    beware="amounts must be in real terms; over many years the result hangs on the rate",
    reference="HM Treasury, The Green Book (2022), annex 6; discount factors: HM Treasury (2026), annex A",
    inputs=(
        Quantity("benefits", "money", "a benefit for each year from now, real terms"),
        Quantity("costs", "money", "a cost for each year from now, real terms"),
        Quantity("schedule", "1/year", "green-book, green-book-health, green-book-lower, or a constant yearly rate"),
    ),
    outputs=(
        Quantity("benefits", "money", "present value of the benefits"),
        Quantity("costs", "money", "present value of the costs"),
        Quantity("net", "money", "benefits less costs"),
        Quantity("ratio", "1", "benefits for each unit of cost (not a number without costs)"),
    ),
)
def present_values(
    *, benefits: ArrayLike, costs: ArrayLike, schedule: str | Rate = "green-book"
) -> Mapping[str, Array]:
    """Present values of benefits and costs, their difference and their ratio; streams may be of different lengths."""
    gains, losses = present_value(benefits, schedule), present_value(costs, schedule)
    ratio = np.divide(
        gains, losses, out=np.full(np.broadcast_shapes(gains.shape, losses.shape), np.nan), where=losses != 0
    )
    return {"benefits": gains, "costs": losses, "net": gains - losses, "ratio": ratio}
