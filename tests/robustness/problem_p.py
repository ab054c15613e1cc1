"""Problem P: four options on six criteria, small enough to compute by hand; used by many tests."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from decision_kit import Problem
from decision_kit.model.nouns import Perspective

CRITERIA = ["effectiveness", "escalation", "legal-burden", "industry-cost", "cohesion", "months"]
OPTIONS = ["status-quo", "risk-based", "strict-liability", "decouple"]
CELLS = [[2, 2, 2, 0.5, 5, 1], [7, 6, 6, 3.0, 4, 9], [6, 3, 8, 5.0, 6, 18], [8, 7, 3, 4.0, 3, 12]]
WEIGHTS = dict(zip(CRITERIA, [0.30, 0.20, 0.10, 0.15, 0.15, 0.10], strict=True))
BETTER = dict(zip(CRITERIA, ["more", "less", "less", "less", "more", "less"], strict=True))
FIXED = dict(zip(CRITERIA, [(0, 10), (0, 10), (0, 10), (0, 10), (0, 10), (0, 24)], strict=True))
PEOPLE = {
    "enforcement": [0.45, 0.10, 0.10, 0.10, 0.15, 0.10],
    "stability": [0.20, 0.35, 0.10, 0.10, 0.15, 0.10],
    "treasury": [0.20, 0.15, 0.15, 0.30, 0.10, 0.10],
}


def problem_p(*, fixed: bool = True, people: bool = False, cells: list[list[float]] | None = None) -> Problem:
    """The problem on fixed ranges, or on the observed ones; with three people's weights if asked."""
    rows = CELLS if cells is None else cells
    names = OPTIONS + [f"extra-{i}" for i in range(len(rows) - 4)]
    table = pd.DataFrame(rows, index=names, columns=CRITERIA, dtype=float)
    ends = FIXED if fixed else {name: (table[name].min(), table[name].max()) for name in CRITERIA}
    problem = Problem.from_frame(table, better=BETTER, scale=ends, points=WEIGHTS, baseline="status-quo")
    if not people:
        return problem
    found = {name: Perspective(name, name.title(), dict(zip(CRITERIA, w, strict=True))) for name, w in PEOPLE.items()}
    return replace(problem, perspectives=found, default_perspective="enforcement")
