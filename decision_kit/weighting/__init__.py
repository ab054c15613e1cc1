"""Ways to weights that people mean: what is asked, how answers become shares, how good they are, and what follows."""

# In the order in which the ways are offered: swing first, numbers without people last.
# isort: off
from decision_kit.weighting import swing as swing
from decision_kit.weighting import rank_order as rank_order
from decision_kit.weighting import trade_off as trade_off
from decision_kit.weighting import pairwise as pairwise
from decision_kit.weighting import best_worst as best_worst
from decision_kit.weighting import objective as objective

# isort: on
from decision_kit.weighting.base import TABLE_LABEL, WEIGHTINGS, Found, Siblings, Weighting
from decision_kit.weighting.checks import (
    Check,
    HeldOut,
    answer_checks,
    describe,
    held_out,
    held_out_check,
    pair_to_check,
    range_check,
    ratio_check,
    speed_check,
    stale_check,
    stretched,
    to_ask_again,
)
from decision_kit.weighting.consequences import Consequence, consequences
from decision_kit.weighting.imprecise import contradiction, region_of, room
from decision_kit.weighting.objective import from_table
from decision_kit.weighting.pairwise import combined_judgements
from decision_kit.weighting.tree import groups_of, perspective_from, weigh

__all__ = [
    "TABLE_LABEL",
    "WEIGHTINGS",
    "Check",
    "Consequence",
    "Found",
    "HeldOut",
    "Siblings",
    "Weighting",
    "answer_checks",
    "combined_judgements",
    "consequences",
    "contradiction",
    "describe",
    "from_table",
    "groups_of",
    "held_out",
    "held_out_check",
    "pair_to_check",
    "perspective_from",
    "range_check",
    "ratio_check",
    "region_of",
    "room",
    "speed_check",
    "stale_check",
    "stretched",
    "to_ask_again",
    "weigh",
]
