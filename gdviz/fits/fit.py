"""A fit: a model over columns, a loss, an optional ridge, standardized or not, as one objective of the parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gdviz.arrays import Array
from gdviz.cache import cached_property
from gdviz.codes.tracing import Tracer, copied
from gdviz.fits.errors import FitError
from gdviz.fits.losses import Loss, SquaredError, check_classes, make_loss, probability
from gdviz.fits.quadratic_form import keeps_its_digits, quadratic_form, ridge_rows
from gdviz.fits.scaling import Scaling, constant_terms, identity, scaling_of
from gdviz.fits.separation import Separation, grows_without_end, separation
from gdviz.fits.terms import Terms, read_terms
from gdviz.formulas.graph_numbers import GraphNumber, as_number
from gdviz.formulas.latex import name_latex
from gdviz.numerals import format_number
from gdviz.objectives import Quadratic, RowModel, Traced
from gdviz.objectives.row_model import ByRows
from gdviz.objectives.rows import DesignRows, Rows

MAX_RIDGE = 1e100


@dataclass(frozen=True, eq=False)
class Fit(RowModel):
    """Mean ``loss`` of ``model`` against the column ``target``, plus ``ridge`` times the sum of squared parameters.

    ``model`` is a formula as for :class:`RowModel`, or ``linear(sqft, rooms)``, ``linear(*)`` or
    ``polynomial(x, 9)`` for up to 100 columns (:mod:`gdviz.fits.terms`). ``loss`` is a name of LOSSES or a
    :class:`Loss`; with log loss the target is 0 or 1 and the model the log-odds of 1. The ridge leaves out parameters
    that add a constant (intercepts); its gradient carries a 2.

    With ``standardize`` every theta of this objective, here and in a descent on it, belongs to standardized terms;
    ``own_units`` and ``from_own_units`` translate exactly, and the ridge counts the standardized parameters, as is
    usual. Only a model linear in its parameters can be standardized.

    A linear model with the squared loss is an exact quadratic form for any number of rows; other linear models run on
    their design matrix, formulas on straight-line code. Raises FormulaError for the model, otherwise FitError or
    ValueError.
    """

    loss: Loss = "squared"  # type: ignore[assignment]  # a name becomes a Loss at once
    ridge: float = 0.0
    standardize: bool = False
    terms: Terms | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "loss", make_loss(self.loss))
        except ValueError as error:
            raise FitError("loss", str(error)) from error
        if not (isfinite(self.ridge) and 0 <= self.ridge <= MAX_RIDGE):
            raise FitError(
                "ridge",
                f"The ridge is {format_number(self.ridge, 12)}; "
                f"it must be at least 0 and at most {format_number(MAX_RIDGE)}.",
            )
        super().__post_init__()
        self._check_rows()
        if self.standardize and self.own_design is None:
            raise FitError(
                "standardize",
                "Standardizing needs a model that is linear in its parameters: in this one it would change what they "
                "mean. Levenberg–Marquardt is not troubled by their scales.",
            )

    def _read_model(self) -> None:
        terms = read_terms(self.model, tuple(self.columns), self.target)
        if terms is None:
            super()._read_model()
            return
        for name, value in (("terms", terms), ("expression", None), ("variables", terms.parameters)):
            object.__setattr__(self, name, value)

    def _check_rows(self) -> None:
        for name in self.used_columns:
            if np.ptp(self.columns[name]) == 0:
                raise FitError("data", f"Every “{name}” is the same number: a curve needs at least two different ones.")
        if self.loss.classes:
            check_classes(self.target, self.columns[self.target])

    # -- what it is --

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence for each thing in the model's text that was left out, renamed, or read in one of several ways."""
        return super().notes if self.terms is None else ()

    @property
    def used_columns(self) -> tuple[str, ...]:
        """The columns that the model reads, in the order in which they appear."""
        return super().used_columns if self.terms is None else self.terms.used_columns

    @property
    def size(self) -> int:
        """How many operations the model takes for a row, about."""
        return super().size if self.terms is None else 2 * len(self.variables)

    @property
    def model_latex(self) -> str:
        """The model alone, of which :attr:`latex` is the loss."""
        return self.expression.latex if self.terms is None else self.terms.latex

    @property
    def latex(self) -> str:
        each = self.loss.latex.format(prediction=self.model_latex, target=name_latex(self.target))
        penalty = r" + \lambda \sum_j \theta_j^2" if self.ridge else ""
        return rf"\frac{{1}}{{{self.rows}}} \sum_i {each}{penalty}"

    @property
    def value_name(self) -> str:
        """What the value is called beside a curve: MSE, MAE, log loss …"""
        return self.loss.short + (" + ridge" if self.ridge else "")

    @property
    def is_linear(self) -> bool:
        """Whether the model is linear in its parameters, so that it can be standardized."""
        return self.own_design is not None

    @cached_property
    def own_design(self) -> tuple[Array, Array | None] | None:
        """A linear model's terms (m, n) in the data's own units, and what it adds to them (m,) or None."""
        zeros = np.zeros(len(self.variables))
        if self.terms is not None:
            design = self.terms.design(self.columns)
            if not np.isfinite(design).all():
                raise FitError("data", "A power of the column is beyond the largest float: scale the column down.")
            return design, None
        if not self.expression.is_linear_in(self.variables):
            return None
        with np.errstate(all="ignore"):
            offset, design = super().prediction_and_jacobian(zeros)
        if not (np.isfinite(design).all() and np.isfinite(offset).all()):
            return None  # such as a*log(x) with an x of 0: an objective, but nowhere finite
        return design, offset.copy() if offset.any() else None

    @cached_property
    def scaling(self) -> Scaling:
        """How this objective's theta is translated into the data's own units."""
        if not self.standardize or self.own_design is None:
            return identity(len(self.variables))
        return scaling_of(self.own_design[0])

    @cached_property
    def design(self) -> tuple[Array, Array | None] | None:
        """As ``own_design``, with the terms of this objective's theta: standardized ones if it is."""
        if self.own_design is None or not self.standardize:
            return self.own_design
        return self.scaling.design(self.own_design[0]), self.own_design[1]

    @cached_property
    def penalized(self) -> Array:
        """1.0 for every parameter in the ridge, 0 for those that add a constant, shape (n,)."""
        if self.own_design is not None:
            return np.where(constant_terms(self.own_design[0]), 0.0, 1.0)
        first, second = (self._jacobian_at(step) for step in (0.37, 0.73))
        return np.where(((first == first[0]) & (second == first[0])).all(axis=0), 0.0, 1.0)

    def _jacobian_at(self, step: float) -> Array:
        """The Jacobian (m, n) at an irregular point: what is constant at two of them is constant."""
        point = 0.3 + step * np.arange(float(len(self.variables)))
        with np.errstate(all="ignore"):
            return super().prediction_and_jacobian(point)[1]

    def own_units(self, thetas: ArrayLike) -> Array:
        """Return theta (…, n) of this objective in the data's own units."""
        return self.scaling.own(thetas)

    def from_own_units(self, thetas: ArrayLike) -> Array:
        """Return theta (…, n), in the data's own units, as this objective's."""
        return self.scaling.scaled(thetas)

    def own(self) -> Fit:
        """Return the same fit, not standardized."""
        return replace(self, standardize=False) if self.standardize else self

    # -- the model --

    def score(self, theta: ArrayLike, columns: Mapping[str, ArrayLike] | None = None) -> Array:
        """Return the model at theta (n,) over the given columns (default: the data's), as shape (m,)."""
        own = self.own_units(theta)
        if self.terms is None:
            return super().predict(own, columns)
        return np.asarray(self.terms.design(self.columns if columns is None else columns) @ own)

    def predict(self, theta: ArrayLike, columns: Mapping[str, ArrayLike] | None = None) -> Array:
        """Return what the fit says at theta (n,) over the given columns, as shape (m,).

        For log loss that is the probability of 1, otherwise the model itself.
        """
        score = self.score(theta, columns)
        return np.asarray(probability(score)) if self.loss.classes else score

    def residuals(self, theta: ArrayLike) -> tuple[Array, Array]:
        """Return errors (m,) and their Jacobian (m, n) at theta (n,); a ridge adds one row for each parameter in it.

        The mean squared error is then the sum of their squares over the data's m rows. Raises ValueError for other
        losses, which are no sum of squares.
        """
        if not isinstance(self.loss, SquaredError):
            raise ValueError(
                f"Gauss–Newton and Levenberg–Marquardt need the squared error; this fit has “{self.loss.title}”. "
                "Choose that loss, or another optimizer, such as BFGS."
            )
        point = np.asarray(theta, dtype=float)
        with np.errstate(all="ignore"):
            errors, jacobian = self._residual_and_jacobian(point)
        if not self.ridge:
            return errors, jacobian
        pull = self.ridge_rows
        return np.concatenate([errors, pull @ point]), np.concatenate([jacobian, pull])

    @property
    def ridge_rows(self) -> Array:
        """Rows (k, n) whose squares, summed and divided by m, are the ridge: one for each parameter in it."""
        return ridge_rows(self.ridge, self.penalized, self.rows)

    # -- classes --

    def separated_at(self, theta: ArrayLike) -> Separation | None:
        """Return how the classes are told apart without an error, so that there is no finite minimum; None if not.

        Of a model that is not linear in its parameters only theta (n,) is known.
        """
        if not self.loss.classes or self.ridge:
            return None
        if self._separation is not None:
            return self._separation
        score, jacobian = self.prediction_and_jacobian(np.asarray(theta, dtype=float))
        return Separation(True) if grows_without_end(score, jacobian, self._sides) else None

    @cached_property
    def _separation(self) -> Separation | None:
        return None if self.design is None else separation(*self.design, self._sides)

    @property
    def _sides(self) -> Array:
        return 2.0 * self.columns[self.target] - 1.0

    # -- value, gradient, Hessian --

    @cached_property
    def quadratic(self) -> Quadratic | None:
        """The same objective as a quadratic form centered at its minimum, None unless linear with the squared loss."""
        if not isinstance(self.loss, SquaredError) or self.design is None:
            return None
        return quadratic_form(*self.design, self.columns[self.target], self.ridge, self.penalized, self.variables)

    def hessian(self, theta: ArrayLike) -> Array:
        """Return the exact Hessian at theta (…, n), as shape (…, n, n)."""
        return super().hessian(theta) if self.quadratic is None else self.quadratic.hessian(theta)

    @cached_property
    def form(self) -> Quadratic | None:
        """The quadratic form, None where rounding would drown it: then the rows themselves are summed up."""
        found = self.quadratic
        return found if found is not None and keeps_its_digits(found, self.columns[self.target]) else None

    @cached_property
    def lean_rows(self) -> Rows:
        """The model over the rows, for one theta at a time."""
        return DesignRows(*self.design, self.columns[self.target]) if self.design is not None else super().lean_rows

    @cached_property
    def float_value(self) -> Callable[..., float]:
        if self.form is not None:
            return self.form.float_value
        rows, value = self.lean_rows, self.loss.value
        if not self.ridge:
            return lambda *theta: rows.mean(theta, value)
        return lambda *theta: rows.mean(theta, value) + float(self._penalty(np.array(theta)))

    @cached_property
    def float_gradient(self) -> Callable[..., tuple[float, ...]]:
        if self.form is not None:
            return self.form.float_gradient
        rows, slope = self.lean_rows, self.loss.slope
        if not self.ridge:
            return lambda *theta: rows.mean_gradient(theta, slope)
        pulls = (2 * self.ridge * self.penalized).tolist()
        return lambda *theta: tuple(
            [g + pull * t for g, pull, t in zip(rows.mean_gradient(theta, slope), pulls, theta, strict=True)]
        )

    # -- as graph numbers --

    def trace_rows(self, at: Tracer) -> Traced:
        value, gradient = super().trace_rows(at)
        if not self.ridge:
            return value, gradient
        pulls = (2 * self.ridge * self.penalized).tolist()
        return value, tuple([g + pull * x for g, pull, x in zip(gradient, pulls, at.theta, strict=True)])

    def _trace_rows_value(self, at: Tracer) -> GraphNumber:
        value = super()._trace_rows_value(at)
        if self.ridge:
            for x, counts in zip(at.theta, self.penalized.tolist(), strict=True):
                value = value + self.ridge * (x * x) if counts else value
        return value

    @cached_property
    def by_rows(self) -> ByRows:
        """The same objective for descents on some of the rows at a time."""
        return ByRows(self)

    def trace_curve(self, theta: Sequence[Any], columns: Mapping[str, Any]) -> GraphNumber:
        """Return :meth:`predict` as a graph number, for ``theta`` (n) in the data's own units and one row's columns."""
        if self.terms is not None:
            powers = [columns[name] ** p for name, p in zip(self.terms.columns, self.terms.powers, strict=True)]
            score = sum([x * term for x, term in zip(theta[1:], powers, strict=True)], theta[0])
        else:
            graph, value, _ = self.expression.nodes
            known = {**columns, **dict(zip(self.variables, theta, strict=True))}
            target = theta[0].graph
            leaves = {name: as_number(target, known[name]).node for name in self.expression.variables}
            score = GraphNumber(target, copied(graph, [value], target, leaves)[0])
        return as_number(theta[0].graph, probability(score) if self.loss.classes else score)

    def trace_prediction(self, at: Tracer) -> tuple[GraphNumber, list[GraphNumber]]:
        if self.design is None:
            return super().trace_prediction(at)
        terms, offset = self._design_columns
        partials = [at.column(term) for term in terms]
        prediction = at.row_theta[0] * partials[0]
        for theta, partial in zip(at.row_theta[1:], partials[1:], strict=True):
            prediction = prediction + theta * partial
        return prediction if offset is None else prediction + at.column(offset), partials

    @cached_property
    def _design_columns(self) -> tuple[list[Array], Array | None]:
        assert self.design is not None
        design, offset = self.design
        return list(np.ascontiguousarray(design.T)), offset

    def _row_value(self, prediction: Any, target: Any) -> Any:
        return self.loss.value(prediction, target)

    def _row_slope(self, prediction: Any, target: Any) -> Any:
        return self.loss.slope(prediction, target)

    def _penalty(self, theta: Array) -> Array:
        return np.asarray(self.ridge * np.sum(self.penalized * theta * theta, axis=-1)) if self.ridge else np.array(0.0)

    def _prediction(self, theta: Array) -> Array:
        if self.design is None:
            return super()._prediction(theta)
        design, offset = self.design
        prediction: Array = theta @ design.T
        return prediction if offset is None else prediction + offset

    def prediction_and_jacobian(self, theta: Array) -> tuple[Array, Array]:
        if self.design is None:
            return super().prediction_and_jacobian(theta)
        return self._prediction(theta), self.design[0]  # the same (m, n) for every theta

    def _value_block(self, theta: Array) -> Array:
        rows = self.loss.value(self._prediction(theta), self.columns[self.target])
        return np.asarray(np.mean(rows, axis=-1) + self._penalty(theta))

    def _gradient_block(self, theta: Array) -> Array:
        prediction, jacobian = self.prediction_and_jacobian(theta)
        slopes = self.loss.slope(prediction, self.columns[self.target])
        mean = np.matmul(slopes[..., None, :], jacobian)[..., 0, :] / self.rows
        return np.asarray(mean + 2 * self.ridge * self.penalized * theta if self.ridge else mean)

    def _hessian_block(self, theta: Array) -> Array:
        prediction, jacobian = self.prediction_and_jacobian(theta)
        target = self.columns[self.target]
        weighted = self.loss.curvature(prediction, target)[..., None] * jacobian
        found = np.matmul(np.swapaxes(weighted, -1, -2), jacobian) / self.rows
        if self.design is None:
            slopes = self.loss.slope(prediction, target)
            second = self.expression.array_second_partials(self.variables)(*self._arguments(theta))
            bent = [[np.mean(slopes * entry, axis=-1) for entry in row] for row in second]
            found = found + np.stack([np.stack(row, axis=-1) for row in bent], axis=-2)
        return np.asarray(found + 2 * self.ridge * np.diag(self.penalized) if self.ridge else found)


@dataclass(frozen=True, eq=False)
class LeastSquares(Fit):
    """The fit with the mean squared error, whose gradient carries the 2: ``LeastSquares(model, data, target)``.

    A column that is the same number in every row is accepted: of the minima that there are then, one is as good.
    """

    def _check_rows(self) -> None:
        pass
