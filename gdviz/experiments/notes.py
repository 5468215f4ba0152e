"""What is to be said of a link that cannot be taken as it stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Note:
    """``wrong`` says what cannot be taken as it stands; ``instead``, a sentence, what a page shows then.

    ``name`` is the parameter that is not used for it, empty where that is not one alone.

    >>> str(Note("epochs = “x” is not a number", "Its default 20 is used instead."))
    'epochs = “x” is not a number. Its default 20 is used instead.'
    """

    wrong: str
    instead: str = ""
    name: str = ""

    @property
    def problem(self) -> str:
        """What is wrong, as a sentence."""
        return self.wrong if self.wrong.endswith((".", "?")) else f"{self.wrong}."

    def __str__(self) -> str:
        return f"{self.problem} {self.instead}".rstrip()
