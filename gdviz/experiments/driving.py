"""A drive: an experiment whose learning rate and momentum a hand changed while it ran, as an experiment of its own."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gdviz.experiments.experiment import Experiment
from gdviz.learning_rates import Constant, SteeredRate
from gdviz.learning_rates.changes import MOST_CHANGES, read_changes, write_changes
from gdviz.numerals import format_count, format_number
from gdviz.optimizers import Optimizer
from gdviz.optimizers.first_order import GradientDescent, Momentum, SteeredMomentum

_MOST_TOLD = 3  # changes that a sentence names


@dataclass(frozen=True)
class Turn:
    """What a hand set: from ``epoch`` on this learning rate and this beta (None: none to set)."""

    epoch: int
    rate: float
    beta: float | None = None


def read_turns(rows: object) -> tuple[Turn, ...]:
    """Return the turns that a browser sent as rows of epoch, rate and beta. Raises ValueError for anything else."""
    if not isinstance(rows, list | tuple) or not 1 <= len(rows) <= MOST_CHANGES:
        raise ValueError("A drive is a list of turns, not too long.")
    return tuple(_read_turn(row) for row in rows)


def _read_turn(row: object) -> Turn:
    numbers = list(row) if isinstance(row, list | tuple) else []
    legal = len(numbers) == 3 and all(_is_number(value) for value in numbers[:2])
    if not legal or numbers[0] != int(numbers[0]) or not (numbers[2] is None or _is_number(numbers[2])):
        raise ValueError("A turn is an epoch, a rate, and a beta or nothing.")
    return Turn(int(numbers[0]), float(numbers[1]), None if numbers[2] is None else float(numbers[2]))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 1e9


def is_drivable(experiment: Experiment) -> bool:
    """Say whether a hand can steer it: its learning rate must not be under other orders."""
    return isinstance(experiment.learning_rate, Constant | SteeredRate)


def turns(experiment: Experiment) -> tuple[Turn, ...]:
    """Return how an experiment is steered, the first turn at epoch 0: its learning rate and its beta."""
    method = experiment.optimizer
    rates = read_changes(getattr(experiment.learning_rate, "rate_changes", ""))
    betas = read_changes(getattr(method, "beta_changes", ""))
    beta = method.heavy_ball
    return tuple(
        Turn(epoch, rates.at(epoch, experiment.eta), None if beta is None else betas.at(epoch, beta))
        for epoch in sorted({0, *rates.epochs, *betas.epochs})
    )


def is_steered(experiment: Experiment) -> bool:
    """Say whether a hand changed its learning rate or its momentum on the way."""
    return len(turns(experiment)) > 1


def about_turns(experiment: Experiment) -> str:
    """Return a sentence on how a run was steered, empty where it was not."""
    path = [turn for turn in turns(experiment) if turn.epoch < experiment.epochs]
    told = [_in_words("learning rate", [(turn.epoch, turn.rate) for turn in path])]
    if path[0].beta is not None:
        told.append(_in_words("momentum", [(turn.epoch, turn.beta or 0.0) for turn in path]))
    said = "; ".join(text for text in told if text)
    return f"This run was steered by hand: {said}." if said else ""


def _in_words(what: str, pairs: Sequence[tuple[int, float]]) -> str:
    changes = _less(pairs)
    if not changes:
        return ""
    told = [f"{format_number(value, 4)} from epoch {epoch:,}" for epoch, value in changes[:_MOST_TOLD]]
    more = len(changes) - len(told)
    if more:
        told.append(f"and so on, {format_count(more, 'more change')}")
    return f"{what} {format_number(pairs[0][1], 4)} at the start, {', '.join(told)}"


def freed(experiment: Experiment) -> Experiment:
    """Return ``experiment`` before any turn, with a momentum that may change, 0 too."""
    method = experiment.optimizer
    free = method if method.heavy_ball is None else Momentum(method.heavy_ball)
    return replace(experiment, learning_rate=Constant(experiment.eta), optimizer=free)


def driven(experiment: Experiment, path: Sequence[Turn]) -> Experiment:
    """Return ``experiment`` steered along ``path``, whose first turn is at epoch 0.

    Its methods stay plain where nothing changes on the way. Raises ValueError for turns that make no sense.
    """
    if not path or path[0].epoch != 0:
        raise ValueError("A drive begins at epoch 0.")
    if any(after.epoch <= before.epoch for before, after in itertools.pairwise(path)):
        raise ValueError("The turns of a drive follow each other.")
    eta, beta = path[0].rate, path[0].beta or 0.0
    rates = _less([(turn.epoch, turn.rate) for turn in path])
    steered = replace(experiment, learning_rate=SteeredRate(eta, write_changes(rates)) if rates else Constant(eta))
    if experiment.optimizer.heavy_ball is None:
        return steered
    return replace(steered, optimizer=_method(beta, _less([(turn.epoch, turn.beta or 0.0) for turn in path])))


def _less(pairs: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """The pairs after the first at which the value differs from the one before."""
    return [pair for before, pair in itertools.pairwise(pairs) if pair[1] != before[1]]


def _method(beta: float, changes: Sequence[tuple[int, float]]) -> Optimizer:
    if changes:
        return SteeredMomentum(beta, write_changes(changes))
    return Momentum(beta) if beta else GradientDescent()
