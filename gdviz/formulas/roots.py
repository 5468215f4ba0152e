"""A hint where x^(1/3) may be meant as a cube root: the power has no value where x is negative, the root has one."""

from __future__ import annotations

from gdviz.formulas.graph import Graph

_NEVER_NEGATIVE = frozenset(["abs", "exp", "sqrt", "cosh", "acosh", "acos", "less", "less_equal"])


def root_hints(graph: Graph, root: int) -> list[str]:
    """A sentence for each odd root that is written as a power of what may be negative."""
    positive: set[int] = set()
    hints = []
    for node in graph.reachable([root]):
        operation, *arguments = graph.nodes[node]
        if _is_nonnegative(graph, operation, arguments, node, positive):
            positive.add(node)
        quotient = _odd_root(graph, arguments[1]) if operation == "pow" else None
        if quotient is not None and graph.masks[arguments[0]] and arguments[0] not in positive:
            top, bottom = quotient
            real = ("cbrt(x)" if bottom == 3 else f"root(x, {bottom})") + (f"^{top}" if top != 1 else "")
            hints.append(f"The power {top}/{bottom} has no value where its base is negative; the real root is {real}.")
    return hints


def _odd_root(graph: Graph, exponent: int) -> tuple[int, int] | None:
    """(m, n) if the exponent is written m/n with an odd n above 1, as it may be where a root is meant."""
    operation, *arguments = graph.nodes[exponent]
    if operation != "div":
        return None
    top, bottom = (graph.constants[argument] for argument in arguments)
    if top is None or bottom is None or not (top.is_integer() and bottom.is_integer()):
        return None
    return (int(top), int(bottom)) if 1 < bottom < 100 and bottom % 2 == 1 and 0 < top % bottom == top else None


def _is_nonnegative(graph: Graph, operation: str, arguments: list[int], node: int, positive: set[int]) -> bool:
    constant = graph.constants[node]
    if constant is not None:
        return constant >= 0
    if operation in _NEVER_NEGATIVE:
        return True
    known = [argument in positive for argument in arguments]
    if operation == "pow":
        exponent = graph.constants[arguments[1]]
        return known[0] or (exponent is not None and exponent % 2 == 0)
    if operation in ("add", "div", "min"):
        return all(known)
    if operation == "mul":
        return all(known) or arguments[0] == arguments[1]
    if operation == "where":
        return all(known[1:])
    return any(known) if operation == "max" else False
