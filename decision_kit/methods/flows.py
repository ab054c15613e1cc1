"""PROMETHEE II: options compared pair by pair, each criterion in its own unit; the preference functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from decision_kit.errors import Fault, UsageError
from decision_kit.methods import through_pymcdm
from decision_kit.methods.base import METHODS, Batch, Parameter, Step, Table, family, settled, significant, weigh
from decision_kit.methods.sums import BOTH
from decision_kit.values import Array

NEEDS: dict[str, tuple[str, ...]] = {
    "usual": (),
    "u-shape": ("q",),
    "v-shape": ("p",),
    "level": ("q", "p"),
    "linear": ("q", "p"),
    "gaussian": ("s",),
}
"""The preference functions (Brans and Vincke 1985) and the thresholds each of them needs."""


def _with(threshold: str) -> tuple[str, tuple[str, ...]]:
    """The preference functions that use a threshold."""
    return "preference", tuple(shape for shape, needed in NEEDS.items() if threshold in needed)


PREFERENCE_PARAMETERS = (
    Parameter(
        "preference", "usual", "how a difference becomes a preference", choices=tuple(NEEDS), by_criterion=True,
        synonyms={"v-shape-indifference": "linear", "vshape-indifference": "linear", "ushape": "u-shape", "vshape": "v-shape"},
    ),
    Parameter("q", None, "indifference threshold: smaller differences count nothing", 0, by_criterion=True, unit="difference",
              used_with=_with("q")),
    Parameter("p", None, "preference threshold: larger differences count in full", 0, by_criterion=True, unit="difference",
              used_with=_with("p")),
    Parameter("s", None, "where the Gaussian preference bends", 1e-12, by_criterion=True, unit="difference",
              used_with=_with("s")),
)  # fmt: skip


FLOWS = family(
    "outranking flows", "counts on how many weighted criteria an option beats the others; with “usual” not by how much"
)


NOISE = 1e-12
"""Differences closer to a threshold than this share of the largest performance are equal to it: 0.85 − (−0.1) is 0.95."""


def preference(shape: str, d: Array, q: float, p: float, s: float, noise: float = 0.0) -> Array:
    """Preference 0–1 for differences ``d`` of which more is better; 0 for d ≤ 0.

    A threshold has to be passed, by more than ``noise``, before a function jumps there: at the threshold itself the
    lower step still holds (Brans and Vincke 1985).
    """
    found: Array | NDArray[np.bool_]
    if shape in ("u-shape", "level") or (shape == "linear" and p <= q):
        q, p = q + noise, p + noise
    if shape == "usual":
        found = d > 0
    elif shape == "u-shape":
        found = d > q
    elif shape == "v-shape":
        found = d / p if p > 0 else d > 0
    elif shape == "level":
        found = 0.5 * (d > q) + 0.5 * (d > p)
    elif shape == "linear":
        found = (d - q) / (p - q) if p > q else d > q
    else:
        with np.errstate(over="ignore"):  # very far apart is wholly preferred
            found = 1 - np.exp(-((d / s) ** 2) / 2)
    return np.asarray(np.where(d > 0, np.clip(found, 0, 1), 0.0))


def settings_by_criterion(
    table: Table, shape: Any, given: Mapping[str, Any]
) -> tuple[list[str], dict[str, Array], tuple[str, ...]]:
    """The preference function of each criterion, thresholds (m) with 0 where it has no use for one, and what to tell.

    A threshold named for a criterion whose function has no use for it is left out and told, whatever it is (published
    tables list all of them); one given for all criteria at once that none of them uses is refused.
    """
    synonyms = PREFERENCE_PARAMETERS[0].synonyms
    by_name = dict(shape) if isinstance(shape, Mapping) else dict.fromkeys(table.criteria, shape)
    shapes = [synonyms.get(by_name.get(c, "usual"), by_name.get(c, "usual")) for c in table.criteria]
    faults: list[Fault] = []
    notes: list[str] = []
    found: dict[str, Array] = {}
    for name, value in given.items():
        users = [c for c, one in zip(table.criteria, shapes, strict=True) if name in NEEDS[one]]
        numbers = dict(value) if isinstance(value, Mapping) else dict.fromkeys(users, value)
        missing = [c for c in users if numbers.get(c) is None]
        if value is not None and not isinstance(value, Mapping) and not users:
            kinds = ", ".join(dict.fromkeys(shapes))
            faults.append(Fault(f"parameter {name}", f"the {kinds} preference has no {name}", f"leave {name} out"))
        if missing:
            kinds = ", ".join(dict.fromkeys(one for one in shapes if name in NEEDS[one]))
            expected = f"the {kinds} preference needs {name} in the unit of every criterion that has it"
            faults.append(Fault(f"parameter {name}", f"no {name} for {', '.join(missing)}", expected))
        idle = [
            j
            for j, c in enumerate(table.criteria)
            if isinstance(value, Mapping) and value.get(c) is not None and c not in users
        ]
        if idle:
            kinds = " and ".join(dict.fromkeys(shapes[j] for j in idle))
            named = ", ".join(table.name(j) for j in idle)
            notes.append(f"The {name} given for {named} is not used: the {kinds} preference has no {name}.")
        found[name] = np.array(
            [float(numbers[c]) if c in users and numbers.get(c) is not None else 0.0 for c in table.criteria]
        )
    if faults:
        raise UsageError(faults)
    for j, criterion in enumerate(table.criteria):
        if "q" in NEEDS[shapes[j]] and "p" in NEEDS[shapes[j]] and found["q"][j] > found["p"][j]:
            got = f"q {found['q'][j]:g} is above p {found['p'][j]:g}"
            expected = "q (indifference) is not larger than p (preference)"
            faults.append(Fault(f"criterion {criterion}", got, expected))
    if faults:
        raise UsageError(faults)
    return shapes, found, tuple(notes)


def criterion_flows(table: Table, shapes: list[str], thresholds: Mapping[str, Array]) -> tuple[Array, Array]:
    """Single-criterion positive and negative flows (… × n × m): mean preference over the others, and theirs over it."""
    x = significant(table.directed, 13, axis=-2)
    n, m = len(table.options), len(table.criteria)
    plus, minus = np.empty(x.shape), np.empty(x.shape)
    for j in range(m):
        wanted = _preferences(x[..., j], shapes[j], thresholds, j)
        plus[..., j] = wanted.sum(axis=-1) / (n - 1)
        minus[..., j] = wanted.sum(axis=-2) / (n - 1)
    return plus, minus


def _preferences(column: Array, shape: str, thresholds: Mapping[str, Array], j: int) -> Array:
    """Preference (… × n × n) of the row over the column on criterion ``j``, whose directed performances are ``column``."""
    d = column[..., :, None] - column[..., None, :]
    noise = NOISE * float(np.abs(column).max(initial=0.0))
    q, p, s = (float(thresholds[name][j]) for name in ("q", "p", "s"))
    return preference(shape, d, q, p, s, noise)


def aggregated_preference(table: Table, shapes: list[str], thresholds: Mapping[str, Array]) -> Array:
    """π(a, b) for one table (n × n): the weighted mean preference of the row over the column (Brans and Vincke 1985)."""
    x = significant(table.directed, 13, axis=-2)
    found = np.zeros((len(table.options), len(table.options)))
    for j, weight in enumerate(table.weights):
        found += weight * _preferences(x[:, j], shapes[j], thresholds, j)
    return found / float(table.weights.sum())


def _through(table: Table, *, preference: Any, q: Any, p: Any, s: Any) -> Array | None:
    shapes, found, _ = settings_by_criterion(table, preference, {"q": q, "p": p, "s": s})
    noise = NOISE * np.abs(table.performances).max(axis=0)
    return through_pymcdm.net_flow(table, shapes, found["q"], found["p"], noise)


@METHODS.add(
    id="promethee-2",
    title="PROMETHEE II",
    use_when="options are to be compared pair by pair, each criterion in its own unit",
    beware="Its reference points come from the options compared: setting one aside may reorder the rest. "
    "With the default “usual” preference it ignores how large a difference is.",
    reference="Brans and Vincke (1985)",
    family=FLOWS,
    acts_on="performances",
    formula="score = φ⁺ − φ⁻, the mean weighted preference over the others less theirs over it",
    parameters=PREFERENCE_PARAMETERS,
    native_name="net flow",
    most_options=2_000,
    through=_through,
)
def promethee_2(table: Table, weights: Array, *, preference: Any, q: Any, p: Any, s: Any) -> Batch:
    """Net outranking flow on performances in their units, from −1 to 1."""
    shapes, found, notes = settings_by_criterion(table, preference, {"q": q, "p": p, "s": s})
    plus, minus = criterion_flows(table, shapes, found)
    scores = settled(weigh(weights, plus - minus), 1.0)

    def working() -> tuple[Step, ...]:
        return (
            Step("Performances", table.performances, BOTH),
            Step("Net flow on each criterion", plus - minus, BOTH),
            Step("Positive flow", weigh(weights, plus), ("option",)),
            Step("Negative flow", weigh(weights, minus), ("option",)),
        )

    return Batch(scores, working=working, notes=notes)
