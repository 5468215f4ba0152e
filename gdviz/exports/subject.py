"""What is exported: a run with its problem, or all runs of a comparison."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from gdviz.cache import Recent, cached_property
from gdviz.comparisons import Comparison, Contender, Result, compare, encode_runs
from gdviz.descent import Trajectory
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
from gdviz.figures.convergence import fitted_slope, on_log_epochs, shared_axes
from gdviz.landscapes import Landscape, Window, nearby_minimum
from gdviz.scenes import TITLES, Scene, Sources, window

Builder = Callable[[Palette], go.Figure]
FIGURES = ("theta", "loss", "contour", "surface", "fit", "residuals", "score", "sharpness", "rates")


@dataclass(frozen=True)
class Curves:
    """What may be asked of curves over epochs: a log axis of epochs, the fitted slope of the rate, theta as its
    distance from the minimizer, and theta and loss over one axis of epochs."""

    log_epochs: bool = False
    slope: bool = False
    error: bool = False
    shared: bool = False


@dataclass(frozen=True)
class Subject:
    """A scene, which has the task and its run; ``results`` are those of a comparison, of which the scene shows the
    first."""

    scene: Scene
    results: tuple[Result, ...] = ()

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
        """The link that opens it, from its question mark on."""
        runs = {"runs": encode_runs([r.contender for r in self.results])} if self.results else {}
        return link_text(self.task.experiment, runs)

    def figures(self) -> Mapping[str, Builder]:
        """The builder of each picture that there is, by its name."""
        if not self.results:
            scene = self.scene
            return scene.figures() | {"rates": scene.rates, "sharpness": scene.sharpness}
        return {"contour": self._paths, "theta": self._thetas, "loss": self._losses}

    def figure(self, name: str, palette: Palette, curves: Curves | None = None) -> go.Figure:
        """Return the picture ``name``. Raises ValueError where this subject has none, saying which it has."""
        builders = self.figures()
        if name not in builders:
            raise ValueError(f"There is no figure “{name}” of this; there are {', '.join(builders)}.")
        if name == "surface" and len(self.problem.variables) < 2:
            raise ValueError("A surface needs two parameters; this function has one: take the contour.")
        found = self._curves(name, builders[name], palette, curves or Curves())
        if not found.data:
            raise ValueError(f"There is nothing to draw for “{name}”: second derivatives of this are too long.")
        return found

    def _curves(self, name: str, build: Builder, palette: Palette, asked: Curves) -> go.Figure:
        if name not in ("theta", "loss", "rates", "sharpness", "score"):
            return build(palette)
        single = not self.results
        found = build(palette)
        if single and name == "theta" and asked.error:
            found = theta_error_figure(self.run, self.goal, palette, asked.slope)
        elif single and name == "loss" and asked.slope:
            heights = self.run.values - (self._lowest if self._lowest is not None else 0.0)
            traces, layout = parts(found)
            if layout["yaxis"].get("type") == "log":
                traces = [{**trace, "showlegend": False} for trace in traces]
                traces += fitted_slope(heights, "value", palette)
            found = go.Figure({"data": traces, "layout": {**layout, "showlegend": True}}, _validate=False)
        if single and asked.shared and name == "theta":
            value = None if self.problem.fit is None else self.problem.fit.value_name
            loss = loss_figure(self.run, self._lowest, palette, gradient=False, value_name=value)
            found = shared_axes(found, loss, palette)
        return on_log_epochs(found) if asked.log_epochs else found

    @property
    def _lowest(self) -> float | None:
        return min((value for _, value in self.problem.minima), default=None)

    @property
    def goal(self) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        """The minimizer that the run goes to: the nearest known one, else the minimum near its end, else its end."""
        last = self.run.thetas[-1]
        known = [np.asarray(point, dtype=float) for point, _ in self.problem.minima]
        if known:
            return min(known, key=lambda point: float(np.linalg.norm(point - last)))
        near = nearby_minimum(self.problem.objective, last)
        return last if near is None else near

    def shape(self, name: str) -> float:
        """Return the height of a picture for a width of 1."""
        if name in ("contour", "surface") and len(self.problem.variables) > 1:
            box = tuple(self.scene.box[i] for i in self.scene.axes)
            return 0.8 if name == "surface" else min(1.2, max(0.5, contour_aspect(box)))
        return 0.62

    def heading(self, name: str) -> str:
        """Return what the picture ``name`` is called."""
        return f"{self.title}: {TITLES.get(name, name)}"

    # -- of a comparison --

    def _paths(self, palette: Palette) -> go.Figure:
        minima = self.problem.minima
        if len(self.problem.variables) == 1:
            line = self.scene.sources.curve_of(self.task, self.scene.box)
            return comparison_curve_figure(line, self.results, minima, palette)
        best = min(self.results, key=lambda r: r.value)
        at = tuple(best.run.thetas[-1].tolist())
        ground = self.scene.sources.slice_of(self.task, self.scene.box, self.scene.axes, at)
        return comparison_contour_figure(ground, self.results, self.scene.axes, [p for p, _ in minima], palette)

    def _thetas(self, palette: Palette) -> go.Figure:
        return comparison_theta_figure(self.results, minima=[p for p, _ in self.problem.minima], palette=palette)

    def _losses(self, palette: Palette) -> go.Figure:
        name = None if self.problem.fit is None else self.problem.fit.value_name
        return comparison_loss_figure(self.results, minimum=self._lowest, palette=palette, value_name=name)


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


def subject_of(task: Task, run: Trajectory | None = None, axes: tuple[int, int] = (0, 1)) -> Subject:
    """Return the subject of a task, whose run is made where it is not given."""
    done = task.run() if run is None else run
    return Subject(Scene(task, done, axes, window(task), sources=_OfOneRun(task.key, done)))


def subject_of_comparison(task: Task, contenders: tuple[Contender, ...]) -> Subject:
    """Return the subject of a comparison on the task's landscape. Raises ValueError where one of them cannot run."""
    results = compare(Comparison(task.experiment, contenders), task.problem.table)
    first = Task(results[0].experiment, task.problem)
    scene = subject_of(first, results[0].run).scene
    return Subject(Scene(task, scene.run, scene.axes, scene.box, sources=scene.sources), results)
