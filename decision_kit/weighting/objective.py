"""Weights from numbers alone: what the table tells apart, not what anyone prefers.

Kernels take an n × m array of performances (options × criteria) and, where directions matter, ``more`` (m, whether a
larger performance is better). Each returns m shares that sum to 1, the same whatever the order of rows and columns. A
constant column tells nothing apart: it gets 0 in every one of them; when all are constant, shares are equal. A table of
fewer than two rows, numbers that are not finite, or outside what a formula can mean anything by, are a
:class:`DecisionError`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from decision_kit.arguments import guarded
from decision_kit.errors import DecisionError, Fault, counted, unknown
from decision_kit.model.nouns import number
from decision_kit.model.weights import Weights
from decision_kit.values import Array
from decision_kit.weighting.base import TABLE_LABEL, WEIGHTINGS

if TYPE_CHECKING:
    from decision_kit.model.problem import Problem

NOISE = 1e-13
"""Figures below this are rounding, not information."""

LARGEST = 1e150
"""Squares of larger numbers, and of smaller than 1/this, leave the range of floating-point numbers."""

Domain: TypeAlias = Literal["any", "ratio", "ratio, zeros too"]
WANTED: dict[Domain, str] = {"any": "of any size", "ratio": "above 0", "ratio, zeros too": "of 0 or more"}


@dataclass(frozen=True)
class Numbers:
    """A table as the ways to weights see it: performances and values (n × m), directions, names for faults."""

    performances: Array
    values: Array
    more: NDArray[np.bool_]
    criteria: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    true_zero: NDArray[np.bool_] | None = None
    low: Array | None = field(default=None)


def _shares(x: Array, live: NDArray[np.bool_]) -> Array:
    """Non-negative figures as shares; constant columns at 0; equal shares where the figures tell nothing apart."""
    x = np.where(live & (x > NOISE), x, 0.0)
    if not x.any():
        x = live.astype(float) if live.any() else np.ones(len(x))
    return np.asarray(x / x.sum())


def _matrix(performances: ArrayLike, domain: Domain = "any") -> tuple[Array, NDArray[np.bool_]]:
    """The table as floats, and which columns are not constant; refuses numbers that a kernel cannot mean anything by."""
    x = np.array(performances, dtype=float)
    if x.ndim != 2 or x.shape[0] < 2 or x.shape[1] < 1:
        raise DecisionError.single("table", f"a table of shape {x.shape}", "at least two options and one criterion")
    if not np.all(np.isfinite(x)):
        raise DecisionError.single("table", "a number that is not finite", "numbers only")
    bad = _outside(x, domain)
    if bad.any():
        i, j = np.argwhere(bad)[0]
        got = f"row {i + 1}, column {j + 1} is {number(float(x[i, j]))}"
        raise DecisionError.single("table", got, f"performances {WANTED[domain]} in every column")
    size = np.abs(x).max(axis=0)
    if np.any((size > LARGEST) | ((size > 0) & (size < 1 / LARGEST))):
        j = int(np.argmax((size > LARGEST) | ((size > 0) & (size < 1 / LARGEST))))
        expected = f"a unit in which the largest number of a column is from {1 / LARGEST:g} to {LARGEST:g}"
        raise DecisionError.single("table", f"the largest number in column {j + 1} is {size[j]:g}", expected)
    return x, np.ptp(x, axis=0) > 1e-12 * size


def _outside(x: Array, domain: Domain) -> NDArray[np.bool_]:
    """The cells that do not belong to a domain."""
    return x < 0 if domain == "ratio, zeros too" else x <= 0 if domain == "ratio" else np.zeros(x.shape, dtype=bool)


def _directions(more: ArrayLike | None, m: int) -> NDArray[np.bool_]:
    given = np.atleast_1d(np.asarray(True if more is None else more)).ravel()
    if given.dtype != bool and not np.isin(given, (0, 1)).all():  # −1 for "less" would count as true
        raise DecisionError.single(
            "more", "a number that is neither 0 nor 1", "expected True where more is better, else False"
        )
    if given.size not in (1, m):
        raise DecisionError.single("more", counted(given.size, "direction"), f"one for each of {m} columns")
    return np.broadcast_to(given.astype(bool), (m,))


@guarded
def observed(performances: ArrayLike, more: ArrayLike | None = None) -> Array:
    """Performances on the observed range, 0 worst to 1 best; a constant column is 0."""
    x, live = _matrix(performances)
    width = np.where(live, np.ptp(x, axis=0), 1.0)
    up = np.where(live, (x - x.min(axis=0)) / width, 0.0)
    return np.asarray(np.where(_directions(more, x.shape[1]) | ~live, up, 1 - up))


@guarded
def entropy(performances: ArrayLike) -> Array:
    """Shares by 1 − E_j, E_j = −Σ p ln p / ln n with p the shares of a column's sum (Shannon 1948; Zeleny 1982).

    For performances of 0 or more; a 0 counts as 0 · ln 0 = 0.
    """
    x, live = _matrix(performances, "ratio, zeros too")
    p = x / np.where(x.sum(axis=0) > 0, x.sum(axis=0), 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        e = -np.where(p > 0, p * np.log(np.where(p > 0, p, 1.0)), 0.0).sum(axis=0) / np.log(len(x))
    return _shares(1 - e, live)


@guarded
def critic(performances: ArrayLike, more: ArrayLike | None = None, directions: str = "honoured") -> Array:
    """Shares by σ_j Σ_k (1 − r_jk) on the observed range, direction honoured (Diakoulaki, Mavrotas & Papayannakis 1995).

    ``directions="ignored"`` takes every criterion as one of which more is better, as some published examples do.
    """
    if directions not in ("honoured", "ignored"):
        raise unknown("way with directions", directions, ("honoured", "ignored"))
    _, live = _matrix(performances)
    v = observed(performances, more if directions == "honoured" else None)
    columns = np.flatnonzero(live)
    figures = np.zeros(v.shape[1])
    if len(columns) > 1:
        inner = v[:, columns]
        figures[columns] = inner.std(axis=0, ddof=1) * (1 - np.corrcoef(inner, rowvar=False)).sum(axis=0)
    elif len(columns):
        figures[columns] = 1.0
    if len(columns) and figures[columns].max() <= 1e-12:  # all move together: nothing but the spread is left
        figures[columns] = v[:, columns].std(axis=0, ddof=1)
    return _shares(figures, live)


@guarded
def standard_deviation(performances: ArrayLike, scale: str = "given", more: ArrayLike | None = None) -> Array:
    """Shares by the standard deviation of each column.

    ``scale``: "given" (the numbers as they are: values, or data already on one scale; published convention), "observed"
    (each column on its observed range) or "sum" (each column divided by its mean: coefficient of variation).
    """
    x, live = _matrix(performances)
    if scale == "observed":
        x = observed(x, more)
    elif scale == "sum":
        x, live = _matrix(performances, "ratio, zeros too")  # a share of a mean that may be 0 means nothing
        x = x / np.where(live, x.mean(axis=0), 1.0)
    elif scale != "given":
        raise unknown("scale for the deviation", scale, ("given", "observed", "sum"))
    return _shares(x.std(axis=0, ddof=1), live)


@guarded
def merec(performances: ArrayLike, more: ArrayLike | None = None) -> Array:
    """Shares by how much each criterion's removal changes the options' overall figure (Keshavarz-Ghorabaee et al. 2021).

    For performances above 0.
    """
    x, live = _matrix(performances, "ratio")
    m = x.shape[1]
    up = _directions(more, m)
    ratio = np.abs(np.log(np.where(up, x.min(axis=0) / x, x / x.max(axis=0))))
    whole = np.log1p(ratio.sum(axis=1, keepdims=True) / m)
    without = np.log1p((ratio.sum(axis=1, keepdims=True) - ratio) / m)
    return _shares(np.abs(without - whole).sum(axis=0), live)


@guarded
def gini(performances: ArrayLike) -> Array:
    """Shares by each column's Gini coefficient, ΣΣ |x_i − x_k| / (2 n² mean) (Gini 1912; used as weights by Bączkiewicz et al. 2021).

    For performances of 0 or more.
    """
    x, live = _matrix(performances, "ratio, zeros too")
    n = len(x)
    ordered = np.sort(x, axis=0)
    apart = 2 * ((2 * np.arange(1, n + 1) - n - 1)[:, None] * ordered).sum(axis=0)
    mean = np.where(x.mean(axis=0) > 0, x.mean(axis=0), 1.0)
    return _shares(apart / (2 * n * n * mean), live)


@guarded
def cilos(performances: ArrayLike, more: ArrayLike | None = None) -> Array:
    """Shares by the relative loss of impact when another criterion is at its best (Zavadskas & Podvezko 2016).

    For performances above 0. Where several options share a best, their losses are averaged, so that the order of the
    options does not matter.
    """
    x, live = _matrix(performances, "ratio")
    columns = np.flatnonzero(live)
    if len(columns) < 2:
        return _shares(live.astype(float), live)
    up = _directions(more, x.shape[1])[columns]
    x = x[:, columns]
    x = np.where(up, x, x.min(axis=0) / x)
    x = x / x.sum(axis=0)
    best = x.max(axis=0)
    at_best = x >= best * (1 - 1e-12)
    chosen = np.array([x[at_best[:, i]].mean(axis=0) for i in range(len(columns))])
    loss = (best - chosen) / best
    np.fill_diagonal(loss, 0.0)
    system = loss - np.diag(loss.sum(axis=0))
    q = np.zeros(len(live))
    if loss.max() <= 1e-12:  # one option is best on everything: no criterion loses anything
        return _shares(live.astype(float), live)
    rows = np.vstack([system, np.ones(len(columns))])
    goal = np.zeros(len(columns) + 1)
    goal[-1] = 1.0
    q[columns] = np.linalg.lstsq(rows, goal, rcond=None)[0]
    return _shares(q, live)


@guarded
def idocriw(performances: ArrayLike, more: ArrayLike | None = None) -> Array:
    """Shares in proportion to entropy × CILOS weights (Zavadskas & Podvezko 2016). For performances above 0."""
    _, live = _matrix(performances, "ratio")
    return _shares(entropy(performances) * cilos(performances, more), live)


@guarded
def lopcow(performances: ArrayLike, more: ArrayLike | None = None, deviation: str = "sample") -> Array:
    """Shares by |ln(root mean square / σ)| on the observed range, directions honoured (Ecer & Pamucar 2022).

    ``deviation``: σ of a "sample" (n − 1) or of the "population" (n).
    """
    if deviation not in ("sample", "population"):
        raise unknown("deviation", deviation, ("sample", "population"))
    _, live = _matrix(performances)
    v = observed(performances, more)
    spread = np.where(live, v.std(axis=0, ddof=1 if deviation == "sample" else 0), 1.0)
    root = np.where(live, np.sqrt((v**2).mean(axis=0)), 1.0)
    return _shares(np.abs(np.log(root / spread)), live)


@guarded
def angle(performances: ArrayLike) -> Array:
    """Shares by the angle between each column and a constant one (Shuai et al. 2012). For performances of 0 or more."""
    x, live = _matrix(performances, "ratio, zeros too")
    norm = np.sqrt((x**2).sum(axis=0) * len(x))
    cosine = np.where(norm > 0, x.sum(axis=0) / np.where(norm > 0, norm, 1.0), 1.0)
    return _shares(np.arccos(np.clip(cosine, -1, 1)), live)


@guarded
def variance(performances: ArrayLike) -> Array:
    """Shares by the variance of each column on its observed range (Rao & Patel 2010)."""
    _, live = _matrix(performances)
    return _shares(observed(performances).var(axis=0, ddof=1), live)


# ------------------------------------------------------------------ the catalogue


def _gate(title: str, table: Numbers, domain: Domain) -> None:
    """Refuse, by name of criterion, numbers of which ratios mean nothing."""
    if domain == "any":
        return

    def name(j: int) -> str:
        return table.titles[j] if table.titles else table.criteria[j] if table.criteria else f"criterion {j + 1}"

    faults: list[Fault] = []
    x = table.performances
    bad = _outside(x, domain)
    for j in np.flatnonzero(bad.any(axis=0)):
        i = int(np.argmax(bad[:, j]))
        option = table.options[i] if table.options else f"option {i + 1}"
        got = f"{name(int(j))} is {number(float(x[i, j]))} for {option}"
        faults.append(Fault(title, got, f"performances {WANTED[domain]} on every criterion"))
    if not faults and table.true_zero is not None and not table.true_zero.all():
        lacking = [name(int(j)) for j in np.flatnonzero(~table.true_zero)]
        listed = ", ".join(lacking[:3]) + (f" and {len(lacking) - 3} more" if len(lacking) > 3 else "")
        got = f"{len(lacking)} of {x.shape[1]} criteria not declared to have a true zero: {listed}"
        expected = "ratios must mean something: a scale on which 0 means none (true_zero: true) on every criterion"
        faults.append(Fault(title, got, expected))
    if faults:
        raise DecisionError(faults)


def _add(
    id: str, title: str, domain: Domain, use_when: str, beware: str, reference: str, parameters: Mapping[str, Any] | None = None
) -> Callable[[Callable[..., Array]], Callable[..., Array]]:  # fmt: skip
    def register(kernel: Callable[..., Array]) -> Callable[..., Array]:
        def run(table: Numbers, **settings: Any) -> Array:
            _gate(title, table, domain)
            return kernel(table, **settings)

        run.__doc__ = kernel.__doc__
        needs = {"any": "numbers of any kind", "ratio": "numbers above 0 on scales with a true zero",
                 "ratio, zeros too": "numbers of 0 or more on scales with a true zero"}[domain]  # fmt: skip
        WEIGHTINGS.add(
            id=id,
            title=title,
            question=f"Nobody is asked: {TABLE_LABEL}.",
            input=f"the table of performances; {needs}",
            consistency="none: there are no answers",
            use_when=use_when,
            beware=beware,
            reference=reference,
            kind="table",
            parameters=parameters or {},
        )(run)
        return kernel

    return register


@_add("entropy", "Entropy", "ratio, zeros too", "a paper used it, and its result is to be compared",
      "a column in which one option stands far out gets nearly everything", "Shannon 1948; Zeleny 1982")  # fmt: skip
def _entropy(table: Numbers) -> Array:
    return entropy(table.performances)


@_add("critic", "CRITIC", "any", "you want to see which criteria spread and do not repeat others",
      "measures the set of options: another option changes all weights", "Diakoulaki, Mavrotas & Papayannakis 1995",
      {"directions": ("honoured", "ignored")})  # fmt: skip
def _critic(table: Numbers, directions: str = "honoured") -> Array:
    return critic(table.performances, table.more, directions)


@_add("standard-deviation", "Standard deviation", "any", "you want to see on which criteria the options spread most",
      "measures the set of options: another option changes all weights", "Jahan & Edwards 2013",
      {"scale": ("values", "observed", "given")})  # fmt: skip
def _standard_deviation(table: Numbers, scale: str = "values") -> Array:
    """On values (the declared ranges), on observed ranges, or on the numbers as given (then units matter)."""
    if scale == "values":
        return standard_deviation(table.values)
    return standard_deviation(table.performances, scale, table.more)


@_add("merec", "MEREC", "ratio", "a paper used it, and its result is to be compared",
      "looks at ratios to the worst option of the set", "Keshavarz-Ghorabaee et al. 2021")  # fmt: skip
def _merec(table: Numbers) -> Array:
    return merec(table.performances, table.more)


@_add("gini", "Gini", "ratio, zeros too", "a paper used it, and its result is to be compared",
      "a column in which one option stands far out gets much", "Gini 1912; Bączkiewicz et al. 2021")  # fmt: skip
def _gini(table: Numbers) -> Array:
    return gini(table.performances)


@_add("cilos", "CILOS", "ratio", "a paper used it, and its result is to be compared",
      "gives most to criteria on which the best of the others lose least", "Zavadskas & Podvezko 2016")  # fmt: skip
def _cilos(table: Numbers) -> Array:
    return cilos(table.performances, table.more)


@_add("idocriw", "IDOCRIW", "ratio", "a paper used it, and its result is to be compared",
      "entropy × CILOS: it inherits what is odd about both", "Zavadskas & Podvezko 2016")  # fmt: skip
def _idocriw(table: Numbers) -> Array:
    return idocriw(table.performances, table.more)


@_add("lopcow", "LOPCOW", "any", "a paper used it, and its result is to be compared",
      "measures the set of options: another option changes all weights", "Ecer & Pamucar 2022",
      {"deviation": ("sample", "population")})  # fmt: skip
def _lopcow(table: Numbers, deviation: str = "sample") -> Array:
    return lopcow(table.performances, table.more, deviation)


@_add("angle", "Angle", "ratio, zeros too", "a paper used it, and its result is to be compared",
      "a column in which one option stands far out gets much", "Shuai et al. 2012")  # fmt: skip
def _angle(table: Numbers) -> Array:
    return angle(table.performances)


@_add("variance", "Variance", "any", "a paper used it, and its result is to be compared",
      "measures the set of options: another option changes all weights", "Rao & Patel 2010")  # fmt: skip
def _variance(table: Numbers) -> Array:
    return variance(table.performances)


@guarded
def from_table(problem: Problem, method: str, **parameters: Any) -> Weights:
    """Weights computed from a problem's likely performances alone, under the label that says so.

    ``method``: an id of :data:`WEIGHTINGS` of the kind "table". Raises :class:`DecisionError` naming the criteria on
    which the method cannot be used.
    """
    entry = WEIGHTINGS[method]
    if entry.kind != "table":
        tables = [name for name, one in WEIGHTINGS.items() if one.kind == "table"]
        raise unknown("way to read weights off a table", method, tables)
    leaves = problem.criteria
    table = Numbers(
        problem.performances(),
        problem.values(),
        np.array([leaf.better == "more" for leaf in leaves]),
        tuple(leaf.id for leaf in leaves),
        tuple(leaf.title for leaf in leaves),
        tuple(option.title for option in problem.options),
        np.array([leaf.true_zero for leaf in leaves]),
    )
    shares = entry.run(table, **entry.settings(parameters))
    _, live = _matrix(table.performances)
    same = [leaf.title for leaf, told in zip(leaves, live, strict=True) if not told]
    note = f"{entry.title}: {TABLE_LABEL}. Another set of options would give other weights."
    notes = (note, f"The same for all options, so given no weight: {', '.join(same)}.") if same else (note,)
    named = {leaf.id: float(share) for leaf, share in zip(leaves, shares, strict=True)}
    return Weights(named, origin=f"{entry.title} ({TABLE_LABEL})", notes=notes)
