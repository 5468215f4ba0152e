"""What is done with a page as a whole: open a scenario, export it, share it with a class, present it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gdviz.experiments import Task
from gdviz.ui.controls import control
from gdviz.ui.session import state
from gdviz.ui.toolbar.presenting import present_bar, present_button
from gdviz.ui.toolbar.scenario_cards import scenario_menu
from gdviz.ui.toolbar.teaching import teach_menu


def tools(place: Any, task: Task, export: Callable[[], None] = lambda: None) -> None:
    """Draw the tools in ``place``, of the bar; while presenting, what a class needs instead of them."""
    with place:
        if state.is_presenting():
            present_bar(task)
            return
        scenario_menu()
        with control("exports", horizontal=True, wrap=False, width="content", gap="xsmall"):
            export()
            teach_menu(task)
            present_button()
