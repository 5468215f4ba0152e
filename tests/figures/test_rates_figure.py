"""The chart of the learning rates that were really used."""

import numpy as np
import plotly.graph_objects as go
import pytest

import gdviz
from gdviz.figures import rates_figure
from gdviz.figures.palette import PALETTES
from gdviz.learning_rates import make_learning_rate


@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda palette: palette.name)
@pytest.mark.parametrize(("name", "wide"), [("cosine", True), ("step", False), ("backtracking", False)])
def test_the_drawn_rates_are_those_of_the_run(name, wide, palette):
    f = gdviz.parse("x^2 + 4*y^2")
    run = gdviz.descend(f, [1.0, 1.0], make_learning_rate(name, 0.1), 30, tolerance=0)
    figure = rates_figure(run, palette)
    (trace,) = figure.data
    np.testing.assert_array_equal(np.asarray(trace.y)[:-1], run.learning_rates[np.asarray(trace.x)][:-1])
    assert (figure.layout.yaxis.type == "log") is wide
    go.Figure(figure.to_dict())  # Plotly knows every property


def test_a_run_without_a_step_has_an_empty_chart():
    run = gdviz.descend(gdviz.parse("x^2"), [0.0], 0.1, 5)
    assert len(rates_figure(run).data[0].x) == 0
