"""What is exported: a run with its problem, or all runs of a comparison."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

import numpy as np
import plotly.graph_objects as go

from gdviz.cache import Recent, cached_property
from gdviz.comparisons import Comparison, Contender, Result, compare, encode_runs, own_runs, standing
from gdviz.descent import StopReason, Trajectory
from gdviz.experiments import Problem, Task, link_text
from gdviz.figures import (
    Palette,
    comparison_contour_figure,
    comparison_curve_figure,
    comparison_loss_figure,
    comparison_theta_figure,
    contour_aspect,
    loss_figure,
    theta_error_figure,
)
from gdviz.figures.base import parts
from gdviz.figures.convergence import distance_figure, fitted_slope, on_log_epochs, shared_axes
from gdviz.landscapes import Landscape, Window, nearby_minimum, nearest
from gdviz.scenes import TITLES, Scene, Sources, window
from gdviz.views import COUNTS

Builder = Callable[[Palette], go.Figure]
OVER_EPOCHS = ("theta", "loss", "rates", "sharpness", "score")
FIGURES = ("theta", "loss", "contour", "surface", "fit", "residuals", "score", "sharpness", "rates")


@dataclass(frozen=True)
class Curves:
    """What may be asked of curves over epochs: a log axis of epochs, the fitted slope of the rate on a log axis, theta
    as its distance from the minimizer, and theta and loss over one axis of epochs."""

    log_epochs: bool = False
    slope: bool = False
    error: bool = False
    shared: bool = False


@dataclass(frozen=True)
class Subject:
    """A scene, which has the task and its run; ``results`` are those of a comparison, of which the scene shows the
    first. Their curves run ``against`` epochs or evaluations, and are of the parameters ``shown``, all of them unless
    said."""

    scene: Scene
    results: tuple[Result, ...] = ()
    against: str = COUNTS[0]
    shown: tuple[int, ...] | None = None

    @property
    def task(self) -> Task:
        return self.scene.task

    @property
    def run(self) -> Trajectory:
        return self.scene.run

    @property
    def problem(self) -> Problem:
        return self.scene.problem

    @property
    def title(self) -> str:
        """What a reader calls it."""
        return self.problem.title + (": compared" if self.results else "")

    @cached_property
    def link(self) -> str:
        """The link that opens it, from its question mark on; no link holds a run that another program made."""
        own = own_runs(self.results)
        return link_text(self.task.experiment, {"runs": encode_runs([r.contender for r in own])} if own else {})

    @cached_property
    def verdict(self) -> str:
        """What came of it, without marks of Markdown."""
        if not self.results:
            return self.task.verdict(self.run).plain
        return standing(self.results, self.task.experiment.tolerance).replace("**", "")

    def for_files(self) -> Subject:
        """The same as files have it: all parameters over epochs."""
        return Subject(self.scene, self.results)

    def figures(self) -> Mapping[str, Builder]:
        """The builder of each picture that there is, by its name."""
        if not self.results:
            scene = self.scene
            return scene.figures() | {"rates": scene.rates, "sharpness": scene.sharpness}
        return {"contour": self._paths, "theta": self._thetas, "loss": self._losses}

    @property
    def titles(self) -> Mapping[str, str]:
        """What each picture is called, by its name."""
        if not self.results:
            return TITLES
        what = "epochs" if self.against == COUNTS[0] else "gradient evaluations"
        return {"contour": "All paths on the landscape", "theta": f"θ against {what}", "loss": f"Loss against {what}"}

    def figure(self, name: str, palette: Palette, curves: Curves | None = None) -> go.Figure:
        """Return the picture ``name``. Raises ValueError where this subject has none, saying which it has."""
        builders = self.figures()
        if name not in builders:
            raise ValueError(f"There is no figure “{name}” of this; there are {', '.join(builders)}.")
        asked = curves or Curves()
        self.check(name, asked)
        found = self._drawn(name, builders[name], palette, asked)
        if not found.data:
            raise ValueError(f"There is nothing to draw for “{name}”: second derivatives of this are too long.")
        return on_log_epochs(found) if asked.log_epochs else found

    def options(self, name: str) -> tuple[str, ...]:
        """Which of the fields of :class:`Curves` the picture ``name`` can have."""
        if self.results and self.against != COUNTS[0]:
            return ()
        if name == "theta":
            return ("log_epochs", "error", "slope") if self.results else ("log_epochs", "error", "slope", "shared")
        return {"loss": ("log_epochs", "slope")}.get(name, ("log_epochs",) if name in OVER_EPOCHS else ())

    def check(self, name: str, asked: Curves) -> None:
        """Raise ValueError for what this picture cannot have: nothing that is asked for is left out in silence."""
        for option in (f.name for f in fields(Curves)):
            if getattr(asked, option) and option not in self.options(name):
                words = option.replace("_", " ")
                has = ", ".join(o.replace("_", " ") for o in self.options(name)) or "none"
                whose = "this comparison" if self.results else "this run"
                raise ValueError(f"“{words}” does not go with the figure “{name}” of {whose}; with it go: {has}.")
        if name == "theta" and asked.slope and not asked.error:
            raise ValueError("The slope of theta is that of its error |θ − θ*|: ask for the error, too.")
        if asked.shared and asked.error:
            raise ValueError("Theta as its error, and theta over the loss, are two pictures: ask for one of them.")

    def _drawn(self, name: str, build: Builder, palette: Palette, asked: Curves) -> go.Figure:
        if name == "theta" and asked.error:
            if self.results:
                return distance_figure(self.results, self.goal, palette, asked.slope)
            return theta_error_figure(self.run, self.goal, palette, asked.slope)
        if name == "theta" and asked.shared:
            return shared_axes(build(palette), self._loss(palette, self.problem.lowest), palette)
        if name == "loss" and asked.slope:
            return self._loss_with_slope(palette)
        return build(palette)

    def _loss(self, palette: Palette, lowest: float | None, gradient: bool = False) -> go.Figure:
        return loss_figure(self.run, lowest, palette, gradient=gradient, value_name=self.problem.value_name)

    def _loss_with_slope(self, palette: Palette) -> go.Figure:
        """The loss above its least value on a log axis, with the line that fits its second half."""
        runs = {r.label: r.run for r in self.results} or {"value": self.run}
        reached = min(float(np.min(run.values)) for run in runs.values())
        lowest = reached if self.problem.lowest is None else min(self.problem.lowest, reached)
        if self.results:
            drawn = comparison_loss_figure(
                self.results, minimum=lowest, palette=palette, value_name=self.problem.value_name
            )
        else:
            drawn = self._loss(palette, lowest, gradient=True)
        lines = [line for name, run in runs.items() for line in fitted_slope(run.values - lowest, name, palette)]
        if not lines:
            short = any(run.stop_reason is StopReason.EPOCHS for run in runs.values())
            remedy = "let the run take more" if short else "take a smaller learning rate, or a start farther off"
            raise ValueError(f"There are too few epochs for a slope: {remedy}.")
        traces, layout = parts(drawn)
        kept = [{**trace, "showlegend": bool(self.results) and trace.get("showlegend", True)} for trace in traces]
        return go.Figure({"data": kept + lines, "layout": {**layout, "showlegend": True}}, _validate=False)

    @property
    def goal(self) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        """The minimizer that the run goes to: the nearest known one, else the minimum near its end, else its end."""
        last = min((r.run for r in self.results), key=lambda run: run.values[-1], default=self.run).thetas[-1]
        known = nearest(self.problem.minimizers, last)
        near = nearby_minimum(self.problem.objective, last) if known is None else known
        return last if near is None else near

    def shape(self, name: str) -> float:
        """Return the height of a picture for a width of 1."""
        if name in ("contour", "surface") and len(self.problem.variables) > 1:
            box = tuple(self.scene.box[i] for i in self.scene.axes)
            return 0.8 if name == "surface" else min(1.2, max(0.5, contour_aspect(box)))
        return 0.62

    # -- of a comparison --

    def _paths(self, palette: Palette) -> go.Figure:
        if len(self.problem.variables) == 1:
            line = self.scene.sources.curve_of(self.task, self.scene.box)
            return comparison_curve_figure(line, self.results, self.problem.minima, palette)
        best = min(self.results, key=lambda r: r.value)
        at = tuple(best.run.thetas[-1].tolist())
        ground = self.scene.sources.slice_of(self.task, self.scene.box, self.scene.axes, at)
        return comparison_contour_figure(ground, self.results, self.scene.axes, self.problem.minimizers, palette)

    def _thetas(self, palette: Palette) -> go.Figure:
        return comparison_theta_figure(self.results, self.against, self.problem.minimizers, self.shown, palette)

    def _losses(self, palette: Palette) -> go.Figure:
        return comparison_loss_figure(self.results, self.against, self.problem.lowest, palette, self.problem.value_name)


class _OfOneRun(Sources):
    """What is computed of a run that is there already."""

    def __init__(self, key: str, run: Trajectory) -> None:
        self._key, self._run = key, run
        self._slices = Recent(4)  # a page and a bundle draw the same one several times

    def run(self, task: Task) -> Trajectory:
        return self._run if task.key == self._key else task.run()

    def slice_of(self, task: Task, box: Window, axes: tuple[int, int], at: tuple[float, ...]) -> Landscape:
        found: Landscape = self._slices.get(
            (task.ground_key, box, axes, at), lambda: super(_OfOneRun, self).slice_of(task, box, axes, at)
        )
        return found


def subject_of(task: Task, run: Trajectory | None = None) -> Subject:
    """Return the subject of a task, whose run is made where it is not given."""
    done = task.run() if run is None else run
    return Subject(Scene(task, done, (0, 1), window(task), sources=_OfOneRun(task.key, done)))


def subject_of_comparison(task: Task, contenders: tuple[Contender, ...]) -> Subject:
    """Return the subject of a comparison on the task's landscape. Raises ValueError where one of them cannot run."""
    results = compare(Comparison(task.experiment, contenders), task.problem.table)
    first = Task(results[0].experiment, task.problem)
    scene = subject_of(first, results[0].run).scene
    return Subject(Scene(task, scene.run, scene.axes, scene.box, sources=scene.sources), results)
