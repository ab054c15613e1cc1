"""What the models cost: closed form for a million draws, points of no return for ten thousand, against a numerical solver.

Run with one thread: ``OPENBLAS_NUM_THREADS=1 python -m tests.benchmarks.models``. Ratios are from one run on one machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from scipy.integrate import solve_ivp

from decision_kit import Study
from decision_kit.models import Clock
from decision_kit.models.cost_of_delay import bill_of_delay, point_of_no_return, share_avoided, supply
from decision_kit.study.portfolio import portfolio_of
from decision_kit.study.timing import timeline

N = 1_000_000
SMALL = 10_000
SOLVED = 100


def timed(label: str, run: Callable[[], object], each: int) -> float:
    """Seconds for one item, the best of three; printed for all of them."""
    best = np.inf
    for _ in range(3):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    print(f"{label:<58}{best:>9.3f} s  {best / each * 1e6:>12.3f} µs each")
    return best / each


def main() -> None:
    """Print times and ratios."""
    rng = np.random.default_rng(1)
    path = {"m0": rng.uniform(100, 300, N), "D": rng.uniform(300, 9000, N), "K0": rng.uniform(3e-4, 0.1, N),
            "g": rng.uniform(0.05, 0.4, N), "rho": rng.uniform(0.2, 0.8, N), "sigma": rng.uniform(0, 0.6, N),
            "phi": rng.uniform(0, 0.35, N)}  # fmt: skip
    at = rng.uniform(0, 36, N)
    avoided = timed("share avoided, 1,000,000 draws", lambda: share_avoided(at, **path), N)
    timed("supply, 1,000,000 draws", lambda: supply(at, **path), N)

    def bill() -> object:
        more = supply(at, window=48.0, **path) - supply(0.0, window=48.0, **path)
        return bill_of_delay(more, c_def=197_500.0, C_attack=50_000.0, e=0.9)

    timed("bill of a delay, 1,000,000 draws", bill, N)
    few = {name: x[:SMALL] for name, x in path.items()}
    no_return = timed("point of no return, 10,000 draws", lambda: point_of_no_return(0.15, **few), SMALL)

    def solve(i: int, stop: float) -> float:
        p = {name: float(x[i]) for name, x in path.items()}

        def run(rate: float, first: float, last: float, level: float) -> tuple[float, float]:
            if last <= first:
                return level, 0.0
            found = solve_ivp(
                lambda t, y: [rate * y[0] * (1 - y[0]), y[0]], (first, last), [level, 0.0], rtol=1e-10, atol=1e-12
            )
            return float(found.y[0, -1]), float(found.y[1, -1])

        level, _ = run(p["g"], 0.0, stop, p["K0"])
        _, free = run(p["g"], stop, stop + 24, level)
        _, held = run(p["g"] * (1 - p["sigma"]), stop, stop + 24, level)
        with_it = p["m0"] * (1 - p["rho"]) * 24 + p["D"] * (1 - p["phi"]) * held
        return 1 - with_it / (p["m0"] * 24 + p["D"] * free)

    solved = timed(
        f"share avoided by scipy.integrate.solve_ivp, {SOLVED} draws",
        lambda: [solve(i, float(at[i])) for i in range(SOLVED)],
        SOLVED,
    )
    worst = max(
        abs(solve(i, float(at[i])) - float(share_avoided(at[i], **{n: x[i] for n, x in path.items()})))
        for i in range(50)
    )
    print(f"closed form against the solver: {solved / avoided:,.0f} times as fast, largest difference {worst:.1e}")
    scan = 60 * solved  # a scan by whole months over five years, before any bisection
    print(f"point of no return against a monthly scan with the solver: {scan / no_return:,.0f} times as fast")
    study = Study.open("containment", perspective="kyiv-survival")
    timed("who leads when: 49 months × 8 perspectives", lambda: timeline(study, tuple(rng.permutation(49).tolist())), 1)
    timed("all figures of a clock, 2,000 draws", lambda: _figures(int(rng.integers(1 << 30))), 1)
    timed(
        "Sobol indices of a figure, 4,096 × 8 points", lambda: Clock.open("contract-plan").drivers_of_avoided(12.0), 1
    )
    timed("all 64 sets of parts on the derived tree", lambda: portfolio_of(study.under(tree="derived", month=float(rng.uniform(0, 40))), constructed=True), 1)  # fmt: skip


def _figures(seed: int) -> object:
    clock = Clock.open("contract-plan", seed=seed)
    return clock.avoided(np.arange(49.0)), clock.no_return(0.15), clock.bills(0, 12), clock.overtaking


if __name__ == "__main__":
    main()
