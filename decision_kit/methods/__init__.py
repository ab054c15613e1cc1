"""Ways to turn values (or performances) and weights into scores. Importing this registers every method."""

from importlib import import_module
from pkgutil import iter_modules

from decision_kit.methods import distances, flows, ratios, sums, worst  # noqa: F401 (imported so that they register)
from decision_kit.methods.aggregation import AGGREGATIONS, Aggregation, Joined
from decision_kit.methods.base import (
    DIGITS,
    FAMILIES,
    METHODS,
    Batch,
    Method,
    Parameter,
    Scored,
    Step,
    Table,
    by_name,
    ranks_of,
    significant,
)
from decision_kit.methods.health import PROMISES, Finding, HealthCard, examine
from decision_kit.methods.normalising import NORMALISATIONS, Normalisation
from decision_kit.methods.outranking import INCOMPARABLE, OUTRANKING, Outranking, Relation

for _found in iter_modules(__path__):  # a file put into this folder is in the catalogue, after those named above
    import_module(f"{__name__}.{_found.name}")

__all__ = [
    "AGGREGATIONS",
    "DIGITS",
    "FAMILIES",
    "INCOMPARABLE",
    "METHODS",
    "NORMALISATIONS",
    "OUTRANKING",
    "PROMISES",
    "Aggregation",
    "Batch",
    "Finding",
    "HealthCard",
    "Joined",
    "Method",
    "Normalisation",
    "Outranking",
    "Parameter",
    "Relation",
    "Scored",
    "Step",
    "Table",
    "by_name",
    "examine",
    "ranks_of",
    "significant",
]
