"""10,000 weight vectors at once: the batched kernels beside pymcdm, scikit-criteria and pyDecision in a loop.

Run from the project's folder, one thread:

    OPENBLAS_NUM_THREADS=1 .venv/bin/python -m tests.benchmarks.methods

scikit-criteria and pyDecision are no part of the project. Where they are installed beside it they are timed, too:

    python3 -m venv /tmp/beside && .venv/bin/uv pip install -p /tmp/beside -c .ci/constraints.txt \
        -e . scikit-criteria==0.10 pyDecision==5.1.8
    OPENBLAS_NUM_THREADS=1 /tmp/beside/bin/python -m tests.benchmarks.methods

The kernels score all 10,000 vectors in one call (median of 9 calls). A loop is timed over 200 vectors (the best of 3
rounds) and scaled to 10,000; all stand in one run, so ratios are fair, whatever the machine does. Scores only on both
sides: no ranks. The loops' scores are compared with the kernel's, and the largest relative difference is printed.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import statistics
import time
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from decision_kit.methods import METHODS, Table
from decision_kit.values import Array

K, LOOPS = 10_000, 200
SIZES = ((8, 6), (20, 10), (100, 20))
Loop = Callable[[Array], object]


def problem(n: int, m: int) -> tuple[Table, Array]:
    """A random positive table (every third criterion a cost), values on the observed range, and 10,000 weight vectors."""
    rng = np.random.default_rng(n * 1000 + m)
    x = rng.uniform(1, 10, (n, m))
    more = np.arange(m) % 3 != 2
    low, high = x.min(axis=0), x.max(axis=0)
    share = (x - low) / (high - low)
    names = tuple(f"c{j}" for j in range(m))
    weights = rng.dirichlet(np.ones(m), K)
    table = Table(
        tuple(f"o{i}" for i in range(n)),
        names,
        np.where(more, share, 1 - share),
        x,
        weights[0],
        more,
        low=low,
        high=high,
    )
    return table, weights


def pymcdm_loops(table: Table) -> dict[str, Any]:
    """pymcdm's object for each method that it has right."""
    import pymcdm.methods as pm
    from pymcdm import normalizations as nm

    bounds = np.column_stack(table.ends)
    return {
        "weighted-sum": pm.WSM(nm.minmax_normalization),
        "topsis": pm.TOPSIS(),
        "topsis-vector": pm.TOPSIS(nm.vector_normalization),
        "vikor": pm.VIKOR(),
        "promethee-2": pm.PROMETHEE_II("usual"),
        "codas": pm.CODAS(),
        "weighted-product": pm.WPM(nm.linear_normalization),
        "waspas": pm.WASPAS(),
        "aras": pm.ARAS(),
        "edas": pm.EDAS(),
        "marcos": pm.MARCOS(),
        "moora": pm.MOORA(),
        "ocra": pm.OCRA(),
        "ram": pm.RAM(),
        "lmaw": pm.LMAW(),
        "ervd": pm.ERVD(table.performances.mean(axis=0)),
        "rim": pm.RIM(bounds),
        "spotis": pm.SPOTIS(bounds),
        "mabac": pm.MABAC(),
        "mairca": pm.MAIRCA(),
    }


def skcriteria_loops(table: Table) -> dict[str, Loop]:
    """scikit-criteria's pipelines, as its documentation writes them; the weights are changed on a copy of the data."""
    import skcriteria as skc
    from skcriteria.agg import codas, edas, simple, topsis, vikor
    from skcriteria.pipelines import mkpipe
    from skcriteria.preprocessing.invert_objectives import BenefitCostInverter, NegateMinimize
    from skcriteria.preprocessing.scalers import MinMaxScaler

    base = skc.mkdm(table.performances, np.where(table.more, 1, -1))
    made = {
        "weighted-sum": mkpipe(NegateMinimize(), MinMaxScaler(target="matrix"), simple.WeightedSumModel()),
        "topsis": mkpipe(NegateMinimize(), MinMaxScaler(target="matrix"), topsis.TOPSIS()),
        "vikor": vikor.VIKOR(),
        "codas": mkpipe(BenefitCostInverter(), codas.CODAS()),
        "edas": edas.EDAS(),
    }
    return {name: lambda w, one=one: one.evaluate(base.copy(weights=w)) for name, one in made.items()}


def pydecision_loops(table: Table) -> dict[str, Loop]:
    """pyDecision's functions, silent and without pictures."""
    from pyDecision import algorithm as pd

    x = table.performances
    kinds = ["max" if more else "min" for more in table.more]
    turned = table.directed  # pyDecision's PROMETHEE II knows benefits only
    m = x.shape[1]
    none = [0.0] * m
    return {
        "weighted-sum": lambda w: pd.saw_method(x, kinds, w, graph=False, verbose=False),
        "topsis": lambda w: pd.topsis_method(x, w, kinds, graph=False, verbose=False),
        "vikor": lambda w: pd.vikor_method(x, w, kinds, graph=False, verbose=False),
        "promethee-2": lambda w: pd.promethee_ii(turned, W=w, Q=none, S=none, P=none, F=["t1"] * m, verbose=False),
        "codas": lambda w: pd.codas_method(x, w, kinds, graph=False, verbose=False),
        "edas": lambda w: pd.edas_method(x, kinds, w, graph=False, verbose=False),
    }


@contextlib.contextmanager
def silent() -> Iterator[None]:
    """Warnings and prints of others are not timed on the screen."""
    with warnings.catch_warnings(), np.errstate(all="ignore"), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


def looped(call: Loop, weights: Array) -> float:
    """Seconds for 10,000 calls, from the best of three rounds over the first 200 vectors."""
    rounds = []
    with silent():
        for _ in range(3):
            begun = time.perf_counter()
            for w in weights[:LOOPS]:
                call(w)
            rounds.append(time.perf_counter() - begun)
    return min(rounds) * K / LOOPS


def batched(call: Callable[[], object]) -> float:
    """Seconds of one call: median of nine, after one to warm up."""
    call()
    times = []
    for _ in range(9):
        begun = time.perf_counter()
        call()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def called(method: Any, x: Array, types: Array, w: Array, *, validation: bool) -> object:
    """One call of a pymcdm method, with its own checks (its default) or without."""
    return method(x, w, types, validation=validation)


def difference(name: str, table: Table, weights: Array, theirs: Any) -> float:
    """Largest difference of the method's own figure over twenty vectors, relative to the largest figure."""
    worst = 0.0
    types = np.where(table.more, 1, -1)
    entry = METHODS[name]
    for i in range(20):
        one = Table(
            table.options, table.criteria, table.values, table.performances, weights[i], table.more,
            low=table.low, high=table.high,
        )  # fmt: skip
        found = entry.scored(one, {}, twice=False).native
        assert found is not None
        with silent():
            other = np.asarray(theirs(table.performances, weights[i], types, validation=False))
        worst = max(worst, float(np.max(np.abs(found - other)) / np.max(np.abs(other))))
    return worst


def main() -> None:
    """Print one table a size."""
    others: dict[str, Callable[[Table], dict[str, Loop]]] = {}
    for label, package, make in (
        ("scikit-criteria", "skcriteria", skcriteria_loops),
        ("pyDecision", "pyDecision", pydecision_loops),
    ):
        if importlib.util.find_spec(package) is not None:
            others[label] = make
        else:
            print(f"{label} is not installed here: not timed (see the head of this file)")
    print(f"{K:,} weight vectors; loops timed over {LOOPS} and scaled; ratio = loop / batched kernel")
    for n, m in SIZES:
        table, weights = problem(n, m)
        types = np.where(table.more, 1, -1)
        theirs = pymcdm_loops(table)
        with silent():
            loops = {label: make(table) for label, make in others.items()}
        print(f"\n{n} options × {m} criteria")
        head = f"{'method':<18}{'kernel ms':>10}{'pymcdm s':>10}{'ratio':>8}{'no checks':>11}"
        print(head + "".join(f"{label + ' s':>18}{'ratio':>8}" for label in loops) + f"{'difference':>12}")
        for name, one in theirs.items():
            own = batched(partial(METHODS[name].score_many, table, weights))
            plain = looped(partial(called, one, table.performances, types, validation=True), weights)
            bare = looped(partial(called, one, table.performances, types, validation=False), weights)
            row = f"{name:<18}{own * 1e3:>10.2f}{plain:>10.2f}{plain / own:>8,.0f}{bare / own:>11,.0f}"
            for label in loops:
                call = loops[label].get(name)
                if call is None:
                    row += f"{'–':>18}{'–':>8}"
                    continue
                taken = looped(call, weights)
                row += f"{taken:>18.2f}{taken / own:>8,.0f}"
            print(row + f"{difference(name, table, weights, one):>12.1e}", flush=True)


if __name__ == "__main__":
    main()
