"""Trainability: how descents end over two settings, and when the boundary is a fractal."""

from __future__ import annotations

import numpy as np
import pytest

import gdviz
from gdviz import StopReason
from gdviz.command_line import map_words
from gdviz.learning_rates.searches import ExactSearch
from gdviz.maps.axes import changeable
from gdviz.maps.dimension import box_counts, counted
from gdviz.maps.usual_axes import setting_axis, usual_names
from gdviz.optimizers import Adam, Momentum
from gdviz.ui.pages import map_fields

ROSENBROCK = gdviz.PRESETS["rosenbrock"]


@pytest.mark.parametrize(
    ("eps", "wavelength", "fractal"),
    [(0.2, 0.1, True), (0.02, 0.5, True), (0.02, 0.3, True), (0.0003, 0.1, False), (0.01, 0.5, False)],
)
def test_the_boundary_is_fractal_once_the_function_is_not_convex(eps: float, wavelength: float, fractal: bool):
    assert (eps / wavelength**2 > 1 / (2 * np.pi**2)) == fractal  # Liu (2024)
    f = gdviz.parse(f"x^2 + {eps}*cos(2*pi*x/{wavelength})")
    rate, start = ("learning_rate", 0.5, 1.5, "log"), ("x", -2.0, 2.0)
    found = gdviz.trainability(f, x=rate, y=start, shape=(128, 128), epochs=300, optimizer="gd")
    if fractal:
        assert found.dimension > 1.15
    else:
        assert found.dimension == pytest.approx(1, abs=0.1)


def test_every_pixel_is_a_run_of_its_own():
    found = gdviz.trainability(ROSENBROCK.objective, ROSENBROCK.start, shape=(9, 12), epochs=200)
    assert found.stop_reasons.shape == found.epochs.shape == found.values.shape == (9, 12)
    assert found.x == pytest.approx(np.geomspace(1e-4, 1, 12))
    assert found.y == pytest.approx(np.linspace(0, 0.99, 9))
    for j, beta in enumerate(found.y):
        for i, rate in enumerate(found.x):
            run = gdviz.descend(ROSENBROCK.objective, ROSENBROCK.start, rate, 200, "momentum", beta=beta)
            assert found.stop_reasons[j, i] is run.stop_reason
            assert (found.epochs[j, i], found.values[j, i]) == (run.epochs, run.values[-1])
            bounded = run.stop_reason is not StopReason.DIVERGED and run.values[-1] <= run.values[0]
            assert found.trained[j, i] == bounded
    assert found.ceiling == ROSENBROCK.objective.value(ROSENBROCK.start)


def test_on_a_quadratic_the_boundary_is_the_heavy_balls_limit():
    bowl = gdviz.parse("0.5*x^2 + 5*y^2")
    rate = ("learning_rate", 0.05, 1.0, "log")
    found = gdviz.trainability(bowl, [3.0, 1.0], rate, ("beta", 0.0, 0.9), (32, 400), 2000)
    for j, beta in enumerate(found.y):
        limit = (2 + 2 * beta) / 10
        assert found.trained[j, found.x < 0.985 * limit].all()
        assert not found.trained[j, found.x > 1.015 * limit].any()
    assert found.dimension == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize(
    ("x", "y", "optimizer"),
    [
        (("beta1", 0.5, 0.99), ("epsilon", 1e-8, 1e-2, "log"), "adam"),
        (("x", -2, 2), ("y", -1, 3), "gd"),
        (("y", -1, 3), ("x", -2, 2), "newton"),
        (("learning_rate", 0.01, 1.0, "log"), ("beta2", 0.9, 0.999), "nadam"),
        (("beta1", 0.5, 0.9), ("beta2", 0.9, 0.999), "radam"),
        (("learning_rate", 0.1, 1.0), ("y", -1, 1), "bfgs"),
        (("floor", 1e-6, 1.0, "log"), ("y", -1, 1), "newton_safeguarded"),
    ],
)
def test_axes_are_rates_coordinates_of_the_start_and_settings(x, y, optimizer: str):
    found = gdviz.trainability(ROSENBROCK.objective, ROSENBROCK.start, x, y, (3, 4), 60, optimizer, learning_rate=0.003)
    for j in range(3):
        for i in range(4):
            start, settings = dict(zip("xy", ROSENBROCK.start, strict=True)), {"learning_rate": 0.003}
            for (name, *_), number in ((x, found.x[i]), (y, found.y[j])):
                (start if name in start else settings)[name] = float(number)
            rate = settings.pop("learning_rate")
            run = gdviz.descend(ROSENBROCK.objective, [start["x"], start["y"]], rate, 60, optimizer, **settings)
            assert found.stop_reasons[j, i] is run.stop_reason
            assert found.values[j, i] == run.values[-1]


def test_a_schedule_is_followed_at_every_rate_of_an_axis():
    axes = ("learning_rate", 1e-4, 1e-2, "log"), ("x", -2, 2)
    cosine = gdviz.LEARNING_RATES["cosine"]
    found = gdviz.trainability(ROSENBROCK.objective, [0, 1], *axes, (3, 3), 100, "gd", learning_rate=cosine(1.0))
    run = gdviz.descend(ROSENBROCK.objective, [found.y[2], 1], cosine(float(found.x[1])), 100)
    assert found.values[2, 1] == pytest.approx(run.values[-1], rel=1e-9)


def test_the_map_is_the_same_without_a_compiler():
    f = gdviz.parse("x^2 + 0.02*cos(2*pi*x/0.5)")
    rate, start = ("learning_rate", 0.5, 1.5, "log"), ("x", -2.0, 2.0)
    native, python = (
        gdviz.trainability(f, None, rate, start, (24, 24), 300, "gd", engine=engine) for engine in ("native", "python")
    )
    for name in ("values", "epochs", "stop_reasons", "trained"):
        assert np.array_equal(getattr(native, name), getattr(python, name), equal_nan=name == "values")


def test_a_map_of_a_few_roundings_still_has_its_axes():
    low = 1.0
    high = np.nextafter(np.nextafter(low, 2), 2)
    found = gdviz.trainability(gdviz.parse("x^2"), None, ("learning_rate", low, high), ("x", 1, 2), (4, 8), 50, "gd")
    assert set(found.x) <= {low, np.nextafter(low, 2), high}
    assert np.all(np.diff(found.x) >= 0)


def test_boxes_of_known_shapes():
    line = np.zeros((256, 256), dtype=bool)
    line[:, 100:] = True
    assert box_counts(line).slopes == pytest.approx([1.0] * 5)
    assert box_counts(line).dimension == 1.0
    dots = np.indices((256, 256)).sum(axis=0) % 2 == 0
    assert box_counts(dots).dimension == 2.0
    whole = box_counts(np.ones((64, 64), dtype=bool))
    assert whole.counts.sum() == 0
    assert np.isnan(whole.dimension)
    assert np.isnan(box_counts(np.zeros((4, 4), dtype=bool)).dimension)


def test_a_carpet_has_its_dimension():
    carpet = np.ones((1, 1), dtype=bool)
    for _ in range(6):  # Sierpinski's triangle: log 3 / log 2
        carpet = np.block([[carpet, carpet], [carpet, np.zeros_like(carpet)]])
    assert counted(carpet).counts.tolist() == [729, 243, 81, 27]
    assert counted(carpet).dimension == pytest.approx(np.log2(3))
    assert counted(carpet).fitted == pytest.approx([729, 243, 81, 27])


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"x": "learning_rate"}, "x is 'learning_rate'"),
        ({"x": ("learning_rate", 0.1)}, "it must be .name, low, high."),
        ({"x": ("learning_rate", 0, 1, "log")}, "a logarithmic axis starts above 0"),
        ({"x": ("learning_rate", 0, 1)}, "finite number above 0"),
        ({"x": ("learning_rate", 0, 1), "learning_rate": ExactSearch(0.1)}, "does not go with Momentum"),
        ({"x": ("learning_rate", 0.1, 1, "cubic")}, "'linear' or 'log'"),
        ({"x": ("learning_rate", "a", 1)}, "could not convert|ends must be numbers"),
        ({"x": ("gamma", 0, 1)}, "no axis “gamma”.*learning_rate, x, y, beta"),
        ({"y": ("learning_rate", 0.1, 1)}, "Both axes are learning_rate"),
        ({"y": ("beta", 0, 1.5)}, "beta of .* is 1.5"),
        ({"y": ("beta", 0.5, 0.5)}, "the lower first"),
        ({"start": None}, "A start is needed for x, y"),
        ({"start": [1, 2, 3]}, "start has shape"),
        ({"shape": (3,)}, "shape is"),
        ({"optimizer": "gd"}, "no setting to go upwards"),
        ({"optimizer": "gd", "y": ("beta", 0, 0.9)}, "no axis “beta”"),
    ],
)
def test_what_makes_no_map_is_refused_in_words(changes, says: str):
    arguments = {"start": [1.0, 1.0], "shape": (3, 3)} | changes
    with pytest.raises(ValueError, match=says):
        gdviz.trainability(ROSENBROCK.objective, **arguments)


def test_a_variable_named_like_a_setting_is_refused():
    f = gdviz.LeastSquares("beta*u", data={"u": [1.0, 2.0, 3.0], "v": [2.0, 4.1, 6.2]}, target="v")
    with pytest.raises(ValueError, match="is a variable and a setting of"):
        gdviz.trainability(f, [1.0], shape=(3, 3))


@pytest.mark.parametrize("optimizer", sorted(gdviz.OPTIMIZERS))
def test_library_page_and_command_line_take_the_same_axes_where_none_are_named(optimizer: str):
    link = {"objective": "rosenbrock", "optimizer": optimizer}
    task = gdviz.decode(link)[0].posed(None)
    named = map_words.axes(task, "trainability", None, None)
    names = usual_names("trainability", task.problem.variables, task.experiment.optimizer)
    assert tuple(axis.name for axis in named) == names
    assert named == tuple(map_fields._whole(task, name) for name in names)
    own = changeable(task.experiment.optimizer)
    if own:
        found = gdviz.trainability(
            ROSENBROCK.objective, ROSENBROCK.start, shape=(2, 2), epochs=1, optimizer=task.experiment.optimizer
        )
        assert found.axes[1] == named[1]
        assert named[1].low <= getattr(task.experiment.optimizer, own[0]) <= named[1].high
    else:
        with pytest.raises(ValueError, match="has no setting to go upwards: name the axis y"):
            gdviz.trainability(
                ROSENBROCK.objective, ROSENBROCK.start, shape=(2, 2), epochs=1, optimizer=task.experiment.optimizer
            )


def test_every_setting_has_an_axis_that_its_optimizer_takes():
    for optimizer in gdviz.OPTIMIZERS.values():
        for setting in changeable(optimizer()):
            axis = setting_axis(setting, optimizer())
            assert axis.low <= getattr(optimizer(), setting) <= axis.high
            for end in (axis.low, axis.high):
                assert getattr(optimizer(**{setting: end}), setting) == end
    assert setting_axis("beta", Momentum()).high == pytest.approx(0.99)
    assert setting_axis("beta2", Adam()).high == pytest.approx(0.9999)
