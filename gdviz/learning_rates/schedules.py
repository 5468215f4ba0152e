"""Learning rates that are known before the run: constant, schedules, and a formula of the epoch.

Each is a line of arithmetic on epochs k, counted from 0; ``total`` is the number of epochs of the run. It takes arrays
and numbers that write the line down (:mod:`gdviz.formulas.graph_numbers`), so that the browser has it too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import pi
from typing import Any, ClassVar

from gdviz.codes.tracing import copied
from gdviz.formulas import parse_expression
from gdviz.formulas.graph_numbers import GraphNumber, as_number, choice, cos, floor, larger, smaller
from gdviz.hyperparameters import hyperparameter
from gdviz.learning_rates.base import Number, Schedule
from gdviz.learning_rates.changes import read_changes
from gdviz.numerals import format_number

_VARIABLES = ("k", "N", "eta")
_TINY = 1e-300  # instead of 0 below a line


@dataclass(frozen=True)
class Constant(Schedule):
    """The same learning rate at every epoch. Raises ValueError unless it is finite and above zero."""

    name: ClassVar[str] = "constant"
    title: ClassVar[str] = "Constant"

    def at(self, epochs: Number, total: Number) -> Number:
        return 0.0 * epochs + self.learning_rate


@dataclass(frozen=True)
class StepDecay(Schedule):
    r"""Multiplied by ``drop`` every ``every`` epochs: :math:`\eta\, d^{\lfloor k/e \rfloor}`, as PyTorch's
    ``StepLR``."""

    drop: float = hyperparameter(0.5, 0.0, 1.0, "What is left of the rate after each drop.", open_low=True)
    every: float = hyperparameter(100.0, 1.0, 1e6, "Epochs from one drop to the next.", whole=True)

    name: ClassVar[str] = "step"
    title: ClassVar[str] = "Step decay"

    def at(self, epochs: Number, total: Number) -> Number:
        return self.learning_rate * self.drop ** floor(epochs / self.every)


@dataclass(frozen=True)
class ExponentialDecay(Schedule):
    r"""Multiplied by ``keep`` at every epoch: :math:`\eta\, q^k`, as PyTorch's ``ExponentialLR``."""

    keep: float = hyperparameter(0.99, 0.0, 1.0, "What is left of the rate after each epoch.", open_low=True)

    name: ClassVar[str] = "exponential"
    title: ClassVar[str] = "Exponential decay"

    def at(self, epochs: Number, total: Number) -> Number:
        return self.learning_rate * self.keep**epochs


@dataclass(frozen=True)
class InverseTimeDecay(Schedule):
    r""":math:`\eta / (1 + d k)`: slow enough to get anywhere, fast enough to settle under noise.

    Source: Robbins & Monro, Annals of Mathematical Statistics 22 (1951): the sum of the rates is infinite and that of
    their squares is not.
    """

    decay: float = hyperparameter(0.01, 0.0, 1e6, "How fast the rate falls: after 1/decay epochs it is halved.")

    name: ClassVar[str] = "inverse_time"
    title: ClassVar[str] = "1/k decay"

    def at(self, epochs: Number, total: Number) -> Number:
        return self.learning_rate / (1.0 + self.decay * epochs)


@dataclass(frozen=True)
class Cosine(Schedule):
    r"""Half a cosine from the rate down to ``final`` times it, then again from the top, ``cycles`` times in the run.

    Source: Loshchilov & Hutter, "SGDR", ICLR (2017), eq. 5, with cycles of one length; PyTorch's
    ``CosineAnnealingWarmRestarts``, or ``CosineAnnealingLR`` for one cycle.
    """

    cycles: float = hyperparameter(1.0, 1.0, 1000.0, "How often the rate falls in the run.", whole=True)
    final: float = hyperparameter(0.0, 0.0, 1.0, "The rate at the end of a cycle, as a share of the rate at its top.")

    name: ClassVar[str] = "cosine"
    title: ClassVar[str] = "Cosine, with restarts"

    def at(self, epochs: Number, total: Number) -> Number:
        place = _fraction(epochs * self.cycles / total)
        return _cosine(place, self.learning_rate, self.final * self.learning_rate)


@dataclass(frozen=True)
class WarmUpCosine(Schedule):
    """A straight line up over the first ``warmup`` of the run, then half a cosine down to ``final`` times the rate.

    Source: Goyal et al., arXiv:1706.02677 (2017), for the warm-up; Loshchilov & Hutter, ICLR (2017), for the cosine.
    Epoch 0 already has a share of the rate above 0.
    """

    warmup: float = hyperparameter(0.1, 0.0, 1.0, "Share of the run in which the rate rises.", open_high=True)
    final: float = hyperparameter(0.0, 0.0, 1.0, "The rate at the end, as a share of the rate at the top.")

    name: ClassVar[str] = "warmup_cosine"
    title: ClassVar[str] = "Warm-up, then cosine"

    def at(self, epochs: Number, total: Number) -> Number:
        rise = self.warmup * total
        place = larger(0.0, epochs - rise) / (total - rise)
        rising = self.learning_rate * smaller(1.0, (epochs + 1.0) / larger(rise, 1.0))
        falling = _cosine(place, self.learning_rate, self.final * self.learning_rate)
        return choice(epochs < rise, rising, falling)


@dataclass(frozen=True)
class OneCycle(Schedule):
    """Half a cosine up from a ``start_divisor``-th of the rate, then one down to an ``end_divisor``-th of that
    beginning.

    Source: Smith & Topin, arXiv:1708.07120 (2017), in the form and with the defaults of PyTorch's ``OneCycleLR``.
    """

    rise: float = hyperparameter(0.3, 0.0, 1.0, "Share of the run in which the rate rises.", open_high=True)
    start_divisor: float = hyperparameter(25.0, 1.0, 1e9, "The rate at the top over the first one.")
    end_divisor: float = hyperparameter(1e4, 1.0, 1e9, "The first rate over the last one.")

    name: ClassVar[str] = "one_cycle"
    title: ClassVar[str] = "One cycle"

    def at(self, epochs: Number, total: Number) -> Number:
        first = self.learning_rate / self.start_divisor
        top, last = larger(0.0, self.rise * total - 1.0), larger(1.0, total - 1.0)
        up = _cosine(smaller(1.0, epochs / larger(top, _TINY)), first, self.learning_rate)
        place = larger(0.0, smaller(1.0, (epochs - top) / larger(_TINY, last - top)))
        return choice(epochs < top, up, _cosine(place, self.learning_rate, first / self.end_divisor))


@dataclass(frozen=True)
class Triangular(Schedule):
    """Straight lines from ``low`` times the rate up to the rate and down again, ``cycles`` times in the run.

    Source: Smith, "Cyclical learning rates", WACV (2017); PyTorch's ``CyclicLR``.
    """

    cycles: float = hyperparameter(4.0, 1.0, 1000.0, "How often the rate rises and falls in the run.", whole=True)
    low: float = hyperparameter(0.1, 0.0, 1.0, "The lowest rate, as a share of the highest.", open_low=True)

    name: ClassVar[str] = "triangular"
    title: ClassVar[str] = "Triangular, up and down"

    def at(self, epochs: Number, total: Number) -> Number:
        height = 1.0 - abs(2.0 * _fraction(epochs * self.cycles / total) - 1.0)
        return self.learning_rate * (self.low + (1.0 - self.low) * height)


@dataclass(frozen=True)
class FormulaRate(Schedule):
    """A formula of the epoch: k counts from 0, N is the number of epochs of the run, eta the learning rate set beside
    it.

    Raises FormulaError for the text, ValueError for another name in it; the run raises ValueError where the result is
    not finite and above 0, naming the epoch.
    """

    rate_formula: str = field(
        default="eta/(1 + 0.01k)",
        metadata={
            "text": True,
            "help": "A formula of the epoch k, which counts from 0; N epochs in all; eta is the rate above.",
        },
    )

    name: ClassVar[str] = "formula"
    title: ClassVar[str] = "A formula of the epoch k"

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in parse_expression(self.rate_formula).variables:
            if name not in _VARIABLES:
                raise ValueError(
                    f"“{name}” is not known in a formula for the learning rate: write it with k (the epoch), "
                    "N (how many) and eta (the rate)."
                )

    def at(self, epochs: Number, total: Number) -> Number:
        expression = parse_expression(self.rate_formula)
        known: dict[str, Any] = {"k": epochs, "N": total, "eta": self.learning_rate}
        if isinstance(epochs, GraphNumber):
            graph, value, _ = expression.nodes
            leaves = {name: as_number(epochs.graph, known[name]).node for name in expression.variables}
            return GraphNumber(epochs.graph, copied(graph, [value], epochs.graph, leaves)[0])
        return 0.0 * epochs + expression.array_value(*[known[name] for name in expression.variables])


@dataclass(frozen=True)
class SteeredRate(Schedule):
    """The rate as a hand set it while the run went: from each epoch that ``rate_changes`` names on, the rate given
    there. Before the first, the learning rate set beside it.

    Raises ValueError for a text that :func:`gdviz.learning_rates.changes.read_changes` cannot read, or a rate not
    above 0.
    """

    rate_changes: str = field(
        default="",
        metadata={"text": True, "help": "Pairs such as 20:0.05 80:0.01: the epoch, and the rate from there on."},
    )

    name: ClassVar[str] = "steered"
    title: ClassVar[str] = "Steered by hand"

    def __post_init__(self) -> None:
        super().__post_init__()
        for rate in read_changes(self.rate_changes).values:
            if rate <= 0:
                raise ValueError(f"{format_number(rate, 12)} is no learning rate; all of {self.title} must be above 0.")

    def at(self, epochs: Number, total: Number) -> Number:
        return read_changes(self.rate_changes).written(epochs, self.learning_rate)


def _cosine(place: Number, begin: Number, end: Number) -> Number:
    """Go from ``begin`` to ``end`` along half a cosine as ``place`` goes from 0 to 1."""
    return end + (begin - end) * 0.5 * (1.0 + cos(pi * place))


def _fraction(x: Number) -> Number:
    """What is left of x, which is not below 0, above a whole number."""
    return x - floor(x)
