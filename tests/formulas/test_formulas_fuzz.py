"""Random texts and random formulas: only FormulaError, exact gradients, and codes that agree with each other."""

from __future__ import annotations

import math
import re

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gdviz.formulas import Expression, FormulaError, parse_expression
from gdviz.formulas.limits import MAX_CHARACTERS
from tests.formulas.at_points import gradient_at, value_at

PIECES = [
    *"xyz0123456789.+-*/^()|, ", "**", "sin", "cos(", "log(", "max(", "min(", "abs(", "pow(", "sqrt(", "exp(", "pi",
    "e", "√", "²", "⁻¹", "·", "π", "1e5", "1e-3", "slope", "x1", "theta", "=", "[", "_", "\n", "х", "\x00", "∞",
    "tan", "atan2(", "sign(", "if(", " if ", " else ", "<", ">=", "==", "?", ":", ";", "]", "{", "}", "f(x) = ",
    "lambda x: ", "x[0]", "@(x)", "np.", "math.", "where(", "norm(", "½", "₁", "∛", "θ", "λ", "–", " and ", " or ",
    "not ", "#", "//", "\\frac", "\\sqrt[3]", "\\left(", "\\right)", "\\left|", "\\right|", "\\begin{cases}",
    "\\end{cases}", "\\\\", " & ", "\\text{otherwise}", "\\cdot", "\\log_{2}", "\\mathrm{", "_{", "^{", "\\theta",
    "$",
]  # fmt: skip
RANDOM_TEXT = st.one_of(
    st.text(max_size=60),
    st.text(st.characters(codec=None, exclude_categories=()), max_size=30),
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.text("x+-*/^()|2. ", max_size=60),
)

LEAF = st.sampled_from(["x", "y", "2", "0.5", "3", "x", "y", "pi", "1e-1"])


def _grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    one = st.sampled_from(
        ["sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "exp", "log", "log2", "log10", "sqrt",
         "cbrt", "abs", "sign", "asinh", "acosh", "atanh", "expm1", "log1p"]
    )  # fmt: skip
    two = st.sampled_from(["min", "max", "pow", "atan2", "hypot"])
    compared = st.tuples(inner, st.sampled_from(["<", "<=", ">", ">="]), inner).map(" ".join)
    condition = st.one_of(
        compared,
        st.tuples(compared, st.sampled_from(["and", "or"]), compared).map(" ".join),
        compared.map(lambda t: f"not {t}"),
    )
    return st.one_of(
        st.tuples(inner, st.sampled_from("+-*/^"), inner).map(lambda t: f"({t[0]}){t[1]}({t[2]})"),
        st.tuples(inner, st.sampled_from(["2", "3", "-1", "0.5", "-2", "7"])).map(lambda t: f"({t[0]})^{t[1]}"),
        st.tuples(one, inner).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(two, inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        inner.map(lambda t: f"-({t})"),
        st.tuples(condition, inner, inner).map(lambda t: f"if({t[0]}, {t[1]}, {t[2]})"),
    )


FORMULA = st.recursive(LEAF, _grow, max_leaves=8).map(lambda text: f"{text} + 0*x*y")
COORDINATE = st.floats(-3, 3, allow_nan=False).map(lambda value: round(value, 3))


def _check_error(error: FormulaError, text: str) -> None:
    str(error).encode("utf-8")
    assert str(error).isprintable()
    assert 0 <= error.position <= len(text)


def _careful(text: str) -> object:
    try:
        return parse_expression(text)
    except FormulaError as error:
        _check_error(error, text)
        assume(False)
        return None


@settings(max_examples=1500, deadline=None)
@given(RANDOM_TEXT)
def test_any_text_either_parses_or_raises_formula_error(text: str) -> None:
    try:
        f = parse_expression(text)
    except FormulaError as error:
        _check_error(error, text)
        return
    gradient_at(f, *[0.5] * len(f.variables))
    for latex in (f.latex, *f.gradient_latex):
        plain = latex.replace(r"\{", "").replace(r"\}", "")
        assert plain.count("{") == plain.count("}")
        assert len(re.findall(r"\\left\b", latex)) == len(re.findall(r"\\right\b", latex))


@settings(max_examples=400, deadline=None)
@given(FORMULA, COORDINATE, COORDINATE)
def test_exact_gradient_agrees_with_central_differences(text: str, x: float, y: float) -> None:
    f = _careful(text)
    exact = gradient_at(f, x, y)
    assume(all(math.isfinite(g) and abs(g) < 1e4 for g in exact))
    assume(not f.at_kink(x, y, tolerance=1e-3))
    for k in range(2):
        estimates = []
        for h in (1e-4, 5e-5):
            ahead, behind = ([p + s * h * (i == k) for i, p in enumerate((x, y))] for s in (1, -1))
            estimates.append((value_at(f, *ahead) - value_at(f, *behind)) / (2 * h))
        # Only where the differences themselves have converged do they say anything.
        assume(all(map(math.isfinite, (*estimates, value_at(f, x, y)))))
        assume(abs(estimates[0] - estimates[1]) < 1e-5 * (1 + abs(estimates[1])))
        # And only if both sides agree: a condition may change at the edge of where its parts have a value, as x < x^x.
        sides = [(value_at(f, *there) - value_at(f, x, y)) / h for there in (ahead, behind)]
        assume(abs(sides[0] + sides[1]) < 1e-2 * (1 + abs(estimates[1])))
        noise = 1e-15 * abs(value_at(f, x, y)) / 1e-4
        assert abs(exact[k] - estimates[1]) <= 1e-3 * (1 + abs(estimates[1])) + 100 * noise


@settings(max_examples=400, deadline=None)
@given(FORMULA, COORDINATE, COORDINATE)
def test_float_and_array_codes_agree_in_value_and_in_the_pattern_of_inf_and_nan(text: str, x: float, y: float) -> None:
    f = _careful(text)
    array = [value_at(f, x, y), *gradient_at(f, x, y)]
    # The same points inside an array take NumPy's vector loops.
    many = f.array_partials(f.variables)(np.full(17, x), np.full(17, y))
    np.testing.assert_allclose([many[0][3], *[g[3] for g in many[1]]], array, rtol=1e-9, atol=1e-300)
    try:
        floats = [f.float_value(x, y), *f.float_gradient(x, y)]
    except (OverflowError, ZeroDivisionError, ValueError):
        return
    assert all(type(value) is float for value in floats)
    np.testing.assert_allclose(floats, array, rtol=1e-9, atol=1e-300)


@settings(max_examples=150, deadline=None)
@given(FORMULA, COORDINATE, COORDINATE)
def test_hessian_is_the_jacobian_of_the_gradient(text: str, x: float, y: float) -> None:
    f = _careful(text)
    rows = [[float(entry) for entry in row] for row in f.array_hessian(x, y)]
    assume(all(math.isfinite(entry) and abs(entry) < 1e4 for row in rows for entry in row))
    assume(not f.at_kink(x, y, tolerance=1e-3))
    for k in range(2):
        estimates = []
        for h in (1e-4, 5e-5):
            ahead, behind = ([p + s * h * (i == k) for i, p in enumerate((x, y))] for s in (1, -1))
            with np.errstate(invalid="ignore"):
                slopes = np.subtract(gradient_at(f, *ahead), gradient_at(f, *behind))
            estimates.append(slopes / (2 * h))
        assume(bool(np.all(np.isfinite(estimates))))
        assume(bool(np.all(np.abs(estimates[0] - estimates[1]) < 1e-5 * (1 + np.abs(estimates[1])))))
        np.testing.assert_allclose([row[k] for row in rows], estimates[1], rtol=1e-3, atol=1e-3)


def _within_limits(latex: str) -> Expression:
    """What is printed has more signs and levels than what was typed: it may pass a limit, no other fault is let by."""
    try:
        return parse_expression(latex)
    except FormulaError as error:
        if "limit" not in str(error) and "nested" not in str(error):
            raise
        assume(False)
        raise


@settings(max_examples=600, deadline=None)
@given(FORMULA, COORDINATE, COORDINATE)
def test_the_latex_that_is_printed_is_read_as_the_same_function(text: str, x: float, y: float) -> None:
    f = _careful(text)
    assume(len(f.latex) <= MAX_CHARACTERS)
    again = _within_limits(f.latex)
    assert again.variables == f.variables
    for point in ((x, y), (y, x), (-x, 0.5)):
        np.testing.assert_allclose(value_at(again, *point), value_at(f, *point), rtol=1e-7, atol=1e-12)
