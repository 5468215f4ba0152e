"""The verdict on quadratics drawn at random, on both sides of every limit, from 50 % to 0.1 % away from it.

What counts as right. Below the limit a run is stable: it has converged, is on its way, slow, or swings; never
"diverging", and at the edge only "on the stable side … below" the limit. Above the limit it is unstable: it diverges
and the sentence says "above"; or, while f has not yet risen over its start and the rate is at most 2 % above, it is at
the edge "on the unstable side … above". The stop reason does not matter: most of these runs merely run out of epochs.
"""

from __future__ import annotations

import re
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gdviz
from gdviz.learning_rates import Cosine, StepDecay
from gdviz.objectives import Quadratic
from gdviz.optimizers import GradientDescent, Momentum, Nesterov, make_optimizer
from gdviz.theory import stability_limit
from gdviz.verdict import Kind, Verdict, judge

AWAY = (0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001)
METHODS = (GradientDescent(), Momentum(0.5), Momentum(0.9), Nesterov(0.5), Nesterov(0.9))
EPOCHS = (50, 200, 700, 2000)
STABLE = {Kind.CONVERGED, Kind.RAN_OUT, Kind.SLOW, Kind.OSCILLATING, Kind.EDGE}


def drawn(seed: int, n: int) -> tuple[Quadratic, np.ndarray, float]:
    """A quadratic of n parameters with curvatures over four decades, a start, and the largest curvature."""
    rng = np.random.default_rng(seed)
    eigenvalues = 10 ** rng.uniform(-2, 2, n)
    axes = np.linalg.qr(rng.normal(size=(n, n)))[0]
    matrix = (axes * eigenvalues) @ axes.T
    center = rng.choice([0.0, 1.0, 10.0]) * rng.normal(size=n)
    return Quadratic((matrix + matrix.T) / 2, center), center + rng.normal(size=n), float(eigenvalues.max())


def verdict_at(share: float, optimizer, seed: int, n: int, epochs: int) -> tuple[Verdict, gdviz.Trajectory]:
    objective, start, largest = drawn(seed, n)
    rate = share * stability_limit(optimizer, largest)
    run = gdviz.descend(objective, start, rate, epochs, optimizer)
    return judge(objective, run, rate, optimizer), run


def assert_right(found: Verdict, share: float) -> None:
    if share < 1:
        assert found.kind in STABLE, found.sentence
        assert "unstable" not in found.sentence
        if found.kind is Kind.EDGE:
            assert "on the stable side" in found.sentence
            assert " below " in found.sentence
        return
    assert found.kind in (Kind.DIVERGING, Kind.EDGE), found.sentence
    assert " is above " in found.sentence
    if found.kind is Kind.EDGE:
        assert share <= 1.02
        assert "on the unstable side" in found.sentence


CASES = list(product(METHODS, AWAY, (-1, 1), EPOCHS, (1, 3)))


@pytest.mark.parametrize("optimizer", METHODS, ids=repr)
def test_the_verdict_is_right_on_both_sides_of_the_limit(optimizer):
    for seed, (method, away, side, epochs, n) in enumerate(CASES):
        if method == optimizer:
            found, _ = verdict_at(1 + side * away, optimizer, seed, n, epochs)
            assert_right(found, 1 + side * away)


@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 5),
    st.floats(0.001, 0.5),
    st.sampled_from([-1, 1]),
    st.integers(50, 2000),
    st.floats(0.05, 0.95),
    st.sampled_from(["gd", "momentum", "nesterov"]),
)
@settings(max_examples=300)
def test_the_verdict_is_right_on_any_quadratic(seed, n, away, side, epochs, beta, name):
    optimizer = make_optimizer(name, **({} if name == "gd" else {"beta": beta}))
    found, _ = verdict_at(1 + side * away, optimizer, seed, n, epochs)
    assert_right(found, 1 + side * away)


@pytest.mark.parametrize("optimizer", METHODS, ids=repr)
@pytest.mark.parametrize("share", [0.99, 0.999, 1.001, 1.01, 1.1])
def test_the_measured_factor_is_the_predicted_one(optimizer, share):
    for seed in range(8):
        found, run = verdict_at(share, optimizer, seed, 1 + seed % 3, 150)
        if run.stop_reason is gdviz.StopReason.EPOCHS and found.kind in (Kind.EDGE, Kind.DIVERGING):
            assert found.numbers["measured_rate"] == pytest.approx(found.numbers["predicted_rate"], rel=1e-6)
            assert (found.numbers["predicted_rate"] > 1) == (share > 1)


def test_just_beside_a_limit_only_one_side_is_stable():
    """Limit 0.1: both runs end because their epochs do, and f at the end is nearly the same."""
    objective = gdviz.parse("10*x^2")
    below, above = (judge(objective, gdviz.descend(objective, [1.0], rate, 20), rate) for rate in (0.0999, 0.1001))
    assert below.kind is Kind.EDGE
    assert "on the stable side: the learning rate 0.0999 is below the stability limit 2/L = 0.1" in below.sentence
    assert "shrinks only to 0.998 each epoch" in below.sentence
    assert above.kind is Kind.DIVERGING
    assert (
        "the learning rate 0.1001 is above the stability limit 2/L = 0.1, so x grows 1.002-fold each epoch"
        in above.sentence
    )


def test_the_best_rate_is_not_called_the_edge():
    """In a narrow valley the best rate, 2/(L + mu), is close to the limit: nothing is wrong with it."""
    objective = Quadratic(np.diag([0.01, 0.1, 1.0]), np.zeros(3))
    best = 2 / 1.01
    assert judge(objective, gdviz.descend(objective, [1, 1, 1], best, 700), best).kind in (Kind.RAN_OUT, Kind.SLOW)
    more = 1.998
    assert judge(objective, gdviz.descend(objective, [1, 1, 1], more, 700), more).kind is Kind.EDGE


def test_growth_that_does_not_show_yet_is_seen():
    """The valley's flat direction makes f fall for long, while the steep one already grows."""
    objective = gdviz.parse("x^2 + 10*y^2")
    for rate, kind in ((0.1001, Kind.EDGE), (0.13, Kind.DIVERGING)):
        run = gdviz.descend(objective, [5, 1e-6], rate, 12)
        assert run.values[-1] < run.values[0]
        found = judge(objective, run, rate)
        assert found.kind is kind
        assert "above the stability limit 2/L = 0.1" in found.sentence
    assert "which does not show yet" in found.sentence


def test_a_run_without_error_in_the_steep_direction_converges_beyond_the_limit():
    objective = gdviz.parse("x^2 + 10*y^2")
    run = gdviz.descend(objective, [1, 0], 0.15, 1000)
    found = judge(objective, run, 0.15)
    assert found.kind is Kind.CONVERGED
    assert "next to no error along that direction" in found.why
    short = judge(objective, gdviz.descend(objective, [1, 0], 0.15, 20), 0.15)
    assert short.kind in (Kind.RAN_OUT, Kind.SLOW)


@pytest.mark.parametrize("optimizer", [Momentum(0.9), Momentum(0.97), Nesterov(0.95)], ids=repr)
def test_a_transient_rise_of_momentum_is_not_divergence(optimizer):
    """Near its limit momentum first grows many-fold, even where it is stable: the recurrence is not normal."""
    objective = Quadratic(np.eye(1), np.zeros(1))
    for share in (0.9, 0.98, 0.995):
        for epochs in (3, 6, 12, 25, 50):
            rate = share * stability_limit(optimizer, 1.0)
            run = gdviz.descend(objective, [1.0], rate, epochs, optimizer)
            assert judge(objective, run, rate, optimizer).kind in STABLE


@pytest.mark.parametrize("optimizer", METHODS, ids=repr)
def test_exactly_at_the_limit_is_neither(optimizer):
    rate = stability_limit(optimizer, 4.0)
    objective = gdviz.parse("2*x^2")
    found = judge(objective, gdviz.descend(objective, [1.0], rate, 100, optimizer), rate, optimizer)
    assert found.kind is Kind.EDGE
    assert "exactly" in found.sentence
    assert "never closer and never farther" in found.sentence


# ---------------------------------------------------------------- beside quadratics


def test_a_run_that_hovers_at_the_limit_is_at_the_edge():
    """Above the limit of its minimum, x⁴/4 - x²/2 is hopped over for ever: the sharpness of the orbit is the limit."""
    objective = gdviz.parse("x^4/4 - x^2/2")
    for rate in (1.01, 1.03):
        found = judge(objective, gdviz.descend(objective, [1.2], rate, 400), rate)
        assert found.kind is Kind.EDGE
        assert "neither grows nor shrinks" in found.sentence
        assert found.numbers["measured_rate"] == pytest.approx(1, abs=1e-4)
    below = judge(objective, gdviz.descend(objective, [1.2], 0.999, 400), 0.999)
    assert below.kind is Kind.EDGE
    assert "on the stable side" in below.sentence


def test_bursts_are_no_progress():
    """Nesterov's momentum on Rosenbrock: the minimum is steeper than the limit, so the path never stays there."""
    objective = gdviz.parse("(1 - x)^2 + 100*(y - x^2)^2")
    optimizer = Nesterov(0.9)
    run = gdviz.descend(objective, [-1.2, 1], 0.0015, 3000, optimizer)
    found = judge(objective, run, 0.0015, optimizer)
    assert found.kind is Kind.EDGE
    assert "in bursts" in found.sentence
    calm = judge(objective, gdviz.descend(objective, [-1.2, 1], 0.001, 500, optimizer), 0.001, optimizer)
    assert calm.kind is not Kind.EDGE


def test_a_falling_rate_is_judged_by_the_rates_really_used():
    ravine = gdviz.parse("0.1*x^2 + 2*y^2")
    for rate in (StepDecay(0.6, drop=0.5, every=10), Cosine(0.6)):
        run = gdviz.descend(ravine, [-5, -2], rate, 60)
        found = judge(ravine, run, 0.6)
        assert found.kind in (Kind.SLOW, Kind.RAN_OUT, Kind.CONVERGED)
        assert r"\eta L = 0.6" not in found.why


# ---------------------------------------------------------------- the reasons


@pytest.mark.parametrize(
    ("optimizer", "rate", "formula"),
    [
        (GradientDescent(), 0.6, r"$\eta L = 0.6 \cdot 4 = 2.4 > 2$"),
        (GradientDescent(), 0.6, r"$1 - \eta L = -1.4$"),
        (GradientDescent(), 0.4, r"$\eta L = 0.4 \cdot 4 = 1.6 < 2$"),
        (GradientDescent(), 0.4, r"$1 - \eta \mu = 0.92$"),
        (Momentum(0.5), 0.8, r"$\eta L = 0.8 \cdot 4 = 3.2 > 2 + 2\beta = 3$"),
        (Momentum(0.5), 0.8, r"$z^2 - (1 + \beta - \eta L) z + \beta = 0$"),
        (Nesterov(0.5), 0.4, r"$\eta L = 0.4 \cdot 4 = 1.6 > \frac{2 + 2\beta}{1 + 2\beta} = 1.5$"),
    ],
)
def test_the_reason_holds_the_formula_with_its_numbers(optimizer, rate, formula):
    ravine = gdviz.parse("0.1*x^2 + 2*y^2")
    found = judge(ravine, gdviz.descend(ravine, [-5, -2], rate, 20, optimizer), rate, optimizer)
    assert formula in found.why


def test_divergence_tells_its_direction_its_factor_and_its_course():
    slanted = gdviz.parse("x^2 + x*y + y^2")
    found = judge(slanted, gdviz.descend(slanted, [1, 3], 0.7, 20_000), 0.7)
    assert "the error along the direction 0.71 x + 0.71 y grows 1.1-fold each epoch" in found.sentence
    assert "f first rose at epoch 1." in found.why
    assert re.search(r"The last finite point is that of epoch 3,\d\d\d: x = ", found.why)


@pytest.mark.parametrize("optimizer", METHODS, ids=repr)
def test_formulas_are_closed_and_free_of_words_for_nothing(optimizer):
    for share, epochs in product((0.3, 0.97, 0.999, 1.001, 1.3), (1, 2, 5, 60)):
        found, _ = verdict_at(share, optimizer, 7, 2, epochs)
        assert found.why.count("$") % 2 == 0
        assert not re.search(r"nan|inf|undefined|None", found.why + found.sentence), found
