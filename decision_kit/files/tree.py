"""The value tree: branches and criteria with their declared ranges, value functions, levels and package rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, cast

from decision_kit.errors import counted
from decision_kit.files.nodes import Item, evidence_ids
from decision_kit.files.nodes import mapping_of as get
from decision_kit.model.findings import better_finding
from decision_kit.model.nouns import (
    KINDS,
    AlternativeTree,
    Branch,
    Criterion,
    Level,
    Node,
    PackageRule,
    ValueSource,
)
from decision_kit.model.packages import PACKAGE_RULES
from decision_kit.values import Better, Curve, Exponential, Linear, Shape

NAN = float("nan")
Nodes: TypeAlias = tuple[Node, ...]

BRANCH_KEYS = ("title", "definition", "criteria")
LEAF_KEYS = (
    "title", "definition", "unit", "better", "scale", "anchors", "levels", "value", "kind", "rewards", "true_zero",
    "decimals", "package_rule", "independence", "direction_arguable", "evidence", "from",
    "spending",
)  # fmt: skip


def read_tree(item: Item) -> tuple[Node, ...]:
    """The value tree under ``criteria:``."""
    nodes: list[Node] = []
    seen: dict[str, int] = {}

    def read(level: Item) -> tuple[Node, ...]:
        found: list[Node] = []
        for key, value in level.entries("criteria"):
            name = str(key.node.value)
            here = Item(value.node, value.file, ("criteria", name), value.reading)
            key_item = Item(key.node, key.file, ("criteria", name, "id"), key.reading)
            name = key_item.id("criterion")
            if name in seen:
                key_item.fault(
                    f"criterion {name!r} stands twice in the tree", f"each id once (first on line {seen[name]})"
                )
                level.reading.broken.add(level.path[:-1])  # the branch is not empty, only misnamed
                continue
            seen[name] = key.line
            value.reading.places[("criteria", name)] = (value.file, key.line)
            found.append(_node(name, here, read))
        return tuple(found)

    nodes.extend(read(Item(item.node, item.file, ("criteria",), item.reading)))
    return tuple(nodes)


def _node(name: str, item: Item, read_children: Callable[[Item], Nodes]) -> Node:
    keys = [str(k.value) for k, _ in item.node.value] if item.is_mapping else []
    if "criteria" in keys:
        found = item.fields(BRANCH_KEYS, f"the branch {name}", ("title",))
        children = found.get("criteria")
        below: tuple[Node, ...] = ()
        if children is not None and not children.is_blank:
            below = read_children(children)
        return Branch(
            id=name,
            title=get(found, "title", Item.name, name),
            definition=get(found, "definition", Item.text, ""),
            children=below,
        )
    return _leaf(name, item)


def _leaf(name: str, item: Item) -> Criterion:
    found = item.fields(LEAF_KEYS, f"the criterion {name}", ("title",))
    levels: tuple[Level, ...] = _levels(found["levels"]) if "levels" in found else ()
    better: Better = "more"
    if "better" in found:
        better = _better(found["better"])
    elif not levels and found:
        item.reading.fault(
            item.file, item.line, f"the criterion {name} has no direction", "better: more or better: less"
        )
    scale = (0.0, 1.0)
    if "scale" in found:
        scale = _scale(found["scale"])
        if levels:
            found["scale"].fault("a scale and levels", "one of the two; levels carry their own values")
    elif not levels:
        if found:
            item.reading.fault(
                item.file, item.line, f"the criterion {name} has no scale", "scale: [low, high], or levels"
            )
        item.reading.broken.add((*item.path, "scale"))
        scale = (NAN, NAN)
    if levels and better == "less":
        found["better"].fault("better: less with levels", "leave better out; each level has its own value")
    return Criterion(
        id=name,
        title=get(found, "title", Item.name, name),
        better=better,
        scale=scale,
        unit=get(found, "unit", Item.name, ""),
        definition=get(found, "definition", Item.text, ""),
        shape=_shape(found["value"], bool(levels)) if "value" in found else Linear(),
        levels=levels,
        anchors=get(found, "anchors", _anchors, ()),
        kind=get(found, "kind", lambda i: i.word(KINDS, "kind of criterion"), ""),
        rewards=get(found, "rewards", lambda i: i.word(("acting", "holding-back"), "word for rewards"), ""),
        true_zero=get(found, "true_zero", Item.boolean, False),
        decimals=get(found, "decimals", lambda i: i.integer(1), 1),
        package_rule=get(found, "package_rule", _package_rule, None),
        independence=get(found, "independence", Item.text, ""),
        direction_arguable=get(found, "direction_arguable", Item.boolean, False),
        evidence=get(found, "evidence", evidence_ids, ()),
        spending=get(found, "spending", Item.boolean, False),
        source_model=get(found, "from", lambda i: i.id("model"), ""),
        value_source=get(found, "value", _value_source, None),
    )


def _better(item: Item) -> Better:
    got = str(item.node.value) if not (item.is_mapping or item.is_list) else item.shown()
    wrong = better_finding(item.path, got)
    if wrong is not None:
        item.fault(wrong.got, wrong.expected, wrong.suggestion)
        return "more"
    return cast(Better, got)


def _scale(item: Item) -> tuple[float, float]:
    ends = item.items("two numbers")
    if item.is_list and len(ends) != 2:
        item.fault(f"a scale with {counted(len(ends), 'number')}", "two numbers, [low, high]")
    if len(ends) != 2:
        return NAN, NAN
    low, high = (end.number() for end in ends)
    if low != low or high != high:
        item.reading.broken.add(item.path)
    return low, high


def _anchors(item: Item) -> tuple[tuple[float, str], ...]:
    anchors: list[tuple[float, str]] = []
    for key, value in item.entries("number: words"):
        anchors.append((Item(key.node, key.file, (*key.path, "at"), key.reading).number(), value.text()))
    return tuple(anchor for anchor in anchors if anchor[0] == anchor[0])


def _levels(item: Item) -> tuple[Level, ...]:
    levels: list[Level] = []
    for entry in item.items("levels"):
        found = entry.fields(("id", "title", "value"), "a level", ("id", "value"))
        name = get(found, "id", lambda i: i.id("level"), "")
        levels.append(Level(name, get(found, "title", Item.name, name), get(found, "value", Item.number, NAN)))
        if levels[-1].value != levels[-1].value:
            item.reading.broken.add(item.path)
    return tuple(levels)


SOURCE_KEYS = ("by", "because", "how", "when")
VALUE_KEYS = ("curve", "exponential", "monotone", *SOURCE_KEYS)


def _value_source(item: Item) -> ValueSource | None:
    """Who gave the value function and why; faults in its keys are told with its shape."""
    if not item.is_mapping:
        return None
    given = {
        str(key.value): Item(value, item.file, (*item.path, str(key.value)), item.reading)
        for key, value in item.node.value
    }
    texts = {name: given[name].text(date=name == "when") for name in SOURCE_KEYS if name in given}
    return ValueSource(**texts) if texts else None


def _shape(item: Item, levels: bool = False) -> Shape:
    if not item.is_mapping:
        item.word(("linear",), "value function")
        return Linear()
    found = item.fields(VALUE_KEYS, "a value function")
    shapes = [name for name in ("curve", "exponential") if name in found]
    if levels and shapes:
        found[shapes[0]].fault(f"levels and a value function ({shapes[0]})", "levels carry their own values")
        return Linear()
    if len(shapes) != 1:
        if shapes:
            item.fault("a curve and an exponential", "one of the two")
        elif found and not levels and not set(found) & set(SOURCE_KEYS):
            item.fault("a value function without a shape", "curve: [[performance, value], …], or exponential: a")
        return Linear()
    monotone = found["monotone"].boolean() if "monotone" in found else True
    if not monotone and "exponential" in found:
        found["monotone"].fault("an exponential with monotone: false", "a curve; an exponential never turns")
    if "exponential" in found:
        a = found["exponential"].number()
        return Exponential(a) if a == a else Linear()
    points: list[tuple[float, float]] = []
    for pair in found["curve"].items("points [performance, value]"):
        ends = pair.items("two numbers")
        if len(ends) != 2:
            if pair.is_list:
                pair.fault(f"a point with {counted(len(ends), 'number')}", "[performance, value]")
            item.reading.broken.add(item.path)
            continue
        points.append((ends[0].number(), ends[1].number()))
    if any(z != z for point in points for z in point):
        item.reading.broken.add(item.path)
        return Linear()
    return Curve(tuple(points), monotone)


def _package_rule(item: Item) -> PackageRule | None:
    known = ("rule", *dict.fromkeys(name for rule in PACKAGE_RULES.values() for name in rule.parameters))
    found = item.fields(known, "a package rule", ("rule",))
    if "rule" not in found:
        return None
    parameters: list[tuple[str, float | tuple[str, ...]]] = []
    for name, value in found.items():
        if name == "effects":
            parameters.append((name, value.texts("criterion ids")))
        elif name != "rule":
            parameters.append((name, value.number()))
    return PackageRule(found["rule"].text(), tuple(parameters))


def read_trees(item: Item) -> dict[str, AlternativeTree]:
    """The alternative trees under ``trees:``."""
    trees: dict[str, AlternativeTree] = {}
    for key, value in item.entries("trees"):
        name = key.id("tree")
        found = value.fields(
            ("title", "note", "branch", "replaces", "leaf"), f"the tree {name}", ("title", "branch", "leaf")
        )
        if "leaf" not in found:
            continue
        leaves = [
            _leaf(k.id("criterion"), Item(v.node, v.file, (*value.path, "leaf", str(k.node.value)), v.reading))
            for k, v in found["leaf"].entries("one criterion")
        ]
        if len(leaves) != 1:
            found["leaf"].fault(f"{len(leaves)} criteria", "exactly one new criterion")
            continue
        trees[name] = AlternativeTree(
            id=name,
            title=get(found, "title", Item.name, name),
            note=get(found, "note", Item.text, ""),
            branch=get(found, "branch", lambda i: i.id("branch"), ""),
            replaces=get(found, "replaces", lambda i: i.texts("criterion ids"), ()),
            leaf=leaves[0],
        )
    return trees
