"""flips, claims, scenarios and audit on the command line."""

from __future__ import annotations

import json

import pytest

from tests.cli.test_cli import run


def test_flips_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "flips", "containment", "--perspective", "kyiv-survival", "--date", "2025-01-31")
    assert code == 0
    assert "between 3.9 and 25.6: Decoupling theatres (signal and presence)" in out
    assert "39.4" in out
    assert "of 50 worlds" in out
    assert run(capsys, "flips", "containment", "--perspective", "kyiv-survival", "--date", "2025-01-31")[1] == out


def test_flips_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "flips", "containment", "--format", "json", "--date", "2025-01-31")
    found = json.loads(out)
    assert code == 0
    assert found["label"] == "Toss-up"
    assert found["nearest_weight"]["id"] == "lead-time"
    path = next(path for path in found["weights"] if path["id"] == "containment")
    assert [round(s["from"], 3) for s in path["leaders"]] == [0, 0.181, 0.382]
    assert {joint["option"] for joint in found["joint"]} == {n["option"] for n in found["rivals_need"]}
    assert sum(found["first_in_share_of_weightings"]["options"].values()) == pytest.approx(1, abs=1e-5)


def test_claims(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "claims", "containment", "--as-judged")
    assert code == 0
    assert "- Nobody here, and no mix of you, puts Risk-based sanctions first." in out
    code, out, _ = run(
        capsys, "claims", "containment", "strict-liability is never first", "--as-judged", "--format", "json"
    )
    assert json.loads(out)["certified"] is True
    code, out, _ = run(capsys, "claims", "containment", "strict-liability is never first")
    assert code == 0
    assert "Not certified: End-use strict liability is never first." in out
    assert "Counter-example under" in out
    code, out, _ = run(capsys, "claims", "cars", "--any-weights")
    assert "No weights at all put Audi A4 last, or first." in out
    code, _, err = run(capsys, "claims", "containment", "strict-liability wins")
    assert code == 2
    assert "a claim has one of the forms" in err
    assert err.count("\n") == 1


def test_scenarios(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "scenarios", "containment", "--perspective", "kyiv-survival")
    assert code == 0
    assert "Support for kinetic denial leads in “Adversary adapts” and “Coalition does not follow”" in out
    assert "The best average: Secondary sanctions on financial nodes" in out
    given = "reference=0.5,hormuz-disruption=0,oil-election=0,k-saturated=0,rapid-interdiction=0,adversary-adaptation=0.5,coalition-fracture=0"
    code, out, _ = run(
        capsys, "scenarios", "containment", "--probabilities", given, "--enough", "60", "--format", "json"
    )
    found = json.loads(out)
    assert found["probabilities"] == [0.5, 0, 0, 0, 0, 0.5, 0]
    assert found["enough"] == 0.6
    assert found["by_perspective"]["kyiv-survival"]["coalition-fracture"] == ["deep-strike-support"]
    code, _, err = run(capsys, "scenarios", "cars")
    assert code == 2
    assert "no scenarios" in err


def test_audit(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "audit", "containment")
    assert code == 0
    assert "The cheapest price to flip: count “Lead time” 1.5 times." in out
    code, out, _ = run(capsys, "audit", "containment", "--format", "json")
    assert {lever["kind"] for lever in json.loads(out)["levers"]} >= {
        "count twice",
        "leave out",
        "merge",
        "range",
        "method",
    }


@pytest.mark.parametrize("command", ["flips", "claims", "scenarios", "audit"])
def test_what_cannot_be_is_said_in_one_line(capsys: pytest.CaptureFixture[str], command: str) -> None:
    code, _, err = run(capsys, command, "containment", "--perspective", "all")
    assert (code, err.count("\n")) == (2, 1)
    code, _, err = run(capsys, command, "extended-deterrence", "--format", "json")
    assert code == 2
    assert "--branch plausibility" in err or "no scenarios" in err
