"""Objectives: values, gradients and Hessians against differences, closed forms and NumPy's own least squares."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gdviz
from tests import notebook

POINTS = st.lists(st.floats(-3, 3), min_size=2, max_size=2)
RAT43 = "b1/((1 + exp(b2 - b3*x))**(1/b4))"


def noisy_line(rows: int, seed: int = 0) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    x = random.uniform(-5, 5, rows)
    return {"x": x, "y": 2 * x - 1 + random.normal(size=rows)}


def growth_curve() -> gdviz.LeastSquares:
    x = np.arange(1.0, 16.0)
    y = 700 / (1 + np.exp(5.3 - 0.76 * x)) ** (1 / 1.3) + np.sin(x)
    return gdviz.LeastSquares(RAT43, {"x": x, "y": y}, "y")


GROWTH_AT = [690.0, 5.0, 0.7, 1.2]


def differences_of(f, theta, scale: float = 1.0) -> np.ndarray:
    """Central differences with a spacing that suits each parameter's size."""
    h = 6.1e-6 * scale * np.maximum(1, np.abs(theta))
    steps = np.diag(h)
    return np.array([(f(theta + step) - f(theta - step)) / (2 * h_i) for step, h_i in zip(steps, h, strict=True)])


# ---------------------------------------------------------------- formulas


@given(POINTS)
def test_a_formula_answers_the_same_for_one_point_and_in_a_table(point: list[float]):
    f = gdviz.parse("sin(x)*y^2 + exp(x - y)")
    table = np.array([[point, [0.0, 1.0]], [[1.0, 1.0], point]])
    assert f.value(table).shape == (2, 2)
    assert f.gradient(table).shape == (2, 2, 2)
    assert f.hessian(table).shape == (2, 2, 2, 2)
    assert f.value(table)[1, 1] == f.value(point)
    assert f.gradient(table)[1, 1].tolist() == f.gradient(point).tolist()
    assert f.hessian(table)[1, 1].tolist() == f.hessian(point).tolist()
    assert isinstance(f.value(point), float)
    assert f.float_value(*point) == pytest.approx(f.value(point), rel=1e-14)
    assert f.float_gradient(*point) == pytest.approx(f.gradient(point), rel=1e-13, abs=1e-13)


def test_a_model_may_name_its_target_on_the_left_and_any_column_on_the_right():
    data = {"cost": [0.0, 1.0, 2.0], "lambda": [1.0, 3.0, 2.0], "y": [1.0, 3.0, 5.0]}
    fit = gdviz.LeastSquares("y = slope*cost + lambda*x + b", data, "y")
    assert fit.variables == ("slope", "x", "b")
    assert fit.used_columns == ("cost", "lambda")
    assert fit.notes == ("“y =” only names what follows and is left out.",)


def test_equal_texts_are_equal_objectives_and_other_texts_are_not():
    assert gdviz.parse("x^2") == gdviz.parse("x^2")
    assert hash(gdviz.parse("x^2")) == hash(gdviz.parse("x^2"))
    assert gdviz.parse("x^2") != gdviz.parse("x^3")


@pytest.mark.parametrize("theta", [1.0, [1.0], [1.0, 2.0, 3.0], [[1.0, 2.0, 3.0]]])
def test_a_point_of_the_wrong_length_is_told_the_names(theta):
    f = gdviz.parse("x^2 + y^2")
    for evaluate in (f.value, f.gradient, f.hessian):
        with pytest.raises(ValueError, match=r"2 numbers in its last axis \(x, y\)"):
            evaluate(theta)


def test_arrays_give_infinity_where_floats_raise():
    f = gdviz.parse("exp(x)")
    with pytest.raises(OverflowError):
        f.float_value(1000.0)
    assert f.value([1000.0]) == math.inf
    assert f.gradient([1000.0]).tolist() == [math.inf]
    assert math.isnan(gdviz.parse("log(x)").value([-1.0]))


# ---------------------------------------------------------------- quadratics


@given(POINTS, POINTS, st.floats(-5, 5))
def test_a_quadratic_is_its_formula(theta, center, constant: float):
    matrix = np.array([[3.0, 1.0], [1.0, 2.0]])
    q = gdviz.Quadratic(matrix, center, constant)
    away = np.subtract(theta, center)
    value = 0.5 * away @ matrix @ away + constant
    assert q.value(theta) == pytest.approx(value, rel=1e-12, abs=1e-12)
    assert q.float_value(*theta) == pytest.approx(value, rel=1e-12, abs=1e-12)
    assert q.gradient(theta) == pytest.approx(matrix @ away, rel=1e-12, abs=1e-12)
    assert q.float_gradient(*theta) == pytest.approx(matrix @ away, rel=1e-12, abs=1e-12)
    assert q.hessian([theta, theta])[1].tolist() == matrix.tolist()


def test_a_quadratic_of_one_parameter_takes_plain_numbers():
    q = gdviz.Quadratic(4.0, 1.0, variables=("x",))  # type: ignore[arg-type]
    assert q.variables == ("x",)
    assert q.value([3.0]) == 8.0
    assert q.float_gradient(3.0) == (8.0,)


def test_a_quadratic_names_its_parameters_if_nobody_does():
    assert gdviz.Quadratic(np.eye(3), np.zeros(3)).variables == ("theta_1", "theta_2", "theta_3")


@pytest.mark.parametrize("matrix", [[[1.0, 2.0], [0.0, 1.0]], [[1.0]], np.eye(3), [1.0, 2.0]])
def test_a_matrix_that_is_no_quadratic_form_is_refused(matrix):
    with pytest.raises(ValueError, match="symmetric 2 by 2 matrix"):
        gdviz.Quadratic(np.array(matrix), np.zeros(2))


def test_a_matrix_that_is_not_finite_still_writes_valid_code():
    q = gdviz.Quadratic(np.array([[np.inf]]), np.array([0.0]))
    assert q.float_gradient(1.0) == (math.inf,)


# ---------------------------------------------------------------- least squares, linear


def test_the_value_is_the_mean_of_the_squared_error_and_the_gradient_carries_the_two():
    data = {"x": [1.0, 2.0, 4.0], "y": [2.0, 3.0, 1.0]}
    fit = gdviz.LeastSquares("slope*x + intercept", data, "y")
    theta = [0.5, 1.0]
    residual = [0.5 * x + 1.0 - y for x, y in zip(data["x"], data["y"], strict=True)]
    mean = sum(r * r for r in residual) / 3
    gradient = notebook.vector_mean(
        [notebook.linear_gradient(x, y, theta) for x, y in zip(data["x"], data["y"], strict=True)]
    )
    for value in (fit.value(theta), fit.float_value(*theta), fit.value([theta])[0]):
        assert value == pytest.approx(mean, rel=1e-13)
    for slope in (fit.gradient(theta), fit.float_gradient(*theta)):
        assert slope == pytest.approx(gradient, rel=1e-13)


@given(
    st.lists(st.tuples(st.floats(-100, 100), st.floats(-100, 100)), min_size=3, max_size=30),
    st.lists(st.floats(-100, 100), min_size=2, max_size=2),
)
def test_the_quadratic_form_agrees_with_the_direct_mean_for_any_data(rows, theta):
    data = {"x": [x for x, _ in rows], "y": [y for _, y in rows]}
    fit = gdviz.LeastSquares("slope*x + intercept", data, "y")
    assert fit.quadratic is not None
    squares = [(theta[0] * x + theta[1] - y) ** 2 for x, y in rows]
    assert fit.value(theta) == pytest.approx(math.fsum(squares) / len(rows), rel=1e-9, abs=1e-9)
    gradient = notebook.vector_mean([notebook.linear_gradient(x, y, theta) for x, y in rows])
    size = 1 + max(abs(x) for x, _ in rows) * math.sqrt(max(squares))
    assert fit.gradient(theta) == pytest.approx(gradient, rel=1e-9, abs=1e-11 * size)


def test_the_minimum_of_a_linear_fit_is_numpys_least_squares_solution():
    data = noisy_line(200)
    fit = gdviz.LeastSquares("a*x^2 + b*x + c", data, "y")
    design = np.stack([data["x"] ** 2, data["x"], np.ones(200)], axis=1)
    solution, residual, *_ = np.linalg.lstsq(design, data["y"])
    assert fit.variables == ("a", "b", "c")
    assert fit.quadratic.center == pytest.approx(solution, rel=1e-10)
    assert fit.quadratic.constant == pytest.approx(residual[0] / 200, rel=1e-10)
    assert fit.gradient(solution) == pytest.approx(np.zeros(3), abs=1e-11)
    assert fit.hessian(solution) == pytest.approx(2 / 200 * design.T @ design, rel=1e-12)


@pytest.mark.parametrize(
    ("model", "linear"),
    [
        ("slope*x + intercept", True),
        ("a + b*sin(x) + c*x^2/3", True),
        ("(a + b)*x", True),
        ("a*b*x", False),
        ("exp(a*x)", False),
        ("a*x + b^2", False),
        ("abs(a)*x", False),
        ("max(a, b)*x", False),
        ("a/x", True),
        ("x/a", False),
    ],
)
def test_what_is_linear_in_its_parameters_is_recognized_whatever_it_does_to_its_columns(model: str, linear: bool):
    data = {"x": [1.0, 2.0, 4.0], "y": [2.0, 3.0, 1.0]}
    fit = gdviz.LeastSquares(model, data, "y")
    assert (fit.quadratic is not None) == linear
    theta = np.linspace(0.7, 1.3, len(fit.variables))
    assert fit.value(theta) == pytest.approx(np.mean((fit.predict(theta) - data["y"]) ** 2), rel=1e-12)
    assert fit.gradient(theta) == pytest.approx(differences_of(fit.value, theta), rel=1e-8, abs=1e-8)


def test_a_column_that_determines_nothing_leaves_a_flat_direction_and_no_error():
    data = {"x": [1.0, 2.0, 3.0], "twice": [2.0, 4.0, 6.0], "y": [1.0, 2.0, 3.0]}
    fit = gdviz.LeastSquares("a*x + b*twice", data, "y")
    assert fit.gradient(fit.quadratic.center) == pytest.approx([0, 0], abs=1e-12)
    assert fit.value(fit.quadratic.center) == pytest.approx(0, abs=1e-20)
    assert np.linalg.eigvalsh(fit.hessian([0.0, 0.0]))[0] == pytest.approx(0, abs=1e-12)


def test_a_linear_model_with_a_hole_in_its_columns_is_no_quadratic_but_still_an_objective():
    fit = gdviz.LeastSquares("a*log(x)", {"x": [0.0, 1.0], "y": [1.0, 2.0]}, "y")
    assert fit.quadratic is None
    assert not np.isfinite(fit.value([1.0]))


def test_fifty_thousand_rows_fit_as_exactly_as_a_hundred():
    data = noisy_line(50_000)
    fit = gdviz.LeastSquares("slope*x + intercept", data, "y")
    run = gdviz.descend(fit, [0.0, 0.0], learning_rate=0.1, epochs=500)
    assert fit.rows == 50_000
    assert run.stop_reason is gdviz.StopReason.CONVERGED
    assert run.thetas[-1] == pytest.approx(np.polyfit(data["x"], data["y"], 1), rel=1e-8)
    assert run.values[-1] == pytest.approx(np.mean((np.polyval(run.thetas[-1], data["x"]) - data["y"]) ** 2), rel=1e-12)


# ---------------------------------------------------------------- least squares, nonlinear


def test_a_nonlinear_models_gradient_and_hessian_agree_with_differences():
    fit = growth_curve()
    theta = np.array(GROWTH_AT)
    assert fit.variables == ("b1", "b2", "b3", "b4")
    assert fit.quadratic is None
    assert fit.gradient(theta) == pytest.approx(differences_of(fit.value, theta), rel=1e-6, abs=1e-5)
    assert fit.hessian(theta) == pytest.approx(differences_of(fit.gradient, theta), rel=1e-6, abs=1e-5)
    assert fit.hessian(theta) == pytest.approx(fit.hessian(theta).T, rel=1e-14)
    assert fit.float_gradient(*GROWTH_AT) == pytest.approx(fit.gradient(theta), rel=1e-14)
    assert fit.float_value(*GROWTH_AT) == pytest.approx(fit.value(theta), rel=1e-14)


def test_a_table_of_thetas_larger_than_one_block_gives_what_each_theta_gives():
    fit = growth_curve()
    random = np.random.default_rng(1)
    thetas = np.array(GROWTH_AT) * random.uniform(0.9, 1.1, (100, 70, 4))
    assert thetas.size // 4 * fit.rows > 65_536
    values, gradients, hessians = fit.value(thetas), fit.gradient(thetas), fit.hessian(thetas)
    assert values.shape == (100, 70)
    assert gradients.shape == (100, 70, 4)
    assert hessians.shape == (100, 70, 4, 4)
    for i, j in ((0, 0), (99, 69), (62, 31)):
        assert values[i, j] == pytest.approx(fit.value(thetas[i, j]), rel=1e-13)
        assert gradients[i, j] == pytest.approx(fit.gradient(thetas[i, j]), rel=1e-10)
        assert hessians[i, j] == pytest.approx(fit.hessian(thetas[i, j]), rel=1e-10)


def test_a_model_without_a_column_fits_the_mean_of_the_target():
    fit = gdviz.LeastSquares("level", {"y": [1.0, 2.0, 6.0]}, "y")
    run = gdviz.descend(fit, [0.0], learning_rate=0.4, epochs=100)
    assert run.thetas[-1] == pytest.approx([3.0])
    assert fit.predict([3.0]).tolist() == [3.0, 3.0, 3.0]


def test_predict_draws_the_model_over_other_columns():
    fit = gdviz.LeastSquares("slope*x + intercept", {"x": [1, 2], "y": [1, 2]}, "y")
    assert fit.predict([2.0, 1.0], {"x": [0.0, 10.0, 20.0]}).tolist() == [1.0, 21.0, 41.0]
    assert fit.used_columns == ("x",)


@pytest.mark.parametrize(
    ("model", "data", "target", "says"),
    [
        ("a*x", {"x": [1, 2], "y": [1, 2]}, "z", "no target column “z”; the columns are x, y"),
        ("a*x", {"x": [1, 2, 3], "y": [1, 2]}, "y", "one length"),
        ("a*x", {"x": [], "y": []}, "y", "one length"),
        ("a*x", {"x": [[1, 2]], "y": [[1, 2]]}, "y", "lists of numbers"),
        ("a*x", {"x": ["1", "two"], "y": [1, 2]}, "y", "column “x” does not hold numbers alone"),
        ("a*x", {"x": [1, math.nan], "y": [1, 2]}, "y", "Row 1 of the column “x” is nan"),
        ("a*x", {"x": [1, 2], "y": [math.inf, 2]}, "y", "Row 0 of the column “y” is inf"),
        ("a*x + y", {"x": [1, 2], "y": [1, 2]}, "y", "uses the target column “y”"),
        ("2*x", {"x": [1, 2], "y": [1, 2]}, "y", "no parameter"),
        ("a*x + ", {"x": [1, 2], "y": [1, 2]}, "y", "ends after"),
    ],
)
def test_columns_and_models_that_do_not_fit_each_other_say_why(model: str, data, target: str, says: str):
    with pytest.raises(ValueError, match=says):
        gdviz.LeastSquares(model, data, target)


def test_the_error_points_at_the_target_in_the_model():
    with pytest.raises(gdviz.FormulaError) as caught:
        gdviz.LeastSquares("any*x + y", {"x": [1, 2], "y": [1, 2]}, "y")
    assert caught.value.position == 8


# ---------------------------------------------------------------- estimated gradients


@settings(max_examples=50)
@given(POINTS, st.sampled_from([1e-4, 1e-6, 0.1]))
def test_the_estimated_gradient_is_the_notebooks_to_the_last_bit(point, h: float):
    f = gdviz.parse("(1 - x)^2 + 100*(y - x^2)^2")
    estimated = gdviz.EstimatedGradient(f, h)
    by_hand = notebook.estimate_gradient(lambda v: f.float_value(*v), point, h)
    assert list(estimated.float_gradient(*point)) == by_hand
    assert estimated.gradient(point).tolist() == by_hand
    assert estimated.gradient([point, point])[1].tolist() == by_hand
    assert estimated.value(point) == f.value(point)
    assert estimated.hessian(point).tolist() == f.hessian(point).tolist()


def test_a_descent_along_the_estimated_gradient_ends_half_an_h_off():
    f = gdviz.parse("x^2")
    run = gdviz.descend(gdviz.EstimatedGradient(f, 0.01), [1.0], learning_rate=0.1, epochs=500)
    assert run.thetas[-1] == pytest.approx([-0.005], abs=1e-8)


def test_a_logistic_curve_that_is_far_too_steep_still_has_a_slope():
    x = np.arange(-50.0, 50.0)
    fit = gdviz.LeastSquares("1/(1 + exp(-(a*x + b)))", {"x": x, "y": x > 0}, "y")
    run = gdviz.descend(fit, [-30.0, 0.0], 0.1, 20)  # exp(1500) is out of range in half of the rows
    assert run.stop_reason is gdviz.StopReason.EPOCHS
    assert np.isfinite(fit.hessian([-30.0, 0.0])).all()
