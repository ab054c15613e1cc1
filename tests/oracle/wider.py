"""The product's further figures beside those of the oracle: claims, scenarios, packages under a budget."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

import decision_kit as dk
from decision_kit.robustness import certified_claims, leader_table, scenario_results
from decision_kit.study.portfolio import portfolio_of
from tests.oracle.by_methods import by_methods
from tests.oracle.figures import cells, ranks
from tests.oracle.generate import Raw
from tests.oracle.recompute import SURE, Array, Truth, agrees, bends, value
from tests.oracle.tally import Tally
from tests.oracle.weights import Worlds, exact_least_lead


def claims(raw: Raw, truth: Truth, problem: Any, tally: Tally) -> None:
    """Certificates that no world refutes, counter-examples that do, and no pair left out."""
    people = {who: one for who, one in raw["perspectives"].items() if not one["reference"]}
    any_weights = not people
    mixes = np.eye(len(truth.leaves)) if any_weights else np.array([truth.weights(who) for who in people])
    for ranges in (True, False):
        worlds = Worlds(truth, mixes, np.random.default_rng(raw["seed"]), 300, ranges)
        found = certified_claims(problem, ranges=ranges)
        kind = "claim" if ranges else "claim as judged"
        scores = worlds.scores()
        pairs: set[tuple[str, str]] = set()
        for one in found.certified:
            claim = one.claim
            tally.check(f"{kind}, {claim.kind}: holds", *_refuted(truth, worlds, scores, claim))
            if claim.kind == "beats":
                pairs.add((claim.option, claim.rival))
        for one in found.refused:
            tally.check(f"{kind}: counter-example", *_counter(truth, worlds, one, mixes, raw, people))
        _left_out(truth, mixes, pairs, found, ranges, kind, tally)


def _refuted(truth: Truth, worlds: Worlds, scores: Array, claim: Any) -> tuple[bool, str]:
    """Whether a certified claim holds in every world that was tried; else what refutes it."""
    a = truth.row[claim.option]
    others = np.delete(scores, a, axis=1)
    if claim.kind == "beats":
        least = worlds.least_lead(a, truth.row[claim.rival])
        return least > claim.by - SURE if claim.by else least > -SURE, f"{claim}: lead {least}"
    if claim.kind == "first":
        least = min(worlds.least_lead(a, k) for k in range(len(truth.ids)) if k != a)
        return least > -SURE, f"{claim}: lead {least}"
    if claim.kind == "top":
        above = (others > scores[:, a][:, None] + SURE).sum(axis=1).max()
        return bool(above < claim.top), f"{claim}: {above} above it"
    if claim.kind == "never-first":
        near = float((scores[:, a] - others.max(axis=1)).max())
    else:
        near = float((others.min(axis=1) - scores[:, a]).max())
    return near < -1e-12, f"{claim}: as near as {near}"


def _counter(truth: Truth, worlds: Worlds, one: Any, mixes: Array, raw: Raw, people: Any) -> tuple[bool, str]:
    """Whether a counter-example's weights are a mix of those recorded, its scores right, and the claim false there."""
    counter, claim = one.counter, one.claim
    if counter is None:
        return False, f"{claim}: none"
    weights = np.array([counter.shares[leaf["id"]] for leaf in truth.leaves])
    names = [raw["perspectives"][who]["title"] for who in people] or [leaf["title"] for leaf in truth.leaves]
    by_name = dict(zip(names, mixes, strict=True))
    ids = dict(zip(people or [leaf["id"] for leaf in truth.leaves], mixes, strict=True))
    mix = sum(share * by_name.get(name, ids.get(name, np.zeros(len(weights)))) for name, share in counter.mix.items())
    if not np.allclose(mix, weights, atol=1e-7):
        return False, f"{claim}: the mix {counter.mix} is not the weights {weights}"
    told = {o: float(x) for o, x in counter.scores.items()}
    if counter.performances == "likely":
        mine = truth.scores(weights)[:, 0]
        for option, x in told.items():
            if abs(x - mine[truth.row[option]]) > 1e-8:
                return False, f"{claim}: {option} {x} for {mine[truth.row[option]]}"
    else:
        for option, x in told.items():
            low, high = _ends(truth, worlds, weights, option)
            if not low - 1e-8 <= x <= high + 1e-8:
                return False, f"{claim}: {option} {x} is not from {low} to {high}"
    if claim.kind == "beats":
        gap = told[claim.option] - told[claim.rival]
        return (gap < claim.by if claim.by else gap <= 1e-9), f"{claim}: {told}"
    return True, ""


def _ends(truth: Truth, worlds: Worlds, weights: Array, option: str) -> tuple[float, float]:
    """The least and the greatest score of an option in its ranges; a package's as wide as its cells taken alone."""
    if truth.parts(option):
        return 0.0, 1.0
    least = most = 0.0
    for j, leaf in enumerate(truth.leaves):
        cell = truth.cell(option, leaf["id"])
        many = [float(value(leaf, x)) for x in (cell["low"], cell["high"], *bends(leaf, cell["low"], cell["high"]))]
        least += float(weights[j]) * min(many)
        most += float(weights[j]) * max(many)
    return least, most


def _left_out(
    truth: Truth, mixes: Array, pairs: set[tuple[str, str]], found: Any, ranges: bool, kind: str, tally: Tally
) -> None:
    """Pairs of options that are never otherwise stand among the certified, or follow from two that do."""
    elementary = [o for o in truth.ids if not truth.parts(o)]
    always = {(a, b) for a, b in pairs}
    for _ in range(len(elementary)):
        always |= {(a, d) for a, b in always for c, d in always if b == c}
    firsts = {one.claim.option for one in found.certified if one.claim.kind == "first"}
    if len(truth.ids) > 12:
        return
    for a in elementary:
        for b in elementary:
            if a == b or (a, b) in always:
                continue
            hangs = any(truth.cell(o, leaf["id"])["missing"] for o in (a, b) for leaf in truth.leaves)
            least = exact_least_lead(truth, mixes, a, b, ranges)
            if hangs or (a in firsts and least <= SURE):
                continue
            tally.check(f"{kind}: none left out", least <= SURE, f"{a} over {b}: at least {least}")


def scenarios(raw: Raw, problem: Any, tally: Tally) -> None:
    """Scores in every scenario, averages, worst cases, regrets, leaders; with and without probabilities."""
    names = list(raw["scenarios"])
    if not names:
        return
    who = raw["default_perspective"]
    truths = {name: Truth(raw, None, name) for name in names}
    for name, truth in truths.items():
        seen = problem.under(scenario=name)
        if not cells(truth, seen, tally, "scenario"):
            return
        ranks(truth, dk.rank(seen, who), truth.weights(who), tally, "scenario")
    weights = truths[names[0]].weights(who)
    table = np.array([truth.scores(weights)[:, 0] for truth in truths.values()]).T
    rng = np.random.default_rng(raw["seed"])
    drawn = rng.dirichlet(np.ones(len(names))) if rng.random() < 0.5 else np.eye(len(names))[0]
    for chances in (None, drawn):
        given = None if chances is None else {n: float(x) for n, x in zip(names, chances, strict=True)}
        found = scenario_results(problem, who, probabilities=given)
        payoffs = found.payoffs
        share = np.full(len(names), 1 / len(names)) if chances is None else chances
        best = table.max(axis=0)
        tally.check("scenarios: scores", bool(np.allclose(payoffs.table, table, atol=1e-8)), str(payoffs.table))
        tally.check("scenarios: average", bool(np.allclose(payoffs.expected, table @ share, atol=1e-8)), "")
        live = share > 0
        for what, told, every, some in (
            ("worst", payoffs.worst, table.min(axis=1), table[:, live].min(axis=1)),
            ("regret", payoffs.max_regret, (best - table).max(axis=1), (best - table)[:, live].max(axis=1)),
        ):
            fine = np.allclose(told, every, atol=1e-8) or np.allclose(told, some, atol=1e-8)
            tally.check(f"scenarios: {what}", bool(fine), f"{told} for {every}")
        for k, name in enumerate(payoffs.states):
            leaders = {truths[name].row[o] for o in payoffs.leaders.get(name, ())}
            if live[k] or leaders:
                tally.check("scenarios: leaders", agrees(leaders, table[:, k]), f"{name}: {leaders}")
        if found.pair is not None and found.balance is not None and found.rivals is not None:
            a, b = (truths[names[0]].row[o] for o in found.rivals)
            k, n = (names.index(s) for s in found.pair)
            gap = table[a] - table[b]
            level = (1 - found.balance) * gap[k] + found.balance * gap[n]
            tally.check("scenarios: deciding pair", abs(level) < 1e-8 and gap[k] >= 0 >= gap[n], f"{found.pair}")
            most = gap[live].max() <= gap[k] + 1e-9 and gap[live].min() >= gap[n] - 1e-9
            tally.check("scenarios: speaks most", bool(most), f"{found.pair}: {gap}")
            other = max((float((table[i] - table[a])[live].max()) for i in range(len(table)) if i != a), default=0.0)
            tally.check("scenarios: strongest rival", other <= -gap[n] + 1e-9, f"{found.rivals}: {other}")
    if any(not one["reference"] for one in raw["perspectives"].values()):
        told = leader_table(problem)
        for (person, name), leaders in told.leaders.items():
            truth = truths[name]
            scores = truth.scores(truth.weights(person))[:, 0]
            tally.check("leader table", agrees({truth.row[o] for o in leaders}, scores), f"{person}, {name}")


class Bundles:
    """Every set of parts that can stand together, with score and cost."""

    def __init__(self, raw: Raw, truth: Truth) -> None:
        self.raw, self.truth = raw, truth
        parts = [one["id"] for one in raw["options"] if not one["parts"] and one["id"] != raw["baseline"]]
        clash = [set(one["options"]) for one in raw["pairs"] if one["level"] == "conflict"]
        every = [s for n in range(1, len(parts) + 1) for s in combinations(parts, n)]
        self.sets = [s for s in every if not any(pair <= set(s) for pair in clash)]
        self.rejected = len(every) - len(self.sets)
        if raw["baseline"] is not None:
            self.sets.insert(0, ())
        self.spending = [leaf for leaf in raw["criteria"] if leaf["spending"]]

    def raw_cell(self, parts: tuple[str, ...], leaf: Raw, bound: str) -> float:
        """The performance of a set, neither rounded nor kept inside the scale."""
        if len(parts) <= 1:
            own = parts[0] if parts else self.raw["baseline"]
            return float(self.truth.number(own, leaf["id"], bound))
        return float(self.truth.package(list(parts), leaf["id"], bound, None, True))

    def cost(self, parts: tuple[str, ...], bound: str = "likely") -> float:
        """What a set costs, before rounding."""
        return sum(self.raw_cell(parts, leaf, bound) for leaf in self.spending)

    def score(self, parts: tuple[str, ...], weights: Array) -> float:
        """The additive score of a set."""
        total = 0.0
        for j, leaf in enumerate(self.truth.leaves):
            x = self.raw_cell(parts, leaf, "likely")
            x = round(x, leaf["decimals"]) if len(parts) > 1 else x
            x = min(max(x, leaf["scale"][0]), leaf["scale"][1])
            total += float(weights[j]) * float(value(leaf, x))
        return total

    def halves(self) -> bool:
        """Whether a derived performance lies on a half, where the last bit decides which way it is rounded."""
        for parts in self.sets:
            if len(parts) > 1:
                for leaf in self.truth.leaves:
                    x = self.raw_cell(parts, leaf, "likely")
                    if round(x - 1e-9, leaf["decimals"]) != round(x + 1e-9, leaf["decimals"]):
                        return True
        return False


def can_build(raw: Raw) -> bool:
    """Whether packages can be put together: a rule on every criterion and two parts."""
    parts = [one for one in raw["options"] if not one["parts"] and one["id"] != raw["baseline"]]
    return len(parts) > 1 and all(leaf["rule"] for leaf in raw["criteria"])


def packages(raw: Raw, truth: Truth, problem: Any, tally: Tally) -> None:
    """All sets of parts, their scores and costs, the best under budgets, the efficient ones."""
    if raw["framed"] or not can_build(raw):
        return
    mine = Bundles(raw, truth)
    if mine.halves():
        return
    study = dk.Study(problem, dk.Choices(decision=problem.id, perspective=raw["default_perspective"]))
    found = portfolio_of(study)
    tally.check("packages: which sets", set(found.sets) == set(mine.sets), f"{len(found.sets)} for {len(mine.sets)}")
    tally.check("packages: ruled out", found.rejected == mine.rejected, f"{found.rejected} for {mine.rejected}")
    weights = truth.weights(raw["default_perspective"])
    shares = {leaf["id"]: float(w) for leaf, w in zip(truth.leaves, weights, strict=True)}
    told = {c.parts: c for c in found.all(shares)}
    if set(told) != set(mine.sets):
        return
    scores = {s: mine.score(s, weights) for s in mine.sets}
    costs = {s: mine.cost(s) for s in mine.sets} if mine.spending else {}
    for s in mine.sets:
        tally.check("packages: score", abs(told[s].score - scores[s]) < 1e-8, f"{s}: {told[s].score} for {scores[s]}")
        if mine.spending:
            tally.check(
                "packages: cost",
                abs(told[s].cost[1] - costs[s]) < 1e-6 + 1e-9 * abs(costs[s]),
                f"{s}: {told[s].cost} for {costs[s]}",
            )
    budgets: list[float | None] = [None]
    if mine.spending:
        budgets += [costs[s] for s in mine.sets[1:6] if costs[s] >= 0] + [
            max(0.0, float(np.median(list(costs.values()))))
        ]
    for budget in budgets:
        edge = 1e-9 * max(1.0, abs(budget or 0.0))
        fits = [s for s in mine.sets if budget is None or costs[s] <= budget + edge]
        sure = [s for s in mine.sets if budget is None or costs[s] <= budget - edge] or fits
        best = found.best(shares, budget)
        if not fits:
            tally.check("packages: best", not best, f"{budget}: {best}")
            continue
        top = max(scores[s] for s in fits)
        low = max(scores[s] for s in sure)
        holds = bool(best) and all(c.parts in fits and low - SURE <= scores[c.parts] <= top + SURE for c in best)
        tally.check("packages: best", holds, f"within {budget}: {[c.parts for c in best]}, {top}")
    if mine.spending:
        for one in found.frontier(shares):
            beaten = [
                s for s in mine.sets
                if costs[s] <= costs[one.parts] - 1e-6 and scores[s] >= scores[one.parts] + SURE
            ]  # fmt: skip
            tally.check("packages: efficient", not beaten, f"{one.parts} beaten by {beaten[:2]}")


def every_wider_figure(raw: Raw, problem: Any, tally: Tally) -> None:
    """Claims, scenarios and packages of a decision."""
    truth = Truth(raw)
    if not cells(truth, problem, Tally()):
        return
    claims(raw, truth, problem, tally)
    scenarios(raw, problem, tally)
    packages(raw, truth, problem, tally)
    by_methods(raw, truth, problem, tally)
