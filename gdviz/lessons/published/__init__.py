"""Published numbers, recomputed: every row of the Verified page, and what it is measured against."""

from gdviz.lessons.published.case import Checked, Published, check
from gdviz.lessons.published.fits import FITS, forget_fits
from gdviz.lessons.published.minima import MINIMA
from gdviz.lessons.published.runs import RUNS, forget_runs
from gdviz.lessons.published.theory import THEORY
from gdviz.pacing import pause

#: Every published number that is recomputed, in the order of the page.
CASES: tuple[Published, ...] = (*RUNS, *THEORY, *MINIMA, *FITS)


def recompute() -> tuple[Checked, ...]:
    """Check every case anew: runs that several cases share are made once, but nothing is kept from last time."""
    forget_runs()
    forget_fits()
    found = []
    for case in CASES:
        pause()
        found.append(check(case))
    return tuple(found)


__all__ = ["CASES", "Checked", "Published", "check", "recompute"]
