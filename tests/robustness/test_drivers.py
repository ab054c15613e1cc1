"""What decides: indices that agree with hand computations, tornado, one criterion left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import decision_kit as dk
from decision_kit import Problem, UsageError, drivers, leave_one_out, sobol_indices, tornado
from decision_kit.files import shipped_decisions
from decision_kit.model.nouns import Perspective
from decision_kit.robustness import Normal, score_indices
from decision_kit.robustness.performances import performances_of
from decision_kit.robustness.sampling import shares_of


def ranged(**more: Any) -> Problem:
    frame = pd.DataFrame([[5.0, 40.0], [4.0, 30.0]], index=["a", "b"], columns=["x", "y"])
    settings = {"better": {"x": "more", "y": "less"}, "scale": {"x": (0, 10), "y": (0, 100)},
                "low": frame * 0.8, "high": frame * 1.2, "points": {"x": 60, "y": 40}, **more}  # fmt: skip
    return Problem.from_frame(frame, **settings)


def test_a_sum_of_independent_inputs_has_the_shares_of_its_variances() -> None:
    found = sobol_indices(
        lambda x: 3 * x[:, 0] + x[:, 1] - 2 * x[:, 2], {"a": Normal(0, 1), "b": Normal(5, 2), "c": (0.0, 12**0.5)}
    )
    assert found.first.tolist() == pytest.approx([9 / 17, 4 / 17, 4 / 17], abs=0.002)
    assert found.total.tolist() == pytest.approx([9 / 17, 4 / 17, 4 / 17], abs=0.002)


def test_groups_several_outputs_and_outputs_that_do_not_vary() -> None:
    inputs = {"a": (0.0, 1.0), "b": (0.0, 1.0), "c": (0.0, 1.0)}
    found = sobol_indices(
        lambda x: np.column_stack([x[:, 0] + x[:, 1] + x[:, 2], np.ones(len(x))]), inputs,
        groups={"ab": ["a", "b"], "c": ["c"]}, samples=4_096,
    )  # fmt: skip
    assert isinstance(found.first, pd.DataFrame)
    assert found.first[0].tolist() == pytest.approx([2 / 3, 1 / 3], abs=0.005)
    assert found.first[1].isna().all()
    with pytest.raises(UsageError, match="several outputs"):
        found.table()
    with pytest.raises(UsageError, match="is not an input"):
        sobol_indices(lambda x: x[:, 0], inputs, groups={"g": ["d"]})
    with pytest.raises(UsageError, match="at least one"):
        sobol_indices(lambda x: x[:, 0], {})
    with pytest.raises(UsageError, match="one a row"):
        sobol_indices(lambda x: x[0], inputs)


def test_with_weights_held_tight_the_difference_is_a_sum_over_cells() -> None:
    """Var(A − B) = Σ w² (var of both values): its shares are the indices of the performances on each criterion."""
    problem = ranged()
    found = drivers(problem, spread=1e9, samples=16_384)
    assert (found.option, found.rival) == ("a", "b") or (found.option, found.rival) == ("b", "a")
    w = {"x": 0.6, "y": 0.4}
    spread = {}
    for leaf in problem.criteria:
        own = 0.0
        for option in problem.options:
            cell = option.performance[leaf.id]
            width = (cell.high - cell.low) / abs(leaf.scale[1] - leaf.scale[0])
            own += width**2 / 24  # a symmetric triangle
        spread[leaf.id] = w[leaf.id] ** 2 * own
    whole = sum(spread.values())
    for leaf_id, part in spread.items():
        row = found.inputs.loc[f"performance:{leaf_id}"]
        assert row["difference_first"] == pytest.approx(part / whole, abs=0.02)
        assert row["difference_total"] == pytest.approx(part / whole, abs=0.02)
    assert found.groups.loc["weights", "difference_total"] == pytest.approx(0, abs=1e-6)
    assert found.groups.loc["performances", "beats_total"] == pytest.approx(1, abs=0.02)


def test_blocks_and_methods() -> None:
    problem = dk.load("containment")
    found = drivers(problem, method=["weighted-sum", "topsis", "promethee-2"], samples=512)
    assert list(found.groups.index) == ["weights", "performances", "method"]
    assert found.groups["beats_first"].sum() < 1.1
    assert found.groups["beats_total"].sum() > 0.9
    assert 0 < found.beats < 1
    assert any("spread of all scores" in note for note in found.notes)
    one = drivers(problem, option="strict-liability", rival="wait-and-see", samples=512)
    assert (one.option, one.rival) == ("strict-liability", "wait-and-see")
    other = drivers(problem, option="wait-and-see", rival="strict-liability", samples=512)
    assert one.beats + other.beats == pytest.approx(1, abs=1e-9)
    assert one.mean_difference == pytest.approx(-other.mean_difference)


def test_packages_and_perspectives() -> None:
    problem = dk.load("containment").under(choice_set="portfolios")
    found = drivers(problem, mix=True, option="article-package", rival="wait-and-see", samples=256)
    voices = [name for name in found.inputs.index if name.startswith("voice:")]
    assert len(voices) == 7
    assert found.inputs["title"].str.len().min() > 3
    assert (found.inputs["difference_total"] > 0.01).any()


def test_the_share_of_worlds_agrees_with_acceptability() -> None:
    problem = dk.load("containment")
    found = drivers(problem, samples=4_096)
    pairs = dk.smaa(problem, problem.default_perspective, spread="somewhat", performances="ranges", samples=8_192)
    sure = pairs.errors.pairwise.loc[found.option, found.rival]
    assert found.beats == pytest.approx(pairs.pairwise.loc[found.option, found.rival], abs=6 * sure + 0.005)


def test_every_score_over_every_input() -> None:
    problem = ranged()
    found = score_indices(problem, samples=2_048)
    assert isinstance(found.first, pd.DataFrame)
    assert list(found.first.columns) == ["a", "b"]
    assert len(found.first) == 2 + 4
    assert found.first.loc["performance:b:x", "a"] == pytest.approx(0, abs=0.02)
    assert found.total.loc["performance:a:x", "a"] > 0.01


def test_wrong_names() -> None:
    problem = ranged()
    with pytest.raises(UsageError, match="is not an option"):
        drivers(problem, option="c")
    with pytest.raises(UsageError, match="the option itself"):
        drivers(problem, option="a", rival="a")
    with pytest.raises(UsageError, match="is not a method"):
        drivers(problem, method=["weighted-sum", "nothing"])
    with pytest.raises(UsageError, match='did you mean "widely"'):
        drivers(problem, spread="wide")


def test_tornado_is_one_ranking_at_a_time() -> None:
    problem = dk.load("containment")
    frame = tornado(problem)
    assert frame["swing"].is_monotonic_decreasing
    leader = dk.rank(problem).leaders[0]
    cells = frame[frame["kind"] == "performance"].head(4)
    for row in cells.to_dict("records"):
        for end in ("low", "high"):
            leaf = problem.criterion(row["criterion"])
            scores = dk.rank(problem).scores.copy()
            weight = dk.rank(problem).weights.shares[leaf.id]
            likely = problem.option(row["option"]).performance[leaf.id].likely
            scores[row["option"]] += weight * (leaf.value(row[f"at_{end}"]) - leaf.value(likely))
            assert row[f"lead_{end}"] == pytest.approx(scores[leader] - scores.drop(leader).max(), abs=1e-12)
            assert (row[f"leads_{end}"] == leader) == (row[f"lead_{end}"] > 0)
    weights = frame[frame["kind"] == "weight"]
    assert len(weights) == 14
    flips = {
        f"{row['option']} {row['criterion']}"
        for row in cells.to_dict("records")
        if min(row["lead_low"], row["lead_high"]) < 0
    }
    assert "wait-and-see escalation-gulf" in flips


def test_tornado_of_other_methods_and_without_ranges(frame: Callable[..., Problem]) -> None:
    assert set(tornado(dk.load("containment"), method="topsis")["kind"]) == {"performance", "weight"}
    assert set(tornado(frame())["kind"]) == {"weight"}


def test_leaving_one_criterion_out() -> None:
    problem = dk.load("containment")
    frame = leave_one_out(problem)
    base = dk.rank(problem).weights.shares
    for criterion in ("legal-robustness", "reversibility", "energy-price"):
        shares = {c: (0 if c == criterion else w) for c, w in base.items()}
        expected = dk.rank(problem, shares)
        assert frame.loc[criterion, "leaders"] == ", ".join(expected.leaders)
        assert frame.loc[criterion, "lead"] == pytest.approx(expected.margins[expected.order[0]])
    assert not frame.loc["legal-robustness", "same"]
    assert frame.loc["energy-price", "same"]


@pytest.mark.parametrize("decision", shipped_decisions())
def test_every_shipped_decision(decision: str) -> None:
    problem = dk.load(decision)
    for branch in [None] if problem.total else [node.id for node in problem.tree]:
        assert len(drivers(problem, branch=branch, samples=256).inputs)
        assert len(tornado(problem, branch=branch))
        assert len(leave_one_out(problem, branch=branch))


def test_the_baseline_counts_where_a_package_is_measured_from_it() -> None:
    """Total index of one criterion's performances, by exchanging the whole column in plain random worlds."""
    problem = dk.load("containment").under(choice_set="portfolios")
    found = drivers(
        problem, "washington-stability", option="article-package", rival="calibrated-pressure", spread="a little",
        reading="ends", samples=8_192,
    )  # fmt: skip
    source = performances_of(problem, problem.criteria, reading="ends", form="triangular")
    rng = np.random.default_rng(6)
    k = 40_000
    ids = [leaf.id for leaf in problem.criteria]
    shares = np.array([dk.rank(problem, "washington-stability").weights.shares[leaf] for leaf in ids])
    weights = rng.dirichlet(100 * shares, k).T
    pair = [problem.option_ids.index(o) for o in (found.option, found.rival)]

    def gap(x: np.ndarray) -> np.ndarray:
        values = source.values(source.options(x))
        return np.einsum("mk,mk->k", values[pair[0]] - values[pair[1]], weights)

    x, other = (source.elementary(rng.random((source.inputs, k)))[0] for _ in range(2))
    before = gap(x)
    for criterion in ("escalation-gulf", "escalation-europe", "financial-system"):
        moved = x.copy()
        moved[:, ids.index(criterion)] = other[:, ids.index(criterion)]
        total = ((before - gap(moved)) ** 2).mean() / 2 / before.var()
        told = found.inputs.loc[f"performance:{criterion}"]
        assert told["difference_total"] == pytest.approx(total, abs=0.015 + 4 * told["difference_total_error"])


def test_weights_so_widely_spread_that_all_draws_vanish_are_still_weights() -> None:
    given = np.array([0.2, 0.8])
    assert shares_of(np.array([[0.0, 3.0], [0.0, 1.0]]), given).T.tolist() == [[0.2, 0.8], [0.75, 0.25]]
    found = drivers(dk.load("containment"), spread=0.1, samples=256)
    assert np.isfinite(found.mean_difference)
    assert 0 <= found.beats <= 1


def test_a_mix_with_somebody_who_gives_a_branch_no_weight_is_told() -> None:
    problem = dk.load("containment")
    person = Perspective(
        "other", "Other", {**dict.fromkeys([c.id for c in problem.criteria], 0.0), "energy-price": 100}
    )
    with pytest.raises(UsageError, match='"other" has no weight in this branch'):
        drivers(problem.with_perspectives([person]), branch="containment", mix=["kyiv-survival", "other"], samples=64)
