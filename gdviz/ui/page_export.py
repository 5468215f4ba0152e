"""The export of a whole page: as one file that stays live, or in a frame of another page."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from urllib.parse import urlencode

import streamlit as st

from gdviz.experiments import UPLOAD
from gdviz.exports.page_file import to_page
from gdviz.exports.subject import Subject
from gdviz.numerals import format_count
from gdviz.ui import state

FRAME_HEIGHT = 1000  # pixels


def page_fields(subject: Subject, button: Callable[[str, str, Callable[[], bytes], str], None]) -> None:
    """Draw what there is to know of the file, and the ``button`` that makes it; below, the line of a frame."""
    st.caption(
        "Landscape, path and curves in one file, with the learning rate and the start still to be moved. It opens in "
        "any browser, from a disk, an e-mail or a course, without a network."
    )
    own = subject.task.experiment.data == UPLOAD
    fit = subject.problem.fit
    if fit is not None and not own:
        st.caption(f"The file holds the data: {format_count(fit.rows, 'row')}.")
    allowed = not own or st.checkbox(
        f"My data may be in the file ({format_count(fit.rows if fit else 0, 'row')})", key="export_own_data",
        help="Whoever has the file can read them. Without them the fit could not be computed in it.",
    )  # fmt: skip
    if allowed:
        button("the page as one file", "gdviz.html", lambda: to_page(subject, with_data=own).encode(), "text/html")
    if own:
        return
    st.caption("Or show this page in a frame of another one, such as a course’s:")
    st.code(frame_line(subject), language=None, wrap_lines=True, height=90)


def frame_line(subject: Subject) -> str:
    """Return the HTML of a frame that shows what the page shows now, without Streamlit's own menu."""
    page = str(st.context.url or "").partition("?")[0]
    parameters = {"embed": "true", **state.link(subject.task)}
    address = f"{page}{'' if page.count('/') > 2 else '/'}?{urlencode(parameters)}"
    title = escape(f"Gradient descent: {subject.title}")
    return f'<iframe src="{escape(address)}" title="{title}" width="100%" height="{FRAME_HEIGHT}"></iframe>'
