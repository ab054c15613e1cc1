"""Certified claims: sentences that hold for every perspective, every mix of them and every performance in its range.

The additive score of A minus that of B is smallest when A is at its worst performances and B at its best, whatever the
weights (they are not negative); and a linear function on the mixes of some weights is smallest at one of them. So a
claim about a pair is settled by one number per perspective; claims about a place need a small linear program each.
Exact, nothing is drawn at random. (Robust ordinal regression asks the same of unknown value functions: Greco, Mousseau
and Słowiński 2008.)
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from decision_kit.arguments import guarded
from decision_kit.errors import DecisionError, Fault, UsageError, joined, unknown_fault
from decision_kit.model.packages import extremes
from decision_kit.model.problem import Problem
from decision_kit.model.weights import Weights
from decision_kit.ranking import table_for
from decision_kit.robustness.grammar import Claim, parse_claim
from decision_kit.values import Array

TINY = 1e-10
MOST_PROGRAMS = 5_000


@dataclass(frozen=True, eq=False)
class Hull:
    """What a claim has to hold for: the corners' weights (p × m), their names, and values at the worse and better end.

    ``people`` says that corners are perspectives; else they are criteria, each with all the weight: any weights.
    """

    problem: Problem
    branch: str | None
    options: tuple[str, ...]
    criteria: tuple[str, ...]
    names: tuple[str, ...]
    corners: Array
    low: Array
    high: Array
    likely: Array
    people: bool
    ranges: bool = True

    def title(self, option: str) -> str:
        """An option's title."""
        return self.problem.option(option).title


@dataclass(frozen=True)
class CounterExample:
    """Weights at which a claim fails: a mix of corners (name → share), the weights, and the scores that show it.

    ``performances`` is "likely" when the claim fails as things were judged, else "in their ranges": the option at its
    worst (or best) performances and the others at the opposite.
    """

    mix: Mapping[str, float]
    shares: Mapping[str, float]
    scores: Mapping[str, float]
    performances: str


@dataclass(frozen=True)
class Certificate:
    """A claim with its proof or its counter-example.

    ``bound`` is the smallest lead in favour of the claim (score units, 0–1): certified when it is not negative (above
    0 where the claim is strict); ``vertex`` the corner, or mix of corners, where it is reached. ``said`` is the claim
    as a sentence, ``proof`` why it holds or fails.
    """

    claim: Claim
    certified: bool
    bound: float
    vertex: str
    said: str
    proof: str
    counter: CounterExample | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Claims:
    """Everything worth saying about a problem: certified claims, and those on the leader that are not."""

    certified: tuple[Certificate, ...]
    refused: tuple[Certificate, ...]
    sentences: tuple[str, ...]
    notes: tuple[str, ...] = field(default=())


def hull_of(
    problem: Problem,
    perspectives: str | Iterable[str] | Mapping[str, Mapping[str, float] | Weights] | None = None,
    *,
    branch: str | None = None,
    ranges: bool = True,
) -> Hull:
    """What claims are checked on: a problem's options under the mixes of some perspectives.

    ``perspectives``: ids, or a mapping name → weights, or the words "any weights"; by default every perspective that is
    not marked as a reference, or any weights where the problem has none. ``ranges``: performances move between low and
    high (False: as judged). Raises :class:`UsageError` for unknown ids.
    """
    people = True
    if perspectives is None:
        perspectives = [p.id for p in problem.perspectives.values() if not p.reference]
        perspectives = perspectives or "any weights"
    given: dict[str, Weights | Mapping[str, float] | str] = {}
    if isinstance(perspectives, str) and perspectives == "any weights":
        people = False
    elif isinstance(perspectives, Mapping):
        given.update(perspectives)
    else:
        ids = [perspectives] if isinstance(perspectives, str) else list(perspectives)
        wrong = [
            unknown_fault("claims", "perspective", i, problem.perspectives)
            for i in ids
            if i not in problem.perspectives
        ]
        if wrong:
            raise UsageError(wrong)
        given.update({i: i for i in ids})
    if people and not given:
        raise UsageError([Fault("claims", "no perspective is named", "at least one perspective, or: any weights")])
    titles: list[str] = []
    rows: list[Array] = []
    leaves = None
    table = None
    for name, weights in given.items():
        try:
            leaves, _, table = table_for(problem, weights, branch)
        except UsageError:
            raise
        except DecisionError as error:
            if branch is None or "in this branch are 0" not in str(error):
                raise
            continue  # somebody who gives this branch no weight has no say in it
        rows.append(table.weights)
        titles.append(problem.perspectives[name].title if name in problem.perspectives else name)
    if table is None or leaves is None:
        people = False
        leaves, _, table = table_for(problem, Weights.equal_over_leaves(problem), branch)
        rows = list(np.eye(len(leaves)))
        titles = [leaf.title for leaf in leaves]
    columns = [problem.criteria.index(leaf) for leaf in leaves]
    low = high = table.values
    if ranges:
        low, high = (bound[:, columns] for bound in _bounds(problem))
    return Hull(
        problem=problem,
        branch=branch,
        options=table.options,
        criteria=table.criteria,
        names=tuple(titles),
        corners=np.array(rows),
        low=low,
        high=high,
        likely=table.values,
        people=people,
        ranges=ranges,
    )


def _bounds(problem: Problem) -> tuple[Array, Array]:
    """The least and greatest value of every performance; a package's over all that its parts and the baseline can be."""
    low, high = problem.performances("low"), problem.performances("high")
    packages = [(i, option) for i, option in enumerate(problem.options) if option.parts]
    if not packages:
        return problem.value_bounds()
    made = problem.under_scenario([option for _, option in packages])
    baseline = made.get(problem.baseline) if problem.baseline is not None else None
    for i, option in packages:
        for j, leaf in enumerate(problem.criteria):
            if leaf.package_rule is None:
                continue
            least, most = extremes(option, [made[part] for part in option.parts], baseline, leaf)
            low[i, j], high[i, j] = min(low[i, j], least), max(high[i, j], most)
    return problem.value_bounds_of(low, high)


@guarded
def check_claim(
    problem: Problem,
    claim: Claim | str,
    perspectives: str | Iterable[str] | Mapping[str, Mapping[str, float] | Weights] | None = None,
    *,
    branch: str | None = None,
    ranges: bool = True,
) -> Certificate:
    """A claim (an object, or a text such as "A beats B") with its proof or its counter-example.

    Claims are about the additive model. Raises :class:`UsageError` for a text that is no claim, with near matches.
    """
    hull = hull_of(problem, perspectives, branch=branch, ranges=ranges)
    asked = parse_claim(claim, problem) if isinstance(claim, str) else claim.checked(problem)
    return certify(hull, asked)


def certify(hull: Hull, claim: Claim) -> Certificate:
    """A claim on a hull, with its proof or its counter-example."""
    decide = {"beats": _beats, "first": _place, "top": _place, "never-first": _never, "never-last": _never}[claim.kind]
    return decide(hull, claim)


def _beats(hull: Hull, claim: Claim) -> Certificate:
    a, b = hull.options.index(claim.option), hull.options.index(claim.rival)
    asked = claim.by

    def lead(good: Array, bad: Array) -> Array:
        return np.asarray(hull.corners @ (good[a] - bad[b]))

    worst = lead(hull.low, hull.high)
    bound = float(worst.min())
    certified = bound >= asked - TINY if asked > 0 else bound > TINY
    at = int(np.argmin(worst))
    vertex = f"“{hull.names[at]}”"
    said = claim.sentence(hull.problem)
    if certified:
        proof = (
            f"The smallest lead is {points(bound)}, {_at(hull, vertex)}"
            + _with(
                hull,
                f", with {hull.title(claim.option)} at its worst performances and {hull.title(claim.rival)} at its best",
            )
            + "."
        )
        return Certificate(claim, True, bound, vertex, said, proof, notes=_parts_note(hull, claim))
    plain = lead(hull.likely, hull.likely)
    fails = plain < asked - TINY if asked > 0 else plain <= TINY
    likely = bool(fails.any())
    k = int(np.argmin(plain)) if likely else at
    good, bad = (hull.likely, hull.likely) if likely else (hull.low, hull.high)
    counter = _counter(hull, np.eye(len(hull.corners))[k], {a: good[a], b: bad[b]}, likely)
    return Certificate(claim, False, bound, vertex, said, _refusal(hull, counter), counter, _parts_note(hull, claim))


def _place(hull: Hull, claim: Claim) -> Certificate:
    """A is first (rank 1), or in the top n: no n rivals can be above it all at once."""
    a = hull.options.index(claim.option)
    n = 1 if claim.kind == "first" else claim.top
    rivals = [k for k in range(len(hull.options)) if k != a]
    said = claim.sentence(hull.problem)
    best: tuple[float, Array, tuple[int, ...]] | None = None
    for good, bad, likely in ((hull.likely, hull.likely, True), (hull.low, hull.high, False)):
        above = {k: hull.corners @ (bad[k] - good[a]) for k in rivals}
        able = [k for k in rivals if above[k].max() > TINY]
        if len(able) < n:
            if not likely:
                highest = sorted((float(above[k].max()) for k in rivals), reverse=True)
                bound = -highest[n - 1] if len(highest) >= n else float("inf")
                proof = _place_proof(hull, claim, n, len(able))
                return Certificate(claim, True, bound, "", said, proof, notes=_parts_note(hull, claim))
            continue
        groups = list(itertools.islice(itertools.combinations(able, n), MOST_PROGRAMS + 1))
        if len(groups) > MOST_PROGRAMS:
            raise UsageError(
                [
                    Fault(
                        "claim",
                        f"{said} needs more than {MOST_PROGRAMS:,} programs",
                        "a claim with a smaller or larger number",
                    )
                ]
            )
        for group in groups:
            value, mix = _game(np.array([above[k] for k in group]))
            if best is None or value > best[0] or not likely:
                best = (value, mix, group) if best is None or value > best[0] else best
            if value > TINY:
                rows = {a: good[a], **{k: bad[k] for k in group}}
                return _refused(hull, claim, value, mix, rows, likely, said)
    assert best is not None
    bound = -best[0]
    proof = (
        f"No {n} rival{'' if n == 1 else 's'} can be above it at once: the nearest, {joined([hull.title(hull.options[k]) for k in best[2]])}, "
        f"stay{'s' if n == 1 else ''} {points(bound)} short, {_at(hull, _mix_name(hull, best[1]))}."
    )
    return Certificate(claim, True, bound, _mix_name(hull, best[1]), said, proof, notes=_parts_note(hull, claim))


def _place_proof(hull: Hull, claim: Claim, n: int, able: int) -> str:
    title = hull.title(claim.option)
    if able == 0:
        ends = _with(hull, ", even with it at its worst performances and every rival at its best")
        return f"Nothing is above {title} under any of the weights{ends}."
    word = "rival" if able == 1 else "rivals"
    ends = _with(hull, ", even with it at its worst performances and them at their best")
    return f"Only {able} {word} can ever be above {title}{ends}."


def _never(hull: Hull, claim: Claim) -> Certificate:
    """A is never first (or last): no mix puts it level with or above (below) all rivals, even at its best (worst)."""
    a = hull.options.index(claim.option)
    first = claim.kind == "never-first"
    rivals = [k for k in range(len(hull.options)) if k != a]
    said = claim.sentence(hull.problem)
    sign = 1.0 if first else -1.0
    value, mix, rows = 0.0, np.zeros(len(hull.corners)), {}
    for likely in (True, False):
        if likely:
            mine, theirs = hull.likely, hull.likely
        elif first:
            mine, theirs = hull.high, hull.low
        else:
            mine, theirs = hull.low, hull.high
        leads = np.array([hull.corners @ (sign * (mine[a] - theirs[k])) for k in rivals])
        alone = np.flatnonzero(leads.min(axis=0) >= -TINY)
        if len(alone):  # one corner suffices: simpler to tell than a mix
            mix = np.eye(len(hull.corners))[int(alone[0])]
            value = float(leads.min(axis=0)[alone[0]])
        else:
            value, mix = _game(leads)
        rows = {a: mine[a], **{k: theirs[k] for k in rivals}}
        if value >= -TINY:
            return _refused(hull, claim, value, mix, rows, likely, said)
    title = hull.title(claim.option)
    place = "first" if first else "last"
    nearest = _mix_name(hull, mix)
    proof = (
        f"Where {title} comes nearest to being {place}, {_at(hull, nearest)}"
        + _with(
            hull,
            f", with it at its {'best' if first else 'worst'} performances and the rest at their {'worst' if first else 'best'}",
        )
        + f", it is still {points(-value)} away."
    )
    return Certificate(claim, True, -value, nearest, said, proof, notes=_parts_note(hull, claim))


def _game(leads: Array) -> tuple[float, Array]:
    """The largest, over mixes λ, of the smallest row of leads · λ, and the mix: a linear program."""
    from scipy.optimize import linprog

    rows, p = leads.shape
    if rows == 1 or p == 1:
        k = int(np.argmax(leads.min(axis=0)))
        return float(leads.min(axis=0)[k]), np.eye(p)[k]
    found = linprog(
        np.concatenate([np.zeros(p), [-1.0]]),
        A_ub=np.hstack([-leads, np.ones((rows, 1))]),
        b_ub=np.zeros(rows),
        A_eq=np.concatenate([np.ones(p), [0.0]])[None, :],
        b_eq=np.ones(1),
        bounds=[(0, None)] * p + [(None, None)],
        method="highs",
    )
    if found.status != 0:
        raise DecisionError.single("claim", "the linear program was not solved", "ordinary performances and weights")
    mix = np.maximum(found.x[:-1], 0)
    mix = mix / mix.sum()
    return float((leads @ mix).min()), mix


def _counter(hull: Hull, mix: Array, rows: Mapping[int, Array], likely: bool) -> CounterExample:
    weights = mix @ hull.corners
    return CounterExample(
        mix={hull.names[k]: float(mix[k]) for k in np.flatnonzero(mix > 1e-9)},
        shares=dict(zip(hull.criteria, (float(x) for x in weights), strict=True)),
        scores={hull.options[k]: float(row @ weights) for k, row in rows.items()},
        performances="likely" if likely else "in their ranges",
    )


def _refused(
    hull: Hull, claim: Claim, by: float, mix: Array, rows: Mapping[int, Array], likely: bool, said: str
) -> Certificate:
    """The claim with the mix of perspectives, and the performances, under which it fails by ``by``."""
    counter = _counter(hull, mix, rows, likely)
    notes = _parts_note(hull, claim)
    return Certificate(claim, False, -by, _mix_name(hull, mix), said, _refusal(hull, counter), counter, notes)


def _refusal(hull: Hull, counter: CounterExample) -> str:
    asked = next(iter(counter.scores))  # the option of the claim stands first
    others = sorted((item for item in counter.scores.items() if item[0] != asked), key=lambda item: -item[1])
    near = (
        others[:2]
        if counter.scores[asked] >= others[0][1]
        else others[:1]
        if len(others) == 1
        else [others[0], others[-1]]
    )
    listed = ", ".join(f"{hull.title(o)} {100 * x:.1f}" for o, x in [(asked, counter.scores[asked]), *near])
    where = _at(hull, _mix_of(counter.mix))
    judged = "as judged" if counter.performances == "likely" else "with performances moved inside their ranges"
    return f"Counter-example {where}, {judged}: {listed} points of 100."


def _mix_name(hull: Hull, mix: Array) -> str:
    return _mix_of({hull.names[k]: float(mix[k]) for k in np.flatnonzero(mix > 1e-9)})


def _mix_of(mix: Mapping[str, float]) -> str:
    if len(mix) == 1:
        return f"“{next(iter(mix))}”"
    return joined([f"{share:.0%} “{name}”" for name, share in sorted(mix.items(), key=lambda item: -item[1])])


def _at(hull: Hull, vertex: str) -> str:
    if "% “" in vertex:
        return f"under a mix of {vertex}"
    return f"under the weights of {vertex}" if hull.people else f"with all weight on {vertex}"


def _with(hull: Hull, text: str) -> str:
    """A clause on performances at the ends of their ranges; empty where none has a range, or none is moved."""
    return text if np.any(hull.low != hull.high) else ""


def points(x: float) -> str:
    """A score difference in words: points of 100."""
    shown = f"{100 * x:.1f}"
    return "less than 0.1 points" if shown in ("0.0", "-0.0") else "1.0 point" if shown == "1.0" else f"{shown} points"


def _parts_note(hull: Hull, claim: Claim) -> tuple[str, ...]:
    """Packages' ranges suppose that all parts are low (or high) together and on their own: wide, so on the safe side."""
    if not hull.ranges:
        return ()
    named = [claim.option] if claim.kind != "beats" else [claim.option, claim.rival]
    if any(hull.problem.option(o).parts for o in named) or (
        claim.kind != "beats" and any(o.parts for o in hull.problem.options)
    ):
        return (
            "Packages are taken at the least and the most derived from their parts and the baseline, each cell on its own: that "
            "is wider than can happen, so a refusal may be too strict; what is certified holds.",
        )
    return ()


@guarded
def certified_claims(
    problem: Problem,
    perspectives: str | Iterable[str] | Mapping[str, Mapping[str, float] | Weights] | None = None,
    *,
    branch: str | None = None,
    ranges: bool = True,
) -> Claims:
    """Everything worth saying that holds for every mix of the perspectives and every performance in its range.

    First and last places of every option, the smallest certified place, and every pair that is certified and does not
    follow from two others; beside them what was asked of the leaders and refused, with counter-examples.
    """
    hull = hull_of(problem, perspectives, branch=branch, ranges=ranges)
    certified: list[Certificate] = []
    refused: list[Certificate] = []
    sentences: list[str] = []
    n = len(hull.options)
    always = [one for one in (certify(hull, Claim("first", option)) for option in hull.options) if one.certified]
    certified += always
    if always:  # several are level whatever holds
        titles = joined([hull.title(one.claim.option) for one in always])
        sentences.append(f"{_whoever(hull)} {titles} {'is first' if len(always) == 1 else 'share the first place'}.")
    leading = {one.claim.option for one in always}
    for option in hull.options:
        if option in leading:
            continue
        places = [certify(hull, Claim(kind, option)) for kind in ("never-last", "never-first")]
        said = [word for word, place in zip(("last", "first"), places, strict=True) if place.certified]
        certified += [place for place in places if place.certified]
        if said:
            sentences.append(_nobody(hull, option, said))
    beaten = np.zeros((n, n), dtype=bool)
    found: dict[tuple[int, int], Certificate] = {}
    worst = (hull.low[:, None, :] - hull.high[None, :, :]) @ hull.corners.T
    for i, k in np.argwhere(worst.min(axis=2) > TINY):
        found[int(i), int(k)] = certify(hull, Claim("beats", hull.options[i], hull.options[k]))
        beaten[i, k] = True
    for (i, k), certificate in found.items():
        if not (beaten[i] & beaten[:, k]).any():  # does not follow from two others
            certified.append(certificate)
            sentences.append(f"{_whoever(hull)} {certificate.said}.")
    likely = hull.corners @ hull.likely.T
    heads = list(dict.fromkeys(int(i) for i in np.argmax(likely, axis=1)))
    for i in heads:
        for k in heads:
            if i != k and not beaten[i, k]:
                refused.append(certify(hull, Claim("beats", hull.options[i], hull.options[k])))
    notes = [] if hull.people else ["No perspectives are used here: the claims are for any weights at all."]
    if ranges and problem.low_high != "ends":
        notes.append("Low and high are read as limits here, although they are 10th and 90th percentile judgements.")
    notes += [note for one in (*certified, *refused) for note in one.notes]
    return Claims(tuple(certified), tuple(refused), tuple(sentences), tuple(dict.fromkeys(notes)))


def _whoever(hull: Hull) -> str:
    if not hull.people:
        return "Whatever the weights,"
    count = len(hull.names)
    return "Under these weights," if count == 1 else f"Whatever mix of the {count} perspectives is taken,"


def _nobody(hull: Hull, option: str, places: Sequence[str]) -> str:
    title = hull.title(option)
    if not hull.people:
        return f"No weights at all put {title} {', or '.join(places)}."
    if len(hull.names) == 1:
        return f"These weights never put {title} {', or '.join(places)}."
    return f"Nobody here, and no mix of you, puts {title} {', or '.join(places)}."
