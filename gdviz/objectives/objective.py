"""Objectives: what is minimized. Each is a frozen value with an exact value, gradient and Hessian.

Every objective answers in two ways, because one path and a million points want different code:

* arrays: ``value``, ``gradient``, ``hessian`` take theta of shape (…, n) and return (…), (…, n), (…, n, n);
* floats: ``float_value``, ``float_gradient`` take n Python floats and are the fast lane of one descent that searches.
  They may raise ArithmeticError or ValueError where IEEE arithmetic gives inf or nan, as the arrays then do.

Those that a descent can be made into code for also write themselves down as graph numbers: ``trace`` gives value and
gradient, ``trace_value`` the value alone, both at a :class:`gdviz.codes.tracing.Tracer`; ``trace_hessian``, where they
have it, the second derivatives, row by row. ``kept_steps`` holds what was made of it for the optimizers that were asked
for last.
"""

from __future__ import annotations

from typing import Any, Protocol

from numpy.typing import ArrayLike

from gdviz.arrays import Array
from gdviz.formulas.graph_numbers import GraphNumber

Traced = tuple[GraphNumber, tuple[GraphNumber, ...]]  # the value, and the gradient's n components

MOST_KEPT_STEPS = 8  # optimizers of one objective


class Objective(Protocol):
    """What a descent needs to know of a function of n parameters."""

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the n parameters, in the order of every theta."""
        ...

    @property
    def latex(self) -> str:
        """The function in LaTeX, without dollar signs."""
        ...

    def value(self, theta: ArrayLike) -> Any:
        """Return the value at theta (…, n), as shape (…), a float for a single point; inf or nan where there is none.

        Raises ValueError for another number of parameters.
        """
        ...

    def gradient(self, theta: ArrayLike) -> Array:
        """Return the gradient at theta (…, n), as shape (…, n)."""
        ...

    def hessian(self, theta: ArrayLike) -> Array:
        """Return the Hessian at theta (…, n), as shape (…, n, n).

        Raises FormulaError where the second derivatives of a very long formula pass the limit on its size.
        """
        ...

    def float_value(self, *theta: float) -> float:
        """Return the value at n floats; may raise ArithmeticError or ValueError for inf or nan."""
        ...

    def float_gradient(self, *theta: float) -> tuple[float, ...]:
        """Return the n slopes at n floats; raises as ``float_value`` does."""
        ...
