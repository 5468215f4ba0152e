"""Descents against the notebook's own code, printed outputs of a textbook, and closed forms; how runs end; batches."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gdviz
from gdviz.descent import MAX_EPOCHS
from tests import notebook

StopReason = gdviz.StopReason
RECORDED = (6.081137314203362, -7.913315947420309, -3.2987814709553493)
LINE_STARTS = [(33.267724471806574, 0.42634413141293237), (-3.0, 8.0), (0.0, 0.0)]


def line_fit() -> gdviz.LeastSquares:
    x, y = (np.array(column) for column in zip(*notebook.line_data(), strict=True))
    return gdviz.LeastSquares("slope*x + intercept", {"x": x, "y": y}, "y")


# ---------------------------------------------------------------- the notebook


def test_the_first_step_on_the_sum_of_squares_is_the_one_the_notebook_printed():
    run = gdviz.descend(gdviz.parse("x^2 + y^2 + z^2"), RECORDED, learning_rate=0.01, epochs=1)
    assert run.thetas[0].tolist() == list(RECORDED)
    printed = [5.959514567919295, -7.755049628471903, -3.2328058415362424]
    assert run.thetas[1] == pytest.approx(printed, rel=1e-15)


def test_the_first_epochs_of_the_line_fit_are_the_ones_the_notebook_printed():
    run = gdviz.descend(line_fit(), LINE_STARTS[0], learning_rate=0.001, epochs=2)
    assert run.thetas[1] == pytest.approx([11.145854121436422, 0.4487591676219131], rel=1e-9)
    assert run.thetas[2] == pytest.approx([25.901164060169528, 0.4490075034081058], rel=1e-9)


@pytest.mark.parametrize("start", [RECORDED, (10.0, -10.0, 0.001)])
def test_a_thousand_epochs_on_the_sum_of_squares_are_the_notebooks(start):
    run = gdviz.descend(gdviz.parse("x^2 + y^2 + z^2"), start, learning_rate=0.01, epochs=1000, tolerance=0)
    by_hand = notebook.minimize_sum_of_squares(start, 0.01, 1000)
    assert run.thetas.shape == (1001, 3)
    assert run.thetas == pytest.approx(np.array(by_hand), rel=1e-9)
    assert run.values == pytest.approx([notebook.sum_of_squares(v) for v in by_hand], rel=1e-9)
    assert run.gradients == pytest.approx(np.array([notebook.sum_of_squares_gradient(v) for v in by_hand]), rel=1e-9)


@pytest.mark.parametrize("start", LINE_STARTS)
def test_five_thousand_epochs_of_the_line_fit_are_the_notebooks(start):
    run = gdviz.descend(line_fit(), start, learning_rate=0.001, epochs=5000, tolerance=0)
    by_hand = np.array(notebook.fit_line(notebook.line_data(), start, 0.001, 5000))
    assert run.thetas.shape == (5001, 2)
    assert run.thetas == pytest.approx(by_hand, rel=1e-9)
    assert run.thetas[-1] == pytest.approx([20, 5], abs=0.05)


def test_a_descent_along_the_estimated_gradient_is_the_notebooks_to_the_last_bit():
    f = gdviz.parse("x^2 + y^2 + z^2")
    run = gdviz.descend(gdviz.EstimatedGradient(f), RECORDED, learning_rate=0.01, epochs=200)
    v = list(RECORDED)
    for row in run.thetas:
        assert row == pytest.approx(v, rel=1e-12)
        v = notebook.gradient_step(v, notebook.estimate_gradient(notebook.sum_of_squares, v), -0.01)


# ---------------------------------------------------------------- Dive into Deep Learning's printed outputs


@pytest.mark.parametrize(
    ("formula", "start", "rate", "epochs", "optimizer", "printed"),
    [
        ("x^2", [10], 0.2, 10, {}, ["0.060466"]),
        ("x^2", [10], 0.05, 10, {}, ["3.486784"]),
        ("x^2", [10], 1.1, 10, {}, ["61.917364"]),
        ("x*cos(0.15*pi*x)", [10], 2, 10, {}, ["-1.528166"]),
        ("x1^2 + 2*x2^2", [-5, -2], 0.1, 20, {}, ["-0.057646", "-0.000073"]),
        ("0.1*x1^2 + 2*x2^2", [-5, -2], 0.4, 20, {}, ["-0.943467", "-0.000073"]),
        ("0.1*x1^2 + 2*x2^2", [-5, -2], 0.6, 20, {}, ["-0.387814", "-1673.365109"]),
        ("0.1*x1^2 + 2*x2^2", [-5, -2], 0.6, 20, {"optimizer": "momentum", "beta": 0.5}, ["0.007188", "0.002553"]),
    ],
)
def test_a_run_ends_where_dive_into_deep_learning_printed_it(formula, start, rate, epochs, optimizer, printed):
    run = gdviz.descend(gdviz.parse(formula), start, rate, epochs, **optimizer)
    assert [f"{x:.6f}" for x in run.thetas[-1]] == printed
    batch = gdviz.descend_batch(gdviz.parse(formula), start, rate, epochs, **optimizer)
    assert [f"{x:.6f}" for x in batch.thetas] == printed


# ---------------------------------------------------------------- closed forms on quadratics


@st.composite
def quadratics(draw):
    """A quadratic of 1 to 4 parameters with known curvatures and axes, a start, and epochs."""
    n = draw(st.integers(1, 4))
    curvatures = np.array(draw(st.lists(st.floats(0.01, 10), min_size=n, max_size=n)))
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    axes = np.linalg.qr(random.normal(size=(n, n)))[0]
    matrix = axes @ np.diag(curvatures) @ axes.T
    objective = gdviz.Quadratic((matrix + matrix.T) / 2, random.uniform(-10, 10, n))
    return objective, curvatures, axes, random.uniform(-10, 10, n), draw(st.integers(1, 300))


def assert_errors_are(run: gdviz.Trajectory, predicted: np.ndarray, center: np.ndarray, within: np.ndarray) -> None:
    """The run's distances to the minimum are the predicted ones, and it ends early only where nothing is left to do."""
    rows = len(run.thetas)
    assert (np.linalg.norm(run.thetas - center - predicted[:rows], axis=1) <= within[:rows]).all()
    if rows < len(predicted):
        assert run.stop_reason is StopReason.CONVERGED
        assert not run.gradients[-1].any()


@given(quadratics(), st.floats(0.05, 1.1))
def test_gradient_descent_multiplies_each_error_by_one_minus_rate_times_curvature(case, share: float):
    objective, curvatures, axes, start, epochs = case
    rate = share * 2 / curvatures.max()
    run = gdviz.descend(objective, start, rate, epochs, tolerance=0)
    k = np.arange(epochs + 1)[:, None]
    first = axes.T @ (start - objective.center)
    predicted = ((1 - rate * curvatures) ** k * first) @ axes.T
    rounding = 1e-13 * (np.max(np.abs(predicted)) + 10)  # what positions of this size leave of a small distance
    within = np.maximum(1e-9 * np.linalg.norm(predicted, axis=1), rounding)
    assert_errors_are(run, predicted, objective.center, within)


@given(quadratics(), st.floats(0.05, 1.05), st.floats(0, 0.95))
def test_heavy_ball_follows_its_two_by_two_recurrence_along_each_axis(case, share: float, beta: float):
    objective, curvatures, axes, start, epochs = case
    rate = share * (2 + 2 * beta) / curvatures.max()
    run = gdviz.descend(objective, start, rate, epochs, "momentum", beta=beta, tolerance=0)
    state = np.stack([np.zeros(len(start)), axes.T @ (start - objective.center)])  # velocity, error
    predicted = [state[1]]
    for _ in range(epochs):
        velocity = beta * state[0] + curvatures * state[1]
        state = np.stack([velocity, state[1] - rate * velocity])
        predicted.append(state[1])
    size = np.max(np.abs(predicted), axis=1)
    # An oscillation passes through zero: compare with the largest error of the last oscillation.
    envelope = np.array([size[max(0, i - 50) : i + 1].max() for i in range(epochs + 1)])
    within = 1e-9 * envelope + 1e-12 * (10 + np.max(size))
    assert_errors_are(run, np.array(predicted) @ axes.T, objective.center, within)


def test_momentum_without_memory_is_gradient_descent_to_the_last_bit():
    f = gdviz.parse("(1 - x)^2 + 100*(y - x^2)^2")
    plain = gdviz.descend(f, [-1.2, 1], 0.001, 2000)
    heavy = gdviz.descend(f, [-1.2, 1], 0.001, 2000, "momentum", beta=0)
    assert plain.thetas.tolist() == heavy.thetas.tolist()


def test_distills_best_rates_take_the_published_number_of_steps():
    f = gdviz.Quadratic(np.diag([0.01, 0.1, 1.0]), np.zeros(3))
    for settings_, steps in (
        ({"learning_rate": 2 / 1.01}, 691),
        ({"learning_rate": (2 / 1.1) ** 2, "optimizer": "momentum", "beta": (0.9 / 1.1) ** 2}, 95),
    ):
        run = gdviz.descend(f, [1.0, 1.0, 1.0], epochs=1000, tolerance=0, **settings_)
        errors = np.linalg.norm(run.thetas, axis=1)
        reached = int(np.flatnonzero(errors <= 1e-6 * errors[0])[0])
        assert reached == pytest.approx(steps, rel=0.06)


# ---------------------------------------------------------------- what a run holds


def test_a_run_of_k_epochs_has_k_plus_one_rows_and_records_what_happened_at_each():
    f = gdviz.parse("(1 - x)^2 + 100*(y - x^2)^2")
    run = gdviz.descend(f, [-1.2, 1], learning_rate=0.001, epochs=700, optimizer="momentum", beta=0.3)
    assert run.epochs == 700
    assert run.variables == ("x", "y")
    assert run.thetas.shape == run.gradients.shape == (701, 2)
    assert run.values.shape == run.gradient_norms.shape == (701,)
    assert run.learning_rates.tolist() == [0.001] * 700
    assert run.evaluations == 701
    assert run.values == pytest.approx(f.value(run.thetas), rel=1e-14)
    assert run.gradients == pytest.approx(f.gradient(run.thetas), rel=1e-12, abs=1e-12)
    assert run.gradient_norms == pytest.approx(np.linalg.norm(run.gradients, axis=1))
    assert all(array.dtype == float for array in (run.thetas, run.values, run.gradients, run.learning_rates))


@pytest.mark.parametrize("epochs", [1, 255, 256, 257, 511, 512, 513])
def test_the_length_of_a_run_does_not_change_the_path(epochs: int):
    f = gdviz.parse("(1 - x)^2 + 100*(y - x^2)^2")
    long = gdviz.descend(f, [-1.2, 1], 0.001, 600, "momentum", beta=0.5)
    short = gdviz.descend(f, [-1.2, 1], 0.001, epochs, "momentum", beta=0.5)
    assert short.epochs == epochs
    assert short.thetas.tolist() == long.thetas[: epochs + 1].tolist()
    assert short.gradients.tolist() == long.gradients[: epochs + 1].tolist()


def test_the_same_run_twice_is_the_same_to_the_last_bit_and_shares_nothing():
    f = gdviz.parse("sin(x)*y^2 + x^2")
    start = [1.0, 2.0]
    first = gdviz.descend(f, start, 0.1, 100, "momentum")
    first.thetas[:] = 0
    again = gdviz.descend(f, start, 0.1, 100, "momentum")
    once_more = gdviz.descend(f, np.array(start), 0.1, 100, "momentum")
    assert again.thetas.any()
    assert again.thetas.tolist() == once_more.thetas.tolist()
    assert start == [1.0, 2.0]


# ---------------------------------------------------------------- how a run ends


def test_a_run_that_ran_out_of_epochs_says_so():
    assert gdviz.descend(gdviz.parse("x^2"), [1.0], 0.001, 10).stop_reason is StopReason.EPOCHS


@given(st.floats(0.05, 0.95), st.sampled_from([1e-8, 1e-3, 1.0]))
def test_a_run_converges_at_the_first_row_whose_gradient_is_within_the_tolerance(rate: float, tolerance: float):
    run = gdviz.descend(gdviz.parse("x^2"), [10.0], rate, 1000, tolerance=tolerance)
    assert run.stop_reason is StopReason.CONVERGED
    assert run.gradient_norms[-1] <= tolerance
    assert (run.gradient_norms[:-1] > tolerance).all()


def test_a_start_at_the_minimum_converges_without_a_step():
    run = gdviz.descend(gdviz.parse("x^2 + y^2"), [0.0, 0.0], 0.1, 100)
    assert run.stop_reason is StopReason.CONVERGED
    assert run.epochs == 0
    assert run.thetas.tolist() == [[0, 0]]
    assert len(run.learning_rates) == 0


def test_momentum_flying_through_the_minimum_does_not_stop_there():
    run = gdviz.descend(gdviz.parse("x^2"), [1.0], 0.5, 1000, "momentum", beta=0.9)
    assert run.gradients[1] == 0  # the first step lands on the minimum exactly, at full speed
    assert run.thetas[2] == pytest.approx([-0.9])
    assert run.epochs > 100
    assert run.stop_reason is StopReason.CONVERGED
    batch = gdviz.descend_batch(gdviz.parse("x^2"), [[1.0]], 0.5, 1000, "momentum", beta=0.9)
    assert batch.epochs.tolist() == [run.epochs]


@pytest.mark.parametrize("epochs", [256, 257, 600])
def test_flying_through_the_minimum_where_the_loop_looks_up_does_not_stop_the_run_either(epochs: int):
    """The loop looks for its end every few hundred epochs; two small gradients in a row may lie on both sides."""
    f = gdviz.Quadratic(np.array([[1.0]]), np.array([0.0]))
    rate = 1 - 1e-12 ** (1 / 256)  # the gradient is 1e-12 of the first after 256 epochs
    run = gdviz.descend(f, [1.0], rate, epochs, tolerance=1e-12 * (1 + 1e-9))
    assert run.epochs == 256
    assert run.stop_reason is StopReason.CONVERGED


def test_a_diverging_run_is_never_clipped():
    run = gdviz.descend(gdviz.parse("0.1*x^2 + 2*y^2"), [-5, -2], learning_rate=0.6, epochs=60)
    assert run.stop_reason is StopReason.EPOCHS
    assert run.thetas[-1, 1] == pytest.approx(-2 * 1.4**60, rel=1e-12)
    assert run.values[-1] == pytest.approx(8 * 1.96**60, rel=1e-12)
    assert run.values[-1] > 1e18


def test_a_run_that_overflows_ends_at_its_last_finite_point_with_its_true_values():
    run = gdviz.descend(gdviz.parse("x^2"), [1.0], learning_rate=6, epochs=1000)  # each step multiplies x by -11
    last = math.floor(math.log(np.finfo(float).max) / math.log(121))
    assert run.stop_reason is StopReason.DIVERGED
    assert run.epochs == last
    assert run.thetas[-1] == pytest.approx([(-11.0) ** last], rel=1e-9)
    assert np.isfinite(run.values).all()
    assert len(run.learning_rates) == last
    assert len(run.values) == len(run.gradients) == len(run.thetas) == last + 1


@pytest.mark.parametrize(
    ("formula", "start", "rate"),
    [
        ("exp(x^2)", 2.0, 0.1),  # the first step leads to exp(388), the next beyond every number
        ("1/x", -1.0, 1.0),  # the step lands on the pole
        ("x - log(x)", 0.9, 20.0),  # to a negative argument
        ("x^2 - log(x)", 3.0, 0.9),
        ("sqrt(x)", 0.25, 0.5),
        ("(x - 2)^2 + sqrt(x)", 0.2, 10.0),
        ("(x - 2)^2 + acos(x/10)", 5.0, 3.0),
    ],
)
def test_a_run_that_leaves_the_function_ends_at_its_last_finite_point(formula: str, start: float, rate: float):
    f = gdviz.parse(formula)
    run = gdviz.descend(f, [start], rate, 1000)
    assert run.stop_reason is StopReason.DIVERGED
    assert np.isfinite(run.thetas).all()
    assert np.isfinite(run.values).all()
    assert run.values == pytest.approx(f.value(run.thetas))
    beyond = run.thetas[-1] - rate * run.gradients[-1]
    assert not np.isfinite([*beyond, f.value(beyond), *f.gradient(beyond)]).all()
    batch = gdviz.descend_batch(f, [[start]], rate, 1000)
    assert batch.stop_reasons.tolist() == [StopReason.DIVERGED]
    assert batch.epochs.tolist() == [run.epochs]


@pytest.mark.parametrize("formula", ["log(x)", "1/(x + 1)", "sqrt(x) + x^2"])
def test_a_start_where_the_function_is_undefined_is_a_diverged_run_of_no_epochs(formula: str):
    run = gdviz.descend(gdviz.parse(formula), [-1.0], 0.1, 100)
    assert run.stop_reason is StopReason.DIVERGED
    assert run.epochs == 0
    assert run.thetas.tolist() == [[-1.0]]
    batch = gdviz.descend_batch(gdviz.parse(formula), [[-1.0]], 0.1, 100)
    assert batch.stop_reasons.tolist() == [StopReason.DIVERGED]
    assert batch.epochs.tolist() == [0]
    assert batch.thetas.tolist() == [[-1.0]]


@pytest.mark.parametrize(
    ("formula", "start", "end"),
    [
        ("(x - 1)^2 + tanh(x)^2/1000", 900.0, 0.9996),  # cosh(900) overflows
        ("min((x - 1)^2, 1e6 + exp(x))", 900.0, 1.0),  # exp(900) overflows, and is not the smaller one
        ("(x - 1)^2 + 1/(1 + exp(-x))/1e6", -700.0, 1.0),  # exp(700)² overflows in the gradient
    ],
)
def test_a_part_that_overflows_does_not_stop_a_run_whose_gradient_is_finite(formula: str, start: float, end: float):
    f = gdviz.parse(formula)
    for run in (
        gdviz.descend(f, [start], 0.1, 1000),
        gdviz.descend(f, [start], 0.1, 1000, "momentum", beta=0.5),
    ):
        assert run.thetas[0] == start
        assert run.stop_reason is StopReason.CONVERGED
        assert run.thetas[-1] == pytest.approx([end], abs=1e-3)
    assert gdviz.descend_batch(f, [[start]], 0.1, 1000).thetas[0] == pytest.approx([end], abs=1e-3)


def test_the_steps_taken_again_after_an_overflow_are_those_of_plain_ieee_arithmetic():
    f = gdviz.parse("(x - 1)^2 + tanh(x)")
    run = gdviz.descend(f, [900.0], 0.01, 400, "momentum", beta=0.5)
    x, velocity = 900.0, 0.0
    for row in run.thetas[:, 0]:
        assert row == pytest.approx(x, rel=1e-12)
        velocity = 0.5 * velocity + 2 * (x - 1) + 1 - math.tanh(x) ** 2
        x -= 0.01 * velocity
    assert run.epochs > 256


@pytest.mark.parametrize("engine", ["python", "native"])
def test_time_that_is_up_ends_a_run_as_a_value(engine: str):
    f = gdviz.parse("+".join(f"exp(sin({k}x))*cos({k}y)" for k in range(1, 15)))
    run = gdviz.descend(f, [1.0, 1.0], 1e-6, 100_000, tolerance=0, deadline=0, engine=engine)
    assert run.stop_reason is StopReason.DEADLINE
    assert 0 < run.epochs < 100_000
    assert len(run.gradients) == len(run.thetas) == len(run.values) == run.epochs + 1
    whole = gdviz.descend(f, [1.0, 1.0], 1e-6, 100_000, tolerance=0, deadline=60)
    assert whole.stop_reason is StopReason.EPOCHS
    assert whole.thetas[run.epochs].tolist() == run.thetas[-1].tolist()


def test_a_run_as_long_as_allowed_is_taken_to_its_end():
    run = gdviz.descend(gdviz.parse("x^2"), [1.0], 1e-7, MAX_EPOCHS)
    assert run.epochs == MAX_EPOCHS
    assert run.thetas[-1] == pytest.approx([(1 - 2e-7) ** MAX_EPOCHS], rel=1e-9)


# ---------------------------------------------------------------- arguments that make no sense


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"start": [1.0]}, r"start has 1 number; this function needs 2 \(x, y\)"),
        ({"start": [1.0, math.nan]}, "start is .* finite"),
        ({"start": [math.inf, 1.0]}, "start is .* finite"),
        ({"learning_rate": 0.0}, "learning rate is 0; .* above 0"),
        ({"learning_rate": -0.1}, "learning rate is −0.1; .* above 0"),
        ({"learning_rate": math.nan}, "learning rate is undefined"),
        ({"learning_rate": math.inf}, "learning rate is ∞"),
        ({"epochs": 0}, "epochs is 0; .* 1 to 100,000"),
        ({"epochs": 1.5}, "epochs is 1.5; .* whole number"),
        ({"epochs": MAX_EPOCHS + 1}, "epochs is 100001"),
        ({"optimizer": "newtonish"}, "no optimizer “newtonish”; choose one of gd, momentum"),
        ({"optimizer": "gd", "beta": 0.5}, "no hyper-parameter “beta”"),
        ({"optimizer": "momentum", "beta": 1.0}, "beta of .* is 1; it must be at least 0 and below 1"),
        ({"optimizer": "momentum", "beta": -0.1}, "beta of .* is −0.1"),
        ({"optimizer": "momentum", "beta": math.nan}, "beta of .* is undefined"),
        ({"optimizer": gdviz.Momentum(), "beta": 0.5}, r"beta belongs into the optimizer itself: Momentum\(beta=…\)"),
        ({"optimizer": gdviz.Momentum}, "it must be a name or an optimizer"),
        ({"tolerance": -1e-9}, "tolerance is -1e-09; it must be 0 or above"),
        ({"tolerance": math.nan}, "tolerance is nan"),
    ],
)
def test_an_argument_that_makes_no_sense_is_named_with_its_range(changes, says: str):
    arguments = {"start": [1.0, 1.0], "learning_rate": 0.1, "epochs": 10} | changes
    with pytest.raises(ValueError, match=says):
        gdviz.descend(gdviz.parse("x^2 + y^2"), **arguments)


def test_numbers_of_any_kind_serve_as_arguments():
    f = gdviz.parse("x^2 + y^2")
    plain = gdviz.descend(f, [1.0, 2.0], 1.0, 3)
    numpy = gdviz.descend(f, np.array([1, 2]), np.int64(1), np.int64(3))
    assert plain.thetas.tolist() == numpy.thetas.tolist()
    assert gdviz.descend(f, (1, 2), np.float32(0.5), 3.0).epochs == 1  # one step of half the way lands on 0


def test_python_looks_at_the_clock_more_often_where_an_epoch_takes_long() -> None:
    x = np.linspace(-1, 1, 50_000)
    fit = gdviz.LeastSquares("a*tanh(b*x) + c", data={"x": x, "y": x**3}, target="y")
    run = gdviz.descend(fit, [0.1, 0.1, 0.1], 1e-3, 1000, deadline=0, engine="python")
    assert run.stop_reason is StopReason.DEADLINE
    assert run.epochs < 5


@pytest.mark.parametrize("odd", ["x^2 + y^2", gdviz.PRESETS["himmelblau"], math.hypot, None])
@pytest.mark.parametrize(
    "ask",
    [
        lambda f: gdviz.descend(f, [1, 1]),
        lambda f: gdviz.descend_batch(f, [[1, 1]], 0.1),
        lambda f: gdviz.learning_rate_sweep(f, [1, 1], [0.1]),
        lambda f: gdviz.basins(f, ((-1, 1), (-1, 1)), (4, 4)),
        lambda f: gdviz.trainability(f, [1, 1], shape=(4, 4)),
    ],
)
def test_what_is_no_objective_is_refused_with_what_to_write(odd, ask):
    with pytest.raises(ValueError, match=r"no objective: take gdviz\.parse\(formula\)"):
        ask(odd)
