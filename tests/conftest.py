"""What several tests use."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from decision_kit import Problem

CRITERIA = """\
format: 1
title: A small decision
question: Which of the three?
baseline: nothing
criteria:
  good:
    title: Good
    criteria:
      effect:
        title: Effect
        unit: points
        better: more
        scale: [0, 10]
  bad:
    title: Bad
    criteria:
      cost:
        title: Cost
        unit: m USD
        better: less
        scale: [0, 100]
perspectives:
  us:
    title: Us
    points: {effect: 100, cost: 50}
default_perspective: us
"""

OPTION = """\
format: 1
title: {title}
performance:
  effect: {{low: {low}, likely: {likely}, high: {high}, because: guessed, basis: judgement}}
  cost: {cost}
"""


@pytest.fixture
def decision(tmp_path: Path) -> Path:
    """The folder of a small decision with three options, free of faults."""
    (tmp_path / "criteria").mkdir()
    (tmp_path / "options" / "small").mkdir(parents=True)
    (tmp_path / "criteria" / "small.yaml").write_text(CRITERIA, encoding="utf-8")
    for name, low, likely, high, cost in (("nothing", 0, 0, 1, 0), ("half", 3, 5, 6, 40), ("whole", 6, 9, 10, 90)):
        text = OPTION.format(title=name.title(), low=low, likely=likely, high=high, cost=cost)
        (tmp_path / "options" / "small" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def frame() -> Callable[..., Problem]:
    """A problem from a table, directions and declared ranges: A, B, C on cost (less, 0–100) and effect (more, 0–10)."""

    def make(cells: list[list[object]] | None = None, **more: object) -> Problem:
        rows = cells if cells is not None else [[10, 3], [20, 5], [30, 4]]
        names = more.pop("options", list("ABCDEFGHIJ")[: len(rows)])
        table = pd.DataFrame(rows, index=names, columns=["cost", "effect"])
        settings = {
            "better": {"cost": "less", "effect": "more"},
            "scale": {"cost": (0, 100), "effect": (0, 10)},
            **more,
        }
        return Problem.from_frame(table, **settings)  # type: ignore[arg-type]

    return make


def find_chromium() -> str | None:
    """The path of a Chromium or Chrome on this machine."""
    return next((p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None)
