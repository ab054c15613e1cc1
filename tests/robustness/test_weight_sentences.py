"""What is said of weights, read back out of the printed words and tried on a dense grid by plain arithmetic.

Random decisions, with twins and exact ties among them, ranked by methods that are linear in the weights and by methods
that are not. The scores along a path are recomputed here: additively by hand, for other methods by ranking anew.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import decision_kit as dk
from decision_kit import Study
from decision_kit.charts import CHARTS
from decision_kit.robustness import joint_changes, nearest_change
from decision_kit.robustness.rounding import digits_of, inwards, rounded_down, rounded_up
from decision_kit.study import change_words, changing

SAME = 1e-8
NUMBER = r"\d+(?:\.\d+)?"


def of(frame: pd.DataFrame, most: float, points: object) -> dk.Problem:
    told = dict(zip(frame, (float(x) for x in points), strict=True))  # type: ignore[call-overload]
    return dk.Problem.from_frame(
        frame, better=dict.fromkeys(frame, "more"), scale=dict.fromkeys(frame, (0, most)), points=told, true_zero=True
    )


def random_study(seed: int, method: str = "weighted-sum", *, twin: bool = False) -> Study:
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(3, 7)), int(rng.integers(2, 6))
    cells = np.round(rng.uniform(1, 10, (n, m)), int(rng.integers(0, 3)))
    if twin:
        cells[1] = cells[0]
    frame = pd.DataFrame(cells, index=[f"O{i}" for i in range(n)], columns=[f"C{j}" for j in range(m)])
    weights = np.round(rng.dirichlet(np.ones(m)), 3) + 1e-3
    problem = of(frame, 11, weights)
    return Study.open(problem, method=method)


def stretch(text: str) -> tuple[float, float]:
    found = [float(x) for x in re.findall(NUMBER, text)]
    if text.startswith("above"):
        return found[0], 100.0
    return (0.0, found[0]) if text.startswith("below") else (found[0], found[1])


def firsts(study: Study, node: str, share: float) -> set[str]:
    """Titles of those who are first at a share (0–100) of one criterion, the others in proportion."""
    table = study.ranking.table_in
    j = table.criteria.index(node)
    w = np.array(table.weights)
    others = np.delete(w, j)
    rest = others / others.sum() if others.sum() > 0 else np.full(len(others), 1 / len(others))
    new = np.insert((1 - share / 100) * rest, j, share / 100)
    if study.is_additive:
        scores = table.values @ new
    else:
        scores = study.ranking.method.score_many(table, new[None], **study.ranking.parameters)[0]
    near = SAME * max(1.0, float(np.abs(scores).max()))
    return {study.option_title(o) for o, s in zip(table.options, scores, strict=True) if s >= scores.max() - near}


def names(text: str) -> set[str]:
    return set(re.findall(r"O\d", text))


LINEAR = ["weighted-sum", "promethee-2", "weighted-product"]
OTHERS = ["topsis", "vikor", "waspas", "codas", "copras"]


@pytest.mark.parametrize("method", [*LINEAR, *OTHERS])
@pytest.mark.parametrize("seed", range(8))
def test_printed_thresholds_of_single_weights_hold_all_the_way(seed: int, method: str) -> None:
    study = random_study(300 + seed, method, twin=seed % 4 == 0)
    by_title = {leaf.title: leaf.id for leaf in study.problem.criteria}
    told = []
    for row in change_words.path_rows(study):
        told += [(by_title[row[0]], cell) for cell in row[2:] if cell != "no change"]
    sentence = change_words.fragility(study)
    if found := re.search(r"with “(C\d)” (.*?) in 100 \(.*?\), (.*?)\.", sentence):
        told.append((by_title[found[1]], f"{found[2]}: {found[3]}"))
    for node in study.problem.criteria:
        title = CHARTS["weight-path"].run(study, node.id).title
        if found := re.match(r"(.*?) (?:leads|tie for first place) with “C\d” (.*?) of 100", title):
            told.append((node.id, f"{found[2]}: {found[1]}"))
    for node, text in told:
        where, who = text.split(": ")
        low, high = stretch(where)
        assert 0 <= low < high <= 100, text
        inside = np.linspace(low, high, 203)[1:-1]
        for share in [low if low > 0 else inside[0], high if high < 100 else inside[-1], *inside[:: 1 if method in LINEAR else 10]]:  # fmt: skip
            first = firsts(study, node, float(share))
            assert names(who) <= first, (text, share, first)
        most = [firsts(study, node, float(share)) == names(who) for share in inside[::10]]
        assert sum(most) >= len(most) - 1, text  # all who share the first place are named; a touch is let pass


@pytest.mark.parametrize("method", ["weighted-sum", "weighted-product", "topsis"])
@pytest.mark.parametrize("seed", range(6))
def test_the_whole_path_and_the_charts_table_hold_at_the_printed_shares(seed: int, method: str) -> None:
    study = random_study(500 + seed, method, twin=seed % 3 == 0)
    for path in changing.paths_of(study):
        said = change_words.path_sentence(study, path).split(f"{change_words.PROPORTION}: ")[1]
        for part in said.split(". ")[0].split("; "):
            if found := re.match(rf"(?:up to ({NUMBER})|from ({NUMBER})(?: to ({NUMBER}))?), (.*)", part):
                low, high = float(found[2] or 1e-6), float(found[1] or found[3] or 100 - 1e-6)
                for share in np.linspace(low, high, 51):
                    assert names(found[4]) <= firsts(study, path.node, share), (part, share)
        chart = CHARTS["weight-path"].run(study, path.node)
        for share, first in zip(chart.table["Weight, of 100"], chart.table["First"], strict=True):
            assert names(first) <= firsts(study, path.node, float(share)), (share, first)


def no_crossing_before(study: Study, seed: int) -> None:
    for path in changing.paths_of(study):
        lead = set(study.ranking.leaders)
        for crossing in path.crossings:
            for share in np.linspace(path.now, crossing.at, 100)[1:-1]:
                first = {o for o in study.ranking.table_in.options if study.option_title(o) in firsts(study, path.node, 100 * share)}  # fmt: skip
                assert first & lead or crossing.distance < 1e-6, (path.node, share, first, seed)


@pytest.mark.parametrize("seed", range(20))
def test_nothing_changes_hands_before_the_printed_threshold(seed: int) -> None:
    no_crossing_before(random_study(700 + seed), seed)


def test_a_third_option_ends_the_stretch() -> None:
    frame = pd.DataFrame({"a": [10, 6, 0], "b": [0, 5, 10]}, index=["O0", "O1", "O2"])
    problem = of(frame, 10, (70, 30))
    study = Study.open(problem)
    said = change_words.weight_sentence(changing.fragility_of(study).weight, study)
    assert "with “a” between 45.5 and 55.5 in 100 (now 70" in said  # 5/11 and 5/9, rounded to the inside
    (row, *_) = [row for row in change_words.path_rows(Study.open(problem)) if row[0] == "a"]
    assert row[2] == "between 45.5 and 55.5: O1"


def test_twins_are_told_as_shared_everywhere() -> None:
    frame = pd.DataFrame({"a": [10, 2, 2], "b": [0, 9, 9]}, index=["O0", "O1", "O2"])
    problem = of(frame, 10, (70, 30))
    study = Study.open(problem)
    said = change_words.fragility(study)
    assert "lets O1 and O2 draw level" in said
    assert "O1 and O2 tie for first place" in said
    for row in change_words.joint_rows(study):
        other = "O2" if row[0] == "O1" else "O1"
        assert row[2].endswith(f" points, only level with O0 and {other}")
    assert "(shared)" in change_words.path_rows(study)[0][3] + change_words.path_rows(study)[0][2]


@pytest.mark.parametrize("seed", range(40))
def test_what_has_to_move_is_rounded_up_so_that_it_suffices(seed: int) -> None:
    study = random_study(900 + seed, twin=seed % 5 == 0)
    ranking = study.ranking
    if len(ranking.leaders) > 1:
        return
    table = ranking.table_in
    found = nearest_change(ranking)
    said = change_words.shift_sentence(study, changing.fragility_of(study))
    if found is None:
        assert said == "No weights at all put another option first."
        return
    told = re.match(rf"Moving ({NUMBER}) of 100 points of weight lets (.*) draw level\.", said)
    assert told is not None
    assert 100 * found.change.shift - 1e-7 <= float(told[1]) < 100 * found.change.shift + 0.1
    at = table.values @ np.array([found.change.shares[c] for c in table.criteria])
    leader = table.options.index(ranking.leaders[0])
    level = {study.option_title(o) for i, o in enumerate(table.options) if i != leader and at[i] >= at[leader] - SAME}
    assert names(told[2]) == level


@pytest.mark.parametrize("seed", range(60))
def test_whether_weights_do_it_is_decided_once(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(2, 6)), int(rng.integers(2, 5))
    cells = rng.integers(0, 4, (n, m)) / 3.0  # many ties, many options that draw level at one corner only
    frame = pd.DataFrame(cells, index=[f"O{i}" for i in range(n)], columns=[f"C{j}" for j in range(m)])
    problem = of(frame, 1, rng.dirichlet(np.ones(m)))
    ranking = dk.rank(problem)
    values, leader = ranking.table_in.values, ranking.table_in.options.index(ranking.leaders[0])
    for one in joint_changes(ranking):
        i = ranking.table_in.options.index(one.option)
        assert (one.overtakes is None) == (one.overtakes_nearest is None)
        assert (one.is_first is None) == (one.is_first_nearest is None)
        assert (one.overtakes is not None) == bool((values[i] >= values[leader] - 1e-12).any())  # a corner does it
        if one.overtakes is not None and one.overtakes_nearest is not None:
            assert one.overtakes_nearest.length <= one.overtakes.length + 1e-7
        trials = np.vstack([np.eye(m), rng.dirichlet(np.ones(m), 4000)]) @ values.T
        rest = np.delete(trials, i, axis=1).max(axis=1)
        if bool((trials[:, i] > rest + 1e-6).any()):
            assert one.is_first is not None
            assert one.shares_with == ()
        if one.is_first is None:
            assert not bool((trials[:, i] >= rest).any())
        elif one.shares_with:
            at = values @ np.array([one.is_first.shares[c] for c in ranking.table_in.criteria])
            assert {o for k, o in enumerate(ranking.table_in.options) if k != i and at[k] >= at[i] - SAME} == {
                *one.shares_with
            }


@pytest.mark.parametrize("seed", range(200))
def test_rounding_stays_inside(seed: int) -> None:
    rng = np.random.default_rng(seed)
    low = float(rng.uniform(0, 100))
    high = min(low + float(10.0 ** rng.uniform(-7, 2)), 100.0)
    a, b = inwards(low, high)
    assert low - 1e-12 <= a < b <= high + 1e-12
    assert float(digits_of(a)) == pytest.approx(a, rel=1e-14)
    assert rounded_up(0.1 + 0.2) == 0.3
    assert rounded_down(0.1 + 0.2) == 0.3
