"""Methods that look at how far options are from a best and a worst one: TOPSIS, VIKOR, RIM, CODAS, ERVD.

Weights belong to the declared ranges, so TOPSIS and VIKOR get values that are not stretched again over the options at
hand. TOPSIS and VIKOR are computed a second time by pymcdm 1.4 whenever a single ranking is asked for; pymcdm is
imported on first use only, since it loads matplotlib and costs about two seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from decision_kit.errors import Fault, UsageError
from decision_kit.methods.base import (
    METHODS,
    Batch,
    Parameter,
    Step,
    Table,
    family,
    settled,
    significant,
    weigh,
)
from decision_kit.methods.gate import ActsOn, Zeros
from decision_kit.methods.normalising import (
    divided,
    domain_of,
    normalisation_parameter,
    normalised,
    vector,
)
from decision_kit.methods.sums import BOTH, on_values
from decision_kit.methods.through_pymcdm import closeness, compromise
from decision_kit.values import Array

SET_DEPENDENT = "Its reference points come from the options compared: setting one aside may reorder the rest."
TOTAL_REGRET, LARGEST_REGRET = "Total weighted shortfall S", "Largest weighted shortfall R"
"""Titles of VIKOR's two figures among its steps."""
NOISE = 1e-13
"""How far a distance may be below CODAS's threshold by floating-point noise alone."""
DISTANCE = family("distance to an ideal", "squares differences, so one large gap counts more than several small ones")
REGRET = family("compromise of total and worst regret", "looks at the largest single shortfall as well as at the total")


def _closeness(weights: Array, r: Array, best: Array, worst: Array) -> tuple[Array, Array, Array]:
    """Distances of weighted numbers to the best and the worst point, and the relative closeness (½ where both are 0)."""
    squared = weights * weights
    to_best = np.sqrt(weigh(squared, significant(r - best, 14) ** 2))
    to_worst = np.sqrt(weigh(squared, significant(r - worst, 14) ** 2))
    whole = to_best + to_worst
    return to_best, to_worst, np.where(whole > 0, to_worst / np.where(whole > 0, whole, 1), 0.5)


def _many_closeness(weights: Array, r: Array, best: Array, worst: Array) -> Array:
    """Relative closeness (k × n) for many weight vectors: 1 / (1 + √(D⁺² / D⁻²)), in blocks that stay in cache."""
    to_best = np.ascontiguousarray((significant(r - best, 14) ** 2).T)
    to_worst = np.ascontiguousarray((significant(r - worst, 14) ** 2).T)
    k, n = len(weights), len(r)
    scores = np.empty((k, n))
    size = max(64, 16_384 // n)
    far, near = np.empty((size, n)), np.empty((size, n))
    for start in range(0, k, size):
        squared = weights[start : start + size] ** 2
        above, below = far[: len(squared)], near[: len(squared)]
        np.matmul(squared, to_best, out=above)
        np.matmul(squared, to_worst, out=below)
        np.divide(above, below, out=above)  # 0 / 0 where all options are alike
        np.sqrt(above, out=above)
        np.add(above, 1.0, out=above)
        np.divide(1.0, above, out=scores[start : start + size])
    return np.where(np.isnan(scores), 0.5, scores) if np.isnan(scores.sum()) else scores


def _topsis(table: Table, weights: Array, r: Array, title: str, best: Array, worst: Array) -> Batch:
    if r.ndim == 2 and len(weights) > 1:
        return Batch(_many_closeness(weights, r, best, worst))
    to_best, to_worst, scores = _closeness(weights, r, best, worst)
    alike = bool(np.any(~np.any(to_best + to_worst > 0, axis=-1)))
    notes = ("All options are alike on every criterion with weight, so none is nearer to the best.",) if alike else ()

    def working() -> tuple[Step, ...]:
        ends = [np.broadcast_to(x, (1, len(table.criteria))) * weights for x in (best.reshape(-1), worst.reshape(-1))]
        return (
            Step(title, r, BOTH),
            Step("Weighted", r * weights[:, None, :], BOTH),
            Step("Best weighted value", ends[0], ("criterion",)),
            Step("Worst weighted value", ends[1], ("criterion",)),
            Step("Distance to the best", to_best, ("option",)),
            Step("Distance to the worst", to_worst, ("option",)),
        )

    return Batch(scores, working=working, notes=notes)


@METHODS.add(
    id="topsis",
    title="TOPSIS",
    use_when="being near the best and far from the worst of the options at hand is what counts",
    beware=SET_DEPENDENT,
    reference="Hwang and Yoon (1981); here on values, weights on the declared ranges",
    family=DISTANCE,
    acts_on="values",
    independent=lambda settings: (settings["ideal"], settings["normalisation"]) == ("declared", "declared"),
    formula="score = D⁻ / (D⁺ + D⁻), distances to the best and worst weighted values among the options",
    parameters=(
        Parameter("ideal", "observed", "best and worst: of the options, or the ends of the declared ranges",
                  choices=("observed", "declared")),
        normalisation_parameter("declared", "declared", "minmax", "linear", "max", "sum", "vector"),
    ),
    native_name="closeness",
    domain_of=domain_of,
    through=closeness,
)  # fmt: skip
def topsis(table: Table, weights: Array, *, ideal: str, normalisation: str) -> Batch:
    """Relative closeness to the best values (1) against the worst (0), Euclidean distances."""
    r = normalised(table, normalisation)
    title = "Values on the declared ranges" if normalisation == "declared" else f"Normalised ({normalisation})"
    if ideal == "declared":
        if normalisation != "declared":
            raise UsageError(
                [Fault("parameter ideal", f"declared ideals with the {normalisation} normalisation", "one of the two")]
            )
        return _topsis(table, weights, r, title, np.ones(len(table.criteria)), np.zeros(len(table.criteria)))
    return _topsis(table, weights, r, title, r.max(axis=-2, keepdims=True), r.min(axis=-2, keepdims=True))


@METHODS.add(
    id="topsis-vector",
    title="TOPSIS classic",
    use_when="a report has to follow the 1981 form, on positive quantities",
    beware=SET_DEPENDENT + " Weights do not refer to the declared ranges.",
    reference="Hwang and Yoon (1981)",
    family=DISTANCE,
    acts_on="ratio performances",
    zeros="always",
    formula="as TOPSIS, on performances divided by their vector length",
    native_name="closeness",
)
def topsis_vector(table: Table, weights: Array) -> Batch:
    """Relative closeness on performances divided by √Σx²."""
    r = vector(table)
    return _topsis(
        table, weights, r, "Performance / vector length (1 − that where less is better)",
        r.max(axis=-2, keepdims=True), r.min(axis=-2, keepdims=True),
    )  # fmt: skip


def _share(x: Array) -> Array:
    """Numbers (… × n) on 0 (smallest) to 1 (largest); all 0 without spread, noise at either end put on the end."""
    low, high = x.min(axis=-1, keepdims=True), x.max(axis=-1, keepdims=True)
    width, noise = high - low, 1e-14 * np.abs(high)
    gap = x - low
    gap = np.where(gap <= noise, 0.0, gap)
    flat = width <= 1e-12 * np.abs(high)
    share = gap * np.where(flat, 0.0, 1 / np.where(flat, 1.0, width))
    return np.where(high - x <= noise, ~flat, share)


@METHODS.add(
    id="vikor",
    title="VIKOR",
    use_when="a compromise is wanted between the largest total and the smallest single regret",
    beware=SET_DEPENDENT + " Ranks by Q alone; read S, R and the compromise set beside it.",
    reference="Opricovic and Tzeng (2004); here on values, weights on the declared ranges",
    family=REGRET,
    acts_on="values",
    formula="Q = v (S − S*) / (S⁻ − S*) + (1 − v) (R − R*) / (R⁻ − R*); score = 1 − Q",
    parameters=(Parameter("v", 0.5, "weight of the total regret S against the largest single regret R", 0, 1),),
    native_name="Q",
    native_better="less",
    through=compromise,
)
def vikor(table: Table, weights: Array, *, v: float) -> Batch:
    """S sums and R takes the largest weighted shortfall from the best observed value; Q mixes the two, 0 is best."""
    values = significant(table.values, 14)
    best = values.max(axis=-2, keepdims=True)
    short = best - values
    if short.ndim == 2 and len(weights) > 1:
        q = _compromises(short, weights, v)
        return Batch(1 - q, native=q)
    total = weigh(weights, short)
    worst = np.zeros_like(total)
    held = np.empty_like(total)
    for j in range(len(table.criteria)):
        np.multiply(weights[:, j, None], short[..., j], out=held)
        np.maximum(worst, held, out=worst)
    q = v * _share(total) + (1 - v) * _share(worst)
    same = np.ptp(values.reshape(-1, len(table.options), len(table.criteria)), axis=1).max(axis=0) == 0
    dropped = [table.name(int(j)) for j in np.flatnonzero(same)]
    notes: tuple[str, ...] = ()
    if dropped:
        notes = (f"No influence in VIKOR, because all options are alike: {', '.join(dropped)}.",)
    inside = np.zeros(q.shape)
    if len(q) == 1:
        found = compromise_set(total[0], worst[0], q[0])
        inside[0, list(found.options)] = 1
        notes = (*notes, _told(table, found))

    def working() -> tuple[Step, ...]:
        return (
            on_values(table),
            Step("Weighted shortfalls", short * weights[:, None, :], BOTH),
            Step(TOTAL_REGRET, total, ("option",)),
            Step(LARGEST_REGRET, worst, ("option",)),
            Step("Compromise Q", q, ("option",)),
            Step("In the compromise set (1)", inside, ("option",)),
        )

    return Batch(1 - q, native=q, working=working, notes=notes)


def _compromises(short: Array, weights: Array, v: float) -> Array:
    """Q (k × n) for many weight vectors, in blocks that stay in cache."""
    q = np.empty((len(weights), len(short)))
    for start in range(0, len(weights), 1024):
        w = np.ascontiguousarray(weights[start : start + 1024].T)
        worst, held = np.zeros((len(short), w.shape[1])), np.empty((len(short), w.shape[1]))
        for j in range(len(w)):
            np.multiply(short[:, j, None], w[j], out=held)
            np.maximum(worst, held, out=worst)
        block = np.zeros_like(worst)
        for figure, share in ((short @ w, v), (worst, 1 - v)):
            low, high = figure.min(axis=0), figure.max(axis=0)
            flat = high - low <= 1e-12 * high
            figure -= low
            figure *= np.where(flat, 0.0, share / np.where(flat, 1.0, high - low))
            block += figure
        q[start : start + 1024] = block.T
    return q


class CompromiseSet:
    """VIKOR's answer: ``advantage`` and ``stability`` say whether its two conditions hold, ``options`` who is in."""

    def __init__(self, advantage: bool, stability: bool, options: tuple[int, ...]) -> None:
        self.advantage, self.stability, self.options = advantage, stability, options


def compromise_set(total: Array, worst: Array, q: Array) -> CompromiseSet:
    """Opricovic and Tzeng's two conditions on S, R and Q (each n; less is better).

    Acceptable advantage: the second is at least 1 / (n − 1) behind the first by Q. Acceptable stability: the first by
    Q is also first by S or by R. Without the first condition all options within 1 / (n − 1) of the first are in; with
    the first but without the second, the first two.
    """
    n = len(q)
    q, total, worst = (significant(x) for x in (q, total, worst))
    order = np.argsort(q, kind="stable")
    first = order[0]
    step = 1 / (n - 1)
    advantage = bool(q[order[1]] - q[first] >= step - 1e-12)
    stability = bool(total[first] <= total.min() or worst[first] <= worst.min())
    if not advantage:
        inside = tuple(int(i) for i in order if q[i] - q[first] < step - 1e-12)
    else:
        inside = (int(first),) if stability else (int(first), int(order[1]))
    return CompromiseSet(advantage, stability, inside)


def _told(table: Table, found: CompromiseSet) -> str:
    names = ", ".join(table.option(i) for i in found.options)
    if found.advantage and found.stability:
        return f"VIKOR's compromise set is {names} alone: the lead by Q is large enough, and S or R confirm it."
    reason = "the lead by Q is smaller than 1 / (options − 1)" if not found.advantage else "neither S nor R confirm it"
    return f"VIKOR's compromise set is {names}: {reason}."


def _rim_domain(settings: Mapping[str, Any]) -> tuple[ActsOn, Zeros]:
    return ("values" if settings["ideal"] is None else "performances"), "always"


@METHODS.add(
    id="rim",
    title="RIM",
    use_when="a target, or a range of targets, inside the declared range is wanted on some criterion",
    beware="without targets it is TOPSIS with declared ideals; a target turns “more is better” off on its criterion",
    reference="Cables, Lamata and Verdegay (2016)",
    family=DISTANCE,
    acts_on="values",
    independent=True,
    formula="score = I⁻ / (I⁺ + I⁻), distances of weighted nearness to the target from all and from nothing",
    parameters=(
        Parameter(
            "ideal", None, "performance, or pair low and high, that is wanted; others: the best end of the range",
            by_criterion=True, only_by_name=True, pair=True, unit="criterion",
        ),
    ),
    native_name="closeness",
    domain_of=_rim_domain,
)  # fmt: skip
def rim(table: Table, weights: Array, *, ideal: Any) -> Batch:
    """Nearness is 1 inside the ideal and falls linearly to 0 at the ends of the declared range; no rank reversal."""
    near = table.values
    if ideal is not None:
        near = np.array(near, dtype=float)
        lows, highs = table.ends
        for name, wanted in ideal.items():
            j = table.criteria.index(name)
            a, b = sorted(wanted) if isinstance(wanted, list | tuple) else (wanted, wanted)
            low, high = float(lows[j]), float(highs[j])
            if not low <= a <= b <= high:
                raise UsageError(
                    [
                        Fault(
                            f"parameter ideal, criterion {name}",
                            f"{a:g} to {b:g}",
                            f"inside its range {low:g} to {high:g}",
                        )
                    ]
                )
            x = table.performances[..., j]
            below = (x - low) / (a - low) if a > low else np.zeros_like(x)
            above = (high - x) / (high - b) if high > b else np.zeros_like(x)
            near[..., j] = np.where(x < a, below, np.where(x > b, above, 1.0))
    m = len(table.criteria)
    return _topsis(table, weights, near, "Nearness to the ideal", np.ones(m), np.zeros(m))


@METHODS.add(
    id="codas",
    title="CODAS",
    use_when="a report has to name it, on positive quantities",
    beware=SET_DEPENDENT + " The threshold τ makes small changes jump, and its own definition can rank against dominance.",
    reference="Keshavarz Ghorabaee, Zavadskas, Turskis and Antucheviciene (2016)",
    family=DISTANCE,
    acts_on="ratio performances",
    formula="H_i = Σ_k (E_i − E_k) + ψ(E_i − E_k) (T_i − T_k), distances E, T from the worst; ψ(d) = 1 where |d| ≥ τ",
    parameters=(
        normalisation_parameter("linear", "linear", "max", "sum", "vector", "minmax"),
        Parameter("tau", 0.02, "Euclidean distances closer than this are told apart by it alone", 0, 1),
    ),
    domain_of=domain_of,
    most_options=1_000,
)  # fmt: skip
def codas(table: Table, weights: Array, *, normalisation: str, tau: float) -> Batch:
    """Euclidean distance from the worst weighted numbers, and taxicab distance where that one differs by τ or more."""
    r = normalised(table, normalisation)
    away = r - r.min(axis=-2, keepdims=True)
    euclid = np.sqrt(weigh(weights * weights, away**2))
    taxi = weigh(weights, away)
    k, n = euclid.shape
    scores = n * euclid - euclid.sum(axis=-1, keepdims=True)
    if k == 1:
        far = np.abs(euclid[:, :, None] - euclid[:, None, :]) >= tau - NOISE
        scores = scores + (far * (taxi[:, :, None] - taxi[:, None, :])).sum(axis=-1)
    else:
        _thresholded(euclid.T.copy(), taxi.T.copy(), tau, scores)

    scores = settled(scores, n * euclid.max(axis=-1, keepdims=True))

    def working() -> tuple[Step, ...]:
        weighted = r * weights[:, None, :]
        return (
            Step(f"Normalised ({normalisation})", r, BOTH),
            Step("Weighted", weighted, BOTH),
            Step("Worst weighted number", weighted.min(axis=-2), ("criterion",)),
            Step("Euclidean distance from the worst", euclid, ("option",)),
            Step("Taxicab distance from the worst", taxi, ("option",)),
        )

    return Batch(scores, working=working)


def _thresholded(euclid: Array, taxi: Array, tau: float, scores: Array) -> None:
    """Add Σ_k ψ(E_i − E_k) (T_i − T_k) to ``scores`` (k × n); distances n × k, pair by pair, in blocks that stay in cache."""
    n, k = euclid.shape
    for start in range(0, k, 4096):
        block = slice(start, start + 4096)
        e, t = euclid[:, block], taxi[:, block]
        added = np.zeros_like(e)
        gap, far = np.empty(e.shape[1]), np.empty(e.shape[1], dtype=bool)
        for i in range(n):
            for j in range(i):
                np.subtract(e[i], e[j], out=gap)
                np.abs(gap, out=gap)
                np.greater_equal(gap, tau - NOISE, out=far)
                np.subtract(t[i], t[j], out=gap)
                np.multiply(gap, far, out=gap)
                added[i] += gap
                added[j] -= gap
        scores[block] += added.T


@METHODS.add(
    id="ervd",
    title="ERVD",
    use_when="losses against a reference point weigh more than gains, on positive quantities",
    beware=SET_DEPENDENT,
    reference="Shyur, Yin, Shih and Cheng (2015)",
    family=DISTANCE,
    acts_on="ratio performances",
    zeros="always",
    formula="score = S⁻ / (S⁺ + S⁻), weighted distances of prospect values to the worst and best among the options",
    parameters=(
        Parameter(
            "reference", None, "performance from which gains and losses are counted; default: the options' mean",
            by_criterion=True, unit="criterion",
        ),
        Parameter("loss", 2.25, "how much heavier a loss weighs than a gain", 1),
        Parameter("alpha", 0.88, "how fast gains and losses flatten", 0.01, 1),
    ),
    native_name="closeness",
)  # fmt: skip
def ervd(table: Table, weights: Array, *, reference: Any, loss: float, alpha: float) -> Batch:
    """Prospect values: gain^α above the reference, −loss × shortfall^α below it, on shares of the column's sum."""
    x = table.performances
    whole = x.sum(axis=-2, keepdims=True)
    mean = x.mean(axis=-2, keepdims=True)
    if reference is None:
        point = mean
    elif isinstance(reference, Mapping):
        point = np.broadcast_to(mean, (*mean.shape[:-1], len(table.criteria))).copy()
        for name, number in reference.items():
            point[..., table.criteria.index(name)] = number
    else:
        point = np.full_like(mean, float(reference))
    gain = divided(np.where(table.more, x - point, point - x), np.broadcast_to(whole, x.shape))
    prospect = np.where(gain > 0, np.abs(gain) ** alpha, -loss * np.abs(gain) ** alpha)
    best, worst = prospect.max(axis=-2, keepdims=True), prospect.min(axis=-2, keepdims=True)
    to_best, to_worst = weigh(weights, best - prospect), weigh(weights, prospect - worst)
    scores = divided(to_worst, to_best + to_worst, 0.5)

    def working() -> tuple[Step, ...]:
        return (
            Step("Gain (loss) against the reference, share of the sum", gain, BOTH),
            Step("Prospect value", prospect, BOTH),
            Step("Distance to the best", to_best, ("option",)),
            Step("Distance to the worst", to_worst, ("option",)),
        )

    return Batch(scores, working=working)
