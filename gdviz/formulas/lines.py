"""Straight-line arithmetic, apart from the numbers in it: what every code is written from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gdviz.formulas.graph import LEAVES, Graph, below


@dataclass(frozen=True)
class Lines:
    """Straight-line arithmetic. ``nodes[k]`` is ``("number", j)``, the j-th number given beside the lines,
    ``("var", name)``, or ``(operation, *earlier nodes)``; ``roots`` are the nodes wanted, in the order wanted.

    Operations: add sub mul div neg pow, abs sqrt, less less_equal both (1.0 or 0.0), where (condition, a, b), and the
    one-line functions of :mod:`gdviz.formulas.functions` that have no expansion (sin, exp, log, atan2, …).
    """

    nodes: tuple[tuple[Any, ...], ...]
    roots: tuple[int, ...]

    def arguments(self, node: int) -> tuple[int, ...]:
        """Return the nodes that ``node`` is made of; none for a leaf."""
        entry = self.nodes[node]
        return () if entry[0] in LEAVES else entry[1:]

    def count(self, kind: str) -> int:
        """Return how many nodes are of this kind."""
        return sum(entry[0] == kind for entry in self.nodes)

    def only(self, roots: Sequence[int]) -> Lines:
        """Return the same lines with these nodes wanted alone."""
        return replace(self, roots=tuple(roots))

    def needed(self) -> list[int]:
        """Return the nodes below the roots, arguments first."""
        return below(self.roots, self.arguments)


def lines_of(
    graph: Graph, roots: Sequence[int], names: Mapping[str, str] | None = None
) -> tuple[Lines, tuple[float, ...]]:
    """Return the lines that compute the roots, and their numbers; ``names`` are what its variables are called in
    them."""
    places: dict[int, int] = {}
    nodes: list[tuple[Any, ...]] = []
    numbers: list[float] = []
    for node in graph.reachable(roots):
        operation, *arguments = graph.nodes[node]
        if operation == "number":
            entry: tuple[Any, ...] = ("number", len(numbers))
            numbers.append(float(arguments[0]))
        elif operation == "var":
            entry = ("var", names[arguments[0]] if names else arguments[0])
        else:
            entry = (operation, *[places[a] for a in arguments])
        places[node] = len(nodes)
        nodes.append(entry)
    return Lines(tuple(nodes), tuple(places[root] for root in roots)), tuple(numbers)
