"""A formula never seen: parsed, differentiated and run for the first time; and values and gradients in bulk."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import numpy as np

import gdviz
from tests.benchmarks.tables import Table
from tests.benchmarks.timing import part, race

SHAPES = {
    "a bowl": "{c}*x^2 + 2*y^2",
    "Rosenbrock": "({c} - x)^2 + 100*(y - x^2)^2",
    "Himmelblau": "(x^2 + y - 11)^2 + (x + y^2 - {c})^2",
    "Ackley": "-20*exp(-0.2*sqrt((x^2 + y^2)/2)) - exp((cos(2*pi*x) + cos(2*pi*y))/2) + 20 + exp({c})",
}


def run(share: float = 1) -> Iterator[Table]:
    fresh = count(1)

    def text(shape: str) -> str:
        return shape.format(c=f"1.{next(fresh):06d}")

    def parse_and_differentiate(shape: str) -> None:
        gdviz.parse(text(shape)).gradient([0.5, 0.5])

    def parse_and_run(shape: str) -> None:
        gdviz.descend(gdviz.parse(text(shape)), [0.5, 0.5], 1e-4, 200)

    for title, action in (
        ("parse and first gradient", parse_and_differentiate),
        ("parse, gradient and a first run of 200 epochs", parse_and_run),
    ):
        contenders = {name: lambda shape=shape, action=action: action(shape) for name, shape in SHAPES.items()}
        yield race(contenders, rounds=part(21, share)).table(title, "a bowl")

    f = gdviz.PRESETS["himmelblau"].objective
    points = np.random.default_rng(0).uniform(-6, 6, (100_000, 2))

    def by_hand() -> tuple[np.ndarray, np.ndarray]:
        x, y = points[:, 0], points[:, 1]
        a, b = x**2 + y - 11, x + y**2 - 7
        return a**2 + b**2, np.stack([4 * x * a + 2 * b, 2 * a + 4 * y * b], axis=-1)

    yield race(
        {"gdviz": lambda: (f.value(points), f.gradient(points)), "NumPy by hand": by_hand}, rounds=part(21, share)
    ).table("Himmelblau's value and gradient at 100,000 points", "gdviz")
