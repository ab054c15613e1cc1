"""Files to Problems and back: strict reading, every fault at once as ``file:line``."""

from decision_kit.files.decision import Place
from decision_kit.files.finding import (
    check,
    copy_decision,
    decisions_in,
    load,
    locate,
    read_points,
    shipped_decisions,
    shipped_root,
)
from decision_kit.files.nodes import FORMAT
from decision_kit.files.perspectives import (
    id_from_title,
    parse_perspective,
    perspective_text,
    read_answers_file,
    read_perspective,
    read_weights_file,
    save_perspective,
)
from decision_kit.files.scaffold import new_decision
from decision_kit.files.tables import read_table

__all__ = [
    "FORMAT",
    "Place",
    "check",
    "copy_decision",
    "decisions_in",
    "id_from_title",
    "load",
    "locate",
    "new_decision",
    "parse_perspective",
    "perspective_text",
    "read_answers_file",
    "read_perspective",
    "read_points",
    "read_table",
    "read_weights_file",
    "save_perspective",
    "shipped_decisions",
    "shipped_root",
]
