"""Many descents at once: each member ends where a run of its own ends."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import gdviz
from gdviz.descent import StopReason
from gdviz.presets import PRESETS


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"starts": [[1.0, 2.0, 3.0]]}, r"starts needs shape \(…, 2\)"),
        ({"starts": 1.0}, r"starts needs shape \(…, 2\)"),
        ({"learning_rate": [0.1, 0.0]}, "Every learning rate"),
        ({"learning_rate": [0.1, math.nan]}, "Every learning rate"),
        ({"epochs": 0}, "epochs is 0"),
        ({"optimizer": "sgdd"}, "no optimizer"),
        ({"starts": [[1.0, 2.0]] * 3, "learning_rate": [0.1, 0.2]}, "do not go together"),
        ({"starts": np.empty((0, 2))}, "no start"),
        ({"tolerance": math.nan}, "tolerance is nan"),
    ],
)
def test_a_batch_names_what_makes_no_sense_too(changes, says: str):
    arguments = {"starts": [[1.0, 1.0]], "learning_rate": 0.1, "epochs": 10} | changes
    with pytest.raises(ValueError, match=says):
        gdviz.descend_batch(gdviz.parse("x^2 + y^2"), **arguments)


@settings(max_examples=150)
@given(
    st.sampled_from(sorted(PRESETS)),
    st.lists(st.tuples(*[st.floats(0, 1)] * 3), min_size=1, max_size=4),
    st.lists(st.floats(-1.5, 1.5), min_size=1, max_size=3),
    st.integers(1, 60),
    st.sampled_from([("gd", {}), ("momentum", {"beta": 0.5}), ("momentum", {"beta": 0.9})]),
)
def test_a_batch_ends_each_member_as_a_run_of_its_own(key, shares, powers, epochs, optimizer):
    preset = PRESETS[key]
    f, n = preset.objective, len(preset.start)
    low, high = np.array(preset.window).T
    starts = low + np.array(shares)[:, :n] * (high - low) if n <= 3 else np.array([preset.start])
    rates = preset.learning_rate * 10.0 ** np.array(powers)
    name, hyperparameters = optimizer
    batch = gdviz.descend_batch(f, starts[:, None, :], rates, epochs, name, **hyperparameters)
    assert batch.thetas.shape == (len(starts), len(rates), n)
    compared = 0
    for i, start in enumerate(starts):
        for j, rate in enumerate(rates):
            run, nearby = (
                gdviz.descend(f, start * nudge, rate, epochs, name, **hyperparameters) for nudge in (1, 1 + 1e-14)
            )
            if (run.epochs, run.stop_reason) != (nearby.epochs, nearby.stop_reason):
                continue  # rounding alone decides how this one ends
            spread = np.abs(run.thetas[-1] - nearby.thetas[-1])
            if (spread > 1e-10 * (1 + np.abs(run.thetas[-1]))).any():
                continue  # chaotic: rounding alone has grown ten-thousandfold
            compared += 1
            assert batch.stop_reasons[i, j] is run.stop_reason
            assert batch.epochs[i, j] == run.epochs
            assert batch.thetas[i, j] == pytest.approx(run.thetas[-1], rel=1e-9, abs=1e-9)
            assert batch.values[i, j] == pytest.approx(run.values[-1], rel=1e-8, abs=1e-9)
    assume(compared)


def test_a_batch_of_more_than_one_block_ends_every_member():
    f = gdviz.parse("0.1*x^2 + 2*y^2")
    count = 20_001
    rates = np.linspace(0.01, 0.7, count)
    batch = gdviz.descend_batch(f, [-5.0, -2.0], rates, epochs=300)
    assert batch.thetas.shape == (count, 2)
    for i in (0, 8_191, 8_192, 10_000, 16_383, 16_384, 17_500, count - 1):
        run = gdviz.descend(f, [-5.0, -2.0], rates[i], epochs=300)
        assert batch.epochs[i] == run.epochs
        assert batch.stop_reasons[i] is run.stop_reason
        assert batch.thetas[i] == pytest.approx(run.thetas[-1], rel=1e-9)
        assert batch.values[i] == pytest.approx(run.values[-1], rel=1e-9)
    ran = np.array([reason is StopReason.EPOCHS for reason in batch.stop_reasons])
    assert batch.thetas[ran, 0] == pytest.approx(-5 * (1 - 0.2 * rates[ran]) ** 300, rel=1e-8)
    assert set(batch.stop_reasons) == {StopReason.CONVERGED, StopReason.EPOCHS}


def test_starts_and_rates_broadcast_with_each_other():
    f = gdviz.parse("x^2 + y^2")
    one, many = [1.0, 2.0], np.arange(12.0).reshape(2, 3, 2)
    assert gdviz.descend_batch(f, one, 0.1, 5).thetas.shape == (2,)
    assert gdviz.descend_batch(f, one, [0.1, 0.2], 5).values.shape == (2,)
    assert gdviz.descend_batch(f, many, 0.1, 5).epochs.shape == (2, 3)
    crossed = gdviz.descend_batch(f, many[:, :, None], [0.1, 0.2, 0.3, 0.4], 5)
    assert crossed.thetas.shape == (2, 3, 4, 2)
    assert crossed.stop_reasons.shape == (2, 3, 4)
    assert crossed.thetas[1, 2, 3] == pytest.approx(many[1, 2] * 0.2**5, rel=1e-12)


def test_a_batch_reports_each_members_own_end():
    starts, rates = [[1.0], [-1.0], [1.0], [1.0], [math.sqrt(0.05)]], [0.1, 0.1, 0.6, 1e-6, 0.1]
    batch = gdviz.descend_batch(gdviz.parse("x^2 - log(x)/10"), starts, rates, 100, tolerance=1e-6)
    assert [reason.value for reason in batch.stop_reasons] == [
        "converged",
        "diverged",
        "diverged",
        "epochs",
        "converged",
    ]
    assert batch.epochs[[1, 2, 3, 4]].tolist() == [0, 0, 100, 0]
    assert batch.thetas[[1, 2, 4], 0].tolist() == [-1.0, 1.0, math.sqrt(0.05)]
    assert 0 < batch.epochs[0] < 100


def test_a_batch_leaves_its_arguments_as_they_were():
    starts, rates = np.ones((50, 2)), np.linspace(0.1, 2, 50)
    gdviz.descend_batch(gdviz.parse("x^2 + y^2"), starts, rates, 100)
    assert (starts == 1).all()
    assert rates.tolist() == np.linspace(0.1, 2, 50).tolist()


def test_a_batch_on_data_and_on_an_estimated_gradient_equals_single_runs():
    fit = gdviz.DATASETS["line"].objective
    for objective in (fit, gdviz.EstimatedGradient(gdviz.parse("(x - 1)^2 + x*y^2 + y^4"), 1e-4)):
        starts = np.array([[1.0, 1.0], [0.5, -0.5], [2.0, 0.1]])
        batch = gdviz.descend_batch(objective, starts, 0.001, 50, "momentum")
        for i, start in enumerate(starts):
            run = gdviz.descend(objective, start, 0.001, 50, "momentum")
            assert batch.thetas[i] == pytest.approx(run.thetas[-1], rel=1e-9)
