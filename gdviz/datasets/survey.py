"""A first look at all cells: how numbers are marked throughout the file, and which columns hold something else.

A mark has one meaning in the whole file. Where the cells leave two, the file is refused, with the cell and both.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gdviz.datasets.amounts import PLAIN, Amount, read_amount
from gdviz.datasets.dates import DateOrder, read_date
from gdviz.datasets.table import TableError, short

_NAMES = {",": "comma", ".": "point"}


class Place(NamedTuple):
    """Where in a file a cell stands, and what is in it."""

    line: int
    column: int
    cell: str


@dataclass(frozen=True)
class Reading:
    """How the cells of a file are read.

    decimal  the decimal mark
    grouped  whether the other mark separates thousands
    units    what stands beside the numbers of a column, by its place: a percent sign or a currency
    orders   of the columns that are read as dates, by their place, what comes first in 03/04/2020
    notes    sentences about all this
    """

    decimal: str
    grouped: bool
    units: dict[int, str]
    orders: dict[int, DateOrder]
    notes: tuple[str, ...]

    @property
    def percents(self) -> frozenset[int]:
        """The columns in which every number must have its percent sign."""
        return frozenset(i for i, unit in self.units.items() if unit in "%‰")


class Survey:
    """Looks at rows of cells, one at a time, for the columns called ``names``; ``dates`` are those to be read as such.

    rows       how many rows there were
    bad        how many cells of each column are no numbers
    dated      how many of those are dates
    """

    def __init__(self, names: Sequence[str], dates: Collection[str], separator: str) -> None:
        self.names = names
        self.rows = 0
        self.bad = [0] * len(names)
        self.dated = [0] * len(names)
        self.first_bad: dict[int, Place] = {}
        self._separator = separator
        self._wanted = {i for i, name in enumerate(names) if name in dates}
        self._orders = [DateOrder() for _ in names]
        self._known: set[tuple[int, tuple[str, ...]]] = set()  # columns with the units and marks seen in them
        self._units: list[dict[str, Place]] = [{} for _ in names]
        self._decimal: dict[str, Place] = {}  # by the mark: the first cell in which it can only be that
        self._thousands: dict[str, Place] = {}
        self._either: dict[str, Place] = {}
        self._money: dict[str, Place] = {}  # the same, beside a currency

    def look(self, line: int, cells: Sequence[str]) -> None:
        """Look at a row with as many cells as there are names."""
        self.rows += 1
        joined = "".join(cells)
        if not joined.strip(PLAIN) and ("." not in joined or "." in self._decimal):
            try:
                list(map(float, cells))
            except ValueError:
                pass
            else:
                return
        elif (
            "," in self._decimal
            and "." not in joined
            and not joined.strip(PLAIN + ",")
            and all(cell.count(",") < 2 and cell.strip() for cell in cells)
        ):
            return
        for i, cell in enumerate(cells):
            bare = cell.strip()
            amount = read_amount(bare)
            if amount is None:
                self._look_at_odd(Place(line, i, bare))
            elif (i, amount[3:]) not in self._known:
                self._known.add((i, amount[3:]))
                self._note(amount, Place(line, i, bare))

    def _look_at_odd(self, place: Place) -> None:
        i = place.column
        self.bad[i] += 1
        self.first_bad.setdefault(i, place)
        date = read_date(place.cell)
        if date is not None:
            self.dated[i] += 1
            self._orders[i].look(date)

    def _note(self, amount: Amount, place: Place) -> None:
        if amount.unit:
            self._units[place.column].setdefault(amount.unit, place)
        if amount.decimal:
            self._decimal.setdefault(amount.decimal, place)
        if amount.thousands:
            self._thousands.setdefault(amount.thousands, place)
        if amount.either:
            self._either.setdefault(amount.either, place)
            if amount.unit and amount.unit not in "%‰":
                self._money.setdefault(amount.either, place)

    def finish(self) -> Reading:
        """Return how the cells are to be read. Raises TableError where there are two ways."""
        decimal = self._decimal_mark()
        other = "," if decimal == "." else "."
        grouped = self._thousands.get(other) or self._either.get(other)
        notes = []
        if decimal == "," and (self._decimal or self._either):
            notes.append("The comma is read as the decimal mark.")
        if grouped is not None:
            notes.append(f"The {_NAMES[other]} separates thousands: {_read_as(grouped, decimal)}.")
        units = {i: self._unit(i) for i, found in enumerate(self._units) if found}
        for i, unit in units.items():
            notes.append(f"{self.names[i]} is in {unit}: {_read_as(self._units[i][unit], decimal)}.")
        orders = {i: self._orders[i] for i in sorted(self._wanted)}
        for i, order in orders.items():
            self._check_order(i, order)
        return Reading(decimal, grouped is not None, units, orders, tuple(notes))

    def _decimal_mark(self) -> str:
        if len(self._decimal) == 2:
            first, second = sorted(self._decimal.values())
            what = f"and “{short(first.cell)}” in line {first.line} have different decimal marks"
            raise self._error(second, what, "use a comma or a point throughout")
        if len(self._thousands) == 2:
            first, second = sorted(self._thousands.values())
            what = f"and “{short(first.cell)}” in line {first.line} have different separators of thousands"
            raise self._error(second, what, "write the numbers without them")
        for mark in self._decimal.keys() & self._thousands.keys():
            first, second = sorted((self._decimal[mark], self._thousands[mark]))
            what = f"and “{short(first.cell)}” in line {first.line} have the {_NAMES[mark]} for different things"
            raise self._error(second, what, "write the numbers of the file without separators of thousands")
        if self._decimal:
            (decimal,) = self._decimal
            if decimal == "," and "." in self._either and "." not in self._thousands:
                raise self._two_readings(self._either["."])
            return decimal
        if self._thousands:
            return "," if "." in self._thousands else "."
        if "," in self._either:
            raise self._two_readings(self._either[","])
        if "." in self._money:  # 1.250 € is seldom a decimal number
            raise self._two_readings(self._money["."])
        if "." in self._either and self._separator == ";":  # where commas are decimal marks, points are not
            raise self._two_readings(self._either["."])
        return "."

    def _two_readings(self, place: Place) -> TableError:
        body = place.cell.lstrip("+-")
        mark = "," if "," in body else "."
        what = f"can mean {short(place.cell.replace(mark, '.'))} or {short(place.cell.replace(mark, ''))}"
        remedy = "write decimals with a point and thousands without a mark, and put commas between the columns"
        return self._error(place, what, remedy)

    def _unit(self, i: int) -> str:
        if len(self._units[i]) > 1:
            (_, first), (_, second) = sorted(self._units[i].items(), key=lambda item: item[1])[:2]
            what = f"and “{short(first.cell)}” in line {first.line} have different units"
            raise self._error(second, what, "write the column in one unit")
        return next(iter(self._units[i]))

    def _check_order(self, i: int, order: DateOrder) -> None:
        if not order.is_clear and order.unknown is not None:
            date = order.unknown
            raise TableError(
                f"The dates of “{self.names[i]}” can be read in two ways, {date.first} as the day or as the month of "
                f"{date.year}: write them as year-month-day, such as {date.year}-12-31.",
                column=self.names[i],
                bad_columns=(self.names[i],) if len(self.names) > 2 else (),
            )

    def _error(self, place: Place, what: str, remedy: str) -> TableError:
        name = self.names[place.column]
        return TableError(
            f"“{short(place.cell)}” in line {place.line}, column “{name}” {what}: {remedy}.",
            line=place.line,
            column=name,
            bad_columns=(name,) if len(self.names) > 2 else (),
        )

    def refuse_words(self) -> None:
        """Raise TableError if columns hold mostly words, dates or nothing, and two others are left or can be read."""
        wanted = self._wanted
        least = max(self.rows / 2, 1)
        bad = [i for i, count in enumerate(self.bad) if i not in wanted and (count > least or self.dated[i] > least)]
        dated = [i for i in bad if 2 * self.dated[i] > self.rows]
        if not bad or not (dated or len(self.names) - len(bad) >= 2):
            return
        names = tuple(self.names[i] for i in bad)
        which = f"column “{names[0]}”" if len(bad) == 1 else f"columns {', '.join(f'“{n}”' for n in names[:3])}"
        etc = ", …" if len(bad) > 3 else ""
        holds = "contains" if len(bad) == 1 else "contain"
        first = min((self.first_bad[i] for i in bad), key=lambda place: (not place.cell, place))
        what = "dates" if dated == bad else "text" if first.cell else "hardly a number"
        said = f" ({_quote(first)})"
        remedy = "leave the column out, or correct it" if len(bad) == 1 else "leave the columns out, or correct them"
        if dated:
            remedy = f"read the dates as numbers, or leave the column{'s' * (len(bad) > 1)} out"
        raise TableError(
            f"The {which}{etc} {holds} {what}{said}: {remedy}.",
            line=first.line,
            column=self.names[first.column],
            bad_columns=names if len(self.names) - len(bad) >= 2 else (),
            date_columns=tuple(self.names[i] for i in dated),
        )


def _read_as(place: Place, decimal: str) -> str:
    amount = read_amount(place.cell)
    return f"“{short(place.cell)}” is read as {amount.value(decimal):.15g}" if amount else ""


def _quote(place: Place) -> str:
    return f"“{short(place.cell)}” in line {place.line}" if place.cell else f"nothing in line {place.line}"
