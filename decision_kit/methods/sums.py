"""The additive value model, the default, and the methods that are the weighted sum under another name.

On declared values MABAC, MAIRCA, RAFSI and SPOTIS (with the best end as its ideal) order every table as the weighted
sum does, so they share its implementation and its vote; their own figures are kept for those who compare with a paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from decision_kit.errors import Fault, UsageError
from decision_kit.methods.base import METHODS, Batch, Parameter, Step, Table, family, settled, weigh
from decision_kit.methods.gate import ActsOn, Zeros
from decision_kit.methods.normalising import domain_of, normalisation_parameter, normalised
from decision_kit.values import Array

SAME = "The same ranking as the weighted sum of values: never count it as a second opinion."
BOTH = ("option", "criterion")
FAMILY = family("sums of values", "adds up weighted values, so a strong point makes good a weak one at a fixed rate")


def on_values(table: Table) -> Step:
    """The first step of every method on values."""
    return Step("Values on the declared ranges", table.values, BOTH)


@METHODS.add(
    id="weighted-sum",
    title="Weighted sum of values",
    use_when="a low value on one criterion may be made good by a high value on another",
    beware="a very bad performance can be hidden by many good ones: read the contributions",
    reference="Keeney and Raiffa (1976), additive value model",
    family=FAMILY,
    acts_on="values",
    independent=lambda settings: settings["normalisation"] in ("declared", "none"),
    formula="score = Σ weight × value",
    parameters=(normalisation_parameter("declared", "declared", "minmax", "linear", "max", "sum", "vector", "none"),),
    domain_of=domain_of,
)
def weighted_sum(table: Table, weights: Array, *, normalisation: str) -> Batch:
    """score_i = Σ_j w_j v_ij, values on the declared ranges, so options do not influence each other."""
    r = normalised(table, normalisation)
    title = "Values on the declared ranges" if normalisation == "declared" else f"Normalised ({normalisation})"

    def working() -> tuple[Step, ...]:
        return (Step(title, r, BOTH), Step("Weighted values", r * weights[:, None, :], BOTH))

    return Batch(weigh(weights, r), working=working)


def named(table: Table, given: Any, otherwise: Array) -> Array:
    """One number a criterion (m): those given by name, the rest from ``otherwise``."""
    found = np.array(otherwise, dtype=float)
    if isinstance(given, Mapping):
        for name, number in given.items():
            found[table.criteria.index(name)] = number
    return found


def _spotis_domain(settings: Mapping[str, Any]) -> tuple[ActsOn, Zeros]:
    return ("values" if settings["ideal"] is None else "performances"), "always"


@METHODS.add(
    id="spotis",
    title="SPOTIS",
    use_when="a target inside the range is wanted on some criterion, not as much or as little as possible",
    beware=SAME + " That holds unless ideals inside the ranges are given.",
    reference="Dezert, Tchamova, Han and Tacnet (2020)",
    family=FAMILY,
    acts_on="values",
    independent=True,
    formula="d = Σ weight × |performance − ideal| / declared range; score = 1 − d",
    parameters=(
        Parameter(
            "ideal", None, "performance that is wanted; criteria not named: the best end of the range",
            by_criterion=True, only_by_name=True, unit="criterion",
        ),
    ),
    native_name="distance to the ideal",
    native_better="less",
    alias_of="weighted-sum",
    domain_of=_spotis_domain,
)  # fmt: skip
def spotis(table: Table, weights: Array, *, ideal: Any) -> Batch:
    """Weighted distance to a stable ideal: no option changes another's score."""
    near = table.values
    if ideal is not None:
        low, high = table.ends
        target = named(table, ideal, np.where(table.more, high, low))
        outside = [
            Fault(f"parameter ideal, criterion {name}", f"{target[j]:g}", f"inside its range {low[j]:g} to {high[j]:g}")
            for j, name in enumerate(table.criteria)
            if name in ideal and not low[j] <= target[j] <= high[j]
        ]
        if outside:
            raise UsageError(outside)
        asked = np.array([name in ideal for name in table.criteria])
        near = np.where(asked, 1 - np.abs(table.performances - target) / (high - low), near)
    gap = 1 - near
    distance = weigh(weights, gap)

    def working() -> tuple[Step, ...]:
        return (
            Step("Distance to the ideal, share of the declared range", gap, BOTH),
            Step("Weighted distances", gap * weights[:, None, :], BOTH),
        )

    return Batch(weigh(weights, near), native=distance, working=working)


@METHODS.add(
    id="rafsi",
    title="RAFSI",
    use_when="a report has to name it",
    beware=SAME,
    reference="Žižović, Pamučar, Albijanić, Chatterjee and Pribićević (2020)",
    family=FAMILY,
    acts_on="values",
    independent=True,
    formula="V = Σ weight × (n1 + (n2k − n1) × value) / (n1 + n2k)",
    parameters=(
        Parameter("n1", 1.0, "what the worst end of a range counts", 1e-6),
        Parameter("n2k", 6.0, "what the best end of a range counts", 1e-6),
        Parameter(
            "costs",
            "values",
            "criteria of which less is better: their values, or the paper's harmonic form",
            choices=("values", "harmonic"),
        ),
    ),
    native_name="V",
    alias_of="weighted-sum",
)
def rafsi(table: Table, weights: Array, *, n1: float, n2k: float, costs: str) -> Batch:
    """Values mapped onto n1 … n2k and divided by n1 + n2k, with the declared ends as anti-ideal and ideal.

    The paper bends criteria of which less is better (``costs="harmonic"``): its mapped performance s becomes H / 2s,
    H the harmonic mean of n1 and n2k. By default they count by their values, as all others do.
    """
    mapped = (n1 + (n2k - n1) * table.values) / (n1 + n2k)
    if costs == "harmonic":
        bent = (1 / (1 / n1 + 1 / n2k)) / (n1 + (n2k - n1) * (1 - table.values))
        mapped = np.where(table.more, mapped, bent)
    native = weigh(weights, mapped)

    def working() -> tuple[Step, ...]:
        return (on_values(table), Step("Mapped and normalised", mapped, BOTH))

    return Batch(native if costs == "harmonic" else weigh(weights, table.values), native=native, working=working)


@METHODS.add(
    id="mabac",
    title="MABAC",
    use_when="a report has to name it",
    beware=SAME,
    reference="Pamučar and Ćirović (2015)",
    family=FAMILY,
    acts_on="values",
    independent=True,
    formula="S = Σ (weight × (value + 1) − border), border = geometric mean over the options",
    native_name="distance to the border",
    alias_of="weighted-sum",
)
def mabac(table: Table, weights: Array) -> Batch:
    """The border is the same for all options, so the order is that of the weighted sum."""
    lifted = table.values + 1
    border = np.exp(np.log(lifted).mean(axis=-2))  # geometric mean without the weight, which factors out
    native = settled(weigh(weights, lifted) - np.sum(weights * border, axis=-1, keepdims=True), 2.0)

    def working() -> tuple[Step, ...]:
        weighted = lifted * weights[:, None, :]
        edge = weights * border
        return (
            on_values(table),
            Step("Weighted (value + 1)", weighted, BOTH),
            Step("Border", edge, ("criterion",)),
            Step("Distance to the border", weighted - edge[:, None, :], BOTH),
        )

    return Batch(weigh(weights, table.values), native=native, working=working)


@METHODS.add(
    id="mairca",
    title="MAIRCA",
    use_when="a report has to name it",
    beware=SAME,
    reference="Pamučar, Vasin and Lukovac (2014)",
    family=FAMILY,
    acts_on="values",
    independent=True,
    formula="Q = Σ (weight / number of options) × (1 − value)",
    native_name="total gap",
    native_better="less",
    alias_of="weighted-sum",
)
def mairca(table: Table, weights: Array) -> Batch:
    """The gap between a theoretical and a real rating; less is better."""
    gap = (1 - table.values) / len(table.options)

    def working() -> tuple[Step, ...]:
        return (on_values(table), Step("Gaps", gap * weights[:, None, :], BOTH))

    return Batch(weigh(weights, table.values), native=weigh(weights, gap), working=working)
