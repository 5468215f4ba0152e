"""One method at many rates for the same budget of gradient evaluations each: a batch where it can be, or run by run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np
from numpy.typing import NDArray

from gdviz.arrays import Array, Flags
from gdviz.comparisons.contenders import Contender
from gdviz.comparisons.results import costs
from gdviz.descent import DEFAULT_TOLERANCE, MAX_EPOCHS, StopReason, Trajectory, descend, descend_batch
from gdviz.descent.minibatch import descend_minibatch
from gdviz.experiments import Problem, Task
from gdviz.learning_rates import HIGHEST_RATE, LOWEST_RATE, Constant, LearningRate, LineSearch
from gdviz.numerals import format_number
from gdviz.objectives import Objective
from gdviz.optimizers import ElementwiseOptimizer, VectorOptimizer
from gdviz.pacing import Limit

MOST_TRIALS = 200
SWEEP_SECONDS = 20.0  # that one contender's sweep may take
_EXPLORED = 5  # decades


@dataclass(frozen=True)
class FairTerms:
    """What every contender is given.

    ``budget`` gradient evaluations for each run, the last one (which only tells where the run is) included;
    ``trials`` learning rates, evenly spaced on a log scale from ``low`` to ``high``, both tried; a rate works if its
    run leaves at most the share ``goal`` of f(start) - f*. Raises ValueError for values that make no sense.
    """

    budget: int = 500
    trials: int = 61
    low: float = 1e-4
    high: float = 10.0
    goal: float = 1e-6

    def __post_init__(self) -> None:
        if not 2 <= self.budget <= MAX_EPOCHS:
            raise ValueError(f"budget is {self.budget}; it must be from 2 to {MAX_EPOCHS:,} gradient evaluations.")
        if not 2 <= self.trials <= MOST_TRIALS:
            raise ValueError(f"trials is {self.trials}; it must be from 2 to {MOST_TRIALS}.")
        if not LOWEST_RATE <= self.low < self.high <= HIGHEST_RATE:
            raise ValueError(
                f"The rates go from {format_number(self.low)} to {format_number(self.high)}; they must rise within "
                f"{format_number(LOWEST_RATE)} to {format_number(HIGHEST_RATE)}."
            )
        if not 0 < self.goal < 1:
            raise ValueError(f"goal is {format_number(self.goal)}; it must be between 0 and 1.")

    @property
    def rates(self) -> Array:
        """The learning rates that are tried, shape (trials,)."""
        rates = np.geomspace(self.low, self.high, self.trials)
        rates[[0, -1]] = self.low, self.high
        return np.asarray(rates)

    @property
    def spacing(self) -> float:
        """Decades from one trial to the next."""
        return log10(self.high / self.low) / (self.trials - 1)


def usual_terms(problem: Problem) -> FairTerms:
    """Return terms that suit the problem: whole decades around the rates of gradient descent and of Adam.

    A single trial stands for a tenth of a decade.
    """
    rate = min(problem.learning_rate, 1e4)
    stride = max(high - low for low, high in problem.window)
    low, high = floor(log10(rate)) - 3, ceil(log10(max(rate, min(stride, 1e5)))) + 1
    low = max(min(low, high - _EXPLORED), ceil(log10(LOWEST_RATE)))
    high = min(high, round(log10(HIGHEST_RATE)))
    return FairTerms(
        budget=min(max(problem.epochs, 200), 500), trials=min(10 * (high - low) + 1, MOST_TRIALS),
        low=10.0**low, high=10.0**high,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Sweep:
    """One contender at every rate: ``rates``, final ``values`` (nan where the run diverged) and ``epochs`` taken.

    All have shape (trials,); ``converged`` says which runs ended because the gradient reached the tolerance.
    ``planned`` are the epochs that the budget pays for at each rate, ``costs`` the gradient evaluations of each run.
    """

    rates: Array
    values: Array
    epochs: NDArray[np.int64]
    converged: Flags
    planned: NDArray[np.int64]
    costs: NDArray[np.int64]


def sweep_of(task: Task, contender: Contender, terms: FairTerms, seconds: float = SWEEP_SECONDS) -> Sweep:
    """Run the contender at every rate on what the task descends, for so many ``seconds`` at most; see :func:`sweep`.

    In mini-batches an epoch, which is one pass over the rows, costs as much as one gradient of all of them, and every
    rate meets the same shuffles.
    """
    fit, start, experiment = task.batched, task.start, task.experiment
    if fit is None:
        return sweep(task.descended, start, contender, terms, experiment.tolerance, seconds)
    size, seed = experiment.batch_size, experiment.shuffle_seed
    allowed = epochs_within(terms.budget, contender, len(fit.variables))

    def descent(length: LearningRate, left: float) -> Trajectory:
        return descend_minibatch(
            fit, start, length, allowed, contender.optimizer, batch_size=size, seed=seed, deadline=left
        )

    return _one_by_one(descent, contender, terms, allowed, seconds)


def epochs_within(budget: int, contender: Contender, n: int) -> int:
    """Return how many epochs the budget pays for at most in n parameters: a Hessian costs as much as n gradients."""
    method = contender.optimizer
    needs_hessian = isinstance(method, VectorOptimizer) and method.needs == "hessian"
    return max(1, (budget - 1) // (1 + n if needs_hessian else 1))


def goes_run_by_run(contender: Contender) -> bool:
    """Say whether the contender's sweep is many runs, which take long, and not one batch."""
    return not (isinstance(contender.optimizer, ElementwiseOptimizer) and isinstance(contender.learning_rate, Constant))


def sweep(
    objective: Objective,
    start: Sequence[float],
    contender: Contender,
    terms: FairTerms,
    tolerance: float = DEFAULT_TOLERANCE,
    seconds: float = SWEEP_SECONDS,
) -> Sweep:
    """Run the contender from ``start`` (n,) at every rate: one batch, or run by run where its method wants that.

    Raises ValueError where it cannot run here, and where it takes longer than so many ``seconds``.
    """
    allowed = epochs_within(terms.budget, contender, len(objective.variables))
    rates = terms.rates
    method = contender.optimizer
    if goes_run_by_run(contender):
        return _one_by_one(
            lambda length, left: descend(
                objective, start, length, allowed, method, tolerance=tolerance, deadline=left
            ),
            contender, terms, allowed, seconds,
        )  # fmt: skip
    batch = descend_batch(objective, start, rates, allowed, method, tolerance=tolerance, deadline=seconds)
    unfinished = batch.stop_reasons == StopReason.DEADLINE
    if unfinished.any():
        done = float(np.mean(np.where(unfinished, batch.epochs / allowed, 1.0)))
        raise ValueError(_too_long(contender, terms, 1 / max(done, 1e-6)))
    values = np.where(batch.stop_reasons == StopReason.DIVERGED, np.nan, batch.values)
    converged = batch.stop_reasons == StopReason.CONVERGED
    return Sweep(rates, values, batch.epochs, converged, np.full(len(rates), allowed), batch.epochs + 1)


def _one_by_one(
    descent: Callable[[LearningRate, float], Trajectory],
    contender: Contender,
    terms: FairTerms,
    allowed: int,
    seconds: float,
) -> Sweep:
    """Do as the batch does, run by run; ``descent`` takes the learning rate and the seconds that are left.

    A search spends as it goes, so its run ends at the last iterate that the budget pays.
    """
    limit = Limit(seconds)
    ends = []
    for done, rate in enumerate(terms.rates.tolist(), start=1):
        length = contender.at_rate(rate).learning_rate
        run = descent(length, limit.left)
        if run.stop_reason is StopReason.DEADLINE:
            raise ValueError(_too_long(contender, terms, terms.trials / done))
        spent = costs(run)
        k = max(0, int(np.searchsorted(spent, terms.budget, side="right")) - 1)
        whole = k == run.epochs
        lost = whole and run.stop_reason is StopReason.DIVERGED
        value = np.nan if lost else float(run.values[k])
        planned = max(1, k) if isinstance(length, LineSearch) else allowed
        ends.append((value, k, whole and run.stop_reason is StopReason.CONVERGED, planned, round(spent[k])))
    return Sweep(terms.rates, *(np.array(column) for column in zip(*ends, strict=True)))


def _too_long(contender: Contender, terms: FairTerms, times: float) -> str:
    """Say what would not take so many ``times`` as long as it may."""
    fitting = max(2, int(float(f"{terms.budget / times / 1.2:.0e}")))
    return (
        f"The sweep of {contender.title} takes too long here; lower the budget to about {fitting:,} evaluations, or "
        "try fewer rates."
    )
