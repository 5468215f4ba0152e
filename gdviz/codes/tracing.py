"""How objectives are traced, and how the traced graph becomes the one that codes are made from: functions expanded,
constants folded."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from copy import copy

import numpy as np

from gdviz.arrays import Array
from gdviz.formulas import graph
from gdviz.formulas.functions import FUNCTIONS
from gdviz.formulas.graph import Graph
from gdviz.formulas.graph_numbers import GraphNumber, graph_variable
from gdviz.formulas.lowering import lower


def copied(source: Graph, roots: Sequence[int], target: Graph, leaves: Mapping[str, int]) -> list[int]:
    """Add what computes the roots to ``target``, with ``leaves[name]`` in the place of each variable.

    Functions that have an expansion are expanded. Returns the roots' ids in ``target``.
    """

    def leaf(node: int) -> int | None:
        operation, *arguments = source.nodes[node]
        return leaves[arguments[0]] if operation == "var" else None

    def expanded(operation: str, *operands: int) -> int:
        expand = FUNCTIONS[operation].expanded if operation in FUNCTIONS else None
        return expand(target, operands) if expand else target.add(operation, *operands)

    return graph.copied(source, roots, target, leaf, expanded)


def finished(source: Graph, roots: Sequence[int]) -> tuple[Graph, list[int]]:
    """Return a graph that computes the roots with constants folded and whole powers as products."""
    whole = Graph(sys.maxsize)
    leaves = {name: whole.variable(name) for name in source.names}
    return lower(whole, copied(source, roots, whole, leaves))


class Tracer:
    """The point at which an objective writes itself down as graph numbers.

    ``theta`` are the n parameters; ``row_theta`` the same ones in the graph of one row of data, whose terms
    :meth:`mean` takes the mean of.
    """

    def __init__(self, n: int) -> None:
        self.graph, self.row_graph = Graph(sys.maxsize), Graph(sys.maxsize)
        self.theta = tuple(graph_variable(self.graph, f"theta{i}") for i in range(n))
        self.row_theta = tuple(graph_variable(self.row_graph, f"theta{i}") for i in range(n))
        self.columns: list[Array] = []
        self.terms: list[int] = []
        self._moves: tuple[tuple[int, float], ...] = ()

    def moved(self, i: int, h: float) -> Tracer:
        """Return the point h further along parameter i, which writes into the same graphs."""
        other = copy(self)
        other.theta = tuple(x + h if k == i else x for k, x in enumerate(self.theta))
        other.row_theta = tuple(x + h if k == i else x for k, x in enumerate(self.row_theta))
        other._moves = (*self._moves, (i, h))
        return other

    def column(self, values: Array) -> GraphNumber:
        """Return one row's number of a column (m,), for the graph of one row."""
        places = [k for k, known in enumerate(self.columns) if known is values]
        if not places:
            self.columns.append(values)
            places = [len(self.columns) - 1]
        return graph_variable(self.row_graph, f"column{places[0]}")

    def own_theta(self) -> GraphNumber:
        """Return parameter r in row r, for sums over the parameters."""
        own = graph_variable(self.row_graph, "own_theta")
        for i, h in self._moves:
            own = own + h * self.column(np.eye(len(self.theta))[i])
        return own

    def total(self, term: GraphNumber) -> GraphNumber:
        """Return the sum of ``term``, a number of the graph of one row, over all rows."""
        if term.node not in self.terms:
            self.terms.append(term.node)
        return graph_variable(self.graph, f"total{self.terms.index(term.node)}")

    def mean(self, term: GraphNumber) -> GraphNumber:
        """Return the mean of ``term``, a number of the graph of one row, over all rows."""
        return self.total(term) / graph_variable(self.graph, "count")

    def formula(self, graph: Graph, roots: Sequence[int], arguments: Mapping[str, GraphNumber]) -> list[GraphNumber]:
        """Return a formula's nodes at these arguments, which are all of one of the two graphs."""
        target = next(iter(arguments.values())).graph
        leaves = {name: number.node for name, number in arguments.items()}
        return [GraphNumber(target, node) for node in copied(graph, roots, target, leaves)]
