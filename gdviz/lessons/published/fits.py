"""Fits with certified values: NIST's nonlinear regression sets, and Anscombe's quartet."""

from __future__ import annotations

from functools import cache, partial

import numpy as np

from gdviz.datasets import DATASETS
from gdviz.datasets.bundled import ANSCOMBE
from gdviz.descent import descend
from gdviz.lessons.published.case import Published

NIST = "NIST Statistical Reference Datasets, nonlinear regression"
_ROMAN = ("I", "II", "III", "IV")


@cache
def _fitted(key: str, start: tuple[float, ...]) -> tuple[np.ndarray, float]:
    """The parameters that Levenberg–Marquardt finds, and the residual sum of squares there."""
    fit = DATASETS[key].objective
    run = descend(fit, start, 1.0, 500, "levenberg_marquardt", tolerance=0)
    return run.thetas[-1], float(run.values[-1]) * fit.rows


def forget_fits() -> None:
    """Let the next look at a fit make it anew."""
    _fitted.cache_clear()


def _nist(key: str, start: tuple[float, ...], certified: tuple[str, ...], residual: str) -> list[Published]:
    names = DATASETS[key].objective.variables
    link = {"objective": "fit", "data": key, "start": ",".join(map(repr, start)), "learning_rate": "1", "epochs": "500",
            "optimizer": "levenberg_marquardt"}  # fmt: skip
    setting = f"{key}, from the second start, Levenberg–Marquardt"
    rows = [
        Published(NIST, setting, name, digits, partial(lambda i: float(_fitted(key, start)[0][i]), i), link)
        for i, (name, digits) in enumerate(zip(names, certified, strict=True))
    ]
    return [*rows, Published(NIST, setting, "residual sum of squares", residual, lambda: _fitted(key, start)[1], link)]


def _anscombe(number: int) -> list[Published]:
    key = f"anscombe{number}"
    fit = DATASETS[key].objective
    link = {"objective": "fit", "data": key}

    def best(i: int) -> float:
        assert fit.quadratic is not None
        return float(fit.quadratic.center[i])

    return [
        Published(ANSCOMBE, f"set {_ROMAN[number - 1]}, best line", name, digits, partial(best, i), link)
        for i, (name, digits) in enumerate(zip(fit.variables, ("0.50", "3.00"), strict=True))
    ]


FITS: tuple[Published, ...] = (
    *_nist("misra1a", (250.0, 0.0005), ("238.94212918", "5.5015643181e-4"), "0.12455138894"),
    *_nist(
        "rat43", (700.0, 5.0, 0.75, 1.3),
        ("699.64151270", "5.2771253025", "0.75962938329", "1.2792483859"), "8786.4049080",
    ),
    *_nist(
        "thurber", (1300.0, 1500.0, 500.0, 75.0, 1.0, 0.4, 0.05),
        ("1288.1396800", "1491.0792535", "583.23836877", "75.416644291", "0.96629502864", "0.39797285797",
         "0.049727297349"),
        "5642.7082397",
    ),
    *(case for number in range(1, 5) for case in _anscombe(number)),
)  # fmt: skip
