"""Which column a name in a model was probably meant to be."""

from __future__ import annotations

from collections.abc import Sequence

from gdviz.spelling import nearest

_SHORTEST = 3  # letters of a name that can be cut short, or misspelt


def column_meant(name: str, columns: Sequence[str]) -> str:
    """Return the column: in other case, under its new name, cut short, or with a slip in it; else an empty text.

    >>> column_meant("temp", ["year", "temperature"]), column_meant("e", ["e_column"]), column_meant("b", ["a"])
    ('temperature', 'e_column', '')
    """
    if f"{name}_column" in columns:
        return f"{name}_column"
    if len(name) < _SHORTEST:
        return next((column for column in columns if column.lower() == name.lower()), "")
    longer = [column for column in columns if column.lower().startswith(name.lower())]
    same = [column for column in longer if len(column) == len(name)]
    return next(iter(same or longer), "") or nearest(name, columns)
