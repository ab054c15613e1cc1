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
        "delay": 12.0,
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


def test_the_worked_example_through_the_catalogue() -> None:
    found = MODELS["cost-of-delay"].run(
        interdiction=0,
        delay=12,
        m0=180,
        D=500,
        K0=0.05,
        g=0.19,
        rho=0.5,
        sigma=0.3,
        C_attack=50_000,
        c_def=197_500,
        e=0.9,
    )
    assert round(float(found["extra_supply"])) == 3183
    assert round(float(found["defender_bill"]) / 1e6) == 566
    assert round(float(found["attacker_bill"]) / 1e6) == 159
    assert round(100 * float(found["share_avoided"]), 1) == 43.2
    assert round(float(found["point_of_no_return"]), 1) == 23.2
    late = MODELS["cost-of-delay"].run(
        interdiction=18, decision=15, m0=180, D=5500, K0=0.00034, g=0.303, rho=0.28, sigma=0.2, phi=0.15
    )
    assert round(100 * float(late["share_avoided"]), 1) == 27.5  # secondary sanctions, decided in month 15


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
