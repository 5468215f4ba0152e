"""How large an image is to be: in pixels, as a venue asks for it, or in one's own centimeters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from gdviz.exports import check_size, chrome_available, to_image
from gdviz.exports.camera_ready import camera_ready, check_drawn
from gdviz.exports.formats import FORMATS
from gdviz.exports.sizes import LENGTHS, POINTS, PROFILES, Size, points
from gdviz.figures import CAMERA, PRINT, Palette
from gdviz.ui.notices import say_mistake
from gdviz.ui.server.file_queue import queued
from gdviz.ui.session.widgets import recall
from gdviz.ui.toolbar.downloads import download_button

_PIXELS, _OWN = "pixels", "own"
_SIZES = {_PIXELS: "in pixels", _OWN: "own size"} | {
    name: f"{name.replace('-', ', ')} ({size.width / POINTS['cm']:.2f} cm)" for name, size in PROFILES.items()
}


@dataclass(frozen=True)
class Picture:
    """A picture to export: ``title`` in the menu, ``build`` makes the figure."""

    title: str
    build: Callable[[Palette], go.Figure]


def image_fields(picture: Picture, name: str, kind: Any, shape: float) -> None:
    """Draw the fields of a ``picture`` called ``name`` as PNG, SVG or PDF, and the button that makes it; ``shape`` is
    its usual height for a width."""
    if not chrome_available():
        st.info(
            "No Chrome or Chromium is installed where this page runs, and PDF needs one. For PNG or SVG use the camera "
            "above the chart: your browser makes the picture itself."
        )
        return
    venue = st.selectbox(
        "Size", tuple(_SIZES), format_func=_SIZES.__getitem__, key=recall("export_venue", _PIXELS),
        help="A column or a page of a journal or of proceedings: exact width, embedded type, lines that stay apart in "
        "gray print.",
    )  # fmt: skip
    if venue == _PIXELS:
        _pixels(picture, name, kind)
        return
    try:  # here, beside the fields: what fails after the press is told to nobody
        size = (_own_size(kind) if venue == _OWN else PROFILES[venue]).changed(
            transparent=st.checkbox("Transparent", key=recall("export_transparent", False), help="Without paper.")
            or None
        )
        check_drawn(kind, size, shape)
    except ValueError as error:
        say_mistake(error)
        return
    _button(picture, f"gdviz-{name}-{venue}", kind, lambda: camera_ready(picture.build(CAMERA), kind, size, shape))


def _button(picture: Picture, name: str, kind: str, make: Callable[[], bytes]) -> None:
    what = f"{picture.title} as {kind.upper()}"
    download_button(what, queued(make), f"{name}.{kind}", FORMATS[kind].media)


def _own_size(kind: str) -> Size:
    """The size in the fields. Raises ValueError for one that cannot be."""
    left, middle, right = st.columns(3)
    width = left.text_input("Width", key=recall("export_own_width", "8.5cm"), help=f"Such as {LENGTHS}.")
    height = middle.text_input(
        "Height", key=recall("export_own_height", ""), placeholder="usual", help="The usual shape without."
    )
    letters = right.number_input("Font size", step=0.5, key=recall("export_font", 9.0), help="Points, at least 6.")
    dpi = right.number_input("Dots per inch", step=50, key=recall("export_dpi", 300)) if kind == "png" else None
    return Size().changed(
        width=points(width), height=points(height) if height.strip() else None, type_size=float(letters),
        dpi=None if dpi is None else float(dpi),
    )  # fmt: skip


def _pixels(picture: Picture, name: str, kind: Any) -> None:
    left, middle, right = st.columns(3)
    width = left.number_input("Width", step=50, key=recall("export_width", 900))
    height = middle.number_input("Height", step=50, key=recall("export_height", 600))
    scale = right.number_input("Scale", step=0.5, key=recall("export_scale", 2.0), help="Dots per pixel of a PNG")
    size = int(width), int(height), float(scale)
    try:
        check_size(kind, *size)
    except ValueError as error:
        say_mistake(error)
        return
    _button(picture, f"gdviz-{name}", kind, lambda: to_image(picture.build(PRINT), kind, *size))
