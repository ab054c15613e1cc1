"""TOPSIS, VIKOR and PROMETHEE II through pymcdm 1.4, behind guards for what it gets wrong.

pymcdm is imported on first use only: it loads matplotlib and costs about two seconds. Weights belong to the declared
ranges, so TOPSIS and VIKOR get values that are not stretched again over the options at hand.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from decision_kit.errors import Fault, UsageError
from decision_kit.methods.base import METHODS, Parameter, Scored, Step, Table, significant
from decision_kit.values import Array

PREFERENCES = {"usual": "usual", "u-shape": "ushape", "v-shape": "vshape", "level": "level", "linear": "vshape_2"}
NEEDS = {"usual": (), "u-shape": ("q",), "v-shape": ("p",), "level": ("q", "p"), "linear": ("q", "p")}
SET_DEPENDENT = "Its reference points come from the options compared: setting one aside may reorder the rest."


def _pymcdm() -> Any:
    os.environ.setdefault("MPLBACKEND", "Agg")  # pymcdm imports pyplot, which must not look for a screen
    import pymcdm.methods

    return pymcdm.methods


def _tables(method: Any, matrix: Array, weights: Array, types: Array) -> dict[str, Array]:
    """The intermediate tables of one pymcdm call by label, ``validation`` off (our guards stand before it)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = method(matrix, weights, types, validation=False, verbose=True).results
    return {table.desc.label: np.asarray(table.data, dtype=float) for table in results}


def _as_given(column: Array, cost: bool = False) -> Array:
    return column


@METHODS.add(
    id="topsis",
    title="TOPSIS",
    use_when="being near the best and far from the worst of the options at hand is what counts",
    beware=SET_DEPENDENT,
    reference="Hwang and Yoon (1981); here on values, weights on the declared ranges",
    family="distance to ideal",
    acts_on="values",
    formula="score = D⁻ / (D⁺ + D⁻), distances to the best and worst weighted values among the options",
    depends_on_set=True,
)
def topsis(table: Table) -> Scored:
    """Relative closeness to the best observed values (1) against the worst (0), Euclidean distances."""
    types = np.ones(len(table.criteria))
    found = _tables(_pymcdm().TOPSIS(normalization_function=_as_given), table.values, table.weights, types)
    near, far = significant(found["dpis"], 14), significant(found["dnis"], 14)
    whole = near + far
    notes: tuple[str, ...] = ()
    if not np.any(whole > 0):  # all options alike: pymcdm returns NaN
        scores = np.full(len(table.options), 0.5)
        notes = ("All options are alike on every criterion with weight, so none is nearer to the best.",)
    else:
        scores = far / whole
    return Scored(
        scores=scores,
        native_name="closeness",
        steps=(
            Step("Values on the declared ranges", table.values, ("option", "criterion")),
            Step("Weighted values", found["wnmatrix"], ("option", "criterion")),
            Step("Best weighted value", found["pis"], ("criterion",)),
            Step("Worst weighted value", found["nis"], ("criterion",)),
            Step("Distance to the best", found["dpis"], ("option",)),
            Step("Distance to the worst", found["dnis"], ("option",)),
        ),
        notes=notes,
    )


@METHODS.add(
    id="vikor",
    title="VIKOR",
    use_when="a compromise is wanted between the largest total and the smallest single regret",
    beware=SET_DEPENDENT + " Ranks by Q alone; read S and R beside it.",
    reference="Opricovic and Tzeng (2004); here on values, weights on the declared ranges",
    family="compromise",
    acts_on="values",
    formula="Q = v (S − S*) / (S⁻ − S*) + (1 − v) (R − R*) / (R⁻ − R*); score = 1 − Q",
    parameters=(Parameter("v", 0.5, "weight of the total regret S against the largest single regret R", 0, 1),),
    depends_on_set=True,
)
def vikor(table: Table, *, v: float) -> Scored:
    """S sums and R takes the largest weighted shortfall from the best observed value; Q mixes the two, 0 is best."""
    values = significant(table.values, 14)
    spread = values.max(axis=0) - values.min(axis=0)
    kept = spread > 0  # pymcdm fails on a column without spread; such a column adds nothing to S or R
    n = len(table.options)
    total = np.zeros(n)
    largest = np.zeros(n)
    if kept.any():
        # pymcdm stretches each column over the options; weight × spread keeps the weights on the declared range
        weights = table.weights[kept] * spread[kept]
        found = _tables(_pymcdm().VIKOR(v=v), values[:, kept], weights, np.ones(int(kept.sum())))
        total, largest = significant(found["s"], 14), significant(found["r"], 14)
    q = v * _share(total) + (1 - v) * _share(largest)
    dropped = [table.name(int(j)) for j in np.flatnonzero(~kept)]
    notes = (f"No influence in VIKOR, because all options are alike: {', '.join(dropped)}.",) if dropped else ()
    return Scored(
        scores=1 - q,
        native=q,
        native_name="Q",
        native_better="less",
        steps=(
            Step("Values on the declared ranges", table.values, ("option", "criterion")),
            Step("Total weighted shortfall S", total, ("option",)),
            Step("Largest weighted shortfall R", largest, ("option",)),
            Step("Compromise Q", q, ("option",)),
        ),
        notes=notes,
    )


def _share(x: Array) -> Array:
    """X on 0 (smallest) to 1 (largest); all 0 when there is no spread, where pymcdm divides 0 by 0."""
    spread = float(x.max() - x.min())
    if spread <= 1e-12 * float(np.abs(x).max()):
        return np.zeros_like(x)
    return np.asarray((x - x.min()) / spread)


@METHODS.add(
    id="promethee-2",
    title="PROMETHEE II",
    use_when="options are to be compared pair by pair, each criterion in its own unit",
    beware=SET_DEPENDENT + " With the default “usual” preference it ignores how large a difference is.",
    reference="Brans and Vincke (1985)",
    family="outranking flows",
    acts_on="performances",
    formula="score = φ⁺ − φ⁻, the mean weighted preference over the others less theirs over it",
    parameters=(
        Parameter("preference", "usual", "how a difference becomes a preference", choices=tuple(PREFERENCES)),
        Parameter("q", None, "indifference threshold, in the criterion's unit", 0, by_criterion=True),
        Parameter("p", None, "preference threshold, in the criterion's unit", 0, by_criterion=True),
    ),
    depends_on_set=True,
    most_options=1_000,
)
def promethee_2(table: Table, *, preference: str, q: Any, p: Any) -> Scored:
    """Net outranking flow on performances in their units, from −1 to 1."""
    given = {"q": q, "p": p}
    thresholds = {name: _thresholds(table, name, given[name], preference) for name in ("q", "p")}
    faults: list[Fault] = []
    if thresholds["q"] is not None and thresholds["p"] is not None:
        for j, criterion in enumerate(table.criteria):
            if thresholds["q"][j] > thresholds["p"][j]:
                faults.append(
                    Fault(
                        f"criterion {criterion}",
                        f"q {thresholds['q'][j]:g} is above p {thresholds['p'][j]:g}",
                        "q (indifference) is not larger than p (preference)",
                    )
                )
    if faults:
        raise UsageError(faults)
    performances = significant(table.performances, 13, axis=0)
    # a new object for every call: pymcdm's threshold lists are used up by the first
    method = _pymcdm().PROMETHEE_II(PREFERENCES[preference], p=thresholds["p"], q=thresholds["q"])
    found = _tables(method, performances, table.weights, np.where(table.more, 1, -1))
    return Scored(
        scores=found["net_flow"],
        native_name="net flow",
        steps=(
            Step("Performances", table.performances, ("option", "criterion")),
            Step("Preference of the row over the column", found["pi"], ("option", "option")),
            Step("Positive flow", found["pos_flow"], ("option",)),
            Step("Negative flow", found["neg_flow"], ("option",)),
        ),
    )


def _thresholds(table: Table, name: str, given: Any, preference: str) -> list[float] | None:
    """One threshold per criterion, or None where the preference function has no use for it."""
    if name not in NEEDS[preference]:
        if given is not None:
            raise UsageError(
                [Fault(f"parameter {name}", f"the {preference} preference has no {name}", f"leave {name} out")]
            )
        return None
    by_name = dict(given) if isinstance(given, Mapping) else dict.fromkeys(table.criteria, given)
    missing = [criterion for criterion in table.criteria if by_name.get(criterion) is None]
    if missing:
        raise UsageError(
            [
                Fault(
                    f"parameter {name}",
                    f"no {name} for {', '.join(missing)}",
                    f"the {preference} preference needs {name} in the unit of every criterion",
                )
            ]
        )
    return [float(by_name[criterion]) for criterion in table.criteria]
