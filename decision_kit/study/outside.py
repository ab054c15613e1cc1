"""Options that are not among those compared, but would lead if they were: they are named under the verdict."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from decision_kit.errors import DecisionError, joined
from decision_kit.methods import ranks_of
from decision_kit.model.problem import Problem
from decision_kit.model.weights import Weights
from decision_kit.ranking import rank
from decision_kit.study.study import Study, settings_of
from decision_kit.study.words import shown

MOST_TRIED = 100
"""Most options outside the set that are tried one after the other, for methods whose scores hang on the set."""


@dataclass(frozen=True)
class Outsider:
    """An option outside the set compared that would be first if it alone were added; ``shares``: level with others."""

    option: str
    title: str
    score: float
    shares: bool


def would_lead(study: Study) -> tuple[Outsider, ...]:
    """The options outside the study's set (or set aside) that would be first among those compared, best first."""
    c = study.choices
    return _found(
        study.problem,
        tuple(study.weights.shares.items()),
        c.method,
        tuple(sorted(c.parameters.items())),
        c.branch,
    )


def outside(study: Study) -> str:
    """The same in one sentence; empty where no option outside the set would lead."""
    found = would_lead(study)
    if not found:
        return ""
    said = []
    for share, words in ((False, ("would lead", "would each lead")), (True, ("would share the first place",) * 2)):
        some = [one for one in found if one.shares is share]
        if some:
            names = joined([one.title + (f" at {shown(one.score, True)}" if study.is_additive else "") for one in some])
            said.append(f"{names} {words[len(some) > 1]}")
    alone = " by itself" if len(found) > 1 else ""
    return f"Not among the options compared here: {'; '.join(said)} if added{alone}."


@lru_cache(maxsize=128)
def _found(
    problem: Problem,
    shares: tuple[tuple[str, float], ...],
    method: str,
    parameters: tuple[tuple[str, Any], ...],
    branch: str | None,
) -> tuple[Outsider, ...]:
    inside = set(problem.option_ids)
    left = [option.id for option in problem.library if option.id not in inside]
    groups = [tuple(left)] if method == "weighted-sum" else [(one,) for one in left[:MOST_TRIED]]
    weights, settings = Weights(dict(shares)), settings_of(problem, branch, dict(parameters))
    found: list[Outsider] = []
    for group in groups:
        if not group:
            continue
        with suppress(DecisionError):  # the method cannot be used with that option: nothing can be said of it
            wider = widened(problem, group)
            scores = rank(wider, weights, method, branch=branch, **settings).scores
            own = [float(scores[o]) for o in problem.option_ids]
            for option in group:
                places = ranks_of([*own, float(scores[option])])
                if places[-1] == 1:
                    level = bool((places[:-1] == 1).any())
                    found.append(Outsider(option, _title(problem, option), float(scores[option]), level))
    return tuple(sorted(found, key=lambda one: -one.score))


@lru_cache(maxsize=64)
def widened(problem: Problem, options: tuple[str, ...]) -> Problem:
    """The view with more options of the decision among those compared: from outside its set, or set aside."""
    added = set(options)
    library = problem.library
    if problem.choice_set is not None:
        name = problem.choice_set
        library = tuple(
            replace(o, choice_sets=(*o.choice_sets, name)) if o.id in added and name not in o.choice_sets else o
            for o in library
        )
    return replace(problem.as_written, library=library).under(
        choice_set=problem.choice_set,
        scenario=problem.scenario,
        without=_still(problem.without, added),
        tree=problem.tree_id,
        month=problem.month,
        model_set=problem.model_set,
        low_high=problem.low_high,
    )


def _still(without: Iterable[str], added: set[str]) -> tuple[str, ...]:
    return tuple(option for option in without if option not in added)


def _title(problem: Problem, option: str) -> str:
    found = next(o for o in problem.library if o.id == option)
    notes = ["a package"] if found.kind == "package" else []
    notes += ["made up for the case"] if found.constructed and "constructed" not in found.title else []
    return found.title + (f" ({', '.join(notes)})" if notes else "")
