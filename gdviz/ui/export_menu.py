"""The export menu: each picture as PNG, SVG, PDF or interactive page, and the run as CSV."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from gdviz.exports import chrome_available, run_csv, to_html, to_image
from gdviz.figures import PRINT
from gdviz.ui.pictures import TITLES, Scene

_FORMATS = {
    "png": ("PNG", "image/png"),
    "svg": ("SVG", "image/svg+xml"),
    "pdf": ("PDF", "application/pdf"),
    "html": ("Interactive page", "text/html"),
    "csv": ("Numbers (CSV)", "text/csv"),
}


def export_menu(scene: Scene) -> None:
    """Draw the menu: what, in which format and size, and the button that makes the file when it is pressed."""
    with st.popover("Export", icon=":material/download:"):
        kind = st.segmented_control(
            "Format",
            tuple(_FORMATS),
            format_func=lambda f: _FORMATS[f][0],
            default="png",
            key="export_format",
            required=True,
        )
        if kind == "csv":
            st.caption("Every epoch: all of theta, the value, the gradient and the learning rate, to full precision.")
            _button("the run", "gdviz-run.csv", lambda: run_csv(scene.run).encode(), "text/csv")
            return
        names = tuple(scene.figures())
        name = st.selectbox(
            "Picture", names, format_func=TITLES.__getitem__, index=names.index("theta"), key="export_picture"
        )
        title = f"{scene.problem.title}: {TITLES[name]}"
        if kind == "html":
            st.caption("Zooms and shows values like the page, in one file that needs no network.")
            _button(
                TITLES[name], f"gdviz-{name}.html", lambda: to_html(_printed(scene, name), title).encode(), "text/html"
            )
            return
        _image_fields(scene, name, kind)


def _image_fields(scene: Scene, name: str, kind: Any) -> None:
    if not chrome_available():
        st.info(
            "No Chrome or Chromium is installed where this page runs, and PDF needs one. For PNG or SVG use the camera "
            "above the chart: your browser makes the picture itself."
        )
        return
    left, middle, right = st.columns(3)
    width = left.number_input("Width", 200, 4000, 900, step=50, key="export_width")
    height = middle.number_input("Height", 200, 4000, 600, step=50, key="export_height")
    scale = right.number_input("Scale", 0.5, 4.0, 2.0, step=0.5, key="export_scale", help="Dots per pixel of a PNG")
    label, mime = _FORMATS[kind]
    _button(
        f"{TITLES[name]} as {label}",
        f"gdviz-{name}.{kind}",
        lambda: to_image(_printed(scene, name), kind, int(width), int(height), float(scale)),
        mime,
    )


def _printed(scene: Scene, name: str) -> go.Figure:
    return scene.figures()[name](PRINT)


def _button(what: str, file_name: str, make: Callable[[], bytes], mime: str) -> None:
    st.download_button(
        f"Download {what}", make, file_name, mime, key="export_download", on_click="ignore",
        icon=":material/download:", type="primary", width="stretch",
    )  # fmt: skip
