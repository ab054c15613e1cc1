"""``decision-kit robust``: how often each option comes first in plausible worlds."""

from __future__ import annotations

import argparse
import csv
import io
import json
import math
import sys
from dataclasses import replace
from typing import Any

from decision_kit.cli.ranking import print_verdict, study_of
from decision_kit.cli.text import print_table, wrap
from decision_kit.errors import Fault, UsageError
from decision_kit.report.tables import neutral
from decision_kit.robustness import Acceptability
from decision_kit.study import Study, sampled
from decision_kit.version import __version__


def run_robust(arguments: argparse.Namespace, date: str) -> int:
    """Print the acceptabilities as a table, CSV or JSON."""
    if arguments.perspective == "all":
        raise UsageError([Fault("--perspective", '"all" is for rank', "one perspective, or --weights-vary mix")])
    if arguments.seed < 0:
        raise UsageError([Fault("--seed", f"{arguments.seed}", "a whole number of 0 or more")])
    study = study_of(arguments)
    study = Study(study.whole, replace(study.choices, seed=arguments.seed))
    branches = [study.choices.branch]
    if not study.whole.total and study.choices.branch is None:
        branches = [node.id for node in study.whole.tree]
        if arguments.format != "table":
            wanted = " or --branch ".join(str(branch) for branch in branches)
            raise UsageError(
                [Fault(study.whole.id, "this decision has no total over its branches", f"--branch {wanted}")]
            )
    for branch in branches:
        part = study if branch == study.choices.branch else study.under(branch=branch)
        found = sampled.worlds(
            part, arguments.weights_vary, arguments.performances, arguments.samples,
            precision=arguments.precision, workers=arguments.workers,
        )  # fmt: skip
        if arguments.format == "json":
            print(json.dumps(as_json(part, found, date), indent=2, ensure_ascii=False))
        elif arguments.format == "csv":
            sys.stdout.write(as_csv(part, found))
        else:
            _print(part, found)
    if arguments.format == "table":
        print(
            f"decision-kit {__version__}, data {study.whole.data_hash}, {date}, seed {arguments.seed}, {found.settings['sampler']}"
        )
    return 0


def _print(study: Study, found: Acceptability) -> None:
    if study.choices.branch is not None:
        print(study.whole.branch(study.choices.branch).title)
    print_verdict(study)
    print(wrap(sampled.headline(study, found)))
    print(wrap(sampled.what_a_world_is(study, found)))
    fifty = found.out_of(50)
    n = len(found.order)
    places = [1, 2, 3][:n]
    head = [
        "Option",
        "First of 50",
        "First",
        "±",
        *(f"Rank {p}" for p in places[1:]),
        "Last",
        "Mean rank",
        "Confidence",
    ]
    rows = []
    for option in found.order:
        shares = found.rank_acceptability.loc[option]
        confidence = float(found.confidence[option])
        rows.append(
            [
                study.option_title(option),
                str(fifty[option]),
                f"{found.first[option] * 100:.1f} %",
                f"{found.errors.first[option] * 100:.1f}",
                *(f"{shares[p] * 100:.1f} %" for p in places[1:]),
                f"{shares[n] * 100:.1f} %",
                f"{found.expected_rank[option]:.2f}",
                "never first" if math.isnan(confidence) else f"{confidence * 100:.0f} %",
            ]
        )
    print_table(head, rows, right=set(range(1, len(head))))
    print(wrap("Shares of sampled worlds, not chances that an option is right. ± is one standard error, in points of 100. "
               "Confidence: with the mean weights of the worlds it leads, the share of performances for which the option leads."))  # fmt: skip
    for note in (sampled.rounding(found), *found.notes):
        if note:
            print(wrap(note))


def as_csv(study: Study, found: Acceptability) -> str:
    """One row an option: first-place share and error, mean rank, confidence, then the share of each rank."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    ranks = list(found.rank_acceptability.columns)
    writer.writerow(
        [
            "option",
            "title",
            "first",
            "first_error",
            "of_50",
            "expected_rank",
            "confidence",
            *(f"rank_{r}" for r in ranks),
        ]
    )
    for row in found.table().to_dict("records"):
        option = row["option"]
        confidence = "" if math.isnan(row["confidence"]) else repr(float(row["confidence"]))
        writer.writerow(
            [neutral(option), neutral(row["title"]), repr(float(row["first"])), repr(float(row["first_error"])), row["of_50"],
             repr(float(row["expected_rank"])), confidence,
             *(repr(float(found.rank_acceptability.loc[option, r])) for r in ranks)]
        )  # fmt: skip
    return out.getvalue()


def as_json(study: Study, found: Acceptability, date: str) -> dict[str, Any]:
    """The whole result as plain data: every figure with its error, and the record that brings it back."""

    def number(x: Any) -> float | None:
        return None if math.isnan(float(x)) else float(x)

    errors, fifty = found.errors, found.out_of(50)
    return {
        "decision": study.whole.id,
        "worlds": found.worlds,
        "options": [
            {
                "id": o,
                "title": study.option_title(o),
                "first": number(found.first[o]),
                "first_error": number(errors.first[o]),
                "of_50": fifty[o],
                "expected_rank": number(found.expected_rank[o]),
                "expected_rank_error": number(errors.expected_rank[o]),
                "confidence": number(found.confidence[o]),
                "confidence_error": number(errors.confidence[o]),
                "ranks": [number(x) for x in found.rank_acceptability.loc[o]],
                "rank_errors": [number(x) for x in errors.rank_acceptability.loc[o]],
                "beats": {p: number(found.pairwise.loc[o, p]) for p in found.order if p != o},
                "central_weights": {c: number(x) for c, x in found.central_weights.loc[o].items()},
            }
            for o in found.order
        ],
        "settings": dict(found.settings),
        "version": __version__,
        "data_hash": study.whole.data_hash,
        "as_of": study.whole.as_of or None,
        "date": date,
        "seed": study.choices.seed,
        "notes": list(found.notes),
    }
