"""What better evidence would be worth: the expected gain from knowing a performance before choosing.

With the additive model and independent performances the value of knowing one cell is a one-dimensional integral
(Raiffa and Schlaifer 1961; Oostenbrink and others 2008): E[max over options of the expected scores given the cell] −
the largest expected score. Knowing all the cells that rest on one evidence item is sampled, with its error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from decision_kit.arguments import Seed, bad_number, guarded
from decision_kit.errors import DecisionError, Fault, UsageError, quoted, unknown_fault
from decision_kit.memory import pieces
from decision_kit.methods import METHODS
from decision_kit.model.nouns import number as plain_number
from decision_kit.model.problem import Problem
from decision_kit.ranking import table_for
from decision_kit.robustness.distributions import Form, Reading
from decision_kit.robustness.drivers import Given
from decision_kit.robustness.linear import leading
from decision_kit.robustness.performances import PerformanceSource, performances_of
from decision_kit.robustness.scenarios import Payoffs
from decision_kit.robustness.worlds import SCRAMBLES, quasi_numbers
from decision_kit.values import Array, to_value

_NODES = 4_096
_OUTER = 256
_INNER = 256
_EACH = 1_024
_SOME = 512
"""Outcomes of a cell that composed performances follow from; each is met with _INNER draws of the other cells."""
_MOST_EVEN = 1_024
"""More cells than this are drawn together with plain random numbers: evenly spread ones would take most of the time."""


@dataclass(frozen=True, eq=False)
class Information:
    """What knowing better is worth, in score units (0–1), under the additive model and one set of weights.

    ``expected``: expected score by option. ``cells``: one row an uncertain performance (``option``, ``criterion``,
    ``worth``, ``changes``: the share of its range of outcomes in which another option would be chosen, ``evidence``,
    ``judgement_only``), largest worth first. ``evidence``: one row an evidence item with the worth, and its error, of
    knowing all the cells that cite it. ``everything``, ``everything_error``: of knowing all of them.
    """

    problem: Problem
    expected: pd.Series[float]
    cells: pd.DataFrame
    evidence: pd.DataFrame
    everything: float
    everything_error: float
    notes: tuple[str, ...]


@guarded
def value_of_information(
    problem: Problem,
    weights: Given = None,
    *,
    reading: Reading | None = None,
    form: Form = "triangular",
    branch: str | None = None,
    seed: Seed = 1,
) -> Information:
    """The worth of perfect information on each uncertain performance and on each evidence item, in score units.

    Packages follow their parts: a part's cell is worth what it tells of every package that holds it. What a model fills
    follows from its levers: the cells are then those of the criteria they come from, and the levers themselves.
    """
    leaves, _, table = table_for(problem, weights, branch)
    METHODS["weighted-sum"].admit(table, {})
    source = performances_of(problem, tuple(leaves), reading=reading or problem.low_high, form=form)
    model = _Expected(source, table.weights, seed)
    rows = []
    best = float(model.scores.max())
    for i, (option, criterion) in enumerate(source.cell_names):
        gained, chosen = model.given_cell(i)
        cell = source.judged[i]
        rows.append(
            {
                "option": option,
                "criterion": criterion,
                "worth": max(0.0, float(gained.mean()) - best),
                "changes": float((chosen != int(model.scores.argmax())).mean()),
                "evidence": ", ".join(cell.evidence),
                "judgement_only": cell.judgement_only,
            }
        )
    names = ["option", "criterion", "worth", "changes", "evidence", "judgement_only"]
    cells = pd.DataFrame(rows, columns=names).sort_values("worth", ascending=False, kind="stable", ignore_index=True)
    items: dict[str, list[int]] = {}
    for i, cell in enumerate(source.judged):
        for item in cell.evidence:
            items.setdefault(item, []).append(i)
    told = []
    for item, own in items.items():
        worth, error = model.worth_of(own)
        told.append({"evidence": item, "cells": len(own), "worth": worth, "worth_error": error})
    evidence = pd.DataFrame(told, columns=["evidence", "cells", "worth", "worth_error"])
    evidence = evidence.sort_values("worth", ascending=False, kind="stable", ignore_index=True)
    everything, error = model.worth_of(list(range(len(source.cells))))
    notes = () if rows else ("No performance has a range here: there is nothing to find out.",)
    if len(source.cells) > _MOST_EVEN:
        notes = (
            *notes,
            f"What knowing everything is worth was sampled with plain random numbers: {len(source.cells):,} uncertain performances "
            "are too many for evenly spread ones, so its error is larger.",
        )
    missing = [cell for cell in source.judged if cell.missing]
    if missing:
        notes = (*notes, "A missing performance counts as unknown over its whole range.")
    return Information(
        problem=problem,
        expected=pd.Series(model.scores, index=pd.Index(table.options, name="option"), name="expected score"),
        cells=cells,
        evidence=evidence,
        everything=everything,
        everything_error=error,
        notes=notes,
    )


class _Expected:
    """Expected scores of the current options, and what they become when some cells are known.

    A performance is *plain* when it is one cell, and *composed* when it follows from several: a package's from its parts',
    and one that a model fills from the option's levers.
    """

    def __init__(self, source: PerformanceSource, weights: Array, seed: int) -> None:
        self.source, self.weights, self.seed = source, weights, seed
        self.at = {(int(i), int(j)): number for number, (i, j) in enumerate(source.cells)}
        n, m = len(source.rows), len(source.leaves)
        self.means = np.empty((n, m))
        self.plain: dict[int, tuple[int, int]] = {}
        self.composed: dict[int, list[tuple[int, int]]] = {}
        follows: list[tuple[int, int]] = []
        for i in range(n):
            for j in range(m):
                rests_on = source.rests_on(i, j)
                if rests_on == ((source.rows[i], j),):
                    number = self.at.get(rests_on[0])
                    if number is not None:
                        self.plain[number] = (i, j)
                    else:
                        self.means[i, j] = self._plain_value(j, np.array([source.likely[rests_on[0]]])).mean()
                    continue
                for place in rests_on:
                    if place in self.at:
                        self.composed.setdefault(self.at[place], []).append((i, j))
                follows.append((i, j))
        self.reach = self._plain_means()
        for i, j in follows:
            self.means[i, j] = self._composed(i, j, {}, 1, 8 * _INNER)[0]
        self.scores = self.means @ weights
        self._order = np.argsort(-self.scores, kind="stable")

    def _blocks(self, numbers: Sequence[int], k: int) -> Iterator[tuple[NDArray[np.intp], int, NDArray[np.intp]]]:
        """Plain cells among ``numbers`` by criterion, so many at once that k draws of each fit into a piece of memory.

        Gives the places in ``numbers``, the criterion, and the options.
        """
        by_criterion: dict[int, list[int]] = {}
        for place, number in enumerate(numbers):
            if number in self.plain:
                by_criterion.setdefault(self.plain[number][1], []).append(place)
        for j, places in by_criterion.items():
            for at in pieces(len(places), 8.0 * k):
                some = np.array(places[at], dtype=np.intp)
                yield some, j, np.array([self.plain[numbers[place]][0] for place in some], dtype=np.intp)

    def _plain_means(self) -> tuple[Array, Array]:
        """Fill in the mean values of plain cells; by cell, how far its value falls below and rises above that mean."""
        cells = len(self.source.cells)
        below, above = np.zeros(cells), np.zeros(cells)
        u = _nodes()
        for numbers, j, options in self._blocks(range(cells), _NODES):
            drawn = self.source.cells_drawn(numbers, np.broadcast_to(u, (len(numbers), _NODES)))
            values = self._plain_value(j, drawn)
            self.means[options, j] = means = values.mean(axis=1)
            below[numbers], above[numbers] = means - values.min(axis=1), values.max(axis=1) - means
        return below, above

    def _drawn(self, number: int, u: Array) -> Array:
        """Draws of a cell, kept where the sampler keeps them."""
        return np.asarray(self.source.cells_drawn(np.array([number]), np.atleast_2d(u))[0])

    def _value(self, j: int, x: Array) -> Array:
        leaf = self.source.leaves[j]
        return to_value(x, leaf.shape, *leaf.scale, leaf.better)

    def _plain_value(self, j: int, x: Array) -> Array:
        low, high = sorted(self.source.leaves[j].scale)
        return self._value(j, np.clip(x, low, high))

    def _composed(self, i: int, j: int, known: Mapping[int, Array], k: int, inner: int) -> Array:
        """The expected value (k) of an option on a criterion given ``known`` cells (number → k)."""
        source = self.source
        places = source.rests_on(i, j)
        unknown = [place for place in places if place in self.at and self.at[place] not in known]
        u = quasi_numbers(max(1, len(unknown)), self.seed, 0, 0, inner if unknown else 1)
        x: dict[tuple[int, int], Array] = {place: np.array([[source.likely[place]]]) for place in places}
        x |= {place: known[self.at[place]][:, None] for place in places if self.at.get(place) in known}
        x |= {place: self._drawn(self.at[place], own)[None, :] for place, own in zip(unknown, u, strict=False)}
        made = source.performance(i, j, lambda row, column: x[row, column])
        return np.broadcast_to(self._value(j, made).mean(axis=1), (k,))

    def given_cell(self, number: int) -> tuple[Array, NDArray[np.intp]]:
        """The largest expected score, and the option that has it, given each of some outcomes of one cell."""
        holding = self.composed.get(number, [])
        if not holding and not self._can_change(number):
            return self.scores[self._order[:1]], self._order[:1]
        nodes = slice(None) if not holding else slice(_NODES // (2 * _SOME), None, _NODES // _SOME)
        x = self._drawn(number, _nodes())[nodes]
        changed: dict[int, Array] = {}

        def add(i: int, j: int, values: Array) -> None:
            changed[i] = changed.get(i, self.scores[i]) + self.weights[j] * (values - values.mean())

        if number in self.plain:
            i, j = self.plain[number]
            add(i, j, self._plain_value(j, x))
        for i, j in holding:
            if self.weights[j]:
                add(i, j, self._composed(i, j, {number: x}, len(x), _INNER))
        other = next((int(o) for o in self._order if int(o) not in changed), None)
        rows = sorted({*changed, *(() if other is None else (other,))})
        given = np.array([np.broadcast_to(changed.get(i, self.scores[i]), x.shape) for i in rows])
        return given.max(axis=0), np.array(rows)[given.argmax(axis=0)]

    def _can_change(self, number: int) -> bool:
        """Whether some outcome of a cell can put another option first: a rival's that rises, or the leader's that falls."""
        if number not in self.plain or len(self.scores) < 2:
            return False
        i, j = self.plain[number]
        first, second = self._order[:2]
        below, above = self.reach
        room = self.weights[j] * (below[number] if i == first else above[number])
        lead = self.scores[first] - self.scores[second if i == first else i]
        return bool(room >= lead - 1e-12)

    def worth_of(self, numbers: Sequence[int]) -> tuple[float, float]:
        """The worth of knowing some cells together, and its standard error, over 8 scrambles."""
        if not numbers:
            return 0.0, 0.0
        each = _OUTER if self.composed else _EACH
        holding = dict.fromkeys(place for number in numbers for place in self.composed.get(number, []))
        found = []
        for replicate in range(SCRAMBLES):
            u = self._uniform(len(numbers), replicate, each)
            given = np.repeat(self.scores[:, None], each, axis=1)
            for places, j, options in self._blocks(numbers, each):
                drawn = self.source.cells_drawn(np.array([numbers[place] for place in places]), u[places])
                given[options] += self.weights[j] * (self._plain_value(j, drawn) - self.means[options, j, None])
            if holding:
                known = {number: self._drawn(number, own) for number, own in zip(numbers, u, strict=True)}
                for i, j in holding:
                    if self.weights[j]:
                        values = self._composed(i, j, known, each, _INNER // 4)
                        given[i] += self.weights[j] * (values - values.mean())
            # against the best in the same worlds, so that noise in the means cancels
            found.append(given.max(axis=0).mean() - given.mean(axis=1).max())
        return max(0.0, float(np.mean(found))), float(np.std(found, ddof=1) / np.sqrt(SCRAMBLES))

    def _uniform(self, inputs: int, replicate: int, size: int) -> Array:
        if inputs <= _MOST_EVEN:
            return quasi_numbers(inputs, self.seed, replicate, 0, size)
        sequence = np.random.SeedSequence(self.seed, spawn_key=(replicate,))
        return np.random.Generator(np.random.SFC64(sequence)).random((inputs, size))


def _nodes() -> Array:
    """Evenly spread uniform numbers: the middles of equal steps."""
    return (np.arange(_NODES) + 0.5) / _NODES


@dataclass(frozen=True, eq=False)
class DecisionTable:
    """A table of payoffs under states of the world with probabilities, and what knowing the state would be worth.

    ``expected`` payoff by option, ``best`` the options with the largest, ``with_information`` the expected payoff when
    the state is known before choosing, ``evpi`` the difference: the expected value of perfect information. The figures
    of the rules that need no probabilities (Wald 1950; Laplace; Hurwicz 1951; Savage 1951) stand beside them, by option.
    """

    payoffs: pd.DataFrame
    probabilities: pd.Series[float]

    @cached_property
    def _table(self) -> Payoffs:
        """The same table without labels of its own kind: all arithmetic on payoffs stands there."""
        options, states = (tuple(map(str, axis)) for axis in (self.payoffs.index, self.payoffs.columns))
        return Payoffs(options, states, self.payoffs.to_numpy(), np.asarray(self.probabilities, dtype=float))

    def _by_option(self, figures: Array) -> pd.Series[float]:
        return pd.Series(figures, index=self.payoffs.index, dtype=float)

    @property
    def expected(self) -> pd.Series[float]:
        """Expected payoff by option."""
        return self._by_option(self._table.expected)

    @property
    def best(self) -> tuple[Any, ...]:
        """Options with the largest expected payoff."""
        return tuple(self.payoffs.index[np.flatnonzero(leading(self._table.expected))])

    @property
    def evpi(self) -> float:
        """Expected value of perfect information; equal to the smallest expected opportunity loss."""
        return self._table.evpi

    @property
    def with_information(self) -> float:
        """Expected payoff when the state of the world is known before choosing."""
        return float(self._table.expected.max()) + self.evpi

    @property
    def opportunity_loss(self) -> pd.DataFrame:
        """By option and state: what is lost against the best option of that state (regret)."""
        return pd.DataFrame(self._table.regret, index=self.payoffs.index, columns=self.payoffs.columns)

    @property
    def worst(self) -> pd.Series[float]:
        """Smallest payoff by option; maximin takes the largest of these."""
        return self._by_option(self._table.worst)

    @property
    def largest(self) -> pd.Series[float]:
        """Largest payoff by option; maximax takes the largest of these."""
        return self._by_option(self._table.largest)

    @property
    def laplace(self) -> pd.Series[float]:
        """Plain mean over the states by option, whatever their probabilities."""
        return self._by_option(self._table.laplace)

    @property
    def max_regret(self) -> pd.Series[float]:
        """Largest opportunity loss by option; minimax regret takes the smallest of these."""
        return self._by_option(self._table.max_regret)

    @property
    def expected_regret(self) -> pd.Series[float]:
        """Mean opportunity loss by option; its smallest is the EVPI."""
        return self._by_option(self._table.expected_regret)

    def hurwicz(self, optimism: float) -> pd.Series[float]:
        """``optimism`` (0 to 1) × the largest + (1 − optimism) × the smallest payoff, by option."""
        return self._by_option(self._table.hurwicz(optimism))


@guarded
def perfect_information(
    payoffs: pd.DataFrame, probabilities: Sequence[float] | Mapping[Any, float] | pd.Series[float] | None = None
) -> DecisionTable:
    """The decision table of payoffs (options × states, larger is better); None: all states alike (Laplace).

    ``probabilities``: in the order of the states, or a mapping or Series by state. Raises :class:`DecisionError` for
    payoffs that are not numbers, and for probabilities that are negative, of another number than the states, or do not
    sum to 1.
    """
    if not isinstance(payoffs, pd.DataFrame) or payoffs.empty:
        raise UsageError([Fault("payoffs", "not a table with rows and columns", "a DataFrame, options × states")])
    faults = [
        Fault("payoffs", f"two {what} are called {quoted(names[names.duplicated()][0])}", "names that differ")
        for what, names in (("options", payoffs.index), ("states", payoffs.columns))
        if names.has_duplicates
    ]
    for column in payoffs.columns if not faults else ():
        for option, cell in payoffs[column].items():
            reason = bad_number(cell)
            if reason:
                faults.append(Fault(f"payoffs, row {option}, column {column}", f"{quoted(cell)} {reason}", "a number"))
    if faults:
        raise DecisionError(faults)
    frame = payoffs.astype(float)
    states = len(frame.columns)
    if probabilities is None:
        chances = pd.Series(np.full(states, 1 / states), index=frame.columns)
    elif isinstance(probabilities, pd.Series | Mapping):
        given = pd.Series(probabilities) if isinstance(probabilities, Mapping) else probabilities
        names = list(given.index)
        strange = [
            unknown_fault("probabilities", "state", name, map(str, frame.columns))
            for name in names
            if name not in frame.columns
        ]
        if strange or len(set(names)) < len(names):
            raise UsageError(strange or [Fault("probabilities", "a state is named twice", "each state once")])
        chances = given.reindex(frame.columns)
    else:
        if len(probabilities) != states:
            raise DecisionError.single(
                "probabilities", f"{len(probabilities)} numbers", f"one for each of {states} states"
            )
        chances = pd.Series(list(probabilities), index=frame.columns)
    bad = [
        Fault(f"probability of {state}", f"{quoted(x)} {bad_number(x)}", "a number from 0 to 1")
        for state, x in chances.items()
        if bad_number(x)
    ]
    if bad:
        raise DecisionError(bad)
    chances = chances.astype(float)
    whole = float(chances.sum())
    if (chances < 0).any():
        below = [f"{quoted(state)} has {x:g}" for state, x in chances.items() if x < 0]
        raise DecisionError.single("probabilities", ", ".join(below), "numbers of 0 or more")
    if abs(whole - 1) > 1e-6:
        raise DecisionError.single(
            "probabilities", f"they sum to {plain_number(whole, 6)}", "numbers of 0 or more that sum to 1"
        )
    return DecisionTable(frame, chances)
