"""Verdicts on runs in which f moves only by rounding: data far from 0, data of one number, terms far larger than f."""

import re

import numpy as np
import pytest

import gdviz
from gdviz.datasets import Table, make_table
from gdviz.experiments import decode
from gdviz.fits import Fit
from gdviz.optimizers import make_optimizer
from gdviz.verdict import Kind, Verdict
from tests.nist.sets import NIST

EVEN = np.linspace(0, 1, 40)
NOISE = np.random.RandomState(1).standard_normal(40)
FAR = {
    "milliseconds": make_table({"x": 1.6e12 + 864e5 * np.arange(40), "y": 20 + 5 * np.sin(7 * EVEN) + NOISE}),
    "a billion": make_table({"x": 1e9 + np.arange(40), "y": 20 + EVEN + 0.1 * NOISE}),
    "a million": make_table({"x": 1e6 + np.arange(40), "y": 20 + EVEN + 0.1 * NOISE}),
    "julian days": make_table({"x": 2459000.5 + np.arange(40), "y": 20 + NOISE}),
    "dates as one number": make_table({"x": [20200101, 20200201, 20200301], "y": [2, 3, 3]}),
    "years": make_table({"x": [2011, 2012, 2013, 2014, 2015], "y": [255, 349, 449, 554, 658]}),
    "small against large": make_table({"x": 1e-9 * (EVEN + 0.1), "y": 1e9 * (3 * EVEN + 0.1 * NOISE)}),
}


def verdict(table: Table, model: str, optimizer: str) -> Verdict:
    experiment, notes = decode({"objective": "fit", "data": "upload", "model": model, "optimizer": optimizer}, table)
    assert notes == ()
    return experiment.verdict(experiment.run(table), table)


@pytest.mark.parametrize("optimizer", ["gd", "momentum", "adam", "levenberg_marquardt"])
@pytest.mark.parametrize("model", ["slope*x + intercept", "b0 + b1*x + b2*x^2"])
@pytest.mark.parametrize("name", FAR)
def test_a_jitter_of_rounding_is_no_overshooting_no_divergence_and_no_endless_fall(name, model, optimizer):
    found = verdict(FAR[name], model, optimizer)
    assert found.kind not in (Kind.DIVERGING, Kind.OSCILLATING, Kind.EDGE, Kind.UNBOUNDED, Kind.NO_MINIMUM), found
    assert "smaller rate" not in found.sentence


def test_a_line_over_years_is_slow_and_not_just_on_its_way():
    found = verdict(FAR["years"], "slope*x + intercept", "gd")
    assert found.kind is Kind.SLOW
    assert "hardly shrinks" in found.sentence


def test_a_rate_above_the_limit_is_still_seen_in_data_far_from_0():
    table = FAR["years"]
    limit = 2 / np.linalg.eigvalsh(_hessian(table))[-1]
    link = {"objective": "fit", "data": "upload", "learning_rate": str(1.1 * limit), "epochs": "2000"}
    experiment, notes = decode(link, table)
    assert notes == ()
    assert experiment.verdict(experiment.run(table), table).kind is Kind.DIVERGING


def _hessian(table: Table) -> np.ndarray:
    x = table.columns["x"]
    design = np.column_stack([x, np.ones(len(x))])
    return np.asarray(2 / len(x) * design.T @ design)


@pytest.mark.parametrize("level", [0.0, 5.0, -3e-7, 1e9])
@pytest.mark.parametrize("standardize", ["0", "1"])
@pytest.mark.parametrize("optimizer", ["gd", "momentum", "adam"])
def test_a_target_of_one_number_determines_the_line(level: float, standardize: str, optimizer: str):
    table = make_table({"x": EVEN, "y": np.full(40, level)})
    link = {"objective": "fit", "data": "upload", "standardize": standardize, "optimizer": optimizer}
    experiment, _ = decode(link, table)
    found = experiment.verdict(experiment.run(table), table)
    assert found.kind is Kind.CONVERGED, found.sentence
    assert "not determine" not in found.sentence


@pytest.mark.parametrize("model", ["a*exp(-b*x) + c", "amplitude*sin(omega*x + phase) + level"])
def test_a_curve_over_a_target_of_one_number_is_no_plateau_to_start_away_from(model: str):
    table = make_table({"x": EVEN, "y": np.full(40, 5.0)})
    found = verdict(table, model, "gd")
    assert found.kind is Kind.FLAT
    assert "Start somewhere else" not in found.sentence


def test_a_row_near_the_boundary_of_one_step_by_chance_does_not_hide_that_all_are_told_apart():
    rng = np.random.default_rng(27)
    terms = rng.normal(size=(50, 4))
    y = (terms @ rng.normal(size=4) + rng.normal(size=50) > 0).astype(float)
    fit = Fit("linear(*)", {**{f"c{i}": terms[:, i] for i in range(4)}, "y": y}, "y", loss="log")
    found = fit.separated_at(np.zeros(5))
    assert found is not None
    assert found.complete


@pytest.mark.parametrize("seed", range(20))
def test_a_rate_that_is_advised_works_as_it_is_shown(seed: int):
    """Rounded to the nearest, the best rate for a narrow valley is above the limit as often as not."""
    rng = np.random.default_rng(seed)
    x = np.repeat([1.0, 2.0, 3.0, 4.0], 10) * (1 + 0.1 * rng.random())
    table = make_table({"x": x, "y": np.sort(rng.random(40))})
    link = {"objective": "fit", "data": "upload", "model": "b0 + b1*x + b2*x^2"}
    experiment, _ = decode(link, table)
    sentence = experiment.verdict(experiment.run(table), table).sentence
    advised = re.search(r"learning rate of ([0-9.]+)( would be the fastest|\.)", sentence)
    assert advised is not None, sentence
    faster, notes = decode(link | {"learning_rate": advised[1].rstrip(".")}, table)
    assert notes == ()
    run = faster.run(table)
    found = faster.verdict(run, table)
    assert found.kind is not Kind.DIVERGING, found.sentence
    assert found.kind is not Kind.EDGE or "would be the fastest" not in sentence, found.sentence
    assert run.values[-1] <= run.values[0]


@pytest.mark.parametrize("start", [0, 1])
def test_a_perfect_fit_without_a_tolerance_has_converged_as_far_as_rounding_lets_it(start: int):
    exact = next(s for s in NIST if s.name == "Lanczos1")
    fit, method = exact.fit(), make_optimizer("levenberg_marquardt")
    run = gdviz.descend(fit, exact.ordered(exact.starts[start]), 1.0, 1000, method, tolerance=0.0)
    found = gdviz.judge(fit, run, 1.0, method, tolerance=0.0)
    assert found.kind is Kind.CONVERGED, found.sentence
    assert run.thetas[-1] == pytest.approx(exact.ordered(exact.certified), rel=1e-9)
