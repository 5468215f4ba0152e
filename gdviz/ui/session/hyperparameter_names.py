"""Which hyper-parameters an optimizer or a schedule has, and what their fields are called."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any


def field_key(name: str) -> str:
    """Return the key of a hyper-parameter's widget: its name, but for one like ``start_divisor``.

    The start's fields are called ``start_`` and a variable's name, which is whatever a visitor likes.
    """
    return f"own_{name}" if name.startswith("start_") else name


def hyperparameters_of(cls: type[Any]) -> list[Any]:
    """Return the fields of ``cls`` that are its own: all but the learning rate, which has no default."""
    return [f for f in fields(cls) if f.default is not MISSING]
