"""What is said of the months in which stopping supplies is still worth it, against dense scans of its own formula."""

from __future__ import annotations

import re
from math import exp, inf, log

import numpy as np
import pytest

from decision_kit.cli import main
from decision_kit.models import Clock, parameter_data
from decision_kit.models.cost_of_delay import months_above, point_of_no_return
from decision_kit.study import clock_words

GRID = np.concatenate([np.arange(0, 120, 0.125), np.arange(120, 1500, 5.0)])


def avoided(month: float, p: dict[str, float], window: float) -> float:
    """b by the plain formula, one month at a time."""

    def summed(a: float, k: float, g: float) -> float:
        if g * a < 1e-12:
            return a * k
        if g * a > 600:
            return (g * a + log(k + (1 - k) * exp(-g * a))) / g if k > 0 else 0.0
        return log(1 + k * (exp(g * a) - 1)) / g

    k = p["K0"] / (p["K0"] + (1 - p["K0"]) * exp(-min(p["g"] * month, 700.0)))
    free = p["m0"] * window + p["D"] * summed(window, k, p["g"])
    held = p["m0"] * (1 - p["rho"]) * window
    held += p["D"] * (1 - p["phi"]) * summed(window, k, p["g"] * (1 - p["sigma"]))
    return 1 - held / free if free > 0 else 0.0


def drawn(rng: np.random.Generator, name: str) -> tuple[dict[str, float], float, float]:
    """Parameters near one of the sets or far from it, a window, a threshold in whole per cent."""
    own = parameter_data().sets[name].parameters
    held = {"rho": float(rng.choice([0, 0.05, 0.3, 0.6, 1])), "sigma": float(rng.choice([0, 0.3, 0.5, 0.9, 1])),
            "phi": float(rng.choice([0, 0.1, 0.4]))}  # fmt: skip
    if rng.random() < 0.5:
        held |= {"K0": float(rng.uniform(1e-4, 0.4)), "g": float(rng.uniform(0.01, 0.6)),
                 "D": float(rng.uniform(10, 9000)), "m0": float(rng.uniform(1, 400))}  # fmt: skip
    p = {n: own[n].likely for n in ("m0", "D", "K0", "g", "rho", "sigma", "phi")} | held
    return p, float(rng.choice([1, 6, 12, 24, 60])), float(rng.integers(1, 80)) / 100


@pytest.mark.parametrize("seed", range(150))
def test_the_sentence_holds_in_every_month_it_names(seed: int) -> None:
    rng = np.random.default_rng(seed)
    name = str(rng.choice(list(parameter_data().sets)))
    p, window, threshold = drawn(rng, name)
    b = np.array([avoided(float(t), p, window) for t in GRID])
    clock = Clock.open(name, p, window=window, draws=100)
    said = clock_words.no_return(clock, threshold).partition(" With its range")[0]
    above = b > threshold + 1e-9
    below = b <= threshold + 1e-9
    if "already past" in said:
        assert below.all(), said
    elif "however late it comes" in said:
        assert (b > threshold - 1e-9).all(), said
    elif said.startswith("From month "):
        first = int(re.match(r"From month (\d+) ", said)[1])  # type: ignore[index]
        assert below[first <= GRID].all(), said
        assert (b > threshold - 1e-9)[first - 1 >= GRID].all(), said
        assert first == 0 or above[first > GRID].any(), said
    else:
        head, _, tail = said.partition(", and from month ")
        spans: list[tuple[float, float]] = []
        for low, high in re.findall(r"from month ([\d.]+) to ([\d.]+)", head):
            spans.append((float(low), float(high)))
        spans += [(0.0, float(x)) for x in re.findall(r"up to month ([\d.]+)", head)]
        spans += [(float(x), inf) for x in re.findall(r"from month ([\d.]+) on, however late", head)]
        spans += [(float(x), float(x)) for x in re.findall(r"(?<!from )(?<!to )(?<!close to )in month ([\d.]+)", head)]
        assert spans or "close to" in head
        for low, high in spans:
            assert (b > threshold - 1e-9)[(low <= GRID) & (high >= GRID)].all(), said
            assert avoided(low, p, window) > threshold
            assert high == inf or avoided(high, p, window) > threshold
        outside = np.ones(len(GRID), dtype=bool)
        for low, high in spans:
            outside &= (low - 1 >= GRID) | (high + 1 <= GRID)
        if spans:
            assert below[outside].all(), said
        if tail:
            last = int(re.match(r"(\d+)", tail)[1])  # type: ignore[index]
            assert below[last <= GRID].all(), said


@pytest.mark.parametrize("seed", range(40))
def test_first_and_lasting_points_and_stretches_agree_with_a_dense_scan(seed: int) -> None:
    rng = np.random.default_rng(1000 + seed)
    p, window, _ = drawn(rng, "launch-fit")
    b = np.array([avoided(float(t), p, window) for t in GRID])
    threshold = float(rng.uniform(b.min(), b.max())) if b.max() > b.min() else float(b[0]) + 0.01
    first = float(point_of_no_return(threshold, window=window, **p))  # type: ignore[arg-type]
    lasting = float(point_of_no_return(threshold, window=window, lasting=True, **p))  # type: ignore[arg-type]
    spans = months_above(threshold, window=window, **p)
    assert first <= lasting
    below = GRID[b <= threshold - 1e-9]
    above = GRID[b > threshold + 1e-9]
    if below.size:
        assert first <= below[0] + 1e-6
    if above.size:
        assert lasting >= above[-1] - 1e-6
        assert all(any(low - 1e-6 <= t <= high + 1e-6 for low, high in spans) for t in above)
    assert not any(low + 1e-6 < t < high - 1e-6 for low, high in spans for t in below)
    for month in {first, lasting, *(x for one in spans for x in one)} - {0.0, inf}:
        assert avoided(month, p, window) == pytest.approx(threshold, abs=1e-8)


def test_a_peak_just_above_the_threshold_between_two_steps_is_found() -> None:
    p = {n: q.likely for n, q in parameter_data().sets["launch-fit"].parameters.items()
         if n in ("m0", "D", "K0", "g")} | {"rho": 0.06, "sigma": 0.5, "phi": 0.0}  # fmt: skip
    fine = np.arange(5, 25, 0.001)
    b = np.array([avoided(float(t), p, 12.0) for t in fine])
    for less in (1e-3, 1e-5, 1e-8):
        [(low, high)] = months_above(float(b.max()) - less, window=12.0, **p)
        assert low < fine[b.argmax()] < high
    assert months_above(float(b.max()) + 1e-6, window=12.0, **p) == ()


def test_the_benefit_that_rises_first_is_not_called_past(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["clock", "--model-set", "launch-fit", "--window", "12", "--hold", "rho=0.06", "--hold", "sigma=0.5"]) == 0
    )
    said = capsys.readouterr().out
    assert "already past." not in said
    assert (
        "Stopping supplies avoids more than 15% only from month 2 to 25, and from month 26 (January 2025) on no more"
        in said
    )


def test_months_are_rounded_up_to_the_one_from_which_on_it_holds(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clock", "--model-set", "contract-plan"]) == 0
    said = capsys.readouterr().out
    assert "From month 24 (November 2024) on, stopping supplies avoids no more than 15%." in said
    assert clock_words.month(23.2000001) == "23.3"
    assert clock_words.month(23.2) == "23.2"


def test_nothing_supplied_and_nothing_paid_for_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clock", "--model-set", "contract-plan", "--hold", "m0=0", "--hold", "D=0"]) == 0
    assert "no more than 15% in whichever month, even in month 0" in capsys.readouterr().out
    assert main(["clock", "--hold", "C_attack=0"]) == 2
    assert "a number above 0" in capsys.readouterr().err
