"""A run's numbers as CSV, JSON, Parquet and NPZ, with all that is to be known of them.

The names are those of :class:`gdviz.descent.Trajectory`: ``thetas`` (k + 1, n), ``values`` (k + 1,), ``gradients``
(k + 1, n), ``learning_rates`` (k,). Numbers keep all their digits: read back, they are the same floats.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.descent import Trajectory
from gdviz.experiments import Task
from gdviz.exports.about import about
from gdviz.exports.errors import ExportError
from gdviz.spreadsheets import plain_cell

FIELDS = ("thetas", "values", "gradients", "learning_rates")


def run_csv(trajectory: Trajectory) -> str:
    """Return a run as CSV: epoch, each theta, value, each partial derivative, and the rate of the step leaving the row.

    Numbers have all their digits (reading them back gives the same floats); the last row's rate is empty.
    """
    names = trajectory.variables
    rates = [*map(repr, trajectory.learning_rates.tolist()), ""]
    columns = [
        range(len(trajectory.thetas)),
        *trajectory.thetas.T.tolist(),
        trajectory.values.tolist(),
        *trajectory.gradients.T.tolist(),
        rates,
    ]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        map(plain_cell, ["epoch", *names, "value", *(f"gradient_{name}" for name in names), "learning_rate"])
    )
    writer.writerows(zip(*columns, strict=True))
    return text.getvalue()


def to_csv(task: Task, run: Trajectory) -> str:
    """Return :func:`run_csv` below lines that begin with ``#`` and say what the numbers are.

    ``pandas.read_csv(file, comment="#")`` reads it, as does gdviz itself.
    """
    return "".join(f"# {line}\n" for line in _lines(about(task, run))) + run_csv(run)


def _lines(said: dict[str, Any]) -> Iterable[str]:
    """What is said of a run, a line each; none of them can end a line or be taken for a number."""
    for name, value in said.items():
        if isinstance(value, dict):
            value = ", ".join(f"{key} = {part}" for key, part in value.items())
        for part in value if isinstance(value, list) and name == "conventions" else [value]:
            shown = ", ".join(part) if isinstance(part, list) else str(part)
            yield f"{name}: {''.join(c if c.isprintable() else ' ' for c in shown)}"


def to_json(task: Task, run: Trajectory) -> str:
    """Return a run as JSON. What is no finite number is null."""
    numbers = {name: _finite(getattr(run, name)) for name in FIELDS}
    return json.dumps(about(task, run) | numbers, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"


def _finite(array: NDArray[np.float64]) -> Any:
    listed = array.tolist()
    return listed if np.isfinite(array).all() else _nulls(listed)


def _nulls(value: Any) -> Any:
    if isinstance(value, list):
        return [_nulls(part) for part in value]
    return value if isfinite(value) else None


def to_npz(task: Task, run: Trajectory) -> bytes:
    """Return a run as a NumPy archive; ``metadata`` is a text in JSON. ``numpy.load`` needs no pickle for it."""
    file = io.BytesIO()
    np.savez_compressed(
        file,
        allow_pickle=False,
        **{name: getattr(run, name) for name in FIELDS},
        variables=np.array(run.variables),
        metadata=np.array(_text(about(task, run))),
    )
    return file.getvalue()


def to_parquet(task: Task, run: Trajectory) -> bytes:
    """Return a run as Parquet: a row an epoch, ``thetas`` and ``gradients`` lists of n doubles.

    The last row's learning rate is null. The file's metadata has ``gdviz``, a text in JSON, and the names of the
    parameters.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise ExportError("Parquet needs pyarrow, which is not installed: pip install pyarrow.") from None
    n = len(run.variables)
    rates = pa.array([*run.learning_rates.tolist(), None], pa.float64())
    table = pa.table(
        {
            "epoch": pa.array(np.arange(len(run.thetas), dtype=np.int64)),
            "thetas": pa.FixedSizeListArray.from_arrays(pa.array(run.thetas.ravel()), n),
            "values": pa.array(run.values),
            "gradients": pa.FixedSizeListArray.from_arrays(pa.array(run.gradients.ravel()), n),
            "learning_rates": rates,
        }
    ).replace_schema_metadata({"gdviz": _text(about(task, run)), "variables": json.dumps(run.variables)})
    file = io.BytesIO()
    pq.write_table(table, file, compression="zstd")
    return file.getvalue()


def _text(said: dict[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False)
