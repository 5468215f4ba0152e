"""Tokens to graph: a precedence parser whose nesting is bounded before it recurses.

From loose to tight: sums; products, written or implied (``2x``); a leading minus; powers, right-associative
(``-x^2`` is -(x^2), ``2^-x^2`` is 2^(-(x^2))). What has two readings is refused with the fix: a quotient followed by
an implied product (``1/2x``), a power followed by one without a space (``x^2y``), a function without parentheses.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from gdviz.formulas.errors import FormulaError
from gdviz.formulas.functions import ALIASES, CONSTANTS, FUNCTIONS, TYPED_NAMES
from gdviz.formulas.graph import Graph
from gdviz.formulas.limits import MAX_CONSTANT, MAX_DEPTH, MAX_NODES, MAX_VARIABLES
from gdviz.formulas.names import at, check_name, check_run_together, unknown_function
from gdviz.formulas.tokens import Token, tokenize

_STARTS = ("number", "name", "(", "root")
_OPERATIONS = {"+": "add", "-": "sub", "*": "mul", "/": "div"}


@dataclass(frozen=True)
class Parsed:
    """The graph, its root, and how the user wrote each number (``spelling``)."""

    graph: Graph
    root: int
    spelling: dict[float, str]


def parse(text: str) -> Parsed:
    """Read ``text``; raises only FormulaError."""
    tokens = tokenize(text)
    if tokens[0].kind == "end":
        raise FormulaError("The formula is empty: write one, such as x^2 + y^2.", 0)
    for token in tokens:
        if token.kind == "name" and token.text not in TYPED_NAMES:
            check_name(token)
    check_run_together(tokens)
    parser = _Parser(tokens)
    root = parser.whole()
    if not parser.graph.names:
        raise FormulaError("The formula needs at least one variable: write one, such as x.", 0)
    return Parsed(parser.graph, root, parser.spelling)


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.index = 0
        self.depth = 0
        self.in_bars = False
        self.graph = Graph(MAX_NODES)
        self.spelling: dict[float, str] = {}

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    @property
    def previous(self) -> Token:
        return self.tokens[self.index - 1]

    def advance(self) -> Token:
        self.index += 1
        return self.previous

    def whole(self) -> int:
        root = self.sum()
        token = self.token
        if token.kind == ")":
            raise FormulaError(f"The parenthesis ) {at(token.position)} was never opened: delete it.", token.position)
        if token.kind == ",":
            raise self._comma(token)
        if token.kind != "end":
            raise self._expected("an operator such as + or *")
        return root

    # ------------------------------------------------------------------ levels of precedence

    def nested(self, read: Callable[[], int], token: Token) -> int:
        """Read one level deeper; the limit comes before the recursion does."""
        if self.depth == MAX_DEPTH:
            raise FormulaError(
                f"The formula is nested more than {MAX_DEPTH} deep {at(token.position)}: write it with fewer levels.",
                token.position,
            )
        self.depth += 1
        node = read()
        self.depth -= 1
        return node

    def sum(self) -> int:
        node = self.product()
        while self.token.kind in ("+", "-"):
            sign = self.advance()
            node = self.node(sign, _OPERATIONS[sign.kind], node, self.product())
        return node

    def product(self) -> int:
        node = self.signed()
        divided: Token | None = None
        while True:
            token = self.token
            if token.kind in ("*", "/"):
                self.advance()
                divided = token if token.kind == "/" else None
                node = self.node(token, _OPERATIONS[token.kind], node, self.signed())
            elif self._starts_factor():
                self._check_implied(divided)
                node = self.node(token, "mul", node, self.power())
            else:
                return node

    def signed(self) -> int:
        if self.token.kind not in ("+", "-"):
            return self.power()
        sign = self.advance()
        node = self.nested(self.signed, sign)
        return self.node(sign, "neg", node) if sign.kind == "-" else node

    def power(self) -> int:
        base = self.superscripted()
        if self.token.kind != "^":
            return base
        sign = self.advance()
        first = self.index
        exponent = self.nested(self.signed, sign)
        token = self.token
        plain = self.index - first <= 2 and self.previous.kind in ("number", "name")
        if plain and not token.spaced and token.kind in ("name", "root", "number"):
            written = "".join(t.text for t in self.tokens[first : self.index])
            raise FormulaError(
                f"'^{written}{token.text}' {at(sign.position)} has two readings: write ^{written}*{token.text} "
                f"or ^({written}*{token.text}).",
                sign.position,
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
                raise FormulaError(
                    f"Two exponents {at(self.token.position)} have two readings: use parentheses, such as (x^2)^3.",
                    self.token.position,
                )
        return node

    def _starts_factor(self) -> bool:
        kind = self.token.kind
        return kind in _STARTS or (kind == "|" and not self.in_bars)

    def _check_implied(self, divided: Token | None) -> None:
        """Refuse an implied product that has a second reading."""
        token = self.token
        if token.kind == "number":
            raise FormulaError(
                f"The number {token.text} {at(token.position)} follows without an operator: write *, + or ^ before it.",
                token.position,
            )
        if divided is not None:
            raise FormulaError(
                f"The division {at(divided.position)} followed by a product without * has two readings: write "
                "(1/2)*x or 1/(2*x), say.",
                divided.position,
            )

    # ------------------------------------------------------------------ atoms

    def atom(self) -> int:
        token = self.advance()
        if token.kind == "number":
            return self.number(token, token.text)
        if token.kind == "(":
            return self.parenthesis(token)
        if token.kind == "|":
            return self.bars(token)
        if token.kind == "root":
            return self.root(token)
        if token.kind == "name":
            return self.name(token)
        self.index -= 1
        raise self._missing_operand()

    def number(self, token: Token, text: str) -> int:
        value = float(text)
        self.spelling.setdefault(value, text)
        return self.limited(token, lambda: self.graph.number(value))

    def parenthesis(self, opening: Token) -> int:
        if self.token.kind == ")":
            raise FormulaError(f"The parentheses {at(opening.position)} are empty: write something in them.",
                               opening.position)  # fmt: skip
        outer, self.in_bars = self.in_bars, False
        node = self.nested(self.sum, opening)
        self.in_bars = outer
        if self.token.kind == ",":
            raise self._comma(self.token)
        self.close(opening)
        return node

    def close(self, opening: Token) -> None:
        if self.token.kind == "end":
            raise FormulaError(f"The parenthesis opened {at(opening.position)} is never closed: add ).",
                               opening.position)  # fmt: skip
        if self.token.kind != ")":
            raise self._expected("an operator or )")
        self.advance()

    def bars(self, opening: Token) -> int:
        outer, self.in_bars = self.in_bars, True
        node = self.nested(self.sum, opening)
        self.in_bars = outer
        if self.token.kind != "|":
            raise FormulaError(f"The bar | opened {at(opening.position)} is never closed: add | or write abs(…).",
                               opening.position)  # fmt: skip
        closing = self.advance()
        if self.token.kind in _STARTS and self._bars_ahead() > 1:
            raise FormulaError(
                f"The bar | {at(closing.position)} has two readings, closing or opening: write abs(…) instead of bars.",
                closing.position,
            )
        return self.node(opening, "abs", node)

    def _bars_ahead(self) -> int:
        """How many bars follow before the parenthesis that holds this one closes."""
        level = count = 0
        for token in self.tokens[self.index :]:
            level += (token.kind == "(") - (token.kind == ")")
            if level < 0:
                break
            count += token.kind == "|" and level == 0
        return count

    def root(self, sign: Token) -> int:
        if self.token.kind not in ("number", "name", "("):
            raise FormulaError(f"√ {at(sign.position)} needs something after it: write √(…).", sign.position)
        bare = self.token.kind != "("
        node = self.nested(self.atom, sign)
        if bare and (self.token.kind in ("^", "superscript") or self._starts_factor()):
            raise FormulaError(f"What the √ {at(sign.position)} covers has two readings: write √(…).", sign.position)
        return self.node(sign, "sqrt", node)

    def name(self, token: Token) -> int:
        name = token.text
        called = self.token.kind == "("
        if name in TYPED_NAMES:
            return self.call(token)
        if name in CONSTANTS:
            return self.limited(token, lambda: self.graph.named(name))
        if called and len(name.rstrip("0123456789_")) > 1:
            raise unknown_function(name, token.position)
        if name not in self.graph.names and len(self.graph.names) == MAX_VARIABLES:
            raise FormulaError(
                f"'{name}' {at(token.position)} is variable number {MAX_VARIABLES + 1}, the limit is {MAX_VARIABLES}: "
                "use fewer.",
                token.position,
            )
        return self.limited(token, lambda: self.graph.variable(name))

    def call(self, token: Token) -> int:
        name = token.text
        if self.token.kind != "(":
            raise self._bare_function(token)
        opening = self.advance()
        arguments = self.arguments(opening, name)
        if name == "pow":
            self._check_arity(token, arguments, 2)
            return self.node(token, "pow", *arguments)
        row = FUNCTIONS[ALIASES.get(name, name)]
        self._check_arity(token, arguments, row.arity)
        return self.node(token, row.name, *arguments)

    def arguments(self, opening: Token, name: str) -> list[int]:
        if self.token.kind == ")":
            raise FormulaError(f"{name}() {at(opening.position)} is empty: write something in it, such as "
                               f"{_example(name)}.", opening.position)  # fmt: skip
        outer, self.in_bars = self.in_bars, False
        arguments = [self.nested(self.sum, opening)]
        while self.token.kind == ",":
            comma = self.advance()
            arguments.append(self.nested(self.sum, comma))
        self.in_bars = outer
        self.close(opening)
        return arguments

    def _check_arity(self, token: Token, arguments: list[int], arity: int | None) -> None:
        name, count = token.text, len(arguments)
        if count == arity or (arity is None and count > 1):
            return
        wanted = "two or more arguments" if arity is None else "1 argument" if arity == 1 else f"{arity} arguments"
        advice = "separate them with commas" if count == 1 else "delete the others (a decimal number has a point, 1.5)"
        if name in ("log", "ln") and count == 2:
            advice = "for another base b write log(x)/log(b)"
        raise FormulaError(f"{name} {at(token.position)} takes {wanted}, not {count}: {advice}.", token.position)

    # ------------------------------------------------------------------ nodes and errors

    def node(self, token: Token, operation: str, *arguments: int) -> int:
        """Add a node; a constant part out of range is refused here, where its place is known."""
        if operation == "div" and self.graph.constants[arguments[1]] == 0.0:
            raise FormulaError(f"A division by 0 {at(token.position)}: write another denominator.", token.position)
        node = self.limited(token, lambda: self.graph.add(operation, *arguments))
        constant = self.graph.constants[node]
        if constant is not None and not abs(constant) <= MAX_CONSTANT:
            value = "is not a real number" if math.isnan(constant) else "is infinite or beyond 1e150"
            raise FormulaError(f"The constant part with '{token.text}' {at(token.position)} {value}: change it.",
                               token.position)  # fmt: skip
        return node

    def limited(self, token: Token, make: Callable[[], int]) -> int:
        try:
            return make()
        except FormulaError as error:
            raise FormulaError(f"{error} The limit is reached {at(token.position)}.", token.position) from None

    def _bare_function(self, token: Token) -> FormulaError:
        name, following = token.text, self.token
        if following.kind in ("^", "superscript"):
            first = self.index + (following.kind == "^")
            sign, number = self.tokens[first : first + 1], self.tokens[first + 1 : first + 2]
            power = "".join(t.text for t in (sign + number if sign[0].kind == "-" else sign)) or "2"
            if power == "-1":
                inverse = f"arc{name}(x) or " if f"arc{name}" in ALIASES else ""
                return FormulaError(f"'{name}^-1' {at(token.position)} has two readings: write {inverse}1/{name}(x).",
                                    token.position)  # fmt: skip
            power = power if power.lstrip("-").isalnum() else "2"
            return FormulaError(f"'{name}' {at(token.position)} needs its parentheses first: write {name}(x)^{power}.",
                                token.position)  # fmt: skip
        argument = following.text[:40] if following.kind in ("name", "number") else ""
        after = self.tokens[self.index + 1 : self.index + 2]
        if following.kind == "number" and after and after[0].kind == "name" and not after[0].spaced:
            argument += after[0].text[:40]
        return FormulaError(f"'{name}' {at(token.position)} needs parentheses: write {_example(name, argument)}.",
                            token.position)  # fmt: skip

    def _comma(self, token: Token) -> FormulaError:
        before, after = self.previous, self.tokens[self.index + 1]
        if before.kind == after.kind == "number":
            return FormulaError(f"A comma {at(token.position)}: decimals have a point: {before.text}.{after.text}.",
                                token.position)  # fmt: skip
        return FormulaError(f"A comma {at(token.position)} only separates the arguments of min, max, pow and atan2:"
                            " delete it.", token.position)  # fmt: skip

    def _expected(self, wanted: str) -> FormulaError:
        token = self.token
        return FormulaError(f"'{token.text}' {at(token.position)} is unexpected: write {wanted} there.", token.position)

    def _missing_operand(self) -> FormulaError:
        token = self.token
        if token.kind == "end":
            last = self.previous
            return FormulaError(
                f"The formula ends after '{last.text}' {at(last.position)}: add a number, a variable or a parenthesis.",
                token.position,
            )
        return FormulaError(
            f"'{token.text}' {at(token.position)} is unexpected: write a number, a variable or ( before it.",
            token.position,
        )


def _example(name: str, argument: str = "") -> str:
    """A call of a function, with its argument where one is as much as it takes."""
    several = name == "pow" or FUNCTIONS[ALIASES.get(name, name)].arity != 1
    return f"{name}(x, y)" if several else f"{name}({argument or 'x'})"
