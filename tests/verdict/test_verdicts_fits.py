"""Verdicts on fits: what the data do not determine, classes that are perfectly separable, minima that are minima."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import gdviz
from gdviz.descent import StopReason
from gdviz.descent.minibatch import descend_minibatch
from gdviz.fits import Fit
from gdviz.optimizers import make_optimizer
from gdviz.verdict import Kind, Verdict, judge

# NIST StRD, BoxBOD: certified b = (213.80940889, 0.54723748542), mean squared error 194.67.
BOXBOD = {"x": [1, 2, 3, 5, 7, 10], "y": [109, 149, 149, 191, 213, 224]}
STEPS = np.linspace(0, 1, 20)


def judged(fit: Fit, start, rate: float, epochs: int, name: str = "gd", minima=()) -> tuple[Verdict, gdviz.Trajectory]:
    run = gdviz.descend(fit, start, rate, epochs, name)
    return judge(fit, run, rate, make_optimizer(name), minima=minima), run


def boxbod() -> Fit:
    return Fit("b1*(1-exp(-b2*x))", BOXBOD, "y")


# ---------------------------------------------------------------- plateaus and valleys


@pytest.mark.parametrize("optimizer", ["levenberg_marquardt", "gauss_newton", "newton", "gd"])
@pytest.mark.parametrize("start", [(172.5, 30), (100, 60), (150, 200), (250, 1000)])
def test_boxbods_plateau_is_flat_and_the_data_do_not_determine_b2(start, optimizer):
    found, run = judged(boxbod(), start, 1.0 if optimizer != "gd" else 0.1, 2000, optimizer)
    if run.stop_reason is StopReason.DIVERGED:
        assert optimizer in ("gauss_newton", "newton")
        assert "Leaps away" in found.sentence
        return
    if run.stop_reason is StopReason.STALLED and run.values[-1] > 1629:
        assert "The data do not determine b2 here" in found.sentence
        return
    if run.values[-1] < 200:  # a method found its way back
        assert found.kind is Kind.CONVERGED
        return
    assert run.values[-1] == pytest.approx(1628.58, abs=0.01)
    assert found.kind is Kind.FLAT
    assert "the data do not determine b2 here" in found.sentence
    assert "Converged" not in found.sentence


@pytest.mark.parametrize("start", [(100, 0.75), (200, 0.5), (250, 0.3)])
def test_boxbods_minimum_is_one(start):
    found, run = judged(boxbod(), start, 1.0, 200, "levenberg_marquardt")
    assert run.thetas[-1] == pytest.approx([213.80940889, 0.54723748542], rel=1e-7)
    assert found.kind is Kind.CONVERGED


@pytest.mark.parametrize("factor", [1e-9, 1e-3, 1e3, 1e9])
def test_another_unit_is_not_flatness(factor):
    """With x in other units b2 is larger or smaller, and raw curvatures are apart by the square of that."""
    data = {"x": np.array(BOXBOD["x"]) * factor, "y": BOXBOD["y"]}
    fit = Fit("b1*(1-exp(-b2*x))", data, "y")
    run = gdviz.descend(fit, (213.8, 0.5472 / factor), 1.0, 50, "levenberg_marquardt", tolerance=1e-6)
    assert judge(fit, run, 1.0, make_optimizer("levenberg_marquardt"), tolerance=1e-6).kind is Kind.CONVERGED
    far = gdviz.descend(fit, (100.0, 60.0 / factor), 1.0, 50, "levenberg_marquardt")
    found = judge(fit, far, 1.0, make_optimizer("levenberg_marquardt"))
    assert found.kind is Kind.FLAT
    assert "do not determine b2" in found.sentence


@pytest.mark.parametrize("start", [(50.0, 1.0), (-60.0, 2.0), (800.0, 1.0)])
@pytest.mark.parametrize("optimizer", ["gd", "levenberg_marquardt"])
def test_a_saturated_sigmoid_is_flat(start, optimizer):
    fit = Fit("1/(1+exp(-(a+b*x)))", {"x": STEPS, "y": STEPS**2}, "y")
    found, _ = judged(fit, start, 1.0, 500, optimizer)
    assert found.kind is Kind.FLAT
    assert "the data do not determine a and b here" in found.sentence


@pytest.mark.parametrize(
    ("model", "start", "target", "names"),
    [
        ("a/(1 + exp(-k*(x - m)))", (3, 2, -4000), 1 + STEPS, "k and m"),
        ("a + b*max(x - c, 0)", (1, 1, 20), STEPS, "b and c"),
        ("a*exp(-b*x) + c", (1, 400_000, 1), STEPS, "b"),
        ("a*tanh(b*(x + 1))", (1, 60), 0 * STEPS + 2, "b"),
    ],
)
def test_parameters_that_do_not_count_here_are_named(model, start, target, names):
    for optimizer, rate, epochs in (("gd", 0.05, 20_000), ("levenberg_marquardt", 1.0, 100)):
        found, _ = judged(Fit(model, {"x": STEPS, "y": target}, "y"), start, rate, epochs, optimizer)
        assert found.kind is Kind.FLAT, found.sentence
        assert f"the data do not determine {names}" in found.sentence


@pytest.mark.parametrize(
    ("model", "start", "names", "determined"),
    [
        ("a*b*x + c", (1, 2, 0), "a and b", "c"),
        ("(a + b)*x + c", (1, 2, 0), "a and b", "c"),
        ("a*exp(b + c*x)", (1, 0.5, 1), "a and b", "c"),
        ("a*x + b*z + c", (1, 2, 0), "a and b", "c"),
        ("a*x + b*x^2 + c*x*z + d", (0, 0, 0, 0), "b and c", "d"),
    ],
)
@pytest.mark.parametrize("noise", [0.0, 0.3])
def test_parameters_that_only_count_together_are_named(model, start, names, determined, noise):
    data = {"x": STEPS, "z": 2 * STEPS, "y": np.exp(1.5 * STEPS) + noise * np.sin(40 * STEPS)}
    for optimizer, rate, epochs in (("gd", 0.05, 50_000), ("levenberg_marquardt", 1.0, 100)):
        found, _ = judged(Fit(model, data, "y"), start, rate, epochs, optimizer)
        assert found.kind is Kind.FLAT, found.sentence
        assert f"the data do not determine {names} one by one, only together" in found.sentence


def test_a_ridge_makes_one_point_of_a_valley():
    data = {"x": STEPS, "z": 2 * STEPS, "y": 3 * STEPS}
    found, _ = judged(Fit("a*x + b*z + c", data, "y", ridge=0.01), (1, 2, 0), 0.1, 20_000)
    assert found.kind is Kind.CONVERGED


@given(st.integers(0, 2**32 - 1), st.floats(-6, 6), st.floats(-6, 6), st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_a_line_that_is_determined_is_never_flat(seed, across, up, columns):
    """Of any units, from any start: Newton's step leads to the one minimum, and it is called one."""
    rng = np.random.default_rng(seed)
    data = {f"c{i}": 10**across * rng.normal(size=30) for i in range(columns)}
    data["y"] = 10**up * (rng.normal(size=30) + data["c0"] / 10**across)
    fit = Fit("linear(*)", data, "y")
    run = gdviz.descend(fit, rng.normal(size=columns + 1), 1.0, 5, "newton")
    found = judge(fit, run, 1.0, make_optimizer("newton"))
    assert found.kind in (Kind.CONVERGED, Kind.RAN_OUT)
    assert "flat" not in found.sentence


def test_as_low_as_rounding_allows_is_not_said_of_what_may_be_a_local_minimum():
    method = make_optimizer("levenberg_marquardt")
    run = gdviz.descend(boxbod(), (100, 0.75), 1.0, 200, method, tolerance=0.0)
    assert run.stop_reason is not StopReason.CONVERGED

    def said(*minima) -> str:
        return judge(boxbod(), run, 1.0, method, tolerance=0.0, minima=minima).sentence

    assert said().startswith("Converged")
    assert "as low as" not in said()
    assert "a local minimum: the lowest is 100" in said(((213.8, 0.547), 100.0))
    assert "as low as" not in said(((213.8, 0.547), 100.0))
    assert said(((213.8, 0.547), 194.66814609)).endswith("the lowest there is: as low as rounding allows.")


# ---------------------------------------------------------------- perfect separation


def classes(x, y, model: str = "a*x + b", **more) -> Fit:
    return Fit(model, {"x": np.array(x, dtype=float), "y": np.array(y, dtype=float)}, "y", loss="log", **more)


SEPARABLE = ([1, 2, 3, 4, 5, 6], [0, 0, 0, 1, 1, 1])
QUASI = ([1, 2, 3, 3, 4, 5], [0, 0, 0, 1, 1, 1])
MIXED = ([1, 2, 3, 4, 5, 6], [0, 1, 0, 1, 0, 1])


@pytest.mark.parametrize("standardize", [False, True])
@pytest.mark.parametrize(
    ("optimizer", "rate"), [("gd", 0.1), ("gd", 5.0), ("adam", 0.1), ("newton", 1.0), ("bfgs", 1.0)]
)
def test_perfect_separation_is_named_and_nothing_is_foretold(standardize, optimizer, rate):
    for epochs in (1, 20, 500, 3000):
        found, _ = judged(classes(*SEPARABLE, standardize=standardize), (0, 0), rate, epochs, optimizer)
        assert found.kind is Kind.NO_MINIMUM, found.sentence
        assert "the classes are perfectly separable" in found.sentence
        assert "ridge" in found.sentence
        assert "stop early" in found.sentence
        assert "epochs at this pace" not in found.sentence


def test_quasi_separation_is_named_too():
    found, _ = judged(classes(*QUASI), (0, 0), 0.5, 2000)
    assert found.kind is Kind.NO_MINIMUM
    assert "separable, but for rows on the boundary" in found.sentence


@pytest.mark.parametrize("rows", [SEPARABLE, QUASI])
def test_the_ridge_that_is_advised_works(rows):
    for ridge in (1e-3, 0.1, 10):
        fit = classes(*rows, ridge=ridge)
        found, run = judged(fit, (0, 0), 1.0, 200, "newton")
        assert found.kind is Kind.CONVERGED, found.sentence
        assert run.stop_reason is StopReason.CONVERGED


def test_stopping_early_as_advised_tells_the_classes_apart_already():
    fit = classes(*SEPARABLE, standardize=True)
    run = gdviz.descend(fit, (0, 0), 1.0, 20)
    assert ((fit.predict(run.thetas[-1]) > 0.5) == (np.array(SEPARABLE[1]) == 1)).all()


def test_mixed_classes_have_a_minimum():
    found, run = judged(classes(*MIXED), (0, 0), 1.0, 100, "newton")
    assert run.stop_reason is StopReason.CONVERGED
    assert found.kind is Kind.CONVERGED


def test_a_model_that_is_not_linear_is_judged_by_where_it_has_come_to():
    fit = classes(*SEPARABLE, model="a*(x - b)")
    found, _ = judged(fit, (1, 3), 0.5, 2000)
    assert found.kind is Kind.NO_MINIMUM


@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(8, 60), st.floats(0, 2))
@settings(max_examples=100, deadline=None)
def test_separation_is_what_a_search_for_a_boundary_finds(seed, columns, rows, noise):
    """A boundary that a perceptron finds proves separation; a finite minimum disproves it."""
    rng = np.random.default_rng(seed)
    terms = rng.normal(size=(rows, columns))
    y = (terms @ rng.normal(size=columns) + noise * rng.normal(size=rows) > 0).astype(float)
    assume(0 < y.sum() < rows)
    fit = Fit("linear(*)", {**{f"c{i}": terms[:, i] for i in range(columns)}, "y": y}, "y", loss="log")
    found = fit.separated_at(np.zeros(columns + 1))
    run = gdviz.descend(fit, [0.0] * (columns + 1), 1.0, 60, "newton_safeguarded")
    finite = run.stop_reason is StopReason.CONVERGED and np.abs(fit.score(run.thetas[-1])).max() < 15
    assert (found is None) == finite or not finite
    if perceptron(np.column_stack([np.ones(rows), terms]), 2 * y - 1):
        assert found is not None
        assert found.complete
    elif finite:
        assert found is None


def perceptron(terms: np.ndarray, sides: np.ndarray) -> bool:
    """Whether Rosenblatt's rule finds a boundary within some thousand corrections."""
    weights = np.zeros(terms.shape[1])
    for _ in range(3000):
        wrong = np.flatnonzero(sides * (terms @ weights) <= 0)
        if not len(wrong):
            return True
        weights += sides[wrong[0]] * terms[wrong[0]]
    return False


def test_each_step_on_a_few_rows_is_told_of_separation_too():
    fit = classes(*SEPARABLE)
    run = descend_minibatch(fit, (0.0, 0.0), 0.1, 50, make_optimizer("gd"), batch_size=2, seed=1)
    assert judge(fit, run, 0.1, batch_size=2).kind is Kind.NO_MINIMUM


def test_numbers_that_rounding_made_are_zero():
    line = Fit("a*x + b", {"x": STEPS - 0.5, "y": 3 * (STEPS - 0.5)}, "y")
    found, run = judged(line, (1, 1), 0.5, 10_000)
    assert run.thetas[-1][1] != 0
    assert "b = 0," in found.sentence
    few = Fit("polynomial(x, 6)", {"x": [0, 1, 2, 3], "y": [1, 2, 0, 1]}, "y")
    found, _ = judged(few, (0,) * 7, 1.0, 5, "levenberg_marquardt")
    assert "f = −" not in found.sentence
    assert replace(few, ridge=1.0).value_name == "MSE + ridge"
