"""The commands together: how they are called, what they end with, and how a mistake is said."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from gdviz.command_line.comparing import compare_command
from gdviz.command_line.exporting import export_command
from gdviz.command_line.mapping import map_command
from gdviz.command_line.opening import open_command
from gdviz.command_line.requests import Refused
from gdviz.command_line.running import run_command
from gdviz.command_line.serving import serve_command
from gdviz.command_line.verifying import verify_command
from gdviz.command_line.writing import complain, let_go_of_output
from gdviz.exports import ExportError, NotOffered
from gdviz.exports.about import package_version
from gdviz.learning_rates import LEARNING_RATES
from gdviz.optimizers import OPTIMIZERS
from gdviz.presets import PRESETS

NOT_WRITTEN, NOT_UNDERSTOOD, INTERRUPTED, PIPE_CLOSED = 1, 2, 130, 141

_EPILOG = f"""\b
examples:
  gdviz run objective=rosenbrock learning_rate=0.001 optimizer=adam
  gdviz run "?objective=formula&formula=x^2+3*y^2&start=4,1"
  gdviz run --data points.csv model="a*x + b" target=y --csv run.csv
  gdviz compare "?objective=booth&runs=gd@0.01;adam@0.1"
  gdviz export objective=rosenbrock optimizer=adam -o figure.pdf --profile ieee
  gdviz export "the page's link" -o page.html
  gdviz open checkpoints.npz -o path.pdf
  gdviz verify "the page's link"
  gdviz serve

\b
The words of run, compare and export are those of the page's links: name=value
each, or a whole link in quotes, or a file that was exported. Without a command, words are those of run.

\b
objective: formula, fit, {", ".join(PRESETS)}.
optimizer: {", ".join(OPTIMIZERS)}.
schedule: {", ".join(LEARNING_RATES)}.

\b
exit codes:
  0    it was done, also where a run diverges
  1    the run was made, but its result could not be written
  2    something in the command cannot be taken as it stands: nothing was run, nothing was written
  130  interrupted
  141  the program that reads the output stopped reading"""


@click.group(
    "gdviz", epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(package_version(), message="gdviz %(version)s")
def gdviz() -> None:
    """Run a gradient descent, say what happened, and take it with you."""


for command in (run_command, compare_command, map_command, export_command, open_command, serve_command, verify_command):
    gdviz.add_command(command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what ``arguments`` ask for (the command line's by default); return the exit code.

    0: it was done. 1: its result could not be written. 2: a mistake in the command, and nothing was run. What is wrong
    is said on standard error, a line each.
    """
    given = _with_command(list(sys.argv[1:] if arguments is None else arguments))
    try:
        with gdviz.make_context("gdviz", list(given)) as context:
            gdviz.invoke(context)
    except click.exceptions.Exit as ended:  # after --help
        if arguments is not None and ended.exit_code == 0:
            raise SystemExit(0) from None
        return ended.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except click.UsageError as error:
        complain([f"{_said(error)}; see gdviz{_command_of(given)} --help."])
        return NOT_UNDERSTOOD
    except Refused as refused:
        complain(refused.args)
        return NOT_UNDERSTOOD
    except NotOffered as error:
        complain([str(error)])
        return NOT_UNDERSTOOD
    except ExportError as error:
        complain([str(error)])
        return NOT_WRITTEN
    except BrokenPipeError:
        let_go_of_output()
        return PIPE_CLOSED
    except OSError as error:
        complain([f"{error.filename or 'The result'} could not be written: {error.strerror or error}."])
        let_go_of_output()
        return NOT_WRITTEN
    return 0


def _with_command(given: list[str]) -> list[str]:
    """Words without a command are those of a plain run, as programs call it."""
    if not given:
        return ["--help"]
    if given[0] in (*gdviz.commands, "-h", "--help", "--version"):
        return given
    if "-h" in given or "--help" in given:
        return ["--help"]
    return ["run", "--plain", *given]


def _said(error: click.UsageError) -> str:
    """A mistake in options, on one line."""
    if isinstance(error, click.NoSuchOption):
        near = f", did you mean {' or '.join(error.possibilities)}?" if error.possibilities else ""
        return f"unrecognized arguments: {error.option_name}{near}"
    if isinstance(error, click.BadOptionUsage) and "requires an argument" in error.message:
        return f"argument {error.option_name}: expected one argument"
    return " ".join(error.format_message().split()).rstrip(".")


def _command_of(given: list[str]) -> str:
    return f" {given[0]}" if given[0] in gdviz.commands else ""
