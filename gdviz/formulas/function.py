"""One function of a formula: its row in the table, and what its derivative and its expansion may build with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


class Nodes(Protocol):
    """What an expansion may build with; implemented by ``graph.Graph``. Nodes are int ids."""

    def number(self, value: float) -> int: ...
    def add(self, operation: str, *arguments: int) -> int: ...


class Builder(Protocol):
    """What a derivative rule may build with; implemented by ``simplify.Simplifier``. Nodes are int ids."""

    def number(self, value: float) -> int: ...
    def add(self, a: int, b: int) -> int: ...
    def subtract(self, a: int, b: int) -> int: ...
    def multiply(self, a: int, b: int) -> int: ...
    def divide(self, a: int, b: int) -> int: ...
    def negate(self, a: int) -> int: ...
    def power(self, a: int, b: int) -> int: ...
    def call(self, name: str, *arguments: int) -> int: ...
    def is_zero(self, node: int) -> bool: ...


Rule = Callable[[Builder, Sequence[int], Sequence[int], int], int]
"""(builder, arguments, derivatives of the arguments, the node itself) -> derivative of the node."""


Expansion = Callable[[Nodes, Sequence[int]], int]
"""(graph, arguments) -> the node of the same function made of others."""


@dataclass(frozen=True)
class Function:
    """One row of the table. ``arity`` None means two or more arguments.

    In machine code and JavaScript a function is what ``expanded`` makes of it, or else the function of this ``name`` in
    the C library and in ``Math``; sqrt, abs, comparisons and choices are instructions there.
    """

    name: str
    arity: int | None
    derivative: Rule
    float_code: Callable[..., Any]
    array_code: Callable[..., Any]
    latex: str
    typed: bool = True  # False for functions that only derivatives and steps use
    expanded: Expansion | None = None


def zero_rule(g: Builder, arguments: Sequence[int], derivatives: Sequence[int], node: int) -> int:
    """The rule of a function that is level between its jumps."""
    return g.number(0.0)
