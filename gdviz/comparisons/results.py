"""What each contender came to: its run, how soon it reached the tolerance by either count, and who was first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gdviz.arrays import Array
from gdviz.comparisons.contenders import Comparison, Contender, labels
from gdviz.datasets import Table
from gdviz.descent import StopReason, Trajectory
from gdviz.experiments import Experiment, Task
from gdviz.verdict import Verdict


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
