"""The sidebar: it edits the experiment. What is wrong is said beside the field that caused it, and nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import fields
from functools import partial
from types import MappingProxyType
from typing import Any

import streamlit as st

from gdviz.descent import MAX_EPOCHS
from gdviz.experiments import (
    FIT,
    FORMULA,
    UPLOAD,
    Experiment,
    Problem,
    ProblemError,
    Task,
    offered_rate,
    pose,
)
from gdviz.experiments.fitting import BATCH_FIELDS, FITTED_FIELDS, posing
from gdviz.formulas.latex import name_latex
from gdviz.learning_rates import LEARNING_RATES
from gdviz.optimizers import OPTIMIZERS, Optimizer
from gdviz.presets import PRESETS, random_start
from gdviz.ui.controls import control
from gdviz.ui.notices import say_mistake
from gdviz.ui.server.uninterrupted import uninterrupted
from gdviz.ui.session import compute, offers, state, widgets
from gdviz.ui.session.hyperparameter_names import field_key, hyperparameters_of
from gdviz.ui.sidebar.fit_fields import fit_fields
from gdviz.ui.sidebar.fold import Fold
from gdviz.ui.sidebar.hyperparameter_fields import LEAST, held_hyperparameter, hyperparameter_field
from gdviz.ui.sidebar.live_fields import epochs_slider, slider_below
from gdviz.ui.sidebar.name_hints import name_hints
from gdviz.ui.sidebar.number_field import number_field
from gdviz.ui.sidebar.rate_fields import learning_rate_fields, set_by
from gdviz.ui.words import plain

_SOURCES = (FORMULA, FIT)
_TITLES = {FORMULA: "Your own formula", FIT: "Fit data"} | {key: preset.title for key, preset in PRESETS.items()}
_WIDEST = 13  # characters that a start's field shows


def sidebar(front: Any | None) -> Task:
    """Draw the sidebar; return the experiment it holds with its problem, the last good ones where a field is wrong.

    The learning rate goes to the container ``front`` if there is one.
    """
    with st.sidebar:
        named, problem = _objective_fields()
        method = _method()
        if method is not None:
            with uninterrupted():  # half of an offer would never be made up
                _offer_anew(problem, method, named)
        with control("start"):
            start = _start_fields(problem)
        with front or control("learning_rate"):
            eta = learning_rate_fields(problem, start, method)
        with control("epochs"):
            epochs = _epochs_field(problem)
        with control("optimizer"):
            optimizer, own_of_optimizer = _optimizer_fields()
        method_slot = st.container()
        of_rates = "Schedule, gradient, tolerance" if front else "Gradient, tolerance"
        with control("schedule"), Fold(of_rates, "fold_steps", ":material/tune:") as fold:
            with control("rates") if fold.is_open else nullcontext():
                schedule, own_of_schedule = _schedule_fields(problem, fold)
            gradient, h, tolerance = _gradient_fields(fold)
    try:
        experiment = Experiment(
            **named, start=start, epochs=epochs, optimizer=optimizer(**own_of_optimizer),
            learning_rate=schedule(eta, **own_of_schedule),
            gradient=gradient, h=h, tolerance=tolerance, seed=widgets.kept("seed", 0),
        )  # fmt: skip
        task = Task(experiment, problem)
        compute.run(task)
    except ValueError as error:  # such as a line search along a direction that need not go down
        say_mistake(error, method_slot)
        method_slot.caption("The picture shows the last settings that worked.")
        return _last_good()
    state.set_good(task)
    return task


def _last_good() -> Task:
    """Return the last task that could be run; the default one where none could, as after a link whose run fails."""
    task = state.good()
    try:
        compute.run(task)
    except ValueError:
        task = Experiment().posed()
        state.set_good(task)
    return task


# -- what is minimized --


def _objective_fields() -> tuple[dict[str, Any], Problem]:
    slots: dict[str, Any] = {}
    with control("function"):
        objective = st.selectbox(
            "Function",
            (*_SOURCES, *PRESETS),
            format_func=_TITLES.__getitem__,
            key=widgets.recall("objective", Experiment.objective),
            on_change=_objective_chosen,
        )
        named: dict[str, Any] = {"objective": objective}
        if objective == FORMULA:
            named |= _formula_field(slots)
        elif objective == FIT:
            named |= fit_fields(slots)
        else:
            _preset_card(objective)
    try:
        problem = pose(**posing(named), table=state.table())
    except ProblemError as error:
        missing_file = error.field == "data" and widgets.kept("data") == UPLOAD and state.table() is None
        if not missing_file:  # the upload field asks for it already
            say_mistake(error, slots.get(error.field, st))
        good, problem = state.good().experiment, state.good().problem
        named = {f: getattr(good, f) for f in ("objective", "formula", *FITTED_FIELDS, *BATCH_FIELDS)}
        st.caption(f"The picture still shows {plain(problem.objective.text)}.")
    else:
        with control("formula"):
            _read_back(problem)
    return named, problem


def _objective_chosen() -> None:
    """A preset or a fit brings its own start, rate and epochs; the own formula begins as the one shown."""
    if st.session_state["objective"] != FORMULA:
        offers.forget_set()
        return
    if not widgets.kept("formula"):
        widgets.keep("formula", state.good().problem.objective.text)
    _stay()


def _stay() -> None:
    """Let start, rate and epochs stay as they are shown."""
    offers.note_set("learning_rate", "epochs", *offers.start_keys(state.good().problem.variables))


def _preset_card(key: str) -> None:
    formula = PRESETS[key].formula
    st.button("Edit this formula", icon=":material/edit:", on_click=_edit_preset, args=(formula,), width="stretch")


def _edit_preset(formula: str) -> None:
    widgets.keep("formula", formula)
    widgets.keep("objective", FORMULA)
    _stay()


def _formula_field(slots: dict[str, Any]) -> dict[str, str]:
    formula = st.text_input(
        "Formula", key=widgets.recall("formula", "x^2 + y^2"), max_chars=None,
        placeholder="(1 - x)^2 + 100*(y - x^2)^2",
        help="Variables are any letters or names; sin cos exp log sqrt cbrt abs min max and their kin are functions; "
        "powers are ^ or **; pi, e and tau are numbers; if(x > 0, a, b) chooses. LaTeX and NumPy are read too.",
    )  # fmt: skip
    slots["formula"] = st.container()
    return {"formula": formula}


def _read_back(problem: Problem) -> None:
    """Show how the formula was understood, and its gradient; of a fit, the model and what is minimized."""
    fit = problem.fit
    with st.container(key="formula_latex"):
        st.latex(problem.latex if fit is None else fit.model_latex)
        for sentence in problem.readings:
            st.caption(plain(sentence))
    if fit is not None:
        used = ", ".join(fit.used_columns) or "none"
        st.caption(plain(f"{fit.loss.convention} Columns: {used}. Parameters: {', '.join(fit.variables)}."))
        name_hints(fit)
        return
    shown = st.expander("Gradient ∇f", icon=":material/change_history:", key="gradient_shown", on_change="rerun")
    if not shown.open:
        return
    with shown, st.container(key="gradient_latex"):
        for name, partial in zip(problem.variables, problem.objective.gradient_latex, strict=True):
            st.latex(rf"\frac{{\partial f}}{{\partial {name_latex(name)}}} = {partial}")


# -- from where, and how --


def _start_fields(problem: Problem) -> tuple[float, ...]:
    keys = offers.start_keys(problem.variables)
    st.markdown("**Start**, " + (set_by() if offers.is_set(*keys) else "as offered here"))
    start = []
    with st.container(key="begin", horizontal=True):
        for name, default in zip(problem.variables, problem.start, strict=True):
            key = widgets.recall(f"start_{name}", float(default))
            step, digits = _step(default), _format(default)
            field = st.number_input(name, key=key, step=step, format=digits, on_change=offers.note_set, args=(key,))
            start.append(float(field))
    with st.container(key="begin_anew", horizontal=True):
        st.button(
            "Random", icon=":material/casino:", on_click=_randomize, args=(problem,), width="stretch", key="random"
        )
        st.button(
            "Reset", icon=":material/undo:", width="stretch", key="reset_start",
            on_click=offers.forget_set, args=keys, help="Back to the start that is offered here",
        )  # fmt: skip
    return tuple(start)


def _randomize(problem: Problem) -> None:
    seed = int(widgets.kept("seed", 0)) + 1
    widgets.keep("seed", seed)
    state.put_start(problem.variables, random_start(problem.window, seed))
    offers.note_set(*offers.start_keys(problem.variables))


def _offer_anew(problem: Problem, method: Optimizer, named: dict[str, Any]) -> None:
    """Offer start, rate and epochs anew where the fields ``named``, the data or the method changed. What was set stays.

    The rate is for the start that is then shown. It stays while a hand moves the start: what a drag shows is what that
    start does, and nothing else.
    """
    if not offers.is_new((posing(named), problem.table and problem.table.digest, method)):
        return
    keys = offers.start_keys(problem.variables)
    for key, value in zip(keys, problem.start, strict=True):
        if not offers.is_set(key):
            widgets.keep(key, float(value))
    if not offers.is_set("epochs"):
        widgets.keep("epochs", problem.epochs)
    if not offers.is_set("learning_rate"):
        start = tuple(float(widgets.kept(key, value)) for key, value in zip(keys, problem.start, strict=True))
        widgets.keep("learning_rate", offered_rate(problem, start, method))


def _epochs_field(problem: Problem) -> int:
    epochs = number_field(
        "Epochs", 1, MAX_EPOCHS, step=100, key=widgets.recall("epochs", problem.epochs),
        on_change=offers.note_set, args=("epochs",),
        help="How many steps to take, at most 100,000: what a browser can still draw at once.",
    )  # fmt: skip
    epochs_slider(epochs, _epochs_dragged)
    return int(epochs)


def _epochs_dragged(epochs: float) -> None:
    widgets.keep("epochs", int(epochs))
    offers.note_set("epochs")


def _format(value: float) -> str:
    """How many digits a start's field shows: fewer where an exponent, or many zeros, would not fit beside them."""
    return "%.10g" if len(f"{value:.10g}") <= _WIDEST else "%.6g"


def _step(value: float) -> float:
    """What a click on plus or minus changes: a tenth, but of small numbers less."""
    return 0.1 if value == 0 or abs(value) >= 0.1 else float(f"{abs(value) / 10:.0e}")


def _method() -> Optimizer | None:
    """The optimizer that the fields hold, None if one of them is out of range."""
    cls = OPTIMIZERS[widgets.kept("optimizer", "gd")]
    try:
        made: Optimizer = cls(**{f.name: widgets.kept(field_key(f.name), f.default) for f in fields(cls)})
    except ValueError:  # said below the optimizer's fields
        return None
    return made


def _optimizer_fields() -> tuple[type[Any], dict[str, Any]]:
    """The class of the optimizer, and what its fields hold."""
    optimizer = st.selectbox(
        "Optimizer", tuple(OPTIMIZERS), format_func=lambda name: OPTIMIZERS[name].title,
        key=widgets.recall("optimizer", "gd"), on_change=_defaults_of, args=("optimizer", OPTIMIZERS),
    )  # fmt: skip
    return OPTIMIZERS[optimizer], _hyperparameter_fields(OPTIMIZERS[optimizer])


def _schedule_fields(problem: Problem, fold: Fold) -> tuple[type[Any], dict[str, Any]]:
    """What becomes of the learning rate from epoch to epoch: the class of it, and what its fields hold."""
    schedule = fold.field(
        st.selectbox, "Learning rate from epoch to epoch", tuple(LEARNING_RATES), key="schedule", default="constant",
        format_func=lambda name: LEARNING_RATES[name].title,
        on_change=_defaults_of, args=("schedule", LEARNING_RATES),
    )  # fmt: skip
    known = {"f_min": problem.lowest or 0.0}
    return LEARNING_RATES[schedule], _hyperparameter_fields(LEARNING_RATES[schedule], known, fold.is_open)


def _defaults_of(key: str, registry: Mapping[str, Any]) -> None:
    """A newly chosen method begins with its own defaults: an epsilon of Adagrad's is not one of Adam's."""
    chosen = registry.get(st.session_state[key])
    for f in hyperparameters_of(chosen) if chosen is not None else ():
        widgets.keep(field_key(f.name), f.default)


def _hyperparameter_fields(
    cls: type[Any], known: Mapping[str, float] = MappingProxyType({}), drawn: bool = True
) -> dict[str, Any]:
    """Draw a field for each hyper-parameter of ``cls``, unless it is folded away, and return what they hold.

    ``known`` are better first values than the class's defaults.
    """
    held = {}
    for f in hyperparameters_of(cls):
        key, first = field_key(f.name), known.get(f.name, f.default)
        if drawn:
            held[f.name] = hyperparameter_field(f, key=widgets.recall(key, first))
            slider_below(f, held[f.name], partial(widgets.keep, key))
        else:
            held[f.name] = held_hyperparameter(f, key, first)
    return held


def _gradient_fields(fold: Fold) -> tuple[str, float, float]:
    gradient = fold.field(
        st.radio, "Gradient", ("exact", "estimated"), key="gradient", default="exact", horizontal=True,
        help="Exact, from the formula; or estimated by difference quotients (f(x + h) − f(x)) / h.",
    )  # fmt: skip
    h = fold.number(
        "Step h", LEAST, 1.0, format="%.10g", step=0.0001, key="h", default=Experiment.h, disabled=gradient == "exact",
    )  # fmt: skip
    tolerance = fold.number(
        "Tolerance", 0.0, 1.0, format="%.10g", step=1e-8, key="tolerance", default=Experiment.tolerance,
        help="A run has converged when the slope (the gradient’s length) is at most this.",
    )  # fmt: skip
    return gradient, float(h), float(tolerance)
