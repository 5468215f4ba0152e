"""The command line: ``python -m gdviz objective=rosenbrock learning_rate=0.001 epochs=2000`` runs that experiment.

Its words are a link's parameters, so what the address bar of the page holds can be run here, and the other way round.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from gdviz.datasets import Table, TableError, read_csv
from gdviz.experiments import UPLOAD, decode, encode
from gdviz.exports import run_csv
from gdviz.learning_rates import LEARNING_RATES
from gdviz.optimizers import OPTIMIZERS
from gdviz.presets import PRESETS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the experiment that ``arguments`` name (the command line's by default); return 0, or 2 for a mistake in them.

    What had to fall back to a default is said on standard error.
    """
    parser = argparse.ArgumentParser(
        "python -m gdviz",
        description="Run a gradient descent and say what happened. The settings are those of the page's links.",
        epilog=f"objective: formula, fit, {', '.join(PRESETS)}. optimizer: {', '.join(OPTIMIZERS)}. "
        f"schedule: {', '.join(LEARNING_RATES)}.",
    )
    parser.add_argument("settings", nargs="*", metavar="name=value", help="or a whole link after its question mark")
    parser.add_argument("--data", type=Path, metavar="FILE", help="a CSV file to fit (implies objective=fit)")
    parser.add_argument(
        "--csv", type=Path, metavar="FILE", help="write every epoch to this file, - for standard output"
    )
    given = parser.parse_args(arguments)
    try:
        parameters, table = _parameters(given.settings, given.data)
    except (OSError, TableError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    experiment, notes = decode(parameters, table)
    run = experiment.run(table)
    for note in notes:
        print(note, file=sys.stderr)
    if given.csv == Path("-"):
        sys.stdout.write(run_csv(run))
        return 0
    if given.csv is not None:
        given.csv.write_text(run_csv(run), encoding="utf-8")
    verdict = experiment.verdict(run, table)
    print(verdict.sentence.replace("**", ""))
    print(f"?{urlencode(encode(experiment))}")
    return 0


def _parameters(settings: Sequence[str], data: Path | None) -> tuple[dict[str, str], Table | None]:
    """Return the link's parameters and the data. Raises ValueError for a word without an equals sign."""
    parameters: dict[str, str] = {}
    for word in settings:
        name, equals, value = word.partition("=")
        if not equals:
            raise ValueError(f"“{word}” is no setting; write name=value, such as learning_rate=0.1.")
        whole = word.startswith("?") or "&" in word
        parameters |= dict(parse_qsl(word.lstrip("?"), keep_blank_values=True)) if whole else {name: value}
    if data is None:
        return parameters, None
    table = read_csv(data.read_bytes())
    return {"objective": "fit", "data": UPLOAD} | parameters, table


if __name__ == "__main__":
    sys.exit(main())
