"""The export menu: each picture as PNG, SVG, PDF or interactive page, and the numbers as CSV."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from gdviz.exports import to_csv, to_html
from gdviz.exports.formats import FORMATS
from gdviz.exports.subject import Curves, Subject
from gdviz.figures import PRINT
from gdviz.scenes import Scene
from gdviz.ui.menus import opened
from gdviz.ui.notices import say_mistake
from gdviz.ui.server.file_queue import queued, too_long
from gdviz.ui.session.widgets import keep, kept, recall, recall_one
from gdviz.ui.toolbar.downloads import download_button
from gdviz.ui.toolbar.image_fields import Picture, image_fields
from gdviz.ui.toolbar.more_formats import more_fields
from gdviz.ui.toolbar.page_export import page_fields

CURVES = {"log_epochs": "log epochs", "error": "error |θ − θ*|", "slope": "fitted slope", "shared": "θ above loss"}
KINDS = {
    **{ending: FORMATS[ending].title for ending in ("png", "svg", "pdf")},
    "page": "The page (.html)",
    "html": "Interactive picture",
    "csv": FORMATS["csv"].title,
    "more": "More",
}

_OF_RUNS = ("page", "more")

_USUAL_SHAPE = 0.62  # height for a width


@dataclass(frozen=True)
class Numbers:
    """A CSV file to export: ``title`` in the menu, ``file`` without ending, ``help`` says what is in it. ``of`` is the
    subject whose every epoch it has, if it is such a file."""

    title: str
    file: str
    help: str
    write: Callable[[], str]
    of: Subject | None = None


def export_menu(scene: Scene) -> None:
    """Draw the menu of one run."""
    subject = Subject(scene)
    pictures = {name: Picture(subject.titles[name], build) for name, build in scene.figures().items()}
    numbers = Numbers(
        "the run",
        "gdviz-run",
        "Every epoch: all of theta, the value, the gradient and the learning rate, to full precision.",
        lambda: to_csv(subject),
        subject,
    )
    menu(scene.problem.title, pictures, "theta", [numbers], subject)


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
            kinds := tuple(name for name in KINDS if subject is not None or name not in _OF_RUNS),
            format_func=KINDS.__getitem__,
            key=recall_one("export_format", kinds, "png"),
            required=True,
        )
        if kind == "csv":
            _numbers_fields(numbers)
        elif kind == "page" and subject is not None:
            page_fields(subject.for_files())
        elif kind == "more" and subject is not None:
            more_fields(subject.for_files())
        else:
            _picture_fields(of, pictures, first, kind, subject)


def _picture_fields(
    of: str, pictures: Mapping[str, Picture], first: str, kind: str | None, subject: Subject | None
) -> None:
    names = tuple(pictures)
    name = st.selectbox(
        "Picture", names, format_func=lambda n: pictures[n].title, key=recall_one("export_picture", names, first)
    )
    picture = pictures[name]
    if kind == "html":
        st.caption("Zooms and shows values like the page, in one file that needs no network.")
        title = f"{of}: {picture.title}"
        made = queued(lambda: to_html(picture.build(PRINT), title).encode())
        download_button(picture.title, made, f"gdviz-{name}.html", "text/html")
        return
    image_fields(_with_curves(picture, name, subject), name, kind, _shape(name, subject))


def _with_curves(picture: Picture, name: str, subject: Subject | None) -> Picture:
    """The picture as the visitor wants its curves, where it has any."""
    key = name.removeprefix("compare-")
    offered = () if subject is None else subject.options(key)
    if subject is None or not offered:
        return picture
    keep("export_curves", [option for option in kept("export_curves", []) if option in offered])  # of another picture
    chosen = st.pills(
        "Curves", offered, selection_mode="multi", format_func=CURVES.__getitem__, key=recall("export_curves", []),
        help="A log axis of epochs; |θ − θ*| instead of θ; the slope that fits the second half; theta above the loss.",
    )  # fmt: skip
    curves = Curves(**dict.fromkeys(chosen, True))
    try:  # here, beside the field: what fails after the press is told to nobody
        subject.check(key, curves)
    except ValueError as error:
        say_mistake(error)
        return picture
    return replace(picture, build=lambda palette: subject.figure(key, palette, curves)) if chosen else picture


def _shape(name: str, subject: Subject | None) -> float:
    return _USUAL_SHAPE if subject is None else subject.shape(name.removeprefix("compare-"))


def _numbers_fields(numbers: Sequence[Numbers]) -> None:
    chosen = numbers[0]
    if len(numbers) > 1:
        tables = range(len(numbers))
        key = recall_one("export_table", tables, 0)
        chosen = numbers[st.selectbox("Table", tables, format_func=lambda i: numbers[i].title, key=key)]
    st.caption(chosen.help)
    if chosen.of is not None and (why := too_long("csv", chosen.of)):
        st.warning(why, icon=":material/timer_off:")
        return
    made = queued(lambda: chosen.write().encode())
    download_button(chosen.title, made, f"{chosen.file}.csv", "text/csv")
