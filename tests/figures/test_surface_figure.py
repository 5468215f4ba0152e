"""The surface: its heights are the landscape's, and the path lies on it and ends at the window."""

from __future__ import annotations

import re

import numpy as np
import plotly.graph_objects as go
import pytest

from gdviz import PRESETS
from gdviz.descent import descend
from gdviz.figures import DARK, LIGHT, contour_figure, surface_figure
from gdviz.figures.beside import FULL_BATCH
from gdviz.figures.palette import PALETTES
from gdviz.landscapes import landscape
from gdviz.landscapes.landscape import Levels, choose_levels
from gdviz.landscapes.relief import MOST_VERTICES, Relief, height_scale, height_ticks, shortest_between
from gdviz.objectives import parse

WINDOW = ((-5.0, 5.0), (-2.0, 2.0))
BOWL = parse("x^2 + 10*y^2")
GROUND = landscape(BOWL, WINDOW, points=41)
RUN = descend(BOWL, [4, 1], 0.05, 30)
EXPLODING = descend(BOWL, [4, 1], 0.11, 5000)
NAMES = ["landscape", "rim", "minima", "outline", "path", "epochs", "start", "end", "note"]


def drawn(figure: go.Figure) -> dict[str, go.Scatter3d]:
    return {trace.name: trace for trace in figure.data}


def preset(name: str):
    chosen = PRESETS[name]
    ground = landscape(chosen.objective, chosen.window)
    run = descend(chosen.objective, chosen.start, chosen.learning_rate, min(chosen.epochs, 500))
    return ground, run, [point for point, _ in chosen.minima]


# -- heights --


@pytest.mark.parametrize("formula", ["x^2 + 10*y^2", "(1 - x)^2 + 100*(y - x^2)^2", "1/x + y", "x*y", "7 + 0*x + 0*y"])
def test_a_value_leads_to_a_height_and_back(formula):
    levels = choose_levels(landscape(parse(formula), WINDOW, points=40).z)
    scale = height_scale(landscape(parse(formula), WINDOW, points=40).z, levels)
    for each in (levels, scale):
        places = np.linspace(-0.99, max(len(each.values), 1) - 0.01, 50) if len(each.values) else np.zeros(3)
        np.testing.assert_allclose(each.shade(each.value(places)), places, rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(each.value(np.arange(len(each.values))), each.values, rtol=1e-9, atol=1e-12)


def test_heights_keep_the_order_of_values_and_reach_as_far_as_the_levels():
    ground, _, _ = preset("rosenbrock")
    relief = Relief(ground)
    values, heights = ground.z.ravel(), relief.z.ravel()
    order = np.argsort(values)
    assert (np.diff(heights[order]) >= 0).all()
    assert heights.min() == pytest.approx(-1)
    assert heights.max() == pytest.approx(len(relief.scale.values))
    assert np.median(heights) > 3, "a valley of decades is not one flat floor"


def test_a_linear_landscape_is_drawn_to_scale():
    z = GROUND.z
    heights = Relief(GROUND).z
    np.testing.assert_allclose(np.corrcoef(z.ravel(), heights.ravel())[0, 1], 1, atol=1e-12)


@pytest.mark.parametrize("name", sorted(name for name, chosen in PRESETS.items() if len(chosen.start) == 2))
def test_the_upright_axis_says_true_numbers(name):
    scale = Relief(preset(name)[0]).scale
    heights, labels = height_ticks(scale)
    assert 2 <= len(heights) <= 7
    assert (np.diff(heights) > 1.5).all(), "labels do not touch"
    powers = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    for height, label in zip(heights, labels, strict=True):
        text = re.sub(r" × 10(\S+)", lambda power: f"e{power[1].translate(powers)}", label)
        value = float(text.replace("−", "-").replace(",", ""))
        assert float(scale.shade(value)) == pytest.approx(height, abs=0.05)


@pytest.mark.parametrize(
    ("low", "high", "best"),
    [(0.7, 3, 1), (3, 8, 5), (21, 38, 30), (-3, 8, 0), (-38, -21, -30), (101.2, 101.9, 101.5), (6e-9, 2e-8, 1e-8)],
)
def test_the_shortest_number_of_an_interval(low, high, best):
    assert shortest_between(low, high) == pytest.approx(best)


def test_flat_and_enormous_landscapes_have_an_axis_too():
    assert height_ticks(Levels(np.empty(0), "linear", 7.0, 1.0)) == ([0.0], ["7"])
    for formula in ("x*exp(705 + y/10)", "exp(660 + x^2 + y^2)", "7 + 1e-13*x + 0*y"):
        ground = landscape(parse(formula), WINDOW, points=9)
        heights, labels = height_ticks(Relief(ground).scale)
        assert np.isfinite(heights).all()
        assert len(set(labels)) == len(labels)


# -- the path --


def test_the_path_lies_on_the_surface():
    ground, run, minima = preset("himmelblau")
    figure = drawn(surface_figure(ground, run, minima=minima))
    relief, path = Relief(ground), figure["path"]
    spots = np.column_stack([path.x, path.y])
    there = np.isfinite(path.z)
    np.testing.assert_allclose(
        path.z[there], relief.heights(relief.shares(spots[there])) + relief.lift, rtol=1e-12, atol=1e-9
    )
    moments = path.customdata[:, -1]
    assert (np.diff(moments) >= 0).all()
    at_epochs = np.flatnonzero((moments == np.floor(moments)) & there)
    np.testing.assert_allclose(spots[at_epochs], run.thetas[moments[at_epochs].astype(int)], atol=1e-9)
    np.testing.assert_array_equal(path.customdata[at_epochs, -2], run.values[moments[at_epochs].astype(int)])
    assert set(np.round(moments[at_epochs])) == set(range(run.epochs + 1))


def test_lines_follow_the_ground_between_two_epochs():
    path = np.array([[-5.0, 0.0], [5.0, 0.0]])
    draped = Relief(GROUND).drape(path, np.arange(2))
    inner = np.isfinite(draped.z)
    assert inner.sum() > 100
    assert draped.z[inner].min() < draped.z[inner][0] - 1, "down into the valley and up again"
    np.testing.assert_allclose(draped.moments[inner], (draped.x[inner] + 5) / 10, atol=1e-12)


def test_the_drawing_ends_at_the_window_and_comes_back():
    path = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 1.0], [0.0, 1.0], [0.0, 9.0]])
    draped = Relief(GROUND).drape(path, np.arange(5))
    there = np.isfinite(draped.z)
    assert np.abs(draped.x[there]).max() == 5
    assert np.abs(draped.y[there]).max() == 2
    pieces = np.split(np.flatnonzero(there), np.flatnonzero(np.diff(np.flatnonzero(there)) > 1) + 1)
    ends = [(draped.x[piece[i]], draped.y[piece[i]]) for piece in pieces for i in (0, -1)]
    assert ends == [(0, 0), (5, 0), (5, 1), (0, 2)]


@pytest.mark.parametrize("far", [6.0, 1e3, 1e12, 1e200, 1e308])
def test_however_far_a_path_goes_nothing_flies_off(far):
    path = np.array([[1.0, 1.0], [far, -far / 2], [-far, far], [np.inf, 0], [0.5, 0.5]])
    draped = Relief(GROUND).drape(path, np.arange(5))
    there = np.isfinite(draped.z)
    assert there.sum() > 3
    assert (np.abs(draped.x[there]) <= 5).all()
    assert (np.abs(draped.y[there]) <= 2).all()
    way = np.diff(np.column_stack([draped.x, draped.y])[there][:3], axis=0)[0]
    assert way[1] / way[0] == pytest.approx((-far / 2 - 1) / (far - 1), rel=1e-6), "it leaves in its own direction"


def test_a_diverging_run_says_where_it_leaves():
    figure = drawn(surface_figure(GROUND, EXPLODING))
    assert "path leaves<br>at epoch" in figure["note"].text[0]
    assert len(figure["end"].x) == 0
    assert len(figure["path"].x) < 2 * MOST_VERTICES
    flat = {trace.name: trace for trace in contour_figure(GROUND, EXPLODING).data}
    assert flat["note"].text[0] == figure["note"].text[0] + " ↑"


def test_a_long_zigzag_stays_small():
    corners = np.where(np.arange(4001)[:, None] % 2, [5.0, 2.0], [-5.0, -2.0])
    draped = Relief(GROUND).drape(corners, np.arange(4001))
    assert len(draped.x) <= MOST_VERTICES + 2 * 4001


def test_a_run_of_no_epochs_and_a_start_outside():
    still = descend(BOWL, [0, 0], 0.05, 3)
    figure = drawn(surface_figure(GROUND, still))
    assert len(figure["start"].x) == 1
    away = drawn(surface_figure(GROUND, descend(BOWL, [9, 9], 1e-6, 3)))
    assert len(away["start"].x) == len(away["path"].x) == 0
    assert list(away["note"].text) == ["path starts<br>outside"]


def test_where_the_function_has_no_value_the_surface_has_a_hole():
    ground = landscape(parse("log(x) + y^2"), ((-1, 3), (-1, 1)), points=21)
    figure = drawn(surface_figure(ground, descend(parse("log(x) + y^2"), [2, 0.5], 0.1, 20)))
    assert np.isnan(figure["landscape"].z[:, :5]).all()
    assert np.isfinite(figure["landscape"].z[:, 6:]).all()


def test_of_three_parameters_two_are_drawn():
    squares = parse("x^2 + 2*y^2 + 3*z^2")
    run = descend(squares, [1, 0.5, -1], 0.05, 10)
    ground = landscape(squares, ((-2, 2), (-2, 2)), (0, 2), at=run.thetas[-1], points=21)
    figure = drawn(surface_figure(ground, run, minima=[(0, 0, 0)]))
    assert (figure["path"].meta["x"], figure["path"].meta["y"]) == ("theta 0", "theta 2")
    assert (figure["start"].x[0], figure["start"].y[0]) == (1, -1)


# -- the figure --


def test_traces_keep_their_order_and_only_the_path_moves():
    for run in (RUN, EXPLODING):
        figure = surface_figure(GROUND, run, minima=[(0, 0)])
        assert [trace.name for trace in figure.data] == NAMES
        assert [bool(trace.meta and trace.meta.get("moving")) for trace in figure.data] == [False] * 3 + [True] * 6
    behind = surface_figure(GROUND, RUN, beside=EXPLODING)
    assert [trace.name for trace in behind.data] == [*NAMES[:3], FULL_BATCH, *NAMES[3:]]


def test_a_new_rate_changes_nothing_but_moving_traces():
    one, two = surface_figure(GROUND, RUN).to_dict(), surface_figure(GROUND, EXPLODING).to_dict()
    assert repr(one["layout"]) == repr(two["layout"])
    assert repr(one["data"][:3]) == repr(two["data"][:3])


def test_the_colors_are_those_seen_from_above():
    ground, run, _ = preset("rosenbrock")
    above, surface = contour_figure(ground, run).data[0], surface_figure(ground, run).data[0]
    np.testing.assert_array_equal(surface.surfacecolor, above.z)
    assert (surface.cmin, surface.cmax) == (above.zmin, above.zmax)
    np.testing.assert_array_equal(surface.customdata, above.customdata)
    assert surface.z.dtype == np.float32


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_plotly_knows_every_property(palette):
    for name in ("ravine", "rastrigin", "easom"):
        ground, run, minima = preset(name)
        figure = surface_figure(ground, run, minima=minima, palette=palette, beside=run)
        go.Figure(figure.to_dict())


def test_dark_and_light_share_nothing_but_shapes():
    light, dark = (str(surface_figure(GROUND, RUN, palette=palette).to_dict()) for palette in (LIGHT, DARK))
    colors = [set(re.findall(r"#[0-9a-f]{6}", text)) for text in (light, dark)]
    assert not (colors[0] & colors[1]) - {"#ffffff", "#12141c"}


def test_a_valley_is_looked_along_and_a_view_does_not_depend_on_the_run():
    ground, run, _ = preset("ravine")
    eye = surface_figure(ground, run).layout.scene.camera.eye
    assert abs(eye.x) > abs(eye.y), "the walls are on either side"
    assert surface_figure(ground, EXPLODING).layout.scene.camera.eye == eye
    square, run, _ = preset("himmelblau")
    eye = surface_figure(square, run).layout.scene.camera.eye
    assert eye.x > 0 > eye.y
