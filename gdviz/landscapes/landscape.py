"""What a picture of an objective needs in numbers: its values on a grid, contour levels, and a window to look through.

A landscape depends on the objective and its window only, never on the learning rate, so it stands still while the
rate is dragged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gdviz.arrays import Array
from gdviz.cache import Recent
from gdviz.landscapes.nearby import nearby_minimum, nearest
from gdviz.landscapes.signed_log import SignedLog
from gdviz.objectives import Objective
from gdviz.objectives.row_model import RowModel

Window = tuple[tuple[float, float], ...]

MAX_POINTS = 400  # grid points along one side
POINTS = (121, 801)  # along each side of a landscape, and along a curve, where they cost little
_LEAST_POINTS = (21, 101)
_OPERATION = 3e-9  # seconds for one operation of a model on one row of its data, about
_FARTHEST = 1e300  # windows end here, so that their width is still a number
_LEVELS = 18
_PICTURES = 2  # of one landscape that are kept: on a light page and on a dark one
_FLOOR = 0.025  # this share of the cells lies in the part of a logarithmic landscape that is drawn as its floor
_SMALLEST = 1e-290  # the units of levels below it would run into the end of the floats
_POLE = 20.0  # times the usual spread: values farther off than that belong to a pole
_ALIKE, _SQUARE = 0.4, 0.75  # a side longer than the first share of the longest becomes at least the second share
_REACH = 1.25  # times the way from the minimum to the start: as far again to the other side, for steps that overshoot


@dataclass(frozen=True, eq=False)
class Levels:
    """Contour levels, and the monotone scale on which they are evenly spaced.

    ``values`` (q,) are the objective's values at the level lines, ascending; empty where there is nothing to tell
    apart. ``kind`` is the scale: "linear"; "log", like log(value - ``center``) upwards of a least value, which shows a
    valley whose floor is a thousand times below its walls; "signed log", the same to both sides of a middle value,
    for poles. ``unit`` is how far from ``center`` the two logarithmic ones begin to be logarithmic.
    """

    values: Array
    kind: str
    center: float
    unit: float

    def shade(self, z: ArrayLike) -> Array:
        """Return the place of values z (any shape) among the levels: j at ``values[j]``, nan where z is not finite.

        Shades end one level below the first and one above the last, however far the values go.
        """
        z = np.asarray(z, dtype=float)
        finite = np.where(np.isfinite(z), z, np.nan)
        if not len(self.values):
            return finite * 0.0
        low, high = self._scale(self.values[[0, -1]])
        place = (self._scale(finite) - low) / (high - low) * (len(self.values) - 1)
        return np.asarray(np.clip(place, -1.0, float(len(self.values))))

    def value(self, places: ArrayLike) -> Array:
        """Return the values at ``places`` (any shape) among the levels, from which :meth:`shade` leads back."""
        if not len(self.values):
            return np.full(np.shape(places), self.center)
        low, high = self._scale(self.values[[0, -1]])
        scaled = low + np.asarray(places, dtype=float) * (high - low) / (len(self.values) - 1)
        return scaled * self.unit + self.center if self.kind == "linear" else self._log.value(scaled)

    def _scale(self, z: Array) -> Array:
        with np.errstate(all="ignore"):
            return z / self.unit - self.center / self.unit if self.kind == "linear" else self._log.place(z)

    @property
    def _log(self) -> SignedLog:
        return SignedLog(self.unit, self.center)


@dataclass(frozen=True, eq=False)
class Landscape:
    """An objective's values on a grid over two of its variables.

    ``names`` of the variables along x and y, ``x`` (m,), ``y`` (k,), ``z`` (k, m) with inf and nan where the
    objective has no value, ``axes`` their places in theta, ``fixed`` the values of the variables held constant.
    """

    names: tuple[str, str]
    x: Array
    y: Array
    z: Array
    axes: tuple[int, int] = (0, 1)
    fixed: Mapping[str, float] = field(default_factory=dict)
    levels: Levels = field(init=False)
    kept: Recent = field(default_factory=lambda: Recent(_PICTURES), init=False, repr=False)  # pictures made of it

    def __post_init__(self) -> None:
        object.__setattr__(self, "levels", choose_levels(self.z))

    @property
    def window(self) -> Window:
        return ((float(self.x[0]), float(self.x[-1])), (float(self.y[0]), float(self.y[-1])))

    @property
    def shade(self) -> Array:
        """The place of each value among the levels, shape (k, m); see :meth:`Levels.shade`."""
        return self.levels.shade(self.z)


@dataclass(frozen=True, eq=False)
class Curve:
    """An objective's values ``y`` (m,) along one of its variables, ``x`` (m,); ``fixed`` as in :class:`Landscape`."""

    name: str
    x: Array
    y: Array
    axis: int = 0
    fixed: Mapping[str, float] = field(default_factory=dict)

    @property
    def window(self) -> tuple[float, float]:
        return float(self.x[0]), float(self.x[-1])

    @property
    def value_window(self) -> tuple[float, float]:
        """The range of values worth drawing: all of them, but for poles."""
        return _padded(*_typical_range(self.y[np.isfinite(self.y)]), share=0.06)


def landscape(
    objective: Objective,
    window: Window,
    axes: tuple[int, int] = (0, 1),
    at: Sequence[float] | Array | None = None,
    points: int = POINTS[0],
) -> Landscape:
    """Evaluate ``objective`` on ``points`` × ``points`` over ``window``, ((x low, x high), (y low, y high)).

    For n > 2 parameters this is a slice through ``at`` (n,), along the variables ``axes``. Raises ValueError if the
    window is not two increasing pairs, the axes are not two of the variables, ``at`` is missing or ``points`` is not
    from 2 to 400.
    """
    names = objective.variables
    if len(set(axes)) != 2 or not all(0 <= axis < len(names) for axis in axes):
        raise ValueError(f"A landscape needs two different axes from 0 to {len(names) - 1}, not {axes}.")
    if not 2 <= points <= MAX_POINTS:
        raise ValueError(f"points is {points}; it must be from 2 to {MAX_POINTS}.")
    (x_low, x_high), (y_low, y_high) = _checked(window, 2)
    base = _base_point(names, at, axes)
    x, y = np.linspace(x_low, x_high, points), np.linspace(y_low, y_high, points)
    thetas = np.broadcast_to(base, (points, points, len(names))).copy()
    thetas[..., axes[0]], thetas[..., axes[1]] = x[None, :], y[:, None]
    fixed = {name: float(base[i]) for i, name in enumerate(names) if i not in axes}
    return Landscape((names[axes[0]], names[axes[1]]), x, y, _values(objective, thetas), axes, fixed)


def curve(
    objective: Objective,
    window: tuple[float, float] | Window,
    axis: int = 0,
    at: Sequence[float] | Array | None = None,
    points: int = POINTS[1],
) -> Curve:
    """Evaluate ``objective`` at ``points`` places along variable ``axis`` over ``window``, (low, high).

    For n > 1 parameters this is a slice through ``at`` (n,). Raises ValueError as :func:`landscape` does.
    """
    pair = window if np.ndim(window) == 1 else window[0]
    ((low, high),) = _checked((pair,), 1)  # type: ignore[arg-type]
    base = _base_point(objective.variables, at, (axis,))
    x = np.linspace(low, high, points)
    thetas = np.broadcast_to(base, (points, len(base))).copy()
    thetas[:, axis] = x
    fixed = {name: float(base[i]) for i, name in enumerate(objective.variables) if i != axis}
    return Curve(objective.variables[axis], x, _values(objective, thetas), axis, fixed)


def affordable_points(objective: Any, seconds: float, axes: int = 2) -> int:
    """Return how many points along each of one or two ``axes`` cost no more than so many ``seconds``, about.

    A model that is asked row by row of its data is dear; everything else is cheap.
    """
    usual, least = POINTS[2 - axes], _LEAST_POINTS[2 - axes]
    if not isinstance(objective, RowModel) or objective.form is not None:
        return usual
    each = _OPERATION * objective.rows * objective.size
    return int(np.clip((seconds / each) ** (1 / axes), least, usual)) // 2 * 2 + 1


def choose_window(objective: Objective, start: ArrayLike, minima: Iterable[ArrayLike] = ()) -> Window:
    """Return a box, per variable (low, high), with the nearest minimum in its middle and ``start`` (n,) inside.

    ``minima`` are known minimizers (n,); without any, one is searched (:func:`nearby_minimum`). A variable in which
    the two hardly differ gets the width that the level line through the start has at the minimum, up to that of the
    widest variable, so that windows of alike variables are roughly square and fill their place on a page. Depends on
    nothing else.
    """
    begin = np.clip(np.asarray(start, dtype=float), -_FARTHEST / 8, _FARTHEST / 8)
    known = list(minima)
    end = nearest(known, begin) if known else nearby_minimum(objective, begin)
    if end is None:
        return _boxed(begin, np.maximum(2.0, np.abs(begin) / 2))
    span = np.abs(end - begin)
    widest = float(span.max())
    if widest <= 1e-9 * max(1.0, float(np.abs(end).max())):
        return _boxed(end, np.maximum(1.0, np.abs(end) / 4))
    natural = _level_extent(objective, begin, end)
    half = np.maximum(span, np.minimum(natural, widest))
    longest = float(half.max())
    half = np.where(half > _ALIKE * longest, np.maximum(half, _SQUARE * longest), half)
    return _boxed(end, half * _REACH)


def window_of_path(thetas: ArrayLike, window: Window) -> Window:
    """Return the smallest padded box that holds ``window`` and every finite row of ``thetas`` (k, n).

    Bounds end at ±1e300, however far a diverging run went.
    """
    rows = np.asarray(thetas, dtype=float)
    rows = rows[np.isfinite(rows).all(axis=1)]
    box = np.asarray(window, dtype=float)
    if not len(rows):
        return window
    low, high = np.minimum(rows.min(axis=0), box[:, 0]), np.maximum(rows.max(axis=0), box[:, 1])
    return tuple(
        (old if inside else _padded(float(a), float(b), share=0.05))
        for a, b, old, inside in zip(low, high, window, (low >= box[:, 0]) & (high <= box[:, 1]), strict=True)
    )


def choose_levels(z: ArrayLike) -> Levels:
    """Choose contour levels for values ``z`` (any shape): log-like where they span decades.

    Poles do not use up the levels: where a few cells lie far from all the others, the levels end before them.
    Constant values, values next to nothing (1e-290), or none that are finite, give no levels.
    """
    values = np.asarray(z, dtype=float)
    values = values[np.isfinite(values)]
    size = float(np.abs(values).max(initial=0.0))
    if size < _SMALLEST or np.ptp(values / size) < 1e-13:
        return Levels(np.empty(0), "linear", float(values[0]) if len(values) else 0.0, 1.0)
    values = values / size  # so that nothing below can overflow
    least, low, first, middle, third, high, most = np.quantile(values, (0, 0.01, 0.25, 0.5, 0.75, 0.99, 1))
    bulk = max(third - first, 1e-12)
    if middle - least > _POLE * bulk:
        kind, center, unit = "signed log", middle, bulk / 2
        least, most = max(least, low), min(most, high) if most - middle > _POLE * bulk else most
    else:
        most = high if most - least > _POLE * (high - least) > 0 else most
        kind, center, unit = "linear", 0.0, 1.0
        if middle - least < 0.3 * (high - least):
            floor = np.quantile(values, _FLOOR) - least
            kind, center, unit = "log", least, np.clip(floor, 1e-7 * (most - least), 0.02 * (most - least))
    ends = np.array([least, most])
    levels = Levels(ends, kind, float(center), float(unit)).value(np.linspace(0, 1, _LEVELS + 2)[1:-1])
    return Levels(levels * size, kind, float(center * size), float(max(unit * size, np.finfo(float).tiny)))


def _typical_range(values: Array) -> tuple[float, float]:
    """Return least and greatest of finite ``values`` (q,), or the 2 % and 98 % quantile where an end is a pole."""
    if not len(values):
        return 0.0, 0.0
    size = float(np.abs(values).max()) or 1.0
    low, first, third, high = (float(v) for v in np.quantile(values / size, (0.02, 0.25, 0.75, 0.98)))
    least, most, bulk = float(values.min()) / size, float(values.max()) / size, third - first
    poles = (first - least > _POLE * bulk > 0, most - third > 5 * _POLE * bulk > 0)
    return (low if poles[0] else least) * size, (high if poles[1] else most) * size


def _level_extent(objective: Objective, begin: Array, end: Array) -> Array:
    """Return per variable the half width of the level set through ``begin`` of the quadratic model at ``end``."""
    try:
        with np.errstate(all="ignore"):
            inverse = np.linalg.inv(np.asarray(objective.hessian(end), dtype=float))
            height = float(objective.value(begin)) - float(objective.value(end))
            extent = np.sqrt(2 * height * np.diag(inverse))
    except (ArithmeticError, ValueError):  # a formula without second derivatives, or a flat minimum
        return np.full(len(end), np.inf)
    return np.where(np.isfinite(extent), extent, np.inf)


def _boxed(center: Array, half: Array) -> Window:
    """Return center ± half with bounds on round numbers, never degenerate."""
    least = np.maximum(np.abs(center) * 1e-9, 1e-12)
    return tuple(_rounded(float(c), float(h)) for c, h in zip(center, np.maximum(half, least), strict=True))


def _rounded(center: float, half: float) -> tuple[float, float]:
    unit = 10.0 ** np.floor(np.log10(half)) / 10
    low, high = np.floor((center - half) / unit) * unit, np.ceil((center + half) / unit) * unit
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        return center - half, center + half
    digits = int(max(0, 1 - np.floor(np.log10(unit))))
    return (round(float(low), digits), round(float(high), digits)) if digits < 300 else (float(low), float(high))


def _padded(low: float, high: float, share: float) -> tuple[float, float]:
    low, high = (min(max(end, -_FARTHEST), _FARTHEST) for end in (low, high))
    pad = (high / 2 - low / 2) * 2 * share if high / 2 - low / 2 < _FARTHEST / 2 else share * _FARTHEST
    if pad == 0:
        pad = max(1.0, abs(low)) * share
    return max(low - pad, -_FARTHEST), min(high + pad, _FARTHEST)


def _values(objective: Objective, thetas: Array) -> Array:
    with np.errstate(all="ignore"):
        return np.broadcast_to(np.asarray(objective.value(thetas), dtype=float), thetas.shape[:-1]).copy()


def _base_point(names: tuple[str, ...], at: Sequence[float] | Array | None, axes: tuple[int, ...]) -> Array:
    if at is None:
        if len(names) > len(axes):
            raise ValueError(f"A slice of {len(names)} variables needs the point it goes through: pass at=.")
        return np.zeros(len(names))
    base = np.asarray(at, dtype=float)
    if base.shape != (len(names),):
        raise ValueError(f"at needs {len(names)} numbers ({', '.join(names)}), not shape {base.shape}.")
    return base


def _checked(window: Window, count: int) -> Window:
    box = np.asarray(window, dtype=float)
    if box.shape != (count, 2) or not np.isfinite(box).all() or not (box[:, 0] < box[:, 1]).all():
        raise ValueError(f"The window needs {count} pairs (low, high) of finite numbers with low < high, not {window}.")
    return tuple((float(low), float(high)) for low, high in box)
