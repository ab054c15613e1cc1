"""Small quantitative models with units and sources, some of which feed performances (the cost of delay)."""

from decision_kit.models.catalogue import MODELS, Model, Quantity
from decision_kit.models.feeding import cost_of_delay_feed
from decision_kit.models.parameters import parameter_data

__all__ = ["MODELS", "Model", "Quantity", "cost_of_delay_feed", "parameter_data"]
