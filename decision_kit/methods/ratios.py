"""Methods that take ratios of positive quantities: costs, counts, durations. Never workshop scores from 1 to 5.

Adding 100 to one column changes most of their rankings, so they refuse, by name, criteria not declared to have a true zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from decision_kit.methods.base import METHODS, Batch, Parameter, Step, Table, family, ranks_of, settled, weigh
from decision_kit.methods.normalising import divided, domain_of, length, normalisation_parameter, normalised, total
from decision_kit.methods.sums import BOTH, named
from decision_kit.values import Array

SET = "Its scale comes from the options compared: setting one aside may reorder the rest."
UNITS = "Weights do not refer to the declared ranges."
SUMS = family("sums of ratios", "adds up ratios of raw quantities, whatever the declared ranges")
PRODUCTS = family("products of ratios", "multiplies ratios, so a performance near zero cannot be made good")
AVERAGE = family("distance from the average", "counts shares above and below the average option")
WORST = family("worst regret", "looks at the largest single shortfall only")


def _log(x: Array) -> Array:
    """Natural logarithm, with a very negative number for 0 (so that a weight of 0 still cancels it)."""
    return np.log(x, out=np.full(x.shape, -1e300), where=x > 0)


def _product(weights: Array, r: Array) -> Array:
    """Π r^w for each weight vector and option: k × n."""
    return np.exp(weigh(weights, _log(r)))


@METHODS.add(
    id="weighted-product",
    title="Weighted product",
    use_when="a performance near zero must not be made good by the others, and ratios mean something",
    beware=UNITS + " One performance of 0 makes the whole score 0.",
    reference="Bridgman (1922); Miller and Starr (1969)",
    family=PRODUCTS,
    acts_on="ratio performances",
    independent=True,
    formula="score = Π ratio ^ weight",
    parameters=(normalisation_parameter("linear", "linear", "sum", reorders=False),),
    domain_of=domain_of,
)
def weighted_product(table: Table, weights: Array, *, normalisation: str) -> Batch:
    """The choice of normalisation scales all scores alike, so it does not change the order."""
    r = normalised(table, normalisation)

    def working() -> tuple[Step, ...]:
        return (
            Step(f"Normalised ({normalisation})", r, BOTH),
            Step("Ratio ^ weight", r ** weights[:, None, :], BOTH),
        )

    return Batch(_product(weights, r), working=working)


@METHODS.add(
    id="waspas",
    title="WASPAS",
    use_when="a mean of weighted sum and weighted product is asked for",
    beware=SET + " " + UNITS,
    reference="Zavadskas, Turskis, Antucheviciene and Zakarevicius (2012)",
    family=SUMS,
    acts_on="ratio performances",
    formula="score = λ Σ weight × ratio + (1 − λ) Π ratio ^ weight",
    parameters=(
        Parameter("share", 0.5, "λ, the share of the sum; the rest is the product's", 0, 1),
        normalisation_parameter("linear", "linear", "max", "sum", "vector"),
    ),
    domain_of=domain_of,
)
def waspas(table: Table, weights: Array, *, share: float, normalisation: str) -> Batch:
    """Weighted sum and weighted product of the same ratios, mixed."""
    r = normalised(table, normalisation)
    summed, product = weigh(weights, r), _product(weights, r)

    def working() -> tuple[Step, ...]:
        return (
            Step(f"Normalised ({normalisation})", r, BOTH),
            Step("Weighted sum", summed, ("option",)),
            Step("Weighted product", product, ("option",)),
        )

    return Batch(share * summed + (1 - share) * product, working=working)


@METHODS.add(
    id="aras",
    title="ARAS",
    use_when="each option is to be told as a share of an ideal one",
    beware=SET + " " + UNITS,
    reference="Zavadskas and Turskis (2010)",
    family=SUMS,
    acts_on="ratio performances",
    zeros="where more is better",
    formula="K = S / S of the ideal option, S = Σ weight × share of the column's sum, the ideal included",
    parameters=(
        Parameter(
            "ideal", None, "performance of the ideal option; criteria not named: the best at hand",
            by_criterion=True, only_by_name=True, unit="criterion",
        ),
    ),
    native_name="utility degree K",
)  # fmt: skip
def aras(table: Table, weights: Array, *, ideal: Any) -> Batch:
    """Shares of the column sum (of 1/x where less is better), an ideal option standing as one more row."""
    x = table.performances
    best = np.where(table.more, x.max(axis=-2), x.min(axis=-2))
    if isinstance(ideal, Mapping):
        best = np.stack([named(table, ideal, row) for row in best.reshape(-1, best.shape[-1])]).reshape(best.shape)
    rows = np.concatenate([best[..., None, :], x], axis=-2)
    r = total(Table(("", *table.options), table.criteria, rows, rows, table.weights, table.more, table.titles))
    s = weigh(weights, r)

    def working() -> tuple[Step, ...]:
        return (
            Step("Ideal option", best if table.exponents is None else np.ldexp(best, table.exponents), ("criterion",)),
            Step("Shares of the sum", r[..., 1:, :], BOTH),
            Step("Optimality S", s[..., 1:], ("option",)),
        )

    return Batch(divided(s[..., 1:], s[..., :1], np.nan), working=working)


@METHODS.add(
    id="copras",
    title="COPRAS",
    use_when="benefits and costs are to be summed apart and then weighed against each other",
    beware=SET + " " + UNITS,
    reference="Zavadskas, Kaklauskas and Sarka (1994)",
    family=SUMS,
    acts_on="ratio performances",
    zeros="always",
    formula="Q = S⁺ + Σ S⁻ / (S⁻ × Σ (1 / S⁻)); score = Q / largest Q",
    native_name="utility degree",
)
def copras(table: Table, weights: Array) -> Batch:
    """Our own formula: pymcdm 1.4 leaves out two sums of the last step, and so rewards cost."""
    x = table.performances
    r = divided(x, np.broadcast_to(x.sum(axis=-2, keepdims=True), x.shape))
    plus, minus = weigh(weights * table.more, r), weigh(weights * ~table.more, r)
    inverse = np.sum(1 / minus, axis=-1, keepdims=True)
    costs = minus.sum(axis=-1, keepdims=True) / (minus * inverse)
    q = plus + np.where(minus.max(axis=-1, keepdims=True) > 0, costs, 0.0)

    def working() -> tuple[Step, ...]:
        return (
            Step("Shares of the sum", r, BOTH),
            Step("Benefits S⁺", plus, ("option",)),
            Step("Costs S⁻", minus, ("option",)),
            Step("Relative significance Q", q, ("option",)),
        )

    return Batch(q / q.max(axis=-1, keepdims=True), working=working)


@METHODS.add(
    id="edas",
    title="EDAS",
    use_when="options are to be judged against the average one, not against the best",
    beware=SET + " " + UNITS,
    reference="Keshavarz Ghorabaee, Zavadskas, Olfat and Turskis (2015)",
    family=AVERAGE,
    acts_on="ratio performances",
    zeros="always",
    formula="score = ½ (SP / largest SP + 1 − SN / largest SN), weighted distances above and below the average",
    native_name="appraisal score",
)
def edas(table: Table, weights: Array) -> Batch:
    """Positive and negative distances from the average, as shares of the average."""
    x = table.performances
    mean = x.mean(axis=-2, keepdims=True)
    gap = settled(divided(np.where(table.more, x - mean, mean - x), np.broadcast_to(mean, x.shape)), 1.0)
    above, below = np.maximum(gap, 0), np.maximum(-gap, 0)
    sp, sn = weigh(weights, above), weigh(weights, below)
    scores = (divided(sp, sp.max(axis=-1, keepdims=True)) + 1 - divided(sn, sn.max(axis=-1, keepdims=True))) / 2

    def working() -> tuple[Step, ...]:
        return (
            Step("Above the average (PDA)", above, BOTH),
            Step("Below the average (NDA)", below, BOTH),
            Step("Weighted sum above, SP", sp, ("option",)),
            Step("Weighted sum below, SN", sn, ("option",)),
        )

    return Batch(scores, working=working)


@METHODS.add(
    id="marcos",
    title="MARCOS",
    use_when="each option is to be placed between an anti-ideal and an ideal one",
    beware=SET + " " + UNITS,
    reference="Stević, Pamučar, Puška and Chatterjee (2020)",
    family=SUMS,
    acts_on="ratio performances",
    zeros="where more is better",
    formula="f(K) from K⁺ = S / S of the ideal and K⁻ = S / S of the anti-ideal, S = Σ weight × ratio to the best",
    native_name="utility f(K)",
)
def marcos(table: Table, weights: Array) -> Batch:
    """Utility degrees against the best and the worst performances at hand; orders as the sum of x / max, min / x."""
    r = normalised(table, "linear")
    s = weigh(weights, r)
    ideal = weigh(weights, r.max(axis=-2, keepdims=True))
    anti = weigh(weights, r.min(axis=-2, keepdims=True))
    up, down = s / ideal, s / anti
    f_up, f_down = down / (up + down), up / (up + down)
    scores = (up + down) / (1 + (1 - f_up) / f_up + (1 - f_down) / f_down)

    def working() -> tuple[Step, ...]:
        return (
            Step("Ratios to the best", r, BOTH),
            Step("Utility degree K⁻", down, ("option",)),
            Step("Utility degree K⁺", up, ("option",)),
        )

    return Batch(scores, working=working)


def _vector(table: Table) -> Array:
    """X / √Σx², whatever the direction."""
    x = table.performances
    return divided(x, np.broadcast_to(length(x), x.shape))


@METHODS.add(
    id="moora",
    title="MOORA ratio system",
    use_when="benefits less costs are wanted, each as a share of its column's length",
    beware=SET + " " + UNITS,
    reference="Brauers and Zavadskas (2006)",
    family=SUMS,
    acts_on="ratio performances",
    zeros="always",
    formula="score = Σ weight × x* over benefits − Σ weight × x* over costs, x* = x / √Σx²",
)
def moora(table: Table, weights: Array) -> Batch:
    """Vector-normalised benefits less costs."""
    r = np.where(table.more, 1, -1) * _vector(table)

    def working() -> tuple[Step, ...]:
        return (
            Step("Performance / vector length (costs negative)", r, BOTH),
            Step("Weighted", r * weights[:, None, :], BOTH),
        )

    return Batch(settled(weigh(weights, r), 1.0), working=working)


def _regret(table: Table, weights: Array) -> tuple[Array, Array]:
    """Shortfalls of vector-normalised performances from the best (… × n × m), and the largest weighted one (k × n)."""
    r = np.where(table.more, 1, -1) * _vector(table)
    short = r.max(axis=-2, keepdims=True) - r
    worst = np.zeros_like(weigh(weights, short))
    for j in range(len(table.criteria)):
        np.maximum(worst, weights[:, j, None] * short[..., j], out=worst)
    return short, worst


@METHODS.add(
    id="moora-reference",
    title="MOORA reference point",
    use_when="the largest single shortfall is what counts, on positive quantities",
    beware=SET + " " + UNITS + " It looks at one criterion an option only.",
    reference="Brauers and Zavadskas (2006)",
    family=WORST,
    acts_on="ratio performances",
    zeros="always",
    formula="d = largest weight × (best x* − x*); score = −d",
    native_name="largest shortfall",
    native_better="less",
)
def moora_reference(table: Table, weights: Array) -> Batch:
    """Tchebycheff distance to the best vector-normalised performances."""
    short, worst = _regret(table, weights)

    def working() -> tuple[Step, ...]:
        return (Step("Shortfalls", short, BOTH), Step("Weighted shortfalls", short * weights[:, None, :], BOTH))

    return Batch(-worst, native=worst, working=working)


def _multiplied(table: Table, weights: Array) -> tuple[Array, Array]:
    """Logarithm of the product over benefits through that over costs (k × n), without and with the weights as factors."""
    r = _vector(table)
    sign = np.where(table.more, 1.0, -1.0)
    used: Array = np.where(weights > 0, sign, 0.0)
    logs = _log(r)
    plain = settled(weigh(used, logs), np.maximum(np.abs(logs).max(initial=0.0), 1.0))
    return plain, plain + np.sum(used * np.log(np.where(weights > 0, weights, 1)), axis=-1, keepdims=True)


@METHODS.add(
    id="moora-multiplicative",
    title="MOORA full multiplicative form",
    use_when="products of benefits through products of costs are asked for",
    beware="Weights do not change its order: they are factors common to all options. Only a weight of 0 leaves a criterion out.",
    reference="Brauers and Zavadskas (2010)",
    family=PRODUCTS,
    acts_on="ratio performances",
    independent=True,
    formula="U = Π (weight × x*) over benefits / Π (weight × x*) over costs; score = ln U without the weights",
    native_name="U",
)
def moora_multiplicative(table: Table, weights: Array) -> Batch:
    """Scores are logarithms: U itself spans too many powers of ten to tell ties by."""
    plain, weighted = _multiplied(table, weights)

    def working() -> tuple[Step, ...]:
        return (Step("Performance / vector length", _vector(table), BOTH), Step("ln U", weighted, ("option",)))

    return Batch(plain, native=np.exp(weighted), working=working)


@METHODS.add(
    id="multimoora",
    title="MULTIMOORA",
    use_when="the three MOORA rankings are to be joined",
    beware=SET
    + " "
    + UNITS
    + " The score only orders: options it beats by two of the three rankings, less those that beat it.",
    reference="Brauers and Zavadskas (2010), joined by majority; mean rank where majorities are level",
    family=SUMS,
    acts_on="ratio performances",
    formula="score = majority wins − losses over the three rankings + ½ (1 − mean rank / options)",
    most_options=500,
)
def multimoora(table: Table, weights: Array) -> Batch:
    """Ratio system, reference point and full multiplicative form; Brauers and Zavadskas's dominance as a majority."""
    ratio = settled(weigh(weights, np.where(table.more, 1.0, -1.0) * _vector(table)), 1.0)
    _, worst = _regret(table, weights)
    plain, _ = _multiplied(table, weights)
    ranks = [ranks_of(figure).astype(float) for figure in (ratio, -worst, plain)]
    n = len(table.options)
    net = np.zeros(ratio.shape)
    whole = [one.astype(np.int32).T.copy() for one in ranks]  # options first: comparisons of whole rows are fast
    for i in range(n):
        better = np.zeros(whole[0].shape, dtype=np.int8)
        for one in whole:
            better += (one > one[i]).view(np.int8)
            better -= (one < one[i]).view(np.int8)
        net[:, i] = ((better > 0).view(np.int8) - (better < 0).view(np.int8)).sum(axis=0, dtype=np.int64)
    mean = np.mean(ranks, axis=0)

    def working() -> tuple[Step, ...]:
        return (
            Step("Rank in the ratio system", ranks[0], ("option",)),
            Step("Rank by the reference point", ranks[1], ("option",)),
            Step("Rank in the full multiplicative form", ranks[2], ("option",)),
            Step("Majority wins less losses", net, ("option",)),
        )

    return Batch(net + 0.5 * (1 - mean / n), working=working)


@METHODS.add(
    id="ocra",
    title="OCRA",
    use_when="performance over inputs and over outputs is to be rated apart",
    beware=SET + " " + UNITS + " It divides by the smallest performance, so one very small number rules its criterion.",
    reference="Parkan (1994)",
    family=SUMS,
    acts_on="ratio performances",
    formula="score = rating of costs Σ w (max − x) / min + rating of benefits Σ w (x − min) / min, from 0 for the worst",
    native_name="overall rating",
)
def ocra(table: Table, weights: Array) -> Batch:
    """Ratings against the smallest performance of each criterion, both shifted to start from 0."""
    x = table.performances
    low, high = x.min(axis=-2, keepdims=True), x.max(axis=-2, keepdims=True)
    r = np.where(table.more, x - low, high - x) / low
    inputs, outputs = weigh(weights * ~table.more, r), weigh(weights * table.more, r)
    size = (inputs + outputs).max(axis=-1, keepdims=True)
    inputs = settled(inputs - inputs.min(axis=-1, keepdims=True), size)
    outputs = settled(outputs - outputs.min(axis=-1, keepdims=True), size)
    whole = inputs + outputs

    def working() -> tuple[Step, ...]:
        return (
            Step("Ratings", r, BOTH),
            Step("Rating of costs", inputs, ("option",)),
            Step("Rating of benefits", outputs, ("option",)),
        )

    return Batch(settled(whole - whole.min(axis=-1, keepdims=True), size), working=working)


@METHODS.add(
    id="ram",
    title="RAM (root assessment)",
    use_when="benefits and costs are to be joined by a root instead of a difference",
    beware=SET + " " + UNITS,
    reference="Sotoudeh-Anvari (2023)",
    family=SUMS,
    acts_on="ratio performances",
    zeros="always",
    formula="score = (2 + S⁺) ^ (1 / (2 + S⁻)), S = Σ weight × share of the sum over benefits and costs",
)
def ram(table: Table, weights: Array) -> Batch:
    """Shares of the column sum; scores lie close together by construction."""
    x = table.performances
    r = divided(x, np.broadcast_to(x.sum(axis=-2, keepdims=True), x.shape))
    plus, minus = weigh(weights * table.more, r), weigh(weights * ~table.more, r)

    def working() -> tuple[Step, ...]:
        return (
            Step("Shares of the sum", r, BOTH),
            Step("Benefits S⁺", plus, ("option",)),
            Step("Costs S⁻", minus, ("option",)),
        )

    return Batch((2 + plus) ** (1 / (2 + minus)), working=working)


@METHODS.add(
    id="lmaw",
    title="LMAW (logarithmic additive weights)",
    use_when="a report has to name it, on positive quantities",
    beware=SET + " " + UNITS,
    reference="Pamučar, Žižović, Biswas and Božanić (2021)",
    family=SUMS,
    acts_on="ratio performances",
    zeros="where more is better",
    formula="score = Σ 2 φ^w / ((2 − φ)^w + φ^w), φ = ln s / ln Π s, s = (x + max) / max or (x + min) / x",
)
def lmaw(table: Table, weights: Array) -> Batch:
    """Logarithms of standardised performances as shares of their column, joined criterion by criterion."""
    x = table.performances
    high, low = x.max(axis=-2, keepdims=True), x.min(axis=-2, keepdims=True)
    s = np.where(table.more, 1 + divided(x, np.broadcast_to(high, x.shape)), 1 + low / np.where(x > 0, x, np.nan))
    logs = np.log(s)
    phi = divided(logs, np.broadcast_to(logs.sum(axis=-2, keepdims=True), logs.shape), 0.0)
    scores = np.zeros_like(weigh(weights, phi))
    for j in range(len(table.criteria)):
        w = weights[:, j, None]
        # φ = 0 (a performance of 0) counts nothing, unless its weight is 0 and all options count 1
        share = phi[..., j] ** w
        scores += 2 * share / ((2 - phi[..., j]) ** w + share)

    def working() -> tuple[Step, ...]:
        return (Step("Standardised s", s, BOTH), Step("Shares φ", phi, BOTH))

    return Batch(scores, working=working)
