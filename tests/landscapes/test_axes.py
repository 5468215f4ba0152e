"""Axes: whole epochs, and a range that a browser can draw, whatever the numbers."""

from __future__ import annotations

import numpy as np
import pytest

from gdviz import parse
from gdviz.descent import descend
from gdviz.figures import curve_figure, loss_figure, theta_figure
from gdviz.figures.epochs import epoch_axis, log_axis, visible_range
from gdviz.figures.marks import leaving
from gdviz.landscapes import curve


@pytest.mark.parametrize("epochs", [0, 1, 2, 4, 6])
def test_a_short_run_has_a_tick_for_each_epoch_and_none_between(epochs):
    axis = epoch_axis(epochs)
    assert axis["dtick"] == 1
    assert axis["range"][1] > max(1, epochs)


def test_a_long_run_has_few_ticks():
    assert "dtick" not in epoch_axis(7)
    assert epoch_axis(7)["nticks"] == 7


def test_numbers_too_close_for_a_browser_get_a_range():
    assert visible_range(np.array([1e-320, 1e-310, np.nan])) == {"range": [-1.0, 1.0]}
    assert visible_range(np.array([-1e-291, 1e-291])) == {"range": [-1.0, 1.0]}
    for plain in ([], [np.nan], [0.0], [1e-320], [1e-280, 0.0], [1e10, 1e10 + 1], [-1e308, 1e308], [1.7e308, 1.79e308]):
        with np.errstate(all="raise"):
            assert visible_range(np.array(plain)) == {}


def test_a_start_next_to_nothing_is_drawn():
    run = descend(parse("x*y"), [1e-320, 1e-310], 10.0, 60)
    assert theta_figure(run).layout.yaxis.range == (-1.0, 1.0)
    assert loss_figure(descend(parse("x"), [1e-320], 1e-315, 60)).layout.yaxis.range == (-1.0, 1.0)


@pytest.mark.filterwarnings("error")
def test_a_start_without_a_value_is_said_to_leave_nowhere():
    objective = parse("1/x")
    run = descend(objective, [0.0], 0.1, 60)
    assert leaving(np.array([[0.0, np.inf]]), ((-1, 1), (-1, 1))) is None
    figure = curve_figure(curve(objective, (-1.0, 3.0)), run)
    assert len(next(trace for trace in figure.data if trace.name == "note").x) == 0


def test_values_at_the_end_of_floats_are_drawn_the_right_way_up():
    bottom, top = curve(parse("-x^2"), (-1.25e154, -1e151)).value_window
    assert bottom < top


@pytest.mark.parametrize("size", [1e-290, 2.5e-17, 0.3, 1.0, 7.0, 1e12, 1e300])
@pytest.mark.parametrize("ratio", [1.0, 1.0 + 1e-12, 1.3, 2.0, 5.0, 9.9])
def test_within_a_decade_a_log_axis_has_a_few_ticks_at_equal_steps(size, ratio):
    axis = log_axis(np.array([size, size * ratio]))
    low, high = 10.0 ** np.array(axis["range"])
    assert low < size <= size * ratio < high
    step = float(axis["dtick"].removeprefix("L"))
    assert 2 <= np.floor(high / step) - np.ceil(low / step) + 1 <= 8


def test_a_log_axis_of_decades_has_ticks_at_whole_powers():
    assert log_axis(np.array([1e-8, 0.0, np.nan, 100.0]))["dtick"] == 2
    assert "dtick" not in log_axis(np.array([0.0, np.nan]))
    assert log_axis(np.array([5e-324, 5e-324]))["dtick"].startswith("L")
