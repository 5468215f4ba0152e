"""The predicted envelope and the sharpness as they are drawn: the numbers are the theory's own."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest

from gdviz.descent import descend
from gdviz.figures import loss_figure, sharpness_figure, theta_figure
from gdviz.figures.base import MOVING
from gdviz.figures.palette import PALETTES
from gdviz.objectives import parse
from gdviz.optimizers import Adam, GradientDescent, Lion, Momentum, Nesterov
from gdviz.theory import envelope, sharpness_along

RAVINE = parse("0.1*x^2 + 2*y^2")
HIMMELBLAU = parse("(x^2 + y - 11)^2 + (x + y^2 - 7)^2")
ROSENBROCK = parse("(1 - x)^2 + 100*(y - x^2)^2")

SWINGING = descend(RAVINE, [-5, -2], 0.4, 60, Momentum(0.8))
BAND = envelope(RAVINE, SWINGING, Momentum(0.8), 0.4)
EXPLODING = descend(RAVINE, [-5, -2], 0.6, 3000)
EXPLODING_BAND = envelope(RAVINE, EXPLODING, GradientDescent(), 0.6)
LONG = descend(RAVINE, [-5, -2], 0.001, 20_000)
LONG_BAND = envelope(RAVINE, LONG, GradientDescent(), 0.001)


def every_figure(palette):
    yield theta_figure(SWINGING, palette=palette, envelope=BAND)
    yield loss_figure(SWINGING, 0.0, palette, envelope=BAND)
    yield theta_figure(EXPLODING, palette=palette, envelope=EXPLODING_BAND)
    yield loss_figure(EXPLODING, palette=palette, envelope=EXPLODING_BAND)
    yield sharpness_figure(sharpness_along(RAVINE, SWINGING, Momentum(0.8), 0.4), palette)
    run = descend(ROSENBROCK, [-1.2, 1], 0.01, 200, Adam())
    yield sharpness_figure(sharpness_along(ROSENBROCK, run, Adam(), 0.01), palette)


def bands(figure):
    return [trace for trace in figure.data if trace.name == "predicted"]


# -- the envelope --


def test_each_parameter_has_a_band_of_its_own_width_around_the_center():
    first, second = bands(theta_figure(SWINGING, envelope=BAND))
    for i, band in enumerate((first, second)):
        upper, lower = band.y[:61], band.y[:60:-1]
        np.testing.assert_array_equal(band.x[:61], np.arange(61))
        np.testing.assert_allclose(upper, BAND.center[i] + BAND.half_width[:, i])
        np.testing.assert_allclose(lower, BAND.center[i] - BAND.half_width[:, i])
    assert (first.showlegend, second.showlegend) == (True, False)


def test_the_loss_has_a_band_up_to_its_bound():
    figure = loss_figure(SWINGING, envelope=BAND)
    edge = next(trace for trace in figure.data if trace.name == "predicted bound")
    np.testing.assert_allclose(edge.y, np.maximum(BAND.loss, SWINGING.values.min()))
    assert (edge.y[: len(SWINGING.values)] >= SWINGING.values * (1 - 1e-9)).all()
    assert figure.layout.showlegend


def test_the_loss_band_is_shifted_with_the_values():
    lifted = parse("x^2 + 4*y^2 - 7")
    run = descend(lifted, [3, 1], 0.05, 200)
    found = envelope(lifted, run, GradientDescent(), 0.05)
    figure = loss_figure(run, -7.0, envelope=found)
    edge = next(trace for trace in figure.data if trace.name == "predicted bound")
    assert figure.layout.yaxis.type == "log"
    assert edge.y[0] == pytest.approx(found.loss[0] + 7)
    assert (edge.y > 0).all()


def test_without_an_envelope_nothing_changes():
    assert not bands(theta_figure(SWINGING))
    assert [trace.name for trace in loss_figure(SWINGING).data] == ["value", "slope"]
    assert [trace.name for trace in theta_figure(SWINGING).data] == ["x", "y"]


def test_bands_lie_behind_the_curves_and_follow_the_hand():
    figure = theta_figure(SWINGING, envelope=BAND)
    assert [trace.name for trace in figure.data] == ["predicted", "predicted", "x", "y"]
    for trace in (*figure.data, *loss_figure(SWINGING, envelope=BAND).data):
        assert trace.meta.items() >= MOVING.items()


def test_a_band_that_overflows_ends_where_the_numbers_do():
    for figure in (theta_figure(EXPLODING, envelope=EXPLODING_BAND), loss_figure(EXPLODING, envelope=EXPLODING_BAND)):
        for band in bands(figure):
            assert np.isfinite(band.y).all()
            assert len(band.y)


def test_long_runs_have_thin_bands():
    for band in bands(theta_figure(LONG, envelope=LONG_BAND)):
        assert len(band.x) < 2_500
        assert band.x.max() == LONG.epochs


def test_a_local_envelope_begins_where_it_holds():
    run = descend(HIMMELBLAU, [0, 0], 0.01, 120)
    found = envelope(HIMMELBLAU, run, GradientDescent(), 0.01)
    assert 0 < found.first < 60
    for band in bands(theta_figure(run, envelope=found)):
        assert (band.x.min(), band.x.max()) == (found.first, run.epochs)


def test_a_band_much_wider_than_the_curves_does_not_flatten_them():
    nearly = 0.4 * (1 - 1e-9)
    run = descend(RAVINE, [-5, 0.001], nearly, 40)
    wide = envelope(RAVINE, run, GradientDescent(), nearly)
    stretched = type(wide)(wide.center, wide.half_width * 100, wide.loss, wide.floor)
    low, high = theta_figure(run, envelope=stretched).layout.yaxis.range
    assert high - low < 4 * np.ptp(run.thetas)


# -- sharpness --


def test_sharpness_is_drawn_against_its_limit():
    run = descend(HIMMELBLAU, [0, 0], 0.01, 100)
    record = sharpness_along(HIMMELBLAU, run, GradientDescent(), 0.01)
    curve, limit = sharpness_figure(record).data
    np.testing.assert_array_equal(curve.x, record.epochs)
    np.testing.assert_array_equal(curve.y, record.largest)
    np.testing.assert_array_equal(curve.customdata[:, 1], record.smallest)
    assert limit.name == "limit 2/η"
    assert set(limit.y) == {200.0}


@pytest.mark.parametrize(
    ("optimizer", "name"),
    [
        (Momentum(0.5), "limit (2 + 2β)/η"),
        (Nesterov(0.5), "limit (2 + 2β)/((1 + 2β)η)"),
        (Adam(), "limit (2 + 2β₁)/((1 − β₁)η)"),
    ],
)
def test_each_method_is_shown_its_own_limit(optimizer, name):
    run = descend(ROSENBROCK, [-1.2, 1], 1e-4, 50, optimizer)
    figure = sharpness_figure(sharpness_along(ROSENBROCK, run, optimizer, 1e-4))
    assert figure.data[1].name == name


def test_where_the_ground_curves_down_there_is_no_condition_number():
    run = descend(parse("x^2 - y^2"), [1, 0.1], 0.1, 5)
    curve, _ = sharpness_figure(sharpness_along(parse("x^2 - y^2"), run, GradientDescent(), 0.1)).data
    assert set(curve.text) == {""}
    bent = descend(RAVINE, [-5, -2], 0.1, 5)
    curve, _ = sharpness_figure(sharpness_along(RAVINE, bent, GradientDescent(), 0.1)).data
    assert set(curve.text) == {"<br>condition number 20"}


def test_a_method_without_a_limit_has_none_drawn():
    run = descend(ROSENBROCK, [-1.2, 1], 1e-4, 50, Lion())
    (curve,) = sharpness_figure(sharpness_along(ROSENBROCK, run, Lion(), 1e-4)).data
    assert curve.name == "sharpness"


def test_the_axis_is_logarithmic_only_where_it_helps():
    near = descend(RAVINE, [1, 1], 0.4, 20)
    assert sharpness_figure(sharpness_along(RAVINE, near, GradientDescent(), 0.4)).layout.yaxis.type is None
    far = descend(RAVINE, [1, 1], 1e-4, 20)
    assert sharpness_figure(sharpness_along(RAVINE, far, GradientDescent(), 1e-4)).layout.yaxis.type == "log"
    downward = descend(parse("cos(x)"), [0.1], 1e-4, 20)  # negative all the way
    shown = sharpness_figure(sharpness_along(parse("cos(x)"), downward, GradientDescent(), 1e-4))
    assert shown.layout.yaxis.type is None


# -- looks --


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_every_property_is_one_that_plotly_knows_and_every_color_is_explicit(palette):
    for figure in every_figure(palette):
        go.Figure(figure.to_dict())
        for trace in figure.data:
            assert trace.line.color is not None
            assert isinstance(trace.x, np.ndarray)
            assert isinstance(trace.y, np.ndarray)
            if trace.fill:
                assert trace.fillcolor.startswith("rgba(")
