"""Where a formula has a kink or a jump: at abs and sign of 0, at ties of min and max, where a comparison turns over.

A comparison alone is no kink: both branches may join smoothly, as those of the Huber loss do. So each comparison near
its turn is turned, and there is a kink only if value or slope then differ.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gdviz.cache import cached_property
from gdviz.formulas import code
from gdviz.formulas.derivatives import gradient
from gdviz.formulas.errors import FormulaError
from gdviz.formulas.functions import COMPARISONS, KINKED
from gdviz.formulas.graph import Graph, copied
from gdviz.formulas.limits import MAX_GRADIENT_NODES

_ALIKE = 1e-9  # relative: two branches that join differ by rounding alone


class Kinks:
    """The kinks of the node ``root`` of ``graph``, a function of ``variables``."""

    def __init__(self, graph: Graph, root: int, variables: Sequence[str]) -> None:
        self._graph = graph
        self._root = root
        self._variables = tuple(variables)
        found = [n for n in graph.reachable([root]) if graph.nodes[n][0] in KINKED and graph.masks[n]]
        self._turns = [node for node in found if graph.nodes[node][0] in COMPARISONS]
        self._corners = [(graph.nodes[node][0], graph.arguments(node)) for node in found if node not in self._turns]

    def __bool__(self) -> bool:
        return bool(self._turns or self._corners)

    def at(self, floats: Sequence[float], tolerance: float) -> bool:
        """Whether a kink is within ``tolerance`` of 0, as measured by what is compared there."""
        point = [np.float64(value) for value in floats]
        with np.errstate(all="ignore"):
            if self._corners:
                values = iter(self._corner_kernel(*point))
                if any(_gap(name, [next(values) for _ in below]) <= tolerance for name, below in self._corners):
                    return True
            return bool(self._turns) and self._turned(point, tolerance)

    def _turned(self, point: list[Any], tolerance: float) -> bool:
        """Whether turning the comparisons near their turn, one by one or all, changes value or slopes."""
        sides = np.reshape(self._turn_kernel(*point), (-1, 3))
        near = np.abs(sides[:, 0] - sides[:, 1]) <= tolerance
        if not near.any():
            return False
        if self._branch_kernel is None:
            return True
        held = sides[:, 2]
        here = self._branches(point, held)
        several = [np.where(near, 1.0 - held, held)]
        for k in np.flatnonzero(near):
            several.append(held.copy())
            several[-1][k] = 1.0 - held[k]
        return any(not np.allclose(here, self._branches(point, truths), _ALIKE, _ALIKE, True) for truths in several)

    def _branches(self, point: list[Any], truths: Any) -> Any:
        assert self._branch_kernel is not None
        return np.array(self._branch_kernel(*point, *truths), dtype=float)

    @cached_property
    def _corner_kernel(self) -> Callable[..., Any]:
        roots = [argument for _, below in self._corners for argument in below]
        return code.compile_array(self._graph, roots, self._variables)

    @cached_property
    def _turn_kernel(self) -> Callable[..., Any]:
        """Both sides and the value of each comparison."""
        roots = [node for turn in self._turns for node in (*self._graph.arguments(turn), turn)]
        return code.compile_array(self._graph, roots, self._variables)

    @cached_property
    def _branch_kernel(self) -> Callable[..., Any] | None:
        """Value and slopes as functions of the variables and of what each comparison gives; None if too long."""
        graph = Graph(MAX_GRADIENT_NODES)
        truths = [f"?{k}" for k in range(len(self._turns))]

        def truth(node: int) -> int | None:
            return graph.variable(truths[self._turns.index(node)]) if node in self._turns else None

        try:
            root = copied(self._graph, [self._root], graph, truth)[0]
            names = [name for name in self._variables if name in graph.names]
            roots = [root, *gradient(graph, root, names)]
        except FormulaError:
            return None
        return code.compile_array(graph, roots, (*self._variables, *truths))


def _gap(operation: str, values: list[float]) -> float:
    """Distance of abs, sign, min or max from its kink."""
    if operation in ("abs", "sign"):
        return abs(values[0])
    ordered = sorted(values, reverse=operation == "max")
    return abs(ordered[0] - ordered[1])
