"""The pictures of a run: the same builders serve the page, in its theme, and the exports, in print."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import plotly.graph_objects as go

from gdviz.arrays import Array
from gdviz.descent import Trajectory
from gdviz.experiments import Experiment, Problem, Task
from gdviz.figures import (
    Palette,
    boundary_figure,
    contour_figure,
    curve_figure,
    fit_figure,
    loss_figure,
    rates_figure,
    residuals_figure,
    score_figure,
    sharpness_figure,
    surface_figure,
    theta_figure,
)
from gdviz.fits import Fit, decision_boundary, summarize
from gdviz.landscapes import Landscape, Window
from gdviz.learning_rates import Constant
from gdviz.scenes.sources import Sources
from gdviz.theory import Envelope

TITLES: Mapping[str, str] = {
    "contour": "Path on the landscape",
    "surface": "Landscape in three dimensions",
    "theta": "θ against epoch",
    "loss": "Loss against epoch",
    "fit": "Fitted curve",
    "residuals": "Residuals at the end",
    "score": "R² against epoch",
    "rates": "Learning rate of each epoch",
    "sharpness": "Sharpness along the path, against the limit",
}


@dataclass(frozen=True)
class Scene:
    """A run with all that its pictures need; ``axes`` are the parameters seen from above, ``box`` the drawn window."""

    task: Task
    run: Trajectory
    axes: tuple[int, int]
    box: Window
    theory: bool = False  # whether what theory predicts is drawn too
    epoch: int | None = None  # the one at which a fit is looked at, None for the last
    sources: Sources = field(default_factory=Sources)  # what computes; pages give one that remembers

    @property
    def experiment(self) -> Experiment:
        return self.task.experiment

    @property
    def problem(self) -> Problem:
        return self.task.problem

    def figures(self) -> dict[str, Callable[[Palette], go.Figure]]:
        """The builder of each picture by its key, in the order of the page."""
        found: dict[str, Callable[[Palette], go.Figure]] = {
            "contour": self.contour,
            "theta": self.theta,
            "loss": self.loss,
        }
        if len(self.problem.variables) > 1:
            found["surface"] = self.surface
        if self.problem.fit is not None:
            found |= {"fit": self.fit, "residuals": self.residuals, "score": self.score}
        if not isinstance(self.experiment.learning_rate, Constant):
            found["rates"] = self.rates
        if self.theory:
            found["sharpness"] = self.sharpness
        return found

    def contour(self, palette: Palette) -> go.Figure:
        """The landscape with the path; for one parameter, the curve with the steps on it."""
        beside = self._full_batch()
        if len(self.problem.variables) == 1:
            line = self.sources.curve_of(self.task, self.box)
            return curve_figure(line, self.run, self.problem.minima, palette, beside=beside)
        return contour_figure(
            self._ground(), self.run, self.axes, self.problem.minimizers, palette=palette, beside=beside
        )

    def surface(self, palette: Palette) -> go.Figure:
        """The landscape of two parameters in three dimensions, with the path on it."""
        beside = self._full_batch()
        return surface_figure(self._ground(), self.run, self.axes, self.problem.minimizers, palette, beside)

    def _ground(self) -> Landscape:
        at = tuple(self.run.thetas[-1].tolist())
        return self.sources.slice_of(self.task, self.box, self.axes, at)

    def theta(self, palette: Palette) -> go.Figure:
        """Every parameter against the epoch."""
        return theta_figure(
            self.run, self.problem.minimizers, palette, envelope=self._envelope(), beside=self._full_batch()
        )

    def loss(self, palette: Palette) -> go.Figure:
        """The value and the gradient's norm against the epoch."""
        lowest, name, envelope = self.problem.lowest, self.problem.value_name, self._envelope()
        return loss_figure(self.run, lowest, palette, value_name=name, envelope=envelope, beside=self._full_batch())

    def _envelope(self) -> Envelope | None:
        return self.sources.predicted(self.task) if self.theory else None

    def _full_batch(self) -> Trajectory | None:
        """The run with all rows in each step, where this one is in batches."""
        if not self.experiment.batch_size or self.problem.fit is None:
            return None
        return self.sources.run(self.task.changed(batch_size=0))

    def sharpness(self, palette: Palette) -> go.Figure:
        """The largest curvature along the path against the method's limit; empty where there is no Hessian."""
        record = self.sources.sharpness(self.task)
        return go.Figure() if record is None else sharpness_figure(record, palette)

    def rates(self, palette: Palette) -> go.Figure:
        """The rates that a schedule or a line search used."""
        return rates_figure(self.run, palette)

    # -- pictures of a fit --

    @property
    def looked_at(self) -> Array:
        """The parameters at which the fit is looked at."""
        return np.asarray(self.run.thetas[-1 if self.epoch is None else min(self.epoch, self.run.epochs)])

    @property
    def fitted(self) -> Fit:
        """The fit of a scene that has one."""
        fit = self.problem.fit
        assert fit is not None
        return fit

    def fit(self, palette: Palette) -> go.Figure:
        """The data with the curve at the end, and faintly at the start; for classes of two inputs, the boundary."""
        fit = self.fitted
        if fit.loss.classes and len(fit.used_columns) > 1:
            x_name, y_name = fit.used_columns[:2]
            edge = decision_boundary(fit, self.looked_at, x_name, y_name)
            return boundary_figure(fit.columns, edge, x_name, y_name, fit.target, palette)
        name = fit.used_columns[0] if fit.used_columns else next(n for n in fit.columns if n != fit.target)
        column = fit.columns[name]
        x = np.linspace(column.min(), column.max(), 201)
        # Other columns stand at their means: the curve is then a slice through the fitted surface.
        grid = {other: np.full_like(x, fit.columns[other].mean()) for other in fit.used_columns} | {name: x}
        end, start = (fit.predict(theta, grid) for theta in (self.looked_at, self.run.thetas[0]))
        return fit_figure(fit.columns, name, fit.target, x, end, start, palette, epoch=self.epoch)

    def residuals(self, palette: Palette) -> go.Figure:
        """What the fit leaves over, against its input, or against the prediction where it has several."""
        fit, theta = self.fitted, self.looked_at
        left = summarize(fit, theta).residuals
        if len(fit.used_columns) == 1:
            name = fit.used_columns[0]
            return residuals_figure(fit.columns[name], left, name, fit.target, palette)
        return residuals_figure(fit.predict(theta), left, "prediction", fit.target, palette)

    def score(self, palette: Palette) -> go.Figure:
        """R² at up to 120 epochs of the run."""
        epochs, scores = self.sources.scores(self.task)
        return score_figure(epochs, scores, palette)
