"""Tokens to graph: a precedence parser whose nesting is bounded before it recurses.

From loose to tight: choices (``c ? a : b``, ``a if c else b``); or, and; comparisons; sums; products, written or
implied (``2x``); a leading minus; powers, right-associative (``-x^2`` is -(x^2), ``2^-x^2`` is 2^(-(x^2))). What has
two readings is refused with both written out: a quotient followed by an implied product (``1/2x``), a power followed by
one without a space (``x^2y``), a function without parentheses before a product (``sin x y``).

What stands around the formula, LaTeX and names are read before (``around``, ``commands``, ``headers``, ``names``), and
what follows a function's name in ``calls``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from gdviz.formulas import calls
from gdviz.formulas.around import find_formula
from gdviz.formulas.cases import cases
from gdviz.formulas.commands import plain_tokens
from gdviz.formulas.conditions import Conditions
from gdviz.formulas.elements import check_called, element
from gdviz.formulas.errors import FormulaError
from gdviz.formulas.graph import Graph
from gdviz.formulas.headers import take_header, unused_arguments
from gdviz.formulas.limits import MAX_VARIABLES
from gdviz.formulas.names import check_name, split_products
from gdviz.formulas.roots import root_hints
from gdviz.formulas.shorthands import constant, is_function
from gdviz.formulas.tokens import CLOSING, STARTS, Token, check_length, is_latex, is_spreadsheet, tokenize

_OPERATIONS = {"+": "add", "-": "sub", "*": "mul", "/": "div"}


@dataclass(frozen=True)
class Parsed:
    """The graph, its root, how the user wrote each number (``spelling``), and a sentence for each thing that was left
    out, renamed, or read in one of two ways (``notes``)."""

    graph: Graph
    root: int
    spelling: dict[float, str]
    notes: tuple[str, ...]


def parse(text: str, known: Collection[str] = ()) -> Parsed:
    """Read ``text``; raises only FormulaError.

    ``known`` names, those of columns, are variables whatever they look like: cpi, lambda, H2O. One that is a
    function's name is the function where a parenthesis follows.
    """
    check_length(text)
    start, end, notes = find_formula(text)
    tokens = tokenize(text, start, end)
    if tokens[0].kind == "end":
        raise FormulaError("The formula is empty: write one, such as x^2 + y^2.", 0)
    if is_latex(text):
        tokens, split = plain_tokens(tokens, known)
        notes += split
    header = take_header(tokens, text, known)
    tokens, split = split_products(header.tokens, header.arguments, known)
    parser = Parser(tokens, text, known)
    parser.notes = [*notes, *header.notes, *unused_arguments(header.arguments, tokens), *split]
    parser.indexed = frozenset(header.arguments) if header.calls_index else frozenset()
    root = parser.whole()
    if not parser.graph.names:
        raise FormulaError("The formula needs at least one variable: write one, such as x.", 0)
    parser.notes += root_hints(parser.graph, root) + _look_alike(parser.graph.names)
    return Parsed(parser.graph, root, parser.spelling, tuple(dict.fromkeys(parser.notes)))


class Parser(Conditions):
    """The grammar, from loose to tight."""

    def whole(self) -> int:
        root = self.expression()
        token = self.token
        if token.kind in (")", "]", "}"):
            raise token.error(f"The parenthesis {token.kind} {token.at} was never opened: delete it.")
        if token.kind == ",":
            raise self.comma(token)
        if token.kind != "end":
            raise self.expected("an operator such as + or *")
        if root in self.truths:
            raise self.tokens[0].error(
                "A comparison alone is no formula, for its value is 0 or 1: write what holds on each side, such as "
                "if(x > 0, x^2, -x)."
            )
        return root

    # ------------------------------------------------------------------ levels of precedence

    def sum(self) -> int:
        node = self.product()
        while self.token.kind in ("+", "-"):
            sign = self.advance()
            node = self.node(sign, _OPERATIONS[sign.kind], node, self.product())
        return node

    def product(self) -> int:
        first = self.index
        node = self.signed()
        divided: tuple[int, int] | None = None  # where the dividend begins, and where the sign stands
        while True:
            token = self.token
            if token.kind in ("*", "/"):
                divided = (first, self.index) if token.kind == "/" else None
                self.advance()
                node = self.node(token, _OPERATIONS[token.kind], node, self.signed())
            elif self.starts_factor():
                self._check_implied(divided)
                node = self.node(token, "mul", node, self.power())
            else:
                return node

    def signed(self) -> int:
        if self.token.kind not in ("+", "-"):
            return self.power()
        sign = self.advance()
        first = self.index
        node = self.nested(self.signed, sign)
        if sign.kind == "-" and is_spreadsheet(self.text):
            self._check_negative_power(sign, first, node)
        return self.node(sign, "neg", node) if sign.kind == "-" else node

    def _check_negative_power(self, sign: Token, first: int, node: int) -> None:
        """A cell's =-x^2 is (-x)^2, everybody else's -x^2 is -(x^2)."""
        kind, *operands = self.graph.nodes[node]
        exponent = self.graph.constants[operands[1]] if kind == "pow" else None
        if kind != "pow" or (exponent is not None and exponent % 2 == 1):
            return
        power = self.written(first, self.index)
        base, _, above = power.rpartition("^")
        other = f"(-{base})^{above}" if base else "its negative in parentheses"
        raise sign.error(
            f"'-' {sign.at} has two readings, for spreadsheets negate before they raise to a power: write "
            f"-({power}) or {other}."
        )

    def power(self) -> int:
        begin = self.index
        base = self.superscripted()
        if self.token.kind != "^":
            return base
        sign = self.advance()
        first = self.index
        exponent = self.nested(self.signed, sign)
        token = self.token
        plain = self.index - first <= 2 and self.previous.kind in ("number", "name")
        if plain and not token.spaced and token.kind in ("name", "root", "number", "fraction"):
            if is_latex(self.text) and self.index - first == 1:  # TeX raises one sign, so x^2y is no question
                return self.node(sign, "pow", base, exponent)
            below, above = self.written(begin, first - 1), self.written(first, self.index)
            raise sign.error(
                f"'^{above}{token.text}' {sign.at} has two readings: write {below}^{above}*{token.text} "
                f"or {below}^({above}*{token.text})."
            )
        return self.node(sign, "pow", base, exponent)

    def superscripted(self) -> int:
        node = self.atom()
        if self.token.kind == "superscript":
            sign = self.advance()
            exponent = self.number(sign, sign.text.lstrip("-"))
            exponent = self.node(sign, "neg", exponent) if sign.text.startswith("-") else exponent
            node = self.node(sign, "pow", node, exponent)
            if self.token.kind in ("^", "superscript"):
                raise self.token.error(
                    f"Two exponents {self.token.at} have two readings: use parentheses, such as (x^2)^3."
                )
        return node

    def _check_implied(self, divided: tuple[int, int] | None) -> None:
        """Refuse an implied product that has a second reading."""
        token = self.token
        if token.kind == "number":
            raise self._number_after(token)
        inner, end = self.following(1), self.following(2)
        if token.text == "x10" and not token.spaced and self.previous.kind == "number" and inner.kind == "^":
            above = end.text if end.kind != "-" else f"-{self.following(3).text}"
            raise self.previous.error(
                f"'{self.previous.text}x10^' {self.previous.at} has two readings: write "
                f"{self.previous.text}e{above[:40]} for a power of ten, or {self.previous.text}*x10 for a product."
            )
        if token.kind in ("[", "{") and inner.text.isdigit() and end.kind == CLOSING[token.kind]:
            raise token.error(
                f"'{token.kind}{inner.text[:40]}{end.kind}' {token.at} has two readings: write "
                f"*{inner.text[:40]} for a product; "
                "an element such as x[0] needs a name before it."
            )
        if divided is None:
            return
        first, sign = divided
        here = self.index
        self.power()
        top, bottom, factor = self.written(first, sign), self.written(sign + 1, here), self.written(here, self.index)
        raise self.tokens[sign].error(
            f"The division {self.tokens[sign].at} followed by a product without * has two readings: write "
            f"({top}/{bottom})*{factor} or {top}/({bottom}*{factor})."
        )

    def _number_after(self, token: Token) -> FormulaError:
        before = self.previous
        if before.kind == "number" and len(token.text) == 3 and token.text.isdigit() and before.text.isdigit():
            return token.error(
                f"The number {before.text} {token.text} {before.at} has a space in it: write "
                f"{before.text}{token.text}, or {before.text}*{token.text} for a product."
            )
        return token.error(
            f"The number {token.text} {token.at} follows without an operator: write *, + or ^ before it."
        )

    # ------------------------------------------------------------------ atoms

    def atom(self) -> int:
        token = self.advance()
        if token.kind == "number":
            return self.numeral(token)
        if token.kind == "fraction":
            return self.fraction(token)
        if token.kind in CLOSING:
            return self.parenthesis(token)
        if token.kind in ("|", "|("):
            return self.bars(token)
        if token.kind == "root":
            return calls.root(self, token)
        if token.kind == "frac":
            return self.node(token, "div", calls.tex_argument(self, token), calls.tex_argument(self, token))
        if token.kind == "cases":
            return cases(self, token)
        if token.kind == "name":
            return self.name(token)
        if token.kind == "if" and self.token.kind in CLOSING:
            return calls.call(self, token)
        self.index -= 1
        raise self.missing_operand()

    def numeral(self, token: Token) -> int:
        """A number; 2½ is two and a half."""
        node = self.number(token, token.text)
        if self.token.kind == "fraction" and not self.token.spaced and token.text.isdigit():
            self.notes.append(f"{token.text}{self.text[self.token.position]} is read as a mixed number, a sum.")
            return self.node(token, "add", node, self.fraction(self.advance()))
        return node

    def fraction(self, token: Token) -> int:
        top, bottom = token.text.split("/")
        return self.node(token, "div", self.number(token, top), self.number(token, bottom))

    def parenthesis(self, opening: Token) -> int:
        if self.token.kind == CLOSING[opening.kind]:
            raise opening.error(f"The parentheses {opening.at} are empty: write something in them.")
        outer, self.in_choice = self.in_choice, True
        node = self.inside(self.expression, opening)
        self.in_choice = outer
        if self.token.kind == ",":
            raise self.comma(self.token)
        self.close(opening)
        return node

    def close(self, opening: Token) -> None:
        closing = CLOSING[opening.kind]
        if self.token.kind == "end":
            raise opening.error(f"The parenthesis opened {opening.at} is never closed: add {closing}.")
        if self.token.kind != closing:
            raise self.expected(f"an operator or {closing}")
        self.advance()

    def bars(self, opening: Token) -> int:
        sided = opening.kind == "|("
        node = self.inside(self.expression, opening, in_bars=not sided)
        if self.token.kind != (")|" if sided else "|"):
            raise opening.error(f"The bar | opened {opening.at} is never closed: add | or write abs(…).")
        closing = self.advance()
        if not sided and self.token.kind in STARTS and self._bars_ahead() > 1:
            raise closing.error(
                f"The bar | {closing.at} has two readings, closing or opening: write abs(…) instead of bars."
            )
        return self.node(opening, "abs", node)

    def _bars_ahead(self) -> int:
        """How many bars follow before the parenthesis that holds this one closes."""
        level = count = 0
        for token in self.tokens[self.index :]:
            level += (token.kind in CLOSING) - (token.kind in CLOSING.values())
            if level < 0:
                break
            count += token.kind == "|" and level == 0
        return count

    def name(self, token: Token) -> int:
        name = token.text
        if name in self.bound:
            return self.bound[name]
        may_call = name not in self.known or self.token.kind == "("
        if may_call and (is_function(name) or calls.is_called(self, name)):
            return calls.call(self, token)
        number = None if name in self.known else constant(name)
        if number is not None:
            return self._constant(token, number)
        if self.token.kind == "[" and (not self.token.spaced or self.following(2).kind == "]"):
            return element(self, token, "]")
        if self.token.kind == "(":
            if name in self.indexed:
                return element(self, token, ")")
            check_called(self, token)
        return self.variable(token, name)

    def expand(self, token: Token, text: str, bound: Mapping[str, int]) -> int:
        """Read a function that is written with others; ``bound`` has its arguments by the letters in ``text``."""
        try:
            return Parser(tokenize(text), text, graph=self.graph, bound=bound).expression()
        except FormulaError as error:
            reason = str(error).replace(f" at character {error.position + 1}", "")  # of a text that nobody typed
            raise token.error(f"'{token.text}' {token.at} stands for {text}, which cannot be: {reason}") from None

    def _constant(self, token: Token, known: str) -> int:
        if self.token.kind == "(" and self.following().kind == ")":  # PI() of a spreadsheet
            self.index += 2
        return self.limited(token, lambda: self.graph.named(known))

    def variable(self, token: Token, name: str) -> int:
        if name not in self.known:
            check_name(replace(token, text=name))
        if name not in self.graph.names and len(self.graph.names) == MAX_VARIABLES:
            raise token.error(
                f"'{name}' {token.at} is variable number {MAX_VARIABLES + 1}, the limit is {MAX_VARIABLES}: use fewer."
            )
        if name == "lam" and self.text[token.position : token.position + 1] in "λ\\":
            self.notes.append("λ is called lam.")
        return self.limited(token, lambda: self.graph.variable(name))


def _look_alike(names: list[str]) -> list[str]:
    """A sentence for x_1 and x1, which are printed alike."""
    return [
        f"{name} and {name.replace('_', '')} are two variables."
        for name in names
        if "_" in name and name.replace("_", "") in names
    ]
