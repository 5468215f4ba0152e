"""Levenberg–Marquardt and Gauss–Newton: NIST's certified fits, and units, which change nothing but the units."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gdviz
from gdviz import pacing
from gdviz.descent import StopReason, searched
from gdviz.learning_rates import Backtracking
from tests.nist.sets import NIST, NistSet

by_set = pytest.mark.parametrize("nist", NIST, ids=lambda nist: nist.name)


def of(name: str) -> NistSet:
    return next(nist for nist in NIST if nist.name == name)


def marquardt(fit, start, epochs: int = 1500, tolerance: float = 0.0) -> gdviz.Trajectory:
    return gdviz.descend(fit, list(start), 1.0, epochs, "levenberg_marquardt", tolerance=tolerance)


# ---------------------------------------------------------------- certified values


def test_they_are_nists_27():
    assert len({nist.name for nist in NIST}) == 27
    assert all(len(start) == len(nist.certified) for nist in NIST for start in nist.starts)
    assert max(len(nist.fit().expression.variables) for nist in NIST) == 10


@pytest.mark.parametrize("start", [0, 1], ids=["start 1", "start 2"])
@by_set
def test_levenberg_marquardt_reaches_the_certified_fit(nist: NistSet, start: int):
    """MINPACK reaches all of them too, but for BoxBOD from its first start, where its first step is too long."""
    run = marquardt(nist.fit(), nist.ordered(nist.starts[start]))
    assert run.thetas[-1] == pytest.approx(nist.ordered(nist.certified), rel=1e-8)
    assert run.stop_reason in (StopReason.STALLED, StopReason.CONVERGED)
    assert run.value_evaluations >= run.epochs
    squares = run.values * len(nist.columns["y"])
    if nist.name == "Lanczos1":  # data from the model itself: the errors are what printing 14 digits of them left
        assert squares[-1] < 1.5 * nist.residual
    else:
        assert squares[-1] == pytest.approx(nist.residual, rel=1e-9)
        assert (np.diff(squares) <= 1e-9 * squares[1:]).all()  # it falls, but for rounding


@by_set
def test_gauss_newton_with_a_search_reaches_the_certified_fit_from_the_second_start(nist: NistSet):
    start = nist.ordered(nist.starts[1])
    run = gdviz.descend(nist.fit(), start, Backtracking(1.0), 500, "gauss_newton", tolerance=0)
    assert run.thetas[-1] == pytest.approx(nist.ordered(nist.certified), rel=1e-6)


@pytest.mark.parametrize("b1", [1.0, 10.0, 100.0, 200.0, 1000.0])
@pytest.mark.parametrize("b2", [0.001, 0.01, 0.1, 0.5, 1.0, 2.0, 3.0])
def test_boxbods_plateau_does_not_catch_it(b1: float, b2: float):
    """Toward b2 → ∞ the curve is the constant 200.2 with a mean squared error of 1629.1, and every slope vanishes."""
    run = marquardt(of("BoxBOD").fit(), (b1, b2), tolerance=1e-8)
    assert run.stop_reason is StopReason.CONVERGED
    assert run.thetas[-1] == pytest.approx([213.80940889, 0.54723748542], rel=1e-6)


# ---------------------------------------------------------------- what a step is

X = np.linspace(0.1, 3, 30)


def fit(model: str, y, x=X) -> gdviz.LeastSquares:
    return gdviz.LeastSquares(model, data={"x": x, "y": y}, target="y")


LINE = fit("slope*x + intercept", 20 * np.arange(-50.0, 50.0) + 5, np.arange(-50.0, 50.0))


@pytest.mark.parametrize(
    "start", [(0, 0), (1e-9, 1e-9), (1e-300, 0), (0, -1e-12), (-1e8, 1e8), (0, 1e12), (1e-200, 1e100)]
)
def test_no_start_is_too_far_from_a_line_or_too_near_to_the_origin(start):
    run = marquardt(LINE, start, tolerance=1e-8)
    assert run.thetas[-1] == pytest.approx([20, 5], rel=1e-9)
    assert run.epochs <= 10


@pytest.mark.parametrize("radius", [0.01, 1.0, 30.0])
def test_the_first_step_is_no_longer_than_the_radius(radius: float):
    nist = of("BoxBOD")
    objective, start = nist.fit(), np.array([1.0, 1.0])
    run = gdviz.descend(objective, start, 1.0, 1, "levenberg_marquardt", radius=radius)
    lengths = np.linalg.norm(objective.residuals(start)[1], axis=0)
    share = np.linalg.norm(lengths * (run.thetas[1] - start)) / np.linalg.norm(lengths * start)
    assert 0.9 * radius <= share <= 1.1 * radius


@pytest.mark.parametrize("method", ["levenberg_marquardt", "gauss_newton"])
@pytest.mark.parametrize("factor", [1.0, 1024.0, 1e-9])
def test_where_the_data_leave_a_direction_open_no_step_goes_there(method: str, factor: float):
    """Two columns differ by a factor: of all the best steps the shortest in the columns' scales is taken."""
    objective = fit(f"a*x + b*({factor!r}*x)", 3 * X + 0.1 * np.sin(9 * X))
    run = gdviz.descend(objective, [1.0, 5.0 / factor], 1.0, 20, method)
    (a, b), slope = run.thetas[-1], (3 * X + 0.1 * np.sin(9 * X)) @ X / (X @ X)
    assert 1 <= run.epochs <= 2  # the second, if any, is one of rounding
    assert a + factor * b == pytest.approx(slope, rel=1e-12)
    assert factor * b - a == pytest.approx(4.0, rel=1e-9)


@pytest.mark.parametrize(
    ("model", "truth", "start"),
    [
        ("a*exp(-b*x)", (2, 1.3), (0, 1)),  # the error does not depend on b at first
        ("a*exp(-b*x)", (2, 1.3), (0, 0)),
        ("a*log(x + b)", (2, 0.5), (1, 3)),  # steps that leave where the model has a value are shortened
        ("a*sqrt(x - b)", (2, 0.09), (1, -3)),
        ("abs(a*x - b)", (2, 1), (1, 0.2)),
        ("1/(a - x)", (3.5,), (10,)),
        ("a*x^b", (3, -2.5), (1, 1)),
        ("a/(1 + exp(-r*(x - m)))", (30, 4, 1.5), (1, 1, 1)),
        ("a*b*x", None, (1, 5)),  # only the product is determined
    ],
)
def test_errors_that_can_be_0_become_0(model: str, truth, start):
    y = 3 * X if truth is None else fit(model, X).predict(truth)
    run = marquardt(fit(model, y), start, tolerance=1e-8)
    assert run.stop_reason is StopReason.CONVERGED
    assert run.values[-1] < 1e-15 * np.mean(y**2)
    if truth is not None:
        assert run.thetas[-1] == pytest.approx(truth, rel=1e-5)


@pytest.mark.parametrize(
    ("model", "start"),
    [("a*exp(b*x)", (1, b)) for b in (5, 10, 15, 20, 30)] + [("a*x^b", (1, b)) for b in (20, 40, 60)],
)
def test_a_start_with_errors_beyond_all_measure_is_forgotten(model: str, start):
    """At exp(30x) the columns are 1e39 times as long as at the end, which must not hold the steps there."""
    y = fit(model, X).predict((2, 1.3))
    assert marquardt(fit(model, y), start, 400).thetas[-1] == pytest.approx([2, 1.3], rel=1e-8)


def test_a_minimum_with_large_errors_where_gauss_newton_does_not_settle_is_found_to_the_tolerance():
    objective = fit("a*sin(w*x)", 3 * np.sin(17 * X), 10 * X)
    loose = gdviz.descend(objective, [1.0, 1.5], 1.0, 500, "gauss_newton")
    run = marquardt(objective, [1.0, 1.5], tolerance=1e-8)
    assert loose.stop_reason is StopReason.EPOCHS
    assert run.stop_reason is StopReason.CONVERGED
    assert (np.linalg.eigvalsh(objective.hessian(run.thetas[-1])) > 0).all()


@pytest.mark.parametrize(("slope", "intercept"), [(2e9, 5e3), (2e-9, 5e-3), (0.1, 1e12)])
def test_it_stops_where_rounding_leaves_nothing_to_gain(slope: float, intercept: float):
    x = np.arange(-50.0, 50.0)
    run = marquardt(fit("slope*x + intercept", slope * x + intercept, x), [1.0, 1.0])
    assert run.stop_reason in (StopReason.STALLED, StopReason.CONVERGED)
    assert run.epochs <= 20
    assert run.thetas[-1] == pytest.approx([slope, intercept], rel=1e-4)  # what the target's rounding leaves


def test_where_a_step_takes_long_the_clock_is_looked_at_after_each(monkeypatch: pytest.MonkeyPatch):
    nist = of("MGH17")
    whole = marquardt(nist.fit(), nist.ordered(nist.starts[0]), 50)
    seconds = count()
    for module in (searched, pacing):
        monkeypatch.setattr(module, "monotonic", lambda: float(next(seconds)))
    ended = gdviz.descend(nist.fit(), nist.ordered(nist.starts[0]), 1.0, 50, "levenberg_marquardt", deadline=10.0)
    assert ended.stop_reason is StopReason.DEADLINE
    assert 1 <= ended.epochs <= 10
    np.testing.assert_array_equal(ended.thetas, whole.thetas[: ended.epochs + 1])


def test_errors_are_looked_at_once_for_each_trial():
    objective = of("MGH17").fit()
    looks = []

    class Counting(InUnits):
        def residuals(self, theta):
            looks.append(tuple(theta))
            return super().residuals(theta)

    run = gdviz.descend(
        Counting(objective, np.ones(5), 1.0), of("MGH17").ordered(of("MGH17").starts[0]), 1.0, 40, "levenberg_marquardt"
    )
    assert len(looks) == len(set(looks)) == 1 + run.value_evaluations
    assert run.value_evaluations > run.epochs == 40
    assert run.evaluations == 41


# ---------------------------------------------------------------- units


class InUnits:
    """A fit with parameters counted in other ``units`` (n,) and the target in one ``size`` times smaller."""

    def __init__(self, fit: gdviz.LeastSquares, units, size: float):
        self.fit, self.units, self.size, self.variables = fit, np.asarray(units, dtype=float), size, fit.variables

    def value(self, theta):
        return self.size**2 * self.fit.value(np.asarray(theta) * self.units)

    def gradient(self, theta):
        return self.size**2 * self.fit.gradient(np.asarray(theta) * self.units) * self.units

    def residuals(self, theta):
        errors, jacobian = self.fit.residuals(np.asarray(theta) * self.units)
        return self.size * errors, self.size * jacobian * self.units

    def float_value(self, *theta):
        return float(self.value(theta))

    def float_gradient(self, *theta):
        return tuple(self.gradient(theta).tolist())


@pytest.mark.parametrize("method", ["levenberg_marquardt", pytest.param("gauss_newton", marks=pytest.mark.long)])
@by_set
@settings(deadline=None, max_examples=1)  # for each of the 27 sets
@given(data=st.data())
def test_units_that_are_powers_of_two_change_no_bit(nist: NistSet, method: str, data):
    exponents = st.integers(-200, 200).map(lambda power: 2.0**power)
    units = np.array(data.draw(st.lists(exponents, min_size=len(nist.certified), max_size=len(nist.certified))))
    other = InUnits(nist.fit(), units, data.draw(exponents))
    start = np.array(nist.ordered(data.draw(st.sampled_from(nist.starts))))
    theirs = gdviz.descend(InUnits(nist.fit(), np.ones(len(units)), 1.0), start, 1.0, 60, method, tolerance=0)
    ours = gdviz.descend(other, start / units, 1.0, 60, method, tolerance=0)
    np.testing.assert_array_equal(ours.thetas * units, theirs.thetas)
    assert (ours.stop_reason, ours.value_evaluations) == (theirs.stop_reason, theirs.value_evaluations)


@by_set
@settings(deadline=None, max_examples=1)  # for each of the 27 sets
@given(data=st.data())
def test_no_units_keep_levenberg_marquardt_from_the_certified_fit(nist: NistSet, data):
    factors = st.floats(-15, 15).map(lambda power: 10.0**power)
    units = np.array(data.draw(st.lists(factors, min_size=len(nist.certified), max_size=len(nist.certified))))
    start = np.array(nist.ordered(data.draw(st.sampled_from(nist.starts))))
    run = marquardt(InUnits(nist.fit(), units, data.draw(factors)), start / units)
    assert run.thetas[-1] * units == pytest.approx(nist.ordered(nist.certified), rel=1e-8)


#: Powers of the target's and of the column's unit in those of the parameters.
DIMENSIONS = {
    "Misra1a": ([1, 0], [0, -1]),
    "BoxBOD": ([1, 0], [0, -1]),
    "Misra1d": ([1, 0], [0, -1]),
    "Rat42": ([1, 0, 0], [0, 0, -1]),
    "Rat43": ([1, 0, 0, 0], [0, 0, -1, 0]),
    "Chwirut2": ([0, -1, -1], [-1, 0, -1]),
    "Kirby2": ([1, 1, 1, 0, 0], [0, -1, -2, -1, -2]),
    "Thurber": ([1, 1, 1, 1, 0, 0, 0], [0, -1, -2, -3, -1, -2, -3]),
    "Hahn1": ([1, 1, 1, 1, 0, 0, 0], [0, -1, -2, -3, -1, -2, -3]),
    "MGH10": ([1, 0, 0], [0, 1, 1]),
    "MGH09": ([1, 0, 0, 0], [0, 1, 1, 2]),
    "Eckerle4": ([1, 0, 0], [1, 1, 1]),
    "Gauss1": ([1, 0, 1, 0, 0, 1, 0, 0], [0, -1, 0, 1, 1, 0, 1, 1]),
    "Lanczos3": ([1, 0, 1, 0, 1, 0], [0, -1, 0, -1, 0, -1]),
}


@pytest.mark.parametrize("start", [pytest.param(0, marks=pytest.mark.long), 1], ids=["start 1", "start 2"])
@pytest.mark.parametrize(
    ("across", "up"),
    [
        (1 / 86_400, 1e9),
        (1e-9, 60.0),
        *(pytest.param(*scale, marks=pytest.mark.long) for scale in ((1e3, 1), (1, 1e-6))),
    ],
)
@pytest.mark.parametrize("name", DIMENSIONS)
def test_a_column_in_other_units_leads_to_the_same_curve(name: str, across: float, up: float, start: int):
    nist, (powers_up, powers_across) = of(name), DIMENSIONS[name]
    units = up ** np.array(powers_up, dtype=float) * across ** np.array(powers_across, dtype=float)
    columns = {"x": nist.columns["x"] * across, "y": nist.columns["y"] * up}
    fit = gdviz.LeastSquares(nist.model, data=columns, target="y")
    run = marquardt(fit, nist.ordered(tuple(np.array(nist.starts[start]) * units)))
    assert run.thetas[-1] == pytest.approx(nist.ordered(tuple(np.array(nist.certified) * units)), rel=1e-8)
    assert run.values[-1] * fit.rows == pytest.approx(nist.residual * up**2, rel=1e-9)
