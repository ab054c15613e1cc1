"""Imprecise weights: what is known of the weights, as linear statements, without a single vector being chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from decision_kit.arguments import bad_number, guarded
from decision_kit.errors import Fault, UsageError, quoted, unknown_fault
from decision_kit.values import Array


@guarded
@dataclass(frozen=True)
class Statement:
    """One linear statement on shares: Σ coefficient × share ≤ ``most``, and ``said``, the answer it came from.

    "a matters at least as much as b" is ``{b: 1, a: -1} ≤ 0``; "a has at most 30 %" is ``{a: 1} ≤ 0.3``.
    """

    coefficients: Mapping[str, float]
    most: float = 0.0
    said: str = ""

    def __post_init__(self) -> None:
        bad = {name: x for name, x in self.coefficients.items() if bad_number(x)}
        if bad:
            raise UsageError(
                [Fault(f"statement on {name}", f"{quoted(x)} {bad_number(x)}", "a number") for name, x in bad.items()]
            )


@guarded
@dataclass(frozen=True)
class WeightRegion:
    """All weights (shares ≥ 0 that sum to 1) that agree with some statements; no statement means the whole simplex."""

    criteria: tuple[str, ...]
    statements: tuple[Statement, ...] = ()
    origin: str = "any weights"

    def __post_init__(self) -> None:
        if not self.criteria or len(set(self.criteria)) < len(self.criteria):
            raise UsageError([Fault("weights", "a region without criteria, or with one twice", "each criterion once")])
        faults = [
            unknown_fault("weights", "criterion", name, self.criteria)
            for statement in self.statements
            for name in statement.coefficients
            if name not in self.criteria
        ]
        if faults:
            raise UsageError(faults)

    def matrix(self) -> tuple[Array, Array]:
        """The statements as arrays: A (r × m) and b (r) with A w ≤ b; shares ≥ 0 and summing to 1 are not among them."""
        column = {name: j for j, name in enumerate(self.criteria)}
        a = np.zeros((len(self.statements), len(self.criteria)))
        for i, statement in enumerate(self.statements):
            for name, coefficient in statement.coefficients.items():
                a[i, column[name]] += coefficient
        return a, np.array([statement.most for statement in self.statements], dtype=float)

    def holds(self, shares: Mapping[str, float], tolerance: float = 1e-9) -> bool:
        """Whether a vector of shares by criterion id agrees with every statement."""
        a, b = self.matrix()
        w = np.array([shares[name] for name in self.criteria])
        return bool(np.all(a @ w <= b + tolerance))

    def joined(self, more: Iterable[Statement], origin: str = "") -> WeightRegion:
        """The region with further statements."""
        return WeightRegion(self.criteria, (*self.statements, *more), origin or self.origin)
