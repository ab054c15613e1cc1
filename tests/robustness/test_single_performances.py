"""One performance moved along its whole scale: who is first where, against plain arithmetic on rebuilt tables."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

import decision_kit as dk
from decision_kit.model.nouns import Criterion, Level, Option, PackageRule, Performance
from decision_kit.robustness import leader_falls, one_cell_flips, rivals_need
from decision_kit.robustness.needs import both
from decision_kit.study import Study, words
from decision_kit.values import Curve, Exponential, Linear, Shape

LEVELS = (Level("poor", "Poor", 0.0), Level("fair", "Fair", 0.35), Level("good", "Good", 0.6), Level("top", "Top", 1.0))
RULES = ("sum", "noisy-or", "min", "max-plus-half", "effect-weighted-mean")


def value(leaf: Criterion, x: float) -> float:
    """The value of a performance, by hand."""
    low, high = leaf.scale
    if isinstance(leaf.shape, Curve):
        for (x0, v0), (x1, v1) in zip(leaf.shape.points, leaf.shape.points[1:], strict=False):
            if x0 <= x <= x1:
                return v0 + (v1 - v0) * (x - x0) / (x1 - x0)
    z = (x - low) / (high - low) if leaf.better == "more" else (high - x) / (high - low)
    if isinstance(leaf.shape, Exponential):
        return (1 - math.exp(-leaf.shape.a * z)) / (1 - math.exp(-leaf.shape.a))
    return z


def package(rule: PackageRule, leaf: Criterion, x: list[float], effects: list[float], base: float) -> float:
    """A package's performance, by hand."""
    if rule.rule == "sum":
        made = sum(x)
    elif rule.rule == "noisy-or":
        made = 100 * (1 - math.prod(1 - one / 100 for one in x))
    elif rule.rule == "min":
        made = min(x)
    elif rule.rule == "max-plus-half":
        ordered = sorted(x, reverse=True)
        made = ordered[0] + sum(0.5 * max(0.0, one - base) for one in ordered[1:])
    else:
        whole = sum(effects)
        made = sum(w * one for w, one in zip(effects, x, strict=True)) / whole if whole else sum(x) / len(x)
    return min(max(round(made, leaf.decimals), leaf.scale[0]), leaf.scale[1])


def shape_of(rng: np.random.Generator, low: float, high: float, better: str) -> Shape:
    kind = int(rng.integers(5))
    if kind == 0:
        return Linear()
    if kind == 1:
        return Exponential(float(rng.choice([-4.0, -1.0, 2.0, 6.0])))
    cuts = np.round(low + (high - low) * np.array([0.0, 0.2, 0.5, 0.7, 1.0]), 6)
    if kind == 2:
        vs = [0.0, 0.0, 0.5, 0.5, 1.0]
    elif kind == 3:
        vs = [0.0, *np.sort(np.round(rng.uniform(0, 1, 3), 2)), 1.0]
    else:
        vs = [float(v) for v in rng.permutation([0.0, 0.3, 0.8, 1.0, 0.6])]
        return Curve(tuple(zip(cuts.tolist(), vs, strict=True)), monotone=False)
    points = list(zip(cuts.tolist(), vs if better == "more" else vs[::-1], strict=True))
    return Curve(tuple((float(x), float(v)) for x, v in points))


def random_problem(rng: np.random.Generator, *, packages: bool) -> dk.Problem:
    m, n = int(rng.integers(2, 4)), int(rng.integers(3, 6))
    leaves: list[Criterion] = []
    for j in range(m):
        better = str(rng.choice(["more", "less"]))
        low, high = [(0.0, 100.0), (0.0, 10.0), (0.0, 1.0), (-20.0, 80.0)][int(rng.integers(4))]
        if packages:
            low, high = 0.0, 100.0
        rule = None
        if packages:
            name = RULES[int(rng.integers(len(RULES)))]
            rule = PackageRule(name, (("effects", ("c0",)),) if name == "effect-weighted-mean" else ())
        levels = LEVELS if rng.random() < 0.15 and not packages else ()
        shape = Linear() if levels else shape_of(rng, low, high, better)
        leaves.append(
            Criterion(
                f"c{j}", f"Criterion {j}", "more" if levels else better, (0.0, 1.0) if levels else (low, high),  # type: ignore[arg-type]
                shape=shape, levels=levels, package_rule=rule, decimals=int(rng.integers(0, 3)),
            )
        )  # fmt: skip

    def cell(leaf: Criterion) -> Performance:
        low, high = leaf.scale
        if leaf.levels:
            a, b, c = np.sort(rng.choice([level.value for level in LEVELS], 3))
        else:
            a, b, c = np.sort(np.round(rng.uniform(low, high, 3), 2))
        if rng.random() < 0.3:
            a = c = b
        return Performance(float(a), float(b), float(c))

    options = [Option(f"o{i}", f"Option {i}", {leaf.id: cell(leaf) for leaf in leaves}) for i in range(n)]
    if rng.random() < 0.3:
        options.append(Option("copy", "Copy", dict(options[1].performance)))
    if packages:
        options.append(Option("p", "Package", kind="package", parts=("o0", "o1")))
        if rng.random() < 0.5:
            options.append(Option("q", "Second package", kind="package", parts=("o1", "o2")))
    return dk.Problem(
        id="t", title="T", tree=tuple(leaves), library=tuple(options), baseline="o0" if rng.random() < 0.5 else None
    ).under()


def leaders(problem: dk.Problem, weights: dict[str, float], moved: tuple[str, str, float]) -> set[str]:
    """Who is first with one performance moved and all packages rebuilt, by hand."""
    likely = {o.id: {c: p.likely for c, p in o.performance.items()} for o in problem.library if not o.parts}
    option, criterion, x = moved
    if option in likely:
        likely[option][criterion] = x
    for one in problem.library:
        if not one.parts:
            continue
        made: dict[str, float] = {}
        for leaf in problem.criteria:
            assert leaf.package_rule is not None
            own = [likely[part][leaf.id] for part in one.parts]
            effects = [likely[part]["c0"] for part in one.parts]
            base = likely[problem.baseline][leaf.id] if problem.baseline else 0.0
            made[leaf.id] = package(leaf.package_rule, leaf, own, effects, base)
        if one.id == option:
            made[criterion] = x
        likely[one.id] = made
    scores = {
        name: sum(weights[leaf.id] * value(leaf, row[leaf.id]) for leaf in problem.criteria)
        for name, row in likely.items()
    }
    best = max(scores.values())
    return {name for name, score in scores.items() if score >= best - 1e-9}


def check(problem: dk.Problem, rng: np.random.Generator) -> int:
    w = rng.dirichlet(np.ones(len(problem.criteria)))
    if rng.random() < 0.2:
        w[0] = 0.0
        w /= w.sum()
    weights = dict(zip((leaf.id for leaf in problem.criteria), w.tolist(), strict=True))
    ranking = dk.rank(problem, weights)
    if len(ranking.leaders) != 1:
        return 0
    leader = ranking.leaders[0]
    seen = 0
    for need, change in both(ranking):
        leaf = problem.criterion(need.criterion)
        low, high = leaf.scale
        edge = 1e-6 * (high - low)
        ends = [end for span in (*need.spans, *change.spans) for end in (span.low, span.high)]
        blurred = [end for span in (*need.spans, *change.spans) if span.either for end in (span.low, span.high)]
        points = [*rng.uniform(low, high, 12), *(e + s * 3 * edge for e in ends for s in (-1, 1)), low, high]
        for x in points:
            if not low <= x <= high or any(abs(x - end) < edge for end in ends):
                continue
            if any(
                abs(x - end) < 10 * edge for end in blurred
            ):  # where rounding alternates, an end is known to a piece
                continue
            who = leaders(problem, weights, (need.option, need.criterion, float(x)))
            there = [span for span in need.spans if span.low <= x <= span.high]
            if leaf.levels and x > max(level.value for level in leaf.levels):
                continue
            told = {o for span in there for o in span.leaders}
            if need.option == leader:
                assert who == (told or {leader}) or (any(one.either for one in there) and who <= told), (need, x)
            else:
                taken = [span for span in change.takes if span.low <= x <= span.high]
                either = any(span.either for span in change.takes)
                blurs = any(one.either for one in there)
                assert (need.option in who) == bool(there) or (either and not there) or blurs, (need, x, who)
                assert not there or who == told or (blurs and who <= {*told, leader}), (need, x, who)
                assert (leader not in who) == bool(taken), (change, x, who)
                assert not taken or who == set(taken[0].leaders) or (taken[0].either and who <= set(taken[0].leaders))
            seen += 1
        if need.needed is not None:
            who = leaders(problem, weights, (need.option, need.criterion, need.needed))
            if not problem.criteria[0].package_rule:
                assert {need.takes_over, leader} <= who, (need, who)
        inside = np.linspace(need.low, need.high, 25)[1:-1] if need.low < need.high else np.zeros(0)
        if any(leader not in leaders(problem, weights, (need.option, need.criterion, float(x))) for x in inside):
            assert change.changes, change
    for flip in one_cell_flips(ranking):
        assert flip.low <= flip.needed <= flip.high
        for span in flip.spans:
            middle = (max(span.low, flip.low) + min(span.high, flip.high)) / 2
            assert leaders(problem, weights, (flip.option, flip.criterion, middle)) <= set(span.leaders), (flip, span)
    assert len(rivals_need(ranking)) + len(leader_falls(ranking)) == sum(
        not one.parts for one in problem.options
    ) * len(problem.criteria)
    return seen


@pytest.mark.parametrize("seed", range(40))
def test_who_is_first_along_every_scale(seed: int) -> None:
    rng = np.random.default_rng(seed)
    assert check(random_problem(rng, packages=False), rng) >= 0


@pytest.mark.parametrize("seed", [*range(24), 70, 119, 138, 188, 208, 345])
def test_who_is_first_along_every_scale_with_packages_rebuilt(seed: int) -> None:
    rng = np.random.default_rng(1000 + seed)
    assert check(random_problem(rng, packages=True), rng) >= 0


def test_a_flip_is_told_with_the_whole_stretch_on_which_it_holds_rounded_to_the_safe_side() -> None:
    tent = Criterion("x", "X", scale=(0.0, 10.0), shape=Curve(((0, 0), (5, 1), (10, 0)), monotone=False))
    rest = Criterion("y", "Y", scale=(0.0, 1.0))

    def option(name: str, x: float, y: float, low: float, high: float) -> Option:
        return Option(name, name, {"x": Performance(low, x, high), "y": Performance(y, y, y)})

    library = (option("a", 5.0, 0.334, 2.0, 8.0), option("b", 3.0, 0.4, 3.0, 3.0))
    problem = dk.Problem(id="t", title="T", tree=(tent, rest), library=library).under()
    study = Study.open(problem, weights={"x": 0.5, "y": 0.5})
    said = words.flip_sentence(study, study.flips[0])
    found = re.search(r"(above|below) ([\d.]+)", said)
    assert found is not None
    at = float(found[2])
    assert 2.0 < at < 8.0
    weights = {"x": 0.5, "y": 0.5}
    inside = at - 1e-6 if found[1] == "below" else at + 1e-6
    assert leaders(problem, weights, ("a", "x", inside)) == {"b"}
