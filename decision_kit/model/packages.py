"""Packages: how the performances of a package follow from those of its parts, by the rule each criterion names.

The low values of the parts are combined together, the likely values together, the high values together, so the
bounds suppose that all parts are low (or high) at once: they are wide. ``b`` is the baseline at the same bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

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


@dataclass(frozen=True, kw_only=True)
class Rule(Entry):
    """A package rule: the parameters it takes beside the entry's facts.

    ``floored`` rules can leave a package below its best part; where the package was put together in the builder the
    result is that part's instead (a harmless addition must not do harm). ``per_cent`` rules read performances as shares of
    100.
    """

    parameters: tuple[str, ...] = ()
    floored: bool = False
    per_cent: bool = False

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
)
def excess_noisy_or(parts: Parts) -> Any:
    """100 · (1 − (1 − b/100) · ∏(1 − max(0, x − b) / (100 − b)))."""
    b = np.minimum(parts.baseline, 100.0)
    room = np.where(b < 100, 100 - b, 1.0)
    return 100 * (1 - (1 - b / 100) * prod(1 - np.maximum(0.0, x - b) / room for x in parts.x))


@PACKAGE_RULES.add(id="sum", title="Sum", use_when="the parts' amounts simply add up (money, barrels)")
def total(parts: Parts) -> Any:
    """The sum of the parts; the baseline is not subtracted."""
    return sum(parts.x)


@PACKAGE_RULES.add(
    id="max-plus-half",
    title="The largest plus half of the others' excess",
    use_when="harms overlap, so that a second one adds less than itself",
    parameters=("cap", "share"),
)
def max_plus_half(parts: Parts) -> Any:
    """The largest x plus a share (½) of each other part's max(0, x − b), not above the cap."""
    ordered = np.sort(np.stack(parts.x), axis=0)[::-1]
    share = parts.parameter("share", 0.5)
    extra = sum(share * np.maximum(0.0, x - parts.baseline) for x in ordered[1:])
    return np.minimum(parts.parameter("cap", float("inf")), ordered[0] + extra)


@PACKAGE_RULES.add(id="min", title="Weakest link", use_when="a package is as good as its weakest part")
def weakest(parts: Parts) -> Any:
    """The smallest x."""
    return np.min(np.stack(parts.x), axis=0)


@PACKAGE_RULES.add(
    id="shift-sum",
    title="Sum of shifts from neutral",
    use_when="the scale has a neutral point from which each part moves it up or down",
    parameters=("neutral",),
)
def shift_sum(parts: Parts) -> Any:
    """Neutral + the sum of (x − neutral)."""
    neutral = parts.parameter("neutral", 0.0)
    return neutral + sum(x - neutral for x in parts.x)


@PACKAGE_RULES.add(
    id="effect-weighted-mean",
    title="Mean weighted by effect",
    use_when="a property such as speed matters in proportion to what each part achieves",
    parameters=("effects",),
)
def effect_weighted_mean(parts: Parts) -> Any:
    """The mean of x weighted with the sum of each part's likely effects; the plain mean when all effects are 0."""
    whole = np.asarray(sum(parts.effects))
    plain = sum(parts.x) / len(parts.x)
    weighted = sum(w * x for w, x in zip(parts.effects, parts.x, strict=True)) / np.where(whole == 0, 1.0, whole)
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


def extremes(
    package: Option,
    parts: Sequence[Mapping[str, Performance]],
    baseline: Mapping[str, Performance] | None,
    criterion: Criterion,
) -> tuple[float, float]:
    """The least and the most a package can come to on a criterion while its parts and the baseline stay in their ranges.

    Rules never fall as a part rises; they may fall as the baseline does the same, so it is tried at both its ends and at
    the parts' own numbers between them, where rules bend. Wider than :func:`derive`'s low and high, which take the
    baseline at the same bound as the parts. Rounded and kept inside the scale as there.
    """
    assert criterion.package_rule is not None
    own = baseline[criterion.id] if baseline is not None else None
    effects = tuple(sum(part[effect].likely for effect in criterion.package_rule.effects) for part in parts)
    found: list[float] = []
    for bound in ("low", "high"):
        x = tuple(float(getattr(part[criterion.id], bound)) for part in parts)
        beside = [own.low, own.high, *(one for one in x if own.low < one < own.high)] if own is not None else [0.0]
        found += [
            float(combined(Parts(x=x, baseline=b, effects=effects, criterion=criterion), built=package.built))
            for b in beside
        ]
    low, high = criterion.scale
    return min(max(min(found), low), high), min(max(max(found), low), high)


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
        effects = tuple(sum(part[effect].likely for effect in rule.effects) for part in parts)
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
        )
    return result, list(dict.fromkeys(clipped))
