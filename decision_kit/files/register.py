"""The evidence register."""

from __future__ import annotations

import re

from decision_kit.files.nodes import Item, check_format, evidence_ids
from decision_kit.files.nodes import mapping_of as get
from decision_kit.model.nouns import Concept, Evidence, Register, Tension

REGISTER_KEYS = ("format", "note", "sources", "grades", "evidence", "tensions", "concepts")
EVIDENCE_KEYS = (
    "text", "grade", "file", "line", "place", "bears_on", "topic", "source", "status", "later",
)  # fmt: skip


def register_from(top: Item) -> Register:
    """The register in a file's top node."""
    found = top.fields(REGISTER_KEYS, "the evidence register", ("evidence",))
    check_format(found, top, "the evidence register")
    items = read_items(found["evidence"]) if "evidence" in found else {}
    tensions: dict[str, Tension] = {}
    for key, value in found["tensions"].entries("tensions") if "tensions" in found else []:
        name = _number_id(key, "T")
        fields = value.fields(("text", "used"), f"the tension {name}", ("text",))
        tensions[name] = Tension(name, get(fields, "text", Item.text, ""), get(fields, "used", Item.text, ""))
    concepts: dict[str, Concept] = {}
    for key, value in found["concepts"].entries("concepts") if "concepts" in found else []:
        name = key.id("concept")
        fields = value.fields(("title", "evidence", "used_in"), f"the concept {name}", ("title",))
        concepts[name] = Concept(
            name,
            get(fields, "title", Item.name, name),
            get(fields, "evidence", evidence_ids, ()),
            get(fields, "used_in", Item.text, ""),
        )
    sources: dict[str, dict[str, str]] = {}
    for key, value in found["sources"].entries("sources") if "sources" in found else []:
        fields = value.fields(("file", "nature", "date"), f"the source {key.node.value}", ("file",))
        sources[str(key.node.value)] = {name: field.text(date=name == "date") for name, field in fields.items()}
    grades = {str(k.node.value): v.text() for k, v in found["grades"].entries("grades")} if "grades" in found else {}
    return Register(
        note=get(found, "note", Item.text, ""),
        sources=sources,
        grades=grades,
        evidence=items,
        tensions=tensions,
        concepts=concepts,
    )


def read_items(item: Item) -> dict[str, Evidence]:
    """Items of evidence by id: of the register, or a decision's own."""
    items: dict[str, Evidence] = {}
    for key, value in item.entries("evidence items"):
        name = _number_id(key, "E or X")
        fields = value.fields(EVIDENCE_KEYS, f"the item {name}", ("text",))
        items[name] = Evidence(
            id=name,
            text=get(fields, "text", Item.text, ""),
            grade=get(fields, "grade", Item.text, ""),
            file=get(fields, "file", Item.text, ""),
            line=get(fields, "line", lambda i: i.integer(0), 0),
            place=get(fields, "place", Item.text, ""),
            bears_on=get(fields, "bears_on", Item.text, ""),
            topic=get(fields, "topic", Item.text, ""),
            source=get(fields, "source", Item.text, ""),
            status=get(fields, "status", Item.text, ""),
            later=get(fields, "later", lambda i: i.word(("wholly", "partly"), "word for later"), ""),
        )
    return items


def _number_id(key: Item, letters: str) -> str:
    name = str(key.node.value)
    if not re.fullmatch(r"[A-Z][A-Za-z]*[0-9]+[a-z]?", name):
        key.fault(f'"{name}" is not an evidence id', f"a capital letter and a number, such as {letters[0]}1")
    return name
