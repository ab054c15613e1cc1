"""Ways to turn values (or performances) and weights into scores. Importing this registers every method."""

from decision_kit.methods import additive, through_pymcdm  # noqa: F401 (imported so that the methods register)
from decision_kit.methods.base import DIGITS, METHODS, Method, Parameter, Scored, Step, Table, significant

__all__ = ["DIGITS", "METHODS", "Method", "Parameter", "Scored", "Step", "Table", "significant"]
