"""Difference quotients against the notebook's own definitions, and against derivatives to 40 digits."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gdviz
from gdviz.objectives.differences import BEST_CENTRAL_H, BEST_FORWARD_H, spacing_errors
from tests import notebook

FUNCTIONS = {
    "square": (lambda x: x * x, lambda x: x * x),
    "exp": (math.exp, mpmath.exp),
    "sin": (math.sin, mpmath.sin),
    "logistic": (lambda x: 1 / (1 + math.exp(-x)), lambda x: 1 / (1 + mpmath.exp(-x))),
    "root": (lambda x: math.sqrt(x + 4), lambda x: mpmath.sqrt(x + 4)),
}
EACH = pytest.mark.parametrize(("f", "exact"), FUNCTIONS.values(), ids=FUNCTIONS.keys())


def true_derivative(exact, x: float, order: int = 1) -> float:
    with mpmath.workdps(40):
        return float(mpmath.diff(exact, mpmath.mpf(x), order))


@given(st.floats(-10, 10), st.floats(1e-6, 1.0), st.booleans())
def test_the_quotient_is_the_notebooks_to_the_last_bit(x: float, h: float, negative: bool):
    h = -h if negative else h
    assert gdviz.difference_quotient(math.exp, x, h) == notebook.difference_quotient(math.exp, x, h)


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=6), st.floats(1e-6, 1.0))
def test_the_estimated_gradient_is_the_notebooks_to_the_last_bit(v: list[float], h: float):
    f = notebook.sum_of_squares
    assert gdviz.estimate_gradient(f, v, h) == notebook.estimate_gradient(f, v, h)
    assert gdviz.estimate_gradient(f, v) == notebook.estimate_gradient(f, v)
    last = len(v) - 1
    assert gdviz.partial_difference_quotient(f, v, last, h) == notebook.partial_difference_quotient(f, v, last, h)


@EACH
@pytest.mark.parametrize("x", [-1.3, 0.4, 2.0])
def test_the_forward_quotient_errs_by_half_h_times_the_second_derivative(f, exact, x: float):
    h = 1e-4
    error = gdviz.difference_quotient(f, x, h) - true_derivative(exact, x)
    assert error == pytest.approx(h / 2 * true_derivative(exact, x, 2), rel=1e-2, abs=1e-8)


@EACH
@pytest.mark.parametrize("x", [-1.3, 0.4, 2.0])
def test_the_central_quotient_errs_by_a_sixth_of_h_squared_times_the_third_derivative(f, exact, x: float):
    h = 1e-2
    error = gdviz.central_difference_quotient(f, x, h) - true_derivative(exact, x)
    assert error == pytest.approx(h**2 / 6 * true_derivative(exact, x, 3), rel=1e-2, abs=1e-12)


@EACH
def test_the_central_gradient_is_right_to_ten_digits_at_its_default_spacing(f, exact):
    v = [0.4, 2.0]
    estimate = gdviz.central_gradient(lambda p: f(p[0]) * f(p[1]), v)
    values = [float(exact(x)) for x in v]
    slopes = [true_derivative(exact, x) for x in v]
    assert estimate == pytest.approx([slopes[0] * values[1], values[0] * slopes[1]], rel=1e-9)


def test_the_best_spacings_are_the_published_ones():
    assert pytest.approx(1.5e-8, rel=0.01) == BEST_FORWARD_H
    assert pytest.approx(6.1e-6, rel=0.01) == BEST_CENTRAL_H


@pytest.mark.parametrize(("f", "exact"), [pair for key, pair in FUNCTIONS.items() if key != "square"])
def test_the_error_over_h_is_a_v_with_its_tip_near_the_best_spacing(f, exact):
    x = 0.7
    curve = spacing_errors(f, x, true_derivative(exact, x))
    assert len(curve.spacings) == len(curve.forward) == len(curve.central) == 121
    for errors, best, published in (
        (curve.forward, curve.best_forward, BEST_FORWARD_H),
        (curve.central, curve.best_central, BEST_CENTRAL_H),
    ):
        # A single lucky cancellation may be smaller anywhere: the middle of each half decade is what the V is made of.
        smooth = np.array([np.median(errors[max(0, i - 3) : i + 4]) for i in range(len(errors))])
        tip = curve.spacings[int(np.argmin(smooth))]
        assert published / 30 < tip < published * 30
        assert errors.min() == errors[np.flatnonzero(curve.spacings == best)[0]]
        assert smooth[0] > 1e3 * smooth.min()
        assert smooth[-1] > 1e3 * smooth.min()
    truncation = (curve.spacings > 1e-6) & (curve.spacings < 1e-2)
    slope = np.polyfit(np.log(curve.spacings[truncation]), np.log(curve.forward[truncation]), 1)[0]
    assert slope == pytest.approx(1, abs=0.05)
    assert curve.central.min() < curve.forward.min()


def test_a_parabola_has_no_truncation_error_in_the_middle():
    curve = spacing_errors(lambda x: x * x, 0.7, 1.4)
    wide = curve.spacings > 1e-3
    assert curve.central[wide].max() < 1e-12
    assert curve.forward[wide] == pytest.approx(curve.spacings[wide], rel=1e-6)


def test_the_spacings_grow_with_x():
    at_a_thousand = spacing_errors(lambda x: x * x, 1000.0, 2000.0)
    assert at_a_thousand.spacings[-1] == pytest.approx(1000)


def test_errors_where_the_function_is_not_finite_are_nan_and_do_not_hide_the_rest():
    root = gdviz.parse("sqrt(x)")
    curve = spacing_errors(root, 0.5, 0.5**0.5, np.array([1e-6, 1e-3, 0.6]))
    assert np.isfinite(curve.forward).all()
    assert np.isnan(curve.central).tolist() == [False, False, True]
    assert curve.best_central == 1e-6
    nowhere = spacing_errors(gdviz.parse("log(x)"), -1.0, 1.0, np.array([1e-3]))
    assert math.isnan(nowhere.best_forward)
    assert math.isnan(nowhere.best_central)


def test_errors_beyond_the_range_of_a_computer_are_nan_too():
    curve = spacing_errors(gdviz.parse("exp(x)"), 700.0, math.exp(700), np.array([1.0, 20.0]))
    assert np.isnan(curve.forward).tolist() == [False, True]


def test_a_plain_function_that_raises_leaves_a_gap_and_no_exception():
    curve = spacing_errors(math.sqrt, 0.5, 0.5**0.5, np.array([1e-6, 0.6]))
    assert np.isnan(curve.central).tolist() == [False, True]
    assert np.isfinite(curve.forward).all()


def test_an_objective_serves_as_a_function_of_a_number_or_of_a_vector():
    assert gdviz.difference_quotient(gdviz.parse("x^2"), 3.0, 0.5) == 6.5
    assert gdviz.central_difference_quotient(gdviz.parse("x^2"), 3.0, 0.5) == 6.0
    f = gdviz.parse("x^2 + 3*y")
    assert gdviz.partial_difference_quotient(f, (3.0, 1.0), 0, 0.5) == 6.5
    assert gdviz.estimate_gradient(f, np.array([3.0, 1.0]), 0.5) == [6.5, 3.0]
    assert gdviz.central_gradient(f, [3.0, 1.0], 0.5) == [6.0, 3.0]


@pytest.mark.parametrize("h", [0.0, -0.0, math.inf, math.nan])
def test_a_spacing_that_makes_no_sense_is_named(h: float):
    square = notebook.sum_of_squares
    for attempt in (
        lambda: gdviz.difference_quotient(math.exp, 1.0, h),
        lambda: gdviz.central_difference_quotient(math.exp, 1.0, h),
        lambda: gdviz.partial_difference_quotient(square, [1.0], 0, h),
        lambda: gdviz.estimate_gradient(square, [1.0], h),
        lambda: gdviz.central_gradient(square, [1.0], h),
    ):
        with pytest.raises(ValueError, match="spacing h"):
            attempt()


@pytest.mark.parametrize("i", [-1, 2, 7])
def test_an_element_that_does_not_exist_is_named(i: int):
    with pytest.raises(IndexError, match=rf"no element {i} in a vector of 2"):
        gdviz.partial_difference_quotient(notebook.sum_of_squares, [1.0, 2.0], i, 0.1)


def test_a_function_of_arrays_is_asked_with_arrays_where_v_is_one():
    v = np.array([1.0, 2.0])
    expected = gdviz.estimate_gradient(notebook.sum_of_squares, [1.0, 2.0])
    assert gdviz.estimate_gradient(lambda v: np.sum(v * v), v) == expected
    assert gdviz.central_gradient(lambda v: v @ v, v) == pytest.approx([2.0, 4.0])
    assert v.tolist() == [1.0, 2.0]


def test_the_vector_that_is_passed_in_stays_as_it_was():
    v = [1.0, 2.0, 3.0]
    gdviz.estimate_gradient(notebook.sum_of_squares, v)
    gdviz.central_gradient(notebook.sum_of_squares, v)
    assert v == [1.0, 2.0, 3.0]
