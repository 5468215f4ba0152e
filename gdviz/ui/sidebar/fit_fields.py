"""The sidebar's fields for fitting data: which data, which model, which loss, on which scale, in which batches."""

from __future__ import annotations

from typing import Any

import streamlit as st

from gdviz.datasets import DATASETS, Table
from gdviz.datasets.cells import MAX_ROWS
from gdviz.experiments import UPLOAD, Experiment
from gdviz.fits import LOSSES, MODELS, FitError, ReadyModel, first_model, usual_target
from gdviz.ui.menus import opened
from gdviz.ui.notices import say_mistake
from gdviz.ui.session import state, widgets
from gdviz.ui.sidebar.fold import Fold
from gdviz.ui.sidebar.hyperparameter_fields import LEAST
from gdviz.ui.sidebar.number_field import number_field
from gdviz.ui.sidebar.upload_field import upload_field

_TITLES = {key: dataset.title for key, dataset in DATASETS.items()} | {UPLOAD: "Your own data"}
_NOT_SCALED = "_not_scaled"  # the ready model for which standardizing was turned off


def fit_fields(slots: dict[str, Any]) -> dict[str, Any]:
    """Draw the fields and return the experiment's fields that they hold; errors go to ``slots``, by field."""
    data = st.selectbox(
        "Data",
        tuple(_TITLES),
        format_func=_TITLES.__getitem__,
        key=widgets.recall("data", "line"),
        on_change=_data_chosen,
    )
    if data == UPLOAD:
        upload_field(take_table)
    noise = _noise_field() if data == "line" else 0.0
    slots["data"] = st.container()
    table = state.table() if data == UPLOAD else DATASETS[data].table
    if table is None:
        return {"data": data}
    return {"data": data, "data_noise": noise} | _model_fields(data, table, slots) | _how_fields(data, table, slots)


def take_table(table: Table) -> None:
    """Make a newly read table the one that is fitted, with a line as its first model."""
    if state.set_table(table):
        st.rerun()
    offer_line(table)


def offer_line(table: Table) -> None:
    """Make a line the model of a table that was just taken."""
    target = usual_target(table.names)
    for name, value in (
        ("target", target),
        ("model", first_model(table.columns, target)),
        ("fit_loss", "squared"),
    ):
        widgets.keep(name, value)


def _data_chosen() -> None:
    data = st.session_state["data"]
    if data == UPLOAD:
        table = state.table()
        if table is not None:
            take_table(table)
        return
    dataset = DATASETS.get(data)
    if dataset is None:  # no browser sends that
        return
    for name, value in (("target", dataset.target), ("model", dataset.model), ("fit_loss", dataset.loss)):
        widgets.keep(name, value)
    widgets.keep("standardize", False)


def _noise_field() -> float:
    return float(
        number_field(
            "Noise", 0.0, 1e6, step=10.0, key=widgets.recall("data_noise", 0.0), format="%.10g",
            help="Standard deviation of noise added to the line’s y, the same at every visit.",
        )
    )  # fmt: skip


def _model_fields(data: str, table: Table, slots: dict[str, Any]) -> dict[str, Any]:
    usual = DATASETS.get(data)
    first = usual.target if usual else usual_target(table.names)
    target = st.selectbox("Target column", table.names, key=widgets.recall("target", first))
    slots["target"] = st.container()
    model = st.text_input(
        "Model", key=widgets.recall("model", usual.model if usual else ""),
        placeholder="slope*x + intercept", help="Names of columns are data; all others are parameters to be found.",
    )  # fmt: skip
    slots["model"] = st.container()
    if model == widgets.kept(_NOT_SCALED) and not widgets.kept("standardize"):
        st.caption(
            "Standardizing is off: this model is not linear in its parameters, so it would change their meaning."
        )
    _ready_fields([name for name in table.names if name != target], table)
    return {"target": target, "model": model}


def _ready_fields(inputs: list[str], table: Table) -> None:
    """Models that are ready to take: a click writes one into the model field."""
    menu = opened("Ready models", "ready_models", icon=":material/auto_awesome:", width="stretch")
    if menu is None:
        return
    with menu:
        key = st.selectbox(
            "Kind", tuple(MODELS), format_func=lambda k: MODELS[k].title, key=widgets.recall("ready", "line")
        )
        ready = MODELS[key]
        st.caption(f"`{ready.shape}`. {ready.note}")
        if ready.many:
            chosen = st.multiselect("Columns", inputs, default=inputs, key="ready_columns")
        else:
            chosen = [str(st.selectbox("Column", inputs, key="ready_column"))]
        degree = st.number_input("Degree", *ready.degrees, value=2, key="ready_degree") if ready.degrees else 2
        try:
            text = ready.write(chosen, table.names, int(degree), table.columns)
        except FitError as error:
            say_mistake(error)
            return
        st.text(text)
        st.button("Take this model", type="primary", on_click=_take_model, args=(ready, text))


def _take_model(ready: ReadyModel, text: str) -> None:
    widgets.keep("model", text)
    widgets.keep("fit_loss", ready.loss)
    if widgets.kept("standardize") and not ready.linear:
        widgets.keep("standardize", False)
        widgets.keep(_NOT_SCALED, text)


def _how_fields(data: str, table: Table, slots: dict[str, Any]) -> dict[str, Any]:
    usual = DATASETS[data].loss if data in DATASETS else "squared"
    with Fold("Loss, scaling, batches", "fold_fitting", ":material/balance:") as fold:
        loss = fold.field(
            st.selectbox, "Loss", tuple(LOSSES), format_func=lambda name: LOSSES[name].title, key="fit_loss",
            default=usual,
        )  # fmt: skip
        delta = 1.0
        if loss == "huber":
            delta = fold.number(
                "Huber’s delta", LEAST, 1e150, step=0.1, format="%.10g", key="delta", default=1.0,
                help="The error from which on the loss grows in proportion, in the target’s unit.",
            )  # fmt: skip
        ridge = fold.number(
            "Ridge", 0.0, 1e100, step=0.1, format="%.10g", key="ridge", default=0.0,
            help="This times the sum of squared parameters is added to the loss; intercepts are left out.",
        )  # fmt: skip
        standardize = fold.field(
            st.toggle, "Standardize columns", key="standardize", default=False,
            help="Descend on columns with mean 0 and deviation 1. Theta is shown in the data’s own units all the same.",
        )  # fmt: skip
        batches = _batch_fields(table, fold)
    slots |= dict.fromkeys(("fit_loss", "ridge", "standardize"), st.container())  # not where they may be folded away
    named: dict[str, Any] = {"ridge": float(ridge), "standardize": bool(standardize), "delta": float(delta)}
    return named | {"fit_loss": "" if loss == usual else loss} | batches


def _batch_fields(table: Table, fold: Fold) -> dict[str, int]:
    batch_size = fold.number(
        "Rows in a batch (0: all)", 0, MAX_ROWS, step=1, key="batch_size", default=Experiment.batch_size,
        help=f"An epoch is a pass over all {table.rows:,} rows, in batches of this many, shuffled anew each epoch. "
        "1 is stochastic gradient descent.",
    )  # fmt: skip
    if not batch_size:
        return {"batch_size": 0}
    seed = fold.number("Seed of the shuffling", 0, 2**31 - 1, step=1, key="shuffle_seed", default=0)
    return {"batch_size": int(batch_size), "shuffle_seed": int(seed)}
