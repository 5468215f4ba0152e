"""A text that stands for numbers, formulas and settings: any other ones would have another."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np


def digest(*parts: Any) -> str:
    """Return a text that other numbers, formulas or settings would change."""
    found = hashlib.sha256()
    _feed(found, parts)
    return found.hexdigest()


def _feed(found: Any, part: Any) -> None:
    if isinstance(part, np.ndarray):
        found.update(f"{part.dtype}{part.shape}".encode())
        found.update(np.ascontiguousarray(part).tobytes())
    elif is_dataclass(part) and not isinstance(part, type):
        found.update(type(part).__name__.encode())
        _feed(found, [getattr(part, f.name) for f in fields(part) if f.init])
    elif isinstance(part, Mapping):
        _feed(found, [[key, part[key]] for key in part])
    elif isinstance(part, (list, tuple)):
        found.update(f"({len(part)}".encode())
        for piece in part:
            _feed(found, piece)
    else:
        found.update(f"{part!r};".encode())
