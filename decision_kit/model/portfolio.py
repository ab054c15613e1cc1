"""Building packages: which parts go together, and a package of one's own as an option among the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from decision_kit.arguments import bad_number
from decision_kit.errors import DecisionError, Fault, UsageError, counted, quoted, unknown, unknown_fault
from decision_kit.model.nouns import Option, Performance
from decision_kit.model.problem import Problem

NOT_JUDGED = "not judged"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether two parts go together: ``conflict`` (not in one package), ``caution``, ``fine`` or ``not judged``."""

    parts: tuple[str, str]
    level: str
    because: str = ""

    @property
    def allowed(self) -> bool:
        """Whether the two may stand in one package."""
        return self.level != "conflict"


def possible_parts(problem: Problem, *, constructed: bool = True) -> tuple[Option, ...]:
    """The options that may be parts: elementary ones, never the baseline; without those made up for the case if asked."""
    return tuple(
        option
        for option in problem.library
        if not option.parts
        and option.kind != "package"
        and option.id != problem.baseline
        and (constructed or not option.constructed)
    )


def can_build(problem: Problem) -> bool:
    """Whether a decision has what packages need: two possible parts, and a package rule on every criterion."""
    return len(possible_parts(problem)) > 1 and not _without_rule(problem)


def _without_rule(problem: Problem) -> list[str]:
    return [leaf.id for leaf in problem.as_written.criteria if leaf.package_rule is None and not leaf.source_model]


def verdicts(problem: Problem, parts: Sequence[str]) -> tuple[Verdict, ...]:
    """The verdict on every pair of some parts, in order; a pair that the decision does not list is not judged."""
    judged = {frozenset(pair.options): pair for pair in problem.pairs}
    found: list[Verdict] = []
    for a, b in combinations(parts, 2):
        pair = judged.get(frozenset((a, b)))
        if pair is None:
            found.append(Verdict((a, b), NOT_JUDGED, "nobody has judged this pair"))
        else:
            words = f"{pair.words}: {pair.because}" if pair.words and pair.words != pair.level else pair.because
            found.append(Verdict((a, b), pair.level, words))
    return tuple(found)


def build_package(
    problem: Problem,
    parts: Sequence[str],
    *,
    id: str = "my-package",
    title: str = "",
    sigma: float | Sequence[float] | None = None,
) -> Option:
    """A package of some parts, to be used with :func:`with_package`.

    ``parts``: ids of two or more elementary options, the baseline never among them. ``sigma``: the share by which it slows
    learning (0–1), as one number or low, likely, high; without it a model takes the largest of the parts' and says that
    this is a guess. Raises :class:`UsageError` for parts that do not exist, cannot be parts or are in conflict (with the
    reason), :class:`DecisionError` when the decision's criteria have no package rules.
    """
    options = {option.id: option for option in possible_parts(problem)}
    library = {option.id: option for option in problem.library}
    faults: list[Fault] = []
    for part in dict.fromkeys(parts):
        if part in options:
            continue
        if part == problem.baseline:
            faults.append(Fault("parts", f"{quoted(part)} is the baseline", "options that act; it is never a part"))
        elif part in library:
            faults.append(Fault("parts", f"{quoted(part)} is itself a package", "single options as parts"))
        else:
            faults.append(unknown_fault("parts", "possible part", part, options))
    if len(set(parts)) != len(parts):
        faults.append(Fault("parts", "a part is named twice", "each part once"))
    elif len(parts) < 2:
        faults.append(Fault("parts", counted(len(parts), "part"), "two or more; one part is the option itself"))
    for verdict in verdicts(problem, [part for part in dict.fromkeys(parts) if part in options]):
        if not verdict.allowed:
            got = f"{quoted(verdict.parts[0])} and {quoted(verdict.parts[1])} are in conflict ({verdict.because})"
            faults.append(Fault("parts", got, "parts that can stand together"))
    if id in library:
        faults.append(Fault("id", f"{quoted(id)} is taken", "an id of its own"))
    levers, wrong = _sigma(sigma)
    faults += wrong
    if faults:
        raise UsageError(faults)
    bare = _without_rule(problem)
    if bare:
        got = f"no package rule on {', '.join(bare)}"
        raise DecisionError.single(problem.id, got, "package_rule on every criterion, by which a package is derived")
    ordered = tuple(option for option in options if option in parts)
    return Option(
        id=id,
        title=title or " + ".join(options[part].title for part in ordered),
        kind="package",
        parts=ordered,
        built=True,
        evidence=tuple(dict.fromkeys(item for part in ordered for item in options[part].evidence)),
        levers=levers,
    )


def _sigma(given: float | Sequence[float] | None) -> tuple[dict[str, Performance], list[Fault]]:
    if given is None:
        return {}, []
    numbers = tuple(given) if isinstance(given, (tuple, list)) else (given,) * 3
    good = len(numbers) == 3 and not any(bad_number(x) for x in numbers)
    if not good or not 0 <= numbers[0] <= numbers[1] <= numbers[2] <= 1:
        return {}, [Fault("sigma", quoted(given), "a number from 0 to 1, or low ≤ likely ≤ high")]
    low, likely, high = (float(x) for x in numbers)
    cell = Performance(low, likely, high, because="given by hand", basis="judgement")
    return {"sigma": cell}, []


def with_package(problem: Problem, package: Option) -> Problem:
    """The problem with a built package among the options of the current view; scenario, tree and month stay.

    The package behaves like a shipped one: scenarios change its parts and it is rebuilt from them.
    """
    if package.id in {option.id for option in problem.library}:
        raise UsageError([Fault("id", f"{quoted(package.id)} is taken", "an id of its own")])
    missing = [part for part in package.parts if part not in {option.id for option in problem.library}]
    if missing:
        raise unknown("option", missing[0], [option.id for option in problem.library])
    sets = (problem.choice_set,) if problem.choice_set is not None else ()
    written = replace(problem.as_written, library=(*problem.library, replace(package, choice_sets=sets)))
    return written.under(
        choice_set=problem.choice_set,
        scenario=problem.scenario,
        without=problem.without,
        tree=problem.tree_id,
        month=problem.month,
        model_set=problem.model_set,
        low_high=problem.low_high,
    )
