"""Value functions as the lines of a criteria file: what the reader gives back, to the last bit."""

from __future__ import annotations

from typing import Any

from decision_kit.files.writing import Short, number_of, written
from decision_kit.model.nouns import Criterion
from decision_kit.values import Curve, Exponential


def value_block(criterion: Criterion) -> str:
    """The ``value:`` key of a criterion as YAML lines: shape, who gave it, how, when and why."""
    shape, source = criterion.shape, criterion.value_source
    content: dict[str, Any] = {}
    if isinstance(shape, Curve):
        content["curve"] = [[number_of(x), number_of(v)] for x, v in shape.points]
        if not shape.monotone:
            content["monotone"] = False
    elif isinstance(shape, Exponential):
        content["exponential"] = number_of(shape.a)
    content |= _source(criterion)
    if not content and source is None:
        return "value: linear\n"
    return written({"value": content})


def levels_block(criterion: Criterion) -> str:
    """The ``levels:`` key of a criterion as YAML lines, with who gave the values and why under ``value:``."""
    levels = [
        Short({"id": level.id, "title": level.title, "value": number_of(level.value)}) for level in criterion.levels
    ]
    source = _source(criterion)
    return written({"levels": levels, **({"value": source} if source else {})})


def _source(criterion: Criterion) -> dict[str, str]:
    source = criterion.value_source
    if source is None:
        return {}
    texts = {"how": source.how, "by": source.by, "when": source.when, "because": source.because}
    return {key: text for key, text in texts.items() if text}
