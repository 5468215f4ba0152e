"""What follows a function's name, and what has arguments of its own: powers, bases, roots, choices.

``sin(x)``, ``sin x``, ``sin^2 x``, ``tan^-1(x)``, ``log_2(x)``, ``log(x, 10)``, ``if(c, a, b)``, √x, and LaTeX's
fractions and roots. Each function here takes the parser and the token that began it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gdviz.formulas.cases import piecewise
from gdviz.formulas.errors import FormulaError
from gdviz.formulas.functions import FUNCTIONS
from gdviz.formulas.shorthands import INVERSES, SHORTHANDS, canonical, is_function, may_be_bare, may_be_function
from gdviz.formulas.tokens import CLOSING, STARTS, Token

if TYPE_CHECKING:
    from gdviz.formulas.parser import Parser

_BEGINS = (*STARTS, "|")
_ROOTS = {"√": 2, "∛": 3, "∜": 4}
_TRIGONOMETRIC = frozenset(["sin", "cos", "tan", "sec", "csc", "cot"])
_INVERSE_TEXT = {"exp": "log(x)", "log": "exp(x)", "sqrt": "x^2", "cbrt": "x^3"}
_LISTS = frozenset(["norm", "max", "min"])  # functions that may be given one list


def is_called(parser: Parser, name: str) -> bool:
    """Whether a name that may be a function, or a variable, has an argument after it."""
    if name.startswith("log_") and len(name) > 4:
        return name[4:].isdigit() or parser.token.kind == "(" or parser.starts_factor()
    if not may_be_function(name):
        return False
    kind = parser.token.kind
    if kind == "(" or (kind == "[" and name[0].isupper()):
        return True
    if kind in ("^", "superscript"):
        after = 1 + (kind == "^") + (parser.following(1).kind == "-")
        return may_be_bare(name) and parser.following(after).kind in _BEGINS
    if not parser.starts_factor():
        return False
    if not may_be_bare(name):
        raise _needs_argument(parser, parser.previous)
    return True


def call(parser: Parser, token: Token) -> int:
    """The node of a function and its argument, after its name was read."""
    stem, _, base = token.text.partition("_") if token.text.startswith("log_") else (token.text, "", "")
    target, exponent = canonical(stem), None
    if parser.token.kind in ("^", "superscript"):
        exponent = _exponent(parser, token)
        if parser.graph.constants[exponent] == -1.0:
            target, exponent = _inverse(parser, token, target), None
    if target == "piecewise":
        return piecewise(parser, token)
    if parser.token.kind in CLOSING:
        square = parser.token.kind == "["
        node = apply(parser, token, target, _arguments(parser, token, target), base, square)
    else:
        node = apply(parser, token, target, [_bare(parser, token, target)], base, False)
    return node if exponent is None else parser.node(token, "pow", node, exponent)


def apply(parser: Parser, token: Token, target: str, arguments: list[int], base: str, square: bool) -> int:
    """Add the node of a function, ``target``, of these arguments, and return it."""
    if target == "if":
        _check_arity(token, arguments, 3)
        return parser.choice(token, *arguments)
    if target in ("and", "or", "not"):
        return _joined(parser, token, target, arguments)
    if target == "norm":
        if len(arguments) == 1:
            raise _two_readings(token, "abs(x)", "norm(x0, x1)")
        squares = [parser.node(token, "pow", node, parser.constant(2.0)) for node in arguments]
        total = squares[0]
        for node in squares[1:]:
            total = parser.node(token, "add", total, node)
        return parser.node(token, "sqrt", total)
    if target in ("pow", "root"):
        _check_arity(token, arguments, 2)
        return parser.node(token, "pow", *arguments) if target == "pow" else _root_of(parser, token, *arguments)
    if target == "log" and (base or len(arguments) == 2):
        return _logarithm(parser, token, arguments, base, square)
    if target in SHORTHANDS:
        row = SHORTHANDS[target]
        _check_arity(token, arguments, len(row.arguments))
        return parser.expand(token, row.text, dict(zip(row.arguments, arguments, strict=True)))
    _check_arity(token, arguments, FUNCTIONS[target].arity)
    if token.text == "LOG":  # to the base 10 in spreadsheets
        parser.notes.append("LOG is read as the natural logarithm, ln; that to the base 10 is log10.")
    return parser.node(token, target, *arguments)


def _joined(parser: Parser, token: Token, target: str, arguments: list[int]) -> int:
    """AND(…), OR(…) and NOT(…) of spreadsheets and of NumPy."""
    _check_arity(token, arguments, 1 if target == "not" else None)
    for node in arguments:
        parser.check_truth(token, node)
    yes, no = parser.constant(1.0), parser.constant(0.0)
    if target == "not":
        return parser.truth(token, arguments[0], no, yes)
    node = arguments[0]
    for other in arguments[1:]:
        node = parser.truth(token, node, other, no) if target == "and" else parser.truth(token, node, yes, other)
    return node


# ---------------------------------------------------------------------- arguments


def _arguments(parser: Parser, token: Token, target: str) -> list[int]:
    opening = parser.advance()
    if parser.token.kind == CLOSING[opening.kind]:
        raise opening.error(
            f"{token.text}() {opening.at} is empty: write something in it, such as {_example(token.text)}."
        )
    inner = parser.advance() if target in _LISTS and _is_list(parser) else None
    outer, parser.in_choice = parser.in_choice, target in ("if", "and", "or", "not")
    arguments = [parser.inside(parser.expression, opening)]
    separator = parser.token.kind  # a semicolon where decimals have commas
    while parser.token.kind in (",", ";") and parser.token.kind == separator:
        comma = parser.advance()
        if _is_thousands(parser):
            parser.index -= 1
            raise parser.comma(comma)
        arguments.append(parser.inside(parser.expression, comma))
    parser.in_choice = outer
    if inner is not None:
        parser.close(inner)
    parser.close(opening)
    return arguments


def _is_list(parser: Parser) -> bool:
    """Whether all that stands in the parentheses is one list, as in norm([x, y])."""
    if parser.token.kind not in CLOSING:
        return False
    level = commas = 0
    for i, token in enumerate(parser.tokens[parser.index :]):
        level += (token.kind in CLOSING) - (token.kind in CLOSING.values())
        commas += token.kind == "," and level == 1
        if level == 0:
            return bool(commas) and parser.following(i + 1).kind in CLOSING.values()
    return False


def _is_thousands(parser: Parser) -> bool:
    """Whether the comma before stands in a number such as 1,000."""
    before, after = parser.tokens[parser.index - 2], parser.token
    return before.kind == after.kind == "number" and not after.spaced and len(after.text) == 3 and after.text[0] == "0"


def _check_arity(token: Token, arguments: list[int], arity: int | None) -> None:
    count = len(arguments)
    if count == arity or (arity is None and count > 1):
        return
    wanted = "two or more arguments" if arity is None else "1 argument" if arity == 1 else f"{arity} arguments"
    advice = "a decimal number has a point, such as 1.5"
    if arity is None or count < arity:
        advice = "separate them with commas" if count == 1 else f"write them as in {_example(token.text)}"
    if token.text == "ln" and count == 2:
        advice = "for another base b write log(x)/log(b)"
    raise token.error(f"{token.text} {token.at} takes {wanted}, not {count}: {advice}.")


def _bare(parser: Parser, token: Token, target: str) -> int:
    """The argument of sin x, sin 2x and sin -x; what may go on is refused with both readings."""
    signed = parser.token.kind in ("+", "-") and parser.token.spaced and not parser.following().spaced
    begins = parser.following().kind in _BEGINS if signed else parser.starts_factor()
    takes_one = target in SHORTHANDS or (target in FUNCTIONS and FUNCTIONS[target].arity == 1)
    if not begins or not takes_one:
        raise _needs_argument(parser, token)
    start = parser.index
    if signed:
        sign = parser.advance()
        node = parser.nested(lambda: _bare_product(parser, token, target, start), sign)
        return parser.node(sign, "neg", node) if sign.kind == "-" else node
    return parser.nested(lambda: _bare_product(parser, token, target, start), token)


def _bare_product(parser: Parser, token: Token, target: str, start: int) -> int:
    first = parser.index
    node = parser.power()
    if target in ("sqrt", "cbrt") and parser.tokens[first + 1].kind in ("^", "superscript"):
        base, power = parser.written(first, first + 1), parser.written(first, parser.index)
        raise _two_readings(token, f"{token.text}({power})", f"{token.text}({base}){power.removeprefix(base)}")
    while parser.graph.constants[node] is not None and parser.starts_factor() and not _is_call(parser, parser.token):
        following = parser.token
        unclear = target in ("sqrt", "cbrt") or (following.spaced and target not in _TRIGONOMETRIC)
        if following.kind == "number" or unclear:
            break
        node = parser.node(following, "mul", node, parser.power())
    _check_end(parser, token, start)
    return node


def _check_end(parser: Parser, token: Token, start: int) -> None:
    """Refuse what may belong to a bare argument or not: sin x y, sin x/2."""
    end, following = parser.index, parser.token
    sign = following.kind if following.kind in ("*", "/") else ""
    if not (sign or parser.starts_factor()) or _is_call(parser, parser.following() if sign else following):
        return
    if sign:
        parser.advance()
    first = parser.index
    parser.signed()
    inside, after = parser.written(start, end), parser.written(first, parser.index)
    sign = sign or "*"
    raise _two_readings(token, f"{token.text}({inside}){sign}{after}", f"{token.text}({inside}{sign}{after})")


def _is_call(parser: Parser, token: Token) -> bool:
    function = is_function(token.text) or may_be_function(token.text)
    return token.kind == "name" and token.text not in parser.known and function


def _two_readings(token: Token, one: str, other: str) -> FormulaError:
    return token.error(f"'{token.text}' {token.at} has two readings: write {one} or {other}.")


def _needs_argument(parser: Parser, token: Token) -> FormulaError:
    name, following = token.text, parser.token
    argument = following.text[:40] if following.kind in ("name", "number") else ""
    after = parser.following()
    if following.kind == "number" and after.kind == "name" and not after.spaced:
        argument += after.text[:40]
    return token.error(f"'{name}' {token.at} needs parentheses: write {_example(name, argument)}.")


def _example(name: str, argument: str = "") -> str:
    """A call of a function, with its argument where one is as much as it takes."""
    target = canonical(name)
    if target == "if":
        return f"{name}(x > 0, x, -x)"
    one = target in FUNCTIONS and FUNCTIONS[target].arity == 1
    one = one or (target in SHORTHANDS and len(SHORTHANDS[target].arguments) == 1)
    return f"{name}({argument or 'x'})" if one or target.startswith("log") else f"{name}(x, y)"


# ---------------------------------------------------------------------- powers, inverses, bases


def _exponent(parser: Parser, token: Token) -> int:
    """The exponent in sin^2 x or sin²(x)."""
    sign = parser.advance()
    if sign.kind == "superscript":
        node = parser.number(sign, sign.text.lstrip("-"))
        node = parser.node(sign, "neg", node) if sign.text.startswith("-") else node
        shown = sign.text
    else:
        first = parser.index
        minus = parser.advance() if parser.token.kind == "-" else None
        if parser.token.kind not in STARTS:
            raise _needs_power(token, "2")
        node = parser.nested(parser.atom, sign)
        node = node if minus is None else parser.node(minus, "neg", node)
        shown = parser.written(first, parser.index)
    if parser.token.kind not in _BEGINS:
        raise _needs_power(token, shown if shown.lstrip("-").isalnum() else "2")
    return node


def _needs_power(token: Token, power: str) -> FormulaError:
    if token.text.lower() == "exp":
        return token.error(f"'{token.text}' {token.at} needs an argument: write {token.text}(x), or e^x.")
    return token.error(f"'{token.text}' {token.at} needs an argument: write {token.text}(x)^{power}.")


def _inverse(parser: Parser, token: Token, target: str) -> str:
    if target not in INVERSES:
        inverse = f", or {_INVERSE_TEXT[target]} for the inverse function" if target in _INVERSE_TEXT else ""
        raise token.error(f"'{token.text}^-1' {token.at} has two readings: write 1/{token.text}(x){inverse}.")
    inverse = INVERSES[target]
    name = f"arc{target}" if not target.endswith("h") else f"ar{target}"
    parser.notes.append(f"{token.text}^-1 is read as the inverse function, {name}; the quotient is 1/{token.text}(x).")
    return inverse


def _logarithm(parser: Parser, token: Token, arguments: list[int], base: str, square: bool) -> int:
    """log_2(x), log_b(x) and log(x, b)."""
    constants = parser.graph.constants
    if base:
        _check_arity(token, arguments, 1)
        if base == "e":
            return parser.node(token, "log", *arguments)
        node = parser.number(token, base) if base.isdigit() else _named_base(parser, token, base)
    else:
        node = arguments[1]
        if square or (constants[arguments[0]] is not None and constants[node] is None):
            raise token.error(
                f"'{token.text}' {token.at} with two arguments has two readings: write log(a)/log(b) or log(b)/log(a)."
            )
    if constants[node] == 10.0 or constants[node] == 2.0:
        return parser.node(token, f"log{int(constants[node] or 0)}", arguments[0])
    return parser.node(token, "div", parser.node(token, "log", arguments[0]), parser.node(token, "log", node))


def _named_base(parser: Parser, token: Token, base: str) -> int:
    if not base[0].isalpha():
        raise token.error(f"'{token.text[:40]}' {token.at} has no base: write log_2(x) or log(x)/log(b).")
    return parser.name(replace(token, text=base, position=token.position + len("log_")))


# ---------------------------------------------------------------------- roots


def root(parser: Parser, sign: Token) -> int:
    r"""√x, ∛x, \sqrt{x} and \sqrt[3]{x}."""
    if sign.text not in _ROOTS:
        degree = parser.constant(2.0)
        if parser.token.kind == "[":
            opening = parser.advance()
            degree = parser.inside(parser.expression, opening)
            parser.close(opening)
        return _root_of(parser, sign, tex_argument(parser, sign), degree)
    if parser.token.kind not in ("number", "name", *CLOSING):
        raise sign.error(f"{sign.text} {sign.at} needs something after it: write {sign.text}(…).")
    start, bare = parser.index, parser.token.kind not in CLOSING
    node = parser.nested(parser.atom, sign)
    if bare and (parser.token.kind in ("^", "superscript") or parser.starts_factor()):
        end, product = parser.index, parser.starts_factor()
        if product:
            parser.power()
        else:
            parser.index += 1 + (parser.token.kind == "^")
        inside, after = parser.written(start, end), parser.written(end, min(parser.index, len(parser.tokens) - 1))
        after = f"*{after}" if product else after
        raise sign.error(
            f"What the {sign.text} {sign.at} covers has two readings: write {sign.text}({inside}){after} or "
            f"{sign.text}({inside}{after})."
        )
    return _root_of(parser, sign, node, parser.constant(float(_ROOTS[sign.text])))


def _root_of(parser: Parser, token: Token, node: int, degree: int) -> int:
    """The real root: of an odd degree also of negative numbers, with the sign kept."""
    value = parser.graph.constants[degree]
    if value in (2.0, 3.0):
        return parser.node(token, "sqrt" if value == 2.0 else "cbrt", node)
    part = parser.node(token, "div", parser.constant(1.0), degree)
    if value is None or not (value.is_integer() and value % 2 == 1):
        return parser.node(token, "pow", node, part)
    size = parser.node(token, "pow", parser.node(token, "abs", node), part)
    return parser.node(token, "mul", parser.node(token, "sign", node), size)


# ---------------------------------------------------------------------- what only LaTeX has


def tex_argument(parser: Parser, token: Token) -> int:
    r"""What is in { }, or the one sign that follows: \frac12 is 1/2."""
    following = parser.token
    if following.kind == "number" and following.text.isdigit() and len(following.text) > 1:
        rest = replace(following, text=following.text[1:], position=following.position + 1, spaced=False)
        parser.tokens[parser.index] = rest
        return parser.number(following, following.text[0])
    if following.kind == "name" and following.text[1:].isdigit() and parser.text[following.position] != "\\":
        rest = replace(following, kind="number", text=following.text[1:], position=following.position + 1, spaced=False)
        parser.tokens[parser.index] = rest
        return parser.name(replace(following, text=following.text[0]))
    if following.kind not in ("number", "name", "{", "root", "frac"):
        raise token.error(f"'{token.text}' {token.at} needs braces after it: write {token.text}{{…}}.")
    return parser.nested(parser.atom, token)
