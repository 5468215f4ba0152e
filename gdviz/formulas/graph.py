"""A hash-consed expression graph: equal subtrees are one node, so derivatives share instead of explode.

A node is a tuple ``(operation, *arguments)`` whose arguments are ids of earlier nodes; ids therefore are a
topological order, and everything that walks the graph is a loop over ids, never a recursion. Leaves are
``("number", repr)``, ``("named", "pi")`` and ``("var", name)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from gdviz.formulas.errors import FormulaError
from gdviz.formulas.functions import CONSTANTS, evaluate_constant

Node = tuple[Any, ...]
LEAVES = frozenset({"number", "named", "var"})


class Graph:
    """Nodes with, per node, its constant value (None if it depends on a variable) and the variables below it.

    ``masks[node]`` has bit k set when the node depends on ``names[k]``. ``limit`` bounds the number of nodes; beyond
    it ``add`` raises a FormulaError that begins with ``subject``.
    """

    def __init__(self, limit: int, subject: str = "The formula") -> None:
        self.limit = limit
        self.subject = subject
        self.nodes: list[Node] = []
        self.constants: list[float | None] = []
        self.masks: list[int] = []
        self.names: list[str] = []
        self._index: dict[Node, int] = {}

    def copy(self, limit: int, subject: str) -> Graph:
        """An independent graph with the same ids: lazy derivations work on copies, so threads share safely."""
        twin = Graph(limit, subject)
        twin.nodes, twin.constants, twin.masks = self.nodes.copy(), self.constants.copy(), self.masks.copy()
        twin.names, twin._index = self.names.copy(), self._index.copy()
        return twin

    def number(self, value: float) -> int:
        # Keyed by repr because 0.0 == -0.0 would merge two numbers that 1/u tells apart.
        node = ("number", repr(value))
        known = self._index.get(node)
        return self._append(node, value, 0) if known is None else known

    def named(self, name: str) -> int:
        node = ("named", name)
        known = self._index.get(node)
        return self._append(node, CONSTANTS[name], 0) if known is None else known

    def variable(self, name: str) -> int:
        node = ("var", name)
        known = self._index.get(node)
        if known is not None:
            return known
        self.names.append(name)
        return self._append(node, None, 1 << (len(self.names) - 1))

    def add(self, operation: str, *arguments: int) -> int:
        """The id of ``operation(*arguments)``, new or known."""
        node = (operation, *arguments)
        known = self._index.get(node)
        if known is not None:
            return known
        mask = 0
        for argument in arguments:
            mask |= self.masks[argument]
        constant = None if mask else evaluate_constant(operation, [self.constants[a] or 0.0 for a in arguments])
        return self._append(node, constant, mask)

    def _append(self, node: Node, constant: float | None, mask: int) -> int:
        if len(self.nodes) >= self.limit:
            raise FormulaError(
                f"{self.subject} needs more than {self.limit:,} operations, the limit: write a shorter formula."
            )
        self._index[node] = len(self.nodes)
        self.nodes.append(node)
        self.constants.append(constant)
        self.masks.append(mask)
        return len(self.nodes) - 1

    def mask_of(self, names: Iterable[str]) -> int:
        return sum(1 << self.names.index(name) for name in set(names))

    def arguments(self, node: int) -> tuple[int, ...]:
        entry = self.nodes[node]
        return () if entry[0] in LEAVES else entry[1:]

    def reachable(self, roots: Iterable[int]) -> list[int]:
        """Ids of all nodes below the roots, ascending, which is an order in which arguments come first."""
        return below(roots, self.arguments)


def copied(
    source: Graph,
    roots: Sequence[int],
    target: Graph,
    stands_for: Callable[[int], int | None],
    add: Callable[..., int] | None = None,
) -> list[int]:
    """Add what computes the roots to ``target``, and return their ids in it.

    ``stands_for`` gives the node of ``target`` in the place of one of ``source``, None where that is copied; ``add``
    adds an operation (``target.add`` if None).
    """
    ids: dict[int, int] = {}
    for node in source.reachable(roots):
        operation, *arguments = source.nodes[node]
        known = stands_for(node)
        if known is not None:
            ids[node] = known
        elif operation == "number":
            ids[node] = target.number(float(arguments[0]))
        elif operation == "named":
            ids[node] = target.named(arguments[0])
        elif operation == "var":
            ids[node] = target.variable(arguments[0])
        else:
            ids[node] = (add or target.add)(operation, *[ids[a] for a in arguments])
    return [ids[root] for root in roots]


def below(roots: Iterable[int], arguments: Callable[[int], Iterable[int]]) -> list[int]:
    """Return the roots and all nodes below them, ascending; ``arguments`` gives those that a node is made of."""
    seen = set(roots)
    stack = list(seen)
    while stack:
        for argument in arguments(stack.pop()):
            if argument not in seen:
                seen.add(argument)
                stack.append(argument)
    return sorted(seen)
