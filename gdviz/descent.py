"""The one descent loop: a start, a learning rate, epochs and an optimizer → every iterate, and why it stopped.

Failure is a value, never an exception and never a clipped path: a run that overflows ends as DIVERGED at its last
finite point. Epoch 0 is the start, so a run of k epochs has k + 1 rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.learning_rates import LearningRate, make_learning_rate
from gdviz.objectives import Objective
from gdviz.optimizers import Optimizer, make_optimizer

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
    ``learning_rates`` (k,): the rate really used at each epoch. ``evaluations``: gradient evaluations paid for,
    the last one, which only tells whether the end is stationary, included. ``experiment``: what it is a run of, if any.
    """

    variables: tuple[str, ...]
    thetas: Array
    values: Array
    gradients: Array
    learning_rates: Array
    evaluations: int
    stop_reason: StopReason
    experiment: Any = None

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

    Stops as CONVERGED at the first of two iterates in a row whose gradient's norm is at most ``tolerance`` (absolute;
    one alone may be momentum flying past a flat spot), as DIVERGED at the last finite point, as DEADLINE after
    ``deadline`` seconds, otherwise as EPOCHS. Raises ValueError for arguments that make no sense, naming them.
    """
    theta = _check_start(objective, start)
    epochs = _check_epochs(epochs)
    method = make_optimizer(optimizer, **hyperparameters)
    schedule = make_learning_rate(learning_rate)
    thetas, gradients, reason = _record(objective, theta, schedule, epochs, method, tolerance, deadline)
    values = np.atleast_1d(objective.value(thetas))
    thetas, values, gradients, reason = _end_at_last_finite(thetas, values, gradients, reason)
    steps = len(thetas) - 1
    rates = np.fromiter(schedule.rates(0, steps), dtype=float, count=steps)
    return Trajectory(objective.variables, thetas, values, gradients, rates, len(gradients), reason)


def _record(
    objective: Objective,
    theta: tuple[float, ...],
    schedule: LearningRate,
    epochs: int,
    method: Optimizer,
    tolerance: float,
    deadline: float,
) -> tuple[Array, Array, StopReason]:
    """Run the loop chunk by chunk; return thetas (k + 1, n), their gradients, and why it ended."""
    n = len(theta)
    advance = _loop(n)
    thetas: list[tuple[float, ...]] = [theta]
    gradients: list[tuple[float, ...]] = []
    states = (method.initial,) * n
    until = monotonic() + deadline
    reason = StopReason.EPOCHS
    done = checked = 0
    while done < epochs:
        count = min(_CHUNK, epochs - done)
        theta, states = _advance(advance, objective, method, theta, states, schedule, done, count, thetas, gradients)
        done += count
        if done == epochs or monotonic() > until:
            gradients.append(_gradient_at(objective, theta))
        complete = len(gradients) == len(thetas)
        end = _ending(gradients, thetas, checked, tolerance, complete)
        if end is not None:
            last, reason = end
            del thetas[last + 1 :], gradients[last + 1 :]
            break
        if complete:
            reason = StopReason.EPOCHS if done == epochs else StopReason.DEADLINE
            break
        checked = done - 1  # the newest gradient still waits for its neighbor
    table = np.array(thetas, dtype=float).reshape(-1, n)
    return table, np.array(gradients, dtype=float).reshape(-1, n), reason


def _advance(
    advance: Callable[..., Any],
    objective: Objective,
    method: Optimizer,
    theta: tuple[float, ...],
    states: tuple[Any, ...],
    schedule: LearningRate,
    first: int,
    count: int,
    thetas: list[tuple[float, ...]],
    gradients: list[tuple[float, ...]],
) -> tuple[tuple[float, ...], tuple[Any, ...]]:
    """Take ``count`` steps on floats; where floats raise, take the same steps again in IEEE arithmetic.

    Python floats raise where NumPy gives inf or nan, and 1/(1 + exp(800)) is a fine 0 although exp(800) overflows.
    Catching that once around many steps costs the others nothing.
    """
    try:
        return advance(  # type: ignore[no-any-return]
            objective.float_gradient, method.direction, theta, states, schedule.rates(first, count), thetas, gradients
        )
    except (ArithmeticError, ValueError):
        del thetas[first + 1 :], gradients[first:]
    careful = objective.careful_gradient

    def ieee_gradient(*point: float) -> tuple[Any, ...]:
        return tuple(map(np.float64, careful(*map(float, point))))

    scalars = tuple(map(np.float64, theta))
    with np.errstate(all="ignore"):
        theta, states = advance(
            ieee_gradient, method.direction, scalars, states, schedule.rates(first, count), thetas, gradients
        )
    return tuple(map(float, theta)), states


@lru_cache(maxsize=128)
def _loop(n: int) -> Callable[..., Any]:
    """Return the descent loop written out for n components, as one would by hand for x and y.

    A loop over the components inside the loop over the epochs would make a run half as slow again. The text depends
    on n alone.
    """
    components = range(n)
    points = ", ".join(f"t{i}" for i in components) + ","
    slopes = ", ".join(f"g{i}" for i in components) + ","
    states = ", ".join(f"s{i}" for i in components) + ","
    directions = "".join(f"        d{i}, s{i} = direction(g{i}, s{i})\n" for i in components)
    steps = "".join(f"        t{i} = t{i} + rate * d{i}\n" for i in components)
    source = (
        "def advance(gradient_at, direction, theta, states, rates, thetas, gradients):\n"
        f"    {points} = theta\n"
        f"    {states} = states\n"
        "    record_theta, record_gradient = thetas.append, gradients.append\n"
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


def _ending(
    gradients: list[tuple[float, ...]], thetas: list[tuple[float, ...]], first: int, tolerance: float, complete: bool
) -> tuple[int, StopReason] | None:
    """Return the row at which the run ended and why, looking at rows from ``first`` on; None if it goes on."""
    slopes = np.array(gradients[first:], dtype=float)
    points = np.array(thetas[first:], dtype=float)
    small = _norms(slopes) <= tolerance
    stays = np.flatnonzero(small & np.append(small[1:], complete))
    broken = ~np.isfinite(slopes).all(axis=1)
    ahead = ~np.isfinite(points[1:]).all(axis=1)
    broken[: len(ahead)] |= ahead
    breaks = np.flatnonzero(broken)
    if stays.size and not (breaks.size and breaks[0] < stays[0]):
        return first + int(stays[0]), StopReason.CONVERGED
    if breaks.size:
        return first + int(breaks[0]), StopReason.DIVERGED
    return None


def _end_at_last_finite(
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


def _gradient_at(objective: Objective, point: tuple[float, ...]) -> tuple[float, ...]:
    try:
        return tuple(objective.float_gradient(*point))
    except (ArithmeticError, ValueError):
        return tuple(objective.careful_gradient(*point))


def _norms(vectors: Array) -> Array:
    """Euclidean norms along the last axis, without overflow on the way to a finite norm."""
    with np.errstate(all="ignore"):
        size = np.max(np.abs(vectors), axis=-1, keepdims=True)
        scaled = np.divide(vectors, size, out=np.zeros_like(vectors), where=(size > 0) & np.isfinite(size))
        return np.asarray(size[..., 0] * np.sqrt(np.sum(scaled * scaled, axis=-1)))


def _check_start(objective: Objective, start: Sequence[float]) -> tuple[float, ...]:
    point = tuple(float(x) for x in start)
    if len(point) != len(objective.variables):
        names = ", ".join(objective.variables)
        raise ValueError(f"The start has {len(point)} numbers; this objective needs {len(objective.variables)} ({names}).")
    if not all(np.isfinite(point)):
        raise ValueError(f"The start is {point}; every number of it must be finite.")
    return point


def _check_epochs(epochs: int) -> int:
    if int(epochs) != epochs or not 1 <= epochs <= MAX_EPOCHS:
        raise ValueError(f"epochs is {epochs}; it must be a whole number from 1 to {MAX_EPOCHS:,}.")
    return int(epochs)


def descend_batch(
    objective: Objective,
    starts: ArrayLike,
    learning_rate: ArrayLike = 0.01,
    epochs: int = 1000,
    optimizer: str | Optimizer = "gd",
    *,
    tolerance: float = DEFAULT_TOLERANCE,
    **hyperparameters: float,
) -> BatchResult:
    """Descend from many starts, or at many learning rates, at once; keep the last iterates only.

    ``starts`` has shape (*batch, n) and ``learning_rate`` a shape that broadcasts with (*batch,): one start and many
    rates, or many starts and one rate. The same optimizer lines run as in :func:`descend`, on arrays in blocks, and
    each member ends where :func:`descend` would end it. Raises ValueError as :func:`descend` does.
    """
    points = np.asarray(starts, dtype=float)
    n = len(objective.variables)
    if points.ndim == 0 or points.shape[-1] != n:
        raise ValueError(f"starts needs shape (…, {n}) for {', '.join(objective.variables)}; it is {points.shape}.")
    rates = np.asarray(learning_rate, dtype=float)
    if not (np.isfinite(rates).all() and (rates > 0).all()):
        raise ValueError("Every learning rate must be a finite number above 0.")
    shape = np.broadcast_shapes(points.shape[:-1], rates.shape)
    flat = np.broadcast_to(points, (*shape, n)).reshape(-1, n)
    flat_rates = np.broadcast_to(rates, shape).reshape(-1)
    epochs = _check_epochs(epochs)
    method = make_optimizer(optimizer, **hyperparameters)
    with np.errstate(all="ignore"):
        blocks = [
            _descend_block(objective, flat[i : i + _BLOCK], flat_rates[i : i + _BLOCK], epochs, method, tolerance)
            for i in range(0, len(flat), _BLOCK)
        ]
    thetas, values, counts, reasons = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
    return BatchResult(
        thetas.reshape(*shape, n), values.reshape(shape), counts.reshape(shape), reasons.reshape(shape)
    )


def _descend_block(
    objective: Objective, thetas: Array, rates: Array, epochs: int, method: Optimizer, tolerance: float
) -> tuple[Array, Array, NDArray[np.int64], NDArray[Any]]:
    """Descend from ``thetas`` (b, n) with ``rates`` (b,); members that end are written down and soon let go of."""
    b, n = thetas.shape
    end_thetas, end_values = thetas.copy(), np.asarray(objective.value(thetas), dtype=float)
    end_epochs, reasons = np.full(b, epochs), np.full(b, StopReason.EPOCHS, dtype=object)
    members, running = np.arange(b), np.ones(b, dtype=bool)
    theta, value, before = thetas.copy(), end_values.copy(), (thetas, end_values)
    state: tuple[Any, ...] = tuple(np.full((b, n), x) for x in method.initial)
    was_small = np.zeros(b, dtype=bool)

    def finish(which: NDArray[np.bool_], reason: StopReason, epoch: int, where: tuple[Array, Array]) -> None:
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
        direction, state = method.direction(gradient, state)
        ahead = theta + rates[:, None] * direction
        finish(~np.isfinite(ahead).all(axis=1), StopReason.DIVERGED, epoch, (theta, value))
        before, was_small = (theta, value), small
        theta, value = ahead, np.asarray(objective.value(ahead), dtype=float)
        if epoch % _DROP_EVERY == 0 and not running.all():
            if not running.any():
                break
            keep = running.copy()
            members, running, rates, theta, value = (x[keep] for x in (members, running, rates, theta, value))
            before, was_small = (before[0][keep], before[1][keep]), was_small[keep]
            state = tuple(x[keep] for x in state)
    return end_thetas, end_values, end_epochs, reasons
