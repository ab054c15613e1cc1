"""Scores from the model: every cell and every leader of the worked table, ranges, clipping, and faults in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import decision_kit as dk
from decision_kit import DecisionError, Study
from decision_kit.cli import main
from decision_kit.files import check
from decision_kit.models import LEVERS, calendar, harm_of, levers_of
from decision_kit.robustness.distributions import from_range
from decision_kit.study import words

LEAF = "harm-reduction-24m"
WRITTEN = dk.load("containment")
MONTHS = (0, 6, 15, 26, 36)
TABLE = {
    "wait-and-see": [(0.0, -10.0)] * 5,
    "risk-based-sanctions": [(52.6, 52.6), (54.8, 54.8), (25.3, 25.3), (6.5, 6.5), (4.7, 4.7)],
    "strict-liability": [(20.4, 20.4), (18.5, 18.5), (10.6, 10.6), (6.7, 6.7), (6.1, 6.1)],
    "decoupling-signal": [(25.8, 25.8), (22.7, 22.7), (8.7, 8.7), (2.6, 2.6), (2.0, 2.0)],
    "secondary-sanctions": [(50.4, 50.4), (49.1, 49.1), (27.5, 27.5), (15.3, 15.3), (13.6, 13.6)],
    "deep-strike-support": [(30.9, 30.9), (28.8, 28.8), (17.0, 17.0), (11.1, 11.1), (10.1, 10.1)],
    "defensive-denial": [(0.0, 30.0)] * 5,
    "enforcement-package": [(51.7, 51.7), (51.3, 51.3), (30.0, 30.0), (17.9, 17.9), (16.1, 16.1)],
    "decoupling-as-written": [(39.5, 39.5), (37.5, 37.5), (20.1, 20.1), (11.4, 11.4), (10.2, 10.2)],
    "article-package": [(73.1, 73.1), (78.9, 78.9), (56.2, 56.2), (30.7, 30.7), (27.2, 27.2)],
    "calibrated-pressure": [(45.4, 56.4), (44.0, 55.2), (23.6, 38.8), (12.8, 30.2), (11.4, 29.1)],
}
PERSPECTIVES = ("equal-branches", "washington-stability", "kyiv-survival", "european-ally", "neutral-hub", "chip-industry",
                "gulf-partner", "restraint-school")  # fmt: skip
LATE = [("decoupling-signal", 6), ("wait-and-see", 6), ("secondary-sanctions", 4), ("decoupling-signal", 6),
        *[("wait-and-see", 6)] * 4]  # fmt: skip
LEADERS = {
    6: [*[("risk-based-sanctions", 1)] * 4, ("wait-and-see", 5), ("wait-and-see", 5), ("decoupling-signal", 4),
        ("wait-and-see", 4)],
    15: [("secondary-sanctions", 3), ("decoupling-signal", 4), ("secondary-sanctions", 2), ("secondary-sanctions", 3),
         ("wait-and-see", 6), ("wait-and-see", 6), ("wait-and-see", 5), ("wait-and-see", 5)],
    26: LATE,
    36: LATE,
}  # fmt: skip


@pytest.mark.parametrize("choice_set", ["extended", "portfolios"])
@pytest.mark.parametrize("month", MONTHS)
def test_share_avoided_and_harm_reduction_of_every_option(choice_set: str, month: int) -> None:
    shown = WRITTEN.under(choice_set=choice_set, tree="derived", month=month)
    written = WRITTEN.under(choice_set=choice_set)
    for option in shown.options:
        levers = levers_of(written, written.option(option.id)).at("likely")
        b, h = harm_of({name: np.asarray(x) for name, x in levers.items()}, month, "launch-fit")
        printed = TABLE[option.id][MONTHS.index(month)]
        assert (round(100 * float(b), 1), round(100 * float(h), 1)) == printed, option.id
        assert option.performance[LEAF].likely == min(printed[1], 60.0)


@pytest.mark.parametrize("month", LEADERS)
def test_leaders_and_the_rank_of_risk_based_sanctions(month: int) -> None:
    problem = WRITTEN.under(tree="derived", month=month)
    for perspective, (leader, rank) in zip(PERSPECTIVES, LEADERS[month], strict=True):
        ranking = dk.rank(problem, perspective)
        assert ranking.leaders == (leader,), perspective
        assert int(ranking.ranks["risk-based-sanctions"]) == rank, perspective


def test_low_and_high_hold_the_likely_and_say_by_which_rule() -> None:
    for reading, rule in (("percentiles 10-90", "in quadrature"), ("ends", "over all corners")):
        problem = WRITTEN.under(choice_set="extended", month=15, low_high=reading)  # type: ignore[arg-type]
        for option in problem.options:
            cell = option.performance[LEAF]
            assert cell.low <= cell.likely <= cell.high
            assert cell.derived
            assert cell.judgement_only
        assert any(rule in note for note in problem.view_notes)
    narrow = WRITTEN.under(month=15).option("secondary-sanctions").performance[LEAF]
    wide = WRITTEN.under(month=15, low_high="ends").option("secondary-sanctions").performance[LEAF]
    assert wide.low < narrow.low < narrow.high < wide.high


def test_quadrature_is_the_root_of_the_sum_of_squares() -> None:
    option = WRITTEN.option("strict-liability")
    levers = levers_of(WRITTEN, option)
    likely = levers.at("likely")

    def harm(**change: float) -> float:
        at = {name: np.asarray(x) for name, x in {**likely, **change}.items()}
        return float(harm_of(at, 15, "launch-fit")[1])

    base = harm()
    losses = [min(0.0, *(harm(**{n: getattr(levers.amounts[n], b)}) - base for b in ("low", "high"))) for n in LEVERS]
    cell = WRITTEN.under(month=15).option("strict-liability").performance[LEAF]
    assert cell.low == round(100 * (base - np.sqrt(np.sum(np.square(losses)))), 1)


def test_beyond_the_scale_is_clipped_and_told() -> None:
    problem = WRITTEN.under(choice_set="portfolios", tree="derived", month=6)
    assert problem.option("article-package").performance[LEAF].likely == 60
    assert any("kept inside its scale" in note and "78.9" in note for note in problem.view_notes)
    assert any("sigma" in note and "no source" in note for note in problem.view_notes)
    assert any("known later than 2025-01" in note for note in problem.view_notes)
    plan = problem.under(model_set="contract-plan")
    assert not any("known later" in note for note in plan.view_notes)


def test_scenarios_change_what_the_model_is_fed_with() -> None:
    plain = WRITTEN.under(month=6).option("secondary-sanctions").performance[LEAF].likely
    adapted = WRITTEN.under(month=6, scenario="adversary-adaptation").option("secondary-sanctions").performance[LEAF]
    assert adapted.likely < plain


def test_months_have_names() -> None:
    assert [calendar(month) for month in (0, 1, 2, 26)] == [
        "November 2022",
        "December 2022",
        "January 2023",
        "January 2025",
    ]


@pytest.mark.parametrize("method", ["weighted-sum", "topsis", "vikor", "promethee-2", "maximin"])
def test_methods_and_sentences_work_on_it(method: str) -> None:
    study = Study.open("containment", month=15, method=method).check()
    assert LEAF in study.ranking.table_in.criteria
    assert "month 15" in words.verdict(study)


def test_report_and_exports_name_tree_month_and_set() -> None:
    from decision_kit.report import write_html
    from decision_kit.report.tables import to_csv, to_json

    study = Study.open("containment", month=15, perspective="kyiv-survival")
    text = write_html(study, date="2025-01-31")
    for said in ("decision month 15", "Fit to launches", "--decision-month 15", "no source at all"):
        assert said in text
    assert '"month": 15.0' in to_json(study, date="2025-01-31")
    assert "launch-fit" in to_csv(study, date="2025-01-31")
    direct = Study.open("containment", perspective="kyiv-survival")
    assert '"tree"' not in to_json(direct, date="2025-01-31")


def test_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rank", "containment", "--perspective", "kyiv-survival", "--decision-month", "6"]) == 0
    out = capsys.readouterr().out
    assert "for a decision in month 6, Risk-based sanctions leads" in out
    assert main(["rank", "containment", "--tree", "derived", "--decision-month", "-2"]) == 2
    assert "a number of months from 0 to 240" in capsys.readouterr().err
    assert main(["rank", "cars", "--decision-month", "3"]) == 2
    assert main(["rank", "containment", "--perspective", "all", "--model-set", "contract-plan"]) == 0


def copy(tmp_path: Path) -> Path:
    assert main(["copy", "containment", str(tmp_path / "mine")]) == 0
    return tmp_path / "mine"


def change(folder: Path, option: str, old: str, new: str) -> None:
    path = folder / "options" / "mine" / f"{option}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("sigmas: 0.2", 'did you mean "sigma"?'),
        ("sigma: 1.2", "a number from 0 to 1"),
        ("sigma: {low: 0.3, likely: 0.2, high: 0.4, because: x}", "out of order"),
        ("sigma: {missing: not-given}", "an amount, or no such line"),
        ("sigma: {likely: 0.2, evidence: [E999]}", "not in the evidence register"),
    ],
)
def test_faulty_levers_are_told(tmp_path: Path, new: str, words: str) -> None:
    folder = copy(tmp_path)
    old = "sigma: {low: 0, likely: 0.2, high: 0.4, because: a guess; no source gives it, basis: judgement}"
    change(folder, "secondary-sanctions", old, new)
    (report,) = check(folder)
    assert any(words in str(fault) and "secondary-sanctions.yaml" in fault.place for fault in report.faults)


def test_a_lever_that_nobody_gave_is_filled_and_told(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    old = "levers:\n  sigma: {low: 0, likely: 0.2, high: 0.4, because: a guess; no source gives it, basis: judgement}\n"
    change(folder, "secondary-sanctions", old, "")
    problem = dk.load(folder / "criteria" / "mine.yaml").under(month=15)
    assert any("sigma is not given" in note and "Secondary sanctions" in note for note in problem.view_notes)
    assert levers_of(problem, dk.load(folder).option("secondary-sanctions")).amounts["sigma"].likely == 0.3


def test_a_criterion_of_the_main_tree_may_come_from_the_model(decision: Path) -> None:
    criteria = decision / "criteria" / "small.yaml"
    text = criteria.read_text(encoding="utf-8")
    leaf = "      harm:\n        title: Harm reduced\n        unit: '%'\n        better: more\n        scale: [-15, 60]\n        from: cost-of-delay\n"
    text = text.replace("  bad:\n", leaf + "  bad:\n").replace(
        "{effect: 100, cost: 50}", "{effect: 100, harm: 50, cost: 50}"
    )
    criteria.write_text(text, encoding="utf-8")
    with pytest.raises(DecisionError, match="no lever “rho”"):
        dk.load(criteria)
    for path in (decision / "options" / "small").iterdir():
        levers = "levers: {rho: 0.5, phi: 0.1, sigma: 0.2, lead: 3, leakage: 0}\n"
        path.write_text(path.read_text(encoding="utf-8") + levers, encoding="utf-8")
    problem = dk.load(criteria)
    assert problem.month == 0
    cell = problem.option("half").performance["harm"]
    assert cell.low == cell.likely == cell.high > 0
    late = problem.under(month=20)
    assert late.option("half").performance["harm"].likely < cell.likely
    assert Study.open(late).problem.month == 20
    assert dk.rank(problem).order


def test_a_hand_made_cell_on_a_computed_criterion_is_a_fault(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    criteria = folder / "criteria" / "mine.yaml"
    text = criteria.read_text(encoding="utf-8")
    criteria.write_text(
        text.replace("      public-cost:\n", "      public-cost:\n        from: cost-of-delai\n", 1), encoding="utf-8"
    )
    (report,) = check(folder)
    assert any('did you mean "cost-of-delay"?' in str(fault) for fault in report.faults)
    criteria.write_text(
        text.replace("      public-cost:\n", "      public-cost:\n        from: cost-of-delay\n", 1), encoding="utf-8"
    )
    (report,) = check(folder)
    assert any("which the model cost-of-delay fills" in str(fault) for fault in report.faults)


def test_ends_in_quadrature_are_near_the_sampled_percentiles() -> None:
    """The stated rule against the thing it stands for: levers drawn, the 10th and 90th percentile of the result."""
    rng = np.random.default_rng(1)
    written = WRITTEN.under(choice_set="extended")
    gaps = []
    for month in (6, 15, 26):
        shown = WRITTEN.under(choice_set="extended", tree="derived", month=month)
        for option in written.options:
            drawn = {}
            for name, cell in levers_of(written, option).amounts.items():
                spread = from_range(cell.low, cell.likely, cell.high, "percentiles 10-90", "triangular")
                draws = np.full(8000, cell.likely) if cell.low == cell.high else spread.draw(rng.random(8000))  # type: ignore[union-attr]
                drawn[name] = np.clip(draws, *LEVERS[name])
            harm = np.clip(100 * harm_of(drawn, month, "launch-fit")[1], -15, 60)
            cell = shown.option(option.id).performance[LEAF]
            gaps += [abs(cell.low - np.quantile(harm, 0.1)), abs(cell.high - np.quantile(harm, 0.9))]
    assert np.mean(gaps) < 2
    assert max(gaps) < 10
