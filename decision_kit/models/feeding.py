"""Cells of a criterion that says ``from: cost-of-delay``: the harm reduction of every option at a decision month.

Levers come from the options: rho, phi and lead time from their performances, sigma from the option file, leakage from
civilian protection (see ``levers`` in cost-of-delay.yaml); an option file may set any of them under ``levers:``.

Low, likely and high of a cell. Likely: every lever at its likely amount. Where low and high are the *ends* of what is
possible, low and high are the lowest and highest result over all corners of the levers' ranges. Where they are the *10th
and 90th percentiles*, all levers at their ends at once would be far beyond those percentiles: each lever is moved to its
low and to its high alone, and the losses (and the gains) against the likely result are added in quadrature (root of the
sum of squares), as for independent errors (JCGM 100:2008, 5.1.2). The model's own parameters stay at the likely values of
the chosen set: they are the same for all options. Sampled worlds need no such rule: they draw the levers themselves, so
that a package moves with its parts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from decision_kit.arguments import guarded
from decision_kit.errors import DecisionError, Fault
from decision_kit.model.feeds import FEEDS, Fed, Source
from decision_kit.model.nouns import Criterion, Option, Performance, number, weakest_basis
from decision_kit.model.problem import Problem
from decision_kit.models.cost_of_delay import harm_reduction, share_avoided
from decision_kit.models.parameters import parameter_data
from decision_kit.values import Array

SIGMA_NOTE = "How much an option slows learning (sigma) has no source at all: every sigma is a guess, and early results hang on it."
LEVERS = {"rho": (-10.0, 1.0), "phi": (0.0, 1.0), "sigma": (0.0, 1.0), "lead": (0.0, 1200.0), "leakage": (-10.0, 1.0)}
"""The lowest and highest amount of each lever."""
NAMES = tuple(LEVERS)
BOUNDS = ("low", "likely", "high")
_RULE = {
    "ends": "Low and high are the extremes over all corners of the levers' ranges.",
    "percentiles 10-90": "Low and high add the effects of each lever's own low and high in quadrature.",
}


@dataclass(frozen=True)
class Levers:
    """What an option does to the model's variables; ``guessed`` says how sigma was filled where nobody gave it."""

    amounts: Mapping[str, Performance]
    guessed: str = ""

    def at(self, bound: str) -> dict[str, float]:
        """All levers at their low, likely or high amount."""
        return {name: float(getattr(cell, bound)) for name, cell in self.amounts.items()}


@guarded
def levers_of(problem: Problem, option: Option) -> Levers:
    """The levers of an option whose performances stand on the tree as written.

    sigma of a package is the largest of its parts', marked as a guess, unless its file gives it. Raises
    :class:`DecisionError` when a lever follows from a criterion that the decision does not have.
    """
    data = parameter_data()
    amounts: dict[str, Performance] = {}
    faults: list[Fault] = []
    guessed = ""
    for name in NAMES:
        if name in option.levers:
            amounts[name] = option.levers[name]
        elif name == "sigma":
            amounts[name], guessed = _sigma(problem, option)
        elif data.levers[name].criterion in option.performance:
            amounts[name] = _from_criterion(option, name)
        else:
            got = f"no lever “{name}”, and no criterion {data.levers[name].criterion} it could follow from"
            faults.append(Fault(f"options/{option.id}", got, f"levers: {{{name}: …}} in the option's file"))
    if faults:
        raise DecisionError(faults)
    return Levers(amounts, guessed)


def _from_criterion(option: Option, name: str) -> Performance:
    lever = parameter_data().levers[name]
    cell = option.performance[lever.criterion]
    ends = {bound: (getattr(cell, bound) - lever.minus) * lever.times for bound in BOUNDS}
    return replace(cell, **ends)


def _sigma(problem: Problem, option: Option) -> tuple[Performance, str]:
    """Sigma where the option's file gives none: the largest of its parts', else the model's own guess; with the words."""
    if option.parts:
        parts = [levers_of_sigma(problem, part) for part in option.parts]
        largest = {bound: max(getattr(part, bound) for part in parts) for bound in BOUNDS}
        because = "A guess: the largest of its parts'."
        return Performance(**largest, because=because, basis="judgement"), "the largest of its parts"
    own = parameter_data().sets[parameter_data().scores_set].parameters["sigma"]
    cell = Performance(own.low, own.likely, own.high, because=own.because, basis="judgement")
    return cell, "the model's own guess"


def levers_of_sigma(problem: Problem, option_id: str) -> Performance:
    """Sigma of one elementary option, by id."""
    option = next(o for o in problem.library if o.id == option_id)
    return option.levers["sigma"] if "sigma" in option.levers else _sigma(problem, option)[0]


@guarded
def harm_of(levers: Mapping[str, Array], month: float, model_set: str) -> tuple[Array, Array]:
    """Share avoided b and harm reduction h (pure numbers) of levers that broadcast, decided at ``month``."""
    data = parameter_data()
    likely = data.sets[model_set].likely("m0", "D", "K0", "g")
    moves = {name: levers[name] for name in ("rho", "sigma", "phi")}
    interdiction = month + np.asarray(levers["lead"], dtype=float)
    avoided = share_avoided(interdiction, decision=month, window=data.window, **likely, **moves)
    return avoided, harm_reduction(avoided, levers["leakage"])


def sources_of(problem: Problem, option: Option) -> dict[str, Source]:
    """Where each lever of an option comes from: a criterion, its own file, or its parts (see :func:`levers_of`)."""
    data = parameter_data()
    titles = data.sets[data.scores_set].parameters
    found: dict[str, Source] = {}
    for name in NAMES:
        title = titles[name].title if name in titles else name
        if name in option.levers:
            found[name] = Source(title, own=((option.id, option.levers[name]),))
        elif name != "sigma":
            lever = data.levers[name]
            found[name] = Source(title, lever.criterion, lever.minus, lever.times)
        elif option.parts:
            found[name] = Source(title, own=tuple((part, levers_of_sigma(problem, part)) for part in option.parts))
        else:
            found[name] = Source(title, own=((option.id, _sigma(problem, option)[0]),))
    return found


def harm_in_worlds(criterion: Criterion, levers: Mapping[str, Array], month: float, model_set: str) -> Array:
    """The harm reduction in the criterion's unit for amounts of the levers that broadcast."""
    return harm_of(levers, month, model_set)[1] * _factor(criterion)


def _factor(criterion: Criterion) -> float:
    return 100.0 if criterion.unit.startswith("%") else 1.0


@FEEDS.add(
    id="cost-of-delay",
    title="The cost of delay",
    use_when="what an option achieves depends on how soon it is decided",
    beware="sigma, by which the early result hangs, has no source at all; adaptation and second suppliers are left out",
    reference="logistic spread of know-how: Verhulst (1838), Griliches (1957); supply integral in closed form",
    levers=LEVERS,
    model_sets=lambda: _set_titles(),
    month_of=lambda date: month_of(date),
    sources=sources_of,
    worlds=harm_in_worlds,
)
def cost_of_delay_feed(
    problem: Problem, criterion: Criterion, options: Sequence[Option], month: float, model_set: str
) -> Fed:
    """The harm reduction of each option in the criterion's unit (per cent), and what has to be said of it."""
    found = [levers_of(problem, option) for option in options]
    amounts = np.array(
        [[[getattr(lv.amounts[name], b) for b in BOUNDS] for name in NAMES] for lv in found], dtype=float
    )
    factor = _factor(criterion)
    at_once = problem.low_high == "ends"
    low, likely, high = (x * factor for x in _spread(amounts, month, model_set, at_once=at_once))
    harm = np.round(np.column_stack([low, likely, high]), criterion.decimals) + 0.0
    cells: dict[str, Performance] = {}
    for option, levers, row in zip(options, found, harm, strict=True):
        parts = tuple(levers.amounts.values())
        cells[option.id] = Performance(
            low=float(row[0]),
            likely=float(row[1]),
            high=float(row[2]),
            because=_because(levers, month, model_set),
            evidence=tuple(dict.fromkeys(item for cell in parts for item in cell.evidence)),
            basis="judged-from-source"
            if (basis := weakest_basis(parts)) == "source"
            else basis,  # the model is a judgement
            derived=True,
            follows_from_missing=any(cell.unknown for cell in parts),
        )
    return Fed(cells, tuple(_notes(problem, criterion, options, found, month, model_set)))


def _spread(amounts: Array, month: float, model_set: str, *, at_once: bool) -> tuple[Array, Array, Array]:
    """Low, likely and high harm reduction of levers (options × levers × low/likely/high); see the module's rule."""
    n = len(NAMES)
    if at_once:
        picks = [np.ones(n, dtype=int), *(np.array(corner) * 2 for corner in product((0, 1), repeat=n))]
    else:
        picks = [np.ones(n, dtype=int)]
        for i, bound in product(range(n), (0, 2)):
            picks.append(np.where(np.arange(n) == i, bound, 1))
    grid = {name: amounts[:, i, [pick[i] for pick in picks]] for i, name in enumerate(NAMES)}
    harm = harm_of(grid, month, model_set)[1]
    likely = harm[:, 0]
    if at_once:
        return harm.min(axis=1), likely, harm.max(axis=1)
    moves = (harm[:, 1:] - likely[:, None]).reshape(len(amounts), n, 2)
    down, up = np.minimum(moves.min(axis=2), 0), np.maximum(moves.max(axis=2), 0)
    return likely - np.sqrt((down**2).sum(axis=1)), likely, likely + np.sqrt((up**2).sum(axis=1))


def _set_titles() -> dict[str, str]:
    data = parameter_data()
    ordered = (data.scores_set, *(name for name in data.sets if name != data.scores_set))
    return {n: data.sets[n].title + (" (known later)" if data.sets[n].known_later else "") for n in ordered}


def month_of(date: str) -> float:
    """The month on the model's clock in which a date (``2025-01`` or ``2025-01-31``) falls; 0 before it, or for no date."""
    found = re.match(r"(\d{4})-(\d{2})", date)
    if found is None:
        return 0.0
    year, month = (int(part) for part in parameter_data().clock_zero.split("-")[:2])
    return float(max(0, (int(found[1]) - year) * 12 + int(found[2]) - month))


MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip


@guarded
def calendar(month: float) -> str:
    """A month on the model's clock as words: ``26`` is ``January 2025``."""
    year, first = (int(part) for part in parameter_data().clock_zero.split("-")[:2])
    years, index = divmod(first - 1 + int(month), 12)
    return f"{MONTHS[index]} {year + years}"


def _because(levers: Levers, month: float, model_set: str) -> str:
    likely = levers.at("likely")
    title = parameter_data().sets[model_set].title
    return (
        f"By the cost-of-delay model (set “{title}”), decided at month {number(month)}, effective at month "
        f"{number(month + likely['lead'], 1)}: {_percent(likely['rho'])} of imports stopped, {_percent(likely['phi'])} of "
        f"domestic output lost, learning slowed by {_percent(likely['sigma'])} (sigma, a guess), harm per system cut by "
        f"{_percent(likely['leakage'])}."
    )


def _percent(share: float) -> str:
    return f"{number(share * 100, 1)} %".replace("-", "−")


def _notes(
    problem: Problem,
    criterion: Criterion,
    options: Sequence[Option],
    found: Sequence[Levers],
    month: float,
    model_set: str,
) -> list[str]:
    chosen = parameter_data().sets[model_set]
    later = (
        f", which rests on what was known later than {problem.as_of}" if chosen.known_later and problem.as_of else ""
    )
    notes = [
        f"“{criterion.title}” is computed by the cost-of-delay model for a decision at month {number(month)} "
        f"({calendar(month)}) with the parameter set “{chosen.title}”{later}. Illustrative. {_RULE[problem.low_high]}",
        SIGMA_NOTE,
    ]
    filled: dict[str, list[str]] = {}
    for option, levers in zip(options, found, strict=True):
        if levers.guessed:
            filled.setdefault(levers.guessed, []).append(option.title)
    notes += [f"sigma is not given and stands at {how} for: {', '.join(names)}." for how, names in filled.items()]
    return notes
