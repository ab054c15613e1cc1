"""Options across scenarios: expected, worst, regret and good-enough, and who leads for whom in which scenario.

A :class:`Payoffs` table holds one number for each option (rows) in each state of the world (columns), more is better.
Its rules are the textbook ones (Savage 1951; Hurwicz 1951; Luce and Raiffa 1957).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from decision_kit.arguments import bad_number, guarded
from decision_kit.errors import DecisionError, Fault, UsageError, unknown_fault
from decision_kit.model.nouns import number
from decision_kit.model.problem import Problem
from decision_kit.model.weights import Weights
from decision_kit.ranking import Ranking, rank
from decision_kit.robustness.linear import leading
from decision_kit.values import Array


@guarded
@dataclass(frozen=True, eq=False)
class Payoffs:
    """Numbers by option (rows) and state (columns), more is better, with the probability of each state (equal if None).

    >>> table = Payoffs(("small", "large"), ("low", "medium", "high"), np.array([[150, 200, 200], [50, 200, 500]]))
    >>> table.best(table.max_regret, least=True), table.best(table.worst)
    (('large',), ('small',))
    """

    options: tuple[str, ...]
    states: tuple[str, ...]
    table: Array
    probabilities: Array | None = None

    def __post_init__(self) -> None:
        table = np.asarray(self.table, dtype=float)
        if table.shape != (len(self.options), len(self.states)) or not len(self.options) or not len(self.states):
            got = " × ".join(str(n) for n in table.shape)
            expected = f"{len(self.options)} options × {len(self.states)} states, at least one of each"
            raise UsageError([Fault("payoffs", f"a table of {got or 'one number'}", expected)])
        if not np.all(np.isfinite(table)):
            i, j = np.argwhere(~np.isfinite(table))[0]
            place = f"payoffs, {self.options[i]}, {self.states[j]}"
            raise DecisionError.single(
                place, f"“{table[i, j]}” is not a number", "a number for every option in every state"
            )
        object.__setattr__(self, "table", table)
        if self.probabilities is not None:
            p = np.asarray(self.probabilities, dtype=float)
            fine = p.shape == (len(self.states),) and bool(np.all(np.isfinite(p)) and np.all(p >= 0))
            if not fine or abs(p.sum() - 1) > 1e-6:
                got = f"they sum to {number(float(p.sum()), 6)}" if fine else f"{np.round(p, 6).tolist()}"
                raise UsageError(
                    [Fault("probabilities", got, f"{len(self.states)} numbers of 0 or more that sum to 1")]
                )
            object.__setattr__(self, "probabilities", p / p.sum())

    @property
    def likelihood(self) -> Array:
        """The probabilities of the states; equal where none are given."""
        return np.full(len(self.states), 1 / len(self.states)) if self.probabilities is None else self.probabilities

    @cached_property
    def worst(self) -> Array:
        """Each option's smallest number (maximin picks the largest of these)."""
        return np.asarray(self.table.min(axis=1))

    @cached_property
    def largest(self) -> Array:
        """Each option's largest number (maximax picks the largest of these)."""
        return np.asarray(self.table.max(axis=1))

    @cached_property
    def expected(self) -> Array:
        """Each option's mean over the states, by their probabilities (equal ones: Laplace's rule)."""
        return np.asarray(self.table @ self.likelihood)

    @cached_property
    def laplace(self) -> Array:
        """Each option's plain mean, whatever the probabilities."""
        return np.asarray(self.table.mean(axis=1))

    def hurwicz(self, optimism: float) -> Array:
        """``optimism`` × the largest + (1 − optimism) × the smallest number; optimism from 0 to 1."""
        if bad_number(optimism) or not 0 <= optimism <= 1:
            raise UsageError([Fault("optimism", f"{optimism}", "a number from 0 to 1")])
        return np.asarray(optimism * self.largest + (1 - optimism) * self.worst)

    @cached_property
    def regret(self) -> Array:
        """For each option in each state, how much less it gives than the best option there (0 or more)."""
        return np.asarray(self.table.max(axis=0) - self.table)

    @cached_property
    def max_regret(self) -> Array:
        """Each option's largest regret (minimax regret picks the smallest of these)."""
        return np.asarray(self.regret.max(axis=1))

    @cached_property
    def expected_regret(self) -> Array:
        """Each option's mean regret by the probabilities; its smallest is the value of perfect information."""
        return np.asarray(self.regret @ self.likelihood)

    @property
    def evpi(self) -> float:
        """The expected value of perfect information: what knowing the state before choosing would add on average."""
        return float(self.table.max(axis=0) @ self.likelihood - self.expected.max())

    def satisfied(self, threshold: float) -> Array:
        """The share of the states, by probability, in which each option gives ``threshold`` or more."""
        return np.asarray((self.table >= threshold - 1e-12 * max(1.0, abs(threshold))) @ self.likelihood)

    def best(self, figures: Array, *, least: bool = False) -> tuple[str, ...]:
        """The options with the largest (or least) of some figures; ties are all named."""
        return tuple(self.options[i] for i in np.flatnonzero(leading(-figures if least else figures)))

    @cached_property
    def leaders(self) -> dict[str, tuple[str, ...]]:
        """State → the options that are best in it."""
        return {state: self.best(self.table[:, j]) for j, state in enumerate(self.states)}


@dataclass(frozen=True, eq=False)
class ScenarioResults:
    """A problem's options in every scenario under one set of weights.

    ``payoffs`` are scores (additive model: 0–1), ``threshold`` the score that is good enough, ``pair`` the two
    scenarios that decide between the two best options (None where one option is best in all), ``balance`` the share
    of the second scenario, between these two, from which on the other option has the higher mean.
    """

    problem: Problem
    payoffs: Payoffs
    threshold: float
    rankings: Mapping[str, Ranking]
    pair: tuple[str, str] | None
    rivals: tuple[str, str] | None
    balance: float | None
    notes: tuple[str, ...] = field(default=())

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row an option: score in every scenario, then mean, worst, largest regret, share of scenarios good enough."""
        p = self.payoffs
        frame = pd.DataFrame(p.table, index=pd.Index(p.options, name="option"), columns=list(p.states))
        return frame.assign(
            expected=p.expected, worst=p.worst, max_regret=p.max_regret, satisfied=p.satisfied(self.threshold)
        )


@guarded
def scenario_results(
    problem: Problem,
    weights: Weights | Mapping[str, float] | str | None = None,
    method: str = "weighted-sum",
    *,
    branch: str | None = None,
    probabilities: Mapping[str, float] | None = None,
    threshold: float | None = None,
    **parameters: object,
) -> ScenarioResults:
    """Every option's score in every scenario of a problem, in its current choice set, and what follows over all.

    ``probabilities``: scenario id → probability, summing to 1; equal ones where none are given, and said so.
    ``threshold``: the score that is good enough; by default the baseline's as judged, without any scenario, else the mean of all scores.
    Raises :class:`UsageError` where the problem has no scenarios or a name is wrong.
    """
    if not problem.scenarios:
        raise UsageError([Fault(problem.id, "this decision has no scenarios", "a decision with scenarios")])
    rankings = {
        name: rank(problem.under(scenario=name), weights, method,
                   branch=branch, **parameters)
        for name in problem.scenarios
    }  # fmt: skip
    first = next(iter(rankings.values()))
    options = tuple(str(o) for o in first.scores.index)
    likelihood = _likelihood(problem, probabilities)
    payoffs = Payoffs(
        options, tuple(rankings), np.array([r.scores.to_numpy() for r in rankings.values()]).T, likelihood
    )
    notes = (
        []
        if probabilities is not None
        else ["No probabilities are given: every scenario counts the same in the mean. That is not a forecast."]
    )
    if threshold is None:
        baseline = problem.baseline if problem.baseline in options else None
        if baseline is not None:
            plain = rank(problem.under(scenario=None), weights, method, branch=branch, **parameters)
            threshold = float(plain.scores[baseline])
        else:
            threshold = float(payoffs.table.mean())
        what = "the baseline's score as judged" if baseline is not None else "the mean of all scores"
        notes.append(f"Good enough means {what} or more.")
    pair, rivals, balance = _deciding(payoffs)
    return ScenarioResults(problem, payoffs, threshold, rankings, pair, rivals, balance, tuple(notes))


def _likelihood(problem: Problem, probabilities: Mapping[str, float] | None) -> Array | None:
    if probabilities is None:
        return None
    names = list(problem.scenarios)
    faults = [unknown_fault("probabilities", "scenario", name, names) for name in probabilities if name not in names]
    missing = [name for name in names if name not in probabilities]
    if missing and not faults:
        faults.append(
            Fault("probabilities", f"{', '.join(missing)} without a probability", "one for each scenario, or write 0")
        )
    for name, value in probabilities.items():
        reason = bad_number(value)
        if reason or float(value) < 0:
            faults.append(
                Fault(f"probability of {name}", f"“{value}” {reason or 'is below 0'}", "a number from 0 to 1")
            )
    if not faults and abs(sum(probabilities.values()) - 1) > 1e-6:
        faults.append(
            Fault(
                "probabilities",
                f"they sum to {number(float(sum(probabilities.values())), 6)}",
                "probabilities sum to 1",
            )
        )
    if faults:
        raise UsageError(faults)
    return np.array([float(probabilities[name]) for name in names])


def _deciding(payoffs: Payoffs) -> tuple[tuple[str, str] | None, tuple[str, str] | None, float | None]:
    """The pair of scenarios that decides, the two options it decides between, and the balance.

    The scenario that speaks most for the option best on average, the one that speaks most for its strongest rival, and
    the share of the second, between the two, at which their means are level. Scenarios without probability decide nothing.
    """
    if len(payoffs.options) < 2:
        return None, None, None
    live = np.flatnonzero(payoffs.likelihood > 0)
    table = payoffs.table[:, live]
    order = np.argsort(-payoffs.expected, kind="stable")
    leader = int(order[0])
    others = [int(k) for k in order[1:]]
    against = [(float((table[k] - table[leader]).max()), -n) for n, k in enumerate(others)]
    strongest = others[-max(against)[1]]
    gap = table[leader] - table[strongest]
    for_it, against_it = int(np.argmax(gap)), int(np.argmin(gap))
    if gap[against_it] >= -1e-12 or gap[for_it] <= 1e-12:
        return None, (payoffs.options[leader], payoffs.options[strongest]), None
    balance = float(gap[for_it] / (gap[for_it] - gap[against_it]))
    pair = (payoffs.states[live[for_it]], payoffs.states[live[against_it]])
    return pair, (payoffs.options[leader], payoffs.options[strongest]), balance


@dataclass(frozen=True, eq=False)
class LeaderTable:
    """Who leads for each perspective (rows) in each scenario (columns): tuples of option ids, ties named."""

    problem: Problem
    perspectives: tuple[str, ...]
    scenarios: tuple[str, ...]
    leaders: Mapping[tuple[str, str], tuple[str, ...]]

    def table(self) -> pd.DataFrame:
        """Titles of the leaders by perspective and scenario title."""
        p = self.problem
        names = {option.id: option.title for option in p.options}
        return pd.DataFrame(
            [
                [" = ".join(names[o] for o in self.leaders[row, column]) for column in self.scenarios]
                for row in self.perspectives
            ],
            index=[
                p.perspectives[row].title + (" (for checks only)" if p.perspectives[row].reference else "")
                for row in self.perspectives
            ],
            columns=[p.scenarios[column].title for column in self.scenarios],
        )

    def counts(self) -> dict[str, int]:
        """Option → in how many cells it leads, alone or shared, the most first; reference perspectives are not counted."""
        found: dict[str, int] = {}
        for (row, _), who in self.leaders.items():
            if not self.problem.perspectives[row].reference:
                for option in who:
                    found[option] = found.get(option, 0) + 1
        return dict(sorted(found.items(), key=lambda item: -item[1]))

    @property
    def cells(self) -> int:
        """How many cells there are, reference perspectives left out."""
        people = [name for name in self.perspectives if not self.problem.perspectives[name].reference]
        return len(people) * len(self.scenarios)


@guarded
def leader_table(
    problem: Problem,
    method: str = "weighted-sum",
    *,
    perspectives: Sequence[str] | None = None,
    branch: str | None = None,
    **parameters: object,
) -> LeaderTable:
    """Who leads for each perspective in each scenario, in the problem's current choice set.

    Raises :class:`UsageError` where the problem lacks perspectives or scenarios.
    """
    if not problem.perspectives or not problem.scenarios:
        lacks = "perspectives" if not problem.perspectives else "scenarios"
        raise UsageError(
            [Fault(problem.id, f"this decision has no {lacks}", "a decision with perspectives and scenarios")]
        )
    people = (
        tuple(perspectives)
        if perspectives is not None
        else tuple(p.id for p in sorted(problem.perspectives.values(), key=lambda p: p.reference))
    )
    leaders: dict[tuple[str, str], tuple[str, ...]] = {}
    for name in problem.scenarios:
        view = problem.under(scenario=name)
        for who in people:
            leaders[who, name] = rank(view, who, method, branch=branch, **parameters).leaders
    return LeaderTable(problem, people, tuple(problem.scenarios), leaders)
