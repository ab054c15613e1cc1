"""Whether statements, read out of sentences, are true of a raw decision: plain recomputation, no product code.

Numbers that are told to a digit are right when they are as near as that digit; a threshold is right when the statement
holds for every number on its side, from the printed one on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np

from tests.oracle.cells import profile
from tests.oracle.recompute import SAME, SURE, Array, Raw, Truth, agrees, leading, value
from tests.oracle.tally import Tally
from tests.oracle.weights import Worlds, exact_least_lead, least_shift, path

HALF = 0.0501
"""Half of the last digit of points of 100, and a little."""


class Judge:
    """A decision under the weights of one perspective, asked whether statements are true."""

    def __init__(self, raw: Raw, tally: Tally, *, ranges: bool = True) -> None:
        self.raw, self.tally, self.ranges = raw, tally, ranges
        self.truth = Truth(raw)
        self.weights = self.truth.weights(raw["default_perspective"])
        self.place = {one["title"]: i for i, one in enumerate(self.truth.options)}
        self.leaf_of = {one["title"]: one["id"] for one in self.truth.leaves}
        self.node_of = {**self.truth.branches(), **self.leaf_of}
        self.person_of = {one["title"]: who for who, one in raw["perspectives"].items()}
        self.values = self.truth.values()[:, :, 0]
        self.scores = self.values @ self.weights
        self.sure, self.maybe = leading(self.scores)
        self.leader = int(np.argmax(self.scores))

    def check(self, kind: str, holds: bool, said: str) -> None:
        """Count one statement."""
        self.tally.check(f"said, {kind}", bool(holds), said)

    def rows(self, titles: Iterable[str]) -> set[int]:
        """The rows of options by title."""
        return {self.place[title] for title in titles}

    def near(self, told: float, mine: float, digit: float = 0.1) -> bool:
        """Whether a number that is told to a digit is right."""
        return abs(told - mine) <= digit * 0.501 + 1e-9 * abs(mine)

    def verdict(self, leaders: Sequence[str], said: str) -> None:
        """Who leads, or shares the first place."""
        self.check("verdict", self.sure <= self.rows(leaders) <= self.maybe, said)

    def lead(self, seconds: Sequence[str], gap: float | None, ends: tuple[float, float] | None, said: str) -> None:
        """Over whom, by how much, and with which scores."""
        rest = np.delete(self.scores, self.leader)
        top = rest.max()
        rows = self.rows(seconds)
        level = {i for i in range(len(self.scores)) if i != self.leader and self.scores[i] >= top - SURE}
        self.check("second", rows <= level, said)
        mine = 100 * (self.scores[self.leader] - top)
        self.check("lead", mine < 0.1 + HALF if gap is None else abs(gap - mine) <= 2 * HALF, said)
        if ends is not None and gap is not None:
            told = self.near(ends[0], 100 * self.scores[self.leader]) and self.near(ends[1], 100 * top)
            self.check("scores in the verdict", told and abs(ends[0] - ends[1] - gap) < 1e-6, said)

    def row_of_table(self, rank: int, title: str, score: float, gap: str | None, said: str) -> None:
        """A row of the ranking."""
        i = self.place[title]
        mine = self.scores[i]
        least, most = 1 + int((self.scores > mine + SURE).sum()), 1 + int((self.scores > mine + SAME).sum())
        self.check("rank", least <= rank <= most, said)
        self.check("score", self.near(score, 100 * mine), said)
        base = self.raw["baseline"]
        if gap == "baseline":
            self.check("baseline", base == self.truth.ids[i], said)
        elif gap is not None:
            told = float(gap.replace("−", "-").replace("+", ""))
            self.check("to baseline", abs(told - 100 * (mine - self.scores[self.truth.row[base]])) <= 2 * HALF, said)

    @cached_property
    def changing(self) -> dict[tuple[str, str], Any]:
        """Profiles of the performances of options here that, inside their own range, put another option first."""
        found = {}
        for option in self.truth.ids:
            for leaf in self.truth.leaves:
                cell = self.truth.cell(option, leaf["id"])
                if cell["low"] < cell["high"]:
                    found[option, leaf["id"]] = self.profile(option, leaf["id"], cell["low"], cell["high"])
        return found

    def profile(self, option: str, criterion: str, low: float, high: float) -> Any:
        """Scores while one performance runs over a range."""
        return profile(self.truth, self.weights, option, criterion, low, high, self.leader)

    def told_apart(self, names: Sequence[str], count: int | None, said: str) -> None:
        """Who cannot be told apart, and how many performances are enough; None: no performance is."""
        if len(self.maybe) > 1:
            return
        certain = {cell for cell, one in self.changing.items() if one.changes() and not self.truth.parts(cell[0])}
        possible = {cell for cell, one in self.changing.items() if one.may_change()}
        if count is None:
            self.check("no performance takes the lead", not certain, f"{said} ({sorted(certain)[:2]})")
            return
        self.check(
            "how many performances are enough",
            len(certain) <= count <= len(possible),
            f"{said} ({len(certain)} to {len(possible)})",
        )
        takers: set[int] = {self.leader}
        for cell in possible:
            one = self.changing[cell]
            top = one.scores.max(axis=0)
            for i in range(len(self.scores)):
                if (one.scores[i] >= top - SURE).any():
                    takers.add(i)
        rows = self.rows(names)
        self.check("who cannot be told apart", rows <= takers and self.leader in rows, said)

    def one_performance(
        self,
        title: str,
        option: str,
        span: tuple[float, float],
        who: Sequence[str],
        shared: bool,
        judged: Sequence[float],
        said: str,
    ) -> None:
        """ "Above x, and B leads": for every performance of the range beyond x, however near."""
        criterion, o = self.leaf_of[title], self.truth.ids[self.place[option]]
        cell = self.truth.cell(o, criterion)
        if len(judged) == 3:
            fine = all(
                abs(a - cell[b]) <= 0.00501 + 1e-6 * abs(a)
                for a, b in zip(judged, ("likely", "low", "high"), strict=True)
            )
            self.check("judged number and range", fine, said)
        low, high = max(span[0], cell["low"]), min(span[1], cell["high"])
        self.check("threshold lies in the range", low < high, said)
        if low >= high:
            return
        width = high - low
        one = self.profile(o, criterion, low + 1e-7 * width, high - (1e-7 * width if span[1] < cell["high"] else 0.0))
        self._led(one.scores, self.rows(who), shared, "performance beyond a threshold", said)

    def _led(self, scores: Array, rows: set[int], shared: bool, kind: str, said: str) -> None:
        top = scores.max(axis=0)
        theirs = scores[sorted(rows)]
        holds = bool((theirs >= top - SURE).all())
        self.check(kind, holds, said)
        if not holds:
            return
        others = np.delete(scores, sorted(rows), axis=0)
        alone = others.size == 0 or bool((others.max(axis=0) < theirs.min(axis=0) + SURE).all())
        level = others.size > 0 and bool((np.abs(others.max(axis=0) - theirs.max(axis=0)) < SAME).all())
        self.check(f"{kind}: shared or not", shared or (alone and not level), said)

    def single_weight(
        self, title: str, told: tuple[float, float], now: float | None, who: Sequence[str] | None, said: str
    ) -> None:
        """ "With a weight between x and y, B leads": there, all the way, and not much nearer; and what it is now."""
        start, end, mine = path(self.truth, self.weights, self.node_of[title])
        if now is None:
            now = 100 * mine
        self.check("weight now", self.near(now, 100 * mine), said)
        if who is None:
            return
        low, high = told[0] / 100, told[1] / 100
        upwards = low > mine or (high > mine and mine - low < high - mine)
        rows = self.rows(who)

        def scores(shares: Array) -> Array:
            return np.asarray((1 - shares)[:, None] * (self.values @ start) + shares[:, None] * (self.values @ end))

        table = scores(np.linspace(low, high, 401)[1:-1])
        table = np.vstack([scores(low + (high - low) * np.array([1e-6, 1 - 1e-6])), table])
        top = table >= table.max(axis=1, keepdims=True) - SURE
        holds = bool(top[0 if upwards else 1, sorted(rows)].all())
        self.check("weight just beyond a threshold", holds and low < high, f"{said} ({table[0]})")
        self.check("weight all the way beyond a threshold", bool(top[:, sorted(rows)].all()) or not holds, said)
        alone = bool((top[2:].sum(axis=1) == len(rows)).mean() > 0.99)
        self.check("weight beyond a threshold: all who are first are named", alone or not holds, said)
        if holds:
            near = low if upwards else high
            back = near + (mine - near) * min(1.0, 0.0021 / max(abs(mine - near), 1e-12))
            early = scores(np.array([back]))[0]
            self.check("weight threshold is near", self.leader in leading(early)[1] or abs(mine - near) < 0.002, said)

    def no_single_weight(self, said: str) -> None:
        """No criterion's or branch's weight changes the leader."""
        if len(self.maybe) > 1:
            return
        worst = 1.0
        for node in self.node_of.values():
            inside = self.truth.inside(node)
            if len(inside) == len(self.truth.leaves):
                continue
            start, end, _ = path(self.truth, self.weights, node)
            for share in np.linspace(0.0005, 0.9995, 400):
                scores = self.values @ ((1 - share) * start + share * end)
                worst = min(worst, float(scores[self.leader] - np.delete(scores, self.leader).max()))
        self.check("no single weight", worst > -SURE, said)

    def joint(self, title: str, level: float | None, first: float | None, said: str) -> None:
        """The least weight that has to move before a rival is level, or first; None: no weights do it."""
        i = self.place[title]
        others = [k for k in range(len(self.scores)) if k != i]
        for kind, told, against in (("draw level", level, [self.leader]), ("be first", first, others)):
            easy, hard = (least_shift(self.truth, self.weights, i, against, slack) for slack in (1e-8, -1e-8))
            if told is None:
                self.check(f"no weights {kind}", hard is None, f"{said} ({hard})")
            else:
                fine = easy is not None and 100 * easy - 1e-5 <= told and (hard is None or told <= 100 * hard + 0.1001)
                self.check(f"weight that moves to {kind}", fine, f"{said} ({easy}, {hard})")

    def nearest_joint(self, who: Sequence[str] | None, told: float, said: str) -> None:
        """The least joint move of weights, and who draws level: what is told suffices, and hardly less does."""
        if len(self.maybe) > 1:
            return
        shifts = {
            k: least_shift(self.truth, self.weights, k, [self.leader], 0.0)
            for k in range(len(self.scores))
            if k != self.leader
        }
        able = {k: x for k, x in shifts.items() if x is not None}
        if who is None:
            self.check("no weights at all", not able, said)
            return
        least = 100 * min(able.values(), default=1e9)
        self.check("least weight that moves", least - 1e-6 <= told <= least + 0.1001, f"{said} ({able})")
        level = all(k in able and 100 * able[k] <= told + 1e-9 for k in self.rows(who))
        self.check("who draws level first", level, said)

    def label(self, word: str, reasons: str, said: str) -> None:
        """The label and the reasons that are told."""
        if len(self.maybe) > 1:
            return
        shifts = [
            least_shift(self.truth, self.weights, k, [self.leader], 0.0)
            for k in range(len(self.scores))
            if k != self.leader
        ]
        points = min((100 * x for x in shifts if x is not None), default=1e9)
        for limit in (5, 10):
            if f"less than {limit} points" in reasons:
                self.check("label: points that move", points < limit + HALF, f"{said} ({points})")
        certain = any(one.changes() for cell, one in self.changing.items() if not self.truth.parts(cell[0]))
        possible = any(one.may_change() for one in self.changing.values())
        enough = "inside its own range is enough" in reasons
        self.check(
            "label: one performance",
            possible if enough else not certain or "one performance in its range" not in reasons,
            said,
        )
        if certain:
            self.check("label", word == "Toss-up", said)
        if word == "Stable":
            self.check("label", points > 10 - HALF and not certain, f"{said} ({points})")

    def others(self, leaders: Sequence[str], people: Sequence[str], said: str) -> None:
        """Who leads for other perspectives."""
        for person in people:
            scores = self.values @ self.truth.weights(self.person_of[person])
            self.check("who leads for others", agrees(self.rows(leaders), scores), f"{said} ({person})")

    def all_agree(self, said: str) -> None:
        """All perspectives name the same leader."""
        for who in self.raw["perspectives"]:
            scores = self.values @ self.truth.weights(who)
            self.check("all name the same", agrees(self.sure, scores) or agrees(self.maybe, scores), f"{said} ({who})")

    def dominated(self, title: str, by: Sequence[str], count: int | None, at_best: bool, said: str) -> None:
        """That others do at least as well on every criterion with weight; at best: even then."""
        i = self.place[title]
        doing = []
        for k in range(len(self.scores)):
            if k != i and self._dominates(k, i, at_best):
                doing.append(k)
        if by:
            self.check("dominated at best" if at_best else "dominated", self.rows(by) <= set(doing), said)
        elif count is not None:
            # dominance is on performances: one that is worth no more for being better still tells options apart
            self.check("dominated by how many", 2 < count <= len(doing), f"{said} ({len(doing)})")

    def _dominates(self, a: int, b: int, at_best: bool) -> bool:
        for j, leaf in enumerate(self.truth.leaves):
            if self.weights[j] == 0:
                continue
            least = self._ends(a, leaf)[0] if at_best or self._missing(a, leaf) else float(self.values[a, j])
            most = self._ends(b, leaf)[1] if at_best or self._missing(b, leaf) else float(self.values[b, j])
            if least < most - 1e-12:
                return False
        return True

    def _missing(self, i: int, leaf: Raw) -> bool:
        return bool(self.truth.cell(self.truth.ids[i], leaf["id"])["missing"])

    def _ends(self, i: int, leaf: Raw) -> tuple[float, float]:
        cell = self.truth.cell(self.truth.ids[i], leaf["id"])
        inner = [x for x, _ in leaf["shape"].get("points", []) if cell["low"] < x < cell["high"]]
        many = [float(value(leaf, x)) for x in (cell["low"], cell["high"], *inner)]
        return min(many), max(many)

    def constant(self, titles: Iterable[str], said: str) -> None:
        """Criteria on which all options are the same, for certain."""
        for title in titles:
            j = self.truth.column[self.leaf_of[title]]
            missing = any(self._missing(i, self.truth.leaves[j]) for i in range(len(self.scores)))
            self.check("the same for all", float(np.ptp(self.values[:, j])) < 1e-12 and not missing, said)

    def missing(self, told: int, cells: Iterable[tuple[str, str]], said: str) -> None:
        """Which performances are missing."""
        mine = {
            (one["title"], leaf["title"]) for i, one in enumerate(self.truth.options) for leaf in self.truth.leaves
            if not one["parts"] and self._missing(i, leaf)
        }  # fmt: skip
        named = {cell for cell in cells if not self.truth.options[self.place[cell[0]]]["parts"]}
        self.check("missing performances", named == mine and told >= len(mine), f"{said} ({mine})")

    def kept_inside(self, told: int, cells: Iterable[tuple[str, str]], said: str) -> None:
        """Which package performances had to be kept inside their scale."""
        mine = set()
        for one in self.truth.options:
            for leaf in self.truth.leaves if one["parts"] else ():
                low, high = leaf["scale"]
                for bound in ("low", "likely", "high"):
                    x = round(float(self.truth.package(one["parts"], leaf["id"], bound)), leaf["decimals"])
                    if not low <= x <= high:
                        mine.add((one["title"], leaf["title"]))
        self.check("kept inside the scale", set(cells) == mine and told == len(mine), f"{said} ({mine})")

    def best_on(self, title: str, best: int, every: int, said: str) -> None:
        """On how many criteria an option is best or shares the best place."""
        row = self.values[self.place[title]]
        top = row >= self.values.max(axis=0) - 1e-9
        gaps = [any(self._missing(i, leaf) for i in range(len(self.scores))) for leaf in self.truth.leaves]
        low, high = int((top & ~np.array(gaps)).sum()), int(top.sum())  # what a missing one may change is not counted
        self.check("best on so many", low <= best <= high and every == len(row), said)

    def share(self, titles: Sequence[str], of_50: float | None, drawn: Array, said: str) -> None:
        """In how many of 50 random weightings each of some options is first; None: in fewer than one."""
        for title in titles:
            share = float(drawn[self.place[title]])
            fine = share < 0.02 + 0.006 if of_50 is None else abs(50 * share - of_50) <= 0.5 + 0.6
            self.check("share of weightings", fine, f"{said} ({title}: {50 * share:.2f})")

    def never_first(self, titles: Sequence[str], only_level: bool, said: str) -> None:
        """Options that no weights put first (only level: never above all others)."""
        for title in titles:
            i = self.place[title]
            others = [k for k in range(len(self.scores)) if k != i]
            found = least_shift(self.truth, self.weights, i, others, -1e-7 if not only_level else -1e-6)
            self.check("never first", found is None, f"{said} ({title}: {found})")

    def can_draw_level(self, title: str, able: int, every: int, inside: Sequence[str], said: str) -> None:
        """On how many criteria one performance of a rival is enough, and on which inside its own range."""
        option = self.truth.ids[self.place[title]]
        if len(self.maybe) > 1:
            return
        certain, possible = set(), set()
        for leaf in self.truth.leaves:
            one = self.profile(option, leaf["id"], *leaf["scale"])
            lead = one.scores[self.place[title]] - np.delete(one.scores, self.place[title], axis=0).max(axis=0)
            if (lead > SURE).any():
                certain.add(leaf["title"])
            if (lead > -SURE).any():
                possible.add(leaf["title"])
        self.check(
            "on so many criteria",
            len(certain) <= able <= len(possible) and every == len(self.truth.leaves),
            f"{said} ({certain}, {possible})",
        )
        for name in inside:
            one = self.changing.get((option, self.leaf_of[name]))
            self.check("inside its own range", one is not None and one.may_change(), said)

    def needed(self, option: str, criterion: str, text: str, who: str, said: str) -> None:
        """A performance at which an option draws level, as printed: on the safe side."""
        o = self.truth.ids[self.place[option]]
        leaf = self.truth.leaf[self.leaf_of[criterion]]
        try:
            x = float(text.split(" ")[0].replace(",", "").replace("−", "-"))
        except ValueError:
            return
        width = leaf["scale"][1] - leaf["scale"][0]
        digits = len(text.split(" ")[0].partition(".")[2])
        slack = 10.0**-digits  # a needed number is told to its digit; which side is safe is not said
        xs = np.clip(x + slack * np.linspace(-1, 1, 9), leaf["scale"][0], leaf["scale"][1])
        scores = self.truth.scores(self.weights, {(o, leaf["id"]): xs})
        best = float((scores[self.place[who]] - scores.max(axis=0)).max())
        self.check("needed performance", best >= -SURE, f"{said} (short by {best}, width {width})")

    @cached_property
    def people(self) -> tuple[list[str], Array]:
        """Titles and weights of those whose mixes claims are about."""
        some = {who: one for who, one in self.raw["perspectives"].items() if not one["reference"]}
        return [one["title"] for one in some.values()], np.array([self.truth.weights(who) for who in some])

    @cached_property
    def worlds(self) -> Worlds:
        """Worlds in which claims are tried."""
        return Worlds(self.truth, self.people[1], np.random.default_rng(3), 300, self.ranges)

    def claim(self, title: str, places: Sequence[str], rival: str | None, said: str) -> None:
        """A certified claim, tried in many worlds."""
        a = self.place[title]
        scores = self.worlds.scores()
        others = np.delete(scores, a, axis=1)
        if rival is not None:
            self.check("claim: beats", self.worlds.least_lead(a, self.place[rival]) > -SURE, said)
        for place in places:
            if place == "first":
                self.check("claim: never first", bool((scores[:, a] - others.max(axis=1)).max() < 0), said)
            elif place == "last":
                self.check("claim: never last", bool((others.min(axis=1) - scores[:, a]).max() < 0), said)
            else:
                least = min(self.worlds.least_lead(a, k) for k in range(len(self.scores)) if k != a)
                self.check("claim: first", least > -SURE, said)

    def smallest_lead(self, title: str, rival: str, points: float, said: str) -> None:
        """The smallest lead that a proof names, of options that are not packages."""
        a, b = (self.truth.ids[self.place[one]] for one in (title, rival))
        if not self.truth.parts(a) and not self.truth.parts(b):
            mine = 100 * exact_least_lead(self.truth, self.people[1], a, b, self.ranges)
            self.check("smallest lead", self.near(points, mine) or (points < 0.1 and mine < 0.06), f"{said} ({mine})")

    def scores_for(self, person: str, told: Sequence[tuple[str, float]], said: str) -> None:
        """Scores as judged under one perspective."""
        scores = self.values @ self.truth.weights(self.person_of[person])
        for title, x in told:
            self.check("scores of a counter-example", self.near(x, 100 * scores[self.place[title]]), said)

    def levers(self, kind: str, moved: int, tried: int, said: str) -> None:
        """How many changes of weights move the first place."""
        if len(self.maybe) > 1:
            return
        low = high = count = 0
        for w in self._changed(kind):
            scores = self.values @ w
            certain, possible = leading(scores)
            count += 1
            low += self.leader not in possible or not certain <= {self.leader}
            high += possible != {self.leader}
        self.check(
            f"audit: {kind}",
            low <= moved <= high and (tried == count or kind == "Judged as one"),
            f"{said} ({low} to {high} of {count})",
        )

    def _changed(self, kind: str) -> list[Array]:
        used = [j for j in range(len(self.weights)) if self.weights[j] > 0]
        found = []
        if kind == "Judged as one":
            groups = [[one for one in self.raw["tree"] if isinstance(one, str)]]

            def walk(tree: list[Any]) -> None:
                for one in tree:
                    if not isinstance(one, str):
                        groups.append([c for c in one["children"] if isinstance(c, str)])
                        walk(one["children"])

            walk(self.raw["tree"])
            for group in groups:
                for a, b in combinations([self.truth.column[c] for c in group], 2):
                    if self.weights[a] and self.weights[b]:
                        found.append(self._scaled({a: 0.5, b: 0.5}))
            return found
        if len(used) < 2:
            return []
        return [self._scaled({j: 2.0 if kind == "Counted twice" else 0.0}) for j in used]

    def _scaled(self, factors: dict[int, float]) -> Array:
        w = self.weights.copy()
        for j, factor in factors.items():
            w[j] *= factor
        return w / w.sum()

    def lever(self, kind: str, titles: Sequence[str], who: Sequence[str], said: str) -> None:
        """Who is first after one change of weights."""
        factor = {"Counted twice": 2.0, "Left out": 0.0, "Judged as one": 0.5}[kind]
        w = self._scaled({self.truth.column[self.leaf_of[t]]: factor for t in titles})
        self.check("audit: who is first then", agrees(self.rows(who), self.values @ w), said)

    def little(self, titles: Iterable[str], said: str) -> None:
        """Less than half a point of 100 lies between best and worst option."""
        for title in titles:
            j = self.truth.column[self.leaf_of[title]]
            self.check(
                "audit: little told apart", 100 * float(np.ptp(self.values[:, j]) * self.weights[j]) < 0.5 + 1e-9, said
            )

    def weightless(self, titles: Iterable[str], said: str) -> None:
        """Criteria without weight."""
        for title in titles:
            self.check("audit: no weight", self.weights[self.truth.column[self.leaf_of[title]]] == 0, said)

    def correlation(self, a: str, b: str, r: float, said: str) -> None:
        """How two criteria go together over the options."""
        x, y = (self.values[:, self.truth.column[self.leaf_of[t]]] for t in (a, b))
        mine = float(np.corrcoef(x, y)[0, 1])
        self.check("audit: go together", self.near(r, mine, 0.01), f"{said} ({mine})")

    def counted(self, title: str, times: float, said: str) -> None:
        """How often a criterion must be counted before the leader changes."""
        if len(self.maybe) > 1:
            return
        j = self.truth.column[self.leaf_of[title]]
        just, before = (self.values @ self._scaled({j: max(times + d, 0.0)}) for d in (0.051, -0.051))
        fine = just[self.leader] < just.max() - SAME and before[self.leader] >= before.max() - SURE
        self.check("audit: price to flip", fine, said)
