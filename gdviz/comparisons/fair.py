"""Fair mode: the same budget of gradient evaluations for each, each one's rate tuned by as many trials over one range.

A method is often praised for its best rate. How wide the window of rates is that work tells how likely anybody is to
find one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite, log10

import numpy as np

from gdviz.arrays import Flags
from gdviz.comparisons.contenders import Comparison, Contender, labels
from gdviz.comparisons.sweeps import FairTerms, Sweep, sweep_of, usual_terms
from gdviz.datasets import Table
from gdviz.experiments import Experiment, Problem, Task
from gdviz.learning_rates import HIGHEST_RATE, LOWEST_RATE


@dataclass(frozen=True, eq=False)
class FairResult:
    """A contender's sweep, weighed against the others.

    ``works`` (trials,) says which rates reach the goal, ``best`` is the place of the best one (None if every run
    diverged), ``windows`` the (low, high) stretches of rates that work, each reaching half-way to the next trial that
    does not, ``width`` the decades in them, and ``cut`` whether one of them ends only where the range of trials ends.
    """

    contender: Contender
    label: str
    sweep: Sweep
    works: Flags
    best: int | None
    windows: tuple[tuple[float, float], ...]
    width: float
    cut: bool

    @property
    def best_rate(self) -> float | None:
        return None if self.best is None else float(self.sweep.rates[self.best])

    @property
    def value(self) -> float | None:
        """The final value at the best rate."""
        return None if self.best is None else float(self.sweep.values[self.best])

    @property
    def end_of_range(self) -> str:
        """“lowest” or “highest” where the best rate is the first or the last that was tried, else empty.

        Where the one beside it does as well, or none beyond it can be tried, there is nothing to look for.
        """
        rates, last = self.sweep.rates, len(self.sweep.rates) - 1
        if self.best not in (0, last) or rates[self.best] in (LOWEST_RATE, HIGHEST_RATE):
            return ""
        beside = 1 if self.best == 0 else last - 1
        measure = self.sweep.epochs if self.finished else self.sweep.values
        if self.works[beside] == self.works[self.best] and measure[beside] == measure[self.best]:
            return ""
        return "lowest" if self.best == 0 else "highest"

    @property
    def finished(self) -> bool:
        """Whether the best run converged and reached the goal."""
        return self.best is not None and bool(self.works[self.best] and self.sweep.converged[self.best])

    @property
    def evaluations(self) -> int:
        """Gradient evaluations of the best run."""
        return 0 if self.best is None else int(self.sweep.costs[self.best])

    def tuned(self, experiment: Experiment) -> tuple[Contender, Experiment] | None:
        """Return the contender at its best rate, and its run within the budget; None if every rate diverges."""
        if self.best is None or self.best_rate is None:
            return None
        tuned = self.contender.at_rate(self.best_rate)
        return tuned, replace(tuned.of(experiment), epochs=int(self.sweep.planned[self.best]))


@dataclass(frozen=True, eq=False)
class FairComparison:
    """All results under the same ``terms``; ``first`` is f at the start, ``lowest`` the least value known or found."""

    terms: FairTerms
    first: float
    lowest: float
    results: tuple[FairResult, ...]

    @property
    def target(self) -> float:
        """The value that a rate that works has to reach: f* + goal (f(start) - f*)."""
        return self.lowest + self.terms.goal * (self.first - self.lowest)


def fair_comparison(
    comparison: Comparison, terms: FairTerms | None = None, table: Table | None = None
) -> FairComparison:
    """Tune every contender's rate under the same ``terms`` (those that suit the problem by default) and weigh them.

    Their own learning rates and the experiment's epochs do not count. ``table`` is the user's own data, where the
    experiment fits them. Raises ValueError where a contender cannot run here, and where a sweep would take too long.

    >>> from gdviz.experiments import Experiment
    >>> two = Comparison(Experiment(), (Contender("gd"), Contender("momentum")))
    >>> fair = fair_comparison(two, FairTerms(budget=200, trials=31, low=0.01, high=10))
    >>> [round(r.width, 1) for r in fair.results]  # decades of rates that work
    [0.5, 1.9]
    """
    experiment = comparison.experiment
    problem = experiment.problem(table)
    terms = terms or usual_terms(problem)
    sweeps = [sweep_of(Task(experiment, problem), contender, terms) for contender in comparison.contenders]
    return weigh(problem, experiment.start, comparison.contenders, sweeps, terms)


def weigh(
    problem: Problem,
    start: Sequence[float],
    contenders: Sequence[Contender],
    sweeps: Sequence[Sweep],
    terms: FairTerms,
) -> FairComparison:
    """Say which rates of each sweep work and which is the best one.

    f* is the least value known: that of the problem's minima, or one that a run found. The best rate is that of the
    fewest epochs among the runs that converged and reach the goal; where there is none, that of the lowest final value.
    """
    first = float(problem.objective.value(np.asarray(start, dtype=float)))
    known = [value for _, value in problem.minima]
    found = [float(np.nanmin(s.values)) for s in sweeps if np.isfinite(s.values).any()]
    lowest = min([*known, *found, first]) if isfinite(first) else first
    target = lowest + terms.goal * (first - lowest)
    results = []
    for contender, label, each in zip(contenders, labels(contenders, rates=False), sweeps, strict=True):
        works = np.isfinite(each.values) & (each.values <= target)
        windows, cut = _windows(works, terms)
        width = sum(log10(high / low) for low, high in windows)
        results.append(FairResult(contender, label, each, works, _best(each, works), windows, width, cut))
    return FairComparison(terms, first, lowest, tuple(results))


def _best(sweep: Sweep, works: Flags) -> int | None:
    done = np.flatnonzero(works & sweep.converged)
    if len(done):
        return int(done[np.argmin(sweep.epochs[done])])
    return int(np.nanargmin(sweep.values)) if np.isfinite(sweep.values).any() else None


def _windows(works: Flags, terms: FairTerms) -> tuple[tuple[tuple[float, float], ...], bool]:
    """Return the stretches of rates that work, and whether one touches an end of the range."""
    half = 10 ** (terms.spacing / 2)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], works, [False]]).astype(int)))
    rates = terms.rates
    windows = tuple(
        (max(terms.low, float(rates[a] / half)), min(terms.high, float(rates[b - 1] * half)))
        for a, b in edges.reshape(-1, 2)
    )
    return windows, bool(works[0] or works[-1])
