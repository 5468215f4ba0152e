"""What is said of maps and sweeps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

import gdviz
from gdviz.maps.summary import summary
from gdviz.theory import stability_limit
from tests.sentences.case import Case

# -- maps --

BOWL, HILLS = gdviz.parse("x^2 + 5*y^2"), gdviz.parse("(x^2 - 1)^2 + y^2")
RATES = np.geomspace(1e-3, 1, 61)


def swept(rates: Any, epochs: int = 300, f: Any = BOWL) -> gdviz.maps.LearningRateSweep:
    return gdviz.learning_rate_sweep(f, [3.0, 1.0], rates, epochs)


def mapped(side: int, high: float = 1.0) -> gdviz.maps.Trainability:
    axes = (("learning_rate", 1e-3, high), ("x", -1.0, 1.0))
    return gdviz.trainability(BOWL, [1.0, 1.0], *axes, shape=(side, side), epochs=200, optimizer="gd")


def reached(f: Any, window: Any = ((-2, 2), (-2, 2)), side: int = 20, **how: Any) -> gdviz.maps.Basins:
    return gdviz.basins(f, window, (side, side), **({"learning_rate": 0.05, "epochs": 500} | how))


def share(found: gdviz.maps.Basins, fate: int) -> float:
    return float(np.mean(found.reached == fate))


SCATTERED = np.array([0.1, 0.5, 0.6, 5.0, 6.0])
ROUGH = gdviz.parse("x^2 + 3*sin(5*x) + 0*y")
MAPS = [
    Case("Rates from 0.001 to 0.2113 work", lambda: summary(swept(RATES)),
         lambda: bool(swept(RATES).works[RATES < 0.19].all() and not swept(RATES).works[RATES > 0.21].any())),
    Case("Where it ends, theory puts the limit at 0.2.", lambda: summary(swept(RATES)),
         lambda: stability_limit(gdviz.GradientDescent(), 10.0) == 0.2),
    Case("none of them converges in time, and the one that ends lowest is", lambda: summary(swept(RATES, 3)),
         lambda: gdviz.StopReason.CONVERGED not in swept(RATES, 3).stop_reasons),
    Case("No rate works", lambda: summary(swept([1.0, 2.0])),
         lambda: bool((swept([1.0, 2.0]).values > swept([1.0, 2.0]).start_value).all()
                      or gdviz.StopReason.DIVERGED in swept([1.0, 2.0]).stop_reasons)),
    Case("rates work too.", lambda: summary(swept(np.geomspace(1e-3, 3, 400), 100, ROUGH)),
         lambda: bool(np.diff(swept(np.geomspace(1e-3, 3, 400), 100, ROUGH).works.astype(int)).astype(bool).sum() > 1)),
    Case("% stay bounded. Its boundary has dimension", lambda: summary(mapped(64)),
         lambda: 0 < mapped(64).trained.mean() < 1 and bool(np.isfinite(mapped(64).dimension))),
    Case("The map is too small for the dimension of its boundary", lambda: summary(mapped(4)),
         lambda: 0 < mapped(4).trained.mean() < 1),
    Case("100.0 % stay bounded. There is no boundary", lambda: summary(mapped(8, 0.1)),
         lambda: bool(mapped(8, 0.1).trained.all())),
    Case("to the minimum (", lambda: summary(reached(HILLS)), lambda: reached(HILLS).shares.sum() > 0.9),
    Case("% diverge", lambda: summary(reached(HILLS, ((-9, 9), (-2, 2)))),
         lambda: share(reached(HILLS, ((-9, 9), (-2, 2))), -1) > 0),
    Case("Of all starts 100.00 % do not come to rest.", lambda: summary(reached(HILLS, epochs=2)),
         lambda: share(reached(HILLS, epochs=2), -2) == 1),
    Case("under 0.01 % diverge", lambda: summary(nearly_all(reached(HILLS), 1)), lambda: True),
    Case("over 99.99 %", lambda: summary(nearly_all(reached(BOWL), 1)), lambda: True),
    Case("and to 4 more limits", lambda: summary(reached(gdviz.parse("sin(5*x) + sin(5*y)"), side=40, epochs=2000)),
         lambda: len(reached(gdviz.parse("sin(5*x) + sin(5*y)"), side=40, epochs=2000).points) == 16),
]  # fmt: skip


def nearly_all(found: gdviz.maps.Basins, lost: int) -> gdviz.maps.Basins:
    """The basins of a map 10 times as wide and as high, in which so many starts diverge."""
    whole = np.kron(found.reached, np.ones((10, 10), dtype=np.int32))
    whole.flat[:lost] = -1
    shares = np.array([np.mean(whole == k) for k in range(len(found.points))])
    return replace(found, reached=whole, shares=shares)
