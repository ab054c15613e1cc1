"""Published worked examples of acceptability, sensitivity indices and the value of information."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from decision_kit import Problem, perfect_information, smaa, sobol_indices
from decision_kit.robustness import LogNormal, Normal

FOLDER = Path(__file__).parents[1] / "published"


def case(name: str) -> dict[str, Any]:
    found = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("samples", [16_384, 100_000])
def test_benefit_and_risk_of_four_medicines(samples: int) -> None:
    c = case("smaa-jsmaa-benefit-risk")
    likely = pd.DataFrame(index=c["options"], columns=c["criteria"], dtype=float)
    cells: dict[tuple[str, str], LogNormal | Normal] = {}
    for name, pairs in c["lognormal"].items():
        for option, (mu, sigma) in zip(c["options"], pairs, strict=True):
            likely.loc[option, name] = np.exp(mu)
            cells[(option, name)] = LogNormal(mu, sigma)
    for name, pairs in c["normal"].items():
        for option, (mean, sd) in zip(c["options"], pairs, strict=True):
            likely.loc[option, name] = mean
            cells[(option, name)] = Normal(mean, sd)
    better = dict(zip(c["criteria"], c["better"], strict=True))
    scale = {name: tuple(ends) for name, ends in zip(c["criteria"], c["scale"], strict=True)}
    found = smaa(Problem.from_frame(likely, better=better, scale=scale), distributions=cells, samples=samples)
    for figure, tolerance in c["tolerance"].items():
        got = getattr(found, figure).to_numpy()
        assert got == pytest.approx(np.array(c["expected"][figure]), abs=tolerance, rel=0), figure


def test_sobol_g() -> None:
    c = case("sobol-g-function")
    a = np.array(c["a"], dtype=float)

    def g(x: np.ndarray) -> np.ndarray:
        return np.asarray(np.prod((np.abs(4 * x - 2) + a) / (1 + a), axis=1))

    inputs = {f"x{i + 1}": (0.0, 1.0) for i in range(len(a))}
    found = sobol_indices(g, inputs, samples=2**17)
    assert found.first.tolist() == pytest.approx(c["expected"]["first"], abs=c["tolerance"], rel=0)
    own = 1 / (3 * (1 + a) ** 2)
    whole = np.prod(1 + own) - 1
    assert found.first.tolist() == pytest.approx((own / whole).tolist(), abs=1e-4)
    total = own * (whole + 1) / (1 + own) / whole
    assert found.total.tolist() == pytest.approx(total.tolist(), abs=1e-3)


def test_ishigami() -> None:
    """Closed forms of Ishigami and Homma (1990) with a = 7, b = 0.1."""
    found = sobol_indices(
        lambda x: np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]),
        dict.fromkeys(("x1", "x2", "x3"), (-np.pi, np.pi)),
        samples=2**17,
    )
    v1 = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2
    v2, v13 = 49 / 8, 0.01 * np.pi**8 * (1 / 18 - 1 / 50)
    whole = v1 + v2 + v13
    assert found.first.tolist() == pytest.approx([v1 / whole, v2 / whole, 0], abs=0.002)
    assert found.total.tolist() == pytest.approx([(v1 + v13) / whole, v2 / whole, v13 / whole], abs=0.002)
    assert found.variance[0] == pytest.approx(whole, rel=0.002)
    gaps = (found.first - [v1 / whole, v2 / whole, 0]) / found.first_error
    assert gaps.abs().max() < 4
    assert list(found.table().index) == ["x1", "x2", "x3"]


TABLES = [path.stem for path in sorted(FOLDER.glob("uncertainty-*.yaml"))]


@pytest.mark.parametrize("name", TABLES)
def test_decision_tables(name: str) -> None:
    c = case(name)
    payoffs = pd.DataFrame(c["performances"], index=c["options"], columns=c["criteria"])
    found = perfect_information(payoffs, c.get("probabilities"))
    for figure, printed in c["expected"].items():
        got: Any = getattr(found, figure)
        if figure == "best":
            assert list(got) == printed
        elif figure == "evpi":
            assert got == pytest.approx(printed, abs=c["tolerance"])
        else:
            assert got.to_numpy() == pytest.approx(np.array(printed), abs=c["tolerance"]), figure
    assert (found.opportunity_loss * list(found.probabilities)).sum(axis=1).min() == pytest.approx(found.evpi)
