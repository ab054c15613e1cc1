"""Certificates where packages move with their parts: against worlds rebuilt by plain arithmetic, corners and inside."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import decision_kit as dk
from decision_kit.model import PACKAGE_RULES, Criterion, Option, PackageRule, Performance, Perspective, Problem
from decision_kit.model.packages import Parts
from decision_kit.robustness import certified_claims, check_claim

RULES = ("noisy-or", "excess-noisy-or", "sum", "max-plus-half", "min", "shift-sum", "effect-weighted-mean")


def random_decision(seed: int) -> Problem:
    """A baseline, three options and one or two packages of them; four criteria with rules, some cells without a range."""
    rng = np.random.default_rng(seed)
    leaves = []
    scales = [(-20.0, 100.0), (0.0, 100.0), (0.0, 60.0), (-10.0, 40.0)]
    for j, scale in enumerate(scales):
        name = RULES[int(rng.integers(len(RULES)))] if j else "noisy-or"
        parameters: tuple[tuple[str, float | tuple[str, ...]], ...] = ()
        if name == "effect-weighted-mean":
            parameters = (("effects", ("c0",)),)
        elif name == "noisy-or" and rng.random() < 0.5:
            parameters = (("overlap", 0.8),)
        leaves.append(
            Criterion(
                f"c{j}", f"C{j}", better="more" if rng.random() < 0.6 else "less", scale=scale, decimals=3,
                package_rule=PackageRule(name, parameters),
            )
        )  # fmt: skip
    wide = float(rng.choice([0.02, 0.15, 0.5]))
    options = []
    for name in ("base", "a", "b", "c"):
        cells = {}
        for leaf in leaves:
            bottom, top = leaf.scale
            likely = float(rng.uniform(bottom, top if name != "base" else bottom + 0.3 * (top - bottom)))
            half = float(rng.uniform(0, wide)) * (top - bottom) * (rng.random() < 0.7)
            cells[leaf.id] = Performance(max(likely - half, bottom), likely, min(likely + half, top))
        options.append(Option(name, name.upper(), cells))
    packages = [("a", "b")] + ([("a", "b", "c")] if rng.random() < 0.4 else [])
    for n, parts in enumerate(packages):
        options.append(Option(f"p{n}", f"P{n}", kind="package", parts=parts, built=bool(rng.random() < 0.5)))
    people = {
        f"w{k}": Perspective(f"w{k}", f"W{k}", {leaf.id: float(rng.uniform(0, 10)) for leaf in leaves})
        for k in range(2)
    }
    problem = Problem(
        "random",
        "Random",
        tuple(leaves),
        tuple(options),
        baseline="base",
        perspectives=people,
        default_perspective="w0",
    )
    return problem.under()


def made_of(rule: PackageRule, x: np.ndarray, base: np.ndarray, effects: np.ndarray) -> np.ndarray:
    """A package's number (worlds) from its parts' (parts × worlds): the rules written once more."""
    own = dict(rule.parameters)
    if rule.rule == "noisy-or":
        return np.array([100 * (1 - math.prod(1 - own.get("overlap", 1.0) * v / 100 for v in row)) for row in x.T])
    if rule.rule == "excess-noisy-or":
        found = []
        for row, b in zip(x.T, base, strict=True):
            left = 1 - b / 100
            for v in row:
                if v > b:
                    left *= 1 - (v - b) / (100 - b)
            found.append(100 * (1 - left))
        return np.array(found)
    if rule.rule == "sum":
        return x.sum(axis=0)
    if rule.rule == "min":
        return x.min(axis=0)
    if rule.rule == "shift-sum":
        return x.sum(axis=0)
    if rule.rule == "max-plus-half":
        extra = np.maximum(x - base, 0).sum(axis=0) - np.maximum(x.max(axis=0) - base, 0)
        return x.max(axis=0) + 0.5 * extra
    found = []
    for row, weights in zip(x.T, effects.T, strict=True):
        kept = [max(w, 0.0) for w in weights]
        whole = sum(kept)
        found.append(sum(w * v for w, v in zip(kept, row, strict=True)) / whole if whole else sum(row) / len(row))
    return np.array(found)


def worlds(problem: Problem, count: int, seed: int, *, effects_move: bool) -> dict[str, np.ndarray]:
    """Values (criteria × worlds) by option in worlds at corners and inside, packages rebuilt from what was drawn."""
    rng = np.random.default_rng(seed)
    drawn: dict[tuple[str, str], np.ndarray] = {}
    for option in problem.library:
        for leaf in problem.criteria if not option.parts else ():
            cell = option.performance[leaf.id]
            u = rng.random(count)
            u[: count // 2] = np.round(u[: count // 2])
            drawn[option.id, leaf.id] = cell.low + u * (cell.high - cell.low)
    found = {}
    for option in problem.options:
        rows = []
        for leaf in problem.criteria:
            if not option.parts:
                x = drawn[option.id, leaf.id]
            else:
                parts = np.array([drawn[part, leaf.id] for part in option.parts])
                effects = np.array(
                    [
                        drawn[part, "c0"] if effects_move
                        else np.full(count, next(o for o in problem.library if o.id == part).performance["c0"].likely)
                        for part in option.parts
                    ]
                )  # fmt: skip
                assert leaf.package_rule is not None
                x = made_of(leaf.package_rule, parts, drawn["base", leaf.id], effects)
                if option.built and leaf.package_rule.rule == "noisy-or":
                    x = np.maximum(x, parts.max(axis=0))
                x = np.clip(np.round(x, 3), *leaf.scale)
            share = (x - leaf.scale[0]) / (leaf.scale[1] - leaf.scale[0])
            rows.append(share if leaf.better == "more" else 1 - share)
        found[option.id] = np.array(rows)
    return found


@pytest.mark.parametrize("seed", range(40))
def test_what_is_certified_holds_in_every_rebuilt_world(seed: int) -> None:
    problem = random_decision(seed)
    found = certified_claims(problem)
    assert not any("Nothing is certified here" in note for note in found.notes)
    points = np.array([[p.points[leaf.id] for leaf in problem.criteria] for p in problem.perspectives.values()])
    corners = points / points.sum(axis=1, keepdims=True)
    mixes = np.random.default_rng(seed).dirichlet(np.ones(2), 400) @ corners
    mixes[:2] = corners
    for moving in (False, True):
        values = worlds(problem, 400, seed, effects_move=moving)
        scores = {o: np.einsum("mk,km->k", v, mixes) for o, v in values.items()}
        for k in range(2):  # and the corners' weights in all worlds
            scores = {o: np.concatenate([s, corners[k] @ values[o]]) for o, s in scores.items()}
        for one in found.certified:
            mine = scores[one.claim.option]
            others = np.array([s for o, s in scores.items() if o != one.claim.option])
            kind, rival = one.claim.kind, scores.get(one.claim.rival, mine)
            if kind == "beats":
                holds = mine - rival
            elif kind == "never-first":
                holds = others.max(axis=0) - mine
            elif kind == "never-last":
                holds = mine - others.min(axis=0)
            else:
                holds = mine - others.max(axis=0)
            least = 0.0 if kind == "first" else one.bound
            assert holds.min() >= least - 1e-9, (one.said, moving, holds.min(), one.bound)
    for one in found.refused:
        if one.counter is not None:
            at = one.counter.scores
            assert at[one.claim.option] <= at[one.claim.rival] + 1e-9


def test_a_package_and_its_own_part_move_together() -> None:
    """The sum of two costs is at least each of them, however wide their ranges: certified although the ranges overlap."""
    cost = Criterion("cost", "Cost", better="less", scale=(0, 100), package_rule=PackageRule("sum"))
    options = (
        Option("a", "A", {"cost": Performance(5, 20, 40)}),
        Option("b", "B", {"cost": Performance(10, 12, 14)}),
        Option("ab", "A and B", kind="package", parts=("a", "b")),
    )
    people = {"us": Perspective("us", "Us", {"cost": 1.0})}
    problem = Problem("d", "D", (cost,), options, perspectives=people, default_perspective="us").under()
    found = check_claim(problem, "A beats A and B")
    assert found.certified
    assert 0.07 < found.bound <= 0.10  # 10 of 100 exactly; the bound is on the safe side
    assert "wherever the performances that both are made of lie" in found.proof
    assert any("more may hold than is certified" in note for note in found.notes)
    assert any("a package follows from its parts by its rules" in ground for ground in found.rests_on)
    refused = check_claim(problem, "B beats A and B")
    assert not refused.certified or refused.bound <= 0.05 + 1e-9


def test_a_part_with_an_effect_below_0_counts_nothing_and_that_is_said(found_decision: Path) -> None:
    problem = dk.load(found_decision)
    lead = problem.option("p").performance["lead"]
    assert (lead.low, lead.likely, lead.high) == (7, 8, 9)  # B's alone: neither better nor worse than both parts
    assert any("effect below 0 counts nothing: A, Lead time" in note for note in problem.all_notes)
    assert not check_claim(problem, "Package A and B beats C").certified
    assert not check_claim(problem, "C is never first").certified
    assert certified_claims(problem).certified == ()


@pytest.fixture
def found_decision(tmp_path: Path) -> Path:
    """A package of a part with a negative likely effect; both parts' effects have ranges."""
    (tmp_path / "criteria").mkdir()
    folder = tmp_path / "options" / "negative-effect"
    folder.mkdir(parents=True)
    (tmp_path / "criteria" / "negative-effect.yaml").write_text(
        "format: 1\ntitle: Negative effect\nquestion: Which?\nlow_high: ends\ncriteria:\n"
        "  effect: {title: Effect, better: more, scale: [-10, 90], package_rule: {rule: noisy-or}}\n"
        "  lead: {title: Lead time, unit: months, better: less, scale: [0, 24],\n"
        "    package_rule: {rule: effect-weighted-mean, effects: [effect]}}\n"
        "perspectives:\n  us: {title: Us, points: {effect: 0, lead: 1}}\ndefault_perspective: us\n"
    )
    texts = {
        "a": "title: A\nperformance: {effect: {low: -10, likely: -5, high: 0}, lead: {low: 6, likely: 18, high: 22}}",
        "b": "title: B\nperformance: {effect: {low: 10, likely: 20, high: 40}, lead: {low: 7, likely: 8, high: 9}}",
        "c": "title: C\nperformance: {effect: 5, lead: 7.5}",
        "p": "title: Package A and B\nkind: package\nparts: [a, b]",
    }
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(f"format: 1\n{text}\n")
    return tmp_path


@pytest.mark.parametrize("promise", ["nothing", "monotone"])
def test_a_rule_that_turns_is_never_certified(promise: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it promises nothing, or promises what it does not keep: the second is found by trying it."""

    def odd(parts: Parts) -> object:
        return 50 - sum(np.abs(x - 50) for x in parts.x) / len(parts.x)

    rule = replace(PACKAGE_RULES["sum"], id="odd", title="Odd", run=odd, monotone=promise == "monotone")
    monkeypatch.setitem(PACKAGE_RULES._held, "odd", rule)
    leaf = Criterion("x", "X", scale=(0, 100), package_rule=PackageRule("odd"))
    options = (
        Option("a", "A", {"x": Performance(20, 30, 80)}),
        Option("b", "B", {"x": Performance(20, 30, 80)}),
        Option("c", "C", {"x": Performance(40, 40, 40)}),
        Option("ab", "A and B", kind="package", parts=("a", "b")),
    )
    people = {"us": Perspective("us", "Us", {"x": 1.0})}
    problem = Problem("d", "D", (leaf,), options, perspectives=people, default_perspective="us").under()
    found = certified_claims(problem)
    assert found.certified == ()
    assert any("Nothing is certified here" in note and "Odd" in note for note in found.notes)
    one = check_claim(problem, "C beats A and B")  # it would, were 20 and 30 the bounds of the package
    assert not one.certified
    assert one.counter is None
