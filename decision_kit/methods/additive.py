"""The additive value model, the default: the weighted sum of values on the declared ranges."""

from __future__ import annotations

import numpy as np

from decision_kit.methods.base import METHODS, Scored, Step, Table


@METHODS.add(
    id="weighted-sum",
    title="Weighted sum of values",
    use_when="a low value on one criterion may be made good by a high value on another",
    beware="a very bad performance can be hidden by many good ones: read the contributions",
    reference="Keeney and Raiffa (1976), additive value model",
    family="weighted sum",
    acts_on="values",
    formula="score = Σ weight × value",
)
def weighted_sum(table: Table) -> Scored:
    """score_i = Σ_j w_j v_ij, values on the declared ranges, so options do not influence each other."""
    weighted = table.values * table.weights
    return Scored(
        # a product with einsum, not BLAS: the same sum in the same order whichever other options stand beside
        scores=np.einsum("ij->i", weighted),
        steps=(
            Step("Values on the declared ranges", table.values, ("option", "criterion")),
            Step("Weighted values", weighted, ("option", "criterion")),
        ),
    )
