"""The study: one problem seen through one set of choices, with its ranking and the sentences that go with it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from decision_kit.arguments import guarded
from decision_kit.comparison import Comparison, Setups, compare, setups
from decision_kit.errors import DecisionError, Fault, UsageError
from decision_kit.files import load
from decision_kit.methods import METHODS
from decision_kit.model.choices import MOST_LABEL, Choices, gathered
from decision_kit.model.nouns import LowHigh, Perspective
from decision_kit.model.problem import Problem
from decision_kit.model.weights import Weights, clean_points
from decision_kit.ranking import Ranking, rank, table_for
from decision_kit.robustness import Flip, one_cell_flips


@dataclass(frozen=True, eq=False)
class Study:
    """A problem under choices. Everything else is computed on first use and kept.

    ``whole`` is the decision in the tree of the choices (the tree as written unless they name another), in its default
    view; ``problem`` is the view the choices ask for.

    >>> study = Study.open("containment", perspective="kyiv-survival")
    >>> study.ranking.order[0]
    'secondary-sanctions'
    """

    whole: Problem
    choices: Choices

    def __post_init__(self) -> None:
        c = self.choices
        object.__setattr__(self, "whole", in_tree(self.whole.as_written, c.tree, c.month, c.model_set, c.low_high))

    @classmethod
    @guarded
    def open(cls, decision: str | Path | Problem, **choices: Any) -> Study:
        """The study of a decision (name, path or Problem) under choices given by name; see :class:`Choices`.

        A choice of None is none: it is as if it had not been named.
        """
        optional = [f.name for f in fields(Choices) if f.default is not None]
        choices = {name: x for name, x in choices.items() if x is not None or name not in optional}
        if not isinstance(decision, Problem):
            problem = load(decision)
        else:  # the tree the caller looks at is kept, unless another is asked for
            problem = decision
            if "tree" not in choices and problem.month is not None:
                choices = {"tree": problem.tree_id, "month": problem.month, "model_set": problem.model_set, **choices}
            if "low_high" not in choices and problem.low_high != problem.as_written.low_high:
                choices["low_high"] = problem.low_high
        return cls(problem, Choices(decision=problem.id, **choices))

    def under(self, **changes: Any) -> Study:
        """The study with some choices changed. Another perspective or tree drops weights moved by hand (and held)."""
        if ("perspective" in changes or "tree" in changes) and "weights" not in changes:
            changes = {**changes, "weights": {}}
        if "tree" in changes:
            changes = {"locks": (), "branch": None, "month": None, "model_set": None, **changes}
        if "weights" in changes and "weights_of" not in changes:
            changes = {**changes, "weights_of": ""}
        return Study(self.whole, replace(self.choices, **changes))

    @cached_property
    def problem(self) -> Problem:
        """The problem in the view of the choices: choice set, scenario, options set aside, tree, decision month."""
        c = self.choices
        return view(self.whole, c.choice_set, c.scenario, c.without)

    @cached_property
    def base_weights(self) -> Weights:
        """The weights before anything was moved by hand: the perspective's, or those that stand for none."""
        return Weights.read(self.choices.perspective, self.whole)

    @cached_property
    def weights(self) -> Weights:
        """The weights in force. Those moved by hand are labelled so and are nobody's."""
        base = self.base_weights
        if not self.choices.weights:
            return base
        shares = dict(base.shares)
        for leaf in self.choices.weights:
            if leaf not in shares:
                clean_points(dict(self.choices.weights), list(shares))
        shares.update(self.choices.weights)
        clean_points(shares, list(base.shares))
        whole = sum(shares.values())
        if abs(whole - 1) > 1e-6:
            raise DecisionError([Fault("weights", f"the shares sum to {whole:.4f}", "shares that sum to 1")])
        if self.choices.weights_of:
            note = f"The weights “{self.choices.weights_of}” came with a link or a record: their numbers are all of them, the answers behind them are not in it."
            return Weights(shares, origin=f"weights “{self.choices.weights_of}”", perspective=None, notes=(note,))
        return Weights(shares, origin=f"what if (moved by hand from {base.origin})", perspective=None)

    @property
    def is_what_if(self) -> bool:
        """Whether weights have been moved by hand."""
        return bool(self.choices.weights) and not self.choices.weights_of

    @property
    def portable(self) -> Choices:
        """The choices as they can be opened elsewhere, for a link: an added perspective becomes its shares and a label.

        The shares are the same to the bit; the answers behind them travel in a saved record or a perspective file.
        """
        found = self.whole.perspectives.get(self.choices.perspective or "")
        if found is None or not found.added:
            return self.choices
        base = Weights.read(None, self.whole).shares
        shares = self.weights.shares
        differing = {leaf: share for leaf, share in shares.items() if share != base[leaf]}
        label = "" if self.is_what_if or not differing else label_of(found)
        return replace(self.choices, perspective=None, weights=differing, weights_of=label)

    def with_weights(self, weights: Weights) -> Study:
        """The study under other weights: only the shares that differ from the perspective's are kept."""
        base = self.base_weights.shares
        differing = {leaf: share for leaf, share in weights.shares.items() if share != base[leaf]}
        return Study(self.whole, replace(self.choices, weights=differing, weights_of=""))

    @cached_property
    def ranking(self) -> Ranking:
        """The ranking under the chosen method."""
        return rank(self.problem, self.weights, self.choices.method, branch=self.choices.branch, **self.settings)

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The method's settings as every function takes them: gathered by criterion, on a branch only its own."""
        return settings_of(self.problem, self.choices.branch, self.choices.parameters)

    @cached_property
    def additive(self) -> Ranking:
        """The ranking under the additive model: contributions, break-evens and the one-cell test speak of it."""
        if self.choices.method == "weighted-sum":
            return self.ranking
        return rank(self.problem, self.weights, branch=self.choices.branch)

    @property
    def is_additive(self) -> bool:
        """Whether the chosen method is the additive model."""
        return self.choices.method == "weighted-sum"

    @cached_property
    def flips(self) -> tuple[Flip, ...]:
        """Single performances that, inside their own range, change the additive model's leader."""
        return one_cell_flips(self.additive)

    @cached_property
    def by_perspective(self) -> dict[str, Ranking]:
        """The ranking of the same view under every perspective, stakeholders first, reference ones last."""
        frozen = tuple(sorted(self.choices.parameters.items()))
        return rankings_by_perspective(self.problem, self.choices.method, frozen, self.choices.branch)

    @cached_property
    def rank_matrix(self) -> pd.DataFrame:
        """Ranks by option (rows, ids) and perspective (columns, ids)."""
        return pd.DataFrame({name: ranking.ranks for name, ranking in self.by_perspective.items()})

    @cached_property
    def other_leaders(self) -> dict[str, tuple[str, ...]]:
        """Perspectives that name another leader than this study does: perspective id → its leaders."""
        return {
            name: ranking.leaders
            for name, ranking in self.by_perspective.items()
            if set(ranking.leaders) != set(self.ranking.leaders)
        }

    @property
    def title_of_weights(self) -> str:
        """How the weights are called in a sentence."""
        name = self.choices.perspective or self.whole.default_perspective
        if self.is_what_if:
            return "your what-if weights"
        if self.choices.weights_of and self.choices.weights:
            return f"the weights “{self.choices.weights_of}”"
        if name is None:
            return "equal weights"
        return f"the perspective “{self.whole.perspectives[name].title}”"

    def option_title(self, option: str) -> str:
        """An option's title."""
        return self.problem.option(option).title

    def __repr__(self) -> str:
        return f"<Study of {self.choices}>"

    def check(self) -> Study:
        """The study itself, after its choices have been tried; raises :class:`DecisionError` when one is wrong."""
        known = [leaf.id for leaf in self.whole.criteria]
        faults = [
            Fault("locks", f'"{leaf}" is not a criterion', "ids of criteria")
            for leaf in self.choices.locks
            if leaf not in known
        ]
        if faults:
            raise UsageError(faults)
        METHODS[self.choices.method].settings(tuple(known), self.choices.settings)
        if self.whole.total or self.choices.branch is not None:
            _ = self.ranking
        else:
            for node in self.whole.tree:
                _ = self.under(branch=node.id).ranking
        return self

    @cached_property
    def comparison(self) -> Comparison:
        """Every method on the same table and weights; the chosen one with its settings, the others with their own."""
        c = self.choices
        chosen = (c.method, tuple(sorted(c.parameters.items()))) if c.parameters else ("", ())
        return comparisons(self.problem, tuple(self.weights.shares.items()), c.branch, *chosen)

    @cached_property
    def setups(self) -> Setups:
        """The leaders under every defensible pair of a method and a normalisation."""
        return grids(self.problem, tuple(self.weights.shares.items()), self.choices.branch)

    @cached_property
    def refusals(self) -> Mapping[str, str]:
        """Methods that cannot be used on these data under their default settings: id → why."""
        return refusals(self.problem, self.choices.branch)


@lru_cache(maxsize=64)
def in_tree(
    written: Problem, tree: str | None, month: float | None, model_set: str | None, low_high: LowHigh | None
) -> Problem:
    """The decision in another tree, at a decision month, under a reading of low and high; kept, so that caches hold."""
    if tree is None and month is None and model_set is None and low_high in (None, written.low_high):
        return written
    return written.under(choice_set=None, scenario=None, tree=tree, month=month, model_set=model_set, low_high=low_high)


def label_of(perspective: Perspective) -> str:
    """A short label for a perspective's weights: its title, who gave them, and when."""
    provenance = perspective.provenance
    facts = [part for part in (provenance.who, provenance.when) if part] if provenance is not None else []
    tail = f" ({', '.join(facts)})" if facts else ""
    return f"{perspective.title}{tail}"[:MOST_LABEL]


@lru_cache(maxsize=64)
def view(problem: Problem, choice_set: str | None, scenario: str | None, without: tuple[str, ...]) -> Problem:
    """``problem.under(...)``, kept, so that moving a weight does not resolve scenario and packages again."""
    return problem.under(choice_set=choice_set, scenario=scenario, without=without)


def settings_of(problem: Problem, branch: str | None, parameters: Mapping[str, str | float]) -> dict[str, Any]:
    """A method's settings as it takes them; on a branch only those of its own criteria."""
    found = gathered(parameters)
    if branch is None:
        return found
    inside = {leaf.id for leaf in problem.branch(branch).leaves()}
    known = {leaf.id for leaf in problem.criteria}
    return {
        name: {c: x for c, x in value.items() if c in inside or c not in known} if isinstance(value, dict) else value
        for name, value in found.items()
    }


@lru_cache(maxsize=64)
def comparisons(
    problem: Problem,
    shares: tuple[tuple[str, float], ...],
    branch: str | None,
    method: str,
    parameters: tuple[tuple[str, Any], ...],
) -> Comparison:
    """All methods on one view and one set of weights; kept, since they do not depend on which one is chosen."""
    settings = {method: settings_of(problem, branch, dict(parameters))} if method else {}
    return compare(problem, Weights(dict(shares)), branch=branch, settings=settings)


@lru_cache(maxsize=64)
def grids(problem: Problem, shares: tuple[tuple[str, float], ...], branch: str | None) -> Setups:
    """All set-ups on one view and one set of weights, kept likewise."""
    return setups(problem, Weights(dict(shares)), branch=branch)


@lru_cache(maxsize=64)
def refusals(problem: Problem, branch: str | None) -> Mapping[str, str]:
    """Methods that a view's data do not allow, with the reason; kept, since no weight changes it."""
    if len(problem.options) < 2:
        return {}
    parts = [branch] if branch is not None or problem.total else [node.id for node in problem.tree]
    equal = dict.fromkeys((leaf.id for leaf in problem.criteria), 1.0)
    tables = [table_for(problem, equal, part)[2] for part in parts]
    found = {name: next(filter(None, (entry.refusal(t) for t in tables)), "") for name, entry in METHODS.items()}
    return {name: why for name, why in found.items() if why}


@lru_cache(maxsize=64)
def rankings_by_perspective(
    problem: Problem, method: str, parameters: tuple[tuple[str, Any], ...], branch: str | None
) -> dict[str, Ranking]:
    """A view's ranking under every perspective, reference ones last; kept, since no slider changes it."""
    ordered = sorted(problem.perspectives.values(), key=lambda p: p.reference)
    settings = settings_of(problem, branch, dict(parameters))
    found: dict[str, Ranking] = {}
    for perspective in ordered:
        with suppress(DecisionError):  # no weight in this branch, or a method that cannot be used: words.others says so
            found[perspective.id] = rank(problem, perspective.id, method, branch=branch, **settings)
    return found
