"""A model over columns of data: what every fit has, whatever its loss."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gdviz.arrays import Array
from gdviz.cache import Recent, cached_property
from gdviz.codes.tracing import Tracer
from gdviz.formulas import Expression, FormulaError, parse_expression
from gdviz.formulas.graph_numbers import GraphNumber
from gdviz.formulas.limits import BLOCK
from gdviz.objectives.objective import MOST_KEPT_STEPS, Traced
from gdviz.objectives.quadratic import Quadratic, plain
from gdviz.objectives.rows import FormulaRows, Rows
from gdviz.pacing import pause


@dataclass(frozen=True, eq=False)
class RowModel:
    """The mean over the rows of a loss of ``model`` against the column ``target``; the loss comes in a subclass.

    ``model`` is a formula in which names of columns are data and all other names are parameters, in the order of
    :func:`parse`. ``data`` maps names to columns of equal length m. Raises FormulaError for the model, ValueError for
    columns that do not fit each other or the model, or that hold anything but finite numbers.
    """

    model: str
    data: Mapping[str, ArrayLike]
    target: str
    expression: Expression = field(init=False, repr=False)
    variables: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        columns = {name: _as_numbers(name, column) for name, column in self.data.items()}
        _check_columns(columns, self.target)
        object.__setattr__(self, "data", columns)
        self._read_model()

    def _read_model(self) -> None:
        """Set ``expression`` and ``variables``."""
        expression = parse_expression(self.model, self.columns)
        if self.target in expression.variables:
            raise FormulaError(uses_target(self.target), _position_of(self.target, self.model))
        parameters = tuple(name for name in expression.variables if name not in self.columns)
        if not parameters:
            raise FormulaError("The model has no parameter: every name in it is a column. Add one, such as slope*x.", 0)
        object.__setattr__(self, "expression", expression)
        object.__setattr__(self, "variables", parameters)

    @property
    def text(self) -> str:
        return self.model

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence for each thing in the model's text that was left out, renamed, or read in one of several ways."""
        return self.expression.notes

    @property
    def columns(self) -> dict[str, Array]:
        """The data as float columns of shape (m,)."""
        return self.data  # type: ignore[return-value]

    @property
    def used_columns(self) -> tuple[str, ...]:
        """The columns that the model reads, in the order in which they appear."""
        return tuple(name for name in self.expression.variables if name in self.columns)

    @property
    def rows(self) -> int:
        return len(self.columns[self.target])

    @property
    def size(self) -> int:
        """How many operations the model takes for a row, about."""
        return self.expression.size

    @property
    def form(self) -> Quadratic | None:
        """The quadratic form if values and gradients are to come from it, None if from the rows."""
        raise NotImplementedError

    def predict(self, theta: ArrayLike, columns: Mapping[str, ArrayLike] | None = None) -> Array:
        """Return the model's curve for theta (n,) over the given columns (default: the data's), as shape (m,)."""
        source: Mapping[str, ArrayLike] = self.columns if columns is None else columns
        known = {**source, **dict(zip(self.variables, np.asarray(theta, dtype=float), strict=True))}
        curve = self.expression.array_value(*(known[name] for name in self.expression.variables))
        return np.array(np.broadcast_arrays(curve, *source.values())[0])  # a model may read no column at all

    def value(self, theta: ArrayLike) -> Any:
        """Return the mean loss at theta (…, n), as shape (…)."""
        if self.form is not None:
            return self.form.value(theta)
        return plain(self._in_blocks(theta, self._value_block))

    def gradient(self, theta: ArrayLike) -> Array:
        """Return the gradient, the mean of slope · ∂model/∂theta, at theta (…, n), as shape (…, n)."""
        if self.form is not None:
            return self.form.gradient(theta)
        return self._in_blocks(theta, self._gradient_block)

    def hessian(self, theta: ArrayLike) -> Array:
        """Return the exact Hessian at theta (…, n), as shape (…, n, n)."""
        return self._in_blocks(theta, self._hessian_block)

    @cached_property
    def lean_rows(self) -> Rows:
        """The model over the rows, for one theta at a time."""
        return FormulaRows(self.expression, self.variables, self.columns, self.columns[self.target])

    # -- as graph numbers --

    @cached_property
    def kept_steps(self) -> Recent:
        return Recent(MOST_KEPT_STEPS)

    def trace(self, at: Tracer) -> Traced:
        return self.trace_rows(at) if self.form is None else self.form.trace(at)

    def trace_rows(self, at: Tracer) -> Traced:
        """Trace the mean over the rows as such, a quadratic form or not."""
        prediction, partials = self.trace_prediction(at)
        slope = self._row_slope(prediction, at.column(self.columns[self.target]))
        return self._trace_rows_value(at), tuple([at.mean(slope * partial) for partial in partials])

    def trace_value(self, at: Tracer) -> GraphNumber:
        return self._trace_rows_value(at) if self.form is None else self.form.trace_value(at)

    def _trace_rows_value(self, at: Tracer) -> GraphNumber:
        prediction, _ = self.trace_prediction(at)
        return at.mean(self._row_value(prediction, at.column(self.columns[self.target])))

    def trace_prediction(self, at: Tracer) -> tuple[GraphNumber, list[GraphNumber]]:
        """Return one row's prediction and its derivatives in the parameters."""
        graph, value, slopes = self.expression.nodes
        known = dict(zip(self.variables, at.row_theta, strict=True))
        known |= {name: at.column(self.columns[name]) for name in self.used_columns}
        wanted = [slopes[self.expression.variables.index(name)] for name in self.variables]
        prediction, *partials = at.formula(graph, [value, *wanted], known)
        return prediction, partials

    def _row_value(self, prediction: Any, target: Any) -> Any:
        """Return the loss of each row, of arrays or graph numbers."""
        raise NotImplementedError

    def _row_slope(self, prediction: Any, target: Any) -> Any:
        """Return its first derivative with respect to the prediction."""
        raise NotImplementedError

    # -- rows of theta against rows of data --

    def _arguments(self, theta: Array) -> list[Array]:
        """The expression's arguments for theta (b, n): parameters as (b, 1), columns as (m,)."""
        known = {name: theta[..., i, None] for i, name in enumerate(self.variables)}
        return [known[name] if name in known else self.columns[name] for name in self.expression.variables]

    def _prediction(self, theta: Array) -> Array:
        """The model (…, m) at theta (…, n)."""
        return np.asarray(self.expression.array_value(*self._arguments(theta)))

    @cached_property
    def _partials(self) -> Callable[..., Any]:
        return self.expression.array_partials(self.variables)

    def prediction_and_jacobian(self, theta: Array) -> tuple[Array, Array]:
        """Return the model (…, m) and ∂model/∂theta (…, m, n) at theta (…, n)."""
        value, partials = self._partials(*self._arguments(theta))
        shape = (*theta.shape[:-1], self.rows)
        columns = [np.broadcast_to(partial, shape) for partial in partials]
        return np.broadcast_to(value, shape), np.stack(columns, axis=-1)

    def _residual_and_jacobian(self, theta: Array) -> tuple[Array, Array]:
        prediction, jacobian = self.prediction_and_jacobian(theta)
        return prediction - self.columns[self.target], jacobian

    def _value_block(self, theta: Array) -> Array:
        raise NotImplementedError

    def _gradient_block(self, theta: Array) -> Array:
        raise NotImplementedError

    def _hessian_block(self, theta: Array) -> Array:
        raise NotImplementedError

    def _in_blocks(self, theta: ArrayLike, evaluate: Callable[[Array], Array]) -> Array:
        """Evaluate theta (…, n) a bounded number of rows at a time, so that memory stays bounded too."""
        points = np.asarray(theta, dtype=float)

        def paused(part: Array) -> Array:
            pause()
            return evaluate(part)

        with np.errstate(all="ignore"):
            if points.ndim == 1:
                return np.asarray(evaluate(points))
            flat = points.reshape(-1, points.shape[-1])
            size = BLOCK // self.rows
            if size > 1:
                joined = np.concatenate([paused(flat[i : i + size]) for i in range(0, len(flat) or 1, size)])
            else:
                joined = np.array([paused(point) for point in flat])
        return joined.reshape(points.shape[:-1] + joined.shape[1:])


@dataclass(frozen=True, eq=False)
class ByRows:
    """A ``fit`` for descents on some of its rows at a time: their mean, even where the whole is a quadratic form."""

    fit: RowModel

    @property
    def variables(self) -> tuple[str, ...]:
        return self.fit.variables

    @cached_property
    def kept_steps(self) -> Recent:
        return Recent(MOST_KEPT_STEPS)

    def trace(self, at: Tracer) -> Traced:
        return self.fit.trace_rows(at)


def uses_target(target: str) -> str:
    """Return what is wrong with a model that reads its own target."""
    return f"The model uses the target column “{target}”: write the model from other columns."


def _position_of(name: str, model: str) -> int:
    """Where the name stands in the text as a word of its own."""
    found = re.search(rf"(?<![^\W\d]){re.escape(name)}(?!\w)", model)
    return found.start() if found else 0


def _as_numbers(name: str, column: ArrayLike) -> Array:
    try:
        return np.asarray(column, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"The column “{name}” does not hold numbers alone.") from None


def _check_columns(columns: Mapping[str, Array], target: str) -> None:
    if target not in columns:
        raise ValueError(f"There is no target column “{target}”; the columns are {', '.join(columns)}.")
    lengths = {name: column.shape for name, column in columns.items()}
    if len(set(lengths.values())) > 1 or columns[target].ndim != 1 or not len(columns[target]):
        raise ValueError(f"The columns must be lists of numbers of one length; their shapes are {lengths}.")
    for name, column in columns.items():
        broken = np.flatnonzero(~np.isfinite(column))
        if len(broken):
            i = broken[0]
            raise ValueError(f"Row {i} of the column “{name}” is {column[i]}; every number must be finite.")
