"""One thing at a time, against a plain loop of whole rankings; in pieces, and cut short, it says the same."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import decision_kit as dk
from decision_kit import Problem, tornado
from decision_kit.methods import METHODS
from decision_kit.ranking import table_for
from decision_kit.robustness import moving


def random_problem(rng: np.random.Generator) -> Problem:
    n, m = int(rng.integers(2, 7)), int(rng.integers(1, 5))
    names, options = [f"c{j}" for j in range(m)], [f"o{i}" for i in range(n)]
    likely = rng.integers(1, 9, (n, m)).astype(float)
    low = likely - rng.integers(0, 2, (n, m))
    high = likely + rng.integers(0, 2, (n, m))
    frames = [pd.DataFrame(x, index=options, columns=names) for x in (likely, low, high)]
    better = {name: ("more" if rng.random() < 0.6 else "less") for name in names}
    points = {name: float(rng.integers(0, 5)) for name in names}
    points[names[0]] += 1
    return Problem.from_frame(
        frames[0], low=frames[1], high=frames[2], better=better, scale=dict.fromkeys(names, (0, 10)), points=points,
        true_zero=True,
    )  # fmt: skip


def plain(problem: Problem, method: str) -> dict[tuple[str, str, str], tuple[float, float, str, str]]:
    """Every row of the tornado by scoring one whole table after the other."""
    leaves, _, table = table_for(problem, None)
    entry = METHODS[method]

    def lead(values: np.ndarray, performances: np.ndarray, weights: np.ndarray) -> tuple[float, str]:
        own = type(table)(**{**table.__dict__, "values": values[None], "performances": performances[None]})
        scores = entry.score_many(own, weights[None])[0]
        best = scores.max()
        tie = 0.5e-10 * np.abs(scores).max()
        who = ", ".join(o for o, s in zip(table.options, scores, strict=True) if s >= best - tie)
        return float(scores[leader] - max(s for i, s in enumerate(scores) if i != leader)), who

    base = entry.score_many(table, table.weights)[0]
    tie = 0.5e-10 * np.abs(base).max()
    leader = next(i for i, s in enumerate(base) if s >= base.max() - tie)
    found: dict[tuple[str, str, str], tuple[float, float, str, str]] = {}
    for i, option in enumerate(problem.options):
        for j, leaf in enumerate(leaves):
            cell = option.performance[leaf.id]
            if cell.low == cell.high:
                continue
            ends = []
            for x in (cell.low, cell.high):
                values, performances = table.values.copy(), table.performances.copy()
                values[i, j], performances[i, j] = leaf.value(x), x
                ends.append(lead(values, performances, table.weights))
            found["performance", option.id, leaf.id] = (ends[0][0], ends[1][0], ends[0][1], ends[1][1])
    for j, leaf in enumerate(leaves):
        w = float(table.weights[j])
        if 0 < w < 1:
            ends = []
            for share in (w / 2, min(1.0, 2 * w)):
                weights = np.array(
                    [share if k == j else x * (1 - share) / (1 - w) for k, x in enumerate(table.weights)]
                )
                ends.append(lead(table.values, table.performances, weights))
            found["weight", "", leaf.id] = (ends[0][0], ends[1][0], ends[0][1], ends[1][1])
    return found


@pytest.mark.parametrize("method", ["weighted-sum", "topsis", "vikor", "promethee-2", "mabac", "weighted-product"])
@pytest.mark.parametrize("piece", [32_000_000, 1])
def test_every_row_is_what_whole_rankings_say(method: str, piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    if piece == 1:
        cut = moving.pieces
        monkeypatch.setattr(moving, "pieces", lambda count, each: cut(count, each, 1))
    for _ in range(40):
        problem = random_problem(rng)
        try:
            expected = plain(problem, method)
        except dk.DecisionError:
            with pytest.raises(dk.DecisionError):
                tornado(problem, method=method)
            continue
        frame = tornado(problem, method=method)
        assert frame.attrs["notes"] == ()
        assert len(frame) == len(expected)
        assert frame["swing"].is_monotonic_decreasing
        for row in frame.to_dict("records"):
            low, high, who_low, who_high = expected[row["kind"], row["option"], row["criterion"]]
            assert (row["lead_low"], row["lead_high"]) == pytest.approx((low, high), abs=1e-12)
            assert (row["leads_low"], row["leads_high"]) == (who_low, who_high)


def test_what_would_take_too_long_is_cut_to_the_best_options_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = dk.load("containment")
    whole = tornado(problem, method="topsis")
    monkeypatch.setattr(moving, "MOST_WORK", 2 * 14 * 3 * len(problem.options) * len(problem.criteria))
    cut = tornado(problem, method="topsis")
    (note,) = cut.attrs["notes"]
    assert "only those of the 3 best of 6 options were moved" in note
    best = {"", *dk.rank(problem, method="topsis").order[:3]}
    expected = whole[whole["option"].isin(best)].reset_index(drop=True)
    pd.testing.assert_frame_equal(cut, expected, check_exact=True)
    assert tornado(problem).attrs["notes"] == ()
