"""Figures: the numbers in them are the run's own, every color is explicit, and thinning does not show."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.descent import StopReason, Trajectory, descend
from gdviz.figures import (
    DARK,
    LIGHT,
    PRINT,
    contour_aspect,
    contour_figure,
    curve_figure,
    error_figure,
    fit_figure,
    loss_figure,
    partials_figure,
    quotient_figure,
    secant_figure,
    theta_figure,
)
from gdviz.figures.contour import has_equal_axes
from gdviz.figures.labels import symbol
from gdviz.figures.marks import leaving
from gdviz.figures.palette import PALETTES
from gdviz.landscapes import curve, landscape
from gdviz.landscapes.scales import exploding_scale, round_step, signed_log_ticks
from gdviz.landscapes.signed_log import SignedLog
from gdviz.landscapes.thinning import TOLERANCE, thin_cloud, thin_curve, thin_path
from gdviz.lessons.secants import quotient_curve, secant
from gdviz.numerals import format_number
from gdviz.objectives import Quadratic, parse
from gdviz.objectives.differences import spacing_errors
from tests.work import calls

BOWL = parse("x^2 + 10*y^2")
QUARTIC = parse("x^4 - 3*x^3 + 2")
WINDOW = ((-5.0, 5.0), (-2.0, 2.0))
LANDSCAPE = landscape(BOWL, WINDOW, points=21)
RUN = descend(BOWL, [4, 1], 0.05, 30)
EXPLODING = descend(BOWL, [4, 1], 0.11, 5000)
LINE = curve(QUARTIC, (-1.5, 3.5), points=51)


def trajectory(thetas: np.ndarray, values: np.ndarray | None = None) -> Trajectory:
    rows, n = thetas.shape
    names = tuple(f"theta_{i + 1}" for i in range(n))
    values = np.sum(thetas**2, axis=1) if values is None else values
    return Trajectory(names, thetas, values, 2 * thetas, np.full(rows - 1, 0.1), rows, StopReason.EPOCHS)


def every_figure(palette):
    x = np.arange(5.0)
    yield contour_figure(LANDSCAPE, RUN, minima=[(0, 0)], palette=palette)
    yield contour_figure(LANDSCAPE, EXPLODING, palette=palette)
    yield curve_figure(LINE, descend(QUARTIC, [3.2], 0.02, 30), [((2.25,), QUARTIC.value([2.25]))], palette)
    yield theta_figure(RUN, [(0, 0)], palette)
    yield theta_figure(EXPLODING, [(0, 0)], palette)
    yield loss_figure(RUN, 0.0, palette)
    yield fit_figure({"x": x, "y": 2 * x}, "x", "y", x, 2 * x, x, palette)
    yield secant_figure(LINE, secant(QUARTIC, [1.0], 0.5), palette)
    slices = [curve(BOWL, WINDOW[i], i, at=[1, 1], points=11) for i in (0, 1)]
    yield partials_figure(slices, [secant(BOWL, [1, 1], 0.5, i) for i in (0, 1)], palette)
    yield quotient_figure(quotient_curve(QUARTIC, [1.0]), palette)
    yield error_figure(spacing_errors(parse("exp(x)"), 1.0, float(np.e)), palette)


def luminance(color: str) -> float:
    channels = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


# -- contour and curve --


def test_the_path_is_the_trajectorys_own_rows():
    figure = contour_figure(LANDSCAPE, RUN, minima=[(0, 0)])
    drawn = {trace.name: trace for trace in figure.data}
    np.testing.assert_array_equal(drawn["path"].x, RUN.thetas[:, 0])
    np.testing.assert_array_equal(drawn["path"].y, RUN.thetas[:, 1])
    np.testing.assert_array_equal(drawn["path"].customdata[:, -1], RUN.values)
    assert (drawn["start"].x[0], drawn["start"].y[0]) == (4, 1)
    assert (drawn["end"].x[0], drawn["end"].y[0]) == tuple(RUN.thetas[-1])
    assert len(drawn["note"].x) == 0


def test_traces_keep_their_order_and_only_the_landscape_and_the_minima_stand_still():
    names = ["landscape", "minima", "outline", "path", "epochs", "start", "end", "note"]
    line = curve_figure(LINE, descend(QUARTIC, [3.2], 0.02, 30))
    for figure in (contour_figure(LANDSCAPE, RUN), contour_figure(LANDSCAPE, EXPLODING), line):
        assert [trace.name for trace in figure.data] == names
        assert [bool(trace.meta and trace.meta.get("moving")) for trace in figure.data] == [False] * 2 + [True] * 6


def test_a_new_rate_changes_nothing_but_moving_traces():
    one, two = contour_figure(LANDSCAPE, RUN).to_dict(), contour_figure(LANDSCAPE, EXPLODING).to_dict()
    assert repr(one["layout"]) == repr(two["layout"])
    assert repr(one["data"][:2]) == repr(two["data"][:2])


def test_the_landscape_travels_as_float32():
    trace = contour_figure(LANDSCAPE, RUN).data[0]
    assert trace.z.dtype == np.float32
    assert trace.customdata.dtype == np.float32
    np.testing.assert_array_equal(trace.customdata, LANDSCAPE.z.astype(np.float32))


def test_a_landscape_beyond_float32_keeps_its_values():
    steep = landscape(parse("exp(x^2 + y^2)"), ((0, 18), (0, 18)), points=11)
    trace = contour_figure(steep, RUN).data[0]
    assert trace.customdata.dtype == np.float64
    assert np.nanmax(trace.customdata) > 1e100
    assert np.nanmax(np.abs(trace.z)) < 100


def test_the_axes_are_the_window_and_equal_where_it_is_not_extreme():
    figure = contour_figure(LANDSCAPE, EXPLODING)
    assert figure.layout.xaxis.range == (-5, 5)
    assert figure.layout.yaxis.range == (-2, 2)
    assert figure.layout.yaxis.scaleanchor == "x"
    assert contour_aspect(WINDOW) == 0.4
    long = landscape(BOWL, ((-50, 50), (-2, 2)), points=5)
    assert not has_equal_axes(long.window)
    assert contour_figure(long, RUN).layout.yaxis.scaleanchor is None


def test_a_path_that_leaves_the_window_is_drawn_whole_and_says_so():
    figure = contour_figure(LANDSCAPE, EXPLODING)
    drawn = {trace.name: trace for trace in figure.data}
    assert np.abs(drawn["path"].y).max() == np.abs(EXPLODING.thetas[:, 1]).max()
    outside = np.flatnonzero(np.abs(EXPLODING.thetas[:, 1]) > 2)[0]
    assert f"epoch {outside:,}" in drawn["note"].text[0]
    assert abs(drawn["note"].y[0]) == 2


def test_a_path_to_the_end_of_floats_is_drawn_without_markers_out_there():
    run = trajectory(np.array([[0, 0], [1, 1], [-1e200, 3e300]]), np.array([0, 2, 1e307]))
    drawn = {trace.name: trace for trace in contour_figure(LANDSCAPE, run).data}
    np.testing.assert_array_equal(drawn["path"].y, run.thetas[:, 1])
    assert len(drawn["end"].x) == 0
    assert list(drawn["epochs"].x) == [0, 1]


@pytest.mark.parametrize("epochs", [40, 250])
def test_lines_between_places_lost_far_away_are_gaps(epochs):
    thetas = np.array([[(-3.0) ** k, 0.1] for k in range(epochs + 1)])
    run = trajectory(thetas, np.arange(epochs + 1.0))
    drawn = {trace.name: trace for trace in contour_figure(LANDSCAPE, run).data}
    for trace in (drawn["path"], drawn["outline"]):
        x = np.asarray(trace.x)
        assert list(x[[0, -1]]) == [1.0, thetas[-1, 0]]
        far = np.abs(x) > 1e11  # of about a hundred pixels each
        assert not (far[1:] & far[:-1]).any()
        assert np.isnan(x).sum() == (epochs == 40), "thinning leaves out the others"
    rows = np.asarray(drawn["path"].customdata)[:, 0]
    assert (np.diff(rows) >= 0).all()
    near = ~np.isnan(drawn["path"].x)
    np.testing.assert_array_equal(thetas[rows.astype(int), 0][near], np.asarray(drawn["path"].x)[near])


def test_where_a_path_leaves():
    assert leaving(np.array([[0, 0], [1, 1.0]]), WINDOW) is None
    epoch, spot, axis, sign = leaving(np.array([[0, 0], [10, 1.0]]), WINDOW)
    assert (epoch, axis, sign) == (1, 0, 1)
    np.testing.assert_allclose(spot, [5, 0.5])
    epoch, spot, axis, sign = leaving(np.array([[0, 0], [1e300, -1e308]]), WINDOW)
    assert (epoch, axis, sign) == (1, 1, -1)
    assert np.isfinite(spot).all()
    epoch, spot, axis, sign = leaving(np.array([[-9, 0], [0, 0.0]]), WINDOW)
    assert (epoch, axis, sign) == (0, 0, -1)


def test_a_third_parameter_is_projected_away():
    squares = parse("x^2 + y^2 + z^2")
    run = descend(squares, [1, 2, 3], 0.01, 50)
    seen = landscape(squares, ((-4, 4), (-4, 4)), axes=(0, 2), at=run.thetas[-1], points=5)
    path = contour_figure(seen, run, minima=[(0, 0, 0)]).data[3]
    np.testing.assert_array_equal(path.y, run.thetas[:, 2])
    assert path.customdata.shape == (51, 5)


def test_steps_on_a_curve_are_at_the_values():
    run = descend(QUARTIC, [3.2], 0.02, 30)
    path = curve_figure(LINE, run).data[3]
    np.testing.assert_array_equal(path.x, run.thetas[:, 0])
    np.testing.assert_array_equal(path.y, run.values)


# -- curves over epochs --


def test_theta_curves_are_the_parameters_and_end_at_the_nearest_minimum():
    figure = theta_figure(RUN, [(9, 9), (0, 0)])
    assert [trace.name for trace in figure.data[:2]] == ["x", "y"]
    np.testing.assert_array_equal(figure.data[0].y, RUN.thetas[:, 0])
    np.testing.assert_array_equal(figure.data[1].y, RUN.thetas[:, 1])
    assert set(figure.data[2].y) == {0.0}
    assert figure.data[0].line.dash != figure.data[1].line.dash


def test_an_exploding_run_is_on_a_signed_log_scale_that_says_so():
    figure = theta_figure(EXPLODING)
    assert "signed log" in figure.layout.yaxis.title.text
    scale = exploding_scale(EXPLODING.thetas)
    rows = figure.data[1].x
    np.testing.assert_array_equal(figure.data[1].customdata, EXPLODING.thetas[rows, 1])
    np.testing.assert_allclose(figure.data[1].y, scale.place(EXPLODING.thetas[rows, 1]))
    assert 3 <= len(figure.layout.yaxis.ticktext) <= 11
    assert "0" in figure.layout.yaxis.ticktext


@pytest.mark.parametrize("end", [0.0, 1e9])
def test_a_run_that_converges_stays_on_a_linear_axis(end):
    thetas = end + np.array([1.0, -2.0]) * 0.9 ** np.arange(500)[:, None]
    thetas[0] = [1, 1]
    assert exploding_scale(thetas) is None


def test_the_signed_log_scale_reaches_the_largest_float():
    scale = SignedLog(1e-2)
    heights = scale.place(np.array([-1e308, -1.0, 0.0, 1.0, 1e308]))
    assert np.isfinite(heights).all()
    np.testing.assert_allclose(heights, -heights[::-1])
    places, labels = signed_log_ticks(scale, np.array([-1e308, 1e308]))
    assert (np.diff(places) > 0).all()
    assert len(places) == len(labels)


def test_the_loss_is_logarithmic_where_it_spans_decades():
    figure = loss_figure(RUN)
    assert figure.layout.yaxis.type == "log"
    np.testing.assert_array_equal(figure.data[0].y, RUN.values)
    np.testing.assert_array_equal(figure.data[1].y, RUN.gradient_norms)


def test_a_loss_that_goes_below_zero_is_drawn_above_its_minimum():
    run = descend(QUARTIC, [3.2], 0.02, 30)
    least = float(QUARTIC.value([2.25]))
    figure = loss_figure(run, least)
    assert figure.layout.yaxis.type == "log"
    assert "f*" in figure.layout.yaxis.title.text
    above = run.values > least
    np.testing.assert_array_equal(figure.data[0].y[above], (run.values - least)[above])
    assert loss_figure(run).layout.yaxis.type != "log"


@pytest.mark.parametrize(
    "thetas",
    [np.zeros((1, 2)), np.zeros((5, 2)), np.full((3, 1), 1e300), np.array([[1e-300], [1e300]]), np.ones((2, 8))],
)
@pytest.mark.filterwarnings("error")
def test_strange_runs_still_make_figures(thetas):
    with np.errstate(over="ignore"):
        run = trajectory(thetas)
    theta_figure(run)
    loss_figure(run, 0.0)


def test_100_000_epochs_are_thinned_with_few_calls():
    angle = np.linspace(0, 200, 100_001)
    run = trajectory(np.column_stack([np.cos(angle), np.sin(angle)]) * np.exp(-angle / 50)[:, None])
    bowl = landscape(Quadratic(np.eye(2), np.zeros(2)), ((-1, 1), (-1, 1)), points=21)
    figures = []
    assert calls(lambda: figures.extend([contour_figure(bowl, run), theta_figure(run), loss_figure(run)])) < 90_000
    assert all(len(trace.x) <= 4_100 for figure in figures for trace in figure.data)


# -- thinning --


def distances(points: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Distance of every point from the kept segment that spans it."""
    result = np.zeros(len(points))
    for first, last in pairwise(kept):
        a, b = points[first], points[last]
        along = b - a
        share = np.clip((points[first:last] - a) @ along / max(along @ along, 1e-300), 0, 1)
        result[first:last] = np.linalg.norm(points[first:last] - a - share[:, None] * along, axis=1)
    return result


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 400), st.sampled_from([0.003, 0.02, 0.05, 1.0, 40.0]))
def test_dropped_points_lie_within_the_tolerance_of_the_drawn_path(seed, count, roughness):
    points = np.cumsum(np.random.default_rng(seed).normal(0, roughness, (count, 2)), axis=0)
    kept = thin_path(points[:, 0], points[:, 1], limit=10_000)
    assert {0, count - 1} <= set(kept.tolist())
    assert distances(points, kept).max() <= TOLERANCE + 1e-9


def test_a_noisy_path_is_capped():
    points = np.random.default_rng(0).uniform(0, 900, (100_000, 2))
    assert calls(lambda: thin_path(points[:, 0], points[:, 1])) < 10_000, "work on arrays, not on points"
    assert len(thin_path(points[:, 0], points[:, 1])) <= 8_000


def test_a_smooth_path_of_100_000_points_is_thinned_at_once():
    angle = np.linspace(0, 20, 100_000)
    x, y = 400 + 300 * np.cos(angle) * np.exp(-angle / 9), 250 + 200 * np.sin(angle) * np.exp(-angle / 9)
    assert calls(lambda: thin_path(x, y)) < 10_000
    assert len(thin_path(x, y)) < 400


@pytest.mark.filterwarnings("error")
def test_paths_that_go_to_the_end_of_floats_are_thinned():
    x = np.array([0, 1, 1e300, -1e308, np.inf, np.nan, 3.0])
    kept = thin_path(x, x)
    assert {0, 1, 2, 6} <= set(kept.tolist())
    assert list(thin_path(np.zeros(1), np.zeros(1))) == [0]


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 5_000))
def test_thinned_curves_keep_their_extremes(seed, count):
    y = np.random.default_rng(seed).normal(size=count)
    kept = thin_curve(y, columns=100)
    assert len(kept) <= 202 or count <= 200
    assert kept[0] == 0
    assert kept[-1] == count - 1
    assert y[kept].max() == y.max()
    assert y[kept].min() == y.min()
    assert (np.diff(kept) > 0).all()


def test_a_cloud_keeps_its_outline():
    x, y = np.random.default_rng(1).normal(size=(2, 50_000))
    kept = thin_cloud(x, y)
    assert len(kept) < 5_000
    assert x[kept].max() > x.max() - 0.3


# -- looks --


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_every_color_of_every_figure_is_explicit(palette):
    for figure in every_figure(palette):
        layout = figure.to_dict()["layout"]
        template = layout["template"]["layout"]
        assert layout["paper_bgcolor"] == palette.paper
        assert layout["plot_bgcolor"] in (palette.paper, palette.hole)
        assert layout["font"]["color"] == template["font"]["color"] == palette.text
        assert template["xaxis"]["gridcolor"] == template["yaxis"]["gridcolor"] == palette.grid
        assert layout["uirevision"]
        for trace in figure.data:
            if trace.type == "contour":
                assert trace.colorscale
                assert trace.line.color == palette.level_line
                continue
            if "lines" in trace.mode:
                assert trace.line.color is not None, trace.name
            if "markers" in trace.mode:
                assert trace.marker.color is not None, trace.name


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_text_and_lines_stand_out(palette):
    for color in (palette.text, palette.muted):
        for behind in (palette.surface, palette.hover, palette.hole):
            assert contrast(color, behind) >= 4.5
        assert contrast(palette.text, palette.landscape[0]) >= 4.5
    for color in (*palette.series, palette.path, palette.accent, palette.minimum):
        assert contrast(color, palette.surface) >= 3
    for behind in palette.landscape:
        assert contrast(palette.path, behind) >= 3
    assert len(set(palette.series)) == 8


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_every_property_of_every_figure_is_one_that_plotly_knows(palette):
    for figure in every_figure(palette):
        go.Figure(figure.to_dict())  # checks what the builders, for speed, do not


def test_print_is_the_light_look_on_white():
    assert PRINT.paper == "#ffffff"
    assert PRINT.landscape == LIGHT.landscape
    assert DARK.paper == LIGHT.paper == "rgba(0,0,0,0)"


def test_no_figure_carries_lists_of_numbers():
    for figure in every_figure(LIGHT):
        for trace in figure.data:
            assert isinstance(trace.x, np.ndarray)
            assert isinstance(trace.y, np.ndarray)


# -- derivatives and fits --


def test_the_secant_goes_through_both_points():
    line = secant(QUARTIC, [1.0], 0.5)
    drawn = secant_figure(LINE, line).data
    x, y = drawn[2].x, drawn[2].y
    np.testing.assert_allclose(np.interp([1.0, 1.5], x, y), [QUARTIC.value([1.0]), QUARTIC.value([1.5])])
    assert list(drawn[3].x) == [1.0, 1.5]


def test_the_best_spacings_are_marked():
    errors = spacing_errors(parse("exp(x)"), 1.0, float(np.e))
    drawn = error_figure(errors).data
    assert drawn[2].x[0] == errors.best_forward
    assert drawn[3].x[0] == errors.best_central
    np.testing.assert_array_equal(drawn[0].x, errors.spacings)


def test_an_exact_quotient_has_an_error_chart_too():
    error_figure(spacing_errors(parse("x*0 + 2"), 1.0, 0.0))
    error_figure(spacing_errors(parse("log(x)"), -1.0, float("nan")))
    quotient_figure(quotient_curve(parse("log(x)"), [-1.0]))


def test_a_fit_shows_the_data_and_both_curves():
    x = np.arange(10.0)
    figure = fit_figure({"age": x, "y": 2 * x}, "age", "y", x, 2 * x + 1, x * 0)
    np.testing.assert_array_equal(figure.data[0].y, 2 * x)
    np.testing.assert_array_equal(figure.data[1].y, x * 0)
    np.testing.assert_array_equal(figure.data[2].y, 2 * x + 1)
    assert figure.layout.xaxis.title.text == "age"


# -- words --


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.4e8, "1.4 × 10⁸"),
        (0.0032, "0.0032"),
        (-1.2, "−1.2"),
        (0, "0"),
        (12345, "12,345"),
        (1234.5, "1234"),
        (0.99999, "1"),
        (9.9999e-4, "0.001"),
        (-3e-20, "−3 × 10⁻²⁰"),
        (999999.7, "1 × 10⁶"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
        (float("nan"), "undefined"),
        (1e308, "1 × 10³⁰⁸"),
    ],
)
def test_numbers_are_written_as_people_write_them(value, text):
    assert format_number(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False))
def test_written_numbers_are_right_to_their_digits(value):
    text = format_number(value, 6).replace("−", "-").replace(",", "")
    text = re.sub(r" × 10(.*)", lambda m: "e" + m[1].translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")), text)
    assert float(text) == pytest.approx(value, rel=1e-5)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("theta_1", "θ₁"),
        ("theta", "θ"),
        ("x", "x"),
        ("slope", "slope"),
        ("w2", "w₂"),
        ("x_max", "x<sub>max</sub>"),
        ("a<b", "a&lt;b"),
        ("total_cost", "total_cost"),
        ("column2", "column2"),
    ],
)
def test_names_become_symbols(name, text):
    assert symbol(name) == text


def test_steps_of_ticks_are_round():
    assert [round_step(x) for x in (0.1, 1, 1.5, 4, 31)] == [1, 1, 2, 5, 50]


@given(st.floats(1e-200, 1e200), st.floats(-1e200, 1e200), st.floats(-300, 300))
def test_the_signed_log_scale_leads_back(unit, center, place):
    scale = SignedLog(unit, center)
    value = scale.value(np.array([place]))
    if np.isfinite(value).all() and abs(value[0] - center) > 1e-3 * abs(center):
        np.testing.assert_allclose(scale.place(value), [place], rtol=1e-9, atol=1e-9)
