"""Where a fit may begin: a start near the data, for any model, at any magnitude and offset of its columns.

A model linear in its parameters is solved exactly. Any other is linear in some of its parameters: for given values of
the others these are solved for (variable projection: Golub & Pereyra, SIAM J. Numer. Anal. 10, 1973), so that only
the others are to be scanned, over values that follow from the columns: rates against their spread, places among their
numbers, and for sines the frequencies at which the data swing most (Lomb, Astrophys. Space Sci. 39, 1976). The best of
them are improved by a few damped Gauss–Newton steps.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from gdviz.arrays import Array
from gdviz.fits.errors import FitError
from gdviz.fits.fit import Fit
from gdviz.fits.quadratic_form import least_squares_solution
from gdviz.fits.scaling import scaling_of
from gdviz.numerals import format_number
from gdviz.pacing import pause

Start = tuple[float, ...]

_SCANNED_ROWS, _SOLVED_ROWS = 100, 1000  # that the scan and the solution look at, of a long table
_MOST_TRIED = 6000  # combinations of values in a scan
_MOST_EXPONENT = 250.0  # of exp: its square, which a curvature takes, is still far from the largest float
_STEEPEST = 1e130  # slope: likewise
_POLISHED = 6  # of the best combinations
_STEPS = 60
_MOST_FREQUENCIES = 8000
_PEAKS = 6
_UPHILL = 0.05  # share of what the best curve explains, that a start leaves to be won back


def start_near_data(fit: Fit) -> Start:
    """Return a start (n,) in the data's own units, near the data; zeros for a linear model with log loss.

    A linear model begins half-way from a level line to its best fit. The start of any other is a best fit moved a
    little up its steepest slope, so that there is something to see. The target's squared error counts, whatever the
    loss. Raises FitError where the model has no finite value on these data.
    """
    fit = fit.own()
    with np.errstate(all="ignore"):
        found = _near(fit) if fit.own_design is None else _half_way(fit, *fit.own_design)
    return tuple(found.tolist())


# -- models linear in their parameters --


def _half_way(fit: Fit, design: Array, offset: Array | None) -> Array:
    target = fit.columns[fit.target]
    if fit.loss.classes:
        return np.zeros(design.shape[1])
    if offset is not None:
        target = target - offset
    scaling = scaling_of(design)
    terms = scaling.design(design)
    level = np.full(len(target), target.mean())
    flat, best = (scaling.own(least_squares_solution(terms, right)) for right in (level, target))
    ways = [(flat + best) / 2, best]
    if scaling.intercept is not None:
        flat = np.zeros_like(best)
        flat[scaling.intercept] = target.mean() / scaling.level
    ways.append(flat)
    errors = [float(np.mean((design @ theta - target) ** 2)) for theta in ways]
    if errors[0] <= float(np.var(target)):
        return ways[0]
    # Such as a line that is level anyway, or powers of a far column, of which too few digits are left.
    return ways[int(np.argmin(np.nan_to_num(errors, nan=np.inf)))]


# -- any other model --


class _Sample:
    """A model on some rows of its data: values, slopes, and what it is linear in."""

    def __init__(self, fit: Fit, rows: NDArray[np.intp]) -> None:
        target = fit.columns[fit.target][rows]
        self.target = 4 * target - 2 if fit.loss.classes else target  # log-odds that are clear enough
        self.columns = {name: fit.columns[name][rows] for name in fit.used_columns}
        self.names = fit.variables
        self._order = fit.expression.variables
        self._partials = fit.expression.array_partials(fit.variables)
        linear: list[str] = []
        for name in fit.variables:
            if fit.expression.is_linear_in((*linear, name)):
                linear.append(name)
        self.linear = [i for i, name in enumerate(self.names) if name in linear]
        self.bent = [i for i, name in enumerate(self.names) if name not in linear]

    def values_and_slopes(self, thetas: Array) -> tuple[Array, Array]:
        """Return the model (b, m) and its slopes (b, m, n) at thetas (b, n)."""
        known = {name: thetas[:, i, None] for i, name in enumerate(self.names)} | self.columns
        value, slopes = self._partials(*(known[name] for name in self._order))
        shape = (len(thetas), len(self.target))
        return np.broadcast_to(value, shape), np.stack([np.broadcast_to(s, shape) for s in slopes], axis=-1)

    def errors_and_slopes(self, theta: Array) -> tuple[Array, Array]:
        """Return model less target (m,) and its slopes (m, n) at theta (n,)."""
        values, slopes = self.values_and_slopes(theta[None])
        return values[0] - self.target, slopes[0]

    def error(self, theta: Array) -> float:
        """Return the mean squared error at theta (n,), infinite where it or a slope is no number to go on with."""
        errors, slopes = self.errors_and_slopes(theta)
        error = float(np.mean(errors**2))
        return error if np.isfinite(error) and np.abs(slopes).max() < _STEEPEST else np.inf

    def scanned(self, thetas: Array) -> Array:
        """Return the least mean squared error (b,) over the linear parameters; infinite where there is none."""
        offset, slopes = self.values_and_slopes(self._without_linear(thetas))
        linear = slopes[:, :, self.linear]
        errors = _left_over(linear, self.target - offset)
        usable = np.isfinite(errors) & (np.abs(linear).max(axis=(1, 2), initial=0.0) < _STEEPEST)
        return np.where(usable, errors, np.inf)

    def solved(self, theta: Array) -> Array:
        """Return theta (n,) with the linear parameters that fit best."""
        offset, slopes = self.values_and_slopes(self._without_linear(theta[None]))
        design = slopes[0][:, self.linear]
        found = theta.copy()
        if self.linear and np.isfinite(design).all() and np.isfinite(offset).all():
            size = _sizes(design)
            found[self.linear] = np.linalg.lstsq(design / size, self.target - offset[0], rcond=None)[0] / size
        return found

    def _without_linear(self, thetas: Array) -> Array:
        thetas = thetas.copy()
        thetas[:, self.linear] = 0.0
        return thetas


def _near(fit: Fit) -> Array:
    sample = _Sample(fit, _rows(fit.rows, _SOLVED_ROWS))
    few = _Sample(fit, _rows(fit.rows, _SCANNED_ROWS))
    thetas = _combined(sample, _values_to_try(sample, bool(fit.expression.operations & {"sin", "cos"})))
    errors = few.scanned(thetas)
    first = [sample.solved(thetas[i]) for i in np.argsort(errors, kind="stable")[:_POLISHED]]
    tried = [(sample.error(theta), theta) for theta in [*first, *(_polished(sample, theta) for theta in first)]]
    whole = _Sample(fit, np.arange(fit.rows))
    chosen = [min(tried, key=lambda pair: pair[0])[1], np.zeros(len(fit.variables))]  # of the second many are level
    error, best = min(((whole.error(theta), theta) for theta in map(whole.solved, chosen)), key=lambda pair: pair[0])
    if not np.isfinite(error):
        raise FitError("model", _no_value(whole))
    return _moved_uphill(whole, best, error)


def _rows(count: int, most: int) -> NDArray[np.intp]:
    """At most so many rows, drawn at random: evenly spaced ones would show a fast oscillation as a slow one."""
    if count <= most:
        return np.arange(count)
    return np.sort(np.random.RandomState(0).choice(count, most, replace=False))


# -- what to try --


def _combined(sample: _Sample, values: Array) -> Array:
    """Return thetas (b, n) with every combination of ``values`` (v,) for what the model is not linear in, or some."""
    n, count = len(sample.names), len(sample.bent)
    if len(values) ** count <= _MOST_TRIED:
        chosen = np.array(list(product(values, repeat=count)))
    else:
        chosen = np.random.RandomState(0).choice(values, (_MOST_TRIED, count))
    thetas = np.zeros((len(chosen), n))
    thetas[:, sample.bent] = chosen
    return thetas


def _values_to_try(sample: _Sample, swings: bool) -> Array:
    """Return values (v,) for parameters of unknown meaning: rates, places, widths and powers, or frequencies."""
    found: list[Array] = [np.linspace(-4, 4, 17)]
    for x in sample.columns.values():
        spread, size = float(np.ptp(x)), float(np.abs(x).max())
        powers = np.geomspace(5, max(6.0, _MOST_EXPONENT / (1 + abs(np.log(size)))), 6)
        found += [powers, -powers]
        if swings:
            omegas = _frequencies(x, sample.target)
            found += [np.arange(8) * np.pi / 8, omegas, 2 * np.pi / omegas, omegas / (2 * np.pi), 1 / omegas]
        for most in {60 / spread, min(60 / spread, _MOST_EXPONENT / size)}:
            rates = most * np.geomspace(0.001, 1, 12)
            found += [rates, -rates]
        found.append(np.linspace(x.min(), x.max(), 9))
        if not swings:
            found.append(spread * np.geomspace(0.02, 2, 5))
    return np.unique(np.concatenate(found))


def _frequencies(x: Array, y: Array) -> Array:
    """Return the angular frequencies (f,) at which y (m,) swings most along x (m,): peaks of the periodogram.

    From a quarter of a period over the whole of x to the fastest that so many rows can tell, each improved by a
    parabola through its neighbors.
    """
    spread = float(np.ptp(x))
    fastest = max(1.0, (len(np.unique(x)) - 1) / 2)  # periods
    count = int(min(8 * fastest, _MOST_FREQUENCIES)) + 2
    omegas = np.linspace(0.25, max(fastest, 1.0), count) * 2 * np.pi / spread
    explained = _explained(omegas, x - x.mean(), y - y.mean())
    inner = np.flatnonzero((explained[1:-1] >= explained[:-2]) & (explained[1:-1] >= explained[2:])) + 1
    peaks = np.append(inner, [0, count - 1])
    peaks = peaks[np.argsort(-explained[peaks], kind="stable")[:_PEAKS]]
    step = omegas[1] - omegas[0]
    return np.array([omegas[i] + step * _top(explained[max(0, i - 1) : i + 2]) for i in peaks])


def _explained(omegas: Array, place: Array, y: Array) -> Array:
    """How much of y's squares a level and a sine of each of these frequencies (f,), evenly spaced, explain: (f,)."""
    turn, onward = np.exp(1j * omegas[0] * place), np.exp(1j * (omegas[1] - omegas[0]) * place)
    sums = np.empty((3, len(omegas)), dtype=complex)
    for k in range(len(omegas)):
        pause()
        sums[:, k] = turn.sum(), turn @ turn, turn @ y
        turn = turn * onward
    first, second, swing = sums
    m, none = np.full(len(omegas), float(len(y))), np.zeros(len(omegas))
    normal = np.array([[m, first.real, first.imag],
                       [first.real, (m + second.real) / 2, second.imag / 2],
                       [first.imag, second.imag / 2, (m - second.real) / 2]])  # fmt: skip
    right = np.array([none, swing.real, swing.imag])
    inverse = np.linalg.pinv(np.moveaxis(normal, -1, 0), rcond=1e-10, hermitian=True)
    return np.asarray(np.einsum("if,fij,jf->f", right, inverse, right))


def _top(three: Array) -> float:
    """Where between -1 and 1 the parabola through three values, evenly spaced, has its top; 0 if it has none."""
    if len(three) < 3:
        return 0.0
    bend = three[0] - 2 * three[1] + three[2]
    return float(np.clip((three[0] - three[2]) / (2 * bend), -1, 1)) if bend < 0 else 0.0


def _left_over(designs: Array, rights: Array) -> Array:
    """Return the mean squared errors (b,) that the columns of ``designs`` (b, m, k) leave of ``rights`` (b, m).

    Gram–Schmidt, all at once; a column that the ones before it hold already counts as none.
    """
    axes: list[Array] = []
    for j in range(designs.shape[2]):
        pause()
        axis = designs[:, :, j]
        axis = axis / np.where((size := np.abs(axis).max(axis=1, keepdims=True)) > 0, size, 1.0)
        before = np.linalg.norm(axis, axis=1, keepdims=True)
        for _ in range(2):  # once more for the digits
            for other in axes:
                axis = axis - np.sum(other * axis, axis=1, keepdims=True) * other
        length = np.linalg.norm(axis, axis=1, keepdims=True)
        axes.append(np.where(length > 1e-10 * before, axis / np.where(length > 0, length, 1.0), 0.0))
        rights = rights - np.sum(axes[-1] * rights, axis=1, keepdims=True) * axes[-1]
    return np.asarray(np.mean(rights**2, axis=1))


def _sizes(slopes: Array) -> Array:
    """The size of each column of ``slopes`` (m, n), 1 for those of zeros alone."""
    sizes = np.abs(slopes).max(axis=0, initial=0.0)
    return np.where(sizes > 0, sizes, 1.0)


# -- from there --


def _polished(sample: _Sample, theta: Array) -> Array:
    """Improve theta (n,) by damped Gauss–Newton steps, in units of the slopes' own size, while they still pay.

    What the model is linear in is solved for anew after each, which follows a bent valley at once.
    """
    error, damping = sample.error(theta), 1e-3
    settled = 1e-26 * float(np.mean(sample.target**2))
    for _ in range(_STEPS):
        if not settled < error < np.inf:
            break
        errors, slopes = sample.errors_and_slopes(theta)
        size = _sizes(slopes) * np.sqrt(len(errors))
        while damping < 1e8:
            pause()
            rows = np.concatenate([slopes / size, np.sqrt(damping) * np.eye(len(theta))])
            step = np.linalg.lstsq(rows, np.append(-errors, np.zeros(len(theta))), rcond=None)[0] / size
            moved = sample.solved(theta + step)
            ahead = sample.error(moved)
            if ahead < error:
                break
            damping *= 10
        else:
            break
        paid = error - ahead > 1e-3 * error
        theta, error, damping = moved, ahead, damping / 10
        if not paid:
            break
    return theta


def _moved_uphill(sample: _Sample, best: Array, error: float) -> Array:
    """Move theta (n,) along the steepest direction, down which a descent soon finds back."""
    room = _UPHILL * (float(np.var(sample.target)) - error)
    if not room > 0:
        return best
    slopes = sample.errors_and_slopes(best)[1]
    triangle = np.linalg.qr(slopes / np.sqrt(len(slopes)), mode="r")
    _, values, axes = np.linalg.svd(triangle)
    away = axes[0] * np.sqrt(room) / values[0] if values[0] > 0 else np.zeros_like(best)
    for _ in range(30):
        ahead, moved = min(((sample.error(theta), theta) for theta in (best + away, best - away)), key=lambda p: p[0])
        if ahead <= error + 2 * room:
            return moved
        away = away / 2
    return best


def _no_value(sample: _Sample) -> str:
    """Say that the model has no finite value or slope, and where, if that is always the same row."""
    trial = np.array([1.0 + 0.5 * i for i in range(len(sample.names))])
    values, slopes = sample.values_and_slopes(trial[None])
    bad = np.flatnonzero(~(np.isfinite(values[0]) & np.isfinite(slopes[0]).all(axis=1)))
    where = ""
    if len(bad):
        where = " where " + ", ".join(f"{name} = {format_number(c[bad[0]])}" for name, c in sample.columns.items())
    return (
        f"The model, or its slope, has no finite value on these data{where}: take another model, or shift or "
        "scale the column in it."
    )
