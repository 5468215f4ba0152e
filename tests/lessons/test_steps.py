"""A step written out: its numbers are the run's own."""

from __future__ import annotations

import re

import numpy as np
import pytest

from gdviz import descend, parse
from gdviz.lessons.rule import rule_of
from gdviz.lessons.worked_step import DIGITS, explain_step
from gdviz.optimizers import OPTIMIZERS, Adam, GradientDescent, Momentum, Nesterov

BOWL = parse("x^2 + 3y^2 + x*y")
ELEMENTWISE = [name for name, cls in OPTIMIZERS.items() if hasattr(cls, "initial_states")]
WRITTEN = ("gd", "momentum", "nesterov", "steered_momentum", "adam")
NUMBER = re.compile(r"-?\d[\d{},]*\.?\d*(?: \\cdot 10\^\{-?\d+\})?")


@pytest.mark.parametrize("name", ELEMENTWISE)
@pytest.mark.parametrize("k", [0, 7])
def test_the_step_leads_where_the_run_went(name: str, k: int) -> None:
    run = descend(BOWL, (2, -1), 0.05, 20, name)
    text = explain_step(run, k, OPTIMIZERS[name]())
    head, *_, step = text.lines
    assert same(columns(head)[0], run.gradients[k])
    assert same(columns(step)[0], run.thetas[k])
    assert same(columns(step)[-1], run.thetas[k + 1])
    assert bool(text.note) == (name not in WRITTEN)


@pytest.mark.parametrize("name", ["newton", "bfgs", "cg"])
def test_of_other_methods_the_direction_is_given(name: str) -> None:
    run = descend(BOWL, (2, -1), 0.5, 5, name)
    text = explain_step(run, 0, OPTIMIZERS[name]())
    before, direction, after = columns(text.lines[-1])
    assert same(before, run.thetas[0])
    assert same(after, run.thetas[1])
    assert same(direction, (run.thetas[1] - run.thetas[0]) / run.learning_rates[0])
    assert OPTIMIZERS[name].title in text.note
    assert "d_{0}" in text.lines[-1]


def columns(line: str) -> list[list[float]]:
    """The vectors in a line of LaTeX."""
    found = re.findall(r"\\begin\{pmatrix\} (.*?) \\end\{pmatrix\}", line)
    return [[_value(part) for part in vector.split(r" \\ ")] for vector in found]


def _value(text: str) -> float:
    return float(text.replace("{,}", "").replace(r" \cdot 10^{", "e").rstrip("}"))


def same(shown: list[float], true: np.ndarray) -> bool:
    return np.allclose(shown, true, rtol=10.0 ** (1 - DIGITS))


def test_gradient_descent_in_numbers() -> None:
    run = descend(BOWL, (2, -1), 0.05, 20)
    head, step = explain_step(run, 3, GradientDescent()).lines
    assert r"\eta = 0.05" in head
    before, gradient, after = columns(step)
    assert same(before, run.thetas[3])
    assert same(gradient, run.gradients[3])
    assert same(after, run.thetas[4])
    assert step.startswith(r"\theta_{4} = \theta_{3} - \eta\, \nabla f(\theta_{3})")


@pytest.mark.parametrize("cls", [Momentum, Nesterov])
def test_momentum_carries_its_velocity(cls: type) -> None:
    run = descend(BOWL, (2, -1), 0.02, 20, cls(beta=0.8))
    velocity = np.zeros(2)
    for k in range(6):
        _, line, step = explain_step(run, k, cls(beta=0.8)).lines
        old, velocity = velocity, 0.8 * velocity + run.gradients[k]
        shown = columns(line)
        assert same(shown[0], old)
        assert same(shown[-1], velocity)
        assert same(columns(step)[-1], run.thetas[k + 1])


def test_adam_carries_both_moments() -> None:
    run = descend(BOWL, (2, -1), 0.1, 20, "adam")
    mean, square = np.zeros(2), np.zeros(2)
    for k in range(6):
        _, m, m_hat, v, v_hat, step = explain_step(run, k, Adam()).lines
        mean = 0.9 * mean + 0.1 * run.gradients[k]
        square = 0.999 * square + 0.001 * run.gradients[k] ** 2
        assert same(columns(m)[-1], mean)
        assert same(columns(v)[-1], square)
        assert same(columns(m_hat)[-1], mean / (1 - 0.9 ** (k + 1)))
        assert same(columns(v_hat)[-1], square / (1 - 0.999 ** (k + 1)))
        assert same(columns(step)[-1], run.thetas[k + 1])


def test_one_parameter_needs_no_brackets_but_those_of_signs() -> None:
    run = descend(parse("x^2"), (-2.0,), 0.25, 3)
    _, step = explain_step(run, 0, GradientDescent()).lines
    assert step.endswith(r"= (-2) - 0.25 \cdot (-4) = (-1)")


@pytest.mark.parametrize("k", [-1, 20, 21])
def test_no_step_leaves_the_end(k: int) -> None:
    run = descend(BOWL, (2, -1), 0.05, 20)
    with pytest.raises(ValueError, match=f"No step leaves epoch {k}"):
        explain_step(run, k, GradientDescent())


def test_rmsprop_shows_its_own_rule_with_the_numbers_of_the_run() -> None:
    run = descend(BOWL, (2, -1), 0.1, 20, "rmsprop")
    square = np.zeros(2)
    for k in range(4):
        _, remembered, direction, step = explain_step(run, k, OPTIMIZERS["rmsprop"]()).lines
        square = 0.99 * square + 0.01 * run.gradients[k] ** 2
        assert remembered.startswith(
            rf"s_{{1,{k + 1}}} = \alpha \, s_{{1,{k}}} + \left(1 - \alpha\right) \, g_{{{k}}} \, g_{{{k}}} = "
        )
        assert same(columns(remembered)[-1], square)
        assert direction.startswith(rf"d_{{{k}}} = -\frac{{g_{{{k}}}}}{{\sqrt{{s_{{1,{k + 1}}}}} + \epsilon}} = ")
        assert same(columns(direction)[-1], -run.gradients[k] / (np.sqrt(square) + 1e-8))
        assert same(columns(step)[-1], run.thetas[k + 1])


@pytest.mark.parametrize("name", [name for name in ELEMENTWISE if name not in WRITTEN])
def test_every_rule_is_written_in_letters_that_latex_knows(name: str) -> None:
    rule = rule_of(OPTIMIZERS[name](), 3)
    for line in (*rule.states, rule.direction):
        assert not re.search("state|next|now|place|gradient|too long", line)
        assert line.count("{") == line.count("}")
