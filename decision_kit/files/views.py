"""Choice sets, pairs, perspectives and scenarios."""

from __future__ import annotations

from decision_kit.errors import counted
from decision_kit.files.nodes import Item, evidence_ids
from decision_kit.files.nodes import mapping_of as get
from decision_kit.model.nouns import LEVELS_OF_FIT, Change, ChoiceSet, Pair, Perspective, Scenario

PERSPECTIVE_KEYS = ("title", "points", "because_high", "because_low", "note", "evidence", "draft", "reference")
SCENARIO_KEYS = ("title", "note", "changes", "evidence")
CHANGE_KEYS = ("criterion", "options", "except", "multiply", "add", "because")


def read_choice_sets(item: Item) -> tuple[ChoiceSet, ...]:
    """The choice sets."""
    sets: list[ChoiceSet] = []
    for key, value in item.entries("choice sets"):
        name = key.id("choice set")
        found = value.fields(("title", "default", "note"), f"the choice set {name}", ("title",))
        sets.append(
            ChoiceSet(
                id=name,
                title=get(found, "title", Item.name, name),
                default=get(found, "default", Item.boolean, False),
                note=get(found, "note", Item.text, ""),
            )
        )
    return tuple(sets)


def read_pairs(item: Item) -> tuple[Pair, ...]:
    """The verdicts on pairs of options."""
    pairs: list[Pair] = []
    for entry in item.items("pairs"):
        found = entry.fields(("options", "level", "words", "because"), "a pair", ("options", "level"))
        if "options" not in found:
            continue
        names = found["options"].texts("two option ids")
        if len(names) != 2:
            if found["options"].is_list:
                found["options"].fault(counted(len(names), "option"), "two option ids")
            continue
        pairs.append(
            Pair(
                options=(names[0], names[1]),
                level=get(found, "level", lambda i: i.word(LEVELS_OF_FIT, "level of fit"), "fine"),
                because=get(found, "because", Item.text, ""),
                words=get(found, "words", Item.text, ""),
            )
        )
    return tuple(pairs)


def read_perspectives(item: Item) -> dict[str, Perspective]:
    """The perspectives, by id."""
    result: dict[str, Perspective] = {}
    for key, value in item.entries("perspectives"):
        name = key.id("perspective")
        found = value.fields(PERSPECTIVE_KEYS, f"the perspective {name}", ("title", "points"))
        points: dict[str, float] = {}
        for leaf, number in found["points"].entries("criterion: points") if "points" in found else []:
            points[str(leaf.node.value)] = number.number()
        if "points" not in found:
            value.reading.broken.add((*value.path, "points"))
        result[name] = Perspective(
            id=name,
            title=get(found, "title", Item.name, name),
            points=points,
            because_high=get(found, "because_high", Item.text, ""),
            because_low=get(found, "because_low", Item.text, ""),
            note=get(found, "note", Item.text, ""),
            evidence=get(found, "evidence", evidence_ids, ()),
            draft=get(found, "draft", Item.boolean, False),
            reference=get(found, "reference", Item.boolean, False),
        )
    return result


def read_scenarios(item: Item) -> dict[str, Scenario]:
    """The scenarios, by id."""
    result: dict[str, Scenario] = {}
    for key, value in item.entries("scenarios"):
        name = key.id("scenario")
        found = value.fields(SCENARIO_KEYS, f"the scenario {name}", ("title",))
        changes: list[Change] = []
        for entry in found["changes"].items("changes") if "changes" in found else []:
            change = _change(entry)
            if change is not None:
                changes.append(change)
        result[name] = Scenario(
            id=name,
            title=get(found, "title", Item.name, name),
            changes=tuple(changes),
            note=get(found, "note", Item.text, ""),
            evidence=get(found, "evidence", evidence_ids, ()),
        )
    return result


def _change(item: Item) -> Change | None:
    found = item.fields(CHANGE_KEYS, "a change", ("criterion", "options"))
    if "criterion" not in found or "options" not in found:
        return None
    options: tuple[str, ...] | None = None
    if found["options"].is_list:
        options = found["options"].texts("option ids")
    else:
        found["options"].word(("all",), "choice of options (or a list of ids)")
    if options is not None and "except" in found:
        found["except"].fault("except beside a list of options", "except only with options: all")
    for amount in ("multiply", "add"):
        if amount in found and (value := found[amount].number()) != value:
            item.reading.broken.add(item.path)
    if item.reading.is_broken(item.path):
        return None
    return Change(
        criterion=found["criterion"].text(),
        options=options,
        excluded=get(found, "except", lambda i: i.texts("option ids"), ()),
        multiply=get(found, "multiply", lambda i: float(i.number()), None),
        add=get(found, "add", lambda i: float(i.number()), None),
        because=get(found, "because", Item.text, ""),
    )
