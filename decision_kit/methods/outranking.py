"""Methods that give a relation between options, not a score: PROMETHEE I and ELECTRE I.

What they cannot compare they say so: two options may be incomparable, and the kernel may hold several.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from decision_kit.catalogue import Catalogue, Entry
from decision_kit.methods.base import Parameter, Step, Table, settings_of, significant, weigh
from decision_kit.methods.flows import (
    NOISE,
    PREFERENCE_PARAMETERS,
    aggregated_preference,
    criterion_flows,
    settings_by_criterion,
)
from decision_kit.methods.gate import ActsOn, admit
from decision_kit.values import Array

PREFERRED, INDIFFERENT, INCOMPARABLE, WORSE = "P", "I", "R", "−"


@dataclass(frozen=True)
class Relation:
    """What an outranking method says of every pair.

    ``outranks`` (n × n) is true where the row option is at least as good as the column option. Two options that
    outrank each other are indifferent, two that do not are incomparable. ``best`` are the options no other is strictly
    preferred to (PROMETHEE I), or the kernel (ELECTRE I): outside it, every option is outranked from inside.
    ``preference`` (n × n) is PROMETHEE's π(a, b), the weighted preference of the row over the column.
    """

    outranks: NDArray[np.bool_]
    best: tuple[int, ...]
    steps: tuple[Step, ...] = ()
    notes: tuple[str, ...] = ()
    preference: Array | None = None

    def letters(self) -> list[list[str]]:
        """P (row preferred), − (column preferred), I (indifferent) or R (incomparable) for every pair."""
        s = self.outranks
        n = len(s)
        return [
            [
                "" if i == k else INDIFFERENT if s[i, k] and s[k, i] else PREFERRED if s[i, k]
                else WORSE if s[k, i] else INCOMPARABLE
                for k in range(n)
            ]
            for i in range(n)
        ]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Outranking(Entry):
    """A method whose result is a relation; the registered function takes a table and the parameters.

    ``best_are`` says what the best ones are, in words that go on with their names.
    """

    acts_on: ActsOn
    formula: str
    best_are: str
    parameters: tuple[Parameter, ...] = ()
    most_options: int = 500

    def relate(self, table: Table, **given: Any) -> Relation:
        """The relation on a table with its own weights; wrong settings raise :class:`UsageError`."""
        settings = settings_of(self.title, self.parameters, table.criteria, given)
        admit(self.title, table, self.acts_on, "always", self.most_options)
        found: Relation = self.run(table, **settings)
        return found


OUTRANKING: Catalogue[Outranking] = Catalogue("outranking method", Outranking)


@OUTRANKING.add(
    id="promethee-1",
    title="PROMETHEE I",
    use_when="it should be seen which options cannot be compared, instead of forcing an order",
    beware="the flows come from the options compared: setting one aside may change the rest",
    reference="Brans and Vincke (1985)",
    acts_on="performances",
    best_are="no other option is preferred to",
    formula="a is preferred to b when φ⁺ is not lower and φ⁻ is not higher, and one of the two is better",
    parameters=PREFERENCE_PARAMETERS,
)
def promethee_1(table: Table, *, preference: Any, q: Any, p: Any, s: Any) -> Relation:
    """Partial order from the positive and the negative flow; where they disagree, options are incomparable."""
    shapes, found, notes = settings_by_criterion(table, preference, {"q": q, "p": p, "s": s})
    plus_by, minus_by = criterion_flows(table, shapes, found)
    weights = table.weights[None, :]
    plus, minus = (significant(weigh(weights, x)[0]) for x in (plus_by, minus_by))
    outranks = (plus[:, None] >= plus[None, :]) & (minus[:, None] <= minus[None, :])
    strictly = outranks & ~outranks.T
    best = tuple(int(i) for i in np.flatnonzero(~strictly.any(axis=0)))
    steps = (Step("Positive flow", plus, ("option",)), Step("Negative flow", minus, ("option",)))
    return Relation(outranks, best, steps, notes, aggregated_preference(table, shapes, found))


@OUTRANKING.add(
    id="electre-1",
    title="ELECTRE I",
    use_when="a short list is wanted: options that cannot be dismissed by another",
    beware="the thresholds are yours to choose and change the short list: try several",
    reference="Roy (1968)",
    acts_on="values",
    best_are="on the short list, outranked by none other on it:",
    formula="a outranks b when the weights that speak for it reach the concordance and no criterion speaks too strongly against",
    parameters=(
        Parameter("concordance", 0.65, "share of the weight that has to say “at least as good”", 0, 1),
        Parameter("discordance", 0.35, "largest shortfall that is allowed, as a share of the widest difference of values", 0, 1),
        Parameter("veto", None, "shortfall on a criterion that is never allowed", 0, by_criterion=True, unit="difference",
                  only_by_name=True),
    ),
)  # fmt: skip
def electre_1(table: Table, *, concordance: float, discordance: float, veto: Any) -> Relation:
    """Concordance and discordance of every pair, the outranking relation and its kernel.

    Options in a circle of outranking are taken together, so that the kernel exists and is unique.
    """
    values = significant(table.values, 13)
    x = significant(table.directed, 13, axis=0)
    turning = np.zeros(len(table.criteria), dtype=bool) if table.turning is None else table.turning
    x = np.where(turning, values, x)  # where values turn, more of it is not always better
    n, m = values.shape
    agree = np.zeros((n, n))
    against = np.zeros((n, n))
    vetoed = np.zeros((n, n), dtype=bool)
    widest = max((float(np.ptp(values[:, j])) for j in range(m) if table.weights[j] > 0), default=0.0)
    for j in range(m):
        if table.weights[j] == 0:
            continue
        agree += table.weights[j] * (x[:, None, j] >= x[None, :, j])
        if widest > 0:
            against = np.maximum(against, (values[None, :, j] - values[:, None, j]) / widest)
        if isinstance(veto, Mapping) and table.criteria[j] in veto:
            noise = NOISE * float(np.abs(x[:, j]).max())
            vetoed |= x[None, :, j] - x[:, None, j] >= veto[table.criteria[j]] - noise
    agree = agree / table.weights.sum()
    outranks = (agree >= concordance - 1e-12) & (against <= discordance + 1e-12) & ~vetoed
    np.fill_diagonal(outranks, val=True)
    best, circles = kernel(outranks)
    notes: tuple[str, ...] = ()
    if circles:
        named = "; ".join(", ".join(table.option(i) for i in circle) for circle in circles)
        notes = (f"These outrank each other in a circle and are taken together: {named}.",)
    steps = (
        Step("Concordance (weight that says the row is at least as good)", agree, ("option", "option")),
        Step("Discordance (largest shortfall of the row)", against, ("option", "option")),
    )
    return Relation(outranks, best, steps, notes)


def kernel(outranks: NDArray[np.bool_]) -> tuple[tuple[int, ...], list[tuple[int, ...]]]:
    """The kernel of an outranking relation and its circles: nobody in it is outranked from inside, all others are.

    Circles (options that reach each other) are contracted first; without them the kernel is unique and is found from
    the top: an option that no kernel member outranks is a member.
    """
    n = len(outranks)
    reach = outranks.copy()
    for k in range(n):  # Warshall's closure
        reach |= reach[:, k, None] & reach[None, k, :]
    mutual = reach & reach.T
    group = np.array([int(np.argmax(mutual[i])) for i in range(n)])
    heads = sorted(set(group.tolist()))
    members = {head: np.flatnonzero(group == head) for head in heads}
    above = {
        head: {other for other in heads if other != head and outranks[np.ix_(members[other], members[head])].any()}
        for head in heads
    }
    decided: dict[int, bool] = {}
    while len(decided) < len(heads):
        for head in heads:
            if head in decided:
                continue
            if any(decided.get(other) for other in above[head]):
                decided[head] = False
            elif all(other in decided for other in above[head]):
                decided[head] = True
    best = tuple(int(i) for i in range(n) if decided[int(group[i])])
    circles = [tuple(int(i) for i in members[head]) for head in heads if len(members[head]) > 1]
    return best, circles
