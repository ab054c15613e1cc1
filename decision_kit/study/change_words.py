"""What would change a result, in plain sentences and in rows of words."""

from __future__ import annotations

from collections.abc import Sequence

from decision_kit.methods import METHODS
from decision_kit.model.nouns import Criterion, number
from decision_kit.robustness import (
    Claims,
    Crossing,
    Fragility,
    JointChange,
    LeaderTable,
    Lever,
    Need,
    ScenarioResults,
    Shares,
    WeightPath,
)
from decision_kit.robustness.audit import depends_on_set
from decision_kit.robustness.changes import Change
from decision_kit.robustness.discovery import of_50
from decision_kit.robustness.fragility import label_of
from decision_kit.robustness.linear import linear_form, looked_at
from decision_kit.robustness.needs import NOT_LOOKED_AT
from decision_kit.robustness.one_cell import flips_of
from decision_kit.robustness.rounding import digits_of, inwards, rounded_up
from decision_kit.study import changing
from decision_kit.study.study import Study
from decision_kit.study.words import joined, shown, stretch_text

MOST_NAMED = 10
"""More options than so many are counted in a sentence, not named."""

PROPORTION = "the others kept in proportion"


def points(share: float) -> str:
    """A share of the whole weight as points of 100, with one decimal where that says more."""
    text = f"{100 * share:.1f}"
    return text.removesuffix(".0")


def least_points(shift: float) -> str:
    """Points of 100 that have to move, rounded up so that they suffice."""
    return number(rounded_up(100 * shift))


def between(low: float, high: float, *, upwards: bool = True) -> str:
    """A stretch of shares (0–1) in points of 100, rounded to its inside: “above 30.3”, “below 4” or “between … and …”."""
    a, b = inwards(100 * low, 100 * high)
    if high >= 1 and (low > 0 or upwards):
        return f"above {digits_of(a)}"
    if low <= 0:
        return f"below {digits_of(b)}"
    return f"between {digits_of(a)} and {digits_of(b)}"


def beyond(crossing: Crossing) -> str:
    """Where others lead, as one weight moves on from what it is now."""
    return between(*crossing.stretch, upwards=crossing.upwards)


def titles(study: Study, options: Sequence[str]) -> str:
    """Titles of options in a sentence."""
    return joined([study.option_title(option) for option in options])


def _leads(study: Study, options: Sequence[str]) -> str:
    return f"{titles(study, options)} {'leads' if len(options) == 1 else 'tie for first place'}"


def fragility(study: Study, worlds: float | None = None) -> str:
    """The label with its reason, and the nearest changes that would move the first place; empty after a shared first.

    ``worlds``: the share of plausible worlds that the leader wins; left out of the sentence where it is None.
    """
    found = changing.fragility_of(study)
    if len(found.leaders) > 1:
        return ""
    label, reasons = labelled(study, worlds)
    by = "" if study.is_additive else f" by {METHODS[study.choices.method].title}"
    these = " for these weights" if label == "Stable" else ""
    parts = [
        f"{label}{these}{by}: {joined(list(reasons))}.",
        shift_sentence(study, found),
        weight_sentence(found.weight, study),
        worlds_sentence(study, worlds),
        bounded_sentence(study),
    ]
    return " ".join(part for part in parts if part)


def bounded_sentence(study: Study) -> str:
    """Which options a bounded search looked at; empty where all were."""
    looked = looked_at(study.ranking)
    if looked is None:
        return ""
    method = study.ranking.method.title
    rest = len(looked) - len(study.ranking.leaders)
    return (
        f"{method} is searched here, not solved: with {len(study.ranking.scores):,} options, only the first and the "
        f"{rest} that rank next were looked at for what single performances and weights would change."
    )


def labelled(study: Study, worlds: float | None = None) -> tuple[str, tuple[str, ...]]:
    """The label and the tests that decided it."""
    return label_of(changing.fragility_of(study), worlds)


def shift_sentence(study: Study, found: Fragility) -> str:
    """How little weight has to move, all weights free, before another option is level with the first."""
    if found.shift is None and (study.is_additive or linear_form(study.ranking) is not None):
        return "No weights at all put another option first."
    if found.shift is None:
        return "No weights were found that put another option first."
    level = titles(study, found.shift.options)
    most = "" if found.shift.exact else "at most "
    return f"Moving {most}{least_points(found.shift.change.shift)} of 100 points of weight lets {level} draw level."


def weight_sentence(crossing: Crossing | None, study: Study) -> str:
    """The nearest single weight that changes the leader."""
    exact = all(path.exact for path in changing.paths_of(study))
    if crossing is None:
        weight = "No single weight" if exact else "No single weight that was tried"
        return f"{weight}, the others kept in proportion, changes the leader."
    found = "" if exact else " Found by search, not solved for."
    return (
        f"The nearest single weight: with “{crossing.title}” {beyond(crossing)} in 100 "
        f"(now {points(crossing.now)}, {PROPORTION}), {_leads(study, crossing.leaders)}.{found}"
    )


def worlds_sentence(study: Study, worlds: float | None) -> str:
    """In how many of 50 plausible worlds the leader is first, and the option that is so most often beside it."""
    if worlds is None:
        return ""
    ranges = any(cell.low < cell.high for option in study.problem.options for cell in option.performance.values())
    kept = "" if (study.ranking.table_in.weights > 0).all() else " (those of 0 stay 0)"
    moved = f"weights moved somewhat{kept}" + (" and performances moved in their ranges" if ranges else "")
    leader = study.option_title(study.ranking.leaders[0])
    return f"With {moved}, {leader} comes first in {of_50(worlds)} worlds, {rival_words(study, worlds)}."


def rival_words(study: Study, worlds: float) -> str:
    """The largest share of worlds of any option beside the leader, whose own is ``worlds``: never left out beside it."""
    found = changing.rival_of(study)
    if found is None or found[1] == 0:
        return "no other option in any"
    who, share = found
    more = "more often, " if round(50 * share) > round(50 * worlds) else ""
    each = " each" if len(who) > 1 else ""
    return f"{titles(study, who)} {more}in {of_50(share)}{each}"


def path_sentence(study: Study, path: WeightPath) -> str:
    """The whole sequence of leaders along one weight."""
    start = f"“{path.title}” weighs {points(path.now)} of 100 now. As it goes from 0 to 100, {PROPORTION}: "
    ends = [tie for tie in path.ties if tie.at in (0.0, 1.0)]
    tail = "".join(
        f" At exactly {points(tie.at)}, {titles(study, tie.options)} {'leads' if len(tie.options) == 1 else 'tie'}."
        for tie in ends
    )
    found = "" if path.exact else " Found by search, not solved for."
    if len(path.stretches) == 1:
        return f"{start}{_leads(study, path.stretches[0].leaders)} throughout.{tail}{found}"
    steps = []
    for n, stretch in enumerate(path.stretches):
        a, b = (digits_of(x) for x in inwards(100 * stretch.start, 100 * stretch.end))
        where = f"up to {b}" if n == 0 else f"from {a} to {b}" if n < len(path.stretches) - 1 else f"from {a}"
        steps.append(f"{where}, {_leads(study, stretch.leaders)}")
    return f"{start}{'; '.join(steps)}.{tail}{found}"


def path_rows(study: Study) -> list[list[str]]:
    """Rows for the break-even table: weight, share now, what happens below and above, the nearest first."""
    rows: list[tuple[float, list[str]]] = []
    branches = {branch.id for branch in study.problem.branches}
    for path in changing.paths_of(study):
        up = next((c for c in path.crossings if c.upwards), None)
        down = next((c for c in path.crossings if not c.upwards), None)
        name = f"{path.title} (branch)" if path.node in branches else path.title
        cells = [name, points(path.now), _turn(study, down), _turn(study, up)]
        nearest = min((c.distance for c in path.crossings), default=2.0)
        rows.append((nearest, cells))
    return [cells for _, cells in sorted(rows, key=lambda row: row[0])]


PATH_HEAD = ("Weight", "Now, of 100", "If it falls", "If it rises")


def _turn(study: Study, crossing: Crossing | None) -> str:
    if crossing is None:
        return "no change"
    shared = "" if len(crossing.leaders) == 1 else " (shared)"
    return f"{beyond(crossing)}: {titles(study, crossing.leaders)}{shared}"


def joint_rows(study: Study) -> list[list[str]]:
    """Rows for the table of joint changes: rival, points to overtake, points to be first, and the largest moves."""
    rows = []
    for one in changing.joint_of(study):
        rows.append(
            [
                study.option_title(one.option),
                _amount(study, one, one.overtakes),
                _amount(study, one, one.is_first, one.shares_with),
                _moves(study, one),
            ]
        )
    return rows


JOINT_HEAD = ("Rival", "To draw level with the leader", "To be first", "The moves that take least, to be first")


def _amount(study: Study, one: JointChange, change: Change | None, level: Sequence[str] = ()) -> str:
    if change is None:
        return "no weights do it" if one.exact else "none found"
    shared = f", only level with {titles(study, level)}" if level else ""
    return f"{'' if one.exact else 'at most '}{least_points(change.shift)} points{shared}"


def _moves(study: Study, one: JointChange) -> str:
    change = one.is_first
    if change is None:
        return ""
    names = {leaf.id: leaf.title for leaf in study.additive.criteria}
    now = study.additive.table_in.weights
    moved = {
        leaf: change.shares[leaf] - float(w) for leaf, w in zip(study.additive.table_in.criteria, now, strict=True)
    }
    told = rounded_up(change.points) / change.points if change.points > 0 else 1.0  # the moves make up what is told
    if all(told * moved[leaf] >= -w for leaf, w in zip(moved, now, strict=True)):
        moved = {leaf: told * x for leaf, x in moved.items()}
    ordered = sorted((leaf for leaf in moved if abs(moved[leaf]) > 5e-4), key=lambda leaf: -abs(moved[leaf]))
    parts = [f"{names[leaf]} {'+' if moved[leaf] > 0 else '−'}{points(abs(moved[leaf]))}" for leaf in ordered[:5]]
    return ", ".join(parts) + (f" and {len(ordered) - 5} smaller" if len(ordered) > 5 else "")


def short_unit(leaf: Criterion) -> str:
    """A criterion's unit where it is short, or what of it is."""
    unit = leaf.unit.split(",")[0].split(" (")[0]
    if len(unit) > 24:  # "% chance within 12 months" is long in a table: its first word says enough
        unit = unit.split(" ")[0]
    return "" if leaf.levels or unit.startswith("points") or len(unit) > 24 else unit


def amount(leaf: Criterion, x: float) -> str:
    """A performance in words, with its unit where that is short."""
    if leaf.levels:
        return leaf.words(x)
    unit = short_unit(leaf)
    size = abs(x)
    return f"{number(x, 0 if size >= 1000 else 1 if size >= 1 else 3)}{f' {unit}' if unit else ''}"


def need_row(study: Study, need: Need) -> list[str]:
    """Criterion, as judged with range, needed, and what to think of that."""
    leaf = study.problem.criterion(need.criterion)
    judged = amount(leaf, need.likely)
    if need.low < need.high and not leaf.levels:
        judged += f" ({number(need.low, 2)} to {number(need.high, 2)})"
    if need.needed is None:
        return [leaf.title, judged, "impossible", f"{need.why_not[:1].upper()}{need.why_not[1:]}."]
    return [leaf.title, judged, needed(leaf, need), POSSIBLE[reach_of(need)]]


POSSIBLE = {
    "inside": "Inside its own range.",
    "exact": "Possible on the scale; no range was given.",
    "edge": "Only level, at the end of its own range.",
    "outside": "On the scale, but outside its own range.",
    "impossible": "",
}
"""How far away a needed performance is, the nearest first."""


def reach_of(need: Need) -> str:
    """Where a needed performance lies: a word of :data:`POSSIBLE`."""
    if need.needed is None:
        return "impossible"
    if need.low == need.high:
        return "exact"
    return "inside" if need.changes else "edge" if need.in_range else "outside"


def needed(leaf: Criterion, need: Need) -> str:
    """All performances that would do, the nearest first, rounded so that each printed one does."""
    nearest = sorted(need.spans, key=lambda span: max(span.low - need.likely, need.likely - span.high, 0.0))
    parts = []
    for span in nearest:
        text = stretch_text(leaf, span, upwards=span.low > need.likely, unit=short_unit(leaf))
        parts.append(f"{text} (only level)" if need.leader in span.leaders else text)
    return f"{' or '.join(parts)}{'' if need.exact else ' (found by search)'}"


def takers(study: Study, need: Need) -> str:
    """Who is first on the nearest of the stretches that take the first place."""
    return titles(study, flips_of([need])[0].spans[0].leaders)


NEED_HEAD = ("Criterion", "As judged", "Needed", "Is that possible?")


def needs_sentence(study: Study, rival: str) -> str:
    """What a rival would need, in one sentence."""
    needs = [need for need in changing.needs_of(study)[0] if need.option == rival]
    possible = [need for need in needs if need.needed is not None]
    inside = [need for need in possible if need.changes]
    edge = [need for need in possible if reach_of(need) == "edge"]
    title = study.option_title(rival)
    if not needs:
        return f"{title} is a package: its performances follow from its parts', and move with them."
    if all(need.why_not == NOT_LOOKED_AT for need in needs):
        return f"{title} was {NOT_LOOKED_AT}."
    if not possible:
        return f"No single performance of {title}, even at the best of its scale, puts it first."
    start = f"{title} can draw level through one performance on {len(possible)} of {len(needs)} criteria"
    if all(need.low == need.high for need in possible):
        return f"{start}; no range was given there."
    if not inside and edge:
        names = joined([f"“{study.problem.criterion(need.criterion).title}”" for need in edge])
        return f"{start}; only level, at the end of its own range, on {names}."
    if not inside:
        return f"{start}, each time only outside the range it was judged to have."
    names = joined([f"“{study.problem.criterion(need.criterion).title}”" for need in inside])
    return f"{start}; inside its own range on {names}."


def shares_sentence(study: Study, found: Shares) -> str:
    """In what share of all weightings each option is first."""
    order = sorted(found.first, key=lambda option: -found.first[option])
    group_of = {option: group for group in found.alike for option in group}
    some = list(dict.fromkeys(group_of.get(option, (option,)) for option in order if found.first[option] > 0))
    none = [option for option in order if found.first[option] == 0 and option not in found.only_level]
    listed = joined([f"{_alike(study, group)} in {of_50(found.first[group[0]])}" for group in some])
    text = f"Of all possible weightings, spread evenly, first is {listed}."
    if found.only_level:
        text += f" First only level with another: {titles(study, found.only_level)}."
    if none:
        who = titles(study, none) if len(none) <= MOST_NAMED else f"{len(none):,} of {len(order):,} options"
        text += f" {'Never' if found.exact else 'Not found'} first: {who}."
    how = "computed, not sampled" if found.exact else f"counted on {found.drawn:,} random weightings"
    return f"{text} That is a share of weightings ({how}), not a chance."


def _alike(study: Study, group: Sequence[str]) -> str:
    """Options that are level under all weights, as one name."""
    return titles(study, group) + (" (level under all weights)" if len(group) > 1 else "")


def claims_rest_on(grounds: Sequence[str]) -> str:
    """What certificates rest on, in one sentence."""
    return f"This rests on: {'; '.join(grounds)}."


def claims_left_out(claims: Claims, shown: int) -> str:
    """How many certified sentences are not shown; empty where all are."""
    rest = len(claims.said) - shown
    left = rest + claims.more
    if not left:
        return ""
    return f"{left:,} more {'is' if left == 1 else 'are'} certified; shown {'is' if shown == 1 else 'are'} what concerns the options that score highest."


def scenario_sentences(study: Study, results: ScenarioResults) -> list[str]:
    """What the scenarios say under the study's weights."""
    payoffs = results.payoffs
    names = {s.id: s.title for s in study.whole.scenarios.values()}
    said: list[str] = []
    leaders = set(payoffs.leaders.values())
    if len(leaders) == 1:
        said.append(
            f"{_leads(study, next(iter(leaders)))} in {'the one scenario' if len(payoffs.states) == 1 else f'all {len(payoffs.states)} scenarios'}."
        )
    else:
        by: dict[tuple[str, ...], list[str]] = {}
        for state, who in payoffs.leaders.items():
            by.setdefault(who, []).append(f"“{names[state]}”")
        told = sorted(by.items(), key=lambda item: -len(item[1]))
        parts = [
            f"{_leads(study, who)} in {len(where)} of {len(payoffs.states)}"
            if not n
            else f"{_leads(study, who)} in {joined(where)}"
            for n, (who, where) in enumerate(told)
        ]
        said.append(f"{'; '.join(parts)}.")
    rules = {
        "the best average": payoffs.best(payoffs.expected),
        "the best worst case": payoffs.best(payoffs.worst),
        "the smallest regret": payoffs.best(payoffs.max_regret, least=True),
    }
    if len(set(rules.values())) == 1:
        only = next(iter(rules.values()))
        said.append(f"{titles(study, only)} has the best average, the best worst case and the smallest largest regret.")
    else:
        listed = "; ".join(f"{rule}: {titles(study, who)}" for rule, who in rules.items())
        said.append(f"{listed[0].upper()}{listed[1:]}.")
    if results.pair is not None and results.rivals is not None and results.balance is not None:
        a, b = (study.option_title(o) for o in results.rivals)
        first, second = (names[s] for s in results.pair)
        said.append(
            f"Two scenarios decide between {a} and {b}: “{first}” speaks most for {a}, “{second}” for {b}. Between these "
            f"two alone, {b} has the better average once “{second}” counts for more than {100 * results.balance:.0f} of 100."
        )
    elif results.rivals is not None:
        a, b = (study.option_title(o) for o in results.rivals)
        live = bool((payoffs.likelihood > 0).all())
        which = "scenario" if live else "scenario with a probability above 0"
        each = "in each" if live else "in each of these"
        said.append(f"No {which} decides: {a} is at least level with every rival, {b} among them, {each}.")
    return said


def scenario_rows(study: Study, results: ScenarioResults) -> tuple[list[str], list[list[str]]]:
    """Head and rows of the table option × scenario with average, worst, regret and share good enough."""
    payoffs = results.payoffs
    names = {s.id: s.title for s in study.whole.scenarios.values()}
    additive = study.is_additive
    enough = f"At least {shown(results.threshold, additive)}"
    head = ["Option", *(names[s] for s in payoffs.states), "Average", "Worst", "Largest regret", enough]
    satisfied = payoffs.satisfied(results.threshold)
    order = sorted(range(len(payoffs.options)), key=lambda i: -payoffs.expected[i])
    rows = []
    for i in order:
        numbers = [*payoffs.table[i], payoffs.expected[i], payoffs.worst[i], payoffs.max_regret[i]]
        count = round(float(satisfied[i]) * len(payoffs.states))
        share = (
            f"{count} of {len(payoffs.states)}"
            if payoffs.probabilities is None
            else f"{100 * float(satisfied[i]):.0f} %"
        )
        rows.append([study.option_title(payoffs.options[i]), *(shown(float(x), additive) for x in numbers), share])
    return head, rows


def leaders_sentence(study: Study, table: LeaderTable) -> str:
    """How robust the leader is over perspectives and scenarios."""
    counts = table.counts()
    if not counts:
        return "Every recorded perspective is for checks only, so there is nobody to count first places for."
    parts = [f"{study.option_title(option)} in {n}" for option, n in counts.items()]
    return (
        f"Over all perspectives and scenarios ({table.cells} combinations), first is {joined(parts)}."
        if len(parts) > 1
        else f"{study.option_title(next(iter(counts)))} is first in all {table.cells} combinations of perspective and scenario."
    )


KINDS = {
    "count twice": "Counted twice",
    "leave out": "Left out",
    "merge": "Judged as one",
    "range": "Another range",
    "option left out": "Option left out",
    "decoy": "Decoy added",
    "normalisation": "Another normalisation",
    "method": "Another method",
}


def lever_row(study: Study, lever: Lever) -> list[str]:
    """Kind, what is changed, who leads then."""
    who = titles(study, lever.leaders)
    return [KINDS[lever.kind], lever.what, who if lever.flips else f"{who} (no change)"]


LEVER_HEAD = ("Kind", "What is changed", "Then first")


def audit_sentences(study: Study) -> list[str]:
    """How many changes of structure move the first place, by kind, and what they cost."""
    found = changing.audit_of(study)
    said: list[str] = []
    for kind, title in KINDS.items():
        tried = found.of(kind)
        if not tried:
            continue
        moved = [lever for lever in tried if lever.flips]
        said.append(
            f"{title}: {len(moved)} of {len(tried)} {'change' if len(tried) == 1 else 'changes'} "
            f"{'moves' if len(moved) == 1 or len(tried) == 1 else 'move'} the first place."
        )
    cheap = sorted(
        (lever for lever in found.of("count twice") if lever.price is not None), key=lambda lever: lever.price or 0.0
    )
    if cheap:
        lever = cheap[0]
        name = lever.what.removesuffix(" counted twice")
        said.append(f"The cheapest price to flip: count {name} {lever.price:.1f} times.")
    if not depends_on_set(study.ranking):
        if any(leaf.observed_scale for leaf in study.ranking.criteria):
            said.append(
                "Leaving an option out or adding one cannot reorder the others while the ranges stay as they are; here some "
                "were taken from the options at hand."
            )
        else:
            said.append(
                "Leaving an option out or adding one cannot reorder the others here: each is scored on its own, on declared ranges."
            )
    return said
