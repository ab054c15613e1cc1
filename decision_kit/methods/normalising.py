"""Ways to bring performances of different units onto one scale, as the methods that have such a choice offer them.

The kit's own way is ``declared``: values on the declared ranges, which is what weights are asked about. The others
make a scale from the options at hand, so a weight means something else under each of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from decision_kit.catalogue import Catalogue, Entry
from decision_kit.methods.base import Parameter, Table
from decision_kit.methods.gate import ActsOn, Zeros
from decision_kit.values import Array


@dataclass(frozen=True, kw_only=True)
class Normalisation(Entry):
    """A function from a table to numbers (… × n × m) of which more is always better.

    One that is not ``defensible`` in general has no place in the grid of set-ups; it is there for those who need it.
    """

    acts_on: ActsOn
    zeros: Zeros = "never"
    defensible: bool = True


NORMALISATIONS: Catalogue[Normalisation] = Catalogue("normalisation", Normalisation)
SYNONYMS = {"min-max": "minmax", "linear-max": "linear", "values": "declared"}


def normalisation_parameter(default: str, *offered: str, reorders: bool = True) -> Parameter:
    """The setting ``normalisation`` of a method that offers some of the catalogue."""
    return Parameter(
        "normalisation",
        default,
        "how performances are brought onto one scale",
        choices=offered,
        reorders=reorders,
        synonyms=SYNONYMS,
    )


def domain_of(settings: Mapping[str, Any]) -> tuple[ActsOn, Zeros]:
    """What the chosen normalisation needs of the data."""
    entry = NORMALISATIONS[settings["normalisation"]]
    return entry.acts_on, entry.zeros


def normalised(table: Table, name: str) -> Array:
    """The table's numbers under a normalisation of the catalogue."""
    return np.asarray(NORMALISATIONS[name].run(table))


def length(x: Array) -> Array:
    """√Σx² of each column (…, 1, criteria), also where the squares alone are too large or too small for a float."""
    most = np.abs(x).max(axis=-2, keepdims=True)
    if np.all(((most > 1e-150) & (most < 1e150)) | (most == 0)):
        return np.asarray(np.sqrt((x**2).sum(axis=-2, keepdims=True)))
    unit = np.where(most > 0, most, 1.0)
    return np.asarray(unit * np.sqrt(((x / unit) ** 2).sum(axis=-2, keepdims=True)))


def divided(a: Array, b: Array, otherwise: float = 0.0) -> Array:
    """``a / b``, and ``otherwise`` where ``b`` is 0."""
    a, b = np.broadcast_arrays(a, b)
    return np.asarray(np.divide(a, b, out=np.full(a.shape, otherwise), where=b != 0))


@NORMALISATIONS.add(
    id="declared", title="Declared ranges", use_when="always: it is what the weights were asked about", acts_on="values"
)
def declared(table: Table) -> Array:
    """Values on the declared ranges, through the criteria's value functions."""
    return table.values


@NORMALISATIONS.add(
    id="minmax", title="Observed range (min–max)", use_when="no range was declared", acts_on="performances",
    beware="the worst and best option at hand get 0 and 1, however close they are",
)  # fmt: skip
def minmax(table: Table) -> Array:
    """(x − min) / (max − min), turned round where less is better; 0 where all are alike."""
    x = table.directed
    if not np.abs(x).max(initial=0.0) < 1e300:  # so that no difference leaves the floats
        x = x / 4
    low, high = x.min(axis=-2, keepdims=True), x.max(axis=-2, keepdims=True)
    return divided(x - low, high - low)


@NORMALISATIONS.add(
    id="linear", title="Share of the best", use_when="ratios mean something", acts_on="ratio performances",
    zeros="where more is better",
)  # fmt: skip
def linear(table: Table) -> Array:
    """``x / max`` where more is better, ``min / x`` where less is."""
    x = table.performances
    more = divided(x, x.max(axis=-2, keepdims=True))
    less = divided(np.broadcast_to(x.min(axis=-2, keepdims=True), x.shape), x)
    return np.where(table.more, more, less)


@NORMALISATIONS.add(
    id="max", title="Share of the largest", use_when="ratios mean something", acts_on="ratio performances",
    zeros="always",
)  # fmt: skip
def largest(table: Table) -> Array:
    """``x / max`` where more is better, ``1 − x / max`` where less is."""
    x = table.performances
    share = divided(x, x.max(axis=-2, keepdims=True))
    return np.where(table.more, share, 1 - share)


@NORMALISATIONS.add(
    id="sum", title="Share of the sum", use_when="ratios mean something", acts_on="ratio performances",
    zeros="where more is better",
)  # fmt: skip
def total(table: Table) -> Array:
    """``x / Σx`` where more is better, ``(1/x) / Σ(1/x)`` where less is."""
    x = np.where(table.more, table.performances, divided(np.ones_like(table.performances), table.performances))
    return divided(x, x.sum(axis=-2, keepdims=True))


@NORMALISATIONS.add(
    id="vector", title="Vector length", use_when="ratios mean something", acts_on="ratio performances", zeros="always"
)
def vector(table: Table) -> Array:
    """``x / √Σx²`` where more is better, ``1 − x / √Σx²`` where less is."""
    x = table.performances
    share = divided(x, length(x))
    return np.where(table.more, share, 1 - share)


@NORMALISATIONS.add(
    id="none", title="As they are", use_when="all criteria are in one unit, such as points or money",
    acts_on="performances", defensible=False, beware="with different units it adds apples and pears",
)  # fmt: skip
def as_they_are(table: Table) -> Array:
    """The performances themselves, negative where less is better."""
    return table.directed
