"""gdviz: see gradient descent.

Parse a formula (or fit a model to data), descend, and read what happened:

>>> import gdviz
>>> f = gdviz.parse("0.1*x^2 + 2*y^2")
>>> f.variables, f.gradient([1.0, 1.0]).tolist()
(('x', 'y'), [0.2, 4.0])
>>> run = gdviz.descend(f, start=[-5, -2], learning_rate=0.4, epochs=20)
>>> run.thetas.shape, run.stop_reason
((21, 2), <StopReason.EPOCHS: 'epochs'>)
>>> gdviz.judge(f, run, learning_rate=0.4).kind
<Kind.SLOW: 'slow'>

Everything here computes and nothing draws, but for :func:`gdviz.save_page`, which writes an experiment as one live
page: figures, exports and the page are in their own modules.
"""

from typing import Any

from gdviz.comparisons import Comparison, Contender, compare, fair_comparison
from gdviz.datasets import DATASETS, read_csv
from gdviz.descent import (
    BatchResult,
    StopReason,
    Trajectory,
    descend,
    descend_batch,
    gradient_step,
    step_javascript,
)
from gdviz.experiments import Experiment, decode, encode
from gdviz.fits import LeastSquares
from gdviz.formulas import FormulaError
from gdviz.learning_rates import LEARNING_RATES
from gdviz.maps import Basins, LearningRateSweep, Trainability, basins, learning_rate_sweep, trainability
from gdviz.objectives import EstimatedGradient, Formula, Quadratic, parse
from gdviz.objectives.differences import (
    central_difference_quotient,
    central_gradient,
    difference_quotient,
    estimate_gradient,
    partial_difference_quotient,
)
from gdviz.optimizers import OPTIMIZERS
from gdviz.presets import PRESETS
from gdviz.verdict import Verdict, judge

__all__ = [
    "DATASETS",
    "LEARNING_RATES",
    "OPTIMIZERS",
    "PRESETS",
    "Basins",
    "BatchResult",
    "Comparison",
    "Contender",
    "EstimatedGradient",
    "Experiment",
    "Formula",
    "FormulaError",
    "LearningRateSweep",
    "LeastSquares",
    "Quadratic",
    "StopReason",
    "Trainability",
    "Trajectory",
    "Verdict",
    "basins",
    "central_difference_quotient",
    "central_gradient",
    "compare",
    "decode",
    "descend",
    "descend_batch",
    "difference_quotient",
    "encode",
    "estimate_gradient",
    "fair_comparison",
    "gradient_step",
    "judge",
    "learning_rate_sweep",
    "parse",
    "partial_difference_quotient",
    "read_csv",
    "save_page",
    "step_javascript",
    "trainability",
]

# Every optimizer by its class's name, gdviz.Adam, so that a new one needs no line here.
globals().update({cls.__name__: cls for cls in OPTIMIZERS.values()})
__all__ += [cls.__name__ for cls in OPTIMIZERS.values()]


def __getattr__(name: str) -> Any:
    """Bring what draws when it is asked for first: plotly takes its time, and who computes needs none."""
    if name == "save_page":
        from gdviz.exports.page_file import save_page

        return save_page
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
