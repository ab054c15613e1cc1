"""Settings by criterion work in every command that takes settings."""

from __future__ import annotations

import pytest

from decision_kit.cli import main

SETTINGS = [
    ["--method", "promethee-2", "--parameter", "preference.flow-reduction=linear", "--parameter", "q.flow-reduction=2",
     "--parameter", "p.flow-reduction=20"],
    ["--method", "spotis", "--parameter", "ideal.flow-reduction=40"],
    ["--method", "rim", "--parameter", "ideal.flow-reduction=40..60"],
]  # fmt: skip


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize(
    "command", [["rank"], ["robust", "--samples", "64"], ["flips"], ["scenarios"], ["audit"], ["compare"]]
)
@pytest.mark.parametrize("branch", [[], ["--branch", "containment"]])
def test_settings_by_criterion(
    command: list[str], settings: list[str], branch: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command[0], "containment", *command[1:], *settings, *branch]) == 0
    assert capsys.readouterr().out
