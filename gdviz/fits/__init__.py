"""Fitting data: models, losses, standardizing, mini-batches, and what there is to say about a fit. Numbers only."""

from __future__ import annotations

from gdviz.fits.errors import FitError
from gdviz.fits.fit import Fit, LeastSquares
from gdviz.fits.losses import LOSSES, Loss, make_loss
from gdviz.fits.models import MODELS, ReadyModel, first_model, usual_target
from gdviz.fits.near_miss_names import NearMiss, about_names, about_renamed, near_misses
from gdviz.fits.starts import start_near_data
from gdviz.fits.summary import Boundary, Conditioning, conditioning, count_classes, decision_boundary, summarize

__all__ = [
    "LOSSES",
    "MODELS",
    "Boundary",
    "Conditioning",
    "Fit",
    "FitError",
    "LeastSquares",
    "Loss",
    "NearMiss",
    "ReadyModel",
    "about_names",
    "about_renamed",
    "conditioning",
    "count_classes",
    "decision_boundary",
    "first_model",
    "make_loss",
    "near_misses",
    "start_near_data",
    "summarize",
    "usual_target",
]
