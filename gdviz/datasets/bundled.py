"""The data sets that come with the page: the notebook's line, Anscombe's quartet, three of NIST's certified fits, and
two classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from gdviz.cache import cached_property
from gdviz.datasets.table import Table, make_table
from gdviz.fits import Fit, LeastSquares
from gdviz.landscapes import Window
from gdviz.numerals import format_number
from gdviz.presets.preset import Extremum, Point

ANSCOMBE = "Anscombe, Graphs in Statistical Analysis (1973)"
_NIST = "NIST Statistical Reference Datasets, nonlinear regression (public domain)"


@dataclass(frozen=True)
class Dataset:
    """A table, a model to fit to it, and a first run that shows something.

    With n the number of parameters of ``model``, in the order of ``objective.variables``:

    key            what the link says
    title          what the page says
    table          the columns
    target         the column that the model is to reproduce
    model          formula text; its names are columns or parameters
    start          (n,)
    learning_rate  for plain gradient descent on the mean squared error, whose gradient carries the 2
    epochs         how many are worth looking at, with that learning rate
    window         (n, 2) per parameter the (low, high) of the drawn box; holds ``start`` and the best fit
    minima         ((parameters, mean loss), ...) of the best fit, to the digits that were published
    source         paper or collection, with the year
    note           plain sentences for a student on the data, true of every run
    run_note       the same on the run from ``start`` at ``learning_rate``
    loss           name of the loss, a key of gdviz.fits.LOSSES
    """

    key: str
    title: str
    table: Table
    target: str
    model: str
    start: Point
    learning_rate: float
    epochs: int
    window: Window
    minima: tuple[Extremum, ...]
    source: str
    note: str
    loss: str = "squared"
    run_note: str = ""

    @cached_property
    def objective(self) -> Fit:
        """The mean loss of the model, as an objective of its parameters; made once."""
        if self.loss != "squared":
            return Fit(self.model, data=self.table.columns, target=self.target, loss=self.loss)  # type: ignore[arg-type]
        return LeastSquares(self.model, data=self.table.columns, target=self.target)


def _points(pairs: str) -> Table:
    """A table of the columns x and y from text such as ``"1,2 3,4"``."""
    rows = [[float(cell) for cell in pair.split(",")] for pair in pairs.split()]
    return make_table({"x": [row[0] for row in rows], "y": [row[1] for row in rows]})


def line_table(noise: float) -> Table:
    """Return the notebook's y = 20x + 5 on x = -50 … 49, with normal noise of that standard deviation.

    The noise is drawn from NumPy's RandomState, whose stream is frozen: it is the same for good. Raises ValueError
    unless noise is from 0 to 1e6.
    """
    if not 0 <= noise <= 1e6:
        raise ValueError(
            f"noise is {format_number(noise, 12)}; it must be at least 0 and at most {format_number(1e6)}."
        )
    x = np.arange(-50.0, 50.0)
    return make_table({"x": x, "y": 20 * x + 5 + noise * np.random.RandomState(0).standard_normal(100)})


def classes_table(distance: float = 2.0) -> Table:
    """Return 80 points of two classes, x1 and x2 normal around centers ``distance`` apart, and their label, 0 or 1.

    To two decimals, from NumPy's frozen RandomState. At a distance of 2 the classes overlap; from about 6 on a line
    separates them.
    """
    random = np.random.RandomState(0)
    label = np.arange(80) % 2
    x1, x2 = (random.standard_normal((80, 2)) + np.outer(label, (distance * 0.8, distance * 0.6))).T
    return make_table({"x1": np.round(10 + 3 * x1, 2), "x2": np.round(x2, 2), "label": label})


def _anscombe(number: int, line: Point, error: float, pairs: str, note: str) -> Dataset:
    """One of the quartet; ``line`` is its best slope and intercept, ``error`` the mean squared error there."""
    return Dataset(
        key=f"anscombe{number}",
        title=f"Anscombe’s quartet, {('I', 'II', 'III', 'IV')[number - 1]}",
        table=_points(pairs),
        target="y",
        model="slope*x + intercept",
        start=(0.9, -0.5),
        learning_rate=0.01,
        epochs=5000,
        window=((-1.0, 2.0), (-4.0, 8.0)),
        minima=((line, error),),
        source=ANSCOMBE,
        note=note + " All four sets have, to two decimals, the same best line, 3.00 + 0.50 x, and the same landscape: "
        "steep in the slope, flat in the intercept (condition number 850), so gradient descent needs thousands of "
        "epochs.",
    )


_DATASETS = (
    Dataset(
        key="line",
        title="The line y = 20x + 5",
        table=make_table({"x": range(-50, 50), "y": range(-995, 1005, 20)}),
        target="y",
        model="slope*x + intercept",
        start=(33.267724471806574, 0.42634413141293237),
        learning_rate=0.001,
        epochs=5000,
        window=((0.0, 40.0), (-2.0, 10.0)),
        minima=(((20.0, 5.0), 0.0),),
        source="The notebook that this page started from; the start is the one of its printed run",
        note="100 points on x = −50 … 49.",
        run_note="The slope swings in from both sides, the intercept creeps: "
        "the limit of the learning rate, 0.0012, is set by the slope alone.",
    ),
    _anscombe(
        1,
        (0.5000909, 3.0000909),
        1.251154,
        "10,8.04 8,6.95 13,7.58 9,8.81 11,8.33 14,9.96 6,7.24 4,4.26 12,10.84 7,4.82 5,5.68",
        "A line with noise: what a linear fit is made for.",
    ),
    _anscombe(
        2,
        (0.5, 3.0009091),
        1.252390,
        "10,9.14 8,8.14 13,8.74 9,8.77 11,9.26 14,8.10 6,6.13 4,3.10 12,9.13 7,7.26 5,4.74",
        "A parabola: the best line is the wrong model. Try a*x^2 + b*x + c.",
    ),
    _anscombe(
        3,
        (0.4997273, 3.0024545),
        1.250563,
        "10,7.46 8,6.77 13,12.74 9,7.11 11,7.81 14,8.84 6,6.08 4,5.39 12,8.15 7,6.42 5,5.73",
        "A perfect line and one outlier, which squared errors take very seriously.",
    ),
    _anscombe(
        4,
        (0.4999091, 3.0017273),
        1.249318,
        "8,6.58 8,5.76 8,7.71 8,8.84 8,8.47 8,7.04 8,5.25 19,12.50 8,5.56 8,7.91 8,6.89",
        "Ten points above one x: a single point decides the slope.",
    ),
    Dataset(
        key="misra1a",
        title="Misra1a, adsorption of molecules",
        table=_points(
            "77.6,10.07 114.9,14.73 141.1,17.94 190.8,23.93 239.9,29.61 289.0,35.18 332.8,40.02 378.4,44.82 "
            "434.8,50.76 477.3,55.05 536.8,61.01 593.1,66.4 689.1,75.47 760.0,81.78"
        ),
        target="y",
        model="b1*(1 - exp(-b2*x))",
        start=(250.0, 0.0005),
        learning_rate=1e-10,
        epochs=200,
        window=((200.0, 520.0), (0.0001, 0.001)),
        minima=(((238.94212918, 5.5015643181e-4), 0.12455138894 / 14),),
        source=_NIST + "; Misra (1978)",
        note="The curvatures differ by a factor of 57 million million.",
        run_note="b2 finds its place in a few epochs, while "
        "b1, at any learning rate that b2 survives, does not move visibly. Rescale b2, or take another method.",
    ),
    Dataset(
        key="rat43",
        title="Rat43, growth of onions",
        table=_points(
            "1,16.08 2,33.83 3,65.8 4,97.2 5,191.55 6,326.2 7,386.87 8,520.53 9,590.03 10,651.92 11,724.93 "
            "12,699.56 13,689.96 14,637.56 15,717.41"
        ),
        target="y",
        model="b1/((1 + exp(b2 - b3*x))^(1/b4))",
        start=(700.0, 5.0, 0.75, 1.3),
        learning_rate=1e-6,
        epochs=5000,
        window=((500.0, 900.0), (3.0, 8.0), (0.3, 1.3), (0.5, 2.5)),
        minima=(((699.64151270, 5.2771253025, 0.75962938329, 1.2792483859), 8786.4049080 / 15),),
        source=_NIST + "; Ratkowsky (1983)",
        note="A long flat valley (condition number 1.4 million): learning rates above about 0.000003 diverge.",
        run_note="The error falls at once to within 0.2 % of the best, the parameters hardly move.",
    ),
    Dataset(
        key="thurber",
        title="Thurber, mobility of electrons",
        table=_points(
            "-3.067,80.574 -2.981,84.248 -2.921,87.264 -2.912,87.195 -2.84,89.076 -2.797,89.608 -2.702,89.868 "
            "-2.699,90.101 -2.633,92.405 -2.481,95.854 -2.363,100.696 -2.322,101.06 -1.501,401.672 -1.46,390.724 "
            "-1.274,567.534 -1.212,635.316 -1.1,733.054 -1.046,759.087 -0.915,894.206 -0.714,990.785 -0.566,1090.109 "
            "-0.545,1080.914 -0.4,1122.643 -0.309,1178.351 -0.109,1260.531 -0.103,1273.514 0.01,1288.339 "
            "0.119,1327.543 0.377,1353.863 0.79,1414.509 0.963,1425.208 1.006,1421.384 1.115,1442.962 1.572,1464.35 "
            "1.841,1468.705 2.047,1447.894 2.2,1457.628"
        ),
        target="y",
        model="(b1 + b2*x + b3*x^2 + b4*x^3)/(1 + b5*x + b6*x^2 + b7*x^3)",
        start=(1000.0, 1000.0, 400.0, 40.0, 0.7, 0.3, 0.03),
        learning_rate=1e-8,
        epochs=5000,
        window=((800.0, 1500.0), (800.0, 1700.0), (300.0, 700.0), (20.0, 100.0), (0.5, 1.2), (0.1, 0.6), (-0.2, 0.2)),
        minima=(
            (
                (1288.1396800, 1491.0792535, 583.23836877, 75.416644291, 0.96629502864, 0.39797285797, 0.049727297349),
                5642.7082397 / 37,
            ),
        ),
        source=_NIST + "; Thurber (1979)",
        note="Seven parameters of very different sizes, three of them below a fraction bar.",
        run_note="The small ones below the fraction bar move, the large ones above it stand still, and the error stays "
        "180 times too large. Larger learning rates throw the poles into the data.",
    ),
    Dataset(
        key="classes",
        title="Two classes",
        table=classes_table(),
        target="label",
        model="b0 + b1*x1 + b2*x2",
        start=(0.0, 0.0, 0.0),
        learning_rate=0.03,
        epochs=5000,
        window=((-12.0, 2.0), (-1.0, 2.0), (-1.0, 4.0)),
        minima=(((-7.13766383, 0.4640911784, 1.46010701), 0.351138869461),),
        source="Drawn for this page from two normal distributions; the best fit was computed with Newton’s method",
        note="80 points of two kinds that overlap, x1 on a scale three times as wide and away from 0. The model gives "
        "the log-odds of label 1; the boundary is where they are 0. Standardize the columns to see "
        "the condition number fall from 5,600 to 3.",
        loss="log",
    ),
)

#: Every data set by its key, in the order in which the page lists them. Read-only.
DATASETS: Mapping[str, Dataset] = MappingProxyType({dataset.key: dataset for dataset in _DATASETS})
