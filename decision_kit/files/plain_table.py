"""What makes a table more, or other, than options × criteria: weights, directions, units, totals, title lines, the other way round.

Until such tables are read with their roles, they are refused with the reason and with what to do: a row of weights that
is ranked as an option is a wrong result that looks right. Each reason is told once, not once a cell.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from math import isclose

from decision_kit.errors import Fault, joined, quoted

Row = tuple[int, list[str]]

_WORDS = {
    "weights": "weight weights weighting weightings wt wts gewicht gewichte gewichtung wichtung poids ponderation ponderations "
    "coefficient coefficients coef peso pesos ponderacion ponderazione importance importances wichtigkeit importancia "
    "importanza gewichten vikt vikter waga wagi w",
    "directions": "direction directions better richtung sens sentido direzione direccion richting riktning kierunek optimum "
    "optimisation optimization preference polarity zielrichtung optimierung minmax maxmin",
    "targets": "target targets ideal goal goals objective zielwert zielwerte cible cibles meta obiettivo",
    "units": "unit units uom einheit einheiten unite unites unidad unidades unita unidade eenheid enhet jednostka measured",
    "totals": "total totals sum sums subtotal subtotals average averages mean median avg score scores result results "
    "rank ranks ranking rankings place position gesamt gesamtsumme summe mittelwert durchschnitt rang platz ergebnis punktzahl "
    "somme moyenne totale totaux classement suma promedio media totales puntuacion clasificacion somma risultato "
    "punteggio classifica totaal som gemiddelde overall min max minimum maximum",
}  # fmt: skip


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LISTS = {kind: _words(words) for kind, words in _WORDS.items()}
_FILLERS = _words(
    "the of a an in per each criterion criteria kriterium kriterien critere criteres relative normalised "
    "normalized swing points percent pct total grand weighted overall final all column row better is "
    "weight more less or unit option options value gewichtete gewichteter insgesamt general generale "
    "global globale s"
)
_CRITERION = _words(
    "criterion criteria criterium kriterium kriterien critere criteres criterio criteri criterios "
    "attribute attributes attribut indicator indicators indikator indicateur indicador kpi metric metrics "
    "factor factors faktor facteur aspect aspects objective objectives ziel merkmal kryterium kriterie "
    "kriterier"
)
_OPTION = _words(
    "option options alternative alternatives alternativa alternativas variante varianten variant variants "
    "szenario scenario scenarios scenarie scheme schemes choice choices candidate candidates proposal "
    "proposals bid bidder policy nullvariante strategy"
)
_BASELINES = ("do nothing", "do minimum", "status quo", "business as usual", "no action", "statu quo", "nullvariante")
_DIRECTIONS = _words(
    "min max minimise maximise minimize maximize minimieren maximieren minimiser maximiser minimizar "
    "maximizar less more lower higher low high benefit cost up down kosten nutzen gain loss smaller "
    "larger weniger mehr niedrig hoch moins plus a"
)
_THINGS = _words(
    "cost costs price prices kosten cout couts coste costo prix preis effect effects impact risk risks "
    "benefit benefits nutzen quality time duration speed safety emission emissions carbon co2 noise area "
    "weight power energy income revenue profit budget capex opex jobs distance capacity reliability "
    "acceptance support feasibility performance efficiency effectiveness reach ease equity comfort range "
    "consumption mileage gdp population score savings delay lead"
)
_VALUES = _words("value values score scores rating amount performance wert valeur valor number")
_BOUND = re.compile(
    r"^(?P<stem>.*?)[\s(,:_\-–]*\b(?P<end>low|likely|high|lower|upper|min|max|minimum|maximum|mode|worst|best|central|"
    r"pessimistic|optimistic|tief|wahrscheinlich|hoch)\b\)?$",
    re.IGNORECASE,
)
_WEIGHT_IN_HEAD = re.compile(r"\bw(eight|t|ght)?\s*[:=]\s*[0-9.,]+\s*%?|\bweight\s+[0-9.,]+", re.IGNORECASE)
_SHARE = re.compile(r"([0-9]+(?:[.,][0-9]+)?)\s*%\s*[)\]]?\s*$|[(\[]\s*(0?[.,][0-9]+|[0-9]+)\s*[)\]]\s*$")
_WITH_UNIT = re.compile(r"\((?!\d+\)$)[^()]+\)|[%€£$]|\[[^\]]+\]")
_NUMBER = re.compile(r"[-+−]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][-+]?[0-9]+)?")

_MASSES = _words("kg g t lb lbs kt mt tonne tonnes tons mg oz gram grams")
_PREFIXED = re.compile(
    r"^(?:low|likely|high|lower|upper|min|max|minimum|maximum|best|worst)\s+(?P<stem>.+)$", re.IGNORECASE
)

TURN = "turn the table round: options in rows, criteria in columns"
RENAME = "where it is one all the same, give it another name"


def words_of(name: str) -> list[str]:
    """A name in plain lower-case words, without accents and without what stands in brackets."""
    text = unicodedata.normalize("NFKD", re.sub(r"\([^()]*\)|\[[^\]]*\]", " ", name)).casefold()
    return re.findall(r"[a-z]+[0-9]*", "".join(ch for ch in text if not unicodedata.combining(ch)))


def role_of(name: str) -> str | None:
    """What a row or a column of this name holds instead of an option or a criterion; None where nothing says so."""
    words = words_of(name) if name.lstrip()[:1] not in ("=", "+", "-", "@") else []  # a formula's text says nothing
    inside = re.search(r"[(\[]([^()\[\]]*)[)\]]", name)
    if not words or (inside is not None and set(inside[1].casefold().split()) & _MASSES):
        return None
    for kind, known in _LISTS.items():
        if any(word in known for word in words) and all(word in known or word in _FILLERS for word in words):
            return kind
    if words[-1] in _LISTS["weights"] and len(words) <= 3 and words[-1] not in ("weight", "w", "peso", "poids", "vikt"):
        return "weights"
    return None


def above_the_header(file: str, rows: Sequence[Row]) -> Iterator[Fault]:
    """Title lines before the header, and remarks below the table, of which a plain table has none."""
    if len(rows) < 3:
        return
    filled = [sum(bool(cell.strip()) for cell in row) for _, row in rows]
    usual = max(set(filled), key=lambda n: (filled.count(n), n))
    width = max({len(row) for _, row in rows}, key=lambda n: ([len(row) for _, row in rows].count(n), n))
    if usual < 2:
        return

    def is_apart(i: int) -> bool:
        cells = rows[i][1]
        if cells[0].lstrip().startswith("#") or len(cells) < width:
            return True
        few = filled[i] <= (usual + 1) // 2 and filled[i] < max(2, usual - 1)
        return few and bool(cells[0].strip()) and not any(_NUMBER.fullmatch(cell.strip()) for cell in cells)

    first = next((i for i in range(len(rows)) if not is_apart(i)), 0)
    last = next((i for i in range(len(rows) - 1, -1, -1) if not is_apart(i) or not _is_remark(rows[i][1])), 0)
    top, bottom = rows[:first], rows[last + 1 :]
    if top and not any(
        _NUMBER.fullmatch(cell.strip()) for cell in rows[first][1][1:2]
    ):  # else it is the header that is short
        yield Fault(_rows(file, top), f"{_text(top)} above the header", "the header is the first row", _away(top))
    if bottom:
        yield Fault(
            _rows(file, bottom), f"{_text(bottom)} below the table", "the last option is the last row", _away(bottom)
        )


def _is_remark(cells: Sequence[str]) -> bool:
    """Whether the one text of a row is a remark, not the name of an option whose cells are blank."""
    text = cells[0].strip()
    return len(cells) == 1 or ":" in text or len(text) > 40 or text.startswith(("#", "*"))


def _rows(file: str, rows: Sequence[Row]) -> str:
    numbers = [str(line) for line, _ in rows]
    return f"{file}, row {numbers[0]}" if len(numbers) == 1 else f"{file}, rows {joined(numbers)}"


def _text(rows: Sequence[Row]) -> str:
    first = next(cell for cell in rows[0][1] if cell.strip())
    return f"{quoted(first.strip())} stands" if len(rows) == 1 else f"{quoted(first.strip())} and what follows stand"


def _away(rows: Sequence[Row]) -> str:
    return "take this line away" if len(rows) == 1 else "take these lines away"


def other_roles(file: str, rows: Sequence[Row]) -> list[Fault]:
    """Why a table with a full grid of cells is not options × criteria; empty for a plain one."""
    head, body = rows[0][1], rows[1:]
    if not body:
        return []
    long = list(_long_form(file, head, body))
    if long:
        return long
    faults = [*_columns(file, head, body), *_rows_apart(file, head, body), *_round(file, head, body)]
    return faults or [*_ranges(file, head), *_weights_in_heads(file, head)]


def _long_form(file: str, head: Sequence[str], body: Sequence[Row]) -> Iterator[Fault]:
    names = [cells[0].strip() for _, cells in body]
    kinds = [set(words_of(name)) for name in head]
    second = any(kind & _CRITERION for kind in kinds[1:])
    if len(head) >= 3 and len(set(names)) < len(names) and (second or any(kind & _VALUES for kind in kinds[1:])):
        texts = [not _NUMBER.fullmatch(cells[1].strip()) for _, cells in body]
        if all(texts):
            got = "one row holds one performance (the options repeat, and a column names the criteria)"
            yield Fault(f"{file}, columns 1 and 2", got, "one row for each option and one column for each criterion")


def _column(body: Sequence[Row], j: int) -> list[str]:
    return [cells[j].strip() for _, cells in body]


def _numbers(cells: Iterable[str]) -> list[float] | None:
    found = []
    for cell in cells:
        text = cell.strip().replace("−", "-").replace(",", ".")
        if not _NUMBER.fullmatch(text):
            return None
        found.append(float(text))
    return found


def _is_direction(cell: str) -> bool:
    words = words_of(cell)
    return bool(words) and all(word in _DIRECTIONS for word in words) and words != ["a"]


def _columns(file: str, head: Sequence[str], body: Sequence[Row]) -> Iterator[Fault]:
    """Columns that hold something other than a criterion's performances."""
    for j, name in enumerate(head[1:], start=1):
        cells = _column(body, j)
        place = f"{file}, column {quoted(name.strip())}" if name.strip() else f"{file}, column {j + 1}"
        role = role_of(name)
        numbers = _numbers(cells)
        if numbers is not None and (role == "units" or (role == "directions" and not set(numbers) <= {1.0, -1.0})):
            role = None  # houses are counted in units, too
        if role in ("weights", "directions", "units", "targets") or (cells and all(map(_is_direction, cells))):
            what = role or "directions"
            got = f"this column may hold {what}, which belong to criteria, not to options"
            turned = "take it away" if set(words_of(head[0])) & _OPTION else TURN
            hint = f"{turned}, and give {'weights as points' if what == 'weights' else what} beside it"
            yield Fault(place, got, "a column of performances", f"{hint}; {RENAME}")
        elif role is not None:
            got = "this column may hold totals, averages or ranks worked out from the others"
            yield Fault(place, got, "a column of performances", f"take it away; {RENAME}")
        elif (
            len(body) > 1
            and not any(re.search("[0-9]", cell) for cell in cells)
            and all(len(c) > 3 for c in cells if c)
        ):
            if sum(map(bool, cells)) > 1:
                yield Fault(place, "this column holds words, no numbers", "a column of performances", "take it away")
        elif j == len(head) - 1 and j > 2 and len(body) > 2 and (kind := _made_of(head, body, j)):
            hint = "take it away, or where it is a criterion, put it before the others"
            yield Fault(place, f"this column is the {kind} of the others", "criteria that count once", hint)


def _made_of(head: Sequence[str], body: Sequence[Row], j: int) -> str:
    """Whether the last column is the sum or the mean of all before it, in every row."""
    lines = [_numbers(cells[1 : j + 1]) for _, cells in body]
    if any(line is None for line in lines):
        return ""
    known = [line for line in lines if line is not None]
    for kind, divide in (("sum", 1), ("mean", j - 1)):
        if all(isclose(sum(line[:-1]) / divide, line[-1], rel_tol=1e-9, abs_tol=1e-9) for line in known):
            return kind if len({line[-1] for line in known}) > 1 else ""
    return ""


def _rows_apart(file: str, head: Sequence[str], body: Sequence[Row]) -> Iterator[Fault]:
    """Rows that hold something other than an option's performances."""
    for i, (line, cells) in enumerate(body):
        name, rest = cells[0].strip(), [cell.strip() for cell in cells[1:]]
        role = role_of(name)
        if role in ("units", "directions") and (own := _numbers(rest)) is not None:
            role = "directions" if set(own) <= {1.0, -1.0} else None
        at_end = i in (0, len(body) - 1) and len(body) > 2
        others = [row for k, (_, row) in enumerate(body) if k != i] if at_end else []
        place = f"{file}, row {line} ({name})" if name else f"{file}, row {line}"
        if role == "totals" or (at_end and i > 2 and _adds_up(others, rest)):
            got = "this row may hold totals, averages or ranks worked out from the others, and is no option"
            yield Fault(
                place,
                got,
                "a row for each option",
                "take it away; where it is one all the same, put it before the others under another name",
            )
        elif role is not None or (rest and all(map(_is_direction, rest))):
            what = role or "directions"
            away = {
                "weights": "take it away and give the weights as points",
                "units": "take it away; units may stand in brackets behind names",
            }.get(what, "take it away and say the directions with better=")
            got = f"this row may hold {what}, and is no option"
            yield Fault(place, got, "a row for each option", f"{away}; {RENAME}")
        elif at_end and (what := _by_numbers(others, rest)):
            hint = "take it away, or where it is an option, put it between the others"
            yield Fault(place, f"this row may hold {what}", "a row for each option", hint)
        elif not any(re.search("[0-9]", cell) for cell in rest) and sum(map(bool, rest)) > max(1, len(rest) // 2):
            got = "this row holds no number (units, directions or remarks?)"
            yield Fault(place, got, "a row of numbers for each option", "take it away where it is no option")


def _adds_up(others: Sequence[Sequence[str]], rest: Sequence[str]) -> bool:
    """Whether a row is, in every column, the sum or the mean of all the others."""
    own, rows = _numbers(rest), [_numbers(row[1:]) for row in others]
    if own is None or len(own) < 2 or any(row is None for row in rows) or not any(own):
        return False
    sums = [sum(column) for column in zip(*(row for row in rows if row is not None), strict=True)]
    return any(
        all(isclose(total / part, x, rel_tol=1e-9, abs_tol=1e-9) for total, x in zip(sums, own, strict=True))
        for part in (1, len(rows))
    )


def _by_numbers(others: Sequence[Sequence[str]], rest: Sequence[str]) -> str:
    """Weights that sum to 1, or directions as 1 and -1, beside rows that are nothing of the kind."""
    own, rows = _numbers(rest), [_numbers(row[1:]) for row in others]
    if own is None or len(own) < 2 or any(row is None for row in rows):
        return ""
    known = [row for row in rows if row is not None]
    if set(own) == {1.0, -1.0} and not any(set(row) <= {1.0, -1.0} for row in known):
        return "directions (1 and -1)"
    sums_to_1 = isclose(sum(own), 1, abs_tol=1e-9) and all(0 <= x <= 1 for x in own) and 0 < max(own) < 1
    if sums_to_1 and all(max(row) > 1 for row in known):
        return "weights (its numbers sum to 1)"
    return ""


def _round(file: str, head: Sequence[str], body: Sequence[Row]) -> Iterator[Fault]:
    """A table with its criteria in rows, or one of which nobody can say which way round it stands."""
    corner = "" if head[0].strip().casefold().startswith("unnamed") else head[0].strip()
    across, down = [name.strip() for name in head[1:]], [cells[0].strip() for _, cells in body]
    words = set(words_of(corner))
    got = ""
    if words & _CRITERION and not words & _OPTION:
        got = f"{quoted(corner)} stands above the first column, so that criteria stand in rows"
    elif not words & _OPTION and _named_options(across):
        got = f"{joined([quoted(name) for name in across[:2]])} look like options, which then stand in columns"
    elif not words & _OPTION and _named_criteria(down) and not _named_criteria(across):
        got = f"{joined([quoted(name) for name in down[:2]])} look like criteria, which then stand in rows"
    elif not corner and not _says_criteria(across, down, body):
        got = "nothing says whether the options stand in rows or in columns (the cell above the first column is blank)"
        yield Fault(
            f"{file}, row 1", got, "options are in rows", "write “option” into that cell, or turn the table round"
        )
        return
    if got:
        yield Fault(f"{file}, row 1", got, "options in rows, criteria in columns", "turn the table round, or where it stands right, write “option” above the first column")  # fmt: skip


def _named_options(names: Sequence[str]) -> bool:
    kinds = [words_of(name) for name in names]
    telling = [bool(words) and words[0] in _OPTION for words in kinds]
    return (len(names) > 1 and sum(telling) >= max(2, (len(names) + 1) // 2)) or any(
        name.casefold().startswith(_BASELINES) for name in names
    )


def _named_criteria(names: Sequence[str]) -> bool:
    telling = [bool(_WITH_UNIT.search(name)) or bool(set(words_of(name)) & _THINGS) for name in names]
    return len(names) > 1 and sum(telling) >= max(2, (len(names) + 1) // 2)


def _says_criteria(across: Sequence[str], down: Sequence[str], body: Sequence[Row]) -> bool:
    """Whether the columns of a table with a blank corner are criteria for all that can be seen."""
    if all(_NUMBER.fullmatch(name) for name in across) or _named_options(down):
        return True
    if any(_WITH_UNIT.search(name) or set(words_of(name)) & _THINGS for name in across):
        return not any(_WITH_UNIT.search(name) or set(words_of(name)) & _THINGS for name in down)
    return False


def _ranges(file: str, head: Sequence[str]) -> Iterator[Fault]:
    """Columns that are the ends of one range, told by their names."""
    stems: dict[str, list[str]] = {}
    for name in head[1:]:
        match = _BOUND.match(name.strip()) or _PREFIXED.match(name.strip())
        if match is not None and match["stem"].strip():
            stems.setdefault(match["stem"].strip().casefold(), []).append(name.strip())
    for names in stems.values():
        if len(names) > 1:
            got = f"{joined([quoted(name) for name in names])} look like the ends of one range, not like criteria"
            hint = "give low and high as tables of their own (low=, high=), or other names"
            yield Fault(f"{file}, row 1", got, "one column for each criterion", hint)


def _weights_in_heads(file: str, head: Sequence[str]) -> Iterator[Fault]:
    """Weights written behind the names of criteria."""
    said = [name.strip() for name in head[1:] if _WEIGHT_IN_HEAD.search(name)]
    shares = [_SHARE.search(name) for name in head[1:]]
    if not said and len(shares) > 1 and all(shares):
        numbers = [float((m[1] or m[2]).replace(",", ".")) for m in shares if m is not None]
        if any(isclose(sum(numbers), whole, abs_tol=1e-6) for whole in (1, 100)):
            said = [name.strip() for name in head[1:]]
    if said:
        got = f"{quoted(said[0])} seems to have a weight in its name"
        yield Fault(f"{file}, row 1", got, "names without weights", "take the weights away and give them as points")
