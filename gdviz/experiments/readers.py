"""The values of a link: how a text is read, how a value is written, and what is said of one that cannot be taken.

A reader takes a text and returns its value, or raises ValueError with the rest of a sentence that begins with the text:
“is not a number”, “must be …”.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from gdviz.numerals import format_number
from gdviz.spelling import did_you_mean

LINK_LIMIT = 4096  # bytes of the encoded parameters

_SEPARATORS = "; write it with a point and no separators, such as 0.5 or 1000"


@dataclass(frozen=True)
class Note:
    """``wrong`` says what cannot be taken as it stands; ``instead``, a sentence, what a page shows then.

    ``name`` is the parameter that is not used for it, empty where that is not one alone.

    >>> str(Note("epochs = “x” is not a number", "Its default 20 is used instead."))
    'epochs = “x” is not a number. Its default 20 is used instead.'
    """

    wrong: str
    instead: str = ""
    name: str = ""

    @property
    def problem(self) -> str:
        """What is wrong, as a sentence."""
        return self.wrong if self.wrong.endswith((".", "?")) else f"{self.wrong}."

    def __str__(self) -> str:
        return f"{self.problem} {self.instead}".rstrip()


def number(low: float, high: float, *, above: bool = False) -> Callable[[str], float]:
    """A reader of one finite number from low to high, low itself not allowed if ``above``."""

    def read(text: str) -> float:
        value = finite(text)
        if not (low < value if above else low <= value) or value > high:
            raise ValueError(
                f"must be {'above' if above else 'at least'} {format_number(low)} and at most {format_number(high)}"
            )
        return value

    return read


def whole(low: int, high: int) -> Callable[[str], int]:
    """A reader of one whole number from low to high."""

    def read(text: str) -> int:
        value = finite(text)
        if value != int(value) or not low <= value <= high:
            raise ValueError(f"must be a whole number from {low:,} to {high:,}")
        return int(value)

    return read


def numbers(names: tuple[str, ...]) -> Callable[[str], tuple[float, ...]]:
    """A reader of one finite number for each of ``names``, with commas between them."""

    def read(text: str) -> tuple[float, ...]:
        values = tuple(finite(part, hint="") for part in text[:LINK_LIMIT].split(","))
        if len(values) != len(names):
            many = "1 number" if len(names) == 1 else f"{len(names)} numbers with commas between them"
            raise ValueError(f"must be {many} ({', '.join(names)})")
        return values

    return read


def one_of(titles: Mapping[str, str]) -> Callable[[str], str]:
    """A reader of one of the keys; ``titles`` says what people call them."""

    def read(text: str) -> str:
        if text not in titles:
            hint = did_you_mean(text, titles, {title: key for key, title in titles.items()})
            raise ValueError(f"must be one of {', '.join(titles)}{hint}")
        return text

    return read


def named(*names: str) -> Callable[[str], str]:
    """A reader of one of ``names``."""
    return one_of({name: name for name in names})


def some_text(text: str) -> str:
    """Read a text that must not be empty."""
    if not text.strip():
        raise ValueError("is empty")
    return text


def finite(text: str, hint: str = _SEPARATORS) -> float:
    """Read one finite number; ``hint`` is said of a text with a comma in it."""
    if len(text) > 60:
        raise ValueError("is too long for a number")
    if not text.strip():
        raise ValueError("is empty, so it is not a number")
    try:
        value = float(text.replace("−", "-"))  # the minus sign of our own sentences
    except ValueError:
        raise ValueError("is not a number" + hint * ("," in text)) from None
    if not isfinite(value):
        raise ValueError("must be a finite number")
    return value


def written(value: Any) -> str:
    """Return a value as links write it, with all its digits."""
    if isinstance(value, tuple):
        return ",".join(written(part) for part in value)
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    return str(value)


def short(text: str, most: int = 60) -> str:
    """Return a stranger's text as a sentence can quote it: not too long, and on one line."""
    cut = text if len(text) <= most else text[: most - 3] + "…"
    return "".join(c if c.isprintable() else "�" for c in cut)
