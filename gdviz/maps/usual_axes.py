"""The axes of a map where none are named: one rule for the library, the command line and the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import Field, fields
from typing import Any

from gdviz.learning_rates import HIGHEST_RATE
from gdviz.maps.axes import RATE, Axis, changeable
from gdviz.optimizers import Optimizer

_FAR = 100.0  # times the problem's own learning rate, and as far below it


def usual_names(kind: str, variables: Sequence[str], optimizer: Optimizer) -> tuple[str, str]:
    """Return the names of both axes: of basins the first two parameters; else the learning rate and the optimizer's
    first setting, or, where it has none, the first coordinate of the start."""
    if kind == "basins":
        return variables[0], variables[1]
    return RATE, (*changeable(optimizer), *variables)[0]


def usual_axis(
    name: str, variables: Sequence[str], window: Sequence[tuple[float, float]], rate: float, optimizer: Optimizer
) -> Axis:
    """Return the whole of the axis ``name``: the ``window`` (n, 2) of a parameter, a hundred times the ``rate`` and a
    hundredth of it, or what is worth seeing of the optimizer's setting."""
    if name in variables:
        return Axis(name, *window[tuple(variables).index(name)])
    if name == RATE:
        return Axis(RATE, rate / _FAR, min(HIGHEST_RATE, rate * _FAR), "log")
    return setting_axis(name, optimizer)


def setting_axis(name: str, optimizer: Optimizer) -> Axis:
    """Return an axis around a setting's default: a small number's by its logarithm; else from its lowest to ten times
    the default or 1, or, where it ends short of a number as a momentum does of 1, ten times closer to that."""
    setting: Field[Any] = next(f for f in fields(optimizer) if f.name == name)
    low, high, default = setting.metadata["low"], setting.metadata["high"], float(setting.default)  # type: ignore[arg-type]
    if 0 < default < 0.01:
        return Axis(name, max(low, default / 1e3), min(high, default * 1e4), "log")
    top = min(high, max(1.0, 10 * default))
    if setting.metadata["open_high"] and top == high:
        top = high - (high - default) / 10
    return Axis(name, low + (top - low) / 1000 if setting.metadata["open_low"] else low, top)
