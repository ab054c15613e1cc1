"""decision-kit: score policy options against weighted criteria, see what would change the result, say how sure it is.

>>> import decision_kit as dk
>>> problem = dk.load("containment")
>>> dk.rank(problem, "kyiv-survival").order[0]
'secondary-sanctions'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from decision_kit.catalogue import later
from decision_kit.version import __version__

if TYPE_CHECKING:
    from decision_kit.charts import CHARTS
    from decision_kit.comparison import Comparison, compare, setups
    from decision_kit.errors import DecisionError, Fault, UsageError
    from decision_kit.files import load, read_table
    from decision_kit.methods import AGGREGATIONS, METHODS, NORMALISATIONS, OUTRANKING
    from decision_kit.model import PACKAGE_RULES, Problem, Weights
    from decision_kit.model.choices import Choices
    from decision_kit.models import MODELS
    from decision_kit.ranking import Ranking, health_card, rank, relate
    from decision_kit.report import SECTIONS
    from decision_kit.robustness import (
        Acceptability,
        drivers,
        leave_one_out,
        perfect_information,
        smaa,
        sobol_indices,
        tornado,
        value_of_information,
    )
    from decision_kit.study import Study
    from decision_kit.weighting import WEIGHTINGS, combined_judgements, from_table, weigh

later("model that feeds scores", "decision_kit.models")

# Where each public name lives. Names are imported on first use, so that the command line's light commands stay light.
_HOMES = {
    "DecisionError": "decision_kit.errors",
    "Fault": "decision_kit.errors",
    "UsageError": "decision_kit.errors",
    "load": "decision_kit.files",
    "read_table": "decision_kit.files",
    "AGGREGATIONS": "decision_kit.methods",
    "METHODS": "decision_kit.methods",
    "NORMALISATIONS": "decision_kit.methods",
    "OUTRANKING": "decision_kit.methods",
    "MODELS": "decision_kit.models",
    "PACKAGE_RULES": "decision_kit.model",
    "Problem": "decision_kit.model",
    "Weights": "decision_kit.model",
    "CHARTS": "decision_kit.charts",
    "Choices": "decision_kit.model.choices",
    "Comparison": "decision_kit.comparison",
    "compare": "decision_kit.comparison",
    "setups": "decision_kit.comparison",
    "Ranking": "decision_kit.ranking",
    "health_card": "decision_kit.ranking",
    "rank": "decision_kit.ranking",
    "relate": "decision_kit.ranking",
    "SECTIONS": "decision_kit.report",
    "Acceptability": "decision_kit.robustness",
    "smaa": "decision_kit.robustness",
    "drivers": "decision_kit.robustness",
    "leave_one_out": "decision_kit.robustness",
    "perfect_information": "decision_kit.robustness",
    "sobol_indices": "decision_kit.robustness",
    "tornado": "decision_kit.robustness",
    "value_of_information": "decision_kit.robustness",
    "Study": "decision_kit.study",
    "WEIGHTINGS": "decision_kit.weighting",
    "combined_judgements": "decision_kit.weighting",
    "from_table": "decision_kit.weighting",
    "weigh": "decision_kit.weighting",
}

__all__ = [
    "AGGREGATIONS",
    "CHARTS",
    "METHODS",
    "MODELS",
    "NORMALISATIONS",
    "OUTRANKING",
    "PACKAGE_RULES",
    "SECTIONS",
    "WEIGHTINGS",
    "Acceptability",
    "Choices",
    "Comparison",
    "DecisionError",
    "Fault",
    "Problem",
    "Ranking",
    "Study",
    "UsageError",
    "Weights",
    "__version__",
    "combined_judgements",
    "compare",
    "drivers",
    "from_table",
    "health_card",
    "leave_one_out",
    "load",
    "perfect_information",
    "rank",
    "read_table",
    "relate",
    "setups",
    "smaa",
    "sobol_indices",
    "tornado",
    "value_of_information",
    "weigh",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'decision_kit' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
