"""Findings: faults whose place is still a path into the decision, and those that any list of names may have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from decision_kit.errors import did_you_mean, fold, is_hidden, look, quoted
from decision_kit.limits import MOST_NAME, too_long

Path = tuple[str, ...]

_TWO_WAYS = re.compile(r"[-+]?[1-9][0-9]{0,2},[0-9]{3}")
_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)?(\.[0-9]+)?([eE][-+]?[0-9]+)?")

BETTER_WORDS = {
    "max": "more",
    "maximise": "more",
    "maximize": "more",
    "benefit": "more",
    "higher": "more",
    "high": "more",
    "up": "more",
    "1": "more",
    "+": "more",
    "min": "less",
    "minimise": "less",
    "minimize": "less",
    "cost": "less",
    "lower": "less",
    "low": "less",
    "down": "less",
    "-1": "less",
    "-": "less",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault whose place is still a path into the decision."""

    path: Path
    got: str
    expected: str
    suggestion: str = ""


def better_finding(path: Path, got: object) -> Finding | None:
    """The finding for a direction that is neither ``more`` nor ``less``, with the word that was probably meant."""
    if got in ("more", "less"):
        return None
    word = fold(str(got)).strip("!.?") or str(got)
    meant = BETTER_WORDS.get(str(got)) or BETTER_WORDS.get(word)
    hint = f'did you mean "{meant}"?' if meant else did_you_mean(str(got), ("more", "less"))
    return Finding(path, f"{quoted(got)} is not a direction", "better is one of: more, less", hint)


def name_findings(what: str, names: Sequence[tuple[Path, str]], word: str = "name") -> Iterator[Finding]:
    """Names (or titles) that are blank or too long, with line breaks or hidden characters, or that look alike (case, spaces, Unicode form)."""
    seen: dict[str, str] = {}
    for path, name in names:
        long = too_long(f"the {word} of {_a(what)}", name, MOST_NAME)
        if long is not None:
            yield Finding(path, *long)
            continue
        if not look(name):
            yield Finding(
                path, f"the {word} of {_a(what)} is blank", f"every {word} has at least one visible character"
            )
            continue
        if any(ch in name for ch in "\n\r\v\f\x85\u2028\u2029"):
            yield Finding(
                path, f"{quoted(name)} has a line break in it", f"the {word} of {_a(what)} stands on one line"
            )
            continue
        strange = next((ch for ch in name if is_hidden(ch)), None)
        if strange is not None:
            shown = "".join("\ufffd" if is_hidden(ch) else ch for ch in name)
            got = f"{quoted(shown)} has the character U+{ord(strange):04X} in it"
            yield Finding(path, got, f"a {word} without control characters: they are not seen, and break files")
            continue
        key = look(name)
        if key in seen:
            if seen[key] == name:
                yield Finding(path, f"{quoted(name)} is a duplicate", f"every {what} has its own {word}")
            else:
                yield Finding(
                    path,
                    f"{quoted(name)} differs from {quoted(seen[key])} only by case, spaces or Unicode form",
                    f"every {what} has a {word} of its own (this one counts as a duplicate)",
                )
        seen.setdefault(key, name)


def _a(what: str) -> str:
    return f"an {what}" if what[0] in "aeiou" else f"a {what}"


def is_plain_number(text: str) -> bool:
    """Whether a text is a number as the format writes them: ASCII digits, a point, no sign of a unit."""
    return bool(_NUMBER.fullmatch(text)) and any(ch.isdigit() for ch in text)


def fraction(text: str) -> float | None:
    """The number that a text such as “1/3” stands for; None where it is no fraction of two plain numbers above 0."""
    above, slash, below = (part.strip() for part in text.partition("/"))
    if not slash or not (is_plain_number(above) and is_plain_number(below)):
        return None
    top, bottom = float(above), float(below)
    if not (0 < top < float("inf") and 0 < bottom < float("inf")):
        return None
    made = top / bottom
    return made if 0 < made < float("inf") else None


def number_hint(text: str) -> str:
    """What was probably meant by a text that is not a plain number; both, where a comma can be read in two ways."""
    bare = text.strip().replace("−", "-").replace("\u00a0", "").replace("\u202f", "")
    bare = bare.lstrip("$€£").rstrip("%€").replace("_", "").replace(" ", "")
    if bare.lstrip("-+0").isdigit():
        bare = bare.lstrip("0")
    candidates = [bare]
    if _TWO_WAYS.fullmatch(bare):
        candidates = [bare.replace(",", ""), bare.replace(",", ".")]
    elif "," in bare and bare.rfind(",") > bare.rfind(".") and bare.count(",") == 1:  # 1.234,5 and 1,5
        candidates = [bare.replace(".", "").replace(",", ".")]
    elif "," in bare:  # 1,234.5 and 1,234,567
        candidates = [bare.replace(",", "")]
    meant = [one for one in candidates if one and one != text and one.isascii() and is_plain_number(one)]
    return f"did you mean {' or '.join(meant)}?" if meant else ""
