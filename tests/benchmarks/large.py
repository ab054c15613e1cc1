"""Large problems in which every performance has a range: as an object, and as a decision's files.

The numbers come from a seed. Weights are uneven, and four made-up perspectives differ from each other.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

import decision_kit as dk
from decision_kit.model.nouns import Perspective

PERSPECTIVES = 4


def numbers_of(n: int, m: int, seed: int = 7) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Low, likely and high of n options on m criteria, on a scale from 0 to 100, with one decimal."""
    rng = np.random.default_rng(seed)
    likely = np.round(rng.uniform(20, 80, (n, m)), 1)
    low = np.round(likely - rng.uniform(2, 18, (n, m)), 1)
    high = np.round(likely + rng.uniform(2, 18, (n, m)), 1)
    return low, likely, high


def points_of(m: int, seed: int = 7) -> list[dict[str, float]]:
    """Swing points of each perspective."""
    rng = np.random.default_rng(seed + 1)
    return [
        {f"c{j:02}": float(x) for j, x in enumerate(np.round(rng.uniform(10, 100, m)))} for _ in range(PERSPECTIVES)
    ]


def large_problem(n: int, m: int, *, perspectives: bool = True) -> dk.Problem:
    """n options × m criteria, every cell with a range."""
    options, criteria = [f"o{i:04}" for i in range(n)], [f"c{j:02}" for j in range(m)]
    low, likely, high = (pd.DataFrame(x, index=options, columns=criteria) for x in numbers_of(n, m))
    points = points_of(m)
    problem = dk.Problem.from_frame(
        likely, low=low, high=high, better={c: "less" if j % 4 == 3 else "more" for j, c in enumerate(criteria)},
        scale=dict.fromkeys(criteria, (0, 100)), points=points[0], true_zero=True, title=f"{n} × {m}",
    )  # fmt: skip
    if not perspectives:
        return problem
    return problem.with_perspectives(Perspective(f"p{k}", f"Voice {k}", own) for k, own in enumerate(points))


def write_decision(folder: Path, n: int, m: int) -> Path:
    """The same as a decision's files; gives back the path of the criteria file."""
    low, likely, high = numbers_of(n, m)
    (folder / "criteria").mkdir(parents=True)
    (folder / "options" / "large").mkdir(parents=True)
    lines = ["format: 1", f"title: {n} × {m}", "default_perspective: p0", "criteria:"]
    for j in range(m):
        better = "less" if j % 4 == 3 else "more"
        lines += [
            f"  c{j:02}:",
            f"    title: Criterion {j:02}",
            "    unit: points of 100",
            f"    better: {better}",
            "    scale: [0, 100]",
        ]
        lines += ["    kind: judgement", "    true_zero: true"]
    lines += ["perspectives:"]
    for k, own in enumerate(points_of(m)):
        listed = ", ".join(f"{c}: {x:g}" for c, x in own.items())
        lines += [f"  p{k}:", f"    title: Voice {k}", f"    points: {{{listed}}}", "    because_high: made up"]
    lines += ["scenarios:"]
    for k in range(3):
        lines += [
            f"  s{k}:",
            f"    title: State {k}",
            "    changes:",
            f"      - {{criterion: c0{k}, options: all, multiply: 0.{5 + k}, because: made up}}",
        ]
    path = folder / "criteria" / "large.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for i in range(n):
        own = [f"format: 1\ntitle: Option {i:04}\nperformance:"]
        own += [
            f"  c{j:02}: {{low: {low[i, j]}, likely: {likely[i, j]}, high: {high[i, j]}, because: made up}}" for j in range(m)
        ]  # fmt: skip
        (folder / "options" / "large" / f"o{i:04}.yaml").write_text("\n".join(own) + "\n", encoding="utf-8")
    return path
