"""Constructors that simplify while derivatives are built.

Only derivatives are simplified (0*u -> 0, 1*u -> u, coefficients collected, common whole factors canceled): the
user's own formula is evaluated as typed, so that ``0*(1/x)`` keeps its pole. Numbers are folded only where that
keeps them readable: ``1/3`` and ``2*pi`` stay as they are and are folded when code is generated.
"""

from __future__ import annotations

import math

from gdviz.formulas.graph import Graph
from gdviz.formulas.limits import MAX_CONSTANT


class Simplifier:
    """Builds simplified nodes in ``graph``; the ``Builder`` that derivative rules are given."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def number(self, value: float) -> int:
        return self.graph.number(value + 0.0)  # + 0.0 turns -0.0 into 0.0: derivatives have no use for it

    def value(self, node: int) -> float | None:
        """The value of a number leaf, None for anything else (also for ``pi``: it stays a symbol)."""
        return self.graph.constants[node] if self.graph.nodes[node][0] == "number" else None

    def is_zero(self, node: int) -> bool:
        return self.value(node) == 0.0

    def split(self, node: int) -> tuple[float, int | None]:
        """``node`` as coefficient * rest; the rest is None for a number."""
        operation, *arguments = self.graph.nodes[node]
        if operation == "number":
            return float(arguments[0]), None
        if operation == "neg":
            coefficient, rest = self._split_product(arguments[0])
            return -coefficient, rest
        return self._split_product(node)

    def _split_product(self, node: int) -> tuple[float, int | None]:
        operation, *arguments = self.graph.nodes[node]
        if operation == "number":
            return float(arguments[0]), None
        if operation == "mul":
            for factor, rest in (arguments, arguments[::-1]):
                value = self.value(factor)
                if value is not None:
                    return value, rest
        return 1.0, node

    def scale(self, coefficient: float, rest: int | None) -> int:
        """coefficient * rest, with 1 and -1 written as nothing and as a minus sign."""
        if rest is None or coefficient == 0.0:
            return self.number(coefficient)
        if coefficient == 1.0:
            return rest
        if coefficient == -1.0:
            return self.graph.add("neg", rest)
        operation, *arguments = self.graph.nodes[rest]
        if operation == "div":
            top = self.value(arguments[0])
            if top is not None and abs(top * coefficient) <= MAX_CONSTANT:
                scaled = self.divide(self.number(abs(top * coefficient)), arguments[1])
                return self.graph.add("neg", scaled) if top * coefficient < 0 else scaled
        return self.graph.add("mul", self.number(coefficient), rest)

    def negate(self, a: int) -> int:
        coefficient, rest = self.split(a)
        return self.scale(-coefficient, rest)

    def add(self, a: int, b: int) -> int:
        if self.is_zero(a):
            return b
        if self.is_zero(b):
            return a
        ca, ra = self.split(a)
        cb, rb = self.split(b)
        if ra == rb and abs(ca + cb) <= MAX_CONSTANT:
            return self.scale(ca + cb, ra)
        if cb < 0:
            return self.graph.add("sub", a, self.scale(-cb, rb))
        return self.graph.add("add", a, b)

    def subtract(self, a: int, b: int) -> int:
        if self.is_zero(a):
            return self.negate(b)
        return self.add(a, self.negate(b)) if not self.is_zero(b) else a

    def multiply(self, a: int, b: int) -> int:
        if self.is_zero(a) or self.is_zero(b):
            return self.number(0.0)
        ca, ra = self.split(a)
        cb, rb = self.split(b)
        if abs(ca * cb) > MAX_CONSTANT or ca * cb == 0.0:
            return self.graph.add("mul", a, b)
        if ra is None or rb is None:
            return self.scale(ca * cb, rb if ra is None else ra)
        return self.scale(ca * cb, self._product(ra, rb))

    def _product(self, a: int, b: int) -> int:
        """a * b without number factors: reciprocals become quotients, equal factors powers, plain factors go first."""
        for one, other in ((a, b), (b, a)):
            operation, *arguments = self.graph.nodes[one]
            if operation == "div" and self.value(arguments[0]) == 1.0:
                return self.divide(other, arguments[1])
        (base, m), (other, n) = self._whole_power(a), self._whole_power(b)
        if base == other:
            return self.power(base, self.number(m + n))
        if self._rank(b) < self._rank(a):
            a, b = b, a
        return self.graph.add("mul", a, b)

    def _whole_power(self, node: int) -> tuple[int, float]:
        operation, *arguments = self.graph.nodes[node]
        if operation == "pow":
            exponent = self.value(arguments[1])
            # Positive whole exponents only: x^-1 * x must not lose its pole, x^0.5 * x^0.5 its domain.
            if exponent is not None and exponent > 0 and exponent.is_integer():
                return arguments[0], exponent
        return node, 1.0

    def _rank(self, node: int) -> int:
        """Order of factors as people write them: constants, then variables and their powers, then the rest."""
        if not self.graph.masks[node]:
            return 0
        base, _ = self._whole_power(node)
        return 1 if self.graph.nodes[base][0] == "var" else 2

    def divide(self, a: int, b: int) -> int:
        if self.is_zero(a):
            return a
        ca, ra = self.split(a)
        cb, rb = self.split(b)
        if cb == 0.0:
            return self.graph.add("div", a, b)
        ca, cb = _reduce(ca, cb)
        if rb is None and cb == 1.0:
            return self.scale(ca, ra)
        if ra == rb and ra is not None and not self.graph.masks[ra]:
            ra = rb = None  # a constant factor such as pi cancels; a variable one could hide 0/0
            if cb == 1.0:
                return self.number(ca)
        quotient = self.graph.add("div", self.scale(abs(ca), ra), self.scale(cb, rb))
        return self.graph.add("neg", quotient) if ca < 0 else quotient

    def power(self, a: int, b: int) -> int:
        exponent = self.value(b)
        if exponent == 0.0:
            return self.number(1.0)
        if exponent == 1.0:
            return a
        base = self.value(a)
        if base is not None and exponent == 2.0 and abs(base) <= math.sqrt(MAX_CONSTANT):
            return self.number(base * base)
        return self.graph.add("pow", a, b)

    def less_one(self, exponent: int) -> int:
        """exponent - 1, with 1/3 - 1 as -2/3."""
        operation, *arguments = self.graph.nodes[exponent]
        if operation == "div":
            top, bottom = self.value(arguments[0]), self.value(arguments[1])
            if top is not None and bottom is not None:
                return self.divide(self.number(top - bottom), arguments[1])
        return self.subtract(exponent, self.number(1.0))

    def call(self, name: str, *arguments: int) -> int:
        return self.graph.add(name, *arguments)


def _reduce(top: float, bottom: float) -> tuple[float, float]:
    """Cancel the common whole factor; the sign goes to the top."""
    if bottom < 0:
        top, bottom = -top, -bottom
    if top.is_integer() and bottom.is_integer():
        common = math.gcd(int(top), int(bottom))
        return top / common, bottom / common
    return top, bottom
