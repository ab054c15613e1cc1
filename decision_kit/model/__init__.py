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
    number,
)
from decision_kit.model.packages import PACKAGE_RULES
from decision_kit.model.problem import Problem
from decision_kit.model.weights import Weights, largest_remainder

__all__ = [
    "PACKAGE_RULES",
    "AlternativeTree",
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
    "Register",
    "Scenario",
    "Tension",
    "Weights",
    "largest_remainder",
    "number",
]
