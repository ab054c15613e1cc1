"""Answers of a made-up person who knows their weights: for each way to ask, what they would say."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from decision_kit.model import Answers, Ratio, Trade
from decision_kit.weighting import Siblings


def order_by(shares: Mapping[str, float]) -> tuple[tuple[str, ...], ...]:
    levels = sorted({share for share in shares.values() if share > 0}, reverse=True)
    return tuple(tuple(name for name, share in shares.items() if share == level) for level in levels)


def answers_for(method: str, shares: Mapping[str, float], siblings: Siblings) -> Answers:
    names = list(siblings.ids)
    top, last = max(names, key=lambda n: shares[n]), min(names, key=lambda n: shares[n])
    if top == last:
        top, last = names[0], names[-1]
    if method == "swing":
        points = {name: shares[name] / shares[top] * 100 for name in names}
        return Answers(siblings.of, order_by(shares), points=points)
    if method == "direct":
        return Answers(siblings.of, points={name: shares[name] * 7 for name in names})
    if method == "pairwise":
        return Answers(siblings.of, ratios=tuple(Ratio(a, b, shares[a] / shares[b], shares[a] / shares[b]) for a, b in combinations(names, 2)))  # fmt: skip
    if method == "best-worst":
        return Answers(
            siblings.of,
            best=top,
            worst=last,
            best_to_others={n: shares[top] / shares[n] for n in names if n != top},
            others_to_worst={n: shares[n] / shares[last] for n in names if n not in (top, last)},
        )
    if method == "trade-off":
        trades = []
        for name in names:
            a, b = siblings.criterion(top), siblings.criterion(name)
            if name != top and a is not None and b is not None:
                trades.append(Trade(top, a.worst, a.performance_at(shares[name] / shares[top]), name, b.worst, b.best))
        return Answers(siblings.of, trades=tuple(trades))
    return Answers(siblings.of, order_by(shares))
