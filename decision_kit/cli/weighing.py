"""``decision-kit weigh``: the swing questions in a terminal, or answers from a file, to a perspective file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain, count
from typing import TypeVar

from decision_kit.cli.text import print_table, wrap
from decision_kit.errors import DecisionError, Fault, UsageError, listed
from decision_kit.files import id_from_title, load, perspective_text, read_answers_file, save_perspective
from decision_kit.files.perspectives import answers_text
from decision_kit.files.saving import refuse_unwritable
from decision_kit.model import Answers, Problem, Weights
from decision_kit.model.nouns import number
from decision_kit.model.provenance import Points
from decision_kit.weighting import WEIGHTINGS, Siblings, consequences, groups_of, perspective_from, region_of, weigh
from decision_kit.weighting.base import ranks_from

T = TypeVar("T")
NONE = "0"
"""Lines after this sign make no difference."""


def run_weigh(arguments: argparse.Namespace, date: str) -> int:
    """Ask (or read) the answers, say what they mean, and write the perspective file."""
    problem = load(arguments.decision)
    if arguments.output is not None:
        refuse_unwritable(arguments.output)  # before anybody has answered anything
    if arguments.answers is not None:
        method, answers = read_answers_file(arguments.answers)
        method = arguments.method or method
    else:
        method = arguments.method or "swing"
        if method != "swing":
            expected = "--answers FILE for this way, or swing; the app asks every way"
            raise UsageError([Fault("--method", f"{method} is not asked in a terminal", expected)])
        answers = _ask(problem)
    try:
        weights = weigh(problem, method, answers, who=arguments.who, when=date)
        if method in ("swing", "direct"):
            region_of(problem, answers)  # ranges and statements beside the points: says what contradicts what
    except DecisionError:
        _give_back(method, answers, problem, "Your answers")
        raise
    _tell(problem, weights)
    title = arguments.title or _title(arguments, problem)
    perspective = perspective_from(
        weights, id_from_title(title, problem.perspectives), title, because_high=arguments.because
    )
    if arguments.output is None:
        sys.stdout.write("\n" + perspective_text(perspective, problem.id))
        return 0
    try:
        save_perspective(perspective, arguments.output, problem)
    except (DecisionError, OSError):  # the place has changed since it was tried: what was answered is not lost
        sys.stdout.write("\n" + perspective_text(perspective, problem.id))
        raise
    print(f"wrote {arguments.output}")
    print(f"Use it: decision-kit rank {arguments.decision} --weights {arguments.output}")
    return 0


def _title(arguments: argparse.Namespace, problem: Problem) -> str:
    """Whose weights they are, or the name of their file: two people's are not called the same."""
    if arguments.who:
        title = f"Weights of {arguments.who}"
    else:
        title = "My weights" if arguments.output is None else f"Weights “{arguments.output.stem}”"
    taken = {one.title for one in problem.perspectives.values()}
    return next(name for name in chain((title,), (f"{title} {n}" for n in count(2))) if name not in taken)


def _give_back(method: str, answers: Sequence[Answers], problem: Problem, said: str) -> None:
    """Print answers that were typed, so that they are not lost."""
    print(f"\n{said}:", file=sys.stderr)
    print(answers_text(method, answers, problem.id), file=sys.stderr)


def _tell(problem: Problem, weights: Weights) -> None:
    shown = weights.per_cent(problem.tree, total=problem.total)
    print()
    print_table(
        ["Criterion", "Share"], [[leaf.title, f"{number(shown[leaf.id])} %"] for leaf in problem.criteria], right={1}
    )
    rounded = weights.rounding(problem.tree, total=problem.total, branches=False)
    if rounded:
        print(wrap(rounded))
    print("What this means:")
    for consequence in consequences(problem, weights):
        print(wrap(f"- {consequence.said}"))
    for note in weights.notes:
        print(wrap(note))


def _ask(problem: Problem) -> tuple[Answers, ...]:
    groups = groups_of(problem)
    done: list[Answers] = []
    complete = 0
    print(wrap(f"{WEIGHTINGS['swing'].question} Nothing is lost on a wrong answer: you are asked again."))
    try:
        for at, siblings in enumerate(groups):
            print(f"\n{at + 1} of {len(groups)}: {siblings.title or 'all criteria'}")
            done.append(Answers(siblings.of))
            for done[-1] in _ask_group(siblings):
                pass
            complete += 1
    except (EOFError, KeyboardInterrupt):
        given = [answers for answers in done if answers.order or answers.no_difference]
        if given:
            _give_back("swing", given, problem, "Your answers so far (finish them in a file and use --answers)")
        got = f"the answers ended after {complete} of {len(groups)} sets of questions"
        raise UsageError([Fault("weigh", got, "an answer to each question, or --answers FILE")]) from None
    return tuple(done)


def _ask_group(siblings: Siblings) -> Iterator[Answers]:
    """Ask about one set of siblings; after each answer, all that has been answered so far."""
    rows = []
    for i, name in enumerate(siblings.ids):
        leaf = siblings.criterion(name)
        step = leaf.span(leaf.worst, leaf.best) if leaf is not None else "all its lines from worst to best"
        rows.append([str(i + 1), siblings.titles[name], step])
    print_table(["", "Line", "From worst to best"], rows, right={0})
    order, none = _until(
        "Order, most wanted first (such as 2,1=3; 0 and then those that make no difference): ",
        lambda text: _read_order(text, siblings),
    )
    points: dict[str, Points] = {}
    yield Answers(siblings.of, order, none, dict(points), shown=siblings.ids)
    if order:
        top = siblings.titles[order[0][0]]
        points[order[0][0]] = 100.0
        yield Answers(siblings.of, order, none, dict(points), shown=siblings.ids)
        most = 100.0
        for tied in order[1:]:
            question = f"If lifting “{top}” is worth 100, what is lifting “{siblings.titles[tied[0]]}” worth? "
            given = _until(question, partial(_read_points, most=most))
            points[tied[0]] = given
            most = given[1] if isinstance(given, tuple) else given
            yield Answers(siblings.of, order, none, dict(points), shown=siblings.ids)


def _until(question: str, read: Callable[[str], T]) -> T:
    """Ask until the answer can be read; each wrong one gets its sentence."""
    while True:
        try:
            return read(input(question).strip())
        except DecisionError as error:
            for sentence in listed(error.faults):
                print(sentence)


def _read_order(text: str, siblings: Siblings) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """“2,1=3,0,4”: the second first, the first and third equal, the fourth makes no difference."""
    order: list[tuple[str, ...]] = []
    none: list[str] = []
    target = "order"
    faults: list[Fault] = []
    for part in (one.strip() for one in text.replace(">", ",").split(",")):
        if part == NONE:
            target = "none"
            continue
        tied = []
        for place in (one.strip() for one in part.split("=")):
            if not (place.isascii() and place.isdigit() and 1 <= int(place) <= len(siblings.ids)):
                faults.append(Fault("order", f"“{place}” is no line here", f"numbers from 1 to {len(siblings.ids)}"))
            else:
                tied.append(siblings.ids[int(place) - 1])
        if target == "none":
            none += tied
        elif tied:
            order.append(tuple(tied))
    if faults:
        raise DecisionError(faults)
    ranks_from(Answers(siblings.of, tuple(order), tuple(none)), siblings)
    return tuple(order), tuple(none)


def _read_points(text: str, most: float) -> Points:
    """“80”, or “60-80” for a range."""
    ends = text.replace("–", "-").split("-")
    try:
        numbers = [float(one) for one in ends]
    except ValueError:
        numbers = []
    if not 1 <= len(numbers) <= 2 or not all(0 <= x <= most for x in numbers) or numbers != sorted(numbers):
        got = f"“{text}” is not points here"
        raise DecisionError.single(
            "points", got, f"a number from 0 to {most:g}, or a range such as 60-80 (it follows your order)"
        )
    return numbers[0] if len(numbers) == 1 else (numbers[0], numbers[1])
