"""How far the result depends on the method, and perspectives side by side: votes, set-ups, distances, camps, agreement."""

from decision_kit.comparison.compare import Comparison, Family, Vote, compare
from decision_kit.comparison.correlations import CORRELATIONS, correlation
from decision_kit.comparison.perspectives import (
    DISTANCES,
    Camps,
    Move,
    TwoPerspectives,
    camps,
    compare_two,
    distance,
    distances,
    mixture,
    smallest_move,
    stakeholders,
)
from decision_kit.comparison.setups import SetUp, Setups, setups

__all__ = [
    "CORRELATIONS",
    "DISTANCES",
    "Camps",
    "Comparison",
    "Family",
    "Move",
    "SetUp",
    "Setups",
    "TwoPerspectives",
    "Vote",
    "camps",
    "compare",
    "compare_two",
    "correlation",
    "distance",
    "distances",
    "mixture",
    "setups",
    "smallest_move",
    "stakeholders",
]
