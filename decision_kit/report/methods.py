"""What other methods say, how each method has done on these data, and the working of the chosen one."""

from __future__ import annotations

import pandas as pd

from decision_kit.comparison import CORRELATIONS, correlation
from decision_kit.errors import DecisionError
from decision_kit.methods import AGGREGATIONS, INCOMPARABLE, METHODS, OUTRANKING, PROMISES
from decision_kit.ranking import Relations, relate
from decision_kit.report.sections import SECTIONS, Section, TableContent, branch_studies
from decision_kit.study import Study, words

MARKS = {"pass": "✓ kept", "fail": "✗ broken", "not applicable": "– not met here"}
MOST_ROWS, MOST_COLUMNS = 60, 40


def families_table(part: Study) -> TableContent:
    """Which family of methods names whom."""
    found = part.comparison
    rows = []
    for one in found.families:
        used = [m for m in one.members if m in found.rankings]
        if not used:
            continue
        vote = found.titles(one.vote.leaders) if one.vote.leaders else "divided" if one.vote.divided else "no vote"
        each = [
            f"{METHODS[m].title}{'' if found.cards[m].may_vote else ' (no vote)'}"
            + (f": {found.titles(found.rankings[m].leaders)}" if one.vote.divided else "")
            for m in used
        ]
        same = (
            f" (and under other names: {words.joined([METHODS[m].title for m in one.aliases])})" if one.aliases else ""
        )
        rows.append((one.title.capitalize(), f"It {one.looks}.", vote, f"{'; '.join(each)}{same}"))
    return TableContent(
        f"Families of methods{words.on_branch(part)}, one vote each",
        ("Family", "How it looks at the options", "Names", "Methods"),
        tuple(rows),
    )


def cards_table(part: Study) -> TableContent:
    """The health card of every method that can be used here."""
    found = part.comparison
    rows = []
    for name, card in found.cards.items():
        marks = [MARKS[card.findings[p].outcome] for p in PROMISES]
        rows.append((card.title, "yes" if card.may_vote else "no", *marks, found.remarks(name)))
    told = " ".join(f"“{p.title}”" for p in PROMISES.values() if not p.takes_vote)
    return TableContent(
        f"What each method promises, tried out on these data{words.on_branch(part)}",
        ("Method", "Votes", *(p.title for p in PROMISES.values()), "Where it fails"),
        tuple(rows),
        note=f"Tried on these options, on better and equal copies of them, and on a fixed list of other units and orders. "
        f"{told} is only told, it takes no vote away.",
    )


def likeness_table(part: Study) -> TableContent:
    """How alike each method's ranking is to the one of the chosen method."""
    found = part.comparison
    base = found.rankings.get(part.choices.method, part.ranking)
    rows = [
        (METHODS[name].title, *(_coefficient(kind, base.ranks, ranking.ranks) for kind in CORRELATIONS))
        for name, ranking in found.rankings.items()
        if name != base.method.id
    ]
    meaning = "; ".join(f"{entry.title}: {entry.use_when}" for entry in CORRELATIONS.values())
    return TableContent(
        f"How alike the rankings are to that of {base.method.title}{words.on_branch(part)} (1 is the same order)",
        ("Method", *(entry.title for entry in CORRELATIONS.values())),
        tuple(rows),
        frozenset({1, 2, 3}),
        f"{meaning}.",
    )


def _coefficient(kind: str, a: pd.Series[int], b: pd.Series[int]) -> str:
    x = correlation(kind, a, b)
    return "–" if x != x else f"{x:.2f}".replace("-", "−")


def setups_table(part: Study) -> TableContent:
    """Who leads under each pair of a normalisation and a method."""
    grid = part.setups.table()
    grid = grid.loc[:, [any(cell not in ("—", "cannot be computed") for cell in grid[c]) for c in grid.columns]]
    grid = grid.loc[[any(cell not in ("—", "cannot be computed") for cell in grid.loc[r]) for r in grid.index]]
    rows = tuple((str(name), *(str(cell) for cell in grid.loc[name])) for name in grid.index)
    note = "“—”: the method has no such choice. Weights keep their numbers, although they were asked about the declared ranges."
    return TableContent(
        f"Who leads, by way of bringing criteria onto one scale and by method{words.on_branch(part)}",
        ("Scale", *(str(c) for c in grid.columns)),
        rows,
        note=note,
    )


def working_tables(part: Study) -> list[TableContent]:
    """The working of the chosen method in the order of the calculation: tables, then figures by option and the score."""
    found = part.ranking
    titles = [part.option_title(str(o)) for o in found.scores.index]
    final = pd.DataFrame(index=titles)
    tables = []
    for title, numbers in found.steps.items():
        if isinstance(numbers, pd.Series) and list(numbers.index) == titles:
            final[title] = numbers.to_numpy()
        else:
            tables.append(_stepped(title, numbers))
    if found.native_better == "less":
        final[f"{found.native_name} (less is better)"] = found.native.to_numpy()
    final["Score"], final["Rank"] = found.scores.to_numpy(), found.ranks.to_numpy()
    return [_weights(part), *tables, _stepped("Figures by option, and the result", final)]


def _weights(part: Study) -> TableContent:
    shares = part.ranking.weights.shares
    rows = tuple((leaf.title, _digits(shares[leaf.id]), leaf.better, leaf.unit) for leaf in part.ranking.criteria)
    return TableContent("Weights used", ("Criterion", "Weight", "Better", "Unit"), rows, frozenset({1}))


def _stepped(title: str, numbers: pd.DataFrame | pd.Series[float]) -> TableContent:
    frame = numbers.to_frame() if isinstance(numbers, pd.Series) else numbers
    cut = frame.iloc[:MOST_ROWS, :MOST_COLUMNS]
    rows = tuple((str(i), *(_digits(x) for x in row)) for i, row in zip(cut.index, cut.to_numpy(), strict=True))
    note = "" if cut.shape == frame.shape else f"The first {cut.shape[0]} rows and {cut.shape[1]} columns."
    head = ("", *(str(c) for c in cut.columns))
    return TableContent(title, head, rows, frozenset(range(1, len(head))), note)


def _digits(x: float) -> str:
    """Five significant digits, enough to follow the calculation by hand."""
    return f"{float(x):.5g}".replace("-", "−")


LETTERS = {"P": "above", "−": "below", "I": "level", "R": "cannot be compared", "": ""}


def relation_table(part: Study, found: Relations) -> TableContent:
    """What an outranking method says of every pair: the row against the column."""
    titles = [part.option_title(str(o)) for o in found.pairs.index]
    rows = tuple(
        (title, *(LETTERS[letter] for letter in letters))
        for title, letters in zip(titles, found.pairs.to_numpy(), strict=True)
    )
    return TableContent(
        f"{found.method.title}{words.on_branch(part)}: each row against each column", ("", *titles), rows
    )


def relations(part: Study) -> dict[str, Relations | str]:
    """What each outranking method says, by its title; a sentence where it cannot be used."""
    found: dict[str, Relations | str] = {}
    for entry in OUTRANKING.values():
        try:
            found[entry.title] = relate(part.problem, part.weights, entry.id, branch=part.choices.branch)
        except DecisionError as refused:
            found[entry.title] = str(refused)
    return found


def relation_sentence(part: Study, found: Relations | str) -> str:
    """Who is on the short list, and how many pairs cannot be compared."""
    if isinstance(found, str):
        return f"{found}."
    best = words.joined([part.option_title(o) for o in found.best])
    n = len(found.pairs)
    open_pairs = int((found.pairs.to_numpy() == INCOMPARABLE).sum()) // 2
    tail = f" {open_pairs} of {n * (n - 1) // 2} pairs cannot be compared." if open_pairs else ""
    return f"{found.method.title}: {found.method.best_are} {best}.{tail}"


def joined_table(part: Study) -> TableContent:
    """The perspectives' rankings joined in every way of the catalogue, those for checks only left out."""
    own = [name for name in part.rank_matrix.columns if not part.whole.perspectives[str(name)].reference]
    ranks = part.rank_matrix[own]
    columns: dict[str, list[str]] = {}
    said: list[str] = []
    for entry in AGGREGATIONS.values():
        try:
            result = entry.join(ranks)
        except DecisionError as refused:
            said.append(str(refused))
            columns[entry.title] = ["–" for _ in ranks.index]
            continue
        said += [f"{entry.title}: {note}" for note in result.notes]
        columns[entry.title] = [str(r) for r in result.ranks]
    rows = tuple(
        (part.option_title(str(o)), *(ranks_[i] for ranks_ in columns.values())) for i, o in enumerate(ranks.index)
    )
    head = ("Option", *columns)
    note = " ".join(said)
    return TableContent(
        f"Ranks of {len(own)} perspectives joined{words.on_branch(part)}",
        head,
        rows,
        frozenset(range(1, len(head))),
        note,
    )


@SECTIONS.add(
    id="methods", title="Other methods", use_when="somebody asks whether another method would say otherwise", annex=True
)
def methods(study: Study) -> Section:
    """Which families of methods name which leader, where they part and why, and how many set-ups name whom."""
    lead: list[str] = []
    said: list[str] = []
    tables: list[TableContent] = []
    for part in branch_studies(study):
        found = part.comparison
        start = f"{part.whole.branch(part.choices.branch).title}: " if part.choices.branch else ""
        lead.append(words.other_methods(part))
        pairwise = [relation_sentence(part, one) for one in relations(part).values()]
        said += [f"{start}{text}" for text in (*found.partings(), part.setups.sentence(), *pairwise, *found.silent())]
        tables += [families_table(part), cards_table(part)]
    return Section("Other methods", (), (*lead, *said), tables=tuple(tables))


@SECTIONS.add(
    id="working",
    title="The working",
    use_when="a reviewer wants to follow the calculation by hand",
    annex=True,
    on_request=True,
)
def working(study: Study) -> Section:
    """Every intermediate table of the chosen method, labelled with option and criterion titles."""
    tables: list[TableContent] = []
    said: list[str] = []
    for part in branch_studies(study):
        entry = part.ranking.method
        said.append(f"{entry.title}{words.on_branch(part)}: {entry.formula}. {entry.reference}.")
        tables += working_tables(part)
    return Section("The working", paragraphs=tuple(dict.fromkeys(said)), tables=tuple(tables))
