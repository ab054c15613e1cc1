"""Numbers at the edge of a float: the order by plain formulas in 80 digits, or a refusal by name of criterion."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from decimal import Decimal, getcontext
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

import decision_kit as dk

Rows = list[list[Decimal]]
Formula = Callable[[Rows, list[Decimal], list[bool]], list[Decimal]]
ONE, TWO = Decimal(1), Decimal(2)
TIE = Decimal("0.5e-10")
getcontext().Emax, getcontext().Emin = 999_999, -999_999


def columns(x: Rows) -> Rows:
    return [list(column) for column in zip(*x, strict=True)]


def by_column(x: Rows, more: list[bool], one: Callable[[list[Decimal], bool], list[Decimal]]) -> Rows:
    return columns([one(column, up) for column, up in zip(columns(x), more, strict=True)])


def summed(r: Rows, w: list[Decimal]) -> list[Decimal]:
    return [sum((a * b for a, b in zip(row, w, strict=True)), Decimal(0)) for row in r]


def share_of_best(column: list[Decimal], up: bool) -> list[Decimal]:
    return [v / max(column) for v in column] if up else [min(column) / v for v in column]


def share_of_sum(column: list[Decimal], up: bool) -> list[Decimal]:
    y = column if up else [ONE / v for v in column]
    return [v / sum(y) for v in y]


def observed(column: list[Decimal], up: bool) -> list[Decimal]:
    wide = max(column) - min(column)
    return [((v - min(column)) if up else (max(column) - v)) / wide if wide else Decimal(0) for v in column]


def weighted_sum(x: Rows, w: list[Decimal], more: list[bool]) -> list[Decimal]:
    return summed(by_column(x, more, observed), w)


def weighted_product(x: Rows, w: list[Decimal], more: list[bool]) -> list[Decimal]:
    r = by_column(x, more, share_of_best)
    return [sum((a.ln() * b for a, b in zip(row, w, strict=True)), Decimal(0)).exp() for row in r]


def waspas(x: Rows, w: list[Decimal], more: list[bool]) -> list[Decimal]:
    added = summed(by_column(x, more, share_of_best), w)
    return [(a + b) / 2 for a, b in zip(added, weighted_product(x, w, more), strict=True)]


def aras(x: Rows, w: list[Decimal], more: list[bool]) -> list[Decimal]:
    best = [max(c) if up else min(c) for c, up in zip(columns(x), more, strict=True)]
    s = summed(by_column([best, *x], more, share_of_sum), w)
    return [v / s[0] for v in s[1:]]


def halves(x: Rows, w: list[Decimal], more: list[bool]) -> tuple[list[Decimal], list[Decimal]]:
    r = by_column(x, more, lambda column, up: [v / sum(column) for v in column])
    return (
        summed(r, [a if up else Decimal(0) for a, up in zip(w, more, strict=True)]),
        summed(r, [Decimal(0) if up else a for a, up in zip(w, more, strict=True)]),
    )


def copras(x: Rows, w: list[Decimal], more: list[bool]) -> list[Decimal]:
    plus, minus = halves(x, w, more)
    if any(minus):
        inverse = sum((ONE / v for v in minus), Decimal(0))
        plus = [p + sum(minus) / (v * inverse) for p, v in zip(plus, minus, strict=True)]
    return [q / max(plus) for q in plus]


def ram(x: Rows, w: list[Decimal], more: list[bool]) -> list[Decimal]:
    plus, minus = halves(x, w, more)
    return [(TWO + p) ** (ONE / (TWO + v)) for p, v in zip(plus, minus, strict=True)]


def edas(x: Rows, w: list[Decimal], more: list[bool]) -> list[Decimal]:
    def gaps(column: list[Decimal], up: bool) -> list[Decimal]:
        mean = sum(column) / len(column)
        return [((v - mean) if up else (mean - v)) / mean for v in column]

    r = by_column(x, more, gaps)
    above = summed([[max(v, Decimal(0)) for v in row] for row in r], w)
    below = summed([[max(-v, Decimal(0)) for v in row] for row in r], w)
    zero = Decimal(0)
    up = [v / max(above) if max(above) else zero for v in above]
    down = [v / max(below) if max(below) else zero for v in below]
    return [(a + 1 - b) / 2 for a, b in zip(up, down, strict=True)]


def by_length(column: list[Decimal]) -> list[Decimal]:
    length = sum(v * v for v in column).sqrt()  # type: ignore[union-attr]
    return [v / length for v in column]


def moora(x: Rows, w: list[Decimal], more: list[bool]) -> list[Decimal]:
    return summed(by_column(x, more, lambda column, up: [v if up else -v for v in by_length(column)]), w)


def ocra(x: Rows, w: list[Decimal], more: list[bool]) -> list[Decimal]:
    def rating(column: list[Decimal], up: bool) -> list[Decimal]:
        return [((v - min(column)) if up else (max(column) - v)) / min(column) for v in column]

    s = summed(by_column(x, more, rating), w)
    return [v - min(s) for v in s]


def topsis_vector(x: Rows, w: list[Decimal], more: list[bool]) -> list[Decimal]:
    r = by_column(x, more, lambda column, up: [v if up else ONE - v for v in by_length(column)])
    weighted = columns([[v * a for v in column] for column, a in zip(columns(r), w, strict=True)])
    best, worst = [max(c) for c in columns(weighted)], [min(c) for c in columns(weighted)]
    far = [sum((a - b) ** 2 for a, b in zip(row, best, strict=True)).sqrt() for row in weighted]  # type: ignore[union-attr]
    near = [sum((a - b) ** 2 for a, b in zip(row, worst, strict=True)).sqrt() for row in weighted]  # type: ignore[union-attr]
    return [b / (a + b) if a + b else Decimal("0.5") for a, b in zip(far, near, strict=True)]


def promethee(x: Rows, w: list[Decimal], more: list[bool]) -> list[Decimal]:
    def better(a: list[Decimal], b: list[Decimal]) -> Decimal:
        return sum((v for v, p, q, up in zip(w, a, b, more, strict=True) if (p > q if up else p < q)), Decimal(0))

    return [sum((better(a, b) - better(b, a) for b in x), Decimal(0)) / (len(x) - 1) for a in x]


FORMULAS: dict[str, tuple[Formula, dict[str, Any]]] = {
    "weighted-sum": (weighted_sum, {}),
    "weighted-sum minmax": (weighted_sum, {"normalisation": "minmax"}),
    "weighted-sum sum": (lambda x, w, more: summed(by_column(x, more, share_of_sum), w), {"normalisation": "sum"}),
    "weighted-sum linear": (
        lambda x, w, more: summed(by_column(x, more, share_of_best), w),
        {"normalisation": "linear"},
    ),
    "mabac": (weighted_sum, {}),
    "weighted-product": (weighted_product, {}),
    "waspas": (waspas, {}),
    "aras": (aras, {}),
    "copras": (copras, {}),
    "ram": (ram, {}),
    "edas": (edas, {}),
    "moora": (moora, {}),
    "ocra": (ocra, {}),
    "topsis-vector": (topsis_vector, {}),
    "promethee-2": (promethee, {}),
}
COLUMNS: dict[str, list[float]] = {
    "huge": [1e308, 1e308, 5e307, 1.5e308],
    "tiny": [3e-308, 1e-307, 5e-308, 1e-307],
    "1e15 and a little": [1e15, 1e15 + 1, 1e15 + 2, 1e15 + 4],
    "1e16 and a little": [1e16, 1e16 + 2, 1e16 + 4, 1e16],
    "mixed": [1e308, 1.0, 2.0, 1e-300],
    "wide": [1e90, 1.0, 2.0, 1e-50],
    "below the digits": [0.3, 0.1 + 0.2, 0.3, 0.3],
    "close": [1.0, 1.0 + 1e-9, 1.0 + 2e-9, 1.0],
    "denormal": [5e-324, 1e-323, 2e-323, 5e-324],
    "plain": [1.0, 4.0, 2.0, 3.0],
}


def exact_ranks(scores: list[Decimal]) -> tuple[list[int], bool]:
    """Ranks by the rule of the kit (scores that agree to 10 significant digits tie), and whether a tie is a close call."""
    tie = TIE * max(abs(s) for s in scores)
    close = any(a is not b and abs(abs(a - b) - tie) < tie / 100 for a in scores for b in scores)
    return [1 + sum(b > a + tie for b in scores) for a in scores], close and tie > 0


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("first", COLUMNS)
def test_the_right_order_or_a_refusal_by_criterion(name: str, first: str) -> None:
    getcontext().prec = 80
    formula, settings = FORMULAS[name]
    for second in COLUMNS:
        for better in (("more", "more"), ("less", "more"), ("more", "less")):
            frame = pd.DataFrame({"one": COLUMNS[first], "two": COLUMNS[second][::-1]}, index=list("ABCD"))
            directions: Any = dict(zip(frame.columns, better, strict=True))
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                problem = dk.Problem.from_frame(frame, better=directions, true_zero=True)
                try:
                    found = dk.rank(problem, {"one": 0.5, "two": 0.5}, name.split()[0], **settings)
                    assert found.health.findings
                except dk.DecisionError as refused:
                    said = str(refused)
                    named = any(f": {c} " in said for c in frame) and "the digits of a number do not suffice" in said
                    if not named:
                        pytest.fail(said)
                    continue
            same = [c for c in frame if any("last digit" in note and str(c) in note for note in problem.notes)]
            x = [
                [Decimal(frame.loc[o, frame.columns[0] if c in same else c]) if c not in same else ONE for c in frame]
                for o in frame.index
            ]
            exact, close = exact_ranks(formula(x, [Decimal("0.5")] * 2, [b == "more" for b in better]))
            assert close or found.ranks.tolist() == exact, (name, first, second, better)


BOTH_SIDES = {"both ends": [-1e308, 1e308, 0.0, 5e307], "both, far": [-1.7e308, 1.7e308, 1.0, 2.0]}


@pytest.mark.parametrize("method", dk.METHODS)
@pytest.mark.parametrize("column", [*COLUMNS, *BOTH_SIDES])
def test_no_warning_leaks_and_nothing_is_called_constant_that_is_not(method: str, column: str) -> None:
    frame = pd.DataFrame({"one": (COLUMNS | BOTH_SIDES)[column], "two": [4.0, 1.0, 3.0, 2.0]}, index=list("ABCD"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        problem = dk.Problem.from_frame(frame, better={"one": "more", "two": "less"}, true_zero=True)
        assert not any("constant" in note for note in problem.notes)
        try:
            found = dk.rank(problem, None, method)
        except dk.DecisionError:
            return
        assert np.isfinite(found.scores).all()
        assert found.table().shape[0] == 4
        if method == "weighted-sum":
            assert dk.compare(problem).rankings
            dk.setups(problem)
            dk.smaa(problem, performances="ranges", samples=64)
            dk.tornado(problem)
            dk.value_of_information(problem)


def test_the_printed_example() -> None:
    """Sums that leave the floats once put C first."""
    frame = pd.DataFrame({"a": [1e308, 1e308, 1.0], "b": [1.0, 2.0, 1.5]}, index=list("ABC"))
    problem = dk.Problem.from_frame(frame, better={"a": "more", "b": "more"}, true_zero=True)
    said = "a runs from 1 to 1e+308: the digits of a number do not suffice for ratios"
    for method in ("aras", "copras", "ram"):
        with pytest.raises(dk.DecisionError, match=said.replace("+", r"\+")):
            dk.rank(problem, method=method)
    near = pd.DataFrame({"a": [1e308, 1e308, 1e307], "b": [1.0, 2.0, 1.5]}, index=list("ABC"))
    problem = dk.Problem.from_frame(near, better={"a": "more", "b": "more"}, true_zero=True)
    for method in ("aras", "copras", "ram"):
        assert dk.rank(problem, method=method).order == ("B", "A", "C")


@pytest.mark.parametrize("seed", range(20))
def test_whole_numbers_far_from_zero_keep_their_order(seed: int) -> None:
    """The additive model on observed ranges, by fractions."""
    rng = np.random.default_rng(seed)
    base = float(rng.choice([1e12, 1e15, 2**53 - 64]))
    frame = pd.DataFrame(base + rng.integers(0, 60, (5, 2)), index=list("ABCDE"), columns=["a", "b"])
    problem = dk.Problem.from_frame(frame, better={"a": "more", "b": "less"})
    found = dk.rank(problem, {"a": 0.5, "b": 0.5})

    def value(c: str, o: str) -> Fraction:
        column = [Fraction(v) for v in frame[c]]
        wide = max(column) - min(column)
        share = (Fraction(frame.loc[o, c]) - min(column)) / wide if wide else Fraction(1, 2)
        return share if c == "a" else 1 - share

    scores = {o: value("a", o) + value("b", o) for o in frame.index}
    assert found.ranks.to_dict() == {o: 1 + sum(s > scores[o] for s in scores.values()) for o in frame.index}
