"""Figures of fits: residuals, R², class boundaries, and a second run beside the first."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest

from gdviz.descent import StopReason, Trajectory, descend
from gdviz.descent.minibatch import descend_minibatch
from gdviz.figures import (
    LIGHT,
    boundary_figure,
    contour_figure,
    curve_figure,
    fit_figure,
    loss_figure,
    residuals_figure,
    score_figure,
    theta_figure,
)
from gdviz.figures.palette import PALETTES
from gdviz.fits import Boundary, Fit, decision_boundary
from gdviz.landscapes import curve, landscape

X1 = np.array([0.0, 1.0, 2.0, 3.0, 4.0])
CLASSES = {"x_1": X1, "x_2": X1[::-1] ** 2, "kind": np.array([0.0, 1.0, 0.0, 1.0, 1.0])}
BOUNDARY = decision_boundary(Fit("a*x_1 + b*x_2 + c", CLASSES, "kind", "log"), [1.0, -0.5, 0.2], "x_1", "x_2", 12)

LINE = Fit("slope*x + intercept", {"x": X1, "y": 2 * X1 + np.array([0.3, -0.1, 0.2, -0.4, 0.1])}, "y")
FULL = descend(LINE, [0.5, -1.0], 0.02, 60)
BATCHES = descend_minibatch(LINE, [0.5, -1.0], 0.02, 50, batch_size=2, seed=3)
LANDSCAPE = landscape(LINE, ((0.0, 4.0), (-2.0, 2.0)), points=21)
RAY = Fit("slope*x", {"x": X1, "y": 2 * X1 + 0.1}, "y")
RAY_FULL = descend(RAY, [0.5], 0.005, 40)
RAY_BATCHES = descend_minibatch(RAY, [0.5], 0.005, 40, batch_size=2)
RAY_CURVE = curve(RAY, (0.0, 3.0), points=31)


def every_figure(palette):
    yield from pairs(palette)
    yield residuals_figure(X1, X1 - 2, "x_1", "y", palette)
    yield score_figure(np.arange(5), np.array([-9.0, -1, 0.5, 0.8, 0.9]), palette)
    yield boundary_figure(CLASSES, BOUNDARY, "x_1", "x_2", "kind", palette)


def pairs(palette=LIGHT):
    """Every figure that takes a second run, with one."""
    yield contour_figure(LANDSCAPE, BATCHES, palette=palette, beside=FULL)
    yield curve_figure(RAY_CURVE, RAY_BATCHES, palette=palette, beside=RAY_FULL)
    yield theta_figure(BATCHES, [(2, 0)], palette, beside=FULL)
    yield loss_figure(BATCHES, 0.0, palette, beside=FULL)


def run_of(values: list[float]) -> Trajectory:
    """A run of one parameter that is its own value and gradient."""
    column = np.array(values)
    rows = len(column)
    thetas = column[:, None]
    return Trajectory(("a",), thetas, column, thetas, np.full(rows - 1, 0.1), rows, StopReason.EPOCHS)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_every_property_of_every_figure_is_one_that_plotly_knows(palette):
    for figure in every_figure(palette):
        go.Figure(figure.to_dict())


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_every_color_is_explicit(palette):
    for figure in every_figure(palette):
        assert figure.layout.font.color == palette.text
        assert figure.layout.uirevision
        for trace in figure.data:
            assert isinstance(trace.x, np.ndarray)
            assert isinstance(trace.y, np.ndarray)
            if trace.type == "contour" or "lines" in trace.mode:
                assert trace.line.color
            elif "markers" in trace.mode:
                assert trace.marker.color is not None


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
    assert ("markers" in figure.data[0].mode) == (min(scores) > -2000), "browsers choke on markers far off"


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
    fitted = fit_figure({"x_1": X1, "y": X1}, "x_1", "y", X1, X1, X1)
    assert fitted.data[0].marker == residuals_figure(X1, X1, "x_1", "y", LIGHT).data[0].marker


# -- a second run --


def test_a_second_run_is_drawn_as_given_behind_the_path():
    figures = list(pairs())
    names = ["landscape", "minima", "full batch", "outline", "path", "epochs", "start", "end", "note"]
    steps = [FULL.thetas, np.column_stack([RAY_FULL.thetas[:, 0], RAY_FULL.values])]
    for figure, drawn in zip(figures[:2], steps, strict=True):
        assert [trace.name for trace in figure.data] == names
        behind = figure.data[2]
        kept = [int(epoch) for epoch in behind.customdata[:, 0]]
        assert {0, len(drawn) - 1} <= set(kept)
        assert "markers" not in behind.mode or kept == list(range(len(drawn)))
        np.testing.assert_array_equal(np.column_stack([behind.x, behind.y]), drawn[kept])
        assert [trace.name for trace in figure.data if trace.showlegend] == ["full batch", "path"]
        assert figure.layout.showlegend
    thetas = {(trace.name, i): trace for i, trace in enumerate(figures[2].data)}
    for i in (0, 1):
        np.testing.assert_array_equal(thetas["full batch", i].y, FULL.thetas[:, i])
        np.testing.assert_array_equal(thetas[LINE.variables[i], i + 2].y, BATCHES.thetas[:, i])
    losses = figures[3].data
    assert [trace.name for trace in losses] == ["full batch", "value", "full batch", "slope"]
    for trace, expected in zip(losses, (FULL.values, BATCHES.values, FULL.gradient_norms, None), strict=True):
        if expected is not None:
            np.testing.assert_array_equal(trace.customdata, expected)
    assert losses[2].yaxis == losses[3].yaxis == "y2"


def test_a_second_run_moves_is_muted_and_has_one_entry_in_the_legend():
    for figure in pairs():
        behind = [trace for trace in figure.data if trace.name == "full batch"]
        assert all(trace.meta == {"moving": True} for trace in behind)
        assert {trace.line.color for trace in behind} == {LIGHT.muted}
        assert [trace.showlegend is not False for trace in behind].count(True) == 1
        assert "full batch" in behind[0].hovertemplate


def test_without_a_second_run_nothing_changes():
    for one, other in (
        (contour_figure(LANDSCAPE, BATCHES), contour_figure(LANDSCAPE, BATCHES, beside=FULL)),
        (theta_figure(BATCHES), theta_figure(BATCHES, beside=FULL)),
        (loss_figure(BATCHES), loss_figure(BATCHES, beside=FULL)),
    ):
        alone = [trace.name for trace in one.data]
        assert "full batch" not in alone
        assert [trace.name for trace in other.data if trace.name != "full batch"] == alone


def test_a_second_run_has_the_name_it_is_given_and_room_for_its_epochs():
    figure = theta_figure(BATCHES, [(2, 0)], beside=FULL, beside_name="all rows")
    assert [trace.name for trace in figure.data[:2]] == ["all rows"] * 2
    assert BATCHES.epochs < FULL.epochs < figure.layout.xaxis.range[1]
    assert figure.data[-1].x[1] == FULL.epochs


@pytest.mark.filterwarnings("error")
def test_a_second_run_that_explodes_does_not_flatten_the_first():
    calm = run_of([1.0, 0.5, 0.25, 0.125, 0.1])
    wild = run_of([1.0, -1e3, 1e9, -1e100, 1e300])
    low, high = theta_figure(calm, beside=wild).layout.yaxis.range
    assert (-1 < low < 0.1, 1 < high < 2) == (True, True)
    for axis in ("yaxis", "yaxis2"):
        assert loss_figure(calm, beside=wild).layout[axis].range[1] < 5
    falling = run_of([1e3, 1e2, 1.0, 1e-1])
    deep = run_of([1e3, 1.0, 1e-15, 1e-30])
    axis = loss_figure(falling, beside=deep).layout.yaxis
    low, high = axis.range
    assert 1 <= axis.dtick <= 3
    assert (-6 < low < -4, 3 < high < 4) == (True, True)
    ray = Trajectory(("slope",), wild.thetas, np.abs(wild.values), wild.gradients, wild.learning_rates, 1,
                     StopReason.DIVERGED)  # fmt: skip
    assert curve_figure(RAY_CURVE, RAY_BATCHES, beside=ray).data[2].mode == "lines"
    window = contour_figure(LANDSCAPE, BATCHES).layout.xaxis.range
    far = Trajectory(LINE.variables, np.array([[0.5, -1.0], [1e300, -1e308]]), np.zeros(2), np.zeros((2, 2)),
                     np.full(1, 0.1), 1, StopReason.DIVERGED)  # fmt: skip
    assert contour_figure(LANDSCAPE, BATCHES, beside=far).layout.xaxis.range == window


def test_a_second_run_of_100_000_epochs_is_thinned():
    angle = np.linspace(0, 200, 100_001)
    thetas = np.column_stack([np.cos(angle), np.sin(angle)]) * np.exp(-angle / 50)[:, None] + [2, 0]
    long = Trajectory(LINE.variables, thetas, LINE.value(thetas), LINE.gradient(thetas), np.full(100_000, 0.1),
                      100_000, StopReason.EPOCHS)  # fmt: skip
    for figure in (
        contour_figure(LANDSCAPE, BATCHES, beside=long),
        theta_figure(BATCHES, beside=long),
        loss_figure(BATCHES, beside=long),
    ):
        assert all(len(trace.x) <= 4_100 for trace in figure.data)
