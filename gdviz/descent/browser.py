"""The descent as a JavaScript module."""

from __future__ import annotations

from typing import Any

from gdviz.codes import javascript
from gdviz.descent.checks import check_epochs
from gdviz.descent.step import can_trace, sequences_of, step_graph
from gdviz.objectives import Objective
from gdviz.optimizers import Optimizer, make_optimizer


def step_javascript(
    objective: Objective, optimizer: str | Optimizer = "gd", epochs: int = 1000, **hyperparameters: Any
) -> str:
    """Return an ES module whose ``descend(start, rates, tolerance)`` is :func:`gdviz.descend` in the browser.

    ``start`` are n numbers, ``rates`` the learning rate of each epoch or one number for ``epochs`` of them; it returns
    ``{thetas, gradients, values, stop}``: Float64Arrays that hold the rows of a :class:`Trajectory` one after the
    other, (k + 1) * n numbers, (k + 1) * n and k + 1, and a :class:`StopReason`'s value. The module needs nothing else:
    a fit's rows and the optimizer's numbers of each epoch are inside it. Where the optimizer has such numbers (NAdam,
    RAdam, noise, steered momentum), more than ``epochs`` rates raise a RangeError there.

    Where objective and optimizer have only + - * / and roots the numbers are the core's to the last bit; elsewhere they
    are within 1e-12 over 200 epochs where the descent is not chaotic, since each browser has its own sin and exp.
    Raises ValueError for optimizers that look at whole vectors or search, which stay in Python (Newton's method in more
    than two parameters among them).
    """
    method = make_optimizer(optimizer, **hyperparameters)
    if not can_trace(objective, method):
        raise ValueError(f"{method.title} has no JavaScript: it looks at more than each component alone.")
    epochs = check_epochs(epochs)
    n = len(objective.variables)
    return javascript.module(step_graph(objective, method), sequences_of(method, n, epochs), epochs)
