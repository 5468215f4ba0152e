"""What the panels of theory and of a fit say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

import gdviz
from gdviz.fits import conditioning
from gdviz.optimizers import ElementwiseOptimizer, hyperparameter
from gdviz.scenes import sources
from gdviz.theory import contraction, stability_limit
from gdviz.ui.pages import fit_panel, theory_panel
from tests.sentences.case import LINE, RAVINE, Case, run_of, task_of

# -- the theory panel --


@dataclass(frozen=True)
class Roller(ElementwiseOptimizer):
    """A heavy ball whose share goes by another name."""

    kept: float = hyperparameter(0.5, 0.0, 1.0, "Share of the velocity.", open_high=True)

    name: ClassVar[str] = "roller"
    title: ClassVar[str] = "Roller"
    initial: ClassVar[tuple[float, ...]] = (0.0,)

    def direction(self, gradient: Any, state: Any) -> tuple[Any, tuple[Any, ...]]:
        velocity = self.kept * state[0] + gradient
        return -velocity, (velocity,)


def panel(link: str, method: Any = None) -> str:
    """All that the panel says of a run."""
    task, run = task_of(link), run_of(link)
    task = task if method is None else task.changed(optimizer=method)
    found = theory_panel.curvatures(task, run)
    best = theory_panel.fastest(task, run, found)
    works = best is None or theory_panel.goes_down(theory_panel.with_settings(task, best).run())
    said = [theory_panel.curvature_table(task, found), *theory_panel.notes(task, sources.predicted(task, run))]
    return "\n".join([*said, "" if best is None else theory_panel.in_words(best, works)])


def nothing_is_faster(link: str, method: Any = None) -> bool:
    """Whether no rate or share near the fastest settings shrinks the slowest error more, and the rate is as said."""
    task = task_of(link) if method is None else task_of(link).changed(optimizer=method)
    found = theory_panel.curvatures(task, run_of(link))
    best = theory_panel.fastest(task, run_of(link), found)
    assert best is not None
    optimizer = task.experiment.optimizer

    def slowest(eta: float, own: dict[str, float]) -> float:
        return float(np.max(contraction(replace(optimizer, **own), eta, found["end"].eigenvalues)))

    own = dict(best.hyperparameters)
    others = [slowest(part * best.learning_rate, own) for part in (0.9, 0.99, 1.01, 1.1)]
    others += [
        slowest(best.learning_rate, {name: part * value}) for name, value in own.items() for part in (0.95, 1.05)
    ]
    said = slowest(best.learning_rate, own)
    return bool(np.isclose(said, best.rate, rtol=1e-6)) and min(others) > said - 1e-9


def goes_wrong(link: str) -> bool:
    """Whether the run with the fastest settings for the end diverges, or ends higher than it began."""
    task, run = task_of(link), run_of(link)
    best = theory_panel.fastest(task, run, theory_panel.curvatures(task, run))
    assert best is not None
    other = gdviz.descend(task.problem.objective, task.start, best.learning_rate, task.experiment.epochs)
    return other.stop_reason is gdviz.StopReason.DIVERGED or bool(other.values[-1] > run.values[0])


def stays_inside(link: str) -> bool:
    band, run = sources.predicted(task_of(link), run_of(link)), run_of(link)
    assert band is not None
    away = np.abs(run.thetas[band.epochs] - band.center)
    room = 1.0 if band.exact else 1.01  # looked at in some of its epochs
    return bool(
        (away <= room * band.half_width + 1e-9).all() and (run.values[band.epochs] <= room * band.loss + 1e-9).all()
    )


def shrinks_as_said(link: str) -> bool:
    """Whether the first step on standardized columns multiplies the errors by 1 - eta * eigenvalue, as the table has
    it."""
    run, task = run_of(link), task_of(link)
    here = theory_panel.curvatures(task, run)["end"]
    assert run.moved is not None
    first, second = ((run.moved.thetas[k] - run.moved.thetas[-1]) @ here.eigenvectors for k in (0, 1))
    return bool(np.allclose(second, first * (1 - task.experiment.eta * here.eigenvalues), atol=1e-6))


STANDARDIZED = f"{LINE}&standardize=1&learning_rate=0.3&epochs=500"
VALLEY = "formula=x^4 %2B x^2&start=3&learning_rate=0.01&epochs=500"
NARROW = "formula=x^2 %2B 5000*y^2&start=1,1&learning_rate=0.00015&epochs=20000"
NEAR_BOTTOM = "objective=rosenbrock&start=0.9,0.8&learning_rate=0.001&epochs=20000"
THEORY = [
    Case("Fastest for the curvature at the end: learning rate 0.4762; each epoch",
         lambda: panel(f"{RAVINE}&learning_rate=0.1&epochs=20"),
         lambda: nothing_is_faster(f"{RAVINE}&learning_rate=0.1&epochs=20")),
    Case(", beta = 0.4026; each epoch", lambda: panel(f"{RAVINE}&learning_rate=0.1&epochs=20", gdviz.Momentum()),
         lambda: nothing_is_faster(f"{RAVINE}&learning_rate=0.1&epochs=20", gdviz.Momentum())),
    Case(", kept = 0.4026; each epoch", lambda: panel(f"{RAVINE}&learning_rate=0.1&epochs=20", Roller()),
         lambda: nothing_is_faster(f"{RAVINE}&learning_rate=0.1&epochs=20", Roller())),
    Case(", beta = 0.5923; each epoch", lambda: panel(f"{RAVINE}&learning_rate=0.1&epochs=20", gdviz.Nesterov()),
         lambda: nothing_is_faster(f"{RAVINE}&learning_rate=0.1&epochs=20", gdviz.Nesterov())),
    Case("The way from this start is too steep for it.", lambda: panel(VALLEY), lambda: goes_wrong(VALLEY)),
    Case("takes 0.04 % of the error away", lambda: panel(NARROW), lambda: nothing_is_faster(NARROW)),
    Case("the run from this start at this rate stays inside", lambda: panel(f"{RAVINE}&learning_rate=0.45&epochs=200"),
         lambda: stays_inside(f"{RAVINE}&learning_rate=0.45&epochs=200")),
    Case("are those of the quadratic at the end, from epoch", lambda: panel(NEAR_BOTTOM),
         lambda: stays_inside(NEAR_BOTTOM)),
    Case("The columns are standardized: this is the curvature that the steps see", lambda: panel(STANDARDIZED),
         lambda: shrinks_as_said(STANDARDIZED) and run_of(STANDARDIZED).stop_reason is gdviz.StopReason.CONVERGED),
    Case("| –", lambda: panel(f"{RAVINE}&learning_rate=0.01&epochs=20&optimizer=adam"),
         lambda: np.isnan(stability_limit(gdviz.Adam(), 4.0))),
    Case("| start | −2, 2 | – | 1 | escaping, overdamped |",
         lambda: panel("formula=x^2 - y^2&start=1,0&learning_rate=0.1"),
         lambda: bool(np.abs(run_of("formula=x^2 - y^2&start=1,1e-3&learning_rate=0.1").thetas[-1, 1]) > 1e-3)),
]  # fmt: skip

# What the panel must not say, though the same run of the whole objective would earn it.
UNSAID = [
    ("bands", f"{LINE}&batch_size=10&data_noise=100&learning_rate=0.0002&epochs=300"),
    ("Fastest", f"{LINE}&batch_size=10&data_noise=100&learning_rate=0.0002&epochs=300"),
    ("bands", STANDARDIZED),
    ("bands", f"{RAVINE}&learning_rate=0.4&epochs=200&gradient=estimated&h=0.1"),
    ("bands", f"{RAVINE}&learning_rate=0.01&epochs=20&optimizer=adam"),
    ("Fastest", "formula=x^2 - y^2&start=1,0&learning_rate=0.1"),
    ("Fastest", "formula=exp(x)&start=0&learning_rate=0.1&epochs=300"),
    ("undefined", f"{RAVINE}&learning_rate=0.01&epochs=20&optimizer=newton"),
    ("diverging", STANDARDIZED),
]


# -- the panel of a fit --


def fit_said(link: str) -> str:
    task, run = task_of(link), run_of(link)
    fit = task.problem.fit
    assert fit is not None
    found, minima = conditioning(fit, run.thetas[-1]), task.problem.minima
    said = [fit_panel.about_score(fit, run.thetas[-1]), fit_panel.about_conditions(found)]
    return " ".join([*said, *[fit_panel.about_minimum(fit, minima[0][0], found) for _ in minima[:1]]])


def residuals(link: str) -> np.ndarray[Any, Any]:
    fit = task_of(link).problem.fit
    assert fit is not None
    return np.asarray(fit.columns[fit.target] - fit.predict(run_of(link).thetas[-1]))


def best_fit(link: str) -> bool:
    return bool(np.abs(residuals(link)).max() < 1e-3)


CLASSES = "objective=fit&data=classes&learning_rate=0.1&epochs=200"
DOWNWARD = "objective=fit&data=rat43&start=700,5,0.8,1.3&learning_rate=1e-9&epochs=1"
THE_LINE = f"{LINE}&learning_rate=0.001&epochs=20000"
TWICE = f"{LINE}&model=(a%2Bb)*x %2B c&learning_rate=0.0002&epochs=10"
FIT = [
    Case("The exact minimum, a star in the landscape: slope = 20, intercept = 5.", lambda: fit_said(THE_LINE),
         lambda: best_fit(THE_LINE)),
    Case("One of many exact minima, that nearest to 0, a star in the landscape: a = 10, b = 10, c = 5.",
         lambda: fit_said(TWICE), lambda: float(task_of(TWICE).problem.objective.value([15.0, 5.0, 5.0])) < 1e-20),
    Case("**R² = 1**", lambda: fit_said(THE_LINE), lambda: best_fit(THE_LINE)),
    Case("Condition number 833.8 in the data’s own units, 1 with standardized columns", lambda: fit_said(THE_LINE),
         lambda: bool(np.isclose(np.linalg.cond(np.column_stack([np.arange(-50, 50), np.ones(100)])) ** 2, 833.8,
                                 rtol=1e-4))),
    Case("rows are classified correctly",
         lambda: fit_said(CLASSES), lambda: 0.5 < np.mean(np.abs(residuals(CLASSES)) < 0.5) <= 1),
    Case("No condition number at the end", lambda: fit_said(DOWNWARD),
         lambda: theory_panel.curvatures(task_of(DOWNWARD), run_of(DOWNWARD))["end"].mu < 0),
]  # fmt: skip
