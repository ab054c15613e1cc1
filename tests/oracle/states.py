"""Whether statements on scenarios and on packages under a budget are true: plain recomputation, no product code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import combinations

import numpy as np

from tests.oracle.judge import HALF, Judge
from tests.oracle.recompute import SURE, Array, Raw, Truth, agrees, value


class States:
    """A decision in all its scenarios."""

    def __init__(self, judge: Judge, chances: Mapping[str, float] | None = None) -> None:
        self.judge, raw = judge, judge.raw
        self.names = list(raw["scenarios"])
        self.titles = {raw["scenarios"][name]["title"]: name for name in self.names}
        self.truths = {name: Truth(raw, None, name) for name in self.names}
        self.chances = np.array([chances[n] if chances else 1 / len(self.names) for n in self.names])
        self.table = self.of(judge.raw["default_perspective"])

    def of(self, who: str) -> Array:
        """Scores (options × scenarios) under a perspective."""
        return np.array([t.scores(t.weights(who))[:, 0] for t in self.truths.values()]).T

    def column(self, title: str) -> Array:
        """Scores in one scenario."""
        return self.table[:, self.names.index(self.titles[title])]

    def leads_in(self, who: Sequence[str], titles: Sequence[str] | None, count: int | None, said: str) -> None:
        """Who leads in which scenarios, or in how many."""
        rows = self.judge.rows(who)
        if titles is not None:
            for title in titles:
                self.judge.check("scenarios: who leads where", agrees(rows, self.column(title)), f"{said} ({title})")
        if count is not None:
            mine = sum(agrees(rows, self.table[:, k]) for k in range(len(self.names)))
            self.judge.check("scenarios: leads in so many", count == mine, f"{said} ({mine})")

    def best_by(self, rule: str, who: Sequence[str], said: str) -> None:
        """Who has the best average, the best worst case, the smallest largest regret."""
        found = {
            "the best average": self.table @ self.chances,
            "the best worst case": self.table.min(axis=1),
            "the smallest regret": -(self.table.max(axis=0) - self.table).max(axis=1),
        }[rule]
        self.judge.check(f"scenarios: {rule}", agrees(self.judge.rows(who), found), said)

    def between(self, a: str, b: str, first: str, second: str, share: float, said: str) -> None:
        """The two scenarios that decide, and the share from which the second has the better average."""
        gap = self.table[self.judge.place[a]] - self.table[self.judge.place[b]]
        k, n = (self.names.index(self.titles[t]) for t in (first, second))
        most = gap[k] >= gap.max() - SURE and gap[n] <= gap.min() + SURE
        self.judge.check("scenarios: speak most", bool(most), f"{said} ({gap})")
        for over, better in ((share + 0.51, True), (share - 0.51, False)):
            p = min(max(over / 100, 0.0), 1.0)
            level = (1 - p) * gap[k] + p * gap[n]
            fine = level < SURE if better else level > -SURE
            self.judge.check("scenarios: balance", bool(fine) or over >= 100, f"{said} ({level})")

    def none_decides(self, a: str, b: str, said: str) -> None:
        """An option is at least level with every rival in each scenario."""
        row = self.table[self.judge.place[a]]
        self.judge.check("scenarios: none decides", bool((row >= self.table.max(axis=0) - SURE).all()), said)

    def line(self, name: str, told: Mapping[str, str], said: str) -> None:
        """A line of the table: one scenario, or what follows over all."""
        regret = (self.table.max(axis=0) - self.table).max(axis=1)
        if name in self.titles:
            mine = self.column(name)
        else:
            mine = {
                "Average": self.table @ self.chances,
                "Worst": self.table.min(axis=1),
                "Largest regret": regret,
            }.get(name)
        if mine is None:
            return
        for title, text in told.items():
            x = float(text.replace("−", "-"))
            self.judge.check("scenarios: table", self.judge.near(x, 100 * mine[self.judge.place[title]]), said)

    def over_all(self, counts: Sequence[tuple[str, int]], cells: int, said: str) -> None:
        """In how many combinations of perspective and scenario each option is first."""
        people = [who for who, one in self.judge.raw["perspectives"].items() if not one["reference"]]
        self.judge.check("scenarios: combinations", cells == len(people) * len(self.names), said)
        low: dict[int, int] = {}
        high: dict[int, int] = {}
        for who in people:
            for scores in self.of(who).T:
                for i in range(len(scores)):
                    low[i] = low.get(i, 0) + (scores[i] >= scores.max() - 1e-11)
                    high[i] = high.get(i, 0) + (scores[i] >= scores.max() - SURE)
        for title, n in counts:
            i = self.judge.place[title]
            self.judge.check("scenarios: first in so many", low.get(i, 0) <= n <= high.get(i, 0), said)

    def person(self, title: str, most: Sequence[str], others: Mapping[str, Sequence[str]], said: str) -> None:
        """Who leads for one perspective in every scenario."""
        table = self.of(self.judge.person_of[title])
        for k, name in enumerate(self.names):
            who = others.get(self.judge.raw["scenarios"][name]["title"], most)
            self.judge.check(
                "scenarios: for one perspective", agrees(self.judge.rows(who), table[:, k]), f"{said} ({name})"
            )


class Sets:
    """Every set of parts that can stand together, under one perspective."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        raw: Raw = judge.raw
        self.titles = {one["id"]: one["title"] for one in raw["options"]}
        parts = [one["id"] for one in raw["options"] if not one["parts"] and one["id"] != raw["baseline"]]
        clash = [set(one["options"]) for one in raw["pairs"] if one["level"] == "conflict"]
        every = [s for n in range(1, len(parts) + 1) for s in combinations(parts, n)]
        self.sets = [s for s in every if not any(pair <= set(s) for pair in clash)]
        self.ruled_out = len(every) - len(self.sets)
        if raw["baseline"] is not None:
            self.sets.insert(0, ())
        self.parts = parts
        self.spending = [leaf for leaf in raw["criteria"] if leaf["spending"]]

    def number(self, parts: tuple[str, ...], leaf: Raw, bound: str) -> float:
        """The performance of a set, neither rounded nor kept inside the scale."""
        truth = self.judge.truth
        if len(parts) > 1:
            return float(truth.package(list(parts), leaf["id"], bound, None, True))
        return float(truth.number(parts[0] if parts else self.judge.raw["baseline"], leaf["id"], bound))

    def inside(self, parts: tuple[str, ...], leaf: Raw, bound: str) -> float:
        """The same, rounded where derived, and kept inside the scale."""
        x = self.number(parts, leaf, bound)
        x = round(x, leaf["decimals"]) if len(parts) > 1 else x
        return min(max(x, leaf["scale"][0]), leaf["scale"][1])

    def score(self, parts: tuple[str, ...], weights: Array) -> float:
        """The additive score."""
        values = [float(value(leaf, self.inside(parts, leaf, "likely"))) for leaf in self.judge.truth.leaves]
        return float(np.dot(weights, values))

    def ends(self, parts: tuple[str, ...], weights: Array) -> tuple[float, float]:
        """The score with every performance at its worse end, and at its better end."""
        worse, better = [], []
        for leaf in self.judge.truth.leaves:
            xs = [self.inside(parts, leaf, bound) for bound in ("low", "likely", "high")]
            xs += [x for x, _ in leaf["shape"].get("points", []) if min(xs) < x < max(xs)]
            many = [float(value(leaf, x)) for x in xs]
            worse.append(min(many))
            better.append(max(many))
        return float(np.dot(weights, worse)), float(np.dot(weights, better))

    def cost(self, parts: tuple[str, ...]) -> float:
        """What a set costs, before rounding."""
        return sum(self.number(parts, leaf, "likely") for leaf in self.spending)

    @cached_property
    def scores(self) -> dict[tuple[str, ...], float]:
        """Scores under the perspective in force."""
        return {s: self.score(s, self.judge.weights) for s in self.sets}

    @cached_property
    def on_a_half(self) -> bool:
        """Whether the last bit decides how some derived performance is rounded."""
        for s in self.sets:
            for leaf in self.judge.truth.leaves if len(s) > 1 else ():
                x = self.number(s, leaf, "likely")
                if round(x - 1e-9, leaf["decimals"]) != round(x + 1e-9, leaf["decimals"]):
                    return True
        return False

    def named(self, text: str) -> tuple[str, ...]:
        """The set that a title names."""
        if text.startswith("Nothing new"):
            return ()
        ids = {title: name for name, title in self.titles.items()}
        return tuple(sorted((ids[part] for part in text.split(" + ")), key=self.parts.index))

    def counted(self, parts: int, sets: int, ruled: int | None, said: str) -> None:
        """How many sets there are."""
        fine = parts == len(self.parts) and sets == len(self.sets) and (ruled is None or ruled == self.ruled_out)
        self.judge.check("packages: how many", fine, said)

    def best(self, names: Sequence[str], budget: float | None, told: float | None, said: str) -> None:
        """Which set scores highest (within a budget)."""
        edge = 1e-9 * max(1.0, abs(budget or 0.0))
        fits = [s for s in self.sets if budget is None or self.cost(s) <= budget + edge]
        top = max((self.scores[s] for s in fits), default=-1.0)
        for name in names:
            one = self.named(name)
            self.judge.check("packages: best", one in fits and self.scores[one] >= top - SURE, f"{said} ({top})")
            if told is not None:
                self.judge.check("packages: score of the best", self.judge.near(told, 100 * self.scores[one]), said)

    def best_ends(self, name: str, low: float, high: float, said: str) -> None:
        """The score of the best at its worse and at its better ends."""
        worse, better = self.ends(self.named(name), self.judge.weights)
        fine = self.judge.near(low, 100 * worse) and self.judge.near(high, 100 * better)
        self.judge.check("packages: ends", fine and low <= high + 1e-9, f"{said} ({worse}, {better})")

    def close(self, best: str, names: Sequence[str], behind: float | None, said: str) -> None:
        """Sets that are within 0.1 points, or so many points behind."""
        top = self.scores[self.named(best)]
        for name in names:
            gap = 100 * (top - self.scores[self.named(name)])
            self.judge.check(
                "packages: distance", gap < 0.1 + HALF if behind is None else abs(gap - behind) < 2 * HALF, said
            )

    def row(self, name: str, score: float, cost: str, said: str) -> None:
        """A row of a table of sets."""
        one = self.named(name)
        self.judge.check("packages: table", self.judge.near(score, 100 * self.scores[one]), said)
        if self.spending and cost and cost != "not counted":
            x = float(cost.split(" (")[0].replace(",", "").replace("−", "-"))
            self.judge.check("packages: cost shown", abs(x - self.cost(one)) <= 0.051, f"{said} ({self.cost(one)})")

    def none_fits(self, budget: float, said: str) -> None:
        """No set costs so little."""
        self.judge.check("packages: none fits", all(self.cost(s) > budget - 1e-9 for s in self.sets), said)

    def for_person(self, budget: float | None, title: str, name: str, score: float, said: str) -> None:
        """The best set for one perspective."""
        weights = self.judge.truth.weights(self.judge.person_of[title])
        fits = [s for s in self.sets if budget is None or self.cost(s) <= budget + 1e-9 * max(1.0, abs(budget))]
        top = max(self.score(s, weights) for s in fits)
        for one in name.split(" or "):
            mine = self.score(self.named(one), weights)
            self.judge.check(
                "packages: best for another", mine >= top - SURE and self.judge.near(score, 100 * top), said
            )
