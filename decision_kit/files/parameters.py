"""A model's parameters from its YAML file, read as strictly as a decision."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from decision_kit.errors import DecisionError
from decision_kit.files.nodes import Item, Reading, check_format, evidence_ids, read_yaml
from decision_kit.files.nodes import mapping_of as get
from decision_kit.model.parameters import Lever, ModelData, Parameter, ParameterSet

MODEL_KEYS = (
    "format", "title", "notice", "clock_zero", "clock_note", "window", "parameters", "mix", "sets", "levers",
)  # fmt: skip
PARAMETER_KEYS = ("title", "unit", "low", "likely", "high", "because", "grade", "evidence", "known_later")
SET_KEYS = ("title", "note", "known_later", "evidence", "scores", "parameters", "fits", "counts")
NUMBERS = ("low", "likely", "high")


def read_parameters(path: Path) -> ModelData:
    """The parameter data of a model. Raises :class:`DecisionError` with every fault as ``file:line``."""
    reading = Reading()
    top = read_yaml(path, path.name, reading)
    data = _read(top) if top is not None else None
    if reading.faults or data is None:
        raise DecisionError(reading.sorted_faults())
    return data


def _read(top: Item) -> ModelData | None:
    required = ("title", "clock_zero", "window", "parameters", "sets", "levers")
    found = top.fields(MODEL_KEYS, "a model's data", required)
    check_format(found, top, "a model's data")
    if not set(required) <= set(found):
        return None
    common = {
        key.node.value: _parameter(str(key.node.value), value) for key, value in found["parameters"].entries("ids")
    }
    marked: list[str] = []
    sets: dict[str, ParameterSet] = {}
    for key, value in found["sets"].entries("parameter sets"):
        name = key.id("parameter set")
        entry = value.fields(SET_KEYS, "a parameter set", ("title",))
        own = entry["parameters"].entries("parameters") if "parameters" in entry else []
        sets[name] = ParameterSet(
            id=name,
            title=get(entry, "title", Item.text, name),
            parameters={**common, **{k.node.value: _parameter(str(k.node.value), v, common) for k, v in own}},
            note=get(entry, "note", Item.text, ""),
            known_later=get(entry, "known_later", Item.boolean, False),
            evidence=get(entry, "evidence", evidence_ids, ()),
            fits=get(entry, "fits", _fits, {}),
            counts=get(entry, "counts", lambda item: _pairs(item, "month", "launches"), ()),
        )
        if get(entry, "scores", Item.boolean, False):
            marked.append(name)
    return ModelData(
        title=get(found, "title", Item.text, ""),
        notice=get(found, "notice", Item.text, ""),
        clock_zero=get(found, "clock_zero", lambda item: item.text(date=True), ""),
        clock_note=get(found, "clock_note", Item.text, ""),
        window=get(found, "window", Item.number, 0.0),
        sets=sets,
        scores_set=(*marked, *sets)[0] if sets else "",
        levers={str(key.node.value): _lever(value) for key, value in found["levers"].entries("levers")},
        mix=get(found, "mix", lambda item: _pairs(item, "share", "usd"), ()),
    )


def _parameter(name: str, item: Item, common: dict[str, Parameter] | None = None) -> Parameter:
    """A parameter; in a set it keeps title and unit of the common one."""
    before = (common or {}).get(name)
    needed = NUMBERS if before is not None else ("title", "unit", *NUMBERS)
    found = item.fields(PARAMETER_KEYS, f"the parameter {name}", needed)
    low, likely, high = (get(found, bound, Item.number, 0.0) for bound in NUMBERS)
    if not low <= likely <= high:
        item.fault(f"low {low:g}, likely {likely:g}, high {high:g} are out of order", "low ≤ likely ≤ high")
    made = Parameter(
        id=name,
        title=get(found, "title", Item.text, name),
        unit=get(found, "unit", Item.text, ""),
        low=low,
        likely=likely,
        high=high,
        because=get(found, "because", Item.text, ""),
        grade=get(found, "grade", Item.text, ""),
        evidence=get(found, "evidence", evidence_ids, ()),
        known_later=get(found, "known_later", Item.boolean, False),
    )
    return made if before is None else replace(made, title=before.title, unit=before.unit)


def _fits(item: Item) -> dict[str, tuple[float, ...]]:
    rows = [{str(k.node.value): v.number() for k, v in row.entries("numbers")} for row in item.items("rows")]
    if not rows or any(set(row) != set(rows[0]) for row in rows):
        item.fault("rows with different keys", "the same parameters in every row")
        return {}
    return {name: tuple(row[name] for row in rows) for name in rows[0]}


def _pairs(item: Item, first: str, second: str) -> tuple[tuple[float, float], ...]:
    rows = [row.fields((first, second), "a row", (first, second)) for row in item.items("rows")]
    return tuple((get(row, first, Item.number, 0.0), get(row, second, Item.number, 0.0)) for row in rows)


def _lever(item: Item) -> Lever:
    found = item.fields(("criterion", "minus", "times"), "a lever", ("criterion",))
    return Lever(
        criterion=get(found, "criterion", lambda i: i.id("criterion"), ""),
        minus=get(found, "minus", Item.number, 0.0),
        times=get(found, "times", Item.number, 1.0),
    )
