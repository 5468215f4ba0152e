"""The export menu: each picture as PNG, SVG, PDF or interactive page, and the numbers as CSV."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from gdviz.exports import check_size, chrome_available, run_csv, to_html, to_image
from gdviz.exports.camera import camera_ready
from gdviz.exports.sizes import POINTS, PROFILES
from gdviz.exports.subject import Subject
from gdviz.figures import CAMERA, PRINT, Palette
from gdviz.ui.menus import opened
from gdviz.ui.more_formats import more_fields
from gdviz.ui.page_export import page_fields
from gdviz.ui.pictures import TITLES, Scene
from gdviz.ui.state import recall, recall_one
from gdviz.ui.words import plain

_FORMATS = {
    "png": ("PNG", "image/png"),
    "svg": ("SVG", "image/svg+xml"),
    "pdf": ("PDF", "application/pdf"),
    "page": ("The page as one file (.html)", "text/html"),
    "html": ("Interactive picture", "text/html"),
    "csv": ("Numbers (CSV)", "text/csv"),
    "more": ("More", ""),
}

_OF_RUNS = ("page", "more")

_USUAL_SHAPE = 0.62  # height for a width
_VENUES = {name: f"{name.replace('-', ', ')} ({size.width / POINTS['cm']:.2f} cm)" for name, size in PROFILES.items()}

Builder = Callable[[Palette], go.Figure]


@dataclass(frozen=True)
class Picture:
    """A picture to export: ``title`` in the menu, ``build`` makes the figure."""

    title: str
    build: Builder


@dataclass(frozen=True)
class Numbers:
    """A CSV file to export: ``title`` in the menu, ``file`` without ending, ``help`` says what is in it."""

    title: str
    file: str
    help: str
    write: Callable[[], str]


def export_menu(scene: Scene) -> None:
    """Draw the menu of one run."""
    pictures = {name: Picture(TITLES[name], build) for name, build in scene.figures().items()}
    numbers = Numbers(
        "the run",
        "gdviz-run",
        "Every epoch: all of theta, the value, the gradient and the learning rate, to full precision.",
        lambda: run_csv(scene.run),
    )
    menu(scene.problem.title, pictures, "theta", [numbers], Subject(scene))


def menu(
    of: str,
    pictures: Mapping[str, Picture],
    first: str,
    numbers: Sequence[Numbers],
    subject: Subject | None = None,
) -> None:
    """Draw the menu: what, in which format and size, and the button that makes the file when it is pressed.

    ``of`` names what is exported, ``pictures`` are keyed by what their files are called, ``first`` is the one chosen at
    first; runs, the ``subject``, come in more formats.
    """
    place = opened("Export", "export_menu", icon=":material/download:")
    if place is None:
        return
    with place:
        kind = st.segmented_control(
            "Format",
            kinds := tuple(name for name in _FORMATS if subject is not None or name not in _OF_RUNS),
            format_func=lambda f: _FORMATS[f][0],
            key=recall_one("export_format", kinds, "png"),
            required=True,
        )
        if kind == "csv":
            _numbers_fields(numbers)
            return
        if kind == "page" and subject is not None:
            page_fields(subject, _button)
            return
        if kind == "more" and subject is not None:
            more_fields(subject)
            return
        names = tuple(pictures)
        name = st.selectbox(
            "Picture", names, format_func=lambda n: pictures[n].title, key=recall_one("export_picture", names, first)
        )
        picture = pictures[name]
        if kind == "html":
            st.caption("Zooms and shows values like the page, in one file that needs no network.")
            title = f"{of}: {picture.title}"
            _button(
                picture.title, f"gdviz-{name}.html", lambda: to_html(picture.build(PRINT), title).encode(), "text/html"
            )
            return
        shape = _USUAL_SHAPE if subject is None else subject.shape(name.removeprefix("compare-"))
        _image_fields(picture, name, kind, shape)


def _numbers_fields(numbers: Sequence[Numbers]) -> None:
    chosen = numbers[0]
    if len(numbers) > 1:
        tables = range(len(numbers))
        key = recall_one("export_table", tables, 0)
        chosen = numbers[st.selectbox("Table", tables, format_func=lambda i: numbers[i].title, key=key)]
    st.caption(chosen.help)
    _button(chosen.title, f"{chosen.file}.csv", lambda: chosen.write().encode(), "text/csv")


def _image_fields(picture: Picture, name: str, kind: Any, shape: float) -> None:
    if not chrome_available():
        st.info(
            "No Chrome or Chromium is installed where this page runs, and PDF needs one. For PNG or SVG use the camera "
            "above the chart: your browser makes the picture itself."
        )
        return
    venue = st.selectbox(
        "Size", (None, *PROFILES), format_func=lambda v: "in pixels" if v is None else _VENUES[v],
        key=recall("export_venue", None),
        help="A column or a page of a journal or of proceedings: exact width, embedded type, lines that stay apart in "
        "gray print.",
    )  # fmt: skip
    if venue is not None:
        label, mime = _FORMATS[kind]
        _button(
            f"{picture.title} as {label}",
            f"gdviz-{name}-{venue}.{kind}",
            lambda: camera_ready(picture.build(CAMERA), kind, PROFILES[venue], shape),
            mime,
        )
        return
    left, middle, right = st.columns(3)
    width = left.number_input("Width", step=50, key=recall("export_width", 900))
    height = middle.number_input("Height", step=50, key=recall("export_height", 600))
    scale = right.number_input("Scale", step=0.5, key=recall("export_scale", 2.0), help="Dots per pixel of a PNG")
    try:  # here, beside the fields: what fails after the press is told to nobody
        check_size(kind, int(width), int(height), float(scale))
    except ValueError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    label, mime = _FORMATS[kind]
    _button(
        f"{picture.title} as {label}",
        f"gdviz-{name}.{kind}",
        lambda: to_image(picture.build(PRINT), kind, int(width), int(height), float(scale)),
        mime,
    )


def _button(what: str, file_name: str, make: Callable[[], bytes], mime: str) -> None:
    st.download_button(
        f"Download {what}", make, file_name, mime, key="export_download", on_click="ignore",
        icon=":material/download:", type="primary", width="stretch",
    )  # fmt: skip
