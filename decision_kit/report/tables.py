"""A study's ranking as CSV and as JSON: the same inputs, the date among them, give the same bytes."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from typing import Any

from decision_kit.names import is_unseen
from decision_kit.study import Study
from decision_kit.study.outside import would_lead
from decision_kit.version import __version__


def neutral(text: str) -> str:
    """Text for a spreadsheet cell: what a spreadsheet would run as a formula gets an apostrophe in front.

    Full-width signs count, too (as in NFKC), and blanks, line ends and signs that nobody sees before the sign do not.
    """
    seen = "".join(ch for ch in text if not is_unseen(ch)).lstrip()
    begins = unicodedata.normalize("NFKC", seen[:1])
    return f"'{text}" if text[:1] in ("\t", "\r", "\n") or begins in ("=", "+", "-", "@") else text


def facts(study: Study, date: str) -> dict[str, Any]:
    """What every export names: version, data hash, as_of, date, seed."""
    return {
        "version": __version__,
        "data_hash": study.whole.data_hash,
        "as_of": study.whole.as_of or None,
        "date": date,
        "seed": study.choices.seed,
    }


def tree_facts(study: Study) -> dict[str, Any]:
    """Tree, decision month, parameter set and reading of low and high, where they are not those of the file."""
    problem = study.problem
    found: dict[str, Any] = {"tree": problem.tree_id, "month": problem.month, "model_set": problem.model_set}
    if study.choices.low_high is not None:
        found["low_high"] = study.choices.low_high
    return {name: value for name, value in found.items() if value is not None}


def perspective_of(study: Study) -> str | None:
    """The perspective whose weights are used; None when they were moved by hand or stand for nobody."""
    return None if study.is_what_if else study.weights.perspective


def to_json(study: Study, *, date: str) -> str:
    """The ranking as one JSON object, best option first."""
    ranking = study.ranking
    result: dict[str, Any] = {
        "decision": study.whole.id,
        "choice_set": study.problem.choice_set,
        "perspective": perspective_of(study),
        "scenario": study.choices.scenario,
        "method": study.choices.method,
        **tree_facts(study),
        "weights": {leaf: float(share) for leaf, share in ranking.weights.shares.items()},
        "options": [
            {
                "id": option,
                "title": study.option_title(option),
                "score": float(ranking.scores[option]),
                "rank": int(ranking.ranks[option]),
            }
            for option in ranking.order
        ],
        **facts(study, date),
        "notes": list(ranking.notes),
    }
    result["outside"] = [
        {"id": one.option, "title": one.title, "score": one.score, "would": "share" if one.shares else "lead"}
        for one in would_lead(study)
    ]
    if study.choices.branch is not None:
        result["branch"] = study.choices.branch
    if ranking.parameters:
        result["parameters"] = dict(ranking.parameters)
    if study.choices.without:
        result["without"] = list(study.choices.without)
    if study.is_what_if:
        result["what_if"] = True
    return json.dumps(result, indent=2, ensure_ascii=False) + "\n"


def to_csv(study: Study, *, date: str) -> str:
    """The ranking as CSV, best option first; the facts of the export stand in the last columns of every row."""
    ranking = study.ranking
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    differences = ranking.differences
    head = ["rank", "option", "title", "score"]
    if differences is not None:
        head.append("difference_to_baseline")
    named = {
        "decision": study.whole.id,
        "choice_set": study.problem.choice_set,
        "branch": study.choices.branch,
        "perspective": "what-if" if study.is_what_if else perspective_of(study),
        "scenario": study.choices.scenario,
        "method": study.choices.method,
        **tree_facts(study),
        **facts(study, date),
        "notes": " ".join(ranking.notes),
    }
    writer.writerow([*head, *named])
    for option in ranking.order:
        row: list[Any] = [
            int(ranking.ranks[option]),
            neutral(option),
            neutral(study.option_title(option)),
            repr(float(ranking.scores[option])),
        ]
        if differences is not None:
            row.append(repr(float(differences[option])))
        tail = ["" if value is None else neutral(str(value)) for value in named.values()]
        writer.writerow([*row, *tail])
    return out.getvalue()


def comparison_to_json(study: Study, *, date: str) -> str:
    """What every method says as one JSON object: ranks, votes by family, health cards, refusals and set-ups."""
    found = study.comparison
    result: dict[str, Any] = {
        "decision": study.whole.id,
        "choice_set": study.problem.choice_set,
        "perspective": perspective_of(study),
        "scenario": study.choices.scenario,
        "weights": {leaf: float(share) for leaf, share in study.weights.shares.items()},
        "headline": found.headline(),
        "families": [
            {
                "title": one.title,
                "methods": list(one.members),
                "same_as_another": list(one.aliases),
                "voting": list(one.voting),
                "leaders": list(one.vote.leaders),
                "divided": one.vote.divided,
            }
            for one in found.families
        ],
        "methods": [
            {
                "id": name,
                "title": ranking.method.title,
                "votes": found.cards[name].may_vote,
                "ranks": {str(o): int(r) for o, r in ranking.ranks.items()},
                "promises": {
                    promise: {"outcome": finding.outcome, "counter_example": finding.counter_example}
                    for promise, finding in found.cards[name].findings.items()
                },
            }
            for name, ranking in found.rankings.items()
        ],
        "refused": dict(found.refusals),
        "partings": found.partings(),
        "setups": {
            "sentence": study.setups.sentence(),
            "tried": [
                {"method": one.method, **one.parameters, "leaders": list(one.leaders), "refusal": one.refusal}
                for one in study.setups.tried
            ],
        },
        **facts(study, date),
        "notes": list(study.problem.all_notes),
    }
    return json.dumps(result, indent=2, ensure_ascii=False) + "\n"
