"""Descents: one recorded path, the ends of many, and why each ended."""

from gdviz.descent.batch import descend_batch
from gdviz.descent.browser import step_javascript
from gdviz.descent.checks import MAX_EPOCHS, check_epochs, check_second_derivatives, check_start, check_together
from gdviz.descent.path import DEADLINE_SECONDS, DEFAULT_TOLERANCE, descend, gradient_step
from gdviz.descent.trajectory import BatchResult, StopReason, Trajectory

__all__ = [
    "DEADLINE_SECONDS",
    "DEFAULT_TOLERANCE",
    "MAX_EPOCHS",
    "BatchResult",
    "StopReason",
    "Trajectory",
    "check_epochs",
    "check_second_derivatives",
    "check_start",
    "check_together",
    "descend",
    "descend_batch",
    "gradient_step",
    "step_javascript",
]
