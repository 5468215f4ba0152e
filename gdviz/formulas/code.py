"""Straight-line Python source from a graph, compiled for floats or for arrays.

The source is made only of ``v<N>`` names, float literals, operators and the function names of ``functions.FUNCTIONS``;
it runs with no builtins. Names are reused once their value is dead, so an array function holds few temporaries.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from gdviz.formulas.functions import ARRAY_NAMESPACE, FLOAT_NAMESPACE
from gdviz.formulas.graph import LEAVES, Graph
from gdviz.formulas.limits import MAX_INLINE_DEPTH
from gdviz.formulas.lowering import lower

_INFIX = {"add": "+", "sub": "-", "mul": "*", "div": "/"}
_VALUE_NAME = re.compile(r"\bv(\d+)\b")


def generate(graph: Graph, roots: Sequence[int], variables: Sequence[str], single: bool = False) -> str:
    """Source of ``def formula(v0, v1, ...)`` returning the roots as a tuple (or the only root if ``single``)."""
    lowered, targets = lower(graph, roots)
    return _Writer(lowered, targets, variables).source(single)


def compile_float(source: str) -> Callable[..., Any]:
    """The generated function on Python floats; it may raise OverflowError, ZeroDivisionError or ValueError."""
    return _compile(source, FLOAT_NAMESPACE)


def compile_array(source: str) -> Callable[..., Any]:
    """The generated function on NumPy arrays and scalars; the caller sets ``np.errstate``."""
    return _compile(source, ARRAY_NAMESPACE)


def _compile(source: str, shared: dict[str, Any]) -> Callable[..., Any]:
    namespace = shared.copy()
    # Generated text only: names v<N>, float literals, and function names of the table; never what a user typed.
    exec(compile(source, "<generated formula>", "exec"), namespace)  # noqa: S102
    function: Callable[..., Any] = namespace["formula"]
    return function


class _Writer:
    """Writes one function: operations used once are nested a little, all others are statements."""

    def __init__(self, graph: Graph, roots: Sequence[int], variables: Sequence[str]) -> None:
        self.graph = graph
        self.roots = roots
        self.variables = variables
        self.order = graph.reachable(roots)
        self.uses = Counter(argument for node in self.order for argument in graph.arguments(node))
        self.uses.update(roots)
        self.text: dict[int, str] = {}
        self.depth: dict[int, int] = {}
        self.statements: list[tuple[int, str]] = []

    def source(self, single: bool) -> str:
        names = ", ".join(f"v{k}" for k in range(len(self.variables)))
        for node in self.order:
            self._place(node)
        results = [self.text[root] for root in self.roots]
        result = results[0] if single else "(" + "".join(f"{text}, " for text in results) + ")"
        lines, result = self._reuse_names(result)
        return "\n ".join([f"def formula({names}):", *lines, f"return {result}"]) + "\n"

    def _place(self, node: int) -> None:
        """Give the node its text: a literal, a parameter, a nested expression, or the name of a new statement."""
        operation, *arguments = self.graph.nodes[node]
        self.depth[node] = 0
        if operation == "number":
            self.text[node] = _literal(float(arguments[0]))
        elif operation == "var":
            self.text[node] = f"v{self.variables.index(arguments[0])}"
        else:
            expression = self._expression(operation, arguments)
            depth = 1 + max(self.depth[argument] for argument in arguments)
            if self.uses[node] == 1 and depth <= MAX_INLINE_DEPTH:
                self.text[node], self.depth[node] = expression, depth
            else:
                number = len(self.variables) + len(self.statements)
                self.statements.append((number, expression))
                self.text[node] = f"v{number}"

    def _expression(self, operation: str, arguments: Sequence[int]) -> str:
        texts = [self.text[argument] for argument in arguments]
        if operation in _INFIX:
            return f"({texts[0]} {_INFIX[operation]} {texts[1]})"
        if operation == "neg":
            return f"(-{texts[0]})"
        return f"{operation}({', '.join(texts)})"

    def _reuse_names(self, result: str) -> tuple[list[str], str]:
        """Rename so that a statement may take over the name of a value that is not read any more."""
        last_read = {name: position for position, (_, text) in enumerate(self.statements)
                     for name in _VALUE_NAME.findall(text)}  # fmt: skip
        kept = set(_VALUE_NAME.findall(result)) | {str(k) for k in range(len(self.variables))}
        renamed = {str(k): f"v{k}" for k in range(len(self.variables))}
        free: list[str] = []
        lines: list[str] = []
        for position, (number, text) in enumerate(self.statements):
            line = _VALUE_NAME.sub(lambda match: renamed[match[1]], text)
            free += [renamed[name] for name in set(_VALUE_NAME.findall(text))
                     if last_read[name] == position and name not in kept]  # fmt: skip
            renamed[str(number)] = free.pop() if free else f"v{len(self.variables) + len(lines)}"
            lines.append(f"{renamed[str(number)]} = {line}")
        return lines, _VALUE_NAME.sub(lambda match: renamed[match[1]], result)


def _literal(value: float) -> str:
    """A float literal; inf and nan are names of the namespace."""
    if math.isnan(value):
        return "nan"
    return repr(value) if value > 0 or (value == 0 and math.copysign(1.0, value) > 0) else f"({value!r})"


assert not LEAVES & set(_INFIX)
