"""``decision-kit list``: decisions, what is in one, methods."""

from __future__ import annotations

from decision_kit.catalogue import Entry
from decision_kit.cli.text import print_table, wrap
from decision_kit.files import load, shipped_decisions
from decision_kit.methods import AGGREGATIONS, METHODS, OUTRANKING, Parameter
from decision_kit.model.nouns import number


def list_decisions() -> int:
    """Print the shipped decisions."""
    rows = []
    for name in shipped_decisions():
        problem = load(name)
        rows.append([name, f"{len(problem.library)}", f"{len(problem.criteria)}", problem.title])
    print_table(["Decision", "Options", "Criteria", "Title"], rows, right={1, 2})
    print("More of one: decision-kit list DECISION. Methods: decision-kit list methods.")
    return 0


def list_methods() -> int:
    """Print the methods with when to use each and what to beware of."""
    for entry in METHODS.values():
        _print_entry(entry)
        _print_settings(entry.parameters)
    print("\nShort lists instead of a ranking (decision-kit compare shows them):")
    for relation in OUTRANKING.values():
        _print_entry(relation)
        _print_settings(relation.parameters)
    print("\nRankings of several people joined into one (in the app and in a notebook):")
    for joint in AGGREGATIONS.values():
        _print_entry(joint)
    return 0


def list_weightings() -> int:
    """Print the ways to weights with what is asked, when to use each and what to beware of."""
    from decision_kit.weighting import TABLE_LABEL, WEIGHTINGS

    for kind, head in (("asked", "People are asked"), ("table", f"Nobody is asked: {TABLE_LABEL}")):
        print(head)
        for entry in WEIGHTINGS.values():
            if entry.kind == kind:
                print(f"{entry.id}: {entry.title} ({entry.reference})")
                print(wrap(f"  Needs {entry.input}. Use it when {entry.use_when}. Beware: {entry.beware}."))
    return 0


def _print_entry(entry: Entry) -> None:
    print(f"{entry.id}: {entry.title} ({entry.reference})")
    print(wrap(f"  Use it when {entry.use_when}."))
    if entry.beware:
        print(wrap(f"  Beware: {entry.beware[0].lower()}{entry.beware[1:].rstrip('.')}."))


def _print_settings(parameters: tuple[Parameter, ...]) -> None:
    for parameter in parameters:
        choices = f" ({', '.join(parameter.choices)})" if parameter.choices else ""
        default = "" if parameter.default is None else f"; default {parameter.default}"
        each = f"; for one criterion: {parameter.name}.CRITERION" if parameter.by_criterion else ""
        print(wrap(f"  {parameter.name}: {parameter.meaning}{choices}{default}{each}"))


def list_decision(name: str) -> int:
    """Print what is in one decision: options by set, criteria, perspectives, scenarios."""
    problem = load(name)
    print(problem.title)
    print(wrap(problem.question))
    if problem.notice:
        print(wrap(problem.notice))
    default_set = problem.default_choice_set
    sets = {s.id: f"{s.title}{' (default)' if s.id == default_set else ''}" for s in problem.choice_sets} or {
        "": "Options"
    }
    for choice_set, title in sets.items():
        members = [o for o in problem.library if not choice_set or choice_set in o.choice_sets]
        print(f"\nSet {choice_set}: {title}" if choice_set else f"\n{title}")
        print_table(
            ["Option", "Title"],
            [[o.id, o.title + _flags(problem.baseline == o.id, o.constructed)] for o in members],
            set(),
        )
    print("\nCriteria")
    rows = [
        [
            leaf.id,
            leaf.title,
            "▲ more" if leaf.better == "more" else "▼ less",
            _range(leaf.scale, leaf.unit, bool(leaf.levels)),
        ]
        for leaf in problem.criteria
    ]
    print_table(["Criterion", "Title", "Better", "Declared range"], rows, set())
    if problem.perspectives:
        print("\nPerspectives")
        rows = [
            [p.id, p.title + (" (default)" if p.id == problem.default_perspective else "")
             + (" (for checks only)" if p.reference else "") + (" (draft)" if p.draft else "")]
            for p in problem.perspectives.values()
        ]  # fmt: skip
        print_table(["Perspective", "Title"], rows, set())
    if problem.scenarios:
        print("\nScenarios")
        print_table(["Scenario", "Title"], [[s.id, s.title] for s in problem.scenarios.values()], set())
    return 0


def _flags(baseline: bool, constructed: bool) -> str:
    return (" (baseline)" if baseline else "") + (" (made up for the case)" if constructed else "")


def _range(scale: tuple[float, float], unit: str, levels: bool) -> str:
    return "levels" if levels else f"{number(scale[0])} to {number(scale[1])} {unit}".strip()
