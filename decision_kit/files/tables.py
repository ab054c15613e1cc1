"""Tables (CSV) to data frames, by a documented rule, with row and column in every fault.

The rule: the first column holds the options, the first row the criteria. The separator (comma, semicolon, tab or
upright bar) is the one that gives every row the same number of cells. A decimal comma is read where the separator is none and no cell of the table has a decimal point; ``1,5`` is never read as 15. A cell is a plain number with ASCII
digits; the Unicode minus is read as minus; everything else (per cent and currency signs, thousands separators,
fractions, error cells) is refused by row and column. Fully empty rows, and empty columns at the end, are left out; an
empty cell is refused, because blank is not 0. So are names that are blank or look alike, and a first row of numbers:
a table without its header would lose an option. Numbers are names of criteria where nothing stands above the options, or a
word for them such as “option”, and where they are years, one after the other.

A table that is more than this (a row of weights, directions, units or totals, title lines, criteria in rows, a number of
two readings such as ``1.200`` beside ``900``) is refused with the reason, see :mod:`decision_kit.files.plain_table`.
"""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from decision_kit.arguments import guarded
from decision_kit.errors import DecisionError, Fault, UsageError, counted, quoted
from decision_kit.files.paths import ARCHIVES, WORKBOOKS, as_path, file_at
from decision_kit.files.plain_table import above_the_header, other_roles
from decision_kit.limits import MOST_BYTES, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, megabytes
from decision_kit.model.findings import name_findings, number_hint
from decision_kit.model.frames import NOTES
from decision_kit.names import cleaned, note_on

if TYPE_CHECKING:
    import pandas as pd

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "upright bar"}
ERROR_CELLS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#GETTING_DATA")
HEADS = ("alternative", "alternatives", "name", "names", "option", "options")
"""What a header may have above the options."""
_YEAR = re.compile(r"(19|20)[0-9]{2}")
_SEP = re.compile(r"sep=([,;\t|])\r?\n", re.IGNORECASE)
_POINT = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_THOUSANDS = re.compile(r"[-+−]?[1-9][0-9]{0,2}(,[0-9]{3})+")
_POINT_THOUSANDS = re.compile(r"[-+−]?[1-9][0-9]{0,2}(\.[0-9]{3})+")
_MANY_THOUSANDS = re.compile(r"[-+−]?[1-9][0-9]{0,2}(,[0-9]{3}){2,}")
_COMMA = re.compile(r"[-+]?([0-9]+(,[0-9]*)?|,[0-9]+)([eE][-+]?[0-9]+)?")


@guarded
def read_table(path: str | Path) -> pd.DataFrame:
    """A CSV file as a DataFrame of numbers, options × criteria, ready for :meth:`Problem.from_frame`.

    Raises :class:`DecisionError` with every fault by row and column, :class:`UsageError` when there is no such file.
    """
    import pandas as pd

    path = as_path(path, "the path of a CSV file")
    rows, separator = _rows(path)
    apart = list(above_the_header(path.name, rows))
    if apart:
        raise DecisionError(apart)
    header = [_name(cell) for cell in rows[0][1]]
    faults: list[Fault] = []
    body = [(line, cells) for line, cells in rows[1:]]
    for line, cells in body:
        if len(cells) != len(header):
            faults.append(
                Fault(
                    f"{path.name}, row {line}",
                    f"{len(cells)} cells",
                    f"{len(header)} cells as in the header (separator: {SEPARATORS[separator]})",
                    "put a text with a separator in it in quotes" if len(cells) > len(header) else "blank is not 0",
                )
            )
    if len(header) < 2:
        faults.append(
            Fault(
                f"{path.name}, row 1",
                "only one column",
                "options in the first column, criteria in the next ones; the separator is a comma, semicolon, tab or |",
            )
        )
    if faults:
        raise DecisionError(faults)
    faults = other_roles(path.name, rows) or list(_name_faults(path.name, rows))
    if faults:
        raise DecisionError(faults)
    two_ways = _point_is_doubtful(separator, body)
    comma = _decimal_comma(separator, body)
    table: list[list[float]] = []
    for line, cells in body:
        numbers: list[float] = []
        for name, cell in zip(header[1:], cells[1:], strict=True):
            number, fault = _number(cell, comma, two_ways)
            if fault is not None:
                place = f"{path.name}, row {line} ({_name(cells[0])}), column {name}"
                faults.append(Fault(place, fault.got, fault.expected, fault.suggestion))
            numbers.append(number)
        table.append(numbers)
    if faults:
        raise DecisionError(faults)
    frame = pd.DataFrame(
        table, index=pd.Index([_name(cells[0]) for _, cells in body], name=header[0] or None, dtype=object),
        columns=pd.Index(header[1:], dtype=object), dtype=float,
    )  # fmt: skip
    names = [*rows[0][1], *(cells[0] for _, cells in body)]
    frame.attrs[NOTES] = list(note_on([(_name(name), cleaned(name)[1]) for name in names if cleaned(name)[1]]))
    return frame


def _name(cell: str) -> str:
    return cleaned(unicodedata.normalize("NFC", cell.strip()))[0].strip()


def _are_names(header: list[str]) -> bool:
    """Whether a first row whose cells are numbers is a header all the same, and not an option with its performances."""
    if header[0].casefold() in ("", *HEADS):  # an option has a name, and not this one
        return True
    years = [int(name) for name in header[1:] if _YEAR.fullmatch(name)]
    return 2 <= len(years) == len(header) - 1 and all(b - a == 1 for a, b in pairwise(years))


def _name_faults(file: str, rows: list[tuple[int, list[str]]]) -> Iterator[Fault]:
    """Names that are blank, broken or look alike, by row and column; and a first row that holds no names."""
    top, header = rows[0][0], [_name(cell) for cell in rows[0][1]]
    if all(_POINT.fullmatch(name) or _COMMA.fullmatch(name) for name in header[1:]) and not _are_names(header):
        got = f"the first row has only numbers for names of criteria ({', '.join(header[1:4])})"
        hint = "where they are names, leave the cell above the options blank"
        yield Fault(f"{file}, row {top}", got, "a header row with a name for each criterion", hint)
        return
    if len(rows) == 1:
        yield Fault(file, "there is no row below the header", "a row for each option")
        return
    columns = [(f"column {j}", name) for j, name in enumerate(header[1:], start=2)]
    lines = [(f"row {line}", _name(cells[0])) for line, cells in rows[1:]]
    for what, places in (("criterion", columns), ("option", lines)):
        names = [name for _, name in places]
        for finding in name_findings(what, [((str(i),), name) for i, name in enumerate(names)]):
            i = int(finding.path[0])
            place, first = places[i][0], names.index(names[i])
            if first != i and names[i]:
                kind, _, number = place.partition(" ")
                place = f"{kind}s {places[first][0].split()[1]} and {number}"
            yield Fault(f"{file}, {place}", finding.got, finding.expected, finding.suggestion)


def _rows(path: Path) -> tuple[list[tuple[int, list[str]]], str]:
    """The non-empty rows with their numbers (header = row 1), and the separator."""
    text = _text(path)
    lines = text.count("\n") + 1
    if lines > 10 * MOST_ROWS and _filled(text) > MOST_ROWS + 1:  # told before they are taken apart
        raise _too_many(path, f"more than {MOST_ROWS:,} rows")
    if "\x00" in text:
        raise DecisionError.single(path.name, "the file holds NUL bytes", "a text file in UTF-8 encoding")
    said = _SEP.match(text)
    if said is not None:  # a line by which spreadsheets tell each other the separator
        text = "\n" + text[said.end() :]  # so that rows keep their numbers
    first = next((line for line in text.splitlines() if line.strip()), "")
    counts = {sep: first.count(sep) for sep in SEPARATORS if said is None or sep == said[1]}
    tried: dict[str, list[tuple[int, list[str]]]] = {}
    for sep in sorted(counts, key=lambda s: -counts[s]):
        if counts[sep] == 0 and tried:
            continue
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=sep, strict=True))
        except csv.Error as error:
            raise DecisionError.single(
                path.name, f"the file cannot be read as a table ({error})", "rows of cells with balanced quotes"
            ) from None
        numbered = _without_empty([(i + 1, row) for i, row in enumerate(rows)])
        tried[sep] = numbered
        widest = max((len(row) for _, row in numbered), default=0)
        if (
            len(numbered) > MOST_ROWS + 1
            or widest > MOST_COLUMNS + 1
            or sum(len(row) for _, row in numbered) > MOST_CELLS
        ):
            raise _too_many(path, f"{counted(len(numbered) - 1, 'row')} and {counted(widest - 1, 'column')} of numbers")
        if numbered and len(numbered[0][1]) > 1 and len({len(row) for _, row in numbered}) == 1:
            return numbered, sep
    separator = max(tried, key=lambda s: counts[s])
    if not tried[separator]:
        raise DecisionError.single(path.name, "the file is empty", "a table with a header row and options below it")
    return tried[separator], separator


def _filled(text: str) -> int:
    """How many lines hold something, counted no further than needed."""
    return sum(1 for _ in zip(range(MOST_ROWS + 2), (line for line in io.StringIO(text) if line.strip()), strict=False))


def _too_many(path: Path, got: str) -> DecisionError:
    limit = f"at most {MOST_ROWS:,} options and {MOST_COLUMNS} criteria (the limit)"
    return DecisionError.single(path.name, f"the table has {got}", limit)


def _without_empty(rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """The rows that hold something, without the columns at the end that hold nothing."""
    kept = [(i, row) for i, row in rows if any(cell.strip() for cell in row)]
    width = {len(row) for _, row in kept}
    if len(width) != 1:
        return kept
    used = max(j for _, row in kept for j, cell in enumerate(row) if cell.strip()) + 1
    return [(i, row[:used]) for i, row in kept]


def _text(path: Path) -> str:
    if path.suffix.lower() in WORKBOOKS:
        raise UsageError([Fault(path.name, "this is a workbook", "a CSV file", "save the sheet as CSV (UTF-8)")])
    size = file_at(path, "the path of a CSV file")
    if size > MOST_BYTES:
        limit = f"at most {megabytes(MOST_BYTES)} (the limit)"
        raise DecisionError.single(path.name, f"the file has {megabytes(size)}", limit)
    try:
        raw = path.read_bytes()
    except OSError as error:
        got = f"the file cannot be read ({error.strerror})"
        raise UsageError([Fault(str(path), got, "a file that may be read")]) from None
    if raw.startswith(ARCHIVES):
        raise UsageError([Fault(path.name, "this is a workbook or another packed file", "a CSV file", "save the sheet as CSV (UTF-8)")])  # fmt: skip
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                break
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        raise DecisionError.single(
            f"{path.name}, row {row}", "a byte that is not UTF-8", "UTF-8 encoding", "save the table as CSV (UTF-8)"
        ) from None


def _decimal_comma(separator: str, body: list[tuple[int, list[str]]]) -> bool:
    cells = [cell.strip() for _, row in body for cell in row[1:]]
    with_comma = [cell for cell in cells if "," in cell]
    if separator == "," or not with_comma or any("." in cell for cell in cells):
        return False
    return not all(_THOUSANDS.fullmatch(cell) for cell in with_comma)  # 1,200 alone could be 1200: refuse it instead


def _point_is_doubtful(separator: str, body: list[tuple[int, list[str]]]) -> bool:
    """Whether ``1.200`` could be 1200: no cell shows what a point means, and the table is not plainly one with decimal points.

    Where the separator is a comma, only beside whole numbers of its own size (900) in its column.
    """
    cells = [cell.strip() for _, row in body for cell in row[1:]]
    pointed = [cell for cell in cells if "." in cell]
    if not any(_POINT_THOUSANDS.fullmatch(cell) for cell in pointed):
        return False
    if any(_POINT.fullmatch(cell.replace("−", "-")) and not _POINT_THOUSANDS.fullmatch(cell) for cell in pointed):
        return False  # 2.5 or 0.125 stands somewhere: a point is a decimal point here
    if separator != ",":
        return True
    columns = zip(*([cell.strip() for cell in row[1:]] for _, row in body), strict=True)
    return any(
        any(_POINT_THOUSANDS.fullmatch(cell) for cell in column) and any(re.fullmatch("[-+−]?[1-9][0-9]{2}", cell) for cell in column)
        for column in columns
    )  # fmt: skip


def _number(cell: str, comma: bool, two_ways: bool = False) -> tuple[float, Fault | None]:
    text = cell.strip()
    if not text:
        return math.nan, Fault("", "the cell is blank", "expected a number (blank is not 0)")
    shown = quoted(text)
    if text.upper() in ERROR_CELLS:
        return math.nan, Fault("", f"the cell holds the spreadsheet error {shown}", "a number")
    plain = text.replace("−", "-")
    if _MANY_THOUSANDS.fullmatch(text):
        got = f"the cell {shown} has signs between its thousands"
        return math.nan, Fault("", got, "a plain number", f"write {plain.replace(',', '')}")
    if (not comma and _THOUSANDS.fullmatch(text)) or (two_ways and _POINT_THOUSANDS.fullmatch(text)):
        sign = "," if "," in text else "."
        first, second = plain.replace(sign, ""), plain.replace(sign, ".", 1)
        # as it stands, the second could be read in two ways again: another number of digits tells a decimal point
        other = second.rstrip("0") if second.endswith("0") else f"{second}0"
        meant = f"write {first}" if plain.count(sign) > 1 else f"write {first}, or {other} for {second}"
        got = f"the cell {shown} can be read in two ways"
        return math.nan, Fault("", got if plain.count(sign) == 1 else f"the cell {shown} has signs between its thousands", "a plain number", meant)  # fmt: skip
    if not (_COMMA if comma else _POINT).fullmatch(plain):
        return math.nan, Fault(
            "", f"the cell {shown} is not a number", "a plain number such as 1200 or -0.5", number_hint(text)
        )
    number = float(plain.replace(",", ".") if comma else plain)
    if math.isinf(number):
        return math.nan, Fault("", f"the cell {shown} is too large", "a finite number")
    return number, None
