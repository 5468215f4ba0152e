"""An experiment: what to minimize, from where, how. Running it is a pure function of its fields (and uploaded data).

Once its problem is posed the two travel together, as a :class:`Task`: nothing is posed twice, and a visitor's own data
need no way of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from gdviz.datasets import Table
from gdviz.descent import (
    DEADLINE_SECONDS,
    DEFAULT_TOLERANCE,
    Trajectory,
    check_second_derivatives,
    check_together,
    descend,
)
from gdviz.descent.minibatch import check_batches, descend_minibatch, in_own_units
from gdviz.experiments.fitting import FITTED_FIELDS
from gdviz.experiments.posing import pose
from gdviz.experiments.problem import Problem
from gdviz.fits import Fit
from gdviz.learning_rates import Constant, LearningRate, Schedule, make_learning_rate, scheduled_rates
from gdviz.objectives import EstimatedGradient, Objective
from gdviz.optimizers import Optimizer, make_optimizer
from gdviz.optimizers.first_order import GradientDescent
from gdviz.presets import DEFAULT, PRESETS
from gdviz.verdict import Verdict, judge

GRADIENT_SOURCES = ("exact", "estimated")


@dataclass(frozen=True)
class Experiment:
    """Everything that determines a run.

    ``objective`` is a preset's key, ``"formula"`` (then ``formula`` is its text) or ``"fit"`` (then ``data`` names a
    data set or ``"upload"``, ``model`` is a formula over its columns and ``target`` a column). ``start`` has one
    number for each parameter. ``fit_loss``, ``delta``, ``ridge``, ``standardize`` and ``data_noise`` are those of
    :class:`gdviz.experiments.fitting.Fitted`; ``batch_size`` rows make a step of a fit (0: all of them), shuffled anew
    each epoch from ``shuffle_seed``. ``optimizer`` and ``learning_rate`` are values, such as ``Momentum(0.5)`` and
    ``Cosine(0.1)``; an optimizer's name and a number, which is a constant learning rate, are taken for them.
    ``gradient`` is ``"exact"``, or ``"estimated"`` by forward difference quotients with spacing ``h``. ``tolerance``
    is the gradient's norm at which a run has converged. ``seed`` draws random starts. Raises ValueError for an unknown
    optimizer or a value out of range.
    """

    objective: str = DEFAULT
    formula: str = ""
    data: str = ""
    model: str = ""
    target: str = ""
    start: tuple[float, ...] = PRESETS[DEFAULT].start
    learning_rate: LearningRate = Constant(PRESETS[DEFAULT].learning_rate)
    epochs: int = PRESETS[DEFAULT].epochs
    optimizer: Optimizer = GradientDescent()
    fit_loss: str = ""
    delta: float = 1.0
    ridge: float = 0.0
    standardize: bool = False
    data_noise: float = 0.0
    batch_size: int = 0
    shuffle_seed: int = 0
    gradient: str = "exact"
    h: float = 0.0001
    tolerance: float = DEFAULT_TOLERANCE
    seed: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "optimizer", make_optimizer(self.optimizer))
        object.__setattr__(self, "learning_rate", make_learning_rate(self.learning_rate))

    @property
    def eta(self) -> float:
        """The number that the user sets: the learning rate before a schedule or a search changes it."""
        return self.learning_rate.learning_rate

    def at_rate(self, eta: float) -> Experiment:
        """Return the experiment with another number for the rate, under the same schedule or search."""
        return replace(self, learning_rate=replace(self.learning_rate, learning_rate=eta))

    def problem(self, table: Table | None = None) -> Problem:
        """Return what is minimized. Raises ProblemError; ``table`` is the visitor's own data."""
        return pose(self.objective, self.formula, table, **{name: getattr(self, name) for name in FITTED_FIELDS})

    def posed(self, table: Table | None = None) -> Task:
        """Return the experiment with its problem, for all that is done with both; raises as :meth:`problem` does."""
        return Task(self, self.problem(table))

    def run(self, table: Table | None = None, *, deadline: float = DEADLINE_SECONDS) -> Trajectory:
        """Run the descent, for ``deadline`` seconds at most; theta is in the data's own units.

        Raises ProblemError or ValueError for bad fields.
        """
        return self.posed(table).run(deadline=deadline)

    def verdict(self, run: Trajectory, table: Table | None = None) -> Verdict:
        """Return the verdict on a ``run`` of this experiment; see :meth:`Task.verdict`."""
        return self.posed(table).verdict(run)


@dataclass(frozen=True)
class Task:
    """An experiment and the problem that it poses: all that a run needs."""

    experiment: Experiment
    problem: Problem

    def changed(self, **fields: Any) -> Task:
        """Return the task with other ``fields`` of the experiment, of those that leave the problem as it is."""
        return replace(self, experiment=replace(self.experiment, **fields))

    def at_rate(self, eta: float) -> Task:
        """Return the task with another number for the learning rate; see :meth:`Experiment.at_rate`."""
        return replace(self, experiment=self.experiment.at_rate(eta))

    @property
    def key(self) -> str:
        """A text that no other run shares, for memory: the experiment's fields, and the visitor's own data."""
        return f"{self.experiment!r} {self.problem.digest}"

    @property
    def ground_key(self) -> str:
        """The same for memory of the landscape: what determines the problem alone."""
        posing = [getattr(self.experiment, name) for name in ("objective", "formula", *FITTED_FIELDS)]
        return f"{posing} {self.problem.digest}"

    @property
    def is_as_offered(self) -> bool:
        """Whether the run is the one that the problem comes with: gradient descent from its start at its rate."""
        e, problem = self.experiment, self.problem
        usual = ("optimizer", "gradient", "batch_size", "standardize", "tolerance")
        offered = (problem.start, Constant(problem.learning_rate), problem.epochs)
        return (e.start, e.learning_rate, e.epochs) == offered and all(
            getattr(e, name) == getattr(Experiment, name) for name in usual
        )

    @property
    def start(self) -> tuple[float, ...]:
        """The start (n,) as :attr:`descended` knows it: standardized where the fit is."""
        return self.problem.inner(self.experiment.start)

    @property
    def descended(self) -> Objective:
        """The objective that the descent follows: the problem's, or its estimate by difference quotients."""
        objective: Objective = self.problem.descended
        return EstimatedGradient(objective, self.experiment.h) if self.experiment.gradient == "estimated" else objective

    @property
    def batched(self) -> Fit | None:
        """The fit whose rows each step takes a few of; None where a step sees the whole objective."""
        fit = self.problem.descended
        return fit if self.experiment.batch_size and isinstance(fit, Fit) else None

    def check(self) -> None:
        """Raise ValueError, in words, where a run would be refused, without a step of it."""
        e = self.experiment
        self._check_gradients()
        if self.batched is not None:
            check_batches(self.batched, e.optimizer, e.learning_rate, e.batch_size, e.shuffle_seed)
        check_together(self.descended, e.optimizer, e.learning_rate)
        check_second_derivatives(self.descended, e.optimizer, self.start)
        if isinstance(e.learning_rate, Schedule):
            scheduled_rates(e.learning_rate, e.epochs)

    def _check_gradients(self) -> None:
        if self.batched is not None and self.experiment.gradient == "estimated":
            raise ValueError(
                "Mini-batches take exact gradients: choose those, or let each step use all of the rows (batch size 0)."
            )

    def run(self, *, deadline: float = DEADLINE_SECONDS) -> Trajectory:
        """Run the descent, for ``deadline`` seconds at most; theta is in the data's own units.

        Raises ValueError for fields that do not go together.
        """
        run = self._moved(deadline)
        if self.problem.standardized is not None:
            run = in_own_units(self.problem.standardized, run)
        return replace(run, experiment=self.experiment)

    def _moved(self, deadline: float = DEADLINE_SECONDS) -> Trajectory:
        """The descent on the objective that it moves on."""
        self._check_gradients()
        e = self.experiment
        if self.batched is not None:
            return descend_minibatch(
                self.batched, self.start, e.learning_rate, e.epochs, e.optimizer,
                batch_size=e.batch_size, seed=e.shuffle_seed, deadline=deadline,
            )  # fmt: skip
        return descend(
            self.descended, self.start, e.learning_rate, e.epochs, e.optimizer, tolerance=e.tolerance, deadline=deadline
        )

    def verdict(self, run: Trajectory) -> Verdict:
        """Return the verdict on a ``run`` of this task.

        It judges by the curvature of what the descent moved on, and names places in the data's own units.
        """
        e, problem = self.experiment, self.problem
        scaled = problem.standardized is not None
        return judge(
            problem.descended,
            (run.moved or self._moved()) if scaled else run,
            e.eta,
            e.optimizer,
            tolerance=e.tolerance,
            minima=problem.minima,
            shown=run.thetas[-1] if scaled else None,
            batch_size=e.batch_size if problem.fit is not None and e.batch_size < problem.fit.rows else 0,
            h=e.h if e.gradient == "estimated" else None,
        )
