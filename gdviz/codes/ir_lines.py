"""Lines written as LLVM's intermediate representation: what no loop moves before it, for all lanes at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from gdviz.codes.ir import Code, Value
from gdviz.formulas.lines import Lines


class Written:
    """Lines while they are written into ``code``: ``values`` are those of the nodes that are there already."""

    def __init__(self, code: Code, lines: Lines, variables: Mapping[str, Value], numbers: str) -> None:
        self.code, self.lines, self.variables = code, lines, dict(variables)
        self.values: dict[int, Value] = {}
        self._numbers = numbers
        self._wide: dict[int, Value] = {}

    def write(self, nodes: Iterable[int]) -> None:
        """Write these nodes, whose arguments are among them or there already."""
        for node in nodes:
            if node not in self.values:
                self.values[node] = self._written(node)

    def _written(self, node: int) -> Value:
        operation, *arguments = self.lines.nodes[node]
        if operation == "number":
            return self.code.load(self._numbers, arguments[0])
        if operation == "var":
            return self.variables[arguments[0]]
        values = [self.values[a] for a in arguments]
        if any(value.wide for value in values):
            values = [self.wide(a) for a in arguments]
        return self.code.operation(operation, values)

    def numbers(self, nodes: Iterable[int]) -> list[Value]:
        """Return the values of these nodes, flags as 1 and 0."""
        return [self.code.number(self.values[node]) for node in nodes]

    def wide(self, node: int) -> Value:
        """Return the node's value with a copy for each lane."""
        if node not in self._wide:
            self._wide[node] = self.code.wide(self.values[node])
        return self._wide[node]

    def write_fixed(self, moving: Iterable[str], wide: Iterable[str]) -> list[int]:
        """Write what no variable in ``moving`` enters, with copies for the lanes where what ``wide`` variables enter
        needs them; return the other nodes, which a loop has to compute."""
        nodes = self.lines.needed()
        moved, lanes = entered(self.lines, nodes, moving), entered(self.lines, nodes, wide)
        self.write([node for node in nodes if node not in moved])
        used = {a for node in nodes if node in lanes for a in self.lines.arguments(node)}
        for node in sorted(used - moved):
            self.wide(node)
        return [node for node in nodes if node in moved]


def entered(lines: Lines, nodes: Sequence[int], names: Iterable[str]) -> set[int]:
    """Return those of ``nodes``, arguments first, which one of the variables ``names`` enters."""
    wanted, found = set(names), set[int]()
    for node in nodes:
        entry = lines.nodes[node]
        if entry[1] in wanted if entry[0] == "var" else any(a in found for a in lines.arguments(node)):
            found.add(node)
    return found
