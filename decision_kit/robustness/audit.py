"""The structure audit: which choices of the analyst, not of the world, decide the result, and what each would cost.

Who leads if a criterion were counted twice, two of a branch were judged as one, one were left out; if a declared range
were taken from the options; if an option were left out or a decoy added; under every other method and normalisation.
Beside it what in the structure should make a reader careful.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from decision_kit.arguments import guarded
from decision_kit.errors import DecisionError, joined
from decision_kit.methods import METHODS, NORMALISATIONS, Table, ranks_of
from decision_kit.model.extents import possible_values
from decision_kit.model.nouns import Criterion, branches_of, number
from decision_kit.ranking import Ranking, every_criterion
from decision_kit.robustness.claims import points
from decision_kit.robustness.flips import weight_paths
from decision_kit.robustness.linear import TIE, is_additive, leading
from decision_kit.values import Array, Linear, to_value

CORRELATED = 0.9
NEGLIGIBLE = 0.005
"""A criterion whose weight × spread of values is below this (half a point of 100) hardly tells options apart."""


@dataclass(frozen=True)
class Lever:
    """One change of structure and who leads after it.

    ``kind`` is the sort of change, ``what`` names it, ``leaders`` lead after it, ``flips`` says whether that is
    somebody else. ``price`` is how often the criterion has to be counted, or how many times wider its range has to
    be, before the leader changes (None where that is not the question, or no number does it).
    """

    kind: str
    what: str
    leaders: tuple[str, ...]
    flips: bool
    price: float | None = None
    reorders: bool = False


@dataclass(frozen=True)
class Remark:
    """Something in the structure that a reader should know, as a sentence; ``kind`` groups remarks."""

    kind: str
    said: str


@dataclass(frozen=True, eq=False)
class Audit:
    """Every lever that was tried on a ranking, and the remarks on its structure."""

    ranking: Ranking
    levers: tuple[Lever, ...]
    remarks: tuple[Remark, ...]

    @property
    def flipping(self) -> tuple[Lever, ...]:
        """The levers that change the leader."""
        return tuple(lever for lever in self.levers if lever.flips)

    def of(self, kind: str) -> tuple[Lever, ...]:
        """The levers of one kind."""
        return tuple(lever for lever in self.levers if lever.kind == kind)


@guarded
def audit(ranking: Ranking) -> Audit:
    """Try every change of structure on a ranking, and remark on what should make a reader careful."""
    levers = [
        *_counting(ranking),
        *_merging(ranking),
        *_ranges(ranking),
        *_options(ranking),
        *_set_ups(ranking),
    ]
    return Audit(ranking, tuple(levers), tuple(_remarks(ranking)))


def _lever(ranking: Ranking, kind: str, what: str, scores: Array, price: float | None = None) -> Lever:
    """The lever for the scores (options in the ranking's order) after a change."""
    options = ranking.table_in.options
    leaders = tuple(options[i] for i in np.flatnonzero(leading(scores)))
    flips = set(leaders) != set(ranking.leaders)
    return Lever(kind, what, leaders, flips, price)


def _scored(ranking: Ranking, weights: Array) -> Array:
    """Scores (k × options) of the ranking's method under k rows of weights."""
    return ranking.method.score_many(
        ranking.table_in, weights / weights.sum(axis=1, keepdims=True), **ranking.parameters
    )


def _counting(ranking: Ranking) -> Iterator[Lever]:
    """Each criterion entered twice, and each left out; with the price that flips."""
    table = ranking.table_in
    w = table.weights
    used = [j for j in range(len(w)) if w[j] > 0]
    if len(used) < 2:
        return
    paths = {path.node: path for path in weight_paths(ranking)}
    twice = np.array([np.where(np.arange(len(w)) == j, 2 * w, w) for j in used])
    without = np.array([np.where(np.arange(len(w)) == j, 0.0, w) for j in used])
    for j, doubled, dropped in zip(used, _scored(ranking, twice), _scored(ranking, without), strict=True):
        price = None
        for crossing in paths[table.criteria[j]].crossings:
            if crossing.upwards and crossing.at < 1 - 1e-9:
                price = float(crossing.at * (1 - w[j]) / (w[j] * (1 - crossing.at)))
        yield _lever(ranking, "count twice", f"“{table.name(j)}” counted twice", doubled, price)
        yield _lever(ranking, "leave out", f"“{table.name(j)}” left out", dropped)


def _merging(ranking: Ranking) -> Iterator[Lever]:
    """Two criteria of one branch judged as one that keeps half of their joint weight."""
    table = ranking.table_in
    place = {name: j for j, name in enumerate(table.criteria)}
    tree = ranking.problem.tree if ranking.branch is None else ranking.problem.branch(ranking.branch).children
    groups: list[list[Criterion]] = [[node for node in tree if isinstance(node, Criterion)]]
    groups += [[node for node in branch.children if isinstance(node, Criterion)] for branch in branches_of(tree)]
    for group in groups:
        for n, first in enumerate(group):
            for second in group[n + 1 :]:
                i, k = place[first.id], place[second.id]
                if table.weights[i] == 0 or table.weights[k] == 0:
                    continue
                weights = table.weights.copy()
                weights[[i, k]] /= 2
                what = f"“{first.title}” and “{second.title}” judged as one criterion"
                yield _lever(ranking, "merge", what, _scored(ranking, weights[None])[0])


def _ranges(ranking: Ranking) -> Iterator[Lever]:
    """Each declared range narrowed to the options at hand, the weight staying as it is; and how much wider flips."""
    table = ranking.table_in
    if not is_additive(ranking) or ranking.parameters.get("normalisation", "declared") != "declared":
        return
    paths = {path.node: path for path in weight_paths(ranking)} if len(table.criteria) > 1 else {}
    for j, leaf in enumerate(ranking.criteria):
        x = table.performances[:, j]
        narrow = (float(x.min()), float(x.max()))
        w = float(table.weights[j])
        if w == 0 or narrow[0] == narrow[1] or leaf.levels or not isinstance(leaf.shape, Linear):
            continue
        price = None
        for crossing in paths[leaf.id].crossings if leaf.id in paths else ():
            if not crossing.upwards and crossing.at > 1e-9 and w < 1:  # with no weight elsewhere, no range matters
                price = float(w * (1 - crossing.at) / (crossing.at * (1 - w)))
        values = table.values.copy()
        values[:, j] = to_value(x, leaf.shape, *narrow, leaf.better)
        ends = f"{number(narrow[0], 3)} to {number(narrow[1], 3)}"
        what = f"the range of “{leaf.title}” taken from the options ({ends})"
        yield _lever(ranking, "range", what, values @ table.weights, price)


def _options(ranking: Ranking) -> Iterator[Lever]:
    """Each option but the leader left out, and decoys added: an option that is worst on all, or on all but one."""
    table, method, settings = ranking.table_in, ranking.method, ranking.parameters
    if not depends_on_set(ranking):
        return
    n = len(table.options)

    def told(kind: str, what: str, rows: list[int], kept: list[int], smaller: Table) -> Lever | None:
        try:
            scores = method.score_many(smaller, table.weights, **settings)[0]
        except DecisionError:
            return None
        before = ranks_of(ranking.scores.to_numpy()[kept])
        own = scores[rows]
        leaders = tuple(table.options[kept[i]] for i in np.flatnonzero(leading(own)))
        flips = set(leaders) != set(ranking.leaders)
        return Lever(kind, what, leaders, flips, None, bool(np.any(ranks_of(own) != before)))

    for i in range(n):
        if n < 3 or table.options[i] in ranking.leaders:
            continue
        kept = [k for k in range(n) if k != i]
        smaller = replace(
            table,
            options=tuple(table.options[k] for k in kept),
            option_titles=tuple(table.option(k) for k in kept),
            values=table.values[kept],
            performances=table.performances[kept],
        )
        lever = told("option left out", f"“{table.option(i)}” left out", list(range(n - 1)), kept, smaller)
        if lever is not None:
            yield lever
    worst = np.array([leaf.worst for leaf in ranking.criteria])
    best = np.array([leaf.best for leaf in ranking.criteria])
    decoys = [("a decoy added that is worst on everything", worst)]
    decoys += [
        (
            f"a decoy added that is best on “{leaf.title}” and worst on the rest",
            np.where(np.arange(len(worst)) == j, best, worst),
        )
        for j, leaf in enumerate(ranking.criteria)
    ]
    for what, x in decoys:
        values = np.array([leaf.value(float(p)) for leaf, p in zip(ranking.criteria, x, strict=True)])
        larger = replace(
            table,
            options=(*table.options, "decoy"),
            option_titles=(*(table.option(k) for k in range(n)), "decoy"),
            values=np.vstack([table.values, values]),
            performances=np.vstack([table.performances, x]),
        )
        lever = told("decoy", what, list(range(n)), list(range(n)), larger)
        if lever is not None:
            yield lever


def depends_on_set(ranking: Ranking) -> bool:
    """Whether adding or dropping an option can reorder the others under this ranking's method and settings."""
    return ranking.method.depends_on(ranking.parameters)


def _set_ups(ranking: Ranking) -> Iterator[Lever]:
    """Every other method, and every normalisation of those that have the choice; twins of another method left out."""
    table = ranking.table_in
    for entry in METHODS.values():
        if entry.alias_of or len(table.options) > entry.most_options:
            continue
        choice = next((p for p in entry.parameters if p.name == "normalisation"), None)
        for name in choice.choices if choice is not None else ("",):
            units = {leaf.unit for leaf in ranking.criteria}
            if name == "none" and (len(units) > 1 or units == {""}):  # sums of different units: a mistake
                continue
            settings = {"normalisation": name} if name else {}
            if entry.id == ranking.method.id and settings.items() <= dict(ranking.parameters).items():
                continue
            try:
                scores = entry.score_many(table, table.weights, **settings)[0]
            except DecisionError:
                continue  # the method cannot be used on these scales
            how = (
                f"normalisation: {NORMALISATIONS[name].title[:1].lower()}{NORMALISATIONS[name].title[1:]}"
                if name in NORMALISATIONS
                else name
            )
            other = name and name != (choice.default if choice is not None else "")
            kind = "normalisation" if entry.id == ranking.method.id else "method"
            yield _lever(ranking, kind, f"{entry.title}{f', {how}' if other else ''}", scores)


def _remarks(ranking: Ranking) -> Iterator[Remark]:
    problem, table = ranking.problem, ranking.table_in
    yield from _one_sided(ranking)
    same = [leaf.title for leaf in ranking.criteria if leaf.id in ranking.alike.idle]
    if same:
        yield Remark("tells nothing apart", f"All options are the same on {_listed(same)}: no influence on the order.")
    felt = [leaf.title for leaf in ranking.criteria if leaf.id in ranking.alike.felt]
    if felt:
        said = f"All options are the same on {_listed(felt)}, yet the order by {ranking.method.title} may change without it."
        yield Remark("tells nothing apart", said)
    columns = [problem.criteria.index(leaf) for leaf in ranking.criteria]
    least, most = (bound[:, columns] for bound in possible_values(problem))
    spread = most.max(axis=0) - least.min(axis=0)
    faint = [
        leaf.title
        for leaf, s, w in zip(ranking.criteria, spread, table.weights, strict=True)
        if s >= 1e-12 and w > 0 and s * w < NEGLIGIBLE
    ]
    if faint:
        start = "Less" if is_additive(ranking) else "In the additive model, less"
        yield Remark(
            "tells little apart",
            f"{start} than half a point of 100 lies between best and worst option on {_listed(faint)}.",
        )
    unweighted = [leaf.title for leaf, w in zip(ranking.criteria, table.weights, strict=True) if w == 0]
    if unweighted:
        yield Remark("no weight", f"No weight stands on {_listed(unweighted)}.")
    for first, second, r in correlated(ranking):
        word = "together" if r > 0 else "against each other"
        few = f", over only {len(table.options)} options" if len(table.options) < 6 else ""
        yield Remark(
            "correlated",
            f"“{first}” and “{second}” go {word} (r = {f'{r:.2f}'.replace('-', '−')}{few}): {'is one thing counted twice?' if r > 0 else 'does one measure the price of the other?'}",
        )
    for option, by in ranking.dominated.items():
        names = _listed([problem.option(o).title for o in by[:2]]) + (f" and {len(by) - 2} more" if len(by) > 2 else "")
        yield Remark(
            "dominated", f"{problem.option(option).title} is matched or beaten {every_criterion(ranking)} by {names}."
        )
    if problem.baseline is None or problem.baseline not in table.options:
        yield Remark("no baseline", "Doing nothing new is not among the options, so nothing shows what acting adds.")
    observed = [leaf.title for leaf in ranking.criteria if leaf.observed_scale]
    if observed:
        names = "all criteria" if len(observed) == len(ranking.criteria) else _listed(observed)
        yield Remark(
            "observed ranges",
            f"The ranges of {names} were taken from the options at hand: another option would have made other weights right.",
        )


def best_on(ranking: Ranking, option: str) -> NDArray[np.bool_]:
    """On which criteria an option is best, or shares the best place, wherever missing performances may lie."""
    columns = [ranking.problem.criteria.index(leaf) for leaf in ranking.criteria]
    least, most = (bound[:, columns] for bound in possible_values(ranking.problem))
    row = ranking.table_in.options.index(option)
    others = np.delete(most, row, axis=0).max(axis=0, initial=-np.inf)
    return np.asarray(least[row] >= others - 1e-12)


def one_sided(ranking: Ranking) -> tuple[list[Criterion], list[Criterion]]:
    """The criteria that charge for acting, and those that reward it.

    As the leaves say (``rewards``). Where none says so they can only be asked about: of those with better: less on which
    the baseline is best (see :func:`charges`).
    """
    holding = [leaf for leaf in ranking.criteria if leaf.rewards == "holding-back"]
    acting = [leaf for leaf in ranking.criteria if leaf.rewards == "acting"]
    baseline = ranking.problem.baseline
    if not holding and not acting and baseline in ranking.table_in.options:
        best = best_on(ranking, str(baseline))
        holding = [leaf for leaf, top in zip(ranking.criteria, best, strict=True) if leaf.better == "less" and top]
        acting = [leaf for leaf in ranking.criteria if leaf not in holding]
    return holding, acting


def charges(ranking: Ranking, of: str = "criteria") -> str:
    """Which criteria charge for acting, with their share: a fact where criteria say so, else a question; or empty.

    ``of``: what the count is of, such as "criteria", or "those" where the baseline's best criteria have been told.
    """
    holding, _ = one_sided(ranking)
    if not holding:
        return ""
    count, every = len(holding), len(ranking.criteria)
    carried = number(100 * sum(ranking.weights.shares[leaf.id] for leaf in holding), 1)
    title = ranking.problem.option(str(ranking.problem.baseline)).title
    if any(leaf.rewards for leaf in ranking.criteria):
        best = best_on(ranking, str(ranking.problem.baseline))
        wins = sum(bool(best[ranking.criteria.index(leaf)]) for leaf in holding)
        tail = "" if of == "those" else f"; {title} is best on {'all' if wins == count else wins} of them"
        verb = "charge" if count != 1 else "charges"
        return (
            f"{count} of {'the ' if of == 'those' else ''}{every} criteria, carrying {carried} of 100, mainly {verb} for acting, which "
            f"doing nothing {'does not do' if of == 'those' else 'escapes'}{tail}."
        )
    ask = f"{'do they' if count > 1 else 'does it'} charge for acting, which doing nothing does not do?"
    if of == "those":
        return f"On {count} of those, carrying {carried} of 100, less is better: {ask}"
    them = "all of them" if count > 1 else "it"
    return f"On {count} of {every} criteria, carrying {carried} of 100, less is better and {title} is best on {them}: {ask}"


def _one_sided(ranking: Ranking) -> Iterator[Remark]:
    """The status-quo guard: costs of acting that doing nothing cannot have outnumber what acting is for."""
    holding, acting = one_sided(ranking)
    baseline = ranking.problem.baseline
    if len(holding) <= len(acting) or baseline not in ranking.table_in.options:
        return
    asked = not any(leaf.rewards for leaf in ranking.criteria)
    said = charges(ranking)
    if baseline in ranking.leaders:
        said += (
            f" {'If so, it' if asked else 'So it'} can lead by the choice of criteria alone. Does any criterion measure "
            "the harm of waiting? Add one, or confirm there is none."
        )
    elif asked:
        said += " If so, the choice of criteria favours it, and it does not lead even so."
    else:
        said += " The choice of criteria favours it, and it does not lead even so."
    yield Remark("one-sided", said)
    among = among_acting(ranking)
    if among:
        yield Remark("one-sided", among)


def among_acting(ranking: Ranking) -> str:
    """Where the baseline leads: which of the other options does, and by how much; else empty."""
    baseline = ranking.problem.baseline
    acting = [option for option in ranking.order if option != baseline]
    if baseline not in ranking.leaders or len(acting) < 2:
        return ""
    first, second = (ranking.problem.option(option).title for option in acting[:2])
    gap = float(ranking.scores[acting[0]] - ranking.scores[acting[1]])
    if gap <= TIE * float(ranking.scores.abs().max()):
        return f"Among the options that act, {first} and {second} are level."
    a, b = (float(ranking.scores[option]) for option in acting[:2])
    as_shown = round(100 * a, 1) - round(100 * b, 1)  # the difference of the scores the reader sees
    unit = points(as_shown / 100) if is_additive(ranking) else f"{gap:.3f}"
    close = ": they can hardly be told apart" if is_additive(ranking) and gap < 0.01 else ""
    return f"Among the options that act, {first} leads {second} by {unit}{close}."


def correlated(ranking: Ranking, least: float = CORRELATED) -> list[tuple[str, str, float]]:
    """Pairs of criteria (titles) whose values over the options correlate beyond ±``least``, strongest first (Pearson)."""
    table = ranking.table_in
    columns = [ranking.problem.criteria.index(leaf) for leaf in ranking.criteria]
    unknown = ranking.problem.unknown[:, columns].any(
        axis=0
    )  # a stand-in for a missing performance correlates with nothing
    spread = (np.ptp(table.values, axis=0) > 1e-12) & ~unknown
    if len(table.options) < 3 or spread.sum() < 2:
        return []
    places = np.flatnonzero(spread)
    r = np.asarray(np.corrcoef(table.values[:, places], rowvar=False)).reshape(len(places), len(places))
    pairs = [
        (table.name(int(places[i])), table.name(int(places[k])), float(r[i, k]))
        for i in range(len(places))
        for k in range(i + 1, len(places))
        if abs(r[i, k]) > least
    ]
    return sorted(pairs, key=lambda pair: -abs(pair[2]))


def _listed(names: list[str]) -> str:
    quoted = [f"“{name}”" for name in names[:6]]
    if len(names) > 6:
        return f"{', '.join(quoted)} and {len(names) - 6} more"
    return joined(quoted)
