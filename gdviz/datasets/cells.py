"""Cells to numbers: which are refused, why, and which rows may be left out for it."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Sequence
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from gdviz.datasets.amounts import MAX_CELL, MISSING, NOT_FINITE, PLAIN, read_amount
from gdviz.datasets.dates import read_date
from gdviz.datasets.separators import BLANKS
from gdviz.datasets.survey import Reading
from gdviz.datasets.table import BadRow, TableError, short
from gdviz.formulas.limits import MAX_CONSTANT
from gdviz.numerals import format_number

MAX_ROWS = 50_000
MAX_MAGNITUDE = MAX_CONSTANT  # squares of the errors must stay below the largest float

_MANY = 1_000  # bad rows after which a file of mostly bad rows is not read on


def plain_numbers(lines: Sequence[str], separator: str, width: int) -> NDArray[np.float64] | None:
    """Return the numbers (rows, ``width``) of a table without a single oddity, None if there may be one.

    Several times as fast as :class:`CollectedNumbers`, which has the last word on all else: a file is read the same.
    """
    body = "\n".join(lines)
    if (
        sum(map(bool, lines)) < 2
        or (separator == ";" and "." in body)  # the points may separate thousands
        or not body.isascii()
        or body.encode().translate(None, b"0123456789.+-eE\n" + separator.encode())
    ):
        return None
    if re.search(rf"[^{re.escape(separator)}\n]{{{MAX_CELL + 1}}}", body):
        return None
    try:
        delimiter = None if separator == BLANKS else separator
        values = np.loadtxt(lines, dtype=np.float64, delimiter=delimiter, comments=None, ndmin=2)
    except ValueError:
        return None
    fine = 2 <= len(values) <= MAX_ROWS and values.shape[1] == width
    return values if fine and bool((np.abs(values) <= MAX_MAGNITUDE).all()) else None


class _BadCell(TableError):
    """A cell that is no finite number, or a row of the wrong length: what may be left out on the user's word."""


def too_many_rows(line: int) -> TableError:
    """Return what to raise at the first line beyond the limit."""
    return TableError(f"The file has more than {MAX_ROWS:,} rows (line {line}): leave out rows.", line=line)


class CollectedNumbers:
    """Collects rows of cells as numbers, read as ``reading`` says.

    ``places`` are the columns that are read, of ``width`` in the file, and ``names`` what they are called.
    """

    def __init__(
        self, names: Sequence[str], separator: str, places: Sequence[int], width: int, reading: Reading
    ) -> None:
        self.names = names
        self.separator = separator
        self.width = width
        self.reading = reading
        self._places = None if len(places) == width else places
        self._bad: list[BadRow] = []
        self._large = 0  # how many bad rows are bad for the size of a number
        self.values = array("d")
        self.lines = array("q")
        self._percents = reading.percents
        self._quick = not self._percents and not reading.orders  # a row of plain numbers needs no looking at

    def append(self, line: int, cells: Sequence[str]) -> None:
        """Read one row; a bad one is noted. Raises TableError for what concerns the whole file."""
        if len(self.lines) + len(self._bad) == MAX_ROWS:
            raise too_many_rows(line)
        try:
            row = self._row(line, cells)
        except _BadCell as error:
            self._bad.append(BadRow(line, self._bad_columns(cells), str(error)))
            if len(self._bad) > max(_MANY, len(self.lines)):
                raise self._refusal() from None
        else:
            self.values.extend(row)
            self.lines.append(line)

    def _row(self, line: int, cells: Sequence[str]) -> list[float]:
        if len(cells) != self.width:
            self._refuse_length(line, cells)
        if self._places is not None:
            cells = [cells[i] for i in self._places]
        joined = "".join(cells)
        if self._quick and "," in joined and self.reading.decimal == "," and not self.reading.grouped:
            quick: Sequence[str] = [cell.replace(",", ".", 1) for cell in cells]
            joined = "".join(quick)
        else:
            quick = cells
        if self._quick and not (joined.strip(PLAIN) or max(map(len, cells)) > MAX_CELL) and self._is_quick(joined):
            try:
                return list(map(float, quick))
            except ValueError:
                pass  # some cell needs looking at
        return [self._number(line, i, cell.strip()) for i, cell in enumerate(cells)]

    def _is_quick(self, joined: str) -> bool:
        """Whether points in a row can be nothing but decimal marks."""
        return self.reading.decimal == "." or not self.reading.grouped or "." not in joined

    def _number(self, line: int, i: int, cell: str) -> float:
        if i in self.reading.orders:
            date = read_date(cell)
            found = None if date is None else self.reading.orders[i].microseconds(date)
            return self._refuse_cell(line, i, cell, "a date") if found is None else found
        amount = read_amount(cell)
        if amount is None:
            self._refuse_cell(line, i, cell, "a number")
        if not amount.unit and i in self._percents:
            unit = self.reading.units[i]
            what = f"has no {unit} where other numbers of the column have one"
            raise self._error(line, i, cell, what, f"write all with {unit} or all without")
        return amount.value(self.reading.decimal)

    def finish(self, drop_bad_rows: bool) -> tuple[NDArray[np.float64], list[int]]:
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
        if len(values) < 2:
            raise TableError("The file has only one row of numbers: a fit needs at least two.", line=self.lines[0])
        return values, [bad.line for bad in self._bad]

    # -- bad rows --

    def _may_drop(self, good: int) -> bool:
        """Whether bad rows are few enough to be slips: where most are no numbers, the file is something else."""
        return good >= 2 and good >= len(self._bad) - self._large

    def _bad_columns(self, cells: Sequence[str]) -> tuple[str, ...]:
        """The names of the columns whose cells are no finite numbers."""
        if len(cells) != self.width:
            return ()
        read = cells if self._places is None else [cells[i] for i in self._places]
        return tuple(name for i, (name, cell) in enumerate(zip(self.names, read, strict=True)) if self._is_bad(i, cell))

    def _is_bad(self, i: int, cell: str) -> bool:
        try:
            return not abs(self._number(0, i, cell.strip())) <= MAX_MAGNITUDE
        except TableError:
            return True

    def _note_too_large(self, line: int, row: NDArray[np.float64]) -> None:
        large = np.flatnonzero(~(np.abs(row) <= MAX_MAGNITUDE)).tolist()
        place, most = self._place(line, large[0]), format_number(MAX_MAGNITUDE)
        problem = f"The number in {place} is larger than {most}: scale the column down."
        self._bad.append(BadRow(line, tuple(self.names[i] for i in large), problem))
        self._large += 1

    def _refusal(self, good: int | None = None) -> TableError:
        """The error for the bad rows; ``good`` is how many others there are, None where not all rows were read.

        The columns that are in the way can be left out instead, the worst of them first where all have bad cells.
        """
        first, more = self._bad[0], len(self._bad) - 1
        counts = Counter(name for bad in self._bad for name in bad.columns)
        columns = [name for name, _ in counts.most_common(len(self.names) - 2)]
        column = first.columns[0] if first.columns else None
        droppable = good is not None and self._may_drop(good)
        others = f"{more:,} more rows" if more > 1 else "1 more row"
        message = f"{first.problem.removesuffix('.')}; {others} cannot be read either." if more else first.problem
        return TableError(
            message,
            line=first.line,
            column=column,
            bad_rows=tuple(self._bad) if droppable else (),
            bad_columns=tuple(name for name in self.names if name in columns),
        )

    # -- refusals --

    def _place(self, line: int, i: int) -> str:
        return f"line {line}, column “{self.names[i]}”"

    def _error(
        self, line: int, i: int, cell: str, what: str, remedy: str, kind: type[TableError] = TableError
    ) -> TableError:
        message = f"“{short(cell)}” in {self._place(line, i)} {what}: {remedy}."
        return kind(message, line=line, column=self.names[i])

    def _refuse_length(self, line: int, cells: Sequence[str]) -> NoReturn:
        have, need = len(cells), self.width
        hint = "add what is missing" if have < need else "remove what is too much"
        if have > need and self.separator == ",":
            hint = "remove what is too much; numbers with a decimal comma need semicolons between the columns"
        cells_word = "1 cell" if have == 1 else f"{have:,} cells"
        raise _BadCell(f"Line {line} has {cells_word} where {need} are expected: {hint}.", line=line)

    def _refuse_cell(self, line: int, i: int, cell: str, wanted: str) -> NoReturn:
        if not cell:
            place = self._place(line, i)
            message = f"The cell in {place} is empty: fill it in, or delete the row."
            raise _BadCell(message, line=line, column=self.names[i])
        if len(cell) > MAX_CELL:
            raise self._error(line, i, cell, "is too long to be a number", "shorten it", _BadCell)
        what = f"is not {wanted}"
        remedy = "correct the cell, or delete the row"
        if cell.lower() in NOT_FINITE:
            what = "is not a finite number"
        elif cell.lower() in MISSING:
            what, remedy = "stands for a missing value", "fill it in, or delete the row"
        raise self._error(line, i, cell, what, remedy, _BadCell)
