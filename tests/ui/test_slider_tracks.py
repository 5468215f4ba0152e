"""Which numbers have a slider, and from where to where."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from gdviz.learning_rates import LEARNING_RATES
from gdviz.optimizers import OPTIMIZERS
from gdviz.ui.session.hyperparameter_names import hyperparameters_of
from gdviz.ui.sidebar.live_fields import track_of

OWNERS = [*OPTIMIZERS.values(), *LEARNING_RATES.values()]
EVERY = [(cls, f) for cls in OWNERS for f in hyperparameters_of(cls)]


def field(name: str, cls: type[Any]) -> Any:
    return next(f for f in fields(cls) if f.name == name)


def test_the_usual_ones():
    beta = field("beta", OPTIMIZERS["momentum"])
    assert track_of(beta) == ("shares", 0.0, 0.9999)
    assert track_of(field("epsilon", OPTIMIZERS["adam"])) == pytest.approx(("decades", 1e-11, 1e-5))
    assert track_of(field("every", LEARNING_RATES["step"])) == ("counts", 1.0, 10_000.0)
    assert track_of(field("warmup", LEARNING_RATES["warmup_cosine"])) == ("even", 0.0, 0.99)
    assert track_of(field("noise_seed", OPTIMIZERS["noisy_gd"])) == ("whole", 0.0, 100.0)
    assert track_of(field("rate_changes", LEARNING_RATES["steered"])) is None


@pytest.mark.parametrize(("cls", "f"), EVERY, ids=[f"{cls.name}-{f.name}" for cls, f in EVERY])
def test_every_end_is_legal_and_holds_the_default(cls: type[Any], f: Any):
    track = track_of(f)
    if track is None:
        return
    _, low, high = track
    assert low <= f.default <= high
    given = {} if cls in OPTIMIZERS.values() else {"learning_rate": 0.1}
    for value in (low, high):
        cls(**given, **{f.name: value})
