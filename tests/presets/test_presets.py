"""The presets against the literature's numbers, and against the one descent loop."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from gdviz.descent import StopReason, descend
from gdviz.optimizers import Momentum
from gdviz.presets import DEFAULT, PRESETS, Preset, random_start
from tests.presets.local_minima import LOCAL_MINIMA

EACH = pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS.keys())


def known_minima(preset: Preset) -> tuple[tuple[tuple[float, ...], float], ...]:
    return preset.minima + LOCAL_MINIMA.get(preset.key, ())


MINIMA = [
    pytest.param(preset, point, value, id=f"{key}-{i}")
    for key, preset in PRESETS.items()
    for i, (point, value) in enumerate(known_minima(preset))
]
# At Ackley's tip and at the kink of |x| there is no gradient; the square root makes it nan at the tip itself.
SHARP = {"ackley", "absolute_value"}
# Where a descent ends that is not near a known minimum: why not stands in the note.
ELSEWHERE = {
    "absolute_value",
    "saddle",
    "saddle_between_wells",
    "monkey_saddle",
    "powell_singular",
    "easom",
    "powell_badly_scaled",
    "brown_badly_scaled",
}


def is_global_kink(preset: Preset, point: tuple[float, ...]) -> bool:
    return preset.key in SHARP and not np.any(point)


def test_there_are_enough_presets_and_the_notebook_comes_first():
    assert len(PRESETS) >= 24
    assert next(iter(PRESETS)) == "sum_of_squares"
    assert DEFAULT in PRESETS


def test_presets_cannot_be_changed():
    with pytest.raises(TypeError):
        PRESETS["mine"] = PRESETS["beale"]  # type: ignore[index]
    with pytest.raises(FrozenInstanceError):
        PRESETS["beale"].start = (0.0, 0.0)  # type: ignore[misc]


@EACH
def test_a_preset_is_complete_and_fits_a_link(preset: Preset):
    assert PRESETS[preset.key] is preset
    assert re.fullmatch("[a-z][a-z0-9_]*", preset.key)
    assert re.search(r"\b(19|20)\d\d\b|notebook", preset.source)
    assert preset.title
    assert preset.note.endswith(".")
    assert not preset.run_note or preset.run_note.endswith(".")
    about_a_run = r"\b(arrives|diverges|this (start|learning rate)|from here|the run|the path|Try [^s])\b"
    assert not re.search(about_a_run, preset.note), "what is true of one run goes into run_note"
    assert not re.search(r"[0-9 (]-[0-9]|[0-9]e-?[0-9]", preset.note + preset.run_note), "numbers as people write them"
    assert preset.learning_rate > 0
    assert 1 <= preset.epochs <= 100_000


@EACH
def test_the_formula_parses_and_its_variables_fit_start_and_window(preset: Preset):
    assert preset.objective.text == preset.formula
    assert preset.objective is preset.objective
    n = len(preset.objective.variables)
    assert preset.objective.variables == tuple(sorted(preset.objective.variables))
    assert np.shape(preset.start) == (n,)
    assert np.shape(preset.window) == (n, 2)


@EACH
def test_the_window_holds_the_start_and_the_minima(preset: Preset):
    low, high = np.array(preset.window).T
    assert np.all(low < high)
    assert np.all((low <= preset.start) & (preset.start <= high))
    if preset.key == "brown_badly_scaled":
        assert "outside the window" in preset.note
        return
    for point, _ in known_minima(preset):
        assert np.all((low <= point) & (point <= high))


@pytest.mark.parametrize(("preset", "point", "value"), MINIMA)
def test_a_published_minimum_has_its_published_value(preset: Preset, point: tuple[float, ...], value: float):
    assert preset.objective.value(point) == pytest.approx(value, rel=1e-6, abs=6e-7)


@pytest.mark.parametrize(("preset", "point", "value"), MINIMA)
def test_a_published_minimum_is_stationary_and_curved_upwards(preset: Preset, point: tuple[float, ...], value: float):
    if is_global_kink(preset, point):
        around = np.array(point) + 1e-4 * np.random.default_rng(1).normal(size=(50, len(point)))
        assert np.all(preset.objective.value(around) > value)
        return
    curvatures = np.linalg.eigvalsh(preset.objective.hessian(point))
    scale = max(1.0, curvatures[-1])
    # Points are printed with six or seven digits, so the gradient is zero to about scale times their rounding.
    assert np.linalg.norm(preset.objective.gradient(point)) <= 1e-5 * scale
    assert curvatures[0] >= -1e-9 * scale


@EACH
def test_local_minima_are_above_the_global_ones(preset: Preset):
    depths = [value for _, value in preset.minima]
    assert max(depths, default=0) - min(depths, default=0) == 0
    if preset.minima:
        assert all(value > depths[0] for _, value in LOCAL_MINIMA.get(preset.key, ()))


@EACH
def test_no_point_of_the_window_is_lower_than_the_published_minimum(preset: Preset):
    if not preset.minima:
        return
    low, high = np.array(preset.window).T
    points = np.random.default_rng(0).uniform(low, high, size=(20_000, len(low)))
    assert np.nanmin(preset.objective.value(points)) >= preset.minima[0][1] - 1e-6


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("rosenbrock", 24.2),
        ("beale", 14.203125),
        ("freudenstein_roth", 400.5),
        ("powell_singular", 215.0),
        ("powell_badly_scaled", 1.0 + (np.exp(-1.0) - 0.0001) ** 2),
        ("brown_badly_scaled", 999_999.0**2 + (1 - 2e-6) ** 2 + 1),
        ("himmelblau", 170.0),
        ("quadratic_bowl", 55.0),
    ],
)
def test_the_value_at_the_published_start(key: str, value: float):
    assert PRESETS[key].objective.value(PRESETS[key].start) == pytest.approx(value, rel=1e-12)


def test_himmelblaus_hill_is_where_it_was_published():
    hill = (-0.270845, -0.923039)
    objective = PRESETS["himmelblau"].objective
    assert objective.value(hill) == pytest.approx(181.6165, abs=5e-5)
    assert np.linalg.norm(objective.gradient(hill)) < 1e-4
    assert np.all(np.linalg.eigvalsh(objective.hessian(hill)) < 0)


@pytest.mark.parametrize("key", ["saddle", "monkey_saddle", "saddle_between_wells"])
def test_a_saddle_is_stationary_but_no_minimum(key: str):
    objective = PRESETS[key].objective
    assert objective.gradient((0.0, 0.0)) == pytest.approx([0, 0])
    around = objective.value(0.01 * np.random.default_rng(0).normal(size=(100, 2)))
    assert around.min() < 0 < around.max()


@EACH
def test_the_learning_rate_goes_down_and_nowhere_astray(preset: Preset):
    run = descend(preset.objective, preset.start, preset.learning_rate, preset.epochs)
    assert run.stop_reason in (StopReason.EPOCHS, StopReason.CONVERGED)
    assert np.isfinite(run.thetas).all()
    assert run.values[-1] < run.values[0]
    low, high = np.array(preset.window).T
    assert np.all((low <= run.thetas) & (run.thetas <= high)), "the whole path is to be seen"


@pytest.mark.parametrize("key", [key for key in PRESETS if key not in ELSEWHERE])
def test_the_run_ends_near_a_known_minimum(key: str):
    preset = PRESETS[key]
    run = descend(preset.objective, preset.start, preset.learning_rate, preset.epochs)
    size = np.ptp(np.array(preset.window), axis=1)
    known = [point for point, _ in known_minima(preset)]
    # The ravine's 20 epochs end on the way, a seventh of the window before the minimum: that is its lesson.
    assert min(np.max(np.abs(run.thetas[-1] - point) / size) for point in known) < (0.15 if key == "ravine" else 0.02)


@pytest.mark.parametrize(
    ("key", "end"),
    [
        ("parabola", [0.060466]),
        ("x_cosine", [-1.528166]),
        ("gentle_bowl", [-0.057646, -0.000073]),
        ("ravine", [-0.943467, -0.000073]),
    ],
)
def test_dive_into_deep_learnings_printed_outputs(key: str, end: list[float]):
    preset = PRESETS[key]
    run = descend(preset.objective, preset.start, preset.learning_rate, preset.epochs)
    assert run.thetas[-1] == pytest.approx(end, abs=6e-7)


def test_the_notebooks_first_epoch():
    preset = PRESETS["sum_of_squares"]
    run = descend(preset.objective, preset.start, preset.learning_rate, 1)
    assert run.thetas[1] == pytest.approx([5.959514567919295, -7.755049628471903, -3.2328058415362424], rel=1e-15)


class TestWhatTheNotesPromise:
    @staticmethod
    def end(key: str, **changes):
        preset = PRESETS[key]
        settings = {"start": preset.start, "learning_rate": preset.learning_rate, "epochs": preset.epochs, **changes}
        return descend(preset.objective, **settings)

    @pytest.mark.parametrize(
        ("key", "changes", "end"),
        [
            ("double_well", {"start": [-0.05]}, [-1]),
            ("double_well", {"start": [0.0]}, [0]),
            ("x_cosine", {"learning_rate": 0.5, "epochs": 30}, [7.269388]),
            ("himmelblau", {}, [3, 2]),
            ("styblinski_tang", {"start": [0.0, 0.0]}, [-2.903534, -2.903534]),
            ("goldstein_price", {"start": [0.2, -0.8]}, [0, -1]),
            ("branin", {"start": [7.0, 9.0]}, [9.42478, 2.475]),
            ("easom", {"start": [2.0, 2.0]}, [np.pi, np.pi]),
            ("three_hump_camel", {"start": [1.0, 1.0]}, [0, 0]),
            ("three_hump_camel", {"learning_rate": 0.3}, [0, 0]),
            ("freudenstein_roth", {"start": [5.0, 3.5], "learning_rate": 0.0002}, [5, 4]),
            ("freudenstein_roth", {}, [11.412779, -0.896805]),
            ("saddle_between_wells", {"start": [1.0, 1e-6], "epochs": 400}, [0, 1]),
        ],
    )
    def test_arrives(self, key: str, changes: dict, end: list[float]):
        assert self.end(key, **changes).thetas[-1] == pytest.approx(end, abs=0.01)

    @pytest.mark.parametrize(
        ("key", "changes"),
        [
            ("parabola", {"learning_rate": 1.1}),
            ("ravine", {"learning_rate": 0.6}),
            ("booth", {"learning_rate": 0.115}),
            ("beale", {"start": [4.0, 4.0]}),
            ("monkey_saddle", {"epochs": 105}),
            ("log_barrier", {"learning_rate": 6.0}),
        ],
    )
    def test_fails(self, key: str, changes: dict):
        run = self.end(key, **changes)
        assert run.stop_reason is StopReason.DIVERGED or run.values[-1] > run.values[0] or run.values[-1] < -1e9

    @pytest.mark.parametrize(("key", "rate"), [("rosenbrock", 0.0025), ("styblinski_tang", 0.06), ("rastrigin", 0.006)])
    def test_never_settles(self, key: str, rate: float):
        run = self.end(key, learning_rate=rate)
        assert np.isfinite(run.thetas).all()
        assert run.gradient_norms[-10:].min() > 0.1

    def test_easom_hardly_moves(self):
        run = self.end("easom")
        assert np.linalg.norm(run.thetas[-1] - run.thetas[0]) < 0.05

    def test_powell_drops_onto_the_floor_and_stands(self):
        run = self.end("powell_badly_scaled")
        assert run.thetas[-1] == pytest.approx([1e-4, 1.0], rel=1e-3)

    def test_brown_follows_its_hyperbola(self):
        run = self.end("brown_badly_scaled")
        x, y = run.thetas[-1]
        assert x * y == pytest.approx(2, rel=0.01)
        assert x > 700

    def test_a_heavy_ball_rolls_over_ackleys_rims(self):
        plain = self.end("ackley")
        heavy = self.end("ackley", learning_rate=0.05, optimizer=Momentum(beta=0.95))
        assert np.linalg.norm(plain.thetas[-1]) > 3 > 2 > np.linalg.norm(heavy.thetas[-1])


def test_random_starts_are_seeded_uniform_and_inside():
    preset = PRESETS["sum_of_squares"]
    assert random_start(preset, 7) == random_start(preset.window, 7) == random_start(list(preset.window), 7)
    assert random_start(preset, 7) != random_start(preset, 8)
    starts = np.array([random_start(PRESETS["ravine"], seed) for seed in range(2000)])
    low, high = np.array(PRESETS["ravine"].window).T
    assert np.all((low <= starts) & (starts <= high))
    assert starts.mean(axis=0) == pytest.approx((low + high) / 2, abs=0.2)
    assert all(type(value) is float for value in random_start(preset, 0))


def test_a_random_start_is_the_same_on_every_machine():
    assert random_start([(-10, 10)], 0) == (np.random.default_rng(0).uniform(-10, 10),)
