"""Pictures of runs: records in, Plotly figures out. Nothing here evaluates an objective or knows of a page."""

from gdviz.figures.boundary import boundary_figure
from gdviz.figures.comparison_curves import comparison_loss_figure, comparison_theta_figure
from gdviz.figures.comparison_paths import comparison_contour_figure, comparison_curve_figure
from gdviz.figures.contour import contour_aspect, contour_figure
from gdviz.figures.convergence import theta_error_figure
from gdviz.figures.curve import curve_figure
from gdviz.figures.derivatives import error_figure, partials_figure, quotient_figure, secant_figure
from gdviz.figures.fair import fair_figure
from gdviz.figures.fit import fit_figure
from gdviz.figures.loss import loss_figure
from gdviz.figures.map_figures import map_figure, sweep_figure
from gdviz.figures.palette import CAMERA, DARK, LIGHT, PRINT, Palette
from gdviz.figures.rates import rates_figure
from gdviz.figures.residuals import residuals_figure
from gdviz.figures.score import score_figure
from gdviz.figures.sharpness import sharpness_figure
from gdviz.figures.surface import surface_figure
from gdviz.figures.theta import theta_figure

__all__ = [
    "CAMERA",
    "DARK",
    "LIGHT",
    "PRINT",
    "Palette",
    "boundary_figure",
    "comparison_contour_figure",
    "comparison_curve_figure",
    "comparison_loss_figure",
    "comparison_theta_figure",
    "contour_aspect",
    "contour_figure",
    "curve_figure",
    "error_figure",
    "fair_figure",
    "fit_figure",
    "loss_figure",
    "map_figure",
    "partials_figure",
    "quotient_figure",
    "rates_figure",
    "residuals_figure",
    "score_figure",
    "secant_figure",
    "sharpness_figure",
    "surface_figure",
    "sweep_figure",
    "theta_error_figure",
    "theta_figure",
]
