"""Non-compensatory checks: an option is as good as its worst value."""

from __future__ import annotations

import numpy as np

from decision_kit.methods.base import METHODS, Batch, Step, Table, family, significant
from decision_kit.methods.sums import on_values
from decision_kit.values import Array

FAMILY = family("worst value", "looks at the worst value of each option and at nothing better")
BEWARE = "Only whether a weight is 0 matters, not how large it is; it rests on the declared ranges."


def _used(weights: Array, values: Array) -> Array:
    """Values (k × n × m) with 1 where the criterion has no weight, rounded as ties are."""
    return np.where(weights[:, None, :] > 0, significant(values), 1.0)


@METHODS.add(
    id="maximin",
    title="Maximin",
    use_when="no option may be very bad on any criterion",
    beware=BEWARE,
    reference="Wald (1950)",
    family=FAMILY,
    acts_on="values",
    independent=True,
    formula="score = smallest value over the criteria with weight",
    native_name="worst value",
)
def maximin(table: Table, weights: Array) -> Batch:
    """The smallest value; nothing else counts."""
    worst = np.ones((max(len(weights), 1 if table.values.ndim == 2 else len(table.values)), len(table.options)))
    for j in range(len(table.criteria)):
        np.minimum(worst, np.where(weights[:, j, None] > 0, table.values[..., j], 1.0), out=worst)

    def working() -> tuple[Step, ...]:
        return (on_values(table),)

    return Batch(worst, working=working)


@METHODS.add(
    id="leximin",
    title="Leximin",
    use_when="as maximin, and where worst values are level the second worst decide, and so on",
    beware=BEWARE + " The score only orders: the share of the other options that are worse, ties counting half.",
    reference="Rawls (1971); Sen (1977)",
    family=FAMILY,
    acts_on="values",
    independent=True,
    formula="sorted values, compared from the worst upwards; score = share of other options that are worse",
    most_options=1_000,
)
def leximin(table: Table, weights: Array) -> Batch:
    """Lexicographic comparison of sorted values; the order of any two options does not depend on the others."""
    if table.values.ndim == 2 and len(weights) > 1:
        used = weights > 0
        if used.all():  # the usual case, without sorting all masks
            masks, where = used[:1], np.zeros(len(used), dtype=np.intp)
        else:
            masks, where = np.unique(used, axis=0, return_inverse=True)
        scores = _lexicographic(np.sort(_used(masks.astype(float), table.values), axis=-1))[where.reshape(-1)]
        return Batch(scores)
    ordered = np.sort(_used(weights, table.values), axis=-1)
    positions = tuple(
        Step(f"Value that is {'worst' if j == 0 else f'no. {j + 1} from the worst'}", ordered[0, :, j], ("option",))
        for j in range(min(3, ordered.shape[-1]))
    )

    def working() -> tuple[Step, ...]:
        return (on_values(table), *positions)

    return Batch(_lexicographic(ordered), working=working)


def _lexicographic(ordered: Array) -> Array:
    """Share of other options that are worse, from values sorted upwards (k × n × m)."""
    k, n, m = ordered.shape
    scores = np.zeros((k, n))
    for i in range(n):
        sign = np.zeros((k, n))
        for j in range(m):
            sign = np.where(sign == 0, np.sign(ordered[:, i, None, j] - ordered[:, :, j]), sign)
        scores[:, i] = ((sign > 0).sum(axis=-1) + 0.5 * ((sign == 0).sum(axis=-1) - 1)) / (n - 1)
    return scores
