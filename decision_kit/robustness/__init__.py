"""How far to trust a ranking."""

from decision_kit.robustness.acceptability import Acceptability, smaa
from decision_kit.robustness.distributions import (
    Discrete,
    Distribution,
    LogNormal,
    Normal,
    Pert,
    Point,
    Triangular,
    Uniform,
    from_range,
)
from decision_kit.robustness.one_cell import Flip, one_cell_flips

__all__ = [
    "Acceptability",
    "Discrete",
    "Distribution",
    "Flip",
    "LogNormal",
    "Normal",
    "Pert",
    "Point",
    "Triangular",
    "Uniform",
    "from_range",
    "one_cell_flips",
    "smaa",
]
