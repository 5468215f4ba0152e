"""What separates the columns: the mark that makes most lines into rows of numbers of one length."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from gdviz.datasets.amounts import is_missing, is_number
from gdviz.datasets.dates import read_date
from gdviz.datasets.table import TableError

BLANKS = " "  # runs of blanks and tabs
SEPARATORS = {"\t": "tabs", ";": "semicolons", "|": "bars", ",": "commas", BLANKS: "blanks"}  # in order of preference

_LINES = 200  # that are looked at
_WIDEST = 200  # cells of such a row
_LONGEST = 20_000  # characters of a line that can be a row of at most 100 numbers


def announced_separator(line: str) -> str | None:
    """The separator of a first line such as ``sep=;``, which spreadsheets write and read."""
    bare = line.strip('"').lower()
    mark = bare.removeprefix("sep=") if bare.startswith("sep=") else ""
    return mark if mark in SEPARATORS else None


def find_separator(lines: Sequence[str]) -> str:
    """Return the separator. Raises TableError where both commas and blanks make a table of numbers."""
    sample = list(islice((line for line in lines if line.strip() and len(line) <= _LONGEST), _LINES))
    scores = {mark: _score([_split(line, mark) for line in sample]) for mark in SEPARATORS}
    best = max(SEPARATORS, key=lambda mark: scores[mark])
    if best == "," and scores[","] == scores[BLANKS] and scores[","][0]:
        raise TableError(
            "The columns can be separated by the commas or by the blanks, and both make numbers: separate them with "
            "semicolons, and write numbers without blanks."
        )
    return best if any(scores[best]) else ","


def prepared(lines: Sequence[str], separator: str) -> list[str]:
    """Return the lines as :func:`records` takes them: tabs as blanks, or without bars around the row."""
    if separator == BLANKS:
        return [line.replace("\t", " ").strip(" ") for line in lines]
    if separator == "|":
        return [line.strip().removeprefix("|").removesuffix("|") for line in lines]
    return list(lines)


def records(lines: Iterable[str], separator: str, skipped: int) -> Iterator[tuple[int, int, list[str]]]:
    """Yield (first line, last line, cells) of every record that is not empty, after ``skipped`` lines."""
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=separator, skipinitialspace=True, strict=True)
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
            yield line, skipped + reader.line_num, cells


def is_data(cell: str) -> bool:
    """Whether a cell is a number or a date."""
    bare = cell.strip()
    return bool(bare) and (is_number(bare) or read_date(bare) is not None)


def _split(line: str, separator: str) -> list[str]:
    """The cells of one line, without the empty ones at its end."""
    (line,) = prepared([line], separator)
    try:
        cells = next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:
        return []
    while cells and not cells[-1].strip():
        cells.pop()
    if separator == BLANKS and any(cell.startswith(",") or cell.endswith(",") for cell in cells):
        return []  # 1 ,2: the commas separate
    return cells if len(cells) <= _WIDEST else []


def _score(rows: Sequence[list[str]]) -> tuple[int, int, int]:
    """How many rows of the commonest length hold only numbers, how many hold one, and how many there are."""
    data = [[is_data(cell) for cell in row] for row in rows]
    whole = [
        len(row)
        for row, found in zip(rows, data, strict=True)
        if len(row) > 1
        and any(found)
        and all(good or is_missing(cell.strip()) for cell, good in zip(row, found, strict=True))
    ]
    widths = Counter(whole or [len(row) for row, found in zip(rows, data, strict=True) if len(row) > 1 and any(found)])
    if not widths:
        widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0, 0, 0
    width = widths.most_common(1)[0][0]
    partly = sum(len(row) == width and any(found) for row, found in zip(rows, data, strict=True))
    return whole.count(width), partly, sum(len(row) == width for row in rows)
