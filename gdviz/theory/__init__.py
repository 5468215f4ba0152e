"""What theory says of a descent: curvature, limits, prediction and envelope."""

from gdviz.theory.curvature import (
    Curvature,
    best_learning_rate,
    contraction,
    curvature,
    measured_rate,
    stability_limit,
)
from gdviz.theory.envelope import Envelope, envelope
from gdviz.theory.fitted_rate import FittedRate, fitted_rate
from gdviz.theory.laws import Regime
from gdviz.theory.prediction import Prediction, as_quadratic, predict
from gdviz.theory.settings import Settings, best_settings
from gdviz.theory.sharpness import SharpnessRecord, sharpness_along

__all__ = [
    "Curvature",
    "Envelope",
    "FittedRate",
    "Prediction",
    "Regime",
    "Settings",
    "SharpnessRecord",
    "as_quadratic",
    "best_learning_rate",
    "best_settings",
    "contraction",
    "curvature",
    "envelope",
    "fitted_rate",
    "measured_rate",
    "predict",
    "sharpness_along",
    "stability_limit",
]
