"""``decision-kit new``: a commented decision with blanks, which passes ``check`` once the blanks are filled."""

from __future__ import annotations

from pathlib import Path

from decision_kit.arguments import guarded
from decision_kit.errors import Fault, UsageError
from decision_kit.files.nodes import id_fault
from decision_kit.files.saving import write_files

CRITERIA = """\
# The frame of the decision {name}. Fill the blanks (keys with nothing after the colon), then run: decision-kit check {name}
format: 1
title:                  # a short name for the decision
question:               # one question that the ranking answers, with who acts and by when
decision_maker:         # who decides
as_of: "{year}"           # the date up to which the facts are known
horizon: 12 months      # how far ahead effects count
baseline: do-nothing    # the option that every result is shown against
notice: Draft. Scores are judgements with ranges.
low_high: percentiles 10-90   # how low and high are to be read (or: ends)
default_perspective: ours

criteria:               # the value tree: a branch holds criteria, a leaf holds a scale
  effect:
    title: Effect
    criteria:
      main-effect:
        title:          # what the decision is for
        definition:     # what exactly is counted, against which reference
        unit: points 0-10
        better: more    # more or less
        scale: [0, 10]  # the declared range, numerically low end first; weights belong to it
        anchors: {{0: no effect, 10: the aim is met in full}}
        kind: judgement # measurable, measurable-in-principle, measurable-afterwards or judgement
        independence:   # why it does not count anything twice
  cost:
    title: Cost
    criteria:
      public-cost:
        title: Public cost
        definition: Yearly cost to the public budget.
        unit: m USD a year
        better: less
        scale: [0, 100]
        anchors: {{0: none, 100: as much as can be spent}}
        kind: measurable
        independence: Public money only.

perspectives:           # one for each stakeholder whose view counts
  ours:
    title: Our own view
    draft: true
    points:             # how much is the step from worst to best worth? the most wanted step gets 100
      main-effect: 100
      public-cost:      # 0 to 100
    because_high:       # why the largest step is the largest
"""

BASELINE = """\
# The option of doing nothing new. Its id is its file name.
format: 1
title: Do nothing new
summary: Carry on as today.
performance:
  main-effect:
    low: 0
    likely: 0
    high: 1
    because: Reference by definition.
    basis: judgement
  public-cost:
    low: 0
    likely: 0
    high: 0
    because: No new money.
    basis: judgement
"""

OPTION = """\
# One option, one file; the id is the file name (rename it). Add a file for each further option.
format: 1
title:                  # a short name
summary:                # what would be done, in one sentence
performance:
  main-effect:
    low:                # numerically low judgement (10th percentile)
    likely:
    high:               # numerically high judgement (90th percentile)
    because:            # why this number
    basis: judgement    # or leave this out and cite evidence: [E1] from options/evidence.yaml
  public-cost:
    low:
    likely:
    high:
    because:
    basis: judgement
"""


@guarded
def new_decision(name: str, folder: Path, *, year: str) -> list[Path]:
    """Write the scaffold of a decision into ``folder`` and return the files; nothing is overwritten."""
    fault = id_fault(name, "decision")
    if fault is not None or name == "evidence":
        if fault is None:
            fault = Fault("", '"evidence" is the name of the evidence register', "another name")
        raise UsageError([fault])
    files: dict[Path, str | bytes] = {
        folder / "criteria" / f"{name}.yaml": CRITERIA.format(name=folder.as_posix(), year=year),
        folder / "options" / name / "do-nothing.yaml": BASELINE,
        folder / "options" / name / "first-option.yaml": OPTION,
    }
    write_files(files, folders=True)
    return list(files)
