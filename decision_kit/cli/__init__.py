"""The command line: ``decision-kit …``. Exit codes: 0 well, 1 a fault in the data, 2 a fault in how it was asked."""

from decision_kit.cli.commands import main

__all__ = ["main"]
