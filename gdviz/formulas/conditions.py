"""The loosest levels of the grammar: choices (``c ? a : b``, ``a if c else b``), or, and, not, comparisons.

A comparison is a node of value 0 or 1. Only what is made of comparisons may stand where a condition is asked for.
"""

from __future__ import annotations

from gdviz.formulas.reader import COMPARED, Reader
from gdviz.formulas.tokens import Token


class Conditions(Reader):
    """Choices and comparisons of sums."""

    def sum(self) -> int:
        """Read what is compared."""
        raise NotImplementedError

    def expression(self) -> int:
        node = self.condition()
        token = self.token
        if token.kind == "?":
            self.advance()
            chosen = self.nested(self.expression, token)
            if self.token.kind != ":":
                raise self.expected("a : and the value otherwise")
            self.advance()
            return self.choice(token, node, chosen, self.nested(self.expression, token))
        if token.kind == "if":
            self.advance()
            condition = self.nested(self.condition, token)
            if self.token.kind != "else":
                raise self.expected("else and the value otherwise")
            self.advance()
            return self.choice(token, condition, node, self.nested(self.expression, token))
        return node

    def choice(self, token: Token, condition: int, chosen: int, otherwise: int) -> int:
        self.check_truth(token, condition)
        node = self.node(token, "where", condition, chosen, otherwise)
        if chosen in self.truths and otherwise in self.truths:
            self.truths.add(node)
        return node

    def check_truth(self, token: Token, node: int) -> None:
        if node not in self.truths:
            raise token.error(
                f"'{token.text}' {token.at} needs a condition, and there is no comparison: write one, such as x > 0."
            )

    def condition(self) -> int:
        """Comparisons joined by and, which binds tighter, and by or."""
        node = self.comparison()
        found: int | None = None
        while self.token.kind in ("and", "or") or (self.token.kind == "&" and not self.in_cases):
            sign = self.advance()
            right = self.comparison()
            for part in (node, right):
                self.check_truth(sign, part)
            if sign.kind == "or":
                found = node if found is None else self.truth(sign, found, self.constant(1.0), node)
                node = right
            else:
                node = self.truth(sign, node, right, self.constant(0.0))
        return node if found is None else self.truth(self.previous, found, self.constant(1.0), node)

    def comparison(self) -> int:
        if self.token.kind == "not":
            sign = self.advance()
            node = self.nested(self.comparison, sign)
            self.check_truth(sign, node)
            return self.truth(sign, node, self.constant(0.0), self.constant(1.0))
        left, found = self.sum(), None
        while self.token.kind in COMPARED and (self.token.kind != "=" or self.in_choice):
            sign = self.advance()
            right = self.sum()
            held = self.compared(sign, left, right)
            found = held if found is None else self.truth(sign, found, held, self.constant(0.0))
            left = right
        return left if found is None else found

    def compared(self, sign: Token, left: int, right: int) -> int:
        if sign.kind in (">", ">="):
            left, right = right, left
        node = self.node(sign, "less" if sign.kind in ("<", ">") else "less_equal", left, right)
        self.truths.add(node)
        if sign.kind in ("==", "=", "!="):  # not above and not below
            node = self.truth(sign, node, self.node(sign, "less_equal", right, left), self.constant(0.0))
        return self.truth(sign, node, self.constant(0.0), self.constant(1.0)) if sign.kind == "!=" else node

    def truth(self, token: Token, condition: int, chosen: int, otherwise: int) -> int:
        node = self.node(token, "where", condition, chosen, otherwise)
        self.truths.add(node)
        return node
