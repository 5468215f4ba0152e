"""Values, gradients and Hessians against mpmath, and the conventions at kinks and beyond the floats' range."""

from __future__ import annotations

import copy
import math
import pickle
import warnings

import mpmath as mp
import numpy as np
import pytest

from gdviz.formulas import Expression, FormulaError, parse_expression
from tests.formulas.at_points import gradient_at, value_at
from tests.formulas.formulas_cases import CASES, TEST_FUNCTIONS, Case

IDS = [case.name for case in CASES]


def _reference_partial(case: Case, point: tuple[float, ...], orders: tuple[int, ...]) -> float:
    with mp.workdps(60):
        exact = tuple(mp.mpf(value) for value in point)
        return float(case.reference(*exact) if not any(orders) else mp.diff(case.reference, exact, orders))


def _unit(count: int, *indices: int) -> tuple[int, ...]:
    return tuple(indices.count(k) for k in range(count))


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_value_equals_mpmath(case: Case) -> None:
    f = parse_expression(case.text)
    for point in case.points:
        expected = _reference_partial(case, point, (0,) * len(point))
        for value in (f.float_value(*point), value_at(f, *point)):
            assert value == pytest.approx(expected, rel=2e-13, abs=1e-13)


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_gradient_equals_mpmath(case: Case) -> None:
    f = parse_expression(case.text)
    for point in case.points:
        count = len(point)
        expected = [_reference_partial(case, point, _unit(count, i)) for i in range(count)]
        for gradient in (f.float_gradient(*point), gradient_at(f, *point)):
            assert gradient == pytest.approx(expected, rel=5e-13, abs=1e-12)


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_hessian_equals_mpmath(case: Case) -> None:
    f = parse_expression(case.text)
    point = case.points[0]
    count = len(point)
    matrix = f.array_hessian(*point)
    for i in range(count):
        for j in range(count):
            expected = _reference_partial(case, point, _unit(count, i, j))
            assert float(matrix[i][j]) == pytest.approx(expected, rel=1e-12, abs=1e-10)


@pytest.mark.parametrize("case", TEST_FUNCTIONS, ids=[case.name for case in TEST_FUNCTIONS])
def test_hessian_equals_differences_of_the_gradient(case: Case) -> None:
    f = parse_expression(case.text)
    point, h = case.points[-1], 1e-6
    matrix = f.array_hessian(*point)
    for j in range(len(point)):
        ahead, behind = ([p + s * h * (k == j) for k, p in enumerate(point)] for s in (1, -1))
        slopes = np.subtract(f.float_gradient(*ahead), f.float_gradient(*behind)) / (2 * h)
        scale = max(1.0, float(np.max(np.abs(slopes))))
        assert [float(row[j]) for row in matrix] == pytest.approx(list(slopes), abs=1e-5 * scale)


@pytest.mark.parametrize(
    ("text", "names"),
    [("y + x", ("x", "y")), ("x10 + x2 + x_1", ("x_1", "x2", "x10")), ("b0*t + a", ("a", "b0", "t")),
     ("slope*x + intercept", ("slope", "x", "intercept")), ("z*theta + a", ("z", "theta", "a"))],
)  # fmt: skip
def test_variables_are_sorted_when_single_letters_and_in_order_of_appearance_otherwise(
    text: str, names: tuple[str, ...]
) -> None:
    assert parse_expression(text).variables == names


@pytest.mark.parametrize(
    ("text", "point", "gradient"),
    [
        ("abs(x)", (0.0,), (0.0,)), ("|x|", (-2.0,), (-1.0,)), ("sign(x)", (0.0,), (0.0,)),
        ("max(x, y)", (1.0, 1.0), (0.5, 0.5)), ("min(x, y)", (1.0, 1.0), (0.5, 0.5)),
        ("max(0, x)", (0.0,), (0.5,)), ("max(x, y, 0)", (0.0, 0.0), (1 / 3, 1 / 3)),
        ("max(2x, y)", (1.0, 2.0), (1.0, 0.5)), ("min(x, y)", (1.0, 2.0), (1.0, 0.0)),
        ("x^0 + y", (0.0, 3.0), (0.0, 1.0)), ("x^1", (0.0,), (1.0,)), ("x^2", (0.0,), (0.0,)),
    ],
)  # fmt: skip
def test_conventions_at_kinks(text: str, point: tuple[float, ...], gradient: tuple[float, ...]) -> None:
    f = parse_expression(text)
    assert f.float_gradient(*point) == pytest.approx(gradient)
    assert gradient_at(f, *point) == pytest.approx(gradient)


def test_a_cube_root_is_right_below_zero() -> None:
    f = parse_expression("cbrt(x)")
    assert f.float_value(-8.0) == value_at(f, -8.0) == -2.0
    assert f.float_gradient(-8.0) == gradient_at(f, -8.0) == (1 / 12,)
    assert gradient_at(f, 0.0) == (math.inf,)
    assert value_at(f, -0.0) == 0.0


def test_the_slope_of_a_norm_is_undefined_at_0_as_it_is_in_ieee_arithmetic() -> None:
    assert value_at(parse_expression("norm(x, y)"), 0.0, 0.0) == 0.0
    assert all(math.isnan(slope) for slope in gradient_at(parse_expression("hypot(x, y)"), 0.0, 0.0))


@pytest.mark.parametrize(
    ("text", "x", "value", "slope"),
    [
        ("if(x > 0, log(x), 0)", -1.0, 0.0, 0.0), ("if(x > 0, log(x), 5x)", 0.0, 0.0, 5.0),
        ("if(x > 0, sqrt(x), -x)", -4.0, 4.0, -1.0), ("if(x == 0, 1, sin(x)/x)", 0.0, 1.0, 0.0),
        ("if(x != 0, sin(x)/x, 1)", 0.0, 1.0, 0.0), ("if(x < 0, 1/(x - x), x)", 2.0, 2.0, 1.0),
        ("if(x < 300, exp(x), exp(300))", 1e4, math.exp(300), 0.0),
        ("if(x < y, 1, 2) + 0*y", math.nan, math.nan, 0.0), ("(x > 0)*7 + (x <= 0)*3", math.nan, 0.0, 0.0),
        ("(x == 0)*7", math.nan, 0.0, 0.0), ("(x != 0)*7", math.nan, 7.0, 0.0),
        ("if(x > 0, 1, 2x)", math.nan, math.nan, 2.0), ("if(x >= 0, x^2, x^3)", 0.0, 0.0, 0.0),
        ("if(x > 0, x, 3x)", 0.0, 0.0, 3.0), ("if(x >= 0, x, 3x)", 0.0, 0.0, 1.0),
    ],
)  # fmt: skip
def test_a_choice_lets_nothing_through_from_the_other_branch(text: str, x: float, value: float, slope: float) -> None:
    f = parse_expression(text)
    point = (x,) * len(f.variables)
    np.testing.assert_equal(value_at(f, *point), value)
    np.testing.assert_equal(gradient_at(f, *point)[0], slope)
    np.testing.assert_equal(float(f.array_value(*[np.full(9, x)] * len(point))[4]), value)
    try:
        floats = f.float_value(*point), f.float_gradient(*point)[0]
    except (ArithmeticError, ValueError):
        return
    np.testing.assert_equal(floats, (value, slope))


def test_sign_of_zero_is_zero_and_zero_to_the_zero_is_one() -> None:
    assert parse_expression("sign(x)").float_value(0.0) == 0.0
    assert parse_expression("x^0").float_value(0.0) == 1.0
    assert parse_expression("x^y").float_value(0.0, 0.0) == 1.0
    assert float(parse_expression("x^y").array_value(0.0, 0.0)) == 1.0


def test_the_slope_of_a_maximum_ignores_the_pole_of_the_branch_not_taken() -> None:
    assert gradient_at(parse_expression("max(1, sqrt(abs(x)))"), 0.0) == (0.0,)


@pytest.mark.parametrize(
    ("text", "point", "value", "gradient"),
    [
        ("1/(1+exp(x))", (800.0,), 0.0, (0.0,)),
        ("1/(1+exp(-x))", (-800.0,), 0.0, (0.0,)),
        ("1/(1+exp(-x))", (800.0,), 1.0, (0.0,)),
        ("x/(1+2e^(-x))^2", (-800.0,), -0.0, (0.0,)),
        ("(1+exp(x))^-2", (800.0,), 0.0, (0.0,)),
        ("exp(x)", (1000.0,), math.inf, (math.inf,)),
        ("1/x", (0.0,), math.inf, (-math.inf,)),
        ("log(x)", (-1.0,), math.nan, None),
        ("log(x)", (0.0,), -math.inf, (math.inf,)),
        ("sqrt(x)", (-1.0,), math.nan, (math.nan,)),
        ("x^0.5", (-1.0,), math.nan, (math.nan,)),
        ("tanh(x)", (1000.0,), 1.0, (0.0,)),
        ("0*(1/x)", (0.0,), math.nan, None),
        ("max(x, y)", (math.nan, 1.0), math.nan, (math.nan, math.nan)),
    ],
)
def test_array_code_gives_inf_and_nan_instead_of_raising(
    text: str, point: tuple[float, ...], value: float, gradient: tuple[float, ...] | None
) -> None:
    f = parse_expression(text)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_equal(value_at(f, *point), value)
        if gradient is not None:
            np.testing.assert_allclose(gradient_at(f, *point), gradient, rtol=0)


@pytest.mark.parametrize(
    ("text", "x"), [("exp(x)", 1000.0), ("1/x", 0.0), ("log(x)", -1.0), ("x^0.5", -1.0), ("x^50", 1e30)]
)
def test_float_code_raises_arithmetic_errors_and_never_gives_a_complex(text: str, x: float) -> None:
    with pytest.raises((OverflowError, ZeroDivisionError, ValueError)):
        parse_expression(text).float_value(x)


@pytest.mark.parametrize(
    "text", ["x^3*y - 2x^4 + y^7", "(1 - x)^2 + 100(y - x^2)^2", "x^-3 + y/x", "x^2*y^2 - x*y + 0.1"]
)
def test_polynomials_and_quotients_agree_bit_for_bit_between_floats_and_arrays(text: str) -> None:
    f = parse_expression(text)
    points = np.random.default_rng(1).normal(scale=3, size=(2, 500))
    assert f.array_value(*points).tolist() == [f.float_value(*p) for p in points.T.tolist()]
    slopes = np.transpose(f.array_gradient(*points)).tolist()
    assert slopes == [list(f.float_gradient(*p)) for p in points.T.tolist()]


# ---------------------------------------------------------------------- arrays


@pytest.mark.parametrize("shape", [(), (1,), (0,), (7,), (8192,), (8193,), (50_001,), (130, 131)])
def test_arrays_of_any_shape_equal_their_points_one_by_one(shape: tuple[int, ...]) -> None:
    f = parse_expression("sin(x)*y + exp(-x^2)")
    x, y = np.random.default_rng(2).normal(size=(2, *shape))
    values, slopes = f.array_partials(f.variables)(x, y)
    assert values.shape == shape
    assert values.dtype == np.float64
    picks = range(0, values.size, max(1, values.size // 50))
    for k in picks:
        point = float(x.flat[k]), float(y.flat[k])
        assert values.flat[k] == pytest.approx(value_at(f, *point), rel=1e-14)
        assert [s.flat[k] for s in slopes] == pytest.approx(gradient_at(f, *point), rel=1e-13)


def test_constant_and_repeated_results_are_full_distinct_arrays() -> None:
    f = parse_expression("x + y")
    x = np.zeros((300, 100))
    gx, gy = f.array_gradient(x, 1)
    assert gx.shape == gy.shape == (300, 100)
    gx[...] = 5
    assert np.all(gy == 1)
    identity = parse_expression("x").array_value(x)
    identity[...] = 7
    assert np.all(x == 0)


@pytest.mark.parametrize("count", [3, 200])
def test_arrays_broadcast_against_each_other(count: int) -> None:
    f = parse_expression("x*y + z")
    x, y, z = np.arange(count)[:, None], np.arange(count + 1)[None, ::-1], 2
    np.testing.assert_array_equal(f.array_value(x, y, z), x * y + z)
    np.testing.assert_array_equal(f.array_gradient(x, y, z)[0], np.broadcast_to(y, (count, count + 1)))


def test_noncontiguous_and_integer_arrays_are_read_right() -> None:
    f = parse_expression("x^2 - y")
    x = np.arange(60_000).reshape(200, 300)
    np.testing.assert_array_equal(f.array_value(x.T, x.T[::-1]), (x.T.astype(float) ** 2 - x.T[::-1]))
    with pytest.raises(ValueError, match="broadcast"):
        f.array_value(np.zeros(3), np.zeros(4))


def test_array_code_is_silent_and_ieee() -> None:
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        np.testing.assert_array_equal(parse_expression("1/x").array_value([0.0, 2.0]), [math.inf, 0.5])
        np.testing.assert_array_equal(parse_expression("log(x)*x^2.5").array_value([-1.0, 1.0]), [math.nan, 0.0])


def test_hessian_is_symmetric_and_full() -> None:
    rows = parse_expression("x^2*y + sin(z)").array_hessian(np.ones(5), 2.0, 0.0)
    assert [[entry.tolist()[0] for entry in row] for row in rows] == [[4, 2, 0], [2, 0, 0], [0, 0, 0]]
    assert all(entry.shape == (5,) for row in rows for entry in row)


# ---------------------------------------------------------------------- structure


@pytest.mark.parametrize(
    ("text", "names", "linear"),
    [
        ("slope*x + intercept", ("slope", "intercept"), True), ("slope*x + intercept", ("slope", "x"), False),
        ("a*exp(-b*x)", ("a",), True), ("a*exp(-b*x)", ("a", "b"), False), ("a*exp(-b*x)", ("b",), False),
        ("a*x^2 + b*x + c", ("a", "b", "c"), True), ("a*sin(x) + b/x", ("a", "b"), True),
        ("a*b", ("a", "b"), False),
        ("a*b", ("b",), True), ("abs(a)*x", ("a",), False), ("sign(a)*x", ("a",), False),
        ("max(a, x)", ("a",), False),
        ("a*max(x, 0) + b", ("a", "b"), True), ("(a + b*x)/(1 + x^2) - -a", ("a", "b"), True),
        ("1/a", ("a",), False), ("if(x > 0, a*x, b*x)", ("a", "b"), True), ("if(a > 0, x, 2x)", ("a",), False),
        ("(x > 0)*a + b", ("a", "b"), True),
        ("3(a + 2(b - a))", ("a", "b"), True), ("a^2 - a^2 + x", ("a",), True), ("a^1*x", ("a",), True),
    ],
)  # fmt: skip
def test_is_linear_in_is_proved_on_the_graph(text: str, names: tuple[str, ...], linear: bool) -> None:
    assert parse_expression(text).is_linear_in(names) is linear


def test_partials_are_the_gradient_for_some_variables() -> None:
    f = parse_expression("a*exp(-b*x)")
    x = np.linspace(0, 1, 11)
    value, (da, db) = f.array_partials(("a", "b"))(2.0, 3.0, x)
    np.testing.assert_allclose(value, 2 * np.exp(-3 * x))
    np.testing.assert_allclose(da, np.exp(-3 * x))
    np.testing.assert_allclose(db, -2 * x * np.exp(-3 * x))
    rows = f.array_second_partials(("b", "a"))(2.0, 3.0, x)
    np.testing.assert_allclose(rows[0][0], 2 * x**2 * np.exp(-3 * x))
    np.testing.assert_allclose(rows[0][1], -x * np.exp(-3 * x))
    np.testing.assert_array_equal(rows[1][1], np.zeros(11))
    with pytest.raises(ValueError, match="not a variable"):
        f.array_partials(("c",))


@pytest.mark.parametrize(
    ("text", "point", "tolerance", "kink"),
    [
        ("abs(x - 1) + y^2", (1.0, 5.0), 0.0, True), ("abs(x - 1) + y^2", (1.1, 5.0), 0.0, False),
        ("abs(x - 1) + y^2", (1.1, 5.0), 0.2, True), ("max(x, y)", (2.0, 2.0), 0.0, True),
        ("max(x, y, 9)", (2.0, 2.0), 0.0, False), ("min(x, y, 9)", (2.0, 2.0), 0.0, True),
        ("x^2", (0.0,), 1.0, False), ("sign(x)", (0.0,), 0.0, True), ("abs(0)*x", (1.0,), 0.0, False),
        ("abs(log(x))", (-1.0,), 0.0, False), ("if(x > 0, x, -x)", (0.0,), 0.0, True),
        ("if(x > 0, x, -x)", (0.1,), 0.0, False), ("if(x > 0, x, -x)", (0.1,), 0.2, True),
        ("if(x > 0, x^2, x^4)", (0.0,), 0.0, False), ("(x > 0)*x^2", (0.0,), 0.0, False),
        ("if(x > 0, x, 1 + x)", (0.0,), 0.0, True), ("x**2/2 if -1 <= x <= 1 else abs(x) - 0.5", (1.0,), 0.0, False),
        ("x**2 if -1 <= x <= 1 else abs(x)", (1.0,), 0.0, True), ("if(x > 0 and y > 0, x, y)", (0.0, 2.0), 0.0, True),
        ("if(x > 0 and y > 0, x, y)", (0.0, -2.0), 0.0, False), ("if(x == 0, 1, sin(x)/x)", (1.0,), 0.0, False),
        ("if(1 > 0, x, y)", (0.0, 0.0), 0.0, False),
    ],
)  # fmt: skip
def test_at_kink_tells_kinks(text: str, point: tuple[float, ...], tolerance: float, kink: bool) -> None:
    assert parse_expression(text).at_kink(*point, tolerance=tolerance) is kink


def test_an_expression_is_an_immutable_value() -> None:
    f = parse_expression("x^2 + y")
    assert f == Expression("x^2 + y")
    assert hash(f) == hash(Expression("x^2 + y"))
    assert f != parse_expression("x^2 + y ")
    assert pickle.loads(pickle.dumps(f)) == f
    assert copy.deepcopy(f) == f
    assert parse_expression("x^2 + y") is f
    with pytest.raises(AttributeError):
        f.text = "y"


def test_an_error_survives_pickling_with_its_position() -> None:
    with pytest.raises(FormulaError) as caught:
        parse_expression("x + )")
    twin = pickle.loads(pickle.dumps(caught.value))
    assert (str(twin), twin.position) == (str(caught.value), 4)
