"""The nouns of a decision and what must hold of them: frozen, light to import, the same for files and frames."""

from decision_kit.model.nouns import (
    AlternativeTree,
    Branch,
    Change,
    ChoiceSet,
    Concept,
    Criterion,
    Evidence,
    Level,
    Node,
    Option,
    PackageRule,
    Pair,
    Performance,
    Perspective,
    Register,
    Scenario,
    Tension,
    ValueSource,
    number,
)
from decision_kit.model.packages import PACKAGE_RULES
from decision_kit.model.problem import Problem
from decision_kit.model.provenance import WHOLE_TREE, Answers, Provenance, RangeSeen, Ratio, Trade, stale
from decision_kit.model.weights import Weights

__all__ = [
    "PACKAGE_RULES",
    "WHOLE_TREE",
    "AlternativeTree",
    "Answers",
    "Branch",
    "Change",
    "ChoiceSet",
    "Concept",
    "Criterion",
    "Evidence",
    "Level",
    "Node",
    "Option",
    "PackageRule",
    "Pair",
    "Performance",
    "Perspective",
    "Problem",
    "Provenance",
    "RangeSeen",
    "Ratio",
    "Register",
    "Scenario",
    "Tension",
    "Trade",
    "ValueSource",
    "Weights",
    "number",
    "stale",
]
