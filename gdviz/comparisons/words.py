"""Who did best, in words: of runs as they are, and of runs each at its best rate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from gdviz.comparisons.fair import FairComparison, FairResult
from gdviz.comparisons.results import Result
from gdviz.descent import StopReason
from gdviz.landscapes import Window
from gdviz.numerals import format_assignment, format_count, format_number, listed

_FAR = 10  # half widths of the window


def standing(results: Sequence[Result], tolerance: float) -> str:
    """Say in a few sentences who reached the tolerance first and by which count, or else who got lowest.

    A run that came to rest higher up than another, in a worse minimum or on a saddle, is not first.
    """
    if not results:
        return "There is nothing to compare yet: add a run."
    rested = [r for r in results if r.epochs_to_tolerance is not None]
    if not rested:
        return _lowest(results, tolerance)
    depth = min(r.value for r in rested)
    slack = 1e-6 * max(abs(float(r.run.values[0]) - depth) for r in rested)
    done = sorted((r for r in rested if r.value <= depth + slack), key=_paid)
    above = [r for r in rested if r not in done]
    first, last = done[0], done[-1]
    quickest = min(done, key=lambda r: r.last_epoch)
    ties = [r for r in done if _paid(r) == _paid(first)]
    if quickest.last_epoch < first.last_epoch:
        words = (
            f"**{first.label}** reached the tolerance with the fewest gradient evaluations ({_effort(first)}), "
            f"**{quickest.label}** in the fewest epochs ({_effort(quickest)})."
        )
    elif len(ties) > 1:
        words = f"{_bold(ties)} reached the tolerance together: {_effort(first)}."
    else:
        words = f"**{first.label}** reached the tolerance first: {_effort(first)}."
        if len(done) > 1:
            words += f" {last.label} took {_effort(last)}."
    if above:
        ends = ", ".join(f"**{r.label}** at {format_number(r.value)}" for r in above)
        words += f" Higher up came to rest: {ends} instead of {format_number(depth)}."
        if min(map(_paid, above)) <= _paid(first) or min(r.last_epoch for r in above) <= quickest.last_epoch:
            words = f"Of the runs that come lowest, {words}"
    if others := len(results) - len(rested):
        words += f" {_number(others)} did not reach it."
    return words


def outlook(results: Sequence[Result]) -> Literal["error", "success", "info"]:
    """Return how pages show what :func:`standing` says: whether all runs were lost, or one reached the tolerance."""
    if results and all(r.run.stop_reason is StopReason.DIVERGED for r in results):
        return "error"
    return "success" if any(r.epochs_to_tolerance is not None for r in results) else "info"


def far_paths(results: Sequence[Result], window: Window) -> list[str]:
    """Say of each path that leaves ``window`` by far how far it goes: the picture cannot show that."""
    low, high = np.array(window, dtype=float).T
    sentences = []
    for r in results:
        with np.errstate(all="ignore"):
            away = np.abs(r.run.thetas / 2 - (low + high) / 4) / (high / 4 - low / 4)
        epoch, axis = np.unravel_index(int(np.argmax(away)), away.shape)
        if away[epoch, axis] > _FAR:
            place = format_assignment((r.run.variables[axis],), (r.run.thetas[epoch, axis],))
            sentences.append(f"The path of **{r.label}** leaves the window by far: {place} at epoch {epoch:,}.")
    return sentences


def _lowest(results: Sequence[Result], tolerance: float) -> str:
    none = f"No run reached the tolerance (a slope of {format_number(tolerance)})"
    alive = [r for r in results if r.run.stop_reason is not StopReason.DIVERGED]
    if not alive:
        return f"{none}: all of them diverge. Lower their learning rates."
    best = min(alive, key=lambda r: r.value)
    words = f"{none}; **{best.label}** got lowest, to {format_number(best.value)} after {_effort(best)}."
    lost = len(results) - len(alive)
    return words + (f" {_number(lost)} diverged." if lost else "")


def _paid(result: Result) -> int:
    return round(float(result.costs[-1]))


def _effort(result: Result) -> str:
    return f"{format_count(result.last_epoch, 'epoch')}, {format_count(_paid(result), 'gradient evaluation')}"


def _bold(results: Sequence[Result | FairResult]) -> str:
    return listed([f"**{r.label}**" for r in results])


def _number(count: int) -> str:
    words = ("None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight")
    return words[count] if count < len(words) else str(count)


def fair_standing(fair: FairComparison) -> str:
    """Say who ends lowest at its best rate, and whose rates work over the widest window."""
    alive = [r for r in fair.results if r.value is not None]
    terms = f"With {fair.terms.budget:,} gradient evaluations and {fair.terms.trials} rates each"
    if not alive:
        return f"{terms}, every run diverges: try lower rates."
    if fair.lowest == fair.first:
        still = all(r.evaluations == 1 and r.sweep.converged[r.best] for r in alive)
        why = "the slope is zero where they start" if still else "try other rates"
        return f"{terms}, no run gets below f(start) = {format_number(fair.first)}: {why}."
    best = min(alive, key=lambda r: r.value or 0.0)
    finished = [r for r in alive if r.finished]
    if finished:
        best = min(finished, key=lambda r: r.evaluations)
        words = (
            f"{terms}, **{best.label}** needs the fewest at its best rate: {best.evaluations:,} "
            f"at η = {format_number(best.best_rate or 0)}."
        )
    else:
        words = (
            f"{terms}, **{best.label}** ends lowest at its best rate, "
            f"η = {format_number(best.best_rate or 0)}: {format_number(best.value or 0)}."
        )
    for end in ("lowest", "highest"):
        words += _at_the_end([r for r in alive if r.end_of_range == end], end)
    working = [r for r in alive if r.windows]
    if not working:
        return f"{words} No rate of any of them reaches the goal."
    widest, narrowest = max(working, key=lambda r: r.width), min(working, key=lambda r: r.width)
    if len(fair.results) == 1:
        return f"{words} Its rates work over {width_in_decades(widest)}."
    words += f" **{widest.label}** forgives most: its rates work over {width_in_decades(widest)}"
    if narrowest is not widest:
        words += f", those of **{narrowest.label}** over {width_in_decades(narrowest)} only"
    return words + "."


def _at_the_end(results: Sequence[FairResult], end: str) -> str:
    if not results:
        return ""
    best, those = (
        ("best rate", f"is the {end} that was") if len(results) == 1 else ("best rates", f"are the {end} that were")
    )
    return f" The {best} of {_bold(results)} {those} tried: widen the range."


def width_in_decades(result: FairResult) -> str:
    """Return the width of the windows in words."""
    size = format_number(result.width, 2)
    return f"{'at least ' if result.cut else ''}{size} {'decade' if size == '1' else 'decades'}"
