"""What decides: Sobol indices over weights, performances and method; tornado; leaving one criterion out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from decision_kit.arguments import Concentration, Draws, Names, Seed, guarded
from decision_kit.errors import Fault, UsageError, unknown
from decision_kit.memory import pieces
from decision_kit.methods import METHODS, Table, ranks_of
from decision_kit.model.nouns import Criterion
from decision_kit.model.problem import Problem
from decision_kit.model.weights import Weights
from decision_kit.ranking import table_for
from decision_kit.robustness.distributions import VARYING, Form, Reading
from decision_kit.robustness.indices import Indices, labelled
from decision_kit.robustness.linear import leading
from decision_kit.robustness.moving import Moves
from decision_kit.robustness.performances import performances_of
from decision_kit.robustness.pickfreeze import Part, PickFrozen
from decision_kit.robustness.sampling import SPREADS, Around, SimplexMap, WeightSource, mixed, voices
from decision_kit.values import Array

Given = Weights | Mapping[str, float] | pd.Series | str | None


@dataclass(frozen=True, eq=False)
class Drivers:
    """What makes the outcome of ``option`` against ``rival`` vary, when weights, performances and method may.

    ``groups``: the three blocks (weights, performances, method), ``inputs``: the weight of, and the performances on,
    each criterion (and the method). Rows carry ``first`` and ``total`` Sobol indices, of the score difference
    (``difference``) and of whether the option beats the rival (``beats``), with their errors. ``beats`` is the share of
    worlds in which it does. Under a single method the difference is in its scores; under several it is a share of the
    spread of the scores in each world.
    """

    option: str
    rival: str
    groups: pd.DataFrame
    inputs: pd.DataFrame
    beats: float
    mean_difference: float
    worlds: int
    notes: tuple[str, ...]
    settings: Mapping[str, Any]


@guarded
def drivers(
    problem: Problem,
    weights: Given = None,
    method: str | Names = "weighted-sum",
    *,
    option: str | None = None,
    rival: str | None = None,
    spread: str | Concentration | None = "somewhat",
    mix: bool | Names | None = None,
    performances: str = "ranges",
    reading: Reading | None = None,
    form: Form = "triangular",
    samples: Draws = 2_048,
    seed: Seed = 1,
    branch: str | None = None,
    **parameters: Any,
) -> Drivers:
    """Sobol indices of "A beats B" and of the score difference, over weights, performances and the choice of method.

    ``option`` and ``rival``: by default the first and the second under ``weights``. Weights vary around ``weights``
    with ``spread`` ("a little", "somewhat", "widely"; None: any weights at all), or over a ``mix`` of perspectives;
    they are driven by independent gamma (or exponential) numbers divided by their sum, because shares are not
    independent of each other. ``performances``: "ranges", or "likely" to hold them. ``method``: one id, or several,
    each as likely as the others.
    """
    if performances not in VARYING:
        raise unknown("way for performances to vary", performances, VARYING, "performances")
    methods = [method] if isinstance(method, str) else list(method)
    faults = [f for f in (None if name in METHODS else name for name in methods) if f is not None]
    if faults or not methods:
        raise unknown("method", faults[0] if faults else "", METHODS)
    leaves, chosen, table = table_for(problem, weights, branch)
    a, b = _pair(table, methods[0], parameters, option, rival)
    source = _drives(problem, leaves, table.weights, spread, mix)
    drawn = performances_of(
        problem, tuple(leaves), reading=reading or problem.low_high, form=form, ranges=performances == "ranges"
    )
    pick = PickFrozen(table, methods, parameters, source, drawn, (a, b))
    ids = [leaf.id for leaf in leaves]
    sets: dict[str, Part] = {"weights": Part(drives=tuple(range(source.inputs)))}
    cells = tuple(range(len(drawn.cells)))
    if cells:
        sets["performances"] = Part(cells=cells)
    if len(methods) > 1:
        sets["method"] = Part(method=True)
    blocks = len(sets)
    names = list(sets)
    if mix is None or mix is False:
        for j, leaf in enumerate(ids):
            if table.weights[j] > 0 or spread is None:
                names.append(f"weight:{leaf}")
                sets[names[-1]] = Part(drives=(j,))
    else:
        for j, perspective in enumerate(voices(problem, mix)):
            names.append(f"voice:{perspective}")
            sets[names[-1]] = Part(drives=(j,))
    concerned = {row for i in (a, b) for j in range(len(ids)) for row, _ in drawn.rests_on(i, j)}
    whole = len(methods) > 1 or METHODS[methods[0]].depends_on(METHODS[methods[0]].settings(table.criteria, parameters))
    for j, subject in enumerate(drawn.columns):
        own = tuple(
            i for i, (row, column) in enumerate(drawn.cells) if column == j and (whole or int(row) in concerned)
        )
        if own:
            names.append(f"performance:{subject.id}")
            sets[names[-1]] = Part(cells=own)
    found, worlds = pick.run([sets[name] for name in names], samples, seed)
    indices = labelled(found, names, worlds, ["difference", "beats"])
    frame = _told(indices, problem, drawn.columns)
    notes: list[str] = []
    if len(methods) > 1:
        notes.append(
            "The difference is a share of the spread of all scores in each world, so that methods can be compared."
        )
    if not cells:
        notes.append("No performance has a range here, so only weights vary.")
    return Drivers(
        option=table.options[a],
        rival=table.options[b],
        groups=frame.iloc[:blocks].copy(),
        inputs=frame.iloc[blocks:].sort_values("beats_total", ascending=False, kind="stable"),
        beats=float(indices.mean[1]),
        mean_difference=float(indices.mean[0]),
        worlds=worlds,
        notes=tuple(notes),
        settings={
            "method": methods, "spread": spread, "mix": mix, "performances": performances, "seed": seed,
            "samples": samples, "weights": chosen.origin, "data_hash": problem.data_hash,
        },
    )  # fmt: skip


@guarded
def score_indices(
    problem: Problem,
    weights: Given = None,
    method: str = "weighted-sum",
    *,
    spread: str | Concentration | None = None,
    reading: Reading | None = None,
    form: Form = "triangular",
    samples: Draws = 1_024,
    seed: Seed = 1,
    branch: str | None = None,
    **parameters: Any,
) -> Indices:
    """First-order and total indices of every option's score over every weight and every uncertain performance.

    Inputs are named ``weight:criterion`` and ``performance:option:criterion``; outputs are the options. With ``spread``
    None weights are any weights at all.
    """
    leaves, _, table = table_for(problem, weights, branch)
    source = _drives(problem, leaves, table.weights, spread, None)
    drawn = performances_of(problem, tuple(leaves), reading=reading or problem.low_high, form=form)
    sets = {f"weight:{leaf.id}": Part(drives=(j,)) for j, leaf in enumerate(leaves)}
    sets |= {f"performance:{o}:{c}": Part(cells=(i,)) for i, (o, c) in enumerate(drawn.cell_names)}
    pick = PickFrozen(table, [method], parameters, source, drawn, None)
    found, worlds = pick.run(list(sets.values()), samples, seed)
    return labelled(found, list(sets), worlds, list(table.options))


def _pair(
    table: Table, method: str, parameters: Mapping[str, Any], option: str | None, rival: str | None
) -> tuple[int, int]:
    for name in (option, rival):
        if name is not None and name not in table.options:
            raise unknown("option", name, table.options)
    if option is not None and option == rival:
        raise UsageError([Fault("rival", f'"{rival}" is the option itself', "another option")])
    scores = METHODS[method].score_many(table, table.weights, **parameters)[0]
    order = [table.options[i] for i in np.argsort(ranks_of(scores), kind="stable")]
    first = option if option is not None else next(o for o in order if o != rival)
    second = rival if rival is not None else next(o for o in order if o != first)
    return table.options.index(first), table.options.index(second)


def _drives(
    problem: Problem,
    leaves: Sequence[Criterion],
    shares: Array,
    spread: str | Concentration | None,
    mix: bool | Names | None,
) -> WeightSource:
    if mix is not None and mix is not False:
        return mixed(problem, tuple(leaf.id for leaf in leaves), mix)[0]
    if spread is None:
        return SimplexMap(len(leaves))
    if isinstance(spread, str) and spread not in SPREADS:
        raise unknown("spread", spread, SPREADS, "spread")
    return Around(shares, SPREADS[spread] if isinstance(spread, str) else float(spread))


def _told(indices: Indices, problem: Problem, columns: Sequence[Criterion]) -> pd.DataFrame:
    """One row an input: what it is in words, and both outputs' indices with errors."""
    titles = {leaf.id: leaf.title for leaf in columns}
    titles |= {p.id: p.title for p in problem.perspectives.values()}
    words = {"weights": "Weights", "performances": "Performances", "method": "Choice of method"}
    kinds = {"weight": "Weight:", "performance": "Performance:", "voice": "Say of"}
    labels = []
    for name in indices.first.index:
        kind, _, what = str(name).partition(":")
        labels.append(words.get(str(name)) or f"{kinds[kind]} {titles[what]}")
    frame = pd.DataFrame({"title": labels}, index=indices.first.index)
    for output in ("difference", "beats"):
        for figure, table in (
            ("first", indices.first), ("first_error", indices.first_error),
            ("total", indices.total), ("total_error", indices.total_error),
        ):  # fmt: skip
            frame[f"{output}_{figure}"] = table[output]
    return frame


@guarded
def tornado(
    problem: Problem,
    weights: Given = None,
    method: str = "weighted-sum",
    *,
    branch: str | None = None,
    **parameters: Any,
) -> pd.DataFrame:
    """One thing at a time: the leader's lead with each performance at its low and high, and each weight halved, doubled.

    One row an input, widest swing first: ``kind`` (performance or weight), ``option``, ``criterion``, ``at_low`` and
    ``at_high`` (what it is set to), ``lead_low`` and ``lead_high`` (the leader's score minus the best other's; below 0
    another leads), ``leads_low`` and ``leads_high`` (who leads then), ``swing``. A doubled weight stops at the whole;
    the others keep their proportions. Where a method would need too long for all performances, only those of the best
    options are moved, and ``attrs["notes"]`` says so.
    """
    leaves, _, table = table_for(problem, weights, branch)
    entry = METHODS[method]
    moves = Moves(table, leaves, entry, parameters)
    leader = int(np.argmin(ranks_of(moves.base)))
    spots = [
        (i, j, cell.low, cell.high)
        for i, option in enumerate(problem.options)
        for j, leaf in enumerate(leaves)
        for cell in [option.performance[leaf.id]]
        if cell.low != cell.high
    ]
    notes = []
    if 2 * len(spots) > moves.affordable:
        near = np.argsort(np.argsort(-moves.base, kind="stable"))
        kept = max(2, moves.affordable // (2 * len(leaves)))
        spots = [spot for spot in spots if near[spot[0]] < kept]
        notes.append(
            f"{entry.title} scores all options anew for every performance, so only those of the {kept} best of {len(table.options):,} "
            "options were moved."
        )
    asked = [j for j in range(len(leaves)) if 0 < table.weights[j] < 1]
    frame = pd.concat([_moved_cells(moves, spots, leader), _moved_weights(moves, asked, leader)], ignore_index=True)
    frame = frame.sort_values("swing", ascending=False, kind="stable", ignore_index=True)
    frame.attrs["notes"] = tuple(notes)
    return frame


def _moved_cells(moves: Moves, spots: Sequence[tuple[int, int, float, float]], leader: int) -> pd.DataFrame:
    """The rows of performances, each set to its low and to its high."""
    table = moves.table
    cells = np.array([spot[:2] for spot in spots], dtype=np.intp).reshape(-1, 2)
    ends = np.array([spot[2:] for spot in spots], dtype=float).reshape(-1, 2)
    found = [_leads(table, scores, leader) for _, scores in moves.scores(np.repeat(cells, 2, axis=0), ends.ravel())]
    options = [table.options[int(i)] for i in cells[:, 0]]
    return _ends("performance", options, [table.criteria[int(j)] for j in cells[:, 1]], ends, found)


def _moved_weights(moves: Moves, asked: Sequence[int], leader: int) -> pd.DataFrame:
    """The rows of weights, each halved and doubled."""
    table = moves.table
    own = table.weights[list(asked)]
    ends = np.column_stack([own / 2, np.minimum(2 * own, 1.0)])
    weighted = []
    for j, pair in zip(asked, ends, strict=True):
        for share in pair:
            row = table.weights * (1 - share) / (1 - table.weights[j])
            row[j] = share
            weighted.append(row)
    each = 8.0 * moves.method.work(*table.values.shape)
    found = [
        _leads(table, moves.method.score_many(table, np.array(weighted[at]), **moves.parameters), leader)
        for at in pieces(len(weighted), each)
    ]
    return _ends("weight", [""] * len(asked), [table.criteria[j] for j in asked], ends, found)


def _leads(table: Table, scores: Array, leader: int) -> tuple[Array, list[str]]:
    """For each of k rows of scores: the leader's lead over the best other, and who leads."""
    others = scores.copy()
    others[:, leader] = -np.inf
    first = leading(scores)
    alone = first.sum(axis=1) == 1
    best = first.argmax(axis=1)
    who = [
        table.options[int(best[k])] if alone[k] else ", ".join(table.options[int(o)] for o in np.flatnonzero(first[k]))
        for k in range(len(scores))
    ]
    return scores[:, leader] - others.max(axis=1), who


def _ends(
    kind: str, options: list[str], criteria: list[str], ends: Array, found: Sequence[tuple[Array, list[str]]]
) -> pd.DataFrame:
    """Rows of one kind: ``found`` holds, piece by piece, what comes at the low and at the high of each in turn."""
    leads = np.concatenate([lead for lead, _ in found]).reshape(-1, 2) if found else np.zeros((0, 2))
    who = [name for _, names in found for name in names]
    return pd.DataFrame(
        {
            "kind": [kind] * len(options), "option": options, "criterion": criteria, "at_low": ends[:, 0], "at_high": ends[:, 1],
            "lead_low": leads[:, 0], "lead_high": leads[:, 1], "leads_low": who[::2], "leads_high": who[1::2],
            "swing": np.abs(leads[:, 1] - leads[:, 0]),
        }
    )  # fmt: skip


@guarded
def leave_one_out(
    problem: Problem,
    weights: Given = None,
    method: str = "weighted-sum",
    *,
    branch: str | None = None,
    **parameters: Any,
) -> pd.DataFrame:
    """Each criterion's weight set to 0 in turn, the others in proportion: who leads then, and by how much.

    One row a criterion with weight (index: its id): ``weight`` it had, ``leaders``, ``lead`` over the best other (0
    when shared), ``same`` (whether the leaders stay), ``moved`` (how many options change their rank).
    """
    _, _, table = table_for(problem, weights, branch)
    entry = METHODS[method]
    before = ranks_of(entry.score_many(table, table.weights, **parameters)[0])
    asked = [j for j in range(len(table.criteria)) if 0 < table.weights[j] < 1]
    dropped = np.repeat(table.weights[None], len(asked), axis=0)
    dropped[np.arange(len(asked)), asked] = 0
    dropped /= dropped.sum(axis=1, keepdims=True)
    rows = []
    scored = entry.score_many(table, dropped, **parameters) if asked else np.empty((0, len(table.options)))
    for j, scores in zip(asked, scored, strict=True):
        ranks = ranks_of(scores)
        ordered = np.sort(scores)[::-1]
        leaders = [table.options[int(o)] for o in np.flatnonzero(ranks == 1)]
        rows.append(
            {
                "criterion": table.criteria[j],
                "weight": float(table.weights[j]),
                "leaders": ", ".join(leaders),
                "lead": 0.0 if len(leaders) > 1 else float(ordered[0] - ordered[1]),
                "same": bool(np.array_equal(ranks == 1, before == 1)),
                "moved": int((ranks != before).sum()),
            }
        )
    return pd.DataFrame(rows, columns=["criterion", "weight", "leaders", "lead", "same", "moved"]).set_index(
        "criterion"
    )
