"""Landscapes, their levels and windows: what a picture shows must be there, finite, and worth its ink."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.fits import LeastSquares
from gdviz.landscapes import choose_window, curve, landscape, nearby_minimum, window_of_path
from gdviz.landscapes.landscape import choose_levels
from gdviz.lessons.secants import quotient_curve, secant
from gdviz.objectives import Quadratic, parse

ROSENBROCK = parse("(1 - x)^2 + 100*(y - x^2)^2")
SQUARES = parse("x^2 + y^2 + z^2")


def test_a_landscape_holds_the_objective_at_every_cell():
    seen = landscape(ROSENBROCK, ((-2, 2), (-1, 3)), points=41)
    assert seen.z.shape == (41, 41)
    for row, column in ((0, 0), (7, 31), (40, 40)):
        assert seen.z[row, column] == ROSENBROCK.value([seen.x[column], seen.y[row]])
    assert seen.names == ("x", "y")
    assert seen.window == ((-2, 2), (-1, 3))


def test_a_slice_goes_through_the_point_it_is_given():
    seen = landscape(SQUARES, ((-1, 1), (-2, 2)), axes=(0, 2), at=[9, 3, 9], points=5)
    assert seen.names == ("x", "z")
    assert seen.fixed == {"y": 3.0}
    np.testing.assert_array_equal(seen.z, seen.x[None, :] ** 2 + 9 + seen.y[:, None] ** 2)


@pytest.mark.parametrize(
    ("window", "options"),
    [
        (((1, -1), (0, 1)), {}),
        (((0, 1), (0, np.inf)), {}),
        (((0, 1),), {}),
        (((0, 1), (0, 1)), {"axes": (0, 0)}),
        (((0, 1), (0, 1)), {"axes": (0, 5)}),
        (((0, 1), (0, 1)), {"points": 401}),
    ],
)
def test_a_landscape_says_what_it_cannot_draw(window, options):
    with pytest.raises(ValueError, match=r"."):
        landscape(ROSENBROCK, window, **options)


def test_a_slice_without_a_point_is_refused():
    with pytest.raises(ValueError, match="at="):
        landscape(SQUARES, ((0, 1), (0, 1)))


def test_a_curve_holds_the_objective():
    line = curve(parse("x^4 - 3*x^3 + 2"), (-1, 3), points=9)
    np.testing.assert_allclose(line.y, line.x**4 - 3 * line.x**3 + 2, rtol=1e-14, atol=1e-14)
    assert line.window == (-1, 3)
    low, high = line.value_window
    assert low < line.y.min() < line.y.max() < high


def test_a_pole_does_not_flatten_a_curve():
    low, high = curve(parse("1/x^2 + x"), (-3, 3)).value_window
    assert high < 10_000
    assert low < -2


def test_rosenbrocks_valley_gets_levels_of_its_own():
    levels = landscape(ROSENBROCK, ((-2, 2), (-1, 3))).levels
    assert levels.kind == "log"
    assert 16 <= len(levels.values) <= 20
    assert (levels.values < 30).sum() >= 5  # of a landscape that rises to 2,509
    assert (np.diff(levels.values) > 0).all()


def test_a_bowl_has_even_levels():
    levels = landscape(parse("x^2 + y^2"), ((-1, 1), (-1, 1))).levels
    assert levels.kind == "linear"
    np.testing.assert_allclose(np.diff(levels.values), np.diff(levels.values)[0])


def test_poles_to_both_sides_leave_levels_for_the_rest():
    seen = landscape(parse("log(x)*x + (y - 1)^2 + 1/(x*y)"), ((-1, 3), (-1, 3)))
    inside = seen.z[np.isfinite(seen.z)]
    between = np.quantile(inside, (0.05, 0.95))
    values = seen.levels.values
    assert ((values > between[0]) & (values < between[1])).sum() >= 6


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=4, max_size=60),
)
def test_shades_are_bounded_monotone_and_have_holes_where_values_do(values):
    z = np.array(values)
    levels = choose_levels(z)
    shade = levels.shade(z)
    np.testing.assert_array_equal(np.isnan(shade), ~np.isfinite(z))
    order = np.argsort(z[np.isfinite(z)])
    ranked = shade[np.isfinite(z)][order]
    assert (np.diff(ranked) >= -1e-9).all()
    assert (np.abs(ranked) <= len(levels.values) + 1).all()
    if len(levels.values):
        np.testing.assert_allclose(levels.shade(levels.values), np.arange(len(levels.values)), atol=1e-3)


def test_values_at_the_end_of_the_floats_have_no_levels():
    assert len(choose_levels([0.0, 0.0, 0.0, 2.2250738585072014e-308]).values) == 0
    small = choose_levels([0.0, 0.0, 0.0, 1e-280])
    np.testing.assert_allclose(small.shade(small.values), np.arange(len(small.values)), atol=1e-3)


@pytest.mark.parametrize("fill", [3.0, np.nan, np.inf])
def test_flat_and_empty_landscapes_have_no_levels(fill):
    levels = choose_levels(np.full((5, 5), fill))
    assert len(levels.values) == 0
    assert levels.shade(np.full(4, fill)).shape == (4,)


@pytest.mark.parametrize(
    ("text", "start", "minimum"),
    [
        ("(1 - x)^2 + 100*(y - x^2)^2", (-1.2, 1), (1, 1)),
        ("x^2 + 10*y^2", (4, 1), (0, 0)),
        ("abs(x) + abs(y)", (3, -2), (0, 0)),
        ("x^4 - 3*x^3 + 2", (3.2,), (2.25,)),
        ("(x^2 + y - 11)^2 + (x + y^2 - 7)^2", (3.5, 1.5), (3, 2)),
    ],
)
def test_a_nearby_minimum_is_found(text, start, minimum):
    np.testing.assert_allclose(nearby_minimum(parse(text), start), minimum, atol=1e-3)


@pytest.mark.parametrize(("text", "start"), [("x + y", (0, 0)), ("-x^2", (1,)), ("log(x)", (-1,)), ("log(x)", (1,))])
def test_a_slope_without_end_has_no_nearby_minimum(text, start):
    assert nearby_minimum(parse(text), start) is None


def test_the_search_for_a_minimum_is_bounded():
    class Counting:
        def __init__(self, inner):
            self.inner, self.calls = inner, 0

        def __getattr__(self, name):
            self.calls += name in ("value", "gradient", "hessian")
            return getattr(self.inner, name)

    for text, start in (("sin(x)*exp(x/9) + cos(y)*x", (0.3, 0.4)), ("exp(-x)", (0,)), ("abs(x*y) + abs(x)", (3, 4))):
        counting = Counting(parse(text))
        nearby_minimum(counting, start)
        assert counting.calls <= 210


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("(1 - x)^2 + 100*(y - x^2)^2", (-1.2, 1)),
        ("x + y", (0, 0)),
        ("log(x) + y", (-1, 2)),
        ("x^2 + y^2", (0, 0)),
        ("x^2 + y^2", (1e6, 1e-6)),
        ("x^2 + y^2", (1e300, 0)),
        ("x*0 + y*0", (1, 2)),
        ("exp(exp(x))", (5,)),
    ],
)
def test_a_chosen_window_holds_the_start_and_is_never_degenerate(text, start):
    window = choose_window(parse(text), start)
    assert len(window) == len(start)
    for at, (low, high) in zip(start, window, strict=True):
        assert np.isfinite([low, high]).all()
        assert low < high
        assert low <= at <= high or abs(at) > 1e299


def test_a_chosen_window_holds_known_minima_and_is_of_sensible_shape():
    (x_low, x_high), (y_low, y_high) = choose_window(ROSENBROCK, (-1.2, 1.0), minima=[(1.0, 1.0)])
    assert x_low < -1.2 < 1 < x_high
    assert y_low < 1 < y_high
    assert 0.25 <= (y_high - y_low) / (x_high - x_low) <= 4


def test_variables_of_very_different_scale_get_windows_of_their_own():
    xs = np.arange(-50.0, 50.0)
    fit = LeastSquares("slope*x + intercept", {"x": xs, "y": 20 * xs + 90_000}, "y")
    slope, intercept = choose_window(fit, (0.0, 0.0))
    assert slope[1] - slope[0] < (intercept[1] - intercept[0]) / 10


def test_the_window_of_a_path_holds_every_finite_point_of_it():
    path = np.array([[0, 0], [3, -1], [1e300, 2], [np.nan, 5]])
    (x_low, x_high), (y_low, y_high) = window_of_path(path, ((-1, 1), (-1, 1)))
    assert x_low <= -1
    assert x_high == 1e300
    assert y_low < -1
    assert y_high > 2
    assert np.isfinite(landscape(Quadratic(np.eye(2), np.zeros(2)), ((x_low, x_high), (y_low, y_high))).x).all()


def test_a_path_inside_leaves_the_window_as_it_is():
    window = ((-1.0, 1.0), (-2.0, 2.0))
    assert window_of_path(np.zeros((4, 2)), window) == window


def test_a_secant_has_the_numbers_of_its_two_points():
    line = secant(ROSENBROCK, [-1.2, 1.0], 0.5, axis=1)
    assert line.value == ROSENBROCK.value([-1.2, 1.0])
    assert line.value_ahead == ROSENBROCK.value([-1.2, 1.5])
    assert line.quotient == (line.value_ahead - line.value) / 0.5
    assert line.derivative == ROSENBROCK.gradient([-1.2, 1.0])[1]


def test_quotients_approach_the_derivative():
    quotients = quotient_curve(parse("x^2"), [3.0])
    calm = quotients.spacings >= 1e-5  # below, round-off is seen
    np.testing.assert_allclose(quotients.quotients[calm], 6 + quotients.spacings[calm], rtol=1e-9)
    assert (quotients.spacings[0], quotients.spacings[-1], quotients.quotients[-1]) == (1e-15, 1, 7)
    assert quotients.derivative == 6
