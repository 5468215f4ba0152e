"""Functions that are written with others, and other spellings of functions.

Their names may also be names of variables (``sec`` for seconds): they are functions only where an argument follows.
"""

from __future__ import annotations

from typing import NamedTuple

from gdviz.formulas.functions import ALIASES, CONSTANTS, FUNCTIONS, TYPED_NAMES


class Shorthand(NamedTuple):
    """``text`` is a formula of the letters ``arguments``; ``bare`` says whether ``sec x`` needs no parentheses."""

    arguments: str
    text: str
    bare: bool = False


SHORTHANDS = {
    "sec": Shorthand("x", "1/cos(x)", True), "csc": Shorthand("x", "1/sin(x)", True),
    "cot": Shorthand("x", "1/tan(x)", True), "sech": Shorthand("x", "1/cosh(x)", True),
    "csch": Shorthand("x", "1/sinh(x)", True), "coth": Shorthand("x", "1/tanh(x)", True),
    "exp2": Shorthand("x", "2^x"), "square": Shorthand("x", "x^2"), "reciprocal": Shorthand("x", "1/x"),
    "relu": Shorthand("x", "max(0, x)"), "sigmoid": Shorthand("x", "1/(1 + exp(-x))"),
    "softplus": Shorthand("x", "log1p(exp(x))"), "heaviside": Shorthand("x", "(1 + sign(x))/2"),
    "logit": Shorthand("x", "log(x/(1 - x))"), "clip": Shorthand("xab", "min(max(x, a), b)"),
    "logaddexp": Shorthand("xy", "log(exp(x) + exp(y))"), "rational": Shorthand("xy", "x/y"),
    "float64": Shorthand("x", "x"), "float32": Shorthand("x", "x"), "float": Shorthand("x", "x"),
}  # fmt: skip

SPELLINGS = {
    "sgn": "sign", "fabs": "abs", "absolute": "abs", "maximum": "max", "minimum": "min", "fmax": "max", "fmin": "min",
    "pmax": "max", "pmin": "min",
    "lg": "log10", "lb": "log2", "ld": "log2", "tg": "tan", "arctg": "atan", "ctg": "cot", "cotg": "cot",
    "cosec": "csc", "cosech": "csch", "power": "pow", "expit": "sigmoid", "logistic": "sigmoid", "iif": "if",
    "ifelse": "if", "where": "if", "hypot": "norm", "surd": "root", "nthroot": "root",
    "logical_and": "and", "logical_or": "or", "logical_not": "not",
}  # fmt: skip
"""Other spellings of a function that may also be names of variables."""

SPECIAL = ("if", "norm", "root", "and", "or", "not", "piecewise")
"""Functions with a reading of their own: a choice, a root of a sum of squares, a root of any whole degree, and how
conditions are joined."""

NEVER_BARE = frozenset(
    ["power", "maximum", "minimum", "fmax", "fmin", "pmax", "pmin", "lb", "ld", "expit", "logistic", *SPECIAL]
)

INVERSES = {"sin": "asin", "cos": "acos", "tan": "atan", "sinh": "asinh", "cosh": "acosh", "tanh": "atanh"}

_ALWAYS = frozenset(TYPED_NAMES)
_SOMETIMES = frozenset([*SHORTHANDS, *SPELLINGS, *SPECIAL])


def is_function(name: str) -> bool:
    """Whether the name is a function wherever it stands."""
    return name in _ALWAYS or (len(name) > 1 and name != name.lower() and name.lower() in _ALWAYS)


def may_be_function(name: str) -> bool:
    """Whether the name is a function where an argument follows."""
    return name in _SOMETIMES or (len(name) > 1 and name.lower() in _SOMETIMES)


def may_be_bare(name: str) -> bool:
    """Whether a function that may be one takes an argument without parentheses, as in sec x."""
    lower = name.lower()
    own = SHORTHANDS.get(canonical(name))
    return own.bare if own is not None else lower not in NEVER_BARE and canonical(name) in FUNCTIONS


def canonical(name: str) -> str:
    """The engine's own name of a function in any spelling: log for ln and Ln, atan for arctan."""
    lower = name if name in _ALWAYS or name in _SOMETIMES else name.lower()
    lower = SPELLINGS.get(lower, lower)
    return ALIASES.get(lower, lower)


def constant(name: str) -> str | None:
    """pi, tau or e as the engine calls them, None for another name; PI and Pi are pi, but E is a variable."""
    if name in CONSTANTS:
        return name
    return name.lower() if len(name) > 1 and name.lower() in CONSTANTS else None
