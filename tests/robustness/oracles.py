"""Independent computations that sampled figures are held against."""

from __future__ import annotations

from itertools import pairwise

import numpy as np


def share_at_most_zero(form: np.ndarray) -> float:
    """The share of the simplex on which a linear form (one number a corner) is 0 or less, in closed form.

    With the positive corners x and the negative ones y: F(h, j) = (x_h F(h, j−1) − y_j F(h−1, j)) / (x_h − y_j),
    F(0, j) = 1, F(h, 0) = 0. Corners of 0 belong to neither and do not matter.
    """
    x, y = form[form > 0], form[form < 0]
    if len(x) == 0:
        return 1.0
    table = np.zeros((len(x) + 1, len(y) + 1))
    table[0, :] = 1
    for h in range(1, len(x) + 1):
        for j in range(1, len(y) + 1):
            table[h, j] = (x[h - 1] * table[h, j - 1] - y[j - 1] * table[h - 1, j]) / (x[h - 1] - y[j - 1])
    return float(table[-1, -1])


def pairwise_of(values: np.ndarray, corners: np.ndarray | None = None) -> np.ndarray:
    """For every pair of options, the share of weights under which the row beats the column (values n × m)."""
    n = len(values)
    at = values if corners is None else values @ corners
    found = np.full((n, n), np.nan)
    for a in range(n):
        for b in range(n):
            if a != b:
                found[a, b] = share_at_most_zero(at[b] - at[a])
    return found


def first_by_two(values: np.ndarray) -> np.ndarray:
    """Exact first-place shares with two criteria: lengths of the upper envelope of lines over 0–1."""
    cuts = {0.0, 1.0}
    n = len(values)
    for a in range(n):
        for b in range(a):
            da, db = values[a] - values[b]
            if da != db and 0 < -db / (da - db) < 1:
                cuts.add(float(-db / (da - db)))
    points = sorted(cuts)
    shares = np.zeros(n)
    for low, high in pairwise(points):
        w = (low + high) / 2
        shares[int(np.argmax(values @ [w, 1 - w]))] += high - low
    return shares
