"""Exact derivatives on the graph: one loop over the nodes below the roots, no recursion.

Rules: (u/v)' is built as (u' - (u/v) v')/v, which reuses u/v and does not overflow where v^2 would; with
``textbook=True`` it is u'/v - u v'/v^2, which reads better and is what LaTeX shows. (u^c)' = c u^(c-1) u',
(u^v)' = v u^(v-1) u' + u^v ln(u) v'. The functions' rules stand in their table. Where v is a sum with an exponential,
as in a logistic curve, v'/v is built at once, for v' and v overflow together where v'/v is an ordinary number.
"""

from __future__ import annotations

from collections.abc import Sequence

from gdviz.formulas.functions import FUNCTIONS
from gdviz.formulas.graph import Graph
from gdviz.formulas.simplify import Simplifier


def differentiate(graph: Graph, roots: Sequence[int], name: str, textbook: bool = False) -> list[int]:
    """Derivatives of the roots with respect to the variable ``name``; adds nodes to the graph.

    Raises FormulaError at the graph's limit.
    """
    memo: dict[int, int] = {}
    bit = graph.mask_of([name])
    build = Simplifier(graph)
    zero = build.number(0.0)
    for node in graph.reachable(roots):
        if node not in memo:
            memo[node] = _derivative(build, node, memo, textbook) if graph.masks[node] & bit else zero
    return [memo[root] for root in roots]


def gradient(graph: Graph, root: int, names: Sequence[str], textbook: bool = False) -> list[int]:
    """The partial derivatives of ``root`` with respect to ``names``, in their order."""
    return [differentiate(graph, [root], name, textbook=textbook)[0] for name in names]


def hessian(graph: Graph, slopes: Sequence[int], names: Sequence[str]) -> list[list[int]]:
    """Second derivatives from first ones: row i has the entries j >= i (the matrix is symmetric)."""
    columns = [differentiate(graph, slopes[: j + 1], name) for j, name in enumerate(names)]
    return [[columns[j][i] for j in range(i, len(names))] for i in range(len(names))]


def _derivative(build: Simplifier, node: int, memo: dict[int, int], textbook: bool) -> int:
    operation, *arguments = build.graph.nodes[node]
    if operation == "var":
        return build.number(1.0)
    slopes = [memo[argument] for argument in arguments]
    if operation in FUNCTIONS:
        return FUNCTIONS[operation].derivative(build, arguments, slopes, node)
    if operation == "neg":
        return build.negate(slopes[0])
    (a, b), (da, db) = arguments, slopes
    if operation == "add":
        return build.add(da, db)
    if operation == "sub":
        return build.subtract(da, db)
    if operation == "mul":
        return build.add(build.multiply(da, b), build.multiply(a, db))
    if operation == "div":
        return _quotient(build, (a, b), (da, db), node, None if textbook else memo)
    return _power(build, (a, b), (da, db), node, None if textbook else memo)


def _quotient(
    build: Simplifier, pair: tuple[int, int], slopes: tuple[int, int], node: int, memo: dict[int, int] | None
) -> int:
    (a, b), (da, db) = pair, slopes
    if build.is_zero(db):
        return build.divide(da, b)
    if memo is None:  # for the reader
        second = build.divide(build.multiply(a, db), build.power(b, build.number(2.0)))
        return build.subtract(build.divide(da, b), second)
    relative = _relative_slope(build, b, memo)
    if relative is not None:
        return build.subtract(build.divide(da, b), build.multiply(node, relative))
    return build.divide(build.subtract(da, build.multiply(node, db)), b)


def _power(
    build: Simplifier, pair: tuple[int, int], slopes: tuple[int, int], node: int, memo: dict[int, int] | None
) -> int:
    (a, b), (da, db) = pair, slopes
    if memo is not None and build.is_zero(db) and (build.graph.constants[b] or 0.0) < 0:
        relative = _relative_slope(build, node, memo)
        if relative is not None:
            return build.multiply(node, relative)
    result = build.number(0.0)
    if not build.is_zero(da):
        result = build.multiply(build.multiply(b, build.power(a, build.less_one(b))), da)
    if not build.is_zero(db):
        is_e = build.graph.nodes[a] == ("named", "e")
        growth = node if is_e else build.multiply(build.call("log", a), node)
        result = build.add(result, build.multiply(growth, db))
    return result


def _relative_slope(build: Simplifier, node: int, memo: dict[int, int]) -> int | None:
    """u'/u of u = k + c exp(w) as c w'/(c + k exp(-w)), and of a power of such a sum; None for any other u."""
    operation, *arguments = build.graph.nodes[node]
    if operation == "pow" and build.is_zero(memo[arguments[1]]):
        relative = _relative_slope(build, arguments[0], memo)
        return None if relative is None else build.multiply(arguments[1], relative)
    if operation not in ("add", "sub"):
        return None
    for fixed, term in (arguments, arguments[::-1]):
        factor, rest = build.split(term)
        exponent = None if rest is None else _exponent(build.graph, rest)
        if exponent is None or not build.is_zero(memo[fixed]):
            continue
        if operation == "sub" and term == arguments[1]:
            factor = -factor
        elif operation == "sub":
            fixed = build.negate(fixed)
        decay = build.multiply(fixed, build.call("exp", build.negate(exponent)))
        return build.divide(
            build.multiply(build.number(factor), memo[exponent]), build.add(build.number(factor), decay)
        )
    return None


def _exponent(graph: Graph, node: int) -> int | None:
    """w if the node is exp(w) or e^w."""
    operation, *arguments = graph.nodes[node]
    if operation == "exp":
        return int(arguments[0])
    return int(arguments[1]) if operation == "pow" and graph.nodes[arguments[0]] == ("named", "e") else None
