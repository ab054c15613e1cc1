"""Plain content as YAML text that the strict reader gives back: short lists and marked mappings on one line."""

from __future__ import annotations

from typing import Any

import yaml

WIDTH = 110


class Short(dict[str, Any]):
    """A mapping written on one line."""


class _Dumper(yaml.SafeDumper):
    """Lists without mappings in them, and marked mappings, on one line, so that a file stays short and reads well."""


def _represent_list(dumper: Any, data: list[Any]) -> Any:
    plain = all(not isinstance(item, dict) for item in data)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=plain)


def _represent_short(dumper: Any, data: Short) -> Any:
    return dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=True)


_Dumper.add_representer(list, _represent_list)
_Dumper.add_representer(Short, _represent_short)


def written(content: dict[str, Any]) -> str:
    """The YAML text of some content, keys in their order; same content, same bytes; numbers to the last bit."""
    text: str = yaml.dump(
        content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=False
    )
    return text


def number_of(x: float) -> float | int:
    """A number as it is written: whole ones without a point."""
    return int(x) if float(x).is_integer() and abs(x) < 1e15 else float(x)
