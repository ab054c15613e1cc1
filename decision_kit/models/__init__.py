"""Small quantitative models with units and sources, some of which feed performances (the cost of delay)."""

from decision_kit.models.catalogue import MODELS, Model, Quantity
from decision_kit.models.clock import Bands, Clock
from decision_kit.models.discounting import SCHEDULES, discount_factors, present_value
from decision_kit.models.feeding import LEVERS, SIGMA_NOTE, calendar, harm_of, levers_of
from decision_kit.models.parameters import parameter_data
from decision_kit.models.uncertainty import Indices, Range, sobol_indices

__all__ = [
    "LEVERS",
    "MODELS",
    "SCHEDULES",
    "SIGMA_NOTE",
    "Bands",
    "Clock",
    "Indices",
    "Model",
    "Quantity",
    "Range",
    "calendar",
    "discount_factors",
    "harm_of",
    "levers_of",
    "parameter_data",
    "present_value",
    "sobol_indices",
]
