"""What lets the page follow a hand: the experiments that the browser runs itself, and answers to what it cannot.

A whole rerun of the script takes a tenth of a second until all its charts are laid out anew. Instead the browser runs
the very experiment from the step's module (:mod:`gdviz.ui.components.live.experiments`) and draws over what the charts
show (``live_plot/run_drawing.js``). What it cannot know (the verdict, and runs of methods that have no module) it asks
(:mod:`gdviz.ui.server.questions`). When the hand rests, the page follows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gdviz.ui.components import component
from gdviz.ui.server.questions import Answer, Question, open_endpoint, packed

_ENDPOINTS = "_live_endpoints"

_component = component("live")


def live(
    experiments: Sequence[Mapping[str, Any]],
    place: Mapping[str, Any],
    answers: Mapping[str, Callable[[Question], Answer]],
    steered: Mapping[str, Any] | None = None,
) -> None:
    """Draw the component that knows the ``experiments``, and answer each ``kind`` of question by the function of that
    name.

    Parameters
    ----------
    experiments : what the page shows, as :mod:`gdviz.ui.components.live.experiments` describes it.
    place : where on the landscape they are seen (:func:`gdviz.ui.view.place_of`).
    steered : the first experiment as it is when a hand steers it, None where none can.
    """
    head = {
        "endpoint": open_endpoint(_ENDPOINTS, answers),
        "experiments": experiments,
        "place": place,
        "steered": steered,
    }
    _component(key="live", data=packed(head))
