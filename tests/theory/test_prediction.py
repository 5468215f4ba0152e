"""Predictions against closed forms and published numbers, and against runs on quadratics drawn at random."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gdviz
from gdviz.datasets import DATASETS
from gdviz.learning_rates import StepDecay
from gdviz.objectives import EstimatedGradient, Quadratic
from gdviz.optimizers import OPTIMIZERS, Adadelta, Adam, GradientDescent, Lion, Momentum, Nesterov, make_optimizer
from gdviz.theory import (
    Curvature,
    best_settings,
    contraction,
    curvature,
    envelope,
    predict,
    sharpness_along,
    stability_limit,
)
from gdviz.theory.laws import Regime, bound, law_of, radius, regimes, solution
from gdviz.theory.linear import linear_step, scales_along
from gdviz.theory.prediction import as_quadratic, named_direction
from tests.own_optimizer import SignDescent

RAVINE = gdviz.parse("0.1*x^2 + 2*y^2")
ROSENBROCK = gdviz.parse("(1 - x)^2 + 100*(y - x^2)^2")
HIMMELBLAU = gdviz.parse("(x^2 + y - 11)^2 + (x + y^2 - 7)^2")
DISTILL = np.array([0.01, 0.1, 1.0])
WARM = settings(max_examples=150)


def epochs_to(share: float, optimizer, learning_rate: float, eigenvalues) -> float:
    """After how many epochs every error is at most ``share`` of what it was, exactly, on a quadratic.

    Transients count: heavy ball at its best beta starts slower than its factor says.
    """
    s = learning_rate * np.asarray(eigenvalues, dtype=float)
    left = np.abs(solution(law_of(optimizer), s, np.arange(1_001))).max(axis=1)
    return float(np.flatnonzero(left <= share)[0])


@st.composite
def descents(draw):
    """A quadratic of 1 to 4 parameters, a start, a method, and a rate from 5 % of its limit to 30 % beyond."""
    n = draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    eigenvalues = 10 ** rng.uniform(-2, 2, n)
    axes = np.linalg.qr(rng.normal(size=(n, n)))[0]
    matrix = (axes * eigenvalues) @ axes.T
    center = draw(st.sampled_from([0.0, 1.0, 10.0])) * rng.normal(size=n)
    objective = Quadratic((matrix + matrix.T) / 2, center)
    beta = draw(st.floats(0, 0.97))
    optimizer = draw(st.sampled_from([GradientDescent(), Momentum(beta), Nesterov(beta)]))
    rate = draw(st.floats(0.05, 1.3)) * stability_limit(optimizer, float(eigenvalues.max()))
    return objective, center + rng.normal(size=n), rate, draw(st.integers(1, 300)), optimizer


# ---------------------------------------------------------------- the course of a run


@given(descents())
@WARM
def test_the_predicted_course_is_the_runs_own(descent):
    objective, start, rate, epochs, optimizer = descent
    run = gdviz.descend(objective, start, rate, epochs, optimizer)
    found = predict(objective, start, optimizer, rate, run.epochs)
    scale = np.maximum.accumulate(np.abs(found.thetas).max(axis=1))
    assert (np.abs(found.thetas - run.thetas).max(axis=1) <= 1e-9 * scale).all()


@given(descents())
@WARM
def test_a_run_on_a_quadratic_stays_inside_its_envelope(descent):
    objective, start, rate, epochs, optimizer = descent
    run = gdviz.descend(objective, start, rate, epochs, optimizer)
    found = envelope(objective, run, optimizer, rate)
    assert found.exact
    assert found.first == 0
    np.testing.assert_array_equal(found.epochs, np.arange(run.epochs + 1))
    rounding = 1e-13 * (np.abs(start).max() + np.abs(found.center).max())
    away = np.abs(run.thetas - found.center)
    assert (away <= found.half_width * (1 + 1e-9) + rounding).all()
    least = float(np.linalg.eigvalsh(objective.matrix).max()) * rounding * (away.max(axis=1) + rounding)
    assert (run.values <= found.loss * (1 + 2e-9) + len(start) * least).all()


@given(st.floats(0, 0.99), st.floats(0.01, 1.2), st.sampled_from([GradientDescent, Momentum, Nesterov]))
def test_the_envelope_is_no_looser_than_it_must_be(beta, share, method):
    optimizer = method() if method is GradientDescent else method(beta)
    law = law_of(optimizer)
    s, epochs = [share * law.largest], np.arange(400)
    course, limit = np.abs(solution(law, s, epochs)), bound(law, s, epochs)
    assert (course <= limit * (1 + 1e-9) + 1e-300).all()
    assert limit.max() <= 3 * course.max()


@pytest.mark.parametrize("nudge", [0, 1e-16, 1e-15, 1e-12, -1e-12, 1e-9, -1e-9, 1e-6, -1e-6])
@pytest.mark.parametrize("beta", [0.3, 0.9, 0.99])
def test_nothing_is_lost_at_the_double_root(beta, nudge):
    for optimizer, critical in (
        (Momentum(beta), (1 - beta**0.5) ** 2),
        (Momentum(beta), (1 + beta**0.5) ** 2),
        (Nesterov(beta), ((1 - beta) / (1 + beta)) ** 2),
        (Nesterov(beta), 1.0),
    ):
        s = critical * (1 + nudge)
        run = gdviz.descend(Quadratic(np.eye(1), np.zeros(1)), [1.0], s, 150, optimizer, tolerance=0)
        law = law_of(optimizer)
        course, limit = (found(law, [s], np.arange(run.epochs + 1))[:, 0] for found in (solution, bound))
        assert (np.abs(run.thetas[:, 0] - course) <= 1e-9 * limit + 1e-15).all()
        assert (np.abs(run.thetas[:, 0]) <= limit * (1 + 1e-9) + 1e-15).all()


def test_gradient_descent_on_a_quadratic_is_the_closed_form():
    """theta_k - theta* = (I - eta H)^k (theta_0 - theta*)."""
    matrix = np.array([[3.0, 1.0, 0.0], [1.0, 2.0, 0.5], [0.0, 0.5, 1.0]])
    center, start = np.array([1.0, -2.0, 0.5]), np.array([4.0, 0.0, -1.0])
    found = predict(Quadratic(matrix, center), start, GradientDescent(), 0.3, 20)
    for k in (0, 1, 7, 20):
        expected = center + np.linalg.matrix_power(np.eye(3) - 0.3 * matrix, k) @ (start - center)
        np.testing.assert_allclose(found.thetas[k], expected, rtol=1e-12)
    np.testing.assert_allclose(found.factors, np.abs(1 - 0.3 * np.linalg.eigvalsh(matrix)))


def test_published_ends_of_runs_are_predicted():
    """Dive into Deep Learning, "Optimization Algorithms": the printed ends of its runs."""
    for formula, start, rate, epochs, end in (
        ("x^2", [10], 0.2, 10, [0.060466]),
        ("x^2", [10], 0.05, 10, [3.486784]),
        ("x^2", [10], 1.1, 10, [61.917364]),
        ("0.1*x^2 + 2*y^2", [-5, -2], 0.4, 20, [-0.943467, -0.000073]),
        ("0.1*x^2 + 2*y^2", [-5, -2], 0.6, 20, [-0.387814, -1673.365109]),
    ):
        found = predict(gdviz.parse(formula), start, GradientDescent(), rate, epochs)
        assert found.thetas[-1] == pytest.approx(end, abs=6e-7)
    heavy = predict(RAVINE, [-5, -2], Momentum(0.5), 0.6, 20)
    assert heavy.thetas[-1] == pytest.approx([0.007188, 0.002553], abs=6e-7)


def test_exact_line_search_zigzags_as_published():
    """Boyd & Vandenberghe, section 9.3.2: every step is 2/(1 + gamma), so that one constant rate does the same."""
    gamma = 10.0
    r = (gamma - 1) / (gamma + 1)
    found = predict(Quadratic(np.diag([1.0, gamma]), np.zeros(2)), [gamma, 1.0], GradientDescent(), 2 / (1 + gamma), 30)
    k = np.arange(31)
    np.testing.assert_allclose(found.thetas, np.column_stack([gamma * r**k, (-r) ** k]), rtol=1e-12)


def test_the_notebooks_fit_is_predicted():
    fit = DATASETS["line"].objective
    start = [33.267724471806574, 0.42634413141293237]
    found = predict(fit, start, GradientDescent(), 0.001, 2)
    assert found.thetas[1] == pytest.approx([11.145854121436422, 0.4487591676219131], rel=1e-12)
    assert found.thetas[2] == pytest.approx([25.901164060169528, 0.4490075034081058], rel=1e-12)


# ---------------------------------------------------------------- what counts as a quadratic


@pytest.mark.parametrize(
    ("formula", "center"),
    [
        ("x^2 + y^2", [0, 0]),
        ("(x - 3)^2 + 4*(y + 1)^2 - 7", [3, -1]),
        ("0.1*x^2 + 2*y^2 + x*y/2 + 3*x - 1", [-21.8181818, 2.7272727]),
        ("x*y", [0, 0]),
        ("(x + y)^2", [0, 0]),
        ("1000000*x^2 + y^2/1000", [0, 0]),
    ],
)
def test_quadratic_formulas_are_recognized(formula, center):
    objective = gdviz.parse(formula)
    found = as_quadratic(objective)
    assert found.center == pytest.approx(center)
    for point in ([1.0, 2.0], [-3.0, 0.5]):
        assert found.value(point) == pytest.approx(objective.value(point))


@pytest.mark.parametrize(
    "formula",
    [
        "x^4", "x^2 + 1e-6*x^4", "sin(x)", "x^2 + abs(x)", "abs(x)", "max(x, 0)^2", "x^3", "exp(x)",
        "x^2 + y", "x", "1/x + x^2", "log(x)", "sqrt(x^2 + 1)", "x^2 + cos(2*pi*x)/1000",
    ],
)  # fmt: skip
def test_other_formulas_are_not(formula):
    assert as_quadratic(gdviz.parse(formula)) is None


def test_there_is_no_exact_prediction_without_a_quadratic_or_a_linear_method():
    assert predict(ROSENBROCK, [0, 0], GradientDescent(), 0.1, 5) is None
    assert predict(EstimatedGradient(RAVINE), [0, 0], GradientDescent(), 0.1, 5) is None
    assert predict(RAVINE, [0, 0], Adam(), 0.1, 5) is None
    assert predict(DATASETS["line"].objective, [0, 0], Lion(), 0.1, 5) is None


def test_a_level_direction_stays_where_it_is():
    found = predict(gdviz.parse("(x + y)^2"), [3.0, 1.0], GradientDescent(), 0.1, 50)
    assert found.thetas[-1] == pytest.approx([1, -1], abs=1e-9)
    assert regimes(law_of(GradientDescent()), 0.1 * found.eigenvalues) == (Regime.STILL, Regime.OVERDAMPED)
    run = gdviz.descend(gdviz.parse("(x + y)^2"), [3.0, 1.0], 0.1, 50)
    band = envelope(gdviz.parse("(x + y)^2"), run, GradientDescent(), 0.1)
    assert band.center == pytest.approx([1, -1])


# ---------------------------------------------------------------- regimes


def test_the_regimes_of_momentum_are_distills():
    beta = 0.49  # √beta = 0.7: critical at (1 - 0.7)² and (1 + 0.7)²
    law = law_of(Momentum(beta))
    products = [0.05, 0.09, 0.5, 2.89, 2.95, 3.1, 0.0, -0.5]
    assert regimes(law, products) == (
        Regime.OVERDAMPED,
        Regime.CRITICAL,
        Regime.UNDERDAMPED,
        Regime.CRITICAL,
        Regime.OSCILLATING,
        Regime.DIVERGING,
        Regime.STILL,
        Regime.ESCAPING,
    )


def test_the_regimes_of_gradient_descent():
    assert regimes(law_of(GradientDescent()), [0.5, 1.0, 1.5, 2.0, 2.1]) == (
        Regime.OVERDAMPED,
        Regime.CRITICAL,
        Regime.OSCILLATING,
        Regime.OSCILLATING,
        Regime.DIVERGING,
    )


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_swinging_heavy_ball_contracts_by_the_root_of_beta(beta, share):
    """√beta, not 2√beta, a slip that circulates."""
    low, high = (1 - beta**0.5) ** 2, (1 + beta**0.5) ** 2
    assert radius(law_of(Momentum(beta)), low + share * (high - low)) == pytest.approx(beta**0.5, rel=1e-12)


@given(st.floats(0, 0.99), st.sampled_from([GradientDescent, Momentum, Nesterov]))
def test_the_radius_passes_one_at_the_limit_and_nowhere_before(beta, method):
    law = law_of(method() if method is GradientDescent else method(beta))
    assert radius(law, law.largest) == pytest.approx(1, abs=1e-12)
    assert radius(law, law.largest * 1.001) > 1
    assert (radius(law, np.linspace(1e-6, 0.999, 500) * law.largest) < 1).all()


def test_the_limits_are_the_published_ones():
    assert stability_limit(Momentum(0.9), 1.0) == pytest.approx(3.8)
    assert stability_limit(Nesterov(0.9), 1.0) == pytest.approx(3.8 / 2.8)
    assert linear_step(Adam()).largest == pytest.approx(38)  # Cohen et al. (2022): 38/eta
    assert linear_step(make_optimizer("rmsprop")).largest == 2


# ---------------------------------------------------------------- best settings


def test_the_best_settings_are_distills():
    """Goh (2017), for curvatures 0.01, 0.1 and 1."""
    three = Curvature(DISTILL, np.eye(3))
    plain, heavy = best_settings(GradientDescent(), three), best_settings(Momentum(), three)
    assert plain.learning_rate == pytest.approx(1.980198, abs=5e-7)
    assert plain.rate == pytest.approx(0.980198, abs=5e-7)
    assert heavy.learning_rate == pytest.approx(3.305785, abs=5e-7)
    assert heavy.hyperparameters["beta"] == pytest.approx(0.669421, abs=5e-7)
    assert heavy.rate == pytest.approx(0.818182, abs=5e-7)
    assert epochs_to(1e-6, GradientDescent(), plain.learning_rate, DISTILL) == 691
    assert epochs_to(1e-6, Momentum(**heavy.hyperparameters), heavy.learning_rate, DISTILL) == 95


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=4), st.floats(0.5, 1.5), st.floats(-0.1, 0.1))
def test_no_other_settings_are_faster(eigenvalues, factor, change):
    found = Curvature(np.sort(eigenvalues), np.eye(len(eigenvalues)))
    for name in ("gd", "momentum", "nesterov"):
        best = best_settings(make_optimizer(name), found)
        reached = contraction(make_optimizer(name, **best.hyperparameters), best.learning_rate, found.eigenvalues)
        assert reached.max() == pytest.approx(best.rate, abs=3e-7)  # a double root shows half of the digits
        other = {key: min(max(value + change, 0), 0.999) for key, value in best.hyperparameters.items()}
        tried = contraction(make_optimizer(name, **other), best.learning_rate * factor, [found.mu, found.L])
        assert tried.max() >= best.rate - 3e-7


def test_there_are_no_best_settings_without_curvature_every_way_or_a_law():
    assert best_settings(GradientDescent(), Curvature(np.array([-1.0, 1.0]), np.eye(2))) is None
    assert best_settings(GradientDescent(), Curvature(np.array([0.0, 1.0]), np.eye(2))) is None
    assert best_settings(Adam(), Curvature(DISTILL, np.eye(3))) is None


# ---------------------------------------------------------------- the local envelope


@pytest.mark.parametrize(
    ("objective", "start", "rate", "epochs", "optimizer"),
    [
        (HIMMELBLAU, [0, 0], 0.01, 120, GradientDescent()),
        (HIMMELBLAU, [0, 0], 0.01, 300, Momentum(0.9)),
        (ROSENBROCK, [-1.2, 1], 0.001, 20_000, GradientDescent()),
        (ROSENBROCK, [-1.2, 1], 0.001, 2000, Momentum(0.9)),
        (gdviz.parse("x^4/4 - x^2/2 + x/10"), [1], 0.1, 300, Nesterov(0.9)),
        (gdviz.parse("cos(x)"), [1], 0.1, 300, GradientDescent()),
    ],
)
def test_a_converging_run_has_an_envelope_from_where_it_holds(objective, start, rate, epochs, optimizer):
    run = gdviz.descend(objective, start, rate, epochs, optimizer)
    found = envelope(objective, run, optimizer, rate)
    assert not found.exact
    assert len(found.loss) == run.epochs + 1 - found.first
    away = np.abs(run.thetas[found.first :] - found.center)
    rounding = 2e-9 * (away[0].max() + 1e-3 * np.abs(found.center).max())
    inside = (away <= found.half_width * 1.05 + rounding).all(axis=1)
    assert inside.mean() > 0.98  # every row that was looked at, and nearly every one between them
    assert (away[0] <= found.half_width[0] + rounding).all()


def test_there_is_no_envelope_where_theory_has_none():
    for objective, start, rate, optimizer in (
        (gdviz.parse("x^4"), [1.0], 0.01, GradientDescent()),  # no curvature at the minimum
        (ROSENBROCK, [-1.2, 1], 1e-5, GradientDescent()),  # nowhere near
        (RAVINE, [-5, -2], 0.1, Adam()),
    ):
        run = gdviz.descend(objective, start, rate, 100, optimizer)
        assert envelope(objective, run, optimizer, rate) is None
    falling = gdviz.descend(RAVINE, [-5, -2], StepDecay(0.4, every=10), 100)
    assert envelope(RAVINE, falling, GradientDescent(), 0.4) is None


# ---------------------------------------------------------------- sharpness


def test_sharpness_is_the_hessians_largest_eigenvalue_along_the_path():
    run = gdviz.descend(ROSENBROCK, [-1.2, 1], 0.001, 1000)
    record = sharpness_along(ROSENBROCK, run, GradientDescent(), 0.001)
    assert len(record.epochs) == 200
    assert (record.epochs[0], record.epochs[-1]) == (0, 1000)
    for i in (0, 57, 199):
        there = curvature(ROSENBROCK, run.thetas[record.epochs[i]])
        assert record.largest[i] == pytest.approx(there.L)
        assert record.smallest[i] == pytest.approx(there.mu)
    np.testing.assert_allclose(record.limit, 2000)
    assert record.preconditioned_largest is None


def test_few_points_and_short_runs_have_short_records():
    run = gdviz.descend(RAVINE, [1, 1], 0.1, 3)
    assert list(sharpness_along(RAVINE, run, GradientDescent(), 0.1).epochs) == [0, 1, 2, 3]
    long = gdviz.descend(RAVINE, [1, 1], 0.001, 3000)
    assert len(sharpness_along(RAVINE, long, GradientDescent(), 0.001).epochs) == 200
    still = gdviz.descend(RAVINE, [0, 0], 0.1, 10)
    assert list(sharpness_along(RAVINE, still, GradientDescent(), 0.1).limit) == [20.0]


def test_the_limit_follows_the_rate_really_used():
    run = gdviz.descend(RAVINE, [-5, -2], StepDecay(0.4, drop=0.5, every=10), 20)
    record = sharpness_along(RAVINE, run, GradientDescent(), 0.4)
    assert list(record.limit[[0, 9, 10, 19, 20]]) == [5, 5, 10, 10, 10]


def test_a_hessian_that_is_not_finite_leaves_a_gap():
    objective = gdviz.parse("x*sqrt(x)")
    run = gdviz.descend(objective, [1.0], 0.5, 3)
    record = sharpness_along(objective, run, GradientDescent(), 0.5)
    assert np.isfinite(record.largest[0])
    assert record.largest.shape == record.smallest.shape == record.epochs.shape


@pytest.mark.parametrize("name", ["adagrad", "rmsprop", "rmsprop_centered", "adadelta"])
def test_scales_are_those_that_the_method_divides_by(name):
    optimizer = make_optimizer(name)
    run = gdviz.descend(ROSENBROCK, [-1.2, 1], 0.01, 600, optimizer)
    steps = np.diff(run.thetas, axis=0)
    scales = -run.learning_rates[:, None] * run.gradients[:-1] / steps
    np.testing.assert_allclose(scales_along(optimizer, linear_step(optimizer), run)[:-1], scales, rtol=1e-6)


@pytest.mark.parametrize("name", ["adam", "amsgrad", "adamax"])
def test_scales_are_those_that_the_method_divides_its_mean_gradient_by(name):
    optimizer = make_optimizer(name)
    run = gdviz.descend(ROSENBROCK, [-1.2, 1], 0.01, 600, optimizer)
    steps = np.diff(run.thetas, axis=0)
    means, mean = [], np.zeros(2)
    for gradient in run.gradients[:-1]:
        mean = optimizer.beta1 * mean + (1 - optimizer.beta1) * gradient
        means.append(mean)
    np.testing.assert_allclose(
        scales_along(optimizer, linear_step(optimizer), run)[:-1], -0.01 * np.array(means) / steps, rtol=1e-6
    )


def test_adam_grows_just_above_its_limit_and_not_below():
    """With scales that hardly change (beta2 near 1, warmed up by the run itself) the limit is averaged momentum's."""
    for share, grows in ((0.9, False), (1.1, True)):
        step = share * linear_step(Adam()).largest
        x, mean, path = 1.0, 0.0, []
        for _ in range(400):  # Adam on x²/2 with its scale held at 1
            mean = 0.9 * mean + 0.1 * x
            x -= step * mean
            path.append(abs(x))
        assert (max(path[-20:]) > max(path[:20])) == grows


@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_every_optimizer_has_a_record(name):
    if getattr(OPTIMIZERS[name], "needs", "") == "residuals":
        return
    optimizer = make_optimizer(name)
    run = gdviz.descend(ROSENBROCK, [-1.2, 1], 1e-3, 40, optimizer)
    record = sharpness_along(ROSENBROCK, run, optimizer, 1e-3)
    assert np.isfinite(record.largest).all()
    assert record.limit.shape == record.relevant.shape == record.epochs.shape
    assert bool(record.limit_text) == bool(np.isfinite(record.limit).all())


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("direction", "name"),
    [
        ([0, 1], "y"),
        ([-1, 0.05], "x"),
        ([0.6, -0.8], "the direction −0.6 x + 0.8 y"),
        ([0.8, 0.6], "the direction 0.8 x + 0.6 y"),
    ],
)
def test_directions_are_named(direction, name):
    assert named_direction(("x", "y"), direction) == name


def test_a_method_that_stands_still_has_no_law() -> None:
    assert law_of(Adadelta(epsilon=0.0)) is None
    run = gdviz.descend(gdviz.parse("abs(x)"), [0.5], 1.0, 20, Adadelta(epsilon=0.0))
    assert gdviz.judge(gdviz.parse("abs(x)"), run, 1.0, Adadelta(epsilon=0.0)).sentence


@pytest.mark.parametrize("rate", [0.05, 0.3, 0.5])
def test_what_jumps_with_the_gradient_is_no_linear_step_and_nothing_is_promised_of_it(rate: float):
    """A sign has slope 0 wherever it has one: by slopes alone a blend with it would seem to settle below 2/L."""
    bowl = gdviz.parse("x^2 + 5*y^2")
    assert linear_step(SignDescent(blend=1.0)) == linear_step(gdviz.GradientDescent())
    assert law_of(SignDescent(blend=0.5)) is None
    method = SignDescent(blend=0.5)
    run = gdviz.descend(bowl, [3, 1], rate, 500, method)
    said = gdviz.judge(bowl, run, rate, method).sentence
    assert said.startswith("Diverges at the learning rate 0.5" if rate == 0.5 else "Never settles")
