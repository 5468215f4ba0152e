"""How good a fit is: its score in numbers, residuals, R² against the epoch, and what standardizing does."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

import streamlit as st
from numpy.typing import ArrayLike

from gdviz.figures import Palette
from gdviz.fits import Conditioning, Fit, count_classes, summarize
from gdviz.numerals import format_assignment, format_number
from gdviz.scenes import TITLES, Scene
from gdviz.ui.components.live_plot import live_plot
from gdviz.ui.headings import heading
from gdviz.ui.session import compute


def fit_panel(scene: Scene, fit: Fit, palette: Palette) -> None:
    """Draw the panel for the run's end."""
    theta = scene.run.thetas[-1]
    found = compute.conditions(scene.task)
    with st.container(key="fit_summary"):
        st.markdown(about_score(fit, theta) + "  \n" + about_conditions(found))
        exact = scene.problem.minima
        if exact and fit.quadratic is not None:
            st.caption(about_minimum(fit, exact[0][0], found))
    left, right = st.columns([1.1, 1], gap="medium")
    for column, name in ((left, "residuals"), (right, "score")):
        with column, st.container(key=name):
            heading(TITLES[name])
            live_plot(scene.figures()[name](palette), name, alt=TITLES[name], height=300, file_name=f"gdviz-{name}")


def about_score(fit: Fit, theta: ArrayLike) -> str:
    """Return how good the fit is at theta (n,), in words."""
    found = summarize(fit, theta)
    if fit.loss.classes:
        classes = count_classes(fit, theta)
        return f"**{format_number(100 * classes.accuracy)} %** of {classes.rows:,} rows are classified correctly."
    return f"**R² = {format_number(found.r_squared, 5)}**; root mean squared error {format_number(found.rmse, 4)}."


def about_minimum(fit: Fit, exact: Sequence[float], found: Conditioning) -> str:
    """Return where the ``exact`` minimum (n,) is, in words."""
    which = "The exact minimum" if found.own.smallest > 0 else "One of many exact minima, that nearest to 0"
    return f"{which}, a star in the landscape: {format_assignment(fit.variables, exact, 6)}."


def about_conditions(found: Conditioning) -> str:
    """Return what the curvatures of a fit say, in words."""
    if isnan(found.own.condition_number):
        return "No condition number at the end: the ground curves down there one way."
    text = f"Condition number {format_number(found.own.condition_number, 4)} in the data’s own units"
    if found.standardized is None:
        return text + "."
    after = format_number(found.standardized.condition_number, 4)
    return (
        f"{text}, {after} with standardized columns: so many times flatter is the flattest direction than the steepest."
    )
