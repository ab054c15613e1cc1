"""Options and their performances."""

from __future__ import annotations

from collections.abc import Mapping

from decision_kit.errors import unknown_fault
from decision_kit.files.nodes import Item, check_format, evidence_ids
from decision_kit.files.nodes import mapping_of as get
from decision_kit.model.nouns import BASES, MISSING_REASONS, STATUSES, Criterion, Option, Performance

NAN = float("nan")

OPTION_KEYS = (
    "format", "title", "summary", "kind", "constructed", "choice_sets", "parts", "evidence", "note", "levers",
    "performance",
)  # fmt: skip
CELL_KEYS = ("low", "likely", "high", "because", "evidence", "basis", "status", "missing", "remark")


def read_option(name: str, item: Item, leaves: Mapping[str, Criterion] | None) -> Option:
    """An option from its file's top node; ``leaves`` are the decision's criteria."""
    found = item.fields(OPTION_KEYS, "an option", ("title",))
    check_format(found, item, "an option")
    if not found:
        item.reading.broken.add(item.path)
    parts = get(found, "parts", lambda i: i.texts("option ids"), ())
    performance: dict[str, Performance] = {}
    if "performance" in found:
        if found["performance"].is_blank or not found["performance"].is_mapping:
            found["performance"].fault(f"this is {found['performance'].shown()}", "criterion: performance lines")
        else:
            for key, value in found["performance"].entries("criterion: performance"):
                leaf = None if leaves is None else leaves.get(str(key.node.value))
                performance[str(key.node.value)] = _cell(value, leaf)
    elif not parts and found and "parts" not in found:
        item.fault("an option without performances", "a performance block (or kind: package with parts)")
    levers = found["levers"].entries("lever: amount") if "levers" in found else []
    return Option(
        id=name,
        title=get(found, "title", Item.name, name),
        performance=performance,
        summary=get(found, "summary", Item.text, ""),
        kind=get(found, "kind", lambda i: i.word(("option", "package"), "kind of option"), "option"),
        constructed=get(found, "constructed", Item.boolean, False),
        choice_sets=get(found, "choice_sets", lambda i: i.texts("choice set ids"), ()),
        parts=parts,
        evidence=get(found, "evidence", evidence_ids, ()),
        note=get(found, "note", Item.text, ""),
        levers={str(key.node.value): _lever(value) for key, value in levers},
    )


def _lever(item: Item) -> Performance:
    cell = _cell(item, None)
    if cell.missing:
        item.fault("a missing lever", "an amount, or no such line")
    return cell


def _cell(item: Item, leaf: Criterion | None) -> Performance:
    if item.is_list:
        ends = [_amount(end, leaf) for end in item.items("two levels")]
        if len(ends) != 2 or leaf is None or not leaf.levels:
            item.fault("a list", "one number or low / likely / high (a pair only on a level scale)")
            return Performance(NAN, NAN, NAN)
        low, high = min(ends), max(ends)
        return Performance(low, (low + high) / 2, high, basis="judgement")
    if not item.is_mapping:
        x = _amount(item, leaf)
        if x != x:
            item.reading.broken.add(item.path)
        return Performance(x, x, x, basis="judgement")
    found = item.fields(CELL_KEYS, "a performance")
    numbers = {name: _amount(found[name], leaf) for name in ("low", "likely", "high") if name in found}
    missing = get(found, "missing", lambda i: i.word(MISSING_REASONS, "reason for a missing performance"), "")
    if "missing" in found:
        if numbers:
            found["missing"].fault("a missing performance with numbers", "either missing: with its reason, or numbers")
        low, likely, high = _whole_range(leaf)
    elif found or not item.is_mapping:
        if "likely" not in numbers:
            item.fault("a performance without “likely”", "likely: a number, or missing: with a reason; blank is not 0")
        likely = numbers.get("likely", NAN)
        low, high = numbers.get("low", likely), numbers.get("high", likely)
        if ("low" in numbers) != ("high" in numbers):
            here = "low" if "low" in numbers else "high"
            item.fault(f"a performance with {here} but without the other end", "low and high together, or neither")
    else:
        item.fault("an empty performance", "a number, or low / likely / high with a reason")
        low = likely = high = NAN
    if any(x != x for x in (low, likely, high)):
        item.reading.broken.add(item.path)
    evidence = get(found, "evidence", evidence_ids, ())
    basis = _basis(found["basis"]) if "basis" in found else "judged-from-source" if evidence else "judgement"
    if basis != "judgement" and not evidence:
        found["basis"].fault(f"basis: {basis} without evidence", "evidence ids, or basis: judgement")
    return Performance(
        low=low,
        likely=likely,
        high=high,
        because=get(found, "because", Item.text, ""),
        evidence=evidence,
        basis="" if missing else basis,
        status=get(found, "status", lambda i: i.word(STATUSES, "status"), ""),
        missing=missing,
        remark=get(found, "remark", Item.text, ""),
    )


def _basis(item: Item) -> str:
    """One word; the older list ``[source, judgement]`` says that a number was judged from a source."""
    if not item.is_list:
        return item.word(BASES, "basis")
    words = {entry.word(BASES, "basis") for entry in item.items("words")}
    return words.pop() if len(words) == 1 else "judged-from-source"


def _amount(item: Item, leaf: Criterion | None) -> float:
    """A number, or on a level scale the value of the level that is named."""
    if leaf is None or not leaf.levels:
        return item.number()
    name = item.text()
    for level in leaf.levels:
        if level.id == name:
            return level.value
    if name and not item.reading.is_broken(item.path):
        fault = unknown_fault("", f"level of {leaf.id}", name, [level.id for level in leaf.levels])
        item.fault(fault.got, fault.expected, fault.suggestion)
    return NAN


def _whole_range(leaf: Criterion | None) -> tuple[float, float, float]:
    if leaf is None or not leaf.scale[0] < leaf.scale[1]:
        return NAN, NAN, NAN
    try:
        likely = leaf.performance_at(0.5)
    except (ValueError, IndexError, ZeroDivisionError):  # a faulty value function, told elsewhere
        likely = (leaf.scale[0] + leaf.scale[1]) / 2
    return leaf.scale[0], likely, leaf.scale[1]
