"""The notebook's fit of y = 20x + 5 (100 rows, 5,000 epochs), and the same with 50,000 rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import gdviz
from tests import notebook
from tests.benchmarks.tables import Table
from tests.benchmarks.timing import part, race

START, RATE, EPOCHS = (33.267724471806574, 0.42634413141293237), 0.001, 5000


def numpy_loop(x: np.ndarray, y: np.ndarray, epochs: int) -> np.ndarray:
    theta = np.array(START)
    thetas = [theta]
    for _ in range(epochs):
        error = theta[0] * x + theta[1] - y
        theta = theta - RATE * np.array([2 * np.mean(error * x), 2 * np.mean(error)])
        thetas.append(theta)
    return np.array(thetas)


def run(share: float = 1) -> Iterator[Table]:
    data = notebook.line_data()
    x, y = (np.array(column) for column in zip(*data, strict=True))
    fit = gdviz.LeastSquares("slope*x + intercept", {"x": x, "y": y}, "y")

    def ours() -> gdviz.Trajectory:
        return gdviz.descend(fit, START, RATE, EPOCHS, tolerance=0)

    contenders = {
        "gdviz.descend": ours,
        "NumPy arrays per step": lambda: numpy_loop(x, y, EPOCHS),
        "the notebook's lists": lambda: notebook.fit_line(data, START, RATE, EPOCHS),
    }
    path, theirs, lists = (contender() for contender in contenders.values())
    apart = np.abs(path.thetas - np.array(lists)).max(), np.abs(path.thetas - theirs).max()
    yield race(contenders, rounds=part(5, share)).table(
        f"100 rows, {EPOCHS:,} epochs",
        "gdviz.descend",
        f"largest difference from the lists: {apart[0]:.1e}, from the NumPy loop: {apart[1]:.1e}",
    )

    random = np.random.default_rng(0)
    wide = random.uniform(-50, 49, 50_000)
    many = {"x": wide, "y": 20 * wide + 5 + random.normal(size=wide.size)}

    def fresh(columns) -> gdviz.Trajectory:
        """With everything that a new upload costs: the quadratic form is made anew."""
        return gdviz.descend(gdviz.LeastSquares("slope*x + intercept", columns, "y"), START, RATE, EPOCHS, tolerance=0)

    yield race({"100 rows": lambda: fresh({"x": x, "y": y}), "50,000 rows": lambda: fresh(many)}, part(9, share)).table(
        f"a model made and fitted for {EPOCHS:,} epochs", "100 rows"
    )
    curve = "a*exp(-b*x/50) + c"
    yield race(
        {
            f"{rows:,} rows": lambda rows=rows: gdviz.descend(
                gdviz.LeastSquares(curve, {name: column[:rows] for name, column in many.items()}, "y"),
                (1.0, 0.5, 0.0),
                1e-6,
                100,
            )
            for rows in (100, 50_000)
        },
        rounds=part(3, share),
    ).table(f"a model that is not linear in its parameters, {curve}, 100 epochs", "100 rows")
