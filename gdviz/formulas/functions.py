"""The functions of a formula, one row each: name, arity, derivative, LaTeX, and what it is in every code.

Python's code is one source run in several namespaces: ``FLOAT_NAMESPACE`` (``math``, raises on overflow and on domain
errors), ``CAREFUL_NAMESPACE`` (the same bits, with inf and nan instead of errors) and ``ARRAY_NAMESPACE`` (NumPy, whose
last digit may differ). ``math`` calls the C library's functions, as machine code does: hence the same bits.
Conventions: sign(0) = 0, the derivative of abs is sign, ties of min and max take the average of the tied derivatives. A
comparison is 1 where it holds, otherwise 0, also against nan; ``where(condition, a, b)`` computes both and takes a
unless the condition is 0, so a nan stays in its branch.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gdviz.formulas.extremes import MAX, MIN, SIGN
from gdviz.formulas.function import Builder, Function, Rule, zero_rule

CONSTANTS: dict[str, float] = {"pi": math.pi, "e": math.e, "tau": math.tau}


def _chain(outer: Callable[[Builder, int, int], int]) -> Rule:
    """The rule f(u)' = outer * u' of a function of one argument; ``outer(builder, u, f(u))``."""

    def rule(g: Builder, arguments: Sequence[int], derivatives: Sequence[int], node: int) -> int:
        return g.multiply(outer(g, arguments[0], node), derivatives[0])

    return rule


def _quotient(bottom: Callable[[Builder, int, int], int]) -> Rule:
    """The rule f(u)' = u' / bottom; ``bottom(builder, u, f(u))``."""

    def rule(g: Builder, arguments: Sequence[int], derivatives: Sequence[int], node: int) -> int:
        return g.divide(derivatives[0], bottom(g, arguments[0], node))

    return rule


def _text(name: str) -> str:
    return rf"\operatorname{{{name}}}"


def _square(g: Builder, u: int) -> int:
    return g.power(u, g.number(2.0))


def _one_minus_square(g: Builder, u: int) -> int:
    # (1 - u)(1 + u) keeps its digits near |u| = 1, where 1 - u^2 cancels.
    return g.multiply(g.subtract(g.number(1.0), u), g.add(g.number(1.0), u))


def _root_of_one_minus_square(g: Builder, u: int) -> int:
    return g.call("sqrt", _one_minus_square(g, u))


def _root_of_square_plus_one(g: Builder, u: int) -> int:
    return g.call("sqrt", g.add(_square(g, u), g.number(1.0)))


def _root_of_square_minus_one(g: Builder, u: int) -> int:
    # Two roots rather than one of the product, which is also real below -1, where arcosh is not.
    below, above = g.subtract(u, g.number(1.0)), g.add(u, g.number(1.0))
    return g.multiply(g.call("sqrt", below), g.call("sqrt", above))


def _acos_rule(g: Builder, arguments: Sequence[int], derivatives: Sequence[int], node: int) -> int:
    return g.negate(g.divide(derivatives[0], _root_of_one_minus_square(g, arguments[0])))


def _times_log(g: Builder, u: int, base: float) -> int:
    return g.multiply(g.call("log", g.number(base)), u)


def _atan2_rule(g: Builder, arguments: Sequence[int], derivatives: Sequence[int], node: int) -> int:
    y, x = arguments
    dy, dx = derivatives
    top = g.subtract(g.multiply(x, dy), g.multiply(y, dx))
    return g.divide(top, g.add(_square(g, x), _square(g, y)))


def _where_rule(g: Builder, arguments: Sequence[int], derivatives: Sequence[int], node: int) -> int:
    """The condition does not move (away from its jump), so only what is chosen is differentiated."""
    _, a, b = derivatives
    return a if a == b else g.call("where", arguments[0], a, b)


def _comparison(name: str, holds: Callable[[Any, Any], Any], latex: str) -> Function:
    def float_code(a: float, b: float) -> float:
        return 1.0 if holds(a, b) else 0.0

    def array_code(a: Any, b: Any) -> Any:
        return np.multiply(holds(a, b), 1.0)  # a number, because truth values cannot be subtracted

    return Function(name, 2, zero_rule, float_code, array_code, latex, False)


def _float_both(p: float, q: float) -> float:
    return 1.0 if p and q else 0.0


def _float_where(condition: float, a: float, b: float) -> float:
    return a if condition != 0.0 else b


def _array_where(condition: Any, a: Any, b: Any) -> Any:
    return np.where(np.not_equal(condition, 0.0), a, b)[()]


# fmt: off
_ONE_ARGUMENT = (
    Function("sin", 1, _chain(lambda g, u, f: g.call("cos", u)), math.sin, np.sin, r"\sin"),
    Function("cos", 1, _chain(lambda g, u, f: g.negate(g.call("sin", u))), math.cos, np.cos, r"\cos"),
    # 1/cos^2 and 1/cosh^2 rather than 1 + tan^2 and 1 - tanh^2: the latter cancels to 0 where tanh is near 1.
    Function("tan", 1, _quotient(lambda g, u, f: _square(g, g.call("cos", u))), math.tan, np.tan, r"\tan"),
    Function("asin", 1, _quotient(lambda g, u, f: _root_of_one_minus_square(g, u)), math.asin, np.arcsin, r"\arcsin"),
    Function("acos", 1, _acos_rule, math.acos, np.arccos, r"\arccos"),
    Function("atan", 1, _quotient(lambda g, u, f: g.add(g.number(1.0), _square(g, u))),
             math.atan, np.arctan, r"\arctan"),
    Function("sinh", 1, _chain(lambda g, u, f: g.call("cosh", u)), math.sinh, np.sinh, r"\sinh"),
    Function("cosh", 1, _chain(lambda g, u, f: g.call("sinh", u)), math.cosh, np.cosh, r"\cosh"),
    Function("tanh", 1, _quotient(lambda g, u, f: _square(g, g.call("cosh", u))), math.tanh, np.tanh, r"\tanh"),
    Function("exp", 1, _chain(lambda g, u, f: f), math.exp, np.exp, r"\exp"),
    Function("log", 1, _quotient(lambda g, u, f: u), math.log, np.log, r"\ln"),
    Function("log2", 1, _quotient(lambda g, u, f: _times_log(g, u, 2.0)), math.log2, np.log2, r"\log_{2}"),
    Function("log10", 1, _quotient(lambda g, u, f: _times_log(g, u, 10.0)), math.log10, np.log10, r"\log_{10}"),
    Function("asinh", 1, _quotient(lambda g, u, f: _root_of_square_plus_one(g, u)),
             math.asinh, np.arcsinh, _text("arsinh")),
    Function("acosh", 1, _quotient(lambda g, u, f: _root_of_square_minus_one(g, u)),
             math.acosh, np.arccosh, _text("arcosh")),
    Function("atanh", 1, _quotient(lambda g, u, f: _one_minus_square(g, u)), math.atanh, np.arctanh, _text("artanh")),
    Function("expm1", 1, _chain(lambda g, u, f: g.call("exp", u)), math.expm1, np.expm1, _text("expm1")),
    Function("log1p", 1, _quotient(lambda g, u, f: g.add(g.number(1.0), u)), math.log1p, np.log1p, _text("log1p")),
    Function("cbrt", 1, _quotient(lambda g, u, f: g.multiply(g.number(3.0), _square(g, f))),
             math.cbrt, np.cbrt, r"\sqrt[3]"),
    Function("sqrt", 1, _quotient(lambda g, u, f: g.multiply(g.number(2.0), f)), math.sqrt, np.sqrt, r"\sqrt"),
    Function("abs", 1, _chain(lambda g, u, f: g.call("sign", u)), math.fabs, np.abs, "|"),
    Function("floor", 1, zero_rule, lambda x: float(math.floor(x)), np.floor, "", False),
    SIGN,
)

_MORE_ARGUMENTS = (
    Function("atan2", 2, _atan2_rule, math.atan2, np.arctan2, _text("atan2")),
    _comparison("less", operator.lt, "<"),
    _comparison("less_equal", operator.le, r"\le"),
    Function("both", 2, zero_rule, _float_both, lambda p, q: np.logical_and(p, q) * 1.0, "", False),
    Function("where", 3, _where_rule, _float_where, _array_where, "", False),
    *MIN,
    *MAX,
)
# fmt: on

FUNCTIONS: dict[str, Function] = {row.name: row for row in (*_ONE_ARGUMENT, *_MORE_ARGUMENTS)}
COMPARISONS = ("less", "less_equal")
KINKED = ("abs", "sign", "min", "max", *COMPARISONS)

ALIASES = {
    "ln": "log", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctan2": "atan2", "arcsinh": "asinh",
    "arccosh": "acosh", "arctanh": "atanh", "arsinh": "asinh", "arcosh": "acosh", "artanh": "atanh",
}  # fmt: skip
TYPED_NAMES = (*[row.name for row in FUNCTIONS.values() if row.typed], "pow", *ALIASES)
"""Every name that is always a function; ``pow(a, b)`` is read as ``a^b``. ``shorthands`` has those that may be one."""


def _with_inf_and_nan(float_code: Callable[..., Any], array_code: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``float_code`` with the inf or nan of IEEE arithmetic where it raises."""

    def careful(*values: float) -> float:
        try:
            return float_code(*values)  # type: ignore[no-any-return]
        except (ArithmeticError, ValueError):
            with np.errstate(all="ignore"):
                return float(array_code(*[np.float64(value) for value in values]))

    return careful


FLOAT_NAMESPACE: dict[str, Any] = {
    "__builtins__": {},
    "inf": math.inf,
    "nan": math.nan,
    "pow": math.pow,
    **{row.name: row.float_code for row in FUNCTIONS.values()},
}
CAREFUL_NAMESPACE: dict[str, Any] = {
    **FLOAT_NAMESPACE,
    "div": _with_inf_and_nan(operator.truediv, np.divide),
    "pow": _with_inf_and_nan(math.pow, np.power),
    **{row.name: _with_inf_and_nan(row.float_code, row.array_code) for row in FUNCTIONS.values()},
}
ARRAY_NAMESPACE: dict[str, Any] = {
    "__builtins__": {},
    "inf": math.inf,
    "nan": math.nan,
    "pow": np.power,
    **{row.name: row.array_code for row in FUNCTIONS.values()},
}

_OPERATORS: dict[str, Callable[..., Any]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv, "neg": operator.neg,
    "pow": np.power,
}  # fmt: skip


def evaluate_constant(operation: str, values: Sequence[float]) -> float:
    """Apply one operation to constants with IEEE semantics: inf or nan, never an exception."""
    function = _OPERATORS.get(operation) or FUNCTIONS[operation].array_code
    with np.errstate(all="ignore"):
        return float(function(*[np.float64(value) for value in values]))
