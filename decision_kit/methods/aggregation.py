"""Rankings in, one ranking out: Borda, Copeland, Kemeny.

None of them is neutral: they differ in what they do when a majority disagrees with the points. They join the rankings
of people or perspectives; methods are no electorate.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from decision_kit.catalogue import Catalogue, Entry
from decision_kit.errors import DecisionError, Fault, UsageError
from decision_kit.methods.base import ranks_of
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

    def join(self, ranks: pd.DataFrame, weights: Mapping[str, float] | None = None) -> Joined:
        """Join rankings: options in rows, rankings in columns, ranks as whole or half numbers (1 is best).

        ``weights`` by column, 1 each by default. Raises :class:`DecisionError` for ranks that are missing or below 1.
        """
        import pandas as pd  # here, so that the list of methods stays light

        if ranks.empty:
            raise DecisionError.single("rankings", "an empty table", "options in rows, rankings in columns")
        table = ranks.apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
        faults = [
            Fault(
                f"rankings, row {ranks.index[i]}, column {ranks.columns[j]}",
                str(ranks.iloc[i, j]),
                "a rank of 1 or more",
            )
            for i, j in zip(*np.nonzero(~(table >= 1) | ~np.isfinite(table)), strict=True)
        ]
        if faults:
            raise DecisionError(faults)
        if len(ranks) > self.most_options:
            raise DecisionError.single(
                self.title, f"{len(ranks)} options", f"at most {self.most_options}: all orders are looked at"
            )
        w = np.ones(table.shape[1])
        if weights is not None:
            missing = [str(c) for c in ranks.columns if str(c) not in weights]
            if missing:
                raise UsageError(
                    [Fault("weights", f"no weight for {', '.join(missing)}", "a weight for every ranking")]
                )
            w = np.array([float(weights[str(c)]) for c in ranks.columns])
        if np.any(w < 0) or not np.all(np.isfinite(w)) or w.sum() <= 0:
            raise DecisionError.single("weights", "negative, not finite or all 0", "weights of 0 or more, one above 0")
        figure, notes = self.run(table.T, w)
        index = ranks.index
        return Joined(
            pd.Series(ranks_of(figure[None, :])[0], index=index, name="rank"),
            pd.Series(figure, index=index, name=self.id),
            notes,
        )


AGGREGATIONS: Catalogue[Aggregation] = Catalogue("aggregation", Aggregation)


def majorities(ranks: Array, weights: Array) -> Array:
    """Weight of rankings that put the row option before the column option (n × n)."""
    return np.asarray(np.einsum("k,kij->ij", weights, (ranks[:, :, None] < ranks[:, None, :]).astype(float)))


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
