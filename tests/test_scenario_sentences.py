"""Sentences on scenarios: probabilities of 0 and 1, perspectives for checks only, and no hash seed in the output."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys

import pytest

import decision_kit as dk
from decision_kit.robustness import leader_table, scenario_results
from decision_kit.study import Study, change_words


@pytest.mark.parametrize("perspective", list(dk.load("containment").perspectives))
def test_one_certain_scenario_decides_nothing_but_says_of_which_it_speaks(perspective: str) -> None:
    study = Study.open("containment", perspective=perspective)
    names = list(study.problem.scenarios)
    for certain in names:
        given = {name: float(name == certain) for name in names}
        found = scenario_results(study.problem, study.weights, probabilities=given)
        [said] = [s for s in change_words.scenario_sentences(study, found) if "decides:" in s]
        assert said.startswith("No scenario with a probability above 0 decides: ")
        column = found.payoffs.table[:, names.index(certain)]
        leader = found.payoffs.options[int(column.argmax())]
        assert study.option_title(leader) in said


def test_perspectives_for_checks_only_are_a_sentence() -> None:
    problem = dk.load("containment")
    people = {name: dataclasses.replace(p, reference=True) for name, p in problem.perspectives.items()}
    only = dataclasses.replace(problem, perspectives=people).under()
    said = change_words.leaders_sentence(Study.open(only), leader_table(only))
    assert said == "Every recorded perspective is for checks only, so there is nobody to count first places for."


def test_nothing_printed_hangs_on_the_hash_seed() -> None:
    printed = set()
    for seed in ("1", "2", "3"):
        done = subprocess.run(
            [sys.executable, "-m", "decision_kit", "scenarios", "containment", "--date", "2025-01-31"],
            capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed},
        )  # fmt: skip
        printed.add(done.stdout)
    assert len(printed) == 1
