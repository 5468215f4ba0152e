"""``python -m tests.benchmarks [name ...]``: print the measurements of the modules of this folder that have a ``run``.

A benchmark is a module here with ``run(share: float = 1) -> Iterable[Table]``, which may repeat itself less often for a
smaller share, and a docstring whose first line says what it measures. Nothing passes or fails, but
``tests/test_benchmarks.py`` sees that each of them runs.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.tables import machine

PACKAGE = "tests.benchmarks"
HELPERS = {"__main__", "c_code", "chromium", "tables", "timing"}


def names() -> list[str]:
    here = Path(__file__).parent
    return sorted(module.name for module in pkgutil.iter_modules([str(here)]) if module.name not in HELPERS)


def main(chosen: Sequence[str]) -> int:
    unknown = [name for name in chosen if name not in names()]
    if unknown:
        print(f"There is no benchmark {', '.join(unknown)}; choose from {', '.join(names())}.", file=sys.stderr)
        return 2
    print(machine())
    for name in chosen or names():
        module = importlib.import_module(f"{PACKAGE}.{name}")
        print(f"\n== {name}: {(module.__doc__ or '').strip().splitlines()[0]}")
        try:
            for table in module.run():
                print(f"\n{table}", flush=True)
        except Exception as error:
            print(f"\ncould not be measured: {type(error).__name__}: {error}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
