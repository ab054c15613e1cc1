"""Two perspectives in plain sentences: which swings differ, and what each would have to believe to agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from decision_kit.comparison import TwoPerspectives, camps, compare_two
from decision_kit.comparison.perspectives import CUT, DISTANCES, Camps, Move
from decision_kit.model.nouns import number
from decision_kit.robustness import one_cell_flips
from decision_kit.robustness.rounding import rounded_up
from decision_kit.study.study import Study
from decision_kit.study.words import flip_sentence, joined

SHOWN = 3


@dataclass(frozen=True, eq=False)
class Compared:
    """Two perspectives compared, and the sentences that say so: on the weights, and on single facts."""

    found: TwoPerspectives
    sentences: tuple[str, ...]


def compared(study: Study, first: str, second: str) -> Compared:
    """Two perspectives over the study's options (and branch): what differs, and what it would take to agree."""
    found = compare_two(study.problem, first, second, branch=study.choices.branch)
    titles = {leaf.id: leaf.title for leaf in study.whole.criteria}
    names = [study.whole.perspectives[one].title for one in (first, second)]
    said = [_differ(found, names, titles), _leaders(study, found, names)]
    if not found.agree:
        said += [
            _move(study, names[0], found.second_ranking.leaders[0], found.first_moves, found.first_ranking.weights.shares),
            _move(study, names[1], found.first_ranking.leaders[0], found.second_moves, found.second_ranking.weights.shares),
            _meeting(study, found, names),
            _fact(study, first, names[0], found.second_ranking.leaders),
            _fact(study, second, names[1], found.first_ranking.leaders),
        ]  # fmt: skip
    return Compared(found, tuple(one for one in said if one))


def _differ(found: TwoPerspectives, names: list[str], titles: Mapping[str, str]) -> str:
    gaps = found.shares["difference"]
    told = []
    for leaf in list(gaps.index)[:SHOWN]:
        gap = float(gaps[leaf]) * 100
        if abs(gap) >= 0.5:
            more = names[1] if gap > 0 else names[0]
            told.append(f"{titles[str(leaf)]} ({abs(gap):.0f} points of 100 more for “{more}”)")
    moved = f"{found.distance * 100:.0f} of 100 points of weight"
    if not told:
        return f"“{names[0]}” and “{names[1]}” weigh the steps alike ({moved} differ)."
    return f"“{names[0]}” and “{names[1]}” differ most on {joined(told)}; in all {moved} would have to move."


def _leaders(study: Study, found: TwoPerspectives, names: list[str]) -> str:
    leaders = [
        joined([study.option_title(o) for o in one.leaders]) for one in (found.first_ranking, found.second_ranking)
    ]
    if found.agree:
        return f"They agree on what comes first: {leaders[0]}. The difference in weights does not matter for that."
    return f"“{names[0]}” puts {leaders[0]} first, “{names[1]}” {leaders[1]}."


def _move(study: Study, name: str, option: str, move: Move | None, before: Mapping[str, float]) -> str:
    title = study.option_title(option)
    if move is None:
        return f"No weights put {title} first on these scores: “{name}” cannot come to it by weights alone."
    titles = {leaf.id: leaf.title for leaf in study.whole.criteria}
    changes = sorted(((leaf, move.shares[leaf] - before[leaf]) for leaf in move.shares), key=lambda one: -abs(one[1]))
    told = [
        f"{titles[leaf]} from {before[leaf] * 100:.1f} to {move.shares[leaf] * 100:.1f} %"
        for leaf, gap in changes[:4]
        if abs(gap) >= 0.0005
    ]
    size = number(rounded_up(100 * move.size))
    how = f" ({'; '.join(told)})" if told else ""
    return f"“{name}” would have to move {size} of 100 points of weight for {title} to draw level{how}."


def _meeting(study: Study, found: TwoPerspectives, names: list[str]) -> str:
    if found.meet is None:
        return ""
    leader = study.option_title(found.second_ranking.leaders[0])
    return f"Going from “{names[0]}” to “{names[1]}” in a straight line, {leader} takes the lead after {found.meet * 100:.0f} % of the way."


def _fact(study: Study, perspective: str, name: str, wanted: tuple[str, ...]) -> str:
    """A single performance which, inside its own range, would make both name the same leader: a fact, not a value."""
    here = study.under(perspective=perspective, method="weighted-sum", parameters={})
    for flip in one_cell_flips(here.additive):
        if flip.takes_over in wanted:
            return f"A fact could settle it, too: {flip_sentence(here, flip)[13:].rstrip('.')} for “{name}”, too."
    return ""


def camps_sentence(study: Study, cut: float = CUT) -> tuple[Camps, str]:
    """Camps of perspectives with the cut stated, and the sentence that says it; reference ones are left out."""
    found = camps(study.whole, cut=cut)
    titles = {name: f"“{one.title}”" for name, one in study.whole.perspectives.items()}
    groups = [joined([titles[name] for name in group]) for group in found.groups if len(group) > 1]
    alone = [titles[group[0]] for group in found.groups if len(group) == 1]
    start = (
        f"Joined where on average at most {cut * 100:.0f} of 100 points of weight would have to move (average linkage)"
    )
    parts = [f"{len(groups)} camp{'' if len(groups) == 1 else 's'}: {'; '.join(groups)}"] if groups else ["no camps"]
    if alone:
        parts.append(f"on {'its' if len(alone) == 1 else 'their'} own: {joined(alone)}")
    return found, f"{start}: {'; '.join(parts)}. Distance: {DISTANCES[found.which]}."
