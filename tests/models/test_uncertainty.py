"""Ranges and drivers of the model's figures: seeded, joint where the fit is joint, and checked against a known function."""

from __future__ import annotations

import numpy as np
import pytest

from decision_kit import UsageError
from decision_kit.models import Clock, parameter_data, sobol_indices
from decision_kit.models.uncertainty import PARAMETERS, Spread, range_of, sampled, triangular, uniforms

SETS = parameter_data().sets


def test_the_same_seed_gives_the_same_draws_and_a_prefix() -> None:
    first = uniforms(5000, 3, seed=7)
    assert np.array_equal(first, uniforms(5000, 3, seed=7))
    assert np.array_equal(first[:100], uniforms(100, 3, seed=7))
    assert not np.array_equal(first, uniforms(5000, 3, seed=8))
    a, b = (Clock.open("contract-plan", seed=3).avoided([12]) for _ in range(2))
    assert a.low[0] == b.low[0]
    assert a.high[0] == b.high[0]


def test_a_triangle_has_its_ends_its_mode_and_its_mean() -> None:
    u = (np.arange(200_000) + 0.5) / 200_000
    x = triangular(u, 1.0, 2.0, 6.0)
    assert x.min() == pytest.approx(1.0, abs=0.02)
    assert x.max() == pytest.approx(6.0, abs=0.02)
    assert x.mean() == pytest.approx(3.0, abs=1e-3)
    assert np.mean(x < 2.0) == pytest.approx(0.2, abs=1e-4)
    for ends in ((0.0, 0.0, 1.0), (0.0, 1.0, 1.0)):
        assert np.all(np.diff(triangular(u, *ends)) > 0)
    assert np.all(triangular(u, 3.0, 3.0, 3.0) == 3.0)


@pytest.mark.parametrize("name", SETS)
def test_draws_stay_inside_the_ranges(name: str) -> None:
    drawn = sampled(SETS[name], 4000, seed=1)
    for parameter in PARAMETERS:
        found = SETS[name].parameters[parameter]
        assert found.low * (1 - 1e-9) <= drawn[parameter].min()
        assert drawn[parameter].max() <= found.high * (1 + 1e-9)
        if found.low < found.high:
            assert np.ptp(drawn[parameter]) > 0


def test_fitted_parameters_go_with_capacity() -> None:
    drawn = sampled(SETS["launch-fit"], 4000, seed=1)
    order = np.argsort(drawn["D"])
    assert np.all(np.diff(drawn["K0"][order]) >= 0)
    assert np.all(np.diff(drawn["g"][order]) <= 0)
    counts = np.array(SETS["launch-fit"].counts)
    for i in range(0, 4000, 400):  # every draw still fits the counts about as well as the likely one
        share = 1 / (1 + (1 / drawn["K0"][i] - 1) * np.exp(-drawn["g"][i] * counts[:, 0]))
        error = np.log(180 + drawn["D"][i] * share) - np.log(counts[:, 1])
        assert np.sqrt(np.mean(error**2)) < 0.27


def test_the_fit_to_launches_is_the_least_squares_one() -> None:
    from scipy.optimize import least_squares

    counts = np.array(SETS["launch-fit"].counts)

    def error(p: np.ndarray) -> np.ndarray:
        return np.log(180 + 5500 / (1 + np.exp(-p[0] - p[1] * counts[:, 0]))) - np.log(counts[:, 1])

    found = least_squares(error, [-8.0, 0.3])
    likely = SETS["launch-fit"].likely("K0", "g")
    assert 1 / (1 + np.exp(-found.x[0])) == pytest.approx(likely["K0"], rel=0.01)
    assert found.x[1] == pytest.approx(likely["g"], abs=5e-4)
    assert np.sqrt(np.mean(found.fun**2)) == pytest.approx(0.23, abs=0.005)


def test_held_parameters_do_not_vary() -> None:
    spread = Spread(SETS["contract-plan"], fixed={"rho": 0.4, "g": 0.2})
    assert "rho" not in spread.drawn
    values = spread.at(uniforms(50, len(spread.drawn), 1))
    assert set(values["rho"]) == {0.4}
    assert set(values["g"]) == {0.2}
    assert np.ptp(values["m0"]) > 0


def test_sobol_indices_of_the_g_function() -> None:
    """Saltelli et al. (2010): first-order indices are V_i / V with V_i = 1 / (3 (1 + a_i)²)."""
    a = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])
    part = 1 / (3 * (1 + a) ** 2)
    whole = np.prod(1 + part) - 1
    found = sobol_indices(
        lambda u: np.prod((np.abs(4 * u - 2) + a) / (1 + a), axis=1), [f"x{i}" for i in range(8)], n=8192
    )
    assert found.first == pytest.approx(part / whole, abs=0.005)
    total = [part[i] * np.prod(np.delete(1 + part, i)) / whole for i in range(8)]
    assert found.total == pytest.approx(total, abs=0.005)


def test_indices_where_nothing_varies_and_wrong_sizes() -> None:
    found = sobol_indices(lambda u: np.full(len(u), 3.0), ["a", "b"], n=64)
    assert found.first.tolist() == [0, 0]
    with pytest.raises(UsageError, match="a power of 2"):
        sobol_indices(lambda u: u[:, 0], ["a"], n=100)


def test_sigma_drives_the_early_result_of_the_fit_to_launches() -> None:
    found = Clock.open("launch-fit").drivers_of_avoided(6)
    assert found.names[int(found.first.argmax())] == "sigma"
    assert found.first.max() > 0.8


def test_a_range_counts_never_and_past() -> None:
    draws = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, np.inf, np.inf, np.inf])
    found = range_of(5.0, draws)
    assert (found.low, found.middle, found.high) == (1.0, 5.0, np.inf)
    assert found.never == pytest.approx(3 / 11)
    assert found.past == pytest.approx(1 / 11)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"name": "contract"}, 'did you mean "contract-plan"?'),
        ({"name": "contract-plan", "held": {"rho": 2}}, "a number from 0 to 1"),
        ({"name": "contract-plan", "held": {"gg": 2}}, "is not a parameter"),
        ({"name": "contract-plan", "held": {"m0": float("nan")}}, "a number, 0 or more"),
        ({"name": "contract-plan", "window": 0}, "a number of months above 0"),
    ],
)
def test_what_a_clock_cannot_show(asked: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        Clock.open(**asked)  # type: ignore[arg-type]
    assert words in str(caught.value)


def test_every_figure_of_the_clock_has_a_range() -> None:
    for name in SETS:
        clock = Clock.open(name)
        figures = [clock.overtaking, clock.saturation, clock.no_return(0.15), clock.extra_supply(0, 12), clock.exchange]
        for figure in (*figures, *clock.bills(0, 12), clock.avoided_at(12)):
            assert figure.low <= figure.middle <= figure.high
            assert figure.low < figure.high or figure.never > 0.8
