"""Several ways to descend, from one start on one landscape: side by side, or each at its best rate for one budget."""

from gdviz.comparisons.contenders import (
    MAX_CONTENDERS,
    MAX_NAME,
    SERIES,
    Comparison,
    Contender,
    labels,
    next_color,
    usual_contenders,
    with_optimizer,
)
from gdviz.comparisons.fair import FairComparison, FairResult, fair_comparison, weigh
from gdviz.comparisons.links import decode_runs, decode_terms, encode_comparison, encode_runs, encode_terms
from gdviz.comparisons.results import Result, compare, own_runs
from gdviz.comparisons.sweeps import FairTerms, Sweep, sweep_of, usual_terms
from gdviz.comparisons.tables import results_csv, runs_csv, sweeps_csv
from gdviz.comparisons.words import fair_standing, far_paths, outlook, standing, width_in_decades

__all__ = [
    "MAX_CONTENDERS",
    "MAX_NAME",
    "SERIES",
    "Comparison",
    "Contender",
    "FairComparison",
    "FairResult",
    "FairTerms",
    "Result",
    "Sweep",
    "compare",
    "decode_runs",
    "decode_terms",
    "encode_comparison",
    "encode_runs",
    "encode_terms",
    "fair_comparison",
    "fair_standing",
    "far_paths",
    "labels",
    "next_color",
    "outlook",
    "own_runs",
    "results_csv",
    "runs_csv",
    "standing",
    "sweep_of",
    "sweeps_csv",
    "usual_contenders",
    "usual_terms",
    "weigh",
    "width_in_decades",
    "with_optimizer",
]
