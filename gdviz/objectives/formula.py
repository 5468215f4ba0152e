"""An objective typed as a formula."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gdviz.arrays import Array
from gdviz.cache import Recent
from gdviz.codes.tracing import Tracer
from gdviz.formulas import Expression, parse_expression
from gdviz.formulas.graph_numbers import GraphNumber
from gdviz.objectives.objective import MOST_KEPT_STEPS, Traced
from gdviz.objectives.quadratic import plain

_FORMULA_STEPS = Recent(64)


@dataclass(frozen=True)
class Formula:
    """An objective typed as text. Made by :func:`parse`; equal texts are equal objectives."""

    expression: Expression

    @property
    def text(self) -> str:
        return self.expression.text

    @property
    def variables(self) -> tuple[str, ...]:
        return self.expression.variables

    @property
    def latex(self) -> str:
        return self.expression.latex

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence for each thing in the text that was left out, renamed, or read in one of several ways."""
        return self.expression.notes

    @property
    def gradient_latex(self) -> tuple[str, ...]:
        """LaTeX of the n partial derivatives."""
        return self.expression.gradient_latex

    def value(self, theta: ArrayLike) -> Any:
        """Return f at theta (…, n), as shape (…); a float for a single point."""
        return plain(self.expression.array_value(*_columns(theta, self.variables)))

    def gradient(self, theta: ArrayLike) -> Array:
        """Return the exact gradient at theta (…, n), as shape (…, n)."""
        return np.stack(self.expression.array_gradient(*_columns(theta, self.variables)), axis=-1)

    def hessian(self, theta: ArrayLike) -> Array:
        """Return the exact Hessian at theta (…, n), as shape (…, n, n).

        Raises FormulaError where the second derivatives of a very long formula pass the limit on nodes.
        """
        rows = self.expression.array_hessian(*_columns(theta, self.variables))
        return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)

    @property
    def float_value(self) -> Callable[..., float]:
        return self.expression.float_value

    @property
    def float_gradient(self) -> Callable[..., tuple[float, ...]]:
        return self.expression.float_gradient

    def trace(self, at: Tracer) -> Traced:
        graph, value, slopes = self.expression.nodes
        known = dict(zip(self.variables, at.theta, strict=True))
        traced, *gradient = at.formula(graph, [value, *slopes], known)
        return traced, tuple(gradient)

    def trace_value(self, at: Tracer) -> GraphNumber:
        return self.trace(at)[0]

    def trace_hessian(self, at: Tracer) -> list[list[GraphNumber]]:
        graph, rows = self.expression.second_nodes
        known = dict(zip(self.variables, at.theta, strict=True))
        entries = iter(at.formula(graph, [entry for row in rows for entry in row], known))
        return [[next(entries) for _ in row] for row in rows]

    @property
    def kept_steps(self) -> Recent:
        kept: Recent = _FORMULA_STEPS.get(self.text, lambda: Recent(MOST_KEPT_STEPS))
        return kept


def parse(text: str) -> Formula:
    """Read a formula such as ``(1 - x)**2 + 100*(y - x**2)**2``.

    Raises :class:`FormulaError` (a ValueError) with ``.position`` and a sentence that says what is wrong, where, and
    what to do. Variables are ordered alphabetically when all are single letters, otherwise as they first appear.
    """
    return Formula(parse_expression(text))


def _columns(theta: ArrayLike, variables: Sequence[str]) -> list[Array]:
    points = np.asarray(theta, dtype=float)
    if points.ndim == 0 or points.shape[-1] != len(variables):
        names = ", ".join(variables)
        raise ValueError(
            f"theta needs {len(variables)} numbers in its last axis ({names}); its shape is {points.shape}."
        )
    return [points[..., i] for i in range(len(variables))]
