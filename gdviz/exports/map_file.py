"""A map as a file: arrays, a table, a picture, or an interactive page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gdviz.exports.images import to_image
from gdviz.exports.interactive import to_html
from gdviz.figures import PRINT, map_figure
from gdviz.maps import LearningRateSweep
from gdviz.maps.saved import Map, map_csv, map_npz


def to_map_file(found: Map, ending: str, title: str, about: Mapping[str, Any]) -> bytes:
    """Return the file of a map whose kind is ``ending``: npz, csv, html, png, svg or pdf.

    ``title`` stands over a picture, ``about`` is the metadata of an NPZ. Raises ExportError where it cannot be made.
    """
    if ending == "npz":
        return map_npz(found, about)
    if ending == "csv":
        return map_csv(found).encode()
    figure = map_figure(found, title, PRINT)
    if ending == "html":
        return to_html(figure, "gdviz map").encode()
    height, scale = 560 if isinstance(found, LearningRateSweep) else 900, 2.0 if ending == "png" else 1.0
    return to_image(figure, ending, 1000, height, scale)  # type: ignore[arg-type]
