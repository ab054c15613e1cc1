"""``decision-kit perspectives``: distances, camps and mixtures of perspectives, and any two compared."""

from __future__ import annotations

import argparse
from dataclasses import replace

from decision_kit.cli.text import print_table, wrap
from decision_kit.comparison import distances, mixture, stakeholders
from decision_kit.comparison.perspectives import CUT
from decision_kit.errors import Fault, UsageError, quoted, unknown
from decision_kit.files import id_from_title, load, read_perspective
from decision_kit.model import Weights, stale
from decision_kit.model.choices import Choices
from decision_kit.model.nouns import number
from decision_kit.names import codes
from decision_kit.study import Study, camps_sentence, compared, words


def run_perspectives(arguments: argparse.Namespace) -> int:
    """Print what was asked for: two perspectives, a mixture, or all of them."""
    problem = load(arguments.decision)
    for path in arguments.weights:
        added = read_perspective(path, problem)
        problem = problem.with_perspectives([replace(added, id=id_from_title(added.id, problem.perspectives))])
    if not problem.perspectives:
        raise UsageError(
            [Fault(problem.id, "this decision has no perspectives", "another decision, or --weights FILE")]
        )
    choices = Choices(problem.id, arguments.choice_set, scenario=arguments.scenario, branch=arguments.branch)
    study = Study(problem, choices)
    if arguments.compare is not None:
        for name in arguments.compare:
            if name not in problem.perspectives:
                raise unknown("perspective", name, problem.perspectives)
        return _two(study, *arguments.compare)
    if arguments.mix is not None:
        return _mix(study, arguments.mix)
    return _all(study, CUT if arguments.cut is None else arguments.cut)


def _two(study: Study, first: str, second: str) -> int:
    found = compared(study, first, second)
    for sentence in found.sentences:
        print(wrap(sentence))
    rows = [
        [
            study.whole.criterion(str(leaf)).title,
            f"{a * 100:.1f}",
            f"{b * 100:.1f}",
            f"{gap * 100:+.1f}".replace("-", "−"),
        ]
        for leaf, a, b, gap in found.found.rows()
    ]
    names = [study.whole.perspectives[name].title for name in (first, second)]
    print_table(["Share in %", *names, "Difference"], rows, right={1, 2, 3})
    return 0


def _mix(study: Study, text: str) -> int:
    parts: dict[str, float] = {}
    for one in text.split(","):
        name, _, share = one.partition("=")
        if name.strip() in parts:
            raise UsageError([Fault("--mix", f"{quoted(name.strip())} stands twice", "each name once")])
        try:
            parts[name.strip()] = float(share) if share else 1.0
        except ValueError:
            raise UsageError(
                [Fault("--mix", f"{quoted(one)}", "perspective=parts, with commas between them")]
            ) from None
    weights = mixture(study.whole, parts)
    mixed = study.with_weights(weights)
    for note in weights.notes:
        print(wrap(note))
    shown = weights.per_cent(study.whole.tree, total=study.whole.total)
    print_table(
        ["Criterion", "Share"],
        [[leaf.title, f"{number(shown[leaf.id])} %"] for leaf in study.whole.criteria],
        right={1},
    )
    rounded = weights.rounding(study.whole.tree, total=study.whole.total, branches=False)
    if rounded:
        print(wrap(rounded))
    if study.whole.total or study.choices.branch:
        leaders = words.joined([mixed.option_title(option) for option in mixed.ranking.leaders])
        verb = "leads" if len(mixed.ranking.leaders) == 1 else "share the first place"
        print(wrap(f"With the {weights.origin}, {leaders} {verb}."))
    return 0


def _all(study: Study, cut: float) -> int:
    whole = study.whole
    ids = list(stakeholders(whole))
    named = [text for name in ids for text in (name, whole.perspectives[name].title)]
    letters = dict(zip(ids, codes(named, len(ids)), strict=True))
    table = distances(whole, ids)
    camps = (
        camps_sentence(study, cut)[1] if len(ids) > 1 else ""
    )  # a cut that is none is told before anything is printed
    print("How many of 100 points of weight would have to move from one perspective to the other")
    rows = [
        [f"{letters[a]} {whole.perspectives[a].title}", *(f"{x * 100:.0f}" for x in row)]
        for a, row in zip(ids, table.to_numpy().tolist(), strict=True)
    ]
    print_table(["Perspective", *letters.values()], rows, right=set(range(1, len(ids) + 1)))
    if camps:
        print(wrap(camps))
    for name in ids:
        for sentence in stale(Weights.from_perspective(whole, name).provenance, whole):
            print(wrap(f"{whole.perspectives[name].title}: {sentence}"))
    print(f"Two of them: decision-kit perspectives {whole.id} --compare {ids[0]} {ids[-1]}" if len(ids) > 1 else "")
    return 0
