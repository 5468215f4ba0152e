"""Figures of fits: residuals, R², class boundaries, and a second run beside the first."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest

from gdviz.figures import (
    LIGHT,
    PALETTES,
    boundary_figure,
    fit_figure,
    residuals_figure,
    score_figure,
)
from gdviz.fits import Boundary, Fit, decision_boundary

X1 = np.array([0.0, 1.0, 2.0, 3.0, 4.0])
CLASSES = {"x_1": X1, "x_2": X1[::-1] ** 2, "kind": np.array([0.0, 1.0, 0.0, 1.0, 1.0])}
BOUNDARY = decision_boundary(Fit("a*x_1 + b*x_2 + c", CLASSES, "kind", "log"), [1.0, -0.5, 0.2], "x_1", "x_2", 12)


def every_figure(palette):
    yield residuals_figure(X1, X1 - 2, "x_1", "y", palette)
    yield score_figure(np.arange(5), np.array([-9.0, -1, 0.5, 0.8, 0.9]), palette)
    yield boundary_figure(CLASSES, BOUNDARY, "x_1", "x_2", "kind", palette)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_every_property_of_every_figure_is_one_that_plotly_knows(palette):
    for figure in every_figure(palette):
        go.Figure(figure.to_dict())


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_every_colour_is_explicit(palette):
    for figure in every_figure(palette):
        assert figure.layout.font.color == palette.text
        assert figure.layout.uirevision
        for trace in figure.data:
            assert isinstance(trace.x, np.ndarray)
            assert isinstance(trace.y, np.ndarray)
            if trace.type == "contour" or "lines" in trace.mode:
                assert trace.line.color
            elif "markers" in trace.mode:
                assert trace.marker.color


# -- residuals --


def test_residuals_are_drawn_as_given_around_a_line_at_zero():
    residuals = np.array([1.0, -2.0, 0.5, 3.0, -0.25])
    figure = residuals_figure(X1, residuals, "x_1", "y")
    np.testing.assert_array_equal(figure.data[0].x, X1)
    np.testing.assert_array_equal(figure.data[0].y, residuals)
    assert figure.data[0].meta == {"moving": True}
    assert figure.layout.xaxis.title.text == "x₁"
    assert figure.layout.yaxis.title.text == "y − predicted"
    assert figure.layout.yaxis.zeroline
    assert figure.layout.yaxis.rangemode == "tozero"


@pytest.mark.filterwarnings("error")
def test_many_residuals_are_thinned_and_those_without_a_value_left_out():
    x, residuals = np.random.default_rng(0).normal(size=(2, 50_000))
    residuals[:3] = np.nan, np.inf, -np.inf
    drawn = residuals_figure(x, residuals, "prediction of y", "y").data[0]
    assert len(drawn.x) < 5_000
    pairs = set(zip(x[3:].tolist(), residuals[3:].tolist(), strict=True))
    assert set(zip(drawn.x.tolist(), drawn.y.tolist(), strict=True)) <= pairs
    assert len(residuals_figure([1.0], [np.nan], "x", "y").data[0].x) == 0


# -- R² --


def test_r_squared_is_drawn_as_given():
    scores = np.array([0.1, 0.5, 0.75, 0.9])
    figure = score_figure([0, 1, 2, 3], scores)
    np.testing.assert_array_equal(figure.data[0].x, np.arange(4))
    np.testing.assert_array_equal(figure.data[0].y, scores)
    assert [trace.name for trace in figure.data] == ["R²", "perfect", "note"]
    low, high = figure.layout.yaxis.range
    assert 0 < low < 0.1
    assert high == 1.02
    assert len(figure.data[2].x) == 0


@pytest.mark.parametrize(
    ("scores", "words", "at"),
    [
        ([-1e6, -50, -2, -0.5, 0.9, 0.95], "below −1<br>before epoch 3", 3),
        ([0.5, 0.2, -0.9, -30, -1e9, -1e300], "below −1<br>from epoch 3 on", 2),
        ([0.5, -7, 0.2, -7, 0.4, -9], "below −1 at<br>3 of 6 epochs", 0),
    ],
)
def test_scores_far_below_do_not_flatten_the_others(scores, words, at):
    figure = score_figure(np.arange(6), scores)
    np.testing.assert_array_equal(figure.data[0].y, scores)
    assert -1.1 < figure.layout.yaxis.range[0] < -1
    assert figure.data[2].text[0] == words
    assert figure.data[2].x[0] == at


@pytest.mark.filterwarnings("error")
def test_scores_that_are_all_low_or_undefined_are_drawn_too():
    figure = score_figure(np.arange(4), [-1e9, -1000.0, -20.0, -10.0])
    assert -33 < figure.layout.yaxis.range[0] < -30
    assert figure.data[2].text[0] == "below −30<br>before epoch 2"
    for scores in ([np.nan] * 3, [-1.7e308] * 3, [-np.inf, np.nan, 0.5]):
        assert np.isfinite(score_figure(np.arange(3), scores).layout.yaxis.range).all()


def test_many_epochs_are_thinned():
    scores = np.sin(np.arange(100_000.0))
    figure = score_figure(np.arange(100_000), scores)
    assert len(figure.data[0].x) < 2_000
    np.testing.assert_array_equal(figure.data[0].y, scores[figure.data[0].x])


# -- classes --


def test_a_boundary_shows_both_classes_over_the_probability():
    figure = boundary_figure(CLASSES, BOUNDARY, "x_1", "x_2", "kind")
    shade, line, zeros, ones = figure.data
    for trace in (shade, line):
        np.testing.assert_array_equal(trace.x, BOUNDARY.x)
        np.testing.assert_array_equal(trace.y, BOUNDARY.y)
        np.testing.assert_array_equal(trace.z, BOUNDARY.probability.astype(np.float32))
    assert (line.contours.start, line.contours.end) == (0.5, 0.5)
    for kind, trace in enumerate((zeros, ones)):
        np.testing.assert_array_equal(trace.x, X1[CLASSES["kind"] == kind])
        np.testing.assert_array_equal(trace.y, CLASSES["x_2"][CLASSES["kind"] == kind])
    assert zeros.marker.symbol != ones.marker.symbol
    assert zeros.marker.color != ones.marker.color
    assert figure.layout.xaxis.range == (BOUNDARY.x[0], BOUNDARY.x[-1])
    assert figure.layout.yaxis.range == (BOUNDARY.y[0], BOUNDARY.y[-1])


def test_classes_of_many_rows_are_thinned_each_by_itself():
    random = np.random.default_rng(2)
    x, y = random.normal(size=(2, 40_000))
    kind = (np.arange(40_000) == 7).astype(float)
    around = Boundary(np.array([-5.0, 5]), np.array([-5.0, 5]), np.full((2, 2), 0.4))
    _, _, zeros, ones = boundary_figure({"x": x, "y": y, "kind": kind}, around, "x", "y", "kind").data
    assert len(zeros.x) < 3_000
    assert (ones.x.tolist(), ones.y.tolist()) == ([x[7]], [y[7]])


def test_points_are_drawn_alike_in_both_pictures_of_a_fit():
    fitted = fit_figure({"x_1": X1, "y": X1}, "x_1", "y", X1, X1)
    assert fitted.data[0].marker == residuals_figure(X1, X1, "x_1", "y", LIGHT).data[0].marker
