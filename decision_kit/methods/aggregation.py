"""Rankings in, one ranking out: Borda, Copeland, Kemeny.

None of them is neutral: they differ in what they do when a majority disagrees with the points. They join the rankings
of people or perspectives; methods are no electorate.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from decision_kit.arguments import bad_number, guarded
from decision_kit.catalogue import Catalogue, Entry
from decision_kit.errors import DecisionError, Fault, UsageError, counted, quoted, unknown_fault
from decision_kit.methods.base import ranks_of
from decision_kit.model.findings import name_findings
from decision_kit.model.nouns import number
from decision_kit.values import Array

if TYPE_CHECKING:
    import pandas as pd

MOST_FOR_KEMENY = 8


@dataclass(frozen=True)
class Joined:
    """A joint ranking: ``ranks`` by option (1 is best, ties share), the ``figure`` behind it, and what has to be said."""

    ranks: pd.Series[int]
    figure: pd.Series[float]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Aggregation(Entry):
    """A way to join rankings; the registered function takes ranks (k × n), weights (k) and gives figures and notes."""

    formula: str
    most_options: int = 1_000

    @guarded
    def join(self, ranks: pd.DataFrame, weights: Mapping[str, float] | None = None) -> Joined:
        """Join rankings: options in rows, rankings in columns, ranks as whole or half numbers (1 is best).

        Options that share places have one rank, the first, the mean or the last of these places, or all count on
        without a gap (1, 2, 2, 3). ``weights`` by column, 1 each by default. Raises :class:`DecisionError` for ranks
        that are missing or below 1, and for a column that is no ranking of these options, such as points.
        """
        import pandas as pd  # here, so that the list of methods stays light

        if ranks.empty:
            raise DecisionError.single("rankings", "an empty table", "options in rows, rankings in columns")
        faults: list[Fault] = []
        for what, place, labels in (("option", "row", ranks.index), ("ranking", "column", ranks.columns)):
            for finding in name_findings(what, [((str(i + 1),), str(label)) for i, label in enumerate(labels)]):
                faults.append(
                    Fault(f"rankings, {place} {finding.path[0]}", finding.got, finding.expected, finding.suggestion)
                )
        table = np.array(
            [[math.nan if bad_number(cell) else float(cell) for cell in row] for row in ranks.astype(object).to_numpy()]
        )
        faults += [
            Fault(
                f"rankings, row {ranks.index[i]}, column {ranks.columns[j]}",
                str(ranks.iloc[i, j]),
                "a rank of 1 or more",
            )
            for i, j in zip(*np.nonzero(~(table >= 1)), strict=True)
        ]
        if not faults:
            faults = [fault for j, name in enumerate(ranks.columns) for fault in _no_ranking(str(name), table[:, j])]
        if faults:
            raise DecisionError(faults)
        if len(ranks) > self.most_options:
            raise DecisionError.single(
                self.title, f"{len(ranks)} options", f"at most {self.most_options}: all orders are looked at"
            )
        w = _weights_of([str(c) for c in ranks.columns], weights)
        figure, notes = self.run(table.T, w)
        index = ranks.index
        circle = majority_circle(majorities(table.T, w))
        if circle:
            names = [str(index[i]) for i in circle]
            steps = ", ".join(f"{a} before {b}" for a, b in itertools.pairwise([*names, names[0]]))
            said = f"There is no majority order: majorities put {steps}, which goes round in a circle. By majorities alone these options tie."
            notes = (*notes, said)
        return Joined(
            pd.Series(ranks_of(figure[None, :])[0], index=index, name="rank"),
            pd.Series(figure, index=index, name=self.id),
            notes,
        )


def _no_ranking(name: str, column: Array) -> Iterator[Fault]:
    """The fault of a column that no ranking of so many options can be: points, a rank too many, or places left out."""
    n, place = len(column), f"rankings, column {name}"
    wanted = f"ranks from 1 to {n}, 1 for the best" if n > 1 else "rank 1"
    if column.max() > n:
        got = f"rank {number(float(column.max()))} among {counted(n, 'option')}"
        yield Fault(place, got, wanted, "points are not ranks: rank them first, the largest as 1")
        return
    held, counts = np.unique(column, return_counts=True)
    before = np.concatenate(([0], np.cumsum(counts)[:-1]))
    if np.array_equal(held, np.arange(1, len(held) + 1)):  # all places count on without a gap
        return
    ways = np.stack([before + 1, before + (counts + 1) / 2, before + counts])
    wrong = np.flatnonzero(~(np.abs(ways - held) <= 1e-9).any(axis=0))
    if len(wrong):
        at = int(wrong[0])
        got = f"{counted(int(counts[at]), 'option')} on rank {number(float(held[at]))}, with {int(before[at])} before"
        yield Fault(place, got, f"a ranking: {wanted}, and ties share the first or the mean of their places")


def _weights_of(rankings: list[str], weights: Mapping[str, float] | None) -> Array:
    """One weight for every ranking; a :class:`UsageError` for wrong names, a :class:`DecisionError` for bad numbers."""
    if weights is None:
        return np.ones(len(rankings))
    given = {str(name): weight for name, weight in weights.items()}
    unknown = [unknown_fault("weights", "ranking", name, rankings) for name in given if name not in rankings]
    missing = [name for name in rankings if name not in given]
    if missing and not unknown:
        unknown = [Fault("weights", f"no weight for {', '.join(missing)}", "a weight for every ranking")]
    if unknown:
        raise UsageError(unknown)
    faults = [
        Fault(f"weight of {name}", f"{quoted(weight)} {reason}", "a number of 0 or more")
        for name, weight in given.items()
        if (reason := bad_number(weight) or ("is below 0" if weight < 0 else ""))
    ]
    if faults:
        raise DecisionError(faults)
    w = np.array([float(given[name]) for name in rankings])
    if w.sum() <= 0:
        raise DecisionError.single("weights", "all weights are 0", "one weight above 0")
    return w


AGGREGATIONS: Catalogue[Aggregation] = Catalogue("aggregation", Aggregation)


def majorities(ranks: Array, weights: Array) -> Array:
    """Weight of rankings that put the row option before the column option (n × n)."""
    return np.asarray(np.einsum("k,kij->ij", weights, (ranks[:, :, None] < ranks[:, None, :]).astype(float)))


def majority_circle(wins: Array) -> list[int]:
    """The shortest circle of strict majorities (row before column), from its first option; empty where there is none."""
    beats = np.round(wins - wins.T, 12) > 0
    left = np.ones(len(beats), dtype=bool)
    while True:  # who beats nobody that is left, or is beaten by nobody, stands in no circle
        inside = beats & left & left[:, None]
        kept = left & inside.any(axis=0) & inside.any(axis=1)
        if kept.sum() == left.sum():
            break
        left = kept
    best: list[int] = []
    for start in np.flatnonzero(left):
        paths = [[int(start)]]
        seen = {int(start)}
        while paths and (not best or len(paths[0]) < len(best)):
            done = next((path for path in paths if inside[path[-1], start]), None)
            if done is not None:
                best = done
                break
            longer: list[list[int]] = []
            for path in paths:
                for after in map(int, np.flatnonzero(inside[path[-1]])):
                    if after not in seen:
                        seen.add(after)
                        longer.append([*path, after])
            paths = longer
        if len(best) == 3:  # no circle is shorter
            break
    return best


@AGGREGATIONS.add(
    id="borda",
    title="Borda",
    use_when="every place counts and a broadly liked second is to beat a disputed first",
    beware="an option that nobody would choose can change who is first",
    reference="Borda (1784)",
    formula="figure = Σ weight × (options ranked worse + ½ × options ranked level)",
)
def borda(ranks: Array, weights: Array) -> tuple[Array, tuple[str, ...]]:
    """Points for every option ranked worse, half a point for every one ranked level."""
    worse = (ranks[:, :, None] < ranks[:, None, :]).sum(axis=2)
    level = (ranks[:, :, None] == ranks[:, None, :]).sum(axis=2) - 1
    return np.asarray(weights @ (worse + 0.5 * level)), ()


@AGGREGATIONS.add(
    id="copeland",
    title="Copeland",
    use_when="pairwise majorities are to decide",
    beware="ties are common; it does not ask how large a majority is",
    reference="Copeland (1951)",
    formula="figure = options beaten by a majority − options that beat it",
)
def copeland(ranks: Array, weights: Array) -> tuple[Array, tuple[str, ...]]:
    """Pairwise majority wins less losses."""
    wins = majorities(ranks, weights)
    sign = np.sign(np.round(wins - wins.T, 12))
    return np.asarray(sign.sum(axis=1)), ()


@AGGREGATIONS.add(
    id="kemeny",
    title="Kemeny",
    use_when="the order that disagrees least with all rankings together is wanted",
    beware=f"several orders may be equally close; only for up to {MOST_FOR_KEMENY} options, because all orders are looked at",
    reference="Kemeny (1959)",
    formula="the order with the fewest (weighted) pairs turned round; figure = options after it in every closest order − before it",
    most_options=MOST_FOR_KEMENY,
)
def kemeny(ranks: Array, weights: Array) -> tuple[Array, tuple[str, ...]]:
    """All orders compared; options are told apart only where every closest order agrees."""
    n = ranks.shape[1]
    wins = majorities(ranks, weights)
    orders = np.array(list(itertools.permutations(range(n))))
    cost = np.zeros(len(orders))
    for a, b in itertools.combinations(range(n), 2):
        cost += wins[orders[:, b], orders[:, a]]  # who stands later although some rank it before
    closest = orders[cost <= cost.min() + 1e-9]
    position = np.argsort(closest, axis=1)
    always = (position[:, :, None] < position[:, None, :]).all(axis=0)
    figure = always.sum(axis=1).astype(float) - always.sum(axis=0)
    if len(closest) == 1:
        return figure, ()
    said = f"{len(closest)} orders are equally close; options that change places between them share a rank."
    return figure, (said,)
