"""The command line: ``gdviz run objective=rosenbrock learning_rate=0.001`` runs that experiment (``--help``)."""

from __future__ import annotations

import sys
from io import TextIOWrapper

from gdviz.command_line import main


def command() -> int:
    """Run the command line as a program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a console of few signs shows the others by their codes
            stream.reconfigure(errors="backslashreplace")
    code = main()
    sys.excepthook = _quiet
    return code


def _quiet(kind: type[BaseException], error: BaseException, trace: object) -> None:
    """Say nothing of a temporary folder that a browser, just closed, still wrote to: all is done by then."""


if __name__ == "__main__":
    sys.exit(command())
