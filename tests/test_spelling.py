"""Near misses."""

from __future__ import annotations

import pytest

from gdviz.spelling import did_you_mean

KNOWN = ("learning_rate", "epochs", "beta1", "beta2", "objective")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("learningrate", "learning_rate"),
        ("Learning-Rate", "learning_rate"),
        ("LEARNING RATE", "learning_rate"),
        ("lerning_rate", "learning_rate"),
        ("epoch", "epochs"),
        ("Epochs", "epochs"),
        ("beta_1", "beta1"),
        ("objectve", "objective"),
        ("LR", "learning_rate"),
    ],
)
def test_a_near_miss_is_named(name: str, meant: str) -> None:
    assert did_you_mean(name, KNOWN, {"lr": "learning_rate"}) == f"; did you mean {meant}?"


@pytest.mark.parametrize("name", ["", "_", "epochs", "banana", "x" * 5000, "λ", "e"])
def test_what_is_no_near_miss_gets_no_advice(name: str) -> None:
    assert did_you_mean(name, KNOWN) == ""
