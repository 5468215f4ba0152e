"""Formulas with an independent mpmath twin, and points: the references of the formula engine's tests.

Each row: name, formula text, the same function written in mpmath, points. The references are evaluated and
differentiated numerically by mpmath with 60 digits; nothing of the engine under test takes part.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import mpmath as mp


class Case(NamedTuple):
    name: str
    text: str
    reference: Callable[..., Any]
    points: tuple[tuple[float, ...], ...]


P2 = ((0.5, -0.25), (-1.25, 1.75), (2.5, 0.75))
POSITIVE = ((0.5, 0.25), (1.25, 1.75), (2.5, 0.75))
X1 = ((0.375,), (-0.625,), (1.75,))
XP = ((0.375,), (0.625,), (1.75,))
UNIT = ((0.375,), (-0.625,), (0.875,))


def _levy13(x: Any, y: Any) -> Any:
    return (mp.sin(3 * mp.pi * x) ** 2 + (x - 1) ** 2 * (1 + mp.sin(3 * mp.pi * y) ** 2)
            + (y - 1) ** 2 * (1 + mp.sin(2 * mp.pi * y) ** 2))  # fmt: skip


def _goldstein_price(x: Any, y: Any) -> Any:
    a = 1 + (x + y + 1) ** 2 * (19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2)
    return a * (30 + (2 * x - 3 * y) ** 2 * (18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2))


def _branin(x: Any, y: Any) -> Any:
    b = mp.mpf("5.1") / (4 * mp.pi**2)
    return (y - b * x**2 + 5 / mp.pi * x - 6) ** 2 + 10 * (1 - 1 / (8 * mp.pi)) * mp.cos(x) + 10


def _ackley(x: Any, y: Any) -> Any:
    return (-20 * mp.exp(-mp.mpf("0.2") * mp.sqrt((x**2 + y**2) / 2))
            - mp.exp((mp.cos(2 * mp.pi * x) + mp.cos(2 * mp.pi * y)) / 2) + mp.e + 20)  # fmt: skip


def _drop_wave(x: Any, y: Any) -> Any:
    return -(1 + mp.cos(12 * mp.sqrt(x**2 + y**2))) / (mp.mpf("0.5") * (x**2 + y**2) + 2)


def _schaffer2(x: Any, y: Any) -> Any:
    return 0.5 + (mp.sin(x**2 - y**2) ** 2 - 0.5) / (1 + mp.mpf("0.001") * (x**2 + y**2)) ** 2


def _beale(x: Any, y: Any) -> Any:
    return (
        (mp.mpf("1.5") - x + x * y) ** 2 + (mp.mpf("2.25") - x + x * y**2) ** 2 + (mp.mpf("2.625") - x + x * y**3) ** 2
    )


def _cross_in_tray(x: Any, y: Any) -> Any:
    inner = abs(mp.sin(x) * mp.sin(y) * mp.exp(abs(100 - mp.sqrt(x**2 + y**2) / mp.pi))) + 1
    return -mp.mpf("0.0001") * inner ** mp.mpf("0.1")


def _mccormick(x: Any, y: Any) -> Any:
    return mp.sin(x + y) + (x - y) ** 2 - mp.mpf("1.5") * x + mp.mpf("2.5") * y + 1


TEST_FUNCTIONS = (
    Case("rosenbrock", "(1 - x)**2 + 100*(y - x**2)**2", lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2, P2),
    Case("himmelblau", "(x² + y - 11)² + (x + y² - 7)²", lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2, P2),
    Case("ackley", "-20 exp(-0.2 sqrt(0.5 (x^2 + y^2))) - exp(0.5 (cos(2 pi x) + cos(2 pi y))) + e + 20", _ackley, P2),
    Case("griewank", "1 + (x^2 + y^2)/4000 - cos(x)*cos(y/sqrt(2))",
         lambda x, y: 1 + (x**2 + y**2) / 4000 - mp.cos(x) * mp.cos(y / mp.sqrt(2)), P2),
    Case("levy 13", "sin(3π x)² + (x-1)²(1 + sin(3π y)²) + (y-1)²(1 + sin(2π y)²)", _levy13, P2),
    Case("goldstein price", "(1 + (x+y+1)^2*(19 - 14x + 3x^2 - 14y + 6x*y + 3y^2))"
         "*(30 + (2x-3y)^2*(18 - 32x + 12x^2 + 48y - 36x*y + 27y^2))", _goldstein_price, P2),
    Case("branin", "(y - 5.1/(4pi^2)*x^2 + 5/pi*x - 6)^2 + 10(1 - 1/(8pi))*cos(x) + 10", _branin, P2),
    Case("easom", "-cos(x)cos(y)exp(-((x-pi)^2 + (y-pi)^2))",
         lambda x, y: -mp.cos(x) * mp.cos(y) * mp.exp(-((x - mp.pi) ** 2 + (y - mp.pi) ** 2)), P2),
    Case("beale", "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2", _beale, P2),
    Case("booth", "(x + 2y - 7)^2 + (2x + y - 5)^2", lambda x, y: (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2, P2),
    Case("matyas", "0.26(x^2 + y^2) - 0.48x*y",
         lambda x, y: mp.mpf("0.26") * (x**2 + y**2) - mp.mpf("0.48") * x * y, P2),
    Case("three-hump camel", "2x^2 - 1.05x^4 + x^6/6 + x*y + y^2",
         lambda x, y: 2 * x**2 - mp.mpf("1.05") * x**4 + x**6 / 6 + x * y + y**2, P2),
    Case("six-hump camel", "(4 - 2.1x^2 + x^4/3)*x^2 + x*y + (-4 + 4y^2)*y^2",
         lambda x, y: (4 - mp.mpf("2.1") * x**2 + x**4 / 3) * x**2 + x * y + (-4 + 4 * y**2) * y**2, P2),
    Case("mccormick", "sin(x + y) + (x - y)^2 - 1.5x + 2.5y + 1", _mccormick, P2),
    Case("rastrigin", "20 + x^2 - 10cos(2pi*x) + y^2 - 10cos(2pi*y)",
         lambda x, y: 20 + x**2 - 10 * mp.cos(2 * mp.pi * x) + y**2 - 10 * mp.cos(2 * mp.pi * y), P2),
    Case("styblinski-tang", "(x^4 - 16x^2 + 5x + y^4 - 16y^2 + 5y)/2",
         lambda x, y: (x**4 - 16 * x**2 + 5 * x + y**4 - 16 * y**2 + 5 * y) / 2, P2),
    Case("drop-wave", "-(1 + cos(12√(x²+y²)))/(0.5(x²+y²) + 2)", _drop_wave, P2),
    Case("schaffer 2", "0.5 + (sin(x^2 - y^2)^2 - 0.5)/(1 + 0.001(x^2 + y^2))^2", _schaffer2, P2),
    Case("cross-in-tray", "-0.0001(|sin(x)*sin(y)*exp(|100 - sqrt(x^2+y^2)/pi|)| + 1)^0.1", _cross_in_tray, P2),
    Case("eggholder", "-(y+47)*sin(sqrt(abs(x/2 + y + 47))) - x*sin(sqrt(abs(x - y - 47)))",
         lambda x, y: -(y + 47) * mp.sin(mp.sqrt(abs(x / 2 + y + 47))) - x * mp.sin(mp.sqrt(abs(x - y - 47))), P2),
    Case("bukin 6", "100 sqrt(|y - 0.01x^2|) + 0.01|x + 10|",
         lambda x, y: 100 * mp.sqrt(abs(y - mp.mpf("0.01") * x**2)) + mp.mpf("0.01") * abs(x + 10), P2),
    Case("sphere 3", "x1^2 + x2^2 + x3^2", lambda a, b, c: a**2 + b**2 + c**2, ((1.0, -2.0, 0.5),)),
    Case("powell", "(x1+10x2)^2 + 5(x3-x4)^2 + (x2-2x3)^4 + 10(x1-x4)^4",
         lambda a, b, c, d: (a + 10 * b) ** 2 + 5 * (c - d) ** 2 + (b - 2 * c) ** 4 + 10 * (a - d) ** 4,
         ((3.0, -1.0, 0.5, 1.0),)),
)  # fmt: skip

EVERY_FUNCTION = (
    Case("sin", "sin(2x)", lambda x: mp.sin(2 * x), X1),
    Case("cos", "cos(x^2)", lambda x: mp.cos(x**2), X1),
    Case("tan", "tan(0.5x)", lambda x: mp.tan(x / 2), X1),
    Case("asin", "arcsin(x)", mp.asin, UNIT),
    Case("acos", "acos(x)", mp.acos, UNIT),
    Case("atan", "arctan(3x)", lambda x: mp.atan(3 * x), X1),
    Case("sinh", "sinh(x)", mp.sinh, X1),
    Case("cosh", "cosh(x)", mp.cosh, X1),
    Case("tanh", "tanh(10x)", lambda x: mp.tanh(10 * x), X1),
    Case("exp", "exp(-x^2)", lambda x: mp.exp(-(x**2)), X1),
    Case("log", "log(x)", mp.log, XP),
    Case("ln", "ln(1 + x^2)", lambda x: mp.log(1 + x**2), X1),
    Case("log2", "log2(x)", lambda x: mp.log(x, 2), XP),
    Case("log10", "log10(3x)", lambda x: mp.log(3 * x, 10), XP),
    Case("sqrt", "sqrt(1 + x^4)", lambda x: mp.sqrt(1 + x**4), X1),
    Case("abs", "abs(x)*x^2", lambda x: abs(x) * x**2, X1),
    Case("sign", "sign(x)*x + sign(x^3)", lambda x: mp.sign(x) * x + mp.sign(x), X1),
    Case("min", "min(x, y^2)", lambda x, y: min(x, y**2), P2),
    Case("max of three", "max(x, y, x*y)", lambda x, y: max(x, y, x * y), P2),
    Case("pow", "pow(x, y)", lambda x, y: x**y, POSITIVE),
    Case("atan2", "atan2(y, x)", lambda x, y: mp.atan2(y, x), P2),
    Case("asinh", "asinh(3x)", lambda x: mp.asinh(3 * x), X1),
    Case("acosh", "acosh(1 + x^2)", lambda x: mp.acosh(1 + x**2), X1),
    Case("atanh", "artanh(x)", mp.atanh, UNIT),
    Case("expm1", "expm1(x)*x", lambda x: mp.expm1(x) * x, X1),
    Case("log1p", "log1p(x^2)", lambda x: mp.log1p(x**2), X1),
    Case("cbrt", "cbrt(x)", lambda x: mp.sign(x) * mp.cbrt(abs(x)), X1),
    Case("fifth root", "root(x*y, 5)", lambda x, y: mp.sign(x * y) * mp.root(abs(x * y), 5), P2),
    Case("hypot", "hypot(x - 1, y)", lambda x, y: mp.hypot(x - 1, y), P2),
    Case("norm", "norm(x, y, 2)", lambda x, y: mp.sqrt(x**2 + y**2 + 4), P2),
    Case("choice", "if(x > y, x^2*y, exp(y))", lambda x, y: x**2 * y if x > y else mp.exp(y), P2),
    Case(
        "choice of three",
        "x < -1 ? x^3 : x < 1 ? sin(x) : sqrt(x^2 + 1)",
        lambda x: x**3 if x < -1 else mp.sin(x) if x < 1 else mp.sqrt(x**2 + 1),
        (*X1, (-1.5,)),
    ),
    Case("huber", "x**2/2 if -1 <= x <= 1 else abs(x) - 0.5", lambda x: x**2 / 2 if abs(x) <= 1 else abs(x) - 0.5, X1),
    Case(
        "comparison as a number",
        "(x > 0 and y > 0)*x*y + (not x > 0)*x",
        lambda x, y: x * y if x > 0 and y > 0 else 0 if x > 0 else x,
        P2,
    ),
    Case("arctan2", "arctan2(x^2, y)", lambda x, y: mp.atan2(x**2, y), P2),
)

GRAMMAR = (
    Case("minus and power", "-x^2", lambda x: -(x**2), X1),
    Case("power of minus", "2^-x^2", lambda x: 2 ** (-(x**2)), X1),
    Case("right-associative power", "x^2^3", lambda x: x**8, X1),
    Case("general power", "x^y", lambda x, y: x**y, POSITIVE),
    Case("fractional power", "x^(1/3)", mp.cbrt, XP),
    Case("power 2.5", "x^2.5", lambda x: x ** mp.mpf("2.5"), XP),
    Case("negative power", "x^-3", lambda x: x**-3, X1),
    Case("superscript minus", "x⁻¹ + x¹²", lambda x: 1 / x + x**12, X1),
    Case("high power", "x^40", lambda x: x**40, X1),
    Case("e to", "e^(2x)", lambda x: mp.exp(2 * x), X1),
    Case("tau", "sin(τ x)/τ", lambda x: mp.sin(2 * mp.pi * x) / (2 * mp.pi), X1),
    Case(
        "implied products",
        "2x y + 3(x+1)(y-1) - x sin(y)",
        lambda x, y: 2 * x * y + 3 * (x + 1) * (y - 1) - x * mp.sin(y),
        P2,
    ),
    Case("letter before parenthesis", "x(y+1)", lambda x, y: x * (y + 1), P2),
    Case("bars", "|x|*y + ||x| - 1|", lambda x, y: abs(x) * y + abs(abs(x) - 1), P2),
    Case("typographic signs", "2·x − 3×y ÷ 4", lambda x, y: 2 * x - 3 * y / 4, P2),
    Case("roots", "√(x² + 1) + √2", lambda x: mp.sqrt(x**2 + 1) + mp.sqrt(2), X1),
    Case("numbers", ".5x + 2.x^2 + 1e-3x^3", lambda x: 0.5 * x + 2 * x**2 + mp.mpf("0.001") * x**3, X1),
    Case("left-associative quotient", "8/x/2*x^2", lambda x: 4 * x, X1),
    Case("minus minus", "x - -x^3", lambda x: x + x**3, X1),
    Case("quotient", "(x - y)/(1 + x^2 + y^2)", lambda x, y: (x - y) / (1 + x**2 + y**2), P2),
    Case("logistic", "1/(1 + exp(-(w*x + b)))", lambda b, w, x: 1 / (1 + mp.exp(-(w * x + b))), ((0.5, -1.5, 2.0),)),
    Case("logistic bounds", "x/(3 - 2e^(x*y))", lambda x, y: x / (3 - 2 * mp.exp(x * y)), P2),
    Case("logistic, other way round", "1/(2*exp(-x) - y)^2", lambda x, y: 1 / (2 * mp.exp(-x) - y) ** 2, P2),
    Case("logistic power", "(1 + y*exp(x/2))^-1.5", lambda x, y: (1 + y * mp.exp(x / 2)) ** -1.5, POSITIVE),
    Case(
        "generalized logistic",
        "w/((1 + exp(x - y))^(1/w))",
        lambda w, x, y: w / (1 + mp.exp(x - y)) ** (1 / w),
        ((0.5, 0.25, 1.0), (2.0, -1.0, 0.5)),
    ),
    Case("names", "slope*t + intercept", lambda slope, t, intercept: slope * t + intercept, ((20.0, 3.0, 5.0),)),
    Case("log-sum-exp", "log(exp(x) + exp(y))", lambda x, y: mp.log(mp.exp(x) + mp.exp(y)), P2),
    Case("nested", "sin(cos(sin(x*y)))^2", lambda x, y: mp.sin(mp.cos(mp.sin(x * y))) ** 2, P2),
    Case("tanh quotient", "(e^x - e^-x)/(e^x + e^-x)", mp.tanh, X1),
)

CASES = (*TEST_FUNCTIONS, *EVERY_FUNCTION, *GRAMMAR)
