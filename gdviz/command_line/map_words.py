"""What the words of ``gdviz map`` mean: sizes, axes, rates, places. Each raises ValueError that says what to write."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from gdviz.experiments import Task

LARGEST_SIDE = 16_384  # pixels


def size(text: str | None, kind: str) -> tuple[int, int]:
    """Return width and height."""
    if text is None:
        return (2000, 1) if kind == "sweep" else (512, 512)
    match = re.fullmatch(r"(\d{1,7})(?:x(\d{1,7}))?", text)
    if match is None or (kind == "sweep" and match[2]):
        raise ValueError(f"--size is “{text}”; write one number, or WIDTHxHEIGHT for a map of two axes.")
    width, height = int(match[1]), int(match[2] or match[1])
    if not (1 <= width <= (1_000_000 if kind == "sweep" else LARGEST_SIDE) and height >= 1):
        raise ValueError(f"--size is “{text}”; a side has from 1 to {LARGEST_SIDE:,} pixels.")
    if kind != "sweep" and height > LARGEST_SIDE:
        raise ValueError(f"--size is “{text}”; a side has from 1 to {LARGEST_SIDE:,} pixels.")
    return width, height


def axes(task: Task, kind: str, x: str | None, y: str | None) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Return both axes as (name, low, high), of trainability perhaps with "log"."""
    if kind == "trainability":
        return _axis(x or "learning_rate,1e-4,1,log", "--x"), _axis(y or _second(task), "--y")
    if len(task.problem.variables) < 2:
        raise ValueError("Basins are a map of two parameters, and this function has one: map sweep or trainability.")
    if task.problem.standardized is not None:
        raise ValueError("Basins are in the data's own units: leave standardize out.")
    given = [_axis(text, name) if text else None for text, name in ((x, "--x"), (y, "--y"))]
    return _window_of(task, given[0], 0), _window_of(task, given[1], 1)


def _window_of(task: Task, axis: tuple[Any, ...] | None, number: int) -> tuple[Any, ...]:
    if axis is None:
        return task.problem.variables[number], *task.problem.window[number]
    if len(axis) != 3:
        raise ValueError("The axes of basins are linear: parameter,low,high.")
    return axis


def _second(task: Task) -> str:
    """Return the axis that a trainability map has if none is named: momentum, else the first coordinate."""
    if hasattr(task.experiment.optimizer, "beta"):
        return "beta,0,0.99"
    low, high = task.problem.window[0]
    return f"{task.problem.variables[0]},{low!r},{high!r}"


def _axis(text: str, option: str) -> tuple[Any, ...]:
    parts = text.split(",")
    if len(parts) not in (3, 4) or parts[3:] not in ([], ["log"], ["linear"]):
        raise ValueError(f"{option} is “{text}”; write name,low,high or name,low,high,log.")
    try:
        return (parts[0], float(parts[1]), float(parts[2]), *parts[3:])
    except ValueError:
        raise ValueError(f"{option} is “{text}”; its ends must be numbers.") from None


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
