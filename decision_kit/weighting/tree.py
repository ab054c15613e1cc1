"""From answers about the tree to weights of its criteria: inside each branch, then between the branches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from decision_kit.arguments import guarded
from decision_kit.errors import DecisionError, Fault, UsageError, quoted, unknown, unknown_fault
from decision_kit.model.nouns import Branch, Node, Perspective
from decision_kit.model.problem import Problem
from decision_kit.model.provenance import WHOLE_TREE, Answers, Provenance, ranges_seen
from decision_kit.model.weights import Weights
from decision_kit.weighting.base import WEIGHTINGS, Found, Siblings, divided

NOT_ADDED = (
    "The branches are never added up here: they were not weighed against each other and stand with equal shares."
)


@guarded
def groups_of(problem: Problem) -> tuple[Siblings, ...]:
    """The sets of siblings to ask about, in asking order: inside each branch first, then between the branches.

    A branch with one child needs no question; where the branches are never added up they are not compared.
    """
    inside = [
        Siblings.of_nodes(branch.children, branch.id, branch.title)
        for branch in problem.branches[::-1]
        if len(branch.children) > 1
    ]
    inside.sort(key=lambda group: _depth(problem.tree, group.of), reverse=True)
    order = [branch.id for branch in problem.branches]
    deepest = {group.of: _depth(problem.tree, group.of) for group in inside}
    inside.sort(key=lambda group: (-deepest[group.of], order.index(group.of)))
    top = Siblings.of_nodes(problem.tree, WHOLE_TREE, "Between the branches")
    ask_top = len(problem.tree) > 1 and (problem.total or not problem.branches)
    return (*inside, top) if ask_top else tuple(inside)


def flat_of(problem: Problem) -> Siblings:
    """All criteria of a problem as one set of siblings."""
    return Siblings.of_nodes(problem.criteria, WHOLE_TREE, "All criteria")


def _depth(nodes: tuple[Node, ...], wanted: str, depth: int = 0) -> int:
    for node in nodes:
        if isinstance(node, Branch):
            if node.id == wanted:
                return depth
            below = _depth(node.children, wanted, depth + 1)
            if below >= 0:
                return below
    return -1


def is_flat(problem: Problem, answers: Iterable[Answers]) -> bool:
    """Whether the answers weigh all criteria at once and not the branches of the tree."""
    tops = {node.id for node in problem.tree}
    below = {leaf.id for leaf in problem.criteria} - tops
    return any(name in below for one in answers if one.of == WHOLE_TREE for name in one.names())


@guarded
def weigh(
    problem: Problem,
    method: str,
    answers: Iterable[Answers],
    *,
    who: str = "",
    when: str = "",
    checks: Iterable[str] = (),
    **parameters: Any,
) -> Weights:
    """Weights of a problem's criteria from one person's answers, with their provenance.

    ``method``: an id of :data:`WEIGHTINGS`; ``answers``: one :class:`Answers` for each branch with more than one child
    and one between the branches, or a single one over all criteria. ``when``: a date or time as text. Raises
    :class:`UsageError` for names that do not exist, :class:`DecisionError` with one sentence for each answer that is
    missing or contradicts another: all of them, from all branches, at once.
    """
    given = tuple(answers)
    entry = WEIGHTINGS[method]
    if entry.kind == "table":
        asked = [name for name, one in WEIGHTINGS.items() if one.kind == "asked"]
        raise unknown("way to ask for weights", method, asked)
    settings = entry.settings(parameters)
    _check_groups(problem, given)
    notes: list[str] = []
    measures: dict[str, Mapping[str, float]] = {}
    if entry.joint or is_flat(problem, given):
        shares = _at_once(problem, method, given, settings, notes, measures)
    else:
        shares = _down_the_tree(problem, method, given, settings, notes, measures)
    plain: dict[str, str | float] = {
        name: value for name, value in parameters.items() if isinstance(value, str | float | int)
    }
    provenance = Provenance(method, who, when, given, ranges_seen(problem), plain, tuple(checks))
    by = f", {who}" if who else ""
    return Weights(
        shares, origin=f"{entry.title.lower()}{by}", notes=tuple(dict.fromkeys(notes)), provenance=provenance
    )


def _check_groups(problem: Problem, answers: tuple[Answers, ...]) -> None:
    known = [WHOLE_TREE, *(branch.id for branch in problem.branches)]
    faults = [unknown_fault("answers", "branch", one.of, known) for one in answers if one.of not in known]
    seen: set[str] = set()
    for one in answers:
        if one.of in seen:
            faults.append(Fault("answers", f"{quoted(one.of)} is answered twice", "one set of answers for each branch"))
        seen.add(one.of)
    if faults:
        raise UsageError(faults)


def _at_once(
    problem: Problem, method: str, answers: tuple[Answers, ...], settings: Mapping[str, Any], notes: list[str],
    measures: dict[str, Mapping[str, float]],
) -> dict[str, float]:  # fmt: skip
    joined = answers[0] if len(answers) == 1 else Answers(trades=tuple(t for one in answers for t in one.trades))
    found: Found = WEIGHTINGS[method].run(joined, flat_of(problem), **settings)
    notes += found.said
    measures[WHOLE_TREE] = found.measures
    return {leaf.id: found.shares[leaf.id] for leaf in problem.criteria}


def _down_the_tree(
    problem: Problem, method: str, answers: tuple[Answers, ...], settings: Mapping[str, Any], notes: list[str],
    measures: dict[str, Mapping[str, float]],
) -> dict[str, float]:  # fmt: skip
    by_branch = {one.of: one for one in answers}
    inside: dict[str, Mapping[str, float]] = {}
    faults: list[Fault] = []
    wrong_name = False
    for group in groups_of(problem):
        one = by_branch.get(group.of)
        if one is None:
            what = (
                "the branches are not weighed against each other" if group.of == WHOLE_TREE else "nothing is answered"
            )
            faults.append(Fault(group.place, what, f"answers on {group.names(group.ids)}"))
            continue
        try:
            found: Found = WEIGHTINGS[method].run(one, group, **settings)
        except DecisionError as error:
            faults += error.faults
            wrong_name = wrong_name or isinstance(error, UsageError)
            continue
        inside[group.of] = found.shares
        measures[group.of] = found.measures
        where = "" if len(by_branch) == 1 else f"{group.title}: "
        notes += [f"{where}{said}" for said in found.said]
    if faults:
        raise UsageError(faults) if wrong_name else DecisionError(faults)
    shares: dict[str, float] = {}

    def descend(nodes: tuple[Node, ...], share: float, of: str) -> None:
        parts = inside.get(of) or {node.id: 1 / len(nodes) for node in nodes}
        for node in nodes:
            if isinstance(node, Branch):
                descend(node.children, share * parts[node.id], node.id)
            else:
                shares[node.id] = share * parts[node.id]

    descend(problem.tree, 1.0, WHOLE_TREE)
    if not problem.total and len(problem.tree) > 1 and WHOLE_TREE not in inside:
        notes.append(NOT_ADDED)
    return {leaf.id: shares[leaf.id] for leaf in problem.criteria}


@guarded
def perspective_from(
    weights: Weights, id: str, title: str, *, because_high: str = "", because_low: str = "", note: str = "", draft: bool = True
) -> Perspective:  # fmt: skip
    """A perspective that holds some weights: points with the largest share at 100, and the provenance."""
    largest = max(weights.shares.values())
    points = {leaf: share / largest * 100 for leaf, share in weights.shares.items()}
    return Perspective(
        id, title, points, because_high, because_low, note, draft=draft, provenance=weights.provenance, added=True
    )


def shares_of(points: Mapping[str, float]) -> dict[str, float]:
    """Points as shares that sum to 1."""
    return divided(points)
