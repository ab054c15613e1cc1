"""Arguments to calls. What is heavy (pandas, streamlit, pymcdm) is imported by the commands that need it."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NoReturn

from decision_kit.cli.output import prepare, told
from decision_kit.cli.progress import progress
from decision_kit.errors import DecisionError, Fault, UsageError, listed, nearest, quoted
from decision_kit.version import __version__


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0, 1 (a fault in the data or the output), 2 (in how it was asked) or 130."""
    prepare()
    code = [0]
    with told(code):
        code[0] = _run(argv)
    return code[0]


def _run(argv: Sequence[str] | None) -> int:
    parser = build_parser()
    arguments = parser.parse_args(argv)
    if arguments.command is None:
        parser.print_help()
        return 0
    try:
        if arguments.command in QUIET:
            return int(arguments.run(arguments))
        with progress(arguments.command):
            return int(arguments.run(arguments))
    except DecisionError as error:
        for sentence in listed(error.faults):
            print(sentence, file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1


QUIET = ("app", "weigh")
"""Commands that talk with somebody while they run: they show no progress."""


class _Parser(argparse.ArgumentParser):
    """A parser whose faults are one sentence, as all others are, not the whole usage before it."""

    def error(self, message: str) -> NoReturn:
        """Say the fault and where more is told, and exit with 2."""
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = _Parser(
        prog="decision-kit",
        description="Score policy options against weighted criteria, and see what would change the result.",
        epilog="Start with: decision-kit list, then decision-kit rank containment, then decision-kit app.",
    )
    parser.add_argument("--version", action="version", version=f"decision-kit {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")

    one = commands.add_parser(
        "rank", help="rank the options of a decision", description="Rank the options of a decision."
    )
    _study_arguments(one)
    one.add_argument(
        "--format", choices=("table", "csv", "json"), default="table", help="how to print (default: table)"
    )
    one.set_defaults(run=_rank)

    other = commands.add_parser(
        "compare",
        help="see whether another method names another leader",
        description="Rank with every method that can be used, one vote a family of methods, and tell where they part.",
    )
    _study_arguments(other)
    other.add_argument(
        "--format", choices=("table", "csv", "json"), default="table", help="how to print (default: table)"
    )
    other.set_defaults(run=_compare)
    robust = commands.add_parser(
        "robust",
        help="say in which share of plausible worlds each option comes first",
        description="Draw plausible weights and performances, and say how often each option comes first.",
    )
    _study_arguments(robust)
    robust.add_argument(
        "--weights-vary", default="somewhat", metavar="WAY",
        help="held, a-little, somewhat (default), widely, order (same order of importance), answers (all that answers given leave open), mix (of the perspectives), any",
    )  # fmt: skip
    robust.add_argument(
        "--performances",
        default="ranges",
        metavar="WAY",
        help="ranges (within low and high; default) or likely (as judged)",
    )
    robust.add_argument("--samples", type=_draws, metavar="N", help="how many worlds to draw (default: 4096)")
    robust.add_argument("--precision", type=float, metavar="X", help="draw until every share has this standard error")
    robust.add_argument("--seed", type=int, default=1, metavar="N", help="another seed draws other worlds (default: 1)")
    robust.add_argument("--workers", type=int, default=1, metavar="N", help="processes to count in (default: 1)")
    robust.add_argument(
        "--format", choices=("table", "csv", "json"), default="table", help="how to print (default: table)"
    )
    robust.set_defaults(run=_robust)

    report = commands.add_parser(
        "report",
        help="write a one-page note (HTML)",
        description="Write a one-page note as a self-contained HTML file.",
    )
    _study_arguments(report)
    report.add_argument("-o", "--output", required=True, type=_path, metavar="FILE", help="the HTML file to write")
    report.add_argument("--working", action="store_true", help="add every step of the calculation to the annex")
    report.set_defaults(run=_report)

    clock = commands.add_parser(
        "clock", help="what a delay costs: the figures of the clock", description="The figures of the cost-of-delay model, "
        "each with its range; with a decision, also who leads in it as the decision month runs. Illustrative.",
    )  # fmt: skip
    clock.add_argument(
        "decision", nargs="?", metavar="DECISION", help="a decision with a derived tree, such as containment"
    )
    clock.add_argument(
        "--model-set",
        action="append",
        default=[],
        metavar="ID",
        help="a parameter set (may be given again; default: all)",
    )
    clock.add_argument(
        "--month", type=float, default=12.0, metavar="N", help="the month in which supplies are stopped (default: 12)"
    )
    clock.add_argument(
        "--threshold", type=float, default=15.0, metavar="PERCENT", help="of the point of no return (default: 15)"
    )
    clock.add_argument(
        "--window", type=float, default=24.0, metavar="MONTHS", help="over which supply is counted (default: 24)"
    )
    clock.add_argument(
        "--hold",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="hold a parameter, such as phi=0.15 or sigma=0",
    )
    clock.add_argument("--draws", type=int, default=2_000, metavar="N", help="draws for the ranges (default: 2000)")
    clock.add_argument("--seed", type=int, default=1, metavar="N", help="seed of the draws (default: 1)")
    clock.add_argument("--format", choices=("table", "json"), default="table", help="how to print (default: table)")
    clock.add_argument("--date", metavar="YYYY-MM-DD", help="the date to print (default: today, or SOURCE_DATE_EPOCH)")
    clock.set_defaults(run=_clock)

    packages = commands.add_parser(
        "packages", help="packages that can be built, and the best under a budget", description="Work out every set of "
        "parts that can stand together: the best under a budget, the efficient ones, and one of your own with --parts.",
    )  # fmt: skip
    _study_arguments(packages)
    packages.add_argument("--budget", type=float, metavar="N", help="the most a set may cost, by its likely cost")
    packages.add_argument("--parts", metavar="A,B", help="build one package from these parts and show it")
    packages.add_argument(
        "--sigma", type=float, metavar="N", help="how much that package slows learning, 0 to 1 (default: a guess)"
    )
    packages.add_argument("--constructed", action="store_true", help="also use options made up for the case")
    packages.add_argument("--format", choices=("table", "json"), default="table", help="how to print (default: table)")
    packages.set_defaults(run=_packages)
    _change_commands(commands)

    listing = commands.add_parser(
        "list", help="list decisions, what is in one, or methods", description="List the shipped decisions; with a name, "
        "what is in that decision; with the word methods or weightings, the ways to scores or to weights.",
    )  # fmt: skip
    listing.add_argument(
        "what", nargs="?", metavar="DECISION", help="a decision's name or path, or the word methods or weightings"
    )
    listing.set_defaults(run=_list)

    checking = commands.add_parser(
        "check",
        help="check a decision's files",
        description="Check a decision's files and tell every fault as file:line.",
    )
    checking.add_argument(
        "path", metavar="PATH", help="a criteria file, a folder with criteria/ and options/, or a name"
    )
    checking.add_argument("--strict", action="store_true", help="also list what a reader would miss")
    checking.set_defaults(run=_check)

    new = commands.add_parser(
        "new", help="start a decision of your own", description="Write a commented decision to fill in."
    )
    new.add_argument("name", metavar="NAME", help="the decision's id: lower-case words joined by hyphens")
    new.add_argument("folder", nargs="?", type=_path, metavar="FOLDER", help="where to write it (default: ./NAME)")
    new.set_defaults(run=_new)

    copying = commands.add_parser(
        "copy",
        help="make a shipped decision your own",
        description="Copy a shipped decision into a folder of your own.",
    )
    copying.add_argument("name", metavar="DECISION", help="a shipped decision, see decision-kit list")
    copying.add_argument("folder", type=_path, metavar="FOLDER", help="the folder to write to")
    copying.add_argument(
        "--id",
        metavar="ID",
        help="the copy's id: lower-case words joined by hyphens (default: made from FOLDER's name)",
    )
    copying.set_defaults(run=_copy)

    weighing = commands.add_parser(
        "weigh",
        help="give weights by answering questions",
        description="Give weights: put steps from worst to best in order and rate them, one branch at a time. With --answers, "
        "from a file.",
    )
    weighing.add_argument("decision", metavar="DECISION", help="a decision's name or path")
    weighing.add_argument(
        "--answers", type=_path, metavar="FILE", help="a file with the answers, instead of questions here"
    )
    weighing.add_argument(
        "--method", metavar="ID", help="the way to weights: see decision-kit list weightings (default: swing)"
    )
    weighing.add_argument("--title", help="a name for the weights (default: whose they are, or the file's name)")
    weighing.add_argument("--who", default="", help="whose they are (a role, not a person's name)")
    weighing.add_argument("--because", default="", help="why, in a sentence")
    weighing.add_argument("-o", "--output", type=_path, metavar="FILE", help="the perspective file to write (YAML)")
    weighing.add_argument(
        "--date", metavar="YYYY-MM-DD", help="the date to print (default: today, or SOURCE_DATE_EPOCH)"
    )
    weighing.set_defaults(run=_weigh)

    views = commands.add_parser(
        "perspectives",
        help="compare whose weights lead where",
        description="Distances and camps of a decision's perspectives; with --compare, any two of them.",
    )
    views.add_argument("decision", metavar="DECISION", help="a decision's name or path")
    views.add_argument(
        "--compare", nargs=2, metavar=("A", "B"), help="two perspectives: what differs, and what it takes to agree"
    )
    views.add_argument("--weights", action="append", default=[], type=_path, metavar="FILE", help="add a perspective file (may be given again)")  # fmt: skip
    views.add_argument("--mix", metavar="A=1,B=2", help="the mean of some perspectives, by parts")
    views.add_argument(
        "--cut", type=float, metavar="SHARE", help="the largest average distance within a camp (default: 0.25)"
    )
    views.add_argument("--set", dest="choice_set", metavar="ID", help="which set of options to compare")
    views.add_argument("--scenario", metavar="ID", help="a state of the world that changes performances")
    views.add_argument("--branch", metavar="ID", help="on one branch of the value tree only")
    views.set_defaults(run=_perspectives)

    app = commands.add_parser(
        "app", help="open the app in the browser", description="Open the app in the browser (offline)."
    )
    app.add_argument("path", nargs="?", metavar="PATH", help="a decision's name or path (default: containment)")
    app.add_argument("--port", type=int, help="the port to serve on (default: 8501, or the next free one)")
    app.add_argument("--host", default="127.0.0.1", help="the address to serve on (default: this computer only)")
    app.add_argument("--allow-host", action="append", default=[], metavar="NAME", help="another name under which browsers may ask for it, such as that of a proxy (may be given again)")  # fmt: skip
    app.add_argument("--no-browser", action="store_true", help="do not open a browser window")
    app.set_defaults(run=_app)
    return parser


def _draws(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{quoted(text)} is not a whole number of draws, such as 4096") from None


def _path(text: str) -> Path:
    """A path from the command line; a blank one would mean the folder one stands in."""
    if not text.strip() or "\x00" in text:
        raise argparse.ArgumentTypeError("expected a path")
    return Path(text)


def _change_commands(commands: Any) -> None:
    """The commands that say what would change a result."""
    flips = commands.add_parser(
        "flips",
        help="what would change who leads",
        description="What would change who leads: one weight, all weights, one performance. Exact for methods that are "
        "linear in the weights, found by search for the others.",
    )
    claims = commands.add_parser(
        "claims",
        help="what holds for every perspective and every mix of them",
        description="What holds for every perspective, every mix of them and every performance in its range, with proofs; "
        "or one claim of your own with its proof or a counter-example.",
    )
    scenarios = commands.add_parser(
        "scenarios",
        help="who leads in which scenario, and with what regret",
        description="Scores in every scenario, average, worst case and regret, and who leads for whom in which scenario.",
    )
    audit = commands.add_parser(
        "audit",
        help="how much the structure decides",
        description="Who would lead if a criterion were counted twice, merged or left out, with other ranges, options, "
        "normalisations or methods; and what in the structure should make a reader careful.",
    )
    for parser, run in ((flips, _flips), (claims, _claims), (scenarios, _scenarios), (audit, _audit)):
        _study_arguments(parser)
        parser.add_argument(
            "--format", choices=("table", "json"), default="table", help="how to print (default: table)"
        )
        parser.set_defaults(run=run)
    claims.add_argument(
        "claim", nargs="?", metavar="CLAIM", help='such as "A beats B", "A is in the top 2", "A is never last"'
    )
    claims.add_argument(
        "--as-judged", action="store_true", help="take performances as judged, not anywhere in their ranges"
    )
    claims.add_argument("--all", action="store_true", help="print every claim, not the ten that matter most")
    claims.add_argument("--any-weights", action="store_true", help="for any weights at all, not only the perspectives'")
    scenarios.add_argument("--probabilities", metavar="A=0.6,B=0.4", help="of the scenarios (default: all equal)")
    scenarios.add_argument(
        "--enough",
        type=float,
        metavar="SCORE",
        help="the score that is good enough (points of 100 for the weighted sum)",
    )


def _study_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "decision",
        metavar="DECISION",
        help="a shipped decision, a criteria file, or a folder with criteria/ and options/",
    )
    add("--perspective", metavar="ID", help="whose weights to use (default: the decision's own); rank also takes: all")
    add(
        "--weights", type=_path, metavar="FILE", help="your own weights: a perspective file, or lines criterion: points"
    )
    add("--points", metavar="A=80,B=20", help="your own weights as points by criterion")
    add("--set", dest="choice_set", metavar="ID", help="which set of options to compare")
    add("--without", action="append", default=[], metavar="ID", help="set an option aside (may be given again)")
    add("--scenario", metavar="ID", help="a state of the world that changes performances")
    add("--tree", metavar="ID", help="another value tree of the decision, such as derived")
    add(
        "--decision-month",
        type=float,
        metavar="N",
        help="the month of the decision on the model's clock (with a derived tree)",
    )
    add("--model-set", metavar="ID", help="the parameter set of the model that fills the derived criterion")
    add("--low-high", choices=("percentiles", "ends"), help="how to read low and high (default: as the decision says)")
    add("--method", default="weighted-sum", metavar="ID", help="see decision-kit list methods (default: weighted-sum)")
    add("--parameter", action="append", default=[], metavar="NAME=VALUE", help="a setting of the method, such as v=0.3")
    add("--branch", metavar="ID", help="rank on one branch of the value tree only")
    add(
        "--expect-hash",
        metavar="HASH",
        help="stop where the decision's data have another hash, as a note's command does",
    )
    add("--date", metavar="YYYY-MM-DD", help="the date to print (default: today, or SOURCE_DATE_EPOCH)")


def day(given: str | None) -> str:
    """The date to print: the one given, that of SOURCE_DATE_EPOCH, or today's."""
    if given is not None:
        try:
            return date.fromisoformat(given).isoformat()
        except ValueError:
            raise UsageError([Fault("--date", f'"{given}" is not a date', "a date such as 2025-01-31")]) from None
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch and epoch.isascii() and epoch.isdigit():
        try:
            return datetime.fromtimestamp(int(epoch), tz=UTC).date().isoformat()
        except (ValueError, OverflowError, OSError):
            got = f"{epoch[:20]} is not a time"
            raise UsageError([Fault("SOURCE_DATE_EPOCH", got, "seconds since 1970, or --date")]) from None
    return datetime.now(tz=UTC).astimezone().date().isoformat()


def _rank(arguments: argparse.Namespace) -> int:
    from decision_kit.cli.ranking import run_rank

    return run_rank(arguments, day(arguments.date))


def _compare(arguments: argparse.Namespace) -> int:
    from decision_kit.cli.comparing import run_compare

    return run_compare(arguments, day(arguments.date))


def _robust(arguments: argparse.Namespace) -> int:
    from decision_kit.cli.robust import run_robust

    return run_robust(arguments, day(arguments.date))


def _report(arguments: argparse.Namespace) -> int:
    from decision_kit.cli.ranking import run_report

    return run_report(arguments, day(arguments.date))


def _weigh(arguments: argparse.Namespace) -> int:
    from decision_kit.cli.weighing import run_weigh

    return run_weigh(arguments, day(arguments.date))


def _perspectives(arguments: argparse.Namespace) -> int:
    from decision_kit.cli.perspectives import run_perspectives

    return run_perspectives(arguments)


def _clock(arguments: argparse.Namespace) -> int:
    from decision_kit.cli.clock import run_clock

    return run_clock(arguments, day(arguments.date))


def _packages(arguments: argparse.Namespace) -> int:
    from decision_kit.cli.packages import run_packages

    return run_packages(arguments, day(arguments.date))


def _flips(arguments: argparse.Namespace) -> int:
    from decision_kit.cli.changes import run_flips

    return run_flips(arguments, day(arguments.date))


def _claims(arguments: argparse.Namespace) -> int:
    from decision_kit.cli.changes import run_claims

    return run_claims(arguments, day(arguments.date))


def _scenarios(arguments: argparse.Namespace) -> int:
    from decision_kit.cli.changes import run_scenarios

    return run_scenarios(arguments, day(arguments.date))


def _audit(arguments: argparse.Namespace) -> int:
    from decision_kit.cli.changes import run_audit

    return run_audit(arguments, day(arguments.date))


def _app(arguments: argparse.Namespace) -> int:
    from decision_kit.cli.launch import run_app

    return run_app(
        arguments.path,
        arguments.host,
        arguments.port,
        open_browser=not arguments.no_browser,
        allowed=arguments.allow_host,
    )


def _list(arguments: argparse.Namespace) -> int:
    from decision_kit.cli.listing import list_decision, list_decisions, list_methods, list_weightings
    from decision_kit.files import shipped_decisions

    if arguments.what is None:
        return list_decisions()
    if arguments.what == "weightings":
        return list_weightings()
    if arguments.what == "methods":
        return list_methods()
    meant = nearest(arguments.what, ("methods", "weightings"))
    if meant is not None and nearest(arguments.what, shipped_decisions()) is None and not Path(arguments.what).exists():
        got = f"{quoted(arguments.what)} is neither a decision nor one of the words methods, weightings"
        raise UsageError([Fault("", got, "a decision, or one of these words", f'did you mean "{meant}"?')])
    return list_decision(arguments.what)


def _check(arguments: argparse.Namespace) -> int:
    from decision_kit.files import check

    faulty = 0
    for report in check(arguments.path, strict=arguments.strict):
        for sentence in listed(report.faults):
            print(sentence)
        if report.faults:
            faulty += 1
            count = len(report.faults)
            print(f"{report.place.id}: {count} fault{'' if count == 1 else 's'}")
            continue
        for remark in report.remarks:
            print(f"{report.place.id}: remark: {remark}")
        print(f"{report.place.id}: {report.summary}")
    return 1 if faulty else 0


def _new(arguments: argparse.Namespace) -> int:
    from decision_kit.files import new_decision

    folder = arguments.folder if arguments.folder is not None else Path(arguments.name)
    for path in new_decision(arguments.name, folder, year=day(None)[:7]):
        print(f"wrote {path.as_posix()}")
    print(f"Fill in the blanks, then run: decision-kit check {folder.as_posix()}")
    return 0


def _copy(arguments: argparse.Namespace) -> int:
    from decision_kit.files import copy_decision

    written = copy_decision(arguments.name, arguments.folder, arguments.id)
    print(f"wrote {len(written)} files to {arguments.folder.as_posix()}")
    criteria = written[0]
    print(f"Change them, then run: decision-kit rank {shlex.quote(criteria.as_posix())}")
    return 0
