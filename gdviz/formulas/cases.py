"""Choices by cases: LaTeX's, SymPy's Piecewise and Mathematica's. The last case says what holds otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gdviz.formulas.tokens import CLOSING, Token

if TYPE_CHECKING:
    from gdviz.formulas.parser import Parser


def piecewise(parser: Parser, token: Token) -> int:
    """SymPy's Piecewise((x, x > 0), (0, True)) and Mathematica's Piecewise[{{x, x > 0}, {0, True}}]."""
    opened = [parser.advance()]
    if parser.token.kind in CLOSING and parser.following().kind in CLOSING and parser.token.kind != "(":
        opened.append(parser.advance())
    rows: list[tuple[int | None, int]] = []
    while parser.token.kind in CLOSING:
        opening = parser.advance()
        value = parser.inside(parser.expression, opening)
        _skip(parser, ",")
        outer, parser.in_choice = parser.in_choice, True
        rows.append((_case(parser, opening), value))
        parser.in_choice = outer
        parser.close(opening)
        _skip(parser, ",")
    for opening in reversed(opened):
        parser.close(opening)
    return _choices(parser, token, rows, f"{token.text}((x, x > 0), (0, True))")


def cases(parser: Parser, opening: Token) -> int:
    r"""\begin{cases} a & x > 0 \\ b & \text{otherwise} \end{cases} as nested choices."""
    flags = parser.in_choice, parser.in_cases
    parser.in_choice = parser.in_cases = True
    rows: list[tuple[int | None, int]] = []
    while parser.token.kind != "endcases":
        value = parser.inside(parser.expression, opening)
        _skip(parser, ",")
        _skip(parser, "&")
        rows.append((_case(parser, opening), value))
        _skip(parser, ",")
        if parser.token.kind == "row":
            parser.advance()
        elif parser.token.kind != "endcases":
            raise parser.expected(r"\\ for the next case, or \end{cases}")
    parser.advance()
    parser.in_choice, parser.in_cases = flags
    return _choices(parser, opening, rows)


def _case(parser: Parser, opening: Token) -> int | None:
    """The condition of a case, None for otherwise."""
    if parser.token.kind in ("when", "if"):
        parser.advance()
    if parser.token.kind in ("otherwise", "else") or parser.token.text.lower() == "true":
        parser.advance()
        return None
    read: Callable[[], int] = parser.condition
    condition = parser.inside(read, opening)
    parser.check_truth(parser.previous, condition)
    return condition


def _skip(parser: Parser, kind: str) -> None:
    if parser.token.kind == kind:
        parser.advance()


def _choices(
    parser: Parser, opening: Token, rows: list[tuple[int | None, int]], example: str = r"0 & \text{otherwise}"
) -> int:
    conditions = [condition for condition, _ in rows]
    whole = bool(rows) and conditions[-1] is None
    if len(rows) == 2 and conditions[0] is not None and conditions[1] is not None:
        whole = _complement(parser, conditions[0], conditions[1])
    if len(rows) < 2 or not whole or None in conditions[:-1]:
        raise opening.error(f"The cases {opening.at} do not say what holds otherwise: end them as in {example}.")
    node = rows[-1][1]
    for condition, value in reversed(rows[:-1]):
        assert condition is not None
        node = parser.choice(opening, condition, value, node)
    return node


def _complement(parser: Parser, one: int, other: int) -> bool:
    """Whether one of the two comparisons holds exactly where the other does not."""
    (a, *left), (b, *right) = parser.graph.nodes[one], parser.graph.nodes[other]
    return {a, b} == {"less", "less_equal"} and left == right[::-1]
