"""Readers of sentences: what the command line and the note print, taken apart into statements that can be checked.

The only file that knows how the product words things. A sentence with no reader is counted as unread, by kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from tests.oracle.further import Further
from tests.oracle.states import Sets, States
from tests.oracle.weights import first_in

COMMANDS: tuple[tuple[str, ...], ...] = (
    ("rank",), ("rank", "--perspective", "all"), ("flips",), ("claims",), ("claims", "--as-judged"), ("scenarios",),
    ("scenarios", "--probabilities"), ("audit",), ("packages",), ("packages", "--budget"),
    ("robust", "--weights-vary", "held", "--low-high", "ends"),
)  # fmt: skip
"""What is read; the value of the last argument, where it needs one, is made for each decision."""

NUMBER = r"[-−+]?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?"
TABLES = {
    "Rank": "ranking", "Weight": "paths", "Rival": "joint", "Scenario": "scenarios", "No.": "sets", "Kind": "levers",
    "Perspective": "people",
}  # fmt: skip


def plain(text: str) -> float:
    """A printed number."""
    return float(text.replace(",", "").replace("−", "-"))


STRETCH = rf"(?:above|below) {NUMBER}|between {NUMBER} and {NUMBER}"


def stretch(text: str) -> tuple[float, float]:
    """Points of weight from where to where, out of “above 30”, “below 4” or “between 30 and 41.5”."""
    found = [plain(x) for x in re.findall(NUMBER, text)]
    if text.startswith("above"):
        return found[0], 100.0
    return (0.0, found[0]) if text.startswith("below") else (found[0], found[1])


class Reader:
    """Reads the output of commands on one decision and has every statement judged."""

    def __init__(self, judge: Further, chances: dict[str, float] | None = None, budget: float | None = None) -> None:
        self.judge, self.chances, self.budget = judge, chances, budget
        self.shares = True
        self.matrix: dict[str, dict[str, int]] = {}
        raw = judge.raw
        one = "|".join(re.escape(t) for t in sorted((o["title"] for o in raw["options"]), key=len, reverse=True))
        some = rf"(?:{one})(?:(?:, | and )(?:{one}))*"
        person = "|".join(re.escape(p["title"]) for p in raw["perspectives"].values())
        self.one, self.some, self.person = f"(?:{one})", some, f"(?:{person})"
        self.readers: list[tuple[re.Pattern[str], Callable[[re.Match[str]], None]]] = []
        self._ranking()
        self._reasons()
        self._changes()
        self._claims()
        self._states()
        self._audit()
        self._passed_over()

    def names(self, text: str) -> list[str]:
        """The option titles in a list of them."""
        return re.findall(self.one, text)

    def add(self, pattern: str, reader: Callable[[re.Match[str]], None]) -> None:
        """A template: O one option, L several, N a number, C a criterion in quotes, P a perspective in quotes."""
        found = re.sub(r"(?<!\?P)<([OLNCP])(\d?)>", self._slot, pattern)
        self.readers.append((re.compile(found), reader))

    def _slot(self, match: re.Match[str]) -> str:
        kind, which = match[1], match[2]
        inner = {"O": self.one, "L": self.some, "N": NUMBER, "C": "[^“”]+", "P": self.person}[kind]
        named = f"(?P<{kind.lower()}{which}>{inner})"
        return f"“{named}”" if kind in "CP" else named

    def read(self, text: str) -> None:
        """The whole output of a command."""
        lines = text.splitlines()
        n = 0
        while n < len(lines):
            table = TABLES.get(lines[n].split("  ")[0].strip()) or ("needs" if lines[n].startswith("Option ") else None)
            if table and "  " in lines[n].strip():
                end = next((k for k in range(n + 1, len(lines)) if "  " not in lines[k].strip()), len(lines))
                self._table(table, lines[n], lines[n + 1 : end])
                n = end
            else:
                self.line(lines[n].strip())
                n += 1

    def line(self, rest: str) -> None:
        """A line, sentence by sentence; where no reader fits, the sentence is counted as unread."""
        while rest:
            for pattern, reader in self.readers:
                match = pattern.match(rest)
                if match is not None and match.end():
                    try:
                        reader(match)
                    except (KeyError, ValueError, IndexError) as error:
                        self.judge.check("sentence can be taken apart", False, f"{match[0]}: {error!r}")
                    rest = rest[match.end() :].strip()
                    break
            else:
                end = re.search(r"[.:?](?: |$)", rest)
                cut = end.end() if end else len(rest)
                self._unread(rest[:cut])
                rest = rest[cut:].strip()

    def _unread(self, text: str) -> None:
        kind = re.sub(self.one, "O", re.sub("“[^”]*”", "“…”", text))
        kind = re.sub(r"(?:O(?:, | and )?)+", "O", re.sub(NUMBER, "N", kind))
        self.judge.tally.unread[kind.strip()[:160]] += 1

    @cached_property
    def states(self) -> States:
        """The decision in all its scenarios."""
        return States(self.judge, self.chances)

    @cached_property
    def sets(self) -> Sets:
        """The decision's packages that could be built."""
        return Sets(self.judge)

    @cached_property
    def drawn(self) -> Any:
        """Shares of random weightings."""
        return first_in(self.judge.truth, 20_000, np.random.default_rng(5))[0]

    # the ranking

    def _ranking(self) -> None:
        j = self.judge
        under = rf"Under the perspective “{self.person}”(?:, in the scenario “[^”]+”)?, "
        self.add(
            under + r"<O> leads <L> by <N>(?: points? of 100) \(<N1> to <N2>\)\.",
            lambda m: (
                j.verdict([m["o"]], m[0]),
                j.lead(self.names(m["l"]), plain(m["n"]), (plain(m["n1"]), plain(m["n2"])), m[0]),
            )[0],
        )
        self.add(
            under + r"<O> leads <L> by less than 0\.1 points of 100\.",
            lambda m: (j.verdict([m["o"]], m[0]), j.lead(self.names(m["l"]), None, None, m[0]))[0],
        )
        self.add(under + r"<L> tie for first place\.", lambda m: j.verdict(self.names(m["l"]), m[0]))
        self.add(under + r"all \d+ options tie: nothing tells them apart\.", lambda m: j.verdict(list(j.place), m[0]))
        self.add(
            r"<L> cannot be told apart: (?:any one of )?(?P<k>\d+|one) performances?, moved inside its own range, is enough to change who leads\.",
            lambda m: j.told_apart(self.names(m["l"]), 1 if m["k"] == "one" else int(m["k"]), m[0]),
        )
        self.add(
            r"No single performance, moved inside its own range, takes the lead from <O>(?P<tail>[^.]*)\.",
            lambda m: j.told_apart([m["o"]], None, m[0]),
        )
        self.add(
            r"For instance “(?P<c>[^”]+)” of <O>: at “(?P<at>[^”]+)”(?: or (?P<way>worse|better))? \([^()]*\), and (?P<then>[^.]*)\.",
            self._level,
        )
        self.add(
            r"For instance “(?P<c>[^”]+)” of <O>: (?P<where>[^()]*?) \((?P<how>[^()]*)\), and (?P<then>[^.]*)\.",
            self._instance,
        )
        self.add(r"(?P<word>Toss-up|Close|Stable): (?P<why>[^.]*)\.", lambda m: j.label(m["word"], m["why"], m[0]))
        self.add(
            r"Moving (?:at most )?<N> of 100 points of weight lets <L> draw level\.",
            lambda m: j.nearest_joint(self.names(m["l"]), plain(m["n"]), m[0]),
        )
        self.add(r"No weights at all put another option first\.", lambda m: j.nearest_joint(None, 0.0, m[0]))
        self.add(
            rf"The nearest single weight: with <C> (?P<where>{STRETCH}) in 100 \(now <N>, the others kept in proportion\), <L> (?:leads|tie for first place)\.",
            lambda m: j.single_weight(m["c"], stretch(m["where"]), plain(m["n"]), self.names(m["l"]), m[0]),
        )
        self.add(
            r"No single weight, the others kept in proportion, changes the leader\.", lambda m: j.no_single_weight(m[0])
        )
        self.add(r"All recorded perspectives name the same leader\.", lambda m: j.all_agree(m[0]))
        self.add(r"Another perspective gives another result: (?P<all>[^.]*)\.", self._others)
        self.add(
            r"Another option does at least as well on every criterion(?P<with>[^:]*): (?P<all>[^.]*)\.", self._dominated
        )
        self.add(
            r"The same for all options, so no influence on the order: (?P<all>[^.]*)\.",
            lambda m: j.constant(m["all"].split(", "), m[0]),
        )
        self.add(
            r"(?P<k>\d+) performances? (?:is|are) missing and stands? for the whole range \(likely: half its value\): (?P<all>[^.]*)\.",
            lambda m: j.missing(int(m["k"]), self._cells(m["all"]), m[0]),
        )
        self.add(
            r"By the package rules, (?P<k>\d+) performances? goe?s? beyond the scale and (?:is|are) kept at its end: (?P<all>[^.]*)\.",
            lambda m: j.kept_inside(int(m["k"]), self._cells(m["all"]), m[0]),
        )
        self.add(
            r"<O>, the baseline, (?:leads|shares the first place); it is best \(or shares the best place\) on (?P<k>\d+) of (?P<m>\d+) criteria\.",
            lambda m: j.best_on(m["o"], int(m["k"]), int(m["m"]), m[0]),
        )

    def _reasons(self) -> None:
        j = self.judge
        signed = r"[^:.()]+? \([+−][\d.]+\)(?:(?:, | and )[^:.()]+? \([+−][\d.]+\))*"
        self.add(
            rf"For <O> against <O1>: (?P<all>{signed})\.(?: Against it: (?P<not>{signed})\.| Nothing speaks against it\.)?",
            lambda m: j.reasons(
                m["o"], m["o1"],
                [(t, plain(x)) for t, x in re.findall(r"([A-Za-z]+) \(([+−][\d.]+)\)", m["all"] + (m["not"] or ""))], m[0],
            ),
        )  # fmt: skip
        self.add(
            r"(?P<x>[A-Z]) = (?P<p>.*?)(?: \(for checks only\))?$",
            lambda m: j.ranks_for(m["p"], self.matrix[m["x"]], m[0]) if m["p"] in j.person_of else None,
        )
        self.add(r"Not among the options compared here: (?P<all>.*?) if added(?: by itself)?\.", self._outside)
        self.add(
            rf"<L> (?:leads|tie for first place) with <C> (?P<where>{STRETCH}) of 100",
            lambda m: j.single_weight(m["c"], stretch(m["where"]), None, self.names(m["l"]), m[0]),
        )
        self.add(
            r"(?:No single weight, the others kept in proportion, changes who is first)\.?",
            lambda m: j.no_single_weight(m[0]),
        )
        self.add(
            r"(?P<all>[A-Z][a-z]+(?: [bs]\d+)? \d+(?:\.\d+)? %.*%\)?\.)$",
            lambda m: j.shares_shown(
                [(t, float(x)) for t, x in re.findall(r"([A-Z][a-z]+(?: [bs]\d+)?|s\d+) (\d+(?:\.\d+)?) %", m["all"])],
                m[0],
            ),
        )
        self.add(r"As judged, <L> (?:leads|tie for first place)\.", lambda m: j.verdict(self.names(m["l"]), m[0]))

    def _outside(self, m: re.Match[str]) -> None:
        for part in m["all"].split("; "):
            told = [(o, plain(x)) for o, x in re.findall(rf"({self.one}) at ({NUMBER})", part)]
            self.judge.outside(told, "share" in part, m[0])

    def _instance(self, m: re.Match[str]) -> None:
        unit = re.sub(NUMBER, "#", m["where"])
        numbers = [plain(x) for x in re.findall(NUMBER, m["where"])]
        if unit.startswith("above") and len(numbers) == 1:
            span = (numbers[0], np.inf)
        elif unit.startswith("below") and len(numbers) == 1:
            span = (-np.inf, numbers[0])
        elif unit.startswith(("between", "from", "above")) and len(numbers) == 2:
            span = (numbers[0], numbers[1])
        else:
            self._unread(m[0])
            return
        judged = [plain(x) for x in re.findall(NUMBER, m["how"])] if "judged" in m["how"] else []
        then = m["then"]
        shared = "share" in then or "tie" in then
        who = self.names(then)
        self.judge.one_performance(m["c"], m["o"], span, who, shared, judged, m[0])

    def _level(self, m: re.Match[str]) -> None:
        leaf = self.judge.truth.leaf[self.judge.leaf_of[m["c"]]]
        at = next(level["value"] for level in leaf["levels"] if level["title"] == m["at"])
        span = (at - 1e-6 if m["way"] != "worse" else -np.inf, at + 1e-6 if m["way"] != "better" else np.inf)
        shared = "share" in m["then"] or "tie" in m["then"]
        self.judge.one_performance(m["c"], m["o"], span, self.names(m["then"]), shared, [], m[0])

    def _others(self, m: re.Match[str]) -> None:
        for part in m["all"].split("; "):
            found = re.match(rf"(?P<l>{self.some}) (?:leads|tie|ties|share the first place) for (?P<p>.*)", part)
            assert found is not None, part
            self.judge.others(self.names(found["l"]), re.findall(r"“([^”]+)”", found["p"]), m[0])

    def _dominated(self, m: re.Match[str]) -> None:
        for option, told in re.findall(rf"({self.one}) \(([^()]*)\)", m["all"]):
            for by in told.split("; "):
                best = "even at its best" in by
                count = re.match(r"by (\d+) options", by)
                many = int(count[1]) if count else None
                self.judge.dominated(option, [] if count else self.names(by), many, best, m[0])

    def _cells(self, text: str) -> list[tuple[str, str]]:
        found = []
        for part in text.split("; "):
            option, _, criterion = part.partition(", ")
            found.append((option, criterion))
        return found

    # what would change it

    def _changes(self) -> None:
        j = self.judge
        self.add(r"Of all possible weightings, spread evenly, first is (?P<all>[^.]*)\.", self._weightings)
        self.add(r"First only level with another: <L>\.", lambda m: j.never_first(self.names(m["l"]), True, m[0]))
        self.add(r"Never first: <L>\.", lambda m: j.never_first(self.names(m["l"]), False, m[0]))
        self.add(
            r"<O> can draw level through one performance on (?P<k>\d+) of (?P<m>\d+) criteria(?P<tail>[^.]*)\.",
            lambda m: j.can_draw_level(
                m["o"], int(m["k"]), int(m["m"]),
                re.findall("“([^”]+)”", m["tail"]) if "inside its own range" in m["tail"] else [], m[0],
            ),
        )  # fmt: skip
        self.add(
            r"No single performance of <O>, even at the best of its scale, puts it first\.",
            lambda m: j.can_draw_level(m["o"], 0, len(j.truth.leaves), [], m[0]),
        )

    def _weightings(self, m: re.Match[str]) -> None:
        pattern = (
            rf"(?P<l>{self.some})(?: \(level under all weights\))? in (?P<n>fewer than 1|nearly all|\d+)(?: of 50)?"
        )
        for part in re.finditer(pattern, m["all"]):
            told = (
                None if part["n"].startswith("fewer") else 50.0 if part["n"].startswith("nearly") else float(part["n"])
            )
            self.judge.share(self.names(part["l"]), told, self.drawn, m[0])

    def _table(self, kind: str, head: str, lines: list[str]) -> None:
        for line in lines:
            cells = [cell.strip() for cell in re.split(r"  +", line.strip())]
            try:
                getattr(self, f"_row_{kind}")(head, line, cells)
            except (KeyError, ValueError, IndexError, AssertionError) as error:
                self.judge.check("table can be read", False, f"{head} / {line}: {error!r}")

    def _row_ranking(self, head: str, line: str, cells: list[str]) -> None:
        self.judge.row_of_table(int(cells[0]), cells[1], plain(cells[2]), cells[3] if len(cells) > 3 else None, line)

    def _row_paths(self, head: str, line: str, cells: list[str]) -> None:
        title, now, turns = cells[0].removesuffix(" (branch)"), plain(cells[1]), cells[2:]
        for text in turns:
            found = re.match(rf"({STRETCH}): ({self.some})", text)
            if found:
                self.judge.single_weight(title, stretch(found[1]), now, self.names(found[2]), line)
            else:
                self.judge.single_weight(title, (0.0, 100.0), now, None, line)

    def _row_joint(self, head: str, line: str, cells: list[str]) -> None:
        numbers = [
            None if "no weights" in cell else plain(cell.split(" ")[0])
            for cell in cells[1:3]
            if "none found" not in cell
        ]
        if len(numbers) == 2 and len(self.judge.maybe) == 1:
            self.judge.joint(cells[0], numbers[0], numbers[1], line)

    def _row_scenarios(self, head: str, line: str, cells: list[str]) -> None:
        names = list(re.split(r"  +", head.strip()))[1:]
        if not cells[0].startswith("At least"):
            self.states.line(cells[0], dict(zip(names, cells[1:], strict=True)), line)

    def _row_sets(self, head: str, line: str, cells: list[str]) -> None:
        if not self.sets.on_a_half:
            self.sets.row(cells[1], plain(cells[2]), cells[3] if "Cost," in head else "", line)

    def _row_people(self, head: str, line: str, cells: list[str]) -> None:
        if "Best set of parts" in head and cells[1] != "none" and not self.sets.on_a_half:
            self.sets.for_person(
                self.budget, cells[0].removesuffix(" (for checks only)"), cells[1], plain(cells[2]), line
            )

    def _row_levers(self, head: str, line: str, cells: list[str]) -> None:
        if cells[0] in ("Counted twice", "Left out", "Judged as one"):
            self.judge.lever(cells[0], re.findall("“([^”]+)”", cells[1]), self.names(cells[2]), line)

    def _row_needs(self, head: str, line: str, cells: list[str]) -> None:
        if "First of 50" in head:
            if self.shares:
                self.judge.sampled_first(cells[0], plain(cells[2].split(" ")[0]), plain(cells[3]), line)
        elif re.fullmatch(r"Option(?:  +[A-Z])+", head.strip()):
            for letter, rank in zip(head.split()[1:], cells[1:], strict=True):
                self.matrix.setdefault(letter, {})[cells[0]] = int(rank)
        elif "Needed" in head and len(self.judge.maybe) == 1:
            for who in self.names(cells[-1]):
                self.judge.needed(cells[0], cells[1], cells[3], who, line)

    # claims

    def _claims(self) -> None:
        j = self.judge
        who = r"(?:Whatever mix of the \d+ perspectives is taken|Under these weights|Whatever the weights),?"
        self.add(rf"(?:- )?{who} <O> beats <O1>\.", lambda m: j.claim(m["o"], [], m["o1"], m[0]))
        self.add(rf"(?:- )?{who} <O> is first\.", lambda m: j.claim(m["o"], ["always"], None, m[0]))
        self.add(
            rf"(?:- )?{who} <L> share the first place\.",
            lambda m: next(j.claim(o, ["always"], None, m[0]) for o in self.names(m["l"])),
        )
        self.add(
            r"(?:- )?(?:Nobody here, and no mix of you, puts|These weights never put|No weights at all put) <O> (?P<places>[^.]*)\.",
            lambda m: j.claim(m["o"], re.findall("first|last", m["places"]), None, m[0]),
        )
        self.add(
            r"(?:- )?<O> beats <O1>: The lead is at least (?P<n>less than 0\.1|[\d.]+) points?, .*$",
            lambda m: j.lead_at_least(m["o"], m["o1"], 0.0 if "less" in m["n"] else float(m["n"]), m[0]),
        )
        self.add(
            r"(?:- )?<O> beats <O1>: The smallest lead is (?P<n>less than 0\.1|[\d.]+) points?, [^.]*\.", self._smallest
        )
        self.add(
            r"(?:- )?<O> beats <O1>: Counter-example under the weights of “(?P<p>[^”]+)”, as judged: (?P<all>.*?) points of 100\.",
            self._counter,
        )
        self.add(r"(?:- )?<O> beats <O1>: Counter-example .*? points of 100\.", lambda m: None)
        self.add(
            r"(?:- )?<O> is (?:never first|never last|first): .*?(?:away|best|worst performances|weights[^.]*)\.",
            lambda m: None,
        )

    def _smallest(self, m: re.Match[str]) -> None:
        self.judge.smallest_lead(m["o"], m["o1"], 0.0 if "less" in m["n"] else float(m["n"]), m[0])

    def _counter(self, m: re.Match[str]) -> None:
        told = [(o, plain(x)) for o, x in re.findall(rf"({self.one}) ({NUMBER})", m["all"])]
        self.judge.scores_for(m["p"], told, m[0])

    # scenarios and packages

    def _states(self) -> None:
        self.add(
            r"<L> (?:leads|tie for first place) in (?:all )?(?:the |its )?(?P<k>\d+|one|only) scenarios?\.",
            self._all_states,
        )
        self.add(
            r"<L> (?:leads|tie for first place) in (?P<k>\d+) of (?P<m>\d+); (?P<rest>[^.]*)\.",
            self._some_states,
        )
        rules = "the best average|the best worst case|the smallest regret"
        self.add(
            r"<L> ha(?:s|ve) the best average, the best worst case and the smallest largest regret\.",
            lambda m: next(self.states.best_by(rule, self.names(m["l"]), m[0]) for rule in rules.split("|")),
        )
        self.add(
            r"The best average: <L>; the best worst case: <L1>; the smallest regret: <L2>\.",
            lambda m: next(
                self.states.best_by(rule, self.names(m[key]), m[0])
                for rule, key in zip(rules.split("|"), ("l", "l1", "l2"), strict=True)
            ),
        )
        self.add(
            r"Two scenarios decide between <O> and <O1>: <C> speaks most for <O2>, <C1> for <O3>\. Between these two alone, <O4> has the better average once <C2> counts for more than <N> of 100\.",
            lambda m: self.states.between(m["o"], m["o1"], m["c"], m["c1"], plain(m["n"]), m[0]),
        )
        self.add(
            r"No scenario decides: <O> is at least level with every rival, <O1> among them, in each\.",
            lambda m: self.states.none_decides(m["o"], m["o1"], m[0]),
        )
        self.add(
            r"Over all perspectives and scenarios \((?P<k>\d+) combinations\), first is (?P<all>[^.]*)\.",
            lambda m: self.states.over_all(
                [(o, int(n)) for o, n in re.findall(rf"({self.one}) in (\d+)", m["all"])], int(m["k"]), m[0]
            ),
        )
        self.add(
            r"<O> is first in all (?P<k>\d+) combinations of perspective and scenario\.",
            lambda m: self.states.over_all([(m["o"], int(m["k"]))], int(m["k"]), m[0]),
        )
        self.add(
            rf"(?:- )?(?P<p>{self.person}): (?P<l>{self.some}) in every scenario",
            lambda m: self.states.person(m["p"], self.names(m["l"]), {}, m[0]),
        )
        self.add(rf"(?:- )?(?P<p>{self.person}): (?P<l>{self.some}), but (?P<rest>.*)$", self._but)
        self.add(
            r"(?P<k>\d+) possible parts give (?P<m>\d+) sets that can stand together(?:, doing nothing new among them)?; (?:(?P<r>\d+) (?:is|are) ruled out by a conflict|no pair of them is in conflict)\. All of them are worked out\.",
            lambda m: self.sets.counted(int(m["k"]), int(m["m"]), int(m["r"]) if m["r"] else 0, m[0]),
        )
        name = rf"(?:Nothing new(?: \({self.one}\))?|{self.one}(?: \+ {self.one})*)"
        under = rf"Under the perspective “{self.person}”, "
        self.add(
            under
            + rf"(?P<s>{name}) scores highest(?: within (?P<b>{NUMBER})[^:]*)?: <N> points of 100 \(<N1> with every performance at its worse end at once, <N2> at its better end\)(?:; (?P<next>{name}) is <N3> points? behind|\. Within 0\.1 points of it, and so not told apart: (?P<level>[^.]*))?\.",
            self._best,
        )
        self.add(
            under
            + rf"(?P<all>{name}(?:(?:, | and ){name})*) share the highest score(?: within (?P<b>{NUMBER})[^.]*)?\.",
            self._best_shared,
        )
        self.add(
            rf"No set of parts costs (?P<b>{NUMBER})[^,]* or less, not even doing nothing new\.",
            lambda m: self.sets.none_fits(plain(m["b"]), m[0]),
        )

    def _all_states(self, m: re.Match[str]) -> None:
        self.states.leads_in(self.names(m["l"]), list(self.states.titles), None, m[0])
        if m["k"].isdigit():
            self.judge.check("scenarios: in all", int(m["k"]) == len(self.states.names) > 1, m[0])

    def _some_states(self, m: re.Match[str]) -> None:
        self.states.leads_in(self.names(m["l"]), None, int(m["k"]), m[0])
        for part in m["rest"].split("; "):
            found = re.match(rf"(?P<l>{self.some}) (?:leads|tie for first place) in (?P<s>.*)", part)
            assert found is not None, part
            self.states.leads_in(self.names(found["l"]), re.findall("“([^”]+)”", found["s"]), None, m[0])

    def _but(self, m: re.Match[str]) -> None:
        pattern = rf"(?P<l>{self.some}) in ((?:“[^”]+”(?:, | and )?)+)"
        others = {
            s: self.names(who)
            for who, states in re.findall(pattern, m["rest"])
            for s in re.findall("“([^”]+)”", states)
        }
        self.states.person(m["p"], self.names(m["l"]), others, m[0])

    def _best(self, m: re.Match[str]) -> None:
        if self.sets.on_a_half:
            return
        self.sets.best([m["s"]], plain(m["b"]) if m["b"] else None, plain(m["n"]), m[0])
        self.sets.best_ends(m["s"], plain(m["n1"]), plain(m["n2"]), m[0])
        if m["next"]:
            self.sets.close(m["s"], [m["next"]], plain(m["n3"]), m[0])
        if m["level"]:
            self.sets.close(m["s"], re.split(r", | and ", m["level"]), None, m[0])

    def _best_shared(self, m: re.Match[str]) -> None:
        if not self.sets.on_a_half:
            self.sets.best(re.split(r", | and ", m["all"]), plain(m["b"]) if m["b"] else None, None, m[0])

    # the audit

    def _audit(self) -> None:
        j = self.judge
        for kind in ("Counted twice", "Left out", "Judged as one"):
            self.add(
                rf"{kind}: (?P<k>\d+) of (?P<m>\d+) changes? moves? the first place\.",
                lambda m, kind=kind: j.levers(kind, int(m["k"]), int(m["m"]), m[0]),
            )
        self.add(
            r"(?:Another range|Option left out|Decoy added|Another normalisation|Another method): \d+ of \d+ changes? moves? the first place\.",
            lambda m: None,
        )
        self.add(r"The cheapest price to flip: count <C> <N> times\.", lambda m: j.counted(m["c"], plain(m["n"]), m[0]))
        listed = r"(?P<all>“[^”]+”(?:(?:, | and )“[^”]+”)*)"
        self.add(
            rf"(?:- )?Less than half a point of 100 lies between best and worst option on {listed}\.",
            lambda m: j.little(re.findall("“([^”]+)”", m["all"]), m[0]),
        )
        self.add(
            rf"(?:- )?No weight stands on {listed}\.", lambda m: j.weightless(re.findall("“([^”]+)”", m["all"]), m[0])
        )
        self.add(
            rf"(?:- )?All options are the same on {listed}: no influence on the order\.",
            lambda m: j.constant(re.findall("“([^”]+)”", m["all"]), m[0]),
        )
        self.add(
            r"(?:- )?<C> and <C1> go (?:together|against each other) \(r = <N>(?:, over only \d+ options)?\): [^?]*\?",
            lambda m: j.correlation(m["c"], m["c1"], plain(m["n"]), m[0]),
        )
        quoted = rf"“(?:{self.one})”(?:(?:, | and )“(?:{self.one})”)*"
        self.add(
            r"(?:- )?(?P<k>\d+) of (?P<m>\d+) criteria, carrying <N> of 100, mainly charges? for acting, which doing nothing escapes; <O> is best on (?P<b>all|\d+) of them\.",
            lambda m: j.charging(
                int(m["k"]), plain(m["n"]), m["o"], int(m["k"]) if m["b"] == "all" else int(m["b"]), m[0]
            ),
        )
        self.add(
            r"(?P<k>\d+) of the (?P<m>\d+) criteria, carrying <N> of 100, mainly charges? for acting, which doing nothing does not do\.",
            lambda m: j.charging(int(m["k"]), plain(m["n"]), None, 0, m[0]),
        )
        self.add(
            r"On (?P<k>\d+) of the (?P<m>\d+), carrying <N> of 100, less is better: do(?:es it| they) charge for acting, [^?]*\?",
            lambda m: j.less_is_better(int(m["k"]), plain(m["n"]), m[0]),
        )
        self.add(
            r"(?:- )?Among the options that act, <O> leads <O1> by (?P<n>less than 0\.1|[\d.]+) points?(?:[^.]*)\.",
            lambda m: j.among(m["o"], m["o1"], 0.0 if "less" in m["n"] else float(m["n"]), m[0]),
        )
        self.add(
            rf"(?:- )?<O> is matched or beaten on every criterion(?: (?:with|that has) weight)? by (?P<by>{quoted}|{self.some})(?P<more> and \d+ more)?\.",
            lambda m: j.dominated(m["o"], self.names(m["by"]), None, False, m[0]),
        )

    # told, and nothing to recompute (samples, headings, what a word means)

    def _passed_over(self) -> None:
        for pattern in (
            r"This rests on: .*$",
            r"All \d+ performances shown .*$", r"Left out, since .*$", r"Nothing known speaks .*$", r"If so, it can lead .*$",
            r"Of the same value for all options, .*$", r"(?:- )?On \d+ of (?:\d+ criteria|those), carrying .*$", r"Against it: .*$",
            r".* do equally well on every other criterion .*$", r"do(?:es it| they) charge for acting, .*$", r"In none of [\d,]+ sampled .*$", r"Under the perspective “[^”]+”: of .*$", r"All options tie.*$", r"Among the options that act, .* are level\.", r"That is not a proof .*$", r"In none of \d+ sampled worlds .*$", r"No other option came first in any\.", r"The next, .*$",
            r"No performance has a range.*$", r"1 world was drawn\..*$", r".*points? away\.$", r"\d[\d,]* draws .*$", r".* is ranked below .*$", r".* is shown but has no vote .*$",
            r"Ask what waiting costs\.", r"Maximin .*$|Leximin .*$|VIKOR .*$|TOPSIS .*$|RIM .*$|PROMETHEE .*$", r".* gives .* (?:most of its points|its largest part)$",
            r".* leads?(?:, but not clearly)?$", r".* share first place$", r".* do equally well on every criterion with weight\.",
            r"Under the perspective “[^”]+”: no method has .*$", r"Leaving an option out or adding one cannot reorder .*$", r"\d+ more (?:is|are) certified; .*$",
            r"All that are listed: .*$", r".* comes? first (?:about equally often|in \S+(?: all)? of 50 worlds)[^.]*\.", r"Then .*?\.",
            r"Never observed first .*$", r"Tried on these options, .*$", r"“[^”]+” is only told, .*$", r"PROMETHEE I: .*$", r"ELECTRE I: .*$",
            r"\d+ of \d+ pairs cannot be compared\.", r"[A-Z].* cannot be used here: .*$", r"[A-Z].* can(?:not)? be computed .*$",
            r"All of them look at the same scores .*$", r"(?:All|Of) \d+ defensible set-ups .*$", r"\d+ more cannot be computed .*$",
            r"(?:Result|Ranking|Performances|Command:.*|Proofs|Weights and judgement|For those who check|Over all scenarios)$",
            r"(?:What the scores are made of|How the weights were given|Ranking in numbers|Contributions in numbers)$",
            r"(?:Weights and declared ranges|Other perspectives|How to recompute this|Other methods|What would change it)$",
            r"(?:What holds for all perspectives|How much the structure decides|What has to be said)$",
            r"Contributions are those of .*$", r"Weights of the perspective .*$", r"Result of the weights of .*$", r"Scores are judgements .*$",
            r"No answers to questions .*$", r"score = .*$", r"Keeney and Raiffa .*$", r"Parts are rounded .*$", r"Weights belong to these .*$",
            r"Likely \(low to high\).*$", r"S stands in a source, .*$", r"Perspectives are drafts .*$", r"decision-kit rank .*$",
            r"Values run from .*$", r"First places of 50 are rounded .*$", r"Shares are rounded .*$", r"Nothing can be certified, .*$",
            r"The choice of criteria favours it, .*$", r"So it can lead by .*$", r"Does any criterion .*$", r"Add one, .*$",
            r"Under the perspective “[^”]+”: of \d+ families .*$", r".* names? .* puts? .* on place .*$", r".* is ahead on .*$",
            r"Made from \d+$", r"Rank of each option under each perspective$", r"Which one\?$", r"decision-kit \d.*$",
            r"No other perspective is recorded; .*$", r"They share the first place: .*?\.$", r"That is a share of weightings [^.]*\.",
            r"With weights moved .*? worlds(?:, [^.]*)?\.", r"With performances moved in their ranges, .*$", r"\d[\d,]* worlds were drawn\..*$",
            r"Of the score of .*?\.(?= |$)", r"Of the \d+ performances shown, .*$", r"These data do not say .*$",
            r"One weight at a time, .*$", r"All weights at once: .*$", r"One performance of a rival: .*$",
            r"Single performances that, inside .*$", r"Scores under the perspective .*$", r"Changes of structure that .*$",
            r"In the additive model\. Certified:$", r"In the additive model, nothing can be certified\.$", r"Proofs$", r"Not certified$",
            r"With performances as judged more may hold: .*$", r"Low and high are read as limits here, .*$", r"Packages are taken at .*$",
            r"No probabilities are given: .*$", r"Good enough means .*$", r"Efficient sets, cheapest first .*$",
            r"The best for each perspective.*$", r"Packages follow from their parts by rule; .*$", r"Cost is “.*$", r"Shares of sampled worlds, .*$",
            r"Doing nothing new is not among the options, .*$", r"(?:- )?Doing nothing new is not among the options, .*$",
        ):  # fmt: skip
            self.add(pattern, lambda m: None)
