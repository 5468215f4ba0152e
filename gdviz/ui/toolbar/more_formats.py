"""What else leaves the page: numbers, scripts, films, all of it, and the link with its QR code."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from html import escape
from typing import Any

import streamlit as st

from gdviz.experiments import UPLOAD, is_short
from gdviz.exports import ExportError
from gdviz.exports.formats import FORMATS, Wanted, export
from gdviz.exports.qr import qr_svg
from gdviz.exports.subject import Subject
from gdviz.ui.notices import say_mistake
from gdviz.ui.server.file_queue import queued, too_long
from gdviz.ui.session.widgets import recall_one
from gdviz.ui.toolbar.downloads import address_of, download_button
from gdviz.ui.toolbar.opening import open_source
from gdviz.ui.words import plain

_LINK, _OPEN = "link", "open"
_WRONG = "_open_wrong"
_ELSEWHERE = ("png", "svg", "pdf", "html", "csv")  # in the menu itself
_OFFERED = (_LINK, _OPEN, *(ending for ending in FORMATS if ending not in _ELSEWHERE))
_OWN_TITLES = {_LINK: "Link and QR code", _OPEN: "Open a file or a link"}
_OWN_HELP = {
    _LINK: "Opens what you see. Your own data are in no link.",
    _OPEN: "What was exported holds its link, and so opens here again: JSON, NumPy, zip, script, page … So does a "
    "training run of your own (CSV, NPZ), and data to fit. Files and links can also be dropped anywhere on the page.",
}


def more_fields(subject: Subject) -> None:
    """Draw the choice of a kind of file, and the button that makes it."""
    kind = st.selectbox("What", _OFFERED, format_func=_title, key=recall_one("export_more", _OFFERED, _OFFERED[0]))
    st.caption(_OWN_HELP.get(kind) or FORMATS[kind].help)
    if kind == _LINK:
        _link_fields(subject)
        return
    if kind == _OPEN:
        _open_field()
        return
    if kind in ("py", "ipynb") and any(result.recorded for result in subject.results):
        st.caption("Without the run that you brought: nothing here can make it anew. All other files have it.")
    with_data = False
    own = subject.task.experiment.data == UPLOAD
    if own and kind in ("py", "ipynb", "zip"):
        with_data = st.checkbox("My data may be in the file", key="export_with_data")
        if not with_data:
            st.caption("Without them a curve cannot be computed in the file.")
    if why := too_long(kind, subject):
        st.warning(why, icon=":material/timer_off:")
        return

    def make() -> bytes:
        return export(subject, kind, Wanted(with_data=with_data))

    content: bytes | Callable[[], bytes] = queued(make)
    if kind in ("py", "ipynb"):
        try:  # here, beside the field: what fails after the press is told to nobody
            content = make()
        except (ExportError, ValueError) as error:
            say_mistake(error)
            return
    download_button(FORMATS[kind].title, content, f"gdviz-run.{kind}", FORMATS[kind].media)


def _open_field() -> None:
    """Open what was exported, or a link from elsewhere."""
    st.file_uploader(
        "Exported file", key="open_file", label_visibility="collapsed",
        on_change=lambda: _open(st.session_state["open_file"]),
    )  # fmt: skip
    st.text_input(
        "Link", key="open_link", label_visibility="collapsed", placeholder="https://…/?objective=…",
        on_change=lambda: _open(st.session_state["open_link"]),
    )  # fmt: skip
    if wrong := st.session_state.get(_WRONG):
        say_mistake(wrong)


def _open(source: Any) -> None:
    """Make the page show what is in a file or a text; in a callback."""
    st.session_state[_WRONG] = ""
    if not source:
        return
    text = isinstance(source, str)
    st.session_state[_WRONG] = open_source(source if text else source.getvalue(), "" if text else source.name)


def _title(kind: str) -> str:
    return _OWN_TITLES.get(kind) or FORMATS[kind].title


def _link_fields(subject: Subject) -> None:
    address = address_of(subject.link)
    st.code(address, language=None, wrap_lines=True)
    if not is_short(subject.link):
        st.caption("Longer than 2 kB: some programs cut such a link. Shorten the formula or the names, or take a file.")
    try:
        code = b64encode(qr_svg(address).encode()).decode()  # as an image: what is drawn inline is taken for markup
        st.html(f'<img alt="QR code of the link" src="data:image/svg+xml;base64,{code}">')
    except ExportError as error:
        st.caption(plain(str(error)))
    frame = f'<iframe src="{escape(address)}&amp;embed=true" width="100%" height="900" title="gdviz"></iframe>'
    st.caption("To put the page into another one:")
    st.code(frame, language=None, wrap_lines=True)
