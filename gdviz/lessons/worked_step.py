"""One step of a run written out with its numbers, as a teacher would on the board: the formula of the optimizer, the
state that it carries, and where the step leads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gdviz.arrays import Array
from gdviz.descent import Trajectory
from gdviz.descent.step import replay
from gdviz.formulas.latex import name_latex
from gdviz.lessons.rule import Rule, rule_of
from gdviz.optimizers import ElementwiseOptimizer, Optimizer
from gdviz.optimizers.adaptive import Adam
from gdviz.optimizers.first_order import GradientDescent, Momentum, Nesterov, SteeredMomentum
from gdviz.verdict.wording import latex_number

DIGITS = 5


@dataclass(frozen=True)
class StepText:
    """A step in words: ``lines`` are LaTeX, to be displayed one below the other; ``note`` is Markdown, empty where
    there is nothing to add."""

    lines: tuple[str, ...]
    note: str


def explain_step(run: Trajectory, k: int, optimizer: Optimizer) -> StepText:
    """Write out the step of ``run`` from epoch ``k`` to k + 1, taken by ``optimizer``.

    Gradient descent, momentum, Nesterov's momentum and Adam are written as textbooks do, every other optimizer that
    treats each component alone by its own traced rule. Of those that look at whole vectors the direction is given, and
    the note says so. Raises ValueError where no step leaves epoch k.
    """
    if not 0 <= k < run.epochs:
        raise ValueError(
            f"No step leaves epoch {k}; the run has {run.epochs} steps, from epochs 0 to {run.epochs - 1}."
        )
    rate = float(run.learning_rates[k])
    before, gradient, after = run.thetas[k], run.gradients[k], run.thetas[k + 1]
    alone = optimizer if isinstance(optimizer, ElementwiseOptimizer) else None
    replayed = None if alone is None else _replay(run, k, alone)
    if alone is None or replayed is None:
        direction = (after - before) / rate
        lines, note = _by_direction(k, rate, before, direction, after), _NO_STATE.format(title=optimizer.title)
    else:
        direction, old, new = replayed
        writer = _WRITERS.get(type(optimizer))
        if writer is None:
            lines = _by_rule(k, rule_of(alone, k), new, direction)
            lines, note = (*lines, *_by_direction(k, rate, before, direction, after)), _OWN_RULE
        else:
            lines, note = writer(_Numbers(k, rate, before, gradient, after, old, new), optimizer), ""
    names = ", ".join(name_latex(name) for name in run.variables)
    head = rf"\theta = ({names}), \qquad \eta = {latex_number(rate, 12)}"
    slope = rf"\nabla f(\theta_{{{k}}}) = {_vector(gradient)}"
    return StepText((rf"{head}, \qquad {slope}", *lines), note)


_OWN_RULE = (
    "$g$ is the gradient and $d$ the direction; $s$ are numbers that are remembered from epoch to epoch, "
    "$z$ numbers made for this one."
)
_NO_STATE = (
    "{title} makes its direction $d$ from more than this gradient; shown is the direction that was taken, "
    "without how it was found."
)


def _replay(run: Trajectory, k: int, optimizer: ElementwiseOptimizer) -> tuple[Array, Array, Array] | None:
    """Return the direction (n,) at epoch k and the states (n, s) before and after; None where they are not finite.

    The optimizer's traced lines run on the recorded gradients of the run, so the numbers are the run's own.
    """
    replayed = replay(optimizer, run.thetas[: k + 1], run.gradients[: k + 1])
    numbers = np.concatenate([replayed.directions[k], replayed.states[k].ravel(), replayed.states[k + 1].ravel()])
    if not np.isfinite(numbers).all():
        return None
    return replayed.directions[k], replayed.states[k], replayed.states[k + 1]


@dataclass(frozen=True, eq=False)
class _Numbers:
    """What the writers below put into their formulas; ``old`` and ``new`` are states (n, s)."""

    k: int
    rate: float
    before: Array
    gradient: Array
    after: Array
    old: Array
    new: Array

    @property
    def eta(self) -> str:
        return latex_number(self.rate, 12)


def _gd(at: _Numbers, _: Optimizer) -> tuple[str, ...]:
    return (
        rf"\theta_{{{at.k + 1}}} = \theta_{{{at.k}}} - \eta\, \nabla f(\theta_{{{at.k}}}) "
        rf"= {_vector(at.before)} - {at.eta} \cdot {_vector(at.gradient)} = {_vector(at.after)}",
    )


def _velocity(at: _Numbers, beta: float) -> str:
    return (
        rf"v_{{{at.k + 1}}} = \beta\, v_{{{at.k}}} + \nabla f(\theta_{{{at.k}}}) = {latex_number(beta, 12)} \cdot "
        rf"{_vector(at.old[:, 0])} + {_vector(at.gradient)} = {_vector(at.new[:, 0])}"
    )


def _momentum(at: _Numbers, method: Momentum | SteeredMomentum) -> tuple[str, ...]:
    return (
        _velocity(at, method.beta_at(at.k) if isinstance(method, SteeredMomentum) else method.beta),
        rf"\theta_{{{at.k + 1}}} = \theta_{{{at.k}}} - \eta\, v_{{{at.k + 1}}} "
        rf"= {_vector(at.before)} - {at.eta} \cdot {_vector(at.new[:, 0])} = {_vector(at.after)}",
    )


def _nesterov(at: _Numbers, method: Nesterov) -> tuple[str, ...]:
    return (
        _velocity(at, method.beta),
        rf"\theta_{{{at.k + 1}}} = \theta_{{{at.k}}} - \eta\, (\nabla f(\theta_{{{at.k}}}) + \beta\, v_{{{at.k + 1}}}) "
        rf"= {_vector(at.before)} - {at.eta} \left( {_vector(at.gradient)} + {latex_number(method.beta, 12)} \cdot "
        rf"{_vector(at.new[:, 0])} \right) = {_vector(at.after)}",
    )


def _adam(at: _Numbers, method: Adam) -> tuple[str, ...]:
    k = at.k
    mean, square, weight1, weight2 = at.new.T
    names = (
        ("m", "1", method.beta1, at.old[:, 0], at.gradient, mean, weight1, ""),
        ("v", "2", method.beta2, at.old[:, 1], at.gradient * at.gradient, square, weight2, "^2"),
    )
    lines = []
    for letter, index, beta, old, slope, new, weight, power in names:
        share = latex_number(beta, 12)
        lines.append(
            rf"{letter}_{{{k + 1}}} = \beta_{index}\, {letter}_{{{k}}} + (1 - \beta_{index})\, "
            rf"\nabla f(\theta_{{{k}}}){power} = {share} \cdot {_vector(old)} + (1 - {share}) \cdot {_vector(slope)} "
            rf"= {_vector(new)}"
        )
        lines.append(
            rf"\hat {letter} = \frac{{{letter}_{{{k + 1}}}}}{{1 - \beta_{index}^{{{k + 1}}}}} "
            rf"= {_vector(new / weight)}"
        )
    epsilon = latex_number(method.epsilon, 12).removeprefix(r"1 \cdot ")
    lines.append(
        rf"\theta_{{{k + 1}}} = \theta_{{{k}}} - \eta\, \frac{{\hat m}}{{\sqrt{{\hat v}} + \epsilon}} "
        rf"= {_vector(at.before)} - {at.eta} \cdot {_vector(mean / weight1)} \Big/ "
        rf"\left( \sqrt{{{_vector(square / weight2)}}} + {epsilon} \right) = {_vector(at.after)}"
    )
    return tuple(lines)


_WRITERS: dict[type[Any], Callable[[_Numbers, Any], tuple[str, ...]]] = {
    GradientDescent: _gd,
    Momentum: _momentum,
    SteeredMomentum: _momentum,
    Nesterov: _nesterov,
    Adam: _adam,
}


def _by_rule(k: int, rule: Rule, states: Array, direction: Array) -> tuple[str, ...]:
    """The optimizer's own lines with what came out: ``states`` (n, s) after the step."""
    remembered = [rf"s_{{{j + 1},{k + 1}}} = {text} = {_vector(states[:, j])}" for j, text in enumerate(rule.states)]
    return (*remembered, rf"d_{{{k}}} = {rule.direction} = {_vector(direction)}")


def _by_direction(k: int, rate: float, before: Array, direction: Array, after: Array) -> tuple[str, ...]:
    return (
        rf"\theta_{{{k + 1}}} = \theta_{{{k}}} + \eta\, d_{{{k}}} = {_vector(before)} + {latex_number(rate, 12)} \cdot "
        rf"{_vector(direction)} = {_vector(after)}",
    )


def _vector(values: Array) -> str:
    """A number for one component, a column for more."""
    numbers = [latex_number(value, DIGITS) for value in values.tolist()]
    if len(numbers) > 1:
        return r"\begin{pmatrix} " + r" \\ ".join(numbers) + r" \end{pmatrix}"
    return f"({numbers[0]})" if values[0] < 0 or r"\cdot" in numbers[0] else numbers[0]
