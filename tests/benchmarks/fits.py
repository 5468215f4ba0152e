"""Fits of many rows: full-batch, mini-batch, wide, and reading the file; beside scikit-learn and torch if installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.util import find_spec

import numpy as np

import gdviz
from gdviz.datasets import read_csv
from gdviz.descent.minibatch import descend_minibatch
from gdviz.fits import Fit
from tests.benchmarks.tables import Table
from tests.benchmarks.timing import part, race

ROWS, BATCH, RATE = 50_000, 32, 0.01
RAT43 = "b1/((1 + exp(b2 - b3*x))^(1/b4))"


def line_data(rows: int = ROWS) -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    x = random.normal(size=rows)
    return {"x": x, "y": 20 * x + 5 + random.normal(size=rows)}


def full_batch(share: float) -> Iterator[Table]:
    data = line_data()
    fit = Fit("slope*x + intercept", data, "y")
    fit.quadratic
    yield race(
        {
            "50,000 rows": lambda: gdviz.descend(fit, (0, 0), RATE, 5000, tolerance=0),
            "made anew as well": lambda: gdviz.descend(
                Fit("slope*x + intercept", data, "y"), (0, 0), RATE, 5000, tolerance=0
            ),
        },
        rounds=part(9, share),
    ).table("a line, 5,000 epochs", "50,000 rows")

    random = np.random.default_rng(0)
    x = random.uniform(1, 15, 1000)
    y = 700 / (1 + np.exp(5.3 - 0.76 * x)) ** (1 / 1.3) + random.normal(size=1000)
    curve = gdviz.LeastSquares(RAT43, {"x": x, "y": y}, "y")
    start = (690.0, 5.0, 0.7, 1.2)

    def numpy_loop() -> np.ndarray:
        b1, b2, b3, b4 = start
        for _ in range(1000):
            grown = np.exp(b2 - b3 * x)
            base = 1 + grown
            power = base ** (1 / b4)
            model = b1 / power
            error = 2 * (model - y) / len(x)
            inner = model / b4 * grown / base
            slopes = error @ (1 / power), -(error @ inner), error @ (inner * x), error @ (model * np.log(base)) / b4**2
            b1, b2, b3, b4 = (b - 1e-6 * s for b, s in zip((b1, b2, b3, b4), slopes, strict=True))
        return np.array([b1, b2, b3, b4])

    def ours() -> np.ndarray:
        return gdviz.descend(curve, start, 1e-6, 1000, tolerance=0).thetas[-1]

    yield race({"gdviz.descend": ours, "NumPy by hand": numpy_loop}, part(9, share)).table(
        "Rat43's curve on 1,000 rows, 1,000 epochs", "gdviz.descend",
        f"largest difference: {np.abs(ours() - numpy_loop()).max():.1e}",
    )  # fmt: skip


def mini_batch(share: float) -> Iterator[Table]:
    data = line_data()
    columns, target = data["x"][:, None], data["y"]
    fit = Fit("slope*x + intercept", data, "y")
    fit.quadratic

    def ours(size: int) -> Callable[[], object]:
        return lambda: descend_minibatch(fit, (0, 0), RATE, 1, batch_size=size)

    contenders: dict[str, Callable[[], object]] = {"gdviz, batch 32": ours(BATCH), "gdviz, batch 1": ours(1)}
    contenders["NumPy by hand, batch 32"] = lambda: numpy_epoch(columns[:, 0], target)
    missing = []
    if find_spec("sklearn"):
        from sklearn.linear_model import SGDRegressor

        contenders["scikit-learn SGDRegressor, batch 1"] = lambda: SGDRegressor(
            max_iter=1, tol=None, penalty=None, learning_rate="constant", eta0=2 * RATE, random_state=0
        ).fit(columns, target)
    else:
        missing.append("scikit-learn")
    if find_spec("torch"):
        contenders["torch, batch 32"] = torch_epoch(columns, target)
    else:
        missing.append("torch")
    note = f"not installed: {', '.join(missing)}" if missing else "scikit-learn's only batch is 1, in compiled code"
    yield race(contenders, rounds=part(5, share)).table("a line on 50,000 rows, one epoch", "gdviz, batch 32", note)

    ten = {f"x{i}": np.random.default_rng(i).normal(size=ROWS) for i in range(10)}
    kinds = {**ten, "kind": (sum(ten.values()) > 0).astype(float)}
    classes = Fit("linear(*)", kinds, "kind", "log")
    yield race(
        {
            "full batch": lambda: gdviz.descend(classes, [0] * 11, RATE, 1),
            "batch 32": lambda: descend_minibatch(classes, [0] * 11, RATE, 1, batch_size=BATCH),
        },
        rounds=part(5, share),
    ).table("logistic regression, 10 columns, 50,000 rows, one epoch", "full batch")


def numpy_epoch(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    theta, order = np.zeros(2), np.random.default_rng(0).permutation(len(x))
    for first in range(0, len(x), BATCH):
        rows = order[first : first + BATCH]
        error = theta[0] * x[rows] + theta[1] - y[rows]
        theta = theta - RATE * 2 * np.array([np.mean(error * x[rows]), np.mean(error)])
    return theta


def torch_epoch(columns: np.ndarray, target: np.ndarray) -> Callable[[], object]:
    import torch

    x, y = torch.tensor(columns), torch.tensor(target)[:, None]

    def epoch() -> object:
        model = torch.nn.Linear(1, 1, dtype=torch.float64)
        optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
        for rows in torch.randperm(len(x)).split(BATCH):
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(model(x[rows]), y[rows]).backward()
            optimizer.step()
        return model

    return epoch


def wide(share: float) -> Iterator[Table]:
    random = np.random.default_rng(0)
    data = {f"c{i}": random.normal(size=ROWS) for i in range(99)}
    data["y"] = sum(data.values()) + random.normal(size=ROWS)
    design = np.column_stack([np.ones(ROWS), *list(data.values())[:-1]])
    yield race(
        {
            "Fit, made and solved": lambda: Fit("linear(*)", data, "y").quadratic,
            "standardized": lambda: Fit("linear(*)", data, "y", standardize=True).quadratic,
            "np.linalg.lstsq": lambda: np.linalg.lstsq(design, data["y"]),
        },
        rounds=part(3, share),
    ).table("99 columns of 50,000 rows", "np.linalg.lstsq")


def reading(share: float) -> Iterator[Table]:
    plain = (",".join(f"c{i}" for i in range(100)) + "\n" + (",".join(["1"] * 100) + "\n") * 24_000).encode()
    odd = plain.replace(b"1,1\n", b"1, 1\n")
    contenders: dict[str, Callable[[], object]] = {
        "read_csv": lambda: read_csv(plain), "with spaces, cell by cell": lambda: read_csv(odd)
    }  # fmt: skip
    if find_spec("pandas"):
        from io import BytesIO

        import pandas

        contenders["pandas.read_csv"] = lambda: pandas.read_csv(BytesIO(plain))
    yield race(contenders, rounds=part(3, share)).table("a file of 100 columns and 24,000 rows, 5 MB", "read_csv")


def run(share: float = 1) -> Iterator[Table]:
    yield from full_batch(share)
    yield from mini_batch(share)
    yield from wide(share)
    yield from reading(share)
