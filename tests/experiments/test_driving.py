"""A drive is an experiment: recorded, replayed to the last bit, and carried by a link."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gdviz
from gdviz.comparisons import Contender, decode_runs, encode_runs
from gdviz.experiments import Experiment, decode, encode
from gdviz.experiments.driving import Turn, about_turns, driven, is_drivable, turns
from gdviz.learning_rates import Constant, Cosine, SteeredRate, scheduled_rates
from gdviz.learning_rates.changes import MOST_CHANGES, read_changes, write_changes
from gdviz.optimizers import Momentum, SteeredMomentum

BOWL = gdviz.parse("x^2 + 3y^2")
RUN = Experiment(objective="formula", formula="x^2 + 3y^2", start=(2.0, 1.0), learning_rate=0.05, epochs=40)

values = st.floats(1e-6, 10.0, exclude_min=True)
betas = st.floats(0.0, 1.0, exclude_max=True)


@st.composite
def paths(draw: st.DrawFn) -> list[Turn]:
    epochs = sorted(draw(st.sets(st.integers(1, 39), max_size=6)) | {0})
    return [Turn(epoch, draw(values), draw(betas)) for epoch in epochs]


@given(st.lists(st.tuples(st.integers(0, 10**6), st.floats(allow_nan=False, allow_infinity=False)), max_size=20))
def test_changes_are_read_as_they_were_written(pairs: list[tuple[int, float]]) -> None:
    pairs = sorted(dict(pairs).items())
    found = read_changes(write_changes(pairs))
    assert list(zip(found.epochs, found.values, strict=True)) == pairs


@pytest.mark.parametrize(
    "text",
    ["x", "3", "3:", ":3", "3:nan", "3:inf", "-1:2", "1.5:2", "3:1 3:2", "5:1 3:2", "99999999:1", "3:__import__"],
)
def test_what_is_no_change_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no change; write pairs such as|name the epochs in order"):
        read_changes(text)


def test_there_are_not_more_changes_than_a_link_holds() -> None:
    assert len(read_changes(write_changes((k, 0.1) for k in range(MOST_CHANGES))).epochs) == MOST_CHANGES
    with pytest.raises(ValueError, match=f"at most {MOST_CHANGES}"):
        read_changes(write_changes((k, 0.1) for k in range(MOST_CHANGES + 1)))


def test_a_steered_rate_holds_from_its_epoch_on() -> None:
    rates = scheduled_rates(SteeredRate(0.1, "3:0.5 5:0.25"), 7)
    assert rates.tolist() == [0.1, 0.1, 0.1, 0.5, 0.5, 0.25, 0.25]
    with pytest.raises(ValueError, match="must be above 0"):
        SteeredRate(0.1, "3:-1")


def test_steered_momentum_keeps_its_velocity_over_a_change() -> None:
    run = gdviz.descend(BOWL, (2, 1), 0.05, 12, SteeredMomentum(0.5, "4:0.9 8:0"))
    theta, velocity = np.array([2.0, 1.0]), np.zeros(2)
    for k in range(12):
        beta = 0.5 if k < 4 else 0.9 if k < 8 else 0.0
        velocity = beta * velocity + np.array([2 * theta[0], 6 * theta[1]])
        theta = theta - 0.05 * velocity
        np.testing.assert_allclose(run.thetas[k + 1], theta, rtol=1e-14)


def test_without_changes_steered_momentum_is_momentum() -> None:
    steered, plain = (gdviz.descend(BOWL, (2, 1), 0.05, 50, m) for m in (SteeredMomentum(0.8), Momentum(0.8)))
    np.testing.assert_array_equal(steered.thetas, plain.thetas)


@given(paths())
def test_a_drive_is_recorded_and_read_back(path: list[Turn]) -> None:
    experiment = driven(RUN, path)
    assert decode(encode(experiment)) == (experiment, ())
    again = turns(experiment)
    for epoch in range(40):
        was, now = (max((t for t in found if t.epoch <= epoch), key=lambda t: t.epoch) for found in (path, again))
        assert (was.rate, was.beta) == (now.rate, now.beta)
    assert driven(experiment, again) == experiment


@given(paths())
def test_a_turn_does_not_change_what_lies_behind_it(path: list[Turn]) -> None:
    run = driven(RUN, path).run()
    for number in range(1, len(path)):
        before = driven(RUN, path[:number]).run()
        shared = min(path[number].epoch, run.epochs, before.epochs) + 1
        np.testing.assert_array_equal(run.thetas[:shared], before.thetas[:shared])


def test_where_nothing_changes_the_methods_stay_plain() -> None:
    assert driven(RUN, [Turn(0, 0.05, 0.0), Turn(9, 0.05, 0.0)]) == RUN
    momentum = driven(RUN, [Turn(0, 0.05, 0.5)])
    assert (momentum.optimizer, momentum.learning_rate) == (Momentum(beta=0.5), Constant(0.05))
    adam = Experiment(optimizer="adam")
    assert turns(adam) == (Turn(0, adam.eta, None),)
    assert driven(adam, [Turn(0, 0.1), Turn(5, 0.2)]).optimizer == adam.optimizer


@pytest.mark.parametrize(
    "path", [[], [Turn(1, 0.1, 0.0)], [Turn(0, 0.1, 0.0), Turn(0, 0.2, 0.0)], [Turn(0, 0.1, 1.0)], [Turn(0, -1.0, 0.0)]]
)
def test_turns_that_make_no_sense_are_refused(path: list[Turn]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each has words of its own
        driven(RUN, path)


def test_a_rate_under_other_orders_is_not_steered() -> None:
    assert is_drivable(RUN)
    assert is_drivable(driven(RUN, [Turn(0, 0.1, 0.0), Turn(5, 0.2, 0.9)]))
    assert not is_drivable(Experiment(learning_rate=Cosine(0.1)))


def test_a_drive_can_be_compared_with_others() -> None:
    drive = driven(RUN, [Turn(0, 0.1, 0.0), Turn(5, 0.2, 0.9), Turn(9, 0.05, 0.9)])
    own = Contender(drive.optimizer, drive.learning_rate)
    assert decode_runs(encode_runs([own])) == ((own,), ())


def test_a_steered_run_is_said_to_be_steered() -> None:
    assert about_turns(RUN) == about_turns(driven(RUN, [Turn(0, 0.1, 0.0)])) == ""
    assert about_turns(driven(RUN, [Turn(0, 0.05, 0.0), Turn(12, 0.1, 0.0)])) == (
        "This run was steered by hand: learning rate 0.05 at the start, 0.1 from epoch 12."
    )
    both = about_turns(driven(RUN, [Turn(0, 0.05, 0.0), Turn(12, 0.1, 0.5), Turn(20, 0.1, 0.9)]))
    assert both.endswith("0.1 from epoch 12; momentum 0 at the start, 0.5 from epoch 12, 0.9 from epoch 20.")
    many = about_turns(driven(RUN, [Turn(k, 0.01 * (k + 1), 0.0) for k in range(10)]))
    assert many.endswith("and so on, 6 more changes.")
    assert about_turns(driven(RUN, [Turn(0, 0.05, 0.0), Turn(40, 0.1, 0.0)])) == "", "after the last step"
