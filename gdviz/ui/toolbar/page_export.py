"""The export of a whole page as one file that stays live."""

from __future__ import annotations

import streamlit as st

from gdviz.experiments import UPLOAD
from gdviz.exports.page_file import to_page
from gdviz.exports.subject import Subject
from gdviz.numerals import format_count
from gdviz.ui.server.file_queue import queued
from gdviz.ui.toolbar.downloads import download_button


def page_fields(subject: Subject) -> None:
    """Draw what there is to know of the file, and the button that makes it."""
    st.caption(
        "Landscape, path and curves in one file, with the learning rate and the start still to be moved. It opens in "
        "any browser, from a disk, an e-mail or a course, without a network."
    )
    fit = subject.problem.fit
    own = fit is not None and subject.task.experiment.data == UPLOAD
    if fit is not None and not own:
        st.caption(f"The file holds the data: {format_count(fit.rows, 'row')}.")
    if fit is not None and own:
        allowed = st.checkbox(
            f"My data may be in the file ({format_count(fit.rows, 'row')})", key="export_own_data",
            help="Whoever has the file can read them. Without them the fit could not be computed in it.",
        )  # fmt: skip
        if not allowed:
            return
    made = queued(lambda: to_page(subject, with_data=own).encode())
    download_button("the page as one file", made, "gdviz.html", "text/html")
