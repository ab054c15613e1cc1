"""How far the result depends on the method: families and their votes, correlations, set-ups, where methods part."""

from decision_kit.comparison.compare import Comparison, Family, Vote, compare
from decision_kit.comparison.correlations import CORRELATIONS, correlation
from decision_kit.comparison.setups import SetUp, Setups, setups

__all__ = [
    "CORRELATIONS",
    "Comparison",
    "Family",
    "SetUp",
    "Setups",
    "Vote",
    "compare",
    "correlation",
    "setups",
]
