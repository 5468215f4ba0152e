"""Curvature and limits against closed forms, and the verdict on every kind of run."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gdviz
from gdviz.datasets import DATASETS
from gdviz.descent import Trajectory
from gdviz.experiments import Experiment, pose
from gdviz.optimizers import OPTIMIZERS, GradientDescent, Momentum, make_optimizer
from gdviz.presets import PRESETS
from gdviz.theory import contraction, curvature, measured_rate, stability_limit
from gdviz.theory.curvature import best_learning_rate
from gdviz.verdict import Kind, judge

LIMIT = "the stability limit 2/L"
RAVINE = "0.1*x^2 + 2*y^2"

# ---------------------------------------------------------------- curvature and limits


def test_curvature_is_the_eigenvalues_and_axes_of_the_hessian():
    found = curvature(gdviz.parse("x^2 + x*y + y^2"), [3.0, -1.0])
    assert found.eigenvalues == pytest.approx([1, 3])
    assert np.abs(found.eigenvectors[:, 1]) == pytest.approx([0.5**0.5] * 2)
    assert (found.mu, found.L, found.condition_number) == pytest.approx((1, 3, 3))
    assert curvature(gdviz.parse("x^2 - y^2"), [0.0, 0.0]).condition_number != 1
    assert np.isnan(curvature(gdviz.parse("x^2 - y^2"), [0.0, 0.0]).condition_number)
    assert curvature(gdviz.parse("x^2 + 0*y"), [0.0, 0.0]).condition_number == np.inf


def test_there_is_no_curvature_where_the_hessian_is_not_finite():
    assert curvature(gdviz.parse("sqrt(x)"), [-1.0]) is None
    assert curvature(gdviz.parse("exp(x^2)"), [100.0]) is None


def test_the_stability_limits_are_the_published_ones():
    assert stability_limit(GradientDescent(), 4.0) == 0.5
    assert stability_limit(Momentum(beta=0.5), 4.0) == 0.75
    assert stability_limit(GradientDescent(), 0.0) == np.inf
    assert stability_limit(GradientDescent(), -1.0) == np.inf


@given(st.floats(0.01, 100), st.floats(0.05, 1.3), st.floats(0, 0.97))
def test_the_contraction_is_the_spectral_radius_of_the_recurrence_and_passes_one_at_the_limit(L, share, beta):
    for optimizer in (GradientDescent(), Momentum(beta=beta)):
        limit = stability_limit(optimizer, L)
        rate = share * limit
        b = getattr(optimizer, "beta", 0.0)
        step = np.array([[b, L], [-rate * b, 1 - rate * L]])  # (velocity, error) of one epoch to the next
        radius = np.abs(np.linalg.eigvals(step)).max()
        predicted = contraction(optimizer, rate, [L])[0]
        assert predicted == pytest.approx(radius, rel=1e-6, abs=1e-6)
        if abs(share - 1) > 1e-3:
            assert (predicted > 1) == (share > 1)


def test_distills_best_settings_contract_as_published():
    eigenvalues = [0.01, 0.1, 1.0]
    best = best_learning_rate(curvature(gdviz.Quadratic(np.diag(eigenvalues), np.zeros(3)), np.zeros(3)))
    assert best == pytest.approx(1.980198, abs=5e-7)
    assert contraction(GradientDescent(), best, eigenvalues).max() == pytest.approx(0.980198, abs=5e-7)
    heavy = contraction(Momentum(beta=0.669421), 3.305785, eigenvalues)
    assert heavy.max() == pytest.approx(0.818182, abs=1e-3)


@given(st.floats(0.1, 3), st.integers(4, 200), st.floats(1e-3, 1e3))
def test_the_measured_rate_of_a_geometric_sequence_is_its_ratio(ratio: float, count: int, first: float):
    assert measured_rate(first * ratio ** np.arange(count)) == pytest.approx(ratio, rel=1e-6)


def test_the_measured_rate_of_nothing_is_unknown():
    for errors in ([], [1.0], [0.0, 0.0, 0.0], [1.0, 1.0, np.nan, np.inf]):
        assert np.isnan(measured_rate(errors))


def test_predicted_and_measured_rate_agree_on_a_quadratic():
    f = gdviz.Quadratic(np.diag([1.0, 5.0]), np.zeros(2))
    for optimizer in (GradientDescent(), Momentum(beta=0.6)):
        run = gdviz.descend(f, [3.0, 1.0], 0.1, 2000, optimizer)
        numbers = judge(f, run, 0.1, optimizer).numbers
        assert numbers["measured_rate"] == pytest.approx(numbers["predicted_rate"], rel=0.02)


# ---------------------------------------------------------------- the kind of each run


def verdict(formula: str, start, rate: float, epochs: int, optimizer: str = "gd", minima=(), **more):
    f = gdviz.parse(formula)
    run = gdviz.descend(f, start, rate, epochs, optimizer, **more)
    return judge(f, run, rate, make_optimizer(optimizer, **more), minima=minima)


WELL = "x^4/4 - x^2/2 + x/10"  # the left minimum is the lower one
WELL_MINIMA = (((-1.0466805318046023,), -0.3520847),)

CASES = [
    # formula, start, rate, epochs, optimizer, kind, words in the sentence
    ("x^2 + y^2", [1, 2], 0.1, 1000, {}, Kind.CONVERGED, "Converged after"),
    ("x^2 + y^2", [0, 0], 0.1, 1000, {}, Kind.CONVERGED, "Starts at a minimum"),
    (RAVINE, [-5, -2], 0.4, 20, {}, Kind.SLOW, "Too slow: after 20 epochs"),
    (RAVINE, [-5, -2], 0.4, 200, {}, Kind.RAN_OUT, "Not there yet: after 200 epochs"),
    (RAVINE, [-5, -2], 0.5, 200, {}, Kind.EDGE,
     f"exactly: the learning rate 0.5 is at {LIMIT} = 0.5, so along y it jumps"),
    (RAVINE, [-5, -2], 0.4999, 300, {}, Kind.EDGE,
     f"on the stable side: the learning rate 0.4999 is below {LIMIT} = 0.5"),
    (RAVINE, [-5, -0.02], 0.5001, 20, {}, Kind.EDGE,
     f"on the unstable side: the learning rate 0.5001 is above {LIMIT}"),
    (RAVINE, [-5, -2], 0.6, 20, {}, Kind.DIVERGING, f"0.6 is above {LIMIT} = 0.5, so y grows 1.4-fold each epoch"),
    (RAVINE, [-5, -2], 0.6, 5000, {}, Kind.DIVERGING, f"0.6 is above {LIMIT} = 0.5, so y grows 1.4-fold each epoch"),
    (RAVINE, [-5, -2], 30, 3000, {}, Kind.DIVERGING, "so y grows 119-fold each epoch"),
    (RAVINE, [-5, -2], 0.5001, 3000, {}, Kind.DIVERGING, f"above {LIMIT} = 0.5, so y grows 1.0004-fold each"),
    (RAVINE, [-5, -2], 0.7, 60, {"optimizer": "momentum", "beta": 0.5}, Kind.RAN_OUT, "Not there yet"),
    (RAVINE, [-5, -2], 0.8, 200, {"optimizer": "momentum", "beta": 0.5}, Kind.DIVERGING, "(2 + 2β)/L = 0.75"),
    ("x^4", [2], 1, 100, {}, Kind.DIVERGING, "x grows faster and faster"),
    ("(1 - x)^2 + 100*(y - x^2)^2", [-1.2, 1], 0.01, 100, {}, Kind.DIVERGING, f"is above {LIMIT} = 0.00133"),
    ("exp(x^2)", [2], 0.1, 100, {}, Kind.DIVERGING, "Diverges: the learning rate 0.1 is above the stability limit 2/L"),
    ("x^2 - y^2", [1, 0], 0.1, 1000, {}, Kind.SADDLE, "Stuck at a saddle after"),
    ("x^2 - y^2", [0, 0], 0.1, 1000, {}, Kind.SADDLE, "Stuck at a saddle from the start"),
    ("-x^2 - y^4", [0, 0], 0.1, 1000, {}, Kind.SADDLE, "still a way downhill"),
    ("cos(x)", [0], 0.1, 1000, {}, Kind.MAXIMUM, "Stuck at a maximum from the start"),
    ("-x^2 - 3*y^2", [0, 0], 0.1, 1000, {}, Kind.MAXIMUM, "Stuck at a maximum"),
    ("abs(x) + y^2", [0, 1], 0.1, 1000, {}, Kind.KINK, "Stopped at a kink after"),
    ("abs(x)", [1.03], 0.1, 100, {}, Kind.OSCILLATING, "hops over a corner"),
    ("abs(x)", [1.03], 0.1, 100, {"optimizer": "momentum"}, Kind.OSCILLATING, "hops over a corner"),
    ("-cos(x)*cos(y)*exp(-(x - pi)^2 - (y - pi)^2)", [-10, -10], 0.1, 100, {}, Kind.FLAT, "flat ground from the start"),
    ("x^3", [-0.1], 0.1, 1000, {}, Kind.UNBOUNDED, "Falls without end"),
    ("-x^2", [0.1], 0.1, 20, {}, Kind.UNBOUNDED, "Falls ever faster"),
    ("log(x)", [-1], 0.1, 100, {}, Kind.UNDEFINED, "Cannot start"),
    ("x - log(x)", [4], 10, 100, {}, Kind.UNDEFINED, "Stopped at once: the next step from x = 4 leads to where"),
    ("x^2 - log(x)/10", [1], 0.55, 100, {}, Kind.UNDEFINED, "not defined"),
    ("sqrt(x^2 + y^2)", [1, 0], 1, 100, {}, Kind.UNDEFINED, "no finite slope"),
    ("x*cos(0.15*pi*x)", [10], 2000, 10, {}, Kind.DIVERGING, "Diverges"),
    ("x + 1/x^2", [0.1], 0.001, 100, {}, Kind.SLOW, "Too slow"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "start", "rate", "epochs", "optimizer", "kind", "words"), CASES)
def test_a_run_gets_its_verdict(formula, start, rate, epochs, optimizer, kind, words):
    found = verdict(formula, start, rate, epochs, **optimizer)
    assert found.kind is kind, found.sentence
    assert words in found.sentence
    assert_readable(found)


def assert_readable(found: gdviz.Verdict) -> None:
    text = f"{found.sentence} {found.why}"
    assert 15 < len(found.sentence) < 420
    assert found.sentence[0].isupper()
    assert found.sentence.endswith(".")
    assert not re.search(r"\b(nan|inf|None|Traceback|array|np\.|e[+-]\d\d)\b|∞|undefined\b", text), text
    assert not re.search(
        r"(?<![\d.])1-fold|(?<![\d,.])1 epochs|  |\.\.|, ,| \.|multipl\w+ the error by( about)? 1\b", text
    ), text
    assert not re.search(r"curvatures there are [^,.]*(\.\d+)?:", text), text


def test_divergence_comes_with_its_limit_and_its_growth():
    numbers = verdict(RAVINE, [-5, -2], 0.6, 20).numbers
    assert numbers["limit"] == pytest.approx(0.5)
    assert numbers["largest_curvature"] == pytest.approx(4)
    assert numbers["measured_rate"] == pytest.approx(1.4, rel=1e-6)
    heavy = verdict(RAVINE, [-5, -2], 0.8, 200, "momentum", beta=0.5).numbers
    assert heavy["limit"] == pytest.approx(0.75)
    assert heavy["measured_rate"] == pytest.approx(contraction(Momentum(beta=0.5), 0.8, [4.0])[0], rel=1e-3)


@pytest.mark.parametrize(("share", "diverges"), [(0.98, False), (1.02, True)])
@pytest.mark.parametrize("optimizer", [{}, {"optimizer": "momentum", "beta": 0.5}, {"optimizer": "momentum"}])
def test_the_verdict_turns_to_diverging_at_the_stability_limit(share: float, diverges: bool, optimizer):
    method = make_optimizer(**({"optimizer": "gd"} | optimizer))
    found = verdict(RAVINE, [-5, -2], share * stability_limit(method, 4.0), 2000, **optimizer)
    assert (found.kind is Kind.DIVERGING) == diverges, found.sentence


def test_a_rate_a_hair_above_the_limit_is_shown_with_the_digits_that_tell_them_apart():
    fit = DATASETS["line"].objective
    run = gdviz.descend(fit, [33.0, 0.4], 0.0012, 20_000)
    assert "the learning rate 0.0012 is above the stability limit 2/L = 0.0011998" in judge(fit, run, 0.0012).sentence


def test_a_local_minimum_is_told_from_the_lowest():
    local = verdict(WELL, [1.0], 0.1, 1000, minima=WELL_MINIMA)
    lowest = verdict(WELL, [-1.0], 0.1, 1000, minima=WELL_MINIMA)
    assert local.kind is lowest.kind is Kind.CONVERGED
    assert "a local minimum: the lowest is −0.352" in local.sentence
    assert "the lowest there is" in lowest.sentence
    assert "lowest" not in verdict(WELL, [1.0], 0.1, 1000).sentence


def test_what_is_left_of_a_slow_run_is_at_least_what_it_really_takes():
    found = verdict(RAVINE, [-5, -2], 0.4, 100)
    remaining = found.numbers["remaining_epochs"]
    assert f"at least {int(remaining)} more epochs at this pace" in found.sentence
    run = gdviz.descend(gdviz.parse(RAVINE), [-5, -2], 0.4, 2000)
    assert run.epochs == pytest.approx(100 + remaining, abs=2)
    assert "Now each epoch multiplies the error by 0.92." in found.why


def test_a_better_rate_is_named_only_where_the_whole_path_is_stable_with_it():
    gentle = verdict("x^2 + 2*y^2", [-5, -2], 0.02, 30)
    assert gentle.kind is Kind.SLOW
    assert "A learning rate of 0.333 would be the fastest here" in gentle.sentence
    assert gentle.numbers["best_learning_rate"] == pytest.approx(2 / 6)
    # Gentle at the end, steep at the start: what is best at the end would have thrown the run out.
    mixed = verdict("x^4/100 + x^2/2", [10], 0.001, 2500)
    assert mixed.kind is Kind.SLOW
    assert mixed.numbers["best_learning_rate"] > mixed.numbers["path_limit"]
    assert "would be the fastest" not in mixed.sentence
    assert "The path is stable up to a learning rate of 0.153" in mixed.sentence


def test_a_run_stopped_by_the_clock_says_so():
    f = gdviz.parse(RAVINE)
    run = gdviz.descend(f, [-5, -2], 1e-5, 50_000, deadline=0, engine="python")
    found = judge(f, run, 1e-5)
    assert found.kind is Kind.SLOW
    assert "the time allowed was up" in found.sentence
    assert_readable(found)


def test_a_stalled_line_search_says_so():
    f = gdviz.parse(RAVINE)
    run = gdviz.descend(f, [-5, -2], 0.1, 10)
    stalled = Trajectory(
        run.variables, run.thetas, run.values, run.gradients, run.learning_rates, 11, gdviz.StopReason.STALLED
    )
    found = judge(f, stalled, 0.1)
    assert found.kind is Kind.STALLED
    assert "no step along the direction lowers the function" in found.sentence
    assert_readable(found)


def test_one_curvature_is_singular_and_two_are_plural():
    assert "The curvature there is −1: downhill every way." in verdict("cos(x)", [0], 0.1, 10).why
    assert "The curvatures there are −2, 2: up one way" in verdict("x^2 - y^2", [0, 0], 0.1, 10).why


@pytest.mark.parametrize("factor", [1, 1000, 1e-3])
@pytest.mark.parametrize("optimizer", ["gd", "momentum"])
@pytest.mark.parametrize("key", sorted(PRESETS))
def test_every_preset_gets_a_readable_verdict_at_any_rate(key: str, optimizer: str, factor: float):
    preset = PRESETS[key]
    experiment = Experiment(
        objective=key,
        start=preset.start,
        learning_rate=preset.learning_rate * factor,
        epochs=preset.epochs,
        optimizer=optimizer,
    )
    assert_readable(experiment.verdict(experiment.run()))


@pytest.mark.parametrize("optimizer", sorted(OPTIMIZERS))
def test_every_optimizer_gets_a_readable_verdict(optimizer: str):
    if getattr(OPTIMIZERS[optimizer], "needs", "") == "residuals":
        with pytest.raises(ValueError, match="needs data to fit"):
            verdict(RAVINE, [-5, -2], 0.4, 20, optimizer)
        return
    for key in ("ravine", "himmelblau", "easom", "absolute_value", "log_barrier", "saddle", "x_cosine"):
        preset = PRESETS[key]
        for rate in (preset.learning_rate, 100 * preset.learning_rate):
            run = gdviz.descend(preset.objective, preset.start, rate, 200, optimizer)
            assert_readable(judge(preset.objective, run, rate, make_optimizer(optimizer), minima=preset.minima))


@pytest.mark.parametrize("factor", [1, 1000])
@pytest.mark.parametrize("key", sorted(DATASETS))
def test_every_data_set_gets_a_readable_verdict_at_any_rate(key: str, factor: float):
    problem = pose("fit", data=key)
    experiment = Experiment(
        objective="fit", data=key, start=problem.start, learning_rate=problem.learning_rate * factor, epochs=300
    )
    assert_readable(experiment.verdict(experiment.run()))


@pytest.mark.parametrize("key", sorted(PRESETS))
@pytest.mark.parametrize("epochs", [1, 2, 3, 4, 5])
def test_a_run_of_a_few_epochs_gets_a_readable_verdict_too(key: str, epochs: int):
    preset = PRESETS[key]
    for factor in (1, 1000):
        rate = preset.learning_rate * factor
        run = gdviz.descend(preset.objective, preset.start, rate, epochs)
        assert_readable(judge(preset.objective, run, rate, minima=preset.minima))


@pytest.mark.parametrize(("data", "optimizer", "schedule"), [
    ("thurber", "gauss_newton", "backtracking"), ("misra1a", "bfgs", "strong_wolfe"),
])  # fmt: skip
def test_a_run_that_only_rounding_keeps_above_the_tolerance_has_converged(data: str, optimizer: str, schedule: str):
    problem = gdviz.Experiment(objective="fit", data=data).problem()
    experiment = gdviz.Experiment(
        objective="fit", data=data, start=problem.start, learning_rate=gdviz.LEARNING_RATES[schedule](1.0), epochs=500,
        optimizer=optimizer,
    )  # fmt: skip
    run = experiment.run()
    assert run.stop_reason is not gdviz.StopReason.CONVERGED
    found = experiment.verdict(run)
    assert found.kind is Kind.CONVERGED
    assert found.sentence.endswith("the lowest there is: as low as rounding allows.")
    assert_readable(found)


@pytest.mark.parametrize("start", [(5.78, -0.6621), (-0.8191, -0.0552), (1.0, 7.3)])
def test_a_plateau_is_flat_ground_and_neither_a_saddle_nor_a_minimum(start: tuple[float, float]):
    easom = gdviz.PRESETS["easom"]
    run = gdviz.descend(easom.objective, start, 0.1, 500)
    assert run.stop_reason is gdviz.StopReason.CONVERGED
    assert judge(easom.objective, run, 0.1, minima=easom.minima).kind is Kind.FLAT


def test_a_flat_bottomed_minimum_is_still_one():
    assert verdict("x^4 + y^4", [0.001, 0.001], 0.1, 10).kind is Kind.CONVERGED
    assert verdict("x^3 - 3*x*y^2", [0, 0], 0.1, 10).kind is not Kind.CONVERGED


@pytest.mark.parametrize("optimizer", ["adam", "nadam", "adamax"])
@pytest.mark.parametrize("key", ["sum_of_squares", "beale", "quadratic_bowl", "himmelblau"])
def test_what_is_left_of_a_striding_run_is_at_least_what_it_says_and_not_ten_times_less(key: str, optimizer: str):
    """The gradient's own pace would say 135,000 more epochs of Adam on a sum of squares, where 14,000 do."""
    preset = gdviz.PRESETS[key]
    run = gdviz.descend(preset.objective, preset.start, 0.001, 500, optimizer)
    found = judge(preset.objective, run, 0.001, make_optimizer(optimizer), minima=preset.minima)
    assert "each epoch moves it by about 0.001" in found.sentence
    assert_readable(found)
    whole = gdviz.descend(preset.objective, preset.start, 0.001, 100_000, optimizer)
    assert whole.stop_reason is gdviz.StopReason.CONVERGED
    left = whole.epochs - run.epochs
    assert left / 10 < found.numbers["remaining_epochs"] <= left


@pytest.mark.parametrize("optimizer", ["bfgs", "newton"])
def test_a_method_that_gets_faster_and_faster_has_no_factor_per_epoch(optimizer: str):
    booth = PRESETS["booth"]
    run = gdviz.descend(booth.objective, (6.255, 8.48), 1.0, 100, optimizer)
    found = judge(booth.objective, run, 1.0, make_optimizer(optimizer), minima=booth.minima)
    assert found.kind is Kind.CONVERGED
    assert "multiplied" not in found.why
