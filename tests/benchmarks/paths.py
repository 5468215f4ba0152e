"""One recorded path of 5,000 epochs: machine code, Python code, C, NumPy arrays per step and the notebook's lists."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from time import perf_counter

import numpy as np

import gdviz
from tests import notebook
from tests.benchmarks.c_code import c_path
from tests.benchmarks.tables import Table
from tests.benchmarks.timing import milliseconds, part, race

START, RATE, EPOCHS, BETA = (-1.2, 1.0), 0.0005, 5000, 0.5
RATES = {"rosenbrock": 0.0002, "himmelblau": 0.001}


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


def run(share: float = 1) -> Iterator[Table]:
    for key, rate in RATES.items():
        for name in ("gd", "momentum", "adam"):
            yield _machine_code(key, name, rate, part(21, share))
    yield _first_runs(part(9, share))
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
        yield race(contenders, part(9, share)).table(
            f"{title}, {EPOCHS:,} epochs, path, values and gradients recorded",
            "gdviz.descend",
            f"largest difference between the three paths: {apart:.1e}",
        )


def _machine_code(key: str, name: str, rate: float, rounds: int) -> Table:
    """Both engines and C, warm."""
    preset = gdviz.PRESETS[key]

    def ours(engine: str) -> gdviz.Trajectory:
        return gdviz.descend(preset.objective, preset.start, rate, EPOCHS, name, tolerance=0, engine=engine)

    contenders = {"native": lambda: ours("native"), "python": lambda: ours("python")}
    path = c_path(key, name)
    if path is not None:
        table = np.empty((EPOCHS + 1, 5))
        contenders["gcc -O3 -march=native"] = lambda: path(*preset.start, rate, EPOCHS, table.ctypes.data)
    return race(contenders, rounds).table(f"{preset.title}, {name}, {EPOCHS:,} recorded epochs, warm", "native")


def _first_runs(times: int) -> Table:
    """What a formula costs that nobody has asked for before: read, differentiated, made into code, run."""
    texts = iter([f"(1 - x)^2 + {k}*(y - x^2)^2 + {'+'.join(['x*y'] * (k % 40 + 1))}" for k in range(1, 400)])
    seconds: dict[str, list[float]] = {}
    for title, engine, epochs in (
        ("40 epochs", None, 40), ("5,000 epochs", None, 5000),
        ("5,000 epochs, python", "python", 5000), ("5,000 epochs, native", "native", 5000),
    ):  # fmt: skip
        for _ in range(times):
            text = next(texts)
            begin = perf_counter()
            gdviz.descend(gdviz.parse(text), START, 1e-5, epochs, tolerance=0, engine=engine)
            seconds.setdefault(title, []).append(perf_counter() - begin)
    rows = [[title, milliseconds(median(each))] for title, each in seconds.items()]
    return Table("the first run of a new formula, all in all", ["", f"median of {times}"], rows)
