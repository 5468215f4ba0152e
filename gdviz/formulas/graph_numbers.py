"""Numbers that are nodes of a graph: lines of plain arithmetic, run once on them, write that arithmetic down.

An optimizer's ``direction`` and a loss's ``slope`` are called with these instead of floats; what comes out is the graph
of their lines, in the order in which they stand. Nothing is simplified, so that every code made from the graph gives
the bits of the lines as written. ``x ** 0.5`` is the square root, whose bits IEEE arithmetic fixes.

The functions below (:func:`larger`, :func:`sign`, :func:`exp`, …) take floats and arrays as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gdviz.formulas.functions import FUNCTIONS
from gdviz.formulas.graph import Graph


def _infix(operation: str, swapped: bool = False) -> Callable[[GraphNumber, Any], GraphNumber]:
    """Return the method that writes down what an operator makes of a number and another operand."""

    def method(self: GraphNumber, other: Any) -> GraphNumber:
        return self._made(operation, other, self) if swapped else self._made(operation, self, other)

    return method


@dataclass(frozen=True, eq=False)
class GraphNumber:
    """The node ``node`` of ``graph``. Comparisons are numbers too, 1 where they hold and 0 where not."""

    graph: Graph
    node: int

    # NumPy must not take the other side of an operation apart.
    __array_ufunc__ = None

    def _made(self, operation: str, *operands: Any) -> GraphNumber:
        return GraphNumber(self.graph, self.graph.add(operation, *[self._node(operand) for operand in operands]))

    def _node(self, operand: Any) -> int:
        return operand.node if isinstance(operand, GraphNumber) else self.graph.number(float(operand))

    __add__, __radd__ = _infix("add"), _infix("add", swapped=True)
    __sub__, __rsub__ = _infix("sub"), _infix("sub", swapped=True)
    __mul__, __rmul__ = _infix("mul"), _infix("mul", swapped=True)
    __truediv__, __rtruediv__ = _infix("div"), _infix("div", swapped=True)
    __lt__, __gt__ = _infix("less"), _infix("less", swapped=True)
    __le__, __ge__ = _infix("less_equal"), _infix("less_equal", swapped=True)
    __rpow__ = _infix("pow", swapped=True)

    def __pow__(self, exponent: Any) -> GraphNumber:
        return root(self) if exponent == 0.5 else self._made("pow", self, exponent)

    def __neg__(self) -> GraphNumber:
        return self._made("neg", self)

    def __pos__(self) -> GraphNumber:
        return self

    def __abs__(self) -> GraphNumber:
        return self._made("abs", self)

    def __bool__(self) -> bool:
        raise TypeError(
            "Whether a comparison holds is known only when the descent runs: write choice(condition, a, b) "
            "instead of if, and both(p, q) instead of and."
        )

    def __float__(self) -> float:
        raise TypeError("A number of the graph has no value yet: write the line with + - * / ** and gdviz's functions.")


def graph_variable(graph: Graph, name: str) -> GraphNumber:
    """Return the variable ``name`` of the graph."""
    return GraphNumber(graph, graph.variable(name))


def as_number(graph: Graph, value: Any) -> GraphNumber:
    """Return a number of the graph, also for a float."""
    return value if isinstance(value, GraphNumber) else GraphNumber(graph, graph.number(float(value)))


def larger(a: Any, b: Any) -> Any:
    """Return the larger of two numbers or arrays, element by element; ``b`` where neither is, as with nan."""
    return choice(a > b, a, b)


def smaller(a: Any, b: Any) -> Any:
    """Return the smaller of two numbers or arrays, element by element; ``b`` where neither is, as with nan."""
    return choice(a < b, a, b)


def sign(x: Any) -> Any:
    """Return -1, 0 or 1."""
    return choice(x > 0.0, 1.0, choice(x < 0.0, -1.0, 0.0))


def choice(condition: Any, a: Any, b: Any) -> Any:
    """Return ``a`` where the condition holds, else ``b``. Both are computed, so both may be what is not chosen."""
    return _called("where", condition, a, b)


def both(p: Any, q: Any) -> Any:
    """Return 1 where both comparisons hold, else 0."""
    return _called("both", p, q)


def root(x: Any) -> Any:
    """Return the square root."""
    return _called("sqrt", x)


def floor(x: Any) -> Any:
    """Return the greatest whole number that is not above x."""
    return _called("floor", x)


def cos(x: Any) -> Any:
    """Return the cosine."""
    return _called("cos", x)


def exp(x: Any) -> Any:
    """Return e to the power of x."""
    return _called("exp", x)


def log1p(x: Any) -> Any:
    """Return the natural logarithm of 1 + x, with its digits where x is small."""
    return _called("log1p", x)


def finite(x: Any) -> Any:
    """Return 1 where x is neither infinite nor nan, else 0."""
    return abs(x) < np.inf


def all_of(conditions: Sequence[Any]) -> Any:
    """Return 1 where every comparison holds, else 0."""
    result = conditions[0]
    for condition in conditions[1:]:
        result = both(result, condition)
    return result


def _called(name: str, *operands: Any) -> Any:
    for operand in operands:
        if isinstance(operand, GraphNumber):
            return operand._made(name, *operands)
    return FUNCTIONS[name].array_code(*operands)
