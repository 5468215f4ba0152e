"""Runs whose printed outcome is published: the notebook's, Dive into Deep Learning's, Boyd & Vandenberghe's."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial

import numpy as np

from gdviz.descent import Trajectory
from gdviz.experiments import Experiment, decode
from gdviz.lessons.published.case import Published

NOTEBOOK = "The notebook that gdviz grew from"
D2L = "Dive into Deep Learning (2023), chapter “Optimization Algorithms”"
BOYD = "Boyd & Vandenberghe, Convex Optimization (2004), §9.3.2"

# Far beyond any run below: a published run of k epochs has k epochs, however small its gradient becomes.
_ALL_EPOCHS = {"tolerance": "0"}


def _experiment(link: tuple[tuple[str, str], ...]) -> Experiment:
    experiment, notes = decode(dict(link))
    if notes:
        raise ValueError(" ".join(notes))
    return experiment


@cache
def _run(link: tuple[tuple[str, str], ...]) -> Trajectory:
    return _experiment(link).run()


def forget_runs() -> None:
    """Let the next look at a run make it anew."""
    _run.cache_clear()


def _theta(link: tuple[tuple[str, str], ...], epoch: int, axis: int) -> float:
    return float(_run(link).thetas[epoch, axis])


def _thetas(source: str, setting: str, link: dict[str, str], published: dict[int, Sequence[str]]) -> list[Published]:
    """A case for each parameter at each published epoch of one run."""
    link = link | _ALL_EPOCHS
    names = _experiment(tuple(link.items())).problem().objective.variables  # nothing runs yet
    return [
        Published(
            source, setting, f"{name} after epoch {epoch}", digits, partial(_theta, tuple(link.items()), epoch, i), link
        )
        for epoch, row in published.items()
        for i, (name, digits) in enumerate(zip(names, row, strict=True))
    ]


def _formula(
    formula: str, start: str, learning_rate: str, epochs: int, optimizer: str = "gd", **own: str
) -> dict[str, str]:
    link = {"objective": "formula", "formula": formula, "start": start, "learning_rate": learning_rate}
    return link | {"epochs": str(epochs), "optimizer": optimizer, **own}


def _boyd(condition: int, epoch: int) -> list[Published]:
    """½(x² + γy²) with exact line search from (γ, 1): x = γ rᵏ and y = (-r)ᵏ with r = (γ - 1)/(γ + 1)."""
    shrink = (condition - 1) / (condition + 1)
    published = (f"{condition * shrink**epoch:.9g}", f"{(-shrink) ** epoch:.9g}")
    link = _formula(f"0.5*(x^2 + {condition}*y^2)", f"{condition},1", "1", epoch, schedule="exact")
    return _thetas(BOYD, f"½(x² + {condition}y²) from ({condition}, 1), exact line search", link, {epoch: published})


_SQUARES = {"objective": "sum_of_squares", "learning_rate": "0.01", "epochs": "1000", "optimizer": "gd"}
_LINE = {"objective": "fit", "data": "line", "learning_rate": "0.001", "epochs": "5000", "optimizer": "gd"}
_WAVE, _BOWL, _RAVINE = "x*cos(0.15*pi*x)", "x^2 + 2*y^2", "0.1*x^2 + 2*y^2"

RUNS: tuple[Published, ...] = (
    *_thetas(
        NOTEBOOK, "sum of squares, 3 parameters, rate 0.01", _SQUARES,
        {1: ("5.959514567919295", "-7.755049628471903", "-3.2328058415362424")},
    ),
    *_thetas(
        NOTEBOOK, "y = 20x + 5 fitted, rate 0.001", _LINE,
        {1: ("11.145854121436422", "0.4487591676219131"), 2: ("25.901164060169528", "0.4490075034081058")},
    ),
    *_thetas(D2L, "x², gradient descent, rate 0.2", _formula("x^2", "10", "0.2", 10), {10: ("0.060466",)}),
    *_thetas(D2L, "x², gradient descent, rate 0.05", _formula("x^2", "10", "0.05", 10), {10: ("3.486784",)}),
    *_thetas(D2L, "x², gradient descent, rate 1.1", _formula("x^2", "10", "1.1", 10), {10: ("61.917364",)}),
    *_thetas(D2L, "x·cos(0.15πx), gradient descent, rate 2", _formula(_WAVE, "10", "2", 10), {10: ("-1.528166",)}),
    *_thetas(D2L, "x·cos(0.15πx), Newton, rate 1", _formula(_WAVE, "10", "1", 10, "newton"), {10: ("26.8341",)}),
    *_thetas(D2L, "x·cos(0.15πx), Newton, rate 0.5", _formula(_WAVE, "10", "0.5", 10, "newton"), {10: ("7.2699",)}),
    *_thetas(
        D2L, "x² + 2y², gradient descent, rate 0.1", _formula(_BOWL, "-5,-2", "0.1", 20),
        {20: ("-0.057646", "-0.000073")},
    ),
    *_thetas(
        D2L, "0.1x² + 2y², gradient descent, rate 0.4", _formula(_RAVINE, "-5,-2", "0.4", 20),
        {20: ("-0.943467", "-0.000073")},
    ),
    *_thetas(
        D2L, "0.1x² + 2y², gradient descent, rate 0.6: diverges", _formula(_RAVINE, "-5,-2", "0.6", 20),
        {20: ("-0.387814", "-1673.365109")},
    ),
    *_thetas(
        D2L, "0.1x² + 2y², heavy ball, rate 0.6, β 0.5", _formula(_RAVINE, "-5,-2", "0.6", 20, "momentum", beta="0.5"),
        {20: ("0.007188", "0.002553")},
    ),
    *_boyd(10, 5),
)  # fmt: skip


def steps_to(link: tuple[tuple[str, str], ...], error: float) -> float:
    """The first epoch at which every parameter is within ``error``, a share of its start, of the minimum at zero."""
    thetas = np.abs(_run(link).thetas)
    return float(np.flatnonzero((thetas <= error * thetas[0]).all(axis=1))[0])
