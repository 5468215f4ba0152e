"""Numbers as people write them: 1.4 × 10⁸, 0.0032, −1.2.

Where another way of writing begins stands in ``numerals.json``, which the page's scripts go by too
(``ui/components/live/numbers.js``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from math import ceil, floor, isclose, isfinite, isnan, log10
from pathlib import Path
from sys import float_info
from typing import Any

_RULES: dict[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
_SUPERSCRIPTS = str.maketrans("-0123456789", _RULES["superscripts"])
FROM_SUPERSCRIPTS = {raised: plain for plain, raised in _SUPERSCRIPTS.items()}
NEXT_TO_NOTHING: str = _RULES["next_to_nothing"]
_NO_NUMBER: str = _RULES["no_number"]
_SMALLEST_PLAIN: float = _RULES["smallest_plain"]
_LARGEST_PLAIN: float = _RULES["largest_plain"]
_GROUPED_FROM: int = _RULES["grouped_from"]


def format_number(value: float, digits: int = 3) -> str:
    """Return ``value`` with ``digits`` significant digits, a real minus sign, and a power of ten where it helps.

    Trailing zeros go, whole numbers below a million keep all their digits (with thousands separated by commas), and
    values that are not finite become ∞, −∞ or “undefined”. Of a number so small that floats keep no digits of it
    nothing can be said but that it is next to nothing.

    >>> [format_number(x) for x in (1.4e8, 0.0032, -1.2, 12345, 0, 5e-324)]
    ['1.4 × 10⁸', '0.0032', '−1.2', '12,345', '0', 'next to nothing']
    """
    value = float(value)
    if isnan(value):
        return _NO_NUMBER
    sign = "−" if value < 0 else ""
    size = abs(value)
    if not isfinite(size):
        return f"{sign}∞"
    if size == 0:
        return "0"
    if size < float_info.min:
        return NEXT_TO_NOTHING
    rounded = float(f"{size:.{digits - 1}e}")
    if _SMALLEST_PLAIN <= rounded < _LARGEST_PLAIN or (size < _LARGEST_PLAIN and size == int(size)):
        return sign + _plain(size, digits)
    mantissa, exponent = f"{size:.{digits - 1}e}".split("e")
    return f"{sign}{_trimmed(mantissa)} × {power_of_ten(int(exponent))}"


def format_assignment(names: Sequence[str], values: Iterable[float], digits: int = 3) -> str:
    """Return named numbers: x = 1, y = −2.5.

    >>> format_assignment(("slope", "intercept"), (20.0, 5.0))
    'slope = 20, intercept = 5'
    """
    return ", ".join(f"{name} = {format_number(value, digits)}" for name, value in zip(names, values, strict=True))


def digits_between(one: float, other: float, least: int = 3) -> int:
    """Return how many digits it takes to tell two numbers apart, at most 12."""
    digits = least
    while digits < 12 and one != other and format_number(one, digits) == format_number(other, digits):
        digits += 1
    return digits


def listed(names: Sequence[str]) -> str:
    """Return names as a list in a sentence.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def format_count(number: int, thing: str) -> str:
    """Return so many things, in the singular where it is one.

    >>> [format_count(n, "epoch") for n in (0, 1, 5000)]
    ['0 epochs', '1 epoch', '5,000 epochs']
    """
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def format_about(number: float) -> str:
    """Return a number of things that is known only about, rounded up, as people say it.

    >>> [format_about(n) for n in (159, 13836, 999_500, 1_240_000, 5e8)]
    ['159', '14,000', 'a million', '1.3 million', '500 million']
    """
    if number < 10_000:
        return f"{ceil(number):,}"
    unit = 10 ** (floor(log10(number)) - 1)
    rounded = ceil(number / unit) * unit
    if rounded < 1_000_000:
        return f"{rounded:,}"
    return "a million" if rounded == 1_000_000 else f"{rounded / 1_000_000:,.10g} million"


def power_of_ten(exponent: int) -> str:
    """Return 10ⁿ with the exponent in superscript digits.

    >>> power_of_ten(-12)
    '10⁻¹²'
    """
    return "10" + str(exponent).translate(_SUPERSCRIPTS)


def decades(low: float, high: float) -> list[float]:
    """Return the powers of ten from ``low`` to ``high``."""
    first, last = ceil(log10(low) - 1e-9), floor(log10(high) + 1e-9)
    return [10.0**power for power in range(first, last + 1)]


def format_power(value: float) -> str:
    """Return a power of ten as one, 1 and 10 and any other number in plain digits.

    >>> [format_power(x) for x in (*decades(0.01, 10), 0.5)]
    ['10⁻²', '10⁻¹', '1', '10', '0.5']
    """
    power = round(log10(value)) if value > 0 else 0
    plainly = power in (0, 1) or not isclose(value, 10.0**power)
    return format_number(value) if plainly else power_of_ten(power)


def _plain(size: float, digits: int) -> str:
    if size == int(size):
        return f"{int(size):,}" if size >= _GROUPED_FROM else str(int(size))
    decimals = max(0, digits - 1 - floor(log10(float(f"{size:.{digits - 1}e}"))))
    text = _trimmed(f"{size:.{decimals}f}")
    return f"{int(text):,}" if "." not in text and int(text) >= _GROUPED_FROM else text


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
