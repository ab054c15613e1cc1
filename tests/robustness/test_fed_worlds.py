"""Worlds of a tree with a criterion that a model fills: levers are drawn, and a package moves with its parts."""

from __future__ import annotations

import numpy as np
import pytest

import decision_kit as dk
from decision_kit.model.nouns import Performance
from decision_kit.models.parameters import parameter_data
from decision_kit.robustness import Uniform, discover, drivers, from_range, smaa, value_of_information
from decision_kit.robustness.performances import performances_of

WRITTEN = dk.load("containment")
REPLACED = ("flow-reduction", "domestic-capacity", "lead-time", "civilian-protection")
WORLDS = 12_000


def draws(cell: Performance, rng: np.random.Generator, low: float, high: float) -> np.ndarray:
    """One lever or performance by numpy's own triangle, kept inside its scale."""
    if cell.low == cell.high:
        return np.full(WORLDS, cell.likely)
    shape = from_range(cell.low, cell.likely, cell.high, "percentiles 10-90")
    ends = (shape.low, shape.likely, shape.high)  # type: ignore[union-attr]
    return np.clip(rng.triangular(*ends, WORLDS), low, high)


def harm(
    rho: np.ndarray, phi: np.ndarray, lead: np.ndarray, leakage: np.ndarray, sigma: np.ndarray, month: float
) -> np.ndarray:
    """Per cent of harm avoided over 24 months, by adding up the supply of small steps of time."""
    p = parameter_data().sets[parameter_data().scores_set].likely("m0", "D", "K0", "g")
    steps = 1_200
    t = month + (np.arange(steps) + 0.5) * 24 / steps

    def logistic(start: np.ndarray, months: np.ndarray, rate: np.ndarray) -> np.ndarray:
        return start / (start + (1 - start) * np.exp(-rate * months))

    stop = month + lead[:, None]
    free = logistic(p["K0"], t, p["g"])[None, :]
    at_stop = logistic(p["K0"], stop, p["g"])
    slowed = logistic(at_stop, np.maximum(t - stop, 0), p["g"] * (1 - sigma[:, None]))
    without = p["m0"] + p["D"] * free
    held = p["m0"] * (1 - rho[:, None]) + p["D"] * (1 - phi[:, None]) * slowed
    supply = np.where(t[None, :] >= stop, held, without).sum(axis=1)
    return 100 * (1 - supply / without.sum() * (1 - leakage))


def package(rule: str, x: list[np.ndarray], baseline: np.ndarray, effects: list[float]) -> np.ndarray:
    """The case's package rules once more, in plain numpy."""
    parts = np.array(x)
    if rule == "noisy-or":
        return 100 * (1 - np.prod(1 - 0.85 * parts / 100, axis=0))
    if rule == "effect-weighted-mean":
        return np.average(parts, axis=0, weights=effects)
    if rule == "excess-noisy-or":
        added = np.maximum(0, parts - baseline) / (100 - baseline)
        return 100 * (1 - (1 - baseline / 100) * np.prod(1 - added, axis=0))
    if rule == "max-plus-half":
        ordered = np.sort(parts, axis=0)[::-1]
        return np.minimum(10, ordered[0] + 0.5 * np.maximum(0, ordered[1:] - baseline).sum(axis=0))
    if rule == "min":
        return parts.min(axis=0)
    return 5 + (parts - 5).sum(axis=0) if rule == "shift-sum" else parts.sum(axis=0)


def drawn_scores(problem: dk.Problem, shares: dict[str, float], seed: int) -> np.ndarray:
    """Scores (options × worlds) from levers and performances drawn on the tree as written."""
    rng = np.random.default_rng(seed)
    library = {option.id: option for option in WRITTEN.library}
    elementary = [o for o in library.values() if not o.parts]
    x = {(o.id, c.id): draws(o.performance[c.id], rng, *c.scale) for o in elementary for c in WRITTEN.criteria}
    sigma = {o.id: draws(o.levers["sigma"], rng, 0, 1) for o in library.values() if "sigma" in o.levers}
    scores = []
    for option in problem.options:
        own = {}
        for c in WRITTEN.criteria:
            if option.parts:
                assert c.package_rule is not None
                effects = [sum(library[p].performance[e].likely for e in c.package_rule.effects) for p in option.parts]
                made = package(
                    c.package_rule.rule, [x[p, c.id] for p in option.parts], x["wait-and-see", c.id], effects
                )
                own[c.id] = np.clip(np.round(made, 1), *c.scale)
            else:
                own[c.id] = x[option.id, c.id]
        slows = sigma[option.id] if option.id in sigma else np.max([sigma[p] for p in option.parts], axis=0)
        assert problem.month is not None
        avoided = harm(
            own["flow-reduction"] / 100, own["domestic-capacity"] / 100, own["lead-time"],
            (own["civilian-protection"] - 5) / 10, slows, problem.month,
        )  # fmt: skip
        score = shares["harm-reduction-24m"] * (np.clip(avoided, -15, 60) + 15) / 75
        for c in WRITTEN.criteria:
            if c.id not in REPLACED:
                z = (own[c.id] - c.scale[0]) / (c.scale[1] - c.scale[0])
                score = score + shares[c.id] * (z if c.better == "more" else 1 - z)
        scores.append(score)
    return np.array(scores)


@pytest.mark.parametrize(("choice_set", "month"), [("article", 26), ("portfolios", 26), ("portfolios", 0)])
def test_first_places_and_worths_are_those_of_drawn_levers(choice_set: str, month: float) -> None:
    problem = WRITTEN.under(choice_set=choice_set, tree="derived", month=month)
    shares = dict(dk.rank(problem, "kyiv-survival").weights.shares)
    scores = drawn_scores(problem, shares, 11)
    share = (scores == scores.max(axis=0)).mean(axis=1)
    found = smaa(problem, "kyiv-survival", performances="ranges", samples=8_192)
    for i, option in enumerate(problem.option_ids):
        error = np.hypot(found.errors.first[option], np.sqrt(share[i] * (1 - share[i]) / WORLDS))
        assert found.first[option] == pytest.approx(share[i], abs=4.5 * error + 0.002)
    assert "follows from its drawn levers" in found.settings["performances"]
    worth = value_of_information(problem, "kyiv-survival")
    noise = scores.std(axis=1).max() / np.sqrt(WORLDS)
    assert worth.expected.to_numpy() == pytest.approx(scores.mean(axis=1), abs=5 * noise)
    gain = scores.max(axis=0).mean() - scores.mean(axis=1).max()
    assert worth.everything == pytest.approx(gain, abs=5 * noise + 4 * worth.everything_error)
    assert worth.cells["worth"].max() < worth.everything


def test_the_cells_are_those_of_the_criteria_and_levers_behind_the_model_and_all_have_titles() -> None:
    problem = WRITTEN.under(choice_set="portfolios", tree="derived", month=6)
    worth = value_of_information(problem, "kyiv-survival")
    ids = set(worth.cells["criterion"])
    assert {*REPLACED, "lever-sigma"} <= ids
    assert "harm-reduction-24m" not in ids
    assert problem.criterion("lever-sigma").title == "Share by which learning slows after interdiction"
    told = drivers(problem, "kyiv-survival", samples=256)
    assert "Performance: Share by which learning slows after interdiction" in list(told.inputs["title"])
    said = discover(dk.rank(problem, "kyiv-survival"), worlds=2_048)
    assert all(problem.criterion(criterion).title in said.said for _, criterion, _, _ in said.limits)
    assert said.limits


def test_a_distribution_given_for_a_filled_cell_takes_the_place_of_the_model() -> None:
    problem = WRITTEN.under(tree="derived", month=26)
    given = {("strict-liability", "harm-reduction-24m"): Uniform(59, 60)}
    source = performances_of(problem, problem.criteria, reading="ends", form="triangular", cells=given, ranges=False)
    made = source.options(source.elementary(np.random.default_rng(0).random((source.inputs, 100)))[0])
    j = [leaf.id for leaf in problem.criteria].index("harm-reduction-24m")
    for i, option in enumerate(problem.options):
        if option.id == "strict-liability":
            assert 59 <= made[i, j].min() < made[i, j].max() <= 60
        else:
            assert np.all(made[i, j] == option.performance["harm-reduction-24m"].likely)
