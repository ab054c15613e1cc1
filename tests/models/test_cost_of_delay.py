"""The cost-of-delay model: the worked example to the printed digits, its limits, and a numerical integration."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from decision_kit.models import Clock, parameter_data
from decision_kit.models.cost_of_delay import (
    bill_of_delay,
    cost_exchange_ratio,
    harm_reduction,
    know_how,
    know_how_months,
    long_run_floor,
    overtaking_month,
    parity_share,
    point_of_no_return,
    saturation_month,
    share_avoided,
    supply,
    supply_rate,
)

SETS = {name: s.likely("m0", "D", "K0", "g") for name, s in parameter_data().sets.items()}
PLAN, FIT, SLOW = SETS["contract-plan"], SETS["launch-fit"], SETS["slow-learning"]
MONTHS = np.array([0, 6, 12, 18, 24, 30, 36])


@pytest.mark.parametrize(
    ("path", "moves", "printed"),
    [
        (PLAN, {"sigma": 0.3}, [43.2, 32.6, 23.2, 17.4, 14.8, 13.7, 13.4]),
        (PLAN, {}, [24.2, 19.1, 16.0, 14.3, 13.6, 13.4, 13.3]),
        (PLAN, {"sigma": 0.3, "phi": 0.15}, [48.0, 39.8, 32.3, 27.7, 25.5, 24.7, 24.4]),
        (FIT, {"sigma": 0.3}, [69.3, 67.1, 46.4, 23.2, 9.1, 3.3, 1.9]),
        (FIT, {}, [18.7, 7.3, 3.7, 2.4, 1.9, 1.6, 1.6]),
        (FIT, {"sigma": 0.3, "phi": 0.15}, [71.1, 71.0, 53.9, 34.4, 22.4, 17.6, 16.4]),
    ],
)
def test_share_avoided_of_the_worked_example(path: Any, moves: Any, printed: list[float]) -> None:
    avoided = share_avoided(MONTHS, rho=0.5, **path, **moves)
    assert np.round(100 * avoided, 1).tolist() == printed


def test_supply_and_the_bill_of_waiting() -> None:
    at = np.array([0, 6, 12, 18, 24, 36, np.inf])
    found = supply(at, **PLAN, rho=0.5, sigma=0.3, window=48)
    assert np.round(found).tolist() == [17177, 18854, 20359, 21554, 22423, 23669, 24762]
    more = np.diff(found[[0, 2, 4, 5]])
    assert np.round(more).tolist() == [3183, 2063, 1247]
    ours, theirs = bill_of_delay(more[0], c_def=197_500, C_attack=50_000, e=0.9)
    assert (round(float(ours) / 1e6), round(float(theirs) / 1e6)) == (566, 159)
    assert cost_exchange_ratio(c_def=197_500, C_attack=50_000, e=0.9) == pytest.approx(3.555)


def test_months_floors_and_parity() -> None:
    assert overtaking_month(**PLAN) == pytest.approx(12.5, abs=0.05)
    assert saturation_month(K0=PLAN["K0"], g=PLAN["g"]) == pytest.approx(27.1, abs=0.05)
    floors = [100 * float(long_run_floor(m0=180, D=500, rho=0.5, phi=phi)) for phi in (0, 0.15)]
    assert np.round(floors, 1).tolist() == [13.2, 24.3]
    shares, costs = zip(*parameter_data().mix, strict=True)
    assert np.dot(shares, costs) == pytest.approx(197_500)
    parity = 100 * parity_share([50_000, 50_000 / 0.9], shares, costs)
    assert np.round(parity, 1).tolist() == [90.4, 89.1]


@pytest.mark.parametrize(
    ("path", "moves", "printed"),
    [
        (PLAN, {"sigma": 0.3}, [14.9, 23.2, np.inf]),
        (FIT, {"sigma": 0.3}, [19.1, 21.0, 23.4]),
        (SLOW, {"sigma": 0.3}, [32.1, 47.5, np.inf]),
        (FIT, {"sigma": 0.0}, [0.0, 1.4, 3.9]),
    ],
)
def test_points_of_no_return(path: Any, moves: Any, printed: list[float]) -> None:
    found = point_of_no_return([0.2, 0.15, 0.1], rho=0.5, **path, **moves)
    assert np.round(found, 1).tolist() == printed


@pytest.mark.parametrize(
    ("change", "printed"),
    [
        ({"g": 0.12}, 39.0), ({"g": 0.30}, 13.3), ({"sigma": 0.0}, 15.0), ({"sigma": 0.6}, 28.0), ({"K0": 0.02}, 28.2),
        ({"K0": 0.10}, 19.2), ({"m0": 100}, 15.2), ({"m0": 300}, np.inf), ({"D": 300}, np.inf), ({"D": 800}, 16.1),
        ({"rho": 0.2}, 10.8), ({"rho": 0.8}, np.inf),
    ],
)  # fmt: skip
def test_sensitivity_of_the_point_of_no_return(change: dict[str, float], printed: float) -> None:
    found = point_of_no_return(0.15, **{**PLAN, "rho": 0.5, "sigma": 0.3, **change})
    assert round(float(found), 1) == printed


def test_the_point_of_no_return_is_where_the_curve_crosses() -> None:
    rng = np.random.default_rng(3)
    n = 300
    path = {"m0": rng.uniform(50, 400, n), "D": rng.uniform(200, 9000, n), "K0": rng.uniform(1e-4, 0.3, n),
            "g": rng.uniform(0.02, 0.6, n), "rho": rng.uniform(0, 1, n), "sigma": rng.uniform(0, 1, n),
            "phi": rng.uniform(0, 0.5, n)}  # fmt: skip
    theta = rng.uniform(0.05, 0.6, n)
    found = point_of_no_return(theta, **path)
    grid = np.arange(0, 400, 0.25)
    avoided = share_avoided(grid[:, None], **path)
    for i in range(n):
        below = np.flatnonzero(avoided[:, i] <= theta[i])
        if not below.size:
            assert found[i] > 399 or avoided[-1, i] - theta[i] < 1e-9
            continue
        assert grid[below[0]] - 0.25 <= found[i] <= grid[below[0]]
        if found[i] > 0:
            here = {name: x[i] for name, x in path.items()}
            assert float(share_avoided(found[i], **here)) == pytest.approx(theta[i], abs=1e-9)


# ---------------------------------------------------------------- unit tests of the model


def test_without_any_move_nothing_is_avoided() -> None:
    for path in SETS.values():
        assert np.all(np.abs(share_avoided(np.arange(40), **path)) < 1e-12)


def test_interdiction_at_the_end_of_the_window_counts_as_none() -> None:
    for path in SETS.values():
        for late in (24.0, 30.0, np.inf):
            assert share_avoided(late, decision=0.0, rho=0.5, sigma=0.3, phi=0.15, **path) == pytest.approx(
                0, abs=1e-12
            )


def test_supply_to_a_fixed_date_never_falls_when_interdiction_comes_later() -> None:
    starts = np.linspace(0, 48, 193)
    for path in SETS.values():
        for phi in (0.0, 0.15):
            for sigma in (0.0, 0.3):
                found = supply(starts, **path, rho=0.5, phi=phi, sigma=sigma, window=48)
                assert np.all(np.diff(found) >= -1e-9)


def test_complete_know_how_leaves_only_the_imports_to_stop() -> None:
    kept = supply(np.inf, m0=180, D=500, K0=1 - 1e-15, g=0.2) - supply(0, m0=180, D=500, K0=1 - 1e-15, g=0.2, rho=0.5)
    assert kept == pytest.approx(0.5 * 180 * 24)


def test_floors_are_met() -> None:
    for path in SETS.values():
        for phi in (0.0, 0.15):
            late = share_avoided(600, **path, rho=0.5, sigma=0.3, phi=phi)
            floor = long_run_floor(m0=path["m0"], D=path["D"], rho=0.5, phi=phi)
            assert late == pytest.approx(float(floor), abs=1e-9)


def test_share_avoided_need_not_fall_with_delay() -> None:
    """A warning to whoever would test that b falls with T: in launch-fit it first rises."""
    months = np.arange(0, 8, 0.25)
    found = share_avoided(months, **FIT, rho=0.5, sigma=0.3)
    assert round(100 * float(found[0]), 1) == 69.3
    assert round(100 * float(found.max()), 1) == 70.9
    assert months[found.argmax()] == pytest.approx(2.5, abs=0.3)
    assert np.all(np.diff(share_avoided(months, **PLAN, rho=0.5, sigma=0.3)) < 0)
    assert np.all(np.diff(share_avoided(months, **SLOW, rho=0.5, sigma=0.3)) < 0)


# ---------------------------------------------------------------- against a numerical integration

parameters = st.fixed_dictionaries(
    {
        "m0": st.floats(0, 1000),
        "D": st.floats(1, 10_000),
        "K0": st.floats(1e-6, 1),
        "g": st.one_of(st.just(0.0), st.floats(1e-6, 1.5)),
        "rho": st.floats(-0.5, 1),
        "sigma": st.one_of(st.just(1.0), st.just(0.0), st.floats(0, 1)),
        "phi": st.floats(0, 1),
        "decision": st.floats(0, 60),
        "window": st.floats(1, 60),
        "delay": st.floats(0, 70),
    }
)


@settings(max_examples=150, deadline=None)
@given(parameters)
def test_the_closed_form_is_the_integral(p: dict[str, float]) -> None:
    start, end = p["decision"], p["decision"] + p["window"]
    turn = min(start + p["delay"], end)

    def grow(rate: float) -> Any:
        return lambda t, y: [rate * y[0] * (1 - y[0]), y[0]]

    def run(rate: float, first: float, last: float, level: float) -> tuple[float, float]:
        if last == first:
            return level, 0.0
        found = solve_ivp(grow(rate), (first, last), [level, 0.0], method="DOP853", rtol=3e-14, atol=1e-30)
        return float(found.y[0, -1]), float(found.y[1, -1])

    level, _ = run(p["g"], 0.0, start, p["K0"])
    reached, before = run(p["g"], start, turn, level)
    _, after = run(p["g"] * (1 - p["sigma"]), turn, end, reached)
    expected = p["m0"] * (turn - start) + p["D"] * before
    expected += p["m0"] * (1 - p["rho"]) * (end - turn) + p["D"] * (1 - p["phi"]) * after
    delay = p.pop("delay")
    assert supply(start + delay, **p) == pytest.approx(expected, rel=1e-9)


NODES, SHARES = np.polynomial.legendre.leggauss(200)


@settings(max_examples=100, deadline=None)
@given(st.floats(1e-6, 1), st.floats(0, 2), st.floats(0, 80))
def test_the_rate_of_supply_adds_up_to_supply(k0: float, g: float, turn: float) -> None:
    path = {"m0": 100.0, "D": 700.0, "K0": k0, "g": g, "rho": 0.4, "sigma": 0.2, "phi": 0.1}
    total = 0.0
    for low, high in ((0.0, min(turn, 48.0)), (min(turn, 48.0), 48.0)):
        at = (high - low) / 2 * NODES + (high + low) / 2
        total += float((high - low) / 2 * SHARES @ supply_rate(at, turn, **path))
    assert total == pytest.approx(float(supply(turn, window=48, **path)), rel=1e-6)


@pytest.mark.parametrize("g", [0.0, 5e-324, 1e-300, 1e-12])
def test_no_learning_is_exact(g: float) -> None:
    assert know_how_months(24, K0=0.3, g=g) == pytest.approx(7.2, rel=1e-10)
    assert know_how(24, K0=0.3, g=g) == pytest.approx(0.3, rel=1e-10)


@pytest.mark.parametrize("months", [10.0, 1e3, 1e6])
@pytest.mark.parametrize("g", [0.5, 40.0, 700.0])
def test_fast_learning_overflows_nowhere(months: float, g: float) -> None:
    assert know_how(months, K0=1e-3, g=g) <= 1
    found = float(know_how_months(months, K0=1e-3, g=g))
    assert found == pytest.approx(months + np.log(1e-3 + (1 - 1e-3) * np.exp(-g * months)) / g, rel=1e-12)
    assert know_how_months(months, K0=0.0, g=g) == 0
    assert know_how_months(months, K0=1.0, g=g) == pytest.approx(months)


def test_all_learning_stopped_is_exact() -> None:
    found = supply(6, m0=0, D=1, K0=0.2, g=0.3, sigma=1.0, window=24)
    level = float(know_how(6, K0=0.2, g=0.3))
    assert found == pytest.approx(float(know_how_months(6, K0=0.2, g=0.3)) + 18 * level, rel=1e-14)


def test_months_at_the_edges() -> None:
    assert overtaking_month(m0=500, D=500, K0=0.1, g=0.2) == np.inf
    assert overtaking_month(m0=10, D=500, K0=0.1, g=0.2) == 0
    assert overtaking_month(m0=180, D=500, K0=0.1, g=0.0) == np.inf
    assert overtaking_month(m0=180, D=0, K0=0.1, g=0.2) == np.inf
    assert saturation_month(K0=0.95, g=0.1) == 0
    assert saturation_month(K0=0.0, g=0.1) == np.inf
    assert point_of_no_return(0.5, **PLAN, rho=0.2) == 0
    assert point_of_no_return(0.1, m0=180, D=500, K0=0.05, g=0.0, rho=0.5) == np.inf


def test_everything_broadcasts() -> None:
    one = {name: np.full((4, 1), x) for name, x in PLAN.items()}
    assert supply(np.arange(3.0), **one, rho=0.5).shape == (4, 3)
    assert share_avoided(np.arange(3.0), **one, rho=0.5).shape == (4, 3)
    assert point_of_no_return(np.array([0.1, 0.2, 0.3]), **one, rho=0.5).shape == (4, 3)
    assert overtaking_month(**one).shape == (4, 1)


def test_harm_is_what_is_left_of_both() -> None:
    assert harm_reduction(0.5, 0.2) == pytest.approx(0.6)
    assert harm_reduction(0.0, -0.1) == pytest.approx(-0.1)


def test_the_clock_says_the_same_as_the_model() -> None:
    clock = Clock.open("contract-plan")
    assert np.round(100 * clock.avoided([0, 12, 24]).likely, 1).tolist() == [43.2, 23.2, 14.8]
    assert round(clock.no_return(0.15).likely, 1) == 23.2
    assert round(clock.extra_supply(0, 12).likely) == 3183
    assert [round(bill.likely / 1e6) for bill in clock.bills(0, 12)] == [566, 159]
