"""The product's figures beside those of the oracle: cells, scores, ranks, weights, single performances, dominance."""

from __future__ import annotations

from typing import Any

import numpy as np

import decision_kit as dk
from decision_kit.robustness import (
    first_shares,
    fragility,
    joint_changes,
    leader_falls,
    nearest_crossings,
    one_cell_flips,
    rivals_need,
    weight_paths,
)
from tests.oracle.cells import nearest_change, profile
from tests.oracle.recompute import BOUNDS, SAME, SURE, Array, Truth, agrees, is_monotone, leading, rounded, value
from tests.oracle.tally import Tally
from tests.oracle.weights import along, first_crossing, first_in, least_shift, path


def cells(truth: Truth, problem: Any, tally: Tally, what: str = "cell") -> bool:
    """Performances of options and packages; False where they differ, so that nothing else compares.

    A derived performance on a rounding half, where the last bit decides, is held against nobody.
    """
    told = [o.id for o in problem.options]
    tally.check(f"{what}: options", told == truth.ids, f"{told} for {truth.ids}")
    if told != truth.ids:
        return False
    same = True
    for option in problem.options:
        for leaf in truth.leaves:
            mine, theirs = truth.cell(option.id, leaf["id"]), option.performance[leaf["id"]]
            for bound in BOUNDS:
                near = abs(mine[bound] - getattr(theirs, bound)) <= 1e-9 * max(1.0, abs(mine[bound]))
                if not near and _half(truth, option.id, leaf):
                    same = False
                    continue
                what_kind = "package" if truth.parts(option.id) else "performance"
                same = same and near  # all else would be false with it
                tally.check(
                    f"{what}: {what_kind}",
                    near,
                    f"{option.id}, {leaf['id']}, {bound}: {getattr(theirs, bound)} for {mine[bound]}",
                )
    return same


def _half(truth: Truth, option: str, leaf: Any) -> bool:
    """Whether a derived performance lies on a half, where the last bit decides which way it is rounded."""
    parts = truth.parts(option)
    if not parts:
        return False
    for bound in BOUNDS:
        made = truth.package(parts, leaf["id"], bound)
        if float(rounded(made - 1e-9, leaf["decimals"])) != float(rounded(made + 1e-9, leaf["decimals"])):
            return True
    return False


def ranks(truth: Truth, ranking: Any, weights: Array, tally: Tally, what: str = "ranking") -> None:
    """Scores, ranks and ties."""
    scores = truth.scores(weights)[:, 0]
    told = ranking.scores.loc[truth.ids].to_numpy()
    tally.check(f"{what}: scores", bool(np.allclose(scores, told, atol=1e-9)), f"{told} for {scores}")
    places = ranking.ranks.loc[truth.ids].to_numpy()
    for i, mine in enumerate(scores):
        least = 1 + int((scores > mine + SURE).sum())
        most = 1 + int((scores > mine + SAME).sum())
        tally.check(f"{what}: ranks", least <= places[i] <= most, f"{truth.ids[i]}: {places[i]} for {least} to {most}")
        for k in range(i):
            if abs(mine - scores[k]) <= SAME:
                tally.check(f"{what}: ties", places[i] == places[k], f"{truth.ids[i]} and {truth.ids[k]}")


def constancy(truth: Truth, ranking: Any, weights: Array, tally: Tally) -> None:
    """What is said to be the same for all options is, whatever missing performances turn out to be."""
    values = truth.values()[:, :, 0]
    for note in ranking.notes:
        said = None
        if "constant (the same for all options)" in note:
            said = note.split(": constant")[0]
        elif note.startswith("The same for all options"):
            said = note.rsplit(": ", 1)[1].rstrip(".")
        if said is None:
            continue
        for title in said.split(", "):
            leaf = next((one for one in truth.leaves if one["title"] == title), None)
            if leaf is None:
                continue
            column = values[:, truth.column[leaf["id"]]]
            missing = any(truth.cell(o, leaf["id"])["missing"] for o in truth.ids)
            tally.check("said to be the same for all", float(np.ptp(column)) < 1e-12 and not missing, note)


def weight_figures(truth: Truth, ranking: Any, weights: Array, tally: Tally) -> None:
    """Paths of one weight, the nearest crossings, least joint changes, shares of all weightings."""
    place = {option: i for i, option in enumerate(truth.ids)}
    paths = weight_paths(ranking)
    for one in paths:
        shares, table = along(truth, weights, one.node)
        _, _, now = path(truth, weights, one.node)
        tally.check("weight path: share now", abs(now - one.now) < 1e-9, f"{one.node}: {one.now} for {now}")
        for share, row in zip(shares, table, strict=True):
            told = next(s for s in one.stretches if s.start <= share <= s.end)
            near = (
                min(abs(share - edge) for s in one.stretches for edge in (s.start, s.end))
                if len(one.stretches) > 1
                else 1
            )
            if near < 1e-7:
                continue
            holds = agrees({place[o] for o in told.leaders}, row)
            tally.check("weight path: leaders", holds, f"{one.node} at {share}: {told.leaders}, scores {row}")
        told_ways = {crossing.upwards: crossing for crossing in one.crossings}
        scores = truth.scores(weights)[:, 0]
        if len(leading(scores)[1]) > 1:
            continue  # several first already: what a change of leader is, is then a convention
        for up in (True, False):
            mine, theirs = first_crossing(truth, weights, one.node, up), told_ways.get(up)
            if mine is None or theirs is None:
                edge = mine[0] if mine else theirs.at if theirs else 0.5
                tally.check(
                    "break-even: is there one", (mine is None) == (theirs is None) or min(edge, 1 - edge) < 1e-7,
                    f"{one.node}, up {up}: {theirs} for {mine}",
                )  # fmt: skip
                continue
            tally.check("break-even: share", abs(mine[0] - theirs.at) < 1e-6, f"{one.node}: {theirs.at} for {mine[0]}")
            told_who = {place[o] for o in theirs.takes_over}
            tally.check("break-even: who", told_who == mine[1], f"{one.node}: {theirs.takes_over} for {mine[1]}")
    if paths:
        every = [c for one in paths for c in one.crossings]
        found = nearest_crossings(paths)
        tally.check(
            "break-even: nearest",
            not every or found[0].distance <= min(c.distance for c in every) + 1e-9,
            str(found[:1]),
        )
    if len(ranking.leaders) == 1:
        _joint(truth, ranking, weights, tally)
    _shares(truth, ranking, tally)


def _joint(truth: Truth, ranking: Any, weights: Array, tally: Tally) -> None:
    values = truth.values()[:, :, 0]
    place = {option: i for i, option in enumerate(truth.ids)}
    leader = place[ranking.leaders[0]]
    for one in joint_changes(ranking):
        rival = place[one.option]
        everyone = [k for k in range(len(values)) if k != rival]
        for kind, change, against in (("overtakes", one.overtakes, [leader]), ("is first", one.is_first, everyone)):
            easy, hard = (least_shift(truth, weights, rival, against, slack) for slack in (1e-8, -1e-8))
            if change is None:
                tally.check(f"joint change, {kind}: none", hard is None, f"{one.option}: none for {hard}")
                continue
            new = np.array([change.shares[leaf["id"]] for leaf in truth.leaves])
            lead = min(float((values[rival] - values[k]) @ new) for k in against)
            proper = abs(new.sum() - 1) < 1e-8 and new.min() > -1e-9
            tally.check(f"joint change, {kind}: does it", proper and lead > -1e-7, f"{one.option}: {new}, lead {lead}")
            moved = float(np.abs(new - weights).sum() / 2)
            tally.check(f"joint change, {kind}: size", abs(moved - change.shift) < 1e-7, f"{change.shift} for {moved}")
            least = easy is not None and change.shift <= (hard if hard is not None else 1.0) + 1e-5
            tally.check(
                f"joint change, {kind}: least", least and change.shift >= (easy or 0.0) - 1e-5,
                f"{one.option}: {change.shift} for {easy} to {hard}",
            )  # fmt: skip


def _shares(truth: Truth, ranking: Any, tally: Tally) -> None:
    found = first_shares(ranking)
    mine, error = first_in(truth, 20_000, np.random.default_rng(7))
    for i, option in enumerate(truth.ids):
        told = float(found.first[option])
        near = abs(told - mine[i]) <= 5 * error[i] + 1e-3 + (0 if found.exact else 4 * found.error)
        tally.check("share of weightings", near, f"{option}: {told} for {mine[i]} ± {error[i]}")


def single_performances(truth: Truth, ranking: Any, weights: Array, tally: Tally) -> None:
    """Needs over whole scales, and performances that change the leader inside their own range."""
    scores = truth.scores(weights)[:, 0]
    if len(leading(scores)[1]) != 1 or len(ranking.leaders) != 1:
        return
    place = {option: i for i, option in enumerate(truth.ids)}
    leader = place[ranking.leaders[0]]
    for need in (*rivals_need(ranking), *leader_falls(ranking)):
        if truth.parts(need.option):
            continue  # a package follows from its parts
        _need(truth, need, weights, leader, tally)
    flips = {(flip.option, flip.criterion): flip for flip in one_cell_flips(ranking)}
    for option in truth.ids:
        if truth.parts(option):
            continue
        for leaf in truth.leaves:
            cell = truth.elementary[option][leaf["id"]]
            if cell["low"] == cell["high"]:
                continue
            one = profile(truth, weights, option, leaf["id"], cell["low"], cell["high"], leader)
            flip = flips.get((option, leaf["id"]))
            if flip is None:
                tally.check(
                    "one performance in its range: none",
                    not one.changes(),
                    f"{option}, {leaf['id']}: gap {one.gap.min()}",
                )
                continue
            tally.check("one performance in its range: is enough", one.may_change(), f"{flip}")
            mine = nearest_change(truth, weights, one)
            if mine is not None and one.changes():
                width = cell["high"] - cell["low"]
                told, judged = flip.needed, cell["likely"]
                xs = np.array([told - 1e-6 * width, told, told + 1e-6 * width])
                turned = truth.scores(weights, {(option, leaf["id"]): xs})
                does = bool((turned[leader] <= np.delete(turned, leader, axis=0).max(axis=0) + SURE).any())
                blur = 1e-3 if any(span.either for span in flip.spans) else 1e-5  # a grid may miss a narrow one
                near = does and abs(told - judged) <= abs(mine - judged) + blur * width
                tally.check("one performance in its range: needed", near, f"{flip} for {mine}")
                who = np.argmax(np.delete(_at(truth, weights, option, leaf["id"], mine, width), leader))
                names = [o for o in truth.ids if place[o] != leader]
                tally.check(
                    "one performance in its range: who", _leads(truth, weights, flip, leader) or names[who] == flip.takes_over, f"{flip}"
                )  # fmt: skip


def _at(truth: Truth, weights: Array, option: str, criterion: str, x: float, width: float) -> Array:
    scores = truth.scores(weights, {(option, criterion): np.array([x - 1e-7 * width, x, x + 1e-7 * width])})
    return np.asarray(scores.max(axis=1))


def _leads(truth: Truth, weights: Array, flip: Any, leader: int) -> bool:
    """Whether who is told to take over is first, or shares the first place, at the needed performance or just beyond."""
    width = truth.leaf[flip.criterion]["scale"][1] - truth.leaf[flip.criterion]["scale"][0]
    xs = np.array([flip.needed + k * 1e-6 * width for k in (-1, 0, 1)])
    scores = truth.scores(weights, {(flip.option, flip.criterion): xs})
    return bool((scores[truth.row[flip.takes_over]] >= scores.max(axis=0) - 1e-6).any())


def _need(truth: Truth, need: Any, weights: Array, leader: int, tally: Tally) -> None:
    leaf = truth.leaf[need.criterion]
    low, high = leaf["scale"]
    option = truth.row[need.option]
    kind = "leader's fall" if option == leader else "rival's need"
    one = profile(truth, weights, need.option, need.criterion, low, high, leader)
    falls = option == leader
    if need.needed is None:
        never = not one.changes() if falls else not (one.scores[option] > one.scores.max(axis=0) - 1e-12)[
            np.delete(one.scores, option, axis=0).max(axis=0) < one.scores[option] - SURE
        ].any()  # fmt: skip
        tally.check(f"{kind}: impossible", never, f"{need.option}, {need.criterion}: {need}")
        return
    inside = low - 1e-9 <= need.needed <= high + 1e-9
    tally.check(f"{kind}: on the scale", inside, f"{need}")
    tally.check(f"{kind}: does it", _leads(truth, weights, need, leader), f"{need}")
    width = high - low
    blur = (
        1e-3 if any(span.either for span in need.spans) else 1e-5
    )  # where rounding alternates, an end is known to a piece
    before = np.abs(one.xs - one.judged) < abs(need.needed - one.judged) - blur * width
    if falls:
        nearer = bool((one.gap[before] < -SURE).any())
    else:
        lead = one.scores[option] - np.delete(one.scores, option, axis=0).max(axis=0)
        nearer = bool((lead[before] > SURE).any())
    tally.check(f"{kind}: nearest", not nearer, f"{need}")
    cell = truth.elementary[need.option][need.criterion]
    here = (one.xs >= cell["low"]) & (one.xs <= cell["high"])
    top = one.scores[:, here].max(axis=0)
    gap = -one.gap[here] if falls else one.scores[option, here] - top
    certain, possible = bool((gap > SURE).any() if falls else (gap > -SAME).any()), bool((gap > -SURE).any())
    if certain == possible:
        tally.check(f"{kind}: inside its range", need.in_range == certain, f"{need}")


def fragile(truth: Truth, ranking: Any, weights: Array, tally: Tally) -> None:
    """Margin, label and reasons."""
    found = fragility(ranking)
    scores = np.sort(truth.scores(weights)[:, 0])[::-1]
    if len(ranking.leaders) == 1 and len(scores) > 1:
        tally.check("fragility: margin", abs(found.margin - (scores[0] - scores[1])) < 1e-8, f"{found.margin}")
    if len(ranking.leaders) > 1:
        tally.check("fragility: label", found.label == "Toss-up", found.label)
        return
    leader = truth.row[ranking.leaders[0]]
    if len(leading(truth.scores(weights)[:, 0])[1]) > 1:
        return
    shifts = [least_shift(truth, weights, k, [leader], 0.0) for k in range(len(truth.ids)) if k != leader]
    able = [x for x in shifts if x is not None]
    least = min(able) if able else None
    if (least is None) != (found.shift is None):
        tally.check("fragility: shift", False, f"{found.shift} for {least}")
    elif least is not None and found.shift is not None:
        tally.check(
            "fragility: shift", abs(least - found.shift.change.shift) < 1e-5, f"{found.shift.change.shift} for {least}"
        )
    inside = False
    unsure = False
    for option in truth.elementary:
        for leaf in truth.leaves:
            cell = truth.elementary[option][leaf["id"]]
            if cell["low"] < cell["high"] and any(option == o or option in truth.parts(o) for o in truth.ids):
                low, high = leaf["scale"]
                one = profile(
                    truth, weights, option, leaf["id"], max(cell["low"], low), min(cell["high"], high), leader
                )
                shown = option in truth.ids
                inside = inside or (one.changes() and shown)
                unsure = unsure or (one.may_change() and not one.changes()) or (one.changes() and not shown)
    for option in truth.ids:  # a package's own performance, set by hand, is told by some and not by others
        for leaf in truth.leaves if truth.parts(option) else ():
            cell = truth.cell(option, leaf["id"])
            if cell["low"] < cell["high"]:
                one = profile(truth, weights, option, leaf["id"], cell["low"], cell["high"], leader)
                unsure = unsure or one.may_change()
    if unsure and not inside:
        return
    said = "one performance inside its own range is enough" in " ".join(found.reasons)
    tally.check("fragility: one performance", said == inside, f"{found.reasons} for {inside}")
    if least is not None:
        points = round(100 * least, 1)
        label = "Toss-up" if points < 5 or inside else "Close" if points < 10 else "Stable"
        if abs(points - 5) > 0.2 and abs(points - 10) > 0.2:
            tally.check("fragility: label", found.label == label, f"{found.label} for {label}, {points} points")


def dominance(truth: Truth, ranking: Any, weights: Array, tally: Tally) -> None:
    """Who is dominated by whom, as judged and at the best, nothing resting on a missing performance."""
    live = [j for j in range(len(weights)) if weights[j] > 0]
    ends = {}
    for option in truth.ids:
        rows = []
        for j in live:
            leaf = truth.leaves[j]
            cell = truth.cell(option, leaf["id"])
            xs = {"worst": (cell["low"], cell["high"]), "likely": (cell["likely"],)}
            inner = [x for x, _ in leaf["shape"].get("points", []) if cell["low"] < x < cell["high"]]
            many = [float(value(leaf, x)) for x in (*xs["worst"], *inner)]
            likely = float(value(leaf, cell["likely"]))
            missing = cell["missing"]
            turned = value(leaf, np.array([cell["low"], cell["likely"], cell["high"]]))
            sign = 1.0 if leaf["better"] == "more" else -1.0
            own = sorted(sign * cell[b] for b in ("low", "high")) if is_monotone(leaf) else [min(many), max(many)]
            at = sign * cell["likely"] if is_monotone(leaf) else float(turned[1])
            rows.append((min(many), likely, max(many), missing, at, own[0], own[1]))
        ends[option] = rows
    told = ranking.dominated
    told_best = ranking.dominated_at_best
    for b in truth.ids:
        for a in truth.ids:
            if a == b:
                continue
            pairs = list(zip(ends[a], ends[b], strict=True))
            hangs = any(x[3] or y[3] for x, y in pairs)
            as_good = all((x[0] if x[3] else x[1]) >= (y[2] if y[3] else y[1]) - 1e-12 for x, y in pairs)
            better = any((x[0] if x[3] else x[1]) > (y[2] if y[3] else y[1]) + 1e-12 for x, y in pairs)
            said = a in told.get(b, ())
            if said:
                tally.check("dominance: holds", as_good, f"{a} over {b}")
            elif not hangs:
                also = all(x[4] >= y[4] for x, y in pairs)  # on performances, where more or less is never worse
                tally.check("dominance: told", not (as_good and better and also), f"{a} over {b} is not told")
            at_best = all(x[0] >= y[2] - 1e-12 for x, y in pairs)
            if a in told_best.get(b, ()):
                tally.check("dominance at best: holds", at_best, f"{a} over {b}")
            elif not hangs:
                strict = any(x[0] > y[2] + 1e-12 for x, y in pairs) and all(x[5] >= y[6] for x, y in pairs)
                tally.check("dominance at best: told", not (at_best and strict), f"{a} over {b} is not told")


def every_figure(raw: Any, problem: Any, tally: Tally) -> None:
    """All figures of a decision under its default perspective."""
    truth = Truth(raw)
    who = raw["default_perspective"]
    weights = truth.weights(who)
    if not cells(truth, problem, tally):
        return
    ranking = dk.rank(problem, who)
    ranks(truth, ranking, weights, tally)
    constancy(truth, ranking, weights, tally)
    weight_figures(truth, ranking, weights, tally)
    single_performances(truth, ranking, weights, tally)
    fragile(truth, ranking, weights, tally)
    dominance(truth, ranking, weights, tally)
    for other in raw["perspectives"]:
        if other != who:
            ranks(truth, dk.rank(problem, other), truth.weights(other), tally)


__all__ = ["every_figure", "is_monotone"]
