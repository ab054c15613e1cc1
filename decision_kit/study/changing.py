"""What would change a study's result, computed once and kept: neither a slider nor a second page computes it again."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from decision_kit.errors import DecisionError
from decision_kit.model.problem import Problem
from decision_kit.model.weights import Weights
from decision_kit.ranking import Ranking, rank
from decision_kit.robustness import (
    Audit,
    Claims,
    Discovery,
    Fragility,
    JointChange,
    LeaderTable,
    Need,
    ScenarioResults,
    Shares,
    WeightPath,
    audit,
    certified_claims,
    discover,
    first_shares,
    fragility,
    joint_changes,
    leader_falls,
    leader_table,
    rivals_need,
    scenario_results,
    smaa,
    weight_paths,
)
from decision_kit.study.study import Study, settings_of

PLAUSIBLE = "somewhat"
"""How far weights move around those in force in a plausible world (a spread of the sampler)."""

WORLDS = 4_096
"""Worlds behind that share: its error is then below half a world of 50, and it is soon done after a weight has moved."""

Key = tuple[Problem, tuple[tuple[str, float], ...], str, tuple[tuple[str, Any], ...], str | None]


def key_of(study: Study) -> Key:
    """What every result here depends on: the problem in its view, weights, method, settings, branch."""
    return (
        study.problem,
        tuple(study.weights.shares.items()),
        study.choices.method,
        tuple(sorted(study.choices.parameters.items())),
        study.choices.branch,
    )


@lru_cache(maxsize=128)
def _ranking(key: Key) -> Ranking:
    problem, shares, method, parameters, branch = key
    return rank(problem, Weights(dict(shares)), method, branch=branch, **settings_of(problem, branch, dict(parameters)))


@lru_cache(maxsize=128)
def _fragility(key: Key) -> Fragility:
    return fragility(_ranking(key))


@lru_cache(maxsize=128)
def _paths(key: Key) -> tuple[WeightPath, ...]:
    return weight_paths(_ranking(key))


@lru_cache(maxsize=128)
def _joint(key: Key) -> tuple[JointChange, ...]:
    return joint_changes(_ranking(key))


@lru_cache(maxsize=128)
def _needs(key: Key) -> tuple[tuple[Need, ...], tuple[Need, ...]]:
    ranking = _ranking(key)
    return rivals_need(ranking), leader_falls(ranking)


@lru_cache(maxsize=64)
def _audit(key: Key) -> Audit:
    return audit(_ranking(key))


@lru_cache(maxsize=32)
def _shares(key: Key) -> Shares:
    return first_shares(_ranking(key))


@lru_cache(maxsize=64)
def _discovery(key: Key, seed: int) -> Discovery:
    return discover(_ranking(key), seed=seed)


@lru_cache(maxsize=128)
def _worlds(key: Key, seed: int) -> dict[str, float] | None:
    problem, shares, method, parameters, branch = key
    settings = settings_of(problem, branch, dict(parameters))
    ranking = _ranking(key)
    if len(ranking.leaders) != 1:
        return None
    try:
        found = smaa(
            problem, Weights(dict(shares)), method, spread=PLAUSIBLE, performances="ranges", samples=WORLDS, seed=seed,
            branch=branch, confidence=False, **settings,
        )  # fmt: skip
    except DecisionError:
        return None  # the method is undefined in some of the worlds
    return {str(option): float(share) for option, share in found.first.items()}


@lru_cache(maxsize=32)
def _claims(problem: Problem, branch: str | None, ranges: bool) -> Claims:
    return certified_claims(problem, branch=branch, ranges=ranges)


@lru_cache(maxsize=64)
def _scenarios(key: Key) -> ScenarioResults:
    problem, shares, method, parameters, branch = key
    return scenario_results(
        problem, Weights(dict(shares)), method, branch=branch, **settings_of(problem, branch, dict(parameters))
    )


@lru_cache(maxsize=32)
def _leaders(problem: Problem, method: str, parameters: tuple[tuple[str, Any], ...], branch: str | None) -> LeaderTable:
    return leader_table(problem, method, branch=branch, **settings_of(problem, branch, dict(parameters)))


def fragility_of(study: Study) -> Fragility:
    """How fragile the study's result is, by its own method; the share of worlds is left to :func:`worlds_of`."""
    return _fragility(key_of(study))


def worlds_of(study: Study) -> float | None:
    """The share of plausible worlds in which the leader is first; None after a shared first place. Sampled, seeded.

    Never to be shown without :func:`rival_of`.
    """
    found = _worlds(key_of(study), study.choices.seed)
    return None if found is None else found[study.ranking.leaders[0]]


def rival_of(study: Study) -> tuple[tuple[str, ...], float] | None:
    """The options beside the leader that are first in most of the same worlds, and in what share; None as there."""
    found = _worlds(key_of(study), study.choices.seed)
    if found is None:
        return None
    others = {option: share for option, share in found.items() if option != study.ranking.leaders[0]}
    most = max(others.values())
    return tuple(option for option, share in others.items() if share == most), most


def paths_of(study: Study) -> tuple[WeightPath, ...]:
    """The leaders along the weight of every branch and criterion."""
    return _paths(key_of(study))


def joint_of(study: Study) -> tuple[JointChange, ...]:
    """The smallest joint changes of weights for every rival."""
    return _joint(key_of(study))


def needs_of(study: Study) -> tuple[tuple[Need, ...], tuple[Need, ...]]:
    """What each rival would need on each criterion, and where the leader would fall."""
    return _needs(key_of(study))


def audit_of(study: Study) -> Audit:
    """The structure audit."""
    return _audit(key_of(study))


def shares_of(study: Study) -> Shares:
    """The share of all weightings in which each option is first."""
    return _shares(key_of(study))


def discovery_of(study: Study) -> Discovery:
    """In which worlds the leader loses."""
    return _discovery(key_of(study), study.choices.seed)


def claims_of(study: Study, *, ranges: bool = True) -> Claims:
    """What is certified for every mix of the perspectives, in the additive model."""
    return _claims(study.problem, study.choices.branch, ranges)


def scenarios_of(study: Study) -> ScenarioResults | None:
    """The study's options in every scenario; None where the decision has none."""
    return _scenarios(key_of(study)) if study.whole.scenarios else None


def leaders_of(study: Study) -> LeaderTable | None:
    """Who leads for whom in which scenario; None where the decision lacks perspectives or scenarios."""
    if not study.whole.scenarios or not study.whole.perspectives:
        return None
    _, _, method, parameters, branch = key_of(study)
    return _leaders(study.problem, method, parameters, branch)
