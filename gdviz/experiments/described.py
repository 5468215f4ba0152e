"""A task as plain numbers: all that a browser needs to run it besides the step itself."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np

from gdviz.experiments.experiment import Task
from gdviz.fits.scaling import Scaling


def described(task: Task) -> dict[str, Any]:
    """Return the numbers of a task's run by their names, ready for JSON."""
    e, standardized = task.experiment, task.problem.standardized
    return {
        "variables": list(task.problem.variables),
        "start": list(e.start),
        "epochs": e.epochs,
        "tolerance": e.tolerance,
        "settings": settings_of(task),
        "minimum": task.problem.lowest,
        "scaling": None if standardized is None else _matrices(standardized.scaling),
    }


def numbers_of(owner: Any) -> dict[str, float]:
    """Return an optimizer's or a learning rate's numbers by their names."""
    return {f.name: float(getattr(owner, f.name)) for f in fields(owner) if not f.metadata.get("text")}


def settings_of(task: Task) -> dict[str, float]:
    """Return all numbers of the optimizer and the learning rate by their names."""
    return numbers_of(task.experiment.learning_rate) | numbers_of(task.experiment.optimizer)


def _matrices(scaling: Scaling) -> dict[str, list[float]]:
    """The way from standardized parameters to the data's own and back, and that of gradients: (n, n), row by row."""
    one = np.eye(len(scaling.scales))
    found = {"own": scaling.own(one), "inner": scaling.scaled(one), "gradients": scaling.own_gradients(one)}
    return {name: matrix.T.ravel().tolist() for name, matrix in found.items()}
