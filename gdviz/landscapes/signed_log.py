"""A logarithm that takes numbers of either sign: the one scale for poles, valleys and runs that explode."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gdviz.arrays import Array


@dataclass(frozen=True)
class SignedLog:
    """arsinh((v - center) / unit): linear within about ``unit`` of ``center``, logarithmic far from it."""

    unit: float
    center: float = 0.0

    def place(self, values: Array) -> Array:
        """Return the places of ``values`` (any shape); finite ones have finite places."""
        with np.errstate(all="ignore"):
            size = values / self.unit - self.center / self.unit
            far = np.sign(values) * (np.log(np.abs(values)) - np.log(self.unit) + np.log(2.0))  # the ratio overflows
            return np.where(np.isinf(size) & np.isfinite(values), far, np.arcsinh(size))

    def value(self, places: Array) -> Array:
        """Return the values at ``places`` (any shape)."""
        with np.errstate(over="ignore"):
            return np.asarray(np.sinh(places) * self.unit + self.center)
