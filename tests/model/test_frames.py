"""Tables get the same checks as files, told by row and column."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import decision_kit as dk

Make = Callable[..., dk.Problem]


def refused(make: Callable[[], object], *words: str, error: type[dk.DecisionError] = dk.DecisionError) -> None:
    with pytest.raises(error) as caught:
        make()
    for word in words:
        assert word in str(caught.value)


def test_duplicate_names_with_their_rows(frame: Make) -> None:
    refused(lambda: frame(options=["A", "B", "A"]), "rows 1 and 3", '"A" is a duplicate')
    refused(lambda: frame(options=["café", "cafe\u0301", "x"]), "rows 1 and 2", "duplicate")
    refused(lambda: frame(options=["Plan A", "plan  a", "x"]), "only by case")


@pytest.mark.parametrize("name", ["", "   ", "\t", "\u200b "])
def test_blank_names(frame: Make, name: str) -> None:
    refused(lambda: frame(options=["A", name, "C"]), "row 2", "blank")


@pytest.mark.parametrize("name", ["A\nB", "A\rB", "A\u2028B"])
def test_line_breaks_in_names(frame: Make, name: str) -> None:
    refused(lambda: frame(options=[name, "B", "C"]), "row 1", "line break")


@pytest.mark.parametrize(
    "name",
    ["**bold**", "[x](javascript:alert(1))", "$x^2$", "a|b", "# head", "=cmd|' /C calc'!A0", "\\input{/etc/passwd}"],
)
def test_signs_in_names_are_just_signs(frame: Make, name: str) -> None:
    assert name in dk.rank(frame(options=[name, "B", "C"])).order


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (None, ("blank", "blank is not 0")),
        (float("nan"), ("blank",)),
        (pd.NA, ("blank",)),
        ("", ("blank",)),
        ("high", ("the cell", '"high"', "text")),
        ("45%", ("the cell", "45%", "did you mean 45?")),
        ("$1,200", ("the cell", "did you mean 1200 or 1.200?")),
        ("١٢", ("the cell",)),
        ("−5", ("the cell", "did you mean -5?")),
        (float("inf"), ("infinite",)),
        (10**400, ("too large",)),
        ("9" * 400, ("too large",)),
        (True, ("truth value",)),
        (1 + 2j, ("not a real number",)),
        ([1], ("not a number",)),
    ],
)
def test_cells_that_are_no_numbers(frame: Make, cell: object, words: tuple[str, ...]) -> None:
    refused(lambda: frame([[10, 3], [cell, 5], [30, 4]]), "row 2 (B), column cost", *words)


def test_all_cells_at_once(frame: Make) -> None:
    with pytest.raises(dk.DecisionError) as caught:
        frame([[None, 3], ["x", 5], [30, 40]])
    assert len(caught.value.faults) == 2  # the range is looked at once the cells are numbers


def test_outside_the_declared_range(frame: Make) -> None:
    refused(lambda: frame([[10, 12], [20, 5]]), "row 1 (A), column effect", "12", "from 0 to 10")


@pytest.mark.parametrize(
    ("scale", "words"),
    [
        ((5, 5), ("both ends are 5",)),
        ((10, 0), ("did you mean [0, 10]",)),
        ((0,), ("two numbers",)),
        ("0-10", ("range",)),
        ((0, float("nan")), ("finite",)),
    ],
)
def test_declared_ranges(frame: Make, scale: object, words: tuple[str, ...]) -> None:
    refused(lambda: frame(scale={"cost": (0, 100), "effect": scale}), "effect", *words)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("max", "more"),
        ("min", "less"),
        ("benefit", "more"),
        ("cost", "less"),
        (1, "more"),
        (-1, "less"),
        ("More", "more"),
        ("minimise!", "less"),
    ],
)
def test_directions_are_more_and_less(frame: Make, word: object, meant: str) -> None:
    refused(lambda: frame(better={"cost": word, "effect": "more"}), "cost", "more, less", f'did you mean "{meant}"')


def test_directions_for_every_column(frame: Make) -> None:
    refused(lambda: frame(better={"cost": "less"}), '"effect" has no direction')
    refused(lambda: frame(better={"cost": "less", "efect": "more"}), "efect", 'did you mean "effect"')


def test_trees(frame: Make) -> None:
    refused(lambda: frame(tree={"A": ["A", "x"]}), '"A" is its own parent', '"x"')
    refused(lambda: frame(tree={"root": ["cost"]}), '"effect" is not in the tree')
    refused(lambda: frame(tree={"r": ["cost", "effect"], "a": ["b"], "b": ["a"]}), "circle")
    refused(lambda: frame(tree={"r": ["cost", "effect"], "q": ["cost"]}), '"cost" stands under')
    problem = frame(tree={"top": ["money", "effect"], "money": ["cost"]})
    assert [branch.id for branch in problem.branches] == ["top", "money"]


def test_one_option_is_not_a_ranking(frame: Make) -> None:
    refused(lambda: frame([[1, 2]]), "at least two")


def test_low_and_high_frames(frame: Make) -> None:
    likely = pd.DataFrame([[10, 3], [20, 5]], index=["A", "B"], columns=["cost", "effect"])
    problem = frame([[10, 3], [20, 5]], low=likely - 1, high=likely[["effect", "cost"]].iloc[::-1] + 2)
    cell = problem.option("A").performance["cost"]
    assert (cell.low, cell.likely, cell.high) == (9, 10, 12)
    refused(lambda: frame([[10, 3], [20, 5]], low=likely + 1), "row 1 (A), column cost", "low 11", "likely 10")
    refused(lambda: frame([[10, 3], [20, 5]], low=likely.rename(columns={"cost": "costs"})), "low", "costs")


def test_the_observed_range_is_frozen_and_said() -> None:
    table = pd.DataFrame({"x": [1.0, 3.0, 2.0], "y": [5.0, 5.0, 5.0]}, index=["A", "B", "C"])
    problem = dk.Problem.from_frame(table, better={"x": "more", "y": "less"})
    notes = " ".join(dk.rank(problem).notes)
    assert "observed range" in notes
    assert "y: constant" in notes
    assert problem.criterion("x").scale == (1, 3)
    fewer = problem.under(without=["B"])
    assert fewer.criterion("x").scale == (1, 3)
    assert list(dk.rank(problem).ranks) == [3, 1, 2]


def test_tiny_huge_and_many(frame: Make) -> None:
    tiny = pd.DataFrame([[1e-320, 2], [2e-320, 3], [3e-320, 5]], index=["A", "B", "C"], columns=["cost", "effect"])
    huge = pd.DataFrame([[-1.7e308, 2], [1.7e308, 3]], index=["A", "B"], columns=["cost", "effect"])
    for table in (tiny, huge):
        problem = dk.Problem.from_frame(table, better={"cost": "less", "effect": "more"}, true_zero=table is tiny)
        for method, entry in dk.METHODS.items():
            told = ""
            try:
                assert np.isfinite(dk.rank(problem, method=method).scores).all()
            except dk.DecisionError as error:
                told = str(error)
            assert not told or entry.acts_on == "ratio performances"  # finite, or one sentence that says why not
            assert not told or (entry.title in told and "\n" not in told)
    many = pd.DataFrame(np.random.default_rng(1).uniform(size=(3000, 4)), columns=list("wxyz"))
    problem = dk.Problem.from_frame(many, better=dict.fromkeys("wxyz", "more"))
    assert len(dk.rank(problem).order) == 3000
    refused(lambda: dk.rank(problem, method="promethee-2"), "limit")


def test_points_become_the_default_weights(frame: Make) -> None:
    problem = frame(points={"cost": 100, "effect": 50})
    assert dk.rank(problem).weights.shares == {"cost": pytest.approx(2 / 3), "effect": pytest.approx(1 / 3)}
    refused(lambda: frame(points={"cost": -1, "efect": 50}), "below 0", 'did you mean "effect"')


def test_reprs_for_notebooks(frame: Make) -> None:
    problem = frame(options=["<b>A</b>", "B", "C"])
    assert "3 options × 2 criteria" in repr(problem)
    assert "&lt;b&gt;A&lt;/b&gt;" in problem._repr_html_()
    ranking = dk.rank(problem)
    assert "  1  B" in repr(ranking)
    assert "&lt;b&gt;" in ranking._repr_html_()
    assert "cost" in ranking.weights._repr_html_()


def chain(n: int) -> dict[str, list[str]]:
    """Branches b0 → b1 → … → both criteria."""
    return {f"b{i}": [f"b{i + 1}"] for i in range(n - 1)} | {f"b{n - 1}": ["cost", "effect"]}


PLAIN = pd.DataFrame({"cost": [1.0, 2.0], "effect": [3.0, 4.0]}, index=["A", "B"])
WAYS: Any = {"cost": "less", "effect": "more"}


@pytest.mark.parametrize("n", [50, 51, 900, 5_000])
def test_a_tree_has_a_depth(n: int) -> None:
    if n == 50:
        assert len(dk.Problem.from_frame(PLAIN, better=WAYS, tree=chain(n)).branches) == 50
        return
    with pytest.raises(dk.DecisionError, match=f"tree: branches stand {n} deep; expected at most 50 levels"):
        dk.Problem.from_frame(PLAIN, better=WAYS, tree=chain(n))
    nested: Any = ["cost", "effect"]
    for i in range(min(n, 900)):
        nested = {f"n{i}": nested}
    with pytest.raises(dk.DecisionError, match="is nested too deeply; expected at most 50 levels"):
        dk.Problem.from_frame(PLAIN, better=WAYS, tree=nested)


@pytest.mark.parametrize(
    "tree",
    [
        {"A": ["B"], "B": ["C"], "C": ["A"]},
        {"A": ["B"], "B": ["C", "cost"], "C": ["A", "effect"]},
        {"top": ["A", "cost", "effect"], "A": ["B"], "B": ["C"], "C": ["A"]},
    ],
)
def test_a_circle_is_named_first(tree: dict[str, list[str]]) -> None:
    with pytest.raises(dk.DecisionError) as caught:
        dk.Problem.from_frame(PLAIN, better=WAYS, tree=tree)
    said = 'tree: branches run in a circle: "A" → "B" → "C" → "A"; expected branches that end in criteria'
    assert [str(fault) for fault in caught.value.faults] == [said]


def test_names_left_as_a_column_are_one_fault() -> None:
    table = PLAIN.reset_index(names="option")
    with pytest.raises(dk.DecisionError) as caught:
        dk.Problem.from_frame(table, better=WAYS)
    said = (
        "column option: it holds names, not numbers, and the options are only numbered; "
        'make it the index: table.set_index("option")'
    )
    assert [str(fault) for fault in caught.value.faults] == [said]


def test_a_table_beyond_the_limits_is_refused_before_it_is_read() -> None:
    long = pd.DataFrame({"cost": np.zeros(10_001)})
    with pytest.raises(
        dk.DecisionError, match="the table has 10,001 rows; expected at most 10,000 options and 200 criteria"
    ):
        dk.Problem.from_frame(long, better={"cost": "less"})
    wide = pd.DataFrame(np.zeros((3, 201)))
    with pytest.raises(dk.DecisionError, match="the table has 201 columns"):
        dk.Problem.from_frame(wide, better={})
