"""Elements of a vector, ``x[0]`` and ``x(1)``: variables with an index, and products that look like them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdviz.formulas.errors import FormulaError
from gdviz.formulas.names import GREEK_NAMES, at, unknown_function
from gdviz.formulas.tokens import CLOSING, Token

if TYPE_CHECKING:
    from gdviz.formulas.parser import Parser


def element(parser: Parser, token: Token, closing: str) -> int:
    """x[0] as the variable x0; another index than a whole number is no name."""
    opening, number, end = parser.token, parser.following(1), parser.following(2)
    first, last = opening.text, closing
    if number.kind != "number" or not number.text.isdigit() or len(number.text) > 4 or end.kind != closing:
        raise FormulaError(
            f"'{token.text}{first}' {at(token.position)} has two readings: write {token.text}*(…) for a product, "
            f"or a whole number for an element, such as {token.text}{first}1{last}.",
            token.position,
        )
    parser.index += 3
    if (
        parser.token.kind in CLOSING
        and parser.following(1).kind == "number"
        and parser.following(2).kind in (")", "]", "}")
    ):
        raise FormulaError(
            f"'{parser.token.text}' {at(parser.token.position)} follows an element: write * before it for a product; "
            "an element has one number.",
            parser.token.position,
        )
    index = str(int(number.text))
    name = f"{token.text}_{index}" if token.text[-1].isdigit() else f"{token.text}{index}"
    if any(t.kind == "name" and t.text == name for t in parser.tokens):
        raise FormulaError(
            f"'{token.text}{first}{index}{last}' {at(token.position)} would be called {name}, and {name} stands in "
            "the formula already: rename one.",
            token.position,
        )
    parser.notes.append(f"{token.text}{first}{index}{last} is called {name}.")
    return parser.variable(token, name)


def check_called(parser: Parser, token: Token) -> None:
    """A name before a parenthesis is a factor only where it cannot be a function or an element."""
    name = token.text
    sign = parser.text[token.position : token.position + 1]
    greek = name.rstrip("0123456789_").lower().replace("lam", "lambda") in GREEK_NAMES
    if greek and (sign == "\\" or not sign.isascii()):  # one letter, though its name is longer
        if name == "sigma":
            raise FormulaError(
                f"'sigma(' {at(token.position)} has two readings: write sigma*(…) for a product or sigmoid(…) for "
                "the logistic function.",
                token.position,
            )
    elif len(name.rstrip("0123456789_")) > 1 and name not in parser.known:
        raise unknown_function(name, token.position)
    inner, end = parser.following(1), parser.following(2)
    if inner.kind == "number" and inner.text.isdigit() and end.kind == ")" and name not in parser.known:
        raise FormulaError(
            f"'{name}({inner.text})' {at(token.position)} has two readings: write {name}*{inner.text} for the "
            f"product, or {name}[{inner.text}] for an element.",
            token.position,
        )
