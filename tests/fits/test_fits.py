"""Fits: losses, ridge, standardizing, wide models, classes; against NumPy, differences, closed forms, NIST."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gdviz
from gdviz.datasets import DATASETS
from gdviz.datasets.bundled import classes_table
from gdviz.descent.minibatch import in_own_units
from gdviz.fits import (
    LOSSES,
    MODELS,
    Fit,
    FitError,
    conditioning,
    count_classes,
    decision_boundary,
    make_loss,
    start_near_data,
    summarize,
)
from gdviz.fits.losses import Huber

LOSS_NAMES = pytest.mark.parametrize("loss", LOSSES)
MODEL_TEXTS = ["b0 + b1*x + b2*z", "linear(x, z)", "polynomial(x, 3)", "2*z + b0 + b1*x", "a*exp(b*x/10) + c"]


def columns(rows: int = 60, seed: int = 0) -> dict[str, np.ndarray]:
    """x around 20, z in thousands, y a noisy plane, and kind: whether y is above its median."""
    random = np.random.default_rng(seed)
    x, z = 20 + 3 * random.normal(size=rows), 1000 * random.normal(size=rows)
    y = 2 * x - 0.003 * z + 7 + random.normal(size=rows)
    return {"x": x, "z": z, "y": y, "kind": (y > np.median(y)).astype(float)}


def make(model: str, loss: str = "squared", ridge: float = 0.0, standardize: bool = False) -> Fit:
    target = "kind" if loss == "log" else "y"
    data = {name: column for name, column in columns().items() if name in ("x", "z", target)}
    return Fit(model, data, target, loss, ridge, standardize)


def central(f, theta: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    return np.array(
        [
            (f(theta + h * axis) - f(theta - h * axis)) / (2 * h)
            for h, axis in zip(sizes, np.eye(len(theta)), strict=True)
        ]
    )


def somewhere(fit: Fit) -> tuple[np.ndarray, np.ndarray]:
    """A theta at which the predictions are of the target's size, and steps that change them little."""
    theta = fit.from_own_units(np.array([0.5 / (1 + i) for i in range(len(fit.variables))]))
    _, jacobian = fit.prediction_and_jacobian(theta)
    sizes = 1.0 / np.sqrt(np.mean(jacobian**2, axis=0))
    return 0.3 * sizes * np.sign(theta + 0.1), 1e-4 * sizes


# ---------------------------------------------------------------- losses


@LOSS_NAMES
@given(st.floats(-30, 30), st.floats(-30, 30))
def test_a_losss_slope_and_curvature_agree_with_differences(loss: str, prediction: float, target: float):
    made = make_loss(loss)
    at = np.array([float(target > 0)]) if made.classes else np.array([target])
    error = prediction - at[0]
    if not made.classes and min(abs(error), abs(abs(error) - 1)) < 1e-3:
        return  # a kink of one of them
    h = 1e-5
    slope = (made.value(prediction + h, at) - made.value(prediction - h, at)) / (2 * h)
    curvature = (made.slope(prediction + h, at) - made.slope(prediction - h, at)) / (2 * h)
    assert made.slope(prediction, at) == pytest.approx(slope, rel=1e-5, abs=1e-5)
    assert made.curvature(prediction, at) == pytest.approx(curvature, rel=1e-5, abs=1e-5)


def test_losses_have_their_published_values():
    zero = np.zeros(4)
    errors = np.array([-3.0, -0.5, 0.0, 2.0])
    assert make_loss("squared").value(errors, zero).tolist() == [9, 0.25, 0, 4]
    assert make_loss("absolute").value(errors, zero).tolist() == [3, 0.5, 0, 2]
    assert make_loss("absolute").slope(errors, zero).tolist() == [-1, -1, 0, 1]
    assert make_loss("huber").value(errors, zero).tolist() == [2.5, 0.125, 0, 1.5]  # PyTorch's HuberLoss
    assert make_loss("huber", delta=2.0).value(errors, zero).tolist() == [4, 0.125, 0, 2]
    assert make_loss("log").value(zero, np.array([0.0, 1, 0, 1])) == pytest.approx(math.log(2))


def test_log_loss_is_exact_for_log_odds_of_any_size():
    log = make_loss("log")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert log.value(np.array([800.0, -800.0, 40.0]), np.array([0.0, 1.0, 1.0])) == pytest.approx(
            [800, 800, math.exp(-40)]
        )
        assert log.slope(np.array([800.0, 800.0, 40.0]), np.array([0.0, 1.0, 1.0])) == pytest.approx(
            [1, 0, -math.exp(-40)], rel=1e-12
        )


# ---------------------------------------------------------------- objectives


@LOSS_NAMES
@pytest.mark.parametrize("model", MODEL_TEXTS)
@pytest.mark.parametrize("ridge", [0.0, 0.3])
@pytest.mark.parametrize("standardize", [False, True])
def test_gradient_and_hessian_agree_with_central_differences(model: str, loss: str, ridge: float, standardize: bool):
    if standardize and "exp" in model:
        return
    fit = make(model, loss, ridge, standardize)
    theta, sizes = somewhere(fit)
    scale = 1 / sizes
    gradient, hessian = fit.gradient(theta), fit.hessian(theta)
    assert gradient / scale == pytest.approx(central(fit.value, theta, sizes) / scale, rel=1e-4, abs=1e-9)
    if loss not in ("absolute", "huber"):  # theirs jumps
        scales = np.outer(scale, scale)
        assert hessian / scales == pytest.approx(central(fit.gradient, theta, sizes) / scales, rel=1e-4, abs=1e-12)
    assert fit.float_gradient(*theta) == pytest.approx(gradient, rel=1e-9, abs=1e-12 * np.abs(gradient).max())
    assert fit.float_value(*theta) == pytest.approx(fit.value(theta), rel=1e-12)
    many = np.array([[theta, 2 * theta], [0 * theta, theta]])
    assert fit.value(many)[1, 1] == pytest.approx(fit.value(theta), rel=1e-12)
    assert fit.gradient(many)[1, 1] == pytest.approx(gradient, rel=1e-9, abs=1e-12 * np.abs(gradient).max())
    assert fit.hessian(many)[0, 0] == pytest.approx(hessian, rel=1e-9, abs=1e-12 * np.abs(hessian).max())


def test_the_squared_loss_is_least_squares_and_says_so():
    data = columns()
    plain = gdviz.LeastSquares("slope*x + intercept", data, "y")
    fit = Fit("slope*x + intercept", data, "y")
    theta = [1.5, 3.0]
    assert fit.value(theta) == pytest.approx(plain.value(theta), rel=1e-13)
    assert fit.gradient(theta) == pytest.approx(plain.gradient(theta), rel=1e-12)
    assert fit.latex == plain.latex
    assert fit.variables == ("slope", "intercept")
    assert fit.predict(theta, {"x": [0.0, 2.0]}).tolist() == [3.0, 6.0]
    assert "carries the 2" in fit.loss.convention
    assert isinstance(plain, Fit)
    assert plain.loss == fit.loss


@settings(max_examples=60)
@given(
    st.integers(1, 6),
    st.integers(0, 10_000),
    st.lists(st.floats(-6, 6), min_size=6, max_size=6),
    st.booleans(),
)
def test_the_exact_solution_is_numpys_least_squares_for_any_data(count: int, seed: int, decades, standardize: bool):
    random = np.random.default_rng(seed)
    x = random.normal(size=(30, count)) * 10.0 ** np.array(decades[:count])
    y = x @ random.normal(size=count) + random.normal(size=30)
    data = {f"x{i}": x[:, i] for i in range(count)} | {"y": y}
    fit = Fit("linear(*)", data, "y", standardize=standardize)
    design = np.column_stack([np.ones(30), x])
    size = np.linalg.norm(design, axis=0)
    expected = np.linalg.lstsq(design / size, y)[0] / size
    found = fit.own_units(fit.quadratic.center)
    assert found * size == pytest.approx(expected * size, rel=1e-8, abs=1e-8 * np.abs(expected * size).max())
    errors = design @ found - y
    assert design.T @ errors / size == pytest.approx(np.zeros(count + 1), abs=1e-9 * np.linalg.norm(y))
    assert fit.quadratic.constant == pytest.approx(np.mean(errors**2), rel=1e-9)


def test_an_ill_conditioned_polynomial_is_solved_to_many_digits():
    x = np.linspace(0, 20, 21)
    y = sum(x**i for i in range(6))  # NIST's Wampler1: all coefficients are 1, condition number of the design 6e6
    fit = Fit("polynomial(x, 5)", {"x": x, "y": y}, "y")
    assert fit.quadratic.center == pytest.approx(np.ones(6), rel=1e-7)


def test_a_hundred_columns_fit_and_descend():
    random = np.random.default_rng(0)
    x = random.normal(size=(400, 100))
    truth = random.normal(size=101)
    data = {f"c{i}": x[:, i] for i in range(100)} | {"y": truth[0] + x @ truth[1:]}
    fit = Fit("linear(*)", data, "y")
    assert len(fit.variables) == 101
    assert fit.quadratic.center == pytest.approx(truth, rel=1e-10)
    run = gdviz.descend(fit, [0.0] * 101, 0.2, 400)
    assert run.thetas[-1] == pytest.approx(truth, abs=1e-4)
    assert fit.predict(truth) == pytest.approx(data["y"])


# ---------------------------------------------------------------- ridge


@pytest.mark.parametrize("ridge", [0.01, 1.0, 100.0])
@pytest.mark.parametrize("standardize", [False, True])
def test_ridge_has_its_closed_form_and_leaves_the_intercept_out(ridge: float, standardize: bool):
    fit = make("linear(x, z)", ridge=ridge, standardize=standardize)
    assert fit.penalized.tolist() == [0, 1, 1]
    design, _ = fit.design
    penalty = np.diag([0.0, ridge, ridge]) * fit.rows
    expected = np.linalg.solve(design.T @ design + penalty, design.T @ fit.columns["y"])
    assert fit.quadratic.center == pytest.approx(expected, rel=1e-6)
    errors = fit.predict(expected) - fit.columns["y"]
    assert fit.value(expected) == pytest.approx(np.mean(errors**2) + ridge * np.sum(expected[1:] ** 2), rel=1e-10)


def test_a_ridge_spares_whatever_adds_a_constant_to_a_curve():
    assert make("a*exp(b*x/10) + c", ridge=1.0).penalized.tolist() == [1, 1, 0]


def test_levenberg_marquardt_finds_the_minimum_with_a_ridge():
    fit = make("a*exp(b*x/10) + c", ridge=0.5)
    run = gdviz.descend(fit, [1.0, 1.0, 0.0], 1.0, 100, "levenberg_marquardt", tolerance=1e-9)
    assert np.linalg.norm(run.gradients[-1]) < 1e-5
    assert run.values[-1] < fit.value([1.0, 1.0, 0.0])


# ---------------------------------------------------------------- standardizing


@pytest.mark.parametrize(
    "model", ["b0 + b1*x + b2*z", "linear(x, z)", "polynomial(x, 4)", "a*x + b*z", "2*z + m*x + k"]
)
@LOSS_NAMES
def test_standardizing_changes_no_prediction_and_maps_back_exactly(model: str, loss: str):
    plain, scaled = make(model, loss), make(model, loss, standardize=True)
    theta = np.array([0.7 / (1 + 10 * i) for i in range(len(plain.variables))])
    inner = scaled.from_own_units(theta)
    assert scaled.own_units(inner) == pytest.approx(theta, rel=1e-12)
    assert scaled.predict(inner) == pytest.approx(plain.predict(theta), rel=1e-12)
    assert scaled.value(inner) == pytest.approx(plain.value(theta), rel=1e-10)
    by_rows = scaled.design[0] @ inner + (0 if scaled.design[1] is None else scaled.design[1])
    assert by_rows == pytest.approx(plain.score(theta), rel=1e-9)
    gradient = plain.gradient(theta)
    mapped = scaled.scaling.own_gradients(scaled.gradient(inner))
    assert mapped == pytest.approx(gradient, rel=1e-8, abs=1e-10 * np.abs(gradient).max())
    terms = scaled.design[0]
    moving = np.ptp(terms, axis=0) > 0
    assert np.mean(terms[:, moving] ** 2, axis=0) == pytest.approx(np.ones(moving.sum()))


def test_standardized_descent_ends_at_the_same_fit_in_far_fewer_epochs():
    line = DATASETS["line"]
    fit = Fit(line.model, line.table.columns, line.target, standardize=True)
    run = in_own_units(fit, gdviz.descend(fit, fit.from_own_units(line.start), 0.4, 40))
    assert run.thetas[0] == pytest.approx(line.start, rel=1e-14)
    assert run.thetas[-1] == pytest.approx([20, 5], rel=1e-9)
    plain = fit.own()
    assert run.values == pytest.approx(plain.value(run.thetas), rel=1e-9, abs=1e-9)
    assert run.gradients[:3] == pytest.approx(plain.gradient(run.thetas[:3]), rel=1e-9)


def test_the_condition_number_says_why_the_intercept_crept():
    line = DATASETS["line"]
    found = conditioning(Fit(line.model, line.table.columns, line.target), [0.0, 0.0])
    assert found.own.condition_number == pytest.approx(833.75, rel=1e-5)
    assert found.own.largest == pytest.approx(2 / 0.00119976, rel=1e-5)
    assert found.standardized.condition_number == pytest.approx(1)


def test_condition_numbers_of_other_losses_come_from_the_hessian():
    fit = make("linear(x, z)", "log")
    theta = np.zeros(3)
    found = conditioning(fit, theta)
    eigenvalues = np.linalg.eigvalsh(fit.hessian(theta))
    assert found.own.largest == pytest.approx(eigenvalues[-1])
    assert found.standardized.condition_number < 2
    assert conditioning(make("a*exp(b*x/10) + c"), [1.0, 1.0, 0.0]).standardized is None


# ---------------------------------------------------------------- certified values


@pytest.mark.parametrize(
    ("key", "other_start"),
    [("misra1a", None), ("rat43", None), ("thurber", None), ("misra1a", (500, 0.0001)), ("rat43", (100, 10, 1, 1)),
     ("thurber", (1000, 1000, 400, 40, 0.7, 0.3, 0.03))],
)  # fmt: skip
def test_levenberg_marquardt_reaches_nists_certified_values(key: str, other_start):
    starts = {"misra1a": (250, 0.0005), "rat43": (700, 5, 0.75, 1.3), "thurber": (1300, 1500, 500, 75, 1, 0.4, 0.05)}
    dataset = DATASETS[key]
    (certified, error), = dataset.minima  # fmt: skip
    fit = Fit(dataset.model, dataset.table.columns, dataset.target)
    run = gdviz.descend(fit, other_start or starts[key], 1.0, 200, "levenberg_marquardt", tolerance=0)
    assert run.thetas[-1] == pytest.approx(certified, rel=1e-7)
    assert run.values[-1] == pytest.approx(error, rel=1e-9)
    assert run.evaluations <= run.epochs + 1
    assert run.value_evaluations > 0


# ---------------------------------------------------------------- classes


def test_logistic_regression_reaches_its_minimum_where_classes_overlap():
    dataset = DATASETS["classes"]
    fit = dataset.objective
    (theta, loss), = dataset.minima  # fmt: skip
    run = gdviz.descend(fit, dataset.start, 1.0, 30, "newton")
    assert run.stop_reason is gdviz.StopReason.CONVERGED
    assert run.thetas[-1] == pytest.approx(theta, rel=1e-8)
    assert run.values[-1] == pytest.approx(loss, rel=1e-10)
    # At the minimum the probabilities sum to the ones, and so do their moments.
    probabilities = fit.predict(theta)
    assert probabilities.sum() == pytest.approx(40, rel=1e-8)
    assert fit.columns["x1"] @ probabilities == pytest.approx(fit.columns["x1"] @ fit.columns["label"], rel=1e-8)
    classes = count_classes(fit, theta)
    assert classes.rows == 80
    assert classes.accuracy == 68 / 80


def test_on_separable_classes_the_loss_falls_to_zero_and_the_weights_grow_without_end():
    data = classes_table(distance=12.0).columns
    fit = Fit("b0 + b1*x1 + b2*x2", data, "label", "log", standardize=True)
    short, long = (gdviz.descend(fit, [0, 0, 0], 1.0, epochs, tolerance=0) for epochs in (100, 10_000))
    assert count_classes(fit, long.thetas[-1]).accuracy == 1
    assert 0 < long.values[-1] < short.values[-1] / 20
    assert np.linalg.norm(long.thetas[-1]) > np.linalg.norm(short.thetas[-1]) + 2
    held = gdviz.descend(Fit("b0 + b1*x1 + b2*x2", data, "label", "log", 0.01, True), [0, 0, 0], 1.0, 5000)
    assert held.stop_reason is gdviz.StopReason.CONVERGED


def test_a_boundary_grid_has_one_half_where_the_log_odds_are_zero():
    fit = DATASETS["classes"].objective
    theta = [-7.0, 0.5, 1.5]
    grid = decision_boundary(fit, theta, "x1", "x2", size=30)
    assert grid.probability.shape == (30, 30)
    assert grid.x[0] < fit.columns["x1"].min() < fit.columns["x1"].max() < grid.x[-1]
    log_odds = -7.0 + 0.5 * grid.x + 1.5 * grid.y[:, None]
    assert ((grid.probability > 0.5) == (log_odds > 0)).all()


def test_what_knows_no_classes_says_so():
    fit = make("b0 + b1*x")
    for ask in (lambda: count_classes(fit, [0, 0]), lambda: decision_boundary(fit, [0, 0], "x", "z")):
        with pytest.raises(ValueError, match="knows no classes: choose log loss"):
            ask()


# ---------------------------------------------------------------- robust losses, summaries


def test_an_outlier_pulls_the_squared_fit_and_hardly_a_robust_one():
    x = np.arange(20.0)
    y = 2 * x + 1
    y[3] = 500.0
    data = {"x": x, "y": y}
    squared = Fit("slope*x + intercept", data, "y").quadratic.center
    assert abs(squared[0] - 2) > 1
    for loss, rate in (("huber", 0.5), ("absolute", 0.02)):
        fit = Fit("slope*x + intercept", data, "y", loss, standardize=True)
        run = in_own_units(fit, gdviz.descend(fit, [0, 0], rate, 20_000))
        assert run.thetas[-1] == pytest.approx([2, 1], abs=0.3)


def test_r_squared_is_one_for_a_perfect_fit_zero_for_the_mean_and_the_squared_correlation_for_a_line():
    data = columns()
    fit = Fit("slope*x + intercept", data, "y")
    best = summarize(fit, fit.quadratic.center)
    assert best.r_squared == pytest.approx(np.corrcoef(data["x"], data["y"])[0, 1] ** 2)
    assert best.rmse == pytest.approx(math.sqrt(fit.value(fit.quadratic.center)))
    assert best.residuals.sum() == pytest.approx(0, abs=1e-9)
    assert summarize(fit, [0.0, data["y"].mean()]).r_squared == pytest.approx(0, abs=1e-12)
    line = DATASETS["line"].objective
    assert summarize(line, [20.0, 5.0]).r_squared == 1
    for number in range(1, 5):
        quartet = DATASETS[f"anscombe{number}"]
        assert summarize(quartet.objective, quartet.minima[0][0]).r_squared == pytest.approx(0.667, abs=1e-3)


# ---------------------------------------------------------------- ready models


TRUE = {
    "line": lambda x: 2 * x + 1,
    "polynomial": lambda x: x**2 - 3 * x,
    "linear": lambda x: 2 * x + 1,
    "exponential": lambda x: 5 * np.exp(-0.6 * x) + 1,
    "logistic_curve": lambda x: 30 / (1 + np.exp(-1.5 * (x - 6))),
    "power": lambda x: 2 * x**1.7,
    "sine": lambda x: 3 * np.sin(2 * x + 0.5) + 1,
}


@pytest.mark.parametrize("key", TRUE)
def test_a_ready_model_finds_its_curve_from_its_start(key: str):
    x = np.linspace(1, 10, 60)
    data = {"x": x, "y": TRUE[key](x) + 0.01 * np.random.default_rng(0).normal(size=60)}
    model = MODELS[key]
    fit = Fit(model.write(["x"], data), data, "y", model.loss)
    start = start_near_data(fit)
    assert len(start) == len(fit.variables)
    run = gdviz.descend(fit, start, 1.0, 200, "levenberg_marquardt", tolerance=0)
    assert summarize(fit, run.thetas[-1]).r_squared > 0.9995


def test_a_ready_model_avoids_the_names_of_columns_and_outgrows_formulas():
    assert MODELS["line"].write(["slope"], ["slope", "y"]) == "slope_fit*slope + intercept"
    assert MODELS["polynomial"].write(["x"], ["x", "b1"], 3) == "w0 + w1*x + w2*x^2 + w3*x^3"
    assert MODELS["linear"].write(["sqft", "rooms"]) == "b0 + b1*sqft + b2*rooms"
    assert MODELS["linear"].write(list("abcd")) == "linear(a, b, c, d)"
    assert MODELS["polynomial"].write(["x"], degree=9) == "polynomial(x, 9)"
    for degree in range(1, 21):
        Fit(MODELS["polynomial"].write(["x"], degree=degree), {"x": np.linspace(-1, 1, 30), "y": np.ones(30)}, "y")


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: MODELS["line"].write([]), "needs a column: tick at least one"),
        (lambda: MODELS["line"].write(["a", "b"]), "takes one column, not 2"),
        (lambda: MODELS["polynomial"].write(["x"], degree=21), "must be from 1 to 20"),
        (lambda: MODELS["power"].write(["x"], data={"x": [0.0, 1.0]}), "a column above 0 in every row"),
    ],
)
def test_a_ready_model_says_what_it_needs(call, says: str):
    with pytest.raises(FitError, match=says):
        call()


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("arguments", "field", "says"),
    [
        ({"model": "linear(x, q)"}, "model", "There is no column “q”; the columns are x, z, y"),
        ({"model": "linear(x, y)"}, "model", "uses the target column “y”"),
        ({"model": "linear(x, x)"}, "model", "names a column twice"),
        ({"model": "polynomial(x)"}, "model", "such as polynomial"),
        ({"model": "polynomial(x, 0)"}, "model", "The degree is 0; it must be from 1 to 20"),
        ({"loss": "hinge"}, "loss", "no loss “hinge”; choose one of squared, absolute, huber, log"),
        ({"ridge": -1.0}, "ridge", "at least 0"),
        ({"ridge": math.nan}, "ridge", "at least 0"),
        ({"loss": "log"}, "target", "zeros and ones; “y” holds"),
        ({"loss": "log", "target": "same", "model": "b0 + b1*x"}, "target", "Every “same” is 1"),
        ({"model": "a*same + b"}, "data", "Every “same” is the same number"),
        ({"model": "a*exp(b*x)", "standardize": True}, "standardize", "linear in its parameters"),
        ({"model": "polynomial(huge, 3)"}, "data", "beyond the largest float"),
    ],
)
def test_a_fit_that_makes_no_sense_says_what_to_mend(arguments: dict, field: str, says: str):
    data = {name: column for name, column in columns().items() if name != "kind"}
    data |= {"same": np.ones(60), "huge": np.linspace(1e140, 1e150, 60)}
    with pytest.raises(FitError, match=says) as caught:
        Fit(**{"model": "b0 + b1*x", "data": data, "target": "y"} | arguments).quadratic
    assert caught.value.field == field
    assert str(caught.value).endswith(".")


def test_huber_wants_a_delta_above_zero():
    with pytest.raises(ValueError, match="above 0"):
        Huber(0.0)


def test_least_squares_methods_refuse_other_losses():
    with pytest.raises(ValueError, match="need the squared error; this fit has “Mean absolute error”"):
        gdviz.descend(make("a*exp(b*x/10) + c", "absolute"), [1, 1, 0], 1.0, 5, "levenberg_marquardt")
