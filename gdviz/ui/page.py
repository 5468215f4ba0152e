"""The page: settings, sidebar, navigation. Everything on it is a view of the one experiment."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from gdviz.experiments import Task
from gdviz.ui.components.slider import is_held
from gdviz.ui.controls import hidden, hide
from gdviz.ui.headings import page_heading
from gdviz.ui.pages.compare import compare_page
from gdviz.ui.pages.compare_fair import FAIR
from gdviz.ui.pages.contender_rows import choose_usual_runs
from gdviz.ui.pages.covered import covered_page, is_covered, lesson_card
from gdviz.ui.pages.derivatives import derivatives_page
from gdviz.ui.pages.descend import descend_page
from gdviz.ui.pages.maps import maps_page
from gdviz.ui.pages.training import training_page
from gdviz.ui.pages.verified import verified_page
from gdviz.ui.places import Places, arrange
from gdviz.ui.server import overtaken, values_set
from gdviz.ui.server.change import change
from gdviz.ui.session import history, state, training, widgets
from gdviz.ui.sidebar.sidebar import sidebar
from gdviz.ui.toolbar.page_tools import page_tools, take_late
from gdviz.ui.toolbar.presenting import present_style
from gdviz.ui.toolbar.scenario_cards import close_left_scenario, scenario_card, welcome
from gdviz.ui.words import plain

# Of ours: Streamlit fetches its own icons for the browser's tab from another host. A file it would read at each change.
_ICON = "data:image/svg+xml;base64," + b64encode((Path(__file__).parent / "icon.svg").read_bytes()).decode()
_SIDEBAR = 256  # pixels
_DARK = "color-scheme: dark; --on-paper: invert(1) hue-rotate(180deg) brightness(1.1);"  # dark on white, hues kept

_OF_ONE_RUN = frozenset({"learning_rate", "optimizer", "rates"})


@dataclass(frozen=True)
class _Entry:
    """A page: its ``title``, the ``path`` of its address, what draws it, its ``icon``, and what of the sidebar is
    ``idle`` there: it changes nothing, and is not shown."""

    title: str
    path: str
    icon: str
    draw: Callable[[Task, Places], None]
    idle: frozenset[str] = frozenset()


_ENTRIES = (
    _Entry("Descend", "descend", "south_east", descend_page),
    _Entry("Compare", "compare", "stacked_line_chart", compare_page, _OF_ONE_RUN),
    _Entry("Maps", "maps", "map", maps_page),
    _Entry("Derivatives", "derivatives", "change_history", derivatives_page, _OF_ONE_RUN | {"epochs", "schedule"}),
    _Entry(
        "Verified", "verified", "verified", verified_page,
        _OF_ONE_RUN | {"epochs", "schedule", "function", "formula", "start"},
    ),
    _Entry("Your run", training.PAGE, "upload_file", training_page),
)  # fmt: skip


def page() -> None:
    """Draw the page that the address names."""
    with change(), widgets.at_hand():
        _draw()
        overtaken.go_on()


def _draw() -> None:
    task: Task
    places: Places

    def draws(entry: _Entry) -> Callable[[], None]:
        return lambda: entry.draw(task, places)

    take_late()
    state.arrive()
    pages = [
        st.Page(draws(entry), title=entry.title, url_path=entry.path, default=entry is _ENTRIES[0])
        for entry in _ENTRIES
    ]
    chosen = _chosen(pages)
    covered, first = is_covered(), chosen is pages[0]
    _dress(chosen.title)
    hide(hidden() | _idle(chosen.url_path))
    places = arrange(one_run=first or covered)
    tools = st.sidebar.container(key="page_tools_row", horizontal=True, wrap=False, vertical_alignment="center")
    task = sidebar(places.rate)
    close_left_scenario(task.experiment)
    if chosen.url_path == "compare" and not covered:
        choose_usual_runs(task)
    if not (covered or "pages" in hidden()):
        with places.pages:
            _links(pages, task)
    with places.cards:
        _above(task, first)
    if covered:
        covered_page(task, places)
    else:
        chosen.run()
    _note(task)
    history.history_buttons(tools)
    with tools:
        page_tools([entry.path for entry in _ENTRIES])
    state.finish()
    values_set.end_run()


def _chosen(pages: list[Any]) -> Any:
    """Return the page that the address names; turn to another one where something was opened that it shows."""
    chosen = st.navigation(pages, position="hidden")
    wanted = state.page_to_open()
    if wanted is not None and wanted != chosen.url_path:
        st.switch_page(next(page for page in pages if page.url_path == wanted))
    return chosen


def _dress(title: str) -> None:
    """Give the page its title and its looks."""
    st.set_page_config(f"{title}: gdviz", _ICON, layout="wide", initial_sidebar_state=_sidebar())
    # Streamlit says the scheme to its own element only; its menus, and the browser's own parts, stand outside of that.
    scheme = _DARK if st.context.theme.type == "dark" else "color-scheme: light;"
    page_heading(f"gdviz: {title}", f":root {{ {scheme} }}")
    present_style()


def _note(task: Task) -> None:
    """Note what the page shows in its address and as a step to undo.

    A drag is one step, not a hundred: that waits until the hand rests.
    """
    if not (is_held() or state.start_is_moving() or overtaken.awaits()):
        shown = state.link(task)
        state.depart(shown)
        history.note(shown)


def _idle(path: str) -> frozenset[str]:
    """What the sidebar has that changes nothing on the page at ``path``: fair mode has a budget in place of epochs."""
    idle = next((entry.idle for entry in _ENTRIES if entry.path == path), frozenset())
    return idle | {"epochs"} if path == "compare" and widgets.kept(FAIR) else idle


def _sidebar() -> int | Literal["collapsed"]:
    """The sidebar's width; on a phone, upright or on its side, it begins folded."""
    return "collapsed" if "Mobi" in (st.context.headers.get("User-Agent") or "") else _SIDEBAR


def _links(pages: list[Any], task: Task) -> None:
    """The pages, each with the whole experiment in its address: one step in the browser's history, and no second.

    What the page adds to the link is chosen before them: what is not in the address would be a second step.
    """
    query = state.link(task)
    for one, entry in zip(pages, _ENTRIES, strict=True):
        st.page_link(one, icon=f":material/{entry.icon}:", query_params=query)


def _above(task: Task, first: bool) -> None:
    """Draw what is said before the charts; nothing that gives an answer away before it is revealed."""
    lesson_card(task, explains=not first)
    if not is_covered():
        scenario_card()
        if first and not state.is_presenting():
            welcome()
    notes = [plain(sentence) for sentence in state.notes(task.experiment)]
    if notes:
        st.warning(
            notes[0] if len(notes) == 1 else "\n".join(f"- {note}" for note in notes), icon=":material/link_off:"
        )
