"""Mini-batches: every way to a batch's gradient, seeds, epochs, and ends."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gdviz
from gdviz.codes import python
from gdviz.descent.minibatch import descend_minibatch
from gdviz.descent.step import step_graph
from gdviz.experiments import Experiment
from gdviz.fits import Fit
from gdviz.verdict import Kind, Verdict

LINE = "slope*x + intercept"
CURVE = "a*exp(b*x/10) + c"


def noisy(rows: int = 101, seed: int = 0) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    x = random.normal(size=rows)
    y = 3 * x + 1 + random.normal(size=rows)
    return {"x": x, "y": y, "kind": (y > 0).astype(float)}


def make(model: str = LINE, loss: str = "squared", ridge: float = 0.0, rows: int = 101) -> Fit:
    data = noisy(rows)
    target = "kind" if loss == "log" else "y"
    return Fit(model, {"x": data["x"], target: data[target]}, target, loss, ridge)


FITS = pytest.mark.parametrize(
    "fit",
    [make(), make(ridge=0.2), make("2*x + b*x + a"), make(CURVE), make(loss="log"), make(loss="huber", ridge=0.1),
     make("polynomial(x, 9)")],
    ids=["line", "ridge", "offset", "curve", "classes", "huber", "wide"],
)  # fmt: skip


def gradient_of(fit: Fit, rows: np.ndarray, theta: list[float]) -> np.ndarray:
    """The gradient of these rows alone, as a step of mini-batch descent has it."""
    step = step_graph(fit.by_rows, gdviz.GradientDescent())
    totals = python.row_totals(step.shape, step.row_numbers, step.data[:, rows])
    record: list[float] = []
    loop = python.float_loop(step.shape, True)
    loop(theta, step.initial, [0.1], [], step.numbers, totals, float(len(rows)), record.extend)
    return np.array(record[len(theta) + 1 :])


@FITS
@pytest.mark.parametrize("size", [1, 10, 50, 100, 101])
def test_the_gradients_of_an_epochs_batches_make_up_the_full_one(fit: Fit, size: int):
    theta = [0.3 + 0.1 * i for i in range(len(fit.variables))]
    order = np.random.RandomState(0).permutation(fit.rows)
    batches = [order[start : start + size] for start in range(0, fit.rows, size)]
    found = np.array([gradient_of(fit, rows, theta) for rows in batches])
    weights = np.array([len(rows) for rows in batches]) / fit.rows
    full = fit.gradient(theta)
    assert weights @ found == pytest.approx(full, rel=1e-11, abs=1e-12 * np.abs(full).max())


def test_one_epoch_by_hand():
    data = {"x": [1.0, 2.0, 3.0], "y": [2.0, 1.0, 5.0]}
    run = descend_minibatch(Fit(LINE, data, "y"), [0.5, 0.5], 0.01, 1, batch_size=2, seed=7)
    theta = np.array([0.5, 0.5])
    order = np.random.RandomState(7).permutation(3)
    for rows in (order[:2], order[2:]):
        x, y = np.array(data["x"])[rows], np.array(data["y"])[rows]
        error = theta[0] * x + theta[1] - y
        theta = theta - 0.01 * np.array([2 * np.mean(error * x), 2 * np.mean(error)])
    assert run.thetas[-1] == pytest.approx(theta, rel=1e-13)
    assert run.epochs == run.evaluations == 1


@FITS
def test_a_seed_gives_the_same_path_to_the_last_bit_and_another_seed_another(fit: Fit):
    start = [0.1] * len(fit.variables)
    one, two, other = (descend_minibatch(fit, start, 0.001, 4, "momentum", batch_size=8, seed=s) for s in (5, 5, 6))
    assert one.thetas.tobytes() == two.thetas.tobytes()
    assert one.thetas.tobytes() != other.thetas.tobytes()
    assert one.values == pytest.approx(fit.value(one.thetas), rel=1e-12)
    assert one.gradients == pytest.approx(fit.gradient(one.thetas), rel=1e-12)


@FITS
def test_all_rows_in_one_batch_is_plain_descent(fit: Fit):
    start = [0.1] * len(fit.variables)
    for size in (101, 5000):
        batch = descend_minibatch(fit, start, 0.001, 20, batch_size=size)
        full = gdviz.descend(fit, start, 0.001, 20)
        assert batch.thetas.tobytes() == full.thetas.tobytes()


def test_small_batches_go_far_in_an_epoch_and_then_hover():
    fit = make(rows=2000)
    best = fit.quadratic.constant
    full = gdviz.descend(fit, [0, 0], 0.02, 5)
    noisy_path = descend_minibatch(fit, [0, 0], 0.02, 60, batch_size=1)
    assert noisy_path.values[1] < full.values[1] / 2
    late = noisy_path.values[20:] - best
    assert (late > 0).all()
    assert late.mean() < 0.2
    falling = descend_minibatch(fit, [0, 0], gdviz.LEARNING_RATES["inverse_time"](0.02, 0.5), 60, batch_size=1)
    assert falling.values[-1] - best < late.mean() / 2
    assert falling.learning_rates[-1] < falling.learning_rates[0]


@pytest.mark.parametrize("name", [key for key, kind in gdviz.OPTIMIZERS.items() if hasattr(kind, "initial_states")])
def test_every_optimizer_of_single_components_runs_on_batches(name: str):
    run = descend_minibatch(make(), [0.0, 0.0], 0.001, 3, name, batch_size=16)
    assert run.stop_reason is gdviz.StopReason.EPOCHS
    assert run.values[-1] < run.values[0]


@pytest.mark.parametrize("fit", [make(), make(CURVE), make(loss="huber", ridge=1.0)], ids=["line", "curve", "huber"])
def test_a_rate_too_large_ends_as_diverged_at_the_last_finite_epoch(fit: Fit):
    run = descend_minibatch(fit, [0.5] * len(fit.variables), 1e4, 50, batch_size=10)
    assert run.stop_reason is gdviz.StopReason.DIVERGED
    assert np.isfinite(run.thetas).all()
    assert np.isfinite(run.values).all()
    assert len(run.thetas) == len(run.values) == len(run.gradients) == len(run.learning_rates) + 1


@pytest.mark.parametrize("engine", ["python", "native"])
def test_time_runs_out(engine: str):
    run = descend_minibatch(make(), [0, 0], 0.001, 100_000, batch_size=10, deadline=0.0, engine=engine)
    assert run.stop_reason is gdviz.StopReason.DEADLINE
    assert 0 < run.epochs < 100_000
    assert len(run.gradients) == len(run.thetas) == len(run.values) == run.epochs + 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"batch_size": 0}, "batch_size is 0"),
        ({"batch_size": 2.5}, "batch_size is 2.5"),
        ({"seed": -1}, "seed is -1"),
        ({"optimizer": "newton"}, "Newton needs the gradient of all rows"),
        ({"optimizer": "levenberg_marquardt"}, "needs the gradient of all rows"),
        ({"epochs": 0}, "epochs is 0"),
        ({"learning_rate": gdviz.LEARNING_RATES["backtracking"](1.0)}, "needs the gradient of all rows"),
    ],
)
def test_what_makes_no_sense_on_batches_is_said(arguments: dict, says: str):
    with pytest.raises(ValueError, match=says):
        descend_minibatch(make(), [0, 0], **arguments)


NOISY = {"objective": "fit", "data": "line", "data_noise": 50.0, "start": (0.0, 0.0), "learning_rate": 0.001}


def verdict_on(**fields: Any) -> Verdict:
    experiment = Experiment(**(NOISY | fields))
    return experiment.verdict(experiment.run())


def test_batches_that_throw_the_path_out_below_the_limit_of_all_rows_are_said_to_diverge():
    found = verdict_on(batch_size=1, epochs=200)
    assert found.kind is Kind.DIVERGING
    assert found.sentence.startswith("Diverges in steps on 1 row, at the learning rate 0.001. After 200 epochs:")
    assert r"$\frac{2}{L} = 0.0012$ at the start; the learning rate is below it" in found.why
    assert verdict_on(batch_size=1, epochs=5000).kind is Kind.DIVERGING


def test_a_run_that_its_batches_keep_moving_is_told_from_one_that_needs_more_epochs():
    hovering = verdict_on(batch_size=10, epochs=200)
    assert hovering.sentence.startswith("Hovers: after 200 epochs")
    assert "the least there is, is 2521" in hovering.why
    falling = verdict_on(batch_size=10, epochs=20, learning_rate=1e-6)
    assert falling.sentence.startswith("On its way: after 20 epochs")
    assert falling.sentence.endswith("and still falling.")
    few = verdict_on(batch_size=10, epochs=3, learning_rate=1e-6)
    assert few.kind is Kind.RAN_OUT
    assert "still" not in few.sentence


def test_batches_that_agree_converge():
    """Where the data lie on a line every batch has its minimum at the same place."""
    found = verdict_on(data_noise=0.0, standardize=True, learning_rate=0.5, batch_size=8, epochs=50)
    assert found.kind is Kind.CONVERGED
    assert "every batch agrees" in found.sentence


def test_batches_of_all_rows_are_judged_as_plain_descent():
    assert verdict_on(batch_size=100, epochs=200) == verdict_on(epochs=200)


def test_a_path_whose_batches_threw_it_up_once_and_that_comes_down_again_does_not_diverge():
    found = verdict_on(data="anscombe3", data_noise=0.0, start=(1.5, -2.0), learning_rate=0.011, batch_size=5, epochs=3)
    assert found.kind is Kind.OSCILLATING
    assert found.sentence.startswith("Hovers higher than it began")
