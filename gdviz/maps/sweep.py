"""The learning-rate sweep: one start at very many rates, and which of them work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.arrays import Array, Flags
from gdviz.cache import cached_property
from gdviz.descent import DEFAULT_TOLERANCE, StopReason
from gdviz.descent.checks import check_epochs, check_rates, check_start, check_together, check_tolerance
from gdviz.descent.plans import STOP_REASONS, GoOn, RunOptions, plan
from gdviz.descent.recorded import Engine
from gdviz.learning_rates import Constant
from gdviz.maps.tiles import MapCanceled
from gdviz.objectives import Objective
from gdviz.optimizers import Optimizer, make_optimizer
from gdviz.theory import contraction, curvature, stability_limit

_LOOKED_AT, _CLOSER = 401, 3  # rates for the best one, and how often closer together than before


@dataclass(frozen=True, eq=False)
class LearningRateSweep:
    """One descent for each of r learning rates.

    ``rates`` (r,) as they were given, ``values`` (r,) at the ends, ``epochs`` (r,), ``stop_reasons`` (r,) of
    :class:`gdviz.StopReason`, ``thetas`` (r, n) the ends. ``start_value`` is the value that all begin with. ``limit``
    is the theoretical stability limit and ``best`` the rate of fastest predicted convergence, both from the curvature
    where the best descent ended; nan where theory has none.
    """

    rates: Array
    values: Array
    epochs: NDArray[np.int64]
    stop_reasons: NDArray[Any]
    thetas: Array
    start_value: float
    limit: float
    best: float

    @cached_property
    def works(self) -> Flags:
        """Which rates work (r,): the descent ends lower than it began, or at rest where it began."""
        ended, rested = self.stop_reasons != StopReason.DIVERGED, self.stop_reasons == StopReason.CONVERGED
        return np.asarray(ended & ((self.values < self.start_value) | (rested & (self.values <= self.start_value))))

    @cached_property
    def fastest(self) -> float:
        """The rate that converges in the fewest epochs; where none converges, the one that ends lowest of those that
        work; nan where none works."""
        works = np.flatnonzero(self.works)
        if not works.size:
            return float("nan")
        rested = works[self.stop_reasons[works] == StopReason.CONVERGED]
        if rested.size:
            return float(self.rates[rested[np.lexsort((self.values[rested], self.epochs[rested]))[0]]])
        return float(self.rates[works[np.argmin(self.values[works])]])

    @property
    def window(self) -> tuple[float, float]:
        """The lowest and the highest rate of the unbroken run of rates around the fastest that work.

        Where the next rate does not work, the edge is put half way to it in the logarithm, so that it is right to half
        a step of the sweep. (nan, nan) where none works.
        """
        order = np.argsort(self.rates, kind="stable")
        rates, works = self.rates[order], self.works[order]
        if not works.any():
            return float("nan"), float("nan")
        here = int(np.flatnonzero(works & (rates == self.fastest))[0])
        wrong = np.flatnonzero(~works)
        below, above = wrong[wrong < here], wrong[wrong > here]
        low = np.sqrt(rates[below[-1]]) * np.sqrt(rates[below[-1] + 1]) if below.size else rates[0]
        high = np.sqrt(rates[above[0]]) * np.sqrt(rates[above[0] - 1]) if above.size else rates[-1]
        return float(low), float(high)

    @property
    def threshold(self) -> float:
        """The rate above which it fails: the window's upper edge; inf where the highest rate of all works."""
        high = self.window[1]
        return float("inf") if high == self.rates.max() else high

    @property
    def decades(self) -> float:
        """How wide the window is, in powers of ten; nan where none works."""
        low, high = self.window
        return float(np.log10(high / low))


def learning_rate_sweep(
    objective: Objective,
    start: ArrayLike,
    rates: ArrayLike,
    epochs: int = 1000,
    optimizer: str | Optimizer = "gd",
    *,
    tolerance: float = DEFAULT_TOLERANCE,
    engine: Engine = None,
    go_on: GoOn | None = None,
    **hyperparameters: float,
) -> LearningRateSweep:
    """Descend from ``start`` (n,) at each of ``rates`` (r,), as :func:`gdviz.descend` would.

    Raises ValueError, in words, for arguments that make no sense, and :class:`gdviz.maps.MapCanceled` once ``go_on``,
    which is asked every 20 ms or so, says no.
    """
    theta = check_start(objective, np.asarray(start, dtype=float).reshape(-1).tolist())
    check_tolerance(tolerance)
    epochs, method = check_epochs(epochs), make_optimizer(optimizer, **hyperparameters)
    check_together(objective, method, Constant(1.0))
    given = np.asarray(rates, dtype=float)
    if given.ndim != 1 or not given.size:
        raise ValueError(f"rates has shape {given.shape}; it must be one row of learning rates, at least one.")
    check_rates(given)
    ready = plan(objective, Constant(1.0), epochs, method, tolerance)
    starts = np.repeat(np.array(theta)[:, None], given.size, axis=1)
    ends = ready.ends(starts, given, np.empty((0, given.size)), RunOptions(engine, go_on=go_on or (lambda: True)))
    if not ends.reasons.all():
        raise MapCanceled
    with np.errstate(all="ignore"):
        begin = float(objective.value(theta))
    swept = LearningRateSweep(
        given, ends.values, ends.epochs, STOP_REASONS[ends.reasons], np.ascontiguousarray(ends.thetas.T), begin,
        float("nan"), float("nan"),
    )  # fmt: skip
    return _with_theory(swept, objective, method)


def _with_theory(swept: LearningRateSweep, objective: Objective, method: Optimizer) -> LearningRateSweep:
    """Add the limit and the best rate at the curvature where the fastest descent ended."""
    if not swept.works.any():
        return swept
    found = curvature(objective, swept.thetas[int(np.flatnonzero(swept.rates == swept.fastest)[0])])
    if found is None:
        return swept
    limit, best = stability_limit(method, found.L), float("nan")
    if found.mu > 0 and np.isfinite(limit):
        best = _best_rate(method, limit, found.eigenvalues.tolist())
    return replace(swept, limit=limit, best=best)


def _best_rate(method: Optimizer, limit: float, eigenvalues: Sequence[float]) -> float:
    """Return the rate up to ``limit`` at which the slowest eigenvector's error shrinks fastest: of many that are
    equally good, as with momentum, the middle one."""
    low, high = limit * 1e-4, limit
    for _ in range(_CLOSER):
        rates = np.geomspace(low, high, _LOOKED_AT)
        slowest = np.max([contraction(method, 1.0, rates * value) for value in eigenvalues], axis=0)
        alike = np.flatnonzero(slowest <= slowest.min() * (1 + 1e-9))
        low, high = rates[max(alike[0] - 1, 0)], rates[min(alike[-1] + 1, _LOOKED_AT - 1)]
    return float(np.sqrt(rates[alike[0]]) * np.sqrt(rates[alike[-1]]))
