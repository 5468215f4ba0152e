"""What theory says of a descent: curvature and stability limits, and the verdict in plain words."""

from gdviz.theory.case import Kind, Verdict
from gdviz.theory.curvature import (
    Curvature,
    best_learning_rate,
    contraction,
    curvature,
    measured_rate,
    stability_limit,
)
from gdviz.theory.verdict import judge

__all__ = [
    "Curvature",
    "Kind",
    "Verdict",
    "best_learning_rate",
    "contraction",
    "curvature",
    "judge",
    "measured_rate",
    "stability_limit",
]
