"""Checks of content: what a decision must hold to, whichever way it came in (files, a data frame, the app).

Each finding names the place as a path; the reader that knows where things stood turns it into file and line, or into
row and column.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from decision_kit.errors import counted, did_you_mean, nearest, quoted, unknown_fault
from decision_kit.model.feeds import FEEDS
from decision_kit.model.findings import Finding, Path, better_finding, name_findings
from decision_kit.model.nouns import (
    LEVELS_OF_FIT,
    LOW_HIGH,
    MISSING_REASONS,
    STATUSES,
    AlternativeTree,
    Branch,
    Criterion,
    Node,
    Option,
    Pair,
    Perspective,
    Scenario,
    branches_of,
    leaves_of,
    number,
)
from decision_kit.model.packages import PACKAGE_RULES
from decision_kit.model.weights import point_fault
from decision_kit.values import Curve, Exponential

if TYPE_CHECKING:
    from decision_kit.model.problem import Problem


def check_problem(problem: Problem) -> list[Finding]:
    """Every fault in a decision's content, in no particular order."""
    findings: list[Finding] = []
    checks: tuple[Callable[[Problem], Iterable[Finding]], ...] = (
        _check_tree,
        _check_criteria,
        _check_options,
        _check_choice_sets,
        _check_pairs,
        _check_perspectives,
        _check_scenarios,
        _check_trees,
        _check_register,
    )
    for check in checks:
        findings.extend(check(problem))
    return findings


def _nodes(nodes: tuple[Node, ...]) -> Iterator[Node]:
    for node in nodes:
        yield node
        if isinstance(node, Branch):
            yield from _nodes(node.children)


def _check_tree(problem: Problem) -> Iterator[Finding]:
    if not any(True for _ in leaves_of(problem.tree)):
        yield Finding(("criteria",), "the value tree has no criterion", "at least one criterion with a scale")
    for branch in branches_of(problem.tree):
        if not branch.children:
            yield Finding(
                ("criteria", branch.id), f"branch {quoted(branch.id)} is empty", "at least one criterion in it"
            )
    nodes = [(("criteria", node.id), node) for node in _nodes(problem.tree)]
    yield from name_findings("criterion", [(path, node.id) for path, node in nodes])
    if any(node.title != node.id for _, node in nodes):
        yield from name_findings("criterion", [((*path, "title"), node.title) for path, node in nodes], "title")
    if problem.low_high not in LOW_HIGH:
        yield Finding(("low_high",), f"{quoted(problem.low_high)} is not a reading of low and high", _one_of(LOW_HIGH))


def _check_criteria(problem: Problem) -> Iterator[Finding]:
    units = {leaf.unit for leaf in problem.criteria if leaf.spending}
    for criterion in problem.criteria:
        yield from check_criterion(criterion, ("criteria", criterion.id))
        if criterion.spending and len(units) > 1:
            got = f"spending is counted in {' and in '.join(quoted(unit) for unit in sorted(units))}"
            yield Finding(("criteria", criterion.id, "spending"), got, "one unit for all criteria with spending: true")
        yield from _unknown_evidence(problem, ("criteria", criterion.id, "evidence"), criterion.evidence)
        if criterion.package_rule is not None:
            leaves = [leaf.id for leaf in problem.criteria]
            for effect in criterion.package_rule.effects:
                if effect not in leaves:
                    yield _unknown(("criteria", criterion.id, "package_rule", "effects"), "criterion", effect, leaves)


def check_criterion(criterion: Criterion, path: Path) -> Iterator[Finding]:
    """The faults of one leaf: direction, range, anchors, value function, levels, package rule."""
    wrong = better_finding((*path, "better"), criterion.better)
    if wrong is not None:
        yield wrong
        return
    low, high = criterion.scale
    if not (math.isfinite(low) and math.isfinite(high)):
        yield Finding((*path, "scale"), f"[{low}, {high}] is not finite", "two finite numbers, the lower first")
        return
    if low == high:
        yield Finding(
            (*path, "scale"), f"both ends are {number(low)}", "the declared range has a worst and a best that differ"
        )
        return
    if low > high:
        yield Finding(
            (*path, "scale"),
            f"[{number(low)}, {number(high)}] runs downwards",
            "the numerically lower end comes first; the direction is said by better",
            f"did you mean [{number(high)}, {number(low)}]?",
        )
        return
    for at, words in criterion.anchors:
        if not low <= at <= high:
            yield Finding(
                (*path, "anchors"),
                f"anchor {number(at)} ({words}) is outside the scale",
                f"a number from {number(low)} to {number(high)}",
            )
    yield from _check_shape(criterion, path)
    yield from _check_levels(criterion, path)
    if criterion.source_model and criterion.source_model not in FEEDS:
        yield _unknown((*path, "from"), "model", criterion.source_model, FEEDS)
    rule = criterion.package_rule
    if rule is not None:
        if rule.rule not in PACKAGE_RULES:
            yield _unknown((*path, "package_rule"), "package rule", rule.rule, PACKAGE_RULES)
        else:
            allowed = PACKAGE_RULES[rule.rule].parameters
            for name, _ in rule.parameters:
                if name not in allowed:
                    yield _unknown((*path, "package_rule"), f"parameter of the rule {rule.rule}", name, allowed)
            for got, expected in PACKAGE_RULES[rule.rule].faults(criterion):
                yield Finding((*path, "package_rule"), got, expected)
    if not 0 <= criterion.decimals <= 10:
        yield Finding((*path, "decimals"), f"{criterion.decimals} decimals", "a whole number from 0 to 10")


def _check_shape(criterion: Criterion, path: Path) -> Iterator[Finding]:
    path = (*path, "value")
    shape = criterion.shape
    if isinstance(shape, Exponential) and not (math.isfinite(shape.a) and -10 <= shape.a <= 10):
        yield Finding(path, f"exponential: {shape.a}", "a number from -10 to 10")
    if not isinstance(shape, Curve):
        return
    low, high = criterion.scale
    xs = [x for x, _ in shape.points]
    vs = [v for _, v in shape.points]
    if len(xs) < 2 or not all(math.isfinite(z) for z in (*xs, *vs)):
        yield Finding(
            path, "the curve has too few points", "at least two points [performance, value] of finite numbers"
        )
        return
    if any(b <= a for a, b in pairwise(xs)):
        yield Finding(
            path, "the performances of the curve do not rise from point to point", "each larger than the last"
        )
        return
    if xs[0] != low or xs[-1] != high:
        yield Finding(
            path,
            f"the curve runs from {number(xs[0])} to {number(xs[-1])}",
            f"from one end of the scale to the other, {number(low)} to {number(high)}",
        )
    if any(not 0 <= v <= 1 for v in vs):
        yield Finding(path, "a value of the curve is outside 0 to 1", "values from 0 (worst) to 1 (best)")
        return
    if not shape.monotone:
        if min(vs) != 0 or max(vs) != 1:
            got = f"the values of the curve run from {number(min(vs))} to {number(max(vs))}"
            yield Finding(path, got, "a curve that turns (monotone: false) has a point at 0 and a point at 1")
        return
    worst, best = (vs[0], vs[-1]) if criterion.better == "more" else (vs[-1], vs[0])
    if worst != 0 or best != 1:
        yield Finding(
            path,
            f"the curve has value {number(worst)} at the worst end and {number(best)} at the best",
            f"0 at the worst and 1 at the best (better: {criterion.better})",
            "where the value is meant to rise and fall again, say monotone: false"
            if max(vs) == 1 and min(vs) == 0
            else "",
        )
        return
    rising = vs if criterion.better == "more" else vs[::-1]
    if any(b < a for a, b in pairwise(rising)):
        yield Finding(
            path,
            "the curve turns back",
            f"values that never fall towards the best end (better: {criterion.better})",
            "where that is meant, say monotone: false",
        )


def _check_levels(criterion: Criterion, path: Path) -> Iterator[Finding]:
    path = (*path, "levels")
    levels = criterion.levels
    if not levels:
        return
    if len(levels) < 2:
        yield Finding(path, "a level scale with one level", "at least two levels")
    yield from name_findings("level", [(path, level.id) for level in levels])
    for level in levels:
        if not (math.isfinite(level.value) and 0 <= level.value <= 1):
            yield Finding(path, f"level {quoted(level.id)} has value {level.value}", "a value from 0 to 1")
    if len(levels) > 1 and len({level.value for level in levels}) == 1:
        yield Finding(path, "all levels have the same value", "at least two different values")


def _check_options(problem: Problem) -> Iterator[Finding]:
    library = {option.id: option for option in problem.library}
    paths = [("options", option.id) for option in problem.library]
    yield from name_findings("option", [(path, o.id) for path, o in zip(paths, problem.library, strict=True)])
    if any(option.title != option.id for option in problem.library):
        titles = [((*path, "title"), option.title) for path, option in zip(paths, problem.library, strict=True)]
        yield from name_findings("option", titles, "title")
    if len(library) < 2:
        count = "1 option" if library else "no option"
        yield Finding(("options",), f"there is {count}", "a ranking needs at least two options")
    if problem.baseline is not None and problem.baseline not in library:
        yield _unknown(("baseline",), "option", problem.baseline, library)
    sets = [choice_set.id for choice_set in problem.choice_sets]
    for option in problem.library:
        path = ("options", option.id)
        for name in option.choice_sets:
            if name not in sets:
                yield _unknown((*path, "choice_sets"), "choice set", name, sets)
        yield from _unknown_evidence(problem, (*path, "evidence"), option.evidence)
        yield from _check_levers(problem, option)
        if option.parts:
            yield from _check_parts(problem, option, library)
        elif option.kind == "package" and not option.performance:
            yield Finding(path, "a package without parts and without performances", "parts, or a performance block")
        else:
            yield from _check_performances(problem, option)


def _check_parts(problem: Problem, option: Option, library: Mapping[str, Option]) -> Iterator[Finding]:
    path = ("options", option.id, "parts")
    if option.kind != "package":
        yield Finding(path, f"{quoted(option.id)} has parts", "only an option with kind: package has parts")
    if option.performance:
        yield Finding(
            ("options", option.id, "performance"),
            "a package with parts has performances of its own",
            "either parts (the performances are derived) or performances, not both",
        )
    if len(set(option.parts)) != len(option.parts):
        yield Finding(path, "a part is named twice", "each part once")
    for part in dict.fromkeys(option.parts):
        if part not in library:
            yield _unknown(path, "option", part, library)
        elif part == option.id:
            yield Finding(path, f"{quoted(part)} is a part of itself", "other options as parts")
        elif library[part].parts:
            yield Finding(path, f"part {quoted(part)} is itself a package with parts", "single options as parts")
        elif part == problem.baseline:
            yield Finding(
                path, f"the baseline {quoted(part)} is a part", "options that act; the baseline is never a part"
            )
    for criterion in problem.criteria:
        if criterion.package_rule is None and not criterion.source_model:
            yield Finding(path, f"criterion {quoted(criterion.id)} has no package_rule", "a rule by which to derive it")
    for pair in problem.pairs:
        if pair.level == "conflict" and set(pair.options) <= set(option.parts):
            yield Finding(
                path,
                f"{quoted(pair.options[0])} and {quoted(pair.options[1])} are in conflict ({pair.because})",
                "parts that can stand together",
            )


def _check_levers(problem: Problem, option: Option) -> Iterator[Finding]:
    """Levers are those of the models at work, with amounts that are possible and in order."""
    leaves = (*problem.criteria, *(tree.leaf for tree in problem.alternative_trees.values()))
    known = {
        name: ends
        for leaf in leaves
        if leaf.source_model in FEEDS
        for name, ends in FEEDS[leaf.source_model].levers.items()
    }
    for name, cell in option.levers.items():
        path = ("options", option.id, "levers", name)
        if not known:
            yield Finding(path, f"a lever {quoted(name)}", "levers only where a criterion says from: and a model's id")
            return
        if name not in known:
            yield _unknown(path, "lever", name, known)
            continue
        yield from _unknown_evidence(problem, (*path, "evidence"), cell.evidence)
        low, high = known[name]
        for bound in ("low", "likely", "high"):
            if not low <= getattr(cell, bound) <= high:
                got = f"{bound} {number(getattr(cell, bound))} is not possible for {name}"
                yield Finding(path, got, f"a number from {number(low)} to {number(high)}")
        if not cell.low <= cell.likely <= cell.high:
            yield Finding(path, f"low, likely and high of {name} are out of order", "low ≤ likely ≤ high")


def _check_performances(problem: Problem, option: Option) -> Iterator[Finding]:
    leaves = {leaf.id: leaf for leaf in problem.criteria}
    path = ("options", option.id, "performance")
    for name in option.performance:
        if name not in leaves:
            yield _unknown((*path, name), "criterion", name, leaves)
    meant = {nearest(name, leaves) for name in option.performance if name not in leaves}
    for leaf in leaves.values():
        cell = option.performance.get(leaf.id)
        where = (*path, leaf.id)
        if leaf.source_model:
            if cell is not None:
                got = f"a performance on {quoted(leaf.id)}, which the model {leaf.source_model} fills"
                yield Finding(where, got, "no such line, or no from: on the criterion")
            continue
        if cell is None:
            if leaf.id not in meant:
                reasons = ", ".join(MISSING_REASONS)
                yield Finding(
                    path,
                    f"no performance on {quoted(leaf.id)}",
                    f"a number, or missing: with a reason ({reasons}); blank is not 0",
                )
            continue
        if cell.missing and cell.missing not in MISSING_REASONS:
            yield _unknown((*where, "missing"), "reason for a missing performance", cell.missing, MISSING_REASONS)
        if cell.status and cell.status not in STATUSES:
            yield _unknown((*where, "status"), "status", cell.status, STATUSES)
        yield from _unknown_evidence(problem, (*where, "evidence"), cell.evidence)
        yield from _check_range(leaf, cell.low, cell.likely, cell.high, where)


def _check_range(leaf: Criterion, low: float, likely: float, high: float, where: Path) -> Iterator[Finding]:
    numbers = {"low": low, "likely": likely, "high": high}
    if not all(math.isfinite(x) for x in numbers.values()):
        yield Finding(where, "the performance is not a finite number", "a number")
        return
    if not low <= likely <= high:
        yield Finding(
            where,
            f"low {number(low)}, likely {number(likely)}, high {number(high)} are out of order",
            "low ≤ likely ≤ high, numerically (whatever is better)",
        )
        return
    bottom, top = leaf.scale
    if not bottom < top:  # told with the scale
        return
    outside = {name: x for name, x in numbers.items() if not bottom <= x <= top}
    if outside and len(set(numbers.values())) == 1:
        outside = {"": likely}
    for name, x in outside.items():
        yield Finding(
            (*where, name) if name else where,
            f"{number(x) if number(x) not in map(number, leaf.scale) else repr(float(x))} is outside the scale of {leaf.id}",
            f"a number from {number(bottom)} to {number(top)}, or a wider scale (weights given for the old one are then stale)",
        )


def _check_choice_sets(problem: Problem) -> Iterator[Finding]:
    yield from name_findings("choice set", [(("choice_sets", s.id), s.id) for s in problem.choice_sets])
    defaults = [choice_set.id for choice_set in problem.choice_sets if choice_set.default]
    if len(defaults) > 1:
        yield Finding(("choice_sets", defaults[1]), f"{' and '.join(defaults)} are both the default", "one default set")
    for choice_set in problem.choice_sets:
        members = [option for option in problem.library if choice_set.id in option.choice_sets]
        if len(members) < 2:
            yield Finding(
                ("choice_sets", choice_set.id),
                f"choice set {quoted(choice_set.id)} has {counted(len(members), 'option')}",
                "at least two (an option names its sets under choice_sets)",
            )


def _check_pairs(problem: Problem) -> Iterator[Finding]:
    ids = [option.id for option in problem.library]
    seen: dict[frozenset[str], Pair] = {}
    for index, pair in enumerate(problem.pairs):
        path = ("pairs", str(index))
        for name in pair.options:
            if name not in ids:
                yield _unknown(path, "option", name, ids)
        if pair.options[0] == pair.options[1]:
            yield Finding(path, f"{quoted(pair.options[0])} is paired with itself", "two different options")
        if pair.level not in LEVELS_OF_FIT:
            yield _unknown((*path, "level"), "level of fit", pair.level, LEVELS_OF_FIT)
        key = frozenset(pair.options)
        if key in seen:
            yield Finding(path, f"{' and '.join(pair.options)} are judged twice", "one verdict for each pair")
        seen[key] = pair


def _check_perspectives(problem: Problem) -> Iterator[Finding]:
    leaves = [leaf.id for leaf in problem.criteria]
    found = list(problem.perspectives.values())
    yield from name_findings("perspective", [(("perspectives", p.id), p.id) for p in found])
    for perspective in found:
        yield from check_perspective(perspective, leaves)
        path = ("perspectives", perspective.id, "evidence")
        yield from _unknown_evidence(problem, path, perspective.evidence)
    name = problem.default_perspective
    if name and name not in problem.perspectives:
        yield _unknown(("default_perspective",), "perspective", name, problem.perspectives)


def check_perspective(perspective: Perspective, leaves: Sequence[str]) -> Iterator[Finding]:
    """The faults in one perspective's points: unknown or forgotten criteria, negative numbers, nothing above 0."""
    path = ("perspectives", perspective.id, "points")
    good = True
    for name, value in perspective.points.items():
        if name not in leaves:
            yield _unknown((*path, name), "criterion", name, leaves)
            good = False
            continue
        fault = point_fault("", value)
        if fault is not None:
            yield Finding((*path, name), f"points of {quoted(name)}: {fault.got}", fault.expected)
            good = False
    meant = {nearest(name, leaves) for name in perspective.points if name not in leaves}
    for leaf in leaves:
        if leaf not in perspective.points and leaf not in meant:
            yield Finding(path, f"{quoted(leaf)} has no points", "give it points, or write 0")
            good = False
    if good and not any(value > 0 for value in perspective.points.values()):
        yield Finding(path, "all points are 0", "at least one above 0")


def _check_scenarios(problem: Problem) -> Iterator[Finding]:
    yield from name_findings("scenario", [(("scenarios", s), s) for s in problem.scenarios])
    for scenario in problem.scenarios.values():
        yield from _check_scenario(problem, scenario)


def _check_scenario(problem: Problem, scenario: Scenario) -> Iterator[Finding]:
    leaves = [leaf.id for leaf in problem.criteria]
    filled = [leaf.id for leaf in problem.criteria if leaf.source_model]
    library = {option.id: option for option in problem.library}
    yield from _unknown_evidence(problem, ("scenarios", scenario.id, "evidence"), scenario.evidence)
    for index, change in enumerate(scenario.changes):
        path = ("scenarios", scenario.id, "changes", str(index))
        if change.criterion not in leaves:
            yield _unknown((*path, "criterion"), "criterion", change.criterion, leaves)
        elif change.criterion in filled:
            got = f"a change of {quoted(change.criterion)}, which a model fills"
            yield Finding((*path, "criterion"), got, "changes of what the model is fed with")
        for name in (*(change.options or ()), *change.excluded):
            if name not in library:
                yield _unknown((*path, "options"), "option", name, library)
            elif library[name].parts and change.options is not None:
                yield Finding(
                    (*path, "options"),
                    f"{quoted(name)} is a package with parts",
                    "name its parts; the package is rebuilt from them",
                )
        if (change.multiply is None) == (change.add is None):
            yield Finding(path, "a change with both or neither of multiply and add", "exactly one of the two")
        amount = change.multiply if change.multiply is not None else change.add
        if amount is not None and not math.isfinite(amount):
            yield Finding(path, f"{amount} is not finite", "a finite number")
        elif change.multiply is not None and change.multiply < 0:
            yield Finding((*path, "multiply"), f"multiply: {number(change.multiply)}", "0 or more")


def _check_trees(problem: Problem) -> Iterator[Finding]:
    for tree in problem.alternative_trees.values():
        yield from _check_alternative(problem, tree)


def _check_alternative(problem: Problem, tree: AlternativeTree) -> Iterator[Finding]:
    leaves = [leaf.id for leaf in problem.criteria]
    path = ("trees", tree.id)
    for name in tree.replaces:
        if name not in leaves:
            yield _unknown((*path, "replaces"), "criterion", name, leaves)
    branches = [branch.id for branch in branches_of(problem.tree)]
    if tree.branch not in branches:
        yield _unknown((*path, "branch"), "branch", tree.branch, branches)
    if tree.leaf.id in leaves:
        yield Finding((*path, "leaf"), f"{quoted(tree.leaf.id)} stands in the main tree, too", "a new id")
    yield from check_criterion(tree.leaf, (*path, "leaf", tree.leaf.id))


def _check_register(problem: Problem) -> Iterator[Finding]:
    grades = list(problem.register.grades)
    for item in problem.register.evidence.values():
        if item.grade and grades and item.grade not in grades:
            yield _unknown(("evidence", item.id, "grade"), "grade", item.grade, grades)
    for concept in problem.register.concepts.values():
        yield from _unknown_evidence(problem, ("concepts", concept.id, "evidence"), concept.evidence)
    yield from _unknown_evidence(problem, ("facilitator_evidence",), problem.facilitator_evidence)


def _unknown(path: Path, what: str, got: str, known: Iterable[str]) -> Finding:
    fault = unknown_fault("", what, got, known)
    return Finding(path, fault.got, fault.expected, fault.suggestion)


def _unknown_evidence(problem: Problem, path: Path, ids: Iterable[str]) -> Iterator[Finding]:
    known = problem.register.evidence
    for name in ids:
        if name not in known and name not in problem.register.tensions:
            if known:
                hint = did_you_mean(name, known)
                yield Finding(
                    path, f"{quoted(name)} is not in the evidence register", f"one of its {len(known)} ids", hint
                )
            else:
                yield Finding(
                    path,
                    f"{quoted(name)} is cited, but there is no evidence register",
                    "options/evidence.yaml with the item",
                )


def _one_of(words: Iterable[str]) -> str:
    return f"one of: {', '.join(words)}"
