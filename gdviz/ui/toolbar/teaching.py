"""What a teacher does: the menu that makes a link with controls hidden, the answer covered, and a question.

What the class sees of it is in :mod:`gdviz.ui.pages.covered`.
"""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from gdviz.experiments import UPLOAD, Task
from gdviz.lessons.teaching import CONTROLS, QUESTION_LIMIT, lesson_parameters
from gdviz.ui.controls import hidden
from gdviz.ui.menus import opened
from gdviz.ui.notices import say_mistake
from gdviz.ui.session import state, widgets
from gdviz.ui.toolbar.downloads import address_of


def teach_menu(task: Task) -> None:
    """Draw the menu."""
    help_ = "A link with controls hidden and the answer covered"
    place = opened("Teach", "teach_menu", icon=":material/school:", help=help_)
    if place is None:
        return
    with place:
        st.markdown("**A link for your class** to what you see now.")
        cover = st.toggle(
            "In the link, hide path, curves and verdict until Reveal", key=widgets.recall("teach_cover", True),
            help="This page stays as it is. Whoever opens the link sees the landscape and the start, not the path, the "
            "curves and the verdict; predicts what happens; and presses Reveal.",
        )  # fmt: skip
        question = st.text_input(
            "Your question (optional)", key=widgets.recall("teach_question", widgets.kept("question", "")),
            max_chars=QUESTION_LIMIT, placeholder="What will this run do, and why?",
        )  # fmt: skip
        names = st.pills(
            "Hide these controls", tuple(CONTROLS), format_func=CONTROLS.__getitem__, selection_mode="multi",
            key=widgets.recall("teach_hide", sorted(hidden(), key=list(CONTROLS).index)),
        )  # fmt: skip
        try:
            parameters = lesson_parameters(state.link(task), names, cover, question)
        except ValueError as error:
            say_mistake(error)
            return
        if parameters.get("data") == UPLOAD:
            st.warning(
                "Your own data are not in the link: whoever opens it must upload the file.", icon=":material/link_off:"
            )
        address = address_of(f"?{urlencode(parameters)}")
        st.code(address, language=None, wrap_lines=True, height=90)
        st.link_button("See it as your class does", address, icon=":material/open_in_new:", width="stretch")
