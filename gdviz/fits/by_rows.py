"""A fit for descents on some of its rows at a time."""

from __future__ import annotations

from dataclasses import dataclass

from gdviz.cache import Recent, cached_property
from gdviz.codes.tracing import Tracer
from gdviz.objectives import MOST_KEPT_STEPS, RowModel, Traced


@dataclass(frozen=True, eq=False)
class ByRows:
    """A ``fit`` as the mean over its rows, even where it is a quadratic form: a batch has only some of them."""

    fit: RowModel

    @property
    def variables(self) -> tuple[str, ...]:
        return self.fit.variables

    @cached_property
    def kept_steps(self) -> Recent:
        return Recent(MOST_KEPT_STEPS)

    def trace(self, at: Tracer) -> Traced:
        return self.fit.trace_rows(at)
