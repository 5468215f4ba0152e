"""The contenders of the Compare page, one row each. Their text in the session is the truth, and the link's.

Every field of a row shows what that text says, and its change is written back into it, so that rows may come, go and
move without taking another row's values with them. A field that holds anything else gives way to a new one: a browser
goes on sending what a field in a closed menu held, whatever the page has set it to since.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from gdviz.comparisons import (
    MAX_CONTENDERS,
    MAX_NAME,
    SERIES,
    Comparison,
    Contender,
    decode_runs,
    encode_comparison,
    encode_runs,
    labels,
    next_color,
    usual_contenders,
    with_optimizer,
)
from gdviz.experiments import Experiment, Task
from gdviz.learning_rates import LEARNING_RATES, Constant, make_learning_rate
from gdviz.numerals import format_number
from gdviz.optimizers import OPTIMIZERS
from gdviz.ui.pictures import page_palette
from gdviz.ui.session import state
from gdviz.ui.sidebar.own_fields import LEAST, own_field
from gdviz.ui.sidebar.own_names import own_of
from gdviz.ui.words import plain

_RUNS = "runs"  # the key of the contenders' text, in the session and in the link
_USUAL = "_usual_runs"  # the text that was chosen for the visitor, as long as it is untouched
_REFUSED = "_runs_refused"
_FIELDS = "_run_fields"  # how often each field of the rows was made anew
_WIDTHS = (56, 210, 230, 170)  # pixels: of look, name, optimizer and learning rate
_COLORS = ("Blue", "Orange", "Green", "Pink", "Ochre", "Sky", "Olive", "Ink")


def contenders(task: Task) -> tuple[tuple[Contender, ...], tuple[str, ...]]:
    """Return the contenders that :func:`choose_usual_runs` or a link brought, and what was wrong with the link."""
    return decode_runs(state.kept(_RUNS), task.experiment.eta)


def choose_usual_runs(task: Task) -> None:
    """Choose the runs of a first visit: they suit the problem, and follow it until the visitor changes one."""
    experiment = task.experiment
    whole = not experiment.batch_size and experiment.gradient == "exact"
    usual = encode_runs(usual_contenders(task.problem, whole))
    if state.kept(_RUNS) in (None, st.session_state.get(_USUAL)):
        st.session_state[_USUAL] = usual
        state.keep(_RUNS, usual)


def add_button(found: Sequence[Contender], experiment: Experiment) -> None:
    """Draw the button that adds a run as on the Descend page."""
    own = Contender.from_experiment(experiment, color=next_color(found))
    rate = format_number(own.eta, 4)
    st.button(
        "Add a run",
        icon=":material/add:",
        key="add_run",
        disabled=len(found) >= MAX_CONTENDERS,
        help=f"At most {MAX_CONTENDERS} runs."
        if len(found) >= MAX_CONTENDERS
        else f"{own.title}, η = {rate}: as on the Descend page",
        on_click=_keep,
        args=(experiment, (*found, own)),
    )
    _, refused = st.session_state.pop(_REFUSED, (None, None))
    if refused:
        st.warning(plain(refused), icon=":material/link_off:")


def contender_rows(
    found: Sequence[Contender],
    experiment: Experiment,
    refusals: Mapping[int, str],
    tuned: Mapping[int, float | None] | None,
) -> None:
    """Draw a row for each contender, with the reason below those that cannot run here.

    ``tuned`` are the rates that fair mode found, by place: shown instead of the contenders' own, which it ignores.
    """
    _paint(found)
    names = labels(found)
    with st.container(key="contenders", gap="xsmall"):
        if found:
            _heads()
        for i, contender in enumerate(found):
            _row(i, contender, names[i], found, experiment, tuned)
            if i in refusals:
                st.error(plain(refusals[i]), icon=":material/error:")
            if st.session_state.get(_REFUSED, (None, ""))[0] == i:
                _, why = st.session_state.pop(_REFUSED)
                st.error(plain(f"{why} The row keeps what it had."), icon=":material/error:")


def _heads() -> None:
    """The names of the columns, as wide as these."""
    with st.container(key="run_heads", horizontal=True, gap="small"):
        for name, width in (("Look", _WIDTHS[0]), ("Name", _WIDTHS[1]), ("Optimizer", _WIDTHS[2]),
                            ("Learning rate", _WIDTHS[3])):  # fmt: skip
            st.caption(name, width=width)


def _row(
    i: int,
    contender: Contender,
    label: str,
    found: Sequence[Contender],
    experiment: Experiment,
    tuned: Mapping[int, float | None] | None,
) -> None:
    def change(key: str, make: Callable[[Any], Contender]) -> None:
        value = st.session_state[key]
        if value is None:  # a field without anything in it keeps what it had
            return
        try:
            changed = make(value)
        except ValueError as error:  # such as a formula with an error: the row keeps what it had
            st.session_state[_REFUSED] = (i, str(error))
        else:
            _keep(experiment, (*found[:i], changed, *found[i + 1 :]))

    def another_optimizer(name: str) -> Contender:
        return with_optimizer(contender, name, experiment.posed(state.table()).problem, experiment.start)

    def field(name: str, value: Any, make: Callable[[Any], Contender]) -> dict[str, Any]:
        key = _field_showing(f"run_{i}_{name}", value)
        return {"key": key, "on_change": change, "args": (key, make)}

    with st.container(key=f"run_{i}", horizontal=True, vertical_alignment="center", gap="small"):
        with (
            st.container(key=f"run_{i}_look", width=_WIDTHS[0]),
            st.popover("●", help="Color, hyper-parameters, schedule"),
        ):
            _look_fields(contender, field)
        st.text_input(
            f"Name of run {i + 1}", placeholder=label, max_chars=MAX_NAME, label_visibility="collapsed",
            width=_WIDTHS[1], **field("name", contender.name, lambda name: replace(contender, name=_printable(name))),
        )  # fmt: skip
        st.selectbox(
            f"Optimizer of run {i + 1}", tuple(OPTIMIZERS), format_func=lambda name: OPTIMIZERS[name].title,
            label_visibility="collapsed", width=_WIDTHS[2],
            **field("optimizer", contender.optimizer.name, another_optimizer),
        )  # fmt: skip
        rate = contender.eta if tuned is None else (tuned.get(i) or contender.eta)
        st.number_input(
            f"Learning rate of run {i + 1}", step=max(rate / 10, LEAST), format="%.6g",
            label_visibility="collapsed", width=_WIDTHS[3], disabled=tuned is not None, icon=":material/speed:",
            help=None if tuned is None else "Found by fair mode",
            **field("rate", rate, lambda value: contender.at_rate(float(value))),
        )  # fmt: skip
        if not isinstance(contender.learning_rate, Constant):
            st.caption(contender.learning_rate.title, width="content")
        copy = replace(contender, color=next_color(found))
        st.button(
            f"Duplicate {plain(label)}", icon=":material/content_copy:", key=f"run_{i}_copy", help="Duplicate",
            type="tertiary",
            disabled=len(found) >= MAX_CONTENDERS,
            on_click=_keep, args=(experiment, (*found[: i + 1], copy, *found[i + 1 :])),
        )  # fmt: skip
        st.button(
            f"Remove {plain(label)}", icon=":material/close:", key=f"run_{i}_remove", help="Remove", type="tertiary",
            on_click=_keep, args=(experiment, (*found[:i], *found[i + 1 :])),
        )  # fmt: skip


def _look_fields(contender: Contender, field: Callable[..., dict[str, Any]]) -> None:
    """Color, the optimizer's hyper-parameters, and what becomes of the learning rate."""
    st.pills(
        "Color", range(SERIES), format_func=_COLORS.__getitem__, required=True,
        **field("color", contender.color, lambda color: replace(contender, color=int(color))),
    )  # fmt: skip
    for owner in (contender.optimizer, contender.learning_rate):
        if owner is contender.learning_rate:
            st.selectbox(
                "Learning rate from epoch to epoch", tuple(LEARNING_RATES),
                format_func=lambda name: LEARNING_RATES[name].title,
                **field("schedule", owner.name,
                        lambda name: replace(contender, learning_rate=make_learning_rate(name, contender.eta))),
            )  # fmt: skip
        for f in own_of(type(owner)):
            value = getattr(owner, f.name)
            own_field(f, **field(f.name, value, lambda value, f=f: contender.with_setting(f.name, value)))


def _field_showing(name: str, value: Any) -> str:
    """Return the key of the field ``name`` that shows ``value``: the one there is, or a new one, set to it."""
    made: dict[str, int] = st.session_state.setdefault(_FIELDS, {})
    key = name + " " * made.setdefault(name, 0)  # the browser's class for it leaves blanks at the end out
    if st.session_state.get(key, value) != value:
        made[name] += 1
        key += " "
    st.session_state[key] = value
    return key


def _printable(name: str) -> str:
    return "".join(c for c in name if c.isprintable()).strip()[:MAX_NAME].strip()


def _keep(experiment: Experiment, changed: Sequence[Contender]) -> None:
    """Make these the contenders, unless their link would be too long."""
    try:
        encode_comparison(Comparison(experiment, tuple(changed)))
    except ValueError as error:
        st.session_state[_REFUSED] = (None, str(error))
        return
    state.keep(_RUNS, encode_runs(changed))


def keep_rates(experiment: Experiment, found: Sequence[Contender], rates: Mapping[int, float | None]) -> None:
    """Give the contenders these rates, by place."""
    _keep(experiment, [c.at_rate(rates.get(i) or c.eta) for i, c in enumerate(found)])


def _paint(found: Sequence[Contender]) -> None:
    """Give the buttons the colors that they stand for."""
    series = page_palette().series
    rules = [f".st-key-run_{i}_look button p {{ color: {series[c.color]}; font-size: 1.35rem; line-height: 1; }}"
             for i, c in enumerate(found)]  # fmt: skip
    rules += [
        f"[class*='st-key-run_'][class*='_color'] button:nth-of-type({place + 1}) p::before "
        f"{{ content: '● '; color: {color}; }}"
        for place, color in enumerate(series)
    ]
    # Two icons are enough to see; their words are for those who listen.
    rules.append("[class*='st-key-run_'] [data-testid='stBaseButton-tertiary'] p { font-size: 0; }")
    st.html(f"<style>{' '.join(rules)}</style>")
