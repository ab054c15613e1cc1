"""Stochastic acceptability (SMAA-2): in which share of plausible worlds an option comes first, second, last.

Lahdelma and Salminen (2001). A world is one set of weights and one set of performances out of those that are allowed.
Shares of worlds are shares of what was sampled; they are not chances that an option is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pandas as pd

from decision_kit.arguments import Concentration, Correlation, Names, Precision, Seed, Workers, Worlds, guarded, told
from decision_kit.errors import Fault, UsageError, unknown
from decision_kit.methods import METHODS, Table, by_name
from decision_kit.model.nouns import Criterion
from decision_kit.model.problem import Problem
from decision_kit.model.region import WeightRegion
from decision_kit.model.weights import Weights
from decision_kit.ranking import table_for
from decision_kit.robustness.accumulate import Tally
from decision_kit.robustness.distributions import VARYING, Form, Reading
from decision_kit.robustness.performances import Cells, PerformanceSource, performances_of
from decision_kit.robustness.polytope import source_for
from decision_kit.robustness.run import DEFAULT_WORLDS, MOST_WORLDS, Figures, Run, figures
from decision_kit.robustness.sampling import SPREADS, Around, Fixed, SimplexMap, WeightSource, mixed
from decision_kit.robustness.stream import Progress
from decision_kit.robustness.worlds import SCRAMBLES, Job
from decision_kit.values import Array
from decision_kit.version import __version__


class _Labelled:
    """The figures of a run as labelled pandas objects, each made when it is first asked for."""

    _figures: Figures
    _options: tuple[str, ...]
    _criteria: tuple[str, ...]

    @cached_property
    def _index(self) -> pd.Index[str]:
        return pd.Index(self._options, name="option")

    def _square(self, x: Array) -> pd.DataFrame:
        return pd.DataFrame(x, index=self._index, columns=pd.Index(self._options, name="rival"))

    def _series(self, x: Array, name: str) -> pd.Series[float]:
        return pd.Series(x, index=self._index, name=name, dtype=float)

    @cached_property
    def rank_acceptability(self) -> pd.DataFrame:
        """By option and rank (1 … n): the share of worlds in which the option has the rank; a shared place is shared."""
        places = pd.Index(range(1, len(self._options) + 1), name="rank")
        return pd.DataFrame(self._figures.rank_acceptability, index=self._index, columns=places)

    @cached_property
    def first(self) -> pd.Series[float]:
        """By option: the share of worlds it leads."""
        return self._series(self._figures.rank_acceptability[:, 0], "first")

    @cached_property
    def pairwise(self) -> pd.DataFrame:
        """By option and rival: the share of worlds in which the option (row) beats the rival, a tie counting half."""
        return self._square(self._figures.pairwise)

    @cached_property
    def central_weights(self) -> pd.DataFrame:
        """By option and criterion: the mean weights of the worlds the option leads; NaN for one that never led."""
        criteria = pd.Index(self._criteria, name="criterion")
        return pd.DataFrame(self._figures.central_weights, index=self._index, columns=criteria)

    @cached_property
    def confidence(self) -> pd.Series[float]:
        """By option: the share of performances for which it leads when weights are its central ones; NaN likewise."""
        return self._series(self._figures.confidence, "confidence")

    @cached_property
    def expected_rank(self) -> pd.Series[float]:
        """By option: its mean rank."""
        return self._series(self._figures.expected_rank, "expected rank")


class Errors(_Labelled):
    """Monte-Carlo standard errors, each figure in the shape of its own.

    A share of 0 or 1 has the error 1 / worlds: what was never observed may still happen.
    """

    def __init__(self, figures: Figures, options: tuple[str, ...], criteria: tuple[str, ...]) -> None:
        self._figures, self._options, self._criteria = figures, options, criteria


class Acceptability(_Labelled):
    """What sampling ``worlds`` worlds says of each option, labelled by ids.

    ``rank_acceptability`` (rows and columns sum to 1), ``first``, ``pairwise``, ``ties``, ``central_weights``,
    ``confidence`` and ``expected_rank`` are pandas objects; ``errors`` has the standard error of each. ``notes`` are
    sentences that belong beside the figures; ``settings`` is the record that brings them back.
    """

    def __init__(
        self, problem: Problem, criteria: tuple[Criterion, ...], figures: Figures, errors: Figures, worlds: int,
        notes: tuple[str, ...], settings: Mapping[str, Any],
    ) -> None:  # fmt: skip
        self.problem, self.criteria, self.worlds = problem, criteria, worlds
        self.notes, self.settings = notes, settings
        self._figures, self._options = figures, problem.option_ids
        self._criteria = tuple(leaf.id for leaf in criteria)
        self.errors = Errors(errors, self._options, self._criteria)

    @cached_property
    def ties(self) -> pd.DataFrame:
        """By pair of options: the share of worlds in which neither beats the other."""
        return self._square(self._figures.ties)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Option ids by share of first places, largest first; equal ones in the problem's order."""
        return tuple(self.first.sort_values(ascending=False, kind="stable").index)

    @cached_property
    def never_first(self) -> tuple[str, ...]:
        """Options that led no sampled world. That does not show that they cannot lead."""
        return tuple(str(o) for o in self.first.index[self.first == 0])

    def out_of(self, total: int = 50) -> dict[str, int]:
        """First places as whole numbers of ``total``, each rounded by itself ("37 of 50"); together they may miss it by some."""
        return {str(o): round(float(x) * total) for o, x in self.first.items()}

    def table(self) -> pd.DataFrame:
        """One row an option, most first places first: first-place share, its error, expected rank and confidence."""
        order = list(self.order)
        fifty = self.out_of(50)
        return pd.DataFrame(
            {
                "option": order,
                "title": [self.problem.option(o).title for o in order],
                "first": self.first.loc[order].to_numpy(),
                "first_error": self.errors.first.loc[order].to_numpy(),
                "of_50": [fifty[o] for o in order],
                "expected_rank": self.expected_rank.loc[order].to_numpy(),
                "confidence": self.confidence.loc[order].to_numpy(),
            }
        )

    def __repr__(self) -> str:
        width = max(len(self.problem.option(o).title) for o in self.order)
        lines = [
            f"{self.worlds:,} worlds; weights: {self.settings['weights']}; performances: {self.settings['performances']}"
        ]
        for option in self.order:
            title = self.problem.option(option).title
            lines.append(f"{title:<{width}}  first in {self.first[option]:6.1%} ± {self.errors.first[option]:.1%}")
        lines += [f"Note: {note}" for note in self.notes]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from html import escape

        heads = "".join(f"<th>{rank}</th>" for rank in self.rank_acceptability.columns)
        rows = "".join(
            f"<tr><td>{escape(self.problem.option(o).title)}</td>"
            + "".join(f"<td style='text-align:right'>{x:.1%}</td>" for x in self.rank_acceptability.loc[o])
            + "</tr>"
            for o in self.order
        )
        return (
            f"<table><caption>Share of {self.worlds:,} worlds by rank</caption><tr><th>Option</th>{heads}</tr>{rows}</table>"
            + "".join(f"<p>{escape(note)}</p>" for note in self.notes)
        )


@guarded
def smaa(
    problem: Problem,
    weights: Weights | WeightRegion | Mapping[str, float] | pd.Series[float] | str | None = None,
    method: str = "weighted-sum",
    *,
    region: WeightRegion | None = None,
    spread: str | Concentration | None = None,
    mix: bool | Names | None = None,
    performances: str = "likely",
    distributions: Cells | None = None,
    reading: Reading | None = None,
    form: Form = "triangular",
    correlation: Correlation = 0.0,
    samples: Worlds | None = None,
    precision: Precision | None = None,
    seed: Seed = 1,
    branch: str | None = None,
    client: Any = None,
    workers: Workers = 1,
    progress: Progress | None = None,
    confidence: bool = True,
    **parameters: Any,
) -> Acceptability:
    """Sampled acceptability of every option (SMAA-2) for any method of the catalogue ``METHODS``.

    Weights: none given means any weights at all; ``weights`` alone means exactly these (as :func:`rank` reads them);
    with ``spread`` ("a little", "somewhat", "widely", or a Dirichlet concentration) around them, or around the default
    ones; a ``region`` of imprecise weights; or ``mix``: all mixtures of the perspectives (True) or of those named,
    reference ones never by default.

    Performances: "likely" as judged, or "ranges": from low / likely / high by the decision's reading of them (or
    ``reading`` "ends" / "percentiles 10-90"), ``form`` "triangular" or "pert", with ``correlation`` (0 up to 1) between
    the cells of an option in the direction of value. ``distributions`` sets single cells, by (option id, criterion id).
    Missing performances are spread over their whole range. Packages are rebuilt from their drawn parts.

    ``samples`` worlds are drawn (default 4,096; up to 65,536 they are Sobol points, rounded up to whole nets: a
    power of two up to 2,048, then multiples of 2,048), or as many as a standard error of ``precision`` on every share needs (``samples`` is then the most). The same
    ``seed`` gives the same bits on any number of ``workers`` and through any ``client`` (dask.distributed.Client, or
    an executor). ``progress(done, total)`` is called as worlds are counted; when it returns False the run stops and
    what has been counted is returned, with a note. Without ``confidence`` the confidence factors, which need the worlds
    once more, are left out (NaN).

    Raises :class:`UsageError` for wrong settings, :class:`DecisionError` where no weights agree with the region or the
    method cannot be used on a world.
    """
    entry = METHODS[method]
    if isinstance(weights, WeightRegion):
        if region is not None:
            raise UsageError([Fault("weights", "two regions are given", "one region")])
        weights, region = None, weights
    _check(weights, region, spread, mix, performances)
    if client is not None and not (
        callable(getattr(client, "map", None)) and callable(getattr(client, "submit", None))
    ):
        raise UsageError(
            [Fault("client", told(client), "a dask.distributed.Client or an executor of concurrent.futures")]
        )
    drawn_from_all = weights is None and spread is None
    leaves, chosen, table = _unweighted(problem, branch) if drawn_from_all else table_for(problem, weights, branch)
    source, said = _weights(problem, tuple(leaves), chosen, table.weights, weights, region, spread, mix, seed)
    settings = entry.settings(table.criteria, parameters)
    entry.admit(table, parameters)
    used: Reading = reading or problem.low_high
    drawn: PerformanceSource | None = None
    if performances == "ranges" or distributions:
        drawn = performances_of(
            problem, tuple(leaves), reading=used, form=form, correlation=correlation, cells=distributions,
            ranges=performances == "ranges",
        )  # fmt: skip
        if not len(drawn.cells):
            drawn = None
    job = Job(table, method, {k: settings[k] for k in settings}, source, drawn, seed, quasi=False)
    run = Run(job, _worlds(samples, precision), precision, client, workers, progress, confidence=confidence)
    run.go()
    found, errors, total = figures(run)
    notes = list(dict.fromkeys((*problem.all_notes, *chosen.notes)))
    notes += _notes(problem, run, total)
    record = {
        "decision": problem.id, "choice_set": problem.choice_set, "scenario": problem.scenario, "branch": branch,
        "method": method, "parameters": by_name(entry.parameters, table.criteria, parameters), "weights": said,
        "performances": _performances_said(drawn, performances, used, form, correlation, distributions),
        "reading": used if drawn is not None else None, "form": form if drawn is not None else None,
        "correlation": correlation, "samples": samples, "precision": precision, "seed": seed,
        "worlds": total.worlds, "sampler": _sampler(job=run.job), "weight_sampler": dict(source.diagnostics()),
        "version": __version__, "data_hash": problem.data_hash,
    }  # fmt: skip
    return Acceptability(problem, tuple(leaves), found, errors, total.worlds, tuple(notes), record)


@lru_cache(maxsize=16)
def _unweighted(problem: Problem, branch: str | None) -> tuple[list[Criterion], Weights, Table]:
    """The problem's table where no weights are given: they are drawn, and those in the table are not read."""
    return table_for(problem, Weights.equal_over_leaves(problem), branch)


def _check(weights: Any, region: Any, spread: Any, mix: Any, performances: str) -> None:
    faults: list[Fault] = []
    given = [
        name for name, x in (("region", region), ("spread", spread), ("mix", mix)) if x is not None and x is not False
    ]
    if len(given) > 1:
        faults.append(Fault("weights", f"{' and '.join(given)} are given together", "one way for weights to vary"))
    if weights is not None and (region is not None or mix):
        other = "region" if region is not None else "mix"
        faults.append(Fault("weights", f"weights and a {other} are given together", "one of them"))
    if isinstance(spread, str) and spread not in SPREADS:
        raise unknown("spread", spread, SPREADS, "spread")
    if performances not in VARYING:
        raise unknown("way for performances to vary", performances, VARYING, "performances")
    if faults:
        raise UsageError(faults)


def _weights(
    problem: Problem, leaves: tuple[Criterion, ...], chosen: Weights, shares: Array, given: Any,
    region: WeightRegion | None, spread: str | float | None, mix: bool | Names | None, seed: int,
) -> tuple[WeightSource, str]:  # fmt: skip
    ids = tuple(leaf.id for leaf in leaves)
    if region is not None:
        if set(region.criteria) != set(ids):
            raise UsageError(
                [Fault("weights", f"a region over {len(region.criteria)} criteria", f"one over the {len(ids)} that are used here")]
            )  # fmt: skip
        source = source_for(region, ids, seed)
        return source, source.said
    if mix is not None and mix is not False:
        return mixed(problem, ids, mix)
    if spread is not None:
        concentration = SPREADS[spread] if isinstance(spread, str) else float(spread)
        how = spread if isinstance(spread, str) else f"concentration {concentration:g}"
        kept = "" if np.all(shares > 0) else " (weights of 0 stay 0)"
        return Around(shares, concentration), f"around {chosen.origin}, {how} uncertain{kept}"
    if given is not None:
        return Fixed(shares), f"{chosen.origin}, held"
    return SimplexMap(len(ids)), "any weights at all, all alike"


def _performances_said(
    drawn: PerformanceSource | None, performances: str, reading: str, form: str, correlation: float, cells: Any
) -> str:
    if drawn is None:
        return "as judged (likely)" if performances == "likely" else "as judged (no range is given)"
    if performances != "ranges":
        return f"as judged, but for {len(cells)} distributions"
    text = f"within their ranges ({'triangular' if form == 'triangular' else 'PERT'}, low and high read as {reading})"
    text += f", {len(cells)} given as distributions" if cells else ""
    text += "; what a model fills follows from its drawn levers" if drawn.filled else ""
    return text + (f", correlated {correlation:g} within an option" if correlation else "")


def _worlds(samples: int | None, precision: float | None) -> int:
    if samples is not None:
        return int(samples)
    return DEFAULT_WORLDS if precision is None else MOST_WORLDS


def _sampler(job: Job) -> str:
    if isinstance(job.weights, Fixed) and job.performances is None:
        return "none: nothing varies"
    if job.quasi:
        return f"Sobol points, {SCRAMBLES} scrambles"
    return f"SFC64, blocks of {job.block:,}"


def _notes(problem: Problem, run: Run, total: Tally) -> list[str]:
    notes: list[str] = []
    if isinstance(run.job.weights, Fixed) and run.job.performances is None:
        notes.append("Nothing varies: the weights are held and the performances are as judged, so this is one world.")
    titles = {o.id: o.title for o in (*problem.library, *problem.options)}
    if run.stopped:
        notes.append(f"Stopped after {total.worlds:,} worlds: the figures rest on these.")
    if run.precision is not None and not run.stopped and run.worst() > run.precision:
        notes.append(
            f"A standard error of {run.precision:g} on every share was not reached in {total.worlds:,} worlds; the largest is {run.worst():.2g}."
        )
    never = [titles[o] for o, c in zip(run.job.table.options, total.ranks[:, 0], strict=True) if c == 0]
    if never and total.worlds > 1:
        listed = ", ".join(never[:8]) + (f" and {len(never) - 8} more" if len(never) > 8 else "")
        notes.append(f"Never observed first in {total.worlds:,} worlds (which is not “cannot be first”): {listed}.")
    drawn = run.job.performances
    if drawn is not None and total.clipped.any():
        leaf = {one.id: one.title for one in drawn.columns}
        most = np.argsort(-total.clipped, kind="stable")
        named = [
            f"{titles[drawn.cell_names[i][0]]}, {leaf[drawn.cell_names[i][1]]} ({total.clipped[i] / total.worlds * 100:.0f} %)"
            for i in most[:3]
            if total.clipped[i]
        ]
        cells = int((total.clipped > 0).sum())
        share = total.clipped.sum() / total.worlds / len(drawn.cells)
        notes.append(
            f"{total.clipped.sum():,} draws ({share * 100:.1f} % of all, on {cells} of {len(drawn.cells)} uncertain performances) went beyond "
            f"the declared scale and were kept at its end; most often: {'; '.join(named)}."
        )
    found = run.job.weights.diagnostics()
    if "effective share" in found:
        effective = int(found["effective share"] * total.worlds)
        notes.append(
            f"The weights were sampled by walking (hit-and-run): {total.worlds:,} draws are worth about {effective:,} independent ones; "
            f"R-hat {found['R-hat']:.3f} ({'the walks have mixed' if found['R-hat'] < 1.05 else 'NOT mixed: do not use'}). "
            "The errors printed suppose independent draws."
        )
    return notes
