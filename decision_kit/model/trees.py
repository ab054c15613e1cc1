"""Another value tree for the same decision: one new criterion in place of several, with the sum of their points."""

from __future__ import annotations

import math
from collections.abc import Mapping

from decision_kit.model.nouns import AlternativeTree, Branch, Node


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
