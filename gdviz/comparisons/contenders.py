"""Contenders: ways to descend that share an experiment's landscape, start and epochs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from gdviz.experiments import Experiment, Problem, offered_rate
from gdviz.fits.losses import SquaredError
from gdviz.learning_rates import HIGHEST_RATE, Constant, LearningRate, make_learning_rate
from gdviz.numerals import format_number
from gdviz.optimizers import Optimizer, make_optimizer
from gdviz.optimizers.first_order import GradientDescent

MAX_CONTENDERS = 8  # as many as there are colors that can be told apart
MAX_NAME = 24  # characters
SERIES = 8  # colors, dashes and markers of the palettes

_GREEK = {"beta": "β", "beta1": "β₁", "beta2": "β₂", "alpha": "α", "rho": "ρ", "epsilon": "ε"}


@dataclass(frozen=True)
class Contender:
    """One way to descend: an optimizer and a learning rate, as in :class:`gdviz.Experiment`.

    ``name`` is the visitor's own; an empty one stands for a label made of what the contender is (:func:`labels`).
    ``color`` is a place in a palette's series and brings a dash and a marker with it. Raises ValueError for an unknown
    optimizer, a value out of range, a color that is not 0 to 7, or a name of more than 24 characters or with others
    than printable ones.
    """

    optimizer: Optimizer = GradientDescent()
    learning_rate: LearningRate = Constant(0.01)
    name: str = ""
    color: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "optimizer", make_optimizer(self.optimizer))
        object.__setattr__(self, "learning_rate", make_learning_rate(self.learning_rate))
        if self.eta > HIGHEST_RATE:
            raise ValueError(
                f"The learning rate is {format_number(self.eta, 12)}; it must be above 0 and at most "
                f"{format_number(HIGHEST_RATE)}."
            )
        if not (len(self.name) <= MAX_NAME and self.name.isprintable() and self.name == self.name.strip()):
            raise ValueError(f"A name has at most {MAX_NAME} printable characters, and no spaces around it.")
        if self.color not in range(SERIES):
            raise ValueError(f"color is {self.color}; it must be a whole number from 0 to {SERIES - 1}.")

    @property
    def eta(self) -> float:
        """The number that the user sets for the learning rate."""
        return self.learning_rate.learning_rate

    def at_rate(self, eta: float) -> Contender:
        """Return the contender with another number for the rate, under the same schedule or search."""
        return replace(self, learning_rate=replace(self.learning_rate, learning_rate=eta))

    def holder(self, name: str) -> str:
        """Return which field has the hyper-parameter ``name``: the learning rate, or else the optimizer."""
        own = {f.name for f in fields(self.learning_rate)} - {"learning_rate"}
        return "learning_rate" if name in own else "optimizer"

    def with_setting(self, name: str, value: float | str) -> Contender:
        """Return the contender with another value of a hyper-parameter."""
        owner: Any = getattr(self, self.holder(name))
        changed: Any = {self.holder(name): replace(owner, **{name: value})}
        return replace(self, **changed)

    @property
    def title(self) -> str:
        """The optimizer's title without what stands in brackets."""
        return self.optimizer.title.split(" (")[0]

    def of(self, experiment: Experiment) -> Experiment:
        """Return the experiment that is this contender's run."""
        return replace(experiment, optimizer=self.optimizer, learning_rate=self.learning_rate)

    @classmethod
    def from_experiment(cls, experiment: Experiment, name: str = "", color: int = 0) -> Contender:
        """Return the experiment's own way to descend."""
        return cls(experiment.optimizer, experiment.learning_rate, name, color)


@dataclass(frozen=True)
class Comparison:
    """Contenders on one experiment's landscape, from its start, for its epochs. Raises ValueError for more than 8."""

    experiment: Experiment
    contenders: tuple[Contender, ...]

    def __post_init__(self) -> None:
        if len(self.contenders) > MAX_CONTENDERS:
            raise ValueError(f"A comparison holds at most {MAX_CONTENDERS} runs; these are {len(self.contenders)}.")


def labels(contenders: Sequence[Contender], *, rates: bool = True) -> tuple[str, ...]:
    """Return a name for each contender, no two the same: its own, else its title and what tells it from its like.

    ``rates=False`` leaves learning rates out, where they are not what differs.
    """
    made = []
    for c in contenders:
        alike = [other for other in contenders if other.title == c.title and not other.name]
        made.append(c.name or ", ".join([c.title, *_differences(c, alike, rates)]))
    return _numbered(made)


def _differences(contender: Contender, alike: Sequence[Contender], rates: bool) -> list[str]:
    """What tells a contender from those of the same optimizer: one thing if that is enough, else two."""
    traits = [_traits(other, rates) for other in alike]
    own = _traits(contender, rates)
    words = [word for i, word in enumerate(own) if len({trait[i] for trait in traits}) > 1]
    for word in words:
        if sum(word in trait for trait in traits) == 1:
            return [word]
    return words[:2]


def _traits(contender: Contender, rates: bool) -> list[str]:
    rate = f"η = {format_number(contender.eta, 6)}" if rates else ""
    schedule = contender.learning_rate.title
    settings = ", ".join(_settings(contender.learning_rate)[1:])
    return [*_settings(contender.optimizer), schedule, rate, f"{schedule}: {settings}" if settings else ""]


def _settings(owner: Any) -> list[str]:
    """The hyper-parameters of an optimizer or a schedule with their values, in words."""
    values = ((f.name, getattr(owner, f.name)) for f in fields(owner))
    return [
        f"{_GREEK.get(name, name.replace('_', ' '))} = "
        f"{(value or '–') if isinstance(value, str) else format_number(value)}"
        for name, value in values
    ]


def _numbered(names: Sequence[str]) -> tuple[str, ...]:
    """Tell equal names apart by (2), (3), …"""
    found: list[str] = []
    for name in names:
        number, own = 1, name
        while own in found:
            number += 1
            own = f"{name} ({number})"
        found.append(own)
    return tuple(found)


def next_color(contenders: Sequence[Contender]) -> int:
    """Return the first color that no contender has; when all are taken, the least used one."""
    used = Counter(c.color for c in contenders)
    return min(range(SERIES), key=lambda color: (used[color], color))


def usual_contenders(problem: Problem, whole: bool = True) -> tuple[Contender, ...]:
    """Return contenders that suit the problem: gradient descent, heavy ball, Adam, and what was made for its kind.

    Each at the rate that is offered for it. A curve with the squared error gets Levenberg–Marquardt besides, if steps
    see ``whole``, exact gradients.
    """
    chosen = ["gd", "momentum", "adam"]
    fit = problem.fit
    if whole and fit is not None and isinstance(fit.loss, SquaredError) and not fit.is_linear:
        chosen.append("levenberg_marquardt")
    methods = [make_optimizer(name) for name in chosen]
    return tuple(
        Contender(method, Constant(offered_rate(problem, problem.start, method)), color=color)
        for color, method in enumerate(methods)
    )


def with_optimizer(contender: Contender, optimizer: str, problem: Problem, start: tuple[float, ...]) -> Contender:
    """Return the contender with another optimizer, that one's own hyper-parameters and a constant rate.

    The rate is the one that is offered for it from ``start`` (n,) if the one so far was offered, else it is kept.
    """
    method, eta = make_optimizer(optimizer), contender.eta
    for begin in (start, problem.start):
        if eta == offered_rate(problem, begin, contender.optimizer):
            eta = offered_rate(problem, begin, method)
            break
    return replace(contender, optimizer=method, learning_rate=Constant(eta))
