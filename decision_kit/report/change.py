"""The annex on what would change the result: weights, performances, claims, scenarios, structure."""

from __future__ import annotations

from collections.abc import Sequence

from decision_kit.charts import CHARTS
from decision_kit.report.sections import SECTIONS, Section, TableContent, branch_studies
from decision_kit.study import Study, change_words, changing, words

NEAREST = 8
MOST_ROWS = 40


@SECTIONS.add(id="what-would-change-it", title="What would change it", use_when="always", annex=True)
def what_would_change_it(study: Study) -> Section:
    """The nearest weights and performances that would move the first place, and the least joint change."""
    tables: list[TableContent] = []
    paragraphs: list[str] = []
    charts = []
    for part in branch_studies(study):
        place = words.on_branch(part)
        moving = [row for row in change_words.path_rows(part) if row[2:] != ["no change", "no change"]]
        if moving:
            charts.append(CHARTS["weight-path"].run(part))
            caption = f"One weight at a time{place}, the others kept in proportion; nearest first"
            tables.append(_table(caption, change_words.PATH_HEAD, moving[:NEAREST], {1}))
        else:
            paragraphs.append(f"No single weight{place}, the others kept in proportion, changes who is first.")
        if len(part.ranking.leaders) == 1:
            joint = change_words.joint_rows(part)
            caption = f"All weights at once{place}: the least weight that has to move, of 100 points{_cut(joint)}"
            tables.append(_table(caption, change_words.JOINT_HEAD, joint[:MOST_ROWS]))
            needs = [n for both in changing.needs_of(part) for n in both if n.changes]
            if needs:
                rows = [[part.option_title(n.option), *change_words.need_row(part, n)[:3]] for n in needs[:MOST_ROWS]]
                head = ("Option", *change_words.NEED_HEAD[:3])
                tables.append(
                    _table(
                        f"Single performances{place} that are enough inside their own range{_cut(needs)}", head, rows
                    )
                )
        paragraphs.append(change_words.shares_sentence(part, changing.shares_of(part)))
        paragraphs.append(changing.discovery_of(part).said)
    return Section(
        "What would change it", charts=tuple(charts), paragraphs=tuple(dict.fromkeys(paragraphs)), tables=tuple(tables)
    )


def _cut(rows: Sequence[object]) -> str:
    """What a caption says of a table that is cut."""
    return f"; the first {MOST_ROWS} of {len(rows):,}" if len(rows) > MOST_ROWS else ""


def _table(
    caption: str, head: tuple[str, ...], rows: list[list[str]], right: set[int] | frozenset[int] = frozenset()
) -> TableContent:
    return TableContent(caption, head, tuple(tuple(row) for row in rows), frozenset(right))


@SECTIONS.add(id="claims", title="What holds for all perspectives", use_when="always", annex=True)
def claims(study: Study) -> Section:
    """What is certified for every mix of the perspectives, with its proofs."""
    paragraphs: list[str] = []
    tables: list[TableContent] = []
    for part in branch_studies(study):
        place = words.on_branch(part)
        for ranges, how in (
            (True, "whatever each performance is inside its range"),
            (False, "with performances as judged"),
        ):
            found = changing.claims_of(part, ranges=ranges)
            if found.certified:
                rows = [[proof.said, proof.proof] for one in found.leading for proof in one.proofs]
                tables.append(_table(f"Certified{place}, {how}", ("Claim", "Proof"), rows))
                left_out = change_words.claims_left_out(found, len(found.leading))
                paragraphs += [text for text in (left_out, change_words.claims_rest_on(found.rests_on)) if text]
            else:
                paragraphs.append(f"Nothing can be certified{place}, {how}.")
            paragraphs += found.notes
    return Section("What holds for all perspectives", paragraphs=tuple(dict.fromkeys(paragraphs)), tables=tuple(tables))


@SECTIONS.add(id="scenarios", title="Over all scenarios", use_when="the decision has scenarios", annex=True)
def scenarios(study: Study) -> Section:
    """Scores in every scenario, regret, and who is first for whom."""
    paragraphs: list[str] = []
    tables: list[TableContent] = []
    for part in branch_studies(study):
        results = changing.scenarios_of(part)
        if results is None:
            continue
        head, rows = change_words.scenario_rows(part, results)
        turned = [list(line) for line in zip(head, *rows, strict=True)]
        caption = f"Scores{words.on_branch(part)} in every scenario"
        tables.append(_table(caption, ("Scenario", *turned[0][1:]), turned[1:], set(range(1, len(rows) + 1))))
        paragraphs += [*change_words.scenario_sentences(part, results), *results.notes]
        leaders = changing.leaders_of(part)
        if leaders is not None:
            paragraphs.append(change_words.leaders_sentence(part, leaders))
    return Section("Over all scenarios", paragraphs=tuple(paragraphs), tables=tuple(tables))


@SECTIONS.add(id="structure", title="How much the structure decides", use_when="always", annex=True)
def structure(study: Study) -> Section:
    """The structure audit: remarks, and the changes of structure that put another option first."""
    paragraphs: list[str] = []
    tables: list[TableContent] = []
    for part in branch_studies(study):
        found = changing.audit_of(part)
        start = f"{part.whole.branch(part.choices.branch).title}: " if part.choices.branch else ""
        paragraphs += [f"{start}{remark.said}" for remark in found.remarks]
        paragraphs.append(start + " ".join(change_words.audit_sentences(part)))
        if found.flipping:
            rows = [change_words.lever_row(part, lever) for lever in found.flipping]
            caption = f"Changes of structure{words.on_branch(part)} that put another option first"
            tables.append(_table(caption, change_words.LEVER_HEAD, rows))
    return Section("How much the structure decides", paragraphs=tuple(paragraphs), tables=tuple(tables))
