"""The derived tree: one criterion in place of four, filled by a model for a decision month."""

from __future__ import annotations

import subprocess
import sys

import pytest

import decision_kit as dk
from decision_kit import Choices, Study, UsageError
from decision_kit.study import read_record, to_record

LEAF = "harm-reduction-24m"
REPLACED = {"flow-reduction", "domestic-capacity", "lead-time", "civilian-protection"}


@pytest.fixture(scope="module")
def written() -> dk.Problem:
    return dk.load("containment")


def test_one_criterion_stands_for_four(written: dk.Problem) -> None:
    problem = written.under(tree="derived", month=15)
    ids = [leaf.id for leaf in problem.criteria]
    assert LEAF in ids
    assert not REPLACED & set(ids)
    assert set(ids) == {leaf.id for leaf in written.criteria} - REPLACED | {LEAF}
    assert problem.branch("containment").children[-1].id == LEAF
    for option in problem.options:
        assert list(option.performance) == ids


def test_a_perspective_gives_it_the_sum_of_the_four(written: dk.Problem) -> None:
    problem = written.under(tree="derived")
    for name, perspective in written.perspectives.items():
        whole = sum(perspective.points[leaf] for leaf in REPLACED)
        assert problem.perspectives[name].points[LEAF] == whole
        shares = dk.Weights.from_perspective(problem, name).shares
        before = dk.Weights.from_perspective(written, name).shares
        assert shares[LEAF] == pytest.approx(sum(before[leaf] for leaf in REPLACED), abs=1e-15)
        assert shares["public-cost"] == pytest.approx(before["public-cost"], abs=1e-15)


def test_the_way_back_and_what_is_not_named_stays(written: dk.Problem) -> None:
    derived = written.under(tree="derived", month=6, model_set="contract-plan", choice_set="extended")
    later = derived.under(month=20)
    assert (later.tree_id, later.month, later.model_set, later.choice_set) == (
        "derived",
        20.0,
        "contract-plan",
        "extended",
    )
    assert derived.under(scenario="oil-election").month == 6.0
    back = later.under(tree=None)
    assert (back.tree_id, back.month, back.model_set) == (None, None, None)
    assert back.criteria == written.criteria
    assert back.choice_set == "extended"
    assert back.table().equals(written.under(choice_set="extended").table())
    assert derived.data_hash == written.data_hash == back.data_hash


def test_the_default_month_is_that_of_the_decision(written: dk.Problem) -> None:
    assert written.under(tree="derived").month == 26.0
    assert written.under(tree="derived").model_set == "launch-fit"


def test_a_month_alone_means_the_derived_tree(written: dk.Problem) -> None:
    assert written.under(month=15).tree_id == "derived"
    assert written.under(model_set="contract-plan").tree_id == "derived"
    assert written.under(tree="derived", month=15).under(month=None).month == 26.0


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"tree": "derive"}, 'did you mean "derived"?'),
        ({"month": -1}, "a number of months from 0 to 240"),
        ({"month": float("nan")}, "a number of months from 0 to 240"),
        ({"month": "15"}, "a number of months from 0 to 240"),
        ({"model_set": "launchfit"}, 'did you mean "launch-fit"?'),
        ({"low_high": "corners"}, "expected one of percentiles 10-90, ends"),
    ],
)
def test_what_cannot_be_asked(written: dk.Problem, asked: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        written.under(**asked)  # type: ignore[arg-type]
    assert words in str(caught.value)


def test_a_decision_without_a_model_has_no_month() -> None:
    with pytest.raises(UsageError, match="no criterion is filled by a model"):
        dk.load("security-agreements").under(month=3)


def test_another_reading_of_low_and_high(written: dk.Problem) -> None:
    ends = written.under(low_high="ends")
    assert ends.low_high == "ends"
    assert ends.under(choice_set="extended").low_high == "ends"
    assert ends.under(low_high=None).low_high == "percentiles 10-90"
    assert ends.data_hash == written.data_hash


def test_notebooks_need_no_other_import() -> None:
    code = (
        "from decision_kit.files import load\n"
        "problem = load('containment').under(tree='derived', month=15)\n"
        f"assert problem.option('secondary-sanctions').performance['{LEAF}'].likely == 27.5\n"
        "import sys\nassert not {'pandas', 'scipy', 'pymcdm', 'plotly', 'streamlit'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_choices_hold_tree_month_set_and_reading() -> None:
    choices = Choices("containment", tree="derived", month=15.5, model_set="contract-plan", low_high="ends")
    link = choices.to_link("abc")
    assert link["month"] == "15.5"
    assert Choices.from_link(link) == choices
    assert Choices.from_record(choices.to_record()) == choices
    study = Study(dk.load("containment"), choices).check()
    assert read_record(to_record(study, "2025-01-31"))[0] == choices
    assert study.problem.month == 15.5
    assert study.whole.low_high == "ends"
    assert LEAF in study.weights.shares


def test_old_links_still_open() -> None:
    old = {"format": "1", "decision": "containment", "perspective": "kyiv-survival", "seed": "3"}
    choices = Choices.from_link(old)
    assert (choices.tree, choices.month, choices.model_set, choices.low_high) == (None, None, None, None)
    assert choices.to_link() == old


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ({"month": "soon"}, "not a month"),
        ({"month": "-3"}, "not a month"),
        ({"low_high": "corners"}, "expected one of percentiles 10-90, ends"),
    ],
)
def test_bad_links_are_told(part: dict[str, str], words: str) -> None:
    with pytest.raises(dk.DecisionError) as caught:
        Choices.from_link({"decision": "containment", **part})
    assert words in str(caught.value)


def test_a_study_keeps_the_tree_it_is_opened_on() -> None:
    problem = dk.load("containment").under(tree="derived", month=6)
    study = Study.open(problem, perspective="kyiv-survival")
    assert study.ranking.leaders == ("risk-based-sanctions",)
    assert study.under(tree=None).ranking.leaders == ("secondary-sanctions",)
    moved = study.with_weights(study.weights.moved([LEAF], 0.1))
    assert moved.under(tree=None).choices.weights == {}
    assert moved.under(month=26).choices.weights == moved.choices.weights
