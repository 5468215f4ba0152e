"""Who Compare says did best."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

import gdviz
from gdviz.comparisons import Comparison, Contender, compare, results, standing
from gdviz.experiments import Experiment
from tests.sentences.case import Case

# -- Compare --


def compared(*runs: Contender, **how: Any) -> str:
    experiment = replace(BOTH, **how)
    return standing(compare(Comparison(experiment, runs)), experiment.tolerance)


def ends(*runs: Contender, **how: Any) -> list[gdviz.Trajectory]:
    return [result.run for result in compare(Comparison(replace(BOTH, **how), runs))]


BOTH = Experiment(objective="formula", formula="x^2 + 5*y^2", start=(3.0, 1.0), epochs=500)
SLOW, FAST, LOST = Contender("gd", 0.05), Contender("gd", 0.1), Contender("gd", 5.0)
HILL = {"objective": "himmelblau", "formula": "", "start": (-1.0, -1.0), "epochs": 300}
ON_THE_HILL, DOWN = Contender("newton", 1.0), Contender("gd", 0.01)
COMPARED = [
    Case("There is nothing to compare yet", lambda: standing((), 1e-8), lambda: True),
    Case("reached the tolerance first: ", lambda: compared(SLOW, FAST),
         lambda: ends(FAST)[0].epochs < ends(SLOW)[0].epochs),
    Case(" took ", lambda: compared(SLOW, FAST), lambda: ends(SLOW)[0].stop_reason is gdviz.StopReason.CONVERGED),
    Case("reached the tolerance together", lambda: compared(FAST, replace(FAST, color=1)), lambda: True),
    Case("with the fewest gradient evaluations", lambda: compared(FAST, Contender("newton", 0.5)),
         lambda: ends(Contender("newton", 0.5))[0].epochs < ends(FAST)[0].epochs),
    Case("Of the runs that come lowest, **Gradient descent** reached", lambda: compared(ON_THE_HILL, DOWN, **HILL),
         lambda: ends(ON_THE_HILL, **HILL)[0].values[-1] > ends(DOWN, **HILL)[0].values[-1]
         and ends(ON_THE_HILL, **HILL)[0].epochs < ends(DOWN, **HILL)[0].epochs),
    Case("One did not reach it.", lambda: compared(FAST, LOST), lambda: ends(LOST)[0].values[-1] > 1e10),
    Case("all of them diverge. Lower their learning rates.", lambda: compared(LOST),
         lambda: ends(LOST)[0].stop_reason is gdviz.StopReason.DIVERGED
         and ends(SLOW)[0].stop_reason is gdviz.StopReason.CONVERGED),
    Case("got lowest, to", lambda: compared(SLOW, FAST, epochs=3),
         lambda: ends(FAST, epochs=3)[0].values[-1] < ends(SLOW, epochs=3)[0].values[-1]),
    Case("leaves the window by far: y = ", lambda: " ".join(
        results.far_paths(compare(Comparison(BOTH, (LOST,))), ((-4.0, 4.0), (-4.0, 4.0)))),
        lambda: bool(np.abs(ends(LOST)[0].thetas[:, 1]).max() > 40)),
]  # fmt: skip
