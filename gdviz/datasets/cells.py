"""Cells to numbers: which are refused, why, and which rows may be left out for it."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gdviz.datasets.table import BadRow, TableError
from gdviz.formulas.limits import MAX_CONSTANT

MAX_ROWS = 50_000
MAX_MAGNITUDE = MAX_CONSTANT  # squares of the errors must stay below the largest float
MAX_CELL = 100  # characters; the longest float64 that prints itself has 24

_NUMBER_CHARACTERS = "0123456789.+-eE "
_NUMBER_LIKE = re.compile(r"[+-]?[.,]?[0-9][0-9.,' eE+-]*")
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}([.,' ][0-9]{3})+(?![0-9])")
_NOT_FINITE = {"nan", "inf", "infinity", "+inf", "-inf", "+infinity", "-infinity", "+nan", "-nan"}
_MISSING = {"na", "n/a", "#n/a", "null", "none", "missing", "-", "--", "?", "."}
_MANY = 1_000  # bad rows after which a file of mostly bad rows is not read on


def plain_numbers(lines: Sequence[str], separator: str, width: int) -> NDArray[np.float64] | None:
    """Return the numbers (rows, ``width``) of a table without a single oddity, None if there may be one.

    Several times as fast as :class:`Numbers`, which has the last word on everything else: a file is read the same.
    """
    body = "\n".join(lines)
    if (
        sum(map(bool, lines)) < 2
        or not body.isascii()
        or body.encode().translate(None, b"0123456789.+-eE\n" + separator.encode())
    ):
        return None
    if re.search(rf"[^{separator}\n]{{{MAX_CELL + 1}}}", body):
        return None
    try:
        values = np.loadtxt(lines, dtype=np.float64, delimiter=separator, comments=None, ndmin=2)
    except ValueError:
        return None
    fine = 2 <= len(values) <= MAX_ROWS and values.shape[1] == width
    return values if fine and bool((np.abs(values) <= MAX_MAGNITUDE).all()) else None


class _BadCell(TableError):
    """A cell that is no finite number, or a row of the wrong length: what may be left out on the user's word."""


class Numbers:
    """Collects rows of cells as numbers, and finds out on the way whether the comma is the decimal mark.

    ``places`` are the columns that are read, of ``width`` in the file, and ``names`` what they are called.
    """

    def __init__(self, names: Sequence[str], separator: str, places: Sequence[int], width: int) -> None:
        self.names = names
        self.separator = separator
        self.width = width
        self._places = None if len(places) == width else places
        self._bad: list[BadRow] = []
        self.values = array("d")
        self.lines = array("q")
        self._first: dict[str, tuple[int, int, str]] = {}  # comma, point -> line, column, cell where it came first
        self._proven = False  # some decimal comma cannot be a separator of thousands

    @property
    def decimal_comma(self) -> bool:
        return "," in self._first

    def append(self, line: int, cells: Sequence[str]) -> None:
        """Read one row; a bad one is noted. Raises TableError for what concerns the whole file."""
        if len(self.lines) + len(self._bad) == MAX_ROWS:
            message = f"The file has more than {MAX_ROWS:,} rows (line {line}): leave out rows."
            raise TableError(message, line=line)
        try:
            self._append(line, cells)
        except _BadCell as error:
            self._bad.append(BadRow(line, self._bad_columns(line, cells), str(error)))
            if len(self._bad) > max(_MANY, len(self.lines)):
                raise self._refusal() from None

    def _append(self, line: int, cells: Sequence[str]) -> None:
        if len(cells) != self.width:
            self._refuse_length(line, cells)
        if self._places is not None:
            cells = [cells[i] for i in self._places]
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

    def finish(self, header_only: bool, drop_bad_rows: bool) -> tuple[NDArray[np.float64], list[int]]:
        """Return the numbers, shape (rows, columns), and the lines that were left out.

        Raises TableError if there are bad rows and they are not to be dropped, or are most of the file.
        """
        values = np.frombuffer(self.values, dtype=np.float64).reshape(len(self.lines), len(self.names))
        sane = (np.abs(values) <= MAX_MAGNITUDE).all(axis=1)
        for row in np.flatnonzero(~sane):
            self._note_too_large(self.lines[row], values[row])
        values = values[sane]
        self._bad.sort(key=lambda bad: bad.line)
        if self._bad and not (drop_bad_rows and self._may_drop(len(values))):
            raise self._refusal(len(values))
        if not len(values) and header_only:
            raise TableError("The file has column names but no numbers: it needs at least two rows of numbers.")
        if len(values) < 2:
            raise TableError("The file has only one row of numbers: a fit needs at least two.", line=self.lines[0])
        if self.decimal_comma and not self._proven:
            line, i, cell = self._first[","]
            what = f"can mean {short(cell.replace(',', '.'))} or {short(cell.replace(',', ''))}"
            raise self._error(line, i, cell, what, "write the numbers of the file without the comma")
        return values, [bad.line for bad in self._bad]

    # -- bad rows --

    def _may_drop(self, good: int) -> bool:
        """Whether bad rows are few enough to be slips: where they are most, the file is something else."""
        return 2 <= good >= len(self._bad)

    def _bad_columns(self, line: int, cells: Sequence[str]) -> tuple[str, ...]:
        """The names of the columns whose cells are no finite numbers."""
        if len(cells) != self.width:
            return ()
        read = cells if self._places is None else [cells[i] for i in self._places]
        return tuple(name for name, cell in zip(self.names, read, strict=True) if not _is_finite(cell.strip()))

    def _note_too_large(self, line: int, row: NDArray[np.float64]) -> None:
        large = np.flatnonzero(~(np.abs(row) <= MAX_MAGNITUDE)).tolist()
        problem = (
            f"The number in {self._place(line, large[0])} is larger than {MAX_MAGNITUDE:g}: scale the column down."
        )
        self._bad.append(BadRow(line, tuple(self.names[i] for i in large), problem))

    def _refusal(self, good: int | None = None) -> TableError:
        """The error for the bad rows; ``good`` is how many others there are, None where not all rows were read."""
        first, more = self._bad[0], len(self._bad) - 1
        rows = (good or len(self.lines)) + len(self._bad)
        counts = Counter(name for bad in self._bad for name in bad.columns)
        words = tuple(name for name in self.names if 2 * counts[name] > rows) if len(self._bad) > 2 else ()
        column = first.columns[0] if first.columns else None
        if words and len(self.names) - len(words) >= 2:
            which = f"column “{words[0]}”" if len(words) == 1 else f"columns {', '.join(f'“{w}”' for w in words[:3])}"
            holds = "holds" if len(words) == 1 else "hold"
            etc = ", …" if len(words) > 3 else ""
            message = f"The {which}{etc} {holds} mostly cells that are no numbers: leave the column out, or mend it."
            return TableError(message, line=first.line, column=words[0], bad_columns=words)
        droppable = good is not None and self._may_drop(good)
        others = f"{more:,} more rows" if more > 1 else "1 more row"
        message = f"{first.problem.removesuffix('.')}; {others} cannot be read either." if more else first.problem
        return TableError(message, line=first.line, column=column, bad_rows=tuple(self._bad) if droppable else ())

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

    def _error(
        self, line: int, i: int, cell: str, what: str, remedy: str, kind: type[TableError] = TableError
    ) -> TableError:
        message = f"“{short(cell)}” in {self._place(line, i)} {what}: {remedy}."
        return kind(message, line=line, column=self.names[i])

    def _refuse_length(self, line: int, cells: Sequence[str]) -> None:
        have, need = len(cells), self.width
        hint = "add what is missing" if have < need else "remove what is too much"
        if have > need and self.separator == ",":
            hint = "remove what is too much; numbers with a decimal comma need semicolons between the columns"
        cells_word = "1 cell" if have == 1 else f"{have:,} cells"
        raise _BadCell(f"Line {line} has {cells_word} where {need} are expected: {hint}.", line=line)

    def _refuse_mixture(self, line: int, i: int, cell: str) -> None:
        if "," in cell and "." in cell:
            raise self._error(line, i, cell, "has commas and points", "remove the separators of thousands")
        other_line, _, other = self._first["." if "," in cell else ","]
        what = f"and “{short(other)}” in line {other_line} have different decimal marks"
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
            raise _BadCell(message, line=line, column=self.names[i])
        if len(cell) > MAX_CELL:
            raise self._error(line, i, cell, "is too long to be a number", "shorten it", _BadCell)
        if cell.lower() in _NOT_FINITE:
            raise self._error(line, i, cell, "is not a finite number", "correct the cell, or delete the row", _BadCell)
        if cell.lower() in _MISSING:
            raise self._error(line, i, cell, "stands for a missing value", "fill it in, or delete the row", _BadCell)
        if looks_numeric(cell) and _THOUSANDS.match(cell):
            raise self._error(line, i, cell, "seems to have separators of thousands", "remove them")
        if "," in cell and self.separator == "," and looks_numeric(cell):
            remedy = "write a decimal point, or separate the columns with semicolons"
            raise self._error(line, i, cell, "has a decimal comma in a file separated by commas", remedy)
        raise self._error(line, i, cell, "is not a number", "correct the cell, or delete the row", _BadCell)


def looks_numeric(cell: str) -> bool:
    """Whether a cell without spaces around it is written like a number, in whatever country."""
    return bool(_NUMBER_LIKE.fullmatch(cell)) or cell.lower() in _NOT_FINITE


def _is_finite(cell: str) -> bool:
    if cell.strip(_NUMBER_CHARACTERS + ",") or len(cell) > MAX_CELL:
        return False
    try:
        return abs(float(cell.replace(",", "."))) <= MAX_MAGNITUDE
    except ValueError:
        return False


def short(text: str) -> str:
    """At most 30 printable characters of a cell, so that a sentence stays a sentence."""
    text = "".join(c if c.isprintable() else "\ufffd" for c in " ".join(text[:200].split()))
    return text if len(text) <= 30 else text[:29] + "…"
