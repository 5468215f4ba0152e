"""What is done with a page as a whole: export it, share it with a class, present it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from gdviz.experiments import Task
from gdviz.ui.controls import control
from gdviz.ui.presenting import present_button
from gdviz.ui.teaching import teach_menu


@contextmanager
def tools(task: Task) -> Iterator[None]:
    """Draw Teach and Present, with what is drawn inside before them."""
    with (
        control("exports"),
        st.container(key="export", horizontal=True, horizontal_alignment="right", wrap=False, gap="xsmall"),
    ):
        yield
        teach_menu(task)
        present_button()
