"""What a teacher would notice in a verdict: "converged" at no minimum, numbers that say nothing, wrong words."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

import gdviz
from gdviz.verdict import Kind, Verdict


def _verdict(text: str, start: Sequence[float], rate: float, epochs: int, optimizer: str = "gd") -> Verdict:
    f = gdviz.parse(text)
    run = gdviz.descend(f, start, rate, epochs, optimizer=optimizer)
    return gdviz.judge(f, run, rate, gdviz.OPTIMIZERS[optimizer]())


@pytest.mark.parametrize(
    ("text", "start", "rate", "optimizer"),
    [
        ("x^3", (1.0,), 0.1, "gd"),
        ("x^3", (1.0,), 1.0, "newton_safeguarded"),
        ("x^3 + y^2", (1.0, 1.0), 0.1, "gd"),
        ("x^3 + y^2", (0.0, 1.0), 0.1, "gd"),
        ("x^5", (1.0,), 0.1, "newton"),
        ("(x - 1)^3*(x - 3)", (0.0,), 1.0, "newton"),
        ("x^4 - 2x^3 + 1", (-3.0,), 1.0, "rmsprop"),
        ("1 + x^3/1000 + 1000y^2", (0.1, 0.1), 1.0, "newton"),
    ],
)
def test_a_ledge_is_no_minimum(text: str, start: Sequence[float], rate: float, optimizer: str) -> None:
    verdict = _verdict(text, start, rate, 100_000, optimizer)
    assert verdict.kind is Kind.FLAT
    assert "this is no minimum" in verdict.sentence


@pytest.mark.parametrize(
    ("text", "start", "optimizer"),
    [
        ("x^4", (1.0,), "newton"), ("x^6", (1.0,), "newton"), ("x^4 + y^2", (1.0, 1.0), "newton"),
        ("x^4 + y^2", (0.0, 1.0), "bfgs"), ("x^2 + x^3", (0.5,), "newton"), ("sin(x) + 0.1x^2", (0.0,), "bfgs"),
        ("x^2 - x^3 + x^4", (1.0,), "newton"), ("x*cos(x)", (10.0,), "newton_safeguarded"),
    ],
)  # fmt: skip
def test_a_minimum_that_is_flatter_than_a_parabola_or_leans_is_one(
    text: str, start: Sequence[float], optimizer: str
) -> None:
    assert _verdict(text, start, 1.0, 1000, optimizer).kind is Kind.CONVERGED


def test_the_ledge_of_a_quartic_is_told_from_its_minimum() -> None:
    for rate in (0.084, 0.1, 0.15, 0.2):
        assert _verdict("x^4 - 2x^3 + 1", (2.0,), rate, 200).kind is Kind.CONVERGED


def test_a_run_that_passes_a_saddle_is_not_said_to_slow_down() -> None:
    assert _verdict("x^2 - y^2", (1.0, 1e-8), 0.1, 50).sentence.startswith("Falls without end")
    assert _verdict("x^2 - y^2 + y^4", (1.0, 1e-8), 0.1, 50).sentence.startswith("On its way")


def test_a_step_onto_flat_ground_higher_up_is_told_from_a_start_there() -> None:
    thrown = _verdict("-exp(-x^2 - y^2)", (0.294, 1.0), 10.0, 3000)
    assert "try a smaller rate" in thrown.sentence
    assert "Start somewhere else" not in thrown.sentence
    assert _verdict("-exp(-x^2 - y^2)", (0.294, 1.0), 0.1, 3000).kind is Kind.CONVERGED
    assert "Start somewhere else" in _verdict("-exp(-x^2 - y^2)", (20.0, 20.0), 0.1, 100).sentence


def test_newton_that_walked_uphill_to_flat_ground_is_told_so() -> None:
    assert _verdict("log(1 + x^2)", (0.999,), 1.0, 50, "newton").sentence.startswith("Walks uphill")
    assert _verdict("log(1 + x^2)", (0.999,), 1.0, 50, "newton_safeguarded").kind is Kind.CONVERGED


def test_numbers_that_differ_are_told_apart() -> None:
    above = _verdict("x^4 - 2x^3 + 1", (2.0,), 0.3, 30).sentence
    assert "f = 1.000004, above the 1 of the start" in above
    same = _verdict("sqrt(1 + x^2)", (5.0,), 2.0, 3000, "rmsprop").sentence
    assert "f about 1.41 all the time" in same


def test_what_rose_did_not_fall() -> None:
    f = gdviz.PRESETS["easom"].objective
    run = gdviz.descend(f, (1.0, 1.0), 0.1, 1, optimizer="noisy_gd")
    assert run.values[-1] > run.values[0]
    assert "fell" not in gdviz.judge(f, run, 0.1, gdviz.OPTIMIZERS["noisy_gd"]()).why


def test_a_slope_that_halves_is_not_slow() -> None:
    assert "falls slowly" not in _verdict("x^2 - y^2", (1.0, 0.0), 0.25, 5).sentence
    assert "falls slowly" in _verdict("x^2*y^2 + x^2", (1.0, 1.0), 1e-4, 5, "adagrad").sentence
