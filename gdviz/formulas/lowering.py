"""From the graph as typed to the graph as computed: constants folded, whole powers as products, x^0.5 as a root.

Both codes (floats and arrays) are made from the lowered graph, so a polynomial gives the same bits in both. Only
identities that IEEE arithmetic keeps are used (1*u, u/1, commuted + and *); 0*u and u-u are computed as typed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from gdviz.formulas.graph import Graph
from gdviz.formulas.limits import MAX_PRODUCT_POWER


def lower(graph: Graph, roots: Sequence[int]) -> tuple[Graph, list[int]]:
    """A new graph that computes the roots, and the roots' ids in it."""
    lowered = Graph(limit=sys.maxsize)
    ids: dict[int, int] = {}
    for node in graph.reachable(roots):
        constant = graph.constants[node]
        operation, *arguments = graph.nodes[node]
        if constant is not None:
            ids[node] = lowered.number(constant)
        elif operation == "var":
            ids[node] = lowered.variable(arguments[0])
        else:
            ids[node] = _operation(lowered, operation, [ids[a] for a in arguments], _is_e(graph, arguments[0]))
    return lowered, [ids[root] for root in roots]


def _is_e(graph: Graph, node: int) -> bool:
    return graph.nodes[node] == ("named", "e")


def _operation(lowered: Graph, operation: str, arguments: list[int], base_is_e: bool) -> int:
    if operation == "pow":
        exponent = lowered.constants[arguments[1]]
        if exponent == 0.5:
            return lowered.add("sqrt", arguments[0])
        if exponent is not None and exponent.is_integer() and abs(exponent) <= MAX_PRODUCT_POWER:
            return _whole_power(lowered, arguments[0], int(exponent))
        # e^u is exp(u): a power of the rounded e would lose digits as u grows.
        return lowered.add("exp", arguments[1]) if base_is_e else lowered.add("pow", *arguments)
    if operation in ("mul", "div") and lowered.constants[arguments[1]] == 1.0:
        return arguments[0]
    if operation == "mul":
        return _product(lowered, *arguments)
    if operation == "add":
        return lowered.add("add", *sorted(arguments))
    return lowered.add(operation, *arguments)


def _product(lowered: Graph, a: int, b: int) -> int:
    if lowered.constants[a] == 1.0:
        return b
    return lowered.add("mul", *sorted((a, b)))  # a*b and b*a are one node


def _whole_power(lowered: Graph, base: int, exponent: int) -> int:
    """base**exponent by squaring; a negative exponent as 1/product, 0 as 1 (0**0 == 1)."""
    if exponent == 0:
        return lowered.number(1.0)
    remaining, square, product = abs(exponent), base, None
    while True:
        if remaining & 1:
            product = square if product is None else _product(lowered, product, square)
        remaining >>= 1
        if not remaining:
            break
        square = lowered.add("mul", square, square)
    assert product is not None
    return product if exponent > 0 else lowered.add("div", lowered.number(1.0), product)
