"""Reading a visitor's CSV file: bytes in, columns of numbers out, or one sentence that says what to mend.

The bytes are hostile until proven otherwise. Size, rows and columns are bounded before memory is spent on them, nothing
is guessed where two readings are possible, nothing is left out but on the user's word, and every refusal is a
:class:`TableError` that names line and column.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence

from gdviz.datasets.cells import Numbers, looks_numeric, plain_numbers, short
from gdviz.datasets.table import Table, TableError, make_table
from gdviz.formulas.functions import CONSTANTS, TYPED_NAMES
from gdviz.formulas.limits import MAX_NAME_CHARACTERS

MAX_BYTES = 5 * 2**20  # what an upload field of 5 MB lets through
MAX_COLUMNS = 100
MAX_NAME = MAX_NAME_CHARACTERS

_SEPARATORS = {"\t": "tab", ";": "semicolon", ",": "comma"}  # in the order of preference
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_RESERVED = frozenset(CONSTANTS) | frozenset(TYPED_NAMES)


def read_csv(data: bytes | str, drop_bad_rows: bool = False, without: Sequence[str] = ()) -> Table:
    """Read a CSV file, or text that was pasted: two to 100 columns of numbers, two to 50,000 rows, at most 5 MB.

    Columns are separated by commas, semicolons or tabs; a decimal comma is understood where the separator is not a
    comma. Bytes are UTF-8, UTF-16 with a byte order mark, or else Windows-1252. The first line may hold the columns'
    names; without them the columns are called x, y or x1, x2, …, y. Empty lines are skipped.

    A row with a cell that is no finite number, or with too many or too few cells, is left out only if
    ``drop_bad_rows``, and columns only if named in ``without``; the table's note says which. Where a file is refused
    for bad rows or columns alone, the error lists them. Raises TableError, and nothing else, for everything that cannot
    be read or could be read in two ways.
    """
    if isinstance(data, str):
        data = data.encode("utf-8", "replace")
    if len(data) > MAX_BYTES:
        size = f"{len(data) / 2**20:.1f} MB"
        raise TableError(f"The file has {size}, and at most {MAX_BYTES // 2**20} MB can be read: leave out rows.")
    text, notes = _decode(data)
    lines = [line.rstrip(" ") for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    separator = _announced_separator(lines[0])
    skipped = 0 if separator is None else 1
    if separator is None:
        separator = _find_separator(lines)
    records = _records("\n".join(lines[skipped:]), separator, skipped)

    line, first = next(records, (0, []))
    _check_first(line, first)
    named = _is_header(first, line)
    names, renamed = _names_from(first, line) if named else (_default_names(len(first)), [])
    places = _places(names, without)

    numbers = Numbers([names[i] for i in places], separator, places, len(names))
    quoted = '"' in lines[line - 1]  # then the names may reach over several lines
    plain = None if quoted else plain_numbers(lines[line if named else line - 1 :], separator, len(names))
    dropped: list[int] = []
    if plain is not None:
        values = plain[:, places]
    else:
        if not named:
            numbers.append(line, first)
        for line, cells in records:
            numbers.append(line, cells)
        values, dropped = numbers.finish(named, drop_bad_rows)

    notes.append(f"The columns are separated by {_plural(separator)}.")
    if numbers.decimal_comma:
        notes.append("The comma is read as the decimal mark.")
    if not named:
        notes.append(f"The file has no line of names; the columns are called {_listed(names)}.")
    notes.extend(renamed)
    notes.extend(_left_out(dropped, [name for name in names if name in without]))
    columns = {names[place]: values[:, i] for i, place in enumerate(places)}
    choice = f"\0{bool(dropped)}\0{','.join(without)}".encode() if dropped or without else b""
    return make_table(columns, note=tuple(notes), digest=hashlib.sha256(data + choice).hexdigest())


def _check_first(line: int, first: Sequence[str]) -> None:
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


def _places(names: Sequence[str], without: Sequence[str]) -> list[int]:
    """The places of the columns that are read."""
    for name in without:
        if name not in names:
            raise TableError(f"There is no column “{short(name)}” to leave out: the columns are {_listed(names)}.")
    places = [i for i, name in enumerate(names) if name not in without]
    if len(places) < 2:
        raise TableError("Too many columns are left out: a fit needs at least two.")
    return places


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
    numeric = [looks_numeric(cell) for cell in bare]
    if not any(numeric):
        return True
    for i, cell in enumerate(bare):
        if cell and not numeric[i]:
            number = bare[numeric.index(True)]
            raise TableError(
                f"Line {line} mixes words (“{short(cell)}” in column {i + 1}) and numbers (“{short(number)}”): "
                "the first line must be all names or all numbers.",
                line=line,
                column=i + 1,
            )
    return False


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
                message = f"Two columns are called “{short(header)}” in line {line}: give each its own name."
            else:
                message = (
                    f"The columns “{short(names[name])}” and “{short(header)}” in line {line} would both be called "
                    f"{name} in formulas: rename one."
                )
            raise TableError(message, line=line, column=i)
        names[name] = header
        if name != header:
            notes.append(f"The column “{short(header)}” is called {name} in formulas.")
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


# -- words --


def _left_out(lines: Sequence[int], columns: Sequence[str]) -> Iterator[str]:
    if columns:
        yield f"Left out on your word: the column{'s' if len(columns) > 1 else ''} {', '.join(columns)}."
    if lines:
        listed = ", ".join(map(str, lines[:10])) + (", …" if len(lines) > 10 else "")
        yield f"Left out on your word: {len(lines):,} row{'s' if len(lines) > 1 else ''}, line {listed}."


def _plural(separator: str) -> str:
    return f"{_SEPARATORS[separator]}s"


def _listed(names: Sequence[str]) -> str:
    if len(names) > 4:
        names = (*names[:2], "…", names[-1])
    return ", ".join(names[:-1]) + " and " + names[-1]
