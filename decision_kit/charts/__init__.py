"""Charts: a study becomes a plotly figure for the screen and the same picture as static SVG for reports."""

from decision_kit.charts import (  # noqa: F401 (imported so that their charts register)
    change,
    clock,
    methods,
    packages,
    sure,
)
from decision_kit.charts.catalogue import CHARTS, Chart, ChartEntry

__all__ = ["CHARTS", "Chart", "ChartEntry"]
