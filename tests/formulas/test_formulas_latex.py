"""LaTeX says how a formula was read, and is well-formed."""

from __future__ import annotations

import re

import pytest

from gdviz.formulas import parse_expression
from tests.formulas.at_points import value_at
from tests.formulas.formulas_cases import CASES, Case


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("(1 - x)**2 + 100*(y - x**2)**2", r"\left(1 - x\right)^{2} + 100 \left(y - x^{2}\right)^{2}"),
        ("x(y+1)", r"x \cdot \left(y + 1\right)"), ("-x^2", r"-x^{2}"), ("(-x)^2", r"\left(-x\right)^{2}"),
        ("e^-x^2", r"e^{-x^{2}}"), ("x^y^2", r"x^{y^{2}}"), ("(x^y)^2", r"\left(x^{y}\right)^{2}"),
        ("x^2 y", r"x^{2} y"), ("2 pi x", r"2 \pi x"), ("1e-5x", r"10^{-5} x"), ("2.5e3x", r"2.5 \times 10^{3} x"),
        ("1e-5^x", r"\left(10^{-5}\right)^{x}"), ("2.50x", r"2.50 x"), ("x/y/z", r"\frac{\frac{x}{y}}{z}"),
        ("x/2*y", r"\frac{x}{2} y"), ("x1 + x_2", r"x_{1} + x_{2}"), ("theta + alpha1", r"\theta + \alpha_{1}"),
        ("slope*x", r"\mathrm{slope} \, x"), ("learning_rate*x", r"\mathrm{learning\_rate} \, x"),
        ("√x + |x|", r"\sqrt{x} + \left|x\right|"), ("sin(x)^2", r"\sin^{2}\left(x\right)"),
        ("log(x) + log2(x) + log10(x)", r"\ln\left(x\right) + \log_{2}\left(x\right) + \log_{10}\left(x\right)"),
        ("x - (y - z)", r"x - \left(y - z\right)"), ("x - -y", r"x - \left(-y\right)"), ("2*3*x", r"2 \cdot 3 x"),
        ("x*2", r"x \cdot 2"), ("max(x, y, 0)", r"\max\left(x, y, 0\right)"),
        ("(x/y)^2", r"\left(\frac{x}{y}\right)^{2}"), ("atan2(y, x)", r"\operatorname{atan2}\left(y, x\right)"),
        ("(x+1)(y-1)", r"\left(x + 1\right) \left(y - 1\right)"), ("cbrt(x)^2", r"\sqrt[3]{x}^{2}"),
        ("lam*x", r"\lambda x"), ("asinh(x)", r"\operatorname{arsinh}\left(x\right)"),
        ("if(x > 0, x, -x)", r"\begin{cases}x & \text{if } x > 0 \\ -x & \text{otherwise}\end{cases}"),
        (
            "if(x < y, 1, if(x <= 2, y, x))",
            r"\begin{cases}1 & \text{if } x < y \\ y & \text{if } x \le 2 \\ x & \text{otherwise}\end{cases}",
        ),
        (
            "if(0 < x < 1 or x == 3, x, 2)",
            r"\begin{cases}x & \text{if } \left(\left(x > 0\right) \land \left(x < 1\right)\right) "
            r"\lor \left(x = 3\right) \\ 2 & \text{otherwise}\end{cases}",
        ),
        ("(x > 0)*x + (not x > 1)", r"\left(x > 0\right) x + \left(\lnot \left(x > 1\right)\right)"),
        ("-2x*y", r"-2 x y"), ("x*(-y)", r"x \cdot \left(-y\right)"), ("-(x+y)", r"-\left(x + y\right)"),
    ],
)  # fmt: skip
def test_a_formula_is_printed_as_it_was_read(text: str, latex: str) -> None:
    assert parse_expression(text).latex == latex


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("x^2 + y^2", ("2 x", "2 y")), ("(1 - x)^2", (r"-2 \left(1 - x\right)",)), ("x^3", ("3 x^{2}",)),
        ("sin(x)", (r"\cos\left(x\right)",)), ("cos(2 pi x)", (r"-2 \pi \sin\left(2 \pi x\right)",)),
        ("sqrt(x)", (r"\frac{1}{2 \sqrt{x}}",)), ("log(x)", (r"\frac{1}{x}",)), ("exp(-x)", ("-e^{-x}",)),
        ("1/x", (r"-\frac{1}{x^{2}}",)), ("x^(1/3)", (r"\frac{x^{-\frac{2}{3}}}{3}",)),
        ("0.1x^3", ("0.3 x^{2}",)),
        ("slope*x + intercept", ("x", r"\mathrm{slope}", "1")), ("1e-5x^2", (r"2 \times 10^{-5} x",)),
        ("(x^2 + y - 11)^2", (r"4 x \cdot \left(x^{2} + y - 11\right)", r"2 \left(x^{2} + y - 11\right)")),
        ("sqrt(x^2 + y^2)", (r"\frac{x}{\sqrt{x^{2} + y^{2}}}", r"\frac{y}{\sqrt{x^{2} + y^{2}}}")),
        ("abs(x)", (r"\operatorname{sign}\left(x\right)",)), ("x - x", ("0",)),
        ("2^x", (r"\ln\left(2\right) \cdot 2^{x}",)),
    ],
)  # fmt: skip
def test_a_gradient_is_printed_simplified(text: str, latex: tuple[str, ...]) -> None:
    assert parse_expression(text).gradient_latex == latex


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_braces_and_delimiters_balance(case: Case) -> None:
    f = parse_expression(case.text)
    for latex in (f.latex, *f.gradient_latex):
        assert latex.count("{") == latex.count("}")
        assert len(re.findall(r"\\left\b", latex)) == len(re.findall(r"\\right\b", latex))
        assert "inf" not in latex
        assert "nan" not in latex


def test_a_derivative_too_long_to_print_is_described() -> None:
    f = parse_expression("sin(x*y)" + "*cos(x + y*x)^x/(1 + exp(x*y))" * 9)
    assert max(map(len, f.gradient_latex)) <= 2000
    assert any("too long to print" in latex for latex in f.gradient_latex)


@pytest.mark.parametrize("case", [case for case in CASES if len(case.text) < 120], ids=lambda case: case.name)
def test_what_is_printed_is_read_as_the_same_function(case: Case) -> None:
    f = parse_expression(case.text)
    again = parse_expression(f.latex)
    assert again.variables == f.variables
    for point in case.points:
        assert value_at(again, *point) == pytest.approx(value_at(f, *point), rel=1e-12, nan_ok=True)
