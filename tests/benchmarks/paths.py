"""One recorded path of 5,000 epochs on Rosenbrock's valley, against NumPy arrays per step and the notebook's lists."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import gdviz
from tests import notebook
from tests.benchmarks.tables import Table
from tests.benchmarks.timing import race

START, RATE, EPOCHS, BETA = (-1.2, 1.0), 0.0005, 5000, 0.5


def gradient(v):
    x, y = v
    return [-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)]


def value(v):
    x, y = v
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def numpy_loop(beta: float) -> np.ndarray:
    """What one writes first with NumPy: an array of two numbers at every step."""
    theta, velocity = np.array(START), np.zeros(2)
    thetas, values = [theta], [value(theta)]
    for _ in range(EPOCHS):
        velocity = beta * velocity + np.array(gradient(theta))
        theta = theta - RATE * velocity
        thetas.append(theta)
        values.append(value(theta))
    return np.array(thetas)


def list_loop(beta: float) -> list[list[float]]:
    """The notebook's way: lists and its own gradient_step."""
    theta, velocity = list(START), [0.0, 0.0]
    thetas, values = [theta], [value(theta)]
    for _ in range(EPOCHS):
        velocity = [beta * v_i + g_i for v_i, g_i in zip(velocity, gradient(theta), strict=True)]
        theta = notebook.gradient_step(theta, velocity, -RATE)
        thetas.append(theta)
        values.append(value(theta))
    return thetas


def run() -> Iterator[Table]:
    f = gdviz.PRESETS["rosenbrock"].objective
    for title, beta, optimizer in (
        ("gradient descent", 0.0, gdviz.GradientDescent()),
        ("momentum", BETA, gdviz.Momentum(beta=BETA)),
    ):
        contenders = {
            "gdviz.descend": lambda optimizer=optimizer: gdviz.descend(f, START, RATE, EPOCHS, optimizer, tolerance=0),
            "NumPy arrays per step": lambda beta=beta: numpy_loop(beta),
            "the notebook's lists": lambda beta=beta: list_loop(beta),
        }
        ours, theirs, lists = (contender() for contender in contenders.values())
        apart = max(np.abs(ours.thetas - theirs).max(), np.abs(ours.thetas - np.array(lists)).max())
        yield race(contenders).table(
            f"{title}, {EPOCHS:,} epochs, path, values and gradients recorded",
            "gdviz.descend",
            f"largest difference between the three paths: {apart:.1e}",
        )
