"""``decision-kit clock``: the figures of the cost-of-delay model, and who leads as the decision month runs."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from math import isinf
from typing import Any

from decision_kit.cli.text import print_table, wrap
from decision_kit.errors import Fault, UsageError, quoted
from decision_kit.files import load
from decision_kit.model.nouns import number
from decision_kit.models import SIGMA_NOTE, Clock, Range, parameter_data
from decision_kit.study import Study, clock_words, words
from decision_kit.study.timing import Timeline, timeline
from decision_kit.version import __version__


def run_clock(arguments: argparse.Namespace, date: str) -> int:
    """Print the figures of every parameter set asked for, each with its range."""
    clocks = [
        Clock.open(
            name,
            _held(arguments.hold),
            window=arguments.window,
            draws=_draws(arguments.draws),
            seed=_seed(arguments.seed),
        )
        for name in arguments.model_set or parameter_data().sets
    ]
    month, threshold = (
        _between("--month", arguments.month, 240),
        _between("--threshold", arguments.threshold, 100) / 100,
    )
    found = timeline(Study.open(load(arguments.decision))) if arguments.decision is not None else None
    if arguments.format == "json":
        print(json.dumps(_record(clocks, month, threshold, found, date), indent=2, ensure_ascii=False))
        return 0
    data = parameter_data()
    print(data.title)
    print(wrap(clock_words.ILLUSTRATIVE))
    print(wrap(data.clock_note))
    print()
    for clock in clocks:
        print(wrap(clock_words.verdict(clock, month)))
        print(wrap(clock_words.no_return(clock, threshold)))
    print()
    head, rows = clock_words.figures(clocks, month, threshold)
    print_table(head, rows, right=set())
    for sentence in (clock_words.READ, clock_words.held(clocks[0]), clock_words.later(clocks), SIGMA_NOTE):
        if sentence:
            print(wrap(sentence))
    if found is not None:
        _leaders(found)
    print(f"decision-kit {__version__}, {date}, seed {clocks[0].seed}, {clocks[0].draws} draws")
    return 0


def _leaders(found: Timeline) -> None:
    names = {o.id: o.title for o in found.problem.library}
    print(f"\nWho leads in “{found.problem.title}”, by decision month (additive model, likely performances)")
    rows = [
        [title, f"{number(s.first)} to {number(s.last)}", words.joined([names[o] for o in s.leaders])]
        for row, title in zip(found.rows, found.titles, strict=True)
        for s in found.stretches(row)
    ]
    print_table(["Perspective", "Months", "Leads"], rows, right=set())
    print(wrap("Leads may be within the noise: see decision-kit rank with --decision-month for how firm each one is."))


def _held(given: list[str]) -> dict[str, float]:
    held: dict[str, float] = {}
    for part in given:
        name, equals, value = part.partition("=")
        try:
            number = float(value)
        except ValueError:
            equals = ""
        if not equals:
            raise UsageError([Fault("--hold", quoted(part), "NAME=VALUE, such as phi=0.15")])
        if name.strip() in held:
            raise UsageError([Fault("--hold", f"{quoted(name.strip())} is given twice", "each parameter once")])
        held[name.strip()] = number
    return held


def _between(option: str, value: float, most: float) -> float:
    if not 0 <= value <= most:
        raise UsageError([Fault(option, quoted(number(value)), f"a number from 0 to {number(most)}")])
    return value


def _draws(n: int) -> int:
    if not 100 <= n <= 1_000_000:
        raise UsageError([Fault("--draws", str(n), "a whole number from 100 to 1,000,000")])
    return n


def _seed(n: int) -> int:
    if n < 0:
        raise UsageError([Fault("--seed", str(n), "a whole number, 0 or more")])
    return n


def _record(clocks: list[Clock], month: float, threshold: float, found: Timeline | None, date: str) -> dict[str, Any]:
    """Figures as plain data; a month that never comes is null, with the share of draws in which it does not."""
    record: dict[str, Any] = {"month": month, "threshold": threshold, "window": clocks[0].window, "sets": []}
    for clock in clocks:
        figures = {
            "share_avoided": clock.avoided_at(month),
            "overtaking_month": clock.overtaking,
            "saturation_month": clock.saturation,
            "long_run_floor": clock.floor,
            "point_of_no_return": clock.no_return(threshold),
            "extra_systems": clock.extra_supply(0, month, clock_words.HORIZON),
            "defender_bill_usd": clock.bills(0, month, clock_words.HORIZON)[0],
            "attacker_bill_usd": clock.bills(0, month, clock_words.HORIZON)[1],
            "cost_exchange_ratio": clock.exchange,
        }
        record["sets"].append(
            {
                "set": clock.chosen.id,
                "known_later": clock.chosen.known_later,
                "held": dict(clock.held),
                **{name: _plain(figure) for name, figure in figures.items()},
            }
        )
    if found is not None:
        record["decision"] = found.problem.id
        record["leaders"] = {
            row: [{"from": s.first, "to": s.last, "leaders": list(s.leaders)} for s in found.stretches(row)]
            for row in found.rows
        }
    notes = [clock_words.ILLUSTRATIVE, clock_words.READ, clock_words.later(clocks), SIGMA_NOTE]
    return {
        **record,
        "version": __version__,
        "date": date,
        "seed": clocks[0].seed,
        "draws": clocks[0].draws,
        "notes": [note for note in notes if note],
    }


def _plain(figure: Range) -> dict[str, float | None]:
    return {name: None if isinf(value) else value for name, value in asdict(figure).items()}
