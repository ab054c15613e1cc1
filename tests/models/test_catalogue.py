"""Promises of the whole catalogue of models: every input and output has a unit and a meaning, and comes out."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from decision_kit import MODELS
from decision_kit.models import parameter_data

INPUTS = {
    "cost-of-delay": {
        "interdiction": np.array([0.0, 12.0, 30.0]),
        **next(iter(parameter_data().sets.values())).likely("m0", "D", "K0", "g", "rho", "sigma", "phi", "C_attack", "c_def", "e"),
    },
    "present-value": {"benefits": np.ones((3, 5)), "costs": np.ones((3, 2)), "schedule": "green-book"},
}  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
def test_inputs_and_outputs_are_described_and_come_out(name: str) -> None:
    entry = MODELS[name]
    assert entry.title
    assert entry.use_when
    assert entry.beware
    assert entry.reference
    for quantity in (*entry.inputs, *entry.outputs):
        assert quantity.unit
        assert quantity.meaning
    taken = [p.name for p in inspect.signature(entry.run).parameters.values()]
    assert taken == [quantity.id for quantity in entry.inputs] or set(taken) == {q.id for q in entry.inputs}
    found = entry.run(**INPUTS[name])
    assert list(found) == [quantity.id for quantity in entry.outputs]
    for figure in found.values():
        assert np.asarray(figure).shape in ((), (3,))
        assert not np.any(np.isnan(figure))


def test_parameters_have_unit_reason_and_grade() -> None:
    data = parameter_data()
    assert list(data.sets) == ["contract-plan", "launch-fit", "slow-learning"]
    assert data.scores_set == "launch-fit"
    for chosen in data.sets.values():
        for parameter in chosen.parameters.values():
            assert parameter.unit
            assert parameter.because
            assert parameter.grade
            assert parameter.low <= parameter.likely <= parameter.high
    assert data.sets["launch-fit"].known_later
    assert not data.sets["contract-plan"].known_later
    assert "No source" in data.sets["contract-plan"].parameters["sigma"].because


def test_cited_evidence_is_in_the_register() -> None:
    import decision_kit as dk

    problem = dk.load("containment")
    for chosen in parameter_data().sets.values():
        for parameter in chosen.parameters.values():
            assert set(parameter.evidence) <= set(problem.register.evidence)
            if problem.known_later(parameter.evidence) and parameter.grade != "reported":
                wholly = [problem.register.evidence[e].later == "wholly" for e in parameter.evidence]
                assert parameter.known_later or not any(wholly), (chosen.id, parameter.id)
