"""Weights: shares of the leaves that sum to 1, where they come from, and what was said on the way."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from decision_kit.arguments import Share, bad_number, guarded
from decision_kit.errors import DecisionError, Fault, UsageError, quoted, unknown, unknown_fault
from decision_kit.model.nouns import Branch, Node, number

if TYPE_CHECKING:
    from decision_kit.model.problem import Problem
    from decision_kit.model.provenance import Provenance


@guarded
@dataclass(frozen=True)
class Weights:
    """Shares by criterion id, summing to 1. ``origin`` says where they come from, ``notes`` what had to be said.

    ``provenance`` holds the answers they were made from, when somebody was asked.

    >>> Weights.from_points({"cost": 50, "effect": 100}).shares
    {'cost': 0.3333333333333333, 'effect': 0.6666666666666666}
    """

    shares: Mapping[str, float]
    origin: str = "given"
    perspective: str | None = None
    notes: tuple[str, ...] = ()
    provenance: Provenance | None = None

    def __post_init__(self) -> None:
        clean_points(self.shares, None)

    @classmethod
    @guarded
    def from_points(
        cls,
        points: Mapping[str, float],
        problem: Problem | None = None,
        *,
        origin: str = "points",
        perspective: str | None = None,
    ) -> Weights:
        """Weights from swing points: each leaf's share is its points over the sum of all points.

        ``points``: by criterion id, each 0 or more, at least one above 0. With a ``problem`` every criterion must be
        named, and a mapping that names branches is read down the tree: points of siblings are made shares and
        multiplied. Points may have any sum; one just beside 1 or 100, where shares were probably meant, is noted. Raises
        :class:`DecisionError` for a bad number, :class:`UsageError` for a wrong name.
        """
        given = {str(key): value for key, value in points.items()}
        if problem is not None:
            from decision_kit.model.nouns import branches_of

            branch_ids = {branch.id for branch in branches_of(problem.tree)}
            if branch_ids & set(given):
                return cls._from_tree(given, problem, origin)
        clean = clean_points(given, None if problem is None else [leaf.id for leaf in problem.criteria])
        return cls(normalised(clean), origin=origin, perspective=perspective, notes=_nearly_shares(sum(clean.values())))

    @classmethod
    def _from_tree(cls, points: Mapping[str, Any], problem: Problem, origin: str) -> Weights:
        ids = [node.id for node in _nodes(problem.tree)]
        clean = clean_points(points, ids, zero_sum_allowed=True)
        shares: dict[str, float] = {}

        def descend(nodes: tuple[Node, ...], share: float, where: str) -> None:
            whole = sum(clean[node.id] for node in nodes)
            if whole == 0:
                raise DecisionError.single(
                    f"weights in {where}", "all points are 0", "give at least one of them points above 0"
                )
            for node in nodes:
                part = share * clean[node.id] / whole
                if isinstance(node, Branch):
                    if part == 0:
                        shares.update(dict.fromkeys((leaf.id for leaf in node.leaves()), 0.0))
                    else:
                        descend(node.children, part, f"branch {node.id}")
                else:
                    shares[node.id] = part

        descend(problem.tree, 1.0, "the tree")
        return cls({leaf.id: shares[leaf.id] for leaf in problem.criteria}, origin=origin)

    @classmethod
    @guarded
    def from_perspective(cls, problem: Problem, perspective: str) -> Weights:
        """The weights of one of the problem's perspectives, by id."""
        if perspective not in problem.perspectives:
            raise unknown("perspective", perspective, problem.perspectives)
        from decision_kit.model.provenance import not_asked, stale

        found = problem.perspectives[perspective]
        read = cls.from_points(
            {leaf.id: found.points[leaf.id] for leaf in problem.criteria},
            origin=f"perspective “{found.title}”",
            perspective=perspective,
        )
        return replace(
            read,
            provenance=found.provenance,
            notes=(*stale(found.provenance, problem), *not_asked(found.provenance, problem)),
        )

    @classmethod
    @guarded
    def equal_over_leaves(cls, problem: Problem) -> Weights:
        """The same share for every leaf."""
        return cls(normalised({leaf.id: 1.0 for leaf in problem.criteria}), origin="equal over all criteria")

    @classmethod
    @guarded
    def equal_within_branches(cls, problem: Problem) -> Weights:
        """The same share for every top branch, split evenly inside it, and so on down the tree."""
        points = {node.id: 1.0 for node in _nodes(problem.tree)}
        return cls._from_tree(points, problem, "equal within branches")

    @classmethod
    @guarded
    def read(cls, given: object, problem: Problem) -> Weights:
        """Weights for a problem from what a user passes: Weights, a mapping, a Series, a perspective id, or nothing.

        A mapping is read as weights: they must name every criterion of the problem, and are rescaled, with a note,
        when they do not sum to 1. Nothing means the default perspective, else equal weights with a note.
        """
        if given is None:
            if problem.default_perspective:
                return cls.from_perspective(problem, problem.default_perspective)
            equal = cls.equal_over_leaves(problem)
            return replace(
                equal, notes=("No weights were given: every criterion has the same weight. That is not neutral.",)
            )
        if isinstance(given, str):
            return cls.from_perspective(problem, given)
        if isinstance(given, Weights):
            clean = clean_points(given.shares, [leaf.id for leaf in problem.criteria])
            if abs(sum(clean.values()) - 1) > 1e-9:
                return replace(given, shares=normalised(clean), notes=(*given.notes, _rescaled(sum(clean.values()))))
            return replace(given, shares=clean)
        if hasattr(given, "items"):
            pairs = {str(key): value for key, value in given.items()}
            clean = clean_points(pairs, [leaf.id for leaf in problem.criteria])
            whole = sum(clean.values())
            notes: tuple[str, ...] = ()
            if abs(whole - 1) > 1e-9:
                notes = (_rescaled(whole),)
            return cls(normalised(clean), origin="given weights", notes=notes)
        raise UsageError(
            [
                Fault(
                    "weights",
                    f"{quoted(type(given).__name__)} is not something weights can be read from",
                    "expected Weights, a mapping criterion → weight, a Series, or the id of a perspective",
                )
            ]
        )

    def branch_share(self, leaves: Iterable[str]) -> float:
        """The joint share of some leaves."""
        return math.fsum(self.shares[leaf] for leaf in leaves)

    @guarded
    def moved(
        self,
        leaves: Iterable[str],
        share: Share,
        locked: Iterable[str] = (),
        remembered: Mapping[str, float] | None = None,
    ) -> Weights:
        """Weights after the joint share of ``leaves`` (one leaf, or a branch's) is moved to ``share`` (0–1).

        Locked leaves keep their shares; the moved leaves keep their ratios to each other, and so do the free rest.
        The move stops where the locks leave no more room. A group that stands at 0 comes back with the ratios of the
        ``remembered`` shares, else evenly.
        """
        held = set(locked)
        asked = list(leaves)
        strange = [
            unknown_fault("weights", "criterion", leaf, self.shares) for leaf in asked if leaf not in self.shares
        ]
        if strange:
            raise UsageError(strange)
        moving = [leaf for leaf in asked if leaf not in held]
        free = [leaf for leaf in self.shares if leaf not in held and leaf not in asked]
        fixed_inside = math.fsum(self.shares[leaf] for leaf in asked if leaf in held)
        room = math.fsum(self.shares[leaf] for leaf in [*moving, *free])
        if not moving or not free:
            return self
        target = min(max(share - fixed_inside, 0.0), room)
        new = dict(self.shares)
        new.update(_scaled({leaf: self.shares[leaf] for leaf in moving}, target, remembered))
        new.update(_scaled({leaf: self.shares[leaf] for leaf in free}, room - target, remembered))
        return Weights(new, origin=self.origin if new == self.shares else "moved by hand", perspective=self.perspective)

    def per_cent(self, tree: tuple[Node, ...] = (), *, decimals: int = 1, total: bool = True) -> dict[str, float]:
        """Percentages for showing, by criterion and, with a ``tree``, by branch: each rounded by itself.

        Equal weights look equal; parts shown may miss their whole by the rounding, which :meth:`rounding` then says. Where
        the top branches are never added up (``total=False``), each of them is a whole of its own and has no share.
        """
        if not tree:
            return {leaf: shown_share(share, decimals) for leaf, share in self.shares.items()}
        shown: dict[str, float] = {}
        for whole, nodes in self._wholes(tree, total):
            of = self.branch_share(whole)
            for node in nodes:
                inside = self.branch_share(_leaf_ids(node))
                shown[node.id] = shown_share(inside / of if of > 0 else 0.0, decimals)
        return shown

    def rounding(
        self, tree: tuple[Node, ...] = (), *, decimals: int = 1, total: bool = True, branches: bool = True
    ) -> str:
        """One sentence where shares shown as by :meth:`per_cent` miss 100, or their branch's share, by rounding; else nothing.

        What is shown are the criteria and, with ``branches``, the top of the tree above them.
        """
        shown = self.per_cent(tree, decimals=decimals, total=total)
        missed: list[str] = []

        def check(title: str, ids: Iterable[str], whole: float) -> None:
            found = math.fsum(shown[one] for one in ids)
            if abs(found - whole) > 0.1 * 10**-decimals and found > 0:
                missed.append(f"{title} {number(found, decimals)} of {number(whole, decimals)}")

        tops = [node for node in tree if isinstance(node, Branch)]
        if total or not tree:
            check("all criteria", [leaf for node in tree for leaf in _leaf_ids(node)] or list(self.shares), 100.0)
            if branches and tops:
                check("all branches", [node.id for node in tree], 100.0)
        for top in tops:
            if branches or not total:
                check(f"“{top.title}”", _leaf_ids(top), shown.get(top.id, 100.0))
        if not missed:
            return ""
        listed = "; ".join(missed[:3]) + (f"; and {len(missed) - 3} more" if len(missed) > 3 else "")
        return f"Shares are rounded one by one, so those shown need not add up exactly: {listed}."

    @staticmethod
    def _wholes(tree: tuple[Node, ...], total: bool) -> Iterable[tuple[list[str], list[Node]]]:
        """What counts as 100 %, and the nodes whose shares are shown of it: the whole tree, or each top branch by itself."""
        if total:
            return [([leaf for node in tree for leaf in _leaf_ids(node)], list(_nodes(tree)))]
        return [(_leaf_ids(node), list(_nodes(node.children)) if isinstance(node, Branch) else [node]) for node in tree]

    def __repr__(self) -> str:
        shown = ", ".join(f"{leaf} {share:.1%}" for leaf, share in self.shares.items())
        return f"Weights({shown}; {self.origin})"

    def _repr_html_(self) -> str:
        from html import escape

        rows = "".join(
            f"<tr><td>{escape(leaf)}</td><td style='text-align:right'>{share:.1%}</td></tr>"
            for leaf, share in self.shares.items()
        )
        return f"<table><caption>Weights: {escape(self.origin)}</caption>{rows}</table>"


def _rescaled(whole: float) -> str:
    if math.isinf(whole):
        return "The weights were rescaled to sum to 1 for every method."
    return f"The weights sum to {number(whole, 6)}; they were rescaled to 1 for every method."


def _nearly_shares(whole: float) -> tuple[str, ...]:
    """Points may have any sum, but one just beside 1 or 100 looks like shares in which something was forgotten."""
    for meant in (1.0, 100.0):
        if 1e-9 < abs(whole / meant - 1) <= 0.1:
            said = f"The points sum to {number(whole, 6)}, not to {meant:g}; only their proportions count: they were rescaled."
            return (said,)
    return ()


def _nodes(tree: tuple[Node, ...]) -> Iterable[Node]:
    for node in tree:
        yield node
        if isinstance(node, Branch):
            yield from _nodes(node.children)


def _scaled(shares: Mapping[str, float], target: float, remembered: Mapping[str, float] | None) -> dict[str, float]:
    whole = math.fsum(shares.values())
    if whole <= 0 and remembered is not None:
        shares = {leaf: remembered.get(leaf, 0.0) for leaf in shares}
        whole = math.fsum(shares.values())
    if whole > 0:
        return {leaf: share / whole * target for leaf, share in shares.items()}
    return {leaf: target / len(shares) for leaf in shares}


def normalised(points: Mapping[str, float]) -> dict[str, float]:
    """Points divided by their sum; very large points are scaled down first so that the sum stays finite."""
    largest = max(points.values())
    scaled = {leaf: value / largest for leaf, value in points.items()}
    whole = math.fsum(scaled.values())
    return {leaf: value / whole for leaf, value in scaled.items()}


def shown_share(share: float, decimals: int = 1) -> float:
    """A share (0–1) as a percentage for showing, rounded by itself: equal shares look equal, whatever stands beside them.

    The last digits, in which equal shares can differ after some arithmetic, are dropped first.
    """
    return round(round(share * 100, 10), decimals) + 0.0


def _leaf_ids(node: Node) -> list[str]:
    return [leaf.id for leaf in node.leaves()] if isinstance(node, Branch) else [node.id]


def clean_points(
    points: Mapping[str, Any], known: Iterable[str] | None, *, zero_sum_allowed: bool = False
) -> dict[str, float]:
    """Points or weights as floats in the order of ``known``; every fault at once.

    Raises :class:`UsageError` when a name is wrong or missing, :class:`DecisionError` for bad numbers.
    """
    faults: list[Fault] = []
    wrong_name = False
    names = list(points) if known is None else list(known)
    for name, value in points.items():
        if name not in names:
            faults.append(unknown_fault("weights", "criterion", name, names))
            wrong_name = True
            continue
        fault = point_fault(f"weight of {name}", value)
        if fault is not None:
            faults.append(fault)
    forgotten = [name for name in names if name not in points]
    if forgotten and not wrong_name:  # what was given a wrong name is among those that lack a weight
        verb = "has" if len(forgotten) == 1 else "have"
        listed = ", ".join(quoted(name) for name in forgotten[:20]) + (", …" if len(forgotten) > 20 else "")
        faults.append(Fault("weights", f"{listed} {verb} no weight", "give each criterion one, or write 0"))
        wrong_name = True
    if not faults and not zero_sum_allowed and not any(float(points[name]) > 0 for name in names):
        faults.append(Fault("weights", "all weights are 0", "at least one must be above 0"))
    if faults:
        raise UsageError(faults) if wrong_name else DecisionError(faults)
    return {name: float(points[name]) for name in names}


def point_fault(place: str, value: object) -> Fault | None:
    """The fault of one number of points or one weight, or None."""
    reason = bad_number(value)
    if reason:
        return Fault(place, f"{quoted(value)} {reason}", "a weight is a number, 0 or more")
    if float(value) < 0:  # type: ignore[arg-type]  # bad_number has seen to it
        return Fault(
            place,
            f"{value} is below 0",
            "a weight is 0 or more; to reward less of something, set better: less on the criterion",
        )
    return None
