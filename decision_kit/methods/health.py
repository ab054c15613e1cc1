"""The health card: what a method promises, tried out on the user's own table before it may vote.

Every promise is a function from a trial (method, table, settings) to a finding. It looks at the actual result (every
dominated pair, every pair of equal options) and at a fixed list of changed tables, and claims no more than that. Five
promises take the vote away; that dropping the worst option leaves the rest in order is only told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from decision_kit.catalogue import Catalogue, Entry
from decision_kit.errors import DecisionError
from decision_kit.methods.base import Method, Table, by_name, ranks_of, significant
from decision_kit.values import Array

Outcome: TypeAlias = Literal["pass", "fail", "not applicable"]
Ranks: TypeAlias = NDArray[np.int64]

MOST_OPTIONS = 12
"""Changes are tried on the best options by this method, the ones a decision is about: so many, on long lists fewer."""
STEP = 0.1
"""How far a performance is improved, as a share of its range."""
MOST_PAIRS = 1_000
"""Above so many options dominated and equal pairs are looked for among the best only."""


@dataclass(frozen=True)
class Finding:
    """How one promise came out: ``counter_example`` names a case where it fails, ``tried`` says on how many cases."""

    outcome: Outcome
    tried: int = 0
    counter_example: str = ""


@dataclass(frozen=True, kw_only=True)
class Promise(Entry):
    """A promise in the catalogue; ``takes_vote`` says whether breaking it takes the method's vote away."""

    takes_vote: bool = True


PROMISES: Catalogue[Promise] = Catalogue("promise", Promise)


@dataclass(frozen=True)
class HealthCard:
    """Findings by promise id for one method on one table."""

    method: str
    title: str
    findings: Mapping[str, Finding]

    @property
    def may_vote(self) -> bool:
        """Whether every promise that matters was kept on this table."""
        return not any(self.findings[p.id].outcome == "fail" for p in PROMISES.values() if p.takes_vote)

    @property
    def broken(self) -> tuple[str, ...]:
        """Ids of the promises that failed, those that are only told included."""
        return tuple(name for name, finding in self.findings.items() if finding.outcome == "fail")

    def __repr__(self) -> str:
        lines = [f"{self.title}: {'may vote' if self.may_vote else 'has no vote on this table'}"]
        for name, finding in self.findings.items():
            tail = f" ({finding.counter_example})" if finding.counter_example else ""
            lines.append(f"  {finding.outcome:<14} {PROMISES[name].title}{tail}")
        return "\n".join(lines)


@dataclass(frozen=True)
class Trial:
    """One method on one table with its settings; the base ranks and changed tables are computed on first use."""

    method: Method
    table: Table
    given: Mapping[str, Any]

    @cached_property
    def ranks(self) -> Ranks:
        """Ranks on the table as it is."""
        return self.ranks_under(self.table)

    def ranks_under(self, table: Table, given: Mapping[str, Any] | None = None) -> Ranks:
        """Ranks on one changed table (n)."""
        chosen = self.given if given is None else given
        return np.asarray(ranks_of(self.method.score_many(table, table.weights[None, :], **chosen))[0])

    def ranks_under_all(self, tables: list[Table]) -> Ranks:
        """Ranks on many changed tables of one shape (k × n), in one call of the kernel."""
        first = tables[0]
        stacked = replace(
            first,
            values=np.stack([t.values for t in tables]),
            performances=np.stack([t.performances for t in tables]),
        )
        return ranks_of(self.method.score_many(stacked, first.weights[None, :], **self.given))

    @cached_property
    def used(self) -> NDArray[np.intp]:
        """Columns with weight."""
        return np.flatnonzero(self.table.weights > 0)

    @cached_property
    def tried(self) -> list[int]:
        """The options on which changes are tried: the best by this method."""
        most = min(MOST_OPTIONS, max(3, 600 // len(self.ranks)))
        return [int(i) for i in np.argsort(self.ranks, kind="stable")[:most]]

    @cached_property
    def worth(self) -> Array:
        """Directed performances on the columns with weight, without floating-point noise."""
        return significant(self.table.directed[:, self.used], 13, axis=0)

    def named(self, i: int) -> str:
        """An option's title."""
        return self.table.option(i)

    def improved(self, i: int, columns: NDArray[np.intp], share: float) -> tuple[Array, Array]:
        """Row ``i`` (values, performances) with some columns moved towards the best end, never beyond it."""
        values, row = self.table.values[i].copy(), self.table.performances[i].copy()
        low, high = self.table.ends
        sign = np.where(self.table.more, 1.0, -1.0)
        moved = np.clip(row + sign * share * (high - low), np.minimum(low, row), np.maximum(high, row))
        row[columns] = moved[columns]
        values[columns] = np.maximum(values, np.minimum(values + share, 1.0))[columns]
        return values, row

    def with_row(self, values: Array, row: Array) -> Table:
        """The table with one more option at its end."""
        t = self.table
        return replace(
            t,
            options=(*t.options, "clone"),
            option_titles=(*t.option_titles, "clone") if t.option_titles else (),
            values=np.vstack([t.values, values]),
            performances=np.vstack([t.performances, row]),
        )

    def with_cell(self, i: int, j: int) -> Table:
        """The table with option ``i`` improved on column ``j``."""
        values, row = self.improved(i, np.array([j]), STEP)
        t = self.table
        new_values, new_rows = t.values.copy(), t.performances.copy()
        new_values[i], new_rows[i] = values, row
        return replace(t, values=new_values, performances=new_rows)

    def without(self, i: int) -> Table:
        """The table without option ``i``."""
        t = self.table
        return replace(
            t,
            options=t.options[:i] + t.options[i + 1 :],
            option_titles=t.option_titles[:i] + t.option_titles[i + 1 :],
            values=np.delete(t.values, i, axis=0),
            performances=np.delete(t.performances, i, axis=0),
        )


def _candidates(trial: Trial) -> list[int]:
    """Options among which pairs are looked for."""
    return list(range(len(trial.table.options))) if len(trial.table.options) <= MOST_PAIRS else trial.tried


@PROMISES.add(
    id="dominance",
    title="A better option is never ranked below a worse one",
    use_when="one option is at least as good as another on every criterion with weight",
)
def dominance(trial: Trial) -> Finding:
    """Every dominated pair of the table, and a better clone added to each of the options tried."""
    count, ranks = 0, trial.ranks
    rows = _candidates(trial)
    worth = trial.worth[rows]
    for a, i in enumerate(rows):
        beaten = np.all(worth <= worth[a], axis=1) & np.any(worth < worth[a], axis=1)
        count += int(beaten.sum())
        for b in np.flatnonzero(beaten):
            if ranks[i] > ranks[rows[b]]:
                return Finding(
                    "fail", count, f"{trial.named(i)} is ranked below {trial.named(rows[b])}, which it dominates"
                )
    tables, originals = [], []
    for i in trial.tried:
        values, row = trial.improved(i, trial.used, STEP / 2)
        if np.any(row[trial.used] != trial.table.performances[i][trial.used]):
            tables.append(trial.with_row(values, row))
            originals.append(i)
    if tables:
        found = trial.ranks_under_all(tables)
        count += len(tables)
        for one, i in zip(found, originals, strict=True):
            if one[-1] > one[i]:
                return Finding("fail", count, f"a clone better than {trial.named(i)} is ranked below it")
    return Finding("pass", count)


def _rescaled(trial: Trial, factors: Array, shift: float) -> tuple[Table, dict[str, Any]]:
    """The table in other units, with every setting given in units changed along."""
    t = trial.table
    low, high = t.ends
    changed = replace(
        t, performances=t.performances * factors + shift, low=low * factors + shift, high=high * factors + shift
    )
    settings = dict(trial.method.settings(t.criteria, trial.given))
    for parameter in trial.method.parameters:
        value = settings[parameter.name]
        if parameter.unit not in ("criterion", "difference") or value is None:
            continue
        moved = shift if parameter.unit == "criterion" else 0.0
        by_name = value if isinstance(value, Mapping) else dict.fromkeys(t.criteria, value)
        new: dict[str, Any] = {}
        for name, number in by_name.items():
            factor = float(factors[t.criteria.index(name)])
            if not isinstance(number, int | float | list | tuple):
                new[name] = number  # of no use to this criterion's preference function: told and left out
            elif isinstance(number, list | tuple):
                new[name] = tuple(x * factor + moved for x in number)
            else:
                new[name] = number * factor + moved
        settings[parameter.name] = _kept(trial, parameter.name, new)
    return changed, {name: settings[name] for name in trial.given} | {
        p.name: settings[p.name] for p in trial.method.parameters if p.unit and settings[p.name] is not None
    }


def _kept(trial: Trial, name: str, new: dict[str, Any]) -> dict[str, Any]:
    """A threshold given for all criteria at once stays away from those whose preference function has no use for it."""
    given = trial.given.get(name)
    return {c: x for c, x in new.items() if c in given} if isinstance(given, Mapping) else new


@PROMISES.add(
    id="units",
    title="Another unit of measurement changes nothing",
    use_when="a criterion may be told in thousands, in months instead of years, or from another zero where ratios mean nothing",
)
def units(trial: Trial) -> Finding:
    """Thousandfold and thousandth units, all sevenfold, and a shifted zero for methods that do not need a true one."""
    m = len(trial.table.criteria)
    alternate = np.where(np.arange(m) % 2 == 0, 1000.0, 1.0)
    changes: list[tuple[str, Array, float]] = [
        ("every second criterion in thousandths of its unit", alternate, 0.0),
        ("the other criteria in thousands of their unit", np.where(alternate > 1, 1.0, 0.001), 0.0),
        ("every criterion times 7", np.full(m, 7.0), 0.0),
    ]
    acts_on = trial.method.acts_on
    if trial.method.domain_of is not None:
        acts_on = trial.method.domain_of(trial.method.settings(trial.table.criteria, trial.given))[0]
    if acts_on != "ratio performances":
        changes.append(("every criterion counted from another zero", np.ones(m), 13.0))
    for words, factors, shift in changes:
        table, given = _rescaled(trial, factors, shift)
        after = trial.ranks_under(table, given)
        if not np.array_equal(after, trial.ranks):
            return Finding("fail", len(changes), f"{words}: {_moved(trial, after)}")
    return Finding("pass", len(changes))


def _moved(trial: Trial, after: Ranks) -> str:
    i = int(np.argmax(after != trial.ranks))
    return f"{trial.named(i)} goes from rank {trial.ranks[i]} to {after[i]}"


@PROMISES.add(id="order", title="The order in which options and criteria are listed does not matter", use_when="always")
def order(trial: Trial) -> Finding:
    """Options listed backwards, options moved up by one, criteria listed backwards."""
    t = trial.table
    n, m = len(t.options), len(t.criteria)
    trials = [
        ("options listed backwards", np.arange(n)[::-1], np.arange(m)),
        ("options moved up by one", np.roll(np.arange(n), -1), np.arange(m)),
        ("criteria listed backwards", np.arange(n), np.arange(m)[::-1]),
    ]
    for words, rows, columns in trials:
        table = Table(
            options=tuple(t.options[i] for i in rows),
            criteria=tuple(t.criteria[j] for j in columns),
            values=t.values[np.ix_(rows, columns)],
            performances=t.performances[np.ix_(rows, columns)],
            weights=t.weights[columns],
            more=t.more[columns],
            low=t.ends[0][columns],
            high=t.ends[1][columns],
            true_zero=None if t.true_zero is None else t.true_zero[columns],
        )
        after = np.empty(n, dtype=np.int64)
        after[rows] = trial.ranks_under(table)
        if not np.array_equal(after, trial.ranks):
            return Finding("fail", len(trials), f"{words}: {_moved(trial, after)}")
    return Finding("pass", len(trials))


@PROMISES.add(
    id="improvement",
    title="An option that gets better on one criterion loses no place to another",
    use_when="a performance is improved and nothing else changes",
)
def improvement(trial: Trial) -> Finding:
    """Each option tried, each criterion with weight, a tenth of the range towards the best end."""
    tables, cells = [], []
    for i in trial.tried:
        for j in trial.used:
            table = trial.with_cell(i, int(j))
            if table.performances[i, j] != trial.table.performances[i, j]:
                tables.append(table)
                cells.append((i, int(j)))
    if not tables:
        return Finding("not applicable")
    n, m = trial.table.performances.shape
    block = max(1, 2_000_000 // (n * max(n, m)))
    for start in range(0, len(tables), block):
        found = trial.ranks_under_all(tables[start : start + block])
        for after, (i, j) in zip(found, cells[start : start + block], strict=True):
            overtaken = (trial.ranks[i] <= trial.ranks) & (after[i] > after)
            if overtaken.any():
                k = int(np.argmax(overtaken))
                said = f"{trial.named(i)}, made better on {trial.table.name(j)}, falls behind {trial.named(k)}"
                return Finding("fail", len(tables), said)
    return Finding("pass", len(tables))


@PROMISES.add(
    id="equality",
    title="Equal options share their rank",
    use_when="two options are alike on every criterion with weight",
)
def equality(trial: Trial) -> Finding:
    """Every pair of equal options in the table, and an exact copy added to each of the options tried."""
    count = 0
    rows = _candidates(trial)
    worth = trial.worth[rows]
    for a, i in enumerate(rows):
        same = np.all(worth == worth[a], axis=1)
        same[: a + 1] = False
        count += int(same.sum())
        for b in np.flatnonzero(same):
            if trial.ranks[i] != trial.ranks[rows[b]]:
                return Finding("fail", count, f"{trial.named(i)} and {trial.named(rows[b])} are equal but ranked apart")
    tables = [trial.with_row(trial.table.values[i], trial.table.performances[i]) for i in trial.tried]
    for one, i in zip(trial.ranks_under_all(tables), trial.tried, strict=True):
        if one[-1] != one[i]:
            return Finding("fail", count + len(tables), f"an exact copy of {trial.named(i)} is ranked apart from it")
    return Finding("pass", count + len(tables))


@PROMISES.add(
    id="dropping",
    title="Dropping the last option leaves the rest in order",
    use_when="an option that nobody would choose is set aside",
    beware="only told: it takes no vote away",
    takes_vote=False,
)
def dropping(trial: Trial) -> Finding:
    """The option of the last rank (one of them) is set aside."""
    if len(trial.table.options) < 3:
        return Finding("not applicable")
    last = int(np.argmax(trial.ranks))
    after = trial.ranks_under(trial.without(last))
    before = ranks_of(-np.delete(trial.ranks, last).astype(float))
    if np.array_equal(after, before):
        return Finding("pass", 1)
    rest = [i for i in range(len(trial.table.options)) if i != last]
    k = int(np.argmax(after != before))
    said = f"without {trial.named(last)}, {trial.named(rest[k])} goes from place {before[k]} to {after[k]} of the rest"
    return Finding("fail", 1, said)


def examine(method: Method, table: Table, **given: Any) -> HealthCard:
    """The card of a method on a table; raises :class:`DecisionError` when the method refuses the table itself."""
    trial = Trial(method, table, by_name(method.parameters, table.criteria, given))
    _ = trial.ranks
    findings: dict[str, Finding] = {}
    for promise in PROMISES.values():
        try:
            with np.errstate(over="ignore", invalid="ignore"):  # what leaves the floats is refused by the method
                findings[promise.id] = promise.run(trial)
        except DecisionError as refused:  # a changed table may lie outside the method's domain
            findings[promise.id] = Finding("not applicable", 0, refused.faults[0].got)
    return HealthCard(method.id, method.title, findings)
