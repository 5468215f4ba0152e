"""Axes for curves over epochs: the epoch axis, and a signed log scale for runs that explode."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from gdviz.numerals import power_of_ten

Array = NDArray[np.float64]

_EXPLOSION = 1e4  # the largest size of theta over the usual one, above which a linear axis shows nothing
_MOST_TICKS = 4  # on either side of zero


@dataclass(frozen=True)
class SignedLog:
    """The scale sign(v) · log10(1 + |v| / unit): linear near zero, a decade per unit of height far out."""

    unit: float

    def place(self, values: Array) -> Array:
        """Return the heights of ``values`` (any shape)."""
        with np.errstate(all="ignore"):
            size = np.abs(values) / self.unit
            # log10(1 + size) without overflow of the sum or the ratio
            heights = np.where(np.isfinite(size), np.log10(1 + size), np.log10(np.abs(values)) - np.log10(self.unit))
        return np.asarray(np.sign(values) * heights)

    def ticks(self, values: Array) -> tuple[Array, list[str]]:
        """Return heights and labels of ticks at 0 and at round powers of ten, as far as ``values`` go."""
        first = round(np.log10(self.unit))
        finite = values[np.isfinite(values)]
        last = max(first + 1, int(np.floor(np.log10(max(float(np.abs(finite).max(initial=0.0)), self.unit)))))
        step = -(-(last - first) // _MOST_TICKS)
        exponents = range(last, first - 1, -step) if step > 0 else [first]
        up = [float(f"1e{e}") for e in reversed(exponents)] if finite.max(initial=0.0) > self.unit else []
        down = [-float(f"1e{e}") for e in exponents] if finite.min(initial=0.0) < -self.unit else []
        labels = ["−" + _power(v) for v in down] + ["0"] + [_power(v) for v in up]
        return self.place(np.array([*down, 0.0, *up])), labels


def _power(value: float) -> str:
    exponent = round(np.log10(abs(value)))
    return str(10**exponent) if 0 <= exponent <= 2 else power_of_ten(exponent)


def exploding_scale(thetas: Array) -> SignedLog | None:
    """Return the signed log scale that ``thetas`` (k + 1, n) need, or None where a linear axis shows them well.

    They need it when the largest passes ten thousand times the usual size: a run that converges to a large number
    spends its epochs near it, a run that explodes does not.
    """
    sizes = np.abs(thetas).max(axis=1)
    sizes = sizes[np.isfinite(sizes)]
    if not len(sizes):
        return None
    usual = float(np.median(sizes)) if len(sizes) > 4 else float(sizes[0])
    largest = float(sizes.max())
    smallest = float(sizes[sizes > 0].min(initial=largest)) if largest else 0.0
    usual = usual or smallest
    if not largest > _EXPLOSION * usual:
        return None
    begin = float(sizes[0]) or smallest
    return SignedLog(10.0 ** np.floor(np.log10(max(begin, largest * 1e-280))))


def show_epochs(figure: go.Figure, epochs: int, **where: int) -> None:
    """Make the x axis one of epochs, 0 to ``epochs``."""
    figure.update_xaxes(title_text="epoch k", range=[0, max(1, epochs) * 1.01], tickformat=",d", nticks=7, **where)
