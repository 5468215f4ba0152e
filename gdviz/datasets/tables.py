"""Reading a visitor's CSV file: bytes in, columns of numbers out, or one sentence that says what to mend.

The bytes are hostile until proven otherwise. Size, rows and columns are bounded before memory is spent on them, nothing
is guessed where two readings are possible, and every refusal is a :class:`TableError` that names line and column.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.formulas.functions import CONSTANTS, TYPED_NAMES
from gdviz.formulas.limits import MAX_CONSTANT, MAX_NAME_CHARACTERS

MAX_BYTES = 5_000_000
MAX_ROWS = 50_000
MAX_COLUMNS = 100
MAX_MAGNITUDE = MAX_CONSTANT  # squares of the errors must stay below the largest float
MAX_NAME = MAX_NAME_CHARACTERS
MAX_CELL = 100  # characters; the longest float64 that prints itself has 24

_SEPARATORS = {"\t": "tab", ";": "semicolon", ",": "comma"}  # in the order of preference
_NUMBER_CHARACTERS = "0123456789.+-eE "
_NUMBER_LIKE = re.compile(r"[+-]?[.,]?[0-9][0-9.,' eE+-]*")
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}([.,' ][0-9]{3})+(?![0-9])")
_NOT_FINITE = {"nan", "inf", "infinity", "+inf", "-inf", "+infinity", "-infinity", "+nan", "-nan"}
_MISSING = {"na", "n/a", "#n/a", "null", "none", "missing", "-", "--", "?", "."}
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_RESERVED = frozenset(CONSTANTS) | frozenset(TYPED_NAMES)


class TableError(ValueError):
    """A file that cannot be read as a table of numbers. ``str()`` is one sentence: what, where, what to do.

    line    the line of the file, counted from 1, or None where the whole file is meant
    column  the column's name, or its number counted from 1 where it has none, or None
    """

    def __init__(self, message: str, *, line: int | None = None, column: str | int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


@dataclass(frozen=True)
class Table:
    """Columns of numbers by name. Tables made from the same bytes are equal.

    columns  name -> float64 array of shape (rows,), read-only; the names can be used in formulas
    note     plain sentences about what was understood of the file, for the page to show
    digest   SHA-256 of the file's bytes, in hexadecimal: the key for every cache
    """

    columns: Mapping[str, NDArray[np.float64]] = field(compare=False, repr=False)
    note: tuple[str, ...] = field(compare=False)
    digest: str

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in the order of the file."""
        return tuple(self.columns)

    @property
    def rows(self) -> int:
        """How many rows of numbers there are, the header not counted."""
        return len(next(iter(self.columns.values())))


def read_csv(data: bytes) -> Table:
    """Read a CSV file: two to 100 columns of numbers, two to 50,000 rows, at most 5 MB.

    Columns are separated by commas, semicolons or tabs; a decimal comma is understood where the separator is not a
    comma. The text is UTF-8, UTF-16 with a byte order mark, or else Windows-1252. The first line may hold the columns'
    names; without them the columns are called x, y or x1, x2, …, y. Empty lines are skipped.

    Raises TableError, and nothing else, for everything that cannot be read or could be read in two ways.
    """
    if len(data) > MAX_BYTES:
        size = f"{len(data) / 1e6:.1f} MB"
        raise TableError(f"The file has {size}, and at most {MAX_BYTES // 1_000_000} MB can be read: leave out rows.")
    text, notes = _decode(data)
    lines = [line.rstrip(" ") for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    separator = _announced_separator(lines[0])
    skipped = 0 if separator is None else 1
    if separator is None:
        separator = _find_separator(lines)
    records = _records("\n".join(lines[skipped:]), separator, skipped)

    line, first = next(records, (0, []))
    if not line:
        raise TableError("The file is empty: it needs a line of column names and at least two rows of numbers.")
    if len(first) == 1:
        raise TableError(
            f"Line {line} has only one column: separate the columns with commas, semicolons or tabs, and remove any "
            "text above the table.",
            line=line,
        )
    if len(first) > MAX_COLUMNS:
        message = f"Line {line} has {len(first):,} columns, and at most {MAX_COLUMNS} can be read: leave out columns."
        raise TableError(message, line=line)
    named = _is_header(first, line)
    names, renamed = _names_from(first, line) if named else (_default_names(len(first)), [])

    numbers = _Numbers(names, separator)
    if not named:
        numbers.append(line, first)
    for line, cells in records:
        numbers.append(line, cells)
    values = numbers.finish(header_only=named)

    notes.append(f"The columns are separated by {_plural(separator)}.")
    if numbers.decimal_comma:
        notes.append("The comma is read as the decimal mark.")
    if not named:
        notes.append(f"The file has no line of names; the columns are called {_listed(names)}.")
    notes.extend(renamed)
    columns = {name: values[:, i] for i, name in enumerate(names)}
    return make_table(columns, note=tuple(notes), digest=hashlib.sha256(data).hexdigest())


def make_table(columns: Mapping[str, ArrayLike], note: tuple[str, ...] = (), digest: str = "") -> Table:
    """Make a table of columns that are numbers already; without a ``digest`` it is that of the table's CSV text."""
    frozen = {}
    for name, column in columns.items():
        frozen[name] = np.array(column, dtype=np.float64)
        frozen[name].flags.writeable = False
    table = Table(MappingProxyType(frozen), note, digest)
    return table if digest else Table(table.columns, note, hashlib.sha256(to_csv(table).encode()).hexdigest())


def to_csv(table: Table) -> str:
    """Write a table as comma-separated text with a line of names; ``read_csv`` gives back exactly the same numbers."""
    columns = [column.tolist() for column in table.columns.values()]
    rows = (",".join(map(repr, row)) for row in zip(*columns, strict=True))
    return "\n".join([",".join(table.names), *rows, ""])


# -- bytes to text, text to cells --


def _decode(data: bytes) -> tuple[str, list[str]]:
    if data.startswith(b"PK\x03\x04") or data.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableError("This is a spreadsheet or an archive, not a text file: save the sheet as CSV.")
    notes = []
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
        notes.append("The text is UTF-16.")
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "cp1252":
            notes.append("The text is not UTF-8; it was read as Windows-1252, so check accents in the names.")
        break
    else:
        raise TableError("This is not a text file in a known encoding: save it as CSV in UTF-8.")
    found = _CONTROL.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        message = f"This is not a text file (there is a control character in line {line}): save it as CSV in UTF-8."
        raise TableError(message, line=line)
    return text.removeprefix("\ufeff"), notes


def _announced_separator(line: str) -> str | None:
    """The separator of a first line such as ``sep=;``, which spreadsheets write and read."""
    mark = line.strip('"').lower().removeprefix("sep=") if line.strip('"').lower().startswith("sep=") else ""
    return mark if mark in _SEPARATORS else None


def _find_separator(lines: Sequence[str]) -> str:
    """The separator that most of the first lines have; tab before semicolon before comma, as a comma may be decimal."""
    sample: list[str] = []
    for line in lines:
        if line.strip():
            sample.append(_without_quoted(line))
        if len(sample) == 20:
            break
    counts = {mark: sum(mark in line.strip() for line in sample) for mark in _SEPARATORS}
    for mark, count in counts.items():
        if 2 * count > len(sample):
            return mark
    return max(counts, key=lambda mark: counts[mark]) if any(counts.values()) else ","


def _without_quoted(line: str) -> str:
    return "".join(line.split('"')[::2])


def _records(text: str, separator: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) of every record that is not empty; a record's line is the one that it starts in."""
    reader = csv.reader(io.StringIO(text), delimiter=separator, skipinitialspace=True, strict=True)
    while True:
        line = skipped + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field limit" in str(error):
                raise TableError(f"A cell in line {line} is too long to be a number: shorten it.", line=line) from None
            message = f"The quotes in line {line} do not fit together: close them, or remove them."
            raise TableError(message, line=line) from None
        if any(cell and not cell.isspace() for cell in cells):
            yield line, cells


# -- names --


def _is_header(cells: Sequence[str], line: int) -> bool:
    """Whether the first line holds names: then none of its cells is a number. A mixture is refused, not guessed at."""
    bare = [cell.strip() for cell in cells]
    numeric = [_looks_numeric(cell) for cell in bare]
    if not any(numeric):
        return True
    for i, cell in enumerate(bare):
        if cell and not numeric[i]:
            number = bare[numeric.index(True)]
            raise TableError(
                f"Line {line} mixes words (“{_short(cell)}” in column {i + 1}) and numbers (“{_short(number)}”): "
                "the first line must be all names or all numbers.",
                line=line,
                column=i + 1,
            )
    return False


def _looks_numeric(cell: str) -> bool:
    return bool(_NUMBER_LIKE.fullmatch(cell)) or cell.lower() in _NOT_FINITE


def _default_names(count: int) -> tuple[str, ...]:
    return ("x", "y") if count == 2 else (*(f"x{i}" for i in range(1, count)), "y")


def _names_from(cells: Sequence[str], line: int) -> tuple[tuple[str, ...], list[str]]:
    """Names that formulas can use, made from a header's cells, and a sentence for each that had to be changed."""
    names: dict[str, str] = {}
    notes = []
    for i, cell in enumerate(cells, start=1):
        header = " ".join(cell.split())
        if not header:
            message = (
                f"Column {i} has no name in line {line}: give it one, or remove the separator that makes the column."
            )
            raise TableError(message, line=line, column=i)
        name = _usable_name(header, i)
        if name in names:
            if names[name] == header:
                message = f"Two columns are called “{_short(header)}” in line {line}: give each its own name."
            else:
                message = (
                    f"The columns “{_short(names[name])}” and “{_short(header)}” in line {line} would both be called "
                    f"{name} in formulas: rename one."
                )
            raise TableError(message, line=line, column=i)
        names[name] = header
        if name != header:
            notes.append(f"The column “{_short(header)}” is called {name} in formulas.")
    return tuple(names), notes


def _usable_name(header: str, number: int) -> str:
    """ASCII letters, digits and single underscores, starting with a letter, and not a name that formulas own."""
    plain = unicodedata.normalize("NFKD", header[: 4 * MAX_NAME].replace("ß", "ss"))
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    name = "_".join(re.findall("[A-Za-z0-9]+", plain))[:MAX_NAME].rstrip("_")
    if not name:
        return f"column_{number}"
    if not name[0].isalpha():
        name = f"n_{name}"[:MAX_NAME].rstrip("_")
    return f"{name}_column" if name in _RESERVED else name


# -- cells to numbers --


class _Numbers:
    """Collects rows of cells as numbers, and finds out on the way whether the comma is the decimal mark."""

    def __init__(self, names: Sequence[str], separator: str) -> None:
        self.names = names
        self.separator = separator
        self.values = array("d")
        self.lines = array("q")
        self._first: dict[str, tuple[int, int, str]] = {}  # comma, point -> line, column, cell where it came first
        self._proven = False  # some decimal comma cannot be a separator of thousands

    @property
    def decimal_comma(self) -> bool:
        return "," in self._first

    def append(self, line: int, cells: Sequence[str]) -> None:
        if len(cells) != len(self.names):
            self._refuse_length(line, cells)
        if len(self.lines) == MAX_ROWS:
            message = f"The file has more than {MAX_ROWS:,} rows (line {line}): leave out rows."
            raise TableError(message, line=line)
        joined = "".join(cells)
        if self.separator != "," and ("," in joined or ("." in joined and (self.decimal_comma or not self._first))):
            cells = self._with_decimal_points(line, cells)
            joined = "".join(cells)
        if joined.strip(_NUMBER_CHARACTERS) or max(map(len, cells)) > MAX_CELL:
            cells = [cell.strip() for cell in cells]
            for i, cell in enumerate(cells):
                if cell.strip(_NUMBER_CHARACTERS) or len(cell) > MAX_CELL:
                    self._refuse_cell(line, i, cell)
        try:
            row = list(map(float, cells))
        except ValueError:
            for i, cell in enumerate(cells):
                self._check_cell(line, i, cell.strip())
            raise
        self.values.extend(row)
        self.lines.append(line)

    def finish(self, header_only: bool) -> NDArray[np.float64]:
        """Return the numbers, shape (rows, columns)."""
        if not self.lines and header_only:
            raise TableError("The file has column names but no numbers: it needs at least two rows of numbers.")
        if len(self.lines) < 2:
            raise TableError("The file has only one row of numbers: a fit needs at least two.", line=self.lines[0])
        if self.decimal_comma and not self._proven:
            line, i, cell = self._first[","]
            what = f"can mean {_short(cell.replace(',', '.'))} or {_short(cell.replace(',', ''))}"
            raise self._error(line, i, cell, what, "write the numbers of the file without the comma")
        values = np.frombuffer(self.values, dtype=np.float64).reshape(len(self.lines), len(self.names))
        too_large = ~(np.abs(values) <= MAX_MAGNITUDE)
        if too_large.any():
            row, i = np.argwhere(too_large)[0]
            place = self._place(self.lines[row], int(i))
            message = f"The number in {place} is larger than {MAX_MAGNITUDE:g}: scale the column down."
            raise TableError(message, line=self.lines[row], column=self.names[i])
        return values

    def _with_decimal_points(self, line: int, cells: Sequence[str]) -> list[str]:
        """Read commas as decimal marks, unless the file has decimal points too."""
        for i, cell in enumerate(cells):
            bare = cell.strip()
            for mark in ",.":
                if mark in bare:
                    self._first.setdefault(mark, (line, i, bare))
            if len(self._first) == 2 and ("," in bare or "." in bare):
                self._refuse_mixture(line, i, bare)
            if "," in bare and not self._proven:
                self._proven = bare.count(",") == 1 and not _THOUSANDS.fullmatch(bare)
        return [cell.replace(",", ".") if cell.count(",") == 1 else cell for cell in cells]

    # -- refusals --

    def _place(self, line: int, i: int) -> str:
        return f"line {line}, column “{self.names[i]}”"

    def _error(self, line: int, i: int, cell: str, what: str, remedy: str) -> TableError:
        message = f"“{_short(cell)}” in {self._place(line, i)} {what}: {remedy}."
        return TableError(message, line=line, column=self.names[i])

    def _refuse_length(self, line: int, cells: Sequence[str]) -> None:
        have, need = len(cells), len(self.names)
        hint = "add what is missing" if have < need else "remove what is too much"
        if have > need and self.separator == ",":
            hint = "remove what is too much; numbers with a decimal comma need semicolons between the columns"
        cells_word = "1 cell" if have == 1 else f"{have:,} cells"
        raise TableError(f"Line {line} has {cells_word} where {need} are expected: {hint}.", line=line)

    def _refuse_mixture(self, line: int, i: int, cell: str) -> None:
        if "," in cell and "." in cell:
            raise self._error(line, i, cell, "has commas and points", "remove the separators of thousands")
        other_line, _, other = self._first["." if "," in cell else ","]
        what = f"and “{_short(other)}” in line {other_line} have different decimal marks"
        raise self._error(line, i, cell, what, "use a comma or a point throughout, and no separators of thousands")

    def _check_cell(self, line: int, i: int, cell: str) -> None:
        try:
            float(cell)
        except ValueError:
            self._refuse_cell(line, i, cell)

    def _refuse_cell(self, line: int, i: int, cell: str) -> None:
        if not cell:
            place = self._place(line, i)
            message = f"The cell in {place} is empty: fill it in, or delete the row."
            raise TableError(message, line=line, column=self.names[i])
        if len(cell) > MAX_CELL:
            raise self._error(line, i, cell, "is too long to be a number", "shorten it")
        if cell.lower() in _NOT_FINITE:
            raise self._error(line, i, cell, "is not a finite number", "correct the cell, or delete the row")
        if cell.lower() in _MISSING:
            raise self._error(line, i, cell, "stands for a missing value", "fill it in, or delete the row")
        if _looks_numeric(cell) and _THOUSANDS.match(cell):
            raise self._error(line, i, cell, "seems to have separators of thousands", "remove them")
        if "," in cell and self.separator == "," and _looks_numeric(cell):
            remedy = "write a decimal point, or separate the columns with semicolons"
            raise self._error(line, i, cell, "has a decimal comma in a file separated by commas", remedy)
        raise self._error(line, i, cell, "is not a number", "correct the cell, or delete the row")


# -- words --


def _short(text: str) -> str:
    """At most 30 printable characters of a cell, so that a sentence stays a sentence."""
    text = "".join(c if c.isprintable() else "\ufffd" for c in " ".join(text[:200].split()))
    return text if len(text) <= 30 else text[:29] + "…"


def _plural(separator: str) -> str:
    return f"{_SEPARATORS[separator]}s"


def _listed(names: Sequence[str]) -> str:
    if len(names) > 4:
        names = (*names[:2], "…", names[-1])
    return ", ".join(names[:-1]) + " and " + names[-1]
