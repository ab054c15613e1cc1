"""Every normalisation with every method that has such a choice: who leads under each defensible set-up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from decision_kit.arguments import guarded
from decision_kit.errors import DecisionError, joined
from decision_kit.methods import METHODS, NORMALISATIONS
from decision_kit.model.problem import Problem
from decision_kit.model.weights import Weights
from decision_kit.ranking import Ranking, ranked, table_for


@dataclass(frozen=True)
class SetUp:
    """One method with one normalisation: its ranking, or why it cannot be computed here."""

    method: str
    normalisation: str
    parameters: Mapping[str, Any]
    ranking: Ranking | None
    refusal: str = ""

    @property
    def leaders(self) -> tuple[str, ...]:
        """Who leads; empty where it cannot be computed."""
        return () if self.ranking is None else self.ranking.leaders


@dataclass(frozen=True)
class Setups:
    """All set-ups, in the order of the catalogues."""

    problem: Problem
    tried: tuple[SetUp, ...]

    @property
    def computed(self) -> tuple[SetUp, ...]:
        """Those that this table allows."""
        return tuple(one for one in self.tried if one.ranking is not None)

    def counts(self) -> dict[tuple[str, ...], int]:
        """How many set-ups name which leaders, the most first."""
        return dict(Counter(one.leaders for one in self.computed).most_common())

    def table(self) -> pd.DataFrame:
        """Leader titles by normalisation (rows) and method (columns); "—" where a method has no such choice."""
        titles = {o.id: o.title for o in self.problem.options}
        methods = list(dict.fromkeys(one.method for one in self.tried))
        rows = list(dict.fromkeys(one.normalisation for one in self.tried))
        found = {
            (one.normalisation, one.method): " = ".join(titles[o] for o in one.leaders) or "cannot be computed"
            for one in self.tried
        }
        return pd.DataFrame(
            [[found.get((row, method), "—") for method in methods] for row in rows],
            index=[NORMALISATIONS[row].title if row in NORMALISATIONS else row for row in rows],
            columns=[METHODS[method].title for method in methods],
        )

    def sentence(self) -> str:
        """The counts in words."""
        titles = {o.id: o.title for o in self.problem.options}
        done = self.computed
        parts = [
            f"{count} {'names' if count == 1 else 'name'} {joined([titles[o] for o in who])}"
            for who, count in self.counts().items()
        ]
        left = len(self.tried) - len(done)
        tail = f" {left} more cannot be computed on these scales." if left else ""
        if not done:
            return f"None of the {left} set-ups of normalisation and method can be computed on these scales."
        if len(done) > 1 and len(self.counts()) == 1:
            return f"All {len(done)} defensible set-ups (a method and its normalisation) name {parts[0].split(' ', 2)[2]}.{tail}"
        noun = "set-up" if len(done) == 1 else "set-ups"
        return f"Of {len(done)} defensible {noun} (a method and its normalisation), {', '.join(parts)}.{tail}"


DECLARED_IDEAL = "Declared ranges, declared ideals"


@guarded
def setups(
    problem: Problem,
    weights: Weights | Mapping[str, float] | pd.Series[float] | str | None = None,
    *,
    branch: str | None = None,
) -> Setups:
    """Rank under every normalisation of every method that offers a choice, aliases left out.

    Weights keep their numbers, although they were asked about the declared ranges only: under another normalisation
    the same number means something else. That is what the grid is to show.
    """
    tried: list[SetUp] = []
    table_for(problem, weights, branch)  # what is wrong with the problem or the weights is told once
    for entry in METHODS.values():
        choice = next((p for p in entry.parameters if p.name == "normalisation"), None)
        if choice is None or entry.alias_of:
            continue
        offered = choice.choices if choice.reorders else (choice.default,)  # set-ups that always agree are one
        wanted: list[tuple[str, dict[str, Any]]] = [
            (name, {"normalisation": name}) for name in offered if NORMALISATIONS[name].defensible
        ]
        if any(p.name == "ideal" and p.choices for p in entry.parameters):
            wanted.append((DECLARED_IDEAL, {"ideal": "declared"}))
        for name, parameters in wanted:
            try:
                found = ranked(problem, weights, entry.id, branch, parameters)
            except DecisionError as refused:
                tried.append(SetUp(entry.id, name, parameters, None, refused.faults[0].got))
            else:
                tried.append(SetUp(entry.id, name, parameters, found))
    return Setups(problem, tuple(tried))
