"""An experiment: what to minimize, from where, how. Running it is a pure function of its fields (and uploaded data)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gdviz.datasets import Table
from gdviz.descent import DEADLINE_SECONDS, DEFAULT_TOLERANCE, Trajectory, descend
from gdviz.descent.minibatch import descend_minibatch, in_own_units
from gdviz.experiments.fitting import FITTED_FIELDS
from gdviz.experiments.posing import pose
from gdviz.experiments.problem import Problem
from gdviz.fits import Fit
from gdviz.learning_rates import LearningRate, make_learning_rate
from gdviz.objectives import EstimatedGradient, Objective
from gdviz.optimizers import Optimizer, make_optimizer
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
    each epoch from ``shuffle_seed``. ``hyperparameters`` are the optimizer's own, as (name, value) pairs.
    ``schedule`` names what becomes of ``learning_rate`` from epoch to epoch, with ``schedule_parameters`` of its own.
    ``gradient`` is ``"exact"``, or ``"estimated"`` by forward difference quotients with spacing ``h``. ``tolerance``
    is the gradient's norm at which a run has converged. ``seed`` draws random starts.
    """

    objective: str = DEFAULT
    formula: str = ""
    data: str = ""
    model: str = ""
    target: str = ""
    start: tuple[float, ...] = PRESETS[DEFAULT].start
    learning_rate: float = PRESETS[DEFAULT].learning_rate
    epochs: int = PRESETS[DEFAULT].epochs
    optimizer: str = "gd"
    hyperparameters: tuple[tuple[str, float | str], ...] = ()
    fit_loss: str = ""
    delta: float = 1.0
    ridge: float = 0.0
    standardize: bool = False
    data_noise: float = 0.0
    batch_size: int = 0
    shuffle_seed: int = 0
    schedule: str = "constant"
    schedule_parameters: tuple[tuple[str, float | str], ...] = ()
    gradient: str = "exact"
    h: float = 0.0001
    tolerance: float = DEFAULT_TOLERANCE
    seed: int = 0

    def problem(self, table: Table | None = None) -> Problem:
        """Return what is minimized. Raises ProblemError; ``table`` is the visitor's own data."""
        return pose(self.objective, self.formula, table, **{name: getattr(self, name) for name in FITTED_FIELDS})

    def descended(self, problem: Problem) -> Objective:
        """Return the objective that the descent follows: the problem's, or its estimate by difference quotients."""
        objective: Objective = problem.descended
        return EstimatedGradient(objective, self.h) if self.gradient == "estimated" else objective

    def method(self) -> Optimizer:
        """Return the optimizer. Raises ValueError for an unknown one or a hyper-parameter out of range."""
        return make_optimizer(self.optimizer, **dict(self.hyperparameters))

    def rate(self) -> LearningRate:
        """Return the learning rate. Raises ValueError for an unknown schedule or a parameter of it out of range."""
        return make_learning_rate(self.schedule, self.learning_rate, **dict(self.schedule_parameters))

    def begins(self, problem: Problem) -> tuple[float, ...]:
        """Return the start (n,) as :meth:`descended` knows it: standardized where the fit is."""
        return problem.inner(self.start)

    def run(self, table: Table | None = None, *, deadline: float = DEADLINE_SECONDS) -> Trajectory:
        """Run the descent, for ``deadline`` seconds at most; theta is in the data's own units.

        Raises ProblemError or ValueError for bad fields.
        """
        problem = self.problem(table)
        run = self._moved(problem, deadline)
        if problem.standardized is not None:
            run = in_own_units(problem.standardized, run)
        return replace(run, experiment=self)

    def _moved(self, problem: Problem, deadline: float = DEADLINE_SECONDS) -> Trajectory:
        """The descent on the objective that it moves on."""
        start, rate, method = self.begins(problem), self.rate(), self.method()
        if self.batch_size and isinstance(problem.descended, Fit):
            if self.gradient == "estimated":
                raise ValueError(
                    "Mini-batches take exact gradients: choose those, or let each step use all of the rows "
                    "(batch size 0)."
                )
            return descend_minibatch(
                problem.descended, start, rate, self.epochs, method,
                batch_size=self.batch_size, seed=self.shuffle_seed, deadline=deadline,
            )  # fmt: skip
        objective = self.descended(problem)
        return descend(objective, start, rate, self.epochs, method, tolerance=self.tolerance, deadline=deadline)

    def verdict(self, run: Trajectory, table: Table | None = None) -> Verdict:
        """Return the verdict on a ``run`` of this experiment.

        It judges by the curvature of what the descent moved on, and names places in the data's own units.
        """
        problem = self.problem(table)
        scaled = problem.standardized is not None
        return judge(
            problem.descended,
            (run.moved or self._moved(problem)) if scaled else run,
            self.learning_rate,
            self.method(),
            tolerance=self.tolerance,
            minima=problem.minima,
            shown=run.thetas[-1] if scaled else None,
            batch_size=self.batch_size if problem.fit is not None and self.batch_size < problem.fit.rows else 0,
            h=self.h if self.gradient == "estimated" else None,
        )
