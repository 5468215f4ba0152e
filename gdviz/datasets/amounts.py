"""How a number may be written in a cell, and what that says about the marks of the whole file.

``1,5`` can only have a decimal comma, ``1,234,567`` only separators of thousands, and ``1,234`` can have either: it is
read where the rest of the file leaves one of them, and refused where it does not.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

MAX_CELL = 100  # characters; the longest float64 that prints itself has 24

PLAIN = "0123456789.+-eE "  # the characters of a number that needs no looking at
NOT_FINITE = {"nan", "inf", "infinity", "+inf", "-inf", "+infinity", "-infinity", "+nan", "-nan"}
MISSING = {"na", "n/a", "n.a.", "nil", "null", "none", "missing", "-", "--", "–", "—", "−", "?", ".", "..", "...",
           "<na>", "(null)", "\\n", "#n/a", "#div/0!", "#value!", "#ref!", "#name?", "#num!", "#null!"}  # fmt: skip

_BLANKS = " \u00a0\u2007\u2009\u202f"
_APOSTROPHES = "'’"
_CURRENCY = (
    r"(?:US|CA|C|AU|A|HK|NZ|R|S)?[$]|[€£¥₹₽₩₺₪฿₫₴₦₱]|(?:USD|EUR|GBP|CHF|JPY|CNY|INR|AUD|CAD|SEK|NOK|DKK|PLN)|kr|zł"
)
_MINUS = str.maketrans("−–‒", "---")
_AMOUNT = re.compile(
    rf"(?P<sign>[+-]?)(?P<before>(?:{_CURRENCY})?)[{_BLANKS}]*(?P<inner>[+-]?)"
    rf"(?P<body>[0-9]+(?:[.,{_BLANKS}{_APOSTROPHES}][0-9]+)*\.?|[.,][0-9]+)"
    rf"(?:(?P<letter>[eEdD])(?P<exponent>[+-]?[0-9]+))?[{_BLANKS}]*(?P<after>(?:[%‰]|{_CURRENCY})?)"
)
_GROUPED = re.compile(
    r"[1-9][0-9]{0,2}(?:(?P<mark>[.,])[0-9]{3})(?:(?P=mark)[0-9]{3})*|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}"
)
_IN_THREES = re.compile(rf"[0-9]{{1,3}}(?:[{_BLANKS}{_APOSTROPHES}][0-9]{{3}})+(?:[.,][0-9]*)?")


class Amount(NamedTuple):
    """A number as it is written.

    sign, body, exponent   its text; the body holds digits and marks, blanks and apostrophes taken out
    unit                   a percent sign or a currency, or empty
    decimal, thousands     the mark, point or comma, that can only be that; empty if there is none
    either                 the mark that could be both
    """

    sign: str
    body: str
    exponent: str
    unit: str
    decimal: str
    thousands: str
    either: str

    def value(self, decimal: str) -> float:
        """Return the number where ``decimal``, a point or a comma, is the decimal mark."""
        other = "," if decimal == "." else "."
        return float(f"{self.sign}{self.body.replace(other, '').replace(decimal, '.')}{self.exponent}")


@lru_cache(maxsize=4096)  # files repeat themselves
def read_amount(cell: str) -> Amount | None:
    """Return how the cell, without blanks around it, is a number; None if it is none."""
    if len(cell) > MAX_CELL:
        return None
    found = _AMOUNT.fullmatch(cell if cell.isascii() else cell.translate(_MINUS))
    if found is None:
        return None
    sign, before, inner, body, letter, exponent, after = found.groups()
    if (sign and inner) or (before and after):
        return None
    if letter in ("d", "D") and "." not in body and exponent[0] not in "+-":
        return None  # a Fortran number has a point or a sign: 1.0D3, 1D+3
    digits = body
    if not body.isdigit():
        digits = body.translate(_NO_BLANKS)
        if digits != body and not _IN_THREES.fullmatch(body):
            return None
    marks = _marks(digits, whole=digits != body or letter is not None)
    if marks is None:
        return None
    return Amount(sign or inner, digits, f"e{exponent}" if letter else "", before or after, *marks)


_NO_BLANKS = str.maketrans("", "", _BLANKS + _APOSTROPHES)


def _marks(body: str, whole: bool) -> tuple[str, str, str] | None:
    """Return the decimal mark, that of thousands, and the one that could be either; None where they fit no number.

    A single mark is a decimal one where the ``whole`` of the number is known not to be grouped by it.
    """
    points, commas = body.count("."), body.count(",")
    if not points and not commas:
        return "", "", ""
    last = "." if body.rfind(".") > body.rfind(",") else ","
    if points and commas:
        fits = body.count(last) == 1 and not whole and _GROUPED.fullmatch(body[: body.index(last)])
        return (last, "," if last == "." else ".", "") if fits else None
    if points + commas > 1:
        return ("", last, "") if not whole and _GROUPED.fullmatch(body) else None
    return ("", "", last) if not whole and _GROUPED.fullmatch(body) else (last, "", "")


def is_number(cell: str) -> bool:
    """Whether a cell without blanks around it is written like a number, in whatever country."""
    return read_amount(cell) is not None


def is_missing(cell: str) -> bool:
    """Whether a cell without blanks around it stands where a number should: neither a number nor a word."""
    return not cell or cell.lower() in MISSING or cell.lower() in NOT_FINITE
