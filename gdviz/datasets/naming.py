"""From what stands above the columns to names that formulas can use; every change of a name is said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import count

from gdviz.datasets.table import short
from gdviz.fits.models import INDEX
from gdviz.formulas.characters import greek_letter
from gdviz.formulas.functions import CONSTANTS, TYPED_NAMES
from gdviz.formulas.limits import MAX_NAME_CHARACTERS

_USABLE = re.compile(rf"[A-Za-z][A-Za-z0-9_]{{0,{MAX_NAME_CHARACTERS - 1}}}")
_OWNED = frozenset(CONSTANTS) | frozenset(TYPED_NAMES)


def default_names(number: int) -> tuple[str, ...]:
    """Return names for columns that have none."""
    return ("x", "y") if number == 2 else (*(f"x{i}" for i in range(1, number)), "y")


def usable_names(headers: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Return a name for each header, all different, and a sentence for each that had to be changed."""
    names: list[str] = []
    notes = []
    own = {header for header in headers if _usable(header, 0) == header}
    for i, text in enumerate(headers, start=1):
        header = " ".join(text.split())
        name = _usable(header, i) if header else (INDEX if i == 1 else f"column_{i}")
        free = name if name == header and name not in names else _free(name, {*names, *own})
        if not header:
            notes.append(f"Column {i} has no name; it is called {free}.")
        elif free != name and name == header:
            notes.append(f"Column {i} is called “{short(header)}” like another one; it is called {free} in formulas.")
        elif free != header:
            notes.append(f"The column “{short(header)}” is called {free} in formulas.")
        names.append(free)
    return tuple(names), notes


def _free(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    return next(free for i in count(2) if (free := f"{name[: MAX_NAME_CHARACTERS - 4]}_{i}") not in taken)


def _spelled(character: str) -> str:
    """A character in letters that a name can hold: theta for θ, as formulas read it, ss for ß."""
    return "ss" if character == "ß" else greek_letter(character) or character


def _usable(header: str, number: int) -> str:
    """The header itself where a formula can hold it; else ASCII letters, digits and single underscores."""
    if _USABLE.fullmatch(header):
        name = header
    else:
        spelled = "".join(_spelled(character) for character in header[: 4 * MAX_NAME_CHARACTERS])
        plain = unicodedata.normalize("NFKD", spelled)
        plain = "".join(character for character in plain if not unicodedata.combining(character))
        name = "_".join(re.findall("[A-Za-z0-9]+", plain))[:MAX_NAME_CHARACTERS].rstrip("_")
        if not name:
            return f"column_{number}"
        if not name[0].isalpha():
            name = f"n_{name}"[:MAX_NAME_CHARACTERS].rstrip("_")
    return f"{name}_column" if name in _OWNED else name
