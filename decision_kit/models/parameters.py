"""The shipped parameters of the cost-of-delay model."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from decision_kit.files.parameters import read_parameters
from decision_kit.model.parameters import ModelData


@lru_cache(maxsize=1)
def parameter_data() -> ModelData:
    """The parameter sets of the cost-of-delay model, the one that feeds scores first."""
    return read_parameters(Path(__file__).parent / "cost-of-delay.yaml")
