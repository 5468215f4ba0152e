"""Formulas as people write them: each is read as its plain twin, what has two readings is refused with both, and what
the reading left out or renamed is said."""

from __future__ import annotations

import numpy as np
import pytest

from gdviz.formulas import FormulaError, parse_expression
from tests.formulas.formulas_notations import (
    AROUND,
    CHOICES,
    FUNCTIONS,
    LATEX,
    LEFT_SIDES,
    PROGRAMS,
    SIGNS,
    TWO_READINGS,
)

TWINS = [*LEFT_SIDES, *AROUND, *FUNCTIONS, *SIGNS, *LATEX, *PROGRAMS]


@pytest.mark.parametrize(("text", "plain"), TWINS, ids=[ascii(text) for text, _ in TWINS])
def test_is_read_as_its_plain_twin(text: str, plain: str) -> None:
    f, twin = parse_expression(text), parse_expression(plain)
    if "norm" not in text:
        assert f.variables == twin.variables
    points = np.random.default_rng(5).uniform(0.1, 0.9, size=(len(twin.variables), 40))
    for sign in (1, -1):
        value, slopes = f.array_partials(f.variables)(*sign * points)
        expected, expected_slopes = twin.array_partials(twin.variables)(*sign * points)
        np.testing.assert_allclose(value, expected, rtol=1e-12)
        np.testing.assert_allclose(slopes, expected_slopes, rtol=1e-11)


@pytest.mark.parametrize("text", CHOICES)
def test_a_choice_is_read_in_every_spelling(text: str) -> None:
    f = parse_expression(text)
    x = np.array([-3.0, -0.5, 0.0, 0.5, 3.0])
    np.testing.assert_array_equal(f.array_value(x), [3, 0.5, 0, 0.25, 9])
    np.testing.assert_array_equal(f.array_gradient(x)[0][[0, 1, 3, 4]], [-1, -1, 1, 6])


@pytest.mark.parametrize(("text", "readings"), TWO_READINGS, ids=[ascii(text) for text, _ in TWO_READINGS])
def test_what_has_two_readings_is_refused_with_both(text: str, readings: list[str]) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_expression(text)
    assert all(reading in str(caught.value) for reading in readings), str(caught.value)


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("x^2 + y^2", []), ("sin x + [x + 1]", []), ("np.sin(x)", []), ("=x^2", []), ('"x^2"', []), ("$x^2$", []),
        ("f(x, y) = x*y", ["“f(x, y) =” only names what follows and is left out."]),
        ("f = lambda x: x", ["“f = lambda x:” only names what follows and is left out."]),
        ("f(x, y) = x", ["“f(x, y) =” only names", "y stands on the left alone"]), ("x^2;", ["The semicolon"]),
        ("x^2 # a parabola", ["The comment “a parabola” is left out."]), ("x^2 // wide", ["The comment “wide”"]),
        ("x[0] + x[1] + x[0]", ["x[0] is called x0.", "x[1] is called x1."]),
        ("@(x) x(1)^2", ["“@(x)”", "x(1) is called x1."]),
        ("tan^-1(x)", ["tan^-1 is read as the inverse function, arctan; the quotient is 1/tan(x)."]),
        ("2xy + x + y", ["xy is read as the product x*y."]), (r"\frac{ab}{2}", ["ab is read as the product a*b"]),
        ("λx", ["λ is called lam."]), ("x_1 + x₁", ["x_1 and x1 are two variables."]),
        ("2½x", ["2½ is read as a mixed number"]), ("=LOG(x)", ["LOG is read as the natural logarithm"]),
        ("x1[0]", ["x1[0] is called x1_0."]),
    ],
)  # fmt: skip
def test_what_was_left_out_or_renamed_is_said(text: str, notes: list[str]) -> None:
    found = parse_expression(text).notes
    assert len(found) == len(notes)
    assert all(said in note for said, note in zip(notes, found, strict=True)), found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x^(1/3)", "cbrt(x)"), ("(x - y)^(1/3)", "cbrt(x)"), ("x^(2/3)", "cbrt(x)^2"), ("x**(1/5)", "root(x, 5)"),
        (r"x^{\frac{1}{3}}", "cbrt(x)"), ("abs(x)^(1/3)", ""), ("(x^2 + y^2)^(1/3)", ""), ("exp(x)^(1/3)", ""),
        ("(x*x)^(1/3)", ""), ("max(0, x)^(1/3)", ""), ("x^(1/2)", ""), ("x^(3/2)", ""), ("8^(1/3)*x", ""),
        ("sqrt(x)^(1/3)", ""), ("(x^2 - 1)^(1/3)", "cbrt(x)"),
    ],
)  # fmt: skip
def test_a_power_that_may_be_meant_as_a_root_gets_a_hint(text: str, said: str) -> None:
    notes = parse_expression(text).notes
    assert bool(notes) is bool(said)
    assert all(f"the real root is {said}." in note for note in notes)


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("x^2 + y^2 = 1", "(x^2 + y^2 - (1))^2"), ("maximize x^2", "-(x^2)"), ("max f = x*y", "-(x*y)"),
        ("x > 0", "comparison alone"), ("y == x^2", "comparison alone"), ("if(x, 1, 2)", "no comparison"),
        ("x if y else x", "no comparison"), ("x > 0 ? 1", "add a :"), ("if(x > 0, x)", "takes 3 arguments"),
        ("if x > 0 then x else 1", "if(x > 0, x, -x)"), ("log(x, base=10)", "'='"), ("1,000,000x", "1000000"),
        ("1,234.5x", "1234.5"), ("1,5x", "1.5"), ("0,001x", "0.001"), ("1 000x", "1000"), ("np.sum(x**2)", "terms"),
        ("sum(x)", "terms"), (r"\sum_i x_i", "terms"), ("∑x", "terms"), ("np.foo(x)", "not known"),
        ("np.x", "not known"), ("math.inf*x", "not known"), ("x[0][1]", "follows an element"), ("(x+1)[2]", "[2]"),
        ("x0 + x[0]", "rename one"), ("[x)", "]"), ("(x]", ")"), ("{x", "}"), ("x}", "never opened"),
        (r"\left(x\right", "right"), (r"\frac{x}", "braces"), (r"\begin{cases} x & x > 0 \end{cases}", "otherwise"),
        (r"\begin{cases} x & x > 0 \\ 1 & x < 0 \end{cases}", "otherwise"),
        (r"\begin{matrix} x \end{matrix}", "only cases"), (r"\foo x", r"\foo"), ("lambda: x", "no names"),
        ("f(x) =", "Nothing stands"), ("‖x‖", "sqrt(x^2 + y^2)"), ("sin^2", "sin(x)^2"),
        ("norm x", "needs parentheses"), ("sinc(x)", "sin(x)/x"), ("x_{i+1}", "subscript"),
    ],
)  # fmt: skip
def test_other_texts_are_refused_with_advice_that_keeps_the_meaning(text: str, fragment: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_expression(text)
    assert fragment in str(caught.value)


def test_names_of_columns_are_taken_as_they_stand() -> None:
    for name in (
        "lambda",
        "class",
        "in",
        "if",
        "cost",
        "maxt",
        "Max",
        "H2O",
        "xy",
        "e",
        "pi",
        "sec",
        "norm",
        "BM_",
        "log_2",
    ):
        f = parse_expression(f"slope*{name} + intercept", [name])
        assert set(f.variables) == {"slope", name, "intercept"}
        assert f.known == {name}
    f = parse_expression("exp*x + exp(-x)", ["exp"])
    assert f.float_value(2.0, 0.0) == 1.0
    assert parse_expression("x*y", ["x"]) != parse_expression("x*y")
    assert parse_expression("x*y", ["z"]) is not None
