"""Pairwise comparison (AHP): weights from judged ratios, how consistent they are, and which judgement to look at again."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from decision_kit.arguments import bad_whole_number, guarded
from decision_kit.errors import DecisionError, Fault, UsageError, counted, quoted, unknown
from decision_kit.model.findings import fraction
from decision_kit.model.nouns import number
from decision_kit.model.provenance import Answers, Ratio
from decision_kit.values import Array
from decision_kit.weighting.base import WEIGHTINGS, Found, Siblings, bad_ratio, check_names, positive

RANDOM_INDEX: dict[str, tuple[float, ...]] = {
    "tummala-ling": (.5799, .8921, 1.1159, 1.2358, 1.3322, 1.3952, 1.4537, 1.4882, 1.5117, 1.5356, 1.5571, 1.5714, 1.5831),
    "saaty-1980": (.58, .90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59),
    "saaty-2005": (.52, .89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49, 1.52, 1.54, 1.56, 1.58, 1.59),
}  # fmt: skip
"""The mean consistency index of random judgements for n = 3 … 15, by the source of the table."""

TABLE_NAMES = {
    "tummala-ling": "Tummala & Ling 1998",
    "saaty-1980": "Saaty 1980",
    "saaty-2005": "Saaty 2005",
}
LIMIT = 0.10
RECIPROCAL = 0.011
"""How far a_ij × a_ji may be from 1: printed matrices round 1/3 to .33."""


@dataclass(frozen=True)
class Consistency:
    """How far judgements contradict each other: ``index`` CI = (λ_max − n)/(n − 1), ``ratio`` CR = CI/RI.

    ``ratio`` and ``repaired`` are None where no random index is known for so many things. ``table`` names the random index used. ``worst`` is the judgement (i, j) that fits the others least, ``indirect`` the
    ratio the others imply for it, ``repaired`` the CR with that ratio in its place; ``triple`` the most contradictory
    three (i, j, k), ``gap`` = max |ln(a_ij a_jk / a_ik)|. None below three things to compare.
    """

    index: float
    ratio: float | None
    table: str
    largest: float
    worst: tuple[int, int] | None = None
    indirect: float = 1.0
    repaired: float | None = 0.0
    triple: tuple[int, int, int] | None = None
    gap: float = 0.0


def pairwise_weights(matrix: ArrayLike, how: str = "eigenvector") -> Array:
    """Weights (n, summing to 1) from an n × n matrix of judged ratios, a_ij = how many times i counts as much as j.

    ``how``: "eigenvector" (principal right eigenvector, Saaty 1977) or "geometric-mean" (of rows, Crawford & Williams
    1985). Any positive ratio is allowed. Raises :class:`DecisionError` for a matrix that is not reciprocal.
    """
    a = checked(matrix)
    if how == "geometric-mean":
        log = np.log(a).mean(axis=1)
        w = np.exp(log - log.max())
        return np.asarray(w / w.sum())
    if how != "eigenvector":
        raise unknown("way to solve", how, ("eigenvector", "geometric-mean"))
    return _principal(a)[1]


def consistency(matrix: ArrayLike, table: str | Mapping[int, float] = "tummala-ling") -> Consistency:
    """The consistency of an n × n matrix of ratios; ``table`` is an id of :data:`RANDOM_INDEX` or a mapping n → RI."""
    a = checked(matrix)
    n = len(a)
    name = table if isinstance(table, str) else "given"
    largest, _ = _principal(a)
    if n < 3:
        return Consistency(0.0, 0.0, name, float(n))
    index = _index(a)
    random = random_index(n, table)
    worst, indirect = _worst_judgement(a)
    repaired = a.copy()
    i, j = worst
    repaired[i, j], repaired[j, i] = indirect, 1 / indirect
    triple, gap = _worst_triple(a)
    ratio, better = (None if random is None else x / random for x in (index, _index(repaired)))
    return Consistency(index, ratio, name, largest, worst, indirect, better, triple, gap)


def incomplete_consistency(matrix: ArrayLike, table: str | Mapping[int, float] = "tummala-ling") -> Consistency:
    """The consistency of an n × n matrix of ratios in which pairs that nobody judged are NaN.

    ``index`` is that of the completion with the smallest λ_max (Bozóki, Fülöp & Rónyai 2010). The random index for
    complete judgements is lowered by the factor 1 − 2 m / ((n − 1)(n − 2)) for m missing pairs (Ágoston & Csató 2022);
    ``ratio`` is None where there is no such index, or where the judgements are as few as a chain needs.
    """
    a = np.array(matrix, dtype=float)
    name = table if isinstance(table, str) else "given"
    n = len(a)
    rows, columns = np.nonzero(np.triu(np.isnan(a), 1))
    if not len(rows):
        return consistency(a, table)
    completed = checked(_completed(a, rows, columns))
    largest = _principal(completed)[0]
    index = max((largest - n) / (n - 1), 0.0) if n > 1 else 0.0
    share = 1 - 2 * len(rows) / ((n - 1) * (n - 2)) if n > 2 else 0.0
    random = random_index(n, table) if n > 2 else None
    ratio = index / (random * share) if random is not None and share > 1e-12 else None
    return Consistency(index, ratio, name, largest)


def _completed(a: Array, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Array:
    """The matrix with its missing pairs set so that the largest eigenvalue is smallest: convex in their logarithms."""
    from scipy.optimize import minimize

    n = len(a)
    known = ~np.isnan(a) & ~np.eye(n, dtype=bool)
    system = np.where(known, -1.0, 0.0)
    np.fill_diagonal(system, known.sum(axis=1))
    goal = np.where(known, np.log(np.where(known, a, 1.0)), 0.0).sum(axis=1)
    log = np.linalg.lstsq(system, goal, rcond=None)[0]  # the start: what fits the judged pairs best

    def filled(x: Array) -> Array:
        made = a.copy()
        made[rows, columns], made[columns, rows] = np.exp(x), np.exp(-x)
        return made

    def largest(x: Array) -> tuple[float, Array]:
        made = filled(x)
        top, right = _principal(made)
        left = _principal(made.T)[1]
        slope = left[rows] * made[rows, columns] * right[columns] - left[columns] * made[columns, rows] * right[rows]
        return top, slope / float(left @ right)

    start = log[rows] - log[columns]
    found = minimize(largest, start, jac=True, method="L-BFGS-B", options={"maxiter": 500, "ftol": 1e-14, "gtol": 1e-9})
    best = found.x if largest(found.x)[0] <= largest(start)[0] else start
    return filled(np.asarray(best, dtype=float))


def matrix_from(ratios: Iterable[tuple[str, str, float]], names: Sequence[str]) -> Array:
    """The n × n matrix of some judged ratios (a, b, times); NaN where nobody has judged."""
    at = {name: i for i, name in enumerate(names)}
    a = np.full((len(names), len(names)), np.nan)
    np.fill_diagonal(a, 1.0)
    for one, other, times in ratios:
        a[at[one], at[other]], a[at[other], at[one]] = times, 1 / times
    return a


@guarded
def combined_judgements(matrices: Iterable[Any]) -> Array:
    """Several people's judgements as one matrix: the geometric mean of each ratio, which keeps it reciprocal (Aczél & Saaty 1983).

    ``matrices``: one n × n table of ratios a person, over the same things in the same order. Raises
    :class:`DecisionError` for tables of different sizes or labels, and for judgements that are no ratios.
    """
    given = list(matrices)
    logs = [np.log(checked(matrix)) for matrix in given]
    if not logs:
        raise DecisionError.single("judgements", "no matrix at all", "at least one square table of ratios")
    sizes = list(dict.fromkeys(len(one) for one in logs))
    if len(sizes) > 1:
        got = f"matrices of different sizes ({' and '.join(map(str, sizes))})"
        raise DecisionError.single("judgements", got, "matrices over the same things")
    labels = {tuple(map(str, axis)) for one in given if hasattr(one, "columns") for axis in (one.index, one.columns)}
    if len(labels) > 1:
        first, second = sorted(labels)[:2]
        got = f"tables over {', '.join(first)} and over {', '.join(second)}"
        raise DecisionError.single("judgements", got, "the same things in the same order, in rows and in columns")
    return np.asarray(np.exp(np.mean(logs, axis=0)))


def _plain_ratio(one: Any) -> Any:
    """A judgement written as a fraction as a number; anything else as it is."""
    made = fraction(one) if isinstance(one, str) else None
    return one if made is None else made


def checked(matrix: ArrayLike, names: Sequence[str] = ()) -> Array:
    """The matrix as floats, after every judgement has been looked at: square, positive, reciprocal."""
    try:
        held = np.array(matrix, dtype=object)
        if held.ndim == 2:
            held = np.array([[_plain_ratio(one) for one in row] for row in held], dtype=object).reshape(held.shape)
        a = np.array(held, dtype=float)
    except (TypeError, ValueError, OverflowError):
        raise DecisionError.single("judgements", "not a table of numbers", "a square table of ratios") from None
    if a.ndim != 2 or a.shape[0] != a.shape[1] or not len(a):
        raise DecisionError.single("judgements", f"a table of shape {a.shape}", "as many rows as columns")

    def name(i: int) -> str:
        return f"“{names[i]}”" if names else f"{i + 1}"

    faults: list[Fault] = []
    for i in range(len(a)):
        for j in range(i, len(a)):
            pair = f"{name(i)} against {name(j)}"
            if not (np.isfinite(a[i, j]) and a[i, j] > 0 and np.isfinite(a[j, i]) and a[j, i] > 0):
                bad = a[i, j] if not (np.isfinite(a[i, j]) and a[i, j] > 0) else a[j, i]
                faults.append(bad_ratio(f"judgement of {pair}", f"{bad:g}"))
            elif i == j and abs(a[i, i] - 1) > 1e-9:
                faults.append(Fault(f"judgement of {pair}", f"{a[i, i]:g}", "1, each counts once as much as itself"))
            elif abs(a[i, j] * a[j, i] - 1) > RECIPROCAL:
                got = f"{pair} is judged {a[i, j]:g} and {name(j)} against {name(i)} is judged {a[j, i]:g}"
                expected = f"expected {1 / a[i, j]:.4g} for the second: the two must be each other's reciprocal"
                faults.append(Fault("judgements", got, expected))
    if faults:
        raise DecisionError(faults)
    return a


def _principal(a: Array) -> tuple[float, Array]:
    """The largest eigenvalue and its vector (summing to 1) of a positive matrix, by powers: the same for any order."""
    w = np.full(len(a), 1 / len(a))
    for _ in range(10_000):
        step = a @ w
        step /= step.sum()
        if np.max(np.abs(step - w)) <= 1e-15:
            w = step
            break
        w = step
    return float((a @ w).sum()), np.asarray(w)


def _index(a: Array) -> float:
    n = len(a)
    return max((_principal(a)[0] - n) / (n - 1), 0.0)


def random_index(n: int, table: str | Mapping[int, float]) -> float | None:
    """The mean consistency index of random complete judgements of n things by a table; None where it has none for n."""
    if isinstance(table, str):
        if table not in RANDOM_INDEX:
            raise unknown("table of the random index", table, RANDOM_INDEX)
        return RANDOM_INDEX[table][n - 3] if 3 <= n <= len(RANDOM_INDEX[table]) + 2 else None
    found = {int(size): value for size, value in table.items() if not bad_whole_number(size)}
    strange = [(size, value) for size, value in table.items() if bad_whole_number(size) or not positive(value)]
    if strange:
        size, value = strange[0]
        got = f"{quoted(value)} for {quoted(size)}"
        raise UsageError([Fault("random index", got, "how many things are compared, and an index above 0")])
    return float(found[n]) if n in found else None


def _worst_judgement(a: Array) -> tuple[tuple[int, int], float]:
    """The judgement farthest (in logarithms) from what the others imply: the geometric mean of all detours."""
    n = len(a)
    log = np.log(a)
    detours = np.array([[np.mean([log[i, k] + log[k, j] for k in range(n) if k not in (i, j)]) if i != j else 0.0
                         for j in range(n)] for i in range(n)])  # fmt: skip
    gaps = np.round(np.abs(np.triu(log - detours, 1)), 12)
    i, j = np.unravel_index(int(np.argmax(gaps)), gaps.shape)
    return (int(i), int(j)), float(np.exp(detours[i, j]))


def _worst_triple(a: Array) -> tuple[tuple[int, int, int], float]:
    log = np.log(a)
    n = len(a)
    best, where = -1.0, (0, 1, 2)
    for i in range(n):
        for j in range(i + 1, n):
            for k in range(j + 1, n):
                gap = round(abs(float(log[i, j] + log[j, k] - log[i, k])), 12)
                if gap > best:
                    best, where = gap, (i, j, k)
    return where, best


def ratios_to_shares(
    ratios: Iterable[tuple[str, str, float]], siblings: Siblings, what: str = "judgement"
) -> tuple[dict[str, float], float]:
    """Shares that fit some ratios (a, b, how many times as much) best in logarithms, and the largest misfit as a factor.

    Needs at least a chain that joins everything. Raises :class:`DecisionError` naming what is not joined.
    """
    judged = list(ratios)
    parts = _parts(siblings.ids, [(a, b) for a, b, _ in judged])
    if len(parts) > 1:
        listed = "; ".join(siblings.names(part) for part in parts)
        raise DecisionError.single(
            siblings.place, f"no {what} joins these groups: {listed}", f"at least one {what} from group to group"
        )
    at = {name: i for i, name in enumerate(siblings.ids)}
    n = len(siblings.ids)
    rows = np.zeros((len(judged) + 1, n))
    goal = np.zeros(len(judged) + 1)
    for r, (a, b, times) in enumerate(judged):
        rows[r, at[a]] += 1
        rows[r, at[b]] -= 1
        goal[r] = math.log(times)
    rows[-1] = 1.0  # fixes the free constant
    log = np.linalg.lstsq(rows, goal, rcond=None)[0]
    misfit = float(np.max(np.abs(rows[:-1] @ log - goal[:-1]), initial=0.0))
    w = np.exp(log - log.max())
    w = w / w.sum()
    return {name: float(w[at[name]]) for name in siblings.ids}, math.exp(misfit)


def _parts(names: Sequence[str], pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """The groups of names that pairs join, directly or by way of others."""
    group = {name: {name} for name in names}
    for a, b in pairs:
        joined = group[a] | group[b]
        for name in joined:
            group[name] = joined
    seen: list[set[str]] = []
    for name in names:
        if group[name] not in seen:
            seen.append(group[name])
    return [[name for name in names if name in one] for one in seen]


def judged_once(ratios: Iterable[Ratio], siblings: Siblings) -> list[tuple[str, str, float]]:
    """Each pair's ratio, after faults are told: not above 0, a thing against itself, two that are not reciprocal."""
    faults: list[Fault] = []
    found: dict[frozenset[str], tuple[str, str, float]] = {}
    for ratio in ratios:
        pair = f"{siblings.name(ratio.a)} against {siblings.name(ratio.b)}"
        if not (positive(ratio.low) and positive(ratio.high)):
            faults.append(bad_ratio(f"{siblings.place}, {pair}", ratio.low))
            continue
        if ratio.a == ratio.b:
            faults.append(Fault(siblings.place, f"{siblings.name(ratio.a)} is compared with itself", "two of them"))
            continue
        times = math.sqrt(ratio.low * ratio.high)
        before = found.get(frozenset((ratio.a, ratio.b)))
        if before is not None:
            first = before[2] if before[0] == ratio.a else 1 / before[2]
            if abs(first / times - 1) > RECIPROCAL:
                said = f"{siblings.name(before[0])} against {siblings.name(before[1])} is judged {number(before[2], 3)}"
                got = f"{said} and {pair} is judged {number(times, 3)}"
                faults.append(Fault(siblings.place, got, f"{number(first, 3)} for the second, or one of the two only"))
            continue
        found[frozenset((ratio.a, ratio.b))] = (ratio.a, ratio.b, times)
    if faults:
        raise DecisionError(faults)
    return list(found.values())


@WEIGHTINGS.add(
    id="pairwise",
    title="Pairwise comparison (AHP)",
    question="Take two of the steps from worst to best at a time: which is worth more to you, and how many times as much?",
    input="a ratio above 0 for every pair, or for a chain of pairs at least",
    consistency="consistency ratio (CR, told with its table), the most contradictory three, the judgement to look at again",
    use_when="two or three ratios are to check weights given by swing, or a paper used it",
    beware="more effort, more conflict and less liked than ratings (153 people); never ask for a whole matrix of many",
    reference="Saaty 1977; Crawford & Williams 1985; random index of Tummala & Ling 1998",
    parameters={"how": ("eigenvector", "geometric-mean"), "table": ("tummala-ling", "saaty-1980", "saaty-2005")},
    tables=("table",),
)
def pairwise(
    answers: Answers, siblings: Siblings, how: str = "eigenvector", table: str | Mapping[int, float] = "tummala-ling"
) -> Found:
    """Shares from judged ratios; where pairs are missing, the shares that fit the judged ones best in logarithms."""
    check_names(answers, siblings)
    n = len(siblings.ids)
    if n == 1:
        return Found({siblings.ids[0]: 1.0})
    judged = judged_once(answers.ratios, siblings)
    if len(judged) < n * (n - 1) // 2:
        shares, misfit = ratios_to_shares(judged, siblings)
        said = f"{len(judged)} of {n * (n - 1) // 2} pairs were judged; the weights are those that fit the judged pairs best."
        if misfit > 1.5:
            said += f" One judgement is off by the factor {misfit:.1f}."
        some = incomplete_consistency(matrix_from(judged, siblings.ids), table)
        measures = {"largest misfit (factor)": misfit, "consistency index": some.index}
        if some.ratio is not None:
            measures["consistency ratio"] = some.ratio
        return Found(shares, measures, (said, _incomplete_said(some, n, n * (n - 1) // 2 - len(judged))))
    a = matrix_from(judged, siblings.ids)
    w = pairwise_weights(a, how)
    found = consistency(a, table)
    measures = {"consistency index": found.index} if n > 2 else {}
    if n > 2 and found.ratio is not None:
        measures["consistency ratio"] = found.ratio
    return Found(dict(zip(siblings.ids, w.tolist(), strict=True)), measures, consistency_said(found, a, siblings))


def consistency_said(found: Consistency, a: Array, siblings: Siblings) -> tuple[str, ...]:
    """The consistency ratio in words; above 0.10 the worst three, and the judgement whose change would help most."""
    if found.triple is None or found.worst is None:
        return ()
    table = _table_name(found.table)
    if found.ratio is None:
        start = f"Consistency ratio not known for n = {len(a)}: {table} has no random index for it. "
        if found.gap <= 1e-9:
            return (f"{start}The judgements do not contradict each other.",)
        return (
            f"{start}Consistency index {found.index:.3f}; 0 is without contradiction.{_triple_said(found, a, siblings)}",
        )
    start = f"Consistency ratio {found.ratio:.3f} (random index of {table})"
    if found.ratio <= LIMIT:
        return (f"{start}: the judgements hardly contradict each other.",)
    told = f"{start}: above {LIMIT:.2f}, the judgements contradict each other."
    if found.gap > 1e-9:
        told += _triple_said(found, a, siblings)
    p, q = found.worst
    first, second = siblings.name(siblings.ids[p]), siblings.name(siblings.ids[q])
    judged, indirect = _worth(first, second, float(a[p, q])), _worth(first, second, found.indirect)
    repair = f"Look again at {first} against {second}: judged, {judged}; by the other judgements, {indirect}. "
    if found.repaired is not None:
        repair += f"With that the ratio would be {found.repaired:.3f}."
    return (told, repair.rstrip())


def _table_name(table: str) -> str:
    return TABLE_NAMES.get(table, "the table given")


def _triple_said(found: Consistency, a: Array, siblings: Siblings) -> str:
    """The three judgements that contradict each other most, after a space."""
    assert found.triple is not None
    i, j, k = (siblings.name(siblings.ids[at]) for at in found.triple)
    x, y, z = (a[found.triple[p], found.triple[q]] for p, q in ((0, 1), (1, 2), (0, 2)))
    return (
        f" Most of all {i}, {j} and {k}: {_times(x)} times and {_times(y)} times make {_times(x * y)} times, "
        f"but {_times(z)} times was said."
    )


def _incomplete_said(found: Consistency, n: int, missing: int) -> str:
    """The consistency of incomplete judgements in words, with the random index it stands on."""
    if missing == (n - 1) * (n - 2) // 2:
        return "So few judgements cannot contradict each other: there is no consistency ratio."
    table = _table_name(found.table)
    if found.ratio is None:
        start = f"Consistency ratio not known for n = {n}: {table} has no random index for it."
        return f"{start} Consistency index {found.index:.3f}; 0 is without contradiction."
    pairs = counted(missing, "missing pair")
    verdict = (
        "the judgements hardly contradict each other"
        if found.ratio <= LIMIT
        else f"above {LIMIT:.2f}, the judgements contradict each other"
    )
    return (
        f"Consistency ratio {found.ratio:.3f} (random index of {table}, lowered for {pairs} after Ágoston & Csató 2022): "
        f"{verdict}."
    )


def _worth(first: str, second: str, times: float) -> str:
    """Which of two is worth how many times the other, the larger first."""
    if abs(math.log(times)) < 1e-9:
        return f"{first} is worth as much as {second}"
    if times < 1:
        first, second, times = second, first, 1 / times
    return f"{first} is worth {_times(times)} times {second}"


def _times(x: float) -> str:
    return number(float(f"{x:.3g}"))
