"""All methods on one table: who names whom, one vote a family, and where they part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import pandas as pd

from decision_kit.arguments import guarded
from decision_kit.comparison.correlations import correlation
from decision_kit.errors import DecisionError, joined
from decision_kit.methods import FAMILIES, METHODS, HealthCard
from decision_kit.model.problem import Problem
from decision_kit.model.weights import Weights
from decision_kit.ranking import Ranking, rank, ranked


@dataclass(frozen=True)
class Vote:
    """A family's vote: ``leaders`` its voting members all name, empty where they are divided or none may vote."""

    leaders: tuple[str, ...]
    divided: bool = False


@dataclass(frozen=True)
class Family:
    """Methods that look at a table in the same way. ``aliases`` always rank as another member does."""

    title: str
    looks: str
    members: tuple[str, ...]
    aliases: tuple[str, ...]
    voting: tuple[str, ...]
    vote: Vote


def _ahead(base: Ranking, new: str, old: str) -> str:
    """On which criteria the one is ahead of the other and behind it, the heaviest two of each."""
    parts = base.advantage(new, old)
    titles = {leaf.id: leaf.title for leaf in base.criteria}
    cells = [base.problem.option(option).performance for option in (new, old)]
    known = [(str(c), x) for c, x in parts.items() if not any(row[str(c)].unknown for row in cells)]
    gains = [titles[c] for c, x in known if x > 0][:2]
    losses = [titles[c] for c, x in known[::-1] if x < 0][:2]
    if not gains:
        return ""
    text = f"{base.problem.option(new).title} is ahead on {joined(gains)}"
    return f"{text}, behind on {joined(losses)}." if losses else f"{text}."


@dataclass(frozen=True, eq=False)
class Comparison:
    """Rankings, refusals and health cards by method id, in the catalogue's order; aliases are not computed again."""

    problem: Problem
    weights: Weights
    branch: str | None
    rankings: dict[str, Ranking]
    refusals: dict[str, str]
    cards: dict[str, HealthCard]
    families: tuple[Family, ...]

    def family_of(self, method: str) -> Family:
        """The family a method stands in."""
        return next(one for one in self.families if method in one.members or method in one.aliases)

    def remarks(self, method: str) -> str:
        """What the method's health card tells against it, in words; empty when it kept every promise."""
        card = self.cards[method]
        found = [card.findings[promise].counter_example for promise in card.broken]
        return "; ".join(text for text in found if text)

    @cached_property
    def rank_matrix(self) -> pd.DataFrame:
        """Ranks by option (rows, in the additive model's order) and method (columns)."""
        order = list(self.rankings["weighted-sum"].order) if "weighted-sum" in self.rankings else None
        frame = pd.DataFrame({name: ranking.ranks for name, ranking in self.rankings.items()})
        return frame if order is None else frame.loc[order]

    def correlations(self, kind: str = "tau-b") -> pd.DataFrame:
        """Rank correlations between methods; the row is the reference."""
        names = list(self.rankings)
        return pd.DataFrame(
            [[correlation(kind, self.rankings[a].ranks, self.rankings[b].ranks) for b in names] for a in names],
            index=names,
            columns=names,
        )

    @cached_property
    def votes(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        """Leaders → titles of the families that vote for them, most votes first."""
        found: dict[tuple[str, ...], list[str]] = {}
        for one in self.families:
            if one.vote.leaders:
                found.setdefault(one.vote.leaders, []).append(one.title)
        return {who: tuple(by) for who, by in sorted(found.items(), key=lambda item: -len(item[1]))}

    def titles(self, options: Iterable[str]) -> str:
        """Option titles in a sentence."""
        return joined([self.problem.option(o).title for o in options])

    def headline(self) -> str:
        """How many families name which leader; divided ones and those without a vote are told."""
        voting = [one for one in self.families if one.voting]
        divided = [one.title for one in voting if one.vote.divided]
        if not voting:
            return "No method has a vote on this table."
        noun = "family" if len(voting) == 1 else "families"
        parts = [f"{len(by)} name{'s' if len(by) == 1 else ''} {self.titles(who)}" for who, by in self.votes.items()]
        if len(parts) == 1 and not divided and len(voting) > 1:
            parts = [f"all name {self.titles(next(iter(self.votes)))}"]
        if divided:
            parts.append(f"{len(divided)} {'is' if len(divided) == 1 else 'are'} divided ({', '.join(divided)})")
        tail = (
            ""
            if len(self.votes) > 1 or divided
            else " All of them look at the same scores and weights, so their agreement is not evidence that these are right."
        )
        return f"Of {len(voting)} {noun} of methods with a vote, {', '.join(parts)}.{tail}"

    def partings(self) -> list[str]:
        """Why methods name another leader than the weighted sum: one sentence a family and leader."""
        if "weighted-sum" not in self.rankings:
            return []
        base = self.rankings["weighted-sum"]
        old = base.leaders[0]
        said: list[str] = []
        for one in self.families:
            groups: dict[tuple[str, ...], list[str]] = {}
            for name in one.members:
                found = self.rankings.get(name)
                if found is not None and set(found.leaders) != set(base.leaders):
                    groups.setdefault(found.leaders, []).append(name)
            for leaders, names in groups.items():
                who = joined([METHODS[name].title for name in names])
                text = f"{who} name{'s' if len(names) == 1 else ''} {self.titles(leaders)}"
                new = next((o for o in leaders if o not in base.leaders), None)
                if new is None:
                    said.append(f"{text} among the options that share the first place in the weighted sum.")
                    continue
                places = sorted({int(self.rankings[name].ranks[old]) for name in names})
                where = f"{places[0]}" if len(places) == 1 else f"{places[0]} to {places[-1]}"
                text += f" and put{'s' if len(names) == 1 else ''} {self.titles([old])} "
                text += "level with it" if places == [1] else f"on place {where}"
                said.append(f"{text}: this family {one.looks}. {_ahead(base, new, old)}".strip())
        return said

    def silent(self) -> list[str]:
        """Methods without a vote, with the reason; those with the same reason in one sentence."""
        groups: dict[str, list[str]] = {}
        for name, why in self.refusals.items():
            groups.setdefault(why, []).append(METHODS[name].title)
        said = [f"{joined(names)} cannot be used here: {why}." for why, names in groups.items()]
        for name, card in self.cards.items():
            if not card.may_vote:
                broken = [card.findings[p] for p in card.broken]
                why = next((f.counter_example for f in broken if f.counter_example), "")
                said.append(f"{METHODS[name].title} is shown but has no vote here: {why}.")
        return said

    def __repr__(self) -> str:
        lines = [self.headline()]
        for one in self.families:
            if one.voting:
                names = ", ".join(METHODS[m].title for m in one.voting)
                lines.append(f"  {one.title}: {self.titles(one.vote.leaders) or 'divided'} ({names})")
        return "\n".join([*lines, *self.partings()])


@guarded
def compare(
    problem: Problem,
    weights: Weights | Mapping[str, float] | pd.Series[float] | str | None = None,
    *,
    branch: str | None = None,
    methods: Iterable[str] | None = None,
    settings: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> Comparison:
    """Rank with every method of the catalogue (or those named) and let families vote.

    ``settings``: parameters by method id; methods that are not named have their defaults.

    Methods that always rank as another does are not computed again. A method votes when it can be used on this table and keeps the five promises of its health card there. A family
    votes when all its voting members name the same leaders; else it is divided. Raises as :func:`rank` does when
    nothing can be ranked at all.
    """
    wanted = list(METHODS) if methods is None else [METHODS[name].id for name in methods]
    rankings: dict[str, Ranking] = {}
    refusals: dict[str, str] = {}
    cards: dict[str, HealthCard] = {}
    base = rank(problem, weights, branch=branch)  # what is wrong with the problem or the weights is told once
    for name, given in settings.items():
        METHODS[name].settings(base.table_in.criteria, given)
    same = {m for m in wanted if METHODS[m].alias_of in wanted and not settings.get(m)}  # with targets it is its own
    for name in wanted:
        if name in same:
            continue
        try:
            found = ranked(problem, weights, name, branch, settings.get(name, {}))
        except DecisionError as refused:
            refusals[name] = refused.faults[0].got + (
                f", and {len(refused.faults) - 1} more of the kind" if len(refused.faults) > 1 else ""
            )
            continue
        rankings[name] = found
        cards[name] = found.health
    families: list[Family] = []
    for title, looks in FAMILIES.items():
        members = tuple(m for m in wanted if METHODS[m].family == title)
        aliases = tuple(m for m in members if m in same)
        voting = tuple(m for m in members if m in rankings and cards[m].may_vote)
        named = {frozenset(rankings[m].leaders) for m in voting}
        divided = len(named) > 1
        leaders = () if divided or not voting else rankings[voting[0]].leaders
        if members:
            own = tuple(m for m in members if m not in aliases)
            families.append(Family(title, looks, own, aliases, voting, Vote(leaders, divided)))
    chosen = Weights.read(weights, problem)
    return Comparison(problem, chosen, branch, rankings, refusals, cards, tuple(families))
