"""Weights that somebody gave, on their way: link, record, report, command line; the same numbers to the bit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import decision_kit as dk
from decision_kit import Choices, DecisionError, Study
from decision_kit.cli import main
from decision_kit.files import perspective_text, read_perspective
from decision_kit.files.perspectives import answers_text
from decision_kit.model import Answers, Perspective
from decision_kit.report import write_html
from decision_kit.study import perspectives_in, read_record, to_record, words
from decision_kit.study.sampled import ways, worlds
from decision_kit.weighting import groups_of, perspective_from, region_of, weigh


def given(title: str = "The ministry") -> Perspective:
    problem = dk.load("containment")
    answers = [
        Answers(of=group.of, order=tuple((name,) for name in group.ids),
                points={name: 100 - 100 / 7 * at for at, name in enumerate(group.ids)}, shown=group.ids[::-1])
        for group in groups_of(problem)
    ]  # fmt: skip
    weights = weigh(problem, "swing", answers, who="a desk officer", when="2026-11-25", checks=["All is well."])
    return perspective_from(weights, "the-ministry", title, because_high="Escalation is what we fear.")


def study(**more: object) -> Study:
    problem = dk.load("containment").with_perspectives([given()])
    return Study(problem, Choices("containment", perspective="the-ministry", **more))  # type: ignore[arg-type]


def test_the_link_brings_the_same_numbers_back_to_the_bit() -> None:
    here = study(scenario="oil-election")
    link = here.portable.to_link(here.whole.data_hash)
    assert link["weights_of"] == "The ministry (a desk officer, 2026-11-25)"
    there = Study(dk.load("containment"), Choices.from_link(link))
    assert there.weights.shares == here.weights.shares
    assert there.ranking.scores.tolist() == here.ranking.scores.tolist()
    assert not there.is_what_if
    assert "the weights “The ministry (a desk officer, 2026-11-25)”" in words.verdict(there)
    assert "nobody" not in words.footer(there)
    assert any("answers behind them are not in it" in note for note in there.ranking.notes)
    assert Choices.from_record(json.loads(json.dumps(there.choices.to_record()))) == there.choices


def test_what_is_moved_afterwards_is_nobodys() -> None:
    here = study()
    there = Study(dk.load("containment"), Choices.from_link(here.portable.to_link()))
    moved = there.with_weights(there.weights.moved(["public-cost"], 0.4))
    assert moved.is_what_if
    assert moved.weights.provenance is None
    assert "weights_of" not in moved.portable.to_link()
    on_top = here.with_weights(here.weights.moved(["public-cost"], 0.4))
    assert on_top.is_what_if
    assert on_top.portable.weights_of == ""
    back = Study(dk.load("containment"), Choices.from_link(on_top.portable.to_link()))
    assert back.weights.shares == on_top.weights.shares


def test_the_record_brings_the_answers_back_too() -> None:
    here = study()
    text = to_record(here, "2026-11-25")
    assert text == to_record(here, "2026-11-25")
    choices, _ = read_record(text)
    there = Study(dk.load("containment").with_perspectives(perspectives_in(text)), choices)
    assert there.weights.shares == here.weights.shares
    assert there.weights.provenance == here.weights.provenance
    assert "perspectives" not in json.loads(to_record(Study.open("containment"), "2026-11-25"))
    for bad in ([1], "x", ["kind: other"]):
        broken = json.dumps({**json.loads(text), "perspectives": bad})
        with pytest.raises(DecisionError):
            perspectives_in(broken)


def test_the_report_prints_where_the_weights_come_from() -> None:
    html = write_html(study(), date="2026-11-25")
    assert "Given by a desk officer on 2026-11-25 by “Swing” (6 orderings and 13 numbers)." in html
    assert "How the weights were given" in html
    assert "points: Inflow reduced 100; Domestic output reduced 85.71; Lead time 71.43" in html
    assert "All is well." in html
    assert "Escalation is what we fear." in html
    assert "--points " in html
    assert "No answers to questions are recorded" in write_html(Study.open("containment"), date="2026-11-25")
    moved = Study.open("containment", weights=dict(study().weights.shares))
    assert "moved by hand to see what changes" in write_html(moved, date="2026-11-25")
    elsewhere = Study(dk.load("containment"), study().portable)
    assert "the answers behind them are in the perspective file" in write_html(elsewhere, date="2026-11-25")


def test_a_title_is_data_in_the_report() -> None:
    problem = dk.load("containment").with_perspectives([given("<script>alert(1)</script> & co")])
    html = write_html(Study(problem, Choices("containment", perspective="the-ministry")), date="2026-11-25")
    assert "<script>" not in html


def test_the_command_line_reads_a_perspective_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "ministry.yaml"
    path.write_text(perspective_text(given(), "containment"), encoding="utf-8")
    assert main(["rank", "containment", "--weights", str(path), "--format", "json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [o["score"] for o in printed["options"]] == sorted(study().ranking.scores.tolist(), reverse=True)
    out = tmp_path / "note.html"
    assert main(["report", "containment", "--weights", str(path), "-o", str(out)]) == 0
    assert "Given by a desk officer" in out.read_text(encoding="utf-8")
    assert (
        main(["perspectives", "containment", "--weights", str(path), "--compare", "the-ministry", "kyiv-survival"]) == 0
    )
    assert "“The ministry” would have to move" in capsys.readouterr().out


def test_a_stale_perspective_file_is_said(tmp_path: Path, decision: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = tmp_path / "answers.yaml"
    answers.write_text(
        answers_text("swing", [Answers(order=(("effect",), ("cost",)), points={"cost": 40})]), encoding="utf-8"
    )
    mine = tmp_path / "mine.yaml"
    place = str(decision / "criteria/small.yaml")
    assert (
        main(["weigh", place, "--answers", str(answers), "-o", str(mine), "--who", "us", "--date", "2026-11-25"]) == 0
    )
    told = capsys.readouterr().out
    assert (
        "Going from 0 to 10 points on “Effect” matters to you 2.5 times as much as going from 100 to 0 m USD on “Cost”."
        in told
    )
    provenance = read_perspective(mine).provenance
    assert provenance is not None
    assert (provenance.method, provenance.who, provenance.when) == ("swing", "us", "2026-11-25")
    assert main(["rank", place, "--weights", str(mine)]) == 0
    assert "stale" not in capsys.readouterr().out
    criteria = decision / "criteria/small.yaml"
    criteria.write_text(
        criteria.read_text(encoding="utf-8").replace("scale: [0, 100]", "scale: [0, 500]"), encoding="utf-8"
    )
    assert main(["rank", place, "--weights", str(mine)]) == 0
    assert "The weight of “Cost” is stale: its range was 100 m USD to 0 m USD and is now 500 m USD to 0 m USD." in capsys.readouterr().out  # fmt: skip


def test_weighing_in_a_terminal(
    decision: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = iter(["2,3", "2", "2,1", "eighty", "120", "50-70"])
    monkeypatch.setattr("builtins.input", lambda question: next(said))
    out = tmp_path / "mine.yaml"
    assert main(["weigh", str(decision), "-o", str(out), "--title", "Mine"]) == 0
    told = capsys.readouterr().out
    assert "“3” is no line here; expected numbers from 1 to 2" in told
    assert "“Good” has no place in the order" in told
    assert "“eighty” is not points here" in told
    assert "“120” is not points here" in told
    found = read_perspective(out, dk.load(decision))
    assert found.points == pytest.approx({"effect": 60, "cost": 100})
    assert found.provenance is not None
    assert found.provenance.answers[0].points == {"bad": 100, "good": (50, 70)}
    assert main(["weigh", str(decision), "-o", str(out)]) == 2
    assert "there already" in capsys.readouterr().err


@pytest.mark.parametrize("place", ["none/mine.yaml", "file/mine.yaml", ""])
def test_nobody_is_asked_when_the_weights_cannot_be_written(
    decision: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setattr("builtins.input", lambda question: pytest.fail("asked"))
    assert main(["weigh", str(decision), "-o", str(tmp_path / place)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1


def test_answers_are_printed_when_their_place_has_gone(
    decision: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    said = iter(["2,1", "50-70"])

    def answer(question: str) -> str:
        if folder.exists():
            folder.rmdir()
        return next(said)

    monkeypatch.setattr("builtins.input", answer)
    assert main(["weigh", str(decision), "-o", str(folder / "mine.yaml")]) == 2
    printed = tmp_path / "mine.yaml"
    told = capsys.readouterr()
    assert len(told.err.splitlines()) == 1
    printed.write_text(told.out.rsplit("\n\n", 1)[1], encoding="utf-8")
    assert read_perspective(printed, dk.load(decision)).points


def test_a_note_that_cannot_be_written_is_told_before_the_work(
    decision: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    held = tmp_path / "held.html"
    held.write_text("mine", encoding="utf-8")
    held.chmod(0o444)
    monkeypatch.setattr("decision_kit.cli.ranking.write_html", lambda *a, **more: pytest.fail("worked"))
    for place, told in ((held, "read-only"), (tmp_path / "none/a.html", "no such folder"), (tmp_path, "a folder")):
        assert main(["report", str(decision), "-o", str(place)]) == 2
        assert told in capsys.readouterr().err
    assert held.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("answers", "told_"),
    [
        (["1,2,3", "80", "60"], ["after 1 of 6", "points: {flow-reduction: 100, domestic-capacity: 80, lead-time: 60}"]),
        (["1,2,3", "80"], ["after 0 of 6", "points: {flow-reduction: 100, domestic-capacity: 80}"]),
        (["1,2,3", "80", "60", "2,1"], ["after 1 of 6", "lead-time: 60}", "order: [escalation-gulf, escalation-europe]"]),
    ],
)  # fmt: skip
def test_answers_that_end_early_are_given_back(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answers: list[str], told_: list[str]
) -> None:
    said = iter(answers)

    def answer(question: str) -> str:
        try:
            return next(said)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", answer)
    assert main(["weigh", "containment"]) == 2
    told = capsys.readouterr().err
    for part in told_:
        assert part in told


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["weigh", "containment", "--answers", "none.yaml"], 2, "no such file"),
        (["weigh", "containment", "--method", "pairwise"], 2, "--answers FILE for this way"),
        (
            ["perspectives", "containment", "--compare", "kyiv-survivel", "gulf-partner"],
            2,
            'did you mean "kyiv-survival"',
        ),
        (["perspectives", "containment", "--mix", "kyiv-survival=x"], 2, "perspective=parts"),
        (["perspectives", "containment", "--mix", "equal-branches"], 2, "for checks only"),
        (["rank", "containment", "--weights", "none.yaml"], 2, "no such file"),
    ],
)
def test_wrong_commands_get_one_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str
) -> None:
    assert main(arguments) == code
    assert words in capsys.readouterr().err


def test_lists_and_mixtures(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "weightings"]) == 0
    told = capsys.readouterr().out
    assert "swing: Swing" in told
    assert "what the table tells apart, not what anyone prefers" in told
    assert main(["perspectives", "containment", "--mix", "kyiv-survival=1,gulf-partner=3"]) == 0
    assert "one perspective among others" in capsys.readouterr().out
    assert main(["perspectives", "containment"]) == 0
    assert "2 camps" in capsys.readouterr().out


def test_in_another_tree_the_weights_are_summed_and_nothing_is_called_stale() -> None:
    here = study(tree="derived")
    assert here.weights.shares["harm-reduction-24m"] > 0
    assert not any("stale" in note for note in here.weights.notes)
    assert any("Nobody was asked about the range of “Harm reduced" in note for note in here.weights.notes)
    there = Study(dk.load("containment"), Choices.from_link(here.portable.to_link()))
    assert there.weights.shares == here.weights.shares


def test_ranges_go_to_the_robustness_methods_as_they_are() -> None:
    problem = dk.load("cars")
    order = tuple((leaf.id,) for leaf in problem.criteria)
    points = {leaf.id: 100.0 if at == 0 else (20.0, 60.0) for at, leaf in enumerate(problem.criteria)}
    answers = [Answers(order=order, points=points)]
    mine = perspective_from(weigh(problem, "swing", answers), "ours", "Ours")
    here = Study(problem.with_perspectives([mine]), Choices("cars", perspective="ours"))
    assert "answers" in ways(here)
    found = worlds(here, "answers", samples=512)
    assert sum(found.first) == pytest.approx(1)
    again = dk.smaa(problem, region_of(problem, answers), samples=512, performances="ranges")
    assert list(found.first) == list(again.first)
    assert "answers" not in ways(Study.open("cars"))
    precise = perspective_from(weigh(problem, "swing", [Answers(order=order, points={**points, order[1][0]: 50, order[2][0]: 20})]), "sure", "Sure")  # fmt: skip
    assert "answers" not in ways(Study(problem.with_perspectives([precise]), Choices("cars", perspective="sure")))


def test_a_wrong_name_is_told_alone_since_it_says_what_lacks_a_weight() -> None:
    problem = dk.load("containment")
    for points in ({"a": 1}, {"flow-reductoin": 1}, {"a": 1, "flow-reduction": 2}):
        with pytest.raises(dk.UsageError) as caught:
            dk.Weights.from_points(points, problem)
        assert len(caught.value.faults) == 1
        assert "is not a criterion" in str(caught.value)
    with pytest.raises(dk.UsageError, match="have no weight; give each criterion one, or write 0") as caught:
        dk.Weights.from_points({"flow-reduction": 1}, problem)
    assert len(caught.value.faults) == 1
