"""Tables as text: their rows, and cells that a spreadsheet shows and does not run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.pacing import pause

ROWS = 1_000  # that are made at a time

# A cell that begins with one of these is a formula or a command to some spreadsheet; the wide ones are read alike.
_RUNS = tuple("=+-@|%\t\r\n＝＋－＠｜％﹢﹣−")


def plain_cell(text: str) -> str:
    """Return ``text`` on one line, with an apostrophe before it where a spreadsheet would run it.

    >>> plain_cell("=1+1"), plain_cell("Adam"), plain_cell(" ＝1")
    ("'=1+1", 'Adam', "' ＝1")
    """
    begins = text.lstrip(" \u00a0\u200b\ufeff\u3000'\"").startswith(_RUNS) or text.startswith(_RUNS)
    line = on_one_line(text)
    return f"'{line}" if begins else line


def on_one_line(text: str) -> str:
    """Return ``text`` with a blank for whatever cannot be printed: nothing in it ends the line."""
    return "".join(c if c.isprintable() else " " for c in text)


def table_text(head: Sequence[str], rows: Iterable[Iterable[Any]]) -> str:
    """Return a table as CSV; numbers keep all digits."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()


def or_empty(number: float) -> float | str:
    """Return a number, or an empty cell for nan."""
    return "" if number != number else number


def rows_of(*columns: NDArray[Any]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of ``columns``, each (k,) or (k, m), as Python's numbers; gives way between parts of them."""
    for first in range(0, len(columns[0]), ROWS):
        pause()
        parts = [np.atleast_2d(column[first : first + ROWS].T).tolist() for column in columns]
        yield from zip(*(one for part in parts for one in part), strict=True)
