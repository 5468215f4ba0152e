"""Dates in cells: whether a cell holds one, and which; and how a column of them becomes numbers."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_MAX = 40  # characters
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<name>(?:{'|'.join(_MONTHS)})[a-z]*)\.?"
_TIME = (
    r"(?:[T ] ?(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?P<part>[.][0-9]{1,9})?)?"
    r" ?(?P<zone>Z|UTC|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_SHAPES = [
    re.compile(shape + _TIME, re.IGNORECASE)
    for shape in (
        r"(?P<year>[0-9]{4})(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})",
        r"(?P<year>[0-9]{4})[-/](?P<month>[0-9]{1,2})",
        r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})",
        r"(?P<first>[0-9]{1,2})(?P<mark>[-/])(?P<then>[0-9]{1,2})(?P=mark)(?P<year>[0-9]{4})",
        rf"(?P<day>[0-9]{{1,2}})[ .-]{{1,2}}{_MONTH}[ ,-]{{1,2}}(?P<year>[0-9]{{4}})",
        rf"{_MONTH} (?P<day>[0-9]{{1,2}}),? (?P<year>[0-9]{{4}})",
        rf"{_MONTH}[ -](?P<year>[0-9]{{4}})",
    )
]
_DAY, _HOUR, _SECOND = 86_400_000_000, 3_600_000_000, 1_000_000  # microseconds, which a float counts exactly
_EPOCH = datetime(1970, 1, 1)


class Date(NamedTuple):
    """A date; where ``first`` is set, it and ``then`` are day and month or month and day, and the others are 1."""

    year: int
    month: int
    day: int
    first: int
    then: int
    time: int  # microseconds since midnight, in universal time where a zone is given


def read_date(cell: str) -> Date | None:
    """Return the date that a cell without blanks around it holds, None if it is none."""
    if len(cell) > _MAX or not any(character.isdigit() for character in cell):
        return None
    for shape in _SHAPES:
        found = shape.fullmatch(cell)
        if found is not None:
            return _checked(found.groupdict())
    return None


def _checked(parts: dict[str, str | None]) -> Date | None:
    def number(name: str, default: int) -> int:
        return int(parts.get(name) or default)

    name = parts.get("name")
    month = _MONTHS.index(name[:3].lower()) + 1 if name else number("month", 1)
    seconds = 3600 * number("hour", 0) + 60 * number("minute", 0) + number("second", 0)
    zone = (parts["zone"] or "").replace(":", "")
    if zone[:1] in ("+", "-"):
        offset = 3600 * int(zone[1:3]) + 60 * int(zone[3:5])
        seconds -= offset if zone[0] == "+" else -offset
    time = seconds * _SECOND + round(float(parts["part"] or 0) * _SECOND)
    first, then = number("first", 0), number("then", 0)
    date = Date(number("year", 1), month, number("day", 1), first, then, time)
    if not 1000 <= date.year < 9999:
        return None
    orders = (True, False) if first else (True,)
    return date if any(_microseconds(date, order) is not None for order in orders) else None


def _microseconds(date: Date, day_first: bool) -> float | None:
    month, day = date.month, date.day
    if date.first:
        day, month = (date.first, date.then) if day_first else (date.then, date.first)
    try:
        return float((datetime(date.year, month, day) - _EPOCH).days * _DAY + date.time)
    except ValueError:
        return None


class DateOrder:
    """Finds out from a column's dates whether the day or the month comes first in 03/04/2020."""

    def __init__(self) -> None:
        self.unknown: Date | None = None  # some date that has an order
        self._day_first = self._month_first = False

    def look(self, date: Date) -> None:
        if date.first:
            self.unknown = self.unknown or date
            self._day_first |= date.first > 12
            self._month_first |= date.then > 12

    @property
    def is_clear(self) -> bool:
        return self.unknown is None or self._day_first != self._month_first

    def microseconds(self, date: Date) -> float | None:
        """Return the microseconds since 1970, None for a date that does not exist in this order."""
        return _microseconds(date, self._day_first)


def since_the_first(name: str, column: NDArray[np.float64]) -> tuple[NDArray[np.float64], str]:
    """Return a column of microseconds as numbers that start at 0, and a sentence that says their unit.

    Days where there is no time of day or three days and more, else hours or, within three of them, seconds.
    """
    earliest, span = float(column.min()), float(np.ptp(column))
    if span >= 3 * _DAY or not (column % _DAY).any():
        unit, size = "days", _DAY
    else:
        unit, size = ("hours", _HOUR) if span >= 3 * _HOUR else ("seconds", _SECOND)
    start = _EPOCH + timedelta(microseconds=earliest)
    shown = start.isoformat(" ", "seconds") if earliest % _DAY else start.strftime("%Y-%m-%d")
    return (column - earliest) / size, f"{name} is read as {unit} since {shown}, its earliest date."
