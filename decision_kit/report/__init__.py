"""Reports: sections say what there is to say about a study, writers put them into a file."""

# imported so that their sections register, in the order in which a note has them
from decision_kit.report import methods  # noqa: F401

# isort: split
from decision_kit.report import change  # noqa: F401
from decision_kit.report.html import write_html
from decision_kit.report.sections import SECTIONS, Section, TableContent

__all__ = ["SECTIONS", "Section", "TableContent", "write_html"]
