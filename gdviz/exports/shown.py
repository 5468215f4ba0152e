"""A run shown in a notebook: the live page of :mod:`gdviz.exports.page_file`, in a frame of its own."""

from __future__ import annotations

from html import escape

from gdviz.descent import Trajectory
from gdviz.experiments import FORMULA, Experiment, Problem, Task
from gdviz.exports.page_file import to_page
from gdviz.exports.subject import subject_of
from gdviz.landscapes import choose_window


def page_of(run: Trajectory) -> str:
    """Return the live page of a run as one HTML file.

    Raises ValueError for a run that knows neither its experiment nor what it descended on.
    """
    return to_page(subject_of(task_of(run), run), with_data=True)


def frame_of(run: Trajectory) -> str:
    """Return an inline frame with the live page, for a notebook's output."""
    return (
        f'<iframe srcdoc="{escape(page_of(run))}" title="Gradient descent" width="100%" height="820" '
        'style="border:0" sandbox="allow-scripts"></iframe>'
    )


def task_of(run: Trajectory) -> Task:
    """Return the task that a run was made for."""
    if isinstance(run.experiment, Experiment) and run.experiment.data != "upload":
        return run.experiment.posed()
    if run.source is None:
        raise ValueError("This run does not know what it descended on: descend anew, or export it by its experiment.")
    objective, method, rate, epochs, tolerance = run.source
    start = tuple(run.thetas[0].tolist())
    problem = Problem(
        objective=objective,
        title="Gradient descent",
        start=start,
        window=choose_window(objective, start),
        minima=(),
        learning_rate=rate.learning_rate,
        epochs=epochs,
    )
    text = getattr(objective, "text", "")
    experiment = Experiment(
        objective=FORMULA, formula=text, start=start, learning_rate=rate, epochs=epochs, optimizer=method,
        tolerance=tolerance,
    )  # fmt: skip
    return Task(experiment, problem)
