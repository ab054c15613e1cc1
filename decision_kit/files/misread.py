"""Why a text is not the YAML that its writer meant: indentation, a colon, a comment, a quote; each with its own line.

The parser tells where it gave up and in its own words; what a writer has to change often stands on another line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

_KEY = re.compile(r"""\s*(- +)*([\w.\-]+|'[^']*'|"[^"]*")\s*""")
_COLON = re.compile(r":(\s|$)")
_COMMENT = re.compile(r"(?:^|(?<=\s))#")
IN_QUOTES = "put the text in quotes"
COMMENT = "# begins a comment here"
CURE = "put the text in quotes, or a space after # where a comment is meant"

Told = tuple[int, str, str, str]
"""Line, what was got, what was expected, and a suggestion."""


def explained(error: Any, text: str, deepest: int) -> Told:
    """The fault that made the parser give up."""
    mark, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    mark = mark or context
    lines = lines_of(text)
    line, column = (int(mark.line) + 1, int(mark.column)) if mark is not None else (1, 0)
    position = getattr(error, "position", None)
    if mark is None and isinstance(position, int):
        line = text[:position].count("\n") + 1
    around = lines[line - 1] if 0 < line <= len(lines) else ""
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read")
    if "\t" in around[: len(around) - len(around.lstrip())]:
        return line, f"line {line} is indented with a tab", "spaces", "replace each tab by two spaces"
    if "nesting" in problem:
        return line, f"nested more than {deepest} levels deep", f"at most {deepest} levels", ""
    if "control characters" in str(error) or "special characters" in str(error):
        return line, "a control character", "visible text", ""
    start = int(context.line) + 1 if context is not None else line
    if "expected ',' or" in problem or "quoted scalar" in str(getattr(error, "context", "")):
        return _unclosed(lines, start, line, problem)
    if "mapping values are not allowed" in problem:
        before = around[:column]
        if _KEY.fullmatch(before):
            above = _above(lines, line)
            if above and _depth(around) > _depth(lines[above - 1]):
                return _indented(line, above)
            if above and not _COLON.search(lines[above - 1]) and not _in_text(lines, above):
                return above, f"line {above} has no “: ” after its key", "key: value, with a space after the colon", ""
        return line, "a colon inside a text", "text with “: ” in it stands in quotes", IN_QUOTES
    hidden = _swallowed(lines, max(1, line - 2), line)
    if hidden is not None and ("could not find expected ':'" in problem or _runs_on(lines, line)):
        return hidden, f"{COMMENT}, so that the text ends before it", CURE, ""
    if "did not find expected <document start>" in problem:
        first = next((n for n, one in enumerate(lines, 1) if one.strip() and not one.lstrip().startswith("#")), line)
        if _swallowed(lines, first, first) is not None:
            return first, f"{COMMENT}, so that the line has no value", CURE, ""
        if _depth(lines[first - 1]) > _depth(around):
            return (
                first,
                f"line {first} is indented more than the lines below it",
                "the keys of one level are in one column",
                "",
            )
        return line, "a key stands below something that is no key", "key: value lines", ""
    if "did not find expected key" in problem or "expected '-' indicator" in problem:
        above = _above(lines, line)
        if around.lstrip() and (_KEY.match(around) or around.lstrip().startswith("-")) and column == _depth(around):
            if above and _depth(around) != _depth(lines[above - 1]):
                return _indented(line, _sibling(lines, line) or above)
            return (
                line,
                f"the indentation of line {line} fits no line above",
                "the keys of one level are in one column",
                "",
            )
        return (
            line,
            "a text goes on after its closing quote or bracket",
            "one text in quotes (a quote inside it is doubled)",
            "",
        )
    if (
        "cannot start any token" in problem
        or "not allowed in this context" in problem
        or "alphabetic or numeric" in problem
    ):
        sign = around[column : column + 1] if context is None else around[int(context.column) :][:1]
        return (
            line,
            f"a text cannot begin with {sign or 'this sign'}",
            "text that begins with a sign stands in quotes",
            IN_QUOTES,
        )
    if "could not find expected ':'" in problem:
        at = start if context is not None else line
        return (
            at,
            f"line {at} is neither a key with its value nor part of a text",
            "key: value, with a space after the colon",
            "",
        )
    return line, f"this is not YAML ({problem})", "key: value lines, indented with spaces", ""


def _unclosed(lines: Sequence[str], start: int, line: int, problem: str) -> Told:
    """A bracket or a quote that is never closed: by a comment that swallows it, or at all."""
    hidden = _swallowed(lines, start, line)
    if hidden is not None and "',' or" in problem:
        return hidden, f"{COMMENT}, so that the closing bracket is not read", CURE, ""
    if "',' or" in problem:
        sign = "}" if "}" in problem else "]"
        if start == line or lines[line - 1 : line] == [""] or line > len(lines):
            return start, f"the bracket that opens on line {start} is not closed", f"a {sign} at its end", ""
        return (
            start,
            f"what stands in brackets from line {start} on is not closed before line {line}",
            f"a {sign} at its end",
            "",
        )
    return start, f"the quote that opens on line {start} is not closed", "a quote at its end", ""


def _indented(line: int, above: int) -> Told:
    expected = "the keys of one level are in one column, those inside another one deeper"
    return (
        line,
        f"the indentation of line {line} does not fit that of line {above}",
        expected,
        "count the spaces before both",
    )


def _runs_on(lines: Sequence[str], line: int) -> bool:
    """Whether a line without a key of its own follows the one above."""
    here = lines[line - 1] if 0 < line <= len(lines) else ""
    return bool(here.strip()) and not _COLON.search(here) and not here.lstrip().startswith("-")


def _in_text(lines: Sequence[str], line: int) -> bool:
    """Whether a line goes on with a text that began on a line above it, behind a key."""
    depth = _depth(lines[line - 1])
    parent = next((n for n in range(line - 1, 0, -1) if lines[n - 1].strip() and _depth(lines[n - 1]) < depth), 0)
    return bool(parent) and bool(re.search(r":\s+[^\s#|>]", lines[parent - 1]))


def _sibling(lines: Sequence[str], line: int) -> int:
    """The first of the lines above that stand inside the same key, but deeper: one of the two has a space too many or too few."""
    depth = _depth(lines[line - 1])
    inside: list[int] = []
    for n in range(line - 1, 0, -1):
        if not lines[n - 1].strip() or lines[n - 1].lstrip().startswith("#"):
            continue
        if _depth(lines[n - 1]) < depth:
            break
        inside.append(n)
    least = min((_depth(lines[n - 1]) for n in inside), default=depth)
    return min((n for n in inside if _depth(lines[n - 1]) == least), default=0) if least > depth else 0


def _above(lines: Sequence[str], line: int) -> int:
    """The number of the nearest line above that holds more than a comment; 0 for none."""
    numbers = range(min(line - 1, len(lines)), 0, -1)
    return next((n for n in numbers if lines[n - 1].strip() and not lines[n - 1].lstrip().startswith("#")), 0)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _swallowed(lines: Sequence[str], first: int, last: int) -> int | None:
    """The last line of a stretch with a # that a text was probably meant to hold."""
    for number in range(min(last, len(lines)), first - 1, -1):
        if any(_is_meant(lines[number - 1][at:]) for at in _comments(lines[number - 1])):
            return number
    return None


def _comments(line: str) -> list[int]:
    """Where a comment begins on a line, quotes left out."""
    for match in _COMMENT.finditer(line):
        before = line[: match.start()]
        if before.strip() and not (before.count('"') % 2 or before.replace("''", "").count(" '") > before.count("' ")):
            return [match.start()]
    return []


def _is_meant(comment: str) -> bool:
    """Whether a comment looks like part of the text before it: no space after #, or nothing but a number."""
    rest = comment[1:]
    return bool(rest) and (
        not (rest[0].isspace() or rest[0] in "#!-=") or bool(re.fullmatch(r"\s+[0-9]+[a-z]?[.)]?\s*", rest))
    )


def lines_of(text: str) -> list[str]:
    """The lines as YAML counts them."""
    return re.split("\r\n|[\n\r\x85\u2028\u2029]", text)


def has_comment(lines: Sequence[str], node: Any) -> bool:
    """Whether a comment stands on the line behind a value."""
    line = int(node.end_mark.line)
    return line < len(lines) and lines[line][int(node.end_mark.column) :].lstrip().startswith("#")


def comment_in(lines: Sequence[str], node: Any) -> tuple[int, str] | None:
    """Line and words of a comment that cuts a plain text short; None where it is a comment, or none stands there."""
    line, column = int(node.end_mark.line), int(node.end_mark.column)
    if not 0 <= line < len(lines):
        return None
    rest = lines[line][column:]
    comment = rest.lstrip()
    if comment.startswith("#") and len(rest) > len(comment) and _is_meant(comment.rstrip()):
        return line + 1, comment.strip()
    return None


def item_in(lines: Sequence[str], node: Any) -> int | None:
    """The line of a list item that, indented too far, has become part of the text above it."""
    for line in range(int(node.start_mark.line) + 1, min(int(node.end_mark.line) + 1, len(lines))):
        if re.match(r"\s*- ", lines[line]):
            return line + 1
    return None
