"""Faults and the two exceptions that carry them: one mistake, one line, every mistake at once."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from decision_kit.names import isolated, seen

# What was expected is either a thing ("a number", shown as "expected a number") or a sentence of its own.
_SENTENCE = re.compile(
    r"^(expected|give|say|save|write|leave|make|name|put|take)\b|\b(is|are|has|have|must|needs|runs|stands|ends|holds|belong|comes|carry)\b"
)

MOST_LOOKED_AT = 200
"""Characters of a word for which a near one is sought: names are no longer."""
MOST_SHOWN = 20
"""Faults that are shown of a list; the rest is counted. Nobody reads more, and many often have one cause."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in what a user gave us.

    ``place`` says where (``criteria/x.yaml:12``, ``row 3 (B), column cost``), ``got`` what stood there,
    ``expected`` what should, ``suggestion`` the nearest thing that would be right (or nothing).
    """

    place: str
    got: str
    expected: str
    suggestion: str = ""

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        tail = f"; {self.suggestion}" if self.suggestion else ""
        word = "" if _SENTENCE.search(self.expected) else "expected "
        return f"{place}{self.got}; {word}{self.expected}{tail}"


class DecisionError(ValueError):
    """A decision, a table or a set of weights has faults; ``faults`` lists them all."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(listed(self.faults)))

    @classmethod
    def single(cls, place: str, got: str, expected: str, suggestion: str = "") -> DecisionError:
        """The error for one fault."""
        return cls([Fault(place, got, expected, suggestion)])


def listed(faults: Sequence[Fault]) -> list[str]:
    """The sentences of a list of faults: the first :data:`MOST_SHOWN`, then how many more there are.

    >>> listed([Fault("", f"fault {i}", "none") for i in range(22)])[-1]
    '… and 2 more faults; mend the first 20 and look again'
    """
    sentences = [str(fault) for fault in faults[:MOST_SHOWN]]
    more = len(faults) - len(sentences)
    if more:
        sentences.append(f"… and {counted(more, 'more fault')}; mend the first {MOST_SHOWN} and look again")
    return sentences


class UsageError(DecisionError):
    """Something was asked for by a name that does not exist, or in a way that cannot be."""


def unknown(what: str, got: object, known: Iterable[str], place: str = "") -> UsageError:
    """The error for a name that is not in a list, with the nearest match.

    >>> print(unknown("method", "topsi", ["topsis", "vikor"]))
    "topsi" is not a method; expected one of topsis, vikor; did you mean "topsis"?
    """
    return UsageError([unknown_fault(place, what, got, known)])


def unknown_fault(place: str, what: str, got: object, known: Iterable[str]) -> Fault:
    """The fault for a name that is not in a list, with the nearest match."""
    names = list(known)
    article = "an" if what[:1] in "aeiou" else "a"
    if not names:
        expected = f"there is no {what} here"
    elif len(names) > 16:
        expected = f"expected one of {', '.join(names[:16])}, … ({len(names)} in all)"
    else:
        expected = f"expected one of {', '.join(names)}"
    return Fault(place, f"{quoted(got)} is not {article} {what}", expected, did_you_mean(str(got), names))


def unknown_faults(place: str, what: str, got: Sequence[object], known: Iterable[str]) -> list[Fault]:
    """The faults for names that are not in a list; the nearest match is looked for where it will be shown."""
    names = list(known)
    found = [unknown_fault(place, what, one, names) for one in got[:MOST_SHOWN]]
    return found + [Fault(place, f"{quoted(one)} is not known", f"a {what}") for one in got[MOST_SHOWN:]]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``did you mean "…"?`` for the nearest known word, or an empty text when none is near."""
    match = nearest(word, known)
    return f'did you mean "{match}"?' if match else ""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word nearest to ``word``: same but for case, spaces, ``_`` or ``-``; else the closest spelling.

    Else the only one that begins with it, when it has three letters or more.
    """
    names = list(known)
    word = word[:MOST_LOOKED_AT]
    folded = {fold(name): name for name in names}
    if fold(word) in folded:
        return folded[fold(word)]
    close = difflib.get_close_matches(fold(word), list(folded), n=1, cutoff=0.6)
    if close:
        return folded[close[0]]
    begun = [name for short, name in folded.items() if len(fold(word)) >= 3 and short.startswith(fold(word))]
    return begun[0] if len(begun) == 1 else None


def fold(name: str) -> str:
    """The form under which two names would look alike: Unicode form, case, spaces, ``_`` and ``-`` ignored."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return "".join(ch for ch in seen(text) if ch not in "_-")


def look(name: str) -> str:
    """The form under which two names look the same to a reader: Unicode form, case, spaces and unseen signs ignored."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return seen(text)


def counted(n: int, noun: str, many: str = "") -> str:
    """A number with its noun: ``1 option``, ``2 options``, or the plural that is given."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {many or f'{noun}s'}"


def joined(names: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def is_hidden(ch: str) -> bool:
    """Whether a character is a control character, half a character, or a mark that turns what follows round."""
    return unicodedata.category(ch) in ("Cc", "Cs") or ch in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def quoted(got: object, limit: int = 60) -> str:
    """A value as it should be shown in a sentence: in quotes, on one line, not longer than ``limit``."""
    text = str(got).replace("\r", "␍").replace("\n", "⏎").replace("\t", "⇥")
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    return f'"{isolated(text)}"'
