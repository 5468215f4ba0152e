"""What a table is, and what is wrong with a file that is none."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class BadRow:
    """A row that holds something other than finite numbers.

    line     its line in the file, counted from 1
    columns  the names of the columns with such a cell; empty if the row has too few or too many cells
    problem  the sentence about it
    """

    line: int
    columns: tuple[str, ...]
    problem: str


class TableError(ValueError):
    """A file that cannot be read as a table of numbers. ``str()`` is one sentence: what, where, what to do.

    line         the line of the file, counted from 1, or None where the whole file is meant
    column       the column's name, or its number counted from 1 where it has none, or None
    bad_rows     the rows that ``read_csv(…, drop_bad_rows=True)`` would leave out, and that are all that is wrong
    bad_columns  the columns whose cells are in the way, which ``read_csv(…, without=bad_columns)`` would leave out
    date_columns those of them that ``read_csv(…, dates=date_columns)`` would read as numbers
    """

    def __init__(
        self,
        message: str,
        *,
        line: int | None = None,
        column: str | int | None = None,
        bad_rows: tuple[BadRow, ...] = (),
        bad_columns: tuple[str, ...] = (),
        date_columns: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.bad_rows = bad_rows
        self.bad_columns = bad_columns
        self.date_columns = date_columns


@dataclass(frozen=True)
class Table:
    """Columns of numbers by name. Tables made from the same bytes are equal.

    columns  name -> float64 array of shape (rows,), read-only; the names can be used in formulas
    note     plain sentences about what was understood of the file, for the page to show
    digest   SHA-256 of the file's bytes (and of what was chosen), in hexadecimal: the key for every cache
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

    def head(self, rows: int) -> list[tuple[float, ...]]:
        """Return the first rows, for a preview."""
        return list(zip(*(column[:rows].tolist() for column in self.columns.values()), strict=True))


def short(text: str) -> str:
    """At most 30 printable characters of a cell, so that a sentence stays a sentence."""
    text = "".join(c if c.isprintable() else "\ufffd" for c in " ".join(text[:200].split()))
    return text if len(text) <= 30 else text[:29] + "…"


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
