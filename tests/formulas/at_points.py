"""A formula at one point, with inf and nan where it has no number."""

from __future__ import annotations

from typing import Any


def value_at(f: Any, *point: float) -> float:
    return float(f.array_value(*point))


def gradient_at(f: Any, *point: float) -> tuple[float, ...]:
    return tuple(float(slope) for slope in f.array_gradient(*point))
