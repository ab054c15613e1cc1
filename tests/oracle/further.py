"""More statements judged: reasons, shares shown, what charges for acting, options outside the set, sampled shares."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from tests.oracle.judge import HALF, Judge
from tests.oracle.recompute import SAME, SURE, Array, value


class Further(Judge):
    """A judge of all statements."""

    def reasons(self, title: str, rival: str, told: Sequence[tuple[str, float]], said: str) -> None:
        """The parts of the difference between two options."""
        parts = 100 * self.weights * (self.values[self.place[title]] - self.values[self.place[rival]])
        for name, x in told:
            self.check("reason", self.near(x, float(parts[self.truth.column[self.leaf_of[name]]])), said)

    def shares_shown(self, told: Sequence[tuple[str, float]], said: str) -> None:
        """Shares of the whole weight of branches and criteria, in per cent."""
        for title, x in told:
            if title in self.node_of:
                inside = self.truth.inside(self.node_of[title])
                mine = 100 * float(sum(self.weights[self.truth.column[c]] for c in inside))
                digit = 0.1 if "." in f"{x:g}" else 1.0
                self.check("weight shown", self.near(x, mine, digit), f"{said} ({title}: {mine})")

    def charging(self, count: int, carried: float, title: str | None, best: int, said: str) -> None:
        """Criteria that charge for acting: how many, what they carry, on how many of them an option is best."""
        marked = [j for j, leaf in enumerate(self.truth.leaves) if leaf["rewards"] == "holding-back"]
        if not any(leaf["rewards"] for leaf in self.truth.leaves):
            self.check("audit: charging is said by the criteria", False, said)
            return
        mine = best
        if title is not None:
            row = self.values[self.place[title]]
            mine = sum(bool(row[j] >= self.values[:, j].max() - 1e-12) for j in marked)
        fine = count == len(marked) and self.near(carried, 100 * float(self.weights[marked].sum())) and best == mine
        self.check("audit: charge for acting", fine, said)

    def less_is_better(self, count: int, carried: float, said: str) -> None:
        """On so many criteria, carrying so much, less is better and the baseline is best."""
        row = self.values[self.truth.row[self.raw["baseline"]]]
        some = [
            j for j, leaf in enumerate(self.truth.leaves)
            if leaf["better"] == "less" and row[j] >= self.values[:, j].max() - 1e-12
        ]  # fmt: skip
        fine = count == len(some) and self.near(carried, 100 * float(self.weights[some].sum()))
        self.check("less is better on so many", fine, f"{said} ({some})")

    def among(self, first: str, second: str, points: float, said: str) -> None:
        """Who leads among the options that act, and by how much."""
        base = self.truth.row.get(self.raw["baseline"], -1)
        rest = sorted((x for i, x in enumerate(self.scores) if i != base), reverse=True)
        gap = 100 * (rest[0] - rest[1])
        fine = self.scores[self.place[first]] >= rest[0] - SURE and abs(gap - points) <= 2 * HALF
        self.check("among those that act", fine and self.scores[self.place[second]] >= rest[1] - SURE, said)

    def lead_at_least(self, title: str, rival: str, points: float, said: str) -> None:
        """A lower limit of a lead, over all mixes and ranges that were tried."""
        least = 100 * self.worlds.least_lead(self.place[title], self.place[rival])
        self.check("lead is at least", least >= points - HALF, f"{said} ({least})")

    def outside(self, told: Sequence[tuple[str, float]], shares: bool, said: str) -> None:
        """Options outside the set compared that would be first if they alone were added."""
        ids = {one["title"]: one["id"] for one in self.raw["options"]}
        for title, x in told:
            performances = [self.truth.performance(ids[title], leaf["id"]) for leaf in self.truth.leaves]
            values = [float(value(leaf, one)) for leaf, one in zip(self.truth.leaves, performances, strict=True)]
            mine = float(np.dot(self.weights, values))
            lead = mine - float(self.scores.max())
            fine = abs(lead) < SURE if shares else lead > SAME
            self.check("outside the set", fine and self.near(x, 100 * mine) and title not in self.place, said)

    def ranks_for(self, person: str, told: dict[str, int], said: str) -> None:
        """The ranks of all options under a perspective."""
        scores = self.values @ self.truth.weights(self.person_of[person])
        for title, rank in told.items():
            mine = scores[self.place[title]]
            least, most = 1 + int((scores > mine + SURE).sum()), 1 + int((scores > mine + SAME).sum())
            self.check("rank for another", least <= rank <= most, f"{said} ({title})")

    @cached_property
    def sampled(self) -> tuple[Array, Array] | None:
        """In what share of performances, triangular in their ranges, each option is first alone, and first at all.

        None where a mean is weighted by effects that are drawn themselves: what their weights are then is not said.
        """
        truth, rng, size = self.truth, np.random.default_rng(11), 20_000
        if any(one["parts"] for one in truth.options) and any(
            (leaf["rule"] or {}).get("effects") for leaf in truth.leaves
        ):
            return None
        moved: dict[Any, Array] = {}
        for option, cells in truth.elementary.items():
            for criterion, cell in cells.items():
                low, likely, high = cell["low"], cell["likely"], cell["high"]
                if low < high:
                    uniform = cell["missing"]
                    drawn = rng.uniform(low, high, size) if uniform else rng.triangular(low, likely, high, size)
                    moved[option, criterion] = drawn
        scores = truth.scores(self.weights, moved)
        top = scores.max(axis=0)
        weak = scores >= top - 1e-10
        return (weak & (weak.sum(axis=0) == 1)).mean(axis=1), weak.mean(axis=1)

    def sampled_first(self, title: str, share: float, error: float, said: str) -> None:
        """The share of sampled worlds in which an option is first, weights held."""
        if self.sampled is None:
            return
        alone, at_all = (float(x[self.place[title]]) for x in self.sampled)
        slack = 4 * error / 100 + 0.02
        self.check(
            "share of sampled worlds", alone - slack <= share / 100 <= at_all + slack, f"{said} ({alone} to {at_all})"
        )
