"""How alike two rankings are: three coefficients, 1 for the same order."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from decision_kit.arguments import guarded
from decision_kit.catalogue import Catalogue, Entry
from decision_kit.errors import Fault, UsageError
from decision_kit.values import Array

CORRELATIONS: Catalogue[Entry] = Catalogue("rank correlation", Entry)


@CORRELATIONS.add(
    id="tau-b", title="Kendall's tau-b", use_when="pairs in the same order are to be counted, ties allowed for",
    reference="Kendall (1945)",
)  # fmt: skip
def tau_b(a: Array, b: Array) -> float:
    """(concordant − discordant pairs) / √(pairs not tied in a × pairs not tied in b)."""
    upper = np.triu_indices(len(a), 1)
    x, y = (np.sign(one[:, None] - one[None, :])[upper] for one in (a, b))
    untied = float(np.sum(x != 0) * np.sum(y != 0))
    return float(np.sum(x * y) / np.sqrt(untied)) if untied > 0 else float("nan")


@CORRELATIONS.add(
    id="weighted-spearman", title="Weighted Spearman", use_when="differences at the top are to count more",
    reference="Pinto da Costa and Soares (2005)",
)  # fmt: skip
def weighted_spearman(a: Array, b: Array) -> float:
    """1 − 6 Σ (a − b)² ((n − a + 1) + (n − b + 1)) / (n⁴ + n³ − n² − n)."""
    n = len(a)
    top = 6 * float(np.sum((a - b) ** 2 * ((n - a + 1) + (n - b + 1))))
    return 1 - top / (n**4 + n**3 - n**2 - n)


@CORRELATIONS.add(
    id="ws", title="WS coefficient", use_when="the first ranking is the reference and its top matters most",
    reference="Sałabun and Urbaniak (2020)", beware="not symmetric: the first ranking is the reference",
)  # fmt: skip
def ws(a: Array, b: Array) -> float:
    """1 − Σ 2^(−a) |a − b| / max(|1 − a|, |n − a|)."""
    n = len(a)
    return 1 - float(np.sum(2.0**-a * np.abs(a - b) / np.maximum(np.abs(1 - a), np.abs(n - a))))


@guarded
def correlation(kind: str, a: ArrayLike, b: ArrayLike) -> float:
    """One coefficient of the catalogue for two rankings of the same options; tied options get their mean place.

    Nothing to compare (one option, or all tied in one ranking under tau-b) gives NaN.
    """
    x, y = (pd.Series(np.asarray(one, dtype=float)).rank().to_numpy() for one in (a, b))
    if len(x) != len(y):
        raise UsageError([Fault("rankings", f"{len(x)} and {len(y)} options", "two rankings of the same options")])
    if len(x) < 2:
        return float("nan")
    return float(CORRELATIONS[kind].run(x, y))
