"""The ladder of learning rates and the reels that bring it to the browser."""

from __future__ import annotations

import json
import struct
from dataclasses import replace

import numpy as np
import pytest

from gdviz.descent import StopReason
from gdviz.experiments import Experiment
from gdviz.ladder import FEWEST_RUNGS, RUNGS, Ladder, ladder, ladder_rates
from gdviz.learning_rates import Backtracking, Cosine
from gdviz.presets import PRESETS
from gdviz.ui.player import reel
from gdviz.verdict import judge

RATES = ladder_rates(1e-6, 10.0, 64)
PLENTY = 60.0  # seconds: no rung is left out for want of time


def experiment(name: str, **fields: object) -> Experiment:
    preset = PRESETS[name]
    return replace(Experiment(objective=name, start=preset.start, epochs=300), **fields)


def climb(of: Experiment, rates: np.ndarray = RATES) -> Ladder:
    found = ladder(of.posed(), rates, seconds=PLENTY)
    assert found is not None
    return found


CASES = [
    experiment("rosenbrock"),
    experiment("ravine", optimizer="momentum"),
    experiment("himmelblau", optimizer="adam", epochs=100),
    experiment("himmelblau", optimizer="adamw", learning_rate=Cosine(0.1), epochs=100),
    experiment("ravine", gradient="estimated"),
    experiment("rosenbrock", optimizer="newton", epochs=30),
    experiment("rosenbrock", learning_rate=Backtracking(0.1), epochs=30),
    Experiment(objective="formula", formula="x^4 - 3x^2 + x", start=(2.0,), epochs=50),
    Experiment(objective="formula", formula="log(x) + y^2", start=(0.5, 1.0), epochs=50),
    Experiment(objective="fit", data="line", start=(33.0, 0.4), epochs=500),
    Experiment(objective="fit", data="line", start=(33.0, 0.4), epochs=20, batch_size=10),
]


@pytest.mark.parametrize("of", CASES, ids=lambda e: f"{e.objective} {e.optimizer.name} {e.learning_rate.name}")
def test_a_rung_is_the_run_at_its_rate(of: Experiment) -> None:
    for rung in climb(of).rungs:
        alone = of.at_rate(rung.rate).run()
        assert rung.complete
        assert (rung.run.epochs, rung.run.stop_reason) == (alone.epochs, alone.stop_reason)
        with np.errstate(over="ignore"):
            size = np.abs(alone.thetas).max()
        np.testing.assert_allclose(rung.run.thetas, alone.thetas, rtol=1e-9, atol=1e-9 * min(size, 1e3))
        np.testing.assert_array_equal(rung.run.learning_rates, alone.learning_rates)
        assert rung.run.variables == alone.variables


def test_a_rung_is_judged_as_the_page_judges() -> None:
    of = experiment("ravine")
    problem = of.problem()
    for rung in climb(of).rungs[::5]:
        alone = of.at_rate(rung.rate)
        verdict = judge(problem.objective, alone.run(), rung.rate, alone.optimizer, minima=problem.minima)
        assert (rung.kind, rung.sentence) == (verdict.kind, verdict.sentence)


def test_rates_are_short_numbers_over_all_decades() -> None:
    rates = ladder_rates(1e-6, 10.0)
    assert RUNGS - 5 <= len(rates) <= RUNGS
    assert (rates[0], rates[-1]) == (1e-6, 10.0)
    assert all(float(f"{rate:.2e}") == rate for rate in rates)
    assert np.diff(np.log10(rates)).max() < 1.3 * 7 / (RUNGS - 1)


def test_where_runs_are_long_only_their_first_epochs_are_run_and_the_words_say_so() -> None:
    of = experiment("rosenbrock", epochs=100_000)
    found = ladder(of.posed(), RATES, seconds=0.3)
    assert found is not None
    assert len(found.rungs) >= FEWEST_RUNGS
    assert 0 < found.horizon < of.epochs
    cut = [rung for rung in found.rungs if not rung.complete]
    for rung in cut:
        assert rung.run.epochs == found.horizon
        assert f"first {found.horizon:,} of 100,000 epochs" in rung.sentence
    for rung in found.rungs:
        if rung.complete:
            assert rung.run.stop_reason is not StopReason.EPOCHS


def test_no_ladder_where_runs_cannot_be_made_in_time() -> None:
    assert ladder(experiment("rosenbrock", optimizer="newton", epochs=50_000).posed(), RATES, seconds=0.01) is None


def test_the_clock_is_looked_at_after_every_epoch() -> None:
    of = Experiment(objective="fit", data="line", start=(33.0, 0.4), epochs=500, fit_loss="absolute")
    assert ladder(of.posed(), RATES, seconds=PLENTY) is not None
    assert ladder(of.posed(), RATES, seconds=0.0) is None, "not even the first epochs"


# -- reels --


def opened(packed: bytes) -> tuple[dict, np.ndarray]:
    (length,) = struct.unpack_from("<I", packed)
    head = json.loads(packed[4 : 4 + length])
    numbers = np.frombuffer(packed[4 + length :], "<f4").reshape(-1, len(head["columns"]))
    assert len(numbers) == sum(rung["rows"] for rung in head["rungs"])
    return head, numbers


def packed(found: Ladder, name: str) -> bytes:
    words = [{"rate": rung.rate} for rung in found.rungs]
    return reel.strip([rung.run for rung in found.rungs], words, PRESETS[name].window, 0.0)


@pytest.mark.parametrize("name", ["rosenbrock", "ravine", "himmelblau"])
def test_a_thinned_rung_is_drawn_to_half_a_pixel(name: str) -> None:
    found = climb(experiment(name, epochs=1000))
    head, numbers = opened(packed(found, name))
    (low_x, high_x), (low_y, high_y) = PRESETS[name].window
    scale = np.array([reel.WIDTH / (high_x - low_x), reel.WIDTH / (high_y - low_y)])
    first = noisy = 0
    for rung, said in zip(found.rungs, head["rungs"], strict=True):
        table = numbers[first : first + said["rows"]].astype(float)
        first += said["rows"]
        rows = table[:, 0].astype(int)
        assert (rows[0], rows[-1]) == (0, rung.run.epochs)
        assert len(rows) <= reel.MOST_ROWS
        thetas = np.where(np.abs(rung.run.thetas[rows]) < 1e37, rung.run.thetas[rows], np.nan)
        np.testing.assert_allclose(table[:, 1:3], thetas, rtol=1e-6, atol=1e-37)
        if len(rows) >= reel.MOST_ROWS - 20:
            noisy += 1  # more corners than the eye can follow
            continue
        near = np.abs(rung.run.thetas).max(axis=1) < 1e4
        epochs = np.arange(rung.run.epochs + 1)
        drawn = np.column_stack([np.interp(epochs, rows, rung.run.thetas[rows, i]) for i in (0, 1)])
        assert np.abs((drawn - rung.run.thetas) * scale)[near].max() <= 0.55
    assert noisy < len(found.rungs) / 4


def test_a_ladder_is_small() -> None:
    for name in ("rosenbrock", "himmelblau"):
        found = climb(experiment(name, epochs=2000), ladder_rates(1e-6, 10.0))
        assert len(packed(found, name)) <= reel.MOST_BYTES + 50_000


def test_a_short_film_has_every_epoch_and_a_long_one_is_thinned() -> None:
    of = experiment("rosenbrock", learning_rate=0.001, epochs=2000)
    run = of.run()
    head, numbers = opened(reel.film(run, PRESETS["rosenbrock"].window, 0.0))
    assert head["columns"] == ["epoch", "theta 0", "theta 1", "value", "gap", "norm"]
    np.testing.assert_array_equal(numbers[:, 0], np.arange(2001))
    np.testing.assert_array_equal(numbers[:, 1:3], run.thetas.astype("f4"))
    np.testing.assert_array_equal(numbers[:, 3], run.values.astype("f4"))
    np.testing.assert_array_equal(numbers[:, 5], run.gradient_norms.astype("f4"))
    long = replace(of, epochs=50_000).run()
    head, numbers = opened(reel.film(long, PRESETS["rosenbrock"].window, 0.0))
    assert len(numbers) <= reel.MOST_FRAMES + 1
    epochs = numbers[:, 0]
    assert (epochs[0], epochs[-1], head["epochs"]) == (0, long.epochs, long.epochs)
    assert np.diff(epochs).max() <= long.epochs / 1000
    np.testing.assert_array_equal(numbers[:, 1:3], long.thetas[epochs.astype(int)].astype("f4"))


def test_numbers_beyond_float32_are_gaps() -> None:
    run = experiment("ravine", learning_rate=5.0, epochs=1000).run()
    assert np.abs(run.thetas).max() > 1e100
    _, numbers = opened(reel.film(run, PRESETS["ravine"].window, None))
    assert np.nanmax(np.abs(numbers)) <= 1e37
    assert np.isnan(numbers[-1, 1:]).any()
    assert np.isnan(numbers[:, 4]).all(), "without a known minimum there is no gap to it"
