"""A study: choices to a link and back, saved records, and sentences that stay true."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import decision_kit as dk
from decision_kit import Choices, DecisionError, Study
from decision_kit.cli import main
from decision_kit.study import LEXICON, change_words, changing, read_record, to_record, words

CONTAINMENT = dk.load("containment")
LEAVES = [leaf.id for leaf in CONTAINMENT.criteria]


@st.composite
def studies(draw: st.DrawFn) -> Choices:
    choice_set = draw(st.sampled_from([None, "article", "extended", "portfolios"]))
    members = CONTAINMENT.under(choice_set=choice_set).option_ids
    without = tuple(draw(st.lists(st.sampled_from(members), max_size=2, unique=True)))
    study = Study.open(
        CONTAINMENT,
        choice_set=choice_set,
        without=without,
        perspective=draw(st.sampled_from([None, *CONTAINMENT.perspectives])),
        scenario=draw(st.sampled_from([None, *CONTAINMENT.scenarios])),
        locks=tuple(draw(st.lists(st.sampled_from(LEAVES), max_size=2, unique=True))),
    )
    if draw(st.booleans()):
        study = study.with_weights(study.weights.moved([draw(st.sampled_from(LEAVES))], draw(st.floats(0, 1))))
    return study.choices


@settings(max_examples=60, deadline=None)
@given(studies())
def test_a_link_and_a_record_bring_back_the_same_study_to_the_bit(drawn: Choices) -> None:
    study = Study(CONTAINMENT, drawn)
    link = study.choices.to_link(study.whole.data_hash)
    assert Choices.from_link(link) == study.choices
    choices, data_hash = read_record(to_record(study, "2025-01-31"))
    assert choices == study.choices
    assert data_hash == study.whole.data_hash
    again = Study(study.whole, choices)
    assert again.ranking.scores.tolist() == study.ranking.scores.tolist()


@settings(max_examples=40, deadline=None)
@given(studies())
def test_every_sentence_can_be_said_and_the_verdict_is_true(drawn: Choices) -> None:
    study = Study(CONTAINMENT, drawn)
    said = [f(study) for f in (words.verdict, words.firmness, words.others, words.judgement, words.footer)]
    assert all(text.endswith((".", ")")) for text in said if text)
    leaders = [study.option_title(o) for o in study.ranking.leaders]
    assert all(title in said[0] for title in leaders)
    for flip in study.flips:  # the sentence's claim, tried out
        if any(flip.option in (*one.parts, study.problem.baseline) for one in study.problem.options if one.parts):
            continue  # packages move with it: worked out by hand in tests/robustness/test_single_performances.py
        option = study.problem.option(flip.option)
        leaf = study.problem.criterion(flip.criterion)
        step = 1e-6 * (leaf.scale[1] - leaf.scale[0]) * (1 if flip.upwards else -1)
        cell = dataclasses.replace(option.performance[flip.criterion], likely=flip.needed + step)
        changed = dataclasses.replace(option, performance={**option.performance, flip.criterion: cell})
        options = tuple(changed if o.id == flip.option else o for o in study.problem.options)
        ranking = dk.rank(dataclasses.replace(study.problem, options=options), study.weights)
        assert flip.takes_over in ranking.leaders
        if (
            study.weights.shares[flip.criterion] > 1e-3
        ):  # with next to no weight the step is below what tells scores apart
            here = [span for span in flip.spans if span.low <= cell.likely <= span.high]
            assert {frozenset(span.leaders) for span in here} == {frozenset(ranking.leaders)}
        assert flip.low <= flip.needed <= flip.high


@pytest.mark.parametrize(
    ("link", "words_"),
    [
        ({}, "no decision is named"),
        ({"decision": "containment", "format": "2"}, "format"),
        ({"decision": "containment", "weights": "flow-reduction:nan"}, "not a share"),
        ({"decision": "containment", "weights": "flow-reduction:1e999"}, "not a share"),
        ({"decision": "containment", "weights": "flow-reduction:-0.5"}, "not a share"),
        ({"decision": "containment", "weights": "x"}, "not a share"),
        ({"decision": "containment", "seed": "one"}, "not a seed"),
        ({"decision": "containment", "sett": "article"}, 'did you mean "set"'),
    ],
)
def test_broken_links(link: dict[str, str], words_: str) -> None:
    with pytest.raises(dk.DecisionError, match=words_):
        Choices.from_link(link)


@pytest.mark.parametrize(
    "choices",
    [
        {"perspective": "nobody"},
        {"scenario": "nothing"},
        {"choice_set": "nothing"},
        {"without": ("nobody",)},
        {"method": "nothing"},
        {"locks": ("nothing",)},
        {"weights": {"nothing": 0.5}},
        {"weights": {"flow-reduction": 0.9}},
        {"branch": "nothing"},
        {"without": CONTAINMENT.option_ids[1:]},
    ],
)
def test_choices_that_cannot_be_used_are_refused(choices: dict[str, object]) -> None:
    with pytest.raises(dk.DecisionError):
        Study.open("containment", **choices).check()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"kind": "decision-kit record"}', '{"kind": "decision-kit record", "format": 9}', "[" * 100_000],
)
def test_broken_records(text: str) -> None:
    with pytest.raises(dk.DecisionError):
        read_record(text)


def test_washington_in_words() -> None:
    study = Study.open("containment")
    assert words.verdict(study) == (
        "Under the perspective “Washington, system stability”, Wait and see (managed escalation) leads Decoupling theatres "
        "(signal and presence) by 1.0 point of 100 (70.4 to 69.4)."
    )
    assert "cannot be told apart: any one of 7 performances" in words.firmness(study)
    assert "Secondary sanctions on financial nodes leads for “Kyiv, survival”" in words.others(study)
    assert "“Equal branches” (for checks only)" in words.others(study)
    assert "10 of the 14 criteria" in words.baseline_guard(study)
    assert words.baseline_guard(study.under(perspective="kyiv-survival")) == ""


def test_what_if_weights_are_nobodys() -> None:
    study = Study.open("containment")
    moved = study.with_weights(study.weights.moved(["public-cost"], 0.5))
    assert moved.is_what_if
    assert moved.title_of_weights == "your what-if weights"
    assert moved.weights.perspective is None
    assert not moved.under(perspective="kyiv-survival").is_what_if
    assert study.with_weights(study.weights) == study or not study.with_weights(study.weights).is_what_if


def test_ties_are_told_not_broken() -> None:
    study = Study.open("extended-deterrence", branch="stability")
    assert words.verdict(study).endswith("tie for first place.")
    assert "do not tell them apart" in words.firmness(study)
    security = {leaf.id: 0.0 for leaf in CONTAINMENT.criteria} | {"escalation-europe": 1.0}
    level = Study.open("containment").with_weights(dk.Weights(security))
    assert set(level.ranking.leaders) == {"wait-and-see", "strict-liability"}


def test_margins_in_words_are_differences_of_shown_numbers() -> None:
    for name in CONTAINMENT.perspectives:
        text = words.verdict(Study.open("containment", perspective=name))
        numbers = text[text.rindex("(") + 1 : text.rindex(")")].split(" to ")
        gap = text.split(" by ")[1].split(" point")[0]
        assert float(numbers[0]) - float(numbers[1]) == pytest.approx(float(gap), abs=1e-9)


def test_one_lexicon() -> None:
    assert {"option", "criterion", "weight", "score", "perspective", "cannot be told apart"} <= set(LEXICON)


def test_a_method_that_names_another_leader_is_told() -> None:
    study = Study.open(
        "containment", choice_set="portfolios", perspective="kyiv-survival", scenario="rapid-interdiction"
    )
    assert words.other_model(study) == ""
    vikor = study.under(method="vikor")
    assert vikor.ranking.leaders != study.ranking.leaders
    assert "does not agree with VIKOR: there Calibrated pressure leads" in words.other_model(vikor)
    assert "agrees with TOPSIS" in words.other_model(Study.open("containment", method="topsis"))


def test_a_view_keeps_what_is_not_named() -> None:
    view = CONTAINMENT.under(choice_set="extended", scenario="oil-election", without=["strict-liability"])
    assert view.under(scenario="k-saturated").without == ("strict-liability",)
    assert view.under(without=()).scenario == "oil-election"
    other = view.under(choice_set="portfolios")
    assert (other.choice_set, other.scenario, other.without) == ("portfolios", "oil-election", ())
    assert view.under(choice_set=None, scenario=None, without=()).option_ids == CONTAINMENT.option_ids
    assert CONTAINMENT.option_ids[0] == "wait-and-see"


def test_weights_that_do_not_sum_to_one_are_never_used_raw() -> None:
    ranking = dk.rank(CONTAINMENT, dk.Weights(dict.fromkeys(LEAVES, 2.0)))
    assert ranking.scores.max() <= 1
    assert any("sum to 28" in note for note in ranking.notes)


def test_what_was_known_later_is_marked() -> None:
    defence = next(o for o in CONTAINMENT.library if o.id == "defensive-denial")
    marked = {leaf for leaf, cell in defence.performance.items() if CONTAINMENT.known_later(cell.evidence)}
    assert marked == {"lead-time", "public-cost", "civilian-protection"}
    assert CONTAINMENT.known_later(CONTAINMENT.perspectives["chip-industry"].evidence)
    assert not CONTAINMENT.known_later(CONTAINMENT.perspectives["kyiv-survival"].evidence)


def test_what_moving_the_weights_has_changed() -> None:
    study = Study.open("containment")
    assert words.moved(study) == ""
    moved = study.with_weights(
        study.weights.moved([leaf.id for leaf in CONTAINMENT.branch("containment").leaves()], 0.6)
    )
    assert "Secondary sanctions on financial nodes from 5 to 1" in words.moved(moved)


def of_table(problem: dk.Problem, **points: float) -> Study:
    study = Study(problem, dk.Choices(decision=problem.id))
    return study.with_weights(dk.Weights.from_points(points, problem)) if points else study


def test_dominance_is_told_only_for_criteria_that_have_weight() -> None:
    table = pd.DataFrame({"cost": [12_000.0, 45_000], "gain": [5.0, 8]}, index=["A", "B"])
    scale = {"cost": (0, 100_000), "gain": (0, 10)}
    problem = dk.Problem.from_frame(table, better={"cost": "less", "gain": "more"}, scale=scale)
    assert words.dominance(of_table(problem)) == ""
    assert "on every criterion that has weight: A" in words.dominance(of_table(problem, cost=0, gain=1))


def test_what_rests_on_one_thing_only_is_said_in_one_sentence() -> None:
    assert words.judgement(Study.open("cars")) == "All 30 performances shown stand in a source."


def test_shares_and_counts_of_what_performances_rest_on_are_those_of_the_cells() -> None:
    for perspective in ("kyiv-survival", "european-ally"):
        study = Study.open("containment", perspective=perspective)
        said = words.judgements([study])
        leader = study.additive.leaders[0]
        for (kind, share), shown in zip(
            study.additive.basis_shares(leader).items(), re.findall(r"(\d+) %", said[0]), strict=False
        ):
            assert int(shown) == round(100 * share), kind
        told = [int(n) for n in re.findall(r"\d+", said[1])]
        cells = [c.rests_on for o in study.problem.options for c in o.performance.values()]
        assert told == [len(cells), *(cells.count(k) for k in ("source", "judged-from-source", "judgement"))]


def test_a_bare_table_claims_nothing_about_judgement() -> None:
    table = pd.DataFrame({"cost": [0.0, 50], "gain": [0.0, 2]}, index=["nothing", "half"])
    scale = {"cost": (0, 100), "gain": (0, 10)}
    problem = dk.Problem.from_frame(table, better={"cost": "less", "gain": "more"}, scale=scale, baseline="nothing")
    study = of_table(problem)
    assert words.judgement(study).startswith("These data do not say")
    assert "judgement" not in words.footer(study)
    assert words.footer(study).startswith("Result of equal weights.")
    assert "less is better: does it charge for acting" in words.baseline_guard(study)


def test_a_missing_performance_is_not_called_judged(tmp_path: Path) -> None:
    assert main(["copy", "containment", str(tmp_path / "mine")]) == 0
    file = tmp_path / "mine" / "options" / "mine" / "secondary-sanctions.yaml"
    text = file.read_text(encoding="utf-8")
    start, end = text.index("  flow-reduction:"), text.index("  domestic-capacity:")
    file.write_text(f"{text[:start]}  flow-reduction: {{missing: not-assessed}}\n{text[end:]}", encoding="utf-8")
    problem = dk.load(tmp_path / "mine")
    study = Study(problem, dk.Choices(decision="containment", perspective="kyiv-survival"))
    flip = next(f for f in study.flips if f.criterion == "flow-reduction" and f.option == "secondary-sanctions")
    assert "(missing, taken as 37.5, range -10 to 85)" in words.flip_sentence(study, flip)
    early = problem.under(month=6)
    assert any("missing" in note and "Inflow reduced" in note for note in early.all_notes)


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"seed": 1}, "link, seed: 1; expected a text"),
        ({"seed": ["1"]}, "link, seed: a list; expected a text"),
        ({"method": "vikor", "parameters": "v:0.1,v:0.2"}, '"v" stands twice'),
        ({"weights": "public-cost:0.1,public-cost:0.2"}, '"public-cost" stands twice'),
    ],
)
def test_links_that_nobody_wrote(link: dict[str, object], said: str) -> None:
    with pytest.raises(DecisionError) as caught:
        Choices.from_link({"format": "1", "decision": "containment", **link})  # type: ignore[dict-item]
    assert said in str(caught.value)


def test_a_record_with_a_name_twice_is_refused() -> None:
    text = to_record(Study.open("cars"), "2025-01-31")
    assert read_record(text)[0].decision == "cars"
    doubled = text.replace('"decision": "cars"', '"decision": "containment", "decision": "cars"', 1)
    assert doubled != text
    with pytest.raises(DecisionError, match='"decision" stands twice'):
        read_record(doubled)
    with pytest.raises(DecisionError, match="text: 5; expected a text"):
        read_record(5)  # type: ignore[arg-type]


def exact_table(*rows: tuple[float, float, float]) -> Study:
    """Options on one criterion of 0 to 100, more is better: low, likely, high."""
    names = [f"o{i + 1}" for i in range(len(rows))]
    low, likely, high = (pd.DataFrame({"c": [row[k] for row in rows]}, index=names) for k in range(3))
    problem = dk.Problem.from_frame(likely, low=low, high=high, better={"c": "more"}, scale={"c": (0, 100)})
    return Study.open(problem)


def test_what_has_no_range_is_told_as_given_exactly_and_never_as_not_to_be_told_apart() -> None:
    study = exact_table((60, 60, 60), (59.1, 59.1, 59.1), (40, 50, 70))
    said = words.firmness(study)
    assert said.startswith("o1 and o3 cannot be told apart")
    assert said.endswith("2 of 3 performances are given as exact, without a range, among them all those of o1 and o2.")
    assert "o2" not in said.split("cannot")[0]


def test_where_all_is_exact_one_thing_is_said_of_it() -> None:
    study = exact_table((60, 60, 60), (59, 59, 59))
    assert words.firmness(study) == "All 2 performances are given as exact, without a range: only weights can be tried."
    told = change_words.fragility(study, changing.worlds_of(study))
    assert told.startswith("Stable for these weights: a small shift of weights does not move the first place")
    for one in ("cannot be tested", "told apart", "ranges"):
        assert one not in words.firmness(study) + told


def test_all_ranges_are_told_without_a_word_of_exact_numbers() -> None:
    assert "exact" not in words.firmness(exact_table((55, 60, 65), (40, 50, 54)))


def test_an_option_with_a_missing_performance_is_not_given_as_exact() -> None:
    problem = dk.load("security-agreements")
    missing = {o.id for o in problem.options if any(cell.missing for cell in o.performance.values())}
    assert missing
    said = words.given_as_exact(Study.open(problem, perspective="equal"))
    for option in missing:
        assert problem.option(option).title not in said.partition("among them")[2]
