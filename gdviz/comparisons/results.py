"""What each contender came to: its run, how soon it reached the tolerance by either count, and who was first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.comparisons.contenders import Comparison, Contender, labels
from gdviz.datasets import Table
from gdviz.descent import StopReason, Trajectory
from gdviz.experiments import Experiment, Task
from gdviz.landscapes import Window
from gdviz.numerals import format_assignment, format_count, format_number
from gdviz.verdict import Verdict

Array = NDArray[np.float64]

_FAR = 10  # half widths of the window


@dataclass(frozen=True, eq=False)
class Result:
    """One contender's run.

    ``label`` is unique among the compared ones. ``experiment`` is the run's own: with it Descend shows this very run.
    ``numbers`` (k + 1,) are those of the epochs of a run that another program recorded, maybe every tenth of them:
    then ``contender`` and ``experiment`` say no more than its name, color and place, its rates are not known, and each
    epoch counts as one gradient.
    """

    contender: Contender
    label: str
    experiment: Experiment
    run: Trajectory
    verdict: Verdict
    numbers: Array | None = None

    @property
    def recorded(self) -> bool:
        """Whether another program made the run."""
        return self.numbers is not None

    @property
    def epochs(self) -> Array:
        """The number of each row's epoch, shape (k + 1,)."""
        return self.run.epoch_numbers if self.numbers is None else self.numbers

    @property
    def last_epoch(self) -> int:
        """The number of epochs that it took."""
        return round(float(self.epochs[-1]))

    @property
    def value(self) -> float:
        """The objective at the end."""
        return float(self.run.values[-1])

    @property
    def costs(self) -> Array:
        """Gradient evaluations paid for up to each iterate, shape (k + 1,); see :func:`costs`."""
        return costs(self.run) if self.numbers is None else self.numbers + 1.0

    @property
    def epochs_to_tolerance(self) -> int | None:
        """The epoch from which on the gradient's norm is at most the tolerance; None if it never is."""
        return self.last_epoch if self.run.stop_reason is StopReason.CONVERGED else None

    @property
    def evaluations_to_tolerance(self) -> int | None:
        """Gradient evaluations paid for until then, that of the iterate itself included; None if it never is."""
        return None if self.epochs_to_tolerance is None else round(float(self.costs[-1]))


def own_runs(results: Sequence[Result]) -> list[Result]:
    """Return those that gdviz can make anew."""
    return [result for result in results if not result.recorded]


def costs(run: Trajectory) -> Array:
    """Return the gradient evaluations that each iterate of ``run`` has cost by the time its own gradient is known.

    Shape (k + 1,). A Hessian counts as n gradients: that many differences of gradients would give it. Values alone,
    which searches ask for, cost a fraction of a gradient and are not counted.
    """
    if run.paid is None:
        return np.arange(1.0, run.epochs + 2)
    paid = run.paid @ np.array([1.0, len(run.variables)])
    paid[-1] = run.evaluations + len(run.variables) * run.hessian_evaluations  # with what a last, vain search cost
    return np.asarray(paid)


def compare(comparison: Comparison, table: Table | None = None) -> tuple[Result, ...]:
    """Run every contender. Raises ValueError where one cannot run here, such as a fit's method on a plain function.

    ``table`` is the visitor's own data, if the experiment fits them.

    >>> from gdviz.experiments import Experiment, Task
    >>> two = Comparison(Experiment(), (Contender("gd", 0.4), Contender("momentum", 0.1)))
    >>> [(r.label, r.epochs_to_tolerance) for r in compare(two)]
    [('Gradient descent', None), ('Momentum', None)]
    """
    results = []
    problem = comparison.experiment.problem(table)
    for contender, label in zip(comparison.contenders, labels(comparison.contenders), strict=True):
        task = Task(contender.of(comparison.experiment), problem)
        run = task.run()
        results.append(Result(contender, label, task.experiment, run, task.verdict(run)))
    return tuple(results)


def standing(results: Sequence[Result], tolerance: float) -> str:
    """Say in a few sentences who reached the tolerance first and by which count, or else who got lowest.

    A run that came to rest higher up than another, in a worse minimum or on a saddle, is not first.
    """
    if not results:
        return "There is nothing to compare yet: add a run."
    rested = [r for r in results if r.epochs_to_tolerance is not None]
    if not rested:
        return _lowest(results, tolerance)
    depth = min(r.value for r in rested)
    slack = 1e-6 * max(abs(float(r.run.values[0]) - depth) for r in rested)
    done = sorted((r for r in rested if r.value <= depth + slack), key=_paid)
    above = [r for r in rested if r not in done]
    first, last = done[0], done[-1]
    quickest = min(done, key=lambda r: r.last_epoch)
    ties = [r for r in done if _paid(r) == _paid(first)]
    if quickest.last_epoch < first.last_epoch:
        words = (
            f"**{first.label}** reached the tolerance with the fewest gradient evaluations ({_effort(first)}), "
            f"**{quickest.label}** in the fewest epochs ({_effort(quickest)})."
        )
    elif len(ties) > 1:
        words = f"{_listed(ties)} reached the tolerance together: {_effort(first)}."
    else:
        words = f"**{first.label}** reached the tolerance first: {_effort(first)}."
        if len(done) > 1:
            words += f" {last.label} took {_effort(last)}."
    if above:
        ends = ", ".join(f"**{r.label}** at {format_number(r.value)}" for r in above)
        words += f" Higher up came to rest: {ends} instead of {format_number(depth)}."
        if min(map(_paid, above)) <= _paid(first) or min(r.last_epoch for r in above) <= quickest.last_epoch:
            words = f"Of the runs that come lowest, {words}"
    if others := len(results) - len(rested):
        words += f" {_number(others)} did not reach it."
    return words


def far_paths(results: Sequence[Result], window: Window) -> list[str]:
    """Say of each path that leaves ``window`` by far how far it goes: the picture cannot show that."""
    low, high = np.array(window, dtype=float).T
    sentences = []
    for r in results:
        with np.errstate(all="ignore"):
            away = np.abs(r.run.thetas / 2 - (low + high) / 4) / (high / 4 - low / 4)
        epoch, axis = np.unravel_index(int(np.argmax(away)), away.shape)
        if away[epoch, axis] > _FAR:
            place = format_assignment((r.run.variables[axis],), (r.run.thetas[epoch, axis],))
            sentences.append(f"The path of **{r.label}** leaves the window by far: {place} at epoch {epoch:,}.")
    return sentences


def _lowest(results: Sequence[Result], tolerance: float) -> str:
    none = f"No run reached the tolerance (a slope of {format_number(tolerance)})"
    alive = [r for r in results if r.run.stop_reason is not StopReason.DIVERGED]
    if not alive:
        return f"{none}: all of them diverge. Lower their learning rates."
    best = min(alive, key=lambda r: r.value)
    words = f"{none}; **{best.label}** got lowest, to {format_number(best.value)} after {_effort(best)}."
    lost = len(results) - len(alive)
    return words + (f" {_number(lost)} diverged." if lost else "")


def _paid(result: Result) -> int:
    return round(float(result.costs[-1]))


def _effort(result: Result) -> str:
    return f"{format_count(result.last_epoch, 'epoch')}, {format_count(_paid(result), 'gradient evaluation')}"


def _listed(results: Sequence[Result]) -> str:
    names = [f"**{r.label}**" for r in results]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _number(count: int) -> str:
    words = ("None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight")
    return words[count] if count < len(words) else str(count)
