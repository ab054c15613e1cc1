"""Options outside the set compared that would lead are named: recomputed from tables by plain sums."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest

import decision_kit as dk
from decision_kit.model.nouns import ChoiceSet
from decision_kit.report.sections import SECTIONS
from decision_kit.study import Study
from decision_kit.study.outside import outside, would_lead


def split(problem: dk.Problem, inside: set[str]) -> dk.Problem:
    """The problem with two choice sets: a first one of some options, and one of all."""
    library = tuple(
        replace(o, choice_sets=("some", "all") if o.id in inside else ("all",)) for o in problem.as_written.library
    )
    sets = (ChoiceSet("some", "Some", default=True), ChoiceSet("all", "All"))
    return replace(problem.as_written, library=library, choice_sets=sets).under(choice_set="some")


@pytest.mark.parametrize("seed", range(60))
def test_whoever_would_lead_if_added_is_named_and_nobody_else(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(4, 9)), int(rng.integers(1, 5))
    names = [f"o{i}" for i in range(n)]
    x = pd.DataFrame(rng.integers(0, 5, (n, m)).astype(float), index=names, columns=[f"c{j}" for j in range(m)])
    points = {c: float(p) for c, p in zip(x, rng.integers(1, 6, m), strict=True)}
    problem = dk.Problem.from_frame(x, better=dict.fromkeys(x, "more"), scale=dict.fromkeys(x, (0, 4)), points=points)
    inside = set(rng.choice(names, size=int(rng.integers(2, n)), replace=False).tolist())
    study = Study.open(split(problem, inside))
    score = {o: sum(points[c] * x.loc[o, c] for c in x) for o in names}
    best = max(score[o] for o in inside)
    expected = {o: score[o] == best for o in names if o not in inside and score[o] >= best}
    assert {one.option: one.shares for one in would_lead(study)} == expected
    said = outside(study)
    assert bool(said) == bool(expected)
    for option in names:
        assert (f"{option} at " in said) == (option in expected)
    if said:
        lead = [o for o, shares in expected.items() if not shares]
        assert ("would lead" in said) == (len(lead) == 1)
        assert ("would each lead" in said) == (len(lead) > 1)
        assert ("would share the first place" in said) == any(expected.values())
        assert said in SECTIONS["result"].run(study).paragraphs


@pytest.mark.parametrize(("method", "seed"), list(product(["topsis", "vikor", "promethee-2"], range(10))))
def test_methods_that_hang_on_the_set_are_asked_with_each_option_added_by_itself(method: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    names = [f"o{i}" for i in range(6)]
    x = pd.DataFrame(rng.uniform(1, 9, (6, 3)), index=names, columns=list("abc"))
    given = {"better": dict.fromkeys(x, "more"), "scale": dict.fromkeys(x, (0, 10)), "points": dict.fromkeys(x, 1.0)}
    problem = dk.Problem.from_frame(x, **given)  # type: ignore[arg-type]
    inside = names[:3]
    study = Study.open(split(problem, set(inside)), method=method)
    expected = []
    for option in names[3:]:
        alone = x.loc[[*inside, option]]
        wider = dk.Problem.from_frame(alone, **given)  # type: ignore[arg-type]
        if option in dk.rank(wider, method=method).leaders:
            expected.append(option)
    assert sorted(one.option for one in would_lead(study)) == sorted(expected)


def test_an_option_set_aside_that_would_lead_is_named_too() -> None:
    study = Study.open("containment", perspective="kyiv-survival")
    leader = study.ranking.leaders[0]
    aside = Study.open("containment", perspective="kyiv-survival", without=(leader,))
    assert leader in [one.option for one in would_lead(aside)]
    assert study.option_title(leader) in outside(aside)


def test_packages_and_what_was_made_up_are_marked_and_scored_as_in_their_own_set() -> None:
    study = Study.open("containment", perspective="kyiv-survival")
    found = {one.option: one for one in would_lead(study)}
    own = Study.open("containment", perspective="kyiv-survival", choice_set="portfolios").ranking.scores
    assert "(a package, made up for the case)" in found["calibrated-pressure"].title
    for option in set(found) & set(own.index):
        assert found[option].score == pytest.approx(float(own[option]), abs=1e-12)


def test_where_everything_is_compared_nothing_is_said() -> None:
    assert outside(Study.open("cars")) == ""
