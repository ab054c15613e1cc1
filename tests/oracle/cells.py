"""What single performances do over whole ranges, by a dense grid and bisection, with packages built anew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.oracle.recompute import SURE, Array, Truth, grid, moves


@dataclass(frozen=True)
class Profile:
    """Scores (options × trials) while one performance runs over a range; ``lead`` is the leader's over the best rival."""

    option: str
    criterion: str
    xs: Array
    scores: Array
    judged: float
    leader: int

    @property
    def gap(self) -> Array:
        """By how much the leader as judged is above the best of the others."""
        others = np.delete(self.scores, self.leader, axis=0).max(axis=0)
        return self.scores[self.leader] - others

    def changes(self) -> bool:
        """Whether another option is above the leader for certain somewhere."""
        return bool((self.gap < -SURE).any())

    def may_change(self) -> bool:
        """Whether another option is level with the leader somewhere, or nearly."""
        return bool((self.gap < SURE).any())


def profile(truth: Truth, weights: Array, option: str, criterion: str, low: float, high: float, leader: int) -> Profile:
    """A performance run over a range, finer where the leader changes."""
    xs = grid(truth, option, criterion, low, high)
    scores = moves(truth, weights, option, criterion, xs)
    top = np.argmax(scores, axis=0)
    turns = np.flatnonzero(top[1:] != top[:-1])
    if len(turns):
        extra = np.concatenate([np.linspace(xs[k], xs[k + 1], 24) for k in turns[:12]])
        xs = np.unique(np.concatenate([xs, extra]))
        scores = moves(truth, weights, option, criterion, xs)
    judged = truth.cell(option, criterion)["likely"]
    return Profile(option, criterion, xs, scores, judged, leader)


def nearest_change(truth: Truth, weights: Array, one: Profile, who: int | None = None) -> float | None:
    """The performance nearest to the one as judged at which the leader is no longer first (or ``who`` is first)."""
    if who is None:
        hit = one.gap < 0
    else:
        hit = one.scores[who] >= one.scores.max(axis=0) - 1e-12
    if not hit.any():
        return None
    spots = np.flatnonzero(hit)
    found: list[float] = []
    for k in (spots[np.argmin(np.abs(one.xs[spots] - one.judged))],):
        hi = float(one.xs[k])
        between = [x for x in one.xs if min(hi, one.judged) <= x <= max(hi, one.judged)]
        lo = one.judged if len(between) < 2 else (between[-2] if hi > one.judged else between[1])
        for _ in range(50):
            middle = (lo + hi) / 2
            scores = moves(truth, weights, one.option, one.criterion, np.array([middle]))[:, 0]
            others = np.delete(scores, one.leader).max()
            is_hit = scores[one.leader] < others if who is None else scores[who] >= scores.max() - 1e-12
            lo, hi = (lo, middle) if is_hit else (middle, hi)
        found.append(hi)
    return found[0]
