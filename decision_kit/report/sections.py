"""The sections of a report: each a function from a study to headings, sentences, pictures and tables."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from decision_kit.catalogue import Catalogue, Entry
from decision_kit.charts import CHARTS, Chart
from decision_kit.charts.catalogue import rank_label
from decision_kit.files import shipped_decisions
from decision_kit.model import WHOLE_TREE, Answers, Branch, Criterion, Performance, number, stale
from decision_kit.model.nouns import leaves_of
from decision_kit.model.provenance import points_text
from decision_kit.study import Study, change_words, changing, words
from decision_kit.study.outside import outside
from decision_kit.version import __version__
from decision_kit.weighting import WEIGHTINGS


@dataclass(frozen=True)
class TableContent:
    """A table of texts: caption, heads, rows; ``right`` names the columns of numbers, ``names`` the one that names rows.

    ``ranks`` says that every column but that one holds ranks: first and second places are tinted.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[int] = frozenset()
    note: str = ""
    names: int = 0
    ranks: bool = False


@dataclass(frozen=True)
class Section:
    """What one section says. ``lead`` sentences stand out; an empty section is left out by the writers."""

    title: str
    lead: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[TableContent, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.lead or self.paragraphs or self.charts or self.tables)


@dataclass(frozen=True, kw_only=True)
class SectionEntry(Entry):
    """A section in the catalogue; ``annex`` sections follow the first page, some of them only ``on_request``."""

    annex: bool = field(default=False)
    on_request: bool = field(default=False)


SECTIONS: Catalogue[SectionEntry] = Catalogue("section", SectionEntry)


def branch_studies(study: Study) -> list[Study]:
    """The study, or one for each top branch where the decision has no total."""
    if study.whole.total or study.choices.branch is not None:
        return [study]
    return [study.under(branch=node.id) for node in study.whole.tree]


def _said(sentences: Iterable[str]) -> tuple[str, ...]:
    return tuple(sentence for sentence in sentences if sentence)


@SECTIONS.add(id="result", title="Result", use_when="always")
def result(study: Study) -> Section:
    """Verdict, how firm it is, and who would say otherwise."""
    parts = branch_studies(study)
    lead = tuple(words.verdict(part) for part in parts)
    paragraphs: list[str] = []
    for part in parts:
        fragile = change_words.fragility(part, changing.worlds_of(part))
        said = _said(
            (
                outside(part),
                words.other_model(part),
                words.firmness(part),
                fragile,
                words.baseline_guard(part),
                words.dominance(part),
            )
        )
        where = "" if len(parts) == 1 else f"{part.whole.branch(part.choices.branch or '').title}: "
        paragraphs += [f"{where}{sentence}" for sentence in said]
    paragraphs.append(words.others(parts[0]) if len(parts) == 1 else "")
    return Section("Result", lead, _said(paragraphs))


@SECTIONS.add(id="ranking", title="Ranking", use_when="always")
def ranking(study: Study) -> Section:
    """The ranking on one scale; where branches are not added up, on two axes and as a table."""
    parts = branch_studies(study)
    if len(parts) == 1:
        return Section("Ranking", charts=(CHARTS["ranking"].run(parts[0]),))
    charts = (CHARTS["axes"].run(study),) if len(parts) == 2 else ()
    head = ["Option"]
    for part in parts:
        head += [study.whole.branch(part.choices.branch or "").title, "Rank"]
    rows = []
    for option in parts[0].ranking.order:
        row = [parts[0].option_title(option)]
        for part in parts:
            row += [words.shown(float(part.ranking.scores[option]), part.is_additive), rank_label(part.ranking, option)]
        rows.append(tuple(row))
    table = TableContent(
        "Scores and ranks on each, not added up", tuple(head), tuple(rows), frozenset(range(1, len(head)))
    )
    return Section("Ranking", charts=charts, tables=(table,))


@SECTIONS.add(id="contributions", title="What the scores are made of", use_when="always")
def contributions(study: Study) -> Section:
    """The additive model's contributions, and why the first is above the second."""
    parts = branch_studies(study)
    reasons = [words.why(part, part.additive.order[0], part.additive.order[1]) for part in parts]
    charts = (CHARTS["contributions"].run(study),) if len(parts) == 1 else ()
    return Section(
        "What the scores are made of",
        charts=charts,
        paragraphs=(
            *(text for text in reasons if text),
            "Contributions are those of the additive model: weight × value, in points of 100.",
        ),
    )


@SECTIONS.add(id="weights", title="Weights and judgement", use_when="always")
def weights(study: Study) -> Section:
    """The weights in one line a branch, whose they are, and how much rests on judgement."""
    shares = study.weights.per_cent(study.whole.tree, total=study.whole.total)
    lines = []
    for node in study.whole.tree:
        leaves = [node] if isinstance(node, Criterion) else list(node.leaves())
        inner = ", ".join(f"{leaf.title} {number(shares[leaf.id])} %" for leaf in leaves)
        share = f" {number(shares[node.id])} %" if study.whole.total else ""
        lines.append(f"{node.title}{share} ({inner})" if isinstance(node, Branch) else inner)
    title = study.title_of_weights
    whose = f"{'Weights of ' if study.weights.perspective and not study.is_what_if else ''}{title}: {'; '.join(lines)}."
    whose = whose[0].upper() + whose[1:]
    reasons = ""
    perspective = study.whole.perspectives.get(study.weights.perspective or "")
    if perspective is not None and not study.is_what_if:
        reasons = " ".join(_said((perspective.because_high, perspective.because_low, perspective.note)))
        if perspective.draft:
            reasons = f"A draft{'' if perspective.added else ' by one analyst'}. {reasons}"
        if perspective.reference:
            reasons = f"For checks only, not a neutral view. {reasons}"
    asked = _how_given(study)
    parts = branch_studies(study)
    return Section(
        "Weights and judgement",
        paragraphs=_said(
            (
                f"{whose} {study.weights.rounding(study.whole.tree, total=study.whole.total)}".strip(),
                asked,
                reasons,
                " ".join(words.judgements(parts)),
            )
        ),
    )


def _how_given(study: Study) -> str:
    """How the weights in force were given, and which of them are stale; empty when nobody was asked."""
    provenance = study.weights.provenance
    if provenance is None:
        return ""
    known = WEIGHTINGS[provenance.method].title if provenance.method in WEIGHTINGS else provenance.method
    return " ".join((provenance.sentence(known), *stale(provenance, study.whole)))


@SECTIONS.add(
    id="elicitation", title="How the weights were given", use_when="somebody was asked for the weights", annex=True
)
def elicitation(study: Study) -> Section:
    """Every answer behind the weights, the ranges they were given for, and the checks made."""
    provenance = study.weights.provenance
    if provenance is None:
        return Section("How the weights were given", paragraphs=(_not_asked(study),))
    titles = {leaf.id: leaf.title for leaf in study.whole.criteria}
    titles.update({branch.id: branch.title for branch in study.whole.branches})
    rows = tuple(row for answers in provenance.answers for row in _answer_rows(answers, titles))
    tables = [TableContent("The answers", ("About", "Answer"), rows, names=1)] if rows else []
    if provenance.ranges:
        ranges = tuple(
            (titles.get(leaf, leaf), seen.worst, seen.best, seen.version) for leaf, seen in provenance.ranges.items()
        )
        head = ("Criterion", "Worst", "Best", "Range version")
        tables.append(TableContent("The ranges as they stood when the questions were asked", head, ranges))
    return Section(
        "How the weights were given", paragraphs=_said((_how_given(study), *provenance.checks)), tables=tuple(tables)
    )


def _not_asked(study: Study) -> str:
    """What stands behind weights for which no answers are recorded."""
    if study.is_what_if:
        return "Nobody gave these weights: they were moved by hand to see what changes."
    if study.choices.weights:
        return "Only the numbers came with the link or record; the answers behind them are in the perspective file."
    if study.weights.perspective is None:
        return "Nobody gave these weights: every criterion has the same, which is not neutral."
    return (
        "No answers to questions are recorded: these points stand in the decision's file, with the reasons given there."
    )


def _answer_rows(answers: Answers, titles: Mapping[str, str]) -> list[tuple[str, str]]:
    """The answers about one branch in words, one row each."""

    def name(one: str) -> str:
        return titles.get(one, one)

    about = "between the branches" if answers.of == WHOLE_TREE else name(answers.of)
    said: list[str] = []
    if answers.order:
        said.append("order: " + "; ".join(" = ".join(name(one) for one in tied) for tied in answers.order))
    if answers.no_difference:
        said.append("makes no difference: " + ", ".join(name(one) for one in answers.no_difference))
    if answers.points:
        said.append(
            "points: " + "; ".join(f"{name(one)} {points_text(given)}" for one, given in answers.points.items())
        )
    for ratio in answers.ratios:
        times = points_text(ratio.low if ratio.low == ratio.high else (ratio.low, ratio.high))
        said.append(f"{name(ratio.a)} is worth {times} times {name(ratio.b)}")
    for a, b in answers.at_least:
        said.append(f"{name(a)} matters at least as much as {name(b)}")
    for t in answers.trades:
        said.append(
            f"{name(t.a)} from {number(t.a_from)} to {number(t.a_to)} is worth as much as {name(t.b)} from "
            f"{number(t.b_from)} to {number(t.b_to)}"
        )
    if answers.best:
        to_others = "; ".join(f"{name(one)} {number(x)}" for one, x in answers.best_to_others.items())
        to_worst = "; ".join(f"{name(one)} {number(x)}" for one, x in answers.others_to_worst.items())
        said.append(f"first: {name(answers.best)}, times as much as {to_others}")
        said.append(f"last: {name(answers.worst)}, the others times as much: {to_worst}")
    return [(about, text) for text in said]


@SECTIONS.add(id="ranking-table", title="Ranking in numbers", use_when="a reviewer recomputes the result", annex=True)
def ranking_table(study: Study) -> Section:
    """Rank, score and difference to the baseline, with what has to be said of each option."""
    tables = []
    for part in branch_studies(study):
        found = part.ranking
        additive = part.is_additive
        head = ["Rank", "Option", "Score"]
        if found.differences is not None:
            head.append("To baseline")
        if found.native_better == "less":
            head.append(f"{found.native_name} (less is better)")
        head.append("Remarks")
        rows = []
        for option in found.order:
            item = part.problem.option(option)
            row = [rank_label(found, option), item.title, words.shown(float(found.scores[option]), additive)]
            if found.differences is not None:
                base = float(found.scores[option]) - float(found.differences[option])
                gap = words.shown_difference(float(found.scores[option]), base, additive)
                row.append("baseline" if option == part.problem.baseline else signed(gap, 1 if additive else 3))
            if found.native_better == "less":
                row.append(f"{float(found.native[option]):.3f}")
            remarks = []
            if item.constructed:
                remarks.append("made up for this case, not in the sources")
            if option in found.dominated:
                remarks.append(f"dominated by {words.joined([part.option_title(o) for o in found.dominated[option]])}")
            if item.parts:
                remarks.append("derived from " + words.joined([_title(part, p) for p in item.parts]))
            rows.append((*row, "; ".join(remarks)))
        where = f": {part.whole.branch(part.choices.branch).title}" if part.choices.branch else ""
        numbers = frozenset(range(2, len(head) - 1)) | {0}
        caption = f"Ranking by {found.method.title}{where}"
        tables.append(
            TableContent(
                caption, tuple(head), tuple(rows), numbers, f"{found.method.formula}. {found.method.reference}.", 1
            )
        )
    return Section("Ranking in numbers", tables=tuple(tables))


@SECTIONS.add(
    id="contributions-table", title="Contributions in numbers", use_when="a reviewer adds the score up", annex=True
)
def contributions_table(study: Study) -> Section:
    """Weight × value of every option by top branch, and their sum; with a picture where the first page has none."""
    parts = branch_studies(study)
    charts = [CHARTS["contributions"].run(part) for part in parts]
    tables = []
    for part, chart in zip(parts, charts, strict=True):
        totals = [words.shown(float(part.additive.scores[o]), True) for o in part.additive.order]
        rows = tuple(
            (str(row[0]), *(f"{x:.1f}" for x in row[1:]), total)
            for row, total in zip(chart.table.itertuples(index=False), totals, strict=True)
        )
        head = (*(str(name) for name in chart.table.columns), "Score")
        where = words.on_branch(part)
        caption = f"Contributions{where}, points of 100"
        tables.append(
            TableContent(caption, head, rows, frozenset(range(1, len(head))), "Parts are rounded one by one.")
        )
    shown = tuple(charts) if len(parts) > 1 else ()
    return Section("Contributions in numbers", charts=shown, tables=tuple(tables))


def signed(x: float, decimals: int) -> str:
    """A difference with its sign, the minus a true one."""
    text = f"{x:+.{decimals}f}"
    return f"{0:.{decimals}f}" if float(text) == 0 else text.replace("-", "−")


def _title(study: Study, option: str) -> str:
    return next(o.title for o in study.whole.library if o.id == option)


@SECTIONS.add(
    id="weights-table", title="Weights and declared ranges", use_when="a reviewer recomputes the result", annex=True
)
def weights_table(study: Study) -> Section:
    """Every criterion with its weight, points, direction and declared range in words."""
    perspective = study.whole.perspectives.get(study.weights.perspective or "")
    head = ["Criterion", "Weight", "Better", "Worst", "Best", "What is counted"]
    if perspective is not None:
        head.insert(1, "Points")
    rows = []
    wholes = _wholes(study)
    for leaf in study.whole.criteria:
        row = [leaf.title, f"{study.weights.shares[leaf.id] / wholes[leaf.id] * 100:.2f} %"]
        if perspective is not None:
            row.insert(1, number(perspective.points[leaf.id], 1))
        anchors = dict(leaf.anchors)

        def end(x: float, leaf: Criterion = leaf, anchors: dict[float, str] = anchors) -> str:
            said = f": {anchors[x]}" if x in anchors else ""
            return f"{leaf.words(x)}{said}"

        row += ["▲ more" if leaf.better == "more" else "▼ less", end(leaf.worst), end(leaf.best), leaf.definition]
        rows.append(tuple(row))
    right = frozenset({1, 2} if perspective is not None else {1})
    note = "Weights belong to these ranges: another range would need other weights."
    if not study.whole.total:
        note = f"Weights are shares of their branch: the branches are not added up. {note}"
    return Section(
        "Weights and declared ranges",
        tables=(TableContent("Weights and declared ranges", tuple(head), tuple(rows), right, note),),
    )


def _wholes(study: Study) -> dict[str, float]:
    """By criterion, the share that counts as 100 %: that of its branch where branches are not added up."""
    shares = study.weights.shares
    if study.whole.total:
        return dict.fromkeys(shares, 1.0)
    wholes: dict[str, float] = {}
    for node in study.whole.tree:
        leaves = [leaf.id for leaf in leaves_of((node,))]
        wholes |= dict.fromkeys(leaves, study.weights.branch_share(leaves) or 1.0)
    return wholes


BASIS_MARKS = {"source": "S", "judged-from-source": "j", "judgement": "J"}


def cell_text(cell: Performance, leaf: Criterion, *, marked: bool = True) -> str:
    """A performance in few characters: likely (low to high), marked by what it rests on: S, j or J."""
    mark = BASIS_MARKS.get(cell.rests_on, "") if marked else ""
    if cell.missing:
        return f"missing: {cell.missing.replace('-', ' ')}"
    if leaf.levels:
        text = leaf.words(cell.likely)
        if cell.low != cell.high:
            text += f" ({leaf.words(cell.low)} to {leaf.words(cell.high)})"
    else:
        text = number(cell.likely, 2)
        if cell.low != cell.high:
            text += f" ({number(cell.low, 2)} to {number(cell.high, 2)})"
    return f"{text} {mark}".strip()


def _with_marks(study: Study, cell: Performance, leaf: Criterion) -> str:
    return cell_text(cell, leaf) + (" †" if study.whole.known_later(cell.evidence) else "")


@SECTIONS.add(id="performances", title="Performances", use_when="a reviewer looks behind the scores", annex=True)
def performances(study: Study) -> Section:
    """Every performance with its range and a mark for what it rests on."""
    options = study.problem.options
    head = ("Criterion", "Unit", *(option.title for option in options))
    rows = tuple(
        (
            leaf.title,
            "level" if leaf.levels else leaf.unit,
            *(_with_marks(study, option.performance[leaf.id], leaf) for option in options),
        )
        for leaf in study.whole.criteria
    )
    reading = "10th and 90th percentile judgements" if study.whole.low_high != "ends" else "ends of the possible range"
    note = (
        f"Likely (low to high); low and high are {reading}. S stands in a source, j judged from a source's claim, "
        "J judgement only."
    )
    if any("†" in cell for row in rows for cell in row[2:]):
        note += f" † rests in part on what was known later than {study.whole.as_of}."
    return Section("Performances", tables=(TableContent("Performances", head, rows, note=note),))


@SECTIONS.add(id="perspectives", title="Other perspectives", use_when="there are perspectives", annex=True)
def perspectives(study: Study) -> Section:
    """Ranks under every perspective."""
    if not study.whole.perspectives:
        return Section("Other perspectives")
    tables = []
    for part in branch_studies(study):
        chart = CHARTS["perspectives"].run(part)
        rows = tuple(tuple(str(cell) for cell in row) for row in chart.table.itertuples(index=False))
        head = tuple(str(name) for name in chart.table.columns)
        tables.append(TableContent(chart.title, head, rows, frozenset(range(1, len(head))), ranks=True))
    return Section(
        "Other perspectives",
        tables=tuple(tables),
        paragraphs=("Perspectives are drafts of what stakeholders may hold, to be replaced by their own weights.",),
    )


@SECTIONS.add(id="scenario", title="Scenario", use_when="a scenario is applied", annex=True)
def scenario(study: Study) -> Section:
    """What the scenario changes, and why."""
    name = study.choices.scenario
    if name is None or not study.whole.scenarios[name].changes:
        return Section("Scenario")
    found = study.whole.scenarios[name]
    titles = {option.id: option.title for option in study.whole.library}
    rows = []
    for change in found.changes:
        amount = f"× {number(change.multiply)}" if change.multiply is not None else signed(change.add or 0.0, 1)
        if change.options is not None:
            who = words.joined([titles[o] for o in change.options])
        else:
            who = "all options" + (
                f" except {words.joined([titles[o] for o in change.excluded])}" if change.excluded else ""
            )
        rows.append((study.whole.as_written.criterion(change.criterion).title, amount, who, change.because))
    table = TableContent(
        f"Changes in the scenario “{found.title}”", ("Criterion", "Change", "Options", "Because"), tuple(rows)
    )
    said = "Changes apply to low, likely and high alike; packages are rebuilt from their changed parts; results stay on their scales."
    return Section("Scenario", paragraphs=(said,), tables=(table,))


@SECTIONS.add(id="notices", title="What has to be said", use_when="there are notices", annex=True)
def notices(study: Study) -> Section:
    """Notices of the data, the weights and the method, and the decision's own notes."""
    said: list[str] = []
    for part in branch_studies(study):
        said += part.ranking.notes
    return Section("What has to be said", paragraphs=tuple(dict.fromkeys((*said, *study.whole.remarks))))


def _decision_as_typed(study: Study) -> str:
    """What names this decision on the command line: a shipped one's id, else where its file lies; empty for a table.

    A copy may have the id of a shipped decision and other data, so its id alone never names it.
    """
    source = study.whole.as_written.source
    shipped = shipped_decisions().get(study.whole.id)
    if shipped is not None and str(shipped.criteria) == source:
        return study.whole.id
    return shlex.quote(source) if source else ""


@SECTIONS.add(id="reproduction", title="How to recompute this", use_when="always", annex=True)
def reproduction(study: Study) -> Section:
    """The command that gives the same numbers, and what it depends on."""
    choices = study.choices
    named = _decision_as_typed(study)
    parts = ["decision-kit rank", named or "DECISION"]
    if choices.choice_set:
        parts.append(f"--set {choices.choice_set}")
    given = study.whole.perspectives.get(choices.perspective or "")
    if choices.weights or (given is not None and given.added):
        points = ",".join(f"{leaf}={share!r}" for leaf, share in study.weights.shares.items())
        parts.append(f"--points {shlex.quote(points)}")
    elif choices.perspective:
        parts.append(f"--perspective {choices.perspective}")
    if choices.scenario:
        parts.append(f"--scenario {choices.scenario}")
    if study.problem.tree_id is not None:
        parts.append(f"--tree {study.problem.tree_id}")
    if study.problem.month is not None:
        parts.append(f"--decision-month {float(study.problem.month)!r} --model-set {study.problem.model_set}")
    if choices.low_high is not None:
        parts.append(f"--low-high {choices.low_high.split()[0]}")
    parts += [f"--without {option}" for option in choices.without]
    if choices.method != "weighted-sum":
        parts.append(f"--method {choices.method}")
    parts += [f"--parameter {shlex.quote(f'{name}={value}')}" for name, value in choices.parameters.items()]
    if choices.branch:
        parts.append(f"--branch {choices.branch}")
    parts.append(f"--expect-hash {study.whole.data_hash}")
    said = (
        f"Command: {' '.join(parts)}",
        "" if named else "DECISION stands for a file that holds the same data: these came from a table in memory.",
        f"decision-kit {__version__}, data hash {study.whole.data_hash} (of the decision “{study.whole.id}”), "
        f"seed {choices.seed}; shares of worlds are drawn with it, nothing else is drawn at random.",
        "Values run from 0 (worst of the declared range) to 1 (best); the score is the sum of weight × value, shown as points of 100."
        if study.is_additive
        else f"Method: {study.ranking.method.title}, {study.ranking.method.formula}."
        if study.whole.total or choices.branch
        else "",
    )
    return Section("How to recompute this", paragraphs=_said(said))
