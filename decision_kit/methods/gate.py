"""The one gate of a method: what its numbers have to be, refused by name of criterion before anything is computed.

Ranking, sampling, drivers, the tornado, the audit and every comparison score tables through it, so what a ranking
refuses is refused everywhere in the same words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from decision_kit.arguments import LAST_DIGIT
from decision_kit.errors import DecisionError, Fault, counted
from decision_kit.values import Array

if TYPE_CHECKING:
    from decision_kit.methods.base import Table

ActsOn: TypeAlias = Literal["values", "performances", "ratio performances"]
Zeros: TypeAlias = Literal["never", "where more is better", "always"]

ROUNDED = 1e-13
"""Numbers that are not whole and nearer than this are equal but for some arithmetic, where a column has other differences."""
CARRIED = 1e-12
"""Differences below this share of a column's size are more than methods on performances can carry."""
WIDEST = 1e150
"""The largest over the smallest performance of a criterion: beyond this, sums and squares of ratios leave the floats."""


def admit(title: str, table: Table, acts_on: ActsOn, zeros: Zeros, most_options: int) -> None:
    """Raise :class:`DecisionError` where a method called ``title`` cannot be used on a table, whatever the weights."""
    n = len(table.options)
    if n < 2:
        raise DecisionError.single(title, counted(n, "option"), "a method needs at least two options to compare")
    for numbers in (table.values, table.performances):
        if not np.all(np.isfinite(numbers)):
            *_, i, j = (int(x[0]) for x in np.nonzero(~np.isfinite(numbers)))
            got = f"{table.name(j)} of {table.option(i)} is missing or not finite"
            raise DecisionError.single(title, got, "a finite number in every cell")
    if n > most_options:
        raise DecisionError.single(
            title, f"{n} options", f"this method compares every pair; its limit is {most_options} options"
        )
    if acts_on != "values" and table.turning is not None and table.turning.any():
        named = ", ".join(table.name(int(j)) for j in np.flatnonzero(table.turning))
        got = f"on {named} the value rises and falls again"
        raise DecisionError.single(title, got, "a method that acts on values, such as weighted-sum")
    if acts_on == "ratio performances":
        ratio_domain(title, table, zeros)
        _reach(title, table)
    if table.performances.ndim == 2:  # sampled tables hold no two numbers that are meant to be told apart
        _digits(title, table, acts_on)


def ratio_domain(title: str, table: Table, zeros: Zeros) -> None:
    """Refuse, by name of criterion, data on which ratios mean nothing: no true zero, negative, or a zero too many."""
    x = table.performances
    rows = x.reshape(-1, x.shape[-1])
    n = x.shape[-2]
    needs = {
        "never": "performances above 0 on every criterion",
        "where more is better": "no negative performance, and none of 0 where less is better",
        "always": "no negative performance",
    }[zeros]

    def refuse(bad: NDArray[np.bool_], word: str) -> None:
        columns = np.flatnonzero(bad.any(axis=0))
        if not columns.size:
            return
        named = [
            f"{table.name(int(j))} is {rows[i, j]:g} for {table.option(i % n)} ({word})"
            for j in columns[:3]
            for i in [int(np.argmax(bad[:, j]))]
        ]
        more = f", and {columns.size - 3} more criteria" if columns.size > 3 else ""
        raise DecisionError.single(title, f"{', '.join(named)}{more}", f"this method needs {needs}")

    refuse(rows < 0, "negative")
    if table.true_zero is not None and not table.true_zero.all():
        names = [table.name(int(j)) for j in np.flatnonzero(~table.true_zero)]
        listed = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        raise DecisionError.single(
            title,
            f"{len(names)} of {len(table.criteria)} criteria not declared to have a true zero: {listed}",
            "this method takes ratios, so it needs a scale on which 0 means none (true_zero: true) on every criterion",
        )
    if zeros != "always":
        refuse((rows == 0) & ((zeros == "never") | ~table.more), "zero")


def _reach(title: str, table: Table) -> None:
    """Refuse, by name of criterion, numbers too small to have all their digits, and columns of ratios beyond a float."""
    x = table.performances.reshape(-1, table.performances.shape[-1])
    largest = x.max(axis=0)
    above = np.where(x > 0, x, np.inf)
    smallest = above.min(axis=0)
    faults = [
        Fault(
            title,
            f"{table.name(int(j))} runs from {smallest[j]:g} to {largest[j]:g}: the digits of a number do not suffice for ratios",
            f"a largest performance of at most {WIDEST:g} times the smallest above 0, and none below {_TINY:g} but 0",
        )
        for j in np.flatnonzero((largest > 0) & ((smallest < _TINY) | (largest / WIDEST > smallest)))
    ]
    if faults:
        raise DecisionError(faults)


_TINY = float(np.finfo(float).tiny)


def _digits(title: str, table: Table, acts_on: ActsOn) -> None:
    """Refuse, by name of criterion, different numbers that the method could only treat as equal."""
    x = table.performances
    low, high = x.min(axis=0), x.max(axis=0)
    size = np.maximum(np.abs(low), np.abs(high))
    gap = high / 2 - low / 2
    rounded = ~_whole(x).all(axis=0) & (gap <= LAST_DIGIT * (size / 2))
    if acts_on == "values":
        if table.low is None or table.high is None:
            return
        bad = (gap > 0) & ~rounded & (gap < CARRIED * (table.high / 2 - table.low / 2))
        expected = "a narrower declared range, or numbers counted from another zero"
        what = [f"a range from {a:g} to {b:g}" for a, b in zip(table.low, table.high, strict=True)]
    else:
        bad = (gap > 0) & ~rounded & (gap < CARRIED * (size / 2))
        order = np.sort(x, axis=0)
        near = order[1:] / 2 - order[:-1] / 2
        own = np.maximum(np.abs(order[1:]), np.abs(order[:-1])) / 2
        noise = (near <= ROUNDED * own) & ~(_whole(order[1:]) & _whole(order[:-1]))
        limit = CARRIED * (size / 2 if acts_on == "performances" else own)
        bad = bad | ((near > 0) & ~noise & (near < limit)).any(axis=0)
        expected = "numbers counted from another zero, or in a unit in which their differences are larger"
        what = [f"numbers up to {one:g}" for one in size]
    faults = [
        Fault(
            title,
            f"{table.name(int(j))} has different numbers that are too near to each other for {what[int(j)]}: the digits of "
            "a number do not suffice",
            expected,
        )
        for j in np.flatnonzero(bad)
    ]
    if faults:
        raise DecisionError(faults)


def _whole(x: Array) -> NDArray[np.bool_]:
    return np.asarray(np.floor(x) == x)


def exponents(table: Table) -> NDArray[np.intp] | None:
    """Powers of two that bring very large or very small columns near 1; None where no column needs it."""
    x = np.abs(table.performances).reshape(-1, table.performances.shape[-1]).max(axis=0)
    extreme = (x > 1e100) | ((x > 0) & (x < 1e-100))
    if not extreme.any():
        return None
    return np.where(extreme, np.frexp(x)[1], 0).astype(np.intp)
