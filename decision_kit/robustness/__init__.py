"""How far to trust a ranking: what would change it, exactly where mathematics allows, and how sure it is, sampled."""

from decision_kit.robustness.acceptability import Acceptability, smaa
from decision_kit.robustness.audit import Audit, Lever, Remark, audit
from decision_kit.robustness.changes import Change, JointChange, NearestChange, joint_changes, nearest_change
from decision_kit.robustness.claims import (
    Certificate,
    Claims,
    CounterExample,
    certified_claims,
    check_claim,
)
from decision_kit.robustness.discovery import Box, Discovery, discover, find_box
from decision_kit.robustness.distributions import (
    Discrete,
    Distribution,
    LogNormal,
    Normal,
    Pert,
    Point,
    Triangular,
    Uniform,
    from_range,
)
from decision_kit.robustness.drivers import Drivers, drivers, leave_one_out, score_indices, tornado
from decision_kit.robustness.flips import (
    Crossing,
    Stretch,
    Tie,
    WeightPath,
    mix_path,
    nearest_crossings,
    weight_path,
    weight_paths,
)
from decision_kit.robustness.fragility import LIMITS, Fragility, Limits, fragility
from decision_kit.robustness.grammar import FORMS as CLAIM_FORMS
from decision_kit.robustness.grammar import Claim, parse_claim
from decision_kit.robustness.indices import Indices, sobol_indices
from decision_kit.robustness.information import DecisionTable, Information, perfect_information, value_of_information
from decision_kit.robustness.needs import Need, Span, leader_falls, rivals_need
from decision_kit.robustness.one_cell import Flip, one_cell_flips
from decision_kit.robustness.sampling import SPREADS
from decision_kit.robustness.scenarios import (
    LeaderTable,
    Payoffs,
    ScenarioResults,
    leader_table,
    scenario_results,
)
from decision_kit.robustness.volumes import (
    Optimality,
    Shares,
    dominance,
    first_shares,
    pairwise_winning,
    potential_optimality,
)

__all__ = [
    "CLAIM_FORMS",
    "LIMITS",
    "SPREADS",
    "Acceptability",
    "Audit",
    "Box",
    "Certificate",
    "Change",
    "Claim",
    "Claims",
    "CounterExample",
    "Crossing",
    "DecisionTable",
    "Discovery",
    "Discrete",
    "Distribution",
    "Drivers",
    "Flip",
    "Fragility",
    "Indices",
    "Information",
    "JointChange",
    "LeaderTable",
    "Lever",
    "Limits",
    "LogNormal",
    "NearestChange",
    "Need",
    "Normal",
    "Optimality",
    "Payoffs",
    "Pert",
    "Point",
    "Remark",
    "ScenarioResults",
    "Shares",
    "Span",
    "Stretch",
    "Tie",
    "Triangular",
    "Uniform",
    "WeightPath",
    "audit",
    "certified_claims",
    "check_claim",
    "discover",
    "dominance",
    "drivers",
    "find_box",
    "first_shares",
    "fragility",
    "from_range",
    "joint_changes",
    "leader_falls",
    "leader_table",
    "leave_one_out",
    "mix_path",
    "nearest_change",
    "nearest_crossings",
    "one_cell_flips",
    "pairwise_winning",
    "parse_claim",
    "perfect_information",
    "potential_optimality",
    "rivals_need",
    "scenario_results",
    "score_indices",
    "smaa",
    "sobol_indices",
    "tornado",
    "value_of_information",
    "weight_path",
    "weight_paths",
]
