"""A linear model with the squared loss as a quadratic form: its minimum, and whether rounding leaves it its digits."""

from __future__ import annotations

import numpy as np

from gdviz.arrays import Array
from gdviz.fits.scaling import scaling_of
from gdviz.objectives import Quadratic

_DIGITS = 1e-6  # of the target's variance, that a loss is to be right to


def quadratic_form(
    design: Array, offset: Array | None, target: Array, ridge: float, penalized: Array, variables: tuple[str, ...]
) -> Quadratic:
    """Return the mean squared error of theta (n,) over the terms ``design`` (m, n), to which the model adds the
    ``offset`` (m,), with a ``ridge`` on the ``penalized`` (n,) parameters.

    The minimum is solved for in standardized terms, which keeps its digits where the data's units would cost half of
    them. Where it is not unique it is the shortest of them, in those terms.
    """
    target = target if offset is None else target - offset
    count, inner = len(design), scaling_of(design)
    rows, right = inner.design(design), target
    if ridge:
        rows = np.concatenate([rows, ridge_rows(ridge, penalized, count) @ inner.own(np.eye(design.shape[1])).T])
        right = np.concatenate([target, np.zeros(len(rows) - count)])
    center = inner.own(least_squares_solution(rows, right))
    with np.errstate(over="ignore"):  # columns may be of any size
        matrix = 2 / count * design.T @ design + 2 * ridge * np.diag(penalized)
    pull = float(ridge * np.sum(penalized * center * center)) if ridge else 0.0
    least = float(np.mean((design @ center - target) ** 2)) + pull
    return Quadratic((matrix + matrix.T) / 2, center, least, variables)


def keeps_its_digits(form: Quadratic, target: Array) -> bool:
    """Whether values of the form are right to what the ``target`` (m,) varies by.

    It is a difference of terms as large as (a term of the model)², each of which may be beyond its last digit what the
    target varies by: powers of a column far from 0. The rows themselves differ by the terms alone.
    """
    with np.errstate(over="ignore"):
        terms = float(np.max(np.diag(form.matrix) * form.center**2))
    enough = _DIGITS * float(np.var(target)) + 1e-14 * float(np.mean(target**2))
    return bool(np.finfo(float).eps * terms <= enough)


def ridge_rows(ridge: float, penalized: Array, count: int) -> Array:
    """Return rows (k, n), one for each penalized parameter, whose squares, summed and divided by ``count``, are the
    ridge."""
    rows = np.diag(np.sqrt(count * ridge) * penalized)
    return np.asarray(rows[penalized > 0])


def least_squares_solution(rows: Array, right: Array) -> Array:
    """Return the least-squares solution (n,) of ``rows`` (m, n) against ``right`` (m,), the shortest if not unique.

    By way of a QR factorization, so that the singular values are those of an (n + 1, n) matrix however many the rows.
    """
    n = rows.shape[1]
    system: Array = np.column_stack([rows, right])
    if len(rows) > n:
        system = np.asarray(np.linalg.qr(system, mode="r"))
    return np.asarray(np.linalg.lstsq(system[:, :n], system[:, n], rcond=None)[0], dtype=np.float64)
