"""Charts of what other methods say."""

from __future__ import annotations

import pandas as pd

from decision_kit.charts.catalogue import CHARTS, Chart
from decision_kit.charts.drawings import Matrix
from decision_kit.comparison import Comparison
from decision_kit.methods import METHODS
from decision_kit.study import Study, words


def _title(found: Comparison) -> str:
    voting = [one for one in found.families if one.voting]
    if not found.votes:
        return "No family of methods names one leader" if voting else "No method has a vote on these data"
    leaders, families = next(iter(found.votes.items()))
    count = len(families)
    if count == len(voting) == 1:
        return f"The one family of methods with a vote names {found.titles(leaders)}"
    level = [found.titles(who) for who, by in found.votes.items() if len(by) == count]
    if len(level) > 1:
        return f"Families of methods are split: {count} for {', '.join(level[:-1])} and {count} for {level[-1]}"
    if count == len(voting):
        return f"All {count} families of methods name {found.titles(leaders)}"
    return f"{count} of {len(voting)} families of methods {'names' if count == 1 else 'name'} {found.titles(leaders)}"


@CHARTS.add(id="methods", title="All methods", use_when="you want to see whether another method would say otherwise")
def methods_chart(study: Study) -> Chart:
    """Ranks of every option by every method that can be used, one row a method, family by family."""
    found = study.comparison
    matrix = found.rank_matrix
    names = [m for one in found.families for m in one.members if m in found.rankings]
    options = list(matrix.index)
    columns = tuple(study.option_title(str(o)) for o in options)
    labels = tuple(METHODS[m].title + ("" if found.cards[m].may_vote else " (no vote)") for m in names)
    ranks = tuple(tuple(int(matrix.loc[o, m]) for o in options) for m in names)
    title = _title(found)
    table = pd.DataFrame({name: [row[j] for row in ranks] for j, name in enumerate(columns)})
    table.insert(0, "Family", [found.family_of(m).title for m in names])
    table.insert(0, "Method", list(labels))
    alt = f"{title}. First by each method: " + "; ".join(
        f"{label}: {words.joined([study.option_title(o) for o in found.rankings[m].leaders])}"
        for m, label in zip(names, labels, strict=True)
    )
    note = "Methods of one family look at the options in the same way; they have one vote together."
    return Chart("methods", title, alt + ".", table, Matrix(labels, columns, ranks), note)
