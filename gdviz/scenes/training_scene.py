"""A training run with all that its pictures need: its plane, and, where its function is known, the loss surface and
gdviz's own run beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from gdviz.arrays import Array
from gdviz.cache import cached_property
from gdviz.comparisons import Contender, Result
from gdviz.descent import StopReason, Trajectory
from gdviz.experiments import Task
from gdviz.figures import Palette, loss_figure, theta_figure
from gdviz.figures.plane import plane_figure, surface_plane_figure
from gdviz.figures.training import renumbered
from gdviz.landscapes import Landscape, Window, affordable_points, landscape, window_of_path
from gdviz.numerals import format_number
from gdviz.training import Embedding, TrainingRun, embedding_of
from gdviz.verdict import Kind, Verdict

TRAINING_TITLES: Mapping[str, str] = {
    "plane": "Path on the plane in which it moves most",
    "theta": "θ against epoch",
    "loss": "Loss against epoch",
}
OURS = "gdviz’s run"
_LABEL = "Your run"
_SAME = 1e-6  # by which a file's loss may differ from the function's, relatively
_SECONDS = 0.5  # for the values of the surface


class Unmatched(ValueError):
    """A function that has other parameters than the training run, in a sentence."""


@dataclass(frozen=True)
class TrainingScene:
    """``run`` alone, or with the ``task`` whose function it was trained on and ``ours``, that task's run.

    Raises :class:`Unmatched` for a function of fewer or more parameters.
    """

    run: TrainingRun
    task: Task | None = None
    ours: Trajectory | None = None

    def __post_init__(self) -> None:
        if self.task is not None and self.run.in_order(self.task.problem.variables) is None:
            names = self.task.problem.variables
            raise Unmatched(
                f"The file has {len(self.run.names):,} parameters, and {self.task.problem.title} has {len(names)} "
                f"({', '.join(names[:8])}): its path cannot be laid over that surface."
            )

    @cached_property
    def known(self) -> Trajectory | None:
        """The run as one of the task's function: its parameters' own values and gradients; None without a task."""
        return None if self.task is None else recorded(self.run, self.task)

    @cached_property
    def frame(self) -> Embedding | None:
        """Where the plane lies among the function's parameters; None without a function of two or more."""
        if self.known is None or len(self.known.variables) < 2:
            return None
        assert self.task is not None
        return embedding_of(self.known.thetas, self.run.plane, self.task.problem.objective)

    @cached_property
    def ground(self) -> Landscape | None:
        """The loss surface over the plane, around the path."""
        if self.frame is None:
            return None
        box = _reach(self.run.plane.points)
        if box is None:
            return None
        if self.ours is not None:
            box = _held(window_of_path(self.frame.points(self.ours.thetas), box), box)
        box = tuple((low - 0.15 * (high - low), high + 0.15 * (high - low)) for low, high in box)
        return landscape(self.frame, box, points=affordable_points(self.frame.objective, _SECONDS))  # type: ignore[arg-type]

    def figures(self) -> dict[str, Callable[[Palette], go.Figure]]:
        """The builder of each picture by its key."""
        found: dict[str, Callable[[Palette], go.Figure]] = {"plane": self.plane, "theta": self.theta}
        if self.run.losses is not None or self.known is not None:
            found["loss"] = self.loss
        return found

    def plane(self, palette: Palette) -> go.Figure:
        """The path on its plane, over the loss surface where that is known."""
        if self.ground is None or self.frame is None:
            return plane_figure(self.run.plane, palette)
        ours = None if self.ours is None else self.frame.points(self.ours.thetas)
        return surface_plane_figure(self.run.plane, self.ground, palette, ours, OURS, self._minima())

    def _minima(self) -> list[Array]:
        """The known minima on the plane; only of two parameters is one sure to lie on it."""
        if self.task is None or self.frame is None or len(self.task.problem.variables) != 2:
            return []
        return [self.frame.points(point) for point in self.task.problem.minimizers]

    def theta(self, palette: Palette) -> go.Figure:
        """The parameters that moved farthest, against the epoch."""
        shown = self.run.shown
        if self.known is None:
            return renumbered(theta_figure(self.run.trajectory(), palette=palette), self.run.epochs)
        assert self.task is not None
        minima = [np.asarray(point)[shown] for point in self.task.problem.minimizers]
        ours = None if self.ours is None else _part(self.ours, shown)
        drawn = theta_figure(_part(self.known, shown), minima, palette, beside=ours, beside_name=OURS)
        return renumbered(drawn, self.run.epochs)

    def loss(self, palette: Palette) -> go.Figure:
        """The file's losses, or, of a known function, its values at the parameters, with its gradient."""
        if self.known is None:
            drawn = loss_figure(self.run.trajectory(), palette=palette, gradient=False, value_name="loss")
        else:
            assert self.task is not None
            problem = self.task.problem
            drawn = loss_figure(
                self.known, problem.lowest, palette, value_name=problem.value_name, beside=self.ours, beside_name=OURS
            )
        return renumbered(drawn, self.run.epochs)

    @property
    def shares(self) -> str:
        """How much of the path's variance the plane shows, in a sentence."""
        first, second = (100 * share for share in self.run.plane.shares)
        return (
            f"The plane shows {first + second:.1f} % of the path’s variance: its first component {first:.1f} %, its "
            f"second {second:.1f} %."
        )

    @property
    def remarks(self) -> list[str]:
        """What is to be known of how the file was read, a sentence each."""
        said = []
        if self.run.left_out:
            said.append(f"Left out, as no parameters: {', '.join(name[:40] for name in self.run.left_out[:8])}.")
        if self.task is None or self.known is None:
            return said
        names = self.task.problem.variables
        if set(names) != set(self.run.names):
            pairs = ", ".join(f"{a[:30]} as {b}" for a, b in zip(self.run.names[:6], names, strict=False))
            said.append(f"The file calls its parameters otherwise; they are taken in their order: {pairs}.")
        losses, values = self.run.losses, self.known.values
        if losses is not None:
            with np.errstate(all="ignore"):
                apart = np.abs(losses - values) > _SAME * np.maximum(np.abs(losses), np.abs(values))
            if apart.any():
                row = int(np.flatnonzero(apart)[-1])
                said.append(
                    f"The file’s loss is not this function’s: {format_number(float(losses[row]))} against "
                    f"{format_number(float(values[row]))} at epoch {format_number(float(self.run.epochs[row]), 9)}. "
                    "Drawn are the function’s values."
                )
        return said


def recorded(run: TrainingRun, task: Task) -> Trajectory:
    """Return a training run as a run of the task's function: its values and gradients at the file's parameters."""
    objective: Any = task.problem.objective
    thetas = run.in_order(objective.variables)
    assert thetas is not None
    with np.errstate(all="ignore"):
        values, gradients = np.atleast_1d(objective.value(thetas)), objective.gradient(thetas)
    reason = StopReason.DIVERGED if run.finite < len(thetas) else StopReason.EPOCHS
    return Trajectory(objective.variables, thetas, values, gradients, np.full(run.last, np.nan), run.last + 1, reason)


def beside_contenders(run: TrainingRun, task: Task, color: int) -> Result:
    """Return a training run as one more result of a comparison on the task's function.

    It ends where a descent would: at the first of two epochs in a row whose slope is within the tolerance, or before
    the first number that is not finite.
    """
    whole = recorded(run, task)
    small = whole.gradient_norms <= task.experiment.tolerance
    twice = np.flatnonzero(small[1:] & small[:-1])
    fine = np.isfinite(whole.values) & np.isfinite(whole.gradients).all(axis=1) & np.isfinite(whole.thetas).all(axis=1)
    rows, reason = len(fine), StopReason.EPOCHS
    if not fine.all():
        rows, reason = max(1, int(np.argmin(fine))), StopReason.DIVERGED
    if len(twice) and twice[0] + 2 <= rows:
        rows, reason = int(twice[0]) + 1, StopReason.CONVERGED
    cut = _cut(whole, rows, reason)
    kind = {StopReason.CONVERGED: Kind.CONVERGED, StopReason.DIVERGED: Kind.DIVERGING}.get(reason, Kind.RAN_OUT)
    contender = Contender.from_experiment(task.experiment, _LABEL, color)
    return Result(contender, _LABEL, task.experiment, cut, Verdict(kind, run.verdict), _numbers(run)[:rows])


def _numbers(run: TrainingRun) -> Array:
    """The numbers of the epochs, or of the rows where the file's do not rise from 0 on."""
    rising = np.isfinite(run.epochs).all() and (np.diff(run.epochs) > 0).all() and run.epochs[0] >= 0
    return run.epochs if rising else np.arange(run.last + 1.0)


def _cut(run: Trajectory, rows: int, reason: StopReason) -> Trajectory:
    return replace(
        run, thetas=run.thetas[:rows], values=run.values[:rows], gradients=run.gradients[:rows],
        learning_rates=run.learning_rates[: rows - 1], evaluations=rows, stop_reason=reason,
    )  # fmt: skip


def _part(run: Trajectory, shown: NDArray[np.intp]) -> Trajectory:
    names = tuple(run.variables[i] for i in shown)
    return replace(run, variables=names, thetas=run.thetas[:, shown], gradients=run.gradients[:, shown])


def _held(box: Window, around: Window) -> Window:
    """A box no wider than three times another one in it: gdviz's run may diverge."""
    return tuple(
        (max(a, low - (high - low)), min(b, high + (high - low)))
        for (a, b), (low, high) in zip(box, around, strict=True)
    )


def _reach(points: Array) -> Window | None:
    """The box that holds a path, square enough to be drawn; None where it has no point."""
    rows = points[np.isfinite(points).all(axis=1)]
    if not len(rows):
        return None
    low, high = rows.min(axis=0), rows.max(axis=0)
    half = np.maximum((high - low) / 2, max(float((high - low).max()) / 8, 1e-9, 1e-9 * float(np.abs(rows).max())))
    return tuple(zip(((low + high) / 2 - half).tolist(), ((low + high) / 2 + half).tolist(), strict=True))
