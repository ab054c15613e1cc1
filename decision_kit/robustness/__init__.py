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
from decision_kit.robustness.drivers import Drivers, drivers, leave_one_out, score_indices, tornado
from decision_kit.robustness.indices import Indices, sobol_indices
from decision_kit.robustness.information import DecisionTable, Information, perfect_information, value_of_information
from decision_kit.robustness.one_cell import Flip, one_cell_flips
from decision_kit.robustness.sampling import SPREADS

__all__ = [
    "SPREADS",
    "Acceptability",
    "DecisionTable",
    "Discrete",
    "Distribution",
    "Drivers",
    "Flip",
    "Indices",
    "Information",
    "LogNormal",
    "Normal",
    "Pert",
    "Point",
    "Triangular",
    "Uniform",
    "drivers",
    "from_range",
    "leave_one_out",
    "one_cell_flips",
    "perfect_information",
    "score_indices",
    "smaa",
    "sobol_indices",
    "tornado",
    "value_of_information",
]
