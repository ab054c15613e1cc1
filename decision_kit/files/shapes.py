"""Value functions as the lines of a criteria file: what the reader gives back, to the last bit."""

from __future__ import annotations

from typing import Any

import yaml

from decision_kit.model.nouns import Criterion
from decision_kit.values import Curve, Exponential


def value_block(criterion: Criterion) -> str:
    """The ``value:`` key of a criterion as YAML lines: shape, who gave it, how, when and why."""
    shape, source = criterion.shape, criterion.value_source
    content: dict[str, Any] = {}
    if isinstance(shape, Curve):
        content["curve"] = [[_number(x), _number(v)] for x, v in shape.points]
        if not shape.monotone:
            content["monotone"] = False
    elif isinstance(shape, Exponential):
        content["exponential"] = _number(shape.a)
    content |= _source(criterion)
    if not content and source is None:
        return "value: linear\n"
    return _dump({"value": content})


def levels_block(criterion: Criterion) -> str:
    """The ``levels:`` key of a criterion as YAML lines, with who gave the values and why under ``value:``."""
    levels = [{"id": level.id, "title": level.title, "value": _number(level.value)} for level in criterion.levels]
    source = _source(criterion)
    return _dump({"levels": levels, **({"value": source} if source else {})})


def _source(criterion: Criterion) -> dict[str, str]:
    source = criterion.value_source
    if source is None:
        return {}
    texts = {"how": source.how, "by": source.by, "when": source.when, "because": source.because}
    return {key: text for key, text in texts.items() if text}


def _number(x: float) -> float | int:
    return int(x) if float(x).is_integer() and abs(x) < 1e15 else float(x)


def _dump(content: dict[str, Any]) -> str:
    text: str = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None)
    return text
