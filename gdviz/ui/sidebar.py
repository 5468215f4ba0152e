"""The sidebar: it edits the experiment. What is wrong is said beside the field that caused it, and nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import Any

import streamlit as st

from gdviz.descent import MAX_EPOCHS
from gdviz.experiments import FIT, FORMULA, UPLOAD, Experiment, Problem, ProblemError, pose
from gdviz.experiments.fitting import FITTED_FIELDS
from gdviz.learning_rates import LEARNING_RATES
from gdviz.optimizers import OPTIMIZERS
from gdviz.presets import PRESETS, random_start
from gdviz.theory import curvature, stability_limit
from gdviz.theory.laws import law_of
from gdviz.ui import compute, state
from gdviz.ui.controls import control
from gdviz.ui.fit_fields import fit_fields, take_over_fit
from gdviz.ui.own_fields import LEAST, own_field, own_of
from gdviz.ui.rate_slider import rate_slider

_SOURCES = (FORMULA, FIT)
_BATCHES = ("batch_size", "shuffle_seed")
_TITLES = {FORMULA: "Your own formula", FIT: "Fit data"} | {key: preset.title for key, preset in PRESETS.items()}
Own = tuple[tuple[str, Any], ...]
_RATE_RANGE = (LEAST, 1e6)


def sidebar(front: Any | None = None) -> tuple[Experiment, Problem]:
    """Draw the sidebar; return the experiment it holds and its problem, the last good ones where a field is wrong.

    The learning rate goes to the container ``front`` if there is one.
    """
    with st.sidebar:
        named, problem = _objective_fields()
        with control("start"):
            start = _start_fields(problem)
        with front or st.container(), control("learning_rate"):
            rate = _learning_rate_fields(problem, start)
        with control("epochs"):
            epochs = st.number_input(
                "Epochs", 1, MAX_EPOCHS, step=100, key=state.recall("epochs", problem.epochs),
                help="How many steps to take, at most 100,000: what a browser can still draw at once.",
            )  # fmt: skip
        with control("optimizer"):
            optimizer, hyperparameters = _optimizer_fields()
        method_slot = st.container()
        with control("schedule"), st.expander("Schedule, gradient, tolerance", icon=":material/tune:"):
            schedule, schedule_parameters = _schedule_fields(problem)
            gradient, h, tolerance = _gradient_fields()
    experiment = Experiment(
        **named, start=start, learning_rate=rate, epochs=int(epochs), optimizer=optimizer,
        hyperparameters=hyperparameters, schedule=schedule, schedule_parameters=schedule_parameters,
        gradient=gradient, h=h, tolerance=tolerance, seed=state.kept("seed", 0),
    )  # fmt: skip
    try:
        compute.run(experiment, problem.table)
    except ValueError as error:  # such as a line search along a direction that need not go down
        method_slot.error(str(error), icon=":material/error:")
        method_slot.caption("The picture shows the last settings that worked.")
        return state.good()
    state.set_good(experiment, problem)
    return experiment, problem


# -- what is minimized --


def _objective_fields() -> tuple[dict[str, Any], Problem]:
    slots: dict[str, Any] = {}
    with control("function"):
        objective = st.selectbox(
            "Function",
            (*_SOURCES, *PRESETS),
            format_func=_TITLES.__getitem__,
            key=state.recall("objective", Experiment.objective),
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
        problem = pose(**{name: value for name, value in named.items() if name not in _BATCHES}, table=state.table())
    except ProblemError as error:
        missing_file = error.field == "data" and state.kept("data") == UPLOAD and state.table() is None
        if not missing_file:  # the upload field asks for it already
            slots.get(error.field, st).error(str(error), icon=":material/error:")
        good, problem = state.good()
        named = {f: getattr(good, f) for f in ("objective", "formula", *FITTED_FIELDS, *_BATCHES)}
        st.caption(f"The picture still shows {problem.objective.text}.")
    else:
        with control("formula"):
            _read_back(problem)
    return named, problem


def _objective_chosen() -> None:
    """A preset or a data set brings its own start, rate and epochs; the own formula begins as the one shown."""
    chosen = st.session_state["objective"]
    if chosen == FORMULA:
        if not state.kept("formula"):
            state.keep("formula", state.good()[1].objective.text)
        return
    if chosen == FIT:
        take_over_fit()
    else:
        state.take_over({"objective": chosen})


def _preset_card(key: str) -> None:
    preset = PRESETS[key]
    st.code(preset.formula, language=None, wrap_lines=True)
    st.button(
        "Edit this formula", icon=":material/edit:", on_click=_edit_preset, args=(preset.formula,), width="stretch"
    )


def _edit_preset(formula: str) -> None:
    state.keep("formula", formula)
    state.keep("objective", FORMULA)


def _formula_field(slots: dict[str, Any]) -> dict[str, str]:
    formula = st.text_input(
        "Formula", key=state.recall("formula", "x^2 + y^2"), max_chars=None, placeholder="(1 - x)^2 + 100*(y - x^2)^2",
        help="Variables are any letters or names; sin cos tan exp log sqrt abs min max and their kin are functions; "
        "powers are ^ or **; pi, e and tau are numbers.",
    )  # fmt: skip
    slots["formula"] = st.container()
    return {"formula": formula}


def _read_back(problem: Problem) -> None:
    """Show how the formula was understood, and its gradient; of a fit, the model and what is minimized."""
    fit = problem.fit
    with st.container(key="formula_latex"):
        if fit is not None:
            st.latex(fit.terms.latex if fit.terms is not None else fit.expression.latex)
        else:
            names = ", ".join(_latex_name(name) for name in problem.variables)
            st.latex(f"f({names}) = " + problem.objective.latex)
    if fit is not None:
        used = ", ".join(fit.used_columns) or "none"
        st.caption(f"{fit.loss.convention} Columns: {used}. Parameters: {', '.join(fit.variables)}.")
        return
    with st.expander("Gradient ∇f", icon=":material/change_history:"), st.container(key="gradient_latex"):
        for name, partial in zip(problem.variables, problem.objective.gradient_latex, strict=True):
            st.latex(rf"\frac{{\partial f}}{{\partial {_latex_name(name)}}} = {partial}")


def _latex_name(name: str) -> str:
    return name if len(name) == 1 else rf"\mathrm{{{name}}}".replace("_", r"\_")


# -- from where, and how --


def _start_fields(problem: Problem) -> tuple[float, ...]:
    st.markdown("**Start**")
    columns = st.columns(min(2, len(problem.variables)))
    start = []
    for i, (name, default) in enumerate(zip(problem.variables, problem.start, strict=True)):
        with columns[i % len(columns)]:
            key = state.recall(f"start_{name}", float(default))
            start.append(float(st.number_input(name, key=key, step=0.1, format="%.10g")))
    left, right = st.columns(2)
    left.button("Random", icon=":material/casino:", on_click=_randomize, args=(problem,), width="stretch", key="random")
    right.button(
        "Reset", icon=":material/undo:", width="stretch", key="reset_start",
        on_click=state.put_start, args=(problem.variables, problem.start), help="Back to the start of this function",
    )  # fmt: skip
    return tuple(start)


def _randomize(problem: Problem) -> None:
    seed = int(state.kept("seed", 0)) + 1
    state.keep("seed", seed)
    state.put_start(problem.variables, random_start(problem.window, seed))


def _learning_rate_fields(problem: Problem, start: tuple[float, ...]) -> float:
    rate = float(state.kept("learning_rate", problem.learning_rate))
    low, high = slider_range(problem.learning_rate)
    rate_slider(
        "Learning rate", "learning_rate_slider", value=rate, minimum=low, maximum=high,
        marks=_limit_mark(problem, start), on_change=_rate_dragged, ladders=True,
    )  # fmt: skip
    exact = st.number_input(
        "Learning rate, exact value", *_RATE_RANGE, step=0.001, format="%.10g",
        key=state.recall("learning_rate", problem.learning_rate), label_visibility="collapsed",
    )  # fmt: skip
    return float(exact)


def _rate_dragged(rate: float) -> None:
    state.keep("learning_rate", rate)


def slider_range(rate: float) -> tuple[float, float]:
    """Seven decades that hold the problem's sensible rate well inside."""
    low, high = 1e-6, 10.0
    while rate < 100 * low:
        low, high = low / 10, high / 10
    return low, high


def _limit_mark(problem: Problem, start: tuple[float, ...]) -> list[tuple[float, str]]:
    """Where on the slider the stability limit at the start lies, for methods that have one.

    It would tell what a covered run does.
    """
    if state.kept("cover"):
        return []
    cls = OPTIMIZERS[state.kept("optimizer", "gd")]
    try:
        optimizer = cls(**{f.name: state.kept(f.name, f.default) for f in fields(cls)})
    except ValueError:  # said below the optimizer's fields
        return []
    law, found = law_of(optimizer), curvature(problem.objective, start)
    if law is None or found is None:
        return []
    return [(stability_limit(optimizer, found.L), f"{law.limit_text} at the start")]


def _optimizer_fields() -> tuple[str, Own]:
    optimizer = st.selectbox(
        "Optimizer", tuple(OPTIMIZERS), format_func=lambda name: OPTIMIZERS[name].title,
        key=state.recall("optimizer", "gd"), on_change=_defaults_of, args=("optimizer", OPTIMIZERS),
    )  # fmt: skip
    return optimizer, _own_fields(OPTIMIZERS[optimizer])


def _schedule_fields(problem: Problem) -> tuple[str, Own]:
    """What becomes of the learning rate from epoch to epoch."""
    schedule = st.selectbox(
        "Learning rate from epoch to epoch", tuple(LEARNING_RATES), format_func=lambda name: LEARNING_RATES[name].title,
        key=state.recall("schedule", "constant"), on_change=_defaults_of, args=("schedule", LEARNING_RATES),
    )  # fmt: skip
    known = {"f_min": min((value for _, value in problem.minima), default=0.0)}
    return schedule, _own_fields(LEARNING_RATES[schedule], known)


def _defaults_of(key: str, registry: Mapping[str, Any]) -> None:
    """A newly chosen method begins with its own defaults: an epsilon of Adagrad's is not one of Adam's."""
    for f in own_of(registry[st.session_state[key]]):
        state.keep(f.name, f.default)


def _own_fields(cls: type[Any], known: Mapping[str, float] = MappingProxyType({})) -> Own:
    """Draw a field for each hyper-parameter of ``cls`` and return those that differ from their defaults.

    ``known`` are better first values than the class's defaults.
    """
    found: list[tuple[str, Any]] = []
    for f in own_of(cls):
        value = own_field(f, key=state.recall(f.name, known.get(f.name, f.default)))
        if value != f.default:
            found.append((f.name, value))
    return tuple(found)


def _gradient_fields() -> tuple[str, float, float]:
    gradient = st.radio(
        "Gradient", ("exact", "estimated"), key=state.recall("gradient", "exact"), horizontal=True,
        help="Exact, from the formula; or estimated by difference quotients (f(x + h) − f(x)) / h.",
    )  # fmt: skip
    h = st.number_input(
        "Spacing h", LEAST, 1.0, format="%.10g", step=0.0001, key=state.recall("h", Experiment.h),
        disabled=gradient == "exact",
    )  # fmt: skip
    tolerance = st.number_input(
        "Tolerance", 0.0, 1.0, format="%.10g", step=1e-8, key=state.recall("tolerance", Experiment.tolerance),
        help="A run has converged when the gradient's norm is at most this.",
    )  # fmt: skip
    return gradient, float(h), float(tolerance)
