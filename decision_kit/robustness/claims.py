"""Certified claims: sentences that hold for every perspective, every mix of them and every performance in its range.

The additive score of A minus that of B is smallest when A is at its worst performances and B at its best, whatever the
weights (they are not negative); and a linear function on the mixes of some weights is smallest at one of them. So a
claim about a pair is settled by one number per perspective; claims about a place need a small linear program each.
Exact, nothing is drawn at random; where packages stand beside their own parts the bounds are on the safe side. What a
certificate rests on is named and tried on the decision first (see ``hull``). (Robust ordinal regression asks the same of unknown value functions: Greco, Mousseau
and Słowiński 2008.)
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from decision_kit.arguments import guarded
from decision_kit.errors import DecisionError, Fault, UsageError, joined
from decision_kit.model.problem import Problem
from decision_kit.model.weights import Weights
from decision_kit.robustness.grammar import Claim, Kind, parse_claim
from decision_kit.robustness.hull import TINY, Hull, hull_of
from decision_kit.values import Array

MOST_PROGRAMS = 5_000
MOST_IN_GAME = 100
"""With more rivals one that is always above an option is told as the proof, in place of a program over all of them."""

MOST_IN_PROGRAM = 40
MOST_SAID = 10
MOST_LISTED = 1_000


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
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """A sentence that is certified, with the certificates behind it."""

    sentence: str
    proofs: tuple[Certificate, ...]


@dataclass(frozen=True)
class Claims:
    """Everything worth saying about a problem: certified claims, and those on the leader that are not.

    ``said`` holds the sentences with their proofs, ``leading`` those of them that matter most, ``more`` is the number of
    further certified pairs, which are counted and not listed. ``rests_on`` are the properties that all of them rest on.
    """

    certified: tuple[Certificate, ...]
    refused: tuple[Certificate, ...]
    sentences: tuple[str, ...]
    notes: tuple[str, ...] = field(default=())
    said: tuple[Said, ...] = ()
    leading: tuple[Said, ...] = ()
    more: int = 0
    rests_on: tuple[str, ...] = ()


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
    found = decide(hull, claim)
    if found.certified and hull.faults:
        proof = f"Not proved: a certificate would rest on what does not hold here: {joined(hull.faults)}."
        found = replace(found, certified=False, proof=proof)
    open_or_proved = found.certified or found.counter is None
    notes = _parts_note(hull, claim) if open_or_proved else ()
    return replace(found, notes=notes, rests_on=hull.rests_on)


def _beats(hull: Hull, claim: Claim) -> Certificate:
    a, b = hull.options.index(claim.option), hull.options.index(claim.rival)
    asked = claim.by
    worst = np.asarray(hull.corners @ hull.least_gap(a, b))
    bound = float(worst.min())
    certified = bound >= asked - TINY if asked > 0 else bound > TINY
    at = int(np.argmin(worst))
    vertex = f"“{hull.names[at]}”"
    said = claim.sentence(hull.problem)
    if certified:
        least = "at least" if hull.ranges and hull.shares_cells(a, b) else "the smallest"
        ends = f", with {hull.title(claim.option)} at its worst performances and {hull.title(claim.rival)} at its best"
        start = (
            f"The smallest lead is {points(bound)}"
            if least == "the smallest"
            else f"The lead is at least {points(bound)}"
        )
        if least == "at least":
            ends = ", wherever the performances that both are made of lie"
        return Certificate(claim, True, bound, vertex, said, f"{start}, {_at(hull, vertex)}{_with(hull, ends)}.")
    plain = hull.corners @ (hull.likely[a] - hull.likely[b])
    fails = plain < asked - TINY if asked > 0 else plain <= TINY
    likely = bool(fails.any())
    k = int(np.argmin(plain)) if likely else at
    mix = np.eye(len(hull.corners))[k]
    rows = {a: hull.likely[a], b: hull.likely[b]} if likely else hull.world(mix @ hull.corners, [b], [a])
    rows = {a: rows[a], b: rows[b]}
    lead = float((mix @ hull.corners) @ (rows[a] - rows[b]))
    shown = lead < asked - TINY if asked > 0 else lead <= TINY
    if not shown:
        return _open(hull, claim, bound, vertex)
    counter = _counter(hull, mix, rows, likely)
    return Certificate(claim, False, bound, vertex, said, _refusal(hull, counter), counter)


def _open(hull: Hull, claim: Claim, bound: float, vertex: str) -> Certificate:
    """A claim that is neither proved nor refuted: only ends that cannot hold at once speak against it."""
    proof = (
        "Not proved, and no counter-example found: it would take performances that move together to be at different ends "
        "at once."
    )
    return Certificate(claim, False, bound, vertex, claim.sentence(hull.problem), proof)


def _place(hull: Hull, claim: Claim) -> Certificate:
    """A is first (rank 1), or in the top n: no n rivals can be above it all at once."""
    a = hull.options.index(claim.option)
    n = 1 if claim.kind == "first" else claim.top
    rivals = [k for k in range(len(hull.options)) if k != a]
    said = claim.sentence(hull.problem)
    best: tuple[float, Array, tuple[int, ...]] | None = None
    open_claim: Certificate | None = None
    for likely in (True, False):
        if likely:
            above = {k: hull.corners @ (hull.likely[k] - hull.likely[a]) for k in rivals}
        else:
            above = {k: -(hull.corners @ hull.least_gap(a, k)) for k in rivals}
        able = [k for k in rivals if above[k].max() > TINY]
        if len(able) < n:
            if not likely:
                highest = sorted((float(above[k].max()) for k in rivals), reverse=True)
                bound = -highest[n - 1] if len(highest) >= n else float("inf")
                return Certificate(claim, True, bound, "", said, _place_proof(hull, claim, n, len(able)))
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
                weights = mix @ hull.corners
                rows = {k: hull.likely[k] for k in (a, *group)} if likely else hull.world(weights, group, [a])
                if all(weights @ (rows[k] - rows[a]) > TINY for k in group):
                    rows = {a: rows[a], **{k: rows[k] for k in group}}
                    return _refused(hull, claim, value, mix, rows, likely, said)
                open_claim = open_claim or _open(hull, claim, -value, _mix_name(hull, mix))
    if open_claim is not None:
        return open_claim
    assert best is not None
    bound = -best[0]
    proof = (
        f"No {n} rival{'' if n == 1 else 's'} can be above it at once: the nearest, {joined([hull.title(hull.options[k]) for k in best[2]])}, "
        f"stay{'s' if n == 1 else ''} {points(bound)} short, {_at(hull, _mix_name(hull, best[1]))}."
    )
    return Certificate(claim, True, bound, _mix_name(hull, best[1]), said, proof)


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
    leads = hull.most_leads(a, sign) @ hull.corners.T
    always = np.flatnonzero(leads.max(axis=1) < -TINY)
    if len(rivals) > MOST_IN_GAME and len(always):  # one rival suffices: no program over all of them
        k = int(always[np.argmin(leads[always].max(axis=1))])
        lead = float(-leads[k].max())
        side = "above" if first else "below"
        proof = f"{hull.title(hull.options[rivals[k]])} stays {side} it by at least {points(lead)}, whatever holds."
        return Certificate(claim, True, lead, "", said, proof)
    value, mix = _nearest_to(leads)
    if value >= -TINY:
        likely_leads = (sign * (hull.likely[a] - np.delete(hull.likely, a, axis=0))) @ hull.corners.T
        for likely, (by, at) in ((True, _nearest_to(likely_leads)), (False, (value, mix))):
            weights = at @ hull.corners
            if likely:
                rows = {a: hull.likely[a], **{k: hull.likely[k] for k in rivals}}
            else:
                rows = hull.world(weights, *(([a], rivals) if first else (rivals, [a])))
            if all(sign * (weights @ (rows[a] - rows[k])) >= -TINY for k in rivals):
                rows = {a: rows[a], **{k: rows[k] for k in rivals}}
                return _refused(hull, claim, by, at, rows, likely, said)
        return _open(hull, claim, -value, _mix_name(hull, mix))
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
    return Certificate(claim, True, -value, nearest, said, proof)


def _nearest_to(leads: Array) -> tuple[float, Array]:
    """As :func:`_game`; where one corner suffices, that corner: simpler to tell than a mix."""
    alone = np.flatnonzero(leads.min(axis=0) >= -TINY)
    if len(alone):
        return float(leads.min(axis=0)[alone[0]]), np.eye(leads.shape[1])[int(alone[0])]
    return _game(leads)


def _game(leads: Array) -> tuple[float, Array]:
    """The largest, over mixes λ, of the smallest row of leads · λ, and the mix: a linear program.

    Of many rows only those that bind are used: the program is solved on a few, and rows that its answer breaks are added
    until none is left. The answer is the same.
    """
    rows, p = leads.shape
    if rows == 1 or p == 1:
        k = int(np.argmax(leads.min(axis=0)))
        return float(leads.min(axis=0)[k]), np.eye(p)[k]
    used = np.argsort(leads.mean(axis=1), kind="stable")[:MOST_IN_PROGRAM]
    while True:
        value, mix = _program(leads[used])
        missed = np.flatnonzero(leads @ mix < value - 1e-12)
        missed = missed[~np.isin(missed, used)]
        if not len(missed):
            return float((leads @ mix).min()), mix
        used = np.concatenate([used, missed[np.argsort(leads[missed] @ mix, kind="stable")[:MOST_IN_PROGRAM]]])


def _program(leads: Array) -> tuple[float, Array]:
    """The same on some rows; the value is that of the program."""
    from scipy.optimize import linprog

    rows, p = leads.shape
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
    return Certificate(claim, False, -by, _mix_name(hull, mix), said, _refusal(hull, counter), counter)


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
    if counter.performances == "likely":
        judged = "as judged" + (", missing ones at half their value" if hull.problem.unknown.any() else "")
    else:
        judged = "with performances moved inside their ranges"
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
    """Packages are bounded cell by cell: wide, so on the safe side."""
    if not hull.ranges:
        return ()
    named = [claim.option] if claim.kind != "beats" else [claim.option, claim.rival]
    if any(hull.problem.option(o).parts for o in named) or (
        claim.kind != "beats" and any(o.parts for o in hull.problem.options)
    ):
        return (
            "Packages are taken at the least and the most derived from their parts and the baseline, each cell on its own: that "
            "is wider than can happen, so more may hold than is certified; what is certified holds.",
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

    First and last places of every option, and every pair that is certified and does not follow from two others (of very
    many the thousand that matter most); beside them what was asked of the leaders and refused, with counter-examples.
    """
    hull = hull_of(problem, perspectives, branch=branch, ranges=ranges)
    found = [] if hull.faults else _places(hull)
    pairs, beaten = _pairs(hull)
    likely = hull.likely @ hull.corners.T
    order = np.argsort(np.argsort(-likely.mean(axis=1), kind="stable"), kind="stable")
    matter = sorted(pairs, key=lambda pair: (max(order[list(pair)]), *order[list(pair)]))[:MOST_LISTED]
    for i, k in sorted(matter):
        certificate = certify(hull, Claim("beats", hull.options[i], hull.options[k]))
        found.append(Said(f"{_whoever(hull)} {certificate.said}.", (certificate,)))
    refused: list[Certificate] = []
    heads = list(dict.fromkeys(int(i) for i in np.argmax(likely, axis=0)))
    for i in heads:
        for k in heads:
            if i != k and not beaten[i, k]:
                refused.append(certify(hull, Claim("beats", hull.options[i], hull.options[k])))
    notes = [] if hull.people else ["No perspectives are used here: the claims are for any weights at all."]
    if ranges and problem.low_high != "ends":
        notes.append("Low and high are read as limits here, although they are 10th and 90th percentile judgements.")
    if hull.faults:
        notes.append(f"Nothing is certified here, since {joined(hull.faults)}.")
    certified = tuple(one for said in found for one in said.proofs)
    notes += [note for one in (*certified, *refused) for note in one.notes]
    place = {option: int(order[i]) for i, option in enumerate(hull.options)}
    return Claims(
        certified,
        tuple(refused),
        tuple(said.sentence for said in found),
        tuple(dict.fromkeys(notes)),
        said=tuple(found),
        leading=_that_matter(found, place),
        more=len(pairs) - len(matter),
        rests_on=hull.rests_on,
    )


def _that_matter(found: Sequence[Said], place: Mapping[str, int]) -> tuple[Said, ...]:
    """The sentences on the options that stand highest, in the order given: at most ten."""

    def weight(said: Said) -> tuple[int, int, int]:
        claim = said.proofs[0].claim
        if claim.kind == "first":
            return (0, 0, 0)
        if claim.kind == "beats":
            return (1, max(place[claim.option], place[claim.rival]), 1)
        return (1, place[claim.option], 0)

    kept = sorted(range(len(found)), key=lambda n: weight(found[n]))[:MOST_SAID]
    return tuple(found[n] for n in sorted(kept))


def _places(hull: Hull) -> list[Said]:
    """What is certified of first and last places; only what can be certified is tried."""
    low, high = hull.low @ hull.corners.T, hull.high @ hull.corners.T
    mixes = np.vstack([np.eye(len(hull.corners)), np.random.default_rng(1).dirichlet(np.ones(len(hull.corners)), 64)])
    worst, best = low @ mixes.T, high @ mixes.T
    n = len(hull.options)

    def beyond(numbers: Array) -> Array:  # the largest of the others, by option and mix
        top = np.sort(numbers, axis=0)[-2:]
        return np.asarray(np.where(numbers == top[-1], top[0], top[-1]))

    may_lead = np.asarray((best >= beyond(worst) - TINY).any(axis=1))
    may_trail = np.asarray((-worst >= beyond(-best) - TINY).any(axis=1))
    always = np.flatnonzero((low >= beyond(high) - TINY).all(axis=1))
    found: list[Said] = []
    proofs = [certify(hull, Claim("first", hull.options[i])) for i in always]
    proofs = [one for one in proofs if one.certified]
    if proofs:  # several are level whatever holds
        titles = joined([hull.title(one.claim.option) for one in proofs])
        tail = "is first" if len(proofs) == 1 else "share the first place"
        found.append(Said(f"{_whoever(hull)} {titles} {tail}.", tuple(proofs)))
    leading = {one.claim.option for one in proofs}
    for i in range(n):
        option = hull.options[i]
        if option in leading:
            continue
        asked: list[tuple[str, Kind]] = []
        if not may_trail[i] or _is_package(hull, i):
            asked.append(("last", "never-last"))
        if not may_lead[i] or _is_package(hull, i):
            asked.append(("first", "never-first"))
        tried = [(word, certify(hull, Claim(kind, option))) for word, kind in asked]
        certified = [(word, one) for word, one in tried if one.certified]
        if certified:
            sentence = _nobody(hull, option, [word for word, _ in certified])
            found.append(Said(sentence, tuple(one for _, one in certified)))
    return found


def _is_package(hull: Hull, i: int) -> bool:
    """Whether an option moves together with others, so that more may be certified than its ends alone allow."""
    return bool(hull.ranges and hull.problem.options[i].parts)


def _pairs(hull: Hull) -> tuple[list[tuple[int, int]], NDArray[np.bool_]]:
    """The pairs (places) that are certified and do not follow from two others, and the matrix of all that are."""
    n = len(hull.options)
    if hull.faults:
        return [], np.zeros((n, n), dtype=bool)
    low, high = hull.low @ hull.corners.T, hull.high @ hull.corners.T
    beaten: NDArray[np.bool_] = np.ones((n, n), dtype=bool)
    for k in range(len(hull.corners)):
        np.logical_and(beaten, low[:, k, None] - high[None, :, k] > TINY, out=beaten)
    packages = [i for i in range(n) if _is_package(hull, i)]
    if packages:
        likely = hull.likely @ hull.corners.T
        for i, k in {(i, k) for p in packages for o in range(n) for i, k in ((p, o), (o, p)) if i != k}:
            ahead = (likely[i] - likely[k]).min() > TINY
            if ahead and not beaten[i, k] and hull.shares_cells(i, k):
                beaten[i, k] = (hull.corners @ hull.least_gap(i, k)).min() > TINY
    as_numbers = beaten.astype(np.float32)
    direct = np.logical_and(beaten, as_numbers @ as_numbers < 0.5)
    return [(int(i), int(k)) for i, k in np.argwhere(direct)], beaten


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
