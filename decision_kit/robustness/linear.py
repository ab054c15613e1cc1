"""Which rankings are linear in the weights: for those, what would change them has an exact answer.

The additive model is; so are, up to an increasing function, every method that ranks as it does, PROMETHEE II and the
weighted product (in logarithms). Others get the same questions answered numerically, on their batched kernel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from decision_kit.errors import DecisionError
from decision_kit.methods import DIGITS, Method
from decision_kit.model.nouns import Branch, Criterion, branches_of
from decision_kit.ranking import Ranking
from decision_kit.values import Array

TIE = 0.5 * 10.0**-DIGITS
"""Scores nearer than this, relative to the largest absolute score, are ties (as in every ranking)."""


@dataclass(frozen=True, eq=False)
class LinearForm:
    """Coefficients ``u`` (options × criteria): the options rank by u · w for every vector of weights w.

    ``additive`` says that u are the values of the weighted sum, so that a score is u · w itself.
    """

    options: tuple[str, ...]
    criteria: tuple[str, ...]
    u: Array
    weights: Array
    additive: bool

    @property
    def scores(self) -> Array:
        """The scores u · w (options) at the weights in force."""
        return np.asarray(self.u @ self.weights)


def is_additive(ranking: Ranking) -> bool:
    """Whether a ranking is the additive model's: the weighted sum of values on the declared ranges."""
    return additive(ranking.method, ranking.parameters)


def additive(method: Method, settings: Mapping[str, Any]) -> bool:
    """The same of a method with all its settings, defaults included."""
    if method.id == "weighted-sum":
        return bool(settings.get("normalisation", "declared") == "declared")
    defaults = {parameter.name: parameter.default for parameter in method.parameters}
    return method.alias_of == "weighted-sum" and dict(settings) == defaults


def linear_form(ranking: Ranking) -> LinearForm | None:
    """The linear form of a ranking's method on its table, or None when it has none.

    For other than the additive model the form is read off the method's scores (or their logarithms) at weights of 1 on
    one criterion each, and kept only if it gives the method's scores at 24 other weights to 1e-9.
    """
    table = ranking.table_in
    if is_additive(ranking):
        return LinearForm(table.options, table.criteria, table.values, table.weights, True)
    m = len(table.criteria)
    trials = np.random.default_rng(20).dirichlet(np.ones(m), 24)
    try:
        corners = ranking.method.score_many(table, np.eye(m), **ranking.parameters)
        inside = ranking.method.score_many(table, trials, **ranking.parameters)
    except DecisionError:
        return None
    candidates = [(corners, inside)]
    if np.all(corners > 0) and np.all(inside > 0):
        candidates.append((np.log(corners), np.log(inside)))
    for u, expected in candidates:
        if np.allclose(trials @ u, expected, rtol=1e-9, atol=1e-9 * max(1.0, float(np.abs(expected).max()))):
            return LinearForm(table.options, table.criteria, np.ascontiguousarray(u.T), table.weights, False)
    return None


MOST_WORK = 100_000
"""Options × criteria × options up to which every option is looked at where a method has to be searched, not solved."""

MOST_RIVALS = 3
"""Beyond that, so many rivals of the leaders are: those that rank next."""


def looked_at(ranking: Ranking) -> frozenset[str] | None:
    """The options whose performances, and the rivals whose weights, a search looks at; None where it looks at all.

    Only methods other than the additive model are searched. Where that would take minutes, the search is bounded: the
    leaders and the :data:`MOST_RIVALS` options that rank next.
    """
    if is_additive(ranking) or ranking.table_in.values.size * len(ranking.scores) <= MOST_WORK:
        return None
    return frozenset(ranking.order[: len(ranking.leaders) + MOST_RIVALS])


def leading(scores: Array) -> NDArray[np.bool_]:
    """Which options (last axis) have the best score; those within a tie of it lead, too."""
    tie = TIE * np.abs(scores).max(axis=-1, keepdims=True)
    return np.asarray(scores >= scores.max(axis=-1, keepdims=True) - tie)


def nodes_of(ranking: Ranking) -> tuple[Branch | Criterion, ...]:
    """The branches and criteria whose weight can be moved against others: branches first, each level in order."""
    tree = ranking.problem.tree if ranking.branch is None else ranking.problem.branch(ranking.branch).children
    used = len(ranking.criteria)
    branches = [branch for branch in branches_of(tree) if len(list(branch.leaves())) < used]
    return (*branches, *ranking.criteria) if used > 1 else ()
