"""What is said of a run: one plain sentence, why it is true, and the numbers in it."""

from gdviz.verdict.case import Kind, Verdict
from gdviz.verdict.judge import judge

__all__ = ["Kind", "Verdict", "judge"]
