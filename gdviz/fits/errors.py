"""What is wrong with a fit, in one sentence, and which of its fields to mend."""

from __future__ import annotations


class FitError(ValueError):
    """A fit that makes no sense; ``field`` is "model", "data", "target", "loss", "ridge" or "standardize"."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
