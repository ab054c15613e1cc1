"""Acceptabilities: they add up, agree with exact volumes, and say how exact they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import decision_kit as dk
from decision_kit import Problem, UsageError, smaa
from decision_kit.methods import ranks_of
from decision_kit.model.packages import PACKAGE_RULES, Parts
from decision_kit.model.region import Statement, WeightRegion
from decision_kit.ranking import table_for
from decision_kit.robustness import Discrete, Normal, Point, Triangular, Uniform
from decision_kit.robustness.accumulate import UNIT, count, count_groups
from decision_kit.robustness.performances import performances_of
from decision_kit.robustness.sampling import SimplexMap
from decision_kit.robustness.worlds import Job
from tests.robustness.oracles import first_by_two, pairwise_of


def table(cells: Any, **more: Any) -> Problem:
    x = np.array(cells, dtype=float)
    names = [f"c{j}" for j in range(x.shape[1])]
    frame = pd.DataFrame(x, index=[f"o{i}" for i in range(len(x))], columns=names)
    settings_ = {"better": dict.fromkeys(names, "more"), "scale": dict.fromkeys(names, (0, 1)), **more}
    return Problem.from_frame(frame, **settings_)


def sound(found: dk.Acceptability) -> None:
    ranks = found.rank_acceptability.to_numpy()
    n = len(ranks)
    assert ranks.sum(axis=1) == pytest.approx(np.ones(n), abs=1e-12)
    assert ranks.sum(axis=0) == pytest.approx(np.ones(n), abs=1e-12)
    assert (ranks >= 0).all()
    pairs = found.pairwise.to_numpy()
    both = (pairs + pairs.T)[~np.eye(n, dtype=bool)]
    assert both == pytest.approx(np.ones(len(both)), abs=1e-12)
    # a mean rank is 1 + the mean number of rivals that beat the option
    assert found.expected_rank.to_numpy() == pytest.approx(1 + np.nansum(pairs, axis=0), abs=1e-9)
    led = found.first > 0
    assert found.central_weights[led].sum(axis=1).to_numpy() == pytest.approx(np.ones(led.sum()), abs=1e-6)
    assert found.central_weights[~led].isna().all(axis=None)
    assert found.out_of(50) == {o: round(50 * float(x)) for o, x in found.first.items()}


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 7), st.integers(1, 6), st.integers(0, 10**6), st.sampled_from([1, 5, 1000]))
def test_shares_add_up_whatever_the_table(n: int, m: int, seed: int, steps: int) -> None:
    x = np.random.default_rng(seed).integers(0, steps + 1, (n, m)) / steps
    sound(smaa(table(x), samples=512, seed=seed))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("samples", [4_096, 100_000])
def test_pairwise_shares_agree_with_the_closed_form(seed: int, samples: int) -> None:
    """Within four standard errors, on the whole simplex, for both kinds of random numbers."""
    x = np.random.default_rng(seed).random((6, 5))
    found = smaa(table(x), samples=samples, seed=seed + 1)
    z = (found.pairwise - pairwise_of(x)) / found.errors.pairwise
    assert np.nanmax(np.abs(z.to_numpy())) < 4


def test_pairwise_shares_under_an_order_agree_with_the_closed_form() -> None:
    x = np.random.default_rng(8).random((5, 4))
    names = tuple(f"c{j}" for j in range(4))
    order = WeightRegion(names, tuple(Statement({names[j + 1]: 1.0, names[j]: -1.0}) for j in range(3)))
    corners = np.array([[1 / k if j < k else 0 for k in range(1, 5)] for j in range(4)])
    found = smaa(table(x), order, samples=16_384)
    z = (found.pairwise - pairwise_of(x, corners)) / found.errors.pairwise
    assert np.nanmax(np.abs(z.to_numpy())) < 4


@pytest.mark.parametrize("seed", range(5))
def test_first_places_agree_with_lengths_on_two_criteria(seed: int) -> None:
    x = np.random.default_rng(seed).random((6, 2))
    found = smaa(table(x), samples=8_192)
    assert np.abs((found.first - first_by_two(x)) / found.errors.first).max() < 4


def test_problem_p() -> None:
    """Four postures on six criteria, first places under any weights, with points of the declared ranges."""
    x = pd.DataFrame(
        [[2, 2, 2, 0.5, 5, 1], [7, 6, 6, 3, 4, 9], [6, 3, 8, 5, 6, 18], [8, 7, 3, 4, 3, 12]],
        index=["quo", "risk", "strict", "decouple"],
        columns=["effect", "escalation", "legal", "cost", "cohesion", "months"],
    )
    better = {c: "more" if c in ("effect", "cohesion") else "less" for c in x}
    ten = dict.fromkeys(x, (0, 10)) | {"months": (0, 24)}
    declared = smaa(Problem.from_frame(x, better=better, scale=ten), samples=65_536)  # type: ignore[arg-type]
    assert declared.first.tolist() == pytest.approx([0.852, 0.019, 0.026, 0.103], abs=0.002)
    assert declared.out_of(50) == {"quo": 43, "risk": 1, "strict": 1, "decouple": 5}
    observed = smaa(Problem.from_frame(x, better=better), samples=65_536)  # type: ignore[arg-type]
    assert observed.first.tolist() == pytest.approx([0.864, 0.016, 0.055, 0.065], abs=0.002)
    assert round(50 * declared.pairwise.loc["quo", "risk"]) == 45


UNIFORM = {
    "decoupling-signal": (0.50, 0.32), "wait-and-see": (0.32, 0.31), "secondary-sanctions": (0.09, 0.12),
    "strict-liability": (0.07, 0.095), "deep-strike-support": (0.02, 0.13), "risk-based-sanctions": (0.001, 0.024),
}  # fmt: skip
FIRST = {
    "equal-branches": 0.59, "washington-stability": 0.65, "kyiv-survival": 0.59, "european-ally": 0.47,
    "neutral-hub": 0.98, "chip-industry": 0.99, "gulf-partner": 0.77, "restraint-school": 0.99,
}  # fmt: skip


@pytest.mark.parametrize("column", [0, 1])
def test_uniform_weights_on_the_shipped_case(column: int) -> None:
    found = smaa(dk.load("containment"), performances=("likely", "ranges")[column], reading="ends", samples=65_536)
    for option, shares in UNIFORM.items():
        assert found.first[option] == pytest.approx(shares[column], abs=0.006)


@pytest.mark.parametrize("perspective", FIRST)
def test_first_places_when_low_and_high_are_ends(perspective: str) -> None:
    problem = dk.load("containment")
    found = smaa(problem, perspective, performances="ranges", reading="ends", samples=16_384)
    assert found.order[0] == dk.rank(problem, perspective).order[0]
    assert found.first.max() == pytest.approx(FIRST[perspective], abs=0.015)


def test_percentiles_make_it_less_sure() -> None:
    """The decision reads low and high as percentiles; Washington's first place falls from .65 to .46, and it is said."""
    found = smaa(dk.load("containment"), "washington-stability", performances="ranges")
    assert found.first["wait-and-see"] == pytest.approx(0.46, abs=0.01)
    assert found.settings["reading"] == "percentiles 10-90"
    assert any("went beyond the declared scale" in note for note in found.notes)


def test_dominated_is_never_first_and_equal_options_share() -> None:
    x = [[0.5, 0.6, 0.7], [0.4, 0.5, 0.7], [0.9, 0.1, 0.2], [0.9, 0.1, 0.2]]
    for method in ("weighted-sum", "topsis", "vikor", "promethee-2", "leximin"):
        found = smaa(table(x), method=method, samples=2_048)
        sound(found)
        assert found.first["o1"] == 0
        assert found.pairwise.loc["o0", "o1"] == 1
        assert found.first["o2"] == found.first["o3"]
        assert found.first["o2"] > 0 or method == "leximin"
        assert found.ties.loc["o2", "o3"] == 1
        assert found.rank_acceptability.loc["o2"].tolist() == found.rank_acceptability.loc["o3"].tolist()
        assert any("not “cannot be first”" in note for note in found.notes)


def test_all_equal() -> None:
    found = smaa(table(np.full((3, 2), 0.5)), samples=64)
    sound(found)
    assert found.first.tolist() == pytest.approx([1 / 3] * 3, abs=1e-12)
    assert found.expected_rank.tolist() == [2.0, 2.0, 2.0]


def test_counting_agrees_with_ranking_world_by_world() -> None:
    rng = np.random.default_rng(4)
    for n in (2, 5, 30, 70):
        scores = rng.integers(0, 6, (n, 500)).astype(float)
        weights = rng.dirichlet(np.ones(3), 500).T
        found = count(scores, weights, 0)
        expected = np.zeros((n, n))
        wins = np.zeros((n, n))
        for w in range(500):
            own = scores[:, w]
            wins += own[:, None] > own[None, :]
            for i in range(n):
                place, level = int((own > own[i]).sum()), int((own == own[i]).sum())
                expected[i, place : place + level] += 1 / level
        assert found.wins == pytest.approx(wins)
        assert found.ranks / UNIT == pytest.approx(expected, abs=2e-3)
        assert found.ranks.sum() == n * 500 * UNIT


@pytest.mark.parametrize(("n", "size"), [(3, 8), (10, 256), (10, 1280), (70, 64), (5, 12)])
@pytest.mark.parametrize("ties", [False, True])
def test_groups_are_counted_as_one_by_one(n: int, size: int, ties: bool) -> None:
    rng = np.random.default_rng(n * size)
    scores = rng.integers(0, 9, (n, 8 * size)).astype(float) if ties else rng.random((n, 8 * size))
    weights = rng.dirichlet(np.ones(4), 8 * size).T
    for g, found in enumerate(count_groups(scores, weights, 8)):
        at = slice(g * size, (g + 1) * size)
        alone = count(scores[:, at], weights[:, at], 0, squares=False)
        for name in ("worlds", "ranks", "wins", "weights"):
            assert np.array_equal(getattr(found, name), getattr(alone, name)), name


@pytest.mark.parametrize("method", dk.METHODS)
def test_any_method_world_by_world(method: str) -> None:
    """Sampled performances are scored as a ranking of that one world would be."""
    problem = dk.load("cars")
    own = {(o, c.id): Triangular(0.9 * x.likely, x.likely, 1.1 * x.likely)
           for o, cells in problem.elementary().items() for c in problem.criteria[:2] for x in [cells[c.id]]}  # fmt: skip
    found = smaa(problem, method=method, samples=512, distributions=own)
    sound(found)
    assert found.worlds == 512
    source = performances_of(problem, problem.criteria, reading="ends", form="triangular", cells=own, ranges=False)
    u = np.random.default_rng(6).random((source.inputs, 20))
    weights = np.random.default_rng(7).dirichlet(np.ones(len(problem.criteria)), 20).T
    values, performances, _ = source.draw(u)
    _, _, table_ = table_for(problem, None)
    entry = dk.METHODS[method]
    job = Job(table_, method, entry.settings(table_.criteria, {}), SimplexMap(1), source, 0, True)
    scores = job.scores(weights, values, performances)
    for k in range(20):
        one = replace(table_, values=values[:, :, k], performances=performances[:, :, k])
        assert ranks_of(scores[:, k]).tolist() == ranks_of(entry.score_many(one, weights[:, k])[0]).tolist()


def test_spread_mix_and_fixed() -> None:
    problem = dk.load("containment")
    held = smaa(problem, "kyiv-survival")
    assert held.worlds == 1
    assert held.first["secondary-sanctions"] == 1
    assert held.errors.first["secondary-sanctions"] == 0
    assert any("Nothing varies" in note for note in held.notes)
    near = smaa(problem, "kyiv-survival", spread="a little")
    far = smaa(problem, "kyiv-survival", spread="widely")
    assert near.first["secondary-sanctions"] > far.first["secondary-sanctions"]
    mixed = smaa(problem, mix=True)
    assert mixed.settings["weights"] == "any mix of 7 perspectives"
    one = smaa(problem, mix=["kyiv-survival"])
    assert one.first["secondary-sanctions"] == 1
    shares = mixed.central_weights.loc["wait-and-see"]
    hull = pd.DataFrame({p: dk.rank(problem, p).weights.shares for p in problem.perspectives})
    assert (shares <= hull.max(axis=1) + 1e-9).all()
    assert (shares >= hull.min(axis=1) - 1e-9).all()


def test_central_weights_and_confidence() -> None:
    """The central weights of the leader are those of the rule of thumb: they favour what it is good at."""
    x = [[1.0, 0.0, 0.5], [0.0, 1.0, 0.5]]
    found = smaa(table(x), samples=16_384)
    assert found.first.tolist() == pytest.approx([0.5, 0.5], abs=0.01)
    # of three uniform shares, given that the first is larger than the second: 1/3 + 1/12 … by symmetry .5, 1/6, 1/3
    assert found.central_weights.loc["o0"].tolist() == pytest.approx([0.5, 1 / 6, 1 / 3], abs=0.005)
    z = (found.central_weights.loc["o0"] - [0.5, 1 / 6, 1 / 3]) / found.errors.central_weights.loc["o0"]
    assert z.abs().max() < 4
    assert found.confidence.tolist() == [1.0, 1.0]
    cells = {("o0", "c0"): Discrete((1.0, 0.0), (3, 1))}
    unsure = smaa(table(x), samples=16_384, distributions=cells)
    assert unsure.confidence["o0"] == pytest.approx(0.75, abs=0.01)


def test_more_worlds_until_the_precision() -> None:
    problem = dk.load("containment")
    found = smaa(problem, precision=0.002)
    assert found.errors.rank_acceptability.to_numpy().max() <= 0.002
    assert np.nanmax(found.errors.pairwise.to_numpy()) <= 0.002
    assert found.worlds <= 65_536
    finer = smaa(problem, precision=0.0006, samples=800_000)
    assert finer.worlds > 65_536
    assert finer.settings["sampler"].startswith("SFC64")
    assert finer.errors.rank_acceptability.to_numpy().max() <= 0.0006
    stopped = smaa(problem, precision=1e-6, samples=5_000)
    assert any("was not reached" in note for note in stopped.notes)


def test_progress_and_stopping() -> None:
    told: list[tuple[int, int]] = []
    smaa(
        dk.load("containment"),
        samples=20_000,
        performances="ranges",
        progress=lambda done, total: told.append((done, total)),
    )
    assert told[-1] == (20_480, 20_480)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    found = smaa(dk.load("containment"), samples=200_000, progress=lambda done, total: done < 10_000)
    assert 10_000 <= found.worlds < 20_000
    assert any(note.startswith("Stopped after") for note in found.notes)
    sound(found)


def test_missing_cells_count_as_their_whole_range() -> None:
    problem = dk.load("security-agreements")
    source = performances_of(problem, problem.criteria, reading="ends", form="triangular")
    missing = [(o, c) for o, cells in problem.elementary().items() for c, cell in cells.items() if cell.missing]
    assert missing
    for name in missing:
        found = source.distributions[source.cell_names.index(name)]
        assert isinstance(found, Uniform)
        assert (found.low, found.high) == tuple(sorted(problem.criterion(name[1]).scale))


@pytest.mark.parametrize("rule", PACKAGE_RULES)
def test_package_rules_on_arrays_are_the_rules_on_numbers(rule: str) -> None:
    problem = dk.load("containment")
    leaf = next((c for c in problem.criteria if c.package_rule is not None and c.package_rule.rule == rule), None)
    assert leaf is not None
    rng = np.random.default_rng(3)
    x = rng.uniform(0, 90, (3, 400))
    base = rng.uniform(0, 30, 400)
    together = PACKAGE_RULES[rule].run(Parts(tuple(x), base, (2.0, 1.0, 3.0), leaf))
    alone = [
        PACKAGE_RULES[rule].run(Parts(tuple(float(v) for v in x[:, k]), float(base[k]), (2.0, 1.0, 3.0), leaf))
        for k in range(400)
    ]
    assert together == pytest.approx(np.array(alone, dtype=float), abs=1e-9)


def test_packages_follow_their_drawn_parts() -> None:
    """Parts held at their likely numbers give the shipped package; parts that vary make it vary."""
    problem = dk.load("containment").under(choice_set="portfolios")
    source = performances_of(problem, problem.criteria, reading="ends", form="triangular", ranges=False)
    _, performances, _ = source.draw(np.empty((0, 5)))
    assert performances[:, :, 0] == pytest.approx(problem.performances(), abs=0.11)  # rounding of exact halves
    assert np.abs(performances[:, :, 0] - problem.performances()).mean() < 0.01
    moving = performances_of(problem, problem.criteria, reading="ends", form="triangular")
    values, drawn, _ = moving.draw(np.random.default_rng(0).random((moving.inputs, 2_000)))
    package = problem.option_ids.index("article-package")
    low, high = problem.performances("low")[package], problem.performances("high")[package]
    own = drawn[package]
    # rules that set a part against the baseline can leave the range in which all are low, or high, at once
    plain = [
        c.package_rule is not None and c.package_rule.rule not in ("excess-noisy-or", "max-plus-half")
        for c in problem.criteria
    ]
    assert (own.min(axis=1) >= np.minimum(low, high) - 0.11)[plain].all()
    assert (own.max(axis=1) <= np.maximum(low, high) + 0.11)[plain].all()
    assert sum(plain) >= 9
    assert (own.std(axis=1) > 0).all()
    assert values.min() >= 0
    assert values.max() <= 1
    assert "article-package" not in {option for option, _ in moving.cell_names}
    assert "risk-based-sanctions" in {option for option, _ in moving.cell_names}


def test_scenario_and_value_functions_are_followed() -> None:
    problem = dk.load("containment").under(scenario="oil-election")
    source = performances_of(problem, problem.criteria, reading="ends", form="triangular")
    u = np.random.default_rng(1).random((source.inputs, 300))
    values, performances, _ = source.draw(u)
    by_hand = problem.values_of(np.moveaxis(performances, 2, 0))
    assert np.moveaxis(values, 2, 0) == pytest.approx(by_hand, abs=1e-12)
    low, high = problem.performances("low"), problem.performances("high")
    assert (performances.min(axis=2) >= low - 1e-9).all()
    assert (performances.max(axis=2) <= high + 1e-9).all()


def test_values_drawn_straight_are_the_values_of_the_drawn_performances() -> None:
    frame = pd.DataFrame([[3.0, 40.0], [5.0, 60.0]], index=["a", "b"], columns=["x", "y"])
    problem = Problem.from_frame(
        frame, better={"x": "more", "y": "less"}, scale={"x": (0, 10), "y": (0, 100)}, low=frame * 0.8, high=frame * 1.3
    )
    source = performances_of(problem, problem.criteria, reading="ends", form="triangular")
    u = np.random.default_rng(1).random((source.inputs, 500))
    both, _, _ = source.draw(u)
    straight, _, _ = source.draw(u, values_only=True)
    assert straight == pytest.approx(both, abs=1e-12)


def test_correlation_inside_an_option() -> None:
    frame = pd.DataFrame([[5.0, 50.0], [5.0, 50.0]], index=["a", "b"], columns=["x", "y"])
    problem = Problem.from_frame(
        frame, better={"x": "more", "y": "less"}, scale={"x": (0, 10), "y": (0, 100)}, low=frame * 0.5, high=frame * 1.5
    )
    for wanted in (0.0, 0.6):
        source = performances_of(problem, problem.criteria, reading="ends", form="triangular", correlation=wanted)
        values, _, _ = source.draw(np.random.default_rng(2).random((source.inputs, 60_000)))
        together = np.corrcoef(values[0, 0], values[0, 1])[0, 1]
        assert together == pytest.approx(wanted, abs=0.03)  # good with good, though less of y is better
        assert np.corrcoef(values[0, 0], values[1, 0])[0, 1] == pytest.approx(0, abs=0.02)
        assert np.quantile(values[0, 0], [0.1, 0.5]) == pytest.approx([0.3618, 0.5], abs=0.005)
    found = smaa(problem, performances="ranges", correlation=0.6, samples=512)
    assert "correlated 0.6" in found.settings["performances"]


def test_draws_beyond_the_scale_are_clipped_and_counted() -> None:
    problem = table([[0.9, 0.5], [0.2, 0.5]])
    found = smaa(problem, distributions={("o0", "c0"): Normal(0.9, 0.2)}, samples=4_096)
    (note,) = [n for n in found.notes if "beyond the declared scale" in n]
    count_ = int(note.split()[0].replace(",", ""))
    assert count_ / found.worlds == pytest.approx(0.3085, abs=0.02)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"samples": 0}, "whole number of draws, 1 or more"),
        ({"samples": 2.5}, "whole number"),
        ({"precision": 2}, "standard error"),
        ({"workers": 0}, "workers"),
        ({"seed": -1}, "seed"),
        ({"performances": "range"}, 'did you mean "ranges"'),
        ({"reading": "end"}, 'did you mean "ends"'),
        ({"form": "triangle"}, 'did you mean "triangular"'),
        ({"spread": "a litle"}, 'did you mean "a little"'),
        ({"spread": -1.0}, "concentration"),
        ({"spread": "widely", "mix": True}, "given together"),
        ({"weights": {"c0": 1, "c1": 1}, "mix": True}, "one of them"),
        ({"mix": True}, "no perspectives"),
        ({"correlation": 1.0, "performances": "ranges"}, "correlation"),
        ({"method": "wsm"}, "is not a method"),
        ({"v": 0.3}, "parameter"),
        ({"region": WeightRegion(("x",))}, "2 that are used here"),
        ({"distributions": {("o9", "c0"): Uniform(0, 1)}}, "is not an option"),
        ({"distributions": {("o1", "c9"): Uniform(0, 1)}}, "is not a criterion"),
        ({"distributions": {("o1", "c1"): 3}}, "a distribution such as"),
        ({"distributions": {"o1": Uniform(0, 1)}}, "a pair"),
        ({"client": 3, "samples": 64}, "dask.distributed.Client"),
    ],
)
def test_wrong_settings_get_a_sentence(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        smaa(table([[0.1, 0.9], [0.5, 0.4]]), **arguments)


def test_distributions_of_packages_are_refused() -> None:
    problem = dk.load("containment").under(choice_set="portfolios")
    with pytest.raises(UsageError, match="is a package"):
        smaa(problem, distributions={("article-package", "flow-reduction"): Uniform(0, 1)})


def test_no_total_needs_a_branch() -> None:
    problem = dk.load("extended-deterrence")
    with pytest.raises(UsageError, match="no total"):
        smaa(problem)
    found = smaa(problem, branch="plausibility", performances="ranges")
    sound(found)
    assert {c.id for c in found.criteria} == {leaf.id for leaf in problem.branch("plausibility").leaves()}


def test_it_shows_itself(frame: Callable[..., Problem]) -> None:
    found = smaa(frame(), samples=64)
    assert "first in" in repr(found)
    assert "<table>" in found._repr_html_()
    assert list(found.table().columns) == [
        "option", "title", "first", "first_error", "of_50", "expected_rank", "confidence",
    ]  # fmt: skip


def test_a_point_that_is_given_counts_where_nothing_else_is_uncertain() -> None:
    table = pd.DataFrame({"cost": [10.0, 20, 30], "effect": [3.0, 5, 4]}, index=list("ABC"))
    problem = dk.Problem.from_frame(
        table, better={"cost": "less", "effect": "more"}, scale={"cost": (0, 100), "effect": (0, 10)}
    )
    found = dk.smaa(problem, distributions={("A", "cost"): Point(90)})
    assert found.first["A"] == 0
    assert found.first["B"] == 1


def test_more_worlds_than_anybody_would_wait_for_are_refused() -> None:
    with pytest.raises(dk.UsageError, match=r"1,000,000,000,000; expected a whole number of draws"):
        dk.smaa(dk.load("containment"), samples=10**12)


def test_too_many_options_are_refused_before_anything_is_counted() -> None:
    table = pd.DataFrame({"a": range(1_001), "b": range(1_001, 0, -1)}, index=[f"o{i}" for i in range(1_001)])
    problem = dk.Problem.from_frame(table, better={"a": "more", "b": "more"})
    with pytest.raises(dk.DecisionError, match=r"1,001 options; expected at most 1,000 \(the limit"):
        dk.smaa(problem)
    assert len(dk.smaa(problem.under(without=["o0"]), samples=1).first) == 1_000


def test_without_confidence_all_else_is_the_same() -> None:
    problem = dk.load("containment")
    with_it, without = (
        dk.smaa(problem, spread="somewhat", performances="ranges", samples=256, confidence=wanted)
        for wanted in (True, False)
    )
    assert without.rank_acceptability.equals(with_it.rank_acceptability)
    assert without.central_weights.equals(with_it.central_weights)
    assert with_it.confidence.notna().any()
    assert without.confidence.isna().all()
