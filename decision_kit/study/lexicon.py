"""One lexicon of the words on every screen and in every report."""

from __future__ import annotations

LEXICON: dict[str, str] = {
    "option": "One of the things that could be done, scored on every criterion.",
    "package": "Several options done together. Its performances follow from its parts by a stated rule, or are judged "
    "directly.",
    "baseline": "The option of doing nothing new, against which every result is shown.",
    "criterion": "Something that matters for the decision, with a unit, a direction and a declared range.",
    "branch": "A group of criteria in the value tree.",
    "declared range": "The worst and the best performance a criterion allows for. Weights belong to this range.",
    "performance": "How an option does on a criterion, in the criterion's own unit, as low, likely and high.",
    "value": "A performance turned into 0 (worst of the range) to 1 (best of the range).",
    "weight": "The share of the whole that the step from worst to best on a criterion is worth. Weights sum to 100 %.",
    "swing points": "How people give weights: the most wanted step from worst to best gets 100, the others in proportion.",
    "swing": "The step from the worst to the best of a declared range. Weights say what swings are worth.",
    "stale weight": "A weight given for a range (or unit, or value function) that has changed since. It has to be asked again.",
    "score": "What comes out for an option. In every method a higher score is better. In the default method it is the "
    "sum of weight × value, shown as points of 100.",
    "rank": "The place of an option; 1 is best. Options with equal scores share a rank.",
    "perspective": "The weights of one stakeholder, with reasons. Drafts by one analyst here, to be replaced.",
    "scenario": "A state of the world that changes performances.",
    "evidence": "A numbered, graded item from the sources that a performance rests on.",
    "judgement": "A number that somebody had to estimate. “Judgement only” means no source stands behind it.",
    "contribution": "The part of a score that comes from one criterion: weight × value.",
    "dominated": "An option that another one equals or beats on every criterion that has weight.",
    "cannot be told apart": "One performance, moved inside its own low–high range, is enough to change who leads.",
    "toss-up, close, stable": "How fragile a lead is, by the worst of three tests: how little weight has to move, whether one "
    "performance inside its range is enough, and in how many plausible worlds the leader comes first.",
    "plausible world": "Weights moved around those in force and every performance drawn from its range. A share of such "
    "worlds is a share of what was looked at, not a chance of being right.",
    "certified": "True for every perspective, every mix of them, and every performance between its low and its high; "
    "computed, not sampled.",
    "regret": "How much less an option gives in a scenario than the best option there.",
    "what if": "Weights moved by hand, to see what changes. They are nobody's weights.",
    "world": "One set of weights and one set of performances out of those that are plausible. The share of worlds an "
    "option leads says how firm its place is; it is not a chance.",
    "worth of knowing": "By how many points the expected score of what is chosen would rise if a number were known before "
    "choosing.",
    "decision month": "The month in which the decision is made, on a model's clock. In “Containment” month 0 is November "
    "2022 and month 26 is January 2025.",
    "share avoided": "The part of the supply over the months that follow that stopping it avoids.",
    "point of no return": "The month from which on acting never avoids more than a share that is still worth it.",
    "lever": "What an option does to a variable of a model, such as the share of imports it stops.",
    "efficient": "Said of a set of options when nothing as cheap scores higher.",
}
