"""Objectives: what is minimized. Each is a frozen value with an exact value, gradient and Hessian."""

from gdviz.objectives.least_squares import (
    MOST_KEPT_STEPS,
    EstimatedGradient,
    Formula,
    LeastSquares,
    Objective,
    Traced,
    parse,
)
from gdviz.objectives.quadratic import Quadratic

__all__ = [
    "MOST_KEPT_STEPS",
    "EstimatedGradient",
    "Formula",
    "LeastSquares",
    "Objective",
    "Quadratic",
    "Traced",
    "parse",
]
