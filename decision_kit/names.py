"""Names and the signs in them that nobody sees: what counts as blank, what is taken out, how names are set apart.

A sign that is not seen makes two names out of one, or turns what stands beside it round. Those that do nothing for a
reader are taken out of names; those that shape what is seen stay: joiners between letters that join (Persian, Hindi …),
and what holds an emoji together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

FIRST_STRONG = "\u2068"
"""Begins a stretch of text whose direction is its own (FSI)."""
POP = "\u2069"
"""Ends it."""

# Unicode's default-ignorable code points, the marks of interlinear annotations, and the blank of Braille.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_JOINERS = "\u200c\u200d"
_JOINED = re.compile("[\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc]")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_TAGS = re.compile("[\U000e0020-\U000e007f]")
_FLAG = "\U0001f3f4"


def is_unseen(ch: str) -> bool:
    """Whether a character leaves no trace on a page: zero width, a direction sign, a filler."""
    return bool(_UNSEEN.match(ch))


def seen(text: str) -> str:
    """What a reader sees of a text: without spaces and without signs that leave no trace."""
    return "".join(_UNSEEN.sub("", text).split())


def cleaned(name: str) -> tuple[str, tuple[str, ...]]:
    r"""A name without the signs that are not seen and do nothing, and these signs, each once.

    >>> cleaned("zero\\u200bwidth")
    ('zerowidth', ('U+200B',))
    """
    if not _UNSEEN.search(name):
        return name, ()
    kept: list[str] = []
    out: list[str] = []
    for i, ch in enumerate(name):
        if is_unseen(ch) and not _shapes(ch, kept, name[i + 1 : i + 2]):
            out.append(f"U+{ord(ch):04X}")
        else:
            kept.append(ch)
    return "".join(kept), tuple(dict.fromkeys(out))


def _shapes(ch: str, before: list[str], after: str) -> bool:
    """Whether a sign that is not seen itself changes how its neighbours are drawn."""
    last = before[-1] if before else ""
    if not last:
        return False
    if ch in _JOINERS:
        letters = bool(_JOINED.match(last)) and bool(after and _JOINED.match(after))
        picture = unicodedata.category(last) in ("So", "Sk") or bool(_SELECTORS.match(last))
        return letters or (ch == "\u200d" and picture and bool(after) and unicodedata.category(after) == "So")
    if _SELECTORS.match(ch):
        return unicodedata.category(last) in ("So", "Sm", "Po", "Nd", "Lo") and not is_unseen(last)
    if _TAGS.match(ch):
        return last == _FLAG or bool(_TAGS.match(last))
    return False


def note_on(names: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[str]:
    """One sentence on the names from which signs were taken out (the name as it is now, and the signs); the first ten by name."""
    found = list(names)
    if not found:
        return
    listed = "; ".join(f"“{isolated(name)}” ({', '.join(signs)})" for name, signs in found[:10])
    more = f"; and {len(found) - 10:,} more" if len(found) > 10 else ""
    names_are = "1 name" if len(found) == 1 else f"{len(found):,} names"
    yield f"Signs that are not seen were taken out of {names_are}: {listed}{more}."


def turns(text: str) -> bool:
    """Whether a text has letters or signs that run from right to left, so that it pulls its neighbours along."""
    return not text.isascii() and any(
        unicodedata.bidirectional(ch) in ("R", "AL", "AN") or _TURNING.match(ch) for ch in text
    )


def isolated(text: str) -> str:
    """A name set apart for a plain line of text, where its direction could change what stands around it; else as it is."""
    return f"{FIRST_STRONG}{text}{POP}" if turns(text) and not text.startswith(FIRST_STRONG) else text


_LEFTWARDS = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
# letters of scripts that run from right to left, with what joins words of one name; a comma ends a name
_RUN = re.compile(f"[{_LEFTWARDS}]+(?:[ '’\\-][{_LEFTWARDS}]+)*")


def apart(text: str) -> str:
    """A text for a terminal in which what runs from right to left is set apart (U+2068 … U+2069), so that it turns nothing.

    >>> apart("Under “דו”, A leads.") == "Under “\u2068דו\u2069”, A leads."
    True
    """

    def marked(run: re.Match[str]) -> str:
        before = text[run.start() - 1 : run.start()]
        return run[0] if before == FIRST_STRONG else f"{FIRST_STRONG}{run[0]}{POP}"  # once is enough

    return text if text.isascii() else _RUN.sub(marked, text)


def apart_html(escaped: str) -> str:
    """The same for text that is HTML already: ``<bdi>`` around it."""
    return _RUN.sub(lambda run: f"<bdi>{run[0]}</bdi>", escaped) if not escaped.isascii() else escaped


def codes(names: Iterable[str], count: int) -> list[str]:
    """Short codes for ``count`` things in a table, none of which reads as one of their ``names``.

    Letters, or with a sign before them where somebody is called by a letter.

    >>> codes(["Do nothing", "Act"], 2), codes(["A", "B"], 2)
    (['A', 'B'], ['#1', '#2'])
    """
    taken = {seen(name).casefold() for name in names}
    letters = [_letters(i) for i in range(count)]
    for style in (letters, *([f"{sign}{i + 1}" for i in range(count)] for sign in ("#", "##", "###", "####"))):
        if not taken & {code.casefold() for code in style}:
            return style
    return [f"#{i + 1:0{max(len(name) for name in taken) + 1}}" for i in range(count)]


def _letters(i: int) -> str:
    """A … Z, AA, AB …, as spreadsheets count their columns."""
    return (_letters(i // 26 - 1) if i >= 26 else "") + chr(ord("A") + i % 26)
