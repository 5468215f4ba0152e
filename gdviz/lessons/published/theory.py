"""Numbers of the theory: best rates and momenta, stability limits, the best spacing of a difference quotient."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from gdviz.lessons.published.case import Published
from gdviz.lessons.published.runs import steps_to
from gdviz.objectives.differences import BEST_CENTRAL_H, BEST_FORWARD_H
from gdviz.optimizers.first_order import GradientDescent, Momentum, Nesterov
from gdviz.theory import Curvature, best_settings, stability_limit

DISTILL = "Goh, Why Momentum Really Works, Distill (2017)"
PRESS = "Press et al., Numerical Recipes (2007), §5.7"

_CURVATURES = Curvature(np.array([0.01, 0.1, 1.0]), np.eye(3))
_SETTING = "curvatures 0.01, 0.1 and 1"
_LINK = {"objective": "three_curvatures", "start": "1,1,1", "epochs": "1000", "tolerance": "0"}
_PLAIN = _LINK | {"learning_rate": repr(2 / 1.01), "optimizer": "gd"}
_HEAVY = _LINK | {"learning_rate": repr((2 / 1.1) ** 2), "optimizer": "momentum", "beta": repr((0.9 / 1.1) ** 2)}


def _best(optimizer: Any, name: str) -> float:
    """One of the best settings for the three curvatures: learning_rate, rate (the error's factor), or beta."""
    found = best_settings(optimizer, _CURVATURES)
    assert found is not None
    return float(found.hyperparameters[name] if name == "beta" else getattr(found, name))


def _distill(quantity: str, published: str, optimizer: Any, name: str, link: dict[str, str]) -> Published:
    return Published(DISTILL, _SETTING, quantity, published, partial(_best, optimizer, name), link)


def _epochs(quantity: str, published: str, link: dict[str, str]) -> Published:
    return Published(DISTILL, _SETTING, quantity, published, partial(steps_to, tuple(link.items()), 1e-6), link)


def _limit(source: str, optimizer: Any, published: str) -> Published:
    setting = f"{optimizer.title}, largest curvature 1" + (", β 0.9" if hasattr(optimizer, "beta") else "")
    return Published(source, setting, "limit of the learning rate", published, partial(stability_limit, optimizer, 1.0))


THEORY: tuple[Published, ...] = (
    _distill("best rate of gradient descent", "1.980198", GradientDescent(), "learning_rate", _PLAIN),
    _distill("its error factor", "0.980198", GradientDescent(), "rate", _PLAIN),
    _epochs("its epochs to a millionth of the error", "691", _PLAIN),
    _distill("best rate of heavy ball", "3.305785", Momentum(), "learning_rate", _HEAVY),
    _distill("its momentum", "0.669421", Momentum(), "beta", _HEAVY),
    _distill("its error factor", "0.818182", Momentum(), "rate", _HEAVY),
    _epochs("its epochs to a millionth of the error", "95", _HEAVY),
    _limit("Nesterov, Introductory Lectures (2004), §1.2: 2/L", GradientDescent(), "2"),
    _limit("Polyak (1964): (2 + 2β)/L", Momentum(0.9), "3.8"),
    _limit("Nesterov’s momentum on a quadratic: (2 + 2β)/((1 + 2β)L)", Nesterov(0.9), "1.357142857"),
    Published(PRESS, "well-scaled functions", "best h, forward differences", "1.5e-8", lambda: BEST_FORWARD_H),
    Published(PRESS, "well-scaled functions", "best h, central differences", "6.1e-6", lambda: BEST_CENTRAL_H),
)
