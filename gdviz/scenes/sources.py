"""What the pictures of a run are computed from. Here everything is computed anew; the page has one that remembers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gdviz.descent import Trajectory
from gdviz.experiments import Task
from gdviz.fits import summarize
from gdviz.landscapes import Curve, Landscape, Window, choose_window, curve, landscape
from gdviz.theory import Envelope, SharpnessRecord, envelope, sharpness_along


class Sources:
    """The numbers behind the pictures of a task."""

    def run(self, task: Task) -> Trajectory:
        """Return the run of ``task``."""
        return task.run()

    def predicted(self, task: Task) -> Envelope | None:
        """Return the envelope that theory predicts for the task's run, None where it predicts none."""
        return predicted(task, self.run(task))

    def sharpness(self, task: Task) -> SharpnessRecord | None:
        """Return the sharpness along the task's run, None where second derivatives are too long."""
        return sharpness(task, self.run(task))

    def scores(self, task: Task) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Return up to 120 epochs of a fit's run and R² at each."""
        return scores(task, self.run(task))

    def slice_of(self, task: Task, box: Window, axes: tuple[int, int], at: tuple[float, ...]) -> Landscape:
        """Return the landscape over two parameters, the others held at ``at``."""
        problem = task.problem
        return landscape(
            problem.objective, tuple(box[i] for i in axes), axes, at if len(problem.variables) > 2 else None
        )

    def curve_of(self, task: Task, box: Window, axis: int = 0) -> Curve:
        """Return the objective along one parameter, the others held at the start."""
        problem = task.problem
        start = task.experiment.start
        return curve(problem.objective, box[axis], axis, start if len(problem.variables) > 1 else None)


def predicted(task: Task, run: Trajectory) -> Envelope | None:
    """Return the envelope that theory predicts for a ``run`` of ``task``.

    None where it predicts none, and where the steps are not those of the exact gradient of what is drawn: in batches,
    with estimated gradients, on standardized columns.
    """
    e = task.experiment
    if task.batched is not None or e.gradient != "exact" or run.moved is not None:
        return None
    return envelope(task.problem.objective, run, e.optimizer, e.eta)


def sharpness(task: Task, run: Trajectory) -> SharpnessRecord | None:
    """Return the sharpness along a ``run`` of ``task``, of what it moved on; None where second derivatives are too
    long."""
    e = task.experiment
    return sharpness_along(task.problem.descended, run.moved or run, e.optimizer, e.eta)


def scores(task: Task, run: Trajectory) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return up to 120 epochs of a ``run`` of a fit, and R² (m,) at each."""
    # Close together at the start, where a fit improves fastest.
    epochs = np.unique(np.append(0, np.geomspace(1, max(1, run.epochs), 120).astype(int)))
    epochs = epochs[epochs <= run.epochs]
    return epochs, np.array([summarize(task.problem.objective, theta).r_squared for theta in run.thetas[epochs]])


def window(task: Task) -> Window:
    """Return the drawn box: the problem's own, or a wider one where the start lies outside of it.

    It does not depend on the learning rate, so the landscape stands still while the rate is dragged.
    """
    problem, start = task.problem, task.experiment.start
    inside = all(low <= x <= high for x, (low, high) in zip(start, problem.window, strict=True))
    if inside:
        return problem.window
    wide = choose_window(problem.objective, start, problem.minimizers)
    return tuple((min(low, a), max(high, b)) for (low, high), (a, b) in zip(problem.window, wide, strict=True))
