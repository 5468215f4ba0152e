"""The contenders of the Compare page, one row each. Their text in the session is the truth, and the link's.

Every field of a row shows what that text says, and its change is written back into it, so that rows may come, go and
move without taking another row's values with them. A field that holds anything else gives way to a new one: a browser
goes on sending what a field in a closed menu held, whatever the page has set it to since.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
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
from gdviz.ui.notices import say_left_out, say_mistake
from gdviz.ui.pictures import page_palette
from gdviz.ui.session import state, widgets
from gdviz.ui.session.hyperparameter_names import hyperparameters_of
from gdviz.ui.sidebar.hyperparameter_fields import LEAST, hyperparameter_field
from gdviz.ui.words import plain

_RUNS = "runs"  # the key of the contenders' text, in the session and in the link
_USUAL = "_usual_runs"  # the text that was chosen for the visitor, as long as it is untouched
_REFUSED = "_runs_refused"
_FIELDS = "_run_fields"  # how often each field of the rows was made anew
_WIDTHS = (56, 210, 230, 170)  # pixels: of look, name, optimizer and learning rate
_COLORS = ("Blue", "Orange", "Green", "Pink", "Ochre", "Sky", "Olive", "Ink")


def contenders(task: Task) -> tuple[tuple[Contender, ...], tuple[str, ...]]:
    """Return the contenders that :func:`choose_usual_runs` or a link brought, and what was wrong with the link."""
    return decode_runs(widgets.kept(_RUNS), task.experiment.eta)


def choose_usual_runs(task: Task) -> None:
    """Choose the runs of a first visit: they suit the problem, and follow it until the visitor changes one."""
    experiment = task.experiment
    whole = not experiment.batch_size and experiment.gradient == "exact"
    usual = encode_runs(usual_contenders(task.problem, whole))
    if widgets.kept(_RUNS) in (None, st.session_state.get(_USUAL)):
        st.session_state[_USUAL] = usual
        widgets.keep(_RUNS, usual)


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
        say_left_out(refused)


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
            rate = contender.eta if tuned is None else (tuned.get(i) or contender.eta)
            _Row(i, names[i], found, experiment).draw(rate, tuned is not None)
            if i in refusals:
                say_mistake(refusals[i])
            if st.session_state.get(_REFUSED, (None, ""))[0] == i:
                _, why = st.session_state.pop(_REFUSED)
                say_mistake(f"{why} The row keeps what it had.")


def _heads() -> None:
    """The names of the columns, as wide as these."""
    with st.container(key="run_heads", horizontal=True, gap="small"):
        for name, width in (("Look", _WIDTHS[0]), ("Name", _WIDTHS[1]), ("Optimizer", _WIDTHS[2]),
                            ("Learning rate", _WIDTHS[3])):  # fmt: skip
            st.caption(name, width=width)


@dataclass(frozen=True)
class _Row:
    """The fields of the contender at place ``i`` of those ``found``, which is called ``label``."""

    i: int
    label: str
    found: Sequence[Contender]
    experiment: Experiment

    @property
    def contender(self) -> Contender:
        return self.found[self.i]

    def draw(self, rate: float, is_tuned: bool) -> None:
        """Draw the row with the ``rate`` that its runs have; one that fair mode tuned is not to be changed."""
        with st.container(key=f"run_{self.i}", horizontal=True, vertical_alignment="center", gap="small"):
            with (
                st.container(key=f"run_{self.i}_look", width=_WIDTHS[0]),
                st.popover("●", help="Color, hyper-parameters, schedule"),
            ):
                self._look_fields()
            self._name_field()
            self._optimizer_field()
            self._rate_field(rate, is_tuned)
            if not isinstance(self.contender.learning_rate, Constant):
                st.caption(self.contender.learning_rate.title, width="content")
            self._buttons()

    def _look_fields(self) -> None:
        """Color, the optimizer's hyper-parameters, and what becomes of the learning rate."""
        contender = self.contender
        st.pills(
            "Color", range(SERIES), format_func=_COLORS.__getitem__, required=True,
            **self._field("color", contender.color, lambda color: replace(contender, color=int(color))),
        )  # fmt: skip
        self._hyperparameter_fields(contender.optimizer)
        st.selectbox(
            "Learning rate from epoch to epoch", tuple(LEARNING_RATES),
            format_func=lambda name: LEARNING_RATES[name].title,
            **self._field("schedule", contender.learning_rate.name,
                          lambda name: replace(contender, learning_rate=make_learning_rate(name, contender.eta))),
        )  # fmt: skip
        self._hyperparameter_fields(contender.learning_rate)

    def _hyperparameter_fields(self, owner: Any) -> None:
        for f in hyperparameters_of(type(owner)):
            make = partial(self.contender.with_setting, f.name)
            hyperparameter_field(f, **self._field(f.name, getattr(owner, f.name), make))

    def _name_field(self) -> None:
        st.text_input(
            f"Name of run {self.i + 1}", placeholder=self.label, max_chars=MAX_NAME, label_visibility="collapsed",
            width=_WIDTHS[1],
            **self._field("name", self.contender.name, lambda name: replace(self.contender, name=_printable(name))),
        )  # fmt: skip

    def _optimizer_field(self) -> None:
        def another(name: str) -> Contender:
            problem = self.experiment.posed(state.table()).problem
            return with_optimizer(self.contender, name, problem, self.experiment.start)

        st.selectbox(
            f"Optimizer of run {self.i + 1}", tuple(OPTIMIZERS), format_func=lambda name: OPTIMIZERS[name].title,
            label_visibility="collapsed", width=_WIDTHS[2],
            **self._field("optimizer", self.contender.optimizer.name, another),
        )  # fmt: skip

    def _rate_field(self, rate: float, is_tuned: bool) -> None:
        st.number_input(
            f"Learning rate of run {self.i + 1}", step=max(rate / 10, LEAST), format="%.6g",
            label_visibility="collapsed", width=_WIDTHS[3], disabled=is_tuned, icon=":material/speed:",
            help="Found by fair mode" if is_tuned else None,
            **self._field("rate", rate, lambda value: self.contender.at_rate(float(value))),
        )  # fmt: skip

    def _buttons(self) -> None:
        before, after = self.found[: self.i], self.found[self.i + 1 :]
        copy = replace(self.contender, color=next_color(self.found))
        full = len(self.found) >= MAX_CONTENDERS
        for key, name, icon, disabled, kept in (
            ("copy", "Duplicate", "content_copy", full, (*before, self.contender, copy, *after)),
            ("remove", "Remove", "close", False, (*before, *after)),
        ):
            st.button(
                f"{name} {plain(self.label)}", icon=f":material/{icon}:", key=f"run_{self.i}_{key}", help=name,
                type="tertiary", disabled=disabled, on_click=_keep, args=(self.experiment, kept),
            )  # fmt: skip

    def _field(self, name: str, value: Any, make: Callable[[Any], Contender]) -> dict[str, Any]:
        """What makes a widget show ``value``, and put what it is changed to into the contender by ``make``."""
        key = _field_showing(f"run_{self.i}_{name}", value)
        return {"key": key, "on_change": self._change, "args": (key, make)}

    def _change(self, key: str, make: Callable[[Any], Contender]) -> None:
        value = st.session_state[key]
        if value is None:  # a field without anything in it keeps what it had
            return
        try:
            changed = make(value)
        except ValueError as error:  # such as a formula with an error: the row keeps what it had
            st.session_state[_REFUSED] = (self.i, str(error))
        else:
            _keep(self.experiment, (*self.found[: self.i], changed, *self.found[self.i + 1 :]))


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
    widgets.keep(_RUNS, encode_runs(changed))


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
