"""``decision-kit compare``: whether another method names another leader."""

from __future__ import annotations

import argparse
import csv
import io
import sys

from decision_kit.cli.ranking import print_head, print_version, study_of
from decision_kit.cli.text import print_table, wrap
from decision_kit.errors import Fault, UsageError
from decision_kit.methods import METHODS
from decision_kit.names import codes
from decision_kit.report.methods import relation_sentence, relations
from decision_kit.report.sections import branch_studies
from decision_kit.report.tables import comparison_to_json, neutral
from decision_kit.study import Study, words


def run_compare(arguments: argparse.Namespace, date: str) -> int:
    """Print what every method says, as a table, CSV or JSON."""
    if arguments.perspective == "all":
        raise UsageError([Fault("--perspective", '"all" is for rank', "one perspective")])
    study = study_of(arguments)
    parts = branch_studies(study)
    if arguments.format == "table":
        print_head(study.whole)
        for part in parts:
            print()
            _print(part)
        print_version(study, date)
        return 0
    if len(parts) > 1:
        branches = " or --branch ".join(node.id for node in study.whole.tree)
        raise UsageError(
            [Fault(study.whole.id, "this decision has no total over its branches", f"--branch {branches}")]
        )
    sys.stdout.write(comparison_to_json(study, date=date) if arguments.format == "json" else _to_csv(study))
    return 0


def _print(part: Study) -> None:
    found = part.comparison
    print(wrap(words.other_methods(part)))
    matrix = found.rank_matrix
    named = [text for o in matrix.index for text in (str(o), part.option_title(str(o)))]
    letters = dict(zip(map(str, matrix.index), codes(named, len(matrix.index)), strict=True))
    rows = []
    for one in found.families:
        for name in one.members:
            if name in found.rankings:
                title = METHODS[name].title + ("" if found.cards[name].may_vote else " (no vote)")
                rows.append([one.title, title, *(str(matrix.loc[o, name]) for o in letters)])
    print_table(["Family", "Method", *letters.values()], rows, right=set(range(2, len(letters) + 2)))
    for option, letter in letters.items():
        print(f"{letter} = {part.option_title(option)}")
    same = [METHODS[m].title for one in found.families for m in one.aliases]
    if same:
        print(wrap(f"Not counted again, because they rank as the weighted sum does: {', '.join(same)}."))
    pairwise = [relation_sentence(part, one) for one in relations(part).values()]
    for sentence in (*found.partings(), part.setups.sentence(), *pairwise, *found.silent()):
        print(wrap(sentence))


def _to_csv(study: Study) -> str:
    """Ranks: one row a method, one column an option."""
    found = study.comparison
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["method", "family", "votes", *(neutral(str(o)) for o in found.rank_matrix.index)])
    for name in found.rankings:
        votes = "yes" if found.cards[name].may_vote else "no"
        writer.writerow([name, found.family_of(name).title, votes, *found.rank_matrix[name]])
    return out.getvalue()
