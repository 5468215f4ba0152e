"""The box-counting dimension of a boundary: how the number of boxes it passes through grows as they get smaller."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.arrays import Array, Flags

FEWEST_BOXES = 8  # along the shorter side, at the coarsest scale: fewer say nothing of a shape


@dataclass(frozen=True, eq=False)
class BoxCounts:
    """``sizes`` (s,) of boxes in pixels, 1, 2, 4 …, and ``counts`` (s,), how many of each size the boundary enters.

    ``slopes`` (s - 1,) are the dimension from each size to the next, log2 of the ratio of their counts; ``dimension``
    is their median, as in Sohl-Dickstein (2024). The finest scale sees pixels, the coarsest few boxes: the median minds
    neither.
    """

    sizes: NDArray[np.int64]
    counts: NDArray[np.int64]

    @property
    def slopes(self) -> Array:
        some = self.counts[self.counts > 0].astype(float)
        return np.asarray(np.log2(some[:-1] / some[1:]))

    @property
    def dimension(self) -> float:
        """The median of the slopes; nan where there is no boundary or the map is too small for two scales."""
        return float(np.median(self.slopes)) if len(self.slopes) else float("nan")

    @property
    def fitted(self) -> Array:
        """The counts (s,) by the line of that slope, as high as the middle one of the counts says."""
        with np.errstate(divide="ignore"):
            above = np.log2(self.counts) + self.dimension * np.log2(self.sizes)
        return np.asarray(2.0 ** (np.median(above) - self.dimension * np.log2(self.sizes)))


def boundary(inside: Flags) -> Flags:
    """Return the pixels (h, w) that have a neighbor, to the right or above, on the other side."""
    found = np.zeros(inside.shape, dtype=bool)
    found[:, :-1] = inside[:, 1:] != inside[:, :-1]
    found[:-1] |= inside[1:] != inside[:-1]
    return found


def box_counts(inside: Flags) -> BoxCounts:
    """Count the boxes of 1, 2, 4 … pixels that the boundary of ``inside`` (h, w) enters."""
    return counted(boundary(inside))


def counted(pixels: Flags) -> BoxCounts:
    """Count the boxes of 1, 2, 4 … pixels that hold one of ``pixels`` (h, w)."""
    sizes, counts, size = [], [], 1
    while min(pixels.shape) >= FEWEST_BOXES:
        sizes.append(size)
        counts.append(int(np.count_nonzero(pixels)))
        pixels = np.pad(pixels, [(0, side % 2) for side in pixels.shape])
        pixels = pixels[::2, ::2] | pixels[1::2, ::2] | pixels[::2, 1::2] | pixels[1::2, 1::2]
        size *= 2
    return BoxCounts(np.array(sizes, dtype=np.int64), np.array(counts, dtype=np.int64))
