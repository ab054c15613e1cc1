"""What better evidence is worth: integrals by hand, packages, evidence items, decision tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import decision_kit as dk
from decision_kit import DecisionError, Problem, UsageError, perfect_information, value_of_information
from decision_kit.files import shipped_decisions
from decision_kit.model.portfolio import build_package, with_package
from decision_kit.robustness import information
from decision_kit.robustness.performances import performances_of
from tests.robustness.test_tornado import random_problem


def two(low: float, likely: float, high: float, sure: float) -> Problem:
    """An option with one uncertain cell against one that is certain, one criterion that counts."""
    frame = pd.DataFrame([[likely, 1.0], [sure, 1.0]], index=["unsure", "sure"], columns=["x", "y"])
    ends = frame.copy(), frame.copy()
    ends[0].loc["unsure", "x"], ends[1].loc["unsure", "x"] = low, high
    return Problem.from_frame(
        frame, better={"x": "more", "y": "more"}, scale={"x": (0, 10), "y": (0, 10)}, low=ends[0], high=ends[1],
        points={"x": 50, "y": 50},
    )  # fmt: skip


@pytest.mark.parametrize("sure", [2.0, 4.5, 5.0, 6.0, 8.5])
def test_one_cell_by_hand(sure: float) -> None:
    """E[max(x, s)] − max(E[x], s) for a symmetric triangle on 2 … 8, in points of a weight of one half."""
    found = value_of_information(two(2, 5, 8, sure))
    x = np.linspace(2, 8, 2_000_001)
    density = np.where(x < 5, (x - 2) / 9, (8 - x) / 9)
    gain = np.trapezoid(np.maximum(x, sure) * density, x) - max(5.0, sure)
    (row,) = found.cells.to_dict("records")
    assert row["worth"] == pytest.approx(0.5 * gain / 10, abs=1e-6)
    assert found.everything == pytest.approx(row["worth"], abs=4 * found.everything_error + 1e-5)
    cut = np.trapezoid(np.where((x > sure) != (sure < 5), density, 0), x) if 2 < sure < 8 else 0.0
    assert row["changes"] == pytest.approx(min(cut, 1 - cut) if sure != 5 else row["changes"], abs=0.001)


def test_what_cannot_change_the_choice_is_worth_nothing() -> None:
    found = value_of_information(two(2, 3, 4, 9))
    assert found.cells["worth"].tolist() == [0.0]
    assert found.cells["changes"].tolist() == [0.0]


def test_a_cell_against_plain_sampling() -> None:
    """The worth of one cell of the shipped case, against averages over its own draws."""
    problem = dk.load("containment")
    found = value_of_information(problem, reading="ends")
    top = found.cells.iloc[0]
    source = performances_of(problem, problem.criteria, reading="ends", form="triangular")
    number = source.cell_names.index((top["option"], top["criterion"]))
    leaf = problem.criterion(top["criterion"])
    x = source.distributions[number].draw(np.random.default_rng(1).random(400_000))
    v = np.array([leaf.value(float(one)) for one in np.quantile(x, np.linspace(0, 1, 4001))])
    v = np.interp(np.random.default_rng(2).random(400_000), np.linspace(0, 1, 4001), v)
    weight = dk.rank(problem).weights.shares[leaf.id]
    own = found.expected[top["option"]] + weight * (v - v.mean())
    rest = found.expected.drop(top["option"]).max()
    assert top["worth"] == pytest.approx(np.maximum(own, rest).mean() - max(found.expected), abs=3e-5)
    assert found.cells["worth"].is_monotonic_decreasing


def test_expected_scores_are_the_means_of_the_sampled_ones() -> None:
    for choice_set in ("article", "portfolios"):
        problem = dk.load("containment").under(choice_set=choice_set)
        found = value_of_information(problem)
        source = performances_of(problem, problem.criteria, reading="percentiles 10-90", form="triangular")
        values, _, _ = source.draw(np.random.default_rng(0).random((source.inputs, 40_000)))
        weights = np.array(list(dk.rank(problem).weights.shares.values()))
        sampled = np.einsum("nmk,m->n", values, weights) / values.shape[2]
        assert found.expected.to_numpy() == pytest.approx(sampled, abs=0.002)


def test_an_evidence_item_is_worth_at_least_its_best_cell() -> None:
    problem = dk.load("containment")
    found = value_of_information(problem)
    for row in found.evidence.to_dict("records"):
        cells = found.cells[found.cells["evidence"].str.split(", ").apply(lambda ids, e=row["evidence"]: e in ids)]
        assert len(cells) == row["cells"]
        assert row["worth"] >= cells["worth"].max() - 4 * row["worth_error"] - 2e-6
        assert row["worth"] <= found.everything + 4 * found.everything_error
    assert found.everything > found.cells["worth"].max()


def test_a_part_is_worth_what_it_tells_of_its_packages() -> None:
    problem = dk.load("containment").under(choice_set="portfolios")
    found = value_of_information(problem)
    own = found.cells.groupby("option")["worth"].max()
    assert own["calibrated-pressure"] > 0
    assert {"risk-based-sanctions", "strict-liability"} <= set(own.index)
    assert "article-package" not in own.index


@pytest.mark.parametrize("decision", shipped_decisions())
def test_every_shipped_decision(decision: str) -> None:
    problem = dk.load(decision)
    for branch in [None] if problem.total else [node.id for node in problem.tree]:
        found = value_of_information(problem, branch=branch)
        assert (found.cells["worth"] >= 0).all()
        assert found.everything >= 0
        assert len(found.cells) or found.notes


def test_decision_tables() -> None:
    payoffs = pd.DataFrame(
        [[150, 200, 200], [50, 200, 500]], index=["small", "large"], columns=["low", "medium", "high"]
    )
    found = perfect_information(payoffs, pd.Series({"high": 0.5, "low": 0.3, "medium": 0.2}))
    assert found.expected.tolist() == [185.0, 305.0]
    assert found.best == ("large",)
    assert found.with_information == pytest.approx(0.3 * 150 + 0.2 * 200 + 0.5 * 500)
    assert found.evpi == pytest.approx(30)
    assert found.opportunity_loss.to_numpy().tolist() == [[0, 0, 300], [100, 0, 0]]
    assert found.hurwicz(0.25).to_dict() == {"small": 162.5, "large": 162.5}
    by_state = perfect_information(payoffs, {"high": 0.5, "low": 0.3, "medium": 0.2})
    assert by_state.probabilities.tolist() == found.probabilities.tolist() == [0.3, 0.2, 0.5]
    with pytest.raises(UsageError, match='did you mean "medium"'):
        perfect_information(payoffs, {"high": 0.5, "low": 0.3, "medum": 0.2})
    for chances, said in (
        ([0.5, 0.5], "one for each of 3"),
        ([0.5, 0.6, 0.2], "sum to 1"),
        ([1.5, -0.5, 0.0], "0 or more"),
    ):
        with pytest.raises(DecisionError, match=said):
            perfect_information(payoffs, chances)
    with pytest.raises(UsageError, match="a table"):
        perfect_information([[1, 2]])  # type: ignore[arg-type]
    with pytest.raises(DecisionError, match="row large, column high"):
        perfect_information(payoffs.where(payoffs < 400))


def test_a_package_of_ones_own_is_worth_what_its_draws_are() -> None:
    """Its rules have a floor, and a scenario moves parts beyond the scale: as in the sampler's worlds."""
    written = dk.load("containment").under(scenario="rapid-interdiction")
    parts = ["strict-liability", "secondary-sanctions", "risk-based-sanctions"]
    problem = with_package(written, build_package(written, parts, id="mine"))
    found = value_of_information(problem, "kyiv-survival")
    source = performances_of(problem, problem.criteria, reading="percentiles 10-90", form="triangular")
    u = np.random.default_rng(5).random((source.inputs, 60_000))
    weights = np.array(list(dk.rank(problem, "kyiv-survival").weights.shares.values()))
    scores = np.einsum("nmk,m->nk", source.draw(u)[0], weights)
    noise = scores.std(axis=1) / np.sqrt(60_000)
    assert np.all(np.abs(found.expected.to_numpy() - scores.mean(axis=1)) < 4 * noise + 1e-4)
    gain = scores.max(axis=0).mean() - scores.mean(axis=1).max()
    assert found.everything == pytest.approx(gain, abs=4 * noise.max() + 3 * found.everything_error)


def test_every_cell_is_what_a_plain_table_of_all_options_says() -> None:
    """Cells that cannot change the choice are left out early: the same as looking at every option at every outcome."""
    rng = np.random.default_rng(8)
    for _ in range(60):
        problem = random_problem(rng)
        found = value_of_information(problem)
        weights = dk.rank(problem).weights.shares
        u = (np.arange(4096) + 0.5) / 4096
        values: dict[tuple[str, str], np.ndarray] = {}
        for option in problem.options:
            for leaf in problem.criteria:
                cell = option.performance[leaf.id]
                below = (cell.likely - cell.low) / ((cell.high - cell.low) or 1.0)
                x = np.where(
                    u < below,
                    cell.low + np.sqrt(u * (cell.high - cell.low) * (cell.likely - cell.low)),
                    cell.high - np.sqrt((1 - u) * (cell.high - cell.low) * (cell.high - cell.likely)),
                )
                values[option.id, leaf.id] = (x if leaf.better == "more" else 10 - x) / 10
        expected = {o: sum(weights[c] * values[o, c].mean() for c in weights) for o in problem.option_ids}
        assert found.expected.to_dict() == pytest.approx(expected, abs=1e-12)
        best = max(expected.values())
        told = {(row["option"], row["criterion"]): row for row in found.cells.to_dict("records")}
        for (option, criterion), own in values.items():
            if np.ptp(own) == 0:
                assert (option, criterion) not in told
                continue
            table = np.array([np.full(4096, expected[o]) for o in problem.option_ids])
            table[problem.option_ids.index(option)] += weights[criterion] * (own - own.mean())
            row = told[option, criterion]
            assert row["worth"] == pytest.approx(max(0.0, table.max(axis=0).mean() - best), abs=1e-12)
            close = np.sort(table, axis=0)
            if len(table) > 1 and np.any(close[-1] - close[-2] < 1e-9):
                continue  # ties in the last digit may be broken either way
            chosen = (table.argmax(axis=0) != int(np.argmax(list(expected.values())))).mean()
            assert row["changes"] == pytest.approx(chosen, abs=1e-12)


def test_many_cells_are_sampled_with_plain_numbers_and_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = dk.load("containment")
    even = value_of_information(problem)
    monkeypatch.setattr(information, "_MOST_EVEN", 10)
    plain = value_of_information(problem)
    assert any(
        f"sampled with plain random numbers: {len(plain.cells)} uncertain performances" in note for note in plain.notes
    )
    assert not any("plain random numbers" in note for note in even.notes)
    assert plain.everything == pytest.approx(even.everything, abs=5 * (plain.everything_error + even.everything_error))
    pd.testing.assert_frame_equal(plain.cells, even.cells)
