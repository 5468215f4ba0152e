"""A picture of pixels as a PNG file: what a map is, too many points for a chart and few colors."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_INDEXED, _TRUE_COLOR = 3, 2
_FAST = 3  # zlib's level: half the size of level 1, in about its time


@dataclass(frozen=True, eq=False)
class Pixels:
    """``index`` (h, w) into ``colors`` (k, 3) uint8; the first row is the lowest, as on a chart."""

    index: NDArray[Any]
    colors: NDArray[np.uint8]

    @property
    def rgb(self) -> NDArray[np.uint8]:
        """The colors of the pixels (h, w, 3), the highest row first, as in a picture."""
        return np.asarray(self.colors[self.index[::-1]])

    def png(self) -> bytes:
        """Return the picture as a PNG file (W3C, third edition): a byte a pixel for up to 256 colors, else three."""
        h, w = self.index.shape
        indexed = len(self.colors) <= 256
        rows = self.index[::-1].astype(np.uint8) if indexed else self.rgb.reshape(h, 3 * w)
        lines = np.zeros((h, rows.shape[1] + 1), dtype=np.uint8)  # each begins with its filter: none
        lines[:, 1:] = rows
        header = struct.pack(">IIBBBBB", w, h, 8, _INDEXED if indexed else _TRUE_COLOR, 0, 0, 0)
        palette = _chunk(b"PLTE", self.colors.tobytes()) if indexed else b""
        data = zlib.compress(lines.tobytes(), _FAST)
        return _SIGNATURE + _chunk(b"IHDR", header) + palette + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
