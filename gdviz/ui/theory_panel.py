"""What theory says of the run: curvature, the stability limit along the path, the fastest settings, the prediction."""

from __future__ import annotations

from typing import Any

import streamlit as st

from gdviz.figures import Palette, sharpness_figure
from gdviz.numerals import format_number
from gdviz.theory import Curvature, Settings, best_settings, curvature, stability_limit
from gdviz.theory.laws import law_of, regimes
from gdviz.ui import compute, offers, state
from gdviz.ui.headings import heading
from gdviz.ui.live_plot import live_plot
from gdviz.ui.pictures import TITLES, Scene


def theory_panel(scene: Scene, palette: Palette) -> None:
    """Draw curvatures at both ends of the path, the fastest settings for them, and the sharpness along the path."""
    left, right = st.columns([1, 1.1], gap="medium")
    with left, st.container(key="curvature"):
        heading("Curvature at both ends of the path")
        ends = {"start": scene.run.thetas[0], "end": scene.run.thetas[-1]}
        found = {name: curvature(scene.problem.objective, theta) for name, theta in ends.items()}
        st.markdown(_table({name: c for name, c in found.items() if c is not None}, scene))
        last = found["end"]
        best = best_settings(scene.experiment.optimizer, last) if last is not None else None
        if best is not None:
            _offer(best)
        st.caption(
            "The shaded bands on the theta and loss curves are predicted: no run of this curvature leaves them. "
            "Where the function is no quadratic, they are those of the quadratic at the end, from where it holds."
        )
    record = compute.sharpness(scene.task)
    with right, st.container(key="sharpness"):
        heading(TITLES["sharpness"])
        if record is None:
            st.caption("The second derivatives of this formula are too long to write down.")
        else:
            live_plot(sharpness_figure(record, palette), "sharpness", alt=TITLES["sharpness"], height=330)


def _table(found: dict[str, Curvature], scene: Scene) -> str:
    method, eta = scene.experiment.optimizer, scene.experiment.eta
    law = law_of(method)
    rows = []
    for name, c in found.items():
        values = ", ".join(format_number(x, 4) for x in c.eigenvalues)
        condition = format_number(c.condition_number, 4)
        limit = format_number(stability_limit(method, c.L), 4)
        moves = "" if law is None else ", ".join(regime.value for regime in regimes(law, eta * c.eigenvalues))
        rows.append(f"| {name} | {values} | {condition} | {limit} | {moves} |")
    head = "| | eigenvalues of the Hessian | condition number | limit of the rate | along each, at this rate |"
    return "\n".join([head, "|---|---|---|---|---|", *rows])


def _offer(best: Settings) -> None:
    own = "".join(f", {name} = {format_number(value, 4)}" for name, value in best.hyperparameters.items())
    st.markdown(
        f"Fastest for the curvature at the end: learning rate {format_number(best.learning_rate, 4)}{own}; each epoch "
        f"then multiplies the error by {format_number(best.rate, 4)}."
    )
    st.button("Use it", icon=":material/bolt:", on_click=_use, args=(best,), key="use_best")


def _use(best: Settings) -> None:
    values: dict[str, Any] = {"learning_rate": best.learning_rate, "schedule": "constant", **best.hyperparameters}
    for name, value in values.items():
        state.keep(name, value)
    offers.note_set("learning_rate")
