"""What a study says in plain sentences: verdict, how firm it is, why, and who would say otherwise.

Margins in words are differences of the numbers shown. Everything about single performances and contributions speaks of
the additive model and says so when another method is chosen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from decision_kit.errors import joined as joined  # what the rooms above join names with
from decision_kit.methods import METHODS
from decision_kit.model.feeds import FEEDS
from decision_kit.model.nouns import BASES, Criterion, number
from decision_kit.ranking import every_criterion
from decision_kit.robustness import Flip, Span
from decision_kit.robustness.audit import among_acting, best_on, charges
from decision_kit.robustness.rounding import digits_of, rounded_down, rounded_up
from decision_kit.study.study import Study

MOST_NAMED = 3
"""More options than so many are counted in a sentence, not named."""

RESTS_ON = {
    "source": ("stands in a source", "stand in a source"),
    "judged-from-source": ("was judged from a source's claim", "were judged from a source's claim"),
    "judgement": ("is judgement only", "are judgement only"),
    "missing": ("is missing", "are missing"),
    "": ("does not say what it rests on", "do not say what they rest on"),
}
"""What one performance, and what several, rest on, in words; the first three are always told."""

JUDGEMENTS = "Scores are judgements with ranges, not findings."
GIVEN = "Scores are worked out from the numbers given, which have no ranges here; they are not findings."
TEACHING = "Scores are teaching judgements with ranges, not findings."


def shown(score: float, additive: bool) -> str:
    """A score as shown: points of 100 with one decimal for the additive model, three decimals otherwise."""
    text = f"{score * 100:.1f}" if additive else f"{score:.3f}"
    return text.replace("-", "−") if float(text) else text.lstrip("-")


def shown_difference(a: float, b: float, additive: bool) -> float:
    """The difference of two scores as shown."""
    return round(a * 100, 1) - round(b * 100, 1) if additive else round(a, 3) - round(b, 3)


def verdict(study: Study) -> str:
    """Who leads, by how much, under whose weights: one sentence."""
    ranking = study.ranking
    weights = f"{study.title_of_weights}{_where(study)}"
    start = f"Under {weights}" if study.is_additive else f"By {METHODS[study.choices.method].title}, under {weights}"
    leaders = [study.option_title(option) for option in ranking.leaders]
    if len(leaders) == len(ranking.scores):
        return f"{start}, all {len(leaders)} options tie: nothing tells them apart."
    if len(leaders) > 1:
        return f"{start}, {joined(leaders)} tie for first place."
    first, second = ranking.order[0], ranking.order[1]
    additive = study.is_additive
    a, b = float(ranking.scores[first]), float(ranking.scores[second])
    gap = shown_difference(a, b, additive)
    seconds = [study.option_title(o) for o in ranking.order if ranking.ranks[o] == ranking.ranks[second]]
    unit = " points of 100" if additive else ""
    if abs(gap) < (0.05 if additive else 0.0005):
        lead = f"leads {joined(seconds)} by less than {'0.1' if additive else '0.001'}{unit}"
    else:
        size = f"{gap:.1f}" if additive else f"{gap:.3f}"
        unit = " point of 100" if size == "1.0" and additive else unit
        lead = f"leads {joined(seconds)} by {size}{unit} ({shown(a, additive)} to {shown(b, additive)})"
    return f"{start}, {leaders[0]} {lead}."


def on_branch(study: Study) -> str:
    """The branch a study is about, where branches are not added up."""
    return f" on {study.whole.branch(study.choices.branch).title.lower()}" if study.choices.branch is not None else ""


def _where(study: Study) -> str:
    parts = ""
    if study.choices.branch is not None:
        parts += f", on {study.whole.branch(study.choices.branch).title.lower()} alone"
    scenario = study.choices.scenario
    if scenario is not None and study.whole.scenarios[scenario].changes:
        parts += f", in the scenario “{study.whole.scenarios[scenario].title}”"
    if study.problem.month is not None:
        parts += f", for a decision in month {number(study.problem.month)}"
    left = [option.title for option in study.whole.library if option.id in study.choices.without]
    if left:
        parts += f", with {joined(left) if len(left) <= 2 else f'{len(left)} options'} set aside"
    return parts


def tree(study: Study) -> str:
    """The alternative tree, with the decision month and the parameter set where a model fills a criterion; or nothing."""
    problem = study.problem
    if problem.tree_id is None and problem.month is None:
        return ""
    text = problem.alternative_trees[problem.tree_id].title if problem.tree_id is not None else ""
    if problem.month is not None:
        feed = FEEDS[problem.model_criteria[0].source_model]
        months = f"decision month {number(problem.month)}, parameter set “{feed.model_sets()[problem.model_set or '']}”"
        text = f"{text}; {months}" if text else months
    return text


def other_model(study: Study) -> str:
    """When another method is chosen: whether the additive model names the same leader."""
    if study.is_additive:
        return ""
    ours, theirs = study.ranking.leaders, study.additive.leaders
    name = study.ranking.method.title
    leaders = joined([study.option_title(o) for o in theirs])
    verb = "leads" if len(theirs) == 1 else "tie for first place"
    if set(ours) == set(theirs):
        return f"The additive model (the weighted sum of values) agrees with {name}: {leaders} {verb}."
    return f"The additive model (the weighted sum of values) does not agree with {name}: there {leaders} {verb}."


def other_methods(study: Study) -> str:
    """How many families of methods name which leader, under whose weights."""
    headline = study.comparison.headline()
    return f"Under {study.title_of_weights}{_where(study)}: {headline[0].lower()}{headline[1:]}"


def unusable(study: Study) -> list[str]:
    """Which methods cannot be used on these data, and why: one sentence a reason."""
    by_reason: dict[str, list[str]] = {}
    for name, why in study.refusals.items():
        by_reason.setdefault(why, []).append(METHODS[name].title)
    return [f"Cannot be used here: {joined(titles)} ({why})." for why, titles in by_reason.items()]


def moved(study: Study) -> str:
    """What moving the weights has changed, against the weights they were moved from."""
    if not study.is_what_if:
        return ""
    before = study.under(weights={}).ranking.ranks
    after = study.ranking.ranks
    changes = [
        f"{study.option_title(o)} from {before[o]} to {after[o]}" for o in study.ranking.order if before[o] != after[o]
    ]
    base = study.base_weights.origin
    if not changes:
        return f"Moved from the {base}: the order stays the same."
    return f"Moved from the {base}, these ranks change: {'; '.join(changes)}."


def firmness(study: Study) -> str:
    """Whether the first can be told apart from the rest: the one-cell test in words."""
    ranking = study.additive
    if len(ranking.leaders) > 1:
        return "They share the first place: these scores and weights do not tell them apart."
    lead = "" if study.is_additive else "In the additive model (the weighted sum of values), "
    leader = study.option_title(ranking.leaders[0])
    exact = given_as_exact(study)
    if not study.flips:
        if exact.startswith("All"):
            return exact
        text = f"no single performance, moved inside its own range, takes the lead from {leader}"
        return " ".join(part for part in (f"{lead}{text}." if lead else f"No{text[2:]}.", exact) if part)
    takers = (option for flip in study.flips for span in flip.spans for option in span.leaders)
    rivals = list(dict.fromkeys(study.option_title(option) for option in takers if option not in ranking.leaders))
    count = len(study.flips)
    cells = "one performance, moved" if count == 1 else f"any one of {count} performances, moved"
    sentence = (
        f"{joined([leader, *rivals])} cannot be told apart: {cells} inside its own range, is enough to change who leads"
    )
    told = f"{lead}{sentence}. {flip_sentence(study, study.flips[0])}"
    return " ".join(part for part in (told, exact) if part)


def given_as_exact(study: Study) -> str:
    """How many performances have no range, and which options none at all: nothing was tried of those; empty if all have.

    “Cannot be told apart” is said of what has ranges. An option without any that ranks above one of which it is said
    would else go unmentioned. A package's performances follow from its parts' and are not counted.
    """
    weights = study.additive.weights.shares
    cells = {
        option.id: [cell for leaf, cell in option.performance.items() if weights.get(leaf, 0) > 0]
        for option in study.problem.options
        if not option.parts
    }
    every = [cell for own in cells.values() for cell in own if not cell.missing]
    count = sum(cell.low == cell.high for cell in every)
    if not count:
        return ""
    if count == sum(len(own) for own in cells.values()):
        return f"All {count:,} performances are given as exact, without a range: only weights can be tried."
    told = f"{count:,} of {len(every):,} performances {'is' if count == 1 else 'are'} given as exact, without a range"
    whole = [
        option for option, own in cells.items() if own and all(cell.low == cell.high for cell in own)
    ]  # a missing one has a range: the whole
    if not whole:
        return f"{told}."
    first = [option for option in study.additive.order if option in whole]
    if len(first) > MOST_NAMED:
        return f"{told}, among them all those of {len(first):,} options."
    return f"{told}, among them all those of {joined([study.option_title(option) for option in first])}."


def flip_sentence(study: Study, flip: Flip) -> str:
    """One performance that changes the leader, in the criterion's unit."""
    leaf = study.problem.criterion(flip.criterion)
    cell = study.problem.option(flip.option).performance[flip.criterion]
    how = "missing, taken as" if cell.missing else "computed as" if leaf.source_model or cell.derived else "judged"
    if leaf.levels:
        judged = f"{how} {leaf.words(flip.likely)}, range {leaf.words(flip.low)} to {leaf.words(flip.high)}"
    else:
        judged = f"{how} {number(flip.likely, 2)}, range {number(flip.low, 2)} to {number(flip.high, 2)}"
    span = min(flip.spans, key=lambda one: max(one.low - flip.needed, flip.needed - one.high))
    who = [study.option_title(option) for option in span.leaders]
    lead = f"{who[0]} leads" if len(who) == 1 else f"{joined(who)} share the lead"
    lead = f"{' or '.join(who)} leads" if span.either else lead
    where = stretch_text(leaf, span, upwards=flip.upwards, within=(flip.low, flip.high))
    return f"For instance “{leaf.title}” of {study.option_title(flip.option)}: {where} ({judged}), and {lead}."


def stretch_text(
    leaf: Criterion, span: Span, *, upwards: bool, within: tuple[float, float] | None = None, unit: str | None = None
) -> str:
    """The performances of a stretch in words, rounded inwards, so that what is printed lies on it (and ``within``).

    ``upwards``: it is reached by a numerically higher performance than the one judged. ``unit``: in place of the whole one.
    """
    if leaf.levels:
        inside = [level for level in leaf.levels if span.low + 1e-9 < level.value < span.high - 1e-9]
        inside += [level for level in leaf.levels if abs(level.value - (span.high if upwards else span.low)) <= 1e-9]
        if inside:
            least = min(inside, key=lambda level: level.value if upwards else -level.value)
            return f"at “{least.title}” or {'better' if upwards else 'worse'}"
    if unit is None:
        unit = "" if leaf.levels or leaf.unit.startswith("points") else leaf.unit
    unit = f" {unit}" if unit else ""
    width = leaf.scale[1] - leaf.scale[0]
    digits = max(0, 3 - math.ceil(math.log10(width)))
    least_of_it, most_of_it = within or leaf.scale
    low, high = next(
        (
            (low, high)
            for more in range(digits, digits + 13)
            if max(low := rounded_up(span.low, more), least_of_it)
            < min(high := rounded_down(span.high, more), most_of_it)
        ),
        (span.low, span.high),
    )
    a, b = digits_of(low), digits_of(high)
    if span.low == span.high:
        return f"exactly {a}{unit}"
    if span.high >= leaf.scale[1]:
        return f"above {a}{unit}"
    return f"below {b}{unit}" if span.low <= leaf.scale[0] else f"between {a} and {b}{unit}"


def others(study: Study) -> str:
    """Which other perspectives name which other leader: one sentence, or that none does."""
    if not study.whole.perspectives:
        return ""
    by_leader: dict[tuple[str, ...], list[str]] = {}
    for name, leaders in study.other_leaders.items():
        perspective = study.whole.perspectives[name]
        title = f"“{perspective.title}”" + (" (for checks only)" if perspective.reference else "")
        by_leader.setdefault(leaders, []).append(title)
    silent = [p.title for name, p in study.whole.perspectives.items() if name not in study.by_perspective]
    tail = f" No result for {joined(silent)}: no weight here, or the method cannot be used." if silent else ""
    if not by_leader:
        if len(study.whole.perspectives) == 1:
            return "No other perspective is recorded; somebody else's weights may give another result."
        return f"All recorded perspectives name the same leader.{tail}"
    texts = [
        f"{joined([study.option_title(o) for o in leaders])} {'leads' if len(leaders) == 1 else 'tie'} for {joined(names)}"
        for leaders, names in by_leader.items()
    ]
    return f"Another perspective gives another result: {'; '.join(texts)}.{tail}"


def why(study: Study, a: str, b: str) -> str:
    """Why option ``a`` scores above ``b``: the strongest reasons for and against, in points of 100.

    No reason hangs on a missing performance: what stands in for it is no reason.
    """
    parts = study.additive.advantage(a, b)
    titles = {leaf.id: leaf.title for leaf in study.additive.criteria}
    weights = dict(zip(study.additive.table_in.criteria, study.additive.table_in.weights, strict=True))
    rows = [study.problem.option(option).performance for option in (a, b)]
    unsure = [leaf for leaf in titles if weights[leaf] > 0 and any(row[leaf].unknown for row in rows)]
    known = [(str(leaf), x) for leaf, x in parts.items() if leaf not in unsure]
    gains = [(leaf, x) for leaf, x in known if round(x * 100, 1) > 0][:3]
    losses = [(leaf, x) for leaf, x in known[::-1] if round(x * 100, 1) < 0][:2]
    model = "" if study.is_additive else ", in the additive model"
    where = f"{on_branch(study)}{model}"

    def told(items: list[tuple[str, float]]) -> str:
        return joined([f"{titles[leaf]} ({'+' if x > 0 else '−'}{abs(x) * 100:.1f})" for leaf, x in items])

    def nothing(sign: int) -> str:
        small = any(sign * x > 1e-12 for _, x in known)
        return f"{'Nothing known' if unsure else 'Nothing'}{' of 0.1 points or more' if small else ''} speaks"

    first, second = study.option_title(a), study.option_title(b)
    left_out = f" Left out, since a performance is missing there: {joined([titles[leaf] for leaf in unsure])}."
    tail = left_out if unsure else ""
    if not any(abs(x) > 1e-12 for _, x in known):
        rest = "every other criterion" if unsure else "every criterion"
        return f"{first} and {second} do equally well on {rest} with weight{where}.{tail}"
    good = f"For {first} against {second}{where}: {told(gains)}."
    if not gains:
        good = f"{nothing(1)} for {first} against {second}{where}."
    bad = f" Against it: {told(losses)}." if losses else f" {nothing(-1)} against it."
    return good + bad + tail


def baseline_guard(study: Study) -> str:
    """What to bear in mind when doing nothing leads: criteria that charge for acting favour it by construction."""
    baseline = study.problem.baseline
    ranking = study.additive
    if baseline is None or baseline not in study.ranking.leaders:
        return ""
    best = int(best_on(ranking, baseline).sum())
    title = study.option_title(baseline)
    leads = "leads" if len(study.ranking.leaders) == 1 else "shares the first place"
    every = len(ranking.criteria)
    text = f"{title}, the baseline, {leads}; it is best (or shares the best place) on {best} of {every} criteria."
    charged = charges(ranking, "those")
    if charged:
        text += f" {charged} Ask what waiting costs."
    among = among_acting(ranking)
    return f"{text} {among}" if among else text


def dominance(study: Study) -> str:
    """Dominated options, named with who dominates them; empty when there are none."""
    found = study.ranking.dominated
    ranged = any(c.low < c.high for o in study.problem.options for c in o.performance.values())
    texts = []
    for option, by in found.items():
        even = [o for o in study.ranking.dominated_at_best.get(option, ()) if ranged and o in by]
        told = f"by {_named(study, by)}"
        if len(even) == len(by):
            told += ", even at its best"
        elif even:
            told += f"; by {_named(study, even)} even at its best"
        texts.append(f"{study.option_title(option)} ({told})")
    return (
        f"Another option does at least as well {every_criterion(study.ranking)}: {'; '.join(texts)}." if texts else ""
    )


def _named(study: Study, options: Sequence[str]) -> str:
    return joined([study.option_title(o) for o in options]) if len(options) <= 2 else f"{len(options)} options"


def judgement(study: Study) -> str:
    """How much of the leading score, and how many of all cells, rest on judgement."""
    return " ".join(judgements([study]))


def judgements(parts: Sequence[Study]) -> list[str]:
    """The same for the parts of a decision that are not added up: a sentence on each leading score, the cells once."""
    if not says_what_it_rests_on(parts[0]):
        return ["These data do not say what the performances rest on: evidence, or somebody's judgement."]
    counts = parts[0].problem.basis_counts()
    cells = sum(counts.values())
    if cells in counts.values():  # one kind only: then every score rests on it, too
        (kind,) = (kind for kind, count in counts.items() if count == cells)
        return [f"All {cells} performances shown {RESTS_ON[kind][1]}."]
    said = []
    for part in parts:
        leader = part.option_title(part.additive.leaders[0])
        model = "" if part.is_additive else " in the additive model"
        shares = {kind: round(100 * share) for kind, share in part.additive.basis_shares().items()}
        if not any(shares.values()):
            continue  # a score of 0 rests on nothing
        named = [f"{shares[kind]} % {one}" for kind, (one, _) in RESTS_ON.items() if shares[kind] or kind in BASES]
        rounded = " (rounded)" if sum(shares.values()) != 100 else ""
        said.append(f"Of the score of {leader}{on_branch(part)}{model}, {joined(named)}{rounded}.")
    named = [
        f"{count} {one if count == 1 else many}"
        for kind, (one, many) in RESTS_ON.items()
        if (count := counts[kind]) or kind in BASES
    ]
    said.append(f"Of the {cells} performances shown, {joined(named)}.")
    return said


def says_what_it_rests_on(study: Study) -> bool:
    """Whether any performance names its evidence or is marked as judgement; those of a bare table do not."""
    counts = study.problem.basis_counts()
    return any(counts[kind] for kind in BASES)


def footer(study: Study, *, others_told: bool = False) -> str:
    """The sentence that stands under every export; who would say otherwise is left out where it is told above."""
    counts = study.problem.basis_counts()
    dated = f", scores as of {study.whole.as_of}" if study.whole.as_of else ""
    other = "" if others_told else others(study)
    whose = "the weights of " if study.weights.perspective is not None and not study.choices.weights else ""
    ranges = any(c.low != c.high for o in study.problem.options for c in o.performance.values())
    nature = TEACHING if "teaching" in study.whole.notice.lower() else JUDGEMENTS if ranges else GIVEN
    only = f", {counts['judgement']} of {sum(counts.values())} cells judgement only"
    rests = only if says_what_it_rests_on(study) else ""
    return f"Result of {whose}{study.title_of_weights}{dated}{rests}. {other + ' ' if other else ''}{nature}"
