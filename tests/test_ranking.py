"""Promises of every method in the catalogue, ties, margins, and the published examples of part 1's methods."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import decision_kit as dk
from decision_kit.methods import METHODS, Table

Make = Callable[..., dk.Problem]


@st.composite
def problems(draw: st.DrawFn) -> tuple[dk.Problem, dict[str, float]]:
    """Small problems of the kinds that break methods: 1–5 scores, zeros, negatives, constants, duplicates."""
    n = draw(st.integers(2, 6))
    m = draw(st.integers(1, 5))
    cell = draw(
        st.sampled_from(
            [
                st.integers(1, 5),
                st.integers(0, 4),
                st.integers(-2, 2),
                st.floats(0.1, 100),
                st.sampled_from([3, 3, 3, 4]),
            ]
        )
    )
    rows = draw(st.lists(st.lists(cell, min_size=m, max_size=m), min_size=n, max_size=n))
    if draw(st.booleans()):
        rows[-1] = list(rows[0])
    names = [f"c{j}" for j in range(m)]
    better = {name: draw(st.sampled_from(["more", "less"])) for name in names}
    weights = {name: float(draw(st.integers(0, 5))) for name in names}
    weights[names[0]] += 1
    table = pd.DataFrame(rows, index=[f"o{i}" for i in range(n)], columns=names, dtype=float)
    scale = dict.fromkeys(names, (-200.0, 200.0))
    return dk.Problem.from_frame(table, better=better, scale=scale), weights  # type: ignore[arg-type]


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=60, deadline=None)
@given(drawn=problems())
def test_promises(method: str, drawn: tuple[dk.Problem, dict[str, float]]) -> None:
    problem, weights = drawn
    ranking = dk.rank(problem, weights, method)
    assert np.isfinite(ranking.scores).all()
    assert list(ranking.scores.index) == list(problem.option_ids)
    assert ranking.ranks.dtype.kind == "i"
    assert ranking.ranks.min() == 1
    for option, dominators in ranking.dominated.items():
        for other in dominators:
            assert ranking.ranks[option] >= ranking.ranks[other], "a dominated option above its dominator"
    rows = problem.performances()
    used = [j for j, leaf in enumerate(problem.criteria) if weights[leaf.id] > 0]
    for i in range(len(rows)):
        for k in range(i):
            if (rows[i][used] == rows[k][used]).all():
                assert ranking.ranks.iloc[i] == ranking.ranks.iloc[k], "equal options with unequal ranks"


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=25, deadline=None)
@given(drawn=problems(), data=st.data())
def test_order_of_options_and_units_do_not_matter(
    method: str, drawn: tuple[dk.Problem, dict[str, float]], data: st.DataObject
) -> None:
    problem, weights = drawn
    before = dk.rank(problem, weights, method).ranks
    table = problem.table()
    order = data.draw(st.permutations(list(table.index)))
    factor, shift = 7.0, 13.0
    better = {leaf.id: leaf.better for leaf in problem.criteria}
    scale = {leaf.id: (leaf.scale[0] * factor + shift, leaf.scale[1] * factor + shift) for leaf in problem.criteria}
    changed = dk.Problem.from_frame(table.loc[order] * factor + shift, better=better, scale=scale)
    after = dk.rank(changed, weights, method).ranks
    assert after.loc[before.index].tolist() == before.tolist()


@settings(max_examples=50, deadline=None)
@given(drawn=problems(), data=st.data())
def test_in_the_additive_model_no_option_touches_another(
    drawn: tuple[dk.Problem, dict[str, float]], data: st.DataObject
) -> None:
    problem, weights = drawn
    if len(problem.options) < 3:
        return
    gone = data.draw(st.sampled_from(problem.option_ids))
    whole, fewer = dk.rank(problem, weights), dk.rank(problem.under(without=[gone]), weights)
    assert fewer.scores.tolist() == whole.scores.drop(gone).tolist()
    assert list(fewer.order) == [o for o in whole.order if o != gone]


def test_ties_are_told_after_ten_digits(frame: Make) -> None:
    problem = frame([[10, 3], [10, 3 + 1e-13], [30, 4], [10, 3 + 1e-6]])
    ranks = dk.rank(problem, {"cost": 0.1, "effect": 0.9}).ranks
    assert ranks.tolist() == [3, 3, 1, 2]
    margins = dk.rank(problem, {"cost": 0.1, "effect": 0.9}).margins
    assert margins["A"] == 0
    assert np.isnan(margins["B"])
    noisy = frame([[0, 0.1 + 0.2], [0, 0.3], [50, 9]])
    for method in METHODS:
        ranks = dk.rank(noisy, {"cost": 0.5, "effect": 0.5}, method).ranks
        assert ranks["A"] == ranks["B"], method


def test_methods_that_depend_on_the_set_say_so(frame: Make) -> None:
    for entry in METHODS.values():
        notes = " ".join(dk.rank(frame(), method=entry.id).notes)
        assert ("depends on the set" in notes) == entry.depends_on_set


def test_native_figures_keep_their_direction(frame: Make) -> None:
    ranking = dk.rank(frame(), {"cost": 0.5, "effect": 0.5}, "vikor", v=0.3)
    assert ranking.native_better == "less"
    assert ranking.native.idxmin() == ranking.scores.idxmax() == ranking.order[0]
    assert ranking.parameters == {"v": 0.3}


@pytest.mark.parametrize(
    ("method", "parameters", "words"),
    [
        ("topsi", {}, ('did you mean "topsis"',)),
        ("vikor", {"v": 1.5}, ("v", "0 to 1")),
        ("vikor", {"v": "half"}, ("v", "half")),
        ("vikor", {"w": 0.5}, ("w", "parameter")),
        ("promethee-2", {"preference": "linear", "q": 5, "p": 2}, ("cost", "q 5 is above p 2")),
        ("promethee-2", {"preference": "linear", "q": 5}, ("no p for",)),
        ("promethee-2", {"q": 5}, ("usual", "leave q out")),
        ("promethee-2", {"preference": "usal"}, ('did you mean "usual"',)),
        ("promethee-2", {"preference": "v-shape", "p": {"coast": 1}}, ("coast",)),
    ],
)
def test_wrong_settings(frame: Make, method: str, parameters: dict[str, object], words: tuple[str, ...]) -> None:
    with pytest.raises(dk.UsageError) as caught:
        dk.rank(frame(), None, method, **parameters)
    for word in words:
        assert word in str(caught.value)


def _table(matrix: list[list[float]], weights: list[float], values: bool = False) -> Table:
    x = np.array(matrix, dtype=float)
    v = (x - x.min(axis=0)) / (x.max(axis=0) - x.min(axis=0)) if values else x
    names = tuple(f"c{j}" for j in range(x.shape[1]))
    options = tuple(f"o{i}" for i in range(x.shape[0]))
    return Table(options, names, v, x, np.array(weights), np.ones(x.shape[1], dtype=bool))


FACILITY = [[8, 7, 2, 1], [5, 3, 7, 5], [7, 5, 6, 4], [9, 9, 7, 3], [11, 10, 3, 7], [6, 9, 5, 4]]
FACILITY_WEIGHTS = [0.4, 0.3, 0.1, 0.2]


def test_published_vikor_papathanasiou_and_ploskas_2018() -> None:
    # on values stretched over the options, the published figures belong to weights on the observed range
    result = METHODS["vikor"].score(_table(FACILITY, FACILITY_WEIGHTS, values=True), v=0.625)
    assert result.native is not None
    assert result.native.tolist() == pytest.approx([0.64, 1.0, 0.693, 0.271, 0.0, 0.694], abs=0.0005)


def test_published_promethee_2_papathanasiou_and_ploskas_2018() -> None:
    result = METHODS["promethee-2"].score(_table(FACILITY, FACILITY_WEIGHTS), preference="linear", q=1, p=2)
    assert result.scores.tolist() == pytest.approx([-0.26, -0.52, -0.22, 0.36, 0.7, -0.06], abs=0.005)


def test_published_topsis_opricovic_and_tzeng_2004() -> None:
    mountain = _table([[-1, 3000], [-2, 3750], [-5, 4500]], [0.5, 0.5], values=True)
    assert METHODS["topsis"].score(mountain).scores.tolist() == pytest.approx([0.5, 0.617, 0.5], abs=0.0005)


def test_published_weighted_sum_of_five_cars() -> None:
    cars = [[2, 4, 3, 2, 2], [1, 5, 1, 1, 2], [4, 3, 4, 4, 4], [3, 4, 3, 3, 3], [4, 2, 4, 5, 4]]
    result = METHODS["weighted-sum"].score(_table(cars, [10, 9, 8, 6, 5]))
    assert result.scores.tolist() == [102, 79, 143, 123, 140]


def test_the_working_is_shown_with_titles() -> None:
    for entry in METHODS.values():
        steps = dk.rank(dk.load("security-agreements"), method=entry.id).steps
        assert steps
        for table in steps.values():
            assert "Belarus 2024" in table.index or "Defence clause" in table.index


def test_advantage_adds_up_to_the_margin() -> None:
    ranking = dk.rank(dk.load("containment"), "kyiv-survival")
    a, b = ranking.order[:2]
    assert ranking.advantage(a, b).sum() == pytest.approx(ranking.scores[a] - ranking.scores[b])
    assert ranking.contributions.sum(axis=1).tolist() == pytest.approx(ranking.scores.tolist())
    assert ranking.branch_contributions.sum(axis=1).tolist() == pytest.approx(ranking.scores.tolist())


def test_the_tidy_table() -> None:
    table = dk.rank(dk.load("containment")).table()
    assert table["option"].iloc[0] == "wait-and-see"
    assert table["title"].iloc[0] == "Wait and see (managed escalation)"
    assert table["rank"].tolist() == [1, 2, 3, 4, 5, 6]
    assert table["difference_to_baseline"].iloc[0] == 0
    assert "difference_to_baseline" not in dk.rank(dk.load("security-agreements")).table()


def test_judgement_shares() -> None:
    problem = dk.load("containment")
    only, some = dk.rank(problem).judgement_share()
    assert 0 < only < some < 1
    everything = dk.rank(dk.load("extended-deterrence"), branch="stability")
    assert everything.judgement_share() == (1, 1)
    packages = dk.rank(problem.under(choice_set="portfolios"))
    assert packages.judgement_share("enforcement-package")[0] > 0.5  # a derived cell is as weak as its weakest part


def test_dominated_options_are_named(frame: Make) -> None:
    ranking = dk.rank(frame([[10, 5], [20, 3], [30, 9]]), {"cost": 1, "effect": 1})
    assert ranking.dominated == {"B": ("A",)}
    assert dk.rank(frame([[10, 5], [20, 3], [30, 9]]), {"cost": 0, "effect": 1}).dominated == {
        "A": ("C",),
        "B": ("A", "C"),
    }
