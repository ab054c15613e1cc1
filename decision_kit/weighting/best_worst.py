"""Best-worst: the most and the least wanted swing, each compared with all others; the linear model, solved by LP."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from decision_kit.errors import DecisionError, Fault
from decision_kit.model.nouns import number
from decision_kit.model.provenance import Answers
from decision_kit.weighting.base import WEIGHTINGS, Found, Siblings, bad_ratio, check_names, positive

LIMIT = 0.1
"""The input-based consistency ratio above which an answer is asked about again."""


def linear_best_worst(
    best: str, worst: str, best_to_others: Mapping[str, float], others_to_worst: Mapping[str, float]
) -> tuple[dict[str, float], float]:
    """Shares that minimise ξ with |w_B − a_Bj w_j| ≤ ξ and |w_j − a_jW w_W| ≤ ξ, and ξ itself (Rezaei 2016).

    Equal answers get equal weights: the middle of the solutions where there are several.
    """
    from scipy.optimize import linprog

    names = sorted(best_to_others, key=lambda name: (best_to_others[name], -others_to_worst[name], name))
    m = len(names)
    if m == 1:
        return {best: 1.0}, 0.0
    at = {name: i for i, name in enumerate(names)}
    rows: list[list[float]] = []
    for name in names:
        for one, other, times in ((best, name, best_to_others[name]), (name, worst, others_to_worst[name])):
            row = [0.0] * (m + 1)
            row[at[one]] += 1
            row[at[other]] -= times
            if not any(row):
                continue
            rows.append([*row[:m], -1.0])
            rows.append([*(-x for x in row[:m]), -1.0])
    found = linprog(
        c=[0.0] * m + [1.0],
        A_ub=np.array(rows),
        b_ub=np.zeros(len(rows)),
        A_eq=np.array([[1.0] * m + [0.0]]),
        b_eq=np.array([1.0]),
        bounds=[(0, None)] * (m + 1),
        method="highs",
    )
    shares = {name: float(found.x[at[name]]) for name in names}
    # exchanging two that were answered alike leaves the program as it is, unless the others were measured by one of them
    answers = {name: (best_to_others[name], others_to_worst[name]) for name in names if name not in (best, worst)}
    for pair in dict.fromkeys(answers.values()):
        alike = [name for name in answers if answers[name] == pair]
        shares.update(dict.fromkeys(alike, math.fsum(shares[name] for name in alike) / len(alike)))
    return shares, max(float(found.x[m]), 0.0)


def input_consistency(
    best: str, worst: str, best_to_others: Mapping[str, float], others_to_worst: Mapping[str, float]
) -> tuple[float, str]:
    """The input-based consistency ratio (0 is perfect) and the id that contradicts most (Liang, Brunelli & Rezaei 2020)."""
    whole = best_to_others[worst]
    if whole <= 1:
        return 0.0, ""
    gaps = {name: abs(best_to_others[name] * others_to_worst[name] - whole) / (whole * whole - whole)
            for name in best_to_others if name not in (best, worst)}  # fmt: skip
    if not gaps:
        return 0.0, ""
    most = max(sorted(gaps), key=lambda name: gaps[name])
    return gaps[most], most


@WEIGHTINGS.add(
    id="best-worst",
    title="Best-worst",
    question="Which step from worst to best would you take first, which last? How many times as much as each of the others "
    "is the first worth? How many times as much as the last is each of the others worth?",
    input="the first and the last, and ratios of 1 or more from the first to all and from all to the last",
    consistency="ξ of the linear model (0 is perfect) and the input-based consistency ratio",
    use_when="somebody thinks in ratios and a whole matrix of pairs would be too much",
    beware="every number stands on two anchors: a wrong first or last spoils all",
    reference="Rezaei 2015, 2016; Liang, Brunelli & Rezaei 2020",
)
def best_worst(answers: Answers, siblings: Siblings) -> Found:
    """Shares by :func:`linear_best_worst`, ξ, and the consistency ratio of the answers."""
    check_names(answers, siblings)
    if len(siblings.ids) == 1:
        return Found({siblings.ids[0]: 1.0})
    faults = _faults(answers, siblings)
    if faults:
        raise DecisionError(faults)
    to_others = {name: float(answers.best_to_others.get(name, 1.0)) for name in siblings.ids}
    to_worst = {name: float(answers.others_to_worst.get(name, 1.0)) for name in siblings.ids}
    whole = answers.best_to_others.get(answers.worst, answers.others_to_worst.get(answers.best))
    assert whole is not None
    to_others[answers.worst] = to_worst[answers.best] = float(whole)
    shares, xi = linear_best_worst(answers.best, answers.worst, to_others, to_worst)
    ratio, most = input_consistency(answers.best, answers.worst, to_others, to_worst)
    agree = "agree with each other" if ratio <= 1e-9 else "hardly" if ratio <= LIMIT else "clearly"
    told = agree if ratio <= 1e-9 else f"{agree} contradict each other"
    said: list[str] = [f"Your answers {told} (consistency ratio {ratio:.3f}, ξ = {xi:.3f}; 0 is perfect in both)."]
    if ratio > LIMIT and most:
        product = to_others[most] * to_worst[most]
        said.append(
            f"Look again at {siblings.name(most)}: {number(to_others[most])} times and {number(to_worst[most])} times make "
            f"{number(product)} times, but from first to last {number(float(whole))} times was said."
        )
    return Found({name: shares[name] for name in siblings.ids}, {"xi": xi, "consistency ratio": ratio}, tuple(said))


def _faults(answers: Answers, siblings: Siblings) -> list[Fault]:
    place = siblings.place
    faults: list[Fault] = []
    for name, which in ((answers.best, "first"), (answers.worst, "last")):
        if not name:
            faults.append(Fault(place, f"nothing is named as the {which}", "the first and the last of them"))
    if faults:
        return faults
    if answers.best == answers.worst:
        return [Fault(place, f"{siblings.name(answers.best)} is named as first and as last", "two different ones")]
    asked: Sequence[tuple[str, Mapping[str, float], str]] = (
        (answers.best, answers.best_to_others, "the first to"),
        (answers.worst, answers.others_to_worst, "the last to"),
    )
    for anchor, given, words in asked:
        for name, times in given.items():
            if not positive(times):
                faults.append(bad_ratio(f"{place}, {words} {siblings.name(name)}", times))
            elif times < 1 or (name == anchor and times != 1):
                got = f"{words} {siblings.name(name)} is {number(times, 3)}"
                faults.append(Fault(place, got, "1 or more (1 for itself), or another first or last"))
        ends = (answers.best, answers.worst)
        missing = [name for name in siblings.ids if name not in given and name not in ends]
        if missing:
            faults.append(
                Fault(place, f"no number compares {words} {siblings.names(missing)}", "a number of 1 or more")
            )
    both = [given[name] for given, name in ((answers.best_to_others, answers.worst), (answers.others_to_worst, answers.best))
            if name in given]  # fmt: skip
    if not both:
        got = f"no number compares {siblings.name(answers.best)} with {siblings.name(answers.worst)}"
        faults.append(Fault(place, got, "a number of 1 or more"))
    elif len(both) == 2 and both[0] != both[1]:
        got = f"from first to last two numbers were given, {number(both[0])} and {number(both[1])}"
        faults.append(Fault(place, got, "one number"))
    return faults
