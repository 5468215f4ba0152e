"""Bringing data: a file or pasted text, what was understood of it, and what to do about rows that are no numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from gdviz.datasets import Table, TableError, read_csv
from gdviz.ui import state

_READ = "_read_upload"  # which file or text was read last
_SOURCE = "_upload_source"  # its bytes, or its text
_ERROR = "_upload_error"


def upload_field(take: Callable[[Table], None]) -> None:
    """Draw the fields; a table that can be read is handed to ``take``, and one that can not is explained."""
    way = st.segmented_control(
        "From", ("File", "Pasted text"), default="File", key="upload_way", required=True, label_visibility="collapsed"
    )
    if way == "File":
        file = st.file_uploader(
            "CSV file", type=["csv", "tsv", "txt"], key="upload",
            help="Comma, semicolon or tab between the columns; names in the first line or none; up to 5 MB.",
        )  # fmt: skip
        if file is not None and st.session_state.get(_READ) != file.file_id:
            st.session_state[_READ] = file.file_id
            _read(file.getvalue(), take)
    else:
        text = st.text_area("Rows of numbers", key=state.recall("pasted", ""), placeholder="x,y\n1,2.1\n2,3.9\n3,6.2")
        if text.strip() and st.session_state.get(_READ) != text:
            st.session_state[_READ] = text
            _read(text, take)
    _report(take)


def _read(source: bytes | str, take: Callable[[Table], None], **left_out: Any) -> None:
    st.session_state[_SOURCE] = source
    try:
        found = read_csv(source, **left_out)
    except TableError as error:
        st.session_state[_ERROR] = error
    else:
        st.session_state.pop(_ERROR, None)
        take(found)


def _report(take: Callable[[Table], None]) -> None:
    error: TableError | None = st.session_state.get(_ERROR)
    table = state.table()
    if error is not None:
        st.error(str(error), icon=":material/error:")
        _offers(error, take)
    elif table is None:
        st.info("Bring at least two columns of numbers.", icon=":material/upload_file:")
    else:
        st.caption(" ".join((f"{table.rows:,} rows: {', '.join(table.names)}.", *table.note)))
        with st.expander("Preview", icon=":material/table:"):
            st.dataframe(dict(zip(table.names, zip(*table.head(8), strict=True), strict=True)), hide_index=True)


def _offers(error: TableError, take: Callable[[Table], None]) -> None:
    """What can be left out, on the visitor's word only."""
    source = st.session_state[_SOURCE]
    if error.bad_rows:
        lines = ", ".join(str(row.line) for row in error.bad_rows[:8]) + (" …" if len(error.bad_rows) > 8 else "")
        st.button(
            f"Leave out {len(error.bad_rows):,} bad row{'s' * (len(error.bad_rows) > 1)} (line {lines})",
            key="drop_rows", on_click=_read, args=(source, take), kwargs={"drop_bad_rows": True}, width="stretch",
        )  # fmt: skip
    if error.bad_columns:
        st.button(
            f"Leave out {', '.join(error.bad_columns)}",
            key="drop_columns", on_click=_read, args=(source, take), kwargs={"without": error.bad_columns},
            width="stretch",
        )  # fmt: skip
