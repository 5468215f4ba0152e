"""A run shown in a notebook: the live page of :mod:`gdviz.exports.page_file`, in a frame of its own."""

from __future__ import annotations

from html import escape

from gdviz.descent import Trajectory
from gdviz.experiments import FORMULA, UPLOAD, Experiment, Problem, Task
from gdviz.exports.page_file import framed, to_page
from gdviz.exports.subject import subject_of
from gdviz.landscapes import choose_window
from gdviz.numerals import format_count

_FEW = 5  # epochs at either end of a run that is shown as a table


def page_of(run: Trajectory) -> str:
    """Return the live page of a run as one HTML file.

    Raises ValueError for a run that knows neither its experiment nor what it descended on.
    """
    return to_page(subject_of(task_of(run), run), with_data=True)


def frame_of(run: Trajectory) -> str:
    """Return an inline frame with the live page, for a notebook's output.

    A run that does not know what it descended on, such as one put together by hand, has a table instead.
    """
    try:
        return framed(page_of(run))
    except ValueError:
        return _table(run)


def task_of(run: Trajectory) -> Task:
    """Return the task that a run was made for."""
    if isinstance(run.experiment, Experiment) and run.experiment.data != UPLOAD:
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


def _table(run: Trajectory) -> str:
    """The first and the last epochs of a run."""
    rows = [*range(min(_FEW, run.epochs + 1)), *range(max(_FEW, run.epochs + 1 - _FEW), run.epochs + 1)]
    names = ("epoch", *run.variables, "value")
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    lines = [[k, *run.thetas[k].tolist(), float(run.values[k])] for k in rows]
    body = "".join("<tr>" + "".join(f"<td>{escape(repr(cell))}</td>" for cell in line) + "</tr>" for line in lines)
    ended = f"{format_count(run.epochs, 'epoch')}; ended: {run.stop_reason.value}"
    return f"<table><caption>{ended}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
