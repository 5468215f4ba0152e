"""Where in a file the table is: what stands above it, its line of names, a line of units, its first row.

The first lines are read as records, each of which holds words, or numbers, or both. The rows begin with the first
numbers of the commonest width; the names are the words directly above them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from gdviz.cache import cached_property
from gdviz.datasets.amounts import is_missing, is_number
from gdviz.datasets.separators import BLANKS, SEPARATORS, is_data, records
from gdviz.datasets.table import TableError, short
from gdviz.datasets.text import without_mark

MAX_COLUMNS = 100

_RECORDS = 200  # that are looked at
_UNIT = re.compile(r"[(\[{<].*[)\]}>]|[-–—._]*|[%‰°$€£][A-Za-z]?")
_UNIT_NAMES = (
    "s ms min h hr d m cm mm km in ft mi kg g mg t lb lbs c f k n pa kpa hpa mpa bar v mv a ma w kw mw j kj hz khz l "
    "ml mol ppm usd eur year years yr day days hour hours sec second seconds minute minutes meter meters metre metres "
    "m/s m/s2 km/h mph kg/m3 m2 m3 m^2 m^3 deg rad percent"
)
_UNITS = frozenset(_UNIT_NAMES.split(" "))


@dataclass(frozen=True)
class Layout:
    """Where the table is.

    headers  what stands above each column, None if nothing does
    line     the line of the headers, or of the first row where there are none
    width    how many columns there are
    skipped  the lines above the first row
    notes    sentences about what is left out, or unusual
    """

    headers: tuple[str, ...] | None
    line: int
    width: int
    skipped: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Record:
    line: int
    last: int
    cells: list[str]

    @cached_property
    def data(self) -> list[bool]:
        """Which cells are numbers or dates."""
        return [is_data(cell) for cell in self.cells[: MAX_COLUMNS + 1]]

    @cached_property
    def width(self) -> int:
        """How many cells there are without empty ones at the end."""
        return max((i for i, cell in enumerate(self.cells, start=1) if cell.strip()), default=0)

    @cached_property
    def is_words(self) -> bool:
        """Whether it holds words and no number; a row in which everything is missing holds none."""
        return not any(self.data) and not all(is_missing(cell.strip()) for cell in self.cells)

    @cached_property
    def is_numbers(self) -> bool:
        """Whether it holds numbers and no word."""
        pairs = zip(self.cells, self.data, strict=False)
        return any(self.data) and all(good or is_missing(cell.strip()) for cell, good in pairs)

    @property
    def is_full(self) -> bool:
        """Whether there is something in every cell but, perhaps, the first and those at the end."""
        return all(cell.strip() for cell in self.cells[1 : self.width])

    @property
    def quoted(self) -> str:
        words = [short(cell) for cell in self.cells if cell.strip()]
        return ", ".join(f"“{word}”" for word in words[:3]) + (", …" if len(words) > 3 else "")


def find_layout(lines: Sequence[str], separator: str, skipped: int, comments: Mapping[int, str]) -> Layout:
    """Return where the table is. Raises TableError if there is none, or if its names do not fit its rows."""
    found = [_Record(*record) for record in islice(records(lines, separator, skipped), _RECORDS)]
    if not found and comments:
        raise TableError("Every line of the file is a comment: remove the marks (#, %, ! or //) before the rows.")
    first = _first_row(found)
    numbers = found[first]
    least, most = _widths(found[first:])
    while first and not found[first - 1].is_words:
        first -= 1
    while first > 1 and _is_row(found[first - 1], numbers) and least <= found[first - 2].width <= most:
        first -= 1
    names, units = _names_above(found[:first], least, most)
    if names is not None:
        above = [record for record in found[:first] if record.line < names.line]
        said = [_said_of_units(names, units)] if units else []
        headers = [cell.strip() for cell in names.cells[: max(names.width, least)]]
        return _layout(headers, names.line, (units or names).last, [*_said_above(above), *said])
    row = found[first]
    quoted = all(lines[record.line - 1 - skipped].lstrip().startswith('"') for record in found[first:])
    for headers, taken, line in (
        *_commented(row, found[:first], separator, least, most, comments),
        *_labeled(found[:first], least),
        *_with_row_names(found[:first], found[first:], separator, least, quoted),
    ):
        above = [record for record in found[:first] if record.line < line]
        return _layout(headers, line, row.line - 1, [*_said_above(above), taken])
    if first and not _is_title(found[first - 1], row, separator, least):
        return _names_of_another_width(found[first - 1], row, separator, least, most)
    _refuse_uneven_blanks([lines[record.line - 1 - skipped] for record in found[first:]], separator)
    begin = next((i for i, record in enumerate(found[:first]) if any(record.data) and record.width == least), first)
    if not _is_row_with_words(found[begin], found[begin + 1 :]):
        _refuse_mixture(found[begin])
    return Layout(None, found[begin].line, least, found[begin].line - 1, tuple(_said_above(found[:begin])))


def _layout(headers: Sequence[str], line: int, skipped: int, notes: Sequence[str]) -> Layout:
    _check_width(line, len(headers))
    return Layout(tuple(headers), line, len(headers), skipped, tuple(notes))


# -- the rows --


def _first_row(found: Sequence[_Record]) -> int:
    """The place of the first row of numbers, or failing that of the first row that holds one."""
    if not found:
        raise TableError("The file is empty: it needs a line of column names and at least two rows of numbers.")
    rows = [i for i, record in enumerate(found) if record.is_numbers and record.width > 1]
    rows = rows or [i for i, record in enumerate(found) if any(record.data) and record.width > 1]
    if not rows:
        line = found[0].line
        if found[0].width > 1:
            raise TableError("The file has column names but no numbers: it needs at least two rows of numbers.")
        message = f"Line {line} has only one column: separate the columns with commas, semicolons, tabs or blanks."
        raise TableError(message, line=line)
    width = Counter(len(found[i].cells) for i in rows).most_common(1)[0][0]
    first = next(i for i in rows if len(found[i].cells) == width)
    _check_width(found[first].line, found[first].width)
    return first


def _check_width(line: int, columns: int) -> None:
    if columns > MAX_COLUMNS:
        message = f"Line {line} has {columns:,} columns, and at most {MAX_COLUMNS} can be read: leave out columns."
        raise TableError(message, line=line)


def _widths(rows: Sequence[_Record]) -> tuple[int, int]:
    """The widths that the table can have: of the first row's kind, without and with empty cells at the end."""
    most = len(rows[0].cells)
    return max(record.width for record in rows if len(record.cells) == most), most


def _is_row(record: _Record, row: _Record) -> bool:
    """Whether a record without numbers is a row: it has words only where the ``row`` below it has words too."""
    pairs = zip(record.cells, row.data, strict=False)
    return not any(number and not is_missing(cell.strip()) for cell, number in pairs)


# -- the names --


def _names_above(above: Sequence[_Record], least: int, most: int) -> tuple[_Record | None, _Record | None]:
    """The line of names at the end of what stands ``above`` the rows, and the line of units below it; or None."""
    words: list[_Record] = []
    for record in reversed(above):
        if not record.is_words:
            break
        words.insert(0, record)
    if not words:
        return None, None
    whole = [r for r in words if r.is_full and _names_all(r, least, most) and not _holds_units(r)]
    if whole and whole[-1] is not words[-1] and not words[-1].is_full:
        return whole[-1], words[-1]  # what stands below it says more about some of the columns
    last, before = words[-1], words[-2] if len(words) > 1 else None
    fits = _names_all(last, least, most)
    if before is not None and _names_all(before, least, most):
        names = [cell.strip() for cell in before.cells[: before.width]]
        distinct = all(names[1:]) and len(set(names)) == len(names)
        if _holds_units(before) and not _holds_units(last):
            return (last, None) if fits else (None, None)
        if _holds_units(last) or (fits and distinct and len(words) == 2):
            return before, last
    return (last, None) if fits else (None, None)


def _names_all(record: _Record, least: int, most: int) -> bool:
    """Whether there is a name for each column, the last of them empty at most: ``x,y,`` above ``1,2,3``."""
    return least <= record.width <= most or 2 <= record.width == least - 1 < len(record.cells)


def _holds_units(record: _Record) -> bool:
    cells = [cell.strip() for cell in record.cells]
    return all(not cell or _UNIT.fullmatch(cell[:40]) or cell.lower() in _UNITS for cell in cells)


_Named = list[tuple[list[str], str, int]]  # headers, a sentence about them, their line: one or none


def _commented(
    row: _Record, above: Sequence[_Record], separator: str, least: int, most: int, comments: Mapping[int, str]
) -> _Named:
    """Names in the last comment above the rows, as gnuplot and NumPy write them."""
    line = max((line for line in comments if line < row.line), default=0)
    if not line or (above and above[-1].line > line):
        return []
    text = without_mark(comments[line])
    for mark in dict.fromkeys((separator, ",", "\t", ";", BLANKS)):
        cells = [cell.strip().strip('"') for cell in (text.split(mark) if mark != BLANKS else text.split())]
        if least <= len(cells) <= most and not any(is_data(cell) for cell in cells) and all(cells[1:]):
            return [(cells, f"The names are those in line {line}, which is a comment.", line)]
    return []


def _labeled(above: Sequence[_Record], least: int) -> _Named:
    """Names after a label, such as ``Data: y x``."""
    if not above or above[-1].width != least + 1 or not above[-1].cells[0].rstrip().endswith(":"):
        return []
    label, *cells = (cell.strip() for cell in above[-1].cells[: least + 1])
    return [(cells, f"“{short(label)}” in line {above[-1].line} is not taken for a name.", above[-1].line)]


def _with_row_names(
    above: Sequence[_Record], rows: Sequence[_Record], separator: str, least: int, quoted: bool
) -> _Named:
    """Names for all columns but the first, which holds the rows' own names or numbers: so R writes a table.

    ``quoted`` says that every row begins with a quote: then its first cell is no half of a number.
    """
    if not above or above[-1].width != least - 1 or above[-1].last + 1 != rows[0].line:
        return []
    whole = [record for record in rows if record.width == least]
    firsts = [record.cells[0].strip() for record in whole]
    if separator == BLANKS and all(is_number(" ".join(record.cells[:2])) for record in whole):
        return []  # the blank may be one in a number: 1 234
    numbered = all(re.fullmatch("[0-9]{1,9}", cell) for cell in firsts) and len(set(firsts)) == len(firsts)
    if any(mark in cell for cell in above[-1].cells for mark in SEPARATORS if mark != BLANKS):
        return []  # names that something else separates
    pointed = any("." in cell for record in rows for cell in record.cells)
    if not ((numbered and (separator != "," or pointed or quoted)) or not any(is_number(cell) for cell in firsts)):
        return []
    said = f"The rows have one cell more than line {above[-1].line} has names: the first column is taken for their own."
    return [(["", *(cell.strip() for cell in above[-1].cells[: least - 1])], said, above[-1].line)]


def _is_title(record: _Record, row: _Record, separator: str, least: int) -> bool:
    """Whether words above the rows are a title and no names: a sentence, or apart from the rows."""
    if row.line - record.last > 1:
        return True
    if separator == BLANKS:
        return record.width > least
    return record.width == 1 and " " in record.cells[0].strip()


def _names_of_another_width(names: _Record, row: _Record, separator: str, least: int, most: int) -> Layout:
    """Too many names make short rows, which the reader refuses one by one; too few are refused here."""
    if names.width > most:
        return _layout([cell.strip() for cell in names.cells[: names.width]], names.line, names.last, ())
    count = "1 name" if names.width == 1 else f"{names.width} names"
    hint = "; numbers with a decimal comma need semicolons between the columns" if separator == "," else ""
    raise TableError(
        f"Line {names.line} has {count} ({names.quoted}) where line {row.line} has {least} cells: name each column, or "
        f"remove the line{hint}.",
        line=row.line,
    )


def _is_row_with_words(row: _Record, below: Sequence[_Record]) -> bool:
    """Whether a first line of words and numbers is a row, and no names such as ``country,2019,2020``.

    Its words stand where those of the rows below do; and one of them comes again, or a number has decimals.
    """
    places = [i for i, (cell, good) in enumerate(zip(row.cells, row.data, strict=False)) if cell.strip() and not good]
    alike = [record for record in below if len(record.cells) == len(row.cells)]
    if not alike or not all(2 * sum(not record.data[i] for record in alike) > len(alike) for i in places):
        return False
    again = any(record.cells[i].strip() == row.cells[i].strip() for record in alike for i in places)
    numbers = [cell.strip() for cell, good in zip(row.cells, row.data, strict=False) if good]
    return again or any(is_number(cell) and re.search("[.,][0-9]", cell) for cell in numbers)


def _refuse_mixture(row: _Record) -> None:
    """Refuse a first row of words and numbers: it may be names, or numbers with a slip."""
    if row.is_numbers or not any(row.data):
        return
    number = row.cells[row.data.index(True)].strip()
    for i, (cell, good) in enumerate(zip(row.cells, row.data, strict=False), start=1):
        if not good and not is_missing(cell.strip()):
            raise TableError(
                f"Line {row.line} mixes words (“{short(cell)}” in column {i}) and numbers (“{short(number)}”): "
                "the first line must be all names or all numbers.",
                line=row.line,
                column=i,
            )


def _refuse_uneven_blanks(rows: Sequence[str], separator: str) -> None:
    """Refuse ``1,5, 2,5``: the commas without a blank behind them may be decimal marks."""
    if separator == "," and all(re.search(r",\S", row) and re.search(r",\s+\S", row) for row in rows):
        raise TableError(
            f"“{short(rows[0])}” can be read in two ways, as every comma may separate columns, or only those with a "
            "blank behind them: separate the columns with semicolons."
        )


def _said_of_units(names: _Record, units: _Record) -> str:
    first = names.last + 1
    lines = f"Line {units.line} is" if first >= units.line else f"Lines {first} to {units.line} are"
    return f"{lines} taken for units and left out: {units.quoted}."


def _said_above(above: Sequence[_Record]) -> list[str]:
    if not above:
        return []
    lines = f"Line {above[0].line}" if len(above) == 1 else f"Lines {above[0].line} to {above[-1].last}"
    return [f"{lines} above the table {'is' if len(above) == 1 else 'are'} left out: {above[0].quoted}."]
