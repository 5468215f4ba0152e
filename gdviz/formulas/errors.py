"""The one exception of the formula engine."""

from __future__ import annotations


class FormulaError(ValueError):
    """A formula that cannot be read, or is beyond a limit.

    ``str(error)`` says what, where (1-based "at character N") and what to do; it is always printable text.
    ``error.position`` is the 0-based index in the user's text.
    """

    def __init__(self, message: str, position: int = 0) -> None:
        super().__init__(message)
        self.position = position

    def __reduce__(self) -> tuple[type[FormulaError], tuple[str, int]]:
        # The default would forget the position when the error travels between processes.
        return type(self), (str(self), self.position)
