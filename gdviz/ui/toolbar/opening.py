"""Opening what a visitor hands over: an exported file or a link, a training run, or data to fit. In callbacks only."""

from __future__ import annotations

from gdviz.datasets import Table
from gdviz.experiments import read_query
from gdviz.exports.reopened import NotOurs, link_in
from gdviz.ui.session import state, training
from gdviz.ui.sidebar.fit_fields import offer_line
from gdviz.ui.sidebar.upload_field import bring

TABLES = (".csv", ".tsv", ".txt", ".dat")


def open_source(source: bytes | str, name: str = "") -> str:
    """Make the page show what a file called ``name``, or a text, holds; return what is wrong with it, empty if
    nothing."""
    try:
        parameters, notes = read_query(link_in(source)[1:])
    except NotOurs as error:
        return str(error) if isinstance(source, str) else _other(name, source, str(error))
    state.take(parameters, notes)
    state.turn_to("compare" if "runs" in parameters else "")
    return ""


def _other(name: str, data: bytes, wrong: str) -> str:
    """Open a file without a link: a training run, or, as a table that counts no epochs, data to fit."""
    if training.bring(name, data):
        found = training.brought()
        assert found is not None
        if found.run.losses is not None or found.run.counted or not name.lower().endswith(TABLES):
            state.turn_to(training.PAGE)
            return ""
    said = training.mistake()
    training.forget()
    if mistake := bring(data, _fit):
        return f"{name}: {wrong} As a training run: {said or 'no.'} As data to fit: {mistake}"
    state.fit_own()
    state.turn_to("")
    return ""


def _fit(table: Table) -> None:
    state.set_table(table)
    offer_line(table)
