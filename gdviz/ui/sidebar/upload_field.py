"""Bringing data: a file or pasted text, what was understood of it, and what to do about cells that are no numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import NamedTuple

import streamlit as st

from gdviz import pacing
from gdviz.datasets import Table, TableError, read_csv
from gdviz.ui.notices import say_mistake
from gdviz.ui.server.change import FILE_SECONDS
from gdviz.ui.server.uninterrupted import uninterrupted
from gdviz.ui.session import state, widgets
from gdviz.ui.words import plain

FILE_KEY, TEXT_KEY = "upload", "pasted"  # of the fields for a file, and for pasted text
_READ = "_read_upload"  # which file or text was read last
_SOURCE = "_upload_source"  # its bytes, or its text
_CHOICES = "_upload_choices"
_ERROR = "_upload_error"
_MOST_CHARACTERS = 400  # of notes that are not folded away


@dataclass(frozen=True)
class Choices:
    """What the visitor has said about a file so far: one choice adds to the other."""

    drop_bad_rows: bool = False
    without: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()


_NONE = Choices()


class Offer(NamedTuple):
    """A choice that a button adds: the button's key and label, and all choices after it."""

    key: str
    label: str
    choices: Choices


def upload_field(take: Callable[[Table], None]) -> None:
    """Draw the fields; a table that can be read is handed to ``take``, and one that can not is explained."""
    way = st.segmented_control(
        "From", ("File", "Pasted text"), default="File", key="upload_way", required=True, label_visibility="collapsed"
    )
    if way == "File":
        file = st.file_uploader(
            "CSV file", key=FILE_KEY,  # of any type: the reader says what to do with a spreadsheet
            help="Commas, semicolons, tabs or blanks between the columns; names above them or none; up to 5 MB.",
        )  # fmt: skip
        if file is not None and st.session_state.get(_READ) != file.file_id:
            _read(file.getvalue(), take, read=file.file_id)
    else:
        text = st.text_area("Rows of numbers", key=widgets.recall(TEXT_KEY, ""), placeholder="x,y\n1,2.1\n2,3.9\n3,6.2")
        if text.strip() and st.session_state.get(_READ) != text:
            _read(text, take, read=text)
    _report(take)


def bring(source: bytes, take: Callable[[Table], None]) -> str:
    """Read a file that was handed over elsewhere as if it were brought here; return what is wrong with it, empty where
    it is read or the fields ask what to leave out. In a callback."""
    found = _tried(source, _NONE)
    if isinstance(found, TableError) and not any(offers(found, _NONE)):
        return str(found)
    _note(source, _NONE, found, take)
    return ""


def _read(
    source: bytes | str, take: Callable[[Table], None], choices: Choices = _NONE, read: str | None = None
) -> None:
    """Read a file or a text, which from then on counts as ``read``: what the next change interrupts is read again."""
    found = _tried(source, choices)
    with uninterrupted():
        if read is not None:
            st.session_state[_READ] = read
        _note(source, choices, found, take)


def _tried(source: bytes | str, choices: Choices) -> Table | TableError:
    try:
        with pacing.extra(FILE_SECONDS):
            return read_csv(source, **asdict(choices))
    except TableError as error:
        return error
    except pacing.OutOfTime:
        return TableError("The file takes too long to read: leave out rows or columns.")


def _note(source: bytes | str, choices: Choices, found: Table | TableError, take: Callable[[Table], None]) -> None:
    """Remember what was read, and how it went."""
    st.session_state[_SOURCE] = source
    st.session_state[_CHOICES] = choices
    if isinstance(found, TableError):
        st.session_state[_ERROR] = found
    else:
        st.session_state.pop(_ERROR, None)
        take(found)


def _report(take: Callable[[Table], None]) -> None:
    error: TableError | None = st.session_state.get(_ERROR)
    table = state.table()
    if error is not None:
        say_mistake(error)
        source = st.session_state[_SOURCE]
        for key, label, choices in offers(error, st.session_state[_CHOICES]):
            st.button(plain(label), key=key, on_click=_read, args=(source, take, choices), width="stretch")
        _again(take)
        if table is not None:
            st.caption(f"Until then the earlier data are used: {_described(table)}")
    elif table is None:
        st.info("Bring at least two columns of numbers.", icon=":material/upload_file:")
    else:
        _tell(table)
        _again(take)
        with st.expander("Preview", icon=":material/table:"):
            st.dataframe(dict(zip(table.names, zip(*table.head(8), strict=True), strict=True)), hide_index=True)


def _again(take: Callable[[Table], None]) -> None:
    """The way back from what was said about the file."""
    if st.session_state.get(_CHOICES, _NONE) != _NONE:
        st.button(
            "Choose again what to leave out", key="choose_again", width="stretch",
            on_click=_read, args=(st.session_state[_SOURCE], take),
        )  # fmt: skip


def _tell(table: Table) -> None:
    """What was read, and how; in a fold where that is long."""
    if sum(map(len, table.note)) <= _MOST_CHARACTERS:
        st.caption(" ".join((_described(table), *map(plain, table.note))))
        return
    st.caption(_described(table))
    with st.expander(f"How it was read: {len(table.note)} notes", icon=":material/info:"):
        st.caption("\n".join(f"- {plain(note)}" for note in table.note))


def _described(table: Table) -> str:
    return plain(f"{table.rows:,} rows: {_listed(table.names, 20)}.")


def offers(error: TableError, made: Choices) -> Iterator[Offer]:
    """What can be left out, or read as a number, on the visitor's word only, after the choices ``made``."""
    if error.bad_rows:
        lines = ", ".join(str(row.line) for row in error.bad_rows[:8]) + (", …" if len(error.bad_rows) > 8 else "")
        many = "s" * (len(error.bad_rows) > 1)
        label = f"Leave out {len(error.bad_rows):,} row{many} (line{many} {lines})"
        yield Offer("drop_rows", label, replace(made, drop_bad_rows=True))
    if error.date_columns:
        label = f"Read {_listed(error.date_columns)} as numbers: the time since the earliest date"
        yield Offer("read_dates", label, replace(made, dates=made.dates + error.date_columns))
    if error.bad_columns:
        columns = f"the column{'s' * (len(error.bad_columns) > 1)} {_listed(error.bad_columns)}"
        yield Offer("drop_columns", f"Leave out {columns}", _without(made, error.bad_columns))


def _without(made: Choices, columns: Sequence[str]) -> Choices:
    dates = tuple(name for name in made.dates if name not in columns)
    return replace(made, without=(*made.without, *columns), dates=dates)


def _listed(names: Sequence[str], most: int = 6) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
