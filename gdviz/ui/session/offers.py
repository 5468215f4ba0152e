"""What the page offers, start, learning rate and epochs, as against what a visitor set or a link named.

Whatever a run is made of besides them, the model, the data, the loss, the scaling, the optimizer: when it changes, what
was offered is offered anew, and what was set stays. Setting is typing, dragging, clicking, or opening a link that names
the value; a link that the page wrote says in ``offered`` which of its values nobody set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import streamlit as st

from gdviz.experiments import FIT, FORMULA, Experiment
from gdviz.views import OFFERS

OFFERED = "offered"  # the link parameter
_SET = "_set"  # the keys of the fields that were set
_OFFERED_FOR = "_offered_for"  # what the offers were made for


def start_keys(variables: Iterable[str]) -> list[str]:
    """Return the keys of the start's fields."""
    return [f"start_{name}" for name in variables]


def note_set(*keys: str) -> None:
    """Note that these fields were set."""
    st.session_state[_SET] = st.session_state.get(_SET, frozenset()) | set(keys)


def forget_set(*keys: str) -> None:
    """Let these fields follow what is offered again; without keys, all."""
    st.session_state[_SET] = st.session_state.get(_SET, frozenset()) - set(keys) if keys else frozenset()
    st.session_state.pop(_OFFERED_FOR, None)


def is_new(made_of: object) -> bool:
    """Whether what the offers follow from is another than at the last call, or was not known."""
    before = st.session_state.get(_OFFERED_FOR)
    st.session_state[_OFFERED_FOR] = made_of
    return before is None or bool(before != made_of)


def is_set(*keys: str) -> bool:
    """Whether one of these fields was set."""
    return not st.session_state.get(_SET, frozenset()).isdisjoint(keys)


# -- links --


def arrive(parameters: Mapping[str, str], variables: Iterable[str], unused: Iterable[str] = ()) -> None:
    """Note what a link sets: what it names, but for what it says was offered, and what is not used of it."""
    forget_set()
    others = {*parameters.get(OFFERED, "").split(","), *unused}
    for name in OFFERS:
        if name in parameters and name not in others:
            note_set(*(start_keys(variables) if name == "start" else [name]))


def mark(experiment: Experiment, variables: Iterable[str]) -> dict[str, str]:
    """Return what the link to ``experiment`` says of its values. Those of a preset come with it."""
    if experiment.objective not in (FIT, FORMULA):
        return {}
    offered = [n for n in OFFERS if not is_set(*(start_keys(variables) if n == "start" else [n]))]
    return {OFFERED: ",".join(offered)} if offered else {}
