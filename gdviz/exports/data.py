"""A run's numbers as CSV, JSON, Parquet and NPZ, with all that is to be known of them.

The names are those of :class:`gdviz.descent.Trajectory`: ``thetas`` (k + 1, n), ``values`` (k + 1,), ``gradients``
(k + 1, n), ``learning_rates`` (k,). Numbers keep all their digits: read back, they are the same floats.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.descent import Trajectory
from gdviz.experiments import Task
from gdviz.exports.about import about
from gdviz.exports.errors import ExportError
from gdviz.pacing import pause
from gdviz.spreadsheets import ROWS, on_one_line, or_empty, plain_cell, rows_of, table_text

FIELDS = ("thetas", "values", "gradients", "learning_rates")


def run_csv(trajectory: Trajectory) -> str:
    """Return a run as CSV: epoch, each theta, value, each partial derivative, and the rate of the step leaving the row.

    Numbers have all their digits (reading them back gives the same floats); the last row's rate is empty.
    """
    names = trajectory.variables
    epochs, rates = np.arange(len(trajectory.thetas)), np.append(trajectory.learning_rates, np.nan)
    head = ["epoch", *names, "value", *(f"gradient_{name}" for name in names), "learning_rate"]
    rows = rows_of(epochs, trajectory.thetas, trajectory.values, trajectory.gradients, rates)
    return table_text([plain_cell(name) for name in head], ([*row, or_empty(rate)] for *row, rate in rows))


def to_csv(task: Task, run: Trajectory) -> str:
    """Return :func:`run_csv` below lines that begin with ``#`` and say what the numbers are.

    ``pandas.read_csv(file, comment="#")`` reads it, as does gdviz itself.
    """
    return commented(about(task, run)) + run_csv(run)


def commented(said: dict[str, Any]) -> str:
    """Return what is said of numbers as lines that begin with ``#``, to stand above them."""
    return "".join(f"# {line}\n" for line in _lines(said))


def _lines(said: dict[str, Any]) -> Iterable[str]:
    """What is said of a run, a line each; none of them can end a line or be taken for a number."""
    for name, value in said.items():
        if isinstance(value, dict):
            value = ", ".join(f"{key} = {part}" for key, part in value.items())
        for part in value if isinstance(value, list) and name in ("conventions", "runs") else [value]:
            shown = ", ".join(part) if isinstance(part, list) else _shown(part)
            yield f"{name}: {on_one_line(shown)}"


def _shown(part: Any) -> str:
    return "; ".join(f"{key} = {value}" for key, value in part.items()) if isinstance(part, dict) else str(part)


def to_json(task: Task, run: Trajectory) -> str:
    """Return a run as JSON. What is no finite number is null."""
    return run_json(about(task, run), run) + "\n"


def run_json(said: dict[str, Any], run: Trajectory) -> str:
    """Return JSON on one line of what is ``said`` of a run, and its numbers; what is no finite number is null."""
    numbers = [f'"{name}":{_listed(getattr(run, name))}' for name in FIELDS]
    return ",".join([json_text(said).removesuffix("}"), *numbers]) + "}"


def json_text(said: Any) -> str:
    """Return JSON on one line."""
    return json.dumps(said, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _listed(array: NDArray[np.float64]) -> str:
    """Return an array in JSON, made a part at a time: all at once gives no way to others."""
    parts = []
    for first in range(0, len(array), ROWS):
        pause()
        part = array[first : first + ROWS]
        parts.append(json_text(part.tolist() if np.isfinite(part).all() else _nulls(part.tolist()))[1:-1])
    return f"[{','.join(parts)}]"


def _nulls(value: Any) -> Any:
    if isinstance(value, list):
        return [_nulls(part) for part in value]
    return value if isfinite(value) else None


def to_npz(task: Task, run: Trajectory) -> bytes:
    """Return a run as a NumPy archive; ``metadata`` is a text in JSON. ``numpy.load`` needs no pickle for it."""
    arrays = {name: getattr(run, name) for name in FIELDS}
    return npz(about(task, run), arrays | {"variables": np.array(run.variables)})


def npz(said: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> bytes:
    """Return a NumPy archive of ``arrays`` and of ``metadata``, a text in JSON."""
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays, metadata=np.array(_text(said)))
    return file.getvalue()


def to_parquet(task: Task, run: Trajectory) -> bytes:
    """Return a run as Parquet: a row an epoch, ``thetas`` and ``gradients`` lists of n doubles.

    The last row's learning rate is null. The file's metadata has ``gdviz``, a text in JSON, and the names of the
    parameters.
    """
    return parquet(about(task, run), {"": (run.epoch_numbers, run)})


def parquet(said: dict[str, Any], runs: Mapping[str, tuple[NDArray[np.float64], Trajectory]]) -> bytes:
    """Return runs below each other as Parquet; several have a first column ``run`` with their names.

    Each comes with the numbers (k + 1,) of its rows' epochs. A rate that is not known is null.

    Raises ExportError where there is no pyarrow.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise ExportError("Parquet needs pyarrow, which is not installed: pip install pyarrow.") from None
    _, first = next(iter(runs.values()))
    variables = first.variables

    def table(name: str, epochs: NDArray[np.float64], run: Trajectory) -> Any:
        vectors = {
            field: pa.FixedSizeListArray.from_arrays(pa.array(getattr(run, field).ravel()), len(variables))
            for field in ("thetas", "gradients")
        }
        labels = {"run": pa.array([name] * len(run.thetas))} if len(runs) > 1 or name else {}
        return pa.table(
            {
                **labels,
                "epoch": pa.array(np.rint(epochs).astype(np.int64)),
                "thetas": vectors["thetas"],
                "values": pa.array(run.values),
                "gradients": vectors["gradients"],
                "learning_rates": pa.array([*run.learning_rates.tolist(), None], pa.float64(), from_pandas=True),
            }
        )

    whole = pa.concat_tables([table(name, epochs, run) for name, (epochs, run) in runs.items()])
    whole = whole.replace_schema_metadata({"gdviz": _text(said), "variables": json.dumps(variables)})
    file = io.BytesIO()
    pq.write_table(whole, file, compression="zstd")
    return file.getvalue()


def _text(said: dict[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False)
