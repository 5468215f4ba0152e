"""Guided scenarios keep their word: their links open, their verdicts are those claimed, their numbers are right."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest

from gdviz.comparisons import decode_runs
from gdviz.descent import StopReason, Trajectory
from gdviz.experiments import LINK_LIMIT, Experiment, decode, encode
from gdviz.lessons.scenarios import SCENARIOS, Scenario
from gdviz.numerals import format_number
from gdviz.objectives.differences import difference_quotient, spacing_errors
from gdviz.optimizers import Momentum
from gdviz.presets import PRESETS
from gdviz.verdict import Kind, Verdict

SAID = {
    "too_small": Kind.SLOW,
    "just_right": Kind.CONVERGED,
    "edge": Kind.EDGE,
    "divergence": Kind.DIVERGING,
    "ravine": Kind.SLOW,
    "momentum": Kind.RAN_OUT,
    "saddle": Kind.SADDLE,
    "local_minimum": Kind.CONVERGED,
    "feature_scaling": Kind.SLOW,
    "wrong_h": Kind.CONVERGED,
}  # of the run that a scenario opens


def opened(key: str, **changes: object) -> tuple[Experiment, Trajectory, Verdict]:
    """The experiment that a scenario opens, with ``changes``, its run and the verdict."""
    experiment, notes = decode(SCENARIOS[key].link)
    assert notes == ()
    experiment = replace(experiment, **changes)
    run = experiment.run()
    return experiment, run, experiment.verdict(run)


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda scenario: scenario.key)
def test_a_scenario_opens_and_its_verdict_is_the_one_it_claims(scenario: Scenario) -> None:
    experiment, _, verdict = opened(scenario.key)
    assert verdict.kind is SAID[scenario.key]
    assert all(encode(experiment)[name] == scenario.link[name] for name in ("objective", "start", "epochs"))
    assert len(urlencode(scenario.link)) < LINK_LIMIT / 8
    assert scenario.page in ("", "compare", "derivatives")


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda scenario: scenario.key)
def test_a_scenario_says_one_thing_to_see_and_one_to_try(scenario: Scenario) -> None:
    assert re.fullmatch(r"[a-z_]+", scenario.key)
    for sentence in (scenario.sees, scenario.tries):
        assert sentence.endswith(".")
        assert len(sentence) < 220
        assert not re.search(r"[*_`<$]", sentence), "plain words, no Markdown"


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda scenario: scenario.key)
def test_a_scenario_is_about_its_function_at_any_rate_and_start_and_about_no_other(scenario: Scenario) -> None:
    experiment, _ = decode(scenario.link)
    assert scenario.is_about(encode(experiment))
    start = tuple(1.5 for _ in experiment.start)
    assert scenario.is_about(encode(replace(experiment, start=start, epochs=7, optimizer=Momentum())))
    for other in ("objective=rosenbrock", "objective=formula&formula=x^2", "objective=fit&data=rat43"):
        assert not scenario.is_about(encode(decode(dict(parse_qsl(other)))[0]))


def test_there_are_ten_and_what_is_wished_for_is_among_them() -> None:
    assert list(SCENARIOS) == [
        "too_small", "just_right", "edge", "divergence", "ravine", "momentum", "saddle", "local_minimum",
        "feature_scaling", "wrong_h",
    ]  # fmt: skip


# -- the numbers in the sentences --


def test_too_small_is_half_way_and_a_larger_rate_arrives() -> None:
    experiment, run, _ = opened("too_small")
    way = np.linalg.norm(run.thetas, axis=1)
    assert way[-1] / way[0] == pytest.approx(0.5, abs=0.05)
    assert (experiment.eta, run.epochs) == (0.005, 60)
    assert opened("too_small", learning_rate=0.3)[1].epochs == 23


@pytest.mark.parametrize(("rate", "epochs"), [(0.3, 23), (0.33, 20), (0.4, 41)])
def test_just_right(rate: float, epochs: int) -> None:
    _, run, verdict = opened("just_right", learning_rate=rate)
    assert verdict.kind is Kind.CONVERGED
    assert run.epochs == epochs
    steps = np.linalg.norm(np.diff(run.thetas, axis=0), axis=1)
    assert (np.diff(steps) < 0).all(), "each step is shorter than the one before"


def test_the_edge_is_at_one_half_exactly() -> None:
    _, run, verdict = opened("edge")
    assert set(run.thetas[:, 1].tolist()) == {-2.0, 2.0}
    assert run.thetas[1:, 0].tolist() == [0.0] * 20
    assert verdict.numbers["largest_curvature"] == 4
    for rate, dies_out in ((0.49, True), (0.51, False)):
        y = np.abs(opened("edge", learning_rate=rate)[1].thetas[:, 1])
        assert (np.diff(y) < 0).all() == dies_out
        assert (np.diff(y) > 0).all() != dies_out


def test_divergence_grows_as_it_says() -> None:
    _, run, verdict = opened("divergence")
    y = run.thetas[:, 1]
    np.testing.assert_allclose(y[1:] / y[:-1], -1.2)
    assert run.epochs == 20
    assert 76 < abs(y[-1]) < 77
    assert verdict.numbers["limit"] == 0.5
    assert opened("divergence", learning_rate=0.49)[2].kind is not Kind.DIVERGING


def test_the_ravine_zigzags_crawls_and_diverges() -> None:
    zigzag = opened("ravine")[1].thetas
    assert (zigzag[1:, 1] * zigzag[:-1, 1] < 0).all()
    gentle = opened("ravine", learning_rate=0.1)[1].thetas
    assert (gentle[:, 1] <= 0).all()
    assert abs(gentle[-1, 0]) > 10 * abs(zigzag[-1, 0])
    assert opened("ravine", learning_rate=0.51)[2].kind is Kind.DIVERGING


def test_momentum_arrives_where_plain_descent_does_not() -> None:
    experiment, plain, _ = opened("momentum")
    contenders, notes = decode_runs(SCENARIOS["momentum"].link["runs"])
    assert notes == ()
    assert [c.eta for c in contenders] == [0.4, 0.4]
    first, second = (c.of(experiment).run() for c in contenders)
    np.testing.assert_array_equal(first.thetas, plain.thetas)
    assert (first.stop_reason, first.epochs) == (StopReason.EPOCHS, 100)
    assert (second.stop_reason, second.epochs) == (StopReason.CONVERGED, 75)
    swinging = replace(contenders[1], optimizer=Momentum(beta=0.9)).of(experiment).run()
    x = swinging.thetas[:, 0]
    assert (x[1:] * x[:-1] < 0).sum() >= 3


def test_the_saddle_is_left_by_the_least_bit() -> None:
    _, run, verdict = opened("saddle")
    assert run.thetas[-1] == pytest.approx((0, 0), abs=1e-7)
    assert verdict.numbers["smallest_curvature"] < 0
    for y in (-1e-3, 1e-3):
        end = opened("saddle", start=(1.0, y), epochs=500)[1].thetas[-1]
        assert end == pytest.approx((0, np.sign(y)), abs=1e-6)
    assert opened("saddle", start=(1.0, 0.01))[2].kind is Kind.CONVERGED, "within the epochs of the scenario"


def test_the_local_minimum_is_one_of_three_wrong_valleys() -> None:
    _, run, verdict = opened("local_minimum")
    assert format_number(run.values[-1], 3) == "−64.2"
    assert "a local minimum: the lowest is −78.3" in verdict.sentence
    ends = {
        tuple(np.round(opened("local_minimum", start=(x, y))[1].thetas[-1], 3))
        for x in (-2.0, 2.0)
        for y in (-2.0, 2.0)
    }
    lowest = PRESETS["styblinski_tang"].minima[0][0]
    assert len(ends) == 4
    assert tuple(np.round(lowest, 3)) in ends


def test_scaling_makes_the_directions_equal() -> None:
    _, run, verdict = opened("feature_scaling")
    slope, intercept = run.thetas[-1]
    assert slope == pytest.approx(20, abs=0.01)
    assert format_number(intercept, 3) == "1.26"
    ratio = verdict.numbers["largest_curvature"] / verdict.numbers["smallest_curvature"]
    assert 800 < ratio < 850
    fitted, notes = decode({"objective": "fit", "data": "line", "standardize": "1"})  # as the switch sets them
    assert notes == ()
    one = fitted.run()
    assert (one.stop_reason, one.epochs) == (StopReason.CONVERGED, 1)
    assert one.thetas[-1] == pytest.approx((20, 5))


def test_the_wrong_h_is_as_wrong_as_it_says() -> None:
    experiment, _, _ = opened("wrong_h")

    def square(x: float) -> float:
        return x * x

    objective = experiment.problem().objective
    assert objective.gradient(experiment.start) == [20.0]
    assert format_number(difference_quotient(lambda x: float(objective.value([x])), 10.0, experiment.h), 3) == "42.6"
    assert 10.0 + experiment.h == np.nextafter(10.0, 11.0), "the last digit"
    assert 1e-9 < spacing_errors(square, 10.0, 20.0).best_forward < 1e-7
