"""Hyper-parameters: fields of a frozen dataclass that carry their legal range and a sentence of help.

Widgets, links, the command line and error messages follow from them, so a new optimizer or learning rate is one class.
"""

from __future__ import annotations

from dataclasses import MISSING, field, fields
from numbers import Real
from typing import Any

from gdviz.numerals import format_number


def hyperparameter(
    default: float,
    low: float,
    high: float,
    help: str,
    *,
    open_low: bool = False,
    open_high: bool = False,
    whole: bool = False,
) -> Any:
    """Declare a hyper-parameter: its default, its legal range low ≤ value ≤ high, its help.

    ``open_low`` and ``open_high`` leave the end of the range out; ``whole`` allows whole numbers only.
    """
    metadata = {"low": low, "high": high, "open_low": open_low, "open_high": open_high, "whole": whole, "help": help}
    return field(default=default, metadata=metadata)


def check_hyperparameters(owner: Any) -> None:
    """Raise ValueError, naming the hyper-parameter and its legal range, if a number of ``owner`` is out of range.

    Each is kept as a float, a whole one too: equal settings then are one text, by which what was computed is
    remembered.
    """
    for f in fields(owner):
        if "low" not in f.metadata:
            continue
        value = getattr(owner, f.name)
        if not isinstance(value, Real):
            raise ValueError(f"{f.name} of {owner.title} is {value!r}; it must be a number {_range(f.metadata)}.")
        if not _inside(float(value), **f.metadata):
            raise ValueError(
                f"{f.name} of {owner.title} is {format_number(float(value), 12)}; it must be {_range(f.metadata)}."
            )
        object.__setattr__(owner, f.name, float(value))


def settings(owner: Any) -> dict[str, Any]:
    """Return the hyper-parameters of ``owner`` that differ from their defaults, by name."""
    values = {f.name: (getattr(owner, f.name), f.default) for f in fields(owner) if f.default is not MISSING}
    return {name: value for name, (value, default) in values.items() if value != default}


def make(cls: type[Any], values: dict[str, Any], kind: str) -> Any:
    """Return ``cls(**values)``. Raises ValueError, listing what there is, for a name that is not one of its fields."""
    known = {f.name for f in fields(cls)}
    for name in values:
        if name not in known:
            has = ", ".join(sorted(known)) or "none"
            raise ValueError(f"{cls.title} has no {kind} “{name}”; it has: {has}.")
    missing = [f.name for f in fields(cls) if f.default is MISSING and f.name not in values]
    if missing:
        raise ValueError(f"{cls.title} needs {', '.join(missing)}.")
    return cls(**values)


def _inside(value: float, low: float, high: float, open_low: bool, open_high: bool, whole: bool, **_: Any) -> bool:
    return (
        low <= value <= high
        and not (open_low and value == low)
        and not (open_high and value == high)
        and not (whole and value != int(value))
    )


def _range(metadata: Any) -> str:
    """The legal range in words: at least 0 and below 1."""
    below = f"{'above' if metadata['open_low'] else 'at least'} {format_number(metadata['low'], 12)}"
    upper = f"{'below' if metadata['open_high'] else 'at most'} {format_number(metadata['high'], 12)}"
    return f"{'a whole number, ' if metadata['whole'] else ''}{below} and {upper}"
