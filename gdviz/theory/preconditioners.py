"""The scales that Adam and its kin divide each component by, along a recorded run.

While they change slowly, such a method is plain or averaged descent on the Hessian divided by them, P^-1/2 H P^-1/2,
and its limit is that of plain, averaged or averaged Nesterov momentum (Cohen et al., arXiv:2207.14484, section 2).
Scales and limit are read off the optimizer's own lines (:mod:`gdviz.theory.linear`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gdviz.arrays import Array
from gdviz.descent import Trajectory
from gdviz.numerals import format_number
from gdviz.theory.linear import LinearStep, linear_step, scales_along


@dataclass(frozen=True)
class Preconditioner:
    """``along`` gives the scales P (k + 1, n) of a run, those of the step that leaves each row; ``largest`` is the
    largest stable learning_rate * eigenvalue of the Hessian seen through them, ``limit_text`` its formula over eta."""

    along: Callable[[Trajectory], Array]
    largest: float
    limit_text: str


def preconditioner_of(optimizer: Any) -> Preconditioner | None:
    """Return the preconditioner of ``optimizer``, or None for one that has no such scales."""
    step = linear_step(optimizer)
    if step is None or step.held is None:
        return None
    return Preconditioner(lambda run: scales_along(optimizer, step, run), step.largest, _limit_text(step))


def _limit_text(step: LinearStep) -> str:
    """Return the limit in the words of a textbook, or in numbers."""
    beta = step.e
    if not step.moving:
        return "2/η"
    if np.isclose(step.a, beta - 1):
        return "(2 + 2β₁)/((1 − β₁)η)"
    if np.isclose(step.a, beta**2 - 1, rtol=1e-4):
        return "(2 + 2β₁)/((1 + 2β₁)(1 − β₁)η)"
    return f"{format_number(step.largest)}/η"
