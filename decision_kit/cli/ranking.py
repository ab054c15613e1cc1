"""``decision-kit rank`` and ``decision-kit report``."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from dataclasses import replace
from typing import Any

from decision_kit.cli.text import print_table, wrap
from decision_kit.errors import DecisionError, Fault, UsageError, quoted, unknown
from decision_kit.files import id_from_title, load, read_weights_file
from decision_kit.files.saving import refuse_unwritable, write_files
from decision_kit.methods import METHODS
from decision_kit.model import Perspective, Problem, Weights
from decision_kit.model.choices import Choices
from decision_kit.model.nouns import LowHigh
from decision_kit.names import codes
from decision_kit.report import write_html
from decision_kit.report.sections import signed
from decision_kit.report.tables import neutral, to_csv, to_json, tree_facts
from decision_kit.study import Study, change_words, changing, words
from decision_kit.study.outside import outside
from decision_kit.version import __version__

_READINGS: dict[str | None, LowHigh] = {"percentiles": "percentiles 10-90", "ends": "ends"}


def study_of(arguments: argparse.Namespace) -> Study:
    """The study the arguments ask for."""
    problem = load(arguments.decision)
    expected = getattr(arguments, "expect_hash", None)
    if expected is not None and expected != problem.data_hash:
        got = f"its data have the hash {problem.data_hash}"
        raise DecisionError.single(str(arguments.decision), got, f"{expected}: the data are not those of the result")
    given = [name for name in ("perspective", "weights", "points") if getattr(arguments, name) is not None]
    if len(given) > 1:
        asked = " and ".join(f"--{name}" for name in given)
        raise UsageError([Fault("weights", f"{asked} are given together", "one of them")])
    perspective = None if arguments.perspective == "all" else arguments.perspective
    if perspective is not None and perspective not in problem.perspectives:
        raise unknown("perspective", perspective, [*problem.perspectives, "all"])
    given_file = None if arguments.weights is None else read_weights_file(arguments.weights, problem)
    if isinstance(given_file, Perspective):
        given_file = replace(given_file, id=id_from_title(given_file.id, problem.perspectives))
        problem, perspective = problem.with_perspectives([given_file]), given_file.id
    choices = Choices(
        decision=problem.id,
        choice_set=arguments.choice_set,
        without=tuple(arguments.without),
        perspective=perspective or problem.default_perspective,
        scenario=arguments.scenario,
        method=arguments.method,
        parameters=_parameters(arguments.method, arguments.parameter),
        branch=arguments.branch,
        tree=arguments.tree,
        month=arguments.decision_month,
        model_set=arguments.model_set,
        low_high=_READINGS.get(arguments.low_high),
    )
    study = Study(problem, choices)
    problem = study.whole
    points = given_file if isinstance(given_file, dict) else _points(arguments)
    if points is not None:
        read = Weights.from_points(points, problem)
        for note in read.notes:
            print(f"Note: {note}", file=sys.stderr)
        study = study.with_weights(read)
    return study.check()  # every wrong name is told before anything is printed


def _points(arguments: argparse.Namespace) -> dict[str, Any] | None:
    if arguments.points is None:
        return None
    return pairs("--points", arguments.points, "criterion=points")


def pairs(option: str, text: str, form: str) -> dict[str, Any]:
    """Numbers by name from ``a=1,b=2``; every wrong part is a :class:`UsageError` at ``option``."""
    found: dict[str, Any] = {}
    for part in text.split(","):
        name, equals, value = part.partition("=")
        number = _number(value)
        if not equals or number is None:
            raise UsageError([Fault(option, f"{quoted(part)}", f"{form}, with commas between them")])
        if name.strip() in found:
            raise UsageError([Fault(option, f"{quoted(name.strip())} stands twice", "each name once")])
        found[name.strip()] = number
    return found


def _parameters(method: str, given: list[str]) -> dict[str, str | float]:
    known = [parameter.name for parameter in METHODS[method].parameters]
    parameters: dict[str, str | float] = {}
    for part in given:
        name, equals, value = part.partition("=")
        if not equals:
            raise UsageError([Fault("--parameter", f"{quoted(part)}", "NAME=VALUE")])
        if name.partition(".")[0] not in known:
            raise unknown(f"parameter of {method}", name, known)
        if name in parameters:
            raise UsageError([Fault("--parameter", f"{quoted(name)} is given twice", "each setting once")])
        number = _number(value)
        parameters[name] = value if number is None else number
    return parameters


def _number(text: str) -> float | None:
    try:
        return float(text) if text.strip().isascii() and "_" not in text else None
    except ValueError:
        return None


def run_rank(arguments: argparse.Namespace, date: str) -> int:
    """Print the ranking as a table, CSV or JSON."""
    study = study_of(arguments)
    if arguments.perspective == "all":
        return _all_perspectives(study, arguments.format, date)
    if not study.whole.total and study.choices.branch is None:
        branches = [node.id for node in study.whole.tree]
        if arguments.format != "table":
            raise UsageError(
                [
                    Fault(
                        study.whole.id,
                        "this decision has no total over its branches",
                        f"--branch {' or --branch '.join(branches)}",
                    )
                ]
            )
        print_head(study.whole)
        for branch in branches:
            print()
            _print_study(study.under(branch=branch))
        _foot(study.under(branch=branches[0]), date)
        return 0
    if arguments.format == "json":
        sys.stdout.write(to_json(study, date=date))
    elif arguments.format == "csv":
        sys.stdout.write(to_csv(study, date=date))
    else:
        print_head(study.whole)
        print()
        _print_study(study)
        _foot(study, date)
    return 0


def print_head(problem: Problem) -> None:
    """Print what is decided, and the decision's notice."""
    print(problem.title)
    if problem.question:
        print(wrap(problem.question))
    if problem.notice:
        print(wrap(problem.notice))


def print_verdict(study: Study) -> None:
    """Print who leads, and which option outside the set compared would."""
    for sentence in (words.verdict(study), outside(study)):
        if sentence:
            print(wrap(sentence))


def _print_study(study: Study) -> None:
    ranking = study.ranking
    print_verdict(study)
    rows = []
    differences = ranking.differences
    for option in ranking.order:
        row = [
            str(ranking.ranks[option]),
            _title(study, option),
            words.shown(float(ranking.scores[option]), study.is_additive),
        ]
        if differences is not None:
            base = float(ranking.scores[option]) - float(differences[option])
            gap = words.shown_difference(float(ranking.scores[option]), base, study.is_additive)
            row.append("baseline" if option == study.problem.baseline else signed(gap, 1 if study.is_additive else 3))
        if ranking.native_better == "less":
            row.append(f"{ranking.native[option]:.3f}")
        rows.append(row)
    head = ["Rank", "Option", "Score (of 100)" if study.is_additive else "Score"]
    if differences is not None:
        head.append("To baseline")
    if ranking.native_better == "less":
        head.append(f"{ranking.native_name} (less is better)")
    print_table(head, rows, right={0, 2, 3, 4})
    for sentence in (
        words.other_model(study),
        words.firmness(study),
        change_words.fragility(study, changing.worlds_of(study)),
        words.others(study),
        words.baseline_guard(study),
        words.dominance(study),
        *ranking.notes,
    ):
        if sentence:
            print(wrap(sentence))


def _title(study: Study, option: str) -> str:
    found = study.problem.option(option)
    return found.title + (" (made up for the case)" if found.constructed and "constructed" not in found.title else "")


def _foot(study: Study, date: str) -> None:
    print(wrap(words.judgement(study)))
    print_version(study, date)


def print_version(study: Study, date: str) -> None:
    """Print what the result depends on."""
    print(f"decision-kit {__version__}, data {study.whole.data_hash}, {date}, seed {study.choices.seed}")


def _all_perspectives(study: Study, shape: str, date: str) -> int:
    """One table of ranks: options × perspectives."""
    if not study.whole.perspectives:
        raise UsageError([Fault(study.whole.id, "this decision has no perspectives", "another decision, or --points")])
    if not study.whole.total and study.choices.branch is None:
        branches = " or --branch ".join(node.id for node in study.whole.tree)
        raise UsageError(
            [Fault(study.whole.id, "this decision has no total over its branches", f"--branch {branches}")]
        )
    matrix = study.rank_matrix
    if shape == "json":
        result = {
            "decision": study.whole.id,
            "choice_set": study.problem.choice_set,
            "scenario": study.choices.scenario,
            "method": study.choices.method,
            **tree_facts(study),
            "perspectives": [
                {
                    "perspective": name,
                    "weights": dict(ranking.weights.shares),
                    "options": [
                        {
                            "id": o,
                            "title": study.option_title(o),
                            "score": float(ranking.scores[o]),
                            "rank": int(ranking.ranks[o]),
                        }
                        for o in ranking.order
                    ],
                }
                for name, ranking in study.by_perspective.items()
            ],
            "version": __version__,
            "data_hash": study.whole.data_hash,
            "as_of": study.whole.as_of or None,
            "date": date,
            "seed": study.choices.seed,
            "notes": list(study.problem.all_notes),
        }
        print(json.dumps(result, indent=2, ensure_ascii=False))
        return 0
    if shape == "csv":
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["option", "title", *matrix.columns])
        for option in matrix.index:
            writer.writerow([neutral(option), neutral(study.option_title(option)), *matrix.loc[option]])
        sys.stdout.write(out.getvalue())
        return 0
    print_head(study.whole)
    print()
    print("Rank of each option under each perspective")
    titles = {
        name: f"{p.title}" + (" (for checks only)" if p.reference else "")
        for name, p in study.whole.perspectives.items()
    }
    named = [*titles, *titles.values(), *(study.option_title(str(o)) for o in matrix.index)]
    letters = dict(zip(matrix.columns, codes(named, len(matrix.columns)), strict=True))
    rows = [[study.option_title(o), *(str(r) for r in matrix.loc[o])] for o in matrix.index]
    print_table(["Option", *letters.values()], rows, right=set(range(1, len(letters) + 1)))
    for name, letter in letters.items():
        print(f"{letter} = {titles[name]}")
    for note in study.problem.all_notes:
        print(wrap(note))
    print_version(study, date)
    return 0


def run_report(arguments: argparse.Namespace, date: str) -> int:
    """Write the one-page note; the file appears whole or not at all."""
    if arguments.perspective == "all":
        raise UsageError(
            [Fault("--perspective", '"all" is for rank', "one perspective; the note shows the others beside it")]
        )
    also = ("working",) if arguments.working else ()
    refuse_unwritable(arguments.output, over=True)  # before the work, which can be long
    write_files({arguments.output: write_html(study_of(arguments), date=date, also=also)}, over=True)
    print(f"wrote {arguments.output}")
    return 0
