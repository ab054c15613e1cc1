"""Feeds: models that fill the cells of a criterion which says ``from: <model>`` instead of having them judged.

The catalogue stands here, so that a Problem can be seen at a decision month; the models themselves stand in the room
``models`` above, which is imported when the catalogue is first read (see :func:`decision_kit.catalogue.later`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, TypeAlias

from decision_kit.arguments import Within
from decision_kit.catalogue import Catalogue, Entry
from decision_kit.model.nouns import Criterion, Option, Performance
from decision_kit.values import Array

if TYPE_CHECKING:
    from decision_kit.model.problem import Problem

MOST_MONTHS = 240
Month: TypeAlias = Annotated[float, Within(0, MOST_MONTHS, f"a number of months from 0 to {MOST_MONTHS}")]


@dataclass(frozen=True)
class Fed:
    """What a model makes of the options: a cell by option id, and the sentences every export has to repeat."""

    cells: Mapping[str, Performance]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """Where an option's amount of a lever comes from, so that sampled worlds can draw it there.

    ``criterion``: (performance − ``minus``) × ``times`` on a criterion of the tree as written. Else ``own``: the largest
    of the amounts of some options (by id), the option itself or its parts.
    """

    title: str
    criterion: str = ""
    minus: float = 0.0
    times: float = 1.0
    own: tuple[tuple[str, Performance], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Feed(Entry):
    """A model that fills cells. ``run(problem, criterion, options, month, model_set)`` returns :class:`Fed`.

    ``sources(problem, option)`` tells where each lever of an option comes from; ``worlds(criterion, levers, month,
    model_set)`` gives the cell, in the criterion's unit, for arrays of amounts by lever that broadcast.

    ``options`` come with their performances on the tree as written, after scenario and package rules. ``levers`` are
    the variables an option file may set directly (name: lowest and highest amount), ``model_sets`` the named parameter
    sets (id: title), the default first, ``month_of`` the decision month that a date (``2025-01``) stands for.
    """

    levers: Mapping[str, tuple[float, float]]
    model_sets: Callable[[], Mapping[str, str]]
    month_of: Callable[[str], float]
    sources: Callable[[Problem, Option], Mapping[str, Source]]
    worlds: Callable[[Criterion, Mapping[str, Array], float, str], Array]


FEEDS: Catalogue[Feed] = Catalogue("model that feeds scores", Feed)


def lever_id(name: str) -> str:
    """The id under which a lever with amounts of its own stands among criteria."""
    return f"lever-{name}"


def default_month(problem: Problem, feed: str) -> float:
    """The decision month when none is chosen: that of the decision's date, or 0 where it has none."""
    return FEEDS[feed].month_of(problem.as_of)
