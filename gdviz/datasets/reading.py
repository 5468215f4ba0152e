"""Reading a visitor's file: bytes in, columns of numbers out, or one sentence that says what to mend.

The bytes are hostile until proven otherwise. Size, rows and columns are bounded before memory is spent on them, nothing
is guessed where two readings are possible, no number is left out but on the user's word, and every refusal is a
:class:`TableError` that names line and column.

Lines become records (:mod:`separators`), the table is found among them (:mod:`layout`), a first look at all cells
settles what their marks mean (:mod:`survey`), and a second makes numbers of them (:mod:`cells`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from gdviz.datasets.amounts import is_missing
from gdviz.datasets.cells import MAX_ROWS, CollectedNumbers, plain_numbers, too_many_rows
from gdviz.datasets.dates import since_the_first
from gdviz.datasets.layout import Layout, find_layout
from gdviz.datasets.naming import default_names, usable_names
from gdviz.datasets.separators import SEPARATORS, announced_separator, find_separator, is_data, prepared, records
from gdviz.datasets.survey import Survey
from gdviz.datasets.table import Table, TableError, make_table, short
from gdviz.datasets.text import read_lines, split_comments
from gdviz.pacing import pause

MAX_BYTES = 5 * 2**20  # what an upload field of 5 MB lets through
_LOOKED_AT = 200  # rows, to tell whether a column contains text


@dataclass(frozen=True)
class _Source:
    """The lines of a file as :func:`records` takes them, and where the table is in them."""

    lines: Sequence[str]
    separator: str
    layout: Layout

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield line and cells of every row, without separators at its end that make no column."""
        skipped = self.layout.skipped
        width = self.layout.width
        for line, _, cells in records(self.lines[skipped:], self.separator, skipped):
            pause()
            if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
                cells = cells[:width]
            yield line, cells


def read_csv(
    data: bytes | str, drop_bad_rows: bool = False, without: Sequence[str] = (), dates: Sequence[str] = ()
) -> Table:
    """Read a CSV file, or text that was pasted: two to 100 columns of numbers, two to 50,000 rows, at most 5 MB.

    Columns are separated by commas, semicolons, tabs, bars or runs of blanks; a decimal comma, separators of
    thousands, percent signs and currencies are understood where the file leaves one reading. Bytes are UTF-8, UTF-16
    with a byte order mark, or else Windows-1252. Above the rows there may be the columns' names, a line of units below
    them, and text or comments above them; without names the columns are called x, y or x1, x2, …, y. Empty lines are
    skipped. The table's note says how all this was taken.

    A row with a cell that is no finite number, or with too many or too few cells, is left out only if
    ``drop_bad_rows``, and columns only if named in ``without``; columns named in ``dates`` become days, hours or
    seconds since their earliest date. Where a file is refused for such rows or columns alone, the error lists them.
    Raises TableError, and nothing else, for everything that cannot be read or could be read in two ways.
    """
    if isinstance(data, str):
        data = data.encode("utf-8", "replace")
    if len(data) > MAX_BYTES:
        size = f"{len(data) / 2**20:.1f} MB"
        raise TableError(f"The file has {size}, and at most {MAX_BYTES // 2**20} MB can be read: leave out rows.")
    source, notes = _find_table(data)
    layout = source.layout
    if layout.headers is None:
        names = default_names(layout.width)
        notes.append(f"The file has no line of names; the columns are called {_listed(names)}.")
    else:
        names, renamed = usable_names(layout.headers)
        notes.extend(renamed)
    for name in (*without, *dates):
        if name not in names:
            raise TableError(f"There is no column “{short(name)}”: the columns are {_listed(names)}.")
    plain = None if dates else plain_numbers(source.lines[layout.skipped :], source.separator, layout.width)
    hollow: list[int] = []
    dropped: list[int] = []
    if plain is None:
        hollow, said = _hollow(source, names)
        notes.extend(said)
    places = [i for i, name in enumerate(names) if name not in without and i not in hollow]
    if len(places) < 2:
        raise TableError("Too many columns are left out: a fit needs at least two.")
    if plain is not None:
        values = plain[:, places]
    else:
        values, dropped, said = _numbers(source, names, places, drop_bad_rows, dates)
        notes.extend(said)
    left = [name for name in names if name in without]
    notes.extend(_left_out(dropped, left, _with_text(source, names, left)))
    columns = {names[place]: values[:, i] for i, place in enumerate(places)}
    chosen = (bool(dropped), ",".join(without), ",".join(dates))
    choice = "".join(f"\0{part}" for part in chosen).encode() if any(chosen) else b""
    return make_table(columns, note=tuple(notes), digest=hashlib.sha256(data + choice).hexdigest())


def _find_table(data: bytes) -> tuple[_Source, list[str]]:
    lines, notes = read_lines(data)
    separator = announced_separator(lines[0])
    skipped = 0 if separator is None else 1
    lines, comments = split_comments(lines)
    if separator is None:
        separator = find_separator(lines)
    lines = prepared(lines, separator)
    layout = find_layout(lines[skipped:], separator, skipped, comments)
    notes.append(f"The columns are separated by {SEPARATORS[separator]}.")
    notes.extend(layout.notes)
    others = len(comments) - (layout.headers is not None and layout.line in comments)
    if others:
        notes.append(f"Left out as comments: {others:,} line{'s' if others > 1 else ''}.")
    return _Source(lines, separator, layout), notes


def _numbers(
    source: _Source, names: Sequence[str], places: Sequence[int], drop_bad_rows: bool, dates: Sequence[str]
) -> tuple[NDArray[np.float64], list[int], list[str]]:
    """Return the numbers (rows, columns), the lines that were left out, and how the cells were read."""
    width, read = len(names), [names[place] for place in places]
    survey = Survey(read, dates, source.separator)
    whole = len(places) == width
    for line, cells in source.rows():
        if len(cells) == width:
            survey.look(line, cells if whole else [cells[place] for place in places])
        if survey.rows > MAX_ROWS:
            raise too_many_rows(line)
    survey.refuse_words()
    reading = survey.finish()
    numbers = CollectedNumbers(read, source.separator, places, width, reading)
    for line, cells in source.rows():
        numbers.append(line, cells)
    values, dropped = numbers.finish(drop_bad_rows)
    notes = list(reading.notes)
    for i in reading.orders:
        values = values.copy()
        values[:, i], said = since_the_first(read[i], values[:, i])
        notes.append(said)
    return values, dropped, notes


def _hollow(source: _Source, names: Sequence[str]) -> tuple[list[int], list[str]]:
    """Columns that are left out for what they do not hold, and a sentence for each.

    Those without a name or a number, and the learning rates of a run of ours: no step leaves its last row.
    """
    unnamed = [i for i, header in enumerate(source.layout.headers or ()) if not header]
    rates = [len(names) - 1] if "epoch" in names and names[-1] == "learning_rate" else []
    full = dict.fromkeys((*unnamed, *rates), 0)
    rows = 0
    if full:
        for rows, (_, cells) in enumerate(source.rows(), start=1):  # noqa: B007
            for i in full:
                full[i] += bool(i < len(cells) and cells[i].strip())
    hollow = [i for i in unnamed if not full[i]]
    notes = [f"Column {i + 1} has neither a name nor a number; it is left out." for i in hollow]
    if rates and full[rates[0]] < rows:
        hollow += rates
        notes.append("learning_rate is left out: it has no number in a run’s last row, which no step leaves.")
    return hollow, notes


def _with_text(source: _Source, names: Sequence[str], columns: Sequence[str]) -> list[str]:
    """Those of the ``columns`` that contain text, as far as the first rows tell."""
    places = [i for i, name in enumerate(names) if name in columns]
    rows = [cells for _, cells in islice(source.rows(), _LOOKED_AT)] if places else []
    return [names[i] for i in places if any(_is_text(cells[i].strip()) for cells in rows if i < len(cells))]


def _is_text(cell: str) -> bool:
    return not (is_missing(cell) or is_data(cell))


def _left_out(lines: Sequence[int], columns: Sequence[str], text: Sequence[str]) -> Iterator[str]:
    others = [name for name in columns if name not in text]
    if text:
        said = "contains text, so it was" if len(text) == 1 else "contain text, so they were"
        yield f"{', '.join(text)} {said} left out."
    if others:
        yield f"Left out: the column{'s' if len(others) > 1 else ''} {', '.join(others)}."
    if lines:
        listed = ", ".join(map(str, lines[:10])) + (" …" if len(lines) > 10 else "")
        many = "s" if len(lines) > 1 else ""
        yield f"{len(lines):,} row{many} left out (line{many} {listed})."


def _listed(names: Sequence[str]) -> str:
    if len(names) > 4:
        names = (*names[:2], "…", names[-1])
    return ", ".join(names[:-1]) + " and " + names[-1]
