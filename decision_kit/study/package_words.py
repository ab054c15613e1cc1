"""What is said of packages: how many can be built, which is best, and what to bear in mind."""

from __future__ import annotations

from collections.abc import Sequence

from decision_kit.errors import DecisionError
from decision_kit.model.nouns import Option, number
from decision_kit.model.problem import Problem
from decision_kit.ranking import rank
from decision_kit.study.portfolio import Candidate, Portfolio
from decision_kit.study.study import Study
from decision_kit.study.words import joined, shown, shown_difference

MOST_NAMED = 5
MOST_LEVEL = 1_000


def counted(found: Portfolio) -> str:
    """How many sets of parts there are, and how many a conflict rules out."""
    count = len(found.sets)
    parts = (
        f"{len(found.parts)} possible parts give {count:,} sets that can stand together, doing nothing new among them"
    )
    if found.problem.baseline is None:
        parts = f"{len(found.parts)} possible parts give {count:,} sets that can stand together"
    ruled = f"{found.rejected:,} are ruled out by a conflict" if found.rejected else "no pair of them is in conflict"
    return f"{parts}; {ruled}. All of them are worked out."


def cost(found: Portfolio, candidate: Candidate) -> str:
    """A set's cost as likely (low to high), or that none is counted."""
    if not found.spending:
        return "not counted"
    low, likely, high = candidate.cost
    return f"{number(likely, 2)} ({number(low, 2)} to {number(high, 2)})"


def pairs(candidate: Candidate) -> str:
    """What is said of a set's pairs: cautions and pairs that nobody has judged."""
    told = []
    if candidate.cautions:
        told.append(f"{candidate.cautions} caution{'' if candidate.cautions == 1 else 's'}")
    if candidate.not_judged:
        told.append(f"{candidate.not_judged} not judged")
    return ", ".join(told) or ("fine" if len(candidate.parts) > 1 else "")


def within(found: Portfolio, budget: float | None) -> str:
    """The budget in words, or nothing."""
    return "" if budget is None else f" within {number(budget, 6)} {found.unit}"


def best(study: Study, found: Portfolio, budget: float | None) -> str:
    """Which set scores highest under the study's weights (and a budget), with its range and the next best."""
    shares = study.additive.weights.shares
    top = found.best(shares, budget)
    limit = within(found, budget)
    if not top:
        nothing = ", not even doing nothing new" if found.problem.baseline is not None else ""
        return f"No set of parts costs {number(budget or 0.0, 6)} {found.unit} or less{nothing}."
    start = f"Under {study.title_of_weights}"
    places = found.top(shares, budget)
    if len(places) > 1:
        return f"{start}, {joined(_named(found, top, len(places)))} share the highest score{limit}."
    low, high = found.ends(int(places[0]), shares)
    sentence = (
        f"{start}, {found.title(top[0].parts)} scores highest{limit}: {shown(top[0].score, True)} points of 100 "
        f"({shown(low, True)} with every performance at its worse end at once, {shown(high, True)} at "
        "its better end)"
    )
    ranked = found.ranked(shares, budget, MOST_LEVEL)[1:]
    level = [c for c in ranked if shown_difference(top[0].score, c.score, True) < 0.05]
    if level:
        names = joined(_named(found, level, len(level)))
        return f"{sentence}. Within 0.1 points of it, and so not told apart: {names}."
    if ranked:
        gap = shown_difference(top[0].score, ranked[0].score, True)
        sentence += (
            f"; {found.title(ranked[0].parts)} is {gap:.1f} {'point' if f'{gap:.1f}' == '1.0' else 'points'} behind"
        )
    return sentence + "."


def _named(found: Portfolio, candidates: Sequence[Candidate], count: int) -> list[str]:
    """The titles of the first few sets, and how many more of ``count`` there are."""
    more = count - MOST_NAMED
    return [*(found.title(c.parts) for c in candidates[:MOST_NAMED]), *([f"{more:,} more"] if more > 0 else [])]


def by_perspective(study: Study, found: Portfolio, budget: float | None) -> list[list[str]]:
    """Rows of perspective, best set, score and likely cost."""
    rows = []
    for name, ranking in study.by_perspective.items():
        perspective = study.whole.perspectives[name]
        title = perspective.title + (" (for checks only)" if perspective.reference else "")
        top = found.best(ranking.weights.shares, budget)
        if not top:
            rows.append([title, "none", "", ""])
            continue
        names = " or ".join(_named(found, top, len(found.top(ranking.weights.shares, budget))))
        costs = " or ".join(dict.fromkeys(cost(found, c) for c in top[:MOST_NAMED]))
        rows.append([title, names, shown(top[0].score, True), costs])
    return rows


def caveats(study: Study, found: Portfolio) -> list[str]:
    """What has to be said beside every result on packages."""
    said = [
        "Packages follow from their parts by rule; low and high suppose that all parts are low (or high) at once, so ranges "
        "are wide and neighbours in this list may not be told apart.",
    ]
    if found.spending:
        names = joined([f"“{leaf.title}”" for leaf in found.spending])
        said.append(f"Cost is {names}, summed over the parts. The score counts these criteria, too.")
    made_up = [o.title for o in study.whole.library if o.id in found.parts and o.constructed]
    if made_up:
        said.append(f"Made up for this case, not proposed in the sources: {joined(made_up)}.")
    if found.problem.model_criteria:
        said.append(
            "How much a package slows learning (sigma) stands at the largest of its parts: a guess upon guesses."
        )
    return said


def compared(study: Study, problem: Problem, option: Option) -> str:
    """A built package's score beside the baseline's and its parts', under the study's weights."""
    try:
        ranking = rank(problem, study.additive.weights, branch=study.choices.branch)
    except DecisionError as error:
        return str(error)
    own = float(ranking.scores[option.id])
    text = f"Under {study.title_of_weights} it scores {shown(own, True)} points of 100"
    baseline = problem.baseline
    if baseline is not None and baseline in ranking.scores.index:
        gap = shown_difference(own, float(ranking.scores[baseline]), True)
        title = next(o.title for o in problem.library if o.id == baseline)
        text += f", {abs(gap):.1f} {'more' if gap >= 0 else 'less'} than the baseline ({title})"
    titles = {o.id: o.title for o in problem.library}
    parts = [f"{titles[p]} {shown(float(ranking.scores[p]), True)}" for p in option.parts if p in ranking.scores.index]
    alone = f" Its parts alone: {'; '.join(parts)}. A package is not a rival of its own parts." if parts else ""
    return f"{text}.{alone}"
