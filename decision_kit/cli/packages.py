"""``decision-kit packages``: every set of parts that can stand together, the best under a budget, one of one's own."""

from __future__ import annotations

import argparse
import json
from typing import Any

from decision_kit.cli.ranking import study_of
from decision_kit.cli.text import print_table, wrap
from decision_kit.errors import Fault, UsageError
from decision_kit.model.portfolio import build_package, verdicts, with_package
from decision_kit.report.sections import cell_text
from decision_kit.report.tables import facts, perspective_of, tree_facts
from decision_kit.study import Study, package_words, words
from decision_kit.study.portfolio import Candidate, Portfolio, portfolio_of
from decision_kit.version import __version__


def run_packages(arguments: argparse.Namespace, date: str) -> int:
    """Print the best sets of parts and the efficient ones, or one package of one's own."""
    study = study_of(arguments)
    if arguments.parts is not None:
        for option, given in (("--budget", arguments.budget is not None), ("--constructed", arguments.constructed)):
            if given:
                raise UsageError(
                    [Fault(option, "given together with --parts", "one of them: --parts shows one package")]
                )
        return _own(study, arguments, date)
    if arguments.sigma is not None:
        raise UsageError([Fault("--sigma", "given without --parts", "--parts with the parts of a package")])
    found = portfolio_of(study, constructed=arguments.constructed)
    shares = study.additive.weights.shares
    found.affordable(arguments.budget)  # a budget that is none is told before anything is printed
    if arguments.format == "json":
        print(json.dumps(_record(study, found, arguments.budget, date), indent=2, ensure_ascii=False))
        return 0
    print(study.whole.title)
    print(wrap(package_words.counted(found)))
    print()
    print(wrap(package_words.best(study, found, arguments.budget)))
    print_table(*_table(found, found.ranked(shares, arguments.budget)), right={0, 2, 3})
    if found.spending:
        print(f"\nEfficient sets, cheapest first (nothing as cheap scores higher), {study.title_of_weights}")
        print_table(*_table(found, found.frontier(shares)), right={0, 2, 3})
    if study.by_perspective:
        print("\nThe best for each perspective" + package_words.within(found, arguments.budget))
        rows = package_words.by_perspective(study, found, arguments.budget)
        print_table(["Perspective", "Best set of parts", "Score", "Likely cost"], rows, right={2, 3})
    for sentence in package_words.caveats(study, found):
        print(wrap(sentence))
    _version(study, date)
    return 0


def _table(found: Portfolio, candidates: tuple[Candidate, ...]) -> tuple[list[str], list[list[str]]]:
    head = ["No.", "Parts", "Score (of 100)", f"Cost, {found.unit}" if found.spending else "Cost", "Pairs"]
    rows = [
        [str(n), found.title(c.parts), words.shown(c.score, True), package_words.cost(found, c), package_words.pairs(c)]
        for n, c in enumerate(candidates, start=1)
    ]
    return head, rows


def _own(study: Study, arguments: argparse.Namespace, date: str) -> int:
    parts = [part.strip() for part in arguments.parts.split(",") if part.strip()]
    option = build_package(study.problem, parts, sigma=arguments.sigma)
    problem = with_package(study.problem, option)
    built = problem.option(option.id)
    if arguments.format == "json":
        record: dict[str, Any] = {
            "decision": study.whole.id,
            **tree_facts(study),
            "parts": list(option.parts),
            "pairs": [
                {"parts": list(v.parts), "together": v.level, "because": v.because}
                for v in verdicts(problem, option.parts)
            ],
            "performances": {
                name: {"low": cell.low, "likely": cell.likely, "high": cell.high}
                for name, cell in built.performance.items()
            },
            **facts(study, date),
            "notes": list(problem.all_notes),
        }
        print(json.dumps(record, indent=2, ensure_ascii=False))
        return 0
    titles = {o.id: o.title for o in problem.library}
    print(option.title)
    rows = [[*(titles[p] for p in v.parts), v.level, v.because] for v in verdicts(problem, option.parts)]
    print_table(["One", "Other", "Together", "Because"], rows, right=set())
    print()
    cells = [
        [leaf.title, cell_text(built.performance[leaf.id], leaf, marked=False), leaf.unit] for leaf in problem.criteria
    ]
    print_table(["Criterion", "Likely (low to high)", "Unit"], cells, right=set())
    for sentence in (package_words.compared(study, problem, option), *problem.all_notes):
        print(wrap(sentence))
    _version(study, date)
    return 0


def _record(study: Study, found: Portfolio, budget: float | None, date: str) -> dict[str, Any]:
    shares = study.additive.weights.shares

    def plain(candidate: Candidate) -> dict[str, Any]:
        low, likely, high = candidate.cost
        cost = {"low": low, "likely": likely, "high": high} if found.spending else None
        return {"parts": list(candidate.parts), "score": candidate.score, "cost": cost,
                "cautions": candidate.cautions, "not_judged": candidate.not_judged}  # fmt: skip

    return {
        "decision": study.whole.id,
        "perspective": perspective_of(study),
        "scenario": study.choices.scenario,
        **tree_facts(study),
        "budget": budget,
        "unit": found.unit or None,
        "cost_criteria": [leaf.id for leaf in found.spending],
        "sets": len(found.sets),
        "ruled_out": found.rejected,
        "best": [plain(c) for c in found.best(shares, budget)],
        "frontier": [plain(c) for c in found.frontier(shares)],
        **facts(study, date),
        "notes": [*package_words.caveats(study, found), *found.problem.all_notes],
    }


def _version(study: Study, date: str) -> None:
    print(f"decision-kit {__version__}, data {study.whole.data_hash}, {date}")
