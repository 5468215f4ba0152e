"""An experiment: what to minimize, from where, how. Running it is a pure function of its fields (and uploaded data)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gdviz.datasets import Table
from gdviz.descent import DEFAULT_TOLERANCE, Trajectory, descend
from gdviz.experiments.problem import Problem, pose
from gdviz.learning_rates import LearningRate, make_learning_rate
from gdviz.objectives import EstimatedGradient, Objective
from gdviz.optimizers import Optimizer, make_optimizer
from gdviz.presets import DEFAULT, PRESETS
from gdviz.theory import Verdict, judge

GRADIENT_SOURCES = ("exact", "estimated")


@dataclass(frozen=True)
class Experiment:
    """Everything that determines a run.

    ``objective`` is a preset's key, ``"formula"`` (then ``formula`` is its text) or ``"fit"`` (then ``data`` names a
    data set or ``"upload"``, ``model`` is a formula over its columns and ``target`` a column). ``start`` has one
    number for each parameter. ``hyperparameters`` are the optimizer's own, as (name, value) pairs. ``schedule`` names
    what becomes of ``learning_rate`` from epoch to epoch, with ``schedule_parameters`` of its own. ``gradient`` is
    ``"exact"``, or ``"estimated"`` by forward difference quotients with spacing ``h``. ``tolerance`` is the gradient's
    norm at which a run has converged. ``seed`` draws random starts.
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
    hyperparameters: tuple[tuple[str, float], ...] = ()
    schedule: str = "constant"
    schedule_parameters: tuple[tuple[str, float | str], ...] = ()
    gradient: str = "exact"
    h: float = 0.0001
    tolerance: float = DEFAULT_TOLERANCE
    seed: int = 0

    def problem(self, table: Table | None = None) -> Problem:
        """Return what is minimized. Raises ProblemError; ``table`` is the visitor's own data."""
        return pose(self.objective, self.formula, self.data, self.model, self.target, table)

    def descended(self, problem: Problem) -> Objective:
        """Return the objective that the descent follows: the problem's, or its estimate by difference quotients."""
        objective: Objective = problem.objective
        return EstimatedGradient(objective, self.h) if self.gradient == "estimated" else objective

    def method(self) -> Optimizer:
        """Return the optimizer. Raises ValueError for an unknown one or a hyper-parameter out of range."""
        return make_optimizer(self.optimizer, **dict(self.hyperparameters))

    def rate(self) -> LearningRate:
        """Return the learning rate. Raises ValueError for an unknown schedule or a parameter of it out of range."""
        return make_learning_rate(self.schedule, self.learning_rate, **dict(self.schedule_parameters))

    def run(self, table: Table | None = None) -> Trajectory:
        """Run the descent. Raises ProblemError or ValueError for fields that make no sense."""
        run = descend(
            self.descended(self.problem(table)),
            self.start,
            self.rate(),
            self.epochs,
            self.method(),
            tolerance=self.tolerance,
        )
        return replace(run, experiment=self)

    def verdict(self, run: Trajectory, table: Table | None = None) -> Verdict:
        """Return the verdict on a ``run`` of this experiment."""
        problem = self.problem(table)
        return judge(
            problem.objective, run, self.learning_rate, self.method(), tolerance=self.tolerance, minima=problem.minima
        )
