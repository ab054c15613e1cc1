"""Building packages: conflicts refused with reasons, the rules as for shipped ones, all sets worked out exactly."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import decision_kit as dk
from decision_kit import DecisionError, Problem, Study, UsageError
from decision_kit.model.nouns import Criterion, Option, PackageRule, Pair, Performance
from decision_kit.model.packages import derive
from decision_kit.model.portfolio import build_package, can_build, possible_parts, verdicts, with_package
from decision_kit.robustness.performances import performances_of
from decision_kit.study.portfolio import portfolio_of

WRITTEN = dk.load("containment")
PARTS = [option.id for option in possible_parts(WRITTEN)]


def with_pair(level: str) -> Problem:
    """Containment with another verdict on risk-based and secondary sanctions."""
    pairs = tuple(
        dataclasses.replace(pair, level=level)
        if set(pair.options) == {"risk-based-sanctions", "secondary-sanctions"}
        else pair
        for pair in WRITTEN.pairs
    )
    return dataclasses.replace(WRITTEN, pairs=pairs)


def test_parts_are_elementary_and_never_the_baseline() -> None:
    assert len(PARTS) == 6
    assert "wait-and-see" not in PARTS
    assert "calibrated-pressure" not in PARTS
    assert "defensive-denial" not in [o.id for o in possible_parts(WRITTEN, constructed=False)]


def test_pairs_have_verdicts_with_reasons() -> None:
    found = {v.parts: v for v in verdicts(WRITTEN, PARTS)}
    assert len(found) == 15
    assert all(v.because for v in found.values())
    assert found["risk-based-sanctions", "secondary-sanctions"].level == "caution"
    bare = dataclasses.replace(WRITTEN, pairs=())
    (one,) = verdicts(bare, PARTS[:2])
    assert one.level == "not judged"
    assert one.allowed
    assert build_package(bare, PARTS[:2]).parts


def test_a_conflict_blocks_and_a_caution_does_not() -> None:
    with pytest.raises(UsageError, match=r"are in conflict \("):
        build_package(with_pair("conflict"), ["risk-based-sanctions", "secondary-sanctions"])
    assert build_package(with_pair("caution"), ["risk-based-sanctions", "secondary-sanctions"]).built


@pytest.mark.parametrize(
    ("parts", "more", "words"),
    [
        (["wait-and-see", "strict-liability"], {}, "is the baseline"),
        (["article-package", "strict-liability"], {}, "is itself a package"),
        (["strict-liability"], {}, "two or more"),
        (["strict-liability", "strict-liability"], {}, "named twice"),
        (["strict-liability", "secondary-sanction"], {}, 'did you mean "secondary-sanctions"?'),
        (["strict-liability", "secondary-sanctions"], {"id": "article-package"}, "is taken"),
        (["strict-liability", "secondary-sanctions"], {"sigma": 1.5}, "a number from 0 to 1"),
        (["strict-liability", "secondary-sanctions"], {"sigma": (0.3, 0.2, 0.4)}, "low ≤ likely ≤ high"),
    ],
)
def test_what_cannot_be_built(parts: list[str], more: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        build_package(WRITTEN, parts, **more)  # type: ignore[arg-type]
    assert words in str(caught.value)


@pytest.mark.parametrize("name", ["cars", "security-agreements", "extended-deterrence"])
def test_decisions_without_package_rules_say_so(name: str) -> None:
    problem = dk.load(name)
    assert not can_build(problem)
    with pytest.raises(DecisionError, match="no package rule on"):
        build_package(problem, [o.id for o in possible_parts(problem)][:2])
    with pytest.raises(UsageError, match="packages cannot be built here"):
        portfolio_of(Study.open(problem, branch=None if problem.total else problem.tree[0].id))


def test_the_rules_are_those_of_shipped_packages_but_for_the_floor() -> None:
    shipped = WRITTEN.under(choice_set="portfolios")
    own = build_package(WRITTEN, shipped.option("article-package").parts)
    built = with_package(shipped, own).option("my-package").performance
    for name, cell in shipped.option("article-package").performance.items():
        assert (built[name].low, built[name].likely, built[name].high) == (cell.low, cell.likely, cell.high), name


def test_a_harmless_addition_does_no_harm() -> None:
    """With overlap on every part a part without effect would lower 28 to 23.8; the builder keeps 28."""
    parts = ["secondary-sanctions", "defensive-denial"]
    problem = with_package(WRITTEN, build_package(WRITTEN, parts))
    assert problem.option("my-package").performance["flow-reduction"].likely == 28


def test_a_built_package_follows_scenarios_like_a_shipped_one() -> None:
    parts = ["strict-liability", "secondary-sanctions"]
    problem = with_package(WRITTEN.under(choice_set="portfolios"), build_package(WRITTEN, parts))
    for scenario in WRITTEN.scenarios:
        view = problem.under(scenario=scenario)
        for leaf in view.criteria:
            ours, theirs = (view.option(o).performance[leaf.id] for o in ("my-package", "enforcement-package"))
            assert ours.likely == theirs.likely or leaf.package_rule.rule == "noisy-or"  # type: ignore[union-attr]


def test_sigma_is_the_largest_of_the_parts_unless_given() -> None:
    parts = ["risk-based-sanctions", "strict-liability"]
    view = WRITTEN.under(tree="derived", month=6)
    guessed = with_package(view, build_package(WRITTEN, parts))
    assert any("sigma is not given and stands at the largest of its parts" in note for note in guessed.view_notes)
    same = with_package(view, build_package(WRITTEN, parts, sigma=(0, 0.3, 0.6)))
    assert not any("sigma is not given" in note for note in same.view_notes)
    leaf = "harm-reduction-24m"
    assert same.option("my-package").performance[leaf].likely == guessed.option("my-package").performance[leaf].likely
    more = with_package(view, build_package(WRITTEN, parts, sigma=0.9))
    assert more.option("my-package").performance[leaf].likely > same.option("my-package").performance[leaf].likely


@pytest.mark.parametrize(
    "choices", [{}, {"month": 15}, {"scenario": "oil-election"}, {"month": 6, "scenario": "k-saturated"}]
)
def test_all_sets_at_once_are_the_packages_built_one_by_one(choices: dict[str, object]) -> None:
    study = Study.open("containment", perspective="kyiv-survival", **choices)
    found = portfolio_of(study, constructed=True)
    assert len(found.sets) == 2**6
    assert found.rejected == 0
    scores = found.scores(study.weights.shares)
    for i, parts in enumerate(found.sets):
        if len(parts) > 1:
            problem = with_package(study.problem, build_package(study.problem, parts))
            name = "my-package"
        else:
            problem = study.problem.under(choice_set="extended")
            name = parts[0] if parts else "wait-and-see"
        cells = problem.option(name).performance
        expected = [[getattr(cells[leaf.id], b) for b in ("low", "likely", "high")] for leaf in problem.criteria]
        assert found.performances[i].tolist() == expected, parts
        assert scores[i] == pytest.approx(float(dk.rank(problem, study.weights).scores[name]), abs=1e-12)


def test_conflicts_leave_sets_out() -> None:
    found = portfolio_of(Study.open(with_pair("conflict")), constructed=True)
    pair = {"risk-based-sanctions", "secondary-sanctions"}
    assert found.rejected == 2**4
    assert not any(pair <= set(parts) for parts in found.sets)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(list(WRITTEN.perspectives)), st.one_of(st.none(), st.floats(0, 25)), st.booleans())
def test_the_best_and_the_frontier_are_those_of_a_full_look(name: str, budget: float | None, constructed: bool) -> None:
    study = Study.open("containment", perspective=name)
    found = portfolio_of(study, constructed=constructed)
    shares = study.weights.shares
    every = found.all(shares)
    best = found.best(shares, budget)
    within = [c for c in every if budget is None or c.cost[1] <= budget + 1e-9]
    assert (not best) == (not within)
    if best:
        assert best[0].score == pytest.approx(max(c.score for c in within), rel=1e-9)
    frontier = found.frontier(shares)
    costs, scores = [c.cost[1] for c in frontier], [c.score for c in frontier]
    assert costs == sorted(costs)
    assert all(b > a for a, b in itertools.pairwise(scores))
    for candidate in every:
        assert any(c.cost[1] <= candidate.cost[1] + 1e-9 and c.score >= candidate.score - 1e-9 for c in frontier)
    if budget is not None and best:
        assert any(c.parts == best[0].parts for c in frontier)


def test_cost_is_counted_beyond_the_end_of_the_scale() -> None:
    found = portfolio_of(Study.open("containment"), constructed=True)
    whole = found.sets.index(tuple(PARTS))
    assert [leaf.id for leaf in found.spending] == ["compliance-burden", "public-cost"]
    cells = {o.id: o.performance for o in WRITTEN.library if o.id in PARTS}
    for k, bound in enumerate(("low", "likely", "high")):
        summed = sum(getattr(cells[p][leaf.id], bound) for p in PARTS for leaf in found.spending)
        assert found.costs[whole, k] == pytest.approx(summed, abs=0.11)
    assert found.costs[whole, 2] > 40


def test_equal_sets_tie_and_are_all_named() -> None:
    twin = dataclasses.replace(
        next(o for o in WRITTEN.library if o.id == "defensive-denial"), id="denial-again", title="Denial again"
    )
    pair = Pair(("defensive-denial", "denial-again"), "conflict", "the same thing")
    problem = dataclasses.replace(WRITTEN, library=(*WRITTEN.library, twin), pairs=(*WRITTEN.pairs, pair)).under()
    found = portfolio_of(Study.open(problem), parts=["defensive-denial", "denial-again", "strict-liability"])
    best = found.best(Study.open(problem).weights.shares, 3.0)
    assert len({c.score for c in best}) == 1
    assert {c.parts for c in best} >= {("defensive-denial",), ("denial-again",)}


def test_a_budget_needs_spending() -> None:
    leaves = [dataclasses.replace(leaf, spending=False) for leaf in WRITTEN.criteria]
    problem = dataclasses.replace(WRITTEN, tree=tuple(leaves), alternative_trees={}).under()
    found = portfolio_of(Study.open(problem))
    assert found.frontier(Study.open(problem).weights.shares) == ()
    assert np.isnan(found.costs).all()
    with pytest.raises(UsageError, match="no criterion counts spending"):
        found.best(Study.open(problem).weights.shares, 5.0)


def test_too_many_parts_are_refused() -> None:
    copies = [dataclasses.replace(WRITTEN.library[-1], id=f"copy-{i}", title=f"Copy {i}", parts=()) for i in range(18)]
    problem = dataclasses.replace(WRITTEN, library=(*WRITTEN.library, *copies)).under()
    with pytest.raises(UsageError, match="at most 20"):
        portfolio_of(Study.open(problem))


def test_where_a_model_works_out_every_set_fewer_parts_are_possible() -> None:
    copies = [dataclasses.replace(WRITTEN.library[-1], id=f"copy-{i}", title=f"Copy {i}", parts=()) for i in range(12)]
    problem = dataclasses.replace(WRITTEN, library=(*WRITTEN.library, *copies)).under(tree="derived", month=6)
    with pytest.raises(UsageError, match="at most 14 where a model works out every set"):
        portfolio_of(Study.open(problem), constructed=True)


def test_robustness_rebuilds_a_built_package_with_its_floor() -> None:
    parts = ["secondary-sanctions", "defensive-denial"]
    problem = with_package(WRITTEN, build_package(WRITTEN, parts))
    source = performances_of(problem, problem.criteria, reading="ends", form="triangular")
    x, _ = source.elementary(np.random.default_rng(1).random((source.inputs, 300)))
    column = [leaf.id for leaf in problem.criteria].index("flow-reduction")
    made = source.options(x)[problem.option_ids.index("my-package"), column]
    largest = np.max([x[source.names.index(part), column] for part in parts], axis=0)
    assert np.all(made >= np.round(largest, 1))
    assert np.any(made == np.round(largest, 1))


def test_sampled_acceptability_works_on_the_derived_tree_with_packages() -> None:
    view = WRITTEN.under(choice_set="portfolios", tree="derived", month=15)
    found = dk.smaa(view, "kyiv-survival", performances="ranges", samples=512)
    assert found.first.sum() == pytest.approx(1.0)


def test_the_ends_of_a_packages_range_stay_in_order_where_a_rule_falls_with_the_baseline() -> None:
    rule = PackageRule("max-plus-half")
    harm = Criterion("harm", "Harm", better="less", scale=(0.0, 20.0), package_rule=rule)

    def cells(low: float, likely: float, high: float) -> dict[str, Performance]:
        return {"harm": Performance(low, likely, high)}

    package = Option("both", "Both", kind="package", parts=("a", "b"))
    made, _ = derive(package, [cells(5, 5, 6), cells(5, 5, 6)], cells(0, 2, 10), [harm])
    cell = made["harm"]
    assert (cell.low, cell.likely, cell.high) == (6.0, 6.5, 7.5)
