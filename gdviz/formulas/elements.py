"""Elements of a vector, ``x[0]`` and ``x(1)``: variables with an index, and products that look like them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdviz.formulas.names import GREEK_NAMES, unknown_function
from gdviz.formulas.tokens import CLOSING, Token

if TYPE_CHECKING:
    from gdviz.formulas.parser import Parser


def element(parser: Parser, token: Token, closing: str) -> int:
    """x[0] as the variable x0; another index than a whole number is no name."""
    opening, number, end = parser.token, parser.following(1), parser.following(2)
    first, last = opening.text, closing
    if number.kind != "number" or not number.text.isdigit() or len(number.text) > 4 or end.kind != closing:
        raise token.error(
            f"'{token.text}{first}' {token.at} has two readings: write {token.text}*(…) for a product, "
            f"or a whole number for an element, such as {token.text}{first}1{last}."
        )
    parser.index += 3
    if (
        parser.token.kind in CLOSING
        and parser.following(1).kind == "number"
        and parser.following(2).kind in (")", "]", "}")
    ):
        raise parser.token.error(
            f"'{parser.token.text}' {parser.token.at} follows an element: write * before it for a product; "
            "an element has one number."
        )
    index = str(int(number.text))
    name = f"{token.text}_{index}" if token.text[-1].isdigit() else f"{token.text}{index}"
    if any(t.kind == "name" and t.text == name for t in parser.tokens):
        raise token.error(
            f"'{token.text}{first}{index}{last}' {token.at} would be called {name}, and {name} stands in "
            "the formula already: rename one."
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
            raise token.error(
                f"'sigma(' {token.at} has two readings: write sigma*(…) for a product or sigmoid(…) for "
                "the logistic function."
            )
    elif len(name.rstrip("0123456789_")) > 1 and name not in parser.known:
        raise unknown_function(token)
    inner, end = parser.following(1), parser.following(2)
    if inner.kind == "number" and inner.text.isdigit() and end.kind == ")" and name not in parser.known:
        raise token.error(
            f"'{name}({inner.text})' {token.at} has two readings: write {name}*{inner.text} for the "
            f"product, or {name}[{inner.text}] for an element."
        )
