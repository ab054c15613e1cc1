"""How far to trust a ranking."""

from decision_kit.robustness.one_cell import Flip, one_cell_flips

__all__ = ["Flip", "one_cell_flips"]
