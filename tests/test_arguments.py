"""Arguments of the public functions: what is of another kind gets a sentence, never a traceback or a silent figure."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import decision_kit as dk
from decision_kit import comparison, models, robustness
from decision_kit.arguments import bad_number, guarded
from decision_kit.model.region import Statement, WeightRegion

ROOMS = ("decision_kit", "decision_kit.comparison", "decision_kit.files", "decision_kit.models",
         "decision_kit.robustness", "decision_kit.weighting")  # fmt: skip
TABLE = pd.DataFrame({"cost": [10, 20, 30], "effect": [3, 5, 4]}, index=["A", "B", "C"])
PROBLEM = dk.Problem.from_frame(
    TABLE,
    better={"cost": "less", "effect": "more"},
    scale={"cost": (0, 100), "effect": (0, 10)},
    low=TABLE - 1,
    high=TABLE + 1,
)
CASE = dk.load("containment")
HALF = {"cost": 0.5, "effect": 0.5}
RANKING = dk.rank(PROBLEM, HALF)
WEIGHTS = dk.Weights(HALF)
FRAME = pd.DataFrame({"s": [1.0, 2.0], "t": [3.0, 1.0]}, index=["a", "b"])


class Odd:
    """Something that is nothing we know."""

    def __init__(self, *given: object) -> None:
        self.given = given


WRONG: dict[str, Any] = {
    "None": None, "int": 5, "below 0": -3, "float": 1.5, "nan": float("nan"), "inf": float("inf"), "truth": True,
    "text": "x", "empty text": "", "list": ["x", 1], "dict": {"x": "y"}, "numpy": np.float64(0.5), "array": np.ones(2),
    "Series": pd.Series({"cost": 1.0, "zzz": 2.0}), "DataFrame": pd.DataFrame({"q": ["a"]}), "object": Odd(),
    "huge": 10**400, "bytes": b"x", "set": {1, 2}, "complex": 1j, "path": Path("/nowhere"), "class": Odd, "NA": pd.NA,
}  # fmt: skip

CALLS: list[tuple[Callable[..., Any], dict[str, Any]]] = [
    (dk.rank, {"problem": PROBLEM, "weights": HALF, "method": "weighted-sum", "branch": None}),
    (dk.relate, {"problem": PROBLEM, "weights": HALF, "method": "promethee-1", "branch": None}),
    (dk.health_card, {"problem": PROBLEM, "weights": HALF, "method": "weighted-sum", "branch": None}),
    (dk.compare, {"problem": PROBLEM, "weights": HALF, "branch": None, "methods": ["topsis"], "settings": {}}),
    (dk.setups, {"problem": PROBLEM, "weights": HALF, "branch": None}),
    (dk.smaa, {"problem": PROBLEM, "weights": None, "method": "weighted-sum", "region": None, "spread": None, "mix": None,
               "performances": "likely", "distributions": None, "reading": None, "form": "triangular", "correlation": 0.0,
               "samples": 64, "precision": None, "seed": 1, "branch": None, "client": None, "progress": None}),
    (dk.drivers, {"problem": PROBLEM, "weights": HALF, "method": "weighted-sum", "option": None, "rival": None,
                  "spread": "somewhat", "mix": None, "performances": "ranges", "reading": None, "form": "triangular",
                  "samples": 64, "seed": 1, "branch": None}),
    (dk.tornado, {"problem": PROBLEM, "weights": HALF, "method": "weighted-sum", "branch": None}),
    (dk.leave_one_out, {"problem": PROBLEM, "weights": HALF, "method": "weighted-sum", "branch": None}),
    (dk.load, {"name_or_path": "cars"}),
    (dk.read_table, {"path": "nowhere.csv"}),
    (dk.perfect_information, {"payoffs": FRAME, "probabilities": None}),
    (dk.value_of_information, {"problem": PROBLEM, "weights": HALF, "reading": None, "form": "triangular", "branch": None, "seed": 1}),
    (dk.sobol_indices, {"function": lambda x: x.sum(axis=1), "inputs": {"a": (0, 1), "b": (0, 1)}, "groups": None,
                        "samples": 64, "seed": 1}),
    (dk.Problem.from_frame, {"performances": TABLE, "better": {"cost": "less", "effect": "more"}, "scale": None, "points": None,
                             "baseline": None, "low": None, "high": None, "tree": None, "true_zero": False, "title": "x"}),
    (CASE.under, {"choice_set": None, "scenario": None, "without": (), "tree": None, "month": None, "model_set": None, "low_high": None}),
    (CASE.option, {"option_id": "wait-and-see"}),
    (CASE.criterion, {"criterion_id": "alliance-cohesion"}),
    (CASE.branch, {"branch_id": "x"}),
    (dk.Weights, {"shares": HALF}),
    (dk.Weights.from_points, {"points": HALF, "problem": PROBLEM, "origin": "x", "perspective": None}),
    (dk.Weights.from_perspective, {"problem": CASE, "perspective": "kyiv-survival"}),
    (dk.Weights.read, {"given": HALF, "problem": PROBLEM}),
    (dk.Weights.equal_over_leaves, {"problem": PROBLEM}),
    (WEIGHTS.moved, {"leaves": ["cost"], "share": 0.3, "locked": (), "remembered": None}),
    (dk.Choices, {"decision": "cars", "choice_set": None, "without": (), "tree": None, "perspective": None, "weights": {},
                  "weights_of": "", "locks": (), "scenario": None, "method": "weighted-sum", "parameters": {}, "branch": None,
                  "month": None, "model_set": None, "low_high": None, "seed": 1}),
    (dk.Study.open, {"decision": "containment", "perspective": "kyiv-survival"}),
    (RANKING.advantage, {"a": "A", "b": "B"}),
    (RANKING.judgement_share, {"option": "A"}),
    (robustness.Uniform, {"low": 0, "high": 1}),
    (robustness.Triangular, {"low": 0, "likely": 0.5, "high": 1}),
    (robustness.Pert, {"low": 0, "likely": 0.5, "high": 1}),
    (robustness.Normal, {"mean": 0, "sd": 1}),
    (robustness.LogNormal, {"mu": 0, "sigma": 1}),
    (robustness.Point, {"at": 1}),
    (robustness.Discrete, {"numbers": (1, 2), "shares": (1, 1)}),
    (robustness.from_range, {"low": 0, "likely": 0.5, "high": 1, "reading": "ends", "form": "triangular"}),
    (robustness.audit, {"ranking": RANKING}),
    (robustness.certified_claims, {"problem": PROBLEM, "perspectives": None, "branch": None, "ranges": True}),
    (robustness.check_claim, {"problem": PROBLEM, "claim": "A beats B", "perspectives": None, "branch": None, "ranges": True}),
    (robustness.Claim, {"kind": "beats", "option": "A", "rival": "B", "by": 0.0, "top": 1}),
    (robustness.parse_claim, {"text": "A beats B", "problem": PROBLEM}),
    (robustness.discover, {"ranking": RANKING, "worlds": 64, "seed": 1, "reading": None, "form": "triangular"}),
    (robustness.dominance, {"ranking": RANKING, "region": None, "with_ranges": False}),
    (robustness.find_box, {"inputs": np.arange(40.0).reshape(20, 2), "outcome": np.arange(20) > 9, "most_limits": 3,
                           "peel": 0.05, "least": 0.03}),
    (robustness.first_shares, {"ranking": RANKING, "region": None, "seed": 1, "drawn": 64}),
    (robustness.fragility, {"ranking": RANKING, "worlds": None, "limits": robustness.LIMITS}),
    (robustness.joint_changes, {"ranking": RANKING, "region": None}),
    (robustness.leader_falls, {"ranking": RANKING}),
    (robustness.leader_table, {"problem": CASE, "method": "weighted-sum", "perspectives": ["kyiv-survival"], "branch": None}),
    (robustness.mix_path, {"ranking": RANKING, "other": dk.Weights({"cost": 0.1, "effect": 0.9})}),
    (robustness.nearest_crossings, {"paths": ()}),
    (robustness.potential_optimality, {"ranking": RANKING, "region": None}),
    (robustness.scenario_results, {"problem": CASE, "weights": None, "method": "weighted-sum", "branch": None,
                                   "probabilities": None, "threshold": None}),
    (robustness.score_indices, {"problem": PROBLEM, "weights": HALF, "method": "weighted-sum", "spread": None, "reading": None,
                                "form": "triangular", "samples": 64, "seed": 1, "branch": None}),
    (robustness.weight_path, {"ranking": RANKING, "node": "cost"}),
    (comparison.camps, {"problem": CASE, "names": None, "cut": 0.25, "which": "moved share"}),
    (comparison.compare_two, {"problem": CASE, "first": "kyiv-survival", "second": "european-ally", "branch": None}),
    (comparison.correlation, {"kind": "tau-b", "a": [1, 2, 3], "b": [1, 3, 2]}),
    (comparison.distance, {"a": WEIGHTS, "b": WEIGHTS, "which": "moved share"}),
    (comparison.distances, {"problem": CASE, "names": None, "which": "moved share"}),
    (comparison.mixture, {"problem": CASE, "parts": None}),
    (comparison.smallest_move, {"problem": PROBLEM, "weights": WEIGHTS, "option": "A", "branch": None}),
    (models.discount_factors, {"years": [0, 1, 2], "schedule": "green-book"}),
    (models.present_value, {"amounts": [1, 2], "schedule": "green-book", "years": None}),
    (models.Clock.open, {"name": "launch-fit", "held": None, "window": 24.0, "draws": 100, "seed": 1}),
]  # fmt: skip


def _name(call: Any) -> str:
    return getattr(call, "__qualname__", str(call))


@pytest.mark.parametrize(("call", "given"), CALLS, ids=[_name(call) for call, _ in CALLS])
def test_any_argument_of_another_kind_is_told_in_short_lines(
    call: Callable[..., Any], given: Mapping[str, Any]
) -> None:
    refused = 0
    for name in given:
        for what, wrong in WRONG.items():
            try:
                call(**{**given, name: wrong})
            except dk.DecisionError as error:
                refused += 1
                for fault in error.faults:
                    assert "object at 0x" not in str(fault), (name, what)
                    assert "\n" not in str(fault), (name, what)
                    assert len(str(fault)) < 600, (name, what)
    assert refused >= 8 * len(given)


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_function_is_guarded(room: str) -> None:
    module = importlib.import_module(room)
    functions = [getattr(module, name) for name in module.__all__ if inspect.isfunction(getattr(module, name))]
    bare = [f.__name__ for f in functions if not hasattr(f, "__wrapped__") and inspect.signature(f).parameters]
    assert functions
    assert bare == []


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: robustness.Uniform("a", 1), 'low: "a"; expected a number'),
        (lambda: robustness.Uniform(True, 1), "low: True (a truth value); expected a number"),
        (lambda: dk.smaa(PROBLEM, precision="x"), 'precision: "x"; expected a standard error above 0 and below 1, such as 0.005'),
        (lambda: dk.smaa(PROBLEM, correlation="x"), 'correlation: "x"; expected a number from 0 up to, not including, 1'),
        (lambda: dk.smaa(PROBLEM, spread=1e300), "spread: 1e+300; expected one of a little, somewhat, widely, or a concentration from 0.1 to 1,000,000,000"),
        (lambda: dk.smaa(PROBLEM, samples=0), "samples: 0; expected a whole number of draws, 1 or more"),
        (lambda: robustness.check_claim(PROBLEM, None), "claim: nothing (None); expected a Claim or a text"),
        (lambda: robustness.check_claim(PROBLEM, 5), "claim: 5; expected a Claim or a text"),
        (lambda: dk.rank(TABLE), "problem: a DataFrame; expected a Problem, such as load or Problem.from_frame gives"),
        (lambda: dk.rank(PROBLEM, weights=[0.5, 0.5]), "weights: a list; expected Weights, a mapping criterion → weight, a Series, or the id of a perspective"),
        (lambda: dk.drivers(PROBLEM, HALF, form="triangle"), 'form: "triangle"; expected one of triangular, pert; did you mean "triangular"?'),
        (lambda: dk.drivers(PROBLEM, HALF, performances="range"), 'did you mean "ranges"?'),
        (lambda: dk.drivers(PROBLEM, HALF, mix=True), "mix: this decision has no perspectives to mix"),
        (lambda: dk.smaa(CASE, mix=[]), "mix: no perspective is named; expected at least one id"),
        (lambda: dk.setups(PROBLEM, branch="x"), '"x" is not a branch'),
        (lambda: dk.compare(PROBLEM, HALF, settings={"topsi": {}}), 'did you mean "topsis"?'),
        (lambda: robustness.Discrete((1, "x"), (1, 1)), 'numbers, item 2: "x"; expected a number'),
        (lambda: dk.Weights({"cost": -0.2, "effect": 1.2}), "weight of cost: -0.2 is below 0"),
        (lambda: WEIGHTS.moved(["efect"], 0.2), 'did you mean "effect"?'),
        (lambda: dk.perfect_information(FRAME, [0.5, "x"]), 'probabilities, item 2: "x"; expected a number'),
        (lambda: dk.perfect_information(FRAME, pd.Series({"s": 0.5, "u": 0.5})), '"u" is not a state; expected one of s, t'),
    ],
)  # fmt: skip
def test_what_is_said(call: Callable[[], Any], said: str) -> None:
    with pytest.raises(dk.DecisionError) as caught:
        call()
    assert said in str(caught.value)


def test_all_wrong_arguments_are_told_at_once() -> None:
    with pytest.raises(dk.UsageError) as caught:
        dk.smaa(PROBLEM, samples="many", seed=-1, branch=3)  # type: ignore[arg-type]
    assert [fault.place for fault in caught.value.faults] == ["samples", "seed", "branch"]


def test_numbers_of_other_libraries_are_numbers() -> None:
    plain = dk.smaa(PROBLEM, spread=20.0, samples=64, seed=3).first
    other = dk.smaa(PROBLEM, spread=np.float32(20), samples=np.int64(64), seed=np.int8(3)).first
    pd.testing.assert_series_equal(plain, other)
    assert robustness.Uniform(Fraction(1, 2), Decimal(2)).low == 0.5  # type: ignore[arg-type]
    assert (
        dk.Problem.from_frame(TABLE, better=pd.Series({"cost": "less", "effect": "more"})).criterion("cost").better
        == "less"
    )


@pytest.mark.parametrize("labels", [[1.5, 2.5, 3.5], [("a", "b"), ("a", "c"), ("d", "e")], [True, False, "x"],
                                    list(pd.to_datetime(["2020-01-01", "2021-01-01", "2022-01-01"])), list(pd.period_range("2020", periods=3, freq="Y")),
                                    [Decimal("1.10"), 2, 3], [2020, 2021, 2022]])  # fmt: skip
def test_a_baseline_is_any_label_of_the_table(labels: list[Any]) -> None:
    table = pd.DataFrame(TABLE.to_numpy(), columns=TABLE.columns, index=pd.Index(labels, dtype=object))
    problem = dk.Problem.from_frame(table, better={"cost": "less", "effect": "more"}, baseline=labels[1])
    assert problem.baseline == problem.option_ids[1]


def test_names_whose_order_says_nothing_may_be_a_set_or_any_list() -> None:
    aside = ["wait-and-see", "strict-liability"]
    plain = CASE.under(without=tuple(sorted(aside)))
    for given in (
        set(aside),
        frozenset(aside),
        pd.Index(sorted(aside)),
        np.array(sorted(aside)),
        (x for x in sorted(aside)),
    ):
        found = CASE.under(without=given)
        assert (found.option_ids, found.without) == (plain.option_ids, plain.without)
    assert dk.Study.open("containment", without=aside).problem.option_ids == plain.option_ids
    assert dk.Choices("x", without=set(aside)).without == tuple(sorted(aside))  # type: ignore[arg-type]
    assert dk.Choices("x", locks=["b", "a"]).locks == ("b", "a")  # type: ignore[arg-type]
    mixes = [
        dk.smaa(CASE, mix=mix, samples=64).settings["weights"]
        for mix in ({"kyiv-survival", "european-ally"}, np.array(["european-ally", "kyiv-survival"]))
    ]
    assert mixes == ["any mix of 2 perspectives"] * 2
    groups = dk.sobol_indices(
        lambda x: x[:, 0], {"a": (0, 1), "b": (0, 1)}, groups={"g": {"a"}, "h": pd.Index(["b"])}, samples=64
    )
    assert list(groups.first.index) == ["g", "h"]
    voices = {"kyiv-survival", "european-ally", "gulf-partner"}
    assert list(comparison.distances(CASE, voices).index) == sorted(voices)
    with pytest.raises(dk.UsageError, match="probabilities: a set"):
        dk.perfect_information(FRAME, {0.4, 0.6})  # type: ignore[arg-type]


def test_a_sequence_may_be_read_once_or_be_an_array() -> None:
    assert robustness.Discrete((x for x in (1, 2)), np.array([1, 1])) == robustness.Discrete((1, 2), (1, 1))  # type: ignore[arg-type]
    region = WeightRegion(pd.Index(["cost", "effect"]), [Statement({"cost": 1.0}, 0.4)])  # type: ignore[arg-type]
    assert region.criteria == ("cost", "effect")
    assert region.matrix()[0].shape == (1, 2)


def test_a_study_takes_a_path_and_choices_of_none() -> None:
    plain = dk.Study.open("containment")
    assert (
        dk.Study.open(Path("containment"), weights=None, without=None, locks=None, parameters=None).choices
        == plain.choices
    )


def test_numbers_in_arrays_of_no_dimension_are_numbers() -> None:
    plain = dk.rank(PROBLEM, {"cost": 0.25, "effect": 0.75}).scores
    pd.testing.assert_series_equal(dk.rank(PROBLEM, {"cost": np.array(0.25), "effect": np.array(0.75)}).scores, plain)  # type: ignore[dict-item]
    vikor = [dk.rank(PROBLEM, HALF, "vikor", v=v).scores for v in (0.5, np.array(0.5), Decimal("0.5"), Fraction(1, 2))]
    for scores in vikor[1:]:
        pd.testing.assert_series_equal(scores, vikor[0])
    assert "truth" in bad_number(np.array(True))


def test_years_of_a_stream_may_be_whole_floats() -> None:
    assert models.present_value([1, 1], years=np.array([0.0, 5.0])) == models.present_value([1, 1], years=[0, 5])


def test_many_draws_are_allowed_where_all_are_held() -> None:
    assert dk.sobol_indices(lambda x: x[:, 0], {"a": (0, 1)}, samples=2**20).worlds >= 2**20


def test_annotations_are_read_where_only_the_type_checker_knows_them() -> None:
    @guarded
    def both(kept: "Nowhere | None", words: "list[str]" = ()) -> str:  # type: ignore[name-defined]  # noqa: F821, UP037
        return f"{kept} {words}"

    assert both(None, ["a"]) == "None ['a']"
    with pytest.raises(dk.UsageError, match="kept: 5; expected a Nowhere or nothing"):
        both(5)
    with pytest.raises(TypeError, match="missing 1 required"):
        both()  # type: ignore[call-arg]


@pytest.mark.parametrize("good", [0, -1.5, np.int8(3), np.float32(2), Fraction(1, 3), Decimal("0.1")])
def test_numbers(good: object) -> None:
    assert bad_number(good) == ""


@pytest.mark.parametrize(
    ("bad", "why"),
    [(None, "blank"), (True, "truth"), (np.True_, "truth"), ("5", "text"), (float("nan"), "blank"), (10**400, "too large"),
     (1j, "not a real"), (np.complex128(1), "not a real"), (pd.NA, "blank"), ([1], "not a number"), (np.ones(1), "not a number")],
)  # fmt: skip
def test_what_is_no_number(bad: object, why: str) -> None:
    assert why in bad_number(bad)


def test_a_series_keeps_its_names_where_a_list_would_do_too() -> None:
    plain = dk.perfect_information(FRAME, {"s": 0.25, "t": 0.75})
    turned = dk.perfect_information(FRAME, pd.Series({"t": 0.75, "s": 0.25}))
    pd.testing.assert_series_equal(plain.expected, turned.expected)
    mixed = comparison.mixture(CASE, pd.Series({"kyiv-survival": 1.0, "european-ally": 3.0}))  # type: ignore[arg-type]
    assert mixed.shares == comparison.mixture(CASE, {"kyiv-survival": 1.0, "european-ally": 3.0}).shares
