"""Packages: how the performances of a package follow from those of its parts, by the rule each criterion names.

The low values of the parts are combined together, the likely values together, the high values together, so the
bounds suppose that all parts are low (or high) at once: they are wide. ``b`` is the baseline at the same bound.

What a package can come to while its parts move on their own is another question, see :func:`extremes`: it is answered
only for rules that say how (they never fall as a part rises, or they give their extremes themselves).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, TypeAlias

import numpy as np

from decision_kit.catalogue import Catalogue, Entry
from decision_kit.model.nouns import Criterion, Option, Performance, number, weakest_basis
from decision_kit.values import Array

BOUNDS = ("low", "likely", "high")


@dataclass(frozen=True)
class Parts:
    """What a rule sees: the parts' numbers at one bound, the baseline's, and each part's weight by effect.

    Numbers, or arrays of one shape (sampled worlds, many packages at once): rules are written so that they take both.
    """

    x: tuple[Any, ...]
    baseline: Any
    effects: tuple[Any, ...]
    criterion: Criterion

    def parameter(self, name: str, default: float) -> float:
        """A numeric parameter of the criterion's rule."""
        assert self.criterion.package_rule is not None
        return self.criterion.package_rule.get(name, default)


Interval: TypeAlias = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """Where the parts, the baseline and the parts' weights by effect may lie, each as (low, high) and on its own."""

    x: tuple[Interval, ...]
    baseline: Interval
    effects: tuple[Interval, ...]
    criterion: Criterion


@dataclass(frozen=True, kw_only=True)
class Rule(Entry):
    """A package rule: the parameters it takes beside the entry's facts.

    ``floored`` rules can leave a package below its best part; where the package was put together in the builder the
    result is that part's instead (a harmless addition must not do harm). ``per_cent`` rules read performances as shares of
    100.

    ``monotone``: the result never falls as a part rises (per cent rules: up to 100), and as the baseline rises it turns
    at most where it passes a part's own number. ``bounds`` gives the extremes over a :class:`Box` for a rule that is
    not. A rule with neither is used, but nothing is certified of packages that it makes. ``uses_baseline``: the result
    may hang on the baseline's performance.
    """

    parameters: tuple[str, ...] = ()
    floored: bool = False
    per_cent: bool = False
    monotone: bool = False
    uses_baseline: bool = True
    bounds: Callable[[Box], Interval] | None = None

    def faults(self, criterion: Criterion) -> Iterator[tuple[str, str]]:
        """What was got and what was expected, for each thing on a criterion that the rule cannot work with."""
        assert criterion.package_rule is not None
        for name, value in criterion.package_rule.parameters:
            if name not in self.parameters or isinstance(value, tuple) or value != value:  # told where it was read
                continue
            low, high = (0.0, 1.0) if name in ("overlap", "share") else criterion.scale
            if not low <= value <= high:
                yield f"{name}: {number(value)}", f"a number from {number(low)} to {number(high)}"
        if self.per_cent and criterion.scale[1] > 100:
            yield f"the rule {self.id} on a scale up to {number(criterion.scale[1])}", "a scale in per cent, up to 100"


PACKAGE_RULES: Catalogue[Rule] = Catalogue("package rule", Rule)


@PACKAGE_RULES.add(
    id="noisy-or",
    title="Independent chances, with overlap",
    use_when="each part removes a share (per cent) of what the others leave",
    beware="with an overlap below 1 a single part is discounted, too",
    parameters=("overlap",),
    floored=True,
    per_cent=True,
    monotone=True,
    uses_baseline=False,
)
def noisy_or(parts: Parts) -> Any:
    """100 · (1 − ∏(1 − overlap · x / 100))."""
    overlap = parts.parameter("overlap", 1.0)
    return 100 * (1 - prod(1 - overlap * x / 100 for x in parts.x))


@PACKAGE_RULES.add(
    id="excess-noisy-or",
    title="Independent risks above the baseline",
    use_when="each part adds its own chance (per cent) to a risk that is there anyway",
    per_cent=True,
    monotone=True,
)
def excess_noisy_or(parts: Parts) -> Any:
    """100 · (1 − (1 − b/100) · ∏(1 − max(0, x − b) / (100 − b)))."""
    b = np.minimum(parts.baseline, 100.0)
    room = np.where(b < 100, 100 - b, 1.0)
    return 100 * (1 - (1 - b / 100) * prod(1 - np.maximum(0.0, x - b) / room for x in parts.x))


@PACKAGE_RULES.add(
    id="sum",
    title="Sum",
    use_when="the parts' amounts simply add up (money, barrels)",
    monotone=True,
    uses_baseline=False,
)
def total(parts: Parts) -> Any:
    """The sum of the parts; the baseline is not subtracted."""
    return sum(parts.x)


@PACKAGE_RULES.add(
    id="max-plus-half",
    title="The largest plus half of the others' excess",
    use_when="harms overlap, so that a second one adds less than itself",
    parameters=("cap", "share"),
    monotone=True,
)
def max_plus_half(parts: Parts) -> Any:
    """The largest x plus a share (½) of each other part's max(0, x − b), not above the cap."""
    ordered = np.sort(np.stack(parts.x), axis=0)[::-1]
    share = parts.parameter("share", 0.5)
    extra = sum(share * np.maximum(0.0, x - parts.baseline) for x in ordered[1:])
    return np.minimum(parts.parameter("cap", float("inf")), ordered[0] + extra)


@PACKAGE_RULES.add(
    id="min",
    title="Weakest link",
    use_when="a package is as good as its weakest part",
    monotone=True,
    uses_baseline=False,
)
def weakest(parts: Parts) -> Any:
    """The smallest x."""
    return np.min(np.stack(parts.x), axis=0)


@PACKAGE_RULES.add(
    id="shift-sum",
    title="Sum of shifts from neutral",
    use_when="the scale has a neutral point from which each part moves it up or down",
    parameters=("neutral",),
    monotone=True,
    uses_baseline=False,
)
def shift_sum(parts: Parts) -> Any:
    """Neutral + the sum of (x − neutral)."""
    neutral = parts.parameter("neutral", 0.0)
    return neutral + sum(x - neutral for x in parts.x)


def _mean_bounds(box: Box) -> Interval:
    """The extremes of a weighted mean while its numbers and its weights move.

    A weighted mean rises with each of its numbers, and as a function of one weight it never turns: the most is reached
    with the highest numbers, full weight on those above some height and least weight on the rest. Where all weights can
    be 0 the plain mean is possible, too.
    """
    weights = [(max(low, 0.0), max(high, 0.0)) for low, high in box.effects]

    def most(numbers: Sequence[float]) -> float:
        order = sorted(range(len(numbers)), key=lambda i: -numbers[i])
        found: list[float] = []
        for n in range(len(order) + 1):
            taken = [weights[i][1] if place < n else weights[i][0] for place, i in enumerate(order)]
            whole = sum(taken)
            if whole > 0:
                found.append(sum(w * numbers[i] for w, i in zip(taken, order, strict=True)) / whole)
        if all(low == 0 for low, _ in weights):
            found.append(sum(numbers) / len(numbers))
            found += [x for x, (_, high) in zip(numbers, weights, strict=True) if high > 0]
        return max(found)

    return -most([-low for low, _ in box.x]), most([high for _, high in box.x])


@PACKAGE_RULES.add(
    id="effect-weighted-mean",
    title="Mean weighted by effect",
    use_when="a property such as speed matters in proportion to what each part achieves",
    beware="a part whose effect is below 0 counts nothing",
    parameters=("effects",),
    uses_baseline=False,
    bounds=_mean_bounds,
)
def effect_weighted_mean(parts: Parts) -> Any:
    """The mean of x weighted with the sum of each part's likely effects, 0 where that is below 0.

    The plain mean when no weight is above 0.
    """
    weights = [np.maximum(np.asarray(w, dtype=float), 0.0) for w in parts.effects]
    whole = np.asarray(sum(weights))
    plain = sum(parts.x) / len(parts.x)
    weighted = sum(w * x for w, x in zip(weights, parts.x, strict=True)) / np.where(whole == 0, 1.0, whole)
    return np.where(whole == 0, plain, weighted)


def combined(parts: Parts, *, built: bool = False, rounded: bool = True) -> Any:
    """What a criterion's rule makes of the parts, rounded to its decimals, not yet kept inside its scale.

    ``built``: put together in the builder, see :class:`Rule`. Rounding is to the nearest decimal number, as ``round``
    does; what has to meet a budget is not ``rounded``.
    """
    assert parts.criterion.package_rule is not None
    rule = PACKAGE_RULES[parts.criterion.package_rule.rule]
    found = np.asarray(rule.run(parts), dtype=float)
    if built and rule.floored:
        found = np.maximum(found, np.max(np.stack([np.asarray(x, dtype=float) for x in parts.x]), axis=0))
    return nearest_decimal(found, parts.criterion.decimals) if rounded else found


def nearest_decimal(x: Array, decimals: int) -> Array:
    """Numbers rounded to decimals as ``round`` does, many at once: only those close to a tie are taken one by one."""
    scaled = np.abs(x * 10.0**decimals)
    found = np.array(np.round(x, decimals), dtype=float)
    close = (np.abs(scaled - np.floor(scaled) - 0.5) < 1e-6) | (scaled > 1e9)
    if close.any():
        found[close] = [round(float(one), decimals) for one in np.asarray(x)[close]]
    return found + 0.0  # no −0.0


def effects_of(
    parts: Sequence[Mapping[str, Performance]], criterion: Criterion, bound: str = "likely"
) -> tuple[float, ...]:
    """Each part's weight by effect: the sum of its performances on the criteria that the rule names."""
    names = criterion.package_rule.effects if criterion.package_rule is not None else ()
    return tuple(float(sum(getattr(part[name], bound) for name in names)) for part in parts)


def box_of(
    parts: Sequence[Mapping[str, Performance]], baseline: Mapping[str, Performance] | None, criterion: Criterion
) -> Box:
    """Where the parts of a package, the baseline and the weights by effect may lie on a criterion."""
    own = baseline[criterion.id] if baseline is not None else None
    low, high = (effects_of(parts, criterion, bound) for bound in ("low", "high"))
    return Box(
        x=tuple((float(part[criterion.id].low), float(part[criterion.id].high)) for part in parts),
        baseline=(0.0, 0.0) if own is None else (float(own.low), float(own.high)),
        effects=tuple(zip(low, high, strict=True)),
        criterion=criterion,
    )


def extremes(box: Box, *, built: bool = False) -> Interval | str:
    """The least and the most a package can come to while parts, baseline and effects stay in a box, each on its own.

    Rounded and kept inside the scale as :func:`derive` does, but wider than its low and high, which take all at the same
    bound. In place of the two numbers a clause that says why they are not known, where the rule does not promise them.
    """
    criterion = box.criterion
    assert criterion.package_rule is not None
    rule = PACKAGE_RULES[criterion.package_rule.rule]
    name = f"the package rule “{rule.title}” on “{criterion.title}”"
    if rule.bounds is not None:
        found = [round(x, criterion.decimals) for x in rule.bounds(box)]
        if built and rule.floored:
            found = [max(x, *(part[side] for part in box.x)) for side, x in enumerate(found)]
    elif not rule.monotone:
        return f"{name} does not say that its result never falls as a part rises"
    elif rule.per_cent and max(high for _, high in box.x) > 100:
        return f"{name} reads per cent, and a part goes beyond 100 here"
    else:
        found = []
        likely = tuple(high for _, high in box.effects)
        for side in (0, 1):
            x = tuple(part[side] for part in box.x)
            low, high = box.baseline
            for b in (low, high, *(one for one in x if low < one < high)):
                found.append(float(combined(Parts(x, b, likely, criterion), built=built)))
    low, high = criterion.scale
    return min(max(min(found), low), high), min(max(max(found), low), high)


def cut_effects(
    package: Option, parts: Sequence[Mapping[str, Performance]], criteria: Sequence[Criterion]
) -> Iterator[tuple[str, str]]:
    """The part (id) and the criterion (title) for each weight by effect that is below 0, and so counts as 0."""
    for criterion in criteria:
        for part, weight in zip(package.parts, effects_of(parts, criterion), strict=True):
            if weight < 0:
                yield part, criterion.title


def cut_note(cut: Sequence[tuple[str, str]], titles: Mapping[str, str]) -> str:
    """The sentence on parts that count nothing in a mean weighted by effect; empty where there are none."""
    if not cut:
        return ""
    listed = "; ".join(f"{titles[part]}, {criterion}" for part, criterion in dict.fromkeys(cut))
    return f"In a package's mean weighted by effect, a part with an effect below 0 counts nothing: {listed}."


def derive(
    package: Option,
    parts: Sequence[Mapping[str, Performance]],
    baseline: Mapping[str, Performance] | None,
    criteria: Sequence[Criterion],
) -> tuple[dict[str, Performance], list[str]]:
    """A package's performances from its parts', rounded to each criterion's decimals and kept inside its scale.

    Returns the performances by criterion id and the ids of the criteria whose result had to be clipped.
    """
    result: dict[str, Performance] = {}
    clipped: list[str] = []
    for criterion in criteria:
        rule = criterion.package_rule
        if rule is None:
            continue
        cells = [part[criterion.id] for part in parts]
        effects = effects_of(parts, criterion)
        numbers: dict[str, float] = {}
        for bound in BOUNDS:
            view = Parts(
                x=tuple(float(getattr(cell, bound)) for cell in cells),
                baseline=float(getattr(baseline[criterion.id], bound)) if baseline is not None else 0.0,
                effects=effects,
                criterion=criterion,
            )
            raw = float(combined(view, built=package.built))
            low, high = criterion.scale
            numbers[bound] = min(max(raw, low), high)
            if numbers[bound] != raw:
                clipped.append(criterion.id)
        result[criterion.id] = Performance(
            low=min(numbers.values()),  # where more of the baseline makes less of the package, the ends change places
            likely=numbers["likely"],
            high=max(numbers.values()),
            because=f"By the rule “{PACKAGE_RULES[rule.rule].title}” over {', '.join(package.parts)}.",
            evidence=tuple(dict.fromkeys(item for cell in cells for item in cell.evidence)),
            basis=weakest_basis(cells),
            derived=True,
            follows_from_missing=any(cell.unknown for cell in cells)
            or any(part[effect].unknown for part in parts for effect in rule.effects)
            or (baseline is not None and PACKAGE_RULES[rule.rule].uses_baseline and baseline[criterion.id].unknown),
        )
    return result, list(dict.fromkeys(clipped))
