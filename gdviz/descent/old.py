"""The one descent loop: a start, a learning rate, epochs and an optimizer → every iterate, and why it stopped.

Failure is a value, never an exception and never a clipped path: a run that overflows ends as DIVERGED at its last
finite point. Epoch 0 is the start, so a run of k epochs has k + 1 rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from math import inf
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.learning_rates import Constant, LearningRate, LineSearch, Schedule, make_learning_rate, scheduled_rates
from gdviz.objectives import Objective
from gdviz.optimizers import ElementwiseOptimizer, Optimizer, VectorOptimizer, make_optimizer
from gdviz.probing import ProbedSteps

Array = NDArray[np.float64]

MAX_EPOCHS = 100_000  # what a browser can still draw and a visitor still wait for
DEFAULT_TOLERANCE = 1e-8
DEADLINE_SECONDS = 10.0

_CHUNK = 256  # epochs between two looks at the clock, at convergence and at finiteness
_BLOCK = 8_192  # members of a batch that go through the loop together: small enough to stay in cache
_DROP_EVERY = 20  # epochs after which a batch lets go of its finished members


class StopReason(Enum):
    """Why a descent ended."""

    EPOCHS = "epochs"  # ran out of epochs
    CONVERGED = "converged"  # the gradient's norm fell to the tolerance
    DIVERGED = "diverged"  # the next point, its value or its gradient is not finite
    STALLED = "stalled"  # a line search found no step
    DEADLINE = "deadline"  # the time allowed for one run was up


@dataclass(frozen=True, eq=False)
class Trajectory:
    """A recorded descent of k epochs in n parameters.

    ``thetas`` (k + 1, n), ``values`` (k + 1,), ``gradients`` (k + 1, n): at every iterate, the start included.
    ``learning_rates`` (k,): the rate really used at each epoch. ``evaluations``: gradient evaluations paid for, those
    of a line search and the last one, which only tells whether the end is stationary, included; ``value_evaluations``
    and ``hessian_evaluations``: what the method asked for besides (``values`` are computed for the record and not
    counted). ``paid`` (k + 1, 2): gradients and Hessians paid for by the time each iterate's gradient was known; None
    where that is simply one gradient an epoch. ``experiment``: what it is a run of, if any. ``moved``: the same descent
    in the terms that it moved on, where these are others, as those of a standardized fit are.
    """

    variables: tuple[str, ...]
    thetas: Array
    values: Array
    gradients: Array
    learning_rates: Array
    evaluations: int
    stop_reason: StopReason
    experiment: Any = None
    value_evaluations: int = 0
    hessian_evaluations: int = 0
    paid: NDArray[np.int64] | None = None
    moved: Trajectory | None = None

    @property
    def epochs(self) -> int:
        """The number of steps taken, k."""
        return len(self.thetas) - 1

    @property
    def gradient_norms(self) -> Array:
        """Euclidean norm of each gradient, shape (k + 1,)."""
        return _norms(self.gradients)


@dataclass(frozen=True, eq=False)
class BatchResult:
    """The last iterate only of many descents: a million of them must not keep their paths.

    ``thetas`` (*batch, n), ``values`` (*batch,), ``epochs`` (*batch,) int, ``stop_reasons`` (*batch,) of StopReason.
    """

    thetas: Array
    values: Array
    epochs: NDArray[np.int64]
    stop_reasons: NDArray[Any]


def gradient_step(v: Sequence[float], gradient: Sequence[float], step_size: float) -> list[float]:
    """Return v moved step_size in the gradient's direction, so descent passes a negative one (as in the notebook).

    ``v`` and ``gradient`` have shape (n,). Raises ValueError if their lengths differ.
    """
    if len(v) != len(gradient):
        raise ValueError(f"The point has {len(v)} elements and the gradient {len(gradient)}; they must be as many.")
    return [v_i + step_size * g_i for v_i, g_i in zip(v, gradient, strict=True)]


def descend(
    objective: Objective,
    start: Sequence[float],
    learning_rate: float | LearningRate = 0.01,
    epochs: int = 1000,
    optimizer: str | Optimizer = "gd",
    *,
    tolerance: float = DEFAULT_TOLERANCE,
    deadline: float = DEADLINE_SECONDS,
    **hyperparameters: float,
) -> Trajectory:
    """Descend from ``start`` (n,) and record every iterate.

    ``learning_rate`` is a number, a schedule or a line search. Stops as CONVERGED at the first of two iterates in a row
    whose gradient's norm is at most ``tolerance`` (absolute; one alone may be momentum flying past a flat spot), as
    DIVERGED at the last finite point, as STALLED where a method finds no step, as DEADLINE after ``deadline`` seconds,
    otherwise as EPOCHS. Raises ValueError for arguments that make no sense, alone or together, naming them.
    """
    theta = check_start(objective, start)
    epochs = check_epochs(epochs)
    _check_tolerance(tolerance)
    method = make_optimizer(optimizer, **hyperparameters)
    length = make_learning_rate(learning_rate)
    check_together(objective, method, length)
    rates = scheduled_rates(length, epochs) if isinstance(length, Schedule) else np.empty(0)
    steps: _FloatSteps | ProbedSteps
    if isinstance(method, VectorOptimizer) or isinstance(length, LineSearch):
        _check_second_derivatives(objective, method, theta)
        steps = ProbedSteps(objective, theta, method, length if isinstance(length, LineSearch) else None, rates)
    else:
        steps = _FloatSteps(objective, theta, method, rates)
    thetas, gradients, reason = _record(theta, steps, epochs, tolerance, deadline)
    values = np.atleast_1d(objective.value(thetas))
    thetas, values, gradients, reason = end_at_last_finite(thetas, values, gradients, reason)
    k = len(thetas) - 1
    if isinstance(steps, _FloatSteps):
        return Trajectory(objective.variables, thetas, values, gradients, rates[:k], len(gradients), reason)
    whole = reason in (StopReason.STALLED, StopReason.EPOCHS, StopReason.DEADLINE)
    spent = steps.probe.spent if whole else steps.spent[k]
    return Trajectory(
        objective.variables, thetas, values, gradients, np.array(steps.rates[:k], dtype=float), spent.gradients, reason,
        value_evaluations=spent.values, hessian_evaluations=spent.hessians,
        paid=np.array([(s.gradients, s.hessians) for s in steps.spent[: k + 1]], dtype=np.int64),
    )  # fmt: skip


def check_together(objective: Objective, optimizer: Optimizer, learning_rate: LearningRate) -> None:
    """Raise ValueError, in words, if these do not go together: a fit's method without a fit, a search without a
    slope."""
    if (
        isinstance(optimizer, VectorOptimizer)
        and optimizer.needs == "residuals"
        and not hasattr(objective, "residuals")
    ):
        raise ValueError(
            f"{optimizer.title} needs data to fit and exact gradients: it looks at the errors of a model. "
            "For a plain function choose Newton or BFGS."
        )
    if not isinstance(learning_rate, LineSearch):
        return
    if learning_rate.only and optimizer.name not in learning_rate.only:
        raise ValueError(
            f"{learning_rate.title} is the length of a plain gradient step and does not fit {optimizer.title}: "
            f"choose the optimizer {' or '.join(learning_rate.only)}."
        )
    if not optimizer.downhill:
        raise ValueError(
            f"{learning_rate.title} does not go with {optimizer.title}: {optimizer.no_search}. "
            "Choose a constant learning rate or a schedule; searches go with gd, newton, bfgs and cg."
        )


def _check_second_derivatives(objective: Objective, method: Optimizer, theta: tuple[float, ...]) -> None:
    """Raise FormulaError before the run where second derivatives are needed and too long to write down."""
    if isinstance(method, VectorOptimizer) and method.needs == "hessian":
        objective.hessian(theta)


def _record(
    theta: tuple[float, ...], steps: _FloatSteps | ProbedSteps, epochs: int, tolerance: float, deadline: float
) -> tuple[Array, Array, StopReason]:
    """Run the loop chunk by chunk; return thetas (k + 1, n), their gradients, and why it ended."""
    n = len(theta)
    # Row after row of plain floats: ten thousand small tuples would keep the garbage collector busy half of the time.
    thetas: list[float] = list(theta)
    gradients: list[float] = []
    points, slopes = np.empty((epochs + 1, n)), np.empty((epochs + 1, n))  # the same rows as arrays
    until = monotonic() + deadline
    done = checked = seen = 0
    while done < epochs:
        theta = steps.advance(theta, done, min(steps.chunk, epochs - done), thetas, gradients)
        done = len(thetas) // n - 1
        if not steps.ended and (done == epochs or monotonic() > until):
            gradients.extend(steps.gradient(theta))
        rows, sloped = len(thetas) // n, len(gradients) // n
        points[seen:rows], slopes[seen:sloped] = _table(thetas, seen, n), _table(gradients, seen, n)
        complete = sloped == rows
        end = ending(slopes[checked:sloped], points[checked:rows], tolerance, complete)
        if end is not None:
            last, reason = end
            rows = checked + last + 1
            break
        if complete:
            reason = StopReason.STALLED if steps.ended else StopReason.EPOCHS if done == epochs else StopReason.DEADLINE
            break
        seen, checked = done, done - 1  # the newest point has no gradient, and the newest gradient no neighbor yet
    return points[:rows].copy(), slopes[:rows].copy(), reason


class _FloatSteps:
    """Steps on Python floats with given rates (epochs,): the fast lane, for optimizers that treat each component
    alone."""

    chunk = _CHUNK
    ended = False  # there always is a next step

    def __init__(self, objective: Objective, theta: tuple[float, ...], method: Any, rates: Array) -> None:
        self.objective, self.rates = objective, rates
        self.direction = method.direction
        self.states = method.initial_states(len(theta))
        self.loop = step_loop(len(theta), method.uses_theta)

    def gradient(self, theta: tuple[float, ...]) -> tuple[float, ...]:
        try:
            return tuple(self.objective.float_gradient(*theta))
        except (ArithmeticError, ValueError):
            return tuple(self.objective.careful_gradient(*theta))

    def advance(
        self,
        theta: tuple[float, ...],
        first: int,
        count: int,
        thetas: list[float],
        gradients: list[float],
    ) -> tuple[float, ...]:
        """Take ``count`` steps on floats; where floats raise, take the same steps again in IEEE arithmetic.

        Python floats raise where NumPy gives inf or nan, and 1/(1 + exp(800)) is a fine 0 although exp(800) overflows.
        Catching that once around many steps costs the others nothing.
        """
        rates = self.rates[first : first + count].tolist()
        try:
            theta, self.states = self.loop(
                self.objective.float_gradient, self.direction, theta, self.states, rates, thetas, gradients
            )
            return theta
        except (ArithmeticError, ValueError):
            n = len(theta)
            del thetas[(first + 1) * n :], gradients[first * n :]
        careful = self.objective.careful_gradient

        def ieee_gradient(*point: float) -> tuple[Any, ...]:
            return tuple(map(np.float64, careful(*map(float, point))))

        scalars = tuple(map(np.float64, theta))
        with np.errstate(all="ignore"):
            theta, states = self.loop(ieee_gradient, self.direction, scalars, self.states, rates, thetas, gradients)
        self.states = tuple(tuple(map(float, state)) for state in states)
        return tuple(map(float, theta))


@lru_cache(maxsize=128)
def step_loop(n: int, uses_theta: bool = False) -> Callable[..., Any]:
    """Return the descent loop written out for n components, as one would by hand for x and y.

    A loop over the components inside the loop over the epochs would make a run half as slow again. The text depends
    on n and ``uses_theta`` alone.
    """
    components = range(n)
    points = ", ".join(f"t{i}" for i in components) + ","
    slopes = ", ".join(f"g{i}" for i in components) + ","
    states = ", ".join(f"s{i}" for i in components) + ","
    theta = ", t{i}" if uses_theta else ""
    directions = "".join(f"        d{i}, s{i} = direction(g{i}, s{i}{theta.format(i=i)})\n" for i in components)
    steps = "".join(f"        t{i} = t{i} + rate * d{i}\n" for i in components)
    source = (
        "def advance(gradient_at, direction, theta, states, rates, thetas, gradients):\n"
        f"    {points} = theta\n"
        f"    {states} = states\n"
        "    record_theta, record_gradient = thetas.extend, gradients.extend\n"
        "    for rate in rates:\n"
        f"        gradient = {slopes} = gradient_at({points})\n"
        "        record_gradient(gradient)\n"
        f"{directions}{steps}"
        f"        record_theta(({points}))\n"
        f"    return ({points}), ({states})\n"
    )
    scope: dict[str, Any] = {}
    exec(compile(source, "<descent loop>", "exec"), scope)  # noqa: S102 - no word of a user's is in it
    return scope["advance"]  # type: ignore[no-any-return]


def ending(slopes: Array, points: Array, tolerance: float, complete: bool) -> tuple[int, StopReason] | None:
    """Return the row at which the run ended and why; None if it goes on. The newest point's gradient may be missing."""
    small = np.max(np.abs(slopes), axis=1) <= tolerance  # true wherever the norm is within the tolerance, and cheaper
    if small.any():
        small = _norms(slopes) <= tolerance
    stays = np.flatnonzero(small & np.append(small[1:], complete))
    broken: NDArray[np.bool_] = ~np.all(np.isfinite(slopes), axis=1)
    ahead: NDArray[np.bool_] = ~np.all(np.isfinite(points[1:]), axis=1)
    broken[: len(ahead)] |= ahead
    breaks = np.flatnonzero(broken)
    if stays.size and not (breaks.size and breaks[0] < stays[0]):
        return int(stays[0]), StopReason.CONVERGED
    if breaks.size:
        return int(breaks[0]), StopReason.DIVERGED
    return None


def _table(numbers: list[float], first: int, n: int) -> Array:
    """Row after row of n numbers as an array (k, n), from row ``first`` on."""
    return np.fromiter(numbers[first * n :], dtype=float).reshape(-1, n)


def end_at_last_finite(
    thetas: Array, values: Array, gradients: Array, reason: StopReason
) -> tuple[Array, Array, Array, StopReason]:
    """Cut everything after the last row before the first value that is not finite; the start always stays."""
    broken = np.flatnonzero(~np.isfinite(values))
    if broken.size:
        rows = max(1, int(broken[0]))
        return thetas[:rows], values[:rows], gradients[:rows], StopReason.DIVERGED
    if not np.isfinite(gradients[-1]).all():
        reason = StopReason.DIVERGED
    return thetas, values, gradients, reason


def _norms(vectors: Array) -> Array:
    """Euclidean norms along the last axis, without overflow on the way to a finite norm."""
    with np.errstate(all="ignore"):
        size = np.max(np.abs(vectors), axis=-1, keepdims=True)
        scaled = np.divide(vectors, size, out=np.zeros_like(vectors), where=(size > 0) & np.isfinite(size))
        return np.asarray(size[..., 0] * np.sqrt(np.sum(scaled * scaled, axis=-1)))


def check_start(objective: Objective, start: Sequence[float]) -> tuple[float, ...]:
    """Return the start as floats. Raises ValueError unless it has a finite number for each variable."""
    point = tuple(float(x) for x in start)
    if len(point) != len(objective.variables):
        names = ", ".join(objective.variables)
        raise ValueError(
            f"The start has {len(point)} numbers; this objective needs {len(objective.variables)} ({names})."
        )
    if not all(np.isfinite(point)):
        raise ValueError(f"The start is {point}; every number of it must be finite.")
    return point


def check_epochs(epochs: int) -> int:
    """Return the epochs as an int. Raises ValueError unless they are a whole number within the limit."""
    if int(epochs) != epochs or not 1 <= epochs <= MAX_EPOCHS:
        raise ValueError(f"epochs is {epochs}; it must be a whole number from 1 to {MAX_EPOCHS:,}.")
    return int(epochs)


def _check_tolerance(tolerance: float) -> None:
    if not tolerance >= 0:
        raise ValueError(f"The tolerance is {tolerance}; it must be 0 or above.")


def descend_batch(
    objective: Objective,
    starts: ArrayLike,
    learning_rate: ArrayLike | LearningRate = 0.01,
    epochs: int = 1000,
    optimizer: str | Optimizer = "gd",
    *,
    tolerance: float = DEFAULT_TOLERANCE,
    **hyperparameters: float,
) -> BatchResult:
    """Descend from many starts, or at many learning rates, at once; keep the last iterates only.

    ``starts`` has shape (*batch, n) and ``learning_rate`` a shape that broadcasts with (*batch,): one start and many
    rates, or many starts and one rate. The same optimizer lines run as in :func:`descend`, on arrays in blocks, and
    each member ends where :func:`descend` would end it. A schedule may stand for the rates: it is every member's. Line
    searches and optimizers that look at whole vectors go one member at a time, thousands of times slower. Raises
    ValueError as :func:`descend` does.
    """
    points = np.asarray(starts, dtype=float)
    n = len(objective.variables)
    if points.ndim == 0 or points.shape[-1] != n:
        raise ValueError(f"starts needs shape (…, {n}) for {', '.join(objective.variables)}; it is {points.shape}.")
    epochs = check_epochs(epochs)
    _check_tolerance(tolerance)
    method = make_optimizer(optimizer, **hyperparameters)
    if isinstance(learning_rate, LearningRate):
        rates, length = np.ones(()), learning_rate
    else:
        rates, length = np.asarray(learning_rate, dtype=float), Constant(1.0)
    check_together(objective, method, length)
    if not (np.isfinite(rates).all() and (rates > 0).all()):
        raise ValueError("Every learning rate must be a finite number above 0.")
    try:
        shape = np.broadcast_shapes(points.shape[:-1], rates.shape)
    except ValueError:
        raise ValueError(f"Starts {points.shape[:-1]} and learning rates {rates.shape} do not go together.") from None
    if 0 in shape:
        raise ValueError("There is no start to descend from.")
    flat = np.broadcast_to(points, (*shape, n)).reshape(-1, n)
    flat_rates = np.broadcast_to(rates, shape).reshape(-1)
    if not isinstance(method, ElementwiseOptimizer) or not isinstance(length, Schedule):
        alone = [replace(length, learning_rate=rate * length.learning_rate) for rate in flat_rates.tolist()]
        blocks = [
            _descend_alone(objective, theta, rate, epochs, method, tolerance)
            for theta, rate in zip(flat, alone, strict=True)
        ]
    else:
        pace = scheduled_rates(length, epochs)
        with np.errstate(all="ignore"):
            blocks = [
                _descend_block(objective, flat[i : i + _BLOCK], flat_rates[i : i + _BLOCK], pace, method, tolerance)
                for i in range(0, len(flat), _BLOCK)
            ]
    thetas, values, counts, reasons = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
    return BatchResult(thetas.reshape(*shape, n), values.reshape(shape), counts.reshape(shape), reasons.reshape(shape))


def _descend_alone(
    objective: Objective,
    theta: Array,
    learning_rate: LearningRate,
    epochs: int,
    method: Optimizer,
    tolerance: float,
) -> tuple[Array, Array, NDArray[np.int64], NDArray[Any]]:
    """Descend from one theta (n,) and return what _descend_block returns, for this one member."""
    run = descend(objective, theta.tolist(), learning_rate, epochs, method, tolerance=tolerance, deadline=inf)
    return run.thetas[-1:], run.values[-1:], np.array([run.epochs]), np.array([run.stop_reason], dtype=object)


def _descend_block(
    objective: Objective, thetas: Array, rates: Array, pace: Array, method: ElementwiseOptimizer, tolerance: float
) -> tuple[Array, Array, NDArray[np.int64], NDArray[Any]]:
    """Descend from ``thetas`` (b, n) with ``rates`` (b,) times ``pace`` (epochs,).

    Members that end are written down and soon let go of.
    """
    b, n = thetas.shape
    epochs = len(pace)
    call: Callable[..., Any] = method.direction
    end_thetas, end_values = thetas.copy(), np.asarray(objective.value(thetas), dtype=float)
    end_epochs, reasons = np.full(b, epochs), np.full(b, StopReason.EPOCHS, dtype=object)
    members, running = np.arange(b), np.ones(b, dtype=bool)
    theta, value, before = thetas.copy(), end_values.copy(), (thetas, end_values)
    state: tuple[Any, ...] = tuple(map(_shared, zip(*method.initial_states(n), strict=True)))
    was_small = np.zeros(b, dtype=bool)

    def finish(which: Any, reason: StopReason, epoch: int, where: tuple[Array, Array]) -> None:
        which = which & running
        to = members[which]
        end_thetas[to], end_values[to] = where[0][which], where[1][which]
        end_epochs[to], reasons[to] = epoch, reason
        running[which] = False

    for epoch in range(epochs + 1):
        gradient = objective.gradient(theta)
        small = _norms(gradient) <= tolerance
        finish(small & was_small, StopReason.CONVERGED, epoch - 1, before)
        finish(~np.isfinite(value), StopReason.DIVERGED, max(0, epoch - 1), before)
        finish(~np.isfinite(gradient).all(axis=1), StopReason.DIVERGED, epoch, (theta, value))
        if epoch == epochs:
            finish(small, StopReason.CONVERGED, epoch, (theta, value))
            finish(running, StopReason.EPOCHS, epoch, (theta, value))
            break
        direction, state = call(gradient, state, theta) if method.uses_theta else call(gradient, state)
        ahead = theta + (rates * pace[epoch])[:, None] * direction
        finish(~np.isfinite(ahead).all(axis=1), StopReason.DIVERGED, epoch, (theta, value))
        before, was_small = (theta, value), small
        theta, value = ahead, np.asarray(objective.value(ahead), dtype=float)
        if epoch % _DROP_EVERY == 0 and not running.all():
            if not running.any():
                break
            keep = running.copy()
            members, running, rates = members[keep], running[keep], rates[keep]
            theta, value = theta[keep], value[keep]
            before, was_small = (before[0][keep], before[1][keep]), was_small[keep]
            state = tuple(x[keep] if np.ndim(x) == 2 else x for x in state)
    return end_thetas, end_values, end_epochs, reasons


def _shared(entries: tuple[float, ...]) -> Any:
    """Return what n components begin with: one float if it is the same for all, else an array (n,)."""
    return entries[0] if len(set(entries)) == 1 else np.array(entries)
