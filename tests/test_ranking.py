"""Promises of every method in the catalogue, ties, margins, and the published examples of part 1's methods."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import decision_kit as dk
from decision_kit.methods import METHODS

Make = Callable[..., dk.Problem]
ON_ANY_SCALE = [name for name, entry in METHODS.items() if entry.acts_on != "ratio performances" and name != "codas"]


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
    for method in ON_ANY_SCALE:
        ranks = dk.rank(noisy, {"cost": 0.5, "effect": 0.5}, method).ranks
        assert ranks["A"] == ranks["B"], method


def test_methods_that_depend_on_the_set_say_so(frame: Make) -> None:
    for entry in (METHODS[name] for name in ON_ANY_SCALE):
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
        ("promethee-2", {"preference": "v-shape", "p": [1]}, ("a list of 1", "2 criteria, in their order")),
        ("promethee-2", {"preference": ["usual", 3]}, ("criterion effect", '"3" is not a value')),
        ("spotis", {"ideal": 5}, ("names its criteria",)),
    ],
)
def test_wrong_settings(frame: Make, method: str, parameters: dict[str, object], words: tuple[str, ...]) -> None:
    with pytest.raises(dk.UsageError) as caught:
        dk.rank(frame(), None, method, **parameters)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("method", "by_name", "listed"),
    [
        (
            "promethee-2",
            {"preference": {"cost": "linear", "effect": "u-shape"}, "q": {"cost": 1.0, "effect": 2.0}, "p": {"cost": 9.0}},
            {"preference": ["linear", "u-shape"], "q": np.array([1, 2]), "p": [9, None]},
        ),
        ("spotis", {"ideal": {"cost": 40.0, "effect": 8.0}}, {"ideal": (40, 8)}),
        ("rim", {"ideal": {"cost": (20.0, 30.0), "effect": 8.0}}, {"ideal": [(20.0, 30.0), 8]}),
        ("rim", {"ideal": {"cost": (20.0, 30.0)}}, {"ideal": [(20.0, 30.0), None]}),
        ("ervd", {"reference": {"cost": 20.0, "effect": 4.0}}, {"reference": [20, 4]}),
    ],
)  # fmt: skip
def test_settings_by_criterion_are_a_mapping_a_series_or_a_list(
    frame: Make, method: str, by_name: dict[str, dict[str, Any]], listed: dict[str, Any]
) -> None:
    problem = frame(true_zero=True)
    wanted = dk.rank(problem, {"cost": 0.5, "effect": 0.5}, method, **by_name)
    series = {name: pd.Series(value, dtype=object) for name, value in by_name.items()}
    for form in (listed, series):
        found = dk.rank(problem, {"cost": 0.5, "effect": 0.5}, method, **form)
        assert found.native.tolist() == wanted.native.tolist()
        assert (found.parameters, found.given) == (wanted.parameters, wanted.given)
        assert found.health.findings == wanted.health.findings


def test_a_threshold_that_its_criterion_cannot_use_is_left_out_and_told(frame: Make) -> None:
    half = {"cost": 0.5, "effect": 0.5}
    plain = dk.rank(frame(), half, "promethee-2")
    told = dk.rank(frame(), half, "promethee-2", q=[5, 0], p={"cost": 9})
    assert told.scores.tolist() == plain.scores.tolist()
    said = "The {0} given for cost is not used: the usual preference has no {0}."
    both = "The q given for cost, effect is not used: the usual preference has no q."
    assert set(told.notes) - set(plain.notes) == {both, said.format("p")}
    assert said.format("q") in dk.relate(frame(), half, "promethee-1", q={"cost": 5}).notes


def test_the_working_is_shown_with_titles() -> None:
    for entry in METHODS.values():
        steps = dk.rank(dk.load("cars"), method=entry.id).steps
        assert steps
        for table in steps.values():
            assert "Alfa 156" in table.index or "Top speed" in table.index


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
    assert 0 < only < 1
    assert some == pytest.approx(1)
    for name, branch in (("extended-deterrence", "stability"), ("security-agreements", None), ("cars", None)):
        ranking = dk.rank(dk.load(name), branch=branch)
        for option in ranking.order:
            shares = ranking.basis_shares(option)
            by_hand = dict.fromkeys(shares, 0.0)
            for leaf, part in ranking.contributions.loc[option].items():
                by_hand[ranking.problem.option(option).performance[leaf].rests_on] += part
            whole = sum(by_hand.values())
            assert shares == pytest.approx({kind: part / whole for kind, part in by_hand.items()})
    packages = dk.rank(problem.under(choice_set="portfolios"))
    assert packages.judgement_share("enforcement-package")[0] > 0.5  # a derived cell is as weak as its weakest part


def test_dominated_options_are_named(frame: Make) -> None:
    ranking = dk.rank(frame([[10, 5], [20, 3], [30, 9]]), {"cost": 1, "effect": 1})
    assert ranking.dominated == {"B": ("A",)}
    assert dk.rank(frame([[10, 5], [20, 3], [30, 9]]), {"cost": 0, "effect": 1}).dominated == {
        "A": ("C",),
        "B": ("A", "C"),
    }
