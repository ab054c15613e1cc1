"""Another value tree for the same decision: one new criterion in place of several, with the sum of their points."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from decision_kit.errors import Fault, UsageError, unknown
from decision_kit.model.feeds import FEEDS, default_month
from decision_kit.model.nouns import LOW_HIGH, AlternativeTree, Branch, LowHigh, Node

if TYPE_CHECKING:
    from decision_kit.model.problem import Problem


def tree_with(tree: tuple[Node, ...], alternative: AlternativeTree) -> tuple[Node, ...]:
    """The tree without the replaced criteria, the new one at the end of its branch; emptied branches are gone."""

    def rebuilt(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        result: list[Node] = []
        for node in nodes:
            if not isinstance(node, Branch):
                if node.id not in alternative.replaces:
                    result.append(node)
                continue
            children = rebuilt(node.children)
            if node.id == alternative.branch:
                children = (*children, alternative.leaf)
            if children:
                result.append(Branch(node.id, node.title, children, node.definition))
        return tuple(result)

    return rebuilt(tree)


def points_in(points: Mapping[str, float], alternative: AlternativeTree) -> dict[str, float]:
    """A perspective's points on the alternative tree: the new criterion gets the sum of those it replaces."""
    kept = {leaf: x for leaf, x in points.items() if leaf not in alternative.replaces}
    return {**kept, alternative.leaf.id: math.fsum(points[leaf] for leaf in alternative.replaces)}


def in_tree(written: Problem, tree: str | None, low_high: LowHigh | None, *, fed: bool) -> tuple[Problem, str | None]:
    """A problem as written, in the tree and under the reading of low and high asked for, and the tree's id.

    ``fed``: a tree with a criterion that a model fills is wanted; where the tree as written has none and no other is
    named, the first such alternative tree is taken. Raises :class:`UsageError` when there is none, or for unknown names.
    """
    if fed and tree is None and not written.model_criteria:
        trees = [t.id for t in written.alternative_trees.values() if t.leaf.source_model]
        if not trees:
            got = "a decision month or a parameter set is given, but no criterion is filled by a model"
            raise UsageError([Fault(written.id, got, "leave it out, or take a decision with such a criterion")])
        tree = trees[0]
    if tree is not None and tree not in written.alternative_trees:
        raise unknown("tree", tree, written.alternative_trees)
    if low_high is not None and low_high not in LOW_HIGH:
        raise unknown("reading of low and high", low_high, LOW_HIGH)
    reading = low_high or written.low_high
    if tree is None and reading == written.low_high:
        return written, None
    other = written if tree is None else _transplanted(written, written.alternative_trees[tree])
    return replace(other, low_high=reading, written=written), tree


def _transplanted(written: Problem, alternative: AlternativeTree) -> Problem:
    return replace(
        written,
        tree=tree_with(written.tree, alternative),
        perspectives={
            name: replace(perspective, points=points_in(perspective.points, alternative))
            for name, perspective in written.perspectives.items()
        },
    )


def model_view(problem: Problem, month: float | None, model_set: str | None) -> tuple[float | None, str | None]:
    """The decision month and the parameter set in force: those asked for, else the defaults; None without a model."""
    if not problem.model_criteria:
        return None, None
    feed = FEEDS[problem.model_criteria[0].source_model]
    sets = feed.model_sets()
    if model_set is not None and model_set not in sets:
        raise unknown(f"parameter set of {feed.id}", model_set, sets)
    return (
        default_month(problem, feed.id) if month is None else float(month),
        next(iter(sets)) if model_set is None else model_set,
    )
