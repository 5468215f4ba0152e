"""Who Compare says did best."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

import gdviz
from gdviz.comparisons import (
    Comparison,
    Contender,
    FairTerms,
    compare,
    fair_comparison,
    fair_standing,
    far_paths,
    standing,
)
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
        far_paths(compare(Comparison(BOTH, (LOST,))), ((-4.0, 4.0), (-4.0, 4.0)))),
        lambda: bool(np.abs(ends(LOST)[0].thetas[:, 1]).max() > 40)),
]  # fmt: skip


# -- fair mode --


def fairly(terms: FairTerms, *runs: Contender, **how: Any) -> Any:
    return fair_comparison(Comparison(replace(BOTH, **how), runs), terms)


TERMS = FairTerms(budget=60, trials=31, low=1e-3, high=1.0)
BOOTH = {"objective": "booth", "formula": "", "start": (-8.0, 6.0)}  # whose minimum is known
HEAVY = Contender("momentum", 0.1)


def said_fairly(terms: FairTerms, *runs: Contender, **how: Any) -> str:
    return fair_standing(fairly(terms, *runs, **how))


FAIR = [
    Case("every run diverges: try lower rates.", lambda: said_fairly(replace(TERMS, low=1e3, high=1e5), SLOW),
         lambda: ends(Contender("gd", 1e3))[0].stop_reason is gdviz.StopReason.DIVERGED),
    Case("no run gets below f(start) = 0: the slope is zero where they start.",
         lambda: said_fairly(TERMS, SLOW, start=(0.0, 0.0)), lambda: ends(SLOW, start=(0.0, 0.0))[0].epochs == 0),
    Case("no run gets below f(start) = 14: try other rates.",
         lambda: said_fairly(replace(TERMS, low=0.5, high=0.9), SLOW),
         lambda: ends(Contender("gd", 0.5), epochs=59)[0].values[-1] > 14),
    Case("needs the fewest at its best rate", lambda: said_fairly(replace(TERMS, budget=300), SLOW, HEAVY),
         lambda: min(ends(Contender("gd", eta))[0].evaluations for eta in (0.1, 0.15, 0.16, 0.17))
         < min(ends(Contender("momentum", eta))[0].evaluations for eta in (0.01, 0.05, 0.1, 0.3))),
    Case("ends lowest at its best rate", lambda: said_fairly(replace(TERMS, budget=10), SLOW, HEAVY),
         lambda: gdviz.StopReason.CONVERGED not in
         {ends(Contender("gd", eta), epochs=9)[0].stop_reason for eta in (0.1, 0.16)}),
    Case("is the highest that was tried: widen the range.",
         lambda: said_fairly(replace(TERMS, high=0.02), SLOW), lambda: ends(FAST)[0].epochs < ends(SLOW)[0].epochs),
    Case("are the highest that were tried: widen the range.",
         lambda: said_fairly(replace(TERMS, high=0.002, budget=20), SLOW, HEAVY), lambda: True),
    Case("No rate of any of them reaches the goal.", lambda: said_fairly(replace(TERMS, budget=3), SLOW, **BOOTH),
         lambda: not fairly(replace(TERMS, budget=3), SLOW, **BOOTH).results[0].works.any()),
    Case("Its rates work over", lambda: said_fairly(replace(TERMS, budget=300), SLOW), lambda: True),
    Case("forgives most: its rates work over",
         lambda: said_fairly(replace(TERMS, budget=300), SLOW, HEAVY),
         lambda: fairly(replace(TERMS, budget=300), SLOW, HEAVY).results[0].works.sum()
         < fairly(replace(TERMS, budget=300), SLOW, HEAVY).results[1].works.sum()),
]  # fmt: skip
