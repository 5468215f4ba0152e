"""Objectives: what is minimized. Each is a frozen value with an exact value, gradient and Hessian."""

from gdviz.objectives.estimated import EstimatedGradient
from gdviz.objectives.formula import Formula, parse
from gdviz.objectives.objective import Objective, Traced
from gdviz.objectives.quadratic import Quadratic
from gdviz.objectives.row_model import RowModel

__all__ = [
    "EstimatedGradient",
    "Formula",
    "Objective",
    "Quadratic",
    "RowModel",
    "Traced",
    "parse",
]
