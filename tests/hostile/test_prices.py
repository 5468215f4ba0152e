"""Small messages that ask for much: each has two seconds of the processor, and says what it had to leave out.

Counted in processor time, with room for a machine that is busy: without the price these take up to minutes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from gdviz.datasets import Table, make_table
from gdviz.ui.session import compute
from tests.app_test import app_test

MOST = 3 * 2.0  # seconds
ROWS = 50_000
SEARCHES = ";".join(f"{method}@1,schedule={search}" for method in ("bfgs", "cg") for search in
                    ("strong_wolfe", "backtracking", "exact")) + ";newton@1;newton_safeguarded@1"  # fmt: skip
MARQUARDT = ";".join(f"levenberg_marquardt@0.{k}" for k in range(1, 9))
ADAMS = ";".join(f"adam@0.{k}" for k in range(1, 9))
SINES = "*".join(f"sin({name} + {k})" for k, name in enumerate("abcdfghjklmnopqr"))
TERMS = " + ".join(f"a{i}*sin(b{i}*x{i})*exp(-x{i}^2)" for i in range(8))
ACKLEY = {"objective": "ackley", "start": "1.3,2.7", "tolerance": "0", "epochs": "100000"}
OWN = {"objective": "fit", "data": "upload", "target": "y"}


@dataclass(frozen=True)
class Message:
    link: dict[str, str]
    page: str = "descend"
    own_data: bool = field(default=False)


MESSAGES = {
    "a search without end": Message(ACKLEY | {"optimizer": "bfgs", "schedule": "strong_wolfe"}),
    "Levenberg–Marquardt": Message(
        {
            "objective": "fit",
            "data": "thurber",
            "optimizer": "levenberg_marquardt",
            "epochs": "100000",
            "tolerance": "0",
        }
    ),
    "fair mode with eight": Message(ACKLEY | {"runs": SEARCHES, "fair": "on"}, "compare"),
    "fair mode with all there is": Message(ACKLEY | {"runs": SEARCHES, "fair": "budget=20000,trials=200"}, "compare"),
    "eight times Thurber": Message(
        {"objective": "fit", "data": "thurber", "epochs": "100000", "tolerance": "0", "runs": MARQUARDT}, "compare"
    ),
    "a product of sines": Message(
        {"objective": "formula", "formula": SINES, "epochs": "100000", "tolerance": "0", "runs": ADAMS}, "compare"
    ),
    "its derivatives": Message({"objective": "formula", "formula": SINES}, "derivatives"),
    "its theory": Message({"objective": "formula", "formula": SINES, "theory": "1", "epochs": "100000"}),
    "many rows": Message(OWN | {"model": "a*exp(b*x) + c"}, own_data=True),
    "many rows, a search and theory": Message(
        OWN | {"model": TERMS, "optimizer": "bfgs", "schedule": "strong_wolfe", "theory": "1", "epochs": "1000"},
        own_data=True,
    ),
    "one row at a time": Message(
        OWN | {"model": "a*exp(b*x) + c", "batch_size": "1", "epochs": "100000"}, own_data=True
    ),
    "many rows, fairly": Message(OWN | {"model": TERMS, "runs": SEARCHES, "fair": "on"}, "compare", own_data=True),
    "published numbers": Message({}, "verified"),
    "maps": Message({"objective": "formula", "formula": SINES, "epochs": "100000"}, "maps"),
    "maps of many rows": Message(OWN | {"model": TERMS}, "maps", own_data=True),
}


@pytest.fixture(scope="module")
def table() -> Table:
    random = np.random.RandomState(0)
    x = np.linspace(0, 10, ROWS)
    columns = {f"x{i}": random.randn(ROWS) for i in range(8)}
    return make_table(columns | {"x": x, "y": 2 * np.exp(-0.3 * x) + 0.1 * random.randn(ROWS)}, digest="many rows")


def _app() -> None:
    import streamlit as st

    from gdviz import pacing
    from gdviz.ui.pages.compare import compare_page
    from gdviz.ui.pages.contender_rows import choose_usual_runs
    from gdviz.ui.pages.derivatives import derivatives_page
    from gdviz.ui.pages.descend import descend_page
    from gdviz.ui.pages.maps import maps_page
    from gdviz.ui.pages.verified import verified_page
    from gdviz.ui.places import arrange
    from gdviz.ui.server.change import change
    from gdviz.ui.session import state
    from gdviz.ui.sidebar.sidebar import sidebar

    pages = {
        "descend": descend_page, "compare": compare_page, "derivatives": derivatives_page, "maps": maps_page,
        "verified": verified_page,
    }  # fmt: skip
    with change():
        work = pacing.current()
        try:
            state.arrive()
            places = arrange(one_run=True)
            task = sidebar(places.rate)
            choose_usual_runs(task)
            pages[st.session_state["_shown_page"]](task, places)
        finally:
            st.session_state["_used"] = work.used


LESS = {"fair mode with eight", "many rows", "many rows, fairly"}  # than another of the messages asks for


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.long if name in LESS else ()) for name in MESSAGES]
)
def test_a_small_message_costs_little(name: str, table: Table) -> None:
    message = MESSAGES[name]
    compute._memory.cache_clear()
    app = app_test(_app, timeout=300)
    app.session_state["_shown_page"] = message.page
    if message.own_data:
        app.session_state["_table"] = table
    for key, value in message.link.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    assert app.session_state["_used"] < MOST
