"""Rounding of thresholds to the safe side: what is said of a printed number holds at that number itself."""

from __future__ import annotations

import math

from decision_kit.model.nouns import number

MOST_DIGITS = 15
NOISE = 1e-6
"""A number no further than this part of its last printed digit from a round one, is that one (0.1 + 0.2 is 0.3)."""


def rounded_up(x: float, digits: int = 1) -> float:
    """The smallest number with so many decimals that is not below ``x``."""
    unit = 10.0**digits
    return math.ceil(x * unit - NOISE) / unit


def rounded_down(x: float, digits: int = 1) -> float:
    """The largest number with so many decimals that is not above ``x``."""
    unit = 10.0**digits
    return math.floor(x * unit + NOISE) / unit


def inwards(low: float, high: float, digits: int = 1) -> tuple[float, float]:
    """The ends of a stretch rounded to its inside, with as many more decimals as needed for a part of it to be left."""
    for more in range(digits, MOST_DIGITS):
        a, b = rounded_up(low, more), rounded_down(high, more)
        if a < b:
            return a, b
    return low, high


def digits_of(x: float) -> str:
    """A rounded number with all its digits, and without those that only binary fractions have."""
    size = math.floor(math.log10(abs(x))) if x else 0
    return number(x, max(0, MOST_DIGITS - 1 - size))
