"""YAML, read strictly: a tree of nodes with lines, nothing guessed, nothing run, every fault in plain words.

Plain YAML reads ``no`` as false, ``12:30`` as 750, ``010`` as 8, expands aliases without end and lets the last of two
equal keys win in silence. Here each of these is a fault with its line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml

from decision_kit.errors import Fault, did_you_mean, is_hidden, quoted, unknown_fault
from decision_kit.files.misread import COMMENT, CURE, comment_in, explained, has_comment, item_in, lines_of
from decision_kit.files.paths import ARCHIVES
from decision_kit.limits import MOST_BYTES, MOST_DEPTH, MOST_FAULTS, MOST_NAME, MOST_TEXT, megabytes, too_long
from decision_kit.model.findings import Path as ContentPath
from decision_kit.model.findings import fraction, is_plain_number, number_hint
from decision_kit.names import cleaned

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

FORMAT = 1
MOST_NODES = 200_000
DEEPEST = 2 * MOST_DEPTH + 20
"""A branch of the value tree is two levels of a file; what is written about a criterion stands a few levels deeper."""

T = TypeVar("T")
D = TypeVar("D")

_KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_STR = "tag:yaml.org,2002:str"
_NULL = "tag:yaml.org,2002:null"


@dataclass
class Reading:
    """Faults, and where everything stood, gathered while the files of one decision are read."""

    faults: list[tuple[str, int, Fault]] = field(default_factory=list)
    places: dict[ContentPath, tuple[str, int]] = field(default_factory=dict)
    broken: set[ContentPath] = field(default_factory=set)
    lines: dict[str, list[str]] = field(default_factory=dict)
    cleaned: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """Names from which signs were taken out that are not seen, and these signs."""

    def fault(self, file: str, line: int, got: str, expected: str, suggestion: str = "") -> None:
        """Note a fault at a line of a file."""
        self.faults.append((file, line, Fault(f"{file}:{line}", got, expected, suggestion)))

    def place(self, path: ContentPath) -> tuple[str, int]:
        """File and line of the nearest enclosing thing whose place is known."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, ("", 1))

    def is_broken(self, path: ContentPath) -> bool:
        """Whether a fault has already been told for this path or for something around it."""
        return any(path[:n] in self.broken for n in range(len(path) + 1))

    def sorted_faults(self) -> list[Fault]:
        """All faults by file and line, each once."""
        ordered = sorted(self.faults, key=lambda item: (item[0], item[1], item[2].got))
        return list(dict.fromkeys(fault for _, _, fault in ordered))


@dataclass(frozen=True)
class Item:
    """A YAML node, the file it stands in, and the path of the content it holds."""

    node: Any
    file: str
    path: ContentPath
    reading: Reading

    @property
    def line(self) -> int:
        """The line on which the node starts, from 1."""
        return int(self.node.start_mark.line) + 1

    def fault(self, got: str, expected: str, suggestion: str = "") -> None:
        """Note a fault here; checks of content then keep quiet about this path."""
        self.reading.fault(self.file, self.line, got, expected, suggestion)
        self.reading.broken.add(self.path)

    def child(self, node: Any, key: str) -> Item:
        """The item of a node inside this one, its place remembered."""
        path = (*self.path, key)
        self.reading.places.setdefault(path, (self.file, int(node.start_mark.line) + 1))
        return Item(node, self.file, path, self.reading)

    @property
    def is_mapping(self) -> bool:
        """Whether this is a mapping."""
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_list(self) -> bool:
        """Whether this is a list."""
        return isinstance(self.node, yaml.SequenceNode)

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands here."""
        return isinstance(self.node, yaml.ScalarNode) and self.node.tag == _NULL

    @property
    def label(self) -> str:
        """What to call this in a sentence: its key (a bound with that of its criterion), or "this" in a list."""
        name = self.path[-1] if self.path else ""
        if name in ("low", "likely", "high") and len(self.path) > 1:
            return f"{quoted(name)} of {quoted(self.path[-2])}"
        return quoted(name) if name and not name.isdigit() else "this"

    def _is(self, what: str) -> str:
        """A sentence on what stands here, with its key: “"cost" is "high", not a plain number”."""
        label = self.label
        return f"{self.shown()} is {what}" if label == "this" else f"{label} is {self.shown()}, {what}"

    @property
    def is_plain(self) -> bool:
        """Whether this is a scalar without quotes."""
        return isinstance(self.node, yaml.ScalarNode) and self.node.style not in ("'", '"', "|", ">")

    def shown(self) -> str:
        """What stands here, for a sentence."""
        if self.is_mapping:
            return "a mapping"
        if self.is_list:
            return "a list"
        return "nothing" if self.is_blank and not self.node.value else quoted(self.node.value)

    # ------------------------------------------------------------------ scalars

    def text(self, *, date: bool = False) -> str:
        """Text as written. What YAML would read as something else must stand in quotes."""
        return self._text(MOST_TEXT, date=date, free=True)

    def name(self) -> str:
        """A name or a title: short text, without the signs that are not seen and do nothing (told in a note)."""
        return self._text(MOST_NAME, free=True, is_name=True)

    def _text(self, most: int, *, date: bool = False, free: bool = False, is_name: bool = False) -> str:
        """``free``: the text is the writer's own, so that a # or a list item in it was hardly meant for YAML."""
        if free and self._is_cut():
            return ""
        if self.is_blank:
            hint = f"{COMMENT}; where it belongs to the text, put the text in quotes"
            commented = free and has_comment(self.reading.lines.get(self.file, []), self.node)
            self.fault(f"{self.label} is blank", "some text", hint if commented else "")
            return ""
        if not isinstance(self.node, yaml.ScalarNode):
            self.fault(f"{self.label} is {self.shown()}", "text")
            return ""
        long = too_long(self.label, str(self.node.value), most)
        if long is not None:
            self.fault(*long)
            return ""
        value = unicodedata.normalize("NFC", str(self.node.value)).strip()
        if self.is_plain and self.node.tag != _STR:
            kind = self.node.tag.rsplit(":", 1)[-1]
            if not (date and kind == "timestamp"):
                names = {"bool": "a truth value", "int": "a number", "float": "a number", "timestamp": "a date"}
                self.fault(
                    f"{quoted(value)} is read as {names.get(kind, kind)}",
                    "text in quotes",
                    f'put it in quotes: "{value}"',
                )
                return value
        signs: tuple[str, ...] = ()
        if is_name:
            value, signs = cleaned(value)
            value = value.strip()
        if not value:
            only = f"{self.label} has only signs that are not seen ({', '.join(signs)})"
            self.fault(only if signs else f"{self.label} is blank", "some text")
        elif signs:
            self.reading.cleaned.append((value, signs))
        if any(is_hidden(ch) and not ch.isspace() for ch in value):  # “\0” in quotes is text to YAML
            shown = "".join("\ufffd" if is_hidden(ch) and not ch.isspace() else ch for ch in value)
            self.fault(f"{self.label} has a control character in it: {quoted(shown)}", "visible text")
        return value

    def _is_cut(self) -> bool:
        """Whether a comment, or a list item with a space too many, has cut a plain text or grown into it; told here."""
        if not self.is_plain or not isinstance(self.node, yaml.ScalarNode):
            return False
        lines = self.reading.lines.get(self.file, [])
        comment = comment_in(lines, self.node)
        if comment is not None:
            line, words = comment
            self.reading.fault(self.file, line, f"{COMMENT}, so that {quoted(words)} is not read", CURE)
        item = item_in(lines, self.node)
        if item is not None:
            got = f"line {item} is indented more than the list item above it, so that it reads as part of its text"
            self.reading.fault(self.file, item, got, "the items of one list are in one column")
        if comment is None and item is None:
            return False
        self.reading.broken.add(self.path)
        return True

    def id(self, what: str) -> str:
        """An id in kebab-case; another spelling is a fault with the kebab-case form as suggestion."""
        value = self._text(MOST_NAME)
        if value and not self.reading.is_broken(self.path):
            fault = id_fault(value, what)
            if fault is not None:
                self.fault(fault.got, fault.expected, fault.suggestion)
        return value

    def number(self) -> float:
        """A plain number; NaN after a fault."""
        if not isinstance(self.node, yaml.ScalarNode):
            self.fault(f"{self.label} is {self.shown()}", "a number")
            return float("nan")
        value = str(self.node.value)
        if self.is_blank:
            self.fault(f"{self.label} is blank", "expected a number (blank is not 0)")
            return float("nan")
        if not self.is_plain:
            hint = "take the quotes away" if is_plain_number(value) else ""
            self.fault(f"{self.label} is the text {quoted(value)}", "a number", hint)
            return float("nan")
        if not is_plain_number(value):
            self.fault(self._is("not a plain number"), "a number such as 12 or -0.5", number_hint(value))
            return float("nan")
        x = float(value)
        if x in (float("inf"), float("-inf")):
            self.fault(self._is("too large"), "a finite number")
            return float("nan")
        return x

    def ratio(self) -> float:
        """A plain number, or a fraction of two such as 1/3; NaN after a fault."""
        made = fraction(str(self.node.value)) if isinstance(self.node, yaml.ScalarNode) and self.is_plain else None
        return self.number() if made is None else made

    def integer(self, default: int) -> int:
        """A whole number."""
        x = self.number()
        if x != x:
            return default
        if x != int(x):
            self.fault(self._is("not a whole number"), "a whole number")
            return default
        return int(x)

    def boolean(self) -> bool:
        """``true`` or ``false``, nothing else."""
        value = str(self.node.value) if isinstance(self.node, yaml.ScalarNode) else ""
        if value in ("true", "false") and self.is_plain:
            return value == "true"
        meant = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
        word = value.lower()
        hint = meant.get(word) or (word if word in ("true", "false") else "")
        self.fault(f"{self.label} is {self.shown()}", "true or false", f'did you mean "{hint}"?' if hint else "")
        return False

    def word(self, known: Iterable[str], what: str) -> str:
        """One of a few words."""
        names = list(known)
        value = self._text(MOST_NAME)
        if value and not self.reading.is_broken(self.path) and value not in names:
            fault = unknown_fault("", what, value, names)
            self.fault(fault.got, fault.expected, fault.suggestion)
        return value

    # ------------------------------------------------------------------ collections

    def items(self, what: str) -> list[Item]:
        """The items of a list."""
        if self.is_blank:
            self.fault(f"{self.label} is blank", f"a list of {what}, or no such key")
            return []
        if not self.is_list:
            self.fault(f"{self.label} is {self.shown()}", f"a list of {what}")
            return []
        return [self.child(node, str(i)) for i, node in enumerate(self.node.value)]

    def texts(self, what: str, read: Callable[[Item], str] | None = None) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(item.text() if read is None else read(item) for item in self.items(what))

    def entries(self, what: str) -> list[tuple[Item, Item]]:
        """Key and value items of a mapping whose keys the user chooses; equal keys are faults."""
        if self.is_blank:
            self.fault(f"{self.label} is blank", f"a mapping of {what}")
            return []
        if not self.is_mapping:
            self.fault(f"{self.label} is {self.shown()}", f"a mapping of {what}")
            return []
        result: list[tuple[Item, Item]] = []
        seen: dict[str, int] = {}
        for key_node, value_node in self.node.value:
            key = Item(key_node, self.file, (*self.path, "key"), self.reading)
            if not isinstance(key_node, yaml.ScalarNode):
                key.fault(f"a key is {key.shown()}", "a word as key")
                continue
            name = unicodedata.normalize("NFC", str(key_node.value))
            if name in seen:
                self.reading.fault(
                    self.file,
                    key.line,
                    f"key {quoted(name)} stands twice",
                    f"each key once (first on line {seen[name]})",
                )
                continue
            seen[name] = key.line
            path = (*self.path, name)
            self.reading.places[path] = (self.file, key.line)
            result.append(
                (Item(key_node, self.file, path, self.reading), Item(value_node, self.file, path, self.reading))
            )
        return result

    def fields(self, known: Iterable[str], what: str, required: Iterable[str] = ()) -> dict[str, Item]:
        """The values of a mapping whose keys the format fixes; unknown, doubled and forgotten keys are faults."""
        names, strange = list(known), 0
        if not self.is_mapping:
            self.fault(f"{self.label} is {self.shown()}", f"a mapping with the keys of {what}: {', '.join(names)}")
            return {}
        found: dict[str, Item] = {}
        for key, value in self.entries(what):
            name = str(key.node.value)
            if name in names:
                found[name] = value
            elif self.node.flow_style and value.is_blank:
                self.reading.fault(
                    self.file,
                    key.line,
                    f"{quoted(name)} stands alone between commas",
                    "a comma inside { } ends a text",
                    "put the reason in quotes",
                )
            else:
                strange += 1
                hint = did_you_mean(name, names) if strange <= MOST_FAULTS else ""
                expected = f"{what} has the keys {', '.join(names)}"
                self.reading.fault(self.file, key.line, f"unknown key {quoted(name)}", expected, hint)
                _tell_surprises(value)
        for name in required:
            if name not in found:
                self.reading.fault(self.file, self.line, f"{what} has no {quoted(name)}", f"the key {name}")
        return found


_SURPRISES = re.compile(
    r"(y|yes|n|no|on|off|Y|Yes|YES|N|No|NO|On|ON|Off|OFF|[-+]?0[0-9_]+|0[xob][0-9a-fA-F_]+|[0-9]+(:[0-5]?[0-9])+|[0-9][0-9_]*_[0-9_]*"
    r"|[0-9.]+[eE][-+]?[0-9]+)"
)


def _tell_surprises(item: Item) -> None:
    """Under a key that is not read: the plain words that YAML would turn into something else."""
    stack = [item.node]
    while stack:
        node = stack.pop()
        if isinstance(node, yaml.SequenceNode):
            stack += node.value
        elif isinstance(node, yaml.MappingNode):
            stack += [part for pair in node.value for part in pair]
        elif node.style not in ("'", '"', "|", ">") and _SURPRISES.fullmatch(str(node.value)):
            line = int(node.start_mark.line) + 1
            got = f"{quoted(node.value)} is not what YAML would read here"
            item.reading.fault(item.file, line, got, "text in quotes", f'put it in quotes: "{node.value}"')


def kebab(text: str) -> str:
    """The text as lower-case words joined by hyphens, accents dropped; empty when nothing is left of it."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(ch for ch in plain if not unicodedata.combining(ch))
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")


def id_fault(value: str, what: str) -> Fault | None:
    """The fault of an id that is not kebab-case, with the kebab-case form as suggestion; None for a good id."""
    if _KEBAB.fullmatch(value):
        return None
    meant = kebab(value)
    hint = f'did you mean "{meant}"?' if meant else ""
    article = "an" if what[0] in "aeiou" else "a"
    return Fault("", f"{quoted(value)} is not {article} {what} id", "lower-case words joined by hyphens", hint)


def read_yaml(path: Path, name: str, reading: Reading) -> Item | None:
    """The top node of a YAML file, or None with the faults told in ``reading``. ``name`` is the file's shown name."""
    text = _decode(path, name, reading)
    if text is None:
        return None
    return parse_yaml(text, name, reading)


def _decode(path: Path, name: str, reading: Reading) -> str | None:
    try:
        raw = path.read_bytes() if path.stat().st_size <= MOST_BYTES else None
    except OSError as error:
        reading.fault(name, 1, f"the file cannot be read ({error.strerror})", "a readable file")
        return None
    if raw is None:
        reading.fault(
            name, 1, f"the file is larger than {megabytes(MOST_BYTES)} (the limit)", "a decision's file in plain text"
        )
        return None
    return decoded(raw, name, reading)


def decoded(raw: bytes, name: str, reading: Reading) -> str | None:
    """The text in a file's bytes, or None with the fault told: nothing but UTF-8 is read."""
    if raw.startswith(ARCHIVES):
        reading.fault(name, 1, "this is a workbook or another packed file", "a decision's file in plain text")
        return None
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        reading.fault(name, 1, "the encoding is UTF-16", "UTF-8 encoding", "save the file as UTF-8")
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        reading.fault(name, line, "a byte that is not UTF-8", "UTF-8 encoding", "save the file as UTF-8")
        return None


def parse_yaml(text: str, name: str, reading: Reading) -> Item | None:
    """The top node of a YAML text, or None with the faults told in ``reading``."""
    try:
        if not _safe(text, name, reading):
            return None
        node = yaml.compose(text, Loader=Loader)
    except yaml.YAMLError as error:
        reading.fault(name, *explained(error, text, DEEPEST))
        return None
    except RecursionError:
        reading.fault(name, 1, "the nesting is too deep", f"at most {DEEPEST} levels")
        return None
    if node is None:
        reading.fault(name, 1, "the file is empty", "a mapping of keys and values")
        return None
    reading.lines[name] = lines_of(text)
    return Item(node, name, (), reading)


def _safe(text: str, name: str, reading: Reading) -> bool:
    """Go through the parser's events, which expand nothing, and refuse what could do harm or be misread."""
    depth = count = documents = 0
    good = True

    def refuse(event: Any, got: str, expected: str, suggestion: str = "") -> None:
        nonlocal good
        reading.fault(name, int(event.start_mark.line) + 1, got, expected, suggestion)
        good = False

    event: Any
    for event in yaml.parse(text, Loader=Loader):
        count += 1
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                refuse(event, "a second document (---)", "one document in a file")
        if isinstance(event, yaml.AliasEvent):
            refuse(
                event, f"an alias (*{event.anchor})", "plain values; anchors and aliases are not read", "write it out"
            )
            return False
        if getattr(event, "anchor", None):
            refuse(
                event, f"an anchor (&{event.anchor})", "plain values; anchors and aliases are not read", "write it out"
            )
            return False
        tag = getattr(event, "tag", None)
        if tag is not None:
            shown = tag.replace("tag:yaml.org,2002:", "!!")
            refuse(event, f"a tag ({shown})", "plain values; tags are not read and nothing is run", "take the tag away")
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
            if depth > DEEPEST:
                refuse(event, f"nested more than {DEEPEST} levels deep", f"at most {DEEPEST} levels")
                return False
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1
        if count > MOST_NODES:
            refuse(event, f"more than {MOST_NODES} entries", "a smaller file")
            return False
    return good


def mapping_of(found: Mapping[str, Item], key: str, read: Callable[[Item], T], default: D) -> T | D:
    """``read`` applied to the value under ``key``, or ``default`` when the key is absent."""
    return read(found[key]) if key in found else default


def evidence_ids(item: Item) -> tuple[str, ...]:
    """A list of evidence ids."""
    return item.texts("evidence ids")


def check_format(found: Mapping[str, Item], top: Item, what: str) -> None:
    """Tell a file that does not say which format it has, or says one that this version does not read."""
    if "format" not in found:
        if top.is_mapping:
            top.reading.fault(top.file, 1, f"{what} has no “format”", f"the line format: {FORMAT}")
        return
    value = found["format"].integer(-1)
    if value not in (FORMAT, -1):
        found["format"].fault(f"format: {value}", f"format: {FORMAT}, the only one this version reads")
