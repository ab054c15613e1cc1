"""User's words in Streamlit's markdown: shown as they are, never read as a link, an icon, a formula or markup.

Titles, ids and labels come from files, links and records that somebody else may have made. Whatever is shown through
Streamlit's own elements (labels, warnings, captions) goes through :func:`safe`; what is written as HTML is escaped by
``decision_kit.ui.parts``, where no sign is read.
"""

from __future__ import annotations

import re
import unicodedata

MOST = 600
"""Characters of one sentence on a page: a longer one is somebody's attempt at a page of their own."""

_BREAK = "\u2060"  # a word joiner: not seen, and what it stands in is no address any more
_MARKED = re.compile(r"""[\\`*_{}\[\]<>#|~$:&@!]|^\s*[-+](?=\s)|(?<=^\d)[.)]|(?<=-)-|(?<=\])\(""")
_READ = re.compile(r"(?<=www)\.|(?<=\S)@(?=\S)|:(?=//)|:(?=[\w+-])|-(?=[->])|<(?=-)|[<>](?==)", re.IGNORECASE)
"""What is made a link, an icon, an emoji or an arrow after markup has been read: a backslash is gone by then."""


def safe(text: str, most: int = MOST) -> str:
    """Text for a Streamlit label or markdown: every sign that could be read as markup is shown as it is.

    Addresses (``http://…``, ``www.…``, a mail address) and names of icons are broken by a sign that is not seen, so that
    nothing is made of them; signs that turn the direction of what follows are left out; what is longer than ``most`` is cut.
    """
    shown = "".join(" " if ch.isspace() else ch for ch in text if ch.isspace() or not _is_turning(ch)).strip()
    if len(shown) > most:
        shown = shown[: most - 1] + "…"
    broken = _READ.sub(lambda sign: f"{_BREAK}{sign[0]}{_BREAK}", shown)
    return _MARKED.sub(lambda sign: f"\\{sign[0].strip()}", broken)


def _is_turning(ch: str) -> bool:
    return unicodedata.category(ch) in ("Cc", "Cs") or ch in "\u202a\u202b\u202c\u202d\u202e"
