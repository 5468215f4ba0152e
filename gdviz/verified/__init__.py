"""Published numbers, recomputed: every row of the Verified page, and what it is measured against."""

from gdviz.verified.case import Case, Checked, check
from gdviz.verified.fits import FITS
from gdviz.verified.minima import MINIMA
from gdviz.verified.runs import RUNS
from gdviz.verified.theory import THEORY

#: Every published number that is recomputed, in the order of the page.
CASES: tuple[Case, ...] = (*RUNS, *THEORY, *MINIMA, *FITS)

__all__ = ["CASES", "Case", "Checked", "check"]
