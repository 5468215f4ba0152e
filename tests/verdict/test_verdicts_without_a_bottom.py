"""Functions without a bottom beside those that have one: what falls for ever is said to, and nothing else is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import gdviz
from gdviz.verdict import Kind, Verdict

METHODS = ("gd", "momentum", "nesterov", "adagrad", "rmsprop", "adadelta", "adam", "nadam", "adamax", "lion", "cg")


def _verdict(text: str, start: tuple[float, ...], rate: float, epochs: int, optimizer: str = "gd") -> Verdict:
    f = gdviz.parse(text)
    run = gdviz.descend(f, start, rate, epochs, optimizer=optimizer)
    return gdviz.judge(f, run, rate, gdviz.OPTIMIZERS[optimizer]())


@pytest.mark.parametrize("optimizer", METHODS)
@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("0.5x^2 - 2y", (1.0, 1.0)), ("x^2/1000 - y", (5.0, 1.0)), ("100x^2 - 0.01y", (1.0, 1.0)),
        ("x^4 - 2y", (1.0, 1.0)), ("cosh(x) - y", (1.0, 1.0)), ("log(cosh(x)) - y", (3.0, 1.0)),
        ("abs(x) - y", (1.03, 1.0)), ("x^2 + y^2 - z", (1.0, 1.0, 1.0)), ("exp(x) - y", (1.0, 1.0)),
    ],
)  # fmt: skip
def test_a_slope_without_end_beside_a_valley(text: str, start: tuple[float, ...], optimizer: str) -> None:
    for rate, epochs in ((0.002, 5), (0.002, 100), (0.002, 1000)):
        verdict = _verdict(text, start, rate, epochs, optimizer)
        assert verdict.kind is Kind.UNBOUNDED, verdict.sentence


@pytest.mark.parametrize("text", ["(x - y)^2 - x - y", "(x + y)^2 + x - y", "(x + 2y)^2 - 3y + x"])
def test_a_slope_without_end_that_no_parameter_has_alone(text: str) -> None:
    for optimizer in ("gd", "momentum", "nesterov"):
        assert _verdict(text, (2.0, 1.0), 0.05, 100, optimizer).kind is Kind.UNBOUNDED


@given(
    tilt=st.floats(-3, 3), bend=st.floats(0.01, 10), share=st.floats(0.01, 1.99), epochs=st.sampled_from([5, 40, 300]),
    start=st.tuples(st.floats(-5, 5), st.floats(-5, 5)),
)  # fmt: skip
def test_a_stable_descent_down_a_tilted_trough_falls_without_end(
    tilt: float, bend: float, share: float, epochs: int, start: tuple[float, float]
) -> None:
    assume(abs(tilt) > 0.01)
    verdict = _verdict(f"{bend / 2!r}*x^2 + ({tilt!r})*y", start, share / bend, epochs)
    assert verdict.kind is Kind.UNBOUNDED, verdict.sentence


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("x^2 + 1e-6y^2", (1.0, 1.0)), ("x^2 + sqrt(1 + y^2)", (1.0, 30.0)), ("x^2 + log(cosh(y))", (1.0, 20.0)),
        ("x^2 + abs(y - 300)", (1.0, 0.0)), ("x^2 - y + exp(y/20)", (1.0, 1.0)), ("x^2 - y + y^2/1e4", (1.0, 1.0)),
        ("x^2 + sqrt(1 + (y - 5000)^2)", (1.0, 1.0)), ("x^2 + max(y, -100)", (1.0, 1.0)), ("max(x, -7)", (3.0,)),
        ("x^2 - cos(y) + y^2/100", (1.0, 9.0)), ("x^2 - y + y^4/1e9", (1.0, 1.0)), ("x^2 - 2y + 3sin(y)", (1.0, 1.0)),
    ],
)  # fmt: skip
def test_a_minimum_or_a_floor_far_ahead_is_no_slope_without_end(text: str, start: tuple[float, ...]) -> None:
    for optimizer in METHODS:
        for epochs in (5, 60):
            verdict = _verdict(text, start, 0.05, epochs, optimizer)
            assert verdict.kind not in (Kind.UNBOUNDED, Kind.NO_MINIMUM), verdict.sentence


def test_a_way_that_turns_aside_into_a_minimum_is_no_slope_without_end() -> None:
    """Beyond x = 1 f falls along y without a bottom, but the run is on its way to the minimum at 0."""
    assert _verdict("y^2*(1 - x)^3 + x^2", (1.2, 0.3), 0.05, 8).kind is not Kind.UNBOUNDED


def test_a_minimum_without_any_curvature_is_one() -> None:
    for text in ("x^4", "x^6", "x^4 + x^5", "1 - cos(x^2)", "abs(x)^3", "x^4 - x^6"):
        assert _verdict(text, (0.0,), 0.1, 20).sentence.startswith("Starts at a minimum"), text
    for text in ("x^4 + y^4", "(x^2 + y^2)^2", "x^4 + x*y^3 + y^4"):
        assert _verdict(text, (0.0, 0.0), 0.1, 20).sentence.startswith("Starts at a minimum"), text
    for text in ("x^3", "-x^4", "x^5", "x^5 - x^4"):
        assert _verdict(text, (0.0,), 0.1, 20).kind is Kind.FLAT, text
    for text in ("x^4 - y^4", "(x - y)^4", "x^2*y^2", "x^3*y"):
        assert _verdict(text, (0.0, 0.0), 0.1, 20).kind is Kind.FLAT, text


def test_waves_that_grow_without_end_are_no_place_to_come_to_rest() -> None:
    text, rate = "x*cos(0.15*pi*x)", 2.0
    for optimizer in ("momentum", "newton"):  # so far off that from one float to the next the slope is another
        verdict = _verdict(text, (10.0,), rate, 1000, optimizer)
        assert verdict.kind is not Kind.CONVERGED, verdict.sentence
    assert _verdict(text, (10.0,), rate, 1000).kind is Kind.CONVERGED
    assert _verdict(text, (10.0,), rate, 1).sentence.startswith("Overshot")  # f is 0 at the start by chance
    leapt = _verdict(text, (20.0,), rate, 10)
    assert leapt.kind is Kind.OSCILLATING, leapt.sentence  # it leaps about and arrives later: nothing grows
    assert np.isclose(gdviz.descend(gdviz.parse(text), (20.0,), rate, 2000).thetas[-1, 0], -1.825685)


@pytest.mark.parametrize("epochs", [3_000, 20_000, 50_000])
@pytest.mark.parametrize("formula", ["1 - cos(x)", "sqrt(1 + x^2)"])
def test_a_swing_of_which_rounding_is_left_goes_nowhere(formula: str, epochs: int):
    """It comes back to the same two places: what their steps add up to is rounding, and no way down."""
    rate = 2.000834 if "cos" in formula else 2.1
    f = gdviz.parse(formula)
    run = gdviz.descend(f, [0.07 if "cos" in formula else 1.0], rate, epochs)
    assert "without end" not in gdviz.judge(f, run, rate).sentence
