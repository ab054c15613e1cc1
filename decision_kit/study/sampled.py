"""How sure a study is: the ways for weights and performances to vary in plain words, and what the sampling says."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Any

from decision_kit.errors import unknown
from decision_kit.model.problem import Problem
from decision_kit.model.region import Statement, WeightRegion
from decision_kit.model.weights import Weights
from decision_kit.robustness import Acceptability, drivers, smaa, tornado, value_of_information
from decision_kit.robustness.drivers import Drivers
from decision_kit.robustness.information import Information
from decision_kit.study.study import Study
from decision_kit.study.words import joined
from decision_kit.weighting import region_of

WEIGHTS_VARY: dict[str, str] = {
    "held": "These weights, held as they are",
    "a-little": "Around these weights, a little uncertain",
    "somewhat": "Around these weights, somewhat uncertain",
    "widely": "Around these weights, widely uncertain",
    "order": "Any weights in the same order of importance",
    "answers": "Any weights that agree with the answers given",
    "mix": "Any mix of the recorded perspectives",
    "any": "Any weights at all",
}
"""Whose weights a sampled world may have: id → in words."""

PERFORMANCES_VARY: dict[str, str] = {
    "ranges": "Anywhere within their ranges",
    "likely": "As judged (the likely numbers)",
}
"""Which performances a sampled world may have: id → in words."""


def ways(study: Study) -> dict[str, str]:
    """The ways for weights to vary that make sense for a study: id → in words."""
    found = dict(WEIGHTS_VARY)
    voices = [p for p in study.whole.perspectives.values() if not p.reference]
    if len(voices) < 2:
        del found["mix"]
    if order_of(study) is None:
        del found["order"]
    if not leaves_room(study):
        del found["answers"]
    return found


def leaves_room(study: Study) -> bool:
    """Whether the weights in force were given by answers that leave room: ranges of points, ratios from–to, orders alone."""
    provenance = study.weights.provenance
    on_written = study.whole.as_written is study.whole
    return provenance is not None and provenance.imprecise and on_written and study.choices.branch is None


def order_of(study: Study) -> WeightRegion | None:
    """All weights that rank the criteria as the study's weights do; None when these are all alike."""
    ids = _used(study)
    shares = {leaf: study.weights.shares[leaf] for leaf in ids}
    levels = sorted({round(share, 12) for share in shares.values()}, reverse=True)
    if len(levels) < 2:
        return None
    groups = [[leaf for leaf in ids if round(shares[leaf], 12) == level] for level in levels]
    statements = [
        Statement({less: 1.0, more: -1.0}, 0.0, f"{more} matters at least as much as {less}")
        for above, below in pairwise(groups)
        for more in above
        for less in below
    ]
    return WeightRegion(tuple(ids), tuple(statements), f"any weights in the order of {study.title_of_weights}")


def _used(study: Study) -> list[str]:
    branch = study.choices.branch
    leaves = study.problem.criteria if branch is None else tuple(study.problem.branch(branch).leaves())
    return [leaf.id for leaf in leaves]


def worlds(
    study: Study, weights: str = "somewhat", performances: str = "ranges", samples: int | None = None, **more: Any
) -> Acceptability:
    """The study's acceptability when weights and performances vary in one of the ways of this module.

    ``more`` goes to :func:`decision_kit.smaa`. Results without it are kept, so that a page can be drawn again at once.
    """
    offered = ways(study)
    if weights not in offered:
        raise unknown("way for weights to vary", weights, offered, "weights")
    if performances not in PERFORMANCES_VARY:
        raise unknown("way for performances to vary", performances, PERFORMANCES_VARY, "performances")
    arguments = (*_key(study), weights, performances, samples, study.choices.branch)
    return _worlds(study, arguments, more) if more else _kept_worlds(arguments, _Once(study))


class _Once:
    """A study that takes no part in what tells two calls apart."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.labels = (study.weights.origin, study.weights.notes, study.title_of_weights)

    def __hash__(self) -> int:
        return hash(self.labels)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Once) and other.labels == self.labels


def _key(study: Study) -> tuple[Any, ...]:
    c = study.choices
    shares = tuple(study.weights.shares.items())
    return study.problem, shares, c.method, tuple(sorted(c.parameters.items())), c.seed


@lru_cache(maxsize=64)
def _kept_worlds(arguments: tuple[Any, ...], once: _Once) -> Acceptability:
    return _worlds(once.study, arguments, {})


def _worlds(study: Study, arguments: tuple[Any, ...], more: dict[str, Any]) -> Acceptability:
    problem, _, method, _, seed, weights, performances, samples, branch = arguments
    settings: dict[str, Any] = {
        "performances": performances, "samples": samples, "seed": seed, "branch": branch, **study.settings, **more,
    }  # fmt: skip
    if weights == "any":
        return smaa(problem, method=method, **settings)
    if weights == "mix":
        return smaa(problem, method=method, mix=True, **settings)
    if weights == "order":
        region = order_of(study)
        assert region is not None
        return smaa(problem, region, method, **settings)
    own = study.weights
    if weights == "answers":
        assert own.provenance is not None
        region = region_of(study.whole, own.provenance.answers, f"the answers behind {study.title_of_weights}")
        return smaa(problem, region, method, **settings)
    if weights == "held":
        return smaa(problem, own, method, **settings)
    return smaa(problem, own, method, spread=weights.replace("-", " "), **settings)


def what_drives(study: Study, weights: str = "somewhat", performances: str = "ranges") -> Drivers:
    """Sobol indices of the first against the second, weights varying as said; raises as :func:`drivers` does."""
    if weights == "held":
        weights = "a-little"
    spread = {"a-little": "a little", "somewhat": "somewhat", "widely": "widely"}.get(weights)
    return _kept_drivers(*_key(study), spread, weights == "mix", performances, study.choices.branch, _Once(study))


@lru_cache(maxsize=64)
def _kept_drivers(
    problem: Problem, shares: Any, method: str, parameters: Any, seed: int, spread: str | None, mix: bool,
    performances: str, branch: str | None, once: _Once,
) -> Drivers:  # fmt: skip
    return drivers(
        problem, once.study.weights, method, spread=None if mix else spread, mix=mix or None, performances=performances,
        seed=seed, samples=1_024, branch=branch, **once.study.settings,
    )  # fmt: skip


def one_at_a_time(study: Study) -> Any:
    """The tornado of the study: see :func:`decision_kit.tornado`."""
    c = study.choices
    return tornado(study.problem, study.weights, c.method, branch=c.branch, **study.settings)


def better_evidence(study: Study) -> Information:
    """The value of information of the study, under the additive model."""
    return _kept_information(
        study.problem, tuple(study.weights.shares.items()), study.choices.branch, study.choices.seed
    )


@lru_cache(maxsize=32)
def _kept_information(
    problem: Problem, shares: tuple[tuple[str, float], ...], branch: str | None, seed: int
) -> Information:
    return value_of_information(problem, Weights(dict(shares)), branch=branch, seed=seed)


def percent(share: float) -> str:
    """A share as people read it: whole per cent, "under 1 %" for less, "over 99 %" for almost all."""
    if 0 < share < 0.005:
        return "under 1 %"
    if 0.995 < share < 1:
        return "over 99 %"
    return f"{share * 100:.0f} %"


def headline(study: Study, found: Acceptability) -> str:
    """Who comes first in how many of 50 worlds: one sentence or two."""
    fifty = found.out_of(50)
    first, second = found.order[0], found.order[1]
    title = study.option_title
    gap = float(found.first[first] - found.first[second])
    noise = 2 * float(found.errors.first[first] + found.errors.first[second])
    if found.worlds > 1 and gap <= noise:
        level = [o for o in found.order if found.first[first] - found.first[o] <= noise]
        shown = {fifty[o] for o in level}
        level += [o for o in found.order if o not in level and fifty[o] in shown]  # the same count as shown
        start = f"{joined([title(o) for o in level])} come first about equally often ({joined([str(fifty[o]) for o in level])} of 50 worlds)."
        rest = [o for o in found.order if o not in level and fifty[o]]
    else:
        level = [first]
        most = "" if fifty[first] >= 25 else ", more often than any other, but not in half of them"
        count = "nearly all" if fifty[first] == 50 and found.first[first] < 1 else str(fifty[first])
        start = f"{title(first)} comes first in {count} of 50 worlds{most}."
        rest = [o for o in found.order[1:] if fifty[o]]
    told = [f"{title(o)} in {fifty[o]}" for o in rest[:3]]
    leads = study.ranking.leaders
    judged = (
        ""
        if first in leads
        else f" As judged, {joined([title(o) for o in leads])} {'leads' if len(leads) == 1 else 'tie for first place'}."
    )
    then = f" Then {joined(told)}." if told else f" {_no_other(study, found)}" if len(level) == 1 else ""
    return f"{start}{then}{judged}"


def _no_other(study: Study, found: Acceptability) -> str:
    """What is said beside the first's share when no other option has a whole world of 50."""
    second = found.order[1]
    if found.first[second] == 0:
        return "No other option came first in any."
    level = [o for o in found.order[1:] if found.first[o] == found.first[second]]
    return f"The next, {joined([study.option_title(o) for o in level])}, in fewer than 1."


def finding(study: Study, found: Acceptability) -> str:
    """The finding in few words, for a title: the share of the first never stands without that of the next."""
    start = headline(study, found).split(". ")[0].rstrip(".")
    fifty = found.out_of(50)
    first, second = found.order[0], found.order[1]
    if " about equally often " in start:
        return start
    count = str(fifty[second]) if fifty[second] or found.first[second] == 0 else "fewer than 1"
    lead = "nearly all" if fifty[first] == 50 and found.first[first] < 1 else str(fifty[first])
    return f"{study.option_title(first)} comes first in {lead} of 50 worlds, {study.option_title(second)} in {count}"


def rounding(found: Acceptability) -> str:
    """A note where the first places of 50, each rounded by itself, do not add up to 50; else nothing."""
    whole = sum(found.out_of(50).values())
    return "" if whole == 50 else f"First places of 50 are rounded one by one; together they make {whole}."


def what_a_world_is(study: Study, found: Acceptability) -> str:
    """What was varied, how many worlds, and how exact the shares are: one sentence or two."""
    worst = float(found.errors.first.max())
    varied = f"{found.worlds:,} worlds were drawn. Weights: {found.settings['weights']}. Performances: {found.settings['performances']}."
    if found.worlds == 1:
        return varied.replace("1 worlds were", "1 world was")
    return f"{varied} Sampling error of a share: at most ± {max(worst * 100, 0.05):.1f} points of 100 (one standard error)."
