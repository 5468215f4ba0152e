"""What theory says of a descent: curvature, limits, prediction and envelope."""

from gdviz.theory.curvature import Curvature, contraction, curvature, measured_rate, stability_limit
from gdviz.theory.envelope import Envelope, envelope
from gdviz.theory.fitted_rate import fitted_rate
from gdviz.theory.prediction import predict
from gdviz.theory.settings import Settings, best_settings
from gdviz.theory.sharpness import SharpnessRecord, sharpness_along

__all__ = [
    "Curvature",
    "Envelope",
    "Settings",
    "SharpnessRecord",
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
