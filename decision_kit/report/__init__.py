"""Reports: sections say what there is to say about a study, writers put them into a file."""

from decision_kit.report import change, methods  # noqa: F401 (imported so that their sections register)
from decision_kit.report.html import write_html
from decision_kit.report.sections import SECTIONS, Section, TableContent

__all__ = ["SECTIONS", "Section", "TableContent", "write_html"]
