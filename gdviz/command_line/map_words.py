"""What the words of ``gdviz map`` mean: sizes, axes, rates, places. Each raises ValueError that says what to write."""

from __future__ import annotations

import re

import numpy as np

from gdviz.experiments import Task
from gdviz.maps import Axis
from gdviz.maps.usual_axes import usual_axis, usual_names

LARGEST_SIDE = 16_384  # pixels


def size(text: str | None, kind: str) -> tuple[int, int]:
    """Return width and height."""
    if text is None:
        return (2000, 1) if kind == "sweep" else (512, 512)
    match = re.fullmatch(r"(\d{1,7})(?:x(\d{1,7}))?", text)
    if match is None or (kind == "sweep" and match[2]):
        raise ValueError(f"--size is “{text}”; write one number, or WIDTHxHEIGHT for a map of two axes.")
    width, height = int(match[1]), int(match[2] or match[1])
    what, most, unit = ("a sweep", 1_000_000, "rates") if kind == "sweep" else ("a side", LARGEST_SIDE, "pixels")
    if not (1 <= width <= most and 1 <= height <= most):
        raise ValueError(f"--size is “{text}”; {what} has from 1 to {most:,} {unit}.")
    return width, height


def axes(task: Task, kind: str, x: str | None, y: str | None) -> tuple[Axis, Axis]:
    """Return both axes, the usual ones where none are named."""
    problem, optimizer, is_basins = task.problem, task.experiment.optimizer, kind == "basins"
    if is_basins and len(problem.variables) < 2:
        raise ValueError("Basins are a map of two parameters, and this function has one: map sweep or trainability.")
    if is_basins and problem.standardized is not None:
        raise ValueError("Basins are in the data's own units: leave standardize out.")
    if is_basins and any((text or "").endswith(",log") for text in (x, y)):
        raise ValueError("The axes of basins are linear: parameter,low,high.")
    names = usual_names(kind, problem.variables, optimizer)
    first, second = (
        _axis(text, option) if text
        else usual_axis(name, problem.variables, problem.window, problem.learning_rate, optimizer)
        for name, text, option in zip(names, (x, y), ("--x", "--y"), strict=True)
    )  # fmt: skip
    return first, second


def _axis(text: str, option: str) -> Axis:
    parts = text.split(",")
    if len(parts) not in (3, 4) or parts[3:] not in ([], ["log"], ["linear"]):
        raise ValueError(f"{option} is “{text}”; write name,low,high or name,low,high,log.")
    try:
        low, high = float(parts[1]), float(parts[2])
    except ValueError:
        raise ValueError(f"{option} is “{text}”; its ends must be numbers.") from None
    return Axis(parts[0], low, high, *parts[3:])


def two_numbers(text: str, option: str, form: str) -> tuple[float, float]:
    """Return what two numbers with a comma between them say."""
    try:
        first, second = (float(part) for part in text.split(","))
    except ValueError:
        raise ValueError(f"{option} is “{text}”; write {form}.") from None
    return first, second


def rates(text: str) -> tuple[float, float]:
    """Return the lowest and the highest rate of a sweep."""
    low, high = two_numbers(text, "--rates", "LOW,HIGH, such as 1e-5,1")
    if not (0 < low < high < np.inf):
        raise ValueError(f"--rates is “{text}”; it must be two numbers above 0, the lower first.")
    return low, high
