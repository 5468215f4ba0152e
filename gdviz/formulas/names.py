"""Names of variables: which are refused, why, and in what order they come.

A name starts with an ASCII letter and goes on with letters, digits and single underscores inside. What is refused is
what would be guessed otherwise: words that mean something else, and names that look like forgotten ``*`` signs.
"""

from __future__ import annotations

import difflib
import keyword
import re
from collections.abc import Iterable, Sequence

from gdviz.formulas.errors import FormulaError
from gdviz.formulas.functions import ALIASES, CONSTANTS, TYPED_NAMES
from gdviz.formulas.limits import MAX_NAME_CHARACTERS
from gdviz.formulas.tokens import Token

GREEK_NAMES = frozenset(
    ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
     "omicron", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"]
)  # fmt: skip
_SINGLE = re.compile(r"([A-Za-z])_?(\d*)$")
_RESERVED = {
    "lambda": "lam", "nan": "n", "inf": "1e100", "infinity": "1e100", "oo": "1e100", "true": "1", "false": "0",
    "none": "n", "null": "n",
}  # fmt: skip
_HINTS = {
    "sec": "1/cos(x)", "csc": "1/sin(x)", "cosec": "1/sin(x)", "cot": "1/tan(x)", "cbrt": "x^(1/3)", "sgn": "sign(x)",
    "tg": "tan(x)", "ctg": "1/tan(x)", "lg": "log10(x)", "lb": "log2(x)", "square": "x^2", "power": "pow(x, 2)",
    "relu": "max(0, x)", "sigmoid": "1/(1 + exp(-x))", "sech": "1/cosh(x)", "csch": "1/sinh(x)", "coth": "1/tanh(x)",
    "asinh": "log(x + sqrt(x^2 + 1))", "acosh": "log(x + sqrt(x^2 - 1))", "atanh": "log((1 + x)/(1 - x))/2",
    "arsinh": "log(x + sqrt(x^2 + 1))", "arcosh": "log(x + sqrt(x^2 - 1))", "artanh": "log((1 + x)/(1 - x))/2",
    "arcsinh": "log(x + sqrt(x^2 + 1))", "arccosh": "log(x + sqrt(x^2 - 1))", "arctanh": "log((1 + x)/(1 - x))/2",
    "expm": "exp(x) - 1", "logp": "log(1 + x)", "norm": "sqrt(x^2 + y^2)", "hypot": "sqrt(x^2 + y^2)",
    "softplus": "log(1 + exp(x))", "logistic": "1/(1 + exp(-x))", "sinc": "sin(x)/x", "heaviside": "(1 + sign(x))/2",
}  # fmt: skip


def at(position: int) -> str:
    return f"at character {position + 1}"


def check_name(token: Token) -> None:
    """Raise FormulaError for a name that cannot be a variable."""
    name, where = token.text, at(token.position)
    if len(name) > MAX_NAME_CHARACTERS:
        raise FormulaError(
            f"The name '{name[:12]}…' {where} has {len(name)} characters, the limit is {MAX_NAME_CHARACTERS}: "
            "shorten it.",
            token.position,
        )
    if name.startswith("_") or name.endswith("_") or "__" in name:
        better = re.sub("_+", "_", name).strip("_")
        offer = f"write {better}" if better and better[0].isalpha() else "start it with a letter"
        raise FormulaError(f"The name '{name}' {where} has a misplaced underscore: {offer}.", token.position)
    lower = name.lower()
    if lower in _RESERVED or keyword.iskeyword(name) or name in ("Inf", "Infinity"):
        better = _RESERVED.get(lower, name + "1")
        raise FormulaError(f"'{name}' {where} means something else: write another name or number, such as {better}.",
                           token.position)  # fmt: skip
    if len(name) > 1 and name != lower and (lower in CONSTANTS or lower in TYPED_NAMES):
        raise FormulaError(f"'{name}' {where} is written in lower case: {lower}.", token.position)


def unknown_function(name: str, position: int) -> FormulaError:
    """The error for ``name(``: offers the nearest function, or the product that may be meant."""
    lower = name.lower()
    start = f"'{name}' {at(position)} is not a known function"
    stem = re.sub(r"\d+[a-z]?$", "", lower)
    if lower in _HINTS or stem in _HINTS:
        return FormulaError(f"{start}: write {_HINTS.get(lower) or _HINTS[stem]}.", position)
    for known in sorted(TYPED_NAMES, key=len, reverse=True):
        if lower.endswith(known) and len(lower) - len(known) <= 2 and name[-len(known) :] == known:
            head = name[: -len(known)]
            return FormulaError(f"{start}: for a product write {head}*{known}(…).", position)
    near = difflib.get_close_matches(lower, TYPED_NAMES, 1, 0.6)
    if near:
        return FormulaError(f"{start}: did you mean {near[0]}? For a product write {name}*(…).", position)
    return FormulaError(f"{start}: for a product write {name}*(…).", position)


def check_run_together(tokens: Iterable[Token]) -> None:
    """Refuse names that look like products without ``*``, for the rule see ``_looks_like_product``."""
    names = {token.text: token for token in reversed([token for token in tokens if token.kind == "name"])}
    alone = {name for name in names if len(name) == 1}
    for name, token in sorted(names.items(), key=lambda item: item[1].position):
        if name in CONSTANTS or name in TYPED_NAMES or name in GREEK_NAMES:
            continue
        factors = _looks_like_product(name, alone)
        if factors:
            raise FormulaError(
                f"'{name}' {at(token.position)} has two readings: write {'*'.join(factors)}, or use another name.",
                token.position,
            )


def _looks_like_product(name: str, alone: set[str]) -> list[str]:
    """The factors that ``name`` may stand for, empty if it is an ordinary name.

    ``xy`` is suspicious when x or y stands alone elsewhere, because then letters are variables in this formula. A
    longer name is suspicious only when all its letters stand alone: ``rate*t + a`` and ``slope*x + e`` are ordinary.
    A constant before a letter (``pix``) and a letter after digits (``x2y``) are always suspicious.
    """
    for constant in ("pi", "tau"):
        if len(name) == len(constant) + 1:
            if name.startswith(constant):
                return [constant, name[-1]]
            if name.endswith(constant):
                return [name[0], constant]
    for function in TYPED_NAMES:
        rest = name.removeprefix(function).lstrip("0123456789")
        if rest != name and (rest in alone or rest in ("x", "y", "z", "t")):
            return [f"{function}({name.removeprefix(function)})"]  # sinx, cos2x
    parts = re.findall(r"[A-Za-z]\d*", name) if "_" not in name else []
    letters = {part[0] for part in parts}
    run_together = name.isalpha() or re.search(r"\d[A-Za-z]", name)
    if not run_together or len(parts) == 1:
        return []
    if re.fullmatch(r"[A-Za-z][0-9]+[A-Za-z][0-9]*", name):
        return parts  # x2y: x2*y, x^2*y or one name, whatever else there is
    few = len(parts) == 2
    return parts if letters <= alone or (few and letters & alone) else []


def order_variables(names: Sequence[str]) -> tuple[str, ...]:
    """Single letters with optional number (x, y, x1, x_2): sorted, numbers as numbers. Otherwise: as they appear."""
    matches = [_SINGLE.fullmatch(name) for name in names]
    if not all(matches):
        return tuple(names)
    keys = {m[0]: (m[1], int(m[2] or -1), m[0]) for m in matches if m}
    return tuple(sorted(names, key=keys.__getitem__))


assert set(ALIASES) <= set(TYPED_NAMES)
