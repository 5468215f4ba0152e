"""NIST's 27 data sets for nonlinear regression, with their certified values (public domain).

Source: National Institute of Standards and Technology, Statistical Reference Datasets, Nonlinear Regression (1999).
``nist/sets.csv`` has a line for each: the model, two starts and the certified parameters b1, b2, … and residual sum of
squares as printed; the observations are in files of the sets' names. NIST's files print log[y] as Nelson's target.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

import gdviz
from gdviz.datasets import read_csv

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class NistSet:
    """``starts``, two of (n,), and ``certified`` (n,) belong to the parameters b1 … bn in this order."""

    name: str
    model: str
    target: str
    starts: tuple[tuple[float, ...], tuple[float, ...]]
    certified: tuple[float, ...]
    residual: float

    @cached_property
    def columns(self) -> dict[str, np.ndarray]:
        columns = dict(read_csv((FOLDER / f"{self.name.lower()}.csv").read_bytes()).columns)
        return columns | {"y": np.log(columns["y"])} if self.target == "log(y)" else columns

    def fit(self) -> gdviz.LeastSquares:
        return gdviz.LeastSquares(self.model, data=self.columns, target="y")

    def ordered(self, numbers: tuple[float, ...]) -> list[float]:
        """Numbers for b1 … bn, in the order of the fit's variables."""
        return [numbers[int(name[1:]) - 1] for name in self._variables]

    @cached_property
    def _variables(self) -> tuple[str, ...]:
        return self.fit().variables


def _read(line: dict[str, str]) -> NistSet:
    first, second, certified = (tuple(map(float, line[key].split())) for key in ("start1", "start2", "certified"))
    return NistSet(line["name"], line["model"], line["target"], (first, second), certified, float(line["residual"]))


with (FOLDER / "sets.csv").open(encoding="utf-8", newline="") as lines:
    NIST = tuple(map(_read, csv.DictReader(lines)))
