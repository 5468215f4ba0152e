"""Basins of attraction: each start's limit is that of its own descent, and what the limits are is what is known."""

from __future__ import annotations

import numpy as np
import pytest

import gdviz
from gdviz import StopReason
from gdviz.maps import DIVERGED, RAN_OUT

HIMMELBLAU = gdviz.PRESETS["himmelblau"]
WINDOW = ((-5.0, 5.0), (-5.0, 5.0))
CUBE_ROOTS = "(x^4 - 6x^2*y^2 + y^4)/4 - x"  # its gradient is that of z³ = 1: (Re z³ - 1, -Im z³)
CORNERS = np.array([[-0.5, -np.sqrt(0.75)], [-0.5, np.sqrt(0.75)], [1.0, 0.0]])


def test_every_start_reaches_what_its_own_descent_reaches():
    found = gdviz.basins(HIMMELBLAU.objective, WINDOW, (21, 24), 0.01, 1000, minima=HIMMELBLAU.minima)
    assert found.reached.shape == found.epochs.shape == (21, 24)
    assert (found.x[0], found.x[-1], found.y[0], found.y[-1]) == (-5, 5, -5, 5)
    for j, y in enumerate(found.y):
        for i, x in enumerate(found.x):
            run = gdviz.descend(HIMMELBLAU.objective, [x, y], 0.01, 1000)
            assert run.stop_reason is StopReason.CONVERGED
            assert found.epochs[j, i] == run.epochs
            nearest = np.argmin(np.linalg.norm(found.points - run.thetas[-1], axis=1))
            assert found.reached[j, i] == nearest
    known = [HIMMELBLAU.minima[k][0] for k in found.known]
    assert found.points == pytest.approx(np.array(known), abs=1e-5)
    assert sorted(found.known) == [0, 1, 2, 3]
    assert found.kinds.tolist() == ["minimum"] * 4
    assert found.shares == pytest.approx([np.mean(found.reached == k) for k in range(4)])
    assert found.share_errors == pytest.approx(np.sqrt(found.shares * (1 - found.shares) / 504))


def test_shares_of_a_coarse_map_are_those_of_a_fine_one_within_their_counting_error():
    fine = gdviz.basins(HIMMELBLAU.objective, WINDOW, (256, 256))
    coarse = gdviz.basins(HIMMELBLAU.objective, WINDOW, (40, 40))
    assert (np.abs(fine.shares - coarse.shares) < 3 * coarse.share_errors).all()
    assert fine.shares.sum() == pytest.approx(1)
    assert fine.points == pytest.approx(coarse.points, abs=1e-9)


def test_newtons_fractal_has_three_saddles_and_a_third_of_the_plane_for_each():
    found = gdviz.basins(gdviz.parse(CUBE_ROOTS), ((-2, 2), (-2, 2)), (401, 401), 1.0, 200, "newton")
    assert found.points == pytest.approx(CORNERS, abs=1e-12)
    assert found.kinds.tolist() == ["saddle"] * 3
    inside = np.hypot(*np.meshgrid(found.x, found.y)) < 2  # a disk is the same after a third of a turn
    shares = np.array([np.mean(found.reached[inside] == k) for k in range(3)])
    assert shares == pytest.approx([1 / 3] * 3, abs=3 * np.sqrt(2 / 9 / inside.sum()))


def test_newtons_map_turns_with_the_third_roots_of_one():
    newton = {"learning_rate": 1.0, "epochs": 200, "optimizer": "newton"}
    rng = np.random.default_rng(1)
    z = rng.uniform(-2, 2, 300) + 1j * rng.uniform(-2, 2, 300)
    ends = [
        gdviz.descend_batch(gdviz.parse(CUBE_ROOTS), np.stack([t.real, t.imag], -1), **newton).thetas
        for t in (z, z * np.exp(2j * np.pi / 3))
    ]
    first, turned = (np.round(e[:, 0] + 1j * e[:, 1], 6) for e in ends)
    assert np.mean(np.abs(first * np.exp(2j * np.pi / 3) - turned) < 1e-5) > 0.97  # rounding decides near the fractal


def test_newton_goes_to_saddles_and_to_the_maximum_too():
    found = gdviz.basins(HIMMELBLAU.objective, ((-6, 6), (-6, 6)), (80, 80), 1.0, 100, "newton")
    assert found.kinds.tolist() == ["minimum"] * 4 + ["saddle"] * 4 + ["maximum"]
    assert found.points[-1] == pytest.approx([-0.270845, -0.923039], abs=1e-6)


@pytest.mark.parametrize("rate", [0.03, 0.1])
def test_what_diverges_or_runs_out_is_told_apart(rate: float):
    found = gdviz.basins(HIMMELBLAU.objective, WINDOW, (24, 24), rate, 30)
    batch = gdviz.descend_batch(HIMMELBLAU.objective, np.stack(np.meshgrid(found.x, found.y), -1), rate, 30)
    assert np.array_equal(found.reached == DIVERGED, batch.stop_reasons == StopReason.DIVERGED)
    assert np.array_equal(found.reached == RAN_OUT, batch.stop_reasons == StopReason.EPOCHS)
    assert np.array_equal(found.epochs, batch.epochs)
    assert found.diverged == np.mean(found.reached == -1)
    assert found.ran_out == np.mean(found.reached == -2)
    assert found.shares.sum() + found.diverged + found.ran_out == pytest.approx(1)


@pytest.mark.parametrize(
    ("formula", "kinds", "point"),
    [
        ("x^2 + 3y^2", ["minimum"], [0, 0]),
        ("x^2 + 0*y", ["flat"], [0, -3]),  # a valley: one limit, at the first start's end
        ("x^4 + y^2", ["flat"], [0, 0]),  # no curvature in x at the minimum
        ("(x*y - 1)^2 + (x - y)^2", ["minimum", "minimum", "saddle"], [-1, -1]),
        ("(x*y - 1)^2 + (x + y - 2)^2", ["flat"], [1, 1]),  # the two valleys touch there
        ("-exp(-x^2 - y^2)", ["minimum", "flat"], [0, 0]),  # a plateau around it
        ("(x - 1e6)^2 + (y + 2e-6)^2", ["minimum"], [1e6, -2e-6]),
        ("1e-6*(x^2 + y^2)", ["minimum"], [0, 0]),
    ],
)
def test_a_limit_is_of_the_kind_that_its_hessian_says(formula: str, kinds: list[str], point: list[float]):
    tolerance = 1e-6 if "x^4" in formula or "exp" in formula else 1e-8
    rate = 1e5 if "1e-6*" in formula else 0.1
    found = gdviz.basins(gdviz.parse(formula), ((-3, 3), (-3, 3)), (60, 60), rate, 20_000, "gd", tolerance=tolerance)
    assert found.kinds.tolist()[: len(kinds)] == kinds
    assert set(found.kinds[len(kinds) :]) <= {"flat"}
    assert found.points[0] == pytest.approx(point, abs=1e-6, rel=1e-9)


def test_limits_stay_the_same_ones_on_a_map_of_a_tiny_corner():
    border = ((-0.1280, -0.1280 + 1e-9), (-1.9537, -1.9537 + 1e-9))
    found = gdviz.basins(HIMMELBLAU.objective, border, (32, 32), 0.01, 5000)
    whole = gdviz.basins(HIMMELBLAU.objective, WINDOW, (32, 32))
    for point in found.points:
        assert np.min(np.linalg.norm(whole.points - point, axis=1)) < 1e-9


def test_three_parameters_are_mapped_over_two_of_them():
    f = gdviz.parse("(x^2 - 1)^2 + (y - z)^2 + (z^2 - 1)^2")
    found = gdviz.basins(f, ((-2, 2), (-2, 2)), (20, 20), 0.02, 5000, variables=("z", "x"), start=[9, 0.5, 9])
    assert found.variables == ("z", "x")
    i, j = 3, 15
    run = gdviz.descend(f, [found.y[j], 0.5, found.x[i]], 0.02, 5000)
    assert found.points[found.reached[j, i]] == pytest.approx(run.thetas[-1], abs=1e-6)


def test_the_map_is_the_same_without_a_compiler():
    wave = gdviz.parse("sin(3x)*cos(2y) + 0.05(x^2 + y^2)")
    for optimizer in ("gd", "adam"):
        native, python = (
            gdviz.basins(wave, WINDOW, (20, 20), 0.03, 300, optimizer, engine=engine, tolerance=1e-4)
            for engine in ("native", "python")
        )
        assert same(native, python)


def same(a: gdviz.Basins, b: gdviz.Basins) -> bool:
    names = ("x", "y", "reached", "epochs", "points", "kinds", "shares", "known")
    return all(np.array_equal(getattr(a, name), getattr(b, name)) for name in names)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"window": ((0, 1),)}, "window is"),
        ({"window": ((1, 0), (0, 1))}, "x goes from 1 to 0"),
        ({"window": ((0, 1), (0, np.inf))}, "y goes from 0 to inf"),
        ({"window": "ab"}, "window is"),
        ({"shape": 5}, "shape is 5"),
        ({"shape": (0, 5)}, "two whole numbers above 0"),
        ({"shape": (2.5, 5)}, "two whole numbers above 0"),
        ({"learning_rate": 0}, "learning_rate is 0"),
        ({"learning_rate": np.nan}, "learning_rate is nan"),
        ({"learning_rate": "cosine"}, "learning_rate is 'cosine'; it must be a number"),
        ({"learning_rate": np.array([0.1, 0.2])}, "it must be a number"),
        ({"epochs": 0}, "epochs is 0"),
        ({"optimizer": "sgdd"}, "no optimizer"),
        ({"beta": 0.5}, "no hyper-parameter"),
        ({"variables": ("x", "x")}, "two different ones of x, y"),
        ({"variables": ("x", "q")}, "two different ones of x, y"),
        ({"tolerance": -1}, "tolerance is -1"),
        ({"start": [1.0]}, "start has shape"),
    ],
)
def test_what_makes_no_map_is_refused_in_words(changes, says: str):
    arguments = {"window": WINDOW, "shape": (4, 4)} | changes
    with pytest.raises(ValueError, match=says):
        gdviz.basins(HIMMELBLAU.objective, **arguments)


def test_window_and_shape_may_be_arrays_and_a_map_one_row():
    found = gdviz.basins(HIMMELBLAU.objective, np.array(WINDOW), np.array([1, 7]))
    assert (found.reached.shape, found.y.tolist()) == ((1, 7), [0.0])
    runs = [gdviz.descend(HIMMELBLAU.objective, [x, 0.0], 0.01, 1000) for x in found.x]
    assert found.points[found.reached[0]] == pytest.approx(np.array([run.thetas[-1] for run in runs]), abs=1e-5)


def test_a_fit_of_which_nothing_comes_to_rest_has_no_limits():
    u = np.linspace(-2, 2, 20)
    curve = gdviz.LeastSquares("a/(1 + exp(-b*u))", data={"u": u, "v": 3 / (1 + np.exp(-2 * u))}, target="v")
    found = gdviz.basins(curve, ((0, 5), (0, 5)), (4, 5), 0.1, 50)
    assert (found.points.shape, found.shares.shape, found.ran_out) == ((0, 2), (0,), 1.0)


def test_one_parameter_has_no_basins_and_three_need_a_start():
    with pytest.raises(ValueError, match=r"two parameters.*gdviz.trainability"):
        gdviz.basins(gdviz.parse("x^2"), WINDOW)
    with pytest.raises(ValueError, match="A start is needed for z"):
        gdviz.basins(gdviz.parse("x^2 + y^2 + z^2"), WINDOW)
