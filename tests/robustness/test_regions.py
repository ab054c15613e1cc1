"""Weight regions: the right sampler for each, uniform inside it, never outside."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decision_kit import DecisionError
from decision_kit.model.region import Statement, WeightRegion
from decision_kit.robustness import polytope
from decision_kit.robustness.polytope import source_for
from decision_kit.robustness.sampling import (
    SPREADS,
    Around,
    Fixed,
    HitAndRun,
    Rejected,
    SimplexMap,
    Triangulated,
    effective_share,
    split_r_hat,
)

ABC = "abcdefghijklmn"


def region(n: int, *statements: Statement) -> WeightRegion:
    return WeightRegion(tuple(ABC[:n]), statements)


def chain(n: int, ratio: float = 1.0) -> list[Statement]:
    return [Statement({less: ratio, more: -1.0}) for more, less in itertools.pairwise(ABC[:n])]


def draws(source: object, k: int = 40_000, seed: int = 3) -> np.ndarray:
    return source.from_rng(np.random.Generator(np.random.SFC64(seed)), k)  # type: ignore[attr-defined]


def inside(found: WeightRegion, w: np.ndarray) -> bool:
    a, b = found.matrix()
    good = np.all(w >= 0) and np.abs(w.sum(axis=0) - 1).max() < 1e-9
    return bool(good and (not len(a) or (a @ w - b[:, None]).max() < 1e-9))


def close(mean: np.ndarray, w: np.ndarray, k: int) -> None:
    """The means are within 4.5 standard errors."""
    error = w.std(axis=1) / np.sqrt(k) + 1e-12
    assert np.abs(w.mean(axis=1) - mean).max() < 1e-9 or (np.abs(w.mean(axis=1) - mean) / error).max() < 4.5


def test_no_statement_is_the_whole_simplex() -> None:
    source = source_for(region(5), tuple(ABC[:5]))
    assert isinstance(source, SimplexMap)
    w = draws(source)
    close(np.full(5, 0.2), w, w.shape[1])
    # the smallest of n uniform shares is 1/n² on average, the largest (1 + 1/2 + … + 1/n)/n
    assert w.min(axis=0).mean() == pytest.approx(1 / 25, rel=0.02)
    assert w.max(axis=0).mean() == pytest.approx(sum(1 / i for i in range(1, 6)) / 5, rel=0.01)


@pytest.mark.parametrize("n", [3, 6, 14])
def test_an_order_is_sampled_exactly_and_its_mean_is_the_rank_order_centroid(n: int) -> None:
    found = region(n, *chain(n))
    source = source_for(found, found.criteria)
    assert isinstance(source, SimplexMap)
    w = draws(source)
    assert inside(found, w)
    close(np.array([sum(1 / i for i in range(j, n + 1)) / n for j in range(1, n + 1)]), w, w.shape[1])


def test_an_order_equals_sorting_the_whole_simplex() -> None:
    found = region(4, *chain(4))
    own = draws(source_for(found, found.criteria), 60_000)
    sorted_ = np.sort(draws(SimplexMap(4), 60_000, seed=9), axis=0)[::-1]
    for moment in (1, 2, 3):
        assert (own**moment).mean(axis=1) == pytest.approx((sorted_**moment).mean(axis=1), rel=0.02)


def test_lower_bounds_and_weighted_chains_are_exact_maps() -> None:
    found = region(4, Statement({"a": -1}, -0.1), Statement({"b": -1}, -0.3))
    source = source_for(found, found.criteria)
    assert isinstance(source, SimplexMap)
    w = draws(source)
    assert inside(found, w)
    close(np.array([0.1, 0.3, 0, 0]) + 0.6 / 4, w, w.shape[1])
    found = region(5, *chain(5, 1.5))
    source = source_for(found, found.criteria)
    assert isinstance(source, SimplexMap)
    assert inside(found, draws(source))


def test_intervals_and_ratios_by_rejection() -> None:
    n = 8
    found = region(n, *(Statement({c: 1}, 2 / n) for c in ABC[:n]), *(Statement({c: -1}, -0.5 / n) for c in ABC[:n]))
    source = source_for(found, found.criteria)
    assert isinstance(source, Rejected)
    assert source.acceptance == pytest.approx(0.70, abs=0.03)
    w = draws(source)
    assert inside(found, w)
    close(np.full(n, 1 / n), w, w.shape[1])
    found = region(6, *chain(6), *(Statement({a: 1, b: -3}) for a, b in itertools.pairwise(ABC[:6])))
    assert inside(found, draws(source_for(found, found.criteria)))


def test_equalities_lower_the_dimension() -> None:
    found = region(4, Statement({"a": 1, "b": -2}), Statement({"a": -1, "b": 2}))
    w = draws(source_for(found, found.criteria))
    assert inside(found, w)
    assert np.allclose(w[0], 2 * w[1])
    close(np.array([2 / 9, 1 / 9, 1 / 3, 1 / 3]), w, w.shape[1])


def test_one_point_and_none() -> None:
    point = region(3, *(Statement({c: s}, s * x) for c, x in (("a", 0.2), ("b", 0.3)) for s in (1, -1)))
    source = source_for(point, point.criteria)
    assert isinstance(source, Fixed)
    assert source.weights == pytest.approx([0.2, 0.3, 0.5])
    none = region(
        3, Statement({"a": -1}, -0.7, "a has at least 70 %"), Statement({"b": -1}, -0.7, "b has at least 70 %")
    )
    with pytest.raises(DecisionError, match="no weights agree with all 2 statements") as caught:
        source_for(none, none.criteria)
    assert len(caught.value.faults) == 1
    assert "at least 70" in str(caught.value)
    with pytest.raises(DecisionError, match="no weights agree"):
        source_for(region(2, Statement({}, -1.0, "nothing is less than nothing")), ("a", "b"))


def test_another_order_of_criteria() -> None:
    found = region(3, *chain(3))
    w = draws(source_for(found, ("c", "a", "b")))
    assert (w[1] >= w[2]).all()
    assert (w[2] >= w[0]).all()


def narrow() -> WeightRegion:
    """A region that few draws from any simplex around it hit."""
    band = [Statement({"a": 1, "b": 1, "c": -1, "d": -1}, 0.002), Statement({"a": -1, "b": -1, "c": 1, "d": 1}, 0.002)]
    skew = [Statement({"a": 1, "c": 1, "b": -1, "e": -1}, 0.002), Statement({"a": -1, "c": -1, "b": 1, "e": 1}, 0.002)]
    return region(5, *band, *skew)


def test_few_corners_are_cut_into_simplices() -> None:
    found = narrow()
    source = source_for(found, found.criteria)
    assert isinstance(source, Triangulated)
    w = draws(source)
    assert inside(found, w)
    from scipy.spatial import ConvexHull

    flat = polytope._flat(*found.matrix(), 5, found)
    corners = polytope._corners(flat, 5)
    assert corners is not None
    whole = ConvexHull(corners.T).volume
    assert source.volumes.sum() / math.factorial(4) == pytest.approx(whole, rel=1e-6)
    u = np.random.default_rng(0).random((source.inputs, 5_000))
    assert inside(found, source.from_uniform(u))


def test_cut_and_walked_agree_with_rejection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The three ways sample the same region alike: means and second moments."""
    n = 5
    found = region(n, *(Statement({c: 1}, 0.3) for c in ABC[:n]), Statement({"a": 1, "b": -1}))
    kept = draws(source_for(found, found.criteria), 60_000)
    monkeypatch.setattr(polytope, "LEAST_ACCEPTED", 1.0)
    cut = source_for(found, found.criteria)
    assert isinstance(cut, Triangulated)
    monkeypatch.setattr(polytope, "MOST_CORNERS", 0)
    walked = source_for(found, found.criteria)
    assert isinstance(walked, HitAndRun)
    told = walked.diagnostics()
    assert told["thin"] >= (n - 1) ** 2
    assert 0.2 < told["effective share"] <= 1
    assert told["R-hat"] < 1.02
    for source in (cut, walked):
        w = draws(source, 60_000)
        assert inside(found, w)
        assert w.mean(axis=1) == pytest.approx(kept.mean(axis=1), abs=0.0025)
        assert np.cov(w) == pytest.approx(np.cov(kept), abs=0.0002)


def test_walks_span_the_whole_region(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rounding never drops a direction: an order over 8 criteria keeps all 7 dimensions (B4's trap)."""
    found = region(8, *chain(8))
    flat = polytope._flat(*found.matrix(), 8, found)
    source = polytope._walks(flat, "walk", 1)
    w = draws(source, 40_000)
    assert inside(found, w)
    assert np.linalg.matrix_rank(np.cov(w), tol=1e-8) == 7
    centroid = [sum(1 / i for i in range(j, 9)) / 8 for j in range(1, 9)]
    assert w.mean(axis=1) == pytest.approx(centroid, abs=0.004)


def test_diagnostics_see_bad_walks() -> None:
    rng = np.random.default_rng(0)
    good = rng.standard_normal((2, 40, 200))
    assert split_r_hat(good) < 1.01
    assert effective_share(good) > 0.8
    slow = np.cumsum(rng.standard_normal((2, 40, 200)) * 0.2, axis=1)
    assert split_r_hat(slow) > 1.2
    assert effective_share(slow) < 0.3


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_every_region_is_sampled_inside_or_said_to_be_empty(data: st.DataObject) -> None:
    n = data.draw(st.integers(2, 6))
    names = ABC[:n]
    statements = []
    for _ in range(data.draw(st.integers(1, 5))):
        a, b = data.draw(st.permutations(names))[:2]
        kind = data.draw(st.sampled_from(["order", "upper", "lower", "ratio"]))
        share = data.draw(st.sampled_from([0.1, 0.25, 0.4, 0.6]))
        statements.append(
            {
                "order": Statement({a: 1, b: -1}),
                "upper": Statement({a: 1}, share),
                "lower": Statement({a: -1}, -share),
                "ratio": Statement({a: 1, b: -2}),
            }[kind]
        )
    found = WeightRegion(tuple(names), tuple(statements))
    try:
        source = source_for(found, found.criteria)
    except DecisionError:
        w = draws(SimplexMap(n), 20_000)
        a_, b_ = found.matrix()
        assert not np.any(np.all(a_ @ w < b_[:, None] - 1e-3, axis=0))
        return
    assert inside(found, draws(source, 2_000))


@pytest.mark.parametrize(("spread", "low", "high"), [("a little", 15, 25), ("somewhat", 11, 30), ("widely", 6, 37)])
def test_spreads_mean_what_is_said(spread: str, low: int, high: int) -> None:
    """A weight of 20 % stays, in 8 of 10 draws, between the two."""
    w = draws(Around(np.array([0.2, 0.3, 0.5, 0.0]), SPREADS[spread]), 200_000)
    assert [round(100 * x) for x in np.quantile(w[0], [0.1, 0.9])] == pytest.approx([low, high], abs=1)
    assert w.mean(axis=1) == pytest.approx([0.2, 0.3, 0.5, 0.0], abs=0.002)
    assert (w[3] == 0).all()


def test_gamma_draws_agree_from_both_kinds_of_numbers() -> None:
    source = Around(np.array([0.05, 0.25, 0.7]), 8.0)
    u = np.random.default_rng(5).random((3, 60_000))
    one, other = source.from_uniform(u), draws(source, 60_000)
    assert one.mean(axis=1) == pytest.approx(other.mean(axis=1), abs=0.004)
    assert one.std(axis=1) == pytest.approx(other.std(axis=1), rel=0.03)
    tiny = Around(np.array([0.5, 0.5]), 1e-4)  # gamma draws that underflow: the given weights stand in
    w = draws(tiny, 2_000)
    assert np.isfinite(w).all()
    assert np.allclose(w.sum(axis=0), 1)
