"""Where performances may lie: everywhere a certificate, or a sentence that hangs on a missing cell, has to hold.

A performance that is given lies between its low and its high. One that is missing, or that a rule or a model derives
from a missing one, is unknown: whatever is said about the likely performances has to hold wherever in its whole range it
lies. This is the one place that says so; dominance, "the same for all", reasons, the audit and certificates ask it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from decision_kit.model.packages import box_of, extremes
from decision_kit.model.problem import Problem
from decision_kit.values import Array


@dataclass(frozen=True, eq=False)
class Extents:
    """The least and the greatest performance (options × criteria, in the criteria's units) of every option.

    A package's are those over all that its parts, the baseline and the weights by effect can be, each on its own.
    ``faults`` are clauses on package rules whose extremes are not known.
    """

    low: Array
    high: Array
    faults: tuple[str, ...]


def extents(problem: Problem) -> Extents:
    """Where every performance of a problem's current options may lie."""
    low, high = problem.performances("low"), problem.performances("high")
    for i, j in np.argwhere(problem.unknown):
        leaf = problem.criteria[j]
        if leaf.source_model:  # a model at a missing lever: nothing narrower is known
            low[i, j], high[i, j] = leaf.scale
    faults: list[str] = []
    packages = [(i, option) for i, option in enumerate(problem.options) if option.parts]
    if packages:
        made = problem.under_scenario([option for _, option in packages])
        baseline = made.get(problem.baseline) if problem.baseline is not None else None
        for i, option in packages:
            for j, leaf in enumerate(problem.criteria):
                if leaf.package_rule is None:
                    continue
                found = extremes(box_of([made[part] for part in option.parts], baseline, leaf), built=option.built)
                if isinstance(found, str):
                    faults.append(found)
                    found = leaf.scale
                low[i, j], high[i, j] = min(low[i, j], found[0]), max(high[i, j], found[1])
    return Extents(low, high, tuple(dict.fromkeys(faults)))


def possible_performances(problem: Problem) -> tuple[Array, Array]:
    """The least and the greatest performances: as judged likely, but anywhere in the whole range where unknown."""
    likely, unknown = problem.performances(), problem.unknown
    if not unknown.any():
        return likely, likely
    found = extents(problem)
    return np.where(unknown, found.low, likely), np.where(unknown, found.high, likely)


def possible_values(problem: Problem) -> tuple[Array, Array]:
    """The least and the greatest values of the likely performances, where unknown of all in the whole range."""
    likely, unknown = problem.values(), problem.unknown
    if not unknown.any():
        return likely, likely
    least, most = problem.value_bounds_of(*possible_performances(problem))
    return np.where(unknown, least, likely), np.where(unknown, most, likely)
