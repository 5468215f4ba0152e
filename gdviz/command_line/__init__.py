"""The command line: ``gdviz run | compare | map | export | serve | verify``."""

from gdviz.command_line.main import main

__all__ = ["main"]
