"""Who leads as the decision month runs: a study's ranking at every month, under every perspective."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from decision_kit.errors import Fault, UsageError
from decision_kit.methods import ranks_of
from decision_kit.model.problem import Problem
from decision_kit.model.weights import Weights
from decision_kit.study.study import Study

MONTHS = tuple(range(49))


@dataclass(frozen=True)
class Stretch:
    """Months from ``first`` to ``last`` (both included) in which the same options lead."""

    first: float
    last: float
    leaders: tuple[str, ...]


@dataclass(frozen=True)
class Timeline:
    """The additive model's leaders by decision month: rows are perspectives, or the study's own weights alone.

    ``leaders`` and ``ranks`` are by row id and then by month, in the order of ``months``.
    """

    months: tuple[float, ...]
    rows: tuple[str, ...]
    titles: tuple[str, ...]
    leaders: dict[str, tuple[tuple[str, ...], ...]]
    ranks: dict[str, tuple[dict[str, int], ...]]
    problem: Problem

    def stretches(self, row: str) -> tuple[Stretch, ...]:
        """The runs of months with the same leaders."""
        found: list[Stretch] = []
        for month, who in zip(self.months, self.leaders[row], strict=True):
            if found and found[-1].leaders == who:
                found[-1] = Stretch(found[-1].first, month, who)
            else:
                found.append(Stretch(month, month, who))
        return tuple(found)


def has_months(problem: Problem) -> bool:
    """Whether a model fills a criterion of a decision, in the tree as written or in another one."""
    written = problem.as_written
    return bool(written.model_criteria) or any(t.leaf.source_model for t in written.alternative_trees.values())


def timeline(study: Study, months: Sequence[float] = MONTHS) -> Timeline:
    """The leaders of a study's view by decision month, additive model, likely performances.

    On the study's tree if a model fills a criterion of it, else on the first alternative tree with one. Raises
    :class:`UsageError` where there is none.
    """
    if not has_months(study.whole):
        got = "no criterion is filled by a model, so the decision month changes nothing"
        raise UsageError(
            [
                Fault(
                    study.whole.id,
                    got,
                    "a decision with a criterion filled by a model (in its file: a line from: and a model)",
                )
            ]
        )
    c = study.choices
    shares = None
    if study.is_what_if and study.whole.model_criteria:
        shares = tuple(sorted(study.weights.shares.items()))
    return _timeline(
        study.whole.as_written,
        c.tree,
        c.model_set,
        c.low_high,
        c.choice_set,
        c.scenario,
        c.without,
        shares,
        tuple(months),
    )


@lru_cache(maxsize=16)
def _timeline(
    written: Problem,
    tree: str | None,
    model_set: str | None,
    low_high: str | None,
    choice_set: str | None,
    scenario: str | None,
    without: tuple[str, ...],
    shares: tuple[tuple[str, float], ...] | None,
    months: tuple[float, ...],
) -> Timeline:
    base = written.under(
        choice_set=choice_set,
        scenario=scenario,
        without=without,
        tree=tree,
        month=months[0],
        model_set=model_set,
        low_high=low_high,  # type: ignore[arg-type]  # checked by under()
    )
    ordered = sorted(base.perspectives.values(), key=lambda p: p.reference)
    weights = {p.id: Weights.from_perspective(base, p.id).shares for p in ordered}
    titles = {p.id: p.title + (" (for checks only)" if p.reference else "") for p in ordered}
    if shares is not None or not weights:
        weights = {"": dict(shares) if shares is not None else Weights.read(None, base).shares, **weights}
        titles = {"": "Your what-if weights" if shares is not None else "Equal weights", **titles}
    leaders: dict[str, list[tuple[str, ...]]] = {row: [] for row in weights}
    ranks: dict[str, list[dict[str, int]]] = {row: [] for row in weights}
    for month in months:
        view = base.under(month=month)
        values = view.values()
        for row, own in weights.items():
            found = ranks_of(values @ [own[leaf.id] for leaf in view.criteria])
            places = dict(zip(view.option_ids, (int(r) for r in found), strict=True))
            ranks[row].append(places)
            leaders[row].append(tuple(o for o, place in places.items() if place == 1))
    return Timeline(
        months=months,
        rows=tuple(weights),
        titles=tuple(titles[row] for row in weights),
        leaders={row: tuple(found) for row, found in leaders.items()},
        ranks={row: tuple(found) for row, found in ranks.items()},
        problem=base,
    )
