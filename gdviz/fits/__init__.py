"""Fitting data: models, losses, standardizing, mini-batches, and what there is to say about a fit. Numbers only."""

from __future__ import annotations

from gdviz.fits.errors import FitError
from gdviz.fits.fit import Fit
from gdviz.fits.losses import LOSSES, Loss, make_loss
from gdviz.fits.scaling import Scaling

__all__ = ["LOSSES", "Fit", "FitError", "Loss", "Scaling", "make_loss"]
