"""Names of variables: which are refused, why, and in what order they come.

A name starts with an ASCII letter and goes on with letters, digits and single underscores inside. What is refused is
what would be guessed otherwise: words that mean something else, and names that look like forgotten ``*`` signs.
"""

from __future__ import annotations

import difflib
import itertools
import keyword
import re
from collections.abc import Collection, Sequence

from gdviz.formulas.errors import FormulaError
from gdviz.formulas.functions import ALIASES, TYPED_NAMES
from gdviz.formulas.limits import MAX_NAME_CHARACTERS
from gdviz.formulas.shorthands import constant, is_function, may_be_function
from gdviz.formulas.tokens import Token

_GREEK_NAMES = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi "
    "psi omega"
)
GREEK = dict(zip(_GREEK_NAMES.split(), "αβγδεζηθικλμνξοπρστυφχψω", strict=True))
GREEK_NAMES = frozenset(GREEK)
GREEK_CAPITALS = frozenset(["Gamma", "Delta", "Theta", "Lam", "Xi", "Upsilon", "Phi", "Psi", "Omega"])
_PREFIXES = tuple(name for name in TYPED_NAMES if name not in ("expm1", "log1p"))
_LONGEST_PRODUCT = 4
_SINGLE = re.compile(r"([A-Za-z])_?(\d*)$")
_RESERVED = {
    "lambda": "lam", "nan": "n", "inf": "1e100", "infinity": "1e100", "oo": "1e100", "true": "1", "false": "0",
    "none": "n", "null": "n",
}  # fmt: skip
_HINTS = {
    "sinc": "sin(x)/x or sin(pi*x)/(pi*x)", "sum": "the terms, such as x1^2 + x2^2", "sqr": "x^2 or sqrt(x)",
    "floor": "a smooth formula, for a step has no slope", "round": "a smooth formula, for a step has no slope",
    "ceil": "a smooth formula, for a step has no slope", "softmax": "exp(x)/(exp(x) + exp(y))",
}  # fmt: skip


def check_name(token: Token) -> None:
    """Raise FormulaError for a name that cannot be a variable."""
    name, where = token.text, token.at
    if len(name) > MAX_NAME_CHARACTERS:
        raise token.error(
            f"The name '{name[:12]}…' {where} has {len(name)} characters, the limit is {MAX_NAME_CHARACTERS}: "
            "shorten it."
        )
    if name.startswith("_") or name.endswith("_") or "__" in name:
        better = re.sub("_+", "_", name).strip("_")
        offer = f"write {better}" if better and better[0].isalpha() else "start it with a letter"
        raise token.error(f"The name '{name}' {where} has a misplaced underscore: {offer}.")
    lower = name.lower()
    if lower in _RESERVED or keyword.iskeyword(name) or name in ("Inf", "Infinity"):
        better = _RESERVED.get(lower, name + "1")
        raise token.error(f"'{name}' {where} means something else: write another name or number, such as {better}.")


def unknown_function(token: Token) -> FormulaError:
    """The error for a name before a parenthesis: offers the nearest function, or the product that may be meant."""
    name, lower = token.text, token.text.lower()
    start = f"'{name}' {token.at} is not a known function"
    stem = re.sub(r"\d+[a-z]?$", "", lower)
    if lower in _HINTS or stem in _HINTS:
        return token.error(f"{start}: write {_HINTS.get(lower) or _HINTS[stem]}.")
    for known in sorted(TYPED_NAMES, key=len, reverse=True):
        if lower.endswith(known) and len(lower) - len(known) <= 2 and name[-len(known) :] == known:
            head = name[: -len(known)]
            return token.error(f"{start}: for a product write {head}*{known}(…).")
    near = difflib.get_close_matches(lower, TYPED_NAMES, 1, 0.6)
    if near:
        return token.error(f"{start}: did you mean {near[0]}? For a product write {name}*(…).")
    return token.error(f"{start}: for a product write {name}*(…).")


def split_products(
    tokens: list[Token], arguments: Collection[str], known: Collection[str]
) -> tuple[list[Token], list[str]]:
    """The tokens with xy as x y where x and y stand alone elsewhere or among the ``arguments``, and sentences on that.

    Raises FormulaError for other names that look like products without ``*``; those in ``known`` are names.
    """
    names = {token.text: token for token in reversed([token for token in tokens if token.kind == "name"])}
    alone = {name for name in (*names, *arguments, *known) if len(name) == 1}
    raised = {token.text for token, following in itertools.pairwise(tokens) if following.kind == "^"}
    products: dict[str, list[str]] = {}
    for name, token in sorted(names.items(), key=lambda item: item[1].position):
        meant = name in known or name in arguments or name in GREEK_NAMES or keyword.iskeyword(name)
        if meant or constant(name) or is_function(name) or may_be_function(name):
            continue
        if 1 < len(name) <= _LONGEST_PRODUCT and name.isalpha() and set(name) <= alone:
            products[name] = list(name)
            continue
        factors = _looks_like_product(name, alone)
        if len(name) == 2 and name[1] == "e" and name in raised:  # ae^(-b*t)
            factors = list(name)
        if factors:
            raise token.error(
                f"'{name[:40]}' {token.at} has two readings: write {'*'.join(factors[:40])}, or for one "
                "variable another name."
            )
    notes = [f"{name} is read as the product {'*'.join(factors)}." for name, factors in products.items()]
    return [part for token in tokens for part in _factors(token, products)], notes


def _factors(token: Token, products: dict[str, list[str]]) -> list[Token]:
    if token.kind != "name" or token.text not in products:
        return [token]
    return [
        Token("name", letter, token.position + i, token.spaced and i == 0)
        for i, letter in enumerate(products[token.text])
    ]


def _looks_like_product(name: str, alone: set[str]) -> list[str]:
    """The factors that ``name`` may stand for, empty if it is an ordinary name.

    ``xy`` is suspicious when x or y stands alone elsewhere, because then letters are variables in this formula, and
    where it ends in x, y or z, as in ax + b, or has no other letters. Longer names are ordinary unless all their
    letters stand alone: ``rate*t + a`` and ``slope*x + e``. A constant before a letter (``pix``) and a letter after
    digits (``x2y``) are always suspicious.
    """
    for known in ("pi", "tau"):
        if len(name) == len(known) + 1:
            if name.startswith(known):
                return [known, name[-1]]
            if name.endswith(known):
                return [name[0], known]
    for function in _PREFIXES:
        argument = (name[0].lower() + name[1:]).removeprefix(function)
        rest = argument.lstrip("0123456789")
        if len(argument) < len(name) and (rest in alone or rest in ("x", "y", "z", "t")):
            both = [f"{function}{argument[: -len(rest)]}({rest})"] if function == "log" and rest != argument else []
            return [" or ".join([f"{function}({argument})", *both])]  # sinx, cos2x, log2x
        rest = name[1:].removeprefix(function)
        if len(rest) < len(name) - 1 and rest in alone | {"x", "y", "z", "t"}:
            return [name[0], f"{function}({rest})"]  # xsinx
    if re.fullmatch(r"(?:[A-Za-z]_[0-9]+){2,}", name):
        return re.findall("[A-Za-z]_[0-9]+", name)
    if re.fullmatch(r"[A-Za-z][0-9]+[A-Za-z][0-9]*", name):
        return re.findall(r"[A-Za-z]\d*", name)  # x2y: x2*y, x^2*y or one name, whatever else there is
    if not name.isalpha() or len(name) == 1:
        return []
    letters = set(name)
    short = len(name) == 2 and (letters & alone or name[1] in "xyz")
    return list(name) if letters <= alone or short or (len(name) <= 3 and letters <= {"x", "y", "z"}) else []


def order_variables(names: Sequence[str]) -> tuple[str, ...]:
    """Single letters with optional number (x, y, x1, x_2): sorted, numbers as numbers. Otherwise: as they appear."""
    matches = [_SINGLE.fullmatch(name) for name in names]
    if not all(matches):
        return tuple(names)
    keys = {m[0]: (m[1], int(m[2] or -1), m[0]) for m in matches if m}
    return tuple(sorted(names, key=keys.__getitem__))


assert set(ALIASES) <= set(TYPED_NAMES)
