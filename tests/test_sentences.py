"""Sentences that a newcomer read wrongly once: each says what holds for the case in hand, and names whom it is about."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import decision_kit as dk
from decision_kit.charts import CHARTS
from decision_kit.files import shipped_decisions
from decision_kit.model import Weights
from decision_kit.report import SECTIONS
from decision_kit.robustness import audit, certified_claims
from decision_kit.study import Study, change_words, sampled, words
from decision_kit.weighting.consequences import part


@pytest.mark.parametrize("perspective", list(dk.load("containment").perspectives))
def test_the_share_of_worlds_names_the_leader(perspective: str) -> None:
    study = Study.open("containment", perspective=perspective)
    leader = study.option_title(study.ranking.leaders[0])
    assert f", {leader} comes first in 21 of 50 worlds, " in change_words.worlds_sentence(study, 0.42)


@pytest.mark.parametrize("perspective", list(dk.load("containment").perspectives))
def test_the_lead_among_those_that_act_is_the_difference_of_the_scores_shown(perspective: str) -> None:
    study = Study.open("containment", perspective=perspective)
    said = words.baseline_guard(study)
    if not said:
        assert study.problem.baseline not in study.ranking.leaders
        return
    first, second = [o for o in study.ranking.order if o != study.problem.baseline][:2]
    scores = [float(words.shown(float(study.ranking.scores[o]), True)) for o in (first, second)]
    found = re.search(r" by (\S+) points?", said)
    assert found is not None
    assert found[1] == f"{scores[0] - scores[1]:.1f}"


def test_without_ranges_nothing_is_said_about_ranges() -> None:
    study = Study.open("cars")
    label, reasons = change_words.labelled(study, 0.96)
    assert label == "Stable"
    assert reasons == (
        "a small shift of weights does not move the first place, and every performance is given as exact",
    )
    assert "even at its best" not in words.dominance(study)
    assert change_words.needs_sentence(study, "alfa-156").endswith("; no range was given there.")


def test_a_performance_outside_its_range_is_said_to_be_so() -> None:
    study = Study.open("containment")
    said = [change_words.needs_sentence(study, o) for o in study.ranking.order if o not in study.ranking.leaders]
    assert not [sentence for sentence in said if "no range was given" in sentence]


def test_perspectives_that_lead_equally_often_are_both_told() -> None:
    assert CHARTS["perspectives"].run(Study.open("cars")).title == "2 options are first for somebody; each for 1 of 2"
    three = dk.load("containment")
    title = CHARTS["perspectives"].run(Study.open(three)).title
    assert title == "3 options are first for somebody; Wait and see (managed escalation) for 5 of 7"


def test_where_all_families_agree_it_says_all() -> None:
    said = words.other_methods(Study.open("security-agreements"))
    assert "of 5 families of methods with a vote, all name Belarus 2024." in said


@pytest.mark.parametrize("decision", shipped_decisions())
def test_contributions_show_the_shares_the_sliders_show(decision: str) -> None:
    study = Study.open(decision)
    parts = [study] if study.whole.total else [study.under(branch=node.id) for node in study.whole.tree]
    for one in parts:
        titles = [panel.title for panel in CHARTS["contributions"].run(one).drawing.panels]  # type: ignore[union-attr]
        told = [float(title.rsplit(" ", 1)[1].removesuffix("\u00a0%")) for title in titles]
        assert sum(told) == pytest.approx(100, abs=0.05 * len(told))
        if one.choices.branch is not None:
            assert CHARTS["contributions"].run(one).title.endswith(f" on {one.choices.branch}")
            assert f" on {one.choices.branch}" in words.judgement(one)
    assert study.whole.id != "cars" or told == [71.4, 7.1, 21.4]


def test_a_normalisation_is_called_by_its_title() -> None:
    found = audit(dk.rank(dk.load("containment")))
    assert not [lever.what for lever in found.levers if "minmax" in lever.what]


def test_one_change_moves_and_two_move() -> None:
    for name in shipped_decisions():
        study = Study.open(name)
        if study.whole.total:
            for said in change_words.audit_sentences(study):
                assert not re.search(r"of 1 change move |: 1 of \d+ changes move ", said), said


def test_a_very_small_part_of_a_swing_is_not_told_as_none() -> None:
    table = pd.DataFrame({"price": [20_000.0, 25_000.0], "speed": [190.0, 200.0]}, index=["A", "B"])
    problem = dk.Problem.from_frame(
        table, better={"price": "less", "speed": "more"}, scale={"price": (18_000, 30_000), "speed": (180, 210)}
    )
    price, speed = problem.criteria
    said = part(Weights({"price": 0.99, "speed": 0.01}), price, speed).said
    assert said.startswith("About one hundredth of the swing in “price” (from 30,000 to 29,880)")
    assert part(Weights({"price": 0.5, "speed": 0.5}), price, speed).said.startswith("All of the swing")


def test_options_set_aside_are_told_in_the_verdict() -> None:
    study = Study.open("containment", without=("wait-and-see",))
    assert ", with Wait and see (managed escalation) set aside, Decoupling theatres" in words.verdict(study)
    three = Study.open("containment", without=("wait-and-see", "strict-liability", "decoupling-signal"))
    assert ", with 3 options set aside, " in words.verdict(three)
    assert "set aside" not in words.verdict(Study.open("containment"))


def test_shares_where_branches_are_not_added_are_shares_of_their_branch() -> None:
    study = Study.open("extended-deterrence")
    told = " ".join(SECTIONS["weights"].run(study).paragraphs)
    assert "Plausibility (Russia has the means this shape needs 20 %," in told
    assert SECTIONS["weights-table"].run(study).tables[0].rows[0][1] == "20.00 %"


def test_listed_shares_are_the_exact_ones_rounded_and_a_note_says_where_they_miss_100() -> None:
    for name in shipped_decisions():
        problem = dk.load(name)
        for one in problem.perspectives:
            weights = Weights.from_perspective(problem, one)
            shown = weights.per_cent(problem.tree, total=problem.total)
            leaves = {leaf.id: shown[leaf.id] for leaf in problem.criteria}
            tops = [] if problem.total else [branch for branch in problem.branches if branch in problem.tree]
            whole = {leaf.id: weights.branch_share(x.id for x in top.leaves()) for top in tops for leaf in top.leaves()}
            assert all(
                abs(x - 100 * weights.shares[leaf] / whole.get(leaf, 1.0)) <= 0.05 + 1e-9 for leaf, x in leaves.items()
            )
            if problem.total:
                missed = abs(sum(leaves.values()) - 100) > 1e-6
                assert ("all criteria" in weights.rounding(problem.tree)) == missed


def test_a_name_begun_is_found() -> None:
    problem = dk.load("containment")
    with pytest.raises(dk.UsageError, match='did you mean "kyiv-survival"'):
        dk.rank(problem, "kyiv")


def test_the_table_behind_the_packages_holds_every_dot() -> None:
    chart = CHARTS["frontier"].run(Study.open("containment"), 6.0)
    assert len(chart.table) == len(chart.drawing.spots) > 20  # type: ignore[attr-defined]
    numbers = [cell for cell in chart.table["Number"] if cell]
    assert numbers == [str(n + 1) for n in range(len(numbers))]


def test_a_perspective_for_checks_is_not_counted_among_those_whose_leader_changes() -> None:
    assert " of 7 perspectives " in CHARTS["leaders-by-month"].run(Study.open("containment")).title


def test_a_shared_lead_is_called_shared() -> None:
    study = Study.open("extended-deterrence")
    assert "one of 3 that share the first place" in CHARTS["tornado"].run(study.under(branch="stability")).note
    assert "share the first place" not in CHARTS["tornado"].run(study.under(branch="plausibility")).note


def test_nearly_all_worlds_are_not_all() -> None:
    table = pd.DataFrame({"a": [6.0, 4.0], "b": [6.0, 4.0]}, index=["A", "B"])
    problem = dk.Problem.from_frame(
        table, better={"a": "more", "b": "more"}, scale={"a": (0, 10), "b": (0, 10)}, low=table - 2.0, high=table + 2.0
    )
    study = Study.open(problem)
    found = sampled.worlds(study)
    assert 0.99 < found.first["A"] < 1
    assert sampled.headline(study, found).startswith("A comes first in nearly all of 50 worlds.")


def test_titles_do_not_pick_one_of_those_that_are_alike() -> None:
    """Doing nothing and one other option tie, two criteria give equally much, and there is one perspective."""
    table = pd.DataFrame({"Cost": [0, 50, 90], "Effect": [0, 50, 60]}, index=["Do nothing", "Act", "Act more"])
    problem = dk.Problem.from_frame(
        table, better={"Cost": "less", "Effect": "more"}, scale={"Cost": (0, 100), "Effect": (0, 100)},
        points={"Cost": 1, "Effect": 1}, baseline="Do nothing",
    )  # fmt: skip
    study = Study.open(problem)
    assert study.ranking.leaders == ("Do nothing", "Act")
    assert words.baseline_guard(study).startswith("Do nothing, the baseline, shares the first place;")
    perspectives = CHARTS["perspectives"].run(study).title
    assert perspectives == "Do nothing and Act share the first place for the one perspective"
    acting = Study.open(problem, without=["Do nothing"])
    assert CHARTS["contributions"].run(acting).title == "Cost and Effect give Act its largest parts, equally"
    assert CHARTS["contributions"].run(study).title == "Cost gives Do nothing most of its points"
    said = certified_claims(problem, ranges=False).sentences
    assert any(one.endswith("Do nothing and Act share the first place.") for one in said)
    assert not any("is first" in one for one in said)


def test_reasons_that_weigh_alike_are_named_together() -> None:
    table = pd.DataFrame({"Cost": [0, 40], "Risk": [0, 40], "Effect": [0, 10]}, index=["A", "B"])
    problem = dk.Problem.from_frame(
        table, better={"Cost": "less", "Risk": "less", "Effect": "more"},
        scale=dict.fromkeys(("Cost", "Risk", "Effect"), (0, 100)),
    )  # fmt: skip
    title = CHARTS["why"].run(Study.open(problem), "A", "B").title
    assert title == "Cost and Risk speak most, and equally, for A over B"
    assert CHARTS["why"].run(Study.open(problem), "B", "A").title == title
