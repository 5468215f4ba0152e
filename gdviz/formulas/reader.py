"""The state of a parse: where it is in the tokens, how deep, and the graph that it builds; and what is said of a token
that does not fit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from types import MappingProxyType

from gdviz.formulas.errors import FormulaError
from gdviz.formulas.graph import Graph
from gdviz.formulas.limits import MAX_CONSTANT, MAX_DEPTH, MAX_NODES
from gdviz.formulas.tokens import CLOSING, STARTS, Token, quoted

COMPARED = ("<", "<=", ">", ">=", "==", "!=", "=")
_OPERAND_ENDS = ("number", "fraction", "name", "superscript", *CLOSING.values())
_STRUCTURE = ("if", "else", "and", "or", "not")


class Reader:
    """Reads ``tokens`` of ``text`` into a graph; ``bound`` maps names to nodes that they stand for."""

    def __init__(
        self,
        tokens: list[Token],
        text: str,
        known: Collection[str] = (),
        graph: Graph | None = None,
        bound: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self.tokens = _with_or([_with_structure(token, known) for token in tokens])
        self.text = text
        self.known = known
        self.bound = bound
        self.index = 0
        self.depth = 0
        self.in_bars = False
        self.in_choice = False  # where = compares
        self.in_cases = False  # where & separates
        self.indexed: frozenset[str] = frozenset()  # names whose x(1) is an element
        self.graph = Graph(MAX_NODES) if graph is None else graph
        self.truths: set[int] = set()  # nodes that are comparisons, or made of them
        self.spelling: dict[float, str] = {}
        self.notes: list[str] = []

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    @property
    def previous(self) -> Token:
        return self.tokens[self.index - 1]

    def following(self, ahead: int = 1) -> Token:
        return self.tokens[min(self.index + ahead, len(self.tokens) - 1)]

    def advance(self) -> Token:
        self.index += 1
        return self.previous

    def starts_factor(self) -> bool:
        kind = self.token.kind
        return kind in STARTS or (kind == "|" and not self.in_bars)

    def written(self, first: int, end: int) -> str:
        """What was typed from one token on and before another, shortened."""
        return quoted(self.text[self.tokens[first].position : self.tokens[end].position], 40)

    # ------------------------------------------------------------------ nesting and nodes

    def nested(self, read: Callable[[], int], token: Token) -> int:
        """Read one level deeper; the limit comes before the recursion does."""
        if self.depth == MAX_DEPTH:
            raise token.error(
                f"The formula is nested more than {MAX_DEPTH} deep {token.at}: write it with fewer levels."
            )
        self.depth += 1
        node = read()
        self.depth -= 1
        return node

    def inside(self, read: Callable[[], int], token: Token, in_bars: bool = False) -> int:
        """Read what parentheses or bars hold."""
        outer, self.in_bars = self.in_bars, in_bars
        node = self.nested(read, token)
        self.in_bars = outer
        return node

    def node(self, token: Token, operation: str, *arguments: int) -> int:
        """Add a node; a constant part out of range is refused here, where its place is known."""
        if operation == "div" and self.graph.constants[arguments[1]] == 0.0:
            raise token.error(f"A division by 0 {token.at}: write another denominator.")
        node = self.limited(token, lambda: self.graph.add(operation, *arguments))
        value = self.graph.constants[node]
        if value is not None and not abs(value) <= MAX_CONSTANT:
            kind = "is not a real number" if math.isnan(value) else "is infinite or beyond 1e150"
            raise token.error(f"The constant part with '{token.text}' {token.at} {kind}: change it.")
        return node

    def limited(self, token: Token, make: Callable[[], int]) -> int:
        try:
            return make()
        except FormulaError as error:
            raise token.error(f"{error} The limit is reached {token.at}.") from None

    def number(self, token: Token, text: str) -> int:
        value = float(text)
        self.spelling.setdefault(value, text)
        return self.limited(token, lambda: self.graph.number(value))

    def constant(self, value: float) -> int:
        return self.limited(self.previous, lambda: self.graph.number(value))

    # ------------------------------------------------------------------ what does not fit

    def expected(self, wanted: str) -> FormulaError:
        token = self.token
        if token.kind == "end":
            last = self.previous
            return token.error(f"The formula ends after '{last.text}' {last.at}: add {wanted}.")
        return token.error(f"'{token.text}' {token.at} is unexpected: write {wanted} there.")

    def missing_operand(self) -> FormulaError:
        token = self.token
        if token.kind == "if":
            return token.error(f"'if' {token.at} has no value before it: write if(x > 0, x, -x) or x if x > 0 else -x.")
        if token.kind == "end":
            last = self.previous
            return token.error(
                f"The formula ends after '{last.text}' {last.at}: add a number, a variable or a parenthesis."
            )
        return token.error(f"'{token.text}' {token.at} is unexpected: write a number, a variable or ( before it.")

    def comma(self, token: Token) -> FormulaError:
        before, after = self.previous, self.following()
        if not before.kind == after.kind == "number":
            return token.error(f"A comma {token.at} only separates arguments, as in max(x, y): write one formula.")
        decimal = f"{before.text.replace('.', '')}.{after.text}"
        groups = self._thousands()
        if not groups or before.text.startswith("0") or "." in before.text:
            return token.error(f"A comma {token.at}: decimals have a point: {decimal}.")
        whole = before.text + "".join(groups)
        if len(groups) > 1 or "." in whole:
            return token.error(f"A comma {token.at}: write large numbers without commas: {whole[:40]}.")
        return token.error(
            f"A comma {token.at} has two readings: write {whole} for a number above a thousand, or {decimal} "
            "for a decimal."
        )

    def _thousands(self) -> list[str]:
        """The groups of three digits after the comma here, up to what is none."""
        groups: list[str] = []
        for comma, number in zip(self.tokens[self.index :: 2], self.tokens[self.index + 1 :: 2], strict=False):
            digits = number.text.partition(".")[0]
            if comma.kind != "," or comma.spaced or number.spaced or len(digits) != 3 or not digits.isdigit():
                break
            groups.append(number.text)
        return groups


def _with_structure(token: Token, known: Collection[str]) -> Token:
    """The words that join formulas as kinds of their own, unless a column is called so."""
    if token.kind == "name" and token.text in _STRUCTURE and token.text not in known:
        return replace(token, kind=token.text)
    return token


def _with_or(tokens: list[Token]) -> list[Token]:
    """The tokens with the bars of programs as or: || between comparisons, and a single | in all."""
    bars = [i for i, token in enumerate(tokens) if token.kind == "|"]
    if not bars or not any(token.kind in COMPARED for token in tokens):
        return tokens
    pairs = set(bars[::2])
    double = all(b == a + 1 and not tokens[b].spaced for a, b in zip(bars[::2], bars[1::2], strict=False))
    if len(bars) > 1 and (not double or len(bars) % 2):
        return tokens
    if any(i == 0 or tokens[i - 1].kind not in _OPERAND_ENDS for i in pairs):
        return tokens
    second = set(bars[1::2])
    return [
        replace(token, kind="or", text="||") if i in pairs else token
        for i, token in enumerate(tokens)
        if i not in second
    ]
