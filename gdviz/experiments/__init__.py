"""The experiment: one frozen value. The page edits it, the link carries it, every picture is a view of it."""

from gdviz.experiments.experiment import Experiment, Task
from gdviz.experiments.links import awaits_file, decode, encode, implied, read_link
from gdviz.experiments.posing import pose
from gdviz.experiments.problem import FIT, FORMULA, UPLOAD, Problem, ProblemError
from gdviz.experiments.queries import given_twice, read_query
from gdviz.experiments.rates import offered_rate
from gdviz.experiments.readers import LINK_LIMIT, Note
from gdviz.experiments.shared import is_short, link_text
from gdviz.experiments.unused import SWITCHES, VIEW, is_foreign

__all__ = [
    "FIT",
    "FORMULA",
    "LINK_LIMIT",
    "SWITCHES",
    "UPLOAD",
    "VIEW",
    "Experiment",
    "Note",
    "Problem",
    "ProblemError",
    "Task",
    "awaits_file",
    "decode",
    "encode",
    "given_twice",
    "implied",
    "is_foreign",
    "is_short",
    "link_text",
    "offered_rate",
    "pose",
    "read_link",
    "read_query",
]
